/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/choice.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const formats[] = {
#define MK_FORMAT(NAME, word, file, renderer) word,
#include "core/defs/formats.def"
};
#define N_FORMATS (sizeof formats / sizeof formats[0])

void mk_state_name(char out[static 64], enum mk_state state, bool english,
                   bool word)
{
    const char *label = mk_state_label(state, english);
    snprintf(out, 64, "%.*s", (int)strcspn(label, ":"), label);
    for (char *p = out; word && *p; p++)
        if (*p == ' ')
            *p = '-';
}

static bool is_state(const char *text, enum mk_state state, bool english)
{
    char name[64];
    for (int word = 0; word < 2; word++) {
        mk_state_name(name, state, english, word);
        if (strcasecmp(text, name) == 0)
            return true;
    }
    return false;
}

enum mk_state mk_choice_state(const char *text)
{
    for (unsigned s = 1; s < MK_STATE_MAX; s++) {
        const char *slug = mk_state_slug((enum mk_state)s);
        if (slug[0] && strcasecmp(text, slug) == 0)
            return (enum mk_state)s;
    }
    for (unsigned s = 1; s < MK_STATE_MAX; s++)
        if (mk_state_label((enum mk_state)s, false)[0] &&
            (is_state(text, (enum mk_state)s, false) ||
             is_state(text, (enum mk_state)s, true)))
            return (enum mk_state)s;
    return MK_STATE_NONE;
}

bool mk_choice_format(const char *text)
{
    for (size_t i = 0; i < N_FORMATS; i++)
        if (strcmp(text, formats[i]) == 0)
            return true;
    return false;
}

static const char *const counts[MK_COUNT_NONE][2] = {
    {"wie", "person"},
    {"soort", "kind"},
    {"dag", "day"},
    {"vraag", "question"},
};

const char *mk_choice_count_name(enum mk_count_by by, bool english)
{
    return counts[by][english];
}

enum mk_count_by mk_choice_count(const char *text)
{
    unsigned i = 0;
    while (i < MK_COUNT_NONE && strcmp(text, counts[i][0]) != 0 &&
           strcmp(text, counts[i][1]) != 0)
        i++;
    return (enum mk_count_by)i;
}

enum mk_err mk_choice_refuse(struct mk_diag *diag, const char *place,
                             enum mk_choice which)
{
    return mk_fail_at(diag, MK_E_CHOICE, place, 0, (int64_t)which, 0);
}

/* The i-th of them, or NULL past the end; "" is left out. */
static const char *choice_at(enum mk_choice which, size_t i, bool english,
                             char room[static 64])
{
    enum mk_state state = (enum mk_state)(i + 1);
    const char *slug;
    switch (which) {
    case MK_CHOICE_STATE:
        if (i + 1 >= MK_STATE_MAX)
            return NULL;
        mk_state_name(room, state, true, true);
        return english ? room : mk_state_slug(state);
    case MK_CHOICE_KIND:
        if (i + 1 >= MK_AUDIT_MAX)
            return NULL;
        slug = mk_audit_slug((enum mk_audit)(i + 1));
        return mk_audit_find(slug) == MK_AUDIT_NONE ? "" : slug;
    case MK_CHOICE_QUESTION:
        return i < MK_QUESTION_COUNT
                   ? mk_question_slug((enum mk_log_question)i, english)
                   : NULL;
    case MK_CHOICE_COUNT:
        return i < MK_COUNT_NONE
                   ? mk_choice_count_name((enum mk_count_by)i, english)
                   : NULL;
    case MK_CHOICE_ROLE:
        if (i + 1 > MK_ROLE_AUDITOR)
            return NULL;
        return english ? mk_role_slug((enum mk_role)(i + 1))
                       : mk_role_label((enum mk_role)(i + 1), false);
    case MK_CHOICE_FORMAT:
        return i < N_FORMATS ? formats[i] : NULL;
    case MK_CHOICE_COLUMN:
        return mk_import_column(i) == MK_F_NONE
                   ? NULL
                   : mk_field_get(mk_import_column(i))->key;
    }
    return NULL;
}

enum mk_err mk_choices_add(struct mk_buf *out, enum mk_choice which,
                           bool english)
{
    enum mk_err rc = MK_OK;
    char room[64];
    const char *text;
    bool first = true;
    for (size_t i = 0; (text = choice_at(which, i, english, room)); i++) {
        if (text[0] == '\0')
            continue; /* a number that is not in use */
        MK_TRY(mk_buf_addf(out, "%s%s", first ? "" : " ", text));
        first = false;
    }
out:
    return rc;
}
