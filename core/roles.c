/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/keyring.h"

#include <string.h>

struct role_row {
    const char *slug;
    const char *nl;
    const char *en;
};

static const struct role_row rows[MK_ROLE_MAX] = {
#define MK_ROLE(number, NAME, slug, nl, en) [number] = {slug, nl, en},
#include "core/defs/roles.def"
#undef MK_ROLE
};

static const unsigned conflicts[] = {
    MK_ROLE_BIT(MK_ROLE_INSPECTOR) | MK_ROLE_BIT(MK_ROLE_AUDITOR),
    MK_ROLE_BIT(MK_ROLE_CUSTODIAN) | MK_ROLE_BIT(MK_ROLE_INSPECTOR),
    MK_ROLE_BIT(MK_ROLE_CUSTODIAN) | MK_ROLE_BIT(MK_ROLE_AUDITOR),
};

const char *mk_role_slug(enum mk_role r)
{
    return (unsigned)r < MK_ROLE_MAX && rows[r].slug ? rows[r].slug : "";
}

const char *mk_role_label(enum mk_role r, bool english)
{
    if (mk_role_slug(r)[0] == '\0')
        return "";
    return english ? rows[r].en : rows[r].nl;
}

enum mk_role mk_role_find(const char *slug, size_t n)
{
    for (unsigned r = 1; r < MK_ROLE_MAX; r++) {
        const char *const names[] = {rows[r].slug, rows[r].nl, rows[r].en};
        for (size_t i = 0; i < 3; i++)
            if (names[i] && strlen(names[i]) == n &&
                memcmp(names[i], slug, n) == 0)
                return (enum mk_role)r;
    }
    return MK_ROLE_NONE;
}

bool mk_roles_compatible(unsigned roles)
{
    for (size_t i = 0; i < sizeof conflicts / sizeof *conflicts; i++)
        if ((roles & conflicts[i]) == conflicts[i])
            return false;
    return true;
}

#define KIND(k) (1u << MK_KEY_##k)

unsigned mk_role_keys(enum mk_role r)
{
    switch (r) {
    case MK_ROLE_CUSTODIAN:
        return KIND(DBK);
    case MK_ROLE_INSPECTOR:
        return KIND(DBK) | KIND(RD) | KIND(RS);
    case MK_ROLE_ANALYST:
        return KIND(DBK) | KIND(RS);
    case MK_ROLE_AUDITOR:
        return KIND(DBK) | KIND(RL);
    case MK_ROLE_NONE:
    case MK_ROLE_MAX:
        break;
    }
    return 0;
}
