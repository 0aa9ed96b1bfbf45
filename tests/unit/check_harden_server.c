/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a process that connects, or has its two sockets, cannot do any more. */
#include "cmd/harden.h"

#include "tests/support/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int ends[2];

static bool has_landlock;

/* Runs try in a process that is shut in, also while it connects; its status as
 * waitpid has it. */
static int run_shut(bool connected, int (*attempt)(void))
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_harden h = {.seccomp = false};
    int status = 0;
    pid_t pid;

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        if (mk_harden_connect(&h, &diag) != MK_OK ||
            (connected && mk_harden_server(&h, &diag) != MK_OK) || !h.seccomp)
            _exit(99);
        has_landlock = h.landlock;
        _exit(attempt());
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return status;
}

static int shut_and(int (*attempt)(void))
{
    return run_shut(true, attempt);
}

static int speak(void)
{
    char c = 'x';

    return send(ends[0], &c, 1, MSG_NOSIGNAL) == 1 &&
                   recv(ends[1], &c, 1, 0) == 1 && write(ends[1], &c, 1) == 1
               ? 0
               : 1;
}

START_TEST(it_speaks_over_its_sockets)
{
    ck_assert_int_eq(shut_and(speak), 0);
}
END_TEST

static int open_file(void)
{
    return open("/dev/null", O_RDONLY) < 0 ? 0 : 1;
}

static int make_code(void)
{
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
                -1, 0) == MAP_FAILED
               ? 0
               : 1;
}

static int send_elsewhere(void)
{
    struct sockaddr to = {.sa_family = AF_UNIX, .sa_data = "/dev/log"};
    char text[] = "x";
    struct iovec part = {.iov_base = text, .iov_len = 1};
    struct msghdr message = {.msg_name = &to,
                             .msg_namelen = sizeof(to),
                             .msg_iov = &part,
                             .msg_iovlen = 1};

    return sendto(ends[0], "x", 1, 0, &to, sizeof(to)) < 0 &&
                   sendmsg(ends[0], &message, 0) < 0
               ? 0
               : 1;
}

static int signal_other(void)
{
    return kill(getppid(), 0) < 0 ? 0 : 1;
}

START_TEST(it_is_refused_what_it_has_no_use_for)
{
    int (*const attempts[])(void) = {open_file, make_code, send_elsewhere,
                                     signal_other};

    for (size_t i = 0; i < sizeof(attempts) / sizeof(*attempts); i++)
        ck_assert_msg(shut_and(attempts[i]) == 0, "%zu", i);
}
END_TEST

static int new_socket(void)
{
    (void)socket(AF_INET, SOCK_STREAM, 0);
    return 1;
}

static int connect_again(void)
{
    struct sockaddr to = {.sa_family = AF_UNIX, .sa_data = "/dev/log"};

    (void)connect(ends[0], &to, sizeof(to));
    return 1;
}

static int start_program(void)
{
    (void)execl("/bin/true", "true", NULL);
    return 1;
}

START_TEST(it_does_not_outlive_reaching_for_another_connection_or_program)
{
    int (*const attempts[])(void) = {new_socket, connect_again, start_program};

    for (size_t i = 0; i < sizeof(attempts) / sizeof(*attempts); i++) {
        int status = shut_and(attempts[i]);

        ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS,
                      "%zu: %d", i, status);
    }
}
END_TEST

/* ---- while it connects ---- */

static void *nothing(void *ctx)
{
    return ctx;
}

/* What names, tickets and certificates take. */
static int read_and_connect(void)
{
    struct sockaddr to = {.sa_family = AF_UNIX, .sa_data = "/no/server"};
    char c;
    int file = open("/etc/passwd", O_RDONLY);
    int local = socket(AF_UNIX, SOCK_STREAM, 0);
    int far = socket(AF_INET, SOCK_STREAM, 0);
    int names = socket(AF_NETLINK, SOCK_RAW, 0);
    pthread_t thread;

    if (file < 0 || read(file, &c, 1) != 1 || local < 0 || far < 0 ||
        names < 0 || pthread_create(&thread, NULL, nothing, NULL) != 0 ||
        pthread_join(thread, NULL) != 0)
        return 1;
    return connect(local, &to, sizeof(to)) != 0 && errno == ENOENT ? 0 : 1;
}

START_TEST(before_it_is_connected_it_reads_and_connects)
{
    ck_assert_int_eq(run_shut(false, read_and_connect), 0);
}
END_TEST

static int start_one(void)
{
    return execl("/bin/true", "true", NULL) < 0 ? 0 : 1;
}

static int second_process(void)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    return pid < 0 ? 0 : 1;
}

static int debug(void)
{
    return syscall(SYS_ptrace, 0L, 0L, 0L, 0L) /* TRACEME */ < 0 &&
                   errno == EPERM
               ? 0
               : 1;
}

static int wait_for_others(void)
{
    return listen(socket(AF_INET, SOCK_STREAM, 0), 1) < 0 && errno == EPERM
               ? 0
               : 1;
}

static int strange_socket(void)
{
    return socket(AF_ALG, SOCK_SEQPACKET, 0) < 0 && errno == EPERM ? 0 : 1;
}

static int let_in(void)
{
    return chmod("/tmp", 01777) < 0 && errno == EPERM ? 0 : 1;
}

START_TEST(nor_does_it_start_or_debug_anything_meanwhile)
{
    int (*const attempts[])(void) = {start_one,       second_process, debug,
                                     wait_for_others, strange_socket, let_in,
                                     signal_other};

    for (size_t i = 0; i < sizeof(attempts) / sizeof(*attempts); i++)
        ck_assert_msg(run_shut(false, attempts[i]) == 0, "%zu", i);
}
END_TEST

#define NO_LANDLOCK 77

static int write_file(void)
{
    char name[] = "/tmp/mk-harden-XXXXXX";

    if (!has_landlock)
        return NO_LANDLOCK;
    return mkstemp(name) < 0 && open("/dev/null", O_WRONLY) < 0 &&
                   mkdir("/tmp/mk-harden", 0700) < 0
               ? 0
               : 1;
}

START_TEST(nor_does_it_write_a_file)
{
    int status = run_shut(false, write_file);

    ck_assert(WIFEXITED(status));
    if (WEXITSTATUS(status) == NO_LANDLOCK)
        puts("# SKIP this kernel has no Landlock: files can be written");
    else
        ck_assert_int_eq(WEXITSTATUS(status), 0);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        it_speaks_over_its_sockets,
        before_it_is_connected_it_reads_and_connects,
        nor_does_it_write_a_file,
#ifndef __SANITIZE_ADDRESS__
        it_is_refused_what_it_has_no_use_for,
        it_does_not_outlive_reaching_for_another_connection_or_program,
        nor_does_it_start_or_debug_anything_meanwhile,
#endif
    };

    return UNIT_RUN("harden_server", tests, NULL);
}
