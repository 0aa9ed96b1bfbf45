/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench.h"

#define DEMO "tests/data/dossiers-2018-2020.csv"

/* ---- a vault ---- */

static void run(const char *const argv[])
{
    pid_t pid = fork();
    int status = -1;

    if (pid == 0) {
        execvp(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    bench_must(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0,
               argv[0]);
}

void bench_vault_at(struct bench_vault *b, const char *folder,
                    const char *name)
{
    snprintf(b->vault, sizeof b->vault, "%s/%s", folder, name);
    snprintf(b->state, sizeof b->state, "%s/%s-marks", folder, name);
    b->where = (struct mk_where){.vault = b->vault, .state = b->state};
}

static struct mk_secret *passphrase_of(const char *name)
{
    char text[64];

    snprintf(text, sizeof text, "%s geheim woord", name);
    return mk_secret_from(text, strlen(text));
}

void bench_vault_people(const struct bench_vault *b)
{
    struct mk_first_member people[] = {
        {"bewaarder", MK_ROLE_CUSTODIAN, NULL},
        {"inspecteur", MK_ROLE_INSPECTOR, NULL},
        {"analist", MK_ROLE_ANALYST, NULL},
        {"auditor", MK_ROLE_AUDITOR, NULL},
    };
    const size_t n = sizeof people / sizeof *people;
    struct mk_secret *words[sizeof people / sizeof *people];
    struct mk_diag diag = MK_DIAG_INIT;

    umask(077);
    bench_ok(mk_init(&diag), &diag, "init");
    for (size_t i = 0; i < n; i++) {
        words[i] = passphrase_of(people[i].name);
        people[i].passphrase = words[i];
    }
    bench_ok(
        mk_vault_create(&b->where, "proefkluis", people, n, 0, NULL, &diag),
        &diag, "create");
    for (size_t i = 0; i < n; i++)
        mk_secret_free(words[i]);
}

void bench_vault_make(struct bench_vault *b, const char *folder,
                      const char *name)
{
    bench_vault_at(b, folder, name);
    bench_vault_people(b);
}

struct mk_vault *bench_vault_open(const struct bench_vault *b,
                                  const char *name)
{
    struct mk_secret *word = passphrase_of(name);
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v = NULL;

    bench_ok(mk_vault_open(&v, &b->where, &diag), &diag, "open");
    bench_ok(mk_vault_unlock(v, name, word, &diag), &diag, "unlock");
    mk_secret_free(word);
    return v;
}

void bench_vault_copy(const struct bench_vault *b, struct bench_vault *to,
                      const char *folder, const char *name)
{
    bench_vault_at(to, folder, name);
    bench_vault_remove(to);
    run((const char *const[]){"cp", "-a", b->vault, to->vault, NULL});
    run((const char *const[]){"cp", "-a", b->state, to->state, NULL});
}

void bench_vault_remove(const struct bench_vault *b)
{
    run((const char *const[]){"rm", "-rf", b->vault, b->state, NULL});
}

struct mk_dossier_ref bench_intake(struct mk_vault *v)
{
    static const char *const fields[][2] = {
        {"received", "2020-03-02"},
        {"channel", "TEL"},
        {"reporter", "OUD"},
        {"label", "proef"},
        {"narrative", "Een moeder belt en is ongerust."},
    };
    const struct mk_access access = {.purpose = 0};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_dossier_ref ref;
    struct mk_written out;
    struct mk_event e;
    char tag[MK_TAG_TEXT];

    mk_event_init(&e);
    e.verb = MK_VERB_MELDING;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *key = fields[i][0];
        enum mk_field f = mk_verb_field(e.verb, key, strlen(key));

        bench_ok(mk_fields_parse(&e.f, f, fields[i][1], strlen(fields[i][1]),
                                 &diag),
                 &diag, key);
    }
    bench_ok(mk_report_new(v, &access, &e, NULL, &out, &diag), &diag,
             "intake");
    mk_tag_format(tag, out.dossier);
    bench_ok(mk_dossier_ref_parse(&ref, tag, &diag), &diag, "tag");
    return ref;
}

/* ---- dossiers as CSV ---- */

void bench_csv_init(struct bench_csv *c, uint64_t limit)
{
    FILE *f = fopen(DEMO, "r");
    size_t cap = (size_t)1 << 20;
    size_t n;

    *c = (struct bench_csv){.limit = limit, .rows = malloc(cap)};
    bench_must(f != NULL && c->rows != NULL, DEMO);
    n = fread(c->rows, 1, cap - 1, f);
    bench_must(n > 0 && n < cap - 1, DEMO);
    c->rows[n] = '\0';
    fclose(f);
}

void bench_csv_release(struct bench_csv *c)
{
    free(c->rows);
    c->rows = NULL;
}

/* The header as it is; of a row the reference is replaced by its number. */
static void next_line(struct bench_csv *c)
{
    const char *row = c->rows + c->at;
    const char *end;

    if (c->at != 0 && *row == '\0')
        row = strchr(c->rows, '\n') + 1;
    end = strchr(row, '\n');
    bench_must(end != NULL, DEMO);
    c->len = 0;
    if (c->at != 0) {
        row = strchr(row, ',');
        c->len = (size_t)snprintf(c->line, sizeof c->line, "P-%llu",
                                  (unsigned long long)++c->n);
    }
    bench_must(c->len + (size_t)(end - row) + 1 < sizeof c->line, DEMO);
    memcpy(c->line + c->len, row, (size_t)(end - row) + 1);
    c->len += (size_t)(end - row) + 1;
    c->at = (size_t)(end - c->rows) + 1;
    c->done = 0;
}

enum mk_err bench_csv_read(void *ctx, void *p, size_t n, size_t *got)
{
    struct bench_csv *c = ctx;
    uint8_t *out = p;

    *got = 0;
    while (*got < n) {
        size_t some;

        if (c->done == c->len) {
            if (c->at != 0 && c->n == c->limit)
                break;
            next_line(c);
        }
        some = c->len - c->done < n - *got ? c->len - c->done : n - *got;
        memcpy(out + *got, c->line + c->done, some);
        c->done += some;
        *got += some;
    }
    return MK_OK;
}

static enum mk_err no_report(void *ctx, const struct mk_diag *why,
                             bool warning, const void *raw, size_t n)
{
    (void)ctx;
    (void)raw;
    (void)n;
    bench_must(warning, mk_err_name(why->err));
    return MK_OK;
}

void bench_import(struct mk_vault *v, uint64_t rows)
{
    const struct mk_access access = {.purpose = 0};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_import_result result;
    struct bench_csv csv;

    bench_csv_init(&csv, rows);
    bench_ok(mk_import(v, &access, bench_csv_read, &csv, false, no_report,
                       NULL, &result, &diag),
             &diag, "import");
    bench_must(result.imported == rows, "import is not whole");
    bench_csv_release(&csv);
}
