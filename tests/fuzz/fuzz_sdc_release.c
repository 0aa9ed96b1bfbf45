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

#define SMALL 64 /* cells of a release that is gone through pair by pair */

static const struct mk_sdc_print_cell *find(
    const struct mk_sdc_release *release, const uint32_t *node)
{
    const struct mk_sdc_printed *p = &release->printed;
    for (size_t i = 0; i < p->n; i++)
        if (memcmp(p->node + i * p->n_dims, node, p->n_dims * sizeof *node) ==
            0)
            return &p->cell[i];
    return NULL;
}

/* A printed figure over leaves that are all printed is their sum. */
static void adds_up(const struct mk_sdc_release *release)
{
    const struct mk_sdc_printed *p = &release->printed;
    for (size_t i = 0; i < p->n; i++)
        for (size_t d = 0; d < p->n_dims; d++) {
            uint32_t node[MK_SDC_DIMS];
            memcpy(node, p->node + i * p->n_dims, p->n_dims * sizeof *node);
            const struct mk_sdc_node *whole =
                &release->spec.dim[d].node[node[d]];
            uint64_t sum = 0;
            bool all = p->cell[i].print == MK_SDC_PRINTED;
            for (uint32_t k = 0; k < whole->n_leaves && all; k++) {
                node[d] = whole->leaf[k];
                const struct mk_sdc_print_cell *part = find(release, node);
                all = part && part->print == MK_SDC_PRINTED;
                sum += all ? part->value : 0;
            }
            CLAIM(!all || sum == p->cell[i].value);
        }
}

/* Every cell that is shown is there, unless there are structural zeros. */
static void whole(const struct mk_sdc_release *release)
{
    struct mk_sdc_walk walk;
    mk_sdc_walk_init(&walk, &release->spec);
    while (release->spec.zeros.n == 0 && mk_sdc_walk_next(&walk))
        CLAIM(walk.watched || find(release, walk.node) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mk_sdc_release release;
    struct mk_diag diag = MK_DIAG_INIT;
    mk_sdc_release_init(&release);
    enum mk_err rc = mk_sdc_release_parse(&release, data, size, &diag);
    if (rc == MK_OK && release.printed.n <= SMALL) {
        adds_up(&release);
        whole(&release);
    }
    if (rc == MK_OK)
        join(&release);
    else
        CLAIM(diag.err == rc &&
              (mk_err_exit(rc) == MK_EXIT_USAGE || rc == MK_E_NEWER));
    mk_sdc_release_release(&release);
    return 0;
}
