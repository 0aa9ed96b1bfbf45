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

/* Why the terminal is to be given up, besides a question that was ended. */
enum mk_term_over {
    MK_TERM_GOES_ON,
    MK_TERM_IDLE,   /* no key for idle_ms */
    MK_TERM_LIMIT,  /* end_at has passed */
    MK_TERM_HANGUP, /* SIGHUP */
    MK_TERM_END,    /* SIGTERM */
};

struct mk_term {
    int fd; /* -1: there is no terminal */
    bool held, second, editing;
    /* of a session: signals are held between questions, too, and each wait
     * for a key ends with E_CANCELLED once over says why */
    bool kept;
    int64_t idle_ms, end_at; /* 0: none; end_at by mk_clock_steady */
    int64_t last_key;        /* by mk_clock_steady */
    enum mk_term_over over;
    bool interrupted; /* a wait was ended by another signal, as of Ctrl-C */
    size_t ahead_at, ahead_n;
    uint8_t ahead[4096]; /* read, not asked for yet; wiped as it goes */
    struct termios saved;
    struct sigaction old[MK_TERM_SIGNALS];
};

/* Opens the controlling terminal, if there is one. */
void mk_term_open(struct mk_term *t);
void mk_term_close(struct mk_term *t); /* puts everything back */

/* From here on signals only end questions, until the terminal is closed. */
void mk_term_keep(struct mk_term *t);
/* Somebody is there, as by a key. */
void mk_term_touch(struct mk_term *t);
/* Why to give up, told once; Ctrl-C is none, and is forgotten. */
enum mk_term_over mk_term_take_over(struct mk_term *t);
/* Wipes the screen, what has scrolled away from it, and what was typed. */
void mk_term_wipe(struct mk_term *t);

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
/* Given a line that was begun, adds to more what can only follow. */
typedef enum mk_err mk_term_complete(const void *ctx,
                                     const struct mk_buf *line,
                                     struct mk_buf *more);
/* The same as mk_term_ask for a line of words, which the tab key completes. */
MK_MUST_USE enum mk_err mk_term_ask_command(
    struct mk_term *t, const char *prompt, mk_term_complete *complete,
    const void *ctx, struct mk_buf *out, struct mk_diag *diag);
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
