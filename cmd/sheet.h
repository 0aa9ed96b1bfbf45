/* SPDX-License-Identifier: GPL-3.0-or-later */
/* meldkluis-factsheet as the commands use it: started with the options that
 * are its own, ended with its status passed on. */
#ifndef MK_CMD_SHEET_H
#define MK_CMD_SHEET_H

#include "cmd/helper.h"

/* What it would refuse is refused here, before a passphrase is asked and a
 * count is logged: formats, threshold, the folder, the name of a release. */
MK_MUST_USE enum mk_err mk_sheet_layout(struct mk_app *app);

/*
 * Starts it with the words of verb (which end with NULL), --lang, and those
 * options of the command line that are for it.  answers: as mk_helper_start.
 */
MK_MUST_USE enum mk_err mk_sheet_start(struct mk_app *app,
                                       const char *const verb[], bool answers,
                                       struct mk_helper *h);
/*
 * The end of a run in which rc is what became of our part: says last to it if
 * that failed, waits, and makes its status that of the command.  Returns rc,
 * or MK_OK when it went by itself and has said why.
 */
MK_MUST_USE enum mk_err mk_sheet_end(struct mk_app *app, struct mk_helper *h,
                                     enum mk_err rc, const char *last);

#endif
