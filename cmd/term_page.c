/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/term_raw.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Text cut into rows of the screen: where each begins. */
struct pages {
    const struct mk_buf *text;
    struct mk_buf starts; /* size_t each */
    size_t n, top, rows, cols;
};

static size_t start_of(const struct pages *p, size_t i)
{
    size_t at = p->text->len;
    if (i < p->n)
        memcpy(&at, p->starts.data + i * sizeof at, sizeof at);
    return at;
}

static enum mk_err add_start(struct pages *p, size_t at)
{
    p->n++;
    return mk_buf_add(&p->starts, &at, sizeof at);
}

/* Breaks at words where it can. */
static enum mk_err cut(struct pages *p)
{
    enum mk_err rc = MK_OK;
    size_t width = 0, space = 0;
    MK_TRY(add_start(p, 0));
    for (size_t i = 0; i < p->text->len; i++) {
        uint8_t c = p->text->data[i];
        if (c == '\n') {
            width = 0;
            space = 0;
            if (i + 1 < p->text->len)
                MK_TRY(add_start(p, i + 1));
            continue;
        }
        if ((c & 0xc0) == 0x80)
            continue; /* inside a character */
        if (width == p->cols) {
            size_t at = space ? space : i;
            MK_TRY(add_start(p, at));
            width = i - at;
            space = 0;
        }
        width++;
        if (c == ' ')
            space = i + 1;
    }
out:
    return rc;
}

static void measure(struct mk_term *t, struct pages *p)
{
    struct winsize w;
    p->rows = 24;
    p->cols = 80;
    if (ioctl(t->fd, TIOCGWINSZ, &w) == 0 && w.ws_row > 2 && w.ws_col > 10) {
        p->rows = w.ws_row;
        p->cols = w.ws_col;
    }
    p->rows--; /* the last one is ours */
}

static void draw(struct mk_term *t, const struct pages *p, bool english)
{
    char line[160];
    mk_term_say(t, "\033[2J\033[H");
    for (size_t i = p->top; i < p->top + p->rows && i < p->n; i++) {
        size_t from = start_of(p, i), to = start_of(p, i + 1);
        while (to > from && p->text->data[to - 1] == '\n')
            to--;
        mk_term_write(t, p->text->data + from, to - from);
        mk_term_say(t, "\r\n");
    }
    size_t last = p->top + p->rows < p->n ? p->top + p->rows : p->n;
    snprintf(line, sizeof line,
             english ? "-- %zu-%zu of %zu; space: on, b: back, q: end --"
                     : "-- %zu-%zu van %zu; spatie: verder, b: terug, "
                       "q: stoppen --",
             p->top + 1, last, p->n);
    line[p->cols < sizeof line ? p->cols - 1 : sizeof line - 1] = '\0';
    mk_term_say(t, line);
}

/* The window has another size: cut again, with what stood on top in sight. */
static enum mk_err fit(struct mk_term *t, struct pages *p)
{
    enum mk_err rc;
    size_t at = start_of(p, p->top);
    measure(t, p);
    mk_buf_clear(&p->starts);
    p->n = 0;
    MK_TRY(cut(p));
    for (p->top = 0; p->top + 1 < p->n && start_of(p, p->top + 1) <= at;)
        p->top++;
    if (p->top + p->rows > p->n)
        p->top = p->n > p->rows ? p->n - p->rows : 0;
out:
    return rc;
}

/* False when the reader is done. */
static bool key(struct pages *p, char c)
{
    size_t end = p->n > p->rows ? p->n - p->rows : 0;
    if (c == 'q' || c == 'Q' || c == 3 || c == 4)
        return false;
    if (c == ' ' || c == 'f')
        p->top += p->rows;
    else if (c == '\r' || c == '\n' || c == 'j')
        p->top++;
    else if (c == 'b')
        p->top = p->top > p->rows ? p->top - p->rows : 0;
    else if (c == 'k')
        p->top = p->top > 0 ? p->top - 1 : 0;
    else if (c == 'g')
        p->top = 0;
    else if (c == 'G')
        p->top = end;
    if (p->top > end)
        p->top = end;
    return true;
}

static enum mk_err loop(struct mk_term *t, struct pages *p, bool english,
                        struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    char c = 0;
    for (;;) {
        draw(t, p, english);
        bool ready;
        MK_TRY(mk_term_wait(t, &ready, diag));
        if (!ready) {
            MK_TRY(fit(t, p));
            continue;
        }
        ssize_t got = read(t->fd, &c, 1);
        if (got < 0 && errno != EINTR && errno != EAGAIN)
            return mk_fail_sys(diag, MK_E_IO, "tty");
        if (got == 0 || (got == 1 && !key(p, c)))
            return MK_OK;
    }
out:
    /* a signal ends the reading, nothing was lost by it */
    return rc == MK_E_CANCELLED ? MK_OK : rc;
}

enum mk_err mk_term_page(struct mk_term *t, const struct mk_buf *text,
                         bool english, struct mk_diag *diag)
{
    enum mk_err rc;
    struct pages p = {.text = text, .starts = MK_BUF_INIT};
    struct termios raw = t->saved;
    measure(t, &p);
    MK_TRY(cut(&p));
    raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    mk_term_enter(t);
    tcsetattr(t->fd, TCSAFLUSH, &raw);
    rc = loop(t, &p, english, diag);
    tcsetattr(t->fd, TCSAFLUSH, &t->saved);
    mk_term_leave(t);
out:
    mk_buf_release(&p.starts);
    return rc;
}
