/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/factsheet/sheet.h"

#include <string.h>

typedef enum mk_err render(struct mk_buf *out, const struct mk_factsheet *f);

static const struct {
    const char *name, *file;
    render *render;
} formats[MK_FS_FORMATS] = {
    [MK_FS_TEXT] = {"text", "factsheet.txt", mk_render_text},
    [MK_FS_CSV] = {"csv", "factsheet.csv", mk_render_csv},
    [MK_FS_JSON] = {"json", "factsheet.json", mk_render_json},
    [MK_FS_HTML] = {"html", "factsheet.html", mk_render_html},
};

const char *mk_fs_sheet_file(size_t format)
{
    return formats[format].file;
}

void mk_fs_sheet_init(struct mk_fs_sheet *sheet)
{
    memset(sheet, 0, sizeof *sheet);
    mk_folder_init(&sheet->folder);
}

void mk_fs_sheet_release(struct mk_fs_sheet *sheet)
{
    mk_folder_close(&sheet->folder);
    for (size_t i = 0; i < MK_FS_FORMATS; i++)
        mk_buf_release(&sheet->text[i]);
    mk_buf_release(&sheet->release);
}

enum mk_err mk_fs_sheet_format(struct mk_fs_sheet *sheet, const char *value,
                               struct mk_diag *diag)
{
    for (size_t i = 0; i < MK_FS_FORMATS; i++)
        if (strcmp(value, formats[i].name) == 0) {
            sheet->wants[i] = true;
            return MK_OK;
        }
    return mk_fail(diag, MK_E_NO_FORMAT, value);
}

enum mk_err mk_fs_sheet_complete(struct mk_fs_sheet *sheet,
                                 struct mk_diag *diag)
{
    int n = 0;
    for (size_t i = 0; i < MK_FS_FORMATS; i++)
        n += sheet->wants[i];
    if (n == 0)
        sheet->wants[MK_FS_TEXT] = true;
    if (n > 1 && !sheet->out)
        return mk_fail(diag, MK_E_USAGE, "--out");
    return MK_OK;
}

enum mk_err mk_fs_sheet_render(struct mk_fs_sheet *sheet,
                               const struct mk_factsheet *f,
                               struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < MK_FS_FORMATS && rc == MK_OK; i++)
        if (sheet->wants[i])
            rc = formats[i].render(&sheet->text[i], f);
    if (rc == MK_OK)
        rc = mk_render_release(&sheet->release, f);
    return rc == MK_OK ? rc : mk_fail(diag, rc, "factsheet");
}

enum mk_err mk_fs_sheet_write(struct mk_fs *fs,
                              const struct mk_fs_sheet *sheet)
{
    struct mk_fs_file file[MK_FS_FORMATS + 1];
    size_t n = 0;
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < MK_FS_FORMATS; i++)
        if (sheet->wants[i])
            file[n++] = (struct mk_fs_file){sheet->table ? MK_FS_TABLE_FILE
                                                         : formats[i].file,
                                            &sheet->text[i]};
    if (sheet->release.len > 0)
        file[n++] = (struct mk_fs_file){MK_FS_RELEASE_FILE, &sheet->release};
    /* first what can be lost: then no file is there either */
    for (size_t i = 0; i < MK_FS_FORMATS; i++)
        if (sheet->wants[i] && (i == MK_FS_TEXT || !sheet->out))
            MK_TRY(mk_fs_write(fs, &sheet->text[i]));
    if (sheet->out)
        MK_TRY(mk_fs_write_files(&sheet->folder, file, n, &fs->diag));
out:
    return rc;
}
