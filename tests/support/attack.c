/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/attack.h"

#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/base/random.h"

void (*attack_step)(void);

/* Nothing here is about power cuts, and commits are counted in thousands. */
int fsync(int fd)
{
    (void)fd;
    if (attack_step != NULL)
        attack_step();
    return 0;
}
int fdatasync(int fd)
{
    return fsync(fd);
}

static const char *const people[ATTACK_PEOPLE] = {
    "bewaarder1",  "bewaarder2", "inspecteur1", "inspecteur2",
    "inspecteur3", "analist1",   "auditor1",
};

/* --- people --- */

static size_t index_of(const char *name)
{
    for (size_t i = 0; i < ATTACK_PEOPLE; i++)
        if (strcmp(people[i], name) == 0)
            return i;
    ck_abort_msg("nobody is called %s", name);
    return 0;
}

static struct mk_secret *copy_of(const struct mk_secret *s)
{
    struct mk_secret *copy = s == NULL ? NULL : mk_secret_copy(s);

    ck_assert(s == NULL || copy != NULL);
    return copy;
}

/* What mk_vault_unlock does once it has the keys of the slot. */
static enum mk_err take_over(struct mk_vault *v, const struct mk_vault *from,
                             struct mk_diag *diag)
{
    enum mk_err rc;

    memcpy(v->my_id, from->my_id, MK_ID);
    v->me = mk_keyring_by_id(v->keyring, v->my_id);
    if (v->me == NULL)
        return mk_fail(diag, MK_E_LOCKED, NULL);
    memcpy(v->who.id, from->who.id, MK_ID);
    v->who.box = copy_of(from->who.box);
    v->who.seed = copy_of(from->who.seed);
    v->who.sign = copy_of(from->who.sign);
    v->roles = from->roles;
    for (size_t i = 0; i < MK_KEY_KINDS; i++) {
        v->keys[i] = copy_of(from->keys[i]);
        memcpy(v->key_ids[i], from->key_ids[i], MK_ID);
        v->key_gens[i] = from->key_gens[i];
    }
    v->owner_key = copy_of(from->owner_key);
    ck_assert_int_eq(mk_vault_new_session(v, diag), MK_OK);
    rc = mk_store_open(&v->store, v->docs.dir, v->where.vault,
                       v->keys[MK_KEY_DBK], diag);
    if (rc != MK_OK)
        return rc;
    rc = mk_store_begin_read(v->store, diag);
    if (rc == MK_OK)
        rc = mk_heads_from_mark(v, diag);
    mk_store_rollback(v->store);
    v->suspect = rc;
    return rc;
}

enum mk_err attack_unlock(struct attack *a, const char *name,
                          struct mk_vault **v, struct mk_diag *diag)
{
    size_t i = index_of(name);
    enum mk_err rc;

    if (a->real || a->known[i] == NULL)
        return vault_try(&a->f, name, v, diag);
    *v = NULL;
    rc = mk_vault_open(v, &a->f.where, diag);
    return rc != MK_OK ? rc : take_over(*v, a->known[i], diag);
}

struct mk_vault *attack_as(struct attack *a, const char *name)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;
    enum mk_err rc = attack_unlock(a, name, &v, &diag);

    ck_assert_msg(rc == MK_OK, "%s: %s %s", name, mk_err_name(rc), diag.place);
    return v;
}

/* A handle that holds the keys and leaves the files alone. */
static void remember(struct attack *a, const char *name)
{
    struct mk_vault *v = vault_as(&a->f, name);

    mk_store_close(v->store);
    v->store = NULL;
    a->known[index_of(name)] = v;
}

/* --- the vault --- */

static size_t rows_left, rows_done;
static char row_text[512];
static size_t row_at;

static enum mk_err next_rows(void *ctx, void *p, size_t n, size_t *got)
{
    size_t left;

    (void)ctx;
    if (row_text[row_at] == '\0' && rows_left > 0) {
        rows_left--;
        row_at = 0;
        snprintf(row_text, sizeof row_text,
                 "r-%zu,2019-01-05,TEL,OUD,KO,BSO,SM,MW,J,J,XIV,2019-01,"
                 "2019-01-07,J,GEEN,2019-01-09,OVD,2019-02-01\n",
                 ++rows_done);
    }
    left = strlen(row_text + row_at);
    *got = left < n ? left : n;
    memcpy(p, row_text + row_at, *got);
    row_at += *got;
    return MK_OK;
}

static void import_rows(struct mk_vault *v, size_t rows)
{
    const struct mk_access access = {.purpose = 0};
    struct mk_import_result out;
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc;

    rows_left = rows;
    rows_done = 0;
    row_at = 0;
    snprintf(row_text, sizeof row_text,
             "ref,received,channel,reporter,sector,care_type,category,accused,"
             "victim_minor,in_care,qualification,occurred,contact,direct,"
             "verdict,verdict_date,outcome,closed\n");
    rc =
        mk_import(v, &access, next_rows, NULL, false, NULL, NULL, &out, &diag);
    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    ck_assert_uint_eq(out.imported, rows);
}

static void grant_analyst(struct attack *a)
{
    const struct mk_access access = {.purpose = 0};
    static const char *const by[] = {"bewaarder1", "analist1"};
    struct mk_diag diag = MK_DIAG_INIT;

    for (size_t i = 0; i < 2; i++) {
        struct mk_vault *v = vault_as(&a->f, by[i]);

        ck_assert_int_eq(
            mk_role_grant(v, &access, "inspecteur1", MK_ROLE_ANALYST, &diag),
            MK_OK);
        mk_vault_close(v);
    }
}

void attack_setup(struct attack *a, size_t rows)
{
    static const char *const days[ATTACK_DOSSIERS] = {
        "2019-05-06", "2020-03-02", "2020-04-09"};
    struct mk_vault *v;
    char hex[2 * MK_ID + 1];

    memset(a, 0, sizeof *a);
    vault_setup(&a->f);
    grant_analyst(a);
    v = vault_as(&a->f, "inspecteur1");
    for (size_t i = 0; i < ATTACK_DOSSIERS; i++) {
        a->ref[i] = vault_intake(v, days[i]);
        vault_classify(v, &a->ref[i], i != 1);
    }
    if (rows != 0)
        import_rows(v, rows);
    mk_hex(hex, mk_keyring_store(v->keyring), MK_ID);
    snprintf(a->mark, sizeof a->mark, "%s.mark", hex);
    a->log_size = v->head.log_size;
    mk_vault_close(v);
    for (size_t i = 0; i < ATTACK_PEOPLE; i++)
        if (strcmp(people[i], "inspecteur3") != 0)
            remember(a, people[i]);
}

void attack_teardown(struct attack *a)
{
    for (size_t i = 0; i < ATTACK_PEOPLE; i++)
        mk_vault_close(a->known[i]);
    vault_teardown(&a->f);
}

struct mk_dossier_ref attack_intake(struct attack *a, const char *received)
{
    struct mk_vault *v = attack_as(a, "inspecteur1");
    struct mk_dossier_ref ref = vault_intake(v, received);

    mk_vault_close(v);
    return ref;
}

void attack_note(struct attack *a, size_t i, const char *text)
{
    struct mk_vault *v = attack_as(a, "inspecteur1");
    struct mk_event e;

    vault_event(&e, MK_VERB_NOTITIE, "narrative", text, NULL);
    ck_assert_int_eq(vault_do(v, &a->ref[i], &e), MK_OK);
    mk_vault_close(v);
}

/* --- files --- */

void attack_path(const struct attack *a, enum attack_file which,
                 char out[static 192])
{
    static const char *const names[] = {"vault.db",  "vault.db-journal",
                                        "keyring",   "keyring.new",
                                        "retention", "failed"};

    if (which == ATTACK_MARK)
        snprintf(out, 192, "%s/%s", a->f.state, a->mark);
    else
        snprintf(out, 192, "%s/%s", a->f.vault, names[which]);
}

void attack_write(const struct attack *a, enum attack_file which,
                  const void *p, size_t n)
{
    char path[192];
    int fd;

    attack_path(a, which, path);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, p, n), (ssize_t)n);
    ck_assert_int_eq(close(fd), 0);
}

static bool read_file(const char *path, struct mk_buf *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;

    mk_buf_clear(out);
    if (fd < 0)
        return false;
    ck_assert_int_eq(fstat(fd, &st), 0);
    ck_assert_int_eq(mk_buf_add_zero(out, (size_t)st.st_size), MK_OK);
    ck_assert_int_eq(read(fd, out->data, out->len), st.st_size);
    ck_assert_int_eq(close(fd), 0);
    return true;
}

void attack_save(const struct attack *a, struct attack_files *out)
{
    char path[192];

    *out = (struct attack_files){.there = {false}};
    for (size_t i = 0; i < ATTACK_FILES; i++) {
        attack_path(a, (enum attack_file)i, path);
        out->there[i] = read_file(path, &out->text[i]);
    }
}

void attack_load_one(const struct attack *a, const struct attack_files *from,
                     enum attack_file which)
{
    char path[192];

    if (from->there[which]) {
        attack_write(a, which, from->text[which].data, from->text[which].len);
        return;
    }
    attack_path(a, which, path);
    ck_assert(unlink(path) == 0 || access(path, F_OK) != 0);
}

void attack_load(const struct attack *a, const struct attack_files *from)
{
    for (size_t i = 0; i < ATTACK_FILES; i++)
        attack_load_one(a, from, (enum attack_file)i);
}

void attack_files_release(struct attack_files *files)
{
    for (size_t i = 0; i < ATTACK_FILES; i++)
        mk_buf_release(&files->text[i]);
}

/* --- rows --- */

/* Everybody holds this key: the first one known serves. */
static struct mk_store *open_rows(struct attack *a)
{
    struct mk_vault *v = a->known[0];
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_store *st;
    enum mk_err rc = mk_store_open(&st, v->docs.dir, a->f.vault,
                                   v->keys[MK_KEY_DBK], &diag);

    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    return st;
}

void attack_sql(struct attack *a, const char *format, ...)
{
    struct mk_store *st = open_rows(a);
    va_list ap;

    va_start(ap, format);
    below_run(st, format, ap);
    va_end(ap);
    mk_store_close(st);
}

void attack_sql_in(struct mk_vault *v, const char *format, ...)
{
    va_list ap;

    va_start(ap, format);
    below_run(v->store, format, ap);
    va_end(ap);
}

void attack_rows(struct attack *a, const char *table, struct below_rows *out)
{
    struct mk_store *st = open_rows(a);

    below_read(st, table, out);
    mk_store_close(st);
}
