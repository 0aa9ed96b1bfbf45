/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events, values and tags: what is accepted is what is written. */
#include "core/event.h"
#include "core/tag.h"
#include "core/workflow.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/* The first two bytes say how long the facts are, the rest is text. */
static void events(const uint8_t *p, size_t n)
{
    struct mk_event e;
    struct mk_buf facts = MK_BUF_INIT, text = MK_BUF_INIT;
    struct mk_diag diag = MK_DIAG_INIT;
    if (n < 2)
        return;
    size_t n_facts = ((size_t)p[0] << 8 | p[1]) % (n - 1);
    p += 2;
    n -= 2;
    enum mk_err rc =
        mk_event_decode(&e, p, n_facts, p + n_facts, n - n_facts, &diag);
    CLAIM(rc == MK_OK || rc == MK_E_DAMAGED || rc == MK_E_NEWER);
    if (rc == MK_OK) {
        struct mk_case c;
        CLAIM(mk_event_encode(&e, &facts, &text) == MK_OK);
        CLAIM(facts.len == n_facts && memcmp(facts.data, p, n_facts) == 0);
        CLAIM(text.len == n - n_facts);
        CLAIM(text.len == 0 || memcmp(text.data, p + n_facts, text.len) == 0);
        mk_case_init(&c);
        rc = mk_case_add(&c, &e, &diag);
        CLAIM(rc == MK_OK || rc == MK_E_DAMAGED);
        mk_case_release(&c);
    }
    mk_buf_release(&facts);
    mk_buf_release(&text);
    mk_event_release(&e);
}

/* The first byte says which key. */
static void values(const uint8_t *p, size_t n)
{
    struct mk_fields f;
    struct mk_buf out = MK_BUF_INIT;
    struct mk_diag diag = MK_DIAG_INIT;
    if (n == 0 || !mk_field_get((enum mk_field)(p[0] % MK_FIELD_MAX)))
        return;
    const struct mk_field_info *info =
        mk_field_get((enum mk_field)(p[0] % MK_FIELD_MAX));
    mk_fields_init(&f);
    if (mk_fields_parse(&f, info->number, p + 1, n - 1, &diag) == MK_OK) {
        CLAIM(mk_fields_format(&out, &f, info->number) == MK_OK);
        /* tags and the order of several codes have more than one spelling */
        if (info->type != MK_T_TAG && info->type != MK_T_CODES) {
            CLAIM(out.len == n - 1);
            CLAIM(n == 1 || memcmp(out.data, p + 1, n - 1) == 0);
        }
    } else {
        CLAIM(mk_fields_next(&f, MK_F_NONE) == MK_F_NONE);
        CLAIM(diag.err != MK_OK);
    }
    mk_buf_release(&out);
    mk_fields_release(&f);
}

static void tags(const char *text, size_t n)
{
    uint8_t lo[16], hi[16], again[16];
    char tag[MK_TAG_TEXT];
    if (!mk_tag_parse(text, n, lo, hi))
        return;
    mk_tag_format(tag, hi);
    CLAIM(mk_tag_parse(tag, MK_TAG_TEXT - 1, again, hi));
    CLAIM(memcmp(lo, again, sizeof(lo)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    events(data, size);
    values(data, size);
    tags((const char *)data, size);
    return 0;
}
