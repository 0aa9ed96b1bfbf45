/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/restrict.h"

#include <string.h>

#include "core/access.h"
#include "core/base/clock.h"
#include "core/caseload.h"
#include "core/named.h"
#include "core/sealed_key_impl.h"

static enum mk_err too_many(struct mk_diag *diag)
{
    return mk_fail_at(diag, MK_E_TOO_LARGE, "--to-person", 0,
                      MK_RESTRICTED_MOST, 0);
}

static enum mk_err add_custodians(const struct mk_vault *v,
                                  struct mk_restrict_to *to,
                                  struct mk_diag *diag)
{
    mk_restrict_to_custodians(to, v);
    return to->n_custodians < MK_RESTRICTED_THRESHOLD
               ? mk_fail(diag, MK_E_FEW_CUSTODIANS, NULL)
               : MK_OK;
}

static enum mk_err add_named(const struct mk_vault *v,
                             struct mk_restrict_to *to,
                             const struct mk_member *m, struct mk_diag *diag)
{
    if (!mk_caseload_is_inspector(v, m->id))
        return mk_fail(diag, MK_E_NO_INSPECTOR, m->name);
    for (size_t i = 0; i < to->n_named; i++)
        if (to->named[i] == m)
            return MK_OK;
    if (to->n_named == MK_RESTRICTED_MOST)
        return too_many(diag);
    to->named[to->n_named++] = m;
    return MK_OK;
}

/* The same people as the newest record names (as the row does, where there is
 * none), as far as they are in: the row may be of somebody who was let in in an
 * emergency, and wrote names of his own. */
static enum mk_err names_of(struct mk_vault *v,
                            const struct mk_dossier_row *row,
                            struct mk_restrict_to *to, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_restricted r = {.n_named = 0};
    struct mk_named_all all = MK_NAMED_ALL_INIT;
    const struct mk_named *named;

    MK_TRY(mk_named_read(v, &all, diag));
    named = mk_named_of(&all, row->id);
    if (!mk_restricted_is(row) && (named == NULL || named->n == 0)) {
        rc = mk_fail(diag, MK_E_NOT_RESTRICTED, "dossier");
        goto out;
    }
    if (named == NULL)
        MK_TRY(mk_restricted_read(&r, row, diag));
    for (size_t i = 0; i < (named != NULL ? named->n : r.n_named); i++) {
        const uint8_t *id = named != NULL ? named->member[i]
                                          : mk_restricted_name(&r, i);
        const struct mk_member *m = mk_keyring_by_id(v->keyring, id);

        if (m != NULL && mk_caseload_is_inspector(v, id))
            MK_TRY(add_named(v, to, m, diag));
    }
    MK_TRY(add_custodians(v, to, diag));
    if (to->n_named == 0) /* it would be open to all inspectors */
        rc = mk_fail(diag, MK_E_RESTRICTED, "dossier");
out:
    mk_named_all_release(&all);
    return rc;
}

/* Whose it is can read it. */
static enum mk_err check_owners(const struct mk_vault *v,
                                const struct mk_owners *o,
                                const struct mk_restrict_to *to,
                                struct mk_diag *diag)
{
    for (size_t i = 0; to->n_named != 0 && i <= o->n_deputies; i++) {
        const uint8_t *id = i == 0 ? o->owner : o->deputy[i - 1];
        const struct mk_member *m = mk_keyring_by_id(v->keyring, id);
        bool named = m == NULL;

        for (size_t k = 0; k < to->n_named; k++)
            named = named || to->named[k] == m;
        if (!named)
            return mk_fail(diag, MK_E_NOT_NAMED, m->name);
    }
    return MK_OK;
}

/* What each try needs. */
struct wanted {
    const char *const *names;
    size_t n;
    uint64_t ordinal;
    uint8_t txid[MK_ID];
    struct mk_log_item asked; /* its entry, which is in the log */
    uint32_t seen; /* the last event there was at first; 0: not known yet */
    bool dry_run;
};

/* Valid until the keyring is read anew. */
static enum mk_err names_to(const struct mk_vault *v, const struct wanted *w,
                            struct mk_restrict_to *to, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    *to = (struct mk_restrict_to){.n_named = 0};
    for (size_t i = 0; i < w->n; i++) {
        const struct mk_member *m =
            mk_keyring_by_name(v->keyring, w->names[i]);

        if (m == NULL) {
            rc = mk_fail(diag, MK_E_NO_MEMBER, w->names[i]);
            goto out;
        }
        MK_TRY(add_named(v, to, m, diag));
    }
    if (w->n != 0)
        MK_TRY(add_custodians(v, to, diag));
out:
    return rc;
}

/* The event, and the row under the keys for those people, in one. */
static enum mk_err try_it(struct mk_vault *v, void *what, unsigned *tries,
                          struct mk_written *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct wanted *w = what;
    struct mk_restrict_to to;
    const struct mk_rewrap how = {.fresh_dek = true, .restrict_to = &to};
    struct mk_log_item item = w->asked;
    struct mk_opened d;
    struct mk_event e;
    struct mk_tx tx = {.v = NULL};

    (void)tries;
    mk_opened_init(&d);
    mk_event_init(&e);
    e.verb = item.verb;
    MK_TRY(mk_access_open(v, w->ordinal, &d, diag));
    MK_TRY(names_to(v, w, &to, diag));
    mk_access_stamp(v, &e, (uint32_t)d.c.n_events + 1);
    MK_TRY(mk_access_unseen(&d.c, &w->seen, &e, out));
    MK_TRY(mk_workflow_check(&d.c, &e, NULL, &v->settings,
                             mk_date_amsterdam(e.time_ms), &out->result,
                             diag));
    MK_TRY(mk_caseload_check(v, &d.row, &d.c.owners, &e, diag));
    MK_TRY(check_owners(v, &d.c.owners, &to, diag));
    if (d.dek->n >= MK_DEK_NAMING) {
        rc = mk_row_full(diag, &d.row);
        goto out;
    }
    MK_TRY(mk_case_add(&d.c, &e, diag));
    out->state = d.c.state;
    out->seq = (uint32_t)d.c.n_events;
    if (w->dry_run)
        goto out;
    MK_TRY(mk_tx_begin(&tx, v, w->txid, diag));
    MK_TRY(names_to(v, w, &to, diag)); /* it may have read another keyring */
    item.outcome = MK_OUTCOME_DONE;
    MK_TRY(mk_tx_leaf(&tx, &item, diag));
    MK_TRY(mk_sealed_append_under(&tx, &d, &how, diag));
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    mk_event_release(&e);
    mk_opened_release(&d);
    return rc;
}

enum mk_err mk_restrict(struct mk_vault *v, const struct mk_access *access,
                        const struct mk_dossier_ref *ref,
                        const char *const *names, size_t n,
                        struct mk_written *out, struct mk_diag *diag)
{
    enum mk_err rc;
    enum mk_err logged;
    struct wanted w = {
        .names = names,
        .n = n,
        .dry_run = access->dry_run,
        .asked =
            {
                .role = MK_ROLE_INSPECTOR,
                .kind = MK_AUDIT_RESTRICT,
                .verb = n != 0 ? MK_VERB_BEPERK : MK_VERB_BEPERKING_OP,
                .mask = MK_SHOWN_FACTS,
                .count = n,
            },
    };

    *out = (struct mk_written){.seq = 0};
    MK_TRY(mk_access_ask(v, access, ref, &w.asked, &w.ordinal, diag));
    memcpy(out->dossier, w.asked.object, MK_ID);
    mk_access_txid(v, access, w.asked.verb, out->dossier, out, w.txid);
    rc = mk_access_write(v, access, w.txid, w.asked.object, try_it, &w, out,
                         diag);
    if (mk_err_is_refusal(rc)) {
        w.asked.outcome = MK_OUTCOME_REFUSED;
        logged = mk_log_now(v, &w.asked, NULL);
        (void)logged; /* that it was asked stands in the log already */
    }
out:
    return rc;
}

/* --- a new key for the same people --- */

static enum mk_err tell(struct mk_restricted_to *out,
                        const struct mk_restrict_to *to,
                        const struct mk_dossier_row *before,
                        struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_restricted r = {.n_named = 0};

    if (mk_restricted_is(before))
        MK_TRY(mk_restricted_read(&r, before, diag));
    out->n = to->n_named;
    for (size_t i = 0; i < to->n_named; i++)
        memcpy(out->id[i], to->named[i]->id, MK_ID);
    out->left_out = r.n_named;
    for (size_t i = 0; i < to->n_named; i++)
        out->left_out -= mk_restricted_names(&r, out->id[i]);
out:
    return rc;
}

static enum mk_err rewrite(struct mk_vault *v, uint64_t ordinal,
                           struct mk_log_item item,
                           struct mk_restricted_to *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx;
    struct mk_dossier_row row;
    struct mk_restrict_to to = {.n_named = 0};
    const struct mk_rewrap how = {.fresh_dek = true, .restrict_to = &to};

    mk_dossier_row_init(&row);
    rc = mk_tx_begin(&tx, v, NULL, diag);
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_sealed_row(v, ordinal, &row, diag));
    MK_TRY(names_of(v, &row, &to, diag));
    MK_TRY(tell(out, &to, &row, diag));
    item.outcome = MK_OUTCOME_DONE;
    MK_TRY(mk_tx_leaf(&tx, &item, diag));
    MK_TRY(mk_sealed_rewrap(&tx, &row, &how, diag));
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    mk_dossier_row_release(&row);
    return rc;
}

enum mk_err mk_restrict_again(struct mk_vault *v,
                              const struct mk_access *access,
                              const struct mk_dossier_ref *ref,
                              struct mk_restricted_to *to,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    uint64_t ordinal;
    struct mk_log_item item = {
        .role = MK_ROLE_INSPECTOR,
        .kind = MK_AUDIT_REKEY,
    };

    *to = (struct mk_restricted_to){.n = 0};
    MK_TRY(mk_access_ask(v, access, ref, &item, &ordinal, diag));
    if (!access->dry_run)
        rc = rewrite(v, ordinal, item, to, diag);
out:
    return rc;
}
