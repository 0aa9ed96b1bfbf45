/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/verify/leaf.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "crypto/sign.h"

#define ENVELOPE 77 /* bytes more than its plaintext */

bool mk_vf_leaf_parse(struct mk_vf_leaf *out, const uint8_t *p, size_t n,
                      const uint8_t store[static MK_ID])
{
    memset(out, 0, sizeof *out);
    if (n <= MK_VF_LEAF_HEAD || memcmp(p, "MKL1", 4) != 0 ||
        memcmp(p + 12, store, MK_ID) != 0)
        return false;
    out->bytes = p;
    out->n = n;
    out->seq = mk_get_u64(p + 4);
    out->session = p + 28;
    out->prev_head = p + 44;
    /* suite 1 of an envelope, or one of the two numbers kept free of suites */
    out->kind = (enum mk_vf_leaf_kind)p[MK_VF_LEAF_HEAD];
    const uint8_t *rest = p + MK_VF_LEAF_HEAD + 1;
    switch (out->kind) {
    case MK_VF_ENTRY:
        return n == MK_VF_LEAF_HEAD + MK_VF_LEAF_PLAIN + ENVELOPE;
    case MK_VF_SESSION:
        out->actor = rest;
        out->box = rest + MK_ID;
        return n == MK_VF_LEAF_HEAD + 1 + MK_ID + MK_VF_SESSION_BOX + MK_SIG;
    case MK_VF_UNLOCK:
        out->record = rest;
        return n == MK_VF_LEAF_HEAD + 1 + MK_VF_FAILED;
    }
    return false;
}

bool mk_vf_leaf_signed(const struct mk_vf_leaf *leaf,
                       const uint8_t pk[static MK_PK])
{
    const size_t n = leaf->n - MK_SIG;
    return mk_sign_ok(leaf->bytes + n, pk, "meldkluis/session/v1", leaf->bytes,
                      n);
}

/* ---- sessions ---- */

enum mk_err mk_vf_sessions_init(struct mk_vf_sessions *s)
{
    s->clock = 0;
    randombytes_buf(s->key, sizeof s->key);
    s->v = calloc((size_t)MK_VF_SETS * MK_VF_WAYS, sizeof *s->v);
    return s->v ? MK_OK : MK_E_MEMORY;
}

void mk_vf_sessions_release(struct mk_vf_sessions *s)
{
    free(s->v);
    s->v = NULL;
}

static struct mk_vf_session *set_of(const struct mk_vf_sessions *s,
                                    const uint8_t *id)
{
    uint8_t hash[crypto_shorthash_BYTES];

    crypto_shorthash(hash, id, MK_ID, s->key);
    return s->v + (size_t)(mk_get_u16(hash) % MK_VF_SETS) * MK_VF_WAYS;
}

struct mk_vf_session *mk_vf_session_find(struct mk_vf_sessions *s,
                                         const uint8_t id[static MK_ID])
{
    struct mk_vf_session *set = set_of(s, id);

    for (size_t i = 0; i < MK_VF_WAYS; i++)
        if (set[i].used > 0 && memcmp(set[i].id, id, MK_ID) == 0) {
            set[i].used = ++s->clock;
            return &set[i];
        }
    return NULL;
}

struct mk_vf_session *mk_vf_session_add(struct mk_vf_sessions *s,
                                        const uint8_t id[static MK_ID],
                                        const uint8_t actor[static MK_ID])
{
    struct mk_vf_session *set = set_of(s, id), *oldest = set;

    for (size_t i = 1; i < MK_VF_WAYS; i++)
        if (set[i].used < oldest->used)
            oldest = &set[i];
    *oldest = (struct mk_vf_session){.used = ++s->clock};
    memcpy(oldest->id, id, MK_ID);
    memcpy(oldest->actor, actor, MK_ID);
    return oldest;
}
