/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/log_scan.h"

#include <string.h>

#include "core/log_leaves.h"
#include "core/log_reader.h"
#include "core/log_watch.h"

struct scan {
    struct mk_vault *v;
    const struct mk_log_filter *filter;
    const struct mk_log_taker *taker;
    struct mk_log_reader *reader;
    struct mk_log_watch *watch;
    /* who signed the head that covers a leaf: heads are walked along */
    struct mk_walk *heads;
    struct mk_head head;
};

static bool wanted(const struct mk_log_filter *f,
                   const struct mk_log_item *item)
{
    mk_day day;

    if ((f->actor != NULL && memcmp(f->actor, item->actor, MK_ID) != 0) ||
        (f->ref != NULL && (memcmp(item->object, f->ref->lo, MK_ID) < 0 ||
                            memcmp(item->object, f->ref->hi, MK_ID) > 0)) ||
        item->seq < f->first || (f->end != 0 && item->seq >= f->end) ||
        (f->kind != MK_AUDIT_NONE && item->kind != f->kind) ||
        (f->questions != 0 && (item->answers & f->questions) == 0))
        return false;
    if (f->from == MK_DAY_NONE && f->until == MK_DAY_NONE)
        return true;
    day = mk_date_amsterdam(item->time_ms);
    return (f->from == MK_DAY_NONE || day >= f->from) &&
           (f->until == MK_DAY_NONE || day <= f->until);
}

static enum mk_err head_of(struct scan *s, uint64_t seq, struct mk_diag *diag)
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

static enum mk_err take(struct scan *s, const struct mk_log_row *row,
                        struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_log_item item;
    bool yes;

    MK_TRY(head_of(s, row->seq, diag));
    MK_TRY(mk_log_reader_next(s->reader, row->leaf.p, row->leaf.n, &yes, &item,
                              diag));
    if (!yes)
        goto out;
    if (item.kind == MK_AUDIT_NONE) {
        /* Its writer is known all the same, and no filter hides it. */
        memcpy(item.actor, s->head.actor, MK_ID);
        item.time_ms = (int64_t)s->head.time_ms;
        MK_TRY(s->taker->take(s->taker->ctx, &item));
        goto out;
    }
    MK_TRY(mk_log_watch_see(s->watch, &item));
    if (s->taker->see != NULL)
        MK_TRY(s->taker->see(s->taker->ctx, &item));
    if (wanted(s->filter, &item))
        MK_TRY(s->taker->take(s->taker->ctx, &item));
out:
    return rc;
}

static enum mk_err walk(struct scan *s, uint8_t root[static 32],
                        struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_log_leaves leaves;
    struct mk_log_row row;
    bool more;

    MK_TRY(mk_log_leaves_open(&leaves, s->v, diag));
    MK_TRY(mk_walk_heads(&s->heads, s->v->store, 0, diag));
    mk_log_reader_begin(s->reader, leaves.first);
    for (;;) {
        MK_TRY(mk_log_leaves_next(&leaves, &more, &row, diag));
        if (!more)
            break;
        MK_TRY(take(s, &row, diag));
    }
    MK_TRY(mk_log_leaves_prove(&leaves, diag));
    memcpy(root, s->v->head.log_root, MK_HASH);
out:
    mk_log_leaves_close(&leaves);
    mk_walk_close(s->heads);
    return rc;
}

enum mk_err mk_log_scan(struct mk_vault *v, const struct mk_log_filter *filter,
                        const struct mk_log_taker *taker, uint64_t *size,
                        uint8_t root[static 32], struct mk_diag *verdict,
                        struct mk_diag *diag)
{
    enum mk_err rc;
    struct scan s = {.v = v, .filter = filter, .taker = taker};

    if (filter->threshold > MK_LOG_THRESHOLD_MAX)
        return mk_fail(diag, MK_E_USAGE, "--threshold");
    MK_TRY(mk_log_watch_new(&s.watch, filter->threshold));
    MK_TRY(mk_log_reader_new(&s.reader, v, diag));
    MK_TRY(mk_snapshot_begin(v, diag));
    rc = walk(&s, root, diag);
    *size = v->head.log_size;
    mk_snapshot_end(v);
    if (rc != MK_OK)
        goto out;
    *verdict = (struct mk_diag)MK_DIAG_INIT;
    verdict->err = mk_log_reader_verdict(s.reader, verdict);
out:
    mk_log_reader_free(s.reader);
    mk_log_watch_free(s.watch);
    return rc;
}
