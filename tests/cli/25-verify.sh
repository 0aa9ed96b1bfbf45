#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# meldkluis-verify on exports of a real vault: its three verdicts, its options,
# attacks that need no key, and folders that are not what they seem. What an
# attacker with keys can do: tests/unit/check_verify_attacks.c.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
new_vault
out=$MK_TMP/uit
verify=$MK_BUILD/meldkluis-verify
# verified STATUS PYTHON ARGUMENTS...: in English, as JSON
verified() {
    local status
    "$verify" --lang en --json "${@:3}" >"$output" 2>"$errors" </dev/null
    status=$?
    [ "$status" -eq "$1" ] || { echo "status $status, not $1: $(cat "$output" "$errors")"; return 1; }
    json "$2"
}
# refused STATUS PATTERN ARGUMENTS...: one line of error, nothing on standard output
refused() {
    "$verify" --lang en "${@:3}" >"$output" 2>"$errors" </dev/null
    [ $? -eq "$1" ] && [ ! -s "$output" ] && [ "$(wc -l <"$errors")" -eq 1 ] && grep -q -- "$2" "$errors" && return 0
    cat "$output" "$errors"
    return 1
}
yes='assert d["intact"]["verdict"]=="yes" and d["intact"]["findings"]==[]'

# ---- an office at work ----------------------------------------------------------------
report label=log
as ilse toon "$tag" --uit "$MK_TMP/a"
as ivo toon "$tag" --doel CTL --uit "$MK_TMP/b"
as bo toon "$tag" --uit "$MK_TMP/c" # refused: a custodian has no key of a dossier
as ivo toon MK-0000-0000 --doel CTL --uit "$MK_TMP/d"
"$meldkluis" -g ilse --passphrase-fd 3 lijst 3< <(phrase bo) >/dev/null 2>&1
as ana factsheet --years 2026 --internal --format text
as aad log uitvoer "$out" || not_ok "an export is made" "$(cat "$errors")"
cp -a "$out" "$MK_TMP/first"
"$meldkluis" -g aad --passphrase-fd 3 log sleutel "$MK_TMP/key" 3< <(phrase aad && echo 'een sleutel apart' && echo 'een sleutel apart') \
    >/dev/null 2>"$errors" || not_ok "a key file is made" "$(cat "$errors")"

claim "an export is intact, and nothing else is judged without keys and witnesses" verified 0 \
    "$yes"'; assert d["complete"]["verdict"]=="not-judged" and d["allowed"]["verdict"]=="not-judged" and d["size"]>10 and d["origin"]=="Proef"' "$out"
three() { "$verify" --lang en "$out" >"$output" && [ "$(grep -cE '^(intact: yes|complete: not judged|allowed: not judged); ' "$output")" -eq 3 ]; }
claim "it prints a line a verdict, with its reason" three
dutch() { "$verify" "$out" >"$output" && grep -q '^ongeschonden: ja; ' "$output" && grep -q '^toegestaan: niet beoordeeld; ' "$output"; }
claim "Dutch is the language unless the locale says en" dutch
english() { LC_ALL=en_US.UTF-8 "$verify" "$out" | grep -q '^intact: yes; '; }
claim "and English when it does" english
with_key() { # STATUS PYTHON ARGUMENTS...
    "$verify" --lang en --json --key "$MK_TMP/key" --passphrase-fd 3 "${@:3}" >"$output" 2>"$errors" 3< <(echo 'een sleutel apart')
    [ $? -eq "$1" ] && json "$2"
}
claim "with the auditor's key every entry is read, and all were allowed" with_key 0 \
    "$yes"'; assert d["allowed"]["verdict"]=="yes" and d["opened"]>6 and d["kinds"]["count-internal"]==1 and d["failed_unlocks"]==1' "$out"
claim "it says why those are fewer than the log has" json 'assert "(sessions not counted)" in d["allowed"]["reason"] and d["opened"] < d["size"]'
claim "what was refused or not found is noted, not held against anybody" json \
    'assert d["refused"]==1 and [n["code"] for n in d["allowed"]["notes"]]==["refused","failed-unlocks"]'
wrong() {
    "$verify" --lang en --key "$MK_TMP/key" --passphrase-fd 3 "$out" >"$output" 2>"$errors" 3< <(echo 'een ander woord')
    [ $? -eq 3 ] && [ ! -s "$output" ] && grep -q 'stays shut' "$errors"
}
claim "a wrong passphrase ends with status 3 and no verdict" wrong
claim "a passphrase that is not there ends with status 2" refused 2 'passphrase' --key "$MK_TMP/key" --passphrase-fd 0 "$out"
claim "no file at all for a key" refused 2 'the file .*nokey is not there' --key "$MK_TMP/nokey" "$out"
no_witness() { refused 2 'the file .*nergens.note is not there' --witness "$MK_TMP/nergens.note" "$out"; }
claim "nor for a witness: it names the file, and no vault" no_witness
emptied() { mkdir -p "$MK_TMP/leeg" && refused 1 'no export of a log at .*leeg;' "$MK_TMP/leeg"; }
claim "a folder without a checkpoint is named" emptied
no_key() {
    "$verify" --lang en --key "$out/vkey" --passphrase-fd 3 "$out" >"$output" 2>"$errors" 3< <(echo woord)
    [ $? -eq 2 ] && grep -q 'no key file' "$errors"
}
claim "another file for a key ends with status 2" no_key
other_key() {
    for who in bo ilse ana aad; do phrase "$who"; done >"$MK_TMP/phrases"
    new_place ander && MELDKLUIS=$(place_of ander) "$meldkluis" init --herkomst Proef --bewaarder bo --inspecteur ilse --analist ana \
        --auditor aad --passphrase-fd 3 3<"$MK_TMP/phrases" >/dev/null 2>&1
    MELDKLUIS=$(place_of ander) "$meldkluis" -g aad --passphrase-fd 3 log sleutel "$MK_TMP/key2" \
        3< <(phrase aad && echo 'een sleutel apart' && echo 'een sleutel apart') >/dev/null 2>&1
    "$verify" --lang en --json --key "$MK_TMP/key2" --passphrase-fd 3 "$out" >"$output" 2>"$errors" 3< <(echo 'een sleutel apart')
    [ $? -eq 4 ] && json 'assert d["allowed"]["findings"][0]["code"]=="key-other"'
}
claim "the key of another vault fails the verdict" other_key

# ---- options --------------------------------------------------------------------------
claim "no export named" refused 2 'wrong usage: EXPORT'
claim "an option that is none" refused 2 '--frob' --frob "$out"
claim "an option without its value" refused 2 '--since' "$out" --since
claim "two exports" refused 2 'first' "$out" "$MK_TMP/first"
claim "a folder that is not there" refused 1 'no export' "$MK_TMP/nergens"
claim "a folder that is no export" refused 1 'no export' "$MK_TMP"
claim "a file is no export" refused 1 'uit/vkey' "$out/vkey"
version() { [ "$("$verify" --version)" = "$("$meldkluis" --version | sed 's/^meldkluis/meldkluis-verify/')" ] || "$verify" --version | grep -qE '^meldkluis-verify [0-9.]+$'; }
claim "it tells its version" version
help() { "$verify" --help --lang en >"$output" && for o in --key --witness --since --passphrase-fd --json --lang; do grep -q -- "$o" "$output" || return 1; done; }
claim "its help names every option" help

# ---- later exports --------------------------------------------------------------------
{ sed -n 1p "$MK_SRC/tests/data/dossiers-2018-2020.csv" && sed -n 2p "$MK_SRC/tests/data/dossiers-2018-2020.csv" >"$MK_TMP/row" &&
    seq 1 600 | while read -r n; do sed "s/^[^,]*/proef-$n/" "$MK_TMP/row"; done; } >"$MK_TMP/rows.csv"
as ilse invoer "$MK_TMP/rows.csv" || not_ok "rows are imported" "$(cat "$errors")"
as bea gebruiker lijst
as aad log uitvoer "$out"
claim "a log of more than one tile, written in two goes" with_key 0 "$yes"'; assert d["size"]>600 and d["allowed"]["verdict"]=="yes"' "$out"
claim "it goes on from a checkpoint of our own" verified 0 \
    "$yes"'; c=d["complete"]; assert c["verdict"]=="yes" and "first" in c["reason"]' --since "$MK_TMP/first/checkpoint" "$out"
mark=$XDG_STATE_HOME/meldkluis/$(json 'print(d["store"])').mark
claim "the mark of this account is the end of it" verified 0 'assert d["complete"]["verdict"]=="yes"' --witness "$mark" "$out"
claim "an older export does not have what the mark has seen" verified 4 \
    'assert d["complete"]["findings"][0]["code"]=="tail-cut" and d["intact"]["verdict"]=="yes"' --witness "$mark" "$MK_TMP/first"
claim "nor what a newer checkpoint has seen" verified 4 \
    'assert d["complete"]["findings"][0]["code"]=="tail-cut"' --since "$out/checkpoint" "$MK_TMP/first"
claim "the key of the log is nobody outside" verified 4 'assert d["complete"]["findings"][0]["code"]=="witness-self"' --witness "$out/vkey" "$out"
claim "a witness may not be any file: that is wrong input, and no verdict" refused 2 'row is no signed checkpoint, .*nothing was judged' \
    --witness "$MK_TMP/row" "$out"
claim "nor may what it goes on from" refused 2 'row is no signed checkpoint' --since "$MK_TMP/row" "$out"
claim "that is a checkpoint, not a key" refused 2 'vkey is no signed checkpoint' --since "$out/vkey" "$out"
damaged_mark() { cp "$mark" "$MK_TMP/bad.mark" && flip "$MK_TMP/bad.mark" 4 && verified 4 'assert d["complete"]["findings"][0]["code"]=="witness-form"' --witness "$MK_TMP/bad.mark" "$out"; }
claim "a mark that was damaged is one that does not fit" damaged_mark

# ---- attacks that need no key ---------------------------------------------------------
damaged() { # CODE FILE OFFSET
    rm -rf "$MK_TMP/bad" && cp -a "$out" "$MK_TMP/bad" && flip "$MK_TMP/bad/$2" "$3" &&
        verified 4 "assert '$1' in [f['code'] for f in d['intact']['findings']]" "$MK_TMP/bad"
}
claim "a flipped bit in an entry" damaged entry-tile tile/entries/000 20000
claim "in a tile" damaged entry-tile tile/0/001 777
claim "in a tile above" damaged tile tile/1/000.p/2 5
claim "in a head" damaged head-signature heads 200
claim "in the signature of a head" damaged head-signature heads 320
claim "in the members" damaged members members 200
claim "in the register" damaged register-root register 20
other_root() {
    rm -rf "$MK_TMP/bad" && cp -a "$out" "$MK_TMP/bad" && other_digit 3 "$MK_TMP/bad/checkpoint" &&
        verified 4 "assert 'checkpoint-signature' in [f['code'] for f in d['intact']['findings']]" "$MK_TMP/bad"
}
claim "another root in the checkpoint" other_root
claim "in the verifier key" damaged vkey vkey 20
every_file() { # a bit in each file of the export, wherever it is
    local file size at
    while read -r file; do
        size=$(stat -c %s "$out/$file")
        [ "$size" -eq 0 ] && continue
        for at in 0 $((size / 2)) $((size - 1)); do
            rm -rf "$MK_TMP/bad" && cp -a "$out" "$MK_TMP/bad" && flip "$MK_TMP/bad/$file" "$at"
            "$verify" "$MK_TMP/bad" >/dev/null 2>&1
            [ $? -eq 4 ] || { echo "$file at $at"; return 1; }
        done
    done < <(cd "$out" && find . -type f | cut -c 3-)
}
claim "no file of an export can be changed at its beginning, middle or end" every_file
missing() {
    local file
    for file in heads members register vkey tile/0/000 tile/entries/001 tile/1/000.p/2; do
        rm -rf "$MK_TMP/bad" && cp -a "$out" "$MK_TMP/bad" && rm "$MK_TMP/bad/$file"
        "$verify" "$MK_TMP/bad" >/dev/null 2>&1
        [ $? -eq 4 ] || { echo "without $file"; return 1; }
    done
}
claim "none of them can be left out" missing

keep old
as ilse lijst
as aad log uitvoer "$MK_TMP/east"
put_back old && cp "$mark" "$MK_TMP/seen.mark"
rm "$mark" # on another machine: nobody there has seen more
as ivo lijst
as aad log uitvoer "$MK_TMP/west"
claim "two vaults with one past, each intact" verified 0 "$yes" "$MK_TMP/west"
claim "are caught by the checkpoints of two witnesses" verified 4 \
    'assert d["complete"]["findings"][0]["code"]=="split-view"' --witness "$MK_TMP/east/checkpoint" --witness "$MK_TMP/west/checkpoint" "$MK_TMP/west"
both_named() { json 'f=d["complete"]["findings"][0]; assert "east/checkpoint and " in f["text"] and "west/checkpoint are" in f["text"], f["text"]'; }
claim "and it says which two, though both are called checkpoint" both_named
claim "and a vault that was put back by the mark of somebody who was there" verified 4 \
    'assert d["complete"]["findings"][0]["code"] in ("mark-other","tail-cut")' --witness "$MK_TMP/seen.mark" "$MK_TMP/west"
restored() {
    cp "$MK_TMP/seen.mark" "$mark"
    "$meldkluis" -g bo --passphrase-fd 3 herstart --auditor aad --reden RES 3< <(phrase bo && phrase aad) >"$output" 2>"$errors" ||
        { cat "$errors"; return 1; }
    as aad log uitvoer "$MK_TMP/accepted" && verified 0 "$yes"'
assert [n["code"] for n in d["intact"]["notes"]]==["restarted"] and "mark-restarted" in [n["code"] for n in d["complete"]["notes"]]' \
        --witness "$MK_TMP/seen.mark" "$MK_TMP/accepted"
}
claim "a restore that custodian and auditor accepted passes, and is told" restored
clock() {
    MELDKLUIS_TEST_TIME=2020-01-01 as ivo lijst && as aad log uitvoer "$MK_TMP/clock" &&
        verified 4 'assert d["intact"]["findings"][0]["code"]=="clock-back" and "2020-01-01" in d["intact"]["reason"]' "$MK_TMP/clock"
}
claim "a clock that was set back is told, with both times" clock

# ---- hostile folders ------------------------------------------------------------------
hostile() { # CODE COMMAND...: made in a copy of the export
    rm -rf "$MK_TMP/bad" && cp -a "$out" "$MK_TMP/bad" && (cd "$MK_TMP/bad" && "${@:2}") &&
        verified 4 "assert '$1' in [f['code'] for f in d['intact']['findings']]" "$MK_TMP/bad"
}
instead() { rm -r "${@: -1}" && "$@"; }
claim "a link in the place of a bundle is not followed" hostile file-strange instead ln -s "$out/tile/entries/000" tile/entries/000
claim "nor one in the place of a folder" hostile file-strange instead ln -s "$out/tile/0" tile/0
claim "nobody waits for a FIFO" hostile file-strange instead mkfifo members
claim "a folder is no file" hostile file-strange instead mkdir heads
huge() { truncate -s 3T members && truncate -s 3T tile/entries/000; }
claim "a file of three terabytes is not read" hostile file-strange huge
endless() { truncate -s 400M heads; }
claim "heads of zeros end" hostile head-form endless
size_claim() { sed -i '2s/.*/9223372036854775807/' checkpoint; }
claim "a checkpoint of 2^63 entries ends" hostile checkpoint-signature size_claim
link() { ln -s "$out" "$MK_TMP/link" && verified 0 "$yes" "$MK_TMP/link"; }
claim "the export itself may be a link: whoever runs it names it" link
closed() { find "$out" -newer "$MK_TMP/stamp" | grep -q . && return 1 || return 0; }
touch "$MK_TMP/stamp"
"$verify" "$out" >/dev/null
claim "it writes nothing" closed
full() { "$verify" "$out" >/dev/full 2>"$errors"; [ $? -eq 1 ] && [ "$(wc -l <"$errors")" -eq 1 ]; }
unheard() { "$verify" "$out" >&- 2>"$errors"; [ $? -eq 1 ] && [ "$(wc -l <"$errors")" -eq 1 ]; }
claim "an answer that nobody can hear is an error" unheard
claim "a full disk behind its output is an error" full
if grep -aq __asan_init "$verify"; then
    echo "skip - it judges in a sandbox: a sanitizer needs more than it leaves"
else
    jailed() { # held up by a pipe that is full, when it has judged
        local status
        mkfifo "$MK_TMP/pipe" && exec 9<>"$MK_TMP/pipe"
        dd if=/dev/zero of="$MK_TMP/pipe" oflag=nonblock bs=4096 status=none 2>/dev/null
        "$verify" "$out" >&9 &
        for _ in $(seq 50); do
            status=$(grep -E '^(NoNewPrivs|Seccomp):' "/proc/$!/status" | tr -d '\t\n')
            [ "$status" = NoNewPrivs:1Seccomp:2 ] && break
            sleep 0.1
        done
        kill $! 2>/dev/null
        exec 9>&-
        [ "$status" = NoNewPrivs:1Seccomp:2 ] || { echo "$status"; return 1; }
    }
    claim "it judges in a sandbox" jailed
fi
no_writer() { ! nm -C "$verify" 2>/dev/null | grep -E ' [Tt] mk_(merkle|note|keyring|leaf|head|env_open|env_seal|vault|store|export|crypto)_' ; }
claim "it contains nothing of what writes the log" no_writer
