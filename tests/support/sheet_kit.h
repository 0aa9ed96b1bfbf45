/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Factsheets of cubes written by hand (cube_text.h), for the tests of the
 * reports; what fails ends the program. */
#ifndef MK_TESTS_SHEET_KIT_H
#define MK_TESTS_SHEET_KIT_H

#include "reports/format.h"

/* rc is MK_OK. */
void sheet_kit_ok(enum mk_err rc);

/* The factsheet of the text of a cube, with a threshold of 5; free with
 * mk_factsheet_release. */
void sheet_kit_build(struct mk_factsheet *f, const char *cube,
                     enum mk_policy policy, bool english);

/* The summary anew, after cells or years were changed. */
void sheet_kit_say_again(struct mk_factsheet *f);

/* The printed cell of the rows with these codes, which is there. */
struct mk_cell *sheet_kit_cell(struct mk_factsheet *f, enum mk_table_id id,
                               size_t year, const char *category,
                               const char *care_type, enum mk_measure measure);

/* A cell as disclosure control leaves it. */
struct mk_cell sheet_kit_hidden(uint64_t lo, uint64_t hi);

/* The text that a renderer makes; free with mk_buf_release. */
const char *sheet_kit_render(struct mk_buf *out, mk_render *render,
                             const struct mk_factsheet *f);

#endif
