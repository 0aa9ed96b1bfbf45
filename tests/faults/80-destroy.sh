#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Destruction while calls fail, and while it is killed: each write, sync, truncation, rename
# and removal of the run in turns (MK_LONG: every one; else some of each kind). Afterwards
# the dossier is gone with its record or can be read; the vault verifies; and once an
# inspector has unlocked it no old key is left of what was destroyed.
# store: files: calls of the file system that fail; a server and its network: tests/pg
set -u
# shellcheck source=tests/faults/kit.sh
. "$MK_SRC/tests/faults/kit.sh"
if sanitized; then
    skip "destruction is whole or not there" "a sanitizer build cannot be preloaded"
    exit 0
fi
sample=2 kills=6
[ "${MK_LONG:-}" = 1 ] && sample=100000 kills=60
EIO=5 ENOSPC=28
one_key=141 # bytes of a file with one key

# ---- a dossier that was approved, and another of its year -------------------------
export MELDKLUIS_TEST_TIME=2019-03-01
new_vault
intake() { as inspecteur1 melding nieuw --form - < <(printf '%s\n' 'received: 2019-02-01' 'channel: TEL' 'reporter: OUD' "label: $1"); }
tag=$(intake weg) && other=$(intake blijft) || exit 1
as inspecteur1 intrek "$tag" --form - < <(echo 'reason: VRZ') >/dev/null || exit 1
export MELDKLUIS_TEST_TIME=2025-06-02
as bewaarder1 vernietig regel --item 'post 1' --maanden 24 --kopieen-dagen 30 2>/dev/null || exit 1
number=$(as inspecteur1 vernietig voorstel "$tag" 2>/dev/null | cut -d' ' -f1)
as bewaarder1 vernietig akkoord "$number" 2>/dev/null || exit 1
keep base

# ---- trials ------------------------------------------------------------------------
verified() { as auditor1 --json log controleer 2>/dev/null | grep -oE '"destroyed": ?[0-9]+' | grep -oE '[0-9]+$'; }
readable() { rm -f "$MK_TMP/shown" && as inspecteur1 toon "$1" --uit "$MK_TMP/shown" 2>>"$MK_TMP/err2" && grep -q "$2" "$MK_TMP/shown"; }
run() { as inspecteur1 vernietig uitvoer; }
# what_is STATUS WHERE: the state is one of the two, and STATUS fits
what_is() {
    local seen where=$2
    : >"$MK_TMP/err2"
    as auditor1 log controleer >/dev/null 2>"$MK_TMP/err2" || bad+="$where: $(cat "$MK_TMP/err2")"$'\n'
    seen=$(verified)
    case $1:$seen in
    0:1 | 1:0 | 7:0 | 7:1 | 137:0 | 137:1) ;;
    *) bad+="$where: status $1 and $seen destroyed: $(tail -n 1 "$MK_TMP/err")"$'\n' ;;
    esac
    readable "$other" blijft || bad+="$where: the other is lost: $(cat "$MK_TMP/err2")"$'\n'
    if [ "$seen" = 1 ]; then
        readable "$tag" VERNIETIGING || bad+="$where: no certificate"$'\n'
        [ "$(stat -c %s "$kluis/retention")" -eq "$one_key" ] || bad+="$where: an old key is left"$'\n'
    else
        readable "$tag" weg || bad+="$where: it is lost: $(cat "$MK_TMP/err2")"$'\n'
        run >/dev/null 2>"$MK_TMP/err2" && [ "$(verified)" = 1 ] || bad+="$where: then it fails: $(cat "$MK_TMP/err2")"$'\n'
    fi
}
trial() { # CALL AT ERRNO
    local rc where="$1 $2 errno $3"
    put_back base
    FAULT_CALLS=$1 FAULT_AT=$2 FAULT_ERRNO=$3 FAULT_LOG=$MK_TMP/fault LD_PRELOAD=$preload \
        run >"$MK_TMP/out" 2>"$MK_TMP/err"
    rc=$?
    grep -q hit "$MK_TMP/fault" && hits=$((hits + 1))
    what_is "$rc" "$where"
}
bad='' hits=0 trials=0
for call in write pwrite fsync fdatasync ftruncate rename unlink; do
    put_back base
    FAULT_CALLS=$call FAULT_AT=0 FAULT_ERRNO=0 FAULT_LOG=$MK_TMP/fault LD_PRELOAD=$preload run >/dev/null 2>&1
    total=$(sed -n 's/calls //p' "$MK_TMP/fault")
    [ "$total" -gt 0 ] || continue
    step=$(((total + sample - 1) / sample))
    for ((n = 1; n <= total; n += step)); do
        trial "$call" "$n" $((n % 2 == 0 ? EIO : ENOSPC))
        trials=$((trials + 1))
    done
done
[ "$hits" -gt 0 ] || bad+="no call failed"$'\n'
verdict "destruction: calls that fail leave all or nothing, and the status says which ($trials trials, $hits hit)" "$bad"

# ---- kill -9 -----------------------------------------------------------------------
bad='' cut=0
put_back base
began=${EPOCHREALTIME/[.,]/}
run >/dev/null 2>&1
span=$((${EPOCHREALTIME/[.,]/} - began))
for ((n = 1; n <= kills; n++)); do
    put_back base
    (run >/dev/null 2>"$MK_TMP/err") &
    pid=$!
    sleep "$(printf '%d.%06d' $((span * n / (kills + 1) / 1000000)) $((span * n / (kills + 1) % 1000000)))"
    kill -9 "$(pgrep -P "$pid" -x meldkluis)" "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    rc=$?
    [ "$rc" -eq 137 ] && cut=$((cut + 1))
    what_is "$rc" "kill $n"
done
verdict "destruction: killed at $kills moments it is whole or not there ($cut cut off)" "$bad"
put_back base
claim "unharmed it destroys" status 0 as inspecteur1 vernietig uitvoer
claim "and the vault is sound" sound
