/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of ids of 16 bytes, numbered in the order in which they came. */
#ifndef MK_CORE_IDS_H
#define MK_CORE_IDS_H

#include "core/base/err.h"

struct mk_ids {
    uint8_t (*id)[16]; /* by number */
    size_t n, cap;
    uint32_t *slot; /* number + 1, 0: free; twice cap of them */
    uint64_t
        seed[2]; /* who writes an entry chooses its ids, not their places */
};

/* The number of id, which is added if it is new (*fresh).
 * Errors: E_MEMORY, E_TOO_LARGE. */
MK_MUST_USE enum mk_err mk_ids_take(struct mk_ids *ids,
                                    const uint8_t id[static 16], uint32_t *at,
                                    bool *fresh);
void mk_ids_release(struct mk_ids *ids);

/* array, or what takes its place, with room for one more element of that size
 * behind n; *cap: its room.  NULL when there is no memory, array then stays. */
void *mk_ids_room(void *array, size_t size, size_t n, size_t *cap);

#endif
