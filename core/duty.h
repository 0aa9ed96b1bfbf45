/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The duty rule and what else follows from the facts of duiding.
 * Source: Wet kinderopvang art. 1.51b and 1.51c; letter to parliament of
 * 18 December 2020, section 2.2.
 */
#ifndef MK_CORE_DUTY_H
#define MK_CORE_DUTY_H

#include "core/fields.h"

/* Settings that decide derived facts; stored in the register. */
struct mk_domain_settings {
    bool houder_is_mtbp; /* default true */
};
#define MK_DOMAIN_SETTINGS_INIT \
    {                           \
        .houder_is_mtbp = true  \
    }

#define MK_DUTY_RULE_VERSION 1

/*
 * The duty rule, version MK_DUTY_RULE_VERSION, from sector, in_care,
 * victim_minor, accused and qualification: MK_YN_N when a condition is surely
 * false, MK_YN_J when all hold, else MK_YN_ONB.
 * Source: Wko 1.51b(1).
 */
unsigned mk_duty_derive(const struct mk_fields *facts,
                        const struct mk_domain_settings *settings);

/* MK_STATUTE_*: which text of Titel XIV applies, by the last day of the act;
 * ONB when it is not known or the period straddles 1 July 2024. */
unsigned mk_statute_derive(const struct mk_fields *facts);

/* MK_YN_J, N or ONB: is this kind of accused a mtbp? */
unsigned mk_mtbp_derive(unsigned accused,
                        const struct mk_domain_settings *settings);

/* May the id belong to a place of that care type? */
enum mk_lrk_verdict {
    MK_LRK_GOOD = 0, /* passes the 11-proof, or there is nothing to check */
    MK_LRK_DOUBTFUL =
        1,            /* fails, where that is only a warning (VGO, PSZ, ONB) */
    MK_LRK_WRONG = 2, /* fails, where it must pass (KDV, BSO, GOB) */
};
enum mk_lrk_verdict mk_lrk_check(const struct mk_value *lrk,
                                 unsigned care_type);

#endif
