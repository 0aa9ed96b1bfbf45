/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/next.h"

#include <fcntl.h>
#include <unistd.h>

#include "core/store/file.h"
#include "core/store/query.h"

#define KEYRING "keyring"

/* ---- copying ---- */

static enum mk_err copy_all(struct mk_store *from, struct mk_store *to,
                            const struct mk_copy_progress *progress,
                            struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(mk_store_begin_write(to, diag));
    MK_TRY(mk_copy_rows(from, to, progress, diag));
    MK_TRY(mk_store_commit(to, diag));
out:
    return rc;
}

/* What stays is removed by the next writer. */
static void discard(int dir)
{
    enum mk_err rc = mk_next_clear(dir, NULL);

    (void)rc;
}

enum mk_err mk_store_copy(struct mk_store **out, struct mk_store *from,
                          const char *path, const struct mk_secret *dbk,
                          const struct mk_copy_progress *progress,
                          struct mk_diag *diag)
{
    struct mk_store *to = NULL;
    enum mk_err rc;

    *out = NULL;
    if (!mk_store_in_write(from))
        return mk_fail(diag, MK_E_INTERNAL, "transaction");
    rc = mk_store_make(&to, from->dir, path, MK_NEXT_STORE, dbk, diag);
    if (rc == MK_OK)
        rc = copy_all(from, to, progress, diag);
    if (rc == MK_OK)
        *out = to;
    else if (to)
        mk_store_drop(to);
    else
        discard(from->dir);
    return rc;
}

void mk_store_drop(struct mk_store *copy)
{
    int dir = copy ? fcntl(copy->dir, F_DUPFD_CLOEXEC, 0) : -1;

    mk_store_close(copy);
    if (dir < 0)
        return;
    discard(dir);
    (void)close(dir);
}

/* ---- the switch ---- */

enum mk_err mk_next_switched(int dir, bool *yes, struct mk_diag *diag)
{
    return mk_file_exists(dir, MK_NEXT_KEYRING, yes, diag);
}

enum mk_err mk_next_left(int dir, bool *yes, struct mk_diag *diag)
{
    enum mk_err rc = mk_file_exists(dir, MK_NEXT_STORE, yes, diag);

    return rc != MK_OK || *yes
               ? rc
               : mk_file_exists(dir, MK_NEXT_STORE "-journal", yes, diag);
}

enum mk_err mk_next_clear(int dir, struct mk_diag *diag)
{
    return mk_store_unmake(dir, MK_NEXT_STORE, diag);
}

/* vault.lock is held alone.  Each step may be done already. */
static enum mk_err finish(int dir, struct mk_diag *diag)
{
    enum mk_err rc;
    bool found;

    MK_TRY(mk_file_check(dir, MK_NEXT_KEYRING, &found, diag));
    if (!found)
        goto out;
    MK_TRY(mk_file_check(dir, MK_NEXT_STORE, &found, diag));
    if (found)
        MK_TRY(mk_file_rename(dir, MK_NEXT_STORE, MK_STORE_FILE, diag));
    MK_TRY(mk_file_rename(dir, MK_NEXT_KEYRING, KEYRING, diag));
out:
    return rc;
}

enum mk_err mk_next_settle(int dir, struct mk_diag *diag)
{
    enum mk_err rc;
    bool switched;
    int lock;

    rc = mk_next_switched(dir, &switched, diag);
    if (rc != MK_OK || !switched)
        return rc;
    rc = mk_file_lock(&lock, dir, MK_STORE_LOCK, MK_STORE_BUSY_MS, diag);
    if (rc != MK_OK)
        return rc;
    rc = finish(dir, diag);
    (void)close(lock);
    return rc;
}

/* What can still be refused.  The copy is whole and closed afterwards. */
static enum mk_err prepare(struct mk_store *from, struct mk_store *copy,
                           struct mk_diag *diag)
{
    enum mk_err rc = mk_store_finish(copy, MK_NEXT_STORE, diag);

    if (rc == MK_OK && !mk_store_in_write(from))
        rc = mk_fail(diag, MK_E_INTERNAL, "transaction");
    if (rc == MK_OK) /* readers end; new ones wait */
        rc = mk_lock_take(from->lock, MK_STORE_LOCK, MK_LOCK_ALONE,
                          MK_STORE_BUSY_MS, diag);
    return rc;
}

enum mk_err mk_store_switch(struct mk_store *from, struct mk_store *copy,
                            const char *keyring, struct mk_diag *diag)
{
    enum mk_err rc = prepare(from, copy, diag);
    enum mk_err later;
    bool switched = false;

    if (rc == MK_OK)
        rc = mk_file_rename(from->dir, keyring, MK_NEXT_KEYRING, diag);
    if (rc == MK_OK) {
        later = finish(from->dir, NULL);
        (void)later; /* whoever opens next finishes it */
    } else if (mk_next_switched(from->dir, &switched, NULL) != MK_OK ||
               switched) {
        rc = mk_fail(diag, MK_E_UNKNOWN_OUTCOME, MK_NEXT_KEYRING);
    } else {
        discard(from->dir);
        later = mk_file_remove(from->dir, keyring, NULL);
        (void)later; /* the next writer removes it */
    }
    mk_store_rollback(from);
    return rc;
}
