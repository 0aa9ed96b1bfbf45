/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/protect.h"

#include <stdlib.h>
#include <string.h>

#include "reports/sdc/derive.h"
#include "reports/sdc/fast.h"
#include "reports/sdc/ranges.h"
#include "reports/sdc/suppress.h"

#define MOST_TOLD 20 /* derivations of a refusal: two attacks each */

void mk_sdc_result_init(struct mk_sdc_result *r)
{
    memset(r, 0, sizeof *r);
}

void mk_sdc_result_release(struct mk_sdc_result *r)
{
    mk_sdc_lines_release(&r->lines);
    mk_sdc_proof_release(&r->proof);
    mk_buf_release(&r->derivations);
    free(r->fault);
    free(r->by);
    mk_sdc_result_init(r);
}

enum mk_err mk_sdc_result_check(struct mk_sdc_result *r,
                                const struct mk_sdc_model *model,
                                struct mk_diag *diag)
{
    free(r->fault);
    free(r->by);
    r->fault = calloc(model->n_cells + 1, sizeof *r->fault);
    r->by = calloc(model->n_cells + 1, sizeof *r->by);
    if (!r->fault || !r->by)
        return mk_fail(diag, MK_E_MEMORY, "tables");
    return mk_sdc_check(model, &r->lines, &r->proof, r->fault, r->by,
                        &r->n_faults, diag);
}

/* The rule, the equations, what is needed. */
struct setting {
    struct mk_sdc_system system;
    struct mk_sdc_needs needs;
    struct mk_sdc_judge *judge;
    uint64_t work;
};

static enum mk_err setting_open(struct setting *set, struct mk_sdc_result *r,
                                struct mk_sdc_model *model,
                                struct mk_diag *diag)
{
    enum mk_err rc;
    mk_lp_start();
    MK_TRY(mk_sdc_rules_apply(model, &r->lines, diag));
    MK_TRY(mk_sdc_system_build(&set->system, model, true, diag));
    if (!model->covered)
        MK_TRY(mk_sdc_stand_in(&set->system, &set->work, diag));
    MK_TRY(mk_sdc_needs_make(&set->needs, &set->system, &r->lines, diag));
    MK_TRY(mk_sdc_proof_init(&r->proof, &set->system, diag));
    r->n_classes = set->system.n_classes;
    r->n_columns = set->system.n_cols;
    r->n_rows = set->system.n_rows;
    r->n_bags = set->system.tree.n_bags;
out:
    return rc;
}

static void setting_close(struct setting *set)
{
    mk_sdc_judge_free(set->judge);
    mk_sdc_needs_release(&set->needs);
    mk_sdc_system_release(&set->system);
}

static enum mk_err judge_open(struct setting *set, struct mk_diag *diag)
{
    return mk_sdc_judge_new(&set->judge, &set->system, &set->needs, &set->work,
                            diag);
}

static enum mk_err exact(struct mk_sdc_plan *plan, struct setting *set,
                         struct mk_sdc_result *r,
                         const struct mk_sdc_effort *effort,
                         struct mk_diag *diag)
{
    enum mk_err rc;
    mk_sdc_plan_release(plan);
    MK_TRY(judge_open(set, diag));
    MK_TRY(mk_sdc_suppress(plan, set->judge, effort, diag));
    MK_TRY(mk_sdc_ranges(set->judge, &r->proof, diag));
out:
    return rc;
}

/* How each cell that is known too closely follows from what is printed: the
 * first `most` of them. */
static enum mk_err derive_all(struct mk_sdc_result *r,
                              const struct setting *set, size_t most)
{
    const struct mk_sdc_system *s = &set->system;
    char place[512];
    enum mk_err rc = MK_OK;
    for (uint32_t c = 0; c < s->n_classes && most > 0; c++) {
        enum mk_sdc_fault fault = r->fault[s->cls[c].first];
        if (fault != MK_SDC_FAULT_EXACT && fault != MK_SDC_FAULT_NARROW)
            continue;
        most--;
        mk_sdc_model_place(s->model, s->cls[c].first, place, sizeof place);
        MK_TRY(mk_buf_addf(&r->derivations, "%s\n", place));
        MK_TRY(mk_sdc_derive(&r->derivations, set->judge->attack, c, true));
        MK_TRY(mk_sdc_derive(&r->derivations, set->judge->attack, c, false));
    }
out:
    return rc;
}

enum mk_err mk_sdc_protect(struct mk_sdc_result *r, struct mk_sdc_model *model,
                           uint64_t work, struct mk_diag *diag)
{
    struct setting set = {.work = 0};
    struct mk_sdc_plan plan = {.hidden = NULL};
    struct mk_sdc_effort effort = {&set.work, work / 2, work};
    enum mk_err rc;
    MK_TRY(setting_open(&set, r, model, diag));
    if (set.system.n_classes > MK_SDC_FAST_CLASSES &&
        mk_sdc_fast_can(&set.system, &set.needs))
        MK_TRY(mk_sdc_fast(&plan, &r->proof, &set.system, &set.needs, work,
                           true, diag));
    r->heuristic = plan.safe;
    set.work = plan.work;
    if (!r->heuristic)
        MK_TRY(exact(&plan, &set, r, &effort, diag));
    r->safe = plan.safe;
    r->optimal = plan.optimal;
    r->cost = plan.cost;
    r->bound = plan.bound;
    r->work = set.work;
    MK_TRY(mk_sdc_result_check(r, model, diag));
    /* refused: which figures of before are in the way */
    if (r->n_faults > 0 && model->n_earlier > 0 && set.judge)
        MK_TRY(derive_all(r, &set, MOST_TOLD));
out:
    mk_sdc_plan_release(&plan);
    setting_close(&set);
    return rc;
}

enum mk_err mk_sdc_audit(struct mk_sdc_result *r, struct mk_sdc_model *model,
                         struct mk_diag *diag)
{
    struct setting set = {.work = 0};
    enum mk_err rc;
    MK_TRY(setting_open(&set, r, model, diag));
    MK_TRY(judge_open(&set, diag));
    r->safe = true;
    MK_TRY(mk_sdc_ranges(set.judge, &r->proof, diag));
    r->work = set.work;
    MK_TRY(mk_sdc_result_check(r, model, diag));
    MK_TRY(derive_all(r, &set, SIZE_MAX));
out:
    setting_close(&set);
    return rc;
}
