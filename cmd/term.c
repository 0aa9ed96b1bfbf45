/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/term_raw.h"

#include "core/base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { LOOK_MS = 1000 }; /* between two looks at the limits of a session */

/* Set by the handler of the signals below, while a terminal is held: the one
 * thing that a handler may do. */
static volatile sig_atomic_t caught;

static const int signals[MK_TERM_SIGNALS] = {
    SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGALRM, SIGWINCH};

/* A window of another size ends nothing: the wait is interrupted by it. */
static void note(int number)
{
    if (number != SIGWINCH)
        caught = number;
}

void mk_term_open(struct mk_term *t)
{
    memset(t, 0, sizeof *t);
    t->fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (t->fd >= 0 && tcgetattr(t->fd, &t->saved) != 0) {
        close(t->fd);
        t->fd = -1;
    }
}

static void end_edit_mode(struct mk_term *t);

void mk_term_hold(struct mk_term *t)
{
    struct sigaction act;
    if (t->held || t->fd < 0)
        return;
    memset(&act, 0, sizeof act);
    act.sa_handler = note;
    sigemptyset(&act.sa_mask);
    for (size_t i = 0; i < MK_TERM_SIGNALS; i++)
        sigaction(signals[i], &act, &t->old[i]);
    t->held = true;
}

void mk_term_let_go(struct mk_term *t)
{
    if (!t->held || t->second)
        return;
    end_edit_mode(t);
    if (t->kept)
        return;
    for (size_t i = 0; i < MK_TERM_SIGNALS; i++)
        sigaction(signals[i], &t->old[i], NULL);
    t->held = false;
}

void mk_term_keep(struct mk_term *t)
{
    mk_term_hold(t);
    t->kept = true;
    mk_term_touch(t);
}

void mk_term_close(struct mk_term *t)
{
    if (t->fd < 0)
        return;
    t->kept = false;
    mk_term_leave(t);
    mk_term_let_go(t);
    close(t->fd);
    t->fd = -1;
}

void mk_term_write(struct mk_term *t, const void *p, size_t n)
{
    const char *s = p;
    while (n > 0 && t->fd >= 0) {
        ssize_t done = write(t->fd, s, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return; /* a terminal that is gone shows nothing */
        s += done;
        n -= (size_t)done;
    }
}

void mk_term_say(struct mk_term *t, const char *text)
{
    mk_term_write(t, text, strlen(text));
}

void mk_term_enter(struct mk_term *t)
{
    if (t->second || t->fd < 0)
        return;
    mk_term_hold(t);
    mk_term_say(t, "\033[?1049h\033[2J\033[H");
    t->second = true;
}

void mk_term_leave(struct mk_term *t)
{
    if (!t->second)
        return;
    /* wipe before going back: a terminal that has no second screen would
     * otherwise go on showing the text */
    mk_term_say(t, "\033[2J\033[H\033[?1049l");
    t->second = false;
    end_edit_mode(t);
    mk_term_let_go(t);
}

void mk_term_touch(struct mk_term *t)
{
    t->last_key = mk_clock_steady();
}

/* What came in by a signal is told once. */
static void take_caught(struct mk_term *t)
{
    if (t->kept && caught == SIGHUP)
        t->over = MK_TERM_HANGUP;
    else if (t->kept && caught == SIGTERM)
        t->over = MK_TERM_END;
    else if (caught)
        t->interrupted = true;
    caught = 0;
}

enum mk_term_over mk_term_take_over(struct mk_term *t)
{
    take_caught(t);
    enum mk_term_over over = t->over;
    t->over = MK_TERM_GOES_ON;
    return over;
}

/* Has a limit passed?  *wait_ms: until one may have; a machine that slept is
 * looked at soon after it woke. */
static bool passed(struct mk_term *t, int64_t *wait_ms)
{
    int64_t now = mk_clock_steady();
    int64_t left = LOOK_MS;
    if (t->end_at != 0 && t->end_at - now < left)
        left = t->end_at - now;
    if (left <= 0) {
        t->over = MK_TERM_LIMIT;
    } else if (t->idle_ms != 0) {
        int64_t idle = t->last_key + t->idle_ms - now;
        if (idle <= 0)
            t->over = MK_TERM_IDLE;
        left = idle < left ? idle : left;
    }
    *wait_ms = left;
    return t->over != MK_TERM_GOES_ON;
}

/* As ppoll; a wait that ends at no time ends by a key or a signal. */
static int wait_for_key(struct mk_term *t, const sigset_t *signals_now)
{
    struct pollfd p = {.fd = t->fd, .events = POLLIN};
    struct timespec slice;
    int64_t ms = 0;
    int n = 0;
    if (t->idle_ms == 0 && t->end_at == 0)
        return ppoll(&p, 1, NULL, signals_now);
    while (n == 0 && !passed(t, &ms)) {
        slice.tv_sec = ms / 1000;
        slice.tv_nsec = ms % 1000 * 1000000;
        n = ppoll(&p, 1, &slice, signals_now);
    }
    if (n > 0)
        mk_term_touch(t);
    return n;
}

enum mk_err mk_term_wait(struct mk_term *t, bool *ready, struct mk_diag *diag)
{
    sigset_t blocked, before;
    int n = -1;
    int why = EINTR;
    sigemptyset(&blocked);
    for (size_t i = 0; i < MK_TERM_SIGNALS; i++)
        sigaddset(&blocked, signals[i]);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    /* signals come through only while ppoll waits, so that none is missed
     * between the look at caught and the wait */
    if (!caught && t->over == MK_TERM_GOES_ON) {
        n = wait_for_key(t, &before);
        why = errno;
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (caught || t->over != MK_TERM_GOES_ON) {
        take_caught(t);
        return mk_fail(diag, MK_E_CANCELLED, "");
    }
    *ready = n > 0;
    errno = why;
    return n < 0 && why != EINTR ? mk_fail_sys(diag, MK_E_IO, "tty") : MK_OK;
}

/* What was read but not asked for yet is forgotten. */
static void forget_ahead(struct mk_term *t)
{
    explicit_bzero(t->ahead, sizeof t->ahead);
    t->ahead_at = t->ahead_n = 0;
}

enum mk_err mk_term_byte(struct mk_term *t, uint8_t *out, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    while (t->ahead_at == t->ahead_n) {
        bool ready;
        MK_TRY(mk_term_wait(t, &ready, diag));
        if (!ready)
            continue;
        ssize_t got = read(t->fd, t->ahead, sizeof t->ahead);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got < 0)
            return mk_fail_sys(diag, MK_E_IO, "tty");
        if (got == 0)
            return mk_fail(diag, MK_E_CANCELLED, "");
        t->ahead_at = 0;
        t->ahead_n = (size_t)got;
    }
    if (caught) {
        take_caught(t);
        return mk_fail(diag, MK_E_CANCELLED, "");
    }
    *out = t->ahead[t->ahead_at];
    t->ahead[t->ahead_at++] = 0;
out:
    return rc;
}

/* A secret, as the kernel edits it; *n is without its end.  The kernel drops
 * what does not fit in its line of 4095 bytes: a full one is refused. */
static enum mk_err read_line(struct mk_term *t, uint8_t *p, size_t max,
                             size_t *n, struct mk_diag *diag)
{
    enum mk_err rc;
    for (;;) {
        bool ready;
        MK_TRY(mk_term_wait(t, &ready, diag));
        if (!ready)
            continue;
        ssize_t got = read(t->fd, p, max);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got < 0)
            return mk_fail_sys(diag, MK_E_IO, "tty");
        if (got == 0)
            return mk_fail(diag, MK_E_CANCELLED, "");
        if (p[got - 1] != '\n' || (size_t)got == max) {
            tcflush(t->fd, TCIFLUSH);
            return mk_fail_at(diag, MK_E_TOO_LARGE, "tty", 0, MK_TERM_LINE - 2,
                              0);
        }
        *n = (size_t)got - 1;
        return MK_OK;
    }
out:
    return rc;
}

void mk_term_wipe(struct mk_term *t)
{
    forget_ahead(t);
    tcflush(t->fd, TCIFLUSH);
    /* 3J is for the lines that have scrolled away */
    mk_term_say(t, "\033[2J\033[3J\033[H");
}

/* Our own line editor: the kernel's would cut a long line off. */
static void edit_mode(struct mk_term *t)
{
    struct termios now = t->saved;
    now.c_iflag |= ICRNL | IUTF8;
    now.c_iflag &= ~(tcflag_t)(INLCR | IGNCR | ISTRIP);
    now.c_lflag |= ISIG;
    now.c_lflag &= ~(tcflag_t)(ICANON | ECHO | IEXTEN);
    now.c_cc[VMIN] = 1;
    now.c_cc[VTIME] = 0;
    if (!t->editing) {
        tcsetattr(t->fd, TCSADRAIN, &now);
        mk_term_say(t, "\033[?2004h"); /* a paste is marked as such */
    }
    t->editing = true;
}

/* What was typed ahead is dropped: it may be personal data, and would go to
 * the shell. */
static void end_edit_mode(struct mk_term *t)
{
    if (!t->editing)
        return;
    mk_term_say(t, "\033[?2004l");
    tcsetattr(t->fd, TCSAFLUSH, &t->saved);
    forget_ahead(t);
    t->editing = false;
}

static void secret_mode(struct mk_term *t)
{
    struct termios now = t->saved;
    now.c_iflag |= ICRNL | IUTF8;
    now.c_lflag |= ICANON | ISIG;
    now.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
    /* what was typed before the question was asked is no answer to a secret */
    tcsetattr(t->fd, TCSAFLUSH, &now);
}

static enum mk_err ask(struct mk_term *t, const char *prompt,
                       const struct mk_term_manner *manner, struct mk_buf *out,
                       struct mk_diag *diag)
{
    enum mk_err rc;
    mk_buf_clear(out);
    mk_term_hold(t);
    edit_mode(t);
    mk_term_say(t, prompt);
    rc = mk_term_edit(t, prompt, manner, out, diag);
    mk_term_say(t, "\n");
    mk_term_let_go(t);
    if (rc != MK_OK)
        mk_buf_clear(out);
    return rc;
}

enum mk_err mk_term_ask(struct mk_term *t, const char *prompt,
                        struct mk_buf *out, struct mk_diag *diag)
{
    const struct mk_term_manner manner = {.text = false};
    return ask(t, prompt, &manner, out, diag);
}

enum mk_err mk_term_ask_text(struct mk_term *t, const char *prompt,
                             struct mk_buf *out, struct mk_diag *diag)
{
    const struct mk_term_manner manner = {.text = true};
    return ask(t, prompt, &manner, out, diag);
}

enum mk_err mk_term_ask_command(struct mk_term *t, const char *prompt,
                                mk_term_complete *complete, const void *ctx,
                                struct mk_buf *out, struct mk_diag *diag)
{
    const struct mk_term_manner manner = {.complete = complete, .ctx = ctx};
    return ask(t, prompt, &manner, out, diag);
}

enum mk_err mk_term_secret(struct mk_term *t, const char *prompt,
                           struct mk_secret **out, struct mk_diag *diag)
{
    size_t n = 0;
    struct mk_secret *s = mk_secret_new(MK_TERM_LINE);
    if (s == NULL)
        return mk_fail(diag, MK_E_MEMORY, "");
    end_edit_mode(t);
    mk_term_hold(t);
    secret_mode(t);
    mk_term_say(t, prompt);
    enum mk_err rc = read_line(t, mk_secret_bytes(s), MK_TERM_LINE, &n, diag);
    mk_term_say(t, "\n");
    tcsetattr(t->fd, TCSADRAIN, &t->saved);
    mk_term_let_go(t);
    if (rc != MK_OK) {
        mk_secret_free(s);
        return rc;
    }
    mk_secret_shrink(s, n);
    *out = s;
    return MK_OK;
}
