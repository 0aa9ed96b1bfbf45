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
    struct mk_secret *rl_box;
    struct mk_sessions sessions;
    struct key keys[KEYS];
    size_t next_key;
    uint8_t (*failed)[MK_ID]; /* ids of failed unlocks seen */
    size_t n_failed;
    uint64_t next;        /* leaf to come */
    struct mk_diag first; /* what was wrong with the first unreadable one */
};

enum mk_err mk_log_reader_new(struct mk_log_reader **out,
                              const struct mk_vault *v, struct mk_diag *diag)
{
    struct mk_log_reader *r;

    if (v->keys[MK_KEY_RL] == NULL)
        return mk_fail(diag, MK_E_NO_ROLE, mk_role_slug(MK_ROLE_AUDITOR));
    r = calloc(1, sizeof *r);
    if (r != NULL) {
        r->v = v;
        r->first = (struct mk_diag)MK_DIAG_INIT;
        r->rl_box = mk_secret_part(v->keys[MK_KEY_RL], 0, MK_KEY);
    }
    if (r == NULL || r->rl_box == NULL) {
        mk_log_reader_free(r);
        return mk_fail(diag, MK_E_MEMORY, NULL);
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
    mk_secret_free(r->rl_box);
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

static enum mk_err key_of(struct mk_log_reader *r, const struct mk_leaf *leaf,
                          const struct key **key, struct mk_diag *diag)
{
    enum mk_err rc;
    struct key *k;
    const struct mk_session *s;
    struct mk_leaf opener = {.kind = MK_LEAF_IS_SESSION};

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
    rc = mk_leaf_open_session(&k->key, k->actor, &opener,
                              mk_keyring_store(r->v->keyring), r->rl_box,
                              diag);
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

static enum mk_err next_failed(struct mk_log_reader *r,
                               const struct mk_leaf *leaf, bool *yes,
                               struct mk_log_item *item)
{
    enum mk_err rc;
    struct mk_diag quiet = MK_DIAG_INIT;

    MK_TRY(note_failed(r, leaf->rest, yes));
    if (!*yes)
        goto out;
    *item = (struct mk_log_item){.seq = leaf->seq};
    memcpy(item->session, leaf->session, MK_ID);
    /* Anybody can write such a record: one that is not real is passed over. */
    if (mk_failed_open(r->v, leaf->rest, r->rl_box, item, &quiet) != MK_OK)
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
