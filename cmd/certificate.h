/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The certificate of a dossier that was destroyed: shown, written, read. */
#ifndef MK_CMD_CERTIFICATE_H
#define MK_CMD_CERTIFICATE_H

#include "cmd/app.h"

#define MK_CERTIFICATE_MAX 65536

/* For people, with the signed record at the end: lines of hexadecimal digits
 * behind "record:". */
MK_MUST_USE enum mk_err mk_certificate_text(struct mk_app *app,
                                            const struct mk_certificate *c,
                                            struct mk_buf *out);
MK_MUST_USE enum mk_err mk_certificate_json(struct mk_app *app,
                                            const struct mk_certificate *c,
                                            struct mk_buf *out);
/* The record in such a text.  Errors: E_CERTIFICATE. */
MK_MUST_USE enum mk_err mk_certificate_read(const struct mk_buf *text,
                                            struct mk_buf *record,
                                            struct mk_diag *diag);

#endif
