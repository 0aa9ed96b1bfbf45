/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/docs.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/store/driver.h"
#include "core/store/file.h"

enum mk_err mk_docs_folder(struct mk_docs *out, const char *path,
                           struct mk_diag *diag)
{
    *out = (struct mk_docs)MK_DOCS_NONE;
    return mk_dir_open(&out->dir, path, diag);
}

void mk_docs_server(struct mk_docs *out, struct mk_driver *server)
{
    *out = (struct mk_docs){.dir = -1, .server = server, .below = ""};
}

void mk_docs_close(struct mk_docs *p)
{
    if (p->dir >= 0)
        (void)close(p->dir);
    *p = (struct mk_docs)MK_DOCS_NONE;
}

enum mk_err mk_docs_below(struct mk_docs *out, const struct mk_docs *p,
                          const char *name, bool make, struct mk_diag *diag)
{
    *out = (struct mk_docs)MK_DOCS_NONE;
    if (p->server) {
        out->server = p->server;
        out->below = name;
        return MK_OK;
    }
    return mk_dir_below(&out->dir, p->dir, name, make, diag);
}

enum mk_err mk_docs_read(const struct mk_docs *p, const char *name, size_t max,
                         struct mk_buf *out, struct mk_diag *diag)
{
    return p->server ? mk_docs_server_read(p, name, max, out, diag)
                     : mk_file_read(p->dir, name, max, out, diag);
}

enum mk_err mk_docs_has(const struct mk_docs *p, const char *name, bool *there,
                        struct mk_diag *diag)
{
    struct mk_buf text = MK_BUF_INIT;
    enum mk_err rc;

    if (!p->server)
        return mk_file_exists(p->dir, name, there, diag);
    rc = mk_docs_server_read(p, name, SIZE_MAX, &text, diag);
    mk_buf_release(&text);
    *there = rc == MK_OK;
    return rc == MK_E_NOT_FOUND ? MK_OK : rc;
}

enum mk_err mk_docs_write(const struct mk_docs *p, const char *name,
                          const void *bytes, size_t n, struct mk_diag *diag)
{
    return p->server ? mk_docs_server_write(p, name, bytes, n, diag)
                     : mk_file_replace(p->dir, name, bytes, n, diag);
}

enum mk_err mk_docs_remove(const struct mk_docs *p, const char *name,
                           struct mk_diag *diag)
{
    enum mk_err rc;
    bool there;

    if (!p->server)
        return mk_file_remove(p->dir, name, diag);
    rc = mk_docs_has(p, name, &there, diag);
    return rc == MK_OK && there ? mk_docs_server_write(p, name, "", 0, diag)
                                : rc;
}

enum mk_err mk_docs_list(const struct mk_docs *p, mk_docs_each *each,
                         void *ctx, struct mk_diag *diag)
{
    const struct dirent *entry;
    enum mk_err rc = MK_OK;
    DIR *d;
    int fd;

    if (p->server)
        return mk_docs_server_list(p, each, ctx, diag);
    /* of its own: reading moves the place in a folder */
    fd = openat(p->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    d = fd < 0 ? NULL : fdopendir(fd);
    if (!d) {
        rc = mk_fail_sys(diag, MK_E_IO, "folder");
        if (fd >= 0)
            (void)close(fd);
        return rc;
    }
    while ((entry = readdir(d)) != NULL)
        MK_TRY(each(ctx, entry->d_name, diag));
out:
    closedir(d);
    return rc;
}

/* ---- holding ---- */

enum mk_err mk_docs_hold(struct mk_docs_hold *h, const struct mk_docs *p,
                         const char *lock, unsigned wait_ms,
                         struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    *h = (struct mk_docs_hold){.place = p, .lock = -1};
    if (!p->server)
        return mk_file_lock(&h->lock, p->dir, lock, wait_ms, diag);
    if (!mk_driver_inside(p->server)) {
        rc = p->server->ops->begin(p->server, true, true, diag);
        h->ours = rc == MK_OK;
    }
    return rc;
}

enum mk_err mk_docs_let_go(struct mk_docs_hold *h, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    if (h->lock >= 0)
        (void)close(h->lock);
    if (h->ours)
        rc = h->place->server->ops->commit(h->place->server, diag);
    *h = (struct mk_docs_hold){.lock = -1};
    return rc;
}
