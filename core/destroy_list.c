/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be seen of destruction: how things stand, and certificates. */
#include <stdlib.h>
#include <string.h>

#include "core/destroy.h"
#include "core/retention.h"
#include "core/sealed.h"

void mk_destroy_list_release(struct mk_destroy_list *list)
{
    free(list->v);
    *list = (struct mk_destroy_list){.n = 0};
}

static enum mk_err add(struct mk_destroy_list *list,
                       const struct mk_destroy_item *item,
                       struct mk_diag *diag)
{
    struct mk_destroy_item *grown =
        realloc(list->v, (list->n + 1) * sizeof *grown);

    if (grown == NULL)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    list->v = grown;
    list->v[list->n++] = *item;
    return MK_OK;
}

/* Was something added to the dossier since it was approved? */
static enum mk_err is_void(struct mk_vault *v,
                           const struct mk_approval_record *a, bool *yes,
                           struct mk_diag *diag)
{
    struct mk_dossier_row row;
    bool found;
    enum mk_err rc;

    mk_dossier_row_init(&row);
    rc = mk_destroy_row(v, a->dossier, &found, &row, diag);
    *yes = rc == MK_OK && found &&
           !mk_approval_is_for(a, row.entries, row.chain);
    mk_dossier_row_release(&row);
    return rc;
}

static enum mk_err add_proposals(struct mk_destroy_list *list,
                                 struct mk_vault *v,
                                 const struct mk_destroy_past *p,
                                 struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    bool lapsed;

    for (size_t i = 0; i < p->n_proposals; i++) {
        const struct mk_past_proposal *one = &p->proposals[i];
        struct mk_destroy_item item = {
            .state = MK_DESTROY_PROPOSED,
            .number = one->row,
            .ended = one->r.ended,
            .held = mk_past_held(p, one->r.dossier) != NULL,
            .time_ms = one->is_approved ? one->approved_ms : one->time_ms,
        };

        if (mk_past_tombstone(p, one->r.dossier) != NULL)
            continue;
        if (one->is_approved) {
            MK_TRY(is_void(v, &one->approval, &lapsed, diag));
            item.state = lapsed ? MK_DESTROY_VOID : MK_DESTROY_APPROVED;
        }
        if (!mk_past_is_current(p, one))
            item.state = MK_DESTROY_VOID;
        memcpy(item.dossier, one->r.dossier, MK_ID);
        memcpy(item.by, one->is_approved ? one->approval.custodian : one->by,
               MK_ID);
        MK_TRY(add(list, &item, diag));
    }
out:
    return rc;
}

static enum mk_err add_holds(struct mk_destroy_list *list,
                             const struct mk_destroy_past *p,
                             struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    for (size_t i = 0; i < p->n_holds; i++) {
        const struct mk_past_hold *one = &p->holds[i];
        struct mk_destroy_item item = {
            .state = MK_DESTROY_HOLD,
            .number = one->row,
            .ended = MK_DAY_NONE,
            .held = true,
            .reason = one->r.reason,
            .time_ms = one->time_ms,
        };

        if (!one->r.on)
            continue;
        memcpy(item.dossier, one->r.dossier, MK_ID);
        memcpy(item.by, one->by, MK_ID);
        MK_TRY(add(list, &item, diag));
    }
out:
    return rc;
}

static enum mk_err add_record(struct mk_destroy_list *list,
                              const struct mk_destroyed_record *r,
                              enum mk_destroy_state state,
                              struct mk_diag *diag)
{
    struct mk_destroy_item item = {
        .state = state,
        .number = r->approval.proposal,
        .ended = r->approval.ended,
        .time_ms = r->time_ms,
    };

    memcpy(item.dossier, r->approval.dossier, MK_ID);
    memcpy(item.by, r->inspector, MK_ID);
    return add(list, &item, diag);
}

enum mk_err mk_restored_each(struct mk_vault *v, mk_restored_look *each,
                             void *ctx, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_dossier_row row;

    mk_dossier_row_init(&row);
    MK_TRY(mk_buried_load(v, diag));
    for (size_t i = 0; i < v->buried->n; i++) {
        const struct mk_destroyed_record *r = &v->buried->v[i];
        bool found;

        MK_TRY(mk_destroy_row(v, r->approval.dossier, &found, &row, diag));
        /* a copy of before it was taken in has none */
        if (found && !mk_row_is_tombstone(&row) &&
            mk_buried_has(v->buried, &row))
            MK_TRY(each(ctx, r, &row, diag));
    }
out:
    mk_dossier_row_release(&row);
    return rc;
}

static enum mk_err add_restored(void *ctx, const struct mk_destroyed_record *r,
                                const struct mk_dossier_row *row,
                                struct mk_diag *diag)
{
    (void)row;
    return add_record(ctx, r, MK_DESTROY_RESTORED, diag);
}

/* Everybody may look, who could unlock a vault that is sound. */
static enum mk_err begin(struct mk_vault *v, struct mk_diag *diag)
{
    if (v->store == NULL || v->suspect != MK_OK)
        return mk_fail(diag, v->store == NULL ? MK_E_LOCKED : v->suspect,
                       "head");
    return mk_snapshot_begin(v, diag);
}

enum mk_err mk_destroy_list(struct mk_vault *v, struct mk_destroy_list *out,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_destroy_past p;

    *out = (struct mk_destroy_list){.n = 0};
    mk_destroy_past_init(&p);
    rc = begin(v, diag);
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_destroy_past_now(&p, v, diag));
    out->has_rule = p.n_rules != 0;
    if (out->has_rule)
        out->rule = p.rules[p.n_rules - 1].rule;
    MK_TRY(add_proposals(out, v, &p, diag));
    MK_TRY(add_holds(out, &p, diag));
    for (size_t i = 0; i < p.n_destroyed; i++)
        MK_TRY(add_record(out, &p.destroyed[i].r, MK_DESTROY_DONE, diag));
    MK_TRY(mk_restored_each(v, add_restored, out, diag));
out:
    mk_snapshot_end(v);
    mk_destroy_past_release(&p);
    return rc;
}

/* --- certificates --- */

void mk_certificate_init(struct mk_certificate *c)
{
    *c = (struct mk_certificate){.record = MK_BUF_INIT};
}

void mk_certificate_release(struct mk_certificate *c)
{
    mk_buf_release(&c->record);
    mk_certificate_init(c);
}

static bool says_so(const void *ctx, const struct mk_blob *body)
{
    struct mk_destroyed_record r;
    const struct mk_dossier_row *row = ctx;

    return body->n > 4 + MK_ID && mk_destroyed_parse(&r, body, body->p + 4) &&
           mk_destroyed_is_of(&r, row);
}

static void fill(struct mk_certificate *c, const struct mk_destroyed_record *r)
{
    memcpy(c->dossier, r->approval.dossier, MK_ID);
    memcpy(c->proposed_by, r->proposer, MK_ID);
    memcpy(c->approved_by, r->approval.custodian, MK_ID);
    memcpy(c->destroyed_by, r->inspector, MK_ID);
    memcpy(c->item, r->item, sizeof c->item);
    c->again = r->again;
    c->number = r->approval.proposal;
    c->ended = r->approval.ended;
    c->months = r->approval.months;
    c->intake_year = r->intake_year;
    c->entries = r->entries;
    c->time_ms = r->time_ms;
    c->complete_ms = r->complete_ms;
}

/* Is the key that its dossier was wrapped with gone?  What cannot be read is
 * not said to be. */
static bool is_erased(const struct mk_vault *v,
                      const struct mk_destroyed_record *r)
{
    struct mk_retention_names names;
    bool stale;
    bool gone = mk_retention_names(v, &names, NULL) == MK_OK &&
                !names.differ &&
                mk_key_places_stale(v, &stale, NULL) == MK_OK && !stale &&
                !mk_retention_named(&names, r->intake_year, r->old_gen);

    free(names.v);
    return gone;
}

enum mk_err mk_certificate_get(struct mk_vault *v,
                               const struct mk_dossier_ref *ref,
                               struct mk_certificate *out,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_dossier_row row;
    struct mk_destroyed_record r;
    struct mk_blob body;
    char tag[MK_TAG_TEXT];
    bool found;

    mk_dossier_row_init(&row);
    mk_tag_format(tag, ref->lo);
    rc = begin(v, diag);
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_sealed_find(v, ref, &found, &row, diag));
    if (!found || !mk_row_is_tombstone(&row)) {
        rc = mk_fail(diag, found ? MK_E_NOT_DESTROYED : MK_E_NOT_FOUND, tag);
        goto out;
    }
    MK_TRY(mk_register_find(v, MK_REGISTER_DESTROYED, says_so, &row, &found,
                            &out->record, diag));
    body = (struct mk_blob){out->record.data, out->record.len};
    if (!found ||
        !mk_destroyed_parse(&r, &body, mk_keyring_store(v->keyring))) {
        rc = mk_fail_at(diag, MK_E_TAMPERED, "dossier (gone without a record)",
                        0, (int64_t)row.ordinal, 0);
        goto out;
    }
    memcpy(out->store, mk_keyring_store(v->keyring), MK_ID);
    fill(out, &r);
    out->erased = is_erased(v, &r);
out:
    mk_snapshot_end(v);
    mk_dossier_row_release(&row);
    return rc;
}

static const struct mk_member *once(const struct mk_vault *v,
                                    const uint8_t *id, enum mk_role role)
{
    const struct mk_member *m = mk_keyring_by_id(v->keyring, id);

    return mk_keyring_had_role(v->keyring, id, role,
                               mk_keyring_serial(v->keyring))
               ? m
               : NULL;
}

enum mk_err mk_certificate_take(struct mk_vault *v, const void *record,
                                size_t n, struct mk_diag *diag)
{
    const struct mk_blob body = {record, n};
    const uint8_t *store = mk_keyring_store(v->keyring);
    const struct mk_member *custodian;
    const struct mk_member *inspector;
    struct mk_destroyed_record r;

    if (!mk_destroyed_parse(&r, &body, store))
        return mk_fail(diag, MK_E_CERTIFICATE, NULL);
    custodian = once(v, r.approval.custodian, MK_ROLE_CUSTODIAN);
    inspector = once(v, r.inspector, MK_ROLE_INSPECTOR);
    if (custodian == NULL || inspector == NULL || custodian == inspector ||
        !mk_approval_signed_by(&r.approval, store, custodian->sign) ||
        !mk_destroyed_signed_by(&body, inspector->sign))
        return mk_fail(diag, MK_E_CERTIFICATE, NULL);
    return mk_buried_add(v, &body, diag);
}
