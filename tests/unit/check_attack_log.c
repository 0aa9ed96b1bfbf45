/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The access log cut, reordered and written under other names: by somebody
 * with the key of the file, and by people who may write entries of their own.
 */
#include <stdio.h>
#include <string.h>

#include "core/leaf.h"
#include "core/tx.h"
#include "tests/support/attack.h"
#include "tests/support/unit.h"

static struct attack a;
static const struct mk_log_item an_entry = {.kind = MK_AUDIT_LOG_VERIFY};

/* --- below the core --- */

static void try_sql(const struct attack_files *whole, bool has_mark,
                    const char *sql)
{
    struct attack_seen seen;

    attack_load(&a, whole);
    if (!has_mark) {
        char path[192];

        attack_path(&a, ATTACK_MARK, path);
        ck_assert_int_eq(remove(path), 0);
    }
    attack_sql(&a, "%s", sql);
    attack_look(&a, &seen);
    attack_assert_verify(&seen, sql);
}

/* With the mark, and for somebody who was never here before. */
static void try_all(const char *const *sql, size_t n)
{
    struct attack_files whole;

    attack_setup(&a, 0);
    attack_save(&a, &whole);
    for (size_t i = 0; i < n; i++) {
        try_sql(&whole, true, sql[i]);
        try_sql(&whole, false, sql[i]);
    }
    attack_files_release(&whole);
    attack_teardown(&a);
}

START_TEST(a_log_entry_deleted_or_changed_is_noticed)
{
    static const char *const sql[] = {
        "DELETE FROM log WHERE seq = 0",
        "DELETE FROM log WHERE seq = 4",
        "DELETE FROM log WHERE seq = (SELECT MAX(seq) FROM log)",
        "DELETE FROM log",
        "UPDATE log SET leaf = zeroblob(345) WHERE seq = 4",
        "UPDATE log SET leaf = (SELECT l.leaf FROM log l WHERE l.seq = 4)"
        " WHERE seq = 5",
    };

    try_all(sql, sizeof sql / sizeof *sql);
}
END_TEST

START_TEST(a_reordered_log_is_noticed)
{
    static const char *const sql[] = {
        "UPDATE log SET seq = 900 WHERE seq = 4;"
        "UPDATE log SET seq = 4 WHERE seq = 5;"
        "UPDATE log SET seq = 5 WHERE seq = 900",
        /* a hole closed by moving up what follows */
        "DELETE FROM log WHERE seq = 4;"
        "UPDATE log SET seq = -seq WHERE seq > 4;"
        "UPDATE log SET seq = -seq - 1 WHERE seq < 0",
        "UPDATE head SET log_size = 900 WHERE log_size ="
        " (SELECT MAX(log_size) FROM head);"
        "UPDATE tail SET log_size = 900",
    };

    try_all(sql, sizeof sql / sizeof *sql);
}
END_TEST

START_TEST(a_log_with_a_head_missing_or_one_entry_too_many_is_noticed)
{
    static const char *const sql[] = {
        "DELETE FROM head WHERE log_size = (SELECT MIN(log_size) FROM head)",
        "DELETE FROM head WHERE log_size = (SELECT MAX(log_size) FROM head)",
        "DELETE FROM head WHERE log_size = (SELECT h.log_size FROM head h"
        " ORDER BY h.log_size LIMIT 1 OFFSET 3)",
        "DELETE FROM head",
        "INSERT INTO log SELECT MAX(seq) + 1, leaf FROM log",
        "UPDATE head SET sig = zeroblob(64) WHERE log_size ="
        " (SELECT MIN(log_size) FROM head)",
        "UPDATE head SET txid = zeroblob(16) WHERE log_size ="
        " (SELECT MIN(log_size) FROM head)",
        "DELETE FROM node WHERE tree = 1",
        "UPDATE node SET hashes = zeroblob(32) WHERE tree = 1 AND idx = 0",
    };

    try_all(sql, sizeof sql / sizeof *sql);
}
END_TEST

/*
 * The tail cut off so that all that is left fits: heads, entries, tail, and
 * the tree with its last row as it was.  The mark of whoever saw more tells.
 */
START_TEST(a_truncated_log_is_noticed_by_who_saw_more)
{
    struct below_rows old;
    struct attack_seen seen;
    uint64_t size;

    attack_setup(&a, 0);
    size = a.log_size;
    attack_rows(&a, "node", &old);
    attack_note(&a, 0, "Later is er nog gebeld.");
    attack_sql(&a,
               "DELETE FROM log WHERE seq >= %llu;"
               "DELETE FROM head WHERE log_size > %llu;"
               "UPDATE tail SET log_size = %llu;"
               "DELETE FROM node WHERE tree = 1",
               (unsigned long long)size, (unsigned long long)size,
               (unsigned long long)size);
    for (size_t i = 0; i < old.n; i++)
        if (strstr(old.text[i], "VALUES (1, ") != NULL)
            attack_sql(&a, "%s", old.text[i]);
    below_release(&old);
    attack_look(&a, &seen);
    attack_assert_read(&seen, "truncated log");
    ck_assert_int_eq(seen.read, MK_E_ROLLED_BACK);
    attack_teardown(&a);
}
END_TEST

/* --- entries under other names --- */

static enum mk_err pass(void *ctx, const struct mk_log_item *item)
{
    (void)ctx;
    (void)item;
    return MK_OK;
}

static enum mk_err list_log(struct mk_diag *diag)
{
    const struct mk_access access = {.purpose = MK_PURPOSE_CTL};
    const struct mk_log_filter any = {.from = MK_DAY_NONE,
                                      .until = MK_DAY_NONE};
    struct mk_vault *v = attack_as(&a, "auditor1");
    enum mk_err rc = mk_log_list(v, &access, &any, pass, NULL, diag);

    mk_vault_close(v);
    return rc;
}

static void begin(struct mk_tx *tx, struct mk_vault *v)
{
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = mk_tx_begin(tx, v, NULL, &diag);

    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
}

/* A leaf as it is; what mk_tx_leaf does behind making it. */
static void append(struct mk_tx *tx, const uint8_t *leaf, size_t n)
{
    const struct mk_log_row row = {.seq = mk_merkle_size(tx->log),
                                   .leaf = {leaf, n}};
    uint8_t hash[MK_HASH];

    mk_merkle_leaf(hash, leaf, n);
    ck_assert_int_eq(mk_log_insert(tx->v->store, &row, NULL), MK_OK);
    ck_assert_int_eq(mk_merkle_append(tx->log, hash, NULL), MK_OK);
}

static struct mk_leaf_place here(const struct mk_tx *tx)
{
    return (struct mk_leaf_place){
        .seq = mk_merkle_size(tx->log),
        .store = tx->next.store,
        .session = tx->v->session,
        .prev_head = tx->v->head_hash,
    };
}

static const uint8_t *id_of(const char *name)
{
    return mk_keyring_by_name(a.known[0]->keyring, name)->id;
}

static void append_entry_of(struct mk_tx *tx, const char *name)
{
    struct mk_leaf_place at = here(tx);
    struct mk_log_item item = {.kind = MK_AUDIT_SHOW,
                               .role = MK_ROLE_INSPECTOR,
                               .outcome = MK_OUTCOME_ASKED,
                               .time_ms = 1};
    uint8_t leaf[MK_LEAF_ENTRY];

    memcpy(item.actor, id_of(name), MK_ID);
    mk_leaf_entry(leaf, &at, tx->v->log_key, &item);
    append(tx, leaf, sizeof leaf);
}

START_TEST(an_entry_under_anothers_name_is_noticed_by_the_auditors_list)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;
    struct mk_tx tx;

    attack_setup(&a, 0);
    ck_assert_int_eq(list_log(&diag), MK_OK);
    v = attack_as(&a, "inspecteur1");
    begin(&tx, v);
    append_entry_of(&tx, "inspecteur2");
    ck_assert_int_eq(mk_tx_commit(&tx, &diag), MK_OK);
    mk_vault_close(v);
    ck_assert_int_eq(list_log(&diag), MK_E_TAMPERED);
    ck_assert_str_eq(diag.place, "log (actor)");
    attack_teardown(&a);
}
END_TEST

/* Anybody can seal a box under any name; he cannot sign it. */
START_TEST(a_session_opened_under_anothers_name_is_noticed)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct attack_seen seen;
    struct mk_vault *v;
    struct mk_identity mask;
    struct mk_leaf_place at;
    uint8_t leaf[MK_LEAF_SESSION];
    uint8_t box[MK_PK];
    uint8_t sign[MK_PK];
    struct mk_tx tx;

    attack_setup(&a, 0);
    v = attack_as(&a, "inspecteur1");
    v->session_logged = true; /* his own session leaf stays out */
    begin(&tx, v);
    mask = v->who;
    memcpy(mask.id, id_of("inspecteur2"), MK_ID);
    mk_keyring_log_keys(v->keyring, box, sign);
    at = here(&tx);
    ck_assert_int_eq(mk_leaf_session(leaf, &at, &mask, box, v->log_key),
                     MK_OK);
    append(&tx, leaf, sizeof leaf);
    append_entry_of(&tx, "inspecteur2");
    ck_assert_int_eq(mk_tx_commit(&tx, &diag), MK_OK);
    mk_vault_close(v);
    ck_assert_int_eq(list_log(&diag), MK_E_TAMPERED);
    ck_assert_str_eq(diag.place, "log (session)");
    attack_look(&a, &seen);
    attack_assert_verify(&seen, "session under another name");
    attack_teardown(&a);
}
END_TEST

/* Leaves from..to once more at the end, in a head that the copier signs. */
static void copy_leaves(const char *by, uint64_t from, uint64_t to)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v = attack_as(&a, by);
    struct mk_walk *walk = NULL;
    struct mk_log_row row;
    struct mk_buf copy[4] = {MK_BUF_INIT, MK_BUF_INIT, MK_BUF_INIT,
                             MK_BUF_INIT};
    struct mk_tx tx;
    bool more;

    begin(&tx, v);
    ck_assert_int_eq(mk_tx_leaf(&tx, &an_entry, &diag), MK_OK);
    ck_assert_uint_le(to - from, 4);
    ck_assert_int_eq(mk_walk_log(&walk, v->store, from, NULL), MK_OK);
    for (uint64_t i = from; i < to; i++) {
        ck_assert_int_eq(mk_walk_log_row(walk, &more, &row, NULL), MK_OK);
        ck_assert(more);
        ck_assert_int_eq(mk_buf_add(&copy[i - from], row.leaf.p, row.leaf.n),
                         MK_OK);
    }
    mk_walk_close(walk);
    for (uint64_t i = from; i < to; i++) {
        append(&tx, copy[i - from].data, copy[i - from].len);
        mk_buf_release(&copy[i - from]);
    }
    ck_assert_int_eq(mk_tx_commit(&tx, &diag), MK_OK);
    mk_vault_close(v);
}

START_TEST(entries_of_a_colleague_copied_to_the_end_are_noticed)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct attack_seen seen;
    struct mk_vault *v;
    uint64_t before;

    attack_setup(&a, 0);
    before = a.log_size;
    v = attack_as(&a, "inspecteur2"); /* a session of his, and an entry */
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_OK);
    mk_vault_close(v);
    copy_leaves("analist1", before, before + 2);
    ck_assert_int_eq(list_log(&diag), MK_E_TAMPERED);
    ck_assert_str_eq(diag.place, "log (order)");
    attack_look(&a, &seen);
    attack_assert_verify(&seen, "copied entries");
    attack_teardown(&a);
}
END_TEST

/* His own words, but in the session of a colleague. */
START_TEST(a_session_opened_twice_is_noticed)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;
    uint8_t session[MK_ID];

    attack_setup(&a, 0);
    v = attack_as(&a, "inspecteur2");
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_OK);
    memcpy(session, v->session, MK_ID);
    mk_vault_close(v);
    v = attack_as(&a, "inspecteur1");
    memcpy(v->session, session, MK_ID);
    ck_assert_int_eq(mk_log_now(v, &an_entry, &diag), MK_OK);
    mk_vault_close(v);
    ck_assert_int_eq(list_log(&diag), MK_E_TAMPERED);
    ck_assert_str_eq(diag.place, "log (session)");
    attack_teardown(&a);
}
END_TEST

static void start(void)
{
    ck_assert_int_eq(mk_init(NULL), MK_OK);
}

struct counted {
    size_t read, unreadable;
    uint8_t by[16];
};

static enum mk_err count_them(void *ctx, const struct mk_log_item *item)
{
    struct counted *c = ctx;

    if (item->kind == MK_AUDIT_NONE) {
        c->unreadable++;
        memcpy(c->by, item->actor, 16);
    } else {
        c->read++;
    }
    return MK_OK;
}

static enum mk_err list_all(struct counted *c, struct mk_diag *diag)
{
    static const struct mk_log_filter all = {.from = MK_DAY_NONE,
                                             .until = MK_DAY_NONE};
    const struct mk_access access = {.purpose = 0};
    struct mk_vault *v = attack_as(&a, "auditor1");
    enum mk_err rc;

    *c = (struct counted){.read = 0};
    rc = mk_log_list(v, &access, &all, count_them, c, diag);
    mk_vault_close(v);
    return rc;
}

START_TEST(an_entry_that_nobody_can_open_hides_no_other)
{
    struct mk_vault *v;
    struct mk_diag diag = MK_DIAG_INIT;
    struct counted before;
    struct counted after;
    uint8_t analyst[16];

    attack_setup(&a, 0);
    ck_assert_int_eq(list_all(&before, &diag), MK_OK);
    v = attack_as(&a, "analist1");
    memcpy(analyst, v->my_id, sizeof analyst);
    v->session_logged = true; /* a session that was never opened */
    ck_assert_int_eq(mk_log_now(v, &an_entry, &diag), MK_OK);
    mk_vault_close(v);
    ck_assert_int_eq(list_all(&after, &diag), MK_E_TAMPERED);
    ck_assert_uint_eq(after.unreadable, 1);
    ck_assert_mem_eq(after.by, analyst, sizeof analyst);
    ck_assert_uint_eq(after.read, before.read + 1); /* the second listing */
    v = attack_as(&a, "auditor1");
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_E_TAMPERED);
    ck_assert_str_eq(diag.place, "log (session)");
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_log_entry_deleted_or_changed_is_noticed,
        a_reordered_log_is_noticed,
        a_log_with_a_head_missing_or_one_entry_too_many_is_noticed,
        a_truncated_log_is_noticed_by_who_saw_more,
        an_entry_under_anothers_name_is_noticed_by_the_auditors_list,
        a_session_opened_under_anothers_name_is_noticed,
        entries_of_a_colleague_copied_to_the_end_are_noticed,
        a_session_opened_twice_is_noticed,
        an_entry_that_nobody_can_open_hides_no_other,
    };

    return UNIT_RUN("attack_log", tests, start);
}
