/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the files of core/store/ only: a walk is a query that was started. */
#ifndef MK_STORE_ROWS_WALK_H
#define MK_STORE_ROWS_WALK_H

#include "core/store/query.h"

struct mk_walk {
    struct mk_store *st;
    enum mk_query q;
};

MK_MUST_USE enum mk_err mk_walk_open(struct mk_walk **out, struct mk_store *st,
                                     enum mk_query q,
                                     const struct mk_sql_value *params,
                                     size_t n, struct mk_diag *diag);

#endif
