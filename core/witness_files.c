/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/num.h"
#include "core/witness_impl.h"

#define NAME 40 /* <size>.<n>.tsr */

enum mk_err mk_checkpoints_open(struct mk_docs *out, const struct mk_vault *v,
                                bool make, bool *found, struct mk_diag *diag)
{
    enum mk_err rc =
        mk_docs_below(out, &v->docs, MK_CHECKPOINTS_FOLDER, make, diag);

    *found = rc == MK_OK;
    return rc == MK_E_NOT_FOUND && !make ? MK_OK : rc;
}

enum mk_err mk_checkpoints_read(const struct mk_docs *docs, uint64_t size,
                                struct mk_buf *note, bool *found,
                                struct mk_diag *diag)
{
    char name[NAME];
    enum mk_err rc;

    snprintf(name, sizeof name, "%" PRIu64, size);
    rc = mk_docs_read(docs, name, MK_NOTE_MAX, note, diag);
    *found = rc == MK_OK;
    return rc == MK_E_NOT_FOUND ? MK_OK : rc;
}

enum mk_err mk_checkpoints_write(const struct mk_docs *docs, uint64_t size,
                                 const struct mk_buf *note,
                                 struct mk_diag *diag)
{
    char name[NAME];

    snprintf(name, sizeof name, "%" PRIu64, size);
    return mk_docs_write(docs, name, note->data, note->len, diag);
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

static enum mk_err list_one(void *ctx, const char *name, struct mk_diag *diag)
{
    struct mk_checkpoints_file file = {.size = 0};

    (void)diag;
    return mk_checkpoints_name(name, &file.size, &file.number)
               ? mk_buf_add(ctx, &file, sizeof file)
               : MK_OK;
}

enum mk_err mk_checkpoints_list(const struct mk_docs *docs, struct mk_buf *out,
                                struct mk_diag *diag)
{
    const size_t size = sizeof(struct mk_checkpoints_file);
    enum mk_err rc;

    mk_buf_clear(out);
    rc = mk_docs_list(docs, list_one, out, diag);
    if (rc == MK_OK && out->len > 0)
        qsort(out->data, out->len / size, size, larger_first);
    return rc;
}

static void stamp_name(char out[static NAME], uint64_t size, unsigned number)
{
    snprintf(out, NAME, "%" PRIu64 ".%u.tsr", size, number);
}

enum mk_err mk_checkpoints_stamp_read(const struct mk_docs *docs,
                                      uint64_t size, unsigned number,
                                      struct mk_buf *der, bool *found,
                                      struct mk_diag *diag)
{
    char name[NAME];
    enum mk_err rc;

    stamp_name(name, size, number);
    rc = mk_docs_read(docs, name, MK_TSR_MAX, der, diag);
    *found = rc == MK_OK;
    return rc == MK_E_NOT_FOUND ? MK_OK : rc;
}

enum mk_err mk_checkpoints_stamp(const struct mk_docs *docs, uint64_t size,
                                 const void *der, size_t n, unsigned *number,
                                 struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_buf there = MK_BUF_INIT;
    char name[NAME];
    bool found;

    for (*number = 1; *number <= MK_STAMPS; ++*number) {
        MK_TRY(mk_checkpoints_stamp_read(docs, size, *number, &there, &found,
                                         diag));
        if (!found) {
            stamp_name(name, size, *number);
            rc = mk_docs_write(docs, name, der, n, diag);
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
