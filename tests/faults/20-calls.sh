#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The n-th call of one kind fails, or the n-th allocation, for n over the whole run of a
# command: afterwards the old state or the new one, never in between; status 0 only if
# durable, 1 only if nothing changed (4 for a page that could not be checked); nothing is shown that the log could not announce.
# MK_LONG: every n; else a few of each kind.
# store: files: calls of the file system that fail; a server and its network: tests/pg
set -u
# shellcheck source=tests/faults/kit.sh
. "$MK_SRC/tests/faults/kit.sh"
if sanitized; then
    skip "calls that fail leave the old state or the new one" "a sanitizer build cannot be preloaded"
    exit 0
fi
EIO=5 ENOSPC=28
sample=2 malloc_sample=4
[ "${MK_LONG:-}" = 1 ] && sample=100000 malloc_sample=400
new_vault
form "label: proef" >"$MK_TMP/form"
printf 'narrative: een notitie\n' >"$MK_TMP/note"
cat >"$MK_TMP/three.csv" <<'END'
ref,received,channel,reporter,sector,care_type,category,accused,victim_minor,in_care,qualification,occurred,contact,direct
f-1,2020-01-15,TEL,OUD,KO,BSO,SM,MW,J,J,XIV,2020-01,2020-01-16,J
f-2,2020-01-15,TEL,OUD,KO,BSO,SM,MW,J,J,XIV,2020-01,2020-01-14,N
f-3,2020-01-15,TEL,OUD,KO,BSO,SI,MW,J,J,GEEN,2020-01,,
END
as inspecteur1 melding nieuw --form "$MK_TMP/form" >"$MK_TMP/first" || exit 1
tag=$(cat "$MK_TMP/first")
word nieuw1 | "$mk" -k "$kluis" --passphrase-fd 0 gebruiker aanvraag --naam nieuw1 \
    --uit "$MK_TMP/aanvraag" 2>/dev/null || exit 1
keep base

# --- the commands: how they are run, and what they change -----------------------------

run_lijst() { as inspecteur1 lijst; }
run_toon() { rm -f "$MK_TMP/shown" && as inspecteur1 toon "$tag" --uit "$MK_TMP/shown"; }
run_nieuw() { as inspecteur1 melding nieuw --form "$MK_TMP/form"; }
run_notitie() { as inspecteur1 notitie "$tag" --form "$MK_TMP/note"; }
run_invoer() { as inspecteur1 invoer "$MK_TMP/three.csv"; }
run_wachtwoord() {
    printf '%s\n' 'inspecteur2 geheim woord' 'een ander geheim' >"$MK_TMP/words"
    "$mk" -k "$kluis" -g inspecteur2 --passphrase-fd 8 wachtwoord 8<"$MK_TMP/words"
}
run_toelaat() { as bewaarder1 gebruiker toelaat "$MK_TMP/aanvraag" --rol inspecteur; }
run_init() {
    printf '%s geheim woord\n' "${people[@]}" >"$MK_TMP/words"
    "$mk" -k "$MK_TMP/other" --passphrase-fd 8 init --origin ander --custodian bewaarder1 \
        --inspector inspecteur1 --inspector inspecteur2 --analyst analist1 \
        --auditor auditor1 8<"$MK_TMP/words"
}
events() {
    rm -f "$MK_TMP/events"
    as inspecteur1 --json tijdlijn "$tag" --uit "$MK_TMP/events" >/dev/null 2>&1
    grep -o '"verb"' "$MK_TMP/events" | wc -l
}
# What the vault holds, in one word; differs before and after.
look() {
    case $1 in
    nieuw | invoer | lijst | toon) wc -l <"$MK_TMP/tags" ;; # as sound saw them
    notitie) events ;;
    wachtwoord)
        if "$mk" -k "$kluis" -g inspecteur2 --passphrase-fd 8 lijst >/dev/null 2>&1 \
            8<<<'een ander geheim'; then echo new; else echo old; fi
        ;;
    toelaat) as auditor1 gebruiker lijst 2>/dev/null | grep -c nieuw1 ;;
    init) [ -e "$MK_TMP/other" ] && echo there ;;
    esac
}

reset() {
    put_back base
    rm -rf "$MK_TMP/other" "$MK_TMP"/other.init-*
}

# with CALLS AT ERRNO STICKY COMMAND: output in $MK_TMP/out and err, log in $MK_TMP/fault
with() {
    FAULT_CALLS=$1 FAULT_AT=$2 FAULT_ERRNO=$3 FAULT_STICKY=$4 \
        FAULT_LOG=$MK_TMP/fault LD_PRELOAD=$preload \
        "run_$5" >"$MK_TMP/out" 2>"$MK_TMP/err"
}
# An empty FAULT_STICKY is set, too: it must be absent.
once() {
    FAULT_CALLS=$1 FAULT_AT=$2 FAULT_ERRNO=$3 FAULT_LOG=$MK_TMP/fault \
        LD_PRELOAD=$preload "run_$4" >"$MK_TMP/out" 2>"$MK_TMP/err"
}

# One trial and what must hold after it.
trial() { # CALLS AT ERRNO STICKY COMMAND
    local rc seen output where="$1 $2 errno $3${4:+ and all after it} in $5"
    reset
    if [ -n "$4" ]; then with "$@"; else once "$1" "$2" "$3" "$5"; fi
    rc=$?
    grep -q hit "$MK_TMP/fault" && hits=$((hits + 1))
    case $rc:$1 in
    [017]:*) ;;
    # SQLCipher calls a page that it had no memory to check a bad page
    4:malloc) rc=1 ;;
    *) bad+="$where: status $rc: $(tail -n 2 "$MK_TMP/err")"$'\n' ;;
    esac
    if [ "$rc" -ne 0 ] && [ -s "$MK_TMP/out" ]; then
        bad+="$where: status $rc, yet it says $(head -c 80 "$MK_TMP/out")"$'\n'
    fi
    if [ "$rc" -ne 0 ] && [ "$5" = toon ] && [ -s "$MK_TMP/shown" ]; then
        bad+="$where: status $rc, yet it shows"$'\n'
    fi
    if [ "$5" = init ]; then
        seen=$(look init)
        if [ "$seen" = there ]; then
            local here=$kluis
            kluis=$MK_TMP/other
            output=$(sound) || bad+="$where: $output"$'\n'
            kluis=$here
        elif [ "$rc" -eq 0 ]; then
            bad+="$where: status 0 and no vault"$'\n'
        fi
        [ "$rc" -ne 1 ] || [ "$seen" != there ] || bad+="$where: status 1 and a vault"$'\n'
        return
    fi
    output=$(sound "$MK_TMP/first") || bad+="$where (status $rc): $output"$'\n'
    seen=$(look "$5")
    case $rc:$seen in
    0:"${new[$5]}" | 1:"${old[$5]}" | 7:"${old[$5]}" | 7:"${new[$5]}") ;;
    *) bad+="$where: status $rc and state $seen: $(tail -n 1 "$MK_TMP/err")"$'\n' ;;
    esac
}

# Every n of TOTAL, or SAMPLE of them spread evenly, the first and the last among them.
spread() { # TOTAL SAMPLE
    awk -v n="$1" -v k="$2" 'BEGIN {
        if (k >= n) { for (i = 1; i <= n; i++) print i; exit }
        for (i = 0; i < k; i++) print 1 + int(i * (n - 1) / (k - 1) + 0.5)
    }' | uniq
}

declare -A old new
commands="toon nieuw notitie invoer wachtwoord toelaat init"
for c in $commands; do
    reset
    sound >/dev/null
    old[$c]=$(look "$c")
    "run_$c" >/dev/null 2>"$MK_TMP/err" || not_ok "$c works when nothing fails" "$(cat "$MK_TMP/err")"
    sound >/dev/null
    new[$c]=$(look "$c")
done

for c in $commands; do
    bad='' hits=0 trials=0
    for call in write pwrite fsync fdatasync ftruncate rename unlink mkdir; do
        reset
        once "$call" 0 0 "$c"
        total=$(sed -n 's/calls //p' "$MK_TMP/fault")
        [ "$total" -gt 0 ] || continue
        for n in $(spread "$total" "$sample"); do
            error=$((n % 2 == 0 ? EIO : ENOSPC))
            trial "$call" "$n" "$error" "" "$c"
            trials=$((trials + 1))
        done
        # a disk that is full, or broken, stays so
        trial "$call" "$(((total + 1) / 2))" "$ENOSPC" 1 "$c"
        trials=$((trials + 1))
    done
    [ "$hits" -gt 0 ] || bad+="no call failed"$'\n'
    verdict "$c: calls that fail leave the old state or the new one, and the status says which ($trials trials, $hits hit)" "$bad"
done

[ "${MK_LONG:-}" = 1 ] || commands="toon nieuw invoer wachtwoord"
for c in $commands; do
    bad='' hits=0 trials=0
    reset
    once malloc 0 0 "$c"
    total=$(sed -n 's/calls //p' "$MK_TMP/fault")
    for n in $(spread "$total" "$malloc_sample"); do
        trial malloc "$n" 12 "" "$c"
        trials=$((trials + 1))
    done
    verdict "$c: an allocation that fails is a failure like any other ($trials of $total, $hits hit)" "$bad"
done

# ---- status 7: repeating with the id that was shown is safe, and tells which it was -------

again() { # COMMAND ARGUMENT...: its first mark cannot be written, then it is repeated
    local id first
    reset
    FAULT_CALLS=rename FAULT_AT=$1 FAULT_ERRNO=$EIO FAULT_LOG=$MK_TMP/fault LD_PRELOAD=$preload \
        as inspecteur1 "${@:2}" >"$MK_TMP/out" 2>"$MK_TMP/err"
    [ $? -eq 7 ] || { echo "no status 7: $(cat "$MK_TMP/err")" && return 1; }
    id=$(grep -oE -- '--request [0-9a-f]{32}' "$MK_TMP/err")
    [ -n "$id" ] || { echo "no id: $(cat "$MK_TMP/err")" && return 1; }
    sound || return 1
    first=$(cat "$MK_TMP/tags")
    # shellcheck disable=SC2086 # an option and its value
    status 0 as inspecteur1 "${@:2}" $id && sound && [ "$first" = "$(cat "$MK_TMP/tags")" ]
}
claim "melding nieuw with outcome unknown is repeated safely" again 1 melding nieuw --form "$MK_TMP/form"
claim "and tells which dossier it was" grep -qxFf "$MK_TMP/out" "$MK_TMP/tags"
claim "invoer with outcome unknown is repeated safely" again 2 invoer "$MK_TMP/three.csv"
claim "notitie with outcome unknown is repeated safely" again 2 notitie "$tag" --form "$MK_TMP/note"
claim "and the note is there once" [ "$(events)" = "${new[notitie]}" ]
repeated_with_another() {
    local id
    reset
    id=$(printf '%032x' 7)
    as inspecteur1 notitie "$tag" --form "$MK_TMP/note" --request "$id" >/dev/null 2>&1 || return 1
    printf 'narrative: een andere notitie\n' >"$MK_TMP/other-note"
    status 0 as inspecteur1 notitie "$tag" --form "$MK_TMP/other-note" --request "$id" &&
        grep -q "niet opgeslagen en niet daarmee vergeleken.*toon $tag" "$MK_TMP/err" && [ "$(events)" = "${new[notitie]}" ]
}
claim "a repetition says that what is given now was not saved" repeated_with_another

# cut AT WHO TEXT COMMAND...: its rename number AT fails, which is status 7 with that text
cut() {
    reset
    FAULT_CALLS=rename FAULT_AT=$1 FAULT_ERRNO=$EIO FAULT_LOG=$MK_TMP/fault LD_PRELOAD=$preload \
        as "$2" "${@:4}" >"$MK_TMP/out" 2>"$MK_TMP/err"
    [ $? -eq 7 ] && grep -q -- "$3" "$MK_TMP/err" && return 0
    echo "not status 7 with $3: $(cat "$MK_TMP/err")"
    return 1
}
no_id() { cut "$@" && ! grep -q -- --request "$MK_TMP/err"; }
only_the_entry='verder niets opgeslagen; geef dezelfde opdracht nog eens'
claim "status 7 of what only reads names no id" no_id 1 inspecteur1 "$only_the_entry" lijst
claim "nor that of a note of which only the entry before it was cut off" \
    no_id 1 inspecteur1 "$only_the_entry" notitie "$tag" --form "$MK_TMP/note"
given=$(printf -- '--request %032x' 9)
# shellcheck disable=SC2086 # an option and its value
claim "but an id that was given holds on" cut 1 inspecteur1 "$given" notitie "$tag" --form "$MK_TMP/note" $given
claim "what takes no id is to be given again as it is" \
    no_id 2 bewaarder1 'geef dezelfde opdracht nog eens: wat al gedaan is' gebruiker blokkeer inspecteur2
