/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/siphash.h"
#include "tests/support/unit.h"

#include <sodium.h>

static uint8_t key[16], text[300];

static void fill(void)
{
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)i;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)i;
}

/* Of the reference implementation (vectors.h); the one of 15 bytes stands in
 * appendix A of the paper too. */
START_TEST(published_vectors_come_out)
{
    static const struct {
        size_t n;
        uint64_t out;
    } vectors[] = {
        {0, 0x726fdb47dd0e0e31u}, {1, 0x74f839c593dc67fdu},
        {2, 0x0d6c8009d9a94f5au}, {7, 0xab0200f58b01d137u},
        {8, 0x93f5f5799a932462u}, {15, 0xa129ca6149be45e5u},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++)
        ck_assert(mk_sdc_siphash(key, text, vectors[i].n) == vectors[i].out);
}
END_TEST

START_TEST(another_implementation_agrees_at_every_length)
{
    ck_assert_uint_eq(crypto_shorthash_KEYBYTES, sizeof key);
    for (size_t n = 0; n <= sizeof text; n++) {
        uint8_t out[crypto_shorthash_BYTES], ours[8];
        uint64_t h = mk_sdc_siphash(key, text, n);
        crypto_shorthash(out, text, n, key);
        for (size_t i = 0; i < 8; i++)
            ours[i] = (uint8_t)(h >> (8 * i));
        ck_assert_mem_eq(ours, out, sizeof out);
        key[n % sizeof key] ^= (uint8_t)h;
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        published_vectors_come_out,
        another_implementation_agrees_at_every_length,
    };
    return UNIT_RUN("sdc_siphash", tests, fill);
}
