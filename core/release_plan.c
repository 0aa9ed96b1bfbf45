/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which years are counted as of which position: rules only, no vault. */
#include "core/release.h"

#include <string.h>

/* Months since year 0 in which a year begins. */
static int begins(int year, bool school_year)
{
    return year * 12 + (school_year ? 7 : 0);
}

/* The first position of the year, or that of its newest revision. */
static bool find_position(const struct mk_release *all, size_t n, int year,
                          bool school_year, bool newest, uint64_t *position)
{
    bool found = false;

    for (size_t i = 0; i < n; i++) {
        if (all[i].school_year != school_year ||
            (found && (!newest || all[i].kind != MK_RELEASE_REVISION)))
            continue;
        for (size_t y = 0; y < all[i].n_years; y++) {
            if (all[i].years[y] != year)
                continue;
            *position = all[i].positions[y];
            found = true;
        }
    }
    return found;
}

bool mk_release_frozen(const struct mk_release *all, size_t n, int year,
                       bool school_year, uint64_t *position)
{
    return find_position(all, n, year, school_year, true, position);
}

bool mk_release_first(const struct mk_release *all, size_t n, int year,
                      bool school_year, uint64_t *position)
{
    return find_position(all, n, year, school_year, false, position);
}

bool mk_release_shares(const struct mk_release *r,
                       const struct mk_cube *window)
{
    for (size_t i = 0; i < r->n_years; i++)
        for (size_t k = 0; k < window->n_years; k++) {
            int apart = begins(r->years[i], r->school_year) -
                        begins(window->years[k], window->school_year);

            if (apart > -12 && apart < 12)
                return true;
        }
    return false;
}

/* Are the two counted together? */
static bool same(const struct mk_vintage *a, const struct mk_vintage *b)
{
    return a->by_day == b->by_day && a->by_position == b->by_position &&
           (!a->by_day || a->day == b->day) &&
           (!a->by_position || a->position == b->position) &&
           a->revised == b->revised && a->frozen == b->frozen;
}

static void add_year(struct mk_vintage *out, size_t *n,
                     const struct mk_vintage *one, int year)
{
    size_t i = 0;

    while (i < *n && !same(&out[i], one))
        i++;
    if (i == *n) {
        out[i] = *one;
        out[i].n_years = 0;
        mk_buf_init(&out[i].cube);
        ++*n;
    }
    out[i].years[out[i].n_years++] = year;
}

/* A year that was released: as of its frozen position, unless that is to be
 * moved; beside the first one as soon as they differ. */
static void freeze(struct mk_vintage *one, const struct mk_release *all,
                   size_t n, int year, bool revise)
{
    uint64_t first, frozen;

    if (!mk_release_first(all, n, year, one->school_year, &first) ||
        !mk_release_frozen(all, n, year, one->school_year, &frozen))
        return;
    if (!revise) {
        one->by_day = false;
        one->by_position = true;
        one->position = frozen;
    }
    one->revised = revise || frozen != first;
    one->frozen = one->revised ? first : 0;
}

void mk_release_vintages(const struct mk_release *all, size_t n_all,
                         const struct mk_cube *window,
                         const struct mk_vintage *want, bool revise,
                         struct mk_vintage *out, size_t *n)
{
    *n = 0;
    for (size_t y = 0; y < window->n_years && y < MK_CUBE_YEARS; y++) {
        struct mk_vintage one = {
            .school_year = window->school_year,
            .by_day = want->by_day,
            .by_position = want->by_position,
            .day = want->day,
            .position = want->position,
        };
        freeze(&one, all, n_all, window->years[y], revise);
        add_year(out, n, &one, window->years[y]);
    }
}

/* Where the year stands in r; n_years: nowhere. */
static size_t year_at(const struct mk_release *r, int year, bool school_year)
{
    size_t y = 0;

    if (r->school_year != school_year)
        return r->n_years;
    while (y < r->n_years && r->years[y] != year)
        y++;
    return y;
}

enum mk_err mk_release_compared(const struct mk_release *r,
                                const struct mk_cube *window,
                                const struct mk_vintage *want,
                                struct mk_vintage *out, size_t *n,
                                struct mk_diag *diag)
{
    bool all = window->n_years == 0;
    const int *years = all ? r->years : window->years;
    size_t n_years = all ? r->n_years : window->n_years;

    *n = 0;
    for (size_t i = 0; i < n_years; i++) {
        bool school = all ? r->school_year : window->school_year;
        size_t y = year_at(r, years[i], school);
        struct mk_vintage one = *want;

        if (y == r->n_years)
            return mk_fail_at(diag, MK_E_NOT_RELEASED, r->name, 0, years[i],
                              0);
        one.school_year = r->school_year;
        one.revised = true;
        one.frozen = r->positions[y];
        add_year(out, n, &one, years[i]);
    }
    return MK_OK;
}

void mk_vintages_release(struct mk_vintage *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        mk_buf_release(&v[i].cube);
}
