/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/emergency.h"

#include <string.h>

#include "core/access.h"
#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/base/read.h"
#include "core/caseload.h"
#include "core/register.h"
#include "core/restrict.h"
#include "crypto/shares.h"
#include "crypto/sign.h"

#define ASK (4 + MK_ID + MK_ID + MK_ID + 8 + 2 + 8)
#define CONTEXT (4 + MK_ID + MK_ID + 8 + 1)
#define BOX (CONTEXT + MK_KEY + MK_BOX_OVERHEAD)
#define GRANT (4 + MK_ID + 8 + MK_ID + 1 + BOX)
#define HOUR_MS ((int64_t)60 * 60 * 1000)

/* --- records --- */

static void put_ask(uint8_t out[static ASK], const struct mk_vault *v,
                    const struct mk_emergency *e)
{
    memcpy(out, "MKN1", 4);
    memcpy(out + 4, v->head.store, MK_ID);
    memcpy(out + 20, e->dossier, MK_ID);
    memcpy(out + 36, e->requester, MK_ID);
    mk_put_u64(out + 52, e->dek_version);
    mk_put_u16(out + 60, (uint16_t)e->reason);
    mk_put_u64(out + 62, (uint64_t)e->until_ms);
}

static bool get_ask(struct mk_emergency *e, const struct mk_vault *v,
                    const struct mk_register_row *row)
{
    const uint8_t *p = row->body.p;

    *e = (struct mk_emergency){.seq = row->seq};
    if (row->body.n != ASK || memcmp(p, "MKN1", 4) != 0 ||
        memcmp(p + 4, v->head.store, MK_ID) != 0)
        return false;
    memcpy(e->dossier, p + 20, MK_ID);
    memcpy(e->requester, p + 36, MK_ID);
    e->dek_version = mk_get_u64(p + 52);
    e->reason = mk_get_u16(p + 60);
    e->until_ms = (int64_t)mk_get_u64(p + 62);
    e->passed = e->until_ms <= mk_clock_now();
    return true;
}

struct grant {
    uint64_t seq;
    const uint8_t *giver;
    uint8_t number;
    const uint8_t *box;
};

static bool get_grant(struct grant *g, const struct mk_vault *v,
                      const struct mk_register_row *row)
{
    const uint8_t *p = row->body.p;

    if (row->body.n != GRANT || memcmp(p, "MKN2", 4) != 0 ||
        memcmp(p + 4, v->head.store, MK_ID) != 0)
        return false;
    *g = (struct grant){mk_get_u64(p + 20), p + 28, p[44], p + 45};
    return true;
}

static void put_context(uint8_t out[static CONTEXT], const struct mk_vault *v,
                        const struct mk_emergency *e, uint8_t number)
{
    memcpy(out, "MKW1", 4);
    memcpy(out + 4, v->head.store, MK_ID);
    memcpy(out + 20, e->dossier, MK_ID);
    mk_put_u64(out + 36, e->seq);
    out[44] = number;
}

static enum mk_err bad_record(const struct mk_register_row *row,
                              struct mk_diag *diag)
{
    return mk_fail_at(diag, MK_E_TAMPERED, "register (emergency)", 0,
                      (int64_t)row->seq, 0);
}

static const char *name_of(const struct mk_vault *v,
                           const uint8_t id[static MK_ID])
{
    const struct mk_member *m = mk_keyring_by_id(v->keyring, id);

    return m != NULL ? m->name : "?";
}

/* --- looking --- */

/* The askings that a test takes, the last of them. */
struct lookup {
    struct mk_vault *v;
    const uint8_t *dossier; /* of this dossier, by who unlocked; or */
    uint64_t seq;           /* this one */
    bool found;
    struct mk_emergency e;
};

static enum mk_err look_ask(void *ctx, const struct mk_register_row *row,
                            struct mk_diag *diag)
{
    struct lookup *l = ctx;
    struct mk_emergency e;

    if (!get_ask(&e, l->v, row))
        return bad_record(row, diag);
    if (l->dossier != NULL ? memcmp(e.dossier, l->dossier, MK_ID) == 0 &&
                                 memcmp(e.requester, l->v->my_id, MK_ID) == 0
                           : e.seq == l->seq) {
        l->found = true;
        l->e = e;
    }
    return MK_OK;
}

/* Shares given for one asking, of different custodians. */
struct given {
    struct mk_vault *v;
    const struct mk_emergency *e;
    struct mk_share share[MK_RESTRICTED_MOST]; /* where opened */
    uint8_t giver[MK_RESTRICTED_MOST][MK_ID];
    uint8_t number[MK_RESTRICTED_MOST];
    size_t n;
    bool open; /* open the boxes: they are for who unlocked */
};

static bool counts(const struct given *g, const struct grant *grant)
{
    if (grant->seq != g->e->seq || g->n == MK_RESTRICTED_MOST ||
        memcmp(grant->giver, g->e->requester, MK_ID) == 0)
        return false;
    for (size_t i = 0; i < g->n; i++)
        if (g->number[i] == grant->number ||
            memcmp(g->giver[i], grant->giver, MK_ID) == 0)
            return false;
    return true;
}

static enum mk_err look_grant(void *ctx, const struct mk_register_row *row,
                              struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct given *g = ctx;
    struct grant grant;
    uint8_t context[CONTEXT];

    if (!get_grant(&grant, g->v, row))
        return bad_record(row, diag);
    if (!counts(g, &grant))
        return MK_OK;
    memcpy(g->giver[g->n], grant.giver, MK_ID);
    g->number[g->n] = grant.number;
    put_context(context, g->v, g->e, grant.number);
    if (g->open) {
        rc = mk_box_open_secret(&g->share[g->n].bytes, g->v->who.box, context,
                                sizeof context, grant.box, BOX, diag);
        g->share[g->n].number = grant.number;
        if (rc == MK_E_DAMAGED)
            rc = mk_fail(diag, MK_E_BAD_SHARE, name_of(g->v, grant.giver));
    }
    if (rc == MK_OK)
        g->n++;
    return rc;
}

static void given_release(struct given *g)
{
    mk_shares_release(g->share, MK_RESTRICTED_MOST);
}

/* The row of the dossier of e, by its id; no key is needed. */
static enum mk_err row_of(struct mk_vault *v, const uint8_t id[static MK_ID],
                          struct mk_dossier_row *row, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_dossier_ref ref;
    bool found;

    memcpy(ref.lo, id, MK_ID);
    memcpy(ref.hi, id, MK_ID);
    MK_TRY(mk_sealed_find(v, &ref, &found, row, diag));
    if (!found)
        rc = mk_fail(diag, MK_E_NOT_FOUND, "dossier");
out:
    return rc;
}

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
    uint8_t body[ASK];
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
    put_ask(body, v, &e);
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
    struct given g = {.v = v, .e = e};

    if (e->passed || row->dek_version != e->dek_version)
        return mk_fail(diag, MK_E_EMERGENCY_OVER, NULL);
    if (memcmp(e->requester, v->my_id, MK_ID) == 0)
        return mk_fail(diag, MK_E_TWO_PEOPLE, "emergency");
    MK_TRY(mk_register_walk(v, MK_REGISTER_EMERGENCY_GRANT, look_grant, &g,
                            diag));
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
    uint8_t context[CONTEXT];
    uint8_t number = 0;

    if (to == NULL || !mk_caseload_is_inspector(v, e->requester))
        return mk_fail(diag, MK_E_EMERGENCY_OVER, NULL);
    MK_TRY(mk_restricted_read(&r, row, diag));
    MK_TRY(mk_restricted_share(v, row, &r, &number, &share, diag));
    put_context(context, v, e, number);
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
static enum mk_err make_grant(struct mk_vault *v, struct lookup *l,
                              struct mk_buf *body, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_dossier_row row;

    mk_dossier_row_init(&row);
    rc = mk_snapshot_begin(v, diag);
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_register_walk(v, MK_REGISTER_EMERGENCY_ASK, look_ask, l, diag));
    if (!l->found) {
        rc = mk_fail_at(diag, MK_E_NO_ASKING, NULL, 0, (int64_t)l->seq, 0);
        goto out;
    }
    MK_TRY(row_of(v, l->e.dossier, &row, diag));
    if (!mk_restricted_is(&row)) {
        rc = mk_fail(diag, MK_E_EMERGENCY_OVER, NULL);
        goto out;
    }
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
    struct lookup l = {.v = v, .seq = seq};
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

/* --- opening --- */

/* Does the list open with what shares i and j make? */
static enum mk_err try_pair(struct mk_vault *v,
                            const struct mk_dossier_row *row,
                            const struct given *g, size_t i, size_t j,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_share pair[2] = {g->share[i], g->share[j]};
    struct mk_dek *dek = NULL;

    mk_secret_free(v->emergency.k);
    v->emergency.k = NULL;
    MK_TRY(mk_shares_combine(&v->emergency.k, pair, 2, diag));
    memcpy(v->emergency.dossier, row->id, MK_ID);
    rc = mk_sealed_key(v, row, &dek, diag);
    mk_dek_free(dek);
out:
    if (rc != MK_OK) {
        mk_secret_free(v->emergency.k);
        v->emergency.k = NULL;
    }
    return rc;
}

/* Any two that fit; else the last one given is told, whom no other fits. */
static enum mk_err combine(struct mk_vault *v,
                           const struct mk_dossier_row *row,
                           const struct given *g, struct mk_diag *diag)
{
    enum mk_err rc = MK_E_DAMAGED;

    for (size_t i = 0; i + 1 < g->n && rc == MK_E_DAMAGED; i++)
        for (size_t j = i + 1; j < g->n && rc == MK_E_DAMAGED; j++)
            rc = try_pair(v, row, g, i, j, diag);
    if (rc != MK_E_DAMAGED)
        return rc;
    return mk_fail(diag, MK_E_BAD_SHARE, name_of(v, g->giver[g->n - 1]));
}

enum mk_err mk_emergency_open(struct mk_vault *v,
                              const struct mk_dossier_row *row,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct lookup l = {.v = v, .dossier = row->id};
    struct given g = {.v = v, .e = &l.e, .open = true};

    MK_TRY(mk_register_walk(v, MK_REGISTER_EMERGENCY_ASK, look_ask, &l, diag));
    if (!l.found) {
        rc = mk_fail(diag, MK_E_NOT_ASKED, NULL);
        goto out;
    }
    if (l.e.passed || l.e.dek_version != row->dek_version) {
        rc = mk_fail(diag, MK_E_EMERGENCY_OVER, NULL);
        goto out;
    }
    MK_TRY(mk_register_walk(v, MK_REGISTER_EMERGENCY_GRANT, look_grant, &g,
                            diag));
    if (g.n < MK_RESTRICTED_THRESHOLD) {
        rc = mk_fail_at(diag, MK_E_FEW_SHARES, "emergency", 0, (int64_t)g.n,
                        MK_RESTRICTED_THRESHOLD);
        goto out;
    }
    MK_TRY(combine(v, row, &g, diag));
out:
    given_release(&g);
    return rc;
}

/* --- listing --- */

struct gathered {
    struct mk_vault *v;
    struct mk_buf all; /* of struct mk_emergency */
};

static enum mk_err gather(void *ctx, const struct mk_register_row *row,
                          struct mk_diag *diag)
{
    struct gathered *g = ctx;
    struct mk_emergency e;

    return get_ask(&e, g->v, row) ? mk_buf_add(&g->all, &e, sizeof e)
                                  : bad_record(row, diag);
}

/* What became of it. */
static enum mk_err follow(struct mk_vault *v, struct mk_emergency *e,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct given g = {.v = v, .e = e};
    struct mk_dossier_row row;

    mk_dossier_row_init(&row);
    MK_TRY(mk_register_walk(v, MK_REGISTER_EMERGENCY_GRANT, look_grant, &g,
                            diag));
    MK_TRY(row_of(v, e->dossier, &row, diag));
    e->given = g.n;
    e->rekeyed = row.dek_version != e->dek_version || !mk_restricted_is(&row);
out:
    mk_dossier_row_release(&row);
    return rc;
}

enum mk_err mk_emergency_list(struct mk_vault *v, mk_emergency_each *each,
                              void *ctx, struct mk_diag *diag)
{
    enum mk_err rc;
    struct gathered g = {.v = v, .all = MK_BUF_INIT};
    struct mk_emergency e;

    if (v->me == NULL)
        return mk_fail(diag, MK_E_LOCKED, NULL);
    rc = mk_snapshot_begin(v, diag);
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_register_walk(v, MK_REGISTER_EMERGENCY_ASK, gather, &g, diag));
    for (size_t at = 0; at < g.all.len; at += sizeof e) {
        memcpy(&e, g.all.data + at, sizeof e);
        MK_TRY(follow(v, &e, diag));
        MK_TRY(each(ctx, &e));
    }
out:
    mk_snapshot_end(v);
    mk_buf_release(&g.all);
    return rc;
}

enum mk_err mk_emergency_close(struct mk_vault *v,
                               const struct mk_access *access,
                               const struct mk_dossier_ref *ref,
                               struct mk_diag *diag)
{
    return mk_restrict_again(v, access, ref, diag);
}
