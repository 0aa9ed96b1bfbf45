/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/sealed_key_impl.h"

#include <stdlib.h>
#include <string.h>

#include "core/retention.h"
#include "crypto/kdf.h"

void mk_sealed_aad(uint8_t aad[static MK_AAD], const struct mk_vault *v,
                   enum mk_table table, enum mk_column column,
                   const uint8_t *id, uint64_t version, const uint8_t *key_id)
{
    struct mk_place place = {
        .table = (uint16_t)table,
        .column = (uint16_t)column,
        .version = version,
    };

    memcpy(place.row, id, MK_ID);
    memcpy(place.key_id, key_id, MK_ID);
    mk_aad(aad, "MKA1", v->head.store, &place);
}

enum mk_err mk_row_damaged(struct mk_diag *diag, enum mk_err rc,
                           const char *what, const struct mk_dossier_row *row)
{
    return rc != MK_E_DAMAGED
               ? rc
               : mk_fail_at(diag, rc, what, 0, (int64_t)row->ordinal, 0);
}

uint64_t mk_sealed_summary_version(const struct mk_dossier_row *row)
{
    return mk_restricted_is(row) ? UINT64_C(1) << 63 | row->entries
                                 : row->version;
}

/* --- the list --- */

static struct mk_dek *dek_alloc(size_t n)
{
    return calloc(1, sizeof(struct mk_dek) + n * sizeof(struct mk_secret *));
}

void mk_dek_free(struct mk_dek *dek)
{
    if (dek == NULL)
        return;
    for (size_t i = 0; i < dek->n; i++)
        mk_secret_free(dek->key[i]);
    free(dek);
}

enum mk_err mk_row_full(struct mk_diag *diag, const struct mk_dossier_row *row)
{
    char tag[MK_TAG_TEXT];

    mk_tag_format(tag, row->id);
    return mk_fail_at(diag, MK_E_KEYS_FULL, tag, 0,
                      mk_env_key_gen(row->summary.p, row->summary.n), 0);
}

enum mk_err mk_dek_with_new_last(const struct mk_dek *dek, size_t n,
                                 struct mk_dek **out)
{
    enum mk_err rc = MK_OK;
    struct mk_dek *made = dek_alloc(n);

    if (made == NULL)
        return MK_E_MEMORY;
    for (; made->n < n; made->n++) {
        struct mk_secret *key = made->n < n - 1
                                    ? mk_secret_copy(dek->key[made->n])
                                    : mk_secret_random(MK_KEY);
        if (key == NULL) {
            rc = MK_E_MEMORY;
            goto out;
        }
        made->key[made->n] = key;
    }
    *out = made;
    made = NULL;
out:
    mk_dek_free(made);
    return rc;
}

enum mk_err mk_dek_random(struct mk_dek **out)
{
    return mk_dek_with_new_last(NULL, 1, out);
}

enum mk_err mk_dek_seal(struct mk_buf *out, size_t step,
                        const struct mk_dek *dek,
                        const uint8_t aad[static MK_AAD], const void *plain,
                        size_t n)
{
    return mk_env_seal_padded(out, step, dek->key[dek->n - 1],
                              (uint32_t)dek->n, aad, MK_AAD, plain, n);
}

enum mk_err mk_dek_open(struct mk_buf *out, const struct mk_dek *dek,
                        const uint8_t aad[static MK_AAD], struct mk_blob env,
                        struct mk_diag *diag)
{
    uint32_t gen = mk_env_key_gen(env.p, env.n);

    if (gen == 0 || gen > dek->n)
        return mk_fail(diag, MK_E_DAMAGED, "envelope");
    return mk_env_open_padded(out, dek->key[gen - 1], aad, MK_AAD, env.p,
                              env.n, diag);
}

/* Takes all over, also when it fails. */
static enum mk_err split(struct mk_secret *all, struct mk_dek **out)
{
    enum mk_err rc = MK_OK;
    size_t len = mk_secret_len(all);
    size_t n = len / MK_KEY;
    struct mk_dek *dek = NULL;

    if (len % MK_KEY != 0 || n == 0 || n > MK_DEK_MAX) {
        rc = MK_E_DAMAGED;
        goto out;
    }
    dek = dek_alloc(n);
    if (dek == NULL) {
        rc = MK_E_MEMORY;
        goto out;
    }
    if (n == 1) { /* nearly all: no copy */
        dek->key[dek->n++] = all;
        all = NULL;
    }
    while (dek->n < n) {
        dek->key[dek->n] = mk_secret_part(all, dek->n * MK_KEY, MK_KEY);
        if (dek->key[dek->n] == NULL) {
            rc = MK_E_MEMORY;
            goto out;
        }
        dek->n++;
    }
    *out = dek;
    dek = NULL;
out:
    mk_secret_free(all);
    mk_dek_free(dek);
    return rc;
}

enum mk_err mk_dek_join(const struct mk_dek *dek, struct mk_secret **out)
{
    struct mk_secret *all = mk_secret_copy(dek->key[0]);

    for (size_t i = 1; i < dek->n && all != NULL; i++) {
        struct mk_secret *longer = mk_secret_join(all, dek->key[i]);

        mk_secret_free(all);
        all = longer;
    }
    *out = all;
    return all != NULL ? MK_OK : MK_E_MEMORY;
}

/* --- the column --- */

/* The list within the envelope that R_D and the retention key open. */
static enum mk_err open_restricted(struct mk_vault *v,
                                   const struct mk_dossier_row *row,
                                   const struct mk_restricted *r,
                                   const struct mk_buf *inner,
                                   struct mk_secret **all,
                                   struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_secret *k = NULL;
    uint8_t aad[MK_AAD];
    uint8_t people[MK_ID];

    MK_TRY(mk_restricted_key(v, row, r, &k, diag));
    mk_restricted_people(people, r->boxes);
    mk_sealed_aad(aad, v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_DEK, row->id,
                  row->dek_version, people);
    MK_TRY(
        mk_env_unwrap(all, k, aad, sizeof aad, inner->data, inner->len, diag));
out:
    mk_secret_free(k);
    return rc;
}

enum mk_err mk_row_wrap_fits(struct mk_vault *v,
                             const struct mk_dossier_row *row,
                             const struct mk_secret *wrap, bool *fits,
                             struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_restricted r = {.outer = row->dek};
    struct mk_diag quiet = MK_DIAG_INIT;
    struct mk_secret *inner = NULL;
    uint8_t aad[MK_AAD];

    if (mk_restricted_is(row))
        rc = mk_restricted_read(&r, row, &quiet);
    if (rc == MK_OK) {
        mk_sealed_aad(aad, v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_DEK, row->id,
                      row->dek_version, v->key_ids[MK_KEY_RD]);
        rc = mk_env_unwrap(&inner, wrap, aad, sizeof aad, r.outer.p, r.outer.n,
                           &quiet);
    }
    *fits = rc == MK_OK;
    mk_secret_free(inner);
    return rc == MK_OK || rc == MK_E_DAMAGED ? MK_OK : mk_fail(diag, rc, NULL);
}

enum mk_err mk_row_open_outer(struct mk_vault *v,
                              const struct mk_dossier_row *row,
                              struct mk_restricted *r, struct mk_buf *inner,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_secret *wrap;
    uint8_t aad[MK_AAD];

    MK_TRY(mk_restricted_read(r, row, diag));
    MK_TRY(mk_retention_get(v, row->intake_year, row->rk_gen, &wrap, diag));
    mk_sealed_aad(aad, v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_DEK, row->id,
                  row->dek_version, v->key_ids[MK_KEY_RD]);
    rc = MK_E_DAMAGED;
    if (r->outer.n > MK_ENV_OVERHEAD) {
        MK_TRY(mk_buf_add_zero(inner, r->outer.n - MK_ENV_OVERHEAD));
        rc = mk_env_open(inner->data, wrap, aad, sizeof aad, r->outer.p,
                         r->outer.n, diag);
    }
    rc = mk_row_damaged(diag, rc, "dossier (key)", row);
out:
    return rc;
}

/* Says whose it is: that is who can tell. */
static enum mk_err barred(struct mk_vault *v, const struct mk_dossier_row *row,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_owners owners;
    const struct mk_member *m;

    MK_TRY(mk_sealed_owner(v, row, &owners, diag));
    m = mk_keyring_by_id(v->keyring, owners.owner);
    rc = mk_fail(diag, MK_E_RESTRICTED, m != NULL ? m->name : "member");
out:
    return rc;
}

static enum mk_err restricted_key(struct mk_vault *v,
                                  const struct mk_dossier_row *row,
                                  struct mk_dek **dek, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_restricted r;
    struct mk_buf inner = MK_BUF_INIT;
    struct mk_secret *all;

    MK_TRY(mk_row_open_outer(v, row, &r, &inner, diag));
    rc = open_restricted(v, row, &r, &inner, &all, diag);
    if (rc == MK_E_RESTRICTED)
        rc = barred(v, row, diag);
    if (rc == MK_OK)
        rc = split(all, dek);
    rc = mk_row_damaged(diag, rc, "dossier (key)", row);
out:
    mk_buf_release(&inner);
    return rc;
}

enum mk_err mk_sealed_key(struct mk_vault *v, const struct mk_dossier_row *row,
                          struct mk_dek **dek, struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_secret *wrap;
    struct mk_secret *all;
    uint8_t aad[MK_AAD];

    if (mk_restricted_is(row))
        return restricted_key(v, row, dek, diag);
    MK_TRY(mk_retention_get(v, row->intake_year, row->rk_gen, &wrap, diag));
    mk_sealed_aad(aad, v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_DEK, row->id,
                  row->dek_version, v->key_ids[MK_KEY_RD]);
    rc = mk_env_unwrap(&all, wrap, aad, sizeof aad, row->dek.p, row->dek.n,
                       diag);
    if (rc == MK_OK)
        rc = split(all, dek);
    rc = mk_row_damaged(diag, rc, "dossier (key)", row);
out:
    return rc;
}

struct mk_row_keys mk_row_keys_of(const struct mk_vault *v,
                                  const struct mk_secret *wrap)
{
    return (struct mk_row_keys){
        .wrap = wrap,
        .owner = v->owner_key,
        .rd_id = v->key_ids[MK_KEY_RD],
        .rd_gen = v->key_gens[MK_KEY_RD],
    };
}

enum mk_err mk_row_seal_list(const struct mk_vault *v,
                             const struct mk_row_keys *keys,
                             const struct mk_dek *dek,
                             struct mk_dossier_row *row, struct mk_buf *out)
{
    enum mk_err rc;
    struct mk_secret *all = NULL;
    uint8_t aad[MK_AAD];

    MK_TRY(mk_dek_join(dek, &all));
    row->dek_version = row->version;
    mk_sealed_aad(aad, v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_DEK, row->id,
                  row->dek_version, keys->rd_id);
    mk_buf_clear(out);
    MK_TRY(mk_env_wrap(out, keys->wrap, keys->rd_gen, aad, sizeof aad, all));
    row->dek = (struct mk_blob){out->data, out->len};
out:
    mk_secret_free(all);
    return rc;
}

enum mk_err mk_sealed_wrap_new(struct mk_vault *v, const struct mk_dek *dek,
                               struct mk_dossier_row *row, struct mk_buf *out,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_secret *wrap;
    struct mk_row_keys keys;

    MK_TRY(
        mk_retention_for_new(v, row->intake_year, &row->rk_gen, &wrap, diag));
    keys = mk_row_keys_of(v, wrap);
    MK_TRY(mk_row_seal_list(v, &keys, dek, row, out));
out:
    return rc;
}

/* --- owner and deputies --- */

#define OWNERS ((size_t)(1 + MK_DEPUTIES) * MK_ID)

static const uint8_t nobody[MK_ID];

static bool decode_owners(struct mk_owners *owners, const uint8_t *p, size_t n)
{
    *owners = (struct mk_owners){.n_deputies = 0};
    memcpy(owners->owner, p, MK_ID);
    for (size_t at = MK_ID; at < n; at += MK_ID) {
        if (memcmp(p + at, nobody, MK_ID) == 0)
            continue;
        if (at != (1 + owners->n_deputies) * (size_t)MK_ID)
            return false; /* zeros stand behind, not between */
        memcpy(owners->deputy[owners->n_deputies++], p + at, MK_ID);
    }
    return true;
}

enum mk_err mk_sealed_owner(struct mk_vault *v,
                            const struct mk_dossier_row *row,
                            struct mk_owners *owners, struct mk_diag *diag)
{
    enum mk_err rc = MK_E_DAMAGED;
    size_t n = row->owner.n < MK_ENV_OVERHEAD ? 0
                                              : row->owner.n - MK_ENV_OVERHEAD;
    uint8_t plain[OWNERS];
    uint8_t aad[MK_AAD];

    mk_sealed_aad(aad, v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_OWNER, row->id,
                  row->version, v->key_ids[MK_KEY_RD]);
    /* before there were deputies the owner stood alone */
    if (n == OWNERS || n == MK_ID)
        rc = mk_env_open(plain, v->owner_key, aad, sizeof aad, row->owner.p,
                         row->owner.n, diag);
    if (rc == MK_OK && !decode_owners(owners, plain, n))
        rc = MK_E_DAMAGED;
    return mk_row_damaged(diag, rc, "dossier (owner)", row);
}

enum mk_err mk_row_seal_owner(const struct mk_vault *v,
                              const struct mk_row_keys *keys,
                              const struct mk_owners *owners,
                              struct mk_dossier_row *row, struct mk_buf *out)
{
    enum mk_err rc;
    uint8_t plain[OWNERS] = {0};
    uint8_t aad[MK_AAD];

    memcpy(plain, owners->owner, MK_ID);
    for (size_t i = 0; i < owners->n_deputies; i++)
        memcpy(plain + (1 + i) * MK_ID, owners->deputy[i], MK_ID);
    mk_buf_clear(out);
    MK_TRY(mk_buf_add_zero(out, sizeof plain + MK_ENV_OVERHEAD));
    mk_sealed_aad(aad, v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_OWNER, row->id,
                  row->version, keys->rd_id);
    mk_env_seal(out->data, keys->owner, keys->rd_gen, aad, sizeof aad, plain,
                sizeof plain);
    row->owner = (struct mk_blob){out->data, out->len};
out:
    return rc;
}

enum mk_err mk_sealed_set_owner(const struct mk_vault *v,
                                const struct mk_owners *owners,
                                struct mk_dossier_row *row, struct mk_buf *out)
{
    struct mk_row_keys keys = mk_row_keys_of(v, NULL);

    return mk_row_seal_owner(v, &keys, owners, row, out);
}
