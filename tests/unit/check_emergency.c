/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Emergency access: every refusal, hand-made records, and who is told. */
#include <stdlib.h>
#include <string.h>

#include "core/access.h"
#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/emergency_impl.h"
#include "core/register.h"
#include "crypto/sign.h"
#include "tests/support/attack.h"
#include "tests/support/unit.h"

#define DAY "2026-03-02"
#define SAME_DAY_LATER "2026-03-02T03:00:01"

static struct attack a;
static struct attack_files files;
static struct mk_vault *named;  /* inspecteur1, who owns all */
static struct mk_vault *barred; /* inspecteur2, who asks */
static struct mk_vault *one;    /* the custodians */
static struct mk_vault *two;
static const struct mk_access own;

static void at(const char *moment)
{
    ck_assert_int_eq(setenv("MELDKLUIS_TEST_TIME", moment, 1), 0);
    (void)mk_clock_now();
}

static void restrict_dossier(size_t i)
{
    static const char *const names[] = {"inspecteur1"};
    struct mk_written w;

    ck_assert_int_eq(mk_restrict(named, &own, &a.ref[i], names, 1, &w, NULL),
                     MK_OK);
}

/* Once; every test begins with these files. */
static void begin(void)
{
    at(DAY);
    attack_setup(&a, 0);
    attack_save(&a, &files);
}

static void end(void)
{
    attack_files_release(&files);
    attack_teardown(&a);
    unsetenv("MELDKLUIS_TEST_TIME");
}

static void set_up(void)
{
    attack_load(&a, &files);
    named = attack_as(&a, "inspecteur1");
    barred = attack_as(&a, "inspecteur2");
    one = attack_as(&a, "bewaarder1");
    two = attack_as(&a, "bewaarder2");
    restrict_dossier(0);
}

static void take_down(void)
{
    mk_vault_close(two);
    mk_vault_close(one);
    mk_vault_close(barred);
    mk_vault_close(named);
}

static uint64_t ask(struct mk_vault *v, size_t i)
{
    struct mk_diag diag = MK_DIAG_INIT;
    uint64_t seq = 0;
    enum mk_err rc =
        mk_emergency_ask(v, &own, &a.ref[i], MK_EMERGENCY_GEV, 2, &seq, &diag);

    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    return seq;
}

static void give(struct mk_vault *v, uint64_t seq)
{
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = mk_emergency_grant(v, seq, &diag);

    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
}

/* What v is told who opens dossier i. */
static enum mk_err opens_by(struct mk_vault *v, size_t i, unsigned purpose,
                            struct mk_diag *diag)
{
    const struct mk_access access = {.purpose = purpose};
    struct mk_view view;
    enum mk_err rc;

    mk_view_init(&view);
    rc = mk_dossier_open(v, &access, MK_AUDIT_SHOW, &a.ref[i], &view, diag);
    mk_view_release(&view);
    return rc;
}

static enum mk_err opens(struct mk_vault *v, size_t i, struct mk_diag *diag)
{
    return opens_by(v, i, MK_PURPOSE_NOOD, diag);
}

/* --- asking --- */

static enum mk_err asks(struct mk_vault *v, size_t i, unsigned reason,
                        unsigned hours)
{
    uint64_t seq;

    return mk_emergency_ask(v, &own, &a.ref[i], reason, hours, &seq, NULL);
}

START_TEST(an_asking_is_judged)
{
    ck_assert_int_eq(asks(named, 0, MK_EMERGENCY_GEV, 2), MK_E_NOT_RESTRICTED);
    ck_assert_int_eq(asks(barred, 1, MK_EMERGENCY_GEV, 2),
                     MK_E_NOT_RESTRICTED);
    ck_assert_int_eq(asks(barred, 0, 999, 2), MK_E_BAD_CODE);
    ck_assert_int_eq(asks(barred, 0, MK_EMERGENCY_GEV, 0), MK_E_BAD_NUMBER);
    ck_assert_int_eq(asks(barred, 0, MK_EMERGENCY_GEV, 73), MK_E_BAD_NUMBER);
    ck_assert_int_eq(asks(one, 0, MK_EMERGENCY_GEV, 2), MK_E_NO_ROLE);
    ck_assert_int_eq(opens(barred, 0, NULL), MK_E_NOT_ASKED);
}
END_TEST

START_TEST(a_dry_run_asks_nothing)
{
    const struct mk_access dry = {.dry_run = true};
    uint64_t seq;

    ck_assert_int_eq(mk_emergency_ask(barred, &dry, &a.ref[0],
                                      MK_EMERGENCY_GEV, 2, &seq, NULL),
                     MK_OK);
    ck_assert_int_eq(opens(barred, 0, NULL), MK_E_NOT_ASKED);
}
END_TEST

/* --- giving --- */

START_TEST(two_custodians_open_it_for_who_asked)
{
    struct mk_diag diag = MK_DIAG_INIT;
    uint64_t seq = ask(barred, 0);

    ck_assert_int_eq(opens(barred, 0, NULL), MK_E_FEW_SHARES);
    give(one, seq);
    ck_assert_int_eq(opens(barred, 0, &diag), MK_E_FEW_SHARES);
    ck_assert_int_eq(diag.num[0], 1);
    ck_assert_int_eq(mk_emergency_grant(one, seq, NULL), MK_E_GIVEN_ALREADY);
    ck_assert_int_eq(opens(barred, 0, NULL), MK_E_FEW_SHARES);
    give(two, seq);
    ck_assert_int_eq(opens(barred, 0, NULL), MK_OK);
    ck_assert_int_eq(opens_by(barred, 0, MK_PURPOSE_CTL, NULL),
                     MK_E_RESTRICTED);
}
END_TEST

START_TEST(who_may_not_give_does_not)
{
    uint64_t seq = ask(barred, 0);

    ck_assert_int_eq(mk_emergency_grant(named, seq, NULL), MK_E_NO_ROLE);
    ck_assert_int_eq(mk_emergency_grant(barred, seq, NULL), MK_E_NO_ROLE);
    ck_assert_int_eq(mk_emergency_grant(one, seq + 1, NULL), MK_E_NO_ASKING);
    ck_assert_int_eq(mk_emergency_grant(one, UINT64_MAX, NULL),
                     MK_E_NO_ASKING);
}
END_TEST

START_TEST(when_the_time_has_passed_nothing_opens)
{
    uint64_t seq = ask(barred, 0);

    give(one, seq);
    at(SAME_DAY_LATER);
    ck_assert_int_eq(mk_emergency_grant(two, seq, NULL), MK_E_EMERGENCY_OVER);
    ck_assert_int_eq(opens(barred, 0, NULL), MK_E_EMERGENCY_OVER);
    seq = ask(barred, 0);
    give(one, seq);
    give(two, seq);
    ck_assert_int_eq(opens(barred, 0, NULL), MK_OK);
    at("2026-03-02T06:00:02");
    ck_assert_int_eq(opens(barred, 0, NULL), MK_E_EMERGENCY_OVER);
}
END_TEST

/* --- records made by hand --- */

static void append(struct mk_vault *by, uint32_t kind, const void *body,
                   size_t n)
{
    const struct mk_log_item item = {
        .role = by == barred ? MK_ROLE_INSPECTOR : MK_ROLE_CUSTODIAN,
        .kind = by == barred ? MK_AUDIT_EMERGENCY_ASK
                             : MK_AUDIT_EMERGENCY_GRANT,
        .outcome = MK_OUTCOME_DONE,
        .purpose = MK_PURPOSE_NOOD,
    };
    struct mk_tx tx;

    ck_assert_int_eq(mk_tx_begin(&tx, by, NULL, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_register(&tx, kind, body, n, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_leaf(&tx, &item, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_commit(&tx, NULL), MK_OK);
}

/* By a custodian who turned bad: a grant of asking seq on dossier 0, said to
 * be of giver: the share is 32 bytes of our own, sealed as it has to be. */
static void append_grant(struct mk_vault *by, uint64_t seq,
                         const uint8_t giver[static MK_ID], uint8_t number)
{
    struct mk_emergency e = {.seq = seq};
    struct mk_dossier_row row;
    struct mk_secret *share = mk_secret_random(MK_KEY);
    struct mk_buf body = MK_BUF_INIT;
    uint8_t context[MK_EMERGENCY_CONTEXT];

    mk_dossier_row_init(&row);
    ck_assert_int_eq(mk_snapshot_begin(barred, NULL), MK_OK);
    ck_assert_int_eq(mk_sealed_row(barred, 0, &row, NULL), MK_OK);
    mk_snapshot_end(barred);
    memcpy(e.dossier, row.id, MK_ID);
    mk_dossier_row_release(&row);
    mk_emergency_context(context, barred, &e, number);
    ck_assert_int_eq(mk_buf_add(&body, "MKN2", 4), MK_OK);
    ck_assert_int_eq(mk_buf_add(&body, barred->head.store, MK_ID), MK_OK);
    ck_assert_int_eq(mk_buf_add_u64(&body, seq), MK_OK);
    ck_assert_int_eq(mk_buf_add(&body, giver, MK_ID), MK_OK);
    ck_assert_int_eq(mk_buf_add_u8(&body, number), MK_OK);
    ck_assert_int_eq(mk_box_seal_secret(&body, barred->me->box, context,
                                        sizeof context, share),
                     MK_OK);
    append(by, MK_REGISTER_EMERGENCY_GRANT, body.data, body.len);
    mk_buf_release(&body);
    mk_secret_free(share);
}

struct copied {
    struct mk_buf body[2];
    size_t n;
};

static enum mk_err copy(void *ctx, const struct mk_register_row *row,
                        struct mk_diag *diag)
{
    struct copied *c = ctx;

    (void)diag;
    if (c->n == 2)
        return MK_OK;
    return mk_buf_add(&c->body[c->n++], row->body.p, row->body.n);
}

/* The first two grants, said to be of asking seq. */
static void replay_grants(uint64_t seq)
{
    struct copied c = {.n = 0};

    ck_assert_int_eq(mk_snapshot_begin(barred, NULL), MK_OK);
    ck_assert_int_eq(
        mk_register_walk(barred, MK_REGISTER_EMERGENCY_GRANT, copy, &c, NULL),
        MK_OK);
    mk_snapshot_end(barred);
    ck_assert_uint_eq(c.n, 2);
    for (size_t i = 0; i < 2; i++) {
        mk_put_u64(c.body[i].data + 20, seq);
        append(i == 0 ? one : two, MK_REGISTER_EMERGENCY_GRANT, c.body[i].data,
               c.body[i].len);
        mk_buf_release(&c.body[i]);
    }
}

START_TEST(nobody_gives_in_anothers_name)
{
    struct mk_diag diag = MK_DIAG_INIT;
    uint64_t seq = ask(barred, 0);

    append_grant(two, seq, one->my_id, 1);
    ck_assert_int_eq(mk_emergency_grant(one, seq, &diag),
                     MK_E_NOT_ALLOWED_HEAD);
    ck_assert_str_eq(diag.place, "register (another's name)");
    ck_assert_int_eq(mk_err_exit(vault_verify(named, NULL, &diag)),
                     MK_EXIT_INTEGRITY);
}
END_TEST

START_TEST(nobody_asks_in_anothers_name)
{
    struct mk_emergency e = {.reason = MK_EMERGENCY_GEV, .until_ms = 1};
    uint8_t body[MK_EMERGENCY_ASK_MAX];

    memcpy(e.requester, named->my_id, MK_ID);
    append(barred, MK_REGISTER_EMERGENCY_ASK, body,
           mk_emergency_put_ask(body, barred, &e));
    ck_assert_int_eq(opens(named, 0, NULL), MK_E_NOT_ALLOWED_HEAD);
}
END_TEST

/* One bad share in the own name does not bar two good ones. */
START_TEST(a_box_that_does_not_open_is_passed_over)
{
    uint64_t seq = ask(barred, 0);
    uint8_t body[MK_EMERGENCY_GRANT] = "MKN2";

    memcpy(body + 4, one->head.store, MK_ID);
    mk_put_u64(body + 20, seq);
    memcpy(body + 28, one->my_id, MK_ID);
    body[44] = 1;
    append(one, MK_REGISTER_EMERGENCY_GRANT, body, sizeof body);
    give(two, seq);
    ck_assert_int_eq(opens(barred, 0, NULL), MK_E_BAD_SHARE);
    give(one, ask(barred, 0));
}
END_TEST

START_TEST(a_giver_or_a_number_counts_once)
{
    uint64_t seq = ask(barred, 0);

    give(one, seq);
    append_grant(one, seq, one->my_id, 7);
    ck_assert_int_eq(opens(barred, 0, NULL), MK_E_FEW_SHARES);
    append_grant(two, seq, two->my_id, 1);
    ck_assert_int_eq(opens(barred, 0, NULL), MK_E_FEW_SHARES);
}
END_TEST

START_TEST(a_share_that_does_not_fit_is_named)
{
    struct mk_diag diag = MK_DIAG_INIT;
    uint64_t seq = ask(barred, 0);

    give(one, seq);
    append_grant(two, seq, two->my_id, 2);
    ck_assert_int_eq(opens(barred, 0, &diag), MK_E_BAD_SHARE);
    ck_assert_str_eq(diag.place, "bewaarder2");
}
END_TEST

START_TEST(shares_of_another_asking_do_not_open)
{
    struct mk_diag diag = MK_DIAG_INIT;
    uint64_t seq = ask(barred, 0);

    give(one, seq);
    give(two, seq);
    replay_grants(ask(barred, 0));
    ck_assert_int_eq(opens(barred, 0, &diag), MK_E_BAD_SHARE);
    ck_assert_str_eq(diag.place, "bewaarder1");
}
END_TEST

START_TEST(shares_of_another_dossier_do_not_open)
{
    uint64_t seq = ask(barred, 0);

    give(one, seq);
    give(two, seq);
    restrict_dossier(1);
    replay_grants(ask(barred, 1));
    ck_assert_int_eq(opens(barred, 1, NULL), MK_E_BAD_SHARE);
}
END_TEST

START_TEST(who_asked_cannot_write_a_grant_himself)
{
    uint64_t seq = ask(barred, 0);
    struct mk_diag diag = MK_DIAG_INIT;

    give(one, seq);
    append(barred, MK_REGISTER_EMERGENCY_GRANT, "MKN2", 4);
    ck_assert_int_eq(opens(named, 0, &diag), MK_E_NOT_ALLOWED_HEAD);
}
END_TEST

START_TEST(a_record_that_is_none_is_told)
{
    uint8_t body[MK_EMERGENCY_ASK_MAX] = "MKN1";

    memcpy(body + 36, barred->my_id, MK_ID);
    append(barred, MK_REGISTER_EMERGENCY_ASK, body, MK_EMERGENCY_ASK - 1);
    ck_assert_int_eq(opens(barred, 0, NULL), MK_E_TAMPERED);
}
END_TEST

/* --- afterwards --- */

/* The program of who was let in: it names him, under whatever key. */
static void name_himself(void)
{
    static const char *const names[] = {"inspecteur1", "inspecteur2"};
    struct mk_restrict_to to = {.n_named = 2};
    const struct mk_rewrap how = {.fresh_dek = true, .restrict_to = &to};
    const struct mk_log_item item = {.role = MK_ROLE_INSPECTOR,
                                     .kind = MK_AUDIT_LIST};
    struct mk_dossier_row row;
    struct mk_tx tx;

    for (size_t i = 0; i < 2; i++)
        to.named[i] = mk_keyring_by_name(barred->keyring, names[i]);
    mk_restrict_to_custodians(&to, barred);
    mk_dossier_row_init(&row);
    ck_assert_int_eq(mk_tx_begin(&tx, barred, NULL, NULL), MK_OK);
    ck_assert_int_eq(mk_sealed_row(barred, 0, &row, NULL), MK_OK);
    ck_assert_int_eq(mk_emergency_open(barred, &row, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_leaf(&tx, &item, NULL), MK_OK);
    ck_assert_int_eq(mk_sealed_rewrap(&tx, &row, &how, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_commit(&tx, NULL), MK_OK);
    mk_dossier_row_release(&row);
}

START_TEST(closing_leaves_out_who_named_himself_while_he_was_in)
{
    struct mk_restricted_to to;
    uint64_t seq = ask(barred, 0);

    give(one, seq);
    give(two, seq);
    ck_assert_int_eq(opens(barred, 0, NULL), MK_OK);
    name_himself();
    ck_assert_int_eq(opens_by(barred, 0, MK_PURPOSE_CTL, NULL), MK_OK);
    ck_assert_int_eq(mk_restrict_again(named, &own, &a.ref[0], &to, NULL),
                     MK_OK);
    ck_assert_uint_eq(to.n, 1);
    ck_assert_mem_eq(to.id[0], named->my_id, MK_ID);
    ck_assert_uint_eq(to.left_out, 1);
    ck_assert_int_eq(opens_by(barred, 0, MK_PURPOSE_CTL, NULL),
                     MK_E_RESTRICTED);
}
END_TEST

/* A custodian gives nothing for an asking that lies about who is named. */
START_TEST(an_asking_that_names_others_gets_no_share)
{
    struct mk_emergency e = {.reason = MK_EMERGENCY_GEV, .n_named = 1};
    struct mk_dossier_row row;
    uint8_t body[MK_EMERGENCY_ASK_MAX];

    mk_dossier_row_init(&row);
    ck_assert_int_eq(mk_snapshot_begin(barred, NULL), MK_OK);
    ck_assert_int_eq(mk_sealed_row(barred, 0, &row, NULL), MK_OK);
    mk_snapshot_end(barred);
    memcpy(e.dossier, row.id, MK_ID);
    memcpy(e.requester, barred->my_id, MK_ID);
    memcpy(e.named[0], barred->my_id, MK_ID);
    e.dek_version = row.dek_version;
    e.until_ms = mk_clock_now() + 3600000;
    mk_dossier_row_release(&row);
    append(barred, MK_REGISTER_EMERGENCY_ASK, body,
           mk_emergency_put_ask(body, barred, &e));
    ck_assert_int_eq(
        mk_emergency_grant(one, barred->head.n_register - 1, NULL),
        MK_E_EMERGENCY_OVER);
}
END_TEST

START_TEST(after_a_new_key_nothing_opens_any_more)
{
    uint64_t seq = ask(barred, 0);

    give(one, seq);
    give(two, seq);
    ck_assert_int_eq(opens(barred, 0, NULL), MK_OK);
    ck_assert_int_eq(mk_restrict_again(named, &own, &a.ref[0],
                                       &(struct mk_restricted_to){.n = 0},
                                       NULL),
                     MK_OK);
    ck_assert_int_eq(opens(barred, 0, NULL), MK_E_EMERGENCY_OVER);
    ck_assert_int_eq(mk_emergency_grant(one, seq, NULL), MK_E_EMERGENCY_OVER);
    /* the shares were of the old key, whatever is asked now */
    replay_grants(ask(barred, 0));
    ck_assert_int_eq(opens(barred, 0, NULL), MK_E_BAD_SHARE);
    ck_assert_int_eq(vault_verify(barred, NULL, NULL), MK_OK);
}
END_TEST

START_TEST(after_a_lift_no_share_is_given)
{
    struct mk_written w;
    uint64_t seq = ask(barred, 0);

    ck_assert_int_eq(mk_restrict(named, &own, &a.ref[0], NULL, 0, &w, NULL),
                     MK_OK);
    ck_assert_int_eq(mk_emergency_grant(one, seq, NULL), MK_E_EMERGENCY_OVER);
    ck_assert_int_eq(opens(barred, 0, NULL), MK_OK);
}
END_TEST

static void change(struct mk_vault *by, enum mk_user_change what,
                   const char *name)
{
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = mk_user_change(by, &own, what, name, 0, &diag);

    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
}

START_TEST(a_requester_who_is_suspended_gets_nothing)
{
    uint64_t seq = ask(barred, 0);

    give(one, seq);
    change(one, MK_USER_SUSPEND, "inspecteur2");
    ck_assert_int_eq(mk_emergency_grant(two, seq, NULL), MK_E_EMERGENCY_OVER);
    ck_assert_int_ne(opens(barred, 0, NULL), MK_OK);
    change(one, MK_USER_RESUME, "inspecteur2");
    give(two, seq);
    mk_vault_close(barred);
    barred = attack_as(&a, "inspecteur2");
    ck_assert_int_eq(opens(barred, 0, NULL), MK_OK);
}
END_TEST

START_TEST(a_requester_who_is_removed_opens_nothing)
{
    uint64_t seq = ask(barred, 0);
    struct mk_vault *again;

    give(one, seq);
    give(two, seq);
    change(one, MK_USER_REMOVE, "inspecteur2");
    ck_assert_int_ne(opens(barred, 0, NULL), MK_OK);
    a.real = true;
    ck_assert_int_ne(attack_unlock(&a, "inspecteur2", &again, NULL), MK_OK);
    mk_vault_close(again);
}
END_TEST

/* --- who is told --- */

static enum mk_err count(void *ctx, const struct mk_emergency *e)
{
    ck_assert(e->pending);
    ++*(size_t *)ctx;
    return MK_OK;
}

static size_t told(struct mk_vault *v)
{
    size_t n = 0;

    ck_assert_int_eq(mk_emergency_notices(v, count, &n, NULL), MK_OK);
    return n;
}

START_TEST(who_is_named_and_the_auditor_are_told_until_there_is_a_new_key)
{
    struct mk_vault *auditor = attack_as(&a, "auditor1");
    uint64_t seq;

    ck_assert_uint_eq(told(named), 0);
    seq = ask(barred, 0);
    ck_assert_uint_eq(told(named), 1);
    ck_assert_uint_eq(told(auditor), 1);
    ck_assert_uint_eq(told(barred), 0);
    ck_assert_uint_eq(told(one), 0);
    at(SAME_DAY_LATER); /* nobody gave anything */
    ck_assert_uint_eq(told(named), 0);
    seq = ask(barred, 0);
    give(one, seq);
    give(two, seq);
    at("2026-03-05");
    ck_assert_uint_eq(told(named), 1);
    ck_assert_uint_eq(told(auditor), 1);
    ck_assert_int_eq(mk_restrict_again(named, &own, &a.ref[0],
                                       &(struct mk_restricted_to){.n = 0},
                                       NULL),
                     MK_OK);
    ck_assert_uint_eq(told(named), 0);
    ck_assert_uint_eq(told(auditor), 0);
    mk_vault_close(auditor);
}
END_TEST

/* --- an owner who is gone --- */

static enum mk_err hand_over(struct mk_vault *v, size_t i,
                             const struct mk_vault *to)
{
    const struct mk_access access = {.purpose = MK_PURPOSE_OVD};
    struct mk_written w;
    struct mk_event e;
    enum mk_err rc;

    mk_event_init(&e);
    e.verb = MK_VERB_OVERDRACHT;
    ck_assert_int_eq(mk_fields_set_id(&e.f, MK_F_MEMBER, to->my_id), MK_OK);
    rc = mk_dossier_event(v, &access, &a.ref[i], &e, &w, NULL);
    mk_event_release(&e);
    return rc;
}

START_TEST(a_dossier_is_taken_over_only_from_who_is_not_in)
{
    ck_assert_int_eq(hand_over(barred, 1, barred), MK_E_NOT_OWN);
    change(one, MK_USER_SUSPEND, "inspecteur1");
    ck_assert_int_eq(hand_over(barred, 1, barred), MK_OK);
    change(one, MK_USER_RESUME, "inspecteur1");
    ck_assert_int_eq(hand_over(barred, 2, barred), MK_E_NOT_OWN);
    change(one, MK_USER_REMOVE, "inspecteur1");
    ck_assert_int_eq(hand_over(barred, 2, barred), MK_OK);
    ck_assert_int_eq(hand_over(barred, 0, barred), MK_E_RESTRICTED);
}
END_TEST

START_TEST(a_restricted_dossier_goes_only_to_who_is_named)
{
    static const char *const both[] = {"inspecteur1", "inspecteur2"};
    struct mk_written w;

    ck_assert_int_eq(hand_over(named, 0, barred), MK_E_NOT_NAMED);
    ck_assert_int_eq(mk_restrict(named, &own, &a.ref[0], both, 2, &w, NULL),
                     MK_OK);
    ck_assert_int_eq(hand_over(named, 0, barred), MK_OK);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        an_asking_is_judged,
        a_dry_run_asks_nothing,
        two_custodians_open_it_for_who_asked,
        who_may_not_give_does_not,
        when_the_time_has_passed_nothing_opens,
        nobody_gives_in_anothers_name,
        nobody_asks_in_anothers_name,
        a_box_that_does_not_open_is_passed_over,
        closing_leaves_out_who_named_himself_while_he_was_in,
        an_asking_that_names_others_gets_no_share,
        a_giver_or_a_number_counts_once,
        a_share_that_does_not_fit_is_named,
        shares_of_another_asking_do_not_open,
        shares_of_another_dossier_do_not_open,
        who_asked_cannot_write_a_grant_himself,
        a_record_that_is_none_is_told,
        after_a_new_key_nothing_opens_any_more,
        after_a_lift_no_share_is_given,
        a_requester_who_is_suspended_gets_nothing,
        a_requester_who_is_removed_opens_nothing,
        who_is_named_and_the_auditor_are_told_until_there_is_a_new_key,
        a_dossier_is_taken_over_only_from_who_is_not_in,
        a_restricted_dossier_goes_only_to_who_is_named,
    };
    Suite *suite = suite_create("emergency");
    TCase *all = tcase_create("all");
    SRunner *runner;
    int failed;

    tcase_set_timeout(all, 60);
    tcase_add_unchecked_fixture(all, begin, end);
    tcase_add_checked_fixture(all, set_up, take_down);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        tcase_add_test(all, tests[i]);
    suite_add_tcase(suite, all);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
