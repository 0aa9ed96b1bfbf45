/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outside of meldkluis-verify: its options and its one question. */
#ifndef MK_CMD_VERIFY_PROGRAM_H
#define MK_CMD_VERIFY_PROGRAM_H

#include <stdbool.h>

#include "cmd/verify/verify.h"

#define MK_VF_WITNESSES 64

struct mk_vf_options {
    const char *export; /* borrowed from argv, like the rest */
    const char *key, *since;
    const char *witness[MK_VF_WITNESSES];
    size_t n_witnesses;
    int passphrase_fd; /* -1: ask */
    bool json, english, help, version;
};

/* Sets what argv says; english stays what it is unless it is said.
 * Errors: E_USAGE with the word. */
MK_MUST_USE enum mk_err mk_vf_options(struct mk_vf_options *o, int argc,
                                      char **argv, struct mk_diag *diag);

/*
 * One line, without its end, of fd (-1: the terminal, which does not show it)
 * into out (guarded, size bytes).  *n is its length.
 * Errors: E_VERIFY_NO_PHRASE (no terminal, nothing, too long), E_CANCELLED,
 * E_IO.
 */
MK_MUST_USE enum mk_err mk_vf_ask(char *out, size_t size, size_t *n, int fd,
                                  bool english, struct mk_diag *diag);

#endif
