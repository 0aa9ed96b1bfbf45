/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One head, and how a handle follows those that others sign. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/tx.h"
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "tests/support/attack.h"
#include "tests/support/unit.h"

static struct attack a;

static struct mk_head sample(void)
{
    struct mk_head h = {
        .epoch = 0x01020304,
        .log_size = 5,
        .n_dossiers = 6,
        .n_stats = 7,
        .n_register = 8,
        .keyring_serial = 9,
        .time_ms = 0x1122334455667788u,
    };

    memset(h.store, 0xa0, MK_ID);
    memset(h.log_root, 0xa1, MK_HASH);
    memset(h.dossier_root, 0xa2, MK_HASH);
    memset(h.stats_root, 0xa3, MK_HASH);
    memset(h.register_root, 0xa4, MK_HASH);
    memset(h.members_hash, 0xa5, MK_HASH);
    memset(h.slots_hash, 0xa6, MK_HASH);
    memset(h.actor, 0xa7, MK_ID);
    memset(h.txid, 0xa8, MK_ID);
    return h;
}

START_TEST(a_head_lies_in_its_bytes_as_written_down)
{
    struct mk_head h = sample();
    uint8_t body[MK_HEAD];

    mk_head_encode(&h, body);
    ck_assert_mem_eq(body, "MKH1", 4);
    ck_assert_mem_eq(body + 4, h.store, MK_ID);
    ck_assert_uint_eq(mk_get_u32(body + 20), h.epoch);
    ck_assert_uint_eq(mk_get_u64(body + 24), 5);
    ck_assert_mem_eq(body + 32, h.log_root, MK_HASH);
    ck_assert_uint_eq(mk_get_u64(body + 64), 6);
    ck_assert_mem_eq(body + 72, h.dossier_root, MK_HASH);
    ck_assert_uint_eq(mk_get_u64(body + 104), 7);
    ck_assert_mem_eq(body + 112, h.stats_root, MK_HASH);
    ck_assert_uint_eq(mk_get_u64(body + 144), 8);
    ck_assert_mem_eq(body + 152, h.register_root, MK_HASH);
    ck_assert_uint_eq(mk_get_u64(body + 184), 9);
    ck_assert_mem_eq(body + 192, h.members_hash, MK_HASH);
    ck_assert_mem_eq(body + 224, h.slots_hash, MK_HASH);
    ck_assert_uint_eq(mk_get_u64(body + 256), h.time_ms);
    ck_assert_mem_eq(body + 264, h.actor, MK_ID);
    ck_assert_mem_eq(body + 280, h.txid, MK_ID);
    ck_assert_uint_eq(MK_HEAD, 296);
}
END_TEST

START_TEST(a_head_is_read_as_it_was_written)
{
    struct mk_head h = sample();
    struct mk_head back;
    uint8_t body[MK_HEAD];
    uint8_t again[MK_HEAD];

    mk_head_encode(&h, body);
    ck_assert(mk_head_decode(&back, body));
    mk_head_encode(&back, again);
    ck_assert_mem_eq(body, again, MK_HEAD);
    body[3] = '2';
    ck_assert(!mk_head_decode(&back, body));
}
END_TEST

START_TEST(the_signature_of_a_head_covers_every_bit)
{
    struct mk_head h = sample();
    struct mk_secret *seed = mk_secret_random(MK_KEY);
    struct mk_secret *key;
    struct mk_head_row row;
    uint8_t pk[MK_PK];
    uint8_t hash[MK_HASH];
    uint8_t sha[MK_HASH];

    ck_assert_int_eq(mk_sign_key(&key, pk, seed), MK_OK);
    ck_assert_int_eq(mk_head_sign(&row, &h, key), MK_OK);
    ck_assert(mk_head_signed_by(&row, pk));
    ck_assert_uint_eq(row.log_size, 5);
    ck_assert_mem_eq(row.txid, h.txid, MK_ID);
    for (size_t i = 0; i < (size_t)8 * MK_HEAD; i++) {
        row.body[i / 8] ^= (uint8_t)(1u << (i % 8));
        ck_assert_msg(!mk_head_signed_by(&row, pk), "bit %zu", i);
        row.body[i / 8] ^= (uint8_t)(1u << (i % 8));
    }
    mk_head_hash(row.body, hash);
    mk_sha256(sha, row.body, MK_HEAD);
    ck_assert_mem_eq(hash, sha, MK_HASH);
    mk_secret_free(key);
    mk_secret_free(seed);
}
END_TEST

/* What a signature of another kind says is no head. */
START_TEST(a_signature_made_for_something_else_signs_no_head)
{
    struct mk_head h = sample();
    struct mk_secret *seed = mk_secret_random(MK_KEY);
    struct mk_secret *key;
    struct mk_head_row row = {.log_size = 5};
    uint8_t pk[MK_PK];

    mk_head_encode(&h, row.body);
    ck_assert_int_eq(mk_sign_key(&key, pk, seed), MK_OK);
    ck_assert_int_eq(
        mk_sign(row.sig, key, "meldkluis/restart/v1", row.body, MK_HEAD),
        MK_OK);
    ck_assert(!mk_head_signed_by(&row, pk));
    mk_secret_free(key);
    mk_secret_free(seed);
}
END_TEST

/* --- following --- */

/* In a process of its own: one holds one open store of a file. */
static void others_work(size_t intakes)
{
    pid_t pid = fork();
    int status;

    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        for (size_t i = 0; i < intakes; i++)
            (void)attack_intake(&a, "2020-06-07");
        _exit(0);
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
}

START_TEST(a_snapshot_proves_every_head_that_others_signed_since)
{
    struct mk_vault *v;
    uint64_t size;
    uint64_t dossiers;

    attack_setup(&a, 0);
    v = attack_as(&a, "inspecteur2");
    size = v->head.log_size;
    dossiers = v->head.n_dossiers;
    others_work(3);
    ck_assert_uint_eq(v->head.log_size, size);
    ck_assert_int_eq(mk_snapshot_begin(v, NULL), MK_OK);
    ck_assert_uint_gt(v->head.log_size, size);
    ck_assert_uint_eq(v->head.n_dossiers, dossiers + 3);
    mk_snapshot_end(v);
    (void)vault_intake(v, "2020-06-08");
    ck_assert_uint_eq(v->head.n_dossiers, dossiers + 4);
    ck_assert_int_eq(vault_verify(v, NULL, NULL), MK_OK);
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

START_TEST(from_the_mark_and_from_the_first_head_lead_to_the_same_head)
{
    struct mk_vault *v;
    struct mk_head_row marked;
    char path[192];

    attack_setup(&a, 0);
    v = attack_as(&a, "inspecteur2");
    ck_assert(!v->first_use);
    marked = v->head_row;
    mk_vault_close(v);
    attack_path(&a, ATTACK_MARK, path);
    ck_assert_int_eq(remove(path), 0);
    v = attack_as(&a, "inspecteur2");
    ck_assert(v->first_use);
    ck_assert_mem_eq(v->head_row.body, marked.body, MK_HEAD);
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

START_TEST(an_older_mark_of_the_same_vault_is_extended)
{
    struct attack_files old;
    struct mk_vault *v;
    uint64_t size;

    attack_setup(&a, 0);
    attack_save(&a, &old);
    (void)attack_intake(&a, "2020-06-07");
    (void)attack_intake(&a, "2020-06-08");
    attack_load_one(&a, &old, ATTACK_MARK);
    v = attack_as(&a, "inspecteur2");
    ck_assert(!v->first_use);
    size = v->head.log_size;
    ck_assert_uint_gt(size, a.log_size);
    mk_vault_close(v);
    attack_files_release(&old);
    attack_teardown(&a);
}
END_TEST

/* While a vault is open, too: an old file put in its place is behind what
 * this handle has proven. */
START_TEST(a_file_put_back_under_an_open_vault_is_noticed)
{
    struct attack_files old;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;

    attack_setup(&a, 0);
    attack_save(&a, &old);
    v = attack_as(&a, "inspecteur1");
    (void)vault_intake(v, "2020-06-07");
    mk_store_close(v->store);
    v->store = NULL;
    attack_load_one(&a, &old, ATTACK_DB);
    ck_assert_int_eq(mk_store_open(&v->store, v->docs.dir, a.f.vault,
                                   v->keys[MK_KEY_DBK], &diag),
                     MK_OK);
    ck_assert_int_eq(mk_snapshot_begin(v, &diag), MK_E_ROLLED_BACK);
    mk_vault_close(v);
    attack_files_release(&old);
    attack_teardown(&a);
}
END_TEST

static void start(void)
{
    ck_assert_int_eq(mk_init(NULL), MK_OK);
}

START_TEST(a_keyring_that_an_older_head_did_not_sign_is_refused)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;
    struct mk_head before;
    struct mk_head after;
    struct mk_head read;
    struct mk_head_row row;

    attack_setup(&a, 0);
    v = attack_as(&a, "inspecteur1");
    ck_assert_int_eq(mk_store_begin_read(v->store, &diag), MK_OK);
    before = v->head;
    after = v->head;
    after.log_size++;
    memcpy(after.actor, v->my_id, MK_ID);
    ck_assert_int_eq(mk_head_sign(&row, &after, v->who.sign), MK_OK);
    ck_assert_int_eq(mk_head_follows(v, &before, &row, &read, &diag), MK_OK);
    /* as if all statements up to that serial had been others */
    before.members_hash[0] ^= 1;
    ck_assert_int_eq(mk_head_follows(v, &before, &row, &read, &diag),
                     MK_E_TAMPERED);
    ck_assert_str_eq(diag.place, "keyring (members)");
    mk_store_rollback(v->store);
    mk_vault_close(v);
    attack_teardown(&a);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_keyring_that_an_older_head_did_not_sign_is_refused,
        a_head_lies_in_its_bytes_as_written_down,
        a_head_is_read_as_it_was_written,
        the_signature_of_a_head_covers_every_bit,
        a_signature_made_for_something_else_signs_no_head,
        a_snapshot_proves_every_head_that_others_signed_since,
        from_the_mark_and_from_the_first_head_lead_to_the_same_head,
        an_older_mark_of_the_same_vault_is_extended,
        a_file_put_back_under_an_open_vault_is_noticed,
    };

    return UNIT_RUN("heads", tests, start);
}
