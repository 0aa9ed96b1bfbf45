#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What is asked on a terminal before a dossier is destroyed.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
# shellcheck source=tests/cli/terminal.sh
. "$MK_SRC/tests/cli/terminal.sh"

opened_by() { line "Wachtwoord van $1:\$" "$(phrase "$1")"; }
is() { as bo --json vernietig lijst && json "assert [x['state'] for x in d['dossiers'] if x['tag']=='$tag'] == ['$1'], d"; }

received=2023-01-05 report label=oud
proposed() {
    ends 0 '' bo vernietig regel --item 'post 12.3' --maanden 12 --kopieen-dagen 30 &&
        as ilse duid "$tag" --form - < <(form sector=KO care_type=KDV category=PG accused=OU victim_minor=J in_care=N \
            qualification=GEEN occurred=2023-01) &&
        as ilse adviseer "$tag" --form - < <(form advice=INF) &&
        as ilse sluit "$tag" --form - < <(form outcome=ADV closed=2023-02-01) &&
        ends 0 '' ilse vernietig voorstel "$tag" && nr=$(cut -d' ' -f1 "$output")
}
if proposed; then ok "a dossier is proposed"; else not_ok "a dossier is proposed" "$(cat "$errors")"; fi
approves() { # ANSWER STATUS STATE
    start "-g bo vernietig akkoord $nr"
    opened_by bo && waits_for "$tag, voorstel $nr, einde 2023-02-01; ilse" &&
        line 'voorgoed worden vernietigd.*\[j/n\]' "$1" && waits_for "status $2" && is "$3"
}
no_role() {
    start "-g ilse vernietig akkoord $nr"
    unlock && waits_for 'rol bewaarder nodig' && waits_for 'status 3' && ! screen | grep -q '\[j/n\]'
}
claim "who may not approve is refused and not asked" no_role
claim "who approves sees first what, and can leave it" approves n 1 proposed
claim "and approves" approves j 0 approved
runs() { # ANSWER STATUS STATE
    start "-g ilse vernietig uitvoer"
    unlock && waits_for "$tag, voorstel $nr" && line 'niet terug te draaien.*\[j/n\]' "$1" && waits_for "status $2" && is "$3"
}
claim "who carries out sees what will go, and can leave it" runs n 1 approved
claim "and carries out" runs j 0 destroyed
backup() { screen | grep -q 'maak nu een reservekopie'; }
claim "and is told to make a backup" backup
nobodys() { as ilse lijst --alle --doel CTL && grep "$tag" "$output" | grep -q vernietigd && ! grep -q 'zonder inspecteur' "$output"; }
claim "afterwards it is nobody's, and nobody is asked to take it over" nobodys
