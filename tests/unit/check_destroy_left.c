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

/* --- an approval is for the dossier as it was --- */

static struct mk_approval_record approved(void)
{
    struct mk_destroy_past past;
    struct mk_vault *v = attack_as(&a, "inspecteur1");
    struct mk_approval_record out;

    mk_destroy_past_init(&past);
    ck_ok(mk_snapshot_begin(v, &diag));
    ck_ok(mk_destroy_past_now(&past, v, &diag));
    mk_snapshot_end(v);
    out = past.proposals[0].approval;
    mk_destroy_past_release(&past);
    mk_vault_close(v);
    return out;
}

static uint64_t propose(void)
{
    struct mk_vault *v = attack_as(&a, "inspecteur1");
    uint64_t number;

    ck_ok(mk_destroy_propose(v, &control, &ended, 1, &number, &diag));
    mk_vault_close(v);
    return number;
}

static void approve(uint64_t number)
{
    struct mk_vault *v = attack_as(&a, "bewaarder2");

    ck_ok(mk_destroy_approve(v, &control, number, &diag));
    mk_vault_close(v);
}

/* Proposed and approved, and then somebody adds a note. */
static uint64_t approved_and_added(void)
{
    static const struct mk_destroy_rule rule = {
        .months = 60, .copies_days = 10, .item = "post 1"};
    struct mk_vault *v = attack_as(&a, "bewaarder2");
    struct mk_event e;
    uint64_t number;

    ck_ok(mk_destroy_rule_set(v, &control, &rule, &diag));
    mk_vault_close(v);
    number = propose();
    approve(number);
    v = attack_as(&a, "inspecteur1");
    vault_event(&e, MK_VERB_NOTITIE, "narrative", "er kwam nog iets", NULL);
    ck_ok(vault_do(v, &ended, &e));
    mk_vault_close(v);
    return number;
}

START_TEST(what_is_added_after_an_approval_makes_it_void)
{
    struct mk_destroy_list list;
    struct mk_vault *v;
    uint64_t number;

    ready();
    number = approved_and_added();
    ck_assert_int_eq(run_as("inspecteur1"), MK_FATE_VOID);
    v = attack_as(&a, "auditor1");
    ck_ok(mk_destroy_list(v, &list, &diag));
    ck_assert_uint_eq(list.n, 1);
    ck_assert_int_eq(list.v[0].state, MK_DESTROY_VOID);
    mk_destroy_list_release(&list);
    mk_vault_close(v);
    /* as it is now it can be proposed anew, once */
    ck_assert_uint_ne(propose(), number);
    v = attack_as(&a, "inspecteur1");
    ck_assert_int_eq(
        mk_destroy_propose(v, &control, &ended, 1, &number, &diag),
        MK_E_PROPOSED);
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

static enum mk_destroy_state state_of_first(void)
{
    struct mk_destroy_list list;
    enum mk_destroy_state state;
    struct mk_vault *v = attack_as(&a, "auditor1");

    ck_ok(mk_destroy_list(v, &list, &diag));
    state = list.v[0].state;
    mk_destroy_list_release(&list);
    mk_vault_close(v);
    return state;
}

static void set_rule(unsigned months)
{
    const struct mk_destroy_rule rule = {
        .months = months, .copies_days = 10, .item = "post 1"};
    struct mk_vault *v = attack_as(&a, "bewaarder2");

    ck_ok(mk_destroy_rule_set(v, &control, &rule, &diag));
    mk_vault_close(v);
}

/* Proposed, and approved, by a rule that holds no more. */
START_TEST(another_rule_makes_proposals_and_approvals_void)
{
    struct mk_vault *v;
    uint64_t number;

    ready();
    set_rule(60);
    number = propose();
    set_rule(61);
    ck_assert_int_eq(state_of_first(), MK_DESTROY_VOID);
    v = attack_as(&a, "bewaarder2");
    ck_assert_int_eq(mk_destroy_approve(v, &control, number, &diag),
                     MK_E_NO_PROPOSAL);
    mk_vault_close(v);
    approve(propose());
    set_rule(60);
    ck_assert_int_eq(run_as("inspecteur1"), MK_FATE_VOID);
    attack_teardown(&a);
}
END_TEST

START_TEST(a_new_approval_is_for_the_dossier_as_it_is_now)
{
    struct mk_vault *v;
    struct mk_destroy_report r;

    ready();
    approved_and_added();
    approve(propose());
    v = attack_as(&a, "inspecteur1");
    ck_ok(mk_destroy_run(v, &control, &r, &diag));
    ck_assert_uint_eq(r.n, 1);
    ck_assert_int_eq(r.v[0].fate, MK_FATE_DONE);
    mk_destroy_report_release(&r);
    mk_vault_close(v);
    ck_ok(attack_unlock(&a, "auditor1", &v, &diag));
    ck_ok(vault_verify(v, NULL, &diag));
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

/* The program of an inspector who carries out what is void. */
static void bury_void(bool again)
{
    const struct mk_log_item item = {.role = MK_ROLE_INSPECTOR,
                                     .kind = MK_AUDIT_LIST};
    struct mk_destroyed_record r = {
        .again = again,
        .approval = approved(),
        .new_gen = 2,
        .time_ms = INT64_C(1893456000000),
        .complete_ms = INT64_C(1893456000000),
        .item = "post 1",
    };
    struct mk_vault *v = attack_as(&a, "inspecteur1");
    struct mk_buf body = MK_BUF_INIT;
    struct mk_dossier_row row;
    struct mk_tx tx;
    bool found;

    mk_dossier_row_init(&row);
    ck_ok(mk_tx_begin(&tx, v, NULL, &diag));
    ck_ok(mk_destroy_row(v, r.approval.dossier, &found, &row, &diag));
    ck_assert(found);
    r.ordinal = row.ordinal;
    r.entries = row.entries;
    memcpy(r.chain, row.chain, MK_HASH);
    r.intake_year = row.intake_year;
    r.old_gen = row.rk_gen;
    memcpy(r.proposer, v->my_id, MK_ID);
    memcpy(r.inspector, v->my_id, MK_ID);
    ck_ok(mk_destroyed_make(&body, mk_keyring_store(v->keyring), &r,
                            v->who.sign));
    ck_ok(mk_tombstone_write(&tx, &row, &diag));
    ck_ok(mk_tx_register(&tx, MK_REGISTER_DESTROYED, body.data, body.len,
                         &diag));
    ck_ok(mk_tx_leaf(&tx, &item, &diag));
    ck_ok(mk_tx_commit(&tx, &diag));
    mk_dossier_row_release(&row);
    mk_buf_release(&body);
    mk_vault_close(v);
}

static void assert_void_is_noticed(bool again)
{
    struct attack_files before;
    struct mk_vault *v;

    ready();
    approved_and_added();
    attack_save(&a, &before);
    bury_void(again);
    attack_load_one(&a, &before, ATTACK_MARK);
    ck_assert_int_eq(attack_unlock(&a, "auditor1", &v, &diag), MK_E_TAMPERED);
    mk_vault_close(v);
    attack_files_release(&before);
    attack_teardown(&a);
}

START_TEST(who_carries_out_what_is_void_is_found_out)
{
    assert_void_is_noticed(false);
}
END_TEST

START_TEST(nor_does_it_count_as_a_dossier_that_a_copy_brought_back)
{
    assert_void_is_noticed(true);
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
        what_is_added_after_an_approval_makes_it_void,
        another_rule_makes_proposals_and_approvals_void,
        a_new_approval_is_for_the_dossier_as_it_is_now,
        who_carries_out_what_is_void_is_found_out,
        nor_does_it_count_as_a_dossier_that_a_copy_brought_back,
    };

    return UNIT_RUN("destroy_left", tests, start);
}
