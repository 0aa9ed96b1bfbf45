#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The access log written out, and checked by an implementation that is not ours.
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
new_vault
vault=$XDG_DATA_HOME/meldkluis/kluis
out=$MK_TMP/uit
claim "the log is written to a new folder" ends 0 '' aad log uitvoer "$out"
first=$MK_TMP/first
cp -a "$out" "$first"
modes() { [ -z "$(find "$out" ! -type d ! -perm 600 -o -type d ! -perm 700)" ]; }
claim "its files are closed to others" modes
listed() { as aad log lijst --soort log-export --json && json 'assert len(d["entries"]) == 1'; }
claim "the export is in the log" listed
size() { sed -n 2p "$1/checkpoint"; }
inside() { [ "$(size "$out")" -eq 4 ]; }
claim "and in the export itself" inside
