/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/factsheet/program.h"
#include "core/base/text.h"

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

/* A place may be a name out of hostile input. */
static void print_place(const char *place)
{
    struct mk_buf text = MK_BUF_INIT;
    if (mk_text_visible(&text, place, strlen(place), false) == MK_OK)
        fwrite(text.data, 1, text.len, stderr);
    mk_buf_release(&text);
}

static void print_help(const struct mk_fs *fs)
{
    if (fs->verb && *fs->verb->options)
        fprintf(stderr, "meldkluis-factsheet %s --help", fs->verb->word);
    else
        fputs(fs->verb ? "meldkluis help" : "meldkluis-factsheet --help",
              stderr);
}

/* The marker {name}. */
static void print_marker(const struct mk_fs *fs, const char *name, size_t n)
{
    const struct mk_diag *diag = &fs->diag;
    char text[64];
    if (n == 5 && memcmp(name, "place", n) == 0)
        print_place(diag->place);
    else if (n == 4 && memcmp(name, "line", n) == 0)
        fprintf(stderr, "%" PRIu64, diag->line);
    else if (n == 4 && memcmp(name, "num0", n) == 0)
        fprintf(stderr, "%" PRId64, diag->num[0]);
    else if (n == 4 && memcmp(name, "num1", n) == 0)
        fprintf(stderr, "%" PRId64, diag->num[1]);
    else if (n == 3 && memcmp(name, "sys", n) == 0)
        fprintf(stderr, "%s", strerror_r(diag->sys, text, sizeof text));
    else if (n == 4 && memcmp(name, "help", n) == 0)
        print_help(fs);
}

static void print_text(const struct mk_fs *fs, const char *text)
{
    while (*text) {
        const char *end = *text == '{' ? strchr(text, '}') : NULL;
        if (end) {
            print_marker(fs, text + 1, (size_t)(end - text - 1));
            text = end + 1;
        } else {
            fputc(*text++, stderr);
        }
    }
}

int mk_fs_complain(const struct mk_fs *fs)
{
    const char *text = mk_err_text(fs->diag.err, fs->english);
    const char *line = MK_FS_T(fs, "regel {line}: ", "line {line}: ");
    size_t n = strlen(line);
    fputs("meldkluis-factsheet: ", stderr);
    if (strncmp(text, line, n) == 0)
        text += n;
    /* a key of JSON, or an option, stands in no line */
    if (fs->diag.line != 0)
        print_text(fs, line);
    print_text(fs, text);
    fputc('\n', stderr);
    return mk_err_exit(fs->diag.err);
}
