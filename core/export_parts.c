/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Part of log export: what is small, and written whole. */
#include <string.h>

#include "core/base/bytes.h"
#include "core/export.h"
#include "core/prune.h"
#include "core/witness_impl.h"
#include "crypto/hash.h"

/* ---- register ---- */

/* Bodies that are sealed say nothing to a reader of the export. */
static bool is_sealed(uint32_t kind)
{
    return kind == MK_REGISTER_TAG_KEY || kind == MK_REGISTER_RELEASE;
}

static enum mk_err register_row(struct mk_export *e, struct mk_export_file *f,
                                const struct mk_register_row *row,
                                struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t fixed[8 + 4 + MK_HASH + 4];
    size_t n = is_sealed(row->kind) ? 0 : row->body.n;
    struct mk_pruning p;

    mk_put_u64(fixed, row->seq);
    mk_put_u32(fixed + 8, row->kind);
    mk_sha256(fixed + 12, row->body.p, row->body.n);
    mk_put_u32(fixed + 12 + MK_HASH, (uint32_t)n);
    MK_TRY(mk_export_file_add(f, fixed, sizeof fixed, diag));
    MK_TRY(mk_export_file_add(f, row->body.p, n, diag));
    if (row->kind == MK_REGISTER_PRUNING &&
        mk_pruning_parse(&p, &row->body, mk_keyring_store(e->v->keyring)))
        e->pruned = p.size;
out:
    return rc;
}

enum mk_err mk_export_register(struct mk_export *e, struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_head *h = &e->v->head;
    struct mk_export_file file = {.name = NULL};
    struct mk_walk *walk = NULL;
    struct mk_register_row row;
    uint8_t chain[MK_HASH] = {0};
    uint64_t n = 0;
    bool more;

    MK_TRY(mk_export_file_open(&e->dir, &file, "register", 0, diag));
    MK_TRY(mk_walk_register(&walk, e->v->store, diag));
    for (;; n++) {
        MK_TRY(mk_walk_register_row(walk, &more, &row, diag));
        if (!more)
            break;
        mk_register_chain(chain, &row);
        MK_TRY(register_row(e, &file, &row, diag));
    }
    if (n != h->n_register || memcmp(chain, h->register_root, MK_HASH) != 0) {
        rc = mk_fail(diag, MK_E_TAMPERED, "register");
        goto out;
    }
    e->report->registers = n;
    rc = mk_export_file_close(&e->dir, &file, diag);
out:
    mk_export_file_drop(&file);
    mk_walk_close(walk);
    return rc;
}

/* ---- people ---- */

enum mk_err mk_export_people(struct mk_export *e, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf members = MK_BUF_INIT, vkeys = MK_BUF_INIT;

    /* a snapshot has proven that the head names this keyring */
    MK_TRY(mk_keyring_format_members(e->v->keyring, &members));
    MK_TRY(
        mk_export_renew(&e->dir, "members", members.data, members.len, diag));
    MK_TRY(mk_witness_vkeys(e->v, &vkeys, diag));
    MK_TRY(mk_export_renew(&e->dir, "witnesses", vkeys.data, vkeys.len, diag));
out:
    mk_buf_release(&members);
    mk_buf_release(&vkeys);
    return rc;
}

/* ---- checkpoints that were kept ---- */

struct keeping {
    struct mk_export *e;
    const struct mk_docs *from;
    struct mk_buf text;
};

static enum mk_err keep_one(void *ctx, const char *name, struct mk_diag *diag)
{
    enum mk_err rc;
    struct keeping *k = ctx;
    struct mk_buf path = MK_BUF_INIT;
    uint64_t size;
    unsigned number;

    if (!mk_checkpoints_name(name, &size, &number))
        return MK_OK;
    MK_TRY(mk_docs_read(k->from, name, MK_NOTE_MAX, &k->text, diag));
    MK_TRY(mk_buf_addf(&path, "checkpoints/%s", name));
    MK_TRY(mk_buf_terminate(&path));
    MK_TRY(mk_export_renew(&k->e->dir, (const char *)path.data, k->text.data,
                           k->text.len, diag));
out:
    mk_buf_release(&path);
    return rc;
}

enum mk_err mk_export_kept(struct mk_export *e, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_docs docs = MK_DOCS_NONE;
    struct keeping keeping = {.e = e, .from = &docs, .text = MK_BUF_INIT};
    bool found;

    MK_TRY(mk_checkpoints_open(&docs, e->v, false, &found, diag));
    if (found)
        MK_TRY(mk_docs_list(&docs, keep_one, &keeping, diag));
out:
    mk_docs_close(&docs);
    mk_buf_release(&keeping.text);
    return rc;
}
