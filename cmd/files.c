/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/app.h"

#include "core/base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_folder(int dir, const char *path)
{
    struct stat a, b;
    return path[0] != '\0' && fstat(dir, &a) == 0 && stat(path, &b) == 0 &&
           a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static enum mk_err refuse_ours(struct mk_app *app)
{
    return mk_fail(&app->diag, MK_E_USAGE,
                   MK_T(app, "de map van de kluis is geen plaats voor --uit",
                        "the folder of the vault is no place for --out"));
}

enum mk_err mk_output_elsewhere(struct mk_app *app, const char *path)
{
    enum mk_err rc = MK_OK;
    int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dir < 0)
        return MK_OK; /* it is not there yet, or is not to be read */
    if (is_folder(dir, app->vault_path) || is_folder(dir, app->state_path))
        rc = refuse_ours(app);
    close(dir);
    return rc;
}

/* Is dir, or a folder above it, one of ours? */
static enum mk_err refuse_below(struct mk_app *app, int dir)
{
    enum mk_err rc = MK_OK;
    struct stat here, up;
    int at = fcntl(dir, F_DUPFD_CLOEXEC, 3);
    while (at >= 0 && rc == MK_OK) {
        if (is_folder(at, app->vault_path) || is_folder(at, app->state_path))
            rc = mk_fail(&app->diag, MK_E_USAGE,
                         MK_T(app, "in de map van de kluis is geen plaats",
                              "the folder of the vault is no place for it"));
        int above = openat(at, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
        bool top = above < 0 || fstat(at, &here) != 0 ||
                   fstat(above, &up) != 0 ||
                   (here.st_dev == up.st_dev && here.st_ino == up.st_ino);
        close(at);
        at = above;
        if (top)
            break;
    }
    if (at >= 0)
        close(at);
    return rc;
}

/* The folder that path is in: "a/b//" is in a, "b" in ".".  False where path
 * is too long. */
static bool parent_of(char out[static MK_PATH], const char *path)
{
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    while (n > 0 && path[n - 1] != '/')
        n--;
    if (n >= MK_PATH)
        return false;
    memcpy(out, n > 0 ? path : ".", n > 0 ? n : 1);
    out[n > 0 ? n : 1] = '\0';
    return true;
}

/* A folder that is not there: where it would be has to be no place of ours. */
static enum mk_err make_folder(struct mk_app *app, int *fd, const char *path)
{
    enum mk_err rc;
    char parent[MK_PATH];
    int above;
    if (!parent_of(parent, path))
        return mk_fail(&app->diag, MK_E_USAGE, "export");
    above = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (above < 0)
        return mk_fail_sys(
            &app->diag, errno == ENOENT ? MK_E_NO_FOLDER : MK_E_IO, "export");
    MK_TRY(refuse_below(app, above));
    if (app->access.dry_run)
        goto out;
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        *fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*fd < 0)
        rc = mk_fail_sys(&app->diag, MK_E_IO, "export");
out:
    close(above);
    return rc;
}

enum mk_err mk_output_folder(struct mk_app *app, int *fd, const char *path)
{
    *fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*fd >= 0)
        return refuse_below(app, *fd);
    if (errno == ENOENT)
        return make_folder(app, fd, path);
    return errno == ENOTDIR ? mk_fail(&app->diag, MK_E_NOT_EXPORT, "export")
                            : mk_fail_sys(&app->diag, MK_E_IO, "export");
}

/* A path may hold anything, a name in it too: messages say the option. */
enum mk_err mk_output_open(struct mk_app *app, struct mk_output *f,
                           const char *path)
{
    struct mk_diag *diag = &app->diag;
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) : 0;
    memset(f, 0, sizeof *f);
    f->fd = f->dir = -1;
    f->name = slash ? slash + 1 : path;
    if (n >= sizeof f->folder || f->name[0] == '\0')
        return mk_fail(diag, MK_E_USAGE, "--out");
    if (slash)
        snprintf(f->folder, sizeof f->folder, "%.*s", n ? (int)n : 1, path);
    else
        snprintf(f->folder, sizeof f->folder, ".");
    f->dir = open(f->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (f->dir < 0)
        return mk_fail_sys(diag, errno == ENOENT ? MK_E_NO_FOLDER : MK_E_IO,
                           "--out");
    if (is_folder(f->dir, app->vault_path) ||
        is_folder(f->dir, app->state_path))
        return refuse_ours(app);
    f->fd = openat(f->dir, f->name,
                   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (f->fd < 0 && errno == EEXIST)
        return mk_fail(diag, MK_E_EXISTS, f->name);
    if (f->fd < 0)
        return mk_fail_sys(diag, MK_E_IO, "--out");
    return MK_OK;
}

enum mk_err mk_output_write(struct mk_output *f, const struct mk_buf *buf,
                            struct mk_diag *diag)
{
    if (!mk_io_write(f->fd, buf->data, buf->len))
        return mk_fail_sys(diag, errno == ENOSPC ? MK_E_DISK_FULL : MK_E_IO,
                           "--out");
    return MK_OK;
}

enum mk_err mk_output_close(struct mk_output *f, bool keep,
                            struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    if (f->fd >= 0) {
        if (keep && (fsync(f->fd) != 0 || fsync(f->dir) != 0)) {
            rc = mk_fail_sys(diag, MK_E_IO, "--out");
            keep = false;
        }
        if (!keep && unlinkat(f->dir, f->name, 0) != 0 && rc == MK_OK)
            rc = mk_fail_sys(diag, MK_E_IO, "--out");
        close(f->fd);
    }
    if (f->dir >= 0)
        close(f->dir);
    f->fd = f->dir = -1;
    return rc;
}

enum mk_err mk_input_open(int *fd, const char *path, struct mk_diag *diag)
{
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    struct stat st;
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (*fd < 0)
        return errno == ENOENT ? mk_fail_sys(diag, MK_E_NO_FILE, name)
                               : mk_fail_sys(diag, MK_E_IO, name);
    if (fstat(*fd, &st) != 0 || S_ISDIR(st.st_mode)) {
        close(*fd);
        *fd = -1;
        return mk_fail(diag, MK_E_NO_FILE, name);
    }
    return MK_OK;
}

enum mk_err mk_form_open(struct mk_app *app, int *fd)
{
    const char *path = mk_args_value(&app->args, MK_OPT_FORM);
    *fd = -1;
    if (path == NULL)
        return MK_OK;
    if (strcmp(path, "-") == 0) {
        *fd = STDIN_FILENO;
        return MK_OK;
    }
    return mk_input_open(fd, path, &app->diag);
}

enum mk_err mk_input_read(struct mk_buf *out, int fd, size_t max,
                          struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    while (out->len <= max) {
        MK_TRY(mk_buf_reserve(out, 4096));
        ssize_t got = read(fd, out->data + out->len, 4096);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return mk_fail_sys(diag, MK_E_IO, "");
        if (got == 0)
            return MK_OK;
        out->len += (size_t)got;
    }
    rc = mk_fail_at(diag, MK_E_TOO_LARGE, "", 0, (int64_t)max, 0);
out:
    return rc;
}
