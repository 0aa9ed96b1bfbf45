/* SPDX-License-Identifier: GPL-3.0-or-later */
/* factsheet: counts here, tables in meldkluis-factsheet. */
#include "cmd/compare.h"
#include "cmd/policy.h"
#include "cmd/publish.h"
#include "cmd/sheet.h"
#include "cmd/view.h"

#include "core/base/num.h"

#include <stdio.h>
#include <string.h>

static enum mk_err wrong(struct mk_app *app, const char *nl, const char *en)
{
    return mk_fail(&app->diag, MK_E_USAGE, MK_T(app, nl, en));
}

/* What is made, and what it does not go with. */
enum mode { PUBLISH, INTERNAL, EXACT, COMPARE, PREVIEW };
#define OF_GATE (MK_O(VRIJGAVE) | MK_O(BESTEMD) | MK_O(TABEL) | MK_O(HERZIE))
static const struct {
    const char *nl, *en;
    mk_options refused;
} modes[] = {
    [PUBLISH] = {"", "", 0},
    [INTERNAL] = {"--intern", "--internal", OF_GATE},
    [EXACT] = {"--beleid exact", "--policy exact", OF_GATE},
    [COMPARE] = {"--vergelijk", "--compare",
                 OF_GATE | MK_O(BELEID) | MK_O(DREMPEL) | MK_O(INTERN) |
                     MK_O(VOORBEELD) | MK_O(GEPUBLICEERD)},
    [PREVIEW] = {"--voorbeeld", "--preview",
                 MK_O(VRIJGAVE) | MK_O(BESTEMD) | MK_O(TABEL) | MK_O(INTERN) |
                     MK_O(UIT)},
};

static enum mode mode_of(const struct mk_app *app)
{
    const char *policy = mk_args_value(&app->args, MK_OPT_BELEID);
    return mk_args_has(&app->args, MK_OPT_VERGELIJK)   ? COMPARE
           : mk_args_has(&app->args, MK_OPT_VOORBEELD) ? PREVIEW
           : mk_args_has(&app->args, MK_OPT_INTERN)    ? INTERNAL
           : policy && strcmp(policy, "exact") == 0    ? EXACT
                                                       : PUBLISH;
}

static enum mk_err refuse_pair(struct mk_app *app, const char *option,
                               enum mode mode)
{
    char text[80];
    snprintf(text, sizeof text,
             MK_T(app, "%s gaat niet samen met %s", "%s does not go with %s"),
             option, MK_T(app, modes[mode].nl, modes[mode].en));
    return mk_fail(&app->diag, MK_E_USAGE, text);
}

/* Own figures that are no factsheet have two forms. */
static enum mk_err forms(struct mk_app *app)
{
    for (size_t i = 0; i < app->args.n_given; i++) {
        const char *value = app->args.given[i].value;
        if (app->args.given[i].option == MK_OPT_FORMAT &&
            strcmp(value, "text") != 0 && strcmp(value, "json") != 0)
            return wrong(app,
                         "--format is hier text of json: dit is niet om te "
                         "publiceren",
                         "--format is text or json here: this is not to be "
                         "published");
    }
    return MK_OK;
}

/* Whether all that is asked for goes together: before any passphrase is
 * asked. */
static enum mk_err check_mode(struct mk_app *app, enum mode mode)
{
    const char *policy = mk_args_value(&app->args, MK_OPT_BELEID);
    char text[80];
    if (mode == INTERNAL && policy)
        return wrong(app, "--intern en --beleid sluiten elkaar uit",
                     "--internal and --policy exclude each other");
    if (mode == PREVIEW && policy && strcmp(policy, "exact") == 0)
        return refuse_pair(app, MK_T(app, modes[EXACT].nl, modes[EXACT].en),
                           mode);
    if (mode != EXACT && policy && mk_args_has(&app->args, MK_OPT_DREMPEL))
        return wrong(app, "de drempel staat in het --beleid",
                     "the threshold is in the --policy");
    if (mk_args_has(&app->args, MK_OPT_TABEL) &&
        mk_args_has(&app->args, MK_OPT_GEPUBLICEERD))
        return wrong(app, "--tabel gaat niet samen met --gepubliceerd",
                     "--table does not go with --published");
    for (unsigned o = 0; o < MK_OPT_COUNT; o++) {
        const struct mk_option_info *info = mk_option_get(o);
        if (!(modes[mode].refused & MK_O_BIT(o)) ||
            !mk_args_has(&app->args, o))
            continue;
        snprintf(text, sizeof text, "--%s", MK_T(app, info->nl, info->en));
        return refuse_pair(app, text, mode);
    }
    return mode == COMPARE || mode == PREVIEW ? forms(app) : MK_OK;
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

/* Of a year that has not begun there is nothing to count: zeros would be read
 * as figures. */
static enum mk_err check_begun(struct mk_app *app, const struct mk_cube *cube)
{
    char text[80];
    const int last = cube->n_years > 0 ? cube->years[cube->n_years - 1] : 0;
    const mk_day first = cube->n_years == 0  ? MK_DAY_NONE
                         : cube->school_year ? mk_date_day(last, 8, 1)
                                             : mk_date_day(last, 1, 1);
    if (first == MK_DAY_NONE || first <= mk_today())
        return MK_OK;
    snprintf(text, sizeof text,
             MK_T(app, "%s%d is nog niet begonnen", "%s%d has not begun yet"),
             cube->school_year ? MK_T(app, "schooljaar ", "school year ") : "",
             last);
    return mk_fail(&app->diag, MK_E_USAGE, text);
}

/* A comparison has the years of its release where none are asked. */
static enum mk_err window(struct mk_app *app, enum mode mode,
                          struct mk_cube *cube, struct mk_count_request *r)
{
    const char *years = mk_args_value(&app->args, MK_OPT_JAREN);
    const char *as_of = mk_args_value(&app->args, MK_OPT_PEILDATUM);
    cube->school_year = mk_args_has(&app->args, MK_OPT_SCHOOL);
    if (mode == COMPARE && years == NULL && cube->school_year)
        return wrong(app, "--schooljaar vraagt --jaren",
                     "--school wants --years");
    if (years ? !parse_years(cube, years) : mode != COMPARE)
        return wrong(app, "--jaren wil 2018-2020 of 2019,2020,2022",
                     "--years wants 2018-2020 or 2019,2020,2022");
    if (as_of == NULL)
        return check_begun(app, cube);
    r->by_position = as_of[0] == '#';
    r->by_day = !r->by_position;
    if (r->by_position ? !mk_num_parse(as_of + 1, strlen(as_of + 1), 0,
                                       INT64_MAX, &r->position)
                       : !mk_date_parse(as_of, strlen(as_of), &r->day))
        return wrong(app, "--peildatum wil JJJJ-MM-DD of #N",
                     "--as-of wants YYYY-MM-DD or #N");
    return check_begun(app, cube);
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
    const enum mode mode = mode_of(app);
    enum mk_err rc;
    struct mk_count_request request;
    struct mk_cube cube;
    char rule[MK_RULE_TEXT];
    memset(&request, 0, sizeof request);
    request.internal = mode == INTERNAL;
    request.exact = mode == EXACT;
    mk_cube_init(&cube);
    MK_TRY(check_mode(app, mode));
    MK_TRY(mk_policy_line(app, rule));
    MK_TRY(window(app, mode, &cube, &request));
    MK_TRY(mk_sheet_layout(app));
    switch (mode) {
    case PUBLISH:
    case PREVIEW:
        rc = mk_publish(app, &request, &cube, rule);
        break;
    case INTERNAL:
    case EXACT:
        rc = tables(app, &request, &cube);
        break;
    case COMPARE:
        rc = mk_compare_since(app, &request, &cube);
        break;
    }
out:
    mk_cube_release(&cube);
    return rc;
}
