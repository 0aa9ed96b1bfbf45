/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Years, days, figures and marks as people read them, in Dutch or English. */
#ifndef MK_REPORTS_WORDS_H
#define MK_REPORTS_WORDS_H

#include "reports/factsheet.h"

#define MK_YEAR_TEXT 12 /* "2018/2019" and NUL */
#define MK_CELL_TEXT 80 /* any cell and NUL */

/* "2018", or "2018/2019" where it is a school year. */
void mk_words_year(char out[static MK_YEAR_TEXT], int year, bool school_year);

/* "2018-2020", or every year where some are left out. */
MK_MUST_USE enum mk_err mk_words_window(struct mk_buf *out,
                                        const struct mk_factsheet *f);

/* What stands between the i-th of n things in a row and the one before it:
 * nothing, ", " or " and ". */
const char *mk_words_between(size_t i, size_t n, bool english);

/* Those of the years that are marked: "2016, 2017 en 2018"; nothing if none. */
MK_MUST_USE enum mk_err mk_words_years(struct mk_buf *out,
                                       const struct mk_factsheet *f,
                                       const bool *marked);

/* "1 maart 2021", "1 March 2021". */
MK_MUST_USE enum mk_err mk_words_day(struct mk_buf *out, mk_day day,
                                     bool english);

/* "1.234" in Dutch, "1,234" in English. */
void mk_words_number(char out[static MK_CELL_TEXT], uint64_t n, bool english);

/* The figure or the mark; of a suppressed cell "x (0-6)". */
void mk_words_cell(char out[static MK_CELL_TEXT], const struct mk_cell *cell,
                   bool english);

/* Which release, as of when: "Vrijgave A. Stand #366, gegevens tot en met 1
 * maart 2021." */
MK_MUST_USE enum mk_err mk_words_origin(struct mk_buf *out,
                                        const struct mk_factsheet *f);

/* "NIET VOOR PUBLICATIE", or NULL where it is for publication. */
const char *mk_words_marking(const struct mk_factsheet *f);

/* What the mark means: "niet vastgelegd". */
const char *mk_words_mark(enum mk_mark mark, bool english);

/* What the sheet is called: "Factsheet vertrouwensinspecteurs ...". */
const char *mk_words_title(bool english);

const char *mk_words_label(const struct mk_row *row, bool english);
const char *mk_words_measure(enum mk_measure measure, bool english);

/* Characters of UTF-8 text: our own texts are one column wide each. */
size_t mk_words_width(const char *text);

#endif
