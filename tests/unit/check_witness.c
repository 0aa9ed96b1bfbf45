/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both */
/* The vault's side of witnesses. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/register.h"
#include "core/tx.h"
#include "core/witness_impl.h"
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "tests/support/unit.h"
#include "tests/support/vault.h"

static const struct mk_access plain = {.purpose = 0};
static struct vault_fixture f;
static struct mk_vault *bewaarder, *auditor;
static struct mk_secret *log_secret;

/* --- witnesses of the tests: numbered, each with a key of his own --- */

static struct mk_secret *witness_key(unsigned number, const char *name,
                                     struct mk_note_key *key)
{
    uint8_t raw[MK_KEY] = {0}, pk[MK_PK];
    char text[32];
    struct mk_secret *seed, *secret;
    mk_put_u32(raw, number);
    seed = mk_secret_from(raw, sizeof raw);
    ck_assert_int_eq(mk_sign_key(&secret, pk, seed), MK_OK);
    mk_secret_free(seed);
    snprintf(text, sizeof text, "getuige/%u", number);
    ck_assert(
        mk_note_key_make(key, name ? name : text, MK_NOTE_COSIGNATURE, pk));
    return secret;
}

static enum mk_err trust(unsigned number, const char *name)
{
    struct mk_note_key key, got;
    char vkey[MK_VKEY_MAX];
    enum mk_err rc;
    mk_secret_free(witness_key(number, name, &key));
    mk_vkey_format(vkey, &key);
    rc = mk_witness_trust(bewaarder, &plain, vkey, strlen(vkey), &got, NULL);
    if (rc == MK_OK)
        ck_assert_mem_eq(&got, &key, sizeof key);
    return rc;
}

static enum mk_err drop(const char *name)
{
    return mk_witness_drop(bewaarder, &plain, name, NULL);
}

static size_t listed(struct mk_witness_state *w)
{
    size_t n;
    ck_assert_int_eq(mk_snapshot_begin(bewaarder, NULL), MK_OK);
    ck_assert_int_eq(mk_witness_list(bewaarder, w, &n, NULL), MK_OK);
    mk_snapshot_end(bewaarder);
    return n;
}

/* --- checkpoints --- */

static struct mk_checkpoint checkpoint_at(uint64_t size)
{
    struct mk_checkpoint c;
    struct mk_merkle *log;
    ck_assert_int_eq(mk_snapshot_begin(bewaarder, NULL), MK_OK);
    ck_assert_int_eq(mk_tree_get(bewaarder, MK_TREE_LOG, &log, NULL), MK_OK);
    ck_assert_int_eq(mk_witness_checkpoint(bewaarder, log, size, &c, NULL),
                     MK_OK);
    mk_snapshot_end(bewaarder);
    return c;
}

static uint64_t log_size(void)
{
    ck_assert_int_eq(mk_snapshot_begin(bewaarder, NULL), MK_OK);
    mk_snapshot_end(bewaarder);
    return bewaarder->head.log_size;
}

/* The note of c, signed by the log, and by witness number (0: nobody). */
static void note_of(struct mk_buf *out, const struct mk_checkpoint *c,
                    unsigned number, uint64_t time)
{
    struct mk_note_key log, key;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_secret *secret;
    ck_assert_int_eq(mk_witness_log_key(bewaarder, &log, NULL), MK_OK);
    ck_assert_int_eq(mk_checkpoint_format(&text, c), MK_OK);
    mk_buf_clear(out);
    ck_assert_int_eq(mk_buf_add(out, text.data, text.len), MK_OK);
    ck_assert_int_eq(mk_buf_add_u8(out, '\n'), MK_OK);
    ck_assert_int_eq(
        mk_note_sign(out, &log, log_secret, (char *)text.data, text.len, 0),
        MK_OK);
    if (number > 0) {
        secret = witness_key(number, NULL, &key);
        ck_assert_int_eq(
            mk_note_sign(out, &key, secret, (char *)text.data, text.len, time),
            MK_OK);
        mk_secret_free(secret);
    }
    mk_buf_release(&text);
}

static enum mk_err take(const struct mk_buf *note)
{
    struct mk_witness_taken taken;
    return mk_witness_take(bewaarder, &plain, note->data, note->len, &taken,
                           NULL);
}

static enum mk_err take_signed(uint64_t size, unsigned number, uint64_t time)
{
    const struct mk_checkpoint c = checkpoint_at(size);
    struct mk_buf note = MK_BUF_INIT;
    enum mk_err rc;
    note_of(&note, &c, number, time);
    rc = take(&note);
    mk_buf_release(&note);
    return rc;
}

static void path_of(char out[static 160], const char *name)
{
    snprintf(out, 160, "%s/" MK_CHECKPOINTS_FOLDER "/%s", f.vault, name);
}

static void read_kept(struct mk_buf *out, uint64_t size)
{
    bool found;
    struct mk_docs docs;
    ck_assert_int_eq(
        mk_checkpoints_open(&docs, bewaarder, false, &found, NULL), MK_OK);
    ck_assert(found);
    ck_assert_int_eq(mk_checkpoints_read(&docs, size, out, &found, NULL),
                     MK_OK);
    ck_assert(found);
    mk_docs_close(&docs);
}

/* When witness number signed what is kept; 0: he did not. */
static uint64_t kept_time(uint64_t size, unsigned number)
{
    struct mk_buf text = MK_BUF_INIT;
    struct mk_note note;
    struct mk_note_key key;
    uint64_t time;
    mk_secret_free(witness_key(number, NULL, &key));
    read_kept(&text, size);
    ck_assert(mk_note_parse(&note, (char *)text.data, text.len));
    ck_assert_int_ne(mk_note_verify(&note, &key, &time), MK_NOTE_FORGED);
    mk_buf_release(&text);
    return time;
}

static void write_kept(const char *name, const void *p, size_t n)
{
    struct mk_docs docs;
    bool found;
    ck_assert_int_eq(mk_checkpoints_open(&docs, bewaarder, true, &found, NULL),
                     MK_OK);
    ck_assert_int_eq(mk_docs_write(&docs, name, p, n, NULL), MK_OK);
    mk_docs_close(&docs);
}

static void setup(void)
{
    vault_setup(&f);
    bewaarder = vault_as(&f, "bewaarder1");
    auditor = vault_as(&f, "auditor1");
    uint8_t pk[MK_PK];
    struct mk_secret *seed =
        mk_secret_part(auditor->keys[MK_KEY_RL], MK_KEY, MK_KEY);
    ck_assert_int_eq(mk_sign_key(&log_secret, pk, seed), MK_OK);
    mk_secret_free(seed);
}

static void teardown(void)
{
    mk_secret_free(log_secret);
    mk_vault_close(bewaarder);
    mk_vault_close(auditor);
    vault_teardown(&f);
}

/* --- the list --- */

START_TEST(the_list_is_what_the_register_says_in_order)
{
    struct mk_witness_state w[MK_WITNESSES];
    setup();
    ck_assert_uint_eq(listed(w), 0);
    ck_assert_int_eq(trust(1, NULL), MK_OK);
    ck_assert_int_eq(trust(2, NULL), MK_OK);
    ck_assert_int_eq(trust(1, NULL), MK_E_EXISTS);
    ck_assert_int_eq(trust(3, "getuige/1"), MK_E_EXISTS);
    ck_assert_int_eq(drop("getuige/1"), MK_OK);
    ck_assert_int_eq(drop("getuige/1"), MK_E_NOT_FOUND);
    ck_assert_int_eq(trust(3, "getuige/1"), MK_OK);
    ck_assert_uint_eq(listed(w), 3);
    ck_assert_str_eq(w[0].key.name, "getuige/1");
    ck_assert(!w[0].trusted);
    ck_assert(w[1].trusted && w[2].trusted);
    ck_assert_int_eq(drop("getuige/1"), MK_OK);
    ck_assert_int_eq(trust(1, NULL), MK_OK);
    ck_assert_uint_eq(listed(w), 3);
    ck_assert(w[0].trusted && !w[2].trusted);
    ck_assert_int_eq(vault_verify(auditor, NULL, NULL), MK_OK);
    teardown();
}
END_TEST

START_TEST(only_a_custodian_changes_it)
{
    static const char *const others[] = {"inspecteur1", "analist1",
                                         "auditor1"};
    struct mk_note_key key, out;
    char vkey[MK_VKEY_MAX];
    setup();
    mk_secret_free(witness_key(1, NULL, &key));
    mk_vkey_format(vkey, &key);
    ck_assert_int_eq(trust(2, NULL), MK_OK);
    for (size_t i = 0; i < 3; i++) {
        struct mk_vault *v = vault_as(&f, others[i]);
        ck_assert_int_eq(
            mk_witness_trust(v, &plain, vkey, strlen(vkey), &out, NULL),
            MK_E_NO_ROLE);
        ck_assert_int_eq(mk_witness_drop(v, &plain, "getuige/2", NULL),
                         MK_E_NO_ROLE);
        mk_vault_close(v);
    }
    key.type = MK_NOTE_ED25519;
    ck_assert(mk_note_key_make(&out, key.name, MK_NOTE_ED25519, key.pk));
    mk_vkey_format(vkey, &out);
    ck_assert_int_eq(
        mk_witness_trust(bewaarder, &plain, vkey, strlen(vkey), &key, NULL),
        MK_E_SYNTAX);
    teardown();
}
END_TEST

START_TEST(a_list_has_an_end)
{
    struct mk_witness_state w[MK_WITNESSES];
    setup();
    for (unsigned i = 1; i <= MK_WITNESSES; i++)
        ck_assert_int_eq(trust(i, NULL), MK_OK);
    ck_assert_int_eq(trust(MK_WITNESSES + 1, NULL), MK_E_TOO_LARGE);
    ck_assert_int_eq(drop("getuige/7"), MK_OK);
    ck_assert_int_eq(trust(MK_WITNESSES + 1, NULL), MK_E_TOO_LARGE);
    ck_assert_int_eq(trust(7, NULL), MK_OK);
    ck_assert_uint_eq(listed(w), MK_WITNESSES);
    teardown();
}
END_TEST

START_TEST(records_that_name_nobody_stop_nobody)
{
    struct mk_witness_state w[MK_WITNESSES];
    const struct mk_log_item item = {
        .role = MK_ROLE_CUSTODIAN,
        .kind = MK_AUDIT_WITNESS_TRUST,
        .outcome = MK_OUTCOME_DONE,
    };
    struct mk_note_key key;
    char vkey[MK_VKEY_MAX];
    uint8_t body[22 + MK_VKEY_MAX] = "MKV1";
    size_t n;
    setup();
    mk_secret_free(witness_key(1, NULL, &key));
    mk_vkey_format(vkey, &key);
    n = 22 + strlen(vkey);
    memcpy(body + 4, mk_keyring_store(bewaarder->keyring), MK_ID);
    memcpy(body + 22, vkey, strlen(vkey));
    for (int i = 0; i < 6; i++) {
        uint8_t bad[sizeof body];
        size_t len = n;
        struct mk_tx tx;
        memcpy(bad, body, sizeof bad);
        if (i == 0)
            bad[0] ^= 1;
        else if (i == 1)
            bad[4] ^= 1; /* another vault's */
        else if (i == 2)
            bad[21] = 2;
        else if (i == 3)
            bad[22] ^= 1;
        else if (i == 4)
            len = 22;
        else
            bad[21] = 1; /* drops who was never named */
        ck_assert_int_eq(mk_tx_begin(&tx, bewaarder, NULL, NULL), MK_OK);
        ck_assert_int_eq(
            mk_tx_register(&tx, MK_REGISTER_WITNESS, bad, len, NULL), MK_OK);
        ck_assert_int_eq(mk_tx_leaf(&tx, &item, NULL), MK_OK);
        ck_assert_int_eq(mk_tx_commit(&tx, NULL), MK_OK);
        mk_tx_abort(&tx);
        ck_assert_msg(listed(w) == 0, "%d", i);
    }
    ck_assert_int_eq(trust(1, NULL), MK_OK);
    ck_assert_uint_eq(listed(w), 1);
    teardown();
}
END_TEST

/* --- taking in --- */

START_TEST(lines_of_one_checkpoint_are_merged_and_the_newest_stays)
{
    const uint64_t day = UINT64_C(1700000000);
    setup();
    ck_assert_int_eq(trust(1, NULL), MK_OK);
    ck_assert_int_eq(trust(2, NULL), MK_OK);
    ck_assert_int_eq(take_signed(3, 1, day + 5), MK_OK);
    ck_assert_int_eq(take_signed(3, 2, day), MK_OK);
    ck_assert_int_eq(take_signed(3, 1, day + 1), MK_OK);
    ck_assert_uint_eq(kept_time(3, 1), day + 5);
    ck_assert_uint_eq(kept_time(3, 2), day);
    ck_assert_int_eq(take_signed(3, 1, day + 9), MK_OK);
    ck_assert_uint_eq(kept_time(3, 1), day + 9);
    /* what he signed before he was dropped stays, later lines do not come */
    ck_assert_int_eq(drop("getuige/1"), MK_OK);
    ck_assert_int_eq(take_signed(3, 1, day + 20), MK_E_NO_WITNESS);
    ck_assert_int_eq(take_signed(3, 2, day + 20), MK_OK);
    ck_assert_uint_eq(kept_time(3, 1), day + 9);
    ck_assert_uint_eq(kept_time(3, 2), day + 20);
    teardown();
}
END_TEST

START_TEST(lines_of_others_are_not_kept)
{
    struct mk_checkpoint c;
    struct mk_buf note = MK_BUF_INIT, kept = MK_BUF_INIT;
    setup();
    ck_assert_int_eq(trust(1, NULL), MK_OK);
    c = checkpoint_at(2);
    note_of(&note, &c, 1, 1700000000);
    for (int i = 0; i < 50; i++)
        ck_assert_int_eq(
            mk_buf_add_str(&note, "\xe2\x80\x94 ander AAAAAAAAAAA=\n"), MK_OK);
    ck_assert_int_eq(take(&note), MK_OK);
    read_kept(&kept, 2);
    note_of(&note, &c, 1, 1700000000);
    ck_assert_uint_eq(kept.len, note.len);
    ck_assert_mem_eq(kept.data, note.data, note.len);
    mk_buf_release(&note);
    mk_buf_release(&kept);
    teardown();
}
END_TEST

START_TEST(what_is_not_of_this_log_is_refused)
{
    struct mk_checkpoint c, other;
    struct mk_buf note = MK_BUF_INIT;
    uint64_t size;
    char *at;
    setup();
    ck_assert_int_eq(trust(1, NULL), MK_OK);
    c = checkpoint_at(4);
    note_of(&note, &c, 0, 0);
    ck_assert_int_eq(take(&note), MK_E_NO_WITNESS);
    ck_assert_int_eq(take_signed(4, 2, 1700000000), MK_E_NO_WITNESS);
    /* signed by all of them, but not what stands here */
    other = c;
    other.root[5] ^= 1;
    note_of(&note, &other, 1, 1700000000);
    ck_assert_int_eq(take(&note), MK_E_SPLIT);
    other = c;
    other.size = log_size() + 50;
    note_of(&note, &other, 1, 1700000000);
    ck_assert_int_eq(take(&note), MK_E_LOG_SHORTER);
    other.size = 0;
    note_of(&note, &other, 1, 1700000000);
    ck_assert_int_eq(take(&note), MK_E_SYNTAX);
    other = c;
    other.origin[0] ^= 1;
    note_of(&note, &other, 1, 1700000000);
    ck_assert_int_eq(take(&note), MK_E_OTHER_LOG);
    /* every changed byte of a good one */
    note_of(&note, &c, 1, 1700000000);
    size = log_size();
    for (size_t i = 0; i < note.len; i += 3) {
        note.data[i] ^= 1;
        enum mk_err rc = take(&note);
        ck_assert_msg(rc != MK_OK, "byte %zu", i);
        note.data[i] ^= 1;
    }
    /* no line of the log at all */
    at = memmem(note.data, note.len, "\n\n", 2);
    ck_assert_ptr_nonnull(at);
    char *line = memchr(at + 2, '\n', 500);
    memmove(at + 2, line + 1,
            note.len - (size_t)(line + 1 - (char *)note.data));
    note.len -= (size_t)(line + 1 - (at + 2));
    ck_assert_int_eq(take(&note), MK_E_LOG_KEY);
    ck_assert_uint_eq(log_size(), size); /* nothing of it left a trace */
    mk_buf_release(&note);
    teardown();
}
END_TEST

START_TEST(two_who_take_in_at_once_lose_nothing)
{
    const uint64_t day = UINT64_C(1700000000);
    int status = 0;
    setup();
    ck_assert_int_eq(trust(1, NULL), MK_OK);
    ck_assert_int_eq(trust(2, NULL), MK_OK);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        mk_vault_close(bewaarder);
        bewaarder = vault_as(&f, "inspecteur1");
        for (unsigned i = 0; i < 20; i++)
            if (take_signed(2, 2, day + i) != MK_OK)
                _exit(1);
        _exit(0);
    }
    for (unsigned i = 0; i < 20; i++)
        ck_assert_int_eq(take_signed(2, 1, day + i), MK_OK);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    ck_assert_uint_eq(kept_time(2, 1), day + 19);
    ck_assert_uint_eq(kept_time(2, 2), day + 19);
    teardown();
}
END_TEST

/* --- the report --- */

static struct mk_witness_report report(void)
{
    struct mk_witness_report r;
    ck_assert_int_eq(mk_witness_report(bewaarder, 0, &r, NULL), MK_OK);
    return r;
}

START_TEST(the_report_says_what_nobody_outside_has_seen)
{
    const int64_t day = INT64_C(1700000000);
    struct mk_witness_report r;
    struct mk_head first;
    setup();
    r = report();
    ck_assert_uint_eq(r.covered, 0);
    ck_assert_uint_eq(r.checkpoint.size, r.log_size);
    ck_assert(mk_head_decode(&first, bewaarder->head_row.body));
    ck_assert_int_le(r.since, (int64_t)(first.time_ms / 1000));
    ck_assert_int_gt(r.since, (int64_t)(first.time_ms / 1000) - 600);
    ck_assert_int_eq(trust(1, NULL), MK_OK);
    ck_assert_int_eq(trust(2, NULL), MK_OK);
    ck_assert_int_eq(take_signed(3, 1, (uint64_t)day), MK_OK);
    ck_assert_int_eq(take_signed(5, 2, (uint64_t)day + 7), MK_OK);
    r = report();
    ck_assert_uint_eq(r.covered, 5);
    ck_assert_int_eq(r.since, day + 7);
    ck_assert_uint_eq(r.w[0].size, 3);
    ck_assert_uint_eq(r.w[1].size, 5);
    ck_assert_uint_eq(r.checkpoint.size, 5);
    ck_assert_uint_eq(r.n_trusted, 2);
    ck_assert_int_eq(drop("getuige/2"), MK_OK);
    r = report();
    ck_assert_uint_eq(r.covered, 3);
    ck_assert_uint_eq(r.w[1].size, 5);
    ck_assert_int_eq(mk_witness_report(bewaarder, r.log_size + 1, &r, NULL),
                     MK_E_BAD_NUMBER);
    teardown();
}
END_TEST

START_TEST(files_that_prove_nothing_are_counted_and_do_no_more)
{
    struct mk_checkpoint c;
    struct mk_buf note = MK_BUF_INIT;
    struct mk_witness_report r;
    char big[70000];
    setup();
    ck_assert_int_eq(trust(1, NULL), MK_OK);
    ck_assert_int_eq(take_signed(3, 1, 1700000000), MK_OK);
    memset(big, 'x', sizeof big);
    write_kept("1", "rommel", 6);
    write_kept("2", big, sizeof big);
    write_kept("04", "geen naam", 9);
    write_kept("vreemd", "x", 1);
    c = checkpoint_at(4);
    note_of(&note, &c, 0, 0); /* signed by the log alone */
    write_kept("4", note.data, note.len);
    note_of(&note, &c, 1, 1700000000);
    write_kept("5", note.data, note.len); /* of another size */
    note.data[note.len - 8] ^= 1;
    write_kept("6", note.data, note.len);
    r = report();
    ck_assert_uint_eq(r.damaged, 5);
    ck_assert_uint_eq(r.covered, 3);
    /* a good one takes the place of rubbish */
    ck_assert_int_eq(take_signed(1, 1, 1700000000), MK_OK);
    r = report();
    ck_assert_uint_eq(r.damaged, 4);
    /* but what contradicts is no rubbish */
    c.root[0] ^= 1;
    note_of(&note, &c, 1, 1700000000);
    write_kept("4", note.data, note.len);
    ck_assert_int_eq(mk_witness_report(bewaarder, 0, &r, NULL), MK_E_SPLIT);
    c.size = 100000;
    note_of(&note, &c, 1, 1700000000);
    write_kept("100000", note.data, note.len);
    ck_assert_int_eq(mk_witness_report(bewaarder, 0, &r, NULL),
                     MK_E_LOG_SHORTER);
    mk_buf_release(&note);
    teardown();
}
END_TEST

START_TEST(a_checkpoint_that_others_may_read_is_refused)
{
    struct mk_witness_report r;
    char path[160];
    setup();
    ck_assert_int_eq(trust(1, NULL), MK_OK);
    ck_assert_int_eq(take_signed(3, 1, 1700000000), MK_OK);
    path_of(path, "3");
    ck_assert_int_eq(chmod(path, 0644), 0);
    ck_assert_int_eq(mk_witness_report(bewaarder, 0, &r, NULL),
                     MK_E_PERMISSIONS);
    teardown();
}
END_TEST

START_TEST(stamps_are_numbered_and_kept_once)
{
    unsigned number;
    struct mk_docs docs;
    bool found;
    setup();
    ck_assert_int_eq(mk_checkpoints_open(&docs, bewaarder, true, &found, NULL),
                     MK_OK);
    for (unsigned round = 0; round < 2; round++)
        for (unsigned i = 1; i <= MK_STAMPS; i++) {
            char text[8];
            snprintf(text, sizeof text, "nr %u", i);
            ck_assert_int_eq(
                mk_checkpoints_stamp(&docs, 3, text, 4, &number, NULL), MK_OK);
            ck_assert_uint_eq(number, i);
        }
    ck_assert_int_eq(mk_checkpoints_stamp(&docs, 3, "meer", 4, &number, NULL),
                     MK_E_TOO_LARGE);
    ck_assert_int_eq(mk_checkpoints_stamp(&docs, 4, "meer", 4, &number, NULL),
                     MK_OK);
    /* which prove nothing, and are counted as such */
    ck_assert_uint_eq(report().stamps, 0);
    ck_assert_uint_eq(report().damaged, MK_STAMPS + 1);
    mk_docs_close(&docs);
    teardown();
}
END_TEST

/* Whose clock runs ahead would else keep everybody calm until then. */
START_TEST(a_cosignature_of_tomorrow_is_not_fresh)
{
    const uint64_t now = (uint64_t)mk_clock_now() / 1000;
    struct mk_witness_report r;
    int64_t began;

    setup();
    ck_assert_int_eq(trust(1, NULL), MK_OK);
    ck_assert_int_eq(trust(2, NULL), MK_OK);
    began = report().since;
    ck_assert_int_eq(take_signed(3, 1, now + 86400), MK_OK);
    r = report();
    ck_assert(r.w[0].ahead);
    ck_assert_uint_eq(r.covered, 3); /* he saw them, whenever it was */
    ck_assert_int_eq(r.since, began);
    ck_assert_int_eq(take_signed(2, 2, now - 50), MK_OK);
    r = report();
    ck_assert(!r.w[1].ahead);
    ck_assert_uint_eq(r.covered, 3);
    ck_assert_int_eq(r.since, (int64_t)now - 50);
    ck_assert_int_eq(take_signed(4, 2, now + 60), MK_OK);
    ck_assert(!report().w[1].ahead); /* no two clocks are the same */
    teardown();
}
END_TEST

START_TEST(files_of_checkpoints_have_their_names)
{
    static const struct {
        const char *name;
        uint64_t size;
        unsigned number;
    } good[] = {{"1", 1, 0},
                {"1234", 1234, 0},
                {"1234.1.tsr", 1234, 1},
                {"1234.9.tsr", 1234, 9},
                {"9223372036854775807", INT64_MAX, 0}};
    static const char *const bad[] = {"",
                                      "0",
                                      "07",
                                      "-1",
                                      "1234.",
                                      "1234.tsr",
                                      "1234.0.tsr",
                                      "1234.10.tsr",
                                      "1234.1.tsr.",
                                      ".1234.half",
                                      "1234.1.tsrx",
                                      "12a",
                                      "1234.1",
                                      "9223372036854775808"};
    uint64_t size;
    unsigned number;

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ck_assert(mk_checkpoints_name(good[i].name, &size, &number));
        ck_assert_uint_eq(size, good[i].size);
        ck_assert_uint_eq(number, good[i].number);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!mk_checkpoints_name(bad[i], &size, &number), "%s",
                      bad[i]);
}
END_TEST

START_TEST(a_locked_vault_reports_nothing)
{
    struct mk_vault *v;
    struct mk_witness_report r;
    struct mk_witness_taken taken;
    struct mk_buf note = MK_BUF_INIT;
    setup();
    struct mk_checkpoint c = checkpoint_at(2);
    note_of(&note, &c, 1, 1700000000);
    ck_assert_int_eq(mk_vault_open(&v, &f.where, NULL), MK_OK);
    ck_assert_int_eq(mk_witness_report(v, 0, &r, NULL), MK_E_LOCKED);
    ck_assert_int_eq(
        mk_witness_take(v, &plain, note.data, note.len, &taken, NULL),
        MK_E_LOCKED);
    mk_vault_close(v);
    mk_buf_release(&note);
    teardown();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_list_is_what_the_register_says_in_order,
        only_a_custodian_changes_it,
        a_list_has_an_end,
        records_that_name_nobody_stop_nobody,
        lines_of_one_checkpoint_are_merged_and_the_newest_stays,
        lines_of_others_are_not_kept,
        what_is_not_of_this_log_is_refused,
        two_who_take_in_at_once_lose_nothing,
        the_report_says_what_nobody_outside_has_seen,
        files_that_prove_nothing_are_counted_and_do_no_more,
        stamps_are_numbered_and_kept_once,
        a_cosignature_of_tomorrow_is_not_fresh,
        files_of_checkpoints_have_their_names,
        a_locked_vault_reports_nothing,
    };
    const TTest *const of_files[] = {
        a_checkpoint_that_others_may_read_is_refused,
    };
    return UNIT_RUN_STORES("witness", tests, of_files, NULL);
}
