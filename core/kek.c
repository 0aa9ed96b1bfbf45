/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/kek.h"

#include "core/fold.h"

enum mk_err mk_kek_make(struct mk_secret **kek,
                        const struct mk_secret *passphrase,
                        const uint8_t argon_salt[static MK_ARGON2_SALT],
                        struct mk_argon2_cost cost, struct mk_part salt,
                        struct mk_part info, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_secret *nfc = NULL, *p = NULL;

    MK_TRY(mk_fold_nfc(&nfc, passphrase, diag));
    MK_TRY(mk_argon2(&p, nfc, argon_salt, cost, diag));
    rc = mk_hkdf(kek, MK_KEY, salt.p, salt.n, p, info.p, info.n);
out:
    mk_secret_free(nfc);
    mk_secret_free(p);
    return rc;
}
