/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The folder that a factsheet is written to.  A file appears whole or not at
 * all: it is written under another name, synced, and renamed.  No file is ever given
 * other bytes than it has: a factsheet is made again, or made elsewhere.
 */
#ifndef MK_REPORTS_FOLDER_H
#define MK_REPORTS_FOLDER_H

#include "core/base/buf.h"

#define MK_FOLDER_PATH 4096 /* bytes of a path, with its end */

struct mk_folder {
    int fd;                      /* -1: not open */
    bool private;                /* files for the owner only: mode 600, else
                                    644 */
    bool made;                   /* it was not there before */
    char parent[MK_FOLDER_PATH]; /* where it is, and its name there */
    char name[MK_FOLDER_PATH];
    int parent_fd; /* -1: not made by us */
};
void mk_folder_init(struct mk_folder *folder);

/*
 * Opens the folder path, which is made if its parent exists (mode 700 or 755).
 * folder is initialised.
 * Errors: E_IO, E_READ_ONLY, E_NO_FOLDER (no parent); diag->place is "--out".
 */
MK_MUST_USE enum mk_err mk_folder_open(struct mk_folder *folder,
                                       const char *path, bool private,
                                       struct mk_diag *diag);

/*
 * Whether name is in the folder already, with the bytes of text.
 * Errors: E_EXISTS (with other bytes, or no regular file), E_IO.
 */
MK_MUST_USE enum mk_err mk_folder_check(const struct mk_folder *folder,
                                        const char *name,
                                        const struct mk_buf *text, bool *there,
                                        struct mk_diag *diag);

/* Takes away a file that was written, when one after it could not be. */
void mk_folder_remove(const struct mk_folder *folder, const char *name);

/* Writes text as name.  Errors: E_IO, E_DISK_FULL; diag->place is name. */
MK_MUST_USE enum mk_err mk_folder_write(const struct mk_folder *folder,
                                        const char *name,
                                        const struct mk_buf *text,
                                        struct mk_diag *diag);

/* Takes the folder away too where it was made here and nothing came into it. */
void mk_folder_close(struct mk_folder *folder);

#endif
