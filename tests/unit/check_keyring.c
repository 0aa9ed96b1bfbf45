/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who holds what: made, read back, unlocked. Attacks: check_keyring_attacks. */
#include <string.h>

#include "tests/support/keyring.h"
#include "tests/support/unit.h"

static struct mk_kr_office o;

static void start(void)
{
    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
    mk_kr_office_make(&o);
}

START_TEST(a_new_keyring_is_read_back_to_the_byte)
{
    struct mk_keyring *k;
    struct mk_buf again = MK_BUF_INIT;
    struct mk_diag diag = MK_DIAG_INIT;

    ck_assert_int_eq(mk_keyring_parse(&k, o.text.data, o.text.len, &diag),
                     MK_OK);
    ck_assert_int_eq(mk_keyring_format(k, &again), MK_OK);
    ck_assert_uint_eq(again.len, o.text.len);
    ck_assert_mem_eq(again.data, o.text.data, again.len);
    ck_assert_str_eq(mk_keyring_origin(k), "kluis.voorbeeld.example");
    ck_assert_mem_eq(mk_keyring_store(k), mk_keyring_store(o.k), MK_ID);
    mk_buf_release(&again);
    mk_keyring_free(k);
}
END_TEST

START_TEST(everybody_gets_the_keys_of_his_role_and_no_others)
{
    for (size_t i = 0; i < MK_KR_PEOPLE; i++) {
        unsigned kinds = mk_role_keys(mk_kr_first[i].role);
        struct mk_identity who = mk_kr_office_unlock(&o, o.k, i);

        ck_assert_uint_eq(mk_keyring_roles(o.k, who.id),
                          MK_ROLE_BIT(mk_kr_first[i].role));
        for (unsigned kind = 1; kind < MK_KEY_KINDS; kind++) {
            struct mk_secret *s = NULL;
            uint8_t id[MK_ID];
            uint32_t generation = 0;
            enum mk_err rc = mk_keyring_unwrap(
                o.k, &who, (enum mk_key_kind)kind, &s, id, &generation, NULL);

            if (!(kinds & (1u << kind))) {
                ck_assert_int_eq(rc, MK_E_NO_ROLE);
                ck_assert_ptr_null(s);
                continue;
            }
            ck_assert_int_eq(rc, MK_OK);
            ck_assert_uint_eq(generation, 1);
            ck_assert_mem_eq(id, o.key_ids[kind], MK_ID);
            ck_assert_uint_eq(mk_secret_len(s),
                              mk_secret_len(o.secrets[kind]));
            ck_assert_mem_eq(mk_secret_peek(s),
                             mk_secret_peek(o.secrets[kind]),
                             mk_secret_len(s));
            mk_secret_free(s);
        }
        mk_identity_release(&who);
    }
}
END_TEST

/* Every 32 bytes that reach an analyst, tried as an X25519 secret on every
 * box of the document. */
START_TEST(with_all_secrets_of_an_analyst_no_box_of_another_role_opens)
{
    struct mk_identity who = mk_kr_office_unlock(&o, o.k, MK_KR_ANALYST);
    const struct mk_secret *have[] = {who.box, who.seed, o.secrets[MK_KEY_DBK],
                                      o.secrets[MK_KEY_RS]};
    size_t opened = 0;
    size_t opened_rd = 0;

    for (size_t s = 0; s < sizeof have / sizeof *have; s++)
        for (size_t i = 0; i < o.k->n_wraps; i++) {
            const struct mk_kr_wrap *w = &o.k->wrap[i];
            uint8_t plain[MK_KR_BOX_MAX];
            if (mk_box_open(plain, have[s], w->box, w->n_box, NULL) != MK_OK)
                continue;
            opened++;
            opened_rd += w->kind == MK_KEY_RD || w->kind == MK_KEY_RL;
            ck_assert_ptr_null(memmem(plain, sizeof plain,
                                      mk_secret_peek(o.secrets[MK_KEY_RD]),
                                      MK_KEY));
        }
    ck_assert_uint_eq(opened, 2); /* his DBK and his R_S */
    ck_assert_uint_eq(opened_rd, 0);
    mk_identity_release(&who);
}
END_TEST

START_TEST(a_wrong_passphrase_is_locked)
{
    struct mk_identity who;
    struct mk_diag diag = MK_DIAG_INIT;
    const char *const wrong[] = {"correct paard batterij nie", "x", "\xff\xfe",
                                 ""};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct mk_secret *p = mk_secret_from(wrong[i], strlen(wrong[i]));
        ck_assert_int_eq(
            mk_keyring_unlock(o.k, mk_keyring_member(o.k, 0), p, &who, &diag),
            MK_E_LOCKED);
        ck_assert_ptr_null(who.box);
        mk_secret_free(p);
    }
}
END_TEST

START_TEST(composed_and_decomposed_letters_are_one_passphrase)
{
    struct mk_identity who = mk_kr_office_unlock(&o, o.k, MK_KR_ANALYST);
    struct mk_secret *composed = mk_secret_from("caf\xc3\xa9 noir", 10);
    struct mk_secret *decomposed = mk_secret_from("cafe\xcc\x81 noir", 11);
    struct mk_identity again;

    ck_assert_int_eq(mk_keyring_set_slot(o.k, &who, 1, composed, NULL), MK_OK);
    ck_assert_int_eq(mk_keyring_unlock(o.k, mk_keyring_by_id(o.k, who.id),
                                       decomposed, &again, NULL),
                     MK_OK);
    ck_assert_mem_eq(mk_secret_peek(again.box), mk_secret_peek(who.box),
                     MK_KEY);
    mk_identity_release(&again);
    mk_identity_release(&who);
    mk_secret_free(composed);
    mk_secret_free(decomposed);
}
END_TEST

START_TEST(a_new_passphrase_replaces_the_slot_and_is_stated)
{
    struct mk_identity who = mk_kr_office_unlock(&o, o.k, MK_KR_AUDITOR);
    const struct mk_member *m;
    uint64_t serial = mk_keyring_serial(o.k);
    struct mk_secret *new = mk_secret_from("een heel nieuw wachtwoord", 25);
    struct mk_secret *old = mk_kr_office_passphrase(MK_KR_AUDITOR);
    struct mk_identity again;
    struct mk_slot_info info;
    uint8_t members[2][MK_HASH];
    uint8_t slots[2][MK_HASH];

    mk_keyring_members_hash(o.k, members[0]);
    mk_keyring_slots_hash(o.k, slots[0]);
    ck_assert(mk_keyring_slot_info(o.k, who.id, &info));
    ck_assert_uint_eq(info.counter, 1);
    ck_assert_uint_eq(info.cost.t, mk_argon2_standard().t);
    ck_assert_uint_eq(info.cost.m_kib, mk_argon2_standard().m_kib);

    ck_assert_int_eq(mk_keyring_set_slot(o.k, &who, 1, new, NULL), MK_OK);
    mk_keyring_members_hash(o.k, members[1]);
    mk_keyring_slots_hash(o.k, slots[1]);
    ck_assert_mem_ne(members[0], members[1], MK_HASH);
    ck_assert_mem_ne(slots[0], slots[1], MK_HASH);
    ck_assert_uint_eq(mk_keyring_serial(o.k), serial + 1);
    ck_assert(mk_keyring_members_hash_at(o.k, serial, members[1]));
    ck_assert_mem_eq(members[0], members[1], MK_HASH);
    ck_assert(mk_keyring_slot_info(o.k, who.id, &info));
    ck_assert_uint_eq(info.counter, 2);
    m = mk_keyring_by_id(o.k, who.id);
    ck_assert_int_eq(mk_keyring_unlock(o.k, m, old, &again, NULL),
                     MK_E_LOCKED);
    ck_assert_int_eq(mk_keyring_unlock(o.k, m, new, &again, NULL), MK_OK);
    mk_identity_release(&again);
    mk_kr_office_reread(&o);
    mk_identity_release(&who);
    mk_secret_free(new);
    mk_secret_free(old);
}
END_TEST

START_TEST(an_empty_passphrase_is_not_set)
{
    struct mk_identity who = mk_kr_office_unlock(&o, o.k, MK_KR_AUDITOR);
    struct mk_secret *none = mk_secret_from("", 0);
    struct mk_diag diag = MK_DIAG_INIT;

    ck_assert_int_eq(mk_keyring_set_slot(o.k, &who, 1, none, &diag),
                     MK_E_MISSING_KEY);
    ck_assert_str_eq(diag.place, "passphrase");
    mk_identity_release(&who);
    mk_secret_free(none);
}
END_TEST

/* --- creation refused --- */

static enum mk_err create(const char *origin,
                          const struct mk_first_member *people, size_t n,
                          struct mk_diag *diag)
{
    struct mk_keyring *k;
    struct mk_identity who[8];
    struct mk_secret *secrets[MK_KEY_KINDS];
    uint8_t key_ids[MK_KEY_KINDS][MK_ID];
    enum mk_err rc = mk_keyring_create(&k, origin, people, n, who, secrets,
                                       key_ids, NULL, NULL, diag);
    if (rc != MK_OK) {
        ck_assert_ptr_null(k);
        for (size_t i = 0; i < MK_KEY_KINDS; i++)
            ck_assert_ptr_null(secrets[i]);
        return rc;
    }
    mk_keyring_free(k);
    for (size_t i = 0; i < n; i++)
        mk_identity_release(&who[i]);
    for (size_t i = 0; i < MK_KEY_KINDS; i++)
        mk_secret_free(secrets[i]);
    return rc;
}

START_TEST(without_one_of_each_role_there_is_no_keyring)
{
    struct mk_secret *p = mk_secret_from("wachtwoord", 10);
    struct mk_first_member all[4] = {
        {"Anna", MK_ROLE_CUSTODIAN, p},
        {"Bea", MK_ROLE_INSPECTOR, p},
        {"Cas", MK_ROLE_ANALYST, p},
        {"Dora", MK_ROLE_AUDITOR, p},
    };

    for (size_t without = 0; without < 4; without++) {
        struct mk_first_member three[3];
        struct mk_diag diag = MK_DIAG_INIT;
        size_t n = 0;
        for (size_t i = 0; i < 4; i++)
            if (i != without)
                three[n++] = all[i];
        ck_assert_int_eq(create("o", three, 3, &diag), MK_E_USAGE);
        ck_assert_str_eq(diag.place, mk_role_slug(all[without].role));
    }
    ck_assert_int_eq(create("o", all, 4, NULL), MK_OK);
    mk_secret_free(p);
}
END_TEST

START_TEST(bad_names_and_origins_are_refused)
{
    struct mk_secret *p = mk_secret_from("wachtwoord", 10);
    struct mk_first_member all[4] = {
        {"Anna", MK_ROLE_CUSTODIAN, p},
        {"Bea", MK_ROLE_INSPECTOR, p},
        {"Cas", MK_ROLE_ANALYST, p},
        {"Dora", MK_ROLE_AUDITOR, p},
    };
    const char *const names[] = {"",      " Eva", "Eva ",
                                 "E\nva", "E:va", "Eva\xe2\x80\xae",
                                 "E  va", "-",    "\x1b[2J"};
    const char *const origins[] = {"", "a b", "a+b", "a\nb", "\xc3\xa9"};
    struct mk_diag diag = MK_DIAG_INIT;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        all[2].name = names[i];
        ck_assert_int_eq(create("o", all, 4, &diag), MK_E_USAGE);
        ck_assert_str_eq(diag.place, "name");
    }
    all[2].name = "ANNA";
    ck_assert_int_eq(create("o", all, 4, &diag), MK_E_USAGE);
    all[2].name = "Cas";
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        ck_assert_int_eq(create(origins[i], all, 4, &diag), MK_E_USAGE);
        ck_assert_str_eq(diag.place, "origin");
    }
    mk_secret_free(p);
}
END_TEST

START_TEST(a_name_is_found_whatever_its_case)
{
    ck_assert_ptr_nonnull(mk_keyring_by_name(o.k, "ANNA de boer"));
    ck_assert_ptr_eq(mk_keyring_by_name(o.k, "Ren\xc3\xa9"
                                             "e K\xc3\xb6nig"),
                     mk_keyring_by_name(o.k, "rene\xcc\x81"
                                             "e ko\xcc\x88nig"));
    ck_assert_ptr_nonnull(mk_keyring_by_name(o.k, "ren\xc3\xa9"
                                                  "e k\xc3\xb6nig"));
    ck_assert_ptr_null(mk_keyring_by_name(o.k, "Renee Konig"));
    ck_assert_ptr_null(mk_keyring_by_name(o.k, ""));
    ck_assert_ptr_null(mk_keyring_by_name(o.k, "\xff"));
}
END_TEST

START_TEST(a_hash_of_members_is_known_for_every_serial)
{
    uint8_t hash[MK_HASH];
    uint8_t newest[MK_HASH];
    uint64_t last = mk_keyring_serial(o.k);

    mk_keyring_members_hash(o.k, newest);
    ck_assert(mk_keyring_members_hash_at(o.k, last, hash));
    ck_assert_mem_eq(hash, newest, MK_HASH);
    ck_assert(mk_keyring_members_hash_at(o.k, last - 1, hash));
    ck_assert_mem_ne(hash, newest, MK_HASH);
    ck_assert(!mk_keyring_members_hash_at(o.k, 0, hash));
    ck_assert(!mk_keyring_members_hash_at(o.k, last + 1, hash));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_new_keyring_is_read_back_to_the_byte,
        everybody_gets_the_keys_of_his_role_and_no_others,
        with_all_secrets_of_an_analyst_no_box_of_another_role_opens,
        a_wrong_passphrase_is_locked,
        composed_and_decomposed_letters_are_one_passphrase,
        a_new_passphrase_replaces_the_slot_and_is_stated,
        an_empty_passphrase_is_not_set,
        without_one_of_each_role_there_is_no_keyring,
        bad_names_and_origins_are_refused,
        a_name_is_found_whatever_its_case,
        a_hash_of_members_is_known_for_every_serial,
    };
    return UNIT_RUN("keyring", tests, start);
}
