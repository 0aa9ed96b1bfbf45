# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# What the scenarios of servers in trouble share: people and claims as those of faults
# (tests/faults/kit.sh), with the vault in the database kluis. To be sourced.

# shellcheck source=tests/support/pg.sh
. "$MK_SRC/tests/support/pg.sh"
# shellcheck source=tests/faults/kit.sh
. "$MK_SRC/tests/faults/kit.sh"
export PYTHONDONTWRITEBYTECODE=1

# vault_on SERVER [SETTING=VALUE...]: starts it, with an invented vault
vault_on() {
    pg_start "$@" && pg_database "$1" kluis || exit 1
    # shellcheck disable=SC2034 # read by the kit
    kluis=$(pg_url "$1" kluis inspecteur)
    new_vault
}
