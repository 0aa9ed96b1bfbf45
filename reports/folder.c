/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MAX_OWN 64

static enum mk_err failed(struct mk_diag *diag, const char *place)
{
    switch (errno) {
    case ENOSPC:
    case EDQUOT:
        return mk_fail_sys(diag, MK_E_DISK_FULL, place);
    case EROFS:
        return mk_fail_sys(diag, MK_E_READ_ONLY, place);
    case ENOENT:
        return mk_fail_sys(diag, MK_E_NOT_FOUND, place);
    default:
        return mk_fail_sys(diag, MK_E_IO, place);
    }
}

void mk_folder_init(struct mk_folder *folder)
{
    memset(folder, 0, sizeof *folder);
    folder->fd = folder->parent_fd = -1;
}

/* "a/b//" is b in a, "b" is b in "."; false where path is too long. */
static bool split(struct mk_folder *folder, const char *path)
{
    size_t end = strlen(path), at, dir;
    while (end > 1 && path[end - 1] == '/')
        end--;
    for (at = end; at > 0 && path[at - 1] != '/'; at--)
        ;
    for (dir = at; dir > 1 && path[dir - 1] == '/'; dir--)
        ;
    if (end >= MK_FOLDER_PATH)
        return false;
    memcpy(folder->parent, at > 0 ? path : ".", at > 0 ? dir : 1);
    memcpy(folder->name, path + at, end - at);
    return true;
}

static enum mk_err own(struct mk_folder *folder, const char *path, mode_t mode,
                       struct mk_diag *diag)
{
    folder->made = true;
    if (!split(folder, path) || fchmod(folder->fd, mode) != 0)
        return failed(diag, "--out");
    folder->parent_fd = open(folder->parent, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return folder->parent_fd < 0 ? failed(diag, "--out") : MK_OK;
}

enum mk_err mk_folder_open(struct mk_folder *folder, const char *path,
                           bool private, struct mk_diag *diag)
{
    mode_t mode = private ? 0700 : 0755;
    folder->private = private;
    bool made = mkdir(path, mode) == 0;
    if (!made && errno == ENOENT)
        return mk_fail(diag, MK_E_NO_FOLDER, "--out");
    if (!made && errno != EEXIST)
        return failed(diag, "--out");
    folder->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->fd < 0)
        return failed(diag, "--out");
    return made ? own(folder, path, mode, diag) : MK_OK;
}

static enum mk_err write_all(int fd, const struct mk_buf *text,
                             const char *name, struct mk_diag *diag)
{
    for (size_t at = 0; at < text->len;) {
        ssize_t n = write(fd, text->data + at, text->len - at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed(diag, name);
        at += (size_t)n;
    }
    return MK_OK;
}

static bool same_bytes(int fd, const struct mk_buf *text)
{
    uint8_t piece[4096];
    size_t at = 0;
    for (;;) {
        ssize_t n = read(fd, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n == 0 && at == text->len;
        if ((size_t)n > text->len - at ||
            memcmp(piece, text->data + at, (size_t)n) != 0)
            return false;
        at += (size_t)n;
    }
}

enum mk_err mk_folder_check(const struct mk_folder *folder, const char *name,
                            const struct mk_buf *text, bool *there,
                            struct mk_diag *diag)
{
    struct stat s;
    *there = false;
    int fd = openat(folder->fd, name,
                    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT)
        return MK_OK;
    if (fd < 0 && errno != ELOOP && errno != EACCES)
        return failed(diag, name);
    *there = fd >= 0 && fstat(fd, &s) == 0 && S_ISREG(s.st_mode) &&
             same_bytes(fd, text);
    if (fd >= 0)
        close(fd);
    return *there ? MK_OK : mk_fail(diag, MK_E_EXISTS, name);
}

void mk_folder_remove(const struct mk_folder *folder, const char *name)
{
    (void)unlinkat(folder->fd, name, 0);
}

enum mk_err mk_folder_write(const struct mk_folder *folder, const char *name,
                            const struct mk_buf *text, struct mk_diag *diag)
{
    char part[NAME_MAX_OWN];
    mode_t mode = folder->private ? 0600 : 0644;
    enum mk_err rc = MK_OK;
    int n = snprintf(part, sizeof part, ".%s.part", name);
    if (n < 0 || (size_t)n >= sizeof part)
        return mk_fail(diag, MK_E_INTERNAL, name);
    /* what an interrupted run left; anybody's link goes too, unfollowed */
    if (unlinkat(folder->fd, part, 0) != 0 && errno != ENOENT)
        return failed(diag, name);
    int fd = openat(folder->fd, part,
                    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                    0600);
    if (fd < 0)
        return failed(diag, name);
    MK_TRY(write_all(fd, text, name, diag));
    if (fchmod(fd, mode) != 0 || fsync(fd) != 0 ||
        renameat(folder->fd, part, folder->fd, name) != 0 ||
        fsync(folder->fd) != 0)
        rc = failed(diag, name);
out:
    close(fd);
    if (rc != MK_OK)
        (void)unlinkat(folder->fd, part, 0);
    return rc;
}

/* Still the one that was made, and not what somebody put in its place.  Where
 * files are in it the kernel keeps it. */
static void take_away(const struct mk_folder *folder)
{
    struct stat ours, there;
    if (fstat(folder->fd, &ours) == 0 &&
        fstatat(folder->parent_fd, folder->name, &there,
                AT_SYMLINK_NOFOLLOW) == 0 &&
        ours.st_dev == there.st_dev && ours.st_ino == there.st_ino)
        (void)unlinkat(folder->parent_fd, folder->name, AT_REMOVEDIR);
}

void mk_folder_close(struct mk_folder *folder)
{
    if (folder->fd >= 0 && folder->parent_fd >= 0)
        take_away(folder);
    if (folder->fd >= 0)
        close(folder->fd);
    if (folder->parent_fd >= 0)
        close(folder->parent_fd);
    mk_folder_init(folder);
}
