/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/verify/note.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/num.h"
#include "core/base/text.h"
#include "crypto/hash.h"

#define DASH "\xe2\x80\x94 " /* em dash and space */
#define N_DASH (sizeof DASH - 1)

static int digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool mk_vf_unbase64(uint8_t *out, size_t max, size_t *n, const char *text,
                    size_t len)
{
    size_t pad = 0;

    *n = 0;
    if (len % 4 != 0)
        return false;
    while (pad < 2 && pad < len && text[len - 1 - pad] == '=')
        pad++;
    for (size_t i = 0; i < len; i += 4) {
        const size_t here = i + 4 == len ? 4 - pad : 4;
        uint32_t v = 0;

        for (size_t j = 0; j < 4; j++) {
            const int d = j < here ? digit(text[i + j]) : 0;
            if (d < 0)
                return false;
            v = v << 6 | (uint32_t)d;
        }
        for (size_t j = 0; j + 1 < here; j++) {
            if (*n == max)
                return false;
            out[(*n)++] = (uint8_t)(v >> (16 - 8 * j));
        }
        /* bits that no byte takes are zero: one spelling only */
        if ((here == 3 && (v >> 6 & 3) != 0) ||
            (here == 2 && (v >> 12 & 15) != 0))
            return false;
    }
    return true;
}

/* ---- keys ---- */

static bool is_name(const char *p, size_t n)
{
    if (n == 0 || n > MK_VF_NAME_MAX || mk_text_valid(p, n) != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)p[i] <= ' ' || p[i] == '+' || p[i] == 0x7f)
            return false;
    return true;
}

void mk_vf_key_id(struct mk_vf_key *key)
{
    const uint8_t middle[] = {'\n', key->type};
    const struct mk_part parts[] = {{key->name, strlen(key->name)},
                                    {middle, sizeof middle},
                                    {key->pk, sizeof key->pk}};
    uint8_t hash[MK_HASH];

    mk_sha256_parts(hash, parts, 3);
    memcpy(key->id, hash, sizeof key->id);
}

bool mk_vf_key_parse(struct mk_vf_key *out, const char *line, size_t n)
{
    uint8_t raw[33], id[4];
    char hex[9];
    size_t n_raw;
    const char *plus = memchr(line, '+', n);
    const size_t n_name = plus ? (size_t)(plus - line) : 0;
    const size_t ahead = n_name + 10;

    memset(out, 0, sizeof *out);
    if (!plus || !is_name(line, n_name) || n <= ahead ||
        line[ahead - 1] != '+')
        return false;
    memcpy(hex, plus + 1, 8);
    hex[8] = '\0';
    for (size_t i = 0; i < 8; i++)
        if (hex[i] >= 'A' && hex[i] <= 'F')
            return false;
    if (!mk_unhex(id, sizeof id, hex) ||
        !mk_vf_unbase64(raw, sizeof raw, &n_raw, line + ahead, n - ahead) ||
        n_raw != sizeof raw ||
        (raw[0] != MK_VF_KEY_PLAIN && raw[0] != MK_VF_KEY_COSIGNER))
        return false;
    memcpy(out->name, line, n_name);
    out->type = raw[0];
    memcpy(out->pk, raw + 1, sizeof out->pk);
    mk_vf_key_id(out);
    return memcmp(out->id, id, sizeof id) == 0;
}

bool mk_vf_key_file(struct mk_vf_key *out, const void *p, size_t n)
{
    const char *text = p;
    const char *lf = n > 0 ? memchr(text, '\n', n) : NULL;

    if (lf != NULL)
        n = (size_t)(lf - text);
    return mk_vf_key_parse(out, text, n);
}

/* ---- notes ---- */

/* The text up to LF at *at; moves *at behind it.  NULL if there is no LF. */
static const char *line_at(const char **at, const char *end, size_t *n)
{
    const char *line = *at;
    const char *lf = memchr(line, '\n', (size_t)(end - line));

    if (!lf)
        return NULL;
    *n = (size_t)(lf - line);
    *at = lf + 1;
    return line;
}

static bool read_signature(struct mk_vf_note *out, const char *line, size_t n)
{
    uint8_t sig[4096]; /* a key of another type may be longer than ours */
    const char *space, *name = line + N_DASH;
    size_t n_sig;

    if (n <= N_DASH || memcmp(line, DASH, N_DASH) != 0)
        return false;
    space = memchr(name, ' ', n - N_DASH);
    if (!space || !is_name(name, (size_t)(space - name)) ||
        !mk_vf_unbase64(sig, sizeof sig, &n_sig, space + 1,
                        (size_t)(line + n - space - 1)) ||
        n_sig <= 4 || out->n_lines == MK_VF_LINES)
        return false;
    out->line[out->n_lines].name = name;
    out->line[out->n_lines].n_name = (size_t)(space - name);
    out->line[out->n_lines].n_sig = 0;
    if (n_sig <= sizeof out->line[0].sig) {
        memcpy(out->line[out->n_lines].sig, sig, n_sig);
        out->line[out->n_lines].n_sig = n_sig;
    }
    out->n_lines++;
    return true;
}

static bool read_checkpoint(struct mk_vf_note *out)
{
    const char *at = out->text, *end = out->text + out->n_text;
    size_t n, n_root;
    const char *line = line_at(&at, end, &n);

    if (!line || !is_name(line, n))
        return false;
    memcpy(out->origin, line, n);
    line = line_at(&at, end, &n);
    if (!line || !mk_num_parse(line, n, 0, INT64_MAX, &out->size))
        return false;
    line = line_at(&at, end, &n);
    if (!line ||
        !mk_vf_unbase64(out->root, sizeof out->root, &n_root, line, n) ||
        n_root != sizeof out->root)
        return false;
    while (at < end)
        if (!line_at(&at, end, &n) || n == 0)
            return false;
    return true;
}

bool mk_vf_note_parse(struct mk_vf_note *out, const void *p, size_t n)
{
    const char *text = p, *end = text + n, *at = NULL, *line;
    size_t len;

    memset(out, 0, sizeof *out);
    if (n > MK_VF_NOTE_MAX || mk_text_valid(p, n) != n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (((unsigned char)text[i] < ' ' && text[i] != '\n') ||
            text[i] == 0x7f)
            return false;
        /* the last empty line parts text and signatures */
        if (i > 0 && text[i] == '\n' && text[i - 1] == '\n')
            at = text + i + 1;
    }
    if (!at || at == end)
        return false;
    out->text = text;
    out->n_text = (size_t)(at - 1 - text);
    while (at < end) {
        line = line_at(&at, end, &len);
        if (!line || !read_signature(out, line, len))
            return false;
    }
    return read_checkpoint(out);
}

static bool verifies(const struct mk_vf_note *note, size_t i,
                     const struct mk_vf_key *key, uint64_t *time_s)
{
    const uint8_t *sig = note->line[i].sig + 4;
    size_t left = note->line[i].n_sig;
    struct mk_buf signed_text = MK_BUF_INIT;
    bool good = false;

    *time_s = 0;
    if (key->type == MK_VF_KEY_COSIGNER) {
        if (left != 4 + 8 + 64)
            return false;
        *time_s = mk_get_u64(sig);
        sig += 8;
        if (*time_s > INT64_MAX / 1000 ||
            mk_buf_addf(&signed_text, "cosignature/v1\ntime %llu\n",
                        (unsigned long long)*time_s) != MK_OK)
            return false;
    } else if (left != 4 + 64) {
        return false;
    }
    if (mk_buf_add(&signed_text, note->text, note->n_text) == MK_OK)
        good = crypto_sign_verify_detached(sig, signed_text.data,
                                           signed_text.len, key->pk) == 0;
    mk_buf_release(&signed_text);
    return good;
}

enum mk_vf_signed mk_vf_note_by(const struct mk_vf_note *note,
                                const struct mk_vf_key *key, uint64_t *time_s)
{
    enum mk_vf_signed by = MK_VF_UNSIGNED;
    uint64_t newest = 0, t;

    for (size_t i = 0; i < note->n_lines; i++) {
        if (note->line[i].n_name != strlen(key->name) ||
            memcmp(note->line[i].name, key->name, note->line[i].n_name) != 0 ||
            note->line[i].n_sig == 0 ||
            memcmp(note->line[i].sig, key->id, 4) != 0)
            continue;
        if (!verifies(note, i, key, &t))
            return MK_VF_FORGED;
        by = MK_VF_SIGNED;
        newest = t > newest ? t : newest;
    }
    if (time_s)
        *time_s = newest;
    return by;
}
