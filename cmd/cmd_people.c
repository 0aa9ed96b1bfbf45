/* SPDX-License-Identifier: GPL-3.0-or-later */
/* init, gebruiker, rol, wachtwoord. */
#include "cmd/cards.h"
#include "cmd/choice.h"
#include "cmd/json.h"
#include "cmd/member.h"
#include "cmd/prune.h"
#include "cmd/table.h"

#include "core/base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static enum mk_err missing(struct mk_app *app, const char *nl, const char *en)
{
    return mk_fail(&app->diag, MK_E_USAGE, MK_T(app, nl, en));
}

/* A person, and whether anything was saved.  k NULL: he is not in it yet. */
static enum mk_err print_person(struct mk_app *app, const struct mk_keyring *k,
                                const struct mk_member *m)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_json j;
    if (app->json) {
        mk_json_begin(&j, &out);
        mk_member_json(&j, k, m);
        if (app->command.run != mk_cmd_user_show)
            mk_json_bool(&j, "saved", !app->access.dry_run);
        MK_TRY(mk_json_finish(&j));
    } else {
        MK_TRY(mk_member_text(app, &out, k, m));
    }
    MK_TRY(mk_app_print(app, &out));
out:
    mk_buf_release(&out);
    return rc;
}

/* --- init --- */

struct first {
    struct mk_first_member people[MK_ARGS_MAX];
    struct mk_secret *secrets[MK_ARGS_MAX];
    size_t n;
};

static enum mk_role role_of(enum mk_option o)
{
    return o == MK_OPT_BEWAARDER    ? MK_ROLE_CUSTODIAN
           : o == MK_OPT_INSPECTEUR ? MK_ROLE_INSPECTOR
           : o == MK_OPT_ANALIST    ? MK_ROLE_ANALYST
           : o == MK_OPT_AUDITOR    ? MK_ROLE_AUDITOR
                                    : MK_ROLE_NONE;
}

/* The people in the order of the command line; at least one of each role, so
 * that nobody types passphrases for nothing. */
static enum mk_err gather(struct mk_app *app, struct first *f)
{
    unsigned roles = 0;
    for (size_t i = 0; i < app->args.n_given; i++) {
        enum mk_role role = role_of(app->args.given[i].option);
        if (role == MK_ROLE_NONE)
            continue;
        f->people[f->n].name = app->args.given[i].value;
        f->people[f->n].role = role;
        f->n++;
        roles |= MK_ROLE_BIT(role);
    }
    if (mk_args_value(&app->args, MK_OPT_ORIGIN) == NULL)
        return missing(app, "--herkomst NAAM ontbreekt",
                       "--origin NAME is missing");
    for (unsigned r = MK_ROLE_CUSTODIAN; r <= MK_ROLE_AUDITOR; r++) {
        char place[64];
        if (roles & MK_ROLE_BIT(r))
            continue;
        snprintf(place, sizeof place, "--%s %s",
                 MK_T(app, mk_role_label((enum mk_role)r, false),
                      mk_role_slug((enum mk_role)r)),
                 MK_T(app, "ontbreekt", "is missing"));
        return mk_fail(&app->diag, MK_E_USAGE, place);
    }
    return MK_OK;
}

/* Names that the library would refuse in the end, and one person in roles
 * that exclude each other. */
static enum mk_err check_names(struct mk_app *app, const struct first *f)
{
    for (size_t i = 0; i < f->n; i++) {
        const char *name = f->people[i].name;
        size_t n = strlen(name);
        if (n == 0 || n > MK_NAME_MAX || mk_text_valid(name, n) != n)
            return missing(app, "een naam is leeg, te lang of geen UTF-8",
                           "a name is empty, too long or not UTF-8");
        for (size_t j = 0; j < i; j++) {
            if (strcasecmp(f->people[j].name, name) != 0)
                continue;
            if (!mk_roles_compatible(MK_ROLE_BIT(f->people[i].role) |
                                     MK_ROLE_BIT(f->people[j].role)))
                return mk_fail(&app->diag, MK_E_ROLE_CONFLICT, name);
            return missing(app, "een naam staat er twee keer",
                           "a name is given twice");
        }
    }
    return MK_OK;
}

/* Nothing may stand at the place of a new vault but an empty folder. */
static enum mk_err check_place(struct mk_app *app)
{
    DIR *d = opendir(app->vault_path);
    size_t n = 0;
    if (d == NULL)
        return errno == ENOTDIR
                   ? mk_fail(&app->diag, MK_E_EXISTS, "folder of the vault")
                   : MK_OK;
    while (readdir(d) != NULL)
        n++;
    closedir(d);
    return n > 2 ? mk_fail(&app->diag, MK_E_EXISTS, "folder of the vault")
                 : MK_OK;
}

/* Cards from the start, where --kaarten or --deel asks for them. */
static enum mk_err cards_of(struct mk_app *app, struct mk_cards_out *cards)
{
    enum mk_err rc;
    if (!mk_args_has(&app->args, MK_OPT_KAARTEN) &&
        !mk_args_has(&app->args, MK_OPT_DEEL))
        return MK_OK;
    MK_TRY(mk_cards_folder(app, cards));
    MK_TRY(mk_cards_plan(app, cards));
out:
    return rc;
}

/* The term of the log: from the option, or asked; a script may leave it open,
 * and is told. */
static enum mk_err term_of(struct mk_app *app, uint32_t *months)
{
    const char *text = mk_args_value(&app->args, MK_OPT_LOG_TERMIJN);
    *months = 0;
    if (text != NULL)
        return mk_prune_months(app, text, months);
    if (app->passphrase_fd < 0 && app->term.fd >= 0)
        return mk_prune_ask(app, months);
    return MK_OK;
}

enum mk_err mk_cmd_init(struct mk_app *app)
{
    enum mk_err rc;
    struct first f = {.n = 0};
    struct mk_cards_out cards = {.dir = -1};
    uint32_t months;
    char parent[MK_PATH];
    if (app->access.dry_run)
        return missing(app, "init kent geen --proef",
                       "init knows no --dry-run");
    MK_TRY(gather(app, &f));
    MK_TRY(check_names(app, &f));
    MK_TRY(check_place(app));
    MK_TRY(cards_of(app, &cards));
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_parent(app, app->vault_path, parent));
    /* a vault is made beside its place and then moved there */
    const struct mk_harden_place more[] = {{parent, MK_HARDEN_WORK},
                                           {cards.folder, MK_HARDEN_WORK}};
    MK_TRY(mk_session_sandbox(app, more, cards.dir >= 0 ? 2 : 1));
    MK_TRY(mk_session_reached(app));
    if (app->where.server != NULL)
        MK_TRY(mk_vault_check_free(&app->where, &app->diag));
    MK_TRY(term_of(app, &months)); /* nothing is asked before all that */
    for (size_t i = 0; i < f.n; i++) {
        MK_TRY(
            mk_session_new_passphrase(app, f.people[i].name, &f.secrets[i]));
        f.people[i].passphrase = f.secrets[i];
    }
    MK_TRY(mk_vault_create(
        &app->where, mk_args_value(&app->args, MK_OPT_ORIGIN), f.people, f.n,
        months, cards.dir >= 0 ? &cards.fresh : NULL, &app->diag));
    MK_TRY(mk_app_done(app, "kluis gemaakt", "vault made"));
    if (months == 0)
        mk_app_note(app, MK_T(app,
                              "dit is een oefenkluis tot een bewaarder kiest "
                              "hoe lang het logboek bewaard blijft: meldkluis "
                              "log termijn MAANDEN (60 is gebruikelijk)",
                              "this is a vault for practice until a custodian "
                              "chooses how long the log is kept: meldkluis "
                              "log term MONTHS (60 is usual)"));
out:
    rc = mk_cards_close(app, &cards, rc);
    for (size_t i = 0; i < f.n; i++)
        mk_secret_free(f.secrets[i]);
    return rc;
}

/* --- requests and admission --- */

enum mk_err mk_cmd_user_request(struct mk_app *app)
{
    enum mk_err rc;
    const char *name = mk_args_value(&app->args, MK_OPT_NAAM);
    const char *path = mk_args_value(&app->args, MK_OPT_UIT);
    struct mk_output file = {.fd = -1, .dir = -1};
    struct mk_secret *passphrase = NULL;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_member asking;
    if (name == NULL)
        return missing(app, "--naam ontbreekt", "--name is missing");
    if (path == NULL)
        return missing(app, "--uit ontbreekt", "--out is missing");
    MK_TRY(mk_output_open(app, &file, path));
    const struct mk_harden_place more = {file.folder, MK_HARDEN_REMOVE};
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, &more, 1));
    MK_TRY(mk_session_open(app));
    MK_TRY(mk_session_new_passphrase(app, name, &passphrase));
    MK_TRY(mk_request_make(mk_vault_keyring(app->vault), name, passphrase,
                           &text, &app->diag));
    if (app->access.dry_run) {
        MK_TRY(mk_app_done(app, "", ""));
        goto out;
    }
    MK_TRY(mk_output_write(&file, &text, &app->diag));
    MK_TRY(mk_output_close(&file, true, &app->diag));
    MK_TRY(mk_request_read(mk_vault_keyring(app->vault), text.data, text.len,
                           &asking, &app->diag));
    MK_TRY(print_person(app, NULL, &asking));
    mk_app_note(app,
                MK_T(app,
                     "geef dit bestand aan een bewaarder, en lees de woorden "
                     "voor aan wie u de sleutels geeft",
                     "hand this file to a custodian, and read the words out "
                     "to who gives you the keys"));
out:
    if ((rc != MK_OK || app->access.dry_run) &&
        mk_output_close(&file, false, NULL) != MK_OK)
        mk_app_warn(app, MK_T(app, "er blijft een leeg bestand achter",
                              "an empty file stays behind"));
    mk_secret_free(passphrase);
    mk_buf_release(&text);
    return rc;
}

static enum mk_err wanted_roles(struct mk_app *app, unsigned *roles)
{
    *roles = 0;
    for (size_t i = 0; i < app->args.n_given; i++) {
        const char *name = app->args.given[i].value;
        if (app->args.given[i].option != MK_OPT_ROL)
            continue;
        enum mk_role role = mk_role_find(name, strlen(name));
        if (role == MK_ROLE_NONE)
            return mk_choice_refuse(&app->diag, MK_T(app, "--rol", "--role"),
                                    MK_CHOICE_ROLE);
        *roles |= MK_ROLE_BIT(role);
    }
    return *roles ? MK_OK
                  : missing(app, "--rol ontbreekt", "--role is missing");
}

enum mk_err mk_cmd_user_admit(struct mk_app *app)
{
    enum mk_err rc;
    int fd = -1;
    unsigned roles;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_member admitted;
    memset(&admitted, 0, sizeof admitted);
    MK_TRY(wanted_roles(app, &roles));
    MK_TRY(mk_input_open(&fd, app->args.word[0], &app->diag));
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, NULL, 0));
    MK_TRY(mk_input_read(&text, fd, (size_t)64 * 1024, &app->diag));
    MK_TRY(mk_session_unlock(app));
    MK_TRY(mk_user_admit(app->vault, &app->access, text.data, text.len, roles,
                         &admitted, &app->diag));
    MK_TRY(print_person(app, mk_vault_keyring(app->vault), &admitted));
    if (app->access.dry_run)
        mk_app_note(app, MK_T(app, "proef: er is niets opgeslagen",
                              "dry run: nothing was saved"));
    else
        mk_app_note(
            app, MK_T(app,
                      "laat de woorden voorlezen door wie is toegelaten; de "
                      "sleutels geeft daarna een ander: meldkluis rol geef",
                      "have who was admitted read out the words; then another "
                      "person gives the keys: meldkluis role grant"));
out:
    if (fd >= 0)
        close(fd);
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_cmd_user_list(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_table table;
    struct mk_json j;
    mk_table_init(&table, 5);
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, NULL, 0));
    MK_TRY(mk_session_open(app));
    const struct mk_keyring *k = mk_vault_keyring(app->vault);
    mk_json_begin(&j, &out);
    mk_json_array(&j, "users");
    mk_table_cell(&table, MK_T(app, "naam", "name"));
    mk_table_cell(&table, MK_T(app, "toegelaten als", "certified as"));
    mk_table_cell(&table, MK_T(app, "sleutels van", "keys of"));
    mk_table_cell(&table, MK_T(app, "stand", "standing"));
    mk_table_cell(&table, MK_T(app, "te vervangen", "to replace"));
    for (size_t i = 0; i < mk_keyring_count(k); i++) {
        const struct mk_member *m = mk_keyring_member(k, i);
        struct mk_buf roles[3] = {MK_BUF_INIT, MK_BUF_INIT, MK_BUF_INIT};
        mk_json_object(&j, NULL);
        mk_member_json(&j, k, m);
        mk_json_end(&j);
        mk_table_cell(&table, m->name);
        if (mk_member_add_roles(app, &roles[0], m->certified) != MK_OK ||
            mk_member_add_roles(app, &roles[1], mk_keyring_roles(k, m->id)) !=
                MK_OK ||
            mk_member_add_slugs(&roles[2], mk_keyring_stolen_of(k, m->id)) !=
                MK_OK)
            table.rc = MK_E_MEMORY;
        mk_table_bytes(&table, roles[0].data, roles[0].len);
        mk_table_bytes(&table, roles[1].data, roles[1].len);
        mk_table_cell(&table,
                      mk_member_standing(app, mk_keyring_standing(k, m->id)));
        mk_table_bytes(&table, roles[2].data, roles[2].len);
        for (size_t c = 0; c < 3; c++)
            mk_buf_release(&roles[c]);
    }
    mk_json_end(&j);
    MK_TRY(mk_json_finish(&j));
    if (!app->json) {
        mk_buf_clear(&out);
        MK_TRY(mk_table_finish(&table, &out));
    }
    MK_TRY(mk_app_print(app, &out));
out:
    mk_table_release(&table);
    mk_buf_release(&out);
    return rc;
}

enum mk_err mk_cmd_user_show(struct mk_app *app)
{
    enum mk_err rc;
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, NULL, 0));
    MK_TRY(mk_session_open(app));
    const struct mk_keyring *k = mk_vault_keyring(app->vault);
    const struct mk_member *m = mk_keyring_by_name(k, app->args.word[0]);
    if (m == NULL)
        return mk_fail(&app->diag, MK_E_NO_MEMBER, app->args.word[0]);
    MK_TRY(print_person(app, k, m));
out:
    return rc;
}

/* Who gives a key says first that he compared the words with the person. */
static enum mk_err compared(struct mk_app *app, const struct mk_member *m)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(mk_member_text(app, &text, mk_vault_keyring(app->vault), m));
    MK_TRY(mk_member_confirm(
        app, &text,
        MK_T(app, "Las deze persoon u zelf precies deze woorden voor?",
             "Did this person read out exactly these words to you?")));
out:
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_cmd_role_grant(struct mk_app *app)
{
    enum mk_err rc;
    const char *name = app->args.word[0];
    const struct mk_member *m;
    enum mk_role role =
        mk_role_find(app->args.word[1], strlen(app->args.word[1]));
    if (role == MK_ROLE_NONE)
        return mk_choice_refuse(&app->diag, MK_T(app, "ROL", "ROLE"),
                                MK_CHOICE_ROLE);
    MK_TRY(mk_session_start(app));
    m = mk_keyring_by_name(mk_vault_keyring(app->vault), name);
    if (m == NULL)
        return mk_fail(&app->diag, MK_E_NO_MEMBER, name);
    if ((m->certified & MK_ROLE_BIT(role)) != 0 && mk_member_can_ask(app))
        MK_TRY(compared(app, m));
    MK_TRY(mk_role_grant(app->vault, &app->access, name, role, &app->diag));
    m = mk_keyring_by_name(mk_vault_keyring(app->vault), name);
    MK_TRY(print_person(app, mk_vault_keyring(app->vault), m));
    if (app->access.dry_run)
        mk_app_note(app, MK_T(app, "proef: er is niets opgeslagen",
                              "dry run: nothing was saved"));
    else if (mk_keyring_roles(mk_vault_keyring(app->vault), m->id) &
             MK_ROLE_BIT(role))
        mk_app_note(app, MK_T(app, "rol gegeven", "role granted"));
    else
        mk_app_note(app,
                    MK_T(app,
                         "rol toegelaten; de sleutel geeft wie die rol heeft: "
                         "rol geef",
                         "role certified; a holder of the role wraps its key: "
                         "role grant"));
out:
    return rc;
}

/* --- passphrases --- */

enum mk_err mk_cmd_passphrase(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_secret *fresh = NULL;
    bool second = mk_args_has(&app->args, MK_OPT_TWEEDE);
    bool drop = mk_args_has(&app->args, MK_OPT_WEG);
    if (drop && !second)
        return missing(app, "--weg gaat alleen met --tweede",
                       "--drop goes with --second only");
    MK_TRY(mk_session_start(app));
    if (!drop) {
        MK_TRY(mk_session_new_passphrase(app, mk_vault_user(app->vault)->name,
                                         &fresh));
        if (mk_secret_equal(fresh, app->old_passphrase)) {
            rc = missing(app, "het nieuwe wachtwoord is gelijk aan het oude",
                         "the new passphrase is the old one");
            goto out;
        }
    }
    MK_TRY(mk_passphrase_change(app->vault, &app->access,
                                second ? MK_PASSPHRASE_SECOND
                                       : MK_PASSPHRASE_FIRST,
                                fresh, &app->diag));
    MK_TRY(mk_app_done(app,
                       drop     ? "tweede wachtwoord weggenomen"
                       : second ? "tweede wachtwoord gezet"
                                : "wachtwoord gewijzigd",
                       drop     ? "second passphrase taken away"
                       : second ? "second passphrase set"
                                : "passphrase changed"));
out:
    mk_secret_free(fresh);
    mk_secret_free(app->old_passphrase);
    app->old_passphrase = NULL;
    return rc;
}
