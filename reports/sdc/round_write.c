/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/round.h"
#include "reports/sdc/write.h"

enum mk_err mk_sdc_round_write(struct mk_buf *out,
                               const struct mk_sdc_rounded *rounded,
                               struct mk_diag *diag)
{
    const struct mk_sdc_model *m = rounded->model;
    struct mk_sdc_writer w;
    bool more;
    enum mk_err rc;
    mk_sdc_writer_init(&w, m);
    MK_TRY(mk_sdc_write_header(out, m->spec, "value,status,lo,hi\n"));
    for (;;) {
        MK_TRY(mk_sdc_writer_next(&w, &more, diag));
        if (!more)
            break;
        const struct mk_sdc_rounded_cell *r = &rounded->cell[w.cell - m->cell];
        MK_TRY(mk_sdc_write_nodes(out, &w));
        MK_TRY(mk_buf_addf(
            out, "%llu,published,%llu,%llu\n", (unsigned long long)r->value,
            (unsigned long long)r->lo, (unsigned long long)r->hi));
    }
out:
    mk_sdc_writer_release(&w);
    return rc == MK_E_MEMORY || rc == MK_E_TOO_LARGE
               ? mk_fail(diag, rc, "cells")
               : rc;
}
