#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Handing over (one dossier, and all of somebody), restricting and emergencies while calls fail or the process is killed:
# before each write, sync, truncation, rename and unlink in turns (MK_LONG: every one; else
# some of them, and of those that cannot be undone). Afterwards it is done or it did not
# happen, the status does not say the opposite, nothing is lost, and the log verifies.
# store: files: calls of the file system that fail; a server and its network: tests/pg
set -u
# shellcheck source=tests/faults/kit.sh
. "$MK_SRC/tests/faults/kit.sh"
if sanitized; then
    skip "a restriction is whole or not there" "a sanitizer build cannot be preloaded"
    exit 0
fi
EIO=5 ENOSPC=28
calls=(write pwrite fsync fdatasync ftruncate rename unlink)
people=(bewaarder1 bewaarder2 inspecteur1 inspecteur2 analist1 auditor1)
printf '%s geheim woord\n' "${people[@]}" | "$mk" -k "$kluis" --passphrase-fd 0 init \
    --origin proefkluis --custodian bewaarder1 --custodian bewaarder2 --inspector inspecteur1 \
    --inspector inspecteur2 --analyst analist1 --auditor auditor1 2>"$MK_TMP/err" || exit 1

# ---- each state is the beginning of the next command ---------------------------------
tag=$(as inspecteur1 melding nieuw --form - < <(form 'narrative: waterverf')) || exit 1
hand_over() { as inspecteur1 overdracht "$tag" --aan inspecteur2; }
hand_all() { as inspecteur1 overdracht --van-wie inspecteur1 --aan inspecteur2; }
limit() { as inspecteur1 beperk "$tag" --aan inspecteur1; }
ask() { as inspecteur2 nood vraag "$tag" --waarom GEV; }
give() { as bewaarder2 nood geef "$number"; }
shut() { as inspecteur1 nood sluit "$tag"; }
keep hand_over
as inspecteur1 melding nieuw --form - < <(form 'narrative: krijt') >/dev/null || exit 1
keep hand_all
keep limit
limit >/dev/null && keep ask
number=$(ask 2>/dev/null) && as bewaarder1 nood geef "$number" 2>/dev/null && keep give
give 2>/dev/null && keep shut || exit 1

# ---- what one sees afterwards: old, new, or what is wrong ----------------------------
reads() { # WHO PURPOSE: the dossier, with all that was written
    rm -f "$MK_TMP/shown"
    as "$1" toon "$tag" --doel "$2" --uit "$MK_TMP/shown" 2>"$MK_TMP/seen" && grep -q waterverf "$MK_TMP/shown"
}
said() { tail -n 1 "$MK_TMP/seen"; }
owner() { as inspecteur1 --json lijst --alle --doel CTL | grep -oE '"owner": ?"[a-z0-9]*"'; }
hand_over_seen() {
    case $(owner) in
    *inspecteur1*) echo old ;;
    *inspecteur2*) echo new ;;
    *) echo "nobody has it" ;;
    esac
}
# of two dossiers each is wholly old or new
hand_all_seen() {
    case $(as inspecteur2 --json lijst --alle --doel CTL | grep -oE '"owner": ?"[a-z0-9]*"' | tr -d '"' | sort | uniq -c | tr -s ' \n' ' ') in
    *'2 owner: inspecteur1 ') echo old ;;
    *'2 owner: inspecteur2 ') echo new ;;
    *'1 owner: inspecteur1 1 owner: inspecteur2 ') echo some ;;
    *) echo "somebody has them not" ;;
    esac
}
limit_seen() {
    if reads inspecteur2 CTL; then echo old; elif grep -q beperkt "$MK_TMP/seen"; then echo new; else said; fi
}
emergencies() { as inspecteur2 --json nood lijst 2>"$MK_TMP/seen"; }
ask_seen() { case $(emergencies) in *'"by"'*) echo new ;; *emergencies*) echo old ;; *) said ;; esac; }
give_seen() {
    if reads inspecteur2 NOOD; then echo new; elif grep -q '1 van de 2' "$MK_TMP/seen"; then echo old; else said; fi
}
shut_seen() {
    if reads inspecteur2 NOOD; then echo old; elif grep -q 'geldt niet meer' "$MK_TMP/seen"; then echo new; else said; fi
}

# ---- trials ------------------------------------------------------------------------
counted() { # WHAT CALLS: how many calls there are
    put_back "$1"
    FAULT_CALLS=$2 FAULT_AT=0 FAULT_ERRNO=0 FAULT_LOG=$MK_TMP/fault LD_PRELOAD=$preload "$1" >/dev/null 2>&1
    sed -n 's/calls //p' "$MK_TMP/fault"
}
trial() { # WHAT CALLS AT ERRNO KILL
    local what=$1 rc seen where="$1: $2 $3 errno $4 kill $5"
    put_back "$what"
    FAULT_CALLS=$2 FAULT_AT=$3 FAULT_ERRNO=$4 FAULT_KILL=$5 FAULT_LOG=$MK_TMP/fault \
        LD_PRELOAD=$preload "$what" >"$MK_TMP/out" 2>"$MK_TMP/err"
    rc=$?
    { [ "$5" = 1 ] && [ "$rc" -eq 132 ] || grep -q hit "$MK_TMP/fault"; } && hits=$((hits + 1))
    trials=$((trials + 1))
    seen=$("${what}_seen")
    case $rc:$seen in
    0:new | 1:old | 7:old | 7:new | 132:old | 132:new) ;;
    1:some | 7:some | 132:some) # the same command goes on
        "$what" >/dev/null 2>&1 && seen=$("${what}_seen")
        [ "$seen" = new ] || bad+="$where: repeated: $seen"$'\n'
        ;;
    *) bad+="$where: status $rc and $seen: $(tail -n 1 "$MK_TMP/err")"$'\n' ;;
    esac
    as auditor1 log controleer >/dev/null 2>"$MK_TMP/err2" || bad+="$where: $(cat "$MK_TMP/err2")"$'\n'
    reads inspecteur1 CTL || bad+="$where: the dossier is lost: $(said)"$'\n'
}
# every WHAT: each call of each kind, failing and killed
every() {
    local call n total
    for call in "${calls[@]}"; do
        total=$(counted "$1" "$call")
        for ((n = 1; n <= ${total:-0}; n++)); do
            trial "$1" "$call" "$n" $((n % 2 == 0 ? EIO : ENOSPC)) 0
            trial "$1" "$call" "$n" $EIO 1
        done
    done
}
# some WHAT: of all calls together the last ones, where it is decided, and one before them
some() {
    local all total
    all=$(IFS=, && echo "${calls[*]}")
    total=$(counted "$1" "$all")
    trial "$1" "$all" $((total / 2)) $ENOSPC 0
    trial "$1" "$all" $((total * 3 / 4)) $EIO 1
    trial "$1" "$all" "$total" $EIO 1
}
declare -A sentence=(
    [hand_over]="a dossier is handed over or it is not"
    [hand_all]="of all that somebody has each is handed over or it is not, and a repetition has the rest"
    [limit]="a dossier is restricted or it is not"
    [ask]="emergency access is asked for or it is not"
    [give]="a share is given or it is not"
    [shut]="a dossier has its new key or the old one"
)
for what in hand_over hand_all limit ask give shut; do
    bad='' hits=0 trials=0
    if [ "${MK_LONG:-}" = 1 ]; then every "$what"; else some "$what"; fi
    [ "$hits" -eq "$trials" ] || bad+="only $hits of $trials calls were hit"$'\n'
    verdict "${sentence[$what]} ($trials trials, $hits hit)" "$bad"
    put_back "$what"
    "$what" >/dev/null 2>&1
    verdict "unharmed: $what" "$([ "$("${what}_seen")" = new ] || echo "it is not done")"
done
claim "at the end the vault is sound" sound
