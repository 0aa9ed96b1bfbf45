/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows changed by somebody who has the key of the file and nothing else. */
#include <stdio.h>
#include <string.h>

#include "tests/support/attack.h"
#include "tests/support/unit.h"

#define ROWS 300 /* imported: a chunk of the statistics stream, and a tail */

static struct attack a;

/* --- rows put back --- */

static const char *const tables[] = {
    "dossier",     "entry",     "log",      "head", "node",
    "stats_chunk", "stats_row", "register", "tail", "migration",
};
enum { TABLES = sizeof tables / sizeof *tables };

static const char *old_text(const struct below_rows *old, int64_t rowid)
{
    for (size_t i = 0; i < old->n; i++)
        if (old->rowid[i] == rowid)
            return old->text[i];
    return NULL;
}

/* Not the rows of the statistics that have folded: one came behind the chunk of
 * the imported ones.  In the short form not each of those either. */
static bool is_tried(const char *table, size_t i, size_t n)
{
    if (strcmp(table, "stats_row") == 0)
        return i == 0;
    return getenv("MK_LONG") != NULL || n < 40 || i % 29 == 0 || i + 3 > n;
}

START_TEST(a_row_put_back_from_an_older_copy_is_noticed)
{
    struct below_rows old[TABLES];
    struct below_rows now;
    struct attack_files newest;
    struct attack_seen seen;
    char what[64];
    size_t changed = 0;

    attack_setup(&a, 0);
    for (size_t t = 0; t < TABLES; t++)
        attack_rows(&a, tables[t], &old[t]);
    attack_note(&a, 0, "Later is er nog gebeld.");
    (void)attack_intake(&a, "2021-02-03");
    attack_save(&a, &newest);
    for (size_t t = 0; t < TABLES; t++) {
        attack_load(&a, &newest);
        attack_rows(&a, tables[t], &now);
        for (size_t i = 0; i < now.n; i++) {
            const char *text = old_text(&old[t], now.rowid[i]);

            if (text != NULL && strcmp(text, now.text[i]) == 0)
                continue;
            changed++;
            attack_load(&a, &newest);
            if (text != NULL)
                attack_sql(&a, "%s", text);
            else
                attack_sql(&a,
                           "PRAGMA foreign_keys = OFF;"
                           "DELETE FROM %s WHERE rowid = %lld",
                           tables[t], (long long)now.rowid[i]);
            attack_look(&a, &seen);
            snprintf(what, sizeof what, "%s %lld put back", tables[t],
                     (long long)now.rowid[i]);
            attack_assert_verify(&seen, what);
        }
        below_release(&now);
        below_release(&old[t]);
    }
    ck_assert_uint_gt(changed, 15);
    attack_files_release(&newest);
    attack_teardown(&a);
}
END_TEST

START_TEST(a_row_taken_away_is_noticed)
{
    struct below_rows now;
    struct attack_files whole;
    struct attack_seen seen;
    char what[64];

    attack_setup(&a, ROWS);
    (void)attack_intake(&a, "2019-02-03"); /* the tail of the statistics */
    attack_save(&a, &whole);
    for (size_t t = 0; t < TABLES; t++) {
        attack_load(&a, &whole);
        attack_rows(&a, tables[t], &now);
        ck_assert_uint_gt(now.n, 0);
        for (size_t i = 0; i < now.n; i++) {
            if (!is_tried(tables[t], i, now.n))
                continue;
            attack_load(&a, &whole);
            attack_sql(&a,
                       "PRAGMA foreign_keys = OFF;"
                       "DELETE FROM %s WHERE rowid = %lld",
                       tables[t], (long long)now.rowid[i]);
            attack_look(&a, &seen);
            snprintf(what, sizeof what, "%s %lld taken away", tables[t],
                     (long long)now.rowid[i]);
            attack_assert_verify(&seen, what);
        }
        below_release(&now);
    }
    attack_files_release(&whole);
    attack_teardown(&a);
}
END_TEST

/* What one statement does is noticed: by reading, too. */
static void try_sql(const struct attack_files *whole, const char *sql)
{
    struct attack_seen seen;

    attack_load(&a, whole);
    attack_sql(&a, "PRAGMA foreign_keys = OFF; %s", sql);
    attack_look(&a, &seen);
    attack_assert_read(&seen, sql);
}

START_TEST(a_column_changed_is_noticed_by_who_reads_it)
{
    static const char *const changes[] = {
        "UPDATE dossier SET version = version + 1 WHERE ordinal = 1",
        "UPDATE dossier SET intake_year = 2018 WHERE ordinal = 1",
        "UPDATE dossier SET rk_gen = 2 WHERE ordinal = 1",
        "UPDATE dossier SET dek_version = 2 WHERE ordinal = 1",
        "UPDATE dossier SET owner = NULL WHERE ordinal = 1",
        "UPDATE dossier SET dek = NULL WHERE ordinal = 1",
        "UPDATE dossier SET ref_tag = zeroblob(16) WHERE ordinal = 1",
        "UPDATE dossier SET summary = NULL WHERE ordinal = 1",
        "UPDATE dossier SET entries = 1 WHERE ordinal = 1",
        "UPDATE dossier SET chain = zeroblob(32) WHERE ordinal = 1",
        "UPDATE dossier SET id = zeroblob(16) WHERE ordinal = 1",
        "UPDATE dossier SET ordinal = 7 WHERE ordinal = 1",
        "UPDATE entry SET narrative = NULL WHERE dossier = 0 AND seq = 1",
        "UPDATE entry SET facts = zeroblob(120) WHERE dossier = 0",
        "UPDATE entry SET seq = 3 WHERE dossier = 0 AND seq = 2",
        "UPDATE stats_row SET env = zeroblob(128)",
        "UPDATE stats_row SET slot = slot + 1000",
        "UPDATE stats_row SET slot = -1 WHERE slot = 0",
        "UPDATE tail SET log_size = log_size + 1",
        "INSERT INTO tail VALUES (2, 5); DELETE FROM tail WHERE id = 1",
        "UPDATE dossier SET version = 'twee' WHERE ordinal = 1",
        "UPDATE dossier SET version = -1 WHERE ordinal = 1",
    };
    struct attack_files whole;

    attack_setup(&a, 0);
    attack_save(&a, &whole);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        try_sql(&whole, changes[i]);
    attack_files_release(&whole);
    attack_teardown(&a);
}
END_TEST

START_TEST(a_row_that_no_head_signs_is_noticed)
{
    static const char *const rows[] = {
        "INSERT INTO log SELECT MAX(seq) + 1, leaf FROM log",
        "INSERT INTO dossier SELECT MAX(ordinal) + 1, zeroblob(16), 1, 2019,"
        " 1, 1, owner, dek, NULL, summary, 0, chain FROM dossier",
        "INSERT INTO entry SELECT dossier, 1 + MAX(seq), facts, NULL"
        " FROM entry WHERE dossier = 0",
        "INSERT INTO head SELECT MAX(log_size) + 1, zeroblob(16), body, sig"
        " FROM head",
    };
    struct attack_files whole;

    attack_setup(&a, 0);
    attack_save(&a, &whole);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        try_sql(&whole, rows[i]);
    attack_files_release(&whole);
    attack_teardown(&a);
}
END_TEST

/* Rows that have folded stay where they were: nobody reads them. */
START_TEST(a_row_behind_the_tail_of_the_statistics_changes_nothing)
{
    struct attack_seen before, after;

    attack_setup(&a, 0);
    attack_look(&a, &before);
    ck_assert(!attack_noticed(&before));
    attack_sql(
        &a, "INSERT INTO stats_row SELECT MAX(slot) + 1, env FROM stats_row");
    attack_look(&a, &after);
    ck_assert(!attack_noticed(&after));
    ck_assert_mem_eq(before.digest, after.digest, MK_HASH);
    (void)attack_intake(&a, "2021-02-03"); /* takes that slot */
    attack_look(&a, &after);
    ck_assert(!attack_noticed(&after));
    attack_teardown(&a);
}
END_TEST

START_TEST(a_changed_schema_is_noticed)
{
    static const char *const changes[] = {
        "CREATE TABLE extra (x BIGINT)",
        "CREATE TRIGGER t AFTER INSERT ON log BEGIN DELETE FROM entry; END",
        "CREATE VIEW w AS SELECT * FROM log",
        "ALTER TABLE entry RENAME COLUMN facts TO facts2",
        "DROP TABLE tail",
        "UPDATE migration SET checksum = zeroblob(32)",
        "INSERT INTO migration VALUES (99, zeroblob(32))",
    };
    struct attack_files whole;

    attack_setup(&a, 0);
    attack_save(&a, &whole);
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
        try_sql(&whole, changes[i]);
    attack_files_release(&whole);
    attack_teardown(&a);
}
END_TEST

/* Row, entries and tree are those of an older day, and fit each other. */
START_TEST(a_whole_dossier_put_back_is_noticed)
{
    static const char *const of_dossier[] = {"dossier", "entry", "node"};
    struct below_rows old[3];
    struct attack_seen seen;

    attack_setup(&a, 0);
    for (size_t t = 0; t < 3; t++)
        attack_rows(&a, of_dossier[t], &old[t]);
    attack_note(&a, 0, "Later is er nog gebeld.");
    attack_sql(&a, "PRAGMA foreign_keys = OFF; DELETE FROM entry;"
                   "DELETE FROM node WHERE tree = 2");
    for (size_t t = 0; t < 3; t++) {
        for (size_t i = 0; i < old[t].n; i++)
            if (t != 2 || strstr(old[t].text[i], "VALUES (2, ") != NULL)
                attack_sql(&a, "%s", old[t].text[i]);
        below_release(&old[t]);
    }
    attack_look(&a, &seen);
    attack_assert_read(&seen, "dossier put back");
    attack_teardown(&a);
}
END_TEST

/* --- the index of ids, which lies under no root --- */

static enum mk_err show(size_t i, struct mk_view *view, struct mk_diag *diag)
{
    const struct mk_access access = {.purpose = MK_PURPOSE_WRN};
    struct mk_vault *v = attack_as(&a, "inspecteur1");
    enum mk_err rc;

    mk_view_init(view);
    rc = mk_dossier_open(v, &access, MK_AUDIT_SHOW, &a.ref[i], view, diag);
    mk_vault_close(v);
    return rc;
}

/* Gives the table the index of another one, which says fake of the ids. */
static void forge_index(const char *fake)
{
    attack_sql(
        &a,
        "CREATE TABLE forged (ordinal INTEGER PRIMARY KEY,"
        " id BYTEA NOT NULL UNIQUE);"
        "INSERT INTO forged %s;"
        "PRAGMA writable_schema = ON;"
        "UPDATE sqlite_master SET rootpage = (SELECT SUM(rootpage) FROM"
        " sqlite_master WHERE name LIKE 'sqlite_autoindex_dossier_1'"
        " OR name LIKE 'sqlite_autoindex_forged_1') - rootpage WHERE name IN"
        " ('sqlite_autoindex_dossier_1', 'sqlite_autoindex_forged_1');"
        "PRAGMA writable_schema = RESET;"
        "DROP TABLE forged",
        fake);
}

START_TEST(an_index_that_hides_a_dossier_is_noticed)
{
    struct mk_view view;
    struct mk_diag diag = MK_DIAG_INIT;
    struct attack_seen seen;

    attack_setup(&a, 0);
    forge_index("SELECT ordinal, id FROM dossier WHERE ordinal <> 1");
    ck_assert_int_eq(show(1, &view, &diag), MK_E_TAMPERED);
    ck_assert_str_eq(diag.place, "dossier (index)");
    attack_look(&a, &seen);
    attack_assert_read(&seen, "index without a dossier");
    attack_teardown(&a);
}
END_TEST

START_TEST(an_index_that_leads_to_another_dossier_is_noticed)
{
    struct mk_view view;
    struct mk_diag diag = MK_DIAG_INIT;
    struct attack_seen seen;

    attack_setup(&a, 0);
    forge_index("SELECT (ordinal + 1) % 3, id FROM dossier");
    ck_assert_int_eq(show(1, &view, &diag), MK_E_TAMPERED);
    ck_assert_str_eq(diag.place, "dossier (index)");
    attack_look(&a, &seen);
    attack_assert_read(&seen, "index to another dossier");
    attack_teardown(&a);
}
END_TEST

static void start(void)
{
    ck_assert_int_eq(mk_init(NULL), MK_OK);
}

int main(void)
{
    const TTest *const tests[] = {
        a_row_put_back_from_an_older_copy_is_noticed,
        a_row_taken_away_is_noticed,
        a_column_changed_is_noticed_by_who_reads_it,
        a_row_that_no_head_signs_is_noticed,
        a_row_behind_the_tail_of_the_statistics_changes_nothing,
        a_changed_schema_is_noticed,
        a_whole_dossier_put_back_is_noticed,
        an_index_that_hides_a_dossier_is_noticed,
        an_index_that_leads_to_another_dossier_is_noticed,
    };

    return UNIT_RUN("attack_rows", tests, start);
}
