/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both */
/* A vault that stays unlocked: it sees what changed since, and forgets all when
 * it is closed. */
#include "tests/support/unit.h"
#include "tests/support/vault.h"

static struct vault_fixture f;
static const struct mk_access access_own = {.purpose = 0};

static enum mk_err refresh(struct mk_vault *v)
{
    struct mk_diag diag = MK_DIAG_INIT;
    return mk_vault_refresh(v, &diag);
}

static void grant(const char *by, const char *to, enum mk_role role)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v = vault_as(&f, by);
    enum mk_err rc = mk_role_grant(v, &access_own, to, role, &diag);
    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    mk_vault_close(v);
}

START_TEST(what_others_write_and_who_comes_shuts_nobody_out)
{
    vault_setup(&f);
    struct mk_vault *v = vault_as(&f, "inspecteur1");
    struct mk_vault *other = vault_as(&f, "inspecteur2");
    ck_assert_int_eq(refresh(v), MK_OK);
    vault_intake(other, "2020-03-02");
    grant("bewaarder1", "inspecteur2", MK_ROLE_ANALYST);
    grant("analist1", "inspecteur2", MK_ROLE_ANALYST);
    ck_assert_int_eq(refresh(v), MK_OK);
    ck_assert_int_eq(refresh(v), MK_OK);
    mk_vault_close(other);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

START_TEST(a_role_that_came_is_seen)
{
    vault_setup(&f);
    struct mk_vault *v = vault_as(&f, "inspecteur1");
    grant("bewaarder1", "inspecteur1", MK_ROLE_ANALYST);
    ck_assert_int_eq(refresh(v), MK_OK); /* certified, and no key yet */
    grant("analist1", "inspecteur1", MK_ROLE_ANALYST);
    ck_assert_int_eq(refresh(v), MK_E_OPEN_AGAIN);
    ck_assert_int_eq(refresh(v), MK_E_OPEN_AGAIN);
    mk_vault_close(v);
    v = vault_as(&f, "inspecteur1");
    ck_assert_int_eq(refresh(v), MK_OK);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

START_TEST(a_passphrase_that_was_changed_elsewhere_is_seen)
{
    struct mk_diag diag = MK_DIAG_INIT;
    vault_setup(&f);
    struct mk_vault *v = vault_as(&f, "inspecteur1");
    struct mk_vault *same = vault_as(&f, "inspecteur1");
    struct mk_vault *other = vault_as(&f, "inspecteur2");
    struct mk_secret *fresh = vault_passphrase("iemand anders");
    ck_assert_int_eq(mk_passphrase_change(same, &access_own,
                                          MK_PASSPHRASE_FIRST, fresh, &diag),
                     MK_OK);
    ck_assert_int_eq(refresh(v), MK_E_OPEN_AGAIN);
    ck_assert_int_eq(refresh(other), MK_OK);
    mk_secret_free(fresh);
    mk_vault_close(other);
    mk_vault_close(same);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

/* The second too: set, and set anew. */
START_TEST(a_second_passphrase_that_was_changed_elsewhere_is_seen)
{
    vault_setup(&f);
    struct mk_vault *same = vault_as(&f, "inspecteur1");
    for (int i = 0; i < 2; i++) {
        struct mk_vault *v = vault_as(&f, "inspecteur1");
        struct mk_secret *fresh = vault_passphrase("iemand anders");
        ck_assert_int_eq(mk_passphrase_change(same, &access_own,
                                              MK_PASSPHRASE_SECOND, fresh,
                                              NULL),
                         MK_OK);
        ck_assert_int_eq(refresh(v), MK_E_OPEN_AGAIN);
        mk_secret_free(fresh);
        mk_vault_close(v);
    }
    mk_vault_close(same);
    vault_teardown(&f);
}
END_TEST

START_TEST(who_was_suspended_or_lost_a_role_is_out_at_once)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *again = NULL;
    vault_setup(&f);
    struct mk_vault *v = vault_as(&f, "inspecteur1");
    struct mk_vault *other = vault_as(&f, "inspecteur2");
    struct mk_vault *by = vault_as(&f, "bewaarder1");
    ck_assert_int_eq(mk_user_change(by, &access_own, MK_USER_SUSPEND,
                                    "inspecteur1", 0, &diag),
                     MK_OK);
    ck_assert_int_eq(refresh(v), MK_E_OPEN_AGAIN);
    ck_assert_int_eq(refresh(other), MK_OK);
    enum mk_err why = vault_try(&f, "inspecteur1", &again, &diag);
    ck_assert_int_eq(mk_err_exit(why), MK_EXIT_LOCKED);
    ck_assert_int_ne(why, MK_E_LOCKED); /* it says why */
    mk_vault_close(again);
    mk_vault_close(by);
    mk_vault_close(other);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

START_TEST(a_closed_vault_holds_no_secret_whatever_was_done)
{
    static const char *const people[] = {"bewaarder1", "inspecteur1",
                                         "analist1", "auditor1"};
    struct mk_diag diag = MK_DIAG_INIT;
    vault_setup(&f);
    size_t before = mk_secret_live();
    struct mk_vault *v = vault_as(&f, "inspecteur1");
    size_t open = mk_secret_live();
    ck_assert_uint_gt(open, before);
    struct mk_dossier_ref ref = vault_intake(v, "2020-03-02");
    vault_classify(v, &ref, true);
    mk_vault_close(v);
    ck_assert_uint_eq(mk_secret_live(), before);
    for (size_t i = 0; i < 4; i++) {
        v = vault_as(&f, people[i]);
        ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_OK);
        ck_assert_uint_gt(mk_secret_live(), before);
        mk_vault_close(v);
        ck_assert_uint_eq(mk_secret_live(), before);
    }
    vault_teardown(&f);
}
END_TEST

START_TEST(a_locked_vault_is_not_refreshed)
{
    struct mk_vault *v;
    struct mk_diag diag = MK_DIAG_INIT;
    vault_setup(&f);
    ck_assert_int_eq(mk_vault_open(&v, &f.where, &diag), MK_OK);
    ck_assert_int_eq(refresh(v), MK_E_LOCKED);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

static void start(void)
{
    ck_assert_int_eq(mk_init(NULL), MK_OK);
}

int main(void)
{
    const TTest *const tests[] = {
        what_others_write_and_who_comes_shuts_nobody_out,
        a_role_that_came_is_seen,
        a_passphrase_that_was_changed_elsewhere_is_seen,
        a_second_passphrase_that_was_changed_elsewhere_is_seen,
        who_was_suspended_or_lost_a_role_is_out_at_once,
        a_closed_vault_holds_no_secret_whatever_was_done,
        a_locked_vault_is_not_refreshed,
    };
    return UNIT_RUN("refresh", tests, start);
}
