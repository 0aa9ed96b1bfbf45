#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# An export that is cut off, or whose calls fail: the folder is still an export, the one
# before or the new one, for a reader that is not ours; and the next run mends it.
# MK_LONG: every call, more kills.
# store: files: calls of the file system that fail; a server and its network: tests/pg
set -u
# shellcheck source=tests/faults/kit.sh
. "$MK_SRC/tests/faults/kit.sh"
# shellcheck source=tests/go/kit.sh
. "$MK_SRC/tests/go/kit.sh"
RANDOM=${SEED:-20260714}
EIO=5 ENOSPC=28
sample=2 kills=8
[ "${MK_LONG:-}" = 1 ] && sample=100000 kills=100
new_vault
out=$MK_TMP/uit
work() { # COUNT: entries in one transaction
    {
        echo ref,received,channel,reporter,sector,care_type,category,accused,victim_minor,in_care,qualification,occurred
        for ((row = 0; row < $2; row++)); do
            echo "$1-$row,2020-01-15,TEL,OUD,KO,BSO,SM,MW,J,J,XIV,2020-01"
        done
    } >"$MK_TMP/rows.csv"
    as inspecteur1 invoer "$MK_TMP/rows.csv" >"$MK_TMP/out" || not_ok "entries are made"
}
export_log() { as auditor1 log uitvoer "$out"; }
work a 245
export_log >/dev/null || not_ok "an export is made"
cp -a "$out" "$MK_TMP/before"
work b 300
keep base

reset() { # NEW: whether the folder is empty at first
    put_back base
    rm -rf "$out"
    [ "$1" = new ] || cp -a "$MK_TMP/before" "$out"
}
accepted() { "$exportcheck" "$@" >/dev/null 2>"$MK_TMP/go" || { cat "$MK_TMP/go" && return 1; }; }
# What must hold after a run that ended with status RC.
holds() { # RC
    local size
    case $1 in
    0 | 1 | 7 | 137) ;;
    *) echo "status $1: $(tail -n 1 "$MK_TMP/err")" && return 1 ;;
    esac
    if [ -e "$out/checkpoint" ]; then
        accepted "$out" || return 1
        size=$(sed -n 2p "$out/checkpoint")
    elif [ "$1" -eq 0 ]; then
        echo "status 0 and no checkpoint" && return 1
    fi
    if [ "$1" -eq 0 ] && [ "$size" -le 500 ]; then
        echo "status 0 and still $size entries" && return 1
    fi
    status 0 export_log || return 1
    accepted "$out" "$MK_TMP/before" || return 1
    ! find "$out" -name .new | grep .
}

if sanitized; then
    skip "calls that fail leave an export" "a sanitizer build cannot be preloaded"
else
    for first in new old; do
        bad='' trials=0 hits=0
        for call in write fsync ftruncate rename unlink mkdir; do
            reset "$first"
            FAULT_CALLS=$call FAULT_AT=0 FAULT_ERRNO=0 FAULT_LOG=$MK_TMP/fault LD_PRELOAD=$preload \
                export_log >"$MK_TMP/out" 2>"$MK_TMP/err"
            total=$(sed -n 's/calls //p' "$MK_TMP/fault")
            while read -r n; do
                reset "$first"
                FAULT_CALLS=$call FAULT_AT=$n FAULT_ERRNO=$((n % 2 ? EIO : ENOSPC)) FAULT_LOG=$MK_TMP/fault \
                    LD_PRELOAD=$preload export_log >"$MK_TMP/out" 2>"$MK_TMP/err"
                rc=$?
                grep -q hit "$MK_TMP/fault" && hits=$((hits + 1))
                output=$(holds "$rc") || bad+="$call $n of $total (status $rc): $output"$'\n'
                trials=$((trials + 1))
            done < <(awk -v n="$total" -v k="$sample" 'BEGIN {
                step = n > k ? n / k : 1; for (i = n; i >= 1; i -= step) print int(i) }')
        done
        [ "$hits" -gt 5 ] || bad+="only $hits calls failed"$'\n'
        verdict "calls that fail leave an export that Go accepts, and the next run mends it (folder: $first, $trials trials, $hits hit)" "$bad"
    done
fi

now() { echo "${EPOCHREALTIME/[.,]/}"; }
reset old
began=$(now)
export_log >/dev/null 2>&1
took=$(($(now) - began))
bad='' alive=0
for ((n = 1; n <= kills; n++)); do
    if ((n % 2)); then reset new; else reset old; fi
    delay=$(((RANDOM * 32768 + RANDOM) % took))
    (exec "$mk" -k "$kluis" -g auditor1 --passphrase-fd 8 log uitvoer "$out" 8< <(word auditor1)) \
        >"$MK_TMP/out" 2>"$MK_TMP/err" &
    pid=$!
    sleep "$(printf '%d.%06d' $((delay / 1000000)) $((delay % 1000000)))"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    rc=$?
    [ "$rc" -eq 137 ] && alive=$((alive + 1))
    output=$(holds "$rc") || bad+="killed after $delay us of $took: $output"$'\n'
done
[ "$alive" -gt 2 ] || bad+="only $alive were cut off"$'\n'
verdict "kill -9 leaves an export that Go accepts, and the next run mends it ($kills times, $alive cut off)" "$bad"
