/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long the access log is kept, and what was taken away of it. */
#ifndef MK_CORE_LOG_KEEPING_H
#define MK_CORE_LOG_KEEPING_H

#include "core/base/err.h"

struct mk_access;
struct mk_vault;

/* Months.  Source: docs/NEN7513.md "How long". */
#define MK_LOG_TERM_MIN 60u
#define MK_LOG_TERM_MAX 600u

struct mk_log_keeping {
    uint32_t months;   /* as a custodian set it last; 0: nobody chose one */
    int64_t set_ms;    /* when */
    uint32_t in_force; /* what pruning goes by; 0: none yet, all is kept */
    uint64_t pruned;   /* entries 0 .. pruned-1 are gone; 0: none */
    int64_t pruned_ms; /* when that was last done, and by whom */
    int64_t before_ms; /* all of them were older than this */
    uint8_t pruned_by[16];
};
/* For everybody who unlocked.  Reads every head.  Log: none. */
MK_MUST_USE enum mk_err mk_log_keeping(struct mk_vault *v,
                                       struct mk_log_keeping *out,
                                       struct mk_diag *diag);
/* Of that only months and pruned, out of the register; the rest is 0. */
MK_MUST_USE enum mk_err mk_log_term(struct mk_vault *v,
                                    struct mk_log_keeping *out,
                                    struct mk_diag *diag);
/*
 * Did a custodian choose a term?  It is a setting that an office has to make:
 * until then the vault is for practice, and whatever asks whether it is asks
 * here.  Reads the register once; what is chosen stays chosen.
 * Errors: E_LOCKED, E_TAMPERED; *chosen is false then.  Log: none.
 */
MK_MUST_USE enum mk_err mk_log_term_chosen(struct mk_vault *v, bool *chosen,
                                           struct mk_diag *diag);
/*
 * Sets the term.  The longest term of the last 31 days holds, so a longer one
 * counts at once and a shorter one 31 days later.
 * Role: custodian.  Log: LOG_TERM with the months as count.
 * Errors: E_BAD_NUMBER outside of the bounds.
 */
MK_MUST_USE enum mk_err mk_log_term_set(struct mk_vault *v,
                                        const struct mk_access *access,
                                        uint32_t months, struct mk_diag *diag);

struct mk_log_pruned {
    uint64_t removed; /* entries that went, or that a dry run found */
    uint64_t size;    /* entries 0 .. size-1 are gone */
    uint64_t log_size;
    int64_t before_ms; /* what the term, or the caller, asked for */
    /* a session that began before and goes on behind: what it wrote stays
     * readable, so pruning stopped short of it */
    bool held;
    uint64_t held_seq; /* where it began, and by whom */
    uint8_t held_by[16];
};
/*
 * Takes away entries that are older than the term, in whole groups of 256,
 * or than before_ms (0: as much as the term allows).  Their hashes stay, so
 * that the rest can still be proven.  Nothing to take away is no error.
 * Role: custodian.  Log: LOG_PRUNE with the number as count.
 * Errors: E_NO_TERM, E_TERM_HOLDS when before_ms is later than the term
 * allows, E_TAMPERED when the log is not whole.
 */
MK_MUST_USE enum mk_err mk_log_prune(struct mk_vault *v,
                                     const struct mk_access *access,
                                     int64_t before_ms,
                                     struct mk_log_pruned *out,
                                     struct mk_diag *diag);

#endif
