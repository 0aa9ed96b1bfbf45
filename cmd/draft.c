/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/draft.h"

#include "cmd/ask.h"
#include "cmd/form.h"
#include "cmd/json.h"
#include "cmd/table.h"
#include "core/base/bytes.h"

#include <stdio.h>
#include <string.h>

enum mk_err mk_draft_keep(struct mk_app *app, const struct mk_asking *a)
{
    enum mk_err rc;
    char hex[33] = "";
    struct mk_buf text = MK_BUF_INIT;
    if (a->unknown)
        mk_hex(hex, a->request, 16);
    MK_TRY(mk_buf_addf(&text, "# %s %s%s%s\n", mk_verb_get(a->verb)->nl,
                       a->tag, a->unknown ? " " : "", hex));
    size_t head = text.len;
    MK_TRY(mk_form_format(&text, a->f));
    if (text.len > head)
        MK_TRY(mk_draft_save(app->vault, text.data, text.len, &app->diag));
out:
    mk_buf_release(&text);
    return rc;
}

/* A draft as it was found. */
struct kept {
    bool found;
    enum mk_verb verb;
    char tag[MK_TAG_TEXT];
    bool unknown; /* whether it was saved, under request */
    uint8_t request[16];
    struct mk_fields f;
};

static void parse_request(struct kept *k, const char *p, size_t n)
{
    char hex[33];
    if (n != 32)
        return;
    snprintf(hex, sizeof hex, "%.32s", p);
    k->unknown = mk_unhex(k->request, 16, hex);
}

/* The first line; one without it is a melding. */
static void parse_head(struct kept *k, const struct mk_buf *text)
{
    const char *p = (const char *)text->data;
    const char *end = memchr(p, '\n', text->len);
    k->verb = MK_VERB_MELDING;
    k->tag[0] = '\0';
    if (end == NULL || text->len < 2 || memcmp(p, "# ", 2) != 0)
        return;
    p += 2;
    const char *space = memchr(p, ' ', (size_t)(end - p));
    const struct mk_verb_info *verb =
        space ? mk_verb_find(p, (size_t)(space - p)) : NULL;
    if (verb == NULL)
        return;
    const char *tag = space + 1;
    const char *id = memchr(tag, ' ', (size_t)(end - tag));
    size_t n = (size_t)((id ? id : end) - tag);
    if (n >= sizeof k->tag)
        return;
    k->verb = verb->number;
    snprintf(k->tag, sizeof k->tag, "%.*s", (int)n, tag);
    if (id)
        parse_request(k, id + 1, (size_t)(end - id - 1));
}

static enum mk_err load(struct mk_app *app, struct kept *k)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(mk_draft_load(app->vault, &k->found, &text, &app->diag));
    if (!k->found || text.len == 0)
        goto out;
    parse_head(k, &text);
    MK_TRY(mk_form_partial(&text, k->verb, &k->f, &app->diag));
out:
    mk_buf_release(&text);
    return rc;
}

/* "melding nieuw", "duid MK-7Q4D-K2XZ" */
static enum mk_err add_name(const struct mk_app *app, struct mk_buf *out,
                            enum mk_verb verb, const char *tag)
{
    const struct mk_verb_info *info = mk_verb_get(verb);
    if (verb == MK_VERB_MELDING)
        return mk_buf_add_str(out, MK_T(app, "melding nieuw", "report new"));
    if (verb == MK_VERB_BIJMELDING)
        return mk_buf_addf(out, "%s %s",
                           MK_T(app, "melding nieuw --bij", "report new --to"),
                           tag);
    return mk_buf_addf(out, "%s %s", MK_T(app, info->nl, info->en), tag);
}

void mk_draft_command(const struct mk_app *app, const struct mk_asking *a,
                      char out[64])
{
    struct mk_buf text = MK_BUF_INIT;
    out[0] = '\0';
    if (add_name(app, &text, a->verb, a->tag) == MK_OK &&
        mk_buf_terminate(&text) == MK_OK)
        snprintf(out, 64, "%s", (const char *)text.data);
    mk_buf_release(&text);
}

/* The same, with --request where that is needed; request NULL: it is not. */
static enum mk_err add_command(const struct mk_app *app, struct mk_buf *out,
                               enum mk_verb verb, const char *tag,
                               const uint8_t *request)
{
    enum mk_err rc;
    char hex[33];
    MK_TRY(add_name(app, out, verb, tag));
    if (request == NULL)
        return MK_OK;
    mk_hex(hex, request, 16);
    rc = mk_buf_addf(out, " --request %s", hex);
out:
    return rc;
}

void mk_draft_warn(struct mk_app *app, const struct mk_asking *a)
{
    struct mk_buf text = MK_BUF_INIT;
    if (mk_buf_add_str(&text, MK_T(app,
                                   "de antwoorden zijn verzegeld bewaard; ga "
                                   "ermee verder met: meldkluis ",
                                   "the answers are kept, sealed; go on with "
                                   "them with: meldkluis ")) == MK_OK &&
        add_command(app, &text, a->verb, a->tag,
                    a->unknown ? a->request : NULL) == MK_OK &&
        mk_buf_terminate(&text) == MK_OK)
        mk_app_warn(app, (const char *)text.data);
    mk_buf_release(&text);
}

static enum mk_err ask_drop(struct mk_app *app, const struct kept *k,
                            struct mk_asking *a)
{
    enum mk_err rc;
    bool drop = false;
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(mk_buf_add_str(&text, MK_T(app, "Er zijn nog antwoorden van: ",
                                      "There are answers left of: ")));
    MK_TRY(add_name(app, &text, k->verb, k->tag));
    MK_TRY(mk_buf_add_str(
        &text, MK_T(app,
                    ". Die weggooien? (Nee: dan worden deze antwoorden "
                    "tussentijds niet bewaard.)",
                    ". Throw them away? (No: then these answers are not kept "
                    "meanwhile.)")));
    MK_TRY(mk_buf_terminate(&text));
    MK_TRY(mk_ask_yes(app, (const char *)text.data, &drop));
    if (drop)
        MK_TRY(mk_draft_drop(app->vault, &app->diag));
    else
        a->draft = false;
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err ask_resume(struct mk_app *app, const struct kept *k,
                              bool *go_on)
{
    const char *kept = MK_T(app,
                            "Hiervan zijn nog antwoorden bewaard van een "
                            "vorige keer. Daarmee verder gaan?",
                            "Answers to this were kept from an earlier time. "
                            "Go on with them?");
    const char *unknown =
        MK_T(app,
             "Hiervan bleef de vorige keer onbekend of het is opgeslagen; de "
             "antwoorden zijn bewaard, en niets wordt twee keer opgeslagen. "
             "Daarmee verder gaan?",
             "Of this it stayed unknown last time whether it was saved; the "
             "answers were kept, and nothing is saved twice. Go on with "
             "them?");
    return mk_ask_yes(app, k->unknown ? unknown : kept, go_on);
}

static bool is_of(const struct kept *k, const struct mk_asking *a)
{
    return k->found && k->verb == a->verb && strcmp(k->tag, a->tag) == 0;
}

bool mk_draft_is_unknown(struct mk_app *app, const struct mk_asking *a)
{
    struct kept k = {.found = false};
    mk_fields_init(&k.f);
    bool is = load(app, &k) == MK_OK && is_of(&k, a) && k.unknown;
    mk_fields_release(&k.f);
    app->diag = (struct mk_diag)MK_DIAG_INIT;
    return is;
}

enum mk_err mk_draft_resume(struct mk_app *app, struct mk_asking *a)
{
    enum mk_err rc;
    bool go_on = false;
    struct kept k = {.found = false};
    mk_fields_init(&k.f);
    rc = load(app, &k);
    if (rc == MK_E_DAMAGED || rc == MK_E_TOO_LARGE) {
        /* no harm to the vault; the first answer takes its place */
        mk_app_warn(app, MK_T(app,
                              "de bewaarde antwoorden zijn beschadigd en "
                              "worden overgeslagen",
                              "the answers that were kept are damaged and "
                              "are passed over"));
        app->diag = (struct mk_diag)MK_DIAG_INIT;
        rc = MK_OK;
        goto out;
    }
    if (rc != MK_OK || !k.found)
        goto out;
    if (!is_of(&k, a)) {
        MK_TRY(ask_drop(app, &k, a));
        goto out;
    }
    MK_TRY(ask_resume(app, &k, &go_on));
    if (go_on) {
        mk_fields_take(a->f, &k.f);
        a->unknown = k.unknown;
        memcpy(a->request, k.request, sizeof a->request);
    } else {
        MK_TRY(mk_draft_drop(app->vault, &app->diag));
    }
out:
    mk_fields_release(&k.f);
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

static enum mk_err print(struct mk_app *app, const struct kept *k)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT, command = MK_BUF_INIT;
    struct mk_table t;
    struct mk_json j;
    mk_table_init(&t, 3);
    if (app->json) {
        const struct mk_buf *label = mk_fields_text(&k->f, MK_F_LABEL);
        mk_json_begin(&j, &out);
        mk_json_array(&j, "drafts");
        if (k->found) {
            mk_json_object(&j, NULL);
            mk_json_str(&j, "verb", mk_verb_get(k->verb)->en);
            if (k->tag[0])
                mk_json_str(&j, "tag", k->tag);
            mk_json_day(&j, "received", mk_fields_day(&k->f, MK_F_RECEIVED));
            if (label)
                mk_json_text(&j, "label", label->data, label->len);
            mk_json_end(&j);
        }
        mk_json_end(&j);
        MK_TRY(mk_json_finish(&j));
    } else if (k->found) {
        MK_TRY(add_command(app, &command, k->verb, k->tag,
                           k->unknown ? k->request : NULL));
        mk_table_cell(&t, MK_T(app, "opdracht", "command"));
        mk_table_cell(&t, MK_T(app, "ontvangen", "received"));
        mk_table_cell(&t, MK_T(app, "trefwoord", "label"));
        mk_table_bytes(&t, command.data, command.len);
        cell(&t, &k->f, MK_F_RECEIVED);
        cell(&t, &k->f, MK_F_LABEL);
        MK_TRY(mk_table_finish(&t, &out));
    } else {
        mk_app_note(app, MK_T(app, "geen afgebroken invoer",
                              "nothing that was cut off"));
    }
    MK_TRY(mk_app_print(app, &out));
out:
    mk_table_release(&t);
    mk_buf_release(&command);
    mk_buf_release(&out);
    return rc;
}

enum mk_err mk_draft_list(struct mk_app *app)
{
    enum mk_err rc;
    struct kept k = {.found = false};
    mk_fields_init(&k.f);
    MK_TRY(load(app, &k));
    MK_TRY(print(app, &k));
out:
    mk_fields_release(&k.f);
    return rc;
}
