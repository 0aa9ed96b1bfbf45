/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Heads signed by somebody without the role: people of the vault who write
 * rows, recompute the roots and sign, with a program of their own that asks
 * for no role.  Whoever opens next, checks.
 */
#include <stdio.h>
#include <string.h>

#include "core/register.h"
#include "core/restart.h"
#include "core/sealed.h"
#include "core/tx.h"
#include "crypto/sign.h"
#include "tests/support/attack.h"
#include "tests/support/unit.h"

static struct attack a;
static const struct mk_log_item an_entry = {.kind = MK_AUDIT_LOG_VERIFY};

static void begin(struct mk_tx *tx, struct mk_vault *v)
{
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = mk_tx_begin(tx, v, NULL, &diag);

    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    ck_assert_int_eq(mk_tx_leaf(tx, &an_entry, &diag), MK_OK);
}

static void commit(struct mk_tx *tx)
{
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = mk_tx_commit(tx, &diag);

    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
}

/* --- what somebody changes --- */

typedef void change(struct mk_tx *tx);

static void nothing_but_the_log(struct mk_tx *tx)
{
    (void)tx;
}

static void a_dossier(struct mk_tx *tx)
{
    struct mk_dossier_row row;

    mk_dossier_row_init(&row);
    ck_assert_int_eq(mk_sealed_row(tx->v, 1, &row, NULL), MK_OK);
    row.version++;
    ck_assert_int_eq(mk_tx_dossier(tx, &row, NULL), MK_OK);
    mk_dossier_row_release(&row);
}

static void the_number_of_dossiers(struct mk_tx *tx)
{
    tx->next.n_dossiers++;
}

static void a_count(struct mk_tx *tx)
{
    /* a true key: an analyst can seal what he likes */
    struct mk_secret *kept = tx->v->keys[MK_KEY_RS];
    struct mk_vault *holder = a.known[2]; /* inspecteur1 */
    struct mk_stats_record record = {.ordinal = 1, .state = 1};

    if (kept == NULL) {
        tx->v->keys[MK_KEY_RS] = mk_secret_copy(holder->keys[MK_KEY_RS]);
        memcpy(tx->v->key_ids[MK_KEY_RS], holder->key_ids[MK_KEY_RS], MK_ID);
        tx->v->key_gens[MK_KEY_RS] = 1;
    }
    ck_assert_int_eq(mk_tx_stats(tx, &record, NULL), MK_OK);
}

static void a_register_row_of_no_kind(struct mk_tx *tx)
{
    ck_assert_int_eq(mk_tx_register(tx, 9, "proef", 5, NULL), MK_OK);
}

static void a_tag_key(struct mk_tx *tx)
{
    ck_assert_int_eq(mk_tx_register(tx, MK_REGISTER_TAG_KEY, "proef", 5, NULL),
                     MK_OK);
}

static void a_restart(struct mk_tx *tx)
{
    ck_assert_int_eq(mk_tx_register(tx, MK_REGISTER_RESTART, "proef", 5, NULL),
                     MK_OK);
}

static void a_release(struct mk_tx *tx)
{
    ck_assert_int_eq(mk_tx_register(tx, MK_REGISTER_RELEASE, "proef", 5, NULL),
                     MK_OK);
}

static void a_witness(struct mk_tx *tx)
{
    ck_assert_int_eq(mk_tx_register(tx, MK_REGISTER_WITNESS, "proef", 5, NULL),
                     MK_OK);
}

static void the_register_root(struct mk_tx *tx)
{
    tx->next.register_root[0] ^= 1;
}

static void the_register_shorter(struct mk_tx *tx)
{
    tx->next.n_register--;
    tx->next.register_root[0] ^= 1;
}

static void fewer_dossiers(struct mk_tx *tx)
{
    tx->next.n_dossiers--;
    tx->next.dossier_root[0] ^= 1;
}

static void fewer_counts(struct mk_tx *tx)
{
    tx->next.n_stats--;
}

static void the_epoch(struct mk_tx *tx)
{
    tx->epoch_step = 1;
}

static void another_store(struct mk_tx *tx)
{
    tx->next.store[0] ^= 1;
}

struct deed {
    const char *by;
    change *what;
    enum mk_err err; /* of everybody's next opening; MK_OK: allowed */
    const char *place;
};

/* He who did it does not look at his own head; all others do. */
static void try_deed(const struct attack_files *whole, const struct deed *d,
                     bool has_mark)
{
    static const char *const others[] = {"inspecteur2", "analist1", "auditor1",
                                         "bewaarder2"};
    struct mk_vault *v;
    struct mk_tx tx;
    struct attack_files after;

    attack_load(&a, whole);
    v = attack_as(&a, d->by);
    begin(&tx, v);
    d->what(&tx);
    commit(&tx);
    mk_vault_close(v);
    /* the mark of the one account of this machine has seen too much */
    attack_load_one(&a, whole, ATTACK_MARK);
    if (!has_mark) {
        char path[192];

        attack_path(&a, ATTACK_MARK, path);
        ck_assert_int_eq(remove(path), 0);
    }
    attack_save(&a, &after);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct mk_diag diag = MK_DIAG_INIT;
        enum mk_err rc;

        attack_load(&a, &after);
        rc = attack_unlock(&a, others[i], &v, &diag);
        ck_assert_msg(rc == d->err, "%s by %s: %s finds %s %s", d->place,
                      d->by, others[i], mk_err_name(rc), diag.place);
        ck_assert_msg(rc == MK_OK || strcmp(diag.place, d->place) == 0,
                      "%s by %s: %s is told %s", d->place, d->by, others[i],
                      diag.place);
        rc = vault_verify(v, NULL, &diag);
        ck_assert_msg(mk_err_exit(rc) == mk_err_exit(d->err),
                      "%s by %s: log verify gives %s %s", d->place, d->by,
                      mk_err_name(rc), diag.place);
        mk_vault_close(v);
    }
    attack_files_release(&after);
}

static void try_deeds(const struct deed *deeds, size_t n)
{
    struct attack_files whole;

    attack_setup(&a, 0);
    attack_save(&a, &whole);
    for (size_t i = 0; i < n; i++) {
        try_deed(&whole, &deeds[i], true);
        try_deed(&whole, &deeds[i], false);
    }
    attack_files_release(&whole);
    attack_teardown(&a);
}

#define TRY_DEEDS(deeds) try_deeds(deeds, sizeof(deeds) / sizeof(deeds)[0])

START_TEST(a_dossier_changed_by_anybody_but_an_inspector_is_refused)
{
    static const struct deed deeds[] = {
        {"analist1", a_dossier, MK_E_NOT_ALLOWED_HEAD, "dossier"},
        {"auditor1", a_dossier, MK_E_NOT_ALLOWED_HEAD, "dossier"},
        {"bewaarder1", a_dossier, MK_E_NOT_ALLOWED_HEAD, "dossier"},
        {"analist1", the_number_of_dossiers, MK_E_NOT_ALLOWED_HEAD, "dossier"},
        {"inspecteur1", a_dossier, MK_OK, ""},
    };

    TRY_DEEDS(deeds);
}
END_TEST

START_TEST(a_count_changed_by_anybody_but_an_inspector_is_refused)
{
    static const struct deed deeds[] = {
        {"analist1", a_count, MK_E_NOT_ALLOWED_HEAD, "statistics"},
        {"auditor1", a_count, MK_E_NOT_ALLOWED_HEAD, "statistics"},
        {"bewaarder1", a_count, MK_E_NOT_ALLOWED_HEAD, "statistics"},
        {"inspecteur1", a_count, MK_OK, ""},
    };

    TRY_DEEDS(deeds);
}
END_TEST

START_TEST(the_register_grows_by_those_who_may_and_never_shrinks)
{
    static const struct deed deeds[] = {
        {"inspecteur1", a_tag_key, MK_OK, ""},
        {"bewaarder1", a_restart, MK_OK, ""},
        {"bewaarder1", a_witness, MK_OK, ""},
        {"inspecteur1", a_witness, MK_E_NOT_ALLOWED_HEAD, "register (kind)"},
        {"analist1", a_witness, MK_E_NOT_ALLOWED_HEAD, "register (kind)"},
        {"analist1", a_tag_key, MK_E_NOT_ALLOWED_HEAD, "register (kind)"},
        {"bewaarder1", a_tag_key, MK_E_NOT_ALLOWED_HEAD, "register (kind)"},
        {"inspecteur1", a_restart, MK_E_NOT_ALLOWED_HEAD, "register (kind)"},
        {"inspecteur1", a_register_row_of_no_kind, MK_E_NOT_ALLOWED_HEAD,
         "register (kind)"},
        {"auditor1", a_tag_key, MK_E_NOT_ALLOWED_HEAD, "register"},
        {"analist1", a_release, MK_OK, ""},
        {"inspecteur2", a_release, MK_E_NOT_ALLOWED_HEAD, "register (kind)"},
        {"bewaarder1", a_release, MK_E_NOT_ALLOWED_HEAD, "register (kind)"},
        {"auditor1", a_release, MK_E_NOT_ALLOWED_HEAD, "register"},
        {"analist1", a_restart, MK_E_NOT_ALLOWED_HEAD, "register (kind)"},
        {"inspecteur1", the_register_root, MK_E_TAMPERED, "register (fewer)"},
        {"bewaarder1", the_register_shorter, MK_E_TAMPERED,
         "register (fewer)"},
    };

    TRY_DEEDS(deeds);
}
END_TEST

START_TEST(the_log_grows_in_everybodys_head)
{
    static const struct deed deeds[] = {
        {"analist1", nothing_but_the_log, MK_OK, ""},
        {"auditor1", nothing_but_the_log, MK_OK, ""},
        {"bewaarder1", nothing_but_the_log, MK_OK, ""},
        {"inspecteur1", nothing_but_the_log, MK_OK, ""},
    };

    TRY_DEEDS(deeds);
}
END_TEST

START_TEST(an_inspector_takes_no_dossier_and_no_count_away)
{
    static const struct deed deeds[] = {
        {"inspecteur1", fewer_dossiers, MK_E_TAMPERED, "dossier (fewer)"},
        {"inspecteur1", fewer_counts, MK_E_TAMPERED, "statistics (fewer)"},
    };

    TRY_DEEDS(deeds);
}
END_TEST

START_TEST(an_epoch_without_a_restart_or_another_store_is_refused)
{
    static const struct deed deeds[] = {
        {"bewaarder1", the_epoch, MK_E_TAMPERED, "epoch"},
        {"inspecteur1", the_epoch, MK_E_TAMPERED, "epoch"},
        {"inspecteur1", another_store, MK_E_TAMPERED, "head"},
    };

    TRY_DEEDS(deeds);
}
END_TEST

/* --- restart records --- */

/* A record that says all that is asked, signed by these two. */
static void record_by(struct mk_tx *tx, const char *custodian,
                      const char *auditor, bool bad_signature)
{
    static const char context[] = "meldkluis/restart/v1";
    struct mk_vault *first = NULL;
    struct mk_vault *second = NULL;
    uint8_t body[MK_RESTART_BODY] = "MKX1";

    for (size_t i = 0; i < ATTACK_PEOPLE; i++) {
        if (a.known[i] == NULL)
            continue;
        if (strcmp(a.known[i]->me->name, custodian) == 0)
            first = a.known[i];
        if (strcmp(a.known[i]->me->name, auditor) == 0)
            second = a.known[i];
    }
    ck_assert(first != NULL && second != NULL);
    memcpy(body + 4, tx->next.store, MK_ID);
    body[23] = 1; /* epoch */
    body[25] = 1; /* reason */
    memcpy(body + 58, tx->v->head_hash, MK_HASH);
    memcpy(body + 90, first->my_id, MK_ID);
    memcpy(body + 106, second->my_id, MK_ID);
    ck_assert_int_eq(mk_sign(body + MK_RESTART_SIGNED, first->who.sign,
                             context, body, MK_RESTART_SIGNED),
                     MK_OK);
    ck_assert_int_eq(mk_sign(body + MK_RESTART_SIGNED + MK_SIG,
                             second->who.sign, context, body,
                             MK_RESTART_SIGNED),
                     MK_OK);
    if (bad_signature)
        body[MK_RESTART_BODY - 1] ^= 1;
    ck_assert_int_eq(
        mk_tx_register(tx, MK_REGISTER_RESTART, body, sizeof body, NULL),
        MK_OK);
    tx->epoch_step = 1;
}

static void a_true_restart(struct mk_tx *tx)
{
    record_by(tx, "bewaarder1", "auditor1", false);
}
static void a_restart_with_a_bad_signature(struct mk_tx *tx)
{
    record_by(tx, "bewaarder1", "auditor1", true);
}
static void a_restart_by_two_custodians(struct mk_tx *tx)
{
    record_by(tx, "bewaarder1", "bewaarder2", false);
}
static void a_restart_by_one_custodian_twice(struct mk_tx *tx)
{
    record_by(tx, "bewaarder1", "bewaarder1", false);
}
static void a_restart_by_an_inspector(struct mk_tx *tx)
{
    record_by(tx, "inspecteur1", "auditor1", false);
}
static void a_restart_two_epochs_on(struct mk_tx *tx)
{
    record_by(tx, "bewaarder1", "auditor1", false);
    tx->epoch_step = 2;
}

START_TEST(a_restart_takes_a_custodian_and_an_auditor)
{
    static const struct deed deeds[] = {
        {"bewaarder1", a_true_restart, MK_OK, ""},
        {"bewaarder1", a_restart_with_a_bad_signature, MK_E_TAMPERED, "epoch"},
        {"bewaarder1", a_restart_by_two_custodians, MK_E_TAMPERED, "epoch"},
        {"bewaarder1", a_restart_by_one_custodian_twice, MK_E_TAMPERED,
         "epoch"},
        {"bewaarder1", a_restart_by_an_inspector, MK_E_TAMPERED, "epoch"},
        {"bewaarder1", a_restart_two_epochs_on, MK_E_TAMPERED, "epoch"},
    };

    TRY_DEEDS(deeds);
}
END_TEST

/* --- who signs --- */

/* The key that signs is swapped just before the commit. */
static void other_key(struct mk_tx *tx)
{
    struct mk_secret *key;
    struct mk_secret *seed = mk_secret_random(MK_KEY);
    uint8_t pk[MK_PK];

    ck_assert_int_eq(mk_sign_key(&key, pk, seed), MK_OK);
    mk_secret_free(seed);
    mk_secret_free(tx->v->who.sign);
    tx->v->who.sign = key;
}

static void as_a_stranger(struct mk_tx *tx)
{
    other_key(tx);
    memset(tx->v->my_id, 0x5a, MK_ID);
}

static void as_an_inspector(struct mk_tx *tx)
{
    memcpy(tx->v->my_id, a.known[2]->my_id, MK_ID);
}

static void a_dossier_as_an_inspector(struct mk_tx *tx)
{
    a_dossier(tx);
    as_an_inspector(tx);
}

START_TEST(a_head_by_a_stranger_or_under_anothers_name_is_refused)
{
    static const struct deed deeds[] = {
        {"inspecteur1", other_key, MK_E_TAMPERED, "head (signature)"},
        {"inspecteur1", as_a_stranger, MK_E_NOT_ALLOWED_HEAD,
         "head (stranger)"},
        {"analist1", as_an_inspector, MK_E_TAMPERED, "head (signature)"},
        {"analist1", a_dossier_as_an_inspector, MK_E_TAMPERED,
         "head (signature)"},
    };

    TRY_DEEDS(deeds);
}
END_TEST

static void start(void)
{
    ck_assert_int_eq(mk_init(NULL), MK_OK);
}

int main(void)
{
    const TTest *const tests[] = {
        a_dossier_changed_by_anybody_but_an_inspector_is_refused,
        a_count_changed_by_anybody_but_an_inspector_is_refused,
        the_register_grows_by_those_who_may_and_never_shrinks,
        the_log_grows_in_everybodys_head,
        an_inspector_takes_no_dossier_and_no_count_away,
        an_epoch_without_a_restart_or_another_store_is_refused,
        a_restart_takes_a_custodian_and_an_auditor,
        a_head_by_a_stranger_or_under_anothers_name_is_refused,
    };

    return UNIT_RUN("attack_heads", tests, start);
}
