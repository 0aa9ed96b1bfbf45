/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * In by cards alone:
 *
 *   cards --> recovery key --> DBK --> the store, its heads proven
 *                          --> a changed keyring with the person in it
 *   passphrase --> his own keys --> he signs the head that names that keyring
 *
 * Until that head is committed nobody of this vault acts: who does is in the
 * changed keyring only (joining).
 */
#include <string.h>

#include "core/base/random.h"
#include "core/card.h"
#include "core/people.h"
#include "core/recovery_impl.h"
#include "core/store/store.h"

/* What is handed from step to step. */
struct entry {
    struct mk_vault *v;
    const struct mk_recovery_request *request;
    const struct mk_new_cards *fresh;
    const struct mk_hand *hand;
    struct mk_recovery r;
    struct mk_keyring *changed;
    struct mk_card cards[MK_SHARES_MOST];
    struct mk_member person;
};

/* The store opens with what the cards give; its heads say which keyring is
 * the newest, and that decides which cards count. */
static enum mk_err open_store(struct entry *e, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_vault *v = e->v;

    MK_TRY(mk_hand_combine(v->keyring, e->hand, &e->r, diag));
    if (e->r.keys[MK_KEY_DBK] == NULL)
        return mk_keyring_need_whole(v->keyring, diag);
    MK_TRY(mk_vault_open_store(v, e->r.keys[MK_KEY_DBK], diag));
    mk_recovery_release(&e->r);
    MK_TRY(mk_hand_combine(v->keyring, e->hand, &e->r, diag));
out:
    return rc;
}

static enum mk_err let_in(struct entry *e, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_vault *v = e->v;

    MK_TRY(mk_keyring_copy(&e->changed, v->keyring));
    MK_TRY(mk_keyring_recover(e->changed, &e->r, e->request->text,
                              e->request->n, e->request->roles,
                              &e->fresh->plan, e->cards, &e->person, diag));
    MK_TRY(mk_keyring_unlock(e->changed, &e->person, e->request->passphrase,
                             &v->who, diag));
    memcpy(v->my_id, e->person.id, MK_ID);
    v->me = &e->person;
    v->joining = true;
    MK_TRY(mk_vault_new_session(v, diag));
out:
    return rc;
}

static enum mk_role first_role(unsigned roles)
{
    for (enum mk_role r = 1; r < MK_ROLE_MAX; r++)
        if ((roles & MK_ROLE_BIT(r)) != 0)
            return r;
    return MK_ROLE_NONE;
}

static enum mk_err write(struct entry *e, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_vault *v = e->v;
    struct mk_tx tx = {.v = NULL};
    uint64_t serial = mk_keyring_serial(v->keyring);

    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    /* the heads proven since may have brought another keyring */
    if (mk_keyring_serial(v->keyring) != serial) {
        rc = mk_fail(diag, MK_E_BUSY, NULL);
        goto out;
    }
    MK_TRY(mk_hand_out(e->changed, e->fresh, e->cards, diag));
    rc = mk_people_write(&tx, e->changed, first_role(e->request->roles),
                         MK_AUDIT_RECOVER, e->person.id, diag);
    e->changed = NULL;
out:
    mk_tx_abort(&tx);
    return rc;
}

enum mk_err mk_recovery_person(struct mk_vault *v,
                               const struct mk_access *access,
                               const struct mk_card_text *texts, size_t n,
                               const struct mk_recovery_request *request,
                               const struct mk_new_cards *fresh,
                               struct mk_member *recovered,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_hand hand = {.n = 0};
    struct entry e = {
        .v = v, .request = request, .fresh = fresh, .hand = &hand};

    mk_vault_lock(v);
    MK_TRY(mk_hand_read(&hand, texts, n, diag));
    MK_TRY(open_store(&e, diag));
    MK_TRY(let_in(&e, diag));
    if (!access->dry_run)
        MK_TRY(write(&e, diag));
    *recovered = e.person;
out:
    v->joining = false;
    mk_vault_lock(v);
    mk_keyring_free(e.changed);
    mk_cards_release(e.cards, MK_SHARES_MOST);
    mk_recovery_release(&e.r);
    mk_hand_release(&hand);
    return rc;
}
