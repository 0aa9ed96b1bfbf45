#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# factsheet: from the vault through the pipe to the published figures.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
new_vault
claim "366 invented dossiers are imported" ends 0 '' ilse invoer "$MK_SRC/tests/data/dossiers-2018-2020.csv"
sheet() { as ana factsheet --jaren 2018-2020 "$@"; }
cell() { # table,year,care_type,category,measure
    awk -F, -v key="$1" '$1 "," $2 "," $3 "," $4 "," $5 == key { print $7 $8 }' "$MK_TMP/out/factsheet.csv"
}
figures() {
    local key wanted rc=0
    sheet --intern --format csv --format html --format json --uit "$MK_TMP/out" || return 1
    while read -r key wanted; do
        [ "$(cell "$key")" = "$wanted" ] || { echo "$key: $(cell "$key"), not $wanted" && rc=1; }
    done <<'END'
F3,2018,BSO,TOT,dossiers 33
F3,2019,BSO,TOT,dossiers 30
F3,2020,BSO,TOT,dossiers 32
F1,2019,,,dossiers 134
F1,2020,,,dossiers 103
F2,2019,,SM,dossiers 33
F4,2019,,SM,mtbp 22
F2,2020,,SM,dossiers 21
F2,2020,,SI,dossiers 18
F2,2020,,PG,dossiers 20
F2,2020,,FG,dossiers 40
F2,2020,,OV,dossiers 4
F4,2020,,SM,mtbp 20
END
    return $rc
}
claim "the published figures come out" figures
not_recorded() { [ "$(grep -c '^F5,2018,.*,NR,' "$MK_TMP/out/factsheet.csv")" -eq 33 ] && ! grep '^F5,2018' "$MK_TMP/out/factsheet.csv" | grep -qv ',NR,'; }
claim "every cell of the aangifteplicht of 2018 is NR" not_recorded
alone() { [ "$(find "$MK_TMP/out" -name '*.csv' | wc -l)" -eq 1 ]; }
claim "the folder holds one csv" alone
cp -r "$MK_TMP/out" "$MK_TMP/first"
same() { sheet --intern --format csv --format html --format json --uit "$MK_TMP/out" && diff -r "$MK_TMP/out" "$MK_TMP/first"; }
claim "made again it has the same bytes" same
position="#$(python3 -c "import json; print(json.load(open('$MK_TMP/first/release.json'))['position'])")"
as_of() {
    as ilse melding nieuw --form - < <(form received=2020-05-05 channel=TEL reporter=OUD) && tag=$(cat "$output") &&
        as ilse duid "$tag" --form - \
            < <(form sector=KO care_type=BSO category=PG accused=OU victim_minor=J in_care=N qualification=GEEN occurred=2020-04) &&
        sheet --intern --format csv --uit "$MK_TMP/now" &&
        ! cmp -s "$MK_TMP/now/factsheet.csv" "$MK_TMP/first/factsheet.csv" &&
        sheet --intern --peildatum "$position" --format csv --format html --format json --uit "$MK_TMP/then" &&
        diff -r "$MK_TMP/then" "$MK_TMP/first"
}
claim "as of an earlier position it has the bytes of then, whatever came later" as_of

# ---- what is refused -------------------------------------------------------------
mixed() {
    ends 1 'factsheet.csv bestaat al' ana factsheet --jaren 2018-2019 --intern --format csv --format text --uit "$MK_TMP/first" ||
        return 1
    [ ! -e "$MK_TMP/first/factsheet.txt" ] && diff -r "$MK_TMP/then" "$MK_TMP/first"
}
claim "a folder with another factsheet is left as it is" mixed
dry() {
    ends 0 'alleen de logregel' ana factsheet --jaren 2018 --intern --format csv --uit "$MK_TMP/dry" --proef &&
        [ ! -e "$MK_TMP/dry" ]
}
claim "a dry run makes no folder" dry
early() { # PATTERN OPTIONS...: refused before any passphrase
    local pattern=$1
    shift
    setsid "$meldkluis" -g ana factsheet --jaren 2018 --intern "$@" </dev/null >"$output" 2>"$errors"
    [ $? -eq 2 ] && grep -q '^meldkluis: .*'"$pattern" "$errors"
}
claim "a threshold out of range is refused at once, with the range" early 'bij --drempel.*van 2 tot en met' --drempel 0
claim "a format that is none is refused at once, with those there are" early 'text csv json html' --format xml
claim "a PDF wants a folder, and that is said at once" early "pdf vraagt --uit" --format pdf
claim "several formats want a folder, and that is said at once" early 'vraagt --uit' --format csv --format html
school() { ends 0 '' ana factsheet --jaren 2018/2019-2019/2020 --schooljaar --intern --format csv && grep -q '^F1,2019' "$output"; }
claim "school years may be written 2018/2019" school
not_school() { ends 2 'jaren' ana factsheet --jaren 2018/2019 --intern; }
claim "calendar years may not" not_school
bad_policy() { # PATTERN LINE...: bad input, before any passphrase
    local pattern=$1
    shift
    printf '%s\n' "$@" >"$MK_TMP/bad.policy"
    ends 2 "$pattern" niemand factsheet --jaren 2018 --beleid "$MK_TMP/bad.policy"
}
claim "a policy that is not there is refused" ends 2 'beleid' ana factsheet --jaren 2018 --beleid x.policy
claim "an unknown key in it, with its line" bad_policy '^meldkluis: regel 3: onbekende sleutel' '# strenger' 'threshold: 7' 'treshold: 8'
claim "a bad number" bad_policy 'regel 1: ongeldig getal bij drempel (threshold); .*2 tot en met 1000' 'threshold: 1'
claim "a bad word" bad_policy 'regel 2: onjuiste waarde bij zeros' 'threshold: 7' 'zeros: hidden'
claim "a key twice" bad_policy 'regel 2: sleutel zeros staat er twee keer' 'zeros: protected' 'zeros: protected'
claim "an empty one" bad_policy 'beleid'
claim "a policy goes with no other threshold" ends 2 'drempel staat in het --beleid' ana factsheet --jaren 2018 --beleid x --drempel 3
claim "nor with figures for own use" ends 2 'sluiten elkaar uit' ana factsheet --jaren 2018 --beleid x --intern
claim "years that are none are refused" ends 2 'jaren' ana factsheet --jaren 2020-2018 --intern
claim "years that repeat are refused" ends 2 'jaren' ana factsheet --jaren 2018,2018 --intern
claim "a year that has not begun is refused" ends 2 '2199 is nog niet begonnen' ana factsheet --jaren 2018,2199 --intern
claim "so is a school year, and in English" ends 2 'school year 2198 has not begun' ana factsheet --years 2198/2199 --school --preview --lang en
unrecorded() { as ana factsheet --intern --jaren 2012 --format text && grep -q 'Van 2012 telt geen dossier mee' <(tr -s ' \n' ' ' <"$output"); }
claim "of a year without a dossier the sheet says that 0 is no figure" unrecorded
claim "a format that is none is refused" ends 2 '' ana factsheet --jaren 2018 --intern --format docx
claim "several formats want a folder" ends 2 'uit' ana factsheet --jaren 2018 --intern --format csv --format html
many=$(printf -- '--format csv %.0s' {1..11})
# shellcheck disable=SC2086 # words
claim "more formats than the other program is told are refused" \
    ends 2 'te veel keer' ana factsheet --jaren 2018 --intern --json --uit "$MK_TMP/many" $many
one_error() {
    "$meldkluis" -g ana --passphrase-fd 3 factsheet --jaren 2018 --intern 3< <(phrase bo) >"$output" 2>"$errors"
    [ $? -eq 3 ] && [ "$(wc -l <"$errors")" -eq 1 ]
}
claim "a wrong passphrase is one error" one_error
alone_program() {
    mkdir "$MK_TMP/bin" && copy_program "$MK_TMP/bin" &&
        "$MK_TMP/bin/meldkluis" -g ana factsheet --jaren 2018 --intern </dev/null >"$output" 2>"$errors"
    [ $? -eq 1 ] && grep -q 'meldkluis-factsheet ontbreekt' "$errors"
}
claim "without the other program it says so" alone_program
broken_program() {
    printf '#!/bin/sh\ncat >/dev/null\nkill -9 $$\n' >"$MK_TMP/bin/meldkluis-factsheet" && chmod +x "$MK_TMP/bin/meldkluis-factsheet" &&
        "$MK_TMP/bin/meldkluis" -g ana --passphrase-fd 3 factsheet --jaren 2018 --intern 3< <(phrase ana) >"$output" 2>"$errors"
    [ $? -eq 1 ] && grep -q 'mislukt' "$errors"
}
claim "when the other program is killed, the command failed" broken_program
nothing_inherited() {
    printf '#!/bin/sh\nls -l /proc/self/fd >"%s"; env >>"%s"; cat >/dev/null\n' "$MK_TMP/fds" "$MK_TMP/fds" >"$MK_TMP/bin/meldkluis-factsheet" &&
        "$MK_TMP/bin/meldkluis" -g ana --passphrase-fd 7 factsheet --jaren 2018 --intern 7< <(phrase ana) >"$output" 2>"$errors" &&
        ! grep -q ' [4-9] -> \|HOME=' "$MK_TMP/fds"
}
claim "the other program gets no descriptor and no environment" nothing_inherited
of_files "$no_folder" "the folder of the vault is no place for a factsheet" ends 2 'geen plaats' ana factsheet --jaren 2018 \
    --intern --out "$(place)"
as_of_log() { as aad log lijst --soort count-internal --json && json 'assert len(d["entries"]) > 3 and d["entries"][0]["person"]=="ana"'; }
claim "each count for internal use is in the log" as_of_log
