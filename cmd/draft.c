/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/draft.h"

#include "cmd/ask.h"
#include "cmd/form.h"
#include "cmd/json.h"
#include "cmd/table.h"

enum mk_err mk_draft_keep(struct mk_app *app, const struct mk_fields *f)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(mk_form_format(&text, f));
    if (text.len > 0)
        MK_TRY(mk_draft_save(app->vault, text.data, text.len, &app->diag));
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err load(struct mk_app *app, bool *found, struct mk_fields *f)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(mk_draft_load(app->vault, found, &text, &app->diag));
    if (*found)
        MK_TRY(mk_form_partial(&text, MK_VERB_MELDING, f, &app->diag));
out:
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_draft_resume(struct mk_app *app, struct mk_fields *f)
{
    enum mk_err rc;
    bool found = false, go_on = false;
    MK_TRY(load(app, &found, f));
    if (!found)
        goto out;
    MK_TRY(mk_ask_yes(app,
                      MK_T(app,
                           "Er is een melding die werd afgebroken. Daarmee "
                           "verder gaan?",
                           "There is a report that was cut off. Go on with "
                           "it?"),
                      &go_on));
    if (!go_on) {
        mk_fields_release(f);
        MK_TRY(mk_draft_drop(app->vault, &app->diag));
    }
out:
    return rc;
}

static void cell(struct mk_table *t, const struct mk_fields *f,
                 enum mk_field number)
{
    struct mk_buf value = MK_BUF_INIT;
    if (t->rc == MK_OK)
        t->rc = mk_fields_format(&value, f, number);
    mk_table_bytes(t, value.len ? (const void *)value.data : "-",
                   value.len ? value.len : 1);
    mk_buf_release(&value);
}

static enum mk_err print(struct mk_app *app, bool found,
                         const struct mk_fields *f)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_table t;
    struct mk_json j;
    mk_table_init(&t, 2);
    if (app->json) {
        const struct mk_buf *label = mk_fields_text(f, MK_F_LABEL);
        mk_json_begin(&j, &out);
        mk_json_array(&j, "drafts");
        if (found) {
            mk_json_object(&j, NULL);
            mk_json_day(&j, "received", mk_fields_day(f, MK_F_RECEIVED));
            if (label)
                mk_json_text(&j, "label", label->data, label->len);
            mk_json_end(&j);
        }
        mk_json_end(&j);
        MK_TRY(mk_json_finish(&j));
    } else if (found) {
        mk_table_cell(&t, MK_T(app, "ontvangen", "received"));
        mk_table_cell(&t, MK_T(app, "trefwoord", "label"));
        cell(&t, f, MK_F_RECEIVED);
        cell(&t, f, MK_F_LABEL);
        MK_TRY(mk_table_finish(&t, &out));
    } else {
        mk_app_note(app, MK_T(app, "geen afgebroken meldingen",
                              "no reports that were cut off"));
    }
    MK_TRY(mk_app_print(app, &out));
out:
    mk_table_release(&t);
    mk_buf_release(&out);
    return rc;
}

enum mk_err mk_draft_list(struct mk_app *app)
{
    enum mk_err rc;
    bool found = false;
    struct mk_fields f;
    mk_fields_init(&f);
    MK_TRY(load(app, &found, &f));
    MK_TRY(print(app, found, &f));
out:
    mk_fields_release(&f);
    return rc;
}
