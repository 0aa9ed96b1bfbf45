/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/sdc/spec_parts.h"

/* ---- keys ---- */

/* The error of a building function of the model, with a path instead of its
 * own place. */
static enum mk_err renamed(struct mk_sdc_spec_reader *r, enum mk_err err,
                           const char *path, const char *under)
{
    int64_t limit = r->diag ? r->diag->num[0] : 0;
    if (err == MK_OK || err == MK_E_MEMORY)
        return err;
    return mk_sdc_json_refuse(r->diag, err, limit, 0, "%s%s%s", path,
                              under ? "." : "", under ? under : "");
}

static enum mk_err find_dim(struct mk_sdc_spec_reader *r, const char *path,
                            const char *name, size_t *d)
{
    if (!mk_sdc_find_dim(r->spec, name, strlen(name), d))
        return REFUSE(r, MK_E_BAD_CODE, "%s.%s", path, name);
    return MK_OK;
}

static enum mk_err find_node(struct mk_sdc_spec_reader *r, const char *path,
                             size_t d, const json_t *name, bool total,
                             uint32_t *node)
{
    const struct mk_sdc_dim *dim = &r->spec->dim[d];
    const char *text = json_string_value(name);
    if (!text)
        return REFUSE(r, MK_E_BAD_VALUE, "%s.%s", path, dim->name);
    if (!mk_sdc_find_node(dim, text, strlen(text), node) ||
        (!total && dim->same && *node == mk_sdc_total(dim)))
        return REFUSE(r, MK_E_BAD_CODE, "%s.%s.%s", path, dim->name, text);
    return MK_OK;
}

bool mk_sdc_spec_is_column(const char *name)
{
    static const char *const own[] = {"n",  "value", "status",
                                      "lo", "hi",    "why"};
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        if (strcmp(name, own[i]) == 0)
            return true;
    return false;
}

/* ---- dimensions ---- */

enum mk_err mk_sdc_spec_take_dims(struct mk_sdc_spec_reader *r,
                                  const char *key, const json_t *value)
{
    size_t i;
    json_t *item;
    enum mk_err rc = MK_OK;
    if (!json_is_array(value) || json_array_size(value) == 0)
        return REFUSE(r, MK_E_BAD_VALUE, "%s", key);
    if (json_array_size(value) > MK_SDC_DIMS)
        return REFUSE_SIZE(r, MK_SDC_DIMS, "%s", key);
    json_array_foreach(value, i, item)
    {
        const char *name = json_string_value(item);
        if (!name || mk_sdc_spec_is_column(name) || !mk_sdc_name_ok(name))
            return REFUSE(r, MK_E_BAD_VALUE, "%s[%zu]", key, i);
        rc = renamed(r, mk_sdc_spec_dim(r->spec, name, r->diag), key, name);
        if (rc != MK_OK)
            break;
    }
    return rc;
}

static enum mk_err take_leaves(struct mk_sdc_spec_reader *r, const char *key,
                               struct mk_sdc_dim *dim, const json_t *value)
{
    size_t i;
    json_t *item;
    enum mk_err rc = MK_OK;
    if (!json_is_array(value) || json_array_size(value) == 0)
        return REFUSE(r, MK_E_BAD_VALUE, "%s.%s", key, dim->name);
    if (json_array_size(value) > MK_SDC_LEVELS)
        return REFUSE_SIZE(r, MK_SDC_LEVELS, "%s.%s", key, dim->name);
    json_array_foreach(value, i, item)
    {
        const char *name = json_string_value(item);
        if (!name || !mk_sdc_name_ok(name))
            return REFUSE(r, MK_E_BAD_VALUE, "%s.%s[%zu]", key, dim->name, i);
        rc = mk_sdc_dim_leaf(dim, name, r->diag);
        if (rc == MK_E_DUPLICATE_KEY)
            return REFUSE(r, rc, "%s.%s.%s", key, dim->name, name);
        if (rc != MK_OK)
            break;
    }
    return rc;
}

enum mk_err mk_sdc_spec_take_levels(struct mk_sdc_spec_reader *r,
                                    const char *key, const json_t *value)
{
    const char *name;
    json_t *leaves;
    size_t d;
    enum mk_err rc = MK_OK;
    if (!json_is_object(value))
        return REFUSE(r, MK_E_BAD_VALUE, "%s", key);
    json_object_foreach((json_t *)(uintptr_t)value, name, leaves)
    {
        MK_TRY(find_dim(r, key, name, &d));
        MK_TRY(take_leaves(r, key, &r->spec->dim[d], leaves));
    }
    for (d = 0; d < r->spec->n_dims; d++)
        if (r->spec->dim[d].n_leaves == 0)
            return REFUSE(r, MK_E_MISSING_KEY, "%s.%s", key,
                          r->spec->dim[d].name);
out:
    return rc;
}

/* Leaves of the children, one behind the other. */
static enum mk_err take_children(struct mk_sdc_spec_reader *r, size_t d,
                                 const char *parent, const json_t *value)
{
    struct mk_sdc_dim *dim = &r->spec->dim[d];
    size_t i;
    json_t *item;
    uint32_t n = 0;
    enum mk_err rc = MK_OK;
    uint32_t *leaf = calloc(dim->n_leaves, sizeof *leaf);
    if (!leaf)
        return mk_fail(r->diag, MK_E_MEMORY, NULL);
    json_array_foreach(value, i, item)
    {
        uint32_t node;
        MK_TRY(find_node(r, "hierarchies", d, item, false, &node));
        const struct mk_sdc_node *child = &dim->node[node];
        if (child->n_leaves > dim->n_leaves - n) {
            /* more than all leaves: one of them twice */
            rc = REFUSE(r, MK_E_DUPLICATE_KEY, "hierarchies.%s.%s", dim->name,
                        parent);
            goto out;
        }
        memcpy(leaf + n, child->leaf, child->n_leaves * sizeof *leaf);
        n += child->n_leaves;
    }
    rc = mk_sdc_dim_parent(dim, parent, leaf, n, r->diag);
    if (rc != MK_OK && rc != MK_E_MEMORY)
        rc = mk_sdc_json_refuse(r->diag, rc, r->diag ? r->diag->num[0] : 0, 0,
                                "hierarchies.%s.%s", dim->name, parent);
out:
    free(leaf);
    return rc;
}

enum mk_err mk_sdc_spec_take_hierarchies(struct mk_sdc_spec_reader *r,
                                         const char *key, const json_t *value)
{
    const char *name, *parent;
    json_t *parents, *children;
    size_t d;
    enum mk_err rc = MK_OK;
    if (value && !json_is_object(value))
        return REFUSE(r, MK_E_BAD_VALUE, "%s", key);
    json_object_foreach((json_t *)(uintptr_t)value, name, parents)
    {
        MK_TRY(find_dim(r, key, name, &d));
        if (!json_is_object(parents))
            return REFUSE(r, MK_E_BAD_VALUE, "%s.%s", key, name);
        json_object_foreach(parents, parent, children)
        {
            if (!json_is_array(children))
                return REFUSE(r, MK_E_BAD_VALUE, "%s.%s.%s", key, name,
                              parent);
            MK_TRY(take_children(r, d, parent, children));
        }
    }
    for (d = 0; d < r->spec->n_dims; d++)
        MK_TRY(mk_sdc_dim_finish(&r->spec->dim[d], r->diag));
out:
    return rc;
}

/* ---- lists of dimensions, tables ---- */

static enum mk_err take_dim_list(struct mk_sdc_spec_reader *r,
                                 const char *path, const json_t *value,
                                 bool *dims)
{
    size_t i, d;
    json_t *item;
    if (!json_is_array(value))
        return REFUSE(r, MK_E_BAD_VALUE, "%s", path);
    json_array_foreach(value, i, item)
    {
        const char *name = json_string_value(item);
        if (!name)
            return REFUSE(r, MK_E_BAD_VALUE, "%s[%zu]", path, i);
        if (!mk_sdc_find_dim(r->spec, name, strlen(name), &d))
            return REFUSE(r, MK_E_BAD_CODE, "%s.%s", path, name);
        if (dims[d])
            return REFUSE(r, MK_E_DUPLICATE_KEY, "%s.%s", path, name);
        dims[d] = true;
    }
    return MK_OK;
}

enum mk_err mk_sdc_spec_take_group(struct mk_sdc_spec_reader *r,
                                   const char *key, const json_t *value)
{
    return value ? take_dim_list(r, key, value, r->spec->group) : MK_OK;
}

enum mk_err mk_sdc_spec_take_nomargin(struct mk_sdc_spec_reader *r,
                                      const char *key, const json_t *value)
{
    return value ? take_dim_list(r, key, value, r->spec->nomargin) : MK_OK;
}

/* The nodes of dimension d that a table shows. */
static enum mk_err take_nodes(struct mk_sdc_spec_reader *r, const char *path,
                              struct mk_sdc_table *table, size_t d,
                              const json_t *value)
{
    const struct mk_sdc_dim *dim = &r->spec->dim[d];
    size_t i, n = json_array_size(value);
    json_t *item;
    enum mk_err rc = MK_OK;
    bool *seen = NULL;
    table->crosses[d] = true; /* also where "dims" does not name it */
    if (n == 0)
        return REFUSE(r, MK_E_BAD_VALUE, "%s.%s", path, dim->name);
    if (n > dim->n_nodes)
        return REFUSE(r, MK_E_DUPLICATE_KEY, "%s.%s", path, dim->name);
    seen = calloc(dim->n_nodes, sizeof *seen);
    table->where[d] = calloc(n, sizeof *table->where[d]);
    if (!seen || !table->where[d]) {
        rc = mk_fail(r->diag, MK_E_MEMORY, NULL);
        goto out;
    }
    json_array_foreach(value, i, item)
    {
        uint32_t node;
        MK_TRY(find_node(r, path, d, item, false, &node));
        if (seen[node]) {
            rc = REFUSE(r, MK_E_DUPLICATE_KEY, "%s.%s.%s", path, dim->name,
                        dim->node[node].name);
            goto out;
        }
        seen[node] = true;
        table->where[d][table->n_where[d]++] = node;
    }
out:
    free(seen);
    return rc;
}

static enum mk_err take_where(struct mk_sdc_spec_reader *r, const char *path,
                              struct mk_sdc_table *table, const json_t *value)
{
    const char *name;
    json_t *nodes;
    size_t d;
    enum mk_err rc = MK_OK;
    if (!json_is_object(value))
        return REFUSE(r, MK_E_BAD_VALUE, "%s", path);
    json_object_foreach((json_t *)(uintptr_t)value, name, nodes)
    {
        MK_TRY(find_dim(r, path, name, &d));
        MK_TRY(take_nodes(r, path, table, d, nodes));
    }
out:
    return rc;
}

static enum mk_err take_table(struct mk_sdc_spec_reader *r, size_t i,
                              const json_t *value)
{
    struct mk_sdc_table *table = &r->spec->table[i];
    const json_t *dims = value, *where = NULL;
    const char *key;
    json_t *item;
    char path[64];
    enum mk_err rc = MK_OK;
    r->spec->n_tables = i + 1;
    if (json_is_object(value)) {
        dims = json_object_get(value, "dims");
        where = json_object_get(value, "where");
        json_object_foreach((json_t *)(uintptr_t)value, key, item)
        {
            if (strcmp(key, "dims") != 0 && strcmp(key, "where") != 0)
                return REFUSE(r, MK_E_UNKNOWN_KEY, "tables[%zu].%s", i, key);
        }
        if (!dims)
            return REFUSE(r, MK_E_MISSING_KEY, "tables[%zu].dims", i);
    }
    if (json_array_size(dims) == 0)
        return REFUSE(r, MK_E_BAD_VALUE, "tables[%zu]", i);
    (void)snprintf(path, sizeof path, "tables[%zu]", i);
    MK_TRY(take_dim_list(r, path, dims, table->crosses));
    (void)snprintf(path, sizeof path, "tables[%zu].where", i);
    if (where)
        MK_TRY(take_where(r, path, table, where));
out:
    return rc;
}

enum mk_err mk_sdc_spec_take_tables(struct mk_sdc_spec_reader *r,
                                    const char *key, const json_t *value)
{
    size_t i;
    json_t *item;
    if (!json_is_array(value) || json_array_size(value) == 0)
        return REFUSE(r, MK_E_BAD_VALUE, "%s", key);
    if (json_array_size(value) > MK_SDC_TABLES)
        return REFUSE_SIZE(r, MK_SDC_TABLES, "%s", key);
    json_array_foreach(value, i, item)
    {
        enum mk_err rc = take_table(r, i, item);
        if (rc != MK_OK)
            return rc;
    }
    return MK_OK;
}

/* ---- patterns ---- */

static enum mk_err take_patterns(struct mk_sdc_spec_reader *r, const char *key,
                                 const json_t *value, bool total,
                                 struct mk_sdc_patterns *patterns)
{
    size_t i, d;
    json_t *item, *node;
    const char *name;
    char path[64];
    enum mk_err rc = MK_OK;
    if (value && !json_is_array(value))
        return REFUSE(r, MK_E_BAD_VALUE, "%s", key);
    if (json_array_size(value) > MK_SDC_PATTERNS)
        return REFUSE_SIZE(r, MK_SDC_PATTERNS, "%s", key);
    json_array_foreach(value, i, item)
    {
        struct mk_sdc_pattern pattern;
        mk_sdc_pattern_init(&pattern);
        (void)snprintf(path, sizeof path, "%s[%zu]", key, i);
        if (json_object_size(item) == 0)
            return REFUSE(r, MK_E_BAD_VALUE, "%s", path);
        json_object_foreach(item, name, node)
        {
            MK_TRY(find_dim(r, path, name, &d));
            MK_TRY(find_node(r, path, d, node, total, &pattern.node[d]));
        }
        MK_TRY(mk_sdc_patterns_add(patterns, &pattern, r->diag));
    }
out:
    return rc;
}

enum mk_err mk_sdc_spec_take_zero_patterns(struct mk_sdc_spec_reader *r,
                                           const char *key,
                                           const json_t *value)
{
    return take_patterns(r, key, value, false, &r->spec->zeros);
}

enum mk_err mk_sdc_spec_take_never(struct mk_sdc_spec_reader *r,
                                   const char *key, const json_t *value)
{
    return take_patterns(r, key, value, true, &r->spec->never);
}

enum mk_err mk_sdc_spec_take_watched(struct mk_sdc_spec_reader *r,
                                     const char *key, const json_t *value)
{
    return take_patterns(r, key, value, true, &r->spec->watched);
}
