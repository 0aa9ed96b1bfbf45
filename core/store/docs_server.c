/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents in the rows of a server. */
#include <stdio.h>
#include <string.h>

#include "core/store/docs.h"
#include "core/store/driver.h"

/* "checkpoints/17" */
static enum mk_err full_name(char out[static MK_DOCS_NAME],
                             const struct mk_docs *p, const char *name,
                             struct mk_diag *diag)
{
    int n = snprintf(out, MK_DOCS_NAME, "%s%s%s", p->below,
                     p->below[0] != '\0' ? "/" : "", name);

    return n >= 0 && (size_t)n < MK_DOCS_NAME
               ? MK_OK
               : mk_fail(diag, MK_E_TOO_LARGE, name);
}

/* What is open already takes part in what it is open for. */
static enum mk_err begin(struct mk_driver *d, bool write, bool *ours,
                         struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    *ours = false;
    if (mk_driver_inside(d))
        return MK_OK;
    rc = d->ops->begin(d, write, true, diag);
    *ours = rc == MK_OK;
    return rc;
}

static enum mk_err take_body(struct mk_driver *d, const char *name, size_t max,
                             struct mk_buf *out, struct mk_diag *diag)
{
    struct mk_sql_value body;
    enum mk_err rc;
    bool more;

    MK_TRY(d->ops->step(d, MK_Q_DOCUMENT_LOAD, &more, NULL, diag));
    if (!more)
        MK_TRY(mk_fail(diag, MK_E_NOT_FOUND, name));
    if (!d->ops->column(d, MK_Q_DOCUMENT_LOAD, 0, &body) ||
        body.type != MK_SQL_BLOB)
        MK_TRY(mk_fail(diag, MK_E_TAMPERED, name));
    if (body.n == 0)
        MK_TRY(mk_fail(diag, MK_E_NOT_FOUND, name));
    if (body.n > max)
        MK_TRY(mk_fail_at(diag, MK_E_TOO_LARGE, name, 0, (int64_t)max, 0));
    MK_TRY(mk_buf_add(out, body.p, body.n));
out:
    d->ops->finish(d, MK_Q_DOCUMENT_LOAD);
    return rc;
}

enum mk_err mk_docs_server_read(const struct mk_docs *p, const char *name,
                                size_t max, struct mk_buf *out,
                                struct mk_diag *diag)
{
    struct mk_driver *d = p->server;
    struct mk_sql_value key;
    char full[MK_DOCS_NAME];
    bool ours = false;
    enum mk_err rc;

    mk_buf_clear(out);
    MK_TRY(full_name(full, p, name, diag));
    key = mk_sql_blob(full, strlen(full));
    MK_TRY(begin(d, false, &ours, diag));
    MK_TRY(d->ops->run(d, MK_Q_DOCUMENT_LOAD, &key, 1, diag));
    MK_TRY(take_body(d, name, max, out, diag));
out:
    if (ours)
        d->ops->rollback(d);
    if (rc != MK_OK)
        mk_buf_clear(out);
    return rc;
}

enum mk_err mk_docs_server_write(const struct mk_docs *p, const char *name,
                                 const void *bytes, size_t n,
                                 struct mk_diag *diag)
{
    struct mk_driver *d = p->server;
    struct mk_sql_value v[2];
    char full[MK_DOCS_NAME];
    bool ours = false;
    enum mk_err rc;

    MK_TRY(full_name(full, p, name, diag));
    v[0] = mk_sql_blob(full, strlen(full));
    v[1] = mk_sql_blob(bytes, n);
    MK_TRY(begin(d, true, &ours, diag));
    MK_TRY(d->ops->put(d, MK_Q_DOCUMENT_SAVE, v, 2, MK_E_TAMPERED, diag));
    if (ours) {
        ours = false; /* after a commit nothing is open, whatever it says */
        rc = d->ops->commit(d, diag);
    }
out:
    if (ours)
        d->ops->rollback(d);
    return rc;
}

/* One row: its name, unless it is another kind of document or was removed. */
static enum mk_err give_name(struct mk_driver *d, const char *below,
                             mk_docs_each *each, void *ctx,
                             struct mk_diag *diag)
{
    struct mk_sql_value name, length;
    const size_t n = strlen(below);
    char text[MK_DOCS_NAME];

    if (!d->ops->column(d, MK_Q_DOCUMENT_WALK, 0, &name) ||
        !d->ops->column(d, MK_Q_DOCUMENT_WALK, 1, &length) ||
        name.type != MK_SQL_BLOB || length.type != MK_SQL_U64)
        return mk_fail(diag, MK_E_TAMPERED, "document");
    if (length.u == 0 || name.n <= n || name.n >= sizeof(text) ||
        memcmp(name.p, below, n) != 0 || memchr(name.p, '\0', name.n))
        return MK_OK;
    memcpy(text, (const char *)name.p + n, name.n - n);
    text[name.n - n] = '\0';
    return each(ctx, text, diag);
}

enum mk_err mk_docs_server_list(const struct mk_docs *p, mk_docs_each *each,
                                void *ctx, struct mk_diag *diag)
{
    struct mk_driver *d = p->server;
    char below[MK_DOCS_NAME];
    bool ours = false, more;
    enum mk_err rc;

    MK_TRY(full_name(below, p, "", diag));
    MK_TRY(begin(d, false, &ours, diag));
    MK_TRY(d->ops->run(d, MK_Q_DOCUMENT_WALK, NULL, 0, diag));
    for (;;) {
        MK_TRY(d->ops->step(d, MK_Q_DOCUMENT_WALK, &more, NULL, diag));
        if (!more)
            break;
        MK_TRY(give_name(d, below, each, ctx, diag));
    }
out:
    d->ops->finish(d, MK_Q_DOCUMENT_WALK);
    if (ours)
        d->ops->rollback(d);
    return rc;
}
