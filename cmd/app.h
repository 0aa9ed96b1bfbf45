/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run of meldkluis: what was asked, and what has been opened for it. */
#ifndef MK_CMD_APP_H
#define MK_CMD_APP_H

#include "cmd/command.h"
#include "cmd/env.h"
#include "cmd/form.h"
#include "cmd/harden.h"
#include "cmd/term.h"
#include "core/meldkluis.h"

/* After E_UNKNOWN_OUTCOME: with what a repetition is safe. */
struct mk_again {
    bool has_request; /* false: nothing was tried that has an id */
    uint8_t request[16];
    char command[64]; /* "notitie MK-7Q4D-K2XZ"; "": the same as now */
};

struct mk_app {
    struct mk_env env;
    struct mk_harden harden;
    struct mk_args args; /* words: those behind the name of the command */
    struct mk_command command;
    bool english, json;
    bool in_session;   /* the sandbox was entered, and the vault is open */
    const char *user;  /* NULL: not said */
    int passphrase_fd; /* -1: ask on the terminal */
    struct mk_secret *old_passphrase; /* wachtwoord only: what unlocked */
    struct mk_access access;
    char vault_path[MK_PATH], state_path[MK_PATH];
    struct mk_where where;
    struct mk_diag
        unreached;  /* why the server was not; told by who needs it */
    bool mark_told; /* that there is a first mark now */
    bool coming;    /* a move puts a vault together beside vault_path */
    struct mk_vault *vault;
    struct mk_term term;
    /* of the form that was read: where each key stood; [NONE] stays 0 */
    uint64_t form_line[MK_FORM_KEYS];
    struct mk_diag diag;
    struct mk_again again;
    enum mk_exit status; /* of a run that went well: DONE unless set */
    int64_t began_ms;    /* of the progress line; 0: none yet */
    bool progress_shown;
};

/* The text in the language of this run. */
#define MK_T(app, nl, en) ((app)->english ? (en) : (nl))

/* --- message.c: standard output and standard error --- */

/* The whole of buf, and nothing else, to standard output. */
MK_MUST_USE enum mk_err mk_app_print(struct mk_app *app,
                                     const struct mk_buf *buf);
/* One line "meldkluis: note: ..." on standard error. */
void mk_app_warn(const struct mk_app *app, const char *text);
/* The same line without "note:". */
void mk_app_say(const struct mk_app *app, const char *text);
/* The same, but only for people: nothing with --json. */
void mk_app_note(const struct mk_app *app, const char *text);
/* What became of a command that has nothing else to say: this line, or in a dry
 * run that nothing was saved; with --json whether something was. */
MK_MUST_USE enum mk_err mk_app_done(struct mk_app *app, const char *nl,
                                    const char *en);
/* The line of app->diag. */
void mk_app_error(const struct mk_app *app);
/* The same text, without name and line end, added to out. */
MK_MUST_USE enum mk_err mk_app_describe(const struct mk_app *app,
                                        const struct mk_diag *diag,
                                        struct mk_buf *out);
/* Adds the slugs of a list that may be given in a form, with spaces. */
MK_MUST_USE enum mk_err mk_codes_add(struct mk_buf *out, int list,
                                     unsigned field_flags);

/* --- outcome.c --- */

/* After E_UNKNOWN_OUTCOME, else nothing: app->again for the line of the error.
 * request: zero when the write was not tried; command: "" or of app->again. */
void mk_app_keep_request(struct mk_app *app, enum mk_err rc,
                         const uint8_t request[static 16],
                         const char *command);
/* Makes E_UNKNOWN_OUTCOME the error that fits the command: whether there is an
 * id, and whether anything but a log entry can have been saved. */
void mk_app_judge_outcome(const struct mk_app *app, struct mk_diag *diag);

/* A line on standard error, if that is a terminal, once work takes longer
 * than a second.  ctx is the struct mk_app. */
void mk_app_progress(void *ctx, const char *what, uint64_t done,
                     uint64_t total);
/* Takes it away again. */
void mk_app_progress_end(struct mk_app *app);

/* --- session.c: places, sandbox, people --- */

/* Options that hold for every command.  Errors: E_USAGE, E_NOT_YET. */
MK_MUST_USE enum mk_err mk_session_options(struct mk_app *app);
/* The part of it that a command says for itself. */
MK_MUST_USE enum mk_err mk_session_access(struct mk_app *app);
/* There is none at that place: E_NO_VAULT, or E_NO_VAULT_YET where a move may
 * be bringing one. */
MK_MUST_USE enum mk_err mk_session_no_vault(struct mk_app *app);
/* Makes the state folder if it is missing. */
MK_MUST_USE enum mk_err mk_session_state(struct mk_app *app);
/* The folder in which place, the folder of a vault, lies; made if it is
 * missing. */
MK_MUST_USE enum mk_err mk_session_parent(struct mk_app *app,
                                          const char *place,
                                          char parent[MK_PATH]);
/* In a session the sandbox stays as it is: E_ONE_SHOT when more is wanted.
 * Vault and state folder, the folders of the retention keys, and up to five
 * more places stay reachable. */
MK_MUST_USE enum mk_err mk_session_sandbox(struct mk_app *app,
                                           const struct mk_harden_place *more,
                                           size_t n);
/* OK, or why the server was not reached before the sandbox. */
MK_MUST_USE enum mk_err mk_session_reached(struct mk_app *app);
/* --- server.c --- */
/* "postgresql://..." */
bool mk_session_is_url(const char *place);
/* Not something that looks like one and is none: E_USAGE. */
MK_MUST_USE enum mk_err mk_session_is_place(struct mk_app *app,
                                            const char *place);
/* Reaches the server that the place names, once; a folder: nothing to do.
 * Before the sandbox, which does it.  Errors: E_PROGRAM, as mk_server_open. */
MK_MUST_USE enum mk_err mk_session_connect(struct mk_app *app);
/* Another server, of the caller: mk_server_close. */
MK_MUST_USE enum mk_err mk_session_reach(struct mk_app *app, const char *url,
                                         struct mk_server **out);

/* --- session.c, on --- */

/* The vault, closed as it is.  After the sandbox. */
MK_MUST_USE enum mk_err mk_session_open(struct mk_app *app);
/* Opens if need be, asks who and the passphrase, unlocks, warns; in a session
 * that is done already. */
MK_MUST_USE enum mk_err mk_session_unlock(struct mk_app *app);
/* State folder, sandbox and unlocking in one: for commands without files. */
MK_MUST_USE enum mk_err mk_session_start(struct mk_app *app);

#define MK_PASSPHRASE_MIN 12 /* characters of a new passphrase */

/* A line from --passphrase-fd, or asked without echo: nl or en, then of. */
MK_MUST_USE enum mk_err mk_session_secret(struct mk_app *app, const char *nl,
                                          const char *en, const char *of,
                                          struct mk_secret **out);
/* A passphrase from --passphrase-fd or the terminal. */
MK_MUST_USE enum mk_err mk_session_passphrase(struct mk_app *app,
                                              const char *who,
                                              struct mk_secret **out);
/* A new one: asked twice on a terminal, long enough. */
MK_MUST_USE enum mk_err mk_session_new_passphrase(struct mk_app *app,
                                                  const char *who,
                                                  struct mk_secret **out);

/* --- files.c: files of the person who runs this --- */

/* A new file, mode 600; E_EXISTS rather than overwriting, E_USAGE in the
 * folder of the vault or of the state. */
/* E_USAGE if the folder path is that of the vault or of the marks. */
MK_MUST_USE enum mk_err mk_output_elsewhere(struct mk_app *app,
                                            const char *path);

struct mk_output {
    int fd; /* -1: none */
    int dir;
    char folder[MK_PATH]; /* for the sandbox: MK_HARDEN_REMOVE */
    const char *name;     /* in folder; borrowed from path */
};
MK_MUST_USE enum mk_err mk_output_open(struct mk_app *app, struct mk_output *f,
                                       const char *path);
MK_MUST_USE enum mk_err mk_output_write(struct mk_output *f,
                                        const struct mk_buf *buf,
                                        struct mk_diag *diag);
/* keep: synced and closed, else removed. */
MK_MUST_USE enum mk_err mk_output_close(struct mk_output *f, bool keep,
                                        struct mk_diag *diag);
/*
 * A folder to write into, made (mode 700) if it is not there; E_USAGE in the
 * folder of the vault or of the state, also deeper.  A dry run makes none, and
 * *fd is -1.  Owns: the caller closes *fd.
 */
MK_MUST_USE enum mk_err mk_output_folder(struct mk_app *app, int *fd,
                                         const char *path);
/* For reading: anything but a folder.  Errors: E_NO_FILE, E_IO. */
MK_MUST_USE enum mk_err mk_input_open(int *fd, const char *path,
                                      struct mk_diag *diag);
/* --form: its descriptor (0 for "-"), or -1 when there is no form. */
MK_MUST_USE enum mk_err mk_form_open(struct mk_app *app, int *fd);
/* All of fd, at most max bytes. */
MK_MUST_USE enum mk_err mk_input_read(struct mk_buf *out, int fd, size_t max,
                                      struct mk_diag *diag);

#endif
