/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * In two steps: while it connects, and once it is connected.
 *
 * While libpq connects, it and what it calls (names, tickets, certificates)
 * make sockets, read files that nobody listed and load libraries: so all of
 * that is left, and no more.
 *
 * Then: what libpq, its cipher and the C library need to speak over sockets that
 * are open.  What has no honest cause kills, all else is refused: nobody loses
 * a transaction half-way because a newer library probes for a call.
 */
#include "cmd/harden_filter.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

static const char *const allowed[] = {
    /* the two sockets */
    "read",
    "write",
    "readv",
    "writev",
    "recvfrom",
    "recvmsg",
    "close",
    "shutdown",
    "poll",
    "ppoll",
    "fcntl",
    "fcntl64",
    "getsockopt",
    /* memory */
    "brk",
    "munmap",
    "mremap",
    "madvise",
    /* time, chance, waiting */
    "getrandom",
    "clock_gettime",
    "clock_getres",
    "gettimeofday",
    "time",
    "clock_nanosleep",
    "nanosleep",
    "restart_syscall",
    /* the process itself */
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigpending",
    "rt_sigtimedwait",
    "rt_sigreturn",
    "exit",
    "exit_group",
    "getpid",
    "gettid",
    "geteuid",
    "getuid",
    "futex",
    "sched_yield",
    "sysinfo",
    "getrusage",
    "set_robust_list",
    "rseq",
};

static int add_rules(scmp_filter_ctx f, const void *ctx)
{
    const struct scmp_arg_cmp no_code =
        SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    const struct scmp_arg_cmp self =
        SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)(unsigned)getpid());
    /* to where the socket is connected, nowhere else */
    const struct scmp_arg_cmp connected = SCMP_A4(SCMP_CMP_EQ, 0);
    int rc = mk_harden_without_cause(f);

    (void)ctx;
    if (rc == 0)
        rc = mk_harden_rules(f, SCMP_ACT_ALLOW, allowed,
                             sizeof(allowed) / sizeof(*allowed));
    if (rc == 0)
        rc = mk_harden_rule(f, SCMP_ACT_ALLOW, "mmap", 1, &no_code);
    if (rc == 0)
        rc = mk_harden_rule(f, SCMP_ACT_ALLOW, "mmap2", 1, &no_code);
    if (rc == 0)
        rc = mk_harden_rule(f, SCMP_ACT_ALLOW, "mprotect", 1, &no_code);
    if (rc == 0)
        rc = mk_harden_rule(f, SCMP_ACT_ALLOW, "sendto", 1, &connected);
    if (rc == 0) /* abort() */
        rc = mk_harden_rule(f, SCMP_ACT_ALLOW, "tgkill", 1, &self);
    return rc;
}

/* ---- while it connects ---- */

static const char *const no_way[] = {
    "execve",
    /* it asks; nobody comes to it */
    "listen",
    "accept",
    "accept4",
    "io_uring_setup",
};

/* The highest of the families that are of use: AF_UNIX 1, AF_INET 2, AF_INET6
 * 10, and AF_NETLINK, of the resolver. */
#define FAMILY_MAX 16

static int add_connect_rules(scmp_filter_ctx f, const void *ctx)
{
    const uint32_t no = SCMP_ACT_ERRNO(EPERM);
    const struct scmp_arg_cmp strange =
        SCMP_A0(SCMP_CMP_GT, (scmp_datum_t)FAMILY_MAX);
    int rc = mk_harden_alone(f);

    (void)ctx;
    if (rc == 0)
        rc = mk_harden_rules(f, no, no_way, sizeof(no_way) / sizeof(*no_way));
    if (rc == 0)
        rc = mk_harden_rule(f, no, "socket", 1, &strange);
    return rc;
}

enum mk_err mk_harden_connect(struct mk_harden *h, struct mk_diag *diag)
{
    static const struct mk_harden_place all[] = {{"/", MK_HARDEN_READ}};
    enum mk_err rc;

    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return mk_fail_sys(diag, MK_E_INTERNAL, "PR_SET_NO_NEW_PRIVS");
    MK_TRY(mk_harden_landlock_files(h, all, 1, diag));
#ifndef __SANITIZE_ADDRESS__
    MK_TRY(mk_harden_filter(h, SCMP_ACT_ALLOW, add_connect_rules, NULL, diag));
#else
    (void)add_connect_rules;
#endif
out:
    return rc;
}

/* ---- once it is connected ---- */

enum mk_err mk_harden_server(struct mk_harden *h, struct mk_diag *diag)
{
    enum mk_err rc;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return mk_fail_sys(diag, MK_E_INTERNAL, "PR_SET_NO_NEW_PRIVS");
    MK_TRY(mk_harden_landlock(h, NULL, 0, diag));
#ifndef __SANITIZE_ADDRESS__
    MK_TRY(mk_harden_filter(h, SCMP_ACT_ERRNO(EPERM), add_rules, NULL, diag));
#else
    (void)add_rules;
#endif
out:
    return rc;
}
