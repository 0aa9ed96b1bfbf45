#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Pruning and destroying: denied to the account of an application, nothing half done, and
# done by an account that may erase.
set -u
# shellcheck source=tests/pg/vault.sh
. "$MK_SRC/tests/pg/vault.sh"
on() { export MELDKLUIS_TEST_TIME=$1; }
account() { kluis=$(pg_url een kluis "$1"); }
said() { grep -q -- "$1" "$MK_TMP/err" || { cat "$MK_TMP/err" && return 1; }; }
done_by() { status 0 as "$@" || not_ok "$*" "$(tail -n 1 "$MK_TMP/err")"; }
number() { python3 -c "import json; d=json.load(open('$MK_TMP/out')); print(d$1)"; }
rows() { pg_sql een kluis -c "SELECT (SELECT count(*) FROM meldkluis.log), (SELECT count(*) FROM meldkluis.entry)"; }

on 2019-12-01
vault_on een
done_by bewaarder1 log termijn 60
done_by bewaarder1 vernietig regel --item 'post 1' --maanden 24 --kopieen-dagen 30
form '' | sed 's/2020-03-02/2019-11-01/' >"$MK_TMP/form"
done_by inspecteur1 melding nieuw --form "$MK_TMP/form"
tag=$(cat "$MK_TMP/out")
echo 'reason: VRZ' >"$MK_TMP/form"
done_by inspecteur1 intrek "$tag" --form "$MK_TMP/form"
# a session ends with line 256 of the log, so that a whole group can go
size() { done_by auditor1 --json log controleer && number "['log_size']"; }
brought() { # ROWS PREFIX
    { echo ref,received,channel,reporter,sector,care_type,category,accused,victim_minor,in_care,qualification,occurred
        for ((row = 0; row < $1; row++)); do echo "$2-$row,2019-10-15,TEL,OUD,KO,BSO,SM,MW,J,J,XIV,2019-09"; done
    } >"$MK_TMP/import.csv"
    done_by inspecteur1 invoer "$MK_TMP/import.csv"
}
on 2020-01-10
before=$(size)
brought 5 a
around=$(($(size) - before - 2 - 5)) # lines of an import that are no rows'
brought $((256 - $(size) - around)) b
on 2025-06-02
done_by auditor1 log lijst
done_by inspecteur1 lijst --alle --doel CTL

before=$(rows)
kept() { [ "$(rows | cut -d '|' -f 2)" = "${before#*|}" ] && [ "$(rows | cut -d '|' -f 1)" -ge "${before%|*}" ]; }
no_pruning() { status 3 as bewaarder1 log opschonen && said meldkluis_wissen && kept; }
claim "the account of an application prunes nothing, and is told which account may" no_pruning
done_by inspecteur1 --json vernietig voorstel "$tag"
done_by bewaarder1 vernietig akkoord "$(number "['proposals'][0]['number']")"
no_destroying() { status 3 as inspecteur1 vernietig uitvoer && said meldkluis_wissen && kept; }
claim "nor does it destroy" no_destroying
claim "the dossier opens as before" status 0 as inspecteur1 toon "$tag" --uit "$MK_TMP/shown"
claim "and the vault verifies" status 0 as auditor1 log controleer
account wisser
pruned() { status 0 as bewaarder1 --json log opschonen && [ "$(number "['removed']")" -eq 256 ]; }
claim "an account that may erase prunes" pruned
destroyed() { status 0 as inspecteur1 vernietig uitvoer && [ "$(rows | cut -d '|' -f 2)" -eq $((${before#*|} - 2)) ]; }
claim "and destroys" destroyed
account inspecteur
claim "then the vault verifies too" status 0 as auditor1 log controleer
