/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/complain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

/* A place may be a name out of hostile input. */
static void print_place(const char *place)
{
    struct mk_buf text = MK_BUF_INIT;
    if (mk_text_visible(&text, place, strlen(place), false) == MK_OK)
        fwrite(text.data, 1, text.len, stderr);
    mk_buf_release(&text);
}

static void print_marker(const struct mk_diag *diag, const char *name,
                         size_t n)
{
    char text[64];
    if (n == 5 && memcmp(name, "place", n) == 0)
        print_place(diag->place);
    else if (n == 4 && memcmp(name, "line", n) == 0)
        fprintf(stderr, "%" PRIu64, diag->line);
    else if (n == 4 && memcmp(name, "num0", n) == 0)
        fprintf(stderr, "%" PRId64, diag->num[0]);
    else if (n == 4 && memcmp(name, "num1", n) == 0)
        fprintf(stderr, "%" PRId64, diag->num[1]);
    else if (n == 3 && memcmp(name, "sys", n) == 0)
        fprintf(stderr, "%s", strerror_r(diag->sys, text, sizeof text));
}

int mk_complain(const char *program, const struct mk_diag *diag, bool english)
{
    const char *text = mk_err_text(diag->err, english);
    fprintf(stderr, "%s: ", program);
    while (*text) {
        const char *end = *text == '{' ? strchr(text, '}') : NULL;
        if (end) {
            print_marker(diag, text + 1, (size_t)(end - text - 1));
            text = end + 1;
        } else {
            fputc(*text++, stderr);
        }
    }
    fputc('\n', stderr);
    return mk_err_exit(diag->err);
}
