/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * log verify: everything is computed anew from the rows, nothing stored is
 * believed.
 *
 *   pages       the engine's own check
 *   heads       each signed, each follows the one before (verify_heads.c)
 *   log         every leaf hashed; root at each head; prev_head of each leaf;
 *               session leaves signed by the actor of their head
 *   dossiers    rows, entries, chains, root; tombstones and their records
 *               (verify_dossiers.c)
 *   retention   its form; each dossier's key is in it (R_D: opens)
 *   statistics  chains, root
 *   register    chain
 *   keyring     hashes, serial
 *   tail        newest head
 *   tree nodes  every stored row of both trees (verify_tree.c)
 */
#include <string.h>

#include "core/access.h"
#include "core/mark.h"
#include "core/register.h"
#include "core/verify.h"

void mk_verify_found(struct mk_verifier *w, const struct mk_diag *diag)
{
    if (w->first.err == MK_OK)
        w->first = *diag;
    if (w->finding != NULL)
        w->finding(w->ctx, diag);
}

void mk_verify_found_at(struct mk_verifier *w, enum mk_err err,
                        const char *what, uint64_t where)
{
    struct mk_diag diag = MK_DIAG_INIT;

    (void)mk_fail_at(&diag, err, what, 0, (int64_t)where, 0);
    mk_verify_found(w, &diag);
}

bool mk_verify_took(struct mk_verifier *w, enum mk_err rc,
                    const struct mk_diag *diag)
{
    if (mk_err_exit(rc) != MK_EXIT_INTEGRITY && rc != MK_E_NOT_FOUND)
        return false;
    if (diag != NULL)
        mk_verify_found(w, diag);
    else
        mk_verify_found_at(w, rc, NULL, 0);
    return true;
}

/* --- what is short --- */

static enum mk_err check_register(struct mk_verifier *w, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *walk = NULL;
    struct mk_register_row row;
    uint8_t chain[MK_HASH] = {0};
    uint64_t n = 0;
    bool more;

    MK_TRY(mk_walk_register(&walk, w->v->store, diag));
    for (;;) {
        MK_TRY(mk_walk_register_row(walk, &more, &row, diag));
        if (!more)
            break;
        mk_register_chain(chain, &row);
        if (row.seq != n++ || memcmp(chain, row.chain, MK_HASH) != 0)
            mk_verify_found_at(w, MK_E_TAMPERED, "register", row.seq);
    }
    if (n != w->newest.n_register ||
        memcmp(chain, w->newest.register_root, MK_HASH) != 0)
        mk_verify_found_at(w, MK_E_TAMPERED, "register (root)", n);
    w->report->registers = n;
out:
    mk_walk_close(walk);
    return rc;
}

static enum mk_err check_keyring(struct mk_verifier *w, struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t members[MK_HASH];
    uint8_t slots[MK_HASH];

    rc = mk_vault_load_keyring(w->v, MK_KEYRING_FILE, diag);
    if (rc != MK_OK)
        return mk_verify_took(w, rc, diag) ? MK_OK : rc;
    mk_keyring_members_hash(w->v->keyring, members);
    mk_keyring_slots_hash(w->v->keyring, slots);
    if (mk_keyring_serial(w->v->keyring) != w->newest.keyring_serial ||
        memcmp(members, w->newest.members_hash, MK_HASH) != 0)
        mk_verify_found_at(w, MK_E_TAMPERED, "keyring (members)",
                           mk_keyring_serial(w->v->keyring));
    if (memcmp(slots, w->newest.slots_hash, MK_HASH) != 0)
        mk_verify_found_at(w, MK_E_TAMPERED, "keyring (slots)",
                           mk_keyring_serial(w->v->keyring));
    return MK_OK;
}

static enum mk_err check_tail(struct mk_verifier *w, struct mk_diag *diag)
{
    enum mk_err rc;
    uint64_t tail;

    MK_TRY(mk_tail_get(w->v->store, &tail, diag));
    if (tail != w->newest.log_size)
        mk_verify_found_at(w, MK_E_TAMPERED, "tail", tail);
out:
    return rc;
}

static enum mk_err check_stats(struct mk_verifier *w, struct mk_diag *diag)
{
    enum mk_err rc;

    w->report->stats = w->newest.n_stats;
    rc = mk_stats_verify(w->v->store, w->newest.n_stats, w->newest.stats_root,
                         diag);
    return rc != MK_OK && mk_verify_took(w, rc, diag) ? MK_OK : rc;
}

/* The mark of this account is a head of this store. */
static enum mk_err check_mark(struct mk_verifier *w, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_head_row mark;
    struct mk_head_row same;
    struct mk_head seen;
    bool has_mark;
    bool has_head = false;

    rc = mk_mark_load(w->v->state, mk_keyring_store(w->v->keyring), &has_mark,
                      &mark, diag);
    if (rc != MK_OK)
        return mk_verify_took(w, rc, diag) ? MK_OK : rc;
    if (!has_mark || !mk_head_decode(&seen, mark.body) ||
        seen.epoch < w->newest.epoch)
        return MK_OK; /* a restart was proven with the heads */
    MK_TRY(mk_head_load(w->v->store, mark.log_size, &has_head, &same, diag));
    if (has_head && memcmp(mark.body, same.body, MK_HEAD) == 0)
        goto out;
    w->report->rolled_back = true;
    (void)mk_fail_at(diag, MK_E_ROLLED_BACK, "head", 0,
                     (int64_t)w->newest.log_size, (int64_t)mark.log_size);
    mk_verify_found(w, diag);
out:
    return rc;
}

static enum mk_err check_all(struct mk_verifier *w, struct mk_diag *diag)
{
    static enum mk_err (*const checks[])(struct mk_verifier *,
                                         struct mk_diag *) = {
        mk_verify_heads, mk_verify_dossiers, check_stats, check_register,
        check_keyring,   check_tail,         check_mark,
    };
    enum mk_err rc;

    rc = mk_store_check(w->v->store, diag);
    if (rc != MK_OK && !mk_verify_took(w, rc, diag))
        return rc;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        rc = checks[i](w, diag);
        if (rc != MK_OK && !mk_verify_took(w, rc, diag))
            return rc;
    }
    return MK_OK;
}

static struct mk_verifier verifier_of(struct mk_vault *v,
                                      struct mk_verify_report *report,
                                      mk_verify_finding *finding, void *ctx)
{
    *report = (struct mk_verify_report){.heads = 0};
    return (struct mk_verifier){
        .v = v,
        .report = report,
        .finding = finding,
        .ctx = ctx,
        .first = MK_DIAG_INIT,
    };
}

/* Of all that was looked at, which went well as such or did not. */
static enum mk_err verdict(const struct mk_verifier *w, enum mk_err rc,
                           struct mk_diag *diag)
{
    if (rc != MK_OK || w->first.err == MK_OK)
        return rc;
    if (diag != NULL)
        *diag = w->first;
    return w->first.err;
}

enum mk_err mk_verify_rows(struct mk_vault *v, struct mk_verify_report *report,
                           struct mk_diag *diag)
{
    struct mk_verifier w = verifier_of(v, report, NULL, NULL);

    return verdict(&w, check_all(&w, diag), diag);
}

enum mk_err mk_log_verify(struct mk_vault *v, const struct mk_access *access,
                          struct mk_verify_report *report,
                          mk_verify_finding *finding, void *ctx,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_verifier w = verifier_of(v, report, finding, ctx);
    struct mk_log_item item = {
        .kind = MK_AUDIT_LOG_VERIFY,
        .outcome = access->dry_run ? MK_OUTCOME_DRY_RUN : MK_OUTCOME_ASKED,
        .purpose = MK_PURPOSE_CTL,
    };

    if (v->store == NULL)
        return mk_fail(diag, MK_E_LOCKED, NULL);
    for (enum mk_role r = 1; r < MK_ROLE_MAX; r++)
        if ((v->roles & MK_ROLE_BIT(r)) != 0)
            item.role = r;
    if (v->suspect == MK_OK) {
        rc = mk_log_now(v, &item, diag);
        if (mk_err_exit(rc) == MK_EXIT_INTEGRITY)
            mk_verify_found(&w, diag);
        else if (rc != MK_OK)
            return rc;
    }
    MK_TRY(mk_vault_begin(v, false, diag));
    rc = verdict(&w, check_all(&w, diag), diag);
    mk_store_rollback(v->store);
out:
    return rc;
}
