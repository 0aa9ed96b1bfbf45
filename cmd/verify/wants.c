/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/verify/wants.h"

#include <stdlib.h>
#include <string.h>

enum mk_err mk_vf_wants_add(struct mk_vf_wants *w, uint64_t size)
{
    if (w->n == w->cap) {
        const size_t cap = w->cap > 0 ? 2 * w->cap : 16;
        struct mk_vf_want *grown = realloc(w->v, cap * sizeof *grown);
        if (!grown)
            return MK_E_MEMORY;
        w->v = grown;
        w->cap = cap;
    }
    w->v[w->n++] = (struct mk_vf_want){.size = size};
    return MK_OK;
}

static int by_size(const void *a, const void *b)
{
    const struct mk_vf_want *x = a;
    const struct mk_vf_want *y = b;

    return x->size < y->size ? -1 : x->size > y->size;
}

void mk_vf_wants_sort(struct mk_vf_wants *w)
{
    if (w->n > 0)
        qsort(w->v, w->n, sizeof *w->v, by_size);
    w->next = w->bare = w->open = 0;
}

void mk_vf_wants_release(struct mk_vf_wants *w)
{
    free(w->v);
    *w = (struct mk_vf_wants){.n = 0};
}

void mk_vf_wants_grown(struct mk_vf_wants *w, const struct mk_vf_tree *t)
{
    for (; w->next < w->n && w->v[w->next].size <= t->size; w->next++) {
        mk_vf_tree_root(t, w->v[w->next].root);
        w->v[w->next].reached = w->v[w->next].size == t->size;
    }
}

void mk_vf_wants_signed(struct mk_vf_wants *w, uint64_t size,
                        const uint8_t head[static MK_HASH])
{
    for (; w->bare < w->next && w->v[w->bare].size <= size; w->bare++) {
        struct mk_vf_want *v = &w->v[w->bare];

        v->exact = v->size == size;
        memcpy(v->head, head, MK_HASH);
    }
}

void mk_vf_wants_confirmed(struct mk_vf_wants *w, uint64_t size,
                           int64_t newest_ms)
{
    for (; w->open < w->next && w->v[w->open].size <= size; w->open++) {
        w->v[w->open].confirmed = true;
        w->v[w->open].newest_ms = newest_ms;
    }
}

const struct mk_vf_want *mk_vf_wants_find(const struct mk_vf_wants *w,
                                          uint64_t size)
{
    size_t low = 0, high = w->n;

    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (w->v[mid].size < size)
            low = mid + 1;
        else
            high = mid;
    }
    return low < w->n && w->v[low].size == size && w->v[low].reached
               ? &w->v[low]
               : NULL;
}
