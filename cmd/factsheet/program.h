/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The parts of meldkluis-factsheet: what its verbs share.
 *
 *   main -> harden -> verb: options -> solver's process -> files opened
 *        -> sandbox -> input read -> job asked, answer checked -> output
 */
#ifndef MK_CMD_FACTSHEET_PROGRAM_H
#define MK_CMD_FACTSHEET_PROGRAM_H

#include "cmd/factsheet/solver.h"
#include "cmd/harden.h"
#include "reports/folder.h"

struct mk_fs {
    struct mk_harden harden;
    struct mk_fs_solver solver;
    struct mk_diag diag;
    bool english;
    bool silent; /* whoever started us has said why, or will */
};

/* ---- the command line ---- */

/* "--name value" or "--name=value". */
struct mk_fs_option {
    const char *name; /* "--spec" */
    bool repeatable;
    bool flag; /* takes no value */
};
/* Takes option number i with its value (NULL for a flag). */
typedef enum mk_err mk_fs_take(void *ctx, size_t i, const char *value,
                               struct mk_diag *diag);
/* argv from 2 on.  Errors: E_USAGE naming what is unknown, twice or lacks its
 * value; what take says. */
MK_MUST_USE enum mk_err mk_fs_options(int argc, char **argv,
                                      const struct mk_fs_option *list,
                                      size_t n, mk_fs_take *take, void *ctx,
                                      struct mk_diag *diag);
/* The value of --lang: nl or en.  Errors: E_USAGE. */
MK_MUST_USE enum mk_err mk_fs_language(struct mk_fs *fs, const char *value,
                                       struct mk_diag *diag);

/* ---- in and out ---- */

/* Opens path for reading; "-" is standard input.  Errors: E_NOT_FOUND, E_IO
 * with the path as place. */
MK_MUST_USE enum mk_err mk_fs_open(int *fd, const char *path,
                                   struct mk_diag *diag);
/* Reads all of it, at most max bytes; closes fd. */
MK_MUST_USE enum mk_err mk_fs_read(int fd, const char *path, size_t max,
                                   struct mk_buf *out, struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_fs_write(const struct mk_buf *text,
                                    struct mk_diag *diag);

struct mk_fs_file {
    const char *name;
    const struct mk_buf *text;
};
/* All files or none: each is compared with what is there before the first is
 * written, and those of a run that fails are taken away again. */
MK_MUST_USE enum mk_err mk_fs_write_files(const struct mk_folder *folder,
                                          const struct mk_fs_file *file,
                                          size_t n, struct mk_diag *diag);

/* ---- messages ---- */

/* The line "meldkluis-factsheet: ..." of diag; gives the exit status. */
int mk_fs_complain(const struct mk_diag *diag, bool english);
#define MK_FS_T(fs, nl, en) ((fs)->english ? (en) : (nl))

/* ---- verbs ---- */

MK_MUST_USE enum mk_err mk_fs_tables(struct mk_fs *fs, int argc, char **argv);
MK_MUST_USE enum mk_err mk_fs_publish(struct mk_fs *fs, int argc, char **argv);
MK_MUST_USE enum mk_err mk_fs_release(struct mk_fs *fs, int argc, char **argv);
MK_MUST_USE enum mk_err mk_fs_check(struct mk_fs *fs, int argc, char **argv);
MK_MUST_USE enum mk_err mk_fs_protect(struct mk_fs *fs, int argc, char **argv);
MK_MUST_USE enum mk_err mk_fs_audit(struct mk_fs *fs, int argc, char **argv);
MK_MUST_USE enum mk_err mk_fs_round(struct mk_fs *fs, int argc, char **argv);
MK_MUST_USE enum mk_err mk_fs_advise(struct mk_fs *fs, int argc, char **argv);

#endif
