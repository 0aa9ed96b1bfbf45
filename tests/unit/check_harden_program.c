/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a program of others cannot do any more, on files and processes of the
 * same account that it has no business with. */
#include "cmd/harden.h"

#include "tests/support/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static char file[256];

static void start(void)
{
    const char *folder = getenv("MK_TMP");
    FILE *f;
    snprintf(file, sizeof file, "%s/file", folder ? folder : "/tmp");
    f = fopen(file, "w");
    ck_assert_ptr_nonnull(f);
    ck_assert(fputs("x", f) >= 0 && fclose(f) == 0 && chmod(file, 0600) == 0);
}

/* Which call was allowed; NULL: none. */
static const char *files(void)
{
    int fd = open("/usr/bin/env", O_RDONLY);
    if (fd < 0)
        return "no place can be read";
    if (open(file, O_RDONLY) >= 0)
        return "open";
    if (chmod(file, 0666) == 0 || fchmodat(AT_FDCWD, file, 0666, 0) == 0 ||
        fchmod(fd, 0755) == 0)
        return "chmod";
    if (chown(file, geteuid(), getegid()) == 0 ||
        lchown(file, geteuid(), getegid()) == 0 ||
        fchown(fd, geteuid(), getegid()) == 0)
        return "chown";
    if (setxattr(file, "user.word", "x", 1, 0) == 0 || errno != EPERM)
        return "setxattr";
    if (utimensat(AT_FDCWD, file, NULL, 0) == 0)
        return "utimensat";
    return inotify_init1(0) >= 0 ? "inotify" : NULL;
}

static const char *processes(void)
{
    const struct rlimit none = {0, 0};
    pid_t other = getppid();
    if (socket(AF_UNIX, SOCK_STREAM, 0) >= 0)
        return "socket";
    if (fork() >= 0)
        return "fork";
    if (kill(other, 0) == 0 || syscall(SYS_tgkill, other, other, 0) == 0)
        return "kill";
    if (prlimit(other, RLIMIT_CORE, &none, NULL) == 0)
        return "prlimit";
    if (setpriority(PRIO_PROCESS, (id_t)other, 10) == 0)
        return "setpriority";
    if (msgget(IPC_PRIVATE, 0600) >= 0 || semget(IPC_PRIVATE, 1, 0600) >= 0)
        return "queues";
    return NULL;
}

/* What a program needs, so that it is not refused by mistake. */
static const char *own(void)
{
    struct rlimit r;
    if (prlimit(0, RLIMIT_NOFILE, NULL, &r) != 0)
        return "its own limits";
    return syscall(SYS_tgkill, getpid(), getpid(), 0) != 0 ? "a signal to "
                                                             "itself"
                                                           : NULL;
}

static void shut_and_try(const char *(*tries)(void))
{
    static const struct mk_harden_place places[] = {{"/usr", MK_HARDEN_RUN}};
    int status;
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        struct mk_harden h = {0};
        struct mk_diag diag = MK_DIAG_INIT;
        const char *said;
        if (mk_harden_program(&h, places, 1, "/usr/bin/env", &diag) != MK_OK)
            _exit(2);
        said = h.seccomp && h.landlock ? tries() : NULL;
        if (said)
            dprintf(2, "allowed: %s\n", said);
        _exit(said ? 1 : 0);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}

START_TEST(it_changes_nothing_about_files)
{
    struct stat st;
    shut_and_try(files);
    ck_assert_int_eq(stat(file, &st), 0);
    ck_assert_uint_eq(st.st_mode & 0777, 0600);
}
END_TEST

START_TEST(it_does_nothing_to_other_processes)
{
    shut_and_try(processes);
    shut_and_try(own);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        it_changes_nothing_about_files,
        it_does_nothing_to_other_processes,
    };
    return UNIT_RUN("harden_program", tests, start);
}
