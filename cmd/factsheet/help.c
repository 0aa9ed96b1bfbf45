/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "cmd/factsheet/program.h"

static const struct mk_fs_verb verbs[] = {
#define MK_FS_VERB(word, run, options, nl, en) {word, run, options, nl, en},
#include "cmd/factsheet/verbs.def"
#undef MK_FS_VERB
};
#define VERBS (sizeof verbs / sizeof verbs[0])

const struct mk_fs_verb *mk_fs_verb_find(const char *word)
{
    for (size_t i = 0; i < VERBS; i++)
        if (strcmp(word, verbs[i].word) == 0)
            return &verbs[i];
    return NULL;
}

bool mk_fs_help_is(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 ||
           strcmp(word, "help") == 0;
}

bool mk_fs_english_wanted(int argc, char **argv)
{
    bool english = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
            english = strcmp(argv[++i], "en") == 0;
        else if (strncmp(argv[i], "--lang=", 7) == 0)
            english = strcmp(argv[i] + 7, "en") == 0;
    }
    return english;
}

static enum mk_err add_verb(struct mk_buf *out, const struct mk_fs *fs,
                            const struct mk_fs_verb *verb)
{
    return mk_buf_addf(out, "meldkluis-factsheet %s\n%s    %s\n", verb->word,
                       verb->options, MK_FS_T(fs, verb->nl, verb->en));
}

enum mk_err mk_fs_help(struct mk_fs *fs, const struct mk_fs_verb *verb)
{
    struct mk_buf text = MK_BUF_INIT;
    enum mk_err rc;
    if (verb) {
        MK_TRY(add_verb(&text, fs, verb));
    } else {
        MK_TRY(mk_buf_add_str(
            &text, MK_FS_T(fs,
                           "meldkluis-factsheet OPDRACHT OPTIE...\n"
                           "meldkluis-factsheet OPDRACHT --help\n\n",
                           "meldkluis-factsheet VERB OPTION...\n"
                           "meldkluis-factsheet VERB --help\n\n")));
        for (size_t i = 0; i < VERBS; i++)
            MK_TRY(add_verb(&text, fs, &verbs[i]));
    }
    MK_TRY(mk_buf_add_str(
        &text, MK_FS_T(fs,
                       "\nDe sleutels van SPEC.json: man "
                       "meldkluis-factsheet.\n"
                       "Status: 0 gelukt, 1 mislukt, 2 onjuiste invoer, 6 "
                       "geweigerd door de onthullingscontrole.\n",
                       "\nThe keys of SPEC.json: man meldkluis-factsheet.\n"
                       "Status: 0 done, 1 failed, 2 wrong input, 6 refused "
                       "by disclosure control.\n")));
    rc = mk_fs_write(fs, &text);
out:
    mk_buf_release(&text);
    return rc;
}
