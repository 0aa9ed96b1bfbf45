/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A second copy of the retention file is put back, and only what is true. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/destroy.h"
#include "core/retention.h"
#include "tests/support/attack.h"
#include "tests/support/unit.h"

#define HEADER MK_RETENTION_HEADER
#define RECORD MK_RETENTION_RECORD

static struct attack a;
static struct attack_files kept; /* as they were: two keys, 2019 and 2020 */
static struct mk_retention_report report;
static struct mk_diag diag;
static const struct mk_access plain = {.purpose = 0};
static const struct mk_access control = {.purpose = MK_PURPOSE_CTL};

static void ready(void)
{
    attack_setup(&a, 0);
    attack_save(&a, &kept);
}

static void done(void)
{
    attack_files_release(&kept);
    attack_teardown(&a);
}

static struct mk_buf *copy(void)
{
    return &kept.text[ATTACK_RETENTION];
}

static void lose(void)
{
    char path[192];

    attack_path(&a, ATTACK_RETENTION, path);
    ck_assert_int_eq(remove(path), 0);
}

static enum mk_err restore_as(const char *who, const struct mk_access *access,
                              const struct mk_buf *text)
{
    struct mk_vault *v = attack_as(&a, who);
    enum mk_err rc;

    diag = (struct mk_diag)MK_DIAG_INIT;
    rc = mk_retention_restore(v, access, text, &report, &diag);
    mk_vault_close(v);
    return rc;
}

static enum mk_err restore(const struct mk_buf *text)
{
    return restore_as("inspecteur1", &plain, text);
}

static void assert_report(size_t back, size_t dropped, size_t fresh,
                          size_t all)
{
    ck_assert_uint_eq(report.back, back);
    ck_assert_uint_eq(report.dropped, dropped);
    ck_assert_uint_eq(report.fresh, fresh);
    ck_assert_uint_eq(report.all, all);
}

/* Everybody reads everything, and it verifies. */
static void assert_whole(void)
{
    struct attack_seen seen;

    attack_look(&a, &seen);
    ck_assert_msg(seen.read == MK_OK && seen.verify == MK_OK, "%s %s",
                  seen.place, seen.verify_place);
}

static size_t size_now(void)
{
    struct attack_files now;
    size_t n;

    attack_save(&a, &now);
    n = now.there[ATTACK_RETENTION] ? now.text[ATTACK_RETENTION].len : 0;
    attack_files_release(&now);
    return n;
}

/* --- what is put back --- */

START_TEST(a_file_that_is_gone_comes_back_from_its_copy)
{
    ready();
    lose();
    ck_assert_int_eq(restore(copy()), MK_OK);
    assert_report(2, 0, 0, 2);
    assert_whole();
    ck_assert_int_eq(restore(copy()), MK_OK); /* nothing is missing any more */
    assert_report(0, 0, 0, 2);
    done();
}
END_TEST

START_TEST(a_dry_run_puts_nothing_back_and_finds_the_same)
{
    const struct mk_access dry = {.dry_run = true};

    ready();
    lose();
    ck_assert_int_eq(restore_as("inspecteur1", &dry, copy()), MK_OK);
    assert_report(2, 0, 0, 2);
    ck_assert_uint_eq(size_now(), 0);
    done();
}
END_TEST

START_TEST(only_an_inspector_puts_it_back)
{
    ready();
    lose();
    ck_assert_int_eq(restore_as("bewaarder1", &plain, copy()), MK_E_NO_ROLE);
    ck_assert_int_eq(restore_as("auditor1", &plain, copy()), MK_E_NO_ROLE);
    ck_assert_uint_eq(size_now(), 0);
    done();
}
END_TEST

/* The file in use has a damaged record, the copy lacks another key. */
START_TEST(what_is_still_good_in_place_is_kept)
{
    struct mk_buf *text;
    struct attack_files now;

    ready();
    (void)attack_intake(&a, "2021-02-03"); /* later than the copy */
    attack_save(&a, &now);
    text = &now.text[ATTACK_RETENTION];
    ck_assert_uint_eq(text->len, HEADER + 3 * RECORD);
    for (size_t i = 0; i < 2; i++) /* both keys of the copy */
        text->data[HEADER + i * RECORD + RECORD - 1] ^= 1;
    text->data[0] ^= 1;
    attack_write(&a, ATTACK_RETENTION, text->data, text->len);
    ck_assert_int_eq(restore(copy()), MK_OK);
    assert_report(2, 0, 0, 3);
    assert_whole();
    attack_files_release(&now);
    done();
}
END_TEST

/* --- what is refused --- */

START_TEST(a_copy_with_any_byte_changed_is_refused)
{
    struct mk_vault *v;

    ready();
    lose();
    v = attack_as(&a, "inspecteur1");
    for (size_t i = 0; i < copy()->len; i++) {
        copy()->data[i] ^= 1;
        ck_assert_msg(mk_retention_restore(v, &plain, copy(), &report, NULL) ==
                          MK_E_RETENTION_COPY,
                      "byte %zu", i);
        copy()->data[i] ^= 1;
    }
    for (size_t n = 0; n < copy()->len; n++) {
        const struct mk_buf part = {.data = copy()->data, .len = n};

        ck_assert_int_eq(mk_retention_restore(v, &plain, &part, &report, NULL),
                         MK_E_RETENTION_COPY);
    }
    mk_vault_close(v);
    ck_assert_uint_eq(size_now(), 0);
    done();
}
END_TEST

START_TEST(what_lacks_is_named_with_the_dossiers_that_need_it)
{
    ready();
    (void)attack_intake(&a, "2021-02-03");
    (void)attack_intake(&a, "2021-02-04");
    lose();
    ck_assert_int_eq(restore(copy()), MK_E_RETENTION_LACKS);
    ck_assert_str_eq(diag.place, "2021 (1): 2");
    ck_assert_uint_eq(size_now(), 0);
    done();
}
END_TEST

/* Who once knew R_D makes records that open: rows tell what they are worth. */
START_TEST(a_key_of_the_right_name_that_opens_no_dossier_does_not_count)
{
    struct mk_vault *v;
    struct attack_files forged;

    ready();
    v = attack_as(&a, "inspecteur1");
    mk_retention_release(v);
    for (uint32_t year = 2019; year <= 2020; year++)
        ck_assert_int_eq(
            mk_retention_remember(v, year, 1, mk_secret_random(MK_KEY)),
            MK_OK);
    ck_assert_int_eq(mk_retention_save(v, false, NULL), MK_OK);
    mk_vault_close(v);
    attack_save(&a, &forged);
    lose();
    ck_assert_int_eq(restore(&forged.text[ATTACK_RETENTION]),
                     MK_E_RETENTION_LACKS);
    attack_load_one(&a, &forged, ATTACK_RETENTION);
    ck_assert_int_eq(restore(copy()), MK_OK);
    assert_report(2, 2, 0, 2);
    assert_whole();
    attack_files_release(&forged);
    done();
}
END_TEST

/* --- destruction is not undone --- */

static void end_and_destroy(const struct mk_dossier_ref *ref)
{
    static const struct mk_destroy_rule rule = {
        .months = 60, .copies_days = 10, .item = "post 1"};
    struct mk_destroy_report r;
    struct mk_event e;
    struct mk_vault *v = attack_as(&a, "inspecteur1");
    uint64_t number;

    vault_event(&e, MK_VERB_INTREK, "reason", "VRZ", NULL);
    ck_assert_int_eq(vault_do(v, ref, &e), MK_OK);
    mk_vault_close(v);
    ck_assert_int_eq(setenv("MELDKLUIS_TEST_TIME", "2030-01-01", 1), 0);
    v = attack_as(&a, "bewaarder1");
    ck_assert_int_eq(mk_destroy_rule_set(v, &control, &rule, NULL), MK_OK);
    mk_vault_close(v);
    v = attack_as(&a, "inspecteur1");
    ck_assert_int_eq(mk_destroy_propose(v, &control, ref, 1, &number, NULL),
                     MK_OK);
    mk_vault_close(v);
    v = attack_as(&a, "bewaarder2");
    ck_assert_int_eq(mk_destroy_approve(v, &control, number, NULL), MK_OK);
    mk_vault_close(v);
    v = attack_as(&a, "inspecteur1");
    ck_assert_int_eq(mk_destroy_run(v, &control, &r, NULL), MK_OK);
    ck_assert(r.n == 1 && r.v[0].fate == MK_FATE_DONE && r.erased);
    mk_destroy_report_release(&r);
    mk_vault_close(v);
}

static bool has_key(uint32_t year, uint32_t gen)
{
    struct mk_vault *v = attack_as(&a, "auditor1");
    struct mk_retention_names names;
    bool yes;

    ck_assert_int_eq(mk_retention_names(v, &names, NULL), MK_OK);
    yes = mk_retention_named(&names, year, gen);
    free(names.v);
    mk_vault_close(v);
    return yes;
}

START_TEST(a_copy_of_before_a_destruction_brings_no_key_of_it_back)
{
    struct mk_dossier_ref ref;
    struct attack_files older;

    ck_assert_int_eq(setenv("MELDKLUIS_TEST_TIME", "2021-01-26", 1), 0);
    ready();
    ref = attack_intake(&a, "2019-02-01"); /* others of that year survive */
    attack_save(&a, &older);
    end_and_destroy(&ref);
    ck_assert(!has_key(2019, 1) && has_key(2019, 2));
    ck_assert_int_eq(restore(&older.text[ATTACK_RETENTION]), MK_OK);
    assert_report(0, 1, 0, 2);
    ck_assert(!has_key(2019, 1) && has_key(2019, 2));
    assert_whole();
    lose(); /* without the newer key it is of no use for that year */
    ck_assert_int_eq(restore(&older.text[ATTACK_RETENTION]),
                     MK_E_RETENTION_LACKS);
    ck_assert_msg(strncmp(diag.place, "2019 (2): ", 10) == 0, "%s",
                  diag.place);
    attack_files_release(&older);
    done();
}
END_TEST

/* All of 2018 was destroyed: what comes is not wrapped by what was to go. */
START_TEST(a_year_without_dossiers_left_gets_a_new_key_not_the_old_one)
{
    struct mk_dossier_ref ref;
    struct attack_files older;

    ck_assert_int_eq(setenv("MELDKLUIS_TEST_TIME", "2021-01-26", 1), 0);
    ready();
    ref = attack_intake(&a, "2018-02-01");
    attack_save(&a, &older);
    end_and_destroy(&ref);
    lose();
    ck_assert_int_eq(restore(&older.text[ATTACK_RETENTION]), MK_OK);
    assert_report(2, 1, 1, 3);
    ck_assert(!has_key(2018, 1) && has_key(2018, 2));
    (void)attack_intake(&a, "2018-03-01");
    assert_whole();
    attack_files_release(&older);
    done();
}
END_TEST

static void start(void)
{
    ck_assert_int_eq(mk_init(NULL), MK_OK);
}

int main(void)
{
    const TTest *const tests[] = {
        a_file_that_is_gone_comes_back_from_its_copy,
        a_dry_run_puts_nothing_back_and_finds_the_same,
        only_an_inspector_puts_it_back,
        what_is_still_good_in_place_is_kept,
        a_copy_with_any_byte_changed_is_refused,
        what_lacks_is_named_with_the_dossiers_that_need_it,
        a_key_of_the_right_name_that_opens_no_dossier_does_not_count,
        a_copy_of_before_a_destruction_brings_no_key_of_it_back,
        a_year_without_dossiers_left_gets_a_new_key_not_the_old_one,
    };

    return UNIT_RUN("retention_restore", tests, start);
}
