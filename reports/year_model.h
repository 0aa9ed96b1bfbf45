/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One year of counts as a job of disclosure control, and its answer as cells
 * of the factsheet.  Years share no figure, so each is a job of its own.
 * Dimensions, tables and structural zeros stand in year_model.def.
 */
#ifndef MK_REPORTS_YEAR_MODEL_H
#define MK_REPORTS_YEAR_MODEL_H

#include "reports/factsheet.h"
#include "reports/sdc/job.h"

enum mk_year_dim {
#define MK_YEAR_DIM(NAME, slug) MK_YEAR_##NAME,
#include "reports/year_model.def"
    MK_YEAR_DIMS
};

#define MK_YEAR_LEVELS MK_AXIS_MAX

/* The levels of every dimension in one year, and those of each row. */
struct mk_year_model {
    const struct mk_factsheet *f; /* borrowed; its tables are built */
    size_t year;                  /* index in the window */
    bool kept;                    /* were the measures of F5 kept that year? */
    bool changed; /* counts of version 3: old and new side by side */
    const char *level[MK_YEAR_DIMS][MK_YEAR_LEVELS]; /* borrowed */
    size_t n_levels[MK_YEAR_DIMS];
    const struct mk_row *row[MK_YEAR_DIMS][MK_YEAR_LEVELS]; /* or NULL */
};

void mk_year_model_init(struct mk_year_model *m, const struct mk_factsheet *f,
                        size_t year);

/*
 * The names by dimension of the cell behind (category row, care type row,
 * measure) of a table of the factsheet; NULL is the total.
 */
void mk_year_cell_names(const char *name[static MK_YEAR_DIMS],
                        enum mk_table_id table, const struct mk_row *category,
                        const struct mk_row *care_type,
                        enum mk_measure measure);
const char *mk_year_dim_slug(enum mk_year_dim dim);

/* The cell of the checked task behind a cell of table t (indexes as in
 * mk_factsheet_cell); NULL if it has none. */
const struct mk_sdc_cell *mk_year_find(const struct mk_sdc_task *task,
                                       enum mk_table_id id,
                                       const struct mk_table *t,
                                       size_t category, size_t care_type,
                                       size_t measure);

/* One ad hoc table: names of dimensions with a comma between, checked.
 * Errors: E_BAD_CODE (place: --table); E_DUPLICATE_KEY. */
MK_MUST_USE enum mk_err mk_year_table_check(const char *table,
                                            struct mk_diag *diag);
/* Does it show what was not kept in every year? */
MK_MUST_USE bool mk_year_table_needs_kept(const char *table);

/*
 * Spec and data of the job.  table: an ad hoc table, or NULL for the
 * factsheet.  A structural zero that a record of that year breaks is left
 * out.  The data of a year that changed have the column change behind the
 * dimensions, the spec is without it (revision.h).
 * Errors: E_MEMORY, E_TOO_LARGE.
 */
MK_MUST_USE enum mk_err mk_year_job(struct mk_sdc_job *job,
                                    const struct mk_year_model *m,
                                    const struct mk_counts *counts,
                                    const char *table, struct mk_diag *diag);

/* Hides the cells of f in that year that the checked task hides.
 * Errors: E_INTERNAL when the two do not fit together. */
MK_MUST_USE enum mk_err mk_year_hide(struct mk_factsheet *f,
                                     const struct mk_year_model *m,
                                     const struct mk_sdc_task *task,
                                     struct mk_diag *diag);

#endif
