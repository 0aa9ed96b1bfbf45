/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The key that a passphrase makes, of a slot, a key file, a witness:
 *
 *   P   = Argon2id(passphrase in NFC, argon_salt, cost)
 *   KEK = HKDF-SHA256(salt, P, info), 32 bytes
 *
 * Source: CRYPTO "Who holds what".
 */
#ifndef MK_CORE_KEK_H
#define MK_CORE_KEK_H

#include "crypto/hash.h"
#include "crypto/kdf.h"

/* Owns: the caller frees *kek.  Errors: those of mk_fold_nfc and mk_argon2. */
MK_MUST_USE enum mk_err mk_kek_make(
    struct mk_secret **kek, const struct mk_secret *passphrase,
    const uint8_t argon_salt[static MK_ARGON2_SALT],
    struct mk_argon2_cost cost, struct mk_part salt, struct mk_part info,
    struct mk_diag *diag);

#endif
