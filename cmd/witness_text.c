/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/witness.h"
#include "cmd/words.h"

#include "core/base/text.h"

#include <string.h>

enum mk_err mk_witness_add_checkpoint(const struct mk_app *app,
                                      struct mk_buf *out,
                                      const struct mk_checkpoint *c,
                                      const char *const words[static MK_WORDS])
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    MK_TRY(mk_checkpoint_format(&text, c));
    MK_TRY(mk_buf_addf(out, "%s:\n",
                       MK_T(app, "checkpoint (naam, regels, wortel)",
                            "checkpoint (name, entries, root)")));
    MK_TRY(mk_text_visible(out, text.data, text.len, true));
    MK_TRY(mk_buf_addf(out, "%s:\n",
                       MK_T(app, "controlewoorden van het checkpoint",
                            "check words of the checkpoint")));
    MK_TRY(mk_words_add(out, "    ", words));
out:
    mk_buf_release(&text);
    return rc;
}

void mk_witness_json_checkpoint(struct mk_json *j,
                                const struct mk_checkpoint *c,
                                const char *const words[static MK_WORDS])
{
    mk_json_object(j, "checkpoint");
    mk_json_str(j, "origin", c->origin);
    mk_json_num(j, "size", (int64_t)c->size);
    mk_json_hex(j, "root", c->root, MK_HASH);
    mk_words_json(j, "words", words);
    mk_json_end(j);
}

enum mk_err mk_witness_add_key(const struct mk_app *app, struct mk_buf *out,
                               const struct mk_note_key *key)
{
    enum mk_err rc;
    char vkey[MK_VKEY_MAX];
    const char *words[MK_WORDS];
    mk_vkey_format(vkey, key);
    mk_words_of(words, vkey, strlen(vkey));
    MK_TRY(mk_text_visible(out, vkey, strlen(vkey), false));
    MK_TRY(mk_buf_addf(out, "\n%s:\n",
                       MK_T(app, "controlewoorden van deze sleutel",
                            "check words of this key")));
    MK_TRY(mk_words_add(out, "    ", words));
out:
    return rc;
}

void mk_witness_json_key(struct mk_json *j, const struct mk_note_key *key)
{
    char vkey[MK_VKEY_MAX];
    const char *words[MK_WORDS];
    mk_vkey_format(vkey, key);
    mk_words_of(words, vkey, strlen(vkey));
    mk_json_str(j, "name", key->name);
    mk_json_str(j, "vkey", vkey);
    mk_words_json(j, "vkey_words", words);
}
