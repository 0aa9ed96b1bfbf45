/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/compare.h"

#include <stdlib.h>
#include <string.h>

#include "reports/printed.h"

void mk_compare_init(struct mk_compare *c)
{
    memset(c, 0, sizeof *c);
    mk_record_init(&c->record);
}

static void part_release(struct mk_compare_part *part)
{
    mk_counts_release(&part->counts);
    if (part->now)
        mk_factsheet_release(part->now);
    free(part->now);
    for (size_t id = 0; id < MK_TABLE_COUNT; id++)
        free(part->cell[id]);
}

void mk_compare_release(struct mk_compare *c)
{
    for (size_t i = 0; i < c->n_parts; i++)
        part_release(&c->part[i]);
    free(c->part);
    mk_record_release(&c->record);
    mk_compare_init(c);
}

/* ---- what came down ---- */

static enum mk_err read_cube(struct mk_compare *c, const void *data, size_t n,
                             struct mk_diag *diag)
{
    struct mk_compare_part *part = &c->part[c->n_parts++];
    enum mk_err rc;
    mk_counts_init(&part->counts);
    rc = mk_counts_parse(&part->counts, data, n, diag);
    if (rc == MK_OK && part->counts.version != 4)
        rc = mk_fail(diag, MK_E_SYNTAX, "meldkluis-cube");
    return rc;
}

static enum mk_err read_sections(struct mk_compare *c,
                                 const struct mk_gate *gate,
                                 struct mk_diag *diag)
{
    size_t releases = 0;
    enum mk_err rc = MK_OK;
    c->part = calloc(gate->n_sections + 1, sizeof *c->part);
    if (!c->part)
        return mk_fail(diag, MK_E_MEMORY, "meldkluis-gate");
    for (size_t i = 0; i < gate->n_sections; i++) {
        const uint8_t *data;
        size_t n;
        enum mk_gate_kind kind = mk_gate_section(gate, i, &data, &n);
        if (kind == MK_GATE_CUBE)
            MK_TRY(read_cube(c, data, n, diag));
        else if (kind == MK_GATE_RELEASE && releases++ == 0)
            MK_TRY(mk_record_parse(&c->record, data, n, diag));
    }
    if (releases != 1 || c->n_parts == 0)
        rc = mk_fail(diag, MK_E_SYNTAX, "meldkluis-gate");
out:
    return rc;
}

/* ---- the figures ---- */

static size_t cells_of(const struct mk_factsheet *f, size_t id)
{
    const struct mk_table *t = &f->table[id];
    return f->n_years * t->category.n * t->care_type.n * t->measures;
}

/* A factsheet of the rows that became of, for that reason (MK_REASONS: without
 * one). */
static enum mk_err build(struct mk_factsheet *f, bool english,
                         const struct mk_counts *counts,
                         enum mk_change_kind change, enum mk_reason reason,
                         struct mk_diag *diag)
{
    struct mk_counts some = *counts;
    enum mk_err rc;
    some.rows = calloc(counts->n_rows + 1, sizeof *some.rows);
    some.n_rows = 0;
    if (!some.rows)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    for (size_t i = 0; i < counts->n_rows; i++)
        if (counts->rows[i].change == change &&
            counts->rows[i].reason == reason)
            some.rows[some.n_rows++] = counts->rows[i];
    mk_factsheet_init(f);
    f->english = english;
    f->policy = MK_POLICY_SUPPRESS; /* the rows that a publication has */
    rc = mk_factsheet_build(f, &some, diag);
    free(some.rows);
    return rc;
}

/* Which figure of a cell a factsheet is. */
static void take(struct mk_compare_cell *cell, enum mk_change_kind change,
                 enum mk_reason reason, uint64_t value)
{
    switch (change) {
    case MK_CHANGE_AT_THEN:
        cell->then = value;
        break;
    case MK_CHANGE_AT_NOW:
        cell->now = value;
        break;
    case MK_CHANGE_ADDED:
        cell->why[reason] += (int64_t)value;
        break;
    case MK_CHANGE_REMOVED:
        cell->why[reason] -= (int64_t)value;
        break;
    case MK_CHANGE_KEPT:
    case MK_CHANGES:
        break;
    }
}

static enum mk_err add_figures(struct mk_compare_part *part,
                               enum mk_change_kind change,
                               enum mk_reason reason, struct mk_diag *diag)
{
    struct mk_factsheet *f = calloc(1, sizeof *f);
    enum mk_err rc;
    if (!f)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    MK_TRY(build(f, false, &part->counts, change, reason, diag));
    for (size_t id = 0; id < MK_TABLE_COUNT; id++)
        for (size_t i = 0; i < cells_of(f, id); i++)
            take(&part->cell[id][i], change, reason,
                 f->table[id].cells[i].value);
out:
    mk_factsheet_release(f);
    free(f);
    return rc;
}

static enum mk_err check_sums(const struct mk_compare_part *part,
                              struct mk_diag *diag)
{
    for (size_t id = 0; id < MK_TABLE_COUNT; id++)
        for (size_t i = 0; i < cells_of(part->now, id); i++) {
            const struct mk_compare_cell *cell = &part->cell[id][i];
            int64_t sum = (int64_t)cell->then - (int64_t)cell->now;
            for (size_t r = 0; r < MK_REASONS; r++)
                sum += cell->why[r];
            if (sum != 0)
                return mk_fail(diag, MK_E_INTERNAL, part->now->table[id].id);
        }
    return MK_OK;
}

static enum mk_err part_make(struct mk_compare_part *part, bool english,
                             struct mk_diag *diag)
{
    enum mk_err rc = MK_E_MEMORY;
    part->now = calloc(1, sizeof *part->now);
    if (!part->now)
        goto out;
    MK_TRY(build(part->now, english, &part->counts, MK_CHANGE_AT_NOW,
                 MK_REASONS, diag));
    for (size_t id = 0; id < MK_TABLE_COUNT; id++) {
        size_t n = cells_of(part->now, id);
        part->cell[id] = calloc(n + 1, sizeof *part->cell[id]);
        if (!part->cell[id]) {
            rc = MK_E_MEMORY;
            goto out;
        }
        for (size_t i = 0; i < n; i++)
            part->cell[id][i].mark = part->now->table[id].cells[i].mark;
    }
    MK_TRY(add_figures(part, MK_CHANGE_AT_NOW, MK_REASONS, diag));
    MK_TRY(add_figures(part, MK_CHANGE_AT_THEN, MK_REASONS, diag));
    for (unsigned r = 0; r < MK_REASONS; r++) {
        MK_TRY(add_figures(part, MK_CHANGE_ADDED, r, diag));
        MK_TRY(add_figures(part, MK_CHANGE_REMOVED, r, diag));
    }
    rc = check_sums(part, diag);
out:
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, NULL) : rc;
}

/* ---- what the release printed ---- */

static bool contradicts(const struct mk_cell *printed, uint64_t then)
{
    if (printed->mark == MK_MARK_NONE)
        return printed->value != then;
    return then < printed->lo ||
           (printed->hi < MK_NO_END && then > printed->hi);
}

static void hold_against(struct mk_compare *c, const struct mk_compare_year *y,
                         enum mk_table_id id, const struct mk_printed *p)
{
    const struct mk_table *t = &y->part->now->table[id];
    const char *name[MK_YEAR_DIMS];
    for (size_t a = 0; a < t->category.n; a++)
        for (size_t b = 0; b < t->care_type.n; b++)
            for (size_t m = 0; m < t->measures; m++) {
                struct mk_compare_cell *cell =
                    &y->part->cell[id][((y->at * t->category.n + a) *
                                            t->care_type.n +
                                        b) *
                                           t->measures +
                                       m];
                if (cell->mark != MK_MARK_NONE || t->care_type.row[b].hidden)
                    continue;
                mk_year_cell_names(name, id, &t->category.row[a],
                                   &t->care_type.row[b], t->first + m);
                cell->is_printed = mk_printed_find(p, name, &cell->printed);
                cell->is_contradicted =
                    cell->is_printed &&
                    contradicts(&cell->printed, cell->then);
                c->n_contradicted += cell->is_contradicted;
            }
}

/* ---- all of it ---- */

static enum mk_err add_year(struct mk_compare *c,
                            const struct mk_compare_part *part, size_t at,
                            struct mk_diag *diag)
{
    int year = part->counts.years[at];
    size_t i = c->n_years;
    if (c->n_years == MK_COUNTS_YEARS)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "years", 0, MK_COUNTS_YEARS,
                          0);
    for (; i > 0 && c->year[i - 1].year >= year; i--) {
        if (c->year[i - 1].year == year)
            return mk_fail(diag, MK_E_DUPLICATE_KEY, "years");
        c->year[i] = c->year[i - 1];
    }
    c->year[i] = (struct mk_compare_year){year, part, at};
    c->n_years++;
    return MK_OK;
}

enum mk_err mk_compare_make(struct mk_compare *c, const struct mk_gate *gate,
                            struct mk_diag *diag)
{
    struct mk_printed printed;
    enum mk_err rc;
    MK_TRY(read_sections(c, gate, diag));
    for (size_t i = 0; i < c->n_parts; i++) {
        MK_TRY(part_make(&c->part[i], c->english, diag));
        for (size_t y = 0; y < c->part[i].counts.n_years; y++)
            MK_TRY(add_year(c, &c->part[i], y, diag));
    }
    for (size_t y = 0; y < c->n_years; y++) {
        mk_printed_open(&printed, &c->record, c->year[y].year);
        for (unsigned id = 0; id < MK_TABLE_COUNT; id++)
            hold_against(c, &c->year[y], id, &printed);
    }
out:
    return rc;
}

const struct mk_compare_cell *mk_compare_cell(const struct mk_compare_year *y,
                                              enum mk_table_id table,
                                              size_t category,
                                              size_t care_type, size_t measure)
{
    const struct mk_table *t = &y->part->now->table[table];
    return &y->part->cell[table][((y->at * t->category.n + category) *
                                      t->care_type.n +
                                  care_type) *
                                     t->measures +
                                 measure];
}

bool mk_compare_changed(const struct mk_compare_cell *cell)
{
    for (size_t r = 0; r < MK_REASONS; r++)
        if (cell->why[r] != 0)
            return true;
    return false;
}
