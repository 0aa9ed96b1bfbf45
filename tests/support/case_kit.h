/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dossiers for tests, made by the engine from short texts. */
#ifndef MK_TESTS_CASE_KIT_H
#define MK_TESTS_CASE_KIT_H

#include "core/workflow.h"

/* The day on which all tests happen. */
mk_day kit_today(void);
mk_day kit_day(const char *text);

/* "key=value;key=value" into f, as keys of verb; the first error. */
enum mk_err kit_parse(struct mk_fields *f, enum mk_verb verb, const char *form,
                      struct mk_diag *diag);

/*
 * The verb with that form as the next event of c: parsed, judged, written to
 * bytes, read back and added.  MK_OK, or the refusal; c is as before then.
 */
struct kit_options {
    bool imported;
    uint8_t actor; /* every byte of his id; 0: who writes all else */
    uint32_t seen; /* of the event, as it is stored */
    const struct mk_case *kept;
    const struct mk_domain_settings *settings;
    struct mk_workflow_result result; /* out */
    struct mk_diag diag;              /* out */
};
enum mk_err kit_try(struct mk_case *c, enum mk_verb verb, const char *form,
                    struct kit_options *options);

/* kit_try that must succeed. */
void kit_do(struct mk_case *c, enum mk_verb verb, const char *form);

/* kit_try that must be refused like this; place NULL: whatever. */
void kit_refused(struct mk_case *c, enum mk_verb verb, const char *form,
                 enum mk_err err, const char *place);

/* One step that a person takes, by name: "duid_j", "oordeel_red". */
struct kit_move {
    const char *name;
    enum mk_verb verb;
    const char *required; /* the keys that must be there, with good values */
    const char *optional; /* and those that may */
};
extern const struct kit_move kit_moves[];
extern const size_t kit_n_moves;
const struct kit_move *kit_move(const char *name);

/* c gets the steps, names with spaces between; all must succeed. */
void kit_walk(struct mk_case *c, const char *moves);

/* The correction of one key of event number, which must be accepted. */
void kit_correct(struct mk_case *c, unsigned event, const char *key,
                 const char *value);
/* The same, which must be refused like this. */
void kit_no_correction(struct mk_case *c, unsigned event, const char *key,
                       const char *value, enum mk_err err, const char *place);
/* A new case after these moves. */
struct mk_case kit_after(const char *moves);

/* A dossier with a duty, to keep when another is its double; borrowed. */
const struct mk_case *kit_kept(void);

/* Are both the same in everything that others read? */
void kit_assert_same(const struct mk_case *a, const struct mk_case *b);

#endif
