/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opening a store and its transactions.
 *
 *   folder ours, 700 -> files ours, 600, one link, no write-ahead log
 *   -> first 16 bytes = HKDF(DBK, "mk1/salt") -> driver (raw key and salt)
 *   -> migrations, schema text
 *
 * A new vault is made as vault.new and renamed when it is whole, so that a
 * vault.db is never half of one.
 *
 * vault.lock is shared by whoever opens the file or is in a transaction, and
 * held alone by who puts another file in its place (next.c).  Without it a
 * process whose file was replaced would take the journal of the new file,
 * which has the same name, for one that its old file needs.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/store/file.h"
#include "core/store/migrate.h"
#include "core/store/next.h"
#include "core/store/query.h"
#include "crypto/kdf.h"

#define DB MK_STORE_FILE
#define DB_NEW "vault.new"
#define STEP_MS 5u

enum mk_err mk_store_init(struct mk_diag *diag)
{
    return mk_sqlcipher_init(diag);
}

enum mk_err mk_store_engine(char out[static 64], struct mk_diag *diag)
{
    return mk_sqlcipher_engine(out, diag);
}

/* ---- the key ---- */

static enum mk_err make_salt(uint8_t salt[static MK_SQLCIPHER_SALT],
                             const struct mk_secret *dbk)
{
    struct mk_secret *s = NULL;
    enum mk_err rc;

    rc = mk_hkdf(&s, MK_SQLCIPHER_SALT, NULL, 0, dbk, "mk1/salt", 8);
    if (rc == MK_OK)
        memcpy(salt, mk_secret_peek(s), MK_SQLCIPHER_SALT);
    mk_secret_free(s);
    return rc;
}

/* x'<64 digits of key><32 digits of salt>', in guarded memory. */
static struct mk_secret *make_raw_key(
    const struct mk_secret *dbk, const uint8_t salt[static MK_SQLCIPHER_SALT])
{
    /* one byte more: mk_hex writes a NUL */
    struct mk_secret *raw = mk_secret_new(MK_SQLCIPHER_KEY_TEXT + 1);
    char *p;

    if (!raw)
        return NULL;
    p = (char *)mk_secret_bytes(raw);
    memcpy(p, "x'", 2);
    mk_hex(p + 2, mk_secret_peek(dbk), MK_KEY);
    mk_hex(p + 2 + 2 * MK_KEY, salt, MK_SQLCIPHER_SALT);
    p[MK_SQLCIPHER_KEY_TEXT - 1] = '\'';
    return raw;
}

/*
 * The cipher takes its salt from the key, not from the file, so a flipped
 * byte of it would go unnoticed.  A file that begins like a plain SQLite
 * database was written by a library that ignores keys.
 */
static enum mk_err check_salt(int dir, const char *name,
                              const uint8_t salt[static MK_SQLCIPHER_SALT],
                              struct mk_diag *diag)
{
    static const char plain[MK_SQLCIPHER_SALT] = "SQLite format 3";
    uint8_t found[MK_SQLCIPHER_SALT];
    int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    ssize_t n;

    if (fd < 0)
        return mk_fail_sys(diag, MK_E_IO, name);
    n = pread(fd, found, sizeof(found), 0);
    (void)close(fd);
    if (n < 0)
        return mk_fail_sys(diag, MK_E_IO, name);
    if (n == (ssize_t)sizeof(found) &&
        memcmp(found, plain, sizeof(found)) == 0)
        return mk_fail(diag, MK_E_PLAINTEXT, name);
    if (n != (ssize_t)sizeof(found) || memcmp(found, salt, sizeof(found)) != 0)
        return mk_fail(diag, MK_E_DAMAGED, name);
    return MK_OK;
}

/* ---- the folder ---- */

static enum mk_err check_folder(int dir, struct mk_diag *diag)
{
    enum mk_err rc = mk_dir_check(dir, "vault", diag);

    /* without a journal nothing can be logged, so nothing may be shown */
    if (rc == MK_OK && faccessat(dir, ".", W_OK, AT_EACCESS) != 0)
        rc = mk_fail_sys(
            diag, errno == EROFS || errno == EACCES ? MK_E_READ_ONLY : MK_E_IO,
            "vault");
    return rc;
}

/*
 * The library follows no symbolic link in any part of a path, so it gets the
 * resolved one; it must lead to the folder that is open.
 */
static enum mk_err resolve(char out[static PATH_MAX], int dir,
                           const char *path, const char *name,
                           struct mk_diag *diag)
{
    char folder[PATH_MAX];
    struct stat a, b;

    if (!realpath(path, folder) || fstat(dir, &a) != 0 ||
        stat(folder, &b) != 0)
        return mk_fail_sys(diag, MK_E_IO, "vault");
    if (a.st_dev != b.st_dev || a.st_ino != b.st_ino)
        return mk_fail(diag, MK_E_PERMISSIONS, "vault");
    if (snprintf(out, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX)
        return mk_fail(diag, MK_E_TOO_LARGE, "vault");
    return MK_OK;
}

/* Files of the database as the library names them. */
static enum mk_err check_files(int dir, struct mk_diag *diag)
{
    enum mk_err rc;
    bool found;

    MK_TRY(mk_file_check(dir, DB, &found, diag));
    if (!found)
        MK_TRY(mk_fail(diag, MK_E_NOT_FOUND, DB));
    MK_TRY(mk_file_check(dir, DB "-journal", &found, diag));
    /* never made here; the library would read it in place of the pages */
    if (mk_file_exists(dir, DB "-wal"))
        rc = mk_fail(diag, MK_E_TAMPERED, DB "-wal");
out:
    return rc;
}

/* ---- create, open, close ---- */

static enum mk_err open_named(struct mk_store *st, const char *path,
                              const char *name, const struct mk_secret *dbk,
                              bool create, struct mk_diag *diag)
{
    uint8_t salt[MK_SQLCIPHER_SALT];
    struct mk_secret *raw = NULL;
    char file[PATH_MAX];
    enum mk_err rc;

    MK_TRY(make_salt(salt, dbk));
    raw = make_raw_key(dbk, salt);
    if (!raw)
        MK_TRY(mk_fail(diag, MK_E_MEMORY, NULL));
    if (!create)
        MK_TRY(check_salt(st->dir, name, salt, diag));
    MK_TRY(resolve(file, st->dir, path, name, diag));
    MK_TRY(mk_sqlcipher_open(&st->driver, file, raw, MK_STORE_BUSY_MS, diag));
    MK_TRY(mk_migrate(st->driver, create, &st->schema, diag));
    if (create)
        MK_TRY(check_salt(st->dir, name, salt, diag));
out:
    mk_secret_free(raw);
    return rc;
}

/* With its own descriptor of the folder. */
static struct mk_store *new_store(int dir)
{
    struct mk_store *st = calloc(1, sizeof(*st));

    if (!st)
        return NULL;
    st->lock = -1;
    st->dir = fcntl(dir, F_DUPFD_CLOEXEC, 0);
    if (st->dir >= 0)
        return st;
    free(st);
    return NULL;
}

/* The file at the place is the one that st will have open. */
static enum mk_err remember_file(struct mk_store *st, struct mk_diag *diag)
{
    struct stat s;

    if (fstatat(st->dir, DB, &s, AT_SYMLINK_NOFOLLOW) != 0)
        return mk_fail_sys(diag, MK_E_IO, DB);
    st->dev = s.st_dev;
    st->ino = s.st_ino;
    return MK_OK;
}

enum mk_err mk_store_open(struct mk_store **out, int dir, const char *path,
                          const struct mk_secret *dbk, struct mk_diag *diag)
{
    struct mk_store *st = NULL;
    enum mk_err rc;

    *out = NULL;
    MK_TRY(check_folder(dir, diag));
    MK_TRY(mk_next_settle(dir, diag));
    st = new_store(dir);
    if (!st)
        MK_TRY(mk_fail(diag, MK_E_MEMORY, NULL));
    MK_TRY(mk_lock_open(&st->lock, dir, MK_STORE_LOCK, diag));
    MK_TRY(mk_lock_take(st->lock, MK_STORE_LOCK, MK_LOCK_SHARED,
                        MK_STORE_BUSY_MS, diag));
    MK_TRY(check_files(dir, diag));
    MK_TRY(remember_file(st, diag));
    MK_TRY(open_named(st, path, DB, dbk, false, diag));
    mk_lock_drop(st->lock);
    *out = st;
    st = NULL;
out:
    mk_store_close(st);
    return rc;
}

enum mk_err mk_store_make(struct mk_store **out, int dir, const char *path,
                          const char *name, const struct mk_secret *dbk,
                          struct mk_diag *diag)
{
    struct mk_store *st = NULL;
    enum mk_err rc;

    *out = NULL;
    MK_TRY(mk_sqlcipher_init(diag));
    MK_TRY(mk_store_unmake(dir, name, diag)); /* an attempt cut off */
    MK_TRY(mk_file_write(dir, name, NULL, 0, diag));
    st = new_store(dir);
    if (!st)
        MK_TRY(mk_fail(diag, MK_E_MEMORY, NULL));
    MK_TRY(open_named(st, path, name, dbk, true, diag));
    *out = st;
    st = NULL;
out:
    mk_store_close(st);
    return rc;
}

/* "name-journal" */
static enum mk_err remove_journal(int dir, const char *name,
                                  struct mk_diag *diag)
{
    char journal[NAME_MAX + 1];

    (void)snprintf(journal, sizeof(journal), "%s-journal", name);
    return mk_file_remove(dir, journal, diag);
}

enum mk_err mk_store_unmake(int dir, const char *name, struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(remove_journal(dir, name, diag));
    MK_TRY(mk_file_remove(dir, name, diag));
out:
    return rc;
}

enum mk_err mk_store_finish(struct mk_store *st, const char *name,
                            struct mk_diag *diag)
{
    int dir = fcntl(st->dir, F_DUPFD_CLOEXEC, 0);
    enum mk_err rc;

    mk_store_close(st);
    if (dir < 0)
        return mk_fail_sys(diag, MK_E_IO, name);
    rc = remove_journal(dir, name, diag);
    (void)close(dir);
    return rc;
}

enum mk_err mk_store_create(struct mk_store **out, int dir, const char *path,
                            const struct mk_secret *dbk, struct mk_diag *diag)
{
    struct mk_store *st = NULL;
    enum mk_err rc;

    *out = NULL;
    MK_TRY(check_folder(dir, diag));
    if (mk_file_exists(dir, DB))
        return mk_fail(diag, MK_E_EXISTS, DB);
    MK_TRY(mk_store_make(&st, dir, path, DB_NEW, dbk, diag));
    MK_TRY(mk_store_finish(st, DB_NEW, diag));
    MK_TRY(mk_file_rename(dir, DB_NEW, DB, diag));
    MK_TRY(mk_store_open(out, dir, path, dbk, diag));
out:
    return rc;
}

enum mk_err mk_store_open_server(struct mk_store **out,
                                 struct mk_driver *server,
                                 struct mk_diag *diag)
{
    struct mk_store *st = calloc(1, sizeof(*st));
    enum mk_err rc;

    *out = NULL;
    if (!st)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    *st = (struct mk_store){
        .driver = server, .on_server = true, .dir = -1, .lock = -1};
    rc = mk_migrate_check(server, &st->schema, diag);
    if (rc == MK_OK)
        *out = st;
    else
        free(st);
    return rc;
}

void mk_store_close(struct mk_store *st)
{
    if (!st)
        return;
    if (st->on_server)
        mk_store_rollback(st);
    else if (st->driver)
        st->driver->ops->close(st->driver);
    if (st->lock >= 0)
        (void)close(st->lock);
    if (st->dir >= 0)
        (void)close(st->dir);
    free(st);
}

/* ---- transactions ---- */

/* Is the file that st has open still the one at the place, and will it stay
 * there?  With the lock held nobody changes that. */
static enum mk_err check_place(const struct mk_store *st, struct mk_diag *diag)
{
    struct stat s;

    if (mk_next_switched(st->dir))
        return mk_fail(diag, MK_E_REPLACED, DB);
    if (fstatat(st->dir, DB, &s, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? mk_fail(diag, MK_E_REPLACED, DB)
                               : mk_fail_sys(diag, MK_E_IO, DB);
    if (s.st_dev != st->dev || s.st_ino != st->ino)
        return mk_fail(diag, MK_E_REPLACED, DB);
    return MK_OK;
}

static enum mk_err begin_once(struct mk_store *st, enum mk_tx tx,
                              struct mk_diag *diag)
{
    enum mk_err rc;

    /* a file that is being made is known to nobody else; a server waits */
    if (st->lock < 0)
        return st->driver->ops->begin(st->driver, tx == MK_TX_WRITE, true,
                                      diag);
    rc = mk_lock_take(st->lock, MK_STORE_LOCK, MK_LOCK_SHARED,
                      MK_STORE_BUSY_MS, diag);
    if (rc != MK_OK)
        return rc;
    MK_TRY(check_place(st, diag));
    MK_TRY(st->driver->ops->begin(st->driver, tx == MK_TX_WRITE, false, diag));
    /* of a change of the key that was cut off: who makes one is a writer */
    if (tx == MK_TX_WRITE && mk_next_left(st->dir))
        rc = mk_next_clear(st->dir, diag);
    if (rc != MK_OK)
        st->driver->ops->rollback(st->driver);
out:
    if (rc != MK_OK)
        mk_lock_drop(st->lock);
    return rc;
}

/* Waits for the writer before us without the lock: he may need it alone.  A try
 * may take all of that time itself: a server, and a lock, wait on their own. */
static enum mk_err begin(struct mk_store *st, enum mk_tx tx,
                         struct mk_diag *diag)
{
    const struct timespec pause = {.tv_nsec = STEP_MS * 1000000L};
    const int64_t end = mk_clock_steady() + MK_STORE_BUSY_MS;
    enum mk_err rc;

    if (st->tx != MK_TX_NONE)
        return mk_fail(diag, MK_E_INTERNAL, "transaction");
    for (;;) {
        rc = begin_once(st, tx, diag);
        if (rc != MK_E_BUSY || mk_clock_steady() >= end)
            break;
        (void)nanosleep(&pause, NULL);
    }
    if (rc == MK_OK)
        st->tx = tx;
    st->tail_written = 0;
    return rc;
}

enum mk_err mk_store_begin_read(struct mk_store *st, struct mk_diag *diag)
{
    return begin(st, MK_TX_READ, diag);
}

enum mk_err mk_store_begin_write(struct mk_store *st, struct mk_diag *diag)
{
    return begin(st, MK_TX_WRITE, diag);
}

/*
 * Of a file.  (What one server shows may be lost with it: there only a
 * commit that waits for the standby can tell, and the repeat makes one.)
 * Every writer moves the tail of the log forward.  If it stands behind what
 * this transaction wrote, the transaction is not there and never will be;
 * else it may be, and may yet be lost with the power.
 */
static enum mk_err resolve_outcome(struct mk_store *st, uint64_t written,
                                   struct mk_diag *diag)
{
    struct mk_diag ignored = MK_DIAG_INIT;
    uint64_t tail = 0;
    enum mk_err rc;

    if (written == 0 || mk_store_begin_read(st, &ignored) != MK_OK)
        return MK_E_UNKNOWN_OUTCOME;
    rc = mk_tail_get(st, &tail, &ignored);
    mk_store_rollback(st);
    if (rc == MK_OK && tail < written)
        return mk_fail(diag, MK_E_IO, DB);
    return MK_E_UNKNOWN_OUTCOME;
}

enum mk_err mk_store_commit(struct mk_store *st, struct mk_diag *diag)
{
    uint64_t written = st->tail_written;
    enum mk_err rc;

    if (st->tx == MK_TX_NONE)
        return mk_fail(diag, MK_E_INTERNAL, "transaction");
    rc = st->driver->ops->commit(st->driver, diag);
    if (rc != MK_OK)
        st->driver->ops->rollback(st->driver);
    mk_lock_drop(st->lock);
    st->tx = MK_TX_NONE;
    if (rc == MK_E_UNKNOWN_OUTCOME && !st->on_server)
        rc = resolve_outcome(st, written, diag);
    return rc;
}

void mk_store_rollback(struct mk_store *st)
{
    if (st->tx == MK_TX_NONE)
        return;
    st->driver->ops->rollback(st->driver);
    mk_lock_drop(st->lock);
    st->tx = MK_TX_NONE;
}

bool mk_store_in_write(const struct mk_store *st)
{
    return st->tx == MK_TX_WRITE;
}

/* ---- state ---- */

enum mk_err mk_store_facts(struct mk_store *st, struct mk_store_facts *out,
                           struct mk_diag *diag)
{
    memset(out, 0, sizeof(*out));
    out->schema = st->schema;
    return st->driver->ops->facts(st->driver, out, diag);
}

enum mk_err mk_store_check(struct mk_store *st, struct mk_diag *diag)
{
    bool inside = st->tx != MK_TX_NONE;
    enum mk_err rc = inside ? MK_OK : mk_store_begin_read(st, diag);

    if (rc != MK_OK)
        return rc;
    rc = st->driver->ops->check(st->driver, diag);
    if (!inside)
        mk_store_rollback(st);
    return rc;
}
