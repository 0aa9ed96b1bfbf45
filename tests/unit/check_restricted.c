/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The column of a restricted dossier, and what others can do with it. */
#include "core/restrict.h"

#include <string.h>

#include "core/access.h"
#include "core/retention.h"
#include "core/sealed.h"
#include "core/sealed_key_impl.h"
#include "crypto/shares.h"
#include "tests/support/attack.h"
#include "tests/support/unit.h"

static struct attack a;
static struct mk_vault *named;  /* inspecteur1, who owns them */
static struct mk_vault *barred; /* inspecteur2 */

static void set_up(void)
{
    static const char *const names[] = {"inspecteur1"};
    const struct mk_access access = {.purpose = 0};
    struct mk_written w;

    attack_setup(&a, 0);
    named = attack_as(&a, "inspecteur1");
    ck_assert_int_eq(
        mk_restrict(named, &access, &a.ref[0], names, 1, &w, NULL), MK_OK);
    barred = attack_as(&a, "inspecteur2");
}

static void take_down(void)
{
    mk_vault_close(barred);
    mk_vault_close(named);
    attack_teardown(&a);
}

static void load(struct mk_vault *v, struct mk_dossier_row *row)
{
    mk_dossier_row_init(row);
    ck_assert_int_eq(mk_snapshot_begin(v, NULL), MK_OK);
    ck_assert_int_eq(mk_sealed_row(v, 0, row, NULL), MK_OK);
    mk_snapshot_end(v);
}

START_TEST(only_who_is_named_gets_the_keys)
{
    struct mk_dossier_row row;
    struct mk_dek *dek;
    struct mk_diag diag = MK_DIAG_INIT;

    load(named, &row);
    ck_assert_int_eq(mk_sealed_key(named, &row, &dek, NULL), MK_OK);
    ck_assert_uint_eq(dek->n, 2);
    ck_assert_uint_eq(mk_env_key_gen(row.summary.p, row.summary.n), 2);
    mk_dek_free(dek);
    ck_assert_int_eq(mk_sealed_key(barred, &row, &dek, &diag),
                     MK_E_RESTRICTED);
    ck_assert_str_eq(diag.place, "inspecteur1");
    mk_dossier_row_release(&row);
}
END_TEST

/* One byte of the column other than it is, and what the reader says. */
static enum mk_err with_byte(const struct mk_dossier_row *row, size_t at,
                             uint8_t byte)
{
    static uint8_t column[8192];
    struct mk_dossier_row other = *row;
    struct mk_restricted r;

    ck_assert_uint_le(row->dek.n, sizeof column);
    memcpy(column, row->dek.p, row->dek.n);
    column[at] = byte;
    other.dek.p = column;
    return mk_restricted_read(&r, &other, NULL);
}

START_TEST(a_row_that_one_share_would_open_is_refused)
{
    struct mk_dossier_row row;
    struct mk_restricted r;
    size_t threshold;

    load(named, &row);
    ck_assert_int_eq(mk_restricted_read(&r, &row, NULL), MK_OK);
    ck_assert_uint_eq(r.n_named, 1);
    ck_assert_uint_eq(r.n_shares, 2);
    threshold = (size_t)(r.shares - row.dek.p) - 2;
    ck_assert_uint_eq(row.dek.p[threshold], 2);
    ck_assert_int_eq(with_byte(&row, threshold, 2), MK_OK);
    ck_assert_int_eq(with_byte(&row, threshold, 1), MK_E_DAMAGED);
    ck_assert_int_eq(with_byte(&row, threshold, 0), MK_E_DAMAGED);
    ck_assert_int_eq(with_byte(&row, threshold, 3), MK_E_DAMAGED);
    ck_assert_int_eq(with_byte(&row, threshold + 1, 1), MK_E_DAMAGED);
    ck_assert_int_eq(with_byte(&row, 1, 0), MK_E_DAMAGED);
    ck_assert_int_eq(with_byte(&row, 0, 3), MK_E_DAMAGED);
    mk_dossier_row_release(&row);
}
END_TEST

/* Two custodians' shares are K; one says nothing about it. */
START_TEST(the_shares_of_two_custodians_open_it)
{
    struct mk_vault *one = attack_as(&a, "bewaarder1");
    struct mk_vault *two = attack_as(&a, "bewaarder2");
    struct mk_dossier_row row;
    struct mk_restricted r;
    struct mk_share share[2] = {{.number = 0}};
    struct mk_secret *mine;
    struct mk_secret *k;
    struct mk_secret *combined;

    load(named, &row);
    ck_assert_int_eq(mk_restricted_read(&r, &row, NULL), MK_OK);
    ck_assert_int_eq(mk_restricted_share(one, &row, &r, &share[0].number,
                                         &share[0].bytes, NULL),
                     MK_OK);
    ck_assert_int_eq(mk_restricted_share(two, &row, &r, &share[1].number,
                                         &share[1].bytes, NULL),
                     MK_OK);
    ck_assert_int_eq(mk_restricted_key(named, &row, &r, &k, NULL), MK_OK);
    ck_assert_int_eq(mk_shares_combine(&combined, share, 2, NULL), MK_OK);
    ck_assert(mk_secret_equal(k, combined));
    mk_secret_free(combined);
    ck_assert_int_eq(mk_shares_combine(&combined, share, 1, NULL), MK_OK);
    ck_assert(!mk_secret_equal(k, combined));
    ck_assert_int_eq(
        mk_restricted_share(barred, &row, &r, &share[0].number, &mine, NULL),
        MK_E_NO_SHARE);
    mk_secret_free(combined);
    mk_secret_free(k);
    mk_shares_release(share, 2);
    mk_dossier_row_release(&row);
    mk_vault_close(one);
    mk_vault_close(two);
}
END_TEST

static void rewrap_as(struct mk_vault *v, const struct mk_rewrap *how)
{
    const struct mk_log_item item = {
        .role = MK_ROLE_INSPECTOR,
        .kind = MK_AUDIT_REKEY,
        .outcome = MK_OUTCOME_DONE,
    };
    struct mk_dossier_row row;
    struct mk_tx tx;

    mk_dossier_row_init(&row);
    ck_assert_int_eq(mk_tx_begin(&tx, v, NULL, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_leaf(&tx, &item, NULL), MK_OK);
    ck_assert_int_eq(mk_sealed_row(v, 0, &row, NULL), MK_OK);
    ck_assert_int_eq(mk_sealed_rewrap(&tx, &row, how, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_commit(&tx, NULL), MK_OK);
    mk_dossier_row_release(&row);
}

/* As a rotation or a destruction does, by who cannot read it. */
START_TEST(who_is_not_named_can_put_new_keys_around_it)
{
    const struct mk_rewrap how = {.fresh_dek = true};
    struct mk_dossier_row before;
    struct mk_dossier_row after;
    struct mk_dek *dek;

    load(named, &before);
    rewrap_as(barred, &how);
    mk_access_afresh(named);
    load(named, &after);
    ck_assert_uint_eq(after.version, before.version + 1);
    ck_assert_mem_eq(after.summary.p, before.summary.p, before.summary.n);
    ck_assert_uint_eq(after.dek.n, before.dek.n);
    ck_assert_mem_ne(after.dek.p, before.dek.p, before.dek.n);
    ck_assert_int_eq(mk_sealed_key(named, &after, &dek, NULL), MK_OK);
    ck_assert_uint_eq(dek->n, 2);
    mk_dek_free(dek);
    rewrap_as(named, &how);
    mk_dossier_row_release(&after);
    load(named, &after);
    ck_assert_int_eq(mk_sealed_key(named, &after, &dek, NULL), MK_OK);
    ck_assert_uint_eq(dek->n, 3);
    ck_assert_uint_eq(after.dek_version, before.dek_version);
    mk_dek_free(dek);
    ck_assert_int_eq(vault_verify(barred, NULL, NULL), MK_OK);
    mk_dossier_row_release(&before);
    mk_dossier_row_release(&after);
}
END_TEST

/* He was named and has left; who gave R_D a new secret could not open this one,
 * so that its list stayed the same. */
START_TEST(who_was_named_and_left_has_no_key_of_what_is_written_later)
{
    static const char *const both[] = {"inspecteur1", "inspecteur2"};
    const struct mk_access access = {.purpose = 0};
    struct mk_vault *custodian = attack_as(&a, "bewaarder1");
    struct mk_dossier_row row;
    struct mk_restricted r;
    struct mk_dek *kept;
    struct mk_written w;

    ck_assert_int_eq(mk_restrict(named, &access, &a.ref[0], both, 2, &w, NULL),
                     MK_OK);
    mk_access_afresh(barred);
    load(barred, &row);
    ck_assert_int_eq(mk_sealed_key(barred, &row, &kept, NULL), MK_OK);
    mk_dossier_row_release(&row);
    ck_assert_int_eq(mk_user_change(custodian, &access, MK_USER_REMOVE,
                                    "inspecteur2", 0, NULL),
                     MK_OK);
    mk_vault_close(custodian);
    for (size_t i = 1; i <= 2; i++) { /* once is enough */
        attack_note(&a, 0, "later");
        mk_access_afresh(named);
        load(named, &row);
        ck_assert_int_eq(mk_restricted_read(&r, &row, NULL), MK_OK);
        ck_assert(!mk_restricted_names(&r, barred->my_id));
        ck_assert_uint_eq(r.n_named, 1);
        ck_assert_uint_eq(mk_env_key_gen(row.summary.p, row.summary.n),
                          kept->n + 1);
        mk_dossier_row_release(&row);
    }
    mk_dek_free(kept);
}
END_TEST

/* ---- an inspector who is not named, with a program of his own ---- */

/* The row with himself among who is named, under the keys that he has; his
 * box is one of somebody else, since he has no K to seal. */
static void name_me_too(struct mk_tx *tx, struct mk_dossier_row *row)
{
    const size_t first = 2; /* behind form and number of who is named */
    struct mk_vault *v = tx->v;
    struct mk_restricted r;
    struct mk_buf inner = MK_BUF_INIT;
    struct mk_buf column = MK_BUF_INIT;
    struct mk_buf owner = MK_BUF_INIT;
    struct mk_owners owners;
    const struct mk_secret *wrap;
    uint8_t aad[MK_AAD];
    size_t box;

    ck_assert_int_eq(mk_row_open_outer(v, row, &r, &inner, NULL), MK_OK);
    ck_assert_uint_eq(r.n_named, 1);
    box = (size_t)(r.shares - r.named) - 2;
    ck_assert_int_eq(mk_buf_add(&column, r.boxes.p, first + box), MK_OK);
    ck_assert_int_eq(mk_buf_add(&column, r.named, box), MK_OK);
    ck_assert_int_eq(
        mk_buf_add(&column, r.boxes.p + first + box, r.boxes.n - first - box),
        MK_OK);
    column.data[1] = 2;
    memcpy(column.data + first + box, v->my_id, MK_ID);
    ck_assert_int_eq(
        mk_retention_get(v, row->intake_year, row->rk_gen, &wrap, NULL),
        MK_OK);
    mk_sealed_aad(aad, v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_DEK, row->id,
                  row->dek_version, v->key_ids[MK_KEY_RD]);
    box = column.len;
    ck_assert_int_eq(mk_buf_add_zero(&column, inner.len + MK_ENV_OVERHEAD),
                     MK_OK);
    mk_env_seal(column.data + box, wrap, v->key_gens[MK_KEY_RD], aad,
                sizeof aad, inner.data, inner.len);
    ck_assert_int_eq(mk_sealed_owner(v, row, &owners, NULL), MK_OK);
    row->version++;
    ck_assert_int_eq(mk_sealed_set_owner(v, &owners, row, &owner), MK_OK);
    row->dek = (struct mk_blob){column.data, column.len};
    ck_assert_int_eq(mk_tx_dossier(tx, row, NULL), MK_OK);
    mk_buf_release(&owner);
    mk_buf_release(&column);
    mk_buf_release(&inner);
}

/* What makes a new K goes by who is named: it has to be true. */
START_TEST(who_names_himself_is_found_out_and_gets_no_key)
{
    const struct mk_access access = {.purpose = 0};
    struct mk_dossier_row row;
    struct mk_restricted r;
    struct mk_dek *dek;
    struct mk_tx tx;
    const struct mk_log_item item = {
        .role = MK_ROLE_INSPECTOR,
        .kind = MK_AUDIT_REKEY,
        .outcome = MK_OUTCOME_DONE,
    };

    mk_dossier_row_init(&row);
    ck_assert_int_eq(mk_tx_begin(&tx, barred, NULL, NULL), MK_OK);
    ck_assert_int_eq(mk_tx_leaf(&tx, &item, NULL), MK_OK);
    ck_assert_int_eq(mk_sealed_row(barred, 0, &row, NULL), MK_OK);
    name_me_too(&tx, &row);
    ck_assert_int_eq(mk_tx_commit(&tx, NULL), MK_OK);
    mk_dossier_row_release(&row);

    mk_access_afresh(named);
    load(named, &row);
    ck_assert_int_eq(mk_restricted_read(&r, &row, NULL), MK_OK);
    ck_assert(mk_restricted_names(&r, barred->my_id));
    ck_assert_int_eq(mk_sealed_key(named, &row, &dek, NULL), MK_E_DAMAGED);
    mk_dossier_row_release(&row);
    ck_assert_int_eq(mk_restrict_again(named, &access, &a.ref[0],
                                       &(struct mk_restricted_to){.n = 0},
                                       NULL),
                     MK_E_DAMAGED);
    mk_access_afresh(barred);
    load(barred, &row);
    ck_assert_int_ne(mk_sealed_key(barred, &row, &dek, NULL), MK_OK);
    mk_dossier_row_release(&row);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        only_who_is_named_gets_the_keys,
        a_row_that_one_share_would_open_is_refused,
        the_shares_of_two_custodians_open_it,
        who_is_not_named_can_put_new_keys_around_it,
        who_was_named_and_left_has_no_key_of_what_is_written_later,
        who_names_himself_is_found_out_and_gets_no_key,
    };
    Suite *suite = suite_create("restricted");
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
