/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * May this event happen to this case?  A pure function of state, event and
 * fields over core/defs/transitions.def; the invariants of DOMAIN.md stand
 * here (and in guard.c) and nowhere else.
 */
#ifndef MK_CORE_WORKFLOW_H
#define MK_CORE_WORKFLOW_H

#include "core/case.h"

struct mk_verb_info {
    enum mk_verb number;
    const char *nl; /* "niet-nagekomen" */
    const char *en; /* "unmet" */
    const char *label_nl;
    const char *label_en;
    enum mk_field required[16]; /* ends with MK_F_NONE */
    enum mk_field optional[16];
    enum mk_field imported[4]; /* keys that only an imported event may have */
    enum mk_field milestone; /* corrected to NR: the event is corrected away */
};

const struct mk_verb_info *mk_verb_get(enum mk_verb verb); /* NULL if none */
/* By its Dutch or English name (exact case, n bytes); NULL if none. */
const struct mk_verb_info *mk_verb_find(const char *name, size_t n);
/* The key of that name that the verb takes (`reason` differs by verb; keys for
 * imported events included); MK_F_NONE if it takes none. */
enum mk_field mk_verb_field(enum mk_verb verb, const char *key, size_t n);

/* Sets of states: bit n is the state with number n. */
#define MK_STATE_BIT(s) (UINT32_C(1) << (unsigned)(s))
extern const uint32_t
    mk_states_open; /* workflow goes on (bij-instantie too) */
extern const uint32_t mk_states_ends;  /* afgerond and the like */
extern const uint32_t mk_states_alive; /* all but vernietigd */

/* One row of transitions.def, for help, docs and exhaustive tests. */
struct mk_transition {
    enum mk_verb verb;
    uint32_t from;      /* set of states; bit 0: a new dossier */
    enum mk_state to;   /* MK_STATE_NONE: stays */
    const char *guard;  /* name of the condition, "always" if none */
    const char *source; /* law article or letter, "" if none */
};
const struct mk_transition *mk_transition_at(size_t i); /* NULL past the end */

/* Does the table have a row that takes this step? */
MK_MUST_USE bool mk_workflow_is_step(enum mk_verb verb, enum mk_state from,
                                     enum mk_state to);

/* What the check found besides yes or no. */
struct mk_workflow_result {
    enum mk_state to;
    bool breach;            /* dates run backwards: warn */
    enum mk_field odd_date; /* a date that hardly can be: closed, placed or
                               referred before the receipt, told before it was
                               done, a next check in the past; else NONE: warn */
    bool lrk_doubtful;      /* LRK id of a VGO fails the 11-proof: warn */
};

/*
 * Is e a good next event of c (an empty case for a new dossier)?  If so fills
 * in e->derived and result; c and the fields of e stay as they are, except that
 * an imported event whose dates run backwards gets breach ONB.
 *
 * today bounds dates (MK_DAY_NONE: no bound); kept is the case named by
 * `dubbel`, or NULL.  An imported event may use INV codes, and may lack a
 * required key unless its row in fields.def says MK_FIELD_IMPORT_MUST.
 *
 * Errors, keys first: E_MISSING_KEY, E_UNKNOWN_KEY (a key this verb does not
 * take), E_BAD_CODE (reserved, or INV by hand), E_CODE_YEAR, E_FUTURE_DATE,
 * E_BAD_LRK; then the step: E_WORKFLOW, E_NO_DUTY, E_DUTY_OPEN, E_NEEDS_RED,
 * E_BREACH, E_KEPT, E_NOT_YET; for a correction also E_NOT_FOUND (no such
 * event) and whatever mk_fields_parse says of the value.  diag->place names key
 * or state.  E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_workflow_check(
    const struct mk_case *c, struct mk_event *e, const struct mk_case *kept,
    const struct mk_domain_settings *settings, mk_day today,
    struct mk_workflow_result *result, struct mk_diag *diag);

/* Could verb happen in this state with suitable fields?  For prompts, help. */
MK_MUST_USE bool mk_workflow_possible(const struct mk_case *c,
                                      enum mk_verb verb);

#endif
