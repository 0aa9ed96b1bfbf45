/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words and options of a command line.  Pure: reads nothing but argv. */
#ifndef MK_CMD_ARGS_H
#define MK_CMD_ARGS_H

#include "core/base/err.h"

enum mk_option {
#define MK_OPTION(NAME, short, nl, en, arg_nl, arg_en, flags, text_nl, \
                  text_en)                                             \
    MK_OPT_##NAME,
#include "cmd/options.def"
#undef MK_OPTION
    MK_OPT_COUNT
};
/* A set of them.  There are more than 64, and a set has to be a constant that
 * a row of commands.def joins by |. */
__extension__ typedef unsigned __int128 mk_options;
#define MK_O_BIT(option) ((mk_options)1 << (option))
#define MK_O(NAME) MK_O_BIT(MK_OPT_##NAME)

enum { MK_OPTION_GLOBAL = 1, MK_OPTION_REPEAT = 2, MK_OPTION_FILE = 4 };
struct mk_option_info {
    char letter; /* 0 if there is none */
    const char *nl, *en;
    const char *arg_nl, *arg_en; /* "" for a switch */
    unsigned flags;
    const char *text_nl, *text_en;
};
const struct mk_option_info *mk_option_get(enum mk_option o);

#define MK_ARGS_MAX 96 /* options given, and words, of one command line */

struct mk_args {
    struct {
        enum mk_option option;
        const char *value; /* NULL for a switch */
    } given[MK_ARGS_MAX];
    size_t n_given;
    const char *word[MK_ARGS_MAX];
    size_t n_words;
};

/*
 * argv without the name of the program.  Options may stand anywhere, as
 * --name value, --name=value or -k value; `--` ends them; `-` is a word.
 * Errors: E_USAGE; diag->place names the option and, where one is near, what
 * may have been meant.  A value is never repeated in a message.
 */
MK_MUST_USE enum mk_err mk_args_parse(struct mk_args *args, size_t n,
                                      char *const argv[], bool english,
                                      struct mk_diag *diag);

bool mk_args_has(const struct mk_args *args, enum mk_option o);
/* NULL if it was not given. */
const char *mk_args_value(const struct mk_args *args, enum mk_option o);

#endif
