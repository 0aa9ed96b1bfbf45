/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a process of ours gives up before it looks at anybody's data.
 *
 *   mk_harden_begin        no core dump, not dumpable, umask 077, fds 0-2 open
 *   mk_harden_environment  only harmless variables stay
 *     ... open files, start helper programs ...
 *   mk_harden_sandbox      Landlock, then seccomp: no way back
 *     ... parse user data, unlock ...
 *
 * Shared by meldkluis and meldkluis-factsheet.  Source: CRYPTO "Hardening of
 * each process"; Linux landlock(7), seccomp(2).
 */
#ifndef MK_CMD_HARDEN_H
#define MK_CMD_HARDEN_H

#include "core/base/err.h"

#define MK_HARDEN_FDS 1024

/* What is in force; for `dokter`. */
struct mk_harden {
    bool no_core;      /* RLIMIT_CORE is 0 */
    bool not_dumpable; /* no debugger, no core, /proc/self closed to others */
    bool environment;  /* was reduced */
    bool is_heard;     /* standard output was open when the program began */
    uint64_t inherited[MK_HARDEN_FDS / 64]; /* bit n: descriptor n was open
                                               when the program began */
    int landlock_abi;                       /* of the kernel; 0: it has none */
    int landlock_errno;
    bool landlock;
    bool landlock_net; /* TCP too (ABI 4) */
    bool seccomp;
    int seccomp_errno;
};

/*
 * First call of a program, before it opens anything.  Closed descriptors 0-2
 * are opened on /dev/null, so that no file of ours becomes standard output.
 * SIGPIPE is ignored: a broken pipe is an error like any other.
 * Errors: E_INTERNAL when the kernel refuses.
 */
MK_MUST_USE enum mk_err mk_harden_begin(struct mk_harden *h,
                                        struct mk_diag *diag);

/* Closes what the parent left open above 2, but for keep (-1: nothing).  Before
 * the sandbox, when files named /dev/fd/N have been opened anew. */
void mk_harden_close_inherited(struct mk_harden *h, int keep);

/* Keeps LANG LC_* TZ TERM NO_COLOR HOME XDG_* and forgets the rest. */
void mk_harden_environment(struct mk_harden *h);

enum mk_harden_right {
    MK_HARDEN_WORK,   /* folder: read, write, make, rename, remove below it */
    MK_HARDEN_READ,   /* file or folder: read */
    MK_HARDEN_RUN,    /* file or folder: read, start as a program */
    MK_HARDEN_WRITE,  /* folder: make and write files, read them back */
    MK_HARDEN_REMOVE, /* folder: remove a file that was made before */
    MK_HARDEN_EMPTY,  /* folder: remove empty folders below it */
};
/* A place that stays reachable; missing ones are passed over. */
struct mk_harden_place {
    const char *path;
    enum mk_harden_right right;
};

/*
 * From here on only places are reachable (descriptors that are open stay
 * usable), and no socket, program start, debugging or executable memory is.
 * A kernel without Landlock or seccomp is no error: h says so, and dokter
 * shows it.  Errors: E_INTERNAL when a kernel that has them refuses.
 */
MK_MUST_USE enum mk_err mk_harden_sandbox(struct mk_harden *h,
                                          const struct mk_harden_place *places,
                                          size_t n, struct mk_diag *diag);

/*
 * For a process that becomes a program of others: execve(program, ..) with
 * this very pointer, once.  After that only places are reachable, and no
 * network, no other program or process, no debugging and no change of rights;
 * what else such a program asks of the kernel nobody has listed, so it is
 * allowed, and what is not is refused.  Errors: E_INTERNAL.
 */
MK_MUST_USE enum mk_err mk_harden_program(struct mk_harden *h,
                                          const struct mk_harden_place *places,
                                          size_t n, const char *program,
                                          struct mk_diag *diag);

/*
 * For a process that is going to connect to a server: whatever a library of
 * names, tickets or certificates reads it can read, and it can connect; it
 * writes no file, starts no program or process, waits for no connection and
 * debugs none.  A kernel without Landlock or seccomp is no error: h says so.
 * mk_harden_server takes the rest away.  Errors: E_INTERNAL.
 */
MK_MUST_USE enum mk_err mk_harden_connect(struct mk_harden *h,
                                          struct mk_diag *diag);

/*
 * For a process that has a socket to a server and one to who asks, and needs
 * nothing else: no file, no other connection, no program, from here on.
 * Errors: E_INTERNAL.
 */
MK_MUST_USE enum mk_err mk_harden_server(struct mk_harden *h,
                                         struct mk_diag *diag);

/* The two halves of mk_harden_sandbox. */
MK_MUST_USE enum mk_err mk_harden_landlock(
    struct mk_harden *h, const struct mk_harden_place *places, size_t n,
    struct mk_diag *diag);
/* As the first, for who still has to connect: TCP, and sockets of others. */
MK_MUST_USE enum mk_err mk_harden_landlock_files(
    struct mk_harden *h, const struct mk_harden_place *places, size_t n,
    struct mk_diag *diag);
MK_MUST_USE enum mk_err mk_harden_seccomp(struct mk_harden *h,
                                          struct mk_diag *diag);

#endif
