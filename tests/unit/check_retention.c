/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/retention.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/support/attack.h"
#include "tests/support/unit.h"

#define HEADER 24u
#define RECORD 117u

static struct attack a;

/* Dossiers of 2019 and 2020, so two keys. */
static struct mk_vault *ready(const char *name)
{
    attack_setup(&a, 0);
    return attack_as(&a, name);
}

static bool same(const struct mk_secret *x, const struct mk_secret *y)
{
    return mk_secret_len(x) == mk_secret_len(y) &&
           memcmp(mk_secret_peek(x), mk_secret_peek(y), mk_secret_len(x)) == 0;
}

START_TEST(each_year_of_intake_has_a_key_of_its_own)
{
    struct mk_vault *v = ready("inspecteur1");
    const struct mk_secret *one;
    const struct mk_secret *two;

    ck_assert_int_eq(mk_retention_get(v, 2019, 1, &one, NULL), MK_OK);
    ck_assert_int_eq(mk_retention_get(v, 2020, 1, &two, NULL), MK_OK);
    ck_assert_uint_eq(mk_secret_len(one), MK_KEY);
    ck_assert(!same(one, two));
    ck_assert_uint_eq(v->n_retention, 2);
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

START_TEST(every_inspector_finds_the_same_key)
{
    struct mk_vault *v = ready("inspecteur1");
    struct mk_secret *kept;
    const struct mk_secret *key;

    ck_assert_int_eq(mk_retention_get(v, 2019, 1, &key, NULL), MK_OK);
    kept = mk_secret_copy(key);
    mk_vault_close(v);
    v = attack_as(&a, "inspecteur2");
    ck_assert_int_eq(mk_retention_get(v, 2019, 1, &key, NULL), MK_OK);
    ck_assert(same(key, kept));
    mk_vault_close(v);
    mk_secret_free(kept);
    attack_teardown(&a);
}
END_TEST

START_TEST(a_key_that_is_not_there_is_told)
{
    struct mk_vault *v = ready("inspecteur1");
    const struct mk_secret *key;
    struct mk_diag diag = MK_DIAG_INIT;

    ck_assert_int_eq(mk_retention_get(v, 2019, 2, &key, &diag),
                     MK_E_RETENTION);
    ck_assert_str_eq(diag.place, "retention");
    ck_assert_int_eq(diag.num[0], 2019);
    ck_assert_int_eq(mk_retention_get(v, 1999, 1, &key, &diag),
                     MK_E_RETENTION);
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

START_TEST(a_new_year_gets_a_key_that_is_on_the_disk_before_it_is_used)
{
    struct mk_vault *v = ready("inspecteur1");
    struct attack_files files;
    const struct mk_secret *wrap;
    const struct mk_secret *again;
    uint32_t gen = 0;

    ck_assert_int_eq(mk_store_begin_write(v->store, NULL), MK_OK);
    ck_assert_int_eq(mk_retention_for_new(v, 2023, &gen, &wrap, NULL), MK_OK);
    ck_assert_uint_eq(gen, 1);
    attack_save(&a, &files);
    ck_assert_uint_eq(files.text[ATTACK_RETENTION].len, HEADER + 3 * RECORD);
    ck_assert_int_eq(mk_retention_for_new(v, 2023, &gen, &again, NULL), MK_OK);
    ck_assert_ptr_eq(wrap, again);
    mk_store_rollback(v->store);
    attack_files_release(&files);
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

START_TEST(a_year_with_dossiers_gets_no_second_first_key)
{
    struct mk_vault *v = ready("inspecteur1");
    struct attack_files files;
    const struct mk_secret *wrap;
    struct mk_diag diag = MK_DIAG_INIT;
    uint32_t gen;
    uint8_t none[HEADER];

    attack_save(&a, &files);
    memcpy(none, files.text[ATTACK_RETENTION].data, HEADER);
    memset(none + 20, 0, 4); /* a file of this vault, without any key */
    attack_write(&a, ATTACK_RETENTION, none, sizeof none);
    ck_assert_int_eq(mk_store_begin_write(v->store, NULL), MK_OK);
    ck_assert_int_eq(mk_retention_for_new(v, 2020, &gen, &wrap, &diag),
                     MK_E_RETENTION);
    ck_assert_str_eq(diag.place, "retention");
    ck_assert_int_eq(diag.num[0], 2020);
    ck_assert_int_eq(mk_retention_for_new(v, 2024, &gen, &wrap, &diag), MK_OK);
    mk_store_rollback(v->store);
    attack_files_release(&files);
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

START_TEST(names_of_keys_are_read_without_any_key)
{
    struct mk_vault *v = ready("auditor1");
    struct mk_retention_names names;

    ck_assert_int_eq(mk_retention_list(v, &names, NULL), MK_OK);
    ck_assert_uint_eq(names.n, 2);
    ck_assert(mk_retention_named(&names, 2019, 1));
    ck_assert(mk_retention_named(&names, 2020, 1));
    ck_assert(!mk_retention_named(&names, 2020, 2));
    ck_assert(!mk_retention_named(&names, 2021, 1));
    free(names.v);
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

START_TEST(a_file_of_another_size_is_refused)
{
    struct mk_vault *v = ready("auditor1");
    struct mk_retention_names names;
    struct attack_files files;
    struct mk_buf *text = &files.text[ATTACK_RETENTION];
    struct mk_diag diag = MK_DIAG_INIT;

    attack_save(&a, &files);
    for (size_t n = 0; n < text->len; n++) {
        attack_write(&a, ATTACK_RETENTION, text->data, n);
        ck_assert_int_eq(mk_retention_list(v, &names, &diag), MK_E_DAMAGED);
        ck_assert_str_eq(diag.place, "retention");
        free(names.v);
    }
    ck_assert_int_eq(mk_buf_add_u8(text, 0), MK_OK);
    attack_write(&a, ATTACK_RETENTION, text->data, text->len);
    ck_assert_int_eq(mk_retention_list(v, &names, &diag), MK_E_DAMAGED);
    free(names.v);
    attack_files_release(&files);
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

START_TEST(a_file_open_to_others_or_gone_is_refused)
{
    struct mk_vault *v = ready("inspecteur1");
    const struct mk_secret *key;
    struct mk_diag diag = MK_DIAG_INIT;
    char path[192];

    attack_path(&a, ATTACK_RETENTION, path);
    ck_assert_int_eq(chmod(path, 0644), 0);
    ck_assert_int_eq(mk_retention_get(v, 2019, 1, &key, &diag),
                     MK_E_PERMISSIONS);
    ck_assert_int_eq(remove(path), 0);
    ck_assert_int_eq(mk_retention_get(v, 2019, 1, &key, &diag),
                     MK_E_RETENTION);
    ck_assert_int_eq(vault_verify(v, NULL, &diag), MK_E_RETENTION_FILE);
    ck_assert_str_eq(diag.place, "retention");
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

/* ---- erasing ---- */

/* A run that was cut off left a second key of 2019; then somebody who has the
 * key of the file writes in the rows that the first is not used any more. */
START_TEST(a_key_is_not_erased_on_the_word_of_rows_that_nobody_signed)
{
    struct mk_vault *v = ready("inspecteur1");
    struct mk_retention_names names;

    ck_assert_int_eq(mk_store_begin_write(v->store, NULL), MK_OK);
    ck_assert_int_eq(mk_retention_next(v, (const uint32_t[]){2019}, 1, NULL),
                     MK_OK);
    mk_store_rollback(v->store);
    mk_vault_close(v);
    attack_sql(&a, "UPDATE dossier SET rk_gen = 2 WHERE intake_year = 2019");
    mk_vault_close(vault_as(&a.f, "inspecteur2")); /* who tidies up */
    v = attack_as(&a, "auditor1");
    ck_assert_int_eq(mk_retention_names(v, &names, NULL), MK_OK);
    ck_assert(mk_retention_named(&names, 2019, 1));
    ck_assert(mk_retention_named(&names, 2019, 2));
    free(names.v);
    mk_vault_close(v);
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
        each_year_of_intake_has_a_key_of_its_own,
        every_inspector_finds_the_same_key,
        a_key_that_is_not_there_is_told,
        a_new_year_gets_a_key_that_is_on_the_disk_before_it_is_used,
        a_year_with_dossiers_gets_no_second_first_key,
        names_of_keys_are_read_without_any_key,
        a_file_of_another_size_is_refused,
        a_file_open_to_others_or_gone_is_refused,
        a_key_is_not_erased_on_the_word_of_rows_that_nobody_signed,
    };

    return UNIT_RUN("retention", tests, start);
}
