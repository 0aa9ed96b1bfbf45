/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer of disclosure control as cells of the factsheet. */
#include <string.h>

#include "reports/revision.h"
#include "reports/year_model.h"

void mk_year_cell_names(const char *name[static MK_YEAR_DIMS],
                        enum mk_table_id table, const struct mk_row *category,
                        const struct mk_row *care_type,
                        enum mk_measure measure)
{
    static const enum mk_year_dim of_measure[MK_MEASURE_COUNT] = {
        [MK_MEASURE_RED] = MK_YEAR_RED,
        [MK_MEASURE_REFERRED] = MK_YEAR_REFERRED,
        [MK_MEASURE_COMPLAINT] = MK_YEAR_COMPLAINT,
        [MK_MEASURE_POLICE_REPORT] = MK_YEAR_POLICE_REPORT,
        [MK_MEASURE_UNMET_OVERLEG] = MK_YEAR_UNMET_OVERLEG,
        [MK_MEASURE_UNMET_AANGIFTE] = MK_YEAR_UNMET_AANGIFTE,
        [MK_MEASURE_UNMET] = MK_YEAR_UNMET,
    };
    memset(name, 0, MK_YEAR_DIMS * sizeof *name);
    if (category->kind != MK_ROW_ALL && category->kind != MK_ROW_TOTAL) {
        enum mk_year_dim d = table == MK_TABLE_F6 ? MK_YEAR_REPORTER
                             : category->dim == MK_DIM_QUALIFICATION
                                 ? MK_YEAR_QUALIFICATION
                                 : MK_YEAR_CATEGORY;
        name[d] = category->slug;
    }
    if (care_type->kind != MK_ROW_ALL && care_type->kind != MK_ROW_TOTAL)
        name[MK_YEAR_CARE_TYPE] = care_type->slug;
    if (measure == MK_MEASURE_MTBP)
        name[MK_YEAR_MTBP] = "J";
    if (measure >= MK_MEASURE_DUTY)
        name[MK_YEAR_DUTY] = "J";
    if (measure == MK_MEASURE_DIRECT_J)
        name[MK_YEAR_DIRECT] = "J";
    if (measure == MK_MEASURE_DIRECT_N)
        name[MK_YEAR_DIRECT] = "N";
    if (measure == MK_MEASURE_DIRECT_NR)
        name[MK_YEAR_DIRECT] = "NR";
    if (measure >= MK_MEASURE_RED && measure < MK_MEASURE_COUNT)
        name[of_measure[measure]] = "J";
}

static bool find_cell(const struct mk_sdc_task *task,
                      const char *const name[static MK_YEAR_DIMS],
                      size_t *cell)
{
    uint32_t node[MK_SDC_DIMS];
    for (unsigned d = 0; d < MK_YEAR_DIMS; d++) {
        const struct mk_sdc_dim *dim = &task->spec.dim[d];
        node[d] = mk_sdc_total(dim);
        if (name[d] &&
            !mk_sdc_find_node(dim, name[d], strlen(name[d]), &node[d]))
            return false;
    }
    if (task->spec.n_dims > MK_YEAR_DIMS &&
        !mk_sdc_find_node(&task->spec.dim[MK_YEAR_DIMS], MK_CHANGE_NOW,
                          strlen(MK_CHANGE_NOW), &node[MK_YEAR_DIMS]))
        return false;
    return mk_sdc_model_find(&task->model, node, cell);
}

const struct mk_sdc_cell *mk_year_find(const struct mk_sdc_task *task,
                                       enum mk_table_id id,
                                       const struct mk_table *t,
                                       size_t category, size_t care_type,
                                       size_t measure)
{
    const char *name[MK_YEAR_DIMS];
    size_t at;
    mk_year_cell_names(name, id, &t->category.row[category],
                       &t->care_type.row[care_type], t->first + measure);
    return find_cell(task, name, &at) ? &task->model.cell[at] : NULL;
}

static enum mk_err hide_cell(const struct mk_year_model *m,
                             const struct mk_sdc_task *task,
                             const struct mk_table *t, size_t c, size_t k,
                             size_t measure, struct mk_cell *cell)
{
    const struct mk_sdc_cell *found;
    if (cell->mark != MK_MARK_NONE || t->care_type.row[k].hidden)
        return MK_OK;
    found = mk_year_find(task, (enum mk_table_id)(t - m->f->table), t, c, k,
                         measure);
    if (!found)
        return MK_E_INTERNAL;
    if (found->hidden)
        *cell = (struct mk_cell){
            .mark = MK_MARK_X, .lo = found->lo, .hi = found->hi};
    else if (!found->empty && found->value != cell->value)
        return MK_E_INTERNAL; /* two ways to count that disagree */
    return MK_OK;
}

enum mk_err mk_year_hide(struct mk_factsheet *f, const struct mk_year_model *m,
                         const struct mk_sdc_task *task, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    for (size_t id = 0; id < MK_TABLE_COUNT; id++) {
        struct mk_table *t = &f->table[id];
        for (size_t c = 0; c < t->category.n; c++)
            for (size_t k = 0; k < t->care_type.n; k++)
                for (size_t i = 0; i < t->measures; i++) {
                    struct mk_cell *cell =
                        &t->cells[((m->year * t->category.n + c) *
                                       t->care_type.n +
                                   k) *
                                      t->measures +
                                  i];
                    rc = hide_cell(m, task, t, c, k, i, cell);
                    if (rc != MK_OK)
                        return mk_fail(diag, rc, t->id);
                }
    }
    return rc;
}
