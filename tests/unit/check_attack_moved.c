/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Envelopes moved by an inspector, who recomputes the roots and signs that all
 * is well: only the place that an envelope is bound to is left to notice it.
 */
#include <string.h>

#include "core/sealed.h"
#include "tests/support/attack.h"
#include "tests/support/unit.h"

static struct attack a;

/* The row of dossier i, loaded in the transaction. */
static void load_row(struct mk_tx *tx, uint64_t i, struct mk_dossier_row *row)
{
    mk_dossier_row_init(row);
    ck_assert_int_eq(mk_sealed_row(tx->v, i, row, NULL), MK_OK);
}

static void begin(struct mk_tx *tx, struct mk_vault *v)
{
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = mk_tx_begin(tx, v, NULL, &diag);

    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
}

static void commit(struct mk_tx *tx)
{
    const struct mk_log_item item = {.role = MK_ROLE_INSPECTOR,
                                     .kind = MK_AUDIT_CHANGE,
                                     .outcome = MK_OUTCOME_DONE};
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = mk_tx_leaf(tx, &item, &diag);

    if (rc == MK_OK)
        rc = mk_tx_commit(tx, &diag);
    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
}

static void chain_again(struct mk_store *st, struct mk_dossier_row *row)
{
    struct mk_walk *walk = NULL;
    struct mk_entry_row entry;
    bool more;

    memset(row->chain, 0, MK_HASH);
    row->entries = 0;
    ck_assert_int_eq(mk_walk_entries(&walk, st, row->ordinal, NULL), MK_OK);
    for (;;) {
        ck_assert_int_eq(mk_walk_entry(walk, &more, &entry, NULL), MK_OK);
        if (!more)
            break;
        mk_entry_chain(row->chain, &entry);
        row->entries++;
    }
    mk_walk_close(walk);
}

/* Signs dossiers 0 and 1 as they now lie in the rows; step 0 keeps their
 * version, so that nothing but the move is wrong. */
static void sign_both(struct mk_tx *tx, struct mk_dossier_row row[2],
                      unsigned step)
{
    attack_sql_in(tx->v,
                  "UPDATE dossier SET version = version - %u"
                  " WHERE ordinal < 2",
                  1 - step);
    for (size_t i = 0; i < 2; i++) {
        row[i].version += step;
        chain_again(tx->v->store, &row[i]);
        ck_assert_int_eq(mk_tx_dossier(tx, &row[i], NULL), MK_OK);
    }
    for (size_t i = 0; i < 2; i++) /* each may point into the other */
        mk_dossier_row_release(&row[i]);
    commit(tx);
}

static void assert_read_notices(const char *place)
{
    struct attack_seen seen;

    attack_look(&a, &seen);
    ck_assert_msg(mk_err_exit(seen.read) == MK_EXIT_INTEGRITY, "%s",
                  mk_err_name(seen.read));
    ck_assert_str_eq(seen.place, place);
}

#define MOVED(column)                        \
    do {                                     \
        struct mk_blob kept = row[0].column; \
                                             \
        row[0].column = row[1].column;       \
        row[1].column = kept;                \
    } while (0)

START_TEST(a_dossier_key_moved_to_another_dossier_is_noticed)
{
    struct mk_vault *v;
    struct mk_dossier_row row[2];
    struct mk_tx tx;

    attack_setup(&a, 0);
    v = attack_as(&a, "inspecteur1");
    begin(&tx, v);
    load_row(&tx, 0, &row[0]);
    load_row(&tx, 1, &row[1]);
    MOVED(dek);
    row[0].intake_year = row[1].intake_year;
    sign_both(&tx, row, 0);
    mk_vault_close(v);
    assert_read_notices("dossier (key)");
    attack_teardown(&a);
}
END_TEST

START_TEST(a_summary_moved_to_another_dossier_is_noticed)
{
    struct mk_vault *v;
    struct mk_dossier_row row[2];
    struct mk_tx tx;

    attack_setup(&a, 0);
    v = attack_as(&a, "inspecteur1");
    begin(&tx, v);
    load_row(&tx, 0, &row[0]);
    load_row(&tx, 1, &row[1]);
    MOVED(summary);
    sign_both(&tx, row, 0);
    mk_vault_close(v);
    assert_read_notices("dossier (summary)");
    attack_teardown(&a);
}
END_TEST

/* An unchanged summary under a new version is an old one put back. */
START_TEST(a_summary_of_an_older_version_is_noticed)
{
    struct mk_vault *v;
    struct mk_dossier_row row[2];
    struct mk_tx tx;

    attack_setup(&a, 0);
    v = attack_as(&a, "inspecteur1");
    begin(&tx, v);
    load_row(&tx, 0, &row[0]);
    load_row(&tx, 1, &row[1]);
    sign_both(&tx, row, 1);
    mk_vault_close(v);
    assert_read_notices("dossier (summary)");
    attack_teardown(&a);
}
END_TEST

START_TEST(an_owner_moved_to_another_dossier_is_noticed)
{
    const struct mk_access own = {.purpose = 0};
    struct mk_vault *v;
    struct mk_dossier_row row[2];
    struct mk_view view;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_tx tx;

    attack_setup(&a, 0);
    v = attack_as(&a, "inspecteur1");
    begin(&tx, v);
    load_row(&tx, 0, &row[0]);
    load_row(&tx, 1, &row[1]);
    MOVED(owner);
    sign_both(&tx, row, 0);
    mk_view_init(&view);
    ck_assert_int_eq(
        mk_dossier_open(v, &own, MK_AUDIT_SHOW, &a.ref[0], &view, &diag),
        MK_E_DAMAGED);
    ck_assert_str_eq(diag.place, "dossier (owner)");
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

static enum mk_err show_as(struct mk_vault *v, size_t i, struct mk_diag *diag)
{
    const struct mk_access access = {.purpose = MK_PURPOSE_WRN};
    struct mk_view view;
    enum mk_err rc;

    mk_view_init(&view);
    rc = mk_dossier_open(v, &access, MK_AUDIT_SHOW, &a.ref[i], &view, diag);
    mk_view_release(&view);
    return rc;
}

static void try_entries(const char *sql)
{
    struct mk_vault *v = attack_as(&a, "inspecteur1");
    struct mk_dossier_row row[2];
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_tx tx;

    begin(&tx, v);
    load_row(&tx, 0, &row[0]);
    load_row(&tx, 1, &row[1]);
    attack_sql_in(v, "%s", sql);
    sign_both(&tx, row, 0);
    ck_assert_msg(show_as(v, 0, &diag) == MK_E_TAMPERED, "%s: %s", sql,
                  mk_err_name(diag.err));
    ck_assert_str_eq(diag.place, "dossier (entry)");
    mk_vault_close(v);
}

START_TEST(an_entry_moved_within_or_between_dossiers_is_noticed)
{
    static const char *const moves[] = {
        /* the same sequence number of two dossiers */
        "UPDATE entry SET facts = (SELECT e.facts FROM entry e WHERE"
        " e.dossier = 1 - entry.dossier AND e.seq = entry.seq)"
        " WHERE dossier < 2",
        /* two of one dossier */
        "UPDATE entry SET seq = 9 WHERE dossier = 0 AND seq = 1;"
        "UPDATE entry SET seq = 1 WHERE dossier = 0 AND seq = 2;"
        "UPDATE entry SET seq = 2 WHERE dossier = 0 AND seq = 9",
        /* only the narrative */
        "UPDATE entry SET narrative = (SELECT e.narrative FROM entry e WHERE"
        " e.dossier = 1 AND e.seq = 1) WHERE dossier = 0 AND seq = 1",
        "UPDATE entry SET narrative = facts WHERE dossier = 0 AND seq = 1",
    };
    struct attack_files whole;

    attack_setup(&a, 0);
    attack_save(&a, &whole);
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        attack_load(&a, &whole);
        try_entries(moves[i]);
    }
    attack_files_release(&whole);
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
        a_dossier_key_moved_to_another_dossier_is_noticed,
        a_summary_moved_to_another_dossier_is_noticed,
        a_summary_of_an_older_version_is_noticed,
        an_owner_moved_to_another_dossier_is_noticed,
        an_entry_moved_within_or_between_dossiers_is_noticed,
    };

    return UNIT_RUN("attack_moved", tests, start);
}
