/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The statements of queries.def and what goes in and comes out of one: all
 * that meldkluis, which asks, and meldkluis-pg, which runs them, have in
 * common of the store.
 */
#ifndef MK_STORE_QUERIES_H
#define MK_STORE_QUERIES_H

#include "core/base/err.h"

enum mk_query {
#define MK_QUERY(name, kind, sql) MK_Q_##name,
#include "core/store/queries.def"
#undef MK_QUERY
    MK_QUERY_COUNT
};

enum mk_query_kind {
    MK_QUERY_READ,  /* a row, or a few hundred */
    MK_QUERY_WALK,  /* as many rows as there are: read bit by bit */
    MK_QUERY_WRITE, /* no rows; in a write only */
};

#define MK_QUERY_PARAMS 12  /* most parameters of a statement */
#define MK_QUERY_COLUMNS 12 /* most columns of its rows */

/* "DOSSIER_INSERT", for diags. */
const char *mk_query_name(enum mk_query q);
const char *mk_query_sql(enum mk_query q);
enum mk_query_kind mk_query_kind(enum mk_query q);
bool mk_query_writes(enum mk_query q);

enum mk_sql_type { MK_SQL_NULL, MK_SQL_U64, MK_SQL_BLOB };

/* A parameter or a column.  Numbers are below 2^63. */
struct mk_sql_value {
    enum mk_sql_type type;
    uint64_t u;
    const void *p;
    size_t n;
};

static inline struct mk_sql_value mk_sql_u64(uint64_t u)
{
    return (struct mk_sql_value){.type = MK_SQL_U64, .u = u};
}
/* p NULL is SQL NULL. */
static inline struct mk_sql_value mk_sql_blob(const void *p, size_t n)
{
    return (struct mk_sql_value){
        .type = p ? MK_SQL_BLOB : MK_SQL_NULL, .p = p, .n = n};
}

#endif
