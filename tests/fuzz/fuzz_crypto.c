/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing that was not sealed or proven opens; base64 has one form only. */
#include "core/base/bytes.h"
#include "crypto/envelope.h"
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void envelopes(const uint8_t *p, size_t n)
{
    static const uint8_t bytes[MK_KEY] = {7};
    static const char aad[] = "place";
    struct mk_secret *key = mk_secret_from(bytes, sizeof bytes),
                     *wrapped = NULL;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_diag diag = MK_DIAG_INIT;
    CLAIM(key);
    (void)mk_env_key_gen(p, n);
    CLAIM(mk_env_open_padded(&out, key, aad, 5, p, n, &diag) != MK_OK);
    CLAIM(mk_env_unwrap(&wrapped, key, aad, 5, p, n, &diag) != MK_OK);
    mk_buf_release(&out);
    mk_secret_free(key);
}

static void base64(const uint8_t *p, size_t n)
{
    uint8_t bytes[96];
    char again[MK_B64_LEN(sizeof bytes) + 1];
    size_t len;
    if (!mk_unb64(bytes, sizeof bytes, &len, (const char *)p, n))
        return;
    CLAIM(len <= sizeof bytes);
    mk_b64(again, bytes, len);
    CLAIM(strlen(again) == n && memcmp(again, p, n) == 0);
}

/* index u64 | size u64 | leaf | root | proof hashes */
static void proofs(const uint8_t *p, size_t n)
{
    static const uint8_t zero[MK_HASH];
    struct mk_reader r;
    mk_reader_init(&r, p, n);
    uint64_t index = mk_read_u64(&r), size = mk_read_u64(&r);
    const uint8_t *leaf = mk_read_bytes(&r, MK_HASH);
    const uint8_t *root = mk_read_bytes(&r, MK_HASH);
    if (r.bad)
        return;
    size_t hashes = r.left / MK_HASH;
    const uint8_t(*proof)[MK_HASH] = (const void *)r.p;
    /* a proof may hold by chance only where it proves an equality */
    if (mk_merkle_inclusion_ok(leaf, index, size, proof, hashes, root))
        CLAIM(size == 1 && hashes == 0 && memcmp(leaf, root, MK_HASH) == 0);
    if (mk_merkle_consistency_ok(index, size, proof, hashes, leaf, root))
        CLAIM(index == 0 || memcmp(leaf, root, MK_HASH) == 0);
    CLAIM(!mk_merkle_inclusion_ok(leaf, size, size, proof, hashes, zero));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready; /* a test program of one thread */
    if (!ready) {
        struct mk_diag diag = MK_DIAG_INIT;
        CLAIM(mk_crypto_init(&diag) == MK_OK);
        ready = true;
    }
    envelopes(data, size);
    base64(data, size);
    proofs(data, size);
    return 0;
}
