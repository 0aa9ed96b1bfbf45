/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A factsheet in the formats that were asked for: all of it is rendered before
 * anything is written. */
#ifndef MK_CMD_FACTSHEET_SHEET_H
#define MK_CMD_FACTSHEET_SHEET_H

#include "cmd/factsheet/pdf.h"
#include "cmd/factsheet/program.h"
#include "reports/format.h"

struct mk_fs_sheet {
    bool wants[MK_FORMAT_COUNT];
    bool table;      /* one table instead of a factsheet, as CSV */
    const char *out; /* folder; NULL: one format to standard output */
    struct mk_folder folder;
    struct mk_buf text[MK_FILE_COUNT]; /* owned; empty: not made */
    struct mk_fs_pdf pdf;
    struct mk_buf page; /* owned; what the PDF was made of */
};

/* The name of a file of the sheet, which an ad hoc table has one of. */
const char *mk_fs_sheet_file(const struct mk_fs_sheet *sheet,
                             enum mk_format_file file);

void mk_fs_sheet_init(struct mk_fs_sheet *sheet);
void mk_fs_sheet_release(struct mk_fs_sheet *sheet);

/* The value of --format.  Errors: E_NO_FORMAT. */
MK_MUST_USE enum mk_err mk_fs_sheet_format(struct mk_fs_sheet *sheet,
                                           const char *value,
                                           struct mk_diag *diag);
/* What was asked goes together; text if nothing was.  Errors: E_USAGE. */
MK_MUST_USE enum mk_err mk_fs_sheet_complete(struct mk_fs_sheet *sheet,
                                             struct mk_diag *diag);
/* Starts what the formats need, before anything is opened.  Errors: E_NO_PDF;
 * E_USAGE for a PDF without a folder. */
MK_MUST_USE enum mk_err mk_fs_sheet_start(struct mk_fs_sheet *sheet,
                                          struct mk_diag *diag);
/* The files of the formats, and those that go beside them in a folder. */
MK_MUST_USE enum mk_err mk_fs_sheet_render(struct mk_fs_sheet *sheet,
                                           const struct mk_factsheet *f,
                                           struct mk_diag *diag);
/* The PDF in the place of its page.  Errors: E_NO_PDF. */
MK_MUST_USE enum mk_err mk_fs_sheet_pdf(struct mk_fs_sheet *sheet,
                                        struct mk_diag *diag);
/* What the register of releases keeps as file; empty: nothing.  It holds texts
 * only, and in the place of a PDF the page that it is made of. */
const struct mk_buf *mk_fs_sheet_kept(const struct mk_fs_sheet *sheet,
                                      enum mk_format_file file);
/* To standard output what goes there, then the files.  Errors: E_IO. */
MK_MUST_USE enum mk_err mk_fs_sheet_write(struct mk_fs *fs,
                                          const struct mk_fs_sheet *sheet);

#endif
