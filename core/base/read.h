/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A source of bytes that the caller has. */
#ifndef MK_BASE_READ_H
#define MK_BASE_READ_H

#include "core/base/err.h"

/* Fills p with up to n bytes; *got is 0 at the end only. */
typedef enum mk_err mk_read_more(void *ctx, void *p, size_t n, size_t *got);

#endif
