/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The secrets of a kind from the first generation on.  Who holds the newest
 * opens all before it, along the statements of the keyring.
 */
#ifndef MK_CORE_GENERATION_H
#define MK_CORE_GENERATION_H

#include "core/keyring.h"

struct mk_generation {
    struct mk_secret *secret;
    uint8_t id[MK_ID]; /* key id */
};
struct mk_generations {
    struct mk_generation *v; /* number g stands at g - 1 */
    uint32_t n;
};

/*
 * newest is the secret of kind and generation; the last of *out is a copy of
 * it.  Errors: E_NOT_FOUND (the keyring has no such generation), E_DAMAGED.
 * Owns: mk_generations_release.
 */
MK_MUST_USE enum mk_err mk_generations_open(struct mk_generations *out,
                                            const struct mk_keyring *k,
                                            enum mk_key_kind kind,
                                            uint32_t generation,
                                            const struct mk_secret *newest,
                                            struct mk_diag *diag);
void mk_generations_release(struct mk_generations *g); /* empty: fine */
/* NULL: there is none of that number, or id. */
const struct mk_generation *mk_generation_at(const struct mk_generations *g,
                                             uint32_t generation);
const struct mk_generation *mk_generation_by_id(
    const struct mk_generations *g, const uint8_t id[static MK_ID]);

#endif
