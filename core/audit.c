/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of what the access log can say, and of what is asked of it. */
#include <string.h>

#include "core/log.h"

struct name {
    const char *slug, *nl, *en;
};

static const struct name audits[MK_AUDIT_MAX] = {
#define MK_AUDIT(number, NAME, slug, nl, en, object, roles, action) \
    [number] = {slug, nl, en},
#include "core/defs/audit.def"
#undef MK_AUDIT
};

static const struct name outcomes[MK_OUTCOME_MAX] = {
#define MK_OUTCOME(number, NAME, slug, nl, en) [number] = {slug, nl, en},
#include "core/defs/outcome.def"
#undef MK_OUTCOME
};

static const struct name unknown = {"unreadable", "onleesbaar", "unreadable"};

static const struct name *audit(enum mk_audit kind)
{
    size_t i = (size_t)kind;

    return i < MK_AUDIT_MAX && audits[i].slug != NULL ? &audits[i] : &unknown;
}

static const struct name *outcome(enum mk_outcome o)
{
    size_t i = (size_t)o;

    return i < MK_OUTCOME_MAX && outcomes[i].slug != NULL ? &outcomes[i]
                                                          : &unknown;
}

const char *mk_audit_slug(enum mk_audit kind)
{
    return audit(kind)->slug;
}

const char *mk_audit_label(enum mk_audit kind, bool english)
{
    return english ? audit(kind)->en : audit(kind)->nl;
}

enum mk_audit mk_audit_find(const char *slug)
{
    for (size_t i = 1; i < MK_AUDIT_MAX; i++)
        if (audits[i].slug != NULL && strcmp(audits[i].slug, slug) == 0)
            return (enum mk_audit)i;
    return MK_AUDIT_NONE;
}

const char *mk_outcome_slug(enum mk_outcome o)
{
    return outcome(o)->slug;
}

const char *mk_outcome_label(enum mk_outcome o, bool english)
{
    return english ? outcome(o)->en : outcome(o)->nl;
}

bool mk_audit_of_dossier(enum mk_audit kind)
{
    static const bool dossier[MK_AUDIT_MAX] = {
#define DOSSIER true
#define MEMBER false
#define NONE false
#define MK_AUDIT(number, NAME, slug, nl, en, object, roles, action) \
    [number] = (object),
#include "core/defs/audit.def"
#undef MK_AUDIT
#undef DOSSIER
#undef MEMBER
#undef NONE
    };
    return (size_t)kind < MK_AUDIT_MAX && dossier[kind];
}

static const struct question {
    const char *nl, *en, *text_nl, *text_en;
} questions[MK_QUESTION_COUNT] = {
#define MK_QUESTION(NAME, nl, en, text_nl, text_en) {nl, en, text_nl, text_en},
#include "core/defs/questions.def"
};

const char *mk_question_slug(enum mk_log_question q, bool english)
{
    return english ? questions[q].en : questions[q].nl;
}

const char *mk_question_text(enum mk_log_question q, bool english)
{
    return english ? questions[q].text_en : questions[q].text_nl;
}

enum mk_log_question mk_question_find(const char *slug)
{
    size_t q = 0;

    while (q < MK_QUESTION_COUNT && strcmp(questions[q].nl, slug) != 0 &&
           strcmp(questions[q].en, slug) != 0)
        q++;
    return (enum mk_log_question)q;
}
