/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes through a descriptor, whatever interrupts. */
#ifndef MK_BASE_IO_H
#define MK_BASE_IO_H

#include "core/base/err.h"

/* Writes all of p, n bytes; false with errno where that fails, and then some
 * of it may be written. */
MK_MUST_USE bool mk_io_write(int fd, const void *p, size_t n);

#endif
