/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking at a factsheet as its reader does: printed cells and no others. */
#include <string.h>

#include "reports/factsheet.h"

/* Index of the printed row slug; n if the axis has none. */
static size_t find(const struct mk_axis *axis, const char *slug)
{
    size_t i = 0;
    while (i < axis->n &&
           (axis->row[i].hidden || strcmp(axis->row[i].slug, slug) != 0))
        i++;
    return i;
}

const struct mk_cell *mk_factsheet_printed(const struct mk_factsheet *f,
                                           enum mk_table_id id, size_t year,
                                           const char *category,
                                           const char *care_type,
                                           enum mk_measure measure)
{
    const struct mk_table *t = &f->table[id];
    size_t c = find(&t->category, category);
    size_t k = find(&t->care_type, care_type);
    if (year >= f->n_years || c == t->category.n || k == t->care_type.n ||
        measure < t->first || measure >= t->first + t->measures)
        return NULL;
    return mk_factsheet_cell(t, year, c, k, measure - t->first);
}

static uint64_t printed(const struct mk_factsheet *f, enum mk_mark mark,
                        uint64_t min, uint64_t max)
{
    uint64_t n = 0;
    for (size_t id = 0; id < MK_TABLE_COUNT; id++) {
        const struct mk_table *t = &f->table[id];
        size_t per_year = t->category.n * t->care_type.n * t->measures;
        for (size_t i = 0; i < f->n_years * per_year; i++) {
            size_t care = i / t->measures % t->care_type.n;
            const struct mk_cell *cell = &t->cells[i];
            if (!t->care_type.row[care].hidden && cell->mark == mark &&
                cell->value >= min && cell->value <= max)
                n++;
        }
    }
    return n;
}

uint64_t mk_factsheet_small(const struct mk_factsheet *f)
{
    return f->threshold > 1 ? printed(f, MK_MARK_NONE, 1, f->threshold - 1)
                            : 0;
}

bool mk_factsheet_has(const struct mk_factsheet *f, enum mk_mark mark)
{
    return printed(f, mark, 0, UINT64_MAX) > 0;
}
