/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --published FILE: figures that were published at the time, held against the
 * factsheet that is being made. */
#ifndef MK_CMD_FACTSHEET_PUBLISHED_H
#define MK_CMD_FACTSHEET_PUBLISHED_H

#include "cmd/factsheet/program.h"
#include "reports/factsheet.h"

struct mk_fs_published {
    const char *path; /* NULL: not asked */
    int fd;           /* open from open to add; -1: not */
};
#define MK_FS_PUBLISHED_NONE     \
    {                            \
        .path = NULL, .fd = (-1) \
    }

/* Before the sandbox shuts; nothing if it is not asked.  Errors: E_NO_FILE,
 * E_IO. */
MK_MUST_USE enum mk_err mk_fs_published_open(struct mk_fs *fs,
                                             struct mk_fs_published *p);
/*
 * Reads it, and adds the note to f, which is built.  warn: each difference is a
 * line on standard error too; never of a factsheet that is published.
 * Errors: those of mk_reconcile_read; above the message of a code stands what
 * is allowed.
 */
MK_MUST_USE enum mk_err mk_fs_published_add(struct mk_fs *fs,
                                            struct mk_fs_published *p,
                                            struct mk_factsheet *f, bool warn);
void mk_fs_published_release(struct mk_fs_published *p);

#endif
