/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Askings for emergency access, and what became of them. */
#include <string.h>

#include "core/destroy.h"
#include "core/emergency_impl.h"
#include "core/named.h"
#include "core/register.h"

struct gathered {
    struct mk_vault *v;
    struct mk_buf all; /* of struct mk_emergency */
};

static enum mk_err gather(void *ctx, const struct mk_register_row *row,
                          struct mk_diag *diag)
{
    struct gathered *g = ctx;
    struct mk_emergency e;

    return mk_emergency_get_ask(&e, g->v, row)
               ? mk_buf_add(&g->all, &e, sizeof e)
               : mk_emergency_bad(row, diag);
}

/* What became of it. */
static enum mk_err follow(struct mk_vault *v, const struct mk_named_all *all,
                          struct mk_emergency *e, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_emergency_given g = {.v = v, .e = e};
    struct mk_dossier_row row;
    const struct mk_named *named = mk_named_of(all, e->dossier);

    mk_dossier_row_init(&row);
    MK_TRY(mk_register_walk(v, MK_REGISTER_EMERGENCY_GRANT,
                            mk_emergency_look_grant, &g, diag));
    MK_TRY(mk_emergency_row(v, e->dossier, &row, diag));
    e->given = g.n;
    e->rekeyed = row.dek_version != e->dek_version || !mk_restricted_is(&row);
    e->closed = mk_row_is_tombstone(&row) ||
                (named != NULL && named->seq > e->seq);
    e->pending = !e->closed && (g.n >= MK_RESTRICTED_THRESHOLD ||
                                !(e->passed || e->rekeyed));
    e->mine = e->pending && ((v->roles & MK_ROLE_BIT(MK_ROLE_AUDITOR)) != 0 ||
                             (named != NULL && mk_named_has(named, v->my_id)));
out:
    mk_dossier_row_release(&row);
    return rc;
}

/* Every asking that takes is true of, followed. */
typedef bool takes_it(const struct mk_emergency *e);

static enum mk_err walk(struct mk_vault *v, takes_it *takes,
                        mk_emergency_each *each, void *ctx,
                        struct mk_diag *diag)
{
    enum mk_err rc;
    struct gathered g = {.v = v, .all = MK_BUF_INIT};
    struct mk_named_all named = MK_NAMED_ALL_INIT;
    struct mk_emergency e;

    if (v->me == NULL)
        return mk_fail(diag, MK_E_LOCKED, NULL);
    rc = mk_snapshot_begin(v, diag);
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_register_walk(v, MK_REGISTER_EMERGENCY_ASK, gather, &g, diag));
    if (g.all.len != 0)
        MK_TRY(mk_named_read(v, &named, diag));
    for (size_t at = 0; at < g.all.len; at += sizeof e) {
        memcpy(&e, g.all.data + at, sizeof e);
        MK_TRY(follow(v, &named, &e, diag));
        if (takes(&e))
            MK_TRY(each(ctx, &e));
    }
out:
    mk_snapshot_end(v);
    mk_buf_release(&g.all);
    mk_named_all_release(&named);
    return rc;
}

static bool every(const struct mk_emergency *e)
{
    (void)e;
    return true;
}

enum mk_err mk_emergency_list(struct mk_vault *v, mk_emergency_each *each,
                              void *ctx, struct mk_diag *diag)
{
    return walk(v, every, each, ctx, diag);
}

static bool concerns(const struct mk_emergency *e)
{
    return e->pending && e->mine;
}

enum mk_err mk_emergency_notices(struct mk_vault *v, mk_emergency_each *each,
                                 void *ctx, struct mk_diag *diag)
{
    return walk(v, concerns, each, ctx, diag);
}

static bool pends(const struct mk_emergency *e)
{
    return e->pending;
}

static enum mk_err count(void *ctx, const struct mk_emergency *e)
{
    (void)e;
    ++*(size_t *)ctx;
    return MK_OK;
}

enum mk_err mk_emergency_pending(struct mk_vault *v, size_t *n,
                                 struct mk_diag *diag)
{
    *n = 0;
    return walk(v, pends, count, n, diag);
}
