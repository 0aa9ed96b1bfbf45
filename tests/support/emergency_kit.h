/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An emergency to try things with: dossier 0 is restricted to its owner,
 * another inspector asks, two custodians can give. */
#ifndef MK_TESTS_EMERGENCY_KIT_H
#define MK_TESTS_EMERGENCY_KIT_H

#include "core/emergency_impl.h"
#include "tests/support/attack.h"
#include "tests/support/unit.h"

#define EM_DAY "2026-03-02"
#define EM_LATER "2026-03-02T03:00:01" /* an asking of two hours has passed */

extern struct emergency_kit {
    struct attack a;
    struct attack_files files;
    struct mk_vault *named;  /* inspecteur1, who owns all */
    struct mk_vault *barred; /* inspecteur2, who asks */
    struct mk_vault *one;    /* the custodians */
    struct mk_vault *two;
} em;
extern const struct mk_access em_own; /* no purpose is given */

/* Runs the tests, each on the same files; gives what main gives. */
int em_run(const char *name, const TTest *const *tests, size_t n);

/* The clock, as MELDKLUIS_TEST_TIME has it. */
void em_at(const char *moment);
/* Restricts dossier i to its owner. */
void em_restrict(size_t i);
/* Asks for two hours, and gives; both have to succeed. */
uint64_t em_ask(struct mk_vault *v, size_t i);
void em_give(struct mk_vault *v, uint64_t seq);
/* What v is told who opens dossier i, by that purpose or by NOOD. */
enum mk_err em_opens_by(struct mk_vault *v, size_t i, unsigned purpose,
                        struct mk_diag *diag);
enum mk_err em_opens(struct mk_vault *v, size_t i, struct mk_diag *diag);

/* A row of the register by the program of somebody. */
void em_append(struct mk_vault *by, uint32_t kind, const void *body, size_t n);
/* The first two grants, said to be of asking seq. */
void em_replay_grants(uint64_t seq);

#endif
