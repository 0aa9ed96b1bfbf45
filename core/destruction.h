/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Destroying dossiers: what a client needs.
 *
 *   rule       a custodian: selection-list item, term, how long backups live
 *   hold       an inspector: not this dossier, until it is lifted
 *   proposal   an inspector: ended dossiers whose term has passed
 *   approval   a custodian
 *   run        an inspector: new retention key, the others rewrapped, the old
 *              key erased; what is left of the dossier is a tombstone
 *
 * Which of that is allowed when stands in core/destroy.h.
 */
#ifndef MK_CORE_DESTRUCTION_H
#define MK_CORE_DESTRUCTION_H

#include "core/base/buf.h"
#include "core/base/date.h"
#include "core/base/err.h"

struct mk_access;
struct mk_dossier_ref;
struct mk_vault;

/* Months from the day of ending.  There is no default. */
#define MK_DESTROY_MONTHS_MIN 12u
#define MK_DESTROY_MONTHS_MAX 1200u
/* Days that copies of the vault are kept. */
#define MK_COPIES_DAYS_MAX 36500u
#define MK_ITEM_MAX 255 /* bytes of a selection-list item: printable ASCII */

struct mk_destroy_rule {
    uint64_t number; /* of its row in the register */
    uint32_t months;
    uint32_t copies_days;
    char item[MK_ITEM_MAX + 1];
};
/* From now on proposals go by this one.  Role: custodian.  Log: DESTROY_RULE
 * with the months as count.  Errors: E_BAD_NUMBER, E_BAD_ITEM. */
MK_MUST_USE enum mk_err mk_destroy_rule_set(struct mk_vault *v,
                                            const struct mk_access *access,
                                            const struct mk_destroy_rule *rule,
                                            struct mk_diag *diag);
/* A hold on the dossier, or its end (on false).  reason: MK_HOLD_*.
 * Role: inspector.  Log: HOLD.  Errors: E_HOLD_SAME when it is so already. */
MK_MUST_USE enum mk_err mk_destroy_hold(struct mk_vault *v,
                                        const struct mk_access *access,
                                        const struct mk_dossier_ref *ref,
                                        bool on, unsigned reason,
                                        struct mk_diag *diag);
/*
 * Proposes these dossiers, all or none; *numbers[i] is what a custodian
 * approves.  Without a purpose it is CTL.  Role: inspector.
 * Log: DESTROY_PROPOSE a dossier.
 * Errors: E_NO_RULE, E_NOT_ENDED, E_TERM_RUNS, E_HELD, E_DESTROYED; E_PROPOSED
 * (num[0]: the proposal) while the same was proposed, by the rule of now, and
 * is not void.
 */
MK_MUST_USE enum mk_err mk_destroy_propose(struct mk_vault *v,
                                           const struct mk_access *access,
                                           const struct mk_dossier_ref *refs,
                                           size_t n, uint64_t *numbers,
                                           struct mk_diag *diag);
/* For the dossier as it is now: what is added afterwards makes it void.
 * Role: custodian, who is somebody else than the proposer.
 * Log: DESTROY_APPROVE.
 * Errors: E_NO_PROPOSAL, E_TWO_PEOPLE, E_TERM_RUNS, E_HELD, E_DESTROYED. */
MK_MUST_USE enum mk_err mk_destroy_approve(struct mk_vault *v,
                                           const struct mk_access *access,
                                           uint64_t number,
                                           struct mk_diag *diag);

/* What became of one dossier in a run. */
enum mk_destroy_fate {
    MK_FATE_DONE,    /* destroyed; erased says whether its key is gone too */
    MK_FATE_AGAIN,   /* the same, of one that a restored copy brought back */
    MK_FATE_HELD,    /* a hold is on it */
    MK_FATE_CHANGED, /* it has not ended any more, or on another day */
    MK_FATE_VOID,    /* since the approval something was added, or the rule
                        changed */
    MK_FATE_BARRED,  /* restricted, and not to who runs this */
    MK_FATE_TWO_PEOPLE, /* who runs this approved it */
    MK_FATE_UNKNOWN,    /* restored, and approved by somebody whom this copy of
                        the vault does not know */
};
struct mk_destroy_result {
    uint8_t dossier[16];
    uint64_t number;
    enum mk_destroy_fate fate;
};
struct mk_destroy_report {
    struct mk_destroy_result *v;
    size_t n;
    uint64_t rewrapped; /* dossiers that got a new wrap */
    bool erased;        /* no old generation is left */
};
void mk_destroy_report_release(struct mk_destroy_report *r);
/*
 * Destroys what was approved, and what a restored copy brought back, in one
 * transaction; then erases the old retention keys.  Where nothing is to be
 * destroyed it goes on with what an earlier run had to leave.  May be cut off
 * anywhere: all of it happened or nothing, and the next unlock of an inspector
 * erases the keys.  Role: inspector.  Log: DESTROY, asked and done, a dossier.
 */
MK_MUST_USE enum mk_err mk_destroy_run(struct mk_vault *v,
                                       const struct mk_access *access,
                                       struct mk_destroy_report *report,
                                       struct mk_diag *diag);

/* --- what can be seen, by everybody who unlocked; no entry in the log --- */

enum mk_destroy_state {
    MK_DESTROY_PROPOSED,
    MK_DESTROY_APPROVED,
    MK_DESTROY_DONE,
    MK_DESTROY_HOLD,     /* no proposal: a hold that is on */
    MK_DESTROY_RESTORED, /* a copy that was put back has it again */
    MK_DESTROY_VOID,     /* since it was approved something was added, or the
                            rule changed since it was proposed */
};
struct mk_destroy_item {
    uint8_t dossier[16];
    enum mk_destroy_state state;
    uint64_t number; /* of the proposal, or of the hold */
    mk_day ended;    /* MK_DAY_NONE of a hold */
    bool held;
    unsigned reason; /* of the hold, else 0 */
    uint8_t by[16];  /* who did the last step, and when */
    int64_t time_ms;
};
struct mk_destroy_list {
    struct mk_destroy_rule rule; /* number 0: nobody set one */
    bool has_rule;
    struct mk_destroy_item *v;
    size_t n;
};
MK_MUST_USE enum mk_err mk_destroy_list(struct mk_vault *v,
                                        struct mk_destroy_list *out,
                                        struct mk_diag *diag);
void mk_destroy_list_release(struct mk_destroy_list *list);

/* What a tombstone says, and what everybody can check of it. */
struct mk_certificate {
    uint8_t store[16], dossier[16];
    bool again;      /* destroyed anew after a copy was put back */
    uint64_t number; /* of the proposal */
    uint8_t proposed_by[16], approved_by[16], destroyed_by[16];
    mk_day ended;
    uint32_t months;
    char item[MK_ITEM_MAX + 1];
    uint32_t intake_year;
    uint64_t entries;
    int64_t time_ms;
    int64_t complete_ms;  /* from then on no copy that was kept can open it */
    bool erased;          /* its retention key is not in the file any more */
    struct mk_buf record; /* the signed bytes: docs/FORMAT.md, kind 13 */
};
void mk_certificate_init(struct mk_certificate *c);
void mk_certificate_release(struct mk_certificate *c);
/* Of a dossier that was destroyed.  Errors: E_NOT_DESTROYED. */
MK_MUST_USE enum mk_err mk_certificate_get(struct mk_vault *v,
                                           const struct mk_dossier_ref *ref,
                                           struct mk_certificate *out,
                                           struct mk_diag *diag);
/*
 * Takes the record of a certificate that was written elsewhere: from now on
 * this account opens that dossier no more.  The vault may be locked or
 * rolled back.  Errors: E_CERTIFICATE when it is of another vault, or its two
 * signatures are not of people of this one.
 */
MK_MUST_USE enum mk_err mk_certificate_take(struct mk_vault *v,
                                            const void *record, size_t n,
                                            struct mk_diag *diag);

/* --- where the retention keys lie --- */

#define MK_KEY_PLACES 2
#define MK_KEY_PLACE 1024 /* bytes of a path, with NUL */
struct mk_where;          /* meldkluis.h */
struct mk_key_places {
    size_t n; /* 0: in the folder of the vault */
    char path[MK_KEY_PLACES][MK_KEY_PLACE];
};
/* As the folder of the vault says, before anything is opened: the sandbox has
 * to let these through.  Errors: E_KEY_PLACES (damaged), E_PERMISSIONS,
 * E_NO_VAULT. */
MK_MUST_USE enum mk_err mk_key_places_read(const struct mk_where *where,
                                           struct mk_key_places *out,
                                           struct mk_diag *diag);
/*
 * Moves the retention keys to these folders (mode 700, of who runs this), or
 * with n 0 back into the folder of the vault; the copies are durable before
 * the old ones go.  Role: custodian.  Log: SETTING.
 * Errors: E_PERMISSIONS, E_NOT_FOUND, E_KEY_PLACE for a folder in the vault,
 * the same twice, or one that holds another file of that name.
 */
MK_MUST_USE enum mk_err mk_key_places_set(struct mk_vault *v,
                                          const struct mk_access *access,
                                          const struct mk_key_places *places,
                                          struct mk_diag *diag);

#endif
