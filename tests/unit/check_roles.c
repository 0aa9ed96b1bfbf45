/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/keyring.h"
#include "tests/support/unit.h"

static const struct {
    enum mk_role role;
    const char *slug;
    const char *nl;
    const char *en;
} rows[] = {
#define MK_ROLE(number, NAME, slug, nl, en) {MK_ROLE_##NAME, slug, nl, en},
#include "core/defs/roles.def"
#undef MK_ROLE
};
#define N_ROWS (sizeof rows / sizeof *rows)

START_TEST(every_role_is_found_by_each_of_its_names)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        enum mk_role r = rows[i].role;
        ck_assert_int_eq(mk_role_find(rows[i].slug, strlen(rows[i].slug)), r);
        ck_assert_int_eq(mk_role_find(rows[i].nl, strlen(rows[i].nl)), r);
        ck_assert_int_eq(mk_role_find(rows[i].en, strlen(rows[i].en)), r);
        ck_assert_str_eq(mk_role_slug(r), rows[i].slug);
        ck_assert_str_eq(mk_role_label(r, false), rows[i].nl);
        ck_assert_str_eq(mk_role_label(r, true), rows[i].en);
        ck_assert_int_eq(mk_role_find(rows[i].slug, strlen(rows[i].slug) - 1),
                         MK_ROLE_NONE);
    }
    ck_assert_int_eq(mk_role_find("", 0), MK_ROLE_NONE);
    ck_assert_int_eq(mk_role_find("houder", 6), MK_ROLE_NONE);
    ck_assert_str_eq(mk_role_slug(MK_ROLE_NONE), "");
    ck_assert_str_eq(mk_role_slug(MK_ROLE_MAX), "");
}
END_TEST

START_TEST(stored_numbers_of_roles_and_keys_do_not_change)
{
    ck_assert_int_eq(MK_ROLE_CUSTODIAN, 1);
    ck_assert_int_eq(MK_ROLE_INSPECTOR, 2);
    ck_assert_int_eq(MK_ROLE_ANALYST, 3);
    ck_assert_int_eq(MK_ROLE_AUDITOR, 4);
    ck_assert_int_eq(MK_KEY_DBK, 1);
    ck_assert_int_eq(MK_KEY_RD, 2);
    ck_assert_int_eq(MK_KEY_RS, 3);
    ck_assert_int_eq(MK_KEY_RL, 4);
}
END_TEST

/* Every set of roles against the three pairs, written out. */
START_TEST(of_all_sets_of_roles_only_those_without_an_excluded_pair_go)
{
    for (unsigned set = 0; set < 16; set++) {
        bool c = set & 1, i = set & 2, a = set & 8;
        bool ok = !(i && a) && !(c && i) && !(c && a);
        ck_assert_int_eq(mk_roles_compatible(set << 1), ok);
    }
}
END_TEST

START_TEST(each_role_holds_its_keys_and_only_an_inspector_dossiers)
{
    const unsigned dbk = 1u << MK_KEY_DBK;

    ck_assert_uint_eq(mk_role_keys(MK_ROLE_CUSTODIAN), dbk);
    ck_assert_uint_eq(mk_role_keys(MK_ROLE_INSPECTOR),
                      dbk | 1u << MK_KEY_RD | 1u << MK_KEY_RS);
    ck_assert_uint_eq(mk_role_keys(MK_ROLE_ANALYST), dbk | 1u << MK_KEY_RS);
    ck_assert_uint_eq(mk_role_keys(MK_ROLE_AUDITOR), dbk | 1u << MK_KEY_RL);
    ck_assert_uint_eq(mk_role_keys(MK_ROLE_NONE), 0);
    ck_assert_uint_eq(mk_role_keys(MK_ROLE_MAX), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_role_is_found_by_each_of_its_names,
        stored_numbers_of_roles_and_keys_do_not_change,
        of_all_sets_of_roles_only_those_without_an_excluded_pair_go,
        each_role_holds_its_keys_and_only_an_inspector_dossiers,
    };
    return UNIT_RUN("roles", tests, NULL);
}
