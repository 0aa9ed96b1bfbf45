/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "core/access.h"
#include "core/log_scan.h"

struct items {
    struct mk_log_item *v;
    size_t n, cap;
};

static enum mk_err keep(void *ctx, const struct mk_log_item *item)
{
    struct items *items = ctx;

    if (items->n == items->cap) {
        size_t cap = items->cap == 0 ? 256 : 2 * items->cap;
        struct mk_log_item *grown = realloc(items->v, cap * sizeof *grown);

        if (grown == NULL)
            return MK_E_MEMORY;
        items->v = grown;
        items->cap = cap;
    }
    items->v[items->n++] = *item;
    return MK_OK;
}

enum mk_err mk_log_list(struct mk_vault *v, const struct mk_access *access,
                        const struct mk_log_filter *filter, mk_log_each *each,
                        void *ctx, struct mk_diag *diag)
{
    enum mk_err rc;
    struct items items = {.n = 0};
    const struct mk_log_taker taker = {.take = keep, .ctx = &items};
    struct mk_diag verdict = MK_DIAG_INIT;
    uint8_t root[32];
    uint64_t size;

    MK_TRY(mk_access_ask_many(v, access, MK_ROLE_AUDITOR, MK_AUDIT_LOG_LIST, 0,
                              diag));
    MK_TRY(mk_log_scan(v, filter, &taker, &size, root, &verdict, diag));
    for (size_t i = 0; i < items.n && rc == MK_OK; i++)
        rc = each(ctx, &items.v[i]);
    if (rc == MK_OK && verdict.err != MK_OK) {
        rc = verdict.err;
        if (diag != NULL)
            *diag = verdict;
    }
out:
    free(items.v);
    return rc;
}
