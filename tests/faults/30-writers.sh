#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Eight processes write at once: all they were told is durable is there, nothing twice,
# nothing lost. MK_LONG: 50 commits each, else 6.
# store: files: the locks of a file; writers on a server: tests/pg
set -u
# shellcheck source=tests/faults/kit.sh
. "$MK_SRC/tests/faults/kit.sh"
each=6
[ "${MK_LONG:-}" = 1 ] && each=50
new_vault

form "label: proef" >"$MK_TMP/form"
intake() { # NUMBER
    for ((i = 0; i < each; i++)); do
        as "inspecteur$((1 + $1 % 2))" melding nieuw --form "$MK_TMP/form" \
            >>"$MK_TMP/tags.$1" 2>>"$MK_TMP/errors.$1" || echo "status $?" >>"$MK_TMP/failed.$1"
    done
}
notes() { # NUMBER TAG
    for ((i = 0; i < each; i++)); do
        as inspecteur1 notitie "$2" --form - <<<"narrative: notitie $1-$i-" \
            >>"$MK_TMP/noted.$1" 2>>"$MK_TMP/errors.$1" || echo "status $?" >>"$MK_TMP/failed.$1"
    done
}
all() { # COMMAND ARGUMENT...: eight at once; true if none failed
    local n
    rm -f "$MK_TMP"/failed.* "$MK_TMP"/errors.*
    for n in 1 2 3 4 5 6 7 8; do "$1" "$n" "${@:2}" & done
    wait
    cat "$MK_TMP"/failed.* "$MK_TMP"/errors.* 2>/dev/null | grep -v 'voor het eerst' | head -n 5
    ! compgen -G "$MK_TMP/failed.*" >/dev/null
}

wanted=$((8 * each))
claim "8 processes x $each new meldingen: every command succeeds" all intake
cat "$MK_TMP"/tags.* >"$MK_TMP/printed"
distinct() {
    [ "$(wc -l <"$MK_TMP/printed")" -eq "$wanted" ] &&
        [ "$(sort -u "$MK_TMP/printed" | wc -l)" -eq "$wanted" ]
}
claim "as many tags were printed, and all differ" distinct
claim "all are there and the log verifies" sound "$MK_TMP/printed"
claim "and nothing else is" [ "$(wc -l <"$MK_TMP/tags")" -eq "$wanted" ]

tag=$(as inspecteur1 lijst --mijn | grep -oE 'MK-[0-9A-Z]{4}-[0-9A-Z]{4}' | head -n 1)
claim "8 processes x $each notes to one dossier: every command succeeds" all notes "$tag"
all_notes() {
    as inspecteur1 --json tijdlijn "$tag" --uit "$MK_TMP/timeline" >/dev/null &&
        [ "$(grep -oE 'notitie [0-9]+-[0-9]+-' "$MK_TMP/timeline" | sort -u | wc -l)" -eq "$wanted" ]
}
claim "each note is in the dossier once" all_notes
claim "the log verifies" sound "$MK_TMP/printed"

# people and dossiers at once: the keyring is a file beside the store
admit() {
    local name=nieuw$1
    word "$name" | "$mk" -k "$kluis" --passphrase-fd 0 gebruiker aanvraag --naam "$name" \
        --uit "$MK_TMP/$name" 2>/dev/null
    if [ $(($1 % 2)) -eq 0 ]; then
        as bewaarder1 gebruiker toelaat "$MK_TMP/$name" --rol inspecteur &&
            as inspecteur1 rol geef "$name" inspecteur
    else
        as "inspecteur1" melding nieuw --form "$MK_TMP/form"
    fi >>"$MK_TMP/people.$1" 2>>"$MK_TMP/errors.$1" || echo "status $?" >>"$MK_TMP/failed.$1"
}
claim "people are admitted and granted while others write" all admit
opens() { for n in 2 4 6 8; do as "nieuw$n" lijst >/dev/null || return 1; done; }
claim "each of them opens the vault" opens
claim "and the log verifies" sound "$MK_TMP/printed"
