/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of the schema, typed.  Table and column numbers below stand in the
 * associated data of every envelope: append only.  Each table lies under one
 * of the roots that a head signs (mk_row_tables says which), else a copy of
 * an old row could be put back unnoticed.
 *
 * Blobs in a row that was loaded are borrowed from the cursor or the row's
 * buf until the next load or release; blobs given to insert stay the caller's.
 */
#ifndef MK_STORE_ROWS_H
#define MK_STORE_ROWS_H

#include "core/base/buf.h"
#include "core/store/store.h"
#include "crypto/crypto.h"

enum mk_table {
    MK_TABLE_DOSSIER = 1,
    MK_TABLE_ENTRY = 2,
    MK_TABLE_LOG = 3,
    MK_TABLE_STATS_CHUNK = 4,
    MK_TABLE_STATS_ROW = 5,
    MK_TABLE_REGISTER = 6,
};
enum mk_column {
    MK_COL_DOSSIER_OWNER = 1,   /* sealed under the inspectors' role key */
    MK_COL_DOSSIER_DEK = 2,     /* dossier key, wrapped */
    MK_COL_DOSSIER_SUMMARY = 3, /* for lists, sealed under the dossier key */
    MK_COL_ENTRY_FACTS = 1,
    MK_COL_ENTRY_TEXT = 2,
    MK_COL_STATS_FACTS = 1,
    MK_COL_STATS_TAGS = 2,
    MK_COL_REGISTER_BODY = 1,    /* tag key */
    MK_COL_REGISTER_RELEASE = 2, /* the same column, of a release */
};

/* Which root covers which table of the schema; a test walks the schema. */
enum mk_root {
    MK_ROOT_DOSSIER,
    MK_ROOT_STATS,
    MK_ROOT_REGISTER,
    MK_ROOT_LOG,
    MK_ROOT_SIGNED,  /* the heads themselves */
    MK_ROOT_DERIVED, /* tree nodes: proven by the root they hash to; tail:
                        compared with the newest head */
    MK_ROOT_ITSELF,  /* documents (docs.h): each proves itself */
    MK_ROOT_SCHEMA,  /* migrations: compared with the checksums built in */
};
struct mk_table_root {
    const char *table;
    enum mk_root root;
};
extern const struct mk_table_root mk_row_tables[]; /* ends with NULL */

struct mk_blob {
    const uint8_t *p; /* NULL: SQL NULL */
    size_t n;
};

/* dossier(ordinal, id, version, intake_year, rk_gen, dek_version, owner, dek,
 * ref_tag, summary, entries, chain) */
struct mk_dossier_row {
    uint64_t ordinal; /* dense, from 0 */
    uint8_t id[MK_ID];
    uint64_t version; /* from 1, + 1 with every change of the row */
    uint32_t intake_year;
    uint32_t rk_gen;      /* generation of that year's retention key */
    uint64_t dek_version; /* version of the row when dek was wrapped */
    struct mk_blob owner;
    struct mk_blob dek;
    struct mk_blob ref_tag; /* 16 bytes or NULL; unique */
    struct mk_blob summary;
    uint64_t entries;
    uint8_t chain[MK_HASH]; /* over its entries */
    struct mk_buf own;      /* memory of the blobs of a loaded row */
};

/* SHA-256 of a row: its columns in schema order, each u32 length | bytes,
 * NULL = ffffffff, integers as u64. */
void mk_dossier_row_hash(const struct mk_dossier_row *row,
                         uint8_t out[static MK_HASH]);
/* SHA-256(00 | "MKD1" | ordinal | id | version | row hash | entries | chain) */
void mk_dossier_leaf(const struct mk_dossier_row *row,
                     uint8_t out[static MK_HASH]);
/* "mk1/entry" chain: next = SHA-256("mk1/entry" | chain | SHA-256(row)). */
struct mk_entry_row {
    uint64_t dossier; /* ordinal */
    uint64_t seq;     /* from 1, dense */
    struct mk_blob facts;
    struct mk_blob text; /* may be NULL */
};
void mk_entry_chain(uint8_t chain[static MK_HASH],
                    const struct mk_entry_row *row);

void mk_dossier_row_init(struct mk_dossier_row *row);
void mk_dossier_row_release(struct mk_dossier_row *row);
MK_MUST_USE enum mk_err mk_dossier_insert(struct mk_store *st,
                                          const struct mk_dossier_row *row,
                                          struct mk_diag *diag);
/* Everything but ordinal, id and ref_tag, which never change.
 * Errors: E_CHANGED when the stored version is not row->version - 1 (or id or
 * ref_tag are others). */
MK_MUST_USE enum mk_err mk_dossier_update(struct mk_store *st,
                                          const struct mk_dossier_row *row,
                                          struct mk_diag *diag);
/* As update, of a row whose dossier was destroyed: its ref_tag goes. */
MK_MUST_USE enum mk_err mk_dossier_bury(struct mk_store *st,
                                        const struct mk_dossier_row *row,
                                        struct mk_diag *diag);
/* Errors: E_NOT_FOUND. */
MK_MUST_USE enum mk_err mk_dossier_load(struct mk_store *st, uint64_t ordinal,
                                        struct mk_dossier_row *row,
                                        struct mk_diag *diag);
/* The ordinal of the dossier whose id lies in [lo, hi]; *found false if none.
 * The same by ref_tag. */
MK_MUST_USE enum mk_err mk_dossier_find(struct mk_store *st,
                                        const uint8_t lo[static MK_ID],
                                        const uint8_t hi[static MK_ID],
                                        bool *found, uint64_t *ordinal,
                                        struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_dossier_find_ref(struct mk_store *st,
                                            const uint8_t tag[static MK_ID],
                                            bool *found, uint64_t *ordinal,
                                            struct mk_diag *diag);

/* Walking a table in order.  One walk of a kind at a time.  step: *more
 * false at the end; what a row points to is borrowed until the next step. */
struct mk_walk;
MK_MUST_USE enum mk_err mk_walk_dossiers(struct mk_walk **out,
                                         struct mk_store *st,
                                         struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_walk_entries(struct mk_walk **out,
                                        struct mk_store *st, uint64_t dossier,
                                        struct mk_diag *diag);
/* All entries by dossier and seq. */
MK_MUST_USE enum mk_err mk_walk_all_entries(struct mk_walk **out,
                                            struct mk_store *st,
                                            struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_walk_log(struct mk_walk **out, struct mk_store *st,
                                    uint64_t from_seq, struct mk_diag *diag);
/* Heads with log_size > after, in order. */
MK_MUST_USE enum mk_err mk_walk_heads(struct mk_walk **out,
                                      struct mk_store *st, uint64_t after,
                                      struct mk_diag *diag);
/* Chunks by index; facts only, tags only on demand: with_tags. */
MK_MUST_USE enum mk_err mk_walk_chunks(struct mk_walk **out,
                                       struct mk_store *st, bool with_tags,
                                       bool newest_first,
                                       struct mk_diag *diag);
/* The first n slots. */
MK_MUST_USE enum mk_err mk_walk_stats_rows(struct mk_walk **out,
                                           struct mk_store *st, uint64_t n,
                                           struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_walk_register(struct mk_walk **out,
                                         struct mk_store *st,
                                         struct mk_diag *diag);
void mk_walk_close(struct mk_walk *w); /* NULL is fine */

MK_MUST_USE enum mk_err mk_walk_dossier(struct mk_walk *w, bool *more,
                                        struct mk_dossier_row *row,
                                        struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_walk_entry(struct mk_walk *w, bool *more,
                                      struct mk_entry_row *row,
                                      struct mk_diag *diag);

MK_MUST_USE enum mk_err mk_entry_insert(struct mk_store *st,
                                        const struct mk_entry_row *row,
                                        struct mk_diag *diag);

/* Takes all entries of a dossier away; *removed is how many there were. */
MK_MUST_USE enum mk_err mk_entries_delete(struct mk_store *st,
                                          uint64_t dossier, uint64_t *removed,
                                          struct mk_diag *diag);

/* log(seq, leaf) */
struct mk_log_row {
    uint64_t seq; /* from 0, dense */
    struct mk_blob leaf;
};
MK_MUST_USE enum mk_err mk_log_insert(struct mk_store *st,
                                      const struct mk_log_row *row,
                                      struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_walk_log_row(struct mk_walk *w, bool *more,
                                        struct mk_log_row *row,
                                        struct mk_diag *diag);
/* Takes away the rows with seq < size; *removed is how many there were. */
MK_MUST_USE enum mk_err mk_log_prune_rows(struct mk_store *st, uint64_t size,
                                          uint64_t *removed,
                                          struct mk_diag *diag);

/* head(log_size, txid, body, sig) */
#define MK_HEAD 296
struct mk_head_row {
    uint64_t log_size; /* strictly rising */
    uint8_t txid[MK_ID];
    uint8_t body[MK_HEAD];
    uint8_t sig[MK_SIG];
};
MK_MUST_USE enum mk_err mk_head_insert(struct mk_store *st,
                                       const struct mk_head_row *row,
                                       struct mk_diag *diag);
/* The newest; E_NOT_FOUND in an empty store. */
MK_MUST_USE enum mk_err mk_head_newest(struct mk_store *st,
                                       struct mk_head_row *row,
                                       struct mk_diag *diag);
/* The same, and whether the server has a document of that name (docs.h): for
 * what has to be known in every transaction. */
MK_MUST_USE enum mk_err mk_head_newest_beside(struct mk_store *st,
                                              const char *document,
                                              bool *there,
                                              struct mk_head_row *row,
                                              struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_head_load(struct mk_store *st, uint64_t log_size,
                                     bool *found, struct mk_head_row *row,
                                     struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_head_by_txid(struct mk_store *st,
                                        const uint8_t txid[static MK_ID],
                                        bool *found, struct mk_head_row *row,
                                        struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_walk_head(struct mk_walk *w, bool *more,
                                     struct mk_head_row *row,
                                     struct mk_diag *diag);

/* node(tree, level, idx, hashes): rows of 16 hashes of the Merkle trees. */
enum mk_tree { MK_TREE_LOG = 1, MK_TREE_DOSSIER = 2 };
MK_MUST_USE enum mk_err mk_node_load(struct mk_store *st, enum mk_tree tree,
                                     unsigned level, uint64_t index,
                                     uint8_t row[static 16 * MK_HASH],
                                     size_t *n, struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_node_save(struct mk_store *st, enum mk_tree tree,
                                     unsigned level, uint64_t index,
                                     const uint8_t *row, size_t n,
                                     struct mk_diag *diag);

/* stats_chunk(idx, first, n, facts, tags, chain); stats_row(slot, env) */
struct mk_chunk_row {
    uint64_t idx;   /* from 0, dense */
    uint64_t first; /* position in the stream of its first record */
    uint64_t n;     /* records in it */
    struct mk_blob facts;
    struct mk_blob tags;        /* NULL when walked without tags */
    uint8_t tags_hash[MK_HASH]; /* SHA-256 of tags, so that a chain can be
                                   checked without reading them */
    uint8_t chain[MK_HASH];     /* over chunks 0..idx */
};
/*
 * A record behind the last chunk.  Such rows lie in the first slots, in their
 * order, and are never deleted: when they have folded into a chunk the next
 * ones take their slots.  What lies behind the last of them is of no account.
 */
#define MK_STATS_SLOTS 255
struct mk_stats_row {
    uint64_t slot; /* from 0 */
    struct mk_blob env;
};
MK_MUST_USE enum mk_err mk_chunk_insert(struct mk_store *st,
                                        const struct mk_chunk_row *row,
                                        struct mk_diag *diag);
/* The last chunk without blobs; *found false if there is none. */
MK_MUST_USE enum mk_err mk_chunk_last(struct mk_store *st, bool *found,
                                      struct mk_chunk_row *row,
                                      struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_walk_chunk(struct mk_walk *w, bool *more,
                                      struct mk_chunk_row *row,
                                      struct mk_diag *diag);
/* In the place of what the slot held. */
MK_MUST_USE enum mk_err mk_stats_row_save(struct mk_store *st,
                                          const struct mk_stats_row *row,
                                          struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_walk_stats_row(struct mk_walk *w, bool *more,
                                          struct mk_stats_row *row,
                                          struct mk_diag *diag);

/* register(seq, kind, chain, body): what the kinds are says core/register.h */
struct mk_register_row {
    uint64_t seq; /* from 0, dense */
    uint32_t kind;
    struct mk_blob body;
    uint8_t chain[MK_HASH]; /* see core/register.h */
};
MK_MUST_USE enum mk_err mk_register_insert(struct mk_store *st,
                                           const struct mk_register_row *row,
                                           struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_walk_register_row(struct mk_walk *w, bool *more,
                                             struct mk_register_row *row,
                                             struct mk_diag *diag);

/* tail(id=1, log_size): the row that every writer updates. */
MK_MUST_USE enum mk_err mk_tail_set(struct mk_store *st, uint64_t log_size,
                                    struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_tail_get(struct mk_store *st, uint64_t *log_size,
                                    struct mk_diag *diag);

#endif
