#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""patroni.py DATABASE ROUNDS NODE NODE: writers, while Patroni fails over by itself.

Two nodes with Patroni and one etcd, set as docs/OPERATIONS.md says: its block of
settings is what the cluster gets.  Each round kills all of the primary's machine (Patroni
and the server, by signal 9) while four writers take in meldingen, waits until the other
node is primary, and starts what was killed: Patroni has to bring it back as the standby
that commits wait for.  At the end everything printed is there, and nothing else."""

import os
import random
import re
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

from failover import SEED, WRITERS, Writer, judge_synchronous
from kit import WORK, Program, claim, servers, until

PAGE = os.path.join(os.environ["MK_SRC"], "docs/OPERATIONS.md")
PATIENCE = 120  # seconds: ttl, loop_wait and a rewind on a busy machine


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def settings_of_page():
    """The lines of the page from bootstrap: to the end of dcs:."""
    with open(PAGE, encoding="utf-8") as file:
        found = re.search(r"^bootstrap:\n  dcs:\n(?:    .*\n)+", file.read(), re.M)
    return found.group(0)


class Etcd:
    """One of it: what is tested is the server, not who keeps the lock."""

    def __init__(self, user):
        self.port, peer = free_port(), free_port()
        url, other = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{peer}"
        folder = servers("eval", 'pg_folder etcd; echo "$pg_place/etcd"')
        with open(f"{WORK}/etcd.log", "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [*user, "etcd", "--name", "e", "--data-dir", f"{folder}/keys",
                 "--listen-client-urls", url, "--advertise-client-urls", url,
                 "--listen-peer-urls", other, "--initial-advertise-peer-urls", other,
                 "--initial-cluster", f"e={other}"], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log)

    def end(self):
        self.process.kill()
        self.process.wait()


class Node:
    """A machine of the cluster: Patroni, and the server that it starts."""

    def __init__(self, name, number, port, etcd, password, user):
        self.name, self.user, self.process = name, user, None
        folder = servers("eval", f'pg_folder {name}; echo "$pg_place/{name}"')
        at, api = f"127.0.0.{number}", f"127.0.0.{number}:{free_port()}"
        self.api = api
        login = f"password: {password}"
        self.file, self.log = f"{WORK}/{name}.yml", f"{WORK}/{name}.log"
        with open(self.file, "w", encoding="utf-8") as file:
            file.write(f"""scope: kluis
name: {name}
restapi: {{listen: "{api}", connect_address: "{api}"}}
etcd3: {{host: "127.0.0.1:{etcd.port}"}}
{settings_of_page()}  initdb:
  - encoding: UTF8
  - locale: C
  - data-checksums
  - no-sync
postgresql:
  listen: "{at}:{port}"
  connect_address: "{at}:{port}"
  data_dir: {folder}/data
  bin_dir: {servers("eval", 'echo "$pg_bin"')}
  pgpass: {folder}/pgpass
  use_unix_socket: true
  authentication:
    superuser: {{username: postgres}}
    replication: {{username: replica, {login}}}
    rewind: {{username: terug, {login}}}
  parameters: {{unix_socket_directories: "{folder}/s", fsync: "off",
    dynamic_shared_memory_type: mmap, max_connections: 60}}
  pg_hba:
  - local all all trust
  - host replication replica 127.0.0.0/8 scram-sha-256
  - host postgres terug 127.0.0.0/8 scram-sha-256
""")
        os.chmod(self.file, 0o644)

    def start(self):
        with open(self.log, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen([*self.user, "patroni", self.file],
                                            stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log)

    def kill(self):
        """As a machine that loses power: nobody is told."""
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None
        servers("pg_kill", self.name)

    def ask(self, sql, database="postgres"):
        """What it answers, or nothing when it does not."""
        done = subprocess.run(
            ["psql", "-XAtq", "-h", servers("pg_socket", self.name), "-U", "postgres", "-d",
             database, "-c", sql], text=True, capture_output=True, check=False)
        return done.stdout.strip()

    def leads(self):
        return self.ask("SELECT NOT pg_is_in_recovery()") == "t"

    def confirms(self):
        """It is the standby that commits wait for, and may be promoted: Patroni says
        so a moment after the server does."""
        try:
            with urllib.request.urlopen(f"http://{self.api}/synchronous", timeout=5) as at:
                return at.status == 200
        except OSError:
            return False


def bring_up(nodes):
    nodes[0].start()
    until("the first node leads", nodes[0].leads, PATIENCE)
    nodes[1].start()
    until("the second confirms", nodes[1].confirms, PATIENCE)


def fail_over(rng, rounds, nodes, writers):
    """Seconds from each kill until there was another primary, and until it had its
    standby and the next melding was saved."""
    def printed():
        return sum(len(writer.printed) for writer in writers)

    took = []
    for _ in range(rounds):
        time.sleep(rng.uniform(2.0, 6.0))
        old, new = sorted(nodes, key=lambda node: not node.leads())
        old.kill()
        began = time.monotonic()
        until(f"{new.name} leads", new.leads, PATIENCE)
        led, before = time.monotonic() - began, printed()
        old.start()
        until(f"{old.name} confirms", old.confirms, PATIENCE)
        until("writers go on", lambda b=before: printed() > b, PATIENCE)
        took.append((led, time.monotonic() - began))
    return took


def run(database, rounds, nodes):
    bring_up(nodes)
    url = servers("pg_url", ",".join(node.name for node in nodes), database, "inspecteur",
                  "answer_timeout=10", "target_session_attrs=read-write")
    servers("pg_database", nodes[0].name, database)
    made = subprocess.run(
        ["bash", "-c", '. "$MK_SRC/tests/faults/kit.sh" && kluis=$1 && init', "init", url],
        check=False)
    if made.returncode != 0:
        sys.exit("no vault was made")
    stop = threading.Event()
    writers = [Writer(url, stop) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    took = fail_over(random.Random(SEED), rounds, nodes, writers)
    stop.set()
    for writer in writers:
        writer.join()
    claim("Patroni fails over, and brings the old primary back as the standby ("
          + ", ".join(f"primary after {a:.0f} s, saved after {b:.0f} s" for a, b in took)
          + ")")
    judge_synchronous(Program(url), database,
                      [tag for writer in writers for tag in writer.printed], writers)


def main():
    database, rounds, *names = sys.argv[1:]
    print(f"# seed {SEED}")
    os.environ["PGPORT"] = str(free_port())
    user = [*servers("eval", 'echo "${pg_user[@]}"').split(), "setpriv", "--pdeathsig", "KILL"]
    password = secrets.token_hex(16)
    etcd = Etcd(user)
    nodes = [Node(name, n + 1, os.environ["PGPORT"], etcd, password, user)
             for n, name in enumerate(names)]
    try:
        run(database, int(rounds), nodes)
    finally:
        for node in nodes:
            node.kill()
        etcd.end()


if __name__ == "__main__":
    main()
