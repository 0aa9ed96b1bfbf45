/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/member.h"

#include "cmd/ask.h"
#include "cmd/table.h"
#include "cmd/words.h"

#include <unistd.h>

enum mk_err mk_member_add_roles(const struct mk_app *app, struct mk_buf *out,
                                unsigned roles)
{
    enum mk_err rc = MK_OK;
    bool first = true;
    for (unsigned r = MK_ROLE_CUSTODIAN; r <= MK_ROLE_AUDITOR; r++) {
        if (!(roles & MK_ROLE_BIT(r)))
            continue;
        MK_TRY(mk_buf_addf(out, "%s%s", first ? "" : " ",
                           mk_role_label((enum mk_role)r, app->english)));
        first = false;
    }
out:
    return rc;
}

enum mk_err mk_member_add_kinds(const struct mk_app *app, struct mk_buf *out,
                                unsigned kinds)
{
    static const char *const names[MK_KEY_KINDS][2] = {
        [MK_KEY_DBK] = {"bestand (dbk)", "file (dbk)"},
        [MK_KEY_RD] = {"dossiers (rd)", "dossiers (rd)"},
        [MK_KEY_RS] = {"statistiek (rs)", "statistics (rs)"},
        [MK_KEY_RL] = {"logboek (rl)", "log (rl)"},
    };
    enum mk_err rc = MK_OK;
    bool first = true;
    for (unsigned kind = MK_KEY_DBK; kind < MK_KEY_KINDS; kind++) {
        if (!(kinds & (1u << kind)))
            continue;
        MK_TRY(mk_buf_addf(out, "%s%s", first ? "" : ", ",
                           names[kind][app->english]));
        first = false;
    }
out:
    return rc;
}

enum mk_err mk_member_add_slugs(struct mk_buf *out, unsigned kinds)
{
    enum mk_err rc = MK_OK;
    const char *between = "";
    for (enum mk_key_kind kind = MK_KEY_DBK; kind < MK_KEY_KINDS; kind++) {
        if (!(kinds & (1u << kind)))
            continue;
        MK_TRY(mk_buf_addf(out, "%s%s", between, mk_key_slug(kind)));
        between = " ";
    }
out:
    return rc;
}

const char *mk_member_standing(const struct mk_app *app,
                               enum mk_standing standing)
{
    switch (standing) {
    case MK_STANDING_ACTIVE:
        return "";
    case MK_STANDING_SUSPENDED:
        return MK_T(app, "geblokkeerd", "suspended");
    case MK_STANDING_OUT:
        break;
    }
    return MK_T(app, "verwijderd", "removed");
}

static void json_roles(struct mk_json *j, const char *key, unsigned roles)
{
    mk_json_array(j, key);
    for (unsigned r = MK_ROLE_CUSTODIAN; r <= MK_ROLE_AUDITOR; r++)
        if (roles & MK_ROLE_BIT(r))
            mk_json_str(j, NULL, mk_role_slug((enum mk_role)r));
    mk_json_end(j);
}

void mk_member_json_kinds(struct mk_json *j, const char *key, unsigned kinds)
{
    mk_json_array(j, key);
    for (enum mk_key_kind kind = MK_KEY_DBK; kind < MK_KEY_KINDS; kind++)
        if ((kinds & (1u << kind)) != 0)
            mk_json_str(j, NULL, mk_key_slug(kind));
    mk_json_end(j);
}

void mk_member_json(struct mk_json *j, const struct mk_keyring *k,
                    const struct mk_member *m)
{
    static const char *const standings[] = {
        [MK_STANDING_ACTIVE] = "active",
        [MK_STANDING_SUSPENDED] = "suspended",
        [MK_STANDING_OUT] = "out",
    };
    const char *words[MK_WORDS];
    char print[40];
    mk_member_fingerprint(m, print);
    mk_member_words(m, words);
    mk_json_str(j, "name", m->name);
    if (k != NULL) {
        json_roles(j, "certified", m->certified);
        json_roles(j, "holds", mk_keyring_roles(k, m->id));
        mk_json_str(j, "standing", standings[mk_keyring_standing(k, m->id)]);
        mk_member_json_kinds(j, "replace", mk_keyring_stolen_of(k, m->id));
    }
    mk_json_str(j, "fingerprint", print);
    mk_words_json(j, "words", words);
}

enum mk_err mk_member_add_fingerprint(const struct mk_app *app,
                                      struct mk_buf *out,
                                      const struct mk_member *m)
{
    enum mk_err rc;
    const char *words[MK_WORDS];
    char print[40];
    mk_member_fingerprint(m, print);
    mk_member_words(m, words);
    MK_TRY(mk_buf_addf(
        out, "  %s: %s\n  %s:\n", MK_T(app, "vingerafdruk", "fingerprint"),
        print,
        MK_T(app, "in woorden, om voor te lezen", "in words, to read out")));
    MK_TRY(mk_words_add(out, "    ", words));
out:
    return rc;
}

enum mk_err mk_member_text(const struct mk_app *app, struct mk_buf *out,
                           const struct mk_keyring *k,
                           const struct mk_member *m)
{
    enum mk_err rc;
    MK_TRY(mk_visible_add(out, m->name));
    MK_TRY(mk_buf_add_str(out, "\n"));
    if (k != NULL) {
        const char *standing =
            mk_member_standing(app, mk_keyring_standing(k, m->id));
        MK_TRY(mk_buf_addf(
            out, "  %s: ", MK_T(app, "toegelaten als", "certified as")));
        MK_TRY(mk_member_add_roles(app, out, m->certified));
        MK_TRY(mk_buf_addf(
            out, "\n  %s: ",
            MK_T(app, "heeft de sleutel van", "holds the key of")));
        MK_TRY(mk_member_add_roles(app, out, mk_keyring_roles(k, m->id)));
        MK_TRY(mk_buf_add_str(out, "\n"));
        if (standing[0] != '\0')
            MK_TRY(mk_buf_addf(out, "  %s: %s\n",
                               MK_T(app, "stand", "standing"), standing));
    }
    MK_TRY(mk_member_add_fingerprint(app, out, m));
out:
    return rc;
}

bool mk_member_can_ask(const struct mk_app *app)
{
    /* who lacks the role is refused, whatever he would answer */
    return app->passphrase_fd < 0 && app->term.fd >= 0 &&
           !app->access.dry_run &&
           (app->command.role == MK_ROLE_NONE ||
            (mk_vault_roles(app->vault) & MK_ROLE_BIT(app->command.role)));
}

enum mk_err mk_member_confirm(struct mk_app *app, struct mk_buf *text,
                              const char *question)
{
    enum mk_err rc;
    bool yes = false;
    MK_TRY(mk_buf_terminate(text));
    mk_term_say(&app->term, (const char *)text->data);
    MK_TRY(mk_ask_yes(app, question, &yes));
    if (!yes)
        rc = mk_fail(&app->diag, MK_E_CANCELLED, "");
out:
    return rc;
}

/* begins, the kinds, ends: as a warning, where there are any kinds. */
static void remind_of(struct mk_app *app, unsigned kinds, const char *begins,
                      const char *ends)
{
    struct mk_buf text = MK_BUF_INIT;

    if (kinds != 0 && mk_buf_add_str(&text, begins) == MK_OK &&
        mk_member_add_kinds(app, &text, kinds) == MK_OK &&
        mk_buf_add_str(&text, ends) == MK_OK &&
        mk_buf_terminate(&text) == MK_OK)
        mk_app_warn(app, (const char *)text.data);
    mk_buf_release(&text);
}

void mk_member_remind(struct mk_app *app)
{
    const struct mk_keyring *k;
    unsigned mine = 0;
    unsigned stolen;
    if (app->vault == NULL || mk_vault_user(app->vault) == NULL ||
        !isatty(STDERR_FILENO))
        return;
    k = mk_vault_keyring(app->vault);
    for (unsigned r = MK_ROLE_CUSTODIAN; r <= MK_ROLE_AUDITOR; r++)
        if (mk_vault_roles(app->vault) & MK_ROLE_BIT(r))
            mine |= mk_role_keys((enum mk_role)r);
    stolen = mine & mk_keyring_stolen(k);
    remind_of(app, mine & mk_keyring_stale(k) & ~stolen,
              MK_T(app, "wie weg is kent nog sleutels van u: ",
                   "somebody who left still knows keys of yours: "),
              MK_T(app, "; vervang ze: meldkluis hersleutel",
                   "; replace them: meldkluis rekey"));
    remind_of(app, stolen,
              MK_T(app, "sleutels van u zijn van voor de gemelde diefstal: ",
                   "keys of yours are of before the reported theft: "),
              MK_T(app, "; vervang ze: meldkluis hersleutel-alles",
                   "; replace them: meldkluis rekey-all"));
}
