/* SPDX-License-Identifier: GPL-3.0-or-later */
/* factsheet: counts here, tables in meldkluis-factsheet. */
#include "cmd/policy.h"
#include "cmd/publish.h"
#include "cmd/sheet.h"

#include "core/base/num.h"

#include <stdio.h>
#include <string.h>

static enum mk_err wrong(struct mk_app *app, const char *nl, const char *en)
{
    return mk_fail(&app->diag, MK_E_USAGE, MK_T(app, nl, en));
}

/* What kind of figures is asked for, and whether all else agrees with that:
 * before any passphrase is asked. */
static enum mk_err policy(struct mk_app *app, struct mk_count_request *r)
{
    static const enum mk_option of_gate[] = {MK_OPT_VRIJGAVE, MK_OPT_BESTEMD,
                                             MK_OPT_TABEL, MK_OPT_HERZIE};
    const char *given = mk_args_value(&app->args, MK_OPT_BELEID);
    char text[80];
    r->internal = mk_args_has(&app->args, MK_OPT_INTERN);
    r->exact = given && strcmp(given, "exact") == 0;
    if (r->internal && given)
        return wrong(app, "--intern en --beleid sluiten elkaar uit",
                     "--internal and --policy exclude each other");
    if (given && !r->exact && mk_args_has(&app->args, MK_OPT_DREMPEL))
        return wrong(app, "de drempel staat in het --beleid",
                     "the threshold is in the --policy");
    for (size_t i = 0; i < sizeof of_gate / sizeof of_gate[0]; i++) {
        const struct mk_option_info *info = mk_option_get(of_gate[i]);
        if ((!r->internal && !r->exact) ||
            !mk_args_has(&app->args, of_gate[i]))
            continue;
        snprintf(text, sizeof text,
                 MK_T(app, "--%s gaat niet samen met %s",
                      "--%s does not go with %s"),
                 MK_T(app, info->nl, info->en),
                 r->internal ? MK_T(app, "--intern", "--internal")
                             : MK_T(app, "--beleid exact", "--policy exact"));
        return mk_fail(&app->diag, MK_E_USAGE, text);
    }
    return MK_OK;
}

static bool add_years(struct mk_cube *cube, uint64_t from, uint64_t to)
{
    for (uint64_t y = from; y <= to; y++) {
        if (cube->n_years == MK_CUBE_YEARS ||
            (cube->n_years > 0 && cube->years[cube->n_years - 1] >= (int)y))
            return false;
        cube->years[cube->n_years++] = (int)y;
    }
    return from <= to;
}

/* The "/2019" behind the first year of a school year, if it stands there. */
static bool pass_second_year(const struct mk_cube *cube, const char **text,
                             uint64_t first)
{
    uint64_t second;
    if (**text != '/')
        return true;
    size_t n = strcspn(++*text, ",-");
    bool fits = cube->school_year &&
                mk_num_parse(*text, n, 1990, 2199, &second) &&
                second == first + 1;
    *text += n;
    return fits;
}

/* "2018-2020" or "2019,2020,2022", ascending; a school year may be written
 * 2018/2019. */
static bool parse_years(struct mk_cube *cube, const char *text)
{
    while (*text != '\0') {
        uint64_t from, to;
        size_t n = strcspn(text, ",-/");
        if (!mk_num_parse(text, n, 1990, 2199, &from))
            return false;
        to = from;
        text += n;
        if (!pass_second_year(cube, &text, from))
            return false;
        if (*text == '-') {
            n = strcspn(++text, ",/");
            if (!mk_num_parse(text, n, 1990, 2199, &to))
                return false;
            text += n;
            if (!pass_second_year(cube, &text, to))
                return false;
        }
        if (!add_years(cube, from, to))
            return false;
        if (*text == ',' && *++text == '\0')
            return false;
    }
    return cube->n_years > 0;
}

static enum mk_err window(struct mk_app *app, struct mk_cube *cube,
                          struct mk_count_request *r)
{
    const char *years = mk_args_value(&app->args, MK_OPT_JAREN);
    const char *as_of = mk_args_value(&app->args, MK_OPT_PEILDATUM);
    cube->school_year = mk_args_has(&app->args, MK_OPT_SCHOOL);
    if (years == NULL || !parse_years(cube, years))
        return wrong(app, "--jaren wil 2018-2020 of 2019,2020,2022",
                     "--years wants 2018-2020 or 2019,2020,2022");
    if (as_of == NULL)
        return MK_OK;
    r->by_position = as_of[0] == '#';
    r->by_day = !r->by_position;
    if (r->by_position ? !mk_num_parse(as_of + 1, strlen(as_of + 1), 0,
                                       INT64_MAX, &r->position)
                       : !mk_date_parse(as_of, strlen(as_of), &r->day))
        return wrong(app, "--peildatum wil JJJJ-MM-DD of #N",
                     "--as-of wants YYYY-MM-DD or #N");
    return MK_OK;
}

static enum mk_err count_and_send(struct mk_app *app,
                                  const struct mk_count_request *r,
                                  struct mk_cube *cube, struct mk_helper *h)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_count(app->vault, &app->access, r, cube, &app->diag));
    if (app->access.dry_run) {
        mk_app_note(app, MK_T(app, "proef: alleen de logregel is geschreven",
                              "dry run: only the log entry was written"));
        goto out;
    }
    MK_TRY(mk_cube_format(cube, &text));
    MK_TRY(mk_helper_send(h, text.data, text.len, &app->diag));
out:
    mk_buf_release(&text);
    return rc;
}

/* Figures as they are, for own use or by --policy exact. */
static enum mk_err tables(struct mk_app *app, const struct mk_count_request *r,
                          struct mk_cube *cube)
{
    const char *const verb[] = {"tables", "--policy",
                                r->exact ? "exact" : "internal", NULL};
    struct mk_helper helper = MK_HELPER_NONE;
    enum mk_err rc;
    /* in a dry run nobody is started who would make a folder */
    if (app->access.dry_run)
        return count_and_send(app, r, cube, &helper);
    MK_TRY(mk_sheet_start(app, verb, false, &helper));
    rc = count_and_send(app, r, cube, &helper);
    rc = mk_sheet_end(app, &helper, rc, "meldkluis-cube: none\n");
out:
    return rc;
}

enum mk_err mk_cmd_factsheet(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_count_request request;
    struct mk_cube cube;
    char rule[MK_RULE_TEXT];
    memset(&request, 0, sizeof request);
    mk_cube_init(&cube);
    MK_TRY(policy(app, &request));
    MK_TRY(mk_policy_line(app, rule));
    MK_TRY(window(app, &cube, &request));
    MK_TRY(mk_sheet_layout(app));
    if (request.internal || request.exact)
        rc = tables(app, &request, &cube);
    else
        rc = mk_publish(app, &request, &cube, rule);
out:
    mk_cube_release(&cube);
    return rc;
}
