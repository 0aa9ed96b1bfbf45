/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/cube.h"

#include "core/case.h"
#include "tests/support/unit.h"

#include <string.h>

static void assert_text(struct mk_cube *cube, const char *want)
{
    struct mk_buf out = MK_BUF_INIT;
    ck_assert_int_eq(mk_cube_format(cube, &out), MK_OK);
    ck_assert_int_eq(mk_buf_terminate(&out), MK_OK);
    ck_assert_str_eq((char *)out.data, want);
    mk_buf_release(&out);
}

static void window(struct mk_cube *cube)
{
    mk_cube_init(cube);
    cube->n_years = 3;
    cube->years[0] = 2018;
    cube->years[1] = 2019;
    cube->years[2] = 2020;
}

START_TEST(dimensions_are_packed_in_order_the_year_on_top)
{
    uint8_t v[MK_CUBE_DIMS] = {0};
    ck_assert_uint_eq(mk_cube_key(v), 0);
    v[MK_CUBE_UNMET_AANGIFTE] = 1;
    ck_assert_uint_eq(mk_cube_key(v), 1);
    uint64_t before = 1;
    for (size_t d = MK_CUBE_DIMS - 1; d-- > 0;) {
        v[d] = 1;
        ck_assert_uint_gt(mk_cube_key(v), 2 * before - 1);
        before = mk_cube_key(v);
    }
    memset(v, 0xff, sizeof v);
    ck_assert_uint_eq(mk_cube_key(v), ((uint64_t)1 << 38) - 1);
}
END_TEST

START_TEST(the_text_is_sorted_and_says_each_combination_once)
{
    struct mk_cube cube;
    window(&cube);
    cube.data_date = mk_date_day(2021, 3, 1);
    cube.position = 366;
    cube.uncounted[2][MK_STATE_ONTVANGEN] = 2;
    cube.uncounted[0][MK_STATE_NIET_BEVOEGD] = 1;
    cube.uncounted[MK_CUBE_YEARS][MK_STATE_ONTVANGEN] = 4;
    uint8_t a[MK_CUBE_DIMS] = {0,
                               MK_CATEGORY_SM,
                               MK_CARE_TYPE_KDV,
                               MK_REPORTER_OUD,
                               MK_YN_J,
                               MK_QUALIFICATION_XIV,
                               MK_YN_J,
                               MK_DIRECT_N,
                               1,
                               1,
                               0,
                               0,
                               0,
                               1};
    uint8_t b[MK_CUBE_DIMS] = {2, 30, 0, MK_REPORTER_ANO, MK_YN_ONB};
    ck_assert_int_eq(mk_cube_add(&cube, mk_cube_key(b), 1), MK_OK);
    ck_assert_int_eq(mk_cube_add(&cube, mk_cube_key(a), 1), MK_OK);
    ck_assert_int_eq(mk_cube_add(&cube, mk_cube_key(a), 2), MK_OK);
    ck_assert_int_eq(mk_cube_add(&cube, mk_cube_key(a), 0), MK_OK);
    assert_text(
        &cube,
        "meldkluis-cube: 1\n"
        "years: 2018 2019 2020\n"
        "basis: calendar\n"
        "data-date: 2021-03-01\n"
        "position: 366\n"
        "uncounted: 2018 niet-bevoegd 1\n"
        "uncounted: 2020 ontvangen 2\n"
        "uncounted: - ontvangen 4\n"
        "rows: 2\n"
        "\n"
        "year,category,care_type,reporter,mtbp,qualification,duty,direct,red,"
        "referred,complaint,police_report,unmet_overleg,unmet_aangifte,n\n"
        "2018,SM,KDV,OUD,J,XIV,J,N,J,J,N,N,N,J,3\n"
        "2020,ONB,NR,ANO,ONB,NR,NR,NR,N,N,N,N,N,N,1\n");
    mk_cube_release(&cube);
}
END_TEST

START_TEST(an_empty_cube_still_has_its_header)
{
    struct mk_cube cube;
    window(&cube);
    cube.school_year = true;
    cube.n_years = 1;
    assert_text(
        &cube,
        "meldkluis-cube: 1\n"
        "years: 2018\n"
        "basis: school\n"
        "data-date: -\n"
        "position: 0\n"
        "rows: 0\n"
        "\n"
        "year,category,care_type,reporter,mtbp,qualification,duty,direct,red,"
        "referred,complaint,police_report,unmet_overleg,unmet_aangifte,n\n");
    mk_cube_release(&cube);
}
END_TEST

START_TEST(a_hundred_thousand_cells_keep_their_numbers)
{
    struct mk_cube cube;
    uint64_t sum = 0;
    window(&cube);
    for (uint64_t round = 0; round < 2; round++) {
        for (uint64_t k = 0; k < 100000; k++)
            ck_assert_int_eq(mk_cube_add(&cube, k * 65536, k % 7 + 1), MK_OK);
    }
    ck_assert_uint_eq(cube.n_cells, 100000);
    for (size_t i = 0; i < cube.cap; i++) {
        const struct mk_cube_cell *c = &cube.cells[i];
        if (c->n == 0)
            continue;
        ck_assert_uint_eq(c->n, 2 * (c->key / 65536 % 7 + 1));
        sum++;
    }
    ck_assert_uint_eq(sum, 100000);
    mk_cube_release(&cube);
}
END_TEST

START_TEST(every_code_has_a_value_of_its_own_and_not_recorded_has_one)
{
    static const struct {
        enum mk_cube_dim dim;
        enum mk_list list;
    } lists[] = {
        {MK_CUBE_CATEGORY, MK_LIST_CATEGORY},
        {MK_CUBE_CARE_TYPE, MK_LIST_CARE_TYPE},
        {MK_CUBE_REPORTER, MK_LIST_REPORTER},
        {MK_CUBE_MTBP, MK_LIST_YN},
        {MK_CUBE_QUALIFICATION, MK_LIST_QUALIFICATION},
        {MK_CUBE_DUTY, MK_LIST_YN},
        {MK_CUBE_DIRECT, MK_LIST_DIRECT},
    };
    for (size_t l = 0; l < sizeof lists / sizeof lists[0]; l++) {
        bool seen[64] = {true};
        const struct mk_code *c;
        uint8_t v;
        for (size_t i = 0; (c = mk_code_at(lists[l].list, i)); i++) {
            ck_assert(mk_cube_value(lists[l].dim, c->number, &v));
            if (strcmp(c->slug, "NR") == 0) {
                ck_assert_uint_eq(v, 0);
                continue;
            }
            ck_assert(!seen[v]);
            seen[v] = true;
        }
        ck_assert(mk_cube_value(lists[l].dim, MK_UNKNOWN_ONB, &v));
        ck_assert(!seen[v]);
        ck_assert(mk_cube_value(lists[l].dim, MK_UNKNOWN_NR, &v));
        ck_assert_uint_eq(v, 0);
        ck_assert(!mk_cube_value(lists[l].dim, 61, &v));
    }
}
END_TEST

START_TEST(a_cell_outside_window_or_lists_is_damage)
{
    struct mk_cube cube;
    struct mk_buf out = MK_BUF_INIT;
    uint8_t year[MK_CUBE_DIMS] = {3};
    uint8_t code[MK_CUBE_DIMS] = {0, 20};
    window(&cube);
    ck_assert_int_eq(mk_cube_add(&cube, mk_cube_key(year), 1), MK_OK);
    ck_assert_int_eq(mk_cube_format(&cube, &out), MK_E_DAMAGED);
    mk_cube_release(&cube);
    window(&cube);
    ck_assert_int_eq(mk_cube_add(&cube, mk_cube_key(code), 1), MK_OK);
    ck_assert_int_eq(mk_cube_format(&cube, &out), MK_E_DAMAGED);
    mk_cube_release(&cube);
    mk_buf_release(&out);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        dimensions_are_packed_in_order_the_year_on_top,
        the_text_is_sorted_and_says_each_combination_once,
        an_empty_cube_still_has_its_header,
        a_hundred_thousand_cells_keep_their_numbers,
        every_code_has_a_value_of_its_own_and_not_recorded_has_one,
        a_cell_outside_window_or_lists_is_damage,
    };
    return UNIT_RUN("cube", tests, NULL);
}
