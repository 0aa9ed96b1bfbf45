#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Patroni, set as docs/OPERATIONS.md says, fails over by itself while four writers write:
# all that was printed is there. Takes minutes.
# store: server, long
set -u
# shellcheck source=tests/pg/vault.sh
. "$MK_SRC/tests/pg/vault.sh"
sentence="with Patroni nothing that was printed is lost"
for program in patroni etcd; do
    command -v $program >/dev/null || { skip "$sentence" "no $program here (apt-get install patroni etcd-server; that starts them at every boot, so .ci/setup does not)" && exit; }
done
pg_have || exit 1
python3 "$MK_SRC/tests/pg/patroni.py" kluis 2 p0 p1
