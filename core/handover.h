/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Handing over all that somebody has, who leaves or is ill.  First a plan,
 * which changes nothing and tells how many there are; then one transaction a
 * dossier, judged as if it were handed over alone.  Cut off anywhere each
 * dossier is as it was or handed over, and a new plan has only what is left.
 */
#ifndef MK_CORE_HANDOVER_H
#define MK_CORE_HANDOVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/err.h"

struct mk_vault;
struct mk_access;

/* Of dossiers that have not ended, what goes from whom to whom. */
struct mk_handover {
    uint8_t from[16], to[16]; /* ids of members */
    /* not what from owns: where he stands in for the owner, to will */
    bool deputy;
};

struct mk_handover_plan {
    struct mk_handover what;
    struct mk_handover_item *item; /* by intake order; owned */
    size_t n, cap;
    /* of those, restricted and not for who unlocked: they are left, and may
     * have ended */
    size_t barred;
};
void mk_handover_plan_init(struct mk_handover_plan *plan);
void mk_handover_plan_release(struct mk_handover_plan *plan);

/*
 * Role: inspector.  Log: LIST, of the caseload when from is who unlocked, else
 * of everybody's.  Errors: E_NO_INSPECTOR with the name of to; E_PURPOSE when
 * from is somebody else and no purpose was given.
 */
MK_MUST_USE enum mk_err mk_handover_find(struct mk_vault *v,
                                         const struct mk_access *access,
                                         const struct mk_handover *what,
                                         struct mk_handover_plan *plan,
                                         struct mk_diag *diag);

/* What became of one of them: rc is MK_OK, or why it was left, which why
 * tells.  Returning anything but MK_OK ends the run with that. */
typedef enum mk_err mk_handover_each(void *ctx, const uint8_t dossier[16],
                                     enum mk_err rc,
                                     const struct mk_diag *why);
/*
 * Hands over what the plan holds; a dry run judges each and changes none.
 * What one dossier is refused for (as mk_dossier_event would) each is told,
 * also that it is no longer whose the plan says (E_CHANGED; of a plan about
 * deputies, that those are others), and the others go on; what is wrong with more than that dossier ends the
 * run.  last is the request that was written last: what to repeat after
 * E_UNKNOWN_OUTCOME, with a new plan.  Role: inspector.  Log: HANDOVER or
 * DEPUTY for each, asked, then done or refused; none for what is barred.
 */
MK_MUST_USE enum mk_err mk_handover_run(struct mk_vault *v,
                                        const struct mk_access *access,
                                        const struct mk_handover_plan *plan,
                                        mk_handover_each *each, void *ctx,
                                        uint8_t last[static 16],
                                        struct mk_diag *diag);

#endif
