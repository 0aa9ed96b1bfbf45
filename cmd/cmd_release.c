/* SPDX-License-Identifier: GPL-3.0-or-later */
/* vrijgave lijst, toon, controleer: the register of releases. */
#include "cmd/json.h"
#include "cmd/publish.h"
#include "cmd/sheet.h"
#include "cmd/table.h"
#include "cmd/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void only_logged(struct mk_app *app)
{
    mk_app_note(app, MK_T(app, "proef: alleen de logregel is geschreven",
                          "dry run: only the log entry was written"));
}

/* --- lijst --- */

struct release_listing {
    struct mk_app *app;
    struct mk_table table;
    struct mk_json json;
    struct mk_buf out;
    size_t n;
};

static const char *kind_text(const struct mk_app *app,
                             enum mk_release_kind kind)
{
    switch (kind) {
    case MK_RELEASE_FACTSHEET:
        return "factsheet";
    case MK_RELEASE_TABLE:
        return MK_T(app, "tabel", "table");
    case MK_RELEASE_REVISION:
        return MK_T(app, "herziening", "revision");
    }
    return "?";
}

static const char *audience_slug(const struct mk_release *r)
{
    const struct mk_code *code = mk_code_get(MK_LIST_AUDIENCE, r->audience);
    return code ? code->slug : "?";
}

/* "2018-2020#366 2021#400": years that follow each other and share a position
 * stand together. */
static enum mk_err years_text(struct mk_buf *out, const struct mk_release *r)
{
    enum mk_err rc = MK_OK;
    for (size_t y = 0, end; y < r->n_years; y = end) {
        for (end = y + 1; end < r->n_years &&
                          r->years[end] == r->years[end - 1] + 1 &&
                          r->positions[end] == r->positions[y];)
            end++;
        MK_TRY(mk_buf_addf(out, "%s%d", y ? " " : "", r->years[y]));
        if (end > y + 1)
            MK_TRY(mk_buf_addf(out, "-%d", r->years[end - 1]));
        MK_TRY(mk_buf_addf(out, "#%" PRIu64, r->positions[y]));
    }
out:
    return rc;
}

static void release_row(struct release_listing *l, const struct mk_release *r)
{
    struct mk_table *t = &l->table;
    struct mk_buf years = MK_BUF_INIT;
    char text[32];
    mk_table_cell(t, r->name);
    mk_table_cell(t, kind_text(l->app, r->kind));
    if (t->rc == MK_OK)
        t->rc = years_text(&years, r);
    mk_table_bytes(t, years.data, years.len);
    mk_table_cell(t, r->school_year
                         ? MK_T(l->app, "schooljaar", "school year")
                         : MK_T(l->app, "kalenderjaar", "calendar year"));
    mk_table_cell(t, audience_slug(r));
    snprintf(text, sizeof text, "%" PRIu64, r->threshold);
    mk_table_cell(t, text);
    mk_table_cell(t, r->exact ? MK_T(l->app, "exact", "exact")
                              : MK_T(l->app, "onderdrukt", "suppressed"));
    mk_date_format_moment(text, r->time_ms);
    mk_table_cell(t, text);
    mk_table_cell(t, mk_member_name(l->app, r->actor));
    mk_buf_release(&years);
}

static void release_json(struct release_listing *l, const struct mk_release *r)
{
    struct mk_json *j = &l->json;
    char moment[20], rule[MK_RULE_TEXT];
    mk_date_format_moment(moment, r->time_ms);
    mk_json_object(j, NULL);
    mk_json_str(j, "name", r->name);
    mk_json_str(j, "kind", mk_release_kind_slug(r->kind));
    mk_json_array(j, "years");
    for (size_t y = 0; y < r->n_years; y++)
        mk_json_num(j, NULL, r->years[y]);
    mk_json_end(j);
    mk_json_array(j, "positions");
    for (size_t y = 0; y < r->n_years; y++)
        mk_json_num(j, NULL, (int64_t)r->positions[y]);
    mk_json_end(j);
    mk_json_str(j, "basis", r->school_year ? "school" : "calendar");
    mk_json_str(j, "audience", audience_slug(r));
    mk_json_num(j, "threshold", (int64_t)r->threshold);
    mk_json_str(j, "method", r->exact ? "exact" : "suppress");
    if (r->has_rule) {
        mk_rule_format(rule, &r->rule);
        mk_json_str(j, "rule", rule);
    }
    mk_json_str(j, "time", moment);
    mk_json_num(j, "time_ms", r->time_ms);
    mk_json_str(j, "person", mk_member_name(l->app, r->actor));
    mk_json_end(j);
}

static enum mk_err release_each(void *ctx, const struct mk_release *r,
                                const void *text, size_t n)
{
    struct release_listing *l = ctx;
    (void)text;
    (void)n;
    l->n++;
    if (l->app->json)
        release_json(l, r);
    else
        release_row(l, r);
    return l->app->json ? l->json.rc : l->table.rc;
}

static void listing_init(struct release_listing *l)
{
    static const char *const heads[][2] = {
        {"naam", "name"},
        {"soort", "kind"},
        {"jaren en stand", "years and as of"},
        {"basis", "basis"},
        {"bestemd", "audience"},
        {"drempel", "threshold"},
        {"methode", "method"},
        {"moment", "time"},
        {"wie", "who"},
    };
    mk_table_init(&l->table, 9);
    for (size_t i = 0; i < 9; i++)
        mk_table_cell(&l->table, heads[i][l->app->english]);
    mk_json_begin(&l->json, &l->out);
    mk_json_array(&l->json, "releases");
}

enum mk_err mk_cmd_release_list(struct mk_app *app)
{
    enum mk_err rc;
    struct release_listing l = {.app = app, .out = MK_BUF_INIT};
    listing_init(&l);
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_release_list(app->vault, &app->access, false, release_each, &l,
                           &app->diag));
    if (app->access.dry_run) {
        only_logged(app);
        goto out;
    }
    mk_json_end(&l.json);
    MK_TRY(mk_json_finish(&l.json));
    if (!app->json) {
        mk_buf_clear(&l.out);
        if (l.n > 0)
            MK_TRY(mk_table_finish(&l.table, &l.out));
        else
            mk_app_note(app, MK_T(app, "geen vrijgaven", "no releases"));
    }
    MK_TRY(mk_app_print(app, &l.out));
out:
    mk_table_release(&l.table);
    mk_buf_release(&l.out);
    return rc;
}

/* --- toon --- */

/* Who registered it, and when: beside the figures, which go to a file too. */
static void say_who(struct mk_app *app, const struct mk_release *r)
{
    struct mk_buf line = MK_BUF_INIT;
    char moment[20];
    mk_date_format_moment(moment, r->time_ms);
    if (mk_buf_addf(&line,
                    MK_T(app, "vrijgave %s, vastgelegd op %s door %s",
                         "release %s, registered on %s by %s"),
                    r->name, moment, mk_member_name(app, r->actor)) == MK_OK &&
        mk_buf_terminate(&line) == MK_OK)
        mk_app_note(app, (const char *)line.data);
    mk_buf_release(&line);
}

static enum mk_err get_and_send(struct mk_app *app, struct mk_helper *h)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT, sections = MK_BUF_INIT;
    struct mk_release r;
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_release_get(app->vault, &app->access, app->args.word[0], &r,
                          &text, &app->diag));
    if (app->access.dry_run) {
        only_logged(app);
        goto out;
    }
    say_who(app, &r);
    MK_TRY(mk_section_add(&sections, "release", text.data, text.len));
    MK_TRY(mk_gate_tell(app, h, NULL, 0, &sections, false));
out:
    mk_buf_release(&text);
    mk_buf_release(&sections);
    return rc;
}

enum mk_err mk_cmd_release_show(struct mk_app *app)
{
    static const char *const verb[] = {"release", NULL};
    struct mk_helper helper = MK_HELPER_NONE;
    enum mk_err rc;
    if (!mk_release_name_ok(app->args.word[0]))
        return mk_fail(&app->diag, MK_E_BAD_NAME, MK_T(app, "NAAM", "NAME"));
    MK_TRY(mk_sheet_layout(app));
    if (app->access.dry_run)
        return get_and_send(app, &helper);
    MK_TRY(mk_sheet_start(app, verb, false, &helper));
    rc = get_and_send(app, &helper);
    rc = mk_sheet_end(app, &helper, rc, MK_GATE_SAY_NONE);
out:
    return rc;
}

/* --- controleer --- */

/* One vintage for each year that was ever released, at its first position and
 * the one it was revised to. */
struct frozen {
    struct mk_vintage *list;
    size_t n;
};

static bool has(const struct frozen *f, const struct mk_release *r, size_t y)
{
    for (size_t i = 0; i < f->n; i++)
        if (f->list[i].school_year == r->school_year &&
            f->list[i].years[0] == r->years[y])
            return true;
    return false;
}

static void add_year(struct frozen *f, const struct mk_collected *c,
                     const struct mk_release *r, size_t y)
{
    const struct mk_vintage all = {.by_day = false};
    struct mk_cube window;
    size_t n;
    mk_cube_init(&window);
    window.school_year = r->school_year;
    window.years[window.n_years++] = r->years[y];
    mk_release_vintages((const void *)c->heads.data, c->n, &window, &all,
                        false, &f->list[f->n], &n);
    f->n += n;
    mk_cube_release(&window);
}

static enum mk_err gather(struct frozen *f, const struct mk_collected *c)
{
    const struct mk_release *r = (const void *)c->heads.data;
    size_t most = 0;
    for (size_t i = 0; i < c->n; i++)
        most += r[i].n_years;
    f->list = calloc(most + 1, sizeof *f->list);
    if (f->list == NULL)
        return MK_E_MEMORY;
    for (size_t i = 0; i < c->n; i++)
        for (size_t y = 0; y < r[i].n_years; y++)
            if (!has(f, &r[i], y))
                add_year(f, c, &r[i], y);
    return MK_OK;
}

static enum mk_err collect_and_send(struct mk_app *app, struct mk_helper *h)
{
    enum mk_err rc;
    struct mk_collected all = MK_COLLECTED_INIT;
    struct frozen f = {NULL, 0};
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_collect(app, &all, true));
    if (app->access.dry_run) {
        only_logged(app);
        goto out;
    }
    MK_TRY(gather(&f, &all));
    MK_TRY(mk_count_vintages(app->vault, &app->access, false, f.list, f.n,
                             &app->diag));
    MK_TRY(mk_gate_tell(app, h, f.list, f.n, &all.sections, false));
out:
    if (f.list)
        mk_vintages_release(f.list, f.n);
    free(f.list);
    mk_collected_release(&all);
    return rc;
}

enum mk_err mk_cmd_release_check(struct mk_app *app)
{
    static const char *const verb[] = {"check", NULL};
    struct mk_helper helper = MK_HELPER_NONE;
    enum mk_err rc;
    if (app->access.dry_run)
        return collect_and_send(app, &helper);
    MK_TRY(mk_sheet_start(app, verb, false, &helper));
    rc = collect_and_send(app, &helper);
    rc = mk_sheet_end(app, &helper, rc, MK_GATE_SAY_NONE);
out:
    return rc;
}
