/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/retention.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/store/file.h"
#include "core/tx.h"
#include "crypto/envelope.h"
#include "crypto/kdf.h"

#define RECORD (8 + MK_KEY + MK_ENV_OVERHEAD)
#define HEADER (4 + MK_ID + 4)
#define MAX_KEYS 100000u
/* The file is no table of the schema: its own number in the aad. */
#define TABLE_RETENTION 0xfff0u

static void aad_of(uint8_t out[static MK_AAD], const uint8_t *store,
                   const uint8_t *key_id, uint32_t year, uint32_t gen)
{
    struct mk_place place = {.table = TABLE_RETENTION, .version = 1};

    mk_put_u32(place.row + 8, year);
    mk_put_u32(place.row + 12, gen);
    memcpy(place.key_id, key_id, MK_ID);
    mk_aad(out, "MKW1", store, &place);
}

static enum mk_err file_key(const struct mk_vault *v,
                            const struct mk_secret *rd, struct mk_secret **out)
{
    static const char info[] = "mk1/retention";

    return mk_hkdf(out, MK_KEY, mk_keyring_store(v->keyring), MK_ID, rd, info,
                   sizeof info - 1);
}

enum mk_err mk_retention_create(int dir, const uint8_t store[static MK_ID],
                                struct mk_diag *diag)
{
    uint8_t header[HEADER] = "MKR1";

    memcpy(header + 4, store, MK_ID);
    return mk_file_replace(dir, MK_RETENTION_FILE, header, sizeof header,
                           diag);
}

static enum mk_err make_wrap(const struct mk_vault *v,
                             const struct mk_secret *rd,
                             const struct mk_secret *rk,
                             struct mk_secret **out)
{
    static const char info[] = "mk1/dekwrap";

    return mk_hkdf2(out, MK_KEY, mk_keyring_store(v->keyring), MK_ID, rd, rk,
                    info, sizeof info - 1);
}

/* Takes rk over, also when it fails. */
static enum mk_err remember(struct mk_vault *v, uint32_t year, uint32_t gen,
                            struct mk_secret *rk)
{
    enum mk_err rc;
    struct mk_retention_key key = {.year = year, .gen = gen, .rk = rk};
    struct mk_retention_key *grown;

    MK_TRY(make_wrap(v, v->keys[MK_KEY_RD], rk, &key.wrap));
    grown = realloc(v->retention, (v->n_retention + 1) * sizeof *grown);
    if (grown == NULL) {
        rc = MK_E_MEMORY;
        goto out;
    }
    v->retention = grown;
    v->retention[v->n_retention++] = key;
    return MK_OK;
out:
    mk_secret_free(key.wrap);
    mk_secret_free(rk);
    return rc;
}

void mk_retention_release(struct mk_vault *v)
{
    for (size_t i = 0; i < v->n_retention; i++) {
        mk_secret_free(v->retention[i].rk);
        mk_secret_free(v->retention[i].wrap);
    }
    free(v->retention);
    v->retention = NULL;
    v->n_retention = 0;
}

/* The file, and a reader that stands before its first record. */
static enum mk_err read_records(const struct mk_vault *v, struct mk_buf *text,
                                struct mk_reader *r, uint32_t *count,
                                struct mk_diag *diag)
{
    enum mk_err rc;
    const uint8_t *magic;
    const uint8_t *of;

    rc = mk_file_read(v->dir, MK_RETENTION_FILE,
                      HEADER + (size_t)MAX_KEYS * RECORD, text, diag);
    if (rc == MK_E_NOT_FOUND || rc == MK_E_TOO_LARGE)
        rc = mk_fail(diag, MK_E_DAMAGED, MK_RETENTION_FILE);
    if (rc != MK_OK)
        goto out;
    mk_reader_init(r, text->data, text->len);
    magic = mk_read_bytes(r, 4);
    of = mk_read_bytes(r, MK_ID);
    *count = mk_read_u32(r);
    if (r->bad || memcmp(magic, "MKR1", 4) != 0 ||
        memcmp(of, mk_keyring_store(v->keyring), MK_ID) != 0 ||
        *count > MAX_KEYS || r->left != (size_t)*count * RECORD)
        rc = mk_fail(diag, MK_E_DAMAGED, MK_RETENTION_FILE);
out:
    return rc;
}

/* Under any generation of R_D; *old is set when it is not the newest. */
static enum mk_err open_record(struct mk_vault *v, uint32_t year, uint32_t gen,
                               const uint8_t *env, struct mk_secret **rk,
                               bool *old, struct mk_diag *diag)
{
    enum mk_err rc;
    const size_t n = MK_KEY + MK_ENV_OVERHEAD;
    uint32_t rd_gen = mk_env_key_gen(env, n);
    const struct mk_generations *all;
    const struct mk_generation *rd;
    struct mk_secret *key = NULL;
    uint8_t aad[MK_AAD];

    MK_TRY(mk_vault_generations(v, MK_KEY_RD, &all, diag));
    rd = mk_generation_at(all, rd_gen);
    if (rd == NULL)
        return mk_fail(diag, MK_E_DAMAGED, MK_RETENTION_FILE);
    MK_TRY(file_key(v, rd->secret, &key));
    aad_of(aad, mk_keyring_store(v->keyring), rd->id, year, gen);
    rc = mk_env_unwrap(rk, key, aad, sizeof aad, env, n, diag);
    if (rc == MK_E_DAMAGED)
        rc = mk_fail(diag, rc, MK_RETENTION_FILE);
    *old |= rd_gen != v->key_gens[MK_KEY_RD];
out:
    mk_secret_free(key);
    return rc;
}

static enum mk_err save(const struct mk_vault *v, struct mk_diag *diag);

/* What is sealed under an older R_D is sealed anew by who may write. */
static enum mk_err load(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_reader r;
    uint32_t count;
    bool old = false;

    mk_retention_release(v);
    MK_TRY(read_records(v, &text, &r, &count, diag));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t year = mk_read_u32(&r);
        uint32_t gen = mk_read_u32(&r);
        struct mk_secret *rk = NULL;

        MK_TRY(open_record(v, year, gen,
                           mk_read_bytes(&r, MK_KEY + MK_ENV_OVERHEAD), &rk,
                           &old, diag));
        MK_TRY(remember(v, year, gen, rk));
    }
    if (old && mk_store_in_write(v->store))
        MK_TRY(save(v, diag));
out:
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_retention_renew(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(mk_tx_lock(v, diag));
    rc = load(v, diag);
    mk_store_rollback(v->store);
out:
    return rc;
}

enum mk_err mk_retention_list(struct mk_vault *v,
                              struct mk_retention_names *names,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_reader r;
    uint32_t count;

    *names = (struct mk_retention_names){.n = 0};
    MK_TRY(read_records(v, &text, &r, &count, diag));
    names->v = calloc((size_t)count + 1, sizeof *names->v);
    if (names->v == NULL) {
        rc = mk_fail(diag, MK_E_MEMORY, NULL);
        goto out;
    }
    for (; names->n < count; names->n++) {
        names->v[names->n].year = mk_read_u32(&r);
        names->v[names->n].gen = mk_read_u32(&r);
        (void)mk_read_bytes(&r, MK_KEY + MK_ENV_OVERHEAD);
    }
    if (v->keys[MK_KEY_RD] != NULL)
        MK_TRY(load(v, diag));
out:
    mk_buf_release(&text);
    return rc;
}

bool mk_retention_named(const struct mk_retention_names *names, uint32_t year,
                        uint32_t gen)
{
    for (size_t i = 0; i < names->n; i++)
        if (names->v[i].year == year && names->v[i].gen == gen)
            return true;
    return false;
}

static enum mk_err save(const struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_secret *key = NULL;
    const uint8_t *store = mk_keyring_store(v->keyring);

    MK_TRY(file_key(v, v->keys[MK_KEY_RD], &key));
    MK_TRY(mk_buf_add(&text, "MKR1", 4));
    MK_TRY(mk_buf_add(&text, store, MK_ID));
    MK_TRY(mk_buf_add_u32(&text, (uint32_t)v->n_retention));
    for (size_t i = 0; i < v->n_retention; i++) {
        const struct mk_retention_key *k = &v->retention[i];
        uint8_t aad[MK_AAD];

        aad_of(aad, store, v->key_ids[MK_KEY_RD], k->year, k->gen);
        MK_TRY(mk_buf_add_u32(&text, k->year));
        MK_TRY(mk_buf_add_u32(&text, k->gen));
        MK_TRY(mk_env_wrap(&text, key, v->key_gens[MK_KEY_RD], aad, sizeof aad,
                           k->rk));
    }
    MK_TRY(
        mk_file_replace(v->dir, MK_RETENTION_FILE, text.data, text.len, diag));
out:
    mk_secret_free(key);
    mk_buf_release(&text);
    return rc;
}

static const struct mk_retention_key *find(const struct mk_vault *v,
                                           uint32_t year, uint32_t gen)
{
    for (size_t i = 0; i < v->n_retention; i++)
        if (v->retention[i].year == year && v->retention[i].gen == gen)
            return &v->retention[i];
    return NULL;
}

static enum mk_err get(struct mk_vault *v, uint32_t year, uint32_t gen,
                       const struct mk_retention_key **key,
                       struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    *key = find(v, year, gen);
    if (*key == NULL) {
        /* Another process may have added it since. */
        MK_TRY(load(v, diag));
        *key = find(v, year, gen);
    }
    if (*key == NULL)
        rc = mk_fail_at(diag, MK_E_DAMAGED, MK_RETENTION_FILE, 0, year, gen);
out:
    return rc;
}

enum mk_err mk_retention_get(struct mk_vault *v, uint32_t year, uint32_t gen,
                             const struct mk_secret **wrap,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_retention_key *key;

    MK_TRY(get(v, year, gen, &key, diag));
    *wrap = key->wrap;
out:
    return rc;
}

enum mk_err mk_retention_wrap_under(struct mk_vault *v,
                                    const struct mk_secret *rd, uint32_t year,
                                    uint32_t gen, struct mk_secret **wrap,
                                    struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_retention_key *key;

    MK_TRY(get(v, year, gen, &key, diag));
    MK_TRY(make_wrap(v, rd, key->rk, wrap));
out:
    return rc;
}

static const struct mk_retention_key *newest(const struct mk_vault *v,
                                             uint32_t year)
{
    const struct mk_retention_key *best = NULL;

    for (size_t i = 0; i < v->n_retention; i++)
        if (v->retention[i].year == year &&
            (best == NULL || v->retention[i].gen > best->gen))
            best = &v->retention[i];
    return best;
}

static enum mk_err year_is_empty(struct mk_vault *v, uint32_t year,
                                 struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *walk = NULL;
    struct mk_dossier_row row;
    bool more;

    mk_dossier_row_init(&row);
    MK_TRY(mk_walk_dossiers(&walk, v->store, diag));
    for (;;) {
        MK_TRY(mk_walk_dossier(walk, &more, &row, diag));
        if (!more)
            break;
        if (row.intake_year == year) {
            rc = mk_fail_at(diag, MK_E_DAMAGED, MK_RETENTION_FILE, 0, year,
                            row.rk_gen);
            goto out;
        }
    }
out:
    mk_walk_close(walk);
    mk_dossier_row_release(&row);
    return rc;
}

static enum mk_err make_first(struct mk_vault *v, uint32_t year,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_secret *rk;

    MK_TRY(year_is_empty(v, year, diag));
    rk = mk_secret_random(MK_KEY);
    if (rk == NULL)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    rc = remember(v, year, 1, rk);
    if (rc == MK_OK)
        rc = save(v, diag); /* durable before the first use of it */
    if (rc != MK_OK)
        mk_retention_release(v); /* forget what is not on the disk */
out:
    return rc;
}

enum mk_err mk_retention_for_new(struct mk_vault *v, uint32_t year,
                                 uint32_t *gen, const struct mk_secret **wrap,
                                 struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    const struct mk_retention_key *key = newest(v, year);

    if (key == NULL) {
        MK_TRY(load(v, diag));
        key = newest(v, year);
    }
    if (key == NULL) {
        MK_TRY(make_first(v, year, diag));
        key = newest(v, year);
    }
    *gen = key->gen;
    *wrap = key->wrap;
out:
    return rc;
}
