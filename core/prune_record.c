/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/base/bytes.h"
#include "core/prune.h"

bool mk_term_ok(uint32_t months)
{
    return months >= MK_LOG_TERM_MIN && months <= MK_LOG_TERM_MAX;
}

void mk_term_encode(uint8_t out[static MK_TERM_BODY],
                    const uint8_t store[static MK_ID], uint32_t months)
{
    memcpy(out, "MKT1", 4);
    memcpy(out + 4, store, MK_ID);
    mk_put_u32(out + 20, months);
}

bool mk_term_parse(uint32_t *months, const struct mk_blob *body,
                   const uint8_t store[static MK_ID])
{
    if (body->n != MK_TERM_BODY || memcmp(body->p, "MKT1", 4) != 0 ||
        memcmp(body->p + 4, store, MK_ID) != 0)
        return false;
    *months = mk_get_u32(body->p + 20);
    return mk_term_ok(*months);
}

void mk_pruning_encode(uint8_t out[static MK_PRUNING_BODY],
                       const uint8_t store[static MK_ID],
                       const struct mk_pruning *p)
{
    memcpy(out, "MKP1", 4);
    memcpy(out + 4, store, MK_ID);
    mk_put_u64(out + 20, p->size);
    memcpy(out + 28, p->root, MK_HASH);
    mk_put_u64(out + 60, (uint64_t)p->before_ms);
}

bool mk_pruning_parse(struct mk_pruning *out, const struct mk_blob *body,
                      const uint8_t store[static MK_ID])
{
    if (body->n != MK_PRUNING_BODY || memcmp(body->p, "MKP1", 4) != 0 ||
        memcmp(body->p + 4, store, MK_ID) != 0)
        return false;
    out->size = mk_get_u64(body->p + 20);
    memcpy(out->root, body->p + 28, MK_HASH);
    out->before_ms = (int64_t)mk_get_u64(body->p + 60);
    return out->size != 0 && out->size % MK_PRUNING_STEP == 0;
}
