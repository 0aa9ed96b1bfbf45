/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/verify/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/num.h"

/* not waiting for whoever might write into a FIFO */
#define FLAGS (O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)

/* What errno of a failed open says about the file; true: it is an answer. */
static bool absent_or_strange(enum mk_vf_file *what)
{
    switch (errno) {
    case ENOENT:
        *what = MK_VF_ABSENT;
        return true;
    case ELOOP:
    case ENOTDIR:
    case ENXIO:
    case EACCES:
        *what = MK_VF_STRANGE;
        return true;
    default:
        return false;
    }
}

/* Opens path part by part: no link anywhere on the way. */
static enum mk_err open_below(int *fd, enum mk_vf_file *what, int dir,
                              const char *path, int flags,
                              struct mk_diag *diag)
{
    int at = dir;

    *fd = -1;
    *what = MK_VF_READ;
    for (const char *part = path;;) {
        char name[MK_VF_PATH];
        const size_t n = strcspn(part, "/");
        const bool last = part[n] == '\0';

        if (n == 0 || n >= sizeof name || *part == '.') {
            *what = MK_VF_STRANGE;
            break;
        }
        memcpy(name, part, n);
        name[n] = '\0';
        *fd = openat(at, name, last ? flags : FLAGS | O_DIRECTORY);
        const int why = errno;
        if (at != dir)
            close(at);
        errno = why;
        if (*fd < 0)
            return absent_or_strange(what) ? MK_OK
                                           : mk_fail_sys(diag, MK_E_IO, path);
        if (last)
            return MK_OK;
        at = *fd;
        part += n + 1;
    }
    if (at != dir)
        close(at);
    *fd = -1;
    return MK_OK;
}

static enum mk_err open_plain(int *fd, enum mk_vf_file *what, int dir,
                              const char *path, struct mk_diag *diag)
{
    enum mk_err rc = open_below(fd, what, dir, path, FLAGS, diag);
    struct stat st;

    if (rc != MK_OK || *fd < 0)
        return rc;
    if (fstat(*fd, &st) != 0)
        rc = mk_fail_sys(diag, MK_E_IO, path);
    else if (!S_ISREG(st.st_mode))
        *what = MK_VF_STRANGE;
    if (rc != MK_OK || *what != MK_VF_READ) {
        close(*fd);
        *fd = -1;
    }
    return rc;
}

static enum mk_err read_some(int fd, void *p, size_t n, size_t *got,
                             const char *path, struct mk_diag *diag)
{
    *got = 0;
    while (*got < n) {
        ssize_t some = read(fd, (uint8_t *)p + *got, n - *got);
        if (some < 0 && errno == EINTR)
            continue;
        if (some < 0)
            return mk_fail_sys(diag, MK_E_IO, path);
        if (some == 0)
            break;
        *got += (size_t)some;
    }
    return MK_OK;
}

/* All of fd; *over when there is more than max. */
static enum mk_err read_all(int fd, struct mk_buf *out, size_t max, bool *over,
                            const char *path, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    size_t got;

    *over = false;
    for (;;) {
        if (out->len == out->cap) {
            rc = mk_buf_reserve(out, out->cap > 0 ? out->cap : 16384);
            if (rc != MK_OK)
                return mk_fail(diag, rc, path);
        }
        MK_TRY(read_some(fd, out->data + out->len, out->cap - out->len, &got,
                         path, diag));
        out->len += got;
        if (out->len > max) {
            *over = true;
            break;
        }
        if (out->len < out->cap)
            break;
    }
out:
    return rc;
}

enum mk_err mk_vf_load(enum mk_vf_file *what, struct mk_buf *out, int dir,
                       const char *path, size_t max, struct mk_diag *diag)
{
    enum mk_err rc;
    bool over;
    int fd = -1;

    out->len = 0; /* public bytes: nothing to wipe */
    MK_TRY(open_plain(&fd, what, dir, path, diag));
    if (fd < 0)
        goto out;
    MK_TRY(read_all(fd, out, max, &over, path, diag));
    if (over)
        *what = MK_VF_STRANGE;
out:
    if (fd >= 0)
        close(fd);
    if (rc != MK_OK || *what != MK_VF_READ)
        out->len = 0;
    return rc;
}

enum mk_err mk_vf_stream_open(struct mk_vf_stream *s, enum mk_vf_file *what,
                              int dir, const char *path, size_t piece,
                              struct mk_diag *diag)
{
    s->piece = piece;
    s->have = s->at = 0;
    return open_plain(&s->fd, what, dir, path, diag);
}

enum mk_err mk_vf_stream_next(struct mk_vf_stream *s, const uint8_t **p,
                              struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    size_t got;

    *p = NULL;
    if (s->fd < 0)
        return MK_OK;
    if (s->have - s->at < s->piece) {
        memmove(s->data, s->data + s->at, s->have - s->at);
        s->have -= s->at;
        s->at = 0;
        MK_TRY(read_some(s->fd, s->data + s->have, sizeof s->data - s->have,
                         &got, "heads", diag));
        s->have += got;
    }
    if (s->have - s->at >= s->piece) {
        *p = s->data + s->at;
        s->at += s->piece;
    }
out:
    return rc;
}

void mk_vf_stream_close(struct mk_vf_stream *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
}

void mk_vf_tile_path(char out[static MK_VF_PATH], int level, uint64_t n,
                     unsigned width)
{
    char digits[32];
    size_t at, len;

    if (level < 0)
        at = (size_t)snprintf(out, MK_VF_PATH, "tile/entries");
    else
        at = (size_t)snprintf(out, MK_VF_PATH, "tile/%d", level);
    /* groups of three digits; all but the last begin with an x */
    len = (size_t)snprintf(digits, sizeof digits, "%03llu",
                           (unsigned long long)n);
    while (len % 3 != 0) {
        memmove(digits + 1, digits, len + 1);
        digits[0] = '0';
        len++;
    }
    for (size_t i = 0; i < len; i += 3)
        at += (size_t)snprintf(out + at, MK_VF_PATH - at, "/%s%.3s",
                               i + 3 < len ? "x" : "", digits + i);
    if (width < 256)
        snprintf(out + at, MK_VF_PATH - at, ".p/%u", width);
}

/* ---- what the command line names ---- */

enum mk_err mk_vf_folder(int *dir, const char *path, struct mk_diag *diag)
{
    *dir = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
    if (*dir >= 0)
        return MK_OK;
    return errno == ENOENT ? mk_fail(diag, MK_E_NOT_FOUND, path)
                           : mk_fail_sys(diag, MK_E_IO, path);
}

enum mk_err mk_vf_given(struct mk_buf *out, const char *path, size_t max,
                        struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct stat st;
    bool over;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0)
        return errno == ENOENT ? mk_fail(diag, MK_E_NO_FILE, path)
                               : mk_fail_sys(diag, MK_E_IO, path);
    if (fstat(fd, &st) != 0) {
        rc = mk_fail_sys(diag, MK_E_IO, path);
        goto out;
    }
    if (!S_ISREG(st.st_mode)) {
        errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
        rc = mk_fail_sys(diag, MK_E_IO, path);
        goto out;
    }
    MK_TRY(read_all(fd, out, max, &over, path, diag));
    if (over)
        rc = mk_fail_at(diag, MK_E_TOO_LARGE, path, 0, (int64_t)max, 0);
out:
    close(fd);
    return rc;
}

/* ---- names that are numbers ---- */

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static enum mk_err collect(DIR *d, uint64_t **list, size_t *n, size_t max,
                           const char *path, struct mk_diag *diag)
{
    const struct dirent *e;
    size_t cap = 0;

    for (errno = 0; (e = readdir(d)) != NULL; errno = 0) {
        uint64_t v;

        if (!mk_num_parse(e->d_name, strlen(e->d_name), 0, INT64_MAX, &v))
            continue;
        if (*n == max)
            return mk_fail_at(diag, MK_E_TOO_LARGE, path, 0, (int64_t)max, 0);
        if (*n == cap) {
            cap = cap > 0 ? 2 * cap : 64;
            uint64_t *grown = realloc(*list, cap * sizeof *grown);
            if (!grown)
                return mk_fail(diag, MK_E_MEMORY, path);
            *list = grown;
        }
        (*list)[(*n)++] = v;
    }
    return errno ? mk_fail_sys(diag, MK_E_IO, path) : MK_OK;
}

enum mk_err mk_vf_numbers(uint64_t **list, size_t *n, int dir,
                          const char *path, size_t max, struct mk_diag *diag)
{
    enum mk_err rc;
    enum mk_vf_file what;
    DIR *d = NULL;
    int fd;

    *list = NULL;
    *n = 0;
    rc = open_below(&fd, &what, dir, path, FLAGS | O_DIRECTORY, diag);
    if (rc != MK_OK || fd < 0)
        return rc;
    d = fdopendir(fd);
    if (!d) {
        close(fd);
        return mk_fail_sys(diag, MK_E_IO, path);
    }
    rc = collect(d, list, n, max, path, diag);
    closedir(d);
    if (rc != MK_OK) {
        free(*list);
        *list = NULL;
        *n = 0;
        return rc;
    }
    if (*n > 0)
        qsort(*list, *n, sizeof **list, by_value);
    return MK_OK;
}

/* ---- names of notes ---- */

static bool is_note_name(const char *name)
{
    static const char before[] = "witness-", behind[] = ".note";
    const char *at = name + sizeof before - 1;
    size_t digits, hex;

    if (strlen(name) >= sizeof((struct mk_vf_note_name *)NULL)->text ||
        strncmp(name, before, sizeof before - 1) != 0)
        return false;
    digits = strspn(at, "0123456789");
    if (digits == 0 || at[digits] != '-')
        return false;
    at += digits + 1;
    hex = strspn(at, "0123456789abcdef");
    return hex == 8 && strcmp(at + hex, behind) == 0;
}

static int by_text(const void *a, const void *b)
{
    const struct mk_vf_note_name *x = a;
    const struct mk_vf_note_name *y = b;

    return strcmp(x->text, y->text);
}

static enum mk_err collect_names(DIR *d, struct mk_vf_note_name **list,
                                 size_t *n, size_t max, struct mk_diag *diag)
{
    const struct dirent *e;
    size_t cap = 0;

    for (errno = 0; (e = readdir(d)) != NULL; errno = 0) {
        if (!is_note_name(e->d_name))
            continue;
        if (*n == max)
            return mk_fail_at(diag, MK_E_TOO_LARGE, "notes", 0, (int64_t)max,
                              0);
        if (*n == cap) {
            cap = cap > 0 ? 2 * cap : 16;
            struct mk_vf_note_name *grown =
                realloc(*list, cap * sizeof *grown);
            if (!grown)
                return mk_fail(diag, MK_E_MEMORY, "notes");
            *list = grown;
        }
        snprintf((*list)[*n].text, sizeof(*list)[*n].text, "%s", e->d_name);
        (*n)++;
    }
    return errno ? mk_fail_sys(diag, MK_E_IO, "notes") : MK_OK;
}

enum mk_err mk_vf_note_names(struct mk_vf_note_name **list, size_t *n, int dir,
                             size_t max, struct mk_diag *diag)
{
    enum mk_err rc;
    DIR *d = NULL;
    int fd = openat(dir, ".", FLAGS | O_DIRECTORY);

    *list = NULL;
    *n = 0;
    if (fd < 0)
        return mk_fail_sys(diag, MK_E_IO, "notes");
    d = fdopendir(fd);
    if (!d) {
        close(fd);
        return mk_fail_sys(diag, MK_E_IO, "notes");
    }
    rc = collect_names(d, list, n, max, diag);
    closedir(d);
    if (rc != MK_OK) {
        free(*list);
        *list = NULL;
        *n = 0;
        return rc;
    }
    if (*n > 0)
        qsort(*list, *n, sizeof **list, by_text);
    return MK_OK;
}
