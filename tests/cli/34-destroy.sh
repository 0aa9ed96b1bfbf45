#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Destruction: rule, proposal, approval, run; what is left, and what a copy brings back.
# store: both
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
on() { export MELDKLUIS_TEST_TIME=$1; }
says() { grep -q -- "$1" "$output" "$errors"; }

# ---- dossiers of 2019 --------------------------------------------------------------
on 2019-03-01
new_vault
received=2019-02-01
end_it() { as ilse intrek "$tag" --form - < <(form reason=VRZ); }
ended() { if ! { report "$@" && end_it; }; then not_ok "a dossier is ended" "$(cat "$errors")"; fi; }
ended label=weg && gone=$tag
ended label=blijft && stays=$tag
report label=open && open=$tag
as ana factsheet --jaren 2018-2019 --intern --format csv --uit "$MK_TMP/before" || not_ok "a factsheet" "$(cat "$errors")"
end_ivo() { as ivo melding nieuw --form - < <(a_report label=oud) && tag=$(cat "$output") && as ivo intrek "$tag" --form - < <(form reason=VRZ); }
claim "a colleague's is there" end_ivo

# ---- rule --------------------------------------------------------------------------
claim "a hold wants a reason, and is told which there are" ends 2 "reden ontbreekt.*VRV" ilse vernietig bewaar "$gone"
claim "without a rule nothing can be proposed" ends 5 'geen regel' ilse vernietig voorstel "$gone"
claim "an inspector sets no rule" ends 3 'bewaarder\|custodian' ilse vernietig regel --item B1 --maanden 60 --kopieen-dagen 30
claim "a rule wants its term: there is no default" ends 2 'geen standaardtermijn' bo vernietig regel --item B1 --kopieen-dagen 30
claim "11 months are refused" ends 2 '12' bo vernietig regel --item B1 --maanden 11 --kopieen-dagen 30
claim "an item with other signs is refused" ends 2 'selectielijst' bo vernietig regel --item 'ité' --maanden 60 --kopieen-dagen 30
dry_rule() { as bo vernietig regel --item 'post 12.3' --maanden 24 --kopieen-dagen 30 --proef && as ilse vernietig lijst --json && json 'assert d["rule"] is None'; }
claim "a dry run sets none" dry_rule
rule() { as bo vernietig regel --item 'post 12.3' --maanden 24 --kopieen-dagen 30 && as ilse vernietig lijst && says 'post 12.3; 24 maanden'; }
claim "a custodian sets it, and everybody sees it" rule

# ---- proposal and approval ---------------------------------------------------------
claim "an open dossier is not proposed" ends 5 'niet ten einde' ilse vernietig voorstel "$open"
claim "nor one whose term runs" ends 5 'tot en met 20210301' ilse vernietig voorstel "$gone"
on 2021-03-01
claim "also not on its last day" ends 5 'tot en met 20210301' ilse vernietig voorstel "$gone"
on 2021-03-02
held() { as ivo vernietig bewaar "$gone" --reden PRO && ends 5 'tegengehouden' ilse vernietig voorstel "$gone"; }
claim "a hold stops it" held
claim "the same hold twice is refused" ends 5 'al zo' ilse vernietig bewaar "$gone" --reden PRO
claim "a hold wants a reason" ends 2 'PRO' ilse vernietig bewaar "$gone"
shown() { as bo vernietig lijst --json && json 'assert [(i["state"], i["reason"]) for i in d["dossiers"]] == [("hold", "PRO")]'; }
claim "everybody sees the hold" shown
lifted() { as ilse vernietig bewaar "$gone" --op --reden VRV && as ilse vernietig lijst --json && json 'assert d["dossiers"] == []'; }
claim "and it can be lifted" lifted
claim "a custodian proposes nothing" ends 3 'inspect' bo vernietig voorstel "$gone"
all_or_none() { ends 5 'niet ten einde' ilse vernietig voorstel "$gone" "$open" && as ilse vernietig lijst --json && json 'assert d["dossiers"] == []'; }
claim "of several, all are proposed or none" all_or_none
proposed() { as ilse vernietig voorstel "$gone" --json && json 'print(d["proposals"][0]["number"])'; }
claim "after the term it is proposed" proposed
number=$(json 'print(d["proposals"][0]["number"])')
claim "nobody proposes the same twice" ends 5 "al voorgesteld, met nummer $number" ivo vernietig voorstel "$gone"
claim "an inspector does not approve" ends 3 'bewaarder\|custodian' ivo vernietig akkoord "$number"
claim "a number that is none is refused" ends 2 'nummer 99' bo vernietig akkoord 99
nothing() { as ilse vernietig uitvoer --json && json 'assert d["dossiers"] == []' && as ilse toon "$gone" --uit "$MK_TMP/x" && rm "$MK_TMP/x"; }
claim "without approval nothing goes" nothing
early() { on 2021-02-01 && ends 5 'termijn' bo vernietig akkoord "$number"; }
claim "the custodian's clock counts, too" early
approved() { as bo vernietig akkoord "$number" && as ilse vernietig lijst --json && json 'assert d["dossiers"][0]["state"] == "approved"'; }
claim "a custodian approves" approved
claim "once" ends 2 'wacht' bea vernietig akkoord "$number"
stopped() { as ivo vernietig bewaar "$gone" --reden ONZ && as ilse vernietig uitvoer --json && json 'assert d["dossiers"][0]["fate"] == "held"' && as ilse vernietig bewaar "$gone" --op --reden VRV; }
claim "a hold after that still stops it" stopped
reopened() { as ilse heropen "$gone" --form - < <(form reason=FEI) && as ilse vernietig uitvoer --json && json 'assert d["dossiers"][0]["fate"] == "void"'; }
keep backup && cp -a "$XDG_STATE_HOME" "$MK_TMP/state"
(claim "one that was reopened meanwhile does not go" reopened)
put_back backup && rm -rf "$XDG_STATE_HOME" && cp -a "$MK_TMP/state" "$XDG_STATE_HOME"

# ---- the run -----------------------------------------------------------------------
dry_run() { as ilse vernietig uitvoer --proef --json && json 'assert not d["saved"] and d["dossiers"][0]["fate"] == "destroyed"' && as ilse toon "$gone" --uit "$MK_TMP/x" && rm "$MK_TMP/x"; }
claim "a dry run says what would go, and leaves it" dry_run
claim "a custodian carries nothing out" ends 3 'inspect' bo vernietig uitvoer
run() { as ilse vernietig uitvoer --json && json 'assert d["dossiers"][0]["fate"] == "destroyed" and d["rewrapped"] == 3 and d["erased"] and "waiting" not in d'; }
claim "what was approved is destroyed, the others get a new wrap" run
tombstone() { as ilse toon "$gone" --uit "$MK_TMP/t" && grep -q 'stand: vernietigd' "$MK_TMP/t" && grep -q 'selectielijst: post 12.3' "$MK_TMP/t" && grep -q 'akkoord van: bo' "$MK_TMP/t" && rm "$MK_TMP/t"; }
claim "toon tells what is left of it" tombstone
listed() { as ivo lijst --alle --doel CTL --json && json 'assert sorted(i["state"] for i in d["dossiers"]) == ["ingetrokken", "ingetrokken", "ontvangen", "vernietigd"]'; }
claim "the list has it as destroyed" listed
claim "nothing can be added to it" ends 5 'vernietigd' ilse notitie "$gone" --form - --doel BEH < <(form narrative=x)
others() { rm -f "$MK_TMP/s" "$MK_TMP/o" && as ilse toon "$stays" --uit "$MK_TMP/s" && as ilse toon "$open" --uit "$MK_TMP/o" && as ivo lijst; }
claim "the others are read as before" others
search() { as ilse zoek --form - --json < <(form text=weg) && json 'assert d["dossiers"] == []' && as ilse klok; }
claim "search and clock pass it over" search
verified() { as aad log controleer --json && json 'assert d["intact"] and d["findings"] == [] and d["destroyed"] == 1'; }
claim "the vault verifies" verified
fresh() { XDG_STATE_HOME=$MK_TMP/fresh as aad log controleer && XDG_STATE_HOME=$MK_TMP/fresh as ilse lijst; }
claim "also for an account that was never here" fresh
sheet() { as ana factsheet --jaren 2018-2019 --intern --format csv --uit "$MK_TMP/after" --peildatum '#5' && cmp "$MK_TMP/before/factsheet.csv" "$MK_TMP/after/factsheet.csv"; }
claim "a factsheet of before comes out the same to the byte" sheet
logged() { as aad log lijst --json --soort destroy && json 'assert [e["outcome"] for e in d["entries"]][-1] == "done"'; }
claim "the log has it" logged
one_key() { [ "$(document retention | wc -c)" -eq 141 ]; }
claim "one key of that year is left" one_key
again() { as ilse vernietig uitvoer --json && json 'assert d["dossiers"] == [] and d["erased"]' && as aad log controleer; }
claim "once more does nothing" again
claim "it is not proposed again" ends 5 'vernietigd' ilse vernietig voorstel "$gone"
claim "what is there has no certificate" ends 5 'niet vernietigd' bo vernietig certificaat "$stays"
certificate() { as bo vernietig certificaat "$gone" --uit "$MK_TMP/cert" && grep -q 'sleutel: gewist' "$MK_TMP/cert" && grep -q 'volledig: 2021-04-01' "$MK_TMP/cert"; }
claim "the certificate says that the key is erased, and when the last copy is" certificate

# ---- a copy that is put back -------------------------------------------------------
swap_in() { put_back backup; }
restart() { "$meldkluis" -g bo --passphrase-fd 3 herstart "$@" 3< <(phrase bo && phrase aad) >"$output" 2>"$errors"; }
cp -a "$XDG_STATE_HOME" "$MK_TMP/state2"
swap_in
claim "an older copy is noticed" ends 4 'ouder' ilse lijst
claim "two accept it" restart --auditor aad --reden RES
claim "but what was destroyed is not opened" ends 5 'teruggezet' ilse toon "$gone" --uit "$MK_TMP/no"
passed() { as ilse lijst --alle --doel CTL --json && json 'assert len(d["dossiers"]) == 3'; }
claim "nor listed" passed
told() { as ilse dokter; grep 'LET OP' "$output" | grep -q 'teruggezet'; }
claim "dokter tells" told
redone() { as ivo vernietig uitvoer --json && json 'assert d["dossiers"][0]["fate"] == "again" and d["erased"]' && as aad log controleer && as bo vernietig certificaat "$gone" && says 'opnieuw'; }
claim "it is destroyed again without another approval" redone
other() { # another machine, that never saw the newer vault
    swap_in && export XDG_STATE_HOME=$MK_TMP/elsewhere && as ilse toon "$gone" --uit "$MK_TMP/read" && rm "$MK_TMP/read" && restart --certificaat "$MK_TMP/cert" && ends 5 'teruggezet' ilse toon "$gone" --uit "$MK_TMP/no" && as ilse vernietig uitvoer --json && json 'assert d["dossiers"][0]["fate"] == "again"' && as aad log controleer
}
claim "elsewhere the certificate does the same" other
forged() { sed 's/^ 4d4b5535/ 4d4b5536/' "$MK_TMP/cert" >"$MK_TMP/forged"; ! restart --certificaat "$MK_TMP/forged" && says 'geen certificaat'; }
claim "a certificate that was changed is refused" forged
flipped() { # each byte of the record in turns, some of them
    local n at bad=''
    for n in 1 20 60 100 150 200 250 300; do
        # shellcheck disable=SC2017 # whole lines of 32 bytes
        at=$(($(grep -abo '^record:' "$MK_TMP/cert" | cut -d: -f1) + 9 + n / 32 * 66 + n % 32 * 2 + 1))
        cp "$MK_TMP/cert" "$MK_TMP/f" && printf %s "$(head -c $((at + 1)) "$MK_TMP/f" | tail -c 1 | tr 0-9a-f 1-9a-f0)" | dd of="$MK_TMP/f" bs=1 seek="$at" conv=notrunc status=none
        cmp -s "$MK_TMP/cert" "$MK_TMP/f" && bad+="$n same "
        restart --certificaat "$MK_TMP/f" && bad+="$n taken "
    done
    [ -z "$bad" ] || { echo "$bad" && false; }
}
claim "wherever it was" flipped

# ---- where the keys lie ------------------------------------------------------------
put_back backup && rm -rf "$XDG_STATE_HOME" && cp -a "$MK_TMP/state" "$XDG_STATE_HOME"
mkdir -m 700 "$MK_TMP/k1" "$MK_TMP/k2"
where() { as ilse vernietig sleutelplaats && says 'map van de kluis'; }
claim "at first they lie in the vault" where
claim "an inspector does not move them" ends 3 'bewaarder\|custodian' ilse vernietig sleutelplaats "$MK_TMP/k1" "$MK_TMP/k2"
of_files "$no_folder" "a place in the vault is refused" ends 2 'kluis' bo vernietig sleutelplaats "$(place)" "$MK_TMP/k2"
claim "the same place twice is refused" ends 2 'twee keer' bo vernietig sleutelplaats "$MK_TMP/k1" "$MK_TMP/k1"
moved() { as bo vernietig sleutelplaats "$MK_TMP/k1" "$MK_TMP/k2" && ! has_document retention && cmp "$MK_TMP"/k1/*.retention "$MK_TMP"/k2/*.retention && others; }
claim "a custodian moves them to two folders" moved
content() { as ilse dokter --json; json 'assert [f["ok"] for f in d["findings"] if f["name"] == "retention-keys"] == [True]'; }
claim "dokter is content with two" content
one_copy() { mv "$MK_TMP/k2" "$MK_TMP/k2.away"; others || return 1; as ilse dokter; grep 'LET OP' "$output" | grep -q 'map is er niet' && ends 1 'map .*k2' ilse melding nieuw --form - < <(received=2021-02-01 a_report); }
claim "one copy is enough to read, not to write" one_copy
mv "$MK_TMP/k2.away" "$MK_TMP/k2"
cp -a "$MK_TMP/k1" "$MK_TMP/kept" && keep backup2
outside() { as ilse vernietig uitvoer --json && json 'assert d["erased"]' && as bo vernietig certificaat "$gone" --json && json 'assert d["complete"] == d["destroyed"]' && cmp "$MK_TMP"/k1/*.retention "$MK_TMP"/k2/*.retention; }
claim "with the keys elsewhere the destruction is complete at once" outside
claim "and meldkluis-verify takes the log with all of this" second_opinion aad
unreadable() { # everybody's keys, the vault of before, the keys of now
    put_back backup2 && export XDG_STATE_HOME=$MK_TMP/st3
    as ilse toon "$gone" --uit "$MK_TMP/no"
    [ $? -eq 4 ] && says bewaarsleutels && ends 4 '' ivo toon "$gone" --doel CTL --uit "$MK_TMP/no" && [ ! -e "$MK_TMP/no" ]
}
claim "a backup of before does not open it, not with all keys of now" unreadable
kept() { cp "$MK_TMP"/kept/*.retention "$MK_TMP/k1/" && export XDG_STATE_HOME=$MK_TMP/st4 && as ilse toon "$gone" --uit "$MK_TMP/yes" && grep -q weg "$MK_TMP/yes"; }
claim "only a kept copy of the old keys does" kept
