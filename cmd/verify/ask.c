/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/verify/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define CTRL_C 0x03

static enum mk_err read_line(int fd, char *out, size_t size, size_t *n,
                             struct mk_diag *diag)
{
    *n = 0;
    for (;;) {
        ssize_t got = read(fd, out + *n, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return mk_fail_sys(diag, MK_E_IO, "passphrase");
        if (got == 0 || out[*n] == '\n')
            break;
        if (out[*n] == CTRL_C)
            return mk_fail(diag, MK_E_CANCELLED, NULL);
        if (++*n == size)
            return mk_fail(diag, MK_E_VERIFY_NO_PHRASE, NULL);
    }
    if (*n > 0 && out[*n - 1] == '\r')
        --*n;
    return *n > 0 ? MK_OK : mk_fail(diag, MK_E_VERIFY_NO_PHRASE, NULL);
}

static void say(int fd, const char *text)
{
    ssize_t unused = write(fd, text, strlen(text));
    (void)unused; /* who cannot be asked will not answer */
}

/* With the echo off, and the signals that would leave it off held back: keys
 * that make them are read as characters. */
static enum mk_err ask_terminal(int fd, char *out, size_t size, size_t *n,
                                bool english, struct mk_diag *diag)
{
    enum mk_err rc;
    struct termios saved, quiet;
    sigset_t held, before;

    if (tcgetattr(fd, &saved) != 0)
        return mk_fail(diag, MK_E_VERIFY_NO_PHRASE, NULL);
    sigemptyset(&held);
    sigaddset(&held, SIGHUP);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGQUIT);
    sigaddset(&held, SIGTERM);
    sigaddset(&held, SIGTSTP);
    sigprocmask(SIG_BLOCK, &held, &before);
    quiet = saved;
    quiet.c_lflag &= ~(tcflag_t)(ECHO | ISIG);
    quiet.c_cc[VEOL] = CTRL_C; /* ends the line at once */
    tcsetattr(fd, TCSAFLUSH, &quiet);
    say(fd, english ? "Passphrase of the key file: "
                    : "Wachtwoord van het sleutelbestand: ");
    rc = read_line(fd, out, size, n, diag);
    tcsetattr(fd, TCSAFLUSH, &saved);
    say(fd, "\n");
    sigprocmask(SIG_SETMASK, &before, NULL);
    return rc;
}

enum mk_err mk_vf_ask(char *out, size_t size, size_t *n, int fd, bool english,
                      struct mk_diag *diag)
{
    enum mk_err rc;
    int terminal;

    if (fd >= 0)
        return read_line(fd, out, size, n, diag);
    terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (terminal < 0)
        return mk_fail(diag, MK_E_VERIFY_NO_PHRASE, NULL);
    rc = ask_terminal(terminal, out, size, n, english, diag);
    close(terminal);
    return rc;
}
