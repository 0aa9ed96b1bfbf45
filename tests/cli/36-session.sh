#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A session: one passphrase, many commands; it locks by itself and forgets.
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
# shellcheck source=tests/cli/terminal.sh
. "$MK_SRC/tests/cli/terminal.sh"
# what another window writes meanwhile
note() { as ivo notitie "$tag" --doel WRN --form - < <(form narrative="$1"); }
report label=tuinhuis
program() { pgrep -P "$(mux display-message -p '#{pane_pid}')"; }
open_session() { # ARGUMENTS: a session of ilse, at its prompt
    start "-g ilse $*"
    unlock && waits_for 'Proef ilse> *$'
}
# say LINE PATTERN: a line, and what it brings on an otherwise clear screen
say() {
    keys -l "$1"
    keys Enter
    waits_for "$2"
}
again() { waits_for 'Proef ilse> *$'; }
entries() { as aad log lijst --json && json "print(len([x for x in d['entries'] if x['kind']=='$1']))"; }

# ---- commands, one a line ------------------------------------------------------------
opens() { open_session && screen | grep -q 'slot vergrendelt'; }
claim "without a command the passphrase is asked once, and then a prompt stands there" opens
lists() { say lijst "$tag" && again && screen | grep -q tuinhuis; }
claim "a command is given with the words of the command line" lists
mistakes() { say 'lijstje' 'onbekende opdracht' && again && say "lijst 'x" 'geen einde' && again; }
claim "a mistake ends a command and not the session" mistakes
