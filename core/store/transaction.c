/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Transactions of a store.
 *
 * vault.lock is shared by whoever opens the file or is in a transaction, and
 * held alone by who puts another file in its place (next.c).  Without it a
 * process whose file was replaced would take the journal of the new file,
 * which has the same name, for one that its old file needs.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/store/file.h"
#include "core/store/next.h"
#include "core/store/query.h"

#define STEP_MS 5u

/* Is the file that st has open still the one at the place, and will it stay
 * there?  With the lock held nobody changes that. */
static enum mk_err check_place(const struct mk_store *st, struct mk_diag *diag)
{
    struct stat s;
    bool switched;
    enum mk_err rc = mk_next_switched(st->dir, &switched, diag);

    if (rc != MK_OK || switched)
        return rc != MK_OK ? rc : mk_fail(diag, MK_E_REPLACED, MK_STORE_FILE);
    if (fstatat(st->dir, MK_STORE_FILE, &s, AT_SYMLINK_NOFOLLOW) != 0)
        return errno == ENOENT ? mk_fail(diag, MK_E_REPLACED, MK_STORE_FILE)
                               : mk_fail_sys(diag, MK_E_IO, MK_STORE_FILE);
    if (s.st_dev != st->dev || s.st_ino != st->ino)
        return mk_fail(diag, MK_E_REPLACED, MK_STORE_FILE);
    return MK_OK;
}

static enum mk_err begin_once(struct mk_store *st, enum mk_tx tx,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    bool left = false;

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
    if (tx == MK_TX_WRITE)
        rc = mk_next_left(st->dir, &left, diag);
    if (rc == MK_OK && left)
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
        return mk_fail(diag, MK_E_IO, MK_STORE_FILE);
    return MK_E_UNKNOWN_OUTCOME;
}

enum mk_err mk_store_commit(struct mk_store *st, struct mk_diag *diag)
{
    uint64_t written = st->tail_written;
    enum mk_err rc;

    if (st->tx == MK_TX_NONE)
        return mk_fail(diag, MK_E_INTERNAL, "transaction");
    rc = st->driver->ops->commit(st->driver, diag);
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
