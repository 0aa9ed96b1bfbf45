/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Emergency access: every refusal, and records made by hand. */
#include <string.h>

#include "core/access.h"
#include "core/base/bytes.h"
#include "core/register.h"
#include "crypto/sign.h"
#include "tests/support/emergency_kit.h"

/* --- asking --- */

static enum mk_err asks(struct mk_vault *v, size_t i, unsigned reason,
                        unsigned hours)
{
    uint64_t seq;

    return mk_emergency_ask(v, &em_own, &em.a.ref[i], reason, hours, &seq,
                            NULL);
}

START_TEST(an_asking_is_judged)
{
    ck_assert_int_eq(asks(em.named, 0, MK_EMERGENCY_GEV, 2),
                     MK_E_NOT_RESTRICTED);
    ck_assert_int_eq(asks(em.barred, 1, MK_EMERGENCY_GEV, 2),
                     MK_E_NOT_RESTRICTED);
    ck_assert_int_eq(asks(em.barred, 0, 999, 2), MK_E_BAD_CODE);
    ck_assert_int_eq(asks(em.barred, 0, MK_EMERGENCY_GEV, 0), MK_E_BAD_NUMBER);
    ck_assert_int_eq(asks(em.barred, 0, MK_EMERGENCY_GEV, 73),
                     MK_E_BAD_NUMBER);
    ck_assert_int_eq(asks(em.one, 0, MK_EMERGENCY_GEV, 2), MK_E_NO_ROLE);
    ck_assert_int_eq(em_opens(em.barred, 0, NULL), MK_E_NOT_ASKED);
}
END_TEST

START_TEST(a_dry_run_asks_nothing)
{
    const struct mk_access dry = {.dry_run = true};
    uint64_t seq;

    ck_assert_int_eq(mk_emergency_ask(em.barred, &dry, &em.a.ref[0],
                                      MK_EMERGENCY_GEV, 2, &seq, NULL),
                     MK_OK);
    ck_assert_int_eq(em_opens(em.barred, 0, NULL), MK_E_NOT_ASKED);
}
END_TEST

/* --- giving --- */

START_TEST(two_custodians_open_it_for_who_asked)
{
    struct mk_diag diag = MK_DIAG_INIT;
    uint64_t seq = em_ask(em.barred, 0);

    ck_assert_int_eq(em_opens(em.barred, 0, NULL), MK_E_FEW_SHARES);
    em_give(em.one, seq);
    ck_assert_int_eq(em_opens(em.barred, 0, &diag), MK_E_FEW_SHARES);
    ck_assert_int_eq(diag.num[0], 1);
    ck_assert_int_eq(mk_emergency_grant(em.one, seq, NULL),
                     MK_E_GIVEN_ALREADY);
    ck_assert_int_eq(em_opens(em.barred, 0, NULL), MK_E_FEW_SHARES);
    em_give(em.two, seq);
    ck_assert_int_eq(em_opens(em.barred, 0, NULL), MK_OK);
    ck_assert_int_eq(em_opens_by(em.barred, 0, MK_PURPOSE_CTL, NULL),
                     MK_E_RESTRICTED);
}
END_TEST

START_TEST(who_may_not_give_does_not)
{
    uint64_t seq = em_ask(em.barred, 0);

    ck_assert_int_eq(mk_emergency_grant(em.named, seq, NULL), MK_E_NO_ROLE);
    ck_assert_int_eq(mk_emergency_grant(em.barred, seq, NULL), MK_E_NO_ROLE);
    ck_assert_int_eq(mk_emergency_grant(em.one, seq + 1, NULL),
                     MK_E_NO_ASKING);
    ck_assert_int_eq(mk_emergency_grant(em.one, UINT64_MAX, NULL),
                     MK_E_NO_ASKING);
}
END_TEST

START_TEST(when_the_time_has_passed_nothing_opens)
{
    uint64_t seq = em_ask(em.barred, 0);

    em_give(em.one, seq);
    em_at(EM_LATER);
    ck_assert_int_eq(mk_emergency_grant(em.two, seq, NULL),
                     MK_E_EMERGENCY_OVER);
    ck_assert_int_eq(em_opens(em.barred, 0, NULL), MK_E_EMERGENCY_OVER);
    seq = em_ask(em.barred, 0);
    em_give(em.one, seq);
    em_give(em.two, seq);
    ck_assert_int_eq(em_opens(em.barred, 0, NULL), MK_OK);
    em_at("2026-03-02T06:00:02");
    ck_assert_int_eq(em_opens(em.barred, 0, NULL), MK_E_EMERGENCY_OVER);
}
END_TEST

/* --- records made by hand --- */

/* By a custodian who turned bad: a grant of asking seq on dossier 0, said to
 * be of giver: the share is 32 bytes of our own, sealed as it has to be. */
static void em_append_grant(struct mk_vault *by, uint64_t seq,
                            const uint8_t giver[static MK_ID], uint8_t number)
{
    struct mk_emergency e = {.seq = seq};
    struct mk_dossier_row row;
    struct mk_secret *share = mk_secret_random(MK_KEY);
    struct mk_buf body = MK_BUF_INIT;
    uint8_t context[MK_EMERGENCY_CONTEXT];

    mk_dossier_row_init(&row);
    ck_assert_int_eq(mk_snapshot_begin(em.barred, NULL), MK_OK);
    ck_assert_int_eq(mk_sealed_row(em.barred, 0, &row, NULL), MK_OK);
    mk_snapshot_end(em.barred);
    memcpy(e.dossier, row.id, MK_ID);
    mk_dossier_row_release(&row);
    mk_emergency_context(context, em.barred, &e, number);
    ck_assert_int_eq(mk_buf_add(&body, "MKN2", 4), MK_OK);
    ck_assert_int_eq(mk_buf_add(&body, em.barred->head.store, MK_ID), MK_OK);
    ck_assert_int_eq(mk_buf_add_u64(&body, seq), MK_OK);
    ck_assert_int_eq(mk_buf_add(&body, giver, MK_ID), MK_OK);
    ck_assert_int_eq(mk_buf_add_u8(&body, number), MK_OK);
    ck_assert_int_eq(mk_box_seal_secret(&body, em.barred->me->box, context,
                                        sizeof context, share),
                     MK_OK);
    em_append(by, MK_REGISTER_EMERGENCY_GRANT, body.data, body.len);
    mk_buf_release(&body);
    mk_secret_free(share);
}

START_TEST(nobody_gives_in_anothers_name)
{
    struct mk_diag diag = MK_DIAG_INIT;
    uint64_t seq = em_ask(em.barred, 0);

    em_append_grant(em.two, seq, em.one->my_id, 1);
    ck_assert_int_eq(mk_emergency_grant(em.one, seq, &diag),
                     MK_E_NOT_ALLOWED_HEAD);
    ck_assert_str_eq(diag.place, "register (another's name)");
    ck_assert_int_eq(mk_err_exit(vault_verify(em.named, NULL, &diag)),
                     MK_EXIT_INTEGRITY);
}
END_TEST

START_TEST(nobody_asks_in_anothers_name)
{
    struct mk_emergency e = {.reason = MK_EMERGENCY_GEV, .until_ms = 1};
    uint8_t body[MK_EMERGENCY_ASK];

    memcpy(e.requester, em.named->my_id, MK_ID);
    mk_emergency_put_ask(body, em.barred, &e);
    em_append(em.barred, MK_REGISTER_EMERGENCY_ASK, body, sizeof body);
    ck_assert_int_eq(em_opens(em.named, 0, NULL), MK_E_NOT_ALLOWED_HEAD);
}
END_TEST

/* One bad share in the own name does not bar two good ones. */
START_TEST(a_box_that_does_not_open_is_passed_over)
{
    uint64_t seq = em_ask(em.barred, 0);
    uint8_t body[MK_EMERGENCY_GRANT] = "MKN2";

    memcpy(body + 4, em.one->head.store, MK_ID);
    mk_put_u64(body + 20, seq);
    memcpy(body + 28, em.one->my_id, MK_ID);
    body[44] = 1;
    em_append(em.one, MK_REGISTER_EMERGENCY_GRANT, body, sizeof body);
    em_give(em.two, seq);
    ck_assert_int_eq(em_opens(em.barred, 0, NULL), MK_E_BAD_SHARE);
    em_give(em.one, em_ask(em.barred, 0));
}
END_TEST

START_TEST(a_giver_or_a_number_counts_once)
{
    uint64_t seq = em_ask(em.barred, 0);

    em_give(em.one, seq);
    em_append_grant(em.one, seq, em.one->my_id, 7);
    ck_assert_int_eq(em_opens(em.barred, 0, NULL), MK_E_FEW_SHARES);
    em_append_grant(em.two, seq, em.two->my_id, 1);
    ck_assert_int_eq(em_opens(em.barred, 0, NULL), MK_E_FEW_SHARES);
}
END_TEST

START_TEST(a_share_that_does_not_fit_is_named)
{
    struct mk_diag diag = MK_DIAG_INIT;
    uint64_t seq = em_ask(em.barred, 0);

    em_give(em.one, seq);
    em_append_grant(em.two, seq, em.two->my_id, 2);
    ck_assert_int_eq(em_opens(em.barred, 0, &diag), MK_E_BAD_SHARE);
    ck_assert_str_eq(diag.place, "bewaarder2");
}
END_TEST

START_TEST(shares_of_another_asking_do_not_open)
{
    struct mk_diag diag = MK_DIAG_INIT;
    uint64_t seq = em_ask(em.barred, 0);

    em_give(em.one, seq);
    em_give(em.two, seq);
    em_replay_grants(em_ask(em.barred, 0));
    ck_assert_int_eq(em_opens(em.barred, 0, &diag), MK_E_BAD_SHARE);
    ck_assert_str_eq(diag.place, "bewaarder1");
}
END_TEST

START_TEST(shares_of_another_dossier_do_not_open)
{
    uint64_t seq = em_ask(em.barred, 0);

    em_give(em.one, seq);
    em_give(em.two, seq);
    em_restrict(1);
    em_replay_grants(em_ask(em.barred, 1));
    ck_assert_int_eq(em_opens(em.barred, 1, NULL), MK_E_BAD_SHARE);
}
END_TEST

START_TEST(who_asked_cannot_write_a_grant_himself)
{
    uint64_t seq = em_ask(em.barred, 0);
    struct mk_diag diag = MK_DIAG_INIT;

    em_give(em.one, seq);
    em_append(em.barred, MK_REGISTER_EMERGENCY_GRANT, "MKN2", 4);
    ck_assert_int_eq(em_opens(em.named, 0, &diag), MK_E_NOT_ALLOWED_HEAD);
}
END_TEST

START_TEST(a_record_that_is_none_is_told)
{
    uint8_t body[MK_EMERGENCY_ASK] = "MKN1";

    memcpy(body + 36, em.barred->my_id, MK_ID);
    em_append(em.barred, MK_REGISTER_EMERGENCY_ASK, body,
              MK_EMERGENCY_ASK - 1);
    ck_assert_int_eq(em_opens(em.barred, 0, NULL), MK_E_TAMPERED);
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
        a_giver_or_a_number_counts_once,
        a_share_that_does_not_fit_is_named,
        shares_of_another_asking_do_not_open,
        shares_of_another_dossier_do_not_open,
        who_asked_cannot_write_a_grant_himself,
        a_record_that_is_none_is_told,
    };
    return em_run("emergency", tests, sizeof tests / sizeof *tests);
}
