/* SPDX-License-Identifier: GPL-3.0-or-later */
/* factsheet --compare: what changed since a release; figures for own use. */
#ifndef MK_CMD_COMPARE_H
#define MK_CMD_COMPARE_H

#include "cmd/app.h"

/*
 * window: years and basis, or without years: those of the release, whose name
 * is the value of --compare.  request: as of when is now.
 * Log: RELEASE_SHOW, COUNT_COMPARE.  Errors: E_BAD_NAME, E_NO_RELEASE,
 * E_NOT_RELEASED.
 */
MK_MUST_USE enum mk_err mk_compare_since(
    struct mk_app *app, const struct mk_count_request *request,
    const struct mk_cube *window);

#endif
