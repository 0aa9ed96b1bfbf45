/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dimensions are the axes that a table has, of year, category, care_type and
 * measure in this order; the last runs fastest, like the cells of a table.
 */
#include "reports/render.h"

#include <stdio.h>

#include "reports/json_make.h"
#include "reports/say.h"
#include "reports/sdc/json.h"
#include "reports/words.h"

#define VERSION "2.0"

/* ---- dimensions ---- */

/* What a dimension is made of while it is filled. */
struct dimension {
    json_t *index, *label, *child;
};

static enum mk_err add_category(struct dimension *d, const char *id,
                                const char *label)
{
    enum mk_err rc;
    MK_TRY(mk_sdc_json_append(d->index, json_string(id)));
    MK_TRY(mk_sdc_json_put(d->label, id, json_string(label)));
out:
    return rc;
}

/* Makes it a dimension of the dataset, and empties d in every case. */
static enum mk_err put_dimension(json_t *set, const char *id,
                                 const char *label, struct dimension *d)
{
    json_t *category = json_object();
    enum mk_err rc;
    MK_TRY(mk_sdc_json_append(
        json_object_get(set, "size"),
        json_integer((json_int_t)json_array_size(d->index))));
    MK_TRY(mk_sdc_json_append(json_object_get(set, "id"), json_string(id)));
    MK_TRY(mk_sdc_json_put(category, "index", json_incref(d->index)));
    MK_TRY(mk_sdc_json_put(category, "label", json_incref(d->label)));
    if (json_object_size(d->child) > 0)
        MK_TRY(mk_sdc_json_put(category, "child", json_incref(d->child)));
    MK_TRY(mk_sdc_json_put(
        json_object_get(set, "dimension"), id,
        json_pack("{s:s, s:O}", "label", label, "category", category)));
out:
    json_decref(category);
    json_decref(d->index);
    json_decref(d->label);
    json_decref(d->child);
    return rc;
}

static struct dimension dimension_new(void)
{
    return (struct dimension){json_array(), json_object(), json_object()};
}

static enum mk_err put_years(json_t *set, const struct mk_factsheet *f)
{
    struct dimension d = dimension_new();
    char year[MK_YEAR_TEXT];
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < f->n_years && rc == MK_OK; i++) {
        mk_words_year(year, f->years[i], f->school_year);
        rc = add_category(&d, year, year);
    }
    enum mk_err put = put_dimension(set, "year",
                                    f->school_year
                                        ? mk_say(f->english, "School year")
                                        : mk_say(f->english, "Year"),
                                    &d);
    return rc == MK_OK ? put : rc;
}

static bool is_child(const struct mk_row *part, const struct mk_row *sum)
{
    if (part->hidden || part->kind == MK_ROW_GROUP ||
        part->kind == MK_ROW_TOTAL)
        return false;
    return sum->kind == MK_ROW_TOTAL ||
           (sum->kind == MK_ROW_GROUP && part->kind == MK_ROW_LEVEL &&
            (sum->members >> part->number & 1));
}

/* The printed rows that a group or total is the sum of. */
static enum mk_err add_children(struct dimension *d,
                                const struct mk_axis *axis,
                                const struct mk_row *sum)
{
    json_t *parts = json_array();
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < axis->n; i++)
        /* where the members of a group are not printed it stands for them */
        if (is_child(&axis->row[i], sum) ||
            (sum->kind == MK_ROW_TOTAL && i > 0 &&
             axis->row[i].kind == MK_ROW_GROUP && axis->row[i - 1].hidden))
            MK_TRY(mk_sdc_json_append(parts, json_string(axis->row[i].slug)));
    if (json_array_size(parts) > 0)
        MK_TRY(mk_sdc_json_put(d->child, sum->slug, json_incref(parts)));
out:
    json_decref(parts);
    return rc;
}

static enum mk_err put_axis(json_t *set, const char *id, const char *label,
                            const struct mk_axis *axis, bool english)
{
    struct dimension d;
    enum mk_err rc = MK_OK, put;
    if (axis->n == 1 && axis->row[0].kind == MK_ROW_ALL)
        return MK_OK;
    d = dimension_new();
    for (size_t i = 0; i < axis->n && rc == MK_OK; i++) {
        const struct mk_row *row = &axis->row[i];
        if (row->hidden)
            continue;
        rc = add_category(&d, row->slug, mk_words_label(row, english));
        if (rc == MK_OK && row->kind >= MK_ROW_GROUP)
            rc = add_children(&d, axis, row);
    }
    put = put_dimension(set, id, label, &d);
    return rc == MK_OK ? put : rc;
}

static enum mk_err put_measures(json_t *set, const struct mk_table *t,
                                bool english)
{
    struct dimension d = dimension_new();
    enum mk_err rc = MK_OK, put;
    json_t *units = json_object(), *category;
    for (size_t m = 0; m < t->measures && rc == MK_OK; m++) {
        enum mk_measure measure = t->first + m;
        const char *slug = mk_measure_get(measure)->slug;
        rc = add_category(&d, slug, mk_words_measure(measure, english));
        if (rc == MK_OK)
            rc = mk_sdc_json_put(
                units, slug,
                json_pack("{s:s, s:i}", "label", "dossier", "decimals", 0));
    }
    put = put_dimension(set, "measure", mk_say(english, "Count"), &d);
    rc = rc == MK_OK ? put : rc;
    category = json_object_get(
        json_object_get(json_object_get(set, "dimension"), "measure"),
        "category");
    if (rc == MK_OK)
        rc = mk_sdc_json_put(category, "unit", json_incref(units));
    json_decref(units);
    return rc;
}

static enum mk_err put_dimensions(json_t *set, const struct mk_factsheet *f,
                                  const struct mk_table *t)
{
    const struct mk_row *first = &t->category.row[0];
    bool en = f->english;
    const char *category = first->kind == MK_ROW_LEVEL &&
                                   first->dim == MK_DIM_REPORTER
                               ? mk_say(en, "Reporter")
                           : t->measures > 1 ? mk_say(en, "Kind")
                                             : mk_say(en, "Category");
    enum mk_err rc;
    MK_TRY(mk_sdc_json_put(set, "id", json_array()));
    MK_TRY(mk_sdc_json_put(set, "size", json_array()));
    MK_TRY(mk_sdc_json_put(
        set, "role",
        json_pack("{s:[s], s:[s]}", "time", "year", "metric", "measure")));
    MK_TRY(mk_sdc_json_put(set, "dimension", json_object()));
    MK_TRY(put_years(set, f));
    MK_TRY(put_axis(set, "category", category, &t->category, en));
    MK_TRY(put_axis(set, "care_type", mk_say(en, "Care type"), &t->care_type,
                    en));
    MK_TRY(put_measures(set, t, en));
out:
    return rc;
}

/* ---- cells ---- */

struct cells {
    json_t *value, *status, *lo, *hi;
};

static enum mk_err add_cell(struct cells *to, const struct mk_cell *cell)
{
    char at[24]; /* the index, as a key of what is sparse */
    enum mk_err rc;
    snprintf(at, sizeof at, "%zu", json_array_size(to->value));
    if (cell->mark == MK_MARK_NONE)
        return mk_sdc_json_append(to->value,
                                  json_integer((json_int_t)cell->value));
    MK_TRY(mk_sdc_json_append(to->value, json_null()));
    MK_TRY(mk_sdc_json_put(to->status, at,
                           json_string(mk_mark_slug(cell->mark))));
    if (cell->mark != MK_MARK_X)
        goto out;
    MK_TRY(mk_sdc_json_put(to->lo, at, json_integer((json_int_t)cell->lo)));
    MK_TRY(mk_sdc_json_put(to->hi, at, json_integer((json_int_t)cell->hi)));
out:
    return rc;
}

static enum mk_err add_cells(struct cells *to, const struct mk_factsheet *f,
                             const struct mk_table *t)
{
    enum mk_err rc = MK_OK;
    for (size_t y = 0; y < f->n_years; y++)
        for (size_t c = 0; c < t->category.n; c++)
            for (size_t k = 0; k < t->care_type.n; k++) {
                if (t->category.row[c].hidden || t->care_type.row[k].hidden)
                    continue;
                for (size_t m = 0; m < t->measures; m++)
                    MK_TRY(add_cell(to, mk_factsheet_cell(t, y, c, k, m)));
            }
out:
    return rc;
}

/* What a mark means: {"x": "suppressed to protect people", ..}. */
static json_t *marks(bool english)
{
    return json_pack(
        "{s:s, s:s, s:s}", mk_mark_slug(MK_MARK_X),
        mk_words_mark(MK_MARK_X, english), mk_mark_slug(MK_MARK_NR),
        mk_words_mark(MK_MARK_NR, english), mk_mark_slug(MK_MARK_NA),
        mk_words_mark(MK_MARK_NA, english));
}

static enum mk_err put_cells(json_t *set, const struct mk_factsheet *f,
                             const struct mk_table *t)
{
    const char *marking = mk_words_marking(f);
    struct cells to = {json_array(), json_object(), json_object(),
                       json_object()};
    json_t *extension = json_object();
    enum mk_err rc;
    MK_TRY(add_cells(&to, f, t));
    MK_TRY(mk_sdc_json_put(set, "value", json_incref(to.value)));
    if (json_object_size(to.status) > 0)
        MK_TRY(mk_sdc_json_put(set, "status", json_incref(to.status)));
    MK_TRY(mk_sdc_json_put(extension, "table", json_string(t->id)));
    MK_TRY(mk_sdc_json_put(extension, "unit", json_string(t->unit)));
    MK_TRY(mk_sdc_json_put(extension, "marking", mk_json_make_text(marking)));
    MK_TRY(mk_sdc_json_put(extension, "status",
                           json_pack("{s:o}", "label", marks(f->english))));
    MK_TRY(mk_sdc_json_put(extension, "lo", json_incref(to.lo)));
    MK_TRY(mk_sdc_json_put(extension, "hi", json_incref(to.hi)));
    MK_TRY(mk_sdc_json_put(set, "extension", json_incref(extension)));
out:
    json_decref(extension);
    json_decref(to.value);
    json_decref(to.status);
    json_decref(to.lo);
    json_decref(to.hi);
    return rc;
}

/* ---- the collection ---- */

static enum mk_err put_day(json_t *object, const char *key, mk_day day)
{
    char text[MK_DATE_TEXT];
    if (day == MK_DAY_NONE)
        return MK_OK;
    mk_date_format(text, day);
    return mk_sdc_json_put(object, key, json_string(text));
}

static enum mk_err add_dataset(json_t *items, const struct mk_factsheet *f,
                               const struct mk_table *t)
{
    json_t *set = json_object();
    enum mk_err rc;
    MK_TRY(mk_sdc_json_put(set, "version", json_string(VERSION)));
    MK_TRY(mk_sdc_json_put(set, "class", json_string("dataset")));
    MK_TRY(
        mk_sdc_json_put(set, "label", json_sprintf("%s %s", t->id, t->title)));
    MK_TRY(mk_sdc_json_put(set, "source",
                           json_string(mk_words_title(f->english))));
    MK_TRY(put_day(set, "updated", f->data_date));
    MK_TRY(put_dimensions(set, f, t));
    MK_TRY(put_cells(set, f, t));
    MK_TRY(mk_sdc_json_append(items, json_incref(set)));
out:
    json_decref(set);
    return rc;
}

static enum mk_err put_texts(json_t *object, const char *key,
                             const struct mk_note *note, size_t n)
{
    json_t *texts = json_array();
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < n; i++)
        MK_TRY(mk_sdc_json_append(
            texts, json_string((const char *)note[i].text.data)));
    MK_TRY(mk_sdc_json_put(object, key, json_incref(texts)));
out:
    json_decref(texts);
    return rc;
}

static enum mk_err put_extension(json_t *root, const struct mk_factsheet *f)
{
    const char *marking = mk_words_marking(f);
    json_t *to = json_object();
    enum mk_err rc;
    MK_TRY(mk_sdc_json_put(to, "lang", mk_json_make_lang(f->english)));
    MK_TRY(mk_sdc_json_put(to, "release", mk_json_make_text(f->release)));
    MK_TRY(
        mk_sdc_json_put(to, "policy", json_string(mk_policy_slug(f->policy))));
    MK_TRY(mk_sdc_json_put(to, "marking", mk_json_make_text(marking)));
    MK_TRY(put_day(to, "data_date", f->data_date));
    MK_TRY(mk_sdc_json_put(to, "position",
                           json_integer((json_int_t)f->position)));
    MK_TRY(mk_sdc_json_put(to, "summary",
                           mk_json_make_notes(f->summary, f->n_summary)));
    MK_TRY(mk_sdc_json_put(root, "extension", json_incref(to)));
out:
    json_decref(to);
    return rc;
}

enum mk_err mk_render_jsonstat(struct mk_buf *out,
                               const struct mk_factsheet *f)
{
    struct mk_buf window = MK_BUF_INIT;
    enum mk_err rc;
    mk_json_make_seed();
    json_t *root = json_object(), *items = json_array();
    MK_TRY(mk_words_window(&window, f));
    MK_TRY(mk_buf_terminate(&window));
    MK_TRY(mk_sdc_json_put(root, "version", json_string(VERSION)));
    MK_TRY(mk_sdc_json_put(root, "class", json_string("collection")));
    MK_TRY(mk_sdc_json_put(root, "label",
                           json_sprintf("%s, %s", mk_words_title(f->english),
                                        (const char *)window.data)));
    MK_TRY(put_day(root, "updated", f->data_date));
    MK_TRY(put_texts(root, "note", f->note, f->n_notes));
    for (size_t i = 0; i < MK_TABLE_COUNT; i++)
        MK_TRY(add_dataset(items, f, &f->table[i]));
    MK_TRY(mk_sdc_json_put(root, "link", json_pack("{s:O}", "item", items)));
    MK_TRY(put_extension(root, f));
    MK_TRY(mk_sdc_json_dump(out, root, true));
out:
    mk_buf_release(&window);
    json_decref(items);
    json_decref(root);
    return rc;
}
