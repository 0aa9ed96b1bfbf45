/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making and opening a store on real files, and every refusal. */
#include "tests/unit/store_fixture.h"

/* ---- bytes of the file, past all locks: only while it is closed ---- */

static off_t file_size(void)
{
    struct stat s;

    ck_assert_int_eq(fstatat(v.dir, "vault.db", &s, 0), 0);
    return s.st_size;
}

static void flip(off_t at)
{
    int fd = openat(v.dir, "vault.db", O_RDWR);
    uint8_t byte;

    ck_assert_int_eq(pread(fd, &byte, 1, at), 1);
    byte ^= 0x10;
    ck_assert_int_eq(pwrite(fd, &byte, 1, at), 1);
    (void)close(fd);
}

static void cut(off_t size)
{
    int fd = openat(v.dir, "vault.db", O_RDWR);

    ck_assert_int_eq(ftruncate(fd, size), 0);
    (void)close(fd);
}

/* ---- making and opening ---- */

START_TEST(new_vault_is_ciphertext_under_its_own_salt)
{
    struct mk_secret *salt;
    uint8_t first[16];
    struct stat s;
    int fd;

    close_vault();
    ck_ok(mk_hkdf(&salt, 16, NULL, 0, v.dbk, "mk1/salt", 8));
    fd = openat(v.dir, "vault.db", O_RDONLY);
    ck_assert_int_eq(read(fd, first, 16), 16);
    ck_assert_int_eq(fstat(fd, &s), 0);
    ck_assert_uint_eq(s.st_mode & 07777, 0600);
    (void)close(fd);
    ck_assert_mem_eq(first, mk_secret_peek(salt), 16);
    mk_secret_free(salt);
    ck_assert(!is_there("vault.new"));
    ck_ok(open_vault());
}
END_TEST

START_TEST(vault_is_not_made_over_another)
{
    struct mk_store *second;

    commit_log(0);
    close_vault();
    ck_refused(mk_store_create(&second, v.dir, v.path, v.dbk, &diag),
               MK_E_EXISTS);
    ck_assert_ptr_null(second);
    ck_ok(open_vault());
    ck_assert_uint_eq(count_log(), 1);
}
END_TEST

START_TEST(making_that_was_cut_off_begins_anew)
{
    close_vault();
    ck_ok(mk_file_rename(v.dir, "vault.db", "vault.new", &diag));
    ck_ok(mk_file_write(v.dir, "vault.new-journal", "x", 1, &diag));
    ck_ok(mk_store_create(&v.st, v.dir, v.path, v.dbk, &diag));
    ck_assert(!is_there("vault.new"));
    ck_assert(!is_there("vault.new-journal"));
    ck_assert_uint_eq(count_log(), 0);
}
END_TEST

START_TEST(missing_vault_is_not_found)
{
    close_vault();
    ck_ok(mk_file_remove(v.dir, "vault.db", &diag));
    ck_refused(open_vault(), MK_E_NOT_FOUND);
}
END_TEST

START_TEST(wrong_key_is_refused)
{
    struct mk_secret *right = v.dbk;

    close_vault();
    v.dbk = mk_secret_random(MK_KEY);
    ck_refused(open_vault(), MK_E_DAMAGED);
    ck_assert_ptr_null(v.st);
    mk_secret_free(v.dbk);
    v.dbk = right;
    ck_ok(open_vault());
}
END_TEST

START_TEST(flipped_byte_of_the_salt_is_refused)
{
    close_vault();
    for (off_t at = 0; at < 16; at++) {
        flip(at);
        ck_refused(open_vault(), MK_E_DAMAGED);
        flip(at);
    }
    ck_ok(open_vault());
}
END_TEST

START_TEST(plain_sqlite_file_is_refused)
{
    static const char header[16] = "SQLite format 3";

    close_vault();
    ck_ok(mk_file_write(v.dir, "vault.db", header, sizeof(header), &diag));
    ck_refused(open_vault(), MK_E_PLAINTEXT);
}
END_TEST

/* Fills some pages of every kind: inner nodes, leaves, overflow. */
static void fill(void)
{
    static uint8_t big[9000];
    struct mk_chunk_row chunk = {.facts = {big, sizeof(big)},
                                 .tags = {big, 100}};

    ck_ok(mk_store_begin_write(v.st, &diag));
    for (uint64_t i = 0; i < 100; i++)
        ck_ok(append_log(v.st, i));
    ck_ok(mk_chunk_insert(v.st, &chunk, &diag));
    ck_ok(mk_store_commit(v.st, &diag));
}

/* Everything that a whole reading would touch. */
static enum mk_err read_everything(void)
{
    enum mk_err rc = open_vault();

    if (rc == MK_OK)
        rc = mk_store_check(v.st, &diag);
    close_vault();
    return rc;
}

START_TEST(flipped_byte_of_any_page_is_noticed)
{
    static const off_t places[] = {0, 17, 100, 2000, 4015, 4016, 4040, 4095};
    off_t pages;

    fill();
    close_vault();
    ck_ok(read_everything());
    pages = file_size() / 4096;
    ck_assert_int_gt(pages, 20);
    for (off_t page = 0; page < pages; page++)
        for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
            off_t at = page * 4096 + places[i];

            flip(at);
            ck_refused(read_everything(), MK_E_DAMAGED);
            flip(at);
        }
    ck_ok(read_everything());
}
END_TEST

START_TEST(flipped_byte_is_refused_by_the_read_that_touches_it)
{
    struct mk_log_row row;
    struct mk_walk *w;
    enum mk_err rc;
    bool more = true;
    off_t pages;
    unsigned refused = 0;

    fill();
    close_vault();
    pages = file_size() / 4096;
    for (off_t page = 1; page < pages; page++) {
        flip(page * 4096 + 2000);
        rc = open_vault();
        if (rc == MK_OK) {
            ck_ok(mk_store_begin_read(v.st, &diag));
            ck_ok(mk_walk_log(&w, v.st, 0, &diag));
            do
                rc = mk_walk_log_row(w, &more, &row, &diag);
            while (rc == MK_OK && more);
            mk_walk_close(w);
            close_vault();
        }
        ck_assert(rc == MK_OK || rc == MK_E_DAMAGED);
        refused += rc == MK_E_DAMAGED;
        flip(page * 4096 + 2000);
    }
    ck_assert_uint_ge(refused, 7); /* 100 leaves of 300 bytes */
}
END_TEST

START_TEST(cut_file_is_noticed)
{
    off_t size;

    fill();
    close_vault();
    size = file_size();
    cut(size - 4096);
    ck_refused(read_everything(), MK_E_DAMAGED);
    cut(size - 100);
    ck_refused(read_everything(), MK_E_DAMAGED);
    cut(4096);
    ck_refused(read_everything(), MK_E_DAMAGED);
    cut(15);
    ck_refused(read_everything(), MK_E_DAMAGED);
    cut(0);
    ck_refused(read_everything(), MK_E_DAMAGED);
}
END_TEST

/* ---- the folder and its files ---- */

static const mode_t wide[] = {0001, 0002, 0004, 0010, 0020, 0040};

START_TEST(wide_modes_are_refused)
{
    close_vault();
    ck_assert_int_eq(fchmodat(v.dir, "vault.db", 0600 | wide[_i], 0), 0);
    ck_refused(open_vault(), MK_E_PERMISSIONS);
    ck_assert_str_eq(diag.place, "vault.db");
    ck_assert_int_eq(fchmodat(v.dir, "vault.db", 0600, 0), 0);
    ck_ok(mk_file_write(v.dir, "vault.db-journal", NULL, 0, &diag));
    ck_assert_int_eq(fchmodat(v.dir, "vault.db-journal", 0600 | wide[_i], 0),
                     0);
    ck_refused(open_vault(), MK_E_PERMISSIONS);
    ck_assert_str_eq(diag.place, "vault.db-journal");
    ck_assert_int_eq(fchmodat(v.dir, "vault.db-journal", 0600, 0), 0);
    ck_assert_int_eq(chmod(v.path, 0700 | wide[_i]), 0);
    ck_refused(open_vault(), MK_E_PERMISSIONS);
    ck_assert_int_eq(chmod(v.path, 0700), 0);
    ck_ok(open_vault());
}
END_TEST

START_TEST(links_are_refused)
{
    close_vault();
    ck_assert_int_eq(linkat(v.dir, "vault.db", v.dir, "other", 0), 0);
    ck_refused(open_vault(), MK_E_PERMISSIONS);
    ck_assert_int_eq(unlinkat(v.dir, "vault.db", 0), 0);
    ck_assert_int_eq(symlinkat("other", v.dir, "vault.db"), 0);
    ck_refused(open_vault(), MK_E_PERMISSIONS);
    ck_assert_int_eq(renameat(v.dir, "other", v.dir, "vault.db"), 0);
    (void)unlinkat(v.dir, "vault.db-journal", 0);
    ck_assert_int_eq(symlinkat("x", v.dir, "vault.db-journal"), 0);
    ck_refused(open_vault(), MK_E_PERMISSIONS);
    ck_ok(mk_file_remove(v.dir, "vault.db-journal", &diag));
    ck_ok(open_vault());
}
END_TEST

START_TEST(folder_behind_a_symbolic_link_is_opened_by_its_real_path)
{
    char link[80], home[90];

    close_vault();
    (void)snprintf(link, sizeof(link), "%s.link", v.path);
    ck_assert_int_eq(symlink(v.path, link), 0);
    (void)snprintf(home, sizeof(home), "%s/.", link);
    ck_ok(mk_store_open(&v.st, v.dir, home, v.dbk, &diag));
    ck_assert_int_eq(unlink(link), 0);
}
END_TEST

START_TEST(path_that_leads_elsewhere_is_refused)
{
    close_vault();
    ck_refused(mk_store_open(&v.st, v.dir, "/", v.dbk, &diag),
               MK_E_PERMISSIONS);
}
END_TEST

START_TEST(write_ahead_log_is_refused)
{
    close_vault();
    ck_ok(mk_file_write(v.dir, "vault.db-wal", "x", 1, &diag));
    ck_refused(open_vault(), MK_E_TAMPERED);
}
END_TEST

START_TEST(settings_are_those_of_the_design)
{
    struct mk_store_facts facts;

    ck_ok(mk_store_facts(v.st, &facts, &diag));
    ck_assert_str_eq(
        facts.settings,
        "cipher_log_level=NONE cipher_memory_security=1 cipher_page_size=4096"
        " trusted_schema=0 temp_store=2 foreign_keys=1 secure_delete=1"
        " cell_size_check=1 journal_mode=truncate synchronous=3"
        " cache_size=-8192");
    ck_assert_ptr_nonnull(strstr(facts.engine, "SQLCipher "));
}
END_TEST

static void add_opening(TCase *tc)
{
    tcase_add_test(tc, new_vault_is_ciphertext_under_its_own_salt);
    tcase_add_test(tc, vault_is_not_made_over_another);
    tcase_add_test(tc, making_that_was_cut_off_begins_anew);
    tcase_add_test(tc, missing_vault_is_not_found);
    tcase_add_test(tc, wrong_key_is_refused);
    tcase_add_test(tc, flipped_byte_of_the_salt_is_refused);
    tcase_add_test(tc, plain_sqlite_file_is_refused);
    tcase_add_test(tc, flipped_byte_of_any_page_is_noticed);
    tcase_add_test(tc, flipped_byte_is_refused_by_the_read_that_touches_it);
    tcase_add_test(tc, cut_file_is_noticed);
    tcase_add_loop_test(tc, wide_modes_are_refused, 0,
                        (int)(sizeof(wide) / sizeof(*wide)));
    tcase_add_test(tc, links_are_refused);
    tcase_add_test(tc,
                   folder_behind_a_symbolic_link_is_opened_by_its_real_path);
    tcase_add_test(tc, path_that_leads_elsewhere_is_refused);
    tcase_add_test(tc, write_ahead_log_is_refused);
    tcase_add_test(tc, settings_are_those_of_the_design);
}

int main(void)
{
    Suite *suite = suite_create("store");
    TCase *opening = tcase_create("opening");

    tcase_add_checked_fixture(opening, make_vault, remove_folder);
    add_opening(opening);
    suite_add_tcase(suite, opening);
    return run_suite(suite);
}
