/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/cube.h"

#include "core/case.h"
#include "core/codes.h"

#include <stdlib.h>
#include <string.h>

/* Lists of cube.def that are none of codes.def. */
#define LIST_NONE (-1)
#define LIST_FLAG (-2)
#define MK_LIST_NONE LIST_NONE
#define MK_LIST_FLAG LIST_FLAG

static const struct {
    const char *slug;
    unsigned bits;
    int list;
} dims[MK_CUBE_DIMS] = {
#define MK_CUBE_DIM(NAME, slug, bits, list) {slug, bits, MK_LIST_##list},
#include "core/defs/cube.def"
#undef MK_CUBE_DIM
};

#define MIN_CAP 256

void mk_cube_init(struct mk_cube *cube)
{
    memset(cube, 0, sizeof *cube);
    cube->data_date = MK_DAY_NONE;
}

void mk_cube_release(struct mk_cube *cube)
{
    free(cube->cells);
    mk_cube_init(cube);
}

/* The cell of key, or the empty place where it belongs; cap is a power of 2
 * and never full. */
static struct mk_cube_cell *find(struct mk_cube_cell *cells, size_t cap,
                                 uint64_t key)
{
    size_t i = (size_t)((key * 0x9e3779b97f4a7c15u) >> 32) & (cap - 1);
    while (cells[i].n != 0 && cells[i].key != key)
        i = (i + 1) & (cap - 1);
    return &cells[i];
}

static enum mk_err grow(struct mk_cube *cube)
{
    size_t cap = cube->cap ? cube->cap * 2 : MIN_CAP;
    struct mk_cube_cell *cells = calloc(cap, sizeof *cells);
    if (!cells)
        return MK_E_MEMORY;
    for (size_t i = 0; i < cube->cap; i++) {
        if (cube->cells[i].n != 0)
            *find(cells, cap, cube->cells[i].key) = cube->cells[i];
    }
    free(cube->cells);
    cube->cells = cells;
    cube->cap = cap;
    return MK_OK;
}

enum mk_err mk_cube_add(struct mk_cube *cube, uint64_t key, uint64_t n)
{
    if (n == 0)
        return MK_OK;
    if (2 * cube->n_cells >= cube->cap) {
        enum mk_err rc = grow(cube);
        if (rc != MK_OK)
            return rc;
    }
    struct mk_cube_cell *c = find(cube->cells, cube->cap, key);
    if (c->n == 0) {
        c->key = key;
        cube->n_cells++;
    }
    c->n += n;
    return MK_OK;
}

uint64_t mk_cube_key(const uint8_t values[static MK_CUBE_DIMS])
{
    uint64_t key = 0;
    for (size_t d = 0; d < MK_CUBE_DIMS; d++)
        key = key << dims[d].bits | (values[d] & ((1u << dims[d].bits) - 1));
    return key;
}

static void values_of(uint64_t key, uint8_t values[static MK_CUBE_DIMS])
{
    for (size_t d = MK_CUBE_DIMS; d-- > 0;) {
        values[d] = (uint8_t)(key & ((1u << dims[d].bits) - 1));
        key >>= dims[d].bits;
    }
}

bool mk_cube_value(enum mk_cube_dim dim, unsigned code, uint8_t *value)
{
    const struct mk_code *c;
    unsigned onb = (1u << dims[dim].bits) - 2;
    *value = 0;
    if (dims[dim].list == LIST_FLAG) {
        *value = code != 0;
        return code <= 1;
    }
    if (dims[dim].list == LIST_NONE || code == MK_UNKNOWN_NR || code == 0)
        return dims[dim].list != LIST_NONE;
    if (code == MK_UNKNOWN_ONB) {
        *value = (uint8_t)onb;
        return true;
    }
    c = mk_code_get((enum mk_list)dims[dim].list, code);
    if (!c || code >= onb)
        return false;
    /* not recorded is one value, whatever the list calls it */
    if (strcmp(c->slug, "NR") != 0)
        *value = (uint8_t)code;
    return true;
}

/* Slug of a value; NULL if it is none. */
static const char *slug_of(size_t dim, uint8_t value)
{
    if (dims[dim].list == LIST_FLAG)
        return value ? "J" : "N";
    if (value == 0)
        return "NR";
    if (value == (1u << dims[dim].bits) - 2)
        return "ONB";
    const struct mk_code *c = mk_code_get((enum mk_list)dims[dim].list, value);
    return c ? c->slug : NULL;
}

/* ---- text ---- */

static int by_key(const void *a, const void *b)
{
    const struct mk_cube_cell *x = a, *y = b;
    return (x->key > y->key) - (x->key < y->key);
}

static enum mk_err format_uncounted(const struct mk_cube *cube,
                                    struct mk_buf *out)
{
    enum mk_err rc = MK_OK;
    for (size_t y = 0; y <= MK_CUBE_YEARS; y++) {
        for (size_t s = 0; s < 32; s++) {
            uint64_t n = cube->uncounted[y][s];
            const char *slug = mk_state_slug((enum mk_state)s);
            if (n == 0 || (y >= cube->n_years && y < MK_CUBE_YEARS))
                continue;
            if (!slug || slug[0] == '\0')
                return MK_E_DAMAGED;
            if (y == MK_CUBE_YEARS)
                rc = mk_buf_addf(out, "uncounted: - %s %llu\n", slug,
                                 (unsigned long long)n);
            else
                rc = mk_buf_addf(out, "uncounted: %d %s %llu\n",
                                 cube->years[y], slug, (unsigned long long)n);
            if (rc != MK_OK)
                return rc;
        }
    }
    return rc;
}

bool mk_cube_has_change(unsigned version)
{
    return version >= 3;
}

bool mk_cube_has_reason(unsigned version)
{
    return version == 4;
}

bool mk_cube_has_contributors(unsigned version)
{
    return version == 2 || version == 3;
}

enum mk_err mk_cube_format_header(const struct mk_cube *cube,
                                  const struct mk_cube_form *form, size_t rows,
                                  struct mk_buf *out)
{
    char date[MK_DATE_TEXT] = "-";
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out, "meldkluis-cube: %u\nyears:", form->version));
    for (size_t y = 0; y < cube->n_years; y++)
        MK_TRY(mk_buf_addf(out, " %d", cube->years[y]));
    if (cube->data_date != MK_DAY_NONE)
        mk_date_format(date, cube->data_date);
    MK_TRY(mk_buf_addf(out, "\nbasis: %s\ndata-date: %s\nposition: %llu\n",
                       cube->school_year ? "school" : "calendar", date,
                       (unsigned long long)cube->position));
    if (mk_cube_has_change(form->version))
        MK_TRY(mk_buf_addf(out, "frozen: %llu\n",
                           (unsigned long long)form->frozen));
    MK_TRY(format_uncounted(cube, out));
    MK_TRY(mk_buf_addf(out, "rows: %zu\n\n", rows));
    for (size_t d = 0; d < MK_CUBE_DIMS; d++)
        MK_TRY(mk_buf_addf(out, "%s,", dims[d].slug));
    if (mk_cube_has_change(form->version))
        MK_TRY(mk_buf_add_str(out, "change,"));
    if (mk_cube_has_reason(form->version))
        MK_TRY(mk_buf_add_str(out, "reason,"));
    if (mk_cube_has_contributors(form->version))
        MK_TRY(mk_buf_add_str(out, "site,accused,"));
    MK_TRY(mk_buf_add_str(out, "n\n"));
out:
    return rc;
}

enum mk_err mk_cube_format_key(const struct mk_cube *cube, uint64_t key,
                               struct mk_buf *out)
{
    uint8_t v[MK_CUBE_DIMS];
    enum mk_err rc;
    values_of(key, v);
    if (v[MK_CUBE_YEAR] >= cube->n_years)
        return MK_E_DAMAGED;
    MK_TRY(mk_buf_addf(out, "%d,", cube->years[v[MK_CUBE_YEAR]]));
    for (size_t d = MK_CUBE_YEAR + 1; d < MK_CUBE_DIMS; d++) {
        const char *slug = slug_of(d, v[d]);
        if (!slug)
            return MK_E_DAMAGED;
        MK_TRY(mk_buf_addf(out, "%s,", slug));
    }
out:
    return rc;
}

enum mk_err mk_cube_format(struct mk_cube *cube, struct mk_buf *out)
{
    const struct mk_cube_form form = {.version = 1};
    struct mk_cube_cell *sorted = NULL;
    size_t n = 0;
    enum mk_err rc;
    MK_TRY(mk_cube_format_header(cube, &form, cube->n_cells, out));
    if (cube->n_cells == 0)
        goto out;
    sorted = calloc(cube->n_cells, sizeof *sorted);
    if (!sorted) {
        rc = MK_E_MEMORY;
        goto out;
    }
    for (size_t i = 0; i < cube->cap; i++) {
        if (cube->cells[i].n != 0)
            sorted[n++] = cube->cells[i];
    }
    qsort(sorted, n, sizeof *sorted, by_key);
    for (size_t i = 0; i < n; i++) {
        MK_TRY(mk_cube_format_key(cube, sorted[i].key, out));
        MK_TRY(mk_buf_addf(out, "%llu\n", (unsigned long long)sorted[i].n));
    }
out:
    free(sorted);
    return rc;
}
