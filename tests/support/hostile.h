/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A factsheet whose texts attack whatever reads them: markup, formulas, what
 * steers writing or a terminal, what XML cannot hold, what is very long.
 * Figures, codes and ids are as they always are; every mark is there.
 */
#ifndef MK_TESTS_HOSTILE_H
#define MK_TESTS_HOSTILE_H

#include "reports/factsheet.h"

#define HOSTILE_LONGEST 10000 /* characters of one of the texts */

struct hostile {
    struct mk_factsheet sheet;
    char *longest; /* owned */
};

/* Titles, units, labels, notes, summary and release name are hostile, each
 * text in every place at least once. */
void hostile_init(struct hostile *h, bool english);
void hostile_release(struct hostile *h);

#endif
