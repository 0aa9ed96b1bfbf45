/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The place that a vault goes to.  A server is locked as by any writer.  For a
 * folder it is the folder beside it, of a name that follows from the vault: who
 * is cut off leaves his half copy there, and the next one clears it.
 */
#include "core/move_impl.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/destroy.h"
#include "core/retention.h"
#include "core/server.h"
#include "core/store/copy.h"
#include "core/store/file.h"
#include "core/store/next.h"
#include "core/witness_impl.h"

#define SCRATCH ".verhuis-" /* and 8 digits of the id of the vault */
#define SCRATCH_ID 4

static const char *path_of(const struct mk_target *t)
{
    return (const char *)t->scratch.data;
}

static enum mk_err other(const struct mk_target *t, struct mk_diag *diag)
{
    return mk_fail(diag, MK_E_MOVE_OTHER, t->v.where.vault);
}

/* --- the folder beside it --- */

static enum mk_err remove_one(void *ctx, const char *name,
                              struct mk_diag *diag)
{
    const int *dir = ctx;

    (void)diag;
    (void)unlinkat(*dir, name, 0); /* a folder stays: it is another's turn */
    return MK_OK;
}

/* Nobody but a move puts anything into it. */
static void clear(int dir)
{
    struct mk_docs docs = MK_DOCS_NONE;
    enum mk_err rc;

    docs.dir = dir;
    rc = mk_docs_list(&docs, remove_one, &dir, NULL);
    (void)rc; /* what stays keeps the folder from being removed: seen there */
    if (mk_dir_below(&docs.dir, dir, MK_CHECKPOINTS_FOLDER, false, NULL) !=
        MK_OK)
        return;
    rc = mk_docs_list(&docs, remove_one, &docs.dir, NULL);
    (void)rc;
    (void)close(docs.dir);
    (void)unlinkat(dir, MK_CHECKPOINTS_FOLDER, AT_REMOVEDIR);
}

static void remove_scratch(struct mk_target *t)
{
    if (t->lock < 0 || t->scratch.data == NULL)
        return;
    clear(t->lock);
    (void)rmdir(path_of(t));
    mk_buf_release(&t->scratch);
}

static enum mk_err name_scratch(struct mk_target *t,
                                const uint8_t store[static MK_ID],
                                struct mk_diag *diag)
{
    enum mk_err rc;
    const char *place = t->v.where.vault;
    size_t n = strlen(place);
    char hex[2 * SCRATCH_ID + 1];

    while (n > 1 && place[n - 1] == '/')
        n--;
    mk_hex(hex, store, SCRATCH_ID);
    MK_TRY(mk_buf_add(&t->scratch, place, n));
    MK_TRY(mk_buf_add_str(&t->scratch, SCRATCH));
    MK_TRY(mk_buf_add_str(&t->scratch, hex));
    MK_TRY(mk_buf_terminate(&t->scratch));
    return MK_OK;
out:
    return mk_fail(diag, rc, NULL);
}

/* The one that was locked is still the one at that path. */
static bool is_at_path(const struct mk_target *t)
{
    struct stat a;
    struct stat b;

    return fstat(t->lock, &a) == 0 && stat(path_of(t), &b) == 0 &&
           a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static enum mk_err lock_scratch(struct mk_target *t, const struct mk_vault *v,
                                struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(name_scratch(t, mk_keyring_store(v->keyring), diag));
    MK_TRY(mk_dir_make(path_of(t), diag));
    MK_TRY(mk_dir_open(&t->lock, path_of(t), diag));
    rc = mk_lock_take(t->lock, path_of(t), MK_LOCK_ALONE, 0, diag);
    if (rc == MK_OK && !is_at_path(t)) /* its owner finished meanwhile */
        rc = mk_fail(diag, MK_E_BUSY, path_of(t));
    if (rc != MK_OK) /* it is not ours to clear */
        mk_buf_release(&t->scratch);
    else
        clear(t->lock);
out:
    return rc;
}

/* --- looking --- */

/* The key of the rows, by the keyring of the target. */
static enum mk_err take_key(struct mk_target *t, struct mk_diag *diag)
{
    return mk_keyring_unwrap(t->v.keyring, &t->v.who, MK_KEY_DBK,
                             &t->v.keys[MK_KEY_DBK], t->v.key_ids[MK_KEY_DBK],
                             &t->v.key_gens[MK_KEY_DBK], diag);
}

/* The keyring that is there: of this vault, or it is something else. */
static enum mk_err find_keyring(struct mk_target *t, const struct mk_vault *v,
                                struct mk_diag *diag)
{
    enum mk_err rc = mk_vault_load_keyring(&t->v, MK_KEYRING_FILE, diag);

    if (mk_err_exit(rc) == MK_EXIT_INTEGRITY ||
        (rc == MK_OK && memcmp(mk_keyring_store(t->v.keyring),
                               mk_keyring_store(v->keyring), MK_ID) != 0))
        rc = other(t, diag);
    return rc;
}

static enum mk_err found_one(void *ctx, const char *name, struct mk_diag *diag)
{
    bool *found = ctx;

    (void)name;
    (void)diag;
    *found = true;
    return MK_OK;
}

/* Tables as the administrator made them. */
static enum mk_err check_vacant(struct mk_target *t, struct mk_diag *diag)
{
    enum mk_err rc;
    uint64_t rows;
    bool found = false;

    MK_TRY(mk_copy_count(t->v.store, &rows, diag));
    MK_TRY(mk_docs_list(&t->v.docs, found_one, &found, diag));
    if (rows != 0 || found)
        rc = other(t, diag);
out:
    return rc;
}

static enum mk_err lock_server(struct mk_target *t, const struct mk_vault *v,
                               struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(mk_where_open(&t->v.docs, &t->v.where, diag));
    MK_TRY(mk_store_open_server(&t->v.store, t->v.docs.server, diag));
    MK_TRY(mk_store_begin_write(t->v.store, diag));
    rc = find_keyring(t, v, diag);
    t->vacant = rc == MK_E_NOT_FOUND;
    if (t->vacant)
        return check_vacant(t, diag);
    if (rc != MK_OK)
        goto out;
    MK_TRY(take_key(t, diag));
    MK_TRY(mk_server_shell(&t->v, t->v.keys[MK_KEY_DBK], diag));
out:
    return rc;
}

/* Something is at the place: a vault that came there, or it is not for us. */
static enum mk_err open_folder(struct mk_target *t, const struct mk_vault *v,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_docs *docs = &t->v.docs;

    MK_TRY(mk_docs_folder(docs, t->v.where.vault, diag));
    MK_TRY(mk_next_settle(docs->dir, diag));
    rc = find_keyring(t, v, diag);
    if (rc == MK_E_NOT_FOUND)
        rc = other(t, diag);
    if (rc != MK_OK)
        goto out;
    MK_TRY(take_key(t, diag));
    MK_TRY(mk_store_open(&t->v.store, docs->dir, t->v.where.vault,
                         t->v.keys[MK_KEY_DBK], diag));
    MK_TRY(mk_store_begin_read(t->v.store, diag));
out:
    return rc;
}

static enum mk_err lock_folder(struct mk_target *t, const struct mk_vault *v,
                               struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(lock_scratch(t, v, diag));
    rc = mk_dir_check_free(t->v.where.vault, diag);
    t->vacant = rc == MK_OK;
    if (rc == MK_E_EXISTS)
        rc = open_folder(t, v, diag);
out:
    return rc;
}

/* What the target has of v: who acts, and the folders of retention keys. */
static void borrow(struct mk_target *t, const struct mk_vault *v,
                   const struct mk_where *to)
{
    *t = (struct mk_target){.lock = -1, .scratch = MK_BUF_INIT};
    t->v.where = *to;
    t->v.where.moved = true;
    t->v.docs = (struct mk_docs)MK_DOCS_NONE;
    t->v.state = v->state;
    t->v.who = v->who;
    memcpy(t->v.my_id, v->my_id, MK_ID);
    t->v.places = v->places;
    memcpy(t->v.key_dir, v->key_dir, sizeof t->v.key_dir);
    t->v.settings = v->settings;
    t->v.beside = true;
}

enum mk_err mk_target_lock(struct mk_target *t, const struct mk_vault *v,
                           const struct mk_where *to, struct mk_diag *diag)
{
    borrow(t, v, to);
    return to->server != NULL ? lock_server(t, v, diag)
                              : lock_folder(t, v, diag);
}

/* --- making --- */

enum mk_err mk_target_make(struct mk_target *t, const struct mk_vault *v,
                           struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(mk_keyring_copy(&t->v.keyring, v->keyring));
    MK_TRY(take_key(t, diag));
    if (t->lock < 0) /* it has keys of its own around some columns */
        return mk_server_shell_make(&t->v, &t->v.docs, diag);
    MK_TRY(mk_docs_folder(&t->v.docs, path_of(t), diag));
    MK_TRY(mk_store_create(&t->v.store, t->v.docs.dir, path_of(t),
                           t->v.keys[MK_KEY_DBK], diag));
    MK_TRY(mk_store_begin_write(t->v.store, diag));
out:
    return rc;
}

enum mk_err mk_target_written(struct mk_target *t, struct mk_diag *diag)
{
    enum mk_err rc;

    if (t->lock < 0)
        return MK_OK;
    MK_TRY(mk_store_commit(t->v.store, diag));
    MK_TRY(mk_store_begin_read(t->v.store, diag));
out:
    return rc;
}

enum mk_err mk_target_finish(struct mk_target *t, struct mk_diag *diag)
{
    enum mk_err rc;

    if (t->lock < 0)
        return mk_store_commit(t->v.store, diag);
    mk_store_close(t->v.store);
    t->v.store = NULL;
    rc = mk_dir_move(path_of(t), t->v.where.vault, diag);
    /* it may stand there also when only the sync of that failed */
    if (rc == MK_OK || !is_at_path(t))
        mk_buf_release(&t->scratch);
    return rc;
}

void mk_target_release(struct mk_target *t)
{
    mk_store_close(t->v.store);
    mk_docs_close(&t->v.docs);
    remove_scratch(t);
    mk_buf_release(&t->scratch);
    if (t->lock >= 0)
        (void)close(t->lock);
    mk_vault_drop_keys(&t->v);
    mk_tombstones_release(&t->v.tombstones);
    mk_buried_release(t->v.buried);
    mk_keyring_free(t->v.keyring);
    *t = (struct mk_target){.lock = -1};
    t->v.docs = (struct mk_docs)MK_DOCS_NONE;
}
