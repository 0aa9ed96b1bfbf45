/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Part of doctor: dossiers that people who left, or are suspended, leave
 * without hands.  What a row says in the open everybody is told; whose it is
 * only inspectors can read.  No dossier is opened.
 */
#include <stdio.h>
#include <string.h>

#include "core/caseload.h"
#include "core/destroy.h"
#include "core/emergency_impl.h"
#include "core/named.h"
#include "core/sealed.h"

#define VALUE 96

struct found {
    struct mk_vault *v;
    bool owners;       /* who unlocked can read whose a dossier is */
    size_t orphans;    /* no inspector */
    size_t gone;       /* restricted: somebody who is named, or has a share,
                          is not in any more */
    size_t shut;       /* restricted: nobody named is in, or fewer than two of
                          the shares are with custodians */
    size_t restricted; /* all of them */
    struct mk_named_all named;
    size_t other; /* not as the newest record of who is named says */
};

static bool holds(const struct mk_vault *v, const uint8_t id[static MK_ID],
                  enum mk_role role)
{
    return mk_keyring_standing(v->keyring, id) == MK_STANDING_ACTIVE &&
           (mk_keyring_roles(v->keyring, id) & MK_ROLE_BIT(role)) != 0;
}

static enum mk_err look_people(struct found *f,
                               const struct mk_dossier_row *row,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_restricted r;
    size_t readers = 0;
    size_t helpers = 0;
    uint8_t number;

    MK_TRY(mk_restricted_read(&r, row, diag));
    for (size_t i = 0; i < r.n_named; i++)
        readers += holds(f->v, mk_restricted_name(&r, i), MK_ROLE_INSPECTOR);
    for (size_t i = 0; i < r.n_shares; i++)
        helpers += holds(f->v, mk_restricted_holder(&r, i, &number),
                         MK_ROLE_CUSTODIAN);
    f->restricted++;
    f->gone += readers < r.n_named || helpers < r.n_shares;
    f->shut += readers == 0 || helpers < MK_RESTRICTED_THRESHOLD;
out:
    return rc;
}

static enum mk_err look(void *ctx, const struct mk_dossier_row *row,
                        struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct found *f = ctx;
    struct mk_owners owners;

    if (mk_row_is_tombstone(row))
        return MK_OK;
    f->other += !mk_named_fits(&f->named, row);
    if (f->owners) {
        MK_TRY(mk_sealed_owner(f->v, row, &owners, diag));
        f->orphans += mk_caseload_is_orphan(f->v, &owners);
    }
    if (mk_restricted_is(row))
        rc = look_people(f, row, diag);
out:
    return rc;
}

static void tell_emergencies(struct mk_vault *v, mk_doctor_each *each,
                             void *ctx)
{
    char value[VALUE];
    size_t n = 0;

    if (mk_emergency_pending(v, &n, NULL) != MK_OK) {
        each(ctx, "emergencies-open", false, "cannot be read",
             "laat log controleer lopen", "run log verify");
        return;
    }
    snprintf(value, sizeof value, "%zu", n);
    each(ctx, "emergencies-open", n == 0, value,
         "zie nood lijst; laat wie bij het dossier mag nood sluit doen",
         "see emergency list; have somebody named do emergency close");
}

static void tell_restricted(const struct found *f, mk_doctor_each *each,
                            void *ctx)
{
    char value[VALUE];

    snprintf(value, sizeof value, "%zu", f->other);
    each(ctx, "restricted-names", f->other == 0, value,
         "iemand die niet genoemd was schreef wie erbij mag: laat wie wel "
         "genoemd is nood sluit doen, en zeg het de auditor",
         "somebody who was not named wrote who may open it: have somebody who "
         "is named do emergency close, and tell the auditor");
    snprintf(value, sizeof value, "%zu of %zu", f->gone, f->restricted);
    each(ctx, "restricted-people", f->gone == 0, value,
         "wie genoemd is of een deel heeft is weg of geblokkeerd: laat wie "
         "het dossier behandelt opnieuw beperk doen",
         "somebody named, or with a share, left or is suspended: have who "
         "treats the dossier restrict it again");
    snprintf(value, sizeof value, "%zu of %zu", f->shut, f->restricted);
    each(ctx, "restricted-shut", f->shut == 0, value,
         "niemand die genoemd is kan erbij, of er zijn geen twee bewaarders "
         "met een deel: hervat wie geblokkeerd is, vraag noodtoegang of zet "
         "een reservekopie terug",
         "nobody named can open it, or no two custodians have shares: resume "
         "who is suspended, ask for emergency access or restore a backup");
}

void mk_caseload_doctor(struct mk_vault *v, mk_doctor_each *each, void *ctx)
{
    struct found f = {.v = v, .named = MK_NAMED_ALL_INIT};
    enum mk_err rc;
    char value[VALUE] = "told to inspectors only";

    if (v->store == NULL || v->me == NULL || v->suspect != MK_OK)
        return;
    f.owners = (v->roles & MK_ROLE_BIT(MK_ROLE_INSPECTOR)) != 0;
    tell_emergencies(v, each, ctx);
    rc = mk_snapshot_begin(v, NULL);
    if (rc == MK_OK) {
        rc = mk_named_read(v, &f.named, NULL);
        if (rc == MK_OK)
            rc = mk_sealed_walk(v, look, &f, NULL);
        mk_snapshot_end(v);
    }
    mk_named_all_release(&f.named);
    if (rc != MK_OK) {
        each(ctx, "caseload", false, mk_err_name(rc),
             "laat log controleer lopen", "run log verify");
        return;
    }
    if (f.owners)
        snprintf(value, sizeof value, "%zu", f.orphans);
    each(ctx, "orphans", f.orphans == 0, value,
         "laat een inspecteur ze overnemen, voor wie weg is: overdracht "
         "--van-wie NAAM --aan NAAM",
         "have an inspector take them over, for each who is gone: handover "
         "--from-person NAME --to-person NAME");
    tell_restricted(&f, each, ctx);
}
