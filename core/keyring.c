/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions to a proven keyring. */
#include "core/keyring_impl.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/fold.h"
#include "crypto/hash.h"

const uint8_t *mk_keyring_store(const struct mk_keyring *k)
{
    return k->store;
}

const char *mk_keyring_origin(const struct mk_keyring *k)
{
    return k->origin;
}

uint64_t mk_keyring_serial(const struct mk_keyring *k)
{
    return k->serial;
}

void mk_keyring_members_hash(const struct mk_keyring *k,
                             uint8_t out[static MK_HASH])
{
    memcpy(out, k->hash[k->serial], MK_HASH);
}

bool mk_keyring_members_hash_at(const struct mk_keyring *k, uint64_t serial,
                                uint8_t out[static MK_HASH])
{
    if (serial == 0 || serial > k->serial)
        return false;
    memcpy(out, k->hash[serial], MK_HASH);
    return true;
}

void mk_keyring_slots_hash(const struct mk_keyring *k,
                           uint8_t out[static MK_HASH])
{
    memcpy(out, k->slots_hash, MK_HASH);
}

size_t mk_keyring_count(const struct mk_keyring *k)
{
    return k->n_persons;
}

const struct mk_member *mk_keyring_member(const struct mk_keyring *k, size_t i)
{
    return i < k->n_persons ? &k->person[i].m : NULL;
}

const struct mk_member *mk_keyring_by_name(const struct mk_keyring *k,
                                           const char *name)
{
    uint8_t name_key[MK_HASH];

    if (!mk_fold_name_key(name_key, name, strlen(name)))
        return NULL;
    for (size_t i = 0; i < k->n_persons; i++)
        if (memcmp(k->person[i].name_key, name_key, MK_HASH) == 0)
            return &k->person[i].m;
    return NULL;
}

const struct mk_member *mk_keyring_by_id(const struct mk_keyring *k,
                                         const uint8_t id[static MK_ID])
{
    const struct mk_kr_member *p = mk_kr_find(k, id);
    return p ? &p->m : NULL;
}

void mk_keyring_log_keys(const struct mk_keyring *k, uint8_t box[static MK_PK],
                         uint8_t sign[static MK_PK])
{
    const struct mk_kr_key *key = mk_kr_key(k, MK_KEY_RL);

    memcpy(box, key->log_box, MK_PK);
    memcpy(sign, key->log_sign, MK_PK);
}

bool mk_keyring_log_keys_at(const struct mk_keyring *k, uint32_t generation,
                            uint8_t box[static MK_PK],
                            uint8_t sign[static MK_PK])
{
    const struct mk_kr_key *key = mk_kr_key_at(k, MK_KEY_RL, generation);

    if (!key)
        return false;
    memcpy(box, key->log_box, MK_PK);
    memcpy(sign, key->log_sign, MK_PK);
    return true;
}

uint32_t mk_keyring_generation(const struct mk_keyring *k,
                               enum mk_key_kind kind)
{
    return mk_kr_key(k, kind)->generation;
}

bool mk_keyring_key_id_at(const struct mk_keyring *k, enum mk_key_kind kind,
                          uint32_t generation, uint8_t key_id[static MK_ID])
{
    const struct mk_kr_key *key = mk_kr_key_at(k, kind, generation);

    if (!key)
        return false;
    memcpy(key_id, key->id, MK_ID);
    return true;
}

bool mk_keyring_slot_info(const struct mk_keyring *k,
                          const uint8_t id[static MK_ID],
                          struct mk_slot_info *out)
{
    const struct mk_kr_member *p = mk_kr_find(k, id);

    if (!p)
        return false;
    out->cost = p->slot[0].cost;
    out->counter = p->slot[0].counter;
    out->has_second = mk_kr_has_slot(p, 2);
    out->second = p->stated[1].counter;
    return true;
}

static void member_hash(const struct mk_member *m,
                        uint8_t hash[static MK_HASH])
{
    mk_sha256_parts(hash,
                    (const struct mk_part[]){{m->name, strlen(m->name)},
                                             {m->box, MK_PK},
                                             {m->sign, MK_PK}},
                    3);
}

void mk_member_fingerprint(const struct mk_member *m, char out[static 40])
{
    uint8_t hash[MK_HASH];

    member_hash(m, hash);
    for (size_t i = 0; i < 8; i++) {
        mk_hex(out + 5 * i, hash + 2 * i, 2);
        out[5 * i + 4] = i < 7 ? ' ' : '\0';
    }
}

void mk_member_words(const struct mk_member *m,
                     const char *out[static MK_WORDS])
{
    uint8_t hash[MK_HASH];

    member_hash(m, hash);
    for (size_t i = 0; i < MK_WORDS; i++)
        out[i] = mk_word(hash[i]);
}
