/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * text -> code points (NFKD, folded, no marks) -> words -> without the words
 * that Dutch names carry in front
 */
#include "core/fold.h"

#include <string.h>
#include <utf8proc.h>

#include "core/base/text.h"

#define SEARCH_OPTIONS                                        \
    (UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | \
     UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE)

/* Words between first name and surname, always left out: whole, and in the
 * ways they are shortened (v.d. and v/d are the words v and d). */
static const char *const prefixes[] = {
    "d",  "da",  "de",    "del",    "den",    "der", "des", "di",  "du",
    "el", "het", "la",    "le",     "l",      "t",   "te",  "ten", "ter",
    "v",  "van", "vande", "vanden", "vander", "vd",  "vdr", "von", "vt",
};
/* Left out only in front of an article: in 't Veld, op den Berg. */
static const char *const before_article[] = {
    "aan",   "achter", "bij",  "by",  "boven", "in",
    "onder", "op",     "over", "tot", "uit",   "voor",
};
static const char *const articles[] = {"t", "de", "den", "der", "het"};

/* Letters that NFKD leaves whole. */
static const struct {
    utf8proc_int32_t c;
    const char *as;
} letters[] = {
    {0xe6, "ae"}, {0xf0, "d"},  {0xf8, "o"},  {0xfe, "th"},  {0x111, "d"},
    {0x127, "h"}, {0x131, "i"}, {0x142, "l"}, {0x153, "oe"}, {0x167, "t"},
};

struct word {
    size_t at; /* in the text of words */
    size_t n;
};

#define IN(list, s, n) is_one_of(list, sizeof list / sizeof *list, s, n)

static bool is_one_of(const char *const *list, size_t count, const char *s,
                      size_t n)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(list[i]) == n && memcmp(list[i], s, n) == 0)
            return true;
    return false;
}

static bool is_word_char(utf8proc_int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return true;
    default:
        return false;
    }
}

static bool is_apostrophe(utf8proc_int32_t c)
{
    return c == '\'' || c == '`' || c == 0xb4 || c == 0x2018 || c == 0x2019 ||
           c == 0x2bc || c == 0x2032;
}

/* O'Brien is one word, d'Hondt and in't Veld are two. */
static bool apostrophe_splits(const char *s, size_t n)
{
    return IN(prefixes, s, n) || IN(before_article, s, n);
}

static enum mk_err add_letter(struct mk_buf *out, size_t word_at,
                              utf8proc_int32_t c)
{
    utf8proc_uint8_t utf8[4];
    utf8proc_ssize_t n;

    if (c == 'j' && out->len > word_at && out->data[out->len - 1] == 'i') {
        out->data[out->len - 1] = 'y';
        return MK_OK;
    }
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (letters[i].c == c)
            return mk_buf_add_str(out, letters[i].as);
    n = utf8proc_encode_char(c, utf8);
    return mk_buf_add(out, utf8, (size_t)n);
}

/* Words of the points, each followed by one space. */
static enum mk_err add_words(struct mk_buf *out,
                             const utf8proc_int32_t *points, size_t n)
{
    enum mk_err rc = MK_OK;
    size_t at = out->len; /* begin of the word being made */

    for (size_t i = 0; i < n; i++) {
        bool apostrophe = is_apostrophe(points[i]);
        if (!apostrophe && is_word_char(points[i])) {
            MK_TRY(add_letter(out, at, points[i]));
            continue;
        }
        if (out->len == at)
            continue;
        if (apostrophe &&
            !apostrophe_splits((const char *)out->data + at, out->len - at))
            continue;
        MK_TRY(mk_buf_add_u8(out, ' '));
        at = out->len;
    }
    if (out->len > at)
        rc = mk_buf_add_u8(out, ' ');
out:
    return rc;
}

/* The word at or after *at; false at the end.  Words end with a space. */
static bool next_word(const char *text, size_t n, size_t *at, struct word *w)
{
    const char *space;
    if (*at >= n)
        return false;
    space = memchr(text + *at, ' ', n - *at);
    w->at = *at;
    w->n = space ? (size_t)(space - (text + *at)) : n - *at;
    *at += w->n + 1;
    return true;
}

static bool is_left_out(const char *text, size_t n, struct word w, size_t next,
                        bool after_v)
{
    struct word after;
    if (IN(prefixes, text + w.at, w.n))
        return true;
    if (after_v && w.n == 1 && text[w.at] == 'h') /* v.h.: van het */
        return true;
    return IN(before_article, text + w.at, w.n) &&
           next_word(text, n, &next, &after) &&
           IN(articles, text + after.at, after.n);
}

static enum mk_err add_kept(struct mk_buf *out, const char *text, size_t n,
                            bool all)
{
    enum mk_err rc = MK_OK;
    size_t began = out->len;
    size_t at = 0;
    bool after_v = false;
    struct word w;

    while (next_word(text, n, &at, &w)) {
        if (all || !is_left_out(text, n, w, at, after_v)) {
            if (out->len > began)
                MK_TRY(mk_buf_add_u8(out, ' '));
            MK_TRY(mk_buf_add(out, text + w.at, w.n));
        }
        after_v = w.n == 1 && text[w.at] == 'v';
    }
out:
    return rc;
}

enum mk_err mk_fold_search(struct mk_buf *out, const void *text, size_t n)
{
    enum mk_err rc = MK_OK;
    struct mk_buf points = MK_BUF_INIT;
    struct mk_buf words = MK_BUF_INIT;
    size_t began = out->len;
    utf8proc_ssize_t need;
    utf8proc_ssize_t got;

    if (n == 0)
        return MK_OK;
    if (n > MK_BUF_MAX / 64)
        return MK_E_TOO_LARGE;
    if (mk_text_valid(text, n) != n)
        return MK_E_BAD_UTF8;
    need =
        utf8proc_decompose(text, (utf8proc_ssize_t)n, NULL, 0, SEARCH_OPTIONS);
    if (need < 0)
        return MK_E_BAD_UTF8;
    MK_TRY(mk_buf_add_zero(&points,
                           ((size_t)need + 1) * sizeof(utf8proc_int32_t)));
    got = utf8proc_decompose(text, (utf8proc_ssize_t)n, (void *)points.data,
                             need, SEARCH_OPTIONS);
    if (got != need) {
        rc = MK_E_INTERNAL;
        goto out;
    }
    MK_TRY(add_words(&words, (const void *)points.data, (size_t)need));
    if (words.len == 0)
        goto out;
    MK_TRY(add_kept(out, (const char *)words.data, words.len, false));
    if (out->len == began)
        MK_TRY(add_kept(out, (const char *)words.data, words.len, true));
out:
    mk_buf_release(&points);
    mk_buf_release(&words);
    return rc;
}

bool mk_fold_finds(const void *hay, size_t n_hay, const void *needle,
                   size_t n_needle)
{
    size_t at = 0;
    struct word w;

    if (n_needle == 0 || n_hay == 0)
        return false;
    while (next_word(needle, n_needle, &at, &w))
        if (!memmem(hay, n_hay, (const char *)needle + w.at, w.n))
            return false;
    return true;
}
