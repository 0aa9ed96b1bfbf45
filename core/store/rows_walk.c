/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store/rows_walk.h"

#include <stdlib.h>

const struct mk_table_root mk_row_tables[] = {
    {"dossier", MK_ROOT_DOSSIER}, {"entry", MK_ROOT_DOSSIER},
    {"log", MK_ROOT_LOG},         {"head", MK_ROOT_SIGNED},
    {"node", MK_ROOT_DERIVED},    {"stats_chunk", MK_ROOT_STATS},
    {"stats_row", MK_ROOT_STATS}, {"register", MK_ROOT_REGISTER},
    {"tail", MK_ROOT_DERIVED},    {"migration", MK_ROOT_SCHEMA},
    {"document", MK_ROOT_ITSELF}, {NULL, MK_ROOT_SCHEMA},
};

enum mk_err mk_walk_open(struct mk_walk **out, struct mk_store *st,
                         enum mk_query q, const struct mk_sql_value *params,
                         size_t n, struct mk_diag *diag)
{
    struct mk_walk *w = malloc(sizeof(*w));
    enum mk_err rc;

    *out = NULL;
    if (!w)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    *w = (struct mk_walk){.st = st, .q = q};
    rc = mk_query_start(st, q, params, n, diag);
    if (rc == MK_OK)
        *out = w;
    else
        free(w);
    return rc;
}

void mk_walk_close(struct mk_walk *w)
{
    if (!w)
        return;
    mk_query_finish(w->st, w->q);
    free(w);
}
