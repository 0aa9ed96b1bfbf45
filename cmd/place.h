/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the library and the system call things, in Dutch. */
#ifndef MK_CMD_PLACE_H
#define MK_CMD_PLACE_H

#include "core/base/buf.h"

#include <stdbool.h>

/* A place of cmd/places.def in Dutch; any other place as it is. */
const char *mk_place_dutch(const char *place);
/* Adds a value that doctor found, in Dutch. */
MK_MUST_USE enum mk_err mk_finding_dutch(struct mk_buf *out, const char *text);
/* Adds what meldkluis-pg said of hosts: our reasons in Dutch, others as they
 * came. */
MK_MUST_USE enum mk_err mk_said_dutch(struct mk_buf *out, const char *text);
/* What errno sys means; in Dutch for all that our calls are likely to meet. */
const char *mk_sys_text(int sys, bool english);

#endif
