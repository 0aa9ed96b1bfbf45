/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The texts of a document in its language.  In the sources stands the English
 * text; what is printed comes from the catalogues reports/po/nl.po and en.po
 * (GNU gettext), which are built into the program: it is shut off from all
 * files when it writes, the language is an option and not the locale, and the
 * C locale of a bare machine would never translate.
 *
 * Labels of codes are not here: core/defs/codes.def has both languages.
 *
 * `make po` takes new texts into the catalogues; the lint demands that both
 * are complete.  Returned texts are static.
 */
#ifndef MK_REPORTS_SAY_H
#define MK_REPORTS_SAY_H

#include <stdbool.h>
#include <stdint.h>

#define MK_FORMAT_OF(n) __attribute__((format_arg(n)))

const char *mk_say(bool english, const char *msgid) MK_FORMAT_OF(2);

/* The text for one or for another number of things. */
const char *mk_say_n(bool english, const char *one, const char *more,
                     uint64_t n) MK_FORMAT_OF(2) MK_FORMAT_OF(3);

/* Marks a text for the catalogues that is looked up elsewhere. */
#define MK_SAY_ID(text) text

#endif
