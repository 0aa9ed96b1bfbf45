/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/bytes.h"
#include "core/store/migrate.h"
#include "crypto/hash.h"
#include "tests/unit/store_fixture.h"

START_TEST(fresh_vault_has_newest_schema)
{
    struct mk_store_facts facts;

    ck_ok(mk_store_facts(v.st, &facts, &diag));
    ck_assert_uint_eq(facts.schema, mk_migrate_newest());
    close_vault();
    ck_ok(open_vault());
}
END_TEST

/* Says what to write into schema/sqlite.def for a new migration. */
START_TEST(schema_hash_list_fits_the_schema_texts)
{
    static const char *const listed[] = {
#define MK_SCHEMA_HASH(version, hex) hex,
#include "core/store/schema/sqlite.def"
#undef MK_SCHEMA_HASH
    };
    struct mk_sha256 *h = mk_sha256_new();
    uint8_t hash[MK_HASH], len[4];
    char hex[2 * MK_HASH + 1];
    sqlite3_stmt *stmt;
    sqlite3 *db;

    ck_assert_uint_eq(sizeof(listed) / sizeof(*listed), mk_migrate_newest());
    ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
    for (unsigned n = 1; n <= mk_migrate_newest(); n++) {
        ck_assert_int_eq(
            sqlite3_exec(db, mk_migrate_text(n), NULL, NULL, NULL), SQLITE_OK);
        ck_assert_int_eq(
            sqlite3_prepare_v2(db,
                               "SELECT type, name, tbl_name, sql FROM"
                               " sqlite_schema ORDER BY type, name",
                               -1, &stmt, NULL),
            SQLITE_OK);
        while (sqlite3_step(stmt) == SQLITE_ROW)
            for (int i = 0; i < 4; i++) {
                const unsigned char *p = sqlite3_column_text(stmt, i);
                size_t size = (size_t)sqlite3_column_bytes(stmt, i);

                mk_put_u32(len, p ? (uint32_t)size : UINT32_MAX);
                mk_sha256_add(h, len, 4);
                if (p)
                    mk_sha256_add(h, p, size);
            }
        sqlite3_finalize(stmt);
        mk_sha256_take(h, hash);
        mk_hex(hex, hash, MK_HASH);
        ck_assert_str_eq(hex, listed[n - 1]);
    }
    sqlite3_close(db);
    mk_sha256_free(h);
}
END_TEST

/* Walks sqlite_schema: a table under no root would be open to old copies. */
START_TEST(every_table_lies_under_a_root)
{
    sqlite3_stmt *stmt;
    sqlite3 *db;
    size_t found = 0, listed = 0;

    close_vault();
    db = open_raw();
    ck_assert_int_eq(sqlite3_prepare_v2(
                         db,
                         "SELECT name FROM sqlite_schema WHERE type = 'table'",
                         -1, &stmt, NULL),
                     SQLITE_OK);
    for (; sqlite3_step(stmt) == SQLITE_ROW; found++) {
        const char *name = (const char *)sqlite3_column_text(stmt, 0);
        bool known = false;

        for (const struct mk_table_root *t = mk_row_tables; t->table; t++)
            known = known || strcmp(t->table, name) == 0;
        ck_assert_msg(known, "table %s lies under no root", name);
    }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    for (const struct mk_table_root *t = mk_row_tables; t->table; t++)
        listed++;
    ck_assert_uint_gt(found, 0);
    ck_assert_uint_eq(found, listed);
}
END_TEST

/* A temporary tree would be a sort of the whole table in memory. */
START_TEST(every_query_runs_on_an_index_without_sorting)
{
    static const char *const sql[] = {
#define MK_QUERY(name, kind, text) "EXPLAIN QUERY PLAN " text,
#include "core/store/queries.def"
#undef MK_QUERY
    };
    sqlite3_stmt *stmt;
    sqlite3 *db;

    close_vault();
    db = open_raw();
    for (size_t i = 0; i < sizeof(sql) / sizeof(*sql); i++) {
        ck_assert_msg(sqlite3_prepare_v2(db, sql[i], -1, &stmt, NULL) ==
                          SQLITE_OK,
                      "%s: %s", sql[i], sqlite3_errmsg(db));
        while (sqlite3_step(stmt) == SQLITE_ROW) {
            const char *plan = (const char *)sqlite3_column_text(stmt, 3);

            ck_assert_msg(!strstr(plan, "TEMP"), "%s: %s", sql[i], plan);
            /* the newest along the key is one step, whatever else is asked */
            ck_assert_msg(!strstr(plan, "SCAN") || !strstr(sql[i], "WHERE") ||
                              strstr(sql[i], "ORDER BY log_size DESC LIMIT 1"),
                          "%s: %s", sql[i], plan);
        }
        sqlite3_finalize(stmt);
    }
    sqlite3_close(db);
}
END_TEST

/* Before, rows of the statistics lay under their positions in the stream. */
START_TEST(rows_of_the_statistics_become_slots)
{
    struct mk_stats_row row;
    struct mk_walk *w;
    bool more;

    close_vault();
    tamper("DELETE FROM migration"
           " WHERE version = (SELECT max(version) FROM migration);"
           "ALTER TABLE stats_row RENAME COLUMN slot TO seq;"
           "INSERT INTO stats_row VALUES (200, x'00'), (201, x'0000'),"
           " (400, x'000000')");
    ck_ok(open_vault());
    ck_ok(mk_store_begin_read(v.st, &diag));
    ck_ok(mk_walk_stats_rows(&w, v.st, 201, &diag));
    for (size_t i = 0; i < 3; i++) {
        ck_ok(mk_walk_stats_row(w, &more, &row, &diag));
        ck_assert(more);
        ck_assert_uint_eq(row.slot, i < 2 ? i : 200);
        ck_assert_uint_eq(row.env.n, i + 1);
    }
    mk_walk_close(w);
    mk_store_rollback(v.st);
}
END_TEST

START_TEST(newer_version_is_refused)
{
    close_vault();
    tamper("INSERT INTO migration VALUES (99, zeroblob(32));"
           "CREATE TABLE later (x)");
    ck_refused(open_vault(), MK_E_NEWER);
    ck_assert_int_eq(diag.num[0], 99);
    ck_assert_int_eq(diag.num[1], mk_migrate_newest());
}
END_TEST

static const char *const changes[] = {
    "UPDATE migration SET checksum = zeroblob(32) WHERE version = 1",
    "UPDATE migration SET checksum = x'00' WHERE version = 1",
    "DELETE FROM migration",
    "DROP TABLE migration",
    "CREATE TABLE extra (x)",
    "CREATE INDEX extra ON log (leaf)",
    "CREATE VIEW extra AS SELECT * FROM log",
    "CREATE TRIGGER extra AFTER INSERT ON log BEGIN DELETE FROM tail; END",
    "ALTER TABLE dossier ADD COLUMN extra BYTEA",
    "ALTER TABLE head RENAME COLUMN sig TO signature",
    "DROP TABLE register",
    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql ="
    " replace(sql, 'BYTEA NOT NULL UNIQUE', 'BYTEA NOT NULL UNIQUE ') WHERE"
    " name = 'head'",
};

START_TEST(altered_schema_is_refused)
{
    close_vault();
    tamper(changes[_i]);
    ck_refused(open_vault(), MK_E_TAMPERED);
}
END_TEST

START_TEST(empty_database_is_not_taken_for_an_old_one)
{
    close_vault();
    tamper("DROP TABLE entry; DROP TABLE dossier; DROP TABLE log;"
           "DROP TABLE head; DROP TABLE node; DROP TABLE stats_chunk;"
           "DROP TABLE stats_row; DROP TABLE register; DROP TABLE tail;"
           "DROP TABLE migration");
    ck_refused(open_vault(), MK_E_TAMPERED);
}
END_TEST

START_TEST(checksum_is_sha256_of_the_text)
{
    uint8_t a[MK_HASH], b[MK_HASH];

    for (unsigned n = 1; n <= mk_migrate_newest(); n++) {
        mk_migrate_checksum(n, a);
        mk_sha256(b, mk_migrate_text(n), strlen(mk_migrate_text(n)));
        ck_assert_mem_eq(a, b, MK_HASH);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("migrate");
    TCase *tc = tcase_create("migrate");

    tcase_add_checked_fixture(tc, make_vault, remove_folder);
    tcase_add_test(tc, fresh_vault_has_newest_schema);
    tcase_add_test(tc, schema_hash_list_fits_the_schema_texts);
    tcase_add_test(tc, every_table_lies_under_a_root);
    tcase_add_test(tc, every_query_runs_on_an_index_without_sorting);
    tcase_add_test(tc, rows_of_the_statistics_become_slots);
    tcase_add_test(tc, newer_version_is_refused);
    tcase_add_loop_test(tc, altered_schema_is_refused, 0,
                        (int)(sizeof(changes) / sizeof(*changes)));
    tcase_add_test(tc, empty_database_is_not_taken_for_an_old_one);
    tcase_add_test(tc, checksum_is_sha256_of_the_text);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
