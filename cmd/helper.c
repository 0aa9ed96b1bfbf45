/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/helper.h"

#include "cmd/program.h"

#include "core/base/io.h"
#include "core/base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LINE 64 /* bytes of the line before a record, with its end */

static const char program[] = "meldkluis-factsheet";

static void close_both(const int ends[2])
{
    for (int i = 0; i < 2; i++)
        if (ends[i] >= 0)
            close(ends[i]);
}

enum mk_err mk_helper_start(struct mk_helper *h, const char *name,
                            const char *const argv[], bool answers,
                            struct mk_diag *diag)
{
#ifdef __SANITIZE_ADDRESS__
    /* the leak check reads places that the sandbox shuts */
    static const char *const nothing[] = {"ASAN_OPTIONS=detect_leaks=0", NULL};
#else
    static const char *const nothing[] = {NULL};
#endif
    enum mk_err rc;
    int down[2] = {-1, -1}, up[2] = {-1, -1};
    *h = (struct mk_helper)MK_HELPER_NONE;
    if (pipe2(down, O_CLOEXEC) != 0 ||
        (answers && pipe2(up, O_CLOEXEC) != 0)) {
        rc = mk_fail_sys(diag, MK_E_IO, "pipe");
        close_both(down);
        return rc;
    }
    rc = mk_program_start(&h->pid, name, argv, nothing, down[0], up[1], true,
                          diag);
    if (rc != MK_OK) {
        close_both(down);
        close_both(up);
        return rc;
    }
    close(down[0]);
    if (answers)
        close(up[1]);
    h->in = down[1];
    h->back = up[0];
    return MK_OK;
}

/* ---- down ---- */

enum mk_err mk_helper_send(struct mk_helper *h, const void *p, size_t n,
                           struct mk_diag *diag)
{
    if (mk_io_write(h->in, p, n))
        return MK_OK;
    h->gone = true;
    return mk_fail_sys(diag, MK_E_PROGRAM, program);
}

enum mk_err mk_helper_say(struct mk_helper *h, const char *text,
                          struct mk_diag *diag)
{
    return mk_helper_send(h, text, strlen(text), diag);
}

enum mk_err mk_helper_section(struct mk_helper *h, const char *name,
                              const void *p, size_t n, struct mk_diag *diag)
{
    char head[LINE];
    enum mk_err rc;
    int len = snprintf(head, sizeof head, "section %s %zu\n", name, n);
    if (len < 0 || (size_t)len >= sizeof head)
        return mk_fail(diag, MK_E_INTERNAL, name);
    MK_TRY(mk_helper_send(h, head, (size_t)len, diag));
    MK_TRY(mk_helper_send(h, p, n, diag));
    MK_TRY(mk_helper_say(h, "\n", diag));
out:
    return rc;
}

/* ---- up ---- */

/* Up to n bytes; *got less only at the end. */
static enum mk_err receive(const struct mk_helper *h, void *p, size_t n,
                           size_t *got, struct mk_diag *diag)
{
    uint8_t *at = p;
    *got = 0;
    while (*got < n) {
        ssize_t done = read(h->back, at + *got, n - *got);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return mk_fail_sys(diag, MK_E_PROGRAM, program);
        if (done == 0)
            break;
        *got += (size_t)done;
    }
    return MK_OK;
}

/* The line "record LENGTH"; n 0 at the end. */
static enum mk_err read_line(const struct mk_helper *h, char line[static LINE],
                             size_t *n, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    size_t got = 1;
    for (*n = 0; *n < LINE; ++*n) {
        MK_TRY(receive(h, line + *n, 1, &got, diag));
        if (got == 0 && *n == 0)
            return MK_OK;
        if (got == 0 || line[*n] == '\n')
            break;
    }
    if (got == 0 || *n == LINE)
        rc = mk_fail(diag, MK_E_PROGRAM, program);
out:
    return rc;
}

enum mk_err mk_helper_record(struct mk_helper *h, size_t max,
                             struct mk_buf *record, bool *any,
                             struct mk_diag *diag)
{
    static const char word[] = "record ";
    const size_t skip = sizeof word - 1;
    char line[LINE];
    uint64_t length = 0;
    size_t n, got;
    enum mk_err rc;
    *any = false;
    mk_buf_clear(record);
    MK_TRY(read_line(h, line, &n, diag));
    if (n == 0)
        goto out;
    if (n <= skip || memcmp(line, word, skip) != 0 ||
        !mk_num_parse(line + skip, n - skip, 0, max, &length)) {
        rc = mk_fail(diag, MK_E_PROGRAM, program);
        goto out;
    }
    n = (size_t)length + 1; /* with the line end behind it */
    MK_TRY(mk_buf_reserve(record, n));
    MK_TRY(receive(h, record->data, n, &got, diag));
    if (got != n || record->data[n - 1] != '\n') {
        rc = mk_fail(diag, MK_E_PROGRAM, program);
        goto out;
    }
    record->len = n - 1;
    *any = true;
out:
    return rc;
}

/* ---- the end ---- */

enum mk_err mk_helper_finish(struct mk_helper *h, int *status,
                             struct mk_diag *diag)
{
    int raw = 0;
    pid_t got;
    if (h->in >= 0)
        close(h->in);
    if (h->back >= 0)
        close(h->back);
    h->in = h->back = -1;
    do
        got = waitpid(h->pid, &raw, 0);
    while (got < 0 && errno == EINTR);
    h->pid = 0;
    if (got < 0 || !WIFEXITED(raw))
        return mk_fail(diag, MK_E_PROGRAM, program);
    *status = WEXITSTATUS(raw);
    return MK_OK;
}
