/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Part of log verify: dossiers and entries, walked side by side. */
#include <stdlib.h>
#include <string.h>

#include "core/destroy.h"
#include "core/named.h"
#include "core/retention.h"
#include "core/verify.h"

static enum mk_err load_names(struct mk_verifier *w,
                              struct mk_retention_names *names,
                              struct mk_diag *diag)
{
    enum mk_err rc = mk_retention_list(w->v, names, diag);

    /* not an old copy of the vault helps, but one of this file */
    if (rc == MK_E_DAMAGED || rc == MK_E_NOT_FOUND)
        rc = mk_fail(diag, MK_E_RETENTION_FILE, MK_RETENTION_FILE);
    return rc != MK_OK && mk_verify_took(w, rc, diag) ? MK_OK : rc;
}

/* What the register says was destroyed, judged; that it is not true is told,
 * and what could be read is gone by. */
static enum mk_err read_past(struct mk_verifier *w, struct mk_destroy_past *p,
                             struct mk_diag *diag)
{
    bool fits; /* else the register is found wrong */
    enum mk_err rc = mk_destroy_past_read(p, w->v, &w->newest, &fits, diag);

    return rc != MK_OK && mk_verify_took(w, rc, diag) ? MK_OK : rc;
}

/* A dossier without anything sealed has a record that says why, and one that
 * has such a record has nothing else. */
static void check_tombstone(struct mk_verifier *w,
                            const struct mk_destroy_past *p,
                            const struct mk_dossier_row *row)
{
    const struct mk_past_destroyed *d = mk_past_tombstone(p, row->id);

    if (mk_row_is_tombstone(row)) {
        w->report->destroyed++;
        if (d == NULL || !mk_destroyed_is_of(&d->r, row))
            mk_verify_found_at(w, MK_E_TAMPERED,
                               "dossier (gone without a record)",
                               row->ordinal);
    } else if (d != NULL || row->dek.p == NULL) {
        mk_verify_found_at(w, MK_E_TAMPERED, "dossier (destroyed, but there)",
                           row->ordinal);
    }
}

/* One finding for all that share a key. */
static void check_key(struct mk_verifier *w,
                      const struct mk_retention_names *names,
                      const struct mk_dossier_row *row,
                      struct mk_retention_name *missing)
{
    if (mk_row_is_tombstone(row) ||
        names->v == NULL || /* could not be read: told before */
        mk_retention_named(names, row->intake_year, row->rk_gen) ||
        (missing->year == row->intake_year && missing->gen == row->rk_gen))
        return;
    *missing = (struct mk_retention_name){row->intake_year, row->rk_gen};
    mk_verify_found_at(w, MK_E_RETENTION, MK_RETENTION_FILE, row->intake_year);
}

/* What a row is held against. */
struct held {
    struct mk_destroy_past past;
    struct mk_named_all named;
    bool has_named;
    struct mk_retention_names names;
    struct mk_retention_name missing; /* told last */
};

static enum mk_err held_read(struct held *h, struct mk_verifier *w,
                             struct mk_diag *diag)
{
    enum mk_err rc;

    *h = (struct held){.named = MK_NAMED_ALL_INIT};
    mk_destroy_past_init(&h->past);
    MK_TRY(read_past(w, &h->past, diag));
    MK_TRY(load_names(w, &h->names, diag));
    rc = mk_named_read(w->v, &h->named, diag);
    h->has_named = rc == MK_OK;
    if (mk_err_exit(rc) == MK_EXIT_INTEGRITY) /* told with the register */
        rc = MK_OK;
out:
    return rc;
}

static void held_release(struct held *h)
{
    mk_destroy_past_release(&h->past);
    mk_named_all_release(&h->named);
    free(h->names.v);
}

static void check_row(struct mk_verifier *w, struct held *h,
                      const struct mk_dossier_row *row)
{
    check_key(w, &h->names, row, &h->missing);
    check_tombstone(w, &h->past, row);
    if (h->has_named && !mk_named_fits(&h->named, row))
        mk_verify_found_at(w, MK_E_TAMPERED, "dossier (who is named)",
                           row->ordinal);
}

/* All entries, walked along with their dossiers. */
struct entries {
    struct mk_walk *walk;
    struct mk_entry_row next; /* if more: read ahead */
    bool more;
};

/* The entries of row, against its chain. */
static enum mk_err check_entries(struct mk_verifier *w, struct entries *e,
                                 const struct mk_dossier_row *row,
                                 struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    uint8_t chain[MK_HASH] = {0};
    uint64_t n = 0;

    if (mk_row_is_tombstone(row)) /* its entries are gone, the chain stays */
        return MK_OK;
    while (e->more && e->next.dossier == row->ordinal &&
           e->next.seq == n + 1) {
        mk_entry_chain(chain, &e->next);
        n++;
        w->report->entries++;
        MK_TRY(mk_walk_entry(e->walk, &e->more, &e->next, diag));
    }
    if (n != row->entries || memcmp(chain, row->chain, MK_HASH) != 0)
        mk_verify_found_at(w, MK_E_TAMPERED, "dossier (entries)",
                           row->ordinal);
out:
    return rc;
}

enum mk_err mk_verify_dossiers(struct mk_verifier *w, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *dossiers = NULL;
    struct entries entries = {.walk = NULL};
    struct mk_merkle *rebuilt = NULL;
    struct mk_verify_tree tree;
    struct mk_dossier_row row;
    struct held held;
    uint8_t hash[MK_HASH];
    bool more;

    mk_dossier_row_init(&row);
    MK_TRY(held_read(&held, w, diag));
    mk_verify_tree_init(&tree, w, MK_TREE_DOSSIER);
    MK_TRY(mk_merkle_open(&rebuilt, &tree.rows, 0));
    MK_TRY(mk_walk_dossiers(&dossiers, w->v->store, diag));
    MK_TRY(mk_walk_all_entries(&entries.walk, w->v->store, diag));
    MK_TRY(mk_walk_entry(entries.walk, &entries.more, &entries.next, diag));
    for (;;) {
        MK_TRY(mk_walk_dossier(dossiers, &more, &row, diag));
        if (!more)
            break;
        if (row.ordinal != mk_merkle_size(rebuilt))
            mk_verify_found_at(w, MK_E_TAMPERED, "dossier (row missing)",
                               mk_merkle_size(rebuilt));
        MK_TRY(check_entries(w, &entries, &row, diag));
        check_row(w, &held, &row);
        mk_dossier_leaf(&row, hash);
        MK_TRY(mk_merkle_append(rebuilt, hash, diag));
    }
    if (entries.more)
        mk_verify_found_at(w, MK_E_TAMPERED, "dossier (entries too many)",
                           entries.next.dossier);
    if (w->report->destroyed < held.past.n_destroyed)
        mk_verify_found_at(w, MK_E_TAMPERED, "register (destruction)",
                           held.past.n_destroyed);
    w->report->dossiers = mk_merkle_size(rebuilt);
    MK_TRY(mk_merkle_root(rebuilt, w->report->dossiers, hash, diag));
    if (w->report->dossiers != w->newest.n_dossiers ||
        memcmp(hash, w->newest.dossier_root, MK_HASH) != 0)
        mk_verify_found_at(w, MK_E_TAMPERED, "dossier (root)",
                           w->report->dossiers);
    MK_TRY(mk_merkle_flush(rebuilt, diag));
out:
    mk_walk_close(dossiers);
    mk_walk_close(entries.walk);
    mk_merkle_close(rebuilt);
    mk_dossier_row_release(&row);
    held_release(&held);
    return rc;
}
