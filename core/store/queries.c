/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/queries.h"

static const struct {
    const char *name;
    const char *sql;
    enum mk_query_kind kind;
} queries[MK_QUERY_COUNT] = {
#define MK_QUERY(name, kind, sql) \
    [MK_Q_##name] = {#name, sql, MK_QUERY_##kind},
#include "core/store/queries.def"
#undef MK_QUERY
};

const char *mk_query_name(enum mk_query q)
{
    return queries[q].name;
}

const char *mk_query_sql(enum mk_query q)
{
    return queries[q].sql;
}

enum mk_query_kind mk_query_kind(enum mk_query q)
{
    return queries[q].kind;
}

bool mk_query_writes(enum mk_query q)
{
    return queries[q].kind == MK_QUERY_WRITE;
}
