/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounding, the solver's side: tables by the key until one passes the attack. */
#include <stdlib.h>

#include "reports/sdc/round.h"

struct trial {
    struct mk_sdc_system system;
    double *cost; /* by class */
    double *z;    /* by column */
    bool relaxed; /* multiples may move: no tables were found without */
    bool found;
};

static enum mk_err solve(struct mk_sdc_rounded *out, struct trial *t,
                         const uint8_t key[static MK_SDC_ROUND_KEY],
                         struct mk_diag *diag)
{
    enum mk_err rc;
    MK_TRY(mk_sdc_round_costs(t->cost, &t->system, out->base, key,
                              out->tries++, diag));
    MK_TRY(mk_sdc_round_solve(t->z, &t->found, &t->system, out->base,
                              t->relaxed, t->cost, &out->work, diag));
    if (t->found || t->relaxed)
        return rc;
    t->relaxed = true;
    MK_TRY(mk_sdc_round_solve(t->z, &t->found, &t->system, out->base, true,
                              t->cost, &out->work, diag));
out:
    return rc;
}

static enum mk_err attack(struct mk_sdc_rounded *out, const struct trial *t,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    mk_sdc_result_release(&out->audit);
    mk_sdc_records_release(&out->units);
    MK_TRY(mk_sdc_records_glue(&out->units, &t->system, t->z));
    MK_TRY(mk_sdc_round_show(out, diag));
    MK_TRY(mk_sdc_audit(&out->audit, &out->seen, diag));
    out->work += out->audit.work;
    mk_sdc_round_take(out);
out:
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, "tables") : rc;
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
        MK_TRY(attack(out, t, diag));
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
    MK_TRY(mk_sdc_round_open(out, model, base, diag));
    mk_lp_start();
    MK_TRY(mk_sdc_rules_apply(model, &lines, diag));
    MK_TRY(mk_sdc_system_build(&t.system, model, true, diag));
    t.cost = calloc(t.system.n_classes + 1, sizeof *t.cost);
    t.z = calloc(t.system.n_cols + 1, sizeof *t.z);
    if (!t.cost || !t.z) {
        rc = mk_fail(diag, MK_E_MEMORY, "tables");
        goto out;
    }
    MK_TRY(try_all(out, &t, key, work, diag));
out:
    free(t.cost);
    free(t.z);
    mk_sdc_system_release(&t.system);
    mk_sdc_lines_release(&lines);
    return rc;
}
