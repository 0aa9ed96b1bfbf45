/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Forms: whatever is given, the reader refuses it as bad input with a line of
 * the form and a place of our own words, or takes keys that the verb has.
 */
#include "cmd/form.h"
#include "core/base/text.h"
#include "core/workflow.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static uint64_t lines_of(const uint8_t *p, size_t n)
{
    uint64_t lines = 1;

    for (size_t i = 0; i < n; i++)
        lines += p[i] == '\n';
    return lines;
}

struct seen {
    const struct mk_buf *text;
    uint64_t line; /* of the key before */
};

static enum mk_err look(void *ctx, const char *key, size_t key_len,
                        const void *value, size_t n, uint64_t line,
                        struct mk_diag *diag)
{
    struct seen *s = ctx;
    const char *begin = (const char *)s->text->data;

    (void)diag;
    CLAIM(key >= begin && key + key_len <= begin + s->text->len);
    CLAIM(n <= s->text->len && mk_text_valid(value, n) == n);
    CLAIM(line > s->line && line <= lines_of(s->text->data, s->text->len));
    s->line = line;
    return MK_OK;
}

/* Every key is one that the verb takes. */
static void check_fields(enum mk_verb verb, const struct mk_fields *f)
{
    for (enum mk_field key = mk_fields_next(f, MK_F_NONE); key != MK_F_NONE;
         key = mk_fields_next(f, key)) {
        const char *name = mk_field_get(key)->key;

        CLAIM(mk_verb_field(verb, name, strlen(name)) == key);
    }
}

/* What is said of an error is a name of ours, not text of the form. */
static bool is_ours(const char *place)
{
    return place[0] == '\0' || strcmp(place, MK_FORM_NOT_OURS) == 0 ||
           strcmp(place, "--form") == 0 ||
           mk_field_find(place, strlen(place)) != NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mk_buf text = MK_BUF_INIT;
    struct seen s = {.text = &text};
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc;

    CLAIM(mk_buf_reserve(&text, size + 1) == MK_OK);
    CLAIM(size == 0 || mk_buf_add(&text, data, size) == MK_OK);
    rc = mk_form_parse(&text, look, &s, &diag);
    CLAIM(rc == MK_OK || rc == MK_E_SYNTAX || rc == MK_E_BAD_UTF8);
    for (unsigned v = MK_VERB_MELDING; v <= MK_VERB_PERSOON; v++) {
        struct mk_fields f;
        enum mk_verb verb = (enum mk_verb)v;

        diag = (struct mk_diag)MK_DIAG_INIT;
        mk_fields_init(&f);
        if (mk_form_fields(&text, verb, &f, &diag) == MK_OK) {
            CLAIM(rc == MK_OK);
            check_fields(verb, &f);
        } else {
            CLAIM(mk_err_exit(diag.err) == MK_EXIT_USAGE);
            CLAIM(diag.line <= lines_of(data, size));
            CLAIM(is_ours(diag.place));
        }
        mk_fields_release(&f);
    }
    mk_buf_release(&text);
    return 0;
}
