/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose word a second destruction rests on: who was a custodian then, and has
 * left since, or who was certified as one and never let in. */
#include "core/destroy.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/attack.h"
#include "tests/support/unit.h"

static struct attack a;
static struct mk_dossier_ref ended;
static struct mk_diag diag;
static const struct mk_access control = {.purpose = MK_PURPOSE_CTL};

#define ck_ok(call)                                                         \
    do {                                                                    \
        enum mk_err got_ = (call);                                          \
        ck_assert_msg(got_ == MK_OK, "%s: %s %s", #call, mk_err_name(got_), \
                      diag.place);                                          \
    } while (0)

/* An ended dossier of 2019; the clock says 2030. */
static void ready(void)
{
    struct mk_event e;
    struct mk_vault *v;

    ck_assert_int_eq(setenv("MELDKLUIS_TEST_TIME", "2021-01-26", 1), 0);
    attack_setup(&a, 0);
    ended = attack_intake(&a, "2019-02-01");
    v = attack_as(&a, "inspecteur1");
    vault_event(&e, MK_VERB_INTREK, "reason", "VRZ", NULL);
    ck_assert_int_eq(vault_do(v, &ended, &e), MK_OK);
    mk_vault_close(v);
    ck_assert_int_eq(setenv("MELDKLUIS_TEST_TIME", "2030-01-01", 1), 0);
}

static enum mk_destroy_fate run_as(const char *who)
{
    struct mk_vault *v = attack_as(&a, who);
    struct mk_destroy_report r;
    enum mk_destroy_fate fate;

    ck_ok(mk_destroy_run(v, &control, &r, &diag));
    ck_assert_uint_eq(r.n, 1);
    fate = r.v[0].fate;
    mk_destroy_report_release(&r);
    mk_vault_close(v);
    return fate;
}

/* Proposed by inspecteur1, approved by bewaarder2. */
static void destroy(void)
{
    static const struct mk_destroy_rule rule = {
        .months = 60, .copies_days = 10, .item = "post 1"};
    struct mk_vault *v = attack_as(&a, "bewaarder2");
    uint64_t number;

    ck_ok(mk_destroy_rule_set(v, &control, &rule, &diag));
    mk_vault_close(v);
    v = attack_as(&a, "inspecteur1");
    ck_ok(mk_destroy_propose(v, &control, &ended, 1, &number, &diag));
    mk_vault_close(v);
    v = attack_as(&a, "bewaarder2");
    ck_ok(mk_destroy_approve(v, &control, number, &diag));
    mk_vault_close(v);
    ck_assert_int_eq(run_as("inspecteur1"), MK_FATE_DONE);
}

static void custodian_leaves(void)
{
    struct mk_vault *v = attack_as(&a, "bewaarder1");

    ck_ok(mk_user_change(v, &control, MK_USER_REMOVE, "bewaarder2", 0, &diag));
    mk_vault_close(v);
}

/* What the vault has of the destruction: the certificate of it. */
static void certificate(struct mk_certificate *c)
{
    struct mk_vault *v = attack_as(&a, "inspecteur1");

    mk_certificate_init(c);
    ck_ok(mk_certificate_get(v, &ended, c, &diag));
    mk_vault_close(v);
}

START_TEST(what_was_destroyed_again_stands_when_the_custodian_has_left)
{
    struct attack_files older;
    struct mk_vault *v;

    ready();
    attack_save(&a, &older);
    destroy();
    attack_load(&a, &older);
    ck_assert_int_eq(run_as("inspecteur2"), MK_FATE_AGAIN);
    custodian_leaves();
    ck_ok(attack_unlock(&a, "auditor1", &v, &diag));
    ck_ok(vault_verify(v, NULL, &diag));
    mk_vault_close(v);
    attack_files_release(&older);
    attack_teardown(&a);
}
END_TEST

START_TEST(an_older_copy_is_buried_again_when_the_custodian_has_left)
{
    struct attack_files older;
    struct mk_certificate c;
    struct mk_vault *v;

    ready();
    attack_save(&a, &older);
    destroy();
    certificate(&c);
    attack_load(&a, &older);
    custodian_leaves();
    v = attack_as(&a, "inspecteur2");
    ck_ok(mk_certificate_take(v, c.record.data, c.record.len, &diag));
    mk_vault_close(v);
    ck_assert_int_eq(run_as("inspecteur2"), MK_FATE_AGAIN);
    mk_certificate_release(&c);
    attack_files_release(&older);
    attack_teardown(&a);
}
END_TEST

/* A custodian certifies alone; what makes it true takes a second person. */
START_TEST(who_was_never_let_in_as_a_custodian_approves_nothing)
{
    struct mk_destroyed_record r = {
        .again = true,
        .approval = {.proposal = 1, .months = 60},
    };
    uint8_t unused[MK_APPROVAL_BODY];
    struct mk_vault *v;
    uint64_t serial;

    ready();
    v = attack_as(&a, "bewaarder1");
    ck_ok(mk_role_grant(v, &control, "analist1", MK_ROLE_CUSTODIAN, &diag));
    mk_vault_close(v);
    v = attack_as(&a, "analist1");
    r.approval.ended = mk_date_day(2021, 1, 26);
    memcpy(r.approval.dossier, ended.lo, MK_ID);
    memcpy(r.approval.custodian, v->my_id, MK_ID);
    ck_ok(mk_approval_make(unused, mk_keyring_store(v->keyring), &r.approval,
                           v->who.sign));
    serial = mk_keyring_serial(v->keyring);
    ck_assert(!mk_destroyed_was_approved(v->keyring, serial, &r));
    mk_vault_close(v);
    v = attack_as(&a, "inspecteur2");
    ck_ok(mk_role_grant(v, &control, "analist1", MK_ROLE_CUSTODIAN, &diag));
    ck_assert(!mk_destroyed_was_approved(v->keyring, serial, &r));
    ck_assert(mk_destroyed_was_approved(v->keyring,
                                        mk_keyring_serial(v->keyring), &r));
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

static void start(void)
{
    ck_assert_int_eq(mk_init(NULL), MK_OK);
}

int main(void)
{
    const TTest *const tests[] = {
        what_was_destroyed_again_stands_when_the_custodian_has_left,
        an_older_copy_is_buried_again_when_the_custodian_has_left,
        who_was_never_let_in_as_a_custodian_approves_nothing,
    };

    return UNIT_RUN("destroy_left", tests, start);
}
