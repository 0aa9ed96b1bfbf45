/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/verify/key.h"

#include <string.h>
#include <utf8proc.h>

#include "cmd/verify/note.h"
#include "cmd/verify/seal.h"
#include "core/base/bytes.h"
#include "core/base/num.h"
#include "core/base/text.h"

/* The standard cost is 3 passes over 256 MiB; what a hostile file may ask. */
#ifdef MK_TEST_BUILD
#define M_MIN 64
#else
#define M_MIN 65536
#endif
#define M_MAX 2097152
#define T_MIN 3
#define T_MAX 10

/* The value of the line "key: value" at *at; moves *at behind it. */
static const char *value(const char **at, const char *end, const char *key,
                         size_t *n)
{
    const size_t n_key = strlen(key);
    const char *line = *at, *lf;

    if (!line)
        return NULL;
    lf = memchr(line, '\n', (size_t)(end - line));
    *at = NULL;
    if (!lf || (size_t)(lf - line) < n_key + 2 ||
        memcmp(line, key, n_key) != 0 || memcmp(line + n_key, ": ", 2) != 0)
        return NULL;
    *at = lf + 1;
    *n = (size_t)(lf - line) - n_key - 2;
    return line + n_key + 2;
}

static bool id(const char **at, const char *end, const char *key,
               uint8_t out[static 16])
{
    char hex[33];
    size_t n = 0;
    const char *v = value(at, end, key, &n);

    if (!v || n != 32)
        return false;
    memcpy(hex, v, 32);
    hex[32] = '\0';
    return mk_unhex(out, 16, hex);
}

static bool number(const char **at, const char *end, const char *key,
                   uint64_t min, uint64_t max, uint64_t *out)
{
    size_t n = 0;
    const char *v = value(at, end, key, &n);

    return v && mk_num_parse(v, n, min, max, out);
}

bool mk_vf_key_file_parse(struct mk_vf_key_file *out, const void *p, size_t n)
{
    const char *at = p;
    const char *const end = at + n;
    uint64_t version;
    size_t len = 0, got;

    if (n > MK_VF_KEY_FILE_MAX ||
        !number(&at, end, "meldkluis-log-key", 1, 1, &version) ||
        !id(&at, end, "store", out->store) ||
        !value(&at, end, "origin", &len) ||
        !id(&at, end, "key-id", out->key_id) ||
        !number(&at, end, "argon2id-t", T_MIN, T_MAX, &out->t) ||
        !number(&at, end, "argon2id-m", M_MIN, M_MAX, &out->m_kib) ||
        !id(&at, end, "salt", out->salt))
        return false;
    const char *bundle = value(&at, end, "bundle", &len);
    return bundle &&
           mk_vf_unbase64(out->bundle, sizeof out->bundle, &got, bundle,
                          len) &&
           got == sizeof out->bundle && at == end;
}

/* NFC of the phrase into room (guarded, of 4 * (4 n + 2) bytes); its length, or
 * 0 when it is no text. */
static size_t compose(void *room, const char *phrase, size_t n)
{
    const utf8proc_option_t nfc = UTF8PROC_STABLE | UTF8PROC_COMPOSE |
                                  UTF8PROC_REJECTNA;
    utf8proc_int32_t *points = room;
    utf8proc_ssize_t got;

    got = utf8proc_decompose((const utf8proc_uint8_t *)phrase,
                             (utf8proc_ssize_t)n, points,
                             (utf8proc_ssize_t)(4 * n + 1), nfc);
    if (got <= 0 || (size_t)got > 4 * n + 1)
        return 0;
    got = utf8proc_reencode(points, got, nfc);
    return got <= 0 ? 0 : (size_t)got;
}

static void make_aad(uint8_t aad[static 66], const struct mk_vf_key_file *file)
{
    memset(aad, 0, 66);
    memcpy(aad, "MKW1", 4);
    memcpy(aad + 4, file->store, 16);
    mk_put_u16(aad + 20, 0xfff2);
    memcpy(aad + 24, file->store, 16);
    mk_put_u64(aad + 40, 1);
    memcpy(aad + 48, file->key_id, 16);
}

enum mk_err mk_vf_key_open(uint8_t secret[static 32],
                           const struct mk_vf_key_file *file,
                           const char *phrase, size_t n, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    uint8_t salt[32], aad[66];
    uint8_t *keys = mk_vf_guarded(64); /* P | KEK */
    void *room = mk_vf_guarded((4 * n + 2) * sizeof(utf8proc_int32_t));
    size_t len = 0;

    if (!keys || !room) {
        rc = mk_fail(diag, MK_E_MEMORY, "argon2");
        goto out;
    }
    if (n > 0 && mk_text_valid(phrase, n) == n)
        len = compose(room, phrase, n);
    if (len == 0 || len > MK_VF_PHRASE_MAX) {
        rc = mk_fail(diag, MK_E_BAD_UTF8, "passphrase");
        goto out;
    }
    rc = mk_vf_argon2(keys, room, len, file->salt, file->t, file->m_kib);
    if (rc != MK_OK) {
        rc = mk_fail(diag, rc, "argon2");
        goto out;
    }
    memcpy(salt, file->store, 16);
    memcpy(salt + 16, file->salt, 16);
    mk_vf_hkdf(keys + 32, salt, sizeof salt, keys, "mk1/logkeyfile");
    make_aad(aad, file);
    if (!mk_vf_envelope_open(secret, keys + 32, aad, sizeof aad, file->bundle,
                             sizeof file->bundle))
        rc = mk_fail(diag, MK_E_VERIFY_LOCKED, NULL);
out:
    mk_vf_guarded_free(keys);
    mk_vf_guarded_free(room);
    return rc;
}
