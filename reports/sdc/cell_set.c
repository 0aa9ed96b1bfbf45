/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/cell_set.h"

static void stand_ins(const struct mk_sdc_spec *spec, const uint32_t *node,
                      uint32_t row[static MK_SDC_DIMS])
{
    for (size_t d = 0; d < spec->n_dims; d++)
        row[d] = spec->dim[d].same[node[d]];
}

enum mk_err mk_sdc_cell_set_init(struct mk_sdc_cell_set *set,
                                 const struct mk_sdc_spec *spec,
                                 struct mk_diag *diag)
{
    struct mk_sdc_walk walk;
    uint32_t row[MK_SDC_DIMS];
    size_t at;
    bool fresh;
    enum mk_err rc = MK_OK;
    set->spec = spec;
    mk_sdc_vecs_init(&set->cells, spec->n_dims);
    mk_sdc_vecs_init(&set->named, spec->n_dims);
    mk_sdc_walk_init(&walk, spec);
    while (rc == MK_OK && mk_sdc_walk_next(&walk)) {
        if (walk.watched)
            continue;
        stand_ins(spec, walk.node, row);
        rc = mk_sdc_vecs_add(&set->cells, row, &at, &fresh, diag);
    }
    return rc;
}

void mk_sdc_cell_set_release(struct mk_sdc_cell_set *set)
{
    mk_sdc_vecs_release(&set->cells);
    mk_sdc_vecs_release(&set->named);
}

enum mk_err mk_sdc_cell_set_name(struct mk_sdc_cell_set *set,
                                 const uint32_t *node, struct mk_diag *diag)
{
    uint32_t row[MK_SDC_DIMS];
    size_t at;
    bool fresh;
    stand_ins(set->spec, node, row);
    if (!mk_sdc_vecs_find(&set->cells, row, &at))
        return mk_fail(diag, MK_E_BAD_VALUE, "cell");
    enum mk_err rc = mk_sdc_vecs_add(&set->named, node, &at, &fresh, diag);
    if (rc == MK_OK && !fresh)
        rc = mk_fail(diag, MK_E_DUPLICATE_KEY, "cell");
    return rc;
}
