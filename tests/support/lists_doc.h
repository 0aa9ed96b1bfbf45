/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docs/WORKFLOW.md, CODES.md and NEN7513.md, made from core/defs. */
#ifndef MK_TESTS_LISTS_DOC_H
#define MK_TESTS_LISTS_DOC_H

#include <stdio.h>

void lists_doc_workflow(FILE *out);
void lists_doc_codes(FILE *out);
void lists_doc_log(FILE *out);

/* How many entries of the log are of that kind of access: C R U D E. */
size_t lists_doc_rows_of_action(const char *code);
/* The slug of an entry that is of no kind of access; NULL: there is none. */
const char *lists_doc_unmapped(void);

#endif
