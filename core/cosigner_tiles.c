/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tile L/N holds the roots of the complete subtrees of 256^L leaves with the
 * numbers 256 N .. 256 N + 255.  A row of crypto/merkle.h holds those of
 * 16^level leaves, 16 of them: an even level is a sixteenth of a tile, an odd
 * one is made of a whole tile, sixteen hashes at a time.
 */
#include <string.h>

#include "core/cosigner_impl.h"
#include "core/store/outside.h"

/* How many of the hashes first .. first + max - 1 of a level with n there
 * are. */
static size_t there_are(uint64_t n, uint64_t first, size_t max)
{
    return first >= n ? 0 : n - first < max ? (size_t)(n - first) : max;
}

/* Tile number of level, in full or as far as the tree goes; borrowed. */
static enum mk_err get_tile(struct mk_tile_rows *t, unsigned level,
                            uint64_t number, const uint8_t **hashes,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf *buf = &t->last[level].hashes;
    const size_t width =
        there_are(t->size >> 8 * level, number * MK_TILE, MK_TILE);
    char path[MK_TILE_PATH];

    if (buf->len == 0 || t->last[level].number != number) {
        mk_tile_path(path, level, number, (unsigned)width);
        t->reads++;
        MK_TRY(mk_outside_read(t->export, path, MK_TILE_BYTES, buf, diag));
        if (buf->len != width * MK_HASH) {
            mk_buf_clear(buf);
            rc = mk_fail(diag, MK_E_COPY, "tile");
            goto out;
        }
        t->last[level].number = number;
    }
    *hashes = buf->data;
    return MK_OK;
out:
    mk_buf_clear(buf);
    return rc;
}

static enum mk_err load_row(void *ctx, unsigned level, uint64_t index,
                            uint8_t row[static MK_MERKLE_ROW * MK_HASH],
                            size_t *n, struct mk_diag *diag)
{
    struct mk_tile_rows *t = ctx;
    const uint8_t *hashes;
    enum mk_err rc = MK_OK;

    *n = there_are(t->size >> 4 * level, index * MK_MERKLE_ROW, MK_MERKLE_ROW);
    if (*n == 0)
        return MK_OK;
    if (level % 2 == 0) {
        MK_TRY(get_tile(t, level / 2, index / 16, &hashes, diag));
        memcpy(row, hashes + index % 16 * 16 * MK_HASH, *n * MK_HASH);
        return MK_OK;
    }
    MK_TRY(get_tile(t, level / 2, index, &hashes, diag));
    for (size_t i = 0; i < *n; i++) {
        struct mk_merkle_stream s;

        mk_merkle_stream_init(&s);
        for (size_t k = 0; k < 16; k++)
            mk_merkle_stream_add(&s, hashes + (16 * i + k) * MK_HASH);
        mk_merkle_stream_root(&s, row + i * MK_HASH);
    }
out:
    return rc;
}

static enum mk_err save_row(void *ctx, unsigned level, uint64_t index,
                            const uint8_t *row, size_t n, struct mk_diag *diag)
{
    (void)ctx;
    (void)level;
    (void)index;
    (void)row;
    (void)n;
    return mk_fail(diag, MK_E_INTERNAL, "tile");
}

void mk_tile_rows_init(struct mk_tile_rows *t, struct mk_merkle_rows *rows,
                       int export, uint64_t size)
{
    memset(t, 0, sizeof *t);
    t->export = export;
    t->size = size;
    *rows =
        (struct mk_merkle_rows){.ctx = t, .load = load_row, .save = save_row};
}

void mk_tile_rows_release(struct mk_tile_rows *t)
{
    for (size_t i = 0; i < sizeof t->last / sizeof t->last[0]; i++)
        mk_buf_release(&t->last[i].hashes);
}
