/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists and the clock: what the summaries of all dossiers tell. */
#include <stdlib.h>
#include <string.h>

#include "core/census.h"

/*
 * The office's own work lists: coded facts of all, nothing of what people
 * said or who they are.  So no purpose is asked, and the entry says none
 * unless it was given; own dossiers are treated.
 */
static enum mk_err ask(struct mk_vault *v, const struct mk_access *access,
                       enum mk_audit kind, bool mine, struct mk_diag *diag)
{
    struct mk_access as = *access;

    if (mine && as.purpose == MK_CODE_NONE)
        as.purpose = MK_PURPOSE_BEH;
    return mk_access_ask_many(v, &as, MK_ROLE_INSPECTOR, kind, MK_SHOWN_FACTS,
                              diag);
}

/* --- list --- */

struct list_question {
    const struct mk_vault *v;
    const struct mk_list_filter *filter;
};

/* While the dossier is on the clock: what an ended one left open is history. */
static bool has_open_duty(const struct mk_list_item *item)
{
    if (mk_state_kind(item->state) != MK_KIND_OPEN)
        return false;
    for (size_t i = 0; i < MK_DUTY_COUNT; i++)
        if (item->track[i].status == MK_TRACK_OPEN ||
            item->track[i].status == MK_TRACK_UNMET)
            return true;
    return false;
}

static bool is_mine(const struct mk_vault *v, const struct mk_list_item *item)
{
    return mk_owners_has(&item->owners, v->my_id);
}

static enum mk_err ask_list(void *ctx, const struct mk_dossier_row *row,
                            const struct mk_dek *dek,
                            struct mk_list_item *item, bool *yes,
                            struct mk_diag *diag)
{
    const struct list_question *q = ctx;
    const struct mk_list_filter *f = q->filter;

    (void)row;
    (void)dek;
    (void)diag;
    *yes =
        (f->state == MK_STATE_NONE || item->state == f->state) &&
        (!f->mine || is_mine(q->v, item)) &&
        (!f->open_duty || has_open_duty(item)) &&
        (!f->open_only || (mk_states_open & MK_STATE_BIT(item->state)) != 0);
    return MK_OK;
}

enum mk_err mk_list(struct mk_vault *v, const struct mk_access *access,
                    const struct mk_list_filter *filter, mk_list_each *each,
                    void *ctx, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_census f = {.n = 0};
    struct list_question lq = {v, filter};
    struct mk_question q = {
        .ask = ask_list,
        .ctx = &lq,
        .year = (uint32_t)filter->year,
    };

    MK_TRY(ask(v, access, MK_AUDIT_LIST, filter->mine, diag));
    MK_TRY(mk_census_run(v, &q, &f, diag));
    MK_TRY(mk_census_give_out(&f, each, ctx));
out:
    mk_census_release(&f);
    return rc;
}

/* --- clock --- */

struct clock_question {
    const struct mk_vault *v;
    bool mine;
};

static enum mk_err ask_clock(void *ctx, const struct mk_dossier_row *row,
                             const struct mk_dek *dek,
                             struct mk_list_item *item, bool *yes,
                             struct mk_diag *diag)
{
    const struct clock_question *q = ctx;

    (void)row;
    (void)dek;
    (void)diag;
    /* Every state that somebody still has to bring further; what waits for
     * nothing but its next step stands last. */
    *yes = mk_state_kind(item->state) == MK_KIND_OPEN &&
           (!q->mine || is_mine(q->v, item));
    return MK_OK;
}

/* The day since which the oldest thing waits. */
static mk_day waits_since(const struct mk_list_item *item)
{
    mk_day since = item->received;

    for (size_t i = 0; i < MK_DUTY_COUNT; i++)
        if ((item->track[i].status == MK_TRACK_OPEN ||
             item->track[i].status == MK_TRACK_UNMET) &&
            item->track[i].since != MK_DAY_NONE &&
            item->track[i].since < since)
            since = item->track[i].since;
    return since;
}

static int by_urgency(const void *left, const void *right)
{
    const struct mk_list_item *a = left;
    const struct mk_list_item *b = right;
    mk_day x;
    mk_day y;

    if (a->urgent != b->urgent)
        return a->urgent ? -1 : 1;
    if (has_open_duty(a) != has_open_duty(b))
        return has_open_duty(a) ? -1 : 1;
    x = waits_since(a);
    y = waits_since(b);
    if (x != y)
        return x < y ? -1 : 1;
    return memcmp(a->id, b->id, MK_ID);
}

enum mk_err mk_clock_list(struct mk_vault *v, const struct mk_access *access,
                          bool mine, mk_list_each *each, void *ctx,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_census f = {.n = 0};
    struct clock_question cq = {v, mine};
    struct mk_question q = {.ask = ask_clock, .ctx = &cq};

    MK_TRY(ask(v, access, MK_AUDIT_CLOCK, mine, diag));
    MK_TRY(mk_census_run(v, &q, &f, diag));
    if (f.n != 0)
        qsort(f.items, f.n, sizeof *f.items, by_urgency);
    MK_TRY(mk_census_give_out(&f, each, ctx));
out:
    mk_census_release(&f);
    return rc;
}
