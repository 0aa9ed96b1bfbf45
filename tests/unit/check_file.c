/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dirent.h>
#include <sys/wait.h>

#include "tests/unit/store_fixture.h"

static struct mk_buf buf = MK_BUF_INIT;

static void put(const char *name, const char *text)
{
    ck_ok(mk_file_write(v.dir, name, text, strlen(text), &diag));
}

static size_t names_in_folder(void)
{
    DIR *d = opendir(v.path);
    size_t n = 0;

    ck_assert_ptr_nonnull(d);
    while (readdir(d))
        n++;
    closedir(d);
    return n - 2; /* . and .. */
}

START_TEST(what_is_written_is_read)
{
    struct stat s;

    put("a", "first and long");
    put("a", "second");
    ck_ok(mk_file_read(v.dir, "a", 100, &buf, &diag));
    ck_assert_uint_eq(buf.len, 6);
    ck_assert_mem_eq(buf.data, "second", 6);
    ck_assert_int_eq(fstatat(v.dir, "a", &s, 0), 0);
    ck_assert_uint_eq(s.st_mode & 07777, 0600);
}
END_TEST

START_TEST(empty_file_is_read_as_empty)
{
    ck_ok(mk_file_write(v.dir, "a", NULL, 0, &diag));
    ck_ok(mk_file_read(v.dir, "a", 0, &buf, &diag));
    ck_assert_uint_eq(buf.len, 0);
}
END_TEST

START_TEST(replace_leaves_one_whole_file)
{
    ck_ok(mk_file_replace(v.dir, "a", "one", 3, &diag));
    ck_ok(mk_file_replace(v.dir, "a", "two", 3, &diag));
    ck_ok(mk_file_read(v.dir, "a", 3, &buf, &diag));
    ck_assert_mem_eq(buf.data, "two", 3);
    ck_assert_uint_eq(names_in_folder(), 1);
}
END_TEST

START_TEST(renew_leaves_one_whole_file)
{
    ck_ok(mk_file_renew(v.dir, "a", "one", 3, &diag));
    ck_ok(mk_file_renew(v.dir, "a", "two", 3, &diag));
    ck_ok(mk_file_read(v.dir, "a", 3, &buf, &diag));
    ck_assert_mem_eq(buf.data, "two", 3);
    ck_assert_uint_eq(names_in_folder(), 1);
}
END_TEST

/* A reader that runs beside many replacements never sees a mixture. */
START_TEST(replace_is_atomic_for_a_reader)
{
    char text[5000];
    int status;
    pid_t pid;

    memset(text, 'a', sizeof(text));
    ck_ok(mk_file_replace(v.dir, "f", text, sizeof(text), &diag));
    pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        for (int i = 0; i < 200; i++) {
            memset(text, 'a' + i % 26, sizeof(text));
            if (mk_file_replace(v.dir, "f", text, sizeof(text), NULL) != MK_OK)
                _exit(1);
        }
        _exit(0);
    }
    do {
        ck_ok(mk_file_read(v.dir, "f", sizeof(text), &buf, &diag));
        ck_assert_uint_eq(buf.len, sizeof(text));
        for (size_t i = 1; i < buf.len; i++)
            ck_assert_uint_eq(buf.data[i], buf.data[0]);
    } while (waitpid(pid, &status, WNOHANG) == 0);
    ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(missing_file_is_not_found)
{
    ck_refused(mk_file_read(v.dir, "a", 10, &buf, &diag), MK_E_NOT_FOUND);
    ck_assert_str_eq(diag.place, "a");
    ck_refused(mk_file_rename(v.dir, "a", "b", &diag), MK_E_NOT_FOUND);
    ck_ok(mk_file_remove(v.dir, "a", &diag));
    ck_assert(!is_there("a"));
}
END_TEST

START_TEST(larger_than_allowed_is_refused)
{
    put("a", "0123456789");
    ck_ok(mk_file_read(v.dir, "a", 10, &buf, &diag));
    ck_refused(mk_file_read(v.dir, "a", 9, &buf, &diag), MK_E_TOO_LARGE);
    ck_assert_int_eq(diag.num[0], 9);
    ck_assert_uint_eq(buf.len, 0);
}
END_TEST

static const mode_t wide_modes[] = {0601, 0602, 0604, 0610, 0620, 0640, 0777};

START_TEST(wide_mode_of_a_file_is_refused)
{
    int lock;

    put("a", "x");
    ck_assert_int_eq(fchmodat(v.dir, "a", wide_modes[_i], 0), 0);
    ck_refused(mk_file_read(v.dir, "a", 10, &buf, &diag), MK_E_PERMISSIONS);
    ck_refused(mk_file_write(v.dir, "a", "y", 1, &diag), MK_E_PERMISSIONS);
    ck_refused(mk_file_replace(v.dir, "a", "y", 1, &diag), MK_E_PERMISSIONS);
    ck_refused(mk_file_lock(&lock, v.dir, "a", 0, &diag), MK_E_PERMISSIONS);
    ck_assert_int_eq(fchmodat(v.dir, "a", 0600, 0), 0);
    ck_ok(mk_file_read(v.dir, "a", 10, &buf, &diag));
    ck_assert_mem_eq(buf.data, "x", 1);
}
END_TEST

START_TEST(wide_mode_of_the_folder_is_refused)
{
    int fd;

    ck_assert_int_eq(chmod(v.path, 0700 | (wide_modes[_i] & 077)), 0);
    ck_refused(mk_dir_open(&fd, v.path, &diag), MK_E_PERMISSIONS);
    ck_assert_int_eq(fd, -1);
    ck_assert_int_eq(chmod(v.path, 0700), 0);
    ck_ok(mk_dir_open(&fd, v.path, &diag));
    (void)close(fd);
}
END_TEST

START_TEST(hard_link_is_refused)
{
    put("a", "x");
    ck_assert_int_eq(linkat(v.dir, "a", v.dir, "b", 0), 0);
    ck_refused(mk_file_read(v.dir, "a", 10, &buf, &diag), MK_E_PERMISSIONS);
    ck_refused(mk_file_write(v.dir, "b", "y", 1, &diag), MK_E_PERMISSIONS);
    ck_assert_int_eq(unlinkat(v.dir, "b", 0), 0);
    ck_ok(mk_file_read(v.dir, "a", 10, &buf, &diag));
}
END_TEST

START_TEST(symbolic_link_is_refused)
{
    char link[80];
    int fd;

    put("a", "x");
    ck_assert_int_eq(symlinkat("a", v.dir, "b"), 0);
    ck_refused(mk_file_read(v.dir, "b", 10, &buf, &diag), MK_E_PERMISSIONS);
    ck_refused(mk_file_write(v.dir, "b", "y", 1, &diag), MK_E_PERMISSIONS);
    ck_refused(mk_file_replace(v.dir, "b", "y", 1, &diag), MK_E_PERMISSIONS);
    ck_refused(mk_file_lock(&fd, v.dir, "b", 0, &diag), MK_E_PERMISSIONS);
    (void)snprintf(link, sizeof(link), "%s/c", v.path);
    ck_assert_int_eq(symlink(v.path, link), 0);
    ck_refused(mk_dir_open(&fd, link, &diag), MK_E_PERMISSIONS);
    ck_ok(mk_file_read(v.dir, "a", 10, &buf, &diag));
    ck_assert_mem_eq(buf.data, "x", 1);
}
END_TEST

START_TEST(pipe_and_folder_are_no_files)
{
    ck_assert_int_eq(mkfifoat(v.dir, "p", 0600), 0);
    ck_assert_int_eq(mkdirat(v.dir, "d", 0700), 0);
    ck_refused(mk_file_read(v.dir, "p", 10, &buf, &diag), MK_E_PERMISSIONS);
    ck_refused(mk_file_read(v.dir, "d", 10, &buf, &diag), MK_E_PERMISSIONS);
    ck_refused(mk_file_write(v.dir, "p", "y", 1, &diag), MK_E_PERMISSIONS);
}
END_TEST

/* Only the superuser can give a file away. */
START_TEST(other_owner_is_refused)
{
    int fd;

    put("a", "x");
    ck_assert_int_eq(fchownat(v.dir, "a", 65534, 65534, 0), 0);
    ck_refused(mk_file_read(v.dir, "a", 10, &buf, &diag), MK_E_PERMISSIONS);
    ck_assert_int_eq(chown(v.path, 65534, 65534), 0);
    ck_refused(mk_dir_open(&fd, v.path, &diag), MK_E_PERMISSIONS);
}
END_TEST

START_TEST(folders_are_made_closed_to_others)
{
    char path[128];
    struct stat s;
    int fd;

    (void)umask(0);
    (void)snprintf(path, sizeof(path), "%s/x//y/z/", v.path);
    ck_ok(mk_dir_make(path, &diag));
    ck_ok(mk_dir_make(path, &diag));
    ck_ok(mk_dir_open(&fd, path, &diag));
    (void)close(fd);
    ck_assert_int_eq(fstatat(v.dir, "x", &s, 0), 0);
    ck_assert_uint_eq(s.st_mode & 07777, 0700);
    put("f", "x");
    (void)snprintf(path, sizeof(path), "%s/f/g", v.path);
    ck_refused(mk_dir_make(path, &diag), MK_E_IO);
}
END_TEST

START_TEST(lock_excludes_until_it_is_closed)
{
    int first, second;

    ck_ok(mk_file_lock(&first, v.dir, "l", 0, &diag));
    ck_refused(mk_file_lock(&second, v.dir, "l", 50, &diag), MK_E_BUSY);
    ck_assert_int_eq(second, -1);
    (void)close(first);
    ck_ok(mk_file_lock(&second, v.dir, "l", 0, &diag));
    (void)close(second);
}
END_TEST

START_TEST(rename_replaces_the_target)
{
    put("keyring.new", "new");
    put("keyring", "old");
    ck_ok(mk_file_rename(v.dir, "keyring.new", "keyring", &diag));
    ck_assert(!is_there("keyring.new"));
    ck_ok(mk_file_read(v.dir, "keyring", 10, &buf, &diag));
    ck_assert_mem_eq(buf.data, "new", 3);
}
END_TEST

static void release(void)
{
    mk_buf_release(&buf);
    remove_folder();
}

int main(void)
{
    const int n_modes = (int)(sizeof(wide_modes) / sizeof(*wide_modes));
    Suite *suite = suite_create("file");
    TCase *tc = tcase_create("file");

    tcase_add_checked_fixture(tc, make_folder, release);
    tcase_add_test(tc, what_is_written_is_read);
    tcase_add_test(tc, empty_file_is_read_as_empty);
    tcase_add_test(tc, replace_leaves_one_whole_file);
    tcase_add_test(tc, renew_leaves_one_whole_file);
    tcase_add_test(tc, replace_is_atomic_for_a_reader);
    tcase_add_test(tc, missing_file_is_not_found);
    tcase_add_test(tc, larger_than_allowed_is_refused);
    tcase_add_loop_test(tc, wide_mode_of_a_file_is_refused, 0, n_modes);
    tcase_add_loop_test(tc, wide_mode_of_the_folder_is_refused, 0, n_modes);
    tcase_add_test(tc, hard_link_is_refused);
    tcase_add_test(tc, symbolic_link_is_refused);
    tcase_add_test(tc, pipe_and_folder_are_no_files);
    if (geteuid() == 0)
        tcase_add_test(tc, other_owner_is_refused);
    else
        skip(tc, "other_owner_is_refused # SKIP only root gives files away");
    tcase_add_test(tc, folders_are_made_closed_to_others);
    tcase_add_test(tc, lock_excludes_until_it_is_closed);
    tcase_add_test(tc, rename_replaces_the_target);
    suite_add_tcase(suite, tc);
    return run_suite(suite);
}
