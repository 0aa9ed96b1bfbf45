/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/verify/named.h"

#include <string.h>

#include "core/base/bytes.h"

/* Places in the bodies. */
#define DOSSIER 20   /* of kinds 7 and 14 */
#define DESTROYED 29 /* the dossier, of kind 13 */
#define DESTROYED_MIN 45
#define ASKER 36
#define ASKING 20 /* seq of it, of kind 8 */
#define GIVER 28

/* An asking, with the first of who gave. */
struct asking {
    uint64_t seq;
    const uint8_t *dossier, *asker, *giver;
    bool open; /* two gave */
};

void mk_vf_named_release(struct mk_vf_named *n)
{
    mk_buf_release(&n->newest);
    mk_buf_release(&n->asked);
}

static bool same(const uint8_t *a, const uint8_t *b)
{
    return memcmp(a, b, MK_ID) == 0;
}

static bool names(const struct mk_vf_row *row, const uint8_t *who)
{
    for (size_t i = 0; i < row->n_named; i++)
        if (same(row->named + i * MK_ID, who))
            return true;
    return false;
}

static enum mk_err take_names(struct mk_vf_named *n,
                              const struct mk_vf_row *row,
                              const uint8_t actor[static MK_ID], bool *allowed)
{
    struct mk_vf_row *v = (void *)n->newest.data;

    for (size_t i = 0; i < n->newest.len / sizeof *v; i++)
        if (same(v[i].dossier, row->dossier)) {
            *allowed = v[i].n_named == 0 || names(&v[i], actor);
            v[i] = *row;
            return MK_OK;
        }
    return mk_buf_add(&n->newest, row, sizeof *row);
}

static void take_share(struct mk_vf_named *n, const struct mk_vf_row *row)
{
    struct asking *v = (void *)n->asked.data;
    const uint64_t seq = mk_get_u64(row->body + ASKING);
    const uint8_t *giver = row->body + GIVER;

    for (size_t i = 0; i < n->asked.len / sizeof *v; i++) {
        if (v[i].seq != seq || same(giver, v[i].asker))
            continue;
        if (v[i].giver == NULL)
            v[i].giver = giver;
        else if (!same(v[i].giver, giver))
            v[i].open = true;
    }
}

static void close_all(struct mk_vf_named *n, const uint8_t *dossier)
{
    struct asking *v = (void *)n->asked.data;
    size_t kept = 0;

    for (size_t i = 0; i < n->asked.len / sizeof *v; i++)
        if (!same(v[i].dossier, dossier))
            v[kept++] = v[i];
    n->asked.len = kept * sizeof *v;
}

enum mk_err mk_vf_named_take(struct mk_vf_named *n,
                             const struct mk_vf_row *row,
                             const uint8_t actor[static MK_ID], bool *allowed)
{
    const struct asking asking = {.seq = row->seq,
                                  .dossier = row->body + DOSSIER,
                                  .asker = row->body + ASKER};

    *allowed = true;
    switch (row->kind) {
    case MK_VF_ROW_EMERGENCY_ASK:
        return mk_buf_add(&n->asked, &asking, sizeof asking);
    case MK_VF_ROW_EMERGENCY_GRANT:
        take_share(n, row);
        return MK_OK;
    case MK_VF_ROW_DESTROYED:
        if (row->n >= DESTROYED_MIN)
            close_all(n, row->body + DESTROYED);
        return MK_OK;
    case MK_VF_ROW_NAMED:
        close_all(n, row->dossier);
        return take_names(n, row, actor, allowed);
    default:
        return MK_OK;
    }
}

void mk_vf_named_end(const struct mk_vf_named *n, struct mk_vf_report *report)
{
    const struct asking *v = (const void *)n->asked.data;
    struct mk_vf_finding open = {.code = MK_VF_EMERGENCY_OPEN};

    for (size_t i = 0; i < n->asked.len / sizeof *v; i++) {
        open.a = v[i].seq;
        if (v[i].open)
            mk_vf_found(report, &open);
    }
}
