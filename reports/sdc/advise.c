/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Advice, the solver's side: every trial is protected. */
#include "reports/sdc/advise.h"

struct adviser {
    struct mk_sdc_advice *out;
    const struct mk_sdc_asked *asked;
    uint64_t work;
    struct mk_diag *diag;
};

/* Protects the trial; what it hides, and the proof. */
static enum mk_err protect(struct adviser *a, struct mk_sdc_trial *trial,
                           struct mk_sdc_tally *tally, struct mk_buf *proof,
                           struct mk_diag *diag)
{
    enum mk_err rc;
    MK_TRY(mk_sdc_protect(&trial->result, &trial->model, a->work, diag));
    a->out->work += trial->result.work;
    mk_sdc_trial_tally(trial, tally);
    MK_TRY(mk_sdc_pipe_put_result(proof, &trial->result, &trial->model));
out:
    return rc;
}

static enum mk_err as_it_is(struct adviser *a)
{
    struct mk_sdc_trial trial;
    bool fits;
    enum mk_err rc;
    MK_TRY(mk_sdc_trial_open(&trial, a->asked, NULL, &fits, a->diag));
    MK_TRY(
        protect(a, &trial, &a->out->before, &a->out->before_proof, a->diag));
out:
    mk_sdc_trial_close(&trial);
    return rc;
}

static enum mk_err try_one(struct adviser *a, const struct mk_sdc_merge *merge)
{
    struct mk_sdc_advice_item item = {.merge = *merge, .proof = MK_BUF_INIT};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_sdc_trial trial;
    bool fits;
    enum mk_err rc;
    MK_TRY(mk_sdc_trial_open(&trial, a->asked, merge, &fits, &diag));
    if (!fits)
        goto out;
    MK_TRY(protect(a, &trial, &item.after, &item.proof, &diag));
    a->out->n_tried++;
    if (item.after.safe)
        mk_sdc_advice_keep(a->out, &item);
out:
    mk_sdc_trial_close(&trial);
    mk_buf_release(&item.proof);
    a->out->n_passed += !item.after.safe;
    if (rc == MK_E_EARLIER || rc == MK_E_BAD_VALUE || rc == MK_E_TOO_LARGE)
        return MK_OK; /* no advice: it cannot be made */
    return rc == MK_OK ? rc : mk_fail(a->diag, rc, diag.place);
}

static bool is_crossed(const struct mk_sdc_spec *spec, size_t d)
{
    for (size_t t = 0; t < spec->n_tables; t++)
        if (spec->table[t].crosses[d])
            return true;
    return false;
}

static enum mk_err try_dim(struct adviser *a, size_t d)
{
    const struct mk_sdc_spec *spec = a->asked->spec;
    const struct mk_sdc_dim *dim = &spec->dim[d];
    struct mk_sdc_merge merge = {.dim = d, .drop_table = MK_SDC_MERGE_NONE};
    enum mk_err rc = MK_OK;
    if (dim->n_leaves > MK_SDC_ADVISE_LEAVES || !is_crossed(spec, d))
        return MK_OK;
    for (merge.first = 0; merge.first < dim->n_leaves; merge.first++)
        for (merge.second = merge.first + 1; merge.second < dim->n_leaves;
             merge.second++)
            MK_TRY(try_one(a, &merge));
out:
    return rc;
}

enum mk_err mk_sdc_advise(struct mk_sdc_advice *out,
                          const struct mk_sdc_asked *asked, uint64_t work,
                          struct mk_diag *diag)
{
    const struct mk_sdc_spec *spec = asked->spec;
    struct adviser a = {out, asked, work, diag};
    struct mk_sdc_merge drop = {.dim = MK_SDC_MERGE_NONE};
    enum mk_err rc;
    MK_TRY(as_it_is(&a));
    for (size_t d = 0; d < spec->n_dims; d++)
        MK_TRY(try_dim(&a, d));
    for (size_t t = 0; t < spec->n_tables && spec->n_tables > 1; t++) {
        drop.drop_table = t;
        MK_TRY(try_one(&a, &drop));
    }
out:
    return rc;
}
