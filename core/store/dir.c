/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
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
