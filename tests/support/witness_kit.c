/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/witness_kit.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "crypto/sign.h"
#include "tests/support/unit.h"

const struct mk_access wk_plain = {.purpose = 0};
struct vault_fixture wk_f;
struct mk_vault *wk_bewaarder, *wk_auditor;
struct mk_secret *wk_log_secret;

/* --- witnesses of the tests: numbered, each with a key of his own --- */

struct mk_secret *wk_witness_key(unsigned number, const char *name,
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

enum mk_err wk_trust(unsigned number, const char *name)
{
    struct mk_note_key key, got;
    char vkey[MK_VKEY_MAX];
    enum mk_err rc;
    mk_secret_free(wk_witness_key(number, name, &key));
    mk_vkey_format(vkey, &key);
    rc = mk_witness_trust(wk_bewaarder, &wk_plain, vkey, strlen(vkey), &got,
                          NULL);
    if (rc == MK_OK)
        ck_assert_mem_eq(&got, &key, sizeof key);
    return rc;
}

enum mk_err wk_drop(const char *name)
{
    return mk_witness_drop(wk_bewaarder, &wk_plain, name, NULL);
}

size_t wk_listed(struct mk_witness_state *w)
{
    size_t n;
    ck_assert_int_eq(mk_snapshot_begin(wk_bewaarder, NULL), MK_OK);
    ck_assert_int_eq(mk_witness_list(wk_bewaarder, w, &n, NULL), MK_OK);
    mk_snapshot_end(wk_bewaarder);
    return n;
}

/* --- checkpoints --- */

struct mk_checkpoint wk_checkpoint_at(uint64_t size)
{
    struct mk_checkpoint c;
    struct mk_merkle *log;
    ck_assert_int_eq(mk_snapshot_begin(wk_bewaarder, NULL), MK_OK);
    ck_assert_int_eq(mk_tree_get(wk_bewaarder, MK_TREE_LOG, &log, NULL),
                     MK_OK);
    ck_assert_int_eq(mk_witness_checkpoint(wk_bewaarder, log, size, &c, NULL),
                     MK_OK);
    mk_snapshot_end(wk_bewaarder);
    return c;
}

uint64_t wk_log_size(void)
{
    ck_assert_int_eq(mk_snapshot_begin(wk_bewaarder, NULL), MK_OK);
    mk_snapshot_end(wk_bewaarder);
    return wk_bewaarder->head.log_size;
}

/* The note of c, signed by the log, and by witness number (0: nobody). */
void wk_note_of(struct mk_buf *out, const struct mk_checkpoint *c,
                unsigned number, uint64_t time)
{
    struct mk_note_key log, key;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_secret *secret;
    ck_assert_int_eq(mk_witness_log_key(wk_bewaarder, &log, NULL), MK_OK);
    ck_assert_int_eq(mk_checkpoint_format(&text, c), MK_OK);
    mk_buf_clear(out);
    ck_assert_int_eq(mk_buf_add(out, text.data, text.len), MK_OK);
    ck_assert_int_eq(mk_buf_add_u8(out, '\n'), MK_OK);
    ck_assert_int_eq(
        mk_note_sign(out, &log, wk_log_secret, (char *)text.data, text.len, 0),
        MK_OK);
    if (number > 0) {
        secret = wk_witness_key(number, NULL, &key);
        ck_assert_int_eq(
            mk_note_sign(out, &key, secret, (char *)text.data, text.len, time),
            MK_OK);
        mk_secret_free(secret);
    }
    mk_buf_release(&text);
}

enum mk_err wk_take(const struct mk_buf *note)
{
    struct mk_witness_taken taken;
    return mk_witness_take(wk_bewaarder, &wk_plain, note->data, note->len,
                           &taken, NULL);
}

enum mk_err wk_take_signed(uint64_t size, unsigned number, uint64_t time)
{
    const struct mk_checkpoint c = wk_checkpoint_at(size);
    struct mk_buf note = MK_BUF_INIT;
    enum mk_err rc;
    wk_note_of(&note, &c, number, time);
    rc = wk_take(&note);
    mk_buf_release(&note);
    return rc;
}

void wk_path_of(char out[static 160], const char *name)
{
    snprintf(out, 160, "%s/" MK_CHECKPOINTS_FOLDER "/%s", wk_f.vault, name);
}

void wk_read_kept(struct mk_buf *out, uint64_t size)
{
    bool found;
    struct mk_docs docs;
    ck_assert_int_eq(
        mk_checkpoints_open(&docs, wk_bewaarder, false, &found, NULL), MK_OK);
    ck_assert(found);
    ck_assert_int_eq(mk_checkpoints_read(&docs, size, out, &found, NULL),
                     MK_OK);
    ck_assert(found);
    mk_docs_close(&docs);
}

/* When witness number signed what is kept; 0: he did not. */
uint64_t wk_kept_time(uint64_t size, unsigned number)
{
    struct mk_buf text = MK_BUF_INIT;
    struct mk_note note;
    struct mk_note_key key;
    uint64_t time;
    mk_secret_free(wk_witness_key(number, NULL, &key));
    wk_read_kept(&text, size);
    ck_assert(mk_note_parse(&note, (char *)text.data, text.len));
    ck_assert_int_ne(mk_note_verify(&note, &key, &time), MK_NOTE_FORGED);
    mk_buf_release(&text);
    return time;
}

void wk_write_kept(const char *name, const void *p, size_t n)
{
    struct mk_docs docs;
    bool found;
    ck_assert_int_eq(
        mk_checkpoints_open(&docs, wk_bewaarder, true, &found, NULL), MK_OK);
    ck_assert_int_eq(mk_docs_write(&docs, name, p, n, NULL), MK_OK);
    mk_docs_close(&docs);
}

void wk_setup(void)
{
    vault_setup(&wk_f);
    wk_bewaarder = vault_as(&wk_f, "bewaarder1");
    wk_auditor = vault_as(&wk_f, "auditor1");
    uint8_t pk[MK_PK];
    struct mk_secret *seed =
        mk_secret_part(wk_auditor->keys[MK_KEY_RL], MK_KEY, MK_KEY);
    ck_assert_int_eq(mk_sign_key(&wk_log_secret, pk, seed), MK_OK);
    mk_secret_free(seed);
}

void wk_teardown(void)
{
    mk_secret_free(wk_log_secret);
    mk_vault_close(wk_bewaarder);
    mk_vault_close(wk_auditor);
    vault_teardown(&wk_f);
}
