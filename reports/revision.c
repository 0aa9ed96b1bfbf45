/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/revision.h"

#include <inttypes.h>
#include <string.h>

#include "reports/sdc/json.h"
#include "reports/sdc/spec_read.h"

struct mk_change mk_change_count(const struct mk_counts *counts, int year)
{
    struct mk_change c = {0, 0, 0};
    for (size_t i = 0; i < counts->n_rows; i++) {
        const struct mk_counts_row *r = &counts->rows[i];
        if (counts->years[r->level[MK_DIM_YEAR]] != year)
            continue;
        switch ((enum mk_change_kind)r->change) {
        case MK_CHANGE_KEPT:
            c.kept += r->n;
            break;
        case MK_CHANGE_REMOVED:
            c.removed += r->n;
            break;
        case MK_CHANGE_ADDED:
            c.added += r->n;
            break;
        case MK_CHANGE_AT_THEN: /* counts with reasons are not for publication */
        case MK_CHANGE_AT_NOW:
        case MK_CHANGES:
            break;
        }
    }
    return c;
}

bool mk_change_any(const struct mk_change *c)
{
    return c->removed > 0 || c->added > 0;
}

static bool few(uint64_t n, uint64_t threshold)
{
    return n > 0 && n < threshold;
}

bool mk_change_few(const struct mk_change *c, uint64_t threshold)
{
    return few(c->removed, threshold) || few(c->added, threshold);
}

bool mk_change_shown(const json_t *release)
{
    const json_t *levels =
        json_object_get(json_object_get(release, "spec"), "levels");
    return json_object_get(levels, MK_CHANGE_DIM) != NULL;
}

/* ---- tables ---- */

/*
 * A table with its change replaced by the levels in text (JSON), in one form
 * however it was written: dims in the order of the spec, those of `where` among
 * them.  NULL: out of memory.
 */
static json_t *table_of(const json_t *dims, const json_t *table,
                        const char *change)
{
    const json_t *crosses = table;
    json_t *where = json_object(), *names = json_array(), *made = NULL;
    enum mk_err rc = MK_OK;
    if (json_is_object(table)) {
        const json_t *of = json_object_get(table, "where");
        crosses = json_object_get(table, "dims");
        if (of && json_object_update(where, (json_t *)(uintptr_t)of) != 0)
            rc = MK_E_MEMORY;
    }
    if (rc == MK_OK)
        rc = mk_sdc_json_put(where, MK_CHANGE_DIM,
                             json_loads(change, JSON_REJECT_DUPLICATES, NULL));
    for (size_t d = 0; d < json_array_size(dims) && rc == MK_OK; d++) {
        json_t *name = json_array_get(dims, d);
        bool in = json_object_get(where, json_string_value(name)) != NULL;
        for (size_t i = 0; i < json_array_size(crosses); i++)
            in |= json_equal(json_array_get(crosses, i), name) != 0;
        if (in)
            rc = mk_sdc_json_append(names, json_incref(name));
    }
    if (rc == MK_OK)
        made = json_pack("{s:O, s:O}", "dims", names, "where", where);
    json_decref(names);
    json_decref(where);
    return made;
}

static bool holds(const json_t *list, const json_t *value)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (json_equal(json_array_get(list, i), value))
            return true;
    return false;
}

/* Adds the tables of one spec under the levels in change, each once. */
static enum mk_err add_tables(json_t *out, const json_t *dims,
                              const json_t *tables, const char *change)
{
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < json_array_size(tables) && rc == MK_OK; i++) {
        json_t *table = table_of(dims, json_array_get(tables, i), change);
        if (!table)
            return MK_E_MEMORY;
        if (!holds(out, table))
            rc = mk_sdc_json_append(out, json_incref(table));
        json_decref(table);
    }
    return rc;
}

static enum mk_err put_tables(json_t *spec, const json_t *const *earlier,
                              size_t n)
{
    static const char now[] = "[\"" MK_CHANGE_NOW "\"]";
    static const char moved[] = "[\"REMOVED\", \"ADDED\"]";
    const json_t *dims = json_object_get(spec, "dims");
    const json_t *own = json_object_get(spec, "tables");
    json_t *tables = json_array();
    enum mk_err rc;
    /* first what is printed, in its order */
    MK_TRY(add_tables(tables, dims, own, now));
    MK_TRY(add_tables(tables, dims, own, moved));
    for (size_t i = 0; i < n; i++)
        MK_TRY(add_tables(tables, dims, json_object_get(earlier[i], "tables"),
                          moved));
    MK_TRY(mk_sdc_json_put(spec, "tables", json_incref(tables)));
out:
    json_decref(tables);
    return rc;
}

/* ---- the model ---- */

static enum mk_err add_dim(json_t *spec, json_t *levels)
{
    enum mk_err rc;
    MK_TRY(mk_sdc_json_put(json_object_get(spec, "levels"), MK_CHANGE_DIM,
                           levels));
    MK_TRY(mk_sdc_json_append(json_object_get(spec, "dims"),
                              json_string(MK_CHANGE_DIM)));
out:
    return rc;
}

static enum mk_err put_hierarchy(json_t *spec)
{
    json_t *now = json_pack("{s:[s, s]}", MK_CHANGE_NOW, "KEPT", "ADDED");
    if (!json_is_object(json_object_get(spec, "hierarchies")))
        return mk_sdc_json_put(spec, "hierarchies",
                               json_pack("{s:o}", MK_CHANGE_DIM, now));
    return mk_sdc_json_put(json_object_get(spec, "hierarchies"), MK_CHANGE_DIM,
                           now);
}

enum mk_err mk_change_spec(struct mk_buf *spec, const json_t *const *earlier,
                           size_t n, struct mk_diag *diag)
{
    json_t *json = NULL;
    enum mk_err rc;
    MK_TRY(mk_sdc_json_load(&json, spec->data, spec->len, MK_SDC_SPEC_BYTES,
                            "spec", diag));
    MK_TRY(add_dim(json, json_pack("[s, s, s]", "KEPT", "REMOVED", "ADDED")));
    MK_TRY(put_hierarchy(json));
    MK_TRY(put_tables(json, earlier, n));
    MK_TRY(mk_sdc_json_put(json, "watched",
                           json_pack("[{s:s}, {s:s}]", MK_CHANGE_DIM,
                                     "REMOVED", MK_CHANGE_DIM, "ADDED")));
    mk_buf_clear(spec);
    MK_TRY(mk_sdc_json_dump(spec, json, true));
out:
    json_decref(json);
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, "spec") : rc;
}

enum mk_err mk_change_before(json_t *release)
{
    json_t *spec = json_object_get(release, "spec");
    json_t *cells = json_object_get(release, "cells");
    size_t at = json_array_size(json_object_get(spec, "dims"));
    enum mk_err rc = MK_OK;
    if (mk_change_shown(release))
        return MK_OK;
    MK_TRY(add_dim(spec, json_pack("[s, s]", "KEPT", "REMOVED")));
    for (size_t i = 0; i < json_array_size(cells); i++)
        if (json_array_insert_new(json_array_get(cells, i), at,
                                  json_string("*")) != 0)
            return MK_E_MEMORY;
out:
    return rc;
}

enum mk_err mk_change_known(struct mk_buf *out, const struct mk_change *c)
{
    bool empty = c->kept == 0 && c->removed == 0;
    enum mk_err rc;
    /* the least threshold that there is: it promises nothing to anybody */
    MK_TRY(mk_buf_addf(
        out,
        "{\"schema\": \"meldkluis-sdc-release/1\","
        " \"name\": \"" MK_CHANGE_RELEASE "\", \"method\": \"suppress\","
        " \"spec\": {\"dims\": [\"change\"],"
        " \"levels\": {\"change\": [\"REMOVED\", \"ADDED\"%s]},"
        " \"nomargin\": [\"change\"], \"tables\": [[\"change\"]],"
        " \"threshold\": 2, \"insider\": false},"
        " \"cells\": [[\"REMOVED\", %" PRIu64 ", null, null],"
        " [\"ADDED\", %" PRIu64 ", null, null]%s]}\n",
        empty ? ", \"KEPT\"" : "", c->removed, c->added,
        empty ? ", [\"KEPT\", 0, null, null]" : ""));
out:
    return rc;
}
