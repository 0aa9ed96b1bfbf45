#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# kill -9 at random moments: what was printed stays, what was cut off is whole or
# absent, and the vault proves itself afterwards. MK_LONG: 200 kills of import and
# single commands, else some 24 by the same code.
# store: files: calls of the file system that fail; a server and its network: tests/pg
set -u
# shellcheck source=tests/faults/kit.sh
. "$MK_SRC/tests/faults/kit.sh"
RANDOM=${SEED:-20260714}
kills=24 others=6
[ "${MK_LONG:-}" = 1 ] && kills=200 others=40
new_vault
printed=$MK_TMP/printed
: >"$printed"

now() { echo "${EPOCHREALTIME/[.,]/}"; }

# timed COMMAND...: how long it takes when it is let be, in microseconds
timed() {
    local began
    began=$(now)
    ("$@" >/dev/null 2>&1) || return 1
    echo $(($(now) - began))
}

# cut MICROSECONDS COMMAND...: begins it, kills it then; 137 when it was alive still.
# Standard output goes to $MK_TMP/said.
cut() {
    local wait_us=$1 pid
    shift
    # exec: the process that is killed is the program, not a shell around it
    ("$@" >"$MK_TMP/said" 2>"$MK_TMP/err") &
    pid=$!
    sleep "$(printf '%d.%06d' $((wait_us / 1000000)) $((wait_us % 1000000)))"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
}
# What as does, in the place of the shell.
exec_as() {
    local name=$1
    shift
    exec "$mk" -k "$kluis" -g "$name" --passphrase-fd 8 "$@" 8<<<"$(word "$name")"
}

cat >"$MK_TMP/import.head" <<'END'
ref,received,channel,reporter,sector,care_type,category,accused,victim_minor,in_care,qualification,occurred
END
# A file of its own for each import: references of the last may be in the vault.
rows() { # NUMBER COUNT
    cat "$MK_TMP/import.head"
    for ((row = 0; row < $2; row++)); do
        echo "k$1-$row,2020-01-15,TEL,OUD,KO,BSO,SM,MW,J,J,XIV,2020-01"
    done
}
form "label: proef" >"$MK_TMP/form"
intake_time=$(timed exec_as inspecteur1 melding nieuw --form "$MK_TMP/form")
rows 0 200 >"$MK_TMP/0.csv"
import_time=$(timed as inspecteur1 invoer "$MK_TMP/0.csv")
if [ -z "$intake_time" ] || [ -z "$import_time" ]; then
    not_ok "commands run unharmed"
    exit 1
fi

tags >"$printed"
tag=$(head -n 1 "$printed")
event_form() { printf 'narrative: %s\n' "$1"; }

# One kill: of an import, a new melding or a further event in turns. What holds
# afterwards is looked at right away, before anything else can mend it.
bad='' alive=0 finished=0 hot=0 after=$(tags | wc -l)
fail() { bad+="$1 (kill $n after $delay us): $2"$'\n'; }
for ((n = 1; n <= kills; n++)); do
    before=$after
    case $((n % 3)) in
    0)
        rows "$n" 200 >"$MK_TMP/$n.csv"
        delay=$((RANDOM * 32768 + RANDOM))
        delay=$((delay % (import_time * 11 / 10)))
        cut "$delay" exec_as inspecteur1 invoer "$MK_TMP/$n.csv"
        rc=$? more=200
        ;;
    1)
        delay=$((RANDOM * 2 % (intake_time * 15 / 10)))
        cut "$delay" exec_as inspecteur1 melding nieuw --form "$MK_TMP/form"
        rc=$? more=1
        grep -oE 'MK-[0-9A-Z]{4}-[0-9A-Z]{4}' "$MK_TMP/said" >>"$printed"
        ;;
    2)
        delay=$((RANDOM * 2 % (intake_time * 15 / 10)))
        event_form "notitie $n" >"$MK_TMP/note"
        cut "$delay" exec_as inspecteur1 notitie "$tag" --form "$MK_TMP/note"
        rc=$? more=0
        ;;
    esac
    if [ "$rc" -eq 137 ]; then alive=$((alive + 1)); else finished=$((finished + 1)); fi
    if [ -s "$kluis/vault.db-journal" ]; then hot=$((hot + 1)); fi
    output=$(sound "$printed") || fail "the vault is not sound" "$output"
    after=$(grep -c MK- "$MK_TMP/tags")
    if [ "$rc" -eq 0 ] && [ "$after" -ne $((before + more)) ]; then
        fail "status 0 but not durable" "$before -> $after"
    elif [ "$after" -ne "$before" ] && [ "$after" -ne $((before + more)) ]; then
        fail "half of it is there" "$before -> $after"
    fi
    rm -f "$MK_TMP/$n.csv"
done
if [ -z "$bad" ]; then
    ok "after each of $kills kills -9 all printed tags are there, nothing is half-written and the log verifies ($alive cut off, $hot of them with a hot journal, $finished just done)"
else
    not_ok "after each of $kills kills -9 the vault is whole" "$bad"
fi
claim "the kills came while the program was at work" [ "$alive" -ge $((kills / 3)) ]

# ---- init: the folder is absent or complete, and init can be done again ---------

init_at() {
    printf '%s geheim woord\n' "${people[@]}" >"$MK_TMP/words"
    exec "$mk" -k "$1" --passphrase-fd 7 init --origin proefkluis \
        --custodian bewaarder1 --inspector inspecteur1 --inspector inspecteur2 \
        --analyst analist1 --auditor auditor1 7<"$MK_TMP/words"
}
init_time=$(timed init_at "$MK_TMP/first")
bad=''
here=$kluis
for ((n = 1; n <= others; n++)); do
    kluis=$MK_TMP/init$n
    delay=$((RANDOM * 32768 + RANDOM))
    delay=$((delay % init_time))
    cut "$delay" init_at "$kluis"
    if [ -e "$kluis" ]; then
        output=$(sound) || fail "init left a vault that is not sound" "$output"
    else
        output=$(status 0 init_at "$kluis" && sound) || fail "init cannot be repeated" "$output"
    fi
    rm -rf "$kluis"
done
kluis=$here
verdict "after a kill of init there is a whole vault or none, and init can be repeated ($others kills)" "$bad"

# ---- passphrase: the old or the new one opens ------------------------------------

bad=''
old='inspecteur2 geheim woord'
change() {
    printf '%s\n%s\n' "$old" "$1" >"$MK_TMP/words"
    exec "$mk" -k "$kluis" -g inspecteur2 --passphrase-fd 7 wachtwoord 7<"$MK_TMP/words"
}
opens() { "$mk" -k "$kluis" -g inspecteur2 --passphrase-fd 7 lijst 7<<<"$1" >/dev/null 2>&1; }
keep before
change_time=$(timed change "een heel ander woord")
put_back before
for ((n = 1; n <= others; n++)); do
    fresh="nieuw geheim woord $n"
    delay=$((RANDOM * 32768 + RANDOM))
    delay=$((delay % (change_time * 11 / 10)))
    cut "$delay" change "$fresh"
    rc=$?
    if opens "$fresh"; then
        old=$fresh
    elif [ "$rc" -eq 0 ]; then
        fail "status 0 but the new passphrase does not open" ""
    fi
    opens "$old" || fail "neither passphrase opens" "$old"
    output=$(sound "$printed") || fail "the vault is not sound" "$output"
done
verdict "after a kill of wachtwoord the old or the new one opens ($others kills)" "$bad"

# ---- people: admitted or not, granted or not --------------------------------------

bad=''
admit_time=
for ((n = 0; n <= others; n++)); do
    name=nieuw$n
    word "$name" | "$mk" -k "$kluis" --passphrase-fd 0 gebruiker aanvraag \
        --naam "$name" --uit "$MK_TMP/$name.aanvraag" 2>/dev/null ||
        fail "no request" ""
    if [ "$n" -eq 0 ]; then
        admit_time=$(timed as bewaarder1 gebruiker toelaat "$MK_TMP/$name.aanvraag" --rol inspecteur)
        grant_time=$(timed as inspecteur1 rol geef "$name" inspecteur)
        continue
    fi
    delay=$((RANDOM * 32768 + RANDOM))
    delay=$((delay % (admit_time * 11 / 10)))
    cut "$delay" exec_as bewaarder1 gebruiker toelaat "$MK_TMP/$name.aanvraag" --rol inspecteur
    rc=$?
    output=$(sound "$printed") || fail "after toelaat the vault is not sound" "$output"
    if ! as auditor1 gebruiker lijst 2>/dev/null | grep -q "$name"; then
        [ "$rc" -ne 0 ] || fail "status 0 but not admitted" ""
        output=$(status 0 as bewaarder1 gebruiker toelaat "$MK_TMP/$name.aanvraag" --rol inspecteur) ||
            fail "toelaat cannot be repeated" "$output"
    fi
    delay=$((RANDOM * 32768 + RANDOM))
    delay=$((delay % (grant_time * 11 / 10)))
    cut "$delay" exec_as inspecteur1 rol geef "$name" inspecteur
    rc=$?
    output=$(sound "$printed") || fail "after rol geef the vault is not sound" "$output"
    if ! as "$name" lijst >/dev/null 2>&1; then
        [ "$rc" -ne 0 ] || fail "status 0 but not granted" ""
        output=$(status 0 as inspecteur1 rol geef "$name" inspecteur) ||
            fail "rol geef cannot be repeated" "$output"
        as "$name" lijst >/dev/null 2>&1 || fail "granted, but it does not open" ""
    fi
done
verdict "after kills of toelaat and rol geef people are admitted and granted or not ($others of each)" "$bad"
claim "no keyring is left half-way" [ ! -e "$kluis/keyring.new" ]
claim "at the end the vault is sound" sound "$printed"
