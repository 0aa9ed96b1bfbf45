/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists and the clock: what the summaries of all dossiers tell. */
#include <stdlib.h>
#include <string.h>

#include "core/census.h"

/*
 * The entry of a list: that of a caseload has no number, so who reads the log
 * knows it from one of everybody's dossiers.
 */
static enum mk_err ask(struct mk_vault *v, const struct mk_access *access,
                       enum mk_audit kind, bool everybody,
                       struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_log_item item = {
        .role = MK_ROLE_INSPECTOR,
        .kind = kind,
        .outcome = access->dry_run ? MK_OUTCOME_DRY_RUN : MK_OUTCOME_ASKED,
        .purpose = access->purpose,
        .mask = MK_SHOWN_FACTS,
        .count = everybody ? v->head.n_dossiers : 0,
    };

    MK_TRY(mk_vault_need(v, MK_ROLE_INSPECTOR, diag));
    mk_access_afresh(v);
    if (item.purpose == MK_CODE_NONE && everybody) {
        item.outcome = MK_OUTCOME_REFUSED;
        item.mask = 0;
    } else if (item.purpose == MK_CODE_NONE) {
        item.purpose = MK_PURPOSE_BEH;
    }
    MK_TRY(mk_log_now(v, &item, diag));
    if (item.outcome == MK_OUTCOME_REFUSED)
        rc = mk_fail(diag, MK_E_PURPOSE, NULL);
out:
    return rc;
}

/* --- list --- */

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

static enum mk_err ask_list(void *ctx, const struct mk_dossier_row *row,
                            const struct mk_dek *dek,
                            struct mk_list_item *item, bool *yes,
                            struct mk_diag *diag)
{
    const struct mk_list_filter *f = ctx;

    (void)row;
    (void)dek;
    (void)diag;
    *yes =
        (f->state == MK_STATE_NONE || item->state == f->state) &&
        (!f->open_duty || has_open_duty(item)) &&
        (!f->open_only || (mk_states_open & MK_STATE_BIT(item->state)) != 0);
    return MK_OK;
}

/* A tombstone is nobody's, has ended, and has no duty: it is listed among those
 * of all, or where it is asked for. */
static enum mk_err ask_gone(void *ctx, const struct mk_list_item *item,
                            bool *yes)
{
    const struct mk_list_filter *f = ctx;

    *yes = (f->state == item->state ||
            (f->state == MK_STATE_NONE && f->everybody)) &&
           !f->open_duty && !f->open_only;
    return MK_OK;
}

enum mk_err mk_list(struct mk_vault *v, const struct mk_access *access,
                    const struct mk_list_filter *filter, mk_list_each *each,
                    void *ctx, uint64_t *others, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_census f = {.n = 0};
    struct mk_list_filter asked = *filter;
    const struct mk_question q = {
        .ask = ask_list,
        .gone = ask_gone,
        .ctx = &asked,
        .year = (uint32_t)filter->year,
        .show_barred = true,
        .own = !filter->everybody,
        .whose = filter->whose,
    };

    MK_TRY(ask(v, access, MK_AUDIT_LIST, filter->everybody, diag));
    MK_TRY(mk_census_run(v, &q, &f, diag));
    *others = f.others;
    MK_TRY(mk_census_give_out(&f, each, ctx));
out:
    mk_census_release(&f);
    return rc;
}

/* --- clock --- */

static enum mk_err ask_clock(void *ctx, const struct mk_dossier_row *row,
                             const struct mk_dek *dek,
                             struct mk_list_item *item, bool *yes,
                             struct mk_diag *diag)
{
    (void)ctx;
    (void)row;
    (void)dek;
    (void)diag;
    /* Every state that somebody still has to bring further; what waits for
     * nothing but its next step stands last. */
    *yes = mk_state_kind(item->state) == MK_KIND_OPEN;
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
                          bool everybody, mk_list_each *each, void *ctx,
                          uint64_t *others, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_census f = {.n = 0};
    const struct mk_question q = {.ask = ask_clock, .own = !everybody};

    MK_TRY(ask(v, access, MK_AUDIT_CLOCK, everybody, diag));
    MK_TRY(mk_census_run(v, &q, &f, diag));
    if (f.n != 0)
        qsort(f.items, f.n, sizeof *f.items, by_urgency);
    *others = f.others;
    MK_TRY(mk_census_give_out(&f, each, ctx));
out:
    mk_census_release(&f);
    return rc;
}
