/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both */
/* Secrets are replaced, and everybody works on. */
#include <stdio.h>
#include <string.h>

#include "core/store/docs.h"
#include "core/vault.h"
#include "crypto/envelope.h"
#include "tests/support/unit.h"
#include "tests/support/vault.h"

static struct vault_fixture f;
static struct mk_diag diag;
static const struct mk_access own = {.purpose = 0};

#define ck_ok(call)                                                           \
    do {                                                                      \
        enum mk_err got_ = (call);                                            \
        ck_assert_msg(got_ == MK_OK, "%s: %s %s %lld", #call,                 \
                      mk_err_name(got_), diag.place, (long long)diag.num[0]); \
    } while (0)

static const struct {
    enum mk_key_kind kind;
    const char *by;
} rotations[] = {
    {MK_KEY_DBK, "bewaarder1"}, {MK_KEY_RD, "inspecteur1"},
    {MK_KEY_RS, "analist1"},    {MK_KEY_RL, "auditor1"},
    {MK_KEY_RS, "inspecteur2"}, {MK_KEY_DBK, "auditor1"},
    {MK_KEY_RD, "inspecteur2"}, {MK_KEY_RL, "auditor1"},
};
#define ROTATIONS (sizeof rotations / sizeof *rotations)

static void rekey(const char *name, enum mk_key_kind kind)
{
    struct mk_vault *v = vault_as(&f, name);

    ck_ok(mk_rekey(v, &own, kind, &diag));
    mk_vault_close(v);
}

static size_t events(struct mk_vault *v, const struct mk_dossier_ref *ref)
{
    const struct mk_access stand_in = {.purpose = MK_PURPOSE_WRN};
    struct mk_view view;
    size_t n;

    mk_view_init(&view);
    ck_ok(mk_dossier_open(v, &stand_in, MK_AUDIT_SHOW, ref, &view, &diag));
    n = view.c.n_events;
    mk_view_release(&view);
    return n;
}

/* Records of the stream, all of them opened. */
static uint64_t counted(struct mk_vault *v)
{
    struct mk_count_request request = {.internal = true};
    struct mk_cube cube;
    uint64_t n;

    mk_cube_init(&cube);
    cube.years[0] = 2020;
    cube.n_years = 1;
    ck_ok(mk_count(v, &own, &request, &cube, &diag));
    n = cube.position;
    mk_cube_release(&cube);
    return n;
}

static enum mk_err note_item(void *ctx, const struct mk_log_item *item)
{
    size_t *rotated = ctx;

    ck_assert_int_ne(item->kind, MK_AUDIT_NONE);
    if (item->kind == MK_AUDIT_KEY_ROTATE)
        rotated[item->mask == 1u << MK_KEY_DBK  ? MK_KEY_DBK
                : item->mask == 1u << MK_KEY_RD ? MK_KEY_RD
                : item->mask == 1u << MK_KEY_RS ? MK_KEY_RS
                                                : MK_KEY_RL]++;
    return MK_OK;
}

/* Every entry opens; rotated[kind]: how many rotations it tells. */
static void read_log(size_t rotated[static MK_KEY_KINDS])
{
    static const struct mk_log_filter all = {.from = MK_DAY_NONE,
                                             .until = MK_DAY_NONE};
    struct mk_vault *v = vault_as(&f, "auditor1");

    memset(rotated, 0, MK_KEY_KINDS * sizeof *rotated);
    ck_ok(mk_log_list(v, &own, &all, note_item, rotated, &diag));
    ck_ok(vault_verify(v, NULL, &diag));
    mk_vault_close(v);
}

static void setup(void)
{
    vault_setup(&f);
    diag = (struct mk_diag)MK_DIAG_INIT;
}

static void teardown(void)
{
    vault_teardown(&f);
}

START_TEST(after_each_rotation_everybody_works_on)
{
    struct mk_vault *v = vault_as(&f, "inspecteur1");
    struct mk_dossier_ref first = vault_intake(v, "2020-03-02");
    struct mk_dossier_ref last = vault_intake(v, "2020-03-03");
    size_t told[MK_KEY_KINDS];
    uint64_t records = 2;

    mk_vault_close(v);
    for (size_t i = 0; i < ROTATIONS; i++) {
        rekey(rotations[i].by, rotations[i].kind);
        v = vault_as(&f, "inspecteur1");
        ck_assert_uint_eq(events(v, &first), i + 1);
        ck_assert_uint_ge(events(v, &last), 1);
        vault_classify(v, &last, i % 2);
        last = vault_intake(v, "2020-04-02");
        {
            struct mk_event e;

            vault_event(&e, MK_VERB_NOTITIE, "narrative", "een notitie", NULL);
            ck_ok(vault_do(v, &first, &e));
        }
        mk_vault_close(v);
        records += 2;
        v = vault_as(&f, "analist1");
        ck_assert_uint_eq(counted(v), records);
        mk_vault_close(v);
        v = vault_as(&f, "inspecteur2");
        ck_assert_uint_ge(events(v, &first), i + 2);
        mk_vault_close(v);
        v = vault_as(&f, "bewaarder2");
        ck_ok(vault_verify(v, NULL, &diag));
        mk_vault_close(v);
        read_log(told);
        ck_assert_uint_eq(told[MK_KEY_DBK] + told[MK_KEY_RD] +
                              told[MK_KEY_RS] + told[MK_KEY_RL],
                          i + 1);
    }
    ck_assert_uint_eq(told[MK_KEY_DBK], 2);
    ck_assert_uint_eq(told[MK_KEY_RL], 2);
}
END_TEST

/* Handles that are open all the while. */
START_TEST(who_is_at_work_takes_the_new_keys)
{
    struct mk_vault *inspector = vault_as(&f, "inspecteur2");
    struct mk_vault *analyst = vault_as(&f, "analist1");
    struct mk_dossier_ref ref = vault_intake(inspector, "2020-03-02");
    size_t told[MK_KEY_KINDS];

    for (size_t i = 0; i < ROTATIONS; i++) {
        struct mk_event e;

        if (strcmp(rotations[i].by, "inspecteur2") == 0)
            ck_ok(mk_rekey(inspector, &own, rotations[i].kind, &diag));
        else if (strcmp(rotations[i].by, "analist1") == 0)
            ck_ok(mk_rekey(analyst, &own, rotations[i].kind, &diag));
        else
            rekey(rotations[i].by, rotations[i].kind);
        vault_event(&e, MK_VERB_NOTITIE, "narrative", "een notitie", NULL);
        ck_ok(vault_do(inspector, &ref, &e));
        ck_assert_uint_eq(events(inspector, &ref), i + 2);
        (void)vault_intake(inspector, "2020-04-02");
        ck_assert_uint_eq(counted(analyst), i + 2);
        ck_ok(vault_verify(inspector, NULL, &diag));
    }
    mk_vault_close(inspector);
    mk_vault_close(analyst);
    read_log(told);
    ck_assert_uint_eq(told[MK_KEY_RD], 2);
}
END_TEST

START_TEST(only_a_holder_rotates_and_a_rehearsal_changes_nothing)
{
    const struct mk_access rehearsal = {.dry_run = true};
    struct mk_vault *v = vault_as(&f, "analist1");
    size_t told[MK_KEY_KINDS];

    ck_assert_int_eq(mk_rekey(v, &own, MK_KEY_RD, &diag), MK_E_NO_ROLE);
    ck_assert_str_eq(diag.place, "inspector");
    ck_assert_int_eq(mk_rekey(v, &own, MK_KEY_RL, &diag), MK_E_NO_ROLE);
    ck_assert_uint_eq(mk_rekey_held(v), 1u << MK_KEY_DBK | 1u << MK_KEY_RS);
    ck_ok(mk_rekey(v, &rehearsal, MK_KEY_RS, &diag));
    ck_ok(mk_rekey(v, &rehearsal, MK_KEY_DBK, &diag));
    ck_assert_uint_eq(mk_keyring_generation(v->keyring, MK_KEY_RS), 1);
    ck_assert_uint_eq(mk_keyring_generation(v->keyring, MK_KEY_DBK), 1);
    mk_vault_close(v);
    read_log(told);
    ck_assert_uint_eq(told[MK_KEY_RS], 1); /* that it was rehearsed */
}
END_TEST

/* The retention file is written after the commit: whoever is cut off between
 * them leaves it under the older secret. */
START_TEST(a_retention_file_under_an_older_secret_is_read_and_sealed_anew)
{
    struct mk_vault *v = vault_as(&f, "inspecteur1");
    struct mk_dossier_ref ref = vault_intake(v, "2020-03-02");
    struct mk_buf old = MK_BUF_INIT, now = MK_BUF_INIT;

    ck_ok(mk_docs_read(&v->docs, MK_RETENTION_FILE, 4096, &old, &diag));
    ck_ok(mk_rekey(v, &own, MK_KEY_RD, &diag));
    ck_ok(mk_rekey(v, &own, MK_KEY_RD, &diag));
    ck_ok(
        mk_docs_write(&v->docs, MK_RETENTION_FILE, old.data, old.len, &diag));
    mk_vault_close(v);
    v = vault_as(&f, "inspecteur2");
    ck_assert_uint_eq(events(v, &ref), 1); /* his unlock sealed it anew */
    ck_ok(mk_docs_read(&v->docs, MK_RETENTION_FILE, 4096, &now, &diag));
    ck_assert_uint_eq(mk_env_key_gen(now.data + 32, now.len - 32), 3);
    ck_assert_uint_eq(events(v, &ref), 1);
    mk_vault_close(v);
    mk_buf_release(&old);
    mk_buf_release(&now);
}
END_TEST

/* A row put back, or any other change below the core: nothing is rotated. */
START_TEST(what_is_not_proven_is_not_put_under_a_new_key)
{
    struct mk_vault *v = vault_as(&f, "inspecteur1");
    struct mk_dossier_ref ref = vault_intake(v, "2020-03-02");
    struct mk_dossier_row row;
    struct mk_event e;

    (void)vault_intake(v, "2020-04-02");
    mk_dossier_row_init(&row);
    ck_ok(mk_store_begin_read(v->store, &diag));
    ck_ok(mk_dossier_load(v->store, 0, &row, &diag));
    mk_store_rollback(v->store);
    vault_event(&e, MK_VERB_NOTITIE, "narrative", "een notitie", NULL);
    ck_ok(vault_do(v, &ref, &e));
    ck_ok(mk_store_begin_write(v->store, &diag));
    row.version += 2; /* the old text under a newer number */
    ck_ok(mk_dossier_update(v->store, &row, &diag));
    ck_ok(mk_store_commit(v->store, &diag));
    ck_assert_int_ne(mk_rekey(v, &own, MK_KEY_RD, &diag), MK_OK);
    ck_assert_int_eq(mk_err_exit(diag.err), MK_EXIT_INTEGRITY);
    ck_assert_uint_eq(mk_keyring_generation(v->keyring, MK_KEY_RD), 1);
    mk_dossier_row_release(&row);
    mk_vault_close(v);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rekey");
    TCase *work = tcase_create("rekey");

    tcase_set_timeout(work, 60);
    tcase_add_checked_fixture(work, setup, teardown);
    tcase_add_test(work, after_each_rotation_everybody_works_on);
    tcase_add_test(work, who_is_at_work_takes_the_new_keys);
    tcase_add_test(work,
                   only_a_holder_rotates_and_a_rehearsal_changes_nothing);
    tcase_add_test(
        work, a_retention_file_under_an_older_secret_is_read_and_sealed_anew);
    tcase_add_test(work, what_is_not_proven_is_not_put_under_a_new_key);
    suite_add_tcase(suite, work);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
