/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of options that come from a list of ours: found in either language,
 * and told in that of the reader. */
#ifndef MK_CMD_CHOICE_H
#define MK_CMD_CHOICE_H

#include "core/meldkluis.h"

enum mk_choice {
    MK_CHOICE_STATE,
    MK_CHOICE_KIND,     /* of an entry of the access log */
    MK_CHOICE_QUESTION, /* of a reviewer of the log */
    MK_CHOICE_COUNT,    /* by what entries of the log are counted */
    MK_CHOICE_ROLE,
    MK_CHOICE_FORMAT, /* of a factsheet */
    MK_CHOICE_COLUMN  /* of an import file */
};

/* Adds what may be chosen, with spaces between. */
MK_MUST_USE enum mk_err mk_choices_add(struct mk_buf *out,
                                       enum mk_choice which, bool english);
/* The short name of a state: its label up to a colon, spaces as hyphens if
 * word.  out gets less than 64 bytes. */
void mk_state_name(char out[static 64], enum mk_state state, bool english,
                   bool word);
/* By slug, Dutch or English name, small or capital; NONE if there is none. */
enum mk_state mk_choice_state(const char *text);
bool mk_choice_format(const char *text);
/* By what entries are counted, in the order of the list. */
enum mk_count_by {
    MK_COUNT_PERSON,
    MK_COUNT_KIND,
    MK_COUNT_DAY,
    MK_COUNT_QUESTION,
    MK_COUNT_NONE
};
/* By its name in either language; NONE if there is none. */
enum mk_count_by mk_choice_count(const char *text);
const char *mk_choice_count_name(enum mk_count_by by, bool english);
/* Fails with E_CHOICE about option place. */
enum mk_err mk_choice_refuse(struct mk_diag *diag, const char *place,
                             enum mk_choice which);

#endif
