#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What is asked on a terminal before somebody is removed, or gets a key.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
# shellcheck source=tests/cli/terminal.sh
. "$MK_SRC/tests/cli/terminal.sh"

opened_by() { line "Wachtwoord van $1:\$" "$(phrase "$1")"; }
holds() { # NAME ROLES...: as JSON
    "$meldkluis" gebruiker lijst --json >"$output" &&
        json "assert [u['holds'] for u in d['users'] if u['name']=='$1'] == [$2]"
}

# ---- rol geef ------------------------------------------------------------------------
admitted() {
    "$meldkluis" gebruiker aanvraag --naam nora --uit "$MK_TMP/nora" --passphrase-fd 3 \
        3< <(phrase nora) >"$MK_TMP/asked" 2>"$errors" &&
        ends 0 '' bo gebruiker toelaat "$MK_TMP/nora" --rol inspecteur
}
claim "nora is admitted" admitted
first_words() { grep -A1 'in woorden' "$MK_TMP/asked" | tail -1 | sed 's/^ *//'; }
not_compared() {
    start "-g ilse rol geef nora inspecteur"
    opened_by ilse && waits_for "$(first_words)" && line 'precies deze woorden voor.*\[j/n\]' n &&
        waits_for 'status 1' && holds nora '[]'
}
claim "who did not compare the words gives no key" not_compared
compared() {
    start "-g ilse rol geef nora inspecteur"
    opened_by ilse && line 'precies deze woorden voor.*\[j/n\]' j && waits_for 'status 0' && holds nora '["inspector"]'
}
claim "who did gives it" compared

# ---- gebruiker verwijder ---------------------------------------------------------------
not_yet() {
    start "-g bo gebruiker verwijder nora"
    opened_by bo && waits_for 'komt met deze naam' && waits_for 'dossiers (rd), door: inspecteur' &&
        line 'Doorgaan.*\[j/n\]' n && waits_for 'status 1' && holds nora '["inspector"]'
}
claim "a removal says what it means and what follows, and can be left" not_yet
no_reminder() {
    start "-g ilse lijst"
    opened_by ilse && waits_for 'status 0' && ! screen | grep -q 'hersleutel'
}
claim "as long as nobody left nobody is reminded" no_reminder
gone() {
    start "-g bo gebruiker verwijder nora"
    opened_by bo && line 'Doorgaan.*\[j/n\]' j && waits_for 'status 0' && holds nora '[]'
}
claim "after a yes it holds" gone
reminded() { # NAME COMMAND KEYS
    start "-g $1 $2"
    opened_by "$1" && waits_for 'status 0' && screen | tr -d '\n' | grep -q "nog sleutels van u: $3; vervang ze"
}
claim "a holder is reminded of the keys that he can replace" reminded ilse lijst 'bestand (dbk), dossiers (rd), statistiek (rs)'
claim "somebody else of his own" reminded aad 'log lijst' 'bestand (dbk)'
