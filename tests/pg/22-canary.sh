#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Known words in every field of a vault, looked for in all that a server has of it; and
# what it can tell dossiers apart by.
set -u
# shellcheck source=tests/pg/vault.sh
. "$MK_SRC/tests/pg/vault.sh"

# nothing is compressed, which would hide a word
open_to_the_eye() {
    pg_sql een kluis <<'SQL'
        SELECT format('ALTER TABLE meldkluis.%I ALTER COLUMN %I SET STORAGE EXTERNAL', relname, attname)
        FROM pg_class c JOIN pg_attribute ON attrelid = c.oid WHERE relnamespace = 'meldkluis'::regnamespace
        AND relkind = 'r' AND attnum > 0 AND atttypid = 'bytea'::regtype
\gexec
SQL
}
pg_start een log_statement=all && pg_database een kluis && open_to_the_eye || exit 1
kluis=$(pg_url een kluis inspecteur)
people=(bewaarder1 bewaarder2 inspecteur1 inspecteur2 analist1 auditor1)
printf '%s geheim woord\n' "${people[@]}" | "$mk" -k "$kluis" --passphrase-fd 0 init --origin proefkluis \
    --custodian bewaarder1 --custodian bewaarder2 --inspector inspecteur1 --inspector inspecteur2 \
    --analyst analist1 --auditor auditor1 2>"$MK_TMP/init.log" || { cat "$MK_TMP/init.log" && exit 1; }
python3 "$MK_SRC/tests/pg/canary.py" een kluis &&
    pg_sql een kluis -c "DELETE FROM meldkluis.document WHERE name = convert_to('canary', 'UTF8')" &&
    python3 "$MK_SRC/tests/pg/seen.py" een kluis
