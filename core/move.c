/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/move_impl.h"

#include <string.h>

#include "core/base/clock.h"
#include "core/retention.h"
#include "core/tx.h"

/* Destruction reaches keys outside from here only if they can be reached. */
static enum mk_err check_keys(const struct mk_vault *v, struct mk_diag *diag)
{
    for (size_t i = 0; i < v->places.n; i++)
        if (!mk_retention_reachable(v, i))
            return mk_fail(diag, MK_E_KEY_GONE, v->places.path[i]);
    return MK_OK;
}

/* What the vault says of itself, if it is not about another place. */
static enum mk_err load(const struct mk_vault *v, const char *place,
                        struct mk_moved *m, struct mk_diag *diag)
{
    enum mk_err rc = mk_moved_load(&v->docs, m, diag);

    if (rc != MK_OK || !m->there)
        return rc;
    m->proof = mk_moved_judge(&v->docs, v->state, m);
    return m->proof < MK_MOVED_SIGNED || strcmp(m->to, place) != 0
               ? mk_moved_refuse(m, diag)
               : MK_OK;
}

static enum mk_err begin(const struct mk_vault *v, const struct mk_where *to,
                         char place[static MK_MOVE_PLACE], struct mk_moved *m,
                         struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(mk_vault_need(v, MK_ROLE_CUSTODIAN, diag));
    MK_TRY(mk_moved_place(place, to, diag));
    MK_TRY(load(v, place, m, diag));
out:
    return rc;
}

/* With the writer's lock: nobody is in the middle of something. */
static enum mk_err say(struct mk_vault *v, const char *place, bool done,
                       struct mk_moved *m, struct mk_diag *diag)
{
    enum mk_err rc = mk_tx_lock(v, diag);

    if (rc != MK_OK)
        return rc;
    rc = load(v, place, m, diag);
    if (rc == MK_OK && !m->there) {
        *m = (struct mk_moved){
            .there = true,
            .log_size = v->head.log_size,
            .time_ms = mk_clock_now(),
        };
        memcpy(m->to, place, MK_MOVE_PLACE);
        memcpy(m->store, v->head.store, MK_ID);
        memcpy(m->head, v->head_hash, MK_HASH);
        rc = mk_moved_save(v, m, diag);
    }
    if (rc == MK_OK && done && !m->done) {
        m->done = true;
        rc = mk_moved_save(v, m, diag);
    }
    return mk_tx_unlock(v, rc, diag);
}

static enum mk_err note(struct mk_vault *v, bool dry_run, struct mk_diag *diag)
{
    const struct mk_log_item item = {
        .role = MK_ROLE_CUSTODIAN,
        .kind = MK_AUDIT_MOVE,
        .outcome = dry_run ? MK_OUTCOME_DRY_RUN : MK_OUTCOME_ASKED,
        .purpose = MK_PURPOSE_CTL,
    };

    return mk_log_now(v, &item, diag);
}

/* --- one way --- */

static enum mk_err copy(struct mk_vault *v, struct mk_target *t,
                        struct mk_move_report *out, struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(mk_target_make(t, v, diag));
    MK_TRY(mk_snapshot_begin(v, diag));
    rc = mk_move_copy(v, t, out, diag);
    mk_snapshot_end(v); /* a server waits for nobody who is long silent */
    if (rc != MK_OK)
        goto out;
    MK_TRY(mk_target_written(t, diag));
    MK_TRY(mk_move_prove(&t->v, &v->head_row, out, diag));
    MK_TRY(mk_target_finish(t, diag));
out:
    return rc;
}

/* It came there when this was called before.  Somebody may work there since:
 * then the head that we left with is one of those behind his. */
static enum mk_err confirm(const struct mk_vault *v, struct mk_target *t,
                           struct mk_move_report *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_head_row newest;
    struct mk_head_row same;
    bool found = false;

    out->there = true;
    MK_TRY(mk_head_newest(t->v.store, &newest, diag));
    if (newest.log_size == v->head.log_size)
        return mk_move_prove(&t->v, &v->head_row, out, diag);
    MK_TRY(mk_head_load(t->v.store, v->head.log_size, &found, &same, diag));
    if (!found || memcmp(same.body, v->head_row.body, MK_HEAD) != 0)
        return mk_fail(diag, MK_E_MOVE_OTHER, t->v.where.vault);
    out->ahead = true;
    out->log_size = newest.log_size;
out:
    return rc;
}

static enum mk_err carry(struct mk_vault *v, const struct mk_where *to,
                         const char *place, struct mk_moved *m,
                         struct mk_move_report *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_target t;

    MK_TRY(mk_target_lock(&t, v, to, diag));
    /* a copy that no move of ours made is not the vault, be it the same */
    if (!t.vacant && !m->there)
        MK_TRY(mk_fail(diag, MK_E_MOVE_OTHER, place));
    /* it was there: what lies here is old by now */
    if (t.vacant && m->done)
        MK_TRY(mk_fail(diag, MK_E_MOVED, place));
    MK_TRY(say(v, place, false, m, diag));
    rc = t.vacant ? copy(v, &t, out, diag) : confirm(v, &t, out, diag);
out:
    mk_target_release(&t);
    return rc;
}

static enum mk_err try_out(struct mk_vault *v, const struct mk_where *to,
                           const struct mk_moved *m,
                           struct mk_move_report *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_target t;

    rc = mk_target_lock(&t, v, to, diag);
    if (rc == MK_OK && !t.vacant && !m->there)
        rc = mk_fail(diag, MK_E_MOVE_OTHER, to->vault);
    out->there = rc == MK_OK && !t.vacant;
    mk_target_release(&t);
    if (rc != MK_OK)
        return rc;
    rc = mk_snapshot_begin(v, diag);
    if (rc != MK_OK)
        return rc;
    rc = mk_move_prove(v, &v->head_row, out, diag);
    mk_snapshot_end(v);
    return rc;
}

enum mk_err mk_move(struct mk_vault *v, const struct mk_access *access,
                    const struct mk_where *to, struct mk_move_report *out,
                    struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_moved m;
    char place[MK_MOVE_PLACE];

    *out = (struct mk_move_report){.rows = 0};
    MK_TRY(begin(v, to, place, &m, diag));
    MK_TRY(check_keys(v, diag));
    if (!m.there) /* what is shut has no place for it, and knows it already */
        MK_TRY(note(v, access->dry_run, diag));
    if (access->dry_run)
        return try_out(v, to, &m, out, diag);
    MK_TRY(carry(v, to, place, &m, out, diag));
    MK_TRY(say(v, place, true, &m, diag));
out:
    return rc;
}

/* --- and back --- */

static enum mk_err open_again(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx;
    const struct mk_log_item item = {
        .role = MK_ROLE_CUSTODIAN,
        .kind = MK_AUDIT_MOVE,
        .outcome = MK_OUTCOME_REFUSED,
        .purpose = MK_PURPOSE_CTL,
    };

    rc = mk_tx_begin(&tx, v, NULL, diag);
    if (rc != MK_OK)
        return rc;
    MK_TRY(mk_tx_leaf(&tx, &item, diag));
    MK_TRY(mk_docs_remove(&v->docs, MK_MOVED_FILE, diag));
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    return rc;
}

/* Nobody moves: somebody wrote that it does. */
static enum mk_err dismiss(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_moved m;

    MK_TRY(mk_vault_need(v, MK_ROLE_CUSTODIAN, diag));
    MK_TRY(mk_moved_load(&v->docs, &m, diag));
    if (!m.there)
        return mk_fail(diag, MK_E_NOT_MOVING, NULL);
    m.proof = mk_moved_judge(&v->docs, v->state, &m);
    rc = m.proof == MK_MOVED_DOUBT ? open_again(v, diag)
                                   : mk_moved_refuse(&m, diag);
out:
    return rc;
}

/* What stands at the place meanwhile, if it is not this vault, is no reason to
 * leave this one shut. */
enum mk_err mk_move_back(struct mk_vault *v, const struct mk_where *to,
                         struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_moved m;
    struct mk_target t;
    char place[MK_MOVE_PLACE];

    if (to == NULL)
        return dismiss(v, diag);
    MK_TRY(begin(v, to, place, &m, diag));
    if (!m.there)
        return mk_fail(diag, MK_E_NOT_MOVING, NULL);
    if (m.done)
        return mk_fail(diag, MK_E_MOVE_DONE, m.to);
    rc = mk_target_lock(&t, v, to, diag);
    if (rc == MK_OK && !t.vacant)
        rc = mk_fail(diag, MK_E_MOVE_DONE, m.to);
    if (rc == MK_OK || rc == MK_E_MOVE_OTHER)
        rc = open_again(v, diag);
    mk_target_release(&t);
out:
    return rc;
}
