/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cmd/pg/session.h"
#include "core/base/num.h"

/* Types of the server that a column of ours may have. */
#define OID_BYTEA 17
#define OID_INT8 20
#define OID_INT4 23

static enum mk_err add_value(struct mk_buf *out, const PGresult *result,
                             int row, int column)
{
    size_t n = (size_t)PQgetlength(result, row, column);
    const char *p = PQgetvalue(result, row, column);
    struct mk_sql_value v = {.type = MK_SQL_NULL};
    uint64_t u = UINT64_MAX;

    if (PQgetisnull(result, row, column))
        return mk_wire_add_value(out, &v);
    switch (PQftype(result, column)) {
    case OID_BYTEA:
        v = mk_sql_blob(p, n);
        return mk_wire_add_value(out, &v);
    case OID_INT4:
        if (n == 4)
            u = mk_get_u32((const uint8_t *)p);
        if (u > INT32_MAX)
            u = UINT64_MAX; /* below 0 */
        break;
    case OID_INT8:
        if (n == 8)
            u = mk_get_u64((const uint8_t *)p);
        break;
    default:
        break;
    }
    v = mk_sql_u64(u);
    return u <= INT64_MAX ? mk_wire_add_value(out, &v)
                          : mk_buf_add_u8(out, MK_WIRE_STRANGE);
}

static uint64_t changed(const PGresult *result)
{
    /* "" for what touches no rows */
    const char *text = PQcmdTuples((PGresult *)(uintptr_t)result);
    uint64_t n = 0;

    if (!mk_num_parse(text, strlen(text), 0, INT64_MAX, &n))
        n = 0;
    return n;
}

/* Bytes of a frame before the number of its rows. */
#define COUNT_AT (4 + 1 + 1 + 8 + 2)
#define MORE_AT (4 + 1)

enum mk_err mk_rows_add(struct mk_buf *out, const PGresult *result, int *at,
                        size_t enough, bool more, struct mk_diag *diag)
{
    bool rows = PQresultStatus(result) == PGRES_TUPLES_OK;
    int columns = rows ? PQnfields(result) : 0;
    int end = rows ? PQntuples(result) : 0;
    int from = *at;
    enum mk_err rc;

    if (columns > MK_QUERY_COLUMNS)
        return mk_fail(diag, MK_E_SERVER_SCHEMA, "columns");
    MK_TRY(mk_wire_begin(out, MK_WIRE_ROWS));
    MK_TRY(mk_buf_add_u8(out, 0)); /* more; known at the end, as rows */
    MK_TRY(mk_buf_add_u64(out, rows ? 0 : changed(result)));
    MK_TRY(mk_buf_add_u16(out, (uint16_t)columns));
    MK_TRY(mk_buf_add_u32(out, 0));
    for (; *at < end && out->len < enough; ++*at)
        for (int i = 0; i < columns; i++)
            MK_TRY(add_value(out, result, *at, i));
    out->data[MORE_AT] = more || *at < end;
    mk_put_u32(out->data + COUNT_AT, (uint32_t)(*at - from));
    if (out->len > MK_WIRE_MAX)
        rc = MK_E_TOO_LARGE;
out:
    return rc == MK_OK ? MK_OK : mk_fail(diag, rc, "rows");
}
