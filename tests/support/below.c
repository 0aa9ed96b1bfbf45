/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/store/driver_sqlcipher.h"
#include "core/store/query.h"
#include "tests/support/below.h"

static sqlite3 *database_of(struct mk_store *st)
{
    return ((struct mk_sqlcipher *)st->driver)->db;
}

void below_run(struct mk_store *st, const char *format, va_list ap)
{
    char *sql = sqlite3_vmprintf(format, ap);
    char *why = NULL;
    int code;

    ck_assert_ptr_nonnull(sql);
    /* his own copy of the library defends nothing */
    code =
        sqlite3_db_config(database_of(st), SQLITE_DBCONFIG_DEFENSIVE, 0, NULL);
    ck_assert_int_eq(code, SQLITE_OK);
    code = sqlite3_exec(database_of(st), sql, NULL, NULL, &why);
    ck_assert_msg(code == SQLITE_OK, "%.60s: %s", sql, why ? why : "?");
    sqlite3_free(sql);
}

static void add_value(struct mk_buf *out, sqlite3_stmt *s, int i)
{
    char number[32];
    const uint8_t *p;
    int n;

    switch (sqlite3_column_type(s, i)) {
    case SQLITE_INTEGER:
        snprintf(number, sizeof number, "%lld",
                 (long long)sqlite3_column_int64(s, i));
        ck_assert_int_eq(mk_buf_add_str(out, number), MK_OK);
        return;
    case SQLITE_BLOB:
        p = sqlite3_column_blob(s, i);
        n = sqlite3_column_bytes(s, i);
        ck_assert_int_eq(mk_buf_add_str(out, "x'"), MK_OK);
        for (int k = 0; k < n; k++) {
            snprintf(number, sizeof number, "%02x", p[k]);
            ck_assert_int_eq(mk_buf_add(out, number, 2), MK_OK);
        }
        ck_assert_int_eq(mk_buf_add_str(out, "'"), MK_OK);
        return;
    default:
        ck_assert_int_eq(mk_buf_add_str(out, "NULL"), MK_OK);
    }
}

static char *statement_of(const char *table, sqlite3_stmt *s)
{
    struct mk_buf text = MK_BUF_INIT;
    char *copy;

    ck_assert_int_eq(mk_buf_add_str(&text, "INSERT OR REPLACE INTO "), MK_OK);
    ck_assert_int_eq(mk_buf_add_str(&text, table), MK_OK);
    ck_assert_int_eq(mk_buf_add_str(&text, " VALUES ("), MK_OK);
    for (int i = 1; i < sqlite3_column_count(s); i++) {
        if (i > 1)
            ck_assert_int_eq(mk_buf_add_str(&text, ", "), MK_OK);
        add_value(&text, s, i);
    }
    ck_assert_int_eq(mk_buf_add_str(&text, ")"), MK_OK);
    ck_assert_int_eq(mk_buf_terminate(&text), MK_OK);
    copy = strdup((const char *)text.data);
    ck_assert_ptr_nonnull(copy);
    mk_buf_release(&text);
    return copy;
}

void below_read(struct mk_store *st, const char *table, struct below_rows *out)
{
    sqlite3_stmt *s = NULL;
    char sql[80];

    *out = (struct below_rows){.n = 0};
    snprintf(out->table, sizeof out->table, "%s", table);
    snprintf(sql, sizeof sql, "SELECT rowid, * FROM %s ORDER BY rowid", table);
    ck_assert_int_eq(sqlite3_prepare_v2(database_of(st), sql, -1, &s, NULL),
                     SQLITE_OK);
    while (sqlite3_step(s) == SQLITE_ROW) {
        size_t n = out->n++;

        out->rowid = realloc(out->rowid, out->n * sizeof *out->rowid);
        out->text = realloc(out->text, out->n * sizeof *out->text);
        ck_assert(out->rowid != NULL && out->text != NULL);
        out->rowid[n] = sqlite3_column_int64(s, 0);
        out->text[n] = statement_of(table, s);
    }
    ck_assert_int_eq(sqlite3_finalize(s), SQLITE_OK);
}

void below_release(struct below_rows *rows)
{
    for (size_t i = 0; i < rows->n; i++)
        free(rows->text[i]);
    free(rows->text);
    free(rows->rowid);
    *rows = (struct below_rows){.n = 0};
}
