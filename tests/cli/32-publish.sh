#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Publication through the real gate: what is printed, what is hidden, what is kept
# for good, and what is refused.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
new_vault
cd "$MK_TMP" || exit 1
all=(--format text --format csv --format json --format html --format fods --format markdown --format jsonstat)
sheet() { ends 0 '' ana factsheet "$@"; }
released() { as ana vrijgave lijst --json && json 'print(" ".join(r["name"] for r in d["releases"]))'; }
is_released() { [ "$(released)" = "$1" ] || { echo "released: $(released)" && return 1; }; }
come_in() { # of "DATE REPORTER CARE_TYPE CATEGORY" a line: one more dossier each
    {
        echo ref,received,channel,reporter,sector,care_type,category,accused,victim_minor,in_care,qualification,occurred
        awk '{ print "later-" $1 "-" NR ",", $1 ",TEL,", $2 ",KO,", $3 ",", $4 ",OU,J,N,GEEN,", substr($1, 1, 7) }' | tr -d ' '
    } >later.csv
    ends 0 '' ilse invoer later.csv
}

# the invented dossiers, some of them at one of nine invented places
python3 - "$MK_SRC/tests/data/dossiers-2018-2020.csv" >dossiers.csv <<'END'
import csv, sys
rows = list(csv.reader(open(sys.argv[1])))
proof = lambda n: sum(int(d) * w for d, w in zip(str(n), (9, 8, 7, 6, 5, 4, 3, 2, -1))) % 11 == 0
places = [n for n in range(100000000, 100000200) if proof(n)][:9]
for i, row in enumerate(rows[1:]):
    if i % 3:
        row[-1] = places[i // 3 % 9]
csv.writer(sys.stdout, lineterminator="\n").writerows(rows)
END
claim "366 invented dossiers are imported" ends 0 '' ilse invoer dossiers.csv

# ---- a proof sheet ------------------------------------------------------------------

claim "the factsheet is made in seven formats" sheet --jaren 2018-2020 "${all[@]}" --uit draft
claim "and with exact figures for own use" sheet --jaren 2018-2020 --intern --format csv --uit own
complete() { [ "$(cd "$1" && echo *)" = 'factsheet.csv factsheet.csv-metadata.json factsheet.fods factsheet.html factsheet.json factsheet.jsonstat.json factsheet.md factsheet.txt release.json' ]; }
claim "the folder holds one .csv and no file more than was asked" complete draft
not_small() { # CSV: no figure of 1 to 4 is printed, and x comes with both bounds
    awk -F, 'NR > 1 {
        if (NF != 10 || $7 ~ /^[1-4]$/) bad = 1
        if ($8 == "x" && ($7 != "" || $9 !~ /^[0-9]+$/ || $10 !~ /^[0-9]+$/ || $9 + 0 >= $10 + 0)) bad = 1
        if ($8 != "x" && $9 $10 != "") bad = 1
        if ($8 != "" && $8 != "x" && $8 != "NR" && $8 != "NA") bad = 1
        x += $8 == "x"; printed += $8 == ""
        if (bad) { print; exit }
    } END { exit bad || x < 20 || printed < 40 }' "$1"
}
claim "no figure of 1 to 4 is printed anywhere, and every x has its bounds" not_small draft/factsheet.csv
true_and_wide() { # what is printed is true; what is hidden lies inside, and small ones by the rule
    awk -F, -v own=own/factsheet.csv '
        BEGIN {
            while ((getline line < own) > 0) {
                split(line, f, ",")
                v[f[1] "," f[2] "," f[3] "," f[4] "," f[5]] = f[7]
            }
        }
        NR > 1 {
            exact = v[$1 "," $2 "," $3 "," $4 "," $5]
            if ($3 == "GASTOUDER")
                exact = v[$1 "," $2 ",VGO," $4 "," $5] + v[$1 "," $2 ",GOB," $4 "," $5]
            if ($8 == "" && $7 != exact) bad = "printed, not " exact
            if ($8 == "x" && ($9 > exact + 0 || $10 < exact + 0)) bad = "not around " exact
            if ($8 == "x" && exact >= 1 && exact <= 4) {
                if ($9 > exact - 1 || $10 < 5 || $10 - $9 < 5) bad = "too narrow for " exact
                small++
            }
            if (bad) { print $0 ": " bad; exit }
        } END { exit bad != "" || small < 15 }' "$1"
}
claim "what is printed is true, and around a small figure the bounds keep the rule" true_and_wide draft/factsheet.csv
totals() { [ "$(grep '^F1,' "$1" | cut -d, -f2,7,8 | xargs)" = '2018,129, 2019,134, 2020,103,' ]; }
claim "the totals of the years are printed" totals draft/factsheet.csv
same_everywhere() { # FOLDER: json has the cells of the csv; html and text show them
    jq -r '.tables[] | .table as $t | .cells[] |
        [$t, .year, .care_type, .category, .measure, "dossier", .value, .mark, .lo, .hi] | map(. // "" | tostring) | join(",")' \
        "$1/factsheet.json" | diff - <(tail -n +2 "$1/factsheet.csv") || return 1
    local bounds
    bounds=$(awk -F, '$8 == "x" && $1 == "F2" { print $9 "-" $10; exit }' "$1/factsheet.csv")
    grep -q "x ($bounds)" "$1/factsheet.txt" && grep -q "$bounds" "$1/factsheet.html" &&
        grep -q 'Afschermregel' "$1/factsheet.txt" && grep -q 'Afschermregel' "$1/factsheet.html" &&
        grep -q 'Afschermregel' "$1/factsheet.json" && grep -q 'Afschermregel' "$1/release.json"
}
claim "text, json and html show x with its bounds, and the note on the rule" same_everywhere draft
marks() { # FOLDER: files that say that it is a proof sheet
    grep -l PROEFDRUK "$1"/* | sed 's|.*/||' | xargs
}
claim "without --vrijgave everything that has words says that it is a proof sheet" \
    [ "$(marks draft)" = 'factsheet.csv-metadata.json factsheet.fods factsheet.html factsheet.json factsheet.jsonstat.json factsheet.md factsheet.txt release.json' ]
again() { sheet --jaren 2018-2020 "${all[@]}" --uit again && diff -r draft again; }
claim "made twice it has the same bytes" again
claim "and nothing is registered" is_released ''
anonymous() { # FOLDER: no place, and nobody's number
    ! grep -rwE '1000000[0-9]{2}|1000001[0-9]{2}' "$1" && ! grep -rwiE 'site|accused|lrk|lrk_id' "$1"
}
claim "no place and no number of a contributor is in any file" anonymous draft
dry() { sheet --jaren 2018-2020 --vrijgave A --uit dry --proef && [ ! -e dry ] && is_released ''; }
claim "a dry run makes and registers nothing" dry

# ---- a release -------------------------------------------------------------------------

first() { sheet --jaren 2018-2020 "${all[@]}" --vrijgave A --uit a && is_released A && complete a; }
claim "A is released" first
claim "it is no proof sheet" [ -z "$(marks a)" ]
claim "its figures are those of the proof sheet" cmp a/factsheet.csv draft/factsheet.csv
claim "no place and no number of a contributor is in its files" anonymous a
shown() { ends 0 'vrijgave A, vastgelegd op .* door ana' ana vrijgave toon A --uit shown && diff -r a shown; }
claim "its files can be had again, to the byte" shown
shown_csv() { ends 0 '' ana vrijgave toon A --format csv --uit shown.csv && cmp a/factsheet.csv shown.csv/factsheet.csv; }
claim "or one of them" shown_csv
listed() {
    as ana vrijgave lijst && grep -q '^A  *factsheet  *2018-2020#366  *kalenderjaar  *FAC  *5  *onderdrukt ' "$output" &&
        ends 0 '' ana vrijgave toon A && grep -qx 'threshold: 5' "$output" && grep -qx 'positions: 366 366 366' "$output"
}
claim "it is listed and shown with years, position, audience and rule" listed
checked() { ends 0 '' ana vrijgave controleer && grep -q 'geven niets weg (3 ' "$output"; }
claim "a check of all releases finds nothing" checked
no_file() { [ ! -e "$1" ]; } # nor a folder
bare() { [ -z "$(ls -A "$1" 2>/dev/null)" ]; } # of a run that was killed
unknown() {
    ends 2 'vrijgave Z staat niet in het register.*vrijgave lijst' ana vrijgave toon Z --uit x && no_file x &&
        ends 2 'format' ana vrijgave toon A --format x && ends 2 'format' ana factsheet --jaren 2018 --format docx
}
claim "an unknown release and an unknown format are bad input" unknown
gate_name() { # the gate alone is as strict about a name as the vault
    "$MK_BUILD/meldkluis-factsheet" publish --release 'a/b' --out gate-name </dev/null 2>"$errors"
    [ $? -eq 2 ] && grep -q 'geen naam voor een vrijgave bij --release' "$errors" && [ ! -e gate-name ]
}
claim "so is what is no name, for the gate alone too" gate_name
unheard() {
    local words=(factsheet --jaren 2018)
    "$meldkluis" --gebruiker ana --passphrase-fd 3 "${words[@]}" 3< <(phrase ana) >&- 2>"$errors"
    [ $? -eq 1 ] && grep -q 'mislukt bij stdout' "$errors" || return 1
    [ -e /dev/full ] || return 0
    "$meldkluis" --gebruiker ana --passphrase-fd 3 "${words[@]}" --uit x 3< <(phrase ana) >/dev/full 2>"$errors"
    [ $? -eq 1 ] && grep -q 'mislukt bij stdout' "$errors" && no_file x
}
claim "a factsheet that cannot be told is an error, and leaves no file" unheard
taken() { ends 1 'A bestaat al' ana factsheet --jaren 2018-2020 --vrijgave A --uit x && no_file x && is_released A; }
claim "its name is given once" taken

# ---- the next one, when more has come in -------------------------------------------------

late() {
    {
        printf '%s\n' '2019-05-05 OUD BSO PG' '2019-06-05 GAS KDV OV' '2020-06-05 MED BSO SI' '2021-01-07 MED VGO SM' '2021-02-07 MED VGO SM'
        printf '2021-0%s-05 OUD KDV FG\n' 1 2 3 4 5 6 7 8
        printf '2021-0%s-06 HOU BSO PG\n' 1 2 3 4 5 6 7 8
    } | come_in
}
claim "later dossiers of 2019, 2020 and 2021 come in" late
of() { grep -hE "^F.,($1)," "$2/factsheet.csv" | grep -v ',NA,,$'; } # a code of no year has no row
frozen() {
    sheet --jaren 2019-2021 "${all[@]}" --vrijgave B --uit b && diff <(of '2019|2020' a) <(of '2019|2020' b) &&
        [ "$(of 2019 b | wc -l)" -gt 50 ] && not_small b/factsheet.csv && is_released 'A B'
}
claim "the next factsheet keeps 2019 and 2020 as they were printed, to the byte" frozen
stand() {
    local file rc=0
    for file in factsheet.txt factsheet.json factsheet.html release.json; do
        tr -s ' \n' ' ' <b/$file | grep -q '2019, stand per [0-9]* [a-z]* 20[0-9]*; 2020, stand per' || { echo "$file" && rc=1; }
    done
    return $rc
}
claim "and says as of when" stand
new_year() { # by hand: what came in for 2021
    grep -qx 'F1,2021,,,dossiers,dossier,18,,,' b/factsheet.csv && grep -q '^F7,2021,GASTOUDER,,dossiers,dossier,,x,0,' b/factsheet.csv
}
claim "the new year is counted as it is now" new_year
table() {
    sheet --jaren 2018-2020 --tabel category,reporter --vrijgave T --bestemd WOO --uit t && [ "$(ls t)" = table.csv ] &&
        [ "$(head -1 t/table.csv)" = year,category,reporter,value,status,lo,hi ] &&
        awk -F, 'NR > 1 && ($4 ~ /^[1-4]$/ || ($5 == "hidden") != ($4 == "") || ($5 == "hidden" && $6 + 0 >= $7 + 0)) { print; bad = 1 }
            { n += $5 == "hidden" } END { exit bad || n < 20 }' t/table.csv
}
claim "an ad hoc table goes through the same gate" table
table_agrees() { # what the factsheet printed of the same margins
    awk -F, 'NR > 1 && $2 != "*" && $3 == "*" { print "F2," $1 ",," $2 ",dossiers,dossier," $4 }' t/table.csv | sort >of_table
    cut -d, -f1-7 a/factsheet.csv | grep ^F2 | sort >of_sheet
    [ "$(wc -l <of_table)" -ge 15 ] && ! comm -23 of_table of_sheet | grep .
}
claim "it prints and hides what the factsheet did" table_agrees
shown_table() { ends 0 '' ana vrijgave toon T --uit shown.t && diff -r t shown.t; }
claim "its file can be had again" shown_table
all_checked() { ends 0 '' ana vrijgave controleer && grep -q 'geven niets weg (4 ' "$output" && is_released 'A B T'; }
claim "a check of all of them together finds nothing" all_checked
empty_year() { sheet --jaren 2015 --format csv --uit empty && [ "$(grep -c ',dossier,0,,,$' empty/factsheet.csv)" -gt 50 ] && grep -qx 'F1,2015,,,dossiers,dossier,0,,,' empty/factsheet.csv; }
claim "a year without a dossier is a sheet of zeros" empty_year
no_table() { ends 2 'geen enkel record' ana factsheet --jaren 2015 --tabel category --uit none.t; }
claim "and no table" no_table
bad_table() {
    ends 2 'table' ana factsheet --jaren 2018 --tabel category,nonsense --uit x && ends 2 'table' ana factsheet --jaren 2018 --tabel category,category --uit x &&
        ends 2 'table' ana factsheet --jaren 2018 --tabel qualification,duty --uit x
}
claim "a table of what there is not, or was not kept that year, is refused" bad_table

# ---- what is refused ---------------------------------------------------------------------

refused() { # PATTERN OPTION...: with its reasons on lines of their own, and nothing of it stays
    local pattern=$1
    shift
    as ana factsheet "$@" --vrijgave X --uit refused
    [ $? -eq 6 ] && [ "$(grep -c '^meldkluis' "$errors")" -eq 1 ] && grep -q "$pattern" "$errors" &&
        [ ! -s "$output" ] && no_file refused && ! released | grep -w X
}
# 2022: a table by a looser rule first
loose() {
    {
        printf '2022-0%s-05 MED KDV FG\n' 1 2 3 4 5 6 7 8 9
        printf '2022-0%s-06 OUD BSO PG\n' 1 2 3 4
        printf '2022-0%s-07 OUD KDV PG\n' 1 2 3 4 5 6 7
    } | come_in || return 1
    sheet --jaren 2022 --tabel category,care_type --drempel 3 --vrijgave LOS --bestemd PRS --uit los
}
claim "a table is released by a threshold of 3" loose
claim "the factsheet by that of 5 cannot mend what it gave away: refused, naming it" refused '(eerder: LOS, tabel category,care_type)' --jaren 2022
claim "with every release that it was held against" refused '^gehouden tegen de eerdere publicaties LOS$' --jaren 2022
claim "and what to do" refused 'bredere categorieen of minder tabellen (meldkluis-factsheet advise zegt welke), of houd de cijfers binnen met --intern' --jaren 2022
claim "so is the same table by that of 5" refused '(eerder: LOS, tabel category,care_type)' --jaren 2022 --tabel category,care_type
claim "and a window with that year in it" refused '^2022:$' --jaren 2020-2022
claim "school years that share days with it are refused" refused '[AB] telde met een andere jaarindeling' --jaren 2019 --schooljaar
claim "also when they would be all zeros" refused 'B telde met een andere jaarindeling' --jaren 2021/2022 --schooljaar
school() { sheet --jaren 2013/2014-2014/2015 --schooljaar --format csv --vrijgave S --uit school && grep -qx 'F1,2014/2015,,,dossiers,dossier,0,,,' school/factsheet.csv; }
claim "school years that share none are released" school

# ---- a policy --------------------------------------------------------------------------------

printf 'zeros: protected\nthreshold: 7\n# wie bijdraagt\ncontributors_min: 4\n' >strict.policy
rule='threshold=7 zeros=protected insider=J group=category,reporter contributors_min=4 contributors_share=50'
by_policy() {
    {
        printf '2023-0%s-05 MED KDV FG\n' 1 2 3 4 5 6 7 8 9
        printf '2023-0%s-06 OUD BSO PG\n' 1 2 3 4 5 6 7 8
    } | come_in || return 1
    sheet --jaren 2023 --tabel category,care_type --beleid strict.policy --vrijgave STRENG --uit streng || return 1
    awk -F, 'NR > 1 && $4 ~ /^[1-6]$/ { print; bad = 1 } { n += $5 == "hidden" } END { exit bad || n < 4 }' streng/table.csv
}
claim "a table is released by a policy: 1 to 6 are hidden" by_policy
told_policy() {
    ends 0 '' ana vrijgave toon STRENG && grep -qx 'meldkluis-release: 2' "$output" && grep -qx "rule: $rule" "$output" &&
        as ana vrijgave lijst --json && json "assert [r.get('rule') for r in d['releases'] if r['name'] == 'STRENG'] == ['$rule']"
}
claim "the register keeps it and shows it" told_policy
on_sheet() {
    sheet --jaren 2023 "${all[@]}" --beleid strict.policy --uit on.sheet &&
        grep -q 'Het beleid van deze uitgave: drempel 7; nullen kunnen ook verborgen zijn' <(tr -s ' \n' ' ' <on.sheet/factsheet.txt) &&
        jq -e --arg rule "$rule" '.rule == $rule' on.sheet/release.json >/dev/null &&
        sheet --jaren 2023 "${all[@]}" --beleid <(printf 'contributors_min: 4\nthreshold: 7\nzeros: protected\n') --uit on.sheet2 &&
        diff -r on.sheet on.sheet2
}
claim "the sheet tells it; the same policy written otherwise gives the same bytes" on_sheet
weaker() { # LINE...
    printf '%s\n' "$@" >weak.policy
    ends 6 'minder dan STRENG heeft beloofd' ana factsheet --jaren 2023 --beleid weak.policy --uit weak && no_file weak
}
claim "a policy with a lower threshold than was promised is refused" weaker 'threshold: 6' 'zeros: protected' 'contributors_min: 4'
claim "with zeros that may not be hidden" weaker 'threshold: 7' 'contributors_min: 4'
claim "with fewer contributors" weaker 'threshold: 7' 'zeros: protected'
claim "without a group" weaker 'threshold: 7' 'zeros: protected' 'contributors_min: 4' 'group: category'
claim "without the insider" weaker 'threshold: 7' 'zeros: protected' 'contributors_min: 4' 'insider: N'
held() { # without a policy: the promise holds all the same
    sheet --jaren 2023 --tabel category,care_type --uit held && cmp held/table.csv streng/table.csv
}
claim "without a policy what was promised holds all the same" held

# ---- a revision -------------------------------------------------------------------------------

# by now 2 came late to 2019 and 1 to 2020
claim "a revision of a year to which nothing came is refused" refused 'niets te herzien' --jaren 2018 --herzie
claim "so is one of a few late dossiers, naming the year" refused 'het jaar 2019 .* minder dan 5 .* wacht op meer' --jaren 2018-2020 --herzie
claim "so is one of a single dossier" refused 'het jaar 2020 .* minder dan 5' --jaren 2020 --herzie
no_part() { ends 2 'table, --revise' ana factsheet --jaren 2019 --herzie --tabel category --uit x && no_file x; }
claim "a part of a year cannot be revised" no_part
one_place() {
    {
        echo ref,received,channel,reporter,sector,care_type,category,accused,victim_minor,in_care,qualification,occurred,lrk_id
        for day in {01..05}; do echo "place-$day,2018-06-$day,TEL,HOU,KO,BSO,PG,OU,J,N,GEEN,2018-06,$(sed -n 3p dossiers.csv | sed 's/.*,//')"; done
    } >later.csv
    ends 0 '' ilse invoer later.csv
}
claim "five come late to 2018, all of one place" one_place
claim "enough, but they are one: refused, with what would be known" refused '^2018:$' --jaren 2018 --herzie
why() {
    as ana factsheet --jaren 2018 --herzie --uit x
    [ $? -eq 6 ] && no_file x && grep -q '^category=PG,change=ADDED: 0-5' "$errors" &&
        grep -qF '<= 5: + [(change), change: change=ADDED] 5' "$errors" && ! grep -qE '1000000[0-9]{2}|1000001[0-9]{2}' "$errors"
}
claim "it says so of what came, and not which place" why
claim "by a larger threshold they are too few" refused 'het jaar 2018 .* minder dan 6' --jaren 2018 --herzie --drempel 6
many() {
    {
        for day in {01..28}; do echo "2018-03-$day OUD KDV FG"; done
        for day in {01..28}; do echo "2018-04-$day OUD BSO PG"; done
        for day in {01..12}; do echo "2018-05-$day HOU KDV PG"; done
    } | come_in && rm -r own && sheet --jaren 2018,2021 --intern --format csv --uit own
}
claim "many come late to 2018, of three kinds" many
claim "a revision is of all its years or of none" refused 'het jaar 2019 .* minder dan 5' --jaren 2018-2019 --herzie
revised() {
    sheet --jaren 2018,2021 --herzie "${all[@]}" --vrijgave H --uit h && not_small h/factsheet.csv &&
        grep -qx 'F1,2018,,,dossiers,dossier,202,,,' h/factsheet.csv && as ana vrijgave lijst && grep -q '^H  *herziening  *2018#' "$output"
}
claim "a revision prints the year as it is now" revised
claim "what it prints is true, and around a small figure the bounds keep the rule" true_and_wide h/factsheet.csv
untouched() { diff <(of 2021 b) <(of 2021 h) && [ "$(of 2021 h | wc -l)" -gt 50 ]; }
claim "the year in it to which nothing came is as it was, to the byte" untouched
says_revised() {
    local file
    for file in factsheet.txt factsheet.json factsheet.html release.json; do
        tr -s ' \n' ' ' <h/$file >words
        grep -q 'Herzien, en anders dan eerder gepubliceerd: 2018, stand per' words || { echo "$file" && return 1; }
        grep -q 'sindsdien niet gewijzigd: 2021, stand per' words || { echo "$file" && return 1; }
    done
}
claim "it says which year is revised and which is not" says_revised
no_step() { # what is printed in both is the same, or another by the threshold
    python3 - a/factsheet.csv h/factsheet.csv <<'END'
import csv, sys
key = ("table", "year", "care_type", "category", "measure")
old, new = ({tuple(r[k] for k in key): r["value"] for r in csv.DictReader(open(f))} for f in sys.argv[1:])
steps = [int(new[k]) - int(old[k]) for k in new if new[k] and old.get(k)]
assert len(steps) > 20 and any(steps), steps
assert all(abs(s) not in range(1, 5) for s in steps), steps
END
}
claim "no figure stands in both with a small difference" no_step
anew() { ends 0 '' ana vrijgave toon H --uit shown.h && diff -r h shown.h; }
claim "its files can be had again" anew
claim "a second revision of the year is refused, naming the first" refused 'H heeft het jaar 2018 al herzien' --jaren 2018 --herzie
after() {
    sheet --jaren 2018-2020 "${all[@]}" --vrijgave I --uit i && not_small i/factsheet.csv && diff <(of 2018 h) <(of 2018 i) &&
        diff <(of '2019|2020' a) <(of '2019|2020' i)
}
claim "the next factsheet has the revised year, and the others as ever" after
later_table() {
    sheet --jaren 2018 --tabel reporter,care_type --vrijgave J --uit j && [ "$(head -1 j/table.csv)" = year,care_type,reporter,value,status,lo,hi ] &&
        grep -qx '2018,\*,\*,202,published,,' j/table.csv &&
        awk -F, 'NR > 1 && ($4 ~ /^[1-4]$/ || ($5 == "hidden" && $6 + 0 >= $7 + 0)) { print; bad = 1 }
            NR > 1 { n++; x += $5 == "hidden" } END { exit bad || n < 50 || x < 10 || x > n - 10 }' j/table.csv
}
claim "an ad hoc table of it is held against old and new figures" later_table
same_table() { # T had it before the revision
    sheet --jaren 2018 --tabel category,reporter --vrijgave T2 --uit t2 && grep ^2018 t/table.csv >before && ! diff before t2/table.csv >/dev/null &&
        awk -F, 'NR == FNR { old[$2 "," $3] = $4; next }
            FNR > 1 && $4 != "" && old[$2 "," $3] != "" { d = $4 - old[$2 "," $3]; n++; if (d && d < 5 && d > -5) { print; bad = 1 } }
            END { exit bad || n < 10 }' before t2/table.csv
}
claim "so is one that was released before; nothing in it steps by less than the threshold" same_table
from_nothing() {
    sheet --jaren 2017 --format csv --vrijgave Z --uit z && grep -qx 'F1,2017,,,dossiers,dossier,0,,,' z/factsheet.csv &&
        for day in {01..20}; do printf '%s\n' "2017-03-$day OUD KDV FG" "2017-04-$day MED BSO PG"; done | come_in &&
        sheet --jaren 2017 --herzie --format csv --vrijgave Y --uit y && grep -qx 'F1,2017,,,dossiers,dossier,40,,,' y/factsheet.csv
}
claim "a year that was released as zeros can be revised" from_nothing
check_all() { ends 0 '' ana vrijgave controleer && grep -q 'geven niets weg (7 ' "$output"; }
claim "all releases together give nothing away" check_all
small_again() {
    {
        printf '2024-01-%s MED KDV FG\n' {01..03}
        printf '2024-02-%s OUD BSO PG\n' {01..09}
        printf '2024-03-%s OUD KDV SI\n' {01..09}
    } | come_in || return 1
    sheet --jaren 2024 --tabel category --drempel 3 --vrijgave KLEIN --uit klein && grep -qx '2024,FG,3,published,,' klein/table.csv &&
        sheet --jaren 2024 --tabel category --vrijgave KLEIN2 --uit klein2 && cmp klein/table.csv klein2/table.csv &&
        sheet --jaren 2024 --tabel category --uit klein3 && cmp klein/table.csv klein3/table.csv &&
        ends 0 '' ana vrijgave controleer
}
claim "a figure that a smaller threshold printed is printed again, and the register stays in use" small_again

# ---- killed on the way -----------------------------------------------------------------------

# between meldkluis and the gate: hands up part of the record, or all of it, with the gate killed
mkdir bin && copy_program bin
cat >bin/between.py <<'END'
import os, signal, subprocess, sys
real, mode = sys.argv[1:3]
here, there = os.pipe()
def way_up():
    os.dup2(there, 3)
gate = subprocess.Popen([real, *sys.argv[3:]], pass_fds=[3], preexec_fn=way_up)
os.close(there)
text = os.read(here, 1000)
if mode == "all":
    size = int(text.split(b"\n")[0].split()[1])
    wanted = len(text.split(b"\n")[0]) + 1 + size + 1
    while len(text) < wanted:
        text += os.read(here, wanted - len(text))
gate.send_signal(signal.SIGKILL)
gate.wait()
os.write(3, text) if mode != "all" else os.fdopen(3, "wb", closefd=False).write(text)
os.close(3)
os.kill(os.getpid(), signal.SIGKILL)
END
between() { # MODE NAME
    printf '#!/bin/sh\nexec %s %s %s %s "$@"\n' "$(command -v python3)" "$MK_TMP/bin/between.py" "$MK_BUILD/meldkluis-factsheet" "$1" \
        >bin/meldkluis-factsheet
    chmod +x bin/meldkluis-factsheet
    meldkluis=$MK_TMP/bin/meldkluis as ana factsheet --jaren 2016 "${all[@]}" --vrijgave "$2" --uit "killed.$2"
}
before=$(released)
half() {
    between half K
    [ $? -eq 1 ] && [ "$(wc -l <"$errors")" -eq 1 ] && is_released "$before" && bare killed.K
}
claim "the gate is killed while it hands up the record: no release and no file" half
whole() {
    between all L
    [ $? -eq 1 ] && grep -q 'vrijgave L IS vastgelegd.*vrijgave toon NAAM --uit MAP' "$errors" && is_released "$before L" &&
        bare killed.L && ends 0 '' ana vrijgave toon L --uit l && complete l
}
claim "killed after that: it says that it is registered, and the files can be had" whole
intact() { as aad log controleer && grep -q 'alles klopt' "$output"; }
claim "and the vault is whole" intact
