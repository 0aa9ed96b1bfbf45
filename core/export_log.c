/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Part of log export: the log itself.
 *
 *   leaf i  --hash-->  tiles  --at the end-->  root = log_root of the head
 *   leaf i  holds the hash of the head before it: heads are walked alongside
 *   head    also signed by its actor
 *
 * Behind an earlier export the walk begins at the tile in which that ended:
 * its right edge is read from the folder and has to give the root that its
 * checkpoint signed.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/export.h"
#include "core/leaf.h"

struct walker {
    struct mk_export *e;
    struct mk_tiles tiles;
    struct mk_buf bundle;
    struct mk_walk *leaves, *heads;
    struct mk_export_file heads_file;
    struct mk_head_row next; /* head to come */
    bool has_next;
    uint8_t prev_hash[MK_HASH];             /* of the head before it */
    uint8_t nodes[MK_MERKLE_ROW * MK_HASH]; /* of pruned leaves */
};

static enum mk_err tampered(struct mk_diag *diag, const char *what,
                            uint64_t where)
{
    return mk_fail_at(diag, MK_E_TAMPERED, what, 0, (int64_t)where, 0);
}

static enum mk_err put_tile(struct mk_export *e, unsigned level, uint64_t n,
                            unsigned width, const void *p, size_t size,
                            struct mk_diag *diag)
{
    char path[MK_TILE_PATH];

    mk_tile_path(path, level, n, width);
    return mk_export_put(&e->dir, path, p, size, diag);
}

static enum mk_err tile_full(void *ctx, unsigned level, uint64_t n,
                             const uint8_t *hashes, struct mk_diag *diag)
{
    struct walker *w = ctx;

    return put_tile(w->e, level, n, MK_TILE, hashes, MK_TILE_BYTES, diag);
}

/* ---- where an earlier export ended ---- */

static enum mk_err read_edge(struct walker *w, bool *whole,
                             struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_buf text = MK_BUF_INIT;
    char path[MK_TILE_PATH];
    uint8_t root[MK_HASH];
    unsigned width;
    uint64_t n;
    bool found;

    *whole = false;
    w->tiles.size = w->e->old.size;
    for (unsigned level = 0; level < MK_TILE_LEVELS; level++) {
        n = mk_tiles_at(w->tiles.size, level, &width);
        if (width == 0)
            continue;
        mk_tile_path(path, level, n, width);
        MK_TRY(mk_export_get(&w->e->dir, path, MK_TILE_BYTES, &found, &text,
                             diag));
        if (!found || text.len != (size_t)width * MK_HASH)
            goto out;
        memcpy(w->tiles.hash[level], text.data, text.len);
    }
    mk_tiles_root(&w->tiles, root);
    *whole = memcmp(root, w->e->old.root, MK_HASH) == 0;
out:
    mk_buf_release(&text);
    return rc;
}

/* The record of the head that the checkpoint is of; *keep: bytes up to its
 * end, 0 if it is not there as the vault has it. */
static enum mk_err find_head(struct walker *w, uint64_t *keep,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t record[MK_EXPORT_HEAD];
    uint64_t at = UINT64_MAX;
    struct mk_head_row ours;
    struct mk_head h;
    bool found;

    *keep = 0;
    MK_TRY(mk_head_load(w->e->v->store, w->e->old.size, &found, &ours, diag));
    if (!found)
        goto out;
    do {
        MK_TRY(mk_export_record_back(&w->e->dir, "heads", record,
                                     sizeof record, &at, &found, diag));
        if (!found || !mk_head_decode(&h, record))
            goto out;
    } while (h.log_size > w->e->old.size);
    if (memcmp(record, ours.body, MK_HEAD) != 0 ||
        memcmp(record + MK_HEAD, ours.sig, MK_SIG) != 0)
        goto out;
    mk_head_hash(ours.body, w->prev_hash);
    *keep = at + sizeof record;
out:
    return rc;
}

/* A folder that is damaged where it has to grow is written anew: its
 * checkpoint was found to be a beginning of this log. */
static enum mk_err resume(struct walker *w, uint64_t *keep,
                          struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_export *e = w->e;
    bool whole = false;

    *keep = 0;
    if (e->old.size > 0)
        MK_TRY(read_edge(w, &whole, diag));
    if (whole)
        MK_TRY(find_head(w, keep, diag));
    if (*keep > 0) {
        e->from = e->old.size;
        w->tiles.size = e->from - e->from % MK_TILE;
    } else {
        e->from = 0;
        w->tiles.size = 0;
        memset(w->prev_hash, 0, MK_HASH);
    }
    e->report->repaired = e->old.size > 0 && e->from == 0;
out:
    return rc;
}

/* ---- heads ---- */

static enum mk_err next_head(struct walker *w, struct mk_diag *diag)
{
    return mk_walk_head(w->heads, &w->has_next, &w->next, diag);
}

static enum mk_err take_head(struct walker *w, struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_member *actor = NULL;
    struct mk_head h;

    if (mk_head_decode(&h, w->next.body))
        actor = mk_keyring_by_id(w->e->v->keyring, h.actor);
    if (actor == NULL || h.log_size != w->next.log_size ||
        !mk_head_signed_by(&w->next, actor->sign))
        return tampered(diag, "head (signature)", w->next.log_size);
    MK_TRY(mk_export_file_add(&w->heads_file, w->next.body, MK_HEAD, diag));
    MK_TRY(mk_export_file_add(&w->heads_file, w->next.sig, MK_SIG, diag));
    mk_head_hash(w->next.body, w->prev_hash);
    w->e->report->heads++;
    MK_TRY(next_head(w, diag));
out:
    return rc;
}

/* All heads up to size. */
static enum mk_err take_heads(struct walker *w, uint64_t size,
                              struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    while (rc == MK_OK && w->has_next && w->next.log_size <= size)
        rc = take_head(w, diag);
    return rc;
}

/* ---- leaves ---- */

static enum mk_err pruned_leaf(struct walker *w, uint64_t i,
                               uint8_t hash[static MK_HASH],
                               struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    size_t n = MK_MERKLE_ROW;
    size_t at = (size_t)(i % MK_MERKLE_ROW);

    if (at == 0)
        rc = mk_node_load(w->e->v->store, MK_TREE_LOG, 0, i / MK_MERKLE_ROW,
                          w->nodes, &n, diag);
    if (rc == MK_OK && n != MK_MERKLE_ROW)
        rc = tampered(diag, "node (log)", i);
    if (rc == MK_OK)
        memcpy(hash, w->nodes + at * MK_HASH, MK_HASH);
    return rc;
}

static enum mk_err kept_leaf(struct walker *w, uint64_t i,
                             uint8_t hash[static MK_HASH],
                             struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_log_row row;
    struct mk_leaf leaf;
    bool more;

    MK_TRY(mk_walk_log_row(w->leaves, &more, &row, diag));
    if (!more || row.seq != i || row.leaf.n > UINT16_MAX) {
        rc = tampered(diag, "log (entry missing)", i);
        goto out;
    }
    mk_merkle_leaf(hash, row.leaf.p, row.leaf.n);
    MK_TRY(mk_buf_add_u16(&w->bundle, (uint16_t)row.leaf.n));
    MK_TRY(mk_buf_add(&w->bundle, row.leaf.p, row.leaf.n));
    if (i < w->e->from)
        goto out; /* held against its head by the export before */
    MK_TRY(mk_leaf_parse(&leaf, row.leaf.p, row.leaf.n,
                         mk_keyring_store(w->e->v->keyring), diag));
    if (leaf.seq != i || memcmp(leaf.prev_head, w->prev_hash, MK_HASH) != 0)
        rc = tampered(diag, "log (chain of heads)", i);
out:
    return rc;
}

static enum mk_err put_bundle(struct walker *w, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    unsigned width;
    uint64_t n = mk_tiles_at(w->tiles.size, 0, &width);

    if (w->bundle.len > 0)
        rc = put_tile(w->e, MK_TILE_ENTRIES, width == 0 ? n - 1 : n,
                      width == 0 ? MK_TILE : width, w->bundle.data,
                      w->bundle.len, diag);
    mk_buf_clear(&w->bundle);
    return rc;
}

static enum mk_err take_leaf(struct walker *w, struct mk_diag *diag)
{
    enum mk_err rc;
    uint64_t i = w->tiles.size;
    uint8_t hash[MK_HASH];

    MK_TRY(take_heads(w, i, diag));
    if (i < w->e->pruned)
        MK_TRY(pruned_leaf(w, i, hash, diag));
    else
        MK_TRY(kept_leaf(w, i, hash, diag));
    MK_TRY(mk_tiles_add(&w->tiles, hash, diag));
    if (w->tiles.size % MK_TILE == 0)
        MK_TRY(put_bundle(w, diag));
out:
    return rc;
}

static enum mk_err put_edge(struct walker *w, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    unsigned width;
    uint64_t n;

    for (unsigned level = 0; level < MK_TILE_LEVELS; level++) {
        n = mk_tiles_at(w->tiles.size, level, &width);
        if (width > 0)
            MK_TRY(put_tile(w->e, level, n, width, w->tiles.hash[level],
                            (size_t)width * MK_HASH, diag));
    }
    MK_TRY(put_bundle(w, diag));
out:
    return rc;
}

static enum mk_err walk_all(struct walker *w, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_export *e = w->e;
    const struct mk_head *newest = &e->v->head;
    const struct mk_where *where = &e->v->where;
    uint64_t first = w->tiles.size;
    uint8_t root[MK_HASH];

    MK_TRY(mk_walk_heads(&w->heads, e->v->store, e->from, diag));
    MK_TRY(next_head(w, diag));
    MK_TRY(mk_walk_log(&w->leaves, e->v->store,
                       first < e->pruned ? e->pruned : first, diag));
    while (w->tiles.size < newest->log_size) {
        MK_TRY(take_leaf(w, diag));
        if (where->progress != NULL && w->tiles.size % 4096 == 0)
            where->progress(where->progress_ctx, "log", w->tiles.size,
                            newest->log_size);
    }
    MK_TRY(take_heads(w, newest->log_size, diag));
    mk_tiles_root(&w->tiles, root);
    if (w->has_next || memcmp(root, newest->log_root, MK_HASH) != 0)
        rc = tampered(diag, "log (tree)", newest->log_size);
out:
    return rc;
}

enum mk_err mk_export_log(struct mk_export *e, struct mk_diag *diag)
{
    enum mk_err rc;
    struct walker *w = calloc(1, sizeof *w);
    uint64_t keep;

    if (w == NULL)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    w->e = e;
    mk_tiles_init(&w->tiles, tile_full, w);
    MK_TRY(resume(w, &keep, diag));
    e->report->heads = keep / MK_EXPORT_HEAD;
    MK_TRY(mk_export_file_open(&e->dir, &w->heads_file, "heads", keep, diag));
    MK_TRY(walk_all(w, diag));
    MK_TRY(put_edge(w, diag));
    rc = mk_export_file_close(&e->dir, &w->heads_file, diag);
out:
    mk_walk_close(w->leaves);
    mk_walk_close(w->heads);
    mk_export_file_drop(&w->heads_file);
    mk_buf_release(&w->bundle);
    free(w);
    return rc;
}

/* ---- what is no longer needed ---- */

static enum mk_err remove_partial(struct mk_export *e, unsigned level,
                                  uint64_t n, struct mk_diag *diag)
{
    char path[MK_TILE_PATH];

    mk_tile_path(path, level, n, 0);
    return mk_export_remove_folder(&e->dir, path, diag);
}

static enum mk_err remove_pruned(struct mk_export *e, uint64_t n,
                                 struct mk_diag *diag)
{
    char path[MK_TILE_PATH];
    enum mk_err rc;

    mk_tile_path(path, MK_TILE_ENTRIES, n, MK_TILE);
    rc = mk_export_remove(&e->dir, path, diag);
    return rc == MK_OK ? remove_partial(e, MK_TILE_ENTRIES, n, diag) : rc;
}

enum mk_err mk_export_tidy(struct mk_export *e, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    unsigned width;

    /* from the tile that was the last one; after a run that was cut off in a
     * new folder there may be others */
    for (unsigned level = 0; level < MK_TILE_LEVELS && !e->is_new; level++) {
        uint64_t end = mk_tiles_at(e->v->head.log_size, level, &width);

        for (uint64_t n = mk_tiles_at(e->from, level, &width); n < end; n++) {
            MK_TRY(remove_partial(e, level, n, diag));
            if (level == 0)
                MK_TRY(remove_partial(e, MK_TILE_ENTRIES, n, diag));
        }
    }
    for (uint64_t n = 0; !e->is_new && n < e->pruned / MK_TILE; n++)
        MK_TRY(remove_pruned(e, n, diag));
    MK_TRY(mk_export_sync(&e->dir, diag));
out:
    return rc;
}
