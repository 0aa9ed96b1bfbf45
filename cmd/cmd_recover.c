/* SPDX-License-Identifier: GPL-3.0-or-later */
/* herstel: recovery cards made, put in force, rehearsed and used. */
#include "cmd/cards.h"
#include "cmd/choice.h"
#include "cmd/member.h"
#include "cmd/practice.h"
#include "cmd/table.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Saved, with new cards: a program is told which set they are. */
static enum mk_err done_with_cards(struct mk_app *app,
                                   const struct mk_cards_out *cards,
                                   const char *nl, const char *en)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_json j;
    if (!app->json || app->access.dry_run)
        return mk_app_done(app, nl, en);
    mk_json_begin(&j, &out);
    mk_json_bool(&j, "saved", true);
    mk_json_num(&j, "set", cards->set);
    mk_json_num(&j, "threshold", cards->fresh.plan.threshold);
    mk_json_num(&j, "cards", cards->fresh.plan.n);
    MK_TRY(mk_json_finish(&j));
    MK_TRY(mk_app_print(app, &out));
out:
    mk_buf_release(&out);
    return rc;
}

/* --- deel, aanvaard, berg --- */

/* The set that waited has lost its turn. */
static void note_replaced(struct mk_app *app, uint32_t set)
{
    char text[160];
    if (set == 0 || app->json || app->access.dry_run)
        return;
    snprintf(text, sizeof text,
             MK_T(app,
                  "reeks %u, die nog niet in gebruik was, vervalt daarmee: "
                  "vernietig die vellen",
                  "set %u, which was not in force yet, is void by that: "
                  "destroy its sheets"),
             (unsigned)set);
    mk_app_note(app, text);
}

enum mk_err mk_cmd_recover_share(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_recovery_facts before;
    struct mk_cards_in in = {.n = 0};
    struct mk_cards_out out = {.dir = -1};
    bool renew = mk_args_has(&app->args, MK_OPT_KAART);
    MK_TRY(mk_cards_open(app, &in));
    MK_TRY(mk_cards_folder(app, &out));
    const struct mk_harden_place more = {out.folder, MK_HARDEN_WORK};
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, &more, 1));
    MK_TRY(mk_session_unlock(app));
    MK_TRY(mk_cards_plan(app, &out));
    if (renew)
        MK_TRY(mk_cards_take(app, &in));
    mk_keyring_recovery_facts(mk_vault_keyring(app->vault), &before);
    MK_TRY(mk_recovery_share(app->vault, &app->access, in.text, in.n,
                             &out.fresh, &app->diag));
    MK_TRY(done_with_cards(
        app, &out,
        renew ? "nieuwe reeks kaarten, meteen in gebruik; druk ze af, "
                "vernietig de oude en oefen: herstel oefen"
              : "nieuwe reeks kaarten, nog niet in gebruik; een tweede "
                "bewaarder doet: herstel aanvaard",
        renew ? "new set of cards, in force at once; print them, "
                "destroy the old ones and drill: recover drill"
              : "new set of cards, not in force yet; a second "
                "custodian runs: recover accept"));
    note_replaced(app, before.proposed.number);
out:
    rc = mk_cards_close(app, &out, rc);
    mk_cards_in_release(&in);
    return rc;
}

static const char *holder_name(const struct mk_app *app,
                               const struct mk_recovery_set *set, unsigned i)
{
    const struct mk_member *m =
        mk_keyring_by_id(mk_vault_keyring(app->vault), set->holder[i]);
    return m ? m->name : NULL;
}

static enum mk_err add_set(struct mk_app *app, struct mk_buf *out,
                           const struct mk_recovery_set *set)
{
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out,
                       MK_T(app, "reeks %u: %u van %u kaarten samen\n",
                            "set %u: %u of %u cards together\n"),
                       (unsigned)set->number, set->threshold, set->n));
    for (unsigned i = 0; i < set->n; i++) {
        const char *name = holder_name(app, set, i);
        MK_TRY(
            mk_buf_addf(out, MK_T(app, "  kaart %u: ", "  card %u: "), i + 1));
        MK_TRY(mk_visible_add(
            out,
            name ? name : MK_T(app, "buiten de kluis", "outside the vault")));
        MK_TRY(mk_buf_add_str(out, "\n"));
    }
out:
    return rc;
}

/* Who accepts sees what: how many cards are enough, and who has them. */
static enum mk_err confirm_set(struct mk_app *app)
{
    enum mk_err rc = MK_OK;
    struct mk_recovery_facts facts;
    struct mk_buf text = MK_BUF_INIT;
    mk_keyring_recovery_facts(mk_vault_keyring(app->vault), &facts);
    if (facts.proposed.number == 0 || !mk_member_can_ask(app))
        return MK_OK;
    MK_TRY(add_set(app, &text, &facts.proposed));
    MK_TRY(mk_member_confirm(
        app, &text,
        MK_T(app, "Zag u deze kaarten, en gaan ze naar deze mensen?",
             "Did you see these cards, and do they go to these people?")));
out:
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_cmd_recover_accept(struct mk_app *app)
{
    enum mk_err rc;
    MK_TRY(mk_session_start(app));
    MK_TRY(confirm_set(app));
    MK_TRY(mk_recovery_accept(app->vault, &app->access, &app->diag));
    MK_TRY(mk_app_done(
        app,
        "reeks aanvaard; ze komt in gebruik als iedere sleutel erbij "
        "ligt, en tot dan openen de kaarten van nu: wie een sleutel "
        "heeft doet herstel berg",
        "set accepted; it is in force when every key lies with it, and "
        "until then the cards of now open: whoever holds a key runs "
        "recover store"));
out:
    return rc;
}

enum mk_err mk_cmd_recover_store(struct mk_app *app)
{
    enum mk_err rc;
    unsigned kinds;
    struct mk_recovery_facts facts;
    MK_TRY(mk_session_start(app));
    rc = mk_recovery_store(app->vault, &app->access, &kinds, &app->diag);
    mk_keyring_recovery_facts(mk_vault_keyring(app->vault), &facts);
    if (rc == MK_E_EXISTS) /* they lie there: what was wanted */
        app->diag = (struct mk_diag)MK_DIAG_INIT;
    else if (rc != MK_OK)
        goto out;
    bool missing = facts.accepted || facts.missing != 0;
    MK_TRY(mk_app_done(
        app,
        missing ? "eigen sleutels geborgen; andere ontbreken nog: zie "
                  "herstel toon"
                : "sleutels geborgen; de kaarten openen nu alles; "
                  "vernietig oudere kaarten en doe herstel oefen",
        missing ? "own keys stored; others are still missing: see "
                  "recover show"
                : "keys stored; the cards open everything now; destroy "
                  "older cards and run recover drill"));
out:
    return rc;
}

/* --- oefen, persoon --- */

enum mk_err mk_cmd_recover_drill(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_cards_in in = {.n = 0};
    MK_TRY(mk_cards_open(app, &in));
    MK_TRY(mk_session_start(app));
    MK_TRY(mk_cards_take(app, &in));
    MK_TRY(mk_recovery_drill(app->vault, &app->access, in.text, in.n,
                             &app->diag));
    MK_TRY(mk_app_done(
        app, "oefening geslaagd: de kaarten openen alles; doe dit elk jaar",
        "drill done: the cards open everything; do this every year"));
out:
    mk_cards_in_release(&in);
    return rc;
}

/* Told before the codes and passphrase are asked. */
static enum mk_err wanted(struct mk_app *app, struct mk_recovery_request *r)
{
    for (size_t i = 0; i < app->args.n_given; i++) {
        const char *name = app->args.given[i].value;
        if (app->args.given[i].option != MK_OPT_ROL)
            continue;
        enum mk_role role = mk_role_find(name, strlen(name));
        if (role == MK_ROLE_NONE)
            return mk_choice_refuse(&app->diag, MK_T(app, "--rol", "--role"),
                                    MK_CHOICE_ROLE);
        r->roles |= MK_ROLE_BIT(role);
    }
    return r->roles
               ? MK_OK
               : mk_fail(&app->diag, MK_E_USAGE,
                         MK_T(app, "--rol ontbreekt", "--role is missing"));
}

static enum mk_err let_in(struct mk_app *app, struct mk_cards_in *in,
                          struct mk_cards_out *out, struct mk_buf *text,
                          struct mk_recovery_request *request)
{
    enum mk_err rc;
    struct mk_secret *passphrase = NULL;
    struct mk_member m;
    MK_TRY(mk_request_read(mk_vault_keyring(app->vault), text->data, text->len,
                           &m, &app->diag));
    MK_TRY(mk_cards_take(app, in));
    MK_TRY(mk_session_passphrase(app, m.name, &passphrase));
    request->text = text->data;
    request->n = text->len;
    request->passphrase = passphrase;
    rc = mk_recovery_person(app->vault, &app->access, in->text, in->n, request,
                            &out->fresh, &m, &app->diag);
    mk_app_progress_end(app);
out:
    mk_secret_free(passphrase);
    return rc;
}

enum mk_err mk_cmd_recover_person(struct mk_app *app)
{
    enum mk_err rc;
    int fd = -1;
    struct mk_cards_in in = {.n = 0};
    struct mk_cards_out out = {.dir = -1};
    struct mk_recovery_request request = {.roles = 0};
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(wanted(app, &request));
    MK_TRY(mk_cards_open(app, &in));
    MK_TRY(mk_input_open(&fd, app->args.word[0], &app->diag));
    MK_TRY(mk_cards_folder(app, &out));
    const struct mk_harden_place more = {out.folder, MK_HARDEN_WORK};
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, &more, 1));
    MK_TRY(mk_input_read(&text, fd, MK_REQUEST_MAX, &app->diag));
    MK_TRY(mk_session_open(app));
    MK_TRY(mk_cards_plan(app, &out));
    MK_TRY(let_in(app, &in, &out, &text, &request));
    MK_TRY(done_with_cards(
        app, &out,
        "deze persoon kan de kluis openen; druk de nieuwe kaarten af "
        "en vernietig de oude: die openen niets meer",
        "this person can unlock the vault; print the new cards and "
        "destroy the old ones: they open nothing any more"));
out:
    rc = mk_cards_close(app, &out, rc);
    if (fd >= 0)
        close(fd);
    mk_cards_in_release(&in);
    mk_buf_release(&text);
    return rc;
}

/* --- retentie --- */

static enum mk_err tell_retention(struct mk_app *app,
                                  const struct mk_retention_report *r)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_json j;
    bool dry = app->access.dry_run;
    mk_json_begin(&j, &out);
    mk_json_bool(&j, "saved", !dry);
    mk_json_num(&j, "put_back", (int64_t)r->back);
    mk_json_num(&j, "dropped", (int64_t)r->dropped);
    mk_json_num(&j, "fresh", (int64_t)r->fresh);
    mk_json_num(&j, "keys", (int64_t)r->all);
    MK_TRY(mk_json_finish(&j));
    if (!app->json) {
        mk_buf_clear(&out);
        MK_TRY(mk_buf_addf(
            &out,
            MK_T(app,
                 "bewaarsleutels: %zu teruggezet, %zu van vernietigde of "
                 "vervangen dossiers niet, %zu nieuw gemaakt; samen %zu\n",
                 "retention keys: %zu put back, %zu of destroyed or replaced "
                 "dossiers not, %zu made anew; %zu together\n"),
            r->back, r->dropped, r->fresh, r->all));
    }
    MK_TRY(mk_app_print(app, &out));
    if (dry && !app->json)
        mk_app_note(app, MK_T(app, "proef: er is niets opgeslagen",
                              "dry run: nothing was saved"));
out:
    mk_buf_release(&out);
    return rc;
}

enum mk_err mk_cmd_recover_retention(struct mk_app *app)
{
    enum mk_err rc;
    int fd = -1;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_retention_report report;
    MK_TRY(mk_input_open(&fd, app->args.word[0], &app->diag));
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, NULL, 0));
    MK_TRY(mk_input_read(&text, fd, MK_RETENTION_FILE_MAX, &app->diag));
    MK_TRY(mk_session_unlock(app));
    MK_TRY(mk_retention_restore(app->vault, &app->access, &text, &report,
                                &app->diag));
    MK_TRY(tell_retention(app, &report));
out:
    if (fd >= 0)
        close(fd);
    mk_buf_release(&text);
    return rc;
}

/* --- toon --- */

static const char *missing_key(const struct mk_app *app, unsigned kind)
{
    return kind == MK_KEY_DBK  ? MK_T(app, "kluis", "vault")
           : kind == MK_KEY_RD ? MK_T(app, "dossiers", "dossiers")
           : kind == MK_KEY_RS ? MK_T(app, "statistiek", "statistics")
                               : MK_T(app, "logboek", "log");
}

static const char *who_holds(const struct mk_app *app, unsigned kind)
{
    return kind == MK_KEY_DBK  ? MK_T(app, "iedereen", "anybody")
           : kind == MK_KEY_RD ? MK_T(app, "een inspecteur", "an inspector")
           : kind == MK_KEY_RS ? MK_T(app, "een inspecteur of analist",
                                      "an inspector or analyst")
                               : MK_T(app, "een auditor", "an auditor");
}

static enum mk_err add_missing(struct mk_app *app, struct mk_buf *out,
                               unsigned missing)
{
    enum mk_err rc = MK_OK;
    for (unsigned kind = 1; kind < MK_KEY_KINDS; kind++)
        if (missing & (1u << kind))
            MK_TRY(mk_buf_addf(out,
                               MK_T(app,
                                    "  ontbreekt: sleutel van %s; %s doet "
                                    "herstel berg\n",
                                    "  missing: key of %s; %s runs recover "
                                    "store\n"),
                               missing_key(app, kind), who_holds(app, kind)));
out:
    return rc;
}

/* The one that is to follow, and what it waits for. */
static enum mk_err add_proposed(struct mk_app *app, struct mk_buf *out,
                                const struct mk_recovery_facts *f)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(
        out, f->accepted
                 ? MK_T(app, "aanvaard, in gebruik als niets meer ontbreekt: ",
                        "accepted, in force when nothing is missing: ")
                 : MK_T(app, "voorgesteld, wacht op aanvaarding: ",
                        "proposed, waits to be accepted: ")));
    MK_TRY(add_set(app, out, &f->proposed));
    MK_TRY(add_missing(app, out, f->accepted_missing));
out:
    return rc;
}

static enum mk_err show_text(struct mk_app *app, struct mk_buf *out,
                             const struct mk_recovery_facts *f)
{
    enum mk_err rc = MK_OK;
    char moment[20];
    if (f->in_force.number == 0)
        MK_TRY(mk_buf_add_str(
            out, MK_T(app, "geen reeks in gebruik\n", "no set in force\n")));
    else
        MK_TRY(add_set(app, out, &f->in_force));
    if (f->in_force.number)
        MK_TRY(add_missing(app, out, f->missing));
    if (f->in_force.number && f->missing == 0)
        MK_TRY(mk_buf_add_str(out, MK_T(app,
                                        "  alle sleutels liggen bij de "
                                        "kaarten: er ontbreekt niets\n",
                                        "  all keys lie with the cards: "
                                        "nothing is missing\n")));
    if (f->proposed.number)
        MK_TRY(add_proposed(app, out, f));
    if (f->drill_ms == 0) {
        MK_TRY(mk_buf_add_str(
            out, MK_T(app, "nooit geoefend\n", "never rehearsed\n")));
        goto out;
    }
    mk_date_format_moment(moment, f->drill_ms);
    MK_TRY(mk_buf_addf(out,
                       MK_T(app, "laatste oefening: %s (reeks %u)\n",
                            "last drill: %s (set %u)\n"),
                       moment, (unsigned)f->drill_set));
out:
    return rc;
}

static void json_set(struct mk_app *app, struct mk_json *j, const char *key,
                     const struct mk_recovery_set *set)
{
    if (set->number == 0)
        return;
    mk_json_object(j, key);
    mk_json_num(j, "set", set->number);
    mk_json_num(j, "threshold", set->threshold);
    mk_json_array(j, "holders");
    for (unsigned i = 0; i < set->n; i++) {
        const char *name = holder_name(app, set, i);
        mk_json_str(j, NULL, name ? name : "");
    }
    mk_json_end(j);
    mk_json_end(j);
}

static void json_missing(struct mk_json *j, const char *key, unsigned missing)
{
    static const char *const slugs[MK_KEY_KINDS] = {"", "dbk", "rd", "rs",
                                                    "rl"};
    mk_json_array(j, key);
    for (unsigned kind = 1; kind < MK_KEY_KINDS; kind++)
        if (missing & (1u << kind))
            mk_json_str(j, NULL, slugs[kind]);
    mk_json_end(j);
}

static enum mk_err show_json(struct mk_app *app, struct mk_buf *out,
                             const struct mk_recovery_facts *f)
{
    struct mk_json j;
    mk_json_begin(&j, out);
    json_set(app, &j, "in_force", &f->in_force);
    json_set(app, &j, "proposed", &f->proposed);
    mk_json_bool(&j, "accepted", f->accepted);
    json_missing(&j, "missing",
                 f->accepted          ? f->accepted_missing
                 : f->in_force.number ? f->missing
                                      : 0);
    mk_json_bool(&j, "whole", f->in_force.number && f->missing == 0);
    mk_json_num(&j, "drill_ms", f->drill_ms);
    mk_json_num(&j, "drill_set", f->drill_set);
    mk_practice_json(app, &j);
    return mk_json_finish(&j);
}

enum mk_err mk_cmd_recover_show(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_recovery_facts facts;
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, NULL, 0));
    MK_TRY(mk_session_open(app));
    mk_keyring_recovery_facts(mk_vault_keyring(app->vault), &facts);
    MK_TRY(app->json ? show_json(app, &out, &facts)
                     : show_text(app, &out, &facts));
    MK_TRY(mk_app_print(app, &out));
out:
    mk_buf_release(&out);
    return rc;
}
