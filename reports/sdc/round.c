/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounding without a solver: from a whole inner table to figures, and to what
 * a reader sees of them. */
#include "reports/sdc/round.h"

#include <stdlib.h>
#include <string.h>

#include "reports/sdc/earlier.h"
#include "reports/sdc/model_build.h"
#include "reports/sdc/write.h"

void mk_sdc_rounded_init(struct mk_sdc_rounded *out)
{
    memset(out, 0, sizeof *out);
    mk_sdc_model_init(&out->seen);
    mk_sdc_result_init(&out->audit);
}

void mk_sdc_rounded_release(struct mk_sdc_rounded *out)
{
    mk_sdc_result_release(&out->audit);
    mk_sdc_model_release(&out->seen);
    mk_sdc_records_release(&out->units);
    free(out->cell);
    mk_sdc_rounded_init(out);
}

enum mk_err mk_sdc_round_open(struct mk_sdc_rounded *out,
                              const struct mk_sdc_model *model, unsigned base,
                              struct mk_diag *diag)
{
    out->model = model;
    out->base = base;
    if (base != 3 && base != 5)
        return mk_fail_at(diag, MK_E_BAD_NUMBER, "base", 0, 3, 5);
    if (model->spec->threshold > base)
        return mk_fail_at(diag, MK_E_BAD_NUMBER, "threshold", 0, 1, base);
    for (uint32_t i = 0; i < model->n_cells; i++)
        if (model->cell[i].release != 0)
            return mk_sdc_earlier_refuse(model, model->cell[i].release, i,
                                         NULL, diag);
    if (!model->covered || model->audit)
        return mk_fail(diag, MK_E_EARLIER, "previous");
    out->cell = calloc(model->n_cells + 1, sizeof *out->cell);
    return out->cell ? MK_OK : mk_fail(diag, MK_E_MEMORY, "tables");
}

/* ---- figures ---- */

/* units[i]: how many records of the inner table lie in cell i. */
static enum mk_err count_units(const struct mk_sdc_rounded *out,
                               struct mk_sdc_model *units,
                               struct mk_diag *diag)
{
    const struct mk_sdc_spec *spec = out->model->spec;
    struct mk_sdc_data data;
    enum mk_err rc = MK_OK;
    mk_sdc_data_init(&data, spec);
    data.n_tags = 0;
    for (size_t i = 0; i < out->units.rows; i++) {
        if (out->units.n[i] <= 0) {
            rc = MK_E_INTERNAL;
            goto out;
        }
        MK_TRY(mk_sdc_data_add(&data, out->units.leaf + i * data.n_dims,
                               (uint64_t)out->units.n[i], NULL, diag));
    }
    /* this counts, and refuses what lies in a structural zero */
    MK_TRY(mk_sdc_model_build(units, spec, &data, NULL, NULL, 0, diag));
    if (units->n_cells != out->model->n_cells)
        rc = MK_E_INTERNAL;
out:
    mk_sdc_data_release(&data);
    if (rc == MK_OK || rc == MK_E_MEMORY)
        return rc;
    return mk_fail(diag, MK_E_INTERNAL, "units");
}

/* Is that multiple a figure of the value?  Zeros stay, and only another
 * multiple may be as far as the base. */
static bool is_figure(uint64_t figure, uint64_t value, unsigned base)
{
    uint64_t far = figure > value ? figure - value : value - figure;
    if (value == 0)
        return figure == 0;
    return far < base || (far == base && value % base == 0);
}

static enum mk_err take_figures(struct mk_sdc_rounded *out,
                                const struct mk_sdc_model *units,
                                struct mk_diag *diag)
{
    const struct mk_sdc_model *m = out->model;
    char place[sizeof diag->place];
    out->n_moved = 0;
    for (size_t i = 0; i < m->n_cells; i++) {
        const struct mk_sdc_cell *cell = &m->cell[i];
        struct mk_sdc_rounded_cell *r = &out->cell[i];
        memset(r, 0, sizeof *r);
        r->shown = cell->current && !cell->watched && !cell->empty;
        if (!r->shown)
            continue;
        r->value = units->cell[i].value * out->base;
        if (!is_figure(r->value, cell->value, out->base)) {
            mk_sdc_model_place(m, i, place, sizeof place);
            return mk_fail(diag, MK_E_INTERNAL, place);
        }
        r->moved = cell->value % out->base == 0 && r->value != cell->value;
        out->n_moved += r->moved;
    }
    out->window = out->n_moved > 0 ? out->base : out->base - 1;
    return MK_OK;
}

void mk_sdc_round_window(uint64_t figure, uint64_t window, uint64_t *lo,
                         uint64_t *hi)
{
    *lo = figure > window ? figure - window : figure > 0;
    *hi = figure + window;
}

/* ---- what is seen ---- */

static enum mk_err print_figures(const struct mk_sdc_rounded *out,
                                 struct mk_sdc_printed *printed,
                                 struct mk_diag *diag)
{
    const struct mk_sdc_model *m = out->model;
    struct mk_sdc_writer w;
    bool more;
    enum mk_err rc;
    mk_sdc_writer_init(&w, m);
    printed->base = out->base;
    for (;;) {
        struct mk_sdc_print_cell print = {.print = MK_SDC_ROUNDED,
                                          .interval = true};
        MK_TRY(mk_sdc_writer_next(&w, &more, diag));
        if (!more)
            break;
        print.value = out->cell[w.cell - m->cell].value;
        mk_sdc_round_window(print.value, out->window, &print.lo, &print.hi);
        MK_TRY(mk_sdc_printed_add(printed, w.node, &print, diag));
    }
out:
    mk_sdc_writer_release(&w);
    return rc;
}

enum mk_err mk_sdc_round_show(struct mk_sdc_rounded *out, struct mk_diag *diag)
{
    const struct mk_sdc_model *m = out->model;
    struct mk_sdc_printed printed;
    struct mk_sdc_model units;
    enum mk_err rc;
    mk_sdc_printed_init(&printed, m->spec);
    mk_sdc_model_init(&units);
    mk_sdc_model_release(&out->seen);
    mk_sdc_model_init(&out->seen);
    MK_TRY(count_units(out, &units, diag));
    MK_TRY(take_figures(out, &units, diag));
    MK_TRY(print_figures(out, &printed, diag));
    MK_TRY(mk_sdc_model_build(&out->seen, m->spec, &m->data, &printed, NULL, 0,
                              diag));
    /* cells of all three are in the same order: that of the spec's walk */
    if (out->seen.n_cells != m->n_cells)
        rc = mk_fail(diag, MK_E_INTERNAL, "sdc round");
out:
    mk_sdc_model_release(&units);
    mk_sdc_printed_release(&printed);
    return rc;
}

void mk_sdc_round_take(struct mk_sdc_rounded *out)
{
    out->n_unsafe = out->n_below = 0;
    out->narrowest = MK_SDC_COUNT;
    for (size_t i = 0; i < out->model->n_cells; i++) {
        struct mk_sdc_cell cell = out->seen.cell[i];
        struct mk_sdc_rounded_cell *r = &out->cell[i];
        struct mk_sdc_need need;
        if (!r->shown)
            continue;
        r->lo = cell.lo;
        r->hi = cell.hi;
        r->exact = cell.exact;
        cell.rounded = false; /* what hiding it would ask for */
        if (!mk_sdc_need_of_cell(&need, &out->seen, &cell) || !need.unsafe)
            continue;
        out->n_unsafe++;
        out->n_below +=
            !mk_sdc_need_met(&need, (int64_t)r->lo, (int64_t)r->hi);
        if (r->hi - r->lo < out->narrowest)
            out->narrowest = r->hi - r->lo;
    }
}
