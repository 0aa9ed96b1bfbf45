/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chains over the statistics stream, its root and its places. */
#include "core/stats_parts.h"

#include "core/base/bytes.h"
#include "crypto/hash.h"

#include <string.h>

void mk_stats_chain_chunk(uint8_t chain[static MK_HASH],
                          const struct mk_chunk_row *row,
                          const uint8_t facts_hash[static MK_HASH])
{
    uint8_t numbers[24];
    mk_put_u64(numbers, row->idx);
    mk_put_u64(numbers + 8, row->first);
    mk_put_u64(numbers + 16, row->n);
    const struct mk_part parts[] = {
        {"mk1/chunk", 9},          {chain, MK_HASH},
        {numbers, sizeof numbers}, {facts_hash, MK_HASH},
        {row->tags_hash, MK_HASH},
    };
    mk_sha256_parts(chain, parts, sizeof parts / sizeof parts[0]);
}

void mk_stats_chain_row(uint8_t chain[static MK_HASH], uint64_t position,
                        const uint8_t env[MK_STATS_ROW])
{
    uint8_t hash[MK_HASH];
    uint8_t seq[8];
    mk_sha256(hash, env, MK_STATS_ROW);
    mk_put_u64(seq, position);
    const struct mk_part parts[] = {
        {"mk1/row", 7},
        {chain, MK_HASH},
        {seq, sizeof seq},
        {hash, sizeof hash},
    };
    mk_sha256_parts(chain, parts, sizeof parts / sizeof parts[0]);
}

void mk_stats_root(uint8_t root[static MK_HASH], uint64_t n,
                   const uint8_t chunks[static MK_HASH],
                   const uint8_t rows[static MK_HASH])
{
    uint8_t count[8];
    mk_put_u64(count, n);
    const struct mk_part parts[] = {
        {"mk1/stats", 9},
        {count, sizeof count},
        {chunks, MK_HASH},
        {rows, MK_HASH},
    };
    mk_sha256_parts(root, parts, sizeof parts / sizeof parts[0]);
}

void mk_stats_empty_root(uint8_t root[static MK_HASH])
{
    static const uint8_t none[MK_HASH];
    mk_stats_root(root, 0, none, none);
}

enum mk_err mk_stats_key_for(struct mk_stats_key *out,
                             const struct mk_stats_key *key, const void *env,
                             size_t n)
{
    const struct mk_generation *g;

    *out = *key;
    if (!key->all)
        return MK_OK;
    g = mk_generation_at(key->all, mk_env_key_gen(env, n));
    if (!g)
        return MK_E_DAMAGED;
    out->rs = g->secret;
    memcpy(out->key_id, g->id, MK_ID);
    return MK_OK;
}

static void aad_of(uint8_t out[static MK_AAD], const char magic[static 4],
                   const struct mk_stats_key *key, uint16_t table,
                   uint16_t column, uint64_t number)
{
    struct mk_place place = {.table = table, .column = column, .version = 1};
    mk_put_u64(place.row + MK_ID - 8, number);
    memcpy(place.key_id, key->key_id, MK_ID);
    mk_aad(out, magic, key->store, &place);
}

void mk_stats_row_aad(uint8_t out[static MK_AAD],
                      const struct mk_stats_key *key, uint64_t position)
{
    aad_of(out, "MKA1", key, MK_TABLE_STATS_ROW, MK_COL_STATS_FACTS, position);
}

void mk_stats_chunk_aad(uint8_t out[static MK_AAD],
                        const struct mk_stats_key *key, uint16_t column,
                        uint64_t idx)
{
    aad_of(out, "MKC1", key, MK_TABLE_STATS_CHUNK, column, idx);
}

enum mk_err mk_stats_bad_row(struct mk_diag *diag, enum mk_err err,
                             uint64_t position)
{
    return mk_fail_at(diag, err, "stats_row", 0, (int64_t)position, 0);
}

enum mk_err mk_stats_bad_chunk(struct mk_diag *diag, enum mk_err err,
                               uint64_t idx)
{
    return mk_fail_at(diag, err, "stats_chunk", 0, (int64_t)idx, 0);
}
