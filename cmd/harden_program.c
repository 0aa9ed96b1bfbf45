/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A program of others cannot be held to a list of calls that we know it needs:
 * the next version needs another one.  So this is a list of what it has no
 * cause for; which files it reaches, Landlock decides.
 */
#include "cmd/harden_filter.h"

#include <errno.h>
#include <sys/prctl.h>

static const char *const refused[] = {
    /* network, and sockets of this machine */
    "socket",
    "socketpair",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "sendto",
    "sendmsg",
    "sendmmsg",
    "io_uring_setup",
    /* looking on while others work */
    "inotify_init",
    "inotify_init1",
    /* keys of the kernel */
    "keyctl",
    "add_key",
};

#define REFUSED (sizeof refused / sizeof refused[0])

static int add_rules(scmp_filter_ctx f, const void *program)
{
    const uint32_t no = SCMP_ACT_ERRNO(EPERM);
    struct scmp_arg_cmp other =
        SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)(uintptr_t)program);
    int rc = mk_harden_alone(f);
    if (rc == 0)
        rc = mk_harden_rules(f, no, refused, REFUSED);
    if (rc == 0)
        rc = mk_harden_rule(f, no, "execve", 1, &other);
    return rc;
}

enum mk_err mk_harden_program(struct mk_harden *h,
                              const struct mk_harden_place *places, size_t n,
                              const char *program, struct mk_diag *diag)
{
    enum mk_err rc;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return mk_fail_sys(diag, MK_E_INTERNAL, "PR_SET_NO_NEW_PRIVS");
    MK_TRY(mk_harden_landlock(h, places, n, diag));
    MK_TRY(mk_harden_filter(h, SCMP_ACT_ALLOW, add_rules, program, diag));
out:
    return rc;
}
