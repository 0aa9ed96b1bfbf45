/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A publication: counts and earlier releases go to the gate, and what it made
 * of them is registered before it may write a file.
 *
 *   start, unlock -> releases -> count -> sections -> end
 *       without --release: the gate writes its files
 *       with it: record <- gate; registered: commit -> gate writes its files
 *                                refused: abort -> gate writes nothing
 */
#ifndef MK_CMD_PUBLISH_H
#define MK_CMD_PUBLISH_H

#include "cmd/helper.h"

/*
 * window: years and basis; rule: of a policy (cmd/policy.h), or empty.  With
 * --preview it is only told what would be published.
 * Log: RELEASE_LIST, COUNT, and RELEASE_APPEND; of a preview RELEASE_LIST and
 * COUNT_INTERNAL.
 */
MK_MUST_USE enum mk_err mk_publish(struct mk_app *app,
                                   const struct mk_count_request *request,
                                   const struct mk_cube *window,
                                   const char *rule);

/* The releases there are, and those that go to the gate as sections. */
struct mk_collected {
    const struct mk_cube *window; /* NULL: all go */
    struct mk_buf heads;          /* struct mk_release, oldest first */
    size_t n;
    struct mk_buf sections;
};
#define MK_COLLECTED_INIT                 \
    {                                     \
        NULL, MK_BUF_INIT, 0, MK_BUF_INIT \
    }
void mk_collected_release(struct mk_collected *c);
MK_MUST_USE enum mk_err mk_collect(struct mk_app *app, struct mk_collected *c,
                                   bool check);
/* Adds the section of one record to out. */
MK_MUST_USE enum mk_err mk_section_add(struct mk_buf *out, const char *name,
                                       const void *p, size_t n);
/* The first line, a cube of each vintage, sections of releases, and with key
 * the section of the key for rounding; then the end. */
MK_MUST_USE enum mk_err mk_gate_tell(struct mk_app *app, struct mk_helper *h,
                                     const struct mk_vintage *v, size_t n,
                                     const struct mk_buf *sections, bool key);

/* What is said to a gate that waits when there is nothing after all. */
#define MK_GATE_SAY_NONE "meldkluis-gate: none\n"

#endif
