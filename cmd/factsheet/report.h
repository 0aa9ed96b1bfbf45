/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is told for own use only, as text or JSON: to standard output, or as
 * files for the owner alone. */
#ifndef MK_CMD_FACTSHEET_REPORT_H
#define MK_CMD_FACTSHEET_REPORT_H

#include "cmd/factsheet/program.h"
#include "reports/gate.h"

struct mk_fs_report {
    bool text_wanted, json_wanted;
    const char *out; /* folder; NULL: one form to standard output */
    const char *text_file, *json_file; /* their names there */
    struct mk_folder folder;
    struct mk_buf text, json; /* owned */
};
void mk_fs_report_init(struct mk_fs_report *report, const char *text_file,
                       const char *json_file);
void mk_fs_report_release(struct mk_fs_report *report);

/* The value of --format.  Errors: E_NO_FORMAT. */
MK_MUST_USE enum mk_err mk_fs_report_format(struct mk_fs_report *report,
                                            const char *value,
                                            struct mk_diag *diag);
/* What was asked goes together (text if nothing was); then the sandbox shuts.
 * Errors: E_USAGE; those of mk_fs_shut. */
MK_MUST_USE enum mk_err mk_fs_report_shut(struct mk_fs *fs,
                                          struct mk_fs_report *report);
MK_MUST_USE enum mk_err mk_fs_report_write(struct mk_fs *fs,
                                           const struct mk_fs_report *report);

/* All that comes down.  Errors: those of mk_gate_read; E_CANCELLED, silently,
 * when whoever sends gave up. */
MK_MUST_USE enum mk_err mk_fs_gate_read(struct mk_fs *fs,
                                        struct mk_gate *gate);

#endif
