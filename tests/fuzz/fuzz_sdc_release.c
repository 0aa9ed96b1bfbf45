/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A release that is accepted joins a spec of another shape, or is refused. */
#include "reports/sdc/model_build.h"
#include "reports/sdc/release_file.h"
#include "reports/sdc/spec_read.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static const char spec_text[] =
    "{\"dims\":[\"cat\",\"year\"],\"levels\":{\"year\":[\"2019\",\"2020\"],"
    "\"cat\":[\"a\",\"b\"]},\"tables\":[[\"year\",\"cat\"]]}";

static void join(const struct mk_sdc_release *release)
{
    const struct mk_sdc_release *earlier[] = {release};
    struct mk_sdc_spec spec;
    struct mk_sdc_model m;
    struct mk_diag diag = MK_DIAG_INIT;
    mk_sdc_spec_init(&spec);
    mk_sdc_model_init(&m);
    CLAIM(mk_sdc_spec_parse(&spec, spec_text, sizeof spec_text - 1, NULL) ==
          MK_OK);
    enum mk_err rc =
        mk_sdc_model_build(&m, &spec, NULL, NULL, earlier, 1, &diag);
    if (rc == MK_OK) {
        CLAIM(m.n_cells >= 9 && m.joint.n_dims >= 2 && !m.covered);
        for (size_t i = 0; i < m.n_cells; i++)
            CLAIM(m.cell[i].fate != MK_SDC_MUST_SHOW || m.cell[i].known);
    } else {
        CLAIM(diag.err == rc);
        CLAIM(rc == MK_E_EARLIER || rc == MK_E_BAD_VALUE ||
              rc == MK_E_TOO_LARGE);
    }
    mk_sdc_model_release(&m);
    mk_sdc_spec_release(&spec);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mk_sdc_release release;
    struct mk_diag diag = MK_DIAG_INIT;
    mk_sdc_release_init(&release);
    enum mk_err rc = mk_sdc_release_parse(&release, data, size, &diag);
    if (rc == MK_OK)
        join(&release);
    else
        CLAIM(diag.err == rc &&
              (mk_err_exit(rc) == MK_EXIT_USAGE || rc == MK_E_NEWER));
    mk_sdc_release_release(&release);
    return 0;
}
