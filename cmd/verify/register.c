/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/verify/register.h"

#include <string.h>

#include "core/base/bytes.h"
#include "crypto/sign.h"

#define RESTART_SIGNED 122
#define TERM_MIN 60 /* months */
#define TERM_MAX 600

unsigned mk_vf_row_roles(uint32_t kind, bool first)
{
    const unsigned custodian = MK_VF_BIT(MK_VF_CUSTODIAN);

    switch (kind) {
    case MK_VF_ROW_TAG_KEY:
        return MK_VF_BIT(MK_VF_INSPECTOR) | (first ? custodian : 0);
    case MK_VF_ROW_EMERGENCY_ASK:
    case MK_VF_ROW_HOLD:
    case MK_VF_ROW_DESTROY_PROPOSE:
    case MK_VF_ROW_DESTROYED:
    case MK_VF_ROW_NAMED:
        return MK_VF_BIT(MK_VF_INSPECTOR);
    case MK_VF_ROW_RELEASE:
        return MK_VF_BIT(MK_VF_ANALYST);
    case MK_VF_ROW_RESTART:
    case MK_VF_ROW_TERM:
    case MK_VF_ROW_PRUNE:
    case MK_VF_ROW_WITNESS:
    case MK_VF_ROW_EMERGENCY_GRANT:
    case MK_VF_ROW_DESTROY_RULE:
    case MK_VF_ROW_DESTROY_APPROVE:
        return custodian;
    default:
        return 0;
    }
}

static bool witness(struct mk_vf_row *row, struct mk_reader *r)
{
    const uint16_t word = mk_read_u16(r);
    const size_t n = r->left;
    const uint8_t *vkey = mk_read_bytes(r, n);

    if (word > 1 || n > 256 || !vkey ||
        !mk_vf_key_parse(&row->key, (const char *)vkey, n))
        return false;
    /* a key of the other type signs checkpoints: it is that of a log */
    row->trusted = word == 0 && row->key.type == MK_VF_KEY_COSIGNER;
    return true;
}

/* How long what stands behind magic and store is; what it says is no matter
 * of the log. */
static const size_t lengths[MK_VF_ROWS] = {
    [MK_VF_ROW_EMERGENCY_ASK] = 50,
    [MK_VF_ROW_EMERGENCY_GRANT] = 150,
    [MK_VF_ROW_HOLD] = 19,
    [MK_VF_ROW_DESTROY_PROPOSE] = 36,
    [MK_VF_ROW_DESTROY_APPROVE] = 152,
};

/* Who is named for a dossier: none, where it is nobody's in particular. */
static bool named(struct mk_vf_row *row, struct mk_reader *r)
{
    static const uint8_t nobody[MK_ID];

    row->dossier = mk_read_bytes(r, MK_ID);
    const uint8_t *people = mk_read_bytes(r, MK_ID);
    row->n_named = mk_read_u8(r);
    row->named = mk_read_bytes(r, row->n_named * MK_ID);
    return row->n_named <= MK_VF_NAMED &&
           (row->n_named > 0 ||
            (people && memcmp(people, nobody, MK_ID) == 0));
}

bool mk_vf_row_is_by(const struct mk_vf_row *row,
                     const uint8_t actor[static MK_ID])
{
    const size_t at = row->kind == MK_VF_ROW_EMERGENCY_ASK     ? 36
                      : row->kind == MK_VF_ROW_EMERGENCY_GRANT ? 28
                                                               : 0;

    return at == 0 || memcmp(row->body + at, actor, MK_ID) == 0;
}

/* Of a rule: months, days, and the item of the selection list. */
static bool destroy_rule(struct mk_reader *r)
{
    const uint32_t months = mk_read_u32(r);

    mk_read_u32(r);
    const size_t n = mk_read_u8(r);
    const uint8_t *item = mk_read_bytes(r, n);

    for (size_t i = 0; item && i < n; i++)
        if (item[i] < ' ' || item[i] > '~')
            return false;
    return item && months >= 12 && months <= 1200;
}

/* What the body says; false if it is not of that kind. */
static bool body(struct mk_vf_row *row, const uint8_t *store)
{
    static const char magics[MK_VF_ROWS][5] = {
        [MK_VF_ROW_RESTART] = "MKX1",
        [MK_VF_ROW_TERM] = "MKT1",
        [MK_VF_ROW_PRUNE] = "MKP1",
        [MK_VF_ROW_WITNESS] = "MKV1",
        [MK_VF_ROW_EMERGENCY_ASK] = "MKN1",
        [MK_VF_ROW_EMERGENCY_GRANT] = "MKN2",
        [MK_VF_ROW_DESTROY_RULE] = "MKU1",
        [MK_VF_ROW_HOLD] = "MKU2",
        [MK_VF_ROW_DESTROY_PROPOSE] = "MKU3",
        [MK_VF_ROW_DESTROY_APPROVE] = "MKU4",
        [MK_VF_ROW_DESTROYED] = "MKU5",
        [MK_VF_ROW_NAMED] = "MKN3",
    };
    struct mk_reader r;
    uint8_t magic[4], of[MK_ID];
    bool good = true;

    if (row->kind == MK_VF_ROW_TAG_KEY || row->kind == MK_VF_ROW_RELEASE)
        return row->n == 0;
    if (row->kind == 0 || row->kind >= MK_VF_ROWS)
        return false;
    mk_reader_init(&r, row->body, row->n);
    mk_read_copy(&r, magic, sizeof magic);
    mk_read_copy(&r, of, sizeof of);
    switch (row->kind) {
    case MK_VF_ROW_RESTART:
        row->epoch = mk_read_u32(&r);
        mk_read_u16(&r);
        row->known = mk_read_bytes(&r, MK_HASH);
        row->restored = mk_read_bytes(&r, MK_HASH);
        mk_read_bytes(&r, (size_t)2 * MK_ID + (size_t)2 * MK_SIG);
        break;
    case MK_VF_ROW_TERM:
        row->months = mk_read_u32(&r);
        good = row->months >= TERM_MIN && row->months <= TERM_MAX;
        break;
    case MK_VF_ROW_PRUNE:
        row->size = mk_read_u64(&r);
        row->root = mk_read_bytes(&r, MK_HASH);
        row->before_ms = (int64_t)mk_read_u64(&r);
        break;
    case MK_VF_ROW_WITNESS:
        good = witness(row, &r);
        break;
    case MK_VF_ROW_DESTROYED: /* ends with an item of any length */
        mk_read_bytes(&r, r.left);
        break;
    case MK_VF_ROW_DESTROY_RULE:
        good = destroy_rule(&r);
        break;
    case MK_VF_ROW_NAMED:
        good = named(row, &r);
        break;
    default:
        mk_read_bytes(&r, lengths[row->kind]);
        break;
    }
    return good && mk_reader_done(&r) &&
           memcmp(magic, magics[row->kind], sizeof magic) == 0 &&
           memcmp(of, store, MK_ID) == 0;
}

bool mk_vf_row_next(struct mk_vf_rows *rows, const uint8_t store[static MK_ID],
                    struct mk_vf_row *out, bool *bad)
{
    struct mk_reader r;
    uint8_t hash[MK_HASH];

    *bad = false;
    *out = (struct mk_vf_row){.seq = rows->next};
    if (rows->left == 0)
        return false;
    mk_reader_init(&r, rows->p, rows->left);
    out->seq = mk_read_u64(&r);
    out->kind = mk_read_u32(&r);
    mk_read_copy(&r, out->hash, MK_HASH);
    out->n = mk_read_u32(&r);
    out->body = mk_read_bytes(&r, out->n);
    *bad = r.bad || out->seq != rows->next || !body(out, store);
    if (!*bad && out->n > 0) {
        mk_sha256(hash, out->body, out->n);
        *bad = memcmp(hash, out->hash, MK_HASH) != 0;
    }
    if (*bad) {
        out->seq = rows->next;
        return false;
    }
    rows->p += rows->left - r.left;
    rows->left = r.left;
    rows->next++;
    return true;
}

void mk_vf_row_chain(uint8_t chain[static MK_HASH],
                     const struct mk_vf_row *row)
{
    uint8_t numbers[12];

    mk_put_u64(numbers, row->seq);
    mk_put_u32(numbers + 8, row->kind);
    const struct mk_part parts[] = {{"mk1/register", 12},
                                    {chain, MK_HASH},
                                    {numbers, sizeof numbers},
                                    {row->hash, MK_HASH}};
    mk_sha256_parts(chain, parts, 4);
}

static bool by(const struct mk_vf_row *row, const struct mk_vf_members *m,
               uint64_t serial, const uint8_t *id, unsigned role,
               const uint8_t *sig)
{
    const struct mk_vf_member *who = mk_vf_member_at(m, id, serial);

    return who && (mk_vf_roles_at(who, serial) & MK_VF_BIT(role)) &&
           mk_sign_ok(sig, who->sign, "meldkluis/restart/v1", row->body,
                      RESTART_SIGNED);
}

bool mk_vf_row_signed(const struct mk_vf_row *row,
                      const struct mk_vf_members *m, uint64_t serial)
{
    const uint8_t *ids = row->body + RESTART_SIGNED - (size_t)2 * MK_ID;
    const uint8_t *sigs = row->body + RESTART_SIGNED;

    return row->kind == MK_VF_ROW_RESTART &&
           by(row, m, serial, ids, MK_VF_CUSTODIAN, sigs) &&
           by(row, m, serial, ids + MK_ID, MK_VF_AUDITOR, sigs + MK_SIG);
}
