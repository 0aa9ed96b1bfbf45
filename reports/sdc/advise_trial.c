/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Advice without a solver: a trial of less detail, what a protection of it
 * hides, the best of them, and the answer that the gate checks. */
#include <string.h>

#include "reports/sdc/advise.h"
#include "reports/sdc/model_build.h"

void mk_sdc_advice_init(struct mk_sdc_advice *advice,
                        const struct mk_sdc_spec *spec)
{
    memset(advice, 0, sizeof *advice);
    advice->spec = spec;
}

void mk_sdc_advice_release(struct mk_sdc_advice *advice)
{
    mk_buf_release(&advice->before_proof);
    for (size_t i = 0; i < advice->n; i++)
        mk_buf_release(&advice->item[i].proof);
    mk_sdc_advice_init(advice, advice->spec);
}

/* ---- a trial ---- */

/* Does an earlier release name this leaf? */
static bool is_printed(const struct mk_sdc_asked *asked,
                       const struct mk_sdc_dim *dim, uint32_t leaf)
{
    const char *name = dim->node[leaf].name;
    for (size_t i = 0; i < asked->n_earlier; i++) {
        const struct mk_sdc_spec *other = &asked->earlier[i]->spec;
        size_t d;
        uint32_t node;
        if (mk_sdc_find_dim(other, dim->name, strlen(dim->name), &d) &&
            mk_sdc_find_node(&other->dim[d], name, strlen(name), &node))
            return true;
    }
    return false;
}

static bool may_merge(const struct mk_sdc_asked *asked,
                      const struct mk_sdc_merge *merge)
{
    const struct mk_sdc_spec *spec = asked->spec;
    if (merge->dim == MK_SDC_MERGE_NONE)
        return merge->drop_table < spec->n_tables && spec->n_tables > 1;
    if (merge->drop_table != MK_SDC_MERGE_NONE || merge->dim >= spec->n_dims)
        return false;
    const struct mk_sdc_dim *dim = &spec->dim[merge->dim];
    return merge->first < merge->second && merge->second < dim->n_leaves &&
           !is_printed(asked, dim, merge->first) &&
           !is_printed(asked, dim, merge->second);
}

enum mk_err mk_sdc_trial_open(struct mk_sdc_trial *trial,
                              const struct mk_sdc_asked *asked,
                              const struct mk_sdc_merge *merge, bool *fits,
                              struct mk_diag *diag)
{
    const struct mk_sdc_spec *spec = asked->spec;
    const struct mk_sdc_data *data = asked->data;
    enum mk_err rc = MK_OK;
    memset(&trial->data, 0, sizeof trial->data);
    mk_sdc_spec_init(&trial->spec);
    mk_sdc_model_init(&trial->model);
    mk_sdc_result_init(&trial->result);
    *fits = !merge || may_merge(asked, merge);
    if (!*fits)
        return MK_OK;
    if (merge) {
        MK_TRY(mk_sdc_merge_spec(&trial->spec, spec, merge, fits, diag));
        if (!*fits)
            return MK_OK;
        mk_sdc_data_init(&trial->data, &trial->spec);
        MK_TRY(mk_sdc_merge_data(&trial->data, data, merge, diag));
        spec = &trial->spec;
        data = &trial->data;
    }
    MK_TRY(mk_sdc_model_build(&trial->model, spec, data, NULL, asked->earlier,
                              asked->n_earlier, diag));
out:
    return rc;
}

void mk_sdc_trial_close(struct mk_sdc_trial *trial)
{
    mk_sdc_result_release(&trial->result);
    mk_sdc_model_release(&trial->model);
    mk_sdc_data_release(&trial->data);
    mk_sdc_spec_release(&trial->spec);
}

void mk_sdc_trial_tally(const struct mk_sdc_trial *trial,
                        struct mk_sdc_tally *tally)
{
    const struct mk_sdc_model *m = &trial->model;
    const struct mk_sdc_result *r = &trial->result;
    memset(tally, 0, sizeof *tally);
    for (size_t i = 0; i < m->n_cells; i++) {
        const struct mk_sdc_cell *cell = &m->cell[i];
        if (!cell->current || cell->watched || cell->empty)
            continue;
        if (!cell->hidden) {
            tally->published++;
            continue;
        }
        tally->hidden++;
        tally->hidden_values += cell->value;
    }
    tally->safe = r->safe && r->n_faults == 0;
    tally->optimal = tally->safe && r->optimal;
}

/* ---- the best ---- */

static bool better(const struct mk_sdc_tally *a, const struct mk_sdc_tally *b)
{
    if (a->hidden != b->hidden)
        return a->hidden < b->hidden;
    return a->published > b->published;
}

void mk_sdc_advice_keep(struct mk_sdc_advice *advice,
                        struct mk_sdc_advice_item *item)
{
    size_t at = advice->n;
    while (at > 0 && better(&item->after, &advice->item[at - 1].after))
        at--;
    if (at == MK_SDC_ADVICE) {
        mk_buf_release(&item->proof);
        return;
    }
    if (advice->n < MK_SDC_ADVICE)
        advice->n++;
    else
        mk_buf_release(&advice->item[advice->n - 1].proof);
    memmove(&advice->item[at + 1], &advice->item[at],
            (advice->n - at - 1) * sizeof *item);
    advice->item[at] = *item;
    mk_buf_init(&item->proof);
}

/* ---- the answer ---- */

enum mk_err mk_sdc_advice_put(struct mk_buf *out,
                              const struct mk_sdc_advice *advice)
{
    enum mk_err rc;
    MK_TRY(mk_sdc_pipe_put_text(out, &advice->before_proof));
    MK_TRY(mk_buf_add_u64(out, advice->n));
    for (size_t i = 0; i < advice->n; i++) {
        const struct mk_sdc_advice_item *item = &advice->item[i];
        MK_TRY(mk_buf_add_u64(out, item->merge.dim));
        MK_TRY(mk_buf_add_u64(out, item->merge.first));
        MK_TRY(mk_buf_add_u64(out, item->merge.second));
        MK_TRY(mk_buf_add_u64(out, item->merge.drop_table));
        MK_TRY(mk_sdc_pipe_put_text(out, &item->proof));
    }
out:
    return rc;
}

/* The protection of one trial, checked; *tally is what it hides. */
static enum mk_err confirm(struct mk_sdc_pipe *pipe,
                           const struct mk_sdc_asked *asked,
                           const struct mk_sdc_merge *merge,
                           struct mk_sdc_tally *tally, struct mk_diag *diag)
{
    struct mk_sdc_trial trial;
    struct mk_buf proof = MK_BUF_INIT;
    bool fits;
    enum mk_err rc = mk_sdc_trial_open(&trial, asked, merge, &fits, diag);
    if (rc == MK_OK)
        rc = fits ? mk_sdc_pipe_get_text(pipe, &proof) : MK_E_SYNTAX;
    else if (merge && rc != MK_E_MEMORY)
        rc = MK_E_SYNTAX; /* nobody can have tried that */
    if (rc != MK_OK)
        goto out;
    struct mk_sdc_pipe own = {proof.data, proof.len, false};
    MK_TRY(mk_sdc_pipe_accept_result(&own, &trial.result, &trial.model, diag));
    if (own.left > 0)
        rc = MK_E_SYNTAX;
    mk_sdc_trial_tally(&trial, tally);
out:
    mk_buf_release(&proof);
    mk_sdc_trial_close(&trial);
    return rc;
}

enum mk_err mk_sdc_advice_accept(struct mk_sdc_advice *advice,
                                 struct mk_sdc_pipe *pipe,
                                 const struct mk_sdc_asked *asked,
                                 struct mk_diag *diag)
{
    enum mk_err rc;
    MK_TRY(confirm(pipe, asked, NULL, &advice->before, diag));
    uint64_t n = mk_sdc_pipe_get(pipe);
    if (pipe->bad || n > MK_SDC_ADVICE)
        return MK_E_SYNTAX;
    for (uint64_t i = 0; i < n; i++) {
        struct mk_sdc_advice_item item = {.proof = MK_BUF_INIT};
        item.merge.dim = (size_t)mk_sdc_pipe_get(pipe);
        uint64_t first = mk_sdc_pipe_get(pipe);
        uint64_t second = mk_sdc_pipe_get(pipe);
        item.merge.drop_table = (size_t)mk_sdc_pipe_get(pipe);
        if (pipe->bad || first > UINT32_MAX || second > UINT32_MAX)
            return MK_E_SYNTAX;
        item.merge.first = (uint32_t)first;
        item.merge.second = (uint32_t)second;
        MK_TRY(confirm(pipe, asked, &item.merge, &item.after, diag));
        if (!item.after.safe)
            return MK_E_SYNTAX;
        mk_sdc_advice_keep(advice, &item);
    }
out:
    return rc;
}
