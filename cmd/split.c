/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/split.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* The word at *from, without its quotes, to *to; both are moved behind it.
 * False when a quote has no end. */
static bool word(char **from, char **to)
{
    char quote = '\0';
    for (; **from != '\0'; ++*from) {
        char c = **from;
        if (quote != '\0' && c == quote)
            quote = '\0';
        else if (quote == '\0' && (c == '"' || c == '\''))
            quote = c;
        else if (quote == '\0' && is_space(c))
            break;
        else
            *(*to)++ = c;
    }
    return quote == '\0';
}

enum mk_err mk_split(char *line, char *words[static MK_SPLIT_MAX], size_t *n,
                     bool english, struct mk_diag *diag)
{
    char *from = line;
    char *to = line; /* quotes fall out, so it never overtakes from */
    *n = 0;
    for (;;) {
        while (is_space(*from))
            from++;
        if (*from == '\0')
            return MK_OK;
        if (*n == MK_SPLIT_MAX)
            return mk_fail(diag, MK_E_USAGE,
                           english ? "too many words" : "te veel woorden");
        words[(*n)++] = to;
        if (!word(&from, &to))
            return mk_fail(diag, MK_E_USAGE,
                           english ? "a quote has no end"
                                   : "een aanhalingsteken heeft geen einde");
        bool last = *from == '\0';
        *to++ = '\0';
        if (last)
            return MK_OK;
        from++;
    }
}
