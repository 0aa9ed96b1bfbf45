/* SPDX-License-Identifier: GPL-3.0-or-later */
/* dokter: what protects this machine, this program and this vault, and what
 * does not.  For everybody, without a passphrase. */
#include "cmd/app.h"
#include "cmd/json.h"
#include "cmd/table.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

struct findings {
    struct mk_app *app;
    struct mk_table table;
    struct mk_json json;
    struct mk_buf out;
    bool attention;
};

static void add(void *ctx, const char *name, bool ok, const char *value,
                const char *remedy_nl, const char *remedy_en)
{
    struct findings *f = ctx;
    const char *remedy = ok ? NULL : MK_T(f->app, remedy_nl, remedy_en);
    f->attention = f->attention || !ok;
    mk_table_cell(&f->table, ok ? MK_T(f->app, "goed", "ok")
                                : MK_T(f->app, "LET OP", "LOOK"));
    mk_table_cell(&f->table, name);
    mk_table_cell(&f->table, value);
    mk_table_cell(&f->table, remedy ? remedy : "");
    mk_json_object(&f->json, NULL);
    mk_json_str(&f->json, "name", name);
    mk_json_bool(&f->json, "ok", ok);
    mk_json_str(&f->json, "value", value);
    if (remedy && remedy[0])
        mk_json_str(&f->json, "remedy", remedy);
    mk_json_end(&f->json);
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
    MK_TRY(mk_json_finish(&f->json));
    if (!f->app->json) {
        mk_buf_clear(&f->out);
        MK_TRY(mk_table_finish(&f->table, &f->out));
    }
    MK_TRY(mk_app_print(f->app, &f->out));
out:
    return rc;
}

/* The vault as far as it shows itself locked; *rc: why it does not open. */
static void add_vault(struct findings *f, enum mk_err *rc)
{
    struct mk_app *app = f->app;
    *rc = mk_session_open(app);
    if (*rc == MK_OK) {
        mk_vault_doctor(app->vault, add, f);
    } else if (*rc == MK_E_NO_VAULT) {
        add(f, "vault", mk_args_value(&app->args, MK_OPT_KLUIS) == NULL,
            "none", "op deze plaats is geen kluis; controleer --kluis",
            "there is no vault at this place; check --vault");
        *rc = MK_OK;
    } else {
        struct mk_buf text = MK_BUF_INIT;
        app->diag.err = *rc;
        if (mk_app_describe(app, &app->diag, &text) == MK_OK &&
            mk_buf_terminate(&text) == MK_OK)
            add(f, "vault", false, mk_err_name(*rc), (const char *)text.data,
                (const char *)text.data);
        mk_buf_release(&text);
    }
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
    MK_TRY(mk_session_sandbox(app, NULL, 0));
    add_process(&f);
    add_vault(&f, &vault);
    MK_TRY(print(&f));
    rc = mk_err_exit(vault) == MK_EXIT_INTEGRITY ? vault : MK_OK;
    if (f.attention)
        app->status = MK_EXIT_FAILED;
out:
    mk_table_release(&f.table);
    mk_buf_release(&f.out);
    return rc;
}
