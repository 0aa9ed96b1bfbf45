/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What years of a factsheet may be held against each other: the guards of
 * every word, chart and figure that compares.
 */
#ifndef MK_REPORTS_WINDOW_H
#define MK_REPORTS_WINDOW_H

#include "reports/factsheet.h"

/*
 * The years of the window in which childcare was closed for a part (COVID-19),
 * in words: "2020 and 2021"; NULL if there is none.  A school year lies in two
 * calendar years.
 */
const char *mk_window_closure(const struct mk_factsheet *f);

/* Was year y (an index) over when its data end? */
MK_MUST_USE bool mk_window_is_over(const struct mk_factsheet *f, size_t y);
/* Marks the years that were not, for mk_words_years; false if all were. */
bool mk_window_unfinished(const struct mk_factsheet *f,
                          bool marked[static MK_COUNTS_YEARS]);

/*
 * May the figures of year y be held against those of the year before it in the
 * window?  Only if the two follow each other, every year of the window is over,
 * none is a closure year, nothing in the window is NR, and both were counted
 * in one way: not revised, not frozen at another moment.
 */
MK_MUST_USE bool mk_window_is_comparable(const struct mk_factsheet *f,
                                         size_t y);

#endif
