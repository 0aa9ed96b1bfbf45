/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the file `register`.  Source: FORMAT-export "Register". */
#ifndef MK_CMD_VERIFY_REGISTER_H
#define MK_CMD_VERIFY_REGISTER_H

#include "cmd/verify/members.h"
#include "cmd/verify/note.h"

#define MK_VF_REGISTER_MAX ((size_t)16 << 20)

enum {
    MK_VF_ROW_TAG_KEY = 1, /* sealed: left out */
    MK_VF_ROW_RESTART = 2,
    MK_VF_ROW_RELEASE = 3, /* sealed: left out */
    MK_VF_ROW_TERM = 4,
    MK_VF_ROW_PRUNE = 5,
    MK_VF_ROW_WITNESS = 6,
    MK_VF_ROW_EMERGENCY_ASK = 7,
    MK_VF_ROW_EMERGENCY_GRANT = 8,
    MK_VF_ROW_DESTROY_RULE = 9,
    MK_VF_ROW_HOLD = 10,
    MK_VF_ROW_DESTROY_PROPOSE = 11,
    MK_VF_ROW_DESTROY_APPROVE = 12,
    MK_VF_ROW_DESTROYED = 13,
    MK_VF_ROW_NAMED = 14,
    MK_VF_ROWS
};

#define MK_VF_NAMED 16 /* most who can be named for a dossier */

/* A row; what its kind does not have is zero. */
struct mk_vf_row {
    uint64_t seq;
    uint32_t kind;
    uint8_t hash[MK_HASH];
    const uint8_t *body; /* borrowed */
    size_t n;
    uint32_t epoch; /* restart */
    const uint8_t *known, *restored;
    uint64_t months; /* term */
    uint64_t size;   /* prune */
    const uint8_t *root;
    int64_t before_ms;
    struct mk_vf_key key; /* witness */
    bool trusted;
    const uint8_t *dossier, *named; /* who is named: n_named ids */
    size_t n_named;
};

struct mk_vf_rows {
    const uint8_t *p;
    size_t left;
    uint64_t next; /* seq to come */
};

/* False at the end, and when what follows is no row.  *bad tells which; out->seq
 * is then the number of the row. */
MK_MUST_USE bool mk_vf_row_next(struct mk_vf_rows *rows,
                                const uint8_t store[static MK_ID],
                                struct mk_vf_row *out, bool *bad);
void mk_vf_row_chain(uint8_t chain[static MK_HASH],
                     const struct mk_vf_row *row);
/* Of a restart: did a custodian and an auditor of that serial sign it? */
MK_MUST_USE bool mk_vf_row_signed(const struct mk_vf_row *row,
                                  const struct mk_vf_members *m,
                                  uint64_t serial);
/* An asking for emergency access, or a share for it, is of actor; others are
 * anybody's. */
MK_MUST_USE bool mk_vf_row_is_by(const struct mk_vf_row *row,
                                 const uint8_t actor[static MK_ID]);
/* The roles that may append that kind; first: in the first head of all. */
unsigned mk_vf_row_roles(uint32_t kind, bool first);

#endif
