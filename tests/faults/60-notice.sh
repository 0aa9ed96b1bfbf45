#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Nothing is revealed that the log could not announce: full disk, read-only folder, a
# sync that fails, a process killed between its entry and what it shows.
# MK_LONG: killed at every call, else at some.
# store: files: calls of the file system that fail; a server and its network: tests/pg
set -u
# A disk of its own needs a mount namespace of its own, where that is allowed.
if [ -z "${NOTICE_DISK:-}" ]; then
    for how in -m -rm; do
        unshare $how true 2>/dev/null && NOTICE_DISK=mount exec unshare $how bash "$0"
    done
    export NOTICE_DISK=none
fi
# shellcheck source=tests/faults/kit.sh
. "$MK_SRC/tests/faults/kit.sh"
disk=$MK_TMP/disk
mkdir "$disk"
if [ "$NOTICE_DISK" = mount ] && ! mount -t tmpfs -o size=16m,mode=700 none "$disk" 2>/dev/null; then
    NOTICE_DISK=none
fi
kluis=$disk/kluis
sample=2
[ "${MK_LONG:-}" = 1 ] && sample=100000

new_vault
form "label: proef" >"$MK_TMP/form"
as inspecteur1 melding nieuw --form "$MK_TMP/form" >"$MK_TMP/first" 2>/dev/null || exit 1
tag=$(cat "$MK_TMP/first")
keep base

# --- everything that reveals: to standard output, or into $MK_TMP/shown -------------------

run_lijst() { as inspecteur1 lijst; }
run_klok() { as inspecteur1 klok; }
run_zoek() { as inspecteur1 zoek --form - <<<"text: proef"; }
run_verwant() { as inspecteur1 --json verwant "$tag"; }
run_toon() { as inspecteur1 toon "$tag" --uit "$MK_TMP/shown/dossier"; }
run_tijdlijn() { as inspecteur1 tijdlijn "$tag" --uit "$MK_TMP/shown/dossier"; }
run_factsheet() { as analist1 factsheet --years 2020 --internal; }
run_log_lijst() { as auditor1 log lijst; }
run_log_tel() { as auditor1 log lijst --tel wie --format csv; }
run_log_overzicht() { as auditor1 log overzicht; }
run_log_uitvoer() { as auditor1 log uitvoer "$MK_TMP/shown"; }
commands="lijst klok zoek verwant toon tijdlijn factsheet log_lijst log_tel log_overzicht log_uitvoer"
declare -A kind=([lijst]=list [klok]=clock [zoek]=search [verwant]=related [toon]=copy
    [tijdlijn]=copy [factsheet]=count-internal [log_lijst]=log-list [log_tel]=log-list
    [log_overzicht]=log-list [log_uitvoer]=log-export)

run() { # COMMAND: its output in $MK_TMP/out and err, and what it wrote in shown
    rm -rf "$MK_TMP/shown" && mkdir "$MK_TMP/shown"
    "run_$1" >"$MK_TMP/out" 2>"$MK_TMP/err"
}
reset() {
    rm -f "$disk/filling"
    put_back base
}
revealed() { [ -s "$MK_TMP/out" ] || [ -n "$(find "$MK_TMP/shown" -type f -size +0c)" ]; }
entries() { # KIND: how many the log has
    as auditor1 --json log lijst --soort "$1" 2>/dev/null | grep -o '"seq"' | wc -l
}

for c in $commands; do
    run "$c"
    revealed || not_ok "$c reveals when nothing fails" "$(cat "$MK_TMP/err")"
done

# each_hides SENTENCE PATTERN: every one of them fails with that line and shows nothing
each_hides() {
    local bad='' c rc
    for c in $commands; do
        run "$c"
        rc=$?
        [ "$rc" -eq 1 ] || bad+="$c: status $rc"$'\n'
        revealed && bad+="$c reveals: $(head -c 80 "$MK_TMP/out")"$'\n'
        if [ "$(wc -l <"$MK_TMP/err")" -ne 1 ] || ! grep -qE "$2" "$MK_TMP/err"; then
            bad+="$c: $(cat "$MK_TMP/err")"$'\n'
        fi
    done
    verdict "$1" "$bad"
}

# --- a disk that is full, a disk that is read-only -----------------------------------------

reset
if [ "$NOTICE_DISK" = mount ]; then
    cat /dev/zero >"$disk/filling" 2>/dev/null
    each_hides "on a full disk nothing is revealed, and the line says why" 'schijf is vol'
    reset
    claim "with room again all is there" sound "$MK_TMP/first"
    mount -o remount,ro "$disk"
    each_hides "on a disk that is read-only nothing is revealed, and the line says why" 'alleen-lezen'
    mount -o remount,rw "$disk"
    claim "made writable again all is there" sound "$MK_TMP/first"
else
    skip "on a full disk nothing is revealed" "no disk can be mounted here; a preload does it below"
    if [ "$(id -u)" -eq 0 ]; then
        skip "on a disk that is read-only nothing is revealed" "root writes everywhere, and nothing can be mounted"
    else
        chmod 500 "$kluis"
        each_hides "in a folder that is read-only nothing is revealed, and the line says why" 'alleen-lezen|geen toegang'
        chmod 700 "$kluis"
    fi
fi

# --- calls that fail, and a process that ends ------------------------------------------------

if sanitized; then
    skip "with syncs that fail nothing is revealed" "a sanitizer build cannot be preloaded"
    exit 0
fi
fault() { # CALLS AT ERRNO STICKY KILL COMMAND
    (
        export FAULT_CALLS=$1 FAULT_AT=$2 FAULT_ERRNO=$3 FAULT_LOG=$MK_TMP/fault
        [ -z "$4" ] || export FAULT_STICKY=1
        [ -z "$5" ] || export FAULT_KILL=1
        export LD_PRELOAD=$preload
        run "$6" 2>/dev/null
    ) 2>/dev/null
}
EIO=5 ENOSPC=28
for error in $EIO $ENOSPC; do
    bad=''
    for c in $commands; do
        reset
        fault fsync,fdatasync 1 "$error" 1 '' "$c"
        rc=$?
        grep -q hit "$MK_TMP/fault" || bad+="$c: no sync"$'\n'
        [ "$rc" -eq 1 ] || bad+="$c: status $rc: $(cat "$MK_TMP/err")"$'\n'
        revealed && bad+="$c reveals: $(head -c 80 "$MK_TMP/out")"$'\n'
    done
    verdict "when the first sync and all after it fail (errno $error) nothing is revealed" "$bad"
done
bad=''
for c in $commands; do
    reset
    fault write,pwrite,ftruncate 1 "$ENOSPC" 1 '' "$c"
    rc=$?
    [ "$rc" -eq 1 ] || bad+="$c: status $rc: $(cat "$MK_TMP/err")"$'\n'
    revealed && bad+="$c reveals: $(head -c 80 "$MK_TMP/out")"$'\n'
done
verdict "when nothing can be written nothing is revealed" "$bad"

# Killed at the first byte that it would have shown: the entry is there, nothing was seen.
bad=''
for c in $commands; do
    # these write files; and a factsheet is shown by a program of its own
    case $c in toon | tijdlijn | log_uitvoer | factsheet) continue ;; esac
    reset
    before=$(entries "${kind[$c]}")
    keep before
    fault show 1 0 '' 1 "$c"
    rc=$?
    after=$(entries "${kind[$c]}")
    # the auditor's own look is one of those that he counts
    case $c in log_*) after=$((after - 1)) ;; esac
    [ "$rc" -eq 132 ] || bad+="$c: status $rc"$'\n'
    revealed && bad+="$c reveals"$'\n'
    [ "$after" -gt "$before" ] || bad+="$c: killed with no entry ($before, $after)"$'\n'
done
verdict "killed just before it shows: the entry is in the log and nothing was seen" "$bad"

# Killed anywhere: seen only if announced.
spread() { # TOTAL SAMPLE: every n of TOTAL, or SAMPLE of them
    awk -v n="$1" -v k="$2" 'BEGIN {
        if (k >= n) { for (i = 1; i <= n; i++) print i; exit }
        for (i = 0; i < k; i++) print 1 + int(i * (n - 1) / (k - 1) + 0.5)
    }' | uniq
}
bad='' trials=0 silent=0 seen=0
for c in toon lijst log_uitvoer; do
    for call in pwrite fsync,fdatasync ftruncate write rename,unlink; do
        reset
        fault "$call" 0 0 '' '' "$c"
        total=$(sed -n 's/calls //p' "$MK_TMP/fault")
        for n in $(spread "${total:-0}" "$sample"); do
            reset
            fault "$call" "$n" 0 '' 1 "$c"
            rc=$?
            trials=$((trials + 1))
            [ "$rc" -eq 132 ] || bad+="$c, $call $n: status $rc"$'\n'
            shows=no
            revealed && shows=yes
            logged=$(entries "${kind[$c]}")
            if [ "$shows" = yes ] && [ "$logged" -eq 0 ]; then
                bad+="$c, killed at $call $n: seen, and not in the log"$'\n'
            fi
            if [ "$shows" = yes ]; then seen=$((seen + 1)); elif [ "$logged" -gt 0 ]; then silent=$((silent + 1)); fi
            output=$(sound "$MK_TMP/first") || bad+="$c, killed at $call $n: $output"$'\n'
        done
    done
done
verdict "killed at any call: what was seen is in the log ($trials kills, $seen seen, $silent announced and not seen)" "$bad"
claim "some were killed between the entry and what it announces" [ "$silent" -gt 0 ]
[ "$NOTICE_DISK" != mount ] || umount "$disk"
