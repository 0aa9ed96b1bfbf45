/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/compare.h"

#include "cmd/publish.h"
#include "cmd/sheet.h"

static enum mk_err count_and_tell(struct mk_app *app,
                                  const struct mk_count_request *request,
                                  const struct mk_cube *window,
                                  struct mk_helper *h)
{
    const struct mk_vintage want = {
        .by_day = request->by_day,
        .by_position = request->by_position,
        .day = request->day,
        .position = request->position,
    };
    struct mk_vintage vintage[MK_CUBE_YEARS];
    struct mk_buf record = MK_BUF_INIT, sections = MK_BUF_INIT;
    struct mk_release r;
    size_t n = 0;
    enum mk_err rc;
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_release_get(app->vault, &app->access,
                          mk_args_value(&app->args, MK_OPT_VERGELIJK), &r,
                          &record, &app->diag));
    MK_TRY(mk_release_compared(&r, window, &want, vintage, &n, &app->diag));
    MK_TRY(mk_count_compare(app->vault, &app->access, vintage, n, &app->diag));
    if (app->access.dry_run) {
        mk_app_note(app,
                    MK_T(app, "proef: alleen de logregels zijn geschreven",
                         "dry run: only the log entries were written"));
        goto out;
    }
    MK_TRY(mk_section_add(&sections, "release", record.data, record.len));
    MK_TRY(mk_gate_tell(app, h, vintage, n, &sections, false));
out:
    mk_vintages_release(vintage, n);
    mk_buf_release(&record);
    mk_buf_release(&sections);
    return rc;
}

enum mk_err mk_compare_since(struct mk_app *app,
                             const struct mk_count_request *request,
                             const struct mk_cube *window)
{
    static const char *const verb[] = {"compare", NULL};
    struct mk_helper helper = MK_HELPER_NONE;
    const char *name = mk_args_value(&app->args, MK_OPT_VERGELIJK);
    enum mk_err rc;
    if (!mk_release_name_ok(name))
        return mk_fail(&app->diag, MK_E_BAD_NAME,
                       MK_T(app, "--vergelijk", "--compare"));
    if (app->access.dry_run)
        return count_and_tell(app, request, window, &helper);
    MK_TRY(mk_sheet_start(app, verb, false, &helper));
    rc = count_and_tell(app, request, window, &helper);
    rc = mk_sheet_end(app, &helper, rc, MK_GATE_SAY_NONE);
out:
    return rc;
}
