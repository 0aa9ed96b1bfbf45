/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CSV in memory, with named columns.  A part of data_read and cells_read. */
#ifndef MK_SDC_TABLE_READ_H
#define MK_SDC_TABLE_READ_H

#include "core/base/csv.h"
#include "reports/sdc/model.h"

/* A column that is no dimension. */
struct mk_sdc_column {
    const char *name;
    bool needed;
    int at; /* set: the field that holds it, or -1 */
};

struct mk_sdc_table_read {
    const struct mk_sdc_spec *spec; /* borrowed */
    struct mk_diag *diag;
    struct mk_csv *csv;        /* owned; the row */
    size_t field[MK_SDC_DIMS]; /* the field that holds a dimension */
    size_t n_fields;
    const uint8_t *p; /* the text that is left */
    size_t left;
};

/*
 * Reads the header: every dimension of spec once, and the columns (n of them).
 * Errors: E_MEMORY; E_SYNTAX, E_TOO_LARGE, E_BAD_UTF8 with a line;
 * E_UNKNOWN_COLUMN (num[0]: the column, from 1); E_DUPLICATE_KEY and
 * E_MISSING_KEY with the name as place.
 */
MK_MUST_USE enum mk_err mk_sdc_table_open(struct mk_sdc_table_read *t,
                                          const struct mk_sdc_spec *spec,
                                          const void *text, size_t n,
                                          struct mk_sdc_column *column,
                                          size_t n_columns,
                                          struct mk_diag *diag);
void mk_sdc_table_close(struct mk_sdc_table_read *t);

/* The next row; *more false at the end.  Errors: as above, and E_SYNTAX for
 * another number of fields than the header has. */
MK_MUST_USE enum mk_err mk_sdc_table_next(struct mk_sdc_table_read *t,
                                          bool *more);

/* Bytes of a field of the row; not terminated, never NULL. */
const char *mk_sdc_table_field(const struct mk_sdc_table_read *t, int at,
                               size_t *n);
/* The nodes of the row; leaves: levels only.  Errors: E_BAD_CODE with line and
 * dimension. */
MK_MUST_USE enum mk_err mk_sdc_table_nodes(const struct mk_sdc_table_read *t,
                                           bool leaves,
                                           uint32_t node[static MK_SDC_DIMS]);
/* A count 0 .. MK_SDC_COUNT.  Errors: E_BAD_NUMBER. */
MK_MUST_USE enum mk_err mk_sdc_table_count(const struct mk_sdc_table_read *t,
                                           int at, const char *name,
                                           uint64_t *count);
/* Refuses the row. */
enum mk_err mk_sdc_table_refuse(const struct mk_sdc_table_read *t,
                                enum mk_err err, const char *place);

#endif
