#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# On a terminal: questions, passphrases with the echo off, a dossier that leaves
# nothing on the screen.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
# shellcheck source=tests/cli/terminal.sh
. "$MK_SRC/tests/cli/terminal.sh"

# ---- a passphrase, and a list ----------------------------------------------------
listing() {
    start "lijst"
    line 'Naam:$' ilse && line 'Wachtwoord van ilse:$' "$(phrase ilse)" && waits_for 'status 0'
}
claim "name and passphrase are asked" listing
hidden() { ! whole | grep -q 'het wachtwoord'; }
claim "the passphrase is not on the screen and not in the scrollback" hidden
echoes() { keys -l 'echo nog-te-zien' && waits_for 'echo nog-te-zien' && keys Enter; }
claim "the echo is on again afterwards" echoes
cancel() {
    start "-g ilse lijst"
    waits_for 'Wachtwoord van ilse:$' || return 1
    keys -l 'half getypt'
    keys C-c
    waits_for 'status 1' && waits_for 'afgebroken' && ! whole | grep -q 'half getypt' && echoes
}
claim "Ctrl-C at the passphrase ends the program and puts the echo back" cancel

line_of_form() {
    form channel=TEL reporter=OUD received=2199-03-02 >"$MK_TMP/late"
    start "-g ilse melding nieuw --formulier $MK_TMP/late"
    line 'Wachtwoord van ilse:$' "$(phrase ilse)" && waits_for 'status 2' && screen | grep -q 'regel 3: .*toekomst'
}
claim "a refusal after a typed passphrase still says the line of the form" line_of_form

# ---- init: how long the log is kept, and a passphrase for each -------------------
init_asks() {
    new_place tweede && start "-k '$(place_of tweede)' init --herkomst Twee --bewaarder bo --inspecteur ilse --analist ana --auditor aad"
    line 'logboek bewaard \[60\]?$' 59 && waits_for 'van 60 tot en met 600' && keys -l 72 && keys Enter || return 1
    for who in bo ilse ana aad; do
        line "Nieuw wachtwoord van $who:\$" "$(phrase "$who")" &&
            line "Nog eens, het wachtwoord van $who:\$" "$(phrase "$who")" || return 1
    done
    waits_for 'status 0' && as ana -k "$(place_of tweede)" log termijn && grep -q '72 maanden' "$output"
}
claim "init asks how long the log is kept, until the answer is one" init_asks

# ---- melding nieuw, all in one unlock ---------------------------------------------
intake() {
    start "-g ilse melding nieuw"
    line 'Wachtwoord van ilse:$' "$(phrase ilse)" &&
        line 'ontvangen op .*\*:$' 2026-02-30 && waits_for 'ongeldige datum' &&
        keys -l 2199-03-02 && keys Enter && waits_for 'in de toekomst' &&
        keys -l 2026-03-02 && keys Enter &&
        line 'kanaal \[TEL MAIL BRIEF GES ONB\] \*:$' '?' && waits_for 'TEL  *telefoon' &&
        keys -l TEL && keys Enter &&
        line 'soort melder .*\*:$' OUD && line 'eigen trefwoord:$' geheimwoord &&
        line 'spoed .*:$' J && line 'oud kenmerk:$' '' &&
        line 'toelichting .*:$' 'Een zeer persoonlijk verhaal' && keys -l 'tweede regel' && keys Enter &&
        keys Enter &&
        line 'persoon toevoegen' j && line 'rol .*\*:$' MEL &&
        line 'naam \*:$' 'Wilhelmina Verzonnen' || return 1
    for _ in 1 2 3 4 5 6; do
        sleep 0.3
        keys Enter
    done
    line 'persoon toevoegen' n && line 'notitie toevoegen' n && line 'Nu de feiten' n && waits_for 'status 0'
}
claim "melding nieuw asks everything and goes on to a person" intake
tag=$(screen | grep -o 'MK-[0-9A-Z]*-[0-9A-Z]*' | head -n 1)
has_tag() { [ -n "$tag" ]; }
claim "the tag stands on the screen" has_tag
personal() { whole | grep -q 'Wilhelmina\|persoonlijk verhaal\|geheimwoord\|tweede regel'; }
left() { ! personal; }
claim "the answers do not: the questions were on a screen of their own" left

# ---- a draft ----------------------------------------------------------------------
drafts() { as ilse lijst --concept --json && json 'print(*[x["received"] for x in d["drafts"]])'; }
cut_off() {
    start "-g ilse melding nieuw"
    line 'Wachtwoord van ilse:$' "$(phrase ilse)" && line 'ontvangen op .*\*:$' 2026-04-01 &&
        line 'kanaal .*\*:$' GES && waits_for 'soort melder' && keys C-c && waits_for 'status 1' && waits_for 'verzegeld bewaard' &&
        [ "$(drafts)" = 2026-04-01 ]
}
claim "a melding that is cut off is kept as a draft" cut_off
sealed() { ! grep -rqs '2026-04-01\|received' "$XDG_STATE_HOME"; }
claim "the draft is sealed" sealed
mine() { as ivo lijst --concept --json && json 'assert d["drafts"] == []'; }
claim "nobody else sees it" mine
resumed() {
    start "-g ilse melding nieuw"
    line 'Wachtwoord van ilse:$' "$(phrase ilse)" && line 'verder gaan' j && line 'soort melder .*\*:$' ANO &&
        ! screen | grep -q 'ontvangen op' && line 'eigen trefwoord' hervat || return 1
    for _ in 1 2 3; do
        sleep 0.3
        keys Enter
    done
    line 'persoon toevoegen' n && line 'notitie toevoegen' n && line 'Nu de feiten' n && waits_for 'status 0' &&
        [ -z "$(drafts)" ] && as ilse lijst --json &&
        json 'assert [x["received"] for x in d["dossiers"] if x["label"]=="hervat"] == ["2026-04-01"]'
}
claim "melding nieuw goes on with it, and then it is gone" resumed

# ---- an outcome that is not known: the mark cannot be written ----------------------
cut_commit() {
    local marks
    start "-g ilse melding nieuw"
    line 'Wachtwoord van ilse:$' "$(phrase ilse)" && line 'ontvangen op .*\*:$' 2026-04-02 && line 'kanaal .*\*:$' GES &&
        line 'soort melder .*\*:$' ANO && waits_for 'eigen trefwoord' || return 1
    marks=("$XDG_STATE_HOME"/meldkluis/*.mark)
    mkdir "$MK_TMP/marks" && mv "${marks[@]}" "$MK_TMP/marks" && mkdir "${marks[@]}" || return 1
    for _ in 1 2 3 4; do
        keys Enter
        sleep 0.3
    done
    waits_for 'status 7'
    local rc=$?
    rmdir "${marks[@]}" && mv "$MK_TMP"/marks/* "$XDG_STATE_HOME/meldkluis" && [ "$rc" -eq 0 ] &&
        whole | tr -d '\n' | grep -qE 'verder met: meldkluis melding nieuw --request [0-9a-f]{32}'
}
claim "after status 7 the command that is printed has the id" cut_commit
known_again() {
    start "-g ilse melding nieuw"
    line 'Wachtwoord van ilse:$' "$(phrase ilse)" && waits_for 'bleef de vorige keer onbekend' && keys -l j && keys Enter &&
        line 'persoon toevoegen' n && line 'notitie toevoegen' n && line 'Nu de feiten' n && waits_for 'status 0' &&
        whole | grep -q 'al opgeslagen' && [ -z "$(drafts)" ] && as ilse lijst --json &&
        json 'assert [x["received"] for x in d["dossiers"]].count("2026-04-02") == 1'
}
claim "and the answers know it: going on with them saves nothing twice" known_again

# ---- somebody else writes during the questions ---------------------------------------
correct_it() {
    line 'gebeurtenis nummer .*\*:$' 1 && line 'sleutel .*\*:$' channel && line 'nieuwe waarde: kanaal .*\*:$' MAIL &&
        waits_for 'reden .*\*:$'
}
of_ivo() { as ivo "$1" "$tag" --doel WRN --form - < <(form "${@:2}"); }
not_beside() {
    start "-g ilse corrigeer $tag"
    unlock && correct_it && of_ivo corrigeer event=1 key=channel value=GES reason=BEO && keys -l TYP && keys Enter &&
        waits_for 'regel 3 (gecorrigeerd, ivo)' && waits_for 'regel 3 gaat over hetzelfde gegeven (kanaal)' &&
        line 'Toch opslaan' n && waits_for 'status 1' && waits_for 'verzegeld bewaard' && waits_for 'er is niets opgeslagen'
}
claim "who is told that a colleague was faster can leave it at that" not_beside
beside() {
    start "-g ilse corrigeer $tag"
    unlock && waits_for 'verder gaan' && of_ivo notitie narrative='Van ivo.' && line 'verder gaan' j &&
        line 'Toch opslaan' j && waits_for 'status 0' && waits_for 'intussen schreef een ander.*regel 4 (notitie, ivo)'
}
claim "or write beside it, and is told once more what to look at" beside
crossed() {
    as ilse toon "$tag" --json --uit "$MK_TMP/crossed" && python3 -c "
import json; d=json.load(open('$MK_TMP/crossed'))
e=d['events'][-1]
assert [u['event'] for u in e['unseen']] == [4], e
assert d['facts']['channel']=='MAIL' and d['crossed']==[], d['crossed']"
}
claim "what was seen when the questions began again is not said to be unseen" crossed

# ---- toon ---------------------------------------------------------------------------
show() {
    start "-g ilse toon $tag"
    line 'Wachtwoord van ilse:$' "$(phrase ilse)" && waits_for 'Wilhelmina Verzonnen' && waits_for 'q: stoppen' &&
        waits_for 'tweede regel'
}
claim "toon shows the dossier with its person" show
gone() { keys -l q && waits_for 'status 0' && ! personal; }
claim "after q nothing of it is on the screen or in the scrollback" gone
killed() {
    show || return 1
    kill "$(pgrep -P "$(mux display-message -p '#{pane_pid}')")" && waits_for 'status [0-9]' && ! personal
}
claim "a signal wipes the screen too" killed
pages() {
    { echo 'narrative: begin' && seq -f ' regel %g' 200; } >"$MK_TMP/long"
    as ilse notitie "$tag" --form "$MK_TMP/long" || return 1
    start "-g ilse tijdlijn $tag"
    line 'Wachtwoord van ilse:$' "$(phrase ilse)" && waits_for 'q: stoppen' && keys -l G && waits_for 'regel 200' &&
        keys -l g && waits_for 'behandelaar' && keys Space && waits_for 'regel 3' && keys -l q && waits_for 'status 0'
}
claim "a long dossier is read page by page" pages
controls() {
    printf 'narrative: rood\033[31m en \xc2\x9b2J en \xe2\x80\xae om\n' >"$MK_TMP/evil"
    as ilse notitie "$tag" --form "$MK_TMP/evil" || return 1
    start "-g ilse tijdlijn $tag"
    line 'Wachtwoord van ilse:$' "$(phrase ilse)" && waits_for 'q: stoppen' && keys -l G &&
        waits_for 'rood<U+001B>\[31m en <U+009B>2J en <U+202E> om' && keys -l q && waits_for 'status 0'
}
claim "what would command a terminal is made visible" controls
search() {
    start "-g ilse zoek"
    line 'Wachtwoord van ilse:$' "$(phrase ilse)" && line 'Zoek:$' wilhelmina && waits_for 'status 0' &&
        screen | grep -q "$tag" && ! personal_words
}
personal_words() { whole | grep -qi wilhelmina; }
claim "zoek asks for its words and leaves them nowhere" search
never() { ! grep -q 'het wachtwoord van ilse' <<<"$seen"; }
claim "no passphrase was visible at any question" never
