/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/hash.h"

#include "crypto/parts.h"

#include <gcrypt.h>
#include <stdlib.h>

void mk_sha256(uint8_t out[static MK_HASH], const void *p, size_t n)
{
    gcry_md_hash_buffer(GCRY_MD_SHA256, out, p, n);
}

void mk_sha256_parts(uint8_t out[static MK_HASH], const struct mk_part *parts,
                     size_t n_parts)
{
    mk_parts_hash(MK_PARTS_SHA256, out, NULL, 0, parts, n_parts);
}

struct mk_sha256 {
    gcry_md_hd_t md;
};

struct mk_sha256 *mk_sha256_new(void)
{
    struct mk_sha256 *h = malloc(sizeof *h);
    if (h && gcry_md_open(&h->md, GCRY_MD_SHA256, 0) != 0) {
        free(h);
        h = NULL;
    }
    return h;
}

void mk_sha256_add(struct mk_sha256 *h, const void *p, size_t n)
{
    gcry_md_write(h->md, p, n);
}

void mk_sha256_take(struct mk_sha256 *h, uint8_t out[static MK_HASH])
{
    const uint8_t *digest = gcry_md_read(h->md, GCRY_MD_SHA256);
    for (size_t i = 0; i < MK_HASH; i++)
        out[i] = digest[i];
    gcry_md_reset(h->md);
}

void mk_sha256_free(struct mk_sha256 *h)
{
    if (!h)
        return;
    gcry_md_close(h->md);
    free(h);
}
