/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/shell.h"

#include <stdlib.h>
#include <string.h>

#include "crypto/envelope.h"
#include "crypto/kdf.h"

/* All of a size class look alike: a head, and what the register says. */
#define STEP MK_PAD_IDENTITY

struct key {
    uint32_t gen;
    struct mk_secret *secret;
};

struct mk_shell {
    struct key *keys; /* the newest last */
    size_t n;
};

static const struct {
    const char *table;
    enum mk_query q;
    enum mk_shell_column column;
    uint8_t at;
} spots[] = {
    {"dossier", MK_Q_DOSSIER_INSERT, MK_SHELL_DOSSIER_OWNER, 6},
    {"dossier", MK_Q_DOSSIER_UPDATE, MK_SHELL_DOSSIER_OWNER, 6},
    {"dossier", MK_Q_DOSSIER_LOAD, MK_SHELL_DOSSIER_OWNER, 6},
    {"dossier", MK_Q_DOSSIER_WALK, MK_SHELL_DOSSIER_OWNER, 6},
    {"head", MK_Q_HEAD_INSERT, MK_SHELL_HEAD_BODY, 2},
    {"head", MK_Q_HEAD_NEWEST, MK_SHELL_HEAD_BODY, 2},
    {"head", MK_Q_HEAD_NEWEST_BESIDE, MK_SHELL_HEAD_BODY, 2},
    {"head", MK_Q_HEAD_LOAD, MK_SHELL_HEAD_BODY, 2},
    {"head", MK_Q_HEAD_BY_TXID, MK_SHELL_HEAD_BODY, 2},
    {"head", MK_Q_HEAD_WALK, MK_SHELL_HEAD_BODY, 2},
    {"register", MK_Q_REGISTER_INSERT, MK_SHELL_REGISTER_BODY, 3},
    {"register", MK_Q_REGISTER_WALK, MK_SHELL_REGISTER_BODY, 3},
};
#define SPOTS (sizeof(spots) / sizeof(*spots))

struct mk_shell_spot mk_shell_spot(enum mk_query q)
{
    struct mk_shell_spot spot = {.column = MK_SHELL_NONE};

    for (size_t i = 0; i < SPOTS; i++)
        if (spots[i].q == q)
            spot = (struct mk_shell_spot){.column = spots[i].column,
                                          .at = spots[i].at,
                                          .is_param = mk_query_writes(q)};
    return spot;
}

static const char *table_of(enum mk_shell_column column)
{
    for (size_t i = 0; i < SPOTS; i++)
        if (spots[i].column == column)
            return spots[i].table;
    return "shell";
}

struct mk_shell *mk_shell_new(void)
{
    return calloc(1, sizeof(struct mk_shell));
}

void mk_shell_forget(struct mk_shell *s)
{
    for (size_t i = 0; i < s->n; i++)
        mk_secret_free(s->keys[i].secret);
    free(s->keys);
    *s = (struct mk_shell){.n = 0};
}

void mk_shell_free(struct mk_shell *s)
{
    if (!s)
        return;
    mk_shell_forget(s);
    free(s);
}

static const struct mk_secret *find(const struct mk_shell *s, uint32_t gen)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->keys[i].gen == gen)
            return s->keys[i].secret;
    return NULL;
}

enum mk_err mk_shell_add(struct mk_shell *s, const struct mk_secret *dbk,
                         uint32_t gen, struct mk_diag *diag)
{
    static const char info[] = "mk1/shell";
    struct key *keys;
    enum mk_err rc;

    if (find(s, gen))
        return mk_fail(diag, MK_E_INTERNAL, "shell");
    keys = realloc(s->keys, (s->n + 1) * sizeof(*keys));
    if (!keys)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    s->keys = keys;
    keys[s->n] = (struct key){.gen = gen};
    rc = mk_hkdf(&keys[s->n].secret, MK_KEY, NULL, 0, dbk, info,
                 sizeof(info) - 1);
    if (rc != MK_OK)
        return mk_fail(diag, rc, NULL);
    s->n++;
    return MK_OK;
}

bool mk_shell_has_key(const struct mk_shell *s)
{
    return s->n > 0;
}

static void make_aad(uint8_t out[static MK_AAD], enum mk_shell_column column)
{
    static const uint8_t no_store[MK_ID];
    const struct mk_place place = {.column = (uint16_t)column};

    mk_aad(out, "MKP1", no_store, &place);
}

enum mk_err mk_shell_seal(const struct mk_shell *s,
                          enum mk_shell_column column, struct mk_buf *out,
                          const void *p, size_t n, struct mk_diag *diag)
{
    const struct key *newest = s->n > 0 ? &s->keys[s->n - 1] : NULL;
    uint8_t aad[MK_AAD];
    enum mk_err rc;

    mk_buf_clear(out);
    if (!newest)
        return mk_fail(diag, MK_E_LOCKED, table_of(column));
    make_aad(aad, column);
    rc = mk_env_seal_padded(out, STEP, newest->secret, newest->gen, aad,
                            sizeof(aad), p, n);
    return rc == MK_OK ? MK_OK : mk_fail(diag, rc, NULL);
}

enum mk_err mk_shell_open(const struct mk_shell *s,
                          enum mk_shell_column column, struct mk_buf *out,
                          const void *p, size_t n, struct mk_diag *diag)
{
    uint32_t gen = mk_env_key_gen(p, n);
    const struct mk_secret *key = find(s, gen);
    uint8_t aad[MK_AAD];
    enum mk_err rc;

    mk_buf_clear(out);
    if (!mk_shell_has_key(s))
        return mk_fail(diag, MK_E_LOCKED, table_of(column));
    if (!key)
        return mk_fail(diag,
                       n > MK_ENV_OVERHEAD && gen > s->keys[s->n - 1].gen
                           ? MK_E_REPLACED
                           : MK_E_TAMPERED,
                       table_of(column));
    make_aad(aad, column);
    rc = mk_env_open_padded(out, key, aad, sizeof(aad), p, n, diag);
    if (rc == MK_E_DAMAGED)
        rc = mk_fail(diag, MK_E_TAMPERED, table_of(column));
    return rc;
}
