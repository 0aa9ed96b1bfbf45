/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/summary.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/base/text.h"

#define SUMMARY_VERSION 2
#define WITHOUT_DEPUTIES 1

enum mk_err mk_summary_encode(struct mk_buf *out, const struct mk_case *c)
{
    enum mk_err rc;
    const struct mk_buf *label = mk_fields_text(&c->facts, MK_F_LABEL);
    const uint8_t codes[] = {
        SUMMARY_VERSION,
        (uint8_t)c->state,
        (uint8_t)c->unmet_which,
        (uint8_t)c->duty,
        (uint8_t)mk_fields_code(&c->facts, MK_F_CATEGORY),
        (uint8_t)mk_fields_code(&c->facts, MK_F_CARE_TYPE),
        c->urgent ? 1 : 0,
    };

    MK_TRY(mk_buf_add(out, codes, sizeof codes));
    MK_TRY(mk_buf_add_u32(out, (uint32_t)c->received));
    MK_TRY(mk_buf_add_u32(out, (uint32_t)c->next_check));
    MK_TRY(mk_buf_add_u32(out, c->meldingen));
    MK_TRY(mk_buf_add(out, c->owners.owner, MK_ID));
    MK_TRY(mk_buf_add_u8(out, (uint8_t)c->owners.n_deputies));
    MK_TRY(mk_buf_add(out, c->owners.deputy, c->owners.n_deputies * MK_ID));
    for (size_t i = 0; i < MK_DUTY_COUNT; i++) {
        const struct mk_track *t = &c->track[i];

        MK_TRY(mk_buf_add_u8(out, (uint8_t)t->status));
        MK_TRY(mk_buf_add_u8(out, t->since_guess ? 1 : 0));
        MK_TRY(mk_buf_add_u32(out, (uint32_t)t->since));
        MK_TRY(mk_buf_add_u32(out, (uint32_t)t->met));
    }
    MK_TRY(mk_buf_add_u16(out, label != NULL ? (uint16_t)label->len : 0));
    if (label != NULL)
        MK_TRY(mk_buf_add(out, label->data, label->len));
out:
    return rc;
}

/* *r goes bad where there are more deputies than there can be. */
static void read_owners(struct mk_owners *o, struct mk_reader *r,
                        uint8_t version)
{
    mk_read_copy(r, o->owner, MK_ID);
    if (version == WITHOUT_DEPUTIES)
        return;
    o->n_deputies = mk_read_u8(r);
    if (o->n_deputies > MK_DEPUTIES)
        r->bad = true;
    for (size_t i = 0; i < o->n_deputies && !r->bad; i++)
        mk_read_copy(r, o->deputy[i], MK_ID);
}

enum mk_err mk_summary_decode(struct mk_list_item *item, struct mk_buf *bytes,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_reader r;
    size_t label_len;
    uint8_t version;

    *item = (struct mk_list_item){.label = ""};
    MK_TRY(mk_buf_terminate(bytes));
    mk_reader_init(&r, bytes->data, bytes->len);
    version = mk_read_u8(&r);
    item->state = (enum mk_state)mk_read_u8(&r);
    item->unmet_which = mk_read_u8(&r);
    item->duty = mk_read_u8(&r);
    item->category = mk_read_u8(&r);
    item->care_type = mk_read_u8(&r);
    item->urgent = mk_read_u8(&r) == 1;
    item->received = (mk_day)mk_read_u32(&r);
    item->next_check = (mk_day)mk_read_u32(&r);
    item->meldingen = mk_read_u32(&r);
    read_owners(&item->owners, &r, version);
    for (size_t i = 0; i < MK_DUTY_COUNT; i++) {
        item->track[i].status = (enum mk_track_status)mk_read_u8(&r);
        item->track[i].since_guess = mk_read_u8(&r) == 1;
        item->track[i].since = (mk_day)mk_read_u32(&r);
        item->track[i].met = (mk_day)mk_read_u32(&r);
    }
    label_len = mk_read_u16(&r);
    item->label = (const char *)mk_read_bytes(&r, label_len);
    if (!mk_reader_done(&r) ||
        (version != SUMMARY_VERSION && version != WITHOUT_DEPUTIES) ||
        mk_text_valid(item->label, label_len) != label_len)
        rc = mk_fail(diag, MK_E_DAMAGED, "dossier (summary)");
out:
    return rc;
}
