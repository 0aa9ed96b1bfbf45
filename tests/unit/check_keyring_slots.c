/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which slot a member has is stated in the members part: an old one, or a
 * second one of the same number, has a good signature and is refused.  In a
 * vault: check_attack_slots.
 */
#include <string.h>

#include "tests/support/keyring.h"
#include "tests/support/unit.h"

static struct mk_kr_office o;

static void start(void)
{
    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
    mk_kr_office_make(&o);
}

static char why[MK_KR_WHY];

#define REFUSED(k, st, who, reason)                             \
    do {                                                        \
        ck_assert_int_eq(mk_kr_office_verdict(k, st, who, why), \
                         MK_E_DAMAGED);                         \
        ck_assert_str_eq(why, reason);                          \
    } while (0)

static struct mk_secret *fresh_word(void)
{
    return mk_secret_from("een heel nieuw woord", 20);
}

static void change(struct mk_keyring *k, size_t person)
{
    struct mk_secret *fresh = fresh_word();

    ck_assert_int_eq(mk_keyring_set_slot(k, &o.who[person], 1, fresh, NULL),
                     MK_OK);
    mk_secret_free(fresh);
}

static struct mk_kr_slot *slot_of(struct mk_keyring *k, size_t person)
{
    return &mk_kr_find(k, o.who[person].id)->slot[0];
}

/* The reader's verdict on k as it stands. */
static enum mk_err reread(const struct mk_keyring *k, struct mk_diag *diag)
{
    struct mk_keyring *read;
    struct mk_buf t = MK_BUF_INIT;
    enum mk_err rc;

    *diag = (struct mk_diag)MK_DIAG_INIT;
    ck_assert_int_eq(mk_keyring_format(k, &t), MK_OK);
    rc = mk_keyring_parse(&read, t.data, t.len, diag);
    mk_keyring_free(read);
    mk_buf_release(&t);
    return rc;
}

static void assert_refused(const struct mk_keyring *k, const char *reason)
{
    struct mk_diag diag;

    ck_assert_int_eq(reread(k, &diag), MK_E_DAMAGED);
    ck_assert_str_eq(diag.place, reason);
}

/* --- slots that are not the one stated --- */

START_TEST(an_old_slot_put_back_is_refused)
{
    for (size_t i = 0; i < MK_KR_PEOPLE; i++) {
        struct mk_kr_slot old[2];
        struct mk_kr_slot newest;
        struct mk_diag diag;

        old[0] = *slot_of(o.k, i);
        change(o.k, i);
        old[1] = *slot_of(o.k, i);
        change(o.k, i);
        newest = *slot_of(o.k, i);
        for (size_t j = 0; j < 2; j++) {
            *slot_of(o.k, i) = old[j];
            assert_refused(o.k, MK_WHY_SLOT_OLD);
        }
        *slot_of(o.k, i) = newest;
        ck_assert_int_eq(reread(o.k, &diag), MK_OK);
    }
}
END_TEST

START_TEST(a_second_slot_of_the_same_counter_is_refused_though_signed)
{
    for (size_t i = 0; i < MK_KR_PEOPLE; i++)
        for (uint64_t counter = 1; counter <= 2; counter++) {
            struct mk_secret *p = mk_kr_office_passphrase(i);
            struct mk_kr_slot kept = *slot_of(o.k, i);

            ck_assert_uint_eq(kept.counter, counter);
            ck_assert_int_eq(mk_kr_slot_make(slot_of(o.k, i), o.k->store,
                                             &o.who[i], p, 1, counter, NULL),
                             MK_OK);
            assert_refused(o.k, MK_WHY_SLOT_HASH);
            *slot_of(o.k, i) = kept;
            mk_secret_free(p);
            if (counter == 1)
                change(o.k, i);
        }
}
END_TEST

START_TEST(a_slot_ahead_of_its_statement_is_refused)
{
    struct mk_secret *p = fresh_word();

    ck_assert_int_eq(mk_kr_slot_make(slot_of(o.k, MK_KR_ANALYST), o.k->store,
                                     &o.who[MK_KR_ANALYST], p, 1, 2, NULL),
                     MK_OK);
    assert_refused(o.k, MK_WHY_SLOT_OLD);
    mk_secret_free(p);
}
END_TEST

/* --- who states which slot --- */

static struct mk_kr_statement next_slot(struct mk_keyring *k, size_t person)
{
    struct mk_kr_statement st = {.type = MK_KR_SLOT_SET, .has_slot = true};

    memcpy(st.person.id, o.who[person].id, MK_ID);
    st.slot_counter = slot_of(k, person)->counter + 1;
    ck_assert_int_eq(mk_kr_slot_hash(slot_of(k, person), st.slot_hash), MK_OK);
    return st;
}

START_TEST(nobody_states_the_slot_of_somebody_else)
{
    for (size_t by = 0; by < MK_KR_PEOPLE; by++) {
        struct mk_kr_statement st = next_slot(o.k, MK_KR_INSPECTOR);
        struct mk_identity thief = o.who[by];

        if (by == MK_KR_INSPECTOR)
            continue;
        REFUSED(o.k, &st, &thief, MK_WHY_SLOT_USER);
        memcpy(thief.id, o.who[MK_KR_INSPECTOR].id, MK_ID);
        REFUSED(o.k, &st, &thief, MK_WHY_SIGNATURE);
    }
}
END_TEST

START_TEST(counters_go_up_by_one)
{
    struct mk_kr_statement st;
    struct mk_kr_refusal no;
    struct mk_keyring *k;

    change(o.k, MK_KR_INSPECTOR);
    for (uint64_t counter = 1; counter <= 5; counter++) {
        st = next_slot(o.k, MK_KR_INSPECTOR);
        st.slot_counter = counter;
        if (counter == 3)
            continue;
        REFUSED(o.k, &st, &o.who[MK_KR_INSPECTOR], MK_WHY_SLOT_COUNTER);
    }
    /* 3 is fine, and from then on the slot that has 2 is an old one */
    st = next_slot(o.k, MK_KR_INSPECTOR);
    ck_assert_int_eq(mk_keyring_copy(&k, o.k), MK_OK);
    ck_assert_int_eq(mk_kr_sign(k, &st, &o.who[MK_KR_INSPECTOR]), MK_OK);
    ck_assert_int_eq(mk_kr_apply(k, &st, &no), MK_OK);
    assert_refused(k, MK_WHY_SLOT_OLD);
    mk_keyring_free(k);
}
END_TEST

START_TEST(a_person_is_certified_with_a_slot_the_first_time_only)
{
    struct mk_kr_statement st = mk_kr_office_certify(
        &o, MK_KR_ANALYST, MK_ROLE_BIT(MK_ROLE_INSPECTOR));
    struct mk_identity new;

    st.has_slot = true;
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_SLOT_HASH);
    st.has_slot = false;
    ck_assert_int_eq(
        mk_kr_office_verdict(o.k, &st, &o.who[MK_KR_FOUNDER], why), MK_OK);
    ck_assert_int_eq(mk_kr_identity_make(&new, st.person.box, st.person.sign),
                     MK_OK);
    memcpy(st.person.id, new.id, MK_ID);
    memcpy(st.person.name, "Gerda Vos", 10);
    REFUSED(o.k, &st, &o.who[MK_KR_FOUNDER], MK_WHY_SLOT_HASH);
    mk_identity_release(&new);
}
END_TEST

/* The statements of the office before `opened`, without the slot of person,
 * signed anew. */
static struct mk_keyring *without_slot_of(size_t person)
{
    struct mk_keyring *k = mk_kr_new();
    struct mk_kr_text t;
    struct mk_kr_statement st;
    struct mk_kr_refusal no;

    mk_kr_text_init(&t, o.text.data, o.text.len);
    mk_kr_expect(&t, MK_KR_HEADER);
    for (;;) {
        const struct mk_identity *by = &o.who[MK_KR_FOUNDER];

        mk_kr_expect(&t, "\n");
        mk_kr_statement_read(&t, &st);
        ck_assert(!t.bad);
        if (st.type == MK_KR_OPENED)
            return k;
        if (st.type == MK_KR_SLOT_SET) {
            if (memcmp(st.by, o.who[person].id, MK_ID) == 0)
                continue;
            if (memcmp(st.by, by->id, MK_ID) != 0)
                by = &o.who[MK_KR_CUSTODIAN2];
        }
        if (st.type != MK_KR_GENESIS)
            ck_assert_int_eq(mk_kr_sign(k, &st, by), MK_OK);
        ck_assert_int_eq(mk_kr_apply(k, &st, &no), MK_OK);
    }
}

static void assert_not_taken(struct mk_keyring *k, struct mk_kr_statement *st,
                             size_t by, const char *reason)
{
    struct mk_keyring *c;
    struct mk_kr_refusal no;

    ck_assert_int_eq(mk_keyring_copy(&c, k), MK_OK);
    ck_assert_int_eq(mk_kr_sign(c, st, &o.who[by]), MK_OK);
    ck_assert_int_ne(mk_kr_apply(c, st, &no), MK_OK);
    ck_assert_str_eq(no.why, reason);
    mk_keyring_free(c);
}

START_TEST(a_vault_opens_only_when_every_custodian_stated_his_slot)
{
    for (size_t i = MK_KR_FOUNDER; i <= MK_KR_CUSTODIAN2; i++) {
        struct mk_keyring *k = without_slot_of(i);
        struct mk_kr_statement st = {.type = MK_KR_OPENED};
        struct mk_kr_refusal no;

        assert_not_taken(k, &st, MK_KR_FOUNDER, MK_WHY_OPENED);
        st = next_slot(k, i);
        st.slot_counter = 2;
        assert_not_taken(k, &st, i, MK_WHY_SLOT_COUNTER);
        st.slot_counter = 1;
        ck_assert_int_eq(mk_kr_sign(k, &st, &o.who[i]), MK_OK);
        ck_assert_int_eq(mk_kr_apply(k, &st, &no), MK_OK);
        /* nobody changes a passphrase before the opening */
        st.slot_counter = 2;
        assert_not_taken(k, &st, i, MK_WHY_SLOT_COUNTER);
        st = (struct mk_kr_statement){.type = MK_KR_OPENED};
        ck_assert_int_eq(mk_kr_sign(k, &st, &o.who[MK_KR_FOUNDER]), MK_OK);
        ck_assert_int_eq(mk_kr_apply(k, &st, &no), MK_OK);
        mk_keyring_free(k);
    }
}
END_TEST

START_TEST(a_new_passphrase_needs_the_keys_of_the_member)
{
    struct mk_identity thief = o.who[MK_KR_ANALYST];
    struct mk_secret *fresh = fresh_word();
    struct mk_buf now = MK_BUF_INIT;

    memcpy(thief.id, o.who[MK_KR_INSPECTOR].id, MK_ID);
    ck_assert_int_eq(mk_keyring_set_slot(o.k, &thief, 1, fresh, NULL),
                     MK_E_NO_ROLE);
    memset(thief.id, 7, MK_ID);
    ck_assert_int_eq(mk_keyring_set_slot(o.k, &thief, 1, fresh, NULL),
                     MK_E_NOT_FOUND);
    ck_assert_int_eq(mk_keyring_format(o.k, &now), MK_OK);
    ck_assert_uint_eq(now.len, o.text.len);
    ck_assert_mem_eq(now.data, o.text.data, now.len);
    mk_buf_release(&now);
    mk_secret_free(fresh);
}
END_TEST

/* --- admitted --- */

static void write_request(const struct mk_identity *who,
                          struct mk_kr_person *person, uint64_t counter,
                          struct mk_buf *t)
{
    struct mk_secret *p = fresh_word();
    struct mk_kr_slot slot;
    uint8_t sig[MK_SIG];
    size_t n_signed;

    ck_assert_int_eq(
        mk_kr_slot_make(&slot, o.k->store, who, p, 1, counter, NULL), MK_OK);
    mk_buf_clear(t);
    ck_assert_int_eq(mk_buf_add_str(t, MK_REQUEST_HEADER), MK_OK);
    ck_assert_int_eq(mk_kr_add_hex(t, "store", o.k->store, MK_ID), MK_OK);
    ck_assert_int_eq(mk_kr_person_add(t, person), MK_OK);
    ck_assert_int_eq(mk_kr_slot_add(t, &slot, &n_signed), MK_OK);
    ck_assert_int_eq(
        mk_sign(sig, who->sign, MK_KR_CTX_REQUEST, t->data, t->len), MK_OK);
    ck_assert_int_eq(mk_kr_add_b64(t, "sig", sig, MK_SIG), MK_OK);
    mk_secret_free(p);
}

START_TEST(who_is_admitted_is_bound_to_the_slot_of_his_request)
{
    const unsigned roles = MK_ROLE_BIT(MK_ROLE_ANALYST);
    struct mk_kr_person person = {.name = "Gerda Vos"};
    struct mk_identity gerda;
    struct mk_buf t = MK_BUF_INIT;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_member m;
    struct mk_secret *p = fresh_word();
    struct mk_kr_slot *slot;

    ck_assert_int_eq(mk_kr_identity_make(&gerda, person.box, person.sign),
                     MK_OK);
    memcpy(person.id, gerda.id, MK_ID);
    write_request(&gerda, &person, 2, &t);
    ck_assert_int_eq(mk_keyring_admit(o.k, &o.who[MK_KR_FOUNDER], t.data,
                                      t.len, roles, &m, &diag),
                     MK_E_SYNTAX);
    ck_assert_str_eq(diag.place, "request, slot");
    write_request(&gerda, &person, 1, &t);
    ck_assert_int_eq(mk_keyring_admit(o.k, &o.who[MK_KR_FOUNDER], t.data,
                                      t.len, roles, &m, &diag),
                     MK_OK);
    mk_kr_office_reread(&o);
    slot = &mk_kr_find(o.k, gerda.id)->slot[0];
    ck_assert_int_eq(mk_kr_slot_make(slot, o.k->store, &gerda, p, 1, 1, NULL),
                     MK_OK);
    assert_refused(o.k, MK_WHY_SLOT_HASH);
    mk_secret_free(p);
    mk_buf_release(&t);
    mk_identity_release(&gerda);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        an_old_slot_put_back_is_refused,
        a_second_slot_of_the_same_counter_is_refused_though_signed,
        a_slot_ahead_of_its_statement_is_refused,
        nobody_states_the_slot_of_somebody_else,
        counters_go_up_by_one,
        a_person_is_certified_with_a_slot_the_first_time_only,
        a_vault_opens_only_when_every_custodian_stated_his_slot,
        a_new_passphrase_needs_the_keys_of_the_member,
        who_is_admitted_is_bound_to_the_slot_of_his_request,
    };

    return UNIT_RUN("keyring_slots", tests, start);
}
