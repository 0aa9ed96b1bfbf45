/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/gate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/io.h"
#include "core/base/num.h"

#define LINE_MAX 64 /* bytes of a line of the frame, with its end */

static const char *const names[MK_GATE_KINDS] = {
    [MK_GATE_CUBE] = "cube",
    [MK_GATE_RELEASE] = "release",
    [MK_GATE_KEY] = "key",
};
static const char place[] = "meldkluis-gate";

void mk_gate_init(struct mk_gate *g)
{
    memset(g, 0, sizeof *g);
}

void mk_gate_release(struct mk_gate *g)
{
    mk_buf_release(&g->text);
    mk_buf_release(&g->list);
    mk_gate_init(g);
}

enum mk_gate_kind mk_gate_section(const struct mk_gate *g, size_t i,
                                  const uint8_t **data, size_t *n)
{
    const struct mk_gate_section *s = (const void *)g->list.data;
    *data = g->text.data + s[i].at;
    *n = s[i].n;
    return s[i].kind;
}

static enum mk_err refuse(const struct mk_gate *g, enum mk_err err,
                          struct mk_diag *diag)
{
    return mk_fail_at(diag, err, place, g->n_sections + 1,
                      (int64_t)MK_GATE_BYTES, 0);
}

/* The line at g->at without its end; *whole false when its end has not come
 * yet. */
static enum mk_err line_at(const struct mk_gate *g, const char **line,
                           size_t *n, bool *whole, struct mk_diag *diag)
{
    const uint8_t *p = g->text.data + g->at;
    size_t left = g->text.len - g->at;
    size_t look = left < LINE_MAX ? left : LINE_MAX;
    const uint8_t *end = look > 0 ? memchr(p, '\n', look) : NULL;
    *whole = end != NULL;
    if (!end)
        return left >= LINE_MAX ? refuse(g, MK_E_SYNTAX, diag) : MK_OK;
    *line = (const char *)p;
    *n = (size_t)(end - p);
    return MK_OK;
}

static bool is(const char *line, size_t n, const char *text)
{
    return n == strlen(text) && memcmp(line, text, n) == 0;
}

/* What follows word on the line; NULL if it begins otherwise. */
static const char *behind(const char *line, size_t *n, const char *word)
{
    size_t w = strlen(word);
    if (*n < w || memcmp(line, word, w) != 0)
        return NULL;
    *n -= w;
    return line + w;
}

static enum mk_err read_first(struct mk_gate *g, const char *line, size_t n,
                              struct mk_diag *diag)
{
    uint64_t version;
    const char *rest = behind(line, &n, "meldkluis-gate: ");
    if (rest && is(rest, n, "none")) {
        g->none = g->ended = true;
        return MK_OK;
    }
    if (!rest || !mk_num_parse(rest, n, 1, INT32_MAX, &version))
        return refuse(g, MK_E_SYNTAX, diag);
    if (version != 1)
        return mk_fail_at(diag, MK_E_NEWER, place, 0, (int64_t)version, 1);
    return MK_OK;
}

/* "NAME LENGTH" */
static enum mk_err read_name(const struct mk_gate *g, const char *rest,
                             size_t n, struct mk_gate_section *s,
                             struct mk_diag *diag)
{
    const char *space = memchr(rest, ' ', n);
    size_t word = space ? (size_t)(space - rest) : n;
    unsigned kind = 0;
    uint64_t length;
    while (kind < MK_GATE_KINDS && !is(rest, word, names[kind]))
        kind++;
    if (!space || kind == MK_GATE_KINDS ||
        !mk_num_parse(space + 1, n - word - 1, 0, INT64_MAX, &length))
        return refuse(g, MK_E_SYNTAX, diag);
    if (length > MK_GATE_BYTES)
        return refuse(g, MK_E_TOO_LARGE, diag);
    s->kind = (enum mk_gate_kind)kind;
    s->n = (size_t)length;
    return MK_OK;
}

static bool has_key(const struct mk_gate *g)
{
    const struct mk_gate_section *s = (const void *)g->list.data;
    for (size_t i = 0; i < g->n_sections; i++)
        if (s[i].kind == MK_GATE_KEY)
            return true;
    return false;
}

static enum mk_err add_section(struct mk_gate *g,
                               const struct mk_gate_section *s,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    if (g->text.data[s->at + s->n] != '\n')
        return refuse(g, MK_E_SYNTAX, diag);
    if (s->kind == MK_GATE_KEY && (s->n != MK_GATE_KEY_BYTES || has_key(g)))
        return refuse(g, MK_E_SYNTAX, diag);
    if (g->n_sections == MK_GATE_SECTIONS)
        return refuse(g, MK_E_TOO_LARGE, diag);
    rc = mk_buf_add(&g->list, s, sizeof *s);
    if (rc != MK_OK)
        return mk_fail(diag, rc, place);
    g->n_sections++;
    return MK_OK;
}

/* Takes one item out of what has come; *moved false when it is not whole. */
static enum mk_err step(struct mk_gate *g, bool *moved, struct mk_diag *diag)
{
    struct mk_gate_section s = {.n = 0};
    const char *line = NULL, *rest;
    size_t n = 0, used;
    enum mk_err rc;
    MK_TRY(line_at(g, &line, &n, moved, diag));
    if (!*moved)
        goto out;
    used = n + 1;
    if (g->at == 0) {
        MK_TRY(read_first(g, line, n, diag));
    } else if (is(line, n, "end")) {
        g->ended = true;
    } else if ((rest = behind(line, &n, "section ")) != NULL) {
        MK_TRY(read_name(g, rest, n, &s, diag));
        s.at = g->at + used;
        *moved = g->text.len > s.at && g->text.len - s.at > s.n;
        if (!*moved)
            goto out;
        MK_TRY(add_section(g, &s, diag));
        used += s.n + 1;
    } else {
        rc = refuse(g, MK_E_SYNTAX, diag);
        goto out;
    }
    g->at += used;
out:
    return rc;
}

/* As far as it goes with what has come. */
static enum mk_err advance(struct mk_gate *g, struct mk_diag *diag)
{
    bool moved = true;
    enum mk_err rc = MK_OK;
    while (!g->ended && moved && rc == MK_OK)
        rc = step(g, &moved, diag);
    if (rc == MK_OK && g->ended && g->at != g->text.len)
        rc = refuse(g, MK_E_SYNTAX, diag); /* something behind the end */
    return rc;
}

enum mk_err mk_gate_parse(struct mk_gate *g, const void *p, size_t n,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    if (n > MK_GATE_BYTES)
        return refuse(g, MK_E_TOO_LARGE, diag);
    rc = mk_buf_add(&g->text, p, n);
    if (rc != MK_OK)
        return mk_fail(diag, rc, place);
    MK_TRY(advance(g, diag));
    if (!g->ended)
        rc = refuse(g, MK_E_SYNTAX, diag);
out:
    return rc;
}

enum mk_err mk_gate_read(struct mk_gate *g, int fd, struct mk_diag *diag)
{
    uint8_t piece[65536];
    enum mk_err rc = MK_OK;
    while (!g->ended) {
        ssize_t n = read(fd, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return mk_fail_sys(diag, MK_E_IO, place);
        if (n == 0)
            return refuse(g, MK_E_SYNTAX, diag); /* cut off */
        if (g->text.len + (size_t)n > MK_GATE_BYTES)
            return refuse(g, MK_E_TOO_LARGE, diag);
        rc = mk_buf_add(&g->text, piece, (size_t)n);
        if (rc != MK_OK)
            return mk_fail(diag, rc, place);
        MK_TRY(advance(g, diag));
    }
out:
    return rc;
}

static enum mk_err write_all(int fd, const void *p, size_t n,
                             struct mk_diag *diag)
{
    return mk_io_write(fd, p, n) ? MK_OK : mk_fail_sys(diag, MK_E_IO, place);
}

enum mk_err mk_gate_send(int fd, const void *record, size_t n,
                         struct mk_diag *diag)
{
    char head[LINE_MAX];
    enum mk_err rc;
    int len = snprintf(head, sizeof head, "record %zu\n", n);
    if (n > MK_GATE_RECORD)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "record", 0,
                          (int64_t)MK_GATE_RECORD, 0);
    MK_TRY(write_all(fd, head, (size_t)len, diag));
    MK_TRY(write_all(fd, record, n, diag));
    MK_TRY(write_all(fd, "\n", 1, diag));
out:
    return rc;
}

enum mk_err mk_gate_await(int fd, bool *registered, struct mk_diag *diag)
{
    char word[8];
    size_t n = 0;
    *registered = false;
    while (n < sizeof word) {
        ssize_t got = read(fd, word + n, 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return mk_fail_sys(diag, MK_E_IO, place);
        if (got == 0 && n == 0)
            return MK_OK; /* who should decide is gone */
        if (got == 0)
            break;
        if (word[n++] != '\n')
            continue;
        *registered = is(word, n, "commit\n");
        if (*registered || is(word, n, "abort\n"))
            return MK_OK;
        break;
    }
    return mk_fail(diag, MK_E_SYNTAX, place);
}
