/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bag: every secret that somebody has, had, or can make of those.  It is
 * filled by brute force: each secret, and each key that the core derives from
 * one, or from one and a retention key, is tried on each thing; what a thing
 * gives is tried on all others, until nothing new comes.  So it tells who can
 * open what by trying, not by what a role ought to be able to.
 */
#ifndef MK_TESTS_BAG_H
#define MK_TESTS_BAG_H

#include "tests/support/things.h"

struct bag;
struct bag *bag_new(const uint8_t store[static MK_ID]);
void bag_free(struct bag *bag); /* NULL is fine */
/* One secret of 32 bytes. */
void bag_add(struct bag *bag, const void *secret);
/* All that a handle holds that somebody unlocked. */
void bag_add_handle(struct bag *bag, const struct mk_vault *v);
/* All secrets of another bag. */
void bag_add_all(struct bag *bag, const struct bag *from);
const uint8_t *bag_store(const struct bag *bag); /* 16 bytes */
/* Tries everything on every thing that holds keys; what those give is tried,
 * too, until nothing new comes. */
void bag_fill(struct bag *bag, const struct things *all);
/* After bag_fill: is there such a thing, and does it open? */
bool bag_opens(struct bag *bag, const struct things *all, enum thing_what what,
               uint64_t a, uint64_t b);
/* Is the key of the database file among the secrets? */
bool bag_opens_file(const struct bag *bag, const char *path);

#endif
