#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A secret is replaced while a call fails or the process is killed before it: each write,
# sync, truncation, rename and unlink in turns (MK_LONG: every one, both ways; else one of
# each kind, the one way or the other, and every rename). Afterwards the vault opens in the
# old or the new state and the status does not say the opposite; the log verifies; the
# secret can be replaced once more, which tells by its generation what the state was; no
# dossier is lost, and nothing stays half-way.
# store: files: calls of the file system that fail; a server and its network: tests/pg
set -u
# shellcheck source=tests/faults/kit.sh
. "$MK_SRC/tests/faults/kit.sh"
if sanitized; then
    skip "a new key is whole or not there" "a sanitizer build cannot be preloaded"
    exit 0
fi
sample=1 ways=1
[ "${MK_LONG:-}" = 1 ] && sample=100000 ways=2
EIO=5 ENOSPC=28
printf '%s geheim woord\n' bewaarder1 bewaarder2 inspecteur1 inspecteur2 analist1 auditor1 | "$mk" -k "$kluis" \
    --passphrase-fd 0 init --origin proefkluis --custodian bewaarder1 --custodian bewaarder2 --inspector inspecteur1 \
    --inspector inspecteur2 --analyst analist1 --auditor auditor1 2>"$MK_TMP/init.log" || {
    not_ok "a vault is made" "$(cat "$MK_TMP/init.log")"
    exit 1
}
free=$(as inspecteur1 melding nieuw --form - < <(form "label: proef") 2>"$MK_TMP/err") || exit 1
shut=$(as inspecteur1 melding nieuw --form - < <(form "label: besloten") 2>"$MK_TMP/err") || exit 1
as inspecteur1 beperk "$shut" --aan inspecteur1 >/dev/null 2>"$MK_TMP/err" || {
    not_ok "a dossier is restricted" "$(cat "$MK_TMP/err")"
    exit 1
}
printf '%s\n' "$free" "$shut" >"$MK_TMP/all"
keep base

# who replaces what
by() { if [ "$1" = rl ]; then echo auditor1; else echo inspecteur1; fi; }
rekey() { as "$(by "$1")" hersleutel "$1"; }
read_all() {
    local tag
    while read -r tag; do
        rm -f "$MK_TMP/shown"
        as inspecteur1 toon "$tag" --uit "$MK_TMP/shown" 2>"$MK_TMP/err2" || return
    done <"$MK_TMP/all"
}
half_way() { (compgen -G "$kluis/*next*"; compgen -G "$kluis/*.new") | tr '\n' ' '; }

# what_is KIND STATUS WHERE: the state is one of the two, and STATUS fits
what_is() {
    local seen where=$3
    as auditor1 log controleer >/dev/null 2>"$MK_TMP/err2" || bad+="$where: $(cat "$MK_TMP/err2")"$'\n'
    rekey "$1" >/dev/null 2>"$MK_TMP/err2" || bad+="$where: the next one ended with $?"$'\n'
    case $(grep -oE 'generatie [0-9]+' "$MK_TMP/err2") in
    'generatie 2') seen=old ;;
    'generatie 3') seen=new ;;
    *) seen=$(tail -n 1 "$MK_TMP/err2") ;;
    esac
    case $2:$seen in
    0:new | 1:old | 7:old | 7:new | 132:old | 132:new) ;;
    *) bad+="$where: status $2 and $seen: $(tail -n 1 "$MK_TMP/err")"$'\n' ;;
    esac
    sound "$MK_TMP/all" >"$MK_TMP/seen" 2>"$MK_TMP/err2" || bad+="$where: then $(cat "$MK_TMP/seen" "$MK_TMP/err2")"$'\n'
    [ "${MK_LONG:-}" != 1 ] || read_all || bad+="$where: lost: $(cat "$MK_TMP/err2")"$'\n'
    seen=$(half_way)
    [ -z "$seen" ] || bad+="$where: stays: $seen"$'\n'
}
trial() { # KIND CALL AT ERRNO KILL
    local rc where="$1: $2 $3 errno $4 kill $5"
    put_back base
    FAULT_CALLS=$2 FAULT_AT=$3 FAULT_ERRNO=$4 FAULT_KILL=$5 FAULT_LOG=$MK_TMP/fault \
        LD_PRELOAD=$preload rekey "$1" >"$MK_TMP/out" 2>"$MK_TMP/err"
    rc=$?
    [ "$3" -eq 0 ] && return
    trials=$((trials + 1))
    if [ "$rc" -eq 132 ] || grep -q hit "$MK_TMP/fault"; then hits=$((hits + 1)); fi
    what_is "$1" "$rc" "$where"
}
turn=0
for kind in rd rs rl dbk; do
    bad='' hits=0 trials=0
    for call in write pwrite fsync fdatasync ftruncate rename unlink; do
        trial "$kind" "$call" 0 0 0
        total=$(sed -n 's/calls //p' "$MK_TMP/fault")
        [ "${total:-0}" -gt 0 ] || continue
        step=$(((total + sample - 1) / sample))
        [ "$call" = rename ] && step=1
        for ((n = 1 + (step - 1) / 2; n <= total; n += step)); do
            turn=$((turn + 1))
            for ((way = 0; way < ways; way++)); do
                trial "$kind" "$call" "$n" $((n % 2 == 0 ? EIO : ENOSPC)) $(((turn + way) % 2))
            done
        done
    done
    [ "$hits" -ge 5 ] || bad+="only $hits calls were hit"$'\n'
    verdict "a new $kind is there or it is not, and nothing is lost ($trials trials, $hits hit)" "$bad"
done
put_back base
claim "unharmed the keys are replaced" status 0 as inspecteur1 hersleutel-alles
claim "and everything can be read" read_all
claim "and the vault is sound" sound "$MK_TMP/all"
