/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What publish and preview share: a publication with its options, and what it
 * takes to make one. */
#ifndef MK_CMD_FACTSHEET_MAKING_H
#define MK_CMD_FACTSHEET_MAKING_H

#include "cmd/factsheet/published.h"
#include "reports/publication.h"

struct mk_fs_making {
    struct mk_fs *fs;
    struct mk_gate gate;
    struct mk_fs_published published;
    struct mk_publication p;
};
void mk_fs_making_init(struct mk_fs_making *m, struct mk_fs *fs);
void mk_fs_making_release(struct mk_fs_making *m);

/* The first options of a verb that makes a publication; its own go on from
 * MK_FS_MAKING_OPTS. */
enum mk_fs_making_option {
    MK_FS_MAKING_THRESHOLD,
    MK_FS_MAKING_RULE,
    MK_FS_MAKING_LANG,
    MK_FS_MAKING_REVISE,
    MK_FS_MAKING_PUBLISHED,
    MK_FS_MAKING_OPTS
};
/* Their rows of a list of options. */
#define MK_FS_MAKING_OPTIONS                                    \
    [MK_FS_MAKING_THRESHOLD] = {.name = "--threshold"},         \
    [MK_FS_MAKING_RULE] = {.name = "--rule"},                   \
    [MK_FS_MAKING_LANG] = {.name = "--lang"},                   \
    [MK_FS_MAKING_REVISE] = {.name = "--revise", .flag = true}, \
    [MK_FS_MAKING_PUBLISHED] = {.name = "--published"}

/* Takes one of them.  Errors: E_USAGE; those of mk_rule_parse. */
MK_MUST_USE enum mk_err mk_fs_making_take(struct mk_fs_making *m,
                                          enum mk_fs_making_option option,
                                          const char *value,
                                          struct mk_diag *diag);
/* All options are known: opens what they name and starts the solver, before
 * the sandbox shuts.  Errors: those of mk_fs_published_open and
 * mk_fs_solver_start. */
MK_MUST_USE enum mk_err mk_fs_making_start(struct mk_fs_making *m);
/* Reads what comes down and makes the publication of it.  Errors: those of
 * mk_fs_gate_read, mk_publication_make, mk_fs_published_add. */
MK_MUST_USE enum mk_err mk_fs_making_make(struct mk_fs_making *m);

#endif
