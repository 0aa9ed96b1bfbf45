/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Documents of a vault: the same promises in a folder and in the rows of a
 * server.  Any driver will do for a server here: what it runs on is judged by
 * the tests of the drivers.
 */
#include "core/store/docs.h"
#include "core/store/query.h"

#include "tests/unit/store_fixture.h"

static struct mk_docs docs;
static struct mk_buf text = MK_BUF_INIT;
static bool in_rows;

static void setup(int server)
{
    make_vault();
    in_rows = server != 0;
    if (in_rows)
        mk_docs_server(&docs, v.st->driver);
    else
        ck_ok(mk_docs_folder(&docs, v.path, &diag));
}

static void teardown(void)
{
    mk_docs_close(&docs);
    mk_buf_release(&text);
    remove_folder();
}

static void put(const char *name, const char *words)
{
    ck_ok(mk_docs_write(&docs, name, words, strlen(words), &diag));
}

static void ck_text(const char *name, const char *words)
{
    ck_ok(mk_docs_read(&docs, name, 100, &text, &diag));
    ck_assert_uint_eq(text.len, strlen(words));
    ck_assert_mem_eq(text.data, words, text.len);
}

static bool has(const char *name)
{
    bool there;

    ck_ok(mk_docs_has(&docs, name, &there, &diag));
    return there;
}

START_TEST(what_is_written_is_read_whole)
{
    setup(_i);
    ck_assert(!has("keyring"));
    put("keyring", "first and long");
    put("keyring", "second");
    ck_text("keyring", "second");
    ck_assert(has("keyring"));
    ck_refused(mk_docs_read(&docs, "keyring", 5, &text, &diag),
               MK_E_TOO_LARGE);
    ck_assert_uint_eq(text.len, 0);
    teardown();
}
END_TEST

START_TEST(removed_is_not_there)
{
    setup(_i);
    ck_refused(mk_docs_read(&docs, "a", 9, &text, &diag), MK_E_NOT_FOUND);
    ck_ok(mk_docs_remove(&docs, "a", &diag));
    put("a", "here");
    ck_ok(mk_docs_remove(&docs, "a", &diag));
    ck_assert(!has("a"));
    ck_refused(mk_docs_read(&docs, "a", 9, &text, &diag), MK_E_NOT_FOUND);
    put("a", "again");
    ck_text("a", "again");
    teardown();
}
END_TEST

static enum mk_err count(void *ctx, const char *name, struct mk_diag *d)
{
    (void)d;
    if (strcmp(name, "17") == 0 || strcmp(name, "17.1.tsr") == 0)
        ++*(size_t *)ctx;
    else if (name[0] != '.')
        *(size_t *)ctx += 100;
    return MK_OK;
}

START_TEST(below_are_names_of_its_own)
{
    struct mk_docs below;
    size_t n = 0;

    setup(_i);
    if (!in_rows)
        ck_refused(mk_docs_below(&below, &docs, "checkpoints", false, &diag),
                   MK_E_NOT_FOUND);
    ck_ok(mk_docs_below(&below, &docs, "checkpoints", true, &diag));
    ck_ok(mk_docs_write(&below, "17", "note", 4, &diag));
    ck_ok(mk_docs_write(&below, "17.1.tsr", "stamp", 5, &diag));
    ck_ok(mk_docs_write(&below, "18", "gone", 4, &diag));
    ck_ok(mk_docs_remove(&below, "18", &diag));
    put("17", "another");
    put("checkpoints2", "another");
    ck_ok(mk_docs_list(&below, count, &n, &diag));
    ck_assert_uint_eq(n, 2);
    ck_ok(mk_docs_read(&below, "17", 9, &text, &diag));
    ck_assert_mem_eq(text.data, "note", 4);
    mk_docs_close(&below);
    teardown();
}
END_TEST

START_TEST(a_hold_lets_its_holder_replace)
{
    struct mk_docs_hold hold;

    setup(_i);
    put("failed", "one");
    ck_ok(mk_docs_hold(&hold, &docs, "failed.lock", 100, &diag));
    ck_text("failed", "one");
    put("failed", "two");
    ck_ok(mk_docs_let_go(&hold, &diag));
    ck_text("failed", "two");
    teardown();
}
END_TEST

/* Nobody takes what cannot be told for what is not there. */
START_TEST(what_cannot_be_told_is_an_error)
{
    char name[300];
    bool there = true;

    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    setup(_i);
    ck_refused(mk_docs_has(&docs, name, &there, &diag),
               in_rows ? MK_E_TOO_LARGE : MK_E_IO);
    ck_assert(!there);
    teardown();
}
END_TEST

/* ---- rows only ---- */

START_TEST(what_a_transaction_drops_was_not_written)
{
    setup(1);
    put("keyring", "before");
    ck_ok(mk_store_begin_write(v.st, &diag));
    put("keyring", "after");
    ck_text("keyring", "after");
    mk_store_rollback(v.st);
    ck_text("keyring", "before");
    ck_ok(mk_store_begin_write(v.st, &diag));
    put("keyring", "after");
    ck_ok(mk_store_commit(v.st, &diag));
    ck_text("keyring", "after");
    teardown();
}
END_TEST

START_TEST(a_hold_within_a_transaction_is_its_own)
{
    struct mk_docs_hold hold;

    setup(1);
    ck_ok(mk_store_begin_write(v.st, &diag));
    ck_ok(mk_docs_hold(&hold, &docs, "failed.lock", 100, &diag));
    put("failed", "one");
    ck_ok(mk_docs_let_go(&hold, &diag));
    ck_assert(mk_store_in_write(v.st));
    mk_store_rollback(v.st);
    ck_assert(!has("failed"));
    teardown();
}
END_TEST

/* A transaction that an error has broken takes nothing any more, and nobody
 * begins another in its place before its owner ends it. */
START_TEST(what_follows_an_error_is_neither_read_nor_written)
{
    struct mk_docs_hold hold;
    bool there;

    setup(1);
    put("keyring", "before");
    ck_ok(mk_store_begin_write(v.st, &diag));
    ck_ok(append_log(v.st, 0));
    ck_refused(told(append_log(v.st, 0)), MK_E_TAMPERED);
    ck_refused(mk_docs_write(&docs, "keyring", "after", 5, &diag),
               MK_E_TAMPERED);
    ck_refused(mk_docs_remove(&docs, "keyring", &diag), MK_E_TAMPERED);
    ck_refused(mk_docs_read(&docs, "keyring", 100, &text, &diag),
               MK_E_TAMPERED);
    ck_refused(mk_docs_has(&docs, "keyring", &there, &diag), MK_E_TAMPERED);
    ck_ok(mk_docs_hold(&hold, &docs, "failed.lock", 100, &diag));
    ck_ok(mk_docs_let_go(&hold, &diag));
    ck_refused(append_log(v.st, 1), MK_E_TAMPERED);
    if (_i)
        ck_refused(mk_store_commit(v.st, &diag), MK_E_TAMPERED);
    else
        mk_store_rollback(v.st);
    ck_text("keyring", "before");
    put("keyring", "after");
    ck_text("keyring", "after");
    ck_assert_uint_eq(count_log(), 0);
    teardown();
}
END_TEST

START_TEST(a_name_that_does_not_fit_is_refused)
{
    char name[MK_DOCS_NAME + 1];

    setup(1);
    memset(name, 'a', MK_DOCS_NAME);
    name[MK_DOCS_NAME] = '\0';
    ck_refused(mk_docs_write(&docs, name, "x", 1, &diag), MK_E_TOO_LARGE);
    ck_refused(mk_docs_read(&docs, name, 9, &text, &diag), MK_E_TOO_LARGE);
    teardown();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("docs");
    TCase *tc = tcase_create("a folder and a server");

    tcase_add_loop_test(tc, what_is_written_is_read_whole, 0, 2);
    tcase_add_loop_test(tc, removed_is_not_there, 0, 2);
    tcase_add_loop_test(tc, below_are_names_of_its_own, 0, 2);
    tcase_add_loop_test(tc, a_hold_lets_its_holder_replace, 0, 2);
    tcase_add_loop_test(tc, what_cannot_be_told_is_an_error, 0, 2);
    tcase_add_test(tc, what_a_transaction_drops_was_not_written);
    tcase_add_test(tc, a_hold_within_a_transaction_is_its_own);
    tcase_add_loop_test(tc, what_follows_an_error_is_neither_read_nor_written,
                        0, 2);
    tcase_add_test(tc, a_name_that_does_not_fit_is_refused);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
