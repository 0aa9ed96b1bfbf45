/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening a restricted dossier with the shares that were given. */
#include <string.h>

#include "core/emergency_impl.h"
#include "core/register.h"
#include "core/sealed.h"

static void given_release(struct mk_emergency_given *g)
{
    mk_shares_release(g->share, MK_RESTRICTED_MOST);
}

/* Does the list open with what shares i and j make? */
static enum mk_err try_pair(struct mk_vault *v,
                            const struct mk_dossier_row *row,
                            const struct mk_emergency_given *g, size_t i,
                            size_t j, struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_share pair[2] = {g->share[i], g->share[j]};
    struct mk_dek *dek = NULL;

    mk_secret_free(v->emergency.k);
    v->emergency.k = NULL;
    MK_TRY(mk_shares_combine(&v->emergency.k, pair, 2, diag));
    memcpy(v->emergency.dossier, row->id, MK_ID);
    rc = mk_sealed_key(v, row, &dek, diag);
    mk_dek_free(dek);
out:
    if (rc != MK_OK) {
        mk_secret_free(v->emergency.k);
        v->emergency.k = NULL;
    }
    return rc;
}

/* Any two that fit; else the last one given is told, whom no other fits. */
static enum mk_err combine(struct mk_vault *v,
                           const struct mk_dossier_row *row,
                           const struct mk_emergency_given *g,
                           struct mk_diag *diag)
{
    enum mk_err rc = MK_E_DAMAGED;

    for (size_t i = 0; i + 1 < g->n && rc == MK_E_DAMAGED; i++)
        for (size_t j = i + 1; j < g->n && rc == MK_E_DAMAGED; j++)
            rc = try_pair(v, row, g, i, j, diag);
    if (rc != MK_E_DAMAGED)
        return rc;
    return mk_fail(diag, MK_E_BAD_SHARE,
                   mk_emergency_name(v, g->giver[g->n - 1]));
}

enum mk_err mk_emergency_open(struct mk_vault *v,
                              const struct mk_dossier_row *row,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_emergency_lookup l = {.v = v, .dossier = row->id};
    struct mk_emergency_given g = {.v = v, .e = &l.e, .open = true};

    MK_TRY(mk_register_walk(v, MK_REGISTER_EMERGENCY_ASK,
                            mk_emergency_look_ask, &l, diag));
    if (!l.found) {
        rc = mk_fail(diag, MK_E_NOT_ASKED, NULL);
        goto out;
    }
    if (l.e.passed || l.e.dek_version != row->dek_version) {
        rc = mk_fail(diag, MK_E_EMERGENCY_OVER, NULL);
        goto out;
    }
    MK_TRY(mk_register_walk(v, MK_REGISTER_EMERGENCY_GRANT,
                            mk_emergency_look_grant, &g, diag));
    if (g.n < MK_RESTRICTED_THRESHOLD && g.has_bad) {
        rc = mk_fail(diag, MK_E_BAD_SHARE, mk_emergency_name(v, g.bad));
        goto out;
    }
    if (g.n < MK_RESTRICTED_THRESHOLD) {
        rc = mk_fail_at(diag, MK_E_FEW_SHARES, "emergency", 0, (int64_t)g.n,
                        MK_RESTRICTED_THRESHOLD);
        goto out;
    }
    MK_TRY(combine(v, row, &g, diag));
out:
    given_release(&g);
    return rc;
}
