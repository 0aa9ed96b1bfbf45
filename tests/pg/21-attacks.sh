#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Somebody with the account of an application, or with the server itself.
set -u
# shellcheck source=tests/pg/vault.sh
. "$MK_SRC/tests/pg/vault.sh"
vault_on een
python3 "$MK_SRC/tests/pg/attacks.py" een kluis
