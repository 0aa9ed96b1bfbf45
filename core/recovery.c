/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every change here is one transaction: the cards are on their way to paper
 * before the head that makes them valid is committed.  Whoever is cut off
 * between has the old set in force and sheets of a set that never was.
 */
#include <string.h>

#include "core/base/clock.h"
#include "core/people.h"
#include "core/recovery_impl.h"

/* --- cards in and out --- */

void mk_hand_release(struct mk_hand *h)
{
    mk_cards_release(h->card, h->n);
    h->n = 0;
}

enum mk_err mk_hand_read(struct mk_hand *h, const struct mk_card_text *texts,
                         size_t n, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    h->n = 0;
    if (n > MK_SHARES_MOST)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "card", 0, MK_SHARES_MOST, 0);
    for (size_t i = 0; i < n; i++) {
        h->what[i] = texts[i].what;
        MK_TRY(mk_card_read(&h->card[i], texts[i].text, texts[i].n,
                            texts[i].what, diag));
        h->n++;
    }
out:
    if (rc != MK_OK)
        mk_hand_release(h);
    return rc;
}

enum mk_err mk_hand_combine(const struct mk_keyring *k,
                            const struct mk_hand *h, struct mk_recovery *out,
                            struct mk_diag *diag)
{
    return mk_keyring_combine(k, h->card, h->what, h->n, out, diag);
}

enum mk_err mk_hand_out(const struct mk_keyring *k,
                        const struct mk_new_cards *fresh,
                        const struct mk_card *cards, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_buf text = MK_BUF_INIT;

    for (unsigned i = 0; i < fresh->plan.n; i++) {
        const char *holder = fresh->plan.holder[i];
        const struct mk_card_words words = {
            .origin = mk_keyring_origin(k),
            .holder = holder != NULL ? holder : "",
            .n = fresh->plan.n,
            .made_ms = mk_clock_now(),
        };

        mk_buf_clear(&text);
        MK_TRY(mk_card_add(&text, &cards[i], &words));
        MK_TRY(fresh->sink(fresh->ctx, cards[i].set, cards[i].share.number,
                           &text, diag));
    }
out:
    mk_buf_release(&text);
    return rc;
}

enum mk_err mk_recovery_cards_check(const struct mk_keyring *k,
                                    const struct mk_card_text *cards, size_t n,
                                    struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_hand hand;

    MK_TRY(mk_hand_read(&hand, cards, n, diag));
    rc = mk_keyring_cards_check(k, hand.card, hand.what, hand.n, diag);
    mk_hand_release(&hand);
out:
    return rc;
}

/* --- a new set --- */

static enum mk_err new_set(struct mk_vault *v, struct mk_keyring *changed,
                           const struct mk_hand *old,
                           const struct mk_share_plan *plan,
                           struct mk_card *cards, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_recovery r = {.who = {.box = NULL}};

    if (old->n == 0)
        return mk_keyring_share(changed, &v->who, plan, cards, diag);
    MK_TRY(mk_hand_combine(changed, old, &r, diag));
    MK_TRY(mk_keyring_reshare(changed, &r, plan, cards, diag));
out:
    mk_recovery_release(&r);
    return rc;
}

enum mk_err mk_recovery_share(struct mk_vault *v,
                              const struct mk_access *access,
                              const struct mk_card_text *old, size_t n_old,
                              const struct mk_new_cards *fresh,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx = {.v = NULL};
    struct mk_keyring *changed = NULL;
    struct mk_card cards[MK_SHARES_MOST] = {{.set = 0}};
    struct mk_hand hand = {.n = 0};

    MK_TRY(mk_vault_need(v, MK_ROLE_CUSTODIAN, diag));
    MK_TRY(mk_hand_read(&hand, old, n_old, diag));
    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    MK_TRY(mk_keyring_copy(&changed, v->keyring));
    MK_TRY(new_set(v, changed, &hand, &fresh->plan, cards, diag));
    if (access->dry_run) {
        mk_tx_abort(&tx);
        rc =
            mk_people_dry_run(v, MK_ROLE_CUSTODIAN, MK_AUDIT_SHARE_MAKE, diag);
        goto out;
    }
    MK_TRY(mk_hand_out(changed, fresh, cards, diag));
    rc = mk_people_write(&tx, changed, MK_ROLE_CUSTODIAN, MK_AUDIT_SHARE_MAKE,
                         NULL, diag);
    changed = NULL;
out:
    mk_tx_abort(&tx);
    mk_keyring_free(changed);
    mk_cards_release(cards, MK_SHARES_MOST);
    mk_hand_release(&hand);
    return rc;
}

/* --- accept, store --- */

enum mk_err mk_recovery_accept(struct mk_vault *v,
                               const struct mk_access *access,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx = {.v = NULL};
    struct mk_keyring *changed = NULL;

    MK_TRY(mk_vault_need(v, MK_ROLE_CUSTODIAN, diag));
    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    MK_TRY(mk_keyring_copy(&changed, v->keyring));
    MK_TRY(mk_keyring_accept(changed, &v->who, diag));
    if (access->dry_run) {
        mk_tx_abort(&tx);
        rc = mk_people_dry_run(v, MK_ROLE_CUSTODIAN, MK_AUDIT_SHARE_ACCEPT,
                               diag);
        goto out;
    }
    rc = mk_people_write(&tx, changed, MK_ROLE_CUSTODIAN,
                         MK_AUDIT_SHARE_ACCEPT, NULL, diag);
    changed = NULL;
out:
    mk_tx_abort(&tx);
    mk_keyring_free(changed);
    return rc;
}

enum mk_err mk_recovery_store(struct mk_vault *v,
                              const struct mk_access *access, unsigned *kinds,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx = {.v = NULL};
    struct mk_keyring *changed = NULL;
    enum mk_role role = mk_people_acting(v, MK_ROLE_NONE);

    *kinds = 0;
    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    MK_TRY(mk_keyring_copy(&changed, v->keyring));
    MK_TRY(mk_keyring_escrow(changed, &v->who, kinds, diag));
    if (access->dry_run) {
        mk_tx_abort(&tx);
        rc = mk_people_dry_run(v, role, MK_AUDIT_ESCROW, diag);
        goto out;
    }
    rc = mk_people_write(&tx, changed, role, MK_AUDIT_ESCROW, NULL, diag);
    changed = NULL;
out:
    mk_tx_abort(&tx);
    mk_keyring_free(changed);
    return rc;
}

/* --- practice, drill --- */

unsigned mk_vault_practice(struct mk_vault *v)
{
    struct mk_recovery_facts facts;
    struct mk_diag quiet = MK_DIAG_INIT;
    bool chosen;
    unsigned why = MK_PRACTICE_DRILL;
    size_t custodians = 0;

    mk_keyring_recovery_facts(v->keyring, &facts);
    if (facts.drill_ms != 0)
        return 0;
    for (size_t i = 0; i < mk_keyring_count(v->keyring); i++)
        if ((mk_keyring_roles(v->keyring,
                              mk_keyring_member(v->keyring, i)->id) &
             MK_ROLE_BIT(MK_ROLE_CUSTODIAN)) != 0)
            custodians++;
    if (custodians < 2)
        why |= MK_PRACTICE_CUSTODIANS;
    if (v->me != NULL && v->suspect == MK_OK &&
        mk_log_term_chosen(v, &chosen, &quiet) == MK_OK && !chosen)
        why |= MK_PRACTICE_TERM;
    return why;
}

/* The first drill ends practice: then all that a vault in use needs is there.
 */
static enum mk_err counts(unsigned why, struct mk_diag *diag)
{
    if ((why & MK_PRACTICE_CUSTODIANS) != 0)
        return mk_fail(diag, MK_E_DRILL_EARLY, "a second custodian");
    if ((why & MK_PRACTICE_TERM) != 0)
        return mk_fail(diag, MK_E_DRILL_EARLY, "the term of the log");
    return MK_OK;
}

static enum mk_err log_refused(struct mk_vault *v, struct mk_diag *diag)
{
    const struct mk_log_item item = {
        .role = MK_ROLE_CUSTODIAN,
        .kind = MK_AUDIT_DRILL,
        .outcome = MK_OUTCOME_REFUSED,
    };

    return mk_log_now(v, &item, diag);
}

enum mk_err mk_recovery_drill(struct mk_vault *v,
                              const struct mk_access *access,
                              const struct mk_card_text *texts, size_t n,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx = {.v = NULL};
    struct mk_keyring *changed = NULL;
    struct mk_recovery r = {.who = {.box = NULL}};
    struct mk_hand hand = {.n = 0};
    unsigned why;

    MK_TRY(mk_vault_need(v, MK_ROLE_CUSTODIAN, diag));
    MK_TRY(mk_hand_read(&hand, texts, n, diag));
    why = mk_vault_practice(v); /* the snapshot of it stands before the lock */
    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    MK_TRY(mk_keyring_copy(&changed, v->keyring));
    MK_TRY(mk_hand_combine(changed, &hand, &r, diag));
    MK_TRY(mk_keyring_drill(changed, &r, mk_clock_now(), diag));
    if (access->dry_run || counts(why, NULL) != MK_OK) {
        mk_tx_abort(&tx);
        MK_TRY(access->dry_run ? mk_people_dry_run(v, MK_ROLE_CUSTODIAN,
                                                   MK_AUDIT_DRILL, diag)
                               : log_refused(v, diag));
        rc = counts(why, diag);
        goto out;
    }
    rc = mk_people_write(&tx, changed, MK_ROLE_CUSTODIAN, MK_AUDIT_DRILL, NULL,
                         diag);
    changed = NULL;
out:
    mk_tx_abort(&tx);
    mk_keyring_free(changed);
    mk_recovery_release(&r);
    mk_hand_release(&hand);
    return rc;
}
