#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Retention keys that are lost: what still works, a second copy put back, and the whole way
# in when nobody can open the vault any more either.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
copy=$MK_TMP/tweede
cards=$MK_TMP/kaarten
says() { grep -q -- "$1" "$output" "$errors"; }
new_vault
report label=eerste
document retention >"$copy"

# ---- without the file ----------------------------------------------------------------
no_document retention
claim "a dossier says what to do" ends 4 'herstel retentie' ilse toon "$tag" --uit "$MK_TMP/x"
new_one() { ends 4 'herstel retentie' ilse melding nieuw --form - < <(a_report label=x); }
claim "no new key is made over a lost one" new_one
claim "the log is read" as aad log lijst
claim "verification tells, and what helps" ends 4 'herstel retentie' aad log controleer
told() { as bo dokter; grep 'LET OP' "$output" | grep -q 'herstel retentie'; }
claim "dokter tells whom to call" told
claim "a custodian puts nothing back" ends 3 'inspect' bo herstel retentie "$copy"
claim "a file that is not there is named" ends 2 '' ilse herstel retentie "$MK_TMP/geen"
echo niets >"$MK_TMP/niets"
claim "what is no such file is refused" ends 2 'geen heel bestand' ilse herstel retentie "$MK_TMP/niets"
dry() { as ilse herstel retentie "$copy" --proef --json && json 'assert not d["saved"] and d["put_back"] == 1' && ! has_document retention; }
claim "a dry run writes nothing" dry
back() { as ilse herstel retentie "$copy" --json && json 'assert d["saved"] and d["put_back"] == 1 and d["keys"] == 1' && cmp -n 24 "$copy" <(document retention); }
claim "the second copy is put back" back
sound() { as ilse toon "$tag" --uit "$MK_TMP/x" && grep -q eerste "$MK_TMP/x" && rm "$MK_TMP/x" && as aad log controleer && as ilse lijst; }
claim "then everything is as before" sound
logged() { as aad log lijst --json --soort retention-restore && json 'assert [e["outcome"] for e in d["entries"]] == ["dry-run", "done"]'; }
claim "the log has it" logged
received=2024-05-06 report label=later
lacking() {
    document retention >"$MK_TMP/beide" && no_document retention &&
        ends 4 '2024 (1): 1' ilse herstel retentie "$copy" && ! has_document retention
}
claim "a copy that is too old is refused with what lacks, and nothing is written" lacking
as ilse herstel retentie "$MK_TMP/beide"

# ---- two folders elsewhere, and a copy from before the inspectors' key was replaced -----
mkdir -m 700 "$MK_TMP/usb1" "$MK_TMP/usb2"
as bo vernietig sleutelplaats "$MK_TMP/usb1" "$MK_TMP/usb2" || not_ok "the keys move out" "$(cat "$errors")"
key=$(cd "$MK_TMP/usb1" && echo *.retention)
cp "$MK_TMP/usb1/$key" "$copy"
as ilse hersleutel rd || not_ok "a new key of inspectors" "$(cat "$errors")"
both_gone() {
    rm -r "$MK_TMP/usb1" "$MK_TMP/usb2" && ends 4 'herstel retentie' ilse toon "$tag" --uit "$MK_TMP/x" &&
        ends 1 'usb1' ilse herstel retentie "$copy"
}
claim "with both folders gone nothing is written before they are there" both_gone
again() {
    mkdir -m 700 "$MK_TMP/usb1" "$MK_TMP/usb2" && as ilse herstel retentie "$copy" && cmp "$MK_TMP/usb1/$key" "$MK_TMP/usb2/$key" &&
        ! cmp -s "$MK_TMP/usb1/$key" "$copy" && ! has_document retention && as aad log controleer && { as bo dokter --json || :; } &&
        json 'assert [c["ok"] for c in d["findings"] if c["name"] == "retention-keys"] == [True]'
}
claim "in new folders of that name both copies are written, under the key of now" again
old_key() { as ilse toon "$tag" --uit "$MK_TMP/x" && grep -q later "$MK_TMP/x" && rm "$MK_TMP/x"; }
claim "and dossiers open" old_key
place_bad() {
    document retention.place >"$MK_TMP/place" && { cat "$MK_TMP/place" && echo 'place: nergens'; } >"$MK_TMP/bad" && set_document retention.place <"$MK_TMP/bad" &&
        as aad log lijst && { as bo dokter || :; } && grep -q 'retention.place is beschadigd' "$output" &&
        ends 4 'retention.place' ilse toon "$tag" --uit "$MK_TMP/x" && ends 4 'retention.place' ilse melding nieuw --form - < <(a_report) &&
        ends 4 'retention.place' bo vernietig sleutelplaats "$(place)" && ! has_document retention && cmp "$MK_TMP/bad" <(document retention.place)
}
claim "where the file that says where they lie is damaged the rest works, and no key is made" place_bad
place_mended() { set_document retention.place <"$MK_TMP/place" && old_key; }
claim "put back alone it is enough" place_mended

# ---- nobody can open any more, on a machine that has the vault, cards and a copy --------
as bo herstel deel --deel 2/3 --kaarten "$cards" || not_ok "cards are made" "$(cat "$errors")"
berg_all() { as bea herstel aanvaard && as ilse herstel berg && as aad herstel berg; }
berg_all || not_ok "keys are with the cards" "$(cat "$errors")"
cp "$MK_TMP/usb2/$key" "$copy"
rm -r "$MK_TMP/usb1" "$MK_TMP/usb2" && mkdir -m 700 "$MK_TMP/usb1" "$MK_TMP/usb2"
export XDG_STATE_HOME=$MK_TMP/elders
phrase kim >"$MK_TMP/p"
let_in() {
    "$meldkluis" --passphrase-fd 3 gebruiker aanvraag --naam kim --uit "$MK_TMP/aanvraag" 3<"$MK_TMP/p" &&
        "$meldkluis" --passphrase-fd 3 herstel persoon "$MK_TMP/aanvraag" --rol inspecteur --kaarten "$cards" \
            --kaart "$cards/herstelkaart-1-1.txt" --kaart "$cards/herstelkaart-1-3.txt" 3<"$MK_TMP/p"
}
claim "cards let a new inspector in though the retention keys are gone" let_in
claim "he is told what lacks" ends 4 'herstel retentie' kim toon "$tag" --doel WRN --uit "$MK_TMP/x"
claim "he puts the second copy back" ends 0 '' kim herstel retentie "$copy"
reads() { as kim toon "$tag" --doel WRN --uit "$MK_TMP/x" && grep -q later "$MK_TMP/x" && as kim lijst --alle --doel WRN; }
claim "and reads every dossier" reads
claim "all of it verifies" as aad log controleer
