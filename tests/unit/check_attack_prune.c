/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A log that is shorter than its heads say, without a true record of it; and
 * records that are not true, by people whose programs ask for no rules.
 */
#include <stdio.h>
#include <string.h>

#include "tests/support/old_log.h"
#include "tests/support/unit.h"

static struct attack a;
static struct attack_files base; /* as old_setup left it */

/* Made once: every test is a process of its own, and begins with its files. */
static void start(void)
{
    old_setup(&a);
    attack_save(&a, &base);
}

static void begin(void)
{
    attack_load(&a, &base);
    old_clock(OLD_SECOND);
}

static void end(void)
{
    attack_files_release(&base);
    attack_teardown(&a);
}

static void without_mark(void)
{
    char path[192];

    attack_path(&a, ATTACK_MARK, path);
    ck_assert_int_eq(remove(path), 0);
}

static void assert_whole(void)
{
    struct attack_seen seen;

    attack_look(&a, &seen);
    ck_assert_msg(seen.read == MK_OK && seen.verify == MK_OK, "%s %s / %s %s",
                  mk_err_name(seen.read), seen.place, mk_err_name(seen.verify),
                  seen.verify_place);
}

/* Noticed by log verify with and without a mark; where read is not OK, by who
 * opens without one at once. */
struct trial {
    const char *sql;
    bool at_opening;
    const char *place; /* what log verify names first */
};

static void try_one(const struct attack_files *whole, const struct trial *t,
                    bool has_mark)
{
    struct attack_seen seen;

    attack_load(&a, whole);
    if (!has_mark)
        without_mark();
    attack_sql(&a, "%s", t->sql);
    attack_look(&a, &seen);
    attack_assert_verify(&seen, t->sql);
    ck_assert_msg(strcmp(seen.verify_place, t->place) == 0, "%s: %s", t->sql,
                  seen.verify_place);
    if (t->at_opening && !has_mark)
        attack_assert_read(&seen, t->sql);
}

static void try_all(const struct trial *trials, size_t n)
{
    struct attack_files whole;

    attack_save(&a, &whole);
    for (size_t i = 0; i < n; i++) {
        try_one(&whole, &trials[i], true);
        try_one(&whole, &trials[i], false);
    }
    attack_files_release(&whole);
}

START_TEST(bodies_that_are_gone_without_a_record_are_noticed)
{
    static const struct trial trials[] = {
        {"DELETE FROM log WHERE seq < 256", true, "log (entry missing)"},
        {"DELETE FROM log WHERE seq < 1", true, "log (entry missing)"},
        {"DELETE FROM log WHERE seq < 255", true, "log (entry missing)"},
    };

    begin();
    try_all(trials, sizeof trials / sizeof *trials);
}
END_TEST

START_TEST(a_pruned_log_that_is_changed_is_noticed)
{
    static const struct trial trials[] = {
        /* one more than the record says; the first above it; in the middle */
        {"DELETE FROM log WHERE seq = 512", true, "log (entry missing)"},
        {"DELETE FROM log WHERE seq < 768", true, "log (entry missing)"},
        {"DELETE FROM log WHERE seq = 530", true, "log (entry missing)"},
        /* what was pruned is there again, or something in its place */
        {"INSERT INTO log SELECT 511, leaf FROM log WHERE seq = 512", false,
         "log (pruned, but there)"},
        {"INSERT INTO log SELECT 3, leaf FROM log WHERE seq = 512", false,
         "log (pruned, but there)"},
        /* the hashes that stand for it */
        {"UPDATE node SET hashes = zeroblob(512)"
         " WHERE tree = 1 AND level = 0 AND idx = 3",
         false, "log (tree)"},
        {"DELETE FROM node WHERE tree = 1 AND level = 0 AND idx = 31", false,
         "node (log)"},
        /* the record: gone, another size, another kind */
        {"DELETE FROM register WHERE kind = 5", true, "register"},
        {"UPDATE register SET body = zeroblob(68) WHERE kind = 5", true,
         "register (pruning)"},
        {"UPDATE register SET kind = 4 WHERE kind = 5", true,
         "register (term)"},
        {"UPDATE register SET body = (SELECT substr(r.body, 1, 20)"
         " || x'0000000000000300' || substr(r.body, 29)"
         " FROM register r WHERE r.kind = 5) WHERE kind = 5",
         true, "register"},
    };

    begin();
    old_work_to(&a, "inspecteur1", 800);
    old_clock(OLD_AFTER);
    old_others(&a);
    old_prune_to(&a, 512);
    assert_whole();
    try_all(trials, sizeof trials / sizeof *trials);
}
END_TEST

/* --- records that are not true --- */

struct forgery {
    const char *what, *by;
    uint64_t size;
    const char *before;
    bool wrong_root;
    enum mk_err err; /* of everybody's next opening */
};

static void try_forgery(const struct attack_files *whole,
                        const struct forgery *f, bool has_mark)
{
    uint8_t body[MK_PRUNING_BODY];
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_pruning p;
    struct mk_vault *v;
    enum mk_err rc;

    attack_load(&a, whole);
    p = old_pruning(&a, f->size, f->before);
    if (f->wrong_root)
        p.root[31] ^= 1;
    mk_pruning_encode(body, mk_keyring_store(a.known[0]->keyring), &p);
    old_forge(&a, f->by, MK_REGISTER_PRUNING, body, sizeof body);
    attack_sql(&a, "DELETE FROM log WHERE seq < %llu",
               (unsigned long long)f->size);
    attack_load_one(&a, whole, ATTACK_MARK);
    if (!has_mark)
        without_mark();
    rc = attack_unlock(&a, "auditor1", &v, &diag);
    ck_assert_msg(rc == f->err, "%s: %s %s", f->what, mk_err_name(rc),
                  diag.place);
    ck_assert_msg(f->err == MK_OK || strncmp(diag.place, "register", 8) == 0,
                  "%s: %s", f->what, diag.place);
    rc = vault_verify(v, NULL, &diag);
    ck_assert_msg(mk_err_exit(rc) == mk_err_exit(f->err), "%s: verify: %s %s",
                  f->what, mk_err_name(rc), diag.place);
    mk_vault_close(v);
}

START_TEST(a_record_that_is_not_true_is_refused)
{
    static const struct forgery forgeries[] = {
        {"a true one", "bewaarder2", 512, "2022-04-01", false, MK_OK},
        {"a true one of less", "bewaarder2", 256, "2021-06-01", false, MK_OK},
        {"by an inspector", "inspecteur1", 512, "2022-04-01", false,
         MK_E_NOT_ALLOWED_HEAD},
        {"by an auditor", "auditor1", 512, "2022-04-01", false,
         MK_E_NOT_ALLOWED_HEAD},
        {"another root", "bewaarder2", 512, "2022-04-01", true, MK_E_TAMPERED},
        {"no whole groups", "bewaarder2", 500, "2022-04-01", false,
         MK_E_TAMPERED},
        {"nothing", "bewaarder2", 0, "2022-04-01", false, MK_E_TAMPERED},
        {"not older than it says", "bewaarder2", 512, "2021-06-01", false,
         MK_E_TAMPERED},
        {"younger than the term", "bewaarder2", 512, "2022-06-01", false,
         MK_E_TAMPERED},
        {"more than there is", "bewaarder2", 1024, "2022-04-01", false,
         MK_E_TAMPERED},
    };
    struct attack_files whole;

    begin();
    old_clock(OLD_AFTER);
    old_others(&a);
    attack_save(&a, &whole);
    for (size_t i = 0; i < sizeof forgeries / sizeof *forgeries; i++) {
        try_forgery(&whole, &forgeries[i], true);
        try_forgery(&whole, &forgeries[i], false);
    }
    attack_files_release(&whole);
}
END_TEST

/* The rule holds where the record is judged, not only where it is made. */
START_TEST(a_record_by_a_clock_that_was_set_forward_is_refused)
{
    static const struct forgery late = {
        "in 2060", "bewaarder2", 512, "2022-04-01", false, MK_E_TAMPERED};
    struct attack_files whole;

    begin();
    old_clock("2023-01-02");
    old_others(&a);
    old_clock("2060-01-01");
    attack_save(&a, &whole);
    try_forgery(&whole, &late, true);
    try_forgery(&whole, &late, false);
    attack_files_release(&whole);
}
END_TEST

START_TEST(a_record_within_31_days_of_the_term_is_refused)
{
    static const struct forgery hasty = {
        "hasty", "bewaarder2", 512, "2022-04-01", false, MK_E_TAMPERED};
    struct attack_files whole;

    begin();
    old_set_term(&a, 120);
    old_clock(OLD_AFTER);
    old_set_term(&a, 60);
    old_clock("2027-06-20");
    old_others(&a);
    attack_save(&a, &whole);
    try_forgery(&whole, &hasty, true);
    attack_load(&a, &whole);
    attack_files_release(&whole);
    old_clock("2027-07-09");
    old_others(&a);
    old_prune_to(&a, 512);
    assert_whole();
}
END_TEST

START_TEST(a_second_record_of_no_more_is_refused)
{
    static const struct forgery again[] = {
        {"the same once more", "bewaarder2", 512, "2022-04-01", false,
         MK_E_TAMPERED},
        {"less than before", "bewaarder2", 256, "2022-04-01", false,
         MK_E_TAMPERED},
    };
    struct attack_files whole;

    begin();
    old_clock(OLD_AFTER);
    old_others(&a);
    old_prune_to(&a, 512);
    attack_save(&a, &whole);
    for (size_t i = 0; i < 2; i++)
        try_forgery(&whole, &again[i], true);
    attack_files_release(&whole);
}
END_TEST

START_TEST(a_term_that_is_none_is_refused)
{
    static const uint32_t months[] = {0, 59, 601};
    uint8_t body[MK_TERM_BODY];
    struct attack_files whole;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;

    begin();
    attack_save(&a, &whole);
    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        attack_load(&a, &whole);
        mk_term_encode(body, mk_keyring_store(a.known[0]->keyring), months[i]);
        old_forge(&a, "bewaarder2", MK_REGISTER_TERM, body, sizeof body);
        attack_load_one(&a, &whole, ATTACK_MARK);
        ck_assert_int_eq(attack_unlock(&a, "auditor1", &v, &diag),
                         MK_E_TAMPERED);
        ck_assert_str_eq(diag.place, "register (term)");
        mk_vault_close(v);
    }
    attack_files_release(&whole);
}
END_TEST

/*
 * Below a pruning no entry holds the heads together any more.  So a custodian
 * dates a transaction of his own early and takes out the heads that others
 * signed before it: what is left says that all of it is old.
 */
START_TEST(young_entries_under_an_early_head_of_a_custodian_are_not_old)
{
    static const struct forgery young = {
        "young", "bewaarder2", 768, "2022-04-01", false, MK_E_TAMPERED};
    struct attack_files whole;

    begin();
    old_clock(OLD_AFTER);
    old_work_to(&a, "inspecteur2", 700);
    old_clock("2021-02-01");
    old_work_to(&a, "bewaarder2", 768);
    old_clock(OLD_AFTER);
    old_others(&a);
    attack_sql(&a, "DELETE FROM head WHERE log_size > 512"
                   " AND log_size < 768");
    attack_save(&a, &whole);
    try_forgery(&whole, &young, true);
    try_forgery(&whole, &young, false);
    attack_files_release(&whole);
}
END_TEST

/* Old bodies are not tidied away when they are not what was written. */
START_TEST(a_log_that_was_changed_is_not_pruned)
{
    struct mk_log_pruned out;
    struct mk_diag diag = MK_DIAG_INIT;
    struct below_rows before;
    struct below_rows after;

    begin();
    old_clock(OLD_AFTER);
    old_others(&a);
    attack_sql(&a, "UPDATE log SET leaf = (SELECT l.leaf FROM log l"
                   " WHERE l.seq = 100) WHERE seq = 101");
    attack_rows(&a, "log", &before);
    ck_assert_int_eq(mk_err_exit(old_prune(&a, NULL, false, &out, &diag)),
                     MK_EXIT_INTEGRITY);
    attack_rows(&a, "log", &after);
    ck_assert_uint_eq(before.n, after.n);
    below_release(&before);
    below_release(&after);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        bodies_that_are_gone_without_a_record_are_noticed,
        a_pruned_log_that_is_changed_is_noticed,
        a_record_that_is_not_true_is_refused,
        a_record_by_a_clock_that_was_set_forward_is_refused,
        a_record_within_31_days_of_the_term_is_refused,
        a_second_record_of_no_more_is_refused,
        a_term_that_is_none_is_refused,
        young_entries_under_an_early_head_of_a_custodian_are_not_old,
        a_log_that_was_changed_is_not_pruned,
    };

    return UNIT_RUN_SHARED("attack_prune", tests, start, end);
}
