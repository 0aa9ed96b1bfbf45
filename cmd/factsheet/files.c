/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/complain.h"
#include "cmd/factsheet/program.h"

#define MOST_FILES 16

enum mk_err mk_fs_open(int *fd, const char *path, struct mk_diag *diag)
{
    if (strcmp(path, "-") == 0)
        *fd = dup(STDIN_FILENO);
    else
        *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (*fd >= 0)
        return MK_OK;
    return mk_fail_sys(diag, errno == ENOENT ? MK_E_NO_FILE : MK_E_IO, path);
}

enum mk_err mk_fs_read(int fd, const char *path, size_t max,
                       struct mk_buf *out, struct mk_diag *diag)
{
    uint8_t piece[65536];
    enum mk_err rc = MK_OK;
    for (;;) {
        ssize_t n = read(fd, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            rc = mk_fail_sys(diag, errno == EISDIR ? MK_E_NO_FILE : MK_E_IO,
                             path);
            break;
        }
        if (n == 0)
            break;
        if (out->len + (size_t)n > max) {
            rc = mk_fail_at(diag, MK_E_TOO_LARGE, path, 0, (int64_t)max, 0);
            break;
        }
        rc = mk_buf_add(out, piece, (size_t)n);
        if (rc != MK_OK) {
            rc = mk_fail(diag, rc, path);
            break;
        }
    }
    close(fd);
    return rc;
}

enum mk_err mk_fs_write(struct mk_fs *fs, const struct mk_buf *text)
{
    if (!fs->harden.is_heard)
        errno = EBADF;
    if (!fs->harden.is_heard ||
        fwrite(text->data, 1, text->len, stdout) != text->len ||
        fflush(stdout) != 0)
        return mk_fail_sys(&fs->diag, MK_E_IO, "stdout");
    return MK_OK;
}

/* ---- the output folder ---- */

enum mk_err mk_fs_shut(struct mk_fs *fs, const char *path, bool private,
                       struct mk_folder *folder)
{
    struct mk_harden_place place[] = {{path, MK_HARDEN_WRITE},
                                      {folder->parent, MK_HARDEN_EMPTY}};
    size_t n = 0;
    enum mk_err rc = MK_OK;
    if (path) {
        MK_TRY(mk_folder_open(folder, path, private, &fs->diag));
        n = folder->made ? 2 : 1;
    }
    rc = mk_harden_sandbox(&fs->harden, place, n, &fs->diag);
out:
    return rc;
}

enum mk_err mk_fs_write_files(const struct mk_folder *folder,
                              const struct mk_fs_file *file, size_t n,
                              struct mk_diag *diag)
{
    bool there[MOST_FILES] = {false};
    size_t done = 0;
    enum mk_err rc = n <= MOST_FILES ? MK_OK : MK_E_INTERNAL;
    for (size_t i = 0; i < n && rc == MK_OK; i++)
        rc = mk_folder_check(folder, file[i].name, file[i].text, &there[i],
                             diag);
    for (; done < n && rc == MK_OK; done++)
        if (!there[done])
            rc = mk_folder_write(folder, file[done].name, file[done].text,
                                 diag);
    while (rc != MK_OK && done-- > 0)
        if (!there[done])
            mk_folder_remove(folder, file[done].name);
    return rc;
}

int mk_fs_complain(const struct mk_fs *fs)
{
    char help[64] = "meldkluis-factsheet --help";

    if (fs->verb)
        snprintf(help, sizeof help, "%s", "meldkluis help");
    if (fs->verb && *fs->verb->options)
        snprintf(help, sizeof help, "meldkluis-factsheet %s --help",
                 fs->verb->word);
    return mk_complain("meldkluis-factsheet", help, &fs->diag, fs->english);
}
