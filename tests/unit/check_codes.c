/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The code lists: every row, and what DOMAIN says of some. */
#include "core/codes.h"

#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

#define EACH(list, code)                                                  \
    for (enum mk_list list = 0; list < MK_LIST_COUNT; list++)             \
        for (size_t i_ = 0; mk_code_at(list, i_); i_++)                   \
            for (const struct mk_code *code = mk_code_at(list, i_); code; \
                 code = NULL)

START_TEST(every_number_and_every_slug_is_unique_in_its_list)
{
    size_t n = 0;
    EACH(list, code)
    {
        n++;
        ck_assert_uint_eq(code->list, list);
        ck_assert_uint_ge(code->number, 1);
        ck_assert_uint_lt(code->number, MK_CODE_MAX);
        for (size_t k = 0; mk_code_at(list, k); k++) {
            const struct mk_code *other = mk_code_at(list, k);
            if (other == code)
                continue;
            ck_assert_uint_ne(other->number, code->number);
            ck_assert_str_ne(other->slug, code->slug);
        }
    }
    ck_assert_uint_gt(n, 100);
}
END_TEST

START_TEST(every_code_is_found_by_number_and_by_slug)
{
    EACH(list, code)
    {
        ck_assert_ptr_eq(mk_code_get(list, code->number), code);
        ck_assert_ptr_eq(mk_code_find(list, code->slug, strlen(code->slug)),
                         code);
        ck_assert_ptr_ne(
            mk_code_find(list, code->slug, strlen(code->slug) - 1), code);
        ck_assert_uint_gt(strlen(code->nl), 0);
        ck_assert_uint_gt(strlen(code->en), 0);
    }
    ck_assert_ptr_null(mk_code_find(MK_LIST_CATEGORY, "sm", 2));
    ck_assert_ptr_null(mk_code_get(MK_LIST_CATEGORY, 0));
    ck_assert_ptr_null(mk_code_get(MK_LIST_CATEGORY, 64));
    ck_assert_ptr_null(mk_code_get(MK_LIST_COUNT, 1));
}
END_TEST

START_TEST(every_list_has_a_slug_two_labels_and_a_code)
{
    for (enum mk_list l = 0; l < MK_LIST_COUNT; l++) {
        ck_assert_uint_gt(strlen(mk_list_slug(l)), 0);
        ck_assert_uint_gt(strlen(mk_list_label(l, true)), 0);
        ck_assert_uint_gt(strlen(mk_list_label(l, false)), 0);
        ck_assert_ptr_nonnull(mk_code_at(l, 0));
        for (enum mk_list k = 0; k < l; k++)
            ck_assert_str_ne(mk_list_slug(l), mk_list_slug(k));
    }
}
END_TEST

START_TEST(unknown_and_not_recorded_have_one_number_in_every_list)
{
    for (enum mk_list l = 0; l < MK_LIST_COUNT; l++) {
        ck_assert_str_eq(mk_code_get(l, MK_UNKNOWN_ONB)->slug, "ONB");
        ck_assert_str_eq(mk_code_get(l, MK_UNKNOWN_NR)->slug, "NR");
        for (size_t i = 0; l != MK_LIST_UNKNOWN && mk_code_at(l, i); i++)
            ck_assert_uint_lt(mk_code_at(l, i)->number, MK_UNKNOWN_ONB);
    }
    /* yes and no have one number wherever they occur */
    ck_assert_int_eq((int)MK_YN_J, (int)MK_JN_J);
    ck_assert_int_eq((int)MK_YN_N, (int)MK_JN_N);
    ck_assert_int_eq((int)MK_YN_J, (int)MK_DIRECT_J);
    ck_assert_int_eq((int)MK_YN_N, (int)MK_DIRECT_N);
    ck_assert_int_eq((int)MK_YN_NR, (int)MK_DIRECT_NR);
}
END_TEST

static void assert_list(enum mk_list list, const char *slugs)
{
    char got[256] = "";
    size_t n = 0;
    for (size_t i = 0; mk_code_at(list, i); i++)
        n += (size_t)snprintf(got + n, sizeof(got) - n, "%s%s", i ? " " : "",
                              mk_code_at(list, i)->slug);
    ck_assert_str_eq(got, slugs);
}

START_TEST(the_lists_are_those_of_the_domain)
{
    assert_list(MK_LIST_CATEGORY, "SM SI PG FG DI RA OV");
    assert_list(MK_LIST_QUALIFICATION, "XIV XX GEEN ONB");
    assert_list(MK_LIST_ACCUSED, "MW GO HG VW ST UZ HO KD OU DE OB");
    assert_list(MK_LIST_CARE_TYPE, "KDV BSO VGO GOB PSZ ONB");
    assert_list(MK_LIST_SECTOR, "KO PO VO SO MBO HO");
    assert_list(MK_LIST_REPORTER, "OUD HOU MED GAS GGD PRO VPE DER ANO");
    assert_list(MK_LIST_VERDICT, "GEEN MOG RED NR");
    assert_list(MK_LIST_DIRECT, "J N NR");
    assert_list(MK_LIST_OUTCOME, "ADV AAN PML KLA ARB REH ONG OVD NBV ONB");
    assert_list(MK_LIST_AUTHORITY, "POL ZED OM VT GGD GEM IVO SZW OVG");
    assert_list(MK_LIST_CHANNEL, "TEL MAIL BRIEF GES ONB");
    assert_list(MK_LIST_REFERRED_FOR, "AAN MEL");
    assert_list(MK_LIST_SPEAKER, "HOU LEI GOB MED GAS OVG INV");
    assert_list(MK_LIST_SUBSTITUTE, "MED GAS");
    assert_list(MK_LIST_ADVICE, "INF GES KLA MCO POL OVG INV");
    assert_list(MK_LIST_UNMET, "overleg aangifte");
    assert_list(MK_LIST_UNMET_REASON, "WEI UIT ONW ONB INV");
    assert_list(MK_LIST_BREACH, "EER ONB");
    assert_list(MK_LIST_CORRECTION_REASON, "TYP FEI BEO");
    assert_list(MK_LIST_PURPOSE, "BEH WRN CTL VRZ OVD NOOD");
}
END_TEST

START_TEST(the_mtbp_are_the_seven_kinds_of_the_domain)
{
    EACH(list, code)
    {
        bool mtbp = list == MK_LIST_ACCUSED &&
                    strstr("MW GO HG VW ST UZ HO", code->slug) != NULL;
        ck_assert_msg(mtbp == ((code->flags & MK_CODE_MTBP) != 0), "%s",
                      code->slug);
    }
}
END_TEST

START_TEST(INV_and_the_verdict_NR_are_for_imported_events)
{
    EACH(list, code)
    {
        bool verdict = list == MK_LIST_VERDICT &&
                       code->number == MK_VERDICT_NR;
        ck_assert_int_eq(strcmp(code->slug, "INV") == 0 || verdict,
                         (code->flags & MK_CODE_IMPORTED) != 0);
    }
}
END_TEST

START_TEST(every_sector_but_childcare_is_reserved)
{
    EACH(list, code)
    {
        bool reserved = list == MK_LIST_SECTOR && strcmp(code->slug, "KO");
        ck_assert_int_eq(reserved, (code->flags & MK_CODE_RESERVED) != 0);
    }
}
END_TEST

static bool valid(enum mk_list list, const char *slug, int year)
{
    return mk_code_valid_in(mk_code_find(list, slug, strlen(slug)), year);
}

START_TEST(codes_exist_from_their_first_to_their_last_year)
{
    ck_assert(!valid(MK_LIST_CATEGORY, "DI", 2021));
    ck_assert(valid(MK_LIST_CATEGORY, "DI", 2022));
    ck_assert(!valid(MK_LIST_CATEGORY, "RA", 2021));
    ck_assert(valid(MK_LIST_CATEGORY, "RA", 2030));
    ck_assert(valid(MK_LIST_CARE_TYPE, "PSZ", 2018));
    ck_assert(!valid(MK_LIST_CARE_TYPE, "PSZ", 2019));
    ck_assert(valid(MK_LIST_CARE_TYPE, "PSZ", 0));
    ck_assert(valid(MK_LIST_CATEGORY, "SM", 1990));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_number_and_every_slug_is_unique_in_its_list,
        every_code_is_found_by_number_and_by_slug,
        every_list_has_a_slug_two_labels_and_a_code,
        unknown_and_not_recorded_have_one_number_in_every_list,
        the_lists_are_those_of_the_domain,
        the_mtbp_are_the_seven_kinds_of_the_domain,
        INV_and_the_verdict_NR_are_for_imported_events,
        every_sector_but_childcare_is_reserved,
        codes_exist_from_their_first_to_their_last_year,
    };
    return UNIT_RUN("codes", tests, NULL);
}
