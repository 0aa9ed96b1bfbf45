/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/vectors.h"

#include "core/base/bytes.h"
#include "core/base/num.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS 24

struct vectors {
    char *all; /* the file; cut into texts as it is read */
    char *at;
    size_t n;
    const char *key[KEYS];
    char *value[KEYS];
    uint8_t *bytes[KEYS];
};

struct vectors *vectors_open(const char *name)
{
    char path[512];
    const char *root = getenv("MK_SRC");
    snprintf(path, sizeof path, "%s/tests/vectors/%s", root ? root : ".",
             name);
    FILE *f = fopen(path, "rb");
    ck_assert_msg(f != NULL, "cannot read %s", path);
    ck_assert_int_eq(fseek(f, 0, SEEK_END), 0);
    long size = ftell(f);
    ck_assert_int_gt(size, 0);
    rewind(f);
    struct vectors *v = calloc(1, sizeof *v);
    ck_assert_ptr_nonnull(v);
    v->all = malloc((size_t)size + 1);
    ck_assert_ptr_nonnull(v->all);
    ck_assert_uint_eq(fread(v->all, 1, (size_t)size, f), (size_t)size);
    v->all[size] = '\0';
    v->at = v->all;
    fclose(f);
    return v;
}

static void forget(struct vectors *v)
{
    for (size_t i = 0; i < v->n; i++) {
        free(v->bytes[i]);
        v->bytes[i] = NULL;
    }
    v->n = 0;
}

static void take_line(struct vectors *v, char *line)
{
    char *colon = strchr(line, ':');
    ck_assert_msg(colon != NULL, "no key in: %s", line);
    ck_assert_uint_lt(v->n, KEYS);
    *colon = '\0';
    v->key[v->n] = line;
    v->value[v->n] = colon[1] == ' ' ? colon + 2 : colon + 1;
    v->n++;
}

bool vectors_next(struct vectors *v)
{
    forget(v);
    while (*v->at) {
        char *line = v->at;
        char *end = strchr(line, '\n');
        ck_assert_msg(end != NULL, "the file is cut off");
        *end = '\0';
        v->at = end + 1;
        if (*line == '#')
            continue;
        if (*line != '\0')
            take_line(v, line);
        else if (v->n > 0)
            return true;
    }
    if (v->n > 0)
        return true;
    free(v->all);
    free(v);
    return false;
}

static size_t find(const struct vectors *v, const char *key)
{
    size_t i = 0;
    while (i < v->n && strcmp(v->key[i], key) != 0)
        i++;
    ck_assert_msg(i < v->n, "the case has no key %s", key);
    return i;
}

const char *vectors_text(const struct vectors *v, const char *key)
{
    return v->value[find(v, key)];
}

uint64_t vectors_num(const struct vectors *v, const char *key)
{
    const char *text = vectors_text(v, key);
    uint64_t n;
    ck_assert_msg(mk_num_parse(text, strlen(text), 0, UINT64_MAX, &n),
                  "%s is no number: %s", key, text);
    return n;
}

const uint8_t *vectors_bytes(struct vectors *v, const char *key, size_t *n)
{
    size_t i = find(v, key);
    *n = strlen(v->value[i]) / 2;
    if (!v->bytes[i]) {
        v->bytes[i] = malloc(*n + 1);
        ck_assert_ptr_nonnull(v->bytes[i]);
        ck_assert_msg(mk_unhex(v->bytes[i], *n, v->value[i]),
                      "%s is not hexadecimal", key);
    }
    return v->bytes[i];
}
