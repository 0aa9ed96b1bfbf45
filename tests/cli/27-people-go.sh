#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# People who are suspended, removed or excepted, and a second passphrase.
# store: both
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
new_vault
says() { grep -q -- "$1" "$output" "$errors"; }

# ---- a fingerprint in words --------------------------------------------------
admit() { # NAME ROLE...: a request, admitted by bo
    local name=$1
    shift
    "$meldkluis" gebruiker aanvraag --naam "$name" --uit "$MK_TMP/$name" --passphrase-fd 3 \
        3< <(phrase "$name") >"$MK_TMP/asked" 2>"$errors" || return 1
    local roles=()
    for role in "$@"; do roles+=(--rol "$role"); done
    ends 0 '' bo gebruiker toelaat "$MK_TMP/$name" "${roles[@]}"
}
words_of() { grep -A4 'in woorden' "$1" | tail -4; }
same_words() {
    admit nora inspecteur || return 1
    [ "$(words_of "$MK_TMP/asked" | wc -w)" -eq 16 ] &&
        [ "$(words_of "$MK_TMP/asked")" = "$(words_of "$output")" ] &&
        "$meldkluis" gebruiker toon nora >"$output" &&
        [ "$(words_of "$MK_TMP/asked")" = "$(words_of "$output")" ] &&
        ends 0 '' ilse rol geef nora inspecteur &&
        [ "$(words_of "$MK_TMP/asked")" = "$(words_of "$output")" ]
}
claim "who asks, who admits and who gives the key see the same sixteen words" same_words
words_json() {
    "$meldkluis" gebruiker toon nora --json >"$output" &&
        json 'assert len(d["words"]) == 16 and d["standing"] == "active"'
}
claim "the words stand in the JSON too" words_json

# ---- blokkeer, hervat --------------------------------------------------------
claim "only a custodian suspends" ends 3 'rol bewaarder' ilse gebruiker blokkeer nora
claim "a custodian does not decide about himself" ends 3 'niet over zichzelf' bo gebruiker blokkeer bo
claim "nobody unknown is suspended, and who there is can be looked up" ends 1 'nemo is niet gevonden.*gebruiker lijst noemt' bo gebruiker blokkeer nemo
dry() {
    ends 0 'niets opgeslagen' bo gebruiker blokkeer nora --proef && ends 0 '' nora lijst
}
claim "the dry run suspends nobody" dry
suspended() {
    ends 0 '' bo gebruiker blokkeer nora && says 'tot gebruiker hervat' && ! says 'vingerafdruk' && ends 3 'u bent geblokkeerd' nora lijst
}
claim "who is suspended opens nothing and is told so" suspended
at_once() {
    # no passphrase is derived: a wrong one is told the same
    "$meldkluis" -g nora --passphrase-fd 3 lijst 3< <(phrase ivo) >"$output" 2>"$errors"
    [ $? -eq 3 ] && grep -q 'u bent geblokkeerd' "$errors"
}
claim "that is said before the passphrase is looked at" at_once
claim "nobody is suspended twice" ends 3 'is geblokkeerd' bo gebruiker blokkeer nora
no_role_now() { ends 3 'is geblokkeerd' bo rol geef nora analist; }
claim "who is suspended gets no further role" no_role_now
in_list() {
    "$meldkluis" gebruiker lijst >"$output" && grep -q 'nora.*geblokkeerd' "$output" &&
        "$meldkluis" gebruiker lijst --json >"$output" &&
        json 'assert [(u["standing"], u["holds"]) for u in d["users"] if u["name"]=="nora"] == [("suspended", [])]'
}
claim "the list of people shows it" in_list
doctor_says() { # NAME VALUE: the finding
    as bo dokter --json
    json "assert [f['value'] for f in d['findings'] if f['name']=='$1'] == ['$2']"
}
claim "dokter counts who is suspended" doctor_says suspended 1
claim "and calls no key stale for that" doctor_says stale-keys none
back() { ends 0 '' bo gebruiker hervat nora && ends 0 '' nora lijst; }
claim "who is resumed works on" back
claim "who works is not resumed" ends 3 'niet geblokkeerd' bo gebruiker hervat nora

# ---- rol neem, uitzondering --------------------------------------------------
last_one() {
    ends 3 'niemand anders heeft de rol auditor' bo rol neem aad auditor && ends 0 '' aad log lijst
}
claim "the last holder of a role keeps it" last_one
claim "a role that somebody has not got is not taken" ends 3 'heeft de rol analist niet' bo rol neem ilse analist
second_role() {
    ends 0 '' bo rol geef nora analist && ends 0 '' ilse rol geef nora analist &&
        ends 0 '' bo rol neem nora analist && ! says 'hersleutel' && ends 0 '' nora lijst
}
claim "a role is given and taken; what the other role holds needs no new key" second_role
conflict() {
    ends 3 'rol uitzondering' bo rol geef aad inspecteur && ends 0 '' bo rol uitzondering aad inspecteur &&
        ends 3 'gaan niet samen' bo rol geef aad inspecteur
}
claim "an exception is no right for the custodian who made it" conflict
claim "roles that go together need no exception" ends 3 'gaan samen' bo rol uitzondering ilse analist
two() {
    ends 0 '' bea rol geef aad inspecteur && ends 0 '' ilse rol geef aad inspecteur &&
        ends 0 '' aad lijst
}
claim "with the second custodian it takes effect" two

# ---- verwijder ---------------------------------------------------------------
removed() {
    ends 0 '' bo gebruiker verwijder nora && says '^nora opent vanaf nu niets meer' && says 'moet worden vervangen' && says 'dossiers (rd), door: inspecteur' &&
        says 'bestand (dbk), door: bewaarder inspecteur analist auditor' &&
        ends 3 'u bent uit deze kluis verwijderd' nora lijst
}
claim "who is removed opens nothing, and it is said which keys follow" removed
claim "dokter finds fault until they are replaced" doctor_says stale-keys 'dbk rd rs'
nags() { as bo dokter; [ $? -eq 1 ] && says 'laat een houder ze vervangen'; }
claim "and ends with status 1" nags
for_good() {
    ends 3 'dat blijft zo' bo gebruiker hervat nora && ends 3 'dat blijft zo' bo rol geef nora analist &&
        ends 3 'dat blijft zo' bo gebruiker verwijder nora
}
claim "who is removed does not come back" for_good
json_out() {
    ends 0 '' bo gebruiker verwijder ivo --proef --json &&
        json 'assert d["replace"] == ["dbk","rd","rs"] and d["saved"] is False' &&
        ends 0 '' ivo lijst
}
claim "the dry run of a removal says in JSON what would follow" json_out
logged() {
    ends 0 '' aad log lijst --json && json '
kinds = [e["kind"] for e in d["entries"]]
for k in ["user-suspend", "user-resume", "user-remove", "role-revoke", "role-except"]: assert k in kinds, k'
}
claim "each of that stands in the log" logged
old_keyring() {
    document keyring >"$MK_TMP/before" && ends 0 '' bo gebruiker verwijder ivo && document keyring >"$MK_TMP/after" &&
        set_document keyring <"$MK_TMP/before" && ends 4 '' ivo lijst && ends 4 '' ilse lijst &&
        set_document keyring <"$MK_TMP/after" && ends 3 'verwijderd' ivo lijst && ends 0 '' ilse lijst
}
claim "an old keyring put back lets nobody in" old_keyring
other_vault() {
    new_place ander && "$meldkluis" init -k "$(place_of ander)" --herkomst Ander --bewaarder bo --inspecteur ilse --analist ana \
        --auditor aad --passphrase-fd 3 3<"$MK_TMP/phrases" >"$output" 2>"$errors" &&
        "$meldkluis" -k "$(place_of ander)" gebruiker aanvraag --naam gast --uit "$MK_TMP/gast" \
            --passphrase-fd 3 3< <(phrase nora) >"$output" 2>"$errors" &&
        ends 2 'hoort bij een andere kluis' bo gebruiker toelaat "$MK_TMP/gast" --rol analist
}
claim "a request for another vault is refused with what to do" other_vault

# ---- wachtwoord --tweede -----------------------------------------------------
second_of() { # OPTIONS...: the lines of standard input are the passphrases
    "$meldkluis" -g ilse --passphrase-fd 3 wachtwoord "$@" 3<&0 >"$output" 2>"$errors"
}
opens_with() { "$meldkluis" -g ilse --passphrase-fd 3 lijst 3< <(echo "$1") >"$output" 2>"$errors"; }
second_set() {
    { phrase ilse && echo 'een tweede zin voor ilse'; } | second_of --tweede &&
        opens_with 'een tweede zin voor ilse' && opens_with "$(phrase ilse)"
}
claim "a second passphrase opens beside the first" second_set
second_gone() {
    phrase ilse | second_of --tweede --weg && ! opens_with 'een tweede zin voor ilse' &&
        opens_with "$(phrase ilse)"
}
claim "and is taken away again" second_gone
none_left() { phrase ilse | second_of --tweede --weg; [ $? -eq 1 ] && says 'tweede wachtwoord'; }
claim "where there is none nothing is taken away" none_left
only_second() { phrase ilse | second_of --weg; [ $? -eq 2 ] && says -- '--tweede'; }
claim "the first is never taken away" only_second
claim "and meldkluis-verify takes the log with all of this" second_opinion aad
