/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A program of others cannot be held to a list of calls that we know it needs:
 * the next version needs another one.  So this is a list of what it has no
 * cause for; which files it reaches, Landlock decides.
 */
#include "cmd/harden.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
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

static int refuse(scmp_filter_ctx f, int error, const char *name, unsigned n,
                  const struct scmp_arg_cmp *args)
{
    int nr = seccomp_syscall_resolve_name(name);
    if (nr == __NR_SCMP_ERROR || nr < 0)
        return 0;
    return seccomp_rule_add_array(f, SCMP_ACT_ERRNO((unsigned)error), nr, n,
                                  args);
}

static int add_rules(scmp_filter_ctx f, const char *program)
{
    struct scmp_arg_cmp no_thread =
        SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0);
    struct scmp_arg_cmp other =
        SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)(uintptr_t)program);
    struct scmp_arg_cmp not_me =
        SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)(unsigned)getpid());
    struct scmp_arg_cmp not_own = SCMP_A0(SCMP_CMP_NE, 0);
    int rc =
        seccomp_attr_set(f, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    for (size_t i = 0; rc == 0 && i < sizeof refused / sizeof refused[0]; i++)
        rc = refuse(f, EPERM, refused[i], 0, NULL);
    if (rc == 0)
        rc = refuse(f, EPERM, "execve", 1, &other);
    if (rc == 0)
        rc = refuse(f, EPERM, "clone", 1, &no_thread);
    if (rc == 0) /* abort() */
        rc = refuse(f, EPERM, "tgkill", 1, &not_me);
    if (rc == 0)
        rc = refuse(f, EPERM, "prlimit64", 1, &not_own);
    if (rc == 0) /* its flags lie in memory; then clone is tried */
        rc = refuse(f, ENOSYS, "clone3", 0, NULL);
    return rc;
}

static enum mk_err filter(struct mk_harden *h, const char *program,
                          struct mk_diag *diag)
{
    if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0 && errno == EINVAL) {
        h->seccomp_errno = EINVAL; /* the kernel was built without it */
        return MK_OK;
    }
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
    if (f == NULL)
        return mk_fail(diag, MK_E_MEMORY, "seccomp");
    int rc = add_rules(f, program);
    if (rc == 0)
        rc = seccomp_load(f);
    seccomp_release(f);
    if (rc != 0) {
        errno = -rc;
        return mk_fail_sys(diag, MK_E_INTERNAL, "seccomp");
    }
    h->seccomp = true;
    return MK_OK;
}

enum mk_err mk_harden_program(struct mk_harden *h,
                              const struct mk_harden_place *places, size_t n,
                              const char *program, struct mk_diag *diag)
{
    enum mk_err rc;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return mk_fail_sys(diag, MK_E_INTERNAL, "PR_SET_NO_NEW_PRIVS");
    MK_TRY(mk_harden_landlock(h, places, n, diag));
    MK_TRY(filter(h, program, diag));
out:
    return rc;
}
