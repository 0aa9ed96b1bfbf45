/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody is faster: what happens between the moment at which a write is judged
 * and its transaction. */
#ifndef MK_TESTS_RACE_H
#define MK_TESTS_RACE_H

#include <stdbool.h>

struct mk_vault;

/* Runs meanwhile once, as soon as slow asks for the time of what it is going to
 * write: its transaction has not begun.  asks: it has an entry in the log before,
 * that it asked, and only after that one. */
void race_while(struct mk_vault *slow, bool asks, void (*meanwhile)(void));
bool race_was_run(void);

#endif
