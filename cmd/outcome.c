/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may be said, and what is to be done, when a commit was cut off. */
#include "cmd/app.h"
#include "core/base/bytes.h"

#include <stdio.h>
#include <string.h>

/* Of these the one write has the id that --request repeats. */
static bool takes_request(const struct mk_app *app)
{
    mk_command_run *const run = app->command.run;
    if (run == mk_cmd_handover || run == mk_cmd_deputy)
        return app->args.n_words > 0; /* all of somebody: one write for each */
    return run == mk_cmd_verb || run == mk_cmd_report ||
           run == mk_cmd_import || run == mk_cmd_restrict;
}

/* By the kind of access that its entry in the log stands for. */
static bool only_reads(const struct mk_app *app)
{
    enum action { C, R, U, D, E };
    static const enum action actions[MK_AUDIT_MAX] = {
#define MK_AUDIT(number, NAME, slug, nl, en, object, roles, action) \
    [number] = (action),
#include "core/defs/audit.def"
#undef MK_AUDIT
    };
    mk_command_run *const run = app->command.run;
    if (app->command.audit == MK_AUDIT_NONE)
        return run != mk_cmd_log_witness;
    if (run == mk_cmd_log_verify || run == mk_cmd_release_check)
        return true;
    return actions[app->command.audit] == R &&
           !mk_args_has(&app->args, MK_OPT_VRIJGAVE);
}

void mk_app_keep_request(struct mk_app *app, enum mk_err rc,
                         const uint8_t request[static 16], const char *command)
{
    static const uint8_t none[16];
    struct mk_again *again = &app->again;
    if (rc != MK_E_UNKNOWN_OUTCOME)
        return;
    snprintf(again->command, sizeof again->command, "%s", command);
    if (memcmp(request, none, 16) != 0)
        memcpy(again->request, request, 16);
    else if (app->access.has_request)
        memcpy(again->request, app->access.request, 16);
    else
        return; /* cut off before the write was tried */
    again->has_request = true;
}

/* "meldkluis notitie MK-7Q4D-K2XZ --request 0123...", "dezelfde opdracht" */
static void what_to_repeat(const struct mk_app *app, const uint8_t *request,
                           char *out, size_t size)
{
    char hex[33] = "";
    const char *command = app->again.command;
    if (request)
        mk_hex(hex, request, 16);
    snprintf(out, size, "%s%s%s%s%s", command[0] ? "meldkluis " : "",
             command[0] ? command
                        : MK_T(app, "dezelfde opdracht", "the same command"),
             !request     ? ""
             : command[0] ? " "
                          : MK_T(app, " en ", " and "),
             request ? "--request " : "", hex);
}

void mk_app_judge_outcome(const struct mk_app *app, struct mk_diag *diag)
{
    const uint8_t *request = NULL;
    if (diag->err != MK_E_UNKNOWN_OUTCOME)
        return;
    if (app->again.has_request)
        request = app->again.request;
    else if (takes_request(app) && app->access.has_request)
        request = app->access.request;
    what_to_repeat(app, request, diag->place, sizeof diag->place);
    if (request)
        diag->err = MK_E_UNKNOWN_REQUEST;
    else if (app->command.run == mk_cmd_init)
        diag->err = MK_E_UNKNOWN_INIT;
    else if (takes_request(app) || only_reads(app))
        diag->err = MK_E_UNKNOWN_ENTRY;
}
