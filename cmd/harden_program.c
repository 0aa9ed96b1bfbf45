/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A program of others cannot be held to a list of calls that we know it needs:
 * the next version needs another one.  So this is a list of what it has no
 * cause for; which files it reaches, Landlock decides.
 */
#include "cmd/harden_filter.h"

#include <errno.h>
#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

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
    /* other processes */
    "fork",
    "vfork",
    "execveat",
    "kill",
    "tkill",
    "pidfd_open",
    "pidfd_getfd",
    "pidfd_send_signal",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "kcmp",
    "rt_sigqueueinfo",
    "rt_tgsigqueueinfo",
    "process_madvise",
    "migrate_pages",
    "move_pages",
    "setpriority",
    "ioprio_set",
    "sched_setaffinity",
    "sched_setattr",
    "sched_setparam",
    "sched_setscheduler",
    /* what is said of a file: Landlock lets it be changed without reaching the
     * file, so anybody could be let in, or told something */
    "chmod",
    "fchmod",
    "fchmodat",
    "fchmodat2",
    "chown",
    "lchown",
    "fchown",
    "fchownat",
    "setxattr",
    "lsetxattr",
    "fsetxattr",
    "setxattrat",
    "removexattr",
    "lremovexattr",
    "fremovexattr",
    "removexattrat",
    "utime",
    "utimes",
    "futimesat",
    "utimensat",
    /* looking on while others work */
    "inotify_init",
    "inotify_init1",
    "fanotify_init",
    /* other rights, other views of the system */
    "setuid",
    "setgid",
    "setreuid",
    "setregid",
    "setresuid",
    "setresgid",
    "setgroups",
    "capset",
    "unshare",
    "setns",
    "mount",
    "umount2",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsmount",
    "pivot_root",
    "chroot",
    "open_by_handle_at",
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "keyctl",
    "add_key",
    "request_key",
    "modify_ldt",
    /* files in memory, which can be started, or are found by others */
    "memfd_create",
    "memfd_secret",
    "shmget",
    "mq_open",
    "msgget",
    "semget",
};

#define REFUSED (sizeof refused / sizeof refused[0])

static int add_rules(scmp_filter_ctx f, const void *program)
{
    const uint32_t no = SCMP_ACT_ERRNO(EPERM);
    struct scmp_arg_cmp no_thread =
        SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0);
    struct scmp_arg_cmp other =
        SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)(uintptr_t)program);
    struct scmp_arg_cmp not_me =
        SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)(unsigned)getpid());
    struct scmp_arg_cmp not_own = SCMP_A0(SCMP_CMP_NE, 0);
    int rc = mk_harden_rules(f, no, refused, REFUSED);
    if (rc == 0)
        rc = mk_harden_rule(f, no, "execve", 1, &other);
    if (rc == 0)
        rc = mk_harden_rule(f, no, "clone", 1, &no_thread);
    if (rc == 0) /* abort() */
        rc = mk_harden_rule(f, no, "tgkill", 1, &not_me);
    if (rc == 0)
        rc = mk_harden_rule(f, no, "prlimit64", 1, &not_own);
    if (rc == 0) /* its flags lie in memory; then clone is tried */
        rc = mk_harden_rule(f, SCMP_ACT_ERRNO(ENOSYS), "clone3", 0, NULL);
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
