/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Releases in the register.
 *
 *   body   key id of R_S 16 | envelope, padded as narrative, of
 *          version u8=1 | time_ms u64 | actor 16 | record
 *   aad    "MKA1", table 6, column 2, row = 8 zeros | seq u64, version 1,
 *          key id of R_S
 */
#include "core/release.h"

#include <string.h>

#include "core/access.h"
#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/register.h"
#include "core/tx.h"
#include "crypto/envelope.h"
#include "crypto/kdf.h"

#define VERSION 1
#define BEFORE (1 + 8 + MK_ID) /* bytes before the record */

static void release_aad(uint8_t out[static MK_AAD], const struct mk_vault *v,
                        uint64_t seq, const uint8_t key_id[static MK_ID])
{
    struct mk_place place = {
        .table = MK_TABLE_REGISTER,
        .column = MK_COL_REGISTER_RELEASE,
        .version = 1,
    };

    mk_put_u64(place.row + MK_ID - 8, seq);
    memcpy(place.key_id, key_id, MK_ID);
    mk_aad(out, "MKA1", mk_keyring_store(v->keyring), &place);
}

static enum mk_err seal(const struct mk_vault *v, uint64_t seq,
                        const struct mk_release *r, const void *text, size_t n,
                        struct mk_buf *body)
{
    enum mk_err rc;
    struct mk_buf plain = MK_BUF_INIT;
    uint8_t aad[MK_AAD];

    MK_TRY(mk_buf_add_u8(&plain, VERSION));
    MK_TRY(mk_buf_add_u64(&plain, (uint64_t)r->time_ms));
    MK_TRY(mk_buf_add(&plain, r->actor, MK_ID));
    MK_TRY(mk_buf_add(&plain, text, n));
    release_aad(aad, v, seq, v->key_ids[MK_KEY_RS]);
    MK_TRY(mk_buf_add(body, v->key_ids[MK_KEY_RS], MK_ID));
    MK_TRY(mk_env_seal_padded(body, MK_PAD_NARRATIVE, v->keys[MK_KEY_RS],
                              v->key_gens[MK_KEY_RS], aad, sizeof aad,
                              plain.data, plain.len));
out:
    mk_buf_release(&plain);
    return rc;
}

/* plain gets all that was sealed; the record begins at BEFORE. */
static enum mk_err open_row(struct mk_vault *v,
                            const struct mk_register_row *row,
                            struct mk_release *r, struct mk_buf *plain,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t aad[MK_AAD];
    struct mk_diag why = MK_DIAG_INIT;
    const struct mk_generations *all;
    const struct mk_generation *g = NULL;

    rc = mk_vault_generations(v, MK_KEY_RS, &all, diag);
    if (rc != MK_OK)
        return rc;
    if (row->body.n > MK_ID)
        g = mk_generation_by_id(all, row->body.p);
    rc = MK_E_DAMAGED;
    if (g != NULL) {
        release_aad(aad, v, row->seq, g->id);
        rc = mk_env_open_padded(plain, g->secret, aad, sizeof aad,
                                row->body.p + MK_ID, row->body.n - MK_ID,
                                &why);
    }
    if (rc == MK_OK && (plain->len < BEFORE || plain->data[0] != VERSION))
        rc = MK_E_DAMAGED;
    if (rc == MK_OK)
        rc = mk_release_parse(r, plain->data + BEFORE, plain->len - BEFORE,
                              &why);
    if (rc == MK_OK) {
        r->time_ms = (int64_t)mk_get_u64(plain->data + 1);
        memcpy(r->actor, plain->data + 9, MK_ID);
        return MK_OK;
    }
    return mk_fail_at(diag, rc == MK_E_MEMORY ? rc : MK_E_DAMAGED,
                      "register (release)", 0, (int64_t)row->seq, 0);
}

/* --- walking --- */

struct walk {
    struct mk_vault *v;
    mk_release_each *each;
    void *ctx;
    struct mk_buf plain;
};

static enum mk_err give(void *ctx, const struct mk_register_row *row,
                        struct mk_diag *diag)
{
    enum mk_err rc;
    struct walk *w = ctx;
    struct mk_release r;

    MK_TRY(open_row(w->v, row, &r, &w->plain, diag));
    MK_TRY(w->each(w->ctx, &r, w->plain.data + BEFORE, w->plain.len - BEFORE));
out:
    return rc;
}

/* In a snapshot or a transaction. */
static enum mk_err walk_all(struct mk_vault *v, mk_release_each *each,
                            void *ctx, struct mk_diag *diag)
{
    struct walk w = {.v = v, .each = each, .ctx = ctx, .plain = MK_BUF_INIT};
    enum mk_err rc = mk_register_walk(v, MK_REGISTER_RELEASE, give, &w, diag);

    mk_buf_release(&w.plain);
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, "register") : rc;
}

static struct mk_log_item an_entry(const struct mk_access *access,
                                   enum mk_audit kind, enum mk_outcome outcome)
{
    return (struct mk_log_item){
        .role = MK_ROLE_ANALYST,
        .kind = kind,
        .outcome = access->dry_run ? MK_OUTCOME_DRY_RUN : outcome,
        .purpose = mk_access_purpose(access, MK_ROLE_ANALYST),
        .mask = kind == MK_AUDIT_RELEASE_LIST ? 0 : MK_SHOWN_FACTS,
    };
}

/* The entry first, then what was asked for. */
static enum mk_err ask_and_walk(struct mk_vault *v,
                                const struct mk_access *access,
                                enum mk_audit kind, mk_release_each *each,
                                void *ctx, struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_log_item item = an_entry(access, kind, MK_OUTCOME_ASKED);

    MK_TRY(mk_vault_need(v, MK_ROLE_ANALYST, diag));
    MK_TRY(mk_log_now(v, &item, diag));
    MK_TRY(mk_snapshot_begin(v, diag));
    rc = walk_all(v, each, ctx, diag);
    mk_snapshot_end(v);
out:
    return rc;
}

enum mk_err mk_release_list(struct mk_vault *v, const struct mk_access *access,
                            bool check, mk_release_each *each, void *ctx,
                            struct mk_diag *diag)
{
    return ask_and_walk(v, access,
                        check ? MK_AUDIT_RELEASE_CHECK : MK_AUDIT_RELEASE_LIST,
                        each, ctx, diag);
}

struct wanted {
    const char *name;
    struct mk_release *out;
    struct mk_buf *text;
    bool found;
};

static enum mk_err take_wanted(void *ctx, const struct mk_release *r,
                               const void *text, size_t n)
{
    struct wanted *w = ctx;

    if (w->found || strcmp(r->name, w->name) != 0)
        return MK_OK;
    w->found = true;
    *w->out = *r;
    mk_buf_clear(w->text);
    return mk_buf_add(w->text, text, n);
}

enum mk_err mk_release_get(struct mk_vault *v, const struct mk_access *access,
                           const char *name, struct mk_release *out,
                           struct mk_buf *text, struct mk_diag *diag)
{
    enum mk_err rc;
    struct wanted w = {.name = name, .out = out, .text = text};

    if (!mk_release_name_ok(name))
        return mk_fail(diag, MK_E_BAD_NAME, "name");
    MK_TRY(
        ask_and_walk(v, access, MK_AUDIT_RELEASE_SHOW, take_wanted, &w, diag));
    if (!w.found)
        rc = mk_fail(diag, MK_E_NO_RELEASE, name);
out:
    return rc;
}

/* --- appending --- */

/* What there is already, as far as a new one has to agree with it. */
struct before {
    const struct mk_release *fresh;
    uint64_t n;
    bool named;
    uint64_t frozen[MK_CUBE_YEARS]; /* by year of fresh */
    bool is_frozen[MK_CUBE_YEARS];
};

static enum mk_err compare(void *ctx, const struct mk_release *r,
                           const void *text, size_t n)
{
    struct before *b = ctx;

    (void)text;
    (void)n;
    b->n++;
    b->named = b->named || strcmp(r->name, b->fresh->name) == 0;
    for (size_t y = 0; y < b->fresh->n_years; y++) {
        uint64_t position;

        if (b->fresh->school_year != r->school_year ||
            !mk_release_frozen(r, 1, b->fresh->years[y], r->school_year,
                               &position) ||
            (b->is_frozen[y] && r->kind != MK_RELEASE_REVISION))
            continue;
        b->is_frozen[y] = true;
        b->frozen[y] = position;
    }
    return MK_OK;
}

static enum mk_err check_positions(const struct before *b, uint64_t n_stats,
                                   struct mk_diag *diag)
{
    const struct mk_release *r = b->fresh;

    for (size_t y = 0; y < r->n_years; y++) {
        uint64_t lowest = b->is_frozen[y] ? b->frozen[y] : 0;

        if (b->is_frozen[y] && r->kind != MK_RELEASE_REVISION &&
            r->positions[y] != b->frozen[y])
            return mk_fail_at(diag, MK_E_FROZEN, "positions", 0, r->years[y],
                              (int64_t)b->frozen[y]);
        if (r->positions[y] < lowest || r->positions[y] > n_stats)
            return mk_fail_at(diag, MK_E_BAD_NUMBER, "positions", 0,
                              (int64_t)lowest, (int64_t)n_stats);
    }
    return MK_OK;
}

static enum mk_err check_new(struct mk_vault *v, const struct mk_release *r,
                             uint64_t known, struct mk_diag *diag)
{
    enum mk_err rc;
    struct before b = {.fresh = r};

    MK_TRY(walk_all(v, compare, &b, diag));
    if (b.named)
        rc = mk_fail(diag, MK_E_EXISTS, r->name);
    else if (b.n != known)
        rc = mk_fail(diag, MK_E_RELEASED_SINCE, NULL);
    else
        rc = check_positions(&b, v->head.n_stats, diag);
out:
    return rc;
}

enum mk_err mk_release_append(struct mk_vault *v,
                              const struct mk_access *access, const void *text,
                              size_t n, uint64_t known, struct mk_release *out,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx = {.v = NULL};
    struct mk_release r;
    struct mk_buf body = MK_BUF_INIT;
    const struct mk_log_item item =
        an_entry(access, MK_AUDIT_RELEASE_APPEND, MK_OUTCOME_DONE);

    MK_TRY(mk_vault_need(v, MK_ROLE_ANALYST, diag));
    MK_TRY(mk_release_parse(&r, text, n, diag));
    r.time_ms = mk_clock_now();
    memcpy(r.actor, v->my_id, MK_ID);
    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    MK_TRY(check_new(v, &r, known, diag));
    if (!access->dry_run) {
        MK_TRY(seal(v, tx.next.n_register, &r, text, n, &body));
        MK_TRY(mk_tx_register(&tx, MK_REGISTER_RELEASE, body.data, body.len,
                              diag));
    }
    MK_TRY(mk_tx_leaf(&tx, &item, diag));
    MK_TRY(mk_tx_commit(&tx, diag));
    if (out != NULL)
        *out = r;
out:
    mk_tx_abort(&tx);
    mk_buf_release(&body);
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, "register") : rc;
}

enum mk_err mk_release_round_key(struct mk_vault *v, struct mk_secret **out,
                                 struct mk_diag *diag)
{
    static const char info[] = "mk1/round";
    enum mk_err rc;
    const struct mk_generations *all;

    MK_TRY(mk_vault_need(v, MK_ROLE_ANALYST, diag));
    MK_TRY(mk_vault_generations(v, MK_KEY_RS, &all, diag));
    /* of the first: two roundings of one count would tell more than one */
    MK_TRY(mk_hkdf(out, MK_KEY, mk_keyring_store(v->keyring), MK_ID,
                   all->v[0].secret, info, sizeof info - 1));
out:
    return rc;
}
