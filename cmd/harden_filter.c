/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/harden_filter.h"

#include <errno.h>
#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

int mk_harden_rule(scmp_filter_ctx f, uint32_t action, const char *name,
                   unsigned n, const struct scmp_arg_cmp *args)
{
    int nr = seccomp_syscall_resolve_name(name);
    if (nr == __NR_SCMP_ERROR || nr < 0)
        return 0;
    return seccomp_rule_add_array(f, action, nr, n, args);
}

int mk_harden_rules(scmp_filter_ctx f, uint32_t action,
                    const char *const *names, size_t n)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < n; i++)
        rc = mk_harden_rule(f, action, names[i], 0, NULL);
    return rc;
}

static const char *const without_cause[] = {
    "socket",
    "socketpair",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    "execve",
    "execveat",
    "process_vm_readv",
    "process_vm_writev",
    "pidfd_getfd",
    "kcmp",
    "bpf",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "userfaultfd",
    "perf_event_open",
    "keyctl",
    "add_key",
    "request_key",
    "mount",
    "umount2",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsmount",
    "pivot_root",
    "chroot",
    "unshare",
    "setns",
    "init_module",
    "finit_module",
    "delete_module",
    "kexec_load",
    "kexec_file_load",
    "reboot",
    "swapon",
    "swapoff",
    "open_by_handle_at",
    "name_to_handle_at",
    "memfd_create",
    "memfd_secret",
    "setuid",
    "setgid",
    "setreuid",
    "setregid",
    "setresuid",
    "setresgid",
    "setgroups",
    "capset",
    "seccomp",
    "modify_ldt",
    "iopl",
    "ioperm",
#ifndef __SANITIZE_ADDRESS__
    /* the leak check of a sanitizer build looks on from a second process */
    "ptrace",
    "fork",
    "vfork",
    "clone",
    "clone3",
#endif
};

int mk_harden_without_cause(scmp_filter_ctx f)
{
    return mk_harden_rules(f, SCMP_ACT_KILL_PROCESS, without_cause,
                           sizeof without_cause / sizeof without_cause[0]);
}

static const char *const of_others[] = {
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

int mk_harden_alone(scmp_filter_ctx f)
{
    const uint32_t no = SCMP_ACT_ERRNO(EPERM);
    const struct scmp_arg_cmp no_thread =
        SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0);
    const struct scmp_arg_cmp not_me =
        SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)(unsigned)getpid());
    const struct scmp_arg_cmp not_own = SCMP_A0(SCMP_CMP_NE, 0);
    int rc = mk_harden_rules(f, no, of_others,
                             sizeof of_others / sizeof of_others[0]);
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

enum mk_err mk_harden_filter(struct mk_harden *h, uint32_t others,
                             mk_harden_add *add, const void *ctx,
                             struct mk_diag *diag)
{
    if (prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0 && errno == EINVAL) {
        h->seccomp_errno = EINVAL; /* the kernel was built without it */
        return MK_OK;
    }
    scmp_filter_ctx f = seccomp_init(others);
    if (f == NULL)
        return mk_fail(diag, MK_E_MEMORY, "seccomp");
    int rc =
        seccomp_attr_set(f, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    if (rc == 0)
        rc = add(f, ctx);
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
