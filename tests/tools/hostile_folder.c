/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hostile_folder FOLDER nl|en: a hostile factsheet in all our formats, in a
 * folder that is there, for the readers that the tests let loose on it. */
#include "reports/format.h"

#include "tests/support/hostile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_file(const char *folder, enum mk_format_file file,
                       const struct mk_factsheet *f)
{
    struct mk_buf text = MK_BUF_INIT;
    char path[4096];
    FILE *to;
    snprintf(path, sizeof path, "%s/%s", folder, mk_format_get(file)->file);
    if (mk_format_get(file)->render(&text, f) != MK_OK ||
        (to = fopen(path, "wb")) == NULL) {
        fprintf(stderr, "hostile_folder: %s is not made\n", path);
        exit(1);
    }
    if (fwrite(text.data, 1, text.len, to) != text.len || fclose(to) != 0) {
        perror(path);
        exit(1);
    }
    mk_buf_release(&text);
}

int main(int argc, char **argv)
{
    struct hostile h;
    if (argc != 3) {
        fprintf(stderr, "hostile_folder FOLDER nl|en\n");
        return 2;
    }
    hostile_init(&h, strcmp(argv[2], "en") == 0);
    for (unsigned i = 0; i < MK_FILE_COUNT; i++)
        if (i != MK_FILE_PDF) /* another program makes it of the page */
            write_file(argv[1], i, &h.sheet);
    hostile_release(&h);
    return 0;
}
