/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * usage: fuzz_x SECONDS SEED LAST [CORPUS_FILE...]
 *
 * Gives the target the corpus as it is, then mutations of it for SECONDS
 * (0: the corpus only).  The same SEED gives the same inputs in the same
 * order.  Each input is kept in the file LAST before it is used, so that it is
 * there after a crash: `fuzz_x 0 0 /dev/null LAST` repeats it.
 */
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define MAX_INPUT 65536
#define MAX_CORPUS 1024
#define LAST_SIZE (MAX_INPUT + sizeof(uint64_t)) /* the input, then its size */

struct input {
    uint8_t *data;
    size_t size;
};

static uint64_t next_random(uint64_t *state)
{
    /* splitmix64 (public domain, S. Vigna): repeatable, needs no seeding */
    uint64_t z = (*state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static size_t below(uint64_t *state, size_t n)
{
    return n == 0 ? 0 : (size_t)(next_random(state) % n);
}

static bool load(struct input *in, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    in->data = malloc(LAST_SIZE);
    in->size = in->data ? fread(in->data, 1, LAST_SIZE, f) : 0;
    fclose(f);
    if (in->size == LAST_SIZE) {
        uint64_t size;
        memcpy(&size, in->data + MAX_INPUT, sizeof size);
        in->size = size;
    }
    if (in->size > MAX_INPUT)
        in->size = MAX_INPUT;
    return in->data != NULL;
}

/* What breaks parsers: ends of ranges, controls, quotes, broken UTF-8. */
static uint8_t nasty(uint64_t *state)
{
    static const uint8_t bytes[] = {0x00, 0x01, 0x7f, 0x80, 0xff, 0xc0,
                                    0xed, 0xf4, '\n', '\r', '"',  ',',
                                    ':',  '-',  '0',  '9',  ' ',  '='};
    size_t i = below(state, 2 * sizeof bytes);
    return i < sizeof bytes ? bytes[i] : (uint8_t)next_random(state);
}

static size_t mutate(uint8_t *p, size_t n, uint64_t *state)
{
    size_t at = below(state, n + 1), len = below(state, 1 + n / 4);
    switch (below(state, 6)) {
    case 0: /* flip a bit */
        if (at < n)
            p[at] ^= (uint8_t)(1u << below(state, 8));
        return n;
    case 1: /* set a byte */
        if (at < n)
            p[at] = nasty(state);
        return n;
    case 2: /* cut the end */
        return at;
    case 3: /* take a piece out */
        len = len < n - at ? len : n - at;
        memmove(p + at, p + at + len, n - at - len);
        return n - len;
    case 4: /* put bytes in */
        len = 1 + len % 16;
        if (n + len > MAX_INPUT)
            return n;
        memmove(p + at + len, p + at, n - at);
        for (size_t i = 0; i < len; i++)
            p[at + i] = nasty(state);
        return n + len;
    default: /* repeat a piece */
        len = len < n - at ? len : n - at;
        if (n + len > MAX_INPUT)
            return n;
        memmove(p + at + len, p + at, n - at);
        return n + len;
    }
}

/* A file mapped in memory survives the process that dies. */
static uint8_t *map_last(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    void *p = MAP_FAILED;
    if (fd >= 0 && ftruncate(fd, LAST_SIZE) == 0)
        p = mmap(NULL, LAST_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    else
        p = mmap(NULL, LAST_SIZE, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (fd >= 0)
        close(fd);
    return p == MAP_FAILED ? NULL : p;
}

/* The target gets a block of just its size, so that one byte too far shows. */
static void run(const uint8_t *p, size_t n)
{
    uint8_t *exact = malloc(n ? n : 1);
    if (!exact)
        exit(2);
    memcpy(exact, p, n);
    LLVMFuzzerTestOneInput(exact, n);
    free(exact);
}

int main(int argc, char **argv)
{
    static struct input corpus[MAX_CORPUS];
    size_t n_corpus = 0;
    if (argc < 4) {
        fprintf(stderr, "usage: %s SECONDS SEED LAST [FILE...]\n", argv[0]);
        return 2;
    }
    time_t seconds = (time_t)strtoul(argv[1], NULL, 10);
    uint64_t state = strtoull(argv[2], NULL, 10);
    uint8_t *last = map_last(argv[3]);
    if (!last)
        return 2;
    for (int i = 4; i < argc && n_corpus < MAX_CORPUS; i++) {
        if (!load(&corpus[n_corpus], argv[i]))
            return 2;
        run(corpus[n_corpus].data, corpus[n_corpus].size);
        n_corpus++;
    }
    uint64_t count = n_corpus;
    time_t end = time(NULL) + seconds;
    while (seconds > 0 && ((count & 255) != 0 || time(NULL) < end)) {
        size_t n = 0;
        if (n_corpus > 0) {
            const struct input *from = &corpus[below(&state, n_corpus)];
            memcpy(last, from->data, n = from->size);
        }
        for (size_t i = 1 + below(&state, 8); i > 0; i--)
            n = mutate(last, n, &state);
        uint64_t size = n;
        memcpy(last + MAX_INPUT, &size, sizeof size);
        run(last, n);
        count++;
    }
    printf("%llu inputs\n", (unsigned long long)count);
    for (size_t i = 0; i < n_corpus; i++)
        free(corpus[i].data);
    return 0;
}
