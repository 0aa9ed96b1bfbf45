/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/publish.h"

#include "cmd/sheet.h"

#include "core/base/num.h"

#include <string.h>

/* ---- what the gate is told ---- */

void mk_collected_release(struct mk_collected *c)
{
    mk_buf_release(&c->heads);
    mk_buf_release(&c->sections);
}

enum mk_err mk_section_add(struct mk_buf *out, const char *name, const void *p,
                           size_t n)
{
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out, "section %s %zu\n", name, n));
    MK_TRY(mk_buf_add(out, p, n));
    MK_TRY(mk_buf_add_u8(out, '\n'));
out:
    return rc;
}

static enum mk_err collect_one(void *ctx, const struct mk_release *r,
                               const void *text, size_t n)
{
    struct mk_collected *c = ctx;
    enum mk_err rc;
    MK_TRY(mk_buf_add(&c->heads, r, sizeof *r));
    c->n++;
    if (c->window == NULL || mk_release_shares(r, c->window))
        MK_TRY(mk_section_add(&c->sections, "release", text, n));
out:
    return rc;
}

enum mk_err mk_collect(struct mk_app *app, struct mk_collected *c, bool check)
{
    return mk_release_list(app->vault, &app->access, check, collect_one, c,
                           &app->diag);
}

static enum mk_err tell_key(struct mk_app *app, struct mk_helper *h)
{
    struct mk_secret *key = NULL;
    enum mk_err rc;
    MK_TRY(mk_release_round_key(app->vault, &key, &app->diag));
    MK_TRY(mk_helper_section(h, "key", mk_secret_peek(key), mk_secret_len(key),
                             &app->diag));
out:
    mk_secret_free(key);
    return rc;
}

enum mk_err mk_gate_tell(struct mk_app *app, struct mk_helper *h,
                         const struct mk_vintage *v, size_t n,
                         const struct mk_buf *sections, bool key)
{
    enum mk_err rc;
    MK_TRY(mk_helper_say(h, "meldkluis-gate: 1\n", &app->diag));
    for (size_t i = 0; i < n; i++)
        MK_TRY(mk_helper_section(h, "cube", v[i].cube.data, v[i].cube.len,
                                 &app->diag));
    MK_TRY(mk_helper_send(h, sections->data, sections->len, &app->diag));
    if (key)
        MK_TRY(tell_key(app, h));
    MK_TRY(mk_helper_say(h, "end\n", &app->diag));
out:
    return rc;
}

/* ---- a publication ---- */

struct publication {
    struct mk_app *app;
    const struct mk_cube *window;
    const char *name; /* of the release, or NULL */
    const char *rule; /* as a line; empty: no policy */
    bool revise;
    bool preview; /* tells what would be published, to nobody outside */
    struct mk_collected earlier;
    struct mk_vintage vintage[MK_CUBE_YEARS];
    size_t n;
    struct mk_helper helper;
    const char *last; /* what is said when it fails from here on */
    bool is_registered;
};

static const struct mk_release *head(const struct publication *p, size_t i)
{
    return (const struct mk_release *)(const void *)p->earlier.heads.data + i;
}

static enum mk_err name_is_free(struct publication *p)
{
    for (size_t i = 0; p->name && i < p->earlier.n; i++)
        if (strcmp(head(p, i)->name, p->name) == 0)
            return mk_fail(&p->app->diag, MK_E_EXISTS, p->name);
    return MK_OK;
}

static enum mk_err count(struct publication *p,
                         const struct mk_count_request *r)
{
    const struct mk_vintage want = {
        .by_day = r->by_day,
        .by_position = r->by_position,
        .day = r->day,
        .position = r->position,
    };
    struct mk_app *app = p->app;
    enum mk_err rc;
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_collect(app, &p->earlier, false));
    MK_TRY(name_is_free(p));
    mk_release_vintages(p->earlier.n ? head(p, 0) : NULL, p->earlier.n,
                        p->window, &want, p->revise, p->vintage, &p->n);
    MK_TRY(mk_count_vintages(app->vault, &app->access, p->preview, p->vintage,
                             p->n, &app->diag));
out:
    return rc;
}

/* The position in which a year was counted. */
static uint64_t position_of(const struct publication *p, int year)
{
    for (size_t i = 0; i < p->n; i++)
        for (size_t y = 0; y < p->vintage[i].n_years; y++)
            if (p->vintage[i].years[y] == year)
                return p->vintage[i].position;
    return UINT64_MAX;
}

/* Is the record about what was asked and counted? */
static bool is_asked(const struct publication *p, const struct mk_release *r)
{
    const struct mk_args *args = &p->app->args;
    const char *audience = mk_args_value(args, MK_OPT_BESTEMD);
    const char *threshold = mk_args_value(args, MK_OPT_DREMPEL);
    const struct mk_code *code = mk_code_get(MK_LIST_AUDIENCE, r->audience);
    uint64_t number = r->threshold;
    bool fits = strcmp(r->name, p->name) == 0 &&
                r->n_years == p->window->n_years &&
                r->school_year == p->window->school_year && code &&
                strcmp(code->slug, audience ? audience : "FAC") == 0 &&
                (p->revise || r->kind != MK_RELEASE_REVISION);
    if (threshold)
        fits = fits &&
               mk_num_parse(threshold, strlen(threshold), 0, UINT64_MAX,
                            &number) &&
               number == r->threshold;
    char rule[MK_RULE_TEXT] = "";
    if (r->has_rule)
        mk_rule_format(rule, &r->rule);
    fits = fits && strcmp(rule, p->rule) == 0;
    for (size_t y = 0; fits && y < r->n_years; y++)
        fits = r->years[y] == p->window->years[y] &&
               r->positions[y] == position_of(p, r->years[y]);
    return fits;
}

/* Takes the record and registers it.  Without a record the gate has ended, and
 * its status says how. */
static enum mk_err register_it(struct publication *p)
{
    struct mk_app *app = p->app;
    struct mk_diag why = MK_DIAG_INIT;
    struct mk_buf record = MK_BUF_INIT;
    struct mk_release r;
    enum mk_err rc;
    bool any;
    MK_TRY(mk_helper_record(&p->helper, MK_RELEASE_MAX, &record, &any,
                            &app->diag));
    if (!any)
        goto out;
    if (mk_release_parse(&r, record.data, record.len, &why) != MK_OK ||
        !is_asked(p, &r)) {
        rc = mk_fail(&app->diag, MK_E_PROGRAM, "meldkluis-factsheet");
        goto out;
    }
    MK_TRY(mk_release_append(app->vault, &app->access, record.data, record.len,
                             p->earlier.n, NULL, &app->diag));
    p->is_registered = true;
    rc = mk_helper_say(&p->helper, "commit\n", &app->diag);
out:
    mk_buf_release(&record);
    return rc;
}

static enum mk_err tell_and_register(struct publication *p,
                                     const struct mk_count_request *r)
{
    enum mk_err rc;
    MK_TRY(count(p, r));
    p->last = "abort\n";
    MK_TRY(mk_gate_tell(p->app, &p->helper, p->vintage, p->n,
                        &p->earlier.sections, !p->preview));
    if (p->name)
        MK_TRY(register_it(p));
out:
    return rc;
}

/* Registered and no files: that is told, whatever else was. */
static enum mk_err settle(struct publication *p, enum mk_err rc)
{
    struct mk_app *app = p->app;
    if (p->is_registered && (rc != MK_OK || app->status != MK_EXIT_DONE))
        return mk_fail(&app->diag, MK_E_FILES_AFTER, p->name);
    if (rc == MK_OK && p->name && !p->is_registered &&
        app->status == MK_EXIT_DONE)
        return mk_fail(&app->diag, MK_E_PROGRAM, "meldkluis-factsheet");
    if (rc == MK_OK && p->is_registered)
        mk_app_note(app, MK_T(app, "de vrijgave is vastgelegd",
                              "the release is registered"));
    if (rc == MK_E_UNKNOWN_OUTCOME)
        mk_app_warn(
            app, MK_T(app, "meldkluis vrijgave lijst toont of het gelukt is",
                      "meldkluis release list shows whether it was"));
    return rc;
}

enum mk_err mk_publish(struct mk_app *app,
                       const struct mk_count_request *request,
                       const struct mk_cube *window, const char *rule)
{
    const bool preview = mk_args_has(&app->args, MK_OPT_VOORBEELD);
    const char *verb[6] = {preview ? "preview" : "publish"};
    size_t words = 1;
    bool said = mk_args_has(&app->args, MK_OPT_BESTEMD);
    struct publication p = {
        .app = app,
        .window = window,
        .name = mk_args_value(&app->args, MK_OPT_VRIJGAVE),
        .revise = mk_args_has(&app->args, MK_OPT_HERZIE),
        .preview = preview,
        .rule = rule,
        .earlier = MK_COLLECTED_INIT,
        .helper = MK_HELPER_NONE,
        .last = MK_GATE_SAY_NONE,
    };
    enum mk_err rc;
    p.earlier.window = window;
    if (app->access.dry_run) {
        MK_TRY(count(&p, request));
        mk_app_note(app,
                    MK_T(app, "proef: alleen de logregels zijn geschreven",
                         "dry run: only the log entries were written"));
        goto out;
    }
    if (!said && !preview) {
        verb[words++] = "--audience";
        verb[words++] = "FAC";
    }
    if (*rule) {
        verb[words++] = "--rule";
        verb[words++] = rule;
    }
    MK_TRY(mk_sheet_start(app, verb, !preview, &p.helper));
    rc = tell_and_register(&p, request);
    rc = settle(&p, mk_sheet_end(app, &p.helper, rc, p.last));
out:
    mk_vintages_release(p.vintage, p.n);
    mk_collected_release(&p.earlier);
    return rc;
}
