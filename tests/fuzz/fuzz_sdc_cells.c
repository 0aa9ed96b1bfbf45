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

/* With figures as they are (base 0), or rounded. */
static void parse(const struct mk_sdc_spec *spec, uint64_t base,
                  const uint8_t *data, size_t size)
{
    struct mk_sdc_printed p;
    struct mk_diag diag = MK_DIAG_INIT;
    mk_sdc_printed_init(&p, spec);
    enum mk_err rc = mk_sdc_cells_parse(&p, spec, base, data, size, &diag);
    if (rc == MK_OK)
        audit(spec, &p);
    else
        CLAIM(diag.err == rc && mk_err_exit(rc) == MK_EXIT_USAGE);
    for (size_t i = 0; i < p.n; i++) {
        const struct mk_sdc_print_cell *cell = &p.cell[i];
        CLAIM(cell->lo <= cell->hi);
        CLAIM(base == 0 || cell->print != MK_SDC_PRINTED);
        CLAIM(cell->print != MK_SDC_ROUNDED ||
              (cell->interval && cell->value % base == 0));
    }
    mk_sdc_printed_release(&p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mk_sdc_spec spec;
    mk_sdc_spec_init(&spec);
    CLAIM(mk_sdc_spec_parse(&spec, spec_text, sizeof spec_text - 1, NULL) ==
          MK_OK);
    parse(&spec, 0, data, size);
    parse(&spec, 5, data, size);
    mk_sdc_spec_release(&spec);
    return 0;
}
