/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both */
/* Whoever reads while another changes the keyring sees one or the other. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/vault.h"
#include "tests/support/unit.h"
#include "tests/support/vault.h"

#define CHANGES 40

static struct vault_fixture f;

static int change_often(void)
{
    static const struct mk_access own = {.purpose = 0};
    struct mk_vault *v = vault_as(&f, "inspecteur1");
    struct mk_diag diag = MK_DIAG_INIT;
    int failed = 0;

    for (int i = 0; i < CHANGES; i++) {
        char text[32];
        int n = snprintf(text, sizeof text, "een nieuw woord %d", i);
        struct mk_secret *fresh = mk_secret_from(text, (size_t)n);

        failed += mk_passphrase_change(v, &own, MK_PASSPHRASE_FIRST, fresh,
                                       &diag) != MK_OK;
        mk_secret_free(fresh);
    }
    mk_vault_close(v);
    return failed;
}

START_TEST(a_reader_beside_a_change_of_the_keyring_sees_no_tampering)
{
    struct mk_vault *v;
    struct mk_diag diag = MK_DIAG_INIT;
    int status = 0;
    pid_t writer;

    vault_setup(&f);
    writer = fork();
    ck_assert_int_ge(writer, 0);
    if (writer == 0)
        _exit(change_often());
    v = vault_as(&f, "auditor1");
    while (waitpid(writer, &status, WNOHANG) == 0) {
        enum mk_err rc = mk_snapshot_begin(v, &diag);

        if (rc == MK_OK)
            mk_snapshot_end(v);
        ck_assert_msg(rc == MK_OK || rc == MK_E_BUSY, "%s %s", mk_err_name(rc),
                      diag.place);
    }
    ck_assert_int_eq(status, 0);
    mk_vault_close(v);
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
        a_reader_beside_a_change_of_the_keyring_sees_no_tampering,
    };

    return UNIT_RUN("beside", tests, start);
}
