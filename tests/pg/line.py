# SPDX-License-Identifier: GPL-3.0-or-later
"""Intakes through a proxy, one fault each, and what must hold after each of them.

The server is asked what is durable, by its superuser. Then
    status 0    exactly what was announced is there
    status 1    nothing is there
    status 7    the outcome was unknown indeed; a repeat with the id that was shown
                succeeds, adds nothing twice, and tells which it was
No other status, no internal error, and an end within the deadline."""

import os
import sys

from kit import REQUEST, WORK, Eye, Program, answer_of, claim, servers
from proxy import SOCKET, Fault, Proxy

ANSWER = 1  # seconds that the program grants each answer
# its helper's deadline, ten more for the helper, and some for a busy machine
DEADLINE = ANSWER + 10 + 5
HARMLESS = ("delay", "trickle")

# Places of an intake. How many messages it is depends on what is in the vault.
LOCK = [("client", b"LOCK TABLE")]
AFTER_LOCK = LOCK + [("client", b"")]
WRITING = LOCK + [("client", b"INSERT INTO")] * 3
COMMIT = LOCK + [("client", b"COMMIT")]
WORD = COMMIT + [("server", b"COMMIT")]


class Line:
    """A vault behind the proxy."""

    def __init__(self, server, database):
        folder = f"{WORK}/line"
        os.mkdir(folder)
        here = servers("pg_socket", server)
        self.proxy = Proxy(folder, f"{here}/{SOCKET}")
        self.eye = Eye(server, database)
        url = servers("pg_url", server, database, "inspecteur", f"answer_timeout={ANSWER}")
        self.direct = Program(url)
        self.through = Program(url.replace(here, folder))
        self.announced = []

    def close(self):
        self.proxy.close()
        self.eye.close()

    def record(self):
        """Messages of an intake that nothing happens to."""
        self.proxy.arm(None)
        result = self.through.intake()
        if result.status != 0:
            sys.exit(f"an intake through the proxy ended with {result}")
        self.eye.settle()
        self.announced.append(answer_of(result)["tag"])
        return list(self.proxy.seen)

    def judge(self, fault, mend=None):
        """What is wrong with how an intake with that fault ended, or ''. mend: called
        before anybody looks."""
        before = self.eye.dossiers()
        self.proxy.arm(fault)
        result = self.through.intake(limit=3 * DEADLINE)
        seen, hit, error = list(self.proxy.seen), self.proxy.hit, self.proxy.error
        self.proxy.arm(None)
        if mend is not None:
            mend()
        if error is not None:
            return f"{fault[:2]}: {error!r}"
        self.eye.settle()
        added = self.eye.dossiers() - before
        wrong = (self.after_fault(result, added, seen) or
                 self.expected(fault, result, seen, hit))
        return f"{fault[:2]} at {hit and hit[:3]} -> {result}: {wrong}" if wrong else ""

    def after_fault(self, result, added, seen):
        """What holds whatever the fault was."""
        if result.seconds > DEADLINE:
            return f"took {result.seconds:.1f} s"
        if result.status not in (0, 1, 7) or "intern" in result.err:
            return "no documented end"
        if result.status == 0:
            self.announced.append(answer_of(result)["tag"])
            return "" if added == 1 else f"announced, and {added} are there"
        if result.out:
            return "output in spite of a failure"
        if result.status == 1:
            if commit_of(seen) is not None:
                return "the commit was sent, so nobody can know that it failed"
            return "" if added == 0 else "said to have failed, and is there"
        return self.repeat(result, added)

    def repeat(self, result, added):
        request = REQUEST.search(result.err)
        if request is None:
            return "unknown, without an id to repeat it with"
        before = self.eye.dossiers() - added
        again = self.direct.intake("--request", request.group(1))
        if again.status != 0:
            return f"the repeat ended with {again}"
        answer = answer_of(again)
        self.announced.append(answer["tag"])
        if self.eye.dossiers() != before + 1:
            return f"{self.eye.dossiers() - before} of it after the repeat"
        if bool(answer.get("repeated")) != (added == 1):
            return f"the repeat says {answer}, but {added} was there"
        return ""

    @staticmethod
    def expected(fault, result, seen, hit):
        """What this very fault must lead to, if it came."""
        if hit is None or fault.action in HARMLESS:
            return "" if result.status == 0 else "no fault, and no success"
        commit = commit_of(seen)
        if commit is None:
            # whose last answer came whole sends on, into a line that is cut
            allowed = (1, 7) if (hit.who, fault.action) == ("server", "last") else (1,)
            return "" if result.status in allowed else "the commit was never sent"
        passed = [m for m in seen[commit:] if m is not hit or fault.action == "last"]
        wanted = 0 if answered(passed) else 7
        return "" if result.status == wanted else f"not {wanted}"

    def sound(self):
        """Everything that was announced is there, once, and the vault proves itself."""
        tags = self.direct.tags()
        missing = set(self.announced) - set(tags)
        verified = Program(self.direct.url, "auditor1").run("log", "controleer")
        if missing:
            return f"announced but gone: {missing}"
        if len(set(tags)) != len(tags):
            return "a tag twice"
        return "" if verified.status == 0 else str(verified)


def commit_of(seen):
    """Where in seen the client's commit of the intake stands, or None: of the last try
    that took the writer's lock."""
    locks = [i for i, m in enumerate(seen) if m.who == "client" and b"LOCK TABLE" in m.text]
    if not locks:
        return None
    return next((i for i, m in enumerate(seen[locks[-1]:], locks[-1])
                 if m.who == "client" and b"COMMIT" in m.text), None)


def answered(passed):
    """Did the server's word on the commit pass, without a warning, and that it is ready
    again?"""
    kinds = [m.kind for m in passed if m.who == "server"]
    return "Z" in kinds and "N" not in kinds


def judge_all(line, sentence, faults):
    wrong = [w for w in map(line.judge, faults) if w]
    claim(f"{sentence} ({len(faults)} intakes)",
          f"{len(wrong)} of {len(faults)}: " + "; ".join(wrong[:4]) if wrong else "")
