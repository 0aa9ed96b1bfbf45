/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/complete.h"

#include "cmd/app.h"
#include "cmd/shell.h"
#include "cmd/split.h"

#include <stdio.h>
#include <string.h>

/* Words that begin as was typed, and how far they are all the same. */
struct hunt {
    const char *prefix;
    size_t n_prefix, n_common, found;
    char common[64];
};

static void consider(struct hunt *h, const char *word)
{
    size_t same = 0;
    if (strncmp(word, h->prefix, h->n_prefix) != 0)
        return;
    if (h->found > 0 && strcmp(word, h->common) == 0)
        return; /* a group stands in the table once a command */
    if (h->found++ == 0) {
        snprintf(h->common, sizeof h->common, "%s", word);
        h->n_common = strlen(h->common);
        return;
    }
    while (same < h->n_common && word[same] == h->common[same])
        same++;
    h->n_common = same;
    h->common[same] = '\0';
}

static void hunt_options(struct hunt *h, bool english, mk_options of_command)
{
    char word[64];
    for (unsigned i = 0; i < MK_OPT_COUNT; i++) {
        const struct mk_option_info *o = mk_option_get((enum mk_option)i);
        if (!(o->flags & MK_OPTION_GLOBAL) && !(of_command & MK_O_BIT(i)))
            continue;
        if (o->flags & MK_OPTION_FILE)
            continue; /* a session reaches none */
        snprintf(word, sizeof word, "--%s", english ? o->en : o->nl);
        consider(h, word);
    }
}

/* The first words, or with group those behind it. */
static void hunt_names(struct hunt *h, bool english, const char *group)
{
    struct mk_command c;
    for (size_t i = 0; mk_command_at(i, &c); i++) {
        const char *its_group = english ? c.group_en : c.group_nl;
        const char *name = english ? c.en : c.nl;
        bool grouped = its_group[0] != '\0';
        if (group == NULL)
            consider(h, grouped ? its_group : name);
        else if (grouped && (strcmp(group, c.group_nl) == 0 ||
                             strcmp(group, c.group_en) == 0))
            consider(h, name);
    }
    for (size_t i = 0; group == NULL && mk_shell_word(i, english) != NULL; i++)
        consider(h, mk_shell_word(i, english));
}

static void hunt_for(struct hunt *h, const struct mk_app *app,
                     const char *const *words, size_t n)
{
    struct mk_command c = {.options = 0};
    size_t used;
    if (h->prefix[0] == '-') {
        bool known = mk_command_find(words, n, &c, &used);
        hunt_options(h, app->english, known ? c.options : 0);
        return;
    }
    if (n > 0 && strcmp(words[0], "help") == 0) {
        words++;
        n--;
    }
    if (n < 2)
        hunt_names(h, app->english, n == 0 ? NULL : words[0]);
}

enum mk_err mk_complete(const void *ctx, const struct mk_buf *line,
                        struct mk_buf *more)
{
    enum mk_err rc = MK_OK;
    const struct mk_app *app = ctx;
    struct mk_diag quiet = MK_DIAG_INIT;
    struct hunt h = {.prefix = ""};
    char copy[256];
    char *words[MK_SPLIT_MAX];
    const char *before[MK_SPLIT_MAX];
    size_t n = 0;
    if (line->len >= sizeof copy)
        return MK_OK;
    if (line->len > 0)
        memcpy(copy, line->data, line->len);
    copy[line->len] = '\0';
    bool begins = line->len == 0 || copy[line->len - 1] == ' ';
    if (mk_split(copy, words, &n, app->english, &quiet) != MK_OK)
        return MK_OK;
    if (!begins && n > 0)
        h.prefix = words[--n];
    h.n_prefix = strlen(h.prefix);
    for (size_t i = 0; i < n; i++)
        before[i] = words[i];
    hunt_for(&h, app, before, n);
    if (h.n_common > h.n_prefix)
        MK_TRY(
            mk_buf_add(more, h.common + h.n_prefix, h.n_common - h.n_prefix));
    if (h.found == 1)
        MK_TRY(mk_buf_add_u8(more, ' '));
out:
    return rc;
}
