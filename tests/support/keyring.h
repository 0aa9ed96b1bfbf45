/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An invented office with a keyring, for the tests of people and keys. */
#ifndef MK_TESTS_SUPPORT_KEYRING_H
#define MK_TESTS_SUPPORT_KEYRING_H

#include "core/keyring_impl.h"

enum {
    MK_KR_FOUNDER,
    MK_KR_CUSTODIAN2,
    MK_KR_INSPECTOR,
    MK_KR_INSPECTOR2,
    MK_KR_ANALYST,
    MK_KR_AUDITOR,
    MK_KR_PEOPLE
};

struct mk_kr_person_row {
    const char *name;
    enum mk_role role;
    const char *passphrase;
};
extern const struct mk_kr_person_row mk_kr_first[MK_KR_PEOPLE];

struct mk_kr_office {
    struct mk_keyring *k;
    struct mk_buf text; /* the keyring as it was made or reread last */
    struct mk_identity who[MK_KR_PEOPLE];
    struct mk_secret *secrets[MK_KEY_KINDS];
    uint8_t key_ids[MK_KEY_KINDS][MK_ID];
};

/* Each fails the test when something goes wrong. */
void mk_kr_office_make(struct mk_kr_office *o);
/* Only those whose bit (1 << MK_KR_...) is set. */
void mk_kr_office_make_of(struct mk_kr_office *o, unsigned persons);
void mk_kr_office_release(struct mk_kr_office *o);
struct mk_secret *mk_kr_office_passphrase(size_t person);
struct mk_identity mk_kr_office_unlock(const struct mk_kr_office *o,
                                       const struct mk_keyring *k,
                                       size_t person);
/* Formats k, parses that, compares the bytes, keeps both. */
void mk_kr_office_reread(struct mk_kr_office *o);

/* The reader of meldkluis-verify takes or refuses st, which is signed, behind
 * the statements of k as the vault does (why: "" when it takes it), or the test
 * fails. */
void mk_kr_second_reader(const struct mk_keyring *k,
                         const struct mk_kr_statement *st, const char *why);

/*
 * What the reader says of st, signed by who, behind the statements of k.  why
 * gets the place of the refusal.
 */
#define MK_KR_WHY 96
enum mk_err mk_kr_office_verdict(const struct mk_keyring *k,
                                 struct mk_kr_statement *st,
                                 const struct mk_identity *who,
                                 char why[static MK_KR_WHY]);
/* Statements without number and signature about a person of the office. */
struct mk_kr_statement mk_kr_office_certify(const struct mk_kr_office *o,
                                            size_t person, unsigned roles);
struct mk_kr_statement mk_kr_office_wrap(const struct mk_kr_office *o,
                                         const struct mk_keyring *k,
                                         size_t person, enum mk_role role,
                                         enum mk_key_kind kind);
/* o->k with person certified for roles by custodian; the caller frees it. */
struct mk_keyring *mk_kr_office_certified(const struct mk_kr_office *o,
                                          size_t person, unsigned roles,
                                          size_t custodian);

#endif
