/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/census.h"

#include <stdlib.h>
#include <string.h>

#include "core/caseload.h"

void mk_census_release(struct mk_census *f)
{
    for (size_t i = 0; i < f->n; i++) {
        char *label = (char *)(uintptr_t)f->items[i].label;

        if (label != NULL)
            mk_crypto_wipe(label, strlen(label));
        free(label);
    }
    if (f->items != NULL)
        mk_crypto_wipe(f->items, f->n * sizeof *f->items);
    free(f->items);
    *f = (struct mk_census){.n = 0};
}

static enum mk_err keep(struct mk_census *f, const struct mk_list_item *item)
{
    struct mk_list_item copy = *item;

    if (f->n == f->cap) {
        size_t cap = f->cap == 0 ? 64 : f->cap * 2;
        struct mk_list_item *grown = calloc(cap, sizeof *grown);

        if (grown == NULL)
            return MK_E_MEMORY;
        if (f->n != 0) {
            memcpy(grown, f->items, f->n * sizeof *grown);
            mk_crypto_wipe(f->items, f->n * sizeof *grown);
        }
        free(f->items);
        f->items = grown;
        f->cap = cap;
    }
    copy.label = strdup(item->label);
    if (copy.label == NULL)
        return MK_E_MEMORY;
    f->items[f->n++] = copy;
    return MK_OK;
}

static uint64_t of_colleagues(const struct mk_vault *v,
                              const struct mk_census *f)
{
    uint64_t n = 0;

    for (size_t i = 0; i < f->n; i++)
        n += !mk_caseload_has(v, &f->items[i].owners);
    return n;
}

static enum mk_err refuse(struct mk_vault *v, struct mk_log_item *item,
                          uint64_t n, struct mk_diag *diag)
{
    enum mk_err rc;

    item->outcome = MK_OUTCOME_REFUSED;
    item->purpose = MK_CODE_NONE;
    item->mask = 0;
    item->count = n;
    memset(item->object, 0, sizeof item->object);
    MK_TRY(mk_log_now(v, item, diag));
    rc = mk_fail(diag, MK_E_PURPOSE, NULL);
out:
    return rc;
}

enum mk_err mk_census_log(struct mk_vault *v, const struct mk_access *access,
                          const struct mk_census *f, struct mk_log_item *item,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx;
    uint64_t others = of_colleagues(v, f);

    if (f->n == 0)
        return MK_OK;
    if (others != 0 && access->purpose == MK_CODE_NONE)
        return refuse(v, item, others, diag);
    rc = mk_tx_begin(&tx, v, NULL, diag);
    if (rc != MK_OK)
        return rc;
    item->purpose = access->purpose != MK_CODE_NONE ? access->purpose
                                                    : MK_PURPOSE_BEH;
    item->outcome = MK_OUTCOME_DONE;
    item->count = 1;
    for (size_t i = 0; i < f->n; i++) {
        memcpy(item->object, f->items[i].id, MK_ID);
        MK_TRY(mk_tx_leaf(&tx, item, diag));
    }
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    return rc;
}

enum mk_err mk_census_give_out(const struct mk_census *f, mk_list_each *each,
                               void *ctx)
{
    enum mk_err rc = MK_OK;

    for (size_t i = 0; i < f->n && rc == MK_OK; i++)
        rc = each(ctx, &f->items[i]);
    return rc;
}

/* A census while it runs. */
struct run {
    struct mk_vault *v;
    const struct mk_question *q;
    struct mk_census *f;
    struct mk_buf bytes; /* of the summary opened last */
    uint64_t n;          /* rows looked at */
};

/* What is gone is asked about only where it is listed; what should be gone
 * (a copy was put back) is passed over. */
static enum mk_err is_alive(struct run *run, const struct mk_dossier_row *row,
                            bool *yes, struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_question *q = run->q;
    const struct mk_destroyed_record *record;
    struct mk_list_item item = {.state = MK_STATE_VERNIETIGD,
                                .received = MK_DAY_NONE,
                                .next_check = MK_DAY_NONE,
                                .label = ""};
    bool keeps = false;

    *yes = false;
    if (!mk_row_is_tombstone(row)) {
        MK_TRY(mk_buried_load(run->v, diag));
        *yes = !mk_buried_has(run->v->buried, row);
        goto out;
    }
    MK_TRY(mk_tombstone_of(run->v, row, &record, diag));
    memcpy(item.id, row->id, MK_ID);
    item.destroyed = mk_date_amsterdam(record->time_ms);
    if (q->gone != NULL)
        MK_TRY(q->gone(q->ctx, &item, &keeps));
    if (keeps)
        MK_TRY(keep(run->f, &item));
out:
    return rc;
}

static bool is_whose(const struct mk_list_whose *w,
                     const struct mk_owners *owners)
{
    return (memcmp(owners->owner, w->member, MK_ID) == 0) != w->deputy &&
           mk_owners_has(owners, w->member);
}

/* Whose it is lies outside the dossier key, which stays shut for others. */
static enum mk_err is_asked(struct run *run, const struct mk_dossier_row *row,
                            bool *yes, struct mk_diag *diag)
{
    struct mk_owners owners;
    enum mk_err rc = MK_OK;

    *yes = run->q->year == 0 || run->q->year == row->intake_year;
    if (*yes)
        MK_TRY(is_alive(run, row, yes, diag));
    if (!*yes || (!run->q->own && run->q->whose == NULL))
        return MK_OK;
    MK_TRY(mk_sealed_owner(run->v, row, &owners, diag));
    if (run->q->own) {
        *yes = mk_caseload_has(run->v, &owners);
        run->f->others += !*yes;
    }
    if (run->q->whose != NULL)
        *yes = *yes && is_whose(run->q->whose, &owners);
out:
    return rc;
}

/* Restricted, and not for who asks: that it is there is no secret, nor whose
 * it is.  Nothing else is known, so no question is answered. */
static enum mk_err leave_shut(struct run *run,
                              const struct mk_dossier_row *row,
                              struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_list_item item = {
        .barred = true,
        .received = MK_DAY_NONE,
        .next_check = MK_DAY_NONE,
        .label = "",
    };

    run->v->barred++;
    if (!run->q->show_barred)
        return MK_OK;
    memcpy(item.id, row->id, MK_ID);
    MK_TRY(mk_sealed_owner(run->v, row, &item.owners, diag));
    MK_TRY(keep(run->f, &item));
out:
    return rc;
}

static enum mk_err open_and_ask(struct run *run,
                                const struct mk_dossier_row *row,
                                struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_question *q = run->q;
    struct mk_dek *dek = NULL;
    struct mk_list_item item;
    bool yes = false;

    rc = mk_sealed_key(run->v, row, &dek, diag);
    if (rc == MK_E_RESTRICTED)
        return leave_shut(run, row, diag);
    if (rc != MK_OK)
        goto out;
    MK_TRY(mk_sealed_summary(run->v, row, dek, &run->bytes, &item, diag));
    MK_TRY(q->ask(q->ctx, row, dek, &item, &yes, diag));
    if (yes)
        MK_TRY(keep(run->f, &item));
out:
    mk_dek_free(dek);
    return rc;
}

static enum mk_err look(void *ctx, const struct mk_dossier_row *row,
                        struct mk_diag *diag)
{
    enum mk_err rc;
    struct run *run = ctx;
    const struct mk_where *where = &run->v->where;
    bool asked;

    MK_TRY(is_asked(run, row, &asked, diag));
    if (asked)
        MK_TRY(open_and_ask(run, row, diag));
    if (where->progress != NULL && ++run->n % 1000 == 0)
        where->progress(where->progress_ctx, "dossiers", run->n,
                        run->v->head.n_dossiers);
out:
    return rc;
}

enum mk_err mk_census_run(struct mk_vault *v, const struct mk_question *q,
                          struct mk_census *f, struct mk_diag *diag)
{
    enum mk_err rc;
    struct run run = {.v = v, .q = q, .f = f, .bytes = MK_BUF_INIT};

    v->barred = 0;
    rc = mk_snapshot_begin(v, diag);
    if (rc != MK_OK)
        return rc;
    rc = mk_sealed_walk(v, look, &run, diag);
    mk_snapshot_end(v);
    mk_buf_release(&run.bytes);
    return rc;
}
