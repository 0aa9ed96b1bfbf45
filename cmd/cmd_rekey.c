/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hersleutel, hersleutel-alles: new keys in the place of old ones. */
#include "cmd/app.h"
#include "cmd/json.h"
#include "cmd/member.h"

#include <inttypes.h>
#include <string.h>

/* The database key last: it is copied with all that came before. */
static const enum mk_key_kind order[] = {MK_KEY_RS, MK_KEY_RL, MK_KEY_RD,
                                         MK_KEY_DBK};
#define KINDS (sizeof order / sizeof *order)

struct rekey {
    struct mk_app *app;
    unsigned wanted; /* bits 1 << kind */
    unsigned done;
};

static enum mk_err find_kinds(struct mk_app *app, unsigned *wanted)
{
    *wanted = 0;
    for (size_t i = 0; i < app->args.n_words; i++) {
        enum mk_key_kind kind = MK_KEY_DBK;
        while (kind < MK_KEY_KINDS &&
               strcmp(mk_key_slug(kind), app->args.word[i]) != 0)
            kind++;
        if (kind == MK_KEY_KINDS)
            return mk_fail(&app->diag, MK_E_USAGE,
                           MK_T(app, "een sleutel heet dbk, rd, rs of rl",
                                "a key is called dbk, rd, rs or rl"));
        *wanted |= 1u << kind;
    }
    return MK_OK;
}

/* "dossiers (rd) vervangen, generatie 2" */
static void tell_done(struct mk_app *app, enum mk_key_kind kind)
{
    struct mk_buf text = MK_BUF_INIT;
    const bool dry = app->access.dry_run;
    uint32_t generation =
        mk_keyring_generation(mk_vault_keyring(app->vault), kind);

    if (app->json)
        return;
    if (mk_member_add_kinds(app, &text, 1u << kind) == MK_OK &&
        mk_buf_addf(&text,
                    dry ? MK_T(app, ": proef, niets vervangen (nu %u)",
                               ": dry run, nothing replaced (now %u)")
                        : MK_T(app, ": vervangen (generatie %u)",
                               ": replaced (generation %u)"),
                    generation) == MK_OK &&
        mk_buf_terminate(&text) == MK_OK)
        mk_app_note(app, (const char *)text.data);
    mk_buf_release(&text);
}

static enum mk_err replace(struct rekey *r)
{
    enum mk_err rc = MK_OK;
    struct mk_app *app = r->app;

    for (size_t i = 0; i < KINDS; i++) {
        if ((r->wanted & (1u << order[i])) == 0)
            continue;
        rc = mk_rekey(app->vault, &app->access, order[i], &app->diag);
        mk_app_progress_end(app);
        if (rc != MK_OK)
            break;
        r->done |= 1u << order[i];
        tell_done(app, order[i]);
    }
    return rc;
}

/* What is left for others, who hold it. */
static void tell_left(struct mk_app *app, unsigned left, const char *nl,
                      const char *en)
{
    struct mk_buf text = MK_BUF_INIT;

    if (left != 0 && mk_buf_add_str(&text, MK_T(app, nl, en)) == MK_OK &&
        mk_member_add_kinds(app, &text, left) == MK_OK &&
        mk_buf_terminate(&text) == MK_OK)
        mk_app_note(app, (const char *)text.data);
    mk_buf_release(&text);
}

static enum mk_err tell_json(const struct rekey *r, unsigned left)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_json j;

    mk_json_begin(&j, &out);
    mk_json_bool(&j, "saved", !r->app->access.dry_run);
    mk_member_json_kinds(&j, "replaced", r->done);
    mk_member_json_kinds(&j, "left", left);
    MK_TRY(mk_json_finish(&j));
    MK_TRY(mk_app_print(r->app, &out));
out:
    mk_buf_release(&out);
    return rc;
}

/* What has to be replaced, by whomever. */
static unsigned due(const struct mk_app *app)
{
    const struct mk_keyring *k = mk_vault_keyring(app->vault);

    return mk_keyring_stale(k) | mk_keyring_stolen(k);
}

enum mk_err mk_cmd_rekey(struct mk_app *app)
{
    enum mk_err rc;
    struct rekey r = {.app = app};
    unsigned stale;

    MK_TRY(find_kinds(app, &r.wanted));
    MK_TRY(mk_session_start(app));
    if (r.wanted == 0) {
        stale = due(app);
        r.wanted = stale & mk_rekey_held(app->vault);
        if (stale == 0 && !app->json)
            mk_app_note(app,
                        MK_T(app, "niemand die weg is kent nog een sleutel",
                             "nobody who left still knows a key"));
    }
    MK_TRY(replace(&r));
    stale = due(app);
    if (app->json)
        rc = tell_json(&r, stale & ~r.done);
    else
        tell_left(app, stale & ~r.done,
                  "nog te doen, door wie ze heeft, met hersleutel: ",
                  "still to be done, by who holds them, with rekey: ");
out:
    return rc;
}

#define ALL \
    (1u << MK_KEY_DBK | 1u << MK_KEY_RD | 1u << MK_KEY_RS | 1u << MK_KEY_RL)

/* The first who replaces reports the theft; the others go on with it. */
static enum mk_err report_theft(struct mk_app *app, unsigned *stolen)
{
    enum mk_err rc = MK_OK;
    const bool again = mk_args_has(&app->args, MK_OPT_OPNIEUW);

    *stolen = mk_keyring_stolen(mk_vault_keyring(app->vault));
    if (*stolen != 0 && !again)
        return MK_OK;
    MK_TRY(mk_rekey_theft(app->vault, &app->access, &app->diag));
    *stolen = ALL;
out:
    return rc;
}

enum mk_err mk_cmd_rekey_all(struct mk_app *app)
{
    enum mk_err rc;
    struct rekey r = {.app = app};
    unsigned stolen;

    MK_TRY(mk_session_start(app));
    MK_TRY(report_theft(app, &stolen));
    r.wanted = stolen & mk_rekey_held(app->vault);
    if (r.wanted == 0 && !app->json)
        mk_app_note(app, MK_T(app,
                              "wat u heeft is sinds de melding al vervangen; "
                              "is er weer iets gestolen: hersleutel-alles "
                              "--opnieuw",
                              "what you hold was replaced since the report; "
                              "if something was stolen again: rekey-all "
                              "--again"));
    MK_TRY(replace(&r));
    if (app->json)
        rc = tell_json(&r, stolen & ~r.done);
    else
        tell_left(app, stolen & ~r.done,
                  "na diefstal ook te doen, door wie ze heeft, met "
                  "hersleutel-alles: ",
                  "after a theft to be done too, by who holds them, with "
                  "rekey-all: ");
out:
    return rc;
}
