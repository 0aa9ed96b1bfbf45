/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/verify/prune.h"

#include <stdlib.h>
#include <string.h>

#define MONTH_MS (INT64_C(31) * 86400000)
#define MONTHS_MAX 12000 /* so that no product overflows */

void mk_vf_past_release(struct mk_vf_past *p)
{
    free(p->terms);
    p->terms = NULL;
}

enum mk_err mk_vf_past_term(struct mk_vf_past *p, uint64_t months,
                            int64_t set_ms)
{
    if (p->n == p->cap) {
        const size_t cap = p->cap > 0 ? 2 * p->cap : 4;
        struct mk_vf_term *grown = realloc(p->terms, cap * sizeof *grown);
        if (!grown)
            return MK_E_MEMORY;
        p->terms = grown;
        p->cap = cap;
    }
    p->terms[p->n++] = (struct mk_vf_term){
        .months = months < MONTHS_MAX ? months : MONTHS_MAX, .set_ms = set_ms};
    return MK_OK;
}

bool mk_vf_past_confirms(unsigned roles)
{
    return (roles & (MK_VF_BIT(MK_VF_AUDITOR) | MK_VF_BIT(MK_VF_INSPECTOR))) !=
           0;
}

void mk_vf_past_head(struct mk_vf_past *p, unsigned roles, int64_t ms)
{
    if (roles & MK_VF_BIT(MK_VF_AUDITOR))
        p->auditor_ms = ms;
    if (roles & MK_VF_BIT(MK_VF_INSPECTOR))
        p->inspector_ms = ms;
}

/* Months; 0: none held, everything is kept. */
static uint64_t term_at(const struct mk_vf_past *p, int64_t reference)
{
    const int64_t since = reference - MONTH_MS;
    uint64_t longest = 0;

    if (p->n == 0 || since < p->terms[0].set_ms)
        return 0;
    for (size_t i = 0; i < p->n; i++)
        if ((i + 1 == p->n || since < p->terms[i + 1].set_ms) &&
            p->terms[i].months > longest)
            longest = p->terms[i].months;
    return longest;
}

void mk_vf_past_prune(struct mk_vf_past *p, const struct mk_vf_row *row,
                      const struct mk_vf_wants *wants, uint64_t prev_size,
                      int64_t now_ms, struct mk_vf_finding *f)
{
    const struct mk_vf_want *want = mk_vf_wants_find(wants, row->size);
    int64_t reference = now_ms;
    uint64_t months;

    if (p->auditor_ms < reference)
        reference = p->auditor_ms;
    if (p->inspector_ms < reference)
        reference = p->inspector_ms;
    months = term_at(p, reference);
    *f = (struct mk_vf_finding){.code = MK_VF_PRUNED, .a = row->size};
    if (row->size == 0 || row->size % 256 != 0 || row->size <= p->pruned ||
        row->size > prev_size || !want || !want->confirmed) {
        f->code = MK_VF_PRUNE_SIZE;
    } else if (memcmp(want->root, row->root, MK_HASH) != 0) {
        f->code = MK_VF_PRUNE_ROOT;
    } else if (want->newest_ms >= row->before_ms) {
        f->code = MK_VF_PRUNE_AGE;
        f->t = row->before_ms;
        f->u = want->newest_ms;
    } else if (months == 0) {
        f->code = MK_VF_PRUNE_NO_TERM;
    } else if (row->before_ms > reference - (int64_t)months * MONTH_MS) {
        f->code = MK_VF_PRUNE_TERM;
        f->b = months;
    } else {
        f->t = now_ms;
    }
    if (row->size > p->pruned)
        p->pruned = row->size;
}
