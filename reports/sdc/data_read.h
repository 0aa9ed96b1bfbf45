/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DATA.csv: UTF-8 (a byte order mark is passed over), comma, RFC 4180 quotes,
 * LF or CRLF.  A header row, then one column a dimension and one a tag of the
 * contributors (may be absent or empty), in any order.  A last column `n`
 * makes a row stand for n records.  A tag has at most 64 bytes.
 *
 * Source: the page INTERFACE of the design, meldkluis-factsheet.
 */
#ifndef MK_SDC_DATA_READ_H
#define MK_SDC_DATA_READ_H

#include "reports/sdc/model.h"

/*
 * Fills data, which is initialised for spec; after an error it is still to be
 * released.  A tag column that is absent gives empty tags.
 * Errors, with a line: E_SYNTAX, E_BAD_UTF8, E_TOO_LARGE, E_UNKNOWN_COLUMN,
 * E_MISSING_KEY, E_DUPLICATE_KEY (a column, or with `n` and without tags a
 * combination, twice), E_BAD_CODE (place: the dimension), E_BAD_NUMBER,
 * E_IMPOSSIBLE (a record in a structural zero); E_NO_RECORDS; E_MEMORY.
 */
MK_MUST_USE enum mk_err mk_sdc_data_parse(struct mk_sdc_data *data,
                                          const struct mk_sdc_spec *spec,
                                          const void *text, size_t n,
                                          struct mk_diag *diag);

#endif
