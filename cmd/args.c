/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/args.h"

#include <stdio.h>
#include <string.h>

enum {
    GLOBAL = MK_OPTION_GLOBAL,
    REPEAT = MK_OPTION_REPEAT,
    FILE_OF_HIS = MK_OPTION_FILE
};
static const struct mk_option_info options[MK_OPT_COUNT] = {
#define MK_OPTION(NAME, letter, nl, en, arg_nl, arg_en, flags, text_nl, \
                  text_en)                                              \
    {letter, nl, en, arg_nl, arg_en, flags, text_nl, text_en},
#include "cmd/options.def"
#undef MK_OPTION
};
_Static_assert(MK_OPT_COUNT <= 128, "a set of options is 128 bits");

const struct mk_option_info *mk_option_get(enum mk_option o)
{
    return (unsigned)o < MK_OPT_COUNT ? &options[o] : NULL;
}

static bool same(const char *name, const char *p, size_t n)
{
    return strlen(name) == n && memcmp(name, p, n) == 0;
}

static bool find_long(const char *p, size_t n, enum mk_option *out)
{
    for (unsigned i = 0; i < MK_OPT_COUNT; i++) {
        if (same(options[i].nl, p, n) || same(options[i].en, p, n)) {
            *out = (enum mk_option)i;
            return true;
        }
    }
    return false;
}

static bool find_letter(char letter, enum mk_option *out)
{
    for (unsigned i = 0; i < MK_OPT_COUNT; i++) {
        if (options[i].letter != 0 && options[i].letter == letter) {
            *out = (enum mk_option)i;
            return true;
        }
    }
    return false;
}

/* Edits (insert, delete, replace) between two short names. */
static unsigned distance(const char *a, const char *p, size_t n)
{
    unsigned row[40];
    size_t m = strlen(a);
    if (n >= 40 || m >= 40)
        return 99;
    for (unsigned j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; i <= m; i++) {
        unsigned corner = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= n; j++) {
            unsigned best = corner + (a[i - 1] != p[j - 1]);
            corner = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[n];
}

/* A word that looks like an option may hold anything: only letters of one are
 * said back. */
static enum mk_err unknown(const char *p, size_t n, bool english,
                           struct mk_diag *diag)
{
    char place[sizeof diag->place];
    const char *near = NULL;
    unsigned best = 3;
    for (unsigned i = 0; i < MK_OPT_COUNT; i++) {
        const char *names[2] = {options[i].nl, options[i].en};
        for (int k = 0; k < 2; k++) {
            unsigned d = distance(names[k], p, n);
            if (d < best) {
                best = d;
                near = names[k];
            }
        }
    }
    size_t shown = strspn(p, "abcdefghijklmnopqrstuvwxyz-");
    if (shown > n)
        shown = n;
    if (shown > 24)
        shown = 24;
    snprintf(place, sizeof place,
             english ? "unknown option --%.*s%s%s%s"
                     : "onbekende optie --%.*s%s%s%s",
             (int)shown, p,
             near == NULL ? ""
             : english    ? " (did you mean --"
                          : " (bedoelde u --",
             near ? near : "", near ? "?)" : "");
    return mk_fail(diag, MK_E_USAGE, place);
}

static enum mk_err wrong(const char *what_nl, const char *what_en,
                         enum mk_option o, bool english, struct mk_diag *diag)
{
    char place[sizeof diag->place];
    snprintf(place, sizeof place, "%s --%s", english ? what_en : what_nl,
             english ? options[o].en : options[o].nl);
    return mk_fail(diag, MK_E_USAGE, place);
}

static enum mk_err add(struct mk_args *args, enum mk_option o,
                       const char *value, bool english, struct mk_diag *diag)
{
    if (!(options[o].flags & REPEAT) && mk_args_has(args, o))
        return wrong("tweemaal", "twice", o, english, diag);
    if (args->n_given == MK_ARGS_MAX)
        return wrong("te veel opties bij", "too many options at", o, english,
                     diag);
    args->given[args->n_given].option = o;
    args->given[args->n_given].value = value;
    args->n_given++;
    return MK_OK;
}

/* One argument that begins with "-"; *i is moved past a value of its own. */
static enum mk_err option(struct mk_args *args, size_t n, char *const argv[],
                          size_t *i, bool english, struct mk_diag *diag)
{
    const char *name = argv[*i];
    const char *value = NULL;
    enum mk_option o;
    bool found;
    if (name[1] == '-') {
        name += 2;
        size_t len = strcspn(name, "=");
        if (name[len] == '=')
            value = name + len + 1;
        found = find_long(name, len, &o);
        if (!found)
            return unknown(name, len, english, diag);
    } else {
        found = find_letter(name[1], &o);
        if (!found)
            return unknown(name + 1, strcspn(name + 1, "="), english, diag);
        if (name[2] != '\0')
            value = name + 2;
    }
    if (options[o].arg_nl[0] == '\0') {
        if (value != NULL)
            return wrong("er hoort geen waarde bij", "no value belongs to", o,
                         english, diag);
    } else if (value == NULL) {
        if (*i + 1 >= n)
            return wrong("er ontbreekt een waarde bij",
                         "a value is missing at", o, english, diag);
        value = argv[++*i];
    }
    return add(args, o, value, english, diag);
}

enum mk_err mk_args_parse(struct mk_args *args, size_t n, char *const argv[],
                          bool english, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    bool only_words = false;
    memset(args, 0, sizeof *args);
    for (size_t i = 0; i < n; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = true;
        } else if (!only_words && argv[i][0] == '-' && argv[i][1] != '\0') {
            MK_TRY(option(args, n, argv, &i, english, diag));
        } else if (args->n_words == MK_ARGS_MAX) {
            return mk_fail(diag, MK_E_USAGE,
                           english ? "too many words" : "te veel woorden");
        } else {
            args->word[args->n_words++] = argv[i];
        }
    }
out:
    return rc;
}

bool mk_args_has(const struct mk_args *args, enum mk_option o)
{
    for (size_t i = 0; i < args->n_given; i++)
        if (args->given[i].option == o)
            return true;
    return false;
}

const char *mk_args_value(const struct mk_args *args, enum mk_option o)
{
    const char *value = NULL;
    for (size_t i = 0; i < args->n_given; i++)
        if (args->given[i].option == o)
            value = args->given[i].value;
    return value;
}
