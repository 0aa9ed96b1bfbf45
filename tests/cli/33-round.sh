#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# round and advise: what they say is held against the figures themselves.
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
program=$MK_BUILD/meldkluis-factsheet
sdc=$MK_SRC/tests/data/sdc
cd "$MK_TMP" || exit 1
head -c 32 /dev/zero | tr '\0' k >key
head -c 32 /dev/zero | tr '\0' l >other

run() { "$program" "$@" >"$output" 2>"$errors"; }
status() { # STATUS ARGUMENTS...: ends with that
    local wanted=$1 got
    shift
    run "$@"
    got=$?
    [ "$got" -eq "$wanted" ] || { echo "status $got, not $wanted: $(head -c 600 "$errors")" && return 1; }
}
of() { # CASE: its two files, as options
    echo "--spec $sdc/$1/spec.json --data $sdc/$1/micro.csv"
}
empty() { [ -z "$(ls -A "$1" 2>/dev/null)" ]; }
proof() { jq -e "$2" "$1/proof.json" >/dev/null || { jq -c . "$1/proof.json" && return 1; }; }

# ---- rounding ---------------------------------------------------------------------------

# shellcheck disable=SC2046 # words
round() { status 0 round $(of "$1") --base "$2" --key "${4:-key}" --out "$3"; }
three() {
    [ "$(cd "$1" && echo *)" = 'cells.csv proof.json release.json' ] && [ -z "$(find "$1" -type f ! -perm 600)" ] &&
        [ "$(stat -c %a "$1")" = 700 ]
}
counted() { # CASE BASE OUT: each figure against the records themselves, and each interval
    awk -F, -v base="$2" -v cells="$3/cells.csv" 'NR > 1 {
        for (m = 0; m < 2 ^ NF; m++) { # under each set of totals
            key = ""
            for (i = 1; i <= NF; i++) key = key (int(m / 2 ^ (i - 1)) % 2 ? "*" : $i) ","
            n[key]++
        }
    } END {
        while ((getline line < cells) > 0) {
            k = split(line, c, ",")
            if (c[k] == "hi") continue
            key = ""
            for (i = 1; i <= k - 4; i++) key = key c[i] ","
            v = n[key] + 0; f = c[k - 3]; far = f > v ? f - v : v - f
            bad += f % base || far >= base || (v % base == 0 && far)
            bad += c[k - 2] != "published" || c[k - 1] + 0 > v || c[k] + 0 < v
            if (v > 0 && v < base) { bad += c[k] - c[k - 1] < base - 1; small++ }
            if (bad) { print line, v; exit }
            seen++
        }
        exit bad || seen < 20 || !small
    }' "$sdc/$1/micro.csv"
}
sums() { # OUT: two dimensions; inner figures against all margins
    awk -F, 'NR > 1 {
        v[$1 "," $2] = $3; r[$1]; c[$2]
    } END {
        for (i in r) { s = 0; for (j in c) if (j != "*") s += v[i "," j]; bad += s != v[i ",*"] }
        for (j in c) { s = 0; for (i in r) if (i != "*") s += v[i "," j]; bad += s != v["*," j] }
        exit bad > 0
    }' "$1/cells.csv"
}
claim "D01 is rounded to 5" round D01 5 D01
claim "three files, for their owner only" three D01
claim "every figure is a multiple next to the count of its records, inside what it leaves open" counted D01 5 D01
claim "all tables still add up" sums D01
claim "D10 is rounded to 3, with a threshold of 3" round D10 3 D10
claim "D10: the same holds" counted D10 3 D10
proven() {
    proof "$1" '.schema == "meldkluis-sdc-proof/1" and .method == "round" and .base == '"$2"' and .faults == 0 and .primary > 0 and
        .narrowest >= '"$(($2 - 1))"' and .attempts >= 1 and .work > 0 and .witness_tables > 0 and .moved == 0 and .cells > 20'
}
claim "proof.json says how close anybody comes" proven D01 5
told() { # release.json tells what cells.csv tells, and no more
    jq -r '.cells[] | .[:-2] + ["published"] + .[-2:] | join(",")' "$1/release.json" | diff - <(tail -n +2 "$1/cells.csv") &&
        jq -e '.method == "round" and .base == 5 and keys == ["base", "cells", "method", "schema", "spec"]' "$1/release.json" >/dev/null
}
claim "release.json holds the figures, and no value" told D01
again() { round D01 5 again && diff -r D01 again && round D01 5 another other && ! cmp -s D01/cells.csv another/cells.csv; }
claim "the same key gives the same bytes, another one others" again

pairs() { # seven of one each, and each two of them together: two go up, but no pair may
    jq -n '[range(7) | "r\(.)"] as $l | {dims: ["row"], levels: {row: $l}, tables: [["row"]], threshold: 3,
        hierarchies: {row: ([range(7) as $i | range($i + 1; 7) as $j | {key: "p\($i)\($j)", value: [$l[$i], $l[$j]]}] | from_entries)}}' \
        >pairs.json
    { echo row && seq -f r%.0f 0 6; } >pairs.csv
    status 6 round --spec pairs.json --data pairs.csv --base 3 --key key --out pairs && empty pairs &&
        [ "$(head -1 "$errors")" = 'er zijn geen veelvouden van 3 dichtbij waarmee alle tabellen optellen; neem minder detail' ] &&
        [ "$(wc -l <"$errors")" -eq 2 ] && grep -q 'onthullingscontrole weigert' "$errors"
}
claim "tables that no rounding makes add up are refused, and it says so" pairs

refused() { # SENTENCE STATUS PATTERN ARGUMENTS...: one line, and no file
    local sentence=$1 wanted=$2 pattern=$3
    shift 3
    rm -rf refused
    run "$@"
    local got=$?
    if [ $got -ne "$wanted" ] || [ "$(wc -l <"$errors")" -ne 1 ] || ! grep -q "^meldkluis-factsheet: .*$pattern" "$errors" ||
        [ -s "$output" ] || ! empty refused; then
        not_ok "$sentence" "status $got: $(head -c 600 "$errors")"
    else
        ok "$sentence"
    fi
}
# shellcheck disable=SC2046 # words, here and below
{
    refused "a base of 4 is refused" 2 'onjuist gebruik: --base' round $(of D01) --base 4 --key key --out refused
    refused "a threshold above the base is refused" 2 'threshold' round $(of D01) --base 3 --key key --out refused
    head -c 31 key >short
    refused "a key that is too short is refused" 2 'key' round $(of D01) --base 5 --key short --out refused
    refused "no key" 2 'onjuist gebruik: --key' round $(of D01) --base 5 --out refused
    run protect $(of D01) --out P
    refused "what was protected before is not rounded" 6 'eerdere publicatie' \
        round $(of D01) --base 5 --key key --previous P/release.json --out refused
    refused "nor is what was rounded before" 6 'eerdere publicatie' \
        round $(of D01) --base 5 --key key --previous D01/release.json --out refused
}

# ---- a release beside it ------------------------------------------------------------------

beside() { # an ordinary protection that reckons with the figures; then both audited together
    # shellcheck disable=SC2046
    status 0 protect $(of D01) --previous D01/release.json --out beside && proof beside '.earlier_releases == 1 and .faults == 0' &&
        status 0 audit --spec "$sdc/D01/spec.json" --cells beside/cells.csv --previous D01/release.json &&
        grep -q ' 0 geven iets weg$' "$output"
}
claim "a protection with the rounding before it is safe beside it" beside
inside() { # what is hidden now lies in what was printed then, and is known no closer than five values where small
    join -t '|' <(awk -F, 'NR > 1 { print $1 "," $2 "|" $3 "," $4 "," $5 "," $6 }' beside/plan.csv | sort) \
        <(awk -F, 'NR > 1 { print $1 "," $2 "|" $5 "," $6 }' D01/cells.csv | sort) >both
    awk -F'[|,]' '{
        v = $3; bad += v + 0 < $7 + 0 || v + 0 > $8 + 0
        if ($4 != "published") bad += $5 + 0 < $7 + 0 || $6 + 0 > $8 + 0
        if (v > 0 && v < 5) { bad += $4 == "published" || $6 - $5 < 4; small++ }
    } END { exit bad > 0 || NR < 20 || !small }' both
}
claim "what is hidden beside it lies inside the figure's interval" inside
apart() { # a suppression that knew nothing of the rounding
    status 6 audit --spec "$sdc/D01/spec.json" --cells P/plan.csv --previous D01/release.json && grep -q 'te nauwkeurig bekend' "$output"
}
claim "one that knew nothing of it is found by the audit" apart
changed() { # a record more: nine of the figures' values are still possible, the tables are not
    { cat "$sdc/D01/micro.csv" && for _ in 1 2 3 4 5 6 7 8 9; do sed -n 2p "$sdc/D01/micro.csv"; done; } >late.csv
    status 6 protect --spec "$sdc/D01/spec.json" --data late.csv --previous D01/release.json --out changed &&
        grep -q 'een eerdere publicatie heeft een ander getal' "$errors" && empty changed
}
claim "figures that do not go with the records are refused" changed

# ---- audit of rounded tables ----------------------------------------------------------------

audit() { run audit --spec "$sdc/D01/spec.json" "$@"; }
bare() { sed '1s/.*/categorie,opvangsoort,value,status/; 2,$s/,[0-9]*,[0-9]*$//' D01/cells.csv; }
good() {
    audit --cells D01/cells.csv --base 5 && grep -q 'afgerond: 0 geven iets weg$' "$output" &&
        bare >bare.csv && audit --cells bare.csv --base 5 --out audit && grep -q ' 0 geven iets weg$' "$output" &&
        audit --cells bare.csv --base 5 --data "$sdc/D01/micro.csv" && grep -q ' 0 geven iets weg$' "$output"
}
claim "rounded tables, ours or with figures only, are audited with --base" good
same() { # the intervals that the audit finds are those beside the figures
    diff <(awk -F, 'NR > 1 { print $1, $2, $4, $5, $6 }' audit/audit.csv | sort) \
        <(awk -F, 'NR > 1 { print $1, $2, $3, $5, $6 }' D01/cells.csv | sort) && [ "$(grep -c ',rounded,' audit/audit.csv)" -gt 20 ]
}
claim "and it says per cell what can be inferred: the same" same
narrow() { # a tool that rounds to the nearest: everything is within two
    awk -F, 'NR == 1 { print $0 ",lo,hi"; next } { print $0 "," ($3 < 2 ? 0 : $3 - 2) "," $3 + 2 }' bare.csv >nearest.csv
    audit --cells nearest.csv --base 5
    [ $? -eq 6 ] && grep -q 'afgerond, maar te nauwkeurig bekend' "$output"
}
claim "figures that tell more, as of a tool that rounds to the nearest, are found" narrow
to_three() {
    jq '.threshold = 5 | del(.unsafe_counts)' "$sdc/D10/spec.json" >five.json
    status 6 audit --spec five.json --cells D10/cells.csv --base 3 && status 0 audit --spec "$sdc/D10/spec.json" --cells D10/cells.csv --base 3
}
claim "base 3 is too fine for a threshold of 5, and does for one of 3" to_three
# rounded figures beside exact ones of somebody else
beside_exact() {
    audit --cells bare.csv --base 5 --previous P/release.json
    [ $? -eq 6 ] && grep -q 'afgerond, ' "$output"
}
claim "beside what was protected apart they give something away" beside_exact
sed '3s/^\([^,]*,[^,]*\),[0-9]*/\1,7/' bare.csv >off.csv
refused "a figure that is no multiple is refused with its line" 2 'regel 3: .*off.csv: value' \
    audit --spec "$sdc/D01/spec.json" --cells off.csv --base 5 --out refused
refused "a base that is none" 2 'onjuist gebruik: --base' audit --spec "$sdc/D01/spec.json" --cells bare.csv --base 10 --out refused

# ---- advice ---------------------------------------------------------------------------------

advice() { # the numbers of what is now are those of protect, and the text those of the file
    # shellcheck disable=SC2046
    status 0 advise $(of D01) --out advice && [ "$(cd advice && echo *)" = advice.csv ] &&
        [ "$(awk -F, '$1 == "0" { print $7 }' advice/advice.csv)" = "$(grep -c ',hidden,' P/cells.csv)" ] &&
        [ "$(awk -F, '$1 == "0" { print $9 }' advice/advice.csv)" = "$(awk -F, '/,primary,|,secondary,/ { s += $3 } END { print s }' P/plan.csv)" ] &&
        [ "$(grep -c '^ *[0-9]*\. ' "$output")" -eq "$(($(wc -l <advice/advice.csv) - 2))" ]
}
claim "advice starts from what protect hides" advice
merged() { # its first merge, made by hand and protected
    local dim a b of
    IFS=, read -r _ _ dim of _ < <(grep ',merge,' advice/advice.csv | head -1)
    a=${of%+*} b=${of#*+}
    jq --arg d "$dim" --arg a "$a" --arg b "$b" \
        '.levels[$d] |= (map(if . == $a then $a + "+" + $b else . end) | map(select(. != $b)))' "$sdc/D01/spec.json" >merged.json
    awk -F, -v OFS=, -v dim="$dim" -v a="$a" -v b="$b" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == dim) at = i }
        NR > 1 && ($at == a || $at == b) { $at = a "+" b } { print }' "$sdc/D01/micro.csv" >merged.csv
    status 0 protect --spec merged.json --data merged.csv --out merged &&
        [ "$(awk -F, '/,merge,/ { print $6, $8; exit }' advice/advice.csv)" = \
            "$(grep -c ',published,' merged/cells.csv) $(grep -c ',hidden,' merged/cells.csv)" ]
}
claim "its first merge, made by hand, hides what it says" merged
