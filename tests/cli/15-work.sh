#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The work of an inspector: from a report to its end, lists, clock, search, timeline.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
new_vault
state() { # TAG -> its state in the list
    as ilse lijst --json
    json "print([x['state'] for x in d['dossiers'] if x['tag']=='$1'][0])"
}
step() { # STATE VERB KEY=VALUE...
    local wanted=$1 verb=$2
    shift 2
    ends 0 '' ilse "$verb" "$tag" --form - < <(form "$@") && [ "$(state "$tag")" = "$wanted" ]
}

report label=waterverf urgent=J 'narrative=De moeder van Zoë belt over het speellokaal.'
first=$tag
claim "duid derives the overlegplicht" step overlegplicht duid sector=KO care_type=KDV category=SM accused=MW \
    victim_minor=J in_care=J qualification=XIV occurred=2026-02 known=2026-02-27
claim "the same verb by its English name" step overleg consult contact=2026-03-03 direct=J speaker=HOU
claim "a verdict before its date of contact wants a reason" ends 5 'breach' ilse oordeel "$tag" --form - \
    < <(form verdict=RED verdict_date=2026-03-01 ground=x)
warned() {
    step redelijk-vermoeden oordeel verdict=RED verdict_date=2026-03-01 ground=x breach=ONB
}
claim "with the reason it is taken" warned
claim "verwijs" step verwezen verwijs referred=2026-03-04 authority=ZED referred_for=AAN
claim "aangifte" step aangifte aangifte complaint=2026-03-10 notified=2026-03-11 authority=ZED
claim "volg" step volgen volg next_check=2027-06-01
claim "herinner" step volgen herinner next_check=2027-07-01
claim "plaats" step bij-instantie plaats authority=OM placed=2026-05-01
claim "sluit" step afgerond sluit outcome=AAN closed=2026-06-01
claim "heropen" step overlegplicht heropen reason=FEI
claim "corrigeer appends" step overlegplicht corrigeer event=1 key=channel value=MAIL reason=TYP
claim "persoon" step overlegplicht persoon role=BES 'name=Bert Verzonnen' organisation='De Speelton'
further() {
    as ilse melding nieuw --bij "$tag" --form - < <(form received=2026-07-01 channel=GES reporter=MED) &&
        as ilse lijst --json && json "assert [x['reports'] for x in d['dossiers']] == [2]"
}
claim "a further report is added to the dossier" further

# ---- reading ------------------------------------------------------------------
timeline() {
    ends 0 '' ilse tijdlijn "$first" --json --uit "$MK_TMP/t.json" && [ "$(stat -c %a "$MK_TMP/t.json")" = 600 ] &&
        python3 -c "
import json; d=json.load(open('$MK_TMP/t.json'))
assert d['schema']==1 and d['tag']=='$first'
v=[e['verb'] for e in d['events']]
assert v[0]=='report' and 'correct' in v and v[-1]=='further-report', v
assert d['events'][0]['corrected'] and d['events'][0]['fields']['channel']=='TEL'"
}
claim "the timeline keeps what was corrected" timeline
corrected() {
    ends 0 '' ilse toon "$first" --json --uit "$MK_TMP/s.json" &&
        python3 -c "import json; assert json.load(open('$MK_TMP/s.json'))['facts']['channel']=='MAIL'"
}
claim "the dossier shows what was corrected as it is now" corrected
claim "a dossier is not put into a pipe" ends 2 'geef --uit' ilse toon "$first"
claim "not in JSON either" ends 2 'geef --uit' ilse toon "$first" --json
in_vault() { ends 2 'geen plaats voor --uit' ilse toon "$first" --uit "$(place)/copy" && [ ! -e "$(place)/copy" ]; }
of_files "$no_folder" "a copy is not put into the folder of the vault" in_vault
claim "a file is not overwritten" ends 1 'bestaat al' ilse toon "$first" --uit "$MK_TMP/s.json"
link() {
    ln -s "$MK_TMP/elsewhere" "$MK_TMP/link" && ends 1 '' ilse toon "$first" --uit "$MK_TMP/link" &&
        [ ! -e "$MK_TMP/elsewhere" ]
}
claim "nor is a link followed" link
nothing_left() {
    ends 1 'niet gevonden' ilse toon MK-7Q4D-K2XZ --uit "$MK_TMP/none" && [ ! -e "$MK_TMP/none" ]
}
claim "a command that fails leaves no file" nothing_left
claim "a colleague's dossier wants a purpose, and the codes are named" ends 2 'BEH WRN CTL' ivo toon "$first" \
    --uit "$MK_TMP/c"
claim "with a purpose it opens" ends 0 '' ivo toon "$first" --doel WRN --uit "$MK_TMP/c"
claim "a purpose that is none is refused" ends 2 'BEH WRN CTL' ivo toon "$first" --doel ZZZ --uit "$MK_TMP/d"
dry() {
    ends 0 '' ilse toon "$first" --proef --uit "$MK_TMP/dry" && [ ! -e "$MK_TMP/dry" ] &&
        as aad log lijst --json && json 'assert any(e["outcome"] == "dry-run" for e in d["entries"][-4:])'
}
claim "a dry run shows nothing and is logged" dry

# ---- two people, one dossier ------------------------------------------------------
fix() { form event=1 key="$1" value="$2" reason=TYP; }
n_seen=$(python3 -c "import json; print(len(json.load(open('$MK_TMP/t.json'))['events']))")
theirs=$((n_seen + 1)) mine=$((n_seen + 2))
told() { # DRY_OR_NOT
    ends 0 "intussen schreef een ander in dit dossier: regel $theirs (gecorrigeerd, ivo); bekijk het dossier" ilse \
        corrigeer "$first" --gezien "$n_seen" "$@" --form - < <(fix channel ONB) &&
        grep -q "regel $theirs gaat over hetzelfde gegeven (kanaal); beide blijven in de tijdlijn" "$errors"
}
faster() { ends 0 '' ivo corrigeer "$first" --doel WRN --gezien "$n_seen" --form - < <(fix channel GES) && ! grep -q intussen "$errors"; }
claim "who has seen all is told nothing" faster
claim "a dry run says what a colleague wrote meanwhile" told --proef
claim "and so does the write" told
shown() {
    ends 0 '' ilse toon "$first" --uit "$MK_TMP/crossed" && grep -qx "    geschreven zonder regel $theirs te kennen" "$MK_TMP/crossed" &&
        grep -q "^    kanaal: ONB" "$MK_TMP/crossed" &&
        grep -q "^      ook vastgelegd: GES .*, regel $theirs; wie regel $mine schreef kende die niet$" "$MK_TMP/crossed" &&
        ends 0 '' ilse --lang en timeline "$first" --out "$MK_TMP/crossed-en" &&
        grep -qx "    written without knowledge of entry $theirs" "$MK_TMP/crossed-en"
}
claim "both values are shown, and who did not know which" shown
in_json() {
    ends 0 '' ilse note "$first" --seen "$n_seen" --json --form - < <(form narrative=Nog.) &&
        json "assert [(u['event'], u['verb'], u['by'], u['same']) for u in d['unseen']] == [($theirs, 'correct', 'ivo', '')]" &&
        ends 0 '' ilse tijdlijn "$first" --json --uit "$MK_TMP/crossed.json" && python3 -c "
import json; e=json.load(open('$MK_TMP/crossed.json'))['events']
assert e[$theirs]['unseen'] == [{'event': $theirs, 'verb': 'correct', 'by': 'ivo', 'same': 'field', 'key': 'channel'}]
assert [u['event'] for u in e[-1]['unseen']] == [$theirs] and e[$theirs - 1]['unseen'] == []"
}
claim "programs are told it too" in_json
settled() {
    ends 0 '' ivo correct "$first" --doel WRN --seen $((mine + 1)) --form - < <(fix channel MAIL) &&
        ends 0 '' ilse toon "$first" --uit "$MK_TMP/settled" && ! grep -q 'ook vastgelegd' "$MK_TMP/settled" &&
        grep -q "geschreven zonder regel $theirs" "$MK_TMP/settled"
}
claim "who knew both settles it, and the timeline keeps it" settled
claim "an entry that is not there was not seen" ends 2 'getal bij --gezien' ilse notitie "$first" --gezien 999 --form - < <(form narrative=x)
claim "of a new dossier nothing was seen" ends 2 'hoort bij een melding met --bij' ilse melding nieuw --gezien 1 --form - < <(a_report)

# ---- lists ----------------------------------------------------------------------
as ivo melding nieuw --form - < <(form received=2019-05-01 channel=BRIEF reporter=ANO label=brief) ||
    not_ok "a second inspector takes in a report"
second=$(cat "$output")
received=2026-06-01 report label=klok
third=$tag
tag=$third
claim "a duty that is not met yet" step overlegplicht duid sector=KO care_type=KDV category=FG accused=MW \
    victim_minor=J in_care=J qualification=XX occurred=2026-05 known=2026-06-01
tags() { # OPTIONS...: the tags in the list, in order
    as ilse lijst --json "$@" && json 'print(*[x["tag"] for x in d["dossiers"]])'
}
lists() { [ "$(tags "${@:2}")" = "$1" ] || { tags "${@:2}" && return 1; }; }
all=(--alle --doel WRN)
claim "the list has the own dossiers" lists "$first $third"
claim "and with a purpose everybody's" lists "$first $second $third" --doel WRN
claim "which is to say: all" lists "$first $second $third" "${all[@]}"
claim "a purpose and --mijn: the own ones" lists "$first $third" --mijn --doel WRN
claim "all without a purpose is refused, and the codes are named" ends 2 'BEH WRN CTL' ilse lijst --alle
claim "so is the clock" ends 2 'BEH WRN CTL' ilse klok --alle
claim "own and all at once is a mistake" ends 2 'spreken elkaar tegen' ilse lijst --mijn --alle
others() {
    as ilse lijst && grep -q "en 1 dossier van een collega, niet geopend: --alle --doel CODE" "$errors" &&
        ! grep -q "$second" "$output" && as ivo klok && grep -q "en 2 dossiers van collega's" "$errors" &&
        as ilse lijst --json && json 'assert d["colleagues"] == 1'
}
claim "how many colleagues have is told, and how to see them" others
none_left() { as ilse lijst "${all[@]}" && ! grep -q collega "$errors" && as ilse lijst "${all[@]}" --json && json 'assert d["colleagues"] == 0'; }
claim "not when they are there" none_left
claim "the list of a year" lists "$second" --jaar 2019 "${all[@]}"
claim "the list of a state" lists "$second" --stand ontvangen "${all[@]}"
claim "the list of open duties" lists "$third" --plicht
claim "the list of what is open" lists "$first $second $third" --open "${all[@]}"
claim "a state that is none is refused with those there are" ends 2 'kies uit: ontvangen duiding ' ilse lijst --stand nergens
in_english() { ends 2 'choose from: taken-in .*duty-not-met' ilse --lang en list --state nowhere; }
claim "and in English with their English names" in_english
by_name() {
    as ilse --lang en list --all --purpose WRN --state taken-in --json && cp "$output" "$MK_TMP/a" && grep -q "$second" "$output" &&
        as ilse lijst "${all[@]}" --stand ontvangen --json && cmp -s "$output" "$MK_TMP/a" &&
        as ilse --lang en list --all --purpose WRN --state 'Taken in' --json && cmp -s "$output" "$MK_TMP/a"
}
claim "a state is taken in both languages" by_name
english_list() { as ilse --lang en list --all --purpose WRN && ! grep -qE 'ontvangen|duiding|afgerond' "$output" && grep -q 'taken in' "$output"; }
claim "an English list names states in English" english_list
owners() { as ilse lijst && head -n 2 "$output" | grep -q eigenaar && as ilse lijst "${all[@]}" --json && json 'assert {x["owner"] for x in d["dossiers"]} == {"ilse", "ivo"}'; }
claim "a list says whose each dossier is" owners
claim "search words without a letter are refused as such" ends 2 'geen letter of cijfer' ilse zoek --form - < <(form 'text=*')
columns() {
    as ilse lijst && head -n 2 "$output" | grep -q 'kenmerk .*trefwoord .*stand .*plicht .*ontvangen .*controle .*verstreken' &&
        grep -q "$first  ! waterverf" "$output"
}
claim "the list has its columns, and a pipe may have it" columns
clock() {
    as ilse klok --doel WRN && grep -q "$third .*overlegplicht sinds [0-9]* dagen" "$output" &&
        grep -q "$second .*ontvangen sinds [0-9]* dagen" "$output" &&
        ! grep -qi 'te laat' "$output"
}
claim "the clock says how long, and never too late" clock
clock_json() { as ilse klok --json && json 'assert all(o["days"] > 0 for x in d["dossiers"] if x["tag"] == "'"$third"'" for o in x["open_duties"]) and any(x["tag"] == "'"$third"'" for x in d["dossiers"])'; }
claim "the clock in JSON counts the days" clock_json

# ---- search ---------------------------------------------------------------------
finds() { # TAGS TEXT OPTIONS...
    as ilse zoek --json --form - "${@:3}" < <(form "text=$2") && [ "$(json 'print(*[x["tag"] for x in d["dossiers"]])')" = "$1" ]
}
claim "search finds without regard to case and accents" finds "$first" 'ZOE'
claim "search wants every word" finds "$first" 'speellokaal moeder'
claim "search finds a label" finds "$second" brief --doel WRN
secret() { [ ! -s "$output" ]; }
claim "what is a colleague's is not found without a purpose" ends 2 'BEH WRN CTL' ilse zoek --form - < <(form text=brief)
claim "and nothing of it is shown" secret
claim "search finds nothing where nothing is" finds '' olifant
claim "search wants a word" ends 2 'text' ilse zoek --form - < <(form text=)
no_words() { ! as aad log lijst --json || ! grep -qi 'speellokaal\|olifant' "$output"; }
claim "the log does not hold the words" no_words
related() {
    tag=$second
    ends 0 '' ivo persoon "$second" --form - < <(form role=BES 'name=Bert Verzonnen') &&
        ends 2 'BEH WRN CTL' ilse verwant "$first" && as ilse verwant "$first" --doel BEH --json && json "assert [x['tag'] for x in d['dossiers']] == ['$second']"
}
claim "related dossiers are found by the accused" related
