/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The duty rule against an independent statement of it: a sum over all
 * combinations, with sure, surely not and not sure as 2, 0 and 1; the duty is
 * the least of the five.
 */
#include "core/duty.h"

#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

struct answer {
    const char *slug; /* NULL: the key is not there */
    int sure;         /* 2 it is so, 0 it is not, 1 nobody can say */
};

static const struct answer sectors[] = {{"KO", 2}, {"PO", 0},  {"VO", 0},
                                        {"SO", 0}, {"MBO", 0}, {"HO", 0},
                                        {NULL, 1}};
static const struct answer yes_no[] = {
    {"J", 2}, {"N", 0}, {"ONB", 1}, {"NR", 1}, {NULL, 1}};
static const struct answer accused[] = {
    {"MW", 2}, {"GO", 2},  {"HG", 2}, {"VW", 2}, {"ST", 2},
    {"UZ", 2}, {"HO", 2},  {"KD", 0}, {"OU", 0}, {"DE", 0},
    {"OB", 1}, {"ONB", 1}, {"NR", 1}, {NULL, 1}};
static const struct answer qualifications[] = {
    {"XIV", 2}, {"XX", 2}, {"GEEN", 0}, {"ONB", 1}, {"NR", 1}, {NULL, 1}};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void set(struct mk_fields *f, enum mk_field key, const char *slug)
{
    struct mk_diag diag = MK_DIAG_INIT;
    mk_fields_unset(f, key);
    if (slug)
        ck_assert_int_eq(mk_fields_parse(f, key, slug, strlen(slug), &diag),
                         MK_OK);
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

static void try_all(struct mk_fields *f, bool houder_is_mtbp)
{
    static const unsigned duty[] = {MK_YN_N, MK_YN_ONB, MK_YN_J};
    const struct mk_domain_settings settings = {houder_is_mtbp};
    size_t n = 0, n_duty = 0;
    for (size_t s = 0; s < COUNT(sectors); s++)
        for (size_t c = 0; c < COUNT(yes_no); c++)
            for (size_t m = 0; m < COUNT(yes_no); m++)
                for (size_t a = 0; a < COUNT(accused); a++)
                    for (size_t q = 0; q < COUNT(qualifications); q++) {
                        int by = accused[a].sure;
                        if (accused[a].slug && !houder_is_mtbp &&
                            strcmp(accused[a].slug, "HO") == 0)
                            by = 0;
                        int sure =
                            least(least(sectors[s].sure, yes_no[c].sure),
                                  least(least(yes_no[m].sure, by),
                                        qualifications[q].sure));
                        set(f, MK_F_SECTOR, sectors[s].slug);
                        set(f, MK_F_IN_CARE, yes_no[c].slug);
                        set(f, MK_F_VICTIM_MINOR, yes_no[m].slug);
                        set(f, MK_F_ACCUSED, accused[a].slug);
                        set(f, MK_F_QUALIFICATION, qualifications[q].slug);
                        ck_assert_uint_eq(mk_duty_derive(f, &settings),
                                          duty[sure]);
                        n++;
                        n_duty += sure == 2;
                    }
    ck_assert_uint_eq(n, 7 * 5 * 5 * 14 * 6);
    ck_assert_uint_eq(n_duty, (houder_is_mtbp ? 7 : 6) * 2);
}

START_TEST(the_duty_follows_from_its_five_conditions)
{
    struct mk_fields f;
    mk_fields_init(&f);
    try_all(&f, true);
    try_all(&f, false);
    mk_fields_release(&f);
}
END_TEST

START_TEST(the_category_has_no_say_in_the_duty)
{
    struct mk_fields f;
    const struct mk_domain_settings usual = MK_DOMAIN_SETTINGS_INIT;
    mk_fields_init(&f);
    set(&f, MK_F_SECTOR, "KO");
    set(&f, MK_F_IN_CARE, "J");
    set(&f, MK_F_VICTIM_MINOR, "J");
    set(&f, MK_F_ACCUSED, "MW");
    for (size_t i = 0; mk_code_at(MK_LIST_CATEGORY, i); i++) {
        set(&f, MK_F_CATEGORY, mk_code_at(MK_LIST_CATEGORY, i)->slug);
        set(&f, MK_F_QUALIFICATION, "GEEN");
        ck_assert_uint_eq(mk_duty_derive(&f, &usual), MK_YN_N);
        set(&f, MK_F_QUALIFICATION, "XX");
        ck_assert_uint_eq(mk_duty_derive(&f, &usual), MK_YN_J);
    }
    mk_fields_release(&f);
}
END_TEST

START_TEST(whether_the_houder_is_a_mtbp_is_a_setting)
{
    const struct mk_domain_settings yes = {true}, no = {false};
    ck_assert_uint_eq(mk_mtbp_derive(MK_ACCUSED_HO, &yes), MK_YN_J);
    ck_assert_uint_eq(mk_mtbp_derive(MK_ACCUSED_HO, &no), MK_YN_N);
    ck_assert_uint_eq(mk_mtbp_derive(MK_ACCUSED_MW, &no), MK_YN_J);
    ck_assert_uint_eq(mk_mtbp_derive(MK_ACCUSED_KD, &yes), MK_YN_N);
    ck_assert_uint_eq(mk_mtbp_derive(MK_ACCUSED_OB, &yes), MK_YN_ONB);
    ck_assert_uint_eq(mk_mtbp_derive(0, &yes), MK_YN_ONB);
    ck_assert_uint_eq(mk_mtbp_derive(MK_UNKNOWN_NR, &yes), MK_YN_ONB);
}
END_TEST

START_TEST(the_statute_follows_from_the_last_day_of_the_act)
{
    static const struct {
        const char *occurred;
        unsigned statute;
    } rows[] = {
        {"2024-06-30", MK_STATUTE_OUD},
        {"2024-07-01", MK_STATUTE_NIEUW},
        {"2024-06", MK_STATUTE_OUD},
        {"2024-07", MK_STATUTE_NIEUW},
        {"2023", MK_STATUTE_OUD},
        {"2025", MK_STATUTE_NIEUW},
        {"2024", MK_STATUTE_ONB},
        {"2024-06-30/2024-07-01", MK_STATUTE_ONB},
        {"2024-05-01/2024-06-30", MK_STATUTE_OUD},
        {"2024-07-01/2024-07-02", MK_STATUTE_NIEUW},
        {"2019-01-01/2026-01-01", MK_STATUTE_ONB},
        {"ONB", MK_STATUTE_ONB},
        {"NR", MK_STATUTE_ONB},
        {NULL, MK_STATUTE_ONB},
    };
    struct mk_fields f;
    mk_fields_init(&f);
    for (size_t i = 0; i < COUNT(rows); i++) {
        set(&f, MK_F_OCCURRED, rows[i].occurred);
        ck_assert_msg(mk_statute_derive(&f) == rows[i].statute, "%s",
                      rows[i].occurred ? rows[i].occurred : "");
    }
    mk_fields_release(&f);
}
END_TEST

/* All ids of a block against the 11-proof written with its weights spelt out:
 * 9 8 7 6 5 4 3 2 -1. */
START_TEST(the_eleven_proof_of_an_LRK_id_is_an_error_or_a_warning)
{
    static const int weight[] = {9, 8, 7, 6, 5, 4, 3, 2, -1};
    struct mk_fields f;
    size_t good = 0;
    mk_fields_init(&f);
    for (unsigned n = 123456700; n < 123457700; n++) {
        char id[16];
        int sum = 0;
        snprintf(id, sizeof(id), "%09u", n);
        for (size_t i = 0; i < 9; i++)
            sum += weight[i] * (id[i] - '0');
        bool passes = sum % 11 == 0;
        good += passes;
        set(&f, MK_F_LRK_ID, id);
        const struct mk_value *v = mk_fields_get(&f, MK_F_LRK_ID);
        ck_assert_int_eq(mk_lrk_check(v, MK_CARE_TYPE_KDV),
                         passes ? MK_LRK_GOOD : MK_LRK_WRONG);
        ck_assert_int_eq(mk_lrk_check(v, MK_CARE_TYPE_BSO),
                         passes ? MK_LRK_GOOD : MK_LRK_WRONG);
        ck_assert_int_eq(mk_lrk_check(v, MK_CARE_TYPE_GOB),
                         passes ? MK_LRK_GOOD : MK_LRK_WRONG);
        ck_assert_int_eq(mk_lrk_check(v, MK_CARE_TYPE_VGO),
                         passes ? MK_LRK_GOOD : MK_LRK_DOUBTFUL);
    }
    ck_assert_uint_gt(good, 80);
    set(&f, MK_F_LRK_ID, "NR");
    ck_assert_int_eq(
        mk_lrk_check(mk_fields_get(&f, MK_F_LRK_ID), MK_CARE_TYPE_KDV),
        MK_LRK_GOOD);
    ck_assert_int_eq(mk_lrk_check(NULL, MK_CARE_TYPE_KDV), MK_LRK_GOOD);
    mk_fields_release(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_duty_follows_from_its_five_conditions,
        the_category_has_no_say_in_the_duty,
        whether_the_houder_is_a_mtbp_is_a_setting,
        the_statute_follows_from_the_last_day_of_the_act,
        the_eleven_proof_of_an_LRK_id_is_an_error_or_a_warning,
    };
    return UNIT_RUN("duty", tests, NULL);
}
