/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The head of a release: read as hostile text, line by line. */
#include "core/release.h"

#include <string.h>

#include "core/base/num.h"
#include "core/base/text.h"
#include "core/codes.h"

#define VERSION 2 /* the newest; 1 has no rule */

static const char *const kinds[] = {
    [MK_RELEASE_FACTSHEET] = "factsheet",
    [MK_RELEASE_TABLE] = "table",
    [MK_RELEASE_REVISION] = "revision",
};
#define N_KINDS (sizeof kinds / sizeof kinds[0])

const char *mk_release_kind_slug(enum mk_release_kind kind)
{
    return kind > 0 && (size_t)kind < N_KINDS ? kinds[kind] : "";
}

/* What is left of the head, and where that is. */
struct head {
    const char *p;
    size_t left;
    uint64_t line; /* of what was read last */
};
struct word {
    const char *p;
    size_t n;
};

static bool is(struct word w, const char *text)
{
    return strlen(text) == w.n && memcmp(w.p, text, w.n) == 0;
}

static enum mk_err refuse(const struct head *h, enum mk_err err,
                          const char *key, struct mk_diag *diag)
{
    return mk_fail_at(diag, err, key, h->line, 0, 0);
}

/* The next line is "key: value", with a value. */
static enum mk_err value_of(struct head *h, const char *key,
                            struct word *value, struct mk_diag *diag)
{
    size_t n = strlen(key);
    const char *end = h->left > 0 ? memchr(h->p, '\n', h->left) : NULL;
    size_t line = end ? (size_t)(end - h->p) : 0;

    h->line++;
    if (line < n + 3 || memcmp(h->p, key, n) != 0 ||
        memcmp(h->p + n, ": ", 2) != 0)
        return refuse(h, MK_E_SYNTAX, key, diag);
    *value = (struct word){h->p + n + 2, line - n - 2};
    h->p += line + 1;
    h->left -= line + 1;
    return MK_OK;
}

/* The next of words with one space between; false at their end.  An empty word
 * is one, and no number. */
static bool next_word(struct word *rest, struct word *word)
{
    const char *space;

    if (rest->p == NULL)
        return false;
    space = memchr(rest->p, ' ', rest->n);
    word->p = rest->p;
    word->n = space ? (size_t)(space - rest->p) : rest->n;
    *rest = space ? (struct word){space + 1, rest->n - word->n - 1}
                  : (struct word){NULL, 0};
    return true;
}

static enum mk_err read_version(struct head *h, struct mk_release *r,
                                struct mk_diag *diag)
{
    enum mk_err rc;
    struct word value;
    uint64_t version;

    MK_TRY(value_of(h, "meldkluis-release", &value, diag));
    if (!mk_num_parse(value.p, value.n, 1, INT32_MAX, &version))
        rc = refuse(h, MK_E_SYNTAX, "meldkluis-release", diag);
    else if (version > VERSION)
        rc = mk_fail_at(diag, MK_E_NEWER, "meldkluis-release", h->line,
                        (int64_t)version, VERSION);
    else
        r->has_rule = version == VERSION;
out:
    return rc;
}

_Static_assert(MK_RELEASE_NAME == MK_TEXT_NAME, "one rule for names");

bool mk_release_name_ok(const char *name)
{
    return mk_text_is_name(name, strlen(name));
}

static enum mk_err read_name(struct head *h, struct mk_release *r,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    struct word value;

    MK_TRY(value_of(h, "name", &value, diag));
    if (!mk_text_is_name(value.p, value.n)) {
        rc = refuse(h, MK_E_BAD_NAME, "name", diag);
        goto out;
    }
    memcpy(r->name, value.p, value.n);
    r->name[value.n] = '\0';
out:
    return rc;
}

/* One of the words of list; *which is its place there. */
static enum mk_err read_choice(struct head *h, const char *key,
                               const char *const *list, size_t n,
                               size_t *which, struct mk_diag *diag)
{
    enum mk_err rc;
    struct word value;

    MK_TRY(value_of(h, key, &value, diag));
    for (*which = 0; *which < n; ++*which)
        if (list[*which] != NULL && is(value, list[*which]))
            return MK_OK;
    rc = refuse(h, MK_E_SYNTAX, key, diag);
out:
    return rc;
}

static enum mk_err read_years(struct head *h, struct mk_release *r,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct word rest, word;
    uint64_t year = 1989;

    MK_TRY(value_of(h, "years", &rest, diag));
    while (next_word(&rest, &word)) {
        if (r->n_years == MK_CUBE_YEARS ||
            !mk_num_parse(word.p, word.n, year + 1, 2199, &year)) {
            rc = refuse(h, MK_E_SYNTAX, "years", diag);
            goto out;
        }
        r->years[r->n_years++] = (int)year;
    }
out:
    return rc;
}

static enum mk_err read_positions(struct head *h, struct mk_release *r,
                                  struct mk_diag *diag)
{
    enum mk_err rc;
    struct word rest, word;
    size_t n = 0;

    MK_TRY(value_of(h, "positions", &rest, diag));
    while (next_word(&rest, &word)) {
        if (n == r->n_years ||
            !mk_num_parse(word.p, word.n, 0, INT64_MAX, &r->positions[n++])) {
            rc = refuse(h, MK_E_SYNTAX, "positions", diag);
            goto out;
        }
    }
    if (n != r->n_years)
        rc = refuse(h, MK_E_SYNTAX, "positions", diag);
out:
    return rc;
}

static enum mk_err read_audience(struct head *h, struct mk_release *r,
                                 struct mk_diag *diag)
{
    enum mk_err rc;
    struct word value;
    const struct mk_code *code;

    MK_TRY(value_of(h, "audience", &value, diag));
    code = mk_code_find(MK_LIST_AUDIENCE, value.p, value.n);
    if (code == NULL) {
        if (diag != NULL)
            diag->list = MK_LIST_AUDIENCE;
        rc = refuse(h, MK_E_BAD_CODE, "audience", diag);
        goto out;
    }
    r->audience = code->number;
out:
    return rc;
}

static enum mk_err read_threshold(struct head *h, struct mk_release *r,
                                  struct mk_diag *diag)
{
    enum mk_err rc;
    struct word value;

    MK_TRY(value_of(h, "threshold", &value, diag));
    if (!mk_num_parse(value.p, value.n, 2, 1000, &r->threshold))
        rc = mk_fail_at(diag, MK_E_BAD_NUMBER, "threshold", h->line, 2, 1000);
out:
    return rc;
}

/* What its threshold says it says again. */
static enum mk_err read_rule(struct head *h, struct mk_release *r,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    struct word value;

    MK_TRY(value_of(h, "rule", &value, diag));
    if (mk_rule_parse(&r->rule, value.p, value.n, NULL) != MK_OK ||
        r->rule.threshold != r->threshold)
        rc = refuse(h, MK_E_SYNTAX, "rule", diag);
out:
    return rc;
}

static enum mk_err read_head(struct head *h, struct mk_release *r,
                             struct mk_diag *diag)
{
    static const char *const bases[] = {"calendar", "school"};
    static const char *const methods[] = {"suppress", "exact"};
    enum mk_err rc;
    size_t which;

    MK_TRY(read_version(h, r, diag));
    MK_TRY(read_name(h, r, diag));
    MK_TRY(read_choice(h, "kind", kinds, N_KINDS, &which, diag));
    r->kind = (enum mk_release_kind)which;
    MK_TRY(read_years(h, r, diag));
    MK_TRY(read_positions(h, r, diag));
    MK_TRY(read_choice(h, "basis", bases, 2, &which, diag));
    r->school_year = which == 1;
    MK_TRY(read_audience(h, r, diag));
    MK_TRY(read_threshold(h, r, diag));
    MK_TRY(read_choice(h, "method", methods, 2, &which, diag));
    r->exact = which == 1;
    if (r->has_rule)
        MK_TRY(read_rule(h, r, diag));
    h->line++;
    if (h->left < 2 || h->p[0] != '\n')
        rc = refuse(h, MK_E_SYNTAX, "meldkluis-release", diag);
out:
    return rc;
}

enum mk_err mk_release_parse(struct mk_release *out, const void *text,
                             size_t n, struct mk_diag *diag)
{
    struct head h = {.p = text, .left = n};

    memset(out, 0, sizeof *out);
    if (n > MK_RELEASE_MAX)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "meldkluis-release", 0,
                          (int64_t)MK_RELEASE_MAX, 0);
    if (mk_text_valid(text, n) != n)
        return mk_fail(diag, MK_E_BAD_UTF8, "meldkluis-release");
    return read_head(&h, out, diag);
}
