/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ad hoc table of a publication, as CSV. */
#include <inttypes.h>

#include "reports/publication.h"
#include "reports/sdc/write.h"

static enum mk_err table_rows(const struct mk_publication *p, size_t y,
                              struct mk_buf *out, struct mk_diag *diag)
{
    const struct mk_sdc_task *task = &p->task[y];
    struct mk_sdc_writer w;
    bool more;
    enum mk_err rc;
    mk_sdc_writer_init(&w, &task->model);
    for (;;) {
        MK_TRY(mk_sdc_writer_next(&w, &more, diag));
        if (!more)
            break;
        MK_TRY(mk_buf_addf(out, "%d", p->sheet.years[y]));
        for (size_t d = 0; d < MK_YEAR_DIMS; d++)
            if (task->spec.table[0].crosses[d])
                MK_TRY(mk_buf_addf(out, ",%s",
                                   task->spec.dim[d].node[w.node[d]].name));
        if (w.cell->hidden)
            MK_TRY(mk_buf_addf(out, ",,hidden,%" PRIu64 ",%" PRIu64 "\n",
                               w.cell->lo, w.cell->hi));
        else
            MK_TRY(
                mk_buf_addf(out, ",%" PRIu64 ",published,,\n", w.cell->value));
    }
out:
    mk_sdc_writer_release(&w);
    return rc;
}

enum mk_err mk_publication_table(const struct mk_publication *p,
                                 struct mk_buf *out, struct mk_diag *diag)
{
    bool headed = false;
    enum mk_err rc = MK_OK;
    for (size_t y = 0; y < p->sheet.n_years; y++) {
        const struct mk_sdc_spec *spec = &p->task[y].spec;
        if (spec->n_dims == 0)
            continue;
        if (!headed) {
            MK_TRY(mk_buf_add_str(out, "year"));
            for (size_t d = 0; d < MK_YEAR_DIMS; d++)
                if (spec->table[0].crosses[d])
                    MK_TRY(mk_buf_addf(out, ",%s", spec->dim[d].name));
            MK_TRY(mk_buf_add_str(out, ",value,status,lo,hi\n"));
        }
        headed = true;
        MK_TRY(table_rows(p, y, out, diag));
    }
    if (!headed)
        rc = mk_fail(diag, MK_E_NO_RECORDS, "--years");
out:
    return rc;
}
