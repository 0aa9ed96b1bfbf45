/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rule of disclosure control, as a policy states it: in a file of keys
 * (deb822 style, read by who has the form), and in one line between the
 * programs and in the register:
 *
 *   threshold=7 zeros=protected insider=J group=category,reporter
 *   contributors_min=3 contributors_share=50          (without a line end)
 *
 * A key that is not given has its default, and the line always has all of
 * them in this order: one policy has one line.  What they mean stands in
 * docs/DISCLOSURE.md.
 */
#ifndef MK_BASE_RULE_H
#define MK_BASE_RULE_H

#include "core/base/buf.h"

#define MK_RULE_TEXT 160 /* bytes of a line, with its end */

struct mk_rule {
    uint64_t threshold; /* 2 .. 1000 (5) */
    bool zeros_protected;
    bool insider;                        /* (true) */
    bool group_category, group_reporter; /* (both) */
    uint64_t contributors_min;           /* 1 .. 1000 (3) */
    uint64_t contributors_share;         /* percent, 1 .. 100 (50) */
    unsigned given;                      /* keys that were set, bits */
};
void mk_rule_init(struct mk_rule *rule); /* the defaults */

/*
 * One key with its value; line is told in errors.
 * Errors: E_UNKNOWN_KEY, E_DUPLICATE_KEY, E_BAD_NUMBER (num: the limits),
 * E_BAD_VALUE; the key is the place, and a key that is none of these "?".
 */
MK_MUST_USE enum mk_err mk_rule_set(struct mk_rule *rule, const char *key,
                                    size_t key_len, const void *value,
                                    size_t n, uint64_t line,
                                    struct mk_diag *diag);

void mk_rule_format(char out[static MK_RULE_TEXT], const struct mk_rule *rule);
/* Exactly what mk_rule_format writes.  Errors: E_SYNTAX, those of set; place
 * "rule" or the key. */
MK_MUST_USE enum mk_err mk_rule_parse(struct mk_rule *rule, const char *text,
                                      size_t n, struct mk_diag *diag);

#endif
