/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checking forms of libc would stand before the ones defined here. */
#undef _FORTIFY_SOURCE
#include "core/base/buf.h"

#include "tests/support/unit.h"

#include <string.h>

/* Stands before the one of libc: what was wiped last, and how much of it. */
static const void *wiped;
static size_t wiped_n;

/* not static: the library is to find it */
void __explicit_bzero_chk(void *p, size_t n, size_t max);

void explicit_bzero(void *p, size_t n)
{
    volatile uint8_t *b = p;
    for (size_t i = 0; i < n; i++)
        b[i] = 0;
    wiped = p;
    wiped_n = n;
}

void __explicit_bzero_chk(void *p, size_t n, size_t max)
{
    (void)max;
    explicit_bzero(p, n);
}

static struct mk_buf with(const char *text)
{
    struct mk_buf b = MK_BUF_INIT;
    ck_assert_int_eq(mk_buf_add_str(&b, text), MK_OK);
    return b;
}

START_TEST(content_survives_growing)
{
    struct mk_buf b = MK_BUF_INIT;
    for (int i = 0; i < 10000; i++)
        ck_assert_int_eq(mk_buf_add_u8(&b, (uint8_t)(i * 7)), MK_OK);
    ck_assert_uint_eq(b.len, 10000);
    for (int i = 0; i < 10000; i++)
        ck_assert_uint_eq(b.data[i], (uint8_t)(i * 7));
    mk_buf_release(&b);
    ck_assert_ptr_null(b.data);
    ck_assert_uint_eq(b.cap, 0);
}
END_TEST

START_TEST(growing_wipes_the_memory_it_leaves)
{
    struct mk_buf b = with("een naam");
    const void *old = b.data;
    size_t old_cap = b.cap;
    wiped = NULL;
    ck_assert_int_eq(mk_buf_reserve(&b, old_cap), MK_OK);
    ck_assert_ptr_ne(b.data, old);
    ck_assert_ptr_eq(wiped, old);
    ck_assert_uint_eq(wiped_n, old_cap);
    ck_assert_mem_eq(b.data, "een naam", 8);
    mk_buf_release(&b);
}
END_TEST

START_TEST(releasing_wipes_all_of_the_memory)
{
    struct mk_buf b = with("een naam");
    const void *old = b.data;
    size_t old_cap = b.cap;
    wiped = NULL;
    mk_buf_release(&b);
    ck_assert_ptr_eq(wiped, old);
    ck_assert_uint_eq(wiped_n, old_cap);
    mk_buf_release(&b);
    mk_buf_release(NULL);
}
END_TEST

START_TEST(clearing_wipes_what_was_there_even_behind_the_end)
{
    struct mk_buf b = with("een lange naam");
    b.len = 3; /* as a reader that takes something off does */
    mk_buf_clear(&b);
    ck_assert_uint_eq(b.len, 0);
    for (size_t i = 0; i < b.cap; i++)
        ck_assert_uint_eq(b.data[i], 0);
    mk_buf_release(&b);
    mk_buf_clear(&b);
}
END_TEST

START_TEST(more_than_the_largest_buffer_is_refused)
{
    struct mk_buf b = with("x");
    ck_assert_int_eq(mk_buf_reserve(&b, MK_BUF_MAX), MK_E_TOO_LARGE);
    ck_assert_int_eq(mk_buf_reserve(&b, SIZE_MAX), MK_E_TOO_LARGE);
    ck_assert_int_eq(mk_buf_add_zero(&b, SIZE_MAX - 1), MK_E_TOO_LARGE);
    ck_assert_uint_eq(b.len, 1);
    ck_assert_uint_eq(b.data[0], 'x');
    mk_buf_release(&b);
}
END_TEST

START_TEST(integers_are_added_big_endian)
{
    static const uint8_t want[] = {1, 0, 2, 0, 0, 0, 3, 0, 0,
                                   0, 0, 0, 0, 0, 4, 0, 0};
    struct mk_buf b = MK_BUF_INIT;
    ck_assert_int_eq(mk_buf_add_u8(&b, 1), MK_OK);
    ck_assert_int_eq(mk_buf_add_u16(&b, 2), MK_OK);
    ck_assert_int_eq(mk_buf_add_u32(&b, 3), MK_OK);
    ck_assert_int_eq(mk_buf_add_u64(&b, 4), MK_OK);
    ck_assert_int_eq(mk_buf_add_zero(&b, 2), MK_OK);
    ck_assert_uint_eq(b.len, sizeof want);
    ck_assert_mem_eq(b.data, want, sizeof want);
    mk_buf_release(&b);
}
END_TEST

START_TEST(formatted_text_is_added_whole)
{
    struct mk_buf b = with("dossier ");
    char many[300];
    memset(many, 'a', sizeof many - 1);
    many[sizeof many - 1] = '\0';
    ck_assert_int_eq(mk_buf_addf(&b, "%d van %s", 7, many), MK_OK);
    ck_assert_uint_eq(b.len, 8 + 6 + 299);
    ck_assert_int_eq(mk_buf_terminate(&b), MK_OK);
    ck_assert_uint_eq(strlen((char *)b.data), b.len);
    ck_assert_int_eq(strncmp((char *)b.data, "dossier 7 van aaa", 17), 0);
    mk_buf_release(&b);
}
END_TEST

START_TEST(nothing_can_be_added_to_an_empty_buffer)
{
    struct mk_buf b = MK_BUF_INIT;
    ck_assert_int_eq(mk_buf_add(&b, NULL, 0), MK_OK);
    ck_assert_int_eq(mk_buf_add_zero(&b, 0), MK_OK);
    ck_assert_ptr_null(b.data);
    ck_assert_int_eq(mk_buf_terminate(&b), MK_OK);
    ck_assert_str_eq((char *)b.data, "");
    ck_assert_uint_eq(b.len, 0);
    mk_buf_release(&b);
}
END_TEST

START_TEST(taking_moves_and_wipes_what_was_there)
{
    struct mk_buf to = with("oud");
    struct mk_buf from = with("nieuw");
    const void *old = to.data;
    const uint8_t *moved = from.data;
    wiped = NULL;
    mk_buf_take(&to, &from);
    ck_assert_ptr_eq(wiped, old);
    ck_assert_ptr_eq(to.data, moved);
    ck_assert_uint_eq(to.len, 5);
    ck_assert_ptr_null(from.data);
    mk_buf_take(&to, &to);
    ck_assert_ptr_eq(to.data, moved);
    mk_buf_release(&to);
    mk_buf_release(&from);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        content_survives_growing,
        growing_wipes_the_memory_it_leaves,
        releasing_wipes_all_of_the_memory,
        clearing_wipes_what_was_there_even_behind_the_end,
        more_than_the_largest_buffer_is_refused,
        integers_are_added_big_endian,
        formatted_text_is_added_whole,
        nothing_can_be_added_to_an_empty_buffer,
        taking_moves_and_wipes_what_was_there,
    };
    return UNIT_RUN("buf", tests, NULL);
}
