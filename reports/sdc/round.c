/* SPDX-License-Identifier: GPL-3.0-or-later */
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

/* What an attack made. */
static void forget(struct mk_sdc_rounded *out)
{
    mk_sdc_result_release(&out->audit);
    mk_sdc_model_release(&out->seen);
    mk_sdc_printed_release(&out->printed);
    mk_sdc_model_init(&out->seen);
}

void mk_sdc_rounded_release(struct mk_sdc_rounded *out)
{
    forget(out);
    free(out->cell);
    mk_sdc_rounded_init(out);
}

static enum mk_err check_asked(const struct mk_sdc_model *model, unsigned base,
                               struct mk_diag *diag)
{
    if (base != 3 && base != 5)
        return mk_fail_at(diag, MK_E_BAD_NUMBER, "base", 0, 3, 5);
    if (model->spec->threshold > base)
        return mk_fail_at(diag, MK_E_BAD_NUMBER, "threshold", 0, 1, base);
    if (!model->covered || model->audit)
        return mk_fail(diag, MK_E_EARLIER, "previous");
    for (uint32_t i = 0; i < model->n_cells; i++)
        if (model->cell[i].release != 0)
            return mk_sdc_earlier_refuse(model, model->cell[i].release, i,
                                         NULL, diag);
    return MK_OK;
}

/* ---- figures ---- */

static void take_figures(struct mk_sdc_rounded *out,
                         const struct mk_sdc_system *s, const uint64_t *units)
{
    const struct mk_sdc_model *m = out->model;
    out->n_moved = 0;
    for (size_t i = 0; i < m->n_cells; i++) {
        const struct mk_sdc_cell *cell = &m->cell[i];
        struct mk_sdc_rounded_cell *r = &out->cell[i];
        uint32_t c = s->class_of[i];
        memset(r, 0, sizeof *r);
        r->shown = cell->current && !cell->watched && !cell->empty;
        if (!r->shown)
            continue;
        /* a cell without columns lies in zeros that stay */
        r->value = c == MK_SDC_NONE ? 0 : units[c] * out->base;
        r->moved = cell->value % out->base == 0 && r->value != cell->value;
        out->n_moved += r->moved;
    }
}

/* What the figure alone says. */
static void window(const struct mk_sdc_rounded *out, uint64_t value,
                   uint64_t *lo, uint64_t *hi)
{
    *lo = value > out->window ? value - out->window : value > 0;
    *hi = value + out->window;
}

/* ---- the attack ---- */

static enum mk_err print_figures(struct mk_sdc_rounded *out,
                                 struct mk_diag *diag)
{
    const struct mk_sdc_model *m = out->model;
    struct mk_sdc_writer w;
    bool more;
    enum mk_err rc;
    mk_sdc_printed_init(&out->printed, m->spec);
    mk_sdc_writer_init(&w, m);
    for (;;) {
        struct mk_sdc_print_cell print = {.print = MK_SDC_HIDDEN,
                                          .interval = true};
        MK_TRY(mk_sdc_writer_next(&w, &more, diag));
        if (!more)
            break;
        window(out, out->cell[w.cell - m->cell].value, &print.lo, &print.hi);
        MK_TRY(mk_sdc_printed_add(&out->printed, w.node, &print, diag));
    }
out:
    mk_sdc_writer_release(&w);
    return rc;
}

/* Cells of both models are in the same order: those of the spec's walk. */
static void take_intervals(struct mk_sdc_rounded *out)
{
    out->n_unsafe = out->n_below = 0;
    out->narrowest = MK_SDC_COUNT;
    for (size_t i = 0; i < out->model->n_cells; i++) {
        const struct mk_sdc_cell *cell = &out->seen.cell[i];
        struct mk_sdc_rounded_cell *r = &out->cell[i];
        struct mk_sdc_need need;
        if (!r->shown)
            continue;
        r->lo = cell->lo;
        r->hi = cell->hi;
        r->exact = cell->exact;
        if (!mk_sdc_need_of_cell(&need, out->model, &out->model->cell[i]) ||
            !need.unsafe)
            continue;
        out->n_unsafe++;
        out->n_below +=
            !mk_sdc_need_met(&need, (int64_t)r->lo, (int64_t)r->hi);
        if (r->hi - r->lo < out->narrowest)
            out->narrowest = r->hi - r->lo;
    }
}

static enum mk_err attack(struct mk_sdc_rounded *out, struct mk_diag *diag)
{
    enum mk_err rc;
    forget(out);
    MK_TRY(print_figures(out, diag));
    MK_TRY(mk_sdc_model_build(&out->seen, out->model->spec, &out->model->data,
                              &out->printed, NULL, 0, diag));
    out->seen.rounded = out->base;
    MK_TRY(mk_sdc_audit(&out->audit, &out->seen, diag));
    out->work += out->audit.work;
    if (out->seen.n_cells != out->model->n_cells)
        return mk_fail(diag, MK_E_INTERNAL, "sdc round");
    take_intervals(out);
out:
    return rc;
}

/* ---- all of it ---- */

struct trial {
    struct mk_sdc_system system;
    double *cost;
    uint64_t *units;
    bool found;
};

static enum mk_err solve(struct mk_sdc_rounded *out, struct trial *t,
                         const uint8_t key[static MK_SDC_ROUND_KEY],
                         struct mk_diag *diag)
{
    enum mk_err rc;
    MK_TRY(mk_sdc_round_costs(t->cost, &t->system, out->base, key,
                              out->tries++, diag));
    MK_TRY(mk_sdc_round_solve(t->units, &t->found, &t->system, out->base,
                              out->relaxed, t->cost, &out->work, diag));
    if (t->found || out->relaxed)
        return rc;
    out->relaxed = true;
    out->window = out->base;
    MK_TRY(mk_sdc_round_solve(t->units, &t->found, &t->system, out->base, true,
                              t->cost, &out->work, diag));
out:
    return rc;
}

static enum mk_err try_all(struct mk_sdc_rounded *out, struct trial *t,
                           const uint8_t key[static MK_SDC_ROUND_KEY],
                           uint64_t work, struct mk_diag *diag)
{
    int64_t faults = 0;
    enum mk_err rc;
    do {
        MK_TRY(solve(out, t, key, diag));
        if (!t->found)
            break;
        take_figures(out, &t->system, t->units);
        MK_TRY(attack(out, diag));
        if (out->audit.n_faults == 0)
            return MK_OK;
        faults = (int64_t)out->audit.n_faults;
    } while (out->tries < MK_SDC_ROUND_TRIES && out->work < work);
    return mk_fail_at(diag, MK_E_DISCLOSURE, "rounding", 0,
                      t->found ? faults : 0, 0);
out:
    return rc;
}

enum mk_err mk_sdc_round(struct mk_sdc_rounded *out,
                         struct mk_sdc_model *model, unsigned base,
                         const uint8_t key[static MK_SDC_ROUND_KEY],
                         uint64_t work, struct mk_diag *diag)
{
    struct mk_sdc_lines lines = {0};
    struct trial t = {.cost = NULL};
    enum mk_err rc;
    out->model = model;
    out->base = base;
    out->window = base - 1;
    MK_TRY(check_asked(model, base, diag));
    mk_lp_start();
    MK_TRY(mk_sdc_rules_apply(model, &lines, diag));
    MK_TRY(mk_sdc_system_build(&t.system, model, true, diag));
    out->cell = calloc(model->n_cells + 1, sizeof *out->cell);
    t.cost = calloc(t.system.n_classes + 1, sizeof *t.cost);
    t.units = calloc(t.system.n_classes + 1, sizeof *t.units);
    if (!out->cell || !t.cost || !t.units) {
        rc = mk_fail(diag, MK_E_MEMORY, "tables");
        goto out;
    }
    MK_TRY(try_all(out, &t, key, work, diag));
out:
    free(t.cost);
    free(t.units);
    mk_sdc_system_release(&t.system);
    mk_sdc_lines_release(&lines);
    return rc;
}
