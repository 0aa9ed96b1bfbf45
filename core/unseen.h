/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the author of an entry had not seen.  Two people may write to one
 * dossier at a time: both entries are kept, the workflow judges each by what
 * the dossier is when it is written, and an entry says up to which one its
 * author knew the dossier (struct mk_event, seen).  Everything else follows
 * from the entries: whom it crossed, and whether both are about the same.
 * Pure, like the fold.
 */
#ifndef MK_CORE_UNSEEN_H
#define MK_CORE_UNSEEN_H

#include "core/case.h"

/* What two entries that crossed have in common. */
enum mk_overlap {
    MK_OVERLAP_NONE = 0,
    MK_OVERLAP_FIELD,  /* both give the same field a value */
    MK_OVERLAP_PERSON, /* both are about the same person */
};

/* One entry that an author had not seen. */
struct mk_unseen {
    uint32_t seq;
    enum mk_verb verb;
    uint8_t actor[16]; /* who wrote it */
    enum mk_overlap overlap;
    enum mk_field field; /* FIELD: the (first) field; else MK_F_NONE */
};

/*
 * Is events[i] one that the author of e had not seen: by somebody else, after
 * the last one that he knew, before e?  e is an event of c or the next one,
 * with seq, actor and seen.
 */
MK_MUST_USE bool mk_unseen_is(const struct mk_case *c,
                              const struct mk_event *e, size_t i);

/* Such an entry, and what e has in common with it.  Two entries are about the
 * same person when they add or correct the same one, or one of the same name
 * (as search compares names).  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_unseen_look(const struct mk_case *c,
                                       const struct mk_event *e, size_t i,
                                       struct mk_unseen *out);

/* How many are told to an author at most: those about the same go first. */
#define MK_UNSEEN_TOLD 8
/* All of them, in order; *n is how many there are, of which the first
 * MK_UNSEEN_TOLD at most are in told.  Errors: E_MEMORY. */
MK_MUST_USE enum mk_err mk_unseen_tell(
    const struct mk_case *c, const struct mk_event *e,
    struct mk_unseen told[static MK_UNSEEN_TOLD], size_t *n);

/*
 * Is the value of a fact (c->facts) one of two that crossed: was it last given
 * by events[*by], whose author had not seen that events[*rival], the newest
 * such, gave it another?  False once somebody who may have known both spoke.
 */
MK_MUST_USE bool mk_unseen_rival(const struct mk_case *c, enum mk_field fact,
                                 size_t *by, size_t *rival);

/* The value that events[i] gave to that fact, into out (which is replaced);
 * out lacks it when it was taken away.  Errors: E_MEMORY, E_DAMAGED. */
MK_MUST_USE enum mk_err mk_unseen_value(const struct mk_case *c, size_t i,
                                        enum mk_field fact,
                                        struct mk_fields *out);

#endif
