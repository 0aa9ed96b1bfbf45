/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/recovery_kit.h"

#include <string.h>

#include "tests/support/unit.h"

struct mk_kr_office rk_o;
struct mk_card rk_cards[MK_SHARES_MOST];
const char *const rk_what[MK_SHARES_MOST] = {
    "a", "b", "c", "d", "e", "f", "g", "h",
    "i", "j", "k", "l", "m", "n", "o", "p",
};
const struct mk_share_plan rk_two_of_three = {.threshold = 2, .n = 3};

void rk_start(void)
{
    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
    mk_kr_office_make(&rk_o);
}

struct mk_keyring *rk_copy(const struct mk_keyring *k)
{
    struct mk_keyring *c;
    ck_assert_int_eq(mk_keyring_copy(&c, k), MK_OK);
    return c;
}

/* Why the reader refuses st by who behind k; "" when he does not. */
const char *rk_verdict(const struct mk_keyring *k, struct mk_kr_statement *st,
                       const struct mk_identity *who)
{
    struct mk_kr_refusal no;
    struct mk_keyring *c = rk_copy(k);
    ck_assert_int_eq(mk_kr_sign(c, st, who), MK_OK);
    enum mk_err rc = mk_kr_apply(c, st, &no);
    const char *why = rc == MK_OK ? "" : no.why;
    mk_keyring_free(c);
    mk_kr_second_reader(k, st, why);
    return why;
}

void rk_reread(void)
{
    mk_kr_office_reread(&rk_o);
}

/* A share statement with keys that fit. */
struct mk_kr_statement rk_share(uint32_t set, unsigned k, unsigned n)
{
    struct mk_kr_statement st = {.type = MK_KR_SHARE};
    struct mk_identity key;
    struct mk_secret *s = mk_secret_random(MK_CARD_SHARE);
    ck_assert_int_eq(mk_kr_recovery_identity(&key, st.set.box, st.set.sign,
                                             mk_keyring_store(rk_o.k), s),
                     MK_OK);
    st.set.number = set;
    st.set.threshold = k;
    st.set.n = n;
    mk_identity_release(&key);
    mk_secret_free(s);
    return st;
}

struct mk_kr_statement rk_of_set(enum mk_kr_type type, uint32_t set)
{
    return (struct mk_kr_statement){
        .type = type, .set = {.number = set}, .at_ms = 1};
}

struct mk_kr_statement rk_escrow(const struct mk_keyring *k,
                                 enum mk_key_kind kind)
{
    struct mk_kr_statement st =
        rk_of_set(MK_KR_ESCROW, k->recovery.set.number);
    memcpy(st.key_id, rk_o.key_ids[kind], MK_ID);
    ck_assert_int_eq(mk_kr_box_fill(k, &st, k->recovery.set.id,
                                    k->recovery.set.box, kind,
                                    rk_o.key_ids[kind], rk_o.secrets[kind]),
                     MK_OK);
    return st;
}

/* In force before it is whole, as in keyrings of before accept-2
 * (check_keyring_accept.c). */
void rk_in_force(void)
{
    struct mk_kr_statement st;

    ck_assert_int_eq(
        mk_keyring_share(rk_o.k, FOUNDER, &rk_two_of_three, rk_cards, NULL),
        MK_OK);
    st = rk_of_set(MK_KR_ACCEPT, rk_o.k->recovery.proposed.number);
    ck_assert_int_eq(mk_kr_state(rk_o.k, &st, CUSTODIAN2, NULL), MK_OK);
    rk_reread();
}

void rk_whole(void)
{
    unsigned kinds;
    rk_in_force();
    ck_assert_int_eq(mk_keyring_escrow(rk_o.k, INSPECTOR, &kinds, NULL),
                     MK_OK);
    ck_assert_uint_eq(kinds,
                      1u << MK_KEY_DBK | 1u << MK_KEY_RD | 1u << MK_KEY_RS);
    ck_assert_int_eq(mk_keyring_escrow(rk_o.k, AUDITOR, &kinds, NULL), MK_OK);
    ck_assert_uint_eq(kinds, 1u << MK_KEY_RL);
    rk_reread();
}

void rk_combined(struct mk_recovery *r)
{
    struct mk_diag diag = MK_DIAG_INIT;
    ck_assert_msg(mk_keyring_combine(rk_o.k, rk_cards, rk_what, 2, r, &diag) ==
                      MK_OK,
                  "%s %s", mk_err_name(diag.err), diag.place);
}

void rk_combine_refused(const struct mk_card *some, size_t n, enum mk_err err,
                        const char *place, int64_t num)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_recovery r;
    ck_assert_int_eq(mk_keyring_combine(rk_o.k, some, rk_what, n, &r, &diag),
                     err);
    ck_assert_str_eq(diag.place, place);
    ck_assert_int_eq(diag.num[0], num);
    ck_assert_ptr_null(r.who.box);
    mk_recovery_release(&r);
}
