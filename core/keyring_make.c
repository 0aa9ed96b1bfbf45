/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Statements made.  Each change is tried on a copy that takes the place of
 * the keyring when all of it passed the gate: after an error nothing of it is
 * there.
 */
#include "core/keyring_impl.h"

#include <string.h>

static enum mk_err refused(struct mk_diag *diag,
                           const struct mk_kr_refusal *no)
{
    return mk_fail(diag, no->err, no->place);
}

enum mk_err mk_kr_state(struct mk_keyring *k, struct mk_kr_statement *st,
                        const struct mk_identity *by, struct mk_diag *diag)
{
    struct mk_kr_refusal no = {MK_E_MEMORY, "keyring", MK_WHY_SIZE};
    enum mk_err rc = mk_kr_sign(k, st, by);

    if (rc == MK_OK)
        rc = mk_kr_apply(k, st, &no);
    else
        no.err = rc;
    return rc == MK_OK ? rc : refused(diag, &no);
}

/* --- certify, admit --- */

enum mk_err mk_kr_state_certify(struct mk_keyring *k,
                                const struct mk_identity *by,
                                const struct mk_kr_person *p, unsigned roles,
                                const struct mk_kr_slot *first,
                                struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_kr_statement st = {.type = MK_KR_CERTIFY,
                                 .person = *p,
                                 .roles = roles,
                                 .generation = MK_KR_GENERATION};

    if (first) {
        st.has_slot = true;
        st.slot_counter = first->counter;
        rc = mk_kr_slot_hash(first, st.slot_hash);
    }
    return rc == MK_OK ? mk_kr_state(k, &st, by, diag) : rc;
}

enum mk_err mk_keyring_certify(struct mk_keyring *k,
                               const struct mk_identity *by,
                               const uint8_t id[static MK_ID], unsigned roles,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_keyring *c = NULL;
    struct mk_kr_person person;
    const struct mk_member *m = mk_keyring_by_id(k, id);

    if (!m)
        return mk_fail(diag, MK_E_NOT_FOUND, "member");
    memcpy(person.id, m->id, MK_ID);
    memcpy(person.name, m->name, sizeof person.name);
    memcpy(person.box, m->box, MK_PK);
    memcpy(person.sign, m->sign, MK_PK);
    MK_TRY(mk_keyring_copy(&c, k));
    MK_TRY(mk_kr_state_certify(c, by, &person, roles, NULL, diag));
    mk_kr_take(k, c);
    c = NULL;
out:
    mk_keyring_free(c);
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, "keyring") : rc;
}

enum mk_err mk_keyring_admit(struct mk_keyring *k,
                             const struct mk_identity *by, const void *request,
                             size_t n, unsigned roles,
                             struct mk_member *admitted, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_keyring *c = NULL;
    struct mk_kr_request r;
    struct mk_kr_member *p;

    MK_TRY(mk_kr_request_read(k, request, n, &r, diag));
    if (mk_kr_find(k, r.person.id))
        return mk_fail(diag, MK_E_EXISTS, "member");
    MK_TRY(mk_kr_name_unlike(k, r.person.name, diag));
    MK_TRY(mk_keyring_copy(&c, k));
    MK_TRY(mk_kr_state_certify(c, by, &r.person, roles, &r.slot, diag));
    p = mk_kr_find(c, r.person.id);
    p->slot[0] = r.slot;
    if (admitted)
        *admitted = p->m;
    MK_TRY(mk_kr_slots_changed(c));
    mk_kr_take(k, c);
    c = NULL;
out:
    mk_keyring_free(c);
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, "keyring") : rc;
}

/* --- grant --- */

static enum mk_err state_wrap(struct mk_keyring *k,
                              const struct mk_identity *by,
                              const struct mk_kr_member *to, enum mk_role role,
                              enum mk_key_kind kind, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_kr_statement st;
    struct mk_secret *secret = NULL;
    uint8_t key_id[MK_ID];
    uint32_t generation;

    MK_TRY(mk_keyring_unwrap(k, by, kind, &secret, key_id, &generation, diag));
    rc = mk_kr_wrap_fill(k, &st, to, role, kind, key_id, secret);
    if (rc != MK_OK) {
        mk_fail(diag, rc, "wrap");
        goto out;
    }
    MK_TRY(mk_kr_state(k, &st, by, diag));
out:
    mk_secret_free(secret);
    return rc;
}

/* Bits of the kinds that a grant of role still has to wrap. */
static unsigned kinds_missing(const struct mk_kr_member *to, enum mk_role role)
{
    unsigned dbk = 1u << MK_KEY_DBK;

    return (mk_kr_own_kinds(role) & ~to->role[role].wrapped) |
           (dbk & ~to->known);
}

enum mk_err mk_keyring_grant(struct mk_keyring *k,
                             const struct mk_identity *by,
                             const uint8_t id[static MK_ID], enum mk_role role,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_kr_refusal no;
    struct mk_keyring *c = NULL;
    unsigned missing;

    if (!mk_kr_find(k, id))
        return mk_fail(diag, MK_E_NOT_FOUND, "member");
    if (mk_keyring_has_role(k, id, role, k->serial))
        return mk_fail(diag, MK_E_EXISTS, mk_role_slug(role));
    rc = mk_kr_may_grant(k, by->id, id, role, &no);
    if (rc != MK_OK)
        return refused(diag, &no);
    MK_TRY(mk_keyring_copy(&c, k));
    missing = kinds_missing(mk_kr_find(c, id), role);
    for (unsigned kind = 1; kind < MK_KEY_KINDS; kind++)
        if (missing & (1u << kind))
            MK_TRY(state_wrap(c, by, mk_kr_find(c, id), role,
                              (enum mk_key_kind)kind, diag));
    mk_kr_take(k, c);
    c = NULL;
out:
    mk_keyring_free(c);
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, "keyring") : rc;
}

/* --- coming and going --- */

/* One statement on a copy that takes the place of k. */
static enum mk_err state_one(struct mk_keyring *k, struct mk_kr_statement *st,
                             const struct mk_identity *by,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_keyring *c = NULL;

    MK_TRY(mk_keyring_copy(&c, k));
    MK_TRY(mk_kr_state(c, st, by, diag));
    mk_kr_take(k, c);
    c = NULL;
out:
    mk_keyring_free(c);
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, "keyring") : rc;
}

static enum mk_err state_about(struct mk_keyring *k, enum mk_kr_type type,
                               const struct mk_identity *by,
                               const uint8_t id[static MK_ID], unsigned roles,
                               struct mk_diag *diag)
{
    struct mk_kr_statement st = {.type = type, .roles = roles};

    memcpy(st.person.id, id, MK_ID);
    return state_one(k, &st, by, diag);
}

enum mk_err mk_keyring_suspend(struct mk_keyring *k,
                               const struct mk_identity *by,
                               const uint8_t id[static MK_ID],
                               struct mk_diag *diag)
{
    return state_about(k, MK_KR_SUSPEND, by, id, 0, diag);
}

enum mk_err mk_keyring_resume(struct mk_keyring *k,
                              const struct mk_identity *by,
                              const uint8_t id[static MK_ID],
                              struct mk_diag *diag)
{
    return state_about(k, MK_KR_RESUME, by, id, 0, diag);
}

enum mk_err mk_keyring_revoke(struct mk_keyring *k,
                              const struct mk_identity *by,
                              const uint8_t id[static MK_ID], unsigned roles,
                              struct mk_diag *diag)
{
    return state_about(k, MK_KR_REVOKE, by, id, roles, diag);
}

enum mk_err mk_keyring_except(struct mk_keyring *k,
                              const struct mk_identity *by,
                              const uint8_t id[static MK_ID], unsigned roles,
                              struct mk_diag *diag)
{
    return state_about(k, MK_KR_EXCEPT, by, id, roles, diag);
}

enum mk_err mk_keyring_theft(struct mk_keyring *k,
                             const struct mk_identity *by,
                             struct mk_diag *diag)
{
    struct mk_kr_statement st = {.type = MK_KR_THEFT};

    return state_one(k, &st, by, diag);
}

/* --- a new passphrase --- */

static struct mk_kr_statement slot_statement(const struct mk_identity *who,
                                             unsigned number, uint64_t counter)
{
    struct mk_kr_statement st = {.type = number == 1 ? MK_KR_SLOT_SET
                                                     : MK_KR_SLOT2_SET,
                                 .has_slot = true,
                                 .slot_counter = counter};

    memcpy(st.person.id, who->id, MK_ID);
    return st;
}

static enum mk_err state_slot(struct mk_keyring *k,
                              const struct mk_identity *who,
                              const struct mk_kr_slot *slot,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_kr_statement st =
        slot_statement(who, slot->number, slot->counter);

    MK_TRY(mk_kr_slot_hash(slot, st.slot_hash));
    MK_TRY(mk_kr_state(k, &st, who, diag));
    mk_kr_find(k, who->id)->slot[slot->number - 1] = *slot;
    MK_TRY(mk_kr_slots_changed(k));
out:
    return rc;
}

enum mk_err mk_keyring_set_slot(struct mk_keyring *k,
                                const struct mk_identity *who, unsigned number,
                                const struct mk_secret *passphrase,
                                struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_kr_member *p = mk_kr_find(k, who->id);
    struct mk_keyring *c = NULL;
    struct mk_kr_slot slot;

    if (!p)
        return mk_fail(diag, MK_E_NOT_FOUND, "member");
    MK_TRY(mk_kr_slot_make(&slot, k->store, who, passphrase, number,
                           p->stated[number - 1].counter + 1, diag));
    if (mk_kr_slot_check(&slot, k->store, p->m.id, p->m.sign))
        return mk_fail(diag, MK_E_NO_ROLE, "member");
    MK_TRY(mk_keyring_copy(&c, k));
    MK_TRY(state_slot(c, who, &slot, diag));
    mk_kr_take(k, c);
    c = NULL;
out:
    mk_keyring_free(c);
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, "keyring") : rc;
}

enum mk_err mk_keyring_drop_slot(struct mk_keyring *k,
                                 const struct mk_identity *who,
                                 struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_kr_member *p = mk_kr_find(k, who->id);
    struct mk_kr_statement st;

    if (!p || !mk_kr_has_slot(p, 2))
        return mk_fail(diag, MK_E_NOT_FOUND, "second passphrase");
    st = slot_statement(who, 2, p->stated[1].counter + 1);
    MK_TRY(state_one(k, &st, who, diag));
    memset(&mk_kr_find(k, who->id)->slot[1], 0, sizeof p->slot[1]);
    MK_TRY(mk_kr_slots_changed(k));
out:
    return rc;
}
