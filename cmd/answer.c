/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/answer.h"

#include <string.h>

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool same_word(const char *p, size_t n, const char *word)
{
    if (strlen(word) != n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (upper(p[i]) != upper(word[i]))
            return false;
    return true;
}

static void trim(struct mk_buf *b)
{
    size_t from = 0, n = b->len;
    while (n > 0 && is_blank(b->data[n - 1]))
        n--;
    while (from < n && is_blank(b->data[from]))
        from++;
    if (from > 0)
        memmove(b->data, b->data + from, n - from);
    b->len = n - from;
}

/* ONB or NR whatever its capitals; NULL if it is neither. */
static const char *unknown(const struct mk_field_info *f, const char *p,
                           size_t n)
{
    if (!(f->flags & MK_FIELD_UNKNOWN))
        return NULL;
    return same_word(p, n, "ONB")  ? "ONB"
           : same_word(p, n, "NR") ? "NR"
                                   : NULL;
}

/* The slug that p means; NULL if none. */
static const char *code(const struct mk_field_info *f, const char *p, size_t n)
{
    const struct mk_code *c;
    for (size_t i = 0;
         f->list >= 0 && (c = mk_code_at((enum mk_list)f->list, i)) != NULL;
         i++)
        if (same_word(p, n, c->slug))
            return c->slug;
    return unknown(f, p, n);
}

/* One code, or several with anything between them that is no letter. */
static enum mk_err tidy_codes(struct mk_buf *out, const struct mk_buf *answer,
                              const struct mk_field_info *f)
{
    enum mk_err rc = MK_OK;
    const char *p = (const char *)answer->data;
    for (size_t i = 0; i < answer->len;) {
        size_t n = 0;
        while (i + n < answer->len && p[i + n] != ' ' && p[i + n] != ',')
            n++;
        const char *slug = n ? code(f, p + i, n) : NULL;
        if (n > 0 && out->len > 0)
            MK_TRY(mk_buf_add_u8(out, ' '));
        if (slug)
            MK_TRY(mk_buf_add_str(out, slug));
        else
            MK_TRY(mk_buf_add(out, p + i, n));
        i += n + (i + n < answer->len);
    }
out:
    return rc;
}

/* Digits from *p on, at most four; the number of them. */
static size_t number(const char *p, size_t n, int *value)
{
    size_t i = 0;
    for (*value = 0; i < n && i < 4 && p[i] >= '0' && p[i] <= '9'; i++)
        *value = *value * 10 + (p[i] - '0');
    return i;
}

/* D-M-YYYY; with month only: M-YYYY.  False if p is not that. */
static bool day_first(const char *p, size_t n, bool month_only,
                      char out[MK_DATE_TEXT])
{
    int v[3] = {1, 0, 0};
    size_t at = 0, len = 0;
    for (size_t i = month_only ? 1 : 0; i < 3; i++) {
        len = number(p + at, n - at, &v[i]);
        at += len;
        if (len == 0 || (i < 2 && len > 2))
            return false;
        if (i < 2 && (at == n || strchr("-/.", p[at]) == NULL))
            return false;
        at += i < 2;
    }
    if (at != n || len != 4 || !mk_date_valid(v[2], v[1], v[0]))
        return false;
    mk_date_format(out, mk_date_day(v[2], v[1], v[0]));
    if (month_only)
        out[7] = '\0';
    return true;
}

static enum mk_err add_day(struct mk_buf *out, const char *p, size_t n,
                           const struct mk_field_info *f, mk_day today,
                           bool *said)
{
    char text[MK_DATE_TEXT] = "";
    const char *word = unknown(f, p, n);
    if (word)
        return mk_buf_add_str(out, word);
    if (same_word(p, n, "vandaag") || same_word(p, n, "today"))
        mk_date_format(text, today);
    else if (same_word(p, n, "gisteren") || same_word(p, n, "yesterday"))
        mk_date_format(text, today - 1);
    else if (!day_first(p, n, false, text) &&
             !(f->type == MK_T_PERIOD && day_first(p, n, true, text)))
        return mk_buf_add(out, p, n);
    *said = true;
    return mk_buf_add_str(out, text);
}

static enum mk_err tidy_days(struct mk_buf *out, const struct mk_buf *answer,
                             const struct mk_field_info *f, mk_day today,
                             bool *said)
{
    enum mk_err rc;
    const char *p = (const char *)answer->data;
    const char *slash = memchr(p, '/', answer->len);
    size_t n = answer->len, one = slash ? (size_t)(slash - p) : n;
    /* 1/3/2026 is a day, 2026-03-01/2026-03-05 a period */
    if (f->type != MK_T_PERIOD || one < 6)
        return add_day(out, p, n, f, today, said);
    MK_TRY(add_day(out, p, one, f, today, said));
    if (slash) {
        MK_TRY(mk_buf_add_u8(out, '/'));
        MK_TRY(add_day(out, slash + 1, n - one - 1, f, today, said));
    }
out:
    return rc;
}

static enum mk_err tidy_digits(struct mk_buf *out, const struct mk_buf *answer,
                               const struct mk_field_info *f)
{
    enum mk_err rc = MK_OK;
    const char *word = unknown(f, (const char *)answer->data, answer->len);
    if (word)
        return mk_buf_add_str(out, word);
    for (size_t i = 0; i < answer->len; i++)
        if (!is_blank(answer->data[i]))
            MK_TRY(mk_buf_add_u8(out, answer->data[i]));
out:
    return rc;
}

enum mk_err mk_answer_tidy(struct mk_buf *answer,
                           const struct mk_field_info *f, mk_day today,
                           bool *said)
{
    enum mk_err rc = MK_OK;
    struct mk_buf out = MK_BUF_INIT;
    *said = false;
    if (f->type == MK_T_TEXT)
        return MK_OK;
    trim(answer);
    if (answer->len == 0)
        return MK_OK;
    switch (f->type) {
    case MK_T_CODE:
    case MK_T_CODES:
        rc = tidy_codes(&out, answer, f);
        break;
    case MK_T_DATE:
    case MK_T_PERIOD:
        rc = tidy_days(&out, answer, f, today, said);
        break;
    case MK_T_LRK:
        rc = tidy_digits(&out, answer, f);
        break;
    case MK_T_KEY:
    case MK_T_LINE:
    case MK_T_TEXT:
    case MK_T_TAG:
    case MK_T_NUMBER:
    case MK_T_MEMBER:
        return MK_OK;
    }
    if (rc == MK_OK)
        mk_buf_take(answer, &out);
    mk_buf_release(&out);
    return rc;
}
