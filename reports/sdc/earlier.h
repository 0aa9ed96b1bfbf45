/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The earlier figures in the way, in words: which release, which table, which
 * cell.  A release without a name is "#1", "#2" by its place.
 */
#ifndef MK_SDC_EARLIER_H
#define MK_SDC_EARLIER_H

#include "reports/sdc/model.h"

#define MK_SDC_EARLIER_NAME 44 /* bytes of a name in a message, with its end */

/* The name of the first earlier release that has the cell, its end where it is
 * long (of a path that says most); false where none has it. */
MK_MUST_USE bool mk_sdc_earlier_of(const struct mk_sdc_model *model,
                                   size_t cell,
                                   char name[static MK_SDC_EARLIER_NAME]);
/* The dimensions of the table of that release in which the cell stands, with
 * commas; "*" where it is the total of all. */
void mk_sdc_earlier_table(const struct mk_sdc_model *model, size_t cell,
                          char *text, size_t n);
/* The names of all of them, with ", " between, cut to n bytes. */
void mk_sdc_earlier_names(const struct mk_sdc_model *model, char *text,
                          size_t n);

/* Fails with E_EARLIER about a figure of the earlier release number `release`
 * (from 1; 0: of all of them) in the cell, or in what (where cell is
 * MK_SDC_ANY): "A: category=SM". */
enum mk_err mk_sdc_earlier_refuse(const struct mk_sdc_model *model,
                                  size_t release, uint32_t cell,
                                  const char *what, struct mk_diag *diag);

/* Fails with E_UNSAFE about that row of the earlier release number `release`,
 * which has the cell: "A: cells[3]: category=SM"; num[0]: its threshold. */
enum mk_err mk_sdc_earlier_unsafe(const struct mk_sdc_model *model,
                                  size_t release, size_t row, uint32_t cell,
                                  struct mk_diag *diag);

#endif
