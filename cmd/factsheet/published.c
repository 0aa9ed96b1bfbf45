/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/factsheet/published.h"

#include <stdio.h>
#include <unistd.h>

#include "reports/reconcile.h"

enum mk_err mk_fs_published_open(struct mk_fs *fs, struct mk_fs_published *p)
{
    return p->path ? mk_fs_open(&p->fd, p->path, &fs->diag) : MK_OK;
}

void mk_fs_published_release(struct mk_fs_published *p)
{
    if (p->fd >= 0)
        close(p->fd);
    p->fd = -1;
}

static enum mk_err warn_all(struct mk_fs *fs, const struct mk_factsheet *f,
                            const struct mk_reconcile *r)
{
    struct mk_buf text = MK_BUF_INIT;
    enum mk_err rc = MK_OK;
    for (size_t i = 0, told = 0; i < r->n && told < MK_RECONCILE_TOLD; i++) {
        const struct mk_reconcile_row *row = mk_reconcile_row(r, i);
        if (mk_reconcile_judge(f, row) != MK_RECONCILE_OTHER)
            continue;
        told++;
        MK_TRY(mk_buf_addf(&text, "meldkluis-factsheet: %s",
                           MK_FS_T(fs, "let op, ", "note, ")));
        MK_TRY(mk_reconcile_say(&text, f, row));
        MK_TRY(mk_buf_add_u8(&text, '\n'));
    }
    fwrite(text.data, 1, text.len, stderr);
out:
    mk_buf_release(&text);
    return rc == MK_OK ? rc : mk_fail(&fs->diag, rc, NULL);
}

enum mk_err mk_fs_published_add(struct mk_fs *fs, struct mk_fs_published *p,
                                struct mk_factsheet *f, bool warn)
{
    struct mk_buf text = MK_BUF_INIT;
    struct mk_reconcile r;
    int fd = p->fd;
    enum mk_err rc;
    if (!p->path)
        return MK_OK;
    mk_reconcile_init(&r);
    p->fd = -1; /* reading closes it */
    MK_TRY(mk_fs_read(fd, p->path, MK_RECONCILE_BYTES, &text, &fs->diag));
    MK_TRY(mk_reconcile_read(&r, f, text.data, text.len, &fs->diag));
    rc = mk_reconcile_note(f, &r);
    if (rc != MK_OK) {
        rc = mk_fail(&fs->diag, rc, "notes");
        goto out;
    }
    if (warn)
        MK_TRY(warn_all(fs, f, &r));
out:
    if (rc != MK_OK && r.allowed.len > 0)
        fprintf(stderr, MK_FS_T(fs, "toegestaan: %s\n", "allowed: %s\n"),
                (const char *)r.allowed.data);
    mk_reconcile_release(&r);
    mk_buf_release(&text);
    return rc;
}
