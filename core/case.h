/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A dossier as its events make it: state, facts as last corrected, duty,
 * tracks.  A pure fold: the same events always give the same case, nothing
 * here reads a clock, a key, a setting or a file.
 */
#ifndef MK_CORE_CASE_H
#define MK_CORE_CASE_H

#include "core/duty.h"
#include "core/event.h"

enum mk_state {
    MK_STATE_NONE = 0, /* before the first event */
#define MK_STATE(number, NAME, slug, kind, nl, en) MK_STATE_##NAME = number,
#include "core/defs/states.def"
    MK_STATE_MAX = 32
};

enum mk_state_kind {
    MK_KIND_OPEN,     /* on the clock */
    MK_KIND_HANDED,   /* bij-instantie: the clock stops, the workflow not */
    MK_KIND_END,      /* afgerond, ingetrokken, niet-bevoegd, dubbel */
    MK_KIND_TERMINAL, /* vernietigd */
};

const char *mk_state_slug(enum mk_state s); /* "geen-vermoeden"; "" for NONE */
const char *mk_state_label(enum mk_state s, bool english);
enum mk_state_kind mk_state_kind(enum mk_state s);
/* By its slug (n bytes); MK_STATE_NONE if there is none. */
enum mk_state mk_state_find(const char *slug, size_t n);

/* Whose a dossier is. */
#define MK_DEPUTIES 3
struct mk_owners {
    uint8_t owner[16]; /* who took in the first melding, or took it over */
    uint8_t deputy[MK_DEPUTIES][16];
    size_t n_deputies;
};
/* Is it theirs: owner or deputy?  The one rule of who is in the caseload. */
MK_MUST_USE bool mk_owners_has(const struct mk_owners *o,
                               const uint8_t id[static 16]);

/* What OVERDRACHT, WAARNEMER, WAARNEMER_AF of that member make of it; false:
 * he cannot become a deputy. */
MK_MUST_USE bool mk_owners_follow(struct mk_owners *o, enum mk_verb verb,
                                  const uint8_t id[static 16]);

/* One of the three duties of DOMAIN.md. */
enum mk_track_status {
    MK_TRACK_NONE = 0, /* does not apply (or not known to) */
    MK_TRACK_OPEN,
    MK_TRACK_MET,
    MK_TRACK_UNMET, /* recorded as not met, and not met since */
};
struct mk_track {
    enum mk_track_status status;
    mk_day since;     /* the day on which it arose */
    bool since_guess; /* not recorded: since is the day of receipt instead */
    mk_day met;       /* the day on which it was met, else MK_DAY_NONE */
};

/*
 * meldplicht (Wko 1.51b(3)): the reporter of the first melding is MED or GAS
 *   and the duty is not N; since worker_known; met by worker_told.
 * overlegplicht (Wko 1.51b(1)): the duty is J; since known; met by the first
 *   overleg, or by a verdict where a worker stood in the houder's place.
 * aangifteplicht (Wko 1.51b(2), 1.51c(2)): a verdict RED and the duty is J;
 *   since verdict_date; met by the aangifte and the inspector being told, the
 *   later of the two days.
 */
enum { MK_DUTY_MELD, MK_DUTY_OVERLEG, MK_DUTY_AANGIFTE, MK_DUTY_COUNT };

struct mk_case {
    enum mk_state state;
    /* niet-nagekomen only: MK_UNMET_overleg or MK_UNMET_aangifte */
    unsigned unmet_which;

    /* of the first melding and of duiding as last corrected, milestones as last
     * recorded and not corrected away; no narrative, no persons, no reasons */
    struct mk_fields facts;
    unsigned duty;    /* MK_YN_J, MK_YN_N, MK_YN_ONB; 0 before duiding */
    bool duty_was_j;  /* was J at any time (for ingetrokken) */
    unsigned mtbp;    /* MK_YN_J, N, ONB; 0 before duiding */
    unsigned statute; /* MK_STATUTE_*; 0 before duiding */
    struct mk_track track[MK_DUTY_COUNT];

    mk_day received; /* of the first melding: decides the year it counts in */
    /* last one set; MK_DAY_NONE if none, or once the dossier was placed or
     * ended */
    mk_day next_check;
    bool urgent;
    uint32_t meldingen;
    struct mk_owners owners;
    uint32_t breaches; /* number of events with a breach of date order */

    /* ever happened and not corrected away */
    bool had_overleg, had_houder_verdacht, had_red, had_referred,
        had_complaint, had_police_report, had_unmet_overleg,
        had_unmet_aangifte;

    /* what was recorded of overlegplicht and aangifteplicht, whether or not
     * the duty applies at the moment: for the tracks */
    struct mk_track recorded[MK_DUTY_COUNT];

    struct mk_event *events; /* all of them, in order; owned */
    bool *corrected;         /* events[i] was corrected (in part) later */
    size_t n_events;
    size_t cap; /* for case.c */
};

void mk_case_init(struct mk_case *c);
void mk_case_release(struct mk_case *c); /* wipes; c is empty and usable */

/*
 * Takes e (which is empty afterwards, also after an error) as the next event
 * and derives everything again.  e->derived says what became of state and
 * duty: it does not judge, mk_workflow_check did.
 * e must be whole: decoded with its text part.
 * Errors: E_MEMORY; E_DAMAGED when the events are not a possible history
 * (sequence, first event, a step that the table does not have, a correction of
 * what is not there).  After an error c is fit for mk_case_release only.
 */
MK_MUST_USE enum mk_err mk_case_add(struct mk_case *c, struct mk_event *e,
                                    struct mk_diag *diag);

/*
 * The fields of events[i] as last corrected, into out (which is replaced).  An
 * event that was corrected away has lost its milestone key.
 */
MK_MUST_USE enum mk_err mk_case_effective(const struct mk_case *c, size_t i,
                                          struct mk_fields *out);

#endif
