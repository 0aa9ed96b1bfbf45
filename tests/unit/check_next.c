/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The database under another key: what is copied, what a cut leaves, and what
 * others do meanwhile.  The calls that change a folder or a file are defined
 * here, so that a process can be made to end at any of them.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "core/store/next.h"
#include "tests/unit/store_fixture.h"

#define OLD_KEYRING "the old keyring"
#define NEW_KEYRING "the new keyring"
#define CUT 77 /* status of a process that ended at a call */

/* ---- calls at which a process ends ---- */

static long cut_at = -1; /* calls left; -1: never */

static void step(void)
{
    if (cut_at == 0)
        _exit(CUT);
    if (cut_at > 0)
        cut_at--;
}

/* what was written is there after the end of a process, synced or not */
int fdatasync(int fd UNUSED)
{
    step();
    return 0;
}
int fsync(int fd UNUSED)
{
    step();
    return 0;
}
int renameat(int from, const char *a, int to, const char *b)
{
    step();
    return (int)syscall(SYS_renameat2, from, a, to, b, 0);
}
int unlinkat(int dir, const char *name, int flags)
{
    step();
    return (int)syscall(SYS_unlinkat, dir, name, flags);
}
/* every eighth: what half a copy looks like is all the same */
ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    static unsigned calls;

    if (calls++ % 8 == 0)
        step();
    return syscall(SYS_pwrite64, fd, p, n, at);
}
ssize_t pwrite64(int fd, const void *p, size_t n, off_t at)
{
    return pwrite(fd, p, n, at);
}

/* ---- a vault with rows in every table ---- */

static struct mk_secret *fresh;

static void put_file(const char *name, const char *text)
{
    ck_ok(mk_file_replace(v.dir, name, text, strlen(text), &diag));
}

static bool file_says(const char *name, const char *text)
{
    struct mk_buf got = MK_BUF_INIT;
    bool same = mk_file_read(v.dir, name, 100, &got, &diag) == MK_OK &&
                got.len == strlen(text) &&
                memcmp(got.data, text, got.len) == 0;

    mk_buf_release(&got);
    return same;
}

static void add_rows(void)
{
    static const uint8_t bytes[9000] = {7, 7, 7};
    struct mk_dossier_row row;
    struct mk_entry_row entry = {.seq = 1, .facts = {bytes, 70}};
    struct mk_head_row head = {.log_size = 0};
    struct mk_chunk_row chunk = {
        .n = 4, .facts = {bytes, 9000}, .tags = {bytes, 800}};
    const struct mk_stats_row stats = {.slot = 0, .env = {bytes, 128}};
    const struct mk_register_row reg = {.kind = 1, .body = {bytes, 90}};

    mk_dossier_row_init(&row);
    ck_ok(mk_store_begin_write(v.st, &diag));
    for (uint64_t i = 0; i < 30; i++) {
        row.ordinal = entry.dossier = i;
        row.id[0] = (uint8_t)(200 - i);
        row.version = 1;
        row.entries = 1;
        row.owner = (struct mk_blob){bytes, 60};
        /* a tombstone has no key, an entry may have no text */
        row.dek = (struct mk_blob){i == 3 ? NULL : bytes, i == 3 ? 0 : 60};
        entry.text = (struct mk_blob){i % 2 ? NULL : bytes, i % 2 ? 0 : 5000};
        ck_ok(mk_dossier_insert(v.st, &row, &diag));
        ck_ok(mk_entry_insert(v.st, &entry, &diag));
        ck_ok(append_log(v.st, i));
        ck_ok(mk_node_save(v.st, MK_TREE_LOG, 0, i, bytes, 3, &diag));
    }
    head.log_size = 30;
    ck_ok(mk_head_insert(v.st, &head, &diag));
    ck_ok(mk_chunk_insert(v.st, &chunk, &diag));
    ck_ok(mk_stats_row_save(v.st, &stats, &diag));
    ck_ok(mk_register_insert(v.st, &reg, &diag));
    ck_ok(mk_store_commit(v.st, &diag));
}

static void setup(void)
{
    make_vault();
    fresh = mk_secret_random(MK_KEY);
    ck_assert_ptr_nonnull(fresh);
    add_rows();
    put_file("keyring", OLD_KEYRING);
}

static void teardown(void)
{
    cut_at = -1;
    mk_secret_free(fresh);
    remove_folder();
}

/* The whole change under fresh: one row more in the log says that it is the
 * new file. */
static enum mk_err change(const struct mk_copy_progress *progress)
{
    struct mk_store *copy = NULL;
    uint64_t tail;
    enum mk_err rc;

    MK_TRY(mk_store_begin_write(v.st, &diag));
    MK_TRY(mk_store_copy(&copy, v.st, v.path, fresh, progress, &diag));
    MK_TRY(mk_store_begin_write(copy, &diag));
    MK_TRY(mk_tail_get(copy, &tail, &diag));
    MK_TRY(append_log(copy, tail));
    MK_TRY(mk_file_write(v.dir, "keyring.new", NEW_KEYRING,
                         strlen(NEW_KEYRING), &diag));
    MK_TRY(mk_store_commit(copy, &diag));
    rc = mk_store_switch(v.st, copy, "keyring.new", &diag);
    copy = NULL;
out:
    mk_store_drop(copy);
    mk_store_rollback(v.st);
    return rc;
}

static enum mk_err open_with(const struct mk_secret *key)
{
    close_vault();
    return mk_store_open(&v.st, v.dir, v.path, key, &diag);
}

static bool nothing_left(void)
{
    return !is_there("keyring.next") && !is_there("vault.next") &&
           !is_there("vault.next-journal");
}

/* ---- what is copied ---- */

struct rows {
    char *text;
    size_t n, len;
};

static void dump(sqlite3 *db, const char *table, FILE *out)
{
    sqlite3_stmt *stmt;
    char sql[80];
    size_t rows = 0;

    (void)snprintf(sql, sizeof(sql), "SELECT * FROM %s ORDER BY 1, 2", table);
    ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    for (; sqlite3_step(stmt) == SQLITE_ROW; rows++)
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            int n = sqlite3_column_bytes(stmt, i);

            (void)fprintf(out, "%s %d %d ", table,
                          sqlite3_column_type(stmt, i), n);
            if (n > 0)
                (void)fwrite(sqlite3_column_blob(stmt, i), 1, (size_t)n, out);
        }
    sqlite3_finalize(stmt);
    /* documents are files here */
    ck_assert_msg(rows > 0 || strcmp(table, "document") == 0,
                  "no row of %s in this test", table);
}

static struct rows all_rows(void)
{
    struct rows rows = {0};
    sqlite3 *db = open_raw();
    sqlite3_stmt *stmt;
    FILE *out = open_memstream(&rows.text, &rows.len);

    ck_assert_ptr_nonnull(out);
    ck_assert_int_eq(sqlite3_prepare_v2(db,
                                        "SELECT name FROM sqlite_schema"
                                        " WHERE type = 'table' ORDER BY name",
                                        -1, &stmt, NULL),
                     SQLITE_OK);
    for (; sqlite3_step(stmt) == SQLITE_ROW; rows.n++)
        dump(db, (const char *)sqlite3_column_text(stmt, 0), out);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    ck_assert_int_eq(fclose(out), 0);
    return rows;
}

static void count_progress(void *ctx, uint64_t done, uint64_t total)
{
    uint64_t *last = ctx;

    ck_assert_uint_le(done, total);
    *last = done == total ? done : 0;
}

START_TEST(every_row_of_every_table_is_copied)
{
    struct rows before, after;
    struct mk_store *copy;
    struct mk_secret *old = v.dbk;
    uint64_t last = 0;
    const struct mk_copy_progress progress = {count_progress, &last};

    close_vault();
    before = all_rows();
    ck_ok(open_vault());
    ck_ok(mk_store_begin_write(v.st, &diag));
    ck_ok(mk_store_copy(&copy, v.st, v.path, fresh, &progress, &diag));
    ck_assert_uint_gt(last, 100);
    ck_ok(mk_file_write(v.dir, "keyring.new", "x", 1, &diag));
    ck_ok(mk_store_switch(v.st, copy, "keyring.new", &diag));
    close_vault();
    v.dbk = fresh;
    after = all_rows();
    v.dbk = old;
    ck_assert_uint_eq(before.n, after.n);
    ck_assert_uint_eq(before.len, after.len);
    ck_assert_int_eq(memcmp(before.text, after.text, after.len), 0);
    free(before.text);
    free(after.text);
}
END_TEST

START_TEST(only_the_new_key_opens_what_is_there)
{
    ck_ok(change(NULL));
    ck_assert(nothing_left());
    ck_assert(file_says("keyring", NEW_KEYRING));
    ck_assert(!is_there("keyring.new"));
    ck_refused(open_with(v.dbk), MK_E_DAMAGED);
    ck_ok(open_with(fresh));
    ck_assert_uint_eq(count_log(), 31);
    ck_ok(mk_store_check(v.st, &diag));
}
END_TEST

START_TEST(a_row_that_cannot_be_is_refused_and_nothing_changes)
{
    close_vault();
    tamper("UPDATE node SET idx = -5 WHERE idx = 5");
    ck_ok(open_vault());
    ck_refused(change(NULL), MK_E_TAMPERED);
    ck_assert(nothing_left());
    ck_assert(file_says("keyring", OLD_KEYRING));
    ck_ok(open_with(v.dbk));
}
END_TEST

/* ---- cut off ---- */

START_TEST(a_copy_that_was_never_switched_is_removed_by_the_next_writer)
{
    put_file("vault.next", "half of a file");
    put_file("vault.next-journal", "and its journal");
    ck_ok(open_with(v.dbk));
    ck_assert(is_there("vault.next")); /* a reader leaves it to its maker */
    ck_assert_uint_eq(count_log(), 30);
    ck_assert(is_there("vault.next"));
    commit_log(30);
    ck_assert(nothing_left());
    ck_assert(file_says("keyring", OLD_KEYRING));
}
END_TEST

/* n: after how many of the renames that settle does. */
START_TEST(whoever_opens_finishes_a_switch)
{
    ck_ok(mk_store_begin_write(v.st, &diag));
    {
        struct mk_store *copy;

        ck_ok(mk_store_copy(&copy, v.st, v.path, fresh, NULL, &diag));
        mk_store_close(copy);
    }
    mk_store_rollback(v.st);
    put_file("keyring.next", NEW_KEYRING);
    if (_i == 1)
        ck_ok(mk_file_rename(v.dir, "vault.next", "vault.db", &diag));
    /* an open handle sees it and writes nothing more */
    ck_refused(mk_store_begin_write(v.st, &diag), MK_E_REPLACED);
    ck_refused(mk_store_begin_read(v.st, &diag), MK_E_REPLACED);
    ck_ok(open_with(fresh));
    ck_assert(!is_there("keyring.next"));
    ck_assert(!is_there("vault.next"));
    ck_assert(file_says("keyring", NEW_KEYRING));
    commit_log(30);
}
END_TEST

START_TEST(a_link_in_the_place_of_the_next_file_is_refused)
{
    put_file("elsewhere", NEW_KEYRING);
    ck_assert_int_eq(symlinkat("elsewhere", v.dir, "keyring.next"), 0);
    ck_refused(open_with(v.dbk), MK_E_PERMISSIONS);
    ck_assert(file_says("keyring", OLD_KEYRING));
}
END_TEST

static void restore(const char *saved)
{
    char command[280];

    (void)snprintf(command, sizeof(command), "rm -f '%s'/* && cp '%s'/* '%s'/",
                   v.path, saved, v.path);
    ck_assert_int_eq(system(command), 0);
}

/* A process ends at each call of the change in turn; the old state or the new
 * one is there, the keyring that belongs to it too, and work goes on. */
START_TEST(a_process_that_ends_anywhere_leaves_old_or_new)
{
    char saved[80], command[280];
    bool was_old = false, was_new = false;
    int status = -1;
    long n = 0;

    close_vault();
    (void)snprintf(saved, sizeof(saved), "%s.saved", v.path);
    (void)snprintf(command, sizeof(command), "cp -r '%s' '%s'", v.path, saved);
    ck_assert_int_eq(system(command), 0);
    for (; status != 0; n++) {
        bool is_new;
        pid_t pid = fork();

        if (pid == 0) {
            if (open_vault() != MK_OK)
                _exit(1);
            cut_at = n;
            _exit(change(NULL) == MK_OK ? 0 : 2);
        }
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
        ck_assert_msg(status == 0 || status == CUT << 8, "call %ld: %d", n,
                      status);
        is_new = open_with(fresh) == MK_OK;
        if (!is_new)
            ck_ok(open_with(v.dbk));
        ck_assert_msg(status != 0 || is_new, "done, but not there");
        ck_assert(file_says("keyring", is_new ? NEW_KEYRING : OLD_KEYRING));
        ck_assert_uint_eq(count_log(), is_new ? 31 : 30);
        commit_log(is_new ? 31 : 30);
        ck_assert(nothing_left());
        ck_ok(mk_store_check(v.st, &diag));
        was_old = was_old || !is_new;
        was_new = was_new || (is_new && status != 0);
        close_vault();
        restore(saved);
    }
    ck_assert(was_old && was_new);
    (void)snprintf(command, sizeof(command), "rm -r '%s'", saved);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

/* ---- others ---- */

START_TEST(an_open_handle_of_the_old_file_is_refused)
{
    struct mk_store *other;

    ck_ok(mk_store_open(&other, v.dir, v.path, v.dbk, &diag));
    ck_ok(change(NULL));
    ck_refused(mk_store_begin_read(other, &diag), MK_E_REPLACED);
    ck_refused(mk_store_begin_write(other, &diag), MK_E_REPLACED);
    ck_refused(mk_store_check(other, &diag), MK_E_REPLACED);
    /* also who was refused can be closed, and hurts nobody's journal */
    mk_store_close(other);
    ck_refused(mk_store_begin_write(v.st, &diag), MK_E_REPLACED);
    ck_ok(open_with(fresh));
    commit_log(31);
}
END_TEST

#define ROTATIONS 4
#define WRITERS 3
static struct mk_secret *keys[ROTATIONS + 1];

/* Opens with whichever key is the one of now. */
static enum mk_err open_now(void)
{
    enum mk_err rc = MK_E_DAMAGED;

    for (int i = ROTATIONS; i >= 0 && rc == MK_E_DAMAGED; i--)
        rc = open_with(keys[i]);
    return rc;
}

static int commit_beside_changes(int commits)
{
    uint64_t tail;

    if (open_now() != MK_OK)
        return 1;
    for (int i = 0; i < commits; i++) {
        enum mk_err rc = mk_store_begin_write(v.st, &diag);

        if (rc == MK_E_REPLACED) { /* not this one: again */
            if (open_now() != MK_OK)
                return 2;
            i--;
            continue;
        }
        if (rc != MK_OK || mk_tail_get(v.st, &tail, &diag) != MK_OK ||
            append_log(v.st, tail) != MK_OK ||
            mk_store_commit(v.st, &diag) != MK_OK) {
            (void)fprintf(stderr, "%s %s\n", mk_err_name(rc), diag.place);
            return 3;
        }
    }
    close_vault();
    return 0;
}

static int change_key(int i)
{
    enum mk_err rc = MK_E_REPLACED;

    fresh = keys[i];
    while (rc == MK_E_REPLACED) {
        if (open_now() != MK_OK)
            return 4;
        rc = change(NULL);
    }
    close_vault();
    return rc == MK_OK ? 0 : 5;
}

/* Writers and two processes that change the key, all at once. */
START_TEST(no_commit_is_lost_while_keys_change)
{
    enum { COMMITS = 40 };
    pid_t pids[WRITERS + 2];
    struct mk_secret *mine = fresh;
    int status;

    close_vault();
    keys[0] = v.dbk;
    for (int i = 1; i <= ROTATIONS; i++)
        ck_assert_ptr_nonnull(keys[i] = mk_secret_random(MK_KEY));
    for (int i = 0; i < WRITERS + 2; i++) {
        pids[i] = fork();
        ck_assert_int_ge(pids[i], 0);
        if (pids[i] != 0)
            continue;
        if (i < WRITERS)
            _exit(commit_beside_changes(COMMITS));
        for (int n = 1 + i - WRITERS; n <= ROTATIONS; n += 2) {
            (void)usleep(30000);
            status = change_key(n);
            if (status != 0)
                _exit(status);
        }
        _exit(0);
    }
    for (int i = 0; i < WRITERS + 2; i++) {
        ck_assert_int_eq(waitpid(pids[i], &status, 0), pids[i]);
        ck_assert_int_eq(status, 0);
    }
    ck_ok(open_now());
    ck_assert_uint_eq(count_log(), 30 + WRITERS * COMMITS + ROTATIONS);
    ck_ok(mk_store_check(v.st, &diag));
    ck_assert(nothing_left());
    for (int i = 1; i <= ROTATIONS; i++)
        mk_secret_free(keys[i]);
    fresh = mine;
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("next");
    TCase *work = tcase_create("under another key");

    tcase_set_timeout(work, 120);
    tcase_add_checked_fixture(work, setup, teardown);
    tcase_add_test(work, every_row_of_every_table_is_copied);
    tcase_add_test(work, only_the_new_key_opens_what_is_there);
    tcase_add_test(work, a_row_that_cannot_be_is_refused_and_nothing_changes);
    tcase_add_test(
        work, a_copy_that_was_never_switched_is_removed_by_the_next_writer);
    tcase_add_loop_test(work, whoever_opens_finishes_a_switch, 0, 2);
    tcase_add_test(work, a_link_in_the_place_of_the_next_file_is_refused);
    tcase_add_test(work, a_process_that_ends_anywhere_leaves_old_or_new);
    tcase_add_test(work, an_open_handle_of_the_old_file_is_refused);
    tcase_add_test(work, no_commit_is_lost_while_keys_change);
    suite_add_tcase(suite, work);
    return run_suite(suite);
}
