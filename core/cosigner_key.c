/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The key of a witness and its file; layout in cosigner_impl.h. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/base/num.h"
#include "core/base/random.h"
#include "core/cosigner_impl.h"
#include "core/kek.h"
#include "core/store/file.h"
#include "crypto/hash.h"
#include "crypto/sign.h"

#define TABLE_WITNESS_KEY 0xfff3u
#define FILE_MAX 4096
#define BUNDLE_TEXT MK_B64_LEN(MK_COSIGNER_BUNDLE)

/* --- text --- */

enum mk_err mk_cosigner_format(struct mk_buf *out, const struct mk_cosigner *c)
{
    char vkey[MK_VKEY_MAX], salt[2 * MK_ARGON2_SALT + 1];
    char bundle[BUNDLE_TEXT + 1];

    mk_vkey_format(vkey, &c->key);
    mk_hex(salt, c->salt, sizeof c->salt);
    mk_b64(bundle, c->bundle, sizeof c->bundle);
    return mk_buf_addf(out,
                       "meldkluis-witness-key: 1\n"
                       "vkey: %s\n"
                       "argon2id-t: %u\n"
                       "argon2id-m: %u\n"
                       "salt: %s\n"
                       "bundle: %s\n",
                       vkey, c->cost.t, c->cost.m_kib, salt, bundle);
}

/* The value of the line at *p that begins with key; moves *p behind it.
 * NULL if it is another line. */
static const char *value_of(const char **p, size_t *left, const char *key,
                            size_t *n)
{
    const size_t n_key = strlen(key);
    const char *end = memchr(*p, '\n', *left);
    const char *value = *p + n_key;

    if (end == NULL || (size_t)(end - *p) < n_key ||
        memcmp(*p, key, n_key) != 0)
        return NULL;
    *n = (size_t)(end - value);
    *left -= (size_t)(end + 1 - *p);
    *p = end + 1;
    return value;
}

static bool parse_cost(struct mk_argon2_cost *cost, const char *t, size_t n_t,
                       const char *m, size_t n_m)
{
    uint64_t number;

    if (!mk_num_parse(t, n_t, 0, UINT32_MAX, &number))
        return false;
    cost->t = (uint32_t)number;
    if (!mk_num_parse(m, n_m, 0, UINT32_MAX, &number))
        return false;
    cost->m_kib = (uint32_t)number;
    return mk_argon2_cost_ok(*cost);
}

bool mk_cosigner_parse(struct mk_cosigner *out, const void *text, size_t n)
{
    static const char *const keys[6] = {"meldkluis-witness-key: 1",
                                        "vkey: ",
                                        "argon2id-t: ",
                                        "argon2id-m: ",
                                        "salt: ",
                                        "bundle: "};
    struct mk_buf again = MK_BUF_INIT;
    const char *p = text, *v[6];
    char salt[2 * MK_ARGON2_SALT + 1];
    size_t left = n, n_v[6], n_bundle;
    bool same;

    for (size_t i = 0; i < 6; i++) {
        v[i] = value_of(&p, &left, keys[i], &n_v[i]);
        if (v[i] == NULL)
            return false;
    }
    if (n_v[4] != sizeof salt - 1)
        return false;
    memcpy(salt, v[4], n_v[4]);
    salt[n_v[4]] = '\0';
    if (!mk_vkey_parse(&out->key, v[1], n_v[1]) ||
        out->key.type != MK_NOTE_COSIGNATURE ||
        !parse_cost(&out->cost, v[2], n_v[2], v[3], n_v[3]) ||
        !mk_unhex(out->salt, sizeof out->salt, salt) ||
        !mk_unb64(out->bundle, sizeof out->bundle, &n_bundle, v[5], n_v[5]) ||
        n_bundle != sizeof out->bundle)
        return false;
    /* one spelling: what we would write ourselves */
    same = mk_cosigner_format(&again, out) == MK_OK && again.len == n &&
           memcmp(again.data, text, n) == 0;
    mk_buf_release(&again);
    return same;
}

/* --- sealing --- */

static enum mk_err kek_of(struct mk_secret **kek, const struct mk_cosigner *c,
                          const struct mk_secret *passphrase,
                          struct mk_diag *diag)
{
    static const char info[] = "mk1/witnesskey";

    return mk_kek_make(kek, passphrase, c->salt, c->cost,
                       (struct mk_part){c->salt, sizeof c->salt},
                       (struct mk_part){info, sizeof info - 1}, diag);
}

static void aad_of(uint8_t aad[static MK_AAD], const struct mk_cosigner *c)
{
    static const uint8_t no_store[MK_ID];
    struct mk_place place = {.table = TABLE_WITNESS_KEY, .version = 1};
    char vkey[MK_VKEY_MAX];
    uint8_t hash[MK_HASH];

    mk_vkey_format(vkey, &c->key);
    mk_sha256(hash, vkey, strlen(vkey));
    memcpy(place.row, hash, MK_ID);
    memcpy(place.key_id, c->salt, MK_ID);
    mk_aad(aad, "MKW1", no_store, &place);
}

static enum mk_err seal(struct mk_cosigner *c, const struct mk_secret *seed,
                        const struct mk_secret *passphrase,
                        struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_secret *kek = NULL;
    struct mk_buf bundle = MK_BUF_INIT;
    uint8_t aad[MK_AAD];

    c->cost = mk_argon2_standard();
    mk_random(c->salt, sizeof c->salt);
    MK_TRY(kek_of(&kek, c, passphrase, diag));
    aad_of(aad, c);
    MK_TRY(mk_env_wrap(&bundle, kek, 1, aad, sizeof aad, seed));
    if (bundle.len != sizeof c->bundle) {
        rc = mk_fail(diag, MK_E_INTERNAL, MK_COSIGNER_FILE);
        goto out;
    }
    memcpy(c->bundle, bundle.data, bundle.len);
out:
    mk_buf_release(&bundle);
    mk_secret_free(kek);
    return rc;
}

/* --- the file --- */

static enum mk_err open_state(int *fd, const char *state, struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(mk_dir_make(state, diag));
    MK_TRY(mk_dir_open(fd, state, diag));
out:
    return rc;
}

enum mk_err mk_cosigner_make(const char *state, const char *name,
                             const struct mk_secret *passphrase,
                             struct mk_note_key *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_cosigner c = {.state = -1};
    struct mk_secret *seed = mk_secret_random(MK_KEY);
    struct mk_buf text = MK_BUF_INIT;
    uint8_t pk[MK_PK];
    bool there;

    if (seed == NULL)
        return mk_fail(diag, MK_E_MEMORY, MK_COSIGNER_FILE);
    MK_TRY(open_state(&c.state, state, diag));
    MK_TRY(mk_file_exists(c.state, MK_COSIGNER_FILE, &there, diag));
    if (there) {
        rc = mk_fail(diag, MK_E_EXISTS, MK_COSIGNER_FILE);
        goto out;
    }
    MK_TRY(mk_sign_key(&c.sign, pk, seed));
    if (!mk_note_key_make(&c.key, name, MK_NOTE_COSIGNATURE, pk)) {
        rc = mk_fail(diag, MK_E_USAGE, "name of a witness");
        goto out;
    }
    MK_TRY(seal(&c, seed, passphrase, diag));
    MK_TRY(mk_cosigner_format(&text, &c));
    MK_TRY(
        mk_file_replace(c.state, MK_COSIGNER_FILE, text.data, text.len, diag));
    *out = c.key;
out:
    if (c.state >= 0)
        close(c.state);
    mk_secret_free(c.sign);
    mk_secret_free(seed);
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_cosigner_load(struct mk_cosigner **out, const char *state,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_cosigner *c = calloc(1, sizeof *c);
    struct mk_buf text = MK_BUF_INIT;

    if (c == NULL)
        return mk_fail(diag, MK_E_MEMORY, MK_COSIGNER_FILE);
    c->state = -1;
    MK_TRY(open_state(&c->state, state, diag));
    rc = mk_file_read(c->state, MK_COSIGNER_FILE, FILE_MAX, &text, diag);
    if (rc == MK_E_NOT_FOUND)
        rc = mk_fail(diag, MK_E_NO_COSIGNER, NULL);
    if (rc != MK_OK)
        goto out;
    if (!mk_cosigner_parse(c, text.data, text.len)) {
        rc = mk_fail(diag, MK_E_DAMAGED, MK_COSIGNER_FILE);
        goto out;
    }
    *out = c;
    c = NULL;
out:
    mk_cosigner_free(c);
    mk_buf_release(&text);
    return rc;
}

void mk_cosigner_free(struct mk_cosigner *c)
{
    if (c == NULL)
        return;
    if (c->state >= 0)
        close(c->state);
    mk_secret_free(c->sign);
    free(c);
}

const struct mk_note_key *mk_cosigner_key(const struct mk_cosigner *c)
{
    return &c->key;
}

enum mk_err mk_cosigner_unlock(struct mk_cosigner *c,
                               const struct mk_secret *passphrase,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_secret *kek = NULL, *seed = NULL;
    uint8_t aad[MK_AAD], pk[MK_PK];

    mk_secret_free(c->sign);
    c->sign = NULL;
    rc = kek_of(&kek, c, passphrase, diag);
    if (rc == MK_OK) {
        aad_of(aad, c);
        rc = mk_env_unwrap(&seed, kek, aad, sizeof aad, c->bundle,
                           sizeof c->bundle, diag);
    }
    /* a passphrase that could not have been set is a wrong one */
    if (rc != MK_OK) {
        if (rc != MK_E_MEMORY)
            rc = mk_fail(diag, MK_E_KEY_LOCKED, c->key.name);
        goto out;
    }
    MK_TRY(mk_sign_key(&c->sign, pk, seed));
    if (memcmp(pk, c->key.pk, MK_PK) != 0) {
        mk_secret_free(c->sign);
        c->sign = NULL;
        rc = mk_fail(diag, MK_E_DAMAGED, MK_COSIGNER_FILE);
    }
out:
    mk_secret_free(kek);
    mk_secret_free(seed);
    return rc;
}
