/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Texts with places in them: "{n} of the {all} dossiers".  A place has a name
 * and no order, so that a translator moves it as the language wants.
 */
#ifndef MK_REPORTS_FILL_H
#define MK_REPORTS_FILL_H

#include "core/base/buf.h"

struct mk_fill {
    const char *name;  /* "n" */
    const char *value; /* borrowed */
};

/*
 * Adds text with its places filled.  A value is not looked through again: what
 * stands in it is text.
 * Errors: E_MEMORY; E_INTERNAL for a place that no value has.
 */
MK_MUST_USE enum mk_err mk_fill(struct mk_buf *out, const char *text,
                                const struct mk_fill *with, size_t n);

#endif
