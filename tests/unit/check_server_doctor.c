/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What doctor says of a server, by what the server and the address say. */
#include <stdio.h>
#include <string.h>

#include "core/server.h"
#include "tests/support/unit.h"

struct verdict {
    const char *what; /* that is looked for */
    unsigned seen;
    bool ok;
    char remedy[256];
};

static void each(void *ctx, const char *name, bool ok, const char *value,
                 const char *remedy_nl, const char *remedy_en)
{
    struct verdict *v = ctx;

    (void)value;
    (void)remedy_en;
    if (strcmp(name, v->what) != 0)
        return;
    v->seen++;
    v->ok = ok;
    (void)snprintf(v->remedy, sizeof v->remedy, "%s", remedy_nl);
}

static struct verdict judge(const char *what, const char *settings)
{
    struct verdict v = {.what = what};

    mk_server_judge(settings, each, &v);
    ck_assert_uint_eq(v.seen, 1);
    return v;
}

static const struct {
    const char *settings;
    bool ok;
} tls[] = {
    {"host=db.example sslmode=verify-full tls=TLSv1.3 schema=a ", true},
    {"host=db.example sslmode=verify-ca tls=TLSv1.3 schema=a ", false},
    {"host=db.example sslmode=require tls=TLSv1.3 schema=a ", false},
    {"host=db.example sslmode=prefer tls=TLSv1.3 schema=a ", false},
    {"host=db.example sslmode=prefer tls=off schema=a ", false},
    {"host=10.0.0.1 sslmode=prefer tls=TLSv1.3 schema=a ", false},
    {"host=127.evil.example sslmode=prefer tls=TLSv1.3 schema=a ", false},
    {"host=localhost.evil sslmode=prefer tls=TLSv1.3 schema=a ", false},
    {"host=/run/postgresql sslmode=prefer tls=off schema=a ", true},
    {"host=localhost sslmode=prefer tls=off schema=a ", true},
    {"host=127.0.0.1 sslmode=prefer tls=off schema=a ", true},
    {"host=::1 sslmode=prefer tls=off schema=a ", true},
};

START_TEST(far_server_has_to_prove_who_it_is)
{
    const struct verdict v = judge("server-tls", tls[_i].settings);

    ck_assert_msg(v.ok == tls[_i].ok, "%s", tls[_i].settings);
    ck_assert_ptr_nonnull(strstr(v.remedy, "sslmode=verify-full"));
}
END_TEST

START_TEST(what_can_cost_a_dossier_is_told)
{
    ck_assert(!judge("server-fsync", "host=/run fsync=off ").ok);
    ck_assert(judge("server-fsync", "host=/run fsync=on ").ok);
    ck_assert(!judge("server-standby", "host=/run standby=none ").ok);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server_doctor");
    TCase *tc = tcase_create("verdicts");
    SRunner *runner;
    int failed;

    tcase_add_loop_test(tc, far_server_has_to_prove_who_it_is, 0,
                        sizeof(tls) / sizeof(*tls));
    tcase_add_test(tc, what_can_cost_a_dossier_is_told);
    suite_add_tcase(suite, tc);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
