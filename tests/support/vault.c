/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/vault.h"

#include "tests/support/server.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/stats_parts.h"
#include "core/vault.h"

static void run(const char *const argv[])
{
    pid_t pid = fork();
    int status = 0;

    ck_assert(pid >= 0);
    if (pid == 0) {
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}

struct mk_secret *vault_passphrase(const char *name)
{
    char text[128];

    snprintf(text, sizeof text, "%s geheim woord", name);
    return mk_secret_from(text, strlen(text));
}

bool vault_on_server(void)
{
    const char *store = getenv("MK_STORE");

    return store && strcmp(store, "server") == 0;
}

/* Who opens a vault on a server has a program and a connection of his own. */
static struct {
    struct mk_server *server;
    pid_t helper;
} connected[64];
static size_t n_connected;

static struct mk_server *connect_to(const char *url)
{
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc;
    int fd;

    ck_assert_uint_lt(n_connected, sizeof connected / sizeof *connected);
    fd = server_helper(&connected[n_connected].helper);
    rc = mk_server_open(&connected[n_connected].server, fd, url, &diag);
    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    return connected[n_connected++].server;
}

static void disconnect_all(void)
{
    while (n_connected > 0) {
        mk_server_close(connected[--n_connected].server);
        ck_assert_int_eq(waitpid(connected[n_connected].helper, NULL, 0),
                         connected[n_connected].helper);
    }
}

static void make_database(struct vault_fixture *f)
{
    static unsigned made;
    char db[48];

    ck_assert(server_is_here());
    /* the first of all tests of a program are one: each test is a child of it */
    snprintf(db, sizeof db, "unit_%ld_%u", (long)getppid(), made++);
    server_empty(db);
    server_url(f->url, sizeof f->url, db, "wisser", "");
    f->where.vault = f->url;
    f->where.server = connect_to(f->url);
}

void vault_setup(struct vault_fixture *f)
{
    static const struct {
        const char *name;
        enum mk_role role;
    } people[] = {
        {"bewaarder1", MK_ROLE_CUSTODIAN},  {"bewaarder2", MK_ROLE_CUSTODIAN},
        {"inspecteur1", MK_ROLE_INSPECTOR}, {"inspecteur2", MK_ROLE_INSPECTOR},
        {"analist1", MK_ROLE_ANALYST},      {"auditor1", MK_ROLE_AUDITOR},
    };
    enum { N = sizeof people / sizeof *people };
    struct mk_first_member first[N];
    struct mk_secret *words[N];
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc;

    umask(077);
    ck_assert_int_eq(mk_init(&diag), MK_OK);
    snprintf(f->dir, sizeof f->dir, "/tmp/mk-vault-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(f->dir));
    snprintf(f->vault, sizeof f->vault, "%s/kluis", f->dir);
    snprintf(f->state, sizeof f->state, "%s/stand", f->dir);
    f->where = (struct mk_where){.vault = f->vault, .state = f->state};
    if (vault_on_server())
        make_database(f);
    for (size_t i = 0; i < N; i++) {
        words[i] = vault_passphrase(people[i].name);
        first[i] =
            (struct mk_first_member){people[i].name, people[i].role, words[i]};
    }
    rc = mk_vault_create(&f->where, "proefkluis", first, N, 0, NULL, &diag);
    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    for (size_t i = 0; i < N; i++)
        mk_secret_free(words[i]);
}

void vault_teardown(struct vault_fixture *f)
{
    disconnect_all();
    run((const char *const[]){"rm", "-rf", f->dir, NULL});
}

void vault_copy(const char *from, const char *to)
{
    run((const char *const[]){"rm", "-rf", to, NULL});
    run((const char *const[]){"cp", "-a", from, to, NULL});
}

enum mk_err vault_try(const struct vault_fixture *f, const char *name,
                      struct mk_vault **v, struct mk_diag *diag)
{
    struct mk_secret *word = vault_passphrase(name);
    struct mk_where where = f->where;
    enum mk_err rc;

    *v = NULL;
    if (where.server)
        where.server = connect_to(f->url);
    rc = mk_vault_open(v, &where, diag);
    if (rc == MK_OK)
        rc = mk_vault_unlock(*v, name, word, diag);
    mk_secret_free(word);
    return rc;
}

struct mk_vault *vault_as(const struct vault_fixture *f, const char *name)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;
    enum mk_err rc = vault_try(f, name, &v, &diag);

    ck_assert_msg(rc == MK_OK, "%s: %s %s", name, mk_err_name(rc), diag.place);
    return v;
}

void vault_event(struct mk_event *e, enum mk_verb verb, ...)
{
    va_list ap;
    const char *key;
    struct mk_diag diag = MK_DIAG_INIT;

    mk_event_init(e);
    e->verb = verb;
    va_start(ap, verb);
    while ((key = va_arg(ap, const char *)) != NULL) {
        const char *value = va_arg(ap, const char *);
        enum mk_field f = mk_verb_field(verb, key, strlen(key));
        enum mk_err rc;

        ck_assert_msg(f != MK_F_NONE, "no key %s", key);
        rc = mk_fields_parse(&e->f, f, value, strlen(value), &diag);
        ck_assert_msg(rc == MK_OK, "%s: %s", key, mk_err_name(rc));
    }
    va_end(ap);
}

struct mk_dossier_ref vault_intake(struct mk_vault *v, const char *received)
{
    const struct mk_access access = {.purpose = 0};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_dossier_ref ref;
    struct mk_written out;
    struct mk_event e;
    char tag[MK_TAG_TEXT];
    enum mk_err rc;

    vault_event(&e, MK_VERB_MELDING, "received", received, "channel", "TEL",
                "reporter", "OUD", "label", "proef", "narrative",
                "Een moeder belt en is ongerust.", NULL);
    rc = mk_report_new(v, &access, &e, NULL, &out, &diag);
    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    mk_tag_format(tag, out.dossier);
    ck_assert_int_eq(mk_dossier_ref_parse(&ref, tag, &diag), MK_OK);
    return ref;
}

enum mk_err vault_do(struct mk_vault *v, const struct mk_dossier_ref *ref,
                     struct mk_event *e)
{
    const struct mk_access access = {.purpose = 0};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_written out;

    return mk_dossier_event(v, &access, ref, e, &out, &diag);
}

void vault_classify(struct mk_vault *v, const struct mk_dossier_ref *ref,
                    bool with_duty)
{
    struct mk_event e;

    vault_event(&e, MK_VERB_DUID, "sector", "KO", "care_type", "BSO",
                "category", "SM", "accused", with_duty ? "MW" : "KD",
                "victim_minor", "J", "in_care", "J", "qualification", "XIV",
                "occurred", "2019", NULL);
    ck_assert_int_eq(vault_do(v, ref, &e), MK_OK);
}

static void count_finding(void *ctx, const struct mk_diag *what)
{
    size_t *n = ctx;

    (void)what;
    ++*n;
}

enum mk_err vault_verify(struct mk_vault *v, size_t *n, struct mk_diag *diag)
{
    const struct mk_access access = {.purpose = 0};
    struct mk_verify_report report;
    size_t count = 0;
    enum mk_err rc;

    rc = mk_log_verify(v, &access, &report, count_finding, &count, diag);
    if (n != NULL)
        *n = count;
    return rc;
}

void vault_stats_tail(struct mk_vault *v, struct mk_stats_tail *tail)
{
    struct mk_chunk_row last;

    ck_assert_int_eq(mk_stats_end_load(tail, &last, v->store, v->head.n_stats,
                                       v->head.stats_root, NULL),
                     MK_OK);
}
