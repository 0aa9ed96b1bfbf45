/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Destruction below the command line: who lies about it is found out. */
#include "core/destroy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/retention.h"
#include "core/sealed.h"
#include "tests/support/attack.h"
#include "tests/support/unit.h"

static const int64_t now_2030 = INT64_C(1893456000000);

static struct attack a;
static struct mk_dossier_ref ended;
static const struct mk_access control = {.purpose = MK_PURPOSE_CTL};

/* An ended dossier of 2019, and others of that year; the clock says 2030. */
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

static void done(void)
{
    attack_teardown(&a);
}

static const struct mk_destroy_rule rule = {
    .months = 60, .copies_days = 10, .item = "post 1"};

static void set_rule(void)
{
    struct mk_vault *v = attack_as(&a, "bewaarder1");

    ck_assert_int_eq(mk_destroy_rule_set(v, &control, &rule, NULL), MK_OK);
    mk_vault_close(v);
}

static uint64_t propose(const char *who)
{
    struct mk_vault *v = attack_as(&a, who);
    uint64_t number;

    ck_assert_int_eq(mk_destroy_propose(v, &control, &ended, 1, &number, NULL),
                     MK_OK);
    mk_vault_close(v);
    return number;
}

static void approve(uint64_t number)
{
    struct mk_vault *v = attack_as(&a, "bewaarder2");

    ck_assert_int_eq(mk_destroy_approve(v, &control, number, NULL), MK_OK);
    mk_vault_close(v);
}

static struct mk_destroy_report run_as(const char *who)
{
    struct mk_vault *v = attack_as(&a, who);
    struct mk_destroy_report r;

    ck_assert_int_eq(mk_destroy_run(v, &control, &r, NULL), MK_OK);
    mk_vault_close(v);
    return r;
}

static void destroy(void)
{
    struct mk_destroy_report r;

    set_rule();
    approve(propose("inspecteur1"));
    r = run_as("inspecteur1");
    ck_assert_uint_eq(r.n, 1);
    ck_assert_int_eq(r.v[0].fate, MK_FATE_DONE);
    ck_assert(r.erased);
    mk_destroy_report_release(&r);
}

/* --- records --- */

START_TEST(each_record_is_read_as_it_was_made_and_not_with_a_byte_less)
{
    static const uint8_t store[MK_ID] = {7};
    struct mk_buf body = MK_BUF_INIT;
    struct mk_destroy_rule out;
    uint8_t fixed[MK_PROPOSAL_BODY];
    struct mk_proposal_record p = {.version = 5, .rule = 9, .ended = 18000};
    struct mk_proposal_record q;

    ck_assert_int_eq(mk_destroy_rule_encode(&body, store, &rule), MK_OK);
    for (size_t n = 0; n <= body.len; n++) {
        const struct mk_blob b = {body.data, n};

        ck_assert(mk_destroy_rule_parse(&out, &b, store) == (n == body.len));
    }
    ck_assert_uint_eq(out.months, 60);
    ck_assert_str_eq(out.item, "post 1");
    mk_proposal_encode(fixed, store, &p);
    ck_assert(
        mk_proposal_parse(&q, &(struct mk_blob){fixed, sizeof fixed}, store));
    ck_assert(q.version == 5 && q.rule == 9 && q.ended == 18000);
    fixed[4] ^= 1; /* of another vault */
    ck_assert(
        !mk_proposal_parse(&q, &(struct mk_blob){fixed, sizeof fixed}, store));
    mk_buf_release(&body);
}
END_TEST

START_TEST(a_term_ends_on_the_same_day_of_the_month_or_its_last)
{
    ck_assert_int_eq(mk_destroy_due(mk_date_day(2019, 1, 15), 12),
                     mk_date_day(2020, 1, 15));
    ck_assert_int_eq(mk_destroy_due(mk_date_day(2019, 1, 31), 13),
                     mk_date_day(2020, 2, 29));
    ck_assert_int_eq(mk_destroy_due(mk_date_day(2020, 12, 31), 1200),
                     mk_date_day(2120, 12, 31));
}
END_TEST

/* --- lies: each is a row that a program of his own would write --- */

typedef void lie(struct mk_tx *tx);
static uint64_t the_number, the_rule;

static void put(struct mk_tx *tx, enum mk_register_kind kind, const void *body,
                size_t n)
{
    ck_assert_int_eq(mk_tx_register(tx, kind, body, n, NULL), MK_OK);
}

static void proposal_of(struct mk_tx *tx, uint64_t of_rule, mk_day day)
{
    struct mk_proposal_record r = {
        .version = 2, .rule = of_rule, .ended = day};
    uint8_t body[MK_PROPOSAL_BODY];

    memcpy(r.dossier, ended.lo, MK_ID);
    mk_proposal_encode(body, mk_keyring_store(tx->v->keyring), &r);
    put(tx, MK_REGISTER_DESTROY_PROPOSE, body, sizeof body);
}

static void proposed_before_its_term(struct mk_tx *tx)
{
    proposal_of(tx, the_rule, mk_date_day(2026, 1, 1));
}

static void proposed_by_no_rule(struct mk_tx *tx)
{
    proposal_of(tx, the_rule + 1, mk_date_day(2019, 3, 1));
}

static void approve_as(struct mk_tx *tx, const uint8_t *custodian,
                       uint64_t number, mk_day day)
{
    struct mk_approval_record r = {
        .proposal = number, .ended = day, .months = 60, .entries = 2};
    uint8_t body[MK_APPROVAL_BODY];

    memcpy(r.dossier, ended.lo, MK_ID);
    memcpy(r.custodian, custodian, MK_ID);
    ck_assert_int_eq(mk_approval_make(body, mk_keyring_store(tx->v->keyring),
                                      &r, tx->v->who.sign),
                     MK_OK);
    put(tx, MK_REGISTER_DESTROY_APPROVE, body, sizeof body);
}

static void approved_by_an_inspector(struct mk_tx *tx)
{
    approve_as(tx, tx->v->my_id, the_number, mk_date_day(2021, 1, 26));
}

static void approved_what_nobody_proposed(struct mk_tx *tx)
{
    approve_as(tx, tx->v->my_id, the_number + 7, mk_date_day(2021, 1, 26));
}

static void approved_in_another_name(struct mk_tx *tx)
{
    const struct mk_member *m =
        mk_keyring_by_name(tx->v->keyring, "bewaarder1");

    approve_as(tx, m->id, the_number, mk_date_day(2021, 1, 26));
}

static void approved_for_another_day(struct mk_tx *tx)
{
    approve_as(tx, tx->v->my_id, the_number, mk_date_day(2019, 1, 26));
}

/* A tombstone with a record that an inspector makes up alone. */
static void bury_alone(struct mk_tx *tx, bool again)
{
    const struct mk_keyring *k = tx->v->keyring;
    struct mk_destroyed_record r = {
        .again = again,
        .approval = {.proposal = the_number,
                     .ended = mk_date_day(2021, 1, 26),
                     .months = 60},
        .intake_year = 2019,
        .old_gen = 1,
        .new_gen = 2,
        .time_ms = now_2030,
        .complete_ms = now_2030,
        .item = "post 1",
    };
    struct mk_buf body = MK_BUF_INIT;
    uint8_t unused[MK_APPROVAL_BODY];

    memcpy(r.approval.dossier, ended.lo, MK_ID);
    memcpy(r.approval.custodian, mk_keyring_by_name(k, "bewaarder2")->id,
           MK_ID);
    memcpy(r.proposer, tx->v->my_id, MK_ID);
    memcpy(r.inspector, tx->v->my_id, MK_ID);
    /* the custodian's signature he has not: he puts his own */
    ck_assert_int_eq(mk_approval_make(unused, mk_keyring_store(k), &r.approval,
                                      tx->v->who.sign),
                     MK_OK);
    ck_assert_int_eq(
        mk_destroyed_make(&body, mk_keyring_store(k), &r, tx->v->who.sign),
        MK_OK);
    put(tx, MK_REGISTER_DESTROYED, body.data, body.len);
    mk_buf_release(&body);
}

static void destroyed_without_approval(struct mk_tx *tx)
{
    bury_alone(tx, false);
}

static void destroyed_again_without_approval(struct mk_tx *tx)
{
    bury_alone(tx, true);
}

static void assert_lie(const char *by, lie *what, enum mk_err wanted,
                       const char *name)
{
    struct mk_vault *v = attack_as(&a, by);
    const struct mk_log_item item = {.role = MK_ROLE_INSPECTOR,
                                     .kind = MK_AUDIT_LIST};
    struct attack_files before;
    struct attack_files after;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_tx tx;
    enum mk_err rc;

    attack_save(&a, &before);
    ck_assert_int_eq(mk_tx_begin(&tx, v, NULL, NULL), MK_OK);
    what(&tx);
    ck_assert_int_eq(mk_tx_leaf(&tx, &item, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_commit(&tx, NULL), MK_OK);
    mk_vault_close(v);
    attack_load_one(&a, &before, ATTACK_MARK);
    attack_save(&a, &after);
    rc = attack_unlock(&a, "auditor1", &v, &diag);
    ck_assert_msg(rc == wanted, "%s: %s %s", name, mk_err_name(rc),
                  diag.place);
    rc = vault_verify(v, NULL, &diag);
    ck_assert_msg(mk_err_exit(rc) == MK_EXIT_INTEGRITY, "%s: verify", name);
    mk_vault_close(v);
    attack_load(&a, &before);
    attack_files_release(&before);
    attack_files_release(&after);
}

START_TEST(everybody_notices_what_two_people_did_not_do)
{
    static const struct {
        const char *by;
        lie *what;
        enum mk_err err;
        const char *name;
    } lies[] = {
        {"inspecteur1", proposed_before_its_term, MK_E_TAMPERED, "term"},
        {"inspecteur1", proposed_by_no_rule, MK_E_TAMPERED, "rule"},
        {"bewaarder1", proposed_before_its_term, MK_E_NOT_ALLOWED_HEAD,
         "role"},
        {"inspecteur1", approved_by_an_inspector, MK_E_NOT_ALLOWED_HEAD,
         "approval by an inspector"},
        {"bewaarder2", approved_what_nobody_proposed, MK_E_TAMPERED,
         "no proposal"},
        {"bewaarder2", approved_in_another_name, MK_E_TAMPERED, "name"},
        {"bewaarder2", approved_for_another_day, MK_E_TAMPERED, "day"},
        {"inspecteur1", destroyed_without_approval, MK_E_TAMPERED, "alone"},
        {"inspecteur1", destroyed_again_without_approval, MK_E_TAMPERED,
         "again, alone"},
    };

    struct mk_destroy_list list;
    struct mk_vault *v;

    ready();
    set_rule();
    the_number = propose("inspecteur1");
    v = attack_as(&a, "auditor1");
    ck_assert_int_eq(mk_destroy_list(v, &list, NULL), MK_OK);
    the_rule = list.rule.number;
    mk_destroy_list_release(&list);
    mk_vault_close(v);
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++)
        assert_lie(lies[i].by, lies[i].what, lies[i].err, lies[i].name);
    done();
}
END_TEST

/* --- rows --- */

/* The program of an inspector who takes a dossier away without a record. */
START_TEST(a_dossier_that_went_without_a_record_is_noticed)
{
    struct mk_vault *v;
    struct mk_tx tx;
    struct mk_dossier_row row;
    struct mk_diag diag = MK_DIAG_INIT;
    const struct mk_log_item item = {.role = MK_ROLE_INSPECTOR,
                                     .kind = MK_AUDIT_LIST};
    struct mk_view view;

    ready();
    v = attack_as(&a, "inspecteur1");
    mk_dossier_row_init(&row);
    ck_assert_int_eq(mk_tx_begin(&tx, v, NULL, NULL), MK_OK);
    ck_assert_int_eq(mk_dossier_load(v->store, 0, &row, NULL), MK_OK);
    ck_assert_int_eq(mk_tombstone_write(&tx, &row, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_leaf(&tx, &item, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_commit(&tx, NULL), MK_OK);
    mk_view_init(&view);
    ck_assert_int_eq(
        mk_dossier_open(v, &control, MK_AUDIT_SHOW, &a.ref[0], &view, &diag),
        MK_E_TAMPERED);
    ck_assert_str_eq(diag.place, "dossier (gone without a record)");
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_E_TAMPERED);
    mk_view_release(&view);
    mk_dossier_row_release(&row);
    mk_vault_close(v);
    done();
}
END_TEST

START_TEST(nothing_sealed_is_left_of_what_was_destroyed)
{
    struct mk_vault *v;
    struct mk_dossier_row row;
    struct mk_walk *walk;
    struct mk_entry_row entry;
    struct mk_retention_names names;
    uint64_t ordinal;
    bool found;
    bool more;

    ready();
    destroy();
    v = attack_as(&a, "inspecteur2");
    mk_dossier_row_init(&row);
    ck_assert_int_eq(mk_store_begin_read(v->store, NULL), MK_OK);
    ck_assert_int_eq(
        mk_dossier_find(v->store, ended.lo, ended.hi, &found, &ordinal, NULL),
        MK_OK);
    ck_assert(found);
    ck_assert_int_eq(mk_dossier_load(v->store, ordinal, &row, NULL), MK_OK);
    ck_assert(mk_row_is_tombstone(&row));
    ck_assert_uint_eq(row.entries, 2);
    ck_assert_int_eq(mk_walk_entries(&walk, v->store, ordinal, NULL), MK_OK);
    ck_assert_int_eq(mk_walk_entry(walk, &more, &entry, NULL), MK_OK);
    ck_assert(!more);
    mk_walk_close(walk);
    mk_store_rollback(v->store);
    ck_assert_int_eq(mk_retention_names(v, &names, NULL), MK_OK);
    ck_assert(!mk_retention_named(&names, 2019, 1));
    ck_assert(mk_retention_named(&names, 2019, 2));
    ck_assert(mk_retention_named(&names, 2020, 1));
    ck_assert_int_eq(vault_verify(v, NULL, NULL), MK_OK);
    free(names.v);
    mk_dossier_row_release(&row);
    mk_vault_close(v);
    done();
}
END_TEST

/* --- retention keys --- */

static bool has_key(uint32_t gen)
{
    struct mk_vault *v = attack_as(&a, "auditor1");
    struct mk_retention_names names;
    bool yes;

    ck_assert_int_eq(mk_retention_names(v, &names, NULL), MK_OK);
    yes = mk_retention_named(&names, 2019, gen);
    free(names.v);
    mk_vault_close(v);
    return yes;
}

static void unlock_for_real(const char *who)
{
    mk_vault_close(vault_as(&a.f, who));
}

START_TEST(a_run_cut_off_before_its_commit_costs_no_key)
{
    struct mk_vault *v;

    ready();
    v = attack_as(&a, "inspecteur1");
    ck_assert_int_eq(mk_store_begin_write(v->store, NULL), MK_OK);
    ck_assert_int_eq(mk_retention_next(v, (const uint32_t[]){2019}, 1, NULL),
                     MK_OK);
    mk_store_rollback(v->store);
    mk_vault_close(v);
    unlock_for_real("inspecteur2");
    ck_assert(has_key(1) && has_key(2));
    v = attack_as(&a, "auditor1");
    ck_assert_int_eq(vault_verify(v, NULL, NULL), MK_OK);
    mk_vault_close(v);
    destroy(); /* it takes a third, and both others go */
    ck_assert(!has_key(1) && !has_key(2) && has_key(3));
    done();
}
END_TEST

START_TEST(a_run_cut_off_behind_its_commit_is_finished_by_the_next_inspector)
{
    struct mk_vault *v;
    struct mk_secret *old;

    ready();
    v = attack_as(&a, "inspecteur1");
    ck_assert_int_eq(mk_retention_load(v, NULL), MK_OK);
    ck_assert_uint_eq(v->retention[0].year, 2019);
    old = mk_secret_copy(v->retention[0].rk);
    mk_vault_close(v);
    destroy();
    v = attack_as(&a, "inspecteur1");
    ck_assert_int_eq(mk_retention_load(v, NULL), MK_OK);
    ck_assert_int_eq(mk_retention_remember(v, 2019, 1, old), MK_OK);
    ck_assert_int_eq(mk_retention_save(v, false, NULL), MK_OK);
    mk_vault_close(v);
    unlock_for_real("auditor1"); /* who has no key of the file */
    ck_assert(has_key(1));
    unlock_for_real("inspecteur2");
    ck_assert(!has_key(1) && has_key(2));
    done();
}
END_TEST

/* An older copy of the vault that lies beside the keys of now. */
START_TEST(an_older_copy_of_the_vault_erases_no_key)
{
    struct attack_files older;
    struct attack_files now;

    ready();
    attack_save(&a, &older);
    destroy();
    attack_save(&a, &now);
    attack_load(&a, &older);
    attack_load_one(&a, &now, ATTACK_RETENTION);
    unlock_for_real("inspecteur2");
    ck_assert(has_key(2));
    attack_files_release(&older);
    attack_files_release(&now);
    done();
}
END_TEST

static void start(void)
{
    ck_assert_int_eq(mk_init(NULL), MK_OK);
}

int main(void)
{
    const TTest *const tests[] = {
        each_record_is_read_as_it_was_made_and_not_with_a_byte_less,
        a_term_ends_on_the_same_day_of_the_month_or_its_last,
        everybody_notices_what_two_people_did_not_do,
        a_dossier_that_went_without_a_record_is_noticed,
        nothing_sealed_is_left_of_what_was_destroyed,
        a_run_cut_off_before_its_commit_costs_no_key,
        a_run_cut_off_behind_its_commit_is_finished_by_the_next_inspector,
        an_older_copy_of_the_vault_erases_no_key,
    };

    return UNIT_RUN("destroy", tests, start);
}
