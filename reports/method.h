/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The method page of a factsheet: how the figures come about, for whoever
 * reads or reuses them.  A flat list; a renderer puts it at the end of the
 * document and decides nothing:
 *
 *     heading  text            a section: heading and paragraph
 *     heading  text  (term)    a line of the list under the section before it:
 *                              a word and what it means
 *
 * The texts stand in method.def; none depends on a figure.
 */
#ifndef MK_REPORTS_METHOD_H
#define MK_REPORTS_METHOD_H

#include "reports/factsheet.h"

struct mk_method_item {
    const char *id; /* "population", for an anchor; of a term too */
    bool term;
    const char *heading; /* static */
    struct mk_buf text;  /* terminated; may be "" for a section */
};
#define MK_METHOD_MAX 64

struct mk_method {
    struct mk_method_item item[MK_METHOD_MAX];
    size_t n;
};

void mk_method_init(struct mk_method *m);
void mk_method_release(struct mk_method *m);

/*
 * Fills m, which is empty, for f: its language, policy, threshold, years.
 * Errors: E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_method_build(struct mk_method *m,
                                        const struct mk_factsheet *f);

#endif
