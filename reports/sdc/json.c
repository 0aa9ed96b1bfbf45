/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/json.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/base/random.h"
#include "core/base/text.h"

#define PATH 512

/* How deep the text nests, as far as brackets outside strings tell; the line
 * where it passes the limit.  jansson would go on to 2048. */
static bool too_deep(const char *text, size_t n, uint64_t *line)
{
    size_t depth = 0;
    bool string = false;
    *line = 1;
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if (c == '\n')
            ++*line;
        if (string) {
            if (c == '\\')
                i++;
            else if (c == '"')
                string = false;
        } else if (c == '"') {
            string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > MK_SDC_JSON_DEPTH)
                return true;
        } else if ((c == ']' || c == '}') && depth) {
            depth--;
        }
    }
    return false;
}

static enum mk_err refusal(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_out_of_memory:
        return MK_E_MEMORY;
    case json_error_duplicate_key:
        return MK_E_DUPLICATE_KEY;
    case json_error_invalid_utf8:
        return MK_E_BAD_UTF8;
    default: /* of a library: every other way of being no JSON */
        return MK_E_SYNTAX;
    }
}

enum mk_err mk_sdc_json_load(json_t **root, const void *text, size_t n,
                             size_t max, const char *place,
                             struct mk_diag *diag)
{
    json_error_t error;
    uint64_t line;
    size_t seed;
    *root = NULL;
    if (n > max)
        return mk_fail_at(diag, MK_E_TOO_LARGE, place, 0, (int64_t)max, 0);
    if (n == 0)
        return mk_fail_at(diag, MK_E_SYNTAX, place, 1, 0, 0);
    if (too_deep(text, n, &line))
        return mk_fail_at(diag, MK_E_TOO_LARGE, place, line, MK_SDC_JSON_DEPTH,
                          0);
    /* the first seed stays; nobody can choose keys that collide */
    mk_random(&seed, sizeof seed);
    json_object_seed(seed | 1);
    json_t *json = json_loadb(text, n, JSON_REJECT_DUPLICATES, &error);
    if (!json)
        return mk_fail_at(diag, refusal(&error), place,
                          error.line > 0 ? (uint64_t)error.line : 0, 0, 0);
    if (!json_is_object(json)) {
        json_decref(json);
        return mk_fail_at(diag, MK_E_SYNTAX, place, 1, 0, 0);
    }
    *root = json;
    return MK_OK;
}

static int add_bytes(const char *bytes, size_t n, void *out)
{
    return mk_buf_add(out, bytes, n) == MK_OK ? 0 : -1;
}

enum mk_err mk_sdc_json_dump(struct mk_buf *out, const json_t *json,
                             bool compact)
{
    size_t flags = JSON_ENCODE_ANY | (compact ? JSON_COMPACT : JSON_INDENT(1));
    if (json_dump_callback(json, add_bytes, out, flags) != 0)
        return MK_E_MEMORY;
    return mk_buf_add_u8(out, '\n');
}

enum mk_err mk_sdc_json_refuse(struct mk_diag *diag, enum mk_err err,
                               int64_t num0, int64_t num1, const char *fmt,
                               ...)
{
    char path[PATH];
    struct mk_buf shown = MK_BUF_INIT;
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(path, sizeof path, fmt, args);
    va_end(args);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof path ? (size_t)n : PATH - 1;
    len = mk_text_valid(path, len); /* cut between characters */
    if (mk_text_visible(&shown, path, len, false) != MK_OK ||
        mk_buf_terminate(&shown) != MK_OK)
        err = MK_E_MEMORY;
    (void)mk_fail_at(diag, err, shown.data ? (const char *)shown.data : NULL,
                     0, num0, num1);
    mk_buf_release(&shown);
    return err;
}

enum mk_err mk_sdc_json_put(json_t *object, const char *key, json_t *value)
{
    return json_object_set_new(object, key, value) == 0 ? MK_OK : MK_E_MEMORY;
}

enum mk_err mk_sdc_json_append(json_t *array, json_t *value)
{
    return json_array_append_new(array, value) == 0 ? MK_OK : MK_E_MEMORY;
}
