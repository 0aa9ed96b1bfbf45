/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/note.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/num.h"
#include "core/base/text.h"
#include "crypto/hash.h"

/* em dash and space: what a signature line begins with */
static const char mark[] = "\xe2\x80\x94 ";
#define MARK (sizeof mark - 1)
#define STAMP 8 /* time of a cosignature */
/* a line of another type may be longer: ML-DSA-44 is 2420 bytes */
#define LINE_SIG 4096

/* --- keys --- */

static void key_id(struct mk_note_key *key)
{
    const uint8_t type[] = {'\n', (uint8_t)key->type};
    const struct mk_part parts[] = {
        {key->name, strlen(key->name)}, {type, sizeof type}, {key->pk, MK_PK}};
    uint8_t hash[MK_HASH];

    mk_sha256_parts(hash, parts, 3);
    memcpy(key->id, hash, MK_NOTE_KEY_ID);
}

static bool name_ok(const char *name, size_t n)
{
    if (n == 0 || n >= MK_NOTE_NAME || mk_text_valid(name, n) != n)
        return false;
    /* Unicode spaces are left to the reader's eye: a name is compared byte by
     * byte, and splits a line at an ASCII space only */
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)name[i] <= ' ' || name[i] == '+' || name[i] == 0x7f)
            return false;
    return true;
}

bool mk_note_key_make(struct mk_note_key *out, const char *name,
                      enum mk_note_type type, const uint8_t pk[static MK_PK])
{
    memset(out, 0, sizeof *out);
    if (!name_ok(name, strlen(name)))
        return false;
    memcpy(out->name, name, strlen(name) + 1);
    out->type = type;
    memcpy(out->pk, pk, MK_PK);
    key_id(out);
    return true;
}

void mk_vkey_format(char out[static MK_VKEY_MAX],
                    const struct mk_note_key *key)
{
    uint8_t raw[1 + MK_PK];
    char hex[2 * MK_NOTE_KEY_ID + 1], b64[MK_B64_LEN(sizeof raw) + 1];

    raw[0] = (uint8_t)key->type;
    memcpy(raw + 1, key->pk, MK_PK);
    mk_hex(hex, key->id, MK_NOTE_KEY_ID);
    mk_b64(b64, raw, sizeof raw);
    snprintf(out, MK_VKEY_MAX, "%s+%s+%s", key->name, hex, b64);
}

bool mk_vkey_parse(struct mk_note_key *out, const char *text, size_t n)
{
    uint8_t raw[1 + MK_PK];
    char again[MK_VKEY_MAX], name[MK_NOTE_NAME];
    const char *plus = memchr(text, '+', n);
    const size_t n_name = plus ? (size_t)(plus - text) : 0;
    const size_t ahead = n_name + 1 + 2 * MK_NOTE_KEY_ID + 1;
    size_t n_raw;

    if (!plus || n_name >= MK_NOTE_NAME || n <= ahead || n >= MK_VKEY_MAX ||
        !mk_unb64(raw, sizeof raw, &n_raw, text + ahead, n - ahead) ||
        n_raw != sizeof raw ||
        (raw[0] != MK_NOTE_ED25519 && raw[0] != MK_NOTE_COSIGNATURE))
        return false;
    memcpy(name, text, n_name);
    name[n_name] = '\0';
    if (strlen(name) != n_name ||
        !mk_note_key_make(out, name, (enum mk_note_type)raw[0], raw + 1))
        return false;
    /* the key decides on its id: a second spelling is no vkey */
    mk_vkey_format(again, out);
    return strlen(again) == n && memcmp(again, text, n) == 0;
}

/* --- notes --- */

struct line {
    const char *name;
    size_t n_name;
    uint8_t sig[LINE_SIG]; /* key id | signature */
    size_t n_sig;
};

/* The line at *p; moves *p and *n behind it.  False if it is none. */
static bool line_take(struct line *out, const char **p, size_t *n)
{
    const char *end = memchr(*p, '\n', *n);
    const char *at = *p, *space;

    if (!end || (size_t)(end - at) <= MARK || memcmp(at, mark, MARK) != 0)
        return false;
    at += MARK;
    space = memchr(at, ' ', (size_t)(end - at));
    if (!space)
        return false;
    out->name = at;
    out->n_name = (size_t)(space - at);
    if (!name_ok(at, out->n_name) ||
        !mk_unb64(out->sig, sizeof out->sig, &out->n_sig, space + 1,
                  (size_t)(end - space - 1)) ||
        out->n_sig <= MK_NOTE_KEY_ID)
        return false;
    *n -= (size_t)(end + 1 - *p);
    *p = end + 1;
    return true;
}

bool mk_note_parse(struct mk_note *out, const char *p, size_t n)
{
    const char *split = NULL;
    struct line line;
    size_t lines = 0;

    if (n > MK_NOTE_MAX || mk_text_valid(p, n) != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)p[i] < ' ' && p[i] != '\n')
            return false;
    /* the last empty line: the text may hold some of its own */
    for (size_t i = 1; i < n; i++)
        if (p[i - 1] == '\n' && p[i] == '\n')
            split = p + i;
    if (!split)
        return false;
    *out = (struct mk_note){.text = p,
                            .n_text = (size_t)(split - p),
                            .lines = split + 1,
                            .n_lines = n - (size_t)(split + 1 - p)};
    const char *at = out->lines;
    size_t left = out->n_lines;
    while (left > 0) {
        if (!line_take(&line, &at, &left) || ++lines > MK_NOTE_SIGNATURES)
            return false;
    }
    return lines > 0;
}

/* What is signed: of a cosignature with two lines before the text. */
static enum mk_err message(struct mk_buf *out, enum mk_note_type type,
                           uint64_t time, const char *text, size_t n)
{
    enum mk_err rc = MK_OK;

    if (type == MK_NOTE_COSIGNATURE)
        MK_TRY(mk_buf_addf(out, "cosignature/v1\ntime %llu\n",
                           (unsigned long long)time));
    MK_TRY(mk_buf_add(out, text, n));
out:
    return rc;
}

enum mk_err mk_note_sign(struct mk_buf *lines, const struct mk_note_key *key,
                         const struct mk_secret *secret, const char *text,
                         size_t n_text, uint64_t time)
{
    enum mk_err rc;
    struct mk_buf msg = MK_BUF_INIT;
    uint8_t sig[MK_NOTE_KEY_ID + STAMP + MK_SIG];
    char b64[MK_B64_LEN(sizeof sig) + 1];
    size_t n = MK_NOTE_KEY_ID;

    memcpy(sig, key->id, MK_NOTE_KEY_ID);
    if (key->type == MK_NOTE_COSIGNATURE) {
        mk_put_u64(sig + n, time);
        n += STAMP;
    }
    MK_TRY(message(&msg, key->type, time, text, n_text));
    if (mk_secret_len(secret) != crypto_sign_SECRETKEYBYTES ||
        crypto_sign_detached(sig + n, NULL, msg.data, msg.len,
                             mk_secret_peek(secret)) != 0) {
        rc = MK_E_INTERNAL;
        goto out;
    }
    n += MK_SIG;
    mk_b64(b64, sig, n);
    MK_TRY(mk_buf_addf(lines, "%s%s %s\n", mark, key->name, b64));
out:
    mk_buf_release(&msg);
    return rc;
}

static bool line_good(const struct line *line, const struct mk_note *note,
                      const struct mk_note_key *key, uint64_t *time)
{
    struct mk_buf msg = MK_BUF_INIT;
    size_t n = MK_NOTE_KEY_ID;
    bool good = false;

    *time = 0;
    if (key->type == MK_NOTE_COSIGNATURE) {
        if (line->n_sig < n + STAMP)
            return false;
        *time = mk_get_u64(line->sig + n);
        n += STAMP;
    }
    if (line->n_sig == n + MK_SIG && *time <= INT64_MAX / 1000 &&
        message(&msg, key->type, *time, note->text, note->n_text) == MK_OK)
        good = crypto_sign_verify_detached(line->sig + n, msg.data, msg.len,
                                           key->pk) == 0;
    mk_buf_release(&msg);
    return good;
}

/*
 * Judges the lines of key.  *newest (n_newest bytes, borrowed from note; NULL:
 * none) is the good one with the latest *time.
 */
static enum mk_note_verdict judge(const struct mk_note *note,
                                  const struct mk_note_key *key,
                                  const char **newest, size_t *n_newest,
                                  uint64_t *time)
{
    const char *at = note->lines;
    size_t left = note->n_lines;
    uint64_t one;
    struct line line;

    *newest = NULL;
    *n_newest = 0;
    *time = 0;
    for (const char *from = at; left > 0 && line_take(&line, &at, &left);
         from = at) {
        if (line.n_name != strlen(key->name) ||
            memcmp(line.name, key->name, line.n_name) != 0 ||
            memcmp(line.sig, key->id, MK_NOTE_KEY_ID) != 0)
            continue;
        if (!line_good(&line, note, key, &one))
            return MK_NOTE_FORGED;
        if (*newest && one <= *time)
            continue;
        *newest = from;
        *n_newest = (size_t)(at - from);
        *time = one;
    }
    return *newest ? MK_NOTE_GOOD : MK_NOTE_UNSIGNED;
}

enum mk_note_verdict mk_note_verify(const struct mk_note *note,
                                    const struct mk_note_key *key,
                                    uint64_t *time)
{
    const char *line;
    size_t n;
    uint64_t newest;
    enum mk_note_verdict verdict = judge(note, key, &line, &n, &newest);

    if (time)
        *time = newest;
    return verdict;
}

enum mk_err mk_note_line_of(struct mk_buf *out, const struct mk_note *note,
                            const struct mk_note_key *key)
{
    const char *line;
    size_t n;
    uint64_t time;

    if (judge(note, key, &line, &n, &time) != MK_NOTE_GOOD)
        return MK_E_NOT_FOUND;
    return mk_buf_add(out, line, n);
}

/* --- checkpoints --- */

enum mk_err mk_checkpoint_format(struct mk_buf *out,
                                 const struct mk_checkpoint *c)
{
    char root[MK_B64_LEN(MK_HASH) + 1];

    mk_b64(root, c->root, MK_HASH);
    return mk_buf_addf(out, "%s\n%llu\n%s\n", c->origin,
                       (unsigned long long)c->size, root);
}

bool mk_checkpoint_parse(struct mk_checkpoint *out, const char *text, size_t n)
{
    const char *size, *root, *end;
    size_t n_root;

    memset(out, 0, sizeof *out);
    size = memchr(text, '\n', n);
    if (!size || !name_ok(text, (size_t)(size - text)))
        return false;
    memcpy(out->origin, text, (size_t)(size - text));
    size++;
    root = memchr(size, '\n', n - (size_t)(size - text));
    if (!root ||
        !mk_num_parse(size, (size_t)(root - size), 0, INT64_MAX, &out->size))
        return false;
    root++;
    end = memchr(root, '\n', n - (size_t)(root - text));
    return end && end + 1 == text + n &&
           mk_unb64(out->root, MK_HASH, &n_root, root, (size_t)(end - root)) &&
           n_root == MK_HASH;
}
