/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/factsheet/report.h"

#include <string.h>
#include <unistd.h>

void mk_fs_report_init(struct mk_fs_report *report, const char *text_file,
                       const char *json_file)
{
    *report =
        (struct mk_fs_report){.text_file = text_file, .json_file = json_file};
    mk_folder_init(&report->folder);
}

void mk_fs_report_release(struct mk_fs_report *report)
{
    mk_folder_close(&report->folder);
    mk_buf_release(&report->text);
    mk_buf_release(&report->json);
}

enum mk_err mk_fs_report_format(struct mk_fs_report *report, const char *value,
                                struct mk_diag *diag)
{
    bool text = strcmp(value, "text") == 0, json = strcmp(value, "json") == 0;
    report->text_wanted |= text;
    report->json_wanted |= json;
    return text || json ? MK_OK : mk_fail(diag, MK_E_NO_FORMAT, value);
}

enum mk_err mk_fs_report_shut(struct mk_fs *fs, struct mk_fs_report *report)
{
    if (!report->text_wanted && !report->json_wanted)
        report->text_wanted = true;
    if (report->text_wanted && report->json_wanted && !report->out)
        return mk_fail(&fs->diag, MK_E_USAGE, "--out");
    return mk_fs_shut(fs, report->out, true, &report->folder);
}

enum mk_err mk_fs_report_write(struct mk_fs *fs,
                               const struct mk_fs_report *report)
{
    struct mk_fs_file file[2];
    size_t n = 0;
    enum mk_err rc = MK_OK;
    if (report->text_wanted)
        file[n++] = (struct mk_fs_file){report->text_file, &report->text};
    if (report->json_wanted)
        file[n++] = (struct mk_fs_file){report->json_file, &report->json};
    if (report->text_wanted || !report->out)
        MK_TRY(mk_fs_write(fs, file[0].text));
    if (report->out)
        MK_TRY(mk_fs_write_files(&report->folder, file, n, &fs->diag));
out:
    return rc;
}

enum mk_err mk_fs_gate_read(struct mk_fs *fs, struct mk_gate *gate)
{
    enum mk_err rc = mk_gate_read(gate, STDIN_FILENO, &fs->diag);
    if (rc == MK_OK && gate->none) {
        fs->silent = true; /* whoever started us says why */
        rc = MK_E_CANCELLED;
    }
    return rc;
}
