/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both */
/* What log export refuses, and what it leaves alone then. */
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "tests/support/attack.h"
#include "tests/support/export.h"
#include "tests/support/unit.h"

static struct vault_fixture f;

static void start(void)
{
    ck_assert_int_eq(mk_init(NULL), MK_OK);
}

static const char *const changes[] = {
    "UPDATE log SET leaf = zeroblob(length(leaf)) WHERE seq = 3",
    "UPDATE log SET leaf = (SELECT leaf FROM log WHERE seq = 5) WHERE seq = 4",
    "DELETE FROM log WHERE seq = 3",
    "UPDATE head SET sig = zeroblob(64) WHERE log_size ="
    " (SELECT min(log_size) FROM head)",
    "DELETE FROM head WHERE log_size = (SELECT min(log_size) FROM head)",
    "DELETE FROM head WHERE log_size ="
    " (SELECT log_size FROM head ORDER BY log_size LIMIT 1 OFFSET 3)",
    "UPDATE register SET body = zeroblob(length(body)) WHERE seq = 0",
    "DELETE FROM register WHERE seq = 0",
};

START_TEST(what_was_changed_in_the_vault_gets_no_checkpoint)
{
    struct mk_diag diag;
    struct mk_export_report r;
    struct mk_vault *v;
    enum mk_err rc;

    vault_setup(&f);
    v = vault_as(&f, "auditor1");
    export_work(v, 10);
    mk_vault_close(v);
    close(export_folder(&f, "leeg"));
    export_copy(&f, "kluis", "kluis.was");
    export_copy(&f, "stand", "stand.was");
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        diag = (struct mk_diag)MK_DIAG_INIT;
        export_copy(&f, "kluis.was", "kluis");
        export_copy(&f, "stand.was", "stand");
        export_copy(&f, "leeg", "uit");
        v = vault_as(&f, "auditor1");
        attack_sql_in(v, "%s", changes[i]);
        rc = export_run(&f, v, "uit", false, &r, &diag);
        ck_assert_msg(rc == MK_E_TAMPERED, "%s: %s", changes[i],
                      mk_err_name(rc));
        ck_assert(!export_has(&f, "uit", "checkpoint"));
        mk_vault_close(v);
    }
    vault_teardown(&f);
}
END_TEST

START_TEST(another_past_is_refused_and_the_folder_stays)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_export_report r;
    struct mk_vault *v;

    vault_setup(&f);
    export_copy(&f, "kluis", "kluis.was");
    export_copy(&f, "stand", "stand.was");
    v = vault_as(&f, "auditor1");
    export_work(v, 5);
    export_ok(&f, v, "uit");
    export_copy(&f, "uit", "uit.was");
    mk_vault_close(v);
    export_copy(&f, "kluis.was", "kluis");
    export_copy(&f, "stand.was", "stand");
    v = vault_as(&f, "auditor1");
    ck_assert_int_eq(export_run(&f, v, "uit", false, &r, &diag),
                     MK_E_NOT_PREFIX);
    ck_assert_int_eq(diag.num[1], 9);
    export_work(v, 20); /* longer, and another */
    ck_assert_int_eq(export_run(&f, v, "uit", false, &r, &diag),
                     MK_E_NOT_PREFIX);
    ck_assert(export_same(&f, "uit", "uit.was"));
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

START_TEST(a_checkpoint_that_the_log_did_not_sign_is_refused)
{
    struct mk_export_report r;
    struct mk_buf text;
    struct mk_vault *v;

    vault_setup(&f);
    v = vault_as(&f, "auditor1");
    export_ok(&f, v, "uit");
    text = export_file(&f, "uit", "checkpoint");
    text.data[text.len - 20] ^= 1;
    export_put(&f, "uit", "checkpoint", text.data, text.len);
    ck_assert_int_eq(export_run(&f, v, "uit", false, &r, NULL), MK_E_TAMPERED);
    mk_buf_release(&text);
    text = export_file(&f, "uit", "vkey");
    ck_assert_int_eq(mk_buf_add_str(&text, "\n"), MK_OK);
    export_put(&f, "uit", "vkey", text.data, text.len);
    ck_assert_int_eq(export_run(&f, v, "uit", false, &r, NULL),
                     MK_E_OTHER_EXPORT);
    mk_buf_release(&text);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

START_TEST(one_writes_at_a_time)
{
    struct mk_export_report r;
    struct mk_vault *v;
    int other;

    vault_setup(&f);
    v = vault_as(&f, "auditor1");
    other = export_folder(&f, "uit");
    ck_assert_int_eq(flock(other, LOCK_EX), 0);
    ck_assert_int_eq(export_run(&f, v, "uit", false, &r, NULL), MK_E_BUSY);
    close(other);
    export_ok(&f, v, "uit");
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

START_TEST(only_an_auditor_exports_or_gets_the_key)
{
    static const char *const others[] = {"bewaarder1", "inspecteur1",
                                         "analist1"};
    const struct mk_access access = {.purpose = 0};
    struct mk_secret *word = vault_passphrase("sleutel");
    struct mk_buf text = MK_BUF_INIT;
    struct mk_export_report r;
    struct mk_vault *v;

    vault_setup(&f);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        v = vault_as(&f, others[i]);
        ck_assert_int_eq(export_run(&f, v, "uit", false, &r, NULL),
                         MK_E_NO_ROLE);
        ck_assert_int_eq(export_run(&f, v, "uit", true, &r, NULL),
                         MK_E_NO_ROLE);
        ck_assert_int_eq(mk_log_key(v, &access, word, &text, NULL),
                         MK_E_NO_ROLE);
        ck_assert_uint_eq(text.len, 0);
        mk_vault_close(v);
    }
    ck_assert(!export_has(&f, "uit", "vkey"));
    mk_secret_free(word);
    vault_teardown(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_checkpoint_that_the_log_did_not_sign_is_refused,
        one_writes_at_a_time,
        only_an_auditor_exports_or_gets_the_key,
    };
    const TTest *const of_files[] = {
        what_was_changed_in_the_vault_gets_no_checkpoint,
        another_past_is_refused_and_the_folder_stays,
    };

    return UNIT_RUN_STORES("export_refused", tests, of_files, start);
}
