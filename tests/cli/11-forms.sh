#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Forms: what is taken in, and how each kind of bad input is refused with nothing
# written.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
new_vault
count() { as ilse lijst --json && json 'print(len(d["dossiers"]))'; }

report label=proef
is_tag() { [[ $tag =~ ^MK-[0-9A-Z]{4}-[0-9A-Z]{4}$ ]]; }
claim "a melding by form prints its tag and nothing else" is_tag
claim "facts are taken in" ends 0 '' ilse duid "$tag" --form - < <(facts)
lower() { ends 0 '' ilse notitie "$(tr '[:upper:]' '[:lower:]' <<<"${tag#MK-}")" --form - < <(form narrative=x); }
claim "a tag may be written small and without its beginning" lower
crlf() { ends 0 '' ilse notitie "$tag" --form - < <(printf 'narrative: een\r\n twee\r\n'); }
claim "a form with CR LF is taken in" crlf
bom() { ends 0 '' ilse notitie "$tag" --form - < <(printf '\xef\xbb\xbf# uit een editor\nnarrative: een\n'); }
claim "a form with a byte-order mark and a comment is taken in" bom
file() {
    a_report label=bestand >"$MK_TMP/form" && ends 0 '' ilse melding nieuw --form "$MK_TMP/form"
}
claim "a form may be a file" file
before=$(count)

# refused SENTENCE PATTERN: the form on standard input is refused with status 2
refused() { claim "$1" ends 2 "$2" ilse melding nieuw --form -; }
refused "an unknown key is refused with its line and the keys that are allowed" \
    'regel 2: onbekende sleutel (niet herhaald.*received channel reporter' < <(printf 'received: 2026-03-02\nchanel: TEL\n')
refused "a missing key is named" 'sleutel reporter ontbreekt' < <(form received=2026-03-02 channel=TEL)
refused "a key that occurs twice is refused" 'regel 2: .*twee keer' \
    < <(form received=2026-03-02 received=2026-03-03 channel=TEL reporter=OUD)
refused "a bad code is refused with those that are allowed" 'regel 2: .*TEL MAIL BRIEF GES ONB' \
    < <(form received=2026-03-02 channel=FAX reporter=OUD)
refused "a bad date is refused" 'regel 1: ongeldige datum' < <(form received=2026-02-30 channel=TEL reporter=OUD)
refused "a date to come is refused" 'toekomst' < <(form received=2199-01-01 channel=TEL reporter=OUD)
refused "text that is no UTF-8 is refused" 'regel 2: geen geldige UTF-8' \
    < <(printf 'received: 2026-03-02\nlabel: \xc3\x28\n')
refused "a zero byte is refused" 'regel 1: geen geldige UTF-8' < <(printf 'label: a\0b\n')
refused "a form that is cut in its last line is refused" 'regel 3: .*afgebroken' \
    < <(a_report | head -c -1)
refused "an empty form is refused" 'regel 1: .*afgebroken' </dev/null
refused "a second block is refused" 'regel 5' < <(a_report && echo && form label=x)
refused "a line that is no key and no continuation is refused" 'regel 4' < <(a_report && echo 'zomaar tekst')
refused "ten thousand keys are refused at the first that is unknown" 'regel 4' \
    < <(a_report && seq -f 'sleutel%g: x' 10000)
secret_key() {
    ends 2 'onbekende sleutel' ilse melding nieuw --form - < <(echo 'Pieter Jansen zegt: nee') &&
        ! grep -q Pieter "$errors"
}
claim "text that stands in the place of a key is not repeated" secret_key
secret_value() {
    ends 2 '' ilse melding nieuw --form - < <(form received=Pieter channel=TEL) && ! grep -q Pieter "$errors"
}
claim "a bad value is not repeated" secret_value
huge() {
    { printf 'received: 2026-03-02\nnarrative: ' && head -c 1G /dev/zero | tr '\0' x && echo; } 2>/dev/null |
        ends 2 'regel 2: narrative is te groot' ilse melding nieuw --form -
}
claim "a field of 1 GiB is refused" huge
no_file() { ends 2 'er niet' ilse melding nieuw --form "$MK_TMP/nergens"; }
claim "a form that is not there is refused" no_file
claim "a bad tag is refused" ends 2 'geen geldig kenmerk' ilse toon MK-AAAA-AAAA --uit "$MK_TMP/x"
same() { [ "$(count)" = "$before" ]; }
claim "after all these refusals nothing was written" same

# ---- the workflow refuses --------------------------------------------------------
claim "a step that the state does not allow ends with status 5" ends 5 'overlegplicht' ilse volg "$tag" \
    --form - < <(form next_check=2027-01-01)
claim "an unknown dossier ends with status 1" ends 1 'niet gevonden' ilse notitie MK-7Q4D-K2XZ \
    --form - < <(form narrative=x)

lined() { ends 2 'regel 3: .*bij event' ilse corrigeer "$tag" --form - < <(form key=contact value=x event=99 reason=TYP); }
claim "a refusal of the rules names the line of its key" lined
own_keys() { ends 2 'regel 2: onbekende sleutel contact.*: received channel reporter' ilse corrigeer "$tag" --form - < <(form event=1 key=contact value=2026-03-01 reason=TYP); }
claim "a correction of a key that the event lacks is refused with the keys it has" own_keys
no_nr() { ends 2 'GEEN MOG RED$' ilse oordeel "$tag" --form - < <(form verdict=X verdict_date=2026-03-04 ground=x); }
claim "the verdict NR is not offered" no_nr
named() { ends 5 'overlegplicht: the houder must consult' ilse --lang en follow "$tag" --form - < <(form next_check=2027-01-01); }
claim "an English refusal names the state in English" named

# ---- proef, request --------------------------------------------------------------
dry() {
    ends 0 '' ilse overleg "$tag" --proef --form - < <(form contact=2026-03-03 direct=J speaker=HOU) &&
        grep -q 'niets opgeslagen' "$output" && grep -q 'ilse ivo' "$output" &&
        as ilse lijst --stand overleg --json && json 'assert d["dossiers"] == []'
}
claim "a dry run says who would read it and writes nothing" dry
dry_fields() {
    ends 0 '' ilse overleg "$tag" --proef --form - < <(form contact=2026-03-03 direct=J speaker=HOU) &&
        grep -q '^ *contact: 2026-03-03$' "$output" &&
        ends 0 '' ilse notitie "$tag" --proef --form - < <(form narrative=geheim) &&
        grep -q '^ *narrative: (verzegeld' "$output" && ! grep -q geheim "$output"
}
claim "a dry run shows what would be written, and repeats nothing sealed" dry_fields
dry_json() { as ilse melding nieuw --proef --json --form - < <(a_report) && json 'assert "request" not in d and d["saved"] is False'; }
claim "a dry run in JSON has no request id" dry_json
request() {
    local id=000102030405060708090a0b0c0d0e0f
    as ilse notitie "$tag" --request $id --json --form - < <(form narrative=eens) && cp "$output" "$MK_TMP/one" &&
        ends 0 'was al opgeslagen' ilse notitie "$tag" --request $id --form - < <(form narrative=eens) && [ "$(cat "$output")" = "$tag" ] &&
        as ilse notitie "$tag" --request $id --json --form - < <(form narrative=eens) &&
        json 'assert d["repeated"]' && as ilse tijdlijn "$tag" --json --uit "$MK_TMP/t.json" &&
        [ "$(grep -c '"eens"' "$MK_TMP/t.json")" -eq 1 ]
}
claim "a command repeated with its request id is done once" request
# at_once REQUEST ARGUMENTS...: six programs with one request, all end with status 0
at_once() {
    local i status=0 at=() id=$1
    shift
    for i in 1 2 3 4 5 6; do
        "$meldkluis" --gebruiker ilse --passphrase-fd 3 "$@" --request "$id" --form "$MK_TMP/form" \
            3< <(phrase ilse) >"$MK_TMP/at$i" 2>"$MK_TMP/at$i.errors" &
        at+=($!)
    done
    for i in "${at[@]}"; do wait "$i" || status=$?; done
    [ $status -eq 0 ] || { echo "status $status: $(cat "$MK_TMP"/at?.errors)" && return 1; }
    [ "$(grep -l 'al opgeslagen' "$MK_TMP"/at?.errors | wc -l)" -eq 5 ] || { cat "$MK_TMP"/at?.errors && return 1; }
}
same_intake() {
    local before
    before=$(count) && a_report label=tegelijk >"$MK_TMP/form" &&
        at_once 101112131415161718191a1b1c1d1e1f melding nieuw &&
        [ "$(sort -u "$MK_TMP"/at? | wc -l)" -eq 1 ] && [ "$(count)" -eq $((before + 1)) ]
}
claim "six intakes with one request at the same moment make one dossier" same_intake
same_note() {
    form narrative=tegelijk >"$MK_TMP/form" && at_once 202122232425262728292a2b2c2d2e2f notitie "$tag" &&
        as ilse tijdlijn "$tag" --json --uit "$MK_TMP/t2.json" && [ "$(grep -c '"tegelijk"' "$MK_TMP/t2.json")" -eq 1 ]
}
claim "six entries with one request at the same moment are one" same_note
claim "the log is whole after that" ends 0 '' aad log controleer
