/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/app.h"
#include "cmd/run.h"

#include "core/base/bytes.h"
#include "core/base/num.h"
#include "core/base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum mk_err usage(struct mk_app *app, const char *nl, const char *en)
{
    return mk_fail(&app->diag, MK_E_USAGE, MK_T(app, nl, en));
}

static enum mk_err places(struct mk_app *app)
{
    const char *given = mk_args_value(&app->args, MK_OPT_KLUIS);
    const char *vault = given ? given : app->env.vault;
    if (strlen(vault) >= sizeof app->vault_path)
        return usage(app, "de plaats van de kluis is te lang",
                     "the place of the vault is too long");
    if (mk_session_is_place(app, vault) != MK_OK)
        return app->diag.err;
    snprintf(app->vault_path, sizeof app->vault_path, "%s", vault);
    snprintf(app->state_path, sizeof app->state_path, "%s", app->env.state);
    app->where.vault = app->vault_path;
    app->where.state = app->state_path;
    app->where.progress = mk_app_progress;
    app->where.progress_ctx = app;
    return MK_OK;
}

enum mk_err mk_session_access(struct mk_app *app)
{
    const char *purpose = mk_args_value(&app->args, MK_OPT_DOEL);
    const char *request = mk_args_value(&app->args, MK_OPT_REQUEST);
    if (purpose) {
        const struct mk_code *code =
            mk_code_find(MK_LIST_PURPOSE, purpose, strlen(purpose));
        if (code == NULL) {
            app->diag.list = MK_LIST_PURPOSE;
            return mk_fail(&app->diag, MK_E_BAD_CODE,
                           MK_T(app, "--doel", "--purpose"));
        }
        app->access.purpose = code->number;
    }
    app->access.dry_run = mk_args_has(&app->args, MK_OPT_PROEF);
    if (request) {
        if (!mk_unhex(app->access.request, 16, request))
            return usage(app, "--request wil 32 hexadecimale cijfers",
                         "--request wants 32 hexadecimal digits");
        app->access.has_request = true;
    }
    return MK_OK;
}

enum mk_err mk_session_options(struct mk_app *app)
{
    enum mk_err rc;
    const char *fd = mk_args_value(&app->args, MK_OPT_PASSPHRASE_FD);
    uint64_t number;
    app->user = mk_args_value(&app->args, MK_OPT_GEBRUIKER);
    if (fd) {
        if (!mk_num_parse(fd, strlen(fd), 0, 1023, &number))
            return usage(app, "--passphrase-fd wil een bestandsnummer",
                         "--passphrase-fd wants a descriptor");
        app->passphrase_fd = (int)number;
    }
    MK_TRY(places(app));
    MK_TRY(mk_session_access(app));
out:
    return rc;
}

/* Each missing folder of path, mode 700. */
static enum mk_err make_folders(char *path)
{
    for (char *p = path + 1;; p++) {
        if (*p != '/' && *p != '\0')
            continue;
        char was = *p;
        *p = '\0';
        bool failed = mkdir(path, 0700) != 0 && errno != EEXIST;
        *p = was;
        if (failed)
            return MK_E_IO;
        if (was == '\0')
            return MK_OK;
    }
}

enum mk_err mk_session_state(struct mk_app *app)
{
    if (app->state_path[0] == '\0')
        return usage(app, "geen map voor de stand: zet HOME of XDG_STATE_HOME",
                     "no state folder: set HOME or XDG_STATE_HOME");
    if (make_folders(app->state_path) != MK_OK)
        return mk_fail_sys(&app->diag, MK_E_IO, app->state_path);
    return MK_OK;
}

enum mk_err mk_session_parent(struct mk_app *app, const char *place,
                              char parent[MK_PATH])
{
    size_t n = strlen(place);
    if (mk_session_is_url(place)) {
        snprintf(parent, MK_PATH, "%s", app->state_path);
        return MK_OK;
    }
    while (n > 1 && place[n - 1] == '/')
        n--;
    while (n > 0 && place[n - 1] != '/')
        n--;
    if (place[0] == '\0')
        return usage(app, "geen kluis genoemd: geef --kluis",
                     "no vault named: give --vault");
    snprintf(parent, MK_PATH, "%.*s", n ? (int)n : 1, n ? place : ".");
    if (make_folders(parent) != MK_OK || access(parent, W_OK | X_OK) != 0)
        return mk_fail_sys(&app->diag, MK_E_IO, parent);
    return MK_OK;
}

/* Does a folder lie beside place in which a move puts the vault together that
 * will be there? */
static bool is_coming(const char *place)
{
    static const char mark[] = ".verhuis-";
    char parent[MK_PATH];
    const char *name;
    size_t n = strlen(place);
    bool found = false;
    while (n > 1 && place[n - 1] == '/')
        n--;
    size_t base = n;
    while (base > 0 && place[base - 1] != '/')
        base--;
    snprintf(parent, sizeof parent, "%.*s", base ? (int)base : 1,
             base ? place : ".");
    DIR *dir = opendir(parent);
    for (struct dirent *e; dir && !found && (e = readdir(dir)) != NULL;) {
        name = e->d_name;
        found = strncmp(name, place + base, n - base) == 0 &&
                strncmp(name + (n - base), mark, sizeof mark - 1) == 0;
    }
    if (dir)
        (void)closedir(dir);
    return found;
}

enum mk_err mk_session_sandbox(struct mk_app *app,
                               const struct mk_harden_place *more, size_t n)
{
    const bool on_server = mk_session_is_url(app->vault_path);
    struct mk_harden_place all[8 + MK_KEY_PLACES] = {
        {on_server ? app->state_path : app->vault_path, MK_HARDEN_WORK},
        {app->state_path, MK_HARDEN_WORK},
        /* the database library draws from it and would else do with less */
        {"/dev/urandom", MK_HARDEN_READ},
    };
    const size_t room = sizeof all / sizeof all[0];
    size_t count = 3;
    struct mk_key_places keys;
    struct mk_diag later = MK_DIAG_INIT; /* opening says what is wrong */
    if (app->in_session)
        return n == 0 ? MK_OK : mk_run_one_shot(app);
    app->coming = !on_server && is_coming(app->vault_path);
    for (size_t i = 0; i < n && count < room - MK_KEY_PLACES; i++)
        all[count++] = more[i];
    if (mk_session_connect(app) != MK_OK) {
        app->unreached = app->diag;
        app->diag = (struct mk_diag)MK_DIAG_INIT;
    }
    if ((on_server && !app->where.server) ||
        mk_key_places_read(&app->where, &keys, &later) != MK_OK)
        keys.n = 0;
    for (size_t i = 0; i < keys.n; i++)
        all[count++] = (struct mk_harden_place){keys.path[i], MK_HARDEN_WORK};
    mk_harden_close_inherited(&app->harden, app->passphrase_fd);
    return mk_harden_sandbox(&app->harden, all, count, &app->diag);
}

enum mk_err mk_session_reached(struct mk_app *app)
{
    if (app->unreached.err != MK_OK)
        app->diag = app->unreached;
    return app->unreached.err;
}

enum mk_err mk_session_no_vault(struct mk_app *app)
{
    const bool coming = app->coming || mk_session_is_url(app->vault_path);
    return mk_fail(&app->diag, coming ? MK_E_NO_VAULT_YET : MK_E_NO_VAULT,
                   app->vault_path);
}

enum mk_err mk_session_open(struct mk_app *app)
{
    if (app->vault)
        return MK_OK;
    if (app->vault_path[0] == '\0')
        return usage(app, "geen kluis genoemd: geef --kluis",
                     "no vault named: give --vault");
    enum mk_err rc;
    MK_TRY(mk_session_reached(app));
    rc = mk_vault_open(&app->vault, &app->where, &app->diag);
    if (rc == MK_E_NOT_FOUND)
        rc = mk_session_no_vault(app);
out:
    return rc;
}

/* A line of an open descriptor, byte by byte: what follows it is another's. */
static enum mk_err read_secret(struct mk_app *app, struct mk_secret **out)
{
    size_t n = 0;
    struct mk_secret *s = mk_secret_new(MK_TERM_LINE);
    if (s == NULL)
        return mk_fail(&app->diag, MK_E_MEMORY, "");
    uint8_t *p = mk_secret_bytes(s);
    for (;;) {
        ssize_t got = read(app->passphrase_fd, p + n, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || n + 1 >= MK_TERM_LINE) {
            mk_secret_free(s);
            return got < 0
                       ? mk_fail_sys(&app->diag, MK_E_IO, "--passphrase-fd")
                       : mk_fail_at(&app->diag, MK_E_TOO_LARGE,
                                    "--passphrase-fd", 0, MK_TERM_LINE, 0);
        }
        if (got == 0 || p[n] == '\n')
            break;
        n++;
    }
    if (n == 0) {
        mk_secret_free(s);
        return usage(app, "--passphrase-fd geeft te weinig regels",
                     "--passphrase-fd holds too few lines");
    }
    mk_secret_shrink(s, n);
    *out = s;
    return MK_OK;
}

static enum mk_err ask_secret(struct mk_app *app, const char *nl,
                              const char *en, const char *who,
                              struct mk_secret **out)
{
    enum mk_err rc;
    struct mk_buf prompt = MK_BUF_INIT;
    if (app->term.fd < 0)
        return mk_fail(&app->diag, MK_E_NO_TERMINAL,
                       MK_T(app, "het wachtwoord", "the passphrase"));
    MK_TRY(mk_buf_addf(&prompt, "%s ", MK_T(app, nl, en)));
    MK_TRY(mk_text_visible(&prompt, who, strlen(who), false));
    MK_TRY(mk_buf_add_str(&prompt, ": "));
    MK_TRY(mk_buf_terminate(&prompt));
    MK_TRY(mk_term_secret(&app->term, (const char *)prompt.data, out,
                          &app->diag));
out:
    mk_buf_release(&prompt);
    return rc;
}

enum mk_err mk_session_secret(struct mk_app *app, const char *nl,
                              const char *en, const char *of,
                              struct mk_secret **out)
{
    return app->passphrase_fd >= 0 ? read_secret(app, out)
                                   : ask_secret(app, nl, en, of, out);
}

enum mk_err mk_session_passphrase(struct mk_app *app, const char *who,
                                  struct mk_secret **out)
{
    return mk_session_secret(app, "Wachtwoord van", "Passphrase of", who, out);
}

static size_t characters(const struct mk_secret *s)
{
    const uint8_t *p = mk_secret_peek(s);
    size_t n = 0;
    for (size_t i = 0; i < mk_secret_len(s); i++)
        n += (p[i] & 0xc0) != 0x80;
    return n;
}

static enum mk_err same_again(struct mk_app *app, const char *who,
                              const struct mk_secret *first)
{
    struct mk_secret *again = NULL;
    enum mk_err rc = ask_secret(app, "Nog eens, het wachtwoord van",
                                "Once more, the passphrase of", who, &again);
    if (rc != MK_OK)
        return rc;
    if (!mk_secret_equal(first, again))
        rc = usage(app, "de twee wachtwoorden zijn niet gelijk",
                   "the two passphrases differ");
    mk_secret_free(again);
    return rc;
}

static enum mk_err new_once(struct mk_app *app, const char *who,
                            struct mk_secret **out)
{
    enum mk_err rc;
    struct mk_secret *s = NULL;
    if (app->passphrase_fd >= 0)
        MK_TRY(read_secret(app, &s));
    else
        MK_TRY(ask_secret(app, "Nieuw wachtwoord van", "New passphrase of",
                          who, &s));
    if (characters(s) < MK_PASSPHRASE_MIN) {
        rc = mk_fail_at(&app->diag, MK_E_WEAK_PASSPHRASE, who, 0,
                        MK_PASSPHRASE_MIN, 0);
        goto out;
    }
    if (app->passphrase_fd < 0)
        MK_TRY(same_again(app, who, s));
    *out = s;
    s = NULL;
out:
    mk_secret_free(s);
    return rc;
}

/* On a terminal a slip of the fingers does not end a run in which others have
 * typed theirs already. */
enum mk_err mk_session_new_passphrase(struct mk_app *app, const char *who,
                                      struct mk_secret **out)
{
    enum mk_err rc;
    for (int tries = 1;; tries++) {
        rc = new_once(app, who, out);
        if (app->passphrase_fd >= 0 || tries == 3 ||
            (rc != MK_E_WEAK_PASSPHRASE && rc != MK_E_USAGE))
            return rc;
        if (rc == MK_E_WEAK_PASSPHRASE)
            mk_app_warn(app, MK_T(app,
                                  "dat is te kort: neem ten minste 12 tekens, "
                                  "liefst een zin",
                                  "that is too short: take at least 12 "
                                  "characters, a sentence is best"));
        else
            mk_app_warn(app,
                        MK_T(app, "dat was niet twee keer hetzelfde; nog eens",
                             "that was not the same twice; once more"));
        app->diag = (struct mk_diag)MK_DIAG_INIT;
    }
}

/* Who unlocks: the option, else a question. */
static enum mk_err who_is_it(struct mk_app *app, struct mk_buf *name)
{
    enum mk_err rc;
    if (app->user) {
        MK_TRY(mk_buf_add_str(name, app->user));
    } else if (app->term.fd < 0 || app->passphrase_fd >= 0) {
        return usage(app, "--gebruiker ontbreekt", "--user is missing");
    } else {
        MK_TRY(mk_term_ask(&app->term, MK_T(app, "Naam: ", "Name: "), name,
                           &app->diag));
    }
    MK_TRY(mk_buf_terminate(name));
out:
    return rc;
}

enum mk_err mk_session_unlock(struct mk_app *app)
{
    enum mk_err rc;
    struct mk_buf name = MK_BUF_INIT;
    struct mk_secret *passphrase = NULL;
    MK_TRY(mk_session_open(app));
    if (mk_vault_user(app->vault) != NULL)
        goto out;
    MK_TRY(who_is_it(app, &name));
    MK_TRY(mk_session_passphrase(app, (const char *)name.data, &passphrase));
    rc = mk_vault_unlock(app->vault, (const char *)name.data, passphrase,
                         &app->diag);
    mk_app_progress_end(app);
    if (rc != MK_OK)
        goto out;
    if (app->command.run == mk_cmd_passphrase) {
        app->old_passphrase = passphrase;
        passphrase = NULL;
    }
out:
    mk_secret_free(passphrase);
    mk_buf_release(&name);
    return rc;
}

enum mk_err mk_session_start(struct mk_app *app)
{
    enum mk_err rc;
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, NULL, 0));
    MK_TRY(mk_session_unlock(app));
out:
    return rc;
}
