/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/register.h"

#include "core/emergency_impl.h"
#include "core/named.h"

#include <string.h>

#include "core/base/bytes.h"
#include "crypto/envelope.h"
#include "crypto/hash.h"

void mk_register_chain(uint8_t chain[static MK_HASH],
                       const struct mk_register_row *row)
{
    static const char label[] = "mk1/register";
    uint8_t fixed[12];
    uint8_t body[MK_HASH];

    mk_put_u64(fixed, row->seq);
    mk_put_u32(fixed + 8, row->kind);
    mk_sha256(body, row->body.p, row->body.n);
    mk_sha256_parts(chain,
                    (const struct mk_part[]){
                        {label, sizeof label - 1},
                        {chain, MK_HASH},
                        {fixed, sizeof fixed},
                        {body, sizeof body},
                    },
                    4);
}

/* May actor bring row, by its kind and by whom it names? */
static enum mk_err judge(const struct mk_register_row *row, uint32_t kinds,
                         const uint8_t actor[static MK_ID],
                         struct mk_diag *diag)
{
    const char *place = NULL;

    if (row->kind >= 32 || (kinds & UINT32_C(1) << row->kind) == 0)
        place = "register (kind)";
    else if (!mk_emergency_is_by(row, actor))
        place = "register (another's name)";
    return place == NULL ? MK_OK
                         : mk_fail_at(diag, MK_E_NOT_ALLOWED_HEAD, place, 0,
                                      (int64_t)row->seq, row->kind);
}

enum mk_err mk_register_prove(struct mk_vault *v, uint64_t from, uint64_t to,
                              uint32_t kinds,
                              const uint8_t actor[static MK_ID],
                              uint8_t chain[static MK_HASH],
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *walk = NULL;
    struct mk_register_row row;
    struct mk_named_all named = MK_NAMED_ALL_INIT;
    const uint8_t *store = mk_keyring_store(v->keyring);
    uint64_t expected = 0;
    bool more;

    MK_TRY(mk_walk_register(&walk, v->store, diag));
    while (expected < to) {
        MK_TRY(mk_walk_register_row(walk, &more, &row, diag));
        if (!more || row.seq != expected) {
            rc = mk_fail_at(diag, MK_E_TAMPERED, "register", 0,
                            (int64_t)expected, 0);
            goto out;
        }
        if (expected >= from)
            MK_TRY(judge(&row, kinds, actor, diag));
        if (row.kind == MK_REGISTER_NAMED)
            MK_TRY(mk_named_take(&named, store, &row,
                                 expected >= from ? actor : NULL, diag));
        if (expected++ < from)
            continue;
        mk_register_chain(chain, &row);
        if (memcmp(chain, row.chain, MK_HASH) != 0) {
            rc = mk_fail_at(diag, MK_E_TAMPERED, "register", 0,
                            (int64_t)row.seq, 0);
            goto out;
        }
    }
out:
    mk_walk_close(walk);
    mk_named_all_release(&named);
    return rc;
}

enum mk_err mk_register_find(struct mk_vault *v, enum mk_register_kind kind,
                             mk_register_test *test, const void *ctx,
                             bool *found, struct mk_buf *body,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *walk = NULL;
    struct mk_register_row row;
    uint8_t chain[MK_HASH] = {0};
    uint64_t n = 0;
    bool more;

    *found = false;
    MK_TRY(mk_walk_register(&walk, v->store, diag));
    for (;;) {
        MK_TRY(mk_walk_register_row(walk, &more, &row, diag));
        if (!more)
            break;
        mk_register_chain(chain, &row);
        n++;
        if (*found || row.kind != (uint32_t)kind ||
            (test != NULL && !test(ctx, &row.body)))
            continue;
        mk_buf_clear(body);
        MK_TRY(mk_buf_add(body, row.body.p, row.body.n));
        *found = true;
    }
    if (n != v->head.n_register ||
        memcmp(chain, v->head.register_root, MK_HASH) != 0)
        rc = mk_fail(diag, MK_E_TAMPERED, "register");
out:
    mk_walk_close(walk);
    return rc;
}

/* The chain behind each row, one hash a row; the last is register_root. */
static enum mk_err gather_chains(struct mk_vault *v, struct mk_buf *chains,
                                 struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *walk = NULL;
    struct mk_register_row row;
    uint8_t chain[MK_HASH] = {0};
    uint64_t n = 0;
    bool more;

    MK_TRY(mk_walk_register(&walk, v->store, diag));
    for (;;) {
        MK_TRY(mk_walk_register_row(walk, &more, &row, diag));
        if (!more)
            break;
        mk_register_chain(chain, &row);
        MK_TRY(mk_buf_add(chains, chain, MK_HASH));
        n++;
    }
    if (n != v->head.n_register ||
        memcmp(chain, v->head.register_root, MK_HASH) != 0)
        rc = mk_fail(diag, MK_E_TAMPERED, "register");
out:
    mk_walk_close(walk);
    return rc;
}

enum mk_err mk_register_walk(struct mk_vault *v, enum mk_register_kind kind,
                             mk_register_each *each, void *ctx,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *walk = NULL;
    struct mk_register_row row;
    struct mk_buf chains = MK_BUF_INIT;
    uint8_t chain[MK_HASH] = {0};
    bool more;

    MK_TRY(gather_chains(v, &chains, diag));
    MK_TRY(mk_walk_register(&walk, v->store, diag));
    for (size_t at = 0; at < chains.len; at += MK_HASH) {
        MK_TRY(mk_walk_register_row(walk, &more, &row, diag));
        if (more)
            mk_register_chain(chain, &row);
        if (!more || memcmp(chain, chains.data + at, MK_HASH) != 0) {
            rc = mk_fail(diag, MK_E_TAMPERED, "register");
            goto out;
        }
        if (row.kind == (uint32_t)kind)
            MK_TRY(each(ctx, &row, diag));
    }
out:
    mk_walk_close(walk);
    mk_buf_release(&chains);
    return rc;
}

static void tag_key_aad(uint8_t out[static MK_AAD], const struct mk_vault *v,
                        const uint8_t rd_id[static MK_ID])
{
    struct mk_place place = {
        .table = MK_TABLE_REGISTER,
        .column = MK_COL_REGISTER_BODY,
        .version = MK_REGISTER_TAG_KEY,
    };

    memcpy(place.key_id, rd_id, MK_ID);
    mk_aad(out, "MKW1", mk_keyring_store(v->keyring), &place);
}

enum mk_err mk_tag_key_wrap(const struct mk_vault *v,
                            const struct mk_secret *ktag,
                            const struct mk_secret *rd,
                            const uint8_t rd_id[static MK_ID], uint32_t rd_gen,
                            struct mk_buf *body)
{
    enum mk_err rc;
    uint8_t aad[MK_AAD];

    tag_key_aad(aad, v, rd_id);
    MK_TRY(mk_buf_add(body, rd_id, MK_ID));
    MK_TRY(mk_env_wrap(body, rd, rd_gen, aad, sizeof aad, ktag));
out:
    return rc;
}

enum mk_err mk_tag_key_make(const struct mk_vault *v, struct mk_buf *body)
{
    enum mk_err rc;
    struct mk_secret *ktag = mk_secret_random(MK_KEY);

    if (ktag == NULL)
        return MK_E_MEMORY;
    rc = mk_tag_key_wrap(v, ktag, v->keys[MK_KEY_RD], v->key_ids[MK_KEY_RD],
                         v->key_gens[MK_KEY_RD], body);
    mk_secret_free(ktag);
    return rc;
}

static bool wrapped_under(const void *ctx, const struct mk_blob *body)
{
    return body->n > MK_ID && memcmp(body->p, ctx, MK_ID) == 0;
}

enum mk_err mk_tag_key_load(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_buf body = MK_BUF_INIT;
    uint8_t aad[MK_AAD];
    bool found;

    if (v->ktag != NULL)
        return MK_OK;
    MK_TRY(mk_register_find(v, MK_REGISTER_TAG_KEY, wrapped_under,
                            v->key_ids[MK_KEY_RD], &found, &body, diag));
    if (!found) {
        rc = mk_fail(diag, MK_E_DAMAGED, "register (tag key)");
        goto out;
    }
    tag_key_aad(aad, v, v->key_ids[MK_KEY_RD]);
    rc = mk_env_unwrap(&v->ktag, v->keys[MK_KEY_RD], aad, sizeof aad,
                       body.data + MK_ID, body.len - MK_ID, diag);
out:
    mk_buf_release(&body);
    return rc;
}
