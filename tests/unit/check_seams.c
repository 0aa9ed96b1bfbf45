/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The seams for time and randomness, with and without the test variables. */
#include "core/base/clock.h"
#include "core/base/date.h"
#include "core/base/random.h"

#include "tests/support/unit.h"

#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

START_TEST(the_clock_is_that_of_the_machine)
{
    unsetenv("MELDKLUIS_TEST_TIME");
    int64_t before = (int64_t)time(NULL) * 1000;
    int64_t now = mk_clock_now();
    ck_assert_int_ge(now, before - 1000);
    ck_assert_int_le(now, ((int64_t)time(NULL) + 2) * 1000);
}
END_TEST

START_TEST(a_test_can_set_the_clock_and_it_goes_on)
{
    int64_t day = (int64_t)mk_date_day(2020, 3, 2) * 86400000;
    setenv("MELDKLUIS_TEST_TIME", "2020-03-02", 1);
    int64_t first = mk_clock_now();
    ck_assert_int_ge(first, day);
    ck_assert_int_lt(first, day + 60000);
    usleep(5000);
    ck_assert_int_gt(mk_clock_now(), first);
    /* the program takes its environment away: the clock stays */
    unsetenv("MELDKLUIS_TEST_TIME");
    ck_assert_int_lt(mk_clock_now(), day + 60000);
    setenv("MELDKLUIS_TEST_TIME", "2021-12-31T23:59:58", 1);
    day = (int64_t)mk_date_day(2022, 1, 1) * 86400000 - 2000;
    first = mk_clock_now();
    ck_assert_int_ge(first, day);
    ck_assert_int_lt(first, day + 60000);
}
END_TEST

START_TEST(the_steady_clock_goes_on_and_nothing_sets_it)
{
    struct timespec ts;
    setenv("MELDKLUIS_TEST_TIME", "2020-03-02", 1);
    int64_t first = mk_clock_steady();
    clock_gettime(CLOCK_BOOTTIME, &ts);
    int64_t machine = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
    ck_assert_int_le(first, machine);
    ck_assert_int_gt(first, machine - 60000);
    usleep(5000);
    ck_assert_int_gt(mk_clock_steady(), first);
    unsetenv("MELDKLUIS_TEST_TIME");
}
END_TEST

/* True if the call ends a child by abort. */
static bool aborts(const char *name, const char *value)
{
    pid_t child = fork();
    if (child == 0) {
        uint8_t b;
        setenv(name, value, 1);
        (void)mk_clock_now();
        mk_random(&b, 1);
        _exit(0);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

START_TEST(a_wrong_test_value_is_not_taken_for_none)
{
    static const char *const bad[] = {"",
                                      "x",
                                      "2020-13-01",
                                      "2020-01-01T24:00:00",
                                      "2020-01-01T1:00:00",
                                      "2020-01-01 10:00:00"};
    for (size_t i = 1; i < sizeof bad / sizeof bad[0]; i++)
        ck_assert_msg(aborts("MELDKLUIS_TEST_TIME", bad[i]), "%s", bad[i]);
    ck_assert(aborts("MELDKLUIS_TEST_SEED", "0x1"));
    ck_assert(aborts("MELDKLUIS_TEST_SEED", "18446744073709551616"));
    ck_assert(!aborts("MELDKLUIS_TEST_SEED", "18446744073709551615"));
}
END_TEST

START_TEST(randomness_does_not_repeat)
{
    uint8_t a[64] = {0}, b[64] = {0};
    unsetenv("MELDKLUIS_TEST_SEED");
    mk_random(a, sizeof a);
    mk_random(b, sizeof b);
    ck_assert_mem_ne(a, b, sizeof a);
    /* all of it is filled: no byte is zero in all of 64 draws */
    uint8_t seen[1000] = {0};
    for (int i = 0; i < 64; i++) {
        uint8_t c[1000];
        mk_random(c, sizeof c);
        for (size_t j = 0; j < sizeof c; j++)
            seen[j] |= c[j];
    }
    ck_assert_ptr_null(memchr(seen, 0, sizeof seen));
    mk_random(NULL, 0);
}
END_TEST

START_TEST(a_seed_repeats_the_row_and_another_does_not)
{
    uint8_t a[100], b[100], c[100];
    setenv("MELDKLUIS_TEST_SEED", "7", 1);
    mk_random(a, sizeof a);
    mk_random(b, sizeof b);
    ck_assert_mem_ne(a, b, sizeof a);
    setenv("MELDKLUIS_TEST_SEED", "8", 1);
    mk_random(c, sizeof c);
    ck_assert_mem_ne(a, c, sizeof a);
    setenv("MELDKLUIS_TEST_SEED", "7", 1);
    mk_random(c, sizeof c);
    ck_assert_mem_eq(a, c, sizeof a);
    mk_random(c, sizeof c);
    ck_assert_mem_eq(b, c, sizeof a);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_clock_is_that_of_the_machine,
        the_steady_clock_goes_on_and_nothing_sets_it,
        a_test_can_set_the_clock_and_it_goes_on,
        a_wrong_test_value_is_not_taken_for_none,
        randomness_does_not_repeat,
        a_seed_repeats_the_row_and_another_does_not,
    };
    return UNIT_RUN("seams", tests, NULL);
}
