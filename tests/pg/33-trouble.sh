#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A server that is shut down in each phase of a write, whose standby is away, that takes
# transactions back, or that is a standby itself.
set -u
# shellcheck source=tests/pg/vault.sh
. "$MK_SRC/tests/pg/vault.sh"

vault_on main deadlock_timeout=100ms
pg_standby standby main || exit 1
python3 "$MK_SRC/tests/pg/trouble.py" main standby kluis
