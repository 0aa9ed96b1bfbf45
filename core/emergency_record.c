/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The records of emergency access in the register, read and written. */
#include <string.h>

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/emergency_impl.h"
#include "core/register.h"
#include "core/sealed.h"
#include "crypto/sign.h"

/* --- records --- */

#define AT_REQUESTER 36
#define AT_GIVER 28

void mk_emergency_put_ask(uint8_t out[static MK_EMERGENCY_ASK],
                          const struct mk_vault *v,
                          const struct mk_emergency *e)
{
    memcpy(out, "MKN1", 4);
    memcpy(out + 4, v->head.store, MK_ID);
    memcpy(out + 20, e->dossier, MK_ID);
    memcpy(out + 36, e->requester, MK_ID);
    mk_put_u64(out + 52, e->dek_version);
    mk_put_u16(out + 60, (uint16_t)e->reason);
    mk_put_u64(out + 62, (uint64_t)e->until_ms);
}

bool mk_emergency_get_ask(struct mk_emergency *e, const struct mk_vault *v,
                          const struct mk_register_row *row)
{
    const uint8_t *p = row->body.p;

    *e = (struct mk_emergency){.seq = row->seq};
    if (row->body.n != MK_EMERGENCY_ASK || memcmp(p, "MKN1", 4) != 0 ||
        memcmp(p + 4, v->head.store, MK_ID) != 0)
        return false;
    memcpy(e->dossier, p + 20, MK_ID);
    memcpy(e->requester, p + 36, MK_ID);
    e->dek_version = mk_get_u64(p + 52);
    e->reason = mk_get_u16(p + 60);
    e->until_ms = (int64_t)mk_get_u64(p + 62);
    e->passed = e->until_ms <= mk_clock_now();
    return true;
}

bool mk_emergency_is_by(const struct mk_register_row *row,
                        const uint8_t actor[static MK_ID])
{
    size_t at;

    if (row->kind == MK_REGISTER_EMERGENCY_ASK)
        at = AT_REQUESTER;
    else if (row->kind == MK_REGISTER_EMERGENCY_GRANT)
        at = AT_GIVER;
    else
        return true;
    return row->body.n >= at + MK_ID &&
           memcmp(row->body.p + at, actor, MK_ID) == 0;
}

struct grant {
    uint64_t seq;
    const uint8_t *giver;
    uint8_t number;
    const uint8_t *box;
};

static bool get_grant(struct grant *g, const struct mk_vault *v,
                      const struct mk_register_row *row)
{
    const uint8_t *p = row->body.p;

    if (row->body.n != MK_EMERGENCY_GRANT || memcmp(p, "MKN2", 4) != 0 ||
        memcmp(p + 4, v->head.store, MK_ID) != 0)
        return false;
    *g = (struct grant){mk_get_u64(p + 20), p + 28, p[44], p + 45};
    return true;
}

void mk_emergency_context(uint8_t out[static MK_EMERGENCY_CONTEXT],
                          const struct mk_vault *v,
                          const struct mk_emergency *e, uint8_t number)
{
    memcpy(out, "MKW1", 4);
    memcpy(out + 4, v->head.store, MK_ID);
    memcpy(out + 20, e->dossier, MK_ID);
    mk_put_u64(out + 36, e->seq);
    out[44] = number;
}

enum mk_err mk_emergency_bad(const struct mk_register_row *row,
                             struct mk_diag *diag)
{
    return mk_fail_at(diag, MK_E_TAMPERED, "register (emergency)", 0,
                      (int64_t)row->seq, 0);
}

/* --- looking --- */

const char *mk_emergency_name(const struct mk_vault *v,
                              const uint8_t id[static MK_ID])
{
    const struct mk_member *m = mk_keyring_by_id(v->keyring, id);

    return m != NULL ? m->name : "?";
}

enum mk_err mk_emergency_look_ask(void *ctx, const struct mk_register_row *row,
                                  struct mk_diag *diag)
{
    struct mk_emergency_lookup *l = ctx;
    struct mk_emergency e;

    if (!mk_emergency_get_ask(&e, l->v, row))
        return mk_emergency_bad(row, diag);
    if (l->dossier != NULL ? memcmp(e.dossier, l->dossier, MK_ID) == 0 &&
                                 memcmp(e.requester, l->v->my_id, MK_ID) == 0
                           : e.seq == l->seq) {
        l->found = true;
        l->e = e;
    }
    return MK_OK;
}

static bool counts(const struct mk_emergency_given *g,
                   const struct grant *grant)
{
    if (grant->seq != g->e->seq || g->n == MK_RESTRICTED_MOST ||
        memcmp(grant->giver, g->e->requester, MK_ID) == 0)
        return false;
    for (size_t i = 0; i < g->n; i++)
        if (g->number[i] == grant->number ||
            memcmp(g->giver[i], grant->giver, MK_ID) == 0)
            return false;
    return true;
}

enum mk_err mk_emergency_look_grant(void *ctx,
                                    const struct mk_register_row *row,
                                    struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_emergency_given *g = ctx;
    struct grant grant;
    uint8_t context[MK_EMERGENCY_CONTEXT];

    if (!get_grant(&grant, g->v, row))
        return mk_emergency_bad(row, diag);
    if (!counts(g, &grant))
        return MK_OK;
    memcpy(g->giver[g->n], grant.giver, MK_ID);
    g->number[g->n] = grant.number;
    mk_emergency_context(context, g->v, g->e, grant.number);
    if (g->open) {
        rc = mk_box_open_secret(&g->share[g->n].bytes, g->v->who.box, context,
                                sizeof context, grant.box, MK_EMERGENCY_BOX,
                                diag);
        g->share[g->n].number = grant.number;
        if (rc == MK_E_DAMAGED) { /* two others may fit */
            if (!g->has_bad)
                memcpy(g->bad, grant.giver, MK_ID);
            g->has_bad = true;
            return MK_OK;
        }
    }
    if (rc == MK_OK)
        g->n++;
    return rc;
}

enum mk_err mk_emergency_row(struct mk_vault *v,
                             const uint8_t id[static MK_ID],
                             struct mk_dossier_row *row, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_dossier_ref ref;
    bool found;

    memcpy(ref.lo, id, MK_ID);
    memcpy(ref.hi, id, MK_ID);
    MK_TRY(mk_sealed_find(v, &ref, &found, row, diag));
    if (!found)
        rc = mk_fail(diag, MK_E_NOT_FOUND, "dossier");
out:
    return rc;
}
