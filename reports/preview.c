/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/preview.h"

#include <string.h>

/* ---- counting ---- */

static bool is_total(const struct mk_row *a, const struct mk_row *b)
{
    return a->kind == MK_ROW_TOTAL || b->kind == MK_ROW_TOTAL ||
           (a->kind == MK_ROW_ALL && b->kind == MK_ROW_ALL);
}

/* Which of the three it is hidden for. */
static void count_why(struct mk_preview_line *line, uint8_t why)
{
    const uint8_t rule = MK_SDC_WHY_THRESHOLD | MK_SDC_WHY_CONTRIBUTOR |
                         MK_SDC_WHY_GROUP;
    if (why & rule)
        line->primary++;
    else if (why & MK_SDC_WHY_EARLIER)
        line->earlier++;
    else
        line->secondary++;
}

static enum mk_err count_cell(struct mk_preview_line *line,
                              const struct mk_cell *cell,
                              const struct mk_sdc_cell *found, bool total)
{
    switch (cell->mark) {
    case MK_MARK_NONE:
        line->printed++;
        break;
    case MK_MARK_NR:
        line->nr++;
        break;
    case MK_MARK_NA:
        line->na++;
        break;
    case MK_MARK_X:
        if (!found)
            return MK_E_INTERNAL;
        line->hidden++;
        count_why(line, found->why);
        line->totals += total;
        line->values += found->value;
        break;
    }
    return MK_OK;
}

static enum mk_err count_table(struct mk_preview_line *line,
                               const struct mk_publication *p, size_t y,
                               enum mk_table_id id)
{
    const struct mk_table *t = &p->sheet.table[id];
    enum mk_err rc = MK_OK;
    for (size_t a = 0; a < t->category.n; a++)
        for (size_t b = 0; b < t->care_type.n; b++)
            for (size_t m = 0; m < t->measures; m++) {
                const struct mk_cell *cell = mk_factsheet_cell(t, y, a, b, m);
                const struct mk_sdc_cell *found = NULL;
                if (t->care_type.row[b].hidden)
                    continue;
                if (cell->mark == MK_MARK_X)
                    found = mk_year_find(&p->task[y], id, t, a, b, m);
                MK_TRY(count_cell(
                    line, cell, found,
                    is_total(&t->category.row[a], &t->care_type.row[b])));
            }
out:
    return rc;
}

static void add_line(struct mk_preview_line *sum,
                     const struct mk_preview_line *part)
{
    sum->printed += part->printed;
    sum->hidden += part->hidden;
    sum->nr += part->nr;
    sum->na += part->na;
    sum->primary += part->primary;
    sum->secondary += part->secondary;
    sum->earlier += part->earlier;
    sum->totals += part->totals;
    sum->values += part->values;
}

enum mk_err mk_preview_make(struct mk_preview *preview,
                            const struct mk_publication *p,
                            struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    memset(preview, 0, sizeof *preview);
    preview->p = p;
    for (size_t y = 0; y < p->sheet.n_years; y++) {
        struct mk_preview_year *year = &preview->year[y];
        for (unsigned id = 0; id < MK_TABLE_COUNT; id++) {
            rc = count_table(&year->table[id], p, y, id);
            if (rc != MK_OK)
                return mk_fail(diag, rc, p->sheet.table[id].id);
            add_line(&year->all, &year->table[id]);
        }
    }
    return rc;
}

/* ---- what goes with it ---- */

bool mk_preview_is_known(const struct mk_preview *preview, size_t year)
{
    const struct mk_factsheet *f = &preview->p->sheet;
    return f->frozen[year] || f->revised[year];
}

/* Levels of the factsheet, merged, and less is hidden. */
static bool is_useful(const struct mk_sdc_advice *advice,
                      const struct mk_sdc_advice_item *item)
{
    static const enum mk_year_dim dims[] = {
        MK_YEAR_CATEGORY, MK_YEAR_CARE_TYPE, MK_YEAR_REPORTER};
    const struct mk_sdc_merge *merge = &item->merge;
    bool fits = false;
    for (size_t d = 0; d < sizeof dims / sizeof dims[0]; d++)
        fits |= merge->dim == dims[d];
    return fits && (!advice->before.safe ||
                    item->after.hidden < advice->before.hidden);
}

const struct mk_sdc_advice_item *mk_preview_advice(
    const struct mk_preview *preview, size_t year, size_t i)
{
    const struct mk_sdc_task *task = preview->p->advice[year];
    if (!task || i >= MK_PREVIEW_ADVICE)
        return NULL;
    for (size_t k = 0; k < task->advice.n; k++)
        if (is_useful(&task->advice, &task->advice.item[k]) && i-- == 0)
            return &task->advice.item[k];
    return NULL;
}
