/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text becomes a value, a value becomes text: one pair of functions a type. */
#include "core/base/bytes.h"
#include "core/base/num.h"
#include "core/base/text.h"
#include "core/fields.h"
#include "core/tag.h"

#include <stdio.h>
#include <string.h>

static bool is_word(const char *text, size_t n, const char *word)
{
    return n == strlen(word) && memcmp(text, word, n) == 0;
}

/* MK_UNKNOWN_ONB or MK_UNKNOWN_NR if the key may say so and does, else 0. */
static unsigned unknown(const struct mk_field_info *info, const char *text,
                        size_t n)
{
    if (!(info->flags & MK_FIELD_UNKNOWN))
        return 0;
    if (is_word(text, n, "ONB"))
        return MK_UNKNOWN_ONB;
    if (is_word(text, n, "NR"))
        return MK_UNKNOWN_NR;
    return 0;
}

static const char *unknown_word(unsigned code)
{
    return code == MK_UNKNOWN_ONB ? "ONB" : "NR";
}

static enum mk_err bad_code(const struct mk_field_info *info,
                            struct mk_diag *diag)
{
    if (diag)
        diag->list = info->list;
    return mk_fail(diag, MK_E_BAD_CODE, info->key);
}

static enum mk_err parse_code(struct mk_value *v,
                              const struct mk_field_info *info,
                              const char *text, size_t n, struct mk_diag *diag)
{
    const struct mk_code *code =
        mk_code_find((enum mk_list)info->list, text, n);
    unsigned number = code ? code->number : unknown(info, text, n);
    if (number == 0)
        return bad_code(info, diag);
    v->code = (uint8_t)number;
    return MK_OK;
}

static enum mk_err parse_codes(struct mk_value *v,
                               const struct mk_field_info *info,
                               const char *text, size_t n,
                               struct mk_diag *diag)
{
    unsigned alone = unknown(info, text, n);
    if (alone != 0) {
        v->codes = UINT64_C(1) << alone;
        return MK_OK;
    }
    for (size_t at = 0; at <= n;) {
        const char *space = memchr(text + at, ' ', n - at);
        size_t len = space ? (size_t)(space - (text + at)) : n - at;
        const struct mk_code *code =
            mk_code_find((enum mk_list)info->list, text + at, len);
        if (!code || v->codes & UINT64_C(1) << code->number)
            return bad_code(info, diag);
        v->codes |= UINT64_C(1) << code->number;
        at += len + 1;
    }
    return MK_OK;
}

static enum mk_err parse_date(struct mk_value *v,
                              const struct mk_field_info *info,
                              const char *text, size_t n, struct mk_diag *diag)
{
    v->code = (uint8_t)unknown(info, text, n);
    if (v->code == 0 && !mk_date_parse(text, n, &v->from))
        return mk_fail(diag, MK_E_BAD_DATE, info->key);
    v->to = v->from;
    return MK_OK;
}

/* "2019" and "2019-05" are read as the dates of their first and last days. */
static bool parse_short_period(struct mk_value *v, const char *text, size_t n)
{
    char date[MK_DATE_TEXT] = "";
    if (n != 4 && n != 7)
        return false;
    memcpy(date, text, n);
    memcpy(date + n, &"-01-01"[n == 4 ? 0 : 3], n == 4 ? 6 : 3);
    if (!mk_date_parse(date, 10, &v->from))
        return false;
    int year, month, day;
    mk_date_split(v->from, &year, &month, &day);
    if (n == 4) {
        v->form = MK_PERIOD_YEAR;
        v->to = mk_date_day(year, 12, 31);
    } else {
        v->form = MK_PERIOD_MONTH;
        for (day = 31; !mk_date_valid(year, month, day);)
            day--;
        v->to = mk_date_day(year, month, day);
    }
    return true;
}

static enum mk_err parse_period(struct mk_value *v,
                                const struct mk_field_info *info,
                                const char *text, size_t n,
                                struct mk_diag *diag)
{
    bool good = true;
    v->code = (uint8_t)unknown(info, text, n);
    if (v->code != 0)
        return MK_OK;
    if (n == 10) {
        v->form = MK_PERIOD_DAY;
        good = mk_date_parse(text, n, &v->from);
        v->to = v->from;
    } else if (n == 21 && text[10] == '/') {
        v->form = MK_PERIOD_RANGE;
        good = mk_date_parse(text, 10, &v->from) &&
               mk_date_parse(text + 11, 10, &v->to) && v->from <= v->to;
    } else {
        good = parse_short_period(v, text, n);
    }
    return good ? MK_OK : mk_fail(diag, MK_E_BAD_DATE, info->key);
}

static enum mk_err parse_text(struct mk_value *v,
                              const struct mk_field_info *info,
                              const char *text, size_t n, struct mk_diag *diag)
{
    size_t max = info->type == MK_T_LINE ? MK_LINE_MAX : MK_TEXT_MAX;
    if (n > max) {
        if (diag)
            diag->num[0] = (int64_t)max;
        return mk_fail(diag, MK_E_TOO_LARGE, info->key);
    }
    if (mk_text_valid(text, n) != n)
        return mk_fail(diag, MK_E_BAD_UTF8, info->key);
    for (size_t i = 0; info->type == MK_T_LINE && i < n; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return mk_fail(diag, MK_E_SYNTAX, info->key);
    }
    return mk_buf_add(&v->text, text, n);
}

static enum mk_err parse_lrk(struct mk_value *v,
                             const struct mk_field_info *info,
                             const char *text, size_t n, struct mk_diag *diag)
{
    v->code = (uint8_t)unknown(info, text, n);
    if (v->code != 0)
        return MK_OK;
    bool good = n == 9;
    for (size_t i = 0; good && i < n; i++)
        good = text[i] >= '0' && text[i] <= '9';
    if (!good)
        return mk_fail(diag, MK_E_BAD_LRK, info->key);
    return mk_buf_add(&v->text, text, n);
}

static enum mk_err parse_tag(struct mk_value *v,
                             const struct mk_field_info *info,
                             const char *text, size_t n, struct mk_diag *diag)
{
    uint8_t hi[16];
    if (!mk_tag_parse(text, n, v->id, hi))
        return mk_fail(diag, MK_E_BAD_TAG, info->key);
    return MK_OK;
}

static enum mk_err parse_number(struct mk_value *v,
                                const struct mk_field_info *info,
                                const char *text, size_t n,
                                struct mk_diag *diag)
{
    if (mk_num_parse(text, n, 1, UINT32_MAX, &v->codes))
        return MK_OK;
    if (diag) {
        diag->num[0] = 1;
        diag->num[1] = UINT32_MAX;
    }
    return mk_fail(diag, MK_E_BAD_NUMBER, info->key);
}

static enum mk_err parse_key(struct mk_value *v,
                             const struct mk_field_info *info,
                             const char *text, size_t n, struct mk_diag *diag)
{
    const struct mk_field_info *key = mk_field_find(text, n);
    if (!key)
        return mk_fail(diag, MK_E_UNKNOWN_KEY, info->key);
    v->codes = key->number;
    return MK_OK;
}

static enum mk_err parse_member(struct mk_value *v,
                                const struct mk_field_info *info,
                                const char *text, size_t n,
                                struct mk_diag *diag)
{
    char hex[2 * sizeof(v->id) + 1] = "";
    if (n == sizeof(hex) - 1)
        memcpy(hex, text, n);
    if (!mk_unhex(v->id, sizeof(v->id), hex))
        return mk_fail(diag, MK_E_SYNTAX, info->key);
    v->code = 1; /* as of a dossier that was found */
    return MK_OK;
}

static enum mk_err parse_value(struct mk_value *v,
                               const struct mk_field_info *info,
                               const char *text, size_t n,
                               struct mk_diag *diag)
{
    switch (info->type) {
    case MK_T_CODE:
        return parse_code(v, info, text, n, diag);
    case MK_T_CODES:
        return parse_codes(v, info, text, n, diag);
    case MK_T_DATE:
        return parse_date(v, info, text, n, diag);
    case MK_T_PERIOD:
        return parse_period(v, info, text, n, diag);
    case MK_T_LINE:
    case MK_T_TEXT:
        return parse_text(v, info, text, n, diag);
    case MK_T_LRK:
        return parse_lrk(v, info, text, n, diag);
    case MK_T_TAG:
        return parse_tag(v, info, text, n, diag);
    case MK_T_NUMBER:
        return parse_number(v, info, text, n, diag);
    case MK_T_KEY:
        return parse_key(v, info, text, n, diag);
    case MK_T_MEMBER:
        return parse_member(v, info, text, n, diag);
    }
    return MK_E_INTERNAL;
}

enum mk_err mk_fields_parse(struct mk_fields *f, enum mk_field number,
                            const void *text, size_t n, struct mk_diag *diag)
{
    const struct mk_field_info *info = mk_field_get(number);
    if (!info)
        return mk_fail(diag, MK_E_INTERNAL, "key");
    if (mk_fields_has(f, number))
        return mk_fail(diag, MK_E_DUPLICATE_KEY, info->key);
    struct mk_value v = {.from = MK_DAY_NONE, .to = MK_DAY_NONE};
    enum mk_err rc = parse_value(&v, info, n ? text : "", n, diag);
    if (rc == MK_OK)
        rc = mk_fields_put(f, number, &v);
    if (rc == MK_E_MEMORY)
        rc = mk_fail(diag, rc, info->key);
    mk_buf_release(&v.text);
    return rc;
}

/* ---- and back ---------------------------------------------------------------- */

static enum mk_err format_code(struct mk_buf *out, int list, unsigned number)
{
    const struct mk_code *code = mk_code_get((enum mk_list)list, number);
    return code ? mk_buf_add_str(out, code->slug) : MK_E_INTERNAL;
}

static enum mk_err format_codes(struct mk_buf *out, int list, uint64_t codes)
{
    bool first = true;
    for (unsigned i = 1; i < MK_CODE_MAX; i++) {
        if (!(codes >> i & 1))
            continue;
        enum mk_err rc = first ? MK_OK : mk_buf_add_u8(out, ' ');
        if (rc == MK_OK)
            rc = format_code(out, list, i);
        if (rc != MK_OK)
            return rc;
        first = false;
    }
    return MK_OK;
}

static enum mk_err format_date(struct mk_buf *out, const struct mk_value *v)
{
    char date[MK_DATE_TEXT];
    if (v->code != 0)
        return mk_buf_add_str(out, unknown_word(v->code));
    mk_date_format(date, v->from);
    return mk_buf_add_str(out, date);
}

static enum mk_err format_period(struct mk_buf *out, const struct mk_value *v)
{
    char from[MK_DATE_TEXT], to[MK_DATE_TEXT];
    if (v->code != 0 || v->form == MK_PERIOD_DAY)
        return format_date(out, v);
    mk_date_format(from, v->from);
    mk_date_format(to, v->to);
    if (v->form == MK_PERIOD_RANGE)
        return mk_buf_addf(out, "%s/%s", from, to);
    return mk_buf_add(out, from, v->form == MK_PERIOD_YEAR ? 4 : 7);
}

static enum mk_err format_tag(struct mk_buf *out, const struct mk_value *v)
{
    char tag[MK_TAG_TEXT];
    mk_tag_format(tag, v->id);
    return mk_buf_add_str(out, tag);
}

static enum mk_err format_member(struct mk_buf *out, const struct mk_value *v)
{
    char hex[2 * sizeof(v->id) + 1];
    mk_hex(hex, v->id, sizeof(v->id));
    return mk_buf_add_str(out, hex);
}

enum mk_err mk_fields_format(struct mk_buf *out, const struct mk_fields *f,
                             enum mk_field number)
{
    const struct mk_field_info *info = mk_field_get(number);
    const struct mk_value *v = mk_fields_get(f, number);
    if (!info || !v)
        return MK_OK;
    switch (info->type) {
    case MK_T_CODE:
        return format_code(out, info->list, v->code);
    case MK_T_CODES:
        return format_codes(out, info->list, v->codes);
    case MK_T_DATE:
        return format_date(out, v);
    case MK_T_PERIOD:
        return format_period(out, v);
    case MK_T_LRK:
        if (v->code != 0)
            return mk_buf_add_str(out, unknown_word(v->code));
        return mk_buf_add(out, v->text.data, v->text.len);
    case MK_T_LINE:
    case MK_T_TEXT:
        return v->text.len ? mk_buf_add(out, v->text.data, v->text.len)
                           : MK_OK;
    case MK_T_TAG:
        return format_tag(out, v);
    case MK_T_MEMBER:
        return format_member(out, v);
    case MK_T_NUMBER:
        return mk_buf_addf(out, "%u", (unsigned)v->codes);
    case MK_T_KEY:
        info = mk_field_get((enum mk_field)v->codes);
        return info ? mk_buf_add_str(out, info->key) : MK_E_INTERNAL;
    }
    return MK_E_INTERNAL;
}
