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

enum mk_err mk_driver_put_now(struct mk_driver *d, enum mk_query q,
                              const struct mk_sql_value *params, size_t n,
                              enum mk_err otherwise, struct mk_diag *diag)
{
    uint64_t touched = 0;
    enum mk_err rc;
    bool more;

    rc = d->ops->run(d, q, params, n, diag);
    if (rc == MK_OK)
        rc = d->ops->step(d, q, &more, &touched, diag);
    if (rc != MK_E_EXISTS && (rc != MK_OK || touched == 1))
        return rc;
    (void)mk_driver_broke(d, otherwise);
    d->why = otherwise; /* not that such a row is there */
    return mk_fail(diag, otherwise, mk_query_name(q));
}
