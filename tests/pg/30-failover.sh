#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The server is killed under four writers, and its synchronous standby takes over: all
# that was printed is there. With an asynchronous one it is not. MK_LONG: 8 rounds, else
# 2. SEED says when the kills come.
set -u
# shellcheck source=tests/pg/vault.sh
. "$MK_SRC/tests/pg/vault.sh"
rounds=2
[ "${MK_LONG:-}" = 1 ] && rounds=8

vault_on s0
pg_standby s1 s0 && pg_wait_for s0 s1 || exit 1
mapfile -t names < <(for n in $(seq 0 $((rounds + 1))); do echo "s$n"; done)
python3 "$MK_SRC/tests/pg/failover.py" kluis $rounds "${names[@]}" || exit 1

vault_on a0
pg_standby a1 a0 || exit 1
FAILOVER=asynchronous python3 "$MK_SRC/tests/pg/failover.py" kluis 1 a0 a1
