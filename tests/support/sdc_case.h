/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cases in tests/data/sdc as the engine of disclosure control takes them:
 * spec, records and model, and what other tools hid of them.
 */
#ifndef MK_TESTS_SDC_CASE_H
#define MK_TESTS_SDC_CASE_H

#include <jansson.h>

#include "reports/sdc/model_build.h"
#include "reports/sdc/protect.h"

struct sdc_case {
    struct mk_sdc_spec spec;
    struct mk_sdc_data data;
    struct mk_sdc_model m;
    struct mk_sdc_result r;
    struct mk_sdc_release release; /* of sdc_case_publish */
};

/* The spec and the records of a case; no model yet. */
void sdc_case_read(struct sdc_case *c, const char *name);
/* The model; printed: to audit, or NULL.  Without rows there are no data. */
void sdc_case_model(struct sdc_case *c, const struct mk_sdc_printed *printed,
                    const struct mk_sdc_release *const *earlier, size_t n);
/* Both. */
void sdc_case_open(struct sdc_case *c, const char *name);
void sdc_case_close(struct sdc_case *c);

void sdc_case_protect(struct sdc_case *c, uint64_t work);
void sdc_case_audit(struct sdc_case *c);
/* Writes what the model publishes as a file and reads it into c->release. */
void sdc_case_publish(struct sdc_case *c, const char *name);

/* Faults of a kind; cells of the new release that are hidden. */
size_t sdc_case_faults(const struct sdc_case *c, enum mk_sdc_fault fault);
size_t sdc_case_hidden(const struct sdc_case *c);
/* Fails with the first faults and their cells. */
void sdc_case_clean(const struct sdc_case *c, const char *name);

/* ---- cells.csv of a case ---- */

struct sdc_row {
    uint32_t node[MK_SDC_DIMS];
    uint64_t value;
    char status; /* P, S or . */
    bool bounds; /* lo and hi are filled in */
    uint64_t lo, hi;
};
struct sdc_rows {
    struct sdc_row *at;
    size_t n, hidden;
};

/* What a method (gauss, gauss_w, opt_rec, ..) did; false where the file has no
 * such column or nothing in it.  Owns: sdc_rows_release. */
bool sdc_rows_read(struct sdc_rows *rows, const struct mk_sdc_spec *spec,
                   const char *name, const char *method);
void sdc_rows_release(struct sdc_rows *rows);
/* The rows as printed tables: primary, secondary and published. */
void sdc_rows_print(const struct sdc_rows *rows,
                    const struct mk_sdc_spec *spec,
                    struct mk_sdc_printed *printed);

/* A number of results.json: methods.METHOD.KEY; true counts as 1. */
json_t *sdc_results(const char *name);
json_int_t sdc_result(const json_t *results, const char *method,
                      const char *key);

#endif
