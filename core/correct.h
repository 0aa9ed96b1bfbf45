/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the corrections of a dossier make of its events.  Inside core/ only.
 *
 * A correction names an event, one of its keys and a value.  It lays that value
 * over the one that was entered; the event itself stays as it is.  A later
 * correction of the same key goes over an earlier one, and the value of a
 * correction may itself be corrected.  An empty value takes the key away; NR
 * for the milestone key of the verb (transitions.def) corrects the whole event
 * away, which shows in the milestone being gone.
 */
#ifndef MK_CORE_CORRECT_H
#define MK_CORE_CORRECT_H

#include "core/case.h"

struct mk_overlay {
    const struct mk_case *c;
    const struct mk_event *extra; /* one more event at the end, or NULL */
    size_t n;                     /* events, extra included */
    /* by event: of a correction its value as last corrected, else NULL */
    const struct mk_buf **text;
    /* by event: the first and, of a correction, the next correction of the same
     * event, oldest first; n ends the row */
    size_t *head, *next;
};

/*
 * Sorts the corrections of c (and extra) by what they correct.  Owns: arrays of
 * o, borrows c and extra.  Errors: E_MEMORY; E_DAMAGED when a correction names
 * an event that does not come before it.  o may be released in any case.
 */
MK_MUST_USE enum mk_err mk_overlay_init(struct mk_overlay *o,
                                        const struct mk_case *c,
                                        const struct mk_event *extra);
void mk_overlay_release(struct mk_overlay *o);

/*
 * The fields of event i as last corrected: its own (borrowed) if it has no
 * correction, else scratch, which is replaced.  Errors: E_MEMORY,
 * E_UNKNOWN_KEY, and those of mk_fields_parse for the value.
 */
MK_MUST_USE enum mk_err mk_overlay_fields(const struct mk_overlay *o, size_t i,
                                          struct mk_fields *scratch,
                                          const struct mk_fields **fields,
                                          struct mk_diag *diag);

const struct mk_event *mk_overlay_event(const struct mk_overlay *o, size_t i);

/* The event that correction i is about in the end, through corrections of
 * corrections. */
size_t mk_overlay_target(const struct mk_overlay *o, size_t i);

/* The key of the event that correction is about; MK_F_NONE if the verb of
 * the event does not take it or it cannot be corrected (event, key, kept). */
enum mk_field mk_correct_key(const struct mk_event *event,
                             const struct mk_event *correction);

/* Lays the value of a correction over that key of event in fields, or takes the
 * key away.  Errors: those of mk_fields_parse. */
MK_MUST_USE enum mk_err mk_correct_value(const struct mk_event *event,
                                         enum mk_field key,
                                         const struct mk_buf *text,
                                         struct mk_fields *fields,
                                         struct mk_diag *diag);

/* Was the event corrected away, these being its fields as corrected? */
MK_MUST_USE bool mk_correct_is_away(const struct mk_event *event,
                                    const struct mk_fields *fields);

/*
 * The facts of the case (struct mk_case) with everything in o applied.  facts
 * is replaced.
 */
MK_MUST_USE enum mk_err mk_overlay_facts(const struct mk_overlay *o,
                                         struct mk_fields *facts,
                                         struct mk_diag *diag);

/* Does a verb that has this key speak with it of the dossier as a whole? */
MK_MUST_USE bool mk_facts_takes(enum mk_verb verb, enum mk_field key);

/* Adds what this event (fields as corrected) says to facts. */
MK_MUST_USE enum mk_err mk_facts_add(struct mk_fields *facts,
                                     const struct mk_event *event,
                                     const struct mk_fields *fields);

#endif
