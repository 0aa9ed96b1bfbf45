/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "reports/sdc/rules.h"

void mk_sdc_needs_release(struct mk_sdc_needs *needs)
{
    free(needs->at);
    memset(needs, 0, sizeof *needs);
}

static enum mk_err add_need(struct mk_sdc_needs *needs,
                            const struct mk_sdc_need *need)
{
    if (needs->n == needs->cap) {
        size_t cap = needs->cap ? 2 * needs->cap : 64;
        struct mk_sdc_need *at = realloc(needs->at, cap * sizeof *at);
        if (!at)
            return MK_E_MEMORY;
        needs->at = at;
        needs->cap = cap;
    }
    needs->at[needs->n++] = *need;
    return MK_OK;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* A hidden cell of an earlier release whose value is not in the data: what
 * the release itself left open must stay open. */
static void need_of_unknown(struct mk_sdc_need *need,
                            const struct mk_sdc_cell *cell, int64_t threshold)
{
    int64_t width = MK_SDC_COUNT;
    if (cell->interval)
        width = (int64_t)(cell->printed_hi - cell->printed_lo);
    need->slide = 1;
    need->down = -(int64_t)MK_SDC_COUNT;
    need->unsafe = !cell->interval || cell->printed_lo < (uint64_t)threshold;
    if (cell->interval && cell->printed_lo >= (uint64_t)threshold)
        return;
    if (cell->rounded) { /* as many values as the threshold: one is safe */
        need->slide = width < threshold - 1 ? width : threshold - 1;
        return;
    }
    need->slide = width < threshold ? width : threshold;
    need->up = threshold - need->value;
    if (!cell->interval)
        return;
    /* its value is above what was printed as the least, so that must stay */
    need->down = need->value - (int64_t)cell->printed_lo;
    if (cell->printed_hi < (uint64_t)threshold)
        need->up = -(int64_t)MK_SDC_COUNT;
}

bool mk_sdc_need_of_cell(struct mk_sdc_need *need,
                         const struct mk_sdc_model *model,
                         const struct mk_sdc_cell *cell)
{
    int64_t threshold = (int64_t)model->spec->threshold;
    const uint8_t unsafe = MK_SDC_WHY_THRESHOLD | MK_SDC_WHY_CONTRIBUTOR;
    memset(need, 0, sizeof *need);
    need->value = (int64_t)cell->value;
    need->why = cell->why;
    if (cell->known && (cell->why & unsafe) != 0) {
        need->unsafe = true;
        need->slide = threshold;
        if (cell->rounded) { /* see round.h: "The rule" */
            need->slide = threshold - 1;
            return true;
        }
        need->up = larger(threshold, need->value + 1) - need->value;
        need->down = 1;
        return true;
    }
    need->slide = 1;
    if (cell->known) /* hidden at all events, so not exact */
        return (cell->why & (MK_SDC_WHY_EARLIER | MK_SDC_WHY_GROUP)) != 0;
    if (model->audit) /* what it is nobody says: the rule for any small one */
        return false;
    need_of_unknown(need, cell, threshold);
    return true;
}

/* What class c needs; false if nothing. */
static bool need_of(struct mk_sdc_need *need, const struct mk_sdc_system *s,
                    uint32_t c)
{
    const struct mk_sdc_class *cls = &s->cls[c];
    struct mk_sdc_cell cell = s->model->cell[cls->first];
    cell.known = cls->known;
    cell.value = cls->value;
    cell.why = cls->why;
    if (cls->fate == MK_SDC_MUST_SHOW ||
        !mk_sdc_need_of_cell(need, s->model, &cell))
        return false;
    need->target = (struct mk_sdc_target){c, MK_SDC_NONE};
    return true;
}

enum mk_err mk_sdc_needs_make(struct mk_sdc_needs *needs,
                              const struct mk_sdc_system *s,
                              const struct mk_sdc_lines *lines,
                              struct mk_diag *diag)
{
    struct mk_sdc_need need;
    enum mk_err rc = MK_OK;
    memset(needs, 0, sizeof *needs);
    for (uint32_t c = 0; c < s->n_classes; c++)
        if (need_of(&need, s, c))
            MK_TRY(add_need(needs, &need));
    for (size_t i = 0; i < lines->n; i++) {
        uint32_t total = s->class_of[lines->at[i].total];
        uint32_t member = s->class_of[lines->at[i].member];
        if (total == MK_SDC_NONE || member == MK_SDC_NONE || total == member)
            continue;
        memset(&need, 0, sizeof need);
        need.target = (struct mk_sdc_target){total, member};
        need.value = (int64_t)(s->cls[total].value - s->cls[member].value);
        need.up = 2 - need.value;
        need.why = MK_SDC_WHY_GROUP;
        MK_TRY(add_need(needs, &need));
    }
out:
    return rc == MK_OK ? rc : mk_fail(diag, rc, "tables");
}

bool mk_sdc_need_met(const struct mk_sdc_need *need, int64_t lo, int64_t hi)
{
    return hi - need->value >= need->up && need->value - lo >= need->down &&
           hi - lo >= need->slide;
}
