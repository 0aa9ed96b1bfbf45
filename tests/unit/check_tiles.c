/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tiles: their paths, their number, the root they give, and proofs that are
 * read from files of them. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/export_dir.h"
#include "tests/support/tree.h"
#include "tests/support/unit.h"
#include "tests/support/vectors.h"

static struct mk_tiles tiles;

static void start(void)
{
    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
}

/* ---- paths ---- */

static void path_is(unsigned level, uint64_t n, unsigned width,
                    const char *wanted)
{
    char path[MK_TILE_PATH];

    mk_tile_path(path, level, n, width);
    ck_assert_str_eq(path, wanted);
}

START_TEST(paths_are_those_of_tlog_tiles)
{
    /* the example of C2SP tlog-tiles: 1234067 is x001/x234/067 */
    path_is(0, 1234067, MK_TILE, "tile/0/x001/x234/067");
    path_is(0, 0, MK_TILE, "tile/0/000");
    path_is(1, 999, MK_TILE, "tile/1/999");
    path_is(2, 1000, MK_TILE, "tile/2/x001/000");
    path_is(0, 273, 112, "tile/0/273.p/112");
    path_is(3, 1234067, 1, "tile/3/x001/x234/067.p/1");
    path_is(MK_TILE_ENTRIES, 273, 112, "tile/entries/273.p/112");
    path_is(MK_TILE_ENTRIES, 1000000, MK_TILE, "tile/entries/x001/x000/000");
    path_is(0, 5, 0, "tile/0/005.p");
    path_is(MK_TILE_ENTRIES, (UINT64_C(1) << 56) - 1, 255,
            "tile/entries/x072/x057/x594/x037/x927/935.p/255");
}
END_TEST

/* ---- what a log of some size has ---- */

struct seen {
    uint64_t n[MK_TILE_LEVELS];
};

static enum mk_err see(void *ctx, unsigned level, uint64_t n,
                       const uint8_t *hashes, struct mk_diag *diag)
{
    struct seen *s = ctx;

    (void)hashes;
    (void)diag;
    ck_assert_uint_eq(s->n[level], n); /* in order, each once */
    s->n[level]++;
    return MK_OK;
}

static void leaf_of(uint64_t i, uint8_t hash[static MK_HASH])
{
    uint8_t leaf[8];

    mk_put_u64(leaf, i);
    mk_merkle_leaf(hash, leaf, sizeof leaf);
}

/* A log of size leaves: the root is right, and as many tiles as wanted are
 * whole; NULL: only the root. */
static void log_has(uint64_t size, const uint64_t *whole)
{
    struct mk_merkle_stream stream;
    struct seen seen = {.n = {0}};
    uint8_t hash[MK_HASH], root[MK_HASH];
    unsigned width;

    mk_tiles_init(&tiles, see, &seen);
    mk_merkle_stream_init(&stream);
    for (uint64_t i = 0; i < size; i++) {
        leaf_of(i, hash);
        mk_merkle_stream_add(&stream, hash);
        ck_assert_int_eq(mk_tiles_add(&tiles, hash, NULL), MK_OK);
    }
    mk_merkle_stream_root(&stream, hash);
    mk_tiles_root(&tiles, root);
    ck_assert_mem_eq(root, hash, MK_HASH);
    for (unsigned level = 0; level < MK_TILE_LEVELS; level++) {
        ck_assert_uint_eq(mk_tiles_at(size, level, &width), seen.n[level]);
        if (whole != NULL)
            ck_assert_uint_eq(seen.n[level], whole[level]);
    }
}

START_TEST(a_log_has_the_tiles_of_its_size)
{
    static const struct {
        uint64_t size, whole[MK_TILE_LEVELS];
    } cases[] = {
        {0, {0}},           {1, {0}},          {255, {0}},
        {256, {1}},         {257, {1}},        {511, {1}},
        {512, {2}},         {65535, {255}},    {65536, {256, 1}},
        {65537, {256, 1}},  {65792, {257, 1}}, {70000, {273, 1}},
        {131072, {512, 2}},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        log_has(cases[i].size, cases[i].whole);
    for (uint64_t size = 2; size < 1200; size += 7)
        log_has(size, NULL);
}
END_TEST

START_TEST(
    a_log_of_seventy_thousand_has_the_partial_tiles_of_the_specification)
{
    static const unsigned wanted[] = {112, 17, 1, 0, 0, 0, 0};
    static const uint64_t numbers[] = {273, 1, 0, 0, 0, 0, 0};
    unsigned width;

    for (unsigned level = 0; level < MK_TILE_LEVELS; level++) {
        ck_assert_uint_eq(mk_tiles_at(70000, level, &width), numbers[level]);
        ck_assert_uint_eq(width, wanted[level]);
    }
}
END_TEST

/* Leaves and roots of RFC 6962 as the tests of Certificate Transparency have
 * them. */
START_TEST(tiles_give_the_known_roots)
{
    struct vectors *v = vectors_open("merkle.txt");
    struct seen seen = {.n = {0}};
    uint8_t leaf[8][MK_HASH], root[MK_HASH];
    size_t leaves = 0, roots = 0, n;

    while (vectors_next(v)) {
        const char *kind = vectors_text(v, "kind");

        if (strcmp(kind, "leaf") == 0) {
            const uint8_t *p = vectors_bytes(v, "leaf", &n);

            mk_merkle_leaf(leaf[leaves++], p, n);
        } else if (strcmp(kind, "root") == 0) {
            mk_tiles_init(&tiles, see, &seen);
            for (size_t i = 0; i < vectors_num(v, "size"); i++)
                ck_assert_int_eq(mk_tiles_add(&tiles, leaf[i], NULL), MK_OK);
            mk_tiles_root(&tiles, root);
            ck_assert_mem_eq(root, vectors_bytes(v, "root", &n), MK_HASH);
            roots++;
        }
    }
    ck_assert_uint_eq(roots, 9);
}
END_TEST

static enum mk_err refuse(void *ctx, unsigned level, uint64_t n,
                          const uint8_t *hashes, struct mk_diag *diag)
{
    (void)ctx;
    (void)level;
    (void)n;
    (void)hashes;
    return mk_fail(diag, MK_E_DISK_FULL, "export");
}

START_TEST(a_tile_that_cannot_be_written_ends_it)
{
    uint8_t hash[MK_HASH] = {0};

    mk_tiles_init(&tiles, refuse, NULL);
    for (unsigned i = 1; i < MK_TILE; i++)
        ck_assert_int_eq(mk_tiles_add(&tiles, hash, NULL), MK_OK);
    ck_assert_int_eq(mk_tiles_add(&tiles, hash, NULL), MK_E_DISK_FULL);
}
END_TEST

/* ---- proofs from files ---- */

#define SIZE 70000

struct folder {
    char path[32];
    struct mk_export_dir dir;
    uint64_t size;
    unsigned reads;
};

static enum mk_err write_tile(void *ctx, unsigned level, uint64_t n,
                              const uint8_t *hashes, struct mk_diag *diag)
{
    struct folder *f = ctx;
    char path[MK_TILE_PATH];

    mk_tile_path(path, level, n, MK_TILE);
    return mk_export_put(&f->dir, path, hashes, MK_TILE_BYTES, diag);
}

/*
 * A row of 16 hashes as crypto/merkle.h wants it: of the same level of a tile,
 * or each from 16 hashes of it.
 */
static enum mk_err read_row(void *ctx, unsigned level, uint64_t index,
                            uint8_t row[static MK_MERKLE_ROW * MK_HASH],
                            size_t *n, struct mk_diag *diag)
{
    struct folder *f = ctx;
    const size_t each = level % 2 == 0 ? 1 : MK_MERKLE_ROW;
    uint64_t tile = index * each * MK_MERKLE_ROW / MK_TILE;
    size_t at = (size_t)(index * each * MK_MERKLE_ROW % MK_TILE);
    struct mk_buf text = MK_BUF_INIT;
    struct mk_merkle_stream s;
    char path[MK_TILE_PATH];
    unsigned width;
    bool found;

    if (mk_tiles_at(f->size, level / 2, &width) > tile)
        width = MK_TILE;
    mk_tile_path(path, level / 2, tile, width);
    ck_assert_int_eq(
        mk_export_get(&f->dir, path, MK_TILE_BYTES, &found, &text, diag),
        MK_OK);
    ck_assert(found);
    f->reads++;
    for (*n = 0; *n < MK_MERKLE_ROW && at + each <= width; ++*n, at += each) {
        mk_merkle_stream_init(&s);
        for (size_t i = 0; i < each; i++)
            mk_merkle_stream_add(&s, text.data + (at + i) * MK_HASH);
        mk_merkle_stream_root(&s, row + *n * MK_HASH);
    }
    mk_buf_release(&text);
    return MK_OK;
}

static void folder_make(struct folder *f, uint64_t size)
{
    char path[MK_TILE_PATH];
    uint8_t hash[MK_HASH];
    unsigned width;
    uint64_t n;
    int fd;

    snprintf(f->path, sizeof f->path, "/tmp/mk-tiles-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(f->path));
    fd = open(f->path, O_RDONLY | O_DIRECTORY);
    ck_assert_int_ge(fd, 0);
    mk_export_dir_init(&f->dir, fd);
    f->size = size;
    mk_tiles_init(&tiles, write_tile, f);
    for (uint64_t i = 0; i < size; i++) {
        leaf_of(i, hash);
        ck_assert_int_eq(mk_tiles_add(&tiles, hash, NULL), MK_OK);
    }
    for (unsigned level = 0; level < MK_TILE_LEVELS; level++) {
        n = mk_tiles_at(size, level, &width);
        mk_tile_path(path, level, n, width);
        if (width > 0)
            ck_assert_int_eq(mk_export_put(&f->dir, path, tiles.hash[level],
                                           (size_t)width * MK_HASH, NULL),
                             MK_OK);
    }
}

static void folder_remove(struct folder *f)
{
    char command[64];

    mk_export_dir_release(&f->dir);
    close(f->dir.root);
    snprintf(command, sizeof command, "rm -rf %s", f->path);
    ck_assert_int_eq(system(command), 0);
}

/* One proof; how many files it took. */
static unsigned prove(struct folder *f, uint64_t index,
                      const uint8_t root[static MK_HASH])
{
    const struct mk_merkle_rows rows = {.ctx = f, .load = read_row};
    uint8_t proof[MK_MERKLE_PROOF][MK_HASH];
    uint8_t hash[MK_HASH];
    struct mk_merkle *t;
    size_t n;

    f->reads = 0;
    ck_assert_int_eq(mk_merkle_open(&t, &rows, f->size), MK_OK);
    ck_assert_int_eq(mk_merkle_inclusion(t, index, f->size, proof, &n, NULL),
                     MK_OK);
    mk_merkle_close(t);
    leaf_of(index, hash);
    ck_assert(mk_merkle_inclusion_ok(
        hash, index, f->size, (const uint8_t(*)[MK_HASH])proof, n, root));
    hash[0] ^= 1;
    ck_assert(!mk_merkle_inclusion_ok(
        hash, index, f->size, (const uint8_t(*)[MK_HASH])proof, n, root));
    return f->reads;
}

/* Two rows a level of 16: of the entry, and of the edge. */
START_TEST(an_entry_is_proven_by_reading_few_tiles)
{
    static const struct {
        uint64_t size;
        unsigned most;
    } cases[] = {{200, 4}, {5000, 8}, {SIZE, 10}};
    static struct folder f;
    uint8_t root[MK_HASH];

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        folder_make(&f, cases[i].size);
        mk_tiles_root(&tiles, root);
        for (uint64_t at = 0; at < f.size; at += 1 + f.size / 97)
            ck_assert_uint_le(prove(&f, at, root), cases[i].most);
        ck_assert_uint_le(prove(&f, f.size - 1, root), cases[i].most);
        folder_remove(&f);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        paths_are_those_of_tlog_tiles,
        a_log_has_the_tiles_of_its_size,
        a_log_of_seventy_thousand_has_the_partial_tiles_of_the_specification,
        tiles_give_the_known_roots,
        a_tile_that_cannot_be_written_ends_it,
        an_entry_is_proven_by_reading_few_tiles,
    };

    return UNIT_RUN("tiles", tests, start);
}
