/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/destroy.h"
#include "core/sealed.h"

bool mk_row_is_tombstone(const struct mk_dossier_row *row)
{
    return row->dek.p == NULL && row->owner.p == NULL &&
           row->summary.p == NULL && row->ref_tag.p == NULL;
}

bool mk_approval_is_for(const struct mk_approval_record *a, uint64_t entries,
                        const uint8_t chain[static MK_HASH])
{
    return a->entries == entries && memcmp(a->chain, chain, MK_HASH) == 0;
}

bool mk_approval_reaches(const struct mk_approval_record *a, uint64_t entries,
                         const uint8_t chain[static MK_HASH])
{
    return entries < a->entries || mk_approval_is_for(a, entries, chain);
}

enum mk_err mk_destroy_row(struct mk_vault *v,
                           const uint8_t dossier[static MK_ID], bool *found,
                           struct mk_dossier_row *row, struct mk_diag *diag)
{
    uint64_t ordinal;
    enum mk_err rc =
        mk_dossier_find(v->store, dossier, dossier, found, &ordinal, diag);

    return rc != MK_OK || !*found ? rc : mk_sealed_row(v, ordinal, row, diag);
}

bool mk_destroyed_is_of(const struct mk_destroyed_record *r,
                        const struct mk_dossier_row *row)
{
    return memcmp(r->approval.dossier, row->id, MK_ID) == 0 &&
           r->ordinal == row->ordinal && r->entries == row->entries &&
           r->intake_year == row->intake_year && r->old_gen == row->rk_gen &&
           memcmp(r->chain, row->chain, MK_HASH) == 0;
}

enum mk_err mk_tombstone_write(struct mk_tx *tx,
                               const struct mk_dossier_row *row,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_dossier_row bare = *row;
    const struct mk_blob none = {.p = NULL, .n = 0};
    uint64_t removed;

    bare.version++;
    bare.owner = bare.dek = bare.ref_tag = bare.summary = none;
    MK_TRY(mk_tx_tombstone(tx, &bare, diag));
    MK_TRY(mk_entries_delete(tx->v->store, row->ordinal, &removed, diag));
    if (removed != row->entries)
        rc = mk_fail_at(diag, MK_E_TAMPERED, "dossier (entries)", 0,
                        (int64_t)row->ordinal, 0);
out:
    return rc;
}

/* --- the records, read once while the register is the same --- */

void mk_tombstones_release(struct mk_tombstones *t)
{
    free(t->v);
    *t = (struct mk_tombstones){.n = 0};
}

static enum mk_err take(void *ctx, const struct mk_register_row *row,
                        struct mk_diag *diag)
{
    struct mk_vault *v = ctx;
    struct mk_tombstones *t = &v->tombstones;
    struct mk_destroyed_record *grown =
        realloc(t->v, (t->n + 1) * sizeof *grown);

    if (grown == NULL)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    t->v = grown;
    if (!mk_destroyed_parse(&t->v[t->n], &row->body,
                            mk_keyring_store(v->keyring)))
        return mk_fail_at(diag, MK_E_TAMPERED, "register (destruction)", 0,
                          (int64_t)row->seq, row->kind);
    t->n++;
    return MK_OK;
}

enum mk_err mk_tombstones_load(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;

    if (v->tombstones.n_register == v->head.n_register)
        return MK_OK;
    mk_tombstones_release(&v->tombstones);
    rc = mk_register_walk(v, MK_REGISTER_DESTROYED, take, v, diag);
    if (rc == MK_OK)
        v->tombstones.n_register = v->head.n_register;
    else
        mk_tombstones_release(&v->tombstones);
    return rc;
}

enum mk_err mk_tombstone_of(struct mk_vault *v,
                            const struct mk_dossier_row *row,
                            const struct mk_destroyed_record **out,
                            struct mk_diag *diag)
{
    enum mk_err rc = mk_tombstones_load(v, diag);

    if (rc != MK_OK)
        return rc;
    for (size_t i = 0; i < v->tombstones.n; i++)
        if (mk_destroyed_is_of(&v->tombstones.v[i], row)) {
            *out = &v->tombstones.v[i];
            return MK_OK;
        }
    return mk_fail_at(diag, MK_E_TAMPERED, "dossier (gone without a record)",
                      0, (int64_t)row->ordinal, 0);
}

enum mk_err mk_destroyed_gate(struct mk_vault *v,
                              const struct mk_dossier_row *row,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_destroyed_record *record;
    char tag[MK_TAG_TEXT];

    mk_tag_format(tag, row->id);
    if (mk_row_is_tombstone(row)) {
        MK_TRY(mk_tombstone_of(v, row, &record, diag));
        return mk_fail(diag, MK_E_DESTROYED, tag);
    }
    MK_TRY(mk_buried_load(v, diag));
    if (mk_buried_has(v->buried, row))
        rc = mk_fail(diag, MK_E_RESTORED, tag);
out:
    return rc;
}
