/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Passphrases and names.  Search is in fold_search.c. */
#include "core/fold.h"

#include <string.h>
#include <utf8proc.h>

#include "core/base/text.h"
#include "crypto/hash.h"

/* --- passphrases --- */

#define NFC_OPTIONS (UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_REJECTNA)

/* Code points lie in guarded memory: four bytes each, composed in place. */
static enum mk_err nfc_in(struct mk_secret *room,
                          const struct mk_secret *typed, size_t *n)
{
    utf8proc_int32_t *points = (void *)mk_secret_bytes(room);
    utf8proc_ssize_t max =
        (utf8proc_ssize_t)(mk_secret_len(room) / sizeof *points) - 1;
    utf8proc_ssize_t got = utf8proc_decompose(
        mk_secret_peek(typed), (utf8proc_ssize_t)mk_secret_len(typed), points,
        max, NFC_OPTIONS);
    if (got < 0)
        return MK_E_BAD_UTF8;
    if (got > max)
        return MK_E_TOO_LARGE;
    /* writes the UTF-8 over the points it has read, and a NUL */
    got = utf8proc_reencode(points, got, NFC_OPTIONS);
    if (got < 0)
        return MK_E_BAD_UTF8;
    *n = (size_t)got;
    return MK_OK;
}

enum mk_err mk_fold_nfc(struct mk_secret **out, const struct mk_secret *typed,
                        struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    size_t n = mk_secret_len(typed);
    struct mk_secret *room = NULL;

    *out = NULL;
    if (n == 0)
        return mk_fail(diag, MK_E_MISSING_KEY, "passphrase");
    if (n > MK_PASSPHRASE_MAX)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "passphrase", 0,
                          MK_PASSPHRASE_MAX, 0);
    if (mk_text_valid(mk_secret_peek(typed), n) != n)
        return mk_fail(diag, MK_E_BAD_UTF8, "passphrase");

    /* canonical decomposition gives at most four points for one */
    room = mk_secret_new((4 * n + 1) * sizeof(utf8proc_int32_t));
    if (!room)
        return mk_fail(diag, MK_E_MEMORY, "passphrase");
    MK_TRY(nfc_in(room, typed, &n));
    if (n > MK_PASSPHRASE_MAX) {
        rc = MK_E_TOO_LARGE;
        goto out;
    }
    *out = mk_secret_from(mk_secret_peek(room), n);
    if (!*out)
        rc = MK_E_MEMORY;
out:
    mk_secret_free(room);
    if (rc == MK_E_TOO_LARGE)
        return mk_fail_at(diag, rc, "passphrase", 0, MK_PASSPHRASE_MAX, 0);
    return rc == MK_OK ? rc : mk_fail(diag, rc, "passphrase");
}

/* --- names --- */

#define NAME_POINTS (MK_FOLD_NAME_MAX * 4 + 1)

/* n bytes of name with these options into text (NUL-terminated); the bytes
 * written, or 0 if it does not fit or is no text. */
static size_t name_map(char text[static NAME_POINTS * 4], const void *name,
                       size_t n, utf8proc_option_t options)
{
    utf8proc_int32_t points[NAME_POINTS];
    utf8proc_ssize_t got;
    size_t len = 0;

    got = utf8proc_decompose(name, (utf8proc_ssize_t)n, points,
                             NAME_POINTS - 1, options);
    if (got > 0 && got < NAME_POINTS) {
        got = utf8proc_reencode(points, got, options);
        if (got > 0) {
            len = (size_t)got;
            memcpy(text, points, len);
        }
    }
    mk_crypto_wipe(points, sizeof points);
    text[len] = '\0';
    return len;
}

/* Basic Latin to Latin Extended-B, and Latin Extended Additional. */
static bool is_latin_letter(utf8proc_int32_t c)
{
    if (c > 0x24f && (c < 0x1e00 || c > 0x1eff))
        return false;
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
        return true;
    default:
        return false;
    }
}

static bool name_form_ok(const char *s, size_t n)
{
    utf8proc_int32_t before = ' ';
    bool letter = false;

    for (size_t i = 0; i < n;) {
        utf8proc_int32_t c;
        utf8proc_ssize_t step = utf8proc_iterate(
            (const utf8proc_uint8_t *)s + i, (utf8proc_ssize_t)(n - i), &c);
        if (step <= 0)
            return false;
        if (c == ' ' && before == ' ')
            return false;
        if (c == '.' || c == '-') {
            /* only behind a letter or digit, or a dot (v.d.-) */
            if (i == 0)
                return false;
        } else if (is_latin_letter(c) || (c >= '0' && c <= '9')) {
            letter = true;
        } else if (c != ' ') {
            return false;
        }
        before = c;
        i += (size_t)step;
    }
    return letter && before != ' ';
}

enum mk_err mk_fold_name(struct mk_buf *out, const void *name, size_t n,
                         struct mk_diag *diag)
{
    char text[NAME_POINTS * 4];
    char compat[NAME_POINTS * 4];
    size_t len;
    size_t len_compat;

    if (n == 0)
        return mk_fail(diag, MK_E_SYNTAX, "name");
    if (n > MK_FOLD_NAME_MAX)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "name", 0, MK_FOLD_NAME_MAX,
                          0);
    if (mk_text_valid(name, n) != n)
        return mk_fail(diag, MK_E_BAD_UTF8, "name");
    len = name_map(text, name, n, NFC_OPTIONS);
    if (len > MK_FOLD_NAME_MAX)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "name", 0, MK_FOLD_NAME_MAX,
                          0);
    /* a ligature or a superscript would look like other letters */
    len_compat = name_map(compat, name, n, NFC_OPTIONS | UTF8PROC_COMPAT);
    if (len == 0 || len != len_compat || memcmp(text, compat, len) != 0 ||
        !name_form_ok(text, len))
        return mk_fail(diag, MK_E_SYNTAX, "name");
    return mk_buf_add(out, text, len);
}

bool mk_fold_name_key(uint8_t out[static MK_HASH], const void *name, size_t n)
{
    char text[NAME_POINTS * 4];
    size_t len;

    if (n == 0 || n > MK_FOLD_NAME_MAX || mk_text_valid(name, n) != n)
        return false;
    len = name_map(text, name, n, NFC_OPTIONS | UTF8PROC_CASEFOLD);
    if (len == 0)
        return false;
    mk_sha256(out, text, len);
    return true;
}
