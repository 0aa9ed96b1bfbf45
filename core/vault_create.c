/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * On a server a vault is made in one transaction.  In a file system
 * it is made in a folder beside its place and renamed to it when all of
 * it is durable: whoever is cut off leaves no half vault at the place, and an
 * existing one is never touched.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/base/random.h"
#include "core/prune.h"
#include "core/recovery_impl.h"
#include "core/retention.h"
#include "core/server.h"
#include "core/store/file.h"
#include "core/tx.h"

struct maker {
    struct mk_vault v;
    struct mk_buf scratch; /* path of the folder beside the place */
    const struct mk_first_member *people;
    struct mk_identity *identities; /* of the people */
    size_t n;
    uint32_t log_months;              /* 0: nobody chose a term of the log */
    const struct mk_new_cards *fresh; /* NULL: no recovery cards yet */
};

static enum mk_err scratch_folder(struct maker *m, const char *place,
                                  struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t random[8];
    char hex[17];
    size_t len = strlen(place);

    while (len > 1 && place[len - 1] == '/')
        len--;
    mk_random(random, sizeof random);
    mk_hex(hex, random, sizeof random);
    MK_TRY(mk_buf_add(&m->scratch, place, len));
    MK_TRY(mk_buf_add_str(&m->scratch, ".init-"));
    MK_TRY(mk_buf_add_str(&m->scratch, hex));
    MK_TRY(mk_buf_terminate(&m->scratch));
    MK_TRY(mk_dir_make((const char *)m->scratch.data, diag));
out:
    return rc;
}

/* The first custodian signs genesis; he is who acts in it. */
static enum mk_err become_first_custodian(struct maker *m,
                                          struct mk_diag *diag)
{
    struct mk_vault *v = &m->v;

    for (size_t i = 0; i < m->n; i++) {
        if (m->people[i].role != MK_ROLE_CUSTODIAN)
            continue;
        v->who = m->identities[i];
        m->identities[i] = (struct mk_identity){.box = NULL};
        memcpy(v->my_id, v->who.id, MK_ID);
        v->me = mk_keyring_by_id(v->keyring, v->my_id);
        v->roles = MK_ROLE_BIT(MK_ROLE_CUSTODIAN);
        return mk_vault_new_session(v, diag);
    }
    return mk_fail(diag, MK_E_MEMORY, NULL);
}

/* The term of the log, if it was chosen. */
static enum mk_err first_term(struct maker *m, struct mk_tx *tx,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t body[MK_TERM_BODY];
    const struct mk_log_item item = {
        .role = MK_ROLE_CUSTODIAN,
        .kind = MK_AUDIT_LOG_TERM,
        .outcome = MK_OUTCOME_DONE,
        .count = m->log_months,
    };

    if (m->log_months == 0)
        return MK_OK;
    mk_term_encode(body, mk_keyring_store(m->v.keyring), m->log_months);
    MK_TRY(mk_tx_register(tx, MK_REGISTER_TERM, body, sizeof body, diag));
    MK_TRY(mk_tx_leaf(tx, &item, diag));
out:
    return rc;
}

static enum mk_err check_database(const struct mk_docs *docs,
                                  struct mk_diag *diag)
{
    bool there;
    enum mk_err rc = mk_docs_has(docs, MK_KEYRING_FILE, &there, diag);

    return rc == MK_OK && there ? mk_fail(diag, MK_E_VAULT_THERE, "database")
                                : rc;
}

/* Of a server: no vault was here before. */
static enum mk_err begin_on_server(const struct mk_vault *v,
                                   struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_head_row row;

    MK_TRY(check_database(&v->docs, diag));
    MK_TRY(mk_server_shell_make(v, &v->docs, diag));
    rc = mk_head_newest(v->store, &row, diag);
    if (rc == MK_E_NOT_FOUND)
        return MK_OK;
    if (rc == MK_OK || rc == MK_E_REPLACED || rc == MK_E_TAMPERED)
        rc = mk_fail(diag, MK_E_VAULT_THERE, "database");
out:
    return rc;
}

static enum mk_err first_transaction(struct maker *m, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx;
    struct mk_buf body = MK_BUF_INIT;
    struct mk_keyring *same = NULL;
    struct mk_log_item item = {
        .role = MK_ROLE_CUSTODIAN,
        .kind = MK_AUDIT_INIT,
        .outcome = MK_OUTCOME_DONE,
        .count = m->n,
    };

    rc = mk_tx_begin(&tx, &m->v, NULL, diag);
    /* a log is there: of who made a vault while passphrases were typed */
    if (rc == MK_E_TAMPERED && mk_vault_on_server(&m->v))
        rc = mk_fail(diag, MK_E_VAULT_THERE, "database");
    if (rc != MK_OK)
        return rc;
    if (mk_vault_on_server(&m->v)) /* under the writer's lock */
        MK_TRY(begin_on_server(&m->v, diag));
    MK_TRY(
        mk_retention_create(&m->v.docs, mk_keyring_store(m->v.keyring), diag));
    MK_TRY(mk_tx_leaf(&tx, &item, diag));
    MK_TRY(mk_tag_key_make(&m->v, &body));
    MK_TRY(
        mk_tx_register(&tx, MK_REGISTER_TAG_KEY, body.data, body.len, diag));
    MK_TRY(first_term(m, &tx, diag));
    MK_TRY(mk_keyring_copy(&same, m->v.keyring));
    mk_tx_keyring(&tx, same);
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    mk_buf_release(&body);
    return rc;
}

/* Empty, with a store. */
static enum mk_err open_place(struct maker *m, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_vault *v = &m->v;

    if (mk_vault_on_server(v)) {
        MK_TRY(mk_where_open(&v->docs, &v->where, diag));
        return mk_store_open_server(&v->store, v->docs.server, diag);
    }
    MK_TRY(scratch_folder(m, v->where.vault, diag));
    MK_TRY(mk_docs_folder(&v->docs, (const char *)m->scratch.data, diag));
    MK_TRY(mk_store_create(&v->store, v->docs.dir,
                           (const char *)m->scratch.data, v->keys[MK_KEY_DBK],
                           diag));
out:
    return rc;
}

static enum mk_err make(struct maker *m, const char *origin,
                        struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_vault *v = &m->v;
    uint8_t ids[MK_KEY_KINDS][MK_ID];
    struct mk_card cards[MK_SHARES_MOST] = {{.set = 0}};

    MK_TRY(mk_keyring_create(
        &v->keyring, origin, m->people, m->n, m->identities, v->keys, ids,
        m->fresh != NULL ? &m->fresh->plan : NULL, cards, diag));
    if (m->fresh != NULL)
        MK_TRY(mk_hand_out(v->keyring, m->fresh, cards, diag));
    memcpy(v->key_ids, ids, sizeof ids);
    for (size_t i = 0; i < MK_KEY_KINDS; i++)
        v->key_gens[i] = 1;
    MK_TRY(mk_dir_make(v->where.state, diag));
    MK_TRY(mk_dir_open(&v->state, v->where.state, diag));
    mk_head_empty(&v->head, mk_keyring_store(v->keyring));
    MK_TRY(open_place(m, diag));
    MK_TRY(become_first_custodian(m, diag));
    v->making = true;
    MK_TRY(first_transaction(m, diag));
    mk_store_close(v->store);
    v->store = NULL;
    if (!mk_vault_on_server(v))
        MK_TRY(
            mk_dir_move((const char *)m->scratch.data, v->where.vault, diag));
    mk_buf_release(&m->scratch); /* nothing left to take away */
out:
    mk_cards_release(cards, MK_SHARES_MOST);
    return rc;
}

static void take_away(struct maker *m)
{
    static const char *const files[] = {
        "vault.db",      "vault.db-journal", MK_RETENTION_FILE, MK_KEYRING_NEW,
        MK_KEYRING_FILE, MK_FAILED_FILE,     "vault.lock",
    };

    if (m->scratch.data == NULL)
        return;
    for (size_t i = 0; m->v.docs.dir >= 0 && i < sizeof files / sizeof *files;
         i++)
        (void)unlinkat(m->v.docs.dir, files[i], 0);
    /* It stands at the place already when only the sync of that failed. */
    if (rmdir((const char *)m->scratch.data) != 0)
        (void)rmdir(m->v.where.vault);
}

/* Tables of this version, where this account may write, and nothing in them. */
static enum mk_err check_tables(const struct mk_docs *docs,
                                struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_store *st = NULL;
    uint64_t tail;

    MK_TRY(mk_store_open_server(&st, docs->server, diag));
    MK_TRY(mk_store_begin_write(st, diag));
    MK_TRY(mk_tail_get(st, &tail, diag));
    if (tail != 0)
        rc = mk_fail(diag, MK_E_VAULT_THERE, "database");
out:
    mk_store_close(st);
    return rc;
}

enum mk_err mk_vault_check_free(const struct mk_where *where,
                                struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_docs docs = MK_DOCS_NONE;

    if (where->server == NULL)
        return mk_dir_check_free(where->vault, diag);
    MK_TRY(mk_where_open(&docs, where, diag));
    MK_TRY(check_database(&docs, diag));
    MK_TRY(check_tables(&docs, diag));
out:
    mk_docs_close(&docs);
    return rc;
}

enum mk_err mk_vault_create(const struct mk_where *where, const char *origin,
                            const struct mk_first_member *people, size_t n,
                            uint32_t log_months,
                            const struct mk_new_cards *fresh,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    struct maker m = {
        .scratch = MK_BUF_INIT,
        .people = people,
        .n = n,
        .log_months = log_months,
        .fresh = fresh,
    };

    if (log_months != 0 && !mk_term_ok(log_months))
        return mk_fail(diag, MK_E_BAD_NUMBER, "term of the log");
    m.v.where = *where;
    m.v.docs = (struct mk_docs)MK_DOCS_NONE;
    m.v.state = -1;
    m.identities = calloc(n + 1, sizeof *m.identities);
    if (m.identities == NULL)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    MK_TRY(mk_vault_check_free(where, diag));
    MK_TRY(make(&m, origin, diag));
out:
    mk_tree_forget(&m.v, MK_TREE_LOG);
    mk_tree_forget(&m.v, MK_TREE_DOSSIER);
    mk_store_close(m.v.store);
    m.v.store = NULL;
    if (rc != MK_OK)
        take_away(&m);
    for (size_t i = 0; i < m.n; i++)
        mk_identity_release(&m.identities[i]);
    mk_identity_release(&m.v.who);
    mk_vault_drop_keys(&m.v);
    mk_keyring_free(m.v.keyring);
    mk_docs_close(&m.v.docs);
    if (m.v.state >= 0)
        close(m.v.state);
    free(m.identities);
    mk_buf_release(&m.scratch);
    return rc;
}
