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
from line import Line
from proxy import Fault

HELD = "wait_event = 'SyncRep'"
LOCKED_OUT = "wait_event_type = 'Lock'"

# An insert into the log fails so often; a sequence keeps its count when the
# transaction that asked for it is taken back.
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
        self.places = self.line.places(self.line.record())

    def ask(self, sql):
        return self.line.eye.ask(sql)

    def waiting(self, how, others=0):
        """Until a backend of the program waits so, besides others that do."""
        until(how, lambda: int(self.ask(
            "SELECT count(*) FROM pg_stat_activity"
            f" WHERE application_name = 'meldkluis' AND {how}")) > others)

    # ---- shut down ----

    def down(self, with_signal):
        pid = servers("pg_pid", self.server)
        os.kill(int(pid), with_signal)
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
        for n, (name, place) in enumerate(self.places.items()):
            for kind, number in kinds if LONG else kinds[n % 2:n % 2 + 1]:
                fault = Fault(*place, "call", lambda number=number: self.down(number))
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
        fault = Fault(*self.places["before the commit"], "then", call)
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

    def plain(self, wanted):
        """An intake without a proxy must end so, and add what it announces."""
        before = self.line.eye.dossiers()
        result = self.line.direct.intake()
        self.line.eye.settle()
        added = self.line.eye.dossiers() - before
        if result.status == 0:
            self.line.announced.append(answer_of(result)["tag"])
        if result.status != wanted or added != (wanted == 0):
            return f"{result}, and {added} are there"
        return ""

    def taken_back(self):
        for state in ("40001", "40P01"):
            self.ask(HOSTILE.format(times=3, state=state))
            claim(f"a transaction that the server takes back three times ({state}) is"
                  " done again, once", self.plain(0))
            self.ask(FRIENDLY)
        self.ask(HOSTILE.format(times=1000, state="40001"))
        claim("one that it always takes back is a plain failure", self.plain(1))
        self.ask(FRIENDLY)

    def deadlock(self):
        """Another session has a table that the intake will need, and wants its lock."""
        other = self.line.eye.another()

        def call():
            other.ask("SET deadlock_timeout = '1h'; BEGIN;"
                      " LOCK TABLE meldkluis.entry IN ACCESS EXCLUSIVE MODE")
            other.send("LOCK TABLE meldkluis.tail IN EXCLUSIVE MODE; COMMIT")
            until("deadlock", lambda: int(self.ask(
                "SELECT count(*) FROM pg_locks WHERE NOT granted")) > 0)
        fault = Fault(*self.after_lock(), "call", call)
        before = self.line.eye.dossiers()
        self.line.proxy.arm(fault)
        result = self.line.through.intake()
        reached = self.line.proxy.done
        self.line.proxy.arm(None)
        other.close()
        self.line.eye.settle()
        added = self.line.eye.dossiers() - before
        if result.status == 0:
            self.line.announced.append(answer_of(result)["tag"])
        claim("a real deadlock with another session: it is done again, once",
              "" if reached and result.status == 0 and added == 1
              else f"{result}, reached {reached}, {added} are there")

    def after_lock(self):
        who, number = self.places["before it has the lock"]
        return who, number + 1

    def overtaken(self):
        """Between the first try and the second somebody else writes: what was read is
        no longer so. He waits for the lock already when the first one is taken back."""
        line = self.line
        self.ask(HOSTILE.format(times=1, state="40001"))
        second = []

        def call():
            second.append(line.direct.start("--json", "melding", "nieuw", "--form",
                                            line.direct.form))
            self.waiting(LOCKED_OUT)
        before = line.eye.dossiers()
        line.proxy.arm(Fault(*self.after_lock(), "call", call))
        first = line.through.intake()
        line.proxy.arm(None)
        other = line.direct.end(second[0])
        line.eye.settle()
        self.ask(FRIENDLY)
        added = line.eye.dossiers() - before
        done = [r for r in (first, other) if r.status == 0]
        line.announced += [answer_of(r)["tag"] for r in done]
        claim("one that is overtaken while it is done again is done on what is there now,"
              f" or fails plainly (status {first.status})",
              "" if first.status in (0, 1) and other.status == 0 and added == len(done)
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
