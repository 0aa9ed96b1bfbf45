/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/err.h"

#include <errno.h>
#include <string.h>

struct err_row {
    const char *name;
    enum mk_exit exit_status;
    const char *nl;
    const char *en;
};

static const struct err_row err_rows[MK_ERR_COUNT] = {
#define MK_ERROR(name, exit_status, nl, en) {#name, exit_status, nl, en},
#include "core/base/errors.def"
#undef MK_ERROR
};

static const struct err_row *row_of(enum mk_err err)
{
    if ((unsigned)err >= MK_ERR_COUNT)
        err = MK_E_INTERNAL;
    return &err_rows[err];
}

/* Cut between characters of UTF-8, not inside one. */
static void put(char *out, size_t size, const char *text, size_t n)
{
    if (n >= size) {
        n = size - 1;
        while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
            n--;
    }
    if (n > 0)
        memmove(out, text, n);
    out[n] = '\0';
}

void mk_diag_said(struct mk_diag *diag, const char *text, size_t n)
{
    if (diag)
        put(diag->said, sizeof diag->said, text, n);
}

enum mk_err mk_fail(struct mk_diag *diag, enum mk_err err, const char *place)
{
    if (diag) {
        diag->err = err;
        put(diag->place, sizeof diag->place, place, place ? strlen(place) : 0);
        diag->said[0] = '\0';
    }
    return err;
}

enum mk_err mk_fail_sys(struct mk_diag *diag, enum mk_err err,
                        const char *place)
{
    int sys = errno;
    if (diag)
        diag->sys = sys;
    return mk_fail(diag, err, place);
}

enum mk_err mk_fail_at(struct mk_diag *diag, enum mk_err err,
                       const char *place, uint64_t line, int64_t num0,
                       int64_t num1)
{
    if (diag) {
        diag->line = line;
        diag->num[0] = num0;
        diag->num[1] = num1;
    }
    return mk_fail(diag, err, place);
}

enum mk_exit mk_err_exit(enum mk_err err)
{
    return row_of(err)->exit_status;
}

bool mk_err_is_refusal(enum mk_err err)
{
    enum mk_exit status = mk_err_exit(err);

    return status == MK_EXIT_USAGE || status == MK_EXIT_WORKFLOW;
}

const char *mk_err_name(enum mk_err err)
{
    return row_of(err)->name;
}

const char *mk_err_text(enum mk_err err, bool english)
{
    const struct err_row *row = row_of(err);
    return english ? row->en : row->nl;
}
