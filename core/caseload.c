/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/caseload.h"

#include <string.h>

bool mk_caseload_has(const struct mk_vault *v,
                     const uint8_t owner[static MK_ID])
{
    return memcmp(owner, v->my_id, MK_ID) == 0;
}
