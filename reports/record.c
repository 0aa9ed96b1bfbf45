/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/record.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "core/base/num.h"
#include "reports/sdc/json.h"
#include "reports/sdc/release_file.h"

#define MAX_RECORD ((size_t)1 << 24)
#define LIST 1024 /* of years or positions in the header */
#define SCHEMA "meldkluis-record/1"

static const char *const kinds[] = {[MK_RECORD_FACTSHEET] = "factsheet",
                                    [MK_RECORD_TABLE] = "table",
                                    [MK_RECORD_REVISION] = "revision"};

/* ---- reading ---- */

void mk_record_init(struct mk_record *record)
{
    memset(record, 0, sizeof *record);
}

void mk_record_release(struct mk_record *record)
{
    mk_buf_release(&record->header);
    json_decref(record->json);
    mk_record_init(record);
}

/* The value of "key: value" in the header, as a terminated copy of at most n
 * bytes; false if there is none. */
static bool header_value(const struct mk_record *record, const char *key,
                         char *out, size_t n)
{
    const char *at = (const char *)record->header.data;
    size_t len = strlen(key);
    for (; *at; at += strcspn(at, "\n"), at += *at == '\n') {
        if (strncmp(at, key, len) != 0 || at[len] != ':' || at[len + 1] != ' ')
            continue;
        size_t value = strcspn(at + len + 2, "\n");
        if (value >= n)
            return false;
        memcpy(out, at + len + 2, value);
        out[value] = '\0';
        return true;
    }
    return false;
}

static enum mk_err read_header(struct mk_record *record, struct mk_diag *diag)
{
    char value[MK_SDC_NAME];
    unsigned kind = 0;
    if (!header_value(record, "meldkluis-release", value, sizeof value) ||
        !header_value(record, "name", record->name, sizeof record->name))
        return mk_fail(diag, MK_E_SYNTAX, "release");
    if (!header_value(record, "kind", value, sizeof value))
        return mk_fail(diag, MK_E_SYNTAX, "release (kind)");
    while (kind < 3 && strcmp(value, kinds[kind]) != 0)
        kind++;
    if (kind == 3)
        return mk_fail(diag, MK_E_SYNTAX, "release (kind)");
    record->kind = kind;
    if (!header_value(record, "basis", value, sizeof value))
        return mk_fail(diag, MK_E_SYNTAX, "release (basis)");
    record->school_year = strcmp(value, "school") == 0;
    return MK_OK;
}

enum mk_err mk_record_parse(struct mk_record *record, const void *text,
                            size_t n, struct mk_diag *diag)
{
    const char *start = text;
    const char *gap = n ? memmem(text, n, "\n\n", 2) : NULL;
    enum mk_err rc;
    if (n > MAX_RECORD)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "release", 0, MAX_RECORD, 0);
    if (!gap)
        return mk_fail(diag, MK_E_SYNTAX, "release");
    size_t head = (size_t)(gap - start) + 1;
    MK_TRY(mk_buf_add(&record->header, text, head));
    MK_TRY(mk_buf_terminate(&record->header));
    MK_TRY(read_header(record, diag));
    MK_TRY(mk_sdc_json_load(&record->json, start + head + 1, n - head - 1,
                            MAX_RECORD, "release", diag));
    const char *schema =
        json_string_value(json_object_get(record->json, "schema"));
    if (!schema || strcmp(schema, SCHEMA) != 0)
        rc = mk_fail(diag, MK_E_NEWER, "release");
out:
    return rc;
}

static json_t *find_year(const struct mk_record *record, int year)
{
    const json_t *years = json_object_get(record->json, "years");
    size_t i;
    json_t *o;
    json_array_foreach(years, i,
                       o) if (json_integer_value(json_object_get(o, "year")) ==
                              year) return json_object_get(o, "sdc");
    return NULL;
}

/* Printed before: what was kept since, and what is gone now. */
static enum mk_err add_change(json_t *sdc)
{
    json_t *spec = json_object_get(sdc, "spec");
    json_t *dims = json_object_get(spec, "dims");
    json_t *levels = json_object_get(spec, "levels");
    size_t n = json_array_size(dims), i;
    json_t *cell;
    if (json_array_append_new(dims, json_string("change")) != 0 ||
        json_object_set_new(levels, "change",
                            json_pack("[ss]", "KEPT", "REMOVED")) != 0)
        return MK_E_MEMORY;
    json_array_foreach(
        json_object_get(sdc, "cells"), i,
        cell) if (json_array_insert_new(cell, n, json_string("*")) !=
                  0) return MK_E_MEMORY;
    return MK_OK;
}

/* A revision as later releases see it: what it printed is how it is now. */
static enum mk_err drop_change(json_t *sdc)
{
    json_t *spec = json_object_get(sdc, "spec");
    json_t *dims = json_object_get(spec, "dims");
    json_t *tables = json_object_get(spec, "tables"), *item;
    size_t n = json_array_size(dims) - 1, i;
    json_array_remove(dims, n);
    json_object_del(json_object_get(spec, "levels"), "change");
    json_object_del(json_object_get(spec, "hierarchies"), "change");
    json_object_set_new(spec, "watched", json_array());
    for (i = json_array_size(tables); i-- > 0;) {
        json_t *table = json_array_get(tables, i);
        json_t *where = json_object_get(table, "where");
        json_t *names = json_object_get(table, "dims");
        if (json_array_size(json_object_get(where, "change")) == 2) {
            json_array_remove(tables, i); /* REMOVED and ADDED: not printed */
            continue;
        }
        json_object_del(where, "change");
        /* the last dimension: what is restricted in it names it last */
        json_array_remove(names, json_array_size(names) - 1);
    }
    json_array_foreach(json_object_get(sdc, "cells"), i, item)
        json_array_remove(item, n);
    return MK_OK;
}

static bool has_change(const json_t *sdc)
{
    size_t i;
    json_t *dim;
    json_array_foreach(json_object_get(json_object_get(sdc, "spec"), "dims"),
                       i, dim) if (json_is_string(dim) &&
                                   strcmp(json_string_value(dim), "change") ==
                                       0) return true;
    return false;
}

enum mk_err mk_record_year(const struct mk_record *record, int year,
                           bool change, bool *found, struct mk_buf *out,
                           struct mk_diag *diag)
{
    json_t *sdc = find_year(record, year), *copy = NULL;
    enum mk_err rc;
    *found = json_is_object(sdc);
    if (!*found)
        return MK_OK;
    if (change && has_change(sdc))
        return mk_fail_at(diag, MK_E_REVISED, record->name, 0, year, 0);
    copy = json_deep_copy(sdc);
    rc = copy ? MK_OK : MK_E_MEMORY;
    if (rc == MK_OK && change)
        rc = add_change(copy);
    else if (rc == MK_OK && has_change(copy))
        rc = drop_change(copy);
    if (rc == MK_OK)
        rc = mk_sdc_json_dump(out, copy, true);
    json_decref(copy);
    return rc == MK_OK ? rc : mk_fail(diag, rc, "release");
}

size_t mk_record_years(const struct mk_record *record, int *years, size_t max)
{
    const json_t *list = json_object_get(record->json, "years");
    size_t i, n = 0;
    json_t *o;
    json_array_foreach(list, i, o) if (n < max)
        years[n++] = (int)json_integer_value(json_object_get(o, "year"));
    return n;
}

bool mk_record_position(const struct mk_record *record, int year,
                        uint64_t *position)
{
    char years[LIST], positions[LIST];
    const char *y = years, *p = positions;
    if (!header_value(record, "years", years, sizeof years) ||
        !header_value(record, "positions", positions, sizeof positions))
        return false;
    for (;;) {
        size_t n_y = strcspn(y, " "), n_p = strcspn(p, " ");
        uint64_t at;
        if (!mk_num_parse(y, n_y, 0, INT_MAX, &at) ||
            !mk_num_parse(p, n_p, 0, UINT64_MAX, position))
            return false;
        if (at == (uint64_t)year)
            return true;
        y += n_y + (y[n_y] != '\0');
        p += n_p + (p[n_p] != '\0');
    }
}

const char *mk_record_file(const struct mk_record *record, const char *name)
{
    return json_string_value(
        json_object_get(json_object_get(record->json, "files"), name));
}

/* ---- making ---- */

json_t *mk_record_new(void)
{
    return json_pack("{s:s, s:{}, s:[]}", "schema", SCHEMA, "files", "years");
}

enum mk_err mk_record_add_file(json_t *json, const char *name,
                               const struct mk_buf *text)
{
    return mk_sdc_json_put(json_object_get(json, "files"), name,
                           json_stringn((const char *)text->data, text->len));
}

enum mk_err mk_record_add_year(json_t *json, int year,
                               const struct mk_sdc_task *task,
                               const char *name, struct mk_diag *diag)
{
    json_t *o = json_object(), *sdc = NULL;
    enum mk_err rc = o ? MK_OK : MK_E_MEMORY;
    if (rc == MK_OK && task)
        rc = mk_sdc_release_to_json(&sdc, &task->model, name, diag);
    if (rc == MK_OK)
        rc = mk_sdc_json_put(o, "year", json_integer(year));
    if (rc == MK_OK)
        rc = mk_sdc_json_put(o, "sdc", task ? json_incref(sdc) : json_null());
    if (rc == MK_OK)
        rc =
            mk_sdc_json_append(json_object_get(json, "years"), json_incref(o));
    json_decref(sdc);
    json_decref(o);
    return rc;
}

enum mk_err mk_record_write(struct mk_buf *out,
                            const struct mk_record_head *head,
                            const json_t *json)
{
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out, "meldkluis-release: 1\nname: %s\nkind: %s\nyears:",
                       head->name, kinds[head->kind]));
    for (size_t i = 0; i < head->n_years; i++)
        MK_TRY(mk_buf_addf(out, " %d", head->years[i]));
    MK_TRY(mk_buf_add_str(out, "\npositions:"));
    for (size_t i = 0; i < head->n_years; i++)
        MK_TRY(mk_buf_addf(out, " %" PRIu64, head->position[i]));
    MK_TRY(mk_buf_addf(out,
                       "\nbasis: %s\naudience: %s\nthreshold: %" PRIu64
                       "\nmethod: suppress\n\n",
                       head->school_year ? "school" : "calendar",
                       head->audience, head->threshold));
    MK_TRY(mk_sdc_json_dump(out, json, true));
out:
    return rc;
}
