/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of commands: cmd/commands.def made whole with the verbs. */
#ifndef MK_CMD_COMMAND_H
#define MK_CMD_COMMAND_H

#include "cmd/args.h"
#include "core/meldkluis.h"

struct mk_app;
typedef enum mk_err mk_command_run(struct mk_app *app);

struct mk_command {
    mk_command_run *run;
    enum mk_verb verb; /* NONE if the command is no single verb */
    const char *group_nl, *group_en; /* "" if the name is one word */
    const char *nl, *en;
    enum mk_role role;             /* NONE: anybody */
    enum mk_audit audit;           /* what it writes in the access log */
    unsigned min_words, max_words; /* behind the name */
    const char *words_nl, *words_en;
    mk_options options; /* MK_O bits, besides the global ones */
    const char *text_nl, *text_en;
};

/* In the order of the table, verbs filled in; false past the end. */
MK_MUST_USE bool mk_command_at(size_t i, struct mk_command *out);
/* By the first words, in either language; *used is how many belong to the
 * name.  False if there is none. */
MK_MUST_USE bool mk_command_find(const char *const *words, size_t n,
                                 struct mk_command *out, size_t *used);
/* "melding nieuw"; out gets a text of less than 64 bytes. */
void mk_command_name(const struct mk_command *c, bool english, char out[64]);
/* The verb whose keys the form of this command has, or NONE. */
enum mk_verb mk_command_form(const struct mk_command *c);

/* One function a command; that of all verbs is mk_cmd_verb. */
#define MK_COMMAND(function, ...) mk_command_run mk_cmd_##function;
#define MK_COMMAND_VERB(...)
#include "cmd/commands.def"
#undef MK_COMMAND
#undef MK_COMMAND_VERB
mk_command_run mk_cmd_verb;

#endif
