/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: files: the last sync of a commit; on a server: check_driver_pg_fail */
/*
 * A commit of which the last sync fails may be durable.  Whoever goes on in
 * the same process leaves a log in which each session was opened once.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/support/unit.h"
#include "tests/support/vault.h"

static struct vault_fixture f;
static bool fails;

/* Of the journal that was truncated, the step that makes a commit count. */
static bool is_last_sync(int fd)
{
    char link[64];
    char path[256];
    struct stat s;
    ssize_t n;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    n = readlink(link, path, sizeof path - 1);
    path[n > 0 ? n : 0] = '\0';
    return strstr(path, "-journal") != NULL && fstat(fd, &s) == 0 &&
           s.st_size == 0;
}

static int sync_or_fail(int fd, long call)
{
    if (fails && is_last_sync(fd)) {
        errno = EIO;
        return -1;
    }
    return (int)syscall(call, fd);
}

/* These stand before the C library's for all that is linked with this. */
int fsync(int fd)
{
    return sync_or_fail(fd, SYS_fsync);
}

int fdatasync(int fd)
{
    return sync_or_fail(fd, SYS_fdatasync);
}

static enum mk_err take_in(struct mk_vault *v, struct mk_diag *diag)
{
    static const struct mk_access own = {.purpose = 0};
    struct mk_event e;
    struct mk_written out;

    vault_event(&e, MK_VERB_MELDING, "received", "2020-03-04", "channel",
                "TEL", "reporter", "OUD", NULL);
    return mk_report_new(v, &own, &e, NULL, &out, diag);
}

START_TEST(who_goes_on_after_an_unknown_outcome_leaves_a_log_that_verifies)
{
    struct mk_vault *v;
    struct mk_diag diag = MK_DIAG_INIT;
    size_t n = 0;

    vault_setup(&f);
    v = vault_as(&f, "inspecteur1");
    fails = true;
    ck_assert_int_eq(take_in(v, &diag), MK_E_UNKNOWN_OUTCOME);
    fails = false;
    ck_assert_int_eq(take_in(v, &diag), MK_OK);
    mk_vault_close(v);
    v = vault_as(&f, "auditor1");
    ck_assert_int_eq(vault_verify(v, &n, &diag), MK_OK);
    ck_assert_uint_eq(n, 0);
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
        who_goes_on_after_an_unknown_outcome_leaves_a_log_that_verifies,
    };

    return UNIT_RUN("outcome", tests, start);
}
