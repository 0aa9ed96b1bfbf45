/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An office of people and cards, and statements about recovery with good
 * signatures. */
#ifndef MK_TESTS_RECOVERY_KIT_H
#define MK_TESTS_RECOVERY_KIT_H

#include "core/card.h"
#include "core/keyring_recovery_impl.h"
#include "tests/support/keyring.h"

extern struct mk_kr_office rk_o;
extern struct mk_card rk_cards[MK_SHARES_MOST];
extern const char *const rk_what[MK_SHARES_MOST];
extern const struct mk_share_plan rk_two_of_three;

#define FOUNDER (&rk_o.who[MK_KR_FOUNDER])
#define CUSTODIAN2 (&rk_o.who[MK_KR_CUSTODIAN2])
#define INSPECTOR (&rk_o.who[MK_KR_INSPECTOR])
#define AUDITOR (&rk_o.who[MK_KR_AUDITOR])
#define REFUSED(k, st, who, why) ck_assert_str_eq(rk_verdict(k, st, who), why)
#define TAKEN(k, st, who) ck_assert_str_eq(rk_verdict(k, st, who), "")

void rk_start(void);
struct mk_keyring *rk_copy(const struct mk_keyring *k);
/* Why the reader refuses st by who behind k; "" when he does not. */
const char *rk_verdict(const struct mk_keyring *k, struct mk_kr_statement *st,
                       const struct mk_identity *who);
void rk_reread(void);
/* A share statement with keys that fit. */
struct mk_kr_statement rk_share(uint32_t set, unsigned k, unsigned n);
struct mk_kr_statement rk_of_set(enum mk_kr_type type, uint32_t set);
struct mk_kr_statement rk_escrow(const struct mk_keyring *k,
                                 enum mk_key_kind kind);
/* In force before it is whole, as in keyrings of before accept-2
 * (check_keyring_accept.c). */
void rk_in_force(void);
void rk_whole(void);
void rk_combined(struct mk_recovery *r);
/* Of rk_o; the cards some do not open it, for this reason and place. */
void rk_combine_refused(const struct mk_card *some, size_t n, enum mk_err err,
                        const char *place, int64_t num);

#endif
