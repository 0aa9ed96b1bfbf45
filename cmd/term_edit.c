/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One line, edited here and not by the kernel, whose own line ends at 4095
 * bytes without a word.  A character counts as one column wide.
 */
#include "cmd/term_raw.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

enum { CTRL_D = 4, BS = 8, TAB = 9, CTRL_U = 21, CTRL_W = 23, ESC = 27 };
enum { DELETE = 127, C1_LEAD = 0xc2 };

/* The line while it is typed. */
struct edit {
    struct mk_term *t;
    struct mk_buf *out;
    const struct mk_term_manner *manner;
    size_t column; /* of the cursor, from the begin of the prompt */
    bool pasting, full;
    bool cut; /* of a paste of more lines the rest is no answer */
};

static size_t columns(const struct mk_term *t)
{
    struct winsize w;
    return ioctl(t->fd, TIOCGWINSZ, &w) == 0 && w.ws_col > 0 ? w.ws_col : 80;
}

static bool inside(uint8_t c)
{
    return (c & 0xc0) == 0x80;
}

/* A full row moves the cursor on at once, which some terminals put off. */
static void wrap(struct edit *e)
{
    if (e->column > 0 && e->column % columns(e->t) == 0)
        mk_term_say(e->t, " \r");
}

/* A byte of the answer on the screen. */
static void show(struct edit *e, uint8_t c)
{
    if (c == '\n') {
        mk_term_say(e->t, "\r\n");
        e->column = 0;
        return;
    }
    const struct mk_buf *out = e->out;
    uint8_t pair[2] = {out->len > 1 ? out->data[out->len - 2] : 0, c};
    bool in_pair = inside(c) && pair[0] == C1_LEAD;
    if (c == TAB)
        c = ' ';
    /* 80 to 9f command a terminal, alone or after c2, which waits for what
     * follows it */
    if (inside(c) && (pair[0] < 0x80 || (in_pair && c < 0xa0)))
        mk_term_write(e->t, "?", 1);
    else if (in_pair)
        mk_term_write(e->t, pair, 2);
    else if (c != C1_LEAD)
        mk_term_write(e->t, &c, 1);
    /* inside a character the row is not full yet */
    if (!inside(c))
        e->column++;
    if (c < 0x80)
        wrap(e);
}

/* Takes the last character away; false if the line is empty. */
static bool erase(struct edit *e)
{
    char back[32];
    size_t n = e->out->len;
    if (n == 0 || e->out->data[n - 1] == '\n')
        return false; /* the line before stays as it was pasted */
    do
        n--;
    while (n > 0 && inside(e->out->data[n]));
    memset(e->out->data + n, 0, e->out->len - n);
    e->out->len = n;
    if (e->column == 0)
        return true;
    size_t width = columns(e->t);
    if (e->column % width == 0) {
        snprintf(back, sizeof back, "\033[A\033[%zuG\033[K", width);
        mk_term_say(e->t, back);
    } else {
        mk_term_say(e->t, "\b\033[K");
    }
    e->column--;
    return true;
}

static void erase_word(struct edit *e)
{
    while (e->out->len > 0 && e->out->data[e->out->len - 1] == ' ' && erase(e))
        continue;
    while (e->out->len > 0 && e->out->data[e->out->len - 1] != ' ' && erase(e))
        continue;
}

/* What stands between ESC and the last byte of a command of the terminal
 * (arrow keys and the like) is no text.  The marks of a paste are heeded. */
static enum mk_err command(struct edit *e, struct mk_diag *diag)
{
    enum mk_err rc;
    char word[8] = "";
    size_t n = 0;
    uint8_t c;
    MK_TRY(mk_term_byte(e->t, &c, diag));
    if (c == 'O')
        return mk_term_byte(e->t, &c, diag);
    if (c != '[')
        return MK_OK; /* Alt and a key */
    do {
        MK_TRY(mk_term_byte(e->t, &c, diag));
        if (n + 1 < sizeof word)
            word[n++] = (char)c;
    } while (c < 0x40 || c > 0x7e);
    if (strcmp(word, "200~") == 0)
        e->pasting = true;
    else if (strcmp(word, "201~") == 0)
        e->pasting = e->cut = false;
out:
    return rc;
}

static enum mk_err add(struct edit *e, uint8_t c)
{
    enum mk_err rc = MK_OK;
    if (e->out->len >= MK_TEXT_MAX)
        e->full = true;
    if (e->full)
        return MK_OK; /* read away, and told at the end of the line */
    MK_TRY(mk_buf_add_u8(e->out, c));
    show(e, c);
out:
    return rc;
}

static enum mk_err complete(struct edit *e)
{
    enum mk_err rc;
    struct mk_buf more = MK_BUF_INIT;
    MK_TRY(e->manner->complete(e->manner->ctx, e->out, &more));
    for (size_t i = 0; i < more.len; i++)
        MK_TRY(add(e, more.data[i]));
    if (more.len == 0)
        mk_term_say(e->t, "\a");
out:
    mk_buf_release(&more);
    return rc;
}

static void control(struct edit *e, uint8_t c)
{
    if (c == DELETE || c == BS)
        erase(e);
    else if (c == CTRL_W)
        erase_word(e);
    else if (c == CTRL_U)
        while (erase(e))
            continue;
    else
        mk_term_say(e->t, "\a"); /* means nothing here */
}

/* One byte that was typed; *done at the end of the line. */
static enum mk_err typed(struct edit *e, uint8_t c, bool *done,
                         struct mk_diag *diag)
{
    if (c == ESC)
        return command(e, diag);
    if (e->cut)
        return MK_OK;
    if (c == '\n' || c == '\r') {
        *done = !e->pasting;
        if (e->pasting && e->manner->text)
            return add(e, '\n');
        e->cut = e->pasting; /* else it would answer the next question */
        return MK_OK;
    }
    if (c == CTRL_D && e->out->len == 0 && !e->pasting)
        return mk_fail(diag, MK_E_CANCELLED, "");
    if (c == TAB && e->manner->complete != NULL && !e->pasting)
        return complete(e);
    if ((c < ' ' && c != TAB) || c == DELETE) {
        control(e, c);
        return MK_OK;
    }
    return add(e, c);
}

/* Columns that the last line of the prompt takes. */
static size_t prompt_width(const char *prompt)
{
    const char *line = strrchr(prompt, '\n');
    size_t n = 0;
    for (const char *p = line ? line + 1 : prompt; *p != '\0'; p++)
        n += !inside((uint8_t)*p);
    return n;
}

enum mk_err mk_term_edit(struct mk_term *t, const char *prompt,
                         const struct mk_term_manner *manner,
                         struct mk_buf *out, struct mk_diag *diag)
{
    enum mk_err rc;
    bool done = false;
    struct edit e = {.t = t, .out = out, .manner = manner};
    e.column = prompt_width(prompt);
    wrap(&e);
    while (!done) {
        uint8_t c;
        MK_TRY(mk_term_byte(t, &c, diag));
        MK_TRY(typed(&e, c, &done, diag));
    }
    if (e.full)
        rc = mk_fail_at(diag, MK_E_TOO_LARGE, "tty", 0, (int64_t)MK_TEXT_MAX,
                        0);
out:
    return rc;
}
