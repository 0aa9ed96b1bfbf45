/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page of a factsheet as PDF (PDF/UA, tagged), by WeasyPrint: the program
 * of others that lays a page out.  It runs in a process of its own, started
 * before anything is opened, and gets the page and nothing else:
 *
 *     files      reads what the system has installed, writes nothing
 *     network    none; the page refers to nothing, and nothing is fetched
 *     programs   starts none
 *     limits     processor time, memory, one pipe in, one out
 *     world      an environment of ours; other processes cannot look into it
 *
 * The same page, fonts and WeasyPrint give the same bytes.
 */
#ifndef MK_CMD_FACTSHEET_PDF_H
#define MK_CMD_FACTSHEET_PDF_H

#include "cmd/factsheet/child.h"

struct mk_fs_pdf {
    struct mk_fs_child child;
};

/* Waits until it is ready.  Errors: E_NO_PDF where WeasyPrint is missing or
 * does not start; E_IO. */
MK_MUST_USE enum mk_err mk_fs_pdf_start(struct mk_fs_pdf *pdf,
                                        struct mk_diag *diag);
/* Adds the PDF of the page html to out.  Errors: E_NO_PDF when it fails or
 * takes too long; E_MEMORY. */
MK_MUST_USE enum mk_err mk_fs_pdf_make(struct mk_fs_pdf *pdf,
                                       const struct mk_buf *html,
                                       struct mk_buf *out,
                                       struct mk_diag *diag);
void mk_fs_pdf_stop(struct mk_fs_pdf *pdf);

#endif
