/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is named for a dossier, and the emergencies over it: who is named last
 * may name others, anybody where nobody is; an emergency that two shares
 * opened is closed by the next record of who is named, or with the dossier.
 * Source: FORMAT "Register", kinds 7, 8, 13, 14.
 */
#ifndef MK_CMD_VERIFY_NAMED_H
#define MK_CMD_VERIFY_NAMED_H

#include "cmd/verify/register.h"
#include "cmd/verify/report.h"

struct mk_vf_named {
    struct mk_buf newest; /* rows of kind 14, the last of each dossier */
    struct mk_buf asked;  /* emergencies that are not closed */
};

void mk_vf_named_release(struct mk_vf_named *n);
/* Takes row in, of any kind; its body stays borrowed.  *allowed: actor, who
 * signs its head, may name others (true for other kinds).  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_vf_named_take(struct mk_vf_named *n,
                                         const struct mk_vf_row *row,
                                         const uint8_t actor[static MK_ID],
                                         bool *allowed);
/* Tells of each emergency that is open at the end. */
void mk_vf_named_end(const struct mk_vf_named *n, struct mk_vf_report *report);

#endif
