/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keyring file: changed, put back, planted, and half replaced by somebody
 * who was cut off at any step.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/attack.h"
#include "tests/support/unit.h"

/* --- cut off at the n-th step that reaches a file --- */

static long steps_left = -1; /* -1: nobody is cut off */

static void step(void)
{
    if (steps_left > 0 && --steps_left == 0)
        (void)kill(getpid(), SIGKILL);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
    step();
    return (int)syscall(SYS_renameat, from_dir, from, to_dir, to);
}
int unlinkat(int dir, const char *name, int flags)
{
    step();
    return (int)syscall(SYS_unlinkat, dir, name, flags);
}
ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    step();
    return syscall(SYS_pwrite64, fd, p, n, at);
}
ssize_t pwrite64(int fd, const void *p, size_t n, off_t at)
{
    return pwrite(fd, p, n, at);
}
int ftruncate(int fd, off_t n)
{
    step();
    return (int)syscall(SYS_ftruncate, fd, n);
}
int ftruncate64(int fd, off_t n)
{
    return ftruncate(fd, n);
}

static struct attack a;
static const struct mk_access access_own = {.purpose = 0};

static struct mk_secret *fresh_word(void)
{
    return mk_secret_from("een heel nieuw woord", 20);
}

static enum mk_err unlock_with(struct mk_secret *word, struct mk_vault **v)
{
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = mk_vault_open(v, &a.f.where, &diag);

    if (rc == MK_OK)
        rc = mk_vault_unlock(*v, "inspecteur1", word, &diag);
    mk_secret_free(word);
    return rc;
}

static enum mk_err change_passphrase(void)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v = attack_as(&a, "inspecteur1");
    struct mk_secret *fresh = fresh_word();
    enum mk_err rc = mk_passphrase_change(v, &access_own, MK_PASSPHRASE_FIRST,
                                          fresh, &diag);

    mk_secret_free(fresh);
    mk_vault_close(v);
    return rc;
}

/* True if he was cut off. */
static bool change_until(long n)
{
    pid_t pid = fork();
    int status;

    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        struct mk_vault *v = attack_as(&a, "inspecteur1");
        struct mk_secret *fresh = fresh_word();
        enum mk_err rc;

        attack_step = step;
        steps_left = n;
        rc = mk_passphrase_change(v, &access_own, MK_PASSPHRASE_FIRST, fresh,
                                  NULL);
        _exit(rc == MK_OK ? 0 : 1);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_msg(WIFSIGNALED(status) || WEXITSTATUS(status) == 0,
                  "step %ld: %d", n, status);
    return WIFSIGNALED(status);
}

static bool keyring_new_there(void)
{
    char path[192];

    attack_path(&a, ATTACK_KEYRING_NEW, path);
    return access(path, F_OK) == 0;
}

/* What was shown before is there, one passphrase opens, and work goes on. */
static bool assert_whole(long n)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;
    bool is_old = unlock_with(vault_passphrase("inspecteur1"), &v) == MK_OK;
    bool is_new;
    enum mk_err rc;

    mk_vault_close(v);
    is_new = unlock_with(fresh_word(), &v) == MK_OK;
    ck_assert_msg(is_old != is_new, "step %ld: old %d new %d", n, is_old,
                  is_new);
    mk_vault_close(v);
    ck_assert_int_eq(
        unlock_with(is_new ? fresh_word() : vault_passphrase("inspecteur1"),
                    &v),
        MK_OK);
    (void)vault_intake(v, "2020-05-06");
    ck_assert_msg(!keyring_new_there(), "step %ld", n);
    rc = vault_verify(v, NULL, &diag);
    ck_assert_msg(rc == MK_OK, "step %ld: %s %s", n, mk_err_name(rc),
                  diag.place);
    mk_vault_close(v);
    return is_new;
}

START_TEST(a_change_cut_off_at_any_step_is_there_or_is_not)
{
    struct attack_files whole;
    long n;
    long turned = 0;
    bool cut;
    bool is_new;
    bool saw_new_file = false;

    attack_setup(&a, 0);
    attack_save(&a, &whole);
    for (n = 1;; n++) {
        attack_load(&a, &whole);
        cut = change_until(n);
        if (!cut)
            break;
        saw_new_file = saw_new_file || keyring_new_there();
        is_new = assert_whole(n);
        if (is_new && turned == 0)
            turned = n;
        ck_assert_msg(is_new == (turned != 0), "step %ld goes back", n);
    }
    ck_assert(assert_whole(n));
    ck_assert_int_gt(turned, 5);
    ck_assert(saw_new_file);
    attack_files_release(&whole);
    attack_teardown(&a);
}
END_TEST

/* --- put back, planted --- */

START_TEST(an_old_keyring_put_back_is_noticed)
{
    static const char *const others[] = {"inspecteur2", "auditor1",
                                         "bewaarder1", "analist1"};
    struct attack_files old;
    struct attack_files after;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;

    attack_setup(&a, 0);
    attack_save(&a, &old);
    ck_assert_int_eq(change_passphrase(), MK_OK);
    attack_load_one(&a, &old, ATTACK_KEYRING);
    attack_save(&a, &after);
    ck_assert_int_eq(unlock_with(vault_passphrase("inspecteur1"), &v),
                     MK_E_TAMPERED);
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_E_TAMPERED);
    ck_assert_int_eq(strncmp(diag.place, "keyring", 7), 0);
    mk_vault_close(v);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        attack_load(&a, &after);
        ck_assert_int_eq(vault_try(&a.f, others[i], &v, &diag), MK_E_TAMPERED);
        ck_assert_str_eq(diag.place, "keyring");
        mk_vault_close(v);
    }
    attack_files_release(&old);
    attack_files_release(&after);
    attack_teardown(&a);
}
END_TEST

START_TEST(a_keyring_taken_away_is_noticed)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;
    char path[192];

    attack_setup(&a, 0);
    attack_path(&a, ATTACK_KEYRING, path);
    ck_assert_int_eq(remove(path), 0);
    ck_assert_int_ne(mk_vault_open(&v, &a.f.where, &diag), MK_OK);
    ck_assert_str_eq(diag.place, "keyring");
    attack_teardown(&a);
}
END_TEST

/* Everybody goes on working, and the planted file is gone with a write. */
static void assert_not_adopted(const char *what)
{
    struct mk_vault *v;
    struct mk_diag diag = MK_DIAG_INIT;

    ck_assert_msg(unlock_with(vault_passphrase("inspecteur1"), &v) ==
                      MK_E_LOCKED,
                  "%s: an old passphrase opens", what);
    mk_vault_close(v);
    ck_assert_int_eq(unlock_with(fresh_word(), &v), MK_OK);
    (void)vault_intake(v, "2020-05-06");
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_OK);
    mk_vault_close(v);
    ck_assert_msg(!keyring_new_there(), "%s", what);
    v = vault_as(&a.f, "auditor1");
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_OK);
    mk_vault_close(v);
}

START_TEST(a_planted_keyring_is_not_adopted)
{
    struct attack_files old;
    struct attack_files whole;

    attack_setup(&a, 0);
    attack_save(&a, &old);
    ck_assert_int_eq(change_passphrase(), MK_OK);
    attack_save(&a, &whole);
    attack_write(&a, ATTACK_KEYRING_NEW, old.text[ATTACK_KEYRING].data,
                 old.text[ATTACK_KEYRING].len);
    assert_not_adopted("an older keyring");
    attack_load(&a, &whole);
    attack_write(&a, ATTACK_KEYRING_NEW, "meldkluis", 9);
    assert_not_adopted("no keyring");
    attack_load(&a, &whole);
    attack_write(&a, ATTACK_KEYRING_NEW, "", 0);
    assert_not_adopted("an empty file");
    attack_files_release(&old);
    attack_files_release(&whole);
    attack_teardown(&a);
}
END_TEST

START_TEST(the_keyring_of_another_vault_is_not_adopted)
{
    static struct attack other;
    struct attack_files theirs;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;

    attack_setup(&a, 0);
    attack_setup(&other, 0);
    attack_save(&other, &theirs);
    ck_assert_int_eq(change_passphrase(), MK_OK);
    attack_write(&a, ATTACK_KEYRING_NEW, theirs.text[ATTACK_KEYRING].data,
                 theirs.text[ATTACK_KEYRING].len);
    assert_not_adopted("of another vault");
    attack_load_one(&a, &theirs, ATTACK_KEYRING);
    ck_assert_int_eq(mk_err_exit(vault_try(&a.f, "inspecteur1", &v, &diag)),
                     MK_EXIT_INTEGRITY);
    ck_assert_str_ne(diag.place, "");
    mk_vault_close(v);
    attack_files_release(&theirs);
    attack_teardown(&other);
    attack_teardown(&a);
}
END_TEST

/* --- bytes --- */

START_TEST(a_flipped_byte_of_the_keyring_is_noticed)
{
    struct attack_files whole;
    struct mk_buf *text = &whole.text[ATTACK_KEYRING];
    const size_t stride = getenv("MK_LONG") != NULL ? 1 : 5;

    attack_setup(&a, 0);
    attack_save(&a, &whole);
    for (size_t i = 0; i < text->len; i += stride) {
        struct mk_diag diag = MK_DIAG_INIT;
        struct mk_vault *v = NULL;
        uint8_t bit = (uint8_t)(1u << (i % 8));
        enum mk_err rc;

        text->data[i] ^= bit;
        attack_load_one(&a, &whole, ATTACK_KEYRING);
        text->data[i] ^= bit;
        rc = mk_vault_open(&v, &a.f.where, &diag);
        ck_assert_msg(mk_err_exit(rc) == MK_EXIT_INTEGRITY &&
                          diag.place[0] != '\0',
                      "byte %zu: %s %s", i, mk_err_name(rc), diag.place);
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
        a_change_cut_off_at_any_step_is_there_or_is_not,
        an_old_keyring_put_back_is_noticed,
        a_keyring_taken_away_is_noticed,
        a_planted_keyring_is_not_adopted,
        the_keyring_of_another_vault_is_not_adopted,
        a_flipped_byte_of_the_keyring_is_noticed,
    };

    return UNIT_RUN("attack_keyring", tests, start);
}
