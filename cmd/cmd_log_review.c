/* SPDX-License-Identifier: GPL-3.0-or-later */
/* log beoordeel: who reviewed which entries, with what conclusion. */
#include "cmd/log_view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static enum mk_err review_of(struct mk_app *app, uint64_t *from, uint64_t *to,
                             const struct mk_code **conclusion)
{
    enum mk_err rc;
    const char *text = mk_args_value(&app->args, MK_OPT_CONCLUSIE);
    bool has_from, has_to;
    MK_TRY(mk_log_number(app, MK_OPT_VAN_NR, &has_from, from));
    MK_TRY(mk_log_number(app, MK_OPT_TOT_NR, &has_to, to));
    if (!has_from || !has_to)
        return mk_fail(&app->diag, MK_E_USAGE,
                       MK_T(app, "--van-nr en --tot-nr zeggen welke regels",
                            "--from-no and --until-no say which entries"));
    *conclusion = text ? mk_code_find(MK_LIST_REVIEW, text, strlen(text))
                       : NULL;
    if (*conclusion == NULL) {
        app->diag.list = MK_LIST_REVIEW;
        return mk_fail(&app->diag, MK_E_BAD_CODE,
                       MK_T(app, "--conclusie", "--conclusion"));
    }
out:
    return rc;
}

enum mk_err mk_cmd_log_review(struct mk_app *app)
{
    enum mk_err rc;
    const struct mk_code *conclusion;
    uint64_t from = 0, to = 0;
    char text[128];
    MK_TRY(review_of(app, &from, &to, &conclusion));
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_log_review(app->vault, &app->access, from, to,
                         conclusion->number, &app->diag));
    if (app->access.dry_run) {
        mk_app_note(app, MK_T(app, "proef: alleen de logregel is geschreven",
                              "dry run: only the log entry was written"));
        goto out;
    }
    snprintf(text, sizeof text,
             MK_T(app, "regels %" PRIu64 " tot en met %" PRIu64 ": %s",
                  "entries %" PRIu64 " to %" PRIu64 ": %s"),
             from, to, MK_T(app, conclusion->nl, conclusion->en));
    mk_app_note(app, text);
out:
    return rc;
}
