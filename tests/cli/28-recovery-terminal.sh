#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Recovery cards typed from their sheets, on a terminal, with slips.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
# shellcheck source=tests/cli/terminal.sh
. "$MK_SRC/tests/cli/terminal.sh"

cards=$MK_TMP/kaarten
mkdir -m 700 "$cards"
made() {
    ends 0 '' bo log termijn 60 && ends 0 '' bo herstel deel --deel 2/3 --kaarten "$cards" --kaarthouder bo &&
        ends 0 '' ilse lijst
}
claim "a set of cards is proposed" made
accepts() { # ANSWER STATUS
    start "-g bea herstel aanvaard"
    line 'Wachtwoord van bea:$' "$(phrase bea)" && waits_for 'reeks 1: 2 van 3 kaarten' && waits_for 'kaart 1: bo' &&
        line 'Zag u deze kaarten.*\[j/n\]' "$1" && waits_for "status $2"
}
claim "who accepts a set sees first what it is, and can leave it" accepts n 1
claim "and accepts" accepts j 0
stored() { ends 0 '' ilse herstel berg && ends 0 'openen nu alles' aad herstel berg; }
claim "the keys lie with the cards" stored
# code_line CARD LINE: as it is printed
code_line() { sed -n '/^---- code/,/^---- einde/p' "$cards/herstelkaart-1-$1.txt" | sed -n "$((1 + $2))p"; }
# types CARD FROM TO NUMBER: those lines, at the questions for that number
types() {
    local i
    for ((i = $2; i <= $3; i++)); do line "kaart $4/2, regel $i van 5:\$" "$(code_line "$1" "$i")" || return 1; done
}
begins() {
    start "-g bo herstel oefen"
    line 'Wachtwoord van bo:$' "$(phrase bo)"
}
by_line() {
    begins && types 1 1 5 1 && types 2 1 5 2 && waits_for 'oefening geslaagd' && waits_for 'status 0'
}
claim "a card is typed line by line, as it is printed" by_line

short() {
    begins && types 1 1 1 1 && line 'regel 2 van 5:$' 'mq4c' && waits_for 'regel 2 van de code heeft 4 tekens in plaats van 24' &&
        types 1 2 5 1
}
claim "a line that is too short is asked again, and the lines before it stay" short
# the first character of the line is another one of the alphabet
slip() { code_line "$1" "$2" | sed 's/^ *q/z/; t; s/^ *[a-z0-9]/q/'; }
typo() {
    types 2 1 2 2 && line 'regel 3 van 5:$' "$(slip 2 3)" && types 2 4 5 2 &&
        waits_for 'typefout in regel 3, groep 1' && types 2 3 3 2 && waits_for 'oefening geslaagd' && waits_for 'status 0'
}
claim "of a card with a typing error only that line is asked again, in capitals or not" typo
twice() {
    begins && types 3 1 5 1 && types 3 1 5 2 && waits_for 'kaart 3, en die was er al' && types 1 1 5 2 &&
        waits_for 'oefening geslaagd' && waits_for 'status 0'
}
claim "the same card again is told when it was typed, and another is asked" twice
mixed() {
    start "-g bo herstel oefen --kaart $cards/herstelkaart-1-2.txt --kaart -"
    line 'Wachtwoord van bo:$' "$(phrase bo)" && types 3 1 5 2 && waits_for 'oefening geslaagd' && waits_for 'status 0'
}
claim "one card of a file, another typed" mixed
hidden() { ! whole | tr -d ' ' | grep -q "$(code_line 3 2 | tr -d ' ')"; }
claim "what was typed is not on the screen" hidden
