/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/json.h"
#include "reports/sdc/spec_read.h"

#define MILLION 1000000.0

/* Names of the nodes first up to n of dim. */
static enum mk_err put_names(json_t *object, const char *key,
                             const struct mk_sdc_dim *dim,
                             const uint32_t *node, uint32_t n)
{
    json_t *names = json_array();
    enum mk_err rc = MK_OK;
    for (uint32_t i = 0; i < n && rc == MK_OK; i++)
        rc = mk_sdc_json_append(
            names, json_string(dim->node[node ? node[i] : i].name));
    if (rc == MK_OK)
        rc = mk_sdc_json_put(object, key, json_incref(names));
    json_decref(names);
    return rc;
}

/* The dimensions for which chosen (NULL: all) is true. */
static json_t *dim_names(const struct mk_sdc_spec *spec, const bool *chosen)
{
    json_t *names = json_array();
    for (size_t d = 0; d < spec->n_dims; d++)
        if ((!chosen || chosen[d]) &&
            mk_sdc_json_append(names, json_string(spec->dim[d].name)) !=
                MK_OK) {
            json_decref(names);
            return NULL;
        }
    return names;
}

static enum mk_err put_levels(json_t *root, const struct mk_sdc_spec *spec)
{
    json_t *levels = json_object();
    enum mk_err rc = MK_OK;
    for (size_t d = 0; d < spec->n_dims; d++)
        MK_TRY(put_names(levels, spec->dim[d].name, &spec->dim[d], NULL,
                         spec->dim[d].n_leaves));
    MK_TRY(mk_sdc_json_put(root, "levels", json_incref(levels)));
out:
    json_decref(levels);
    return rc;
}

static enum mk_err put_parents(json_t *all, const struct mk_sdc_dim *dim)
{
    json_t *parents = json_object();
    enum mk_err rc = MK_OK;
    for (uint32_t i = dim->n_leaves; i < mk_sdc_total(dim); i++)
        MK_TRY(put_names(parents, dim->node[i].name, dim, dim->node[i].leaf,
                         dim->node[i].n_leaves));
    if (json_object_size(parents))
        MK_TRY(mk_sdc_json_put(all, dim->name, json_incref(parents)));
out:
    json_decref(parents);
    return rc;
}

static enum mk_err put_hierarchies(json_t *root,
                                   const struct mk_sdc_spec *spec)
{
    json_t *all = json_object();
    enum mk_err rc = MK_OK;
    for (size_t d = 0; d < spec->n_dims; d++)
        MK_TRY(put_parents(all, &spec->dim[d]));
    MK_TRY(mk_sdc_json_put(root, "hierarchies", json_incref(all)));
out:
    json_decref(all);
    return rc;
}

/* NULL: out of memory. */
static json_t *table_of(const struct mk_sdc_spec *spec,
                        const struct mk_sdc_table *table)
{
    json_t *dims = dim_names(spec, table->crosses);
    json_t *where = json_object(), *both = NULL;
    enum mk_err rc = MK_OK;
    for (size_t d = 0; d < spec->n_dims; d++)
        if (table->where[d])
            MK_TRY(put_names(where, spec->dim[d].name, &spec->dim[d],
                             table->where[d], table->n_where[d]));
    if (json_object_size(where)) {
        both = json_object();
        MK_TRY(mk_sdc_json_put(both, "dims", json_incref(dims)));
        MK_TRY(mk_sdc_json_put(both, "where", json_incref(where)));
    } else {
        both = json_incref(dims);
    }
out:
    json_decref(dims);
    json_decref(where);
    if (rc != MK_OK) {
        json_decref(both);
        return NULL;
    }
    return both;
}

static enum mk_err put_tables(json_t *root, const struct mk_sdc_spec *spec)
{
    json_t *tables = json_array();
    enum mk_err rc = MK_OK;
    for (size_t t = 0; t < spec->n_tables; t++)
        MK_TRY(mk_sdc_json_append(tables, table_of(spec, &spec->table[t])));
    MK_TRY(mk_sdc_json_put(root, "tables", json_incref(tables)));
out:
    json_decref(tables);
    return rc;
}

static enum mk_err put_patterns(json_t *root, const char *key,
                                const struct mk_sdc_spec *spec,
                                const struct mk_sdc_patterns *patterns)
{
    json_t *all = json_array(), *one = NULL;
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < patterns->n; i++) {
        one = json_object();
        for (size_t d = 0; d < spec->n_dims; d++) {
            uint32_t node = patterns->at[i].node[d];
            if (node != MK_SDC_ANY)
                MK_TRY(mk_sdc_json_put(
                    one, spec->dim[d].name,
                    json_string(spec->dim[d].node[node].name)));
        }
        MK_TRY(mk_sdc_json_append(all, json_incref(one)));
        json_decref(one);
        one = NULL;
    }
    MK_TRY(mk_sdc_json_put(root, key, json_incref(all)));
out:
    json_decref(one);
    json_decref(all);
    return rc;
}

enum mk_err mk_sdc_spec_put_zeros(json_t *object,
                                  const struct mk_sdc_spec *spec)
{
    return mk_sdc_json_put(
        object, "zeros",
        json_string(spec->zeros_protected ? "protected" : "published"));
}

enum mk_err mk_sdc_spec_put_contributors(json_t *object,
                                         const struct mk_sdc_spec *spec)
{
    json_t *tags = json_array();
    enum mk_err rc = MK_OK;
    for (size_t k = 0; k < spec->n_tags; k++)
        MK_TRY(mk_sdc_json_append(tags, json_string(spec->tag[k])));
    MK_TRY(mk_sdc_json_put(
        object, "contributors",
        spec->n_tags ? json_pack("{s:O, s:I, s:f}", "tags", tags, "min",
                                 (json_int_t)spec->tags_min, "share",
                                 (double)spec->share_ppm / MILLION)
                     : json_null()));
out:
    json_decref(tags);
    return rc;
}

static enum mk_err put_all(json_t *root, const struct mk_sdc_spec *spec)
{
    enum mk_err rc;
    json_int_t threshold = (json_int_t)spec->threshold;
    MK_TRY(mk_sdc_json_put(root, "dims", dim_names(spec, NULL)));
    MK_TRY(put_levels(root, spec));
    MK_TRY(put_tables(root, spec));
    MK_TRY(mk_sdc_json_put(root, "threshold", json_integer(threshold)));
    MK_TRY(mk_sdc_json_put(root, "unsafe_counts",
                           json_pack("[i, I]", 1, threshold - 1)));
    MK_TRY(mk_sdc_spec_put_zeros(root, spec));
    MK_TRY(put_hierarchies(root, spec));
    MK_TRY(put_patterns(root, "structural_zeros", spec, &spec->zeros));
    MK_TRY(mk_sdc_json_put(root, "insider", json_boolean(spec->insider)));
    MK_TRY(mk_sdc_json_put(root, "group", dim_names(spec, spec->group)));
    MK_TRY(mk_sdc_spec_put_contributors(root, spec));
    MK_TRY(mk_sdc_json_put(root, "cost",
                           json_string(spec->cost == MK_SDC_COST_WEIGHTED
                                           ? "weighted"
                                           : "cells")));
    MK_TRY(mk_sdc_json_put(root, "nomargin", dim_names(spec, spec->nomargin)));
    MK_TRY(put_patterns(root, "never_published", spec, &spec->never));
    MK_TRY(put_patterns(root, "watched", spec, &spec->watched));
out:
    return rc;
}

json_t *mk_sdc_spec_to_json(const struct mk_sdc_spec *spec)
{
    json_t *root = json_object();
    if (put_all(root, spec) != MK_OK) {
        json_decref(root);
        return NULL;
    }
    return root;
}
