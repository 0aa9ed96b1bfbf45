#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What the process gives up before it looks at data: each refusal is tried from
# inside (test-escape, of a test build only) and from outside.
# store: both, long
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
new_vault
escape() { "$meldkluis" test-escape "$@" >"$output" 2>"$errors"; }
killed() { # WHAT
    { escape "$1"; } 2>/dev/null
    [ $? -eq 159 ] # 128 + SIGSYS
}
refused() { escape "$@" && grep -q '^refused' "$output"; }
echo x >"$MK_TMP/outside"

if grep -aq __asan_init "$meldkluis"; then
    echo "skip - the sandbox kills and refuses: a sanitizer needs more than it leaves"
else
    claim "a socket ends the process" killed socket
    claim "starting a program ends the process" killed exec
    claim "a second process ends the process" killed fork
    claim "debugging ends the process" killed ptrace
    claim "memory that can be written and run is refused" refused code
    claim "no signal goes to another process" refused kill
    claim "the process cannot be made dumpable again" refused dumpable
    claim "the limit on core dumps cannot be lifted" refused limit
    claim "nothing is typed into the terminal's input" refused type
fi
if "$meldkluis" dokter --json 2>/dev/null | grep -q '"landlock".*"missing'; then
    echo "skip - files outside the places are shut: this kernel has no Landlock"
else
    claim "a file outside cannot be read" refused read "$MK_TMP/outside"
    claim "a file outside cannot be made" refused write "$MK_TMP/new"
    claim "a file outside cannot be removed" refused remove "$MK_TMP/outside"
    inside() { escape read "$(place)/vault.db" && grep -q possible "$output"; }
    of_files "$no_folder" "the vault can be read" inside
fi
inherited() { refused descriptor 9<"$MK_TMP/outside"; }
claim "a descriptor that the parent left open is closed" inherited
no_core() {
    (
        cd "$MK_TMP" || exit 1
        ulimit -c unlimited 2>/dev/null
        mkdir -p cores && cd cores && "$meldkluis" test-escape core >/dev/null 2>&1
        [ -z "$(ls)" ]
    ) 2>/dev/null
}
claim "a crash leaves no core dump" no_core

# ---- from outside ------------------------------------------------------------------
# a command that waits for its form holds still to be looked at
mkfifo "$MK_TMP/form"
"$meldkluis" -g ilse --passphrase-fd 3 melding nieuw --form - 3< <(phrase ilse) \
    <"$MK_TMP/form" >"$output" 2>"$errors" &
pid=$!
exec 9>"$MK_TMP/form"
for _ in $(seq 50); do
    grep -qs 'Seccomp:.*2' "/proc/$pid/status" && break
    sleep 0.1
done
status() { grep -q "^$1:[[:space:]]*$2\$" "/proc/$pid/status"; }
if ! grep -aq __asan_init "$meldkluis"; then
    claim "the sandbox stands before a byte of the form is read" status Seccomp 2
fi
claim "no new rights can be had" status NoNewPrivs 1
limits() { grep -q '^Max core file size *0 *0 ' "/proc/$pid/limits"; }
claim "the limit on core dumps is none" limits
claim "files are made for their owner only" status Umask 0077
a_report >&9
exec 9>&-
wait "$pid"
saved() { [ -s "$output" ]; }
claim "and then it does its work" saved

environment() {
    SECRET=x LD_NOTHING=y HOME=$HOME "$meldkluis" dokter --json >"$output" 2>/dev/null
    json 'assert [f["value"] for f in d["findings"] if f["name"]=="environment"] == ["reduced"]'
}
claim "the environment is reduced" environment
closed() {
    "$meldkluis" --version 0<&- 1>"$output" 2<&- && grep -q meldkluis "$output"
}
claim "closed standard descriptors do no harm" closed
