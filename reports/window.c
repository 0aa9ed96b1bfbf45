/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/window.h"

#include "reports/say.h"

static bool touches(const struct mk_factsheet *f, int closed)
{
    for (size_t y = 0; y < f->n_years; y++)
        if (f->years[y] == closed ||
            (f->school_year && f->years[y] + 1 == closed))
            return true;
    return false;
}

const char *mk_window_closure(const struct mk_factsheet *f)
{
    bool first = touches(f, 2020), second = touches(f, 2021);
    return first && second ? mk_say(f->english, "2020 and 2021")
           : first         ? "2020"
           : second        ? "2021"
                           : NULL;
}

bool mk_window_is_over(const struct mk_factsheet *f, size_t y)
{
    int year = f->years[y];
    mk_day last = f->school_year ? mk_date_day(year + 1, 7, 31)
                                 : mk_date_day(year, 12, 31);
    /* a frozen year is as it was when it was published first */
    mk_day end = f->frozen[y] ? f->frozen_date[y] : f->data_date;
    return end != MK_DAY_NONE && last <= end;
}

bool mk_window_unfinished(const struct mk_factsheet *f,
                          bool marked[static MK_COUNTS_YEARS])
{
    bool any = false;
    for (size_t y = 0; y < f->n_years; y++)
        any |= marked[y] = !mk_window_is_over(f, y);
    return any;
}

static bool counted_alike(const struct mk_factsheet *f, size_t a, size_t b)
{
    return !f->revised[a] && !f->revised[b] && f->frozen[a] == f->frozen[b] &&
           f->frozen_date[a] == f->frozen_date[b];
}

bool mk_window_is_comparable(const struct mk_factsheet *f, size_t y)
{
    bool unfinished[MK_COUNTS_YEARS];
    if (y == 0 || f->years[y] != f->years[y - 1] + 1 || mk_window_closure(f) ||
        mk_factsheet_has(f, MK_MARK_NR) || mk_window_unfinished(f, unfinished))
        return false;
    return counted_alike(f, y, y - 1);
}
