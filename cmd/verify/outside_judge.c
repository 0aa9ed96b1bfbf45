/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verdict about what somebody outside knows. */
#include <string.h>

#include "cmd/verify/outside.h"

enum fit {
    BEYOND, /* it has seen more than there is */
    SAME,
    OTHER,
};

static enum fit fit_of(const struct mk_vf_view *v,
                       const struct mk_vf_wants *wants, uint64_t size)
{
    const struct mk_vf_want *want = mk_vf_wants_find(wants, v->size);

    if (v->size > size)
        return BEYOND;
    if (!want || memcmp(want->root, v->root, MK_HASH) != 0)
        return OTHER;
    if (v->source == MK_VF_IS_MARK &&
        (!want->exact || memcmp(want->head, v->head, MK_HASH) != 0))
        return OTHER;
    return SAME;
}

/* Before a restart that two people signed? */
static bool given_up(const struct mk_vf_heads *heads,
                     const struct mk_vf_view *v)
{
    for (size_t i = 0; i < heads->n_known; i++)
        if (v->source == MK_VF_IS_MARK &&
            memcmp(heads->known[i], v->head, MK_HASH) == 0)
            return true;
    return false;
}

/* One log cannot have been both. */
static bool contradict(const struct mk_vf_view *a, const struct mk_vf_view *b,
                       enum fit fit_a, enum fit fit_b)
{
    if (!a->by_log || !b->by_log)
        return false;
    if (a->size == b->size)
        return memcmp(a->root, b->root, MK_HASH) != 0;
    return (fit_a == SAME && fit_b == OTHER) ||
           (fit_a == OTHER && fit_b == SAME);
}

/* Views of somebody outside that speak against each other: told first. */
static void find_split(const struct mk_vf_outside *o,
                       const struct mk_vf_wants *wants, uint64_t size,
                       struct mk_vf_report *report)
{
    for (size_t i = 0; i < o->given; i++)
        for (size_t j = i + 1; j < o->given; j++) {
            const struct mk_vf_view *a = &o->v[i], *b = &o->v[j];

            if (a->known && b->known &&
                contradict(a, b, fit_of(a, wants, size),
                           fit_of(b, wants, size)))
                mk_vf_found_in(report, MK_VF_SPLIT_VIEW, a->file, b->file);
        }
}

static void tell(const struct mk_vf_view *v, enum mk_vf_code code,
                 uint64_t size, struct mk_vf_report *report)
{
    struct mk_vf_finding f = {
        .code = code, .a = v->size, .b = size, .t = v->time_ms};

    memcpy(f.file, v->file, sizeof v->file);
    memcpy(f.who, v->who, sizeof v->who);
    mk_vf_found(report, &f);
}

/* *seen grows to what v confirms; false: it says nothing good. */
static bool judge(const struct mk_vf_view *v, const struct mk_vf_wants *wants,
                  const struct mk_vf_heads *heads, uint64_t size,
                  struct mk_vf_report *report)
{
    const bool mark = v->source == MK_VF_IS_MARK;

    if (v->source == MK_VF_IS_KEY && !v->known && !v->is_self) {
        mk_vf_found_in(report, MK_VF_WITNESS_SILENT, v->file, v->who);
        return false;
    }
    if (!v->known)
        return false; /* what is wrong with it was told when it was read */
    switch (fit_of(v, wants, size)) {
    case SAME:
        if (v->source != MK_VF_IS_STORED)
            tell(v, v->time_ms > 0 ? MK_VF_SEEN : MK_VF_SEEN_UNDATED, size,
                 report);
        return v->source != MK_VF_IS_STORED;
    case BEYOND:
        if (given_up(heads, v))
            tell(v, MK_VF_MARK_RESTARTED, size, report);
        else
            tell(v, MK_VF_TAIL_CUT, size, report);
        break;
    case OTHER:
        if (given_up(heads, v))
            tell(v, MK_VF_MARK_RESTARTED, size, report);
        else
            tell(v, mark ? MK_VF_MARK_OTHER : MK_VF_OTHER_LOG, size, report);
        break;
    }
    return false;
}

void mk_vf_outside_judge(const struct mk_vf_outside *o,
                         const struct mk_vf_wants *wants,
                         const struct mk_vf_heads *heads, uint64_t size,
                         struct mk_vf_report *report)
{
    struct mk_vf_finding f = {.code = MK_VF_COMPLETE_OPEN};
    uint64_t seen = 0;
    bool any = false;

    find_split(o, wants, size, report);
    for (size_t i = 0; i < o->n; i++)
        if (judge(&o->v[i], wants, heads, size, report)) {
            any = true;
            if (o->v[i].size > seen)
                seen = o->v[i].size;
        }
    if (o->confirmed > 0) {
        f.code = MK_VF_STORED;
        f.a = o->confirmed;
        mk_vf_found(report, &f);
    }
    f = (struct mk_vf_finding){.code = any ? MK_VF_COMPLETE_YES
                                           : MK_VF_COMPLETE_OPEN,
                               .a = seen,
                               .b = size - seen};
    mk_vf_found(report, &f);
}
