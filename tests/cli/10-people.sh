#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# People and their keys: init, requests, admission, roles, passphrases.
# store: both
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"

# ---- init --------------------------------------------------------------------
few() { # OPTIONS...
    "$meldkluis" init "$@" --passphrase-fd 3 3< <(phrase a) >"$output" 2>"$errors"
}
missing_role() {
    few --herkomst X --bewaarder a --inspecteur b --analist c
    [ $? -eq 2 ] && grep -q 'auditor' "$errors" && no_vault ''
}
claim "init wants somebody in each role" missing_role
short() {
    printf 'kort\n' >"$MK_TMP/p"
    "$meldkluis" init --herkomst X --bewaarder a --inspecteur b --analist c --auditor d \
        --passphrase-fd 3 3<"$MK_TMP/p" >"$output" 2>"$errors"
    [ $? -eq 2 ] && grep -q '12 tekens' "$errors" && no_vault ''
}
claim "a passphrase of less than 12 characters is refused" short
few_lines() {
    few --herkomst X --bewaarder a --inspecteur b --analist c --auditor d
    [ $? -eq 2 ] && grep -q 'te weinig regels' "$errors" && no_vault ''
}
claim "init says it when passphrases are lacking" few_lines
shut_folder() { # said before a passphrase is wanted, of which there is none here
    local plain=()
    [ "$(id -u)" -ne 0 ] || plain=(setpriv "--bounding-set=-dac_override,-dac_read_search" "--inh-caps=-dac_override,-dac_read_search")
    mkdir -m 500 "$MK_TMP/dicht"
    "${plain[@]}" "$meldkluis" -k "$MK_TMP/dicht/kluis" init --herkomst X --bewaarder a --inspecteur b --analist c --auditor d \
        --passphrase-fd 3 3</dev/null >"$output" 2>"$errors"
    [ $? -eq 1 ] && grep -q 'dicht' "$errors" && grep -q 'geen toegang' "$errors"
}
claim "init says that it may not write there before it asks for anything" shut_folder
dry_init() {
    few --herkomst X --bewaarder a --inspecteur b --analist c --auditor d --proef
    [ $? -eq 2 ] && grep -q 'kent geen --proef' "$errors" && no_vault ''
}
claim "init has no dry run and says so" dry_init
new_vault
private() { [ -z "$(find "$XDG_DATA_HOME" "$XDG_STATE_HOME" -perm /077)" ]; }
claim "everything that was made is closed to others" private
again() {
    "$meldkluis" init --herkomst Proef --bewaarder bo --inspecteur ilse --analist ana \
        --auditor aad --passphrase-fd 3 3<"$MK_TMP/phrases" >"$output" 2>"$errors"
    [ $? -eq 1 ] && grep -q 'bestaat al' "$errors"
}
claim "a vault is not made over another" again

# ---- unlocking ---------------------------------------------------------------
claim "everybody can open the vault with his own passphrase" ends 0 '' ilse lijst
wrong() {
    "$meldkluis" -g ilse --passphrase-fd 3 lijst 3< <(phrase ivo) >"$output" 2>"$errors"
    [ $? -eq 3 ] && [ ! -s "$output" ] && grep -q 'noteerd' "$errors"
}
claim "a wrong passphrase ends with status 3" wrong
claim "a name that nobody has ends with status 3" ends 3 'naam of wachtwoord' nemo lijst
claim "an analyst opens no list of dossiers" ends 3 'rol inspecteur' ana lijst
claim "an auditor opens no dossier" ends 3 'rol inspecteur' aad klok
claim "an inspector does not read the log" ends 3 'rol auditor' ilse log lijst
claim "a custodian counts nothing" ends 3 'rol analist' bo factsheet --jaren 2018 --intern
no_terminal() {
    setsid "$meldkluis" -g ilse lijst </dev/null >"$output" 2>"$errors"
    [ $? -eq 2 ] && grep -q -- '--passphrase-fd' "$errors"
}
claim "without a terminal and without a descriptor it says what to give" no_terminal

dry_request() {
    "$meldkluis" gebruiker aanvraag --naam nora --uit "$MK_TMP/dry" --proef --passphrase-fd 3 \
        3< <(phrase nora) >"$output" 2>"$errors" && grep -q 'niets opgeslagen' "$errors" && [ ! -e "$MK_TMP/dry" ]
}
claim "the dry run of a request writes no file and says so" dry_request
no_vault() { "$meldkluis" -k "$MK_TMP/niets" -g a lijst >"$output" 2>"$errors" </dev/null; [ $? -eq 1 ] && grep -q 'geen kluis op .*meldkluis init' "$errors"; }
claim "where no vault is, it says so and names init" no_vault ''
on_its_way() {
    mkdir "$MK_TMP/straks.verhuis-0123abcd"
    "$meldkluis" -k "$MK_TMP/straks/" -g a lijst >"$output" 2>"$errors" </dev/null
    [ $? -eq 1 ] && grep -q 'nog geen kluis, .*verhuis.*vraag dat een bewaarder, voor u' "$errors"
}
claim "where one may be on its way, a custodian is asked first" on_its_way
first_mark() { # of an account that has not been here
    mkdir "$MK_TMP/nieuw" || return 1
    XDG_STATE_HOME=$MK_TMP/nieuw as bo dokter
    grep -q 'eerst geopend' "$errors" && return 1
    XDG_STATE_HOME=$MK_TMP/nieuw as bo log controleer && grep -q 'voor het eerst geopend; vanaf nu' "$errors" &&
        XDG_STATE_HOME=$MK_TMP/nieuw as bo log controleer && ! grep -q 'eerst geopend' "$errors"
}
claim "that an older copy is noticed is said when it is so, and once" first_mark
no_role() { ends 2 'kies uit: bewaarder inspecteur analist auditor' ilse rol geef ivo baas; }
claim "a role that is none is refused with those there are" no_role
no_folder() { "$meldkluis" gebruiker aanvraag --naam n --uit "$MK_TMP/nergens/x" </dev/null >"$output" 2>"$errors"; [ $? -eq 1 ] && grep -q 'de map voor --uit is er niet' "$errors"; }
claim "a folder that is not there is named as such" no_folder

# ---- a new colleague ---------------------------------------------------------
request() {
    "$meldkluis" gebruiker aanvraag --naam nora --uit "$MK_TMP/nora" --passphrase-fd 3 \
        3< <(phrase nora) >"$output" 2>"$errors" && [ "$(stat -c %a "$MK_TMP/nora")" = 600 ]
}
claim "a person makes his own keys and a request" request
no_overwrite() {
    "$meldkluis" gebruiker aanvraag --naam nora --uit "$MK_TMP/nora" --passphrase-fd 3 \
        3< <(phrase nora) >"$output" 2>"$errors"
    [ $? -eq 1 ] && grep -q 'bestaat al' "$errors"
}
claim "a request does not overwrite a file" no_overwrite
claim "who was not admitted cannot unlock" ends 3 '' nora lijst
claim "only a custodian admits" ends 3 'rol bewaarder' ilse gebruiker toelaat "$MK_TMP/nora" \
    --rol inspecteur
claim "roles that exclude each other are refused" ends 3 'gaan niet samen' bo gebruiker toelaat \
    "$MK_TMP/nora" --rol inspecteur --rol auditor
claim "a custodian admits by the request" ends 0 '' bo gebruiker toelaat "$MK_TMP/nora" \
    --rol inspecteur
fingerprint() {
    admitted=$(grep -o '[0-9a-f]\{4\}\( [0-9a-f]\{4\}\)\{7\}\|[0-9a-f]\{4\}\(-[0-9a-f]\{4\}\)\{7\}' "$output")
    "$meldkluis" gebruiker toon nora >"$output" && [ -n "$admitted" ] && grep -q "$admitted" "$output"
}
claim "the fingerprint is shown, and shown again" fingerprint
claim "certified is not yet a key" ends 3 '' nora lijst
no_key_to_give() {
    ends 3 'twee mensen nodig' bo rol geef nora inspecteur && ends 3 '' nora lijst
}
claim "a custodian has no key of an inspector to give" no_key_to_give
dry_grant() { ends 0 'niets opgeslagen' ilse rol geef nora inspecteur --proef; }
claim "the dry run of a grant says that nothing was saved" dry_grant
json_grant() { ends 0 '' ilse rol geef nora inspecteur --proef --json && json 'assert d["saved"] is False'; }
claim "a grant speaks JSON" json_grant
claim "an inspector gives the key of his role" ends 0 '' ilse rol geef nora inspecteur
claim "then the new colleague works" ends 0 '' nora lijst
in_list() {
    "$meldkluis" gebruiker lijst --json >"$output" &&
        json 'assert [u["holds"] for u in d["users"] if u["name"]=="nora"] == [["inspector"]]'
}
claim "the list of people shows it" in_list

# ---- passphrase --------------------------------------------------------------
same_again() {
    "$meldkluis" -g nora --passphrase-fd 3 wachtwoord 3< <(phrase nora && phrase nora) >"$output" 2>"$errors"
    [ $? -eq 2 ] && grep -q 'gelijk aan het oude' "$errors"
}
claim "a new passphrase is another than the old one" same_again
change() {
    "$meldkluis" -g nora --passphrase-fd 3 wachtwoord \
        3< <(phrase nora && echo 'een heel ander wachtwoord') >"$output" 2>"$errors"
}
claim "a passphrase is changed with the old one" change
claim "the old passphrase opens nothing any more" ends 3 '' nora lijst
new_works() {
    "$meldkluis" -g nora --passphrase-fd 3 lijst 3< <(echo 'een heel ander wachtwoord') \
        >"$output" 2>"$errors"
}
claim "the new passphrase opens" new_works
not_seen() { ! grep -rqs 'wachtwoord van' "$XDG_DATA_HOME" "$XDG_STATE_HOME" "$MK_TMP/nora"; }
claim "no file holds a passphrase" not_seen
claim "'bijlage' says that it is not possible yet" ends 1 'nog niet' bo bijlage
