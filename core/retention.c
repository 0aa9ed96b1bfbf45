/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/retention.h"

#include <stdlib.h>
#include <string.h>

#include "core/destroy.h"
#include "core/sealed.h"
#include "core/store/file.h"
#include "core/tx.h"
#include "crypto/kdf.h"

static const struct mk_retention_key *find(const struct mk_vault *v,
                                           uint32_t year, uint32_t gen)
{
    for (size_t i = 0; i < v->n_retention; i++)
        if (v->retention[i].year == year && v->retention[i].gen == gen)
            return &v->retention[i];
    return NULL;
}

enum mk_err mk_retention_wrap(const struct mk_vault *v,
                              const struct mk_secret *rd,
                              const struct mk_secret *rk,
                              struct mk_secret **out)
{
    static const char info[] = "mk1/dekwrap";

    return mk_hkdf2(out, MK_KEY, mk_keyring_store(v->keyring), MK_ID, rd, rk,
                    info, sizeof info - 1);
}

enum mk_err mk_retention_remember(struct mk_vault *v, uint32_t year,
                                  uint32_t gen, struct mk_secret *rk)
{
    enum mk_err rc;
    struct mk_retention_key key = {.year = year, .gen = gen, .rk = rk};
    struct mk_retention_key *grown;

    if (find(v, year, gen) != NULL) {
        mk_secret_free(rk);
        return MK_OK;
    }
    MK_TRY(mk_retention_wrap(v, v->keys[MK_KEY_RD], rk, &key.wrap));
    grown = realloc(v->retention, (v->n_retention + 1) * sizeof *grown);
    if (grown == NULL) {
        rc = MK_E_MEMORY;
        goto out;
    }
    v->retention = grown;
    v->retention[v->n_retention++] = key;
    return MK_OK;
out:
    mk_secret_free(key.wrap);
    mk_secret_free(rk);
    return rc;
}

void mk_retention_release(struct mk_vault *v)
{
    for (size_t i = 0; i < v->n_retention; i++) {
        mk_secret_free(v->retention[i].rk);
        mk_secret_free(v->retention[i].wrap);
    }
    free(v->retention);
    v->retention = NULL;
    v->n_retention = 0;
}

/* All keys anew.  A file that is gone or damaged is told by the year whose key
 * is wanted, for that says what to do. */
static enum mk_err load_for(struct mk_vault *v, uint32_t year,
                            struct mk_diag *diag)
{
    enum mk_err rc = mk_retention_load(v, diag);

    return rc != MK_E_DAMAGED ? rc
                              : mk_fail_at(diag, MK_E_RETENTION,
                                           MK_RETENTION_FILE, 0, year, 0);
}

static enum mk_err get(struct mk_vault *v, uint32_t year, uint32_t gen,
                       const struct mk_retention_key **key,
                       struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    *key = find(v, year, gen);
    if (*key == NULL) {
        /* Another process may have added it since. */
        MK_TRY(load_for(v, year, diag));
        *key = find(v, year, gen);
    }
    if (*key == NULL)
        rc = mk_fail_at(diag, MK_E_RETENTION, MK_RETENTION_FILE, 0, year, gen);
out:
    return rc;
}

enum mk_err mk_retention_get(struct mk_vault *v, uint32_t year, uint32_t gen,
                             const struct mk_secret **wrap,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_retention_key *key;

    MK_TRY(get(v, year, gen, &key, diag));
    *wrap = key->wrap;
out:
    return rc;
}

enum mk_err mk_retention_wrap_under(struct mk_vault *v,
                                    const struct mk_secret *rd, uint32_t year,
                                    uint32_t gen, struct mk_secret **wrap,
                                    struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_retention_key *key;

    MK_TRY(get(v, year, gen, &key, diag));
    MK_TRY(mk_retention_wrap(v, rd, key->rk, wrap));
out:
    return rc;
}

static const struct mk_retention_key *newest(const struct mk_vault *v,
                                             uint32_t year)
{
    const struct mk_retention_key *best = NULL;

    for (size_t i = 0; i < v->n_retention; i++)
        if (v->retention[i].year == year &&
            (best == NULL || v->retention[i].gen > best->gen))
            best = &v->retention[i];
    return best;
}

static enum mk_err year_is_empty(struct mk_vault *v, uint32_t year,
                                 struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *walk = NULL;
    struct mk_dossier_row row;
    bool more;

    mk_dossier_row_init(&row);
    MK_TRY(mk_walk_dossiers(&walk, v->store, diag));
    for (;;) {
        MK_TRY(mk_walk_dossier(walk, &more, &row, diag));
        if (!more)
            break;
        if (row.intake_year == year) {
            rc = mk_fail_at(diag, MK_E_RETENTION, MK_RETENTION_FILE, 0, year,
                            row.rk_gen);
            goto out;
        }
    }
out:
    mk_walk_close(walk);
    mk_dossier_row_release(&row);
    return rc;
}

static enum mk_err make_first(struct mk_vault *v, uint32_t year,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_secret *rk;

    MK_TRY(year_is_empty(v, year, diag));
    rk = mk_secret_random(MK_KEY);
    if (rk == NULL)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    rc = mk_retention_remember(v, year, 1, rk);
    if (rc == MK_OK)
        rc = mk_retention_save(v, false,
                               diag); /* durable before the first use of it */
    if (rc != MK_OK)
        mk_retention_release(v); /* forget what is not on the disk */
out:
    return rc;
}

enum mk_err mk_retention_for_new(struct mk_vault *v, uint32_t year,
                                 uint32_t *gen, const struct mk_secret **wrap,
                                 struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    const struct mk_retention_key *key = newest(v, year);

    /* What was read under an older head may have been erased since. */
    if (key == NULL || v->retention_at != v->head.log_size) {
        MK_TRY(load_for(v, year, diag));
        key = newest(v, year);
    }
    if (key == NULL) {
        MK_TRY(make_first(v, year, diag));
        key = newest(v, year);
    }
    *gen = key->gen;
    *wrap = key->wrap;
out:
    return rc;
}

uint32_t mk_retention_newest(const struct mk_vault *v, uint32_t year)
{
    const struct mk_retention_key *key = newest(v, year);

    return key == NULL ? 0 : key->gen;
}

bool mk_retention_has(const struct mk_vault *v, uint32_t year, uint32_t gen)
{
    return find(v, year, gen) != NULL;
}

enum mk_err mk_retention_next(struct mk_vault *v, const uint32_t *years,
                              size_t n, struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(mk_retention_load(v, diag));
    for (size_t i = 0; i < n; i++) {
        uint32_t gen = mk_retention_newest(v, years[i]);
        struct mk_secret *rk = mk_secret_random(MK_KEY);

        if (rk == NULL)
            rc = mk_fail(diag, MK_E_MEMORY, NULL);
        else if (gen == 0)
            rc = mk_fail_at(diag, MK_E_RETENTION, MK_RETENTION_FILE, 0,
                            years[i], 0);
        if (rc != MK_OK) {
            mk_secret_free(rk);
            goto out;
        }
        MK_TRY(mk_retention_remember(v, years[i], gen + 1, rk));
    }
    if (n != 0)
        MK_TRY(mk_retention_save(v, false, diag));
out:
    if (rc != MK_OK)
        mk_retention_release(v); /* forget what is not on the disk */
    return rc;
}

/* --- erasing --- */

/* What a row of the year says about the keys of that year. */
static enum mk_err look(void *ctx, const struct mk_dossier_row *row,
                        struct mk_diag *diag)
{
    struct mk_vault *v = ctx;
    bool is_gone = mk_row_is_tombstone(row);

    for (size_t i = 0; i < v->n_retention; i++) {
        struct mk_retention_key *k = &v->retention[i];

        if (k->year != row->intake_year)
            continue;
        k->used |= !is_gone && k->gen == row->rk_gen;
        k->year_used |= !is_gone;
        k->buried |= is_gone && k->gen <= row->rk_gen;
    }
    (void)diag;
    return MK_OK;
}

/*
 * An old generation goes when nothing uses it and the rows show that this
 * vault has moved on from it: the newest is in use, or the year has nothing
 * but tombstones.  An older copy of the vault, which knows of neither, may lie
 * beside the same keys.
 */
static bool is_due(const struct mk_vault *v, const struct mk_retention_key *k)
{
    const struct mk_retention_key *best = newest(v, k->year);

    return k != best && !k->used &&
           (best->used || (!k->year_used && k->buried));
}

/* Out of memory goes what is to be erased; *gone: how many. */
static void drop_due(struct mk_vault *v, size_t *gone, bool *left)
{
    size_t kept = 0;

    *gone = 0;
    *left = false;
    for (size_t i = 0; i < v->n_retention; i++) {
        v->retention[i].due = is_due(v, &v->retention[i]);
        *left |= v->retention[i].used &&
                 &v->retention[i] != newest(v, v->retention[i].year);
    }
    for (size_t i = 0; i < v->n_retention; i++) {
        struct mk_retention_key *k = &v->retention[i];

        if (!k->due) {
            v->retention[kept++] = *k;
            continue;
        }
        mk_secret_free(k->rk);
        mk_secret_free(k->wrap);
        ++*gone;
    }
    v->n_retention = kept;
}

enum mk_err mk_retention_settle(struct mk_vault *v, bool *left,
                                struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_retention_names names = {.n = 0};
    size_t gone;

    *left = true;
    MK_TRY(mk_retention_names(v, &names, diag));
    MK_TRY(mk_retention_load(v, diag));
    /* what was erased no backup brings back: no row is taken at its word */
    MK_TRY(mk_sealed_walk(v, look, v, diag));
    drop_due(v, &gone, left);
    if (gone != 0 || names.differ || names.under_old)
        MK_TRY(mk_retention_save(v, true, diag));
    MK_TRY(mk_key_places_clean(v, diag));
out:
    free(names.v);
    if (rc != MK_OK)
        mk_retention_release(v);
    return rc;
}

static bool has_old(const struct mk_retention_names *names)
{
    for (size_t i = 0; i < names->n; i++)
        for (size_t j = 0; j < i; j++)
            if (names->v[i].year == names->v[j].year)
                return true;
    return false;
}

enum mk_err mk_retention_tidy(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_diag quiet = MK_DIAG_INIT;
    struct mk_retention_names names = {.n = 0};
    bool stale = false;
    bool due;
    bool left;

    rc = mk_retention_names(v, &names, &quiet);
    if (rc == MK_OK)
        rc = mk_key_places_stale(v, &stale, &quiet);
    due = rc == MK_OK &&
          (names.differ || names.under_old || has_old(&names) || stale);
    free(names.v);
    if (!due || v->head.n_dossiers == 0)
        return rc == MK_E_MEMORY ? mk_fail(diag, rc, NULL) : MK_OK;
    rc = mk_tx_lock(v, &quiet);
    if (rc == MK_OK)
        rc = mk_tx_unlock(v, mk_retention_settle(v, &left, &quiet), &quiet);
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, NULL) : MK_OK;
}

enum mk_err mk_retention_list(struct mk_vault *v,
                              struct mk_retention_names *names,
                              struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(mk_retention_names(v, names, diag));
    if (v->keys[MK_KEY_RD] != NULL)
        MK_TRY(mk_retention_load(v, diag));
out:
    return rc;
}
