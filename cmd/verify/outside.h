/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What somebody outside the vault knows of its log: the checkpoints that
 * witnesses keep, their cosignatures, the high-water mark of an account, an
 * older checkpoint.  Gathered before the walk (the sizes are wanted), judged
 * after it.
 *
 *   given    --witness and --since: what the verdict is about
 *   stored   checkpoints/ of the export, and the notes that witnesses put
 *            beside them (witness-*.note): proves nothing by itself, because who
 *            rewrites the log can drop it; but what is there must be true
 */
#ifndef MK_CMD_VERIFY_OUTSIDE_H
#define MK_CMD_VERIFY_OUTSIDE_H

#include "cmd/verify/head.h"

#define MK_VF_STORED_MAX 100000 /* checkpoints in the export */
#define MK_VF_TRUSTED_MAX 1000  /* witnesses in the register that count */

enum mk_vf_source {
    MK_VF_IS_NOTE,   /* a checkpoint with signatures */
    MK_VF_IS_KEY,    /* a witness' key: its cosignatures are in the export */
    MK_VF_IS_MARK,   /* "MKM1": a head */
    MK_VF_IS_SINCE,  /* an older checkpoint of the reader's own */
    MK_VF_IS_STORED, /* in checkpoints/, or a witness-*.note */
};

struct mk_vf_view {
    enum mk_vf_source source;
    char file[130], who[130];
    bool known;    /* it says something about this log */
    uint64_t size; /* what it has seen */
    uint8_t root[MK_HASH];
    uint8_t head[MK_HASH]; /* mark */
    int64_t time_ms;       /* 0: none */
    struct mk_vf_key key;  /* key */
    bool by_log;           /* signed by the log */
    bool is_self;          /* key: of the log itself */
};

/* A key that the register names. */
struct mk_vf_trusted {
    struct mk_vf_key key;
    bool proven; /* in a row that a head signs */
};

/* A file that the command line named, read. */
struct mk_vf_given_file {
    const char *path;
    struct mk_buf text;
};

struct mk_vf_outside {
    struct mk_vf_view *v;
    size_t n, cap;
    size_t given;                  /* of --witness and --since */
    struct mk_vf_trusted *trusted; /* each key once */
    size_t n_trusted;
    uint64_t confirmed; /* newest size that those confirm */
};

void mk_vf_outside_release(struct mk_vf_outside *o);

/*
 * The files of --witness, and of --since (may be NULL).  Errors: E_MEMORY;
 * E_VERIFY_WITNESS about one that is nothing that could be given there.
 */
MK_MUST_USE enum mk_err mk_vf_outside_given(
    struct mk_vf_outside *o, const struct mk_vf_given_file *witness, size_t n,
    const struct mk_vf_given_file *since, const struct mk_vf_members *m,
    struct mk_vf_report *report, struct mk_diag *diag);
/* A witness that the register names; proven: in a row that a head signs. */
MK_MUST_USE enum mk_err mk_vf_outside_trust(struct mk_vf_outside *o,
                                            const struct mk_vf_key *key,
                                            bool proven);
/* `checkpoint`, checkpoints/, witness-*.note and `witnesses` of the export.
 * Errors: E_MEMORY, E_IO, E_TOO_LARGE. */
MK_MUST_USE enum mk_err mk_vf_outside_stored(struct mk_vf_outside *o, int dir,
                                             const struct mk_vf_members *m,
                                             struct mk_vf_report *report,
                                             struct mk_diag *diag);
/* The sizes it wants to know the log at. */
MK_MUST_USE enum mk_err mk_vf_outside_wants(const struct mk_vf_outside *o,
                                            struct mk_vf_wants *wants);
/* The verdict.  heads: at the end of the walk; size: of the log. */
void mk_vf_outside_judge(const struct mk_vf_outside *o,
                         const struct mk_vf_wants *wants,
                         const struct mk_vf_heads *heads, uint64_t size,
                         struct mk_vf_report *report);

#endif
