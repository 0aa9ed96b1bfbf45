/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal: questions, passphrases with the echo off, and a second screen
 * that leaves nothing behind.  While a terminal is held, the signals that would
 * end the program only end the question, so that echo and screen are always
 * put back (SIGKILL excepted).
 */
#ifndef MK_CMD_TERM_H
#define MK_CMD_TERM_H

#include "core/meldkluis.h"

#include <signal.h>
#include <termios.h>

#define MK_TERM_SIGNALS 7 /* that are noted while a terminal is held */

struct mk_term {
    int fd; /* -1: there is no terminal */
    bool held, second, editing;
    size_t ahead_at, ahead_n;
    uint8_t ahead[4096]; /* read, not asked for yet; wiped as it goes */
    struct termios saved;
    struct sigaction old[MK_TERM_SIGNALS];
};

/* Opens the controlling terminal, if there is one. */
void mk_term_open(struct mk_term *t);
void mk_term_close(struct mk_term *t); /* puts everything back */

/* Between these the second (alternate) screen is shown; leaving wipes it. */
void mk_term_enter(struct mk_term *t);
void mk_term_leave(struct mk_term *t);

void mk_term_write(struct mk_term *t, const void *p, size_t n);
void mk_term_say(struct mk_term *t, const char *text);

#define MK_TERM_LINE 4097 /* bytes of a secret, and room to see it is full */

/*
 * Asks: shows prompt, reads one line into out (replaced, without line end),
 * with an editor of our own: erase by character, word (Ctrl-W) or line
 * (Ctrl-U).  Sizes: at most MK_TEXT_MAX bytes; of a longer line nothing is
 * kept and the rest of it is read away.
 * Errors: E_CANCELLED (Ctrl-D on an empty line, or a signal), E_TOO_LARGE, E_IO.
 */
MK_MUST_USE enum mk_err mk_term_ask(struct mk_term *t, const char *prompt,
                                    struct mk_buf *out, struct mk_diag *diag);
/* The same for one line of a narrative: when the terminal marks what was
 * pasted, the lines of a paste (empty ones too) come as one answer. */
MK_MUST_USE enum mk_err mk_term_ask_text(struct mk_term *t, const char *prompt,
                                         struct mk_buf *out,
                                         struct mk_diag *diag);
/* The same with the echo off, straight into guarded memory. */
MK_MUST_USE enum mk_err mk_term_secret(struct mk_term *t, const char *prompt,
                                       struct mk_secret **out,
                                       struct mk_diag *diag);

/* Shows text (lines; made visible before) page by page on the second screen
 * until the reader ends it. */
MK_MUST_USE enum mk_err mk_term_page(struct mk_term *t,
                                     const struct mk_buf *text, bool english,
                                     struct mk_diag *diag);

#endif
