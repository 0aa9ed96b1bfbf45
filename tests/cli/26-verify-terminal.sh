#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# meldkluis-verify asks for the passphrase of a key file on the terminal.
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
# shellcheck source=tests/cli/terminal.sh
. "$MK_SRC/tests/cli/terminal.sh"
as aad log uitvoer "$MK_TMP/uit" || not_ok "an export is made" "$(cat "$errors")"
"$meldkluis" -g aad --passphrase-fd 3 log sleutel "$MK_TMP/key" 3< <(phrase aad && echo 'tussen wit en grijs' && echo 'tussen wit en grijs') \
    >/dev/null 2>&1
meldkluis=$MK_BUILD/meldkluis-verify
question='Wachtwoord van het sleutelbestand:'
asked() {
    start "--key $MK_TMP/key $MK_TMP/uit"
    waits_for "$question" && keys -l 'tussen wit en grijs' && keys Enter && waits_for '^status 0' &&
        screen | grep -q '^toegestaan: ja; '
}
claim "it asks, and reads the log with the key" asked
hidden() { ! whole | grep -q 'tussen wit'; }
claim "what is typed does not show" hidden
given_up() {
    start "--key $MK_TMP/key $MK_TMP/uit"
    waits_for "$question" && keys -l 'half' && keys C-c && waits_for '^status 1'
}
claim "Ctrl-C gives up" given_up
echo_is_back() { keys -l 'echo zicht''baar' && waits_for 'echo zichtbaar' && keys Enter; }
claim "and the terminal shows what is typed again" echo_is_back
