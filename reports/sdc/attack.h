/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An attacker at work: the equations of a system, with some rows known and
 * some not, and the largest or smallest value that something can have.
 *
 * What is known of a row is set by show, hide and fraction.  A fraction is
 * asked for by the exact method only: a row that is hidden by 0 <= y <= 1 may
 * leave its value v for v (1 - y) .. v + room y.
 */
#ifndef MK_SDC_ATTACK_H
#define MK_SDC_ATTACK_H

#include "reports/sdc/lp.h"
#include "reports/sdc/system.h"

/* No attack looks further: where every figure above a cell is hidden there is
 * no largest table.  A bound of half of this is none. */
#define MK_SDC_ENDLESS 1e8

/* The value of one class, or of one less another. */
struct mk_sdc_target {
    uint32_t plus, minus; /* classes; minus may be MK_SDC_NONE */
};

struct mk_sdc_attack {
    const struct mk_sdc_system *s; /* borrowed */
    struct mk_lp *lp;
    uint64_t *work; /* borrowed */
    bool *hidden;   /* by class */
    bool *alone;    /* by column: a class is this column alone */
    double *x;      /* by column: the last table found; whole numbers are so
                       to the bit */
    struct mk_sdc_target aim; /* the objective that is set */
    double bound;             /* of the last attack: no table is beyond */
    bool whole;               /* x is in whole numbers */
};

/* Everything shown that is not MUST_HIDE.  Owns: mk_sdc_attack_free, also
 * after an error.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_sdc_attack_new(struct mk_sdc_attack **out,
                                          const struct mk_sdc_system *s,
                                          uint64_t *work,
                                          struct mk_diag *diag);
void mk_sdc_attack_free(struct mk_sdc_attack *a);

/* hide: with the interval that was printed for its cells, if one was. */
void mk_sdc_attack_show(struct mk_sdc_attack *a, uint32_t cls);
void mk_sdc_attack_hide(struct mk_sdc_attack *a, uint32_t cls);
void mk_sdc_attack_fraction(struct mk_sdc_attack *a, uint32_t cls, double y,
                            double room);
/* The row is known to have value: somebody who knows one record. */
void mk_sdc_attack_fix(struct mk_sdc_attack *a, uint32_t cls, uint64_t value);
/* What it was before fix. */
void mk_sdc_attack_unfix(struct mk_sdc_attack *a, uint32_t cls);

/*
 * The largest (or smallest) value of target by the linear programme.  bound
 * and x are set when OPTIMAL; whole says whether x is in whole numbers.
 */
enum mk_lp_end mk_sdc_attack_bound(struct mk_sdc_attack *a,
                                   struct mk_sdc_target target, bool largest);
/*
 * The same over whole tables, at the cost of branching where the last
 * mk_sdc_attack_bound did not end with one; a table whose value is as good as
 * enough will do.  x and value are set when OPTIMAL or FOUND.
 */
enum mk_lp_end mk_sdc_attack_whole(struct mk_sdc_attack *a,
                                   struct mk_sdc_target target, bool largest,
                                   double enough, int64_t *value);
int64_t mk_sdc_attack_value(const struct mk_sdc_attack *a,
                            struct mk_sdc_target target, const double *x);

#endif
