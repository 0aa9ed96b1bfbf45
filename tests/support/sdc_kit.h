/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small specs, data and releases for the tests of disclosure control. */
#ifndef MK_TESTS_SDC_KIT_H
#define MK_TESTS_SDC_KIT_H

#include "reports/sdc/model_build.h"

/* A dimension with leaves "a b c" and parents "ab=a+b total=a+b+c" (or NULL);
 * finished. */
void sdc_kit_dim(struct mk_sdc_spec *spec, const char *name,
                 const char *leaves, const char *parents);

/* A table that crosses the dimensions "year cat". */
struct mk_sdc_table *sdc_kit_table(struct mk_sdc_spec *spec, const char *dims);

/* The nodes "2018 a *" of a cell, in the order of the dimensions. */
void sdc_kit_nodes(const struct mk_sdc_spec *spec, const char *text,
                   uint32_t node[static MK_SDC_DIMS]);

/* n records with the leaves "2018 a". */
void sdc_kit_records(struct mk_sdc_data *data, const struct mk_sdc_spec *spec,
                     const char *leaves, uint64_t n);

/* A pattern "2018 - a"; - is every node. */
void sdc_kit_pattern(struct mk_sdc_patterns *patterns,
                     const struct mk_sdc_spec *spec, const char *text);

/* A cell that was printed with that value, or hidden, with the interval lo to
 * hi unless both are 0. */
void sdc_kit_printed(struct mk_sdc_printed *printed,
                     const struct mk_sdc_spec *spec, const char *nodes,
                     uint64_t value);
void sdc_kit_hidden(struct mk_sdc_printed *printed,
                    const struct mk_sdc_spec *spec, const char *nodes,
                    uint64_t lo, uint64_t hi);

/* The cell of the model by nodes of its spec; NULL if there is none. */
const struct mk_sdc_cell *sdc_kit_cell(const struct mk_sdc_model *m,
                                       const char *nodes);
/* The same by joint nodes. */
const struct mk_sdc_cell *sdc_kit_joint(const struct mk_sdc_model *m,
                                        const char *nodes);

/* The bytes of tests/data/sdc/CASE/FILE; free them. */
char *sdc_kit_read(const char *name, const char *file, size_t *n);

#endif
