/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dokter: what protects this machine, this program and this vault, and what
 * does not.  For everybody; who gives his name unlocks the vault, and is
 * told more. */
#include "cmd/app.h"
#include "cmd/json.h"
#include "cmd/place.h"
#include "cmd/practice.h"
#include "cmd/table.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

struct findings {
    struct mk_app *app;
    struct mk_table table;
    struct mk_json json;
    struct mk_buf out;
    bool attention;
};

/* value as a program reads it, shown as somebody who reads. */
static void add_shown(struct findings *f, const char *name, bool ok,
                      const char *value, const struct mk_buf *shown,
                      const char *remedy)
{
    f->attention = f->attention || !ok;
    mk_table_cell(&f->table, ok ? MK_T(f->app, "goed", "ok")
                                : MK_T(f->app, "LET OP", "LOOK"));
    mk_table_cell(&f->table, f->app->english ? name : mk_place_dutch(name));
    if (shown == NULL)
        mk_table_cell(&f->table, value);
    else
        mk_table_bytes(&f->table, shown->data, shown->len);
    mk_table_cell(&f->table, remedy ? remedy : "");
    mk_json_object(&f->json, NULL);
    mk_json_str(&f->json, "name", name);
    mk_json_bool(&f->json, "ok", ok);
    mk_json_str(&f->json, "value", value);
    if (remedy && remedy[0])
        mk_json_str(&f->json, "remedy", remedy);
    mk_json_end(&f->json);
}

static void add(void *ctx, const char *name, bool ok, const char *value,
                const char *remedy_nl, const char *remedy_en)
{
    struct findings *f = ctx;
    struct mk_buf text = MK_BUF_INIT;
    bool as_it_is = f->app->english || mk_finding_dutch(&text, value) != MK_OK;
    add_shown(f, name, ok, value, as_it_is ? NULL : &text,
              ok ? NULL : MK_T(f->app, remedy_nl, remedy_en));
    mk_buf_release(&text);
}

/* Shown by trying: a file outside the places stays shut. */
static bool shut_out(void)
{
    int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
    if (fd >= 0)
        close(fd);
    return fd < 0;
}

static void add_process(struct findings *f)
{
    const struct mk_harden *h = &f->app->harden;
    char text[96];
    add(f, "dumpable", h->not_dumpable, h->not_dumpable ? "no" : "yes",
        "de kernel weigert PR_SET_DUMPABLE",
        "the kernel refuses PR_SET_DUMPABLE");
    add(f, "environment", h->environment,
        h->environment ? "reduced" : "as it was", "", "");
    if (h->landlock_abi > 0)
        snprintf(text, sizeof text, "ABI %d, %s", h->landlock_abi,
                 h->landlock && shut_out() ? "active" : "not active");
    else
        snprintf(text, sizeof text, "missing: %s",
                 strerror(h->landlock_errno));
    add(f, "landlock", h->landlock && shut_out(), text,
        "deze kernel kan bestanden niet afschermen; neem Linux 5.13 of "
        "nieuwer "
        "met Landlock aan",
        "this kernel cannot close off files; take Linux 5.13 or newer with "
        "Landlock on");
    add(f, "landlock-tcp", h->landlock_net || h->seccomp,
        h->landlock_net ? "active" : "by seccomp alone",
        "neem Linux 6.7 of nieuwer", "take Linux 6.7 or newer");
    if (h->seccomp)
        snprintf(text, sizeof text, "active, mode %d",
                 prctl(PR_GET_SECCOMP, 0, 0, 0, 0));
    else
        snprintf(text, sizeof text, "missing: %s", strerror(h->seccomp_errno));
    add(f, "seccomp", h->seccomp, text,
        "deze kernel kan systeemaanroepen niet beperken; neem een kernel met "
        "seccomp",
        "this kernel cannot limit system calls; take one with seccomp");
}

static enum mk_err print(struct findings *f)
{
    enum mk_err rc;
    mk_json_end(&f->json);
    mk_json_bool(&f->json, "ok", !f->attention);
    mk_practice_json(f->app, &f->json);
    MK_TRY(mk_json_finish(&f->json));
    if (!f->app->json) {
        mk_buf_clear(&f->out);
        MK_TRY(mk_practice_line(f->app, &f->out));
        MK_TRY(mk_table_finish(&f->table, &f->out));
    }
    MK_TRY(mk_app_print(f->app, &f->out));
out:
    return rc;
}

/* Why the vault does not open, in words of the language that was chosen. */
static void add_refusal(struct findings *f, enum mk_err why)
{
    struct mk_app *app = f->app;
    struct mk_buf text = MK_BUF_INIT;
    app->diag.err = why;
    if (mk_app_describe(app, &app->diag, &text) == MK_OK &&
        mk_buf_terminate(&text) == MK_OK) {
        char *all = (char *)text.data;
        char *rest = strchr(all, ';');
        if (rest)
            *rest++ = '\0';
        while (rest && *rest == ' ')
            rest++;
        add_shown(f, "vault", false, all, NULL, rest ? rest : "");
    }
    mk_buf_release(&text);
}

static bool vault_is_there(const struct mk_app *app)
{
    struct stat s;
    return mk_session_is_url(app->vault_path) ||
           (app->vault_path[0] != '\0' && stat(app->vault_path, &s) == 0);
}

/* The vault as far as it shows itself; *rc: why it does not open. */
static void add_vault(struct findings *f, bool there, enum mk_err *rc)
{
    struct mk_app *app = f->app;
    *rc = MK_OK;
    if (!there) {
        add(f, "vault", mk_args_value(&app->args, MK_OPT_KLUIS) == NULL,
            "none", "op deze plaats is geen kluis; controleer --kluis",
            "there is no vault at this place; check --vault");
        return;
    }
    *rc = app->user ? mk_session_unlock(app) : mk_session_open(app);
    if (app->vault) {
        bool open = mk_vault_user(app->vault) != NULL;
        mk_vault_doctor(app->vault, add, f);
        add(f, "lock", true, open ? "open" : "locked", "", "");
        if (!open && !app->user)
            mk_app_note(app, MK_T(app,
                                  "de kluis is gesloten; met --gebruiker NAAM "
                                  "ziet dokter ook wat erin zit",
                                  "the vault is locked; with --user NAME "
                                  "doctor looks inside, too"));
    }
    if (*rc != MK_OK)
        add_refusal(f, *rc);
}

enum mk_err mk_cmd_doctor(struct mk_app *app)
{
    enum mk_err rc, vault;
    struct findings f = {.app = app, .out = MK_BUF_INIT};
    mk_table_init(&f.table, 4);
    mk_table_cell(&f.table, MK_T(app, "oordeel", "verdict"));
    mk_table_cell(&f.table, MK_T(app, "wat", "what"));
    mk_table_cell(&f.table, MK_T(app, "waarde", "value"));
    mk_table_cell(&f.table, MK_T(app, "wat te doen", "what to do"));
    mk_json_begin(&f.json, &f.out);
    mk_json_array(&f.json, "findings");
    add(&f, "version", true, MK_VERSION, "", "");
    mk_machine_doctor(add, &f); /* reads files that the sandbox shuts off */
    bool there = vault_is_there(app); /* looked at before it may be shut off */
    if (there)
        MK_TRY(mk_session_state(app));
    app->where.moved = true; /* looks, and says so */
    MK_TRY(mk_session_sandbox(app, NULL, 0));
    add_process(&f);
    add_vault(&f, there, &vault);
    MK_TRY(print(&f));
    rc = mk_err_exit(vault) == MK_EXIT_INTEGRITY || app->user ? vault : MK_OK;
    if (f.attention)
        app->status = MK_EXIT_FAILED;
out:
    mk_table_release(&f.table);
    mk_buf_release(&f.out);
    return rc;
}
