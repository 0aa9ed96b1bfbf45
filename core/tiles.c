/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tiles.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define GROUP 1000 /* three digits a folder */

void mk_tile_path(char out[static MK_TILE_PATH], unsigned level, uint64_t n,
                  unsigned width)
{
    uint64_t unit = 1;
    int at;

    at = level == MK_TILE_ENTRIES
             ? snprintf(out, MK_TILE_PATH, "tile/entries")
             : snprintf(out, MK_TILE_PATH, "tile/%u", level);
    while (n / unit >= GROUP)
        unit *= GROUP;
    for (; unit > 0; unit /= GROUP)
        at += snprintf(out + at, (size_t)(MK_TILE_PATH - at), "/%s%03" PRIu64,
                       unit > 1 ? "x" : "", n / unit % GROUP);
    if (width == 0)
        snprintf(out + at, (size_t)(MK_TILE_PATH - at), ".p");
    else if (width < MK_TILE)
        snprintf(out + at, (size_t)(MK_TILE_PATH - at), ".p/%u", width);
}

uint64_t mk_tiles_at(uint64_t size, unsigned level, unsigned *width)
{
    *width = (unsigned)(size >> (8 * level)) & (MK_TILE - 1);
    return size >> (8 * (level + 1));
}

void mk_tiles_init(struct mk_tiles *t, mk_tile_full *full, void *ctx)
{
    t->size = 0;
    t->full = full;
    t->ctx = ctx;
}

enum mk_err mk_tiles_add(struct mk_tiles *t,
                         const uint8_t hash[static MK_HASH],
                         struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_merkle_stream above;
    unsigned width;
    uint64_t n;

    memcpy(t->hash[0][t->size & (MK_TILE - 1)], hash, MK_HASH);
    t->size++;
    for (unsigned level = 0; level < MK_TILE_LEVELS; level++) {
        n = mk_tiles_at(t->size, level, &width);
        if (width != 0)
            break;
        MK_TRY(t->full(t->ctx, level, n - 1, t->hash[level][0], diag));
        if (level + 1 == MK_TILE_LEVELS)
            break;
        mk_merkle_stream_init(&above);
        for (unsigned i = 0; i < MK_TILE; i++)
            mk_merkle_stream_add(&above, t->hash[level][i]);
        mk_merkle_stream_root(&above,
                              t->hash[level + 1][(n - 1) & (MK_TILE - 1)]);
    }
out:
    return rc;
}

/*
 * Level by level from the leaves: what is left over below a level is one
 * incomplete subtree to the right of its complete ones, and the tree over all
 * of these has the shape that RFC 6962 gives it.
 */
void mk_tiles_root(const struct mk_tiles *t, uint8_t root[static MK_HASH])
{
    struct mk_merkle_stream s;
    bool some = false;
    unsigned width;

    for (unsigned level = 0; level < MK_TILE_LEVELS; level++) {
        (void)mk_tiles_at(t->size, level, &width);
        if (width == 0)
            continue;
        mk_merkle_stream_init(&s);
        for (unsigned i = 0; i < width; i++)
            mk_merkle_stream_add(&s, t->hash[level][i]);
        if (some)
            mk_merkle_stream_add(&s, root);
        mk_merkle_stream_root(&s, root);
        some = true;
    }
    if (!some) {
        mk_merkle_stream_init(&s);
        mk_merkle_stream_root(&s, root);
    }
}
