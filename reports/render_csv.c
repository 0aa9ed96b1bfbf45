/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/render.h"

#include <inttypes.h>

#include "reports/words.h"

/* value, mark, lo, hi. */
static enum mk_err add_figure(struct mk_buf *out, const struct mk_cell *cell)
{
    switch (cell->mark) {
    case MK_MARK_NONE:
        return mk_buf_addf(out, "%" PRIu64 ",,,\n", cell->value);
    case MK_MARK_X:
        return mk_buf_addf(out, ",%s,%" PRIu64 ",%" PRIu64 "\n",
                           mk_mark_slug(cell->mark), cell->lo, cell->hi);
    case MK_MARK_NR:
    case MK_MARK_NA:
        return mk_buf_addf(out, ",%s,,\n", mk_mark_slug(cell->mark));
    }
    return MK_E_INTERNAL;
}

static enum mk_err add_table(struct mk_buf *out, const struct mk_factsheet *f,
                             const struct mk_table *t)
{
    char year[MK_YEAR_TEXT];
    enum mk_err rc = MK_OK;
    for (size_t y = 0; y < f->n_years; y++) {
        mk_words_year(year, f->years[y], f->school_year);
        for (size_t c = 0; c < t->category.n; c++)
            for (size_t k = 0; k < t->care_type.n; k++) {
                if (t->category.row[c].hidden || t->care_type.row[k].hidden)
                    continue;
                for (size_t m = 0; m < t->measures; m++) {
                    MK_TRY(mk_buf_addf(out, "%s,%s,%s,%s,%s,dossier,", t->id,
                                       year, t->care_type.row[k].slug,
                                       t->category.row[c].slug,
                                       mk_measure_get(t->first + m)->slug));
                    MK_TRY(add_figure(out, mk_factsheet_cell(t, y, c, k, m)));
                }
            }
    }
out:
    return rc;
}

enum mk_err mk_render_csv(struct mk_buf *out, const struct mk_factsheet *f)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(out, "table,year,care_type,category,measure,unit,"
                               "value,mark,lo,hi\n"));
    for (size_t i = 0; i < MK_TABLE_COUNT; i++)
        MK_TRY(add_table(out, f, &f->table[i]));
out:
    return rc;
}
