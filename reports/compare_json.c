/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison for programs: every cell. */
#include <jansson.h>

#include "reports/compare.h"
#include "reports/json_make.h"
#include "reports/say.h"
#include "reports/sdc/json.h"
#include "reports/words.h"

#define SCHEMA 1

/* NULL where the release does not show it. */
static json_t *printed_of(const struct mk_compare_cell *cell)
{
    const struct mk_cell *p = &cell->printed;
    bool hidden = p->mark == MK_MARK_X;
    if (!cell->is_printed)
        return json_null();
    return json_pack("{s:o, s:s, s:o, s:o}", "value",
                     mk_json_make_number(!hidden, p->value), "mark",
                     mk_mark_slug(p->mark), "lo",
                     mk_json_make_number(hidden, p->lo), "hi",
                     mk_json_make_number(hidden && p->hi < MK_NO_END, p->hi));
}

static json_t *why_of(const struct mk_compare_cell *cell)
{
    json_t *why = json_object();
    for (unsigned r = 0; r < MK_REASONS; r++)
        if (cell->why[r] != 0 &&
            json_object_set_new(why, mk_reason_slug(r),
                                json_integer((json_int_t)cell->why[r])) != 0) {
            json_decref(why);
            return NULL;
        }
    return why;
}

static json_t *cell_of(const struct mk_table *t, size_t a, size_t b, size_t m,
                       const struct mk_compare_cell *cell)
{
    bool there = cell->mark == MK_MARK_NONE;
    json_int_t moved = (json_int_t)cell->now - (json_int_t)cell->then;
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:b}",
                     "category", t->category.row[a].slug, "care_type",
                     t->care_type.row[b].slug, "measure",
                     mk_measure_get(t->first + m)->slug, "mark",
                     mk_mark_slug(cell->mark), "printed", printed_of(cell),
                     "then", mk_json_make_number(there, cell->then), "now",
                     mk_json_make_number(there, cell->now), "difference",
                     there ? json_integer(moved) : json_null(), "why",
                     why_of(cell), "contradicted", (int)cell->is_contradicted);
}

static enum mk_err put_cells(json_t *table, const struct mk_compare_year *y,
                             enum mk_table_id id)
{
    const struct mk_table *t = &y->part->now->table[id];
    json_t *cells = json_array();
    enum mk_err rc = MK_OK;
    for (size_t a = 0; a < t->category.n; a++)
        for (size_t b = 0; b < t->care_type.n; b++)
            for (size_t m = 0; m < t->measures; m++)
                if (!t->care_type.row[b].hidden)
                    MK_TRY(mk_sdc_json_append(
                        cells,
                        cell_of(t, a, b, m, mk_compare_cell(y, id, a, b, m))));
    MK_TRY(mk_sdc_json_put(table, "cells", json_incref(cells)));
out:
    json_decref(cells);
    return rc;
}

static enum mk_err put_tables(json_t *year, const struct mk_compare_year *y)
{
    json_t *tables = json_array(), *table = NULL;
    enum mk_err rc = MK_OK;
    for (unsigned id = 0; id < MK_TABLE_COUNT; id++) {
        const struct mk_table *t = &y->part->now->table[id];
        table = json_pack("{s:s, s:s}", "table", t->id, "title", t->title);
        MK_TRY(put_cells(table, y, id));
        MK_TRY(mk_sdc_json_append(tables, json_incref(table)));
        json_decref(table);
        table = NULL;
    }
    MK_TRY(mk_sdc_json_put(year, "tables", json_incref(tables)));
out:
    json_decref(table);
    json_decref(tables);
    return rc;
}

static enum mk_err put_years(json_t *root, const struct mk_compare *c)
{
    json_t *years = json_array(), *year = NULL;
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < c->n_years; i++) {
        const struct mk_compare_year *y = &c->year[i];
        const struct mk_counts *counts = &y->part->counts;
        char label[MK_YEAR_TEXT];
        mk_words_year(label, y->year, counts->school_year);
        year = json_pack("{s:s, s:I, s:I}", "year", label, "then",
                         (json_int_t)counts->frozen, "now",
                         (json_int_t)counts->position);
        MK_TRY(put_tables(year, y));
        MK_TRY(mk_sdc_json_append(years, json_incref(year)));
        json_decref(year);
        year = NULL;
    }
    MK_TRY(mk_sdc_json_put(root, "years", json_incref(years)));
out:
    json_decref(year);
    json_decref(years);
    return rc;
}

static json_t *labels_of(bool english)
{
    json_t *labels = json_object();
    for (unsigned r = 0; r < MK_REASONS; r++)
        if (json_object_set_new(labels, mk_reason_slug(r),
                                json_string(mk_reason_label(r, english))) !=
            0) {
            json_decref(labels);
            return NULL;
        }
    return labels;
}

enum mk_err mk_compare_json(struct mk_buf *out, const struct mk_compare *c)
{
    json_t *root;
    enum mk_err rc;
    mk_json_make_seed();
    root = json_pack(
        "{s:i, s:s, s:s, s:b, s:s, s:s, s:o, s:I}", "schema", SCHEMA, "kind",
        "comparison", "release", c->record.name, "for_publication", 0,
        "marking", mk_say(c->english, "NOT FOR PUBLICATION"), "lang",
        c->english ? "en" : "nl", "reasons", labels_of(c->english),
        "contradicted", (json_int_t)c->n_contradicted);
    MK_TRY(put_years(root, c));
    MK_TRY(mk_sdc_json_dump(out, root, false));
out:
    json_decref(root);
    return rc;
}
