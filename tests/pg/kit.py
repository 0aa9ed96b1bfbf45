# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scenarios with a server share: the program on a vault, and the eye of the
superuser, who sees what is durable without asking the program."""

import json
import os
import re
import subprocess
import time
from collections import namedtuple

BUILD, WORK = os.environ["MK_BUILD"], os.environ["MK_TMP"]
LONG = os.environ.get("MK_LONG") == "1"
TAG = re.compile(r"MK-[0-9A-Z]{4}-[0-9A-Z]{4}")
REQUEST = re.compile(r"--request ([0-9a-f]{32})")

Result = namedtuple("Result", "status out err seconds")


def claim(sentence, wrong=""):
    """One line for tests/run; wrong: what is not as it should be, or nothing."""
    if wrong:
        text = str(wrong).strip().replace("\n", " | ")
        print(f"not ok - {sentence}: {text[:2000]}", flush=True)
    else:
        print(f"ok - {sentence}", flush=True)


def until(what, true, seconds=20.0):
    """Waits for it; an error, and so a failed scenario, when it does not come."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.01)


class Program:
    """meldkluis on the vault at url, in the name of who."""

    def __init__(self, url, who="inspecteur1"):
        self.url, self.who, self.phrase = url, who, f"{who} geheim woord"
        self.form = f"{WORK}/form"
        with open(self.form, "w", encoding="utf-8") as file:
            file.write("received: 2020-03-02\nchannel: TEL\nreporter: OUD\n")

    def start(self, *words):
        process = subprocess.Popen(
            [f"{BUILD}/meldkluis", "-k", self.url, "-g", self.who, "--passphrase-fd", "0",
             *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        try:
            process.stdin.write(f"{self.phrase}\n")
            process.stdin.close()
        except BrokenPipeError:
            pass  # it ended before it asked
        process.stdin = None
        process.began = time.monotonic()
        return process

    def end(self, process, limit=120):
        """limit: seconds after which it hangs for good, which is an error."""
        out, err = process.communicate(timeout=limit)
        return Result(process.returncode, out, err, time.monotonic() - process.began)

    def run(self, *words, limit=120):
        return self.end(self.start(*words), limit)

    def intake(self, *words, limit=120):
        return self.run("--json", "melding", "nieuw", "--form", self.form, *words,
                        limit=limit)

    def tags(self):
        listed = self.run("--json", "lijst", "--doel", "CTL")
        if listed.status != 0:
            raise RuntimeError(f"lijst ended with {listed.status}: {listed.err}")
        return TAG.findall(listed.out)


def servers(function, *words):
    """A function of tests/support/pg.sh; what it prints. The shell of the scenario,
    which read that file too, stops all servers at its end, not this one."""
    script = '. "$MK_SRC/tests/support/pg.sh" && trap - EXIT && "$@"'
    done = subprocess.run(["bash", "-c", script, "pg", function, *words], text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True)
    return done.stdout.strip()


class Eye:
    """One psql of the superuser, kept open: it costs a tenth of starting another."""

    END = "-- end --"

    def __init__(self, server, database):
        self.words = ["psql", "-XAtq", "-h", servers("pg_socket", server), "-U", "postgres",
                      "-d", database]
        self.open()

    def open(self):
        """Also after the server was away, which ends a psql."""
        self.psql = subprocess.Popen(self.words, stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                     text=True)

    def another(self):
        """A second session at the same place."""
        other = Eye.__new__(Eye)
        other.words = self.words
        other.open()
        return other

    def send(self, sql):
        """Does not wait for the answer; nothing can be asked after it."""
        self.psql.stdin.write(f"{sql};\n\\echo '{self.END}'\n")
        self.psql.stdin.flush()

    def ask(self, sql):
        self.send(sql)
        lines = []
        while (line := self.psql.stdout.readline().rstrip("\n")) != self.END:
            if not line and self.psql.poll() is not None:
                raise RuntimeError(f"psql ended at: {sql}")
            lines.append(line)
        return "\n".join(lines)

    def settle(self):
        """Until no backend of the program is left: what it sent is done or gone."""
        until("backends end", lambda: self.ask(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE application_name = 'meldkluis'") == "0")

    def dossiers(self):
        return int(self.ask("SELECT count(*) FROM meldkluis.dossier"))

    def close(self):
        try:
            self.psql.stdin.close()
        except BrokenPipeError:
            pass
        self.psql.wait()


def answer_of(result):
    """The JSON of a command that succeeded."""
    return json.loads(result.out)
