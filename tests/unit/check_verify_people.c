/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is no attack when people come and go: meldkluis-verify finds nothing in
 * a vault where somebody left and a key was replaced. */
#include "core/base/bytes.h"
#include "tests/support/export_scene.h"
#include "tests/support/unit.h"

#include <string.h>

#define OK(call) ck_assert_int_eq(call, MK_OK)

static struct mk_kr_office changed;

static void start(void)
{
    OK(mk_crypto_init(NULL));
    (void)mk_xs_office();
}

static void begin(struct mk_xs *s)
{
    mk_xs_begin(s);
    changed = *mk_xs_office();
    mk_buf_init(&changed.text);
    OK(mk_keyring_copy(&changed.k, mk_xs_office()->k));
    s->x.office = &changed;
}

static void work(struct mk_xs *s, size_t person, enum mk_audit kind)
{
    const struct mk_xk_tx tx = {.person = person, .kind = kind};

    mk_xk_do(&s->x, &tx);
}

static void passes(struct mk_xs *s)
{
    char row[MK_XS_ROW];

    OK(mk_keyring_format(changed.k, &changed.text));
    mk_xs_written(s);
    mk_xs_judge(s);
    mk_xs_row(s, "", row);
    ck_assert_msg(mk_vf_passed(&s->report), "%s", row);
}

static void end(struct mk_xs *s)
{
    mk_xs_end(s);
    mk_buf_release(&changed.text);
    mk_keyring_free(changed.k);
}

START_TEST(what_somebody_did_before_he_left_stays_good)
{
    struct mk_xs s;
    const struct mk_identity *by = &mk_xs_office()->who[MK_KR_FOUNDER];
    const uint8_t *who = mk_xs_office()->who[MK_KR_INSPECTOR2].id;

    begin(&s);
    work(&s, MK_KR_INSPECTOR2, MK_AUDIT_SHOW);
    OK(mk_keyring_suspend(changed.k, by, who, NULL));
    work(&s, MK_KR_FOUNDER, MK_AUDIT_USER_SUSPEND);
    work(&s, MK_KR_INSPECTOR, MK_AUDIT_SHOW);
    OK(mk_keyring_resume(changed.k, by, who, NULL));
    work(&s, MK_KR_FOUNDER, MK_AUDIT_USER_RESUME);
    work(&s, MK_KR_INSPECTOR2, MK_AUDIT_SHOW);
    OK(mk_keyring_revoke(changed.k, by, who, MK_ROLE_BIT(MK_ROLE_INSPECTOR),
                         NULL));
    work(&s, MK_KR_FOUNDER, MK_AUDIT_USER_REMOVE);
    work(&s, MK_KR_INSPECTOR, MK_AUDIT_LIST);
    passes(&s);
    ck_assert(s.report.verdict[MK_VF_ALLOWED].judged);
    end(&s);
}
END_TEST

/* R_L anew, by the auditor: what is signed from here on is so by its key. */
static void replace_log_key(struct mk_xs *s)
{
    struct mk_secret *fresh, *seed;
    uint8_t id[MK_ID], pk[MK_PK];
    uint32_t generation;

    OK(mk_keyring_rotate(changed.k, &changed.who[MK_KR_AUDITOR], MK_KEY_RL,
                         changed.secrets[MK_KEY_RL], &fresh, id, &generation,
                         NULL));
    seed = mk_secret_part(fresh, 32, 32);
    mk_secret_free(s->x.log_sign);
    OK(mk_sign_key(&s->x.log_sign, pk, seed));
    mk_secret_free(seed);
    mk_secret_free(fresh);
    work(s, MK_KR_AUDITOR, MK_AUDIT_KEY_ROTATE);
}

START_TEST(a_checkpoint_of_before_the_key_was_replaced_still_counts)
{
    struct mk_xs s;

    begin(&s);
    mk_xk_note(&s.x, 24, NULL, mk_xs_witness(&s, "old.note"));
    replace_log_key(&s);
    mk_xk_work(&s.x, 3);
    passes(&s);
    ck_assert(s.report.verdict[MK_VF_COMPLETE].judged);
    end(&s);
}
END_TEST

START_TEST(one_key_of_the_log_reads_the_sessions_of_its_time_only)
{
    struct mk_xs s;

    begin(&s);
    replace_log_key(&s);
    mk_xk_work(&s.x, 3);
    passes(&s);
    ck_assert(!s.report.verdict[MK_VF_ALLOWED].judged);
    ck_assert_int_eq(s.report.verdict[MK_VF_ALLOWED].reason.code,
                     MK_VF_ALLOWED_PART);
    ck_assert_uint_eq(s.report.verdict[MK_VF_ALLOWED].reason.a, 4);
    ck_assert_uint_eq(s.report.opened, 12);
    end(&s);
}
END_TEST

static bool own_name = true; /* the record is of who signs the head */

static void row(struct mk_xs *s, size_t person, enum mk_audit kind,
                uint32_t number, const char *magic, const char *rest, size_t n)
{
    uint8_t body[256] = {0};
    const struct mk_xk_tx tx = {.person = person,
                                .kind = kind,
                                .row_kind = number,
                                .row = body,
                                .n_row = 20 + n};

    memcpy(body, magic, 4);
    memcpy(body + 4, s->x.head.store, MK_ID);
    if (rest)
        memcpy(body + 20, rest, n);
    if (own_name && (number == 7 || number == 8))
        memcpy(body + (number == 7 ? 36 : 28), s->x.office->who[person].id,
               MK_ID);
    mk_xk_do(&s->x, &tx);
}

START_TEST(rows_of_emergency_and_destruction_are_taken_from_their_roles)
{
    static const char rule[] = "\0\0\0\x78\0\0\0\x1e\3B1b";
    struct mk_xs s;

    begin(&s);
    row(&s, MK_KR_INSPECTOR, MK_AUDIT_EMERGENCY_ASK, 7, "MKN1", NULL, 50);
    row(&s, MK_KR_FOUNDER, MK_AUDIT_EMERGENCY_GRANT, 8, "MKN2", NULL, 150);
    row(&s, MK_KR_FOUNDER, MK_AUDIT_DESTROY_RULE, 9, "MKU1", rule, 12);
    row(&s, MK_KR_INSPECTOR, MK_AUDIT_HOLD, 10, "MKU2", NULL, 19);
    row(&s, MK_KR_INSPECTOR, MK_AUDIT_DESTROY_PROPOSE, 11, "MKU3", NULL, 36);
    row(&s, MK_KR_FOUNDER, MK_AUDIT_DESTROY_APPROVE, 12, "MKU4", NULL, 152);
    row(&s, MK_KR_INSPECTOR, MK_AUDIT_DESTROY, 13, "MKU5", NULL, 156);
    passes(&s);
    ck_assert_uint_eq(s.report.registers, 8);
    end(&s);
}
END_TEST

/* An asking, or a share, in the name of somebody else. */
START_TEST(nor_of_emergency_in_anothers_name)
{
    struct mk_xs s;
    char text[MK_XS_ROW];

    for (int i = 0; i < 2; i++) {
        uint8_t rest[150] = {0};
        const struct mk_kr_office *o;
        begin(&s);
        o = s.x.office;
        memcpy(rest + (i == 0 ? 16 : 8), o->who[MK_KR_CUSTODIAN2].id, MK_ID);
        own_name = false;
        row(&s, i == 0 ? MK_KR_INSPECTOR : MK_KR_FOUNDER,
            i == 0 ? MK_AUDIT_EMERGENCY_ASK : MK_AUDIT_EMERGENCY_GRANT,
            i == 0 ? 7 : 8, i == 0 ? "MKN1" : "MKN2", (const char *)rest,
            i == 0 ? 50 : 150);
        own_name = true;
        OK(mk_keyring_format(changed.k, &changed.text));
        mk_xs_written(&s);
        mk_xs_judge(&s);
        mk_xs_row(&s, "", text);
        ck_assert_msg(!mk_vf_passed(&s.report), "%s", text);
        end(&s);
    }
}
END_TEST

/* Who is named for a dossier of zeros: each of these people. */
static void named(struct mk_xs *s, size_t by, const size_t *who, size_t n)
{
    uint8_t rest[2 * MK_ID + 1 + 2 * MK_ID] = {0};

    rest[MK_ID] = n != 0; /* else nobody's boxes */
    rest[(size_t)2 * MK_ID] = (uint8_t)n;
    for (size_t i = 0; i < n; i++)
        memcpy(rest + (2 + i) * MK_ID + 1, s->x.office->who[who[i]].id, MK_ID);
    row(s, by, MK_AUDIT_RESTRICT, 14, "MKN3", (const char *)rest,
        (size_t)2 * MK_ID + 1 + n * MK_ID);
}

static bool judged(struct mk_xs *s, char text[static MK_XS_ROW])
{
    OK(mk_keyring_format(changed.k, &changed.text));
    mk_xs_written(s);
    mk_xs_judge(s);
    mk_xs_row(s, "", text);
    return mk_vf_passed(&s->report);
}

/* Each names the next; nobody is named, then it is anybody's again. */
START_TEST(who_is_named_names_others)
{
    struct mk_xs s;
    char text[MK_XS_ROW];

    begin(&s);
    named(&s, MK_KR_INSPECTOR, (const size_t[]){MK_KR_INSPECTOR}, 1);
    named(&s, MK_KR_INSPECTOR,
          (const size_t[]){MK_KR_INSPECTOR, MK_KR_INSPECTOR2}, 2);
    named(&s, MK_KR_INSPECTOR2, (const size_t[]){MK_KR_INSPECTOR2}, 1);
    named(&s, MK_KR_INSPECTOR2, NULL, 0);
    named(&s, MK_KR_INSPECTOR, (const size_t[]){MK_KR_INSPECTOR}, 1);
    ck_assert_msg(judged(&s, text), "%s", text);
    end(&s);
}
END_TEST

START_TEST(nobody_else_names_anybody)
{
    struct mk_xs s;
    char text[MK_XS_ROW];

    begin(&s);
    named(&s, MK_KR_INSPECTOR, (const size_t[]){MK_KR_INSPECTOR}, 1);
    named(&s, MK_KR_INSPECTOR2, (const size_t[]){MK_KR_INSPECTOR2}, 1);
    ck_assert(!judged(&s, text));
    ck_assert_ptr_nonnull(strstr(text, "adds to the register"));
    end(&s);
}
END_TEST

/* An emergency is told until somebody who is named wrote who is. */
START_TEST(an_emergency_is_told_until_it_is_closed)
{
    struct mk_xs s;

    for (int i = 0; i < 2; i++) {
        uint8_t share[150] = {0};
        const struct mk_vf_opinion *said = &s.report.verdict[MK_VF_INTACT];
        bool open = false;

        begin(&s);
        named(&s, MK_KR_INSPECTOR2, (const size_t[]){MK_KR_INSPECTOR2}, 1);
        mk_put_u64(share, s.x.head.n_register);
        row(&s, MK_KR_INSPECTOR, MK_AUDIT_EMERGENCY_ASK, 7, "MKN1", NULL, 50);
        row(&s, MK_KR_FOUNDER, MK_AUDIT_EMERGENCY_GRANT, 8, "MKN2",
            (const char *)share, sizeof share);
        row(&s, MK_KR_CUSTODIAN2, MK_AUDIT_EMERGENCY_GRANT, 8, "MKN2",
            (const char *)share, sizeof share);
        if (i == 1)
            named(&s, MK_KR_INSPECTOR2, (const size_t[]){MK_KR_INSPECTOR2}, 1);
        passes(&s);
        for (size_t k = 0; k < said->n_notes; k++)
            open = open || said->notes[k].code == MK_VF_EMERGENCY_OPEN;
        ck_assert_int_eq(open, i == 0);
        end(&s);
    }
}
END_TEST

START_TEST(and_from_nobody_else_nor_in_another_form)
{
    struct mk_xs s;
    char text[MK_XS_ROW];

    for (int i = 0; i < 2; i++) {
        begin(&s);
        row(&s, i == 0 ? MK_KR_INSPECTOR : MK_KR_FOUNDER,
            MK_AUDIT_DESTROY_APPROVE, 12, "MKU4", NULL, i == 0 ? 152 : 153);
        OK(mk_keyring_format(changed.k, &changed.text));
        mk_xs_written(&s);
        mk_xs_judge(&s);
        mk_xs_row(&s, "", text);
        ck_assert_msg(!mk_vf_passed(&s.report), "%s", text);
        end(&s);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        what_somebody_did_before_he_left_stays_good,
        a_checkpoint_of_before_the_key_was_replaced_still_counts,
        one_key_of_the_log_reads_the_sessions_of_its_time_only,
        rows_of_emergency_and_destruction_are_taken_from_their_roles,
        nor_of_emergency_in_anothers_name,
        who_is_named_names_others,
        nobody_else_names_anybody,
        an_emergency_is_told_until_it_is_closed,
        and_from_nobody_else_nor_in_another_form,
    };
    return UNIT_RUN("verify_people", tests, start);
}
