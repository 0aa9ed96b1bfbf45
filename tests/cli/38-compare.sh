#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What an analyst looks at before and after a release, for own use only: what changed
# since and why, what would be published, and figures that were published at the time.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
new_vault
cd "$MK_TMP" || exit 1
step() { # TAG VERB WORD...: a form of those words
    local of=$1 verb=$2
    shift 2
    as ilse "$verb" "$of" --form - < <(form "$@") || { echo "$verb: $(cat "$errors")" && return 1; }
}
take_in() { received=2019-04-02 report urgent=N; } # a melding of 2019; its tag in $tag
coded() { # one that is classified, without a duty
    take_in && step "$tag" duid sector=KO care_type=KDV category=FG accused=OU victim_minor=J in_care=J \
        qualification=GEEN occurred=2019-03
}
cell() { # FILE YEAR TABLE KEY=VALUE...: that cell of a comparison, without its names
    python3 - "$@" <<'END'
import json, sys
d, year, table, *keys = json.load(open(sys.argv[1])), *sys.argv[2:]
cells = [c for y in d["years"] if y["year"] == year for t in y["tables"] if t["table"] == table for c in t["cells"]
         if all(str(c[k.split("=")[0]]) == k.split("=")[1] for k in keys)]
assert len(cells) == 1, cells
c = cells[0]
print(c["then"], c["now"], " ".join(f"{k}{v:+d}" for k, v in c["why"].items()))
END
}
is_cell() { # WANTED ARGUMENTS of cell
    local wanted=$1 found
    shift
    found=$(cell "$@")
    [ "$found" = "$wanted" ] || { echo "$found, not $wanted" && return 1; }
}

# ---- a release, and what came after it --------------------------------------------------

{ head -1 "$MK_SRC/tests/data/dossiers-2018-2020.csv" && grep '^2019-' "$MK_SRC/tests/data/dossiers-2018-2020.csv"; } >2019.csv
claim "dossiers of 2019 are imported" ends 0 '' ilse invoer 2019.csv
before() {
    take_in && waiting=$tag
    coded && slip=$tag
    coded && facts=$tag
    coded && anew=$tag
    coded && double=$tag
    coded && elsewhere=$tag
    coded && back=$tag
    step "$back" niet-bevoegd reason=GKO &&
        take_in && duty=$tag && step "$duty" duid sector=KO care_type=KDV category=SM accused=MW victim_minor=J \
        in_care=J qualification=XIV occurred=2019-03 known=2019-04-01
}
before || not_ok "dossiers are made by hand" "$(cat "$errors")"
claim "2019 is released" ends 0 '' ana factsheet --jaren 2019 --format csv --vrijgave A --uit a
nothing() {
    ends 0 '' ana factsheet --vergelijk A && [ "$(grep -c 'niets gewijzigd' "$output")" -eq 7 ] &&
        grep -q 'NIET VOOR PUBLICATIE' "$output" && [ "$(awk '{ if (length > 80) n++ } END { print n + 0 }' "$output")" -eq 0 ]
}
claim "at first nothing has changed" nothing
after() {
    step "$waiting" duid sector=KO care_type=BSO category=PG accused=OU victim_minor=J in_care=J qualification=GEEN occurred=2019-03 &&
        step "$slip" corrigeer event=2 key=care_type value=BSO reason=TYP &&
        step "$facts" corrigeer event=2 key=category value=PG reason=FEI &&
        step "$anew" duid sector=KO care_type=KDV category=OV accused=OU victim_minor=J in_care=J qualification=GEEN occurred=2019-03 &&
        step "$double" dubbel "kept=$facts" && step "$elsewhere" niet-bevoegd reason=GKO &&
        step "$back" heropen reason=VRZ && take_in && step "$tag" duid sector=KO care_type=KDV category=OV accused=OU \
        victim_minor=J in_care=J qualification=GEEN occurred=2019-03
}
after || not_ok "and change" "$(cat "$errors")"

compared() { ends 0 '' ana factsheet --vergelijk A --json && cp "$output" compare.json; }
claim "what changed since is told to programs" compared
claim "in all: one late, one classified since, two that do not count any more, one that does again" \
    is_cell '140 141 late+1 classified+1 duplicate-1 not_competent-1 recounted+1' compare.json 2019 F1
claim "a slip that was corrected moves a dossier from one care type to the other" \
    is_cell '30 32 classified+1 corrected+1' compare.json 2019 F7 care_type=BSO
claim "new facts and another duiding do so with categories" \
    is_cell '6 8 late+1 reclassified+1' compare.json 2019 F2 category=OV
happened() {
    step "$duty" overleg contact=2019-04-03 direct=J speaker=LEI &&
        ends 0 '' ana factsheet --compare A --years 2019 --json && cp "$output" later.json &&
        is_cell "$(cell compare.json 2019 F5 category=XIV measure=direct_j | cut -d' ' -f1) $(($(cell compare.json 2019 F5 category=XIV measure=direct_j | cut -d' ' -f2) + 1)) event+1" \
            later.json 2019 F5 category=XIV measure=direct_j
}
claim "a step that was taken since is told as such" happened
sums() { # every difference is the sum of its reasons, and what was printed fits
    python3 - later.json a/factsheet.csv <<'END'
import csv, json, sys
d = json.load(open(sys.argv[1]))
sheet = {tuple(r[k] for k in ("table", "year", "category", "care_type", "measure")): r for r in csv.DictReader(open(sys.argv[2]))}
n = 0
for y in d["years"]:
    for t in y["tables"]:
        for c in t["cells"]:
            was = sheet.pop((t["table"], y["year"], c["category"], c["care_type"], c["measure"]))
            assert c["mark"] in ("", "NR", "NA"), c
            if c["mark"]:
                assert was["mark"] == c["mark"]
                continue
            assert c["now"] - c["then"] == c["difference"] == sum(c["why"].values()), c
            p = c["printed"]
            assert [str(p[k]) if p[k] is not None else "" for k in ("value", "mark", "lo", "hi")] == [was[k] for k in ("value", "mark", "lo", "hi")], (c, was)
            assert p["value"] == c["then"] if p["mark"] == "" else p["lo"] <= c["then"] <= p["hi"], c
            n += 1
assert not sheet and n > 80 and d["contradicted"] == 0 and not d["for_publication"]
END
}
claim "in every cell the reasons add up, and what was printed is what the release printed" sums
in_text() {
    ends 0 '' ana factsheet --vergelijk A --lang en && grep -q 'NOT FOR PUBLICATION' "$output" &&
        grep -A1 'PG BSO  .*, out-of-school care$' "$output" | grep -q '^ *x (0-[0-9]*)  *[0-9]  *[0-9]  *+1$' && grep -q '^ *slip corrected -1, reclassified -2' "$output"
}
claim "the text has the reasons under each figure" in_text
own_files() {
    ends 0 '' ana factsheet --vergelijk A --format text --format json --uit own && [ "$(cd own && echo *)" = 'compare.json compare.txt' ] &&
        [ "$(stat -c %a own own/compare.json | xargs)" = '700 600' ] && cmp own/compare.json later.json
}
claim "files are for the owner alone, and say the same" own_files
as_of() { # as of the release itself
    local at
    as ana vrijgave lijst --json && at=$(json 'print(d["releases"][0]["positions"][0])') &&
        ends 0 '' ana factsheet --vergelijk A --peildatum "#$at" && [ "$(grep -c 'niets gewijzigd' "$output")" -eq 7 ] &&
        ends 2 'getal bij peildatum' ana factsheet --vergelijk A --peildatum "#$((at - 1))"
}
claim "now may be an earlier moment, but none before the release" as_of
wrong() {
    ends 2 'vrijgave A heeft het jaar 2018 niet.*vrijgave lijst noemt ze' ana factsheet --vergelijk A --jaren 2018,2019 &&
        ends 2 'jaar 2019 niet in deze jaarindeling' ana factsheet --vergelijk A --jaren 2019 --schooljaar &&
        ends 2 'vrijgave Z staat niet in het register' ana factsheet --vergelijk Z &&
        ends 2 'text of json' ana factsheet --vergelijk A --format html &&
        ends 2 '--vrijgave gaat niet samen met --vergelijk' ana factsheet --vergelijk A --vrijgave B
}
claim "years that it lacks, a release that there is not, and a form for readers are refused" wrong
logged() {
    as aad log lijst --soort count-compare --json && json 'assert len(d["entries"]) >= 5 and {e["person"] for e in d["entries"]} == {"ana"}' &&
        ends 3 '' ilse factsheet --vergelijk A && [ ! -s "$output" ]
}
claim "each comparison is in the log, and is for the analyst" logged

# ---- before a release ----------------------------------------------------------------------

{
    head -1 "$MK_SRC/tests/data/dossiers-2018-2020.csv"
    grep '^2018-' "$MK_SRC/tests/data/dossiers-2018-2020.csv"
} >2018.csv
claim "dossiers of 2018 are imported" ends 0 '' ilse invoer 2018.csv
previewed() {
    ends 0 '' ana factsheet --jaren 2018,2019 --voorbeeld --json && cp "$output" preview.json &&
        [ "$(released)" = A ] && [ -z "$(find . -newer preview.json -name 'factsheet.*')" ]
}
released() { as ana vrijgave lijst --json && json 'print(" ".join(r["name"] for r in d["releases"]))'; }
claim "a preview writes and registers nothing" previewed
same_marks() { # what it says is hidden is what a publication hides
    ends 0 '' ana factsheet --jaren 2018,2019 --format csv --uit draft && python3 - preview.json draft/factsheet.csv <<'END'
import collections, csv, json, sys
d = json.load(open(sys.argv[1]))
marks = collections.Counter((r["year"], r["table"], r["mark"]) for r in csv.DictReader(open(sys.argv[2])))
for y in d["years"]:
    for t in y["tables"]:
        key = y["year"], t["table"]
        assert (t["printed"], t["hidden"], t["NR"], t["NA"]) == tuple(marks[*key, m] for m in ("", "x", "NR", "NA")), (key, t)
        assert t["primary"] + t["secondary"] + t["earlier"] == t["hidden"]
    assert y["all"]["hidden"] == sum(t["hidden"] for t in y["tables"]) > 10 and y["all"]["hidden_values"] > 0
    assert y["proof"]["optimal"] and y["proof"]["cost"] == y["proof"]["cost_at_least"]
new, old = d["years"]
assert new["earlier"] == [] and not new["frozen"] and old["earlier"] == ["A"] and old["frozen"] and old["advice"] is None
assert new["advice"], "nothing to merge"
for a in new["advice"]:
    assert a["dimension"] in ("category", "care_type", "reporter") and a["hidden_after"] < a["hidden_before"]
ids = [n["id"] for n in d["notes"]]
assert "frozen" in ids and "not-recorded" in ids and "draft" not in ids and not d["for_publication"]
END
}
claim "it counts the marks that a publication has, and says what less detail would hide" same_marks
preview_text() {
    ends 0 '' ana factsheet --years 2018 --preview --threshold 7 --lang en && grep -q 'NOT FOR PUBLICATION' "$output" &&
        grep -q '^    all .*[0-9]' "$output" && grep -q 'as one: [0-9]* hidden, not' "$output" && grep -q '1 to 6 is hidden' <(tr -s ' \n' ' ' <"$output")
}
claim "people read it as text, by the threshold that is asked" preview_text
refused_preview() {
    ends 0 '' ana factsheet --jaren 2018 --tabel category,care_type --drempel 2 --vrijgave LOS --uit los || return 1
    as ana factsheet --jaren 2018,2019 --voorbeeld
    [ $? -eq 6 ] && grep -q '^2018 .*gehouden tegen LOS' "$output" && grep -q GEWEIGERD "$output" && grep -q 'eerder: LOS' "$output" &&
        grep -q '^2019  zoals het is vrijgegeven' "$output"
}
claim "a year that would be refused says why, and the others are told all the same" refused_preview
no_files() {
    ends 2 '--uit gaat niet samen met --voorbeeld' ana factsheet --jaren 2018 --voorbeeld --uit x &&
        ends 2 '--vrijgave gaat niet samen met --voorbeeld' ana factsheet --jaren 2018 --voorbeeld --vrijgave X &&
        ends 2 '--beleid exact gaat niet samen met --voorbeeld' ana factsheet --jaren 2018 --voorbeeld --beleid exact && [ ! -e x ]
}
claim "it has no folder and no name" no_files

# ---- figures that were published at the time ---------------------------------------------------

printf '%s\n' table,year,category,care_type,value F1,2019,,,139 F2,2019,OV,,8 F3,2019,PG,BSO,3 F7,2019,,VGO,1 F1,2010,,,99 >then.csv
inside() {
    ends 0 'let op, F1 2019: 139 gepubliceerd, 141 hier' ana factsheet --jaren 2019 --intern --gepubliceerd then.csv &&
        grep -q 'F1 2019: 139 gepubliceerd, 141 hier; F3 2019 PG BSO: 3 gepubliceerd, 4 hier' <(tr -s ' \n' ' ' <"$output") &&
        [ "$(grep -c 'let op' "$errors")" -ge 2 ]
}
claim "for own use each difference is a warning and a note with both numbers" inside
outside() { # PG in BSO is hidden: neither its old figure nor the one of here is told
    ends 0 '' ana factsheet --jaren 2019 --gepubliceerd then.csv --format text --format json --uit beside && [ ! -s "$errors" ] &&
        jq -r '.notes[] | select(.id == "published") | .text' beside/factsheet.json >note &&
        grep -q 'F1 2019: 139 gepubliceerd, 140 hier' note && ! grep -qE 'F3|VGO|F2 2019 OV: 3' note && grep -q 'Over andere jaren: 1' note &&
        grep -q '139 gepubliceerd' <(tr -s ' \n' ' ' <beside/factsheet.txt)
}
claim "in a publication only where the figure is printed" outside
bad_published() {
    printf 'table,year,category,value\nF2,2019,SM,20\nF2,2019,XX,20\n' >bad.csv
    as ana factsheet --jaren 2019 --intern --gepubliceerd bad.csv
    [ $? -eq 2 ] && grep -q '^toegestaan: SM SI PG' "$errors" && grep -q 'regel 3: ongeldige code bij category' "$errors" && [ ! -s "$output" ] &&
        ends 2 'bestand --gepubliceerd is er niet' ana factsheet --jaren 2019 --intern --gepubliceerd nowhere.csv
}
claim "a bad line is refused with its number and what may stand there" bad_published
