/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/driver.h"

bool mk_driver_inside(const struct mk_driver *d)
{
    return d->tx != MK_DRIVER_NONE;
}

void mk_driver_began(struct mk_driver *d, bool write)
{
    d->tx = write ? MK_DRIVER_WRITE : MK_DRIVER_READ;
}

enum mk_err mk_driver_broke(struct mk_driver *d, enum mk_err err)
{
    if (d->tx != MK_DRIVER_NONE && d->tx != MK_DRIVER_BROKEN) {
        d->tx = MK_DRIVER_BROKEN;
        d->why = err;
    }
    return err;
}

void mk_driver_ended(struct mk_driver *d)
{
    d->tx = MK_DRIVER_NONE;
}

enum mk_err mk_driver_may(const struct mk_driver *d, bool write,
                          const char *what, struct mk_diag *diag)
{
    if (d->tx == MK_DRIVER_BROKEN)
        return mk_fail(diag, d->why, what);
    return d->tx == MK_DRIVER_WRITE || (d->tx == MK_DRIVER_READ && !write)
               ? MK_OK
               : mk_fail(diag, MK_E_INTERNAL, what);
}
