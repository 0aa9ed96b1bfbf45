/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The copy of a vault, and the proof that it is one. */
#include <string.h>

#include "core/move_impl.h"
#include "core/retention.h"
#include "core/store/copy.h"
#include "core/verify.h"
#include "core/witness_impl.h"

#define DOCUMENT_MAX ((size_t)16 << 20)

/* --- documents --- */

/* Two places, and what has been copied from one to the other. */
struct pair {
    const struct mk_docs *from, *to;
    uint64_t *n;
};

/* What is not there is none. */
static enum mk_err copy_document(void *ctx, const char *name,
                                 struct mk_diag *diag)
{
    struct pair *p = ctx;
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_buf again = MK_BUF_INIT;

    rc = mk_docs_read(p->from, name, DOCUMENT_MAX, &text, diag);
    if (rc == MK_E_NOT_FOUND || (rc == MK_OK && text.len == 0)) {
        rc = MK_OK;
        goto out;
    }
    if (rc != MK_OK)
        goto out;
    MK_TRY(mk_docs_write(p->to, name, text.data, text.len, diag));
    MK_TRY(mk_docs_read(p->to, name, DOCUMENT_MAX, &again, diag));
    if (again.len != text.len || memcmp(again.data, text.data, text.len) != 0)
        MK_TRY(mk_fail(diag, MK_E_DAMAGED, name));
    ++*p->n;
out:
    mk_buf_release(&text);
    mk_buf_release(&again);
    return rc;
}

static enum mk_err copy_checkpoint(void *ctx, const char *name,
                                   struct mk_diag *diag)
{
    uint64_t size;
    unsigned number;

    return mk_checkpoints_name(name, &size, &number)
               ? copy_document(ctx, name, diag)
               : MK_OK;
}

static enum mk_err copy_checkpoints(const struct mk_vault *v,
                                    struct mk_target *t, uint64_t *n,
                                    struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_docs from = MK_DOCS_NONE;
    struct mk_docs to = MK_DOCS_NONE;
    struct pair p = {.from = &from, .to = &to, .n = n};
    bool found;

    MK_TRY(mk_checkpoints_open(&from, v, false, &found, diag));
    if (!found)
        goto out;
    MK_TRY(mk_checkpoints_open(&to, &t->v, true, &found, diag));
    MK_TRY(mk_docs_list(&from, copy_checkpoint, &p, diag));
out:
    mk_docs_close(&from);
    mk_docs_close(&to);
    return rc;
}

static enum mk_err copy_documents(const struct mk_vault *v,
                                  struct mk_target *t, uint64_t *n,
                                  struct mk_diag *diag)
{
    static const char *const names[] = {MK_KEYRING_FILE, MK_FAILED_FILE,
                                        MK_PLACES_FILE, MK_RETENTION_FILE};
    const size_t all = sizeof names / sizeof *names;
    struct pair p = {.from = &v->docs, .to = &t->v.docs, .n = n};
    enum mk_err rc = MK_OK;

    /* keys that lie elsewhere stay there: what is left of them here belongs
     * to no vault any more */
    for (size_t i = 0; i < (v->places.n == 0 ? all : all - 1); i++)
        MK_TRY(copy_document(&p, names[i], diag));
    MK_TRY(copy_checkpoints(v, t, n, diag));
out:
    return rc;
}

/* --- rows --- */

static void tell(void *ctx, uint64_t done, uint64_t total)
{
    const struct mk_vault *v = ctx;

    if (v->where.progress != NULL)
        v->where.progress(v->where.progress_ctx, "rows", done, total);
}

enum mk_err mk_move_copy(struct mk_vault *v, struct mk_target *t,
                         struct mk_move_report *out, struct mk_diag *diag)
{
    const struct mk_copy_progress progress = {tell, v};
    enum mk_err rc;
    uint64_t copied;

    out->documents = 0;
    MK_TRY(copy_documents(v, t, &out->documents, diag));
    MK_TRY(mk_copy_rows(v->store, t->v.store, &progress, diag));
    MK_TRY(mk_copy_count(v->store, &out->rows, diag));
    MK_TRY(mk_copy_count(t->v.store, &copied, diag));
    if (copied != out->rows)
        rc = mk_fail_at(diag, MK_E_DAMAGED, "rows", 0, (int64_t)copied,
                        (int64_t)out->rows);
out:
    return rc;
}

/* --- the proof --- */

enum mk_err mk_move_prove(struct mk_vault *at, const struct mk_head_row *head,
                          struct mk_move_report *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_verify_report r;
    struct mk_head_row newest;

    MK_TRY(mk_head_newest(at->store, &newest, diag));
    if (memcmp(newest.body, head->body, MK_HEAD) != 0 ||
        memcmp(newest.sig, head->sig, MK_SIG) != 0)
        MK_TRY(mk_fail(diag, MK_E_TAMPERED, "head"));
    MK_TRY(mk_verify_rows(at, &r, diag));
    MK_TRY(mk_copy_count(at->store, &out->rows, diag));
    out->dossiers = r.dossiers;
    out->destroyed = r.destroyed;
    out->entries = r.entries;
    out->records = r.stats;
    out->registers = r.registers;
    out->heads = r.heads;
    out->log_size = r.log_size;
    out->pruned = r.pruned;
    memcpy(out->log_root, r.log_root, MK_HASH);
out:
    return rc;
}
