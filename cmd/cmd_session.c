/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/app.h"
#include "cmd/ask.h"
#include "cmd/complete.h"
#include "cmd/run.h"
#include "cmd/shell.h"
#include "cmd/split.h"

#include "core/base/clock.h"
#include "core/base/num.h"

#include <stdio.h>
#include <string.h>

enum { IDLE_MINUTES = 5, IDLE_MOST = 60, LIMIT_HOURS = 8, TRIES = 3 };
static const int64_t minute_ms = 60000;

struct session {
    struct mk_app *app;
    bool english; /* of the session; a line may ask for another */
    int64_t idle_ms;
    char name[MK_NAME_MAX + 1]; /* who unlocked */
    bool stop;
};

enum word { WORD_STOP, WORD_LOCK, WORD_NONE };
static const char *const session_words[][2] = {{"stop", "stop"},
                                               {"slot", "lock"}};

const char *mk_shell_word(size_t i, bool english)
{
    return i < WORD_NONE ? session_words[i][english] : NULL;
}

static enum word word_of(const char *text)
{
    for (unsigned i = 0; i < WORD_NONE; i++)
        if (strcmp(text, session_words[i][0]) == 0 ||
            strcmp(text, session_words[i][1]) == 0)
            return (enum word)i;
    /* what other programs call it */
    return strcmp(text, "exit") == 0 || strcmp(text, "quit") == 0 ? WORD_STOP
                                                                  : WORD_NONE;
}

/* What a line leaves behind goes, and with it what the line before said. */
static void fresh_line(struct session *s)
{
    struct mk_app *app = s->app;
    memset(&app->args, 0, sizeof app->args);
    memset(&app->command, 0, sizeof app->command);
    memset(&app->access, 0, sizeof app->access);
    memset(app->form_line, 0, sizeof app->form_line);
    memset(&app->again, 0, sizeof app->again);
    app->english = s->english;
    app->json = false;
    app->status = MK_EXIT_DONE;
    app->diag = (struct mk_diag)MK_DIAG_INIT;
}

static void say_error(struct session *s, enum mk_err rc)
{
    s->app->diag.err = rc;
    mk_app_error(s->app);
    s->app->diag = (struct mk_diag)MK_DIAG_INIT;
}

/* ---- locked and open ---- */

static enum mk_err drop_keys(struct session *s)
{
    struct mk_app *app = s->app;
    mk_vault_close(app->vault);
    app->vault = NULL;
    app->term.idle_ms = 0; /* nothing is left to lock */
    if (mk_secret_live() != 0)
        return mk_fail(&app->diag, MK_E_INTERNAL, "lock");
    return MK_OK;
}

/* All keys go, and what the screen shows. */
static enum mk_err lock(struct session *s)
{
    mk_term_wipe(&s->app->term);
    return drop_keys(s);
}

/* After why the terminal was given up: s->stop unless the passphrase is to be
 * asked again. */
static enum mk_err give_up(struct session *s, enum mk_term_over why)
{
    enum mk_err rc;
    struct mk_app *app = s->app;
    MK_TRY(lock(s));
    s->stop = why == MK_TERM_LIMIT || why == MK_TERM_END;
    if (why == MK_TERM_IDLE)
        mk_app_say(app, MK_T(app, "vergrendeld: er kwam geen toets",
                             "locked: no key was pressed"));
    else if (why == MK_TERM_LIMIT)
        mk_app_say(app, MK_T(app, "de sessie is om: na 8 uur eindigt zij",
                             "the session is over: it ends after 8 hours"));
out:
    return rc;
}

static void opened(struct session *s)
{
    struct mk_app *app = s->app;
    snprintf(s->name, sizeof s->name, "%s", mk_vault_user(app->vault)->name);
    app->user = s->name;
    app->term.idle_ms = s->idle_ms;
    mk_term_touch(&app->term);
}

/* Asks for the passphrase until the vault is open, or s->stop. */
static enum mk_err open_vault(struct session *s)
{
    enum mk_err rc = MK_OK;
    struct mk_app *app = s->app;
    for (int tries = 1; !s->stop; tries++) {
        rc = mk_session_unlock(app);
        if (rc == MK_OK) {
            opened(s);
            break;
        }
        enum mk_term_over why = mk_term_take_over(&app->term);
        if (why != MK_TERM_GOES_ON) {
            MK_TRY(give_up(s, why));
            continue;
        }
        if (rc != MK_E_LOCKED || tries == TRIES)
            return rc;
        say_error(s, rc);
        MK_TRY(drop_keys(s));
    }
out:
    return rc;
}

static enum mk_err lock_and_open(struct session *s)
{
    enum mk_err rc;
    MK_TRY(lock(s));
    MK_TRY(open_vault(s));
out:
    return rc;
}

/* ---- a line ---- */

static enum mk_err run_command(struct session *s, char *const words[],
                               size_t n)
{
    enum mk_err rc;
    struct mk_app *app = s->app;
    bool done;
    MK_TRY(mk_run_parse(app, n, words));
    MK_TRY(mk_run_version(app, &done));
    if (done)
        goto out;
    MK_TRY(mk_run_choose(app));
    MK_TRY(mk_session_access(app));
    /* what others wrote meanwhile counts for this command already */
    if (app->command.run != mk_cmd_help)
        MK_TRY(mk_vault_refresh(app->vault, &app->diag));
    rc = app->command.run(app);
    mk_app_progress_end(app);
    if (rc == MK_OK)
        mk_run_remind(app);
out:
    fflush(stdout);
    return rc;
}

/* What a command came to: most errors end just that command. */
static enum mk_err judge(struct session *s, enum mk_err rc)
{
    if (rc == MK_OK ||
        (rc == MK_E_CANCELLED && s->app->term.over != MK_TERM_GOES_ON))
        return MK_OK;
    if (mk_err_exit(rc) == MK_EXIT_INTEGRITY)
        return rc; /* then nothing that was proven before is worth much */
    /* who spoke to the server has ended, and nobody can start another now */
    if (rc == MK_E_SERVER ||
        (rc == MK_E_UNKNOWN_OUTCOME && s->app->where.server))
        return rc;
    if (rc != MK_E_OPEN_AGAIN) {
        say_error(s, rc);
        return MK_OK;
    }
    rc = lock(s);
    if (rc == MK_OK)
        say_error(s, MK_E_OPEN_AGAIN);
    return rc == MK_OK ? open_vault(s) : rc;
}

static enum mk_err run_line(struct session *s, char *line)
{
    enum mk_err rc;
    struct mk_app *app = s->app;
    char *words[MK_SPLIT_MAX];
    size_t n = 0;
    fresh_line(s);
    rc = mk_split(line, words, &n, app->english, &app->diag);
    if (rc == MK_OK && n == 0)
        return MK_OK;
    enum word own = rc == MK_OK && n == 1 ? word_of(words[0]) : WORD_NONE;
    if (own == WORD_LOCK)
        return lock_and_open(s);
    if (own == WORD_STOP) {
        s->stop = true;
        return MK_OK;
    }
    if (rc == MK_OK)
        rc = run_command(s, words, n);
    rc = judge(s, rc);
    if (rc == MK_OK) /* else it is told when the session has ended */
        fresh_line(s);
    mk_term_touch(&app->term);
    return rc;
}

/* ---- the session ---- */

/* Which vault, who, and whether it is for practice: "Proef ilse> " */
static enum mk_err make_prompt(const struct session *s, struct mk_buf *prompt)
{
    enum mk_err rc;
    struct mk_app *app = s->app;
    mk_buf_clear(prompt);
    MK_TRY(mk_buf_addf(prompt, "%s %s%s> ",
                       mk_keyring_origin(mk_vault_keyring(app->vault)),
                       s->name,
                       mk_vault_practice(app->vault) == 0
                           ? ""
                           : MK_T(app, " OEFENING", " PRACTICE")));
    MK_TRY(mk_buf_terminate(prompt));
out:
    return rc;
}

/* One line, or why there was none. */
static enum mk_err turn(struct session *s, struct mk_buf *prompt,
                        struct mk_buf *line)
{
    enum mk_err rc;
    struct mk_app *app = s->app;
    MK_TRY(make_prompt(s, prompt));
    app->term.interrupted = false;
    rc = mk_term_ask_command(&app->term, (const char *)prompt->data,
                             mk_complete, app, line, &app->diag);
    if (rc == MK_OK && mk_buf_terminate(line) == MK_OK)
        return run_line(s, (char *)line->data);
    if (rc == MK_E_TOO_LARGE) {
        say_error(s, rc);
        return MK_OK;
    }
    if (rc != MK_E_CANCELLED)
        return rc;
    /* Ctrl-C gives another line, Ctrl-D has had enough */
    s->stop = !app->term.interrupted && app->term.over == MK_TERM_GOES_ON;
    rc = MK_OK;
out:
    return rc;
}

static enum mk_err loop(struct session *s)
{
    enum mk_err rc = MK_OK;
    struct mk_buf line = MK_BUF_INIT, prompt = MK_BUF_INIT;
    while (!s->stop) {
        enum mk_term_over why = mk_term_take_over(&s->app->term);
        if (why == MK_TERM_GOES_ON) {
            MK_TRY(turn(s, &prompt, &line));
            continue;
        }
        MK_TRY(give_up(s, why));
        MK_TRY(open_vault(s));
    }
out:
    mk_buf_release(&line);
    mk_buf_release(&prompt);
    return rc;
}

static enum mk_err idle_of(struct session *s)
{
    struct mk_app *app = s->app;
    const char *given = mk_args_value(&app->args, MK_OPT_VERGRENDEL);
    uint64_t minutes = IDLE_MINUTES;
    if (given && !mk_num_parse(given, strlen(given), 1, IDLE_MOST, &minutes))
        return mk_fail_at(&app->diag, MK_E_BAD_NUMBER,
                          MK_T(app, "--vergrendel", "--lock"), 0, 1,
                          IDLE_MOST);
    s->idle_ms = (int64_t)minutes * minute_ms;
    return MK_OK;
}

static bool is_for_session(enum mk_option o)
{
    return o == MK_OPT_KLUIS || o == MK_OPT_GEBRUIKER || o == MK_OPT_TAAL ||
           o == MK_OPT_VERGRENDEL;
}

/* What holds for one command is said with that command. */
static enum mk_err no_more(struct mk_app *app)
{
    char place[sizeof app->diag.place];
    for (size_t i = 0; i < app->args.n_given; i++) {
        const struct mk_option_info *o =
            mk_option_get(app->args.given[i].option);
        if (is_for_session(app->args.given[i].option))
            continue;
        snprintf(place, sizeof place,
                 MK_T(app, "--%s hoort bij een opdracht, niet bij een sessie",
                      "--%s belongs to a command, not to a session"),
                 app->english ? o->en : o->nl);
        return mk_fail(&app->diag, MK_E_USAGE, place);
    }
    return MK_OK;
}

static void welcome(const struct session *s)
{
    const struct mk_app *app = s->app;
    char text[200];
    snprintf(text, sizeof text,
             MK_T(app,
                  "de kluis is open; help toont de opdrachten, slot "
                  "vergrendelt, stop stopt; na %d minuten zonder toets gaat "
                  "zij vanzelf op slot",
                  "the vault is open; help shows the commands, lock locks, "
                  "stop stops; after %d minutes without a key it locks "
                  "by itself"),
             (int)(s->idle_ms / minute_ms));
    mk_app_say(app, text);
}

enum mk_err mk_cmd_session(struct mk_app *app)
{
    enum mk_err rc;
    struct session s = {.app = app, .english = app->english};
    MK_TRY(no_more(app));
    MK_TRY(idle_of(&s));
    MK_TRY(mk_ask_possible(app));
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, NULL, 0));
    app->in_session = true;
    mk_term_keep(&app->term);
    app->term.end_at = mk_clock_steady() + LIMIT_HOURS * 60 * minute_ms;
    MK_TRY(open_vault(&s));
    if (!s.stop)
        welcome(&s);
    rc = loop(&s);
    if (rc != MK_OK)
        mk_app_warn(app,
                    MK_T(app,
                         "de sessie is beeindigd, om wat hieronder staat; "
                         "is dat verholpen, begin dan een nieuwe met: "
                         "meldkluis sessie",
                         "the session has ended, because of what stands "
                         "below; when that is mended begin another one "
                         "with: meldkluis session"));
out:
    app->user = NULL; /* it was in s */
    return rc;
}
