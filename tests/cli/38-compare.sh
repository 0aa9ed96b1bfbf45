#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What an analyst looks at before and after a release, for own use only: what changed
# since and why, what would be published, and figures that were published at the time.
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
take_in() { received=2019-04-02 report "$@"; } # a melding of 2019; its tag in $tag
coded() { # WORD...: one that is classified, without a duty
    take_in && step "$tag" duid sector=KO care_type=KDV category=FG accused=OU victim_minor=J in_care=J \
        qualification=GEEN occurred=2019-03 "$@"
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
    found=$(cell "$@") && [ "$found" = "$wanted" ] || { echo "$found, not $wanted" && return 1; }
}

# ---- a release, and what came after it --------------------------------------------------

{ head -1 "$MK_SRC/tests/data/dossiers-2018-2020.csv" && grep ',2019-' "$MK_SRC/tests/data/dossiers-2018-2020.csv" | grep -v ',2020-.*,TEL' ; } >2019.csv
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
claim "2019 is released" ends 0 '' ana factsheet --jaren 2019 --vrijgave A --uit a
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

is_changed() { # WANTED TABLE KEY=VALUE...
    local wanted=$1
    shift
    is_cell "$wanted" compare.json 2019 "$@"
}
compared() { ends 0 '' ana factsheet --vergelijk A --json && cp "$output" compare.json; }
claim "now something has" compared
