/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The witness: what he signs, and what he refuses. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/cosigner_impl.h"
#include "core/store/outside.h"
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "tests/support/unit.h"

static char top[64], state[80], folder[80];
static struct mk_cosigner *witness;
static struct mk_secret *log_secret, *other_secret;
static struct mk_note_key log_key, other_key;

static struct mk_secret *phrase(const char *text)
{
    return mk_secret_from(text, strlen(text));
}

static void make_log(const char *name, uint8_t fill, struct mk_secret **secret,
                     struct mk_note_key *key)
{
    uint8_t raw[MK_KEY], pk[MK_PK];
    struct mk_secret *seed;
    memset(raw, fill, sizeof raw);
    seed = mk_secret_from(raw, sizeof raw);
    ck_assert_int_eq(mk_sign_key(secret, pk, seed), MK_OK);
    ck_assert(mk_note_key_make(key, name, MK_NOTE_ED25519, pk));
    mk_secret_free(seed);
}

static void start(void)
{
    struct mk_secret *word;
    struct mk_note_key key;
    umask(077);
    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
    /* in memory where there is such a place: thousands of fsyncs */
    snprintf(top, sizeof top, "%s/mk-cosigner-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    ck_assert_ptr_nonnull(mkdtemp(top));
    snprintf(state, sizeof state, "%s/stand", top);
    make_log("voorbeeld.nl/log", 1, &log_secret, &log_key);
    make_log("voorbeeld.nl/log", 2, &other_secret, &other_key);
    word = phrase("een lang wachtwoord");
    ck_assert_int_eq(
        mk_cosigner_make(state, "getuige.voorbeeld/w", word, &key, NULL),
        MK_OK);
    ck_assert_int_eq(mk_cosigner_load(&witness, state, NULL), MK_OK);
    ck_assert_int_eq(mk_cosigner_unlock(witness, word, NULL), MK_OK);
    mk_secret_free(word);
}

/* --- exports --- */

/* Leaves from fork on are another log's. */
static void leaf_of(uint64_t i, uint64_t fork, uint8_t hash[static MK_HASH])
{
    uint8_t leaf[9];
    mk_put_u64(leaf, i);
    leaf[8] = i >= fork;
    mk_merkle_leaf(hash, leaf, sizeof leaf);
}

/* Without fsync: there are thousands of these. */
static void put(int fd, const char *path, const void *p, size_t n)
{
    char parts[MK_TILE_PATH];
    int out;
    snprintf(parts, sizeof parts, "%s", path);
    for (char *at = strchr(parts, '/'); at; at = strchr(at + 1, '/')) {
        *at = '\0';
        (void)!mkdirat(fd, parts, 0700);
        *at = '/';
    }
    out = openat(fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ck_assert_msg(out >= 0, "%s", path);
    ck_assert_int_eq(write(out, p, n), (ssize_t)n);
    close(out);
}

static enum mk_err put_full(void *ctx, unsigned level, uint64_t n,
                            const uint8_t *hashes, struct mk_diag *diag)
{
    char path[MK_TILE_PATH];
    (void)diag;
    mk_tile_path(path, level, n, MK_TILE);
    put(*(int *)ctx, path, hashes, MK_TILE_BYTES);
    return MK_OK;
}

static void put_checkpoint(int fd, uint64_t size,
                           const uint8_t root[static MK_HASH],
                           const struct mk_note_key *key,
                           const struct mk_secret *secret)
{
    struct mk_buf note = MK_BUF_INIT, lines = MK_BUF_INIT;
    struct mk_checkpoint c = {.size = size};
    char vkey[MK_VKEY_MAX];
    memcpy(c.origin, key->name, sizeof c.origin);
    memcpy(c.root, root, MK_HASH);
    ck_assert_int_eq(mk_checkpoint_format(&note, &c), MK_OK);
    ck_assert_int_eq(
        mk_note_sign(&lines, key, secret, (char *)note.data, note.len, 0),
        MK_OK);
    ck_assert_int_eq(mk_buf_add_u8(&note, '\n'), MK_OK);
    ck_assert_int_eq(mk_buf_add(&note, lines.data, lines.len), MK_OK);
    put(fd, "checkpoint", note.data, note.len);
    mk_vkey_format(vkey, key);
    put(fd, "vkey", vkey, strlen(vkey));
    mk_buf_release(&note);
    mk_buf_release(&lines);
}

/*
 * The folder of this test with the log of size leaves; a descriptor of it.
 * What a smaller or larger one left behind is not of this size, and not read.
 */
static int new_export(uint64_t size, uint64_t fork)
{
    static struct mk_tiles t; /* large */
    uint8_t hash[MK_HASH];
    int fd;
    if (folder[0] == '\0') {
        snprintf(folder, sizeof folder, "%s/uit-XXXXXX", top);
        ck_assert_ptr_nonnull(mkdtemp(folder));
    }
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    mk_tiles_init(&t, put_full, &fd);
    for (uint64_t i = 0; i < size; i++) {
        leaf_of(i, fork, hash);
        ck_assert_int_eq(mk_tiles_add(&t, hash, NULL), MK_OK);
    }
    for (unsigned level = 0; level < MK_TILE_LEVELS; level++) {
        char path[MK_TILE_PATH];
        unsigned width;
        uint64_t n = mk_tiles_at(size, level, &width);
        if (width == 0)
            continue;
        mk_tile_path(path, level, n, width);
        put(fd, path, t.hash[level], (size_t)width * MK_HASH);
    }
    mk_tiles_root(&t, hash);
    put_checkpoint(fd, size, hash, &log_key, log_secret);
    return fd;
}

/* --- what the witness says --- */

static void forget(void)
{
    struct dirent *entry;
    DIR *d = opendir(state);
    char path[512];
    ck_assert_ptr_nonnull(d);
    while ((entry = readdir(d)) != NULL) {
        if (entry->d_name[0] == '.' ||
            strcmp(entry->d_name, MK_COSIGNER_FILE) == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", state, entry->d_name);
        ck_assert_int_eq(unlink(path), 0);
    }
    closedir(d);
}

static enum mk_err sign(int fd, const struct mk_note_key *log,
                        struct mk_diag *diag)
{
    struct mk_cosigned out;
    struct mk_note note;
    uint64_t time;
    enum mk_err rc = mk_cosigner_sign(witness, fd, log, &out, diag);
    if (rc == MK_OK) {
        ck_assert(mk_note_parse(&note, (char *)out.note.data, out.note.len));
        ck_assert_int_eq(mk_note_verify(&note, &out.log, NULL), MK_NOTE_GOOD);
        ck_assert_int_eq(
            mk_note_verify(&note, mk_cosigner_key(witness), &time),
            MK_NOTE_GOOD);
        ck_assert_uint_gt(time, 1700000000);
    }
    mk_buf_release(&out.note);
    close(fd);
    return rc;
}

static enum mk_err sign_new(uint64_t size, uint64_t fork)
{
    return sign(new_export(size, fork), NULL, NULL);
}

/* How many files of that ending he keeps. */
static size_t kept(const char *word)
{
    struct dirent *entry;
    DIR *d = opendir(state);
    size_t n = 0;
    ck_assert_ptr_nonnull(d);
    while ((entry = readdir(d)) != NULL)
        n += strstr(entry->d_name, word) != NULL;
    closedir(d);
    return n;
}

static const uint64_t sizes[] = {1,   2,   3,   16,  17,  255,
                                 256, 257, 512, 700, 4113};
#define SIZES (sizeof sizes / sizeof sizes[0])
#define NEVER UINT64_MAX

START_TEST(every_log_that_continues_is_signed)
{
    for (size_t i = 0; i < SIZES; i++)
        for (size_t j = i; j < SIZES; j++) {
            forget();
            ck_assert_int_eq(sign_new(sizes[i], NEVER), MK_OK);
            ck_assert_msg(sign_new(sizes[j], NEVER) == MK_OK, "%u to %u",
                          (unsigned)sizes[i], (unsigned)sizes[j]);
        }
}
END_TEST

START_TEST(every_log_that_forks_before_what_was_seen_is_split)
{
    for (size_t i = 0; i < SIZES; i++)
        for (size_t j = i; j < SIZES; j++) {
            const uint64_t forks[] = {0, sizes[i] / 2, sizes[i] - 1};
            for (size_t k = 0; k < 3; k++) {
                forget();
                ck_assert_int_eq(sign_new(sizes[i], NEVER), MK_OK);
                ck_assert_msg(sign_new(sizes[j], forks[k]) == MK_E_SPLIT,
                              "%u to %u at %u", (unsigned)sizes[i],
                              (unsigned)sizes[j], (unsigned)forks[k]);
                ck_assert_uint_eq(kept(".split-"), 1);
                /* and what he knew he still knows */
                ck_assert_int_eq(sign_new(sizes[i], NEVER), MK_OK);
            }
            /* behind it he cannot tell, and need not */
            forget();
            ck_assert_int_eq(sign_new(sizes[i], NEVER), MK_OK);
            ck_assert_int_eq(sign_new(sizes[j], sizes[i]), MK_OK);
        }
}
END_TEST

START_TEST(a_shorter_log_is_refused)
{
    struct mk_diag diag = MK_DIAG_INIT;
    forget();
    ck_assert_int_eq(sign_new(300, NEVER), MK_OK);
    ck_assert_int_eq(sign(new_export(299, NEVER), NULL, &diag),
                     MK_E_LOG_SHORTER);
    ck_assert_int_eq(diag.num[0], 299);
    ck_assert_int_eq(diag.num[1], 300);
    ck_assert_str_eq(diag.place, "voorbeeld.nl/log");
    ck_assert_int_eq(sign_new(300, NEVER), MK_OK);
}
END_TEST

START_TEST(another_key_of_the_same_name_is_refused)
{
    uint8_t hash[MK_HASH];
    int fd;
    forget();
    ck_assert_int_eq(sign(new_export(5, NEVER), &other_key, NULL),
                     MK_E_LOG_KEY);
    ck_assert_int_eq(sign(new_export(5, NEVER), &log_key, NULL), MK_OK);
    ck_assert_int_eq(sign(new_export(6, NEVER), &other_key, NULL),
                     MK_E_LOG_KEY);
    fd = new_export(1, NEVER);
    leaf_of(0, NEVER, hash);
    put_checkpoint(fd, 1, hash, &other_key, other_secret);
    ck_assert_int_eq(sign(fd, NULL, NULL), MK_E_LOG_KEY);
    ck_assert_int_eq(sign_new(5, NEVER), MK_OK);
}
END_TEST

/* The office replaced its key: the witness was told, and says with which one
 * the log has to be signed.  What he saw has to go on all the same. */
static int one_leaf_by(const uint8_t hash[static MK_HASH],
                       const struct mk_note_key *key,
                       const struct mk_secret *secret)
{
    int fd = new_export(1, NEVER);
    put_checkpoint(fd, 1, hash, key, secret);
    return fd;
}

START_TEST(a_new_key_is_taken_only_when_it_is_given)
{
    uint8_t hash[MK_HASH];
    forget();
    leaf_of(0, NEVER, hash);
    ck_assert_int_eq(sign(new_export(1, NEVER), NULL, NULL), MK_OK);
    ck_assert_int_eq(
        sign(one_leaf_by(hash, &other_key, other_secret), NULL, NULL),
        MK_E_LOG_KEY);
    ck_assert_int_eq(
        sign(one_leaf_by(hash, &other_key, other_secret), &other_key, NULL),
        MK_OK);
    ck_assert_int_eq(sign(new_export(1, NEVER), NULL, NULL), MK_E_LOG_KEY);
    ck_assert_int_eq(
        sign(one_leaf_by(hash, &other_key, other_secret), NULL, NULL), MK_OK);
    hash[0] ^= 1; /* a key is no way around what was seen */
    ck_assert_int_eq(
        sign(one_leaf_by(hash, &log_key, log_secret), &log_key, NULL),
        MK_E_SPLIT);
}
END_TEST

/* Tiles that lie are never signed for, whichever hash of them lies. */
START_TEST(no_changed_hash_of_a_tile_makes_a_forged_log_pass)
{
    static const char *const paths[] = {"tile/0/000", "tile/0/001",
                                        "tile/0/002.p/188", "tile/1/000.p/2"};
    forget();
    ck_assert_int_eq(sign_new(500, NEVER), MK_OK);
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct mk_buf tile = MK_BUF_INIT;
        for (size_t at = 0;; at += MK_HASH) {
            enum mk_err rc;
            int fd = new_export(700, 499);
            ck_assert_int_eq(
                mk_outside_read(fd, paths[i], MK_TILE_BYTES, &tile, NULL),
                MK_OK);
            if (at >= tile.len) {
                close(fd);
                break;
            }
            /* what the true log would have here */
            leaf_of(499, NEVER, tile.data + at);
            put(fd, paths[i], tile.data, tile.len);
            rc = sign(fd, NULL, NULL);
            ck_assert_msg(rc == MK_E_COPY || rc == MK_E_SPLIT, "%s %zu %s",
                          paths[i], at / MK_HASH, mk_err_name(rc));
        }
        mk_buf_release(&tile);
    }
}
END_TEST

/* What is read grows with the height of the tree, not with its size. */
START_TEST(a_proof_reads_few_tiles)
{
    struct mk_tile_rows t;
    struct mk_merkle_rows rows;
    struct mk_merkle *tree;
    uint8_t proof[MK_MERKLE_CONSISTENCY][MK_HASH], old[MK_HASH], now[MK_HASH];
    size_t n;
    int fd = new_export(70000, NEVER);
    mk_tile_rows_init(&t, &rows, fd, 70000);
    ck_assert_int_eq(mk_merkle_open(&tree, &rows, 70000), MK_OK);
    ck_assert_int_eq(mk_merkle_root(tree, 70000, now, NULL), MK_OK);
    ck_assert_int_eq(mk_merkle_root(tree, 33333, old, NULL), MK_OK);
    ck_assert_int_eq(
        mk_merkle_consistency(tree, 33333, 70000, proof, &n, NULL), MK_OK);
    ck_assert(mk_merkle_consistency_ok(
        33333, 70000, (const uint8_t(*)[MK_HASH])proof, n, old, now));
    ck_assert_uint_le(t.reads, 12);
    mk_merkle_close(tree);
    mk_tile_rows_release(&t);
    close(fd);
}
END_TEST

START_TEST(a_size_beyond_all_tiles_is_refused)
{
    uint8_t root[MK_HASH] = {0};
    forget();
    for (int bit = 56; bit < 63; bit++) {
        int fd = new_export(1, NEVER);
        put_checkpoint(fd, UINT64_C(1) << bit, root, &log_key, log_secret);
        ck_assert_int_eq(sign(fd, NULL, NULL), MK_E_SYNTAX);
    }
    int fd = new_export(1, NEVER);
    put_checkpoint(fd, (UINT64_C(1) << 56) - 1, root, &log_key, log_secret);
    ck_assert_int_eq(sign(fd, NULL, NULL), MK_E_NO_FILE);
    ck_assert_uint_eq(kept(".log"), 0);
}
END_TEST

/* Whatever stops the writing: no signature without a memory of it. */
START_TEST(nothing_is_given_out_that_is_not_remembered)
{
    const struct rlimit none = {.rlim_cur = 0, .rlim_max = RLIM_INFINITY};
    struct rlimit before;
    struct mk_cosigned out;
    struct mk_diag diag = MK_DIAG_INIT;
    int fd;
    forget();
    ck_assert_int_eq(sign_new(20, NEVER), MK_OK);
    fd = new_export(30, 20);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_ptr_ne(signal(SIGXFSZ, SIG_IGN), SIG_ERR);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &none), 0);
    enum mk_err rc = mk_cosigner_sign(witness, fd, NULL, &out, &diag);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_int_eq(rc, MK_E_IO);
    ck_assert(out.note.len == 0 ||
              !memmem(out.note.data, out.note.len, "getuige.voorbeeld", 17));
    mk_buf_release(&out.note);
    close(fd);
    /* so the other one of that size is still free to come */
    ck_assert_int_eq(sign_new(30, NEVER), MK_OK);
    ck_assert_int_eq(sign_new(30, 20), MK_E_SPLIT);
}
END_TEST

START_TEST(a_file_of_a_key_has_one_spelling)
{
    struct mk_cosigner c;
    struct mk_buf text = MK_BUF_INIT;
    ck_assert_int_eq(mk_cosigner_format(&text, witness), MK_OK);
    ck_assert(mk_cosigner_parse(&c, text.data, text.len));
    for (size_t n = 0; n < text.len; n++)
        ck_assert(!mk_cosigner_parse(&c, text.data, n));
    for (size_t i = 0; i < text.len; i++) {
        text.data[i] ^= 0x20;
        if (mk_cosigner_parse(&c, text.data, text.len)) {
            struct mk_secret *word = phrase("een lang wachtwoord");
            c.sign = NULL;
            ck_assert_int_eq(mk_cosigner_unlock(&c, word, NULL),
                             MK_E_KEY_LOCKED);
            mk_secret_free(word);
        }
        text.data[i] ^= 0x20;
    }
    mk_buf_release(&text);
}
END_TEST

START_TEST(a_wrong_passphrase_opens_nothing)
{
    struct mk_cosigner *c;
    struct mk_secret *word = phrase("een kort wachtwoord");
    struct mk_cosigned out;
    int fd = new_export(3, NEVER);
    ck_assert_int_eq(mk_cosigner_load(&c, state, NULL), MK_OK);
    ck_assert_int_eq(mk_cosigner_unlock(c, word, NULL), MK_E_KEY_LOCKED);
    ck_assert_int_eq(mk_cosigner_sign(c, fd, NULL, &out, NULL),
                     MK_E_KEY_LOCKED);
    mk_cosigner_free(c);
    mk_secret_free(word);
    close(fd);
}
END_TEST

START_TEST(a_changed_memory_of_a_log_stops_the_witness)
{
    struct dirent *entry;
    DIR *d;
    char path[512];
    forget();
    ck_assert_int_eq(sign_new(9, NEVER), MK_OK);
    d = opendir(state);
    while ((entry = readdir(d)) != NULL && !strstr(entry->d_name, ".log"))
        continue;
    ck_assert_ptr_nonnull(entry);
    snprintf(path, sizeof path, "%s/%s", state, entry->d_name);
    closedir(d);
    FILE *f = fopen(path, "r+");
    ck_assert_ptr_nonnull(f);
    fseek(f, 60, SEEK_SET); /* in the vkey: a line of its own */
    int was = fgetc(f);
    fseek(f, 60, SEEK_SET);
    fputc(was == 'A' ? 'B' : 'A', f);
    fclose(f);
    ck_assert_int_eq(sign_new(9, NEVER), MK_E_DAMAGED);
    forget();
}
END_TEST

START_TEST(nothing_outside_of_the_folder_is_read)
{
    static const char *const bad[] = {
        "",       "..",          "../stand/witness.key", "tile/../checkpoint",
        "/etc",   "tile//0",     "tile/0/000/x",         "tile",
        "koppel", "ketting/key", "./checkpoint"};
    struct mk_buf out = MK_BUF_INIT;
    int fd = new_export(3, NEVER);
    ck_assert_int_eq(symlinkat("checkpoint", fd, "koppel"), 0);
    ck_assert_int_eq(symlinkat("../stand", fd, "ketting"), 0);
    ck_assert_int_eq(mk_outside_read(fd, "checkpoint", 4096, &out, NULL),
                     MK_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(mk_outside_read(fd, bad[i], 4096, &out, NULL) ==
                          MK_E_NO_FILE,
                      "%s", bad[i]);
    ck_assert_int_eq(mk_outside_read(fd, "checkpoint", 10, &out, NULL),
                     MK_E_TOO_LARGE);
    /* a file there is not written through a link, but replaced */
    ck_assert_int_eq(mk_outside_write(fd, "koppel", "x", 1, NULL), MK_OK);
    ck_assert_int_eq(mk_outside_read(fd, "koppel", 10, &out, NULL), MK_OK);
    ck_assert_int_eq(mk_outside_read(fd, "checkpoint", 4096, &out, NULL),
                     MK_OK);
    ck_assert_uint_gt(out.len, 100);
    mk_buf_release(&out);
    close(fd);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_log_that_continues_is_signed,
        every_log_that_forks_before_what_was_seen_is_split,
        a_shorter_log_is_refused,
        another_key_of_the_same_name_is_refused,
        a_new_key_is_taken_only_when_it_is_given,
        no_changed_hash_of_a_tile_makes_a_forged_log_pass,
        a_proof_reads_few_tiles,
        a_size_beyond_all_tiles_is_refused,
        nothing_is_given_out_that_is_not_remembered,
        a_file_of_a_key_has_one_spelling,
        a_wrong_passphrase_opens_nothing,
        a_changed_memory_of_a_log_stops_the_witness,
        nothing_outside_of_the_folder_is_read,
    };
    int status = UNIT_RUN("cosigner", tests, start);
    char command[96];
    snprintf(command, sizeof command, "rm -rf %s", top);
    return system(command) == 0 ? status : EXIT_FAILURE;
}
