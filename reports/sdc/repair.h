/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cheapest way out: a table in which a target is as far off as it must
 * be, and the classes that would have to be hidden for it.
 *
 *   minimise   sum price * |row - value|   over rows that are not hidden
 *   so that    the target is far enough
 */
#ifndef MK_SDC_REPAIR_H
#define MK_SDC_REPAIR_H

#include "reports/sdc/rules.h"

struct mk_sdc_repair;

/* Owns: mk_sdc_repair_free.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_sdc_repair_new(struct mk_sdc_repair **out,
                                          const struct mk_sdc_system *s,
                                          uint64_t *work);
void mk_sdc_repair_free(struct mk_sdc_repair *r);

/* Price of moving a class by one; 0 for what is hidden.  MUST_SHOW classes do
 * not move, MUST_HIDE ones are free. */
void mk_sdc_repair_price(struct mk_sdc_repair *r, uint32_t cls, double price);

/*
 * The cheapest table in which target is at least distance above (below) value,
 * with class insider at 1 (NONE: nobody).  moved[i] for each class that moves;
 * *price of it all, INFINITY where there is no such table.
 */
MK_MUST_USE enum mk_err mk_sdc_repair_way(struct mk_sdc_repair *r,
                                          struct mk_sdc_target target,
                                          int64_t value, int64_t distance,
                                          bool up, uint32_t insider,
                                          bool *moved, double *price);

#endif
