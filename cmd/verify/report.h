/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What was found, for three verdicts:
 *
 *   intact    the export is what the vault's people signed
 *   complete  it is all that somebody outside has seen
 *   allowed   every access was by somebody who held the role then
 *
 * A verdict is no when something failed, yes when it was judged and nothing
 * failed, and else not judged.  What can be said stands in findings.def and
 * nowhere else.
 */
#ifndef MK_CMD_VERIFY_REPORT_H
#define MK_CMD_VERIFY_REPORT_H

#include "core/base/buf.h"

enum mk_vf_verdict {
    MK_VF_INTACT,
    MK_VF_COMPLETE,
    MK_VF_ALLOWED,
    MK_VF_VERDICTS
};

enum mk_vf_weight {
    MK_VF_FAIL, /* the verdict is no */
    MK_VF_NOTE, /* worth telling, no failure */
    MK_VF_YES,  /* why the verdict is yes */
    MK_VF_OPEN, /* why it was not judged */
};

enum mk_vf_code {
#define MK_VF(name, verdict, weight, slug, nl, en) MK_VF_##name,
#include "cmd/verify/findings.def"
#undef MK_VF
    MK_VF_CODES
};

/* What the markers {a} {b} {t} {u} {who} {file} {why} of its text become. */
struct mk_vf_finding {
    enum mk_vf_code code;
    uint64_t a, b;      /* numbers: places in the log, sizes, counts */
    int64_t t, u;       /* moments, ms since 1970 */
    char who[130];      /* a member or a witness */
    char file[130];     /* a name in the export, or of the command line */
    const char *why[2]; /* a rule or kind, Dutch and English; NULL: none */
};

#define MK_VF_KEPT 12 /* findings of a verdict that are told one by one */

struct mk_vf_opinion {
    bool judged;
    uint64_t failed; /* all of them */
    size_t n;
    struct mk_vf_finding kept[MK_VF_KEPT];
    size_t n_notes;
    struct mk_vf_finding notes[MK_VF_KEPT];
    struct mk_vf_finding reason; /* yes, or not judged */
};

#define MK_VF_KINDS 256 /* numbers of audit.def that are counted apart */

struct mk_vf_report {
    struct mk_vf_opinion verdict[MK_VF_VERDICTS];
    char origin[129];
    uint8_t store[16], root[32];
    uint64_t size, heads, signatures, registers, statements, pruned;
    uint64_t n_kinds[MK_VF_KINDS]; /* entries opened, by kind */
    uint64_t opened, refused, failed_unlocks;
};

/* Takes f in, by the verdict and weight of its row. */
void mk_vf_found(struct mk_vf_report *r, const struct mk_vf_finding *f);
/* The same, of what has a file and somebody to name, and no more. */
void mk_vf_found_in(struct mk_vf_report *r, enum mk_vf_code code,
                    const char *file, const char *who);
/* True if the verdict is no. */
MK_MUST_USE bool mk_vf_failed(const struct mk_vf_report *r,
                              enum mk_vf_verdict verdict);
/* True if no verdict is no. */
MK_MUST_USE bool mk_vf_passed(const struct mk_vf_report *r);

const char *mk_vf_slug(enum mk_vf_code code);
/* Adds the sentence of f, made visible: no terminal obeys a name in it. */
MK_MUST_USE enum mk_err mk_vf_sentence(struct mk_buf *out,
                                       const struct mk_vf_finding *f,
                                       bool english);

/* Adds the whole report as lines, or as one JSON object. */
MK_MUST_USE enum mk_err mk_vf_text(struct mk_buf *out,
                                   const struct mk_vf_report *r, bool english);
MK_MUST_USE enum mk_err mk_vf_json(struct mk_buf *out,
                                   const struct mk_vf_report *r, bool english);

#endif
