/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An export under attack, and what its reader has.  The attacks stand in
 *
 *   export_attacks_log.c      on files, on the log, by who can put it back
 *   export_attacks_people.c   by a member, or somebody who is none
 *   export_attacks_keyring.c  by somebody who went, or one in place of two
 *   export_attacks_prune.c    by a custodian who prunes
 */
#ifndef MK_TESTS_SUPPORT_EXPORT_SCENE_H
#define MK_TESTS_SUPPORT_EXPORT_SCENE_H

#include "cmd/verify/verify.h"
#include "tests/support/export_kit.h"

struct mk_xs {
    struct mk_xk x;
    char folder[128];
    struct mk_vf_given_file witness[4], since;
    size_t n_witnesses;
    bool has_since, no_key;
    struct mk_vf_report report;
};

/* The office of all scenes; the first call makes it. */
struct mk_kr_office *mk_xs_office(void);

/* A log of 24 entries and 12 heads; nothing is written yet. */
void mk_xs_begin(struct mk_xs *s);
void mk_xs_written(struct mk_xs *s);
/* One more --witness of that name; to be filled. */
struct mk_buf *mk_xs_witness(struct mk_xs *s, const char *name);
/* The newest head of x as a high-water mark. */
void mk_xs_mark(const struct mk_xk *x, struct mk_buf *out);
/* Runs the judgement, with the auditor's key unless no_key. */
void mk_xs_judge(struct mk_xs *s);
void mk_xs_end(struct mk_xs *s);

/* "| name | verdict | sentence |" of the first finding of the first verdict
 * that fails; with "passes" if none does. */
#define MK_XS_ROW 2048
void mk_xs_row(const struct mk_xs *s, const char *name,
               char out[static MK_XS_ROW]);
extern const char *const mk_xs_verdicts[MK_VF_VERDICTS];

struct mk_xs_attack {
    const char *name; /* of the row of docs/ATTACKS.md; NULL ends a list */
    void (*attack)(struct mk_xs *s);
};
extern const struct mk_xs_attack mk_xs_log[], mk_xs_people[], mk_xs_keyring[],
    mk_xs_prune[];

/* checkpoints/20 with the line of a witness whose key is given; forge: with
 * the line that belongs to another checkpoint. */
void mk_xs_stored_note(struct mk_xs *s, bool forge);
/* 544 entries that are old, under a term that has held for long. */
void mk_xs_old(struct mk_xs *s);
/* The term of the log, set by that person under an entry of that kind. */
void mk_xs_term(struct mk_xs *s, size_t person, enum mk_audit kind,
                uint32_t months);
#define MK_XS_FIRST_MS INT64_C(1772445600000) /* of the first entry, at most */
#define MK_XS_MONTH_MS (INT64_C(31) * 86400000)
/* The first 512 entries pruned, and the export written without them. */
void mk_xs_pruned(struct mk_xs *s, int64_t before_ms, bool forge);

#endif
