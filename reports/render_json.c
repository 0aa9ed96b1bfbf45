/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/render.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "reports/json_make.h"
#include "reports/method.h"
#include "reports/sdc/json.h"
#include "reports/words.h"

#define SCHEMA 1

static enum mk_err put_head(json_t *root, const struct mk_factsheet *f,
                            const char *kind)
{
    const char *marking = mk_words_marking(f);
    char text[MK_DATE_TEXT], year[MK_YEAR_TEXT], rule[MK_RULE_TEXT];
    json_t *years = json_array();
    enum mk_err rc;
    MK_TRY(mk_sdc_json_put(root, "schema", json_integer(SCHEMA)));
    MK_TRY(mk_sdc_json_put(root, "kind", json_string(kind)));
    MK_TRY(mk_sdc_json_put(root, "title",
                           json_string(mk_words_title(f->english))));
    MK_TRY(mk_sdc_json_put(root, "lang", mk_json_make_lang(f->english)));
    MK_TRY(mk_sdc_json_put(root, "release", mk_json_make_text(f->release)));
    MK_TRY(mk_sdc_json_put(root, "policy",
                           json_string(mk_policy_slug(f->policy))));
    MK_TRY(mk_sdc_json_put(root, "for_publication", json_boolean(!marking)));
    MK_TRY(mk_sdc_json_put(root, "marking", mk_json_make_text(marking)));
    MK_TRY(mk_sdc_json_put(root, "threshold",
                           json_integer((json_int_t)f->threshold)));
    if (f->own_rule) {
        mk_rule_format(rule, &f->rule);
        MK_TRY(mk_sdc_json_put(root, "rule", json_string(rule)));
    }
    MK_TRY(mk_sdc_json_put(root, "unit", json_string("dossier")));
    MK_TRY(mk_sdc_json_put(
        root, "basis", json_string(f->school_year ? "school" : "calendar")));
    for (size_t i = 0; i < f->n_years; i++) {
        mk_words_year(year, f->years[i], f->school_year);
        MK_TRY(mk_sdc_json_append(years, json_string(year)));
    }
    MK_TRY(mk_sdc_json_put(root, "years", json_incref(years)));
    if (f->data_date != MK_DAY_NONE)
        mk_date_format(text, f->data_date);
    MK_TRY(mk_sdc_json_put(root, "data_date",
                           f->data_date == MK_DAY_NONE ? json_null()
                                                       : json_string(text)));
    MK_TRY(mk_sdc_json_put(root, "position",
                           json_integer((json_int_t)f->position)));
out:
    json_decref(years);
    return rc;
}

/* Sentences with their ids: [{"id": "closure", "text": ".."}]. */
static enum mk_err put_method(json_t *root, const struct mk_factsheet *f)
{
    struct mk_method m;
    json_t *items = json_array();
    enum mk_err rc;
    mk_method_init(&m);
    MK_TRY(mk_method_build(&m, f));
    for (size_t i = 0; i < m.n; i++)
        MK_TRY(mk_sdc_json_append(
            items,
            json_pack("{s:s, s:b, s:s, s:s}", "id", m.item[i].id, "term",
                      m.item[i].term, "heading", m.item[i].heading, "text",
                      (const char *)m.item[i].text.data)));
    MK_TRY(mk_sdc_json_put(root, "method", json_incref(items)));
out:
    json_decref(items);
    mk_method_release(&m);
    return rc;
}

static json_t *cell_object(const struct mk_factsheet *f,
                           const struct mk_table *t, size_t y, size_t c,
                           size_t k, size_t m)
{
    const struct mk_cell *cell = mk_factsheet_cell(t, y, c, k, m);
    bool hidden = cell->mark == MK_MARK_X;
    char year[MK_YEAR_TEXT];
    mk_words_year(year, f->years[y], f->school_year);
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:o, s:s, s:o, s:o}", "year", year, "care_type",
        t->care_type.row[k].slug, "category", t->category.row[c].slug,
        "measure", mk_measure_get(t->first + m)->slug, "value",
        mk_json_make_number(cell->mark == MK_MARK_NONE, cell->value), "mark",
        mk_mark_slug(cell->mark), "lo", mk_json_make_number(hidden, cell->lo),
        "hi", mk_json_make_number(hidden, cell->hi));
}

static enum mk_err put_cells(json_t *table, const struct mk_factsheet *f,
                             const struct mk_table *t)
{
    json_t *cells = json_array();
    enum mk_err rc = MK_OK;
    for (size_t y = 0; y < f->n_years; y++)
        for (size_t c = 0; c < t->category.n; c++)
            for (size_t k = 0; k < t->care_type.n; k++) {
                if (t->category.row[c].hidden || t->care_type.row[k].hidden)
                    continue;
                for (size_t m = 0; m < t->measures; m++)
                    MK_TRY(mk_sdc_json_append(cells,
                                              cell_object(f, t, y, c, k, m)));
            }
    MK_TRY(mk_sdc_json_put(table, "cells", json_incref(cells)));
out:
    json_decref(cells);
    return rc;
}

/* Labels of the codes in use: {"SM": "seksueel misbruik"}. */
static enum mk_err put_labels(json_t *table, const char *key,
                              const struct mk_axis *axis, bool english)
{
    json_t *labels = json_object();
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < axis->n; i++)
        if (!axis->row[i].hidden && axis->row[i].kind != MK_ROW_ALL)
            MK_TRY(mk_sdc_json_put(
                labels, axis->row[i].slug,
                json_string(mk_words_label(&axis->row[i], english))));
    MK_TRY(mk_sdc_json_put(table, key, json_incref(labels)));
out:
    json_decref(labels);
    return rc;
}

static enum mk_err put_tables(json_t *root, const struct mk_factsheet *f)
{
    json_t *tables = json_array();
    json_t *table = NULL;
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < MK_TABLE_COUNT; i++) {
        const struct mk_table *t = &f->table[i];
        table = json_object();
        MK_TRY(mk_sdc_json_put(table, "table", json_string(t->id)));
        MK_TRY(mk_sdc_json_put(table, "title", json_string(t->title)));
        MK_TRY(mk_sdc_json_put(table, "unit", json_string(t->unit)));
        MK_TRY(put_labels(table, "categories", &t->category, f->english));
        MK_TRY(put_labels(table, "care_types", &t->care_type, f->english));
        MK_TRY(put_cells(table, f, t));
        MK_TRY(mk_sdc_json_append(tables, json_incref(table)));
        json_decref(table);
        table = NULL;
    }
    MK_TRY(mk_sdc_json_put(root, "tables", json_incref(tables)));
out:
    json_decref(table);
    json_decref(tables);
    return rc;
}

static enum mk_err dump(struct mk_buf *out, const struct mk_factsheet *f,
                        const char *kind, bool tables)
{
    enum mk_err rc;
    mk_json_make_seed();
    json_t *root = json_object();
    MK_TRY(put_head(root, f, kind));
    MK_TRY(mk_sdc_json_put(root, "summary",
                           mk_json_make_notes(f->summary, f->n_summary)));
    if (tables)
        MK_TRY(put_tables(root, f));
    MK_TRY(mk_sdc_json_put(root, "notes",
                           mk_json_make_notes(f->note, f->n_notes)));
    MK_TRY(put_method(root, f));
    MK_TRY(mk_sdc_json_dump(out, root, false));
out:
    json_decref(root);
    return rc;
}

enum mk_err mk_render_json(struct mk_buf *out, const struct mk_factsheet *f)
{
    return dump(out, f, "factsheet", true);
}

enum mk_err mk_render_release(struct mk_buf *out, const struct mk_factsheet *f)
{
    return dump(out, f, "release", false);
}
