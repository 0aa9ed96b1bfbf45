/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Start-up of libgcrypt alone: for a program that only hashes. */
#ifndef MK_CRYPTO_GCRYPT_H
#define MK_CRYPTO_GCRYPT_H

#include "core/base/err.h"

/* Version 1.10 or newer, secure memory off, self-test run.  Safe to call
 * again.  Errors: E_LIBRARY. */
MK_MUST_USE enum mk_err mk_gcrypt_init(struct mk_diag *diag);

#endif
