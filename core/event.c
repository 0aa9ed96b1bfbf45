/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bytes of an event, big-endian.
 *
 *   facts: format u8 | verb u8 | flags u8 | seq u32 | time_ms u64 | actor 16 |
 *          state u8 | duty u8 | rule u8 | statute u8 | mtbp u8 |
 *          format 2: seen u32 | keys u64 | values in order of key
 *   text:  format u8=1 | keys u64 | values in order of key
 *
 * flags: 1 imported, 2 there is a text part.  keys: bit n = key number n; a key
 * that identifies somebody (MK_FIELD_IDENTITY) stands in text, every other in
 * facts.  Values:
 *
 *   CODE u8; CODES u64; NUMBER u32; KEY u8; TAG 16
 *   DATE    u8 0 | day i32,      or u8 MK_UNKNOWN_*
 *   PERIOD  u8 form | first i32 | last i32,   or u8 0 | u8 MK_UNKNOWN_*
 *   LRK     u8 0 | 9 digits,     or u8 MK_UNKNOWN_*
 *   LINE, TEXT  u32 length | UTF-8
 *
 * Format 2 says which event its author had seen last, with others between that
 * one and this; all else is format 1, as every program reads it.
 *
 * A day is its number (core/base/date.h) as two's complement.  There is one
 * way to write an event: decode refuses every other.
 */
#include "core/event.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/base/text.h"
#include "core/workflow.h"

#define FORMAT 1
#define FORMAT_SEEN 2 /* of facts */
#define FLAG_IMPORTED 1u
#define FLAG_TEXT 2u

void mk_event_init(struct mk_event *e)
{
    memset(e, 0, sizeof(*e));
    mk_fields_init(&e->f);
}

void mk_event_release(struct mk_event *e)
{
    mk_fields_release(&e->f);
    explicit_bzero(e, sizeof(*e));
    mk_fields_init(&e->f);
}

static bool in_text(enum mk_field number)
{
    const struct mk_field_info *info = mk_field_get(number);
    return info && (info->flags & MK_FIELD_IDENTITY) != 0;
}

/* The set keys that belong in one of the two parts. */
static uint64_t keys_of(const struct mk_fields *f, bool text)
{
    uint64_t keys = 0;
    for (enum mk_field k = mk_fields_next(f, MK_F_NONE); k;
         k = mk_fields_next(f, k)) {
        if (in_text(k) == text)
            keys |= UINT64_C(1) << (unsigned)k;
    }
    return keys;
}

/* Is there an event between the one seen last and this one? */
static bool has_between(const struct mk_event *e)
{
    return e->seen < e->seq && e->seq - e->seen > 1;
}

/* ---- writing ----------------------------------------------------------------- */

static enum mk_err write_days(struct mk_buf *out, const struct mk_value *v,
                              bool both)
{
    enum mk_err rc = mk_buf_add_u32(out, (uint32_t)v->from);
    return rc == MK_OK && both ? mk_buf_add_u32(out, (uint32_t)v->to) : rc;
}

static enum mk_err write_value(struct mk_buf *out, const struct mk_value *v,
                               const struct mk_field_info *info)
{
    enum mk_err rc = MK_OK;
    switch (info->type) {
    case MK_T_CODE:
        return mk_buf_add_u8(out, v->code);
    case MK_T_CODES:
        return mk_buf_add_u64(out, v->codes);
    case MK_T_NUMBER:
        return mk_buf_add_u32(out, (uint32_t)v->codes);
    case MK_T_KEY:
        return mk_buf_add_u8(out, (uint8_t)v->codes);
    case MK_T_TAG:
        return v->code == 1 ? mk_buf_add(out, v->id, sizeof(v->id))
                            : MK_E_INTERNAL;
    case MK_T_MEMBER:
        return mk_buf_add(out, v->id, sizeof(v->id));
    case MK_T_DATE:
        MK_TRY(mk_buf_add_u8(out, v->code));
        return v->code == 0 ? write_days(out, v, false) : MK_OK;
    case MK_T_PERIOD:
        MK_TRY(mk_buf_add_u8(out, v->form));
        return v->form ? write_days(out, v, true)
                       : mk_buf_add_u8(out, v->code);
    case MK_T_LRK:
        MK_TRY(mk_buf_add_u8(out, v->code));
        return v->code == 0 ? mk_buf_add(out, v->text.data, v->text.len)
                            : MK_OK;
    case MK_T_LINE:
    case MK_T_TEXT:
        MK_TRY(mk_buf_add_u32(out, (uint32_t)v->text.len));
        return v->text.len ? mk_buf_add(out, v->text.data, v->text.len)
                           : MK_OK;
    }
out:
    return rc;
}

static enum mk_err write_part(struct mk_buf *out, const struct mk_fields *f,
                              uint64_t keys)
{
    enum mk_err rc = mk_buf_add_u64(out, keys);
    for (enum mk_field k = mk_fields_next(f, MK_F_NONE); rc == MK_OK && k;
         k = mk_fields_next(f, k)) {
        if (keys >> (unsigned)k & 1)
            rc = write_value(out, mk_fields_get(f, k), mk_field_get(k));
    }
    return rc;
}

enum mk_err mk_event_encode(const struct mk_event *e, struct mk_buf *facts,
                            struct mk_buf *text)
{
    enum mk_err rc;
    uint64_t in_text_part = keys_of(&e->f, true);
    uint8_t flags = (uint8_t)((e->imported ? FLAG_IMPORTED : 0) |
                              (in_text_part ? FLAG_TEXT : 0));
    if (e->derived.state == MK_STATE_NONE || (e->seen != 0 && !has_between(e)))
        return MK_E_INTERNAL;

    MK_TRY(mk_buf_add_u8(facts, e->seen != 0 ? FORMAT_SEEN : FORMAT));
    MK_TRY(mk_buf_add_u8(facts, (uint8_t)e->verb));
    MK_TRY(mk_buf_add_u8(facts, flags));
    MK_TRY(mk_buf_add_u32(facts, e->seq));
    MK_TRY(mk_buf_add_u64(facts, (uint64_t)e->time_ms));
    MK_TRY(mk_buf_add(facts, e->actor, sizeof(e->actor)));
    MK_TRY(mk_buf_add_u8(facts, e->derived.state));
    MK_TRY(mk_buf_add_u8(facts, e->derived.duty));
    MK_TRY(mk_buf_add_u8(facts, e->derived.rule));
    MK_TRY(mk_buf_add_u8(facts, e->derived.statute));
    MK_TRY(mk_buf_add_u8(facts, e->derived.mtbp));
    if (e->seen != 0)
        MK_TRY(mk_buf_add_u32(facts, e->seen));
    MK_TRY(write_part(facts, &e->f, keys_of(&e->f, false)));
    if (in_text_part) {
        MK_TRY(mk_buf_add_u8(text, FORMAT));
        MK_TRY(write_part(text, &e->f, in_text_part));
    }
out:
    return rc;
}

/* ---- reading ----------------------------------------------------------------- */

static bool is_unknown(unsigned code, const struct mk_field_info *info)
{
    return (info->flags & MK_FIELD_UNKNOWN) &&
           (code == MK_UNKNOWN_ONB || code == MK_UNKNOWN_NR);
}

static enum mk_err read_code(const struct mk_field_info *info, unsigned number)
{
    const struct mk_code *code = mk_code_get((enum mk_list)info->list, number);
    if (number == 0 || number >= MK_CODE_MAX)
        return MK_E_DAMAGED;
    if (!code)
        return MK_E_NEWER;
    if (code->list == (enum mk_list)info->list)
        return MK_OK;
    /* 62 and 63 only where the list has no word of its own for it */
    bool own =
        mk_code_find((enum mk_list)info->list, code->slug, strlen(code->slug));
    return is_unknown(number, info) && !own ? MK_OK : MK_E_DAMAGED;
}

static enum mk_err read_codes(const struct mk_field_info *info, uint64_t codes)
{
    uint64_t alone = UINT64_C(3) << MK_UNKNOWN_ONB;
    if (codes == 0 || (codes & alone && codes & (codes - 1)))
        return MK_E_DAMAGED;
    for (unsigned i = 0; i < MK_CODE_MAX; i++) {
        enum mk_err rc = codes >> i & 1 ? read_code(info, i) : MK_OK;
        if (rc != MK_OK)
            return rc;
    }
    return MK_OK;
}

static bool read_day(struct mk_reader *r, mk_day *day)
{
    *day = (mk_day)mk_read_u32(r);
    return *day >= mk_date_day(1900, 1, 1) &&
           *day <= mk_date_day(2199, 12, 31);
}

/* Are first and last day those that the form would be read as? */
static bool is_period(const struct mk_value *v)
{
    int year, month, day, last_year, last_month, last_day;
    mk_date_split(v->from, &year, &month, &day);
    mk_date_split(v->to, &last_year, &last_month, &last_day);
    switch ((enum mk_period_form)v->form) {
    case MK_PERIOD_NONE:
        return false;
    case MK_PERIOD_YEAR:
        return year == last_year && month == 1 && day == 1 &&
               last_month == 12 && last_day == 31;
    case MK_PERIOD_MONTH:
        return year == last_year && month == last_month && day == 1 &&
               !mk_date_valid(year, month, last_day + 1);
    case MK_PERIOD_DAY:
        return v->from == v->to;
    case MK_PERIOD_RANGE:
        return v->from <= v->to;
    }
    return false;
}

static bool read_date(struct mk_reader *r, struct mk_value *v,
                      const struct mk_field_info *info)
{
    v->code = mk_read_u8(r);
    if (v->code != 0)
        return is_unknown(v->code, info);
    bool good = read_day(r, &v->from);
    v->to = v->from;
    return good;
}

static bool read_period(struct mk_reader *r, struct mk_value *v,
                        const struct mk_field_info *info)
{
    v->form = mk_read_u8(r);
    if (v->form == MK_PERIOD_NONE) {
        v->code = mk_read_u8(r);
        return is_unknown(v->code, info);
    }
    bool first = read_day(r, &v->from), last = read_day(r, &v->to);
    return first && last && is_period(v);
}

/*
 * Digits, lines and narrative are judged by the parser that took them: what it
 * refuses or reads as something else was not written by encode.
 */
static enum mk_err read_text(struct mk_reader *r, struct mk_fields *f,
                             const struct mk_field_info *info)
{
    size_t n = 9;
    if (info->type == MK_T_LRK) {
        unsigned code = mk_read_u8(r);
        if (code != 0)
            return is_unknown(code, info)
                       ? mk_fields_set_code(f, info->number, code)
                       : MK_E_DAMAGED;
    } else {
        n = mk_read_u32(r);
    }
    const uint8_t *text = mk_read_bytes(r, n);
    if (!text && n > 0)
        return MK_E_DAMAGED;
    enum mk_err rc = mk_fields_parse(f, info->number, text, n, NULL);
    return rc == MK_OK || rc == MK_E_MEMORY ? rc : MK_E_DAMAGED;
}

static enum mk_err read_value(struct mk_reader *r, struct mk_fields *f,
                              const struct mk_field_info *info)
{
    struct mk_value v = {.from = MK_DAY_NONE, .to = MK_DAY_NONE};
    enum mk_err rc = MK_OK;
    switch (info->type) {
    case MK_T_CODE:
        v.code = mk_read_u8(r);
        rc = read_code(info, v.code);
        break;
    case MK_T_CODES:
        v.codes = mk_read_u64(r);
        rc = read_codes(info, v.codes);
        break;
    case MK_T_NUMBER:
        v.codes = mk_read_u32(r);
        rc = v.codes ? MK_OK : MK_E_DAMAGED;
        break;
    case MK_T_KEY:
        v.codes = mk_read_u8(r);
        rc = mk_field_get((enum mk_field)v.codes) ? MK_OK : MK_E_DAMAGED;
        break;
    case MK_T_TAG:
    case MK_T_MEMBER:
        v.code = 1;
        mk_read_copy(r, v.id, sizeof(v.id));
        break;
    case MK_T_DATE:
        rc = read_date(r, &v, info) ? MK_OK : MK_E_DAMAGED;
        break;
    case MK_T_PERIOD:
        rc = read_period(r, &v, info) ? MK_OK : MK_E_DAMAGED;
        break;
    case MK_T_LINE:
    case MK_T_TEXT:
    case MK_T_LRK:
        return read_text(r, f, info);
    }
    if (r->bad)
        return MK_E_DAMAGED;
    return rc == MK_OK ? mk_fields_put(f, info->number, &v) : rc;
}

static enum mk_err read_part(struct mk_reader *r, struct mk_fields *f,
                             bool text)
{
    uint64_t keys = mk_read_u64(r);
    for (unsigned k = 0; k < MK_FIELD_MAX; k++) {
        if (!(keys >> k & 1))
            continue;
        const struct mk_field_info *info = mk_field_get((enum mk_field)k);
        if (!info)
            return k == 0 ? MK_E_DAMAGED : MK_E_NEWER;
        if (in_text(info->number) != text)
            return MK_E_DAMAGED;
        enum mk_err rc = read_value(r, f, info);
        if (rc != MK_OK)
            return rc;
    }
    if (text && keys == 0)
        return MK_E_DAMAGED;
    return mk_reader_done(r) ? MK_OK : MK_E_DAMAGED;
}

static enum mk_err check_derived(const struct mk_derived *d)
{
    if (d->state == MK_STATE_NONE || d->duty > MK_YN_ONB ||
        d->mtbp > MK_YN_ONB || d->statute > MK_STATUTE_ONB ||
        (d->duty == 0) != (d->rule == 0))
        return MK_E_DAMAGED;
    if (mk_state_slug((enum mk_state)d->state)[0] == '\0' ||
        d->rule > MK_DUTY_RULE_VERSION)
        return MK_E_NEWER;
    return MK_OK;
}

static enum mk_err read_event(struct mk_event *e, struct mk_reader *facts,
                              struct mk_reader *text)
{
    enum mk_err rc;
    unsigned format = mk_read_u8(facts);
    bool has_seen = format == FORMAT_SEEN;
    if (format != FORMAT && !has_seen)
        return facts->bad || format == 0 ? MK_E_DAMAGED : MK_E_NEWER;
    unsigned verb = mk_read_u8(facts), flags = mk_read_u8(facts);
    e->seq = mk_read_u32(facts);
    e->time_ms = (int64_t)mk_read_u64(facts);
    mk_read_copy(facts, e->actor, sizeof(e->actor));
    e->derived.state = mk_read_u8(facts);
    e->derived.duty = mk_read_u8(facts);
    e->derived.rule = mk_read_u8(facts);
    e->derived.statute = mk_read_u8(facts);
    e->derived.mtbp = mk_read_u8(facts);
    e->seen = has_seen ? mk_read_u32(facts) : 0;
    if (facts->bad || verb == 0 || flags & ~(FLAG_IMPORTED | FLAG_TEXT) ||
        e->seq == 0 || (has_seen && (e->seen == 0 || !has_between(e))))
        return MK_E_DAMAGED;
    if (!mk_verb_get((enum mk_verb)verb))
        return MK_E_NEWER;
    e->verb = (enum mk_verb)verb;
    e->imported = (flags & FLAG_IMPORTED) != 0;
    MK_TRY(check_derived(&e->derived));
    MK_TRY(read_part(facts, &e->f, false));
    if (!text)
        return MK_OK;
    if (!(flags & FLAG_TEXT))
        return mk_reader_done(text) ? MK_OK : MK_E_DAMAGED;
    format = mk_read_u8(text);
    if (format != FORMAT)
        return text->bad || format == 0 ? MK_E_DAMAGED : MK_E_NEWER;
    rc = read_part(text, &e->f, true);
out:
    return rc;
}

enum mk_err mk_event_decode(struct mk_event *e, const void *facts,
                            size_t n_facts, const void *text, size_t n_text,
                            struct mk_diag *diag)
{
    struct mk_reader in_facts, in_text_part;
    mk_event_init(e);
    mk_reader_init(&in_facts, facts, n_facts);
    mk_reader_init(&in_text_part, text, n_text);
    enum mk_err rc = read_event(e, &in_facts, text ? &in_text_part : NULL);
    if (rc != MK_OK) {
        mk_event_release(e);
        return mk_fail(diag, rc, "event");
    }
    return MK_OK;
}
