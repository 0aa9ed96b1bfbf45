#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sixteen clients write at once for 10 s (MK_LONG: 60 s): no update is lost, no tag is
# there twice, and the log is one line.
set -u
# shellcheck source=tests/pg/vault.sh
. "$MK_SRC/tests/pg/vault.sh"

vault_on main
python3 "$MK_SRC/tests/pg/writers.py" main kluis
