#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# On a terminal every command ends with the emergencies that somebody has to know of.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
# shellcheck source=tests/cli/terminal.sh
. "$MK_SRC/tests/cli/terminal.sh"

report label=waterverf
ends 0 '' ilse beperk "$tag" --aan ilse
ends 0 '' ivo nood vraag "$tag" --waarom GEV
nr=$(cat "$output")
opened_by() { line "\(Wachtwoord van\|Passphrase of\) $1:\$" "$(phrase "$1")"; }
ended() { # WHO COMMAND PATTERN: it ends well, and with that
    start "-g $1 $2"
    opened_by "$1" && waits_for 'status 0' && screen | grep -q "$3"
}
silent() { ! screen | grep -q noodtoegang; }
claim "who is named is told that somebody asks" ended ilse 'nood lijst' "let op: ivo vraagt noodtoegang tot $tag"
claim "the auditor too" ended aad 'nood lijst' "let op: ivo vraagt noodtoegang tot $tag"
asker() { ended ivo 'nood lijst' ivo && silent; }
claim "who asked knows it" asker
ends 0 '' bo nood geef "$nr"
ends 0 '' bea nood geef "$nr"
claim "who is named is told what to do" ended ilse 'nood lijst' "is gegeven aan ivo: nood sluit $tag"
claim "in English too" ended ilse 'emergency list --lang en' "was given to ivo: emergency close $tag"
once() { ended ilse lijst 'nood sluit' && [ "$(screen | grep -c 'nood sluit')" = 1 ]; }
claim "a list says it once" once
ends 0 '' ilse nood sluit "$tag"
closed() { ended ilse 'nood lijst' ilse && silent; }
claim "then it is over" closed
