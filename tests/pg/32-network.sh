#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A network that delays, cuts, half closes, stops or trickles, also when the commit is
# sent already: a documented end within the deadline, never a wrong "saved". MK_LONG: at
# every message, else at the commit and some of the others (SEED says which).
set -u
# shellcheck source=tests/pg/vault.sh
. "$MK_SRC/tests/pg/vault.sh"

vault_on main
python3 "$MK_SRC/tests/pg/network.py" main kluis
