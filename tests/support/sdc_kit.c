/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/sdc_kit.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 64

struct words {
    char text[1024];
    const char *at[WORDS];
    size_t n;
};

static void split(struct words *w, const char *text, char by)
{
    int len = snprintf(w->text, sizeof w->text, "%s", text);
    ck_assert(len >= 0 && (size_t)len < sizeof w->text);
    w->n = 0;
    for (char *p = w->text; *p;) {
        char *end = strchr(p, by);
        ck_assert_uint_lt(w->n, WORDS);
        w->at[w->n++] = p;
        if (!end)
            break;
        *end = '\0';
        p = end + 1;
    }
}

static uint32_t node_of(const struct mk_sdc_dim *dim, const char *name)
{
    uint32_t node;
    ck_assert_msg(mk_sdc_find_node(dim, name, strlen(name), &node),
                  "no node %s in %s", name, dim->name);
    return node;
}

static void parent(struct mk_sdc_dim *dim, const char *text)
{
    struct words w, child;
    uint32_t leaf[WORDS];
    split(&w, text, '=');
    ck_assert_uint_eq(w.n, 2);
    split(&child, w.at[1], '+');
    for (size_t i = 0; i < child.n; i++)
        leaf[i] = node_of(dim, child.at[i]);
    ck_assert_int_eq(
        mk_sdc_dim_parent(dim, w.at[0], leaf, (uint32_t)child.n, NULL), MK_OK);
}

void sdc_kit_dim(struct mk_sdc_spec *spec, const char *name,
                 const char *leaves, const char *parents)
{
    struct words w;
    ck_assert_int_eq(mk_sdc_spec_dim(spec, name, NULL), MK_OK);
    struct mk_sdc_dim *dim = &spec->dim[spec->n_dims - 1];
    split(&w, leaves, ' ');
    for (size_t i = 0; i < w.n; i++)
        ck_assert_int_eq(mk_sdc_dim_leaf(dim, w.at[i], NULL), MK_OK);
    split(&w, parents ? parents : "", ' ');
    for (size_t i = 0; i < w.n; i++)
        parent(dim, w.at[i]);
    ck_assert_int_eq(mk_sdc_dim_finish(dim, NULL), MK_OK);
}

struct mk_sdc_table *sdc_kit_table(struct mk_sdc_spec *spec, const char *dims)
{
    struct words w;
    size_t d;
    struct mk_sdc_table *table = &spec->table[spec->n_tables++];
    split(&w, dims, ' ');
    for (size_t i = 0; i < w.n; i++) {
        ck_assert(mk_sdc_find_dim(spec, w.at[i], strlen(w.at[i]), &d));
        table->crosses[d] = true;
    }
    return table;
}

void sdc_kit_nodes(const struct mk_sdc_spec *spec, const char *text,
                   uint32_t node[static MK_SDC_DIMS])
{
    struct words w;
    split(&w, text, ' ');
    ck_assert_uint_eq(w.n, spec->n_dims);
    for (size_t d = 0; d < w.n; d++)
        node[d] = strcmp(w.at[d], "-") == 0 ? MK_SDC_ANY
                                            : node_of(&spec->dim[d], w.at[d]);
}

void sdc_kit_records(struct mk_sdc_data *data, const struct mk_sdc_spec *spec,
                     const char *leaves, uint64_t n)
{
    uint32_t leaf[MK_SDC_DIMS];
    sdc_kit_nodes(spec, leaves, leaf);
    ck_assert_int_eq(mk_sdc_data_add(data, leaf, n, NULL, NULL), MK_OK);
}

void sdc_kit_pattern(struct mk_sdc_patterns *patterns,
                     const struct mk_sdc_spec *spec, const char *text)
{
    struct mk_sdc_pattern pattern;
    mk_sdc_pattern_init(&pattern);
    sdc_kit_nodes(spec, text, pattern.node);
    ck_assert_int_eq(mk_sdc_patterns_add(patterns, &pattern, NULL), MK_OK);
}

static void print(struct mk_sdc_printed *printed,
                  const struct mk_sdc_spec *spec, const char *nodes,
                  struct mk_sdc_print_cell cell)
{
    uint32_t node[MK_SDC_DIMS];
    sdc_kit_nodes(spec, nodes, node);
    ck_assert_int_eq(mk_sdc_printed_add(printed, node, &cell, NULL), MK_OK);
}

void sdc_kit_printed(struct mk_sdc_printed *printed,
                     const struct mk_sdc_spec *spec, const char *nodes,
                     uint64_t value)
{
    print(printed, spec, nodes,
          (struct mk_sdc_print_cell){.print = MK_SDC_PRINTED, .value = value});
}

void sdc_kit_hidden(struct mk_sdc_printed *printed,
                    const struct mk_sdc_spec *spec, const char *nodes,
                    uint64_t lo, uint64_t hi)
{
    print(printed, spec, nodes,
          (struct mk_sdc_print_cell){.print = MK_SDC_HIDDEN,
                                     .lo = lo,
                                     .hi = hi ? hi : MK_SDC_COUNT,
                                     .interval = hi != 0});
}

const struct mk_sdc_cell *sdc_kit_cell(const struct mk_sdc_model *m,
                                       const char *nodes)
{
    uint32_t node[MK_SDC_DIMS];
    size_t at;
    sdc_kit_nodes(m->spec, nodes, node);
    return mk_sdc_model_find(m, node, &at) ? &m->cell[at] : NULL;
}

const struct mk_sdc_cell *sdc_kit_joint(const struct mk_sdc_model *m,
                                        const char *nodes)
{
    uint32_t node[MK_SDC_DIMS];
    size_t at;
    sdc_kit_nodes(&m->joint, nodes, node);
    return mk_sdc_vecs_find(&m->at, node, &at) ? &m->cell[at] : NULL;
}

char *sdc_kit_read(const char *name, const char *file, size_t *n)
{
    char path[512];
    const char *root = getenv("MK_SRC");
    snprintf(path, sizeof path, "%s/tests/data/sdc/%s/%s", root ? root : ".",
             name, file);
    FILE *f = fopen(path, "rb");
    ck_assert_msg(f != NULL, "cannot read %s", path);
    ck_assert_int_eq(fseek(f, 0, SEEK_END), 0);
    long size = ftell(f);
    ck_assert_int_gt(size, 0);
    rewind(f);
    char *text = malloc((size_t)size + 1);
    ck_assert_ptr_nonnull(text);
    *n = fread(text, 1, (size_t)size, f);
    ck_assert_uint_eq(*n, (size_t)size);
    text[*n] = '\0';
    fclose(f);
    return text;
}
