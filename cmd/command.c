/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/command.h"

#include <stdio.h>
#include <string.h>

static const struct mk_command commands[] = {
#define MK_COMMAND(name, group_nl, group_en, nl, en, role, audit, min, max, \
                   words_nl, words_en, options, text_nl, text_en)           \
    {                                                                       \
        mk_cmd_##name,                                                      \
        MK_VERB_NONE,                                                       \
        group_nl,                                                           \
        group_en,                                                           \
        nl,                                                                 \
        en,                                                                 \
        MK_ROLE_##role,                                                     \
        MK_AUDIT_##audit,                                                   \
        min,                                                                \
        max,                                                                \
        words_nl,                                                           \
        words_en,                                                           \
        options,                                                            \
        text_nl,                                                            \
        text_en},
#define MK_COMMAND_VERB(VERB, text_nl, text_en) \
    {mk_cmd_verb,                               \
     MK_VERB_##VERB,                            \
     "",                                        \
     "",                                        \
     "",                                        \
     "",                                        \
     MK_ROLE_INSPECTOR,                         \
     MK_AUDIT_CHANGE,                           \
     1,                                         \
     1,                                         \
     "KENMERK",                                 \
     "TAG",                                     \
     MK_O(FORM) | MK_O(GEZIEN),                 \
     text_nl,                                   \
     text_en},
#include "cmd/commands.def"
#undef MK_COMMAND
#undef MK_COMMAND_VERB
};

bool mk_command_at(size_t i, struct mk_command *out)
{
    if (i >= sizeof commands / sizeof commands[0])
        return false;
    *out = commands[i];
    const struct mk_verb_info *verb = mk_verb_get(out->verb);
    if (verb) {
        out->nl = verb->nl;
        out->en = verb->en;
    }
    return true;
}

static bool is_one_of(const char *word, const char *nl, const char *en)
{
    return strcmp(word, nl) == 0 || strcmp(word, en) == 0;
}

bool mk_command_find(const char *const *words, size_t n,
                     struct mk_command *out, size_t *used)
{
    for (size_t i = 0; mk_command_at(i, out); i++) {
        bool grouped = out->group_nl[0] != '\0';
        *used = grouped ? 2 : 1;
        if (n < *used)
            continue;
        if (grouped && !is_one_of(words[0], out->group_nl, out->group_en))
            continue;
        if (is_one_of(words[*used - 1], out->nl, out->en))
            return true;
    }
    return false;
}

void mk_command_name(const struct mk_command *c, bool english, char out[64])
{
    const char *group = english ? c->group_en : c->group_nl;
    snprintf(out, 64, "%s%s%s", group, group[0] ? " " : "",
             english ? c->en : c->nl);
}

enum mk_verb mk_command_form(const struct mk_command *c)
{
    return c->run == mk_cmd_report ? MK_VERB_MELDING : c->verb;
}
