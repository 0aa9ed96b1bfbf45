#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Retention keys put back while calls fail: each write, sync, truncation, rename and removal in
# turns (MK_LONG: every one; else some of each kind), with the keys in two folders of their
# own. Afterwards each of them has no file, or a whole one; the dossiers open once the command
# is repeated; and status 0 means that they open already.
# store: files: calls of the file system that fail; a server and its network: tests/pg
set -u
# shellcheck source=tests/faults/kit.sh
. "$MK_SRC/tests/faults/kit.sh"
if sanitized; then
    skip "retention keys are put back whole or not" "a sanitizer build cannot be preloaded"
    exit 0
fi
sample=2
[ "${MK_LONG:-}" = 1 ] && sample=100000
EIO=5 ENOSPC=28

new_vault
tag=$(as inspecteur1 melding nieuw --form - < <(form 'label: proef')) || exit 1
mkdir -m 700 "$MK_TMP/een" "$MK_TMP/twee"
as bewaarder1 vernietig sleutelplaats "$MK_TMP/een" "$MK_TMP/twee" 2>/dev/null || exit 1
key=$(cd "$MK_TMP/een" && echo *.retention)
cp "$MK_TMP/een/$key" "$MK_TMP/tweede"
rm "$MK_TMP/een/$key" "$MK_TMP/twee/$key"
keep base

run() { as inspecteur1 herstel retentie "$MK_TMP/tweede"; }
opens() { rm -f "$MK_TMP/shown" && as inspecteur1 toon "$tag" --uit "$MK_TMP/shown" 2>"$MK_TMP/err2" && grep -q proef "$MK_TMP/shown"; }
reset() {
    put_back base
    rm -f "$MK_TMP"/een/* "$MK_TMP"/twee/*
}
what_is() { # STATUS WHERE
    local folder size=0
    for folder in een twee; do
        [ -e "$MK_TMP/$folder/$key" ] || continue
        size=$(stat -c %s "$MK_TMP/$folder/$key")
        [ "$size" -eq "$(stat -c %s "$MK_TMP/tweede")" ] || bad+="$2: $size bytes in $folder"$'\n'
    done
    case $1 in
    0) opens || bad+="$2: done, and it does not open: $(cat "$MK_TMP/err2")"$'\n' ;;
    1 | 7) ;;
    *) bad+="$2: status $1: $(tail -n 1 "$MK_TMP/err")"$'\n' ;;
    esac
    run >/dev/null 2>"$MK_TMP/err2" && opens || bad+="$2: then it fails: $(cat "$MK_TMP/err2")"$'\n'
    cmp -s "$MK_TMP/een/$key" "$MK_TMP/twee/$key" || bad+="$2: the copies differ"$'\n'
    as auditor1 log controleer >/dev/null 2>"$MK_TMP/err2" || bad+="$2: $(cat "$MK_TMP/err2")"$'\n'
}
bad='' hits=0 trials=0
for call in write pwrite fsync fdatasync ftruncate rename unlink; do
    reset
    FAULT_CALLS=$call FAULT_AT=0 FAULT_ERRNO=0 FAULT_LOG=$MK_TMP/fault LD_PRELOAD=$preload run >/dev/null 2>&1
    total=$(sed -n 's/calls //p' "$MK_TMP/fault")
    [ "$total" -gt 0 ] || continue
    step=$(((total + sample - 1) / sample))
    for ((n = 1; n <= total; n += step)); do
        reset
        FAULT_CALLS=$call FAULT_AT=$n FAULT_ERRNO=$((n % 2 == 0 ? EIO : ENOSPC)) FAULT_LOG=$MK_TMP/fault \
            LD_PRELOAD=$preload run >"$MK_TMP/out" 2>"$MK_TMP/err"
        rc=$?
        grep -q hit "$MK_TMP/fault" && hits=$((hits + 1))
        what_is "$rc" "$call $n"
        trials=$((trials + 1))
    done
done
[ "$hits" -gt 0 ] || bad+="no call failed"$'\n'
verdict "retention keys: calls that fail leave a whole file or none, and the next run mends it ($trials trials, $hits hit)" "$bad"
reset
claim "unharmed they are put back" status 0 run
claim "and the vault is sound" sound
