/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/export_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define PENDING ((size_t)1 << 16)

static enum mk_err fail_sys(struct mk_diag *diag)
{
    return mk_fail_sys(diag,
                       errno == ENOSPC || errno == EDQUOT ? MK_E_DISK_FULL
                       : errno == ENOMEM                  ? MK_E_MEMORY
                                                          : MK_E_IO,
                       "export");
}

/* ---- folders ---- */

void mk_export_dir_init(struct mk_export_dir *d, int root)
{
    memset(d, 0, sizeof *d);
    d->root = root;
    for (size_t i = 0; i < MK_EXPORT_FOLDERS; i++)
        d->open[i].fd = -1;
}

void mk_export_dir_release(struct mk_export_dir *d)
{
    for (size_t i = 0; i < MK_EXPORT_FOLDERS; i++) {
        if (d->open[i].fd >= 0)
            (void)close(d->open[i].fd);
        d->open[i].fd = -1;
    }
}

enum mk_err mk_export_dir_lock(const struct mk_export_dir *d,
                               struct mk_diag *diag)
{
    if (flock(d->root, LOCK_EX | LOCK_NB) == 0)
        return MK_OK;
    return errno == EWOULDBLOCK ? mk_fail(diag, MK_E_BUSY, "export")
                                : fail_sys(diag);
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* A second descriptor, because closedir closes its own. */
static DIR *list(int fd)
{
    int own = openat(fd, ".", FOLDER);
    DIR *dir = own < 0 ? NULL : fdopendir(own);

    if (dir == NULL && own >= 0)
        (void)close(own);
    return dir;
}

enum mk_err mk_export_dir_empty(const struct mk_export_dir *d, bool *empty,
                                struct mk_diag *diag)
{
    DIR *dir = list(d->root);
    const struct dirent *entry;

    if (dir == NULL)
        return fail_sys(diag);
    *empty = true;
    while (*empty && (entry = readdir(dir)) != NULL)
        *empty = is_dots(entry->d_name) ||
                 strcmp(entry->d_name, MK_EXPORT_NEW) == 0;
    (void)closedir(dir);
    return MK_OK;
}

/* One step down; made and its name durable if make is set. */
static enum mk_err step(int *fd, int parent, const char *name, bool make,
                        struct mk_diag *diag)
{
    *fd = openat(parent, name, FOLDER);
    if (*fd >= 0 || errno != ENOENT || !make)
        return *fd >= 0 ? MK_OK : fail_sys(diag);
    if ((mkdirat(parent, name, 0700) != 0 && errno != EEXIST) ||
        fsync(parent) != 0)
        return fail_sys(diag);
    *fd = openat(parent, name, FOLDER);
    return *fd >= 0 ? MK_OK : fail_sys(diag);
}

/* path is cut into its parts. */
static enum mk_err walk_down(int *out, int root, char *path, bool make,
                             struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    int at = root, next;

    for (char *name = path; name != NULL;) {
        char *slash = strchr(name, '/');

        if (slash != NULL)
            *slash = '\0';
        rc = step(&next, at, name, make, diag);
        if (at != root)
            (void)close(at);
        if (rc != MK_OK)
            return rc;
        at = next;
        name = slash != NULL ? slash + 1 : NULL;
    }
    *out = at;
    return MK_OK;
}

static enum mk_err keep_open(struct mk_export_dir *d, int fd, const char *path,
                             struct mk_diag *diag)
{
    unsigned i = d->next++ % MK_EXPORT_FOLDERS;

    if (d->open[i].fd >= 0) {
        int failed = fsync(d->open[i].fd);

        (void)close(d->open[i].fd);
        d->open[i].fd = -1;
        if (failed != 0) {
            (void)close(fd);
            return fail_sys(diag);
        }
    }
    d->open[i].fd = fd;
    snprintf(d->open[i].path, sizeof d->open[i].path, "%s", path);
    return MK_OK;
}

/*
 * The folder that holds path, and *name in it.  It stays open: its files come
 * one behind the other, and one fsync serves them all.
 */
static enum mk_err folder_of(struct mk_export_dir *d, const char *path,
                             bool make, int *fd, const char **name,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    const char *slash = strrchr(path, '/');
    size_t n = slash != NULL ? (size_t)(slash - path) : 0;
    char folder[MK_TILE_PATH], parts[MK_TILE_PATH];

    *name = slash != NULL ? slash + 1 : path;
    *fd = d->root;
    if (slash == NULL)
        return MK_OK;
    if (n >= sizeof folder)
        return mk_fail(diag, MK_E_INTERNAL, "export");
    memcpy(folder, path, n);
    folder[n] = '\0';
    for (size_t i = 0; i < MK_EXPORT_FOLDERS; i++)
        if (d->open[i].fd >= 0 && strcmp(d->open[i].path, folder) == 0) {
            *fd = d->open[i].fd;
            return MK_OK;
        }
    memcpy(parts, folder, n + 1);
    rc = walk_down(fd, d->root, parts, make, diag);
    return rc == MK_OK ? keep_open(d, *fd, folder, diag) : rc;
}

enum mk_err mk_export_sync(struct mk_export_dir *d, struct mk_diag *diag)
{
    for (size_t i = 0; i < MK_EXPORT_FOLDERS; i++)
        if (d->open[i].fd >= 0 && fsync(d->open[i].fd) != 0)
            return fail_sys(diag);
    return fsync(d->root) == 0 ? MK_OK : fail_sys(diag);
}

/* ---- writing ---- */

static enum mk_err write_all(int fd, const uint8_t *p, size_t n,
                             struct mk_diag *diag)
{
    while (n > 0) {
        ssize_t put = write(fd, p, n);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return fail_sys(diag);
        p += put;
        n -= (size_t)put;
    }
    return MK_OK;
}

static enum mk_err open_new(int *fd, int folder, struct mk_diag *diag)
{
    /* what an earlier run left, or somebody put there, perhaps as a second
     * name of another file: not ours to write to */
    if (unlinkat(folder, MK_EXPORT_NEW, 0) != 0 && errno != ENOENT)
        return fail_sys(diag);
    *fd = openat(folder, MK_EXPORT_NEW,
                 O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    return *fd >= 0 ? MK_OK : fail_sys(diag);
}

static enum mk_err settle(int folder, int fd, const char *name,
                          struct mk_diag *diag)
{
    if (fsync(fd) != 0 ||
        (name != NULL && renameat(folder, MK_EXPORT_NEW, folder, name) != 0))
        return fail_sys(diag);
    return MK_OK;
}

enum mk_err mk_export_put(struct mk_export_dir *d, const char *path,
                          const void *p, size_t n, struct mk_diag *diag)
{
    enum mk_err rc;
    const char *name;
    int folder, fd = -1;

    MK_TRY(folder_of(d, path, true, &folder, &name, diag));
    MK_TRY(open_new(&fd, folder, diag));
    MK_TRY(write_all(fd, p, n, diag));
    MK_TRY(settle(folder, fd, name, diag));
    d->files++;
out:
    if (fd >= 0 && close(fd) != 0 && rc == MK_OK)
        rc = fail_sys(diag);
    return rc;
}

enum mk_err mk_export_renew(struct mk_export_dir *d, const char *path,
                            const void *p, size_t n, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf now = MK_BUF_INIT;
    bool found;

    rc = mk_export_get(d, path, n, &found, &now, diag);
    if (rc == MK_E_TOO_LARGE)
        found = false;
    else if (rc != MK_OK)
        goto out;
    rc = MK_OK;
    if (!found || now.len != n || (n > 0 && memcmp(now.data, p, n) != 0))
        rc = mk_export_put(d, path, p, n, diag);
out:
    mk_buf_release(&now);
    return rc;
}

/* ---- reading ---- */

/* A plain file, or *fd = -1. */
static enum mk_err open_old(struct mk_export_dir *d, const char *path,
                            int flags, int *fd, struct stat *s,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_diag quiet = MK_DIAG_INIT;
    const char *name;
    int folder;

    *fd = -1;
    rc = folder_of(d, path, false, &folder, &name, &quiet);
    if (rc != MK_OK) {
        if (quiet.sys == ENOENT)
            return MK_OK;
        if (diag != NULL)
            *diag = quiet;
        return rc;
    }
    *fd = openat(folder, name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (*fd < 0)
        return errno == ENOENT ? MK_OK : fail_sys(diag);
    if (fstat(*fd, s) == 0 && S_ISREG(s->st_mode))
        return MK_OK;
    errno = EINVAL;
    rc = fail_sys(diag);
    (void)close(*fd);
    *fd = -1;
    return rc;
}

static enum mk_err read_at(int fd, uint8_t *p, size_t n, uint64_t at,
                           size_t *got, struct mk_diag *diag)
{
    *got = 0;
    while (*got < n) {
        ssize_t some = pread(fd, p + *got, n - *got, (off_t)(at + *got));

        if (some < 0 && errno == EINTR)
            continue;
        if (some < 0)
            return fail_sys(diag);
        if (some == 0)
            break;
        *got += (size_t)some;
    }
    return MK_OK;
}

enum mk_err mk_export_get(struct mk_export_dir *d, const char *path,
                          size_t max, bool *found, struct mk_buf *out,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct stat s;
    size_t n, got;
    int fd;

    mk_buf_clear(out);
    *found = false;
    rc = open_old(d, path, O_RDONLY, &fd, &s, diag);
    if (rc != MK_OK || fd < 0)
        return rc;
    if ((uintmax_t)s.st_size > max) {
        rc = mk_fail_at(diag, MK_E_TOO_LARGE, "export", 0, (int64_t)max, 0);
        goto out;
    }
    n = (size_t)s.st_size;
    MK_TRY(mk_buf_reserve(out, n + 1));
    MK_TRY(read_at(fd, out->data, n, 0, &got, diag));
    out->len = got;
    *found = true;
out:
    (void)close(fd);
    return rc;
}

enum mk_err mk_export_record_back(struct mk_export_dir *d, const char *name,
                                  void *out, size_t n, uint64_t *end,
                                  bool *found, struct mk_diag *diag)
{
    enum mk_err rc;
    struct stat s;
    size_t got;
    int fd;

    *found = false;
    rc = open_old(d, name, O_RDONLY, &fd, &s, diag);
    if (rc != MK_OK || fd < 0)
        return rc;
    if (*end > (uint64_t)s.st_size)
        *end = (uint64_t)s.st_size;
    *end -= *end % n;
    if (*end >= n) {
        *end -= n;
        rc = read_at(fd, out, n, *end, &got, diag);
        *found = rc == MK_OK && got == n;
    }
    (void)close(fd);
    return rc;
}

/* ---- removing ---- */

enum mk_err mk_export_remove(struct mk_export_dir *d, const char *path,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_diag quiet = MK_DIAG_INIT;
    const char *name;
    int folder;

    rc = folder_of(d, path, false, &folder, &name, &quiet);
    if (rc == MK_OK && unlinkat(folder, name, 0) != 0 && errno != ENOENT)
        return fail_sys(diag);
    return rc == MK_OK || quiet.sys == ENOENT ? MK_OK
                                              : mk_fail(diag, rc, "export");
}

/* Nothing of it stays open in d: it is opened by its path alone. */
enum mk_err mk_export_remove_folder(struct mk_export_dir *d, const char *path,
                                    struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_diag quiet = MK_DIAG_INIT;
    const struct dirent *entry;
    const char *name;
    int folder, fd;
    DIR *dir;

    rc = folder_of(d, path, false, &folder, &name, &quiet);
    if (rc != MK_OK)
        return quiet.sys == ENOENT ? MK_OK : mk_fail(diag, rc, "export");
    fd = openat(folder, name, FOLDER);
    if (fd < 0)
        return errno == ENOENT ? MK_OK : fail_sys(diag);
    dir = list(fd);
    if (dir == NULL) {
        rc = fail_sys(diag);
        goto out;
    }
    while ((entry = readdir(dir)) != NULL)
        if (!is_dots(entry->d_name) && unlinkat(fd, entry->d_name, 0) != 0)
            rc = fail_sys(diag);
    if (rc == MK_OK && unlinkat(folder, name, AT_REMOVEDIR) != 0)
        rc = fail_sys(diag);
    (void)closedir(dir);
out:
    (void)close(fd);
    return rc;
}

/* ---- long files ---- */

/* A file with a second name is somebody else's, too: ours goes on in a copy of
 * its first keep bytes. */
static enum mk_err copy_old(struct mk_export_dir *d, struct mk_export_file *f,
                            uint64_t keep, struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t piece[4096];
    const int old = f->fd;
    size_t got, n;

    f->is_new = true;
    MK_TRY(open_new(&f->fd, d->root, diag));
    for (uint64_t at = 0; at < keep; at += got) {
        n = keep - at < sizeof piece ? (size_t)(keep - at) : sizeof piece;
        MK_TRY(read_at(old, piece, n, at, &got, diag));
        if (got == 0) {
            rc = fail_sys(diag);
            goto out;
        }
        MK_TRY(write_all(f->fd, piece, got, diag));
    }
out:
    (void)close(old);
    return rc;
}

enum mk_err mk_export_file_open(struct mk_export_dir *d,
                                struct mk_export_file *f, const char *name,
                                uint64_t keep, struct mk_diag *diag)
{
    enum mk_err rc;
    struct stat s;

    *f = (struct mk_export_file){.name = name, .fd = -1, .is_new = keep == 0};
    if (f->is_new)
        return open_new(&f->fd, d->root, diag);
    MK_TRY(open_old(d, name, O_RDWR, &f->fd, &s, diag));
    if (f->fd >= 0 && s.st_nlink != 1)
        return copy_old(d, f, keep, diag);
    if (f->fd < 0 || ftruncate(f->fd, (off_t)keep) != 0 ||
        lseek(f->fd, 0, SEEK_END) < 0)
        rc = fail_sys(diag);
out:
    return rc;
}

static enum mk_err flush(struct mk_export_file *f, struct mk_diag *diag)
{
    enum mk_err rc = write_all(f->fd, f->pending.data, f->pending.len, diag);

    mk_buf_clear(&f->pending);
    return rc;
}

enum mk_err mk_export_file_add(struct mk_export_file *f, const void *p,
                               size_t n, struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(mk_buf_add(&f->pending, p, n));
    if (f->pending.len >= PENDING)
        rc = flush(f, diag);
out:
    return rc;
}

enum mk_err mk_export_file_close(struct mk_export_dir *d,
                                 struct mk_export_file *f,
                                 struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(flush(f, diag));
    MK_TRY(settle(d->root, f->fd, f->is_new ? f->name : NULL, diag));
    d->files++;
out:
    mk_export_file_drop(f);
    return rc;
}

void mk_export_file_drop(struct mk_export_file *f)
{
    if (f->name != NULL && f->fd >= 0)
        (void)close(f->fd);
    f->fd = -1;
    mk_buf_release(&f->pending);
}
