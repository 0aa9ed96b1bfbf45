/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a custodian decides about somebody: gebruiker blokkeer, hervat,
 * verwijder; rol neem, uitzondering.  On a terminal each says first what it
 * means and asks.
 */
#include "cmd/app.h"
#include "cmd/choice.h"
#include "cmd/json.h"
#include "cmd/member.h"
#include "cmd/table.h"

#include <string.h>

struct decision {
    enum mk_user_change what;
    const char *name;
    unsigned roles;
};

static const char *meaning(const struct mk_app *app, enum mk_user_change what,
                           bool last)
{
    switch (what) {
    case MK_USER_SUSPEND:
        return MK_T(app,
                    "opent niets meer tot gebruiker hervat. Sleutels worden "
                    "niet vervangen: is er twijfel, kies dan gebruiker "
                    "verwijder.",
                    "opens nothing any more until user enable. No keys are "
                    "replaced: when in doubt, choose user remove.");
    case MK_USER_RESUME:
        return MK_T(app,
                    "krijgt de rollen terug. Wat intussen werd vervangen, "
                    "geeft een houder van die rol opnieuw: rol geef.",
                    "gets the roles back. What was replaced meanwhile a "
                    "holder of that role gives anew: role grant.");
    case MK_USER_REMOVE:
        return MK_T(app,
                    "opent vanaf nu niets meer, en komt met deze naam en "
                    "sleutels niet terug.",
                    "opens nothing from now on, and does not come back with "
                    "this name and these keys.");
    case MK_USER_REVOKE:
        return last ? MK_T(app,
                           "verliest de laatste rol: dat is verwijderen, "
                           "voorgoed.",
                           "loses the last role: that is removal, for good.")
                    : MK_T(app, "verliest deze rol.", "loses this role.");
    case MK_USER_EXCEPT:
        return MK_T(app,
                    "mag rollen samen hebben die elkaar uitsluiten. Een "
                    "andere bewaarder moet de rol daarna toekennen: rol "
                    "geef. Dit blijft zichtbaar in het logboek.",
                    "may have roles together that exclude each other. "
                    "Another custodian has to certify the role after this: "
                    "role grant. This stays visible in the log.");
    }
    return "";
}

/* Which keys have to be replaced once that is decided. */
static unsigned kinds_after(const struct mk_keyring *k,
                            const struct mk_member *m,
                            const struct decision *d)
{
    switch (d->what) {
    case MK_USER_REMOVE:
        return mk_keyring_stale_by(k, m->id, m->certified);
    case MK_USER_REVOKE:
        return mk_keyring_stale_by(k, m->id, d->roles);
    case MK_USER_SUSPEND:
    case MK_USER_RESUME:
    case MK_USER_EXCEPT:
        break;
    }
    return 0;
}

/* A line a kind: who replaces it. */
static enum mk_err add_todo(struct mk_app *app, struct mk_buf *out,
                            unsigned kinds)
{
    enum mk_err rc = MK_OK;
    if (kinds == 0)
        return MK_OK;
    MK_TRY(
        mk_buf_addf(out, "%s\n",
                    MK_T(app,
                         "daarna moet worden vervangen (meldkluis "
                         "hersleutel):",
                         "after that must be replaced (meldkluis rekey):")));
    for (unsigned kind = MK_KEY_DBK; kind < MK_KEY_KINDS; kind++) {
        unsigned holders = 0;
        if (!(kinds & (1u << kind)))
            continue;
        for (unsigned r = MK_ROLE_CUSTODIAN; r <= MK_ROLE_AUDITOR; r++)
            if (mk_role_keys((enum mk_role)r) & (1u << kind))
                holders |= MK_ROLE_BIT(r);
        MK_TRY(mk_buf_add_str(out, "  "));
        MK_TRY(mk_member_add_kinds(app, out, 1u << kind));
        MK_TRY(mk_buf_add_str(out, MK_T(app, ", door: ", ", by: ")));
        MK_TRY(mk_member_add_roles(app, out, holders));
        MK_TRY(mk_buf_add_str(out, "\n"));
    }
out:
    return rc;
}

/* An inspector who is out leaves dossiers. */
static enum mk_err add_caseload(struct mk_app *app, struct mk_buf *out,
                                const struct decision *d,
                                const struct mk_member *m)
{
    enum mk_err rc = MK_OK;
    const unsigned goes = d->what == MK_USER_REVOKE ? d->roles
                          : d->what == MK_USER_REMOVE ||
                                  d->what == MK_USER_SUSPEND
                              ? m->certified
                              : 0;
    if ((goes & m->certified & MK_ROLE_BIT(MK_ROLE_INSPECTOR)) == 0)
        return MK_OK;
    MK_TRY(mk_buf_add_str(
        out, MK_T(app,
                  "de open dossiers draagt een inspecteur daarna over met: "
                  "overdracht --van-wie ",
                  "an inspector hands over the open dossiers after that "
                  "with: handover --from-person ")));
    MK_TRY(mk_visible_add(out, m->name));
    MK_TRY(mk_buf_add_str(out, MK_T(app, " --aan NAAM --doel OVD\n",
                                    " --to-person NAME --purpose OVD\n")));
out:
    return rc;
}

/* Who, what it means, and what has to follow. */
static enum mk_err add_decision(struct mk_app *app, struct mk_buf *out,
                                const struct decision *d,
                                const struct mk_member *m, unsigned kinds)
{
    enum mk_err rc;
    bool last = d->what == MK_USER_REVOKE && (m->certified & ~d->roles) == 0;
    MK_TRY(mk_visible_add(out, m->name));
    if (m->certified != 0) { /* who is out has none left */
        MK_TRY(mk_buf_add_str(out, " ("));
        MK_TRY(mk_member_add_roles(app, out, m->certified));
        MK_TRY(mk_buf_add_str(out, ")"));
    }
    MK_TRY(mk_buf_addf(out, " %s\n", meaning(app, d->what, last)));
    MK_TRY(add_todo(app, out, kinds));
    MK_TRY(add_caseload(app, out, d, m));
out:
    return rc;
}

static enum mk_err confirm(struct mk_app *app, const struct decision *d,
                           const struct mk_member *m, unsigned kinds)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    if (!mk_member_can_ask(app))
        return MK_OK;
    MK_TRY(add_decision(app, &text, d, m, kinds));
    MK_TRY(mk_member_confirm(app, &text, MK_T(app, "Doorgaan?", "Go on?")));
out:
    mk_buf_release(&text);
    return rc;
}

/* On a terminal it was said before it was asked. */
static enum mk_err tell(struct mk_app *app, const struct decision *d,
                        const struct mk_member *m, unsigned kinds)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_json j;
    const struct mk_keyring *k = mk_vault_keyring(app->vault);
    if (app->json) {
        mk_json_begin(&j, &out);
        mk_member_json(&j, k, m);
        mk_json_array(&j, "replace");
        for (unsigned kind = MK_KEY_DBK; kind < MK_KEY_KINDS; kind++)
            if (kinds & (1u << kind))
                mk_json_str(&j, NULL, mk_key_slug((enum mk_key_kind)kind));
        mk_json_end(&j);
        mk_json_bool(&j, "saved", !app->access.dry_run);
        MK_TRY(mk_json_finish(&j));
    } else {
        MK_TRY(add_decision(app, &out, d, m, kinds));
    }
    MK_TRY(mk_app_print(app, &out));
    mk_app_note(app, app->access.dry_run
                         ? MK_T(app, "proef: er is niets opgeslagen",
                                "dry run: nothing was saved")
                         : MK_T(app, "gedaan", "done"));
out:
    mk_buf_release(&out);
    return rc;
}

static enum mk_err decide(struct mk_app *app, const struct decision *d)
{
    enum mk_err rc;
    unsigned kinds;
    const struct mk_member *m;
    MK_TRY(mk_session_start(app));
    m = mk_keyring_by_name(mk_vault_keyring(app->vault), d->name);
    if (m == NULL)
        return mk_fail(&app->diag, MK_E_NO_MEMBER, d->name);
    kinds = kinds_after(mk_vault_keyring(app->vault), m, d);
    MK_TRY(confirm(app, d, m, kinds));
    MK_TRY(mk_user_change(app->vault, &app->access, d->what, d->name, d->roles,
                          &app->diag));
    m = mk_keyring_by_name(mk_vault_keyring(app->vault), d->name);
    MK_TRY(tell(app, d, m, kinds));
out:
    return rc;
}

static enum mk_err about_person(struct mk_app *app, enum mk_user_change what)
{
    const struct decision d = {.what = what, .name = app->args.word[0]};
    return decide(app, &d);
}

static enum mk_err about_role(struct mk_app *app, enum mk_user_change what)
{
    const char *word = app->args.word[1];
    enum mk_role role = mk_role_find(word, strlen(word));
    const struct decision d = {
        .what = what, .name = app->args.word[0], .roles = MK_ROLE_BIT(role)};
    if (role == MK_ROLE_NONE)
        return mk_choice_refuse(&app->diag, MK_T(app, "ROL", "ROLE"),
                                MK_CHOICE_ROLE);
    return decide(app, &d);
}

enum mk_err mk_cmd_user_disable(struct mk_app *app)
{
    return about_person(app, MK_USER_SUSPEND);
}

enum mk_err mk_cmd_user_enable(struct mk_app *app)
{
    return about_person(app, MK_USER_RESUME);
}

enum mk_err mk_cmd_user_remove(struct mk_app *app)
{
    return about_person(app, MK_USER_REMOVE);
}

enum mk_err mk_cmd_role_revoke(struct mk_app *app)
{
    return about_role(app, MK_USER_REVOKE);
}

enum mk_err mk_cmd_role_except(struct mk_app *app)
{
    return about_role(app, MK_USER_EXCEPT);
}
