/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/args.h"
#include "cmd/command.h"

#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

static struct mk_args args;
static struct mk_diag diag;

#define PARSE(...)                            \
    parse((const char *const[]){__VA_ARGS__}, \
          sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static enum mk_err parse(const char *const words[], size_t n)
{
    static char pool[16][64]; /* args point into it */
    char *argv[16];
    memset(&diag, 0, sizeof diag);
    for (size_t i = 0; i < n; i++) {
        snprintf(pool[i], sizeof pool[i], "%s", words[i]);
        argv[i] = pool[i];
    }
    return mk_args_parse(&args, n, argv, false, &diag);
}

START_TEST(options_stand_anywhere_and_have_both_names)
{
    ck_assert_int_eq(PARSE("--kluis", "a", "toon", "--user=b", "T", "--json"),
                     MK_OK);
    ck_assert_str_eq(mk_args_value(&args, MK_OPT_KLUIS), "a");
    ck_assert_str_eq(mk_args_value(&args, MK_OPT_GEBRUIKER), "b");
    ck_assert(mk_args_has(&args, MK_OPT_JSON));
    ck_assert_uint_eq(args.n_words, 2);
    ck_assert_str_eq(args.word[1], "T");
}
END_TEST

START_TEST(short_options_take_their_value_beside_or_behind)
{
    ck_assert_int_eq(PARSE("-ka", "-g", "b"), MK_OK);
    ck_assert_str_eq(mk_args_value(&args, MK_OPT_KLUIS), "a");
    ck_assert_str_eq(mk_args_value(&args, MK_OPT_GEBRUIKER), "b");
}
END_TEST

START_TEST(two_dashes_end_the_options_and_one_is_a_word)
{
    ck_assert_int_eq(PARSE("-", "--", "--json"), MK_OK);
    ck_assert_uint_eq(args.n_words, 2);
    ck_assert(!mk_args_has(&args, MK_OPT_JSON));
}
END_TEST

START_TEST(what_may_be_repeated_keeps_its_order)
{
    ck_assert_int_eq(
        PARSE("--inspector", "a", "--auditor", "b", "--inspecteur", "c"),
        MK_OK);
    ck_assert_uint_eq(args.n_given, 3);
    ck_assert_str_eq(args.given[2].value, "c");
    ck_assert_int_eq(PARSE("--jaar", "1", "--year", "2"), MK_E_USAGE);
}
END_TEST

START_TEST(too_much_is_refused)
{
    char *argv[MK_ARGS_MAX + 1];
    char word[] = "x";
    for (size_t i = 0; i <= MK_ARGS_MAX; i++)
        argv[i] = word;
    ck_assert_int_eq(mk_args_parse(&args, MK_ARGS_MAX, argv, false, &diag),
                     MK_OK);
    ck_assert_int_eq(mk_args_parse(&args, MK_ARGS_MAX + 1, argv, false, &diag),
                     MK_E_USAGE);
}
END_TEST

START_TEST(an_unknown_option_is_said_back_in_its_letters_only)
{
    ck_assert_int_eq(PARSE("--jsn"), MK_E_USAGE);
    ck_assert_ptr_nonnull(strstr(diag.place, "--json?"));
    ck_assert_int_eq(PARSE("--x\033[2J"), MK_E_USAGE);
    ck_assert_ptr_null(strchr(diag.place, '\033'));
    ck_assert_int_eq(PARSE("-z"), MK_E_USAGE);
    ck_assert_int_eq(PARSE("--jaar"), MK_E_USAGE);
    ck_assert_int_eq(PARSE("--json=1"), MK_E_USAGE);
}
END_TEST

START_TEST(every_option_has_names_of_its_own)
{
    for (unsigned i = 0; i < MK_OPT_COUNT; i++) {
        const struct mk_option_info *a = mk_option_get((enum mk_option)i);
        ck_assert(a->nl[0] && a->en[0] && a->text_nl[0] && a->text_en[0]);
        ck_assert_int_eq(a->arg_nl[0] == '\0', a->arg_en[0] == '\0');
        for (unsigned k = 0; k < i; k++) {
            const struct mk_option_info *b = mk_option_get((enum mk_option)k);
            ck_assert_str_ne(a->nl, b->nl);
            ck_assert_str_ne(a->en, b->en);
            ck_assert_str_ne(a->nl, b->en);
            ck_assert_str_ne(a->en, b->nl);
        }
    }
}
END_TEST

START_TEST(every_command_is_found_by_both_names)
{
    struct mk_command c, found;
    for (size_t i = 0; mk_command_at(i, &c); i++) {
        const char *nl[2] = {c.group_nl, c.nl}, *en[2] = {c.group_en, c.en};
        size_t n = c.group_nl[0] ? 2 : 1, used;
        ck_assert(c.nl[0] && c.en[0] && c.text_nl[0] && c.text_en[0]);
        ck_assert(mk_command_find(nl + 2 - n, n, &found, &used));
        ck_assert_str_eq(found.text_en, c.text_en);
        ck_assert_uint_eq(used, n);
        ck_assert(mk_command_find(en + 2 - n, n, &found, &used));
        ck_assert_str_eq(found.text_nl, c.text_nl);
    }
}
END_TEST

/* The others have commands of their own: they take more than a form. */
START_TEST(every_verb_that_is_a_form_is_a_command)
{
    for (unsigned v = 1; v < MK_VERB_MAX; v++) {
        struct mk_command c;
        bool found = false;
        bool apart = v == MK_VERB_MELDING || v == MK_VERB_BIJMELDING ||
                     (v >= MK_VERB_VERNIETIG && v <= MK_VERB_BEPERKING_OP);
        if (mk_verb_get((enum mk_verb)v) == NULL)
            continue;
        for (size_t i = 0; mk_command_at(i, &c); i++)
            found = found || c.verb == (enum mk_verb)v;
        ck_assert_msg(found == !apart, "verb %u", v);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        options_stand_anywhere_and_have_both_names,
        short_options_take_their_value_beside_or_behind,
        two_dashes_end_the_options_and_one_is_a_word,
        what_may_be_repeated_keeps_its_order,
        too_much_is_refused,
        an_unknown_option_is_said_back_in_its_letters_only,
        every_option_has_names_of_its_own,
        every_command_is_found_by_both_names,
        every_verb_that_is_a_form_is_a_command,
    };
    return UNIT_RUN("args", tests, NULL);
}
