/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/words.h"

enum mk_err mk_words_add(struct mk_buf *out, const char *indent,
                         const char *const words[static MK_WORDS])
{
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < MK_WORDS; i++)
        MK_TRY(mk_buf_addf(out, "%s%s%s", i % 4 == 0 ? indent : " ", words[i],
                           i % 4 == 3 ? "\n" : ""));
out:
    return rc;
}

void mk_words_json(struct mk_json *j, const char *key,
                   const char *const words[static MK_WORDS])
{
    mk_json_array(j, key);
    for (size_t i = 0; i < MK_WORDS; i++)
        mk_json_str(j, NULL, words[i]);
    mk_json_end(j);
}
