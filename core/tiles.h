/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tiles: how a log is written out for others.
 *
 *   tile L, N   the hashes 256 N .. 256 N + 255 of level 8 L of the tree, that
 *               is roots of complete subtrees of 256^L leaves; the last tile
 *               of a level may have fewer (partial)
 *   bundle N    the leaves 256 N .. 256 N + 255, in the place of a level
 *
 * A log grows at the right edge only: the unfinished tile of each level is
 * all that has to be kept while leaves stream by, and all that has to be read
 * to go on where an earlier export ended.
 * Source: C2SP tlog-tiles; RFC 6962 section 2.1.
 */
#ifndef MK_CORE_TILES_H
#define MK_CORE_TILES_H

#include "crypto/merkle.h"

#define MK_TILE 256
#define MK_TILE_LEVELS 7               /* 256^7 leaves are never reached */
#define MK_TILE_ENTRIES MK_TILE_LEVELS /* as a level: the bundles */
#define MK_TILE_BYTES (MK_TILE * MK_HASH)
#define MK_TILE_PATH 64 /* longest path and its NUL */

/*
 * "tile/0/x001/x234/067", or for a width below MK_TILE
 * "tile/0/x001/x234/067.p/5".  width 0: the folder of the partial tiles,
 * "tile/0/x001/x234/067.p".
 */
void mk_tile_path(char out[static MK_TILE_PATH], unsigned level, uint64_t n,
                  unsigned width);

/* A tile is whole: its MK_TILE hashes are borrowed during the call. */
typedef enum mk_err mk_tile_full(void *ctx, unsigned level, uint64_t n,
                                 const uint8_t *hashes, struct mk_diag *diag);

/* The right edge of a log of size leaves; some 56 KiB. */
struct mk_tiles {
    uint64_t size;
    mk_tile_full *full;
    void *ctx;
    uint8_t hash[MK_TILE_LEVELS][MK_TILE][MK_HASH];
};
void mk_tiles_init(struct mk_tiles *t, mk_tile_full *full, void *ctx);
/* The next leaf.  Errors: those of full. */
MK_MUST_USE enum mk_err mk_tiles_add(struct mk_tiles *t,
                                     const uint8_t hash[static MK_HASH],
                                     struct mk_diag *diag);
/* Number and width of the unfinished tile of a level; width 0: none. */
uint64_t mk_tiles_at(uint64_t size, unsigned level, unsigned *width);
/* The root of all size leaves. */
void mk_tiles_root(const struct mk_tiles *t, uint8_t root[static MK_HASH]);

#endif
