/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The set of values: memory, look-up, order.  Text is fields_text.c's job. */
#include "core/fields.h"

#include <stdlib.h>
#include <string.h>

enum { MK_LIST_NONE = -1 };

static const struct mk_field_info infos[MK_FIELD_MAX] = {
#define MK_FIELD(number, NAME, key, type, list, flags, nl, en) \
    [number] = {MK_F_##NAME, key, MK_T_##type, MK_LIST_##list, flags, nl, en},
#include "core/defs/fields.def"
};

const struct mk_field_info *mk_field_get(enum mk_field number)
{
    if ((unsigned)number >= MK_FIELD_MAX || infos[number].number == MK_F_NONE)
        return NULL;
    return &infos[number];
}

const struct mk_field_info *mk_field_find(const char *key, size_t n)
{
    for (size_t i = 1; i < MK_FIELD_MAX; i++) {
        if (infos[i].number != MK_F_NONE && strlen(infos[i].key) == n &&
            memcmp(infos[i].key, key, n) == 0)
            return &infos[i];
    }
    return NULL;
}

/* ---- the row of values ----------------------------------------------------- */

static uint64_t bit(enum mk_field number)
{
    return UINT64_C(1) << (unsigned)number;
}

/* Where the value of number stands, or would stand. */
static size_t place(const struct mk_fields *f, enum mk_field number)
{
    return (size_t)__builtin_popcountll(f->set & (bit(number) - 1));
}

static size_t count(const struct mk_fields *f)
{
    return (size_t)__builtin_popcountll(f->set);
}

static void value_init(struct mk_value *v, enum mk_field number)
{
    memset(v, 0, sizeof(*v));
    v->number = (uint8_t)number;
    v->from = MK_DAY_NONE;
    v->to = MK_DAY_NONE;
}

static void value_release(struct mk_value *v)
{
    mk_buf_release(&v->text);
    explicit_bzero(v, sizeof(*v));
}

void mk_fields_init(struct mk_fields *f)
{
    f->set = 0;
    f->v = NULL;
    f->cap = 0;
}

void mk_fields_release(struct mk_fields *f)
{
    for (size_t i = 0; i < count(f); i++)
        value_release(&f->v[i]);
    free(f->v);
    mk_fields_init(f);
}

/* More room, the old one wiped: it may hold a day of birth. */
static enum mk_err grow(struct mk_fields *f)
{
    size_t cap = f->cap ? 2u * f->cap : 6;
    if (cap > MK_FIELD_MAX)
        cap = MK_FIELD_MAX;
    struct mk_value *v = calloc(cap, sizeof(*v));
    if (!v)
        return MK_E_MEMORY;
    if (f->v) {
        memcpy(v, f->v, count(f) * sizeof(*v));
        explicit_bzero(f->v, f->cap * sizeof(*v));
        free(f->v);
    }
    f->v = v;
    f->cap = (uint8_t)cap;
    return MK_OK;
}

/* A fresh value for number, which has none; NULL without memory. */
static struct mk_value *insert(struct mk_fields *f, enum mk_field number)
{
    size_t n = count(f), at = place(f, number);
    if (n == f->cap && grow(f) != MK_OK)
        return NULL;
    memmove(&f->v[at + 1], &f->v[at], (n - at) * sizeof(f->v[0]));
    value_init(&f->v[at], number);
    f->set |= bit(number);
    return &f->v[at];
}

void mk_fields_unset(struct mk_fields *f, enum mk_field number)
{
    if (!mk_fields_has(f, number))
        return;
    size_t n = count(f), at = place(f, number);
    value_release(&f->v[at]);
    memmove(&f->v[at], &f->v[at + 1], (n - at - 1) * sizeof(f->v[0]));
    memset(&f->v[n - 1], 0, sizeof(f->v[0]));
    f->set &= ~bit(number);
}

enum mk_err mk_fields_put(struct mk_fields *f, enum mk_field number,
                          const struct mk_value *value)
{
    if (!mk_field_get(number))
        return MK_E_INTERNAL;
    struct mk_buf text = MK_BUF_INIT;
    if (value->text.len > 0) {
        enum mk_err rc = mk_buf_add(&text, value->text.data, value->text.len);
        if (rc != MK_OK)
            return rc;
    }
    struct mk_value *v = mk_fields_has(f, number) ? &f->v[place(f, number)]
                                                  : insert(f, number);
    if (!v) {
        mk_buf_release(&text);
        return MK_E_MEMORY;
    }
    mk_buf_release(&v->text);
    *v = *value;
    v->number = (uint8_t)number;
    v->text = text;
    return MK_OK;
}

enum mk_err mk_fields_copy(struct mk_fields *to, const struct mk_fields *from)
{
    struct mk_fields copy;
    mk_fields_init(&copy);
    for (size_t i = 0; i < count(from); i++) {
        enum mk_err rc = mk_fields_put(&copy, (enum mk_field)from->v[i].number,
                                       &from->v[i]);
        if (rc != MK_OK) {
            mk_fields_release(&copy);
            return rc;
        }
    }
    mk_fields_take(to, &copy);
    return MK_OK;
}

void mk_fields_take(struct mk_fields *to, struct mk_fields *from)
{
    if (to == from)
        return;
    mk_fields_release(to);
    *to = *from;
    mk_fields_init(from);
}

/* ---- looking --------------------------------------------------------------- */

enum mk_field mk_fields_next(const struct mk_fields *f, enum mk_field number)
{
    if ((unsigned)number >= MK_FIELD_MAX - 1)
        return MK_F_NONE;
    uint64_t rest = f->set & ~(bit(number) | (bit(number) - 1));
    return rest ? (enum mk_field)__builtin_ctzll(rest) : MK_F_NONE;
}

bool mk_fields_has(const struct mk_fields *f, enum mk_field number)
{
    return (unsigned)number < MK_FIELD_MAX && (f->set & bit(number)) != 0;
}

const struct mk_value *mk_fields_get(const struct mk_fields *f,
                                     enum mk_field number)
{
    return mk_fields_has(f, number) ? &f->v[place(f, number)] : NULL;
}

unsigned mk_fields_code(const struct mk_fields *f, enum mk_field number)
{
    const struct mk_value *v = mk_fields_get(f, number);
    return v ? v->code : 0;
}

uint64_t mk_fields_codes(const struct mk_fields *f, enum mk_field number)
{
    const struct mk_value *v = mk_fields_get(f, number);
    return v ? v->codes : 0;
}

uint64_t mk_fields_number(const struct mk_fields *f, enum mk_field number)
{
    return mk_fields_codes(f, number);
}

mk_day mk_fields_day(const struct mk_fields *f, enum mk_field number)
{
    const struct mk_value *v = mk_fields_get(f, number);
    return v ? v->from : MK_DAY_NONE;
}

mk_day mk_fields_last_day(const struct mk_fields *f, enum mk_field number)
{
    const struct mk_value *v = mk_fields_get(f, number);
    return v ? v->to : MK_DAY_NONE;
}

const struct mk_buf *mk_fields_text(const struct mk_fields *f,
                                    enum mk_field number)
{
    const struct mk_value *v = mk_fields_get(f, number);
    return v ? &v->text : NULL;
}

const uint8_t *mk_fields_id(const struct mk_fields *f, enum mk_field number)
{
    const struct mk_value *v = mk_fields_get(f, number);
    return v ? v->id : NULL;
}

/* ---- setting without text -------------------------------------------------- */

enum mk_err mk_fields_set_code(struct mk_fields *f, enum mk_field number,
                               unsigned code)
{
    struct mk_value v;
    value_init(&v, number);
    v.code = (uint8_t)code;
    return mk_fields_put(f, number, &v);
}

enum mk_err mk_fields_set_day(struct mk_fields *f, enum mk_field number,
                              mk_day day)
{
    struct mk_value v;
    value_init(&v, number);
    v.from = day;
    v.to = day;
    return mk_fields_put(f, number, &v);
}

enum mk_err mk_fields_set_id(struct mk_fields *f, enum mk_field number,
                             const uint8_t id[static 16])
{
    struct mk_value v;
    value_init(&v, number);
    v.code = 1;
    memcpy(v.id, id, sizeof(v.id));
    return mk_fields_put(f, number, &v);
}
