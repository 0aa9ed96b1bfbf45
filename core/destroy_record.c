/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/base/bytes.h"
#include "core/destroy.h"
#include "crypto/sign.h"

static const char approve_context[] = "meldkluis/destroy-approve/v1";
static const char destroyed_context[] = "meldkluis/destroyed/v1";

/* Days of a dossier: 1970 and later, and no sum with a term runs over. */
#define DAY_MAX 200000u

/* A reader behind magic and store; bad when those are others. */
static struct mk_reader reader_of(const struct mk_blob *body,
                                  const char *magic, const uint8_t *store)
{
    struct mk_reader r;
    uint8_t start[4 + MK_ID];

    mk_reader_init(&r, body->p, body->n);
    mk_read_copy(&r, start, sizeof start);
    if (memcmp(start, magic, 4) != 0 || memcmp(start + 4, store, MK_ID) != 0)
        r.bad = true;
    return r;
}

static bool take_day(struct mk_reader *r, mk_day *day)
{
    uint32_t n = mk_read_u32(r);

    *day = (mk_day)n;
    return n <= DAY_MAX;
}

static bool take_item(struct mk_reader *r, char out[static MK_ITEM_MAX + 1])
{
    size_t n = mk_read_u8(r);

    mk_read_copy(r, out, n);
    out[n] = '\0';
    for (size_t i = 0; i < n; i++)
        if (out[i] < 0x20 || out[i] > 0x7e)
            return false;
    return n != 0;
}

static bool months_ok(uint32_t months)
{
    return months >= MK_DESTROY_MONTHS_MIN && months <= MK_DESTROY_MONTHS_MAX;
}

mk_day mk_destroy_due(mk_day ended, uint32_t months)
{
    return mk_date_add_months(ended, months);
}

/* --- rule, hold, proposal --- */

bool mk_destroy_rule_ok(const struct mk_destroy_rule *r)
{
    size_t n = strnlen(r->item, sizeof r->item);

    for (size_t i = 0; i < n; i++)
        if (r->item[i] < 0x20 || r->item[i] > 0x7e)
            return false;
    return n != 0 && n <= MK_ITEM_MAX && months_ok(r->months) &&
           r->copies_days <= MK_COPIES_DAYS_MAX;
}

enum mk_err mk_destroy_rule_encode(struct mk_buf *out,
                                   const uint8_t store[static MK_ID],
                                   const struct mk_destroy_rule *r)
{
    enum mk_err rc;
    size_t n = strlen(r->item);

    MK_TRY(mk_buf_add(out, "MKU1", 4));
    MK_TRY(mk_buf_add(out, store, MK_ID));
    MK_TRY(mk_buf_add_u32(out, r->months));
    MK_TRY(mk_buf_add_u32(out, r->copies_days));
    MK_TRY(mk_buf_add_u8(out, (uint8_t)n));
    MK_TRY(mk_buf_add(out, r->item, n));
out:
    return rc;
}

bool mk_destroy_rule_parse(struct mk_destroy_rule *out,
                           const struct mk_blob *body,
                           const uint8_t store[static MK_ID])
{
    struct mk_reader r = reader_of(body, "MKU1", store);

    *out = (struct mk_destroy_rule){.months = mk_read_u32(&r)};
    out->copies_days = mk_read_u32(&r);
    return take_item(&r, out->item) && mk_reader_done(&r) &&
           mk_destroy_rule_ok(out);
}

void mk_hold_encode(uint8_t out[static MK_HOLD_BODY],
                    const uint8_t store[static MK_ID],
                    const struct mk_hold_record *r)
{
    memcpy(out, "MKU2", 4);
    memcpy(out + 4, store, MK_ID);
    memcpy(out + 20, r->dossier, MK_ID);
    out[36] = r->on ? 1 : 0;
    mk_put_u16(out + 37, (uint16_t)r->reason);
}

bool mk_hold_parse(struct mk_hold_record *out, const struct mk_blob *body,
                   const uint8_t store[static MK_ID])
{
    struct mk_reader r = reader_of(body, "MKU2", store);
    uint8_t set;

    mk_read_copy(&r, out->dossier, MK_ID);
    set = mk_read_u8(&r);
    out->on = set == 1;
    out->reason = mk_read_u16(&r);
    return mk_reader_done(&r) && set <= 1 &&
           mk_code_get(MK_LIST_HOLD, out->reason) != NULL;
}

void mk_proposal_encode(uint8_t out[static MK_PROPOSAL_BODY],
                        const uint8_t store[static MK_ID],
                        const struct mk_proposal_record *r)
{
    memcpy(out, "MKU3", 4);
    memcpy(out + 4, store, MK_ID);
    memcpy(out + 20, r->dossier, MK_ID);
    mk_put_u64(out + 36, r->version);
    mk_put_u64(out + 44, r->rule);
    mk_put_u32(out + 52, (uint32_t)r->ended);
}

bool mk_proposal_parse(struct mk_proposal_record *out,
                       const struct mk_blob *body,
                       const uint8_t store[static MK_ID])
{
    struct mk_reader r = reader_of(body, "MKU3", store);
    bool good;

    mk_read_copy(&r, out->dossier, MK_ID);
    out->version = mk_read_u64(&r);
    out->rule = mk_read_u64(&r);
    good = take_day(&r, &out->ended);
    return good && mk_reader_done(&r);
}

/* --- approval --- */

static void approval_signed(uint8_t out[static MK_APPROVAL_SIGNED],
                            const uint8_t *store,
                            const struct mk_approval_record *r)
{
    memcpy(out, "MKU4", 4);
    memcpy(out + 4, store, MK_ID);
    mk_put_u64(out + 20, r->proposal);
    memcpy(out + 28, r->dossier, MK_ID);
    mk_put_u32(out + 44, (uint32_t)r->ended);
    mk_put_u32(out + 48, r->months);
    memcpy(out + 52, r->custodian, MK_ID);
    mk_put_u64(out + 68, r->entries);
    memcpy(out + 76, r->chain, MK_HASH);
}

/* Without magic and store, as it also stands in a record of kind 13. */
static bool take_approval(struct mk_reader *r, struct mk_approval_record *out)
{
    bool good;

    out->proposal = mk_read_u64(r);
    mk_read_copy(r, out->dossier, MK_ID);
    good = take_day(r, &out->ended);
    out->months = mk_read_u32(r);
    mk_read_copy(r, out->custodian, MK_ID);
    out->entries = mk_read_u64(r);
    mk_read_copy(r, out->chain, MK_HASH);
    mk_read_copy(r, out->sig, MK_SIG);
    return good && months_ok(out->months);
}

enum mk_err mk_approval_make(uint8_t out[static MK_APPROVAL_BODY],
                             const uint8_t store[static MK_ID],
                             struct mk_approval_record *r,
                             const struct mk_secret *sign)
{
    enum mk_err rc;

    approval_signed(out, store, r);
    rc = mk_sign(r->sig, sign, approve_context, out, MK_APPROVAL_SIGNED);
    memcpy(out + MK_APPROVAL_SIGNED, r->sig, MK_SIG);
    return rc;
}

bool mk_approval_parse(struct mk_approval_record *out,
                       const struct mk_blob *body,
                       const uint8_t store[static MK_ID])
{
    struct mk_reader r = reader_of(body, "MKU4", store);
    bool good = take_approval(&r, out);

    return good && mk_reader_done(&r);
}

bool mk_approval_signed_by(const struct mk_approval_record *r,
                           const uint8_t store[static MK_ID],
                           const uint8_t pk[static MK_PK])
{
    uint8_t text[MK_APPROVAL_SIGNED];

    approval_signed(text, store, r);
    return mk_sign_ok(r->sig, pk, approve_context, text, sizeof text);
}

/* --- destroyed --- */

static enum mk_err add_facts(struct mk_buf *out,
                             const struct mk_destroyed_record *r)
{
    enum mk_err rc;
    size_t n = strlen(r->item);

    MK_TRY(mk_buf_add(out, r->proposer, MK_ID));
    MK_TRY(mk_buf_add_u64(out, r->ordinal));
    MK_TRY(mk_buf_add_u64(out, r->entries));
    MK_TRY(mk_buf_add(out, r->chain, MK_HASH));
    MK_TRY(mk_buf_add_u32(out, r->intake_year));
    MK_TRY(mk_buf_add_u32(out, r->old_gen));
    MK_TRY(mk_buf_add_u32(out, r->new_gen));
    MK_TRY(mk_buf_add_u64(out, (uint64_t)r->time_ms));
    MK_TRY(mk_buf_add_u64(out, (uint64_t)r->complete_ms));
    MK_TRY(mk_buf_add(out, r->inspector, MK_ID));
    MK_TRY(mk_buf_add_u8(out, (uint8_t)n));
    MK_TRY(mk_buf_add(out, r->item, n));
out:
    return rc;
}

enum mk_err mk_destroyed_make(struct mk_buf *out,
                              const uint8_t store[static MK_ID],
                              const struct mk_destroyed_record *r,
                              const struct mk_secret *sign)
{
    enum mk_err rc;
    size_t from = out->len;
    uint8_t sig[MK_SIG];
    uint8_t approval[MK_APPROVAL_SIGNED];

    approval_signed(approval, store, &r->approval);
    MK_TRY(mk_buf_add(out, "MKU5", 4));
    MK_TRY(mk_buf_add(out, store, MK_ID));
    MK_TRY(mk_buf_add_u8(out, r->again ? 1 : 0));
    MK_TRY(mk_buf_add(out, approval + 4 + MK_ID, sizeof approval - 4 - MK_ID));
    MK_TRY(mk_buf_add(out, r->approval.sig, MK_SIG));
    MK_TRY(add_facts(out, r));
    MK_TRY(mk_sign(sig, sign, destroyed_context, out->data + from,
                   out->len - from));
    MK_TRY(mk_buf_add(out, sig, MK_SIG));
out:
    return rc;
}

bool mk_destroyed_parse(struct mk_destroyed_record *out,
                        const struct mk_blob *body,
                        const uint8_t store[static MK_ID])
{
    struct mk_reader r = reader_of(body, "MKU5", store);
    uint8_t again = mk_read_u8(&r);
    bool good;

    *out = (struct mk_destroyed_record){.again = again == 1};
    good = take_approval(&r, &out->approval);
    mk_read_copy(&r, out->proposer, MK_ID);
    out->ordinal = mk_read_u64(&r);
    out->entries = mk_read_u64(&r);
    mk_read_copy(&r, out->chain, MK_HASH);
    out->intake_year = mk_read_u32(&r);
    out->old_gen = mk_read_u32(&r);
    out->new_gen = mk_read_u32(&r);
    out->time_ms = (int64_t)mk_read_u64(&r);
    out->complete_ms = (int64_t)mk_read_u64(&r);
    mk_read_copy(&r, out->inspector, MK_ID);
    good = good && take_item(&r, out->item);
    mk_read_copy(&r, out->sig, MK_SIG);
    return good && mk_reader_done(&r) && again <= 1 &&
           out->new_gen > out->old_gen && out->time_ms >= 0 &&
           out->complete_ms >= out->time_ms &&
           (uint32_t)mk_date_year(out->approval.ended) >= out->intake_year;
}

bool mk_destroyed_signed_by(const struct mk_blob *body,
                            const uint8_t pk[static MK_PK])
{
    return body->n > MK_SIG &&
           mk_sign_ok(body->p + body->n - MK_SIG, pk, destroyed_context,
                      body->p, body->n - MK_SIG);
}
