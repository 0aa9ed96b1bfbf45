/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adding up.  The loops over a chunk are the hot ones of a count: records are
 * unpacked in blocks, without branches, each column by its own constant width;
 * then each record costs a bit, a year and one place of a hash table.
 */
#include "core/stats_tally.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 256 /* a multiple of 8 */
#define NO_YEAR 0xff
#define YEAR_MIN 1900
#define YEAR_MAX 2199

/* The columns that make a raw key, most significant first; before them stand
 * the year's index and, in a block only, the state. */
#define RAW_COLUMNS(X) \
    X(CATEGORY)        \
    X(CARE_TYPE)       \
    X(REPORTER)        \
    X(MTBP)            \
    X(QUALIFICATION)   \
    X(DUTY)            \
    X(DIRECT)          \
    X(FLAGS)

enum {
#define X(NAME) +MK_STATS_BITS_##NAME
    RAW_BITS = RAW_COLUMNS(X),
#undef X
};

/* Some records of a chunk, unpacked. */
struct block {
    uint64_t key[BLOCK]; /* raw key with the state on top */
    uint64_t ordinal[BLOCK];
    uint64_t recorded[BLOCK];
    uint64_t received[BLOCK];
};

/* ---- window ---- */

static mk_day year_start(const struct mk_cube *cube, int year)
{
    return mk_date_day(year, cube->school_year ? 8 : 1, 1);
}

static enum mk_err window_init(struct mk_tally *t, const struct mk_cube *cube)
{
    size_t n = cube->n_years;
    if (n == 0)
        return MK_OK;
    if (n > MK_CUBE_YEARS || cube->years[0] < YEAR_MIN ||
        cube->years[n - 1] > YEAR_MAX)
        return MK_E_BAD_NUMBER;
    for (size_t y = 1; y < n; y++) {
        if (cube->years[y] <= cube->years[y - 1])
            return MK_E_BAD_NUMBER;
    }
    mk_day first = year_start(cube, cube->years[0]);
    mk_day end = year_start(cube, cube->years[n - 1] + 1);
    t->year_first = mk_stats_day_put(first);
    t->year_days = (size_t)(end - first);
    t->year = malloc(t->year_days);
    if (!t->year)
        return MK_E_MEMORY;
    memset(t->year, NO_YEAR, t->year_days);
    for (size_t y = 0; y < n; y++) {
        mk_day from = year_start(cube, cube->years[y]);
        mk_day to = year_start(cube, cube->years[y] + 1);
        memset(t->year + (from - first), (int)y, (size_t)(to - from));
    }
    return MK_OK;
}

enum mk_err mk_tally_init(struct mk_tally *t, const struct mk_cube *cube,
                          uint64_t n, uint64_t n_dossiers,
                          const struct mk_as_of *as_of)
{
    memset(t, 0, sizeof *t);
    mk_cube_init(&t->raw);
    t->n_dossiers = n_dossiers;
    t->position_end = as_of->by_position ? as_of->position : n;
    t->day_end = as_of->by_day ? mk_stats_day_put(as_of->day) : UINT32_MAX;
    t->seen = calloc((size_t)(n_dossiers / 8 + 1), 1);
    return t->seen ? window_init(t, cube) : MK_E_MEMORY;
}

void mk_tally_release(struct mk_tally *t)
{
    mk_cube_release(&t->raw);
    free(t->seen);
    free(t->year);
    t->seen = NULL;
    t->year = NULL;
}

/* ---- unpacking ---- */

/* 8 values of w bits begin at p; they stand at the top of the result. */
static inline uint64_t eight(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return be64toh(v);
}

/* Keys of the 8 records of group g. */
static inline void unpack_group(const struct mk_stats_facts *f, size_t g,
                                uint64_t key[static 8])
{
    uint64_t state =
        eight(f->column[MK_STATS_STATE] + g * MK_STATS_BITS_STATE);
#define X(NAME)          \
    uint64_t in_##NAME = \
        eight(f->column[MK_STATS_##NAME] + g * MK_STATS_BITS_##NAME);
    RAW_COLUMNS(X)
#undef X
    for (size_t j = 0; j < 8; j++) {
        uint64_t k = state >> (64 - MK_STATS_BITS_STATE);
        state <<= MK_STATS_BITS_STATE;
#define X(NAME)                                                               \
    k = k << MK_STATS_BITS_##NAME | in_##NAME >> (64 - MK_STATS_BITS_##NAME); \
    in_##NAME <<= MK_STATS_BITS_##NAME;
        RAW_COLUMNS(X)
#undef X
        key[j] = k;
    }
}

/* 8 values of w bits, 1 <= w <= 32. */
static inline void unpack_eight(const uint8_t *p, unsigned w, uint64_t base,
                                uint64_t out[static 8])
{
    for (unsigned j = 0; j < 8; j++)
        out[j] = base + (eight(p + j * w / 8) << j * w % 8 >> (64 - w));
}

/* Always a whole block: MK_STATS_SLACK allows it. */
static void unpack_wide(const struct mk_stats_wide *w, size_t at,
                        uint64_t out[static BLOCK])
{
    unsigned width = w->width;
    if (width == 0) {
        for (size_t i = 0; i < BLOCK; i++)
            out[i] = w->base;
        return;
    }
    const uint8_t *p = w->p + at / 8 * width;
    if (width == 64) {
        for (size_t i = 0; i < BLOCK; i++)
            out[i] = w->base + eight(p + 8 * i);
        return;
    }
    for (size_t g = 0; g < BLOCK / 8; g++)
        unpack_eight(p + g * width, width, w->base, out + g * 8);
}

/* Unpacks records at .. at + n - 1 (at: a multiple of 8), n <= BLOCK.  False
 * if a day is none of ours. */
static bool unpack(struct block *b, const struct mk_stats_facts *f, size_t at,
                   size_t n)
{
    uint64_t days = 0;
    for (size_t g = 0; g < BLOCK / 8; g++)
        unpack_group(f, at / 8 + g, b->key + g * 8);
    unpack_wide(&f->wide[MK_STATS_ORDINAL], at, b->ordinal);
    for (size_t i = 0; i < BLOCK; i++)
        b->ordinal[i] += f->slope * (at + i);
    unpack_wide(&f->wide[MK_STATS_RECORDED], at, b->recorded);
    unpack_wide(&f->wide[MK_STATS_RECEIVED], at, b->received);
    for (size_t i = 0; i < n; i++)
        days |= b->recorded[i] | b->received[i];
    return days <= UINT32_MAX;
}

/* ---- adding ---- */

bool mk_tally_state_counts(unsigned state)
{
    return state != MK_STATE_ONTVANGEN && state != MK_STATE_DUBBEL &&
           state != MK_STATE_NIET_BEVOEGD;
}

/* Index of the year that the day lies in; NO_YEAR. */
static inline unsigned year_of(const struct mk_tally *t, uint64_t received)
{
    uint64_t day = received - t->year_first;
    return day < t->year_days ? t->year[day] : NO_YEAR;
}

/*
 * Judges one admitted record by the population rules: *year is the index of
 * the year it counts in, NO_YEAR if it does not, or the dossier was seen.
 */
static inline enum mk_err judge(struct mk_tally *t, unsigned state,
                                uint64_t ordinal, uint64_t received,
                                unsigned *year)
{
    *year = NO_YEAR;
    if (ordinal >= t->n_dossiers)
        return MK_E_DAMAGED;
    uint8_t bit = (uint8_t)(1u << (ordinal & 7));
    if (t->seen[ordinal >> 3] & bit)
        return MK_OK;
    t->seen[ordinal >> 3] |= bit;

    unsigned in = year_of(t, received);
    if (!mk_tally_state_counts(state)) {
        if (in != NO_YEAR)
            t->uncounted[in][state]++;
        else if (received == 0)
            t->uncounted[MK_CUBE_YEARS][state]++;
        return MK_OK;
    }
    *year = in;
    return state == MK_STATE_NONE ? MK_E_DAMAGED : MK_OK;
}

/* One admitted record; key has its state on top. */
static inline enum mk_err add(struct mk_tally *t, uint64_t key,
                              uint64_t ordinal, uint64_t received)
{
    unsigned year;
    enum mk_err rc =
        judge(t, (unsigned)(key >> RAW_BITS), ordinal, received, &year);
    if (rc != MK_OK || year == NO_YEAR)
        return rc;
    key &= ((uint64_t)1 << RAW_BITS) - 1;
    return mk_cube_add(&t->raw, (uint64_t)year << RAW_BITS | key, 1);
}

/* Notes what a newest-first walk says of the records admitted. */
static inline void note(struct mk_tally *t, uint64_t recorded,
                        uint64_t position)
{
    if (t->newest < recorded)
        t->newest = (uint32_t)recorded;
    if (t->position == 0)
        t->position = position + 1;
}

enum mk_err mk_tally_chunk(struct mk_tally *t, const struct mk_stats_facts *f,
                           uint64_t first)
{
    struct block b;
    enum mk_err rc = MK_OK;
    size_t end = f->n;
    if (t->position_end < first + f->n)
        end = t->position_end < first ? 0 : (size_t)(t->position_end - first);
    for (size_t at = (f->n - 1) / BLOCK * BLOCK + BLOCK; at > 0;) {
        at -= BLOCK;
        size_t n = f->n - at < BLOCK ? f->n - at : BLOCK;
        if (!unpack(&b, f, at, n)) {
            rc = MK_E_DAMAGED;
            goto out;
        }
        n = end < at ? 0 : end - at < n ? end - at : n;
        for (size_t i = n; i-- > 0;) {
            if (b.recorded[i] > t->day_end)
                continue;
            note(t, b.recorded[i], first + at + i);
            MK_TRY(add(t, b.key[i], b.ordinal[i], b.received[i]));
        }
    }
out:
    mk_crypto_wipe(&b, sizeof b);
    return rc;
}

/* The raw key of a record, with its state on top. */
static uint64_t raw_key(const struct mk_stats_record *r)
{
    uint8_t v[MK_STATS_COLUMNS];
    mk_stats_values_of(r, v);
    uint64_t key = v[MK_STATS_STATE];
#define X(NAME)                         \
    key = key << MK_STATS_BITS_##NAME | \
          (v[MK_STATS_##NAME] & ((1u << MK_STATS_BITS_##NAME) - 1));
    RAW_COLUMNS(X)
#undef X
    return key;
}

enum mk_err mk_tally_record(struct mk_tally *t,
                            const struct mk_stats_record *r, uint64_t position)
{
    uint32_t recorded = mk_stats_day_put(r->recorded);
    if (position >= t->position_end || recorded > t->day_end)
        return MK_OK;
    note(t, recorded, position);
    return add(t, raw_key(r), r->ordinal, mk_stats_day_put(r->received));
}

/* ---- giving ---- */

/* The cube's key of a raw key.  False for a code that is in no list. */
static bool key_of(uint64_t raw, uint64_t *key)
{
    uint8_t v[MK_CUBE_DIMS];
    unsigned shift = RAW_BITS;
    bool ok = true;
    v[MK_CUBE_YEAR] = (uint8_t)(raw >> RAW_BITS);
#define CODE_OF(NAME)                                                  \
    do {                                                               \
        unsigned values = 1u << MK_STATS_BITS_##NAME;                  \
        shift -= MK_STATS_BITS_##NAME;                                 \
        unsigned code = (unsigned)(raw >> shift) & (values - 1);       \
        if (code >= values - 2)                                        \
            code += 64 - values; /* 62 and 63 */                       \
        ok &= mk_cube_value(MK_CUBE_##NAME, code, &v[MK_CUBE_##NAME]); \
    } while (0)
    CODE_OF(CATEGORY);
    CODE_OF(CARE_TYPE);
    CODE_OF(REPORTER);
    CODE_OF(MTBP);
    CODE_OF(QUALIFICATION);
    CODE_OF(DUTY);
    CODE_OF(DIRECT);
#undef CODE_OF
    v[MK_CUBE_RED] = raw >> 5 & 1;
    v[MK_CUBE_REFERRED] = raw >> 4 & 1;
    v[MK_CUBE_COMPLAINT] = raw >> 3 & 1;
    v[MK_CUBE_POLICE_REPORT] = raw >> 2 & 1;
    v[MK_CUBE_UNMET_OVERLEG] = raw >> 1 & 1;
    v[MK_CUBE_UNMET_AANGIFTE] = raw & 1;
    *key = mk_cube_key(v);
    return ok;
}

static enum mk_err cube_key(const struct mk_stats_record *r, unsigned year,
                            uint64_t *key)
{
    uint64_t raw = raw_key(r) & (((uint64_t)1 << RAW_BITS) - 1);
    return key_of((uint64_t)year << RAW_BITS | raw, key) ? MK_OK
                                                         : MK_E_DAMAGED;
}

enum mk_err mk_tally_judge(struct mk_tally *t, const struct mk_stats_record *r,
                           uint64_t position, bool *counts, uint64_t *key)
{
    uint32_t recorded = mk_stats_day_put(r->recorded);
    unsigned year;
    *counts = false;
    if (position >= t->position_end || recorded > t->day_end)
        return MK_OK;
    note(t, recorded, position);
    enum mk_err rc =
        judge(t, r->state, r->ordinal, mk_stats_day_put(r->received), &year);
    if (rc != MK_OK || year == NO_YEAR)
        return rc;
    *counts = true;
    return cube_key(r, year, key);
}

void mk_tally_note(struct mk_tally *t, const struct mk_stats_record *r,
                   uint64_t position)
{
    note(t, mk_stats_day_put(r->recorded), position);
}

enum mk_err mk_tally_place(const struct mk_tally *t,
                           const struct mk_stats_record *r, bool *in,
                           uint64_t *key)
{
    unsigned year = year_of(t, mk_stats_day_put(r->received));
    *in = mk_tally_state_counts(r->state) && year != NO_YEAR;
    if (r->ordinal >= t->n_dossiers || r->state == MK_STATE_NONE)
        return MK_E_DAMAGED;
    return *in ? cube_key(r, year, key) : MK_OK;
}

void mk_tally_header(const struct mk_tally *t, struct mk_cube *cube)
{
    memcpy(cube->uncounted, t->uncounted, sizeof cube->uncounted);
    cube->data_date = t->newest ? mk_stats_day_get(t->newest) : MK_DAY_NONE;
    cube->position = t->position;
}

enum mk_err mk_tally_give(struct mk_tally *t, struct mk_cube *cube)
{
    struct mk_cube sum;
    uint64_t key;
    enum mk_err rc = MK_OK;
    mk_cube_init(&sum);
    for (size_t i = 0; i < cube->cap; i++)
        MK_TRY(mk_cube_add(&sum, cube->cells[i].key, cube->cells[i].n));
    for (size_t i = 0; i < t->raw.cap; i++) {
        const struct mk_cube_cell *c = &t->raw.cells[i];
        if (c->n > 0 && !key_of(c->key, &key)) {
            rc = MK_E_DAMAGED;
            goto out;
        }
        if (c->n > 0)
            MK_TRY(mk_cube_add(&sum, key, c->n));
    }
    free(cube->cells);
    cube->cells = sum.cells;
    cube->n_cells = sum.n_cells;
    cube->cap = sum.cap;
    sum.cells = NULL;
    mk_tally_header(t, cube);
out:
    mk_cube_release(&sum);
    return rc;
}
