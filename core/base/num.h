/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strict decimal numbers: digits only, no sign, no leading zero, no space. */
#ifndef MK_BASE_NUM_H
#define MK_BASE_NUM_H

#include "core/base/err.h"

/* False if text (n bytes) is not a number or is outside [min, max]. */
MK_MUST_USE bool mk_num_parse(const char *text, size_t n, uint64_t min,
                              uint64_t max, uint64_t *out);

#endif
