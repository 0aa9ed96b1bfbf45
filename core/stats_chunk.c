/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many records of the statistics stream as a chunk (layout: stats_parts.h). */
#include "core/stats_parts.h"

#include "core/base/bytes.h"

#include <string.h>

#define VERSION 2       /* of the facts */
#define FIRST_VERSION 1 /* of them, without the column CAUSE */
#define TAGS_VERSION 1
#define EXTRA_BITS 8 /* room for the categories 1..7 */
#define TAGS_HEADER 3
#define TAG 8

static const uint8_t column_bits[MK_STATS_COLUMNS] = {
#define MK_STATS_COLUMN(NAME, bits, list) bits,
#include "core/defs/stats.def"
#undef MK_STATS_COLUMN
};

static size_t groups_of(size_t n)
{
    return (n + 7) / 8;
}

/* Sets value i of a bit-packed column (zero so far) of w bits. */
static void bits_put(uint8_t *p, unsigned w, size_t i, uint64_t v)
{
    for (unsigned b = 0; b < w; b++) {
        size_t at = i * w + b;
        if (v >> (w - 1 - b) & 1)
            p[at / 8] |= (uint8_t)(0x80 >> at % 8);
    }
}

static uint64_t bits_get(const uint8_t *p, unsigned w, size_t i)
{
    uint64_t v = 0;
    for (unsigned b = 0; b < w; b++) {
        size_t at = i * w + b;
        v = v << 1 | (p[at / 8] >> (7 - at % 8) & 1u);
    }
    return v;
}

/* ---- wide columns ---- */

static uint64_t wide_of(const struct mk_stats_record *r,
                        enum mk_stats_wide_column which)
{
    switch (which) {
    case MK_STATS_ORDINAL:
        return r->ordinal;
    case MK_STATS_RECORDED:
        return mk_stats_day_put(r->recorded);
    case MK_STATS_RECEIVED:
        return mk_stats_day_put(r->received);
    case MK_STATS_EXTRA:
        return r->extra;
    case MK_STATS_WIDE:
        break;
    }
    return 0;
}

static uint8_t bits_for(uint64_t v)
{
    unsigned w = 0;
    while (w < MK_STATS_WIDE_BITS && v >> w != 0)
        w++;
    return v >> w == 0 ? (uint8_t)w : 64;
}

/* Width and base of a column whose values fall by slope * i first. */
static void wide_plan(struct mk_stats_wide *w, const struct mk_stats_record *r,
                      size_t n, enum mk_stats_wide_column which,
                      unsigned slope)
{
    uint64_t lo = UINT64_MAX, hi = 0;
    /* with slope 1 the values may wrap below 0: shift all of them up by n */
    uint64_t up = slope ? n : 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t v = wide_of(&r[i], which) + up - slope * (uint64_t)i;
        lo = v < lo ? v : lo;
        hi = v > hi ? v : hi;
    }
    w->base = lo - up;
    w->width = bits_for(hi - lo);
}

static enum mk_err wide_add(struct mk_buf *out, const struct mk_stats_wide *w,
                            const struct mk_stats_record *r, size_t n,
                            enum mk_stats_wide_column which, unsigned slope)
{
    size_t at = out->len;
    enum mk_err rc = mk_buf_add_zero(out, groups_of(n) * w->width);
    if (rc != MK_OK)
        return rc;
    for (size_t i = 0; i < n; i++)
        bits_put(out->data + at, w->width, i,
                 wide_of(&r[i], which) - w->base - slope * (uint64_t)i);
    return MK_OK;
}

/* ---- facts ---- */

static enum mk_err columns_add(struct mk_buf *out,
                               const struct mk_stats_record *r, size_t n)
{
    uint8_t v[MK_STATS_COLUMNS];
    size_t at[MK_STATS_COLUMNS];
    for (size_t c = 0; c < MK_STATS_COLUMNS; c++) {
        at[c] = out->len;
        enum mk_err rc = mk_buf_add_zero(out, groups_of(n) * column_bits[c]);
        if (rc != MK_OK)
            return rc;
    }
    for (size_t i = 0; i < n; i++) {
        if (!mk_stats_fits(&r[i]))
            return MK_E_INTERNAL;
        mk_stats_values_of(&r[i], v);
        /* 62 and 63 become the two top values by losing their high bits */
        for (size_t c = 0; c < MK_STATS_COLUMNS; c++)
            bits_put(out->data + at[c], column_bits[c], i,
                     v[c] & ((1u << column_bits[c]) - 1));
    }
    mk_crypto_wipe(v, sizeof v);
    return MK_OK;
}

enum mk_err mk_stats_facts_encode(struct mk_buf *out,
                                  const struct mk_stats_record *r, size_t n)
{
    struct mk_stats_wide wide[MK_STATS_WIDE];
    struct mk_stats_wide sloped;
    enum mk_err rc;
    if (n == 0 || n > MK_STATS_CHUNK_MAX)
        return MK_E_INTERNAL;
    for (int w = 0; w < MK_STATS_WIDE; w++)
        wide_plan(&wide[w], r, n, (enum mk_stats_wide_column)w, 0);
    wide_plan(&sloped, r, n, MK_STATS_ORDINAL, 1);
    unsigned slope = sloped.width < wide[MK_STATS_ORDINAL].width;
    if (slope)
        wide[MK_STATS_ORDINAL] = sloped;
    /* whether anybody has a further category shall not show in the size */
    if (wide[MK_STATS_EXTRA].width < EXTRA_BITS)
        wide[MK_STATS_EXTRA].width = EXTRA_BITS;

    MK_TRY(mk_buf_add_u8(out, VERSION));
    MK_TRY(mk_buf_add_u16(out, (uint16_t)n));
    MK_TRY(mk_buf_add_u8(out, (uint8_t)slope));
    for (int w = 0; w < MK_STATS_WIDE; w++) {
        MK_TRY(mk_buf_add_u8(out, wide[w].width));
        MK_TRY(mk_buf_add_u64(out, wide[w].base));
    }
    MK_TRY(columns_add(out, r, n));
    for (int w = 0; w < MK_STATS_WIDE; w++)
        MK_TRY(wide_add(out, &wide[w], r, n, (enum mk_stats_wide_column)w,
                        w == MK_STATS_ORDINAL ? slope : 0));
out:
    return rc;
}

bool mk_stats_facts_open(struct mk_stats_facts *f, const uint8_t *p,
                         size_t len, size_t n)
{
    struct mk_reader rd;
    mk_reader_init(&rd, p, len);
    bool ok = n > 0 && n <= MK_STATS_CHUNK_MAX;
    uint8_t version = mk_read_u8(&rd);
    ok &= version == VERSION || version == FIRST_VERSION;
    ok &= mk_read_u16(&rd) == n;
    f->n = n;
    f->slope = mk_read_u8(&rd);
    ok &= f->slope <= 1;
    for (int w = 0; w < MK_STATS_WIDE; w++) {
        uint8_t width = mk_read_u8(&rd);
        f->wide[w].width = width;
        f->wide[w].base = mk_read_u64(&rd);
        ok &= width <= MK_STATS_WIDE_BITS || width == 64;
    }
    if (!ok)
        return false;
    for (size_t c = 0; c < MK_STATS_COLUMNS; c++)
        f->column[c] = version == FIRST_VERSION && c == MK_STATS_CAUSE
                           ? NULL
                           : mk_read_bytes(&rd, groups_of(n) * column_bits[c]);
    for (int w = 0; w < MK_STATS_WIDE; w++)
        f->wide[w].p = mk_read_bytes(&rd, groups_of(n) * f->wide[w].width);
    return mk_reader_done(&rd);
}

static uint64_t wide_get(const struct mk_stats_facts *f,
                         enum mk_stats_wide_column which, size_t i)
{
    const struct mk_stats_wide *w = &f->wide[which];
    return w->base + bits_get(w->p, w->width, i);
}

bool mk_stats_facts_get(const struct mk_stats_facts *f, size_t i,
                        struct mk_stats_record *r)
{
    uint8_t v[MK_STATS_COLUMNS];
    for (size_t c = 0; c < MK_STATS_COLUMNS; c++) {
        unsigned top = (1u << column_bits[c]) - 2;
        unsigned x = 0;
        if (f->column[c])
            x = (unsigned)bits_get(f->column[c], column_bits[c], i);
        v[c] = (uint8_t)(mk_stats_is_code(c) && x >= top
                             ? MK_UNKNOWN_ONB + (x - top)
                             : x);
    }
    mk_stats_values_set(r, v);
    mk_crypto_wipe(v, sizeof v);
    uint64_t recorded = wide_get(f, MK_STATS_RECORDED, i);
    uint64_t received = wide_get(f, MK_STATS_RECEIVED, i);
    uint64_t extra = wide_get(f, MK_STATS_EXTRA, i);
    r->ordinal = wide_get(f, MK_STATS_ORDINAL, i) + f->slope * (uint64_t)i;
    r->recorded = mk_stats_day_get((uint32_t)recorded);
    r->received = mk_stats_day_get((uint32_t)received);
    r->extra = (uint16_t)extra;
    return recorded <= UINT32_MAX && received <= UINT32_MAX &&
           extra <= UINT16_MAX;
}

/* ---- tags ---- */

enum mk_err mk_stats_tags_encode(struct mk_buf *out,
                                 const struct mk_stats_record *r, size_t n)
{
    enum mk_err rc;
    if (n == 0 || n > MK_STATS_CHUNK_MAX)
        return MK_E_INTERNAL;
    MK_TRY(mk_buf_add_u8(out, TAGS_VERSION));
    MK_TRY(mk_buf_add_u16(out, (uint16_t)n));
    size_t empty = out->len;
    MK_TRY(mk_buf_add_zero(out, 2 * groups_of(n)));
    for (size_t i = 0; i < n; i++) {
        bits_put(out->data + empty, 1, i, r[i].site_empty);
        bits_put(out->data + empty + groups_of(n), 1, i, r[i].accused_empty);
    }
    for (size_t i = 0; i < n; i++)
        MK_TRY(mk_buf_add(out, r[i].site, TAG));
    for (size_t i = 0; i < n; i++)
        MK_TRY(mk_buf_add(out, r[i].accused_tag, TAG));
out:
    return rc;
}

bool mk_stats_tags_get(const uint8_t *p, size_t len, size_t n, size_t i,
                       struct mk_stats_record *r)
{
    size_t groups = groups_of(n);
    if (i >= n || len != TAGS_HEADER + 2 * groups + 2 * TAG * n ||
        p[0] != TAGS_VERSION || mk_get_u16(p + 1) != n)
        return false;
    const uint8_t *site = p + TAGS_HEADER + 2 * groups;
    r->site_empty = bits_get(p + TAGS_HEADER, 1, i);
    r->accused_empty = bits_get(p + TAGS_HEADER + groups, 1, i);
    memcpy(r->site, site + TAG * i, TAG);
    memcpy(r->accused_tag, site + TAG * (n + i), TAG);
    return true;
}
