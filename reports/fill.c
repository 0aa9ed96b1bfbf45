/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/fill.h"

#include <string.h>

static const char *value_of(const char *name, size_t len,
                            const struct mk_fill *with, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strlen(with[i].name) == len &&
            memcmp(with[i].name, name, len) == 0)
            return with[i].value;
    return NULL;
}

enum mk_err mk_fill(struct mk_buf *out, const char *text,
                    const struct mk_fill *with, size_t n)
{
    enum mk_err rc = MK_OK;
    while (*text) {
        size_t plain = strcspn(text, "{");
        size_t name = strcspn(text + plain, "}");
        MK_TRY(mk_buf_add(out, text, plain));
        text += plain;
        if (!*text)
            break;
        const char *value = name ? value_of(text + 1, name - 1, with, n)
                                 : NULL;
        if (!value || text[name] != '}') {
            rc = MK_E_INTERNAL;
            goto out;
        }
        MK_TRY(mk_buf_add_str(out, value));
        text += name + 1;
    }
out:
    return rc;
}
