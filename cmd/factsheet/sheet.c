/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/factsheet/sheet.h"

#include <string.h>

#define TABLE_FILE "table.csv"

const char *mk_fs_sheet_file(const struct mk_fs_sheet *sheet,
                             enum mk_format_file file)
{
    return sheet->table ? TABLE_FILE : mk_format_get(file)->file;
}

void mk_fs_sheet_init(struct mk_fs_sheet *sheet)
{
    memset(sheet, 0, sizeof *sheet);
    mk_folder_init(&sheet->folder);
}

void mk_fs_sheet_release(struct mk_fs_sheet *sheet)
{
    mk_folder_close(&sheet->folder);
    for (size_t i = 0; i < MK_FILE_COUNT; i++)
        mk_buf_release(&sheet->text[i]);
    mk_buf_release(&sheet->page);
    mk_fs_pdf_stop(&sheet->pdf);
}

enum mk_err mk_fs_sheet_format(struct mk_fs_sheet *sheet, const char *value,
                               struct mk_diag *diag)
{
    enum mk_format format = mk_format_find(value);
    if (format == MK_FORMAT_COUNT)
        return mk_fail(diag, MK_E_NO_FORMAT, value);
    sheet->wants[format] = true;
    return MK_OK;
}

enum mk_err mk_fs_sheet_complete(struct mk_fs_sheet *sheet,
                                 struct mk_diag *diag)
{
    int n = 0;
    for (size_t i = 0; i < MK_FORMAT_COUNT; i++)
        n += sheet->wants[i];
    if (n == 0)
        sheet->wants[MK_FORMAT_TEXT] = true;
    if (n > 1 && !sheet->out)
        return mk_fail(diag, MK_E_USAGE, "--out");
    return MK_OK;
}

enum mk_err mk_fs_sheet_start(struct mk_fs_sheet *sheet, struct mk_diag *diag)
{
    if (!sheet->wants[MK_FORMAT_PDF])
        return MK_OK;
    if (!sheet->out) /* it is nothing for a terminal */
        return mk_fail(diag, MK_E_USAGE, "--out");
    return mk_fs_pdf_start(&sheet->pdf, diag);
}

enum mk_err mk_fs_sheet_pdf(struct mk_fs_sheet *sheet, struct mk_diag *diag)
{
    struct mk_buf *text = &sheet->text[MK_FILE_PDF];
    if (text->len == 0)
        return MK_OK;
    mk_buf_take(&sheet->page, text);
    return mk_fs_pdf_make(&sheet->pdf, &sheet->page, text, diag);
}

const struct mk_buf *mk_fs_sheet_kept(const struct mk_fs_sheet *sheet,
                                      enum mk_format_file file)
{
    static const struct mk_buf nothing = MK_BUF_INIT;
    if (file == MK_FILE_PDF)
        return &nothing;
    if (file == MK_FILE_HTML && sheet->page.len > 0)
        return &sheet->page;
    return &sheet->text[file];
}

enum mk_err mk_fs_sheet_render(struct mk_fs_sheet *sheet,
                               const struct mk_factsheet *f,
                               struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    for (unsigned i = 0; i < MK_FILE_COUNT && rc == MK_OK; i++)
        if (mk_format_makes(sheet->wants, i))
            rc = mk_format_get(i)->render(&sheet->text[i], f);
    return rc == MK_OK ? mk_fs_sheet_pdf(sheet, diag)
                       : mk_fail(diag, rc, "factsheet");
}

enum mk_err mk_fs_sheet_write(struct mk_fs *fs,
                              const struct mk_fs_sheet *sheet)
{
    struct mk_fs_file file[MK_FILE_COUNT];
    size_t n = 0;
    enum mk_err rc = MK_OK;
    for (unsigned i = 0; i < MK_FILE_COUNT; i++)
        if (sheet->text[i].len > 0)
            file[n++] = (struct mk_fs_file){mk_fs_sheet_file(sheet, i),
                                            &sheet->text[i]};
    /* first what can be lost: then no file is there either */
    for (unsigned i = 0; i < MK_FORMAT_COUNT; i++)
        if (sheet->wants[i] && (i == MK_FORMAT_TEXT || !sheet->out))
            MK_TRY(mk_fs_write(fs, &sheet->text[i]));
    if (sheet->out)
        MK_TRY(mk_fs_write_files(&sheet->folder, file, n, &fs->diag));
out:
    return rc;
}
