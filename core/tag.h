/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The tag of a dossier, said aloud on the telephone: the first 35 bits of its
 * random id as seven signs of Crockford's base32 and a check sign of the same
 * 32, written MK-7Q4D-K2XZ.
 *
 * A sign is an element of GF(32) = GF(2)[x]/(x^5+x^2+1), and the check sign is
 * the one with which
 *     d0 x^7 + d1 x^6 + ... + d6 x + check = 31
 * The eight weights differ from each other and from 0, so that every change of
 * one sign and every exchange of two different signs, wherever they stand, is
 * noticed.  (The constant makes the tag in the manual a valid one.)
 */
#ifndef MK_CORE_TAG_H
#define MK_CORE_TAG_H

#include "core/base/err.h"

#define MK_TAG_TEXT 13 /* "MK-7Q4D-K2XZ" and NUL */
#define MK_TAG_BITS 35

/* Writes the tag of the dossier id, of which only the first 35 bits count. */
void mk_tag_format(char out[static MK_TAG_TEXT], const uint8_t id[static 16]);

/*
 * Reads a tag (n bytes, hostile).  Case-tolerant; O is 0, I and L are 1; the
 * prefix MK and the hyphens may be left out.  lo and hi become the smallest and
 * the largest id with that tag.  False if the form or the check sign is wrong.
 */
MK_MUST_USE bool mk_tag_parse(const char *text, size_t n,
                              uint8_t lo[static 16], uint8_t hi[static 16]);

#endif
