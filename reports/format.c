/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/format.h"

#include <string.h>

enum { MK_FORMAT_ALL = MK_FORMAT_COUNT };

static const struct mk_format_def defs[MK_FILE_COUNT] = {
#define MK_FORMAT(NAME, word, file, renderer) \
    {word, file, mk_render_##renderer, MK_FORMAT_##NAME},
#include "core/defs/formats.def"
#define MK_BESIDE(NAME, FORMAT, file, renderer) \
    {"", file, mk_render_##renderer, (enum mk_format)MK_FORMAT_##FORMAT},
#include "core/defs/formats.def"
};

const struct mk_format_def *mk_format_get(enum mk_format_file file)
{
    return &defs[file];
}

enum mk_format mk_format_find(const char *word)
{
    unsigned i = 0;
    while (i < MK_FORMAT_COUNT && strcmp(word, defs[i].word) != 0)
        i++;
    return (enum mk_format)i;
}

bool mk_format_makes(const bool wants[static MK_FORMAT_COUNT],
                     enum mk_format_file file)
{
    bool any = false;
    if (defs[file].with < MK_FORMAT_COUNT)
        return wants[defs[file].with];
    for (size_t i = 0; i < MK_FORMAT_COUNT; i++)
        any = any || wants[i];
    return any;
}
