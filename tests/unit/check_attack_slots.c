/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The old passphrase slot of an inspector, put back by an analyst who signs a
 * head over it.  The slots of a keyring alone: check_keyring_slots.
 */
#include <stdio.h>
#include <string.h>

#include "core/keyring_impl.h"
#include "core/tx.h"
#include "tests/support/unit.h"
#include "tests/support/vault.h"

static struct mk_secret *fresh_word(void)
{
    return mk_secret_from("een heel nieuw woord", 20);
}

static struct vault_fixture f;
static const struct mk_access access_own = {.purpose = 0};

/* inspecteur1 gets a new passphrase; before is the keyring until then. */
static void change_in_vault(struct mk_keyring **before)
{
    struct mk_vault *v = vault_as(&f, "inspecteur1");
    struct mk_secret *fresh = fresh_word();

    (void)vault_intake(v, "2020-05-06");
    ck_assert_int_eq(mk_keyring_copy(before, v->keyring), MK_OK);
    ck_assert_int_eq(
        mk_passphrase_change(v, &access_own, MK_PASSPHRASE_FIRST, fresh, NULL),
        MK_OK);
    mk_secret_free(fresh);
    mk_vault_close(v);
}

static void put_file(const struct mk_buf *text)
{
    char path[160];
    FILE *out;

    snprintf(path, sizeof path, "%s/%s", f.vault, MK_KEYRING_FILE);
    out = fopen(path, "wb");
    ck_assert_ptr_nonnull(out);
    ck_assert_uint_eq(fwrite(text->data, 1, text->len, out), text->len);
    ck_assert_int_eq(fclose(out), 0);
}

/* A head by the analyst, with a program of his own and on an account of his
 * own, that names this keyring; then its file. */
static void analyst_puts(struct mk_keyring *forged)
{
    const struct mk_log_item entry = {.kind = MK_AUDIT_LOG_VERIFY};
    const char *state = f.where.state;
    char own[128];
    struct mk_vault *v;
    struct mk_tx tx = {.v = NULL};
    struct mk_buf text = MK_BUF_INIT;
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc;

    snprintf(own, sizeof own, "%s/analist", f.dir);
    f.where.state = own;
    v = vault_as(&f, "analist1");
    ck_assert_int_eq(mk_keyring_format(forged, &text), MK_OK);
    ck_assert_int_eq(mk_tx_begin(&tx, v, NULL, &diag), MK_OK);
    mk_tx_keyring(&tx, forged);
    ck_assert_int_eq(mk_tx_leaf(&tx, &entry, &diag), MK_OK);
    rc = mk_tx_commit(&tx, &diag);
    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    mk_vault_close(v);
    put_file(&text);
    mk_buf_release(&text);
    f.where.state = state;
}

static void assert_all_notice(const char *place)
{
    static const char *const people[] = {"inspecteur1", "inspecteur2",
                                         "auditor1", "bewaarder1", "analist1"};

    for (size_t i = 0; i < sizeof people / sizeof *people; i++) {
        struct mk_diag diag = MK_DIAG_INIT;
        struct mk_vault *v;
        enum mk_err rc = vault_try(&f, people[i], &v, &diag);

        ck_assert_msg(mk_err_exit(rc) == MK_EXIT_INTEGRITY, "%s: %s %s",
                      people[i], mk_err_name(rc), diag.place);
        ck_assert_msg(strncmp(diag.place, place, strlen(place)) == 0, "%s: %s",
                      people[i], diag.place);
        mk_vault_close(v);
    }
}

START_TEST(an_analyst_cannot_bring_back_an_old_passphrase_with_a_head)
{
    struct mk_keyring *before;
    struct mk_keyring *forged;
    struct mk_vault *v;
    const struct mk_member *m;

    vault_setup(&f);
    change_in_vault(&before);
    v = vault_as(&f, "analist1");
    ck_assert_int_eq(mk_keyring_copy(&forged, v->keyring), MK_OK);
    mk_vault_close(v);
    m = mk_keyring_by_name(forged, "inspecteur1");
    mk_kr_find(forged, m->id)->slot[0] = mk_kr_find(before, m->id)->slot[0];
    ck_assert_int_eq(mk_kr_slots_changed(forged), MK_OK);
    analyst_puts(forged);
    assert_all_notice(MK_WHY_SLOT_OLD);
    mk_keyring_free(before);
    vault_teardown(&f);
}
END_TEST

/* The whole older document is a good one; the serial of its head is not. */
START_TEST(an_analyst_cannot_bring_back_an_old_keyring_with_a_head)
{
    char elsewhere[128];

    for (int first_use = 0; first_use < 2; first_use++) {
        struct mk_keyring *before;

        vault_setup(&f);
        change_in_vault(&before);
        analyst_puts(before);
        if (first_use) { /* an account that has never seen this vault */
            snprintf(elsewhere, sizeof elsewhere, "%s/elders", f.dir);
            f.where.state = elsewhere;
        }
        assert_all_notice("keyring");
        vault_teardown(&f);
    }
}
END_TEST

START_TEST(a_passphrase_changed_again_and_again_stays_provable)
{
    struct mk_keyring *before;
    struct mk_vault *v;
    struct mk_secret *word = fresh_word();
    struct mk_secret *again = vault_passphrase("inspecteur1");
    struct mk_diag diag = MK_DIAG_INIT;
    uint64_t serial;

    vault_setup(&f);
    change_in_vault(&before);
    serial = mk_keyring_serial(before) + 1;
    mk_keyring_free(before);
    v = NULL;
    ck_assert_int_eq(mk_vault_open(&v, &f.where, &diag), MK_OK);
    ck_assert_int_eq(mk_vault_unlock(v, "inspecteur1", word, &diag), MK_OK);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(mk_passphrase_change(v, &access_own,
                                              MK_PASSPHRASE_FIRST, again,
                                              &diag),
                         MK_OK);
        ck_assert_uint_eq(mk_keyring_serial(mk_vault_keyring(v)), ++serial);
    }
    (void)vault_intake(v, "2020-05-07");
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_OK);
    mk_vault_close(v);
    v = vault_as(&f, "inspecteur1");
    mk_vault_close(v);
    v = vault_as(&f, "auditor1");
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_OK);
    mk_vault_close(v);
    mk_secret_free(word);
    mk_secret_free(again);
    vault_teardown(&f);
}
END_TEST

static void start(void)
{
    ck_assert_int_eq(mk_init(NULL), MK_OK);
}

int main(void)
{
    const TTest *const tests[] = {
        an_analyst_cannot_bring_back_an_old_passphrase_with_a_head,
        an_analyst_cannot_bring_back_an_old_keyring_with_a_head,
        a_passphrase_changed_again_and_again_stays_provable,
    };

    return UNIT_RUN("attack_slots", tests, start);
}
