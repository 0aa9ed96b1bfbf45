/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/things.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/keyring_impl.h"
#include "core/leaf.h"
#include "core/register.h"
#include "core/sealed_key.h"
#include "core/stats_parts.h"
#include "tests/support/unit.h"

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

static void collect_keyring(struct things *all, const struct mk_keyring *k)
{
    for (size_t i = 0; i < k->n_wraps; i++)
        add_box(all, MK_KR_PREFIX, k->wrap[i].box, k->wrap[i].n_box);
    for (size_t i = 0; i < k->n_persons; i++) {
        const struct mk_kr_slot *slot = &k->person[i].slot;
        struct mk_place place = {.column = slot->number,
                                 .version = slot->counter};

        memcpy(place.row, slot->user, MK_ID);
        memcpy(place.key_id, slot->salt, MK_ID);
        add(all,
            under((struct thing){.what = THING_KEYS}, "MKS1",
                  mk_keyring_store(k), &place),
            slot->bundle, sizeof slot->bundle);
    }
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

/* docs/FORMAT.md, "dek, restricted". */
static void collect_restricted(struct things *all, struct mk_vault *v,
                               const struct mk_dossier_row *row)
{
    enum {
        K_BEFORE = 4 + MK_ID + MK_ID + 8,
        K_BOX = K_BEFORE + MK_KEY + MK_BOX_OVERHEAD,
        SHARE_BOX = K_BEFORE + 1 + MK_KEY + MK_BOX_OVERHEAD,
    };
    struct mk_reader r;
    uint8_t n;

    mk_reader_init(&r, row->dek.p, row->dek.n);
    (void)mk_read_u8(&r);
    n = mk_read_u8(&r);
    for (uint8_t i = 0; i < n; i++) {
        (void)mk_read_bytes(&r, MK_ID);
        add_box(all, K_BEFORE, mk_read_bytes(&r, K_BOX), K_BOX);
    }
    ck_assert_uint_eq(mk_read_u8(&r), 2);
    n = mk_read_u8(&r);
    for (uint8_t i = 0; i < n; i++) {
        struct thing t = {.what = THING_KEYS,
                          .is_box = true,
                          .keys_at = NO_KEYS,
                          .share_at = K_BEFORE,
                          .share_version = row->dek_version};

        memcpy(t.share_of, row->id, MK_ID);
        (void)mk_read_bytes(&r, MK_ID + 1);
        add(all, t, mk_read_bytes(&r, SHARE_BOX), SHARE_BOX);
    }
    ck_assert(!r.bad);
    add_list(all, v, row, r.p, r.left);
}

static void collect_dossiers(struct things *all, struct mk_vault *v)
{
    struct mk_dossier_row row;

    mk_dossier_row_init(&row);
    for (uint64_t i = 0; i < v->head.n_dossiers; i++) {
        ck_assert_int_eq(mk_dossier_load(v->store, i, &row, NULL), MK_OK);
        if (row.dek.p == NULL) /* destroyed */
            continue;
        if (row.dek.p[0] == 2)
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
    struct mk_walk *walk;
    struct mk_stats_row row;
    bool more;

    ck_assert_int_eq(mk_walk_stats_rows(&walk, v->store, NULL), MK_OK);
    for (;;) {
        struct mk_place place = {.table = MK_TABLE_STATS_ROW,
                                 .column = MK_COL_STATS_FACTS,
                                 .version = 1};

        ck_assert_int_eq(mk_walk_stats_row(walk, &more, &row, NULL), MK_OK);
        if (!more)
            break;
        mk_put_u64(place.row + 8, row.seq);
        add_of_kind(all, v->keyring, MK_KEY_RS,
                    (struct thing){
                        .what = THING_FACTS, .a = row.seq, .keys_at = NO_KEYS},
                    "MKA1", place, row.env.p, row.env.n);
    }
    mk_walk_close(walk);
}

static void collect_emergency(struct things *all, const struct mk_blob *body)
{
    enum { BEFORE_BOX = 4 + MK_ID + 8 + MK_ID + 1 };
    struct thing t = {.what = THING_KEYS,
                      .is_box = true,
                      .keys_at = NO_KEYS,
                      .share_at = 4 + MK_ID + MK_ID};

    /* the asking that it answers: shares of one asking belong together */
    memcpy(t.share_of + 8, body->p + 4 + MK_ID, 8);
    t.share_version = UINT64_MAX;
    add(all, t, body->p + BEFORE_BOX, body->n - BEFORE_BOX);
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
            collect_emergency(all, &row.body);
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
