/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/shell.h"

#include <string.h>

#include "crypto/crypto.h"
#include "crypto/envelope.h"
#include "tests/support/unit.h"

static struct mk_diag diag;
static struct mk_shell *s;
static struct mk_secret *first, *second;

static void set_up(void)
{
    ck_assert_int_eq(mk_crypto_init(&diag), MK_OK);
    s = mk_shell_new();
    first = mk_secret_random(MK_KEY);
    second = mk_secret_random(MK_KEY);
    ck_assert(s && first && second);
}

static void tear_down(void)
{
    mk_shell_free(s);
    mk_secret_free(first);
    mk_secret_free(second);
}

static void add(const struct mk_secret *dbk, uint32_t gen)
{
    ck_assert_int_eq(mk_shell_add(s, dbk, gen, &diag), MK_OK);
}

static void seal(struct mk_buf *out, const char *text)
{
    ck_assert_int_eq(
        mk_shell_seal(s, MK_SHELL_HEAD_BODY, out, text, strlen(text), &diag),
        MK_OK);
}

static enum mk_err open_as(enum mk_shell_column column,
                           const struct mk_buf *env, const char *wanted)
{
    struct mk_buf plain = MK_BUF_INIT;
    enum mk_err rc =
        mk_shell_open(s, column, &plain, env->data, env->len, &diag);

    if (rc == MK_OK) {
        ck_assert_uint_eq(plain.len, strlen(wanted));
        ck_assert(plain.len == 0 ||
                  memcmp(plain.data, wanted, plain.len) == 0);
    }
    mk_buf_release(&plain);
    return rc;
}

START_TEST(without_a_key_nothing_is_sealed_or_opened)
{
    struct mk_buf out = MK_BUF_INIT;

    ck_assert_int_eq(mk_shell_seal(s, MK_SHELL_HEAD_BODY, &out, "x", 1, &diag),
                     MK_E_LOCKED);
    ck_assert_int_eq(mk_shell_open(s, MK_SHELL_HEAD_BODY, &out, "x", 1, &diag),
                     MK_E_LOCKED);
    mk_buf_release(&out);
}
END_TEST

START_TEST(newest_key_seals_and_all_open)
{
    struct mk_buf old = MK_BUF_INIT, new = MK_BUF_INIT;

    add(first, 1);
    seal(&old, "of old");
    add(second, 2);
    seal(&new, "");
    ck_assert_uint_eq(mk_env_key_gen(old.data, old.len), 1);
    ck_assert_uint_eq(mk_env_key_gen(new.data, new.len), 2);
    ck_assert_int_eq(open_as(MK_SHELL_HEAD_BODY, &old, "of old"), MK_OK);
    ck_assert_int_eq(open_as(MK_SHELL_HEAD_BODY, &new, ""), MK_OK);
    ck_assert_int_eq(mk_shell_add(s, first, 2, &diag), MK_E_INTERNAL);
    mk_buf_release(&old);
    mk_buf_release(&new);
}
END_TEST

START_TEST(another_column_key_or_byte_is_tampering)
{
    struct mk_buf env = MK_BUF_INIT;

    add(first, 1);
    seal(&env, "text");
    ck_assert_int_eq(open_as(MK_SHELL_REGISTER_BODY, &env, ""), MK_E_TAMPERED);
    env.data[env.len - 1] ^= 1;
    ck_assert_int_eq(open_as(MK_SHELL_HEAD_BODY, &env, ""), MK_E_TAMPERED);
    env.data[env.len - 1] ^= 1;
    ck_assert_int_eq(open_as(MK_SHELL_HEAD_BODY, &env, "text"), MK_OK);
    mk_shell_free(s);
    s = mk_shell_new();
    add(second, 1);
    ck_assert_int_eq(open_as(MK_SHELL_HEAD_BODY, &env, ""), MK_E_TAMPERED);
    env.len = 3;
    ck_assert_int_ne(open_as(MK_SHELL_HEAD_BODY, &env, ""), MK_OK);
    mk_buf_release(&env);
}
END_TEST

START_TEST(row_of_a_generation_that_is_not_known_was_put_under_a_new_key)
{
    struct mk_buf env = MK_BUF_INIT;

    add(first, 1);
    add(second, 2);
    seal(&env, "text");
    mk_shell_free(s);
    s = mk_shell_new();
    add(first, 1);
    ck_assert_int_eq(open_as(MK_SHELL_HEAD_BODY, &env, ""), MK_E_REPLACED);
    mk_buf_release(&env);
}
END_TEST

START_TEST(size_tells_little)
{
    struct mk_buf one = MK_BUF_INIT, many = MK_BUF_INIT;

    add(first, 1);
    seal(&one, "x");
    seal(&many, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    ck_assert_uint_eq(one.len, many.len);
    mk_buf_release(&one);
    mk_buf_release(&many);
}
END_TEST

/* Every statement on the three tables carries its column, and no other. */
START_TEST(every_statement_on_those_tables_has_its_spot)
{
    for (unsigned i = 0; i < MK_QUERY_COUNT; i++) {
        enum mk_query q = (enum mk_query)i;
        const char *sql = mk_query_sql(q);
        bool names = strstr(sql, "owner, dek") || strstr(sql, "owner = $") ||
                     (strstr(sql, "head") && strstr(sql, "body")) ||
                     (strstr(sql, "register") && strstr(sql, "body"));

        ck_assert_msg((mk_shell_spot(q).column != MK_SHELL_NONE) == names,
                      "%s", mk_query_name(q));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("shell");
    TCase *tc = tcase_create("shell");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_test(tc, without_a_key_nothing_is_sealed_or_opened);
    tcase_add_test(tc, newest_key_seals_and_all_open);
    tcase_add_test(tc, another_column_key_or_byte_is_tampering);
    tcase_add_test(
        tc, row_of_a_generation_that_is_not_known_was_put_under_a_new_key);
    tcase_add_test(tc, size_tells_little);
    tcase_add_test(tc, every_statement_on_those_tables_has_its_spot);
    suite_add_tcase(suite, tc);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
