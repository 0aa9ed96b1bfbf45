/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages and journals put back or taken away.  The database library accepts an
 * old copy of a page: the roots do not.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/sealed.h"
#include "tests/support/attack.h"
#include "tests/support/unit.h"

#define PAGE 4096

static struct attack a;

static void forget_mark(void)
{
    char path[192];

    attack_path(&a, ATTACK_MARK, path);
    ck_assert_int_eq(remove(path), 0);
}

/* --- pages --- */

START_TEST(a_page_put_back_from_an_older_copy_is_noticed)
{
    struct attack_files old;
    struct attack_files now;
    struct attack_files mixed;
    struct attack_seen before;
    struct attack_seen seen;
    const uint8_t *from;
    uint8_t *to;
    char what[64];
    size_t pages;
    size_t noticed = 0;

    attack_setup(&a, 0);
    attack_save(&a, &old);
    attack_note(&a, 0, "Later is er nog gebeld.");
    (void)attack_intake(&a, "2021-02-03");
    attack_save(&a, &now);
    attack_look(&a, &before);
    ck_assert_int_eq(before.read, MK_OK);
    pages = old.text[ATTACK_DB].len / PAGE;
    ck_assert_uint_gt(pages, 15);
    for (size_t i = 0; i < pages; i++) {
        from = old.text[ATTACK_DB].data + i * PAGE;
        if (memcmp(from, now.text[ATTACK_DB].data + i * PAGE, PAGE) == 0)
            continue;
        attack_load(&a, &now);
        attack_save(&a, &mixed);
        to = mixed.text[ATTACK_DB].data + i * PAGE;
        memcpy(to, from, PAGE);
        attack_load(&a, &mixed);
        attack_files_release(&mixed);
        attack_look(&a, &seen);
        snprintf(what, sizeof what, "page %zu put back", i + 1);
        if (attack_noticed(&seen)) {
            noticed++;
            attack_assert_verify(&seen, what);
            continue;
        }
        /* page 1 counts changes of the file: nothing that is read */
        ck_assert_msg(seen.read == MK_OK && seen.verify == MK_OK, "%s: %s %s",
                      what, mk_err_name(seen.read), seen.place);
        ck_assert_msg(i == 0, "%s is not noticed", what);
        ck_assert_mem_eq(seen.digest, before.digest, MK_HASH);
    }
    ck_assert_uint_gt(noticed, 8);
    attack_files_release(&old);
    attack_files_release(&now);
    attack_teardown(&a);
}
END_TEST

START_TEST(a_file_cut_short_or_made_longer_is_noticed)
{
    struct attack_files whole;
    struct attack_seen seen;
    size_t len;

    attack_setup(&a, 0);
    attack_save(&a, &whole);
    len = whole.text[ATTACK_DB].len;
    for (size_t cut = 1; cut < len; cut += cut < 3 * PAGE ? 1111 : 9 * PAGE) {
        attack_load(&a, &whole);
        attack_write(&a, ATTACK_DB, whole.text[ATTACK_DB].data, len - cut);
        attack_look(&a, &seen);
        attack_assert_verify(&seen, "cut short");
    }
    attack_load(&a, &whole);
    attack_write(&a, ATTACK_DB, "", 0);
    attack_look(&a, &seen);
    attack_assert_verify(&seen, "empty");
    attack_files_release(&whole);
    attack_teardown(&a);
}
END_TEST

/* --- journals --- */

/*
 * An inspector who is killed in the middle of a transaction, when pages of it
 * have reached the file already: a large one overflows the page cache.
 */
static void killed_while_writing(void)
{
    const struct mk_log_item item = {.kind = MK_AUDIT_SHOW};
    pid_t pid = fork();
    int status;

    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        struct mk_vault *v = attack_as(&a, "inspecteur1");
        struct mk_dossier_row row;
        struct mk_tx tx;

        mk_dossier_row_init(&row);
        ck_assert_int_eq(mk_tx_begin(&tx, v, NULL, NULL), MK_OK);
        ck_assert_int_eq(mk_sealed_row(v, 1, &row, NULL), MK_OK);
        row.version++;
        ck_assert_int_eq(mk_tx_dossier(&tx, &row, NULL), MK_OK);
        attack_sql_in(v, "PRAGMA cache_size = 10;"
                         "UPDATE entry SET narrative = NULL");
        for (size_t i = 0; i < 2000; i++)
            ck_assert_int_eq(mk_tx_leaf(&tx, &item, NULL), MK_OK);
        (void)kill(getpid(), SIGKILL);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFSIGNALED(status));
}

/* The file changed and its journal is hot. */
static void assert_hot(const struct attack_files *before,
                       const struct attack_files *torn)
{
    const struct mk_buf *db = &before->text[ATTACK_DB];
    size_t changed = 0;

    ck_assert(torn->there[ATTACK_JOURNAL]);
    ck_assert_uint_gt(torn->text[ATTACK_JOURNAL].len, PAGE);
    for (size_t i = 0; i < db->len; i += PAGE)
        changed +=
            memcmp(db->data + i, torn->text[ATTACK_DB].data + i, PAGE) != 0;
    ck_assert_uint_gt(changed, 0);
}

START_TEST(a_writer_who_was_killed_leaves_what_was_there_before)
{
    struct attack_files whole;
    struct attack_files torn;
    struct attack_seen before;
    struct attack_seen seen;

    attack_setup(&a, 0);
    attack_save(&a, &whole);
    attack_look(&a, &before);
    attack_load(&a, &whole);
    killed_while_writing();
    attack_save(&a, &torn);
    assert_hot(&whole, &torn);
    attack_look(&a, &seen);
    ck_assert_int_eq(seen.read, MK_OK);
    ck_assert_int_eq(seen.verify, MK_OK);
    ck_assert_mem_eq(seen.digest, before.digest, MK_HASH);
    attack_files_release(&whole);
    attack_files_release(&torn);
    attack_teardown(&a);
}
END_TEST

START_TEST(a_hot_journal_taken_away_is_noticed)
{
    struct attack_files whole;
    struct attack_files torn;
    struct attack_seen seen;

    attack_setup(&a, 0);
    attack_save(&a, &whole);
    killed_while_writing();
    attack_save(&a, &torn);
    assert_hot(&whole, &torn);
    torn.there[ATTACK_JOURNAL] = false;
    attack_load(&a, &torn);
    attack_look(&a, &seen);
    attack_assert_read(&seen, "journal deleted");
    attack_load(&a, &torn);
    attack_write(&a, ATTACK_JOURNAL, "", 0);
    attack_look(&a, &seen);
    attack_assert_read(&seen, "journal emptied");
    attack_load(&a, &torn);
    attack_write(&a, ATTACK_JOURNAL, torn.text[ATTACK_JOURNAL].data, PAGE);
    attack_look(&a, &seen);
    attack_assert_read(&seen, "journal cut short");
    forget_mark();
    attack_load_one(&a, &torn, ATTACK_DB);
    attack_write(&a, ATTACK_JOURNAL, "", 0);
    attack_look(&a, &seen);
    attack_assert_verify(&seen, "journal emptied, first use");
    attack_files_release(&whole);
    attack_files_release(&torn);
    attack_teardown(&a);
}
END_TEST

START_TEST(an_old_hot_journal_put_back_beside_a_newer_file_is_noticed)
{
    struct attack_files whole;
    struct attack_files torn;
    struct attack_files newer;
    struct attack_seen before;
    struct attack_seen seen;

    attack_setup(&a, 0);
    attack_save(&a, &whole);
    attack_look(&a, &before);
    attack_load(&a, &whole);
    killed_while_writing();
    attack_save(&a, &torn);
    assert_hot(&whole, &torn);
    attack_note(&a, 0, "Later is er nog gebeld."); /* recovers first */
    (void)attack_intake(&a, "2021-02-03");
    attack_save(&a, &newer);
    attack_load_one(&a, &torn, ATTACK_JOURNAL);
    attack_look(&a, &seen);
    attack_assert_read(&seen, "old journal put back");
    /* For somebody who was never here before: a mixture is noticed, and all
     * of the older file, which no more than a witness can tell, is whole. */
    attack_load(&a, &newer);
    attack_load_one(&a, &torn, ATTACK_JOURNAL);
    forget_mark();
    attack_look(&a, &seen);
    if (attack_noticed(&seen))
        attack_assert_verify(&seen, "old journal put back, first use");
    else
        ck_assert_mem_eq(seen.digest, before.digest, MK_HASH);
    attack_files_release(&whole);
    attack_files_release(&torn);
    attack_files_release(&newer);
    attack_teardown(&a);
}
END_TEST

START_TEST(a_journal_of_anybodys_making_changes_nothing_or_is_noticed)
{
    struct attack_files whole;
    struct attack_seen before;
    struct attack_seen seen;
    uint8_t junk[2 * PAGE];

    attack_setup(&a, 0);
    attack_save(&a, &whole);
    attack_look(&a, &before);
    for (size_t i = 0; i < 4; i++) {
        memset(junk, (int)(0x55 * i), sizeof junk);
        if (i > 1)
            memcpy(junk, "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7\xff\xff\xff\xff",
                   12);
        attack_load(&a, &whole);
        attack_write(&a, ATTACK_JOURNAL, junk, sizeof junk);
        attack_look(&a, &seen);
        if (attack_noticed(&seen))
            attack_assert_verify(&seen, "journal of junk");
        else
            ck_assert_mem_eq(seen.digest, before.digest, MK_HASH);
    }
    attack_files_release(&whole);
    attack_teardown(&a);
}
END_TEST

START_TEST(a_write_ahead_log_beside_the_file_is_refused)
{
    struct attack_seen seen;
    char path[192];
    int fd;

    attack_setup(&a, 0);
    snprintf(path, sizeof path, "%s/vault.db-wal", a.f.vault);
    fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(close(fd), 0);
    attack_look(&a, &seen);
    attack_assert_read(&seen, "write-ahead log");
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
        a_page_put_back_from_an_older_copy_is_noticed,
        a_file_cut_short_or_made_longer_is_noticed,
        a_writer_who_was_killed_leaves_what_was_there_before,
        a_hot_journal_taken_away_is_noticed,
        an_old_hot_journal_put_back_beside_a_newer_file_is_noticed,
        a_journal_of_anybodys_making_changes_nothing_or_is_noticed,
        a_write_ahead_log_beside_the_file_is_refused,
    };

    return UNIT_RUN("attack_pages", tests, start);
}
