#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""attacks.py SERVER DATABASE: what somebody can do who has the account of an application,
or the server, and what notices it.

One table of attacks. After each of them people come by, as on any day, and what is said
to notice it has to end with status 4; with MK_LONG those who come before have to notice
nothing, and without it one attack in three is tried. Then rows and marks are as before;
where tables were changed, all this is done on a copy."""

import os
import re
import shutil
import subprocess
import sys
from collections import namedtuple

from kit import LONG, WORK, Program, answer_of, claim, servers
from line import LOCK, Line
from proxy import Fault

Attack = namedtuple("Attack", "sentence by sql noticed")

# who may do it: an account of the application, one that also erases, the superuser
USER, ERASER, SUPER = "inspecteur", "wisser", "postgres"
# what notices it, in the order in which people come by
OPENING, SHOWING, COUNTING, VERIFYING = "opening", "showing", "counting", "verifying"
DENIED = "denied"    # by the server, for want of a grant
NOTHING = "nothing"  # and nothing is different for anybody

# of the older state, as only the superuser can keep it: tables in the schema oud
OLD = {
    "dossier": "UPDATE dossier d SET version = o.version, dek = o.dek, owner = o.owner,"
               " summary = o.summary, entries = o.entries, chain = o.chain FROM oud.dossier o"
               " WHERE o.ordinal = d.ordinal AND d.ordinal = 0",
    "entries": "DELETE FROM entry e WHERE dossier = 0 AND NOT EXISTS (SELECT FROM oud.entry o"
               " WHERE o.dossier = e.dossier AND o.seq = e.seq)",
    "nodes": "DELETE FROM node WHERE tree = 2; INSERT INTO node SELECT * FROM oud.node WHERE tree = 2",
    "keyring": "UPDATE document d SET body = o.body FROM oud.document o WHERE o.name = d.name"
               " AND d.name = convert_to('keyring', 'UTF8')",
    "heads": "DELETE FROM head h WHERE NOT EXISTS (SELECT FROM oud.head o WHERE o.log_size = h.log_size)",
    "log": "DELETE FROM log WHERE seq >= (SELECT count(*) FROM oud.log)",
    "tail": "UPDATE tail SET log_size = (SELECT log_size FROM oud.tail)",
}
TABLES = ("migration", "dossier", "entry", "log", "head", "node", "stats_chunk", "stats_row", "register",
          "tail", "document")
RESTORE = "; ".join((f"TRUNCATE {', '.join(TABLES)}",
                     *(f"INSERT INTO {table} SELECT * FROM {{0}}.{table}" for table in TABLES)))
SWALLOW = ("CREATE FUNCTION public.swallow() RETURNS trigger LANGUAGE plpgsql AS"
           " $$ BEGIN RETURN NULL; END $$;"
           " CREATE TRIGGER swallow BEFORE {on} ON {table} FOR EACH ROW EXECUTE FUNCTION public.swallow()")
FALSIFY = ("CREATE FUNCTION public.falsify() RETURNS trigger LANGUAGE plpgsql AS"
           " $$ BEGIN NEW.facts = set_byte(NEW.facts, 9, 9); RETURN NEW; END $$;"
           " CREATE TRIGGER falsify BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION public.falsify()")
INDEX = ("CREATE FUNCTION public.evil(bytea) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS"
         " $$ BEGIN PERFORM set_config('synchronous_commit', 'off', true); RETURN $1; END $$;"
         " CREATE INDEX evil ON head (public.evil(sig))")
HIDE = ("CREATE FUNCTION meldkluis.concat_ws(text, text, name, name) RETURNS SETOF text LANGUAGE sql AS"
        " $$ SELECT pg_catalog.concat_ws($1, $2, $3, $4) WHERE $2 <> 'trigger' $$;"
        " CREATE FUNCTION meldkluis.concat_ws(text, text, name, text) RETURNS text LANGUAGE sql AS"
        " $$ SELECT pg_catalog.concat_ws($1, $2, $3, $4) $$; ")
PRETEND = ("CREATE SCHEMA elders; GRANT USAGE ON SCHEMA elders TO PUBLIC;"
           " CREATE FUNCTION elders.set_config(text, text, boolean) RETURNS text LANGUAGE sql AS $$ SELECT $2 $$;"
           " ALTER DATABASE {database} SET search_path = elders, pg_catalog;"
           " ALTER ROLE inspecteur SET search_path = elders, pg_catalog")
ZERO = "decode(repeat('00', {0}), 'hex')"

ATTACKS = (
    # ---- an account of the application ----
    Attack("rewrites a line of the log", USER, "UPDATE log SET leaf = leaf", DENIED),
    Attack("removes a line of the log", USER, "DELETE FROM log WHERE seq = 3", DENIED),
    Attack("removes all heads but one", USER, "DELETE FROM head", DENIED),
    Attack("rewrites a head", USER, "UPDATE head SET sig = sig", DENIED),
    Attack("rewrites an entry", USER, "UPDATE entry SET facts = facts", DENIED),
    Attack("removes an entry", USER, "DELETE FROM entry", DENIED),
    Attack("gives a dossier another id", USER, "UPDATE dossier SET id = id", DENIED),
    Attack("rewrites a release or a setting", USER, "UPDATE register SET body = body", DENIED),
    Attack("rewrites a chunk of the statistics", USER, "UPDATE stats_chunk SET n = n", DENIED),
    Attack("adds a version of the schema", USER, "INSERT INTO migration VALUES (9, '')", DENIED),
    Attack("adds a line to the log", USER,
           "INSERT INTO log SELECT max(seq) + 1, (SELECT leaf FROM log WHERE seq = 2) FROM log", OPENING),
    Attack("adds a head that nobody signed", USER,
           "INSERT INTO head SELECT log_size + 1, decode(repeat('01', 16), 'hex'), body, sig"
           " FROM head ORDER BY log_size DESC LIMIT 1", OPENING),
    Attack("adds a dossier", USER,
           "INSERT INTO dossier SELECT ordinal + 1, decode(repeat('02', 16), 'hex'), 1, intake_year, rk_gen,"
           " dek_version, owner, dek, NULL, summary, 0, chain FROM dossier ORDER BY ordinal DESC LIMIT 1", OPENING),
    Attack("adds an entry to a dossier", USER,
           "INSERT INTO entry SELECT dossier, seq + 1, facts, narrative FROM entry WHERE dossier = 0"
           " ORDER BY seq DESC LIMIT 1", SHOWING),
    Attack("adds to the register", USER,
           "INSERT INTO register SELECT seq + 1, kind, chain, body FROM register ORDER BY seq DESC LIMIT 1", OPENING),
    Attack("adds a chunk to the statistics", USER,
           "INSERT INTO stats_chunk SELECT idx + 1, first + n, n, tags_hash, chain, facts, tags FROM stats_chunk"
           " ORDER BY idx DESC LIMIT 1", COUNTING),
    Attack("takes away the key of a dossier", USER, "UPDATE dossier SET dek = NULL WHERE ordinal = 0", OPENING),
    Attack("takes it from one that is not looked at", USER,
           f"UPDATE dossier SET dek = {ZERO.format(109)} WHERE ordinal = 1", OPENING),
    Attack("gives a dossier the summary of another", USER,
           "UPDATE dossier SET summary = (SELECT summary FROM dossier WHERE ordinal = 1) WHERE ordinal = 0", OPENING),
    Attack("puts a dossier in another year", USER, "UPDATE dossier SET intake_year = 2018 WHERE ordinal = 0", OPENING),
    Attack("rewrites a hash of the tree", USER,
           "UPDATE node SET hashes = set_byte(hashes, 5, (get_byte(hashes, 5) + 1) % 256) WHERE tree = 2", SHOWING),
    Attack("rewrites a row of the statistics", USER,
           "UPDATE stats_row SET env = set_byte(env, 100, (get_byte(env, 100) + 1) % 256) WHERE slot = 0", COUNTING),
    Attack("adds a row of the statistics", USER, f"INSERT INTO stats_row SELECT 200, {ZERO.format(128)}", NOTHING),
    Attack("lowers the tail", USER, "UPDATE tail SET log_size = log_size - 1", OPENING),
    Attack("raises the tail", USER, "UPDATE tail SET log_size = log_size + 1", OPENING),
    Attack("empties the keyring", USER,
           "UPDATE document SET body = '' WHERE name = convert_to('keyring', 'UTF8')", OPENING),
    Attack("changes a byte of the keyring", USER,
           "UPDATE document SET body = set_byte(body, 400, (get_byte(body, 400) + 1) % 256)"
           " WHERE name = convert_to('keyring', 'UTF8')", OPENING),
    Attack("adds a document that nobody asks for", USER,
           "INSERT INTO document VALUES (convert_to('x', 'UTF8'), 'y')", NOTHING),
    Attack("writes something unreadable for the place that it moved to", USER,
           "INSERT INTO document VALUES (convert_to('moved', 'UTF8'), 'x')", OPENING),
    # ---- one that may erase ----
    Attack("removes a line of the log", ERASER, "DELETE FROM log WHERE seq = 3", VERIFYING),
    Attack("removes the newest line of the log", ERASER,
           "DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)", VERIFYING),
    Attack("removes an entry of a dossier", ERASER, "DELETE FROM entry WHERE dossier = 0 AND seq = 1", SHOWING),
    Attack("takes away the reference of a dossier", ERASER, "UPDATE dossier SET ref_tag = NULL WHERE ordinal = 3", OPENING),
    Attack("removes a dossier", ERASER, "DELETE FROM dossier", DENIED),
    # ---- the superuser: rows ----
    Attack("changes a byte of the log", SUPER,
           "UPDATE log SET leaf = set_byte(leaf, 100, (get_byte(leaf, 100) + 1) % 256) WHERE seq = 3", VERIFYING),
    Attack("swaps two lines of the log", SUPER,
           "UPDATE log SET seq = -1 WHERE seq = 3; UPDATE log SET seq = 3 WHERE seq = 4;"
           " UPDATE log SET seq = 4 WHERE seq = -1", VERIFYING),
    Attack("removes a head in the middle", SUPER,
           "DELETE FROM head WHERE log_size = (SELECT min(log_size) FROM head)", VERIFYING),
    Attack("removes the newest head", SUPER,
           "DELETE FROM head WHERE log_size = (SELECT max(log_size) FROM head)", OPENING),
    Attack("changes a sealed head", SUPER,
           "UPDATE head SET body = set_byte(body, 90, (get_byte(body, 90) + 1) % 256)"
           " WHERE log_size = (SELECT max(log_size) FROM head)", OPENING),
    Attack("puts the body of an older head in a newer one", SUPER,
           "UPDATE head SET body = (SELECT body FROM head ORDER BY log_size LIMIT 1)"
           " WHERE log_size = (SELECT max(log_size) FROM head)", OPENING),
    Attack("removes a dossier", SUPER,
           "DELETE FROM entry WHERE dossier = 1; DELETE FROM dossier WHERE ordinal = 1", OPENING),
    Attack("swaps two dossiers", SUPER,
           "UPDATE dossier SET ordinal = -1 WHERE ordinal = 1; UPDATE dossier SET ordinal = 1 WHERE ordinal = 0;"
           " UPDATE dossier SET ordinal = 0 WHERE ordinal = -1", OPENING),
    Attack("swaps the entries of two dossiers", SUPER,
           "UPDATE entry SET dossier = -1 - dossier WHERE dossier < 2; UPDATE entry SET dossier = 2 + dossier"
           " WHERE dossier < 0", SHOWING),
    Attack("swaps the narratives of two dossiers", SUPER,
           "UPDATE entry e SET narrative = o.narrative FROM entry o WHERE e.seq = 2 AND o.seq = 2"
           " AND e.dossier < 2 AND o.dossier = 1 - e.dossier", SHOWING),
    Attack("gives a dossier the owner of another", SUPER,
           "UPDATE dossier SET owner = (SELECT owner FROM dossier WHERE ordinal = 2) WHERE ordinal = 0", OPENING),
    Attack("removes the trees", SUPER, "DELETE FROM node", OPENING),
    Attack("removes a chunk of the statistics", SUPER, "DELETE FROM stats_chunk", COUNTING),
    Attack("swaps facts and tags of the statistics", SUPER, "UPDATE stats_chunk SET facts = tags, tags = facts", COUNTING),
    Attack("removes the rows of the statistics", SUPER, "DELETE FROM stats_row", COUNTING),
    Attack("removes the register", SUPER, "DELETE FROM register", OPENING),
    Attack("removes the tail", SUPER, "DELETE FROM tail", OPENING),
    Attack("removes the keyring", SUPER, "DELETE FROM document WHERE name = convert_to('keyring', 'UTF8')", OPENING),
    # ---- the superuser: what was there before ----
    Attack("puts back the row of a dossier", SUPER, OLD["dossier"], OPENING),
    Attack("puts back a whole dossier with its tree", SUPER,
           "; ".join(OLD[x] for x in ("dossier", "entries", "nodes")), OPENING),
    Attack("puts back the keyring, in which somebody had access", SUPER, OLD["keyring"], OPENING),
    Attack("puts back the newest head of before", SUPER, OLD["heads"], OPENING),
    Attack("puts back log, heads and tail", SUPER, "; ".join(OLD[x] for x in ("log", "heads", "tail")), OPENING),
    Attack("puts back everything", SUPER, RESTORE.format("oud"), OPENING),
    # ---- the superuser: other tables than it seems ----
    Attack("has a trigger swallow lines of the log", SUPER, SWALLOW.format(on="INSERT", table="log"), OPENING),
    Attack("has a trigger swallow changes of a dossier", SUPER, SWALLOW.format(on="UPDATE", table="dossier"), OPENING),
    Attack("hides a trigger behind a function that fits better than PostgreSQL's own", SUPER,
           HIDE + SWALLOW.format(on="INSERT", table="log"), OPENING),
    Attack("has an index run a function at each commit", SUPER, INDEX, OPENING),
    Attack("has a rule swallow heads", SUPER, "CREATE RULE r AS ON INSERT TO head DO INSTEAD NOTHING", OPENING),
    Attack("puts a view in place of a table", SUPER,
           "ALTER TABLE log RENAME TO log2; CREATE VIEW log AS SELECT * FROM log2;"
           " GRANT SELECT, INSERT ON log TO meldkluis_gebruik", OPENING),
    Attack("hides rows by a policy", SUPER,
           "ALTER TABLE dossier ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON dossier USING (ordinal <> 1)", OPENING),
    Attack("makes a table that a crash empties", SUPER, "ALTER TABLE log SET UNLOGGED", OPENING),
    Attack("adds a column", SUPER, "ALTER TABLE dossier ADD COLUMN note BYTEA", OPENING),
    Attack("drops a constraint", SUPER, "ALTER TABLE dossier DROP CONSTRAINT dossier_id_key", OPENING),
    Attack("adds rows by a table that inherits", SUPER,
           "CREATE TABLE public.more () INHERITS (dossier);"
           " INSERT INTO public.more SELECT * FROM ONLY dossier WHERE ordinal = 0", OPENING),
    Attack("removes a version of the schema", SUPER, "DELETE FROM migration WHERE version = 3", OPENING),
    # ---- the superuser: settings ----
    Attack("sets that commits wait for nothing", SUPER,
           "ALTER DATABASE {database} SET synchronous_commit = off;"
           " ALTER ROLE inspecteur SET synchronous_commit = off", NOTHING),
    Attack("leads the search for tables elsewhere", SUPER,
           "CREATE SCHEMA elders; CREATE TABLE elders.dossier (x BIGINT); GRANT USAGE ON SCHEMA elders TO PUBLIC;"
           " ALTER DATABASE {database} SET search_path = elders; ALTER ROLE inspecteur SET search_path = elders", NOTHING),
    Attack("leads the search for functions elsewhere", SUPER, PRETEND, NOTHING),
)


def changes_tables(attack):
    return re.search(r"\b(CREATE|ALTER)\b", attack.sql) is not None


class Scene:
    """The vault with its older state, and people who work with it."""

    def __init__(self, server, database):
        self.server, self.database = server, database
        self.socket = servers("pg_socket", server)
        self.url = servers("pg_url", server, database, "inspecteur")
        self.state = os.environ["XDG_STATE_HOME"]
        self.build()

    def sql(self, text, role=SUPER, database=None):
        """(status, what it says, its errors). The superuser minds no reference."""
        free = "SET session_replication_role = replica;" if role == SUPER else ""
        done = subprocess.run(
            ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", self.socket, "-U", role,
             "-d", database or self.database],
            input=f"SET search_path = meldkluis; {free}\n{text};\n", text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        return done.returncode, done.stdout.strip(), done.stderr.strip()

    def must(self, text, database=None):
        status, _, err = self.sql(text, database=database)
        if status != 0:
            raise RuntimeError(f"{text}: {err}")

    def program(self, who, database=None):
        return Program(self.url.replace(f"/{self.database}?", f"/{database or self.database}?"), who)

    def done(self, who, *words):
        result = self.program(who).run("--json", *words)
        if result.status != 0:
            raise RuntimeError(f"{words} ended with {result}")
        return result

    def intake(self, who):
        return answer_of(self.program(who).intake())["tag"]

    def note(self, tag, text):
        form = f"{WORK}/note"
        with open(form, "w", encoding="utf-8") as file:
            file.write(f"narrative: {text}\n")
        self.done("inspecteur1", "notitie", tag, "--form", form)

    def keep(self, schema):
        """All rows as they are now."""
        self.must("; ".join((f"CREATE SCHEMA {schema}",
                             *(f"CREATE TABLE {schema}.{table} AS TABLE {table}" for table in TABLES))))

    def build(self):
        """Three dossiers and some that were imported; then a copy of all rows, more
        work, and somebody who loses his access."""
        self.tags = [self.intake(who) for who in ("inspecteur1", "inspecteur1", "inspecteur2")]
        for tag in self.tags[:2]:
            self.note(tag, "Er is gebeld.")
        source = f"{os.environ['MK_SRC']}/tests/data/dossiers-2018-2020.csv"
        with open(source, encoding="utf-8") as file, open(f"{WORK}/some.csv", "w", encoding="utf-8") as some:
            some.writelines(file.readlines()[:270])
        self.done("inspecteur1", "invoer", f"{WORK}/some.csv")
        self.intake("inspecteur1")
        self.keep("oud")
        self.note(self.tags[0], "Later is er nog gebeld.")
        self.done("bewaarder1", "gebruiker", "blokkeer", "inspecteur2")
        self.intake("inspecteur1")
        self.keep("nu")
        shutil.copytree(self.state, f"{WORK}/marks")

    def put_back(self):
        """Rows and marks."""
        self.must(RESTORE.format("nu"))
        shutil.rmtree(self.state)
        shutil.copytree(f"{WORK}/marks", self.state)

    # ---- people who come by ----

    def comes(self, what, database=None):
        """How it ends for whoever does that."""
        shown, sheet = f"{WORK}/shown", f"{WORK}/sheet"
        who, *words = {
            OPENING: ("inspecteur1", "lijst"),
            SHOWING: ("inspecteur1", "toon", self.tags[0], "--uit", shown),
            COUNTING: ("analist1", "factsheet", "--jaren", "2018-2020", "--intern", "--uit", sheet),
            VERIFYING: ("auditor1", "log", "controleer")}[what]
        result = self.program(who, database).run(*words)
        shutil.rmtree(sheet, ignore_errors=True)
        if os.path.exists(shown):
            os.unlink(shown)
        return result

    def noticed(self, attack, database=None):
        """What is wrong with how it is noticed, or ''."""
        everybody = (OPENING, SHOWING, COUNTING, VERIFYING)
        by = attack.noticed
        before = everybody if by == NOTHING else everybody[:everybody.index(by)] if LONG else ()
        for what in before:
            result = self.comes(what, database)
            if result.status != 0:
                return f"{what} ended with {result}"
        if by == NOTHING:
            return ""
        result = self.comes(by, database)
        return "" if result.status == 4 else f"{by} ended with {result}"

    # ---- attacks ----

    def attack(self, attack, database):
        """What is wrong, or ''."""
        status, _, err = self.sql(attack.sql.format(database=database), attack.by, database)
        if attack.noticed == DENIED:
            return "" if "permission denied" in err else f"not denied: {err}"
        if status != 0:
            return f"it cannot be done: {err}"
        return self.noticed(attack, database)

    def on_a_copy(self, attack):
        name = "kopie"
        self.must(f"CREATE DATABASE {name} TEMPLATE {self.database}", "postgres")
        wrong = self.attack(attack, name)
        self.must(f"DROP DATABASE {name} WITH (FORCE); ALTER ROLE inspecteur RESET ALL", "postgres")
        return wrong

    def judge(self, attack):
        wrong = self.on_a_copy(attack) if changes_tables(attack) else self.attack(attack, self.database)
        if attack.noticed != DENIED:
            self.put_back()
        who = {USER: "an account of the application", ERASER: "an account that erases",
               SUPER: "the superuser"}[attack.by]
        said = {DENIED: "is denied", NOTHING: "changes nothing for anybody"}.get(
            attack.noticed, f"is noticed by {attack.noticed}")
        claim(f"{who} {attack.sentence}: it {said}", wrong)

    def dismissed(self):
        """An account of the application says in no words that the vault moved."""
        self.sql("INSERT INTO document VALUES (convert_to('moved', 'UTF8'), 'x')", USER)
        told = self.comes(OPENING)
        back = self.program("bewaarder1").run("verhuis", "--terug")
        after = self.comes(OPENING)
        claim("what it writes unreadably keeps people out until a custodian dismisses it",
              "" if (told.status, back.status, after.status) == (4, 0, 0) else f"{told}, {back}, then {after}")
        self.put_back()

    # ---- a server that lies about what it did ----

    def drops(self):
        """It says that a commit was done, and takes it back."""
        self.intake("inspecteur1")
        self.must(RESTORE.format("nu"))
        result = self.comes(OPENING)
        claim("a server that acknowledges and drops: whoever was told notices it when he comes again",
              "" if result.status == 4 else result)
        shutil.rmtree(self.state)
        result = self.comes(VERIFYING)
        claim("who has seen nothing before does not: that is what witnesses and other accounts are for",
              "" if result.status == 0 else result)
        self.put_back()

    def swallows(self):
        """Triggers that are put there while somebody writes, and taken away afterwards."""
        line = Line(self.server, self.database)
        wrong = []
        for table, on in (("log", "INSERT"), ("head", "INSERT"), ("entry", "INSERT"),
                          ("dossier", "INSERT"), ("node", "INSERT OR UPDATE"), ("tail", "UPDATE")):
            line.proxy.arm(Fault(LOCK, "call", lambda table=table, on=on: self.must(
                SWALLOW.format(on=on, table=table))))
            wrote = line.through.intake()
            line.proxy.arm(None)
            self.must(f"DROP TRIGGER swallow ON {table}; DROP FUNCTION public.swallow")
            result = self.comes(VERIFYING)
            if (wrote.status, result.status) != (4, 0):
                wrong.append(f"{table}: {wrote}, then {result}")
            self.put_back()
        claim("the superuser swallows what is being written: it is noticed at once, and nothing was saved",
              "; ".join(wrong))
        line.proxy.arm(Fault(LOCK, "call", lambda: self.must(FALSIFY)))
        wrote = line.through.intake()
        line.proxy.arm(None)
        self.must("DROP TRIGGER falsify ON entry; DROP FUNCTION public.falsify")
        result = self.comes(VERIFYING)
        claim("the superuser changes what is being written: it is noticed by verifying",
              "" if (wrote.status, result.status) == (0, 4) else f"{wrote}, then {result}")
        self.put_back()
        line.close()


def tried():
    """All in the long form; else what is denied, and of the others one in three."""
    denied = [attack for attack in ATTACKS if attack.noticed == DENIED]
    others = [attack for attack in ATTACKS if attack.noticed != DENIED]
    return denied + (others if LONG else others[::3])


def main():
    scene = Scene(*sys.argv[1:3])
    for attack in tried():
        scene.judge(attack)
    scene.dismissed()
    scene.drops()
    scene.swallows()


if __name__ == "__main__":
    main()
