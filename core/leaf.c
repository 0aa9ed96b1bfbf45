/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/leaf.h"

#include <string.h>

#include "core/base/bytes.h"

static const char session_context[] = "meldkluis/session/v1";

static void put_prefix(uint8_t out[static MK_LEAF_PREFIX],
                       const struct mk_leaf_place *at)
{
    memcpy(out, "MKL1", 4);
    mk_put_u64(out + 4, at->seq);
    memcpy(out + 12, at->store, MK_ID);
    memcpy(out + 28, at->session, MK_ID);
    memcpy(out + 44, at->prev_head, MK_HASH);
}

static void encode_item(uint8_t plain[static MK_LEAF_PLAIN],
                        const struct mk_log_item *item)
{
    memset(plain, 0, MK_LEAF_PLAIN);
    mk_put_u64(plain, (uint64_t)item->time_ms);
    memcpy(plain + 8, item->actor, MK_ID);
    mk_put_u16(plain + 24, (uint16_t)item->role);
    mk_put_u16(plain + 26, (uint16_t)item->kind);
    mk_put_u16(plain + 28, (uint16_t)item->outcome);
    mk_put_u16(plain + 30, (uint16_t)item->purpose);
    mk_put_u16(plain + 32, (uint16_t)item->verb);
    memcpy(plain + 34, item->object, MK_ID);
    mk_put_u64(plain + 50, item->mask);
    mk_put_u64(plain + 58, item->count);
    mk_put_u64(plain + 66, item->from);
    mk_put_u64(plain + 74, item->to);
    mk_put_u16(plain + 82, (uint16_t)item->conclusion);
    memcpy(plain + 84, item->member, MK_ID);
}

static void decode_item(struct mk_log_item *item,
                        const uint8_t plain[static MK_LEAF_PLAIN])
{
    item->time_ms = (int64_t)mk_get_u64(plain);
    memcpy(item->actor, plain + 8, MK_ID);
    item->role = (enum mk_role)mk_get_u16(plain + 24);
    item->kind = (enum mk_audit)mk_get_u16(plain + 26);
    item->outcome = (enum mk_outcome)mk_get_u16(plain + 28);
    item->purpose = mk_get_u16(plain + 30);
    item->verb = (enum mk_verb)mk_get_u16(plain + 32);
    memcpy(item->object, plain + 34, MK_ID);
    item->mask = mk_get_u64(plain + 50);
    item->count = mk_get_u64(plain + 58);
    item->from = mk_get_u64(plain + 66);
    item->to = mk_get_u64(plain + 74);
    item->conclusion = mk_get_u16(plain + 82);
    memcpy(item->member, plain + 84, MK_ID);
}

void mk_leaf_entry(uint8_t out[static MK_LEAF_ENTRY],
                   const struct mk_leaf_place *at,
                   const struct mk_secret *log_key,
                   const struct mk_log_item *item)
{
    uint8_t plain[MK_LEAF_PLAIN];

    put_prefix(out, at);
    encode_item(plain, item);
    mk_env_seal(out + MK_LEAF_PREFIX, log_key, 0, out, MK_LEAF_PREFIX, plain,
                sizeof plain);
    mk_crypto_wipe(plain, sizeof plain);
}

static void put_box_context(uint8_t out[static 52], const uint8_t *store,
                            const uint8_t *session, const uint8_t *actor)
{
    memcpy(out, "MKW1", 4);
    memcpy(out + 4, store, MK_ID);
    memcpy(out + 20, session, MK_ID);
    memcpy(out + 36, actor, MK_ID);
}

enum mk_err mk_leaf_session(uint8_t out[static MK_LEAF_SESSION],
                            const struct mk_leaf_place *at,
                            const struct mk_identity *actor,
                            const uint8_t log_box[static MK_PK],
                            const struct mk_secret *log_key)
{
    enum mk_err rc;
    uint8_t context[52];
    struct mk_buf box = MK_BUF_INIT;
    size_t signed_len = MK_LEAF_SESSION - MK_SIG;

    put_prefix(out, at);
    out[MK_LEAF_PREFIX] = MK_LEAF_IS_SESSION;
    memcpy(out + MK_LEAF_PREFIX + 1, actor->id, MK_ID);
    put_box_context(context, at->store, at->session, actor->id);
    MK_TRY(
        mk_box_seal_secret(&box, log_box, context, sizeof context, log_key));
    if (box.len != MK_LEAF_BOX) {
        rc = MK_E_INTERNAL;
        goto out;
    }
    memcpy(out + MK_LEAF_PREFIX + 17, box.data, box.len);
    MK_TRY(mk_sign(out + signed_len, actor->sign, session_context, out,
                   signed_len));
out:
    mk_buf_release(&box);
    return rc;
}

void mk_leaf_failed(uint8_t out[static MK_LEAF_FAILED],
                    const struct mk_leaf_place *at,
                    const uint8_t record[static MK_FAILED_RECORD])
{
    put_prefix(out, at);
    out[MK_LEAF_PREFIX] = MK_LEAF_IS_FAILED;
    memcpy(out + MK_LEAF_PREFIX + 1, record, MK_FAILED_RECORD);
}

enum mk_err mk_leaf_parse(struct mk_leaf *out, const void *leaf, size_t n,
                          const uint8_t store[static MK_ID],
                          struct mk_diag *diag)
{
    struct mk_reader r;
    uint8_t magic[4] = {0};
    uint8_t of[MK_ID] = {0};
    size_t wanted;

    mk_reader_init(&r, leaf, n);
    mk_read_copy(&r, magic, sizeof magic);
    out->seq = mk_read_u64(&r);
    mk_read_copy(&r, of, sizeof of);
    mk_read_copy(&r, out->session, MK_ID);
    mk_read_copy(&r, out->prev_head, MK_HASH);
    out->kind = (enum mk_leaf_kind)mk_read_u8(&r);
    out->n_rest = r.left;
    out->rest = mk_read_bytes(&r, r.left);
    wanted = out->kind == MK_LEAF_IS_ENTRY     ? MK_LEAF_ENTRY
             : out->kind == MK_LEAF_IS_SESSION ? MK_LEAF_SESSION
             : out->kind == MK_LEAF_IS_FAILED  ? MK_LEAF_FAILED
                                               : 0;
    if (r.bad || n != wanted || memcmp(magic, "MKL1", 4) != 0 ||
        memcmp(of, store, MK_ID) != 0)
        return mk_fail_at(diag, MK_E_TAMPERED, "log", 0, (int64_t)out->seq, 0);
    return MK_OK;
}

enum mk_err mk_leaf_open_session(struct mk_secret **log_key,
                                 uint8_t actor[static MK_ID],
                                 const struct mk_leaf *leaf,
                                 const uint8_t store[static MK_ID],
                                 const struct mk_secret *rl_box,
                                 struct mk_diag *diag)
{
    uint8_t context[52];

    memcpy(actor, leaf->rest, MK_ID);
    put_box_context(context, store, leaf->session, actor);
    return mk_box_open_secret(log_key, rl_box, context, sizeof context,
                              leaf->rest + MK_ID, MK_LEAF_BOX, diag);
}

enum mk_err mk_leaf_open_entry(struct mk_log_item *out,
                               const struct mk_leaf *leaf,
                               const uint8_t *bytes,
                               const struct mk_secret *log_key,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t plain[MK_LEAF_PLAIN];

    rc = mk_env_open(plain, log_key, bytes, MK_LEAF_PREFIX,
                     bytes + MK_LEAF_PREFIX, MK_LEAF_ENTRY - MK_LEAF_PREFIX,
                     diag);
    if (rc != MK_OK)
        return mk_fail_at(diag, rc, "log", 0, (int64_t)leaf->seq, 0);
    *out = (struct mk_log_item){.seq = leaf->seq};
    memcpy(out->session, leaf->session, MK_ID);
    decode_item(out, plain);
    mk_crypto_wipe(plain, sizeof plain);
    return MK_OK;
}

bool mk_leaf_session_ok(const struct mk_leaf *leaf, const uint8_t *bytes,
                        const struct mk_keyring *keyring)
{
    const struct mk_member *m = mk_keyring_by_id(keyring, leaf->rest);
    size_t signed_len = MK_LEAF_SESSION - MK_SIG;

    return m != NULL && mk_sign_ok(bytes + signed_len, m->sign,
                                   session_context, bytes, signed_len);
}
