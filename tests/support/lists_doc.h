/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docs/WORKFLOW.md and docs/CODES.md, made from core/defs. */
#ifndef MK_TESTS_LISTS_DOC_H
#define MK_TESTS_LISTS_DOC_H

#include <stdio.h>

void lists_doc_workflow(FILE *out);
void lists_doc_codes(FILE *out);

#endif
