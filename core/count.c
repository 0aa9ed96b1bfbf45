/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/stats_compare.h"
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

/* How vintages are counted: mk_stats_records or mk_stats_compare. */
typedef enum mk_err by_vintage(struct mk_store *st,
                               const struct mk_stats_key *key, uint64_t n,
                               const uint8_t root[static MK_HASH],
                               uint64_t n_dossiers,
                               struct mk_vintage *vintages, size_t n_vintages,
                               struct mk_diag *diag);

static enum mk_err count_by(struct mk_vault *v, const struct mk_access *access,
                            enum mk_audit kind, by_vintage *count,
                            struct mk_vintage *vintages, size_t n,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_stats_key key;

    MK_TRY(log_count(v, access, kind, diag));
    MK_TRY(mk_snapshot_begin(v, diag));
    rc = mk_vault_stats_key(v, &key, diag);
    if (rc == MK_OK)
        rc = count(v->store, &key, v->head.n_stats, v->head.stats_root,
                   v->head.n_dossiers, vintages, n, diag);
    mk_snapshot_end(v);
out:
    return rc;
}

enum mk_err mk_count_vintages(struct mk_vault *v,
                              const struct mk_access *access, bool internal,
                              struct mk_vintage *vintages, size_t n,
                              struct mk_diag *diag)
{
    return count_by(v, access,
                    internal ? MK_AUDIT_COUNT_INTERNAL : MK_AUDIT_COUNT,
                    mk_stats_records, vintages, n, diag);
}

enum mk_err mk_count_compare(struct mk_vault *v,
                             const struct mk_access *access,
                             struct mk_vintage *vintages, size_t n,
                             struct mk_diag *diag)
{
    return count_by(v, access, MK_AUDIT_COUNT_COMPARE, mk_stats_compare,
                    vintages, n, diag);
}
