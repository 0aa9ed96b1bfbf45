/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The system calls that are left.  Three kinds:
 *   allowed   what SQLCipher, sodium, gcrypt, the C library and a terminal need
 *   killed    what has no honest cause here (sockets, other programs,
 *             debugging, kernel doors): whoever asks is not this program any
 *             more, and gets no second try
 *   refused   all else, with EPERM: a newer C library that probes for a call
 *             takes its older way, and nobody loses a transaction half-way
 */
#include "cmd/harden_filter.h"

#include <errno.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

static const char *const allowed[] = {
    /* files: which ones, Landlock decides */
    "read",
    "write",
    "readv",
    "writev",
    "pread64",
    "pwrite64",
    "lseek",
    "_llseek",
    "close",
    "close_range",
    "open",
    "openat",
    "stat",
    "lstat",
    "fstat",
    "newfstatat",
    "fstatat64",
    "statx",
    "statfs",
    "fstatfs",
    "access",
    "faccessat",
    "faccessat2",
    "readlink",
    "readlinkat",
    "getcwd",
    "fcntl",
    "fcntl64",
    "flock",
    "fsync",
    "fdatasync",
    "ftruncate",
    "fallocate",
    "fadvise64",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "rmdir",
    "fchmod",
    "fchown",
    "getdents64",
    "umask",
    /* memory */
    "brk",
    "munmap",
    "mremap",
    "madvise",
    "mlock",
    "mlock2",
    "munlock",
    /* time, chance, waiting */
    "getrandom",
    "clock_gettime",
    "clock_getres",
    "gettimeofday",
    "time",
    "clock_nanosleep",
    "nanosleep",
    "poll",
    "ppoll",
    "wait4",
    "waitid",
    "restart_syscall",
    /* the process itself */
    "rt_sigaction",
    "rt_sigprocmask",
    "rt_sigreturn",
    "sigaltstack",
    "exit",
    "exit_group",
    "getpid",
    "getppid",
    "gettid",
    "getuid",
    "geteuid",
    "getgid",
    "getegid",
    "uname",
    "sysinfo",
    "getrusage",
    "getrlimit",
    "sched_yield",
    "sched_getaffinity",
    "getcpu",
    "futex",
    "set_robust_list",
    "set_tid_address",
    "rseq",
    "getpgrp",
};

static int rules_with_arguments(scmp_filter_ctx f)
{
    static const unsigned long terminal[] = {
        TCGETS, TCSETS, TCSETSW, TCSETSF, TIOCGWINSZ, TIOCGPGRP, FIONREAD};
    static const unsigned long asking[] = {
        PR_GET_DUMPABLE, PR_GET_SECCOMP, PR_GET_NO_NEW_PRIVS, PR_GET_NAME,
#ifdef PR_SET_VMA
        PR_SET_VMA, /* the allocator names its memory */
#endif
    };
    int rc = 0;
    struct scmp_arg_cmp no_code = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    struct scmp_arg_cmp self =
        SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)(unsigned)getpid());
    struct scmp_arg_cmp no_new_limit = SCMP_A2(SCMP_CMP_EQ, 0);
    if (rc == 0)
        rc = mk_harden_rule(f, SCMP_ACT_ALLOW, "mmap", 1, &no_code);
    if (rc == 0)
        rc = mk_harden_rule(f, SCMP_ACT_ALLOW, "mmap2", 1, &no_code);
    if (rc == 0)
        rc = mk_harden_rule(f, SCMP_ACT_ALLOW, "mprotect", 1, &no_code);
    if (rc == 0)
        rc = mk_harden_rule(f, SCMP_ACT_ALLOW, "tgkill", 1,
                            &self); /* abort, raise */
    if (rc == 0)
        rc = mk_harden_rule(f, SCMP_ACT_ALLOW, "prlimit64", 1, &no_new_limit);
    for (size_t i = 0; rc == 0 && i < sizeof terminal / sizeof terminal[0];
         i++) {
        struct scmp_arg_cmp which = SCMP_A1(SCMP_CMP_EQ, terminal[i]);
        rc = mk_harden_rule(f, SCMP_ACT_ALLOW, "ioctl", 1, &which);
    }
    for (size_t i = 0; rc == 0 && i < sizeof asking / sizeof asking[0]; i++) {
        struct scmp_arg_cmp which = SCMP_A0(SCMP_CMP_EQ, asking[i]);
        rc = mk_harden_rule(f, SCMP_ACT_ALLOW, "prctl", 1, &which);
    }
    return rc;
}

static int add_rules(scmp_filter_ctx f, const void *ctx)
{
    static const char *const sending[] = {"sendto", "sendmsg", "sendmmsg"};
    int rc = mk_harden_without_cause(f);
    (void)ctx;
    if (rc == 0)
        rc = mk_harden_rules(f, SCMP_ACT_KILL_PROCESS, sending,
                             sizeof sending / sizeof sending[0]);
#ifndef __SANITIZE_ADDRESS__
    if (rc == 0)
        rc = mk_harden_rules(f, SCMP_ACT_ALLOW, allowed,
                             sizeof allowed / sizeof allowed[0]);
    if (rc == 0)
        rc = rules_with_arguments(f);
#else
    (void)allowed;
    (void)rules_with_arguments;
#endif
    return rc;
}

enum mk_err mk_harden_seccomp(struct mk_harden *h, struct mk_diag *diag)
{
    uint32_t others = SCMP_ACT_ERRNO(EPERM);
#ifdef __SANITIZE_ADDRESS__
    others = SCMP_ACT_ALLOW;
#endif
    return mk_harden_filter(h, others, add_rules, NULL, diag);
}
