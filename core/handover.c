/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/handover.h"

#include <stdlib.h>
#include <string.h>

#include "core/access.h"
#include "core/caseload.h"

struct mk_handover_item {
    uint8_t id[MK_ID];
    struct mk_owners owners;
    bool barred;
};

void mk_handover_plan_init(struct mk_handover_plan *plan)
{
    *plan = (struct mk_handover_plan){.n = 0};
}

void mk_handover_plan_release(struct mk_handover_plan *plan)
{
    free(plan->item);
    mk_handover_plan_init(plan);
}

/* --- the plan --- */

static enum mk_err take_up(void *ctx, const struct mk_list_item *item)
{
    struct mk_handover_plan *plan = ctx;

    if (plan->n == plan->cap) {
        size_t cap = plan->cap == 0 ? 64 : plan->cap * 2;
        struct mk_handover_item *grown =
            reallocarray(plan->item, cap, sizeof *grown);

        if (grown == NULL)
            return MK_E_MEMORY;
        plan->item = grown;
        plan->cap = cap;
    }
    plan->item[plan->n] = (struct mk_handover_item){.owners = item->owners,
                                                    .barred = item->barred};
    memcpy(plan->item[plan->n++].id, item->id, MK_ID);
    plan->barred += item->barred;
    return MK_OK;
}

enum mk_err mk_handover_find(struct mk_vault *v,
                             const struct mk_access *access,
                             const struct mk_handover *what,
                             struct mk_handover_plan *plan,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    uint64_t others;
    struct mk_list_whose whose = {.deputy = what->deputy};
    const struct mk_list_filter filter = {
        .open_only = true,
        .everybody = memcmp(what->from, v->my_id, MK_ID) != 0,
        .whose = &whose,
    };

    mk_handover_plan_release(plan);
    plan->what = *what;
    memcpy(whose.member, what->from, MK_ID);
    MK_TRY(mk_vault_need(v, MK_ROLE_INSPECTOR, diag));
    MK_TRY(mk_caseload_may_have(v, what->to, diag));
    MK_TRY(mk_list(v, access, &filter, take_up, plan, &others, diag));
out:
    return rc;
}

/* --- the run --- */

/* Refused for this dossier; the next one may go. */
static bool leaves_one(enum mk_err rc)
{
    return mk_err_is_refusal(rc) || rc == MK_E_NOT_OWN ||
           rc == MK_E_NOT_NAMED || rc == MK_E_RESTRICTED || rc == MK_E_NAMED ||
           rc == MK_E_PURPOSE || rc == MK_E_CHANGED || rc == MK_E_NOT_FOUND;
}

static enum mk_err add_event(struct mk_event *e, size_t *n, enum mk_verb verb,
                             const uint8_t member[static MK_ID])
{
    mk_event_init(&e[*n]);
    e[*n].verb = verb;
    return mk_fields_set_id(&e[(*n)++].f, MK_F_MEMBER, member);
}

/*
 * One event, or two where to stands in instead of from.  Who stands in is
 * added first where there is room, so that whoever does it about himself is
 * in the caseload at each step.
 */
static enum mk_err events_of(const struct mk_handover *what,
                             const struct mk_owners *owners,
                             struct mk_event e[static 2], size_t *n)
{
    enum mk_err rc;
    const bool full = owners->n_deputies == MK_DEPUTIES;

    *n = 0;
    if (!what->deputy) {
        MK_TRY(add_event(e, n, MK_VERB_OVERDRACHT, what->to));
        goto out;
    }
    if (full)
        MK_TRY(add_event(e, n, MK_VERB_WAARNEMER_AF, what->from));
    if (!mk_owners_has(owners, what->to))
        MK_TRY(add_event(e, n, MK_VERB_WAARNEMER, what->to));
    if (!full)
        MK_TRY(add_event(e, n, MK_VERB_WAARNEMER_AF, what->from));
out:
    return rc;
}

static enum mk_err hand_over(struct mk_vault *v,
                             const struct mk_access *access,
                             const struct mk_handover *what,
                             const struct mk_handover_item *item,
                             struct mk_written *w, struct mk_diag *diag)
{
    enum mk_err rc;
    char tag[MK_TAG_TEXT];
    struct mk_dossier_ref ref;
    struct mk_event e[2];
    size_t n = 0;

    mk_tag_format(tag, item->id);
    MK_TRY(mk_dossier_ref_parse(&ref, tag, diag));
    MK_TRY(events_of(what, &item->owners, e, &n));
    rc = mk_dossier_events(v, access, &ref, e, n, &item->owners, w, diag);
    n = 0; /* used up */
out:
    for (size_t i = 0; i < n; i++)
        mk_event_release(&e[i]);
    return rc;
}

static enum mk_err leave_barred(const struct mk_vault *v,
                                const struct mk_handover_item *item,
                                struct mk_diag *why)
{
    const struct mk_member *m =
        mk_keyring_by_id(v->keyring, item->owners.owner);

    return mk_fail(why, MK_E_RESTRICTED, m != NULL ? m->name : "member");
}

enum mk_err mk_handover_run(struct mk_vault *v, const struct mk_access *access,
                            const struct mk_handover_plan *plan,
                            mk_handover_each *each, void *ctx,
                            uint8_t last[static 16], struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_written w = {.seq = 0};

    for (size_t i = 0; i < plan->n && rc == MK_OK; i++) {
        const struct mk_handover_item *item = &plan->item[i];
        struct mk_diag why = MK_DIAG_INIT;

        rc = item->barred ? leave_barred(v, item, &why)
                          : hand_over(v, access, &plan->what, item, &w, &why);
        memcpy(last, w.request, MK_ID);
        if (rc != MK_OK && !leaves_one(rc)) {
            if (diag != NULL)
                *diag = why;
            break;
        }
        rc = each(ctx, item->id, rc, &why);
        if (v->where.progress != NULL)
            v->where.progress(v->where.progress_ctx, "dossiers", i + 1,
                              plan->n);
    }
    return rc;
}
