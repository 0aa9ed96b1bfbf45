/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rule: which cells are unsafe, and what an attacker must not be able to
 * infer.  Source: the page DISCLOSURE of the design, "The rule".
 */
#ifndef MK_SDC_RULES_H
#define MK_SDC_RULES_H

#include "reports/sdc/attack.h"

/*
 * A line along a dimension of `group`: all its members but one (the rest) hold
 * 0 or 1 of total.  Whoever reads it knows of (nearly) everybody in total that
 * they are in member.
 */
struct mk_sdc_line {
    uint32_t total, member; /* cells */
};
struct mk_sdc_lines {
    struct mk_sdc_line *at; /* owned */
    size_t n, cap;
};
void mk_sdc_lines_release(struct mk_sdc_lines *lines);

/*
 * Sets why and fate of the cells of a model whose values are filled in, and
 * lists the lines that disclose a group.  Zeros stay printed, unless the spec
 * protects them or a line needs them.
 * Errors: E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_sdc_rules_apply(struct mk_sdc_model *model,
                                           struct mk_sdc_lines *lines,
                                           struct mk_diag *diag);

/*
 * What has to hold for one target: counted from its true value, an attacker's
 * interval reaches up by at least up, down by at least down, and is at least
 * slide wide.
 */
struct mk_sdc_need {
    struct mk_sdc_target target;
    int64_t value;
    int64_t up, down, slide;
    uint8_t why; /* enum mk_sdc_why */
    bool unsafe; /* an unsafe cell: for the insider's rule */
};
struct mk_sdc_needs {
    struct mk_sdc_need *at; /* owned */
    size_t n, cap;
};

/* What one cell needs where it is hidden (target is left to the caller); false
 * if nothing. */
MK_MUST_USE bool mk_sdc_need_of_cell(struct mk_sdc_need *need,
                                     const struct mk_sdc_model *model,
                                     const struct mk_sdc_cell *cell);

/* Needs of the classes that are unsafe or were hidden earlier, and of the
 * lines.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_sdc_needs_make(struct mk_sdc_needs *needs,
                                          const struct mk_sdc_system *s,
                                          const struct mk_sdc_lines *lines,
                                          struct mk_diag *diag);
void mk_sdc_needs_release(struct mk_sdc_needs *needs);

/* Does an interval, as whole numbers, meet the need? */
MK_MUST_USE bool mk_sdc_need_met(const struct mk_sdc_need *need, int64_t lo,
                                 int64_t hi);

#endif
