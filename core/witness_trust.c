/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which witnesses count: records of the register. */
#include <string.h>

#include "core/base/bytes.h"
#include "core/register.h"
#include "core/tx.h"
#include "core/witness_impl.h"

#define HEAD (4 + MK_ID + 2)

enum change {
    TRUST = 0,
    DROP = 1,
};

/* --- the list --- */

struct list {
    const uint8_t *store;
    struct mk_witness_state *w;
    size_t n;
};

static bool same_key(const struct mk_note_key *a, const struct mk_note_key *b)
{
    return a->type == b->type && strcmp(a->name, b->name) == 0 &&
           memcmp(a->pk, b->pk, MK_PK) == 0;
}

static bool parse(const uint8_t store[static MK_ID],
                  const struct mk_blob *body, enum change *change,
                  struct mk_note_key *key)
{
    const uint8_t *p = body->p;

    if (body->n <= HEAD || memcmp(p, "MKV1", 4) != 0 ||
        memcmp(p + 4, store, MK_ID) != 0 || mk_get_u16(p + 20) > DROP)
        return false;
    *change = (enum change)mk_get_u16(p + 20);
    return mk_vkey_parse(key, (const char *)p + HEAD, body->n - HEAD) &&
           key->type == MK_NOTE_COSIGNATURE;
}

/* A record that names nobody is no error: the register only grows, and one of
 * a custodian's programs could shut the list for ever. */
static enum mk_err apply(void *ctx, const struct mk_register_row *row,
                         struct mk_diag *diag)
{
    struct list *l = ctx;
    struct mk_note_key key;
    enum change change;
    size_t i = 0;

    (void)diag;
    if (!parse(l->store, &row->body, &change, &key))
        return MK_OK;
    while (i < l->n && !same_key(&l->w[i].key, &key))
        i++;
    if (i == l->n && (change == DROP || l->n == MK_WITNESSES))
        return MK_OK;
    if (i == l->n)
        l->w[l->n++] = (struct mk_witness_state){.key = key};
    l->w[i].trusted = change == TRUST;
    return MK_OK;
}

enum mk_err mk_witness_list(struct mk_vault *v, struct mk_witness_state *out,
                            size_t *n, struct mk_diag *diag)
{
    struct list l = {.store = mk_keyring_store(v->keyring), .w = out};
    enum mk_err rc = mk_register_walk(v, MK_REGISTER_WITNESS, apply, &l, diag);

    *n = l.n;
    return rc;
}

enum mk_err mk_witness_vkeys(struct mk_vault *v, struct mk_buf *out,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_witness_state list[MK_WITNESSES];
    char vkey[MK_VKEY_MAX];
    size_t n;

    MK_TRY(mk_witness_list(v, list, &n, diag));
    for (size_t i = 0; i < n; i++) {
        mk_vkey_format(vkey, &list[i].key);
        MK_TRY(mk_buf_addf(out, "%s\n", vkey));
    }
out:
    return rc;
}

/* --- changes --- */

static enum mk_err append(struct mk_tx *tx, const struct mk_access *access,
                          enum change change, const struct mk_note_key *key,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf body = MK_BUF_INIT;
    char vkey[MK_VKEY_MAX];
    const struct mk_log_item item = {
        .role = MK_ROLE_CUSTODIAN,
        .kind = change == TRUST ? MK_AUDIT_WITNESS_TRUST
                                : MK_AUDIT_WITNESS_DROP,
        .outcome = access->dry_run ? MK_OUTCOME_DRY_RUN : MK_OUTCOME_DONE,
    };

    mk_vkey_format(vkey, key);
    MK_TRY(mk_buf_add(&body, "MKV1", 4));
    MK_TRY(mk_buf_add(&body, tx->next.store, MK_ID));
    MK_TRY(mk_buf_add_u16(&body, change));
    MK_TRY(mk_buf_add_str(&body, vkey));
    if (!access->dry_run)
        MK_TRY(mk_tx_register(tx, MK_REGISTER_WITNESS, body.data, body.len,
                              diag));
    MK_TRY(mk_tx_leaf(tx, &item, diag));
    MK_TRY(mk_tx_commit(tx, diag));
out:
    mk_buf_release(&body);
    return rc;
}

/* A name stands for one witness at a time. */
static enum mk_err check_new(const struct mk_witness_state *w, size_t n,
                             const struct mk_note_key *key,
                             struct mk_diag *diag)
{
    bool known = false;

    for (size_t i = 0; i < n; i++) {
        known = known || same_key(&w[i].key, key);
        if (w[i].trusted && strcmp(w[i].key.name, key->name) == 0)
            return mk_fail(diag, MK_E_EXISTS, key->name);
    }
    return known || n < MK_WITNESSES
               ? MK_OK
               : mk_fail_at(diag, MK_E_TOO_LARGE, "list of witnesses", 0,
                            MK_WITNESSES, 0);
}

enum mk_err mk_witness_trust(struct mk_vault *v,
                             const struct mk_access *access, const void *text,
                             size_t n, struct mk_note_key *out,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx = {.v = NULL};
    struct mk_witness_state list[MK_WITNESSES];
    const char *p = text;
    const char *lf = n > 0 ? memchr(p, '\n', n) : NULL;
    size_t count;

    MK_TRY(mk_vault_need(v, MK_ROLE_CUSTODIAN, diag));
    if (lf != NULL)
        n = (size_t)(lf - p);
    if (!mk_vkey_parse(out, p, n) || out->type != MK_NOTE_COSIGNATURE) {
        rc = mk_fail(diag, MK_E_SYNTAX, "vkey");
        goto out;
    }
    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    MK_TRY(mk_witness_list(v, list, &count, diag));
    MK_TRY(check_new(list, count, out, diag));
    MK_TRY(append(&tx, access, TRUST, out, diag));
out:
    mk_tx_abort(&tx);
    return rc;
}

enum mk_err mk_witness_drop(struct mk_vault *v, const struct mk_access *access,
                            const char *name, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx = {.v = NULL};
    struct mk_witness_state list[MK_WITNESSES];
    size_t n, i = 0;

    MK_TRY(mk_vault_need(v, MK_ROLE_CUSTODIAN, diag));
    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    MK_TRY(mk_witness_list(v, list, &n, diag));
    while (i < n && !(list[i].trusted && strcmp(list[i].key.name, name) == 0))
        i++;
    if (i == n) {
        rc = mk_fail(diag, MK_E_NOT_FOUND, "witness");
        goto out;
    }
    MK_TRY(append(&tx, access, DROP, &list[i].key, diag));
out:
    mk_tx_abort(&tx);
    return rc;
}
