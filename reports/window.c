/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/window.h"

static bool touches(const struct mk_factsheet *f, int closed)
{
    for (size_t y = 0; y < f->n_years; y++)
        if (f->years[y] == closed ||
            (f->school_year && f->years[y] + 1 == closed))
            return true;
    return false;
}

enum mk_closure mk_window_closure(const struct mk_factsheet *f)
{
    bool first = touches(f, 2020), second = touches(f, 2021);
    return first && second ? MK_CLOSURE_2020_2021
           : first         ? MK_CLOSURE_2020
           : second        ? MK_CLOSURE_2021
                           : MK_CLOSURE_NONE;
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

static bool counted_alike(const struct mk_factsheet *f, size_t a, size_t b)
{
    return !f->revised[a] && !f->revised[b] && f->frozen[a] == f->frozen[b] &&
           f->frozen_date[a] == f->frozen_date[b];
}

bool mk_window_is_comparable(const struct mk_factsheet *f, size_t y)
{
    if (y == 0 || f->years[y] != f->years[y - 1] + 1 ||
        mk_window_closure(f) != MK_CLOSURE_NONE ||
        mk_factsheet_has(f, MK_MARK_NR))
        return false;
    for (size_t i = 0; i < f->n_years; i++)
        if (!mk_window_is_over(f, i))
            return false;
    return counted_alike(f, y, y - 1);
}
