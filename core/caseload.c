/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/caseload.h"

static const struct {
    enum mk_verb verb;
    enum mk_audit audit;
} verbs[] = {
    {MK_VERB_OVERDRACHT, MK_AUDIT_HANDOVER},
    {MK_VERB_WAARNEMER, MK_AUDIT_DEPUTY},
    {MK_VERB_WAARNEMER_AF, MK_AUDIT_DEPUTY},
    {MK_VERB_BEPERK, MK_AUDIT_RESTRICT},
    {MK_VERB_BEPERKING_OP, MK_AUDIT_RESTRICT},
};

enum mk_audit mk_caseload_audit(enum mk_verb verb)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (verbs[i].verb == verb)
            return verbs[i].audit;
    return MK_AUDIT_CHANGE;
}

bool mk_caseload_verb(enum mk_verb verb)
{
    return mk_caseload_audit(verb) != MK_AUDIT_CHANGE;
}

bool mk_caseload_is_inspector(const struct mk_vault *v,
                              const uint8_t id[static MK_ID])
{
    return mk_keyring_standing(v->keyring, id) == MK_STANDING_ACTIVE &&
           (mk_keyring_roles(v->keyring, id) &
            MK_ROLE_BIT(MK_ROLE_INSPECTOR)) != 0;
}

bool mk_caseload_is_orphan(const struct mk_vault *v,
                           const struct mk_owners *owners)
{
    return !mk_caseload_is_inspector(v, owners->owner);
}

static enum mk_err fail_about(const struct mk_vault *v, struct mk_diag *diag,
                              enum mk_err rc, const uint8_t id[static MK_ID])
{
    const struct mk_member *m = mk_keyring_by_id(v->keyring, id);

    return mk_fail(diag, rc, m != NULL ? m->name : "member");
}

enum mk_err mk_caseload_may_have(const struct mk_vault *v,
                                 const uint8_t id[static MK_ID],
                                 struct mk_diag *diag)
{
    return mk_caseload_is_inspector(v, id)
               ? MK_OK
               : fail_about(v, diag, MK_E_NO_INSPECTOR, id);
}

enum mk_err mk_caseload_check(const struct mk_vault *v,
                              const struct mk_dossier_row *row,
                              const struct mk_owners *owners,
                              const struct mk_event *e, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_restricted r;
    const uint8_t *member = mk_fields_id(&e->f, MK_F_MEMBER);
    bool takes_over = e->verb == MK_VERB_OVERDRACHT &&
                      mk_caseload_is_orphan(v, owners);

    if (!mk_caseload_verb(e->verb))
        return MK_OK;
    if (!mk_caseload_has(v, owners) && !takes_over)
        return fail_about(v, diag, MK_E_NOT_OWN, owners->owner);
    if (member == NULL || e->verb == MK_VERB_WAARNEMER_AF)
        return MK_OK;
    MK_TRY(mk_caseload_may_have(v, member, diag));
    if (mk_restricted_is(row)) {
        MK_TRY(mk_restricted_read(&r, row, diag));
        if (!mk_restricted_names(&r, member))
            rc = fail_about(v, diag, MK_E_NOT_NAMED, member);
    }
out:
    return rc;
}

uint64_t mk_vault_barred(const struct mk_vault *v)
{
    return v->barred;
}

bool mk_caseload_has(const struct mk_vault *v, const struct mk_owners *owners)
{
    return mk_owners_has(owners, v->my_id);
}
