/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One event of a dossier: who did what, when it was entered, with which
 * fields.  An event is never changed; a correction is a new event.  Its bytes
 * (docs/FORMAT.md, and the head of event.c) are split in two parts that are
 * sealed apart: facts (coded) and text (identities and narrative).
 */
#ifndef MK_CORE_EVENT_H
#define MK_CORE_EVENT_H

#include "core/fields.h"

/* The verbs of core/defs/transitions.def; numbers are stored. */
enum mk_verb {
    MK_VERB_NONE = 0,
#define MK_VERB(number, NAME, nl, en, required, optional, imported, \
                milestone, label_nl, label_en)                      \
    MK_VERB_##NAME = number,
#include "core/defs/transitions.def"
    MK_VERB_MAX = 64
};

/*
 * What the rules of that day made of the event, filled in by
 * mk_workflow_check and stored with it: later rules and settings do not
 * rewrite history.
 */
struct mk_derived {
    uint8_t state;   /* enum mk_state after the event; 0: not checked yet */
    uint8_t duty;    /* MK_YN_J, N, ONB after the event; 0 before duiding */
    uint8_t rule;    /* version of the duty rule that said so; 0 with duty 0 */
    uint8_t statute; /* MK_STATUTE_*; 0 before duiding */
    uint8_t mtbp;    /* MK_YN_J, N, ONB; 0 before duiding */
};

struct mk_event {
    uint32_t seq; /* from 1, dense in its dossier */
    enum mk_verb verb;
    int64_t time_ms;   /* moment of entry into the vault */
    uint8_t actor[16]; /* the inspector who wrote it */
    bool imported;
    /* the last event of the dossier that its author had seen; 0: not said, or
     * nobody else wrote after it (core/unseen.h) */
    uint32_t seen;
    struct mk_derived derived;
    struct mk_fields f;
};

void mk_event_init(struct mk_event *e);
void mk_event_release(struct mk_event *e); /* wipes */

/*
 * Adds the bytes of the event to facts and to text; nothing to text when no
 * key of it identifies.  Errors: E_MEMORY, E_TOO_LARGE; E_INTERNAL when
 * mk_workflow_check has not filled in derived, a TAG was not looked up, or no
 * event fits between seen and this one.
 */
MK_MUST_USE enum mk_err mk_event_encode(const struct mk_event *e,
                                        struct mk_buf *facts,
                                        struct mk_buf *text);

/*
 * Reads what mk_event_encode wrote, hostile bytes; e is initialised first and
 * is empty after an error.  Only the bytes that encode would write are taken
 * (one event, one row of bytes).  text may be NULL when it was not opened: its
 * keys are then missing from e, which is not fit for mk_case_add.
 * Errors: E_DAMAGED, E_NEWER (format, verb, state, key or code unknown),
 * E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_event_decode(struct mk_event *e, const void *facts,
                                        size_t n_facts, const void *text,
                                        size_t n_text, struct mk_diag *diag);

#endif
