#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The reviewer: questions to the log, counts, CSV, a page for a period, and what he
# concluded.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
at() { export MELDKLUIS_TEST_TIME=$1; } # a moment in UTC
ran() { "$@" || not_ok "$*" "$(cat "$errors")"; }

# ---- a week at the office: Monday 2 to Sunday 8 March 2026 ---------------------------
at 2026-03-02T10:00:00
new_vault
report label=een
first=$tag
at 2026-03-03T10:00:00
ran as ilse toon "$first" --uit "$MK_TMP/own"
ran as ivo toon "$first" --doel BEH --uit "$MK_TMP/claims" # says it is his own to treat
at 2026-03-03T22:30:00
ran as ivo toon "$first" --doel NOOD --uit "$MK_TMP/night"
at 2026-03-04T10:00:00
as ivo toon "$first" --uit "$MK_TMP/refused"
ran as ilse intrek "$first" --form - < <(form reason=VRZ)
at 2026-03-05T10:00:00
ran as ilse toon "$first" --uit "$MK_TMP/closed"
ran as ilse heropen "$first" --form - < <(form reason=FEI)
"$meldkluis" -g ilse --passphrase-fd 3 lijst 3< <(phrase bo) >/dev/null 2>&1
at 2026-03-06T10:00:00
for word in een twee drie vier; do
    as ivo zoek --doel WRN --form - < <(form "text=$word")
done
ran as ana factsheet --years 2026 --internal --out "$MK_TMP/sheet"
ran as aad log lijst

# asks QUESTION PYTHON OPTIONS...: of the entries that answer it
asks() {
    as aad log lijst --vraag "$1" --json "${@:3}" && json "e = d['entries']; assert $2, e"
}
claim "outside the caseload, whatever purpose was said" asks buiten-caseload \
    "[x['purpose'] for x in e if x['kind'] == 'copy'] == ['BEH', 'NOOD'] and {x['person'] for x in e} == {'ivo'}"
claim "a search that found it is outside the caseload, too" asks buiten-caseload \
    "[x.get('dossier') for x in e if x['kind'] == 'search' and x['outcome'] == 'done'] == ['$first']"
claim "what was closed and seen or reopened" asks heropend \
    "[(x['kind'], x.get('verb')) for x in e] == [('copy', None), ('change', 'reopen'), ('change', 'reopen')] or e"
closed_again() { asks heropend "all(x['time'] >= '2026-03-05' for x in e) and e[0]['kind'] == 'copy' and any(x['kind'] == 'copy' for x in e)"; }
claim "and nothing from before it was closed" closed_again
claim "night, by Dutch time" asks nacht "[x['time'] for x in e if x['person'] == 'ivo'] == ['2026-03-03 23:30:00']"
claim "emergency" asks nood "[(x['person'], x['purpose']) for x in e] == [('ivo', 'NOOD')]"
claim "failures: the refused and the unlock" asks mislukt \
    "sorted(x['kind'] for x in e) == ['copy', 'unlock-failed']"
claim "probing with a threshold of the reviewer" asks aftasten "len(e) > 0 and {x['person'] for x in e} == {'ivo'}" --drempel 3
claim "probing without one: four searches are none" asks aftasten "e == []"
claim "bulk: one dossier is none" asks bulk "e == []" --drempel 1
claim "administration begins with the vault" asks beheer "e[0]['kind'] == 'init'"
claim "releases: counts and copies" asks vrijgaven \
    "{x['kind'] for x in e} == {'copy', 'count-internal'}"
claim "English names do as well" asks outside-caseload "len(e) > 2"
claim "filters join" asks buiten-caseload "[x['purpose'] for x in e] == ['BEH']" --dossier "$first" --wie ivo \
    --van 2026-03-03 --tot 2026-03-03 --tot-nr 8
every() { as aad log lijst --json && json "assert any('night' in x['questions'] and 'emergency' in x['questions'] for x in d['entries'])"; }
claim "an entry says which questions it answers" every
claim "a question that is none is refused with those there are" ends 2 'buiten-caseload heropend nacht' aad log lijst --vraag wie
claim "a threshold that is none is refused" ends 2 '1 tot en met 1000' aad log lijst --drempel 0
claim "a period that ends before it begins is not an empty one" ends 2 'van ligt na --tot' aad log lijst --van 2026-03-08 --tot 2026-03-02
claim "nor on the page" ends 2 'van ligt na --tot' aad log overzicht --van 2026-03-08 --tot 2026-03-02
claim "nor by numbers" ends 2 'van-nr is hoger' aad log lijst --van-nr 9 --tot-nr 3
labels() {
    "$meldkluis" help log lijst >"$output" && grep -q '^ *copy  *dossier naar bestand geschreven$' "$output" &&
        grep -q '^ *buiten-caseload  *dossiers van een ander' "$output" &&
        "$meldkluis" --lang en help log list >"$output" && grep -q '^ *copy  *dossier written to a file$' "$output"
}
claim "help says which word stands for which label of a list" labels
lists_too() { as aad log lijst --dossier "$first" && grep -q 'lijsten en de klok' "$errors" && as aad log lijst && ! grep -q 'lijsten en de klok' "$errors"; }
claim "who asks for a dossier is told what that leaves out" lists_too
legend() { as aad log overzicht && grep -q 'gevraagd: .* tel het als ingezien' "$output" && grep -q 'ontbreken zijn sessies' "$output"; }
claim "the page says how to read outcomes and numbers" legend
claim "only the auditor asks" ends 3 '' ilse log lijst --vraag nacht

# ---- bulk ---------------------------------------------------------------------------
at 2026-03-07T10:00:00
{
    echo 'ref,received,channel,reporter,sector,care_type,category,accused,victim_minor,in_care,qualification,occurred'
    for n in 1 2 3; do echo "b-$n,2026-01-15,TEL,OUD,KO,BSO,SI,MW,J,J,GEEN,2026-01"; done
} >"$MK_TMP/three.csv"
ran as ilse invoer "$MK_TMP/three.csv"
as ilse lijst --json
for tag in $(json 'print(*[x["tag"] for x in d["dossiers"]])'); do
    ran as ivo toon "$tag" --doel OVD --uit "$MK_TMP/b-$tag"
done
claim "bulk: the dossiers past the threshold" asks bulk "len(e) == 2 and {x['person'] for x in e} == {'ivo'}" --drempel 2
claim "an imported dossier belongs to who imported it" asks buiten-caseload \
    "len([x for x in e if x['purpose'] == 'OVD']) == 4"

# ---- counts -------------------------------------------------------------------------
counts() { # WHAT PYTHON OPTIONS...
    as aad log lijst --tel "$1" --json "${@:3}" && json "c = d['counts']; assert $2, c"
}
claim "how many a person" counts wie "{x['person']: x['count'] for x in c}['ivo'] == d['entries']" --wie ivo
claim "how many of a kind" counts soort "c == [{'kind': 'intake', 'count': 4}]" --soort intake
claim "how many a day" counts dag "[x['day'] for x in c] == ['2026-03-02', '2026-03-03']" --tot 2026-03-03
claim "how many a question" counts vraag "{x['question'] for x in c} >= {'night', 'failed', 'releases'}"
agrees() { # the counts are those of the list
    local n
    as aad log lijst --vraag nacht --wie ivo --json && n=$(json 'print(len(d["entries"]))') &&
        counts wie "sum(x['count'] for x in c) == $n" --vraag nacht --wie ivo
}
claim "counts and list agree" agrees
claim "what is counted by nothing is refused" ends 2 'wie soort dag vraag' aad log lijst --tel maan
as_text() { as aad log lijst --tel wie && head -n 1 "$output" | grep -q 'aantal *wie' && grep -q ' ivo$' "$output"; }
claim "counts are a table for people" as_text

# ---- CSV and files -------------------------------------------------------------------
csv() {
    as aad log lijst --format csv && python3 - "$output" "$first" <<'END'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1])))
assert [r["purpose"] for r in rows if r["kind"] == "copy" and r["dossier"] == sys.argv[2]][:2] == ["", "BEH"] or \
    [r["purpose"] for r in rows if r["kind"] == "copy"][:2] == ["BEH", "BEH"], rows
assert all(None not in r and None not in r.values() for r in rows)
assert [int(r["seq"]) for r in rows] == sorted(int(r["seq"]) for r in rows)
END
}
claim "CSV has a row an entry" csv
csv_counts() { as aad log lijst --tel soort --soort intake --format csv && printf 'kind,count\nintake,4\n' | cmp -s - "$output"; }
claim "counts in CSV" csv_counts
in_file() {
    ends 0 '' aad log lijst --format csv --uit "$MK_TMP/log.csv" && [ ! -s "$output" ] &&
        [ "$(stat -c %a "$MK_TMP/log.csv")" = 600 ] && head -n 1 "$MK_TMP/log.csv" | grep -q '^seq,time,'
}
claim "a file of its own, for its owner only" in_file
claim "a file is not overwritten" ends 1 'bestaat al' aad log lijst --uit "$MK_TMP/log.csv"
of_files "$no_folder" "nor put into the vault" ends 2 'geen plaats voor --uit' aad log lijst --uit "$(place)/log"
claim "a format that is none is refused" ends 2 'text, csv of json' aad log lijst --format html

# ---- a page ---------------------------------------------------------------------------
at 2026-03-09T10:00:00
overview() { # PYTHON OPTIONS...
    as aad log overzicht --json "${@:2}" && json "q = {x['question']: x for x in d['questions']}; assert $1, d"
}
claim "the page of a week counts as the list does" overview \
    "q['outside-caseload']['count'] > 3 and q['emergency']['count'] == 1 and d['intact'] and d['findings'] == 0" \
    --van 2026-03-02 --tot 2026-03-08
claim "it shows the last entries of each question" overview \
    "q['emergency']['latest'][0]['dossier'] == '$first' and len(q['outside-caseload']['latest']) == 6" --van 2026-03-02 --tot 2026-03-08
claim "nobody reviewed anything yet" overview "len(d['unreviewed']) == 1 and d['reviews'] == []" --tot 2026-03-08
unwitnessed() { overview "d['witnesses'] == 0 and d['uncovered'] >= d['entries'] and d['uncovered_days'] == 7 and not d['contradicted']"; }
claim "it says that no witness covers the log, and for how long" unwitnessed
page() {
    as aad log overzicht --van 2026-03-02 --tot 2026-03-08 && grep -q 'alles klopt' "$output" &&
        grep -q '^  getuigen: 0; niet bevestigd: ' "$output" &&
        grep -q '^! door niemand beoordeeld: ' "$output" && grep -q 'log lijst --vraag buiten-caseload' "$output" &&
        grep -q 'di 2026-03-03 23:30:00 *ivo' "$output"
}
claim "the page as text" page
html() {
    ends 0 '' aad --lang en log overview --from 2026-03-02 --until 2026-03-08 --format html --out "$MK_TMP/week.html" &&
        python3 - "$MK_TMP/week.html" <<'END'
import re, sys
from html.parser import HTMLParser
text = open(sys.argv[1]).read()
class Page(HTMLParser):
    open_, seen = [], set()
    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        assert not any(k in ("src", "href", "onload", "onclick") for k, v in attrs), attrs
        if tag != "meta":
            self.open_.append(tag)
    def handle_endtag(self, tag):
        assert self.open_.pop() == tag
page = Page()
page.feed(text)
assert not page.open_ and "table" in page.seen and not page.seen & {"script", "link", "img", "iframe"}
assert "url(" not in text and "@import" not in text and "@page{size:A4" in text and "prefers-color-scheme:dark" in text
assert "reviewed by nobody" in text and "ivo" in text
END
}
claim "the page as HTML: whole, alone, without script, for paper and the dark" html
claim "a format that a page has not is refused" ends 2 'text, json of html' aad log overzicht --format csv

# ---- what was concluded -------------------------------------------------------------
claim "a review wants a range" ends 2 'van-nr' aad log beoordeel --conclusie ORDE
claim "and a conclusion that there is" ends 2 'ORDE VRAAG OPVOLG LEK' aad log beoordeel --van-nr 1 --tot-nr 5 --conclusie PRIMA
claim "what is not in the log was not reviewed" ends 2 'geen reeks' aad log beoordeel --van-nr 1 --tot-nr 5000 --conclusie ORDE
claim "nor what ends before it begins" ends 2 'geen reeks' aad log beoordeel --van-nr 5 --tot-nr 4 --conclusie ORDE
claim "an inspector reviews nothing" ends 3 '' ilse log beoordeel --van-nr 1 --tot-nr 5 --conclusie ORDE
claim "a range is reviewed" ends 0 '' aad log beoordeel --van-nr 3 --tot-nr 9 --conclusie VRAAG
said() { as aad log lijst --soort log-review --json && json "assert [(x['from'],x['to'],x['conclusion'],x['person'],x['outcome']) for x in d['entries']] == [(3,9,'VRAAG','aad','done')]"; }
claim "and the log says who, what and the conclusion" said
gaps() { overview "[(x['from'],x['to'],x['person'],x['own']) for x in d['reviews']] == [(3,9,'aad',0)] and d['unreviewed'][0]['to'] == 2 and d['unreviewed'][1]['from'] == 10" --tot 2026-03-08; }
claim "the overview says what is still open" gaps
own() {
    as aad log lijst --soort log-list --json && last=$(json 'print(d["entries"][0]["seq"])') &&
        ends 0 '' aad log beoordeel --van-nr 10 --tot-nr "$last" --conclusie ORDE &&
        overview "d['reviews'][1]['own'] > 0" && as aad log overzicht && grep -q '^! daarvan waren .*van de beoordelaar zelf (aad)' "$output"
}
claim "and when a reviewer was in the range himself" own
dry() { ends 0 '' aad log beoordeel --van-nr 1 --tot-nr 2 --conclusie ORDE --proef && overview "len(d['reviews']) == 2"; }
claim "a dry run reviews nothing" dry
claim "a log with reviews verifies" ends 0 '' aad log controleer
