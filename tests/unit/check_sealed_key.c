/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of keys of a dossier, its owner, and rows under other keys. */
#include "core/sealed.h"

#include <stdlib.h>
#include <string.h>

#include "core/restrict.h"
#include "core/retention.h"
#include "core/sealed_key_impl.h"
#include "core/summary.h"
#include "crypto/kdf.h"
#include "tests/support/attack.h"
#include "tests/support/unit.h"

static struct attack a;
static struct mk_vault *v;

static void set_up(void)
{
    attack_setup(&a, 0);
    v = attack_as(&a, "inspecteur1");
}

static void take_down(void)
{
    mk_vault_close(v);
    attack_teardown(&a);
}

/* What a test looks at of dossier 0; released by the caller. */
static void open_first(struct mk_opened *d)
{
    struct mk_diag diag = MK_DIAG_INIT;

    mk_opened_init(d);
    ck_assert_int_eq(mk_snapshot_begin(v, &diag), MK_OK);
    ck_assert_int_eq(mk_sealed_open(v, 0, d, &diag), MK_OK);
    mk_snapshot_end(v);
}

static uint32_t summary_gen(const struct mk_opened *d)
{
    return mk_env_key_gen(d->row.summary.p, d->row.summary.n);
}

static enum mk_err rewrap_in(struct mk_tx *tx, const struct mk_rewrap *how)
{
    enum mk_err rc;
    struct mk_dossier_row row;

    mk_dossier_row_init(&row);
    ck_assert_int_eq(mk_sealed_row(v, 0, &row, NULL), MK_OK);
    rc = mk_sealed_rewrap(tx, &row, how, NULL);
    mk_dossier_row_release(&row);
    return rc;
}

static void rewrap(const struct mk_rewrap *how)
{
    const struct mk_log_item item = {
        .role = MK_ROLE_INSPECTOR,
        .kind = MK_AUDIT_REKEY,
        .outcome = MK_OUTCOME_DONE,
    };
    struct mk_tx tx;

    ck_assert_int_eq(mk_tx_begin(&tx, v, NULL, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_leaf(&tx, &item, NULL), MK_OK);
    ck_assert_int_eq(rewrap_in(&tx, how), MK_OK);
    ck_assert_int_eq(mk_tx_commit(&tx, NULL), MK_OK);
}

static void note(void)
{
    struct mk_event e;

    vault_event(&e, MK_VERB_NOTITIE, "narrative", "Nog een keer gebeld.",
                NULL);
    ck_assert_int_eq(vault_do(v, &a.ref[0], &e), MK_OK);
}

static const struct mk_rewrap fresh = {.fresh_dek = true};

START_TEST(a_fresh_key_is_for_what_is_written_afterwards)
{
    struct mk_opened old;
    struct mk_opened now;

    open_first(&old);
    rewrap(&fresh);
    note();
    open_first(&now);
    ck_assert_uint_eq(old.dek->n, 1);
    ck_assert_uint_eq(now.dek->n, 2);
    ck_assert(mk_secret_equal(old.dek->key[0], now.dek->key[0]));
    ck_assert(!mk_secret_equal(now.dek->key[0], now.dek->key[1]));
    ck_assert_uint_eq(summary_gen(&now), 2);
    ck_assert_uint_eq(now.c.n_events, old.c.n_events + 1);
    ck_assert_uint_eq(now.row.version, old.row.version + 2);
    ck_assert_uint_eq(now.row.dek_version, old.row.version + 1);
    mk_opened_release(&old);
    mk_opened_release(&now);
}
END_TEST

/* Who learnt the list of before the rewrap opens what was, not what comes. */
START_TEST(who_has_the_old_list_cannot_read_what_is_written_later)
{
    struct mk_opened old;
    struct mk_opened now;
    struct mk_list_item item;
    struct mk_buf bytes = MK_BUF_INIT;
    struct mk_diag diag = MK_DIAG_INIT;

    open_first(&old);
    ck_assert_int_eq(
        mk_sealed_summary(v, &old.row, old.dek, &bytes, &item, &diag), MK_OK);
    rewrap(&fresh);
    note();
    open_first(&now);
    ck_assert_int_eq(
        mk_sealed_summary(v, &now.row, old.dek, &bytes, &item, &diag),
        MK_E_DAMAGED);
    ck_assert_int_eq(
        mk_sealed_summary(v, &now.row, now.dek, &bytes, &item, &diag), MK_OK);
    mk_buf_release(&bytes);
    mk_opened_release(&old);
    mk_opened_release(&now);
}
END_TEST

START_TEST(a_last_key_that_nothing_is_sealed_with_makes_room)
{
    struct mk_opened first;
    struct mk_opened second;

    rewrap(&fresh);
    open_first(&first);
    rewrap(&fresh);
    open_first(&second);
    ck_assert_uint_eq(first.dek->n, 2);
    ck_assert_uint_eq(second.dek->n, 2);
    ck_assert(!mk_secret_equal(first.dek->key[1], second.dek->key[1]));
    ck_assert_uint_eq(summary_gen(&second), 1);
    mk_opened_release(&first);
    mk_opened_release(&second);
}
END_TEST

START_TEST(a_rewrap_without_a_fresh_key_keeps_the_list)
{
    struct mk_opened old;
    struct mk_opened now;
    const struct mk_rewrap how = {.fresh_dek = false};

    open_first(&old);
    rewrap(&how);
    open_first(&now);
    ck_assert_uint_eq(now.dek->n, 1);
    ck_assert(mk_secret_equal(old.dek->key[0], now.dek->key[0]));
    ck_assert_int_eq(vault_verify(v, NULL, NULL), MK_OK);
    mk_opened_release(&old);
    mk_opened_release(&now);
}
END_TEST

START_TEST(a_summary_under_a_key_that_is_not_there_is_told)
{
    struct mk_tx tx;
    struct mk_dossier_row row;
    uint8_t forged[1024];

    mk_dossier_row_init(&row);
    ck_assert_int_eq(mk_tx_begin(&tx, v, NULL, NULL), MK_OK);
    ck_assert_int_eq(mk_sealed_row(v, 0, &row, NULL), MK_OK);
    ck_assert_uint_le(row.summary.n, sizeof forged);
    memcpy(forged, row.summary.p, row.summary.n);
    forged[4] = 4; /* key_gen */
    row.summary.p = forged;
    ck_assert_int_eq(mk_sealed_rewrap(&tx, &row, &fresh, NULL), MK_E_DAMAGED);
    mk_tx_abort(&tx);
    mk_dossier_row_release(&row);
}
END_TEST

/* --- a list that is full --- */

/* A row whose list has n keys, and the summary under the last of them. */
static void fill(size_t n)
{
    const struct mk_log_item item = {.role = MK_ROLE_INSPECTOR,
                                     .kind = MK_AUDIT_CHANGE};
    struct mk_opened d;
    struct mk_tx tx;
    struct mk_dek *dek;
    struct mk_row_keys keys;
    const struct mk_secret *wrap;
    struct mk_buf list = MK_BUF_INIT;
    struct mk_buf owner = MK_BUF_INIT;
    struct mk_buf summary = MK_BUF_INIT;
    struct mk_buf plain = MK_BUF_INIT;
    uint8_t aad[MK_AAD];

    open_first(&d);
    dek = calloc(1, sizeof *dek + n * sizeof *dek->key);
    ck_assert_ptr_nonnull(dek);
    dek->key[dek->n++] = mk_secret_copy(d.dek->key[0]);
    while (dek->n < n)
        dek->key[dek->n++] = mk_secret_random(MK_KEY);
    mk_dek_free(d.dek);
    d.dek = dek;
    d.row.version++;
    ck_assert_int_eq(mk_tx_begin(&tx, v, NULL, NULL), MK_OK);
    ck_assert_int_eq(
        mk_retention_get(v, d.row.intake_year, d.row.rk_gen, &wrap, NULL),
        MK_OK);
    keys = mk_row_keys_of(v, wrap);
    ck_assert_int_eq(mk_row_seal_list(v, &keys, d.dek, &d.row, &list), MK_OK);
    ck_assert_int_eq(mk_sealed_set_owner(v, &d.c.owners, &d.row, &owner),
                     MK_OK);
    ck_assert_int_eq(mk_summary_encode(&plain, &d.c), MK_OK);
    mk_sealed_aad(aad, v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_SUMMARY, d.row.id,
                  d.row.version, d.row.id);
    ck_assert_int_eq(
        mk_dek_seal(&summary, MK_PAD_FACTS, d.dek, aad, plain.data, plain.len),
        MK_OK);
    d.row.summary = (struct mk_blob){summary.data, summary.len};
    ck_assert_int_eq(mk_tx_leaf(&tx, &item, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_dossier(&tx, &d.row, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_commit(&tx, NULL), MK_OK);
    mk_buf_release(&plain);
    mk_buf_release(&summary);
    mk_buf_release(&owner);
    mk_buf_release(&list);
    mk_opened_release(&d);
}

START_TEST(naming_people_leaves_room_for_a_new_key)
{
    static const char *const names[] = {"inspecteur1"};
    const struct mk_access access = {.purpose = 0};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_written w;
    struct mk_opened d;

    fill(MK_DEK_NAMING);
    ck_assert_int_eq(mk_restrict(v, &access, &a.ref[0], names, 1, &w, &diag),
                     MK_E_KEYS_FULL);
    ck_assert_int_eq(diag.num[0], MK_DEK_NAMING);
    rewrap(&fresh);
    open_first(&d);
    ck_assert_uint_eq(d.dek->n, MK_DEK_NAMING + 1);
    mk_opened_release(&d);
}
END_TEST

START_TEST(a_list_that_is_full_says_which_dossier)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_dossier_row row;
    struct mk_tx tx;
    char tag[MK_TAG_TEXT];

    fill(MK_DEK_MAX);
    mk_dossier_row_init(&row);
    ck_assert_int_eq(mk_tx_begin(&tx, v, NULL, NULL), MK_OK);
    ck_assert_int_eq(mk_sealed_row(v, 0, &row, NULL), MK_OK);
    ck_assert_int_eq(mk_sealed_rewrap(&tx, &row, &fresh, &diag),
                     MK_E_KEYS_FULL);
    mk_tx_abort(&tx);
    mk_tag_format(tag, row.id);
    ck_assert_str_eq(diag.place, tag);
    mk_dossier_row_release(&row);
}
END_TEST

/* --- another R_D --- */

/* As a rotation leaves it: the handle with the new secret. */
static void take_over(struct mk_secret *rd, const uint8_t id[MK_ID])
{
    mk_secret_free(v->keys[MK_KEY_RD]);
    v->keys[MK_KEY_RD] = rd;
    memcpy(v->key_ids[MK_KEY_RD], id, MK_ID);
    v->key_gens[MK_KEY_RD]++;
    mk_secret_free(v->owner_key);
    ck_assert_int_eq(mk_hkdf(&v->owner_key, MK_KEY, v->head.store, MK_ID, rd,
                             "mk1/owner", 9),
                     MK_OK);
    for (size_t i = 0; i < v->n_retention; i++) {
        struct mk_retention_key *k = &v->retention[i];
        struct mk_secret *wrap;

        ck_assert_int_eq(
            mk_retention_wrap_under(v, rd, k->year, k->gen, &wrap, NULL),
            MK_OK);
        mk_secret_free(k->wrap);
        k->wrap = wrap;
    }
}

START_TEST(under_a_new_secret_of_the_inspectors_the_old_one_opens_nothing)
{
    static const uint8_t id[MK_ID] = {1, 2, 3};
    struct mk_secret *rd = mk_secret_random(MK_KEY);
    struct mk_rewrap how = {
        .fresh_dek = true, .rd = rd, .rd_id = id, .rd_gen = 2};
    struct mk_owners owners;
    struct mk_opened d;
    struct mk_dek *dek;

    mk_opened_init(&d);
    rewrap(&how);
    ck_assert_int_eq(mk_snapshot_begin(v, NULL), MK_OK);
    ck_assert_int_eq(mk_sealed_row(v, 0, &d.row, NULL), MK_OK);
    mk_snapshot_end(v);
    ck_assert_int_eq(mk_sealed_owner(v, &d.row, &owners, NULL), MK_E_DAMAGED);
    ck_assert_int_eq(mk_sealed_key(v, &d.row, &dek, NULL), MK_E_DAMAGED);
    take_over(rd, id);
    ck_assert_int_eq(mk_sealed_owner(v, &d.row, &owners, NULL), MK_OK);
    ck_assert_mem_eq(owners.owner, v->my_id, MK_ID);
    ck_assert_int_eq(mk_sealed_key(v, &d.row, &dek, NULL), MK_OK);
    ck_assert_uint_eq(dek->n, 2);
    mk_dek_free(dek);
    mk_opened_release(&d);
}
END_TEST

/* --- owner and deputies --- */

static void put_owner(struct mk_dossier_row *row, struct mk_buf *out,
                      const void *plain, size_t n)
{
    uint8_t aad[MK_AAD];

    mk_sealed_aad(aad, v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_OWNER, row->id,
                  row->version, v->key_ids[MK_KEY_RD]);
    mk_buf_clear(out);
    ck_assert_int_eq(mk_buf_add_zero(out, n + MK_ENV_OVERHEAD), MK_OK);
    mk_env_seal(out->data, v->owner_key, 1, aad, sizeof aad, plain, n);
    row->owner = (struct mk_blob){out->data, out->len};
}

START_TEST(owner_and_deputies_come_back_as_they_went_in)
{
    const struct mk_owners in = {
        .owner = {1}, .deputy = {{2}, {3}}, .n_deputies = 2};
    struct mk_owners out;
    struct mk_dossier_row row = {.version = 5, .id = {9}};
    struct mk_buf bytes = MK_BUF_INIT;

    ck_assert_int_eq(mk_sealed_set_owner(v, &in, &row, &bytes), MK_OK);
    ck_assert_uint_eq(bytes.len, 64 + MK_ENV_OVERHEAD);
    ck_assert_int_eq(mk_sealed_owner(v, &row, &out, NULL), MK_OK);
    ck_assert_mem_eq(&in, &out, sizeof in);
    ck_assert(mk_owners_has(&out, in.owner));
    ck_assert(mk_owners_has(&out, in.deputy[1]));
    ck_assert(!mk_owners_has(&out, (const uint8_t[16]){0}));
    mk_buf_release(&bytes);
}
END_TEST

START_TEST(an_owner_alone_as_it_was_before_deputies_is_read)
{
    static const uint8_t owner[MK_ID] = {7, 7};
    struct mk_owners out;
    struct mk_dossier_row row = {.version = 1};
    struct mk_buf bytes = MK_BUF_INIT;

    put_owner(&row, &bytes, owner, sizeof owner);
    ck_assert_int_eq(mk_sealed_owner(v, &row, &out, NULL), MK_OK);
    ck_assert_mem_eq(out.owner, owner, MK_ID);
    ck_assert_uint_eq(out.n_deputies, 0);
    mk_buf_release(&bytes);
}
END_TEST

START_TEST(an_owner_of_another_form_is_told)
{
    uint8_t plain[80] = {1};
    struct mk_owners out;
    struct mk_dossier_row row = {.version = 1};
    struct mk_buf bytes = MK_BUF_INIT;

    plain[2 * MK_ID] = 2; /* nobody before the second deputy */
    put_owner(&row, &bytes, plain, 64);
    ck_assert_int_eq(mk_sealed_owner(v, &row, &out, NULL), MK_E_DAMAGED);
    put_owner(&row, &bytes, plain, 80);
    ck_assert_int_eq(mk_sealed_owner(v, &row, &out, NULL), MK_E_DAMAGED);
    put_owner(&row, &bytes, plain, 8);
    ck_assert_int_eq(mk_sealed_owner(v, &row, &out, NULL), MK_E_DAMAGED);
    row.owner.n = 3;
    ck_assert_int_eq(mk_sealed_owner(v, &row, &out, NULL), MK_E_DAMAGED);
    mk_buf_release(&bytes);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_fresh_key_is_for_what_is_written_afterwards,
        who_has_the_old_list_cannot_read_what_is_written_later,
        a_last_key_that_nothing_is_sealed_with_makes_room,
        a_rewrap_without_a_fresh_key_keeps_the_list,
        a_summary_under_a_key_that_is_not_there_is_told,
        naming_people_leaves_room_for_a_new_key,
        a_list_that_is_full_says_which_dossier,
        under_a_new_secret_of_the_inspectors_the_old_one_opens_nothing,
        owner_and_deputies_come_back_as_they_went_in,
        an_owner_alone_as_it_was_before_deputies_is_read,
        an_owner_of_another_form_is_told,
    };
    Suite *suite = suite_create("sealed_key");
    TCase *all = tcase_create("all");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(all, set_up, take_down);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        tcase_add_test(all, tests[i]);
    suite_add_tcase(suite, all);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
