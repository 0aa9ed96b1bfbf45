#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# invoer: all or nothing, or the good rows; the figures that must come out.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
new_vault
data=$MK_SRC/tests/data/dossiers-2018-2020.csv
count() { as ilse lijst --json && json 'print(len(d["dossiers"]))'; }

head -n 4 "$data" >"$MK_TMP/few.csv"
{ head -n 4 "$data" && sed -n 5p "$data" | sed 's/,KO,/,XX,/' && sed -n 6p "$data"; } >"$MK_TMP/bad.csv"
refused() {
    as ilse invoer "$MK_TMP/bad.csv"
    [ $? -eq 2 ] && grep -q 'regel 5: .*sector' "$errors" && [ "$(count)" = 0 ]
}
claim "one bad row: its line is named and nothing is imported" refused
no_file() { [ ! -e "$MK_TMP/bad.csv.geweigerd.csv" ]; }
claim "and no file is made" no_file
partial() {
    as ilse invoer "$MK_TMP/bad.csv" --partial && cp "$errors" "$MK_TMP/said" &&
        grep -q '^4 dossiers ingevoerd, 1 ' "$output" && [ "$(count)" = 4 ]
}
claim "--partial imports the good rows" partial
told() {
    ! grep -q 'er is niets' "$MK_TMP/said" && grep -q "staan in: $MK_TMP/bad.csv.geweigerd.csv" "$MK_TMP/said"
}
claim "it says where the refused rows are, and not that nothing was saved" told
kept() {
    local file=$MK_TMP/bad.csv.geweigerd.csv
    [ "$(stat -c %a "$file")" = 600 ] && [ "$(wc -l <"$file")" -eq 2 ] &&
        [ "$(head -n 1 "$file")" = "$(head -n 1 "$data")" ] && sed -n 2p "$file" | grep -q ',XX,'
}
claim "the refused row is in a file of its own, under the header" kept
mended() {
    sed -i 's/,XX,/,KO,/' "$MK_TMP/bad.csv.geweigerd.csv" && as ilse invoer "$MK_TMP/bad.csv.geweigerd.csv" &&
        [ "$(count)" = 5 ]
}
claim "which can be mended and imported" mended
twice() { as ilse invoer "$MK_TMP/few.csv"; [ $? -eq 2 ] && [ "$(count)" = 5 ]; }
claim "a reference that is in the vault already is refused" twice
none_refused() {
    sed -n '1p;8p' "$data" >"$MK_TMP/one.csv" && as ilse invoer "$MK_TMP/one.csv" --partial &&
        [ ! -e "$MK_TMP/one.csv.geweigerd.csv" ]
}
claim "without a refused row no file stays behind" none_refused
column() { sed '1s/sector/secteur/' "$data" >"$MK_TMP/c.csv" && ends 2 'regel 1: kolom [0-9]* is onbekend.*: ref received channel ' ilse invoer "$MK_TMP/c.csv" && [ "$(count)" = 6 ]; }
claim "an unknown column is refused by its number, with those that are allowed" column
claim "semicolons between columns are told from a wrong column" ends 2 "regel 1: het bestand heeft puntkomma's.*CSV met komma's" ilse invoer <(tr , ';' <"$data")
claim "a file that is not there is refused" ends 2 'er niet' ilse invoer "$MK_TMP/nergens.csv"
claim "a folder is no file" ends 2 'geen bestand' ilse invoer "$MK_TMP"
dry() { sed -n '1p;9p' "$data" >"$MK_TMP/d.csv" && as ilse invoer "$MK_TMP/d.csv" --proef && grep -q 'niets opgeslagen' "$output" && [ "$(count)" = 6 ]; }
claim "a dry run imports nothing" dry
quiet_ref() { ! as ilse lijst || ! grep -q '2018-0001' "$output"; }
claim "the old reference does not stand in a list" quiet_ref
json_result() {
    sed -n '1p;10p' "$data" >"$MK_TMP/j.csv" && as ilse invoer "$MK_TMP/j.csv" --json && json 'assert d["imported"]==1 and d["refused"]==0'
}
claim "the result in JSON" json_result
