/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/lp.h"

#include <glpk.h>
#include <stdlib.h>

struct mk_lp {
    glp_prob *prob;
    int *index; /* scratch: rows or columns, and 1 */
    double *value;
    size_t room;
    bool fresh;     /* no basis yet */
    uint64_t *work; /* borrowed */
};

/* A solve that takes more pivots than this has lost its way. */
#define PIVOTS 2000000

void mk_lp_start(void)
{
    glp_term_out(GLP_OFF);
}

static bool reserve(struct mk_lp *lp, size_t n)
{
    if (n + 1 <= lp->room)
        return true;
    size_t room = 2 * n + 16;
    int *index = realloc(lp->index, room * sizeof *index);
    if (!index)
        return false;
    lp->index = index;
    double *value = realloc(lp->value, room * sizeof *value);
    if (!value)
        return false;
    lp->value = value;
    lp->room = room;
    return true;
}

struct mk_lp *mk_lp_new(size_t rows, size_t columns, uint64_t *work)
{
    struct mk_lp *lp = calloc(1, sizeof *lp);
    if (!lp)
        return NULL;
    if (!reserve(lp, rows > columns ? rows : columns)) {
        mk_lp_free(lp);
        return NULL;
    }
    lp->prob = glp_create_prob();
    lp->fresh = true;
    lp->work = work;
    if (rows > 0)
        glp_add_rows(lp->prob, (int)rows);
    for (int i = 1; i <= (int)rows; i++)
        glp_set_row_bnds(lp->prob, i, GLP_FR, 0, 0);
    if (columns > 0)
        glp_add_cols(lp->prob, (int)columns);
    for (int j = 1; j <= (int)columns; j++)
        glp_set_col_bnds(lp->prob, j, GLP_FR, 0, 0);
    return lp;
}

void mk_lp_free(struct mk_lp *lp)
{
    if (!lp)
        return;
    if (lp->prob)
        glp_delete_prob(lp->prob);
    free(lp->index);
    free(lp->value);
    free(lp);
}

static void fill(struct mk_lp *lp, const uint32_t *index, const double *value,
                 size_t n)
{
    for (size_t k = 0; k < n; k++) {
        lp->index[k + 1] = (int)index[k] + 1;
        lp->value[k + 1] = value[k];
    }
}

void mk_lp_column(struct mk_lp *lp, size_t j, const uint32_t *row,
                  const double *value, size_t n)
{
    if (!reserve(lp, n))
        abort();
    fill(lp, row, value, n);
    glp_set_mat_col(lp->prob, (int)j + 1, (int)n, lp->index, lp->value);
}

static int bound_type(double lo, double hi)
{
    if (isinf(lo))
        return isinf(hi) ? GLP_FR : GLP_UP;
    if (isinf(hi))
        return GLP_LO;
    return lo < hi ? GLP_DB : GLP_FX;
}

void mk_lp_add_row(struct mk_lp *lp, const uint32_t *column,
                   const double *value, size_t n, double lo, double hi)
{
    if (!reserve(lp, n))
        abort();
    int i = glp_add_rows(lp->prob, 1);
    fill(lp, column, value, n);
    glp_set_mat_row(lp->prob, i, (int)n, lp->index, lp->value);
    glp_set_row_bnds(lp->prob, i, bound_type(lo, hi), lo, hi);
    glp_set_row_stat(lp->prob, i, GLP_BS);
}

void mk_lp_drop_rows(struct mk_lp *lp, const bool *drop)
{
    size_t rows = mk_lp_rows(lp);
    int n = 0;
    if (!reserve(lp, rows))
        abort();
    for (size_t i = 0; i < rows; i++)
        if (drop[i])
            lp->index[++n] = (int)i + 1;
    if (n > 0)
        glp_del_rows(lp->prob, n, lp->index);
}

size_t mk_lp_rows(const struct mk_lp *lp)
{
    return (size_t)glp_get_num_rows(lp->prob);
}

void mk_lp_row_bounds(struct mk_lp *lp, size_t i, double lo, double hi)
{
    glp_set_row_bnds(lp->prob, (int)i + 1, bound_type(lo, hi), lo, hi);
}

void mk_lp_column_bounds(struct mk_lp *lp, size_t j, double lo, double hi)
{
    glp_set_col_bnds(lp->prob, (int)j + 1, bound_type(lo, hi), lo, hi);
}

void mk_lp_objective(struct mk_lp *lp, size_t j, double c)
{
    glp_set_obj_coef(lp->prob, (int)j + 1, c);
}

/* One try; the basis it starts from is whatever is there. */
static int simplex(struct mk_lp *lp, enum mk_lp_method method)
{
    glp_smcp how;
    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.meth = method == MK_LP_DUAL ? GLP_DUALP : GLP_PRIMAL;
    how.it_lim = PIVOTS;
    int before = glp_get_it_cnt(lp->prob);
    int rc = glp_simplex(lp->prob, &how);
    int after = glp_get_it_cnt(lp->prob);
    *lp->work += after > before ? (uint64_t)(after - before) + 1 : 1;
    return rc;
}

enum mk_lp_end mk_lp_solve(struct mk_lp *lp, bool maximize,
                           enum mk_lp_method method)
{
    glp_set_obj_dir(lp->prob, maximize ? GLP_MAX : GLP_MIN);
    if (lp->fresh)
        glp_adv_basis(lp->prob, 0);
    lp->fresh = false;
    int rc = simplex(lp, method);
    if (rc != 0) { /* a basis that cannot be used: begin anew */
        glp_std_basis(lp->prob);
        rc = simplex(lp, MK_LP_PRIMAL);
    }
    if (rc != 0)
        return MK_LP_LIMIT;
    switch (glp_get_status(lp->prob)) {
    case GLP_OPT:
        return MK_LP_OPTIMAL;
    case GLP_NOFEAS:
        return MK_LP_INFEASIBLE;
    case GLP_UNBND:
        return MK_LP_UNBOUNDED;
    default:
        return MK_LP_LIMIT;
    }
}

struct branching {
    unsigned nodes; /* left */
    double enough;  /* stop at a solution as good as this */
    bool maximize;
};

static void watch(glp_tree *tree, void *ctx)
{
    struct branching *b = ctx;
    if (glp_ios_reason(tree) == GLP_IBINGO) {
        double value = glp_mip_obj_val(glp_ios_get_prob(tree));
        if (b->maximize ? value >= b->enough : value <= b->enough)
            glp_ios_terminate(tree);
    } else if (glp_ios_reason(tree) == GLP_ISELECT) {
        if (b->nodes == 0)
            glp_ios_terminate(tree);
        else
            b->nodes--;
    }
}

enum mk_lp_end mk_lp_solve_integer(struct mk_lp *lp, bool maximize,
                                   double enough, unsigned nodes)
{
    int columns = glp_get_num_cols(lp->prob);
    struct branching left = {nodes, enough, maximize};
    glp_iocp how;
    enum mk_lp_end end = mk_lp_solve(lp, maximize, MK_LP_PRIMAL);
    if (end != MK_LP_OPTIMAL)
        return end;
    for (int j = 1; j <= columns; j++)
        glp_set_col_kind(lp->prob, j, GLP_IV);
    glp_init_iocp(&how);
    how.msg_lev = GLP_MSG_OFF;
    how.br_tech = GLP_BR_MFV;
    how.bt_tech = GLP_BT_DFS;
    how.cb_func = watch;
    how.cb_info = &left;
    int rc = glp_intopt(lp->prob, &how);
    int status = glp_mip_status(lp->prob);
    for (int j = 1; j <= columns; j++)
        glp_set_col_kind(lp->prob, j, GLP_CV);
    *lp->work += nodes - left.nodes;
    if (status == GLP_FEAS)
        return MK_LP_FOUND;
    if (rc != 0)
        return MK_LP_LIMIT;
    if (status == GLP_OPT)
        return MK_LP_OPTIMAL;
    return status == GLP_NOFEAS ? MK_LP_INFEASIBLE : MK_LP_LIMIT;
}

double mk_lp_value(const struct mk_lp *lp)
{
    return glp_get_obj_val(lp->prob);
}

double mk_lp_primal(const struct mk_lp *lp, size_t j)
{
    return glp_get_col_prim(lp->prob, (int)j + 1);
}

double mk_lp_row_activity(const struct mk_lp *lp, size_t i)
{
    return glp_get_row_prim(lp->prob, (int)i + 1);
}

double mk_lp_row_dual(const struct mk_lp *lp, size_t i)
{
    return glp_get_row_dual(lp->prob, (int)i + 1);
}

double mk_lp_column_dual(const struct mk_lp *lp, size_t j)
{
    return glp_get_col_dual(lp->prob, (int)j + 1);
}

double mk_lp_integer(const struct mk_lp *lp, size_t j)
{
    return glp_mip_col_val(lp->prob, (int)j + 1);
}
