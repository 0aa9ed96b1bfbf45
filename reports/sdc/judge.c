/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/judge.h"

#include <stdlib.h>
#include <string.h>

#define NEAR 1e-6    /* of a whole number */
#define NOTHING 1e-7 /* a dual value below this is none */

void mk_sdc_cut_release(struct mk_sdc_cut *cut)
{
    free(cut->cls);
    free(cut->weight);
    memset(cut, 0, sizeof *cut);
}

/* ---- who knows which record ---- */

/* Is there a record in both cells?  On the bags: what two cells share lies in
 * the records, so this asks the data where they cover the model. */
static bool share_record(const struct mk_sdc_system *s, uint32_t a, uint32_t b)
{
    const struct mk_sdc_model *m = s->model;
    size_t n = m->joint.n_dims;
    const uint32_t *x = m->node + (size_t)s->cls[a].first * n;
    const uint32_t *y = m->node + (size_t)s->cls[b].first * n;
    if (!m->covered)
        return false;
    for (size_t r = 0; r < m->data.rows; r++) {
        const uint32_t *leaf = m->data.leaf + r * n;
        bool in = m->data.n[r] > 0;
        for (size_t d = 0; d < n && in; d++)
            in = mk_sdc_node_has(&m->joint.dim[d].node[x[d]], leaf[d]) &&
                 mk_sdc_node_has(&m->joint.dim[d].node[y[d]], leaf[d]);
        if (in)
            return true;
    }
    return false;
}

static enum mk_err find_insiders(struct mk_sdc_judge *j)
{
    const struct mk_sdc_system *s = j->s;
    j->one = calloc(s->n_classes + 1, sizeof *j->one);
    j->same = calloc(s->n_classes + 1, sizeof *j->same);
    if (!j->one || !j->same)
        return MK_E_MEMORY;
    if (!s->model->spec->insider)
        return MK_OK;
    for (uint32_t c = 0; c < s->n_classes; c++)
        if (s->cls[c].known && s->cls[c].value == 1 &&
            s->cls[c].fate == MK_SDC_MUST_HIDE)
            j->one[j->n_ones++] = c;
    for (size_t i = 0; i < j->n_ones; i++) {
        size_t n = 0;
        j->same[i] = calloc(j->n_ones + 1, sizeof **j->same);
        if (!j->same[i])
            return MK_E_MEMORY;
        for (size_t k = 0; k < j->n_ones; k++)
            if (k != i && share_record(s, j->one[i], j->one[k]))
                j->same[i][n++] = j->one[k];
        j->same[i][n] = MK_SDC_NONE;
    }
    return MK_OK;
}

static bool exempt(const struct mk_sdc_judge *j, size_t i, uint32_t cls)
{
    if (cls == j->one[i])
        return true;
    for (const uint32_t *k = j->same[i]; *k != MK_SDC_NONE; k++)
        if (*k == cls)
            return true;
    return false;
}

/* ---- life ---- */

enum mk_err mk_sdc_judge_new(struct mk_sdc_judge **out,
                             const struct mk_sdc_system *s,
                             const struct mk_sdc_needs *needs, uint64_t *work,
                             struct mk_diag *diag)
{
    struct mk_sdc_judge *j = calloc(1, sizeof *j);
    enum mk_err rc = MK_E_MEMORY;
    *out = j;
    if (!j)
        goto out;
    j->s = s;
    j->needs = needs;
    j->up_coef = calloc(s->n_classes + 1, sizeof *j->up_coef);
    j->down_coef = calloc(s->n_classes + 1, sizeof *j->down_coef);
    if (!j->up_coef || !j->down_coef)
        goto out;
    MK_TRY(mk_sdc_attack_new(&j->attack, s, work, diag));
    MK_TRY(mk_sdc_pool_init(&j->pool, s));
    MK_TRY(find_insiders(j));
out:
    return rc == MK_OK ? rc : mk_fail(diag, rc, "tables");
}

void mk_sdc_judge_free(struct mk_sdc_judge *j)
{
    if (!j)
        return;
    mk_sdc_attack_free(j->attack);
    if (j->pool.s)
        mk_sdc_pool_release(&j->pool);
    for (size_t i = 0; i < j->n_ones && j->same; i++)
        free(j->same[i]);
    free(j->same);
    free(j->one);
    free(j->up_coef);
    free(j->down_coef);
    free(j);
}

void mk_sdc_judge_set(struct mk_sdc_judge *j, uint32_t cls, bool hidden)
{
    if (hidden)
        mk_sdc_attack_hide(j->attack, cls);
    else
        mk_sdc_attack_show(j->attack, cls);
    mk_sdc_pool_set(&j->pool, cls, hidden);
}

/* ---- what an attack proves ---- */

/*
 * Duality: no table has a target beyond
 *     true value + constant + sum over open classes of coef * (is it hidden)
 * where coef is "as much as you like" (INFINITY) for a row that would rise, and
 * dual * value for one that would fall (it falls to 0 at most).
 */
static double read_duals(const struct mk_sdc_judge *j, double sign,
                         double *coef)
{
    const struct mk_sdc_system *s = j->s;
    const struct mk_lp *lp = j->attack->lp;
    double constant = 0;
    for (uint32_t i = 0; i < s->n_classes; i++) {
        double dual = sign * mk_lp_row_dual(lp, i);
        double value = (double)s->cls[i].value;
        coef[i] = 0;
        if (fabs(dual) < NOTHING)
            continue;
        if (s->cls[i].fate == MK_SDC_OPEN)
            coef[i] = dual > 0 ? INFINITY : -dual * value;
        else /* where it stands at its bound, and that is not its value */
            constant += dual * (mk_lp_row_activity(lp, i) - value);
    }
    for (size_t c = 0; c < s->n_cols; c++)
        constant += fabs(mk_lp_column_dual(lp, c)) * (double)s->x0[c];
    return constant;
}

/* sum over open classes of min(coef, r) / r * y >= 1 with r = need - constant:
 * valid because y is 0 or 1. */
static enum mk_err make_cut(struct mk_sdc_judge *j, bool up, bool down,
                            double needed, struct mk_sdc_cut *cut)
{
    const struct mk_sdc_system *s = j->s;
    double r = needed - (up ? j->up_const : 0) - (down ? j->down_const : 0);
    memset(cut, 0, sizeof *cut);
    if (r < NEAR)
        return MK_OK;
    cut->cls = calloc(s->n_classes + 1, sizeof *cut->cls);
    cut->weight = calloc(s->n_classes + 1, sizeof *cut->weight);
    if (!cut->cls || !cut->weight)
        return MK_E_MEMORY;
    for (uint32_t i = 0; i < s->n_classes; i++) {
        double coef = (up ? j->up_coef[i] : 0) + (down ? j->down_coef[i] : 0);
        if (coef <= 0)
            continue;
        cut->cls[cut->n] = i;
        cut->weight[cut->n++] = coef < r ? coef / r : 1;
    }
    return MK_OK;
}

/* Largest or smallest value of a target as a distance from the true one. */
static enum mk_lp_end reach_by_attack(struct mk_sdc_judge *j,
                                      const struct mk_sdc_need *need, bool up,
                                      double *reach)
{
    enum mk_lp_end end = mk_sdc_attack_bound(j->attack, need->target, up);
    *reach = INFINITY;
    if (end == MK_LP_OPTIMAL) {
        double distance = j->attack->bound - (double)need->value;
        *reach = up ? distance : -distance;
        if (up)
            j->up_const = read_duals(j, 1, j->up_coef);
        else
            j->down_const = read_duals(j, -1, j->down_coef);
    }
    return end;
}

/* ---- questions ---- */

static double larger(int64_t a, double b)
{
    return (double)a > b ? (double)a : b;
}

/* An insider takes nothing but certainty; an outsider takes the rule. */
static struct mk_sdc_need for_whom(const struct mk_sdc_need *need,
                                   uint32_t insider)
{
    struct mk_sdc_need n = *need;
    if (insider != MK_SDC_NONE) {
        n.up = n.down = 0;
        n.slide = 1;
    }
    return n;
}

bool mk_sdc_judge_known(const struct mk_sdc_judge *j,
                        const struct mk_sdc_need *need, uint32_t insider)
{
    struct mk_sdc_need n = for_whom(need, insider);
    struct mk_sdc_reach reach;
    mk_sdc_pool_reach(&j->pool, n.target.plus, n.target.minus, insider,
                      j->linear, &reach);
    return reach.up >= (double)n.up - NEAR &&
           reach.down >= (double)n.down - NEAR &&
           reach.up + reach.down >= (double)n.slide - NEAR;
}

/* The table of the last attack, which took the target to value, goes to the
 * pool. */
static enum mk_err keep_table(struct mk_sdc_judge *j,
                              const struct mk_sdc_need *need, bool up,
                              uint32_t insider, double value, bool whole)
{
    struct mk_sdc_reach reach;
    double way = up ? value - (double)need->value
                    : (double)need->value - value;
    mk_sdc_pool_reach(&j->pool, need->target.plus, need->target.minus, insider,
                      j->linear, &reach);
    return mk_sdc_pool_add(&j->pool, j->attack->x, whole,
                           way > (up ? reach.up : reach.down) + NEAR);
}

/* One end by attack, at least distance away if that can be. */
static enum mk_err one_end(struct mk_sdc_judge *j,
                           const struct mk_sdc_need *need, bool up,
                           double distance, uint32_t insider, double *linear)
{
    int64_t value;
    double enough = (double)need->value + (up ? distance : -distance);
    enum mk_lp_end end = reach_by_attack(j, need, up, linear);
    if (end == MK_LP_OPTIMAL && j->linear)
        return keep_table(j, need, up, insider, j->attack->bound,
                          j->attack->whole);
    if (end == MK_LP_OPTIMAL || end == MK_LP_UNBOUNDED)
        end = mk_sdc_attack_whole(j->attack, need->target, up, enough, &value);
    j->gave_up |= end != MK_LP_OPTIMAL && end != MK_LP_FOUND;
    if (end == MK_LP_FOUND)
        j->gave_up |= up ? (double)value < enough : (double)value > enough;
    if (end != MK_LP_OPTIMAL && end != MK_LP_FOUND)
        return MK_OK;
    return keep_table(j, need, up, insider, (double)value, true);
}

static enum mk_err ask(struct mk_sdc_judge *j, const struct mk_sdc_need *need,
                       uint32_t insider, bool *met, struct mk_sdc_cut *cut)
{
    double up = INFINITY, down = INFINITY;
    bool have_up = false;
    struct mk_sdc_reach reach;
    enum mk_err rc = MK_OK;
    mk_sdc_pool_reach(&j->pool, need->target.plus, need->target.minus, insider,
                      j->linear, &reach);
    if (reach.up < (double)need->up - NEAR ||
        reach.up + reach.down < (double)need->slide - NEAR) {
        double wanted = larger(need->up, (double)need->slide - reach.down);
        MK_TRY(one_end(j, need, true, wanted, insider, &up));
        have_up = true;
        if (up < (double)need->up - NEAR) {
            *met = false;
            return cut ? make_cut(j, true, false, (double)need->up, cut) : rc;
        }
    }
    *met = mk_sdc_judge_known(j, need, insider);
    if (*met)
        return MK_OK;
    mk_sdc_pool_reach(&j->pool, need->target.plus, need->target.minus, insider,
                      j->linear, &reach);
    MK_TRY(one_end(j, need, false,
                   larger(need->down, (double)need->slide - reach.up), insider,
                   &down));
    *met = mk_sdc_judge_known(j, need, insider);
    if (*met || !cut)
        return MK_OK;
    if (down < (double)need->down - NEAR)
        return make_cut(j, false, true, (double)need->down, cut);
    if (!have_up) {
        MK_TRY(one_end(j, need, true, (double)need->slide, insider, &up));
        *met = mk_sdc_judge_known(j, need, insider);
        if (*met)
            return MK_OK;
    }
    if (up + down < (double)need->slide - NEAR)
        return make_cut(j, true, true, (double)need->slide, cut);
out:
    return rc;
}

enum mk_err mk_sdc_judge_need(struct mk_sdc_judge *j,
                              const struct mk_sdc_need *need, uint32_t insider,
                              bool *met, struct mk_sdc_cut *cut)
{
    struct mk_sdc_need n = for_whom(need, insider);
    if (cut)
        memset(cut, 0, sizeof *cut);
    *met = mk_sdc_judge_known(j, need, insider);
    if (*met)
        return MK_OK;
    if (insider != MK_SDC_NONE)
        mk_sdc_attack_fix(j->attack, insider, 1);
    enum mk_err rc = ask(j, &n, insider, met, cut);
    if (insider != MK_SDC_NONE)
        mk_sdc_attack_unfix(j->attack, insider);
    return rc;
}

enum mk_err mk_sdc_judge_fraction(struct mk_sdc_judge *j,
                                  const struct mk_sdc_need *need,
                                  struct mk_sdc_cut *cut)
{
    double up = INFINITY, down = INFINITY;
    memset(cut, 0, sizeof *cut);
    if (need->up > 0 || need->slide > 0) {
        reach_by_attack(j, need, true, &up);
        if (up < (double)need->up - NEAR)
            return make_cut(j, true, false, (double)need->up, cut);
    }
    if (need->down > 0 || need->slide > 0) {
        reach_by_attack(j, need, false, &down);
        if (down < (double)need->down - NEAR)
            return make_cut(j, false, true, (double)need->down, cut);
    }
    if (up + down < (double)need->slide - NEAR)
        return make_cut(j, true, true, (double)need->slide, cut);
    return MK_OK;
}

void mk_sdc_judge_questions(const struct mk_sdc_judge *j,
                            mk_sdc_question *visit, void *ctx)
{
    for (size_t i = 0; i < j->needs->n; i++)
        if (!visit(ctx, &j->needs->at[i], MK_SDC_NONE))
            return;
    for (size_t k = 0; k < j->n_ones; k++)
        for (size_t i = 0; i < j->needs->n; i++) {
            const struct mk_sdc_need *need = &j->needs->at[i];
            if (need->unsafe && !exempt(j, k, need->target.plus) &&
                !visit(ctx, need, j->one[k]))
                return;
        }
}

struct all {
    struct mk_sdc_judge *j;
    enum mk_err rc;
    bool safe;
};

static bool ask_all(void *ctx, const struct mk_sdc_need *need,
                    uint32_t insider)
{
    struct all *all = ctx;
    all->rc = mk_sdc_judge_need(all->j, need, insider, &all->safe, NULL);
    return all->rc == MK_OK && all->safe;
}

enum mk_err mk_sdc_judge_all(struct mk_sdc_judge *j, bool *safe)
{
    struct all all = {j, MK_OK, true};
    mk_sdc_judge_questions(j, ask_all, &all);
    *safe = all.safe;
    return all.rc;
}
