/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/guard.h"

#include <string.h>

/* Has the event this code?  True when fields are open. */
static bool says(const struct mk_guard_in *in, enum mk_field key,
                 unsigned code)
{
    return !in->e || mk_fields_code(&in->e->f, key) == code;
}

/* A key that only some steps of a verb need; the import file lacks it. */
static enum mk_err needs(const struct mk_guard_in *in, enum mk_field key,
                         const char **place)
{
    if (!in->e || in->e->imported)
        return MK_OK;
    const struct mk_buf *text = mk_fields_text(&in->e->f, key);
    bool narrative = mk_field_get(key)->type == MK_T_TEXT;
    if (text && (!narrative || text->len > 0))
        return MK_OK;
    *place = mk_field_get(key)->key;
    return MK_E_MISSING_KEY;
}

static enum mk_err when(bool condition, enum mk_err otherwise)
{
    return condition ? MK_OK : otherwise;
}

#define GUARD(name) \
    static enum mk_err name(const struct mk_guard_in *in, const char **place)
#define UNUSED (void)in, (void)place

GUARD(always)
{
    UNUSED;
    return MK_OK;
}

GUARD(not_yet)
{
    UNUSED;
    return MK_E_NOT_YET;
}

GUARD(duty_is_j)
{
    UNUSED;
    return when(in->duty == MK_YN_J, MK_E_WORKFLOW);
}

GUARD(duty_is_not_j)
{
    UNUSED;
    return when(in->duty != MK_YN_J, MK_E_WORKFLOW);
}

/* Facts must have been coded: a dossier reopened from niet-bevoegd may have
 * none. */
GUARD(classified)
{
    UNUSED;
    return when(in->c->duty != 0, MK_E_WORKFLOW);
}

GUARD(ground_if_duty_unknown)
{
    if (in->c->duty == 0)
        return MK_E_WORKFLOW;
    return in->c->duty == MK_YN_ONB ? needs(in, MK_F_GROUND, place) : MK_OK;
}

GUARD(duty_fell_away)
{
    if (in->c->duty == MK_YN_J)
        return MK_E_DUTY_OPEN;
    return needs(in, MK_F_GROUND, place);
}

GUARD(unmet_was_overleg)
{
    UNUSED;
    return when(in->c->unmet_which == MK_UNMET_overleg, MK_E_WORKFLOW);
}

GUARD(unmet_was_aangifte)
{
    UNUSED;
    return when(in->c->unmet_which == MK_UNMET_aangifte, MK_E_WORKFLOW);
}

GUARD(red_in_history)
{
    UNUSED;
    return when(in->c->had_red, MK_E_NEEDS_RED);
}

GUARD(unmet_was_aangifte_after_red)
{
    if (!in->c->had_red)
        return MK_E_NEEDS_RED;
    return unmet_was_aangifte(in, place);
}

GUARD(verdict_is_geen)
{
    UNUSED;
    return when(says(in, MK_F_VERDICT, MK_VERDICT_GEEN), MK_E_WORKFLOW);
}

/* RED only where the duty is J, and after overleg or houder-verdacht. */
GUARD(verdict_is_red)
{
    UNUSED;
    if (!says(in, MK_F_VERDICT, MK_VERDICT_RED))
        return MK_E_WORKFLOW;
    if (in->c->duty != MK_YN_J)
        return MK_E_NO_DUTY;
    return when(in->c->had_overleg || in->c->had_houder_verdacht,
                MK_E_WORKFLOW);
}

GUARD(verdict_is_mog)
{
    if (!says(in, MK_F_VERDICT, MK_VERDICT_MOG))
        return MK_E_WORKFLOW;
    return needs(in, MK_F_NEXT_CHECK, place);
}

GUARD(by_is_said)
{
    return needs(in, MK_F_BY, place);
}

GUARD(unmet_is_overleg)
{
    UNUSED;
    if (!says(in, MK_F_UNMET, MK_UNMET_overleg))
        return MK_E_WORKFLOW;
    return when(in->c->duty == MK_YN_J, MK_E_NO_DUTY);
}

GUARD(unmet_is_aangifte)
{
    UNUSED;
    return when(says(in, MK_F_UNMET, MK_UNMET_aangifte), MK_E_WORKFLOW);
}

/* A reporter cannot withdraw a duty, neither the houder's nor his own. */
GUARD(no_duty_track)
{
    UNUSED;
    if (in->c->duty_was_j)
        return MK_E_DUTY_OPEN;
    for (size_t i = 0; i < MK_DUTY_COUNT; i++) {
        if (in->c->track[i].status == MK_TRACK_OPEN ||
            in->c->track[i].status == MK_TRACK_UNMET)
            return MK_E_DUTY_OPEN;
    }
    return MK_OK;
}

GUARD(kept_exists)
{
    UNUSED;
    if (!in->e)
        return MK_OK;
    return when(in->kept && in->kept->state != MK_STATE_NONE &&
                    in->kept->state != MK_STATE_DUBBEL &&
                    in->kept->state != MK_STATE_VERNIETIGD,
                MK_E_KEPT);
}

GUARD(kept_has_the_duty)
{
    enum mk_err rc = kept_exists(in, place);
    if (rc != MK_OK || !in->e)
        return rc;
    return when(in->kept->duty == MK_YN_J, MK_E_KEPT);
}

/* A correction that makes a duty puts the dossier back to where the duty begins,
 * unless the overleg was held already and only its end is corrected. */
GUARD(duty_becomes_j)
{
    UNUSED;
    const struct mk_case *c = in->c;
    if (!in->e || in->duty != MK_YN_J || c->duty == MK_YN_J)
        return MK_E_WORKFLOW;
    return when(c->state == MK_STATE_DUIDING ||
                    c->recorded[MK_DUTY_OVERLEG].status != MK_TRACK_MET,
                MK_E_WORKFLOW);
}

/* The owner does not hand to himself. */
GUARD(not_the_owner)
{
    if (!in->e)
        return MK_OK;
    *place = mk_field_get(MK_F_MEMBER)->key;
    return when(memcmp(in->c->owners.owner,
                       mk_fields_id(&in->e->f, MK_F_MEMBER), 16) != 0,
                MK_E_IS_OWN);
}

GUARD(may_deputise)
{
    const struct mk_owners *o = &in->c->owners;
    *place = mk_field_get(MK_F_MEMBER)->key;
    if (in->e && mk_owners_has(o, mk_fields_id(&in->e->f, MK_F_MEMBER)))
        return MK_E_IS_OWN;
    return when(o->n_deputies < MK_DEPUTIES, MK_E_DEPUTIES);
}

GUARD(is_deputy)
{
    const struct mk_owners *o = &in->c->owners;
    *place = mk_field_get(MK_F_MEMBER)->key;
    if (!in->e)
        return when(o->n_deputies > 0, MK_E_NO_DEPUTY);
    const uint8_t *id = mk_fields_id(&in->e->f, MK_F_MEMBER);
    return when(mk_owners_has(o, id) && memcmp(o->owner, id, 16) != 0,
                MK_E_NO_DEPUTY);
}

static const struct {
    const char *name;
    enum mk_err (*check)(const struct mk_guard_in *in, const char **place);
} guards[] = {
#define MK_GUARD(name, en) {#name, name},
#include "core/defs/transitions.def"
};

enum mk_err mk_guard_check(const char *guard, const struct mk_guard_in *in,
                           const char **place)
{
    for (size_t i = 0; i < sizeof(guards) / sizeof(guards[0]); i++) {
        if (strcmp(guards[i].name, guard) == 0)
            return guards[i].check(in, place);
    }
    return MK_E_INTERNAL;
}
