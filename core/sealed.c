/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/sealed.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/destroy.h"
#include "core/summary.h"

void mk_opened_init(struct mk_opened *d)
{
    mk_dossier_row_init(&d->row);
    d->dek = NULL;
    mk_case_init(&d->c);
}

void mk_opened_release(struct mk_opened *d)
{
    mk_dossier_row_release(&d->row);
    mk_dek_free(d->dek);
    d->dek = NULL;
    mk_case_release(&d->c);
}

static enum mk_err damaged(struct mk_diag *diag, enum mk_err err,
                           const char *what, uint64_t ordinal)
{
    return mk_fail_at(diag, err, what, 0, (int64_t)ordinal, 0);
}

/* --- proofs --- */

enum mk_err mk_sealed_row(struct mk_vault *v, uint64_t ordinal,
                          struct mk_dossier_row *row, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_merkle *tree;
    uint8_t proof[MK_MERKLE_PROOF][MK_HASH];
    uint8_t leaf[MK_HASH];
    size_t n;

    rc = mk_dossier_load(v->store, ordinal, row, diag);
    if (rc == MK_E_NOT_FOUND || ordinal >= v->head.n_dossiers)
        return damaged(diag, MK_E_TAMPERED, "dossier (row)", ordinal);
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_tree_get(v, MK_TREE_DOSSIER, &tree, diag));
    rc = mk_merkle_inclusion(tree, ordinal, v->head.n_dossiers, proof, &n,
                             diag);
    if (rc == MK_E_DAMAGED)
        rc = damaged(diag, MK_E_TAMPERED, "dossier (tree)", ordinal);
    if (rc != MK_OK)
        goto out;
    mk_dossier_leaf(row, leaf);
    if (!mk_merkle_inclusion_ok(leaf, ordinal, v->head.n_dossiers, proof, n,
                                v->head.dossier_root))
        rc = damaged(diag, MK_E_TAMPERED, "dossier (row)", ordinal);
out:
    return rc;
}

static bool is_named(const struct mk_dossier_row *row,
                     const struct mk_dossier_ref *ref)
{
    return memcmp(row->id, ref->lo, MK_ID) >= 0 &&
           memcmp(row->id, ref->hi, MK_ID) <= 0;
}

enum mk_err mk_sealed_walk(struct mk_vault *v, mk_sealed_look *look, void *ctx,
                           struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *walk = NULL;
    struct mk_dossier_row row;
    struct mk_merkle_stream stream;
    uint8_t hash[MK_HASH];
    bool more;

    mk_dossier_row_init(&row);
    mk_merkle_stream_init(&stream);
    MK_TRY(mk_walk_dossiers(&walk, v->store, diag));
    for (;;) {
        MK_TRY(mk_walk_dossier(walk, &more, &row, diag));
        if (!more)
            break;
        mk_dossier_leaf(&row, hash);
        mk_merkle_stream_add(&stream, hash);
        MK_TRY(look(ctx, &row, diag));
    }
    mk_merkle_stream_root(&stream, hash);
    if (stream.size != v->head.n_dossiers ||
        memcmp(hash, v->head.dossier_root, MK_HASH) != 0)
        rc = mk_fail(diag, MK_E_TAMPERED, "dossier (list)");
out:
    mk_walk_close(walk);
    mk_dossier_row_release(&row);
    return rc;
}

/*
 * A tree has no other proof of absence than all of its leaves.  The index
 * that gave the answer lies under no root, so it is not believed: no row may
 * have such an id.
 */
static enum mk_err refuse_named(void *ctx, const struct mk_dossier_row *row,
                                struct mk_diag *diag)
{
    return is_named(row, ctx)
               ? damaged(diag, MK_E_TAMPERED, "dossier (index)", row->ordinal)
               : MK_OK;
}

enum mk_err mk_sealed_find(struct mk_vault *v,
                           const struct mk_dossier_ref *ref, bool *found,
                           struct mk_dossier_row *row, struct mk_diag *diag)
{
    enum mk_err rc;
    uint64_t ordinal;
    struct mk_dossier_ref absent = *ref;

    MK_TRY(mk_dossier_find(v->store, ref->lo, ref->hi, found, &ordinal, diag));
    if (!*found) {
        rc = mk_sealed_walk(v, refuse_named, &absent, diag);
        goto out;
    }
    MK_TRY(mk_sealed_row(v, ordinal, row, diag));
    if (!is_named(row, ref))
        rc = damaged(diag, MK_E_TAMPERED, "dossier (index)", ordinal);
out:
    return rc;
}

/* --- envelopes --- */

enum mk_err mk_sealed_summary(struct mk_vault *v,
                              const struct mk_dossier_row *row,
                              const struct mk_dek *dek, struct mk_buf *bytes,
                              struct mk_list_item *item, struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t aad[MK_AAD];

    mk_sealed_aad(aad, v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_SUMMARY, row->id,
                  mk_sealed_summary_version(row), row->id);
    rc = mk_dek_open(bytes, dek, aad, row->summary, diag);
    if (rc != MK_OK)
        return damaged(diag, rc, "dossier (summary)", row->ordinal);
    MK_TRY(mk_summary_decode(item, bytes, diag));
    memcpy(item->id, row->id, MK_ID);
out:
    return rc;
}

static enum mk_err open_entry(struct mk_vault *v,
                              const struct mk_dossier_row *row,
                              const struct mk_entry_row *entry,
                              const struct mk_dek *dek, struct mk_buf *facts,
                              struct mk_buf *text, struct mk_event *e,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t aad[MK_AAD];

    mk_buf_clear(text);
    mk_sealed_aad(aad, v, MK_TABLE_ENTRY, MK_COL_ENTRY_FACTS, row->id,
                  entry->seq, row->id);
    MK_TRY(mk_dek_open(facts, dek, aad, entry->facts, diag));
    if (entry->text.p != NULL) {
        mk_sealed_aad(aad, v, MK_TABLE_ENTRY, MK_COL_ENTRY_TEXT, row->id,
                      entry->seq, row->id);
        MK_TRY(mk_dek_open(text, dek, aad, entry->text, diag));
    }
    MK_TRY(mk_event_decode(e, facts->data, facts->len, text->data, text->len,
                           diag));
    if (e->seq != entry->seq) {
        mk_event_release(e);
        rc = MK_E_DAMAGED;
    }
out:
    if (rc == MK_E_DAMAGED)
        rc = damaged(diag, rc, "dossier (entry)", row->ordinal);
    return rc;
}

enum mk_err mk_sealed_feed_open(struct mk_sealed_feed *feed,
                                struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(mk_walk_all_entries(&feed->walk, v->store, diag));
    MK_TRY(mk_walk_entry(feed->walk, &feed->more, &feed->next, diag));
out:
    return rc;
}

void mk_sealed_feed_close(struct mk_sealed_feed *feed)
{
    mk_walk_close(feed->walk);
    feed->walk = NULL;
}

enum mk_err mk_sealed_feed_events(struct mk_sealed_feed *feed,
                                  struct mk_vault *v,
                                  const struct mk_dossier_row *row,
                                  const struct mk_dek *dek,
                                  mk_sealed_each *each, void *ctx,
                                  struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_entry_row *entry = &feed->next;
    struct mk_buf facts = MK_BUF_INIT;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_event e;
    uint8_t chain[MK_HASH] = {0};
    uint64_t n = 0;

    mk_event_init(&e);
    while (feed->more && entry->dossier < row->ordinal)
        MK_TRY(mk_walk_entry(feed->walk, &feed->more, entry, diag));
    while (feed->more && entry->dossier == row->ordinal) {
        if (entry->seq != ++n) {
            rc = damaged(diag, MK_E_TAMPERED, "dossier (entries)",
                         row->ordinal);
            goto out;
        }
        mk_entry_chain(chain, entry);
        rc = open_entry(v, row, entry, dek, &facts, &text, &e, diag);
        /* An entry that does not open was changed, or is not the one that
         * belongs here: the chain says so for all of them. */
        if (rc == MK_E_DAMAGED)
            rc = damaged(diag, MK_E_TAMPERED, "dossier (entry)", row->ordinal);
        if (rc != MK_OK)
            goto out;
        MK_TRY(each(ctx, &e, diag));
        mk_event_release(&e);
        MK_TRY(mk_walk_entry(feed->walk, &feed->more, entry, diag));
    }
    if (n != row->entries || memcmp(chain, row->chain, MK_HASH) != 0)
        rc = damaged(diag, MK_E_TAMPERED, "dossier (entries)", row->ordinal);
out:
    mk_event_release(&e);
    mk_buf_release(&facts);
    mk_buf_release(&text);
    return rc;
}

static enum mk_err events(struct mk_vault *v, const struct mk_dossier_row *row,
                          const struct mk_dek *dek, mk_sealed_each *each,
                          void *ctx, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_sealed_feed feed = {.walk = NULL};

    MK_TRY(mk_walk_entries(&feed.walk, v->store, row->ordinal, diag));
    MK_TRY(mk_walk_entry(feed.walk, &feed.more, &feed.next, diag));
    MK_TRY(mk_sealed_feed_events(&feed, v, row, dek, each, ctx, diag));
out:
    mk_sealed_feed_close(&feed);
    return rc;
}

static enum mk_err add_to_case(void *ctx, struct mk_event *e,
                               struct mk_diag *diag)
{
    return mk_case_add(ctx, e, diag);
}

enum mk_err mk_sealed_open(struct mk_vault *v, uint64_t ordinal,
                           struct mk_opened *d, struct mk_diag *diag)
{
    enum mk_err rc;

    mk_opened_release(d);
    MK_TRY(mk_sealed_row(v, ordinal, &d->row, diag));
    MK_TRY(mk_destroyed_gate(v, &d->row, diag));
    MK_TRY(mk_sealed_key(v, &d->row, &d->dek, diag));
    MK_TRY(events(v, &d->row, d->dek, add_to_case, &d->c, diag));
out:
    if (rc != MK_OK)
        mk_opened_release(d);
    return rc;
}
