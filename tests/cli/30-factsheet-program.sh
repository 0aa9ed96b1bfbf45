#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# meldkluis-factsheet on counts of the invented dossiers, on cubes that are none, and
# in its sandbox.
set -u
program=$MK_BUILD/meldkluis-factsheet
data=$MK_SRC/tests/data
cube=$MK_TMP/cube
awk -f "$data/cube.awk" "$data/dossiers-2018-2020.csv" >"$cube"

ok() { echo "ok - $1"; }
not_ok() { echo "not ok - $1${2:+: $2}"; }
claim() { # SENTENCE COMMAND...
    local sentence=$1 output
    shift
    if output=$("$@" 2>&1); then ok "$sentence"; else not_ok "$sentence" "$output"; fi
}
tables() { "$program" tables "$@"; }
cell() { # CSV table,year,care_type,category,measure -> value or mark
    awk -F, -v key="$2" '$1 "," $2 "," $3 "," $4 "," $5 == key { print $7 $8 }' "$1"
}

# ---- the figures ------------------------------------------------------------------

out=$MK_TMP/out
tables --policy exact --format text --format csv --format json --format html \
    --out "$out" <"$cube" >"$MK_TMP/screen" || not_ok "the factsheet is made"
csv=$out/factsheet.csv

figures() {
    local key wanted got rc=0
    while read -r key wanted; do
        got=$(cell "$csv" "$key")
        [ "$got" = "$wanted" ] || { echo "$key is $got, not $wanted" && rc=1; }
    done
    return $rc
}
claim "the published margins come out" figures <<'END'
F7,2018,BSO,,dossiers 33
F7,2019,BSO,,dossiers 30
F7,2020,BSO,,dossiers 32
F1,2019,,,dossiers 134
F1,2020,,,dossiers 103
F2,2019,,SM,dossiers 33
F2,2020,,SM,dossiers 21
F2,2020,,SI,dossiers 18
F2,2020,,PG,dossiers 20
F2,2020,,FG,dossiers 40
F2,2020,,OV,dossiers 4
F2,2020,,TOT,dossiers 103
F3,2020,TOT,TOT,dossiers 103
F4,2019,,SM,mtbp 22
F4,2020,,SM,mtbp 20
END

everything() { # each line of F2, F3, F6 and F7 against counts of the file itself
    awk -F, -v csv="$csv" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        {
            y = substr($at["received"], 1, 4); c = $at["category"]
            k = $at["care_type"]; r = $at["reporter"]
            if (k == "VGO" || k == "GOB") k = "GASTOUDER"
            n["F1," y ",,"]++
            n["F2," y ",," c]++; n["F2," y ",,TOT"]++
            n["F3," y "," k "," c]++; n["F3," y ",TOT," c]++
            n["F3," y "," k ",TOT"]++; n["F3," y ",TOT,TOT"]++
            n["F6," y ",," r]++; n["F6," y ",,TOT"]++
            n["F7," y "," k ","]++; n["F7," y ",TOT,"]++
        }
        END {
            while ((getline line < csv) > 0) {
                split(line, f, ",")
                if (f[1] !~ /^F[12367]$/) continue
                key = f[1] "," f[2] "," f[3] "," f[4]
                if (f[3] == "PSZ" && f[2] > 2018) wanted = ""
                else wanted = n[key] + 0
                if (f[7] != wanted "") { print key, f[7], wanted; bad = 1 }
                seen++
                if (f[8] == "") delete n[key]
            }
            for (key in n) { print key " has no row"; bad = 1 }
            exit bad || seen != 3 + 18 + 108 + 30 + 18
        }' "$data/dossiers-2018-2020.csv"
}
claim "every figure of F1, F2, F3, F6 and F7 equals a count of the file" everything

duties_2018() {
    [ "$(grep -c '^F5,2018,' "$csv")" -eq 33 ] &&
        ! grep '^F5,2018,' "$csv" | grep -v ',dossier,,NR,,$' &&
        ! grep '^F5,20\(19\|20\),' "$csv" | grep NR
}
claim "every duty figure of 2018 is NR, of 2019 and 2020 none" duties_2018

sums() { # direct_j + direct_n + direct_nr = duty; XIV + XX = TOT
    awk -F, '$1 == "F5" && $2 > 2018 { v[$2 "," $4 "," $5] = $7; m[$5]; y[$2] }
        END {
            for (k in y) {
                if (v[k ",TOT,duty"] == 0) exit 1
                for (i in m)
                    if (v[k ",XIV," i] + v[k ",XX," i] != v[k ",TOT," i]) exit 1
                if (v[k ",TOT,direct_j"] + v[k ",TOT,direct_n"] + \
                    v[k ",TOT,direct_nr"] != v[k ",TOT,duty"]) exit 1
            }
        }' "$csv"
}
claim "the duty figures add up" sums

in_all() { # PATTERN: in text, json and html
    grep -q "$1" "$out/factsheet.txt" && grep -q "$1" "$out/factsheet.json" &&
        grep -q "$1" "$out/factsheet.html" && grep -q "$1" "$out/release.json"
}
claim "a window with 2020 has the note on closure" in_all 'In 2020 was'
claim "the position in the stream is on it" in_all '#366'
claim "the screen shows what factsheet.txt holds" cmp "$MK_TMP/screen" "$out/factsheet.txt"
claim "factsheet.csv is the only .csv" [ "$(find "$out" -name '*.csv' | wc -l)" -eq 1 ]
claim "nothing half-written is left" [ -z "$(find "$out" -name '.*' -type f)" ]
claim "json is well-formed and has every line of the csv" \
    [ "$(jq '[.tables[].cells[]] | length' "$out/factsheet.json")" -eq "$(($(wc -l <"$csv") - 1))" ]

again=$MK_TMP/again
tables --policy exact --format text --format csv --format json --format html \
    --out "$again" <"$cube" >/dev/null
claim "made twice, the bytes are the same" diff -r "$out" "$again"
tables --policy exact --format csv --format html --out "$again" <"$cube"
claim "made again in the same folder, the bytes are the same" diff -r "$out" "$again"

# ---- for own use ------------------------------------------------------------------

own=$MK_TMP/own
tables --policy internal --format text --format csv --format json --format html \
    --out "$own" <"$cube" >/dev/null
modes() { # FOLDER MODE: of all files
    [ -z "$(find "$1" -type f ! -perm "$2")" ]
}
marked() {
    local f
    for f in factsheet.txt factsheet.json factsheet.html release.json; do
        grep -q 'NIET VOOR PUBLICATIE' "$own/$f" || return 1
        ! grep -q 'NIET VOOR PUBLICATIE' "$out/$f" || return 1
    done
}
claim "figures for own use say so in every output that has words" marked
claim "files for own use are for their owner only" modes "$own" 600
claim "the folder for own use is for its owner only" [ "$(stat -c %a "$own")" = 700 ]
claim "files for publication can be read by others" modes "$out" 644
claim "VGO and GOB are shown for own use" grep -q '^F7,2020,VGO,,dossiers,dossier,13,' "$own/factsheet.csv"
claim "VGO and GOB are not published" bash -c "! grep -q 'VGO,\|GOB,' '$csv'"

awk -v extra=1 -f "$data/cube.awk" "$data/dossiers-2018-2020.csv" >"$MK_TMP/cube2"
tables --policy internal <"$MK_TMP/cube2" >"$MK_TMP/own2"
tables --policy exact --format csv <"$MK_TMP/cube2" >"$MK_TMP/csv2"
tables --policy exact <"$MK_TMP/cube2" >"$MK_TMP/text2"
claim "uncounted dossiers are told for own use" grep -q '2020: ontvangen 3; jaar onbekend: ontvangen 1' "$MK_TMP/own2"
claim "uncounted dossiers are not published" bash -c "! grep -q 'ontvangen [0-9]' '$MK_TMP/text2'"
unknown() {
    [ "$(cell "$MK_TMP/csv2" F2,2020,,ONB,dossiers)" = 2 ] &&
        [ "$(cell "$MK_TMP/csv2" F2,2020,,TOT,dossiers)" = 105 ] &&
        [ "$(cell "$MK_TMP/csv2" F1,2020,,,dossiers)" = 105 ] &&
        [ "$(cell "$MK_TMP/csv2" F3,2020,ONB,ONB,dossiers)" = 2 ]
}
claim "a dossier withdrawn before its category was known counts, in a row of its own" unknown

# ---- refusals ---------------------------------------------------------------------

refused() { # SENTENCE STATUS PATTERN COMMAND... ; standard input is the cube
    local sentence=$1 wanted=$2 pattern=$3 output status
    shift 3
    output=$("$@" 2>&1 <"${input:-$cube}")
    status=$?
    if [ $status -ne "$wanted" ]; then
        not_ok "$sentence" "status $status, $output"
    elif [ "$(printf '%s\n' "$output" | wc -l)" -ne 1 ] ||
        ! grep -q "^meldkluis-factsheet: .*$pattern" <<<"$output"; then
        not_ok "$sentence" "$output"
    else
        ok "$sentence"
    fi
}
refused "without a policy there are no tables" 2 'onjuist gebruik: --policy (ontbreekt); .*; zie meldkluis-factsheet tables --help$' tables
refused "a policy in a file is none" 2 'onjuist gebruik: --policy' tables --policy policy.json
refused "a threshold alone is no policy" 2 'onjuist gebruik: --policy (ontbreekt)' tables --threshold 5
for command in protect audit round advise; do
    refused "$command wants a specification" 2 "onjuist gebruik: --spec (ontbreekt); .*; zie meldkluis-factsheet $command --help" "$program" $command
    refused "and says so in English" 2 'wrong usage: --spec (is missing)' "$program" $command --lang en
done
refused "there is no format docx" 2 "formaat docx is er niet; .*kies uit text, csv, json" \
    tables --policy exact --format docx
refused "no command is a mistake" 2 'onjuist gebruik.*zie meldkluis-factsheet --help$' "$program"
refused "an unknown command is a mistake" 2 'onjuist gebruik: protekt (onbekende opdracht)' "$program" protekt
refused "an unknown option is a mistake" 2 'onjuist gebruik: --vault (onbekende optie)' tables --policy exact --vault x
refused "an option given twice is a mistake" 2 '--policy (staat er twee keer)' tables --policy exact --policy internal
refused "a bad threshold is a mistake" 2 'threshold' tables --policy exact --threshold 5x
refused "several formats need a folder" 2 'out' tables --policy exact --format csv --format json
refused "errors come in English too" 2 'there is no format x' tables --lang en --format x
refused "a folder without a parent is refused" 1 'map voor --out is er niet' \
    tables --policy exact --out "$MK_TMP/none/out"
touch "$MK_TMP/file"
refused "a file is no folder" 1 'mislukt bij --out' tables --policy exact --out "$MK_TMP/file"

# ---- cubes that are none ----------------------------------------------------------

bad=$MK_TMP/bad
malformed() { # SENTENCE LINE
    input=$bad refused "$1" 2 "regel $2: " tables --policy exact --format csv
}
: >"$bad" && malformed "an empty input is refused" 1
head -n 100 "$cube" >"$bad" && malformed "a cube cut off between rows is refused" 101
head -c 4000 "$cube" >"$bad"
malformed "a cube cut off inside a row is refused" "$(wc -l <"$bad" | awk '{ print $1 + 1 }')"
sed '20p' "$cube" | sed 's/^rows: 263/rows: 264/' >"$bad"
malformed "a combination that occurs twice is refused" 21
sed '20p' "$cube" >"$bad" && malformed "more rows than announced are refused" 272
sed '20s/,KDV,/,XYZ,/;20s/,BSO,/,XYZ,/;20s/,VGO,/,XYZ,/' "$cube" >"$bad"
malformed "an unknown code is refused" 20
sed '20s/,[0-9]*$/,99999999999999999999999/' "$cube" >"$bad"
malformed "a huge number is refused" 20
sed '20s/,[0-9]*$/,-1/' "$cube" >"$bad" && malformed "a negative number is refused" 20
{ head -n 7 "$cube" && yes year | head -n 10000 | paste -sd, && tail -n +9 "$cube"; } >"$bad"
malformed "10,000 columns are refused" 8
{ head -n 8 "$cube" && yes 2018 | head -n 10000 | paste -sd, && tail -n +10 "$cube"; } >"$bad"
malformed "a row of 10,000 columns is refused" 9
sed '20s/,J,/,\x00,/;20s/,N,/,\x00,/' "$cube" >"$bad" && malformed "a NUL is refused" 20
sed 's/$/\r/' "$cube" >"$bad" && malformed "lines that end in CR LF are refused" 1
sed 's/^rows: .*/rows: 1000000/' "$cube" >"$bad"
malformed "fewer rows than announced are refused" 272
head -c 1000000 /dev/urandom >"$bad" && malformed "noise is refused" 1
cp "$data/dossiers-2018-2020.csv" "$bad"
malformed "dossiers are not taken: only counts are" 1
input=$bad refused "nothing is written for a cube that is refused" 2 'regel 1' \
    tables --policy exact --format csv --out "$MK_TMP/unwritten"
claim "not even its folder" [ ! -e "$MK_TMP/unwritten" ]

echo 'meldkluis-cube: none' >"$bad"
silent() {
    local output status
    output=$(tables --policy exact --out "$MK_TMP/unwritten" <"$bad" 2>&1)
    status=$?
    [ $status -eq 2 ] && [ -z "$output" ] && [ ! -e "$MK_TMP/unwritten" ]
}
claim "a sender that gives up is not spoken over" silent
kept() { # FOLDER: one that was there before a refusal stays
    mkdir "$1"
    ! tables --policy exact --out "$1" <"$bad" 2>/dev/null && [ -d "$1" ]
}
claim "a folder that was there before is not taken away" kept "$MK_TMP/kept"
swapped() { # one that came in the place of ours, while the cube is waited for
    local pid got
    mkfifo "$MK_TMP/slow"
    # shellcheck disable=SC2094 # a pipe
    tables --policy exact --out "$MK_TMP/swapped" <"$MK_TMP/slow" 2>/dev/null &
    pid=$!
    exec 8>"$MK_TMP/slow"
    for _ in $(seq 50); do
        [ -d "$MK_TMP/swapped" ] && break
        sleep 0.1
    done
    rmdir "$MK_TMP/swapped" && mkdir "$MK_TMP/swapped"
    exec 8>&-
    wait $pid
    got=$?
    [ $got -eq 2 ] && [ -d "$MK_TMP/swapped" ]
}
claim "nor is one that somebody else put there" swapped

# ---- help -------------------------------------------------------------------------

help_of() { # VERB: its options and no other's, on standard output
    local output
    for words in "$1 --help" "help $1" "$1 --lang en --help"; do
        # shellcheck disable=SC2086 # words
        output=$("$program" $words 2>&1) && grep -q "^meldkluis-factsheet $1$" <<<"$output" || return 1
        [ "$(grep -c '^meldkluis-factsheet' <<<"$output")" -eq 1 ] || return 1
    done
    grep -q 'Status: 0 done' <<<"$output"
}
for verb in protect audit round advise tables publish release check; do
    claim "$verb --help tells how $verb is used" help_of $verb
done
claim "help tells of all of them" [ "$("$program" --help | grep -c '^meldkluis-factsheet [a-z]*$')" -eq 8 ]
mentioned() { # VERB OPTION...: each is in its help and in the man page
    local verb=$1 option
    shift
    for option; do
        if ! "$program" "$verb" --help | grep -q -- "--$option" ||
            ! grep -q -- "Fl Fl $option" "$MK_SRC/docs/meldkluis-factsheet.1"; then
            echo "$option" && return 1
        fi
    done
}
claim "the options of protect are told" mentioned protect spec data out previous work time lang
claim "those of audit" mentioned audit spec cells data out previous work time lang
claim "those of round" mentioned round spec data base key out previous work time lang
claim "those of advise" mentioned advise spec data out previous work time lang
claim "those of tables" mentioned tables policy threshold format out lang

# ---- the output folder ------------------------------------------------------------

mkdir "$MK_TMP/trap"
echo keep >"$MK_TMP/precious"
ln -s "$MK_TMP/precious" "$MK_TMP/trap/.factsheet.csv.part"
tables --policy exact --format csv --out "$MK_TMP/trap" <"$cube"
claim "a link in the place of a part is replaced, not followed" \
    [ "$(cat "$MK_TMP/precious")" = keep -a -f "$MK_TMP/trap/factsheet.csv" ]
linked() {
    rm "$MK_TMP/trap/"* && ln -s "$MK_TMP/precious" "$MK_TMP/trap/factsheet.csv"
    ! tables --policy exact --format csv --out "$MK_TMP/trap" <"$cube" 2>"$MK_TMP/err" &&
        grep -q 'factsheet.csv bestaat al' "$MK_TMP/err" && [ "$(cat "$MK_TMP/precious")" = keep ] &&
        [ ! -e "$MK_TMP/trap/release.json" ]
}
claim "a link in the place of a file is refused, and nothing is written" linked
if [ -e /dev/full ]; then
    tables --policy exact <"$cube" >/dev/full 2>"$MK_TMP/err"
    claim "a full disk is an error" [ $? -eq 1 -a -s "$MK_TMP/err" ]
    tables --policy exact --out "$MK_TMP/lost" <"$cube" >/dev/full 2>"$MK_TMP/err"
    claim "then no file is written beside it" [ $? -eq 1 -a ! -e "$MK_TMP/lost" ]
    "$program" protect --help >/dev/full 2>"$MK_TMP/err"
    claim "help that nobody can read is an error" [ $? -eq 1 -a -s "$MK_TMP/err" ]
fi
tables --policy exact <"$cube" >&- 2>"$MK_TMP/err"
claim "so is standard output that was closed" [ $? -eq 1 -a "$(grep -c 'stdout' "$MK_TMP/err")" -eq 1 ]

# ---- the sandbox ------------------------------------------------------------------

if ! strace -o /dev/null true 2>/dev/null || nm -D "$program" | grep -q __asan; then
    echo "skip - the sandbox is seen from outside: no strace, or a sanitizer build"
else
    exec 7<"$cube"
    strace -f -o "$MK_TMP/trace" "$program" tables --policy exact --format csv --format html \
        --out "$MK_TMP/traced" <"$cube"
    exec 7<&-
    after=$(awk 'f; /seccomp\(SECCOMP_SET_MODE_FILTER, 0, \{/ { f = 1 }' "$MK_TMP/trace")
    input_after() { grep -q ' read(0, "meldkluis-cube' <<<"$after" && ! grep ' open(\|AT_FDCWD' <<<"$after"; }
    claim "the cube is read in the sandbox, and no path is opened in it" input_after
    no_world() { ! grep -E '(socket|connect|execve|clone|fork|ptrace)\(' <<<"$after"; }
    claim "no network and no other program" no_world
    claim "what was open before is closed" grep -q 'close_range(3, ' "$MK_TMP/trace"
    if grep -q 'landlock_create_ruleset(NULL.* = [1-9]' "$MK_TMP/trace"; then
        claim "only the output folder stays reachable, and its removal while empty" \
            [ "$(grep -c 'landlock_add_rule(' "$MK_TMP/trace")" -eq 2 ]
        strace -f -o "$MK_TMP/trace" "$program" tables --policy exact --format csv --format html \
            --out "$MK_TMP/traced" <"$cube"
        claim "where it was there before only the folder" \
            [ "$(grep -c 'landlock_add_rule(' "$MK_TMP/trace")" -eq 1 ]
    fi
fi
