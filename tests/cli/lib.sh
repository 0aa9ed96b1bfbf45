# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2034 # read by those who include this
# What the scenarios of meldkluis share: people, a vault, claims.
meldkluis=$MK_BUILD/meldkluis
output=$MK_TMP/output errors=$MK_TMP/errors
# shellcheck source=tests/cli/store.sh
. "$MK_SRC/tests/cli/store.sh"

ok() { echo "ok - $1"; }
not_ok() { echo "not ok - $1${2:+: $2}"; }
claim() { # SENTENCE COMMAND...
    local sentence=$1 text
    shift
    if text=$("$@" 2>&1); then ok "$sentence"; else not_ok "$sentence" "$text"; fi
}
phrase() { printf 'het wachtwoord van %s\n' "$1"; }

# as WHO ARGUMENTS...: runs, with output and errors kept; status as it was
as() {
    local who=$1
    shift
    "$meldkluis" --gebruiker "$who" --passphrase-fd 3 "$@" \
        3< <(phrase "$who") >"$output" 2>"$errors"
}
# ends STATUS PATTERN WHO ARGUMENTS...: with that status and one line of error
ends() {
    local wanted=$1 pattern=$2 status
    shift 2
    as "$@"
    status=$?
    if [ "$status" -ne "$wanted" ]; then
        echo "status $status, not $wanted: $(cat "$errors")"
        return 1
    fi
    if [ -n "$pattern" ] && ! grep -q -- "$pattern" "$errors"; then
        echo "no '$pattern' in: $(cat "$errors")"
        return 1
    fi
    if [ "$wanted" -ne 0 ] && [ "$(wc -l <"$errors")" -ne 1 ]; then
        echo "not one line: $(cat "$errors")"
        return 1
    fi
}
# form WORD...: a form with one key a word (key=value)
form() {
    local pair
    for pair; do printf '%s: %s\n' "${pair%%=*}" "${pair#*=}"; done
}
# flip FILE OFFSET: the lowest bit of that byte, so that it always differs from before
flip() {
    local byte
    byte=$(od -An -tu1 -j "$2" -N 1 "$1")
    # shellcheck disable=SC2059 # the byte is the format
    printf "\\x$(printf %02x $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
# other_digit LINE FILE: another base64 digit at the head of that line of a note; a
# flipped bit is not always one
other_digit() { sed -i "$1s/^A/B/;t;$1s/^./A/" "$2"; }
# copy_program FOLDER: meldkluis, and what it needs beside it to reach its vault
copy_program() { cp "$meldkluis" "$1/" && { [ "$MK_STORE" = files ] || cp "$MK_BUILD/meldkluis-pg" "$1/"; }; }
# second_opinion WHO: the other program takes the log as that auditor exports it now
second_opinion() {
    rm -rf "$MK_TMP/second" && ends 0 '' "$1" log uitvoer "$MK_TMP/second" || return 1
    "$MK_BUILD/meldkluis-verify" "$MK_TMP/second" >"$output" 2>"$errors" </dev/null || { cat "$output" "$errors"; return 1; }
}
json() { python3 -c "import json,sys; d=json.load(open('$output')); $1"; }

no_folder="a vault on a server has no folder"

# two custodians, two inspectors, an analyst, an auditor
new_vault() {
    for who in bo bea ilse ivo ana aad; do phrase "$who"; done >"$MK_TMP/phrases"
    "$meldkluis" init --herkomst Proef --bewaarder bo --bewaarder bea \
        --inspecteur ilse --inspecteur ivo --analist ana --auditor aad \
        --passphrase-fd 3 3<"$MK_TMP/phrases" >/dev/null 2>"$errors" || {
        not_ok "a vault is made" "$(cat "$errors")"
        exit 1
    }
}
a_report() { form "received=${received:-2026-03-02}" channel=TEL reporter=OUD "$@"; }
# report WORD...: a new melding; its tag in $tag
report() {
    as ilse melding nieuw --form - < <(a_report "$@") || {
        not_ok "a melding is taken in" "$(cat "$errors")"
        exit 1
    }
    tag=$(cat "$output")
}
facts() {
    form sector=KO care_type=KDV category=SM accused=MW victim_minor=J in_care=J \
        qualification=XIV occurred=2026-02 known=2026-02-27
}
