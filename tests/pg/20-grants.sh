#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What the script for the administrator grants on a real server: what the statements of
# queries.def need, and not a column more.
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
# shellcheck source=tests/support/pg.sh
. "$MK_SRC/tests/support/pg.sh"
export PYTHONDONTWRITEBYTECODE=1
grants=(python3 "$MK_SRC/tests/pg/grants.py")

# an administrator who is no superuser, with a database of his own
pg_start een && pg_sql een postgres -c 'CREATE ROLE beheer LOGIN CREATEROLE' \
    -c 'CREATE DATABASE kluis OWNER beheer' || exit 1
script() { "$MK_BUILD/meldkluis-pg" --schema | pg_sql een kluis -U beheer; }
fits() {
    "${grants[@]}" compare >"$MK_TMP/compare" && pg_sql een kluis -f "$MK_TMP/compare" >"$output" &&
        if [ -s "$output" ]; then cat "$output" && return 1; fi
}
claim "an administrator who is no superuser runs the script" script
claim "it gives each role what the statements of the store need, and nothing more" fits

rights() { pg_sql een kluis -c "SELECT relname, relowner, relacl FROM pg_class WHERE relnamespace = 'meldkluis'::regnamespace ORDER BY 1" -c 'SELECT nspname, nspacl FROM pg_namespace ORDER BY 1' -c 'SELECT datname, datacl FROM pg_database ORDER BY 1'; }
again() {
    local before
    before=$(rights) && pg_sql een kluis -c 'GRANT DELETE ON meldkluis.head TO PUBLIC, meldkluis_gebruik' &&
        ! fits >/dev/null && script && fits && [ "$(rights)" = "$before" ]
}
claim "run again it takes away what was granted besides, and changes nothing else" again

pg_sql een postgres -c 'CREATE ROLE inspecteur LOGIN IN ROLE meldkluis_gebruik' \
    -c 'CREATE ROLE wisser LOGIN IN ROLE meldkluis_gebruik, meldkluis_wissen' -c 'CREATE ROLE vreemde LOGIN'
# runs_as WHO ROLE...: of all statements those that are for one of the roles
runs_as() {
    local who=$1
    shift
    "${grants[@]}" may >"$MK_TMP/may" || return 1
    "$pg_bin/psql" -X -q -At -h "$(pg_socket een)" -U "$who" -d kluis -f "$MK_TMP/may" >"$output" 2>"$errors"
    [ "$(wc -l <"$output")" -eq "$(grep -c '^MK_QUERY(' "$MK_SRC/core/store/queries.def")" ] || return 1
    awk -v roles="$*" '{ ok = index(" " roles " ", " " $3 " ") > 0; if ($2 != (ok ? "00000" : "42501")) { print; bad = 1 } }
        END { exit bad }' "$output" || { cat "$errors" && return 1; }
}
claim "the account of an inspector runs every statement but those that erase" runs_as inspecteur meldkluis_gebruik
claim "an account that erases runs those too" runs_as wisser meldkluis_gebruik meldkluis_wissen
pg_sql een kluis -U vreemde -c 'SELECT 1' >"$output" 2>&1
claim "an account of neither role does not get in" grep -q 'permission denied for database' "$output"

# denied WHO SQL...: each of them
denied() {
    local who=$1 sql
    shift
    for sql; do
        pg_sql een kluis -U "$who" -c 'SET search_path = meldkluis' -c "$sql" >/dev/null 2>"$errors" && { echo "done: $sql" && return 1; }
        grep -q 'ERROR:  \(permission denied\|must be\)' "$errors" || { cat "$errors" && return 1; }
    done
}
claim "who uses or erases owns nothing, makes nothing and becomes nobody else" denied wisser \
    'CREATE TABLE extra (x BIGINT)' 'CREATE TEMP TABLE log (x BIGINT)' 'CREATE TABLE public.log (x BIGINT)' \
    'CREATE FUNCTION f() RETURNS BIGINT RETURN 1' 'CREATE SCHEMA andere' 'DROP TABLE log' 'TRUNCATE log' \
    'ALTER TABLE log DISABLE TRIGGER ALL' 'ALTER TABLE log ADD COLUMN x BIGINT' \
    'CREATE TRIGGER t BEFORE INSERT ON log EXECUTE FUNCTION suppress_redundant_updates_trigger()' \
    'CREATE RULE r AS ON INSERT TO log DO INSTEAD NOTHING' 'SET ROLE meldkluis_eigenaar' \
    'SET session_replication_role = replica' 'SET ROLE postgres' "COPY log TO PROGRAM 'true'"

# the script takes CONNECT from everybody else, so that such an account meets the server first
stranger() { ends 3 'server weigert dit account.*42501' ilse --kluis "$(pg_url een kluis vreemde)" lijst; }
claim "an account without a role is refused as such, not told that the server is away" stranger
