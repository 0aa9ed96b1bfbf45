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
    /* a box with a share: of what (16 bytes and a number), and where its
     * number stands, behind which the share begins; share_at 0: none */
    uint8_t share_of[MK_ID];
    uint64_t share_version;
    size_t share_at;
};

/* Each piece once, and none is ever dropped: what was there earlier is what
 * somebody may have kept. */
struct things {
    struct thing *t;
    size_t n, cap;
};
/* Adds what lies in the vault of v, unlocked by whomever, and in the file of
 * retention keys. */
void things_collect(struct things *all, struct mk_vault *v,
                    const char *retention);
void things_release(struct things *all);

#endif
