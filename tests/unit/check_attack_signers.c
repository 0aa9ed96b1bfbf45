/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heads of people whose role is of another day than the head. */
#include <stdio.h>
#include <string.h>

#include "core/base/random.h"
#include "core/sealed.h"
#include "core/tx.h"
#include "tests/support/attack.h"
#include "tests/support/unit.h"

static struct attack a;
static const struct mk_log_item an_entry = {.kind = MK_AUDIT_LOG_VERIFY};

static void begin(struct mk_tx *tx, struct mk_vault *v)
{
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = mk_tx_begin(tx, v, NULL, &diag);

    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    ck_assert_int_eq(mk_tx_leaf(tx, &an_entry, &diag), MK_OK);
}

static void commit(struct mk_tx *tx)
{
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = mk_tx_commit(tx, &diag);

    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
}

static void a_dossier(struct mk_tx *tx)
{
    struct mk_dossier_row row;

    mk_dossier_row_init(&row);
    ck_assert_int_eq(mk_sealed_row(tx->v, 1, &row, NULL), MK_OK);
    row.version++;
    ck_assert_int_eq(mk_tx_dossier(tx, &row, NULL), MK_OK);
    mk_dossier_row_release(&row);
}

/* Admitted as an inspector, and not yet granted the key by one. */
static void admit(const char *name)
{
    const struct mk_access access = {.purpose = 0};
    struct mk_vault *v = attack_as(&a, "bewaarder1");
    struct mk_secret *word = vault_passphrase(name);
    struct mk_buf request = MK_BUF_INIT;
    struct mk_member member;

    ck_assert_int_eq(mk_request_make(v->keyring, name, word, &request, NULL),
                     MK_OK);
    ck_assert_int_eq(mk_user_admit(v, &access, request.data, request.len,
                                   MK_ROLE_BIT(MK_ROLE_INSPECTOR), &member,
                                   NULL),
                     MK_OK);
    mk_secret_free(word);
    mk_buf_release(&request);
    mk_vault_close(v);
}

/* Signs as somebody of k, with his true key, in an open transaction. */
static void sign_as(struct mk_vault *v, const struct mk_keyring *k,
                    const char *name)
{
    const struct mk_member *m = mk_keyring_by_name(k, name);
    struct mk_secret *word = vault_passphrase(name);

    ck_assert_ptr_nonnull(m);
    mk_identity_release(&v->who);
    ck_assert_int_eq(mk_keyring_unlock(k, m, word, &v->who, NULL), MK_OK);
    memcpy(v->my_id, m->id, MK_ID);
    mk_secret_free(word);
}

START_TEST(a_head_by_a_member_without_his_role_yet_is_refused)
{
    const struct mk_access access = {.purpose = 0};
    struct attack_files before;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;
    struct mk_tx tx;

    attack_setup(&a, 0);
    admit("inspecteur3");
    attack_save(&a, &before);
    v = attack_as(&a, "analist1"); /* somebody lends him the key of the file */
    begin(&tx, v);
    sign_as(v, v->keyring, "inspecteur3");
    a_dossier(&tx);
    commit(&tx);
    mk_vault_close(v);
    attack_load_one(&a, &before, ATTACK_MARK);
    ck_assert_int_eq(attack_unlock(&a, "inspecteur1", &v, &diag),
                     MK_E_NOT_ALLOWED_HEAD);
    ck_assert_str_eq(diag.place, "head (without a role)");
    mk_vault_close(v);

    /* granted: the same deed is his right, and only from then on */
    attack_load(&a, &before);
    v = attack_as(&a, "inspecteur1");
    ck_assert_int_eq(
        mk_role_grant(v, &access, "inspecteur3", MK_ROLE_INSPECTOR, &diag),
        MK_OK);
    sign_as(v, v->keyring, "inspecteur3");
    v->session_logged = false;
    mk_random(v->session, MK_ID);
    begin(&tx, v);
    a_dossier(&tx);
    commit(&tx);
    mk_vault_close(v);
    mk_vault_close(attack_as(&a, "auditor1"));
    attack_files_release(&before);
    attack_teardown(&a);
}
END_TEST

/* The head names the serial at which he had no role, and the keyring of now
 * gives it to him: what counts is the serial of the head. */
START_TEST(a_head_that_names_an_older_keyring_is_refused)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_keyring *old;
    struct mk_vault *v;
    struct attack_files mark;
    struct mk_tx tx;
    struct mk_keyring *now;

    attack_setup(&a, 0);
    ck_assert_int_eq(mk_keyring_copy(&old, a.known[0]->keyring), MK_OK);
    admit("inspecteur3");
    attack_save(&a, &mark);
    v = attack_as(&a, "inspecteur1");
    begin(&tx, v);
    now = v->keyring;
    v->keyring = old;
    commit(&tx);
    v->keyring = now;
    v->me = NULL;
    mk_vault_close(v);
    mk_keyring_free(old);
    attack_load_one(&a, &mark, ATTACK_MARK);
    ck_assert_int_eq(attack_unlock(&a, "auditor1", &v, &diag), MK_E_TAMPERED);
    ck_assert_msg(strncmp(diag.place, "keyring", 7) == 0, "%s", diag.place);
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_E_TAMPERED);
    mk_vault_close(v);
    attack_files_release(&mark);
    attack_teardown(&a);
}
END_TEST

/* --- somebody who left --- */

static void change(enum mk_user_change what, const char *name)
{
    const struct mk_access access = {.purpose = 0};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v = attack_as(&a, "bewaarder1");
    enum mk_err rc = mk_user_change(v, &access, what, name, 0, &diag);

    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    mk_vault_close(v);
}

START_TEST(a_head_by_somebody_suspended_or_removed_is_refused)
{
    static const struct {
        enum mk_user_change what;
        enum mk_err told;
    } rows[] = {{MK_USER_SUSPEND, MK_E_SUSPENDED}, {MK_USER_REMOVE, MK_E_OUT}};

    attack_setup(&a, 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct attack_files before;
        struct attack_files after;
        struct mk_diag diag = MK_DIAG_INIT;
        struct mk_keyring *old;
        struct mk_vault *v;
        struct mk_tx tx;

        attack_save(&a, &before);
        ck_assert_int_eq(mk_keyring_copy(&old, a.known[0]->keyring), MK_OK);
        v = attack_as(&a, "inspecteur2");
        change(rows[i].what, "inspecteur2");
        /* the program that he had open writes nothing more */
        ck_assert_int_eq(mk_tx_begin(&tx, v, NULL, &diag), rows[i].told);
        mk_vault_close(v);
        /* one of his own does */
        attack_save(&a, &after);
        v = attack_as(&a, "analist1");
        begin(&tx, v);
        sign_as(v, old, "inspecteur2");
        commit(&tx);
        mk_vault_close(v);
        attack_load_one(&a, &after, ATTACK_MARK);
        ck_assert_int_eq(attack_unlock(&a, "inspecteur1", &v, &diag),
                         MK_E_NOT_ALLOWED_HEAD);
        ck_assert_str_eq(diag.place, "head (without a role)");
        ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_E_NOT_ALLOWED_HEAD);
        mk_vault_close(v);
        mk_keyring_free(old);
        attack_load(&a, &before);
        attack_files_release(&before);
        attack_files_release(&after);
    }
    attack_teardown(&a);
}
END_TEST

START_TEST(an_old_keyring_brings_nobody_back)
{
    struct attack_files before;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;

    attack_setup(&a, 0);
    a.real = true;
    attack_save(&a, &before);
    change(MK_USER_REMOVE, "inspecteur2");
    ck_assert_int_eq(attack_unlock(&a, "inspecteur2", &v, &diag), MK_E_OUT);
    mk_vault_close(v);
    attack_load_one(&a, &before, ATTACK_KEYRING);
    ck_assert_int_eq(attack_unlock(&a, "inspecteur2", &v, &diag),
                     MK_E_TAMPERED);
    mk_vault_close(v);
    ck_assert_int_eq(attack_unlock(&a, "inspecteur1", &v, &diag),
                     MK_E_TAMPERED);
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
        a_head_by_a_member_without_his_role_yet_is_refused,
        a_head_that_names_an_older_keyring_is_refused,
        a_head_by_somebody_suspended_or_removed_is_refused,
        an_old_keyring_brings_nobody_back,
    };

    return UNIT_RUN("attack_signers", tests, start);
}
