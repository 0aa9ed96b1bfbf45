/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/branches.h"

#include <stdlib.h>
#include <string.h>

#include "reports/sdc/index.h"

static bool before(const struct mk_sdc_branches *nodes, uint32_t a, uint32_t b)
{
    const struct mk_sdc_branch *x = &nodes->at[a], *y = &nodes->at[b];
    if (x->bound != y->bound)
        return x->bound < y->bound;
    return x->depth != y->depth ? x->depth > y->depth : a < b;
}

static void push(struct mk_sdc_branches *nodes, uint32_t node)
{
    uint32_t *heap = nodes->heap;
    size_t i = nodes->n_heap++;
    for (; i > 0 && before(nodes, node, heap[(i - 1) / 2]); i = (i - 1) / 2)
        heap[i] = heap[(i - 1) / 2];
    heap[i] = node;
}

uint32_t mk_sdc_branches_pop(struct mk_sdc_branches *nodes)
{
    uint32_t *heap = nodes->heap;
    uint32_t top = heap[0], last = heap[--nodes->n_heap];
    size_t i = 0;
    for (;;) {
        size_t c = 2 * i + 1;
        if (c + 1 < nodes->n_heap && before(nodes, heap[c + 1], heap[c]))
            c++;
        if (c >= nodes->n_heap || !before(nodes, heap[c], last))
            break;
        heap[i] = heap[c];
        i = c;
    }
    heap[i] = last;
    return top;
}

enum mk_err mk_sdc_branches_add(struct mk_sdc_branches *nodes, double bound,
                                uint32_t parent, uint32_t column, bool value)
{
    if (nodes->n == nodes->cap) {
        size_t cap = nodes->cap ? 2 * nodes->cap : 256;
        struct mk_sdc_branch *at = realloc(nodes->at, cap * sizeof *at);
        if (at)
            nodes->at = at;
        uint32_t *heap = realloc(nodes->heap, cap * sizeof *heap);
        if (heap)
            nodes->heap = heap;
        if (!at || !heap)
            return MK_E_MEMORY;
        nodes->cap = cap;
    }
    uint32_t depth = parent == MK_SDC_NONE ? 0 : nodes->at[parent].depth + 1;
    nodes->at[nodes->n] =
        (struct mk_sdc_branch){bound, parent, column, depth, value};
    push(nodes, (uint32_t)nodes->n++);
    return MK_OK;
}

void mk_sdc_branches_clear(struct mk_sdc_branches *nodes)
{
    nodes->n = nodes->n_heap = 0;
}

void mk_sdc_branches_release(struct mk_sdc_branches *nodes)
{
    free(nodes->at);
    free(nodes->heap);
    memset(nodes, 0, sizeof *nodes);
}
