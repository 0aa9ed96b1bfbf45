/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/err.h"

#include "tests/support/unit.h"

#include <errno.h>
#include <string.h>

static size_t count(const char *text, char c)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == c;
    return n;
}

/* The markers of text, in the order of the alphabet of markers. */
static unsigned markers(const char *text)
{
    static const char *const all[] = {"{place}", "{paste}", "{line}", "{num0}",
                                      "{num1}",  "{sys}",   "{help}"};
    unsigned found = 0;
    size_t n = 0;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        for (const char *p = text; (p = strstr(p, all[i])); p++) {
            found |= 1u << i;
            n++;
        }
    }
    ck_assert_msg(n == count(text, '{') && n == count(text, '}'),
                  "unknown marker in: %s", text);
    return found;
}

START_TEST(every_error_has_both_texts_with_the_same_markers)
{
    for (int i = 0; i < MK_ERR_COUNT; i++) {
        const char *nl = mk_err_text((enum mk_err)i, false);
        const char *en = mk_err_text((enum mk_err)i, true);
        ck_assert_msg(nl[0] && en[0], "%s", mk_err_name((enum mk_err)i));
        ck_assert_msg(strcmp(nl, en) != 0, "same text twice: %s", nl);
        ck_assert_msg(markers(nl) == markers(en), "%s", nl);
        ck_assert_ptr_null(strchr(nl, '\n'));
    }
}
END_TEST

START_TEST(every_error_says_what_happened_what_it_means_and_what_to_do)
{
    for (int i = 1; i < MK_ERR_COUNT; i++) {
        const char *nl = mk_err_text((enum mk_err)i, false);
        const char *en = mk_err_text((enum mk_err)i, true);
        ck_assert_msg(count(nl, ';') >= 2, "%s", nl);
        ck_assert_msg(count(en, ';') >= 2, "%s", en);
    }
}
END_TEST

START_TEST(names_and_exit_statuses_come_from_the_list)
{
    ck_assert_str_eq(mk_err_name(MK_OK), "OK");
    ck_assert_str_eq(mk_err_name(MK_E_BAD_CODE), "E_BAD_CODE");
    ck_assert_int_eq(mk_err_exit(MK_OK), 0);
    ck_assert_int_eq(mk_err_exit(MK_E_MEMORY), 1);
    ck_assert_int_eq(mk_err_exit(MK_E_USAGE), 2);
    ck_assert_int_eq(mk_err_exit(MK_E_LOCKED), 3);
    ck_assert_int_eq(mk_err_exit(MK_E_TAMPERED), 4);
    ck_assert_int_eq(mk_err_exit(MK_E_WORKFLOW), 5);
    ck_assert_int_eq(mk_err_exit(MK_E_DISCLOSURE), 6);
    ck_assert_int_eq(mk_err_exit(MK_E_UNKNOWN_OUTCOME), 7);
    for (int i = 1; i < MK_ERR_COUNT; i++) {
        int status = mk_err_exit((enum mk_err)i);
        ck_assert_msg(status >= 1 && status <= 7, "%d", status);
    }
}
END_TEST

START_TEST(a_number_outside_the_list_is_an_internal_error)
{
    ck_assert_str_eq(mk_err_name(MK_ERR_COUNT), "E_INTERNAL");
    ck_assert_str_eq(mk_err_name((enum mk_err) - 1), "E_INTERNAL");
    ck_assert_int_eq(mk_err_exit((enum mk_err)1000), MK_EXIT_FAILED);
}
END_TEST

START_TEST(failing_fills_the_diagnosis_and_keeps_the_rest)
{
    struct mk_diag d = MK_DIAG_INIT;
    d.list = 4;
    ck_assert_int_eq(mk_fail_at(&d, MK_E_BAD_NUMBER, "year", 7, 1, 9),
                     MK_E_BAD_NUMBER);
    ck_assert_int_eq(mk_fail(&d, MK_E_SYNTAX, "form"), MK_E_SYNTAX);
    ck_assert_int_eq(d.err, MK_E_SYNTAX);
    ck_assert_str_eq(d.place, "form");
    ck_assert_uint_eq(d.line, 7);
    ck_assert(d.num[0] == 1 && d.num[1] == 9 && d.list == 4);
    ck_assert_int_eq(mk_fail(NULL, MK_E_IO, "x"), MK_E_IO);
    ck_assert_int_eq(mk_fail(&d, MK_E_IO, NULL), MK_E_IO);
    ck_assert_str_eq(d.place, "");
    errno = ENOSPC;
    ck_assert_int_eq(mk_fail_sys(&d, MK_E_IO, "x"), MK_E_IO);
    ck_assert_int_eq(d.sys, ENOSPC);
}
END_TEST

START_TEST(a_long_place_is_cut_between_characters)
{
    struct mk_diag d = MK_DIAG_INIT;
    char name[2 * sizeof d.place];
    /* two bytes a character, with the border inside one */
    for (size_t i = 0; i + 2 < sizeof name; i += 2)
        memcpy(name + i, "\xc3\xab", 3);
    (void)mk_fail(&d, MK_E_IO, name);
    ck_assert_uint_eq(strlen(d.place), sizeof d.place - 2);
    ck_assert_int_eq(strncmp(d.place, name, strlen(d.place)), 0);
    mk_diag_said(&d, name, sizeof name);
    ck_assert_uint_eq(strlen(d.said), sizeof d.said - 2);
}
END_TEST

/* What was said belongs to its error, and to no other. */
START_TEST(what_was_said_goes_with_its_error)
{
    struct mk_diag d = MK_DIAG_INIT;
    (void)mk_fail(&d, MK_E_SERVER, "host");
    mk_diag_said(&d, "refused here", 7);
    ck_assert_str_eq(d.said, "refused");
    (void)mk_fail(&d, MK_E_IO, "x");
    ck_assert_str_eq(d.said, "");
    mk_diag_said(NULL, "x", 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_error_has_both_texts_with_the_same_markers,
        every_error_says_what_happened_what_it_means_and_what_to_do,
        names_and_exit_statuses_come_from_the_list,
        a_number_outside_the_list_is_an_internal_error,
        failing_fills_the_diagnosis_and_keeps_the_rest,
        a_long_place_is_cut_between_characters,
        what_was_said_goes_with_its_error,
    };
    return UNIT_RUN("err", tests, NULL);
}
