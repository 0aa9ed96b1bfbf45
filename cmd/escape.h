/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MK_CMD_ESCAPE_H
#define MK_CMD_ESCAPE_H

#ifdef MK_TEST_BUILD
#include "cmd/app.h"
/* test-escape WHAT [PATH] */
MK_MUST_USE enum mk_err mk_cmd_escape(struct mk_app *app);
#endif

#endif
