/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A new secret of a kind: the rule about `rotate`, the run of wraps that
 * follows it, making all of that, the way back to older generations, and which
 * are due after a theft.
 *
 *   rotate, then at once and by the same signer one wrap for each member who
 *   holds the key by an effective role, in the order of first certification;
 *   and one escrow where a set of recovery cards is in force
 *
 *   generation 3 --previous--> 2 --previous--> 1
 *
 *   previous = envelope(HKDF(store, new, "mk1/previous"), new generation,
 *                       aad "MKW1", fff4 | kind | old id | old generation |
 *                       new id, old)
 */
#include "core/keyring_recovery_impl.h"

#include <string.h>

#define TABLE_PREVIOUS 0xfff4
#define BIT(kind) (1u << (kind))

/* --- the rule --- */

/* Whoever holds the key by an effective role keeps it; from all others goes
 * what was wrapped of it. */
static void lose(struct mk_keyring *k, enum mk_key_kind kind)
{
    for (size_t i = 0; i < k->n_persons; i++) {
        struct mk_kr_member *p = &k->person[i];
        if (!(mk_kr_kinds_of(p->roles) & BIT(kind)))
            p->known &= ~BIT(kind);
        for (unsigned r = 1; r < MK_ROLE_MAX; r++)
            if (!(p->roles & MK_ROLE_BIT(r)))
                p->role[r].wrapped &= ~BIT(kind);
    }
}

static bool is_new(const struct mk_keyring *k,
                   const struct mk_kr_statement *st)
{
    for (size_t i = 0; i < k->n_keys; i++) {
        const struct mk_kr_key *old = &k->key[i];
        if (memcmp(old->id, st->key_id, MK_ID) == 0)
            return false;
        if (st->kind == MK_KEY_RL && old->kind == MK_KEY_RL &&
            (memcmp(old->log_box, st->log_box, MK_PK) == 0 ||
             memcmp(old->log_sign, st->log_sign, MK_PK) == 0))
            return false;
    }
    return st->kind != MK_KEY_RL ||
           memcmp(st->log_box, st->log_sign, MK_PK) != 0;
}

enum mk_err mk_kr_rotate(struct mk_keyring *k,
                         const struct mk_kr_statement *st,
                         struct mk_kr_refusal *no)
{
    const struct mk_kr_member *by = mk_kr_find(k, st->by);
    struct mk_kr_key *key = mk_kr_key(k, st->kind);

    if (!k->opened)
        return mk_kr_refuse(no, MK_E_NO_ROLE, "keyring", MK_WHY_OPENED);
    if (!by || !(mk_kr_kinds_of(by->roles) & BIT(st->kind)))
        return mk_kr_refuse(no, MK_E_NO_ROLE, mk_kr_role_with(st->kind),
                            MK_WHY_HOLDER);
    if (st->generation != key->generation + 1 || !is_new(k, st))
        return mk_kr_refuse(no, MK_E_DAMAGED, "keyring", MK_WHY_KEY);
    key = mk_kr_key_add(k, st->kind, st->generation);
    if (!key)
        return mk_kr_refuse(no, MK_E_MEMORY, "keyring", MK_WHY_SIZE);
    key->has_id = true;
    memcpy(key->id, st->key_id, MK_ID);
    memcpy(key->log_box, st->log_box, MK_PK);
    memcpy(key->log_sign, st->log_sign, MK_PK);
    memcpy(key->previous, st->previous, st->n_previous);
    key->n_previous = st->n_previous;
    lose(k, st->kind);
    k->rotating = st->kind;
    memcpy(k->rotator, st->by, MK_ID);
    k->due = 0;
    return MK_OK;
}

/* --- theft --- */

enum mk_err mk_kr_theft(struct mk_keyring *k, const struct mk_kr_statement *st,
                        struct mk_kr_refusal *no)
{
    if (!k->opened)
        return mk_kr_refuse(no, MK_E_NO_ROLE, "keyring", MK_WHY_OPENED);
    if (!mk_kr_find(k, st->by))
        return mk_kr_refuse(no, MK_E_NO_ROLE, "member", MK_WHY_STANDING);
    for (unsigned kind = 1; kind < MK_KEY_KINDS; kind++)
        k->stolen[kind] = mk_kr_key(k, (enum mk_key_kind)kind)->generation;
    return MK_OK;
}

unsigned mk_keyring_stolen(const struct mk_keyring *k)
{
    unsigned kinds = 0;

    for (unsigned kind = 1; kind < MK_KEY_KINDS; kind++)
        if (k->stolen[kind] != 0 &&
            k->stolen[kind] ==
                mk_keyring_generation(k, (enum mk_key_kind)kind))
            kinds |= BIT(kind);
    return kinds;
}

unsigned mk_keyring_stolen_of(const struct mk_keyring *k,
                              const uint8_t id[static MK_ID])
{
    return mk_keyring_stolen(k) & mk_kr_kinds_of(mk_keyring_roles(k, id));
}

/* --- the wraps that follow --- */

struct mk_kr_member *mk_kr_due(const struct mk_keyring *k, enum mk_role *role)
{
    if (!k->rotating)
        return NULL;
    for (size_t i = k->due; i < k->n_persons; i++)
        for (unsigned r = 1; r < MK_ROLE_MAX; r++)
            if ((k->person[i].roles & MK_ROLE_BIT(r)) &&
                (mk_role_keys((enum mk_role)r) & BIT(k->rotating))) {
                *role = (enum mk_role)r;
                return &k->person[i];
            }
    return NULL;
}

enum mk_err mk_kr_check_run(const struct mk_keyring *k,
                            const struct mk_kr_statement *st,
                            struct mk_kr_refusal *no)
{
    enum mk_role role;
    const struct mk_kr_member *to = mk_kr_due(k, &role);
    bool fits = st->kind == k->rotating &&
                memcmp(st->by, k->rotator, MK_ID) == 0;

    if (to)
        fits = fits && st->type == MK_KR_WRAP && st->role == role &&
               memcmp(st->person.id, to->m.id, MK_ID) == 0;
    else
        fits = fits && st->type == MK_KR_ESCROW;
    if (fits)
        return MK_OK;
    return mk_kr_refuse(no, MK_E_DAMAGED, "keyring", MK_WHY_ROTATION);
}

void mk_kr_run_on(struct mk_keyring *k)
{
    enum mk_role role;
    const struct mk_kr_member *to = mk_kr_due(k, &role);

    if (to)
        k->due = (size_t)(to - k->person) + 1;
    /* the last is the escrow: it ends the run in the place of the wraps */
    if (!to || (!mk_kr_due(k, &role) && k->recovery.set.number == 0))
        k->rotating = 0;
}

/* --- the way back --- */

static enum mk_err previous_key(struct mk_secret **out,
                                const struct mk_keyring *k,
                                const struct mk_secret *newer)
{
    static const char info[] = "mk1/previous";
    return mk_hkdf(out, MK_KEY, k->store, MK_ID, newer, info, sizeof info - 1);
}

static void previous_aad(uint8_t aad[static MK_AAD],
                         const struct mk_keyring *k,
                         const struct mk_kr_key *old,
                         const uint8_t new_id[static MK_ID])
{
    struct mk_place place = {.table = TABLE_PREVIOUS,
                             .column = (uint16_t)old->kind,
                             .version = old->generation};
    memcpy(place.row, old->id, MK_ID);
    memcpy(place.key_id, new_id, MK_ID);
    mk_aad(aad, "MKW1", k->store, &place);
}

enum mk_err mk_keyring_older(const struct mk_keyring *k, enum mk_key_kind kind,
                             uint32_t generation,
                             const struct mk_secret *secret,
                             struct mk_secret **out, struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_kr_key *key = mk_kr_key_at(k, kind, generation);
    const struct mk_kr_key *old =
        generation > 1 ? mk_kr_key_at(k, kind, generation - 1) : NULL;
    struct mk_secret *opens = NULL;
    uint8_t aad[MK_AAD];

    *out = NULL;
    if (!key || !old || key->n_previous == 0)
        return mk_fail(diag, MK_E_NOT_FOUND, MK_WHY_KEY);
    rc = previous_key(&opens, k, secret);
    if (rc == MK_OK) {
        previous_aad(aad, k, old, key->id);
        rc = mk_env_unwrap(out, opens, aad, sizeof aad, key->previous,
                           key->n_previous, diag);
    }
    mk_secret_free(opens);
    if (rc == MK_OK && !mk_kr_is_secret(k, old, *out)) {
        mk_secret_free(*out);
        *out = NULL;
        rc = MK_E_DAMAGED;
    }
    return rc == MK_OK ? rc : mk_fail(diag, rc, MK_WHY_KEY);
}

enum mk_err mk_keyring_unwrap_at(const struct mk_keyring *k,
                                 const struct mk_identity *who,
                                 enum mk_key_kind kind, uint32_t generation,
                                 struct mk_secret **out,
                                 uint8_t key_id[static MK_ID],
                                 struct mk_diag *diag)
{
    enum mk_err rc;
    uint32_t at;

    MK_TRY(mk_keyring_unwrap(k, who, kind, out, key_id, &at, diag));
    while (at > generation) {
        struct mk_secret *older;
        MK_TRY(mk_keyring_older(k, kind, at, *out, &older, diag));
        mk_secret_free(*out);
        *out = older;
        at--;
    }
    if (at != generation || !mk_keyring_key_id_at(k, kind, at, key_id))
        rc = mk_fail(diag, MK_E_NOT_FOUND, MK_WHY_KEY);
out:
    if (rc != MK_OK) {
        mk_secret_free(*out);
        *out = NULL;
    }
    return rc;
}

/* --- making --- */

static enum mk_err make_secret(struct mk_kr_statement *st,
                               struct mk_secret **out)
{
    struct mk_identity log;
    enum mk_err rc = MK_OK;

    if (st->kind != MK_KEY_RL) {
        *out = mk_secret_random(mk_kr_kind_size(st->kind));
    } else {
        rc = mk_kr_identity_make(&log, st->log_box, st->log_sign);
        if (rc == MK_OK)
            *out = mk_secret_join(log.box, log.seed);
        mk_identity_release(&log);
    }
    return rc == MK_OK && !*out ? MK_E_MEMORY : rc;
}

static enum mk_err seal_previous(const struct mk_keyring *k,
                                 struct mk_kr_statement *st,
                                 const struct mk_secret *old,
                                 const struct mk_secret *fresh)
{
    enum mk_err rc;
    struct mk_secret *seals = NULL;
    struct mk_buf env = MK_BUF_INIT;
    uint8_t aad[MK_AAD];

    if (st->kind == MK_KEY_DBK)
        return MK_OK;
    MK_TRY(previous_key(&seals, k, fresh));
    previous_aad(aad, k, mk_kr_key(k, st->kind), st->key_id);
    MK_TRY(mk_env_wrap(&env, seals, st->generation, aad, sizeof aad, old));
    if (env.len != mk_kr_previous_size(st->kind)) {
        rc = MK_E_INTERNAL;
        goto out;
    }
    memcpy(st->previous, env.data, env.len);
    st->n_previous = env.len;
out:
    mk_buf_release(&env);
    mk_secret_free(seals);
    return rc;
}

static enum mk_err state_run(struct mk_keyring *k,
                             const struct mk_identity *by,
                             const struct mk_secret *fresh,
                             const uint8_t key_id[static MK_ID],
                             struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    enum mk_role role;
    const struct mk_kr_member *to;

    while ((to = mk_kr_due(k, &role)) != NULL) {
        struct mk_kr_statement st;
        rc = mk_kr_wrap_fill(k, &st, to, role, k->rotating, key_id, fresh);
        if (rc != MK_OK)
            return mk_fail(diag, rc, "wrap");
        MK_TRY(mk_kr_state(k, &st, by, diag));
    }
    if (k->rotating)
        rc = mk_kr_state_escrow(k, &k->recovery.set, by, k->rotating, fresh,
                                diag);
out:
    return rc;
}

enum mk_err mk_keyring_rotate(
    struct mk_keyring *k, const struct mk_identity *by, enum mk_key_kind kind,
    const struct mk_secret *old, struct mk_secret **fresh,
    uint8_t key_id[static MK_ID], uint32_t *generation, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_keyring *c = NULL;
    const struct mk_kr_key *now = mk_kr_key(k, kind);
    struct mk_kr_statement st = {
        .type = MK_KR_ROTATE, .kind = kind, .generation = now->generation + 1};

    *fresh = NULL;
    if (!mk_kr_is_secret(k, now, old))
        return mk_fail(diag, MK_E_NO_ROLE, mk_kr_role_with(kind));
    MK_TRY(make_secret(&st, fresh));
    mk_kr_key_id(st.key_id, *fresh, k->store, kind, st.generation);
    MK_TRY(seal_previous(k, &st, old, *fresh));
    MK_TRY(mk_keyring_copy(&c, k));
    MK_TRY(mk_kr_state(c, &st, by, diag));
    MK_TRY(state_run(c, by, *fresh, st.key_id, diag));
    memcpy(key_id, st.key_id, MK_ID);
    *generation = st.generation;
    mk_kr_take(k, c);
    c = NULL;
out:
    mk_keyring_free(c);
    if (rc != MK_OK) {
        mk_secret_free(*fresh);
        *fresh = NULL;
    }
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, "keyring") : rc;
}
