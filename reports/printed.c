/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/printed.h"

#include <string.h>

#include "reports/revision.h"

static int index_of(const json_t *dims, const char *slug)
{
    for (size_t i = 0; i < json_array_size(dims); i++) {
        const char *name = json_string_value(json_array_get(dims, i));
        if (name && strcmp(name, slug) == 0)
            return (int)i;
    }
    return -1;
}

void mk_printed_open(struct mk_printed *p, const struct mk_record *record,
                     int year)
{
    const json_t *sdc = mk_record_sdc(record, year);
    const json_t *dims = json_object_get(json_object_get(sdc, "spec"), "dims");
    *p = (struct mk_printed){
        .cells = json_object_get(sdc, "cells"),
        .change = index_of(dims, MK_CHANGE_DIM),
        .n_dims = json_array_size(dims),
        .whole = record->kind != MK_RECORD_TABLE,
    };
    for (unsigned d = 0; d < MK_YEAR_DIMS; d++)
        p->dim[d] = index_of(dims, mk_year_dim_slug(d));
}

/* Is the row that of these names? */
static bool is_row(const struct mk_printed *p, const json_t *row,
                   const char *const name[static MK_YEAR_DIMS])
{
    for (unsigned d = 0; d < MK_YEAR_DIMS; d++) {
        const char *want = name[d] ? name[d] : "*";
        const char *has =
            p->dim[d] < 0
                ? "*"
                : json_string_value(json_array_get(row, (size_t)p->dim[d]));
        if (!has || strcmp(has, want) != 0)
            return false;
    }
    if (p->change < 0)
        return true;
    const char *state =
        json_string_value(json_array_get(row, (size_t)p->change));
    return state && strcmp(state, MK_CHANGE_NOW) == 0;
}

static uint64_t figure(const json_t *row, size_t at, uint64_t otherwise)
{
    const json_t *value = json_array_get(row, at);
    json_int_t n = json_integer_value(value);
    return json_is_integer(value) && n >= 0 ? (uint64_t)n : otherwise;
}

bool mk_printed_find(const struct mk_printed *p,
                     const char *const name[static MK_YEAR_DIMS],
                     struct mk_cell *cell)
{
    *cell = (struct mk_cell){.mark = MK_MARK_NONE};
    for (size_t i = 0; i < json_array_size(p->cells); i++) {
        const json_t *row = json_array_get(p->cells, i);
        if (!is_row(p, row, name))
            continue;
        if (json_is_null(json_array_get(row, p->n_dims))) {
            cell->mark = MK_MARK_X;
            cell->lo = figure(row, p->n_dims + 1, 0);
            cell->hi = figure(row, p->n_dims + 2, MK_NO_END);
        } else {
            cell->value = figure(row, p->n_dims, 0);
        }
        return true;
    }
    return p->whole;
}
