/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dossiers and their entries: rows, their hashes, reading and writing. */
#include <string.h>

#include "core/base/bytes.h"
#include "core/store/query.h"
#include "core/store/rows_walk.h"
#include "crypto/hash.h"

/* ---- hashes ---- */

/* A row as it is hashed: each column u32 length | bytes, NULL ffffffff. */
#define COLUMNS 12
struct row_text {
    uint8_t fixed[COLUMNS][12]; /* length, and the number if it is one */
    struct mk_part parts[2 * COLUMNS];
    size_t n_columns;
    size_t n_parts;
};

static void add_part(struct row_text *t, const void *p, size_t n)
{
    t->parts[t->n_parts++] = (struct mk_part){.p = p, .n = n};
}

static void add_number(struct row_text *t, uint64_t v)
{
    uint8_t *fixed = t->fixed[t->n_columns++];

    mk_put_u32(fixed, 8);
    mk_put_u64(fixed + 4, v);
    add_part(t, fixed, 12);
}

static void add_bytes(struct row_text *t, const uint8_t *p, size_t n)
{
    uint8_t *fixed = t->fixed[t->n_columns++];

    mk_put_u32(fixed, p ? (uint32_t)n : UINT32_MAX);
    add_part(t, fixed, 4);
    if (p && n > 0)
        add_part(t, p, n);
}

static void add_blob(struct row_text *t, struct mk_blob b)
{
    add_bytes(t, b.p, b.n);
}

void mk_dossier_row_hash(const struct mk_dossier_row *row,
                         uint8_t out[static MK_HASH])
{
    struct row_text t;

    t.n_columns = t.n_parts = 0;
    add_number(&t, row->ordinal);
    add_bytes(&t, row->id, MK_ID);
    add_number(&t, row->version);
    add_number(&t, row->intake_year);
    add_number(&t, row->rk_gen);
    add_number(&t, row->dek_version);
    add_blob(&t, row->owner);
    add_blob(&t, row->dek);
    add_blob(&t, row->ref_tag);
    add_blob(&t, row->summary);
    add_number(&t, row->entries);
    add_bytes(&t, row->chain, MK_HASH);
    mk_sha256_parts(out, t.parts, t.n_parts);
}

void mk_dossier_leaf(const struct mk_dossier_row *row,
                     uint8_t out[static MK_HASH])
{
    uint8_t leaf[1 + 4 + 8 + MK_ID + 8 + MK_HASH + 8 + MK_HASH];
    uint8_t *p = leaf;

    *p++ = 0;
    memcpy(p, "MKD1", 4);
    p += 4;
    mk_put_u64(p, row->ordinal);
    p += 8;
    memcpy(p, row->id, MK_ID);
    p += MK_ID;
    mk_put_u64(p, row->version);
    p += 8;
    mk_dossier_row_hash(row, p);
    p += MK_HASH;
    mk_put_u64(p, row->entries);
    p += 8;
    memcpy(p, row->chain, MK_HASH);
    mk_sha256(out, leaf, sizeof(leaf));
}

void mk_entry_chain(uint8_t chain[static MK_HASH],
                    const struct mk_entry_row *row)
{
    static const char prefix[] = "mk1/entry";
    struct row_text t;
    uint8_t hash[MK_HASH];

    t.n_columns = t.n_parts = 0;
    add_number(&t, row->dossier);
    add_number(&t, row->seq);
    add_blob(&t, row->facts);
    add_blob(&t, row->text);
    mk_sha256_parts(hash, t.parts, t.n_parts);
    mk_sha256_parts(chain,
                    (struct mk_part[]){{prefix, sizeof(prefix) - 1},
                                       {chain, MK_HASH},
                                       {hash, MK_HASH}},
                    3);
}

/* ---- dossiers ---- */

void mk_dossier_row_init(struct mk_dossier_row *row)
{
    memset(row, 0, sizeof(*row));
}

void mk_dossier_row_release(struct mk_dossier_row *row)
{
    mk_buf_release(&row->own);
    mk_dossier_row_init(row);
}

static void dossier_params(struct mk_sql_value v[static COLUMNS],
                           const struct mk_dossier_row *row)
{
    v[0] = mk_sql_u64(row->ordinal);
    v[1] = mk_sql_blob(row->id, MK_ID);
    v[2] = mk_sql_u64(row->version);
    v[3] = mk_sql_u64(row->intake_year);
    v[4] = mk_sql_u64(row->rk_gen);
    v[5] = mk_sql_u64(row->dek_version);
    v[6] = mk_sql_blob(row->owner.p, row->owner.n);
    v[7] = mk_sql_blob(row->dek.p, row->dek.n);
    v[8] = mk_sql_blob(row->ref_tag.p, row->ref_tag.n);
    v[9] = mk_sql_blob(row->summary.p, row->summary.n);
    v[10] = mk_sql_u64(row->entries);
    v[11] = mk_sql_blob(row->chain, MK_HASH);
}

enum mk_err mk_dossier_insert(struct mk_store *st,
                              const struct mk_dossier_row *row,
                              struct mk_diag *diag)
{
    struct mk_sql_value v[COLUMNS];

    dossier_params(v, row);
    return mk_query_put(st, MK_Q_DOSSIER_INSERT, v, COLUMNS, MK_E_TAMPERED,
                        diag);
}

enum mk_err mk_dossier_update(struct mk_store *st,
                              const struct mk_dossier_row *row,
                              struct mk_diag *diag)
{
    struct mk_sql_value v[COLUMNS];

    dossier_params(v, row);
    return mk_query_put(st, MK_Q_DOSSIER_UPDATE, v, COLUMNS, MK_E_CHANGED,
                        diag);
}

enum mk_err mk_dossier_bury(struct mk_store *st,
                            const struct mk_dossier_row *row,
                            struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {
        mk_sql_u64(row->ordinal),
        mk_sql_blob(row->id, MK_ID),
        mk_sql_u64(row->version),
    };

    return mk_query_put(st, MK_Q_DOSSIER_BURY, v, 3, MK_E_CHANGED, diag);
}

/* row's blobs are borrowed from the cursor afterwards. */
static enum mk_err read_dossier(struct mk_store *st, enum mk_query q,
                                struct mk_dossier_row *row,
                                struct mk_diag *diag)
{
    struct mk_columns c = mk_columns_of(st, q);

    row->ordinal = mk_column_u64(&c);
    mk_column_bytes(&c, row->id, MK_ID);
    row->version = mk_column_u64(&c);
    row->intake_year = mk_column_u32(&c);
    row->rk_gen = mk_column_u32(&c);
    row->dek_version = mk_column_u64(&c);
    row->owner = mk_column_blob_or_null(&c);
    row->dek = mk_column_blob_or_null(&c);
    row->ref_tag = mk_column_blob_or_null(&c);
    row->summary = mk_column_blob_or_null(&c);
    row->entries = mk_column_u64(&c);
    mk_column_bytes(&c, row->chain, MK_HASH);
    if (row->ref_tag.p && row->ref_tag.n != MK_ID)
        c.bad = true;
    return mk_columns_end(&c, "dossier", diag);
}

/* Copies the blobs into the row's own memory. */
static enum mk_err keep_blobs(struct mk_dossier_row *row)
{
    struct mk_blob *blobs[] = {&row->owner, &row->dek, &row->ref_tag,
                               &row->summary};
    const size_t n = sizeof(blobs) / sizeof(*blobs);
    size_t total = 0, at = 0;
    enum mk_err rc = MK_OK;

    mk_buf_clear(&row->own);
    for (size_t i = 0; i < n; i++)
        total += blobs[i]->n;
    MK_TRY(mk_buf_reserve(&row->own, total + 1));
    for (size_t i = 0; i < n; i++)
        MK_TRY(mk_buf_add(&row->own, blobs[i]->p, blobs[i]->n));
    for (size_t i = 0; i < n; i++) {
        if (blobs[i]->p)
            blobs[i]->p = row->own.data + at;
        at += blobs[i]->n;
    }
out:
    return rc;
}

static void forget_blobs(struct mk_dossier_row *row)
{
    const struct mk_blob none = {.p = NULL, .n = 0};

    row->owner = row->dek = row->ref_tag = row->summary = none;
}

enum mk_err mk_dossier_load(struct mk_store *st, uint64_t ordinal,
                            struct mk_dossier_row *row, struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {mk_sql_u64(ordinal)};
    enum mk_err rc;
    bool found;

    rc = mk_query_first(st, MK_Q_DOSSIER_LOAD, v, 1, &found, diag);
    if (rc == MK_OK && !found)
        rc = mk_fail(diag, MK_E_NOT_FOUND, "dossier");
    if (rc != MK_OK)
        return rc;
    MK_TRY(read_dossier(st, MK_Q_DOSSIER_LOAD, row, diag));
    MK_TRY(keep_blobs(row));
out:
    if (rc != MK_OK)
        forget_blobs(row);
    mk_query_finish(st, MK_Q_DOSSIER_LOAD);
    return rc;
}

static enum mk_err find_ordinal(struct mk_store *st, enum mk_query q,
                                const struct mk_sql_value *params, size_t n,
                                bool *found, uint64_t *ordinal,
                                struct mk_diag *diag)
{
    struct mk_columns c = mk_columns_of(st, q);
    enum mk_err rc;

    *ordinal = 0;
    rc = mk_query_first(st, q, params, n, found, diag);
    if (rc != MK_OK || !*found)
        return rc;
    *ordinal = mk_column_u64(&c);
    mk_query_finish(st, q);
    return mk_columns_end(&c, "dossier", diag);
}

enum mk_err mk_dossier_find(struct mk_store *st,
                            const uint8_t lo[static MK_ID],
                            const uint8_t hi[static MK_ID], bool *found,
                            uint64_t *ordinal, struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {mk_sql_blob(lo, MK_ID),
                                     mk_sql_blob(hi, MK_ID)};

    return find_ordinal(st, MK_Q_DOSSIER_FIND, v, 2, found, ordinal, diag);
}

enum mk_err mk_dossier_find_ref(struct mk_store *st,
                                const uint8_t tag[static MK_ID], bool *found,
                                uint64_t *ordinal, struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {mk_sql_blob(tag, MK_ID)};

    return find_ordinal(st, MK_Q_DOSSIER_FIND_REF, v, 1, found, ordinal, diag);
}

enum mk_err mk_walk_dossiers(struct mk_walk **out, struct mk_store *st,
                             struct mk_diag *diag)
{
    return mk_walk_open(out, st, MK_Q_DOSSIER_WALK, NULL, 0, diag);
}

enum mk_err mk_walk_dossier(struct mk_walk *w, bool *more,
                            struct mk_dossier_row *row, struct mk_diag *diag)
{
    enum mk_err rc = mk_query_step(w->st, w->q, more, diag);

    if (rc == MK_OK && *more)
        rc = read_dossier(w->st, w->q, row, diag);
    if (rc != MK_OK || !*more)
        forget_blobs(row);
    return rc;
}

/* ---- entries ---- */

enum mk_err mk_entry_insert(struct mk_store *st,
                            const struct mk_entry_row *row,
                            struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {
        mk_sql_u64(row->dossier),
        mk_sql_u64(row->seq),
        mk_sql_blob(row->facts.p, row->facts.n),
        mk_sql_blob(row->text.p, row->text.n),
    };

    return mk_query_put(st, MK_Q_ENTRY_INSERT, v, 4, MK_E_TAMPERED, diag);
}

enum mk_err mk_entries_delete(struct mk_store *st, uint64_t dossier,
                              uint64_t *removed, struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {mk_sql_u64(dossier)};

    return mk_query_run(st, MK_Q_ENTRIES_DELETE, v, 1, removed, diag);
}

enum mk_err mk_walk_entries(struct mk_walk **out, struct mk_store *st,
                            uint64_t dossier, struct mk_diag *diag)
{
    const struct mk_sql_value v[] = {mk_sql_u64(dossier)};

    return mk_walk_open(out, st, MK_Q_ENTRY_WALK, v, 1, diag);
}

enum mk_err mk_walk_all_entries(struct mk_walk **out, struct mk_store *st,
                                struct mk_diag *diag)
{
    return mk_walk_open(out, st, MK_Q_ENTRY_WALK_ALL, NULL, 0, diag);
}

enum mk_err mk_walk_entry(struct mk_walk *w, bool *more,
                          struct mk_entry_row *row, struct mk_diag *diag)
{
    struct mk_columns c = mk_columns_of(w->st, w->q);
    enum mk_err rc;

    memset(row, 0, sizeof(*row));
    rc = mk_query_step(w->st, w->q, more, diag);
    if (rc != MK_OK || !*more)
        return rc;
    row->dossier = mk_column_u64(&c);
    row->seq = mk_column_u64(&c);
    row->facts = mk_column_blob(&c);
    row->text = mk_column_blob_or_null(&c);
    return mk_columns_end(&c, "entry", diag);
}
