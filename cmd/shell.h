/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A session: the vault is unlocked once, and then takes commands.
 *
 *            passphrase                    a line
 *   locked ------------------> open ------------------> command
 *     ^                          |  <--------------------- |
 *     +--------------------------+-------------------------+
 *       the word slot, no key for some minutes, SIGHUP, or what unlock found
 *       holds no longer
 *
 * Locked, no key is held (mk_secret_live() is 0, or the program ends).  From
 * any place the session ends at its limit, by SIGTERM, by the word stop, or
 * when the vault was tampered with.  The sandbox is entered before the first
 * passphrase and is the same for all commands, so some do not run here
 * (cmd/outside.def).  While a key is waited for no lock of the database is
 * held.
 */
#ifndef MK_CMD_SHELL_H
#define MK_CMD_SHELL_H

#include <stdbool.h>
#include <stddef.h>

/* Words of a session that are no commands; NULL past the end. */
const char *mk_shell_word(size_t i, bool english);

#endif
