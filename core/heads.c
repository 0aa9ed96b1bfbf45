/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every head follows the one before it:
 *
 *   store, magic      the same
 *   signature         of a member with a role at that keyring serial
 *   epoch             the same, or later with a restart record that says so
 *   log               grows; the old root is the root of its first leaves; the
 *                     first new leaf that is there names the head before
 *   dossiers, stats   only in an inspector's head, never fewer
 *   register          only by appending, by inspector, analyst or custodian;
 *                     what it says about pruning is true (prune.h), and
 *                     about destruction (destroy.h)
 *   members, slots    serial not smaller, members_hash that of the serial
 *
 * Source: CRYPTO "Who may change what".
 */
#include <string.h>

#include "core/destroy.h"
#include "core/leaf.h"
#include "core/mark.h"
#include "core/move_impl.h"
#include "core/prune.h"
#include "core/restart.h"
#include "core/server.h"
#include "core/vault.h"
#include "crypto/merkle.h"

static enum mk_err refuse(struct mk_diag *diag, enum mk_err err,
                          const char *what, const struct mk_head_row *row)
{
    return mk_fail_at(diag, err, what, 0, (int64_t)row->log_size, 0);
}

static bool has_any(const struct mk_keyring *k, const struct mk_head *h,
                    unsigned roles)
{
    return (mk_keyring_roles_at(k, h->actor, h->keyring_serial) & roles) != 0;
}

static bool changed(uint64_t n, const uint8_t *root, uint64_t old_n,
                    const uint8_t *old_root)
{
    return n != old_n || memcmp(root, old_root, MK_HASH) != 0;
}

static enum mk_err check_roles(struct mk_vault *v, const struct mk_head *prev,
                               const struct mk_head_row *row,
                               const struct mk_head *h, struct mk_diag *diag)
{
    const unsigned inspector = MK_ROLE_BIT(MK_ROLE_INSPECTOR);
    const unsigned appender = inspector | MK_ROLE_BIT(MK_ROLE_ANALYST) |
                              MK_ROLE_BIT(MK_ROLE_CUSTODIAN);

    if (changed(h->n_dossiers, h->dossier_root, prev->n_dossiers,
                prev->dossier_root)) {
        if (!has_any(v->keyring, h, inspector))
            return refuse(diag, MK_E_NOT_ALLOWED_HEAD, "dossier", row);
        if (h->n_dossiers < prev->n_dossiers)
            return refuse(diag, MK_E_TAMPERED, "dossier (fewer)", row);
    }
    if (changed(h->n_stats, h->stats_root, prev->n_stats, prev->stats_root)) {
        if (!has_any(v->keyring, h, inspector))
            return refuse(diag, MK_E_NOT_ALLOWED_HEAD, "statistics", row);
        if (h->n_stats < prev->n_stats)
            return refuse(diag, MK_E_TAMPERED, "statistics (fewer)", row);
    }
    if (changed(h->n_register, h->register_root, prev->n_register,
                prev->register_root)) {
        if (!has_any(v->keyring, h, appender))
            return refuse(diag, MK_E_NOT_ALLOWED_HEAD, "register", row);
        if (h->n_register <= prev->n_register)
            return refuse(diag, MK_E_TAMPERED, "register (fewer)", row);
    }
    return MK_OK;
}

/* What may be appended: a tag key by an inspector, and by who founds the
 * vault; restart, term of the log, pruning and witness by a custodian; a
 * release by an analyst. */
static uint32_t kinds_of(const struct mk_vault *v, const struct mk_head *prev,
                         const struct mk_head *h)
{
    uint32_t kinds = 0;

    if (prev->log_size == 0 ||
        has_any(v->keyring, h, MK_ROLE_BIT(MK_ROLE_INSPECTOR)))
        kinds |= UINT32_C(1) << MK_REGISTER_TAG_KEY;
    kinds |= mk_destroy_kinds(v->keyring, h);
    if (has_any(v->keyring, h, MK_ROLE_BIT(MK_ROLE_INSPECTOR)))
        kinds |= UINT32_C(1) << MK_REGISTER_EMERGENCY_ASK |
                 UINT32_C(1) << MK_REGISTER_NAMED;
    if (has_any(v->keyring, h, MK_ROLE_BIT(MK_ROLE_CUSTODIAN)))
        kinds |= UINT32_C(1) << MK_REGISTER_RESTART |
                 UINT32_C(1) << MK_REGISTER_TERM |
                 UINT32_C(1) << MK_REGISTER_PRUNING |
                 UINT32_C(1) << MK_REGISTER_WITNESS |
                 UINT32_C(1) << MK_REGISTER_EMERGENCY_GRANT;
    if (has_any(v->keyring, h, MK_ROLE_BIT(MK_ROLE_ANALYST)))
        kinds |= UINT32_C(1) << MK_REGISTER_RELEASE;
    return kinds;
}

/* Only by appending: the rows between the two lead from one to the other. */
static enum mk_err check_register(struct mk_vault *v,
                                  const struct mk_head *prev,
                                  const struct mk_head_row *row,
                                  const struct mk_head *h,
                                  struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t chain[MK_HASH];

    if (h->n_register == prev->n_register)
        return MK_OK;
    memcpy(chain, prev->register_root, MK_HASH);
    rc = mk_register_prove(v, prev->n_register, h->n_register,
                           kinds_of(v, prev, h), h->actor, chain, diag);
    if (rc != MK_OK)
        return rc;
    if (memcmp(chain, h->register_root, MK_HASH) != 0)
        return refuse(diag, MK_E_TAMPERED, "register", row);
    return MK_OK;
}

/*
 * The statements up to serial are the ones a head has signed.  Asked of the
 * new head and of the one before it: who founded the vault could sign all
 * statements anew, but not the heads of the others that name the old ones.
 */
static bool members_are(const struct mk_vault *v, uint64_t serial,
                        const uint8_t wanted[static MK_HASH])
{
    uint8_t members[MK_HASH];

    return mk_keyring_members_hash_at(v->keyring, serial, members) &&
           memcmp(members, wanted, MK_HASH) == 0;
}

static enum mk_err check_keyring(struct mk_vault *v,
                                 const struct mk_head *prev,
                                 const struct mk_head_row *row,
                                 const struct mk_head *h, struct mk_diag *diag)
{
    if (h->keyring_serial < prev->keyring_serial ||
        !members_are(v, h->keyring_serial, h->members_hash) ||
        (prev->log_size != 0 &&
         !members_are(v, prev->keyring_serial, prev->members_hash)))
        return refuse(diag, MK_E_TAMPERED, "keyring (members)", row);
    return MK_OK;
}

static enum mk_err check_epoch(struct mk_vault *v, const struct mk_head *prev,
                               const uint8_t prev_hash[static MK_HASH],
                               const struct mk_head_row *row,
                               const struct mk_head *h, struct mk_diag *diag)
{
    enum mk_err rc;
    bool yes = false;

    if (h->epoch == prev->epoch)
        return MK_OK;
    if (h->epoch > prev->epoch) {
        rc = mk_restart_covers(v, h->epoch, NULL, prev_hash, h->keyring_serial,
                               &yes, diag);
        if (rc != MK_OK)
            return rc;
    }
    return yes ? MK_OK : refuse(diag, MK_E_TAMPERED, "epoch", row);
}

/* The leaf at seq is the one in the tree, and names the head before it. */
static enum mk_err check_first_leaf(struct mk_vault *v, uint64_t seq,
                                    const uint8_t prev_hash[static MK_HASH],
                                    const struct mk_head_row *row,
                                    struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *walk = NULL;
    struct mk_log_row leaf_row;
    struct mk_leaf leaf;
    bool more;

    MK_TRY(mk_walk_log(&walk, v->store, seq, diag));
    MK_TRY(mk_walk_log_row(walk, &more, &leaf_row, diag));
    if (!more || leaf_row.seq != seq) {
        rc = refuse(diag, MK_E_TAMPERED, "log (entry missing)", row);
        goto out;
    }
    MK_TRY(mk_leaf_parse(&leaf, leaf_row.leaf.p, leaf_row.leaf.n,
                         mk_keyring_store(v->keyring), diag));
    if (leaf.seq != seq || memcmp(leaf.prev_head, prev_hash, MK_HASH) != 0)
        rc = refuse(diag, MK_E_TAMPERED, "log (chain of heads)", row);
out:
    mk_walk_close(walk);
    return rc;
}

/* pruned: so many leaves are without a body. */
static enum mk_err check_log(struct mk_vault *v, struct mk_merkle *log,
                             uint64_t pruned, const struct mk_head *prev,
                             const uint8_t prev_hash[static MK_HASH],
                             const struct mk_head_row *row,
                             const struct mk_head *h, struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t root[MK_HASH];
    uint64_t first = prev->log_size > pruned ? prev->log_size : pruned;

    if (h->log_size <= prev->log_size || h->log_size > mk_merkle_size(log))
        return refuse(diag, MK_E_TAMPERED, "log (size)", row);
    MK_TRY(mk_merkle_root(log, h->log_size, root, diag));
    if (memcmp(root, h->log_root, MK_HASH) != 0) {
        rc = refuse(diag, MK_E_TAMPERED, "log (tree)", row);
        goto out;
    }
    if (first < h->log_size)
        MK_TRY(check_first_leaf(v, first, prev_hash, row, diag));
out:
    return rc;
}

static void hash_of(const struct mk_head *prev, uint8_t out[static MK_HASH])
{
    uint8_t body[MK_HEAD];

    /* Before the first head stand zeros, not the hash of an empty head. */
    if (prev->log_size == 0) {
        memset(out, 0, MK_HASH);
        return;
    }
    mk_head_encode(prev, body);
    mk_head_hash(body, out);
}

enum mk_err mk_head_follows(struct mk_vault *v, const struct mk_head *prev,
                            const struct mk_head_row *row, struct mk_head *h,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_member *actor;
    uint8_t prev_hash[MK_HASH];

    if (!mk_head_decode(h, row->body) ||
        memcmp(h->store, prev->store, MK_ID) != 0 ||
        h->log_size != row->log_size || memcmp(h->txid, row->txid, MK_ID) != 0)
        return refuse(diag, MK_E_TAMPERED, "head", row);
    MK_TRY(check_keyring(v, prev, row, h, diag));
    actor = mk_keyring_by_id(v->keyring, h->actor);
    if (actor == NULL || actor->serial > h->keyring_serial) {
        rc = refuse(diag, MK_E_NOT_ALLOWED_HEAD, "head (stranger)", row);
        goto out;
    }
    if (!mk_head_signed_by(row, actor->sign)) {
        rc = refuse(diag, MK_E_TAMPERED, "head (signature)", row);
        goto out;
    }
    /* who was admitted and got no key, or is suspended, or is out */
    if (mk_keyring_roles_at(v->keyring, h->actor, h->keyring_serial) == 0) {
        rc = refuse(diag, MK_E_NOT_ALLOWED_HEAD, "head (without a role)", row);
        goto out;
    }
    hash_of(prev, prev_hash);
    MK_TRY(check_roles(v, prev, row, h, diag));
    MK_TRY(check_register(v, prev, row, h, diag));
    MK_TRY(check_epoch(v, prev, prev_hash, row, h, diag));
out:
    return rc;
}

static void accept(struct mk_vault *v, const struct mk_head *h,
                   const struct mk_head_row *row)
{
    v->head = *h;
    v->head_row = *row;
    mk_head_hash(row->body, v->head_hash);
}

/* The keyring file is the one that the newest head names, or becomes it. */
static enum mk_err settle_keyring(struct mk_vault *v,
                                  const struct mk_head_row *newest,
                                  struct mk_diag *diag)
{
    /* In a snapshot no other head comes, but the rename may: between the
     * first two looks, after which keyring.new is gone or the next writer's. */
    static const char *const names[] = {MK_KEYRING_FILE, MK_KEYRING_NEW,
                                        MK_KEYRING_FILE};
    const size_t looks = mk_vault_on_server(v) ? 1 : 3;
    enum mk_err rc = MK_OK;
    enum mk_err of_new = MK_OK;
    struct mk_head h;

    if (!mk_head_decode(&h, newest->body))
        return refuse(diag, MK_E_TAMPERED, "head", newest);
    for (size_t i = 0; i <= looks; i++) {
        if (mk_head_names(&h, v->keyring))
            return MK_OK;
        if (i == looks)
            break;
        /* Somebody changed it since we read it, or was cut off between the
         * commit that names keyring.new and the rename. */
        rc = mk_vault_load_keyring(v, names[i], diag);
        if (i == 1)
            of_new = rc;
        else if (rc != MK_OK && rc != MK_E_NOT_FOUND)
            return rc;
    }
    if (of_new != MK_OK && of_new != MK_E_NOT_FOUND)
        return of_new;
    return refuse(diag, MK_E_TAMPERED, "keyring", newest);
}

/*
 * What the register says about pruning (and destruction) since v->head, with the newest head in
 * row; *pruned is 0 when there is nothing new: leaves behind v->head are then
 * there.  Read before the heads it rests on are proven, and believed only if
 * they are.
 */
static enum mk_err check_pruning(struct mk_vault *v, struct mk_merkle *log,
                                 const struct mk_head_row *row,
                                 uint64_t *pruned, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_past past;
    struct mk_head newest;
    bool fits;

    *pruned = 0;
    mk_past_init(&past);
    if (!mk_head_decode(&newest, row->body))
        return refuse(diag, MK_E_TAMPERED, "head", row);
    if (newest.n_register <= v->head.n_register)
        return MK_OK;
    MK_TRY(mk_destroy_check(v, row, diag));
    MK_TRY(mk_past_read(&past, v, &newest, &fits, diag));
    if (!fits) /* no way leads to that head, and the walk will say where */
        goto out;
    *pruned = mk_past_size(&past);
    if (past.n_prunings == 0 ||
        past.prunings[past.n_prunings - 1].row < v->head.n_register)
        goto out;
    MK_TRY(mk_past_judge(&past, v, diag));
    MK_TRY(mk_past_roots(&past, log, &newest, diag));
out:
    mk_past_release(&past);
    return rc;
}

static enum mk_err advance(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *walk = NULL;
    struct mk_merkle *log = NULL;
    struct mk_tree_rows tree;
    struct mk_merkle_rows rows;
    struct mk_head_row newest;
    struct mk_head_row row;
    struct mk_head h;
    uint8_t prev_hash[MK_HASH];
    uint64_t tail;
    uint64_t pruned;
    uint64_t done = 0;
    bool more;

    rc = mk_moved_newest(v, &newest, diag);
    if (rc == MK_E_NOT_FOUND)
        return mk_fail(diag, MK_E_TAMPERED, "head (none)");
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_tail_get(v->store, &tail, diag));
    if (tail != newest.log_size) {
        rc = refuse(diag, MK_E_TAMPERED, "tail", &newest);
        goto out;
    }
    if (newest.log_size < v->head.log_size) {
        rc = mk_fail_at(diag, MK_E_ROLLED_BACK, "head", 0,
                        (int64_t)newest.log_size, (int64_t)v->head.log_size);
        goto out;
    }
    MK_TRY(settle_keyring(v, &newest, diag));
    if (newest.log_size == v->head.log_size) {
        if (memcmp(newest.body, v->head_row.body, MK_HEAD) != 0)
            rc = refuse(diag, MK_E_TAMPERED, "head", &newest);
        goto out;
    }
    mk_tree_rows_init(&rows, &tree, v->store, MK_TREE_LOG);
    MK_TRY(mk_merkle_open(&log, &rows, newest.log_size));
    if (v->head.log_size != 0)
        MK_TRY(mk_tree_prove(log, v->head.log_size, v->head.log_root,
                             "log (tree)", diag));
    MK_TRY(check_pruning(v, log, &newest, &pruned, diag));
    MK_TRY(mk_walk_heads(&walk, v->store, v->head.log_size, diag));
    for (;;) {
        MK_TRY(mk_walk_head(walk, &more, &row, diag));
        if (!more)
            break;
        MK_TRY(mk_head_follows(v, &v->head, &row, &h, diag));
        hash_of(&v->head, prev_hash);
        MK_TRY(check_log(v, log, pruned, &v->head, prev_hash, &row, &h, diag));
        accept(v, &h, &row);
        if (v->where.progress != NULL && ++done % 1000 == 0)
            v->where.progress(v->where.progress_ctx, "heads", h.log_size,
                              newest.log_size);
    }
    if (memcmp(newest.body, v->head_row.body, MK_HEAD) != 0)
        rc = refuse(diag, MK_E_TAMPERED, "head (order)", &newest);
out:
    mk_walk_close(walk);
    mk_merkle_close(log);
    return rc;
}

enum mk_err mk_heads_advance(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc = advance(v, diag);

    /* on a server a new DBK closes the very heads that tell of it */
    if (rc == MK_E_REPLACED)
        rc = mk_server_follow(v, diag);
    else
        return rc;
    return rc == MK_OK ? advance(v, diag) : rc;
}

static enum mk_err rolled_back(struct mk_vault *v,
                               const struct mk_head_row *mark,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_head_row newest;

    rc = mk_head_newest(v->store, &newest, diag);
    if (rc != MK_OK)
        return rc == MK_E_NOT_FOUND
                   ? mk_fail(diag, MK_E_TAMPERED, "head (none)")
                   : rc;
    return mk_fail_at(diag, MK_E_ROLLED_BACK, "head", 0,
                      (int64_t)newest.log_size, (int64_t)mark->log_size);
}

/* The mark is not in this store: only a restart record makes up for that. */
static enum mk_err mark_missing(struct mk_vault *v,
                                const struct mk_head_row *mark,
                                struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_head seen;
    struct mk_head_row newest;
    struct mk_head now;
    uint8_t known[MK_HASH];
    bool yes = false;

    MK_TRY(mk_head_newest(v->store, &newest, diag));
    if (!mk_head_decode(&seen, mark->body) ||
        !mk_head_decode(&now, newest.body)) {
        rc = refuse(diag, MK_E_TAMPERED, "head", &newest);
        goto out;
    }
    if (now.epoch <= seen.epoch)
        return rolled_back(v, mark, diag);
    /* Prove everything from the first head; then the record counts. */
    MK_TRY(mk_heads_advance(v, diag));
    mk_head_hash(mark->body, known);
    MK_TRY(mk_restart_covers(v, 0, known, NULL, v->head.keyring_serial, &yes,
                             diag));
    if (!yes)
        return rolled_back(v, mark, diag);
out:
    return rc;
}

enum mk_err mk_heads_from_mark(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_head_row mark;
    struct mk_head_row same;
    struct mk_head h;
    bool has_mark;
    bool found;

    mk_head_empty(&v->head, mk_keyring_store(v->keyring));
    memset(v->head_hash, 0, MK_HASH);
    MK_TRY(mk_mark_load(v->state, mk_keyring_store(v->keyring), &has_mark,
                        &mark, diag));
    v->first_use = !has_mark;
    if (has_mark) {
        MK_TRY(mk_head_load(v->store, mark.log_size, &found, &same, diag));
        if (!found || memcmp(same.body, mark.body, MK_HEAD) != 0) {
            MK_TRY(mark_missing(v, &mark, diag));
        } else {
            if (!mk_head_decode(&h, same.body)) {
                rc = refuse(diag, MK_E_TAMPERED, "head", &same);
                goto out;
            }
            accept(v, &h, &same);
        }
    }
    MK_TRY(mk_heads_advance(v, diag));
out:
    return rc;
}

enum mk_err mk_snapshot_begin(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;

    rc = mk_vault_begin(v, false, diag);
    if (rc == MK_OK)
        rc = mk_heads_advance(v, diag);
    if (rc != MK_OK)
        mk_store_rollback(v->store);
    return rc;
}

void mk_snapshot_end(struct mk_vault *v)
{
    mk_store_rollback(v->store);
}
