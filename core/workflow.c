/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table: verbs, keys, steps.  What is refused is workflow_check.c's job. */
#include "core/workflow.h"

#include <string.h>

#include "core/guard.h"

#define ROW(...)    \
    {               \
        __VA_ARGS__ \
    }
static const struct mk_verb_info verbs[MK_VERB_MAX] = {
#define MK_VERB(number_, NAME, nl_, en_, required_, optional_, imported_, \
                milestone_, label_nl_, label_en_)                         \
    [number_] = {                                                         \
        .number = MK_VERB_##NAME,                                         \
        .nl = nl_,                                                        \
        .en = en_,                                                        \
        .label_nl = label_nl_,                                            \
        .label_en = label_en_,                                            \
        .required = ROW required_,                                        \
        .optional = ROW optional_,                                        \
        .imported = ROW imported_,                                        \
        .milestone = milestone_,                                          \
    },
#include "core/defs/transitions.def"
};

/* Sets of states by kind, from the list. */
#define IN_SET(number, condition) | (unsigned)(condition) << (number)
enum {
#define MK_STATE(number, NAME, slug, kind, nl, en)   \
    IN_SET(number, MK_KIND_##kind == MK_KIND_OPEN || \
                       MK_KIND_##kind == MK_KIND_HANDED)
    MK_STATES_OPEN = 0
#include "core/defs/states.def"
    ,
#define MK_STATE(number, NAME, slug, kind, nl, en) \
    IN_SET(number, MK_KIND_##kind == MK_KIND_END)
    MK_STATES_ENDS = 0
#include "core/defs/states.def"
    ,
    MK_STATES_NEW = 1 << MK_STATE_NONE,
    MK_STATES_ALIVE = MK_STATES_OPEN | MK_STATES_ENDS,
};
const uint32_t mk_states_open = MK_STATES_OPEN;
const uint32_t mk_states_ends = MK_STATES_ENDS;
const uint32_t mk_states_alive = MK_STATES_ALIVE;

#define S(name) MK_STATE_BIT(MK_STATE_##name)
#define MK_STATE_SAME MK_STATE_NONE
static const struct mk_transition rows[] = {
#define MK_TRANSITION(verb, from, to, guard, source) \
    {MK_VERB_##verb, from, MK_STATE_##to, #guard, source},
#include "core/defs/transitions.def"
};
#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

const struct mk_verb_info *mk_verb_get(enum mk_verb verb)
{
    if ((unsigned)verb >= MK_VERB_MAX || verbs[verb].number == MK_VERB_NONE)
        return NULL;
    return &verbs[verb];
}

static bool is_name(const char *known, const char *name, size_t n)
{
    return strlen(known) == n && memcmp(known, name, n) == 0;
}

const struct mk_verb_info *mk_verb_find(const char *name, size_t n)
{
    for (size_t i = 1; i < MK_VERB_MAX; i++) {
        if (verbs[i].number != MK_VERB_NONE &&
            (is_name(verbs[i].nl, name, n) || is_name(verbs[i].en, name, n)))
            return &verbs[i];
    }
    return NULL;
}

static enum mk_field field_in(const enum mk_field *keys, const char *key,
                              size_t n)
{
    for (; *keys != MK_F_NONE; keys++) {
        if (is_name(mk_field_get(*keys)->key, key, n))
            return *keys;
    }
    return MK_F_NONE;
}

enum mk_field mk_verb_field(enum mk_verb verb, const char *key, size_t n)
{
    const struct mk_verb_info *info = mk_verb_get(verb);
    if (!info)
        return MK_F_NONE;
    enum mk_field field = field_in(info->required, key, n);
    if (field == MK_F_NONE)
        field = field_in(info->optional, key, n);
    if (field == MK_F_NONE)
        field = field_in(info->imported, key, n);
    return field;
}

const struct mk_transition *mk_transition_at(size_t i)
{
    return i < N_ROWS ? &rows[i] : NULL;
}

bool mk_workflow_is_step(enum mk_verb verb, enum mk_state from,
                         enum mk_state to)
{
    for (size_t i = 0; i < N_ROWS; i++) {
        enum mk_state row_to = rows[i].to == MK_STATE_NONE ? from : rows[i].to;
        if (rows[i].verb == verb && rows[i].from & MK_STATE_BIT(from) &&
            row_to == to)
            return true;
    }
    return false;
}

bool mk_workflow_possible(const struct mk_case *c, enum mk_verb verb)
{
    struct mk_guard_in in = {.c = c, .duty = c->duty};
    const char *place = "";
    for (size_t i = 0; i < N_ROWS; i++) {
        if (rows[i].verb == verb && rows[i].from & MK_STATE_BIT(c->state) &&
            mk_guard_check(rows[i].guard, &in, &place) == MK_OK)
            return true;
    }
    return false;
}
