/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells that are accepted can be audited, or the model says why not. */
#include "reports/sdc/cells_read.h"
#include "reports/sdc/model_build.h"
#include "reports/sdc/spec_read.h"
#include "reports/sdc/write.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static const char spec_text[] =
    "{\"dims\":[\"year\",\"cat\"],\"levels\":{\"year\":[\"2019\",\"2020\"],"
    "\"cat\":[\"a\",\"b,c\"]},\"tables\":[[\"year\",\"cat\"]],"
    "\"hierarchies\":{\"cat\":{\"all\":[\"a\",\"b,c\"]}},"
    "\"structural_zeros\":[{\"year\":\"2020\",\"cat\":\"b,c\"}]}";

static void audit(const struct mk_sdc_spec *spec,
                  const struct mk_sdc_printed *p)
{
    struct mk_sdc_model m;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_diag diag = MK_DIAG_INIT;
    mk_sdc_model_init(&m);
    enum mk_err rc = mk_sdc_model_build(&m, spec, NULL, p, NULL, 0, &diag);
    if (rc == MK_OK) {
        CLAIM(m.audit && m.n_cells == 9);
        CLAIM(mk_sdc_write_cells(&out, &m, NULL) == MK_OK);
    } else {
        CLAIM(rc == MK_E_MISSING_KEY || rc == MK_E_BAD_VALUE);
        CLAIM(diag.err == rc && diag.place[0]);
    }
    mk_buf_release(&out);
    mk_sdc_model_release(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mk_sdc_spec spec;
    struct mk_sdc_printed p;
    struct mk_diag diag = MK_DIAG_INIT;
    mk_sdc_spec_init(&spec);
    CLAIM(mk_sdc_spec_parse(&spec, spec_text, sizeof spec_text - 1, NULL) ==
          MK_OK);
    mk_sdc_printed_init(&p, &spec);
    enum mk_err rc = mk_sdc_cells_parse(&p, &spec, 0, data, size, &diag);
    if (rc == MK_OK)
        audit(&spec, &p);
    else
        CLAIM(diag.err == rc && mk_err_exit(rc) == MK_EXIT_USAGE);
    for (size_t i = 0; i < p.n; i++)
        CLAIM(p.cell[i].lo <= p.cell[i].hi);
    mk_sdc_printed_release(&p);
    mk_sdc_spec_release(&spec);
    return 0;
}
