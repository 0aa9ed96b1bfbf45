#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""canary.py SERVER DATABASE: a vault with known words in every field that takes text,
and every kind of command; then all that the server has of it is searched for them.

The traffic goes without TLS through a relay that keeps it. What a server keeps is its
files with the write-ahead log, a dump, and its own log with every statement in it."""

import base64
import csv
import os
import re
import subprocess
import sys
from pathlib import Path

from kit import WORK, Eye, Program, answer_of, claim, servers
from proxy import SOCKET, Proxy

# in every word, so that one search finds them all, also folded and in pieces of words
STEM = "wolkenfluit"
PHONE, LRK = "0698765432", "100000009"
PHRASE = "geheim woord"  # in every passphrase (kit.py)
WORDS = (STEM, PHONE, LRK, PHRASE)


def word(where):
    return f"{where.capitalize()}{STEM}"


# ---- the work -----------------------------------------------------------------------

class Office:
    """People who do every kind of command; all of it has to succeed."""

    def __init__(self, url):
        self.url = url

    def do(self, who, *words, form=None, status=0):
        program = Program(self.url, who)
        if form is not None:
            text = "".join(f"{key}: {value}\n" for key, value in form.items())
            Path(program.form).write_text(text, encoding="utf-8")
            words += ("--form", program.form)
        result = program.run("--json", *words)
        if result.status != status:
            raise RuntimeError(f"{who}: {' '.join(words)} ended with {result}")
        return answer_of(result) if status == 0 and result.out.startswith("{") else None

    def intake(self, who="inspecteur1", **more):
        form = {"received": "2026-03-02", "channel": "TEL", "reporter": "OUD", **more}
        return self.do(who, "melding", "nieuw", form=form)["tag"]

    def classify(self, tag, **more):
        form = {"sector": "KO", "care_type": "KDV", "category": "SM", "accused": "MW",
                "victim_minor": "J", "in_care": "J", "qualification": "XIV",
                "occurred": "2026-02", "known": "2026-02-27", **more}
        self.do("inspecteur1", "duid", tag, form=form)

    def dossier(self):
        """One through the workflow, with a word in every field that takes one."""
        tag = self.intake(label=word("label"), narrative=word("narrative"), ref=word("ref"))
        self.classify(tag, lrk_id=LRK)
        self.steps(tag, (
            ("overleg", {"contact": "2026-03-03", "direct": "J", "speaker": "HOU"}),
            ("oordeel", {"verdict": "RED", "verdict_date": "2026-03-04", "ground": word("ground")}),
            ("verwijs", {"referred": "2026-03-04", "authority": "ZED", "referred_for": "AAN"}),
            ("aangifte", {"complaint": "2026-03-10", "notified": "2026-03-11",
                          "authority": "ZED", "police_ref": word("police")}),
            ("herinner", {"next_check": "2027-07-01", "narrative": word("reminder")}),
            ("notitie", {"narrative": word("note") + " " + word("long") * 300}),
            ("persoon", {"role": "BES", "name": f"Bert {word('name')}", "born": "1987-03-14",
                         "phone": PHONE, "mail": f"{word('mail')}@voorbeeld.invalid",
                         "address": word("address"), "organisation": word("organisation")}),
            ("corrigeer", {"event": "1", "key": "narrative", "value": word("corrected"),
                           "reason": "TYP"})))
        other = self.intake()
        self.classify(other, category="FG", accused="KD", qualification="GEEN")
        self.steps(other, (
            ("adviseer", {"advice": "OVG", "ground": word("advice"), "narrative": word("advised")}),))
        return tag

    def steps(self, tag, steps):
        for verb, form in steps:
            self.do("inspecteur1", verb, tag, form=form)

    def import_some(self, source):
        """Old dossiers, each with a reference of its own."""
        with open(source, encoding="utf-8") as file:
            rows = list(csv.reader(file))[:300]
        for n, row in enumerate(rows[1:]):
            row[0] = f"{word('old')}{n}"
        path = f"{WORK}/import.csv"
        with open(path, "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
        self.do("inspecteur1", "invoer", path)

    def read(self, tag):
        inspector, out = "inspecteur1", f"{WORK}/shown"
        for command in ("toon", "tijdlijn"):
            self.do(inspector, command, tag, "--uit", out)
            os.unlink(out)
        self.do(inspector, "lijst")
        self.do(inspector, "klok")
        self.do(inspector, "verwant", tag)
        found = self.do(inspector, "zoek", form={"text": f"{word('narrative')} {word('name')}"})
        if [d["tag"] for d in found["dossiers"]] != [tag]:
            raise RuntimeError(f"the search found {found}")
        self.do(inspector, "zoek", form={"text": word("nowhere")})
        self.do("auditor1", "log", "lijst")
        self.do("auditor1", "log", "controleer")
        self.do("auditor1", "log", "uitvoer", f"{WORK}/export")
        self.do("analist1", "factsheet", "--jaren", "2018-2026", "--intern", "--uit", f"{WORK}/sheet")
        self.do("bewaarder1", "gebruiker", "lijst")
        self.do(inspector, "dokter", status=1)  # it is for practice

    def change(self, tag):
        self.do("inspecteur1", "overdracht", tag, "--aan", "inspecteur2")
        self.do("inspecteur2", "waarnemer", tag, "--erbij", "inspecteur1")
        self.do("inspecteur2", "beperk", tag, "--aan", "inspecteur2", "--aan", "inspecteur1")
        self.do("inspecteur2", "notitie", tag, form={"narrative": word("restricted")})
        self.do("bewaarder1", "vernietig", "regel", "--item", word("item"), "--maanden", "24",
                "--kopieen-dagen", "30")
        self.do("inspecteur1", "hersleutel", "rd")

    def wrong_passphrase(self):
        """It is not kept either."""
        program = Program(self.url)
        program.phrase = word("phrase")
        if program.run("lijst").status == 0:
            raise RuntimeError("a wrong passphrase unlocks")


# ---- the search ---------------------------------------------------------------------

def sealed_in(data):
    """Pieces of base64 that stand for data wherever it begins in what was encoded."""
    for before in range(3):
        text = base64.b64encode(b"\0" * before + data)
        yield text[(0, 2, 3)[before]:-4 if (before + len(data)) % 3 else None]


def looks_of(text):
    """All forms in which a text is looked for, in small letters."""
    # UTF-16 of either order has these bytes, without the last zero
    for plain in {t.encode() for t in (text, text.upper(), text.capitalize())} | \
                 {t.encode("utf-16-le")[:-1] for t in (text, text.upper(), text.capitalize())}:
        for form in (plain, *sealed_in(plain)):
            yield form.lower()
            yield form.hex().encode()


LOOKS = {text: sorted(set(looks_of(text))) for text in WORDS}


def found_in(data):
    """Which words stand in data."""
    data = data.lower()
    return {text for text, looks in LOOKS.items() if any(look in data for look in looks)}


def own_test():
    """The search finds what it should, so that finding nothing says something."""
    wrong = []
    for plain in (word("x"), word("x").upper(), word("x").lower()):
        for code in ("utf-8", "utf-16-le", "utf-16-be"):
            for before in range(3):
                data = b"\0\1\2"[:before] + plain.encode(code) + b"rest"
                for text in (data, base64.b64encode(data), data.hex().encode(),
                             data.hex().upper().encode(), base64.b64encode(data).hex().encode()):
                    if found_in(text) != {STEM}:
                        wrong.append(f"{plain} {code} {text}")
    if found_in(word("x")[:-1].encode()):
        wrong.append("a piece of it")
    claim("the search finds a word in UTF-8 and UTF-16, as base64, in hexadecimal", "; ".join(wrong))


class Server:
    def __init__(self, name, database):
        self.name, self.database = name, database
        self.eye = Eye(name, database)
        folder = f"{WORK}/relay"
        os.mkdir(folder)
        here = servers("pg_socket", name)
        self.relay = Proxy(folder, f"{here}/{SOCKET}")
        self.url = servers("pg_url", name, database, "wisser").replace(here, folder)
        self.data = Path(servers("pg_data", name))
        self.log = Path(servers("pg_log", name))

    def dump(self):
        return subprocess.run(["pg_dump", "-h", servers("pg_socket", self.name), "-U", "postgres",
                               self.database], stdout=subprocess.PIPE, check=True).stdout

    def files(self):
        """Those of the database, and the write-ahead log."""
        self.eye.ask("CHECKPOINT")
        number = self.eye.ask("SELECT oid FROM pg_database WHERE datname = current_database()")
        for folder in (self.data / "base" / number, self.data / "pg_wal"):
            for path in folder.rglob("*"):
                if path.is_file():
                    yield path.read_bytes()

    def all(self):
        """What somebody who has the server has: (what, bytes)."""
        yield "a dump", self.dump()
        yield "the files of the database and its write-ahead log", b"".join(self.files())
        yield "the log of the server", self.log.read_bytes()
        yield "the traffic", b"\n".join(m.text for m in list(self.relay.seen))


def main():
    server = Server(*sys.argv[1:3])
    office = Office(server.url)
    own_test()
    tag = office.dossier()
    office.import_some(f"{os.environ['MK_SRC']}/tests/data/dossiers-2018-2020.csv")
    office.read(tag)
    office.change(tag)
    office.wrong_passphrase()
    for what, data in server.all():
        found = found_in(data)
        claim(f"no word of a vault is in {what} ({len(data) >> 10} KiB)",
              ", ".join(sorted(found)))
    # the same search, of a word that a program without seals would have sent
    program = ["psql", "-XAtq", "-h", f"{WORK}/relay", "-U", "postgres", "-d", server.database]
    subprocess.run([*program, "-c", "INSERT INTO meldkluis.document VALUES ("
                    f"convert_to('canary', 'UTF8'), convert_to('{word('clear')}', 'UTF8'))"], check=True)
    blind = [what for what, data in server.all() if found_in(data) != {STEM}]
    claim("one that was put there is found in each of them", ", ".join(blind))
    server.relay.close()
    server.eye.close()


if __name__ == "__main__":
    main()
