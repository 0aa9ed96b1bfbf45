/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/sdc_scale.h"

#include <math.h>
#include <stdio.h>

#define PIECE 30.0 /* of a mean: beyond it exp(-mean) loses digits */

/* A number above 0 and below 1 of the fixed sequence. */
static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return ((double)(*state >> 11) + 0.5) / 9007199254740992.0;
}

/* By inversion, in pieces: sums of Poisson are Poisson. */
static uint64_t poisson(uint64_t *state, double mean)
{
    uint64_t sum = 0;
    for (; mean > 0; mean -= PIECE) {
        double part = mean < PIECE ? mean : PIECE;
        double p = exp(-part), below = p, u = uniform(state);
        uint64_t k = 0;
        while (u > below && k < 1000) {
            k++;
            p *= part / (double)k;
            below += p;
        }
        sum += k;
    }
    return sum;
}

static double weight(uint32_t i, uint32_t n)
{
    double sum = 0;
    for (uint32_t k = 1; k <= n; k++)
        sum += pow(k, -0.8);
    return pow(i + 1, -0.8) * n / sum;
}

static enum mk_err add_dimension(struct mk_sdc_spec *spec, const char *name,
                                 uint32_t leaves, struct mk_diag *diag)
{
    char leaf[16];
    enum mk_err rc;
    MK_TRY(mk_sdc_spec_dim(spec, name, diag));
    struct mk_sdc_dim *dim = &spec->dim[spec->n_dims - 1];
    for (uint32_t i = 0; i < leaves; i++) {
        snprintf(leaf, sizeof leaf, "%s%u", name, i + 1);
        MK_TRY(mk_sdc_dim_leaf(dim, leaf, diag));
    }
    MK_TRY(mk_sdc_dim_finish(dim, diag));
out:
    return rc;
}

enum mk_err sdc_scale_open(struct sdc_scale *scale,
                           const uint32_t leaves[static 3], double mean,
                           uint64_t seed, struct mk_diag *diag)
{
    static const char *const names[] = {"a", "b", "c"};
    struct mk_sdc_spec *spec = &scale->spec;
    size_t cells = (size_t)leaves[0] * leaves[1] * leaves[2];
    enum mk_err rc;
    mk_sdc_spec_init(spec);
    mk_sdc_model_init(&scale->model);
    mk_sdc_data_init(&scale->data, spec);
    for (size_t d = 0; d < 3; d++) {
        MK_TRY(add_dimension(spec, names[d], leaves[d], diag));
        spec->table[0].crosses[d] = true;
    }
    spec->n_tables = 1;
    spec->threshold = 5;
    spec->insider = false;
    mk_sdc_data_init(&scale->data, spec);
    for (size_t i = 0; i < cells; i++) {
        uint32_t leaf[3] = {(uint32_t)(i / leaves[2] / leaves[1]),
                            (uint32_t)(i / leaves[2] % leaves[1]),
                            (uint32_t)(i % leaves[2])};
        double m = mean;
        for (size_t d = 0; d < 3; d++)
            m *= weight(leaf[d], leaves[d]);
        uint64_t n = poisson(&seed, m);
        if (n > 0)
            MK_TRY(mk_sdc_data_add(&scale->data, leaf, n, NULL, diag));
    }
    MK_TRY(mk_sdc_model_build(&scale->model, spec, &scale->data, NULL, NULL, 0,
                              diag));
out:
    return rc;
}

void sdc_scale_close(struct sdc_scale *scale)
{
    mk_sdc_model_release(&scale->model);
    mk_sdc_data_release(&scale->data);
    mk_sdc_spec_release(&scale->spec);
}
