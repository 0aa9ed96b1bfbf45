/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both */
/*
 * A new R_D and a new DBK in a vault where something else is going on: a
 * dossier that is restricted, destroyed or about to be, recovery cards, a
 * second passphrase, a suspension, an emergency.  It goes on as before, for
 * who had the vault open all the while too.
 */
#include <stdlib.h>
#include <string.h>

#include "core/destruction.h"
#include "core/emergency.h"
#include "core/log_keeping.h"
#include "core/recovery.h"
#include "core/restrict.h"
#include "core/vault.h"
#include "tests/support/unit.h"
#include "tests/support/vault.h"

static struct vault_fixture f;
static struct mk_diag diag;
static const struct mk_access own = {.purpose = 0};
static const struct mk_access control = {.purpose = MK_PURPOSE_CTL};
static const struct mk_access stand_in = {.purpose = MK_PURPOSE_WRN};
static const struct mk_access emergency = {.purpose = MK_PURPOSE_NOOD};

#define ck_ok(call)                                                           \
    do {                                                                      \
        enum mk_err got_ = (call);                                            \
        ck_assert_msg(got_ == MK_OK, "%s: %s %s %lld", #call,                 \
                      mk_err_name(got_), diag.place, (long long)diag.num[0]); \
    } while (0)

/* ---- what is done ---- */

static void set_up(void)
{
    diag = (struct mk_diag)MK_DIAG_INIT;
    vault_setup(&f);
}

static void take_down(void)
{
    vault_teardown(&f);
}

static void rekey(const char *name, enum mk_key_kind kind)
{
    struct mk_vault *v = vault_as(&f, name);

    ck_ok(mk_rekey(v, &own, kind, &diag));
    mk_vault_close(v);
}

static void note(struct mk_vault *v, const struct mk_dossier_ref *ref)
{
    struct mk_event e;

    vault_event(&e, MK_VERB_NOTITIE, "narrative", "een notitie", NULL);
    ck_ok(vault_do(v, ref, &e));
}

/* Opens it; *n: its events. */
static enum mk_err show(struct mk_vault *v, const struct mk_access *access,
                        const struct mk_dossier_ref *ref, size_t *n)
{
    struct mk_view view;
    enum mk_err rc;

    mk_view_init(&view);
    rc = mk_dossier_open(v, access, MK_AUDIT_SHOW, ref, &view, &diag);
    *n = rc == MK_OK ? view.c.n_events : 0;
    mk_view_release(&view);
    return rc;
}

static size_t events(struct mk_vault *v, const struct mk_access *access,
                     const struct mk_dossier_ref *ref)
{
    size_t n;

    ck_ok(show(v, access, ref, &n));
    return n;
}

static struct mk_dossier_ref intake(const char *received)
{
    struct mk_vault *v = vault_as(&f, "inspecteur1");
    struct mk_dossier_ref ref = vault_intake(v, received);

    mk_vault_close(v);
    return ref;
}

static void verified(void)
{
    struct mk_vault *v = vault_as(&f, "auditor1");

    ck_ok(vault_verify(v, NULL, &diag));
    mk_vault_close(v);
}

static void clock_at(const char *day)
{
    ck_assert_int_eq(setenv("MELDKLUIS_TEST_TIME", day, 1), 0);
}

/* ---- restricted ---- */

static void restrict_to_owner(const struct mk_dossier_ref *ref)
{
    static const char *const names[] = {"inspecteur1"};
    struct mk_vault *v = vault_as(&f, "inspecteur1");
    struct mk_written w;

    ck_ok(mk_restrict(v, &own, ref, names, 1, &w, &diag));
    mk_vault_close(v);
}

/* Whoever replaces the keys: who is named reads and writes, who is barred
 * does not. */
START_TEST(a_restricted_dossier_stays_open_to_the_same_people)
{
    static const struct {
        const char *by;
        enum mk_key_kind kind;
    } rounds[] = {
        {"inspecteur2", MK_KEY_RD},
        {"bewaarder1", MK_KEY_DBK},
        {"inspecteur1", MK_KEY_RD},
        {"inspecteur2", MK_KEY_RD},
    };
    struct mk_dossier_ref shut = intake("2020-03-02");
    struct mk_dossier_ref open = intake("2020-03-03");
    struct mk_vault *named, *barred;
    size_t n, had;

    restrict_to_owner(&shut);
    named = vault_as(&f, "inspecteur1");
    barred = vault_as(&f, "inspecteur2");
    had = events(named, &own, &shut);
    for (size_t i = 0; i < sizeof rounds / sizeof *rounds; i++) {
        struct mk_vault *anew;

        if (strcmp(rounds[i].by, "inspecteur2") == 0)
            ck_ok(mk_rekey(barred, &own, rounds[i].kind, &diag));
        else
            rekey(rounds[i].by, rounds[i].kind);
        note(named, &shut);
        ck_assert_uint_eq(events(named, &own, &shut), had + i + 1);
        ck_assert_int_eq(show(barred, &stand_in, &shut, &n), MK_E_RESTRICTED);
        ck_assert_uint_ge(events(barred, &stand_in, &open), 1);
        anew = vault_as(&f, "inspecteur1");
        ck_assert_uint_eq(events(anew, &own, &shut), had + i + 1);
        mk_vault_close(anew);
        verified();
    }
    mk_vault_close(barred);
    mk_vault_close(named);
}
END_TEST

/* What two custodians gave before serves after it, and for that one dossier. */
START_TEST(an_emergency_stays_open)
{
    struct mk_dossier_ref shut = intake("2020-03-02");
    struct mk_vault *one, *two, *asks;
    uint64_t seq;
    size_t n;

    restrict_to_owner(&shut);
    one = vault_as(&f, "bewaarder1");
    two = vault_as(&f, "bewaarder2");
    asks = vault_as(&f, "inspecteur2");
    ck_ok(mk_emergency_ask(asks, &own, &shut, MK_EMERGENCY_AFW, 24, &seq,
                           &diag));
    ck_ok(mk_emergency_grant(one, seq, &diag));
    ck_assert_int_eq(show(asks, &emergency, &shut, &n), MK_E_FEW_SHARES);
    rekey("inspecteur1", MK_KEY_RD);
    ck_ok(mk_rekey(one, &own, MK_KEY_DBK, &diag));
    ck_ok(mk_emergency_grant(two, seq, &diag));
    ck_assert_uint_ge(events(asks, &emergency, &shut), 1);
    ck_ok(mk_rekey(asks, &own, MK_KEY_RD, &diag));
    ck_assert_uint_ge(events(asks, &emergency, &shut), 1);
    mk_vault_close(asks);
    rekey("inspecteur1", MK_KEY_RD);
    asks = vault_as(&f, "inspecteur2");
    ck_assert_uint_ge(events(asks, &emergency, &shut), 1);
    {
        struct mk_vault *owner = vault_as(&f, "inspecteur1");

        ck_ok(mk_restrict_again(owner, &own, &shut,
                                &(struct mk_restricted_to){.n = 0}, &diag));
        mk_vault_close(owner);
    }
    ck_assert_int_ne(show(asks, &emergency, &shut, &n), MK_OK);
    verified();
    mk_vault_close(asks);
    mk_vault_close(two);
    mk_vault_close(one);
}
END_TEST

/* ---- destruction ---- */

static const struct mk_destroy_rule rule = {
    .months = 60, .copies_days = 10, .item = "post 1"};

/* An ended dossier of 2019 and one that stays; the clock says 2030. */
static void ended(struct mk_dossier_ref *goes, struct mk_dossier_ref *stays)
{
    struct mk_event e;
    struct mk_vault *v;

    clock_at("2021-01-26");
    set_up();
    *goes = intake("2019-02-01");
    *stays = intake("2019-02-02");
    v = vault_as(&f, "inspecteur1");
    vault_event(&e, MK_VERB_INTREK, "reason", "VRZ", NULL);
    ck_ok(vault_do(v, goes, &e));
    mk_vault_close(v);
    clock_at("2030-01-01");
    v = vault_as(&f, "bewaarder1");
    ck_ok(mk_destroy_rule_set(v, &control, &rule, &diag));
    mk_vault_close(v);
}

static uint64_t propose(const struct mk_dossier_ref *ref)
{
    struct mk_vault *v = vault_as(&f, "inspecteur1");
    uint64_t number;

    ck_ok(mk_destroy_propose(v, &control, ref, 1, &number, &diag));
    mk_vault_close(v);
    return number;
}

static void approve(uint64_t number)
{
    struct mk_vault *v = vault_as(&f, "bewaarder2");

    ck_ok(mk_destroy_approve(v, &control, number, &diag));
    mk_vault_close(v);
}

static void run_destroys_one(void)
{
    struct mk_vault *v = vault_as(&f, "inspecteur1");
    struct mk_destroy_report r;

    ck_ok(mk_destroy_run(v, &control, &r, &diag));
    ck_assert_uint_eq(r.n, 1);
    ck_assert_int_eq(r.v[0].fate, MK_FATE_DONE);
    ck_assert(r.erased);
    mk_destroy_report_release(&r);
    mk_vault_close(v);
}

static void both_keys(void)
{
    rekey("inspecteur2", MK_KEY_RD);
    rekey("bewaarder1", MK_KEY_DBK);
}

START_TEST(a_destruction_that_was_begun_goes_on)
{
    struct mk_dossier_ref goes, stays;
    struct mk_vault *v;
    uint64_t number;
    size_t n;

    ended(&goes, &stays);
    number = propose(&goes);
    both_keys();
    approve(number);
    both_keys();
    run_destroys_one();
    v = vault_as(&f, "inspecteur1");
    ck_assert_int_eq(show(v, &own, &goes, &n), MK_E_DESTROYED);
    ck_assert_uint_ge(events(v, &own, &stays), 1);
    mk_vault_close(v);
    verified();
    take_down();
}
END_TEST

static void load_row(struct mk_vault *v, struct mk_dossier_row *row)
{
    mk_dossier_row_init(row);
    ck_ok(mk_store_begin_read(v->store, &diag));
    ck_ok(mk_dossier_load(v->store, 0, row, &diag));
    mk_store_rollback(v->store);
}

START_TEST(a_tombstone_stays_as_it_was)
{
    struct mk_dossier_row before, after;
    struct mk_dossier_ref goes, stays;
    struct mk_certificate c;
    struct mk_vault *v;

    ended(&goes, &stays);
    approve(propose(&goes));
    run_destroys_one();
    v = vault_as(&f, "inspecteur1"); /* is at work all the while */
    load_row(v, &before);
    both_keys();
    ck_ok(mk_rekey(v, &own, MK_KEY_RD, &diag));
    load_row(v, &after);
    ck_assert_uint_eq(after.version, before.version);
    ck_assert_mem_eq(after.chain, before.chain, sizeof after.chain);
    ck_assert(after.dek.p == NULL && after.owner.p == NULL);
    mk_certificate_init(&c);
    ck_ok(mk_certificate_get(v, &goes, &c, &diag));
    ck_assert(c.erased);
    mk_certificate_release(&c);
    note(v, &stays);
    ck_assert_uint_ge(events(v, &own, &stays), 2);
    mk_dossier_row_release(&before);
    mk_dossier_row_release(&after);
    mk_vault_close(v);
    verified();
    take_down();
}
END_TEST

/* ---- people ---- */

#define CARDS 3
static struct mk_buf cards[CARDS];

static enum mk_err keep_card(void *ctx, uint32_t set, unsigned number,
                             const struct mk_buf *text, struct mk_diag *d)
{
    (void)ctx;
    (void)set;
    (void)d;
    ck_assert(number >= 1 && number <= CARDS);
    return mk_buf_add(&cards[number - 1], text->data, text->len);
}

static void set_in_force(void)
{
    static const char *const stores[] = {"inspecteur1", "auditor1"};
    const struct mk_new_cards fresh = {.plan = {.threshold = 2, .n = CARDS},
                                       .sink = keep_card};
    struct mk_vault *v = vault_as(&f, "bewaarder1");
    unsigned kinds;

    ck_ok(mk_recovery_share(v, &own, NULL, 0, &fresh, &diag));
    ck_ok(mk_log_term_set(v, &own, 60, &diag));
    mk_vault_close(v);
    v = vault_as(&f, "bewaarder2");
    ck_ok(mk_recovery_accept(v, &own, &diag));
    mk_vault_close(v);
    for (size_t i = 0; i < sizeof stores / sizeof *stores; i++) {
        v = vault_as(&f, stores[i]);
        ck_ok(mk_recovery_store(v, &own, &kinds, &diag));
        mk_vault_close(v);
    }
}

START_TEST(cards_open_the_new_keys)
{
    static const struct {
        const char *by;
        enum mk_key_kind kind;
    } rounds[] = {{"inspecteur2", MK_KEY_RD},
                  {"bewaarder1", MK_KEY_DBK},
                  {"analist1", MK_KEY_RS},
                  {"auditor1", MK_KEY_RL}};
    struct mk_recovery_facts facts;
    struct mk_vault *custodian;

    set_in_force();
    custodian = vault_as(&f, "bewaarder1");
    for (size_t i = 0; i < sizeof rounds / sizeof *rounds; i++) {
        const struct mk_card_text two[] = {
            {"kaart 1", cards[0].data, cards[0].len},
            {"kaart 3", cards[2].data, cards[2].len}};

        rekey(rounds[i].by, rounds[i].kind);
        ck_ok(mk_recovery_drill(custodian, &own, two, 2, &diag));
        mk_keyring_recovery_facts(custodian->keyring, &facts);
        ck_assert_uint_eq(facts.in_force.number, 1);
        ck_assert_uint_eq(facts.missing, 0);
    }
    mk_vault_close(custodian);
    verified();
    for (size_t i = 0; i < CARDS; i++)
        mk_buf_release(&cards[i]);
}
END_TEST

START_TEST(a_second_passphrase_opens_the_new_keys)
{
    struct mk_dossier_ref ref = intake("2020-03-02");
    struct mk_secret *other = vault_passphrase("een ander");
    struct mk_vault *v = vault_as(&f, "inspecteur2");

    ck_ok(mk_passphrase_change(v, &own, MK_PASSPHRASE_SECOND, other, &diag));
    mk_vault_close(v);
    rekey("inspecteur1", MK_KEY_RD);
    rekey("inspecteur1", MK_KEY_RS);
    rekey("bewaarder1", MK_KEY_DBK);
    ck_ok(mk_vault_open(&v, &f.where, &diag));
    ck_ok(mk_vault_unlock(v, "inspecteur2", other, &diag));
    ck_assert_uint_ge(events(v, &stand_in, &ref), 1);
    ck_ok(mk_rekey(v, &own, MK_KEY_RD, &diag));
    ck_ok(mk_rekey(v, &own, MK_KEY_DBK, &diag));
    mk_vault_close(v);
    v = vault_as(&f, "inspecteur2"); /* by the first one */
    ck_assert_uint_ge(events(v, &stand_in, &ref), 1);
    mk_vault_close(v);
    mk_secret_free(other);
    verified();
}
END_TEST

static void change(enum mk_user_change what, const char *who)
{
    struct mk_vault *v = vault_as(&f, "bewaarder1");

    ck_ok(mk_user_change(v, &own, what, who, 0, &diag));
    mk_vault_close(v);
}

/* Does he hold the newest of kind by what is wrapped for him? */
static bool has_newest(const struct mk_vault *his, const struct mk_vault *now,
                       enum mk_key_kind kind)
{
    struct mk_secret *key = NULL;
    uint8_t id[MK_ID];
    uint32_t generation = 0;
    enum mk_err rc = mk_keyring_unwrap(now->keyring, &his->who, kind, &key, id,
                                       &generation, NULL);

    mk_secret_free(key);
    return rc == MK_OK &&
           generation == mk_keyring_generation(now->keyring, kind);
}

/* Nor does the handle that he had open when he was suspended. */
START_TEST(who_is_suspended_gets_no_new_key_until_a_holder_gives_it)
{
    struct mk_dossier_ref ref = intake("2020-03-02");
    struct mk_vault *his = vault_as(&f, "inspecteur2");
    struct mk_vault *v;
    size_t n;

    ck_assert_uint_ge(events(his, &stand_in, &ref), 1);
    change(MK_USER_SUSPEND, "inspecteur2");
    rekey("inspecteur1", MK_KEY_RD);
    rekey("bewaarder1", MK_KEY_DBK);
    v = vault_as(&f, "inspecteur1");
    ck_assert(has_newest(v, v, MK_KEY_RD));
    ck_assert(!has_newest(his, v, MK_KEY_RD));
    ck_assert(!has_newest(his, v, MK_KEY_DBK));
    mk_vault_close(v);
    ck_assert_int_ne(show(his, &stand_in, &ref, &n), MK_OK);
    ck_assert_int_eq(vault_try(&f, "inspecteur2", &v, &diag), MK_E_SUSPENDED);
    mk_vault_close(v);
    change(MK_USER_RESUME, "inspecteur2");
    ck_assert_int_ne(show(his, &stand_in, &ref, &n), MK_OK);
    mk_vault_close(his);
    ck_assert_int_eq(vault_try(&f, "inspecteur2", &v, &diag),
                     MK_E_NOT_GRANTED);
    ck_assert_str_eq(diag.place, "inspector");
    mk_vault_close(v);
    v = vault_as(&f, "inspecteur1");
    ck_ok(mk_role_grant(v, &own, "inspecteur2", MK_ROLE_INSPECTOR, &diag));
    mk_vault_close(v);
    v = vault_as(&f, "inspecteur2");
    ck_assert(has_newest(v, v, MK_KEY_RD));
    ck_assert_uint_ge(events(v, &stand_in, &ref), 1);
    mk_vault_close(v);
    verified();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rekey_among");
    TCase *work = tcase_create("in a vault of today");
    TCase *later = tcase_create("in a vault of years ago");

    tcase_set_timeout(work, 60);
    tcase_set_timeout(later, 60);
    tcase_add_checked_fixture(work, set_up, take_down);
    tcase_add_test(work, a_restricted_dossier_stays_open_to_the_same_people);
    tcase_add_test(work, an_emergency_stays_open);
    tcase_add_test(work, cards_open_the_new_keys);
    tcase_add_test(work, a_second_passphrase_opens_the_new_keys);
    tcase_add_test(work,
                   who_is_suspended_gets_no_new_key_until_a_holder_gives_it);
    tcase_add_test(later, a_destruction_that_was_begun_goes_on);
    tcase_add_test(later, a_tombstone_stays_as_it_was);
    suite_add_tcase(suite, work);
    suite_add_tcase(suite, later);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
