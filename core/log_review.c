/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/access.h"

enum mk_err mk_log_review(struct mk_vault *v, const struct mk_access *access,
                          uint64_t from, uint64_t to, unsigned conclusion,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_log_item item = {
        .role = MK_ROLE_AUDITOR,
        .kind = MK_AUDIT_LOG_REVIEW,
        .outcome = access->dry_run ? MK_OUTCOME_DRY_RUN : MK_OUTCOME_DONE,
        .purpose = mk_access_purpose(access, MK_ROLE_AUDITOR),
        .from = from,
        .to = to,
        .conclusion = conclusion,
    };

    MK_TRY(mk_vault_need(v, MK_ROLE_AUDITOR, diag));
    if (mk_code_get(MK_LIST_REVIEW, conclusion) == NULL ||
        conclusion >= MK_UNKNOWN_ONB) {
        rc = mk_fail(diag, MK_E_BAD_CODE, "--conclusion");
        goto out;
    }
    if (from > to || to >= v->head.log_size || to > INT64_MAX) {
        rc =
            mk_fail_at(diag, MK_E_RANGE, "log", 0, (int64_t)from, (int64_t)to);
        goto out;
    }
    mk_access_afresh(v);
    MK_TRY(mk_log_now(v, &item, diag));
out:
    return rc;
}
