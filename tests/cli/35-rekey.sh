#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Keys are replaced: those that somebody who left still knows, or all of them.
# store: both
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
new_vault
report label=eerste
says() { grep -q -- "$1" "$output" "$errors"; }

claim "nothing is stale in a new vault" ends 0 'niemand die weg is' ilse hersleutel
claim "a key has one of four names" ends 2 'dbk, rd, rs of rl' ilse hersleutel rx
claim "who does not hold a key does not replace it" ends 3 'rol inspecteur' ana hersleutel rd
claim "a custodian holds the key of the file only" ends 3 'rol auditor' bo hersleutel rl

dry() {
    ends 0 'proef, niets vervangen' ilse hersleutel rd --proef && ends 0 '' ilse toon "$tag" --uit "$MK_TMP/shown"
}
claim "a dry run replaces nothing" dry

# ---- somebody leaves ----------------------------------------------------------
document keyring >"$MK_TMP/kept"
claim "an inspector leaves" ends 0 '' bo gebruiker verwijder ivo
stale() {
    as bo dokter --json
    grep -o '"stale-keys"[^}]*' "$output" | grep -q false
}
claim "dokter finds fault" stale
some() {
    ends 0 'statistiek (rs): vervangen (generatie 2)' ana hersleutel &&
        says 'nog te doen' && says 'dossiers (rd)' && ! says 'logboek'
}
claim "an analyst replaces what he holds and hears what others still have to do" some
rest() {
    ends 0 'dossiers (rd): vervangen (generatie 2)' ilse hersleutel && ! says 'nog te doen'
}
claim "an inspector replaces the rest" rest
claim "and then nothing is stale" ends 0 'niemand die weg is' ilse hersleutel
calm() {
    as bo dokter --json
    grep -o '"stale-keys"[^}]*' "$output" | grep -q true
}
claim "dokter is content with the keys" calm
works() {
    rm -rf "$MK_TMP/shown.2" "$MK_TMP/sheet"
    ends 0 '' ilse toon "$tag" --uit "$MK_TMP/shown.2" && ends 0 '' ilse melding nieuw --form - < <(a_report) &&
        ends 0 '' ana factsheet --jaren 2026 --intern --out "$MK_TMP/sheet" && ends 0 '' aad log lijst &&
        says 'sleutel vervangen: .*(rd), generatie' && ends 0 '' aad log controleer
}
claim "everybody works on, and the log tells it" works
old_keyring() {
    document keyring >"$MK_TMP/now" && set_document keyring <"$MK_TMP/kept"
    as ivo lijst
    local status=$?
    set_document keyring <"$MK_TMP/now"
    [ "$status" -ne 0 ] && ends 3 '' ivo lijst
}
claim "who left does not get back in by an old keyring" old_keyring

# ---- all of them --------------------------------------------------------------
all() {
    ends 0 'na diefstal ook te doen' ilse hersleutel-alles && says 'bestand (dbk): vervangen (generatie 3)' &&
        says 'dossiers (rd): vervangen (generatie 3)' && says 'statistiek (rs): vervangen (generatie 3)' && says 'logboek (rl)'
}
claim "after a theft each replaces all that he holds" all
waits() {
    as bo dokter --json
    json "x=[f for f in d['findings'] if f['name']=='stolen-keys']; assert [(f['ok'],f['value']) for f in x]==[(False,'rl: aad')], x" &&
        as bo gebruiker lijst --json && json "assert [u['name'] for u in d['users'] if u['replace']]==['aad'], d"
}
claim "doctor and the list of users name who still has to, and what" waits
claim "who has nothing of before left hears so, and replaces nothing" ends 0 'al vervangen; is er weer iets gestolen' ana hersleutel-alles
json_all() {
    as aad --json hersleutel-alles && json 'assert d["replaced"] == ["rl"] and d["left"] == []'
}
claim "machine output names what was replaced and what is left" json_all
ended() { as bo dokter --json; json "assert [f['ok'] for f in d['findings'] if f['name']=='stolen-keys']==[True], d"; }
claim "then it is over" ended
no_left() { ! compgen -G "$(place)/*.next*" >/dev/null && ! compgen -G "$(place)/*.new" >/dev/null; }
of_files "$no_folder" "nothing is left half-way in the folder" no_left
claim "everybody works on" works

# ---- the exported log goes on under its new key --------------------------------
mkdir -m 700 "$MK_TMP/out"
export_twice() {
    ends 0 '' aad log uitvoer "$MK_TMP/out" && cp "$MK_TMP/out/vkey" "$MK_TMP/vkey.old" &&
        ends 0 '' aad hersleutel rl && ends 0 '' aad log uitvoer "$MK_TMP/out" &&
        ! cmp -s "$MK_TMP/vkey.old" "$MK_TMP/out/vkey"
}
claim "an export goes on in its folder, with the new key of the log" export_twice
claim "and meldkluis-verify takes the log with all of this" second_opinion aad
