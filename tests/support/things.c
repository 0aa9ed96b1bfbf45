/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/things.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/destroy.h"
#include "core/keyring_recovery_impl.h"
#include "core/leaf.h"
#include "core/register.h"
#include "core/restricted.h"
#include "core/sealed_key_impl.h"
#include "core/stats_parts.h"
#include "tests/support/unit.h"
#include "tests/support/vault.h"

#define NO_KEYS SIZE_MAX

/* --- adding --- */

static bool is_known(const struct things *all, const struct thing *t)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct thing *k = &all->t[i];

        if (k->n == t->n && k->n_aad == t->n_aad && k->what == t->what &&
            memcmp(k->bytes, t->bytes, t->n) == 0 &&
            memcmp(k->aad, t->aad, t->n_aad) == 0)
            return true;
    }
    return false;
}

/* bytes are copied. */
static void add(struct things *all, struct thing t, const void *bytes,
                size_t n)
{
    if (n == 0)
        return;
    t.bytes = malloc(n);
    ck_assert_ptr_nonnull(t.bytes);
    memcpy(t.bytes, bytes, n);
    t.n = n;
    if (is_known(all, &t)) {
        free(t.bytes);
        return;
    }
    if (all->n == all->cap) {
        all->cap = all->cap ? 2 * all->cap : 256;
        all->t = realloc(all->t, all->cap * sizeof *all->t);
        ck_assert_ptr_nonnull(all->t);
    }
    all->t[all->n++] = t;
}

void things_without(struct things *to, const struct things *from,
                    enum thing_what what)
{
    for (size_t i = 0; i < from->n; i++)
        if (from->t[i].what != what)
            add(to, from->t[i], from->t[i].bytes, from->t[i].n);
}

void things_release(struct things *all)
{
    for (size_t i = 0; i < all->n; i++)
        free(all->t[i].bytes);
    free(all->t);
    *all = (struct things){.t = NULL};
}

static void add_box(struct things *all, size_t keys_at, const void *box,
                    size_t n)
{
    add(all,
        (struct thing){.what = THING_KEYS, .is_box = true, .keys_at = keys_at},
        box, n);
}

static void add_share(struct things *all, const uint8_t *box)
{
    add(all,
        (struct thing){.what = THING_KEYS,
                       .is_box = true,
                       .keys_at = NO_KEYS,
                       .is_share = true},
        box, THING_CONTEXT + 1 + MK_KEY + MK_BOX_OVERHEAD);
}

static struct thing under(struct thing t, const char *magic,
                          const uint8_t *store, const struct mk_place *place)
{
    mk_aad(t.aad, magic, store, place);
    t.n_aad = MK_AAD;
    return t;
}

/*
 * An envelope whose place names its key by an id: ids are no secret, but
 * which of them it is does not always stand beside it, so all are tried.
 */
static void add_of_kind(struct things *all, const struct mk_keyring *k,
                        enum mk_key_kind kind, struct thing t,
                        const char *magic, struct mk_place place,
                        const void *env, size_t n)
{
    for (size_t i = 0; i < k->n_wraps; i++) {
        if (k->wrap[i].kind != kind)
            continue;
        memcpy(place.key_id, k->wrap[i].key_id, MK_ID);
        add(all, under(t, magic, mk_keyring_store(k), &place), env, n);
    }
}

/* --- keyring --- */

/* The generation before, in each newer one.  R_L, which is two keys, stays
 * out: it is not replaced where this is used. */
static void collect_previous(struct things *all, const struct mk_keyring *k)
{
    for (size_t i = 0; i < k->n_keys; i++) {
        const struct mk_kr_key *new = &k->key[i];

        for (size_t j = 0; j < k->n_keys && new->n_previous != 0; j++) {
            const struct mk_kr_key *old = &k->key[j];
            struct mk_place place = {.table = 0xfff4,
                                     .column = (uint16_t)old->kind,
                                     .version = old->generation};

            if (old->kind != new->kind ||
                old->generation + 1 != new->generation)
                continue;
            memcpy(place.row, old->id, MK_ID);
            memcpy(place.key_id, new->id, MK_ID);
            add(all,
                under((struct thing){.what = THING_KEYS}, "MKW1",
                      mk_keyring_store(k), &place),
                new->previous, new->n_previous);
        }
    }
}

static void add_slot(struct things *all, const struct mk_keyring *k,
                     const struct mk_kr_slot *slot)
{
    struct mk_place place = {.column = slot->number, .version = slot->counter};

    if (slot->number == 0)
        return;
    memcpy(place.row, slot->user, MK_ID);
    memcpy(place.key_id, slot->salt, MK_ID);
    add(all,
        under((struct thing){.what = THING_KEYS}, "MKS1", mk_keyring_store(k),
              &place),
        slot->bundle, sizeof slot->bundle);
}

static void collect_keyring(struct things *all, const struct mk_keyring *k)
{
    for (size_t i = 0; i < k->n_wraps; i++)
        add_box(all, MK_KR_PREFIX, k->wrap[i].box, k->wrap[i].n_box);
    for (size_t i = 0; i < MK_KEY_KINDS; i++) {
        const struct mk_kr_recovery *r = &k->recovery;
        add_box(all, MK_KR_PREFIX, r->set.escrow[i].box,
                r->set.escrow[i].n_box);
        add_box(all, MK_KR_PREFIX, r->proposed.escrow[i].box,
                r->proposed.escrow[i].n_box);
    }
    collect_previous(all, k);
    for (size_t i = 0; i < k->n_persons; i++)
        for (size_t n = 0;
             n < sizeof k->person->slot / sizeof(struct mk_kr_slot); n++)
            add_slot(all, k, &k->person[i].slot[n]);
}

/* --- dossiers --- */

static void collect_entries(struct things *all, struct mk_vault *v,
                            const struct mk_dossier_row *row)
{
    struct mk_walk *walk;
    struct mk_entry_row e;
    bool more;

    ck_assert_int_eq(mk_walk_entries(&walk, v->store, row->ordinal, NULL),
                     MK_OK);
    for (;;) {
        struct thing t = {.what = THING_ENTRY,
                          .a = row->ordinal,
                          .n_aad = MK_AAD,
                          .keys_at = NO_KEYS};

        ck_assert_int_eq(mk_walk_entry(walk, &more, &e, NULL), MK_OK);
        if (!more)
            break;
        t.b = e.seq;
        mk_sealed_aad(t.aad, v, MK_TABLE_ENTRY, MK_COL_ENTRY_FACTS, row->id,
                      e.seq, row->id);
        add(all, t, e.facts.p, e.facts.n);
    }
    mk_walk_close(walk);
}

/* An open list, or the last part of a restricted one. */
static void add_list(struct things *all, struct mk_vault *v,
                     const struct mk_dossier_row *row, const uint8_t *env,
                     size_t n)
{
    struct mk_place place = {.table = MK_TABLE_DOSSIER,
                             .column = MK_COL_DOSSIER_DEK,
                             .version = row->dek_version};

    memcpy(place.row, row->id, MK_ID);
    add_of_kind(all, v->keyring, MK_KEY_RD,
                (struct thing){.what = THING_KEYS, .by_pair = true}, "MKA1",
                place, env, n);
}

/* The boxes, and the inner envelope as somebody has it who holds all that is
 * needed for the outer one. */
static void collect_restricted(struct things *all, struct mk_vault *v,
                               const struct mk_dossier_row *row)
{
    const size_t box = THING_CONTEXT + MK_KEY + MK_BOX_OVERHEAD;
    struct thing t = {.what = THING_KEYS, .n_aad = MK_AAD};
    struct mk_buf inner = MK_BUF_INIT;
    struct mk_restricted r;
    uint8_t people[MK_ID];

    ck_assert_int_eq(mk_row_open_outer(v, row, &r, &inner, NULL), MK_OK);
    for (size_t i = 0; i < r.n_named; i++)
        add_box(all, THING_CONTEXT, mk_restricted_name(&r, i) + MK_ID, box);
    for (size_t i = 0; i < r.n_shares; i++) {
        uint8_t number;

        add_share(all, mk_restricted_holder(&r, i, &number) + MK_ID + 1);
    }
    mk_restricted_people(people, r.boxes);
    mk_sealed_aad(t.aad, v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_DEK, row->id,
                  row->dek_version, people);
    add(all, t, inner.data, inner.len);
    mk_buf_release(&inner);
}

static void collect_dossiers(struct things *all, struct mk_vault *v)
{
    struct mk_dossier_row row;

    mk_dossier_row_init(&row);
    for (uint64_t i = 0; i < THING_DOSSIERS && i < v->head.n_dossiers; i++) {
        ck_assert_int_eq(mk_dossier_load(v->store, i, &row, NULL), MK_OK);
        if (mk_row_is_tombstone(&row))
            continue;
        if (mk_restricted_is(&row))
            collect_restricted(all, v, &row);
        else
            add_list(all, v, &row, row.dek.p, row.dek.n);
        collect_entries(all, v, &row);
    }
    mk_dossier_row_release(&row);
}

/* --- statistics, register, retention --- */

static void collect_statistics(struct things *all, struct mk_vault *v)
{
    struct mk_stats_tail tail;

    vault_stats_tail(v, &tail);
    for (size_t i = 0; i < tail.n; i++) {
        struct mk_place place = {.table = MK_TABLE_STATS_ROW,
                                 .column = MK_COL_STATS_FACTS,
                                 .version = 1};
        const uint64_t position = tail.first + i;

        mk_put_u64(place.row + 8, position);
        add_of_kind(all, v->keyring, MK_KEY_RS,
                    (struct thing){.what = THING_FACTS,
                                   .a = position,
                                   .keys_at = NO_KEYS},
                    "MKA1", place, tail.env[i], MK_STATS_ROW);
    }
}

static void collect_register(struct things *all, struct mk_vault *v)
{
    struct mk_walk *walk;
    struct mk_register_row row;
    bool more;

    ck_assert_int_eq(mk_walk_register(&walk, v->store, NULL), MK_OK);
    for (;;) {
        struct mk_place place = {.table = MK_TABLE_REGISTER};
        struct thing t = {.what = THING_KEYS};

        ck_assert_int_eq(mk_walk_register_row(walk, &more, &row, NULL), MK_OK);
        if (!more)
            break;
        if (row.kind == MK_REGISTER_EMERGENCY_GRANT)
            add_share(all, row.body.p + 4 + MK_ID + 8 + MK_ID + 1);
        if (row.kind != MK_REGISTER_TAG_KEY && row.kind != MK_REGISTER_RELEASE)
            continue;
        memcpy(place.key_id, row.body.p, MK_ID);
        place.version = 1;
        place.column = MK_COL_REGISTER_BODY;
        if (row.kind == MK_REGISTER_RELEASE) {
            place.column = MK_COL_REGISTER_RELEASE;
            mk_put_u64(place.row + 8, row.seq);
            t = (struct thing){
                .what = THING_RELEASE, .a = row.seq, .keys_at = NO_KEYS};
        }
        t = under(t, row.kind == MK_REGISTER_RELEASE ? "MKA1" : "MKW1",
                  v->head.store, &place);
        add(all, t, row.body.p + MK_ID, row.body.n - MK_ID);
    }
    mk_walk_close(walk);
}

static void collect_retention(struct things *all, const struct mk_keyring *k,
                              const char *path)
{
    enum { HEADER = 4 + MK_ID + 4, RECORD = 8 + MK_KEY + MK_ENV_OVERHEAD };
    uint8_t record[RECORD];
    FILE *f = fopen(path, "rb");

    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(fseek(f, HEADER, SEEK_SET), 0);
    while (fread(record, 1, sizeof record, f) == sizeof record) {
        struct mk_place place = {.table = 0xfff0, .version = 1};
        struct thing t = {.what = THING_RETENTION,
                          .a = mk_get_u32(record),
                          .b = mk_get_u32(record + 4)};

        memcpy(place.row + 8, record, 8);
        add_of_kind(all, k, MK_KEY_RD, t, "MKW1", place, record + 8,
                    sizeof record - 8);
    }
    fclose(f);
}

/* --- access log --- */

static void collect_log(struct things *all, struct mk_vault *v)
{
    struct mk_walk *walk;
    struct mk_log_row row;
    struct mk_leaf leaf;
    bool more;

    ck_assert_int_eq(mk_walk_log(&walk, v->store, 0, NULL), MK_OK);
    for (;;) {
        struct thing t = {
            .what = THING_LOG, .n_aad = MK_LEAF_PREFIX, .keys_at = NO_KEYS};

        ck_assert_int_eq(mk_walk_log_row(walk, &more, &row, NULL), MK_OK);
        if (!more)
            break;
        ck_assert_int_eq(
            mk_leaf_parse(&leaf, row.leaf.p, row.leaf.n, v->head.store, NULL),
            MK_OK);
        if (leaf.kind == MK_LEAF_IS_SESSION)
            add_box(all, MK_LEAF_BOX_PLAIN - MK_KEY, leaf.rest + MK_ID,
                    MK_LEAF_BOX);
        if (leaf.kind != MK_LEAF_IS_ENTRY)
            continue;
        t.a = row.seq;
        memcpy(t.aad, row.leaf.p, MK_LEAF_PREFIX);
        add(all, t, row.leaf.p + MK_LEAF_PREFIX, row.leaf.n - MK_LEAF_PREFIX);
    }
    mk_walk_close(walk);
}

void things_collect(struct things *all, struct mk_vault *v,
                    const char *retention)
{
    ck_assert_int_eq(mk_snapshot_begin(v, NULL), MK_OK);
    collect_keyring(all, v->keyring);
    collect_dossiers(all, v);
    collect_statistics(all, v);
    collect_register(all, v);
    collect_log(all, v);
    mk_snapshot_end(v);
    collect_retention(all, v->keyring, retention);
}
