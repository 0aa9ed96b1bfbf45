/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small files beside the database (keyring, retention, high-water marks):
 * read whole, replaced whole.  Every path is relative to an open folder, so
 * that a folder that is moved away meanwhile is not a way around.
 */
#ifndef MK_STORE_FILE_H
#define MK_STORE_FILE_H

#include "core/base/buf.h"

/*
 * Opens the folder path (O_DIRECTORY|O_NOFOLLOW|O_CLOEXEC); it must belong
 * to the caller and be closed to others (mode 700), else E_PERMISSIONS.
 * Owns: the caller closes *fd.
 */
MK_MUST_USE enum mk_err mk_dir_open(int *fd, const char *path,
                                    struct mk_diag *diag);
/* Makes it (mode 700, parents too) unless it is there; synced. */
MK_MUST_USE enum mk_err mk_dir_make(const char *path, struct mk_diag *diag);
/* Opens the folder name in dir; make: makes it (mode 700, synced) if it is not
 * there, else E_NOT_FOUND.  Errors: as mk_dir_open. */
MK_MUST_USE enum mk_err mk_dir_below(int *fd, int dir, const char *name,
                                     bool make, struct mk_diag *diag);
/* Nothing is at path, or an empty folder.  Errors: E_EXISTS, E_IO. */
MK_MUST_USE enum mk_err mk_dir_check_free(const char *path,
                                          struct mk_diag *diag);
/* Moves a folder to path, where nothing is or an empty folder, and makes that
 * durable.  Errors: E_EXISTS, E_IO. */
MK_MUST_USE enum mk_err mk_dir_move(const char *from, const char *path,
                                    struct mk_diag *diag);

/* The folder behind dir is ours and closed to others, else E_PERMISSIONS. */
MK_MUST_USE enum mk_err mk_dir_check(int dir, const char *place,
                                     struct mk_diag *diag);
/* name in dir, if it is there, is a plain file of ours with one link and mode
 * 600 or less, else E_PERMISSIONS.  Opens nothing. */
MK_MUST_USE enum mk_err mk_file_check(int dir, const char *name, bool *found,
                                      struct mk_diag *diag);

/*
 * Reads name in dir (O_NOFOLLOW; a plain file of ours, one link, mode 600,
 * at most max bytes) into out, which is cleared first.
 * Errors: E_NOT_FOUND, E_PERMISSIONS, E_TOO_LARGE, E_IO.
 */
MK_MUST_USE enum mk_err mk_file_read(int dir, const char *name, size_t max,
                                     struct mk_buf *out, struct mk_diag *diag);

/* Creates or replaces name: a temporary file in dir, fsync, rename, fsync of
 * dir.  Afterwards the old or the new content is there, whatever happens.
 * Errors: E_DISK_FULL, E_READ_ONLY, E_IO. */
MK_MUST_USE enum mk_err mk_file_replace(int dir, const char *name,
                                        const void *p, size_t n,
                                        struct mk_diag *diag);
/*
 * The same without the last fsync where name was there before: a loss of power
 * within the next seconds may bring the old content back, never a mixture or
 * nothing.  For what is true when it is old, too.
 */
MK_MUST_USE enum mk_err mk_file_renew(int dir, const char *name, const void *p,
                                      size_t n, struct mk_diag *diag);
/* Writes name and fsyncs it and dir, no rename.  For keyring.new. */
MK_MUST_USE enum mk_err mk_file_write(int dir, const char *name, const void *p,
                                      size_t n, struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_file_rename(int dir, const char *from,
                                       const char *to, struct mk_diag *diag);
/* Fine if it is not there. */
MK_MUST_USE enum mk_err mk_file_remove(int dir, const char *name,
                                       struct mk_diag *diag);
/* Is anything of that name there?  *there is false after an error, too. */
MK_MUST_USE enum mk_err mk_file_exists(int dir, const char *name, bool *there,
                                       struct mk_diag *diag);

/*
 * A lock (flock) of all processes that open name in dir, which is made if
 * needed.  Many may share it, or one has it alone; take waits at most wait_ms,
 * then E_BUSY, and changes one into the other: what was held is let go first.
 * Owns: the caller closes *fd, which lets go too.
 */
enum mk_lock { MK_LOCK_SHARED, MK_LOCK_ALONE };
MK_MUST_USE enum mk_err mk_lock_open(int *fd, int dir, const char *name,
                                     struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_lock_take(int fd, const char *name,
                                     enum mk_lock lock, unsigned wait_ms,
                                     struct mk_diag *diag);
void mk_lock_drop(int fd); /* -1, not held: fine */

/* Opens it and takes it alone. */
MK_MUST_USE enum mk_err mk_file_lock(int *fd, int dir, const char *name,
                                     unsigned wait_ms, struct mk_diag *diag);

#endif
