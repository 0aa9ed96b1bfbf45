#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""failover.py DATABASE ROUNDS SERVER...: writers, while their server is killed.

The first SERVER runs and has the vault, the second follows it. Each round kills the
first (all its processes at once) at a random moment while four writers take in
meldingen, promotes the second and makes the third follow that one. In each second
round, and in the only one, the line to the standby is held back before the kill, so
that commits are under way which the standby has not seen.

Whoever is told that an outcome is unknown repeats with the id that was shown, until
he knows. At the end it must hold that everything printed is there, and nothing else.
With FAILOVER=asynchronous the server does not wait for the standby, and then it must
not hold: proof that this test sees a lost commit."""

import os
import random
import signal
import sys
import threading
import time

from kit import REQUEST, WORK, Eye, Program, answer_of, claim, servers, until

WRITERS = 4
SEED = int(os.environ.get("SEED") or 20261129)
WAITS = os.environ.get("FAILOVER") != "asynchronous"
REPEATS = 60  # of one request, before a writer says that it never ends


class Writer(threading.Thread):
    """Takes in one melding after the other, and remembers what he was told."""

    def __init__(self, url, stop):
        super().__init__(daemon=True)
        self.program, self.stop = Program(url), stop
        self.printed, self.wrong = [], []
        self.unknown = self.was_there = self.failed = 0

    def run(self):
        while not self.stop.is_set() and not self.wrong:
            result = self.program.intake()
            if result.status == 0:
                self.printed.append(answer_of(result)["tag"])
            elif result.status == 7:
                self.resolve(result)
            elif result.status == 1:
                self.failed += 1
                time.sleep(0.1)
            else:
                self.wrong.append(str(result))

    def resolve(self, result):
        self.unknown += 1
        request = REQUEST.search(result.err)
        if request is None:
            self.wrong.append(f"no id: {result}")
            return
        for _ in range(REPEATS):
            again = self.program.intake("--request", request.group(1))
            if again.status == 0:
                answer = answer_of(again)
                self.printed.append(answer["tag"])
                self.was_there += bool(answer.get("repeated"))
                return
            if again.status not in (1, 7):
                break
            time.sleep(0.1)
        self.wrong.append(f"the repeat: {again}")


def hold_back(eye, printed):
    """The server still runs, and the standby hears nothing more of it; until a commit
    waits for that, or, where none does, until some were printed."""
    for pid in eye.ask("SELECT pid FROM pg_stat_replication").split():
        os.kill(int(pid), signal.SIGSTOP)
    before = printed()
    until("a commit at stake", lambda: printed() > before + 2 or int(eye.ask(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")) > 0)


def kill_one(database, printed, held, primary, standby, following):
    if held:
        eye = Eye(primary, database)
        hold_back(eye, printed)
        eye.close()
    servers("pg_kill", primary)
    servers("pg_promote", standby)
    if following is not None:
        servers("pg_standby", following, standby)
        servers("pg_wait_for", standby, following)


def fail_over(rng, database, rounds, names, writers):
    def printed():
        return sum(len(writer.printed) for writer in writers)

    for writer in writers:
        writer.start()
    for n in range(rounds):
        following = names[n + 2] if n + 2 < len(names) else None
        time.sleep(rng.uniform(0.5, 2.0))
        kill_one(database, printed, rounds == 1 or n % 2 == 1, names[n], names[n + 1],
                 following)
    time.sleep(1.0)  # all go on where the last one left off
    writers[0].stop.set()
    for writer in writers:
        writer.join()


def judge_synchronous(last, database, printed, writers):
    wrong = [w for writer in writers for w in writer.wrong]
    claim(f"each writer was always told what to do ({len(printed)} printed,"
          f" {sum(w.failed for w in writers)} plain failures)", "; ".join(wrong[:3]))
    claim(f"{sum(w.unknown for w in writers)} outcomes were unknown, and a repeat told"
          f" that {sum(w.was_there for w in writers)} of them were there")
    there = last.tags()
    claim("every printed tag is there", " ".join(sorted(set(printed) - set(there))))
    claim("and nothing else is, nor anything twice",
          "" if len(there) == len(set(there)) == len(set(printed)) == len(printed)
          else f"{len(there)} are there, {len(printed)} were printed")
    verified = Program(last.url, "auditor1").run("log", "controleer")
    claim("the log verifies, and its roots hold", "" if verified.status == 0 else verified)


def judge_asynchronous(last, printed):
    """Another account looks, which has no high-water mark to be warned by."""
    noticed = last.run("lijst")
    claim("who wrote them is told that the vault is an older one",
          "" if noticed.status == 4 else noticed)
    os.environ["XDG_STATE_HOME"] = f"{WORK}/another"
    lost = set(printed) - set(last.tags())
    claim(f"a server that does not wait loses what was printed ({len(lost)} of"
          f" {len(printed)}): this test can fail", "" if lost else "nothing was lost")


def main():
    database, rounds, *names = sys.argv[1:]
    print(f"# seed {SEED}")
    url = servers("pg_url", ",".join(names), database, "inspecteur", "answer_timeout=4",
                  "target_session_attrs=read-write")
    stop = threading.Event()
    writers = [Writer(url, stop) for _ in range(WRITERS)]
    fail_over(random.Random(SEED), database, int(rounds), names, writers)
    printed = [tag for writer in writers for tag in writer.printed]
    last = Program(servers("pg_url", names[int(rounds)], database, "inspecteur"))
    if WAITS:
        judge_synchronous(last, database, printed, writers)
    else:
        judge_asynchronous(last, printed)


if __name__ == "__main__":
    main()
