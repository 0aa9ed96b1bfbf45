/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/verify/entries.h"

#include <string.h>

#include "core/base/bytes.h"

#define BUNDLE_MAX ((size_t)MK_VF_WIDTH * (2 + 65535))

void mk_vf_entries_init(struct mk_vf_entries *e, int dir,
                        struct mk_vf_report *report, uint64_t size,
                        uint64_t pruned)
{
    memset(e, 0, sizeof *e);
    e->dir = dir;
    e->report = report;
    e->size = size;
    e->pruned = pruned;
    mk_vf_tree_init(&e->tree);
}

void mk_vf_entries_release(struct mk_vf_entries *e)
{
    mk_buf_release(&e->bundle);
    mk_buf_release(&e->tile);
}

static void found(struct mk_vf_entries *e, enum mk_vf_code code, uint64_t a,
                  uint64_t b, const char *file)
{
    struct mk_vf_finding f = {.code = code, .a = a, .b = b};

    if (file)
        memcpy(f.file, file, strlen(file) + 1);
    mk_vf_found(e->report, &f);
}

bool mk_vf_bundle_parse(struct mk_vf_entries *e, uint8_t *p, size_t n,
                        unsigned width)
{
    size_t at = 0;

    for (unsigned i = 0; i < width; i++) {
        if (n - at < 2)
            return false;
        const size_t len = mk_get_u16(p + at);
        at += 2;
        if (n - at < len)
            return false;
        e->leaf[i].p = p + at;
        e->leaf[i].n = len;
        at += len;
    }
    if (at != n)
        return false;
    /* the byte before a leaf is one of its length, which was read */
    for (unsigned i = 0; i < width; i++)
        mk_vf_leaf_hash(e->hash[i], e->leaf[i].p, e->leaf[i].n);
    return true;
}

/* A tile of n hashes into e->tile.  *has: it is there and of that size. */
static enum mk_err load_tile(struct mk_vf_entries *e, unsigned level,
                             uint64_t index, unsigned n, bool *has,
                             struct mk_diag *diag)
{
    char path[MK_VF_PATH];
    enum mk_vf_file what;
    enum mk_err rc;

    *has = false;
    mk_vf_tile_path(path, (int)level, index, n);
    MK_TRY(mk_vf_load(&what, &e->tile, e->dir, path,
                      (size_t)MK_VF_WIDTH * MK_HASH, diag));
    if (what == MK_VF_ABSENT)
        found(e, MK_VF_FILE_MISSING, 0, 0, path);
    else if (what == MK_VF_STRANGE)
        found(e, MK_VF_FILE_STRANGE, 0, 0, path);
    else if (e->tile.len != (size_t)n * MK_HASH)
        found(e, MK_VF_TILE, 0, 0, path);
    else
        *has = true;
out:
    return rc;
}

static enum mk_err load_bundle(struct mk_vf_entries *e, uint64_t index,
                               struct mk_diag *diag)
{
    char path[MK_VF_PATH];
    enum mk_vf_file what;
    enum mk_err rc;
    const uint64_t first = index * MK_VF_WIDTH;

    e->has_leaves = false;
    mk_vf_tile_path(path, -1, index, e->width);
    MK_TRY(mk_vf_load(&what, &e->bundle, e->dir, path, BUNDLE_MAX, diag));
    if (what == MK_VF_READ &&
        mk_vf_bundle_parse(e, e->bundle.data, e->bundle.len, e->width))
        e->has_leaves = true;
    else if (what == MK_VF_READ)
        found(e, MK_VF_BUNDLE_FORM, 0, 0, path);
    else if (what == MK_VF_STRANGE)
        found(e, MK_VF_FILE_STRANGE, 0, 0, path);
    else if (first + e->width > e->pruned)
        found(e, MK_VF_BUNDLE_MISSING, first, first + e->width - 1, NULL);
    else
        e->report->pruned += e->width;
out:
    return rc;
}

/* The hashes of the bundle and those of its tile: one that differs is an entry,
 * all of them are the tile. */
static void compare(struct mk_vf_entries *e, uint64_t index)
{
    char path[MK_VF_PATH];
    unsigned differ = 0;

    for (unsigned i = 0; i < e->width; i++)
        differ += memcmp(e->hash[i], e->tile.data + (size_t)i * MK_HASH,
                         MK_HASH) != 0;
    if (differ == 0)
        return;
    if (differ == e->width && differ > 1) {
        mk_vf_tile_path(path, 0, index, e->width);
        found(e, MK_VF_TILE, 0, 0, path);
        return;
    }
    for (unsigned i = 0; i < e->width; i++)
        if (memcmp(e->hash[i], e->tile.data + (size_t)i * MK_HASH, MK_HASH) !=
            0)
            found(e, MK_VF_ENTRY_TILE, index * MK_VF_WIDTH + i, 0, NULL);
}

/* The bundle and tile that entry e->at begins. */
static enum mk_err begin(struct mk_vf_entries *e, struct mk_diag *diag)
{
    enum mk_err rc;
    const uint64_t index = e->at / MK_VF_WIDTH;
    const uint64_t left = e->size - e->at;

    e->width = left < MK_VF_WIDTH ? (unsigned)left : MK_VF_WIDTH;
    MK_TRY(load_bundle(e, index, diag));
    MK_TRY(load_tile(e, 0, index, e->width, &e->has_tile, diag));
    if (e->has_leaves && e->has_tile)
        compare(e, index);
    else if (e->has_tile)
        memcpy(e->hash, e->tile.data, e->tile.len);
out:
    return rc;
}

/* hashes, n of them, against the file of that tile. */
static enum mk_err check_tile(struct mk_vf_entries *e, unsigned level,
                              struct mk_diag *diag)
{
    char path[MK_VF_PATH];
    enum mk_err rc;
    bool has;
    const unsigned n = e->level[level].n;
    const uint64_t index = e->level[level].index;

    MK_TRY(load_tile(e, level, index, n, &has, diag));
    if (has &&
        memcmp(e->tile.data, e->level[level].hash, (size_t)n * MK_HASH) != 0) {
        mk_vf_tile_path(path, (int)level, index, n);
        found(e, MK_VF_TILE, 0, 0, path);
    }
out:
    return rc;
}

static enum mk_err gather(struct mk_vf_entries *e, unsigned levels,
                          const uint8_t made[static MK_VF_LEVELS][MK_HASH],
                          struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    for (unsigned i = 1; i < levels; i++) {
        memcpy(e->level[i].hash[e->level[i].n++], made[i], MK_HASH);
        if (e->level[i].n < MK_VF_WIDTH)
            continue;
        MK_TRY(check_tile(e, i, diag));
        e->level[i].n = 0;
        e->level[i].index++;
    }
out:
    return rc;
}

enum mk_err mk_vf_entries_next(struct mk_vf_entries *e, bool *more,
                               const uint8_t **leaf, size_t *n,
                               struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    uint8_t made[MK_VF_LEVELS][MK_HASH];
    const unsigned i = e->at % MK_VF_WIDTH;

    *more = false;
    *leaf = NULL;
    *n = 0;
    if (e->at == e->size)
        return MK_OK;
    if (i == 0)
        MK_TRY(begin(e, diag));
    if (!e->has_leaves && !e->has_tile)
        goto out;
    if (e->has_leaves) {
        *leaf = e->leaf[i].p;
        *n = e->leaf[i].n;
    }
    MK_TRY(gather(e, mk_vf_tree_add(&e->tree, e->hash[i], made), made, diag));
    e->at++;
    *more = true;
out:
    return rc;
}

enum mk_err mk_vf_entries_end(struct mk_vf_entries *e, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    for (unsigned i = 1; i < MK_VF_LEVELS; i++)
        if (e->level[i].n > 0)
            MK_TRY(check_tile(e, i, diag));
out:
    return rc;
}
