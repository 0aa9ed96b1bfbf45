/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/practice.h"

#include <unistd.h>

/* Reasons that an office can take away, in the order in which it does. */
static enum mk_err add_reasons(struct mk_app *app, struct mk_buf *out,
                               unsigned why)
{
    enum mk_err rc = MK_OK;
    const struct {
        unsigned bit;
        const char *nl, *en;
    } reasons[] = {
        {MK_PRACTICE_CUSTODIANS, "een tweede bewaarder", "a second custodian"},
        {MK_PRACTICE_TERM, "een termijn voor het logboek",
         "a term of the log"},
        {MK_PRACTICE_DRILL, "een geslaagde hersteloefening",
         "a recovery drill that succeeded"},
    };
    bool first = true;
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (!(why & reasons[i].bit))
            continue;
        MK_TRY(mk_buf_addf(out, "%s%s", first ? "" : ", ",
                           MK_T(app, reasons[i].nl, reasons[i].en)));
        first = false;
    }
out:
    return rc;
}

static unsigned why(struct mk_app *app)
{
    return app->vault ? mk_vault_practice(app->vault) : 0;
}

static enum mk_err banner(struct mk_app *app, struct mk_buf *out,
                          unsigned reasons)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(
        out,
        MK_T(app,
             "OEFENING: nog geen kluis voor echte meldingen; er ontbreekt "
             "nog: ",
             "PRACTICE: no vault for real reports yet; still missing: ")));
    MK_TRY(add_reasons(app, out, reasons));
out:
    return rc;
}

enum mk_err mk_practice_line(struct mk_app *app, struct mk_buf *out)
{
    enum mk_err rc = MK_OK;
    unsigned reasons = why(app);
    if (reasons == 0)
        return MK_OK;
    MK_TRY(banner(app, out, reasons));
    MK_TRY(mk_buf_add_str(out, "\n"));
out:
    return rc;
}

void mk_practice_json(struct mk_app *app, struct mk_json *j)
{
    if (why(app) != 0)
        mk_json_bool(j, "practice", true);
}

static bool shows_view(const struct mk_app *app)
{
    mk_command_run *const views[] = {
        mk_cmd_list,   mk_cmd_clock,   mk_cmd_show,   mk_cmd_timeline,
        mk_cmd_search, mk_cmd_related, mk_cmd_doctor,
    };
    for (size_t i = 0; i < sizeof views / sizeof views[0]; i++)
        if (app->command.run == views[i])
            return true;
    return false;
}

void mk_practice_remind(struct mk_app *app)
{
    struct mk_buf line = MK_BUF_INIT;
    unsigned reasons = why(app);
    if (reasons != 0 && !app->json && !shows_view(app) &&
        isatty(STDERR_FILENO) && mk_vault_user(app->vault) != NULL &&
        banner(app, &line, reasons) == MK_OK &&
        mk_buf_terminate(&line) == MK_OK)
        mk_app_warn(app, (const char *)line.data);
    mk_buf_release(&line);
}
