#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Recovery cards: made by two custodians, rehearsed, used when nobody can open any
# more, and combined by another program.
# store: both
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
new_vault
report label=proef
cards=$MK_TMP/kaarten
card() { echo "$cards/herstelkaart-$1-$2.txt"; }
code() { sed -n '/^---- code/,/^---- einde/p' "$1" | grep -v '^----'; }

# ---- practice --------------------------------------------------------------------
banner_first() {
    as ilse lijst && head -n 1 "$output" | grep -q '^OEFENING: .*bewaartermijn\|^OEFENING: .*termijn' &&
        sed -n 2p "$output" | grep -vq OEFENING
}
claim "a list begins with the banner while the vault is for practice" banner_first
in_json() { as ilse --json lijst && json "assert d['practice'] is True" && ! grep -q OEFENING "$output"; }
claim "JSON says so with a key" in_json
tag_alone() { as ilse melding nieuw --form - < <(a_report label=twee) && [ "$(wc -l <"$output")" -eq 1 ] && grep -q '^MK-' "$output"; }
claim "melding nieuw prints the tag and nothing else" tag_alone
nags() { as bo dokter; grep -q 'herstelkaarten.*geen\|herstelkaarten' "$output" && grep -q 'herstel deel' "$output" && head -n 1 "$output" | grep -q '^OEFENING'; }
claim "dokter asks for recovery cards" nags

# ---- a set by two custodians -----------------------------------------------------
claim "there are no cards to rehearse with" ends 1 'geen reeks herstelkaarten' bo herstel oefen
one() { ends 2 'K van 2 tot N' bo herstel deel --deel "$1" --kaarten "$cards" && [ ! -e "$(card 1 1)" ]; }
claim "one card is never enough" one 1/5
claim "more cards than sixteen are refused" one 3/17
claim "a threshold above the number is refused" one 3/2
claim "an inspector makes no cards" ends 3 'rol bewaarder' ilse herstel deel --deel 3/5 --kaarten "$MK_TMP/geen"
stranger() { ends 1 'niemand.* niet gevonden' bo herstel deel --deel 3/5 --kaarten "$cards" --kaarthouder niemand && [ ! -e "$(card 1 1)" ]; }
claim "a card is for a member, or for somebody outside" stranger
dry() { as bo herstel deel --deel 3/5 --kaarten "$cards" --proef && [ -z "$(ls "$cards")" ]; }
claim "a dry run leaves no card" dry
made() {
    as bo herstel deel --deel 3/5 --kaarten "$cards" --kaarthouder bo --kaarthouder ilse || return 1
    [ "$(find "$cards" -name 'herstelkaart-1-?.txt' -perm 600 | wc -l)" -eq 5 ] && grep -q 'voor     ilse' "$(card 1 2)"
}
claim "a custodian makes five cards, closed to others" made
claim "he cannot put them in force himself" ends 3 'twee mensen' bo herstel aanvaard
claim "nor can who is no custodian" ends 3 'rol bewaarder' ilse herstel aanvaard
claim "a second custodian does" ends 0 '' bea herstel aanvaard
claim "twice is once too often" ends 1 'niet gevonden' bea herstel aanvaard
three() { echo --kaart "$(card "$1" 1)" --kaart "$(card "$1" 3)" --kaart "$(card "$1" 5)"; }
# shellcheck disable=SC2046 # words
claim "cards without keys are no recovery yet" ends 1 'herstel berg' bo herstel oefen $(three 1)
claim "an inspector puts his keys with the cards" ends 0 '' ilse herstel berg
claim "and again: they lie there" ends 0 'andere ontbreken nog' ilse herstel berg
shown() {
    as bo herstel toon && grep -q 'reeks 1: 3 van 5' "$output" && grep -q 'kaart 2: ilse' "$output" &&
        grep -q 'ontbreekt: sleutel van logboek; een auditor doet herstel berg' "$output" && as aad herstel berg &&
        as bo herstel toon && grep -q 'er ontbreekt niets' "$output" && as bo --json herstel toon &&
        json "assert d['whole'] and d['in_force']['holders'] == ['bo', 'ilse', '', '', '']"
}
claim "herstel toon says who holds what, and what is missing" shown

# ---- drill -----------------------------------------------------------------------
# shellcheck disable=SC2046
early() { ends 1 'bewaartermijn van het logboek' bo herstel oefen $(three 1) && as ilse lijst && grep -q OEFENING "$output"; }
claim "a drill before the term of the log is chosen does not end practice" early
as bo log termijn 60
# shellcheck disable=SC2046
drilled() { as bo herstel oefen $(three 1) && as ilse lijst && ! grep -q OEFENING "$output" && as ilse --json lijst && json "assert 'practice' not in d"; }
claim "a drill with three cards ends practice" drilled
listed() { as aad log lijst && grep -q 'herstel geoefend' "$output" && grep -q 'herstelkaarten gemaakt' "$output" && grep -q 'herstelkaarten aanvaard' "$output"; }
claim "all of it is in the log" listed

# ---- cards that are wrong --------------------------------------------------------
refused() { # PATTERN CARD...
    local pattern=$1 given=() c
    shift
    for c; do given+=(--kaart "$c"); done
    ends 2 "$pattern" bo herstel oefen "${given[@]}"
}
claim "two cards are too few" refused '2 kaarten gegeven, en 3 zijn nodig' "$(card 1 1)" "$(card 1 2)"
claim "the same card twice is told" refused 'kaart 2, en die was er al' "$(card 1 1)" "$(card 1 2)" "$(card 1 2)"
typo() {
    # the eleventh group: line 2, group 5
    python3 - "$(card 1 2)" "$MK_TMP/typo.txt" <<'END'
import sys
lines = open(sys.argv[1]).read().split("\n")
at = next(i for i, line in enumerate(lines) if line.startswith("---- code")) + 2
groups = lines[at].split()
groups[4] = ("p" if groups[4][0] == "q" else "q") + groups[4][1:]
lines[at] = "   " + " ".join(groups)
open(sys.argv[2], "w").write("\n".join(lines))
END
    refused 'typo.txt: typefout in regel 2, groep 5' "$(card 1 1)" "$MK_TMP/typo.txt" "$(card 1 3)"
}
claim "a typing error is named by line and group" typo
echo 'geen kaart' >"$MK_TMP/geen.txt"
claim "what is no card is named" refused 'geen.txt is geen herstelkaart' "$(card 1 1)" "$MK_TMP/geen.txt" "$(card 1 3)"
other_vault() {
    new_place ander && "$meldkluis" -k "$(place_of ander)" init --herkomst Ander --bewaarder bo --inspecteur ilse --analist ana --auditor aad \
        --kaarten "$MK_TMP/anders" --deel 2/3 --kaarthouder bo --passphrase-fd 3 \
        3< <(for who in bo ilse ana aad; do phrase "$who"; done) >"$output" 2>"$errors" &&
        refused 'herstelkaart-1-2.txt hoort bij een andere kluis' "$(card 1 1)" "$MK_TMP/anders/herstelkaart-1-2.txt" "$(card 1 3)"
}
claim "a vault has its cards from the start when init is asked, and they fit no other vault" other_vault
whole_at_once() { as bo -k "$(place_of ander)" --json herstel toon && json "assert d['whole'] and d['in_force']['threshold'] == 2"; }
claim "those open everything at once" whole_at_once
small_office() {
    ends 1 'een tweede bewaarder' bo -k "$(place_of ander)" herstel oefen --kaart "$MK_TMP/anders/herstelkaart-1-1.txt" \
        --kaart "$MK_TMP/anders/herstelkaart-1-3.txt"
}
claim "with one custodian a vault stays in practice" small_office

# ---- typed -----------------------------------------------------------------------
typed() {
    "$meldkluis" -g bo --passphrase-fd 3 herstel oefen >"$output" 2>"$errors" 3< <(
        phrase bo
        for i in 2 4 5; do code "$(card 1 $i)" | tr -d '\n' | tr '[:lower:]' '[:upper:]'; echo; done
    )
}
claim "codes are typed one a line, in capitals too" typed

# ---- another program -------------------------------------------------------------
second_tool() {
    mkdir "$MK_TMP/gf" && cd "$MK_TMP/gf" || return 1
    # shellcheck disable=SC2016 # backticks of the page
    sed -n '/^```python/,/^```/p' "$MK_SRC/docs/RECOVERY.md" | grep -v '^```' >kaarten.py
    python3 kaarten.py "$(card 1 2)" "$(card 1 4)" "$(card 1 5)" && [ "$(stat -c %s deel.004)" -eq 32 ] &&
        gfcombine -o geheim deel.002 deel.004 deel.005 && cd "$MK_SRC" && document keyring >"$MK_TMP/gf/keyring" &&
        python3 - "$MK_TMP/gf/geheim" "$MK_TMP/gf/keyring" <<'END'
import hashlib, re, sys
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
secret, keyring = open(sys.argv[1], "rb").read(), open(sys.argv[2]).read()
genesis = re.search(r"serial: 1\n.*?by: [0-9a-f]+\n", keyring, re.S).group()
store = hashlib.sha256(genesis.encode()).digest()[:16]
seed = HKDF(hashes.SHA256(), 32, store, b"mk1/recovery/sign").derive(secret)
public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(
    serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()
assert re.search(r"type: share\n.*?sign-key: (\w+)", keyring, re.S).group(1) == public
END
}
claim "gfcombine makes the same secret of the cards, as docs/RECOVERY.md tells" second_tool

# ---- nobody can open any more ------------------------------------------------------
phrase nieuw >"$MK_TMP/p"
"$meldkluis" --passphrase-fd 3 gebruiker aanvraag --naam nieuw --uit "$MK_TMP/aanvraag" 3<"$MK_TMP/p" 2>"$errors"
person() { # PASSPHRASE OF ARGUMENTS...
    local who=$1
    shift
    "$meldkluis" --passphrase-fd 3 herstel persoon "$MK_TMP/aanvraag" --rol inspecteur --kaarten "$cards" "$@" \
        3< <(phrase "$who") >"$output" 2>"$errors"
}
# shellcheck disable=SC2046
wrong_phrase() { ! person bo $(three 1) && grep -q 'wachtwoord' "$errors" && [ ! -e "$(card 2 1)" ]; }
claim "who is let in signs with the passphrase of his request" wrong_phrase
few() { ! person nieuw --kaart "$(card 1 1)" && grep -q 'nodig' "$errors" && [ ! -e "$(card 2 1)" ]; }
claim "too few cards let nobody in" few
# shellcheck disable=SC2046
let_in() { person nieuw $(three 1) || { cat "$errors"; return 1; }; [ "$(find "$cards" -name 'herstelkaart-2-?.txt' -perm 600 | wc -l)" -eq 5 ]; }
claim "three cards let a new inspector in, and make the next cards" let_in
sees() { as nieuw lijst --alle --doel WRN && grep -q "$tag" "$output"; }
claim "he sees the dossiers" sees
claim "the others still do" ends 0 '' ilse lijst
claim "the cards that were used open nothing any more" refused 'van reeks 1, en reeks 2' "$(card 1 1)" "$(card 1 2)" "$(card 1 3)"
claim "the log verifies" ends 0 '' aad log controleer
said() { as aad log lijst && grep -q 'toegang hersteld met kaarten' "$output"; }
claim "and tells of it" said
dokter_drill() { as bo dokter; grep -q 'niet met deze kaarten' "$output" && ! grep -q OEFENING "$output"; }
claim "dokter wants a drill with the new cards, but the vault stays in use" dokter_drill

# ---- a new set with the old cards --------------------------------------------------
# shellcheck disable=SC2046
renewed() {
    as bo herstel deel --deel 2/4 --kaarten "$cards" $(three 2) && as bo --json herstel toon &&
        json "assert d['whole'] and d['in_force']['set'] == 3 and d['in_force']['threshold'] == 2" &&
        as bo herstel oefen --kaart "$(card 3 2)" --kaart "$(card 3 4)"
}
claim "with old cards a new set is in force and whole at once" renewed
claim "a mixture of sets is told" refused 'van reeks 2, en reeks 3' "$(card 3 1)" "$(card 2 2)"

# ---- a new set without the old cards: those open until it does -------------------
waiting() {
    as bo herstel deel --deel 2/3 --kaarten "$cards" && as bea herstel aanvaard && as aad herstel berg &&
        as bo herstel toon && grep -q '^reeks 3: 2 van 4' "$output" && grep -q '^aanvaard, in gebruik als.*reeks 4' "$output" &&
        grep -q 'ontbreekt: sleutel van dossiers' "$output" && ! grep -q 'ontbreekt: sleutel van logboek' "$output" &&
        as bo --json herstel toon && json "assert d['whole'] and d['accepted'] and d['missing'] == ['rd', 'rs']"
}
claim "an accepted set waits for every key" waiting
claim "till then the cards of before open everything" ends 0 '' bo herstel oefen --kaart "$(card 3 1)" --kaart "$(card 3 2)"
claim "and the new ones nothing" ends 1 'reeks 4 opent nog niet alles' bo herstel oefen --kaart "$(card 4 1)" --kaart "$(card 4 2)"
taken_over() { as ilse herstel berg && as bo herstel oefen --kaart "$(card 4 1)" --kaart "$(card 4 2)" && refused 'van reeks 3, en reeks 4' "$(card 3 1)" "$(card 3 2)"; }
claim "with the last key the new set is in force" taken_over
said_void() { as bo herstel deel --deel 2/3 --kaarten "$cards" && ends 0 'reeks 5.*vervalt' bo herstel deel --deel 2/3 --kaarten "$cards"; }
claim "who makes another set is told that the waiting one is void" said_void
year() {
    MELDKLUIS_TEST_TIME=$(($(date +%Y) + 2))-01-10 as bo dokter
    grep 'hersteloefening' "$output" | grep -q 'LET OP.*dagen geleden'
}
claim "after a year dokter asks for a drill again" year
claim "and meldkluis-verify takes the log with all of this" second_opinion aad
