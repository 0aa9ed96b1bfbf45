/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/advise.h"

#include <string.h>

#include "reports/sdc/model_build.h"
#include "reports/sdc/protect.h"

struct adviser {
    struct mk_sdc_advice *out;
    const struct mk_sdc_spec *spec;
    const struct mk_sdc_data *data;
    const struct mk_sdc_release *const *earlier;
    size_t n_earlier;
    uint64_t work;
    struct mk_diag *diag;
};

static void count(struct mk_sdc_tally *tally, const struct mk_sdc_model *m,
                  const struct mk_sdc_result *r)
{
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

static enum mk_err protect(struct adviser *a, struct mk_sdc_tally *tally,
                           const struct mk_sdc_spec *spec,
                           const struct mk_sdc_data *data,
                           struct mk_diag *diag)
{
    struct mk_sdc_model m;
    struct mk_sdc_result r;
    enum mk_err rc;
    mk_sdc_model_init(&m);
    mk_sdc_result_init(&r);
    MK_TRY(mk_sdc_model_build(&m, spec, data, NULL, a->earlier, a->n_earlier,
                              diag));
    MK_TRY(mk_sdc_protect(&r, &m, a->work, diag));
    a->out->work += r.work;
    count(tally, &m, &r);
out:
    mk_sdc_result_release(&r);
    mk_sdc_model_release(&m);
    return rc;
}

/* ---- the best ---- */

static bool better(const struct mk_sdc_tally *a, const struct mk_sdc_tally *b)
{
    if (a->hidden != b->hidden)
        return a->hidden < b->hidden;
    return a->published > b->published;
}

static void keep(struct mk_sdc_advice *out,
                 const struct mk_sdc_advice_item *item)
{
    size_t at = out->n;
    while (at > 0 && better(&item->after, &out->item[at - 1].after))
        at--;
    if (at == MK_SDC_ADVICE)
        return;
    if (out->n < MK_SDC_ADVICE)
        out->n++;
    memmove(&out->item[at + 1], &out->item[at],
            (out->n - at - 1) * sizeof *item);
    out->item[at] = *item;
}

/* ---- trials ---- */

static enum mk_err try_one(struct adviser *a, const struct mk_sdc_merge *merge)
{
    struct mk_sdc_advice_item item = {.merge = *merge};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_sdc_spec spec;
    struct mk_sdc_data data;
    bool fits = false;
    enum mk_err rc;
    memset(&data, 0, sizeof data);
    mk_sdc_spec_init(&spec);
    MK_TRY(mk_sdc_merge_spec(&spec, a->spec, merge, &fits, &diag));
    if (!fits)
        goto out;
    mk_sdc_data_init(&data, &spec);
    MK_TRY(mk_sdc_merge_data(&data, a->data, merge, &diag));
    MK_TRY(protect(a, &item.after, &spec, &data, &diag));
    a->out->n_tried++;
    if (item.after.safe)
        keep(a->out, &item);
out:
    mk_sdc_data_release(&data);
    mk_sdc_spec_release(&spec);
    a->out->n_passed += !item.after.safe;
    if (rc == MK_E_EARLIER || rc == MK_E_BAD_VALUE || rc == MK_E_TOO_LARGE)
        return MK_OK; /* no advice: it cannot be made */
    return rc == MK_OK ? rc : mk_fail(a->diag, rc, diag.place);
}

/* Does an earlier release name this leaf? */
static bool is_printed(const struct adviser *a, const struct mk_sdc_dim *dim,
                       uint32_t leaf)
{
    const char *name = dim->node[leaf].name;
    for (size_t i = 0; i < a->n_earlier; i++) {
        const struct mk_sdc_spec *other = &a->earlier[i]->spec;
        size_t d;
        uint32_t node;
        if (mk_sdc_find_dim(other, dim->name, strlen(dim->name), &d) &&
            mk_sdc_find_node(&other->dim[d], name, strlen(name), &node))
            return true;
    }
    return false;
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
    const struct mk_sdc_dim *dim = &a->spec->dim[d];
    struct mk_sdc_merge merge = {.dim = d, .drop_table = MK_SDC_MERGE_NONE};
    enum mk_err rc = MK_OK;
    if (dim->n_leaves > MK_SDC_ADVISE_LEAVES || !is_crossed(a->spec, d))
        return MK_OK;
    for (merge.first = 0; merge.first < dim->n_leaves; merge.first++)
        for (merge.second = merge.first + 1; merge.second < dim->n_leaves;
             merge.second++)
            if (is_printed(a, dim, merge.first) ||
                is_printed(a, dim, merge.second))
                a->out->n_passed++;
            else
                MK_TRY(try_one(a, &merge));
out:
    return rc;
}

enum mk_err mk_sdc_advise(struct mk_sdc_advice *out,
                          const struct mk_sdc_spec *spec,
                          const struct mk_sdc_data *data,
                          const struct mk_sdc_release *const *earlier,
                          size_t n_earlier, uint64_t work,
                          struct mk_diag *diag)
{
    struct adviser a = {out, spec, data, earlier, n_earlier, work, diag};
    struct mk_sdc_merge drop = {.dim = MK_SDC_MERGE_NONE};
    enum mk_err rc;
    memset(out, 0, sizeof *out);
    out->spec = spec;
    MK_TRY(protect(&a, &out->before, spec, data, diag));
    for (size_t d = 0; d < spec->n_dims; d++)
        MK_TRY(try_dim(&a, d));
    for (size_t t = 0; t < spec->n_tables && spec->n_tables > 1; t++) {
        drop.drop_table = t;
        MK_TRY(try_one(&a, &drop));
    }
out:
    return rc;
}
