/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/notice.h"

#include "cmd/view.h"

#include <stdio.h>
#include <unistd.h>

static enum mk_err say(void *ctx, const struct mk_emergency *e)
{
    const struct mk_app *app = ctx;
    const char *who = mk_member_name(app, e->requester);
    char tag[MK_TAG_TEXT], text[256];
    mk_tag_format(tag, e->dossier);
    if (e->given < 2)
        snprintf(text, sizeof text,
                 MK_T(app, "%s vraagt noodtoegang tot %s: nood lijst",
                      "%s asks for emergency access to %s: emergency list"),
                 who, tag);
    else
        snprintf(text, sizeof text,
                 MK_T(app,
                      "noodtoegang tot %s is gegeven aan %s: nood sluit %s",
                      "emergency access to %s was given to %s: emergency "
                      "close %s"),
                 tag, who, tag);
    mk_app_warn(app, text);
    return MK_OK;
}

enum mk_err mk_notice_say(struct mk_app *app)
{
    return mk_emergency_notices(app->vault, say, app, &app->diag);
}

void mk_notice_add(struct mk_app *app, struct mk_json *j,
                   const struct mk_emergency *e)
{
    const struct mk_code *why = mk_code_get(MK_LIST_EMERGENCY, e->reason);
    char until[20];
    mk_date_format_moment(until, e->until_ms);
    mk_json_num(j, "number", (int64_t)e->seq);
    mk_json_tag(j, "tag", e->dossier);
    mk_json_str(j, "by", mk_member_name(app, e->requester));
    mk_json_str(j, "reason", why ? why->slug : "?");
    mk_json_str(j, "until", until);
    mk_json_num(j, "shares", (int64_t)e->given);
    mk_json_bool(j, "passed", e->passed);
    mk_json_bool(j, "closed", e->closed);
}

struct array {
    struct mk_app *app;
    struct mk_json *json;
};

static enum mk_err add(void *ctx, const struct mk_emergency *e)
{
    struct array *a = ctx;
    mk_json_object(a->json, NULL);
    mk_notice_add(a->app, a->json, e);
    mk_json_end(a->json);
    return a->json->rc;
}

enum mk_err mk_notice_json(struct mk_app *app, struct mk_json *j)
{
    enum mk_err rc;
    struct array a = {app, j};
    mk_json_array(j, "emergencies");
    rc = mk_emergency_notices(app->vault, add, &a, &app->diag);
    mk_json_end(j);
    return rc;
}

void mk_notice_remind(struct mk_app *app)
{
    struct mk_diag quiet = MK_DIAG_INIT;
    if (app->vault == NULL || mk_vault_user(app->vault) == NULL ||
        !isatty(STDERR_FILENO) || app->command.run == mk_cmd_list ||
        app->command.run == mk_cmd_clock)
        return;
    /* the command is over: what is wrong with the vault the next one says */
    if (mk_emergency_notices(app->vault, say, app, &quiet) != MK_OK)
        return;
}
