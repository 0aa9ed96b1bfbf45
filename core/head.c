/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/head.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/stats.h"
#include "crypto/hash.h"
#include "crypto/merkle.h"
#include "crypto/sign.h"

static const char head_context[] = "meldkluis/head/v1";

void mk_head_empty(struct mk_head *h, const uint8_t store[static MK_ID])
{
    struct mk_merkle_stream none;

    *h = (struct mk_head){0};
    memcpy(h->store, store, MK_ID);
    mk_merkle_stream_init(&none);
    mk_merkle_stream_root(&none, h->log_root);
    mk_merkle_stream_root(&none, h->dossier_root);
    mk_stats_empty_root(h->stats_root);
}

static uint8_t *put(uint8_t *p, const void *bytes, size_t n)
{
    memcpy(p, bytes, n);
    return p + n;
}

static uint8_t *put_u64(uint8_t *p, uint64_t v)
{
    mk_put_u64(p, v);
    return p + 8;
}

void mk_head_encode(const struct mk_head *h, uint8_t out[static MK_HEAD])
{
    uint8_t *p = out;

    p = put(p, "MKH1", 4);
    p = put(p, h->store, MK_ID);
    mk_put_u32(p, h->epoch);
    p = put_u64(p + 4, h->log_size);
    p = put(p, h->log_root, MK_HASH);
    p = put_u64(p, h->n_dossiers);
    p = put(p, h->dossier_root, MK_HASH);
    p = put_u64(p, h->n_stats);
    p = put(p, h->stats_root, MK_HASH);
    p = put_u64(p, h->n_register);
    p = put(p, h->register_root, MK_HASH);
    p = put_u64(p, h->keyring_serial);
    p = put(p, h->members_hash, MK_HASH);
    p = put(p, h->slots_hash, MK_HASH);
    p = put_u64(p, h->time_ms);
    p = put(p, h->actor, MK_ID);
    put(p, h->txid, MK_ID);
}

bool mk_head_decode(struct mk_head *h, const uint8_t in[static MK_HEAD])
{
    struct mk_reader r;
    uint8_t magic[4];

    mk_reader_init(&r, in, MK_HEAD);
    mk_read_copy(&r, magic, sizeof magic);
    mk_read_copy(&r, h->store, MK_ID);
    h->epoch = mk_read_u32(&r);
    h->log_size = mk_read_u64(&r);
    mk_read_copy(&r, h->log_root, MK_HASH);
    h->n_dossiers = mk_read_u64(&r);
    mk_read_copy(&r, h->dossier_root, MK_HASH);
    h->n_stats = mk_read_u64(&r);
    mk_read_copy(&r, h->stats_root, MK_HASH);
    h->n_register = mk_read_u64(&r);
    mk_read_copy(&r, h->register_root, MK_HASH);
    h->keyring_serial = mk_read_u64(&r);
    mk_read_copy(&r, h->members_hash, MK_HASH);
    mk_read_copy(&r, h->slots_hash, MK_HASH);
    h->time_ms = mk_read_u64(&r);
    mk_read_copy(&r, h->actor, MK_ID);
    mk_read_copy(&r, h->txid, MK_ID);
    return mk_reader_done(&r) && memcmp(magic, "MKH1", 4) == 0;
}

void mk_head_hash(const uint8_t body[static MK_HEAD],
                  uint8_t out[static MK_HASH])
{
    mk_sha256(out, body, MK_HEAD);
}

enum mk_err mk_head_sign(struct mk_head_row *row, const struct mk_head *h,
                         const struct mk_secret *sign)
{
    row->log_size = h->log_size;
    memcpy(row->txid, h->txid, MK_ID);
    mk_head_encode(h, row->body);
    return mk_sign(row->sig, sign, head_context, row->body, MK_HEAD);
}

bool mk_head_signed_by(const struct mk_head_row *row,
                       const uint8_t pk[static MK_PK])
{
    return mk_sign_ok(row->sig, pk, head_context, row->body, MK_HEAD);
}

bool mk_head_names(const struct mk_head *h, const struct mk_keyring *keyring)
{
    uint8_t members[MK_HASH];
    uint8_t slots[MK_HASH];

    mk_keyring_members_hash(keyring, members);
    mk_keyring_slots_hash(keyring, slots);
    return mk_keyring_serial(keyring) == h->keyring_serial &&
           memcmp(members, h->members_hash, MK_HASH) == 0 &&
           memcmp(slots, h->slots_hash, MK_HASH) == 0;
}
