/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both */
/*
 * Somebody leaves, and keeps a copy of everything: his own keys, each role
 * secret, every retention key, the keys of every dossier and session that he
 * could open, and what is derived from them.  After the keys were replaced,
 * each sealed value written later is tried with each of them: none opens.
 * The same keys open what was written before, so the trying is done well.
 */
#include <string.h>

#include "core/base/bytes.h"
#include "core/keyring_impl.h"
#include "core/leaf.h"
#include "core/register.h"
#include "core/retention.h"
#include "core/sealed.h"
#include "core/stats_parts.h"
#include "core/store/docs.h"
#include "crypto/hash.h"
#include "crypto/kdf.h"
#include "tests/support/unit.h"
#include "tests/support/vault.h"

static struct vault_fixture f;
static struct mk_diag diag;
static const struct mk_access own = {.purpose = 0};

#define ck_ok(call)                                                         \
    do {                                                                    \
        enum mk_err got_ = (call);                                          \
        ck_assert_msg(got_ == MK_OK, "%s: %s %s", #call, mk_err_name(got_), \
                      diag.place);                                          \
    } while (0)

/* ---- what he kept ---- */

#define SECRETS 4096
static struct mk_secret *kept[SECRETS];
static size_t n_kept;

static void hold(struct mk_secret *s)
{
    if (s == NULL)
        return;
    ck_assert_uint_lt(n_kept, SECRETS);
    kept[n_kept++] = s;
}

static void hold_copy(const struct mk_secret *s)
{
    if (s != NULL)
        hold(mk_secret_copy(s));
}

/* From each secret, and each pair of a role secret and a retention key. */
static void derive(const struct mk_vault *v)
{
    static const char *const infos[] = {"mk1/owner",     "mk1/dekwrap",
                                        "mk1/retention", "mk1/ref",
                                        "mk1/previous",  "mk1/round"};
    const size_t n = n_kept;

    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < sizeof infos / sizeof *infos; k++) {
            struct mk_secret *key;

            ck_ok(mk_hkdf(&key, MK_KEY, v->head.store, MK_ID, kept[i],
                          infos[k], strlen(infos[k])));
            hold(key);
        }
    for (size_t i = 0; i < v->n_retention; i++) {
        hold_copy(v->retention[i].rk);
        hold_copy(v->retention[i].wrap);
    }
}

static void keep_all_of(struct mk_vault *v)
{
    const struct mk_secret *wrap;

    if (v->keys[MK_KEY_RD] != NULL) {
        ck_ok(mk_retention_get(v, 2020, 1, &wrap, &diag));
        ck_ok(mk_snapshot_begin(v, &diag));
        ck_ok(mk_tag_key_load(v, &diag));
        mk_snapshot_end(v);
    }
    for (size_t i = 0; i < MK_KEY_KINDS; i++)
        hold_copy(v->keys[i]);
    if (v->keys[MK_KEY_RL] != NULL)
        hold(mk_secret_part(v->keys[MK_KEY_RL], 0, MK_KEY));
    hold_copy(v->who.box);
    hold_copy(v->who.seed);
    hold_copy(v->log_key);
    hold_copy(v->ktag);
    derive(v);
}

/* ---- everything that is sealed ---- */

/* One sealed value: an envelope with its aad, or a box (n_aad 0). */
struct piece {
    const char *what;
    uint8_t aad[MK_LEAF_PREFIX];
    size_t n_aad;
    uint8_t hash[MK_HASH];
    struct mk_buf sealed;
};
#define PIECES 1024
struct pieces {
    struct piece v[PIECES];
    size_t n;
};

static void add(struct pieces *all, const char *what, const uint8_t *aad,
                size_t n_aad, const void *p, size_t n)
{
    struct piece *one = &all->v[all->n];

    if (n == 0)
        return;
    ck_assert_uint_lt(all->n, PIECES);
    ck_assert_uint_le(n_aad, sizeof one->aad);
    *one = (struct piece){.what = what, .n_aad = n_aad};
    if (n_aad != 0)
        memcpy(one->aad, aad, n_aad);
    mk_sha256(one->hash, p, n);
    ck_ok(mk_buf_add(&one->sealed, p, n));
    all->n++;
}

static void add_column(struct pieces *all, const struct mk_vault *v,
                       const char *what, enum mk_table table,
                       enum mk_column column, const uint8_t *id,
                       uint64_t version, const uint8_t *key_id,
                       struct mk_blob env)
{
    uint8_t aad[MK_AAD];

    mk_sealed_aad(aad, v, table, column, id, version, key_id);
    add(all, what, aad, sizeof aad, env.p, env.n);
}

static void add_dossiers(struct pieces *all, struct mk_vault *v)
{
    const uint8_t *rd = v->key_ids[MK_KEY_RD];
    struct mk_dossier_row row;
    struct mk_entry_row e;
    struct mk_walk *walk;
    bool more;

    mk_dossier_row_init(&row);
    for (uint64_t i = 0; i < v->head.n_dossiers; i++) {
        ck_ok(mk_dossier_load(v->store, i, &row, &diag));
        add_column(all, v, "owner", MK_TABLE_DOSSIER, MK_COL_DOSSIER_OWNER,
                   row.id, row.version, rd, row.owner);
        add_column(all, v, "dek", MK_TABLE_DOSSIER, MK_COL_DOSSIER_DEK, row.id,
                   row.dek_version, rd, row.dek);
        add_column(all, v, "summary", MK_TABLE_DOSSIER, MK_COL_DOSSIER_SUMMARY,
                   row.id, row.version, row.id, row.summary);
        ck_ok(mk_walk_entries(&walk, v->store, i, &diag));
        for (;;) {
            ck_ok(mk_walk_entry(walk, &more, &e, &diag));
            if (!more)
                break;
            add_column(all, v, "facts", MK_TABLE_ENTRY, MK_COL_ENTRY_FACTS,
                       row.id, e.seq, row.id, e.facts);
            add_column(all, v, "text", MK_TABLE_ENTRY, MK_COL_ENTRY_TEXT,
                       row.id, e.seq, row.id, e.text);
        }
        mk_walk_close(walk);
    }
    mk_dossier_row_release(&row);
}

static void add_register_and_stats(struct pieces *all, struct mk_vault *v)
{
    struct mk_walk *walk;
    struct mk_register_row row;
    struct mk_stats_tail tail;
    bool more;

    ck_ok(mk_walk_register(&walk, v->store, &diag));
    for (;;) {
        struct mk_place place = {.table = MK_TABLE_REGISTER,
                                 .column = MK_COL_REGISTER_BODY,
                                 .version = MK_REGISTER_TAG_KEY};
        uint8_t aad[MK_AAD];

        ck_ok(mk_walk_register_row(walk, &more, &row, &diag));
        if (!more)
            break;
        if (row.kind != MK_REGISTER_TAG_KEY)
            continue;
        memcpy(place.key_id, row.body.p, MK_ID);
        mk_aad(aad, "MKW1", v->head.store, &place);
        add(all, "tag key", aad, sizeof aad, row.body.p + MK_ID,
            row.body.n - MK_ID);
    }
    mk_walk_close(walk);
    vault_stats_tail(v, &tail);
    for (size_t i = 0; i < tail.n; i++) {
        struct mk_place place = {.table = MK_TABLE_STATS_ROW,
                                 .column = MK_COL_STATS_FACTS,
                                 .version = 1};
        const struct mk_generations *rs;
        const struct mk_generation *g;
        uint8_t aad[MK_AAD];

        ck_ok(mk_vault_generations(v, MK_KEY_RS, &rs, &diag));
        g = mk_generation_at(rs, mk_env_key_gen(tail.env[i], MK_STATS_ROW));
        ck_assert_ptr_nonnull(g);
        mk_put_u64(place.row + 8, tail.first + i);
        memcpy(place.key_id, g->id, MK_ID);
        mk_aad(aad, "MKA1", v->head.store, &place);
        add(all, "statistics", aad, sizeof aad, tail.env[i], MK_STATS_ROW);
    }
}

static void add_retention(struct pieces *all, struct mk_vault *v)
{
    const size_t record = 8 + MK_KEY + MK_ENV_OVERHEAD;
    struct mk_buf text = MK_BUF_INIT;

    ck_ok(mk_docs_read(&v->docs, MK_RETENTION_FILE, 8192, &text, &diag));
    for (size_t at = 24; at < text.len; at += record) {
        struct mk_place place = {.table = 0xfff0, .version = 1};
        uint8_t aad[MK_AAD];

        memcpy(place.row + 8, text.data + at, 8);
        memcpy(place.key_id, v->key_ids[MK_KEY_RD], MK_ID);
        mk_aad(aad, "MKW1", v->head.store, &place);
        add(all, "retention", aad, sizeof aad, text.data + at + 8, record - 8);
    }
    mk_buf_release(&text);
}

static void add_log(struct pieces *all, struct mk_vault *v)
{
    struct mk_walk *walk;
    struct mk_log_row row;
    struct mk_leaf leaf;
    bool more;

    ck_ok(mk_walk_log(&walk, v->store, 0, &diag));
    for (;;) {
        ck_ok(mk_walk_log_row(walk, &more, &row, &diag));
        if (!more)
            break;
        ck_ok(mk_leaf_parse(&leaf, row.leaf.p, row.leaf.n, v->head.store,
                            &diag));
        if (leaf.kind == MK_LEAF_IS_SESSION)
            add(all, "session", NULL, 0, leaf.rest + MK_ID, MK_LEAF_BOX);
        else if (leaf.kind == MK_LEAF_IS_ENTRY)
            add(all, "log", row.leaf.p, MK_LEAF_PREFIX,
                row.leaf.p + MK_LEAF_PREFIX, row.leaf.n - MK_LEAF_PREFIX);
    }
    mk_walk_close(walk);
    for (size_t i = 0; i < v->keyring->n_wraps; i++)
        add(all, "wrap", NULL, 0, v->keyring->wrap[i].box,
            v->keyring->wrap[i].n_box);
}

/* Read by somebody who is still there: he stands for a thief of the file. */
static void collect(struct pieces *all, const char *name)
{
    struct mk_vault *v = vault_as(&f, name);

    all->n = 0;
    ck_ok(mk_snapshot_begin(v, &diag));
    add_dossiers(all, v);
    add_register_and_stats(all, v);
    add_retention(all, v);
    add_log(all, v);
    mk_snapshot_end(v);
    mk_vault_close(v);
}

static void release(struct pieces *all)
{
    for (size_t i = 0; i < all->n; i++)
        mk_buf_release(&all->v[i].sealed);
}

/* ---- trying ---- */

/* What a secret in an envelope or a box gives is kept too: lists of keys of a
 * dossier one by one. */
static void keep_plain(const struct piece *one, const uint8_t *plain, size_t n)
{
    if (strcmp(one->what, "dek") == 0 || strcmp(one->what, "tag key") == 0 ||
        strcmp(one->what, "retention") == 0)
        for (size_t at = 0; at + MK_KEY <= n; at += MK_KEY)
            hold(mk_secret_from(plain + at, MK_KEY));
    else if (strcmp(one->what, "session") == 0)
        hold(mk_secret_from(plain + n - MK_KEY, MK_KEY));
}

static bool opens(const struct piece *one)
{
    uint8_t plain[16384];
    struct mk_diag quiet = MK_DIAG_INIT;
    const size_t n = one->sealed.len;

    ck_assert_uint_lt(n, sizeof plain);
    for (size_t i = 0; i < n_kept; i++) {
        enum mk_err rc;

        if (mk_secret_len(kept[i]) != MK_KEY)
            continue;
        rc = one->n_aad == 0
                 ? mk_box_open(plain, kept[i], one->sealed.data, n, &quiet)
                 : mk_env_open(plain, kept[i], one->aad, one->n_aad,
                               one->sealed.data, n, &quiet);
        if (rc != MK_OK)
            continue;
        keep_plain(one, plain,
                   n - (one->n_aad == 0 ? MK_BOX_OVERHEAD : MK_ENV_OVERHEAD));
        return true;
    }
    return false;
}

static bool is_in(const struct pieces *all, const struct piece *one)
{
    for (size_t i = 0; i < all->n; i++)
        if (memcmp(all->v[i].hash, one->hash, MK_HASH) == 0)
            return true;
    return false;
}

static struct pieces before, after;

/* How many of what is called so he opens before he goes. */
static size_t opened(const char *what)
{
    size_t n = 0;

    for (size_t i = 0; i < before.n; i++)
        n += strcmp(before.v[i].what, what) == 0 && opens(&before.v[i]);
    return n;
}

/* A rotation seals a summary for the new number of its row, with the key that
 * it had: it says what it said before. */
static bool is_carried(const struct piece *one)
{
    return strcmp(one->what, "summary") == 0 &&
           mk_env_key_gen(one->sealed.data, one->sealed.len) == 1;
}

static void assert_nothing_new_opens(void)
{
    size_t fresh = 0;

    for (size_t i = 0; i < after.n; i++) {
        if (is_in(&before, &after.v[i]) || is_carried(&after.v[i]))
            continue;
        fresh++;
        ck_assert_msg(!opens(&after.v[i]), "he opens: %s (%zu)",
                      after.v[i].what, i);
    }
    ck_assert_uint_gt(fresh, 20);
}

/* ---- the story ---- */

static void note(struct mk_vault *v, const struct mk_dossier_ref *ref,
                 const char *text)
{
    struct mk_event e;

    vault_event(&e, MK_VERB_NOTITIE, "narrative", text, NULL);
    ck_ok(vault_do(v, ref, &e));
}

static void work(struct mk_dossier_ref *ref, const char *name)
{
    struct mk_vault *v = vault_as(&f, name);

    if (ref->lo[0] == ref->hi[0] && ref->lo[1] == ref->hi[1] &&
        (ref->lo[0] | ref->lo[1] | ref->lo[2]) != 0)
        note(v, ref, "een nadere notitie");
    else
        *ref = vault_intake(v, "2020-03-02");
    (void)vault_intake(v, "2020-04-02");
    mk_vault_close(v);
}

static void replace(const char *name, enum mk_key_kind kind)
{
    struct mk_vault *v = vault_as(&f, name);

    ck_ok(mk_rekey(v, &own, kind, &diag));
    mk_vault_close(v);
}

static void remove_member(const char *name)
{
    struct mk_vault *v = vault_as(&f, "bewaarder1");

    ck_ok(mk_user_change(v, &own, MK_USER_REMOVE, name, 0, &diag));
    mk_vault_close(v);
}

static void let_go(void)
{
    for (size_t i = 0; i < n_kept; i++)
        mk_secret_free(kept[i]);
    n_kept = 0;
    release(&before);
    release(&after);
}

START_TEST(an_inspector_who_left_opens_nothing_that_came_later)
{
    struct mk_dossier_ref ref = {0};
    struct mk_vault *v;

    vault_setup(&f);
    work(&ref, "inspecteur1");
    v = vault_as(&f, "inspecteur2");
    keep_all_of(v);
    mk_vault_close(v);
    collect(&before, "inspecteur1");
    ck_assert_uint_eq(opened("dek"), 2);
    ck_assert_uint_eq(opened("owner"), 2);
    ck_assert_uint_eq(opened("summary"), 2);
    ck_assert_uint_ge(opened("facts"), 2);
    ck_assert_uint_eq(opened("tag key"), 1);
    ck_assert_uint_eq(opened("retention"), 1);
    ck_assert_uint_eq(opened("statistics"), 2);
    ck_assert_uint_eq(opened("wrap"), 3);
    release(&before);

    remove_member("inspecteur2");
    v = vault_as(&f, "inspecteur1");
    ck_assert_uint_eq(mk_keyring_stale(v->keyring),
                      1u << MK_KEY_DBK | 1u << MK_KEY_RD | 1u << MK_KEY_RS);
    mk_vault_close(v);
    /* what the file holds now is before the line; but nothing of it that was
     * put under the new keys may open either */
    replace("inspecteur1", MK_KEY_RS);
    replace("inspecteur1", MK_KEY_DBK);
    collect(&before, "inspecteur1");
    replace("inspecteur1", MK_KEY_RD);
    v = vault_as(&f, "inspecteur1");
    ck_assert_uint_eq(mk_keyring_stale(v->keyring), 0);
    mk_vault_close(v);
    work(&ref, "inspecteur1");
    work(&ref, "inspecteur1");
    collect(&after, "inspecteur1");
    assert_nothing_new_opens();
    let_go();
    vault_teardown(&f);
}
END_TEST

START_TEST(an_auditor_who_left_reads_nothing_that_came_later)
{
    struct mk_dossier_ref ref = {0};
    struct mk_vault *v;

    vault_setup(&f);
    work(&ref, "inspecteur1");
    v = vault_as(&f, "auditor1");
    keep_all_of(v);
    collect(&before, "inspecteur1");
    ck_assert_uint_gt(opened("session"), 1);
    ck_assert_uint_gt(opened("log"), 2);
    release(&before);
    /* the last of a role cannot be removed, but what he knew is replaced */
    ck_ok(mk_rekey(v, &own, MK_KEY_RL, &diag));
    mk_vault_close(v);
    replace("bewaarder1", MK_KEY_DBK);
    collect(&before, "inspecteur1");
    work(&ref, "inspecteur1");
    ref = (struct mk_dossier_ref){0};
    work(&ref, "inspecteur2");
    collect(&after, "inspecteur1");
    assert_nothing_new_opens();
    let_go();
    vault_teardown(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        an_inspector_who_left_opens_nothing_that_came_later,
        an_auditor_who_left_reads_nothing_that_came_later,
    };

    diag = (struct mk_diag)MK_DIAG_INIT;
    return UNIT_RUN("rekey_removed", tests, NULL);
}
