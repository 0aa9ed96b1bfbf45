#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# demo: a vault at work, from the first key to a flipped byte. All people and all
# dossiers are invented. MK_BUILD says where the programs are (default: build);
# KEEP=1 leaves the folder for a look afterwards.
set -u
cd "$(dirname "$0")/../.." || exit 1
build=${MK_BUILD:-build}
meldkluis=$(realpath "$build/meldkluis") || exit 1
verify=$(realpath "$build/meldkluis-verify") || exit 1
data=$PWD/tests/data/dossiers-2018-2020.csv
dir=$(mktemp -d) || exit 1
began=$SECONDS
finish() {
    if [ -n "${KEEP:-}" ]; then
        echo "(alles staat in $dir)"
    else
        rm -rf "$dir"
    fi
}
trap finish EXIT
export HOME=$dir XDG_DATA_HOME=$dir/data XDG_STATE_HOME=$dir/state
unset MELDKLUIS

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' plain=$'\e[0m'; fi
step=0
say() { # NEDERLANDS ENGLISH
    step=$((step + 1))
    printf '\n%s%d. %s%s\n   (%s)\n' "$bold" "$step" "$1" "$plain" "$2"
}
die() {
    printf 'demo: %s\n' "$*" >&2
    exit 1
}
phrase() { printf 'het wachtwoord van %s\n' "$1"; }
# as WHO ARGUMENTS...: one command of one person; the form comes on standard input
as() {
    local who=$1
    shift
    "$meldkluis" --taal nl --gebruiker "$who" --passphrase-fd 3 "$@" 3< <(phrase "$who")
}
# step_of TAG VERB LINES...: fills in the form of a verb
step_of() {
    local tag=$1 verb=$2
    shift 2
    printf '   $ meldkluis %s %s --form -\n' "$verb" "$tag"
    printf '%s\n' "$@" | sed 's/^/     /'
    printf '%s\n' "$@" | as ilse "$verb" "$tag" --form - | sed 's/^/   => /'
    [ "${PIPESTATUS[1]}" -eq 0 ] || die "$verb is mislukt"
}
day() { date -d "$1 days ago" +%F; }

say "Een nieuwe kluis met vier mensen, ieder met een eigen rol en eigen sleutels" \
    "a new vault; four people, each with a role and keys of his own"
for who in bo ilse ana aad; do phrase "$who"; done >"$dir/phrases"
"$meldkluis" --taal nl init --herkomst Voorbeeldkluis --bewaarder bo --inspecteur ilse \
    --analist ana --auditor aad --passphrase-fd 3 3<"$dir/phrases" || die "init is mislukt"
rm "$dir/phrases"
"$meldkluis" --taal nl gebruiker lijst | sed 's/^/   /'

say "De inspecteur voert 366 verzonnen dossiers van 2018-2020 in" \
    "the inspector imports 366 invented dossiers; each row is replayed through the workflow"
as ilse invoer "$data" | sed 's/^/   /'
[ "${PIPESTATUS[0]}" -eq 0 ] || die "de invoer is mislukt"

say "Een ongeruste ouder belt: een nieuwe melding" \
    "a worried parent calls: a new report; its tag is printed once it is durable"
tag=$(as ilse melding nieuw --form - <<END
received: $(day 6)
channel: TEL
reporter: OUD
label: proefmelding
urgent: J
narrative: Een moeder belt. Haar kind vertelt over een medewerker van de groep.
 Zij vraagt wat er nu moet gebeuren.
END
) || die "de melding is niet opgeslagen"
echo "   kenmerk: $tag"

say "Van duiding tot aangifte; elke stap is een ondertekende, verzegelde regel" \
    "from classification to formal complaint; the overlegplicht follows from the facts"
step_of "$tag" duid "sector: KO" "care_type: KDV" "category: SM" "accused: MW" \
    "victim_minor: J" "in_care: J" "qualification: XIV" "occurred: $(day 9)" "known: $(day 6)"

say "De klok: open plichten, met de verstreken tijd (spoed eerst)" \
    "the clock: open duties with elapsed time; never a verdict"
as ilse klok >"$dir/klok" || die "de klok is mislukt"
sed -n 1,5p "$dir/klok" | sed 's/^/   /'

step_of "$tag" overleg "contact: $(day 5)" "direct: J" "speaker: HOU"
step_of "$tag" oordeel "verdict: RED" "verdict_date: $(day 5)" \
    "ground: Twee onafhankelijke verklaringen."
step_of "$tag" verwijs "referred: $(day 5)" "authority: ZED" "referred_for: AAN"
step_of "$tag" aangifte "complaint: $(day 2)" "notified: $(day 1)" "authority: ZED"

say "De analist telt; zij heeft geen sleutel van een dossier" \
    "the analyst counts 2018-2020; what would give somebody away is hidden, and proven to be"
as ana factsheet --jaren 2018-2020 --format text --format csv --format html \
    --uit "$dir/factsheet" >"$dir/cijfers" || die "het factsheet is mislukt"
grep -m 3 ' x (' "$dir/factsheet/factsheet.txt" | sed 's/^/   /'
find "$dir/factsheet" -type f -printf '   %f  %s bytes\n' | sort

say "De auditor leest wie wat heeft ingezien" \
    "the auditor reads who looked at what; names and narratives are out of reach"
as aad log lijst --dossier "$tag" | sed 's/^/   /'
[ "${PIPESTATUS[0]}" -eq 0 ] || die "het logboek is mislukt"

say "En rekent de hele kluis na" "and recomputes the whole vault"
as aad log controleer | sed 's/^/   /'
[ "${PIPESTATUS[0]}" -eq 0 ] || die "de controle is mislukt"

say "Een buitenstaander rekent het logboek na, zonder kluis en zonder sleutel" \
    "an outsider checks the exported log with another program, without vault or key"
as aad log uitvoer "$dir/logboek" | sed 's/^/   /'
[ "${PIPESTATUS[0]}" -eq 0 ] || die "de uitvoer is mislukt"
"$verify" --taal nl "$dir/logboek" | sed 's/^/   /'
[ "${PIPESTATUS[0]}" -eq 0 ] || die "de uitvoer klopt niet"

say "In een kopie van de kluis wordt een byte omgedraaid" \
    "one byte of a copy is flipped: nothing is shown, exit status 4"
cp -a "$XDG_DATA_HOME/meldkluis/kluis" "$dir/kopie"
at=$(($(stat -c %s "$dir/kopie/vault.db") / 2))
byte=$(od -An -tu1 -j "$at" -N 1 "$dir/kopie/vault.db")
# shellcheck disable=SC2059 # the byte is the format
printf "\\x$(printf %x $((byte ^ 1)))" |
    dd of="$dir/kopie/vault.db" bs=1 seek="$at" conv=notrunc status=none
as aad --kluis "$dir/kopie" log controleer 2>&1 | sed 's/^/   /'
status=${PIPESTATUS[0]}
echo "   status $status"
[ "$status" -eq 4 ] || die "de wijziging is niet opgemerkt"

printf '\n%sKlaar in %d seconden.%s\n' "$bold" $((SECONDS - began)) "$plain"
