/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/release_file.h"

#include <string.h>

#include "reports/sdc/cell_set.h"
#include "reports/sdc/json.h"
#include "reports/sdc/release_check.h"
#include "reports/sdc/round.h"
#include "reports/sdc/spec_read.h"
#include "reports/sdc/write.h"

#define SCHEMA "meldkluis-sdc-release/1"
#define SUPPRESS "suppress"
#define ROUND "round"
#define FIGURES 3 /* value, lo, hi */

/* ---- writing ---- */

static json_t *figure(bool there, uint64_t value)
{
    return there ? json_integer((json_int_t)value) : json_null();
}

/* NULL: out of memory. */
static json_t *cell_of(const struct mk_sdc_writer *w)
{
    const struct mk_sdc_spec *spec = w->model->spec;
    const struct mk_sdc_cell *cell = w->cell;
    json_t *row = json_array();
    enum mk_err rc = MK_OK;
    for (size_t d = 0; d < spec->n_dims; d++)
        MK_TRY(mk_sdc_json_append(
            row, json_string(spec->dim[d].node[w->node[d]].name)));
    if (cell->print == MK_SDC_ROUNDED)
        MK_TRY(mk_sdc_json_append(row, figure(true, cell->figure)));
    else
        MK_TRY(mk_sdc_json_append(row, figure(!cell->hidden, cell->value)));
    MK_TRY(mk_sdc_json_append(row, figure(cell->hidden, cell->lo)));
    MK_TRY(mk_sdc_json_append(row, figure(cell->hidden, cell->hi)));
out:
    if (rc != MK_OK) {
        json_decref(row);
        return NULL;
    }
    return row;
}

static enum mk_err put_cells(json_t *root, const struct mk_sdc_model *model,
                             struct mk_diag *diag)
{
    struct mk_sdc_writer w;
    json_t *cells = json_array();
    bool more;
    enum mk_err rc = MK_E_MEMORY;
    mk_sdc_writer_init(&w, model);
    /* by its own spec the file is whole: who reads it knows no other */
    w.own = mk_sdc_empty_new(model->spec);
    if (!w.own)
        goto out;
    MK_TRY(mk_sdc_writer_next(&w, &more, diag));
    while (more) {
        MK_TRY(mk_sdc_json_append(cells, cell_of(&w)));
        MK_TRY(mk_sdc_writer_next(&w, &more, diag));
    }
    MK_TRY(mk_sdc_json_put(root, "cells", json_incref(cells)));
out:
    mk_sdc_empty_free(w.own);
    mk_sdc_writer_release(&w);
    json_decref(cells);
    return rc;
}

enum mk_err mk_sdc_release_to_json(json_t **json,
                                   const struct mk_sdc_model *model,
                                   const char *name, struct mk_diag *diag)
{
    json_t *root = json_object();
    enum mk_err rc;
    *json = NULL;
    MK_TRY(mk_sdc_json_put(root, "schema", json_string(SCHEMA)));
    if (name && *name)
        MK_TRY(mk_sdc_json_put(root, "name", json_string(name)));
    MK_TRY(mk_sdc_json_put(root, "method",
                           json_string(model->base ? ROUND : SUPPRESS)));
    if (model->base)
        MK_TRY(mk_sdc_json_put(root, "base", figure(true, model->base)));
    MK_TRY(mk_sdc_json_put(root, "spec", mk_sdc_spec_to_json(model->spec)));
    MK_TRY(put_cells(root, model, diag));
    *json = json_incref(root);
out:
    json_decref(root);
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, NULL) : rc;
}

/* One line for each cell, so that two releases can be compared by eye. */
static enum mk_err dump(struct mk_buf *out, const json_t *root)
{
    const char *key;
    json_t *value, *cell;
    size_t i;
    enum mk_err rc;
    const char *before = "{\n";
    json_object_foreach((json_t *)(uintptr_t)root, key, value)
    {
        MK_TRY(mk_buf_addf(out, "%s\"%s\": ", before, key));
        before = ",\n";
        if (strcmp(key, "cells") != 0) {
            MK_TRY(mk_sdc_json_dump(out, value, true));
            out->len--;
            continue;
        }
        MK_TRY(mk_buf_add_str(out, "["));
        json_array_foreach(value, i, cell)
        {
            MK_TRY(mk_buf_add_str(out, i ? ",\n " : "\n "));
            MK_TRY(mk_sdc_json_dump(out, cell, true));
            out->len--;
        }
        MK_TRY(mk_buf_add_str(out, "\n]"));
    }
    MK_TRY(mk_buf_add_str(out, "\n}\n"));
out:
    return rc;
}

enum mk_err mk_sdc_release_write(struct mk_buf *out,
                                 const struct mk_sdc_model *model,
                                 const char *name, struct mk_diag *diag)
{
    json_t *root;
    enum mk_err rc = mk_sdc_release_to_json(&root, model, name, diag);
    if (rc != MK_OK)
        return rc;
    rc = dump(out, root);
    json_decref(root);
    return rc == MK_OK ? rc : mk_fail(diag, rc, "release");
}

/* ---- reading ---- */

/* An integer 0 .. MK_SDC_COUNT, or null (*there false). */
static bool take_figure(const json_t *value, bool *there, uint64_t *out)
{
    json_int_t n = json_integer_value(value);
    *there = json_is_integer(value);
    if (!*there)
        return json_is_null(value);
    *out = (uint64_t)n;
    return n >= 0 && n <= (json_int_t)MK_SDC_COUNT;
}

static bool take_print(const json_t *row, size_t at, uint64_t base,
                       struct mk_sdc_print_cell *cell)
{
    uint64_t least, most;
    bool value, lo, hi;
    *cell = (struct mk_sdc_print_cell){.hi = MK_SDC_COUNT};
    if (!take_figure(json_array_get(row, at), &value, &cell->value) ||
        !take_figure(json_array_get(row, at + 1), &lo, &cell->lo) ||
        !take_figure(json_array_get(row, at + 2), &hi, &cell->hi))
        return false;
    cell->print = base    ? MK_SDC_ROUNDED
                  : value ? MK_SDC_PRINTED
                          : MK_SDC_HIDDEN;
    cell->interval = lo;
    if (base) {
        mk_sdc_round_window(cell->value, base, &least, &most);
        return value && lo && hi && cell->value % base == 0 &&
               cell->lo >= least && cell->hi <= most && cell->lo <= cell->hi;
    }
    return lo == hi && !(value && lo) && cell->lo <= cell->hi;
}

static enum mk_err take_cell(struct mk_sdc_release *release, size_t i,
                             const json_t *row, struct mk_sdc_cell_set *set,
                             struct mk_diag *diag)
{
    const struct mk_sdc_spec *spec = &release->spec;
    uint32_t node[MK_SDC_DIMS];
    struct mk_sdc_print_cell cell;
    if (json_array_size(row) != spec->n_dims + FIGURES ||
        !take_print(row, spec->n_dims, release->printed.base, &cell))
        return mk_sdc_json_refuse(diag, MK_E_BAD_VALUE, 0, 0, "cells[%zu]", i);
    for (size_t d = 0; d < spec->n_dims; d++) {
        const char *name = json_string_value(json_array_get(row, d));
        if (!name ||
            !mk_sdc_find_node(&spec->dim[d], name, strlen(name), &node[d]))
            return mk_sdc_json_refuse(diag, MK_E_BAD_CODE, 0, 0, "cells[%zu]",
                                      i);
    }
    enum mk_err rc = mk_sdc_cell_set_name(set, node, diag);
    if (rc == MK_E_BAD_VALUE || rc == MK_E_DUPLICATE_KEY)
        return mk_sdc_json_refuse(diag, rc, 0, 0, "cells[%zu]", i);
    if (rc != MK_OK)
        return rc;
    return mk_sdc_printed_add(&release->printed, node, &cell, diag);
}

static enum mk_err take_cells(struct mk_sdc_release *release,
                              const json_t *cells, struct mk_diag *diag)
{
    struct mk_sdc_cell_set set;
    size_t i;
    json_t *row;
    enum mk_err rc;
    MK_TRY(mk_sdc_cell_set_init(&set, &release->spec, diag));
    json_array_foreach(cells, i, row)
    {
        MK_TRY(take_cell(release, i, row, &set, diag));
    }
out:
    mk_sdc_cell_set_release(&set);
    return rc;
}

static enum mk_err take_head(struct mk_sdc_release *release,
                             const json_t *json, struct mk_diag *diag)
{
    static const char *const needed[] = {"schema", "method", "spec", "cells"};
    const char *key, *text;
    json_t *value;
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++)
        if (!json_object_get(json, needed[i]))
            return mk_fail(diag, MK_E_MISSING_KEY, needed[i]);
    text = json_string_value(json_object_get(json, "schema"));
    if (!text)
        return mk_fail(diag, MK_E_BAD_VALUE, "schema");
    if (strcmp(text, SCHEMA) != 0)
        return mk_fail_at(diag, MK_E_NEWER, "release", 0, 0, 1);
    json_object_foreach((json_t *)(uintptr_t)json, key, value)
    {
        text = json_string_value(value);
        if (strcmp(key, "name") == 0) {
            if (!text || !mk_sdc_name_ok(text))
                return mk_fail(diag, MK_E_BAD_VALUE, "name");
            memcpy(release->name, text, strlen(text) + 1);
        } else if (strcmp(key, "cells") == 0) {
            if (!json_is_array(value))
                return mk_fail(diag, MK_E_BAD_VALUE, "cells");
        } else if (strcmp(key, "schema") != 0 && strcmp(key, "spec") != 0 &&
                   strcmp(key, "method") != 0 && strcmp(key, "base") != 0) {
            return mk_sdc_json_refuse(diag, MK_E_UNKNOWN_KEY, 0, 0, "%s", key);
        }
    }
    return MK_OK;
}

/* The base of a rounding; 0 of a suppression. */
static enum mk_err take_method(const json_t *json, uint64_t *base,
                               struct mk_diag *diag)
{
    const char *text = json_string_value(json_object_get(json, "method"));
    const json_t *value = json_object_get(json, "base");
    bool there = false;
    *base = 0;
    if (!text || (strcmp(text, SUPPRESS) != 0 && strcmp(text, ROUND) != 0))
        return mk_fail(diag, MK_E_BAD_VALUE, "method");
    if (strcmp(text, SUPPRESS) == 0)
        return value ? mk_fail(diag, MK_E_BAD_VALUE, "base") : MK_OK;
    if (!value)
        return mk_fail(diag, MK_E_MISSING_KEY, "base");
    if (!take_figure(value, &there, base) || (*base != 3 && *base != 5))
        return mk_fail(diag, MK_E_BAD_VALUE, "base");
    return MK_OK;
}

enum mk_err mk_sdc_release_from_json(struct mk_sdc_release *release,
                                     const json_t *json, struct mk_diag *diag)
{
    enum mk_err rc;
    if (!json_is_object(json))
        return mk_fail(diag, MK_E_BAD_VALUE, "release");
    MK_TRY(take_head(release, json, diag));
    MK_TRY(mk_sdc_spec_from_json(&release->spec, json_object_get(json, "spec"),
                                 diag));
    mk_sdc_printed_init(&release->printed, &release->spec);
    MK_TRY(take_method(json, &release->printed.base, diag));
    MK_TRY(take_cells(release, json_object_get(json, "cells"), diag));
    MK_TRY(mk_sdc_release_check(release, diag));
out:
    return rc;
}

enum mk_err mk_sdc_release_parse(struct mk_sdc_release *release,
                                 const void *text, size_t n,
                                 struct mk_diag *diag)
{
    json_t *json;
    enum mk_err rc = mk_sdc_json_load(&json, text, n, MK_SDC_RELEASE_BYTES,
                                      "release", diag);
    if (rc != MK_OK)
        return rc;
    rc = mk_sdc_release_from_json(release, json, diag);
    json_decref(json);
    return rc;
}
