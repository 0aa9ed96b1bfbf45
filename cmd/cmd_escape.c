/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Of a test build only: does, inside the sandbox, what the sandbox must not
 * let happen, and says what came of it.  A release holds nothing of this.
 */
#ifdef MK_TEST_BUILD
#include "cmd/escape.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static long try_one(const char *what, const char *path)
{
    static char *const none[] = {NULL};
    if (strcmp(what, "socket") == 0)
        return syscall(SYS_socket, 2, 1, 0);
    if (strcmp(what, "exec") == 0)
        return syscall(SYS_execve, "/bin/true", none, none);
    if (strcmp(what, "fork") == 0)
        return syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    if (strcmp(what, "ptrace") == 0)
        return syscall(SYS_ptrace, 0, 0, 0, 0);
    if (strcmp(what, "kill") == 0)
        return kill(getppid(), 0);
    if (strcmp(what, "read") == 0)
        return open(path, O_RDONLY | O_CLOEXEC);
    if (strcmp(what, "write") == 0)
        return open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (strcmp(what, "remove") == 0)
        return unlink(path);
    if (strcmp(what, "code") == 0)
        return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
                   ? -1
                   : 0;
    if (strcmp(what, "dumpable") == 0)
        return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    if (strcmp(what, "limit") == 0) {
        const struct rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
        return setrlimit(RLIMIT_CORE, &more);
    }
    if (strcmp(what, "type") == 0) /* characters into the terminal's input */
        return syscall(SYS_ioctl, 0, 0x5412, "x");
    if (strcmp(what, "descriptor") == 0) /* 9, left open by the parent */
        return fcntl(9, F_GETFD);
    if (strcmp(what, "core") == 0)
        return raise(SIGSEGV);
    errno = EINVAL;
    return -1;
}

enum mk_err mk_cmd_escape(struct mk_app *app)
{
    enum mk_err rc;
    MK_TRY(mk_session_state(app));
    MK_TRY(mk_session_sandbox(app, NULL, 0));
    long got = try_one(app->args.word[0],
                       app->args.n_words > 1 ? app->args.word[1] : "");
    if (got < 0)
        printf("refused: %s\n", strerror(errno));
    else
        printf("it was possible\n");
    rc = fflush(stdout) == 0 ? MK_OK : MK_E_IO;
out:
    return rc;
}
#else
/* A source that is empty in a release still has to be one. */
typedef int mk_escape_nothing;
#endif
