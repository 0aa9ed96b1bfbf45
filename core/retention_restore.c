/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A second copy of the retention file is put back.
 *
 *   gather   keys of the copy, which has to be whole, and those that can still
 *            be read in the places in use; of one year and generation there
 *            may be two
 *   rows     every dossier is tried: what opens it is the key it needs
 *   choose   needed keys; of the others only what settling would leave
 *   write    to every place, durable
 *
 * Rows count, not the copy: what they moved away from was destroyed.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/destroy.h"
#include "core/retention.h"
#include "core/sealed.h"
#include "core/sealed_key.h"
#include "core/store/file.h"

struct candidate {
    struct mk_retention_key key;
    bool in_place; /* it was read in a place in use */
    bool fits;     /* it opened a dossier */
    bool stays;
};
/* Dossiers of one year and generation. */
struct group {
    uint32_t year, gen;
    bool is_gone; /* tombstones */
    uint64_t rows;
};
struct restore {
    struct mk_vault *v;
    struct candidate *keys;
    size_t n_keys;
    struct group *groups;
    size_t n_groups;
    bool from_place; /* while keys are gathered: where from */
};

static void restore_release(struct restore *r)
{
    for (size_t i = 0; i < r->n_keys; i++) {
        mk_secret_free(r->keys[i].key.rk);
        mk_secret_free(r->keys[i].key.wrap);
    }
    free(r->keys);
    free(r->groups);
    *r = (struct restore){.v = r->v};
}

/* --- gather --- */

static struct candidate *same_key(struct restore *r, uint32_t year,
                                  uint32_t gen, const struct mk_secret *rk)
{
    for (size_t i = 0; i < r->n_keys; i++) {
        struct candidate *c = &r->keys[i];

        if (c->key.year == year && c->key.gen == gen &&
            mk_secret_equal(c->key.rk, rk))
            return c;
    }
    return NULL;
}

/* rk is taken over. */
static enum mk_err add_key(void *ctx, uint32_t year, uint32_t gen,
                           struct mk_secret *rk)
{
    enum mk_err rc;
    struct restore *r = ctx;
    struct candidate one = {.in_place = r->from_place};
    struct candidate *known = same_key(r, year, gen, rk);
    void *keys = r->keys;

    if (known != NULL) {
        known->in_place |= r->from_place;
        mk_secret_free(rk);
        return MK_OK;
    }
    one.key = (struct mk_retention_key){.year = year, .gen = gen, .rk = rk};
    MK_TRY(mk_retention_wrap(r->v, r->v->keys[MK_KEY_RD], rk, &one.key.wrap));
    MK_TRY(mk_destroy_grow(&keys, r->n_keys, sizeof one, NULL));
    r->keys = keys;
    r->keys[r->n_keys++] = one;
    return MK_OK;
out:
    mk_secret_free(one.key.wrap);
    mk_secret_free(rk);
    return rc;
}

/* What is in use comes first, and so is kept where the rows do not decide. */
static enum mk_err gather(struct restore *r, const struct mk_buf *text,
                          struct mk_diag *diag)
{
    enum mk_err rc;

    r->from_place = true;
    MK_TRY(mk_retention_salvage(r->v, add_key, r, diag));
    r->from_place = false;
    rc = mk_retention_records(r->v, text, add_key, r, diag);
    if (rc == MK_E_DAMAGED)
        rc = mk_fail(diag, MK_E_RETENTION_COPY, NULL);
out:
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, NULL) : rc;
}

/* --- rows --- */

static enum mk_err count_row(struct restore *r,
                             const struct mk_dossier_row *row,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    const bool is_gone = mk_row_is_tombstone(row);
    void *groups = r->groups;

    for (size_t i = 0; i < r->n_groups; i++) {
        struct group *g = &r->groups[i];

        if (g->year == row->intake_year && g->gen == row->rk_gen &&
            g->is_gone == is_gone) {
            g->rows++;
            return MK_OK;
        }
    }
    MK_TRY(mk_destroy_grow(&groups, r->n_groups, sizeof *r->groups, diag));
    r->groups = groups;
    r->groups[r->n_groups++] =
        (struct group){row->intake_year, row->rk_gen, is_gone, 1};
out:
    return rc;
}

/* One dossier that opens proves a key: it is the same for all of them. */
static enum mk_err look(void *ctx, const struct mk_dossier_row *row,
                        struct mk_diag *diag)
{
    enum mk_err rc;
    struct restore *r = ctx;

    MK_TRY(count_row(r, row, diag));
    if (mk_row_is_tombstone(row))
        goto out;
    for (size_t i = 0; i < r->n_keys; i++) {
        struct candidate *c = &r->keys[i];

        if (c->key.year == row->intake_year && c->key.gen == row->rk_gen &&
            !c->fits)
            MK_TRY(mk_row_wrap_fits(r->v, row, c->key.wrap, &c->fits, diag));
    }
out:
    return rc;
}

/* --- choose; key.due: it was judged, and goes --- */

static struct candidate *that_fits(const struct restore *r,
                                   const struct group *g)
{
    for (size_t i = 0; i < r->n_keys; i++)
        if (r->keys[i].fits && r->keys[i].key.year == g->year &&
            r->keys[i].key.gen == g->gen)
            return &r->keys[i];
    return NULL;
}

/* All that lacks, in one message. */
static enum mk_err choose_needed(struct restore *r, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_buf lacks = MK_BUF_INIT;

    for (size_t i = 0; i < r->n_groups; i++) {
        const struct group *g = &r->groups[i];
        struct candidate *c = g->is_gone ? NULL : that_fits(r, g);

        if (c != NULL)
            c->stays = true;
        else if (!g->is_gone)
            MK_TRY(mk_buf_addf(&lacks, "%s%" PRIu32 " (%" PRIu32 "): %" PRIu64,
                               lacks.len == 0 ? "" : ", ", g->year, g->gen,
                               g->rows));
    }
    if (lacks.len != 0) {
        MK_TRY(mk_buf_add_u8(&lacks, 0));
        rc = mk_fail(diag, MK_E_RETENTION_LACKS, (const char *)lacks.data);
    }
out:
    mk_buf_release(&lacks);
    return rc;
}

/* The highest generation of that year in rows of dossiers, or of tombstones
 * (gone); 0: none. */
static uint32_t highest(const struct restore *r, uint32_t year, bool gone)
{
    uint32_t best = 0;

    for (size_t i = 0; i < r->n_groups; i++)
        if (r->groups[i].year == year && r->groups[i].is_gone == gone &&
            r->groups[i].gen > best)
            best = r->groups[i].gen;
    return best;
}

static uint32_t newest_that_stays(const struct restore *r, uint32_t year)
{
    uint32_t best = 0;

    for (size_t i = 0; i < r->n_keys; i++)
        if (r->keys[i].stays && r->keys[i].key.year == year &&
            r->keys[i].key.gen > best)
            best = r->keys[i].key.gen;
    return best;
}

static bool has_twin(const struct restore *r, const struct candidate *c)
{
    for (size_t i = 0; i < r->n_keys; i++)
        if (r->keys[i].stays && r->keys[i].key.year == c->key.year &&
            r->keys[i].key.gen == c->key.gen)
            return true;
    return false;
}

/*
 * A key that no dossier needs: the newest of its year is kept for what comes,
 * unless a destruction replaced it.  Of what is in use, more stays while the
 * rows do not show that this vault moved on: it may be an older copy beside
 * newer keys.
 */
static bool is_kept(const struct restore *r, const struct candidate *c)
{
    const uint32_t year = c->key.year;
    const uint32_t top = newest_that_stays(r, year);

    if (c->key.gen <= highest(r, year, true) || has_twin(r, c))
        return false;
    return c->key.gen > top || (c->in_place && top > highest(r, year, false));
}

/* From the newest down, so that the newest is known when others are judged. */
static void choose_others(struct restore *r)
{
    struct candidate *next;

    do {
        next = NULL;
        for (size_t i = 0; i < r->n_keys; i++) {
            struct candidate *c = &r->keys[i];

            if (!c->stays && !c->key.due &&
                (next == NULL || c->key.gen > next->key.gen))
                next = c;
        }
        if (next != NULL) {
            next->stays = is_kept(r, next);
            next->key.due = !next->stays;
        }
    } while (next != NULL);
}

/* A year of which destruction left no newer key gets one, as a run would have
 * made: a new dossier must not be wrapped by a key that was to go. */
static enum mk_err add_fresh(struct restore *r, size_t *fresh,
                             struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    *fresh = 0;
    for (size_t i = 0; i < r->n_groups; i++) {
        const uint32_t year = r->groups[i].year;
        const uint32_t buried = highest(r, year, true);
        struct mk_secret *rk;

        if (newest_that_stays(r, year) > buried)
            continue;
        rk = mk_secret_random(MK_KEY);
        if (rk == NULL)
            return mk_fail(diag, MK_E_MEMORY, NULL);
        if (add_key(r, year, buried + 1, rk) != MK_OK)
            return mk_fail(diag, MK_E_MEMORY, NULL);
        r->keys[r->n_keys - 1].stays = true;
        ++*fresh;
    }
    return rc;
}

static enum mk_err plan(struct restore *r, const struct mk_buf *text,
                        struct mk_retention_report *report,
                        struct mk_diag *diag)
{
    enum mk_err rc;

    *report = (struct mk_retention_report){.all = 0};
    MK_TRY(mk_key_places_same(r->v, diag));
    MK_TRY(gather(r, text, diag));
    MK_TRY(mk_sealed_walk(r->v, look, r, diag));
    MK_TRY(choose_needed(r, diag));
    choose_others(r);
    for (size_t i = 0; i < r->n_keys; i++) {
        const struct candidate *c = &r->keys[i];

        report->all += c->stays;
        report->back += c->stays && !c->in_place;
        report->dropped += !c->stays;
    }
    MK_TRY(add_fresh(r, &report->fresh, diag));
    report->all += report->fresh;
out:
    return rc;
}

/* --- write --- */

static enum mk_err write(struct restore *r, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_vault *v = r->v;

    mk_retention_release(v);
    for (size_t i = 0; i < r->n_keys; i++) {
        struct mk_retention_key *k = &r->keys[i].key;
        struct mk_secret *rk = k->rk;

        if (!r->keys[i].stays)
            continue;
        k->rk = NULL;
        rc = mk_retention_remember(v, k->year, k->gen, rk);
        if (rc != MK_OK) {
            mk_retention_release(v);
            return mk_fail(diag, rc, NULL);
        }
    }
    MK_TRY(mk_retention_save(v, true, diag));
    MK_TRY(mk_key_places_clean(v, diag));
out:
    mk_retention_release(v); /* what is read next is what is on the disk */
    return rc;
}

/* Writers are kept out: what is decided still holds when it is written. */
static enum mk_err locked(struct mk_vault *v, const struct mk_buf *text,
                          bool do_write, struct mk_retention_report *report,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct restore r = {.v = v};

    MK_TRY(mk_tx_lock(v, diag));
    rc = plan(&r, text, report, diag);
    if (rc == MK_OK && do_write)
        rc = write(&r, diag);
    MK_TRY(mk_tx_unlock(v, rc, diag));
out:
    restore_release(&r);
    return rc;
}

enum mk_err mk_retention_restore(struct mk_vault *v,
                                 const struct mk_access *access,
                                 const struct mk_buf *text,
                                 struct mk_retention_report *report,
                                 struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_log_item item = {
        .role = MK_ROLE_INSPECTOR,
        .kind = MK_AUDIT_RETENTION_RESTORE,
        .outcome = access->dry_run ? MK_OUTCOME_DRY_RUN : MK_OUTCOME_DONE,
    };

    MK_TRY(mk_vault_need(v, MK_ROLE_INSPECTOR, diag));
    MK_TRY(locked(v, text, false, report, diag));
    MK_TRY(mk_log_now(v, &item, diag)); /* before it: what is told was tried */
    if (!access->dry_run)
        MK_TRY(locked(v, text, true, report, diag));
out:
    return rc;
}
