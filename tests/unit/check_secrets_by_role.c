/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A role is a key: with all the secrets of somebody in hand, and every key
 * that can be derived from them, each envelope, wrap and box of the vault is
 * tried.  What opens is counted by kind; the inspector and the auditor are
 * there to show that the trying is done well.
 */
#include <stdio.h>
#include <string.h>

#include "core/base/bytes.h"
#include "core/failed.h"
#include "core/keyring_impl.h"
#include "core/leaf.h"
#include "core/register.h"
#include "core/retention.h"
#include "core/sealed.h"
#include "crypto/kdf.h"
#include "tests/support/attack.h"
#include "tests/support/unit.h"

static struct attack a;

/* --- the secrets of somebody --- */

#define SECRETS 2048

struct secrets {
    struct mk_secret *s[SECRETS];
    size_t n;
};

static void hold(struct secrets *all, struct mk_secret *s)
{
    if (s == NULL)
        return;
    ck_assert_uint_lt(all->n, SECRETS);
    all->s[all->n++] = s;
}

static void hold_copy(struct secrets *all, const struct mk_secret *s)
{
    if (s != NULL)
        hold(all, mk_secret_copy(s));
}

static const char *const infos[] = {"mk1/owner",     "mk1/dekwrap",
                                    "mk1/retention", "mk1/ref",
                                    "mk1/salt",      "mk1/round"};

/* From every secret so far, and pair of secrets, what the core derives. */
static void derive(struct secrets *all, const uint8_t *store)
{
    size_t n = all->n;
    struct mk_secret *key;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < sizeof infos / sizeof *infos; k++) {
            ck_assert_int_eq(mk_hkdf(&key, MK_KEY, store, MK_ID, all->s[i],
                                     infos[k], strlen(infos[k])),
                             MK_OK);
            hold(all, key);
        }
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            ck_assert_int_eq(mk_hkdf2(&key, MK_KEY, store, MK_ID, all->s[i],
                                      all->s[k], "mk1/dekwrap", 11),
                             MK_OK);
            hold(all, key);
        }
}

static void take_secrets(struct secrets *all, struct mk_vault *v)
{
    all->n = 0;
    for (size_t i = 0; i < MK_KEY_KINDS; i++)
        hold_copy(all, v->keys[i]);
    if (v->keys[MK_KEY_RL] != NULL) {
        hold(all, mk_secret_part(v->keys[MK_KEY_RL], 0, MK_KEY));
        hold(all, mk_secret_part(v->keys[MK_KEY_RL], MK_KEY, MK_KEY));
    }
    hold_copy(all, v->who.box);
    hold_copy(all, v->who.seed);
    hold_copy(all, v->who.sign);
    hold_copy(all, v->log_key);
    hold_copy(all, v->ktag);
    hold_copy(all, v->owner_key);
    for (size_t i = 0; i < v->n_retention; i++)
        hold_copy(all, v->retention[i].rk);
    derive(all, v->head.store);
}

static void let_go(struct secrets *all)
{
    for (size_t i = 0; i < all->n; i++)
        mk_secret_free(all->s[i]);
    all->n = 0;
}

/* --- what opens --- */

struct opened {
    size_t owner, dek, summary, entry, tag_key, release, retention, count;
    size_t session, log_entry, failed, wrap, bundle;
    size_t dossiers, entries, sessions, log_entries; /* that there are */
};

static bool any_opens(const struct secrets *all, const void *aad, size_t n_aad,
                      const void *env, size_t n)
{
    uint8_t out[8192];
    struct mk_diag diag;

    ck_assert_uint_lt(n, sizeof out);
    for (size_t i = 0; i < all->n; i++)
        if (mk_env_open(out, all->s[i], aad, n_aad, env, n, &diag) == MK_OK)
            return true;
    return false;
}

/* A dossier key that opened is held too: what it opens is tried as well. */
static bool wrap_opens(struct secrets *all, const void *aad, size_t n_aad,
                       const void *env, size_t n)
{
    struct mk_secret *key;
    struct mk_diag diag;

    for (size_t i = 0; i < all->n; i++)
        if (mk_env_unwrap(&key, all->s[i], aad, n_aad, env, n, &diag) ==
            MK_OK) {
            hold(all, key);
            return true;
        }
    return false;
}

static void try_dossiers(struct mk_vault *v, struct mk_vault *ids,
                         struct secrets *all, struct opened *o)
{
    struct mk_dossier_row row;
    struct mk_walk *entries;
    struct mk_entry_row e;
    const uint8_t *rd = ids->key_ids[MK_KEY_RD];
    uint8_t aad[MK_AAD];
    bool more;

    mk_dossier_row_init(&row);
    for (uint64_t i = 0; i < v->head.n_dossiers; i++) {
        ck_assert_int_eq(mk_dossier_load(v->store, i, &row, NULL), MK_OK);
        o->dossiers++;
        mk_sealed_aad(aad, v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_OWNER, row.id,
                      row.version, rd);
        o->owner += any_opens(all, aad, sizeof aad, row.owner.p, row.owner.n);
        mk_sealed_aad(aad, v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_DEK, row.id,
                      row.dek_version, rd);
        o->dek += wrap_opens(all, aad, sizeof aad, row.dek.p, row.dek.n);
        mk_sealed_aad(aad, v, MK_TABLE_DOSSIER, MK_COL_DOSSIER_SUMMARY, row.id,
                      row.version, row.id);
        o->summary +=
            any_opens(all, aad, sizeof aad, row.summary.p, row.summary.n);
        ck_assert_int_eq(mk_walk_entries(&entries, v->store, i, NULL), MK_OK);
        for (;;) {
            ck_assert_int_eq(mk_walk_entry(entries, &more, &e, NULL), MK_OK);
            if (!more)
                break;
            o->entries++;
            mk_sealed_aad(aad, v, MK_TABLE_ENTRY, MK_COL_ENTRY_FACTS, row.id,
                          e.seq, row.id);
            o->entry += any_opens(all, aad, sizeof aad, e.facts.p, e.facts.n);
            if (e.text.p == NULL)
                continue;
            o->entries++;
            mk_sealed_aad(aad, v, MK_TABLE_ENTRY, MK_COL_ENTRY_TEXT, row.id,
                          e.seq, row.id);
            o->entry += any_opens(all, aad, sizeof aad, e.text.p, e.text.n);
        }
        mk_walk_close(entries);
    }
    mk_dossier_row_release(&row);
}

static bool release_opens(const struct mk_vault *v, const struct secrets *all,
                          const struct mk_register_row *row)
{
    struct mk_place place = {.table = MK_TABLE_REGISTER,
                             .column = MK_COL_REGISTER_RELEASE,
                             .version = 1};
    uint8_t aad[MK_AAD];

    mk_put_u64(place.row + 8, row->seq);
    memcpy(place.key_id, row->body.p, MK_ID);
    mk_aad(aad, "MKA1", v->head.store, &place);
    return any_opens(all, aad, sizeof aad, row->body.p + MK_ID,
                     row->body.n - MK_ID);
}

static void try_register(struct mk_vault *v, struct secrets *all,
                         struct opened *o)
{
    struct mk_walk *walk;
    struct mk_register_row row;
    struct mk_place place = {.table = MK_TABLE_REGISTER,
                             .column = MK_COL_REGISTER_BODY,
                             .version = 1};
    uint8_t aad[MK_AAD];
    bool more;

    ck_assert_int_eq(mk_walk_register(&walk, v->store, NULL), MK_OK);
    ck_assert_int_eq(mk_walk_register_row(walk, &more, &row, NULL), MK_OK);
    ck_assert(more);
    memcpy(place.key_id, row.body.p, MK_ID);
    place.version = row.kind;
    mk_aad(aad, "MKW1", v->head.store, &place);
    o->tag_key += wrap_opens(all, aad, sizeof aad, row.body.p + MK_ID,
                             row.body.n - MK_ID);
    ck_assert_int_eq(mk_walk_register_row(walk, &more, &row, NULL), MK_OK);
    ck_assert(more && row.kind == MK_REGISTER_RELEASE);
    o->release += release_opens(v, all, &row);
    mk_walk_close(walk);
}

static void try_retention(struct mk_vault *v, struct mk_vault *ids,
                          struct secrets *all, struct opened *o)
{
    struct attack_files files;
    const struct mk_buf *text = &files.text[ATTACK_RETENTION];
    const size_t record = 8 + MK_KEY + MK_ENV_OVERHEAD;

    attack_save(&a, &files);
    for (size_t at = 24; at < text->len; at += record) {
        struct mk_place place = {.table = 0xfff0, .version = 1};
        uint8_t aad[MK_AAD];

        memcpy(place.row + 8, text->data + at, 8);
        memcpy(place.key_id, ids->key_ids[MK_KEY_RD], MK_ID);
        mk_aad(aad, "MKW1", v->head.store, &place);
        o->retention +=
            any_opens(all, aad, sizeof aad, text->data + at + 8, record - 8);
    }
    attack_files_release(&files);
}

static bool box_opens(const struct secrets *all, const void *box, size_t n)
{
    uint8_t out[512];
    struct mk_diag diag;

    ck_assert_uint_lt(n, sizeof out);
    for (size_t i = 0; i < all->n; i++)
        if (mk_secret_len(all->s[i]) == MK_KEY &&
            mk_box_open(out, all->s[i], box, n, &diag) == MK_OK)
            return true;
    return false;
}

/* What the boxes of a session hold is held too. */
static bool session_opens(struct secrets *all, const struct mk_leaf *leaf,
                          const uint8_t *store)
{
    struct mk_secret *key;
    uint8_t actor[MK_ID];
    struct mk_diag diag;

    for (size_t i = 0; i < all->n; i++)
        if (mk_secret_len(all->s[i]) == MK_KEY &&
            mk_leaf_open_session(&key, actor, leaf, store, all->s[i], &diag) ==
                MK_OK) {
            hold(all, key);
            return true;
        }
    return false;
}

/* Leaves of sessions other than his own. */
static void try_log(struct mk_vault *v, struct secrets *all, struct opened *o)
{
    struct mk_walk *walk;
    struct mk_log_row row;
    struct mk_leaf leaf;
    bool more;

    ck_assert_int_eq(mk_walk_log(&walk, v->store, 0, NULL), MK_OK);
    for (;;) {
        ck_assert_int_eq(mk_walk_log_row(walk, &more, &row, NULL), MK_OK);
        if (!more)
            break;
        ck_assert_int_eq(
            mk_leaf_parse(&leaf, row.leaf.p, row.leaf.n, v->head.store, NULL),
            MK_OK);
        if (memcmp(leaf.session, v->session, MK_ID) == 0)
            continue;
        switch (leaf.kind) {
        case MK_LEAF_IS_SESSION:
            o->sessions++;
            o->session += session_opens(all, &leaf, v->head.store);
            break;
        case MK_LEAF_IS_FAILED:
            o->failed +=
                box_opens(all, leaf.rest + MK_ID, MK_FAILED_RECORD - MK_ID);
            break;
        case MK_LEAF_IS_ENTRY:
            o->log_entries++;
            o->log_entry += any_opens(all, row.leaf.p, MK_LEAF_PREFIX,
                                      row.leaf.p + MK_LEAF_PREFIX,
                                      row.leaf.n - MK_LEAF_PREFIX);
            break;
        }
    }
    mk_walk_close(walk);
}

static bool slot_opens(const struct secrets *all, const uint8_t *store,
                       const struct mk_kr_slot *slot)
{
    struct mk_place place = {.column = slot->number, .version = slot->counter};
    uint8_t aad[MK_AAD];

    memcpy(place.row, slot->user, MK_ID);
    memcpy(place.key_id, slot->salt, MK_ID);
    mk_aad(aad, "MKS1", store, &place);
    return any_opens(all, aad, sizeof aad, slot->bundle, sizeof slot->bundle);
}

/* Wraps and slots of other people. */
static void try_keyring(struct mk_vault *v, struct secrets *all,
                        struct opened *o)
{
    const struct mk_keyring *k = v->keyring;

    for (size_t i = 0; i < k->n_wraps; i++)
        if (memcmp(k->wrap[i].user, v->my_id, MK_ID) != 0)
            o->wrap += box_opens(all, k->wrap[i].box, k->wrap[i].n_box);
    for (size_t i = 0; i < k->n_persons; i++) {
        const struct mk_kr_slot *slot = &k->person[i].slot[0];

        if (memcmp(slot->user, v->my_id, MK_ID) != 0)
            o->bundle += slot_opens(all, v->head.store, slot);
    }
}

static void try_statistics(struct mk_vault *v, struct opened *o)
{
    const struct mk_access access = {.purpose = 0};
    const struct mk_count_request request = {.internal = true};
    struct mk_cube cube;
    struct mk_diag diag = MK_DIAG_INIT;

    mk_cube_init(&cube);
    cube.years[0] = 2019;
    cube.n_years = 1;
    o->count = mk_count(v, &access, &request, &cube, &diag) == MK_OK;
    mk_cube_release(&cube);
}

static void try_all(const char *name, struct opened *o)
{
    struct secrets all;
    struct mk_vault *ids = a.known[2]; /* numbers of keys are no secret */
    const struct mk_secret *wrap;
    struct mk_vault *v = attack_as(&a, name);

    *o = (struct opened){.owner = 0};
    if (v->keys[MK_KEY_RD] != NULL)
        ck_assert_int_eq(mk_retention_get(v, 2019, 1, &wrap, NULL), MK_OK);
    try_statistics(v, o);
    take_secrets(&all, v);
    ck_assert_int_eq(mk_snapshot_begin(v, NULL), MK_OK);
    try_retention(v, ids, &all, o);
    try_register(v, &all, o);
    try_dossiers(v, ids, &all, o);
    try_keyring(v, &all, o);
    try_log(v, &all, o);
    mk_snapshot_end(v);
    let_go(&all);
    mk_vault_close(v);
    ck_assert_uint_ge(o->dossiers, ATTACK_DOSSIERS);
    ck_assert_uint_gt(o->entries, o->dossiers);
    ck_assert_uint_gt(o->sessions, 2);
    ck_assert_uint_gt(o->log_entries, 2);
}

static void assert_no_dossier(const struct opened *o)
{
    ck_assert_uint_eq(o->owner, 0);
    ck_assert_uint_eq(o->dek, 0);
    ck_assert_uint_eq(o->summary, 0);
    ck_assert_uint_eq(o->entry, 0);
    ck_assert_uint_eq(o->tag_key, 0);
    ck_assert_uint_eq(o->retention, 0);
}

static void assert_no_log(const struct opened *o)
{
    ck_assert_uint_eq(o->session, 0);
    ck_assert_uint_eq(o->log_entry, 0);
    ck_assert_uint_eq(o->failed, 0);
}

static void assert_no_others(const struct opened *o)
{
    ck_assert_uint_eq(o->wrap, 0);
    ck_assert_uint_eq(o->bundle, 0);
}

static const char a_release[] =
    "meldkluis-release: 1\nname: A\nkind: factsheet\nyears: 2019\n"
    "positions: 1\nbasis: calendar\naudience: FAC\nthreshold: 5\n"
    "method: suppress\n\n{}\n";

/* A failed unlock is in the log, too, and a release in the register. */
static void set_up(void)
{
    const struct mk_access access = {.purpose = 0};
    struct mk_secret *wrong;
    struct mk_vault *v;
    struct mk_diag diag;

    attack_setup(&a, 0);
    wrong = mk_secret_from("heel iets anders", 16);
    ck_assert_int_eq(mk_vault_open(&v, &a.f.where, &diag), MK_OK);
    ck_assert_int_eq(mk_vault_unlock(v, "inspecteur2", wrong, &diag),
                     MK_E_LOCKED);
    mk_vault_close(v);
    mk_secret_free(wrong);
    (void)attack_intake(&a, "2019-07-08");
    v = attack_as(&a, "analist1");
    ck_assert_int_eq(mk_release_append(v, &access, a_release,
                                       sizeof a_release - 1, 0, NULL, NULL),
                     MK_OK);
    mk_vault_close(v);
}

static void take_down(void)
{
    attack_teardown(&a);
}

START_TEST(the_secrets_of_an_analyst_open_counts_and_releases_only)
{
    struct opened o;

    try_all("analist1", &o);
    assert_no_dossier(&o);
    assert_no_log(&o);
    assert_no_others(&o);
    ck_assert_uint_eq(o.count, 1);
    ck_assert_uint_eq(o.release, 1);
}
END_TEST

START_TEST(the_secrets_of_a_custodian_open_nothing)
{
    struct opened o;

    try_all("bewaarder1", &o);
    assert_no_dossier(&o);
    assert_no_log(&o);
    assert_no_others(&o);
    ck_assert_uint_eq(o.count, 0);
    ck_assert_uint_eq(o.release, 0);
}
END_TEST

START_TEST(the_secrets_of_an_auditor_open_the_log_and_nothing_else)
{
    struct opened o;

    try_all("auditor1", &o);
    assert_no_dossier(&o);
    assert_no_others(&o);
    ck_assert_uint_eq(o.count, 0);
    ck_assert_uint_eq(o.release, 0);
    ck_assert_uint_eq(o.session, o.sessions);
    ck_assert_uint_eq(o.log_entry, o.log_entries);
    ck_assert_uint_eq(o.failed, 1);
}
END_TEST

START_TEST(the_secrets_of_an_inspector_open_dossiers_and_no_others_log)
{
    struct opened o;

    try_all("inspecteur2", &o);
    ck_assert_uint_eq(o.owner, o.dossiers);
    ck_assert_uint_eq(o.dek, o.dossiers);
    ck_assert_uint_eq(o.summary, o.dossiers);
    ck_assert_uint_eq(o.entry, o.entries);
    ck_assert_uint_eq(o.tag_key, 1);
    ck_assert_uint_eq(o.release, 1);
    ck_assert_uint_eq(o.retention, 2);
    assert_no_log(&o);
    assert_no_others(&o);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("secrets_by_role");
    TCase *all = tcase_create("secrets_by_role");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(all, set_up, take_down);
    tcase_add_test(all,
                   the_secrets_of_an_analyst_open_counts_and_releases_only);
    tcase_add_test(all, the_secrets_of_a_custodian_open_nothing);
    tcase_add_test(all,
                   the_secrets_of_an_auditor_open_the_log_and_nothing_else);
    tcase_add_test(
        all, the_secrets_of_an_inspector_open_dossiers_and_no_others_log);
    suite_add_tcase(suite, all);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
