/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --policy FILE: a form with the keys of core/base/rule.h. */
#ifndef MK_CMD_POLICY_H
#define MK_CMD_POLICY_H

#include "cmd/app.h"

#include "core/base/rule.h"

/* Reads the policy in the file path.  Errors: E_NO_FILE, E_IO; with the line
 * those of forms and of mk_rule_set; the place is the option or the key. */
MK_MUST_USE enum mk_err mk_policy_read(struct mk_app *app, const char *path,
                                       struct mk_rule *rule);
/* The rule that --policy FILE states as a line (core/base/rule.h); empty where
 * the option is not given, or is exact.  Errors: as above. */
MK_MUST_USE enum mk_err mk_policy_line(struct mk_app *app,
                                       char line[static MK_RULE_TEXT]);

#endif
