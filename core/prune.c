/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log term and log prune: what a custodian does about the age of the log. */
#include <string.h>

#include "core/access.h"
#include "core/base/clock.h"
#include "core/prune.h"
#include "core/prune_plan.h"
#include "core/tx.h"

static struct mk_log_item entry_of(enum mk_audit kind, uint64_t count,
                                   bool dry_run)
{
    return (struct mk_log_item){
        .role = MK_ROLE_CUSTODIAN,
        .kind = kind,
        .outcome = dry_run ? MK_OUTCOME_DRY_RUN : MK_OUTCOME_DONE,
        .purpose = MK_PURPOSE_CTL,
        .count = count,
    };
}

/* --- term --- */

enum mk_err mk_log_term_set(struct mk_vault *v, const struct mk_access *access,
                            uint32_t months, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx = {.v = NULL};
    uint8_t body[MK_TERM_BODY];
    const struct mk_log_item item =
        entry_of(MK_AUDIT_LOG_TERM, months, access->dry_run);

    MK_TRY(mk_vault_need(v, MK_ROLE_CUSTODIAN, diag));
    if (!mk_term_ok(months))
        return mk_fail_at(diag, MK_E_BAD_NUMBER, "term of the log", 0,
                          MK_LOG_TERM_MIN, MK_LOG_TERM_MAX);
    if (access->dry_run)
        return mk_log_now(v, &item, diag);
    mk_term_encode(body, mk_keyring_store(v->keyring), months);
    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    MK_TRY(mk_tx_register(&tx, MK_REGISTER_TERM, body, sizeof body, diag));
    MK_TRY(mk_tx_leaf(&tx, &item, diag));
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    return rc;
}

/* dated: with the heads, which give the rows their dates. */
static enum mk_err look(struct mk_vault *v, bool dated, struct mk_past *past,
                        struct mk_diag *diag)
{
    enum mk_err rc;

    if (v->store == NULL || v->suspect != MK_OK)
        return mk_fail(diag, v->store == NULL ? MK_E_LOCKED : v->suspect,
                       "head");
    rc = mk_snapshot_begin(v, diag);
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_past_rows(past, v, &v->head, diag));
    if (dated && past->n_terms + past->n_prunings != 0)
        MK_TRY(mk_past_judge(past, v, diag));
out:
    mk_snapshot_end(v);
    return rc;
}

static void tell_dates(const struct mk_past *past, struct mk_log_keeping *out)
{
    int64_t reference = mk_past_reference(past, mk_clock_now());
    const struct mk_past_pruning *last;

    if (past->n_terms != 0)
        out->set_ms = past->terms[past->n_terms - 1].set_ms;
    if (!mk_past_term_at(past, reference, &out->in_force))
        out->in_force = 0;
    if (past->n_prunings == 0)
        return;
    last = &past->prunings[past->n_prunings - 1];
    out->pruned_ms = last->time_ms;
    out->before_ms = last->p.before_ms;
    memcpy(out->pruned_by, last->actor, MK_ID);
}

static enum mk_err keeping(struct mk_vault *v, bool dated,
                           struct mk_log_keeping *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_past past;

    *out = (struct mk_log_keeping){.months = 0};
    mk_past_init(&past);
    MK_TRY(look(v, dated, &past, diag));
    if (past.n_terms != 0)
        out->months = past.terms[past.n_terms - 1].months;
    out->pruned = mk_past_size(&past);
    if (dated)
        tell_dates(&past, out);
out:
    mk_past_release(&past);
    return rc;
}

enum mk_err mk_log_term(struct mk_vault *v, struct mk_log_keeping *out,
                        struct mk_diag *diag)
{
    return keeping(v, false, out, diag);
}

enum mk_err mk_log_term_chosen(struct mk_vault *v, bool *chosen,
                               struct mk_diag *diag)
{
    struct mk_log_keeping k;
    enum mk_err rc = mk_log_term(v, &k, diag);

    *chosen = rc == MK_OK && k.months != 0;
    return rc;
}

enum mk_err mk_log_keeping(struct mk_vault *v, struct mk_log_keeping *out,
                           struct mk_diag *diag)
{
    return keeping(v, true, out, diag);
}

/* --- pruning --- */

static enum mk_err plan(struct mk_vault *v, int64_t before_ms,
                        struct mk_prune_plan *out, struct mk_diag *diag)
{
    enum mk_err rc;

    rc = mk_snapshot_begin(v, diag);
    if (rc != MK_OK)
        return rc;
    rc = mk_prune_plan_make(v, before_ms, out, diag);
    mk_snapshot_end(v);
    return rc;
}

/* The record first: its root is proven against the signed head, because
 * bodies cannot be had back. */
static enum mk_err remove_bodies(struct mk_tx *tx,
                                 const struct mk_prune_plan *p,
                                 struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_vault *v = tx->v;
    struct mk_past_pruning one = {
        .p = {.size = p->size, .before_ms = p->before_ms}};
    struct mk_past proven = {.prunings = &one, .n_prunings = 1};
    uint8_t body[MK_PRUNING_BODY];
    uint64_t removed;

    MK_TRY(mk_merkle_root(tx->log, p->size, one.p.root, diag));
    MK_TRY(mk_past_roots(&proven, tx->log, &v->head, diag));
    mk_pruning_encode(body, mk_keyring_store(v->keyring), &one.p);
    MK_TRY(mk_tx_register(tx, MK_REGISTER_PRUNING, body, sizeof body, diag));
    MK_TRY(mk_log_prune_rows(v->store, p->size, &removed, diag));
    if (removed != p->size - p->from)
        rc = mk_fail_at(diag, MK_E_TAMPERED, "log (entry missing)", 0,
                        (int64_t)p->from, 0);
out:
    return rc;
}

static enum mk_err write(struct mk_vault *v, const struct mk_prune_plan *p,
                         struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx;
    const struct mk_log_item item =
        entry_of(MK_AUDIT_LOG_PRUNE, p->size - p->from, false);

    rc = mk_tx_begin(&tx, v, NULL, diag);
    if (rc != MK_OK)
        return rc;
    /* Another custodian was here meanwhile: the plan is no longer good. */
    if (v->head.n_register != p->n_register) {
        rc = mk_fail(diag, MK_E_CHANGED, NULL);
        goto out;
    }
    if (p->size > p->from)
        MK_TRY(remove_bodies(&tx, p, diag));
    MK_TRY(mk_tx_leaf(&tx, &item, diag));
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    return rc;
}

enum mk_err mk_log_prune(struct mk_vault *v, const struct mk_access *access,
                         int64_t before_ms, struct mk_log_pruned *out,
                         struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_prune_plan p;
    unsigned tries = 0;
    const struct mk_log_item tried = entry_of(MK_AUDIT_LOG_PRUNE, 0, true);

    *out = (struct mk_log_pruned){.removed = 0};
    MK_TRY(mk_vault_need(v, MK_ROLE_CUSTODIAN, diag));
    if (access->dry_run)
        MK_TRY(mk_log_now(v, &tried, diag));
    do {
        MK_TRY(plan(v, before_ms, &p, diag));
        if (!access->dry_run)
            rc = write(v, &p, diag);
    } while (mk_access_again(rc, &tries));
    if (rc != MK_OK && rc != MK_E_UNKNOWN_OUTCOME)
        goto out;
    *out = (struct mk_log_pruned){
        .removed = p.size - p.from,
        .size = p.size,
        .log_size = v->head.log_size,
        .before_ms = p.before_ms,
        .held = p.held,
        .held_seq = p.held_seq,
    };
    memcpy(out->held_by, p.held_by, MK_ID);
out:
    return rc;
}
