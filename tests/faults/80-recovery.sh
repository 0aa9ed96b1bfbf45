#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Recovery while calls fail, and while it is killed: a new set with old cards, a drill, and
# somebody let in by cards. Afterwards the old state or the new one; where the new one holds,
# its cards are on the disk and open everything. MK_LONG: every call; else some of each kind.
# store: files: calls of the file system that fail; a server and its network: tests/pg
set -u
# shellcheck source=tests/faults/kit.sh
. "$MK_SRC/tests/faults/kit.sh"
if sanitized; then
    skip "recovery is whole or not there" "a sanitizer build cannot be preloaded"
    exit 0
fi
sample=1
[ "${MK_LONG:-}" = 1 ] && sample=100000
EIO=5 ENOSPC=28

# ---- a vault with cards --------------------------------------------------------------
printf '%s geheim woord\n' bewaarder1 bewaarder2 inspecteur1 analist1 auditor1 | "$mk" -k "$kluis" \
    --passphrase-fd 0 init --origin proefkluis --custodian bewaarder1 --custodian bewaarder2 --inspector inspecteur1 \
    --analyst analist1 --auditor auditor1 --log-termijn 60 --kaarten "$MK_TMP/eerste" --deel 2/3 2>"$MK_TMP/init.log" || {
    not_ok "a vault with cards is made" "$(cat "$MK_TMP/init.log")"
    exit 1
}
as inspecteur1 melding nieuw --form - < <(form "label: proef") >/dev/null || exit 1
word kim | "$mk" -k "$kluis" --passphrase-fd 0 gebruiker aanvraag --naam kim --uit "$MK_TMP/aanvraag" 2>/dev/null || exit 1
keep base

# the two cards of a set; a folder may hold several
two() { echo --kaart "$2/herstelkaart-$1-1.txt" --kaart "$2/herstelkaart-$1-3.txt"; }
# shellcheck disable=SC2046 # words
run_deel() { as bewaarder1 herstel deel --deel 2/3 --kaarten "$MK_TMP/tweede" $(two 1 "$MK_TMP/eerste"); }
# shellcheck disable=SC2046
run_oefen() { as bewaarder1 herstel oefen $(two 1 "$MK_TMP/eerste"); }
# shellcheck disable=SC2046
run_persoon() {
    "$mk" -k "$kluis" --passphrase-fd 8 herstel persoon "$MK_TMP/aanvraag" --rol inspecteur --deel 2/3 \
        --kaarten "$MK_TMP/tweede" $(two 1 "$MK_TMP/eerste") 8<<<"$(word kim)"
}
field() { as bewaarder1 --json herstel toon 2>/dev/null | tr -d '\n' | grep -oE "\"$1\": ?[0-9]+" | head -n 1 | grep -oE '[0-9]+$'; }
# the state in one word; every word is whole: opens, and has cards that open everything
look() {
    local set drill
    set=$(field set) drill=$(field drill_ms)
    # shellcheck disable=SC2046
    if [ "$set" = 1 ]; then
        as bewaarder1 herstel oefen $(two 1 "$MK_TMP/eerste") >/dev/null 2>"$MK_TMP/err2" || {
            echo "broken: $(cat "$MK_TMP/err2")"
            return
        }
    else
        as bewaarder1 herstel oefen $(two 2 "$MK_TMP/tweede") >/dev/null 2>"$MK_TMP/err2" || {
            echo "broken: $(cat "$MK_TMP/err2")"
            return
        }
    fi
    if "$mk" -k "$kluis" -g kim --passphrase-fd 8 lijst >/dev/null 2>&1 8<<<"$(word kim)"; then echo "in"; fi
    if [ "$set" = 2 ]; then echo "set"; elif [ "$drill" != 0 ]; then echo "drilled"; fi
}
word_of() { look | tr '\n' ' '; }
reset() {
    put_back base
    rm -rf "$MK_TMP/tweede"
}
declare -A after=([deel]='set ' [oefen]='drilled ' [persoon]='in set ')

judge() { # WHERE COMMAND STATUS
    local seen
    as auditor1 log controleer >/dev/null 2>"$MK_TMP/err2" || bad+="$1: $(cat "$MK_TMP/err2")"$'\n'
    seen=$(word_of)
    case $3:$seen in
    "0:${after[$2]}" | "1:" | "7:" | "7:${after[$2]}" | "132:" | "132:${after[$2]}") ;;
    *) bad+="$1: status $3 and '$seen': $(tail -n 1 "$MK_TMP/err")"$'\n' ;;
    esac
}
trial() { # CALL AT ERRNO COMMAND
    local rc
    reset
    FAULT_CALLS=$1 FAULT_AT=$2 FAULT_ERRNO=$3 FAULT_LOG=$MK_TMP/fault LD_PRELOAD=$preload \
        "run_$4" >"$MK_TMP/out" 2>"$MK_TMP/err"
    rc=$?
    grep -q hit "$MK_TMP/fault" && hits=$((hits + 1))
    [ "$rc" -ne 1 ] || [ -z "$(ls "$MK_TMP/tweede" 2>/dev/null)" ] || bad+="$1 $2 $4: cards of a set that is not there"$'\n'
    judge "$4 $1 $2 errno $3" "$4" "$rc"
}
for command in deel oefen persoon; do
    bad='' hits=0 trials=0
    for call in write pwrite fsync fdatasync ftruncate rename; do
        reset
        FAULT_CALLS=$call FAULT_AT=0 FAULT_ERRNO=0 FAULT_LOG=$MK_TMP/fault LD_PRELOAD=$preload \
            "run_$command" >/dev/null 2>&1
        total=$(sed -n 's/calls //p' "$MK_TMP/fault")
        [ "${total:-0}" -gt 0 ] || continue
        step=$(((total + sample - 1) / sample))
        for ((n = 1; n <= total; n += step)); do
            trial "$call" "$n" $((n % 2 == 0 ? EIO : ENOSPC)) "$command"
            trials=$((trials + 1))
        done
    done
    [ "$hits" -gt 0 ] || bad+="no call failed"$'\n'
    verdict "herstel $command: calls that fail leave the old or the new state ($trials trials, $hits hit)" "$bad"
done

# ---- kill -9 -------------------------------------------------------------------------
bad='' cut=0
for command in deel persoon; do
    for call in write pwrite fsync rename; do
        reset
        FAULT_CALLS=$call FAULT_AT=0 FAULT_ERRNO=0 FAULT_LOG=$MK_TMP/fault LD_PRELOAD=$preload \
            "run_$command" >/dev/null 2>&1
        total=$(sed -n 's/calls //p' "$MK_TMP/fault")
        [ "${total:-0}" -gt 0 ] || continue
        step=$(((total + sample - 1) / sample))
        for ((n = 1; n <= total; n += step)); do
            reset
            FAULT_CALLS=$call FAULT_AT=$n FAULT_KILL=1 FAULT_LOG=$MK_TMP/fault LD_PRELOAD=$preload \
                "run_$command" >"$MK_TMP/out" 2>"$MK_TMP/err"
            rc=$?
            [ "$rc" -eq 132 ] && cut=$((cut + 1))
            judge "$command killed at $call $n" "$command" "$rc"
        done
    done
done
[ "$cut" -gt 0 ] || bad+="nothing was killed"$'\n'
verdict "herstel: kill -9 leaves the old or the new state ($cut kills)" "$bad"
