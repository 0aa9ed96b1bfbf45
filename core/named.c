/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/named.h"

#include <string.h>

#include "core/register.h"
#include "core/tag.h"

#define AT_DOSSIER (4 + MK_ID)
#define AT_PEOPLE (AT_DOSSIER + MK_ID)
#define AT_N (AT_PEOPLE + MK_ID)

static const uint8_t nobody[MK_ID];

bool mk_named_has(const struct mk_named *named, const uint8_t id[static MK_ID])
{
    for (size_t i = 0; i < named->n; i++)
        if (memcmp(named->member[i], id, MK_ID) == 0)
            return true;
    return false;
}

void mk_named_all_release(struct mk_named_all *all)
{
    mk_buf_release(&all->newest);
}

/* --- the record --- */

static bool decode(struct mk_named *out, const uint8_t store[static MK_ID],
                   const struct mk_register_row *row)
{
    const uint8_t *p = row->body.p;

    *out = (struct mk_named){.seq = row->seq};
    if (row->body.n < MK_NAMED_HEAD || memcmp(p, "MKN3", 4) != 0 ||
        memcmp(p + 4, store, MK_ID) != 0 || p[AT_N] > MK_RESTRICTED_MOST ||
        row->body.n != MK_NAMED_HEAD + (size_t)p[AT_N] * MK_ID)
        return false;
    out->n = p[AT_N];
    memcpy(out->dossier, p + AT_DOSSIER, MK_ID);
    memcpy(out->people, p + AT_PEOPLE, MK_ID);
    memcpy(out->member, p + MK_NAMED_HEAD, out->n * MK_ID);
    return out->n != 0 || memcmp(out->people, nobody, MK_ID) == 0;
}

static enum mk_err encode(uint8_t out[static MK_NAMED_MAX], size_t *n,
                          const uint8_t store[static MK_ID],
                          const struct mk_dossier_row *row,
                          struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_restricted r = {.n_named = 0};

    memset(out, 0, MK_NAMED_MAX);
    memcpy(out, "MKN3", 4);
    memcpy(out + 4, store, MK_ID);
    memcpy(out + AT_DOSSIER, row->id, MK_ID);
    if (mk_restricted_is(row)) {
        MK_TRY(mk_restricted_read(&r, row, diag));
        mk_restricted_people(out + AT_PEOPLE, r.boxes);
    }
    out[AT_N] = (uint8_t)r.n_named;
    for (size_t i = 0; i < r.n_named; i++)
        memcpy(out + MK_NAMED_HEAD + i * MK_ID, mk_restricted_name(&r, i),
               MK_ID);
    *n = MK_NAMED_HEAD + r.n_named * MK_ID;
out:
    return rc;
}

/* --- all of them --- */

static struct mk_named *find(const struct mk_named_all *all,
                             const uint8_t dossier[static MK_ID])
{
    struct mk_named *v = (void *)all->newest.data;

    for (size_t i = 0; i < all->newest.len / sizeof *v; i++)
        if (memcmp(v[i].dossier, dossier, MK_ID) == 0)
            return &v[i];
    return NULL;
}

const struct mk_named *mk_named_of(const struct mk_named_all *all,
                                   const uint8_t dossier[static MK_ID])
{
    return find(all, dossier);
}

static bool may_follow(const struct mk_named *before,
                       const uint8_t actor[static MK_ID])
{
    return before == NULL || before->n == 0 || mk_named_has(before, actor);
}

enum mk_err mk_named_take(struct mk_named_all *all,
                          const uint8_t store[static MK_ID],
                          const struct mk_register_row *row,
                          const uint8_t *actor, struct mk_diag *diag)
{
    struct mk_named next;
    struct mk_named *before;

    if (!decode(&next, store, row))
        return mk_fail_at(diag, MK_E_TAMPERED, "register (who is named)", 0,
                          (int64_t)row->seq, 0);
    before = find(all, next.dossier);
    if (actor != NULL && !may_follow(before, actor))
        return mk_fail_at(diag, MK_E_NOT_ALLOWED_HEAD,
                          "register (who is named)", 0, (int64_t)row->seq,
                          row->kind);
    if (before == NULL)
        return mk_buf_add(&all->newest, &next, sizeof next);
    *before = next;
    return MK_OK;
}

struct reading {
    struct mk_vault *v;
    struct mk_named_all *all;
};

static enum mk_err take_proven(void *ctx, const struct mk_register_row *row,
                               struct mk_diag *diag)
{
    struct reading *r = ctx;

    return mk_named_take(r->all, mk_keyring_store(r->v->keyring), row, NULL,
                         diag);
}

enum mk_err mk_named_read(struct mk_vault *v, struct mk_named_all *all,
                          struct mk_diag *diag)
{
    struct reading r = {v, all};

    mk_buf_clear(&all->newest);
    return mk_register_walk(v, MK_REGISTER_NAMED, take_proven, &r, diag);
}

/* --- rows --- */

bool mk_named_fits(const struct mk_named_all *all,
                   const struct mk_dossier_row *row)
{
    const struct mk_named *named = mk_named_of(all, row->id);
    struct mk_restricted r;
    uint8_t people[MK_ID];

    if (row->dek.p == NULL) /* a tombstone */
        return true;
    if (!mk_restricted_is(row))
        return named == NULL || named->n == 0;
    if (named == NULL || mk_restricted_read(&r, row, NULL) != MK_OK)
        return false;
    mk_restricted_people(people, r.boxes);
    return memcmp(people, named->people, MK_ID) == 0;
}

enum mk_err mk_named_check(struct mk_vault *v,
                           const struct mk_dossier_row *row,
                           struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_named_all all = MK_NAMED_ALL_INIT;
    char tag[MK_TAG_TEXT];

    MK_TRY(mk_named_read(v, &all, diag));
    mk_tag_format(tag, row->id);
    if (!mk_named_fits(&all, row))
        rc = mk_fail(diag, MK_E_NAMED, tag);
out:
    mk_named_all_release(&all);
    return rc;
}

enum mk_err mk_named_append(struct mk_tx *tx, const struct mk_dossier_row *row,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_vault *v = tx->v;
    struct mk_named_all all = MK_NAMED_ALL_INIT;
    uint8_t body[MK_NAMED_MAX];
    size_t n;

    MK_TRY(mk_named_read(v, &all, diag));
    if (!may_follow(mk_named_of(&all, row->id), v->my_id)) {
        rc = mk_fail(diag, MK_E_RESTRICTED, "dossier");
        goto out;
    }
    MK_TRY(encode(body, &n, v->head.store, row, diag));
    MK_TRY(mk_tx_register(tx, MK_REGISTER_NAMED, body, n, diag));
out:
    mk_named_all_release(&all);
    return rc;
}
