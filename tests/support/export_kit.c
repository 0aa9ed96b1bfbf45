/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/export_kit.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/base/random.h"
#include "core/register.h"
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "crypto/sign.h"

#define FIRST_MS INT64_C(1772445600000) /* 2026-03-02 10:00 UTC */
#define STEP_MS 60000

#define OK(call) ck_assert_int_eq(call, MK_OK)

/* ---- leaves ---- */

static void grow(struct mk_xk *x)
{
    if (x->n < x->cap)
        return;
    x->cap = x->cap ? 2 * x->cap : 1024;
    x->leaf = realloc(x->leaf, x->cap * sizeof *x->leaf);
    ck_assert_ptr_nonnull(x->leaf);
}

static struct mk_xk_leaf made(const void *p, size_t n)
{
    struct mk_xk_leaf leaf = {.p = malloc(n), .n = n};

    ck_assert_ptr_nonnull(leaf.p);
    memcpy(leaf.p, p, n);
    mk_merkle_leaf(leaf.hash, p, n);
    return leaf;
}

static void append(struct mk_xk *x, const void *p, size_t n)
{
    grow(x);
    x->leaf[x->n] = made(p, n);
    mk_merkle_stream_add(x->tree, x->leaf[x->n].hash);
    x->n++;
}

void mk_xk_put_leaf(struct mk_xk *x, size_t at, const void *p, size_t n)
{
    free(x->leaf[at].p);
    if (n > 0) {
        x->leaf[at] = made(p, n);
        return;
    }
    x->n--;
    memmove(&x->leaf[at], &x->leaf[at + 1], (x->n - at) * sizeof *x->leaf);
}

void mk_xk_insert_leaf(struct mk_xk *x, size_t at, const void *p, size_t n)
{
    const struct mk_xk_leaf leaf = made(p, n);

    grow(x);
    memmove(&x->leaf[at + 1], &x->leaf[at], (x->n - at) * sizeof *x->leaf);
    x->leaf[at] = leaf;
    x->n++;
}

void mk_xk_root(const struct mk_xk *x, uint64_t size,
                uint8_t out[static MK_HASH])
{
    struct mk_merkle_stream s;

    mk_merkle_stream_init(&s);
    for (uint64_t i = 0; i < size; i++)
        mk_merkle_stream_add(&s, x->leaf[i].hash);
    mk_merkle_stream_root(&s, out);
}

/* ---- a transaction ---- */

static void add_row(struct mk_xk *x, const struct mk_xk_tx *tx)
{
    const bool sealed = tx->row_kind == 1 || tx->row_kind == 3;
    struct mk_register_row row = {.seq = x->head.n_register,
                                  .kind = tx->row_kind,
                                  .body = {tx->row, tx->n_row}};
    uint8_t hash[MK_HASH];

    mk_register_chain(x->head.register_root, &row);
    x->head.n_register++;
    mk_sha256(hash, tx->row, tx->n_row);
    OK(mk_buf_add_u64(&x->rows, row.seq));
    OK(mk_buf_add_u32(&x->rows, row.kind));
    OK(mk_buf_add(&x->rows, hash, MK_HASH));
    OK(mk_buf_add_u32(&x->rows, sealed ? 0 : (uint32_t)tx->n_row));
    if (!sealed)
        OK(mk_buf_add(&x->rows, tx->row, tx->n_row));
}

static void add_leaves(struct mk_xk *x, const struct mk_xk_tx *tx,
                       const struct mk_identity *who)
{
    struct mk_secret *key = mk_secret_random(MK_KEY);
    struct mk_secret *other = mk_secret_random(MK_KEY);
    uint8_t session[MK_ID], box[MK_PK], sign[MK_PK];
    uint8_t opener[MK_LEAF_SESSION], entry[MK_LEAF_ENTRY];
    struct mk_leaf_place at = {.seq = x->n,
                               .store = x->head.store,
                               .session = session,
                               .prev_head = x->head_hash};
    struct mk_log_item item = {
        .time_ms = x->now_ms + tx->entry_ms,
        .role = tx->role ? tx->role : mk_kr_first[tx->person].role,
        .kind = tx->kind,
        .outcome = tx->outcome ? tx->outcome : MK_OUTCOME_DONE,
    };

    ck_assert(key && other);
    memcpy(item.actor, tx->actor ? tx->actor : who->id, MK_ID);
    mk_random(session, sizeof session);
    mk_keyring_log_keys(x->office->k, box, sign);
    if (tx->foreign_session)
        ck_assert(mk_box_public(box, other));
    OK(mk_leaf_session(opener, &at, who, box, key));
    append(x, opener, sizeof opener);
    for (size_t i = 0; i < (tx->entries ? tx->entries : 1); i++) {
        at.seq = x->n;
        mk_leaf_entry(entry, &at, tx->foreign_entry ? other : key, &item);
        append(x, entry, sizeof entry);
    }
    mk_secret_free(key);
    mk_secret_free(other);
}

void mk_xk_do(struct mk_xk *x, const struct mk_xk_tx *tx)
{
    const struct mk_identity *who = tx->who ? tx->who
                                            : &x->office->who[tx->person];
    struct mk_head_row row;

    x->now_ms += STEP_MS + tx->clock_ms;
    if (tx->row_kind)
        add_row(x, tx);
    add_leaves(x, tx, who);
    x->head.log_size = x->n;
    mk_merkle_stream_root(x->tree, x->head.log_root);
    x->head.n_dossiers += tx->more_dossiers;
    if (tx->more_dossiers)
        mk_random(x->head.dossier_root, MK_HASH);
    x->head.n_stats += tx->more_stats;
    if (tx->more_stats)
        mk_random(x->head.stats_root, MK_HASH);
    x->head.epoch += tx->more_epochs;
    x->head.keyring_serial = mk_keyring_serial(x->office->k);
    mk_keyring_members_hash(x->office->k, x->head.members_hash);
    mk_keyring_slots_hash(x->office->k, x->head.slots_hash);
    x->head.time_ms = (uint64_t)x->now_ms;
    memcpy(x->head.actor, who->id, MK_ID);
    mk_random(x->head.txid, MK_ID);
    OK(mk_head_sign(&row, &x->head,
                    tx->signer ? tx->signer->sign : who->sign));
    OK(mk_buf_add(&x->heads, row.body, MK_HEAD));
    OK(mk_buf_add(&x->heads, row.sig, MK_SIG));
    mk_head_hash(row.body, x->head_hash);
}

void mk_xk_make(struct mk_xk *x, struct mk_kr_office *office)
{
    static const uint8_t tag_key[16 + 77 + 32];
    const struct mk_xk_tx founding = {.person = MK_KR_FOUNDER,
                                      .kind = MK_AUDIT_INIT,
                                      .row_kind = 1,
                                      .row = tag_key,
                                      .n_row = sizeof tag_key};
    const struct mk_xk_tx intake = {.person = MK_KR_INSPECTOR,
                                    .kind = MK_AUDIT_INTAKE,
                                    .more_dossiers = 1,
                                    .more_stats = 1};
    struct mk_secret *seed =
        mk_secret_part(office->secrets[MK_KEY_RL], 32, 32);
    uint8_t pk[MK_PK];

    *x = (struct mk_xk){.office = office, .now_ms = FIRST_MS};
    x->tree = calloc(1, sizeof *x->tree);
    ck_assert_ptr_nonnull(x->tree);
    mk_merkle_stream_init(x->tree);
    OK(mk_sign_key(&x->log_sign, pk, seed));
    mk_secret_free(seed);
    mk_head_empty(&x->head, mk_keyring_store(office->k));
    mk_xk_do(x, &founding);
    mk_xk_do(x, &intake);
}

void mk_xk_copy(struct mk_xk *to, const struct mk_xk *from)
{
    *to = *from;
    mk_buf_init(&to->heads);
    mk_buf_init(&to->rows);
    OK(mk_buf_add(&to->heads, from->heads.data, from->heads.len));
    OK(mk_buf_add(&to->rows, from->rows.data, from->rows.len));
    to->log_sign = mk_secret_copy(from->log_sign);
    to->leaf = calloc(from->cap, sizeof *to->leaf);
    to->tree = malloc(sizeof *to->tree);
    ck_assert(to->leaf && to->log_sign && to->tree);
    *to->tree = *from->tree;
    for (size_t i = 0; i < from->n; i++)
        to->leaf[i] = made(from->leaf[i].p, from->leaf[i].n);
}

void mk_xk_release(struct mk_xk *x)
{
    for (size_t i = 0; i < x->n; i++)
        free(x->leaf[i].p);
    free(x->leaf);
    free(x->tree);
    mk_secret_free(x->log_sign);
    mk_buf_release(&x->heads);
    mk_buf_release(&x->rows);
}

void mk_xk_work(struct mk_xk *x, size_t n)
{
    const struct mk_xk_tx list = {.person = MK_KR_INSPECTOR,
                                  .kind = MK_AUDIT_LIST};

    for (size_t i = 0; i < n; i++)
        mk_xk_do(x, &list);
}

/* ---- notes ---- */

void mk_xk_note(const struct mk_xk *x, uint64_t size, const uint8_t *root,
                struct mk_buf *out)
{
    struct mk_checkpoint c = {.size = size};
    struct mk_note_key key;
    uint8_t box[MK_PK], sign[MK_PK];
    size_t n;

    snprintf(c.origin, sizeof c.origin, "%s", mk_keyring_origin(x->office->k));
    if (root)
        memcpy(c.root, root, MK_HASH);
    else
        mk_xk_root(x, size, c.root);
    mk_keyring_log_keys(x->office->k, box, sign);
    ck_assert(mk_note_key_make(&key, c.origin, MK_NOTE_ED25519, sign));
    mk_buf_clear(out);
    OK(mk_checkpoint_format(out, &c));
    n = out->len;
    OK(mk_buf_add_str(out, "\n"));
    struct mk_buf lines = MK_BUF_INIT;
    OK(mk_note_sign(&lines, &key, x->log_sign, (const char *)out->data, n, 0));
    OK(mk_buf_add(out, lines.data, lines.len));
    mk_buf_release(&lines);
}

void mk_xk_cosign(struct mk_buf *note, const char *name,
                  const struct mk_secret *seed, uint64_t time_s,
                  char vkey[static MK_VKEY_MAX])
{
    struct mk_secret *secret;
    struct mk_note_key key;
    struct mk_note parsed;
    struct mk_buf line = MK_BUF_INIT;
    uint8_t pk[MK_PK];

    OK(mk_sign_key(&secret, pk, seed));
    ck_assert(mk_note_key_make(&key, name, MK_NOTE_COSIGNATURE, pk));
    ck_assert(mk_note_parse(&parsed, (const char *)note->data, note->len));
    OK(mk_note_sign(&line, &key, secret, parsed.text, parsed.n_text, time_s));
    OK(mk_buf_add(note, line.data, line.len));
    mk_vkey_format(vkey, &key);
    mk_buf_release(&line);
    mk_secret_free(secret);
}

/* ---- files ---- */

static void make_folders(char *path)
{
    for (char *p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
        *p = '\0';
        (void)mkdir(path, 0700);
        *p = '/';
    }
}

void mk_xk_put_file(const char *folder, const char *name, const void *p,
                    size_t n)
{
    char path[512];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    make_folders(path);
    f = fopen(path, "wb");
    ck_assert_msg(f != NULL, "%s", path);
    ck_assert_uint_eq(n ? fwrite(p, 1, n, f) : 0, n);
    ck_assert_int_eq(fclose(f), 0);
}

void mk_xk_get_file(const char *folder, const char *name, struct mk_buf *out)
{
    char path[512];
    uint8_t piece[4096];
    size_t n;
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    mk_buf_clear(out);
    f = fopen(path, "rb");
    ck_assert_msg(f != NULL, "%s", path);
    while ((n = fread(piece, 1, sizeof piece, f)) > 0)
        OK(mk_buf_add(out, piece, n));
    fclose(f);
}

/* x001/234 of C2SP tlog-tiles */
static void tile_name(char out[static 128], const char *kind, uint64_t index,
                      size_t width)
{
    size_t at = (size_t)snprintf(out, 128, "tile/%s/", kind);

    if (index >= 1000)
        at += (size_t)snprintf(out + at, 128 - at, "x%03u/",
                               (unsigned)(index / 1000));
    at +=
        (size_t)snprintf(out + at, 128 - at, "%03u", (unsigned)(index % 1000));
    if (width < 256)
        snprintf(out + at, 128 - at, ".p/%zu", width);
}

static void put_bundle(struct mk_xk *x, const char *folder, size_t first,
                       size_t width)
{
    struct mk_buf b = MK_BUF_INIT;
    char name[128];

    for (size_t i = first; i < first + width; i++) {
        OK(mk_buf_add_u16(&b, (uint16_t)x->leaf[i].n));
        OK(mk_buf_add(&b, x->leaf[i].p, x->leaf[i].n));
    }
    tile_name(name, "entries", first / 256, width);
    mk_xk_put_file(folder, name, b.data, b.len);
    mk_buf_release(&b);
}

void mk_xk_flush(struct mk_xk *x, const char *folder)
{
    for (; x->flushed + 256 <= x->n; x->flushed += 256) {
        put_bundle(x, folder, x->flushed, 256);
        for (size_t i = x->flushed; i < x->flushed + 256; i++) {
            free(x->leaf[i].p);
            x->leaf[i].p = NULL;
        }
    }
}

/* Level by level: a tile becomes one hash of the level above it. */
static void put_tiles(const struct mk_xk *x, const char *folder)
{
    size_t n = x->n;
    uint8_t(*hash)[MK_HASH] = calloc(n ? n : 1, MK_HASH);
    char name[128], kind[16];

    ck_assert_ptr_nonnull(hash);
    for (size_t i = 0; i < n; i++)
        memcpy(hash[i], x->leaf[i].hash, MK_HASH);
    for (unsigned level = 0; n > 0; level++) {
        size_t above = 0;

        snprintf(kind, sizeof kind, "%u", level);
        for (size_t first = 0; first < n; first += 256) {
            const size_t width = n - first < 256 ? n - first : 256;
            struct mk_merkle_stream s;

            tile_name(name, kind, first / 256, width);
            mk_xk_put_file(folder, name, hash[first], width * MK_HASH);
            if (width < 256)
                break;
            mk_merkle_stream_init(&s);
            for (size_t i = first; i < first + 256; i++)
                mk_merkle_stream_add(&s, hash[i]);
            mk_merkle_stream_root(&s, hash[above++]);
        }
        n = above;
    }
    free(hash);
}

void mk_xk_write(struct mk_xk *x, const char *folder)
{
    struct mk_buf note = MK_BUF_INIT;
    const char *members = (const char *)x->office->text.data;
    const char *slots = memmem(members, x->office->text.len, "\nslots:\n", 8);
    struct mk_note_key key;
    uint8_t box[MK_PK], sign[MK_PK];
    char vkey[MK_VKEY_MAX];

    mk_xk_flush(x, folder);
    if (x->flushed < x->n)
        put_bundle(x, folder, x->flushed, x->n - x->flushed);
    put_tiles(x, folder);
    mk_xk_put_file(folder, "heads", x->heads.data, x->heads.len);
    mk_xk_put_file(folder, "register", x->rows.data, x->rows.len);
    mk_xk_put_file(folder, "members", members, (size_t)(slots + 1 - members));
    mk_xk_put_file(folder, "witnesses", "", 0);
    mk_keyring_log_keys(x->office->k, box, sign);
    ck_assert(mk_note_key_make(&key, mk_keyring_origin(x->office->k),
                               MK_NOTE_ED25519, sign));
    mk_vkey_format(vkey, &key);
    mk_xk_put_file(folder, "vkey", vkey, strlen(vkey));
    mk_xk_note(x, x->n, NULL, &note);
    mk_xk_put_file(folder, "checkpoint", note.data, note.len);
    mk_buf_release(&note);
}
