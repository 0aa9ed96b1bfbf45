#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""trouble.py SERVER STANDBY DATABASE: intakes at a server that is shut down under them, that
waits for a standby which is away, or that takes back transactions.

The proxy passes everything on; it is there to hold a message while something is done
to the server, so that each kind of trouble comes at a known place."""

import os
import signal
import sys
import threading

from kit import LONG, Program, answer_of, claim, servers, until
from line import AFTER_LOCK, COMMIT, LOCK, WRITING, Line
from proxy import Fault

PLACES = {"at the beginning": [("client", 1)], "while it reads": [("client", 40)],
          "before it has the lock": LOCK, "while it writes": WRITING,
          "before the commit": COMMIT}
HELD = "wait_event = 'SyncRep'"
LOCKED_OUT = "wait_event_type = 'Lock'"

# An insert into the log fails so often; a sequence keeps its count when the
# transaction that asked for it is taken back. It is put there while an intake is under
# way: at the opening of a vault it would be noticed.
HOSTILE = """
CREATE SEQUENCE public.hostile;
CREATE FUNCTION public.hostile() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF nextval('public.hostile') <= {times} THEN
        RAISE EXCEPTION 'hostile' USING ERRCODE = '{state}';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hostile BEFORE INSERT ON meldkluis.log
    FOR EACH ROW EXECUTE FUNCTION public.hostile()"""
FRIENDLY = """
DROP TRIGGER hostile ON meldkluis.log;
DROP FUNCTION public.hostile;
DROP SEQUENCE public.hostile"""


class Trouble:
    def __init__(self, server, database):
        self.server = server
        self.line = Line(server, database)
        self.line.record()

    def ask(self, sql):
        return self.line.eye.ask(sql)

    def waiting(self, how, others=0):
        """Until a backend of the program waits so, besides others that do."""
        until(how, lambda: int(self.ask(
            "SELECT count(*) FROM pg_stat_activity"
            f" WHERE application_name = 'meldkluis' AND {how}")) > others)

    # ---- shut down ----

    def down(self, with_signal):
        family = servers("pg_family", self.server).split()
        os.kill(int(family[0]), with_signal)
        for pid in family:
            servers("pg_gone", self.server, pid)

    def up(self):
        servers("pg_again", self.server)
        self.line.eye.close()
        self.line.eye.open()
        self.wait_for_nobody()

    def shutdowns(self):
        """Fast and immediate, at each place; in the short form in turns."""
        wrong = []
        kinds = (("fast", signal.SIGINT), ("immediate", signal.SIGQUIT))
        for n, (name, place) in enumerate(PLACES.items()):
            for kind, number in kinds if LONG else kinds[n % 2:n % 2 + 1]:
                fault = Fault(place, "call", lambda number=number: self.down(number))
                if text := self.line.judge(fault, self.up):
                    wrong.append(f"{kind} {name}: {text}")
        claim("a server that is shut down under an intake, wherever that is",
              "; ".join(wrong))

    # ---- a standby that is away ----

    def wait_for_somebody(self):
        """Commits wait for a standby that does not exist."""
        self.ask("ALTER SYSTEM SET synchronous_standby_names = 'away'")
        self.ask("SELECT pg_reload_conf()")
        until("setting", lambda: self.ask("SHOW synchronous_standby_names") == "away")

    def wait_for_nobody(self):
        self.ask("ALTER SYSTEM RESET synchronous_standby_names")
        self.ask("SELECT pg_reload_conf()")

    def away(self, sentence, done=None, mend=None):
        """The commit waits for the standby, and something is done to it."""
        def call():
            self.waiting(HELD)
            if done is not None:
                done()
        self.wait_for_somebody()
        fault = Fault(COMMIT, "then", call)
        claim(sentence, self.line.judge(fault, mend or self.wait_for_nobody))

    def signal_backend(self, function):
        self.ask(f"SELECT {function}(pid) FROM pg_stat_activity WHERE {HELD}")

    def standby_away(self):
        self.away("a standby that is away: unknown at the deadline")
        self.away("waiting for it is cancelled, the server says COMMIT with a warning:"
                  " unknown", lambda: self.signal_backend("pg_cancel_backend"))
        self.away("the connection is ended while it waits: unknown",
                  lambda: self.signal_backend("pg_terminate_backend"))
        for kind, number in (("fast", signal.SIGINT), ("immediate", signal.SIGQUIT)):
            self.away(f"the server is shut down ({kind}) while it waits: unknown",
                      lambda number=number: self.down(number), self.up)

    # ---- transactions that are taken back ----

    def through(self, place, call, after=None):
        """An intake, with call at that place; its result, and how many were added when
        after, if there is one, has been called too."""
        line = self.line
        before = line.eye.dossiers()
        line.proxy.arm(Fault(place, "call", call))
        result = line.through.intake()
        reached, error = line.proxy.hit is not None, line.proxy.error
        line.proxy.arm(None)
        if after is not None:
            after()
        line.eye.settle()
        if result.status == 0:
            line.announced.append(answer_of(result)["tag"])
        if error is not None or not reached:
            raise RuntimeError(f"{place}: {error!r}, {result}")
        return result, line.eye.dossiers() - before

    def hostile(self, times, state):
        done = self.through(LOCK, lambda: self.ask(
            HOSTILE.format(times=times, state=state)))
        self.ask(FRIENDLY)
        return done

    def taken_back(self):
        for state in ("40001", "40P01"):
            result, added = self.hostile(3, state)
            claim(f"a transaction that the server takes back three times ({state}) is"
                  " done again, once",
                  "" if result.status == 0 and added == 1 else f"{result}, {added}")
        result, added = self.hostile(1000, "40001")
        claim("one that it always takes back is a plain failure",
              "" if result.status == 1 and added == 0 else f"{result}, {added}")

    def deadlock(self):
        """Another session has a table that the intake will need, and wants its lock."""
        other = self.line.eye.another()

        def call():
            other.ask("SET deadlock_timeout = '1h'; BEGIN;"
                      " LOCK TABLE meldkluis.entry IN ACCESS EXCLUSIVE MODE")
            other.send("LOCK TABLE meldkluis.tail IN EXCLUSIVE MODE; COMMIT")
            until("deadlock", lambda: int(self.ask(
                "SELECT count(*) FROM pg_locks WHERE NOT granted")) > 0)
        result, added = self.through(AFTER_LOCK, call)
        other.close()
        claim("a real deadlock with another session: it is done again, once",
              "" if result.status == 0 and added == 1 else f"{result}, {added}")

    def overtaken(self):
        """Between the first try and the second somebody else writes: what was read is
        no longer so. He waits for the lock already when the first one is taken back."""
        line = self.line
        second = []

        def call():
            second.append(line.direct.start("--json", "melding", "nieuw", "--form",
                                            line.direct.form))
            self.waiting(LOCKED_OUT)
            self.ask(HOSTILE.format(times=1, state="40001"))

        def both():
            nonlocal other
            other = line.direct.end(second[0])

        other = None
        first, added = self.through(AFTER_LOCK, call, both)
        self.ask(FRIENDLY)
        if other.status == 0:
            line.announced.append(answer_of(other)["tag"])
        wanted = 1 + (first.status == 0)
        claim("one that is overtaken while it is done again is done on what is there now,"
              f" or fails plainly (status {first.status})",
              "" if first.status in (0, 1) and other.status == 0 and added == wanted
              else f"{first}; {other}; {added} are there")

    def run(self):
        self.shutdowns()
        self.standby_away()
        self.taken_back()
        self.deadlock()
        self.overtaken()
        claim("all that was announced is there once, and the log verifies",
              self.line.sound())
        self.line.close()


def read_only(standby, database):
    """A standby that is asked to write: nothing is shown, since nothing can be logged."""
    url = servers("pg_url", standby, database, "inspecteur", "answer_timeout=2")
    wrong = [str(r) for r in (Program(url).intake(), Program(url).run("lijst"))
             if r.status not in (1, 3) or r.out or "intern" in r.err]
    claim("a standby, where nothing can be written, shows nothing either", "; ".join(wrong))
    wanted = Program(url + "&target_session_attrs=read-write").intake()
    claim("and with target_session_attrs=read-write it is not taken for a server",
          "" if wanted.status == 1 else wanted)


def main():
    server, standby, database = sys.argv[1:]
    Trouble(server, database).run()
    read_only(standby, database)


if __name__ == "__main__":
    main()
