#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The script of the administrator: a new database, an older one, one that has all of it.
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
# shellcheck source=tests/support/pg.sh
. "$MK_SRC/tests/support/pg.sh"

script() { "$MK_BUILD/meldkluis-pg" --schema | pg_sql run "$@" >"$output" 2>"$errors"; } # DB [psql options]
# dump DB SCHEMA: tables, grants and the versions, without what differs by name
dump() {
    "$pg_bin/pg_dump" -h "$(pg_socket run)" -U postgres -n "$2" "$1" |
        sed -e "s/\b$2\b/SCHEMA/g" -e '/^\\\(un\)\?restrict/d'
}
fresh() { pg_sql run postgres -c "CREATE DATABASE $1"; } # DB

new() { fresh schema_new && script schema_new && dump schema_new meldkluis >"$MK_TMP/new" && grep -q 'CREATE TABLE SCHEMA.dossier' "$MK_TMP/new"; }
claim "the script makes the tables in a new database" new
twice() { script schema_new && dump schema_new meldkluis | diff "$MK_TMP/new" -; }
claim "run again it changes nothing" twice

older() {
    local first=core/store/schema/0001_init.sql
    fresh schema_old && {
        echo 'CREATE SCHEMA meldkluis; SET search_path = meldkluis;'
        cat "$MK_SRC/$first"
        echo "INSERT INTO migration (version, checksum) VALUES (1, '\\x$(sha256sum <"$MK_SRC/$first" | cut -d' ' -f1)');"
    } | pg_sql run schema_old && script schema_old && dump schema_old meldkluis | diff "$MK_TMP/new" -
}
claim "an older database gets what it lacks" older
elsewhere() { fresh schema_elsewhere && script schema_elsewhere -v schema=team_2 && dump schema_elsewhere team_2 | diff "$MK_TMP/new" -; }
claim "the tables lie in the schema that was asked for" elsewhere
half() { # what fails in the middle leaves nothing
    fresh schema_half && pg_sql run schema_half -c 'CREATE SCHEMA meldkluis' -c 'CREATE TABLE meldkluis.log (a INTEGER)' || return 1
    ! script schema_half && [ "$(pg_sql run schema_half -c "SELECT count(*) FROM pg_tables WHERE schemaname = 'meldkluis'")" = 1 ]
}
claim "a script that is cut off leaves nothing behind" half

# lists URL PATTERN [STATUS]: what a first command says
lists() {
    "$meldkluis" --taal en --kluis "$1" --passphrase-fd 3 -g ria lijst 3< <(phrase ria) >"$output" 2>"$errors"
    local status=$?
    [ "$status" -eq "${3-1}" ] && grep -q "$2" "$errors" && return
    echo "$status $(cat "$errors")"
    return 1
}
not_there() {
    fresh schema_empty && lists "$(pg_url run schema_empty postgres)" 'has no schema meldkluis' &&
        pg_sql run schema_empty -c 'CREATE SCHEMA ander' && lists "$(pg_url run schema_empty postgres schema=ander)" 'not set up for this version (ander: ' &&
        lists "$(pg_url run schema_none postgres)" 'has no database schema_none' &&
        lists "$(pg_url run schema_new postgres port=1)" 'server was not reached'
}
claim "a database without tables is told from a server that is not there" not_there

# init without any passphrase to read: what says no says it before one is asked
# refused URL PATTERN
refused() {
    "$meldkluis" --taal en --kluis "$1" init --herkomst Proef --bewaarder bo --bewaarder bea --inspecteur ria --analist ana --auditor aad \
        --passphrase-fd 3 3</dev/null >"$output" 2>"$errors" && return 1
    grep -q "$2" "$errors" || { cat "$errors" && return 1; }
}
asks_last() {
    pg_sql run schema_new -c 'CREATE ROLE lezer LOGIN' -c 'GRANT CONNECT ON DATABASE schema_new TO lezer' \
        -c 'GRANT USAGE ON SCHEMA meldkluis TO lezer' -c 'GRANT SELECT ON ALL TABLES IN SCHEMA meldkluis TO lezer' || return 1
    refused "$(pg_url run schema_new lezer)" 'server refuses this account' &&
        refused "$(pg_url run schema_empty postgres)" 'has no schema meldkluis' &&
        refused "$(pg_url run schema_new postgres port=1)" 'server was not reached'
}
claim "who may not make a vault there is told before he is asked for a passphrase" asks_last

# Both found nothing there, and wait for the lock of the writer.
two_at_once() {
    local url made n
    fresh schema_two && script schema_two && url=$(pg_url run schema_two postgres) || return 1
    for who in bo bea ria ana aad; do phrase "$who"; done >"$MK_TMP/phrases"
    mkfifo "$MK_TMP/sql"
    pg_sql run schema_two <"$MK_TMP/sql" >"$MK_TMP/locked" &
    exec 4>"$MK_TMP/sql"
    echo "BEGIN; LOCK TABLE meldkluis.tail IN EXCLUSIVE MODE;" >&4
    for n in 1 2; do
        { XDG_STATE_HOME=$MK_TMP/state$n "$meldkluis" --taal en --kluis "$url" init --herkomst Proef --bewaarder bo --bewaarder bea \
            --inspecteur ria --analist ana --auditor aad --passphrase-fd 3 3<"$MK_TMP/phrases" 4>&- >/dev/null 2>"$MK_TMP/init$n"; echo $? >"$MK_TMP/status$n"; } &
    done
    for _ in $(seq 200); do
        [ "$(pg_sql run schema_two -c "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = 'schema_two')")" = 2 ] && break
        sleep 0.05
    done
    echo "ROLLBACK;" >&4
    exec 4>&-
    wait
    made=$(cat "$MK_TMP/status1" "$MK_TMP/status2" | sort | tr '\n' ' ')
    cat "$MK_TMP/init1" "$MK_TMP/init2" >"$errors"
    if [ "$made" != "0 1 " ] || ! grep -q 'database exists already' "$errors"; then
        echo "$made $(cat "$errors")"
        return 1
    fi
}
claim "of two who make a vault at once one does, and the other is told that it is there" two_at_once

# The vault that one of the two made, as databases of other versions.
two() { pg_sql run schema_two -c "SET search_path = meldkluis" "$@" >/dev/null; }
vault_opens() { lists "$url" "$1" "$2"; }
rm -rf "${XDG_STATE_HOME:?}" && mkdir -p "$(dirname "$XDG_STATE_HOME")"
cp -r "$MK_TMP/state$([ "$(cat "$MK_TMP/status1")" = 0 ] && echo 1 || echo 2)" "$XDG_STATE_HOME"
url=$(pg_url run schema_two inspecteur)
of_before() { # as the version before this one left it
    two -c "ALTER TABLE stats_row RENAME COLUMN slot TO seq" -c "DELETE FROM migration WHERE version = 3" &&
        vault_opens 'not set up for this version.*meldkluis-pg --schema' 1 &&
        two -c "ALTER TABLE log ADD extra int" && vault_opens 'schema does not match what was signed' 4 &&
        two -c "ALTER TABLE log DROP extra" && script schema_two && vault_opens '' 0
}
claim "a database of the version before is not tampered with: the administrator has to run the script" of_before
of_first() { # before there were documents on a server
    two -c "ALTER TABLE stats_row RENAME COLUMN slot TO seq" -c "DELETE FROM migration WHERE version > 1" \
        -c "ALTER TABLE document RENAME TO later" && vault_opens 'not set up for this version.*meldkluis-pg --schema' 1 &&
        two -c "ALTER TABLE later RENAME TO document" -c "ALTER TABLE stats_row RENAME COLUMN seq TO slot"
}
claim "nor is one of the first version" of_first
of_later() {
    two -c "INSERT INTO migration SELECT n, sha256(n::text::bytea) FROM generate_series(2, 4) n" -c "CREATE TABLE later (a INTEGER)" &&
        vault_opens 'database is of a newer version (4; this program knows 3).*update the program' 4
}
claim "one of a later version asks for a newer program" of_later
