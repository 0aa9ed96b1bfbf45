/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/base/random.h"

#define OTHERS 077
#define STEP_MS 10
#define TMP_NAME (NAME_MAX + 1)

/* What errno means for a file of ours; writing says which way it was used. */
static enum mk_err fail_sys(struct mk_diag *diag, const char *place,
                            bool writing)
{
    switch (errno) {
    case ENOENT:
        return mk_fail_sys(diag, MK_E_NOT_FOUND, place);
    case ELOOP: /* O_NOFOLLOW met a symbolic link */
        return mk_fail_sys(diag, MK_E_PERMISSIONS, place);
    case ENOSPC:
    case EDQUOT:
        return mk_fail_sys(diag, MK_E_DISK_FULL, place);
    case EROFS:
        return mk_fail_sys(diag, MK_E_READ_ONLY, place);
    case EACCES:
    case EPERM:
        return mk_fail_sys(diag, writing ? MK_E_READ_ONLY : MK_E_PERMISSIONS,
                           place);
    case ENOMEM:
        return mk_fail_sys(diag, MK_E_MEMORY, place);
    default:
        return mk_fail_sys(diag, MK_E_IO, place);
    }
}

/* ---- checks ---- */

static bool is_ours(const struct stat *s)
{
    return s->st_uid == geteuid() && (s->st_mode & OTHERS) == 0;
}

static enum mk_err check_file(const struct stat *s, const char *name,
                              struct mk_diag *diag)
{
    /* no link at all: replaced since it was opened, still whole */
    if (!S_ISREG(s->st_mode) || !is_ours(s) || s->st_nlink > 1)
        return mk_fail(diag, MK_E_PERMISSIONS, name);
    return MK_OK;
}

enum mk_err mk_dir_check(int dir, const char *place, struct mk_diag *diag)
{
    struct stat s;

    if (fstat(dir, &s) != 0)
        return fail_sys(diag, place, false);
    if (!S_ISDIR(s.st_mode) || !is_ours(&s))
        return mk_fail(diag, MK_E_PERMISSIONS, place);
    return MK_OK;
}

static enum mk_err look(int dir, const char *name, struct stat *s, bool *there,
                        struct mk_diag *diag)
{
    *there = fstatat(dir, name, s, AT_SYMLINK_NOFOLLOW) == 0;
    return *there || errno == ENOENT ? MK_OK : fail_sys(diag, name, false);
}

enum mk_err mk_file_check(int dir, const char *name, bool *found,
                          struct mk_diag *diag)
{
    struct stat s;
    enum mk_err rc = look(dir, name, &s, found, diag);

    return rc == MK_OK && *found ? check_file(&s, name, diag) : rc;
}

enum mk_err mk_file_exists(int dir, const char *name, bool *there,
                           struct mk_diag *diag)
{
    struct stat s;

    return look(dir, name, &s, there, diag);
}

/* ---- folders ---- */

enum mk_err mk_dir_open(int *fd, const char *path, struct mk_diag *diag)
{
    struct stat s;
    enum mk_err rc;

    *fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (*fd < 0) {
        /* a symbolic link is "not a folder" to the kernel */
        if (errno == ENOTDIR && lstat(path, &s) == 0 && S_ISLNK(s.st_mode))
            return mk_fail(diag, MK_E_PERMISSIONS, path);
        return fail_sys(diag, path, false);
    }
    rc = mk_dir_check(*fd, path, diag);
    if (rc != MK_OK) {
        (void)close(*fd);
        *fd = -1;
    }
    return rc;
}

static enum mk_err sync_folder(int dir, const char *place,
                               struct mk_diag *diag)
{
    return fsync(dir) == 0 ? MK_OK : fail_sys(diag, place, true);
}

/* The folder that holds path, synced: a new folder survives a power cut. */
static enum mk_err sync_parent(char *path, struct mk_diag *diag)
{
    char *slash = strrchr(path, '/');
    const char *parent = !slash ? "." : slash == path ? "/" : path;
    enum mk_err rc;
    int fd;

    if (slash)
        *slash = '\0';
    fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (slash)
        *slash = '/';
    /* a parent that may be passed but not read cannot be synced */
    if (fd < 0)
        return errno == EACCES ? MK_OK : fail_sys(diag, path, true);
    rc = sync_folder(fd, path, diag);
    (void)close(fd);
    return rc;
}

static enum mk_err make_one(char *path, struct mk_diag *diag)
{
    struct stat s;
    int made = mkdir(path, 0700);
    int why = errno;

    if (made == 0)
        return sync_parent(path, diag);
    /* there already, or above what we may touch: fine if it is a folder */
    if (stat(path, &s) == 0 && S_ISDIR(s.st_mode))
        return MK_OK;
    errno = why == EEXIST ? ENOTDIR : why;
    return fail_sys(diag, path, true);
}

enum mk_err mk_dir_make(const char *path, struct mk_diag *diag)
{
    char copy[PATH_MAX];
    size_t n = strlen(path);
    enum mk_err rc = MK_OK;

    if (n == 0 || n >= sizeof(copy))
        return mk_fail(diag, MK_E_TOO_LARGE, "path");
    memcpy(copy, path, n + 1);
    while (n > 1 && copy[n - 1] == '/')
        copy[--n] = '\0';
    for (char *p = copy + 1; *p; p++) {
        if (*p != '/' || p[-1] == '/')
            continue;
        *p = '\0';
        MK_TRY(make_one(copy, diag));
        *p = '/';
    }
    MK_TRY(make_one(copy, diag));
out:
    return rc;
}

/* ---- reading ---- */

static enum mk_err read_all(int fd, const char *name, size_t max,
                            struct mk_buf *out, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    ssize_t got;

    for (;;) {
        size_t room = out->cap - out->len;

        if (room == 0) {
            MK_TRY(mk_buf_reserve(out, 1));
            continue;
        }
        got = read(fd, out->data + out->len, room);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_sys(diag, name, false);
        if (got == 0)
            break;
        out->len += (size_t)got;
        /* it may have grown since its size was asked */
        if (out->len > max)
            return mk_fail_at(diag, MK_E_TOO_LARGE, name, 0, (int64_t)max, 0);
    }
out:
    return rc;
}

enum mk_err mk_file_read(int dir, const char *name, size_t max,
                         struct mk_buf *out, struct mk_diag *diag)
{
    struct stat s;
    enum mk_err rc;
    int fd;

    mk_buf_clear(out);
    /* O_NONBLOCK: a pipe in the place of a file must not make us wait */
    fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return fail_sys(diag, name, false);
    if (fstat(fd, &s) != 0) {
        rc = fail_sys(diag, name, false);
        goto out;
    }
    MK_TRY(check_file(&s, name, diag));
    if (s.st_size < 0 || (uintmax_t)s.st_size > max)
        MK_TRY(mk_fail_at(diag, MK_E_TOO_LARGE, name, 0, (int64_t)max, 0));
    MK_TRY(mk_buf_reserve(out, (size_t)s.st_size + 1));
    MK_TRY(read_all(fd, name, max, out, diag));
out:
    if (rc != MK_OK)
        mk_buf_clear(out);
    (void)close(fd);
    return rc;
}

/* ---- writing ---- */

static enum mk_err write_all(int fd, const char *name, const uint8_t *p,
                             size_t n, struct mk_diag *diag)
{
    while (n > 0) {
        ssize_t put = write(fd, p, n);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return fail_sys(diag, name, true);
        p += put;
        n -= (size_t)put;
    }
    return fsync(fd) == 0 ? MK_OK : fail_sys(diag, name, true);
}

/* flags: O_EXCL or O_TRUNC */
static enum mk_err write_file(int dir, const char *name, int flags,
                              const void *p, size_t n, struct mk_diag *diag)
{
    struct stat s;
    enum mk_err rc;
    bool found;
    int fd;

    /* looked at before it is cut short */
    rc = mk_file_check(dir, name, &found, diag);
    if (rc != MK_OK)
        return rc;
    fd = openat(dir, name,
                O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC |
                    flags,
                0600);
    if (fd < 0)
        return fail_sys(diag, name, true);
    if (fstat(fd, &s) != 0) {
        rc = fail_sys(diag, name, true);
        goto out;
    }
    MK_TRY(check_file(&s, name, diag));
    MK_TRY(write_all(fd, name, p, n, diag));
out:
    if (close(fd) != 0 && rc == MK_OK)
        rc = fail_sys(diag, name, true);
    return rc;
}

enum mk_err mk_file_write(int dir, const char *name, const void *p, size_t n,
                          struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(write_file(dir, name, O_TRUNC, p, n, diag));
    MK_TRY(sync_folder(dir, name, diag));
out:
    return rc;
}

/* *found: it was there before. */
static enum mk_err put_in_place(int dir, const char *name, const void *p,
                                size_t n, bool *found, struct mk_diag *diag)
{
    char tmp[TMP_NAME], hex[17];
    uint8_t random[8];
    enum mk_err rc;

    /* a link in the place of the file is refused, not replaced */
    MK_TRY(mk_file_check(dir, name, found, diag));
    mk_random(random, sizeof(random));
    mk_hex(hex, random, sizeof(random));
    if (snprintf(tmp, sizeof(tmp), ".%s.%s", name, hex) >= (int)sizeof(tmp))
        MK_TRY(mk_fail(diag, MK_E_TOO_LARGE, name));
    rc = write_file(dir, tmp, O_EXCL, p, n, diag);
    if (rc == MK_OK && renameat(dir, tmp, dir, name) != 0)
        rc = fail_sys(diag, name, true);
    if (rc != MK_OK) {
        (void)unlinkat(dir, tmp, 0);
        if (diag)
            (void)mk_fail(diag, rc, name);
    }
out:
    return rc;
}

enum mk_err mk_file_replace(int dir, const char *name, const void *p, size_t n,
                            struct mk_diag *diag)
{
    bool found;
    enum mk_err rc = put_in_place(dir, name, p, n, &found, diag);

    return rc == MK_OK ? sync_folder(dir, name, diag) : rc;
}

enum mk_err mk_file_renew(int dir, const char *name, const void *p, size_t n,
                          struct mk_diag *diag)
{
    bool found;
    enum mk_err rc = put_in_place(dir, name, p, n, &found, diag);

    return rc == MK_OK && !found ? sync_folder(dir, name, diag) : rc;
}

enum mk_err mk_file_rename(int dir, const char *from, const char *to,
                           struct mk_diag *diag)
{
    if (renameat(dir, from, dir, to) != 0)
        return fail_sys(diag, from, true);
    return sync_folder(dir, to, diag);
}

enum mk_err mk_file_remove(int dir, const char *name, struct mk_diag *diag)
{
    if (unlinkat(dir, name, 0) == 0)
        return sync_folder(dir, name, diag);
    return errno == ENOENT ? MK_OK : fail_sys(diag, name, true);
}

/* ---- locks ---- */

enum mk_err mk_lock_open(int *fd, int dir, const char *name,
                         struct mk_diag *diag)
{
    struct stat s;
    enum mk_err rc;

    *fd = openat(dir, name,
                 O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    if (*fd < 0)
        return fail_sys(diag, name, true);
    rc = fstat(*fd, &s) == 0 ? check_file(&s, name, diag)
                             : fail_sys(diag, name, true);
    if (rc != MK_OK) {
        (void)close(*fd);
        *fd = -1;
    }
    return rc;
}

enum mk_err mk_lock_take(int fd, const char *name, enum mk_lock lock,
                         unsigned wait_ms, struct mk_diag *diag)
{
    const struct timespec pause = {.tv_nsec = STEP_MS * 1000000L};
    int how = (lock == MK_LOCK_ALONE ? LOCK_EX : LOCK_SH) | LOCK_NB;
    unsigned waited = 0;

    while (flock(fd, how) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return fail_sys(diag, name, true);
        if (waited >= wait_ms)
            return mk_fail(diag, MK_E_BUSY, name);
        (void)nanosleep(&pause, NULL);
        waited += STEP_MS;
    }
    return MK_OK;
}

void mk_lock_drop(int fd)
{
    if (fd >= 0)
        (void)flock(fd, LOCK_UN);
}

enum mk_err mk_file_lock(int *fd, int dir, const char *name, unsigned wait_ms,
                         struct mk_diag *diag)
{
    enum mk_err rc = mk_lock_open(fd, dir, name, diag);

    if (rc == MK_OK)
        rc = mk_lock_take(*fd, name, MK_LOCK_ALONE, wait_ms, diag);
    if (rc != MK_OK && *fd >= 0) {
        (void)close(*fd);
        *fd = -1;
    }
    return rc;
}
