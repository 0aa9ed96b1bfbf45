#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Publication and the register of releases: the side of the vault. The gate is played
# by tests/support/gate.py, which stands beside a copy of the program: it tells what it
# was sent and fails when asked to. 32-publish.sh has the real one.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
new_vault
bin=$MK_TMP/bin gate=$MK_TMP/gate
mkdir "$bin" "$gate"
copy_program "$bin"
meldkluis=$bin/meldkluis
printf '#!/bin/sh\nexec %s %s %s "$@"\n' "$(command -v python3)" "$MK_SRC/tests/support/gate.py" "$gate" >"$bin/meldkluis-factsheet"
chmod +x "$bin/meldkluis-factsheet"
mode() { printf '%s\n' "$1" >"$gate/mode"; }
told() { grep -qx -- "$1" "$gate/args"; }
cube() { cat "$gate/section-$1-cube"; }
sheet() { as ana factsheet --jaren 2018-2020 "$@"; }
released() { as ana vrijgave lijst --json && json 'print(" ".join(r["name"] for r in d["releases"]))'; }
is_released() { [ "$(released)" = "$1" ] || { echo "released: $(released)" && return 1; }; }

there() { compgen -G "$gate/section-*-$1" >/dev/null; } # was there such a section?
number() { find "$gate" -name "section-*-$1" | wc -l; }
await() { # FILE: until it is there
    local _
    for _ in $(seq 100); do
        [ -e "$1" ] && return
        sleep 0.1
    done
}

# the invented dossiers, some of them at one of nine invented places
python3 - "$MK_SRC/tests/data/dossiers-2018-2020.csv" >"$MK_TMP/dossiers.csv" <<'END'
import csv, sys
rows = list(csv.reader(open(sys.argv[1])))
proof = lambda n: sum(int(d) * w for d, w in zip(str(n), (9, 8, 7, 6, 5, 4, 3, 2, -1))) % 11 == 0
places = [n for n in range(100000000, 100000200) if proof(n)][:9]
for i, row in enumerate(rows[1:]):
    if i % 3:
        row[-1] = places[i // 3 % 9]
csv.writer(sys.stdout, lineterminator="\n").writerows(rows)
END
claim "366 invented dossiers are imported" ends 0 '' ilse invoer "$MK_TMP/dossiers.csv"
none() { ends 0 'geen vrijgaven' ana vrijgave lijst && is_released ''; }
claim "at first there are no releases" none

# ---- without a name: a publication that nobody registers ------------------------------
draft() {
    sheet --uit "$MK_TMP/draft" --drempel 7 --format csv --format html && [ -f "$MK_TMP/draft/factsheet.csv" ] &&
        told publish && told --threshold && told 7 && told FAC && told nl && ! told --release &&
        cube 1 | head -1 | grep -qx 'meldkluis-cube: 2' && [ "$(find "$gate" -name 'section-*-key' -size 32c | wc -l)" -eq 1 ] &&
        ! there release && [ ! -e "$gate/decision" ]
}
claim "the gate gets counts by contributor and a key for rounding, and writes" draft
few_descriptors() { grep -qxE '0 1 2 3( [0-9]+)?' "$gate/fds"; }
claim "it has one descriptor more than the others: the way back" few_descriptors
sums() { # the cube of the gate, summed over contributors, is the one for own use
    sheet --intern && sheet --uit "$MK_TMP/draft" >/dev/null && python3 - "$gate/cube" "$gate/section-1-cube" <<'END'
import collections, csv, sys
(one, first), (two, second) = (open(f).read().split("\n\n") for f in sys.argv[1:])
head = lambda text: [l for l in text.splitlines() if not l.startswith(("meldkluis-cube", "rows"))]
assert head(one) == head(two), (one, two)
first, second = (list(csv.DictReader(t.splitlines())) for t in (first, second))
dims = [c for c in first[0] if c != "n"]
assert list(second[0]) == [*dims, "site", "accused", "n"]
by = collections.Counter()
for r in second:
    by[tuple(r[d] for d in dims)] += int(r["n"])
assert by == {tuple(r[d] for d in dims): int(r["n"]) for r in first} and sum(by.values()) > 300
for column in "site", "accused":
    seen = sorted({int(r[column]) for r in second} - {0})
    assert seen == list(range(1, 10 if column == "site" else 1)), (column, seen)
END
}
claim "contributors are numbered without a gap, and summed over them it is the cube for own use" sums
refused_by_gate() {
    mode refuse
    ends 6 'gate: one cell gives somebody away' ana factsheet --jaren 2018-2020 --vrijgave A --uit "$MK_TMP/a" || return 1
    [ ! -e "$MK_TMP/a" ] && is_released ''
}
claim "what the gate refuses ends with status 6 and its own words, and is not registered" refused_by_gate
deaf() {
    mode deaf
    ends 2 'gate: no such option' ana factsheet --jaren 2018-2020 --tabel nonsense
}
claim "so does what it does not understand" deaf
mode ''
dry() {
    rm -f "$gate"/section-* "$gate/args"
    ends 0 'alleen de logregels' ana factsheet --jaren 2018-2020 --vrijgave A --uit "$MK_TMP/a" --proef &&
        [ ! -e "$gate/args" ] && [ ! -e "$MK_TMP/a" ] && is_released ''
}
claim "a dry run starts nobody and registers nothing" dry

# ---- the round trip ----------------------------------------------------------------------
first() {
    ends 0 'vrijgave is vastgelegd' ana factsheet --jaren 2018-2020 --vrijgave A --bestemd KAM --uit "$MK_TMP/a" || return 1
    told A && told KAM && [ "$(cat "$gate/decision")" = commit ] && [ -f "$MK_TMP/a/factsheet.csv" ] && is_released A
}
claim "a release is registered, and then the files are there" first
listed() {
    as ana vrijgave lijst --json && json '
r, = d["releases"]
assert d["schema"] == 1 and r["name"] == "A" and r["kind"] == "factsheet" and r["years"] == [2018, 2019, 2020]
assert r["positions"] == [366] * 3 and r["audience"] == "KAM" and r["threshold"] == 5 and r["person"] == "ana"
assert r["basis"] == "calendar" and r["method"] == "suppress" and r["time_ms"] > 0' &&
        as ana vrijgave lijst && grep -q '^A  *factsheet  *2018-2020#366  *kalenderjaar  *KAM  *5  *onderdrukt  *2.* ana$' "$output"
}
claim "it is listed with years, position, audience, moment and person" listed
shown() {
    ends 0 'vrijgave A, vastgelegd op .* door ana' ana vrijgave toon A --format csv --uit "$MK_TMP/again" || return 1
    told release && told csv && [ -f "$MK_TMP/again/factsheet.csv" ] && grep -qx 'name: A' "$gate/section-1-release" &&
        [ "$(number '*')" -eq 1 ]
}
claim "its record can be shown and its files written again" shown
no_such() {
    rm -f "$gate/none"
    ends 2 'Z staat niet in het register' ana vrijgave toon Z && [ -e "$gate/none" ]
}
claim "a release that is not there is not found" no_such
late() { # a dossier of 2020 that comes in later
    received=2020-06-07
    report label=laat && as ilse duid "$tag" --form - \
        < <(form sector=KO care_type=BSO category=PG accused=OU victim_minor=J in_care=N qualification=GEEN occurred=2020-05)
}
claim "then a late dossier comes in" late
frozen() {
    ends 0 '' ana factsheet --jaren 2019-2021 --vrijgave B --uit "$MK_TMP/b" || return 1
    cube 1 | grep -qx 'years: 2019 2020' && cube 1 | grep -qx 'position: 366' &&
        cube 2 | grep -qx 'years: 2021' && cube 2 | grep -qx 'position: 368' &&
        grep -qx 'name: A' "$gate/section-3-release" && is_released 'A B'
}
claim "the next factsheet counts the old years as of then, and is held against the first" frozen
apart() { ends 0 '' ana factsheet --jaren 2022 --uit "$MK_TMP/c" && ! there release; }
claim "a factsheet of other years is not bothered with it" apart
school() { ends 0 '' ana factsheet --jaren 2020 --schooljaar --uit "$MK_TMP/d" && there release && cube 1 | grep -qx 'position: 368'; }
claim "a school year is held against the calendar years it lies in, but not frozen with them" school
revised() {
    ends 0 '' ana factsheet --jaren 2018-2020 --herzie --vrijgave C --uit "$MK_TMP/e" || return 1
    told --revise && cube 1 | grep -qx 'meldkluis-cube: 3' && cube 1 | grep -qx 'frozen: 366' && cube 1 | grep -qx 'position: 368' &&
        [ "$(cube 1 | grep -c ',ADDED,')" -eq 1 ] && [ "$(cube 1 | grep -c ',REMOVED,')" -eq 0 ] && is_released 'A B C'
}
claim "a revision tells the gate what is kept, removed and added" revised
moved() {
    ends 0 '' ana factsheet --jaren 2019-2021 --uit "$MK_TMP/f" && cube 1 | grep -qx 'years: 2019 2020' &&
        cube 1 | grep -qx 'position: 368' && cube 1 | grep -qx 'frozen: 366' && [ "$(cube 1 | grep -c ',ADDED,')" -eq 1 ] &&
        cube 2 | grep -qx 'years: 2021' && cube 2 | grep -qx 'meldkluis-cube: 2'
}
claim "after it those years are counted as of the revised position, beside the first one" moved
table() { ends 0 '' ana factsheet --jaren 2019 --tabel category,care_type --vrijgave D --bestemd WOO && told category,care_type && grep -q figures "$output" && is_released 'A B C D'; }
claim "an ad hoc table goes the same way" table
check() {
    ends 0 '' ana vrijgave controleer || return 1
    told check && [ "$(number release)" -eq 4 ] && [ "$(number cube)" -eq 4 ] &&
        cube 1 | grep -qx 'years: 2018' && cube 1 | grep -qx 'position: 368' && cube 1 | grep -qx 'frozen: 366' &&
        cube 4 | grep -qx 'years: 2021' && cube 4 | grep -qx 'meldkluis-cube: 2'
}
claim "a check sends all releases and each year once, a revised one with what changed" check
check_refuses() { mode refuse && ends 6 'gives somebody away' ana vrijgave controleer; }
claim "and ends as the gate does" check_refuses
mode ''

# ---- when it goes wrong ------------------------------------------------------------------
taken() { ends 1 'A bestaat al' ana factsheet --jaren 2018-2020 --vrijgave A --uit "$MK_TMP/x" && [ ! -e "$MK_TMP/x" ] && is_released 'A B C D'; }
claim "a name is given once" taken
not_registered() { # MODE PATTERN
    mode "$1"
    ends 1 "$2" ana factsheet --jaren 2018-2020 --vrijgave X --uit "$MK_TMP/x" || return 1
    [ "$(cat "$gate/decision")" = abort ] && [ ! -e "$MK_TMP/x" ] && is_released 'A B C D'
}
for how in other-name other-position bad-head garbage too-long half; do
    claim "a record that is not what was asked ($how) is not registered, and no file appears" not_registered $how 'er is niets gepubliceerd'
done
silent() { mode no-record && ends 1 'mislukt' ana factsheet --jaren 2018-2020 --vrijgave X && is_released 'A B C D'; }
claim "a gate that registers nothing and is content is not believed" silent
meanwhile() {
    mode wait
    as ana factsheet --jaren 2018-2020 --vrijgave X --uit "$MK_TMP/x" &
    local first=$!
    await "$gate/ready"
    mkdir -p "$MK_TMP/gate2" "$MK_TMP/bin2" && copy_program "$MK_TMP/bin2" &&
        sed "s|$gate|$MK_TMP/gate2|" "$bin/meldkluis-factsheet" >"$MK_TMP/bin2/meldkluis-factsheet" && chmod +x "$MK_TMP/bin2/meldkluis-factsheet"
    "$MK_TMP/bin2/meldkluis" -g ana --passphrase-fd 3 factsheet --jaren 2018 --vrijgave E 3< <(phrase ana) >/dev/null 2>&1 || echo "the second failed"
    touch "$gate/go"
    wait $first
    [ $? -eq 1 ] && grep -q 'iemand anders gaf intussen iets vrij' "$errors" && [ "$(cat "$gate/decision")" = abort ] &&
        [ ! -e "$MK_TMP/x" ] && is_released 'A B C D E'
}
claim "two at the same time: the second is refused, for it was not held against the first" meanwhile
registered_only() { # MODE NAME
    mode "$1"
    as ana factsheet --jaren 2018-2020 --vrijgave "$2" --uit "$MK_TMP/y"
    [ $? -eq 1 ] && grep -q "vrijgave $2 IS vastgelegd.*vrijgave toon NAAM --uit MAP" "$errors" && [ ! -e "$MK_TMP/y" ]
}
claim "files that cannot be written after that: it says that it is registered" registered_only disk F
claim "a gate killed between the two: it says that it is registered" registered_only die G
mode ''
recover() { is_released 'A B C D E F G' && as ana vrijgave toon G --uit "$MK_TMP/y" && [ -f "$MK_TMP/y/factsheet.csv" ]; }
claim "and the files can be had again" recover
killed() {
    mode kill-parent
    { as ana factsheet --jaren 2018-2020 --vrijgave H --uit "$MK_TMP/z"; } 2>/dev/null
    await "$gate/decision"
    mode ''
    # killed before the commit or behind it: files only after the word of it
    case $(released) in
    'A B C D E F G' | 'A B C D E F G H') ;;
    *) return 1 ;;
    esac
    if [ "$(cat "$gate/decision")" = commit ]; then is_released 'A B C D E F G H'; else [ ! -e "$MK_TMP/z" ]; fi &&
        as aad log controleer
}
claim "meldkluis killed while it registers: no file without a row, and the vault is whole" killed

# ---- before any passphrase -----------------------------------------------------------------
early() { # PATTERN OPTIONS...
    local pattern=$1
    shift
    setsid "$meldkluis" -g ana "$@" </dev/null >"$output" 2>"$errors"
    [ $? -eq 2 ] && [ "$(wc -l <"$errors")" -eq 1 ] && grep -q "^meldkluis: .*$pattern" "$errors"
}
claim "a name with other characters is refused at once, with those there are" early 'A-Z a-z 0-9 . _ -' factsheet --jaren 2018 --vrijgave 'a b'
claim "so is one that is too long" early '1 tot en met 64' factsheet --jaren 2018 --vrijgave "$(printf 'x%.0s' {1..65})"
claim "so is the name of a release to be shown" early 'A-Z a-z' vrijgave toon ../x
claim "an audience that is none is refused with those there are" early 'FAC KAM WOO PRS' factsheet --jaren 2018 --bestemd KRANT
claim "figures for own use are no release" early 'vrijgave gaat niet samen met --intern' factsheet --jaren 2018 --intern --vrijgave x
claim "exact figures do not go through the gate" early 'herzie gaat niet samen met --beleid exact' factsheet --jaren 2018 --beleid exact --herzie

# ---- who, and the log ------------------------------------------------------------------------
others() {
    local who rc=0
    for who in ilse aad bo; do
        ends 3 'analist' $who vrijgave lijst && ends 3 'analist' $who vrijgave controleer &&
            ends 3 'analist' $who vrijgave toon A && ends 3 'analist' $who factsheet --jaren 2018 --vrijgave Q || rc=1
    done
    return $rc
}
claim "nobody but an analyst lists, shows, checks or releases" others
logged() {
    local kind
    for kind in release-append release-list release-show release-check count; do
        as aad log lijst --soort $kind --json && json 'assert d["entries"] and all(e["person"] == "ana" for e in d["entries"])' || return 1
    done
    as aad log lijst --soort release-append && grep -q 'factsheet vrijgegeven' "$output"
}
claim "each of it is in the log" logged
whole() { as aad log controleer && grep -q 'alles klopt' "$output"; }
claim "and the vault is whole" whole
