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

struct mk_fs;

/* What the program is asked to do; the list is verbs.def. */
struct mk_fs_verb {
    const char *word;
    enum mk_err (*run)(struct mk_fs *fs, int argc, char **argv);
    const char *options; /* lines; none: it is started by meldkluis */
    const char *nl, *en;
};

struct mk_fs {
    struct mk_harden harden;
    struct mk_fs_solver solver;
    struct mk_diag diag;
    const struct mk_fs_verb *verb; /* NULL: none is known yet */
    bool english;
    bool silent; /* whoever started us has said why, or will */
    bool helped; /* --help was asked and told: nothing else is to be done */
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
 * value; what take says; E_CANCELLED with fs->helped where --help stands. */
MK_MUST_USE enum mk_err mk_fs_options(struct mk_fs *fs, int argc, char **argv,
                                      const struct mk_fs_option *list,
                                      size_t n, mk_fs_take *take, void *ctx);
enum mk_fs_wrong {
    MK_FS_WRONG_VERB,   /* no such verb, or none */
    MK_FS_WRONG_OPTION, /* the verb has no such option */
    MK_FS_WRONG_TWICE,  /* an option that is given once */
    MK_FS_WRONG_VALUE,  /* an option without its value, or with one too many */
    MK_FS_WRONG_MISSING, /* an option that has to be there */
};
/* Fails with E_USAGE: the word, and what is wrong with it. */
enum mk_err mk_fs_usage(struct mk_fs *fs, const char *word,
                        enum mk_fs_wrong wrong);
/* The value of --lang: nl or en.  Errors: E_USAGE. */
MK_MUST_USE enum mk_err mk_fs_language(struct mk_fs *fs, const char *value,
                                       struct mk_diag *diag);

/* The value of --threshold: 2..max.  Errors: E_USAGE. */
MK_MUST_USE enum mk_err mk_fs_threshold(uint64_t *threshold, const char *value,
                                        uint64_t max, struct mk_diag *diag);
#define MK_FS_THRESHOLD 5 /* what holds without it */
/* The value of --out: a folder.  Errors: E_USAGE where it is empty. */
MK_MUST_USE enum mk_err mk_fs_out(const char **out, const char *value,
                                  struct mk_diag *diag);

/* ---- help ---- */

/* NULL: no such verb. */
const struct mk_fs_verb *mk_fs_verb_find(const char *word);
bool mk_fs_help_is(const char *word); /* --help, -h, help */
/* --lang en, before anything else is looked at: what is wrong is told in the
 * language that was asked for. */
bool mk_fs_english_wanted(int argc, char **argv);
/* Writes the usage of the verb, or of all (NULL), to standard output. */
MK_MUST_USE enum mk_err mk_fs_help(struct mk_fs *fs,
                                   const struct mk_fs_verb *verb);

/* ---- in and out ---- */

/* Opens path for reading; "-" is standard input.  Errors: E_NOT_FOUND, E_IO
 * with the path as place. */
MK_MUST_USE enum mk_err mk_fs_open(int *fd, const char *path,
                                   struct mk_diag *diag);
/* Reads all of it, at most max bytes; closes fd. */
MK_MUST_USE enum mk_err mk_fs_read(int fd, const char *path, size_t max,
                                   struct mk_buf *out, struct mk_diag *diag);
/* To standard output.  Errors: E_IO, also when it was closed when the program
 * began: what nobody reads is not told. */
MK_MUST_USE enum mk_err mk_fs_write(struct mk_fs *fs,
                                    const struct mk_buf *text);
/*
 * Opens the folder path (NULL: none), and shuts the sandbox around it.  Where
 * the folder is made, taking it away again stays possible too.
 */
MK_MUST_USE enum mk_err mk_fs_shut(struct mk_fs *fs, const char *path,
                                   bool private, struct mk_folder *folder);

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

/* The line "meldkluis-factsheet: ..." of fs->diag; gives the exit status. */
int mk_fs_complain(const struct mk_fs *fs);
#define MK_FS_T(fs, nl, en) ((fs)->english ? (en) : (nl))

/* ---- verbs ---- */

#define MK_FS_VERB(word, run, options, nl, en) \
    MK_MUST_USE enum mk_err run(struct mk_fs *fs, int argc, char **argv);
#include "cmd/factsheet/verbs.def"
#undef MK_FS_VERB

#endif
