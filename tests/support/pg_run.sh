#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# pg_run.sh BUILD FOLDER: the server of a run of tests, for tests/run. Says the folder of
# its socket when it is ready, and stops when its standard input ends.
set -u
MK_SRC=$(cd "$(dirname "$0")/../.." && pwd)
export MK_BUILD=$1 MK_TMP=$2 MK_PG_TEMPLATE=$2/template
# shellcheck source=tests/support/pg.sh
. "$MK_SRC/tests/support/pg.sh"
# no test waits for the disk, and none looks at what a crash would leave
pg_start shared synchronous_commit=off max_connections=100 && pg_schema shared || exit 1
pg_socket shared
cat >/dev/null
