/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The conditions that core/defs/transitions.def names.  Inside core/ only. */
#ifndef MK_CORE_GUARD_H
#define MK_CORE_GUARD_H

#include "core/case.h"

struct mk_guard_in {
    const struct mk_case *c;
    const struct mk_event *e;   /* NULL: with whatever fields suit */
    const struct mk_case *kept; /* of dubbel; NULL if it does not exist */
    unsigned duty;              /* after the event: MK_YN_J, N, ONB, or 0 */
};

/*
 * Does the guard agree?  MK_OK if so; E_WORKFLOW when another row of the table
 * is meant, else the reason of the refusal, with place naming what it is about
 * where that is a key (place is left alone otherwise).
 */
enum mk_err mk_guard_check(const char *guard, const struct mk_guard_in *in,
                           const char **place);

#endif
