/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An export made by hand, by docs/FORMAT-export.md alone: whoever writes the
 * test holds every key, and so can do what an attacker with that key can do.
 * People and keys are those of tests/support/keyring.h.
 */
#ifndef MK_TESTS_SUPPORT_EXPORT_KIT_H
#define MK_TESTS_SUPPORT_EXPORT_KIT_H

#include "core/head.h"
#include "core/leaf.h"
#include "core/restart.h"
#include "crypto/note.h"
#include "tests/support/keyring.h"

struct mk_xk_leaf {
    uint8_t *p; /* NULL: written and let go */
    size_t n;
    uint8_t hash[MK_HASH];
};

struct mk_xk {
    struct mk_kr_office *office; /* borrowed */
    struct mk_secret *log_sign;  /* Ed25519 of R_L */
    struct mk_xk_leaf *leaf;
    size_t n, cap;
    size_t flushed; /* leaves whose bundles are written */
    struct mk_buf heads, rows;
    struct mk_head head;
    uint8_t head_hash[MK_HASH];
    int64_t now_ms;
    struct mk_merkle_stream *tree;
};

/* One transaction: a session leaf, entries, a head. */
struct mk_xk_tx {
    size_t person;                 /* MK_KR_... */
    const struct mk_identity *who; /* instead of that person */
    enum mk_role role;             /* 0: the person's */
    enum mk_audit kind;
    enum mk_outcome outcome; /* 0: done */
    size_t entries;          /* 0: one */
    uint32_t row_kind;       /* of the register; 0: none */
    const void *row;
    size_t n_row;
    uint64_t more_dossiers, more_stats;
    uint32_t more_epochs;
    int64_t clock_ms;                 /* added to the clock first */
    int64_t entry_ms;                 /* added to the time of the entries */
    const struct mk_identity *signer; /* of the head, if somebody else */
    const uint8_t *actor;             /* in the entries, if somebody else */
    bool foreign_session, foreign_entry;
};

/* The vault made and one melding taken in: 4 entries, 2 heads. */
void mk_xk_make(struct mk_xk *x, struct mk_kr_office *office);
/* The same past, to go on with by itself. */
void mk_xk_copy(struct mk_xk *to, const struct mk_xk *from);
void mk_xk_release(struct mk_xk *x);

void mk_xk_do(struct mk_xk *x, const struct mk_xk_tx *tx);
/* n times an inspector who lists dossiers: 2 n entries, n heads. */
void mk_xk_work(struct mk_xk *x, size_t n);

/* Writes all of it into a new folder. */
void mk_xk_write(struct mk_xk *x, const char *folder);
/* Writes the bundles that are full, and lets their leaves go. */
void mk_xk_flush(struct mk_xk *x, const char *folder);

/* The checkpoint of the first size leaves, signed by the log; *root (may be
 * NULL) instead of the true one. */
void mk_xk_note(const struct mk_xk *x, uint64_t size, const uint8_t *root,
                struct mk_buf *out);
/* A witness with a key of its own that adds its line to note. */
void mk_xk_cosign(struct mk_buf *note, const char *name,
                  const struct mk_secret *seed, uint64_t time_s,
                  char vkey[static MK_VKEY_MAX]);
void mk_xk_root(const struct mk_xk *x, uint64_t size,
                uint8_t out[static MK_HASH]);
/* Gives a leaf other bytes (n = 0: takes it away, the later ones move up). */
void mk_xk_put_leaf(struct mk_xk *x, size_t at, const void *p, size_t n);
/* Moves the later ones down and puts this one in. */
void mk_xk_insert_leaf(struct mk_xk *x, size_t at, const void *p, size_t n);

/* Files of an export. */
void mk_xk_put_file(const char *folder, const char *name, const void *p,
                    size_t n);
void mk_xk_get_file(const char *folder, const char *name, struct mk_buf *out);

#endif
