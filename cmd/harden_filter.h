/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Filters of system calls, for cmd/harden_*.c: rules by name, and loading.
 * Source: seccomp(2), seccomp_rule_add(3). */
#ifndef MK_CMD_HARDEN_FILTER_H
#define MK_CMD_HARDEN_FILTER_H

#include <seccomp.h>

#include "cmd/harden.h"

/* A rule for the call of that name, or for all calls of a list; one that this
 * machine does not know needs none.  0, or an error of libseccomp. */
int mk_harden_rule(scmp_filter_ctx f, uint32_t action, const char *name,
                   unsigned n, const struct scmp_arg_cmp *args);
int mk_harden_rules(scmp_filter_ctx f, uint32_t action,
                    const char *const *names, size_t n);

/* Kills for what has no honest cause in a program of ours: new connections,
 * other programs, debugging, kernel doors. */
int mk_harden_without_cause(scmp_filter_ctx f);

/* Refuses what a process that runs code of others (a program, or libraries
 * that nobody listed the calls of) has no cause for, whatever it does: other
 * processes, other rights, modes and owners of files, kernel doors. */
int mk_harden_alone(scmp_filter_ctx f);

/* Adds the rules of a filter; 0, or an error of libseccomp. */
typedef int mk_harden_add(scmp_filter_ctx f, const void *ctx);

/*
 * Loads the filter that add makes: others is the action of calls that have no
 * rule, and a call of another architecture kills.  A kernel without seccomp is
 * no error: h says so.  Errors: E_MEMORY, E_INTERNAL.
 */
MK_MUST_USE enum mk_err mk_harden_filter(struct mk_harden *h, uint32_t others,
                                         mk_harden_add *add, const void *ctx,
                                         struct mk_diag *diag);

#endif
