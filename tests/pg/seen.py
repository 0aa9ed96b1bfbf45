#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""seen.py SERVER DATABASE: what a server can tell dossiers apart by, measured, and held
against the list in SECURITY.md, "A server"."""

import os
import re
import sys
from pathlib import Path

from canary import Office
from kit import WORK, Eye, claim, servers

# dossiers that went through the same steps, by other people, with other words and codes
TWINS = (
    ("inspecteur1", "TEL", "OUD", "narrative", "waterverf", "De moeder van Zoë belt.", "XIV", "MW"),
    ("inspecteur2", "MAIL", "HOU", "narrative", "klimtoren", "Een vader schrijft ons.", "XX", "ST"),
)


class Seen:
    def __init__(self, server, database):
        self.eye = Eye(server, database)
        self.eye.ask("SET search_path = meldkluis")
        self.office = Office(servers("pg_url", server, database, "wisser"))

    def rows(self, sql):
        text = self.eye.ask(sql)
        return [tuple(line.split("|")) for line in text.splitlines()]

    # ---- the list ----

    def listed(self):
        """{table: (columns that can be read, columns that are sealed)} of SECURITY.md."""
        text = Path(f"{os.environ['MK_SRC']}/SECURITY.md").read_text(encoding="utf-8")
        block = re.search(r"## A server\n.*?```\n(.*?)```", text, re.S)[1]
        lists = [re.match(r"(\w+)\s+([^|]*)\|(.*)", line) for line in block.strip().splitlines()[1:]]
        return {m[1]: (m[2].split(), m[3].split()) for m in lists}

    def complete(self):
        columns = {}
        for table, column in self.rows(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = 'meldkluis'"):
            columns.setdefault(table, set()).add(column)
        listed = {table: {*clear, *sealed} for table, (clear, sealed) in self.listed().items()}
        claim("SECURITY.md lists every column, as one that can be read or one that is sealed",
              "" if listed == columns else f"{listed} is not {columns}")

    def unlike(self):
        """No sealed value is there twice, in whatever columns, and each is an envelope."""
        sealed = [(t, c) for t, (_, columns) in self.listed().items() for c in columns]
        union = " UNION ALL ".join(f"SELECT '{t}.{c}' AS place, {c} AS v FROM {t} WHERE {c} IS NOT NULL"
                                   for t, c in sealed)
        twice = self.rows(f"SELECT min(place), count(*) FROM ({union}) x GROUP BY v HAVING count(*) > 1")
        plain = self.rows(f"SELECT place, count(*) FROM ({union}) x WHERE get_byte(v, 0) NOT IN (1, 2)"
                          " OR length(v) < 77 GROUP BY place")
        none = self.rows(f"SELECT count(DISTINCT place) FROM ({union}) x")
        claim("each sealed value is an envelope, and none is there twice",
              "" if not twice and not plain and none == [(str(len(sealed)),)] else f"{twice} {plain} {none}")

    # ---- twins ----

    def twin(self, who, channel, reporter, key, label, text, qualification, accused):
        office = self.office
        tag = office.intake(who, channel=channel, reporter=reporter, label=label, **{key: text})
        form = {"sector": "KO", "care_type": "KDV", "category": "SM", "accused": accused,
                "victim_minor": "J", "in_care": "J", "qualification": qualification,
                "occurred": "2026-02", "known": "2026-02-27"}
        office.do(who, "duid", tag, form=form)
        office.do(who, "notitie", tag, form={"narrative": text[::-1]})
        office.do(who, "toon", tag, "--uit", f"{WORK}/twin")
        os.unlink(f"{WORK}/twin")
        return self.rows("SELECT max(ordinal) FROM dossier")[0][0]

    def sizes(self, ordinal):
        return (self.rows("SELECT version, intake_year, rk_gen, dek_version, length(owner), length(dek),"
                          f" length(ref_tag), length(summary), entries FROM dossier WHERE ordinal = {ordinal}"),
                self.rows("SELECT seq, length(facts), length(narrative) FROM entry"
                          f" WHERE dossier = {ordinal} ORDER BY seq"))

    def twins(self):
        """And how much each of them added to the log."""
        self.office.do("inspecteur1", "lijst")  # takes failed unlocks into the log
        seen = []
        for twin in TWINS:
            before = self.rows("SELECT count(*), sum(length(leaf)) FROM log")[0]
            ordinal = self.twin(*twin)
            after = self.rows("SELECT count(*), sum(length(leaf)) FROM log")[0]
            seen.append((*self.sizes(ordinal), *(int(b) - int(a) for a, b in zip(before, after))))
        claim("two dossiers of other people, with other words and codes, look alike: sizes, counts, lines of the log",
              "" if seen[0] == seen[1] else f"{seen[0]} and {seen[1]}")

    # ---- sizes ----

    def steps(self):
        """Texts of many lengths have few sizes."""
        tag = self.office.intake()
        ordinal = self.rows("SELECT max(ordinal) FROM dossier")[0][0]
        for length in (1, 200, 450, 512, 900, 1100):
            self.office.do("inspecteur1", "notitie", tag, form={"narrative": "x" * length})
        seen = [int(n) for _, _, n in self.sizes(ordinal)[1][1:]]
        wanted = [n + 77 for n in (512, 512, 512, 1024, 1024, 2048)]
        claim("a text shows its length in steps only: 512, 1024, 2048 and so on",
              "" if seen == wanted else f"{seen}, not {wanted}")
        facts = {int(n) % 64 for (n,) in self.rows("SELECT DISTINCT length(facts) FROM entry")}
        claim("facts and summaries show theirs in steps of 64",
              "" if facts == {77 % 64} else facts)

    def log(self):
        """What was done cannot be told from the size of a line."""
        sizes = self.rows("SELECT length(leaf), count(*) FROM log GROUP BY 1 ORDER BY 1")
        claim("lines of the log have three sizes: an act, a failed unlock, the beginning of a session",
              "" if len(sizes) == 3 else sizes)
        heads = self.rows("SELECT count(DISTINCT length(body)) FROM head")
        claim("heads have one", "" if heads == [("1",)] else heads)

    def run(self):
        self.complete()
        self.unlike()
        self.twins()
        self.steps()
        self.log()
        self.eye.close()


if __name__ == "__main__":
    Seen(*sys.argv[1:3]).run()
