/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The run: what was approved is destroyed.
 *
 *   look     what is due; each is opened, to see that it still is
 *   keys     a new generation of each year in question, durable in the file
 *   commit   one transaction: the others of those years under the new
 *            generation, tombstones, records, entries gone
 *   erase    the old generations leave the file
 *
 * Cut off before the commit nothing happened (a generation that nothing uses
 * is in the file); behind it the next unlock of an inspector erases.
 */
#include <stdlib.h>
#include <string.h>

#include "core/access.h"
#include "core/base/clock.h"
#include "core/destroy_run.h"
#include "core/retention.h"

#define DAY_MS INT64_C(86400000)

void mk_destroy_report_release(struct mk_destroy_report *r)
{
    free(r->v);
    *r = (struct mk_destroy_report){.n = 0};
}

static void run_release(struct mk_run *run)
{
    mk_destroy_past_release(&run->past);
    free(run->due);
    free(run->years);
    free(run->survivors);
}

/* A try begins: what an earlier one gathered is forgotten. */
static void run_begin(struct mk_run *run)
{
    run_release(run);
    *run = (struct mk_run){.v = run->v, .access = run->access};
}

/* --- keys --- */

static enum mk_err add_year(struct mk_run *run, uint32_t year,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    void *v = run->years;

    for (size_t i = 0; i < run->n_years; i++)
        if (run->years[i] == year)
            return MK_OK;
    MK_TRY(mk_destroy_grow(&v, run->n_years, sizeof *run->years, diag));
    run->years = v;
    run->years[run->n_years++] = year;
out:
    return rc;
}

/* Years of what goes, and those that an earlier run could not finish. */
static enum mk_err choose_years(struct mk_run *run, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_retention_names names = {.n = 0};

    MK_TRY(mk_retention_names(run->v, &names, diag));
    for (size_t i = 0; i < run->n_due; i++)
        if (mk_due_goes(&run->due[i]))
            MK_TRY(add_year(run, run->due[i].year, diag));
    run->n_new = run->n_years;
    for (size_t i = 0; i < names.n; i++)
        for (size_t j = 0; j < i; j++)
            if (names.v[i].year == names.v[j].year)
                MK_TRY(add_year(run, names.v[i].year, diag));
out:
    free(names.v);
    return rc;
}

/* --- commit --- */

static const struct mk_due *due_at(const struct mk_run *run, uint64_t ordinal)
{
    for (size_t i = 0; i < run->n_due; i++)
        if (mk_due_goes(&run->due[i]) && run->due[i].ordinal == ordinal)
            return &run->due[i];
    return NULL;
}

static bool is_our_year(const struct mk_run *run, uint32_t year)
{
    for (size_t i = 0; i < run->n_years; i++)
        if (run->years[i] == year)
            return true;
    return false;
}

static enum mk_err note_survivor(void *ctx, const struct mk_dossier_row *row,
                                 struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_run *run = ctx;
    struct mk_survivor one = {.ordinal = row->ordinal};
    void *v = run->survivors;
    const struct mk_due *d = due_at(run, row->ordinal);

    if (d != NULL)
        return d->version == row->version ? MK_OK
                                          : mk_fail(diag, MK_E_CHANGED, NULL);
    /* Of an older copy the keys may be gone: it is beyond all rewrapping. */
    if (mk_row_is_tombstone(row) || !is_our_year(run, row->intake_year) ||
        row->rk_gen == mk_retention_newest(run->v, row->intake_year) ||
        !mk_retention_has(run->v, row->intake_year, row->rk_gen))
        return MK_OK;
    mk_dossier_leaf(row, one.leaf);
    MK_TRY(mk_destroy_grow(&v, run->n_survivors, sizeof one, diag));
    run->survivors = v;
    run->survivors[run->n_survivors++] = one;
out:
    return rc;
}

/* The row as the proven walk saw it. */
static enum mk_err load_same(struct mk_tx *tx, const struct mk_survivor *s,
                             struct mk_dossier_row *row, struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t leaf[MK_HASH];

    MK_TRY(mk_dossier_load(tx->v->store, s->ordinal, row, diag));
    mk_dossier_leaf(row, leaf);
    if (memcmp(leaf, s->leaf, MK_HASH) != 0)
        rc = mk_fail_at(diag, MK_E_TAMPERED, "dossier (row)", 0,
                        (int64_t)s->ordinal, 0);
out:
    return rc;
}

/* Restricted ones, too: the retention key opens their outer envelope only. */
static enum mk_err rewrap_all(struct mk_run *run, struct mk_tx *tx,
                              struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    const struct mk_where *where = &run->v->where;
    struct mk_dossier_row row;

    mk_dossier_row_init(&row);
    for (size_t i = 0; i < run->n_survivors; i++) {
        struct mk_rewrap how = {.rk_gen = 0};

        MK_TRY(load_same(tx, &run->survivors[i], &row, diag));
        how.rk_gen = mk_retention_newest(run->v, row.intake_year);
        MK_TRY(mk_sealed_rewrap(tx, &row, &how, diag));
        run->rewrapped++;
        if (where->progress != NULL && i % 1000 == 999)
            where->progress(where->progress_ctx, "dossiers", i + 1,
                            run->n_survivors);
    }
out:
    mk_dossier_row_release(&row);
    return rc;
}

/* How long copies of before can be opened: not at all without the keys, which
 * lie elsewhere; else until the last that was kept has gone. */
static int64_t complete_at(const struct mk_run *run, const struct mk_due *d,
                           int64_t now)
{
    const struct mk_destroy_past *p = &run->past;

    if (run->v->places.n != 0)
        return now;
    if (p->n_rules != 0)
        return now + p->rules[p->n_rules - 1].rule.copies_days * DAY_MS;
    return now + (d->r.complete_ms - d->r.time_ms);
}

static enum mk_err bury(struct mk_run *run, struct mk_tx *tx, struct mk_due *d,
                        struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_dossier_row row;
    struct mk_buf body = MK_BUF_INIT;
    struct mk_log_item item = mk_run_entry(run, MK_OUTCOME_DONE);
    int64_t now = mk_clock_now();

    mk_dossier_row_init(&row);
    MK_TRY(mk_dossier_load(tx->v->store, d->ordinal, &row, diag));
    d->r.complete_ms = complete_at(run, d, now);
    d->r.time_ms = now;
    d->r.new_gen = mk_retention_newest(run->v, d->year);
    MK_TRY(mk_destroyed_make(&body, mk_keyring_store(run->v->keyring), &d->r,
                             run->v->who.sign));
    MK_TRY(mk_tombstone_write(tx, &row, diag));
    MK_TRY(mk_destroy_append(tx, &run->past, MK_REGISTER_DESTROYED, body.data,
                             body.len, diag));
    memcpy(item.object, d->result.dossier, MK_ID);
    MK_TRY(mk_tx_leaf(tx, &item, diag));
out:
    mk_dossier_row_release(&row);
    mk_buf_release(&body);
    return rc;
}

static enum mk_err write(struct mk_run *run, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx;
    struct mk_vault *v = run->v;

    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    if (v->head.n_register != run->past.n_register) {
        rc = mk_fail(diag, MK_E_CHANGED, NULL);
        goto out;
    }
    MK_TRY(mk_retention_next(v, run->years, run->n_new, diag));
    MK_TRY(mk_sealed_walk(v, note_survivor, run, diag));
    if (run->n_survivors == 0 && run->n_new == 0)
        goto out;
    MK_TRY(rewrap_all(run, &tx, diag));
    for (size_t i = 0; i < run->n_due; i++)
        if (mk_due_goes(&run->due[i]))
            MK_TRY(bury(run, &tx, &run->due[i], diag));
    if (run->rewrapped != 0 && run->n_new == 0) {
        struct mk_log_item item = mk_run_entry(run, MK_OUTCOME_DONE);

        item.kind = MK_AUDIT_KEY_ROTATE;
        item.count = run->rewrapped;
        MK_TRY(mk_tx_leaf(&tx, &item, diag));
    }
    v->bury = true; /* known to this account before its mark says so */
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    return rc;
}

/* --- erase --- */

static enum mk_err erase(struct mk_run *run, struct mk_diag *diag)
{
    enum mk_err rc;
    bool left = true;

    MK_TRY(mk_tx_lock(run->v, diag));
    rc = mk_retention_settle(run->v, &left, diag);
    MK_TRY(mk_tx_unlock(run->v, rc, diag));
    run->erased = !left;
out:
    return rc;
}

/* --- all of it --- */

static enum mk_err one_try(struct mk_run *run, struct mk_diag *diag)
{
    enum mk_err rc;

    run_begin(run);
    MK_TRY(mk_run_look(run, diag));
    if (run->access->dry_run)
        goto out;
    MK_TRY(choose_years(run, diag));
    if (run->n_years != 0)
        MK_TRY(write(run, diag));
out:
    return rc;
}

static enum mk_err tell(const struct mk_run *run,
                        struct mk_destroy_report *out, struct mk_diag *diag)
{
    *out = (struct mk_destroy_report){
        .rewrapped = run->rewrapped,
        .erased = run->erased,
    };
    out->v = calloc(run->n_due + 1, sizeof *out->v);
    if (out->v == NULL)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    for (size_t i = 0; i < run->n_due; i++)
        out->v[out->n++] = run->due[i].result;
    return MK_OK;
}

enum mk_err mk_destroy_run(struct mk_vault *v, const struct mk_access *access,
                           struct mk_destroy_report *report,
                           struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_run run = {.v = v, .access = access};
    unsigned tries = 0;
    struct mk_diag quiet = MK_DIAG_INIT;

    *report = (struct mk_destroy_report){.n = 0};
    MK_TRY(mk_vault_need(v, MK_ROLE_INSPECTOR, diag));
    mk_access_afresh(v);
    do
        rc = one_try(&run, diag);
    while (mk_access_again(rc, &tries));
    if (rc != MK_OK)
        goto out;
    /* It is done; that the old key could not be erased is told, and the next
     * unlock tries again. */
    if (!access->dry_run && erase(&run, &quiet) == MK_E_MEMORY)
        rc = mk_fail(diag, MK_E_MEMORY, NULL);
    if (rc == MK_OK)
        rc = tell(&run, report, diag);
out:
    run_release(&run);
    return rc;
}
