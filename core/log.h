/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The access log for its readers: what an entry says, what a reviewer asks of
 * it, and what he concludes.  All calls: role auditor.
 */
#ifndef MK_CORE_LOG_H
#define MK_CORE_LOG_H

#include "core/base/date.h"
#include "core/event.h"
#include "core/keyring.h"

struct mk_access;
struct mk_dossier_ref;
struct mk_vault;

enum mk_audit {
    MK_AUDIT_NONE = 0,
#define MK_AUDIT(number, NAME, slug, nl, en, object, roles, action) \
    MK_AUDIT_##NAME = number,
#include "core/defs/audit.def"
#undef MK_AUDIT
    MK_AUDIT_MAX = 96
};
enum mk_outcome {
    MK_OUTCOME_NONE = 0,
#define MK_OUTCOME(number, NAME, slug, nl, en) MK_OUTCOME_##NAME = number,
#include "core/defs/outcome.def"
#undef MK_OUTCOME
    MK_OUTCOME_MAX = 16
};

/* --- entries --- */

struct mk_log_item {
    uint64_t seq;
    int64_t time_ms;
    uint8_t session[16];
    uint8_t actor[16];
    enum mk_role role;
    enum mk_audit kind;
    enum mk_outcome outcome;
    unsigned purpose;
    enum mk_verb verb;  /* CHANGE, INTAKE */
    uint8_t object[16]; /* dossier or member id, or zero */
    uint64_t mask;      /* parts shown: MK_SHOWN_* */
    uint64_t count;     /* dossiers concerned, where the kind has many */
    uint64_t from, to; /* LOG_REVIEW: first and last entry that was reviewed */
    unsigned conclusion; /* LOG_REVIEW: MK_REVIEW_* */
    uint8_t member[16];  /* the other person of a dossier's entry: the new
                            owner, a deputy, who is given access; or zero */
    unsigned answers;    /* MK_QUESTION_BITs; derived, stands in no entry */
};
enum { MK_SHOWN_FACTS = 1, MK_SHOWN_IDENTITY = 2, MK_SHOWN_NARRATIVE = 4 };

const char *mk_audit_slug(enum mk_audit kind);
const char *mk_audit_label(enum mk_audit kind, bool english);
enum mk_audit mk_audit_find(const char *slug);
/* The object of such an entry is a dossier (else a member, or nothing). */
MK_MUST_USE bool mk_audit_of_dossier(enum mk_audit kind);
const char *mk_outcome_slug(enum mk_outcome o);
const char *mk_outcome_label(enum mk_outcome o, bool english);

/* --- questions --- */

enum mk_log_question {
#define MK_QUESTION(NAME, nl, en, text_nl, text_en) MK_QUESTION_##NAME,
#include "core/defs/questions.def"
    MK_QUESTION_COUNT
};
#define MK_QUESTION_BIT(q) (1u << (q))

const char *mk_question_slug(enum mk_log_question q, bool english);
const char *mk_question_text(enum mk_log_question q, bool english);
/* By its name in either language; COUNT if there is none. */
enum mk_log_question mk_question_find(const char *slug);

/* More than this many in an hour, where nothing else is asked for. */
enum {
    MK_LOG_BULK = 20,    /* distinct dossiers */
    MK_LOG_PROBING = 10, /* searches and misses */
    MK_LOG_THRESHOLD_MAX = 1000
};

struct mk_log_filter {
    const uint8_t *actor;             /* NULL: any */
    const struct mk_dossier_ref *ref; /* NULL: any */
    mk_day from, until;               /* MK_DAY_NONE: open */
    uint64_t first, end;              /* numbers first..end-1; end 0: open */
    enum mk_audit kind;               /* NONE: any */
    unsigned questions; /* MK_QUESTION_BITs, one is enough; 0: any */
    uint64_t threshold; /* of bulk and probing, 1..THRESHOLD_MAX; 0: above */
};

/* --- reading --- */

typedef enum mk_err mk_log_each(void *ctx, const struct mk_log_item *item);
/*
 * Gives out what the filter lets through, once the whole log was found equal
 * to the root of the head.  Log: LOG_LIST.  An entry that cannot be read
 * comes as an item with kind NONE and, as actor, who signed the transaction;
 * after all items the call then ends with what was wrong with the first of
 * them (an integrity error).  No filter hides such an item.
 */
MK_MUST_USE enum mk_err mk_log_list(struct mk_vault *v,
                                    const struct mk_access *access,
                                    const struct mk_log_filter *filter,
                                    mk_log_each *each, void *ctx,
                                    struct mk_diag *diag);

#define MK_LOG_LATEST 6

struct mk_log_person {
    uint8_t id[16];
    uint64_t n;
    uint64_t answers[MK_QUESTION_COUNT];
};
struct mk_log_day {
    mk_day day;
    uint64_t n;
};
/* The entries that answered a question last, oldest first. */
struct mk_log_latest {
    size_t n;
    struct mk_log_item item[MK_LOG_LATEST];
};
struct mk_log_review {
    struct mk_log_item item;
    uint64_t own; /* entries of the reviewer himself in its range */
};
struct mk_log_range {
    uint64_t from, to; /* both included */
};
/*
 * Counts of what the filter lets through.  Reviews are those of the whole log
 * that touch the range from first to last; open is what is left of that range.
 */
struct mk_log_summary {
    uint64_t size;        /* of the log that was read */
    uint8_t root[32];     /* of its tree */
    uint64_t n;           /* entries counted */
    uint64_t unreadable;  /* among them */
    uint64_t first, last; /* numbers of the first and the last; n 0: unset */
    uint64_t kind[MK_AUDIT_MAX];
    uint64_t question[MK_QUESTION_COUNT];
    struct mk_log_latest latest[MK_QUESTION_COUNT];
    struct mk_log_person *person;
    struct mk_log_day *day;
    struct mk_log_review *review;
    struct mk_log_range *open;
    size_t n_person, n_day, n_review, n_open;
};
/*
 * In one pass, with memory that grows with people, days, dossiers and reviews,
 * not with entries.  Log: LOG_LIST.  Errors: as mk_log_list; after what was
 * wrong with an entry out is filled in all the same.
 * Owns: the caller calls mk_log_summary_release, also after an error.
 */
MK_MUST_USE enum mk_err mk_log_summarise(struct mk_vault *v,
                                         const struct mk_access *access,
                                         const struct mk_log_filter *filter,
                                         struct mk_log_summary *out,
                                         struct mk_diag *diag);
void mk_log_summary_release(struct mk_log_summary *s);

/* --- reviewing --- */

/*
 * Records that who unlocked v reviewed the entries from..to (both included)
 * with that conclusion (MK_REVIEW_*).  Log: LOG_REVIEW.
 * Errors: E_RANGE unless from <= to and both are in the log, E_BAD_CODE.
 */
MK_MUST_USE enum mk_err mk_log_review(struct mk_vault *v,
                                      const struct mk_access *access,
                                      uint64_t from, uint64_t to,
                                      unsigned conclusion,
                                      struct mk_diag *diag);

#endif
