/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the next writer signs, and what the next reader accepts, stands on
 * the tree of the head before: nodes that somebody with the key of the file
 * changed are not taken over.
 */
#include <stdio.h>
#include <string.h>

#include "core/tx.h"
#include "tests/support/attack.h"
#include "tests/support/unit.h"

static struct attack a;

static const struct mk_log_item item = {
    .role = MK_ROLE_INSPECTOR,
    .kind = MK_AUDIT_LIST,
    .outcome = MK_OUTCOME_ASKED,
    .purpose = MK_PURPOSE_BEH,
};

static struct mk_event melding(void)
{
    struct mk_event e;

    vault_event(&e, MK_VERB_MELDING, "received", "2021-02-03", "channel",
                "TEL", "reporter", "OUD", NULL);
    return e;
}

static void change_nodes(enum mk_tree tree)
{
    attack_sql(&a,
               "UPDATE node SET hashes = zeroblob(length(hashes))"
               " WHERE tree = %d",
               (int)tree);
}

START_TEST(an_intake_does_not_stand_on_changed_nodes)
{
    const struct mk_access access = {.purpose = 0};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_event e = melding();
    struct mk_written out;
    struct mk_vault *v;

    attack_setup(&a, 0);
    change_nodes(MK_TREE_DOSSIER);
    v = attack_as(&a, "inspecteur1");
    ck_assert_int_eq(mk_report_new(v, &access, &e, NULL, &out, &diag),
                     MK_E_TAMPERED);
    ck_assert_str_eq(diag.place, "node (dossier)");
    ck_assert_int_eq(mk_log_now(v, &item, &diag), MK_OK);
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

START_TEST(an_entry_does_not_stand_on_changed_nodes)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;

    attack_setup(&a, 0);
    change_nodes(MK_TREE_LOG);
    v = attack_as(&a, "inspecteur1");
    ck_assert_int_eq(mk_log_now(v, &item, &diag), MK_E_TAMPERED);
    ck_assert_str_eq(diag.place, "node (log)");
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

/* A transaction that was given up leaves nothing in the tree that is kept. */
START_TEST(a_tree_forgets_what_was_given_up)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;
    struct mk_tx tx;

    attack_setup(&a, 0);
    v = attack_as(&a, "inspecteur1");
    ck_assert_int_eq(mk_log_now(v, &item, &diag), MK_OK);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(mk_tx_begin(&tx, v, NULL, &diag), MK_OK);
        ck_assert_int_eq(mk_tx_leaf(&tx, &item, &diag), MK_OK);
        mk_tx_abort(&tx);
        ck_assert_int_eq(mk_log_now(v, &item, &diag), MK_OK);
    }
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_OK);
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

/* The first leaf and its node row, as they would be had it said otherwise. */
static void rewrite_first_leaf(struct mk_vault *v)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_walk *walk = NULL;
    struct mk_merkle *tree;
    struct mk_log_row row;
    uint8_t hash[MK_HASH];
    uint8_t leaf[1024];
    char hex[2 * sizeof leaf + 1];
    bool more;
    size_t n;

    ck_assert_int_eq(mk_store_begin_write(v->store, &diag), MK_OK);
    ck_assert_int_eq(mk_walk_log(&walk, v->store, 1, &diag), MK_OK);
    ck_assert_int_eq(mk_walk_log_row(walk, &more, &row, &diag), MK_OK);
    ck_assert(more && row.leaf.n <= sizeof leaf);
    n = row.leaf.n;
    memcpy(leaf, row.leaf.p, n);
    mk_walk_close(walk);
    leaf[n - 1] ^= 1;
    for (size_t i = 0; i < n; i++)
        snprintf(hex + 2 * i, 3, "%02x", leaf[i]);
    attack_sql_in(v, "UPDATE log SET leaf = x'%s' WHERE seq = 1", hex);
    mk_merkle_leaf(hash, leaf, n);
    ck_assert_int_eq(mk_tree_take(v, MK_TREE_LOG, &tree, &diag), MK_OK);
    ck_assert_int_eq(mk_merkle_set(tree, 1, hash, &diag), MK_OK);
    ck_assert_int_eq(mk_merkle_flush(tree, &diag), MK_OK);
    ck_assert_int_eq(
        mk_merkle_root(tree, v->head.log_size, v->head.log_root, &diag),
        MK_OK);
    mk_tree_forget(v, MK_TREE_LOG);
    ck_assert_int_eq(mk_store_commit(v->store, &diag), MK_OK);
}

/* An inspector rewrites history and signs what follows; each new head fits
 * the tree as it is now, but the tree does not extend the one of the mark. */
START_TEST(heads_that_do_not_extend_the_mark_are_refused)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct attack_files before;
    struct mk_vault *v;
    enum mk_err rc;

    attack_setup(&a, 0);
    v = attack_as(&a, "inspecteur1");
    ck_assert_int_eq(mk_log_now(v, &item, &diag), MK_OK);
    mk_vault_close(v);
    attack_save(&a, &before);
    v = attack_as(&a, "inspecteur1");
    rewrite_first_leaf(v);
    ck_assert_int_eq(mk_log_now(v, &item, &diag), MK_OK);
    mk_vault_close(v);
    attack_load_one(&a, &before, ATTACK_MARK);
    rc = attack_unlock(&a, "inspecteur1", &v, &diag);
    ck_assert_int_eq(rc, MK_E_TAMPERED);
    ck_assert_str_eq(diag.place, "log (tree)");
    mk_vault_close(v);
    attack_files_release(&before);
    attack_teardown(&a);
}
END_TEST

static void start(void)
{
    ck_assert_int_eq(mk_init(NULL), MK_OK);
}

int main(void)
{
    const TTest *const tests[] = {
        an_intake_does_not_stand_on_changed_nodes,
        an_entry_does_not_stand_on_changed_nodes,
        a_tree_forgets_what_was_given_up,
        heads_that_do_not_extend_the_mark_are_refused,
    };

    return UNIT_RUN("tree", tests, start);
}
