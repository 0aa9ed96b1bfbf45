#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# protect and audit: any table of counts, without a vault.
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
program=$MK_BUILD/meldkluis-factsheet
sdc=$MK_SRC/tests/data/sdc
cd "$MK_TMP" || exit 1

run() { "$program" "$@" >"$output" 2>"$errors"; }
status() { # STATUS ARGUMENTS...: ends with that
    local wanted=$1 got
    shift
    run "$@"
    got=$?
    [ "$got" -eq "$wanted" ] || { echo "status $got, not $wanted: $(head -c 600 "$errors")" && return 1; }
}
protect() { # CASE OUT OPTION...
    local case=$1 out=$2
    shift 2
    run protect --spec "$sdc/$case/spec.json" --data "$sdc/$case/micro.csv" --out "$out" "$@"
}
audit() { # CASE CELLS OPTION...
    local case=$1 cells=$2
    shift 2
    run audit --spec "$sdc/$case/spec.json" --cells "$cells" "$@"
}
proof() { jq -e "$2" "$1/proof.json" >/dev/null || { jq -c . "$1/proof.json" && return 1; }; }
hidden() { grep -c ',hidden,' "$1/cells.csv"; }
empty() { [ ! -e "$1" ]; } # no folder even
no_file() { [ -z "$(ls -A "$1" 2>/dev/null)" ]; } # of a run that was killed

# ---- what comes out -----------------------------------------------------------------

cells_keep() { # CASE: a value exactly where published, bounds exactly where hidden
    [ "$(head -1 "$1/cells.csv")" = "$(jq -r '.dims | join(",")' "$sdc/$1/spec.json"),value,status,lo,hi" ] &&
        awk -F, 'NR > 1 {
            if ($(NF - 2) == "hidden") bad += $(NF - 3) != "" || $(NF - 1) !~ /^[0-9]+$/ || $NF !~ /^[0-9]+$/
            else if ($(NF - 2) == "published") bad += $(NF - 3) !~ /^[0-9]+$/ || $(NF - 1) $NF != ""
            else bad++
        } END { exit bad > 0 || NR < 20 }' "$1/cells.csv"
}
plan_fits() { # CASE: the same cells and bounds, and the value lies inside by the rule
    awk -F, -v plan="$1/plan.csv" 'NR > 1 {
        getline line < plan
        while (line ~ /why$/) getline line < plan
        n = split(line, p, ",")
        for (i = 1; i <= NF - 4; i++) bad += p[i] != $i
        v = p[n - 4]; s = p[n - 3]; lo = p[n - 2]; hi = p[n - 1]
        bad += lo != $(NF - 1) || hi != $NF || v !~ /^[0-9]+$/
        bad += ($(NF - 2) == "published") != (s == "published")
        if (s == "published") { bad += v != $(NF - 3) || (v > 0 && v < 5); next }
        bad += lo + 0 > v + 0 || hi + 0 < v + 0 || lo == hi
        bad += (s == "primary") != (v > 0 && v < 5) # no other rule is on here
        if (s == "primary") bad += lo + 0 > v - 1 || hi + 0 < 5 || hi - lo < 5
    } END { exit bad > 0 }' "$1/cells.csv"
}
counted() { # CASE: plan.csv against the records themselves
    awk -F, -v plan="$1/plan.csv" 'NR > 1 {
        for (m = 0; m < 2 ^ NF; m++) { # under each set of totals
            key = ""
            for (i = 1; i <= NF; i++) key = key (int(m / 2 ^ (i - 1)) % 2 ? "*" : $i) ","
            n[key]++
        }
    } END {
        while ((getline line < plan) > 0) {
            k = split(line, p, ",")
            if (p[k] == "why") continue
            key = ""
            for (i = 1; i <= k - 5; i++) key = key p[i] ","
            if (p[k - 4] != n[key] + 0) { print key, p[k - 4], n[key] + 0; bad = 1 }
            seen++
        }
        exit bad || seen < 20
    }' "$sdc/$1/micro.csv"
}
no_value() { # CASE: release.json tells what cells.csv tells, and no more
    jq -r '.cells[] | .[:-3] + (if .[-3] == null then ["", "hidden"] + .[-2:] else [.[-3], "published", "", ""] end) | join(",")' \
        "$1/release.json" | diff - <(tail -n +2 "$1/cells.csv") &&
        jq -e 'keys == ["cells", "method", "schema", "spec"]' "$1/release.json" >/dev/null
}
modes() { [ -z "$(find "$1" -type f ! -perm 600)" ] && [ "$(stat -c %a "$1")" = 700 ]; }
again() { protect "$1" "$1.again" && diff -r "$1" "$1.again" && protect "$1" "$1.again" && diff -r "$1" "$1.again"; }
four() { [ "$(cd "$1" && echo *)" = 'cells.csv plan.csv proof.json release.json' ] && modes "$1"; }
clean() { audit "$@" && grep -q ' 0 geven iets weg$' "$output" && [ ! -s "$errors" ]; }
made() { protect "$1" "$1" && grep -q 'het kan niet met minder' "$output" && [ ! -s "$errors" ]; }
for case in D01 D04; do
    claim "$case is protected" made $case
    claim "$case: four files, for their owner only" four $case
    claim "$case: cells.csv has a value where it is published and bounds where it is hidden" cells_keep $case
    claim "$case: plan.csv has every value, and the bounds keep the rule" plan_fits $case
    claim "$case: each value is a count of the records" counted $case
    claim "$case: proof.json says that it is proven" proof $case '.schema == "meldkluis-sdc-proof/1" and
        .optimal and .gap == 0 and .cost == .secondary and .faults == 0 and .reproducible and .narrowest >= 5 and
        .outer_intervals == 0 and .cells == .published + .primary + .secondary and .witness_tables > 0 and
        .earlier_releases == 0 and .rule.threshold == 5 and (.rule.insider | not) and .rule.group == [] and
        .rule.zeros == "published" and .rule.contributors == null'
    claim "$case: release.json holds no value of a hidden cell" no_value $case
    claim "$case: made twice it has the same bytes, also in the same folder" again $case
    claim "$case: an audit of what may be shown finds nothing" clean $case $case/cells.csv
    claim "$case: nor does one of the plan" clean $case $case/plan.csv
done
claim "D01 hides 14 cells, D04 45" [ "$(hidden D01) $(hidden D04)" = '14 45' ]
insider() {
    jq '.insider = true' "$sdc/D01/spec.json" >insider.json &&
        status 0 protect --spec insider.json --data "$sdc/D01/micro.csv" --out insider && [ "$(hidden insider)" -eq 15 ] &&
        proof insider '.optimal and .rule.insider' && status 0 audit --spec insider.json --cells insider/cells.csv
}
claim "against somebody who knows one record D01 hides 15" insider
knows_one() { status 6 audit --spec insider.json --cells D01/plan.csv && grep -q 'het ene dossier kent in' "$output"; }
claim "what hides 14 gives that person something, and the audit says what" knows_one
combined() { # one row a combination, with n
    awk -F, 'NR == 1 { print $0 ",n"; next } { n[$0]++ } END { for (k in n) print k "," n[k] }' "$sdc/D01/micro.csv" >n.csv &&
        status 0 protect --spec "$sdc/D01/spec.json" --data n.csv --out combined && diff -r D01 combined
}
claim "a row a combination gives the bytes of a row a record" combined
piped() {
    "$program" protect --spec "$sdc/D01/spec.json" --data - --out piped <"$sdc/D01/micro.csv" >"$output" 2>"$errors" && diff -r D01 piped
}
claim "the data may come down a pipe" piped
english() { protect D01 english --lang en && grep -qx 'proven: it cannot be done with less' "$output" && diff -r D01 english; }
claim "told in English, the files are the same" english

# ---- an audit of what others made ------------------------------------------------------

# only what is small is hidden
awk -F, -v OFS=, '{ print $1, $2, $4 == "primary" ? "" : $3, NR == 1 ? "status" : $4 == "primary" ? "hidden" : "published" }' \
    D01/plan.csv >naive.csv
naive() {
    audit D01 naive.csv --out naive
    [ $? -eq 6 ] && [ "$(wc -l <"$errors")" -eq 1 ] &&
        grep -qx 'categorie=SM,opvangsoort=PO: 2-2: verborgen, en toch precies bekend' "$output" &&
        grep -q ' 12 verborgen: 3 geven iets weg$' "$output" && [ "$(grep -c ',exact,' naive/audit.csv)" -eq 3 ] &&
        proof naive '.faults == 3'
}
claim "hiding the small cells alone is found out, cell by cell" naive
claim "with what to do" grep -q "naive.csv geeft iets weg; .*laat protect het afschermen.*advise zegt welke" "$errors"
shown() {
    awk -F, -v OFS=, '{ print $1, $2, $3, NR == 1 ? "status" : "published" }' D01/plan.csv >shown.csv
    audit D01 shown.csv
    [ $? -eq 6 ] && [ "$(grep -c 'een klein of herleidbaar getal staat er gewoon' "$output")" -eq 12 ]
}
claim "a small figure that is printed is a fault" shown
contradicts() {
    sed 's/^SM,\*,19/SM,*,18/' D01/cells.csv >contradicts.csv && audit D01 contradicts.csv --out contradicts
    local got=$?
    [ $got -eq 6 ] || [ $got -eq 2 ] || { echo "status $got: $(cat "$output" "$errors")" && return 1; }
}
claim "cells that contradict each other are not called safe" contradicts
wrong_bounds() { # what it says about itself is not believed
    sed 's/hidden,.*/hidden,0,9/' naive.csv | sed '1s/$/,lo,hi/;s/published$/published,,/;s/hidden$/hidden,0,9/' >wrong.csv &&
        status 6 audit --spec "$sdc/D01/spec.json" --cells wrong.csv && grep -q '2-2: ' "$output"
}
claim "bounds that the file claims are worked out anew" wrong_bounds

# ---- releases that overlap -------------------------------------------------------------

A=$sdc/RD1A B=$sdc/RD1B
two() {
    protect RD1A A --work 20000 && protect RD1B B --work 20000 --previous A/release.json &&
        proof B '.earlier_releases == 1 and .faults == 0 and .reproducible'
}
claim "a second release is made to go with the first" two
clean_both() { clean RD1A A/cells.csv && clean RD1B B/cells.csv --previous A/release.json; }
claim "an audit of the second with the first finds nothing" clean_both
joint() { # both on one sheet, each cell once
    {
        head -1 A/cells.csv
        { tail -n +2 A/cells.csv | sed 's/^\*,/2018-2020,/'; tail -n +2 B/cells.csv | sed 's/^\*,/2019-2021,/'; } |
            awk -F, '{ key = $1 FS $2 FS $3 FS $4 } !(key in seen) { print } { seen[key] = 1 }'
    } >joint.csv
    clean RD1 joint.csv
}
claim "nor does one of both on one sheet, with the years of both" joint
sticky() { # what both have stays printed or hidden
    join -t '|' <(grep -v '^\*' A/cells.csv | awk -F, '{ print $1 "," $2 "," $3 "," $4 "|" $5 "," $6 }' | sort) \
        <(grep -v '^\*' B/cells.csv | awk -F, '{ print $1 "," $2 "," $3 "," $4 "|" $5 "," $6 }' | sort) >both
    [ "$(wc -l <both)" -gt 100 ] && ! awk -F'|' '$2 != $3' both | grep .
}
claim "what both releases have is printed in both or hidden in both" sticky
apart() {
    protect RD1B B0 --work 20000 && clean RD1B B0/cells.csv || return 1
    audit RD1B B0/cells.csv --previous A/release.json
    [ $? -eq 6 ] && [ "$(grep -c 'en toch precies bekend' "$output")" -ge 1 ]
}
claim "two releases, each safe, are not safe together, and the audit says where" apart
changed() { # a late record in a year that was printed
    { cat "$B/micro.csv" && sed -n '/^2019/{p;q}' "$B/micro.csv"; } >late.csv
    status 6 protect --spec "$B/spec.json" --data late.csv --out late --work 20000 --previous A/release.json &&
        grep -q 'een eerdere publicatie heeft een ander getal, A/release.json: jaar=2019' "$errors" && empty late
}
claim "another figure for what was printed is refused" changed

contributors() { # a 7 of one site was hidden for that; a spec that names no sites cannot keep it
    printf 'k,m,site,n\na,x,1,7\n' >sites.csv
    printf '%s\n' {b,c},{x,y},{1,2,3,4},3 >>sites.csv
    printf 'k,m,n\na,x,7\n' >bare.csv
    printf '%s\n' {b,c},{x,y},12 >>bare.csv
    jq -n '{dims: ["k", "m"], levels: {k: ["a", "b", "c"], m: ["x", "y"]}, insider: false, tables: [["k"]],
        contributors: {tags: ["site"], min: 3, share: 0.5}}' >sites.json
    jq '.tables = [["k", "m"]]' sites.json >both.json && jq '.contributors = null' both.json >bare.json
    status 0 protect --spec sites.json --data sites.csv --out by.site && grep -q '^a,\*,,hidden' by.site/cells.csv &&
        proof by.site '.rule.contributors == {tags: ["site"], min: 3, share: 0.5}' &&
        status 0 protect --spec both.json --data sites.csv --out by.both --previous by.site/release.json &&
        status 6 protect --spec bare.json --data bare.csv --out bare --previous by.site/release.json &&
        grep -q 'minder dan by.site/release.json: contributors heeft beloofd' "$errors" && empty bare
}
claim "what was hidden for its contributors is not held against data that lack them" contributors

between_two() { # two that are not safe together, and a third: figures of both, each with its release and table
    status 6 protect --spec "$B/spec.json" --data "$B/micro.csv" --out third --previous A/release.json --previous B0/release.json &&
        empty third && grep -q '^gehouden tegen de eerdere publicaties A/release.json, B0/release.json$' "$errors" &&
        grep -qE '^    [<>]= [0-9]+:.*\[A/release.json, [a-z,]+: ' "$errors" && grep -qE '^    [<>]= [0-9]+:.*\[B0/release.json, [a-z,]+: ' "$errors" &&
        grep -q 'advise zegt welke' "$errors"
}
claim "what stands between two releases is refused with the figures of both that tell it" between_two
true_sums() { # each derivation adds up
    grep -E '^    [<>]= ' "$errors" | python3 -c '
import re, sys
from fractions import Fraction
n = 0
for line in sys.stdin:
    bound, terms = re.match(r"    [<>]= (\d+):(.*)", line).groups()
    total = sum(Fraction(s + "1") * Fraction(k or 1) * int(v)
                for s, k, v in re.findall(r" ([+-]) (?:([0-9/]+) x )?\[[^]]*\] (\d+)", terms))
    up = "<=" in line
    assert int(bound) == (total.__floor__() if up else total.__ceil__()), line
    n += 1
assert n > 3'
}
claim "and they add up to what is said" true_sums

# ---- limits ----------------------------------------------------------------------------

least() {
    protect D04 least --work 1 && [ "$(hidden least)" -ge "$(hidden D04)" ] && proof least '.faults == 0 and .reproducible' &&
        clean D04 least/plan.csv && clean D04 least/cells.csv && protect D04 least.again --work 1 && diff -r least least.again
}
claim "with hardly any work it is safe all the same, hides no less, and has the same bytes" least
gone() { # COMMAND LINE: nobody runs it any more
    for _ in $(seq 50); do
        pgrep -f -- "$1" >/dev/null || return 0
        sleep 0.1
    done
    return 1
}
out_of_time() {
    status 6 protect --spec "$A/spec.json" --data "$A/micro.csv" --out "$MK_TMP/late" --work 100000000000 --time 1 &&
        grep -q 'de tijd die --time geeft is om' "$errors" && [ "$(wc -l <"$errors")" -eq 1 ] && empty late &&
        gone "--out $MK_TMP/late"
}
claim "out of time it refuses, nothing is written, and the solver does not go on" out_of_time

# ---- what is refused -------------------------------------------------------------------

spec=$sdc/D01/spec.json data=$sdc/D01/micro.csv
refused() { # SENTENCE STATUS PATTERN ARGUMENTS...: one line that names the place, and no file
    local sentence=$1 wanted=$2 pattern=$3
    shift 3
    rm -rf refused
    run "$@"
    local got=$?
    if [ $got -ne "$wanted" ]; then
        not_ok "$sentence" "status $got: $(head -c 600 "$errors")"
    elif [ "$(wc -l <"$errors")" -ne 1 ] || ! grep -q "^meldkluis-factsheet: .*$pattern" "$errors" ||
        grep -q 'regel 0' "$errors"; then
        not_ok "$sentence" "$(head -c 600 "$errors")"
    elif grep -q $'\e' "$errors" "$output" || [ -s "$output" ] || ! empty refused; then
        not_ok "$sentence" "output: $(cat -v "$output"; ls -A refused)"
    else
        ok "$sentence"
    fi
}
bad_data() { refused "$1" 2 "$2" protect --spec "$spec" --data "${3:-bad.csv}" --out refused; } # SENTENCE PATTERN
bad_spec() { refused "$1" 2 "$2" protect --spec bad.json --data "$data" --out refused; }
rows() { printf 'categorie,opvangsoort,n\n' && printf '%s\n' "$@"; }

sed 's/opvangsoort/soort/' "$data" >bad.csv && bad_data "data without a dimension of the specification" 'bad.csv: opvangsoort'
sed 's/^/x,/' "$data" >bad.csv && bad_data "data with a column too many" 'regel 1: .*bad.csv: kolom 1;'
sed '3s/,.*/,XYZ/' "$data" >bad.csv && bad_data "an unknown level" 'regel 3: .*bad.csv: opvangsoort'
sed '4s/$/,x/' "$data" >bad.csv && bad_data "a row with a field too many" 'regel 4: .*bad.csv: '
rows PG,BSO,-1 >bad.csv && bad_data "a negative count" 'regel 2: .*bad.csv: n'
rows SM,KDV,1 PG,BSO,99999999999999999999999 >bad.csv && bad_data "a huge count" 'regel 3: .*bad.csv: n'
rows SM,KDV,1000000000 SM,BSO,1000000000 >bad.csv && bad_data "counts whose sum is huge" 'bad.csv: '
rows SM,KDV,1 PG,BSO,2 SM,KDV,1 >bad.csv && bad_data "a combination that occurs twice" 'regel 4: .*bad.csv: n'
sed 's/,/;/g' "$data" >bad.csv && bad_data "what a spreadsheet in Dutch writes" "regel 1: bad.csv heeft puntkomma's tussen de kolommen; .*CSV met komma's"
rows >bad.csv && bad_data "no record" 'bad.csv: .*geen enkel record'
: >bad.csv && bad_data "an empty file" 'regel 1: bad.csv: '
sed '3s/^../\xff/' "$data" >bad.csv && bad_data "data that is no UTF-8" 'regel 3: .*bad.csv: '
sed '3s/^../\x00/' "$data" >bad.csv && bad_data "a NUL in the data" 'regel 3: .*bad.csv: '
sed '3s/^../\x1b[2J/' "$data" >bad.csv && bad_data "a level of the data with ESC reaches no terminal" 'regel 3: .*bad.csv: categorie'
head -c 1000000 /dev/urandom >bad.csv && bad_data "noise for data" 'bad.csv: '
head -c 200 "$spec" >bad.json && bad_spec "a specification cut off" 'regel [0-9]*: bad.json: '
sed 's/"SM"/"S\xff"/' "$spec" >bad.json && bad_spec "a specification that is no UTF-8" 'regel 10: .*bad.json: '
sed 's/"SM"/"S\x00"/' "$spec" >bad.json && bad_spec "a NUL in the specification" 'regel 10: bad.json: '
sed 's/"SM"/"S\\u0000"/' "$spec" >bad.json && bad_spec "a NUL that is written out" 'regel 10: bad.json: '
sed 's/"SM"/"\\u001b[2J"/' "$spec" >bad.json && bad_spec "a level with ESC" 'bad.json: levels.categorie\[0\]'
sed 's/"SM"/"SI"/' "$spec" >bad.json && bad_spec "a level twice" 'bad.json: levels.categorie'
jq '.levels.categorie[0] = "SM\u202eX"' "$spec" >bad.json && bad_spec "a level that turns the line round" 'bad.json: levels.categorie\[0\]'
jq '.["\u001b[2J"] = 1' "$spec" >bad.json && bad_spec "a key with ESC is shown, not obeyed" 'bad.json: '
jq '.tables[0][0] = "\u001b[2J"' "$spec" >bad.json && bad_spec "a dimension with ESC is shown, not obeyed" 'bad.json: tables\[0\]'
jq '.speed = 1' "$spec" >bad.json && bad_spec "an unknown key" 'onbekende sleutel bad.json: speed; .*meldkluis-factsheet protect --help'
jq '.cost = "x"' "$spec" >bad.json && bad_spec "a cost that is none" 'onjuiste waarde bij bad.json: cost'
jq '.unsafe_counts = [1, 3]' "$spec" >bad.json && bad_spec "counts that do not go with the threshold" 'bad.json: unsafe_counts'
long=$(printf 'a-name-of-%.0s' {1..20})
mkdir -p "$long" && jq '.cost = "x"' "$spec" >"$long/bad.json" &&
    refused "of a long name the end is told, and the key" 2 "name-of-/bad.json: cost;" protect --spec "$long/bad.json" --data "$data" --out refused
jq 'del(.tables)' "$spec" >bad.json && bad_spec "no tables" 'bad.json: tables'
jq '[.]' "$spec" >bad.json && bad_spec "a list" 'bad.json: '
jq -c '.levels.categorie = [range(1000000) | tostring]' "$spec" >bad.json && bad_spec "a million levels" 'bad.json: levels.categorie'
python3 -c 'print("{\"note\":" + "[" * 10000 + "]" * 10000 + "}")' >bad.json && bad_spec "JSON 10,000 deep" 'bad.json: '
jq -c '.tables = [range(500000) | ["categorie", "opvangsoort"]]' "$spec" >bad.json && bad_spec "20 MB of JSON" 'bad.json: '
refused "a release that is none" 2 'regel 1: .*micro.csv' protect --spec "$spec" --data "$data" --previous "$data" --out refused
refused "a release with other figures" 6 'eerdere publicatie.* A/release.json: ' protect --spec "$spec" --data "$data" --previous A/release.json --out refused
held() { # SENTENCE PATTERN: against bad.json
    refused "$1" 2 "$2.*; neem release.json zoals het is geschreven" protect --spec "$B/spec.json" --data "$B/micro.csv" --previous bad.json --out refused
}
jq -c '.cells |= del(.[7])' A/release.json >bad.json && held "a release that lacks a cell" 'ontbreekt een cel, bad.json: cells: jaar='
jq -c '(.cells[] | select(.[-3] != null and .[0] == "*") | .[-3]) |= . + 100' A/release.json >bad.json &&
    held "a release that does not add up" 'spreekt zichzelf tegen bij bad.json: cells\[[0-9]*\]'
jq -c '(.cells[] | select(.[-3] == null and .[0] == "*")) |= (.[-2] = 500 | .[-1] = 900)' A/release.json >bad.json &&
    held "a release with intervals that no table has" 'spreekt zichzelf tegen bij bad.json: cells\[[0-9]*\]'
jq -c '.spec.threshold = 30 | .spec.unsafe_counts = [1, 29]' A/release.json >bad.json &&
    held "a release that prints less than its threshold" 'bad.json: cells\[[0-9]*\].* een getal onder haar eigen drempel van 30'
smaller() { # a 3, printed by a threshold of 3, is printed by that of 5 too, and by all that follow
    printf 'k,m,n\na,x,3\nb,x,6\nb,y,7\nc,x,8\nc,y,9\n' >smaller.csv
    local number previous=()
    for number in 1 2 3; do
        jq -n --argjson n "$number" '{dims: ["k", "m"], levels: {k: ["a", "b", "c"], m: ["x", "y"]}, insider: false,
            threshold: (if $n == 1 then 3 else 5 end), tables: [["k"], ["m"]][:$n]}' >smaller.json
        status 0 protect --spec smaller.json --data smaller.csv --out "smaller.$number" "${previous[@]}" &&
            grep -qx 'a,\*,3,published,,' "smaller.$number/cells.csv" || return 1
        previous+=(--previous "smaller.$number/release.json")
    done
    status 2 protect --spec smaller.json --data smaller.csv --out smaller.4 --previous smaller.3/release.json &&
        grep -q 'smaller.3/release.json: cells\[0\]: k=a een getal onder haar eigen drempel van 5' "$errors"
}
claim "what was printed by a smaller threshold is printed again, release after release" smaller
refused "cells that are none" 2 'micro.csv: value' audit --spec "$spec" --cells "$data" --out refused
refused "cells of another table" 2 'regel 1: .*cells.csv: kolom 3;' audit --spec "$spec" --cells D04/cells.csv --out refused
refused "no data" 2 'onjuist gebruik: --data (ontbreekt)' protect --spec "$spec" --out refused
refused "no folder" 2 'onjuist gebruik: --out (ontbreekt)' protect --spec "$spec" --data "$data"
refused "no cells" 2 'onjuist gebruik: --cells (ontbreekt)' audit --spec "$spec"
refused "an option twice" 2 'onjuist gebruik: --spec' protect --spec "$spec" --data "$data" --spec "$spec" --out refused
refused "an unknown option" 2 'onjuist gebruik: --vault' protect --spec "$spec" --data "$data" --out refused --vault x
refused "an option without its value" 2 'onjuist gebruik: --out' protect --spec "$spec" --data "$data" --out
refused "no work" 2 'work' protect --spec "$spec" --data "$data" --out refused --work 0
refused "a time that is none" 2 'time' protect --spec "$spec" --data "$data" --out refused --time -1
refused "data that is not there" 2 'none.csv is er niet' protect --spec "$spec" --data none.csv --out refused
refused "a folder for data" 2 '[.] is er niet of is geen bestand' protect --spec "$spec" --data . --out refused
refused "a folder for a specification" 2 'A is er niet of is geen bestand' protect --spec A --data "$data" --out refused
refused "a folder without a parent" 1 'map voor --out is er niet' protect --spec "$spec" --data "$data" --out none/refused
refused "a file for a folder" 1 'out' protect --spec "$spec" --data "$data" --out insider.json

# ---- the folder, and standard output -----------------------------------------------------

taken() {
    mkdir -p taken && echo mine >taken/plan.csv && echo other >taken/notes
    protect D01 taken
    [ $? -eq 1 ] && grep -q 'plan.csv bestaat al; er is niets overschreven' "$errors" && [ "$(cd taken && echo *)" = 'notes plan.csv' ] &&
        [ "$(cat taken/plan.csv taken/notes | xargs)" = 'mine other' ]
}
claim "a folder with another plan.csv is left as it is" taken
beside() { rm taken/plan.csv && protect D01 taken && [ "$(cat taken/notes)" = other ] && cmp -s taken/plan.csv D01/plan.csv; }
claim "files with other names in it do no harm" beside
closed() { # no file of ours becomes a descriptor that was closed
    "$program" protect --spec "$spec" --data "$data" --out closed <&- 2>&- >"$output" && diff -r D01 closed
}
claim "closed standard input and error do no harm" closed
unheard() {
    "$program" protect --spec "$spec" --data "$data" --out unheard >&- 2>"$errors"
    [ $? -eq 1 ] && [ "$(wc -l <"$errors")" -eq 1 ] && grep -q 'mislukt bij stdout' "$errors" && empty unheard
}
claim "closed standard output is an error, and nothing is written" unheard
full() {
    [ -e /dev/full ] || return 0
    "$program" audit --spec "$spec" --cells D01/cells.csv >/dev/full 2>"$errors"
    [ $? -eq 1 ] && [ "$(wc -l <"$errors")" -eq 1 ]
}
claim "an audit that cannot be told is not done" full
full_protect() {
    [ -e /dev/full ] || return 0
    "$program" protect --spec "$spec" --data "$data" --out unheard >/dev/full 2>"$errors"
    [ $? -eq 1 ] && [ "$(wc -l <"$errors")" -eq 1 ] && empty unheard
}
claim "nor is a protection" full_protect

# ---- two processes -----------------------------------------------------------------------

solver() { pgrep -P "$1"; } # PID: of the solver's process below it
begin() { # a long job in the background; its number in $pid, the solver's in $child
    rm -rf long
    "$program" protect --spec "$A/spec.json" --data "$A/micro.csv" --out long --work 100000000000 >"$output" 2>"$errors" &
    pid=$!
    for _ in $(seq 100); do
        child=$(solver $pid) && [ "$(awk '{ print $14 }' "/proc/$child/stat")" -gt 5 ] && return
        sleep 0.1
    done
    echo "the solver does not work" && return 1
}
no_solver() {
    begin && kill -9 "$child" || return 1
    wait "$pid"
    [ $? -eq 1 ] && [ "$(wc -l <"$errors")" -eq 1 ] && grep -q 'solver ontbreekt of is mislukt' "$errors" && empty long
}
claim "a solver that is killed at work is an error, and nothing is written" no_solver 2>/dev/null
no_gate() {
    begin && kill -9 "$pid" || return 1
    wait "$pid"
    for _ in $(seq 50); do
        grep -qs '^State:[[:space:]]*[^Z]' "/proc/$child/status" || break
        sleep 0.1
    done
    ! grep -s '^State:[[:space:]]*[^Z]' "/proc/$child/status" && no_file long
}
claim "when the gate is killed the solver goes too, and nothing is written" no_gate 2>/dev/null
early() { # before it was asked anything
    rm -rf long
    mkfifo pipe
    # shellcheck disable=SC2094 # a pipe
    "$program" protect --spec "$spec" --data - --out long <pipe >"$output" 2>"$errors" &
    pid=$!
    exec 9>pipe
    for _ in $(seq 50); do
        child=$(solver $pid) && break
        sleep 0.1
    done
    kill -9 "$child"
    cat "$data" >&9
    exec 9>&-
    wait "$pid"
    [ $? -eq 1 ] && [ "$(wc -l <"$errors")" -eq 1 ] && grep -q 'solver ontbreekt of is mislukt' "$errors" && empty long
}
claim "so is one that is killed before" early 2>/dev/null

if ! strace -o /dev/null true 2>/dev/null || nm -D "$program" | grep -q __asan; then
    echo "skip - the sandbox is seen from outside: no strace, or a sanitizer build"
else
    # a file a process: with one for both, a call can be torn over two lines
    strace -ff -o calls "$program" protect --spec "$spec" --data "$data" --out traced >/dev/null
    for of in calls.*; do sed "s/^/${of#calls.} /" "$of"; done >trace
    # each process from its filter on
    after=$(awk '/seccomp\(SECCOMP_SET_MODE_FILTER, 0, \{/ { f[$1] = 1; next } f[$1]' trace)
    gate=$(grep -m 1 ' execve(' trace | awk '{ print $1 }')
    of_gate() { grep "^$gate " <<<"$after"; }
    of_solver() { grep -v "^$gate " <<<"$after"; }
    both() { of_gate >/dev/null && of_solver >/dev/null && [ "$(awk '{ print $1 }' trace | sort -u | wc -l)" -eq 2 ]; }
    claim "there are two processes, and both shut themselves in" both
    opens() { grep -E ' (open|openat|openat2|creat|mkdir|mkdirat|rename|renameat2?|unlink|unlinkat|link|linkat|symlink|truncate)\('; }
    no_file() { ! of_solver | opens | grep -v ' = -1 '; }
    claim "the solver opens, makes, renames and removes no file" no_file
    no_world() { ! grep -E ' (socket|connect|bind|execve|execveat|clone|clone3|fork|vfork|ptrace|kill|tgkill)\(' <<<"$after"; }
    claim "neither has a network, a signal to others or another program" no_world
    read_in() { of_gate | grep -q ' read([0-9]*, "categorie,opvangsoort' && of_solver | grep -q ' read('; }
    claim "the data are read behind the filter" read_in
    only_out() { # by the descriptor of the folder
        local fd
        fd=$(grep "^$gate .*\"traced\", O_RDONLY.*O_DIRECTORY" trace | grep -o '[0-9]*$' | head -1)
        [ -n "$fd" ] && of_gate | opens >opened && [ "$(grep -c 'renameat' opened)" -eq 4 ] &&
            ! grep -vE "(openat|unlinkat|renameat2?)\\($fd, \"[^/]*$" opened | grep -v ' = -1 '
    }
    claim "the gate makes files in its folder only" only_out
    if grep -q 'landlock_create_ruleset(NULL.* = [1-9]' trace; then
        claim "nothing but that folder stays reachable, and its removal while empty" \
            [ "$(grep -c 'landlock_add_rule(' trace)" -eq 2 ]
    fi
fi
