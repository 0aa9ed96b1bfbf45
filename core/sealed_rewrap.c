/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of dossiers under other keys. */
#include <string.h>

#include "core/named.h"
#include "core/retention.h"
#include "core/sealed_key_impl.h"
#include "crypto/kdf.h"

void mk_rewrapped_init(struct mk_rewrapped *r)
{
    *r = (struct mk_rewrapped){.dek = NULL};
    mk_dossier_row_init(&r->row);
}

void mk_rewrapped_release(struct mk_rewrapped *r)
{
    mk_dek_free(r->dek);
    mk_buf_release(&r->owner);
    mk_buf_release(&r->column);
    mk_buf_release(&r->summary);
    mk_buf_release(&r->plain);
    mk_rewrapped_init(r);
}

/* A rewrap while it is made. */
struct rewrap {
    struct mk_vault *v;
    const struct mk_dossier_row *old;
    const struct mk_rewrap *how;
    struct mk_row_keys keys;
    struct mk_secret *wrap, *owner_key; /* made of a new R_D */
};

/* The keys of the new row; rk_gen of row is the new one already. */
static enum mk_err new_keys(struct rewrap *w, const struct mk_dossier_row *row,
                            struct mk_diag *diag)
{
    static const char info[] = "mk1/owner";
    enum mk_err rc;
    const struct mk_secret *wrap;
    const struct mk_rewrap *how = w->how;

    MK_TRY(mk_retention_get(w->v, row->intake_year, row->rk_gen, &wrap, diag));
    w->keys = mk_row_keys_of(w->v, wrap);
    if (how->rd == NULL)
        goto out;
    MK_TRY(mk_retention_wrap_under(w->v, how->rd, row->intake_year,
                                   row->rk_gen, &w->wrap, diag));
    MK_TRY(mk_hkdf(&w->owner_key, MK_KEY, w->v->head.store, MK_ID, how->rd,
                   info, sizeof info - 1));
    w->keys =
        (struct mk_row_keys){w->wrap, w->owner_key, how->rd_id, how->rd_gen};
out:
    return rc;
}

/* The list with a new last key.  Whatever is written is followed by a summary
 * under the same key: that one's says how many are in use. */
static enum mk_err freshen(const struct mk_dossier_row *row,
                           struct mk_dek **dek, struct mk_diag *diag)
{
    enum mk_err rc;
    size_t used = mk_env_key_gen(row->summary.p, row->summary.n);
    struct mk_dek *longer;

    if (used == 0 || used > (*dek)->n)
        return mk_row_damaged(diag, MK_E_DAMAGED, "dossier (summary)", row);
    if (used == MK_DEK_MAX)
        return mk_row_full(diag, row);
    MK_TRY(mk_dek_with_new_last(*dek, used + 1, &longer));
    mk_dek_free(*dek);
    *dek = longer;
out:
    return rc;
}

/* The summary for the new version, under the key that it had. */
static enum mk_err carry_summary(const struct rewrap *w,
                                 struct mk_rewrapped *r, struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_dossier_row *old = w->old;
    uint32_t gen = mk_env_key_gen(old->summary.p, old->summary.n);
    uint8_t aad[MK_AAD];

    mk_sealed_aad(aad, w->v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_SUMMARY, old->id,
                  mk_sealed_summary_version(old), old->id);
    rc = mk_dek_open(&r->plain, r->dek, aad, old->summary, diag);
    if (rc != MK_OK)
        return mk_row_damaged(diag, rc, "dossier (summary)", old);
    mk_sealed_aad(aad, w->v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_SUMMARY, old->id,
                  mk_sealed_summary_version(&r->row), old->id);
    MK_TRY(mk_env_seal_padded(&r->summary, MK_PAD_FACTS, r->dek->key[gen - 1],
                              gen, aad, sizeof aad, r->plain.data,
                              r->plain.len));
    r->row.summary = (struct mk_blob){r->summary.data, r->summary.len};
out:
    return rc;
}

/* --- restricted rows --- */

/* The outer envelope, around inner and behind the boxes in r->column. */
static enum mk_err put_outer(const struct rewrap *w, struct mk_rewrapped *r,
                             const struct mk_buf *inner)
{
    enum mk_err rc;
    uint8_t aad[MK_AAD];
    size_t at = r->column.len;

    mk_sealed_aad(aad, w->v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_DEK, r->row.id,
                  r->row.dek_version, w->keys.rd_id);
    MK_TRY(mk_buf_add_zero(&r->column, inner->len + MK_ENV_OVERHEAD));
    mk_env_seal(r->column.data + at, w->keys.wrap, w->keys.rd_gen, aad,
                sizeof aad, inner->data, inner->len);
    r->row.dek = (struct mk_blob){r->column.data, r->column.len};
out:
    return rc;
}

/* The list under K, behind the boxes of K, which r->column has. */
static enum mk_err seal_under(const struct rewrap *w, struct mk_rewrapped *r,
                              const struct mk_secret *k)
{
    enum mk_err rc;
    struct mk_buf inner = MK_BUF_INIT;
    struct mk_secret *all = NULL;
    uint8_t aad[MK_AAD];
    uint8_t people[MK_ID];

    MK_TRY(mk_dek_join(r->dek, &all));
    mk_restricted_people(people,
                         (struct mk_blob){r->column.data, r->column.len});
    mk_sealed_aad(aad, w->v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_DEK, r->row.id,
                  r->row.dek_version, people);
    MK_TRY(mk_env_wrap(&inner, k, (uint32_t)r->dek->n, aad, sizeof aad, all));
    MK_TRY(put_outer(w, r, &inner));
out:
    mk_secret_free(all);
    mk_buf_release(&inner);
    return rc;
}

/* For other people: a new K. */
static enum mk_err seal_for(const struct rewrap *w, struct mk_rewrapped *r,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_secret *k = NULL;

    r->row.dek_version = r->row.version;
    MK_TRY(mk_restricted_make(w->v, &r->row, w->how->restrict_to, &r->column,
                              &k, diag));
    MK_TRY(seal_under(w, r, k));
out:
    mk_secret_free(k);
    return rc;
}

/* For the same people: K and its boxes stay. */
static enum mk_err seal_again(const struct rewrap *w, struct mk_rewrapped *r,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_restricted old;
    struct mk_secret *k = NULL;

    MK_TRY(mk_restricted_read(&old, w->old, diag));
    MK_TRY(mk_restricted_key(w->v, w->old, &old, &k, diag));
    MK_TRY(mk_buf_add(&r->column, old.boxes.p, old.boxes.n));
    MK_TRY(seal_under(w, r, k));
out:
    mk_secret_free(k);
    return rc;
}

/* By somebody whom it is not for: only what lies around it. */
static enum mk_err rewrap_shut(const struct rewrap *w, struct mk_rewrapped *r,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_restricted old;
    struct mk_buf inner = MK_BUF_INIT;

    MK_TRY(mk_row_open_outer(w->v, w->old, &old, &inner, diag));
    MK_TRY(mk_buf_add(&r->column, old.boxes.p, old.boxes.n));
    MK_TRY(put_outer(w, r, &inner));
out:
    mk_buf_release(&inner);
    return rc;
}

/* --- all rows --- */

static enum mk_err rewrap_open(struct rewrap *w, struct mk_rewrapped *r,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_restrict_to *to = w->how->restrict_to;

    if (w->how->fresh_dek)
        MK_TRY(freshen(w->old, &r->dek, diag));
    if (to != NULL && to->n_named != 0)
        rc = seal_for(w, r, diag);
    else if (to == NULL && mk_restricted_is(w->old))
        rc = seal_again(w, r, diag);
    else
        rc = mk_row_seal_list(w->v, &w->keys, r->dek, &r->row, &r->column);
    /* its version depends on for whom the row is now */
    if (rc == MK_OK)
        rc = carry_summary(w, r, diag);
out:
    return rc;
}

enum mk_err mk_sealed_rewrapped(struct mk_vault *v,
                                const struct mk_dossier_row *old,
                                const struct mk_rewrap *how,
                                struct mk_rewrapped *r, struct mk_diag *diag)
{
    enum mk_err rc;
    struct rewrap w = {.v = v, .old = old, .how = how};
    struct mk_owners owners;

    r->row = *old; /* its blobs are borrowed from old */
    r->row.own = (struct mk_buf)MK_BUF_INIT;
    r->row.version++;
    if (how->rk_gen != 0)
        r->row.rk_gen = how->rk_gen;
    MK_TRY(mk_sealed_owner(v, old, &owners, diag));
    MK_TRY(new_keys(&w, &r->row, diag));
    rc = mk_sealed_key(v, old, &r->dek, diag);
    if (rc == MK_E_RESTRICTED && how->restrict_to == NULL)
        rc = rewrap_shut(&w, r, diag);
    else if (rc == MK_OK)
        rc = rewrap_open(&w, r, diag);
    if (rc != MK_OK)
        goto out;
    MK_TRY(mk_row_seal_owner(v, &w.keys, &owners, &r->row, &r->owner));
out:
    mk_secret_free(w.wrap);
    mk_secret_free(w.owner_key);
    return rc;
}

enum mk_err mk_sealed_rewrap(struct mk_tx *tx,
                             const struct mk_dossier_row *row,
                             const struct mk_rewrap *how, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_rewrapped r;

    mk_rewrapped_init(&r);
    MK_TRY(mk_sealed_rewrapped(tx->v, row, how, &r, diag));
    MK_TRY(mk_tx_dossier(tx, &r.row, diag));
    if (how->restrict_to != NULL)
        MK_TRY(mk_named_append(tx, &r.row, diag));
out:
    mk_rewrapped_release(&r);
    return rc;
}
