/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Emergency access: asking, and giving a share. */
#include "core/emergency.h"

#include <string.h>

#include "core/access.h"
#include "core/base/clock.h"
#include "core/caseload.h"
#include "core/emergency_impl.h"
#include "core/named.h"
#include "core/register.h"
#include "crypto/sign.h"

#define HOUR_MS ((int64_t)60 * 60 * 1000)

/* --- asking --- */

static enum mk_err append(struct mk_vault *v, uint32_t kind, const void *body,
                          size_t n, const struct mk_log_item *item,
                          uint64_t *seq, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx;

    rc = mk_tx_begin(&tx, v, NULL, diag);
    if (rc != MK_OK)
        return rc;
    *seq = tx.next.n_register;
    MK_TRY(mk_tx_register(&tx, kind, body, n, diag));
    MK_TRY(mk_tx_leaf(&tx, item, diag));
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    return rc;
}

/* Fills in dossier and version; refuses what can be opened without. */
static enum mk_err find_shut(struct mk_vault *v,
                             const struct mk_dossier_ref *ref,
                             struct mk_emergency *e, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_dossier_row row;
    struct mk_restricted r;
    char tag[MK_TAG_TEXT];
    bool found;

    mk_dossier_row_init(&row);
    rc = mk_snapshot_begin(v, diag);
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_sealed_find(v, ref, &found, &row, diag));
    mk_tag_format(tag, ref->lo);
    if (!found) {
        rc = mk_fail(diag, MK_E_NOT_FOUND, tag);
        goto out;
    }
    if (!mk_restricted_is(&row)) {
        rc = mk_fail(diag, MK_E_NOT_RESTRICTED, tag);
        goto out;
    }
    MK_TRY(mk_restricted_read(&r, &row, diag));
    if (mk_restricted_names(&r, v->my_id))
        rc = mk_fail(diag, MK_E_NOT_RESTRICTED, tag);
    memcpy(e->dossier, row.id, MK_ID);
    e->dek_version = row.dek_version;
    if (rc == MK_OK)
        rc = mk_named_check(v, &row, diag);
out:
    mk_snapshot_end(v);
    mk_dossier_row_release(&row);
    return rc;
}

enum mk_err mk_emergency_ask(struct mk_vault *v,
                             const struct mk_access *access,
                             const struct mk_dossier_ref *ref, unsigned reason,
                             unsigned hours, uint64_t *seq,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_emergency e = {.reason = reason};
    uint8_t body[MK_EMERGENCY_ASK];
    struct mk_log_item item = {
        .role = MK_ROLE_INSPECTOR,
        .kind = MK_AUDIT_EMERGENCY_ASK,
        .outcome = access->dry_run ? MK_OUTCOME_DRY_RUN : MK_OUTCOME_DONE,
        .purpose = MK_PURPOSE_NOOD,
    };

    MK_TRY(mk_vault_need(v, MK_ROLE_INSPECTOR, diag));
    if (hours < 1 || hours > MK_EMERGENCY_HOURS_MAX)
        return mk_fail_at(diag, MK_E_BAD_NUMBER, "--hours", 0, 1,
                          MK_EMERGENCY_HOURS_MAX);
    if (mk_code_get(MK_LIST_EMERGENCY, reason) == NULL)
        return mk_fail(diag, MK_E_BAD_CODE, "--why");
    mk_access_afresh(v);
    MK_TRY(find_shut(v, ref, &e, diag));
    memcpy(e.requester, v->my_id, MK_ID);
    e.until_ms = mk_clock_now() + (int64_t)hours * HOUR_MS;
    memcpy(item.object, e.dossier, MK_ID);
    mk_emergency_put_ask(body, v, &e);
    *seq = 0;
    rc = access->dry_run ? mk_log_now(v, &item, diag)
                         : append(v, MK_REGISTER_EMERGENCY_ASK, body,
                                  sizeof body, &item, seq, diag);
out:
    return rc;
}

/* --- giving --- */

static enum mk_err may_give(struct mk_vault *v, const struct mk_emergency *e,
                            const struct mk_dossier_row *row,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_emergency_given g = {.v = v, .e = e};

    if (e->passed || row->dek_version != e->dek_version)
        return mk_fail(diag, MK_E_EMERGENCY_OVER, NULL);
    if (memcmp(e->requester, v->my_id, MK_ID) == 0)
        return mk_fail(diag, MK_E_TWO_PEOPLE, "emergency");
    MK_TRY(mk_register_walk(v, MK_REGISTER_EMERGENCY_GRANT,
                            mk_emergency_look_grant, &g, diag));
    for (size_t i = 0; i < g.n; i++)
        if (memcmp(g.giver[i], v->my_id, MK_ID) == 0)
            rc = mk_fail_at(diag, MK_E_GIVEN_ALREADY, NULL, 0, (int64_t)e->seq,
                            0);
out:
    return rc;
}

static enum mk_err seal_grant(struct mk_vault *v, const struct mk_emergency *e,
                              const struct mk_dossier_row *row,
                              struct mk_buf *body, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_restricted r;
    struct mk_secret *share = NULL;
    const struct mk_member *to = mk_keyring_by_id(v->keyring, e->requester);
    uint8_t context[MK_EMERGENCY_CONTEXT];
    uint8_t number = 0;

    if (to == NULL || !mk_caseload_is_inspector(v, e->requester))
        return mk_fail(diag, MK_E_EMERGENCY_OVER, NULL);
    MK_TRY(mk_restricted_read(&r, row, diag));
    MK_TRY(mk_restricted_share(v, row, &r, &number, &share, diag));
    mk_emergency_context(context, v, e, number);
    MK_TRY(mk_buf_add(body, "MKN2", 4));
    MK_TRY(mk_buf_add(body, v->head.store, MK_ID));
    MK_TRY(mk_buf_add_u64(body, e->seq));
    MK_TRY(mk_buf_add(body, v->my_id, MK_ID));
    MK_TRY(mk_buf_add_u8(body, number));
    MK_TRY(mk_box_seal_secret(body, to->box, context, sizeof context, share));
out:
    mk_secret_free(share);
    return rc;
}

/* In a snapshot of its own: the asking, judged, and the body of the grant. */
static enum mk_err make_grant(struct mk_vault *v,
                              struct mk_emergency_lookup *l,
                              struct mk_buf *body, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_dossier_row row;

    mk_dossier_row_init(&row);
    rc = mk_snapshot_begin(v, diag);
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_register_walk(v, MK_REGISTER_EMERGENCY_ASK,
                            mk_emergency_look_ask, l, diag));
    if (!l->found) {
        rc = mk_fail_at(diag, MK_E_NO_ASKING, NULL, 0, (int64_t)l->seq, 0);
        goto out;
    }
    MK_TRY(mk_emergency_row(v, l->e.dossier, &row, diag));
    if (!mk_restricted_is(&row)) {
        rc = mk_fail(diag, MK_E_EMERGENCY_OVER, NULL);
        goto out;
    }
    MK_TRY(mk_named_check(v, &row, diag));
    MK_TRY(may_give(v, &l->e, &row, diag));
    MK_TRY(seal_grant(v, &l->e, &row, body, diag));
out:
    mk_snapshot_end(v);
    mk_dossier_row_release(&row);
    return rc;
}

enum mk_err mk_emergency_grant(struct mk_vault *v, uint64_t seq,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_emergency_lookup l = {.v = v, .seq = seq};
    struct mk_buf body = MK_BUF_INIT;
    uint64_t at;
    struct mk_log_item item = {
        .role = MK_ROLE_CUSTODIAN,
        .kind = MK_AUDIT_EMERGENCY_GRANT,
        .outcome = MK_OUTCOME_DONE,
        .purpose = MK_PURPOSE_NOOD,
    };

    MK_TRY(mk_vault_need(v, MK_ROLE_CUSTODIAN, diag));
    mk_access_afresh(v);
    MK_TRY(make_grant(v, &l, &body, diag));
    memcpy(item.object, l.e.dossier, MK_ID);
    memcpy(item.member, l.e.requester, MK_ID);
    MK_TRY(append(v, MK_REGISTER_EMERGENCY_GRANT, body.data, body.len, &item,
                  &at, diag));
out:
    mk_buf_release(&body);
    return rc;
}
