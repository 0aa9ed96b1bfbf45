/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/bag.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/envelope.h"
#include "crypto/kdf.h"
#include "crypto/shares.h"
#include "crypto/sign.h"
#include "tests/support/unit.h"

#define RAW 512
#define SHARES 128

/* FILE_SALT is the one that the core derives without the store's id. */
#define FILE_SALT 0
/* Keys of boxes are secrets as they are, and the one of the recovery key. */
#define BOX_KEY 1
static const char *const infos[] = {
    "mk1/salt", "mk1/recovery/box", "mk1/recovery/sign", "mk1/owner",
    "mk1/ref",  "mk1/retention",    "mk1/previous",      "mk1/round",
};
#define INFOS (sizeof infos / sizeof *infos)

struct share {
    uint8_t of[THING_CONTEXT];
    uint8_t number;
    uint8_t bytes[MK_KEY];
};

/* A secret as it is, and what is made of it alone. */
struct kept {
    bool is_retention; /* out of the file of retention keys */
    struct mk_secret *as_is;
    struct mk_secret *derived[INFOS];
};

struct bag {
    uint8_t store[MK_ID];
    struct kept raw[RAW];
    size_t n_raw;
    struct share share[SHARES];
    size_t n_shares;
    bool *is_open; /* of each thing */
    size_t *tried; /* how many of raw were tried on it */
    size_t n_things;
};

struct bag *bag_new(const uint8_t store[static MK_ID])
{
    struct bag *bag = calloc(1, sizeof *bag);

    ck_assert_ptr_nonnull(bag);
    memcpy(bag->store, store, MK_ID);
    return bag;
}

void bag_free(struct bag *bag)
{
    if (bag == NULL)
        return;
    for (size_t i = 0; i < bag->n_raw; i++) {
        mk_secret_free(bag->raw[i].as_is);
        for (size_t k = 0; k < INFOS; k++)
            mk_secret_free(bag->raw[i].derived[k]);
    }
    free(bag->is_open);
    free(bag->tried);
    free(bag);
}

static void add_kept(struct bag *bag, const void *secret, bool is_retention)
{
    struct kept *new = &bag->raw[bag->n_raw];

    for (size_t i = 0; i < bag->n_raw; i++)
        if (memcmp(mk_secret_peek(bag->raw[i].as_is), secret, MK_KEY) == 0)
            return;
    ck_assert_uint_lt(bag->n_raw, RAW);
    new->as_is = mk_secret_from(secret, MK_KEY);
    ck_assert_ptr_nonnull(new->as_is);
    for (size_t k = 0; k < INFOS; k++)
        ck_assert_int_eq(mk_hkdf(&new->derived[k], MK_KEY, bag->store,
                                 k == FILE_SALT ? 0 : MK_ID, new->as_is,
                                 infos[k], strlen(infos[k])),
                         MK_OK);
    new->is_retention = is_retention;
    bag->n_raw++;
}

void bag_add(struct bag *bag, const void *secret)
{
    add_kept(bag, secret, false);
}

static void add_secret(struct bag *bag, const struct mk_secret *s)
{
    if (s == NULL)
        return;
    for (size_t at = 0; at + MK_KEY <= mk_secret_len(s); at += MK_KEY)
        bag_add(bag, mk_secret_peek(s) + at);
}

void bag_add_handle(struct bag *bag, const struct mk_vault *v)
{
    for (size_t i = 0; i < MK_KEY_KINDS; i++)
        add_secret(bag, v->keys[i]);
    add_secret(bag, v->who.box);
    add_secret(bag, v->who.seed);
    add_secret(bag, v->who.sign);
    add_secret(bag, v->log_key);
    add_secret(bag, v->ktag);
}

void bag_add_all(struct bag *bag, const struct bag *from)
{
    for (size_t i = 0; i < from->n_raw; i++)
        add_kept(bag, mk_secret_peek(from->raw[i].as_is),
                 from->raw[i].is_retention);
}

const uint8_t *bag_store(const struct bag *bag)
{
    return bag->store;
}

/* Any two shares of the same thing give a secret, if it takes two. */
static void add_share(struct bag *bag, const uint8_t *plain)
{
    struct share *s = &bag->share[bag->n_shares];

    ck_assert_uint_lt(bag->n_shares, SHARES);
    memcpy(s->of, plain, THING_CONTEXT);
    s->number = plain[THING_CONTEXT];
    memcpy(s->bytes, plain + THING_CONTEXT + 1, MK_KEY);
    bag->n_shares++;
    for (size_t i = 0; i + 1 < bag->n_shares; i++) {
        struct share *other = &bag->share[i];
        struct mk_share both[2];
        struct mk_secret *made;

        if (memcmp(other->of, s->of, THING_CONTEXT) != 0 ||
            other->number == s->number)
            continue;
        both[0].number = other->number;
        both[0].bytes = mk_secret_from(other->bytes, MK_KEY);
        both[1].number = s->number;
        both[1].bytes = mk_secret_from(s->bytes, MK_KEY);
        ck_assert_int_eq(mk_shares_combine(&made, both, 2, NULL), MK_OK);
        add_secret(bag, made);
        mk_secret_free(made);
        mk_shares_release(both, 2);
    }
}

/* --- trying --- */

static bool opens(const struct thing *t, const struct mk_secret *key,
                  uint8_t *plain)
{
    struct mk_diag diag;

    return (t->is_box ? mk_box_open(plain, key, t->bytes, t->n, &diag)
                      : mk_env_open(plain, key, t->aad, t->n_aad, t->bytes,
                                    t->n, &diag)) == MK_OK;
}

static bool one_opens(const struct thing *t, const struct kept *k,
                      uint8_t *plain)
{
    if (opens(t, k->as_is, plain))
        return true;
    if (t->is_box)
        return opens(t, k->derived[BOX_KEY], plain);
    for (size_t i = 0; i < INFOS; i++)
        if (opens(t, k->derived[i], plain))
            return true;
    return false;
}

static bool pair_opens(const struct bag *bag, const struct thing *t,
                       const struct kept *a, const struct kept *b,
                       uint8_t *plain)
{
    struct mk_secret *key;
    bool yes;

    ck_assert_int_eq(mk_hkdf2(&key, MK_KEY, bag->store, MK_ID, a->as_is,
                              b->as_is, "mk1/dekwrap", 11),
                     MK_OK);
    yes = opens(t, key, plain);
    mk_secret_free(key);
    return yes;
}

/* All secrets that were not tried on t yet, and all pairs of one of them and a
 * retention key: nothing else gives those. */
static bool any_opens(const struct bag *bag, const struct thing *t,
                      size_t tried, uint8_t *plain)
{
    for (size_t i = tried; i < bag->n_raw; i++) {
        if (one_opens(t, &bag->raw[i], plain))
            return true;
        for (size_t k = 0; t->by_pair && k <= i; k++)
            if ((bag->raw[k].is_retention &&
                 pair_opens(bag, t, &bag->raw[i], &bag->raw[k], plain)) ||
                (bag->raw[i].is_retention &&
                 pair_opens(bag, t, &bag->raw[k], &bag->raw[i], plain)))
                return true;
    }
    return false;
}

static void take_out(struct bag *bag, const struct thing *t,
                     const uint8_t *plain)
{
    const size_t n = t->n - (t->is_box ? MK_BOX_OVERHEAD : MK_ENV_OVERHEAD);

    if (t->is_share)
        add_share(bag, plain);
    if (t->keys_at == SIZE_MAX)
        return;
    for (size_t at = t->keys_at; at + MK_KEY <= n; at += MK_KEY)
        add_kept(bag, plain + at, t->what == THING_RETENTION);
}

static void make_room(struct bag *bag, size_t n)
{
    if (n <= bag->n_things)
        return;
    bag->is_open = realloc(bag->is_open, n * sizeof *bag->is_open);
    bag->tried = realloc(bag->tried, n * sizeof *bag->tried);
    ck_assert_ptr_nonnull(bag->is_open);
    ck_assert_ptr_nonnull(bag->tried);
    for (; bag->n_things < n; bag->n_things++) {
        bag->is_open[bag->n_things] = false;
        bag->tried[bag->n_things] = 0;
    }
}

/* Tries what is new in the bag; false when nothing was. */
static bool try_thing(struct bag *bag, const struct things *all, size_t i)
{
    uint8_t plain[65536];
    const struct thing *t = &all->t[i];
    size_t n = bag->n_raw;

    if (bag->is_open[i] || bag->tried[i] == n)
        return false;
    ck_assert_uint_lt(t->n, sizeof plain);
    if (any_opens(bag, t, bag->tried[i], plain)) {
        bag->is_open[i] = true;
        take_out(bag, t, plain);
    }
    bag->tried[i] = n;
    return true;
}

void bag_fill(struct bag *bag, const struct things *all)
{
    bool more = true;

    make_room(bag, all->n);
    while (more) {
        more = false;
        for (size_t i = 0; i < all->n; i++)
            if (all->t[i].keys_at != SIZE_MAX || all->t[i].is_share)
                more |= try_thing(bag, all, i);
    }
}

bool bag_opens(struct bag *bag, const struct things *all, enum thing_what what,
               uint64_t a, uint64_t b)
{
    bool there = false;

    for (size_t i = 0; i < all->n; i++) {
        const struct thing *t = &all->t[i];

        if (t->what != what || t->a != a || t->b != b)
            continue;
        there = true;
        (void)try_thing(bag, all, i);
        if (bag->is_open[i])
            return true;
    }
    ck_assert_msg(there, "no thing %d of %llu, %llu", (int)what,
                  (unsigned long long)a, (unsigned long long)b);
    return false;
}

bool bag_opens_file(const struct bag *bag, const char *path)
{
    uint8_t head[16];
    FILE *f = fopen(path, "rb");

    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fread(head, 1, sizeof head, f), sizeof head);
    fclose(f);
    for (size_t i = 0; i < bag->n_raw; i++)
        if (memcmp(mk_secret_peek(bag->raw[i].derived[FILE_SALT]), head,
                   sizeof head) == 0)
            return true;
    return false;
}
