/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The document that says where a vault went (move.h). */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/num.h"
#include "core/move_impl.h"
#include "core/server.h"

#define FIRST_LINE "meldkluis-moved: 1\n"
#define TEXT_MAX 2048

/* --- the text --- */

struct text {
    const char *p;
    size_t left;
    bool bad;
};

/* The value of the next line, which has to be of that key. */
static const char *take(struct text *t, const char *key, size_t *n)
{
    const size_t k = strlen(key);
    const char *end = t->left == 0 ? NULL : memchr(t->p, '\n', t->left);
    const char *value;

    *n = 0;
    if (t->bad || end == NULL || (size_t)(end - t->p) <= k ||
        memcmp(t->p, key, k) != 0 || memchr(t->p, '\0', (size_t)(end - t->p)))
        t->bad = true;
    if (t->bad)
        return "";
    value = t->p + k;
    *n = (size_t)(end - value);
    t->left -= (size_t)(end - t->p) + 1;
    t->p = end + 1;
    return value;
}

static void take_hex(struct text *t, const char *value, size_t n, uint8_t *out,
                     size_t size)
{
    char hex[2 * MK_HASH + 1];

    if (t->bad || n != 2 * size) {
        t->bad = true;
        return;
    }
    memcpy(hex, value, n);
    hex[n] = '\0';
    t->bad = !mk_unhex(out, size, hex);
}

static void take_state(struct text *t, struct mk_moved *out)
{
    size_t n;
    const char *value = take(t, "state: ", &n);

    out->done = n == 5 && memcmp(value, "moved", n) == 0;
    if (!out->done && (n != 6 || memcmp(value, "moving", n) != 0))
        t->bad = true;
}

static void take_to(struct text *t, struct mk_moved *out)
{
    size_t n;
    const char *value = take(t, "to: ", &n);

    if (n >= sizeof out->to)
        t->bad = true;
    else
        memcpy(out->to, value, n);
}

static void take_head(struct text *t, struct mk_moved *out)
{
    size_t n;
    const char *value = take(t, "head: ", &n);
    const char *space = memchr(value, ' ', n);
    size_t digits = space == NULL ? 0 : (size_t)(space - value);

    if (!mk_num_parse(value, digits, 0, INT64_MAX, &out->log_size))
        t->bad = true;
    else
        take_hex(t, space + 1, n - digits - 1, out->head, MK_HASH);
}

static bool parse(struct mk_moved *out, const struct mk_buf *text)
{
    const size_t first = sizeof FIRST_LINE - 1;
    struct text t = {.p = (const char *)text->data, .left = text->len};
    const char *value;
    uint64_t time = 0;
    size_t n;

    if (t.left < first || memcmp(t.p, FIRST_LINE, first) != 0)
        return false;
    t.p += first;
    t.left -= first;
    take_state(&t, out);
    take_to(&t, out);
    value = take(&t, "store: ", &n);
    take_hex(&t, value, n, out->store, MK_ID);
    take_head(&t, out);
    value = take(&t, "time: ", &n);
    if (!mk_num_parse(value, n, 0, INT64_MAX, &time))
        t.bad = true;
    out->time_ms = (int64_t)time;
    out->there = true;
    return !t.bad && t.left == 0;
}

enum mk_err mk_moved_load(const struct mk_docs *docs, struct mk_moved *out,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;

    *out = (struct mk_moved){.there = false};
    rc = mk_docs_read(docs, MK_MOVED_FILE, TEXT_MAX, &text, diag);
    if (rc == MK_E_TOO_LARGE || (rc == MK_OK && !parse(out, &text)))
        rc = mk_fail(diag, MK_E_DAMAGED, MK_MOVED_FILE);
    mk_buf_release(&text);
    return rc == MK_E_NOT_FOUND ? MK_OK : rc;
}

enum mk_err mk_moved_save(const struct mk_docs *docs, const struct mk_moved *m,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    char store[2 * MK_ID + 1];
    char head[2 * MK_HASH + 1];

    mk_hex(store, m->store, MK_ID);
    mk_hex(head, m->head, MK_HASH);
    MK_TRY(mk_buf_add_str(&text, FIRST_LINE));
    MK_TRY(mk_buf_addf(&text,
                       "state: %s\nto: %s\nstore: %s\nhead: %" PRIu64
                       " %s\ntime: %" PRId64 "\n",
                       m->done ? "moved" : "moving", m->to, store, m->log_size,
                       head, m->time_ms));
    MK_TRY(mk_docs_write(docs, MK_MOVED_FILE, text.data, text.len, diag));
out:
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_moved_read(const struct mk_where *where, struct mk_moved *out,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_docs docs;

    *out = (struct mk_moved){.there = false};
    rc = mk_where_open(&docs, where, diag);
    if (rc == MK_OK)
        rc = mk_moved_load(&docs, out, diag);
    mk_docs_close(&docs);
    return rc;
}

/* --- the place --- */

enum mk_err mk_moved_place(char out[static MK_MOVE_PLACE],
                           const struct mk_where *to, struct mk_diag *diag)
{
    const char *path = to->vault;
    char parent[PATH_MAX];
    char whole[PATH_MAX];
    size_t n = strlen(path);
    size_t name;
    int len;

    while (n > 1 && path[n - 1] == '/')
        n--;
    for (name = n; name > 0 && path[name - 1] != '/';)
        name--;
    if (n == 0 || n >= sizeof parent || strpbrk(path, "\r\n") != NULL)
        return mk_fail(diag, MK_E_USAGE, "--vault");
    if (to->server != NULL) {
        len = snprintf(out, MK_MOVE_PLACE, "%s", path);
    } else {
        /* the folder itself may not be there yet */
        snprintf(parent, sizeof parent, "%.*s", name == 0 ? 1 : (int)name,
                 name == 0 ? "." : path);
        if (realpath(parent, whole) == NULL)
            return mk_fail_sys(diag, MK_E_IO, "folder of the vault");
        len = snprintf(out, MK_MOVE_PLACE, "%s/%.*s",
                       whole[1] == '\0' ? "" : whole, (int)(n - name),
                       path + name);
    }
    return len > 0 && len < MK_MOVE_PLACE
               ? MK_OK
               : mk_fail(diag, MK_E_TOO_LARGE, "folder of the vault");
}

/* --- shutting --- */

static enum mk_err refuse(const struct mk_vault *v, struct mk_diag *diag)
{
    struct mk_moved m;
    enum mk_err rc = mk_moved_load(&v->docs, &m, diag);

    return rc == MK_OK && m.there ? mk_fail(diag, MK_E_MOVED, m.to) : rc;
}

enum mk_err mk_moved_check(const struct mk_vault *v, struct mk_diag *diag)
{
    return v->where.moved ? MK_OK : refuse(v, diag);
}

enum mk_err mk_moved_newest(const struct mk_vault *v, struct mk_head_row *row,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    bool moved = false;

    if (mk_vault_on_server(v)) {
        rc = mk_head_newest_beside(v->store, MK_MOVED_FILE, &moved, row, diag);
    } else {
        rc = mk_head_newest(v->store, row, diag);
        if (rc == MK_OK)
            rc = mk_docs_has(&v->docs, MK_MOVED_FILE, &moved, diag);
    }
    return rc == MK_OK && moved && !v->where.moved ? refuse(v, diag) : rc;
}
