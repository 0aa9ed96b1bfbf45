/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/stats_records.h"
#include "core/tx.h"

/* The entry that a count owes, committed before anything is read. */
static enum mk_err log_count(struct mk_vault *v,
                             const struct mk_access *access,
                             enum mk_audit kind, struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_log_item item = {
        .role = MK_ROLE_ANALYST,
        .kind = kind,
        .outcome = access->dry_run ? MK_OUTCOME_DRY_RUN : MK_OUTCOME_ASKED,
        .purpose = access->purpose,
        .mask = MK_SHOWN_FACTS,
        .count = v->head.n_stats,
    };

    MK_TRY(mk_vault_need(v, MK_ROLE_ANALYST, diag));
    MK_TRY(mk_log_now(v, &item, diag));
out:
    return rc;
}

enum mk_err mk_count(struct mk_vault *v, const struct mk_access *access,
                     const struct mk_count_request *request,
                     struct mk_cube *cube, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_stats_key key;
    const struct mk_as_of as_of = {
        .by_day = request->by_day,
        .by_position = request->by_position,
        .day = request->day,
        .position = request->position,
    };

    MK_TRY(log_count(v, access,
                     request->exact      ? MK_AUDIT_COUNT_EXACT
                     : request->internal ? MK_AUDIT_COUNT_INTERNAL
                                         : MK_AUDIT_COUNT,
                     diag));
    MK_TRY(mk_snapshot_begin(v, diag));
    rc = mk_vault_stats_key(v, &key, diag);
    if (rc == MK_OK)
        rc = mk_stats_count(v->store, &key, v->head.n_stats,
                            v->head.stats_root, v->head.n_dossiers, &as_of,
                            cube, diag);
    mk_snapshot_end(v);
out:
    return rc;
}

enum mk_err mk_count_vintages(struct mk_vault *v,
                              const struct mk_access *access,
                              struct mk_vintage *vintages, size_t n,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_stats_key key;

    MK_TRY(log_count(v, access, MK_AUDIT_COUNT, diag));
    MK_TRY(mk_snapshot_begin(v, diag));
    rc = mk_vault_stats_key(v, &key, diag);
    if (rc == MK_OK)
        rc = mk_stats_records(v->store, &key, v->head.n_stats,
                              v->head.stats_root, v->head.n_dossiers, vintages,
                              n, diag);
    mk_snapshot_end(v);
out:
    return rc;
}
