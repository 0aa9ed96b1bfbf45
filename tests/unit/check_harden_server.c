/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a process that has its two sockets cannot do any more. */
#include "cmd/harden.h"

#include "tests/support/unit.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int ends[2];

/* Runs try in a process that is shut in; its status as waitpid has it. */
static int shut_and(int (*attempt)(void))
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_harden h = {.seccomp = false};
    int status = 0;
    pid_t pid;

    ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        if (mk_harden_server(&h, &diag) != MK_OK || !h.seccomp)
            _exit(99);
        _exit(attempt());
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    return status;
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

int main(void)
{
    const TTest *const tests[] = {
        it_speaks_over_its_sockets,
#ifndef __SANITIZE_ADDRESS__
        it_is_refused_what_it_has_no_use_for,
        it_does_not_outlive_reaching_for_another_connection_or_program,
#endif
    };

    return UNIT_RUN("harden_server", tests, NULL);
}
