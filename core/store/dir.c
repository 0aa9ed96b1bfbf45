/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/buf.h"
#include "core/store/file.h"

enum mk_err mk_dir_check_free(const char *path, struct mk_diag *diag)
{
    DIR *dir = opendir(path);
    const struct dirent *entry;
    bool empty = true;

    if (dir == NULL && errno == ENOENT)
        return MK_OK;
    if (dir == NULL)
        return mk_fail_sys(diag, errno == ENOTDIR ? MK_E_EXISTS : MK_E_IO,
                           "folder of the vault");
    while (empty && (entry = readdir(dir)) != NULL)
        empty = strcmp(entry->d_name, ".") == 0 ||
                strcmp(entry->d_name, "..") == 0;
    closedir(dir);
    return empty ? MK_OK : mk_fail(diag, MK_E_EXISTS, "folder of the vault");
}

/* The entry of path in its parent folder is durable. */
static enum mk_err sync_parent(const char *path, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf parent = MK_BUF_INIT;
    int fd = -1;

    MK_TRY(mk_buf_add_str(&parent, path));
    MK_TRY(mk_buf_add_str(&parent, "/.."));
    MK_TRY(mk_buf_terminate(&parent));
    fd = open((const char *)parent.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        rc = mk_fail_sys(diag, MK_E_IO, "folder of the vault");
out:
    if (fd >= 0)
        close(fd);
    mk_buf_release(&parent);
    return rc;
}

enum mk_err mk_dir_move(const char *from, const char *path,
                        struct mk_diag *diag)
{
    /* rename(2) replaces an empty folder and refuses a full one. */
    if (rename(from, path) != 0)
        return mk_fail_sys(diag,
                           errno == ENOTEMPTY || errno == EEXIST ? MK_E_EXISTS
                                                                 : MK_E_IO,
                           "folder of the vault");
    return sync_parent(path, diag);
}

static enum mk_err make_below(int dir, const char *name, struct mk_diag *diag)
{
    if (mkdirat(dir, name, 0700) == 0)
        return fsync(dir) == 0 ? MK_OK : mk_fail_sys(diag, MK_E_IO, name);
    switch (errno) {
    case EEXIST:
        return MK_OK;
    case ENOSPC:
    case EDQUOT:
        return mk_fail_sys(diag, MK_E_DISK_FULL, name);
    case EROFS:
    case EACCES:
        return mk_fail_sys(diag, MK_E_READ_ONLY, name);
    default:
        return mk_fail_sys(diag, MK_E_IO, name);
    }
}

enum mk_err mk_dir_below(int *fd, int dir, const char *name, bool make,
                         struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    *fd = -1;
    if (make)
        MK_TRY(make_below(dir, name, diag));
    *fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (*fd < 0 && errno == ENOENT)
        return mk_fail(diag, MK_E_NOT_FOUND, name);
    if (*fd < 0) /* a link or a file in its place, or closed to us */
        return mk_fail_sys(diag, MK_E_PERMISSIONS, name);
    rc = mk_dir_check(*fd, name, diag);
    if (rc != MK_OK) {
        (void)close(*fd);
        *fd = -1;
    }
out:
    return rc;
}
