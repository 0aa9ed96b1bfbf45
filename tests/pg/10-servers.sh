#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The servers that the other tests stand on: closed to others, and gone without a trace.
set -u
# shellcheck source=tests/cli/lib.sh
. "$MK_SRC/tests/cli/lib.sh"
# shellcheck source=tests/support/pg.sh
. "$MK_SRC/tests/support/pg.sh"

claim "a server starts" pg_start een
not_root() { [ "$(stat -c %u "/proc/$(pg_pid een)")" -ne 0 ]; }
claim "it does not run as root" not_root
closed() { [ "$(pg_sql een postgres -c 'SHOW listen_addresses')" = '' ] && [ "$(stat -c '%a %g' "$(pg_socket een)")" = "710 $(id -g)" ]; }
claim "it listens in a folder that others cannot enter, and nowhere else" closed

kept() {
    pg_standby twee een && pg_wait_for een twee && pg_sql een postgres -c 'CREATE TABLE t (a INTEGER)' -c 'INSERT INTO t VALUES (1)' &&
        pg_kill een && ! pg_family een && pg_promote twee && [ "$(pg_sql twee postgres -c 'INSERT INTO t SELECT a + 1 FROM t RETURNING a')" = 2 ]
}
claim "a standby that is waited for has what a killed primary said yes to, and takes over" kept
again() { pg_again een && [ "$(pg_sql een postgres -c 'SELECT a FROM t')" = 1 ] && pg_stop een again && ! pg_family een && pg_again een; }
claim "what was killed or stopped starts again" again
waits() { # nobody follows it any more; the client gives up, the server does not
    timeout 1 "$pg_bin/psql" -X -h "$(pg_socket een)" -U postgres -d postgres -c 'INSERT INTO t VALUES (9)'
    [ $? -eq 124 ]
}
claim "a primary whose standby is away makes a commit wait" waits
segments() { ipcs -m | awk '$2 ~ /^[0-9]+$/ { print $2 }' | sort; }
gone() {
    local pids before
    pids="$(pg_pid een) $(pg_pid twee)"
    before=$(sed -s -n 7p "$(pg_data een)/postmaster.pid" "$(pg_data twee)/postmaster.pid" | awk '{ print $2 }')
    [ "$(comm -12 <(segments) <(sort <<<"$before") | wc -l)" -eq 2 ] && pg_end || return 1
    for pid in $pids; do ! pg_runs "$pid" || return 1; done
    [ -z "$(comm -12 <(segments) <(sort <<<"$before"))" ] && [ ! -e "$pg_place" ]
}
claim "at the end no process, no shared memory and no file is left" gone
