/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/sheet_kit.h"

#include "reports/summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void sheet_kit_ok(enum mk_err rc)
{
    if (rc != MK_OK) { /* not every user of this runs under check */
        fprintf(stderr, "sheet_kit: %s\n", mk_err_name(rc));
        abort();
    }
}

void sheet_kit_build(struct mk_factsheet *f, const char *cube,
                     enum mk_policy policy, bool english)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_counts counts;
    mk_counts_init(&counts);
    mk_factsheet_init(f);
    f->policy = policy;
    f->english = english;
    f->threshold = 5;
    sheet_kit_ok(mk_counts_parse(&counts, cube, strlen(cube), &diag));
    sheet_kit_ok(mk_factsheet_build(f, &counts, &diag));
    mk_counts_release(&counts);
}

void sheet_kit_say_again(struct mk_factsheet *f)
{
    struct mk_diag diag = MK_DIAG_INIT;
    for (size_t i = 0; i < f->n_summary; i++)
        mk_buf_release(&f->summary[i].text);
    f->n_summary = 0;
    sheet_kit_ok(mk_summary_build(f, &diag));
}

struct mk_cell *sheet_kit_cell(struct mk_factsheet *f, enum mk_table_id id,
                               size_t year, const char *category,
                               const char *care_type, enum mk_measure measure)
{
    const struct mk_cell *found =
        mk_factsheet_printed(f, id, year, category, care_type, measure);
    if (!found) {
        fprintf(stderr, "sheet_kit: no cell %s %s\n", category, care_type);
        abort();
    }
    return &f->table[id].cells[found - f->table[id].cells];
}

struct mk_cell sheet_kit_hidden(uint64_t lo, uint64_t hi)
{
    return (struct mk_cell){.mark = MK_MARK_X, .lo = lo, .hi = hi};
}

const char *sheet_kit_render(struct mk_buf *out, mk_render *render,
                             const struct mk_factsheet *f)
{
    mk_buf_init(out);
    sheet_kit_ok(render(out, f));
    sheet_kit_ok(mk_buf_terminate(out));
    return (const char *)out->data;
}
