/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/log_reader.h"

#include <stdlib.h>
#include <string.h>

#include "core/failed.h"
#include "core/sessions.h"

#define KEYS 16 /* opened keys kept: sessions run beside one another */

struct key {
    uint8_t session[MK_ID];
    uint8_t actor[MK_ID]; /* who sealed it */
    struct mk_secret *key;
};

struct mk_log_reader {
    const struct mk_vault *v;
    /* the X25519 secret of each generation of R_L; of the last box opened */
    struct mk_secret **rl_box;
    uint32_t n_boxes, box_at;
    struct mk_sessions sessions;
    struct key keys[KEYS];
    size_t next_key;
    uint8_t (*failed)[MK_ID]; /* ids of failed unlocks seen */
    size_t n_failed;
    uint64_t next;        /* leaf to come */
    struct mk_diag first; /* what was wrong with the first unreadable one */
};

static enum mk_err make_boxes(struct mk_log_reader *r, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_generations all;

    MK_TRY(mk_generations_open(&all, r->v->keyring, MK_KEY_RL,
                               r->v->key_gens[MK_KEY_RL],
                               r->v->keys[MK_KEY_RL], diag));
    r->rl_box = calloc(all.n, sizeof *r->rl_box);
    for (; r->rl_box != NULL && r->n_boxes < all.n; r->n_boxes++) {
        struct mk_secret *rl = all.v[r->n_boxes].secret;

        r->rl_box[r->n_boxes] = mk_secret_part(rl, 0, MK_KEY);
        if (r->rl_box[r->n_boxes] == NULL)
            break;
    }
    if (r->n_boxes < all.n)
        rc = mk_fail(diag, MK_E_MEMORY, NULL);
    mk_generations_release(&all);
out:
    return rc;
}

enum mk_err mk_log_reader_new(struct mk_log_reader **out,
                              const struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_log_reader *r;

    if (v->keys[MK_KEY_RL] == NULL)
        return mk_fail(diag, MK_E_NO_ROLE, mk_role_slug(MK_ROLE_AUDITOR));
    r = calloc(1, sizeof *r);
    if (r == NULL)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    r->v = v;
    r->first = (struct mk_diag)MK_DIAG_INIT;
    rc = make_boxes(r, diag);
    if (rc != MK_OK) {
        mk_log_reader_free(r);
        return rc;
    }
    *out = r;
    return MK_OK;
}

void mk_log_reader_free(struct mk_log_reader *r)
{
    if (r == NULL)
        return;
    for (size_t i = 0; i < KEYS; i++)
        mk_secret_free(r->keys[i].key);
    for (uint32_t i = 0; i < r->n_boxes; i++)
        mk_secret_free(r->rl_box[i]);
    free(r->rl_box);
    mk_sessions_release(&r->sessions);
    free(r->failed);
    free(r);
}

void mk_log_reader_begin(struct mk_log_reader *r, uint64_t seq)
{
    r->next = seq;
}

/* Anybody can seal a box under any name: the signature says whose it is. */
static enum mk_err add_session(struct mk_log_reader *r,
                               const struct mk_leaf *leaf,
                               const uint8_t *bytes, struct mk_diag *diag)
{
    enum mk_err rc = MK_E_EXISTS;

    if (mk_leaf_session_ok(leaf, bytes, r->v->keyring))
        rc = mk_sessions_add(&r->sessions, leaf);
    if (rc == MK_E_EXISTS)
        rc = mk_fail_at(diag, MK_E_TAMPERED, "log (session)", 0,
                        (int64_t)leaf->seq, 0);
    return rc;
}

/* Tries the generations from the one that opened the last box on. */
typedef enum mk_err try_box(struct mk_log_reader *r, void *ctx,
                            const struct mk_secret *box);
static enum mk_err try_boxes(struct mk_log_reader *r, try_box *try, void *ctx)
{
    enum mk_err rc = MK_E_DAMAGED;

    for (uint32_t i = 0; i < r->n_boxes && rc == MK_E_DAMAGED; i++) {
        uint32_t at = (r->box_at + i) % r->n_boxes;

        rc = try(r, ctx, r->rl_box[at]);
        if (rc == MK_OK)
            r->box_at = at;
    }
    return rc;
}

struct opening {
    const struct mk_leaf *leaf; /* of a session */
    struct key *key;
};

static enum mk_err try_session(struct mk_log_reader *r, void *ctx,
                               const struct mk_secret *box)
{
    struct opening *o = ctx;
    struct mk_diag quiet = MK_DIAG_INIT;

    return mk_leaf_open_session(&o->key->key, o->key->actor, o->leaf,
                                mk_keyring_store(r->v->keyring), box, &quiet);
}

static enum mk_err key_of(struct mk_log_reader *r, const struct mk_leaf *leaf,
                          const struct key **key, struct mk_diag *diag)
{
    enum mk_err rc;
    struct key *k;
    const struct mk_session *s;
    struct mk_leaf opener = {.kind = MK_LEAF_IS_SESSION};
    struct opening o = {.leaf = &opener};

    for (size_t i = 0; i < KEYS; i++)
        if (r->keys[i].key != NULL &&
            memcmp(r->keys[i].session, leaf->session, MK_ID) == 0) {
            *key = &r->keys[i];
            return MK_OK;
        }
    s = mk_sessions_find(&r->sessions, leaf->session);
    if (s == NULL)
        return mk_fail_at(diag, MK_E_TAMPERED, "log (session)", 0,
                          (int64_t)leaf->seq, 0);
    k = &r->keys[r->next_key++ % KEYS];
    mk_secret_free(k->key);
    k->key = NULL;
    memcpy(opener.session, s->id, MK_ID);
    opener.rest = s->rest;
    o.key = k;
    rc = try_boxes(r, try_session, &o);
    if (rc != MK_OK)
        return mk_fail_at(diag, MK_E_TAMPERED, "log (session)", 0,
                          (int64_t)leaf->seq, 0);
    memcpy(k->session, leaf->session, MK_ID);
    *key = k;
    return MK_OK;
}

/* Records are taken in twice when somebody was cut off: their ids tell. */
static enum mk_err note_failed(struct mk_log_reader *r, const uint8_t *id,
                               bool *fresh)
{
    uint8_t(*grown)[MK_ID];

    *fresh = false;
    for (size_t i = 0; i < r->n_failed; i++)
        if (memcmp(r->failed[i], id, MK_ID) == 0)
            return MK_OK;
    grown = realloc(r->failed, (r->n_failed + 1) * sizeof *grown);
    if (grown == NULL)
        return MK_E_MEMORY;
    r->failed = grown;
    memcpy(r->failed[r->n_failed++], id, MK_ID);
    *fresh = true;
    return MK_OK;
}

struct failed_opening {
    const uint8_t *record;
    struct mk_log_item *item;
};

static enum mk_err try_failed(struct mk_log_reader *r, void *ctx,
                              const struct mk_secret *box)
{
    struct failed_opening *o = ctx;
    struct mk_diag quiet = MK_DIAG_INIT;

    return mk_failed_open(r->v, o->record, box, o->item, &quiet);
}

static enum mk_err next_failed(struct mk_log_reader *r,
                               const struct mk_leaf *leaf, bool *yes,
                               struct mk_log_item *item)
{
    enum mk_err rc;
    struct failed_opening o = {.record = leaf->rest, .item = item};

    MK_TRY(note_failed(r, leaf->rest, yes));
    if (!*yes)
        goto out;
    *item = (struct mk_log_item){.seq = leaf->seq};
    memcpy(item->session, leaf->session, MK_ID);
    /* Anybody can write such a record: one that is not real is passed over. */
    if (try_boxes(r, try_failed, &o) != MK_OK)
        *yes = false;
out:
    return rc;
}

static enum mk_err next_leaf(struct mk_log_reader *r, const uint8_t *bytes,
                             size_t n, bool *yes, struct mk_log_item *item,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_leaf leaf;
    const struct key *key;
    uint64_t seq = r->next++;

    MK_TRY(
        mk_leaf_parse(&leaf, bytes, n, mk_keyring_store(r->v->keyring), diag));
    /* A leaf made for another place is a copy of somebody else's words. */
    if (leaf.seq != seq) {
        rc = mk_fail_at(diag, MK_E_TAMPERED, "log (order)", 0,
                        (int64_t)leaf.seq, 0);
        goto out;
    }
    switch (leaf.kind) {
    case MK_LEAF_IS_SESSION:
        rc = add_session(r, &leaf, bytes, diag);
        break;
    case MK_LEAF_IS_FAILED:
        rc = next_failed(r, &leaf, yes, item);
        break;
    case MK_LEAF_IS_ENTRY:
        MK_TRY(key_of(r, &leaf, &key, diag));
        MK_TRY(mk_leaf_open_entry(item, &leaf, bytes, key->key, diag));
        /* Nobody writes under another's name. */
        if (memcmp(item->actor, key->actor, MK_ID) != 0)
            rc = mk_fail_at(diag, MK_E_TAMPERED, "log (actor)", 0,
                            (int64_t)leaf.seq, 0);
        *yes = rc == MK_OK;
        break;
    }
out:
    return rc;
}

enum mk_err mk_log_reader_next(struct mk_log_reader *r, const uint8_t *bytes,
                               size_t n, bool *yes, struct mk_log_item *item,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_diag what = MK_DIAG_INIT;
    uint64_t seq = r->next;

    *yes = false;
    rc = next_leaf(r, bytes, n, yes, item, &what);
    if (rc == MK_OK)
        return MK_OK;
    if (mk_err_exit(rc) != MK_EXIT_INTEGRITY) {
        if (diag != NULL)
            *diag = what;
        return rc;
    }
    if (r->first.err == MK_OK)
        r->first = what;
    *item = (struct mk_log_item){.seq = seq};
    *yes = true;
    return MK_OK;
}

enum mk_err mk_log_reader_verdict(const struct mk_log_reader *r,
                                  struct mk_diag *diag)
{
    if (r->first.err != MK_OK && diag != NULL)
        *diag = r->first;
    return r->first.err;
}
