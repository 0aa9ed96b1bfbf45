# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Where the vault of a scenario lies: in the default folder, or in a database of its own
# on the server of the run (tests/run --on server). What a scenario does to the place
# itself it does with these, so that it tests the same on both.
#
#   place               of the vault of this scenario, as --kluis takes it
#   place_of NAME       of another one
#   new_place NAME      makes ready what init wants there
#   no_vault NAME       is there none? '' is the one of this scenario
#   keep NAME           a copy of the vault as it is now; place_of NAME is where
#   put_back NAME       the vault becomes that copy
#   same_as NAME        does the vault hold what that copy holds?
#   document NAME       a document of the vault (keyring, retention, ...) on standard output
#   has_document NAME   is there one?
#   set_document NAME   becomes standard input
#   no_document NAME    is taken away
#   mixed NEW NAME PREFIX   NEW: that copy, with all documents PREFIX/... of the vault of now
#   of_files REASON SENTENCE COMMAND...   a claim about files: elsewhere it has no meaning

if [ "${MK_STORE:-files}" = files ]; then
    place() { echo "$XDG_DATA_HOME/meldkluis/kluis"; }
    place_of() { echo "$MK_TMP/$1"; }
    new_place() { :; }
    no_vault() { [ ! -e "$(if [ -n "$1" ]; then place_of "$1"; else place; fi)" ]; }
    keep() { cp -a "$(place)" "$(place_of "$1")"; }
    put_back() { rm -rf "$(place)" && cp -a "$(place_of "$1")" "$(place)"; }
    same_as() { cmp "$(place)/vault.db" "$(place_of "$1")/vault.db"; }
    document() { cat "$(place)/$1"; }
    has_document() { [ -e "$(place)/$1" ]; }
    set_document() { (umask 077 && cat >"$(place)/$1"); }
    no_document() { rm "$(place)/$1"; }
    mixed() { cp -a "$(place_of "$2")" "$(place_of "$1")" && cp -a "$(place)/$3/." "$(place_of "$1")/$3"; }
    of_files() { claim "${@:2}"; }
else
    # shellcheck source=tests/support/pg.sh
    . "$MK_SRC/tests/support/pg.sh"
    store_db=k_${MK_TMP##*.}
    store_db=${store_db//[^a-z0-9_]/_}
    place() { pg_url run "$store_db"; }
    place_of() { pg_url run "${store_db}_$1"; }
    new_place() { pg_database run "${store_db}_$1"; }
    no_vault() { [ "$(store_sql "${1:+_$1}" 'SELECT count(*) FROM head')" = 0 ]; }
    keep() { pg_copy_database run "$store_db" "${store_db}_$1"; }
    put_back() { pg_sql run postgres -c "DROP DATABASE $store_db" && pg_copy_database run "${store_db}_$1" "$store_db"; }
    same_as() { [ "$(store_dump '')" = "$(store_dump "_$1")" ]; }
    document() { store_sql '' "SELECT encode(body, 'base64') FROM document WHERE $(store_named "$1")" | base64 -d; }
    has_document() { [ "$(store_sql '' "SELECT count(*) FROM document WHERE $(store_named "$1") AND length(body) > 0")" = 1 ]; }
    set_document() {
        store_sql '' "INSERT INTO document (name, body) VALUES (convert_to('$1', 'UTF8'), decode('$(base64 -w 0)', 'base64'))
            ON CONFLICT (name) DO UPDATE SET body = excluded.body"
    }
    no_document() { set_document "$1" </dev/null; } # as the program does: an empty one is none
    mixed() {
        pg_copy_database run "${store_db}_$2" "${store_db}_$1" &&
            store_sql '' "COPY (SELECT * FROM document WHERE encode(name, 'escape') LIKE '$3/%') TO STDOUT" |
            store_sql "_$1" 'CREATE TEMPORARY TABLE new AS TABLE document WITH NO DATA; COPY new FROM STDIN;
                INSERT INTO document TABLE new ON CONFLICT (name) DO UPDATE SET body = excluded.body'
    }
    of_files() { echo "of files: $2: $1"; }

    store_sql() { pg_sql run "$store_db$1" -c 'SET search_path = meldkluis' -c "$2"; } # SUFFIX SQL
    store_named() { echo "name = convert_to('$1', 'UTF8')"; }
    store_dump() {
        "$pg_bin/pg_dump" -h "$(pg_socket run)" -U postgres --data-only -n meldkluis "$store_db$1" |
            grep -v '^.\(un\)\?restrict ' | sha256sum # the word behind it is another each time
    }
    pg_database run "$store_db" || {
        echo "not ok - a database is made for the vault"
        exit 1
    }
    MELDKLUIS=$(place)
    export MELDKLUIS
fi
