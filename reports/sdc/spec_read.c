/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/spec_read.h"

#include <stdlib.h>
#include <string.h>

#include "reports/sdc/spec_parts.h"

#define MILLION 1000000

/* ---- the rule ---- */

static enum mk_err take_threshold(struct mk_sdc_spec_reader *r,
                                  const char *key, const json_t *value)
{
    json_int_t n = json_integer_value(value);
    if (!value)
        return MK_OK;
    if (!json_is_integer(value) || n < 2 || n > MK_SDC_THRESHOLD)
        return REFUSE_NUMBER(r, 2, MK_SDC_THRESHOLD, "%s", key);
    r->spec->threshold = (uint64_t)n;
    return MK_OK;
}

/* Says the threshold again. */
static enum mk_err take_unsafe(struct mk_sdc_spec_reader *r, const char *key,
                               const json_t *value)
{
    const json_t *from = json_array_get(value, 0),
                 *to = json_array_get(value, 1);
    if (!value)
        return MK_OK;
    if (json_array_size(value) != 2 || !json_is_integer(from) ||
        json_integer_value(from) != 1 || !json_is_integer(to) ||
        json_integer_value(to) != (json_int_t)r->spec->threshold - 1)
        return REFUSE(r, MK_E_BAD_VALUE, "%s", key);
    return MK_OK;
}

/* *second: whether value is the second of two words; absent: the first. */
static enum mk_err take_word(struct mk_sdc_spec_reader *r, const char *key,
                             const json_t *value, const char *first,
                             const char *second, bool *is_second)
{
    const char *word = json_string_value(value);
    *is_second = false;
    if (!value)
        return MK_OK;
    if (!word || (strcmp(word, first) != 0 && strcmp(word, second) != 0))
        return REFUSE(r, MK_E_BAD_VALUE, "%s", key);
    *is_second = strcmp(word, second) == 0;
    return MK_OK;
}

static enum mk_err take_zeros(struct mk_sdc_spec_reader *r, const char *key,
                              const json_t *value)
{
    return take_word(r, key, value, "published", "protected",
                     &r->spec->zeros_protected);
}

static enum mk_err take_cost(struct mk_sdc_spec_reader *r, const char *key,
                             const json_t *value)
{
    bool weighted;
    enum mk_err rc = take_word(r, key, value, "cells", "weighted", &weighted);
    r->spec->cost = weighted ? MK_SDC_COST_WEIGHTED : MK_SDC_COST_CELLS;
    return rc;
}

static enum mk_err take_insider(struct mk_sdc_spec_reader *r, const char *key,
                                const json_t *value)
{
    if (value && !json_is_boolean(value))
        return REFUSE(r, MK_E_BAD_VALUE, "%s", key);
    r->spec->insider = !value || json_is_true(value);
    return MK_OK;
}

static enum mk_err take_tags(struct mk_sdc_spec_reader *r, const json_t *value)
{
    struct mk_sdc_spec *spec = r->spec;
    size_t i, d;
    json_t *item;
    if (json_array_size(value) == 0)
        return REFUSE(r, MK_E_BAD_VALUE, "contributors.tags");
    if (json_array_size(value) > MK_SDC_TAGS)
        return REFUSE_SIZE(r, MK_SDC_TAGS, "contributors.tags");
    json_array_foreach(value, i, item)
    {
        const char *name = json_string_value(item);
        if (!name || mk_sdc_spec_is_column(name) || !mk_sdc_name_ok(name))
            return REFUSE(r, MK_E_BAD_VALUE, "contributors.tags[%zu]", i);
        bool twice = mk_sdc_find_dim(spec, name, strlen(name), &d);
        for (size_t k = 0; k < spec->n_tags; k++)
            twice |= strcmp(spec->tag[k], name) == 0;
        if (twice)
            return REFUSE(r, MK_E_DUPLICATE_KEY, "contributors.tags.%s", name);
        spec->tag[spec->n_tags] = strdup(name);
        if (!spec->tag[spec->n_tags])
            return mk_fail(r->diag, MK_E_MEMORY, NULL);
        spec->n_tags++;
    }
    return MK_OK;
}

static enum mk_err take_min(struct mk_sdc_spec_reader *r, const json_t *value)
{
    json_int_t n = json_integer_value(value);
    if (!json_is_integer(value) || n < 1 || n > MK_SDC_THRESHOLD)
        return REFUSE_NUMBER(r, 1, MK_SDC_THRESHOLD, "contributors.min");
    r->spec->tags_min = (uint64_t)n;
    return MK_OK;
}

static enum mk_err take_share(struct mk_sdc_spec_reader *r,
                              const json_t *value)
{
    double share = json_number_value(value);
    if (!json_is_number(value) || !(share > 0) || share > 1)
        return REFUSE(r, MK_E_BAD_VALUE, "contributors.share");
    r->spec->share_ppm = (uint64_t)(share * MILLION + 0.5);
    if (r->spec->share_ppm == 0)
        return REFUSE(r, MK_E_BAD_VALUE, "contributors.share");
    return MK_OK;
}

static enum mk_err take_contributors(struct mk_sdc_spec_reader *r,
                                     const char *key, const json_t *value)
{
    const char *name;
    json_t *item;
    enum mk_err rc = MK_OK;
    if (!value || json_is_null(value))
        return MK_OK;
    if (!json_is_object(value))
        return REFUSE(r, MK_E_BAD_VALUE, "%s", key);
    if (!json_object_get(value, "tags"))
        return REFUSE(r, MK_E_MISSING_KEY, "contributors.tags");
    json_object_foreach((json_t *)(uintptr_t)value, name, item)
    {
        if (strcmp(name, "tags") == 0)
            MK_TRY(take_tags(r, item));
        else if (strcmp(name, "min") == 0)
            MK_TRY(take_min(r, item));
        else if (strcmp(name, "share") == 0)
            MK_TRY(take_share(r, item));
        else
            return REFUSE(r, MK_E_UNKNOWN_KEY, "contributors.%s", name);
    }
out:
    return rc;
}

/* ---- the whole ---- */

/* In the order in which they are read, since some need others; an absent one
 * is NULL for its function. */
static const struct {
    const char *key;
    mk_sdc_spec_take *take; /* NULL: passed over */
    bool needed;
} keys[] = {
    {"dims", mk_sdc_spec_take_dims, true},
    {"levels", mk_sdc_spec_take_levels, true},
    {"hierarchies", mk_sdc_spec_take_hierarchies, false},
    {"tables", mk_sdc_spec_take_tables, true},
    {"threshold", take_threshold, false},
    {"unsafe_counts", take_unsafe, false},
    {"zeros", take_zeros, false},
    {"structural_zeros", mk_sdc_spec_take_zero_patterns, false},
    {"insider", take_insider, false},
    {"group", mk_sdc_spec_take_group, false},
    {"contributors", take_contributors, false},
    {"cost", take_cost, false},
    {"nomargin", mk_sdc_spec_take_nomargin, false},
    {"never_published", mk_sdc_spec_take_never, false},
    {"watched", mk_sdc_spec_take_watched, false},
    {"case", NULL, false},
    {"note", NULL, false},
    {"n", NULL, false},
};
#define KEYS (sizeof keys / sizeof keys[0])

static enum mk_err check_keys(struct mk_sdc_spec_reader *r, const json_t *json)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)json, name, value)
    {
        size_t i = 0;
        while (i < KEYS && strcmp(keys[i].key, name) != 0)
            i++;
        if (i == KEYS)
            return REFUSE(r, MK_E_UNKNOWN_KEY, "%s", name);
    }
    for (size_t i = 0; i < KEYS; i++)
        if (keys[i].needed && !json_object_get(json, keys[i].key))
            return REFUSE(r, MK_E_MISSING_KEY, "%s", keys[i].key);
    return MK_OK;
}

enum mk_err mk_sdc_spec_from_json(struct mk_sdc_spec *spec, const json_t *json,
                                  struct mk_diag *diag)
{
    struct mk_sdc_spec_reader r = {.spec = spec, .diag = diag};
    enum mk_err rc;
    if (!json_is_object(json))
        return mk_fail(diag, MK_E_BAD_VALUE, "spec");
    MK_TRY(check_keys(&r, json));
    for (size_t i = 0; i < KEYS; i++)
        if (keys[i].take)
            MK_TRY(keys[i].take(&r, keys[i].key,
                                json_object_get(json, keys[i].key)));
    if (mk_sdc_walk_count(spec) > MK_SDC_CELLS)
        rc = REFUSE_SIZE(&r, MK_SDC_CELLS, "tables");
out:
    return rc;
}

enum mk_err mk_sdc_spec_parse(struct mk_sdc_spec *spec, const void *text,
                              size_t n, struct mk_diag *diag)
{
    json_t *json;
    enum mk_err rc =
        mk_sdc_json_load(&json, text, n, MK_SDC_SPEC_BYTES, "spec", diag);
    if (rc != MK_OK)
        return rc;
    rc = mk_sdc_spec_from_json(spec, json, diag);
    json_decref(json);
    return rc;
}
