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

# ---- all of somebody: the number is said, and asked about -----------------------
number() {
    start "-g ilse overdracht --van-wie ilse --aan ivo"
    opened_by ilse && waits_for 'ilse behandelt, niet ten einde: 1' && waits_for 'Behandelt ze voortaan: ivo' &&
        line 'Doorgaan.*\[j/n\]' "$1"
}
mine() { ends 0 '' ilse lijst --json && json "assert len(d['dossiers'])==$1, d"; }
kept() { number n && waits_for 'status 1' && mine 1; }
claim "who says no hands nothing over" kept
given() { ends 0 '' ilse beperk "$tag" --op && number j && waits_for 'overgedragen: 1; blijft: 0' && waits_for 'status 0' && mine 0; }
claim "who says yes does" given
# deputy of one: a question of its own
stands_in() {
    ends 0 '' ivo waarnemer "$tag" --erbij ilse && report && start "-g ilse overdracht --van-wie ilse --aan ivo" &&
        opened_by ilse && line 'Behandelt ze voortaan: ivo' j && waits_for 'ilse neemt waar, niet ten einde: 1' &&
        line 'Neemt dat voortaan waar: ivo' "$1" && waits_for 'status 0'
}
left() { stands_in n && screen | tr -d '\n' | grep -q 'blijft zo tot waarnemer --eraf ilse --erbij ivo' && mine 1; }
claim "where she stands in is asked apart, and may stay" left
