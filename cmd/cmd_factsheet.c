/* SPDX-License-Identifier: GPL-3.0-or-later */
/* factsheet: counts here, tables in meldkluis-factsheet. */
#include "cmd/app.h"
#include "cmd/choice.h"
#include "cmd/helper.h"

#include "core/base/num.h"

#include <stdio.h>
#include <string.h>

enum { WORDS = 32, THRESHOLD_MAX = 1000 };

static enum mk_err wrong(struct mk_app *app, const char *nl, const char *en)
{
    return mk_fail(&app->diag, MK_E_USAGE, MK_T(app, nl, en));
}

/* May figures be made at all?  Before any passphrase is asked. */
static enum mk_err policy(struct mk_app *app, struct mk_count_request *r)
{
    const char *given = mk_args_value(&app->args, MK_OPT_BELEID);
    r->internal = mk_args_has(&app->args, MK_OPT_INTERN);
    r->exact = given && strcmp(given, "exact") == 0;
    if (mk_args_has(&app->args, MK_OPT_VRIJGAVE))
        return mk_fail(&app->diag, MK_E_NOT_YET,
                       MK_T(app, "--vrijgave", "--release"));
    if (given && !r->exact)
        return mk_fail(&app->diag, MK_E_NOT_YET,
                       MK_T(app, "--beleid BESTAND", "--policy FILE"));
    if (r->internal && r->exact)
        return wrong(app, "--intern en --beleid exact sluiten elkaar uit",
                     "--internal and --policy exact exclude each other");
    if (!r->internal && !r->exact)
        return mk_fail(&app->diag, MK_E_DISCLOSURE, "");
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

/* What the other program would refuse is refused here, before a passphrase is
 * asked and the count is logged. */
static enum mk_err layout(struct mk_app *app)
{
    enum mk_err rc = MK_OK;
    const char *threshold = mk_args_value(&app->args, MK_OPT_DREMPEL);
    uint64_t number;
    size_t formats = app->json;
    for (size_t i = 0; i < app->args.n_given; i++) {
        const char *value = app->args.given[i].value;
        if (app->args.given[i].option != MK_OPT_FORMAT)
            continue;
        if (strcmp(value, "fods") == 0 || strcmp(value, "pdf") == 0)
            return mk_fail(&app->diag, MK_E_NOT_YET, value);
        if (!mk_choice_format(value))
            return mk_choice_refuse(&app->diag, "--format", MK_CHOICE_FORMAT);
        formats++;
    }
    if (threshold &&
        !mk_num_parse(threshold, strlen(threshold), 2, THRESHOLD_MAX, &number))
        return mk_fail_at(&app->diag, MK_E_BAD_NUMBER, "--threshold", 0, 2,
                          THRESHOLD_MAX);
    const char *folder = mk_args_value(&app->args, MK_OPT_UIT);
    if (folder != NULL)
        MK_TRY(mk_output_elsewhere(app, folder));
    if (formats > 1 && !mk_args_has(&app->args, MK_OPT_UIT))
        return wrong(app, "meer dan een --format vraagt --uit MAP",
                     "more than one --format wants --out FOLDER");
out:
    return rc;
}

/* What the other program is told: nothing but how to write. */
static enum mk_err start(struct mk_app *app, const struct mk_count_request *r,
                         struct mk_helper *h)
{
    const char *argv[WORDS] = {
        "meldkluis-factsheet",           "tables", "--policy",
        r->exact ? "exact" : "internal", "--lang", MK_T(app, "nl", "en")};
    size_t n = 6;
    for (size_t i = 0; i < app->args.n_given; i++) {
        enum mk_option o = app->args.given[i].option;
        if (o != MK_OPT_FORMAT && o != MK_OPT_UIT && o != MK_OPT_DREMPEL)
            continue;
        if (n + 5 > WORDS) /* this pair, that of --json, and the end */
            return wrong(app, "te veel keer --format",
                         "too many times --format");
        argv[n++] = o == MK_OPT_FORMAT ? "--format"
                    : o == MK_OPT_UIT  ? "--out"
                                       : "--threshold";
        argv[n++] = app->args.given[i].value;
    }
    if (app->json) {
        argv[n++] = "--format";
        argv[n++] = "json";
    }
    return mk_helper_start(h, argv[0], argv, &app->diag);
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
    MK_TRY(mk_helper_send(h, &text, &app->diag));
out:
    mk_buf_release(&text);
    return rc;
}

/* Whoever waits for counts ends without a word: ours was said, or will be. */
static void send_nothing(struct mk_helper *h)
{
    static const char none[] = "meldkluis-cube: none\n";
    struct mk_buf text = MK_BUF_INIT;
    struct mk_diag unused = MK_DIAG_INIT;
    enum mk_err rc = mk_buf_add_str(&text, none);
    if (rc == MK_OK)
        rc = mk_helper_send(h, &text, &unused);
    (void)rc; /* it may have gone already */
    mk_buf_release(&text);
}

enum mk_err mk_cmd_factsheet(struct mk_app *app)
{
    enum mk_err rc, ended = MK_OK;
    struct mk_count_request request;
    struct mk_cube cube;
    struct mk_helper helper = {.pid = 0, .in = -1};
    struct mk_diag of_end = MK_DIAG_INIT;
    int status = 0;
    memset(&request, 0, sizeof request);
    mk_cube_init(&cube);
    MK_TRY(policy(app, &request));
    MK_TRY(window(app, &cube, &request));
    MK_TRY(layout(app));
    if (app->access.dry_run) {
        /* nobody is started who would make a folder */
        rc = count_and_send(app, &request, &cube, &helper);
        goto out;
    }
    MK_TRY(start(app, &request, &helper));
    rc = count_and_send(app, &request, &cube, &helper);
    if (rc != MK_OK)
        send_nothing(&helper);
    ended = mk_helper_finish(&helper, &status, &of_end);
    /* it went before it had read all: its own words say why */
    if (rc == MK_E_PROGRAM && ended == MK_OK && status != 0)
        rc = MK_OK;
    if (rc == MK_OK) {
        if (ended != MK_OK)
            app->diag = of_end;
        rc = ended;
        app->status = (enum mk_exit)status; /* it has said why itself */
    }
out:
    mk_cube_release(&cube);
    return rc;
}
