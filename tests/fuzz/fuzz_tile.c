/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A tile of an export, as a witness reads it: true tiles of a log of SIZE
 * entries, and the input in the place of one of them (its first byte says
 * which).  Whatever stands there, nothing false is proven, and a damaged tile
 * never looks like a log with another past.
 */
#include "core/cosigner_impl.h"
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SIZE 700
#define BEFORE 300 /* what the witness saw last */

static const struct file {
    const char *path;
    unsigned level, first, width;
} files[] = {
    {"tile/0/000", 0, 0, 256},
    {"tile/0/001", 0, 256, 256},
    {"tile/0/002.p/188", 0, 512, 188},
    {"tile/1/000.p/2", 1, 0, 2},
};
#define FILES (sizeof files / sizeof files[0])

static char folder[] = "/tmp/mk-fuzz-tile-XXXXXX";
static int dir;
static uint8_t leaves[SIZE][MK_HASH];
static uint8_t truth[FILES][MK_TILE_BYTES];
static uint8_t root[MK_HASH], root_before[MK_HASH];

static void root_of(size_t from, size_t to, uint8_t out[static MK_HASH])
{
    struct mk_merkle_stream s;

    mk_merkle_stream_init(&s);
    for (size_t i = from; i < to; i++)
        mk_merkle_stream_add(&s, leaves[i]);
    mk_merkle_stream_root(&s, out);
}

/* Not cut to nothing first: some file systems wait for the disk then. */
static void put(const char *path, const void *p, size_t n)
{
    const int fd = openat(dir, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    CLAIM(fd >= 0 && write(fd, p, n) == (ssize_t)n &&
          ftruncate(fd, (off_t)n) == 0 && close(fd) == 0);
}

static void sweep(void)
{
    static const char *const below[] = {"tile/0/002.p", "tile/1/000.p",
                                        "tile/0", "tile/1", "tile"};

    for (size_t i = 0; i < FILES; i++)
        (void)unlinkat(dir, files[i].path, 0);
    for (size_t i = 0; i < sizeof below / sizeof below[0]; i++)
        (void)unlinkat(dir, below[i], AT_REMOVEDIR);
    (void)rmdir(folder);
}

static void prepare(void)
{
    static const char *const below[] = {"tile", "tile/0", "tile/1",
                                        "tile/0/002.p", "tile/1/000.p"};

    CLAIM(mk_crypto_init(NULL) == MK_OK);
    CLAIM(mkdtemp(folder) != NULL);
    dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    CLAIM(dir >= 0 && atexit(sweep) == 0);
    for (size_t i = 0; i < sizeof below / sizeof below[0]; i++)
        CLAIM(mkdirat(dir, below[i], 0700) == 0);
    for (unsigned i = 0; i < SIZE; i++) {
        const uint8_t number[2] = {(uint8_t)(i >> 8), (uint8_t)i};

        mk_merkle_leaf(leaves[i], number, sizeof number);
    }
    root_of(0, SIZE, root);
    root_of(0, BEFORE, root_before);
    for (size_t i = 0; i < FILES; i++) {
        const size_t n = files[i].width;

        if (files[i].level == 0)
            memcpy(truth[i], leaves[files[i].first], n * MK_HASH);
        else
            for (size_t k = 0; k < n; k++)
                root_of(256 * k, 256 * (k + 1), truth[i] + k * MK_HASH);
        put(files[i].path, truth[i], n * MK_HASH);
    }
}

/* What a witness asks: is this the root, and what was it before? */
static void continues(struct mk_merkle *t, bool is_true)
{
    uint8_t now[MK_HASH], then[MK_HASH];
    uint8_t proof[MK_MERKLE_CONSISTENCY][MK_HASH];
    size_t n;

    if (mk_merkle_root(t, SIZE, now, NULL) != MK_OK ||
        memcmp(now, root, MK_HASH) != 0 ||
        mk_merkle_consistency(t, BEFORE, SIZE, proof, &n, NULL) != MK_OK ||
        mk_merkle_root(t, BEFORE, then, NULL) != MK_OK ||
        !mk_merkle_consistency_ok(
            BEFORE, SIZE, (const uint8_t(*)[MK_HASH])proof, n, then, root)) {
        CLAIM(!is_true);
        return;
    }
    CLAIM(memcmp(then, root_before, MK_HASH) == 0);
}

/* What a reader asks: is this entry in it? */
static void includes(struct mk_merkle *t, unsigned at, bool is_true)
{
    uint8_t proof[MK_MERKLE_PROOF][MK_HASH], other[MK_HASH];
    size_t n;

    if (mk_merkle_inclusion(t, at, SIZE, proof, &n, NULL) != MK_OK) {
        CLAIM(!is_true);
        return;
    }
    CLAIM(!is_true ||
          mk_merkle_inclusion_ok(leaves[at], at, SIZE,
                                 (const uint8_t(*)[MK_HASH])proof, n, root));
    memcpy(other, leaves[at], MK_HASH);
    other[0] ^= 1;
    CLAIM(!mk_merkle_inclusion_ok(other, at, SIZE,
                                  (const uint8_t(*)[MK_HASH])proof, n, root));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready; /* a test program of one thread */
    struct mk_tile_rows tiles;
    struct mk_merkle_rows rows;
    struct mk_merkle *t;
    size_t which;
    bool is_true;

    if (!ready)
        prepare();
    ready = true;
    if (size == 0)
        return 0;
    which = data[0] % FILES;
    is_true = size - 1 == (size_t)files[which].width * MK_HASH &&
              memcmp(data + 1, truth[which], size - 1) == 0;
    put(files[which].path, data + 1, size - 1);
    mk_tile_rows_init(&tiles, &rows, dir, SIZE);
    CLAIM(mk_merkle_open(&t, &rows, SIZE) == MK_OK);
    continues(t, is_true);
    includes(t, (unsigned)(size * 31 % SIZE), is_true);
    mk_merkle_close(t);
    mk_tile_rows_release(&tiles);
    put(files[which].path, truth[which], (size_t)files[which].width * MK_HASH);
    return 0;
}
