/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A spec that is accepted keeps to its limits, and written and read again it
 * is the same. */
#include "reports/sdc/json.h"
#include "reports/sdc/spec_read.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void check_dim(const struct mk_sdc_dim *dim)
{
    CLAIM(mk_sdc_name_ok(dim->name) && dim->n_leaves >= 1);
    CLAIM(dim->n_leaves <= MK_SDC_LEVELS);
    for (uint32_t i = 0; i < dim->n_nodes; i++) {
        const struct mk_sdc_node *node = &dim->node[i];
        uint32_t found;
        CLAIM(mk_sdc_find_node(dim, node->name, strlen(node->name), &found));
        CLAIM(found == i && dim->same[dim->same[i]] == dim->same[i]);
        for (uint32_t k = 0; k < node->n_leaves; k++)
            CLAIM(node->leaf[k] < dim->n_leaves &&
                  (k == 0 || node->leaf[k] > node->leaf[k - 1]));
    }
}

static void check(const struct mk_sdc_spec *spec)
{
    struct mk_sdc_spec again;
    struct mk_buf one = MK_BUF_INIT, two = MK_BUF_INIT;
    CLAIM(spec->n_dims >= 1 && spec->n_tables >= 1);
    CLAIM(mk_sdc_walk_count(spec) <= MK_SDC_CELLS);
    for (size_t d = 0; d < spec->n_dims; d++)
        check_dim(&spec->dim[d]);
    mk_sdc_spec_init(&again);
    json_t *json = mk_sdc_spec_to_json(spec);
    CLAIM(json && mk_sdc_json_dump(&one, json, true) == MK_OK);
    CLAIM(mk_sdc_spec_parse(&again, one.data, one.len, NULL) == MK_OK);
    json_decref(json);
    json = mk_sdc_spec_to_json(&again);
    CLAIM(json && mk_sdc_json_dump(&two, json, true) == MK_OK);
    json_decref(json);
    CLAIM(one.len == two.len && memcmp(one.data, two.data, one.len) == 0);
    mk_buf_release(&one);
    mk_buf_release(&two);
    mk_sdc_spec_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mk_sdc_spec spec;
    struct mk_diag diag = MK_DIAG_INIT;
    mk_sdc_spec_init(&spec);
    enum mk_err rc = mk_sdc_spec_parse(&spec, data, size, &diag);
    if (rc == MK_OK)
        check(&spec);
    else
        CLAIM(diag.err == rc && mk_err_exit(rc) == MK_EXIT_USAGE);
    mk_sdc_spec_release(&spec);
    return 0;
}
