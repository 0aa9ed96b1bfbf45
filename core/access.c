/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/access.h"

#include <string.h>
#include <time.h>

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/caseload.h"
#include "core/destroy.h"
#include "core/emergency_impl.h"
#include "core/named.h"
#include "crypto/hash.h"

enum mk_err mk_dossier_ref_parse(struct mk_dossier_ref *ref, const char *tag,
                                 struct mk_diag *diag)
{
    if (!mk_tag_parse(tag, strlen(tag), ref->lo, ref->hi))
        return mk_fail(diag, MK_E_BAD_TAG, "tag");
    return MK_OK;
}

void mk_access_afresh(struct mk_vault *v)
{
    mk_tree_forget(v, MK_TREE_LOG);
    mk_tree_forget(v, MK_TREE_DOSSIER);
    mk_secret_free(v->emergency.k);
    v->emergency.k = NULL;
}

/* The entry of a refusal is in the log before *why is told. */
static enum mk_err refuse(enum mk_err rc, struct mk_log_item *item,
                          const struct mk_diag *why, struct mk_diag *diag)
{
    if (rc == MK_E_NAMED ||
        (rc != MK_OK && mk_err_exit(rc) == MK_EXIT_LOCKED)) {
        item->outcome = MK_OUTCOME_REFUSED;
        return MK_OK;
    }
    if (rc != MK_OK && diag != NULL)
        *diag = *why;
    return rc;
}

/* Not for who unlocked: with purpose NOOD by the shares that were given to
 * him, else not at all. */
static enum mk_err judge_restricted(struct mk_vault *v,
                                    const struct mk_dossier_row *row,
                                    const struct mk_log_item *item,
                                    struct mk_diag *why)
{
    enum mk_err rc;
    struct mk_restricted r;
    struct mk_dek *dek = NULL;

    MK_TRY(mk_restricted_read(&r, row, why));
    if (mk_restricted_names(&r, v->my_id))
        goto out;
    rc = mk_sealed_key(v, row, &dek, why);
    if (rc == MK_E_RESTRICTED && item->purpose == MK_PURPOSE_NOOD)
        rc = mk_emergency_open(v, row, why);
    mk_dek_free(dek);
out:
    return rc;
}

/* Finds and judges in one snapshot; fills in purpose, object, outcome. */
static enum mk_err judge(struct mk_vault *v, const struct mk_access *access,
                         const struct mk_dossier_ref *ref,
                         struct mk_log_item *item, uint64_t *ordinal,
                         struct mk_diag *why, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_dossier_row row;
    struct mk_owners owners;
    bool found;

    mk_dossier_row_init(&row);
    memcpy(item->object, ref->lo, MK_ID);
    item->purpose = access->purpose;
    rc = mk_snapshot_begin(v, diag);
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_sealed_find(v, ref, &found, &row, diag));
    if (!found) {
        item->outcome = MK_OUTCOME_NOT_FOUND;
        goto out;
    }
    *ordinal = row.ordinal;
    memcpy(item->object, row.id, MK_ID);
    item->outcome = access->dry_run ? MK_OUTCOME_DRY_RUN : MK_OUTCOME_ASKED;
    if (mk_row_is_tombstone(&row)) /* nobody's, and nothing to reveal */
        goto out;
    MK_TRY(mk_sealed_owner(v, &row, &owners, diag));
    if (item->purpose == MK_CODE_NONE) {
        if (mk_caseload_has(v, &owners))
            item->purpose = MK_PURPOSE_BEH;
        else
            item->outcome = MK_OUTCOME_REFUSED;
    }
    rc = MK_OK;
    if (item->kind != MK_AUDIT_REKEY) /* which puts it right */
        rc = mk_named_check(v, &row, why);
    if (rc == MK_OK && mk_restricted_is(&row))
        rc = judge_restricted(v, &row, item, why);
    rc = refuse(rc, item, why, diag);
out:
    mk_snapshot_end(v);
    mk_dossier_row_release(&row);
    return rc;
}

/* Somebody without the role tried: that is worth an entry, though nothing is
 * revealed and the refusal stands whether it can be written or not. */
static void log_stranger(struct mk_vault *v, const struct mk_dossier_ref *ref,
                         const struct mk_log_item *item)
{
    struct mk_log_item tried = *item;
    enum mk_err rc;

    if (v->me == NULL)
        return;
    tried.role = MK_ROLE_NONE;
    tried.outcome = MK_OUTCOME_REFUSED;
    tried.mask = 0;
    memcpy(tried.object, ref->lo, MK_ID);
    rc = mk_log_now(v, &tried, NULL);
    (void)rc;
}

static bool opened_in_emergency(const struct mk_vault *v,
                                const struct mk_log_item *item)
{
    return v->emergency.k != NULL &&
           memcmp(v->emergency.dossier, item->object, MK_ID) == 0;
}

/* Beside the entry of the command: that it was opened with two shares. */
static enum mk_err log_emergency(struct mk_vault *v,
                                 const struct mk_log_item *item,
                                 struct mk_diag *diag)
{
    struct mk_log_item opened = *item;

    opened.kind = MK_AUDIT_EMERGENCY_OPEN;
    return mk_log_now(v, &opened, diag);
}

enum mk_err mk_access_ask(struct mk_vault *v, const struct mk_access *access,
                          const struct mk_dossier_ref *ref,
                          struct mk_log_item *item, uint64_t *ordinal,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    char tag[MK_TAG_TEXT];
    struct mk_diag why = MK_DIAG_INIT;

    rc = mk_vault_need(v, item->role, diag);
    if (rc == MK_E_NO_ROLE)
        log_stranger(v, ref, item);
    if (rc != MK_OK)
        goto out;
    mk_access_afresh(v);
    MK_TRY(judge(v, access, ref, item, ordinal, &why, diag));
    MK_TRY(mk_log_now(v, item, diag));
    if (item->outcome == MK_OUTCOME_NOT_FOUND) {
        mk_tag_format(tag, ref->lo);
        rc = mk_fail(diag, MK_E_NOT_FOUND, tag);
    } else if (item->outcome == MK_OUTCOME_REFUSED && why.err != MK_OK) {
        if (diag != NULL)
            *diag = why;
        rc = why.err;
    } else if (item->outcome == MK_OUTCOME_REFUSED) {
        rc = mk_fail(diag, MK_E_PURPOSE, NULL);
    } else if (opened_in_emergency(v, item)) {
        MK_TRY(log_emergency(v, item, diag));
    }
out:
    return rc;
}

unsigned mk_access_purpose(const struct mk_access *access, enum mk_role role)
{
    if (access->purpose != MK_CODE_NONE)
        return access->purpose;
    return role == MK_ROLE_AUDITOR ? MK_PURPOSE_CTL : MK_CODE_NONE;
}

enum mk_err mk_access_ask_many(struct mk_vault *v,
                               const struct mk_access *access,
                               enum mk_role role, enum mk_audit kind,
                               uint64_t mask, struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_log_item item = {
        .role = role,
        .kind = kind,
        .outcome = access->dry_run ? MK_OUTCOME_DRY_RUN : MK_OUTCOME_ASKED,
        .purpose = mk_access_purpose(access, role),
        .mask = mask,
        .count = v->head.n_dossiers,
    };

    MK_TRY(mk_vault_need(v, role, diag));
    mk_access_afresh(v);
    MK_TRY(mk_log_now(v, &item, diag));
out:
    return rc;
}

enum mk_err mk_access_open(struct mk_vault *v, uint64_t ordinal,
                           struct mk_opened *d, struct mk_diag *diag)
{
    enum mk_err rc;

    rc = mk_snapshot_begin(v, diag);
    if (rc != MK_OK)
        return rc;
    rc = mk_sealed_open(v, ordinal, d, diag);
    mk_snapshot_end(v);
    return rc;
}

/* The dossier that the transaction of row made: the last one it knows. */
static enum mk_err made_dossier(struct mk_vault *v,
                                const struct mk_head_row *row,
                                uint8_t id[static MK_ID], struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_head h;
    struct mk_dossier_row dossier;

    mk_dossier_row_init(&dossier);
    if (!mk_head_decode(&h, row->body) || h.n_dossiers == 0)
        return mk_fail(diag, MK_E_TAMPERED, "head");
    MK_TRY(mk_sealed_row(v, h.n_dossiers - 1, &dossier, diag));
    memcpy(id, dossier.id, MK_ID);
out:
    mk_dossier_row_release(&dossier);
    return rc;
}

void mk_access_txid(const struct mk_vault *v, const struct mk_access *access,
                    enum mk_verb verb, const uint8_t *dossier,
                    struct mk_written *out, uint8_t txid[static MK_ID])
{
    static const char label[] = "mk1/request";
    static const uint8_t none[MK_ID];
    uint8_t number[2];
    uint8_t hash[MK_HASH];

    if (access->has_request)
        memcpy(out->request, access->request, MK_ID);
    else
        mk_random(out->request, MK_ID);
    mk_put_u16(number, (uint16_t)verb);
    mk_sha256_parts(hash,
                    (const struct mk_part[]){
                        {label, sizeof label - 1},
                        {out->request, MK_ID},
                        {v->my_id, MK_ID},
                        {number, sizeof number},
                        {dossier != NULL ? dossier : none, MK_ID},
                    },
                    5);
    memcpy(txid, hash, MK_ID);
}

/* Was that write done before? */
static enum mk_err repeated(struct mk_vault *v, const struct mk_access *access,
                            const uint8_t txid[static MK_ID],
                            const uint8_t *dossier, struct mk_written *out,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_head_row row;

    out->repeated = false;
    if (!access->has_request)
        return MK_OK;
    rc = mk_snapshot_begin(v, diag);
    if (rc != MK_OK)
        return rc;
    rc = mk_head_by_txid(v->store, txid, &out->repeated, &row, diag);
    if (rc == MK_OK && out->repeated && dossier == NULL)
        rc = made_dossier(v, &row, out->dossier, diag);
    mk_snapshot_end(v);
    return rc;
}

/* --- a write that others may overtake --- */

void mk_access_stamp(const struct mk_vault *v, struct mk_event *e,
                     uint32_t seq)
{
    e->seq = seq;
    e->time_ms = mk_clock_now();
    memcpy(e->actor, v->my_id, MK_ID);
}

enum mk_err mk_access_unseen(const struct mk_case *c, uint32_t *seen,
                             struct mk_event *e, struct mk_written *out)
{
    enum mk_err rc;

    if (*seen == 0)
        *seen = (uint32_t)c->n_events;
    e->seen = *seen;
    MK_TRY(mk_unseen_tell(c, e, out->unseen, &out->n_unseen));
    if (out->n_unseen == 0)
        e->seen = 0;
out:
    return rc;
}

bool mk_access_again(enum mk_err rc, unsigned *tries)
{
    unsigned most_ms;
    uint16_t random;
    struct timespec pause = {.tv_sec = 0};

    if (rc != MK_E_CHANGED || ++*tries >= MK_ACCESS_TRIES)
        return false;
    /* who met will not meet again */
    most_ms = 10u << (*tries < 5 ? *tries : 5);
    mk_random(&random, sizeof random);
    pause.tv_nsec = (long)(random % most_ms) * 1000000L;
    (void)nanosleep(&pause, NULL);
    return true;
}

/* For what the dossier has become, which may be by this very write, done by
 * another command of the same request. */
static bool overtaken(enum mk_err rc)
{
    return rc == MK_E_CHANGED || mk_err_is_refusal(rc) ||
           mk_err_exit(rc) == MK_EXIT_LOCKED;
}

enum mk_err mk_access_write(struct mk_vault *v, const struct mk_access *access,
                            const uint8_t txid[static MK_ID],
                            const uint8_t *dossier, mk_access_try *try,
                            void *what, struct mk_written *out,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    unsigned tries = 0;
    struct mk_written done = *out;

    MK_TRY(repeated(v, access, txid, dossier, out, diag));
    if (out->repeated)
        goto out;
    do {
        rc = try(v, what, &tries, out, diag);
        if (!overtaken(rc) ||
            repeated(v, access, txid, dossier, &done, NULL) != MK_OK ||
            !done.repeated)
            continue;
        *out = done;
        if (diag != NULL)
            *diag = (struct mk_diag)MK_DIAG_INIT;
        rc = MK_OK;
    } while (mk_access_again(rc, &tries));
out:
    return rc;
}
