/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values that more than one of our JSON files has.  Each is new, the caller's
 * to hand on or to json_decref; NULL: out of memory. */
#ifndef MK_REPORTS_JSON_MAKE_H
#define MK_REPORTS_JSON_MAKE_H

#include <jansson.h>

#include "reports/factsheet.h"

/* Before the first object of a file.  The order of keys is ours; the seed of
 * the hash only must not be drawn anew. */
void mk_json_make_seed(void);

/* null where text is NULL. */
json_t *mk_json_make_text(const char *text);
/* null where there is none. */
json_t *mk_json_make_number(bool there, uint64_t value);
/* "nl" or "en". */
json_t *mk_json_make_lang(bool english);
/* [{"id": .., "text": ..}, ..]. */
json_t *mk_json_make_notes(const struct mk_note *note, size_t n);

#endif
