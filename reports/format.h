/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The forms of a factsheet and their files: the list is formats.def. */
#ifndef MK_REPORTS_FORMAT_H
#define MK_REPORTS_FORMAT_H

#include "reports/render.h"

/* Formats first, then the files that go beside one of them. */
enum mk_format {
#define MK_FORMAT(NAME, word, file, renderer) MK_FORMAT_##NAME,
#include "core/defs/formats.def"
    MK_FORMAT_COUNT
};
enum mk_format_file {
#define MK_FORMAT(NAME, word, file, renderer) MK_FILE_##NAME,
#include "core/defs/formats.def"
#define MK_BESIDE(NAME, FORMAT, file, renderer) MK_FILE_##NAME,
#include "core/defs/formats.def"
    MK_FILE_COUNT
};

typedef enum mk_err mk_render(struct mk_buf *out,
                              const struct mk_factsheet *f);

struct mk_format_def {
    const char *word; /* of --format; "" for a file beside one */
    const char *file;
    mk_render *render;
    /* of a file beside: its format, or MK_FORMAT_COUNT for any */
    enum mk_format with;
};
const struct mk_format_def *mk_format_get(enum mk_format_file file);

/* MK_FORMAT_COUNT: there is no such word. */
enum mk_format mk_format_find(const char *word);

/* Is the file one of those that the formats in wants make? */
MK_MUST_USE bool mk_format_makes(const bool wants[static MK_FORMAT_COUNT],
                                 enum mk_format_file file);

#endif
