/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files in a folder that somebody else made, on his stick: any owner, any
 * mode, any trick.  What is read is judged by what it says.
 */
#ifndef MK_STORE_OUTSIDE_H
#define MK_STORE_OUTSIDE_H

#include "core/base/buf.h"

/*
 * Reads path below the folder dir into out, which is cleared first: names with
 * / between them, no "." or ".."; no symbolic link on the way is followed, and
 * only a plain file of at most max bytes is read.
 * Errors: E_NO_FILE (diag->place: path) for what is missing or no plain file,
 * E_TOO_LARGE, E_IO.
 */
MK_MUST_USE enum mk_err mk_outside_read(int dir, const char *path, size_t max,
                                        struct mk_buf *out,
                                        struct mk_diag *diag);

/*
 * Puts a file name into the folder dir, or in the place of the one there: a
 * temporary file, fsync, rename, fsync of dir.  Not private: what mode a stick
 * gives it is the stick's.  Errors: E_DISK_FULL, E_READ_ONLY, E_IO.
 */
MK_MUST_USE enum mk_err mk_outside_write(int dir, const char *name,
                                         const void *p, size_t n,
                                         struct mk_diag *diag);

#endif
