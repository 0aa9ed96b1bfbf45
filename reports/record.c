/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/record.h"

#include <inttypes.h>
#include <string.h>

#include "reports/revision.h"
#include "reports/sdc/json.h"
#include "reports/sdc/release_file.h"

#define MAX_RECORD ((size_t)1 << 24)
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
    for (size_t i = 0; i < json_array_size(years); i++) {
        const json_t *o = json_array_get(years, i);
        if (json_integer_value(json_object_get(o, "year")) == year)
            return json_object_get(o, "sdc");
    }
    return NULL;
}

const json_t *mk_record_sdc(const struct mk_record *record, int year)
{
    const json_t *sdc = find_year(record, year);
    return json_is_object(sdc) ? sdc : NULL;
}

enum mk_err mk_record_year(const struct mk_record *record, int year,
                           bool changed, bool *found, struct mk_buf *out,
                           struct mk_diag *diag)
{
    const json_t *sdc = mk_record_sdc(record, year);
    json_t *copy;
    enum mk_err rc;
    *found = sdc != NULL;
    if (!*found)
        return MK_OK;
    copy = json_deep_copy(sdc);
    rc = copy ? MK_OK : MK_E_MEMORY;
    if (rc == MK_OK && changed)
        rc = mk_change_before(copy);
    if (rc == MK_OK)
        rc = mk_sdc_json_dump(out, copy, true);
    json_decref(copy);
    return rc == MK_OK ? rc : mk_fail(diag, rc, "release");
}

size_t mk_record_years(const struct mk_record *record, int *years, size_t max)
{
    const json_t *list = json_object_get(record->json, "years");
    size_t n = 0;
    for (; n < json_array_size(list) && n < max; n++)
        years[n] = (int)json_integer_value(
            json_object_get(json_array_get(list, n), "year"));
    return n;
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
    MK_TRY(mk_buf_addf(out,
                       "meldkluis-release: %d\nname: %s\nkind: %s\nyears:",
                       head->rule ? 2 : 1, head->name, kinds[head->kind]));
    for (size_t i = 0; i < head->n_years; i++)
        MK_TRY(mk_buf_addf(out, " %d", head->years[i]));
    MK_TRY(mk_buf_add_str(out, "\npositions:"));
    for (size_t i = 0; i < head->n_years; i++)
        MK_TRY(mk_buf_addf(out, " %" PRIu64, head->position[i]));
    MK_TRY(mk_buf_addf(out,
                       "\nbasis: %s\naudience: %s\nthreshold: %" PRIu64
                       "\nmethod: suppress\n",
                       head->school_year ? "school" : "calendar",
                       head->audience, head->threshold));
    if (head->rule)
        MK_TRY(mk_buf_addf(out, "rule: %s\n", head->rule));
    MK_TRY(mk_buf_add_str(out, "\n"));
    MK_TRY(mk_sdc_json_dump(out, json, true));
out:
    return rc;
}
