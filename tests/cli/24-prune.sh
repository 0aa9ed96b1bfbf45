#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The term of the log and its pruning, over years of a clock that is set.
# store: both
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
# shellcheck source=tests/go/kit.sh
. "$MK_SRC/tests/go/kit.sh"
on() { export MELDKLUIS_TEST_TIME=$1; }
says() { grep -q -- "$1" "$output" "$errors"; }
made() { # OPTION...
    for who in bo bea ilse ana aad; do phrase "$who"; done >"$MK_TMP/phrases"
    "$meldkluis" init --herkomst Proef --bewaarder bo --bewaarder bea --inspecteur ilse \
        --analist ana --auditor aad --passphrase-fd 3 "$@" 3<"$MK_TMP/phrases" >"$output" 2>"$errors"
}

# ---- the setting -------------------------------------------------------------------
on 2019-12-01
chosen() { new_place chosen && made --kluis "$(place_of chosen)" --log-termijn 84 && as bo --kluis "$(place_of chosen)" log termijn --json && json 'assert d["months"] == 84 and d["chosen"]'; }
claim "init sets the term" chosen
quiet() { as bo --kluis "$(place_of chosen)" log controleer && ! says 'log termijn'; }
claim "then nobody is reminded" quiet
no_init() { new_place none && ! made --kluis "$(place_of none)" --log-termijn 59 && says '60 tot en met 600' && no_vault none; }
claim "a term that is too short makes no vault" no_init
left_open() { made && says 'oefenkluis tot .*log termijn MAANDEN (60 is gebruikelijk)'; }
claim "init by a script may leave it open, and says that this makes a vault for practice" left_open
reminded() { as bo log controleer && says 'niemand koos.*oefenkluis'; }
claim "a custodian is reminded with each command" reminded
others() { as ilse lijst && ! says 'niemand koos'; }
claim "others are not" others
fault() { as aad dokter; [ $? -eq 1 ] && grep 'LET OP' "$output" | grep -q 'bewaartermijn van het logboek *door niemand gekozen: alleen om te oefenen'; }
claim "dokter finds fault with a term that nobody chose" fault
claim "without a term nothing is pruned" ends 2 'nog geen bewaartermijn' bo log opschonen
claim "59 months are refused" ends 2 '60 tot en met 600' bo log termijn 59
claim "601 months are refused" ends 2 '60 tot en met 600' bo log termijn 601
claim "an inspector sets no term" ends 3 'bewaarder\|custodian' ilse log termijn 60
claim "an auditor sets no term" ends 3 'bewaarder\|custodian' aad log termijn 60
set_it() { as bo log termijn 60 && says 'gesteld' && as ana log termijn && says '60 maanden' && says 'geldt nog niet'; }
claim "a custodian sets it, and everybody sees that it does not hold yet" set_it
no_fault() { as aad dokter --json; json 'assert [f["ok"] for f in d["findings"] if f["name"]=="log-term"] == [True]'; }
claim "dokter is content" no_fault
dry_term() { as bo log termijn 72 --proef && as ana log termijn && says '60 maanden'; }
claim "a dry run sets nothing" dry_term

# ---- years of work -----------------------------------------------------------------
size() { as aad log controleer --json && json 'print(d["log_size"])'; }
rows() { # COUNT PREFIX: an import of one entry a row
    echo ref,received,channel,reporter,sector,care_type,category,accused,victim_minor,in_care,qualification,occurred
    for ((row = 0; row < $1; row++)); do
        echo "$2-$row,2019-10-15,TEL,OUD,KO,BSO,SM,MW,J,J,XIV,2019-09"
    done
}
brought() { rows "$1" "$2" >"$MK_TMP/$2.csv" && as ilse invoer "$MK_TMP/$2.csv"; }
on 2020-01-10
before=$(size)
brought 5 a || not_ok "dossiers are imported" "$(cat "$errors")"
around=$(($(size) - before - 2 - 5)) # leaves of an import that are no rows'
# sessions end at 256 and at 512, so that these are edges
fill() { # SIZE PREFIX
    local at
    at=$(size)
    brought $(($1 - at - around)) "$2"
}
filled() { fill 256 b && on 2021-01-10 && fill 512 c && [ "$(size)" -eq 514 ]; }
claim "a log of two years is made" filled
as ilse lijst --json
tag=$(grep -oE 'MK-[0-9A-Z]{4}-[0-9A-Z]{4}' "$output" | head -n 1)

on 2024-12-01
both() { as aad log lijst && as ilse lijst; }
claim "auditor and inspector are at work" both
young() {
    as bo log opschonen --json && json 'assert d["removed"] == 0 and d["saved"]' &&
        as bo log opschonen --proef && says 'niets te verwijderen' && ! says 'regel 0\|eerder verwijderd'
}
claim "before the term has passed nothing goes" young
forward() { on 2040-01-01 && as bo log opschonen --json && json 'assert d["removed"] == 0'; }
claim "a clock set forward by a custodian takes nothing away" forward

# ---- pruning -----------------------------------------------------------------------
on 2025-06-02
claim "they are at work later, too" both
keep before && cp -a "$XDG_STATE_HOME" "$MK_TMP/state"
out=$MK_TMP/uit
exported() { as aad log uitvoer "$out" && [ -f "$out/tile/entries/000" ] && [ -f "$out/tile/entries/001" ]; }
claim "the log is exported while all of it is there" exported
claim "an inspector prunes nothing" ends 3 'bewaarder\|custodian' ilse log opschonen
claim "an auditor prunes nothing" ends 3 'bewaarder\|custodian' aad log opschonen
claim "a day that the term forbids is refused, with the last good one" ends 2 '2020-04-28' bo log opschonen --voor 2021-01-01
claim "a day that is none is refused" ends 2 'JJJJ' bo log opschonen --voor gisteren
dry() { as bo log opschonen --proef --json && json 'assert d["removed"] == 256 and not d["saved"]' && as aad log controleer --json && json 'assert d["pruned"] == 0'; }
claim "a dry run says how many, and leaves them" dry
early() { as bo log opschonen --voor 2020-01-01 --json && json 'assert d["removed"] == 0'; }
claim "an earlier day takes less" early
gone() { as bo log opschonen && says 'verwijderd: 256 regels'; }
claim "what is older than the term goes" gone
whole() { as aad log controleer --json && json 'assert d["intact"] and d["pruned"] == 256 and d["findings"] == []'; }
claim "the vault verifies" whole
listed() { as aad log lijst --json && json 'assert min(e["seq"] for e in d["entries"]) >= 256 and any(e["kind"] == "log-prune" and e["count"] == 256 for e in d["entries"])'; }
claim "the log begins behind it and says who did it" listed
noted() { as aad log lijst && says 'voor nummer 256 zijn op 2025-06-02 .* opgeschoond door bo'; }
claim "its reader is told since where" noted
shown() { as bo log termijn && says 'opgeschoond: 256 regels, het laatst 2025-06-02 .* door bo'; }
claim "log termijn tells it, too" shown
still() { as ilse toon "$tag" --doel CTL --uit "$MK_TMP/dossier" && [ -s "$MK_TMP/dossier" ]; }
claim "dossiers whose entries went are read as before" still
bundles() { # EXPORT: what a pruned log leaves
    [ ! -e "$1/tile/entries/000" ] && [ -f "$1/tile/entries/001" ] && [ "$(stat -c %s "$1/tile/0/000")" -eq 8192 ]
}
export_on() { as aad log uitvoer "$out" --json && json 'assert d["before"] > 512 and not d["repaired"]' && bundles "$out"; }
cp -a "$out" "$MK_TMP/fuller"
claim "an export goes on from the fuller one, and lets go of what was pruned" export_on
claim "Go accepts it, and the fuller one as its beginning" "$exportcheck" -pruned 256 "$out" "$MK_TMP/fuller"
not_all() { ! "$exportcheck" "$out"; }
claim "but misses the leaves if nobody said that they are gone" not_all
export_new() { as aad log uitvoer "$MK_TMP/new" && bundles "$MK_TMP/new" && cmp "$out/tile/0/000" "$MK_TMP/new/tile/0/000" && cmp "$out/tile/entries/001" "$MK_TMP/new/tile/entries/001"; }
claim "a new export has all hashes and the bundles that are left" export_new
claim "and Go accepts it" "$exportcheck" -pruned 256 "$MK_TMP/new"
once() { as bo log opschonen --json && json 'assert d["removed"] == 0 and d["pruned"] == 256' && whole &&
    as bo log opschonen --proef && says 'niets te verwijderen' && says 'eerder verwijderd: alles voor regel 256$'; }
claim "once more takes nothing" once
stranger() { XDG_STATE_HOME=$MK_TMP/fresh as aad log controleer && XDG_STATE_HOME=$MK_TMP/fresh as aad log lijst; }
claim "an account that was never here opens and verifies it" stranger
later() { on 2026-09-01 && both && as bea log opschonen --json && json 'assert d["removed"] == 256 and d["pruned"] == 512' && as aad log controleer; }
claim "a year later the next year goes" later

# ---- an older copy -----------------------------------------------------------------
put_back before
claim "a copy from before the pruning is noticed" ends 4 'ouder' ilse lijst
restart() { "$meldkluis" -g bo --passphrase-fd 3 herstart --auditor aad --reden RES 3< <(phrase bo && phrase aad) >"$output" 2>"$errors"; }
again() { on 2026-09-01 && restart && as aad log controleer && both && as bo log opschonen --json && json 'assert d["pruned"] == 512' && as aad log controleer; }
claim "accepted by two it can be pruned again" again

# ---- cut off -----------------------------------------------------------------------
# The whole of it or nothing: killed at moments all over the command.  (A claim is a
# shell of its own: the clock is still that of the first pruning.)
fresh() { put_back before && rm -rf "$XDG_STATE_HOME" && cp -a "$MK_TMP/state" "$XDG_STATE_HOME"; }
prune_now() { exec "$meldkluis" -g bo --passphrase-fd 3 log opschonen 3< <(phrase bo); }
fresh
began=${EPOCHREALTIME/[.,]/}
(prune_now >/dev/null 2>&1)
span=$((${EPOCHREALTIME/[.,]/} - began))
bad='' cut=0 undone=0
for ((n = 1; n <= 12; n++)); do
    fresh
    (prune_now >/dev/null 2>&1) &
    pid=$!
    sleep "$(printf '0.%06d' $((span * n / 13 % 1000000)))"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    [ $? -eq 137 ] && cut=$((cut + 1))
    as aad log controleer --json || bad+="$n: $(cat "$errors")"
    json 'assert d["pruned"] in (0, 256)' 2>/dev/null || bad+="$n: half of it"
    json 'assert d["pruned"] == 0' 2>/dev/null && undone=$((undone + 1))
done
if [ -z "$bad" ]; then ok "after each of 12 kills -9 all is pruned or nothing ($cut cut off, $undone undone)"; else not_ok "after each of 12 kills -9 all is pruned or nothing" "$bad"; fi
claim "the kills came while the program was at work" [ "$cut" -ge 4 ]
