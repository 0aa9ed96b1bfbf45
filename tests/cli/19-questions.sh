#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Questions on a terminal: nothing that was typed is lost, and a refusal is told
# and mended where it was made.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
# shellcheck source=tests/cli/terminal.sh
. "$MK_SRC/tests/cli/terminal.sh"
# narrative TAG PYTHON: what the newest event of the dossier says, judged
narrative() {
    rm -f "$MK_TMP/shown"
    as ilse --json toon "$1" --uit "$MK_TMP/shown" || return 1
    python3 - "$MK_TMP/shown" "$2" <<'END'
import json, sys
d = json.load(open(sys.argv[1]))
text = d["events"][-1]["fields"]["narrative"]
if not eval(sys.argv[2]):
    sys.exit("it says %d: %r ..." % (len(text), text[:60]))
END
}

# ---- the line ---------------------------------------------------------------------
report urgent=J
long_line() {
    start "-g ilse notitie $tag"
    unlock && waits_for 'toelichting .*:$' || return 1
    paste "$(printf 'woord%.0s' $(seq 2000))einde"
    sleep 0.5
    keys Enter
    sleep 0.3
    keys Enter
    waits_for 'status 0' && narrative "$tag" 'len(text) == 10005 and text.endswith("woordeinde")'
}
claim "a line of 10,000 characters comes in whole" long_line
many_lines() {
    start "-g ilse notitie $tag"
    unlock && waits_for 'toelichting .*:$' || return 1
    paste "$(seq -f 'regel %g van een lang verhaal met ruim zestig tekens erin, echt' 1600)" -p
    sleep 1.5
    keys Enter
    sleep 0.3
    keys Enter
    waits_for 'status 0' && narrative "$tag" 'text.count("\n") == 1599 and len(text) > 100000 and "regel 1600 van" in text'
}
claim "a paste of 100 KB in many lines comes in whole" many_lines
paragraphs() {
    start "-g ilse notitie $tag"
    unlock && waits_for 'toelichting .*:$' || return 1
    paste $'een alinea\n\nen nog een' -p
    sleep 0.3
    keys Enter
    sleep 0.3
    keys Enter
    waits_for 'status 0' && narrative "$tag" 'text == "een alinea\n\nen nog een"'
}
claim "an empty line inside a paste does not end the narrative" paragraphs
too_long() {
    start "-g ilse notitie $tag"
    unlock && waits_for 'toelichting .*:$' || return 1
    python3 -c 'print("x" * 1100000, end="")' >"$MK_TMP/huge"
    mux load-buffer "$MK_TMP/huge"
    mux paste-buffer
    sleep 4
    keys Enter
    sleep 0.3
    keys Enter
    waits_for 'te groot' && waits_for 'toelichting .*:$' && keys -l kort && keys Enter && sleep 0.3 && keys Enter &&
        waits_for 'status 0' && narrative "$tag" 'text == "kort"'
}
claim "more than 1 MiB is refused, and asked again" too_long
one_line_only() {
    start "-g ilse melding nieuw"
    unlock && waits_for 'ontvangen op .*:$' || return 1
    paste $'2026-03-02\nTEL\nOUD' -p
    sleep 0.5
    screen | grep -q '2026-03-02$' && ! screen | grep -q kanaal
    local status=$?
    keys C-c
    waits_for 'status 1' && return "$status"
}
claim "a paste of more lines answers no other question" one_line_only
steering() {
    start "-g ilse notitie $tag"
    unlock && waits_for 'toelichting .*:$' || return 1
    paste $'abc\xc2\x9b2Jdef \xc2\xa7' -p
    sleep 0.5
    screen | grep -q 'abc?2Jdef §$'
    local status=$?
    keys C-c
    waits_for 'status 1' && return "$status"
}
claim "a command to the terminal inside a paste is not carried out" steering
damaged_draft() {
    local draft
    rm -f "$XDG_STATE_HOME"/meldkluis/*.concept
    start "-g ilse melding nieuw"
    unlock && waits_for ':$' && keys -l 2026-03-02 && keys Enter && sleep 0.3 && keys C-c && waits_for 'status 1' || return 1
    draft=$(echo "$XDG_STATE_HOME"/meldkluis/*.concept)
    flip "$draft" 60 || return 1
    start "-g ilse melding nieuw"
    unlock && waits_for 'beschadigd en worden overgeslagen' && waits_for ':$' && keys C-c && waits_for 'status 1' && rm -f "$draft"
}
claim "answers that were kept and are damaged stop nobody" damaged_draft
erased() {
    start "-g ilse notitie $tag"
    unlock && waits_for 'toelichting .*:$' || return 1
    keys -l 'weg hiermee'
    keys C-u
    keys -l 'één café'
    keys BSpace
    keys -l 'é met fout'
    keys C-w
    keys Left
    keys -l "$(printf 'a%.0s' $(seq 130))"
    local i
    for i in $(seq 130); do keys BSpace; done
    keys -l goed
    sleep 0.3
    screen | grep -q 'één café met goed' || { screen && return 1; }
    keys Enter
    sleep 0.3
    keys Enter
    waits_for 'status 0' && narrative "$tag" 'text == "één café met goed"'
}
claim "characters, words and lines are erased, accents and full rows too" erased
resize_page() {
    { echo 'narrative: begin' && seq -f ' regel %g' 200; } >"$MK_TMP/long"
    as ilse notitie "$tag" --form "$MK_TMP/long" || return 1
    start "-g ilse tijdlijn $tag"
    unlock && waits_for 'q: stoppen' && keys -l G && waits_for 'regel 200' || return 1
    mux resize-window -x 60 -y 15
    sleep 0.5
    waits_for 'q: stoppen' || return 1
    [ "$(screen | grep -c 'regel')" -ge 8 ] && [ "$(screen | grep -c .)" -le 15 ] || return 1
    mux resize-window -x 120 -y 40
    sleep 0.5
    [ "$(screen | grep -c 'regel')" -ge 30 ] && keys -l q && waits_for 'status 0'
}
claim "the pager follows the size of the window" resize_page

# ---- what was typed stays ------------------------------------------------------------
# duid_up_to LRK: the questions of duiding, up to the LRK id
duid_up_to() {
    line 'sector .*\*:$' ko && line 'opvangsoort .*\*:$' kdv && line 'categorie .*\*:$' SM && line 'beschuldigde .*\*:$' mw &&
        line 'minderjarig .*\*:$' j && line 'kind in opvang .*\*:$' J && line 'juridische .*\*:$' xiv &&
        line 'gebeurd .*\*:$' 2-2026 && line 'verdere cat.*:$' '' && line 'bekend bij de houder.*:$' nr &&
        line 'LRK-nummer .*:$' "$1"
}
intake_to_duid() {
    start "-g ilse melding nieuw"
    unlock && line 'ontvangen op .*\*:$' gisteren && line 'kanaal .*\*:$' tel && line 'soort melder .*\*:$' oud &&
        line 'trefwoord' '' && line 'spoed' '' && line 'oud kenmerk' '' && line 'toelichting' '' &&
        line 'persoon toevoegen' n && line 'notitie toevoegen' n && line 'Nu de feiten' j
}
state_of() { as ilse lijst --json && json "print(*[x['state'] for x in d['dossiers'] if x['tag']=='$1'])"; }
bad_lrk() {
    intake_to_duid && duid_up_to 123456789 && waits_for 'geen LRK-nummer' && line 'LRK-nummer .*:$' '' &&
        line 'medewerker op.*:$' '' && line 'medewerker vertelde.*:$' '' && waits_for 'status 0' &&
        waits_for 'MK-.* overlegplicht.*; plicht: ja'
}
claim "a bad LRK id in the intake is told at its question; tag, state and duty end it" bad_lrk
given_up() {
    local tag
    intake_to_duid && duid_up_to '' && waits_for 'medewerker op' && keys C-c && waits_for 'status 1' &&
        waits_for 'de melding is opgeslagen, duid niet' && waits_for 'verder met: meldkluis duid MK' || return 1
    tag=$(screen | grep -o '^MK-[0-9A-Z]*-[0-9A-Z]*' | head -n 1)
    start "-g ilse duid $tag"
    unlock && line 'verder gaan' j && line 'verdere cat' '' && line 'LRK' '' && line 'medewerker op' '' && line 'vertelde' '' &&
        waits_for 'status 0' && [ "$(state_of "$tag")" = overlegplicht ]
}
claim "a duiding that is cut off is told, kept, and gone on with" given_up
on_the_clock() {
    report urgent=J
    as ilse duid "$tag" --form - < <(facts)
}
backwards() {
    on_the_clock || return 1
    start "-g ilse overleg $tag"
    unlock && line 'overleg op .*\*:$' 1-2-2026 && waits_for '= 2026-02-01' && line 'direct .*\*:$' j && line 'gesprekspartner .*\*:$' hou &&
        line 'bekend bij .*:$' '' && line 'afwijkende volgorde.*:$' '' && waits_for 'datums lopen terug' &&
        line 'overleg op .*nu 2026-02-01.*:$' '' && line 'direct .*nu J.*:$' '' && line 'gesprekspartner .*nu HOU.*:$' '' &&
        line 'bekend bij .*:$' '' && line 'afwijkende volgorde.*:$' onb && waits_for 'status 0' &&
        as ilse --json toon "$tag" --uit "$MK_TMP/back" && grep -q '"contact": *"2026-02-01"' "$MK_TMP/back"
}
claim "dates out of order are asked again with the answers that were given" backwards
given_up_late() {
    on_the_clock || return 1
    start "-g ilse overleg $tag"
    unlock && line 'overleg op .*\*:$' 2026-02-01 && line 'direct .*\*:$' j && line 'gesprekspartner .*\*:$' hou &&
        line 'bekend bij .*:$' '' && line 'afwijkende volgorde.*:$' '' && waits_for 'datums lopen terug' &&
        waits_for 'nu 2026-02-01' && keys C-c && waits_for 'status 5' && waits_for 'verzegeld bewaard' && waits_for 'lopen terug'
}
claim "who gives up after a refusal ends with that refusal" given_up_late
other_draft() {
    report urgent=J
    start "-g ilse notitie $tag"
    unlock && line 'nog antwoorden van: overleg MK' j && line 'toelichting' 'kort' && sleep 0.3 && keys Enter && waits_for 'status 0'
}
claim "answers of another command are dropped only on request" other_draft
impossible() {
    report urgent=J
    start "-g ilse sluit $tag"
    unlock && waits_for 'kan niet in de stand' && waits_for 'status 5' && ! whole | grep -q 'afloop'
}
claim "a step that cannot be is refused before its questions" impossible
colleague() {
    start "-g ivo toon $tag"
    line 'Wachtwoord van ivo:$' "$(phrase ivo)" && waits_for 'WRN  *' && waits_for 'Enter  terug' && line 'doel:$' xyz && line 'doel:$' wrn &&
        waits_for 'q: stoppen' && keys -l q && waits_for 'status 0'
}
claim "the purpose is asked for a colleague's dossier" colleague
for_a_step() {
    start "-g ivo duid $tag"
    line 'Wachtwoord van ivo:$' "$(phrase ivo)" && line 'doel:$' WRN && waits_for 'sector .*\*:$' && keys C-c && waits_for 'status 1'
}
claim "and before the questions of a step" for_a_step
help_for() {
    start "-g ilse duid $tag"
    unlock && line 'sector .*\*:$' po && waits_for 'code bij sector' && ! screen | grep -q 'niets opgeslagen' || return 1
    line 'sector .*\*:$' ko && line 'opvangsoort .*\*:$' kdv && line 'categorie .*\*:$' sm && line 'beschuldigde .*\*:$' mw &&
        line 'minderjarig .*\*:$' j && line 'kind in opvang .*\*:$' j && line 'juridische .*\*:$' '?' && waits_for 'XIV  *' || return 1
    [ "$(screen | grep -c '^  ONB ')" -le 1 ] || return 1
    line 'juridische .*\*:$' xiv && line 'gebeurd .*\*:$' '?' && waits_for 'van dag tot dag' && line 'gebeurd .*\*:$' '31-2-2026' &&
        waits_for 'ongeldige datum bij gebeurd' && keys C-c && waits_for 'status 1'
}
claim "help and errors speak of labels, and each code once" help_for
drop_draft() {
    start "-g ilse duid $tag"
    unlock && line 'verder gaan.*\]$' '?' && waits_for 'antwoord met j of n' && keys Enter && sleep 0.3 &&
        as ilse lijst --concept --json && json 'assert len(d["drafts"]) == 1' || return 1
    line 'verder gaan.*\]$' n && waits_for 'sector .*\*:$' && keys C-d && waits_for 'status 1' &&
        as ilse lijst --concept --json && json 'assert d["drafts"] == []'
}
claim "a draft goes only by a clear no, not by a slip, and Ctrl-D ends the questions" drop_draft
correct() {
    on_the_clock || return 1
    start "-g ilse corrigeer $tag"
    unlock && waits_for '1 melding ontvangen: received=2026-03-02' && line 'gebeurtenis nummer .*:$' 9 && waits_for 'van 1 tot en met 2' &&
        line 'gebeurtenis nummer .*:$' 1 && line 'sleutel .*:$' sector && waits_for 'sleutel' && line 'sleutel .*:$' '?' &&
        waits_for 'reporter  *soort melder' && line 'sleutel .*:$' received && line 'nieuwe waarde: ontvangen op .*\*:$' 2199-01-01 &&
        waits_for 'toekomst' && line 'nieuwe waarde: ontvangen op .*\*:$' 1-3-2026 && line 'reden .*\*:$' typ && waits_for 'status 0' &&
        as ilse lijst --json && json "assert [x['received'] for x in d['dossiers'] if x['tag']=='$tag']==['2026-03-01']"
}
claim "corrigeer shows the events and asks the value in the form of its key" correct
killed() {
    report urgent=J
    start "-g ilse duid $tag"
    unlock && line 'sector .*\*:$' ko && line 'opvangsoort .*\*:$' kdv && waits_for 'categorie .*\*:$' || return 1
    kill -9 "$(pgrep -P "$(mux display-message -p '#{pane_pid}')")"
    waits_for 'status 137'
    keys -l 'stty sane'
    keys Enter
    start "-g ilse duid $tag"
    unlock && line 'verder gaan' j && waits_for 'categorie .*\*:$' && ! screen | grep -q 'opvangsoort' && keys C-z && waits_for 'status 1' &&
        as ilse lijst --concept && grep -q "duid $tag" "$output"
}
claim "a draft outlives kill -9 and Ctrl-Z" killed
search_help() {
    start "-g ilse zoek"
    unlock && line 'Zoek:$' '?' && waits_for 'alle in een dossier' && line 'Zoek:$' niemand && waits_for 'status 0'
}
claim "? at the search explains and asks again" search_help

# ---- passphrases of a new vault ------------------------------------------------------
init() { # PLACE INSPECTOR
    echo "-k '$(place_of "$1")' init --herkomst Proef --bewaarder bo --inspecteur $2 --analist ana --auditor aad"
}
slips() {
    new_place ander && start "$(init ander ilse)"
    line 'logboek bewaard' '' && line 'Nieuw wachtwoord van bo:$' kort && waits_for 'te kort' && line 'Nieuw wachtwoord van bo:$' "$(phrase bo)" &&
        line 'Nog eens.* bo:$' 'iets heel anders' && waits_for 'niet twee keer' || return 1
    for who in bo ilse ana aad; do
        line "Nieuw wachtwoord van $who:\$" "$(phrase "$who")" && line "Nog eens.* $who:\$" "$(phrase "$who")" || return 1
    done
    waits_for 'kluis gemaakt' && waits_for 'status 0'
}
claim "a short or mistyped passphrase is asked again" slips
there_is_one() { start "$(init ander ilse)" && waits_for 'bestaat al' && waits_for 'status 1' && ! screen | grep -q 'Nieuw'; }
claim "a vault that is there is noticed before the passphrases" there_is_one
conflict() { new_place nieuw && start "$(init nieuw bo)" && waits_for 'gaan niet samen' && waits_for 'status 3' && ! screen | grep -q 'Nieuw'; }
claim "so are roles that exclude each other" conflict
