/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Statements with a good signature, made by a member with a program of his
 * own who does what his role does not allow.
 */
#include <stdio.h>
#include <string.h>

#include "tests/support/keyring.h"
#include "tests/support/unit.h"

static struct mk_kr_office o;

static void start(void)
{
    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
    mk_kr_office_make(&o);
}

#define BIT(role) MK_ROLE_BIT(MK_ROLE_##role)

static const char *why_of;

/* st, signed by who, behind the statements of k: what the reader says. */
static enum mk_err verdict(const struct mk_keyring *k,
                           struct mk_kr_statement *st,
                           const struct mk_identity *who)
{
    static char why[96];
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_keyring *c;
    struct mk_keyring *read;
    struct mk_buf t = MK_BUF_INIT;
    size_t n_signed;
    enum mk_err rc;

    ck_assert_int_eq(mk_kr_sign(k, st, who), MK_OK);
    ck_assert_int_eq(mk_keyring_copy(&c, k), MK_OK);
    ck_assert_int_eq(mk_buf_add_str(&c->members, "\n"), MK_OK);
    ck_assert_int_eq(mk_kr_statement_add(&c->members, st, &n_signed), MK_OK);
    ck_assert_int_eq(mk_keyring_format(c, &t), MK_OK);
    rc = mk_keyring_parse(&read, t.data, t.len, &diag);
    if (rc != MK_OK)
        ck_assert_int_eq(diag.num[0], (int64_t)st->serial);
    memcpy(why, diag.place, sizeof why);
    why_of = why;
    mk_keyring_free(read);
    mk_keyring_free(c);
    mk_buf_release(&t);
    return rc;
}

#define REFUSED(k, st, who, why)                             \
    do {                                                     \
        ck_assert_int_eq(verdict(k, st, who), MK_E_DAMAGED); \
        ck_assert_str_eq(why_of, why);                       \
    } while (0)

static struct mk_kr_statement certify(size_t person, unsigned roles)
{
    struct mk_kr_statement st = {
        .type = MK_KR_CERTIFY, .roles = roles, .generation = 1};
    const struct mk_member *m = mk_keyring_by_id(o.k, o.who[person].id);
    memcpy(st.person.id, m->id, MK_ID);
    memcpy(st.person.name, m->name, sizeof st.person.name);
    memcpy(st.person.box, m->box, MK_PK);
    memcpy(st.person.sign, m->sign, MK_PK);
    return st;
}

static struct mk_kr_statement wrap(const struct mk_keyring *k, size_t person,
                                   enum mk_role role, enum mk_key_kind kind)
{
    struct mk_kr_statement st;
    ck_assert_int_eq(mk_kr_wrap_fill(k, &st, mk_kr_find(k, o.who[person].id),
                                     role, kind, o.key_ids[kind],
                                     o.secrets[kind]),
                     MK_OK);
    return st;
}

/* o.k with person certified for one more role by custodian. */
static struct mk_keyring *certified(size_t person, unsigned role,
                                    size_t custodian)
{
    struct mk_keyring *k;
    ck_assert_int_eq(mk_keyring_copy(&k, o.k), MK_OK);
    ck_assert_int_eq(
        mk_keyring_certify(k, &o.who[custodian], o.who[person].id, role, NULL),
        MK_OK);
    return k;
}

/* --- certify --- */

START_TEST(only_a_custodian_certifies)
{
    struct mk_kr_statement st = certify(MK_KR_ANALYST, BIT(INSPECTOR));

    REFUSED(o.k, &st, &o.who[MK_KR_INSPECTOR], MK_WHY_CUSTODIAN);
    REFUSED(o.k, &st, &o.who[MK_KR_AUDITOR], MK_WHY_CUSTODIAN);
    ck_assert_int_eq(verdict(o.k, &st, &o.who[MK_KR_CUSTODIAN2]), MK_OK);
    ck_assert_int_eq(verdict(o.k, &st, &o.who[MK_KR_FOUNDER]), MK_OK);
}
END_TEST

START_TEST(a_custodian_does_not_certify_himself)
{
    struct mk_kr_statement st = certify(MK_KR_CUSTODIAN2, BIT(ANALYST));

    REFUSED(o.k, &st, &o.who[MK_KR_CUSTODIAN2], MK_WHY_TWO_PEOPLE);
    ck_assert_int_eq(verdict(o.k, &st, &o.who[MK_KR_FOUNDER]), MK_OK);
}
END_TEST

START_TEST(a_custodian_certified_but_not_granted_cannot_certify)
{
    struct mk_keyring *k =
        certified(MK_KR_ANALYST, BIT(CUSTODIAN), MK_KR_FOUNDER);
    struct mk_kr_statement st = certify(MK_KR_CUSTODIAN2, BIT(ANALYST));

    REFUSED(k, &st, &o.who[MK_KR_ANALYST], MK_WHY_CUSTODIAN);
    ck_assert_int_eq(mk_keyring_grant(k, &o.who[MK_KR_INSPECTOR],
                                      o.who[MK_KR_ANALYST].id,
                                      MK_ROLE_CUSTODIAN, NULL),
                     MK_OK);
    ck_assert_int_eq(verdict(k, &st, &o.who[MK_KR_ANALYST]), MK_OK);
    mk_keyring_free(k);
}
END_TEST

START_TEST(roles_that_exclude_each_other_are_not_certified)
{
    const struct {
        size_t person;
        unsigned roles;
    } rows[] = {
        {MK_KR_INSPECTOR, BIT(AUDITOR)},
        {MK_KR_AUDITOR, BIT(INSPECTOR)},
        {MK_KR_CUSTODIAN2, BIT(INSPECTOR)},
        {MK_KR_INSPECTOR, BIT(CUSTODIAN)},
        {MK_KR_CUSTODIAN2, BIT(AUDITOR)},
        {MK_KR_AUDITOR, BIT(CUSTODIAN)},
        {MK_KR_ANALYST, BIT(INSPECTOR) | BIT(AUDITOR)},
        {MK_KR_ANALYST, BIT(CUSTODIAN) | BIT(INSPECTOR)},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mk_kr_statement st = certify(rows[i].person, rows[i].roles);
        REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_ROLES);
    }
}
END_TEST

START_TEST(a_member_keeps_his_name_and_keys)
{
    struct mk_kr_statement st = certify(MK_KR_ANALYST, BIT(INSPECTOR));

    st.person.box[0] ^= 1;
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_KEY);
    st = certify(MK_KR_ANALYST, BIT(INSPECTOR));
    memcpy(st.person.sign, o.who[MK_KR_ANALYST].id, MK_ID);
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_KEY);
    st = certify(MK_KR_ANALYST, BIT(INSPECTOR));
    st.person.name[0] = 'X';
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_KEY);
    st = certify(MK_KR_ANALYST, BIT(INSPECTOR));
    st.generation = 2;
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_KEY);
    st = certify(MK_KR_ANALYST, BIT(ANALYST));
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_TWICE);
}
END_TEST

START_TEST(names_ids_and_keys_are_nobody_elses)
{
    struct mk_identity new;
    struct mk_kr_statement fresh = certify(MK_KR_ANALYST, BIT(ANALYST));
    struct mk_kr_statement st;
    const struct mk_kr_person *analyst = &fresh.person;
    struct mk_kr_person p = {.name = "Gerda Vos"};

    ck_assert_int_eq(mk_kr_identity_make(&new, p.box, p.sign), MK_OK);
    memcpy(p.id, new.id, MK_ID);
    st = fresh;
    st.person = p;
    memcpy(st.person.name, "EVA mulder", 11);
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_TWICE);
    st.person = p;
    memcpy(st.person.box, analyst->box, MK_PK);
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_TWICE);
    st.person = p;
    memcpy(st.person.sign, analyst->sign, MK_PK);
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_TWICE);
    /* decomposed, a bidi control, spaces around: all are other spellings */
    const char *const names[] = {"Rene\xcc\x81", "Eva\xe2\x80\xae",
                                 " Gerda",       "Gerda ",
                                 "Ger  da",      "\xd0\x95va"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        st.person = p;
        snprintf(st.person.name, sizeof st.person.name, "%s", names[i]);
        REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_NAME);
    }
    mk_identity_release(&new);
}
END_TEST

/* --- wrap --- */

START_TEST(no_custodian_wraps_after_the_opening)
{
    struct mk_keyring *k =
        certified(MK_KR_ANALYST, BIT(INSPECTOR), MK_KR_CUSTODIAN2);
    struct mk_kr_statement st =
        wrap(k, MK_KR_ANALYST, MK_ROLE_INSPECTOR, MK_KEY_RD);

    REFUSED(k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_WRAP_CUSTODIAN);
    REFUSED(k, &st, &o.who[MK_KR_CUSTODIAN2], MK_WHY_TWO_PEOPLE);
    ck_assert_int_eq(verdict(k, &st, &o.who[MK_KR_INSPECTOR]), MK_OK);
    mk_keyring_free(k);
}
END_TEST

START_TEST(who_does_not_hold_the_role_s_keys_does_not_wrap_them)
{
    struct mk_keyring *k =
        certified(MK_KR_ANALYST, BIT(INSPECTOR), MK_KR_FOUNDER);
    struct mk_kr_statement st =
        wrap(k, MK_KR_ANALYST, MK_ROLE_INSPECTOR, MK_KEY_RD);

    REFUSED(k, &st, &o.who[MK_KR_AUDITOR], MK_WHY_HOLDER);
    REFUSED(k, &st, &o.who[MK_KR_ANALYST], MK_WHY_TWO_PEOPLE);
    st = wrap(k, MK_KR_ANALYST, MK_ROLE_INSPECTOR, MK_KEY_RL);
    REFUSED(k, &st, &o.who[MK_KR_INSPECTOR], MK_WHY_KIND);
    mk_keyring_free(k);
}
END_TEST

START_TEST(who_is_certified_for_a_role_and_has_not_got_it_does_not_grant_it)
{
    struct mk_keyring *k =
        certified(MK_KR_ANALYST, BIT(INSPECTOR), MK_KR_FOUNDER);
    struct mk_kr_statement st;

    /* the second custodian is to be an analyst too */
    ck_assert_int_eq(mk_keyring_certify(k, &o.who[MK_KR_FOUNDER],
                                        o.who[MK_KR_CUSTODIAN2].id,
                                        BIT(ANALYST), NULL),
                     MK_OK);
    st = wrap(k, MK_KR_CUSTODIAN2, MK_ROLE_ANALYST, MK_KEY_RS);
    REFUSED(k, &st, &o.who[MK_KR_AUDITOR], MK_WHY_HOLDER);
    ck_assert_int_eq(verdict(k, &st, &o.who[MK_KR_ANALYST]), MK_OK);
    mk_keyring_free(k);

    k = certified(MK_KR_AUDITOR, BIT(ANALYST), MK_KR_FOUNDER);
    ck_assert_int_eq(mk_keyring_certify(k, &o.who[MK_KR_FOUNDER],
                                        o.who[MK_KR_CUSTODIAN2].id,
                                        BIT(ANALYST), NULL),
                     MK_OK);
    st = wrap(k, MK_KR_CUSTODIAN2, MK_ROLE_ANALYST, MK_KEY_RS);
    REFUSED(k, &st, &o.who[MK_KR_AUDITOR], MK_WHY_HOLDER);
    ck_assert_int_eq(mk_keyring_grant(k, &o.who[MK_KR_ANALYST],
                                      o.who[MK_KR_AUDITOR].id, MK_ROLE_ANALYST,
                                      NULL),
                     MK_OK);
    ck_assert_int_eq(verdict(k, &st, &o.who[MK_KR_AUDITOR]), MK_OK);
    mk_keyring_free(k);
}
END_TEST

START_TEST(nobody_gets_a_key_without_being_certified_for_its_role)
{
    struct mk_kr_statement st =
        wrap(o.k, MK_KR_ANALYST, MK_ROLE_INSPECTOR, MK_KEY_RD);

    REFUSED(o.k, &st, &o.who[MK_KR_INSPECTOR], MK_WHY_UNCERTIFIED);
    st = wrap(o.k, MK_KR_ANALYST, MK_ROLE_ANALYST, MK_KEY_RD);
    REFUSED(o.k, &st, &o.who[MK_KR_INSPECTOR], MK_WHY_KIND);
    st = wrap(o.k, MK_KR_ANALYST, MK_ROLE_ANALYST, MK_KEY_RS);
    REFUSED(o.k, &st, &o.who[MK_KR_INSPECTOR], MK_WHY_TWICE);
    st.person.id[0] ^= 1;
    REFUSED(o.k, &st, &o.who[MK_KR_INSPECTOR], MK_WHY_UNCERTIFIED);
}
END_TEST

START_TEST(a_key_has_one_id_and_one_generation)
{
    struct mk_keyring *k =
        certified(MK_KR_ANALYST, BIT(INSPECTOR), MK_KR_FOUNDER);
    struct mk_kr_statement st =
        wrap(k, MK_KR_ANALYST, MK_ROLE_INSPECTOR, MK_KEY_RD);

    st.key_id[0] ^= 1;
    REFUSED(k, &st, &o.who[MK_KR_INSPECTOR], MK_WHY_KEY);
    st = wrap(k, MK_KR_ANALYST, MK_ROLE_INSPECTOR, MK_KEY_RD);
    st.generation = 2;
    REFUSED(k, &st, &o.who[MK_KR_INSPECTOR], MK_WHY_KEY);
    mk_keyring_free(k);
}
END_TEST

START_TEST(another_secret_under_the_same_id_is_found_out_at_opening)
{
    struct mk_keyring *k =
        certified(MK_KR_ANALYST, BIT(INSPECTOR), MK_KR_FOUNDER);
    struct mk_secret *wrong = mk_secret_random(MK_KEY);
    struct mk_secret *got;
    struct mk_kr_statement st;
    struct mk_kr_refusal no;
    uint8_t id[MK_ID];
    uint32_t generation;

    ck_assert_int_eq(mk_kr_wrap_fill(k, &st,
                                     mk_kr_find(k, o.who[MK_KR_ANALYST].id),
                                     MK_ROLE_INSPECTOR, MK_KEY_RD,
                                     o.key_ids[MK_KEY_RD], wrong),
                     MK_OK);
    ck_assert_int_eq(mk_kr_sign(k, &st, &o.who[MK_KR_INSPECTOR]), MK_OK);
    ck_assert_int_eq(mk_kr_apply(k, &st, &no), MK_OK);
    ck_assert_int_eq(mk_keyring_unwrap(k, &o.who[MK_KR_ANALYST], MK_KEY_RD,
                                       &got, id, &generation, NULL),
                     MK_E_DAMAGED);
    ck_assert_ptr_null(got);
    mk_secret_free(wrong);
    mk_keyring_free(k);
}
END_TEST

static struct mk_kr_wrap *find_wrap(struct mk_keyring *k, size_t person,
                                    enum mk_key_kind kind)
{
    for (size_t i = 0; i < k->n_wraps; i++)
        if (k->wrap[i].kind == kind &&
            memcmp(k->wrap[i].user, o.who[person].id, MK_ID) == 0)
            return &k->wrap[i];
    ck_abort();
    return NULL;
}

START_TEST(a_box_opens_only_for_its_member_and_its_kind)
{
    struct mk_keyring *k;
    struct mk_secret *got;
    uint8_t id[MK_ID];
    uint32_t generation;
    const struct mk_kr_wrap *from;
    struct mk_kr_wrap *to;

    ck_assert_int_eq(mk_keyring_copy(&k, o.k), MK_OK);
    to = find_wrap(k, MK_KR_INSPECTOR2, MK_KEY_RD);
    from = find_wrap(k, MK_KR_INSPECTOR, MK_KEY_RD);
    memcpy(to->box, from->box, from->n_box);
    ck_assert_int_eq(mk_keyring_unwrap(k, &o.who[MK_KR_INSPECTOR2], MK_KEY_RD,
                                       &got, id, &generation, NULL),
                     MK_E_DAMAGED);
    from = find_wrap(k, MK_KR_INSPECTOR2, MK_KEY_RS);
    memcpy(to->box, from->box, from->n_box);
    ck_assert_int_eq(mk_keyring_unwrap(k, &o.who[MK_KR_INSPECTOR2], MK_KEY_RD,
                                       &got, id, &generation, NULL),
                     MK_E_DAMAGED);
    ck_assert_int_eq(mk_keyring_unwrap(k, &o.who[MK_KR_INSPECTOR2], MK_KEY_RS,
                                       &got, id, &generation, NULL),
                     MK_OK);
    mk_secret_free(got);
    mk_keyring_free(k);
}
END_TEST

START_TEST(a_log_key_is_the_one_whose_public_halves_are_known)
{
    struct mk_secret *got;
    uint8_t id[MK_ID];
    uint32_t generation;

    for (int half = 0; half < 3; half++) {
        struct mk_keyring *k;
        ck_assert_int_eq(mk_keyring_copy(&k, o.k), MK_OK);
        if (half > 0)
            (half == 1 ? k->log_box : k->log_sign)[0] ^= 1;
        ck_assert_int_eq(mk_keyring_unwrap(k, &o.who[MK_KR_AUDITOR], MK_KEY_RL,
                                           &got, id, &generation, NULL),
                         half > 0 ? MK_E_DAMAGED : MK_OK);
        mk_secret_free(got);
        mk_keyring_free(k);
    }
}
END_TEST

/* --- genesis, signatures, order --- */

START_TEST(genesis_log_key_and_opening_happen_once)
{
    struct mk_kr_statement st = {.type = MK_KR_OPENED};

    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_OPENED);
    st = (struct mk_kr_statement){.type = MK_KR_LOG_KEY, .generation = 1};
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_TWICE);
    st = (struct mk_kr_statement){.type = MK_KR_GENESIS, .origin = "o"};
    st.n_custodians = 1;
    st.custodians[0] = certify(MK_KR_FOUNDER, 0).person;
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_GENESIS);
}
END_TEST

START_TEST(a_statement_signed_with_another_s_key_is_refused)
{
    struct mk_kr_statement st = certify(MK_KR_ANALYST, BIT(INSPECTOR));
    struct mk_identity thief = o.who[MK_KR_ANALYST];

    memcpy(thief.id, o.who[MK_KR_FOUNDER].id, MK_ID);
    REFUSED(o.k, &st, &thief, MK_WHY_SIGNATURE);
    memset(thief.id, 7, MK_ID);
    REFUSED(o.k, &st, &thief, MK_WHY_SIGNER);
}
END_TEST

START_TEST(before_the_opening_only_the_first_custodian_speaks)
{
    struct mk_keyring *k = mk_kr_new();
    struct mk_kr_text t;
    struct mk_kr_statement st;
    struct mk_kr_refusal no;

    /* genesis and log-key of the office, then somebody else */
    mk_kr_text_init(&t, o.text.data, o.text.len);
    mk_kr_expect(&t, MK_KR_HEADER);
    for (size_t i = 0; i < 2; i++) {
        mk_kr_expect(&t, "\n");
        mk_kr_statement_read(&t, &st);
        ck_assert(!t.bad);
        ck_assert_int_eq(mk_kr_apply(k, &st, &no), MK_OK);
    }
    st = certify(MK_KR_ANALYST, BIT(ANALYST));
    ck_assert_int_eq(mk_kr_sign(k, &st, &o.who[MK_KR_CUSTODIAN2]), MK_OK);
    ck_assert_int_eq(mk_kr_apply(k, &st, &no), MK_E_NO_ROLE);
    ck_assert_str_eq(no.why, MK_WHY_FOUNDER);
    mk_keyring_free(k);
}
END_TEST

START_TEST(a_vault_opens_only_when_everybody_has_his_whole_role)
{
    /* all statements of the office up to each wrap, then "opened" */
    size_t refused = 0;
    for (uint64_t last = 1; last + 1 < o.k->serial; last++) {
        struct mk_keyring *k = mk_kr_new();
        struct mk_kr_text t;
        struct mk_kr_statement st;
        struct mk_kr_refusal no;

        mk_kr_text_init(&t, o.text.data, o.text.len);
        mk_kr_expect(&t, MK_KR_HEADER);
        while (k->serial < last) {
            mk_kr_expect(&t, "\n");
            mk_kr_statement_read(&t, &st);
            ck_assert_int_eq(mk_kr_apply(k, &st, &no), MK_OK);
        }
        st = (struct mk_kr_statement){.type = MK_KR_OPENED};
        ck_assert_int_eq(mk_kr_sign(k, &st, &o.who[MK_KR_FOUNDER]), MK_OK);
        ck_assert_int_ne(mk_kr_apply(k, &st, &no), MK_OK);
        ck_assert_str_eq(no.why, MK_WHY_OPENED);
        refused++;
        mk_keyring_free(k);
    }
    ck_assert_uint_eq(refused, o.k->serial - 2);
}
END_TEST

START_TEST(a_vault_does_not_open_over_somebody_half_admitted)
{
    struct mk_keyring *k = mk_kr_new();
    struct mk_kr_text t;
    struct mk_kr_statement st;
    struct mk_kr_refusal no;

    mk_kr_text_init(&t, o.text.data, o.text.len);
    mk_kr_expect(&t, MK_KR_HEADER);
    while (k->serial + 1 < o.k->serial) {
        mk_kr_expect(&t, "\n");
        mk_kr_statement_read(&t, &st);
        ck_assert_int_eq(mk_kr_apply(k, &st, &no), MK_OK);
    }
    st = certify(MK_KR_ANALYST, BIT(INSPECTOR));
    ck_assert_int_eq(mk_kr_sign(k, &st, &o.who[MK_KR_FOUNDER]), MK_OK);
    ck_assert_int_eq(mk_kr_apply(k, &st, &no), MK_OK);
    st = (struct mk_kr_statement){.type = MK_KR_OPENED};
    ck_assert_int_eq(mk_kr_sign(k, &st, &o.who[MK_KR_FOUNDER]), MK_OK);
    ck_assert_int_ne(mk_kr_apply(k, &st, &no), MK_OK);
    ck_assert_str_eq(no.why, MK_WHY_OPENED);
    mk_keyring_free(k);
}
END_TEST

START_TEST(serials_are_dense)
{
    struct mk_kr_statement st = certify(MK_KR_ANALYST, BIT(INSPECTOR));
    struct mk_kr_refusal no;
    struct mk_keyring *k;

    ck_assert_int_eq(mk_keyring_copy(&k, o.k), MK_OK);
    ck_assert_int_eq(mk_kr_sign(k, &st, &o.who[MK_KR_FOUNDER]), MK_OK);
    st.serial++;
    ck_assert_int_eq(mk_kr_apply(k, &st, &no), MK_E_DAMAGED);
    ck_assert_str_eq(no.why, MK_WHY_SERIAL);
    mk_keyring_free(k);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        only_a_custodian_certifies,
        a_custodian_does_not_certify_himself,
        a_custodian_certified_but_not_granted_cannot_certify,
        roles_that_exclude_each_other_are_not_certified,
        a_member_keeps_his_name_and_keys,
        names_ids_and_keys_are_nobody_elses,
        no_custodian_wraps_after_the_opening,
        who_does_not_hold_the_role_s_keys_does_not_wrap_them,
        who_is_certified_for_a_role_and_has_not_got_it_does_not_grant_it,
        nobody_gets_a_key_without_being_certified_for_its_role,
        a_key_has_one_id_and_one_generation,
        another_secret_under_the_same_id_is_found_out_at_opening,
        a_box_opens_only_for_its_member_and_its_kind,
        a_log_key_is_the_one_whose_public_halves_are_known,
        genesis_log_key_and_opening_happen_once,
        a_statement_signed_with_another_s_key_is_refused,
        before_the_opening_only_the_first_custodian_speaks,
        a_vault_opens_only_when_everybody_has_his_whole_role,
        a_vault_does_not_open_over_somebody_half_admitted,
        serials_are_dense,
    };
    return UNIT_RUN("keyring_rules", tests, start);
}
