/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a dossier gives to the statistics. */
#include "core/stats.h"

#include <string.h>

/* Code of a field; every kind of "not recorded" is 0. */
static uint8_t code_of(const struct mk_case *c, enum mk_field field,
                       enum mk_list list)
{
    unsigned number = mk_fields_code(&c->facts, field);
    const struct mk_code *code = mk_code_get(list, number);
    if (!code || strcmp(code->slug, "NR") == 0)
        return 0;
    return (uint8_t)number;
}

static uint16_t extra_of(const struct mk_case *c)
{
    /* bit 0 is no category; ONB and NR lie above all of them */
    return (uint16_t)(mk_fields_codes(&c->facts, MK_F_EXTRA) & 0xfffe);
}

static bool unmet(const struct mk_case *c, bool had, int duty)
{
    return had && c->track[duty].status == MK_TRACK_UNMET;
}

/* A duiding after another one. */
static bool is_anew(const struct mk_case *c)
{
    for (size_t i = 0; i + 1 < c->n_events; i++)
        if (c->events[i].verb == MK_VERB_DUID)
            return true;
    return false;
}

/* What the last event was. */
static enum mk_cause cause_of(const struct mk_case *c)
{
    const struct mk_event *e = &c->events[c->n_events - 1];
    if (e->verb == MK_VERB_DUID && is_anew(c))
        return MK_CAUSE_DUIDING;
    if (e->verb != MK_VERB_CORRIGEER)
        return MK_CAUSE_STEP;
    switch (mk_fields_code(&e->f, MK_F_REASON_CORRECT)) {
    case MK_CORRECTION_REASON_TYP:
        return MK_CAUSE_TYP;
    case MK_CORRECTION_REASON_FEI:
        return MK_CAUSE_FEI;
    case MK_CORRECTION_REASON_BEO:
        return MK_CAUSE_BEO;
    }
    return MK_CAUSE_UNKNOWN;
}

void mk_stats_from_case(struct mk_stats_record *r, const struct mk_case *c)
{
    r->received = c->received;
    r->state = (uint8_t)c->state;
    r->cause = (uint8_t)(c->n_events > 0 ? cause_of(c) : MK_CAUSE_UNKNOWN);
    r->sector = code_of(c, MK_F_SECTOR, MK_LIST_SECTOR);
    r->category = code_of(c, MK_F_CATEGORY, MK_LIST_CATEGORY);
    r->care_type = code_of(c, MK_F_CARE_TYPE, MK_LIST_CARE_TYPE);
    r->reporter = code_of(c, MK_F_REPORTER, MK_LIST_REPORTER);
    r->accused = code_of(c, MK_F_ACCUSED, MK_LIST_ACCUSED);
    r->qualification = code_of(c, MK_F_QUALIFICATION, MK_LIST_QUALIFICATION);
    r->mtbp = c->mtbp == MK_YN_NR ? 0 : (uint8_t)c->mtbp;
    r->duty = c->duty == MK_YN_NR ? 0 : (uint8_t)c->duty;
    r->direct = 0;
    if (c->duty == MK_YN_J)
        r->direct = code_of(c, MK_F_DIRECT, MK_LIST_DIRECT);
    r->verdict = code_of(c, MK_F_VERDICT, MK_LIST_VERDICT);
    r->extra = extra_of(c);
    r->red = c->had_red;
    r->referred = c->had_referred;
    r->complaint = c->had_complaint;
    r->police_report = c->had_police_report;
    r->unmet_overleg = unmet(c, c->had_unmet_overleg, MK_DUTY_OVERLEG);
    r->unmet_aangifte = unmet(c, c->had_unmet_aangifte, MK_DUTY_AANGIFTE);
}
