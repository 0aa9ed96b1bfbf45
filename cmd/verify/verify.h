/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Judging an export.
 *
 *   files.c     a folder that may be hostile      note.c      checkpoints, keys
 *   members*.c  who, in which role, since when    tree.c      RFC 9162
 *   head.c      one head behind the other         entries.c   bundles and tiles
 *   register.c  rows; prune.c  what may be gone   wants.c     sizes of interest
 *   leaf.c      entries in the open; sessions     reader.c    ... opened
 *   key.c       the auditor's key file            seal.c      what opens it
 *   outside*.c  witnesses, marks                  report*.c   what is said
 *
 *   members, register, checkpoint -> sizes wanted -> one walk over heads and
 *   entries -> verdicts
 *
 * It shares nothing with what writes the export but hashing and signatures
 * (crypto/hash.h, crypto/sign.h): .ci/lint-sources and the Makefile see to it.
 */
#ifndef MK_CMD_VERIFY_VERIFY_H
#define MK_CMD_VERIFY_VERIFY_H

#include "cmd/verify/outside.h"

struct mk_vf_job {
    int dir;               /* the export */
    const uint8_t *secret; /* the auditor's, 32 bytes; NULL: none */
    const struct mk_vf_given_file *witness;
    size_t n_witnesses;
    const struct mk_vf_given_file *since; /* NULL: none */
};

/*
 * Fills report.  Memory does not grow with the log (but for checkpoints and
 * register rows, which are few).
 * Errors: E_NO_EXPORT, E_IO, E_MEMORY, E_TOO_LARGE; E_VERIFY_WITNESS about a
 * file that was given; what is wrong with the export is no error but in the
 * report.
 */
MK_MUST_USE enum mk_err mk_vf_judge(const struct mk_vf_job *job,
                                    struct mk_vf_report *report,
                                    struct mk_diag *diag);

#endif
