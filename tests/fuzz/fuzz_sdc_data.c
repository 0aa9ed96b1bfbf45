/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data that is accepted makes a model whose total is that of the records. */
#include "reports/sdc/data_read.h"
#include "reports/sdc/model_build.h"
#include "reports/sdc/spec_read.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static const char spec_text[] =
    "{\"dims\":[\"year\",\"cat\"],\"levels\":{\"year\":[\"2019\",\"2020\"],"
    "\"cat\":[\"a\",\"b,c\",\"d\"]},\"tables\":[[\"year\",\"cat\"]],"
    "\"hierarchies\":{\"cat\":{\"ad\":[\"a\",\"d\"]}},"
    "\"structural_zeros\":[{\"year\":\"2020\",\"cat\":\"d\"}],"
    "\"contributors\":{\"tags\":[\"site\"]}}";

static void build(const struct mk_sdc_spec *spec,
                  const struct mk_sdc_data *data)
{
    struct mk_sdc_model m;
    const uint32_t total[] = {mk_sdc_total(&spec->dim[0]),
                              mk_sdc_total(&spec->dim[1])};
    size_t at;
    mk_sdc_model_init(&m);
    CLAIM(mk_sdc_model_build(&m, spec, data, NULL, NULL, 0, NULL) == MK_OK);
    CLAIM(m.covered && m.n_cells == 15);
    CLAIM(mk_sdc_model_find(&m, total, &at));
    CLAIM(m.cell[at].known && m.cell[at].value == data->total);
    mk_sdc_model_release(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mk_sdc_spec spec;
    struct mk_sdc_data rows;
    struct mk_diag diag = MK_DIAG_INIT;
    mk_sdc_spec_init(&spec);
    CLAIM(mk_sdc_spec_parse(&spec, spec_text, sizeof spec_text - 1, NULL) ==
          MK_OK);
    mk_sdc_data_init(&rows, &spec);
    enum mk_err rc = mk_sdc_data_parse(&rows, &spec, data, size, &diag);
    if (rc == MK_OK) {
        CLAIM(rows.total >= 1 && rows.empty[0] <= rows.total);
        build(&spec, &rows);
    } else {
        CLAIM(diag.err == rc && mk_err_exit(rc) == MK_EXIT_USAGE);
    }
    mk_sdc_data_release(&rows);
    mk_sdc_spec_release(&spec);
    return 0;
}
