/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/secret.h"

#include "crypto/crypto.h"
#include "tests/support/unit.h"

#include <sodium.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void start(void)
{
    struct mk_diag diag = MK_DIAG_INIT;
    ck_assert_msg(mk_crypto_init(&diag) == MK_OK, "%s", diag.place);
}

/* True if touching the byte ends a child by a signal. */
static bool is_out_of_reach(const volatile uint8_t *p, bool write)
{
    pid_t child = fork();
    if (child == 0) {
        static const struct rlimit none;
        setrlimit(RLIMIT_CORE, &none);
        close(2); /* what a sanitizer has to say about it */
        if (write)
            *(volatile uint8_t *)(uintptr_t)p = 1;
        else
            (void)*p;
        _exit(0);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

START_TEST(a_new_secret_is_zero_and_has_its_length)
{
    static const size_t sizes[] = {0, 1, 31, 32, 33, 64, 4096, 5000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct mk_secret *s = mk_secret_new(sizes[i]);
        ck_assert_ptr_nonnull(s);
        ck_assert_uint_eq(mk_secret_len(s), sizes[i]);
        ck_assert(sodium_is_zero(mk_secret_peek(s), sizes[i]));
        mk_secret_free(s);
    }
    mk_secret_free(NULL);
}
END_TEST

START_TEST(the_byte_behind_a_secret_is_out_of_reach)
{
    static const size_t sizes[] = {1, 32, 64, 4096};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct mk_secret *s = mk_secret_new(sizes[i]);
        const uint8_t *p = mk_secret_peek(s);
        ck_assert(!is_out_of_reach(p, false));
        ck_assert(!is_out_of_reach(p + sizes[i] - 1, true));
        ck_assert(is_out_of_reach(p + sizes[i], false));
        ck_assert(is_out_of_reach(p + sizes[i], true));
        mk_secret_free(s);
    }
}
END_TEST

START_TEST(a_freed_secret_leaves_nothing)
{
    /* a key: its block may be kept, but not its bytes */
    struct mk_secret *s = mk_secret_random(MK_KEY);
    const uint8_t *p = mk_secret_peek(s);
    ck_assert(!sodium_is_zero(p, MK_KEY));
    mk_secret_free(s);
    ck_assert(is_out_of_reach(p, false) || sodium_is_zero(p, MK_KEY));
    /* another size: its pages are gone */
    s = mk_secret_random(100);
    p = mk_secret_peek(s);
    mk_secret_free(s);
    ck_assert(is_out_of_reach(p, false));
}
END_TEST

START_TEST(a_block_used_again_is_clean)
{
    for (int round = 0; round < 100; round++) {
        struct mk_secret *many[40];
        for (size_t i = 0; i < 40; i++) {
            many[i] = mk_secret_new(MK_KEY);
            ck_assert(sodium_is_zero(mk_secret_peek(many[i]), MK_KEY));
            memset(mk_secret_bytes(many[i]), 0xa5, MK_KEY);
        }
        for (size_t i = 0; i < 40; i++) {
            for (size_t j = 0; j < i; j++)
                ck_assert_ptr_ne(mk_secret_peek(many[i]),
                                 mk_secret_peek(many[j]));
        }
        for (size_t i = 0; i < 40; i++) {
            if (i % 3 == 0)
                mk_secret_shrink(many[i], i % 32);
            mk_secret_free(many[i]);
        }
    }
}
END_TEST

START_TEST(random_secrets_differ)
{
    struct mk_secret *a = mk_secret_random(MK_KEY);
    struct mk_secret *b = mk_secret_random(MK_KEY);
    ck_assert_mem_ne(mk_secret_peek(a), mk_secret_peek(b), MK_KEY);
    mk_secret_free(a);
    mk_secret_free(b);
}
END_TEST

START_TEST(a_copy_is_of_its_own)
{
    struct mk_secret *a = mk_secret_from("geheim", 6);
    struct mk_secret *b = mk_secret_copy(a);
    ck_assert_uint_eq(mk_secret_len(b), 6);
    mk_secret_bytes(a)[0] = 'x';
    mk_secret_free(a);
    ck_assert_mem_eq(mk_secret_peek(b), "geheim", 6);
    mk_secret_free(b);
    a = mk_secret_from(NULL, 0);
    ck_assert_ptr_nonnull(a);
    mk_secret_free(a);
}
END_TEST

START_TEST(shrinking_wipes_the_rest)
{
    struct mk_secret *s = mk_secret_from("wachtwoord", 10);
    mk_secret_shrink(s, 5);
    ck_assert_uint_eq(mk_secret_len(s), 5);
    ck_assert_mem_eq(mk_secret_peek(s), "wacht\0\0\0\0\0", 10);
    mk_secret_shrink(s, 8); /* never grows */
    ck_assert_uint_eq(mk_secret_len(s), 5);
    mk_secret_shrink(s, 0);
    ck_assert_uint_eq(mk_secret_len(s), 0);
    mk_secret_free(s);
}
END_TEST

START_TEST(no_right_to_lock_memory_is_not_fatal)
{
    static const struct rlimit none;
    ck_assert_int_eq(setrlimit(RLIMIT_MEMLOCK, &none), 0);
    struct mk_secret *s = mk_secret_random(100);
    ck_assert_ptr_nonnull(s);
    mk_secret_free(s);
}
END_TEST

START_TEST(a_secret_of_impossible_size_is_refused)
{
    ck_assert_ptr_null(mk_secret_new(SIZE_MAX));
    ck_assert_ptr_null(mk_secret_new(SIZE_MAX / 2));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_new_secret_is_zero_and_has_its_length,
        the_byte_behind_a_secret_is_out_of_reach,
        a_freed_secret_leaves_nothing,
        a_block_used_again_is_clean,
        random_secrets_differ,
        a_copy_is_of_its_own,
        shrinking_wipes_the_rest,
        no_right_to_lock_memory_is_not_fatal,
        a_secret_of_impossible_size_is_refused,
    };
    return UNIT_RUN("secret", tests, start);
}
