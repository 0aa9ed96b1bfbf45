/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/caseload.h"

bool mk_caseload_has(const struct mk_vault *v, const struct mk_owners *owners)
{
    return mk_owners_has(owners, v->my_id);
}
