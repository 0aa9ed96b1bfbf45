/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keys of the shell, in the document `shell`:
 *
 *   "MKX1" | store 16 | count u32 | count times: envelope of 32 bytes
 *   under HKDF(salt = store, DBK, "mk1/shellkeys"), key_gen = generation of DBK
 *
 * DBK has no way back to older generations, and rows that were closed are not
 * written again; so the keys are of their own, and a new DBK seals them anew
 * and adds one.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/server.h"
#include "core/store/driver.h"
#include "crypto/envelope.h"
#include "crypto/kdf.h"

#define DOCUMENT "shell"
#define KEYS_MAX 10000u
#define RECORD (MK_KEY + MK_ENV_OVERHEAD)
#define HEADER (4 + MK_ID + 4)
/* The document is no table of rows: its own number in the aad. */
#define TABLE_SHELL 0xfff4u

/* What opens and closes one envelope of the document. */
struct seal {
    struct mk_secret *key;
    uint32_t dbk_gen;
    const uint8_t *store;
};

static enum mk_err seal_make(struct seal *s, const struct mk_vault *v,
                             const struct mk_secret *dbk, uint32_t dbk_gen)
{
    static const char info[] = "mk1/shellkeys";

    s->dbk_gen = dbk_gen;
    s->store = mk_keyring_store(v->keyring);
    return mk_hkdf(&s->key, MK_KEY, s->store, MK_ID, dbk, info,
                   sizeof info - 1);
}

static void aad_of(uint8_t out[static MK_AAD], const struct seal *s,
                   uint32_t number)
{
    struct mk_place place = {.table = TABLE_SHELL, .version = 1};

    mk_put_u32(place.row + 12, number);
    mk_aad(out, "MKW1", s->store, &place);
}

/* --- the keys in memory --- */

struct keys {
    struct mk_secret **v; /* number g stands at g - 1 */
    uint32_t n;
};

static void keys_release(struct keys *k)
{
    for (uint32_t i = 0; i < k->n; i++)
        mk_secret_free(k->v[i]);
    free(k->v);
    *k = (struct keys){.n = 0};
}

/* Takes secret over, also when it fails. */
static enum mk_err keys_add(struct keys *k, struct mk_secret *secret,
                            struct mk_diag *diag)
{
    struct mk_secret **grown = realloc(k->v, (k->n + 1) * sizeof(void *));

    if (grown != NULL)
        k->v = grown;
    if (grown == NULL || secret == NULL || k->n >= KEYS_MAX) {
        mk_secret_free(secret);
        return mk_fail(diag, k->n >= KEYS_MAX ? MK_E_TOO_LARGE : MK_E_MEMORY,
                       DOCUMENT);
    }
    k->v[k->n++] = secret;
    return MK_OK;
}

static enum mk_err keys_give(const struct keys *k, struct mk_driver *server,
                             struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    mk_pg_shell_forget(server);
    for (uint32_t g = 1; g <= k->n; g++)
        MK_TRY(mk_pg_shell(server, k->v[g - 1], g, diag));
out:
    return rc;
}

/* --- the document --- */

static enum mk_err read_keys(struct keys *k, const struct mk_vault *v,
                             const struct seal *s, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_reader r;
    uint8_t start[4 + MK_ID];
    uint8_t aad[MK_AAD];
    uint32_t count;

    rc = mk_docs_read(&v->docs, DOCUMENT, HEADER + (size_t)KEYS_MAX * RECORD,
                      &text, diag);
    if (rc == MK_E_NOT_FOUND || rc == MK_E_TOO_LARGE)
        rc = mk_fail(diag, MK_E_DAMAGED, DOCUMENT);
    if (rc != MK_OK)
        goto out;
    mk_reader_init(&r, text.data, text.len);
    mk_read_copy(&r, start, sizeof start);
    count = mk_read_u32(&r);
    if (r.bad || memcmp(start, "MKX1", 4) != 0 ||
        memcmp(start + 4, s->store, MK_ID) != 0 || count == 0 ||
        r.left != (size_t)count * RECORD)
        MK_TRY(mk_fail(diag, MK_E_DAMAGED, DOCUMENT));
    for (uint32_t g = 1; g <= count; g++) {
        const uint8_t *env = mk_read_bytes(&r, RECORD);
        struct mk_secret *secret = NULL;

        /* another generation: its key came while a passphrase was typed */
        if (mk_env_key_gen(env, RECORD) != s->dbk_gen)
            MK_TRY(mk_fail(diag, MK_E_DAMAGED, DOCUMENT));
        aad_of(aad, s, g);
        rc =
            mk_env_unwrap(&secret, s->key, aad, sizeof aad, env, RECORD, diag);
        if (rc == MK_E_DAMAGED)
            rc = mk_fail(diag, rc, DOCUMENT);
        MK_TRY(rc);
        MK_TRY(keys_add(k, secret, diag));
    }
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err write_keys(const struct keys *k, const struct mk_docs *docs,
                              const struct seal *s, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    uint8_t aad[MK_AAD];

    MK_TRY(mk_buf_add(&text, "MKX1", 4));
    MK_TRY(mk_buf_add(&text, s->store, MK_ID));
    MK_TRY(mk_buf_add_u32(&text, k->n));
    for (uint32_t g = 1; g <= k->n; g++) {
        aad_of(aad, s, g);
        MK_TRY(mk_env_wrap(&text, s->key, s->dbk_gen, aad, sizeof aad,
                           k->v[g - 1]));
    }
    MK_TRY(mk_docs_write(docs, DOCUMENT, text.data, text.len, diag));
out:
    mk_buf_release(&text);
    return rc;
}

/* --- for the rest of core --- */

enum mk_err mk_server_shell(struct mk_vault *v, const struct mk_secret *dbk,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    struct seal s = {.key = NULL};
    struct keys k = {.n = 0};

    MK_TRY(
        seal_make(&s, v, dbk, mk_keyring_generation(v->keyring, MK_KEY_DBK)));
    MK_TRY(read_keys(&k, v, &s, diag));
    MK_TRY(keys_give(&k, v->docs.server, diag));
out:
    keys_release(&k);
    mk_secret_free(s.key);
    return rc;
}

enum mk_err mk_server_shell_make(const struct mk_vault *v,
                                 const struct mk_docs *docs,
                                 struct mk_diag *diag)
{
    enum mk_err rc;
    struct seal s = {.key = NULL};
    struct keys k = {.n = 0};

    MK_TRY(seal_make(&s, v, v->keys[MK_KEY_DBK],
                     mk_keyring_generation(v->keyring, MK_KEY_DBK)));
    MK_TRY(keys_add(&k, mk_secret_random(MK_KEY), diag));
    MK_TRY(keys_give(&k, docs->server, diag));
    MK_TRY(write_keys(&k, docs, &s, diag));
out:
    keys_release(&k);
    mk_secret_free(s.key);
    return rc;
}

enum mk_err mk_server_shell_renew(const struct mk_vault *v,
                                  const struct mk_secret *fresh,
                                  uint32_t generation, struct mk_diag *diag)
{
    enum mk_err rc;
    struct seal before = {.key = NULL};
    struct seal after = {.key = NULL};
    struct keys k = {.n = 0};

    MK_TRY(
        seal_make(&before, v, v->keys[MK_KEY_DBK], v->key_gens[MK_KEY_DBK]));
    MK_TRY(seal_make(&after, v, fresh, generation));
    MK_TRY(read_keys(&k, v, &before, diag));
    MK_TRY(keys_add(&k, mk_secret_random(MK_KEY), diag));
    MK_TRY(write_keys(&k, &v->docs, &after, diag));
out:
    keys_release(&k);
    mk_secret_free(before.key);
    mk_secret_free(after.key);
    return rc;
}
