/* SPDX-License-Identifier: GPL-3.0-or-later */
/* On files, on the log, by whoever can put it back or fork it. */
#include "tests/support/export_scene.h"

#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/bytes.h"

#define DAY_MS INT64_C(86400000)

static void flip(const struct mk_xs *s, const char *file, size_t at)
{
    struct mk_buf b = MK_BUF_INIT;

    mk_xk_get_file(s->folder, file, &b);
    ck_assert_uint_lt(at, b.len);
    b.data[at] ^= 1;
    mk_xk_put_file(s->folder, file, b.data, b.len);
    mk_buf_release(&b);
}

#define BUNDLE "tile/entries/000.p/24"
#define TILE "tile/0/000.p/24"

static void entry_edited(struct mk_xs *s)
{
    mk_xs_written(s);
    flip(s, BUNDLE, 2 + 200);
}

static void register_changed(struct mk_xs *s)
{
    mk_xs_written(s);
    flip(s, "register", 20);
}

/* By somebody who has the log's key too, and makes all hashes anew. */
static void entry_edited_and_hashed(struct mk_xs *s)
{
    uint8_t copy[MK_LEAF_ENTRY];

    memcpy(copy, s->x.leaf[7].p, sizeof copy);
    copy[200] ^= 1;
    mk_xk_put_leaf(&s->x, 7, copy, sizeof copy);
    mk_xs_written(s);
}

static void entry_removed(struct mk_xs *s)
{
    mk_xk_put_leaf(&s->x, 7, NULL, 0);
    mk_xs_written(s);
}

static void entry_inserted(struct mk_xs *s)
{
    mk_xk_insert_leaf(&s->x, 8, s->x.leaf[7].p, s->x.leaf[7].n);
    mk_xs_written(s);
}

static void entries_reordered(struct mk_xs *s)
{
    const struct mk_xk_leaf keep = s->x.leaf[7];

    s->x.leaf[7] = s->x.leaf[9];
    s->x.leaf[9] = keep;
    mk_xs_written(s);
}

static void tile_swapped(struct mk_xs *s)
{
    struct mk_buf b = MK_BUF_INIT;
    uint8_t other[24 * MK_HASH];

    mk_xs_written(s);
    mk_xk_get_file(s->folder, TILE, &b);
    for (size_t i = 0; i < sizeof other; i++)
        other[i] = (uint8_t)(b.data[i] ^ 0x55);
    mk_xk_put_file(s->folder, TILE, other, sizeof other);
    mk_buf_release(&b);
}

static void upper_tile_swapped(struct mk_xs *s)
{
    mk_xk_work(&s->x, 130);
    mk_xs_written(s);
    flip(s, "tile/1/000.p/1", 3);
}

/* The newest entries are gone, and everything made anew without them. */
static void cut(struct mk_xs *s, struct mk_buf *out)
{
    struct mk_xk old;

    mk_xk_copy(&old, &s->x);
    mk_xk_work(&s->x, 5);
    if (out)
        mk_xk_note(&s->x, s->x.n, NULL, out);
    mk_xk_write(&old, s->folder);
    mk_xk_release(&old);
}

static void tail_cut(struct mk_xs *s)
{
    cut(s, mk_xs_witness(s, "notary.note"));
}

static void tail_of_files_cut(struct mk_xs *s)
{
    struct mk_buf b = MK_BUF_INIT;

    mk_xs_written(s);
    mk_xk_get_file(s->folder, "heads", &b);
    mk_xk_put_file(s->folder, "heads", b.data,
                   b.len - (size_t)2 * (MK_HEAD + MK_SIG));
    mk_buf_release(&b);
}

static void vault_put_back(struct mk_xs *s)
{
    struct mk_xk old;
    struct mk_buf *mark = mk_xs_witness(s, "account.mark");

    mk_xk_copy(&old, &s->x);
    mk_xk_work(&s->x, 100);
    mk_xs_mark(&s->x, mark);
    old.now_ms += 7 * DAY_MS;
    mk_xk_work(&old, 3); /* and work goes on */
    mk_xk_write(&old, s->folder);
    mk_xk_release(&old);
}

/* The same, with as much new work as there was: sizes tell nothing. */
static void vault_put_back_and_filled(struct mk_xs *s)
{
    struct mk_xk old;
    struct mk_buf *mark = mk_xs_witness(s, "account.mark");

    mk_xk_copy(&old, &s->x);
    mk_xk_work(&s->x, 3);
    mk_xs_mark(&s->x, mark);
    old.now_ms += 7 * DAY_MS;
    mk_xk_work(&old, 9);
    mk_xk_write(&old, s->folder);
    mk_xk_release(&old);
}

static void split_view(struct mk_xs *s)
{
    struct mk_xk other;

    mk_xk_copy(&other, &s->x);
    mk_xk_work(&s->x, 5);
    mk_xk_work(&other, 5);
    mk_xk_note(&s->x, s->x.n, NULL, mk_xs_witness(s, "east.note"));
    mk_xk_note(&other, other.n, NULL, mk_xs_witness(s, "west.note"));
    mk_xk_release(&other);
    mk_xs_written(s);
}

static void past_rewritten(struct mk_xs *s)
{
    struct mk_xk other;

    mk_xk_copy(&other, &s->x);
    mk_xk_work(&s->x, 5);
    mk_xk_work(&other, 6);
    mk_xk_note(&other, other.n - 2, NULL, &s->since.text);
    s->since.path = "march.note";
    s->has_since = true;
    mk_xk_work(&s->x, 1);
    mk_xk_release(&other);
    mk_xs_written(s);
}

static void foreign_checkpoint(struct mk_xs *s)
{
    static uint8_t seed_bytes[32] = {7};
    struct mk_secret *seed = mk_secret_from(seed_bytes, 32), *secret;
    struct mk_buf note = MK_BUF_INIT;
    uint8_t pk[MK_PK];

    mk_xs_written(s);
    ck_assert_int_eq(mk_sign_key(&secret, pk, seed), MK_OK);
    mk_secret_free(s->x.log_sign);
    s->x.log_sign = secret;
    mk_xk_note(&s->x, s->x.n, NULL, &note);
    mk_xk_put_file(s->folder, "checkpoint", note.data, note.len);
    mk_buf_release(&note);
    mk_secret_free(seed);
}

static void statement_changed(struct mk_xs *s)
{
    struct mk_buf b = MK_BUF_INIT;
    char *role;

    mk_xs_written(s);
    mk_xk_get_file(s->folder, "members", &b);
    role = memmem(b.data, b.len, "roles: analyst", 14);
    ck_assert_ptr_nonnull(role);
    memcpy(role, "roles: auditor", 14);
    mk_xk_put_file(s->folder, "members", b.data, b.len);
    mk_buf_release(&b);
}

/* A key of a witness, for cosignatures in tests. */
static void cosign(struct mk_buf *note, char vkey[static MK_VKEY_MAX])
{
    static uint8_t seed_bytes[32] = {9};
    struct mk_secret *seed = mk_secret_from(seed_bytes, 32);

    mk_xk_cosign(note, "notary.example", seed, 1772450000, vkey);
    mk_secret_free(seed);
}

void mk_xs_stored_note(struct mk_xs *s, bool forge)
{
    struct mk_buf note = MK_BUF_INIT;
    struct mk_buf *key = mk_xs_witness(s, "notary.vkey");
    char vkey[MK_VKEY_MAX];

    mk_xs_written(s);
    mk_xk_note(&s->x, 20, NULL, &note);
    cosign(&note, vkey);
    ck_assert_int_eq(mk_buf_add_str(key, vkey), MK_OK);
    if (forge) /* the line of another checkpoint, put here */
        mk_xk_note(&s->x, 18, NULL, &note);
    if (forge) {
        struct mk_buf other = MK_BUF_INIT;
        const uint8_t *line;

        mk_xk_note(&s->x, 20, NULL, &other);
        cosign(&other, vkey);
        line = memmem(other.data, other.len, "\xe2\x80\x94 notary", 10);
        ck_assert_ptr_nonnull(line);
        ck_assert_int_eq(
            mk_buf_add(&note, line, (size_t)(other.data + other.len - line)),
            MK_OK);
        mk_buf_release(&other);
    }
    mk_xk_put_file(s->folder, forge ? "checkpoints/18" : "checkpoints/20",
                   note.data, note.len);
    mk_buf_release(&note);
}

static void cosignature_forged(struct mk_xs *s)
{
    mk_xs_stored_note(s, true);
}

static void cosignatures_thrown_away(struct mk_xs *s)
{
    char path[256];

    mk_xs_stored_note(s, false);
    snprintf(path, sizeof path, "%s/checkpoints/20", s->folder);
    ck_assert_int_eq(unlink(path), 0);
}

static void stored_checkpoint_of_another_past(struct mk_xs *s)
{
    static const uint8_t root[MK_HASH] = {1, 2, 3};
    struct mk_buf note = MK_BUF_INIT;

    mk_xs_written(s);
    mk_xk_note(&s->x, 20, root, &note);
    mk_xk_put_file(s->folder, "checkpoints/20", note.data, note.len);
    mk_buf_release(&note);
}

const struct mk_xs_attack mk_xs_log[] = {
    {"entry edited", entry_edited},
    {"entry edited, all hashes made anew", entry_edited_and_hashed},
    {"entry removed", entry_removed},
    {"entry inserted", entry_inserted},
    {"entries reordered", entries_reordered},
    {"tile swapped", tile_swapped},
    {"upper tile swapped", upper_tile_swapped},
    {"tail cut", tail_cut},
    {"tail cut in the files only", tail_of_files_cut},
    {"vault put back a week", vault_put_back},
    {"vault put back, filled up again", vault_put_back_and_filled},
    {"split view", split_view},
    {"past rewritten since an old checkpoint", past_rewritten},
    {"checkpoint by another key", foreign_checkpoint},
    {"role of a member changed", statement_changed},
    {"cosignature forged", cosignature_forged},
    {"cosignatures thrown away", cosignatures_thrown_away},
    {"stored checkpoint of another past", stored_checkpoint_of_another_past},
    {"register row changed", register_changed},
    {NULL, NULL},
};
