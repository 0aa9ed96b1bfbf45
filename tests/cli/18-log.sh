#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The access log for its reader, its verification, and an old copy put back.
# store: both
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
new_vault
report label=log
as ivo toon "$tag" --doel CTL --uit "$MK_TMP/x" || not_ok "a colleague opens it" "$(cat "$errors")"
logged() { # OPTIONS PYTHON
    as aad log lijst --json "${@:2}" && json "$1"
}
claim "the log says who opened what for which purpose" logged \
    "assert [(e['person'],e['dossier'],e['purpose'],e['kind']) for e in d['entries']] == [('ivo','$tag','CTL','copy')]" --wie ivo
claim "the log by dossier" logged "assert {e['dossier'] for e in d['entries']} == {'$tag'}" --dossier "$tag"
claim "the log by kind" logged "assert [e['kind'] for e in d['entries']] == ['intake']" --soort intake
claim "the log before today" logged "assert d['entries'] == []" --tot 2020-01-01
claim "the log from today on" logged "assert len(d['entries']) > 3" --van 2020-01-01
claim "a person whom nobody knows is not found" ends 1 'niet gevonden' aad log lijst --wie nemo
claim "a kind that is none is refused" ends 2 'soort' aad log lijst --soort zomaar
kinds_in_use() { grep -q 'intake show' "$errors" && ! grep -q unreadable "$errors"; }
claim "the refusal names the kinds there are and no others" kinds_in_use
claim "a day that is none is refused" ends 2 'JJJJ' aad log lijst --van morgen
same() { # OPTION DAY WORD: the same entries, but for those of the asking
    logged 'print(*[e["seq"] for e in d["entries"]])' "$1" "$2" >"$MK_TMP/by-day" &&
        logged 'print(*[e["seq"] for e in d["entries"]][:-1])' "$1" "$3" >"$MK_TMP/by-word" &&
        [ -s "$MK_TMP/by-day" ] && cmp "$MK_TMP/by-day" "$MK_TMP/by-word"
}
by_word() {
    local TZ=CET-1CEST,M3.5.0,M10.5.0/3
    same --van "$(TZ=$TZ date +%F)" vandaag && same --from "$(TZ=$TZ date +%F)" today &&
        same --van "$(TZ=$TZ date -d yesterday +%F)" gisteren && same --from "$(TZ=$TZ date -d yesterday +%F)" yesterday &&
        ends 2 'na --tot' aad log lijst --van vandaag --tot gisteren
}
claim "today and yesterday are days, in both languages" by_word
failed() {
    "$meldkluis" -g ilse --passphrase-fd 3 lijst 3< <(phrase bo) >/dev/null 2>&1
    as bo gebruiker lijst && as ilse lijst && logged "assert any(e['kind']=='unlock-failed' for e in d['entries'])"
}
claim "a failed attempt to unlock is in the log" failed

# ---- verification ------------------------------------------------------------------
whole() { ends 0 '' aad log controleer --json && json 'assert d["intact"] and d["findings"]==[] and d["dossiers"]==1'; }
claim "a vault that is whole verifies" whole
claim "an inspector may verify too" ends 0 '' ilse log controleer
flipped() {
    local file
    keep copy && file=$(place_of copy)/vault.db && flip "$file" $(($(stat -c %s "$file") / 2))
    # with marks of its own: what is logged there before the byte is met is not in the vault
    (export XDG_STATE_HOME=$MK_TMP/state-of-copy && as aad --kluis "$(place_of copy)" log controleer)
    [ $? -eq 4 ]
}
of_files "a server reads its own pages; rows that it changes: tests/pg" "a flipped byte ends with status 4" flipped
open_to_others() { keep wide && chmod 755 "$(place_of wide)" && ends 3 '700' ilse --kluis "$(place_of wide)" lijst; }
of_files "a server asks who is there" "a vault that is open to others stays shut" open_to_others

# ---- an old copy -------------------------------------------------------------------
keep old
report label=later
put_back old
claim "an older copy put back is noticed: status 4" ends 4 'ouder' ilse lijst
nothing() { [ ! -s "$output" ]; }
claim "and nothing is shown" nothing
older() { as aad log controleer --json; [ $? -eq 4 ] && json 'assert d["rolled_back"] and not d["intact"]'; }
claim "log controleer says that it is older, and nothing else wrong" older
restart() { # CUSTODIAN AUDITOR
    "$meldkluis" -g "$1" --passphrase-fd 3 herstart --auditor "$2" --reden RES 3< <(phrase "$1" && phrase "$2") \
        >"$output" 2>"$errors"
}
two() { restart ilse aad; [ $? -eq 3 ] && ends 4 '' ilse lijst; }
claim "an inspector cannot accept it" two
same_one() { restart bo bo; [ $? -eq 3 ] && ends 4 '' ilse lijst; }
claim "a custodian alone cannot accept it" same_one
claim "a reason is wanted" ends 2 'RES VER OEF OVG' bo herstart --auditor aad
accepted() { restart bo aad && ends 0 '' ilse lijst && ends 0 '' aad log controleer; }
claim "custodian and auditor together accept it, and the vault works again" accepted
claim "what was not put back needs no restart" ends 2 'niets te aanvaarden' bo herstart --auditor aad --reden RES
