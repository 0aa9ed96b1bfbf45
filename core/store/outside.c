/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/outside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool name_ok(const char *name, size_t n)
{
    return n > 0 && n <= NAME_MAX && !(n == 1 && name[0] == '.') &&
           !(n == 2 && name[0] == '.' && name[1] == '.');
}

/* A descriptor of path, opened name by name, so that none of them leads out
 * of the folder; -1 with errno. */
static int open_below(int dir, const char *path)
{
    char name[NAME_MAX + 1];
    int at = dir;

    for (;;) {
        const size_t n = strcspn(path, "/");
        const bool last = path[n] == '\0';
        int next = -1;

        errno = ENOENT;
        if (name_ok(path, n)) {
            memcpy(name, path, n);
            name[n] = '\0';
            next = openat(at, name,
                          O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC |
                              (last ? 0 : O_DIRECTORY));
        }
        if (at != dir) {
            const int why = errno;

            (void)close(at);
            errno = why;
        }
        if (next < 0 || last)
            return next;
        at = next;
        path += n + 1;
    }
}

static enum mk_err read_all(int fd, size_t max, struct mk_buf *out,
                            const char *path, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    for (;;) {
        MK_TRY(mk_buf_reserve(out, 1));
        ssize_t got = read(fd, out->data + out->len, out->cap - out->len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return mk_fail_sys(diag, MK_E_IO, path);
        if (got == 0)
            return MK_OK;
        out->len += (size_t)got;
        if (out->len > max)
            return mk_fail_at(diag, MK_E_TOO_LARGE, path, 0, (int64_t)max, 0);
    }
out:
    return mk_fail(diag, rc, path);
}

enum mk_err mk_outside_read(int dir, const char *path, size_t max,
                            struct mk_buf *out, struct mk_diag *diag)
{
    struct stat s;
    enum mk_err rc;
    const int fd = open_below(dir, path);

    mk_buf_clear(out);
    if (fd < 0)
        return mk_fail_sys(diag, errno == EIO ? MK_E_IO : MK_E_NO_FILE, path);
    if (fstat(fd, &s) != 0 || !S_ISREG(s.st_mode))
        rc = mk_fail(diag, MK_E_NO_FILE, path);
    else
        rc = read_all(fd, max, out, path, diag);
    (void)close(fd);
    return rc;
}

static enum mk_err fail_writing(struct mk_diag *diag, const char *name)
{
    switch (errno) {
    case ENOSPC:
    case EDQUOT:
        return mk_fail_sys(diag, MK_E_DISK_FULL, name);
    case EROFS:
    case EACCES:
    case EPERM:
        return mk_fail_sys(diag, MK_E_READ_ONLY, name);
    default:
        return mk_fail_sys(diag, MK_E_IO, name);
    }
}

static bool write_all(int fd, const uint8_t *p, size_t n)
{
    while (n > 0) {
        const ssize_t put = write(fd, p, n);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        p += put;
        n -= (size_t)put;
    }
    return fsync(fd) == 0;
}

enum mk_err mk_outside_write(int dir, const char *name, const void *p,
                             size_t n, struct mk_diag *diag)
{
    char tmp[NAME_MAX + 1];
    enum mk_err rc = MK_OK;
    int fd;

    if (snprintf(tmp, sizeof tmp, ".%s.new", name) >= (int)sizeof tmp)
        return mk_fail(diag, MK_E_INTERNAL, name);
    /* what an earlier run left, or somebody put there: not ours to write to */
    if (unlinkat(dir, tmp, 0) != 0 && errno != ENOENT)
        return fail_writing(diag, name);
    fd = openat(dir, tmp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                0600);
    if (fd < 0)
        return fail_writing(diag, name);
    if (!write_all(fd, p, n) || renameat(dir, tmp, dir, name) != 0 ||
        fsync(dir) != 0) {
        rc = fail_writing(diag, name);
        (void)unlinkat(dir, tmp, 0);
    }
    (void)close(fd);
    return rc;
}
