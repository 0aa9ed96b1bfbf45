# SPDX-License-Identifier: GPL-3.0-or-later
"""What the statements of the store need, read from queries.def, as SQL for psql that
prints what a database grants beside that or short of that; nothing when it fits."""

import re
import sys
from collections import namedtuple
from pathlib import Path

ENTRY = re.compile(r'MK_QUERY\((\w+),\s*(\w+),((?:\s*"[^"]*")+)\s*\)')
# by whom: the script of the administrator; accounts that erase; all others
BY_OWNER = {"MIGRATION_INSERT"}
BY_ERASER = {"LOG_PRUNE", "ENTRIES_DELETE", "DOSSIER_BURY"}

Query = namedtuple("Query", "name sql params")


def queries():
    text = Path("core/store/queries.def").read_text(encoding="utf-8")
    found = [Query(name, sql, max(map(int, re.findall(r"\$(\d+)", sql)), default=0))
             for name, _, literals in ENTRY.findall(text)
             for sql in ["".join(re.findall(r'"([^"]*)"', literals))]]
    if len(found) != len(re.findall(r"^MK_QUERY\(", text, re.M)):
        raise SystemExit("a statement of queries.def is not understood")
    return found


def changes(sql):
    """(privilege, table, column or None) of what the statement writes."""
    insert = re.match(r"INSERT INTO (\w+)", sql)
    update = re.match(r"UPDATE (\w+) SET (.*?)( WHERE |$)", sql)
    delete = re.match(r"DELETE FROM (\w+)", sql)
    conflict = re.search(r" DO UPDATE SET (.*)", sql)
    if insert:
        yield "INSERT", insert[1], None
    if delete:
        yield "DELETE", delete[1], None
    for table, columns in [(update[1], update[2])] if update else [(insert[1], conflict[1])] if conflict else []:
        for column in re.findall(r"(\w+) = ", columns):
            yield "UPDATE", table, column


def by(query):
    """The role that the statement is for."""
    if query.name in BY_OWNER:
        return "meldkluis_eigenaar"
    return "meldkluis_wissen" if query.name in BY_ERASER else "meldkluis_gebruik"


def needed():
    """(role, privilege, table, column or None): each once."""
    user = {c for q in queries() if by(q) == "meldkluis_gebruik" for c in changes(q.sql)}
    # a whole table is locked by who may change it as a whole
    user = {(p, t, None if t == "tail" else c) for p, t, c in user}
    eraser = {c for q in queries() if by(q) == "meldkluis_wissen" for c in changes(q.sql)} - user
    return ([("meldkluis_gebruik", *c) for c in user] + [("meldkluis_wissen", *c) for c in eraser])


GRANTED = """
SELECT r.rolname AS role, a.privilege_type AS privilege, c.relname AS tab, NULL AS col
FROM pg_class c, aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
WHERE c.relnamespace = 'meldkluis'::regnamespace AND c.relowner <> a.grantee
UNION ALL
SELECT r.rolname, a.privilege_type, c.relname, t.attname
FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
JOIN pg_roles r ON r.oid = a.grantee WHERE c.relnamespace = 'meldkluis'::regnamespace
UNION ALL
SELECT 'everybody', a.privilege_type, c.relname, NULL
FROM pg_class c, aclexplode(c.relacl) a
WHERE c.relnamespace = 'meldkluis'::regnamespace AND a.grantee = 0
UNION ALL
SELECT coalesce(r.rolname, 'everybody'), a.privilege_type, 'schema', NULL
FROM pg_namespace n, aclexplode(n.nspacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE nspname = 'meldkluis' AND nspowner <> a.grantee
UNION ALL
SELECT coalesce(r.rolname, 'everybody'), a.privilege_type, 'database', NULL
FROM pg_database d, aclexplode(coalesce(datacl, acldefault('d', datdba))) a
LEFT JOIN pg_roles r ON r.oid = a.grantee
WHERE datname = current_database() AND datdba <> a.grantee
"""


def compare():
    wanted = needed() + [("meldkluis_gebruik", "USAGE", "schema", None),
                         ("meldkluis_gebruik", "CONNECT", "database", None)]
    rows = ", ".join("(%s)" % ", ".join("NULL" if x is None else f"'{x}'" for x in row) for row in wanted)
    print(f"""
WITH granted AS ({GRANTED}),
wanted(role, privilege, tab, col) AS (
SELECT role::name, privilege, tab::name, col::name FROM (VALUES {rows}) v(role, privilege, tab, col)
UNION ALL SELECT 'meldkluis_gebruik', 'SELECT', tablename, NULL FROM pg_tables WHERE schemaname = 'meldkluis')
SELECT 'too much', * FROM (TABLE granted EXCEPT TABLE wanted) x
UNION ALL SELECT 'too little', * FROM (TABLE wanted EXCEPT TABLE granted) y;""")


def may():
    """Says of each statement whether the session may run it; of none is it run."""
    print("SET search_path = meldkluis, pg_temp;")
    for query in queries():
        values = f"({', '.join(['NULL'] * query.params)})" if query.params else ""
        print(f"PREPARE q AS {query.sql};")
        print(f"EXPLAIN (COSTS OFF) EXECUTE q{values} \\g /dev/null")
        print(f"\\echo {query.name} :SQLSTATE {by(query)}")
        print("DEALLOCATE q;")


if __name__ == "__main__":
    {"compare": compare, "may": may}[sys.argv[1]](*sys.argv[2:])
