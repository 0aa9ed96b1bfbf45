#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# One factsheet in all formats: the same cells and words everywhere, as our reader and
# as readers that are not ours find them; hostile texts; the same bytes on any day.
set -u
program=$MK_BUILD/meldkluis-factsheet
data=$MK_SRC/tests/data
cube=$MK_TMP/cube
cd "$MK_TMP" || exit 1
awk -f "$data/cube.awk" "$data/dossiers-2018-2020.csv" >cube

ok() { echo "ok - $1"; }
not_ok() { echo "not ok - $1${2:+: $2}"; }
claim() { # SENTENCE COMMAND...
    local sentence=$1 output
    shift
    if output=$("$@" 2>&1); then ok "$sentence"; else not_ok "$sentence" "$output"; fi
}
all=()
for format in text csv json html fods markdown jsonstat; do all+=(--format "$format"); done
tables() { "$program" tables "$@" "${all[@]}" <"$cube" >/dev/null; }

# what the gate gets from meldkluis: the counts, and with a release the word that it is
# registered, once the record has come up
# shellcheck disable=SC2094 # that the record has come is seen from its file
publish() { # RECORD OPTION...
    local record=$1
    shift
    : >"$record"
    {
        printf 'meldkluis-gate: 1\nsection cube %s\n' "$(wc -c <"$cube")"
        cat "$cube"
        printf '\nend\n'
        for _ in {1..600}; do
            [ -s "$record" ] && break
            sleep 0.05
        done
        echo commit
    } | "$program" publish "$@" "${all[@]}" 3>"$record" >/dev/null
}

# ---- the sheets ---------------------------------------------------------------------

claim "a sheet for own use" tables --policy internal --out own
claim "the same in English" tables --policy internal --lang en --out own.en
claim "a release through disclosure control" publish record --release voorjaar-7 --audience FAC --out released
claim "the same in English" publish record.en --lang en --release spring-7 --audience KAM --out released.en
mkdir hostile hostile.en
claim "a hostile sheet" "$MK_BUILD/tests/tools/hostile_folder" hostile nl
claim "the same in English" "$MK_BUILD/tests/tools/hostile_folder" hostile.en en

# LibreOffice reads all of them in one run, and writes what it has understood
mkdir in office
folders=(own own.en released released.en hostile hostile.en)
for folder in "${folders[@]}"; do cp "$folder/factsheet.fods" "in/$folder.fods"; done
opened() {
    soffice "-env:UserInstallation=file://$MK_TMP/lo" --headless --convert-to fods --outdir office in/*.fods &&
        for folder in "${folders[@]}"; do
            mkdir "$folder/others" && mv "office/$folder.fods" "$folder/others/factsheet.fods" || return 1
        done
}
claim "LibreOffice opens every spreadsheet" opened

# Markdown: with all that readers add to CommonMark, and with nothing; what they take
# for HTML passes through, so that it is found
read_by_others() {
    node "$MK_SRC/tests/node/read_data.mjs" "$1" >"$1/read.json" &&
        cmark-gfm --unsafe -e table -e autolink -e strikethrough -e tasklist "$1/factsheet.md" >"$1/others/factsheet.md.html" &&
        cmark-gfm --unsafe "$1/factsheet.md" >"$1/others/plain.md.html"
}
same() { read_by_others "$2" && python3 "$MK_SRC/tests/support/formats.py" "$1" "$2"; }
claim "figures for own use are the same in every format" same agree own
claim "and in English" same agree own.en
claim "so are those of a release" same agree released
claim "and in English" same agree released.en
claim "hostile texts are text in every format" same hostile hostile
claim "and in English" same hostile hostile.en
xml() { xmllint --noout "$1/factsheet.fods" hostile/factsheet.fods; }
claim "the spreadsheet is well-formed" xml released

every_mark() { # x, NR, NA and 0 are among what was compared
    for mark in x NR NA; do grep -q ",dossier,,$mark," released/factsheet.csv || return 1; done
    grep -q ',dossier,0,,,$' released/factsheet.csv
}
claim "every mark was among them" every_mark
languages() { # the two languages differ in words, not in figures
    cmp own/factsheet.csv own.en/factsheet.csv && cmp released/factsheet.csv released.en/factsheet.csv &&
        ! cmp -s own/factsheet.md own.en/factsheet.md
}
claim "a language changes no figure" languages
kept() { # the record keeps each file as it was written
    python3 - record released <<'EOF'
import json, pathlib, sys
record = json.loads(pathlib.Path(sys.argv[1]).read_text().split("\n\n", 1)[1])
folder = pathlib.Path(sys.argv[2])
names = {p.name for p in folder.iterdir() if p.is_file()} - {"read.json"}
sys.exit(names != set(record["files"]) or
         any((folder / n).read_text() != text for n, text in record["files"].items()))
EOF
}
claim "the record of a release keeps every file to the byte" kept

# ---- the same bytes on any day and machine ---------------------------------------------

elsewhere() {
    mkdir away && cd away &&
        env -i PATH="$PATH" HOME=/nonexistent TZ=Pacific/Kiritimati LANG=tr_TR.UTF-8 LC_ALL=tr_TR.UTF-8 LANGUAGE=de \
            SOURCE_DATE_EPOCH=1 MELDKLUIS_TEST_TIME=2031-02-03T04:05:06 "$program" tables --policy internal "${all[@]}" --out ../own.again <"$cube" >/dev/null &&
        cd .. && rm -rf own/others own/read.json && diff -r own own.again
}
claim "on another day, with another locale, the bytes are the same" elsewhere
stamped() { # no day but that of the data, and of laws in the notes
    ! grep -n "$(date +%Y-%m)" released/factsheet.* released/release.json
}
claim "no day of making is in a file" stamped
