#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A removal and changes of a passphrase while calls fail or the process is killed: before
# each write, sync, truncation, rename and unlink in turns (MK_LONG: every one; else some
# of each kind). Afterwards the vault opens in the old or the new state, the status does
# not say the opposite, and the log verifies.
# store: files: calls of the file system that fail; a server and its network: tests/pg
set -u
# shellcheck source=tests/faults/kit.sh
. "$MK_SRC/tests/faults/kit.sh"
if sanitized; then
    skip "a removal is whole or not there" "a sanitizer build cannot be preloaded"
    exit 0
fi
sample=1
[ "${MK_LONG:-}" = 1 ] && sample=100000
EIO=5 ENOSPC=28
new_vault
as inspecteur1 melding nieuw --form - < <(form "") >/dev/null 2>"$MK_TMP/err" || exit 1
keep base

# ---- what is done, and what one sees of it: old, new, or what is wrong ----------------
fresh='een heel nieuw geheim woord'
remove() { as bewaarder1 gebruiker verwijder inspecteur2; }
remove_seen() {
    as inspecteur2 lijst >/dev/null 2>"$MK_TMP/seen"
    case $?:$(cat "$MK_TMP/seen") in
    0:*) echo old ;;
    3:*verwijderd*) echo new ;;
    *) tail -n 1 "$MK_TMP/seen" ;;
    esac
}
change() { # OPTION...: of inspecteur2
    "$mk" -k "$kluis" -g inspecteur2 --passphrase-fd 8 wachtwoord "$@" \
        8<<<"$(word inspecteur2)"$'\n'"$fresh"
}
opens() { "$mk" -k "$kluis" -g inspecteur2 --passphrase-fd 8 lijst 8<<<"$1" >/dev/null 2>"$MK_TMP/seen"; }
first() { change; }
first_seen() {
    local old=no new=no
    opens "$(word inspecteur2)" && old=yes
    opens "$fresh" && new=yes
    case $old:$new in
    yes:no) echo old ;;
    no:yes) echo new ;;
    *) echo "opens with the old one: $old, with the new one: $new" ;;
    esac
}
second() { change --tweede; }
second_seen() {
    opens "$(word inspecteur2)" || echo "the first does not open"
    if opens "$fresh"; then echo new; else echo old; fi
}

# ---- trials ------------------------------------------------------------------------
trial() { # WHAT CALL AT ERRNO KILL
    local what=$1 rc seen where="$1: $2 $3 errno $4 kill $5"
    put_back base
    FAULT_CALLS=$2 FAULT_AT=$3 FAULT_ERRNO=$4 FAULT_KILL=$5 FAULT_LOG=$MK_TMP/fault \
        LD_PRELOAD=$preload "$what" >"$MK_TMP/out" 2>"$MK_TMP/err"
    rc=$?
    [ "$3" -eq 0 ] && return
    { [ "$5" = 1 ] && [ "$rc" -eq 132 ] || grep -q hit "$MK_TMP/fault"; } && hits=$((hits + 1))
    trials=$((trials + 1))
    seen=$("${what}_seen")
    case $rc:$seen in
    0:new | 1:old | 7:old | 7:new | 132:old | 132:new) ;;
    *) bad+="$where: status $rc and $seen: $(tail -n 1 "$MK_TMP/err")"$'\n' ;;
    esac
    as auditor1 log controleer >/dev/null 2>"$MK_TMP/err2" || bad+="$where: $(cat "$MK_TMP/err2")"$'\n'
    [ "$("${what}_seen")" = "$seen" ] || bad+="$where: $seen, and later another"$'\n'
    [ ! -e "$kluis/keyring.new" ] || bad+="$where: keyring.new stays"$'\n'
}
for what in remove first second; do
    bad='' hits=0 trials=0
    for call in write pwrite fsync fdatasync ftruncate rename unlink; do
        trial "$what" "$call" 0 0 0
        total=$(sed -n 's/calls //p' "$MK_TMP/fault")
        [ "${total:-0}" -gt 0 ] || continue
        step=$(((total + sample - 1) / sample))
        for ((n = 1; n <= total; n += step)); do
            trial "$what" "$call" "$n" $((n % 2 == 0 ? EIO : ENOSPC)) 0
            trial "$what" "$call" "$n" $EIO 1
        done
    done
    [ "$hits" -gt 10 ] || bad+="only $hits calls were hit"$'\n'
    case $what in
    remove) sentence="a removal holds or did not happen" ;;
    first) sentence="a new passphrase: the old or the new one opens, never both" ;;
    second) sentence="a second passphrase: the first opens in any case" ;;
    esac
    verdict "$sentence ($trials trials, $hits hit)" "$bad"
done
put_back base
claim "unharmed the removal holds" status 0 remove
claim "and the vault is sound" sound
