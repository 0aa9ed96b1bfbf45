/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/num.h"
#include "core/store/file.h"
#include "core/witness_impl.h"

#define NAME 40 /* <size>.<n>.tsr */

enum mk_err mk_checkpoints_open(int *fd, const struct mk_vault *v, bool make,
                                struct mk_diag *diag)
{
    enum mk_err rc =
        mk_dir_below(fd, v->dir, MK_CHECKPOINTS_FOLDER, make, diag);

    return rc == MK_E_NOT_FOUND && !make ? MK_OK : rc;
}

enum mk_err mk_checkpoints_read(int dir, uint64_t size, struct mk_buf *note,
                                bool *found, struct mk_diag *diag)
{
    char name[NAME];
    enum mk_err rc;

    snprintf(name, sizeof name, "%" PRIu64, size);
    rc = mk_file_read(dir, name, MK_NOTE_MAX, note, diag);
    *found = rc == MK_OK;
    return rc == MK_E_NOT_FOUND ? MK_OK : rc;
}

enum mk_err mk_checkpoints_write(int dir, uint64_t size,
                                 const struct mk_buf *note,
                                 struct mk_diag *diag)
{
    char name[NAME];

    snprintf(name, sizeof name, "%" PRIu64, size);
    return mk_file_replace(dir, name, note->data, note->len, diag);
}

bool mk_checkpoints_name(const char *name, uint64_t *size, unsigned *number)
{
    const char *dot = strchr(name, '.');
    uint64_t nth = 0;

    if (dot == NULL) {
        *number = 0;
        return mk_num_parse(name, strlen(name), 1, INT64_MAX, size);
    }
    if (!mk_num_parse(name, (size_t)(dot - name), 1, INT64_MAX, size) ||
        dot[1] == '\0' || strcmp(dot + 2, ".tsr") != 0 ||
        !mk_num_parse(dot + 1, 1, 1, MK_STAMPS, &nth))
        return false;
    *number = (unsigned)nth;
    return true;
}

static int larger_first(const void *a, const void *b)
{
    const struct mk_checkpoints_file *x = a;
    const struct mk_checkpoints_file *y = b;

    if (x->size != y->size)
        return x->size < y->size ? 1 : -1;
    return (x->number > y->number) - (x->number < y->number);
}

enum mk_err mk_checkpoints_list(int dir, struct mk_buf *out,
                                struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    /* of its own: reading moves the place in a folder */
    const int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    struct mk_checkpoints_file file = {.size = 0};

    mk_buf_clear(out);
    if (d == NULL) {
        rc = mk_fail_sys(diag, MK_E_IO, MK_CHECKPOINTS_FOLDER);
        if (fd >= 0)
            (void)close(fd);
        return rc;
    }
    while ((entry = readdir(d)) != NULL)
        if (mk_checkpoints_name(entry->d_name, &file.size, &file.number))
            MK_TRY(mk_buf_add(out, &file, sizeof file));
    if (out->len > 0)
        qsort(out->data, out->len / sizeof file, sizeof file, larger_first);
out:
    closedir(d);
    return rc;
}

static void stamp_name(char out[static NAME], uint64_t size, unsigned number)
{
    snprintf(out, NAME, "%" PRIu64 ".%u.tsr", size, number);
}

enum mk_err mk_checkpoints_stamp_read(int dir, uint64_t size, unsigned number,
                                      struct mk_buf *der, bool *found,
                                      struct mk_diag *diag)
{
    char name[NAME];
    enum mk_err rc;

    stamp_name(name, size, number);
    rc = mk_file_read(dir, name, MK_TSR_MAX, der, diag);
    *found = rc == MK_OK;
    return rc == MK_E_NOT_FOUND ? MK_OK : rc;
}

enum mk_err mk_checkpoints_stamp(int dir, uint64_t size, const void *der,
                                 size_t n, unsigned *number,
                                 struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_buf there = MK_BUF_INIT;
    char name[NAME];
    bool found;

    for (*number = 1; *number <= MK_STAMPS; ++*number) {
        MK_TRY(mk_checkpoints_stamp_read(dir, size, *number, &there, &found,
                                         diag));
        if (!found) {
            stamp_name(name, size, *number);
            rc = mk_file_replace(dir, name, der, n, diag);
            goto out;
        }
        if (there.len == n && memcmp(there.data, der, n) == 0)
            goto out;
    }
    rc = mk_fail_at(diag, MK_E_TOO_LARGE, "time stamps of this checkpoint", 0,
                    MK_STAMPS, 0);
out:
    mk_buf_release(&there);
    return rc;
}
