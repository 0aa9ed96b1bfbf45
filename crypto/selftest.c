/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/selftest.h"

enum mk_err mk_selftest_run(struct mk_diag *diag)
{
    (void)diag;
    return MK_OK;
}
