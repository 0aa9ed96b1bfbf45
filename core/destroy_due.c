/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run is to destroy, and whether it may. */
#include <stdlib.h>
#include <string.h>

#include "core/access.h"
#include "core/destroy_run.h"

bool mk_due_goes(const struct mk_due *d)
{
    return d->result.fate == MK_FATE_DONE || d->result.fate == MK_FATE_AGAIN;
}

struct mk_log_item mk_run_entry(const struct mk_run *run,
                                enum mk_outcome outcome)
{
    return (struct mk_log_item){
        .role = MK_ROLE_INSPECTOR,
        .kind = MK_AUDIT_DESTROY,
        .outcome = outcome,
        .purpose = mk_access_purpose(run->access, MK_ROLE_AUDITOR),
        .mask = MK_SHOWN_FACTS,
        .count = 1,
    };
}

static enum mk_destroy_fate fate_of(const struct mk_run *run,
                                    const struct mk_dossier_row *row,
                                    const struct mk_destroyed_record *r)
{
    const struct mk_vault *v = run->v;

    if (mk_past_held(&run->past, row->id) != NULL)
        return MK_FATE_HELD;
    if (memcmp(r->approval.custodian, v->my_id, MK_ID) == 0)
        return MK_FATE_TWO_PEOPLE;
    if (!r->again)
        return mk_approval_is_for(&r->approval, row->entries, row->chain)
                   ? MK_FATE_DONE
                   : MK_FATE_VOID;
    return mk_destroyed_was_approved(v->keyring, mk_keyring_serial(v->keyring),
                                     r)
               ? MK_FATE_AGAIN
               : MK_FATE_UNKNOWN;
}

static enum mk_err add_due(struct mk_run *run,
                           const struct mk_dossier_row *row,
                           const struct mk_destroyed_record *r, bool lapsed,
                           struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_due one = {
        .ordinal = row->ordinal,
        .version = row->version,
        .year = row->intake_year,
        .r = *r,
    };
    void *v = run->due;

    for (size_t i = 0; i < run->n_due; i++)
        if (run->due[i].ordinal == row->ordinal)
            return MK_OK;
    one.result.number = r->approval.proposal;
    one.result.fate = fate_of(run, row, r);
    if (lapsed && one.result.fate == MK_FATE_DONE)
        one.result.fate = MK_FATE_VOID;
    memcpy(one.result.dossier, row->id, MK_ID);
    one.r.ordinal = row->ordinal;
    one.r.entries = row->entries;
    memcpy(one.r.chain, row->chain, MK_HASH);
    one.r.intake_year = row->intake_year;
    one.r.old_gen = row->rk_gen;
    memcpy(one.r.inspector, run->v->my_id, MK_ID);
    MK_TRY(mk_destroy_grow(&v, run->n_due, sizeof one, diag));
    run->due = v;
    run->due[run->n_due++] = one;
out:
    return rc;
}

static enum mk_err add_restored(void *ctx, const struct mk_destroyed_record *r,
                                const struct mk_dossier_row *row,
                                struct mk_diag *diag)
{
    struct mk_destroyed_record again = *r;

    again.again = true;
    return add_due(ctx, row, &again, false, diag);
}

static enum mk_err add_approved(struct mk_run *run,
                                const struct mk_past_proposal *p,
                                struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_dossier_row row;
    struct mk_dossier_ref ref;
    struct mk_destroyed_record r = {.approval = p->approval};
    bool found;

    mk_dossier_row_init(&row);
    memcpy(ref.lo, p->r.dossier, MK_ID);
    memcpy(ref.hi, p->r.dossier, MK_ID);
    MK_TRY(mk_sealed_find(run->v, &ref, &found, &row, diag));
    memcpy(r.proposer, p->by, MK_ID);
    memcpy(r.item, run->past.rules[p->rule].rule.item, sizeof r.item);
    if (found) /* an id that no dossier has destroys nothing */
        MK_TRY(
            add_due(run, &row, &r, !mk_past_is_current(&run->past, p), diag));
out:
    mk_dossier_row_release(&row);
    return rc;
}

/* The newest approval counts: an earlier one may be void by now. */
static bool is_approved_later(const struct mk_destroy_past *p, size_t i)
{
    const uint8_t *dossier = p->proposals[i].r.dossier;

    for (size_t j = i + 1; j < p->n_proposals; j++)
        if (p->proposals[j].is_approved &&
            memcmp(p->proposals[j].r.dossier, dossier, MK_ID) == 0)
            return true;
    return false;
}

/* What a copy brought back comes first: it is not opened. */
static enum mk_err gather(struct mk_run *run, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_vault *v = run->v;

    rc = mk_snapshot_begin(v, diag);
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_destroy_past_now(&run->past, v, diag));
    MK_TRY(mk_restored_each(v, add_restored, run, diag));
    for (size_t i = 0; i < run->past.n_proposals; i++) {
        const struct mk_past_proposal *p = &run->past.proposals[i];

        if (p->is_approved && !is_approved_later(&run->past, i) &&
            mk_past_tombstone(&run->past, p->r.dossier) == NULL)
            MK_TRY(add_approved(run, p, diag));
    }
out:
    mk_snapshot_end(v);
    return rc;
}

/* Before any of them is opened. */
static enum mk_err announce(struct mk_run *run, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx;
    struct mk_log_item item = mk_run_entry(
        run, run->access->dry_run ? MK_OUTCOME_DRY_RUN : MK_OUTCOME_ASKED);

    if (run->n_due == 0)
        return MK_OK;
    MK_TRY(mk_tx_begin(&tx, run->v, NULL, diag));
    for (size_t i = 0; i < run->n_due; i++) {
        memcpy(item.object, run->due[i].result.dossier, MK_ID);
        MK_TRY(mk_tx_leaf(&tx, &item, diag));
    }
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    return rc;
}

/* Is it still at the end that was proposed?  Only who can open it knows. */
static enum mk_err look_inside(struct mk_run *run, struct mk_due *d,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_opened o;
    mk_day ended;

    if (d->result.fate != MK_FATE_DONE)
        return MK_OK;
    mk_opened_init(&o);
    rc = mk_access_open(run->v, d->ordinal, &o, diag);
    if (mk_err_exit(rc) == MK_EXIT_LOCKED) {
        d->result.fate = MK_FATE_BARRED;
        rc = MK_OK;
        goto out;
    }
    if (rc != MK_OK)
        goto out;
    d->version = o.row.version;
    if (mk_destroy_ended(&o.c, o.row.intake_year, &ended) != MK_OK ||
        ended != d->r.approval.ended)
        d->result.fate = MK_FATE_CHANGED;
out:
    mk_opened_release(&o);
    return rc;
}

enum mk_err mk_run_look(struct mk_run *run, struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(gather(run, diag));
    MK_TRY(announce(run, diag));
    for (size_t i = 0; i < run->n_due; i++)
        MK_TRY(look_inside(run, &run->due[i], diag));
out:
    return rc;
}
