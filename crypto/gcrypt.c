/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/gcrypt.h"

#include <gcrypt.h>

#define OLDEST "1.10.0"

enum mk_err mk_gcrypt_init(struct mk_diag *diag)
{
    if (!gcry_check_version(OLDEST))
        return mk_fail(diag, MK_E_LIBRARY, "libgcrypt >= " OLDEST);
    if (!gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P)) {
        /* keys lie in libsodium's guarded memory, none is handed to gcrypt
         * for longer than a call */
        gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
        gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
    }
    if (gcry_control(GCRYCTL_SELFTEST) != 0)
        return mk_fail(diag, MK_E_LIBRARY, "libgcrypt self-test");
    return MK_OK;
}
