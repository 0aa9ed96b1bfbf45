/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that is sealed in a vault, as pieces that a key can be tried on. */
#ifndef MK_TESTS_THINGS_H
#define MK_TESTS_THINGS_H

#include "core/vault.h"

enum thing_what {
    THING_FACTS,     /* a row of the statistics stream; a: its number */
    THING_RELEASE,   /* a: seq in the register */
    THING_ENTRY,     /* of a dossier; a: ordinal, b: seq */
    THING_LOG,       /* an entry of the access log; a: seq */
    THING_RETENTION, /* a key; a: year, b: generation */
    THING_KEYS,      /* whatever else holds keys only */
};

#define THING_AAD 80

struct thing {
    enum thing_what what;
    uint64_t a, b;
    bool is_box;  /* sealed to a public key; else an envelope */
    bool by_pair; /* under a key made of two secrets */
    uint8_t aad[THING_AAD];
    size_t n_aad;
    uint8_t *bytes; /* owned */
    size_t n;
    size_t keys_at; /* behind so many bytes the plaintext is keys of 32 bytes;
                       SIZE_MAX: it holds none */
    bool is_share;  /* a box with a share, laid out as in core/restricted.h */
};

/* Each piece once, and none is ever dropped: what was there earlier is what
 * somebody may have kept. */
struct things {
    struct thing *t;
    size_t n, cap;
};
/* What stands before the number of a share, and before K, in their boxes:
 * magic, store, dossier, and a number of what they belong to. */
#define THING_CONTEXT (4 + MK_ID + MK_ID + 8)
/* Dossiers that are looked at: the first ones, so that trying ends some day. */
#define THING_DOSSIERS 4
/* Adds what lies in the vault of v, unlocked by an inspector (the envelope
 * around the inner one of a restricted dossier is taken off), and in the file
 * of retention keys. */
void things_collect(struct things *all, struct mk_vault *v,
                    const char *retention);
/* Adds those of from that are not of this kind. */
void things_without(struct things *to, const struct things *from,
                    enum thing_what what);
void things_release(struct things *all);

#endif
