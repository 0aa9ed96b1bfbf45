/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/access.h"
#include "core/log_reader.h"
#include "core/log_scan.h"

struct items {
    struct mk_log_item *v;
    size_t n, cap;
};

static enum mk_err keep(struct items *items, const struct mk_log_item *item)
{
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

static bool wanted(const struct mk_log_filter *f,
                   const struct mk_log_item *item)
{
    mk_day day = mk_date_amsterdam(item->time_ms);

    return (f->actor == NULL || memcmp(f->actor, item->actor, MK_ID) == 0) &&
           (f->ref == NULL ||
            (memcmp(item->object, f->ref->lo, MK_ID) >= 0 &&
             memcmp(item->object, f->ref->hi, MK_ID) <= 0)) &&
           (f->from == MK_DAY_NONE || day >= f->from) &&
           (f->until == MK_DAY_NONE || day <= f->until) &&
           (f->kind == MK_AUDIT_NONE || item->kind == f->kind);
}

/* Who signed the head that covers the leaf with number seq: heads are walked
 * along with the leaves. */
struct signers {
    struct mk_walk *heads;
    struct mk_head head;
};

static enum mk_err signer_of(struct signers *s, uint64_t seq,
                             struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_head_row row;
    bool more = true;

    while (more && s->head.log_size <= seq) {
        MK_TRY(mk_walk_head(s->heads, &more, &row, diag));
        if (more && !mk_head_decode(&s->head, row.body))
            rc = mk_fail(diag, MK_E_TAMPERED, "head");
    }
out:
    return rc;
}

static enum mk_err take(struct mk_log_reader *reader,
                        const struct mk_log_filter *f, struct signers *signers,
                        const struct mk_log_row *row, struct items *items,
                        struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_log_item item;
    bool yes;

    MK_TRY(signer_of(signers, row->seq, diag));
    MK_TRY(mk_log_reader_next(reader, row->leaf.p, row->leaf.n, &yes, &item,
                              diag));
    if (yes && item.kind == MK_AUDIT_NONE) {
        /* Its writer is known all the same, and no filter hides it. */
        memcpy(item.actor, signers->head.actor, MK_ID);
        item.time_ms = (int64_t)signers->head.time_ms;
        MK_TRY(keep(items, &item));
    } else if (yes && wanted(f, &item)) {
        MK_TRY(keep(items, &item));
    }
out:
    return rc;
}

/* In a snapshot.  Nothing is given out before the root was found equal. */
static enum mk_err read_log(struct mk_vault *v, const struct mk_log_filter *f,
                            struct mk_log_reader *reader, struct items *items,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    struct signers signers = {.heads = NULL};
    struct mk_log_scan scan;
    struct mk_log_row row;
    bool more;

    MK_TRY(mk_log_scan_open(&scan, v, diag));
    MK_TRY(mk_walk_heads(&signers.heads, v->store, 0, diag));
    mk_log_reader_begin(reader, scan.first);
    for (;;) {
        MK_TRY(mk_log_scan_next(&scan, &more, &row, diag));
        if (!more)
            break;
        MK_TRY(take(reader, f, &signers, &row, items, diag));
    }
    MK_TRY(mk_log_scan_prove(&scan, diag));
out:
    mk_log_scan_close(&scan);
    mk_walk_close(signers.heads);
    return rc;
}

enum mk_err mk_log_list(struct mk_vault *v, const struct mk_access *access,
                        const struct mk_log_filter *filter, mk_log_each *each,
                        void *ctx, struct mk_diag *diag)
{
    enum mk_err rc;
    struct items items = {.n = 0};
    struct mk_log_reader *reader = NULL;

    MK_TRY(mk_access_ask_many(v, access, MK_ROLE_AUDITOR, MK_AUDIT_LOG_LIST, 0,
                              diag));
    MK_TRY(mk_log_reader_new(&reader, v, diag));
    MK_TRY(mk_snapshot_begin(v, diag));
    rc = read_log(v, filter, reader, &items, diag);
    mk_snapshot_end(v);
    for (size_t i = 0; i < items.n && rc == MK_OK; i++)
        rc = each(ctx, &items.v[i]);
    if (rc == MK_OK)
        rc = mk_log_reader_verdict(reader, diag);
out:
    mk_log_reader_free(reader);
    free(items.v);
    return rc;
}
