#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A session with nobody there: it locks by itself, and after its limit it ends.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
# shellcheck source=tests/cli/terminal.sh
. "$MK_SRC/tests/cli/terminal.sh"
report label=tuinhuis

faster() { say "export MELDKLUIS_TEST_PACE=$1; echo gezet" '^gezet'; }
idle() {
    faster 30 && open_session sessie --vergrendel 2 && say "toon $tag" 'q: stoppen' && waits_for 'vergrendeld: er kwam geen toets' &&
        wiped
}
claim "some minutes without a key lock it, also where a dossier is read; the passphrase goes on" idle
answering() {
    unlock && again && keys -l 'melding nieuw' && keys Enter && line 'ontvangen op .*\*:$' 2026-05-01 &&
        waits_for 'kanaal' && waits_for 'vergrendeld' && unlock && again && say 'lijst --concept' 2026-05-01 && say stop 'status 0'
}
claim "so at a question, whose answers are kept as a draft" answering
limit() { faster 9999 && start "-g ilse sessie --vergrendel 60" && unlock && waits_for 'na 8 uur' && waits_for 'status 0'; }
claim "after eight hours it ends, whatever it waits for" limit
bounds() { start "-g ilse sessie --vergrendel 61" && waits_for 'van 1 tot en met 60' && waits_for 'status 2'; }
claim "a session that never locks is refused" bounds
