/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Part of crypto/crypto.c: the known answers of the start-up. */
#ifndef MK_CRYPTO_SELFTEST_H
#define MK_CRYPTO_SELFTEST_H

#include "core/base/err.h"

/*
 * Makes or opens one known answer of every construction but Argon2id (too
 * slow: the tests do that).  Both libraries have been started.
 * Errors: E_LIBRARY with the construction in place.
 */
MK_MUST_USE enum mk_err mk_selftest_run(struct mk_diag *diag);

#endif
