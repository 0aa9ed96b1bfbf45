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
    uint64_t options; /* MK_O bits, besides the global ones */
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

mk_command_run mk_cmd_init, mk_cmd_user_request, mk_cmd_user_admit,
    mk_cmd_user_list, mk_cmd_user_show, mk_cmd_user_disable,
    mk_cmd_user_enable, mk_cmd_user_remove, mk_cmd_role_grant,
    mk_cmd_role_revoke, mk_cmd_role_except, mk_cmd_passphrase, mk_cmd_report,
    mk_cmd_show, mk_cmd_list, mk_cmd_search, mk_cmd_timeline, mk_cmd_related,
    mk_cmd_clock, mk_cmd_handover, mk_cmd_deputy, mk_cmd_restrict,
    mk_cmd_emergency, mk_cmd_rekey, mk_cmd_rekey_all, mk_cmd_import,
    mk_cmd_factsheet, mk_cmd_release_list, mk_cmd_release_show,
    mk_cmd_release_check, mk_cmd_log_list, mk_cmd_log_verify,
    mk_cmd_log_overview, mk_cmd_log_review, mk_cmd_log_export, mk_cmd_log_key,
    mk_cmd_log_term, mk_cmd_log_prune, mk_cmd_log_witness, mk_cmd_restart,
    mk_cmd_recover_share, mk_cmd_recover_accept, mk_cmd_recover_store,
    mk_cmd_recover_drill, mk_cmd_recover_person, mk_cmd_recover_show,
    mk_cmd_doctor, mk_cmd_completion, mk_cmd_help, mk_cmd_not_yet, mk_cmd_verb;

#endif
