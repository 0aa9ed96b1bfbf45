/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A vault with a log of years, on a clock that is set. */
#ifndef MK_TESTS_OLD_LOG_H
#define MK_TESTS_OLD_LOG_H

#include "core/prune.h"
#include "tests/support/attack.h"

#define OLD_FIRST "2021-01-04"  /* the vault is made, the term set */
#define OLD_SECOND "2022-01-03" /* more work, in some sessions */
#define OLD_AFTER "2027-06-01"  /* both are older than five years */
#define OLD_TERM 60u

/* The day that everybody's clock says from here on. */
void old_clock(const char *day);
int64_t old_ms(const char *day);

/* A session of who with n entries. */
void old_work(struct attack *a, const char *who, size_t n);
/* Sessions of who, until the log has size entries: none of them lies across. */
void old_work_to(struct attack *a, const char *who, uint64_t size);
/* By bewaarder1, today. */
void old_set_term(struct attack *a, uint32_t months);
/* Made on OLD_FIRST with 300 entries and OLD_TERM, and 560 by the end of
 * OLD_SECOND; 256 and 512 are ends of sessions. */
void old_setup(struct attack *a);
/* Auditor and inspector were here today. */
void old_others(struct attack *a);
/* As bewaarder1. */
enum mk_err old_prune(struct attack *a, const char *before, bool dry_run,
                      struct mk_log_pruned *out, struct mk_diag *diag);
/* The same of all that the term allows, which must take away size entries. */
void old_prune_to(struct attack *a, uint64_t size);

/* A transaction of who with one row of the register, whatever it says. */
void old_forge(struct attack *a, const char *who, enum mk_register_kind kind,
               const void *body, size_t n);
/* The true pruning of size entries, as of today's newest head. */
struct mk_pruning old_pruning(struct attack *a, uint64_t size,
                              const char *before);

#endif
