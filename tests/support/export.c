/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/export.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/tx.h"

static void path_of(char out[static 256], const struct vault_fixture *f,
                    const char *name, const char *path)
{
    int n = snprintf(out, 256, "%s/%s/%s", f->dir, name, path);

    ck_assert(n > 0 && n < 256);
}

int export_folder(const struct vault_fixture *f, const char *name)
{
    char path[256];
    int fd;

    path_of(path, f, name, "");
    (void)mkdir(path, 0700);
    fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    return fd;
}

enum mk_err export_run(const struct vault_fixture *f, struct mk_vault *v,
                       const char *name, bool without_entry,
                       struct mk_export_report *report, struct mk_diag *diag)
{
    const struct mk_access access = {.purpose = 0};
    enum mk_err was = v->suspect;
    int dir = export_folder(f, name);
    enum mk_err rc;

    if (without_entry)
        v->suspect = MK_E_ROLLED_BACK;
    rc = mk_log_export(v, &access, dir, report, diag);
    v->suspect = was;
    close(dir);
    return rc;
}

struct mk_export_report export_ok(const struct vault_fixture *f,
                                  struct mk_vault *v, const char *name)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_export_report report;
    enum mk_err rc = export_run(f, v, name, false, &report, &diag);

    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    return report;
}

/* n entries more, each a transaction. */
void export_work(struct mk_vault *v, size_t n)
{
    const struct mk_log_item item = {
        .role = MK_ROLE_AUDITOR,
        .kind = MK_AUDIT_LOG_LIST,
        .outcome = MK_OUTCOME_ASKED,
        .purpose = MK_PURPOSE_CTL,
    };

    while (n-- > 0)
        ck_assert_int_eq(mk_log_now(v, &item, NULL), MK_OK);
}

/* n entries more in one transaction. */
void export_much(struct mk_vault *v, size_t n)
{
    const struct mk_log_item item = {
        .role = MK_ROLE_AUDITOR,
        .kind = MK_AUDIT_LOG_LIST,
        .outcome = MK_OUTCOME_ASKED,
        .purpose = MK_PURPOSE_CTL,
    };
    struct mk_tx tx;

    ck_assert_int_eq(mk_tx_begin(&tx, v, NULL, NULL), MK_OK);
    while (n-- > 0)
        ck_assert_int_eq(mk_tx_leaf(&tx, &item, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_commit(&tx, NULL), MK_OK);
    mk_tx_abort(&tx);
}

void export_copy(const struct vault_fixture *f, const char *from,
                 const char *to)
{
    char a[256], b[256];

    snprintf(a, sizeof a, "%s/%s", f->dir, from);
    snprintf(b, sizeof b, "%s/%s", f->dir, to);
    vault_copy(a, b);
}

struct mk_buf export_file(const struct vault_fixture *f, const char *name,
                          const char *path)
{
    struct mk_buf out = MK_BUF_INIT;
    char whole[256];
    FILE *file;
    int c;

    path_of(whole, f, name, path);
    file = fopen(whole, "rb");
    ck_assert_msg(file != NULL, "no %s", path);
    while ((c = fgetc(file)) != EOF)
        ck_assert_int_eq(mk_buf_add_u8(&out, (uint8_t)c), MK_OK);
    fclose(file);
    return out;
}

bool export_has(const struct vault_fixture *f, const char *name,
                const char *path)
{
    char whole[256];

    path_of(whole, f, name, path);
    return access(whole, F_OK) == 0;
}

void export_put(const struct vault_fixture *f, const char *name,
                const char *path, const void *p, size_t n)
{
    char whole[256];
    FILE *file;

    path_of(whole, f, name, path);
    file = fopen(whole, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(p, 1, n, file), n);
    ck_assert_int_eq(fclose(file), 0);
}

void export_cut(const struct vault_fixture *f, const char *name,
                const char *path, size_t n)
{
    char whole[256];

    path_of(whole, f, name, path);
    ck_assert_int_eq(truncate(whole, (off_t)n), 0);
}

bool export_same(const struct vault_fixture *f, const char *a, const char *b)
{
    char command[512];

    snprintf(command, sizeof command, "diff -r %s/%s %s/%s", f->dir, a, f->dir,
             b);
    return system(command) == 0;
}
