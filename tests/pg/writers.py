#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""writers.py SERVER DATABASE: sixteen clients write for a while, all to one dossier and
each to dossiers of his own; nothing is lost, nothing is there twice."""

import re
import sys
import threading
import time

from kit import LONG, WORK, Eye, Program, answer_of, claim, servers

CLIENTS = 16
SECONDS = 60 if LONG else 10
NOTE = re.compile(r"notitie \d+-\d+-")


class Client(threading.Thread):
    """A note on the common dossier and a dossier of his own, in turns."""

    def __init__(self, number, program, common, end):
        super().__init__(daemon=True)
        self.number, self.program, self.common, self.end = number, program, common, end
        self.tags, self.notes, self.wrong = [], [], []

    def run(self):
        while time.monotonic() < self.end and not self.wrong:
            self.intake()
            self.note(f"notitie {self.number}-{len(self.notes)}-")

    def intake(self):
        result = self.program.intake()
        if result.status == 0:
            self.tags.append(answer_of(result)["tag"])
        else:
            self.wrong.append(str(result))

    def note(self, text):
        form = f"{WORK}/note.{self.number}"
        with open(form, "w", encoding="utf-8") as file:
            file.write(f"narrative: {text}\n")
        result = self.program.run("notitie", self.common, "--form", form)
        if result.status == 0:
            self.notes.append(text)
        else:
            self.wrong.append(str(result))


def judge(program, eye, common, clients):
    wrong = [w for c in clients for w in c.wrong]
    tags = [common] + [t for c in clients for t in c.tags]
    notes = [n for c in clients for n in c.notes]
    claim(f"{CLIENTS} clients write for {SECONDS} s, and every command succeeds"
          f" ({len(tags) + len(notes)} of them)", "; ".join(wrong[:3]))
    there = program.tags()
    claim("every dossier is there once, and no other",
          "" if sorted(there) == sorted(tags) else f"{len(there)} of {len(tags)}")
    shown = program.run("--json", "tijdlijn", common, "--uit", f"{WORK}/timeline")
    with open(f"{WORK}/timeline", encoding="utf-8") as file:
        told = NOTE.findall(file.read())
    claim("every note is in the common dossier once, and no other",
          "" if shown.status == 0 and sorted(told) == sorted(notes)
          else f"{len(told)} of {len(notes)}, {shown.err}")
    size, heads, newest = map(int, eye.ask(
        "SELECT (SELECT count(*) FROM meldkluis.log), (SELECT count(*) FROM meldkluis.head),"
        " (SELECT log_size FROM meldkluis.tail)").split("|"))
    claim(f"the log is one line without a gap ({size} entries, {heads} heads)",
          "" if size == newest else f"{size} entries, the tail says {newest}")
    verified = Program(program.url, "auditor1").run("log", "controleer")
    claim("and it verifies", "" if verified.status == 0 else verified)


def main():
    server, database = sys.argv[1:]
    program = Program(servers("pg_url", server, database, "inspecteur"))
    eye = Eye(server, database)
    first = program.intake()
    if first.status != 0:
        sys.exit(str(first))
    common = answer_of(first)["tag"]
    end = time.monotonic() + SECONDS
    clients = [Client(n, program, common, end) for n in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    judge(program, eye, common, clients)
    eye.close()


if __name__ == "__main__":
    main()
