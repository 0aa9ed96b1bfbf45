#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A server that answers what no PostgreSQL would: an end with a documented status, and
# nothing that goes on behind it.
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"

# answered HOW OPTIONS: by meldkluis within 15 s, and by its helper, too
answered() {
    local server port pid helper="" rc=1
    exec 5< <(exec python3 "$MK_SRC/tests/pg/hostile.py" "$1")
    server=$! && read -r port <&5
    (umask 077 && echo "*:*:*:*:geheim" >"$HOME/.pgpass")
    "$meldkluis" --kluis "postgresql://ilse@127.0.0.1:$port/kluis?sslmode=disable&$2" dokter >"$output" 2>"$errors" &
    pid=$!
    for _ in $(seq 750); do
        [ -n "$helper" ] || helper=$(ps -o pid= --ppid "$pid" | tr -d ' ')
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.02
    done
    kill -9 "$pid" 2>/dev/null
    wait "$pid"
    [ $? -eq 1 ] && [ -n "$helper" ] && case $(ps -o stat= -p "$helper") in '' | Z*) rc=0 ;; esac
    [ "$rc" -eq 0 ] || kill -9 "$helper" 2>/dev/null
    kill "$server" && exec 5<&-
    return "$rc"
}
claim "an answer that has no end is no answer" answered copy "answer_timeout=5&target_session_attrs=any"
claim "rounds of a password that take for ever are not gone through" answered rounds connect_timeout=1
