/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of the keyring: each is one transaction whose head names it. */
#include "core/people.h"

#include <string.h>

#include "core/access.h"

enum mk_err mk_people_write(struct mk_tx *tx, struct mk_keyring *changed,
                            enum mk_role role, enum mk_audit kind,
                            const uint8_t *member, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_log_item item = {
        .role = role,
        .kind = kind,
        .outcome = MK_OUTCOME_DONE,
    };

    if (member != NULL)
        memcpy(item.object, member, MK_ID);
    mk_tx_keyring(tx, changed);
    MK_TRY(mk_tx_leaf(tx, &item, diag));
    MK_TRY(mk_tx_commit(tx, diag));
out:
    return rc;
}

enum mk_err mk_people_dry_run(struct mk_vault *v, enum mk_role role,
                              enum mk_audit kind, struct mk_diag *diag)
{
    const struct mk_log_item item = {
        .role = role,
        .kind = kind,
        .outcome = MK_OUTCOME_DRY_RUN,
    };

    return mk_log_now(v, &item, diag);
}

enum mk_err mk_user_admit(struct mk_vault *v, const struct mk_access *access,
                          const void *text, size_t n, unsigned roles,
                          struct mk_member *admitted, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx = {.v = NULL};
    struct mk_keyring *changed = NULL;

    MK_TRY(mk_vault_need(v, MK_ROLE_CUSTODIAN, diag));
    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    MK_TRY(mk_keyring_copy(&changed, v->keyring));
    MK_TRY(mk_keyring_admit(changed, &v->who, text, n, roles, admitted, diag));
    if (access->dry_run) {
        mk_tx_abort(&tx);
        rc =
            mk_people_dry_run(v, MK_ROLE_CUSTODIAN, MK_AUDIT_USER_ADMIT, diag);
        goto out;
    }
    rc = mk_people_write(&tx, changed, MK_ROLE_CUSTODIAN, MK_AUDIT_USER_ADMIT,
                         admitted->id, diag);
    changed = NULL;
out:
    mk_tx_abort(&tx);
    mk_keyring_free(changed);
    return rc;
}

enum mk_role mk_people_acting(const struct mk_vault *v, enum mk_role asked)
{
    if ((v->roles & MK_ROLE_BIT(asked)) != 0)
        return asked;
    for (enum mk_role r = 1; r < MK_ROLE_MAX; r++)
        if ((v->roles & MK_ROLE_BIT(r)) != 0)
            return r;
    return MK_ROLE_NONE;
}

/*
 * A custodian vouches for who is not certified yet; after that it takes a
 * holder of the role.  Who is both does the one and then cannot do the other
 * for the same person: the keyring refuses.
 */
static enum mk_err who_does_what(const struct mk_vault *v,
                                 const struct mk_member *m, enum mk_role role,
                                 bool *certifies, struct mk_diag *diag)
{
    const unsigned bit = MK_ROLE_BIT(role);
    bool custodian = (v->roles & MK_ROLE_BIT(MK_ROLE_CUSTODIAN)) != 0;
    bool certified = (m->certified & bit) != 0;

    *certifies = custodian && !certified;
    if ((mk_keyring_roles(v->keyring, m->id) & bit) != 0)
        return mk_fail(diag, MK_E_EXISTS, mk_role_slug(role));
    if (!certified && !custodian)
        return mk_fail(diag, MK_E_NOT_CERTIFIED, mk_role_slug(role));
    if (certified && v->roles == MK_ROLE_BIT(MK_ROLE_CUSTODIAN))
        return mk_fail(diag, MK_E_TWO_PEOPLE, mk_role_slug(role));
    return MK_OK;
}

enum mk_err mk_role_grant(struct mk_vault *v, const struct mk_access *access,
                          const char *user, enum mk_role role,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx = {.v = NULL};
    struct mk_keyring *changed = NULL;
    const struct mk_member *m;
    enum mk_audit kind;
    bool certifies;
    uint8_t id[MK_ID];

    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    m = mk_keyring_by_name(v->keyring, user);
    if (m == NULL) {
        rc = mk_fail(diag, MK_E_NO_MEMBER, user);
        goto out;
    }
    memcpy(id, m->id, MK_ID);
    MK_TRY(who_does_what(v, m, role, &certifies, diag));
    kind = certifies ? MK_AUDIT_ROLE_CERTIFY : MK_AUDIT_ROLE_GRANT;
    MK_TRY(mk_keyring_copy(&changed, v->keyring));
    if (certifies)
        rc = mk_keyring_certify(changed, &v->who, id, MK_ROLE_BIT(role), diag);
    else
        rc = mk_keyring_grant(changed, &v->who, id, role, diag);
    if (rc != MK_OK)
        goto out;
    if (access->dry_run) {
        mk_tx_abort(&tx);
        rc = mk_people_dry_run(v, mk_people_acting(v, role), kind, diag);
        goto out;
    }
    rc = mk_people_write(&tx, changed, mk_people_acting(v, role), kind, id,
                         diag);
    changed = NULL;
out:
    mk_tx_abort(&tx);
    mk_keyring_free(changed);
    return rc;
}

/* --- coming and going --- */

static enum mk_err state_change(struct mk_keyring *k,
                                const struct mk_identity *by,
                                enum mk_user_change what,
                                const struct mk_member *m, unsigned roles,
                                struct mk_diag *diag)
{
    switch (what) {
    case MK_USER_SUSPEND:
        return mk_keyring_suspend(k, by, m->id, diag);
    case MK_USER_RESUME:
        return mk_keyring_resume(k, by, m->id, diag);
    case MK_USER_REMOVE: /* who is out already has no role to end */
        return mk_keyring_revoke(k, by, m->id, m->certified, diag);
    case MK_USER_REVOKE:
        return mk_keyring_revoke(k, by, m->id, roles, diag);
    case MK_USER_EXCEPT:
        return mk_keyring_except(k, by, m->id, roles | m->certified, diag);
    }
    return mk_fail(diag, MK_E_INTERNAL, "member");
}

enum mk_err mk_user_change(struct mk_vault *v, const struct mk_access *access,
                           enum mk_user_change what, const char *user,
                           unsigned roles, struct mk_diag *diag)
{
    static const enum mk_audit kinds[] = {
        [MK_USER_SUSPEND] = MK_AUDIT_USER_SUSPEND,
        [MK_USER_RESUME] = MK_AUDIT_USER_RESUME,
        [MK_USER_REMOVE] = MK_AUDIT_USER_REMOVE,
        [MK_USER_REVOKE] = MK_AUDIT_ROLE_REVOKE,
        [MK_USER_EXCEPT] = MK_AUDIT_ROLE_EXCEPT,
    };
    enum mk_err rc;
    struct mk_tx tx = {.v = NULL};
    struct mk_keyring *changed = NULL;
    const struct mk_member *m;
    uint8_t id[MK_ID];

    MK_TRY(mk_vault_need(v, MK_ROLE_CUSTODIAN, diag));
    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    m = mk_keyring_by_name(v->keyring, user);
    if (m == NULL) {
        rc = mk_fail(diag, MK_E_NO_MEMBER, user);
        goto out;
    }
    memcpy(id, m->id, MK_ID);
    MK_TRY(mk_keyring_copy(&changed, v->keyring));
    MK_TRY(state_change(changed, &v->who, what, m, roles, diag));
    if (access->dry_run) {
        mk_tx_abort(&tx);
        rc = mk_people_dry_run(v, MK_ROLE_CUSTODIAN, kinds[what], diag);
        goto out;
    }
    rc = mk_people_write(&tx, changed, MK_ROLE_CUSTODIAN, kinds[what], id,
                         diag);
    changed = NULL;
out:
    mk_tx_abort(&tx);
    mk_keyring_free(changed);
    return rc;
}

/* --- passphrases --- */

static enum mk_err change_slot(struct mk_keyring *k,
                               const struct mk_identity *who,
                               enum mk_passphrase which,
                               const struct mk_secret *fresh,
                               struct mk_diag *diag)
{
    if (fresh == NULL)
        return mk_keyring_drop_slot(k, who, diag);
    return mk_keyring_set_slot(k, who, which, fresh, diag);
}

/* The slow derivation stands before the writer's lock; whoever changed the
 * keyring meanwhile makes it start anew. */
enum mk_err mk_passphrase_change(struct mk_vault *v,
                                 const struct mk_access *access,
                                 enum mk_passphrase which,
                                 const struct mk_secret *fresh,
                                 struct mk_diag *diag)
{
    enum mk_err rc;
    unsigned tries = 0;
    const enum mk_audit kind = which == MK_PASSPHRASE_SECOND
                                   ? MK_AUDIT_SECOND_SLOT
                                   : MK_AUDIT_PASSPHRASE;
    struct mk_tx tx = {.v = NULL};
    struct mk_keyring *changed = NULL;
    uint8_t before[MK_HASH];
    uint8_t now[MK_HASH];

    if (access->dry_run)
        return mk_people_dry_run(v, mk_people_acting(v, MK_ROLE_NONE), kind,
                                 diag);
    do {
        uint64_t serial = mk_keyring_serial(v->keyring);

        mk_keyring_slots_hash(v->keyring, before);
        MK_TRY(mk_keyring_copy(&changed, v->keyring));
        MK_TRY(change_slot(changed, &v->who, which, fresh, diag));
        MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
        mk_keyring_slots_hash(v->keyring, now);
        if (serial != mk_keyring_serial(v->keyring) ||
            memcmp(before, now, MK_HASH) != 0) {
            mk_tx_abort(&tx);
            mk_keyring_free(changed);
            changed = NULL;
            rc = mk_fail(diag, MK_E_CHANGED, NULL);
            continue;
        }
        rc = mk_people_write(&tx, changed, mk_people_acting(v, MK_ROLE_NONE),
                             kind, v->my_id, diag);
        changed = NULL;
    } while (mk_access_again(rc, &tries));
out:
    mk_tx_abort(&tx);
    mk_keyring_free(changed);
    return rc;
}
