/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files and folders put back or taken from another vault, and the mark that
 * remembers what this account has seen.
 */
#include <stdio.h>
#include <string.h>

#include "tests/support/attack.h"
#include "tests/support/unit.h"

static struct attack a;

static void forget_mark(void)
{
    char path[192];

    attack_path(&a, ATTACK_MARK, path);
    ck_assert_int_eq(remove(path), 0);
}

/* --- files and folders --- */

START_TEST(the_whole_file_put_back_is_noticed)
{
    struct attack_files old;
    struct attack_seen seen;

    attack_setup(&a, 0);
    attack_save(&a, &old);
    attack_note(&a, 0, "Later is er nog gebeld.");
    attack_load_one(&a, &old, ATTACK_DB);
    attack_look(&a, &seen);
    attack_assert_read(&seen, "file put back");
    ck_assert_int_eq(seen.read, MK_E_ROLLED_BACK);
    ck_assert_int_eq(seen.verify, MK_E_ROLLED_BACK);
    attack_files_release(&old);
    attack_teardown(&a);
}
END_TEST

START_TEST(the_whole_folder_put_back_is_noticed)
{
    struct attack_seen seen;
    char old[128];

    attack_setup(&a, 0);
    a.real = true;
    snprintf(old, sizeof old, "%s/oud", a.f.dir);
    vault_copy(a.f.vault, old);
    attack_note(&a, 0, "Later is er nog gebeld.");
    vault_copy(old, a.f.vault);
    attack_look(&a, &seen);
    attack_assert_read(&seen, "folder put back");
    ck_assert_int_eq(seen.read, MK_E_ROLLED_BACK);
    attack_teardown(&a);
}
END_TEST

START_TEST(the_file_of_another_vault_is_refused)
{
    static struct attack other;
    struct attack_files theirs;
    struct attack_seen seen;

    attack_setup(&a, 0);
    attack_setup(&other, 0);
    attack_save(&other, &theirs);
    attack_load_one(&a, &theirs, ATTACK_DB);
    attack_look(&a, &seen);
    attack_assert_read(&seen, "file of another vault");
    attack_files_release(&theirs);
    attack_teardown(&other);
    attack_teardown(&a);
}
END_TEST

START_TEST(an_old_retention_file_is_noticed_and_no_key_is_made_over_a_lost_one)
{
    const struct mk_access access = {.purpose = 0};
    struct attack_files old;
    struct attack_seen seen;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_written out;
    struct mk_event e;
    struct mk_vault *v;
    struct attack_files now;

    attack_setup(&a, 0);
    attack_save(&a, &old);
    (void)attack_intake(&a, "2021-02-03"); /* the first of its year */
    attack_load_one(&a, &old, ATTACK_RETENTION);
    attack_look(&a, &seen);
    attack_assert_read(&seen, "retention put back");
    ck_assert_str_eq(seen.verify_place, "retention");
    v = attack_as(&a, "auditor1"); /* who has no key to open it with */
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_E_RETENTION);
    ck_assert_str_eq(diag.place, "retention");
    mk_vault_close(v);
    v = attack_as(&a, "inspecteur1");
    vault_event(&e, MK_VERB_MELDING, "received", "2021-03-04", "channel",
                "TEL", "reporter", "OUD", NULL);
    ck_assert_int_eq(mk_report_new(v, &access, &e, NULL, &out, &diag),
                     MK_E_RETENTION);
    ck_assert_str_eq(diag.place, "retention");
    mk_vault_close(v);
    attack_save(&a, &now);
    ck_assert_uint_eq(now.text[ATTACK_RETENTION].len,
                      old.text[ATTACK_RETENTION].len);
    attack_files_release(&now);
    attack_files_release(&old);
    attack_teardown(&a);
}
END_TEST

/* --- marks --- */

START_TEST(without_a_mark_the_vault_is_trusted_on_first_use)
{
    struct mk_vault *v;
    struct mk_diag diag = MK_DIAG_INIT;

    attack_setup(&a, 0);
    v = vault_as(&a.f, "inspecteur1");
    ck_assert(!mk_vault_first_use(v));
    mk_vault_close(v);
    forget_mark();
    v = vault_as(&a.f, "inspecteur1");
    ck_assert(mk_vault_first_use(v));
    (void)vault_intake(v, "2020-05-06");
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_OK);
    mk_vault_close(v);
    v = vault_as(&a.f, "inspecteur1");
    ck_assert(!mk_vault_first_use(v));
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

START_TEST(a_flipped_byte_of_the_mark_is_noticed)
{
    struct attack_files whole;
    struct mk_buf *mark = &whole.text[ATTACK_MARK];
    struct attack_seen seen;
    char what[32];
    size_t signature = 4 + MK_HEAD;

    attack_setup(&a, 0);
    attack_save(&a, &whole);
    ck_assert_uint_eq(mark->len, signature + MK_SIG);
    for (size_t i = 0; i < mark->len; i += i < signature ? 3 : 31) {
        attack_load(&a, &whole);
        mark->data[i] ^= 4;
        attack_load_one(&a, &whole, ATTACK_MARK);
        mark->data[i] ^= 4;
        attack_look(&a, &seen);
        snprintf(what, sizeof what, "mark, byte %zu", i);
        if (i < signature)
            attack_assert_read(&seen, what);
    }
    attack_load(&a, &whole);
    attack_write(&a, ATTACK_MARK, "", 0);
    attack_look(&a, &seen);
    attack_assert_read(&seen, "empty mark");
    attack_files_release(&whole);
    attack_teardown(&a);
}
END_TEST

START_TEST(the_mark_of_another_vault_is_refused)
{
    static struct attack other;
    struct attack_files theirs;
    struct attack_seen seen;

    attack_setup(&a, 0);
    attack_setup(&other, 0);
    attack_save(&other, &theirs);
    attack_load_one(&a, &theirs, ATTACK_MARK);
    attack_look(&a, &seen);
    attack_assert_read(&seen, "mark of another vault");
    attack_files_release(&theirs);
    attack_teardown(&other);
    attack_teardown(&a);
}
END_TEST

/* Both branches are whole in themselves: only who saw the other one can
 * tell, here by his mark, else by a witness outside. */
START_TEST(who_saw_one_branch_of_a_fork_refuses_the_other)
{
    struct attack_files root;
    struct attack_files one;
    struct attack_files two;
    struct attack_seen seen;

    attack_setup(&a, 0);
    attack_save(&a, &root);
    attack_note(&a, 0, "In de ene tak.");
    attack_save(&a, &one);
    attack_load(&a, &root);
    attack_note(&a, 1, "In de andere tak.");
    attack_note(&a, 1, "En verder.");
    attack_save(&a, &two);
    /* the other branch, with the mark of the first */
    attack_load_one(&a, &one, ATTACK_MARK);
    attack_look(&a, &seen);
    attack_assert_read(&seen, "other branch");
    ck_assert_int_eq(seen.read, MK_E_ROLLED_BACK);
    /* each branch by itself is fine */
    attack_load(&a, &two);
    forget_mark();
    attack_look(&a, &seen);
    ck_assert_int_eq(seen.read, MK_OK);
    ck_assert_int_eq(seen.verify, MK_OK);
    attack_files_release(&root);
    attack_files_release(&one);
    attack_files_release(&two);
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
        the_whole_file_put_back_is_noticed,
        the_whole_folder_put_back_is_noticed,
        the_file_of_another_vault_is_refused,
        an_old_retention_file_is_noticed_and_no_key_is_made_over_a_lost_one,
        without_a_mark_the_vault_is_trusted_on_first_use,
        a_flipped_byte_of_the_mark_is_noticed,
        the_mark_of_another_vault_is_refused,
        who_saw_one_branch_of_a_fork_refuses_the_other,
    };

    return UNIT_RUN("attack_marks", tests, start);
}
