/* SPDX-License-Identifier: GPL-3.0-or-later */
/* overdracht --van-wie, waarnemer --eraf --erbij: one afternoon, all
 * dossiers. */
#include "cmd/ask.h"
#include "cmd/handover.h"
#include "cmd/json.h"
#include "cmd/member.h"
#include "cmd/table.h"

#include <inttypes.h>
#include <string.h>

struct transfer {
    struct mk_app *app;
    const char *from, *to;
    bool deputy; /* asked of waarnemer: no dossier changes hands */
    struct mk_handover_plan plan;
    struct mk_buf text; /* a line for each dossier */
    struct mk_json json;
    struct mk_buf out;
    size_t done, left;
    size_t elsewhere; /* where from stands in, and nobody said what then */
};

/* --- what became of each --- */

static const char *done_word(const struct transfer *t)
{
    const bool dry = t->app->access.dry_run;
    if (t->plan.what.deputy)
        return dry ? MK_T(t->app, "zou anders worden waargenomen",
                          "would get another deputy")
                   : MK_T(t->app, "anders waargenomen", "has another deputy");
    return dry ? MK_T(t->app, "zou worden overgedragen",
                      "would be handed over")
               : MK_T(t->app, "overgedragen", "handed over");
}

static enum mk_err add_line(struct transfer *t, const char *tag,
                            enum mk_err left, const struct mk_diag *why)
{
    enum mk_err rc;
    if (left == MK_OK)
        return mk_buf_addf(&t->text, "%s %s\n", tag, done_word(t));
    MK_TRY(mk_buf_addf(&t->text, "%s %s: ", tag,
                       MK_T(t->app, "blijft", "stays")));
    MK_TRY(mk_app_describe(t->app, why, &t->text));
    MK_TRY(mk_buf_add_str(&t->text, "\n"));
out:
    return rc;
}

static enum mk_err each(void *ctx, const uint8_t dossier[16], enum mk_err left,
                        const struct mk_diag *why)
{
    struct transfer *t = ctx;
    struct mk_app *app = t->app;
    char tag[MK_TAG_TEXT];
    if (left != MK_OK && app->status == MK_EXIT_DONE)
        app->status = mk_err_exit(left);
    t->done += left == MK_OK;
    t->left += left != MK_OK;
    mk_tag_format(tag, dossier);
    if (!app->json)
        return add_line(t, tag, left, why);
    mk_json_object(&t->json, NULL);
    mk_json_str(&t->json, "tag", tag);
    mk_json_bool(&t->json, "done", left == MK_OK);
    mk_json_bool(&t->json, "deputy", t->plan.what.deputy);
    if (left != MK_OK)
        mk_json_str(&t->json, "error", mk_err_name(left));
    mk_json_end(&t->json);
    return t->json.rc;
}

/* --- how many, and whether --- */

static enum mk_err add_number(const struct transfer *t, struct mk_buf *out)
{
    enum mk_err rc;
    const struct mk_handover_plan *plan = &t->plan;
    MK_TRY(mk_visible_add(out, t->from));
    MK_TRY(mk_buf_addf(out,
                       plan->what.deputy
                           ? MK_T(t->app, " neemt waar, niet ten einde: %zu",
                                  " stands in, not ended: %zu")
                           : MK_T(t->app, " behandelt, niet ten einde: %zu",
                                  " owns, not ended: %zu"),
                       plan->n));
    if (plan->barred != 0)
        MK_TRY(mk_buf_addf(out,
                           MK_T(t->app,
                                "; daarvan beperkt, niet voor u, en die "
                                "blijven: %zu",
                                "; of those restricted, not for you, and "
                                "these stay: %zu"),
                           plan->barred));
out:
    return rc;
}

static enum mk_err ask_whether(const struct transfer *t, bool *yes)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(add_number(t, &text));
    MK_TRY(mk_buf_addf(
        &text, "\n%s ",
        t->plan.what.deputy
            ? MK_T(t->app,
                   "Neemt dat voortaan waar:", "Stands in from now on:")
            : MK_T(t->app,
                   "Behandelt ze voortaan:", "Owns them from now on:")));
    MK_TRY(mk_visible_add(&text, t->to));
    MK_TRY(mk_buf_add_str(&text, ".\n"));
    MK_TRY(mk_buf_terminate(&text));
    mk_ask_say(t->app, (const char *)text.data);
    MK_TRY(mk_ask_yes(t->app, MK_T(t->app, "Doorgaan?", "Go on?"), yes));
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err find(struct transfer *t)
{
    enum mk_err rc;
    struct mk_app *app = t->app;
    const struct mk_handover what = t->plan.what;
    rc = mk_handover_find(app->vault, &app->access, &what, &t->plan,
                          &app->diag);
    if (rc == MK_E_PURPOSE) {
        MK_TRY(mk_ask_purpose(app, rc));
        rc = mk_handover_find(app->vault, &app->access, &what, &t->plan,
                              &app->diag);
    }
    mk_app_progress_end(app);
out:
    return rc;
}

static enum mk_err run(struct transfer *t)
{
    enum mk_err rc;
    uint8_t request[16] = {0};
    struct mk_app *app = t->app;
    rc = mk_handover_run(app->vault, &app->access, &t->plan, each, t, request,
                         &app->diag);
    mk_app_progress_end(app);
    mk_app_keep_request(app, rc, request, "");
    return rc;
}

/* --- the command --- */

/* After what he owns: where he stands in, which is another matter. */
static enum mk_err go_on_with_deputy(struct transfer *t)
{
    enum mk_err rc;
    bool yes = false;
    t->plan.what.deputy = true;
    MK_TRY(find(t));
    t->elsewhere = t->plan.n;
    if (t->plan.n == 0 || !mk_member_can_ask(t->app))
        goto out;
    MK_TRY(ask_whether(t, &yes));
    if (!yes)
        goto out;
    t->elsewhere = 0;
    rc = run(t);
out:
    return rc;
}

static const char *counted_word(const struct transfer *t)
{
    const bool dry = t->app->access.dry_run;
    if (t->deputy)
        return dry ? MK_T(t->app, "waarnemer zou worden vervangen",
                          "deputy would be replaced")
                   : MK_T(t->app, "waarnemer vervangen", "deputy replaced");
    return dry ? MK_T(t->app, "zou worden overgedragen",
                      "would be handed over")
               : MK_T(t->app, "overgedragen", "handed over");
}

static enum mk_err tell_number(const struct transfer *t)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(mk_buf_addf(&text, "%s: %zu; %s: %zu%s", counted_word(t), t->done,
                       MK_T(t->app, "blijft", "stays"), t->left,
                       t->app->access.dry_run
                           ? MK_T(t->app, "; proef: er is niets opgeslagen",
                                  "; dry run: nothing was saved")
                           : ""));
    MK_TRY(mk_buf_terminate(&text));
    mk_app_note(t->app, (const char *)text.data);
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err tell_elsewhere(const struct transfer *t)
{
    enum mk_err rc = MK_OK;
    struct mk_buf text = MK_BUF_INIT;
    if (t->elsewhere == 0)
        return MK_OK;
    MK_TRY(add_number(t, &text));
    MK_TRY(mk_buf_add_str(&text,
                          MK_T(t->app, "; dat blijft zo tot waarnemer --eraf ",
                               "; that stays until deputy --remove ")));
    MK_TRY(mk_visible_add(&text, t->from));
    MK_TRY(mk_buf_add_str(&text, MK_T(t->app, " --erbij ", " --add ")));
    MK_TRY(mk_visible_add(&text, t->to));
    MK_TRY(mk_buf_terminate(&text));
    mk_app_note(t->app, (const char *)text.data);
out:
    mk_buf_release(&text);
    return rc;
}

/* What was done is told whatever came after it. */
static enum mk_err tell(struct transfer *t)
{
    enum mk_err rc;
    if (!t->app->json) {
        MK_TRY(mk_app_print(t->app, &t->text));
        MK_TRY(tell_number(t));
        rc = tell_elsewhere(t);
        goto out;
    }
    mk_json_end(&t->json);
    mk_json_bool(&t->json, "saved", !t->app->access.dry_run);
    mk_json_num(&t->json, "stands_in", (int64_t)t->elsewhere);
    MK_TRY(mk_json_finish(&t->json));
    MK_TRY(mk_app_print(t->app, &t->out));
out:
    return rc;
}

static enum mk_err transfer(struct transfer *t)
{
    enum mk_err rc;
    bool yes = true;
    MK_TRY(find(t));
    if (t->plan.n != 0 && mk_member_can_ask(t->app))
        MK_TRY(ask_whether(t, &yes));
    if (!yes)
        return mk_fail(&t->app->diag, MK_E_CANCELLED, "");
    rc = run(t);
    if (rc == MK_OK && !t->plan.what.deputy)
        rc = go_on_with_deputy(t);
    if (rc == MK_OK)
        return tell(t);
    if (t->done + t->left != 0) {
        enum mk_err told = tell(t);
        (void)told; /* the error that ended it is told */
    }
out:
    return rc;
}

enum mk_err mk_member_named(struct mk_app *app, const char *name,
                            const struct mk_member **out)
{
    *out = mk_keyring_by_name(mk_vault_keyring(app->vault), name);
    return *out ? MK_OK : mk_fail(&app->diag, MK_E_NO_MEMBER, name);
}

enum mk_err mk_handover_all(struct mk_app *app, const char *from,
                            const char *to, bool deputy)
{
    enum mk_err rc;
    const struct mk_member *m;
    struct transfer t = {.app = app, .from = from, .to = to, .deputy = deputy};
    if (strcmp(from, to) == 0)
        return mk_fail(
            &app->diag, MK_E_USAGE,
            MK_T(app, "tweemaal dezelfde persoon", "twice the same person"));
    mk_handover_plan_init(&t.plan);
    mk_json_begin(&t.json, &t.out);
    mk_json_str(&t.json, "from", from);
    mk_json_str(&t.json, "to", to);
    mk_json_array(&t.json, "dossiers");
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_member_named(app, from, &m));
    memcpy(t.plan.what.from, m->id, sizeof t.plan.what.from);
    MK_TRY(mk_member_named(app, to, &m));
    memcpy(t.plan.what.to, m->id, sizeof t.plan.what.to);
    t.plan.what.deputy = deputy;
    rc = transfer(&t);
out:
    mk_handover_plan_release(&t.plan);
    mk_buf_release(&t.text);
    mk_buf_release(&t.out);
    return rc;
}
