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

/* The marker {name}. */
static void print_marker(const struct mk_diag *diag, const char *help,
                         const char *name, size_t n)
{
    char text[64];
    if (n == 5 &&
        (memcmp(name, "place", n) == 0 || memcmp(name, "paste", n) == 0))
        print_place(diag->place);
    else if (n == 4 && memcmp(name, "line", n) == 0)
        fprintf(stderr, "%" PRIu64, diag->line);
    else if (n == 4 && memcmp(name, "num0", n) == 0)
        fprintf(stderr, "%" PRId64, diag->num[0]);
    else if (n == 4 && memcmp(name, "num1", n) == 0)
        fprintf(stderr, "%" PRId64, diag->num[1]);
    else if (n == 3 && memcmp(name, "sys", n) == 0)
        fprintf(stderr, "%s", strerror_r(diag->sys, text, sizeof text));
    else if (n == 4 && memcmp(name, "help", n) == 0)
        fputs(help, stderr);
}

static void print_text(const struct mk_diag *diag, const char *help,
                       const char *text)
{
    while (*text) {
        const char *end = *text == '{' ? strchr(text, '}') : NULL;
        if (end) {
            print_marker(diag, help, text + 1, (size_t)(end - text - 1));
            text = end + 1;
        } else {
            fputc(*text++, stderr);
        }
    }
}

int mk_complain(const char *program, const char *help,
                const struct mk_diag *diag, bool english)
{
    const char *text = mk_err_text(diag->err, english);
    const char *line = english ? "line {line}: " : "regel {line}: ";
    const size_t n = strlen(line);

    fprintf(stderr, "%s: ", program);
    if (strncmp(text, line, n) == 0)
        text += n;
    /* a key of JSON, or an option, stands in no line */
    if (diag->line != 0)
        print_text(diag, help, line);
    print_text(diag, help, text);
    fputc('\n', stderr);
    return mk_err_exit(diag->err);
}
