/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/emergency_kit.h"

#include <stdlib.h>
#include <string.h>

#include "core/access.h"
#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/emergency_impl.h"
#include "core/register.h"
#include "tests/support/unit.h"

struct emergency_kit em;
const struct mk_access em_own;

void em_at(const char *moment)
{
    ck_assert_int_eq(setenv("MELDKLUIS_TEST_TIME", moment, 1), 0);
    (void)mk_clock_now();
}

void em_restrict(size_t i)
{
    static const char *const names[] = {"inspecteur1"};
    struct mk_written w;

    ck_assert_int_eq(
        mk_restrict(em.named, &em_own, &em.a.ref[i], names, 1, &w, NULL),
        MK_OK);
}

/* Once; every test begins with these files. */
static void begin(void)
{
    em_at(EM_DAY);
    attack_setup(&em.a, 0);
    attack_save(&em.a, &em.files);
}

static void end(void)
{
    attack_files_release(&em.files);
    attack_teardown(&em.a);
    unsetenv("MELDKLUIS_TEST_TIME");
}

static void set_up(void)
{
    attack_load(&em.a, &em.files);
    em.named = attack_as(&em.a, "inspecteur1");
    em.barred = attack_as(&em.a, "inspecteur2");
    em.one = attack_as(&em.a, "bewaarder1");
    em.two = attack_as(&em.a, "bewaarder2");
    em_restrict(0);
}

static void take_down(void)
{
    mk_vault_close(em.two);
    mk_vault_close(em.one);
    mk_vault_close(em.barred);
    mk_vault_close(em.named);
}

uint64_t em_ask(struct mk_vault *v, size_t i)
{
    struct mk_diag diag = MK_DIAG_INIT;
    uint64_t seq = 0;
    enum mk_err rc = mk_emergency_ask(v, &em_own, &em.a.ref[i],
                                      MK_EMERGENCY_GEV, 2, &seq, &diag);

    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    return seq;
}

void em_give(struct mk_vault *v, uint64_t seq)
{
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = mk_emergency_grant(v, seq, &diag);

    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
}

/* What v is told who opens dossier i. */
enum mk_err em_opens_by(struct mk_vault *v, size_t i, unsigned purpose,
                        struct mk_diag *diag)
{
    const struct mk_access access = {.purpose = purpose};
    struct mk_view view;
    enum mk_err rc;

    mk_view_init(&view);
    rc = mk_dossier_open(v, &access, MK_AUDIT_SHOW, &em.a.ref[i], &view, diag);
    mk_view_release(&view);
    return rc;
}

enum mk_err em_opens(struct mk_vault *v, size_t i, struct mk_diag *diag)
{
    return em_opens_by(v, i, MK_PURPOSE_NOOD, diag);
}

void em_append(struct mk_vault *by, uint32_t kind, const void *body, size_t n)
{
    const struct mk_log_item item = {
        .role = by == em.barred ? MK_ROLE_INSPECTOR : MK_ROLE_CUSTODIAN,
        .kind = by == em.barred ? MK_AUDIT_EMERGENCY_ASK
                                : MK_AUDIT_EMERGENCY_GRANT,
        .outcome = MK_OUTCOME_DONE,
        .purpose = MK_PURPOSE_NOOD,
    };
    struct mk_tx tx;

    ck_assert_int_eq(mk_tx_begin(&tx, by, NULL, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_register(&tx, kind, body, n, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_leaf(&tx, &item, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_commit(&tx, NULL), MK_OK);
}

struct copied {
    struct mk_buf body[2];
    size_t n;
};

static enum mk_err copy(void *ctx, const struct mk_register_row *row,
                        struct mk_diag *diag)
{
    struct copied *c = ctx;

    (void)diag;
    if (c->n == 2)
        return MK_OK;
    return mk_buf_add(&c->body[c->n++], row->body.p, row->body.n);
}

/* The first two grants, said to be of asking seq. */
void em_replay_grants(uint64_t seq)
{
    struct copied c = {.n = 0};

    ck_assert_int_eq(mk_snapshot_begin(em.barred, NULL), MK_OK);
    ck_assert_int_eq(mk_register_walk(em.barred, MK_REGISTER_EMERGENCY_GRANT,
                                      copy, &c, NULL),
                     MK_OK);
    mk_snapshot_end(em.barred);
    ck_assert_uint_eq(c.n, 2);
    for (size_t i = 0; i < 2; i++) {
        mk_put_u64(c.body[i].data + 20, seq);
        em_append(i == 0 ? em.one : em.two, MK_REGISTER_EMERGENCY_GRANT,
                  c.body[i].data, c.body[i].len);
        mk_buf_release(&c.body[i]);
    }
}

int em_run(const char *name, const TTest *const *tests, size_t n)
{
    Suite *suite = suite_create(name);
    TCase *all = tcase_create("all");
    SRunner *runner;
    int failed;

    tcase_set_timeout(all, 60);
    tcase_add_unchecked_fixture(all, begin, end);
    tcase_add_checked_fixture(all, set_up, take_down);
    for (size_t i = 0; i < n; i++)
        tcase_add_test(all, tests[i]);
    suite_add_tcase(suite, all);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
