/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the verbs on any table of counts share: protect, audit, round, advise. */
#ifndef MK_CMD_FACTSHEET_COUNTS_H
#define MK_CMD_FACTSHEET_COUNTS_H

#include "cmd/factsheet/program.h"

enum mk_fs_counts_option {
    MK_FS_SPEC, /* the first three are the texts of a job, in its order */
    MK_FS_DATA,
    MK_FS_CELLS,
    MK_FS_PREVIOUS,
    MK_FS_OUT,
    MK_FS_WORK,
    MK_FS_TIME,
    MK_FS_LANG,
    MK_FS_BASE,
    MK_FS_KEY,
    MK_FS_COUNTS_OPTIONS
};

struct mk_fs_counts {
    struct mk_fs *fs;                       /* borrowed */
    const char *path[MK_FS_COUNTS_OPTIONS]; /* spec, data, cells, out, key */
    const char **previous;                  /* owned */
    size_t n_previous;
    uint64_t work; /* 0: not given */
    uint64_t base;
    struct mk_folder folder;
    struct mk_sdc_job *job; /* owned, like the task */
    struct mk_sdc_task *task;
};

/*
 * Options (may: those that the verb has; must: those without which it does not
 * run; bit n is option n), solver's process, sandbox, input, answer.
 * Owns: mk_fs_counts_end, also after an error.
 */
MK_MUST_USE enum mk_err mk_fs_counts_run(struct mk_fs_counts *c,
                                         struct mk_fs *fs, int argc,
                                         char **argv,
                                         enum mk_sdc_job_kind kind,
                                         unsigned may, unsigned must);
void mk_fs_counts_end(struct mk_fs_counts *c);

#endif
