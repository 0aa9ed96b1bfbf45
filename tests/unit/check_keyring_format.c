/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layout of docs/FORMAT.md, put together here a second time from the text
 * alone, by hand: hashes, what signatures cover, the KEK, a box.
 */
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/num.h"
#include "crypto/hash.h"
#include "tests/support/keyring.h"
#include "tests/support/unit.h"

static struct mk_kr_office o;

static void start(void)
{
    ck_assert_int_eq(mk_crypto_init(NULL), MK_OK);
    mk_kr_office_make(&o);
}

struct span {
    const char *p;
    size_t n;
};

/* The next statement or slot at *p, behind its blank line. */
static struct span next_block(const char **p)
{
    const char *end = (const char *)o.text.data + o.text.len;
    struct span s = {*p + 1, 0};
    const char *blank;

    ck_assert(*p < end && **p == '\n');
    blank = memmem(s.p, (size_t)(end - s.p), "\n\n", 2);
    s.n = (size_t)((blank ? blank + 1 : end) - s.p);
    *p = s.p + s.n;
    return s;
}

/* The value of key in the block. */
static struct span value_of(struct span block, const char *key)
{
    char find[40];
    const char *at;
    struct span v;

    ck_assert_uint_lt(strlen(key), 32);
    find[0] = '\n';
    memcpy(find + 1, key, strlen(key));
    memcpy(find + 1 + strlen(key), ": ", 3);
    if (memcmp(block.p, find + 1, strlen(find) - 1) == 0)
        at = block.p - 1;
    else
        at = memmem(block.p, block.n, find, strlen(find));
    ck_assert_ptr_nonnull(at);
    v.p = at + strlen(find);
    v.n = (size_t)((const char *)memchr(v.p, '\n', 4096) - v.p);
    return v;
}

static void hex_of(struct span block, const char *key, uint8_t *out, size_t n)
{
    char text[65];
    struct span v = value_of(block, key);
    ck_assert_uint_eq(v.n, 2 * n);
    memcpy(text, v.p, v.n);
    text[v.n] = '\0';
    ck_assert(mk_unhex(out, n, text));
}

static size_t b64_of(struct span block, const char *key, uint8_t out[256])
{
    size_t n;
    struct span v = value_of(block, key);
    ck_assert(mk_unb64(out, 256, &n, v.p, v.n));
    return n;
}

/* Bytes of the block before its last line, which begins with key. */
static size_t before(struct span block, const char *key)
{
    const char *at = memmem(block.p, block.n, key, strlen(key));
    ck_assert_ptr_nonnull(at);
    return (size_t)(at + 1 - block.p);
}

START_TEST(statements_are_signed_over_store_hash_before_and_lines)
{
    const char *p = (const char *)o.text.data;
    const char *header_end = (const char *)memchr(p, '\n', 64) + 1;
    uint8_t hash[MK_HASH];
    uint8_t store[MK_ID] = {0};
    uint8_t kept[MK_HASH];

    mk_sha256(hash, p, (size_t)(header_end - p));
    p = header_end;
    for (uint64_t serial = 1; serial <= mk_keyring_serial(o.k); serial++) {
        struct span st = next_block(&p);
        uint8_t msg[16 + 32 + 4096];
        uint8_t by[MK_ID];
        uint8_t sig[256];
        size_t n = before(st, "\nsig: ");

        ck_assert_uint_le(n, 4096);
        memcpy(msg, store, 16);
        memcpy(msg + 16, hash, 32);
        memcpy(msg + 48, st.p, n);
        hex_of(st, "by", by, MK_ID);
        ck_assert_uint_eq(b64_of(st, "sig", sig), MK_SIG);
        ck_assert(mk_sign_ok(sig, mk_keyring_by_id(o.k, by)->sign,
                             "meldkluis/statement/v1", msg, 48 + n));
        if (serial == 1) {
            uint8_t h[MK_HASH];
            mk_sha256(h, st.p, n);
            memcpy(store, h, 16);
            ck_assert_mem_eq(store, mk_keyring_store(o.k), 16);
        }
        mk_sha256_parts(hash,
                        (const struct mk_part[]){
                            {"mk1/statement", 13}, {hash, 32}, {st.p, st.n}},
                        3);
        ck_assert(mk_keyring_members_hash_at(o.k, serial, kept));
        ck_assert_mem_eq(kept, hash, MK_HASH);
    }
    ck_assert_mem_eq(p, "\nslots:\n", 8);
    mk_sha256(hash, p + 1,
              (size_t)((const char *)o.text.data + o.text.len - (p + 1)));
    mk_keyring_slots_hash(o.k, kept);
    ck_assert_mem_eq(kept, hash, MK_HASH);
}
END_TEST

/* Of every slot the newest statement of its user has hash and counter. */
START_TEST(slots_are_stated_by_the_hash_of_their_lines)
{
    const char *p;
    struct mk_secret *fresh = mk_secret_from("een nieuw wachtwoord", 20);
    size_t by_certify = 0;
    size_t by_slot = 0;

    for (size_t i = 0; i < 2; i++)
        ck_assert_int_eq(
            mk_keyring_set_slot(o.k, &o.who[MK_KR_INSPECTOR], 1, fresh, NULL),
            MK_OK);
    mk_kr_office_reread(&o);
    p = memmem(o.text.data, o.text.len, "\nslots:\n", 8);
    p += 8;
    for (size_t i = 0; i < MK_KR_PEOPLE; i++) {
        struct span slot = next_block(&p);
        struct span user = value_of(slot, "user");
        const char *q = (const char *)o.text.data + strlen(MK_KR_HEADER);
        struct span last = {NULL, 0};
        uint8_t hash[MK_HASH];
        uint8_t stated[MK_HASH];

        for (uint64_t s = 1; s <= mk_keyring_serial(o.k); s++) {
            struct span st = next_block(&q);
            if (memmem(st.p, st.n, "\nslot-hash: ", 12) &&
                memcmp(value_of(st, "user").p, user.p, user.n) == 0)
                last = st;
        }
        ck_assert_ptr_nonnull(last.p);
        mk_sha256(hash, slot.p, slot.n);
        hex_of(last, "slot-hash", stated, MK_HASH);
        ck_assert_mem_eq(hash, stated, MK_HASH);
        if (memmem(last.p, last.n, "\ntype: slot\n", 12)) {
            struct span by = value_of(last, "by");
            struct span counter = value_of(last, "counter");
            ck_assert_mem_eq(by.p, user.p, user.n);
            ck_assert_mem_eq(value_of(slot, "counter").p, counter.p,
                             counter.n + 1);
            by_slot++;
        } else {
            ck_assert_mem_eq(value_of(slot, "counter").p, "1\n", 2);
            by_certify++;
        }
    }
    ck_assert_uint_eq(by_slot, 3); /* two custodians; a new passphrase */
    ck_assert_uint_eq(by_certify, 3);
    mk_secret_free(fresh);
}
END_TEST

static uint32_t num_of(struct span block, const char *key)
{
    struct span v = value_of(block, key);
    uint64_t n;
    ck_assert(mk_num_parse(v.p, v.n, 0, UINT32_MAX, &n));
    return (uint32_t)n;
}

START_TEST(a_slot_opens_by_its_written_layout)
{
    const uint8_t *store = mk_keyring_store(o.k);
    const char *p = memmem(o.text.data, o.text.len, "\nslots:\n", 8);
    struct span slot;
    uint8_t h[70] = "MKS1";
    uint8_t info[77] = "mk1/kek";
    uint8_t msg[4096];
    uint8_t aad[66] = "MKS1";
    uint8_t bundle[256];
    uint8_t sig[256];
    uint8_t keys[64];
    struct mk_secret *pass = mk_kr_office_passphrase(MK_KR_FOUNDER);
    struct mk_secret *stretched;
    struct mk_secret *kek;

    p += 8; /* the first slot is the first custodian's */
    slot = next_block(&p);
    memcpy(h + 4, store, 16);
    hex_of(slot, "user", h + 20, 16);
    ck_assert_mem_eq(h + 20, o.who[MK_KR_FOUNDER].id, 16);
    mk_put_u16(h + 36, (uint16_t)num_of(slot, "slot"));
    mk_put_u64(h + 38, num_of(slot, "counter"));
    mk_put_u32(h + 46, num_of(slot, "argon2id-t"));
    mk_put_u32(h + 50, num_of(slot, "argon2id-m"));
    hex_of(slot, "salt", h + 54, 16);
    memcpy(info + 7, h, 70);
    ck_assert_int_eq(
        mk_argon2(&stretched, pass, h + 54,
                  (struct mk_argon2_cost){num_of(slot, "argon2id-t"),
                                          num_of(slot, "argon2id-m")},
                  NULL),
        MK_OK);
    ck_assert_int_eq(mk_hkdf(&kek, 32, h + 4, 34, stretched, info, 77), MK_OK);

    memcpy(aad + 4, store, 16);
    mk_put_u16(aad + 22, 1);      /* column: slot number */
    memcpy(aad + 24, h + 20, 16); /* row: user */
    mk_put_u64(aad + 40, 1);      /* version: counter */
    memcpy(aad + 48, h + 54, 16); /* key_id: salt */
    ck_assert_uint_eq(b64_of(slot, "bundle", bundle), 141);
    ck_assert_int_eq(mk_env_open(keys, kek, aad, 66, bundle, 141, NULL),
                     MK_OK);
    ck_assert_mem_eq(keys, mk_secret_peek(o.who[MK_KR_FOUNDER].box), 32);
    ck_assert_mem_eq(keys + 32, mk_secret_peek(o.who[MK_KR_FOUNDER].seed), 32);

    size_t n = before(slot, "\nslot-sig: ");
    memcpy(msg, store, 16);
    memcpy(msg + 16, slot.p, n);
    ck_assert_uint_eq(b64_of(slot, "slot-sig", sig), MK_SIG);
    ck_assert(mk_sign_ok(sig,
                         mk_keyring_by_id(o.k, o.who[MK_KR_FOUNDER].id)->sign,
                         "meldkluis/slot/v1", msg, 16 + n));
    mk_secret_free(pass);
    mk_secret_free(stretched);
    mk_secret_free(kek);
}
END_TEST

START_TEST(a_box_opens_by_its_written_layout)
{
    const char *p = (const char *)o.text.data + strlen(MK_KR_HEADER);
    size_t seen[MK_KEY_KINDS] = {0};

    for (uint64_t serial = 1; serial <= mk_keyring_serial(o.k); serial++) {
        struct span st = next_block(&p);
        unsigned kind = MK_KEY_DBK;
        uint8_t user[MK_ID];
        uint8_t key_id[MK_ID];
        uint8_t mac[32];
        uint8_t box[256];
        uint8_t plain[256];
        uint8_t expected[58] = "MKW1";
        size_t who = 0;

        if (!memmem(st.p, st.n, "\ntype: wrap\n", 12))
            continue;
        hex_of(st, "user", user, MK_ID);
        hex_of(st, "key-id", key_id, MK_ID);
        while (memcmp(o.who[who].id, user, MK_ID) != 0)
            ck_assert_uint_lt(++who, MK_KR_PEOPLE);
        struct span v = value_of(st, "key");
        while (v.n != strlen(mk_key_slug((enum mk_key_kind)kind)) ||
               memcmp(v.p, mk_key_slug((enum mk_key_kind)kind), v.n) != 0)
            ck_assert_uint_lt(++kind, MK_KEY_KINDS);
        size_t n = b64_of(st, "box", box);
        ck_assert_int_eq(mk_box_open(plain, o.who[who].box, box, n, NULL),
                         MK_OK);
        memcpy(expected + 4, mk_keyring_store(o.k), 16);
        memcpy(expected + 20, user, 16);
        mk_put_u16(expected + 36, (uint16_t)kind);
        mk_put_u32(expected + 38, 1);
        memcpy(expected + 42, key_id, 16);
        ck_assert_mem_eq(plain, expected, 58);
        ck_assert_uint_eq(n - 48 - 58, kind == MK_KEY_RL ? 64 : 32);
        ck_assert_mem_eq(plain + 58, mk_secret_peek(o.secrets[kind]),
                         n - 48 - 58);
        mk_hmac_sha256(mac, o.secrets[kind],
                       (const struct mk_part[]){{"mk1/keyid", 9},
                                                {mk_keyring_store(o.k), 16},
                                                {expected + 36, 6}},
                       3);
        ck_assert_mem_eq(mac, key_id, 16);
        seen[kind]++;
    }
    ck_assert_uint_eq(seen[MK_KEY_DBK], MK_KR_PEOPLE);
    ck_assert_uint_eq(seen[MK_KEY_RD], 2);
    ck_assert_uint_eq(seen[MK_KEY_RS], 3);
    ck_assert_uint_eq(seen[MK_KEY_RL], 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        statements_are_signed_over_store_hash_before_and_lines,
        slots_are_stated_by_the_hash_of_their_lines,
        a_slot_opens_by_its_written_layout,
        a_box_opens_by_its_written_layout,
    };
    return UNIT_RUN("keyring_format", tests, start);
}
