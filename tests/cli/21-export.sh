#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The access log written out, and checked by an implementation that is not ours:
# the Go packages sumdb/note and sumdb/tlog.
# store: both
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
# shellcheck source=tests/go/kit.sh
. "$MK_SRC/tests/go/kit.sh"
new_vault
out=$MK_TMP/uit
verdict=$MK_TMP/verdict
accepted() { # PYTHON EXPORT [EARLIER]
    "$exportcheck" "${@:2}" >"$verdict" 2>"$errors" || { cat "$errors"; return 1; }
    python3 -c "import json; d=json.load(open('$verdict')); $1"
}
rejected() { # PATTERN EXPORT [EARLIER]
    "$exportcheck" "${@:2}" >"$verdict" 2>"$errors" && return 1
    grep -q -- "$1" "$errors" || { cat "$errors"; return 1; }
}
size() { sed -n 2p "$1/checkpoint"; }

# ---- a first export -------------------------------------------------------------------
claim "the log is written to a new folder" ends 0 '' aad log uitvoer "$out"
modes() { [ -z "$(find "$out" ! -type d ! -perm 600 -o -type d ! -perm 700)" ]; }
claim "its files are closed to others" modes
listed() { as aad log lijst --soort log-export --json && json 'assert [e["person"] for e in d["entries"]] == ["aad"]'; }
claim "the export is in the log" listed
inside() { [ "$(size "$out")" -eq 4 ]; } # init, and its session; this one, and its session
claim "and in what was exported" inside
claim "Go accepts it: checkpoint, tiles, leaves" accepted 'assert d["size"]==4' "$out"
left() { ! find "$out" -name '.new' | grep -q .; }
claim "nothing half-written is left" left
same_members() { cmp "$out/members" <(document keyring | sed '/^slots:$/,$d'); }
claim "members is the keyring without its slots" same_members
claim "an inspector cannot export" ends 3 auditor ilse log uitvoer "$MK_TMP/ilse"
claim "a custodian cannot export" ends 3 auditor bo log uitvoer "$MK_TMP/bo"
claim "English has its own words" ends 0 '' aad --lang en log export "$MK_TMP/en"

# ---- another, after more work ---------------------------------------------------------
cp -a "$out" "$MK_TMP/first"
grow() { # REFS: an entry each
    { sed -n 1p "$MK_SRC/tests/data/dossiers-2018-2020.csv" &&
        sed -n 2p "$MK_SRC/tests/data/dossiers-2018-2020.csv" >"$MK_TMP/row" &&
        seq "$1" "$2" | while read -r n; do sed "s/^[^,]*/proef-$n/" "$MK_TMP/row"; done; } >"$MK_TMP/rows.csv"
    as ilse invoer "$MK_TMP/rows.csv" || not_ok "rows are imported" "$(cat "$errors")"
}
grow 1 600
as_json() {
    ends 0 '' aad log uitvoer "$out" --json && json 'assert d["saved"] and d["before"]==4 and d["log_size"]>600
assert d["heads"]>4 and d["registers"]==1 and not d["repaired"] and len(d["log_root"])==64'
}
claim "a second export into the same folder says what was there before" as_json
claim "Go accepts more than one tile, and the earlier export as its beginning" \
    accepted 'assert d["size"]>600 and d["earlier"]==4' "$out" "$MK_TMP/first"
claim "an entry is proven with few reads: the tiles above it and those at the edge" \
    accepted 'assert 1<=d["reads"]<=3' "$out"
partial() { [ ! -e "$out/tile/0/000.p" ] && [ ! -e "$out/tile/entries/000.p" ] && [ -f "$out/tile/0/000" ]; }
claim "partial tiles that became whole are gone" partial
grow 601 610
cp -a "$out" "$MK_TMP/second"
touch -d 2020-01-01 "$out/tile/0/000" "$out/tile/entries/001" "$out/members"
as aad log uitvoer "$out"
untouched() { [ "$(stat -c %Y "$out/tile/0/000" "$out/tile/entries/001" "$out/members" | sort -u | wc -l)" -eq 1 ]; }
claim "a third leaves alone what has not changed" untouched
claim "Go accepts it behind the second" accepted 'assert d["earlier"]>600' "$out" "$MK_TMP/second"
fresh() {
    as aad log uitvoer "$MK_TMP/fresh" && "$exportcheck" "$MK_TMP/fresh" "$out" >"$verdict" &&
        cmp "$MK_TMP/fresh/tile/0/001" "$out/tile/0/001" && cmp "$MK_TMP/fresh/tile/entries/001" "$out/tile/entries/001"
}
claim "what grew step by step is what is written at once" fresh

# ---- what Go refuses ------------------------------------------------------------------
damaged() { # FILE OFFSET
    rm -rf "$MK_TMP/bad" && cp -a "$out" "$MK_TMP/bad" && flip "$MK_TMP/bad/$1" "$2"
}
tile() { damaged tile/0/001 777 && rejected 'tree:' "$MK_TMP/bad"; }
claim "a flipped bit in a tile" tile
upper() { damaged "$(cd "$out" && find tile/1 -type f | sort -V | tail -n 1)" 5 && rejected "tree:" "$MK_TMP/bad"; }
claim "a flipped bit in a tile above" upper
leaf() { damaged tile/entries/000 2000 && rejected 'tree:' "$MK_TMP/bad"; }
claim "a flipped bit in an entry" leaf
signature() { damaged checkpoint $(($(stat -c %s "$out/checkpoint") - 20)) && rejected 'checkpoint:' "$MK_TMP/bad"; }
claim "a flipped bit in the signature" signature
root() { damaged checkpoint $(($(head -n 2 "$out/checkpoint" | wc -c) + 3)) && rejected 'checkpoint:' "$MK_TMP/bad"; }
claim "another root" root
shorter() {
    damaged vkey 0 && cp "$out/vkey" "$MK_TMP/bad/" && sed -i "2s/.*/$(size "$MK_TMP/first")/" "$MK_TMP/bad/checkpoint" &&
        rejected 'checkpoint:' "$MK_TMP/bad"
}
claim "another size" shorter
stranger() { damaged vkey 20 && rejected 'checkpoint:' "$MK_TMP/bad"; }
claim "another key" stranger
swapped() {
    damaged vkey 0 && cp "$out/vkey" "$MK_TMP/bad/" && cp "$out/tile/0/000" "$MK_TMP/bad/tile/0/001" &&
        rejected 'tree:' "$MK_TMP/bad"
}
claim "a tile in the place of another" swapped
backwards() { rejected 'consistency:' "$MK_TMP/first" "$out"; }
claim "a log that became shorter" backwards

# ---- folders that do not fit ----------------------------------------------------------
mkdir "$MK_TMP/docs" && echo x >"$MK_TMP/docs/letter"
claim "a folder with other things is refused" ends 2 'geen lege map' aad log uitvoer "$MK_TMP/docs"
alone() { [ "$(ls -A "$MK_TMP/docs")" = letter ]; }
claim "and left as it was" alone
claim "a file is no folder" ends 2 'geen lege map' aad log uitvoer "$MK_TMP/docs/letter"
claim "nor is a place in a folder that is not there" ends 1 'de map voor' aad log uitvoer "$MK_TMP/nergens/uit"
of_files "$no_folder" "the folder of the vault is no place for it" ends 2 'geen plaats' aad log uitvoer "$(place)"
deeper() { ends 2 'geen plaats' aad log uitvoer "$(place)/uit" && [ ! -e "$(place)/uit" ]; }
of_files "$no_folder" "nor is one inside it" deeper
other_log() {
    new_place ander && MELDKLUIS=$(place_of ander) "$meldkluis" init --herkomst Proef --bewaarder bo --inspecteur ilse --analist ana \
        --auditor aad --passphrase-fd 3 3< <(phrase bo && phrase ilse && phrase ana && phrase aad) 2>/dev/null &&
        ends 4 'ander logboek' aad --kluis "$(place_of ander)" log uitvoer "$out" && "$exportcheck" "$out" "$MK_TMP/second" >"$verdict"
}
claim "the export of another log of the same name is refused and stays whole" other_log
dry() {
    before=$(size "$out")
    ends 0 '' aad log uitvoer "$out" --proef --json && json 'assert not d["saved"] and d["files"]==0' &&
        [ "$(size "$out")" = "$before" ] && as aad log lijst --soort log-export --json &&
        json 'assert d["entries"][-1]["outcome"]=="dry-run"'
}
claim "a dry run writes its entry and nothing else" dry
dry_new() {
    ends 0 '' aad log uitvoer "$MK_TMP/later/" --proef --json && json 'assert not d["saved"] and d["before"] == 0 and d["files"] == 0' &&
        [ ! -e "$MK_TMP/later" ]
}
claim "not even the folder" dry_new
claim "where it says what would be in the way" ends 1 'de map voor' aad log uitvoer "$MK_TMP/nergens/uit" --proef
of_files "$no_folder" "such as the folder of the vault" ends 2 'geen plaats' aad log uitvoer "$(place)/uit" --proef

# ---- an old copy ----------------------------------------------------------------------
keep old
as ilse lijst
as aad log uitvoer "$out"
put_back old
written_out() { # with the status of the vault, and the export as it is found
    as aad log uitvoer "$MK_TMP/back" --json
    [ $? -eq 4 ] && grep -q 'ouder' "$errors" && json 'assert d["saved"]' && accepted 'True' "$out" "$MK_TMP/back"
}
claim "a vault that was put back is written out, a beginning of what went before" written_out
claim "without an entry" same_as old
claim "but not over an export that knows more" ends 4 'geen begin' aad log uitvoer "$out"
claim "an analyst cannot do so either" ends 3 auditor ana log uitvoer "$MK_TMP/ana"

# ---- the key of the log ---------------------------------------------------------------
"$meldkluis" -g bo --passphrase-fd 3 herstart --auditor aad --reden RES 3< <(phrase bo && phrase aad) 2>/dev/null
key_file() { # WHO PASSPHRASE FILE
    "$meldkluis" -g "$1" --passphrase-fd 3 log sleutel "$3" 3< <(phrase "$1" && echo "$2") >"$output" 2>"$errors"
}
made() {
    key_file aad 'een lang geheim woord' "$MK_TMP/sleutel" && [ "$(stat -c %a "$MK_TMP/sleutel")" = 600 ] &&
        head -n 1 "$MK_TMP/sleutel" | grep -qx 'meldkluis-log-key: 1' && [ "$(wc -l <"$MK_TMP/sleutel")" -eq 8 ]
}
claim "an auditor gets a key file" made
not_over() { cp "$MK_TMP/sleutel" "$MK_TMP/was"; ! key_file aad 'een lang geheim woord' "$MK_TMP/sleutel" && cmp "$MK_TMP/was" "$MK_TMP/sleutel"; }
claim "nothing is overwritten" not_over
weak() { key_file aad kort "$MK_TMP/kort"; [ $? -eq 2 ] && [ ! -e "$MK_TMP/kort" ]; }
claim "a short passphrase is refused" weak
others() { key_file ilse 'een lang geheim woord' "$MK_TMP/ilse.key"; [ $? -eq 3 ] && [ ! -e "$MK_TMP/ilse.key" ]; }
claim "an inspector gets none" others
key_logged() { as aad log lijst --soort log-key --json && json 'assert [e["person"] for e in d["entries"]] == ["aad"]'; }
claim "whoever made one is in the log" key_logged
