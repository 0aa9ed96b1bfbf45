/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/factsheet/making.h"

#include <string.h>

#include "cmd/factsheet/report.h"

void mk_fs_making_init(struct mk_fs_making *m, struct mk_fs *fs)
{
    m->fs = fs;
    m->published = (struct mk_fs_published)MK_FS_PUBLISHED_NONE;
    mk_gate_init(&m->gate);
    mk_publication_init(&m->p);
    m->p.sheet.threshold = MK_FS_THRESHOLD;
}

void mk_fs_making_release(struct mk_fs_making *m)
{
    mk_publication_release(&m->p);
    mk_fs_published_release(&m->published);
    mk_gate_release(&m->gate);
}

enum mk_err mk_fs_making_take(struct mk_fs_making *m,
                              enum mk_fs_making_option option,
                              const char *value, struct mk_diag *diag)
{
    struct mk_factsheet *sheet = &m->p.sheet;
    switch (option) {
    case MK_FS_MAKING_THRESHOLD:
        return mk_fs_threshold(&sheet->threshold, value, MK_SDC_THRESHOLD,
                               diag);
    case MK_FS_MAKING_RULE:
        sheet->own_rule = true;
        return mk_rule_parse(&sheet->rule, value, strlen(value), diag);
    case MK_FS_MAKING_LANG:
        return mk_fs_language(m->fs, value, diag);
    case MK_FS_MAKING_REVISE:
        m->p.revise = true;
        return MK_OK;
    case MK_FS_MAKING_PUBLISHED:
        m->published.path = value;
        return MK_OK;
    case MK_FS_MAKING_OPTS:
        break;
    }
    return MK_E_INTERNAL;
}

enum mk_err mk_fs_making_start(struct mk_fs_making *m)
{
    struct mk_factsheet *sheet = &m->p.sheet;
    enum mk_err rc;
    if (sheet->own_rule)
        sheet->threshold = sheet->rule.threshold;
    sheet->english = m->fs->english;
    MK_TRY(mk_fs_published_open(m->fs, &m->published));
    MK_TRY(mk_fs_solver_start(&m->fs->solver, &m->fs->diag));
out:
    return rc;
}

enum mk_err mk_fs_making_make(struct mk_fs_making *m)
{
    struct mk_fs *fs = m->fs;
    enum mk_err rc;
    MK_TRY(mk_fs_gate_read(fs, &m->gate));
    MK_TRY(mk_publication_make(&m->p, &m->gate, mk_fs_solver_solve,
                               &fs->solver, &fs->diag));
    MK_TRY(mk_fs_published_add(fs, &m->published, &m->p.sheet, false));
out:
    return rc;
}
