/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of an emergency: what who was let in can write, who closes it, and
 * who is told until then. */
#include <string.h>

#include "core/access.h"
#include "core/caseload.h"
#include "core/named.h"
#include "core/register.h"
#include "core/sealed.h"
#include "tests/support/emergency_kit.h"

/* --- what who was let in can write --- */

static void let_in(void)
{
    uint64_t seq = em_ask(em.barred, 0);

    em_give(em.one, seq);
    em_give(em.two, seq);
    ck_assert_int_eq(em_opens(em.barred, 0, NULL), MK_OK);
}

/* The program of who was let in: it writes who is named, under a new key that
 * he knows, and with record the row of the register, too. */
static void write_names(const char *const *names, size_t n, bool record)
{
    struct mk_restrict_to to = {.n_named = n};
    const struct mk_rewrap how = {.fresh_dek = true, .restrict_to = &to};
    const struct mk_log_item item = {.role = MK_ROLE_INSPECTOR,
                                     .kind = MK_AUDIT_CHANGE};
    struct mk_dossier_row row;
    struct mk_rewrapped r;
    struct mk_tx tx;
    uint8_t body[MK_NAMED_HEAD + MK_ID] = "MKN3";

    for (size_t i = 0; i < n; i++)
        to.named[i] = mk_keyring_by_name(em.barred->keyring, names[i]);
    mk_restrict_to_custodians(&to, em.barred);
    mk_dossier_row_init(&row);
    mk_rewrapped_init(&r);
    ck_assert_int_eq(mk_tx_begin(&tx, em.barred, NULL, NULL), MK_OK);
    ck_assert_int_eq(mk_sealed_row(em.barred, 0, &row, NULL), MK_OK);
    ck_assert_int_eq(mk_emergency_open(em.barred, &row, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_leaf(&tx, &item, NULL), MK_OK);
    ck_assert_int_eq(mk_sealed_rewrapped(em.barred, &row, &how, &r, NULL),
                     MK_OK);
    ck_assert_int_eq(mk_tx_dossier(&tx, &r.row, NULL), MK_OK);
    if (record) {
        memcpy(body + 4, em.barred->head.store, MK_ID);
        memcpy(body + 20, row.id, MK_ID);
        body[MK_NAMED_HEAD - 1] = 1;
        memcpy(body + MK_NAMED_HEAD, em.barred->my_id, MK_ID);
        ck_assert_int_eq(
            mk_tx_register(&tx, MK_REGISTER_NAMED, body, sizeof body, NULL),
            MK_OK);
    }
    ck_assert_int_eq(mk_tx_commit(&tx, NULL), MK_OK);
    mk_rewrapped_release(&r);
    mk_dossier_row_release(&row);
}

static enum mk_err closes(struct mk_vault *v, struct mk_restricted_to *to)
{
    const struct mk_access access = {.purpose = MK_PURPOSE_CTL};

    return mk_restrict_again(v, &access, &em.a.ref[0], to, NULL);
}

static size_t told(struct mk_vault *v);

static void look_for(void *ctx, const char *name, bool ok, const char *value,
                     const char *advice_nl, const char *advice_en)
{
    (void)value;
    (void)advice_nl;
    (void)advice_en;
    if (strcmp(name, "restricted-names") == 0)
        *(int *)ctx = ok;
}

/* What doctor says to a custodian of who is named: 1 it is well, 0 not. */
static int doctor(void)
{
    int ok = -1;

    mk_caseload_doctor(em.one, look_for, &ok);
    return ok;
}

/* Nobody works on in a dossier that he could read along. */
static void noticed(void)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_written w;
    char tag[MK_TAG_TEXT];

    mk_tag_format(tag, em.a.ref[0].lo);
    ck_assert_int_eq(em_opens_by(em.named, 0, MK_PURPOSE_BEH, &diag),
                     MK_E_NAMED);
    ck_assert_str_eq(diag.place, tag);
    ck_assert_int_eq(em_opens_by(em.barred, 0, MK_PURPOSE_CTL, NULL),
                     MK_E_NAMED);
    ck_assert_int_eq(mk_restrict(em.named, &em_own, &em.a.ref[0],
                                 (const char *const[]){"inspecteur1"}, 1, &w,
                                 NULL),
                     MK_E_NAMED);
    ck_assert_int_eq(vault_verify(em.one, NULL, &diag), MK_E_TAMPERED);
    ck_assert_str_eq(diag.place, "dossier (who is named)");
    ck_assert_int_eq(doctor(), 0);
    ck_assert_uint_eq(told(em.named), 1);
}

/* Back to those whom somebody wrote who may. */
static void put_right(size_t left_out)
{
    struct mk_restricted_to to;

    ck_assert_int_eq(closes(em.barred, &to), MK_E_RESTRICTED);
    ck_assert_int_eq(closes(em.named, &to), MK_OK);
    ck_assert_uint_eq(to.n, 1);
    ck_assert_mem_eq(to.id[0], em.named->my_id, MK_ID);
    ck_assert_uint_eq(to.left_out, left_out);
    ck_assert_int_eq(em_opens_by(em.named, 0, MK_PURPOSE_BEH, NULL), MK_OK);
    ck_assert_int_eq(em_opens_by(em.barred, 0, MK_PURPOSE_CTL, NULL),
                     MK_E_RESTRICTED);
    ck_assert_int_eq(vault_verify(em.one, NULL, NULL), MK_OK);
    ck_assert_int_eq(doctor(), 1);
    ck_assert_uint_eq(told(em.named), 0);
}

START_TEST(who_names_himself_while_he_is_in_is_noticed)
{
    static const char *const names[] = {"inspecteur1", "inspecteur2"};

    let_in();
    write_names(names, 2, false);
    noticed();
    put_right(1);
}
END_TEST

/* The same people, under a key that he knows. */
START_TEST(a_key_of_his_own_is_noticed_and_no_list_of_before)
{
    static const char *const names[] = {"inspecteur1"};
    uint64_t seq;

    let_in();
    write_names(names, 1, false);
    noticed();
    ck_assert_int_eq(mk_emergency_ask(em.barred, &em_own, &em.a.ref[0],
                                      MK_EMERGENCY_GEV, 2, &seq, NULL),
                     MK_E_NAMED);
    put_right(0);
}
END_TEST

START_TEST(a_restriction_that_he_lifts_is_noticed)
{
    let_in();
    write_names(NULL, 0, false);
    noticed();
    put_right(0);
}
END_TEST

START_TEST(who_is_not_named_names_nobody_in_the_register)
{
    struct mk_diag diag = MK_DIAG_INIT;
    static const char *const names[] = {"inspecteur2"};

    let_in();
    write_names(names, 1, true);
    ck_assert_int_eq(em_opens(em.named, 0, &diag), MK_E_NOT_ALLOWED_HEAD);
    ck_assert_str_eq(diag.place, "register (who is named)");
    ck_assert_int_eq(mk_err_exit(vault_verify(em.one, NULL, &diag)),
                     MK_EXIT_INTEGRITY);
}
END_TEST

/* By any row that says who is named, also the one that comes with an entry. */
START_TEST(naming_somebody_closes_it_too)
{
    static const char *const both[] = {"inspecteur1", "inspecteur2"};
    struct mk_written w;

    let_in();
    ck_assert_uint_eq(told(em.named), 1);
    ck_assert_int_eq(
        mk_restrict(em.named, &em_own, &em.a.ref[0], both, 2, &w, NULL),
        MK_OK);
    ck_assert_uint_eq(told(em.named), 0);
    ck_assert_int_eq(em_opens_by(em.barred, 0, MK_PURPOSE_CTL, NULL), MK_OK);
}
END_TEST

/* --- afterwards --- */

START_TEST(after_a_new_key_nothing_opens_any_more)
{
    uint64_t seq = em_ask(em.barred, 0);

    em_give(em.one, seq);
    em_give(em.two, seq);
    ck_assert_int_eq(em_opens(em.barred, 0, NULL), MK_OK);
    ck_assert_int_eq(mk_restrict_again(em.named, &em_own, &em.a.ref[0],
                                       &(struct mk_restricted_to){.n = 0},
                                       NULL),
                     MK_OK);
    ck_assert_int_eq(em_opens(em.barred, 0, NULL), MK_E_EMERGENCY_OVER);
    ck_assert_int_eq(mk_emergency_grant(em.one, seq, NULL),
                     MK_E_EMERGENCY_OVER);
    /* the shares were of the old key, whatever is asked now */
    em_replay_grants(em_ask(em.barred, 0));
    ck_assert_int_eq(em_opens(em.barred, 0, NULL), MK_E_BAD_SHARE);
    ck_assert_int_eq(vault_verify(em.barred, NULL, NULL), MK_OK);
}
END_TEST

START_TEST(after_a_lift_no_share_is_given)
{
    struct mk_written w;
    uint64_t seq = em_ask(em.barred, 0);

    ck_assert_int_eq(
        mk_restrict(em.named, &em_own, &em.a.ref[0], NULL, 0, &w, NULL),
        MK_OK);
    ck_assert_int_eq(mk_emergency_grant(em.one, seq, NULL),
                     MK_E_EMERGENCY_OVER);
    ck_assert_int_eq(em_opens(em.barred, 0, NULL), MK_OK);
}
END_TEST

static void em_change(struct mk_vault *by, enum mk_user_change what,
                      const char *name)
{
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = mk_user_change(by, &em_own, what, name, 0, &diag);

    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
}

START_TEST(a_requester_who_is_suspended_gets_nothing)
{
    uint64_t seq = em_ask(em.barred, 0);

    em_give(em.one, seq);
    em_change(em.one, MK_USER_SUSPEND, "inspecteur2");
    ck_assert_int_eq(mk_emergency_grant(em.two, seq, NULL),
                     MK_E_EMERGENCY_OVER);
    ck_assert_int_ne(em_opens(em.barred, 0, NULL), MK_OK);
    em_change(em.one, MK_USER_RESUME, "inspecteur2");
    em_give(em.two, seq);
    mk_vault_close(em.barred);
    em.barred = attack_as(&em.a, "inspecteur2");
    ck_assert_int_eq(em_opens(em.barred, 0, NULL), MK_OK);
}
END_TEST

START_TEST(a_requester_who_is_removed_opens_nothing)
{
    uint64_t seq = em_ask(em.barred, 0);
    struct mk_vault *again;

    em_give(em.one, seq);
    em_give(em.two, seq);
    em_change(em.one, MK_USER_REMOVE, "inspecteur2");
    ck_assert_int_ne(em_opens(em.barred, 0, NULL), MK_OK);
    em.a.real = true;
    ck_assert_int_ne(attack_unlock(&em.a, "inspecteur2", &again, NULL), MK_OK);
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
    struct mk_vault *auditor = attack_as(&em.a, "auditor1");
    uint64_t seq;

    ck_assert_uint_eq(told(em.named), 0);
    seq = em_ask(em.barred, 0);
    ck_assert_uint_eq(told(em.named), 1);
    ck_assert_uint_eq(told(auditor), 1);
    ck_assert_uint_eq(told(em.barred), 0);
    ck_assert_uint_eq(told(em.one), 0);
    em_at(EM_LATER); /* nobody gave anything */
    ck_assert_uint_eq(told(em.named), 0);
    seq = em_ask(em.barred, 0);
    em_give(em.one, seq);
    em_give(em.two, seq);
    em_at("2026-03-05");
    ck_assert_uint_eq(told(em.named), 1);
    ck_assert_uint_eq(told(auditor), 1);
    ck_assert_int_eq(mk_restrict_again(em.named, &em_own, &em.a.ref[0],
                                       &(struct mk_restricted_to){.n = 0},
                                       NULL),
                     MK_OK);
    ck_assert_uint_eq(told(em.named), 0);
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
    rc = mk_dossier_event(v, &access, &em.a.ref[i], &e, &w, NULL);
    mk_event_release(&e);
    return rc;
}

START_TEST(a_dossier_is_taken_over_only_from_who_is_not_in)
{
    ck_assert_int_eq(hand_over(em.barred, 1, em.barred), MK_E_NOT_OWN);
    em_change(em.one, MK_USER_SUSPEND, "inspecteur1");
    ck_assert_int_eq(hand_over(em.barred, 1, em.barred), MK_OK);
    em_change(em.one, MK_USER_RESUME, "inspecteur1");
    ck_assert_int_eq(hand_over(em.barred, 2, em.barred), MK_E_NOT_OWN);
    em_change(em.one, MK_USER_REMOVE, "inspecteur1");
    ck_assert_int_eq(hand_over(em.barred, 2, em.barred), MK_OK);
    ck_assert_int_eq(hand_over(em.barred, 0, em.barred), MK_E_RESTRICTED);
}
END_TEST

START_TEST(a_restricted_dossier_goes_only_to_who_is_named)
{
    static const char *const both[] = {"inspecteur1", "inspecteur2"};
    struct mk_written w;

    ck_assert_int_eq(hand_over(em.named, 0, em.barred), MK_E_NOT_NAMED);
    ck_assert_int_eq(
        mk_restrict(em.named, &em_own, &em.a.ref[0], both, 2, &w, NULL),
        MK_OK);
    ck_assert_int_eq(hand_over(em.named, 0, em.barred), MK_OK);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        who_names_himself_while_he_is_in_is_noticed,
        a_key_of_his_own_is_noticed_and_no_list_of_before,
        a_restriction_that_he_lifts_is_noticed,
        who_is_not_named_names_nobody_in_the_register,
        naming_somebody_closes_it_too,
        after_a_new_key_nothing_opens_any_more,
        after_a_lift_no_share_is_given,
        a_requester_who_is_suspended_gets_nothing,
        a_requester_who_is_removed_opens_nothing,
        who_is_named_and_the_auditor_are_told_until_there_is_a_new_key,
        a_dossier_is_taken_over_only_from_who_is_not_in,
        a_restricted_dossier_goes_only_to_who_is_named,
    };
    return em_run("emergency_end", tests, sizeof tests / sizeof *tests);
}
