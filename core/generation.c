/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/generation.h"

#include <stdlib.h>
#include <string.h>

void mk_generations_release(struct mk_generations *g)
{
    for (uint32_t i = 0; i < g->n; i++)
        mk_secret_free(g->v[i].secret);
    free(g->v);
    *g = (struct mk_generations){.n = 0};
}

enum mk_err mk_generations_open(struct mk_generations *out,
                                const struct mk_keyring *k,
                                enum mk_key_kind kind, uint32_t generation,
                                const struct mk_secret *newest,
                                struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    const struct mk_secret *later = newest;

    *out = (struct mk_generations){
        .v = calloc((size_t)generation + 1, sizeof *out->v),
        .n = generation,
    };
    if (out->v == NULL) {
        out->n = 0;
        return mk_fail(diag, MK_E_MEMORY, NULL);
    }
    for (uint32_t g = generation; g > 0; g--) {
        struct mk_generation *one = &out->v[g - 1];

        if (g == generation)
            one->secret = mk_secret_copy(newest);
        else
            MK_TRY(
                mk_keyring_older(k, kind, g + 1, later, &one->secret, diag));
        if (one->secret == NULL)
            rc = mk_fail(diag, MK_E_MEMORY, NULL);
        else if (!mk_keyring_key_id_at(k, kind, g, one->id))
            rc = mk_fail(diag, MK_E_NOT_FOUND, MK_WHY_KEY);
        if (rc != MK_OK)
            goto out;
        later = one->secret;
    }
out:
    if (rc != MK_OK)
        mk_generations_release(out);
    return rc;
}

const struct mk_generation *mk_generation_at(const struct mk_generations *g,
                                             uint32_t generation)
{
    return generation == 0 || generation > g->n ? NULL : &g->v[generation - 1];
}

const struct mk_generation *mk_generation_by_id(const struct mk_generations *g,
                                                const uint8_t id[static MK_ID])
{
    for (uint32_t i = g->n; i > 0; i--)
        if (memcmp(g->v[i - 1].id, id, MK_ID) == 0)
            return &g->v[i - 1];
    return NULL;
}
