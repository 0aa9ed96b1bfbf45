/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/rule.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/num.h"

enum key { THRESHOLD, ZEROS, INSIDER, GROUP, MIN, SHARE, KEYS };
static const struct {
    const char *name;
    uint64_t lo, hi; /* of a number */
} keys[KEYS] = {
    [THRESHOLD] = {"threshold", 2, 1000},
    [ZEROS] = {"zeros", 0, 0},
    [INSIDER] = {"insider", 0, 0},
    [GROUP] = {"group", 0, 0},
    [MIN] = {"contributors_min", 1, 1000},
    [SHARE] = {"contributors_share", 1, 100},
};

void mk_rule_init(struct mk_rule *rule)
{
    *rule = (struct mk_rule){
        .threshold = 5,
        .insider = true,
        .group_category = true,
        .group_reporter = true,
        .contributors_min = 3,
        .contributors_share = 50,
    };
}

static bool is(const char *p, size_t n, const char *word)
{
    return strlen(word) == n && memcmp(p, word, n) == 0;
}

/* One of two words; *second says which. */
static bool take_word(const char *p, size_t n, const char *a, const char *b,
                      bool *second)
{
    *second = is(p, n, b);
    return *second || is(p, n, a);
}

/* "none", or names with a comma or spaces between, each once. */
static bool take_group(struct mk_rule *rule, const char *p, size_t n)
{
    rule->group_category = rule->group_reporter = false;
    if (is(p, n, "none"))
        return true;
    for (size_t at = 0; at < n;) {
        size_t len = 0;
        while (at + len < n && p[at + len] != ',' && p[at + len] != ' ')
            len++;
        bool *dim = is(p + at, len, "category")   ? &rule->group_category
                    : is(p + at, len, "reporter") ? &rule->group_reporter
                                                  : NULL;
        if (!dim || *dim)
            return false;
        *dim = true;
        at += len;
        if (at < n && p[at] == ',' && ++at == n)
            return false;
        while (at < n && p[at] == ' ')
            at++;
    }
    return rule->group_category || rule->group_reporter;
}

static bool take_value(struct mk_rule *rule, enum key key, const char *p,
                       size_t n)
{
    bool no;
    switch (key) {
    case THRESHOLD:
        return mk_num_parse(p, n, 2, 1000, &rule->threshold);
    case ZEROS:
        return take_word(p, n, "published", "protected",
                         &rule->zeros_protected);
    case INSIDER:
        if (!take_word(p, n, "J", "N", &no))
            return false;
        rule->insider = !no;
        return true;
    case GROUP:
        return take_group(rule, p, n);
    case MIN:
        return mk_num_parse(p, n, 1, 1000, &rule->contributors_min);
    case SHARE:
        return mk_num_parse(p, n, 1, 100, &rule->contributors_share);
    case KEYS:
        break;
    }
    return false;
}

enum mk_err mk_rule_set(struct mk_rule *rule, const char *key, size_t key_len,
                        const void *value, size_t n, uint64_t line,
                        struct mk_diag *diag)
{
    size_t k = 0;
    while (k < KEYS && !is(key, key_len, keys[k].name))
        k++;
    if (k == KEYS)
        return mk_fail_at(diag, MK_E_UNKNOWN_KEY, "?", line, 0, 0);
    if (rule->given & 1u << k)
        return mk_fail_at(diag, MK_E_DUPLICATE_KEY, keys[k].name, line, 0, 0);
    rule->given |= 1u << k;
    if (take_value(rule, (enum key)k, value, n))
        return MK_OK;
    return mk_fail_at(diag, keys[k].hi ? MK_E_BAD_NUMBER : MK_E_BAD_VALUE,
                      keys[k].name, line, (int64_t)keys[k].lo,
                      (int64_t)keys[k].hi);
}

void mk_rule_format(char out[static MK_RULE_TEXT], const struct mk_rule *rule)
{
    const char *group =
        rule->group_category
            ? (rule->group_reporter ? "category,reporter" : "category")
            : (rule->group_reporter ? "reporter" : "none");
    (void)snprintf(out, MK_RULE_TEXT,
                   "threshold=%" PRIu64 " zeros=%s insider=%s group=%s "
                   "contributors_min=%" PRIu64 " contributors_share=%" PRIu64,
                   rule->threshold,
                   rule->zeros_protected ? "protected" : "published",
                   rule->insider ? "J" : "N", group, rule->contributors_min,
                   rule->contributors_share);
}

enum mk_err mk_rule_parse(struct mk_rule *rule, const char *text, size_t n,
                          struct mk_diag *diag)
{
    char again[MK_RULE_TEXT];
    mk_rule_init(rule);
    for (size_t at = 0; at < n;) {
        const char *end = memchr(text + at, ' ', n - at);
        size_t len = end ? (size_t)(end - (text + at)) : n - at;
        const char *sign = memchr(text + at, '=', len);
        size_t key = sign ? (size_t)(sign - (text + at)) : len;
        if (!sign)
            return mk_fail(diag, MK_E_SYNTAX, "rule");
        enum mk_err rc = mk_rule_set(rule, text + at, key, sign + 1,
                                     len - key - 1, 0, diag);
        if (rc != MK_OK)
            return rc;
        at += len + (end != NULL);
    }
    mk_rule_format(again, rule);
    return is(text, n, again) ? MK_OK : mk_fail(diag, MK_E_SYNTAX, "rule");
}
