#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Pruning while calls fail: each write, sync, truncation and rename of the command in turns
# (MK_LONG: every one; else some of each kind). Afterwards all that was due is gone with a
# record of it, or nothing is; the status says which.
# store: files: calls of the file system that fail; a server and its network: tests/pg
set -u
# shellcheck source=tests/faults/kit.sh
. "$MK_SRC/tests/faults/kit.sh"
if sanitized; then
    skip "pruning is whole or not there" "a sanitizer build cannot be preloaded"
    exit 0
fi
sample=4
[ "${MK_LONG:-}" = 1 ] && sample=100000
EIO=5 ENOSPC=28

# ---- a log of which 256 entries are due --------------------------------------------
export MELDKLUIS_TEST_TIME=2020-01-10
new_vault
as bewaarder1 log termijn 60 >/dev/null 2>&1 || exit 1
rows() { # COUNT PREFIX
    echo ref,received,channel,reporter,sector,care_type,category,accused,victim_minor,in_care,qualification,occurred
    for ((row = 0; row < $1; row++)); do
        echo "$2-$row,2019-10-15,TEL,OUD,KO,BSO,SM,MW,J,J,XIV,2019-09"
    done
}
brought() { rows "$1" "$2" >"$MK_TMP/$2.csv" && as inspecteur1 invoer "$MK_TMP/$2.csv" >/dev/null; }
verified() { as auditor1 --json log controleer 2>/dev/null | grep -oE "\"$1\": ?[0-9]+" | grep -oE '[0-9]+$'; }
before=$(verified log_size)
brought 5 a || exit 1
around=$(($(verified log_size) - before - 2 - 5))
at=$(verified log_size)
brought $((256 - at - around)) b || exit 1
export MELDKLUIS_TEST_TIME=2025-06-02
as auditor1 log lijst >/dev/null || exit 1
as inspecteur1 lijst >/dev/null || exit 1
keep base

# ---- trials ------------------------------------------------------------------------
prune() { # CALLS AT ERRNO
    FAULT_CALLS=$1 FAULT_AT=$2 FAULT_ERRNO=$3 FAULT_LOG=$MK_TMP/fault LD_PRELOAD=$preload \
        as bewaarder1 log opschonen >"$MK_TMP/out" 2>"$MK_TMP/err"
}
trial() { # CALL AT ERRNO
    local rc seen where="$1 $2 errno $3"
    put_back base
    prune "$@"
    rc=$?
    grep -q hit "$MK_TMP/fault" && hits=$((hits + 1))
    if [ "$rc" -ne 0 ] && [ -s "$MK_TMP/out" ]; then bad+="$where: status $rc, yet it says something"$'\n'; fi
    as auditor1 log controleer >/dev/null 2>"$MK_TMP/err2" || bad+="$where: $(cat "$MK_TMP/err2")"$'\n'
    seen=$(verified pruned)
    case $rc:$seen in
    0:256 | 1:0 | 7:0 | 7:256) ;;
    *) bad+="$where: status $rc and $seen pruned: $(tail -n 1 "$MK_TMP/err")"$'\n' ;;
    esac
}
bad='' hits=0 trials=0
for call in write pwrite fsync fdatasync ftruncate rename; do
    put_back base
    prune "$call" 0 0
    total=$(sed -n 's/calls //p' "$MK_TMP/fault")
    [ "$total" -gt 0 ] || continue
    step=$(((total + sample - 1) / sample))
    for ((n = 1; n <= total; n += step)); do
        trial "$call" "$n" $((n % 2 == 0 ? EIO : ENOSPC))
        trials=$((trials + 1))
    done
done
[ "$hits" -gt 0 ] || bad+="no call failed"$'\n'
verdict "pruning: calls that fail leave all or nothing, and the status says which ($trials trials, $hits hit)" "$bad"
put_back base
claim "unharmed it takes what is due" status 0 as bewaarder1 log opschonen
claim "and the vault is sound" sound
