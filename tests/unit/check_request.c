/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a request to a role: two people, each with his part. */
#include <string.h>

#include "tests/support/keyring.h"
#include "tests/support/unit.h"

static struct mk_kr_office o;
static struct mk_kr_office other;
static struct mk_buf request; /* of Gerda Vos, for o */
static struct mk_secret *passphrase;

static void start(void)
{
    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
    mk_kr_office_make(&o);
    mk_kr_office_make(&other);
    passphrase = mk_secret_from("g wachtwoord", 12);
    ck_assert_int_eq(
        mk_request_make(o.k, "Gerda Vos", passphrase, &request, NULL), MK_OK);
}

#define BIT(role) MK_ROLE_BIT(MK_ROLE_##role)

static struct mk_member admit(unsigned roles)
{
    struct mk_member m;
    struct mk_diag diag = MK_DIAG_INIT;
    ck_assert_msg(mk_keyring_admit(o.k, &o.who[MK_KR_FOUNDER], request.data,
                                   request.len, roles, &m, &diag) == MK_OK,
                  "%s %s", mk_err_name(diag.err), diag.place);
    return m;
}

/* What f would change must not have been changed. */
static void assert_unchanged(void)
{
    struct mk_buf now = MK_BUF_INIT;
    ck_assert_int_eq(mk_keyring_format(o.k, &now), MK_OK);
    ck_assert_uint_eq(now.len, o.text.len);
    ck_assert_mem_eq(now.data, o.text.data, now.len);
    mk_buf_release(&now);
}

START_TEST(admitted_and_granted_a_person_has_the_keys_of_his_role)
{
    const struct {
        enum mk_role role;
        size_t granter;
    } rows[] = {
        {MK_ROLE_INSPECTOR, MK_KR_INSPECTOR}, {MK_ROLE_ANALYST, MK_KR_ANALYST},
        {MK_ROLE_ANALYST, MK_KR_INSPECTOR},   {MK_ROLE_AUDITOR, MK_KR_AUDITOR},
        {MK_ROLE_CUSTODIAN, MK_KR_ANALYST},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum mk_role role = rows[i].role;
        struct mk_keyring *before;
        struct mk_identity gerda;
        struct mk_member m;
        uint64_t serial;

        ck_assert_int_eq(mk_keyring_copy(&before, o.k), MK_OK);
        m = admit(MK_ROLE_BIT(role));
        mk_kr_office_reread(&o);
        ck_assert_str_eq(m.name, "Gerda Vos");
        ck_assert_uint_eq(mk_keyring_roles(o.k, m.id), 0);
        ck_assert_int_eq(mk_keyring_unlock(o.k, mk_keyring_by_id(o.k, m.id),
                                           passphrase, &gerda, NULL),
                         MK_OK);

        serial = mk_keyring_serial(o.k);
        ck_assert_int_eq(
            mk_keyring_grant(o.k, &o.who[rows[i].granter], m.id, role, NULL),
            MK_OK);
        mk_kr_office_reread(&o);
        ck_assert_uint_eq(mk_keyring_roles(o.k, m.id), MK_ROLE_BIT(role));
        ck_assert(!mk_keyring_has_role(o.k, m.id, role, serial));
        ck_assert(
            mk_keyring_has_role(o.k, m.id, role, mk_keyring_serial(o.k)));
        for (unsigned kind = 1; kind < MK_KEY_KINDS; kind++) {
            struct mk_secret *s;
            uint8_t id[MK_ID];
            uint32_t generation;
            bool has = mk_role_keys(role) & (1u << kind);
            ck_assert_int_eq(mk_keyring_unwrap(o.k, &gerda,
                                               (enum mk_key_kind)kind, &s, id,
                                               &generation, NULL),
                             has ? MK_OK : MK_E_NO_ROLE);
            mk_secret_free(s);
        }
        mk_identity_release(&gerda);
        mk_kr_take(o.k, before);
    }
}
END_TEST

START_TEST(a_role_takes_two_people)
{
    struct mk_member m = admit(BIT(INSPECTOR));
    struct mk_diag diag = MK_DIAG_INIT;

    mk_kr_office_reread(&o);
    ck_assert_int_eq(mk_keyring_grant(o.k, &o.who[MK_KR_FOUNDER], m.id,
                                      MK_ROLE_INSPECTOR, &diag),
                     MK_E_TWO_PEOPLE);
    ck_assert_int_eq(mk_keyring_grant(o.k, &o.who[MK_KR_CUSTODIAN2], m.id,
                                      MK_ROLE_INSPECTOR, &diag),
                     MK_E_NO_ROLE);
    ck_assert_int_eq(mk_keyring_grant(o.k, &o.who[MK_KR_ANALYST], m.id,
                                      MK_ROLE_INSPECTOR, &diag),
                     MK_E_NO_ROLE);
    ck_assert_str_eq(diag.place, "inspector");
    ck_assert_int_eq(mk_keyring_grant(o.k, &o.who[MK_KR_AUDITOR], m.id,
                                      MK_ROLE_INSPECTOR, &diag),
                     MK_E_NO_ROLE);
    ck_assert_int_eq(mk_keyring_grant(o.k, &o.who[MK_KR_INSPECTOR], m.id,
                                      MK_ROLE_ANALYST, &diag),
                     MK_E_NOT_FOUND);
    ck_assert_int_eq(mk_keyring_grant(o.k, &o.who[MK_KR_INSPECTOR],
                                      (const uint8_t[MK_ID]){1},
                                      MK_ROLE_ANALYST, &diag),
                     MK_E_NOT_FOUND);
    assert_unchanged();
    ck_assert_int_eq(mk_keyring_grant(o.k, &o.who[MK_KR_INSPECTOR], m.id,
                                      MK_ROLE_INSPECTOR, &diag),
                     MK_OK);
    ck_assert_int_eq(mk_keyring_grant(o.k, &o.who[MK_KR_INSPECTOR2], m.id,
                                      MK_ROLE_INSPECTOR, &diag),
                     MK_E_EXISTS);
}
END_TEST

START_TEST(who_was_admitted_can_grant_and_certify_in_his_turn)
{
    struct mk_member m = admit(BIT(ANALYST));
    struct mk_identity gerda;

    ck_assert_int_eq(mk_keyring_grant(o.k, &o.who[MK_KR_ANALYST], m.id,
                                      MK_ROLE_ANALYST, NULL),
                     MK_OK);
    ck_assert_int_eq(mk_keyring_unlock(o.k, mk_keyring_by_id(o.k, m.id),
                                       passphrase, &gerda, NULL),
                     MK_OK);
    /* Gerda, an analyst, lets the other custodian be an analyst too */
    ck_assert_int_eq(mk_keyring_certify(o.k, &o.who[MK_KR_FOUNDER],
                                        o.who[MK_KR_CUSTODIAN2].id,
                                        BIT(ANALYST), NULL),
                     MK_OK);
    ck_assert_int_eq(mk_keyring_grant(o.k, &gerda, o.who[MK_KR_CUSTODIAN2].id,
                                      MK_ROLE_ANALYST, NULL),
                     MK_OK);
    mk_kr_office_reread(&o);
    ck_assert_uint_eq(mk_keyring_roles(o.k, o.who[MK_KR_CUSTODIAN2].id),
                      BIT(CUSTODIAN) | BIT(ANALYST));
    mk_identity_release(&gerda);
}
END_TEST

START_TEST(who_asks_is_shown_before_he_is_admitted)
{
    struct mk_member asked;
    struct mk_member m;
    char a[40];
    char b[40];

    ck_assert_int_eq(
        mk_request_read(o.k, request.data, request.len, &asked, NULL), MK_OK);
    assert_unchanged();
    m = admit(BIT(ANALYST));
    mk_member_fingerprint(&asked, a);
    mk_member_fingerprint(mk_keyring_by_id(o.k, m.id), b);
    ck_assert_str_eq(a, b);
    ck_assert_uint_eq(strlen(a), 39);
    for (size_t i = 0; i < 39; i++)
        ck_assert(i % 5 == 4 ? a[i] == ' '
                             : strchr("0123456789abcdef", a[i]) != NULL);
    m.box[0] ^= 1;
    mk_member_fingerprint(&m, b);
    ck_assert_str_ne(a, b);
}
END_TEST

static enum mk_err try_admit(size_t by, const void *text, size_t n,
                             unsigned roles, struct mk_diag *diag)
{
    *diag = (struct mk_diag)MK_DIAG_INIT;
    return mk_keyring_admit(o.k, &o.who[by], text, n, roles, NULL, diag);
}

START_TEST(only_a_custodian_admits)
{
    struct mk_diag diag;

    for (size_t by = 0; by < MK_KR_PEOPLE; by++) {
        if (mk_kr_first[by].role == MK_ROLE_CUSTODIAN)
            continue;
        ck_assert_int_eq(
            try_admit(by, request.data, request.len, BIT(ANALYST), &diag),
            MK_E_NO_ROLE);
        ck_assert_str_eq(diag.place, "custodian");
    }
    ck_assert_int_eq(try_admit(MK_KR_FOUNDER, request.data, request.len,
                               BIT(INSPECTOR) | BIT(AUDITOR), &diag),
                     MK_E_ROLE_CONFLICT);
    ck_assert_int_eq(
        try_admit(MK_KR_FOUNDER, request.data, request.len, 0, &diag),
        MK_E_USAGE);
    assert_unchanged();
}
END_TEST

START_TEST(nobody_is_admitted_twice)
{
    struct mk_diag diag;
    struct mk_buf again = MK_BUF_INIT;

    ck_assert_int_eq(
        mk_request_make(o.k, "gerda VOS", passphrase, &again, NULL), MK_OK);
    admit(BIT(ANALYST));
    mk_kr_office_reread(&o);
    ck_assert_int_eq(try_admit(MK_KR_FOUNDER, request.data, request.len,
                               BIT(INSPECTOR), &diag),
                     MK_E_EXISTS);
    ck_assert_int_eq(
        try_admit(MK_KR_FOUNDER, again.data, again.len, BIT(INSPECTOR), &diag),
        MK_E_EXISTS);
    ck_assert_str_eq(diag.place, "name");
    mk_buf_clear(&again);
    ck_assert_int_eq(
        mk_request_make(o.k, "Gerda Vos", passphrase, &again, &diag),
        MK_E_EXISTS);
    ck_assert_uint_eq(again.len, 0);
    assert_unchanged();
    mk_buf_release(&again);
}
END_TEST

START_TEST(a_request_changed_in_any_byte_is_refused)
{
    struct mk_diag diag;

    for (size_t i = 0; i < request.len; i++) {
        uint8_t bit = (uint8_t)(1u << (i % 8));
        struct mk_member m;
        request.data[i] ^= bit;
        enum mk_err rc =
            mk_request_read(o.k, request.data, request.len, &m, &diag);
        request.data[i] ^= bit;
        ck_assert_msg(rc == MK_E_SYNTAX || rc == MK_E_NEWER, "byte %zu: %s", i,
                      mk_err_name(rc));
    }
    for (size_t n = 0; n < request.len; n++) {
        struct mk_member m;
        ck_assert_int_eq(mk_request_read(o.k, request.data, n, &m, &diag),
                         MK_E_SYNTAX);
    }
}
END_TEST

/* A signature over another spelling is good, and yet no request. */
START_TEST(a_request_in_another_spelling_is_refused_though_signed)
{
    struct mk_member m = admit(BIT(ANALYST));
    struct mk_identity gerda;
    struct mk_buf t = MK_BUF_INIT;
    struct mk_diag diag;
    struct mk_kr_request r;
    uint8_t sig[MK_SIG];
    uint8_t *at;

    ck_assert_int_eq(mk_keyring_unlock(o.k, mk_keyring_by_id(o.k, m.id),
                                       passphrase, &gerda, NULL),
                     MK_OK);
    for (int change = 0; change < 2; change++) {
        mk_buf_clear(&t);
        ck_assert_int_eq(mk_buf_add(&t, request.data, request.len), MK_OK);
        at = memmem(t.data, t.len, "sign-key: ", 10);
        ck_assert_ptr_nonnull(at);
        for (at += 10; change && (*at < 'a' || *at > 'f'); at++)
            ;
        if (change)
            *at = (uint8_t)(*at - 'a' + 'A');
        at = memmem(t.data, t.len, "\nsig: ", 6);
        t.len = (size_t)(at + 1 - t.data);
        ck_assert_int_eq(
            mk_sign(sig, gerda.sign, MK_KR_CTX_REQUEST, t.data, t.len), MK_OK);
        ck_assert_int_eq(mk_kr_add_b64(&t, "sig", sig, MK_SIG), MK_OK);
        ck_assert_int_eq(mk_kr_request_read(o.k, t.data, t.len, &r, &diag),
                         change ? MK_E_SYNTAX : MK_OK);
    }
    mk_identity_release(&gerda);
    mk_buf_release(&t);
}
END_TEST

START_TEST(a_request_for_another_vault_or_of_no_end_is_refused)
{
    struct mk_diag diag;
    struct mk_buf t = MK_BUF_INIT;

    ck_assert_int_eq(
        mk_request_make(other.k, "Gerda Vos", passphrase, &t, NULL), MK_OK);
    ck_assert_int_eq(
        try_admit(MK_KR_FOUNDER, t.data, t.len, BIT(ANALYST), &diag),
        MK_E_OTHER_VAULT);
    ck_assert_str_eq(diag.place, "request");
    ck_assert_int_eq(mk_buf_add_zero(&t, MK_REQUEST_MAX), MK_OK);
    ck_assert_int_eq(
        try_admit(MK_KR_FOUNDER, t.data, t.len, BIT(ANALYST), &diag),
        MK_E_TOO_LARGE);
    assert_unchanged();
    mk_buf_release(&t);
}
END_TEST

START_TEST(a_request_has_a_name_and_a_passphrase)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_buf t = MK_BUF_INIT;
    struct mk_secret *none = mk_secret_from("", 0);

    ck_assert_int_eq(mk_request_make(o.k, "", passphrase, &t, &diag),
                     MK_E_SYNTAX);
    ck_assert_int_eq(mk_request_make(o.k, "a\nb", passphrase, &t, &diag),
                     MK_E_SYNTAX);
    ck_assert_int_eq(mk_request_make(o.k, "Gerda", none, &t, &diag),
                     MK_E_MISSING_KEY);
    ck_assert_uint_eq(t.len, 0);
    mk_secret_free(none);
}
END_TEST

START_TEST(nobody_asks_or_is_admitted_under_a_name_that_looks_like_anothers)
{
    static const char *const like[] = {"Gerda V\xc3\xb4s", "G\xc3\xa9rda Vos",
                                       "Gerda de Vos"};
    struct mk_buf before[3];
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_buf late = MK_BUF_INIT;

    for (size_t i = 0; i < 3; i++) { /* asked while she was not there yet */
        before[i] = (struct mk_buf)MK_BUF_INIT;
        ck_assert_int_eq(
            mk_request_make(o.k, like[i], passphrase, &before[i], NULL),
            MK_OK);
    }
    admit(BIT(ANALYST));
    for (size_t i = 0; i < 3; i++) {
        ck_assert_int_eq(mk_keyring_admit(o.k, &o.who[MK_KR_FOUNDER],
                                          before[i].data, before[i].len,
                                          BIT(ANALYST), NULL, &diag),
                         MK_E_NAME_LIKE);
        ck_assert_str_eq(diag.place, "Gerda Vos");
        ck_assert_int_eq(
            mk_request_make(o.k, like[i], passphrase, &late, NULL),
            MK_E_NAME_LIKE);
        mk_buf_release(&before[i]);
    }
    ck_assert_int_eq(
        mk_request_make(o.k, "Gerda Vos 2", passphrase, &late, NULL), MK_OK);
    mk_buf_release(&late);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        admitted_and_granted_a_person_has_the_keys_of_his_role,
        a_role_takes_two_people,
        who_was_admitted_can_grant_and_certify_in_his_turn,
        who_asks_is_shown_before_he_is_admitted,
        only_a_custodian_admits,
        nobody_is_admitted_twice,
        nobody_asks_or_is_admitted_under_a_name_that_looks_like_anothers,
        a_request_changed_in_any_byte_is_refused,
        a_request_in_another_spelling_is_refused_though_signed,
        a_request_for_another_vault_or_of_no_end_is_refused,
        a_request_has_a_name_and_a_passphrase,
    };
    return UNIT_RUN("request", tests, start);
}
