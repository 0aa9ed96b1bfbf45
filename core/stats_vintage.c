/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/stats_vintage.h"

#include <stdlib.h>
#include <string.h>

enum mk_err mk_stats_vintage_check(const struct mk_vintage *v, uint64_t n,
                                   struct mk_diag *diag)
{
    uint64_t position = v->by_position ? v->position : n;
    uint64_t lowest = v->revised ? v->frozen : 0;
    if (position < lowest || position > n)
        return mk_fail_at(diag, MK_E_BAD_NUMBER, "as_of", 0, (int64_t)lowest,
                          (int64_t)n);
    return MK_OK;
}

void mk_stats_vintage_window(struct mk_cube *window,
                             const struct mk_vintage *v)
{
    mk_cube_init(window);
    memcpy(window->years, v->years, sizeof window->years);
    window->n_years = v->n_years;
    window->school_year = v->school_year;
}

static int ordered(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int by_cell(const void *a, const void *b)
{
    const struct mk_stats_cell *x = a, *y = b;
    int c = ordered(x->key, y->key);
    if (c == 0)
        c = ordered(x->change, y->change);
    if (c == 0)
        c = ordered(x->reason, y->reason);
    if (c == 0)
        c = ordered(x->site, y->site);
    return c ? c : ordered(x->accused, y->accused);
}

static enum mk_err format_cell(const struct mk_cube *cube,
                               const struct mk_cube_form *form,
                               const struct mk_stats_cell *cell, size_t n,
                               struct mk_buf *out)
{
    static const char *const changes[] = {
        [MK_STATS_CHANGE_NONE] = "",     [MK_STATS_KEPT] = "KEPT,",
        [MK_STATS_REMOVED] = "REMOVED,", [MK_STATS_ADDED] = "ADDED,",
        [MK_STATS_THEN] = "THEN,",       [MK_STATS_NOW] = "NOW,"};
    static const char *const reasons[MK_STATS_REASONS] = {
        [MK_STATS_REASON_NONE] = "",
#define MK_REASON(NAME, slug, nl, en) [MK_STATS_REASON_##NAME] = slug,
#include "core/defs/changes.def"
    };
    enum mk_err rc;
    MK_TRY(mk_cube_format_key(cube, cell->key, out));
    MK_TRY(mk_buf_add_str(out, changes[cell->change]));
    if (mk_cube_has_reason(form->version))
        MK_TRY(mk_buf_addf(out, "%s,", reasons[cell->reason]));
    if (mk_cube_has_contributors(form->version))
        MK_TRY(mk_buf_addf(out, "%lu,%lu,", (unsigned long)cell->site,
                           (unsigned long)cell->accused));
    MK_TRY(mk_buf_addf(out, "%zu\n", n));
out:
    return rc;
}

static enum mk_err cells_format(const struct mk_cube *cube,
                                const struct mk_cube_form *form,
                                struct mk_buf *cells, struct mk_buf *out)
{
    struct mk_stats_cell *c = (void *)cells->data;
    size_t n = cells->len / sizeof *c, rows = 0;
    enum mk_err rc;
    if (n > 0)
        qsort(c, n, sizeof *c, by_cell);
    for (size_t i = 0; i < n; i++)
        rows += i == 0 || by_cell(&c[i - 1], &c[i]) != 0;
    MK_TRY(mk_cube_format_header(cube, form, rows, out));
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && by_cell(&c[i], &c[end]) == 0;)
            end++;
        MK_TRY(format_cell(cube, form, &c[i], end - i, out));
    }
out:
    return rc;
}

enum mk_err mk_stats_vintage_give(struct mk_vintage *v,
                                  const struct mk_cube *window,
                                  unsigned version, struct mk_buf *cells)
{
    const struct mk_cube_form form = {.version = version, .frozen = v->frozen};
    enum mk_err rc;
    mk_buf_clear(&v->cube);
    MK_TRY(cells_format(window, &form, cells, &v->cube));
    v->position = window->position;
    v->by_position = true;
    v->by_day = false;
out:
    return rc;
}
