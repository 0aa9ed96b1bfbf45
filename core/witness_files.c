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

static int larger_first(const void *a, const void *b)
{
    uint64_t x, y;

    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return x < y ? 1 : x > y ? -1 : 0;
}

enum mk_err mk_checkpoints_sizes(int dir, struct mk_buf *out, size_t *stamps,
                                 struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    /* of its own: reading moves the place in a folder */
    const int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    uint64_t size;

    *stamps = 0;
    mk_buf_clear(out);
    if (d == NULL) {
        rc = mk_fail_sys(diag, MK_E_IO, MK_CHECKPOINTS_FOLDER);
        if (fd >= 0)
            (void)close(fd);
        return rc;
    }
    while ((entry = readdir(d)) != NULL) {
        const size_t n = strlen(entry->d_name);

        if (mk_num_parse(entry->d_name, n, 1, INT64_MAX, &size))
            MK_TRY(mk_buf_add(out, &size, sizeof size));
        else if (n > 4 && strcmp(entry->d_name + n - 4, ".tsr") == 0)
            ++*stamps;
    }
    if (out->len > 0)
        qsort(out->data, out->len / sizeof size, sizeof size, larger_first);
out:
    closedir(d);
    return rc;
}

enum mk_err mk_checkpoints_stamp(int dir, uint64_t size, const void *der,
                                 size_t n, unsigned *number,
                                 struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_buf there = MK_BUF_INIT;
    char name[NAME];

    for (*number = 1; *number <= MK_STAMPS; ++*number) {
        snprintf(name, sizeof name, "%" PRIu64 ".%u.tsr", size, *number);
        rc = mk_file_read(dir, name, MK_TSR_MAX, &there, diag);
        if (rc == MK_E_NOT_FOUND) {
            rc = mk_file_replace(dir, name, der, n, diag);
            goto out;
        }
        if (rc != MK_OK || (there.len == n && memcmp(there.data, der, n) == 0))
            goto out;
    }
    rc = mk_fail_at(diag, MK_E_TOO_LARGE, "time stamps of this checkpoint", 0,
                    MK_STAMPS, 0);
out:
    mk_buf_release(&there);
    return rc;
}
