/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands on one dossier: take in, open, add an event. */
#include <string.h>

#include "core/access.h"
#include "core/base/clock.h"
#include "core/caseload.h"

/* The rules are applied before the writers' lock is asked for, so that nobody
 * is kept waiting; who was overtaken in between applies them anew.  Whom that
 * happens to so often holds the lock meanwhile: with many at one dossier he
 * would never have his turn. */
#define TRIES 4

#define ALL_PARTS (MK_SHOWN_FACTS | MK_SHOWN_IDENTITY | MK_SHOWN_NARRATIVE)

void mk_view_init(struct mk_view *view)
{
    *view = (struct mk_view){.version = 0};
    mk_case_init(&view->c);
}

void mk_view_release(struct mk_view *view)
{
    mk_case_release(&view->c);
}

enum mk_err mk_dossier_open(struct mk_vault *v, const struct mk_access *access,
                            enum mk_audit kind,
                            const struct mk_dossier_ref *ref,
                            struct mk_view *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_opened d;
    uint64_t ordinal;
    struct mk_log_item item = {
        .role = MK_ROLE_INSPECTOR,
        .kind = kind,
        .mask = ALL_PARTS,
        .count = 1,
    };

    mk_opened_init(&d);
    MK_TRY(mk_access_ask(v, access, ref, &item, &ordinal, diag));
    MK_TRY(mk_access_open(v, ordinal, &d, diag));
    memcpy(out->id, d.row.id, MK_ID);
    out->version = d.row.version;
    mk_case_release(&out->c);
    out->c = d.c;
    mk_case_init(&d.c); /* moved */
out:
    mk_opened_release(&d);
    return rc;
}

/* For one try: what it is added to takes it over.  To be released. */
static enum mk_err copy_event(struct mk_event *copy, const struct mk_event *e)
{
    *copy = *e;
    mk_fields_init(&copy->f);
    return mk_fields_copy(&copy->f, &e->f);
}

static mk_day today(void)
{
    return mk_date_amsterdam(mk_clock_now());
}

static enum mk_err write_new(struct mk_vault *v,
                             const uint8_t txid[static MK_ID],
                             const struct mk_case *c, struct mk_written *out,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx;
    struct mk_log_item item = {
        .role = MK_ROLE_INSPECTOR,
        .kind = MK_AUDIT_INTAKE,
        .outcome = MK_OUTCOME_DONE,
        .purpose = MK_PURPOSE_BEH,
        .verb = MK_VERB_MELDING,
        .count = 1,
    };

    rc = mk_tx_begin(&tx, v, txid, diag);
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_sealed_insert(&tx, c, NULL, out->dossier, diag));
    memcpy(item.object, out->dossier, MK_ID);
    MK_TRY(mk_tx_leaf(&tx, &item, diag));
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    return rc;
}

static enum mk_err log_dry_run(struct mk_vault *v, enum mk_verb verb,
                               struct mk_diag *diag)
{
    const struct mk_log_item item = {
        .role = MK_ROLE_INSPECTOR,
        .kind = MK_AUDIT_INTAKE,
        .outcome = MK_OUTCOME_DRY_RUN,
        .purpose = MK_PURPOSE_BEH,
        .verb = verb,
    };

    return mk_log_now(v, &item, diag);
}

struct intake {
    const struct mk_event *e;
    uint8_t txid[MK_ID];
    bool dry_run;
};

static enum mk_err try_new(struct mk_vault *v, void *what, unsigned *tries,
                           struct mk_written *out, struct mk_diag *diag)
{
    enum mk_err rc;
    const struct intake *w = what;
    struct mk_event e;
    struct mk_case c;

    (void)tries;
    mk_case_init(&c);
    MK_TRY(copy_event(&e, w->e));
    mk_access_stamp(v, &e, 1);
    e.seen = 0; /* of a new dossier there is nothing to have seen */
    MK_TRY(mk_workflow_check(&c, &e, NULL, &v->settings, today(), &out->result,
                             diag));
    MK_TRY(mk_case_add(&c, &e, diag));
    out->state = c.state;
    if (w->dry_run)
        rc = log_dry_run(v, MK_VERB_MELDING, diag);
    else
        rc = write_new(v, w->txid, &c, out, diag);
out:
    mk_event_release(&e);
    mk_case_release(&c);
    return rc;
}

enum mk_err mk_report_new(struct mk_vault *v, const struct mk_access *access,
                          struct mk_event *e, const struct mk_dossier_ref *to,
                          struct mk_written *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct intake intake = {.e = e, .dry_run = access->dry_run};

    if (to != NULL) {
        e->verb = MK_VERB_BIJMELDING;
        return mk_dossier_event(v, access, to, e, out, diag);
    }
    *out = (struct mk_written){.seq = 1};
    MK_TRY(mk_vault_need(v, MK_ROLE_INSPECTOR, diag));
    mk_access_afresh(v);
    mk_access_txid(v, access, MK_VERB_MELDING, NULL, out, intake.txid);
    rc = mk_access_write(v, access, intake.txid, NULL, try_new, &intake, out,
                         diag);
out:
    mk_event_release(e);
    return rc;
}

/* What one try of an event needs. */
struct wanted {
    const struct mk_access *access;
    struct mk_event *e; /* n of them, in one transaction */
    size_t n;
    const struct mk_owners *listed; /* whose it has to be, or NULL */
    struct mk_opened kept;          /* of `dubbel` */
    bool has_kept;
    uint64_t ordinal;
    struct mk_log_item asked; /* its entry, which is in the log */
    uint8_t txid[MK_ID];
    /* not beside what its author had not seen, or not whose it was: no other
     * try */
    bool stopped;
    uint32_t seen; /* as its author says; unsaid, what there was at first */
};

/* The dossier named by `dubbel`: opened like any other, with its own entry. */
static enum mk_err open_kept(struct mk_vault *v, struct wanted *w,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_fields *f = &w->e->f;
    struct mk_dossier_ref ref;
    char tag[MK_TAG_TEXT];
    uint64_t ordinal;
    struct mk_log_item item = {
        .role = MK_ROLE_INSPECTOR,
        .kind = MK_AUDIT_SHOW,
        .mask = MK_SHOWN_FACTS,
        .count = 1,
    };

    if (!mk_fields_has(f, MK_F_KEPT))
        return MK_OK;
    mk_tag_format(tag, mk_fields_id(f, MK_F_KEPT));
    MK_TRY(mk_dossier_ref_parse(&ref, tag, diag));
    rc = mk_access_ask(v, w->access, &ref, &item, &ordinal, diag);
    if (rc == MK_E_NOT_FOUND)
        return MK_OK; /* the workflow says what is wrong with that */
    if (rc != MK_OK)
        goto out;
    MK_TRY(mk_access_open(v, ordinal, &w->kept, diag));
    MK_TRY(mk_fields_set_id(f, MK_F_KEPT, w->kept.row.id));
    w->has_kept = true;
out:
    return rc;
}

/* What others wrote that the author of e had not seen, for him and for e. */
static enum mk_err find_unseen(struct wanted *w, const struct mk_case *c,
                               struct mk_event *e, struct mk_written *out,
                               struct mk_diag *diag)
{
    enum mk_err rc;

    if (w->seen > c->n_events)
        return mk_fail_at(diag, MK_E_BAD_NUMBER, "--seen", 0, 1,
                          (int64_t)c->n_events);
    MK_TRY(mk_access_unseen(c, &w->seen, e, out));
    w->stopped = w->access->only_seen && out->n_unseen != 0 &&
                 !w->access->dry_run;
out:
    return rc;
}

/* One event more in d->c: the rules on the case as it is by then, and on whose
 * it was before the first of them. */
static enum mk_err take_event(struct mk_vault *v, struct wanted *w,
                              const struct mk_event *wanted,
                              const struct mk_owners *before,
                              struct mk_opened *d, struct mk_written *out,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_event e;

    MK_TRY(copy_event(&e, wanted));
    if (w->has_kept &&
        memcmp(mk_fields_id(&e.f, MK_F_KEPT), d->row.id, MK_ID) == 0) {
        rc = mk_fail(diag, MK_E_KEPT, NULL);
        goto out;
    }
    mk_access_stamp(v, &e, (uint32_t)d->c.n_events + 1);
    MK_TRY(find_unseen(w, &d->c, &e, out, diag));
    MK_TRY(mk_workflow_check(&d->c, &e, w->has_kept ? &w->kept.c : NULL,
                             &v->settings, today(), &out->result, diag));
    MK_TRY(mk_caseload_check(v, &d->row, before, &e, diag));
    MK_TRY(mk_case_add(&d->c, &e, diag));
out:
    mk_event_release(&e);
    return rc;
}

/* The entry in the log of that event. */
static struct mk_log_item entry_of(const struct wanted *w,
                                   const struct mk_event *e)
{
    struct mk_log_item item = w->asked;

    item.outcome = MK_OUTCOME_DONE;
    item.kind = mk_caseload_audit(e->verb);
    item.verb = e->verb;
    if (mk_fields_has(&e->f, MK_F_MEMBER))
        memcpy(item.member, mk_fields_id(&e->f, MK_F_MEMBER), MK_ID);
    return item;
}

/* All of them, in a transaction that has begun. */
static enum mk_err write_events(struct mk_tx *tx, const struct wanted *w,
                                struct mk_opened *d, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_log_item item;

    for (size_t i = 0; i < w->n; i++) {
        item = entry_of(w, &w->e[i]);
        MK_TRY(mk_tx_leaf(tx, &item, diag));
    }
    MK_TRY(mk_sealed_append(tx, d, diag));
    MK_TRY(mk_tx_commit(tx, diag));
out:
    return rc;
}

/* Is it still whose it was when the events were decided on? */
static bool is_as_listed(const struct wanted *w, const struct mk_owners *now)
{
    const struct mk_owners *then = w->listed;

    if (then == NULL)
        return true;
    if (memcmp(then->owner, now->owner, sizeof now->owner) != 0)
        return false;
    return w->e->verb == MK_VERB_OVERDRACHT ||
           (then->n_deputies == now->n_deputies &&
            memcmp(then->deputy, now->deputy,
                   now->n_deputies * sizeof *now->deputy) == 0);
}

/* One try: the rules on the case as it is now, then the transaction; or within
 * it, if locked. */
static enum mk_err try_events(struct mk_vault *v, struct wanted *w,
                              bool locked, struct mk_written *out,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_opened d;
    struct mk_owners before;
    struct mk_tx tx = {.v = NULL};

    mk_opened_init(&d);
    if (locked) {
        MK_TRY(mk_tx_begin(&tx, v, w->txid, diag));
        MK_TRY(mk_sealed_open(v, w->ordinal, &d, diag));
    } else {
        MK_TRY(mk_access_open(v, w->ordinal, &d, diag));
    }
    memcpy(out->dossier, d.row.id, MK_ID);
    before = d.c.owners;
    w->stopped = !is_as_listed(w, &before);
    for (size_t i = 0; i < w->n && !w->stopped; i++)
        MK_TRY(take_event(v, w, &w->e[i], &before, &d, out, diag));
    out->state = d.c.state;
    out->duty = d.c.duty;
    out->seq = (uint32_t)d.c.n_events;
    if (w->stopped)
        rc = mk_fail(diag, MK_E_CHANGED, NULL);
    if (w->stopped || w->access->dry_run)
        goto out;
    if (!locked)
        MK_TRY(mk_tx_begin(&tx, v, w->txid, diag));
    MK_TRY(write_events(&tx, w, &d, diag));
out:
    mk_tx_abort(&tx);
    mk_opened_release(&d);
    return rc;
}

static enum mk_err next_try(struct mk_vault *v, void *what, unsigned *tries,
                            struct mk_written *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct wanted *w = what;

    if (*tries == 0)
        MK_TRY(open_kept(v, w, diag));
    rc = try_events(v, w, *tries >= TRIES, out, diag);
    if (w->stopped)
        *tries = MK_ACCESS_TRIES;
out:
    return rc;
}

enum mk_err mk_dossier_event(struct mk_vault *v,
                             const struct mk_access *access,
                             const struct mk_dossier_ref *ref,
                             struct mk_event *e, struct mk_written *out,
                             struct mk_diag *diag)
{
    return mk_dossier_events(v, access, ref, e, 1, NULL, out, diag);
}

enum mk_err mk_dossier_events(struct mk_vault *v,
                              const struct mk_access *access,
                              const struct mk_dossier_ref *ref,
                              struct mk_event *e, size_t n,
                              const struct mk_owners *listed,
                              struct mk_written *out, struct mk_diag *diag)
{
    enum mk_err rc;
    enum mk_err logged;
    struct wanted w = {
        .access = access,
        .e = e,
        .n = n,
        .listed = listed,
        .seen = e->seen,
        .asked =
            {
                .role = MK_ROLE_INSPECTOR,
                .kind = mk_caseload_audit(e->verb),
                .verb = e->verb,
                .mask = MK_SHOWN_FACTS,
                .count = 1,
            },
    };

    *out = (struct mk_written){.seq = 0};
    mk_opened_init(&w.kept);
    if (mk_fields_has(&e->f, MK_F_MEMBER))
        memcpy(w.asked.member, mk_fields_id(&e->f, MK_F_MEMBER), MK_ID);
    MK_TRY(mk_access_ask(v, access, ref, &w.asked, &w.ordinal, diag));
    memcpy(out->dossier, w.asked.object, MK_ID);
    mk_access_txid(v, access, e->verb, out->dossier, out, w.txid);
    rc = mk_access_write(v, access, w.txid, w.asked.object, next_try, &w, out,
                         diag);
    if (mk_err_is_refusal(rc)) {
        w.asked.outcome = MK_OUTCOME_REFUSED;
        logged = mk_log_now(v, &w.asked, NULL);
        (void)logged; /* that it was asked stands in the log already */
    }
out:
    mk_opened_release(&w.kept);
    for (size_t i = 0; i < n; i++)
        mk_event_release(&e[i]);
    return rc;
}
