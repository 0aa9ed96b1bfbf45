/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Known answers.  Sources: RFC 4231 case 2, RFC 5869 A.1, the tree of eight
 * leaves of the Certificate Transparency tests, and for constructions of our
 * own tests/vectors/selftest.txt, made by a second implementation.
 */
#include "crypto/selftest.h"

#include "core/base/bytes.h"
#include "crypto/envelope.h"
#include "crypto/kdf.h"
#include "crypto/merkle.h"
#include "crypto/shares.h"
#include "crypto/sign.h"

#include <string.h>

#define PLAIN "meldkluis"
#define PLAIN_LEN (sizeof PLAIN - 1)
#define CONTEXT "self-test"
#define LONGEST 96

static bool is_hex(const uint8_t *p, size_t n, const char *hex)
{
    uint8_t want[LONGEST];
    return n <= sizeof want && mk_unhex(want, n, hex) &&
           mk_crypto_equal(p, want, n);
}

/* The secret 00 01 02 .. of n bytes. */
static struct mk_secret *counting(size_t n)
{
    struct mk_secret *s = mk_secret_new(n);
    for (size_t i = 0; s && i < n; i++)
        mk_secret_bytes(s)[i] = (uint8_t)i;
    return s;
}

static bool hmac_is_right(void)
{
    static const char answer[] =
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
        "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737";
    static const char text[] = "what do ya want for nothing?";
    const struct mk_part parts[2] = {{text, 4}, {text + 4, sizeof text - 5}};
    uint8_t mac[64];
    struct mk_secret *key = mk_secret_from("Jefe", 4);
    if (!key)
        return false;
    mk_hmac_sha512(mac, key, parts, 2);
    mk_secret_free(key);
    return is_hex(mac, sizeof mac, answer);
}

static bool hkdf_is_right(void)
{
    static const char answer[] =
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
        "34007208d5b887185865";
    static const uint8_t salt[13] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    static const uint8_t info[10] = {0xf0, 0xf1, 0xf2, 0xf3, 0xf4,
                                     0xf5, 0xf6, 0xf7, 0xf8, 0xf9};
    struct mk_secret *out = NULL;
    struct mk_secret *ikm = mk_secret_new(22);
    if (!ikm)
        return false;
    memset(mk_secret_bytes(ikm), 0x0b, 22);
    bool ok = mk_hkdf(&out, 42, salt, sizeof salt, ikm, info, sizeof info) ==
                  MK_OK &&
              is_hex(mk_secret_peek(out), 42, answer);
    mk_secret_free(out);
    mk_secret_free(ikm);
    return ok;
}

static bool tree_is_right(void)
{
    static const char *const leaves[] = {"",
                                         "00",
                                         "10",
                                         "2021",
                                         "3031",
                                         "40414243",
                                         "5051525354555657",
                                         "606162636465666768696a6b6c6d6e6f"};
    struct mk_merkle_stream tree;
    uint8_t hash[MK_HASH];
    mk_merkle_stream_init(&tree);
    for (size_t i = 0; i < sizeof leaves / sizeof leaves[0]; i++) {
        uint8_t leaf[16];
        size_t n = strlen(leaves[i]) / 2;
        if (!mk_unhex(leaf, n, leaves[i]))
            return false;
        mk_merkle_leaf(hash, leaf, n);
        mk_merkle_stream_add(&tree, hash);
    }
    mk_merkle_stream_root(&tree, hash);
    return is_hex(hash, sizeof hash,
                  "5dc9da79a70659a9ad559cb701ded9a2"
                  "ab9d823aad2f4960cfe370eff4604328");
}

static bool envelope_is_right(void)
{
    static const char answer[] =
        "0100000001202122232425262728292a2b2c2d2e2f3031323334353637e5af99"
        "a6305d75f6cadf2d97fcb3a85050bd978fcae9b3c1cd9159cafc6b2077e3b667"
        "026cad1df3955f578f23b274579f398520535e130654";
    uint8_t env[PLAIN_LEN + MK_ENV_OVERHEAD];
    uint8_t plain[PLAIN_LEN];
    struct mk_secret *key = counting(MK_KEY);
    if (!key)
        return false;
    bool ok = mk_unhex(env, sizeof env, answer) &&
              mk_env_open(plain, key, CONTEXT, sizeof CONTEXT - 1, env,
                          sizeof env, NULL) == MK_OK &&
              memcmp(plain, PLAIN, PLAIN_LEN) == 0;
    /* and it says no */
    env[sizeof env - 1] ^= 1;
    ok = ok && mk_env_open(plain, key, CONTEXT, sizeof CONTEXT - 1, env,
                           sizeof env, NULL) == MK_E_DAMAGED;
    mk_secret_free(key);
    return ok;
}

static bool signature_is_right(void)
{
    static const char answer[] =
        "99308e1eaa5b33ee114b84bcf84804f84897fe5caa94d85c93da1090bd6e8a81"
        "0e46dd569d4f169aa86128c5748d0a9885454ff7e1e30ba1deecfea403519107";
    static const char seed_hex[] = "9d61b19deffd5a60ba844af492ec2cc4"
                                   "4449c5697b326919703bac031cae7f60";
    uint8_t sig[MK_SIG];
    uint8_t pk[MK_PK];
    struct mk_secret *key = NULL;
    struct mk_secret *seed = mk_secret_new(32);
    bool ok = seed && mk_unhex(mk_secret_bytes(seed), 32, seed_hex) &&
              mk_sign_key(&key, pk, seed) == MK_OK &&
              mk_sign(sig, key, CONTEXT, PLAIN, PLAIN_LEN) == MK_OK &&
              is_hex(sig, sizeof sig, answer) &&
              mk_sign_ok(sig, pk, CONTEXT, PLAIN, PLAIN_LEN) &&
              !mk_sign_ok(sig, pk, CONTEXT, PLAIN, PLAIN_LEN - 1);
    mk_secret_free(key);
    mk_secret_free(seed);
    return ok;
}

static bool box_is_right(void)
{
    static const char answer[] =
        "79a631eede1bf9c98f12032cdeadd0e7a079398fc786b88cc846ec89af85a51a"
        "e93ab84b008e1638f76be4268bf6bdb8a43ded1d72f6ebe7e8";
    uint8_t box[PLAIN_LEN + MK_BOX_OVERHEAD];
    uint8_t plain[PLAIN_LEN];
    struct mk_secret *secret = counting(MK_KEY);
    bool ok = secret && mk_unhex(box, sizeof box, answer) &&
              mk_box_open(plain, secret, box, sizeof box, NULL) == MK_OK &&
              memcmp(plain, PLAIN, PLAIN_LEN) == 0;
    mk_secret_free(secret);
    return ok;
}

/* Three shares made by gfsplit of libgfshare-bin. */
static bool shares_are_right(void)
{
    static const char answer[] = "abcdefghijklmnopqrstuvwxyz012345";
    static const char *const hex[] = {
        "2b14f3ef5f51150671f899572f13988c046d410b0872df27b5d1c6a1739f8504",
        "c01ae3b072002e48670402b29508cf83b6ad524985a40011dc1ea44339f73d56",
        "e5790126491cd902e362408817e8e1855592bf229792aad69173946eb7eda424",
    };
    struct mk_share shares[] = {
        {.number = 85}, {.number = 91}, {.number = 110}};
    struct mk_secret *whole = NULL;
    bool ok = true;
    for (size_t i = 0; i < 3; i++) {
        shares[i].bytes = mk_secret_new(32);
        ok = ok && shares[i].bytes &&
             mk_unhex(mk_secret_bytes(shares[i].bytes), 32, hex[i]);
    }
    ok = ok && mk_shares_combine(&whole, shares, 3, NULL) == MK_OK &&
         memcmp(mk_secret_peek(whole), answer, 32) == 0;
    mk_secret_free(whole);
    mk_shares_release(shares, 3);
    return ok;
}

enum mk_err mk_selftest_run(struct mk_diag *diag)
{
    static const struct {
        bool (*is_right)(void);
        const char *name;
    } tests[] = {
        {hmac_is_right, "HMAC-SHA-512"},
        {hkdf_is_right, "HKDF-SHA-256"},
        {tree_is_right, "SHA-256 tree"},
        {envelope_is_right, "XChaCha20-Poly1305"},
        {signature_is_right, "Ed25519"},
        {box_is_right, "X25519"},
        {shares_are_right, "libgfshare"},
    };
    for (size_t i = 0; i < sizeof tests / sizeof tests[0]; i++) {
        if (!tests[i].is_right())
            return mk_fail(diag, MK_E_LIBRARY, tests[i].name);
    }
    return MK_OK;
}
