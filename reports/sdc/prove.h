/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What prove.c and around.c share: a branch and bound on which classes are
 * hidden, over one master.
 */
#ifndef MK_SDC_PROVE_H
#define MK_SDC_PROVE_H

#include "reports/sdc/branches.h"
#include "reports/sdc/master.h"
#include "reports/sdc/suppress.h"

struct mk_sdc_prove {
    struct mk_sdc_search *search; /* borrowed */
    struct mk_sdc_master master;
    double *y;       /* by open class, like the next two; owned, as the rest */
    double *dual;    /* of the root: what y = 0 (or 1) saves there */
    double root;     /* bound of the root */
    int8_t *settled; /* 0 or 1 in every pattern looked for; -1: not known */
    uint32_t *number; /* class to open class, or NONE */
    uint32_t *index;  /* scratch */
    double *value;
    size_t cuts; /* found in this round */
    bool unsure; /* a need failed without a cut */
    enum mk_err rc;
};

/* The bounds of open class k are what is settled of it. */
void mk_sdc_prove_unfix(struct mk_sdc_prove *p, uint32_t k);
/* What the root's duals settle now that best is what it is. */
void mk_sdc_prove_settle(struct mk_sdc_prove *p);

/* Is there no node left that could lead to a better pattern? */
MK_MUST_USE bool mk_sdc_prove_done(const struct mk_sdc_prove *p,
                                   const struct mk_sdc_branches *nodes);
/* Visits nodes until that is so or work passes until; dives: now and then down
 * to a pattern.  *stuck: the last one is open and there is nothing to branch
 * on. */
MK_MUST_USE enum mk_err mk_sdc_prove_explore(struct mk_sdc_prove *p,
                                             struct mk_sdc_branches *nodes,
                                             uint64_t until, bool dives,
                                             bool *stuck);

/* ---- around.c ---- */

/* Where the search for better patterns is. */
struct mk_sdc_around {
    struct mk_sdc_branches branches;
    bool *at;         /* by class: the pattern it is at; owned, as the rest */
    double cost;      /* of it */
    double best_cost; /* that it knows of */
    bool *loose;      /* by open class, as the next: may change */
    int8_t *settled;  /* of before */
    double width[2];  /* open classes that may change: in a look, away */
    size_t idle;      /* tries since something better was found */
};
MK_MUST_USE enum mk_err mk_sdc_around_init(struct mk_sdc_around *a,
                                           const struct mk_sdc_prove *p);
void mk_sdc_around_release(struct mk_sdc_around *a);
/* The best pattern changed in a few places at a time, each time as well as can
 * be, until work passes until or that has long been of no use. */
MK_MUST_USE enum mk_err mk_sdc_around_best(struct mk_sdc_around *a,
                                           struct mk_sdc_prove *p,
                                           uint64_t until);

#endif
