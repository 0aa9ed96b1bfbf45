/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both */
/* The vault's side of witnesses: who they are, and what of theirs is kept. */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/register.h"
#include "crypto/hash.h"
#include "crypto/sign.h"
#include "tests/support/unit.h"
#include "tests/support/witness_kit.h"

/* --- the list --- */

START_TEST(the_list_is_what_the_register_says_in_order)
{
    struct mk_witness_state w[MK_WITNESSES];
    wk_setup();
    ck_assert_uint_eq(wk_listed(w), 0);
    ck_assert_int_eq(wk_trust(1, NULL), MK_OK);
    ck_assert_int_eq(wk_trust(2, NULL), MK_OK);
    ck_assert_int_eq(wk_trust(1, NULL), MK_E_EXISTS);
    ck_assert_int_eq(wk_trust(3, "getuige/1"), MK_E_EXISTS);
    ck_assert_int_eq(wk_drop("getuige/1"), MK_OK);
    ck_assert_int_eq(wk_drop("getuige/1"), MK_E_NOT_FOUND);
    ck_assert_int_eq(wk_trust(3, "getuige/1"), MK_OK);
    ck_assert_uint_eq(wk_listed(w), 3);
    ck_assert_str_eq(w[0].key.name, "getuige/1");
    ck_assert(!w[0].trusted);
    ck_assert(w[1].trusted && w[2].trusted);
    ck_assert_int_eq(wk_drop("getuige/1"), MK_OK);
    ck_assert_int_eq(wk_trust(1, NULL), MK_OK);
    ck_assert_uint_eq(wk_listed(w), 3);
    ck_assert(w[0].trusted && !w[2].trusted);
    ck_assert_int_eq(vault_verify(wk_auditor, NULL, NULL), MK_OK);
    wk_teardown();
}
END_TEST

START_TEST(only_a_custodian_changes_it)
{
    static const char *const others[] = {"inspecteur1", "analist1",
                                         "auditor1"};
    struct mk_note_key key, out;
    char vkey[MK_VKEY_MAX];
    wk_setup();
    mk_secret_free(wk_witness_key(1, NULL, &key));
    mk_vkey_format(vkey, &key);
    ck_assert_int_eq(wk_trust(2, NULL), MK_OK);
    for (size_t i = 0; i < 3; i++) {
        struct mk_vault *v = vault_as(&wk_f, others[i]);
        ck_assert_int_eq(
            mk_witness_trust(v, &wk_plain, vkey, strlen(vkey), &out, NULL),
            MK_E_NO_ROLE);
        ck_assert_int_eq(mk_witness_drop(v, &wk_plain, "getuige/2", NULL),
                         MK_E_NO_ROLE);
        mk_vault_close(v);
    }
    key.type = MK_NOTE_ED25519;
    ck_assert(mk_note_key_make(&out, key.name, MK_NOTE_ED25519, key.pk));
    mk_vkey_format(vkey, &out);
    ck_assert_int_eq(mk_witness_trust(wk_bewaarder, &wk_plain, vkey,
                                      strlen(vkey), &key, NULL),
                     MK_E_SYNTAX);
    wk_teardown();
}
END_TEST

START_TEST(a_list_has_an_end)
{
    struct mk_witness_state w[MK_WITNESSES];
    wk_setup();
    for (unsigned i = 1; i <= MK_WITNESSES; i++)
        ck_assert_int_eq(wk_trust(i, NULL), MK_OK);
    ck_assert_int_eq(wk_trust(MK_WITNESSES + 1, NULL), MK_E_TOO_LARGE);
    ck_assert_int_eq(wk_drop("getuige/7"), MK_OK);
    ck_assert_int_eq(wk_trust(MK_WITNESSES + 1, NULL), MK_E_TOO_LARGE);
    ck_assert_int_eq(wk_trust(7, NULL), MK_OK);
    ck_assert_uint_eq(wk_listed(w), MK_WITNESSES);
    wk_teardown();
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
    wk_setup();
    mk_secret_free(wk_witness_key(1, NULL, &key));
    mk_vkey_format(vkey, &key);
    n = 22 + strlen(vkey);
    memcpy(body + 4, mk_keyring_store(wk_bewaarder->keyring), MK_ID);
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
        ck_assert_int_eq(mk_tx_begin(&tx, wk_bewaarder, NULL, NULL), MK_OK);
        ck_assert_int_eq(
            mk_tx_register(&tx, MK_REGISTER_WITNESS, bad, len, NULL), MK_OK);
        ck_assert_int_eq(mk_tx_leaf(&tx, &item, NULL), MK_OK);
        ck_assert_int_eq(mk_tx_commit(&tx, NULL), MK_OK);
        mk_tx_abort(&tx);
        ck_assert_msg(wk_listed(w) == 0, "%d", i);
    }
    ck_assert_int_eq(wk_trust(1, NULL), MK_OK);
    ck_assert_uint_eq(wk_listed(w), 1);
    wk_teardown();
}
END_TEST

/* --- taking in --- */

START_TEST(lines_of_one_checkpoint_are_merged_and_the_newest_stays)
{
    const uint64_t day = UINT64_C(1700000000);
    wk_setup();
    ck_assert_int_eq(wk_trust(1, NULL), MK_OK);
    ck_assert_int_eq(wk_trust(2, NULL), MK_OK);
    ck_assert_int_eq(wk_take_signed(3, 1, day + 5), MK_OK);
    ck_assert_int_eq(wk_take_signed(3, 2, day), MK_OK);
    ck_assert_int_eq(wk_take_signed(3, 1, day + 1), MK_OK);
    ck_assert_uint_eq(wk_kept_time(3, 1), day + 5);
    ck_assert_uint_eq(wk_kept_time(3, 2), day);
    ck_assert_int_eq(wk_take_signed(3, 1, day + 9), MK_OK);
    ck_assert_uint_eq(wk_kept_time(3, 1), day + 9);
    /* what he signed before he was dropped stays, later lines do not come */
    ck_assert_int_eq(wk_drop("getuige/1"), MK_OK);
    ck_assert_int_eq(wk_take_signed(3, 1, day + 20), MK_E_NO_WITNESS);
    ck_assert_int_eq(wk_take_signed(3, 2, day + 20), MK_OK);
    ck_assert_uint_eq(wk_kept_time(3, 1), day + 9);
    ck_assert_uint_eq(wk_kept_time(3, 2), day + 20);
    wk_teardown();
}
END_TEST

START_TEST(lines_of_others_are_not_kept)
{
    struct mk_checkpoint c;
    struct mk_buf note = MK_BUF_INIT, kept = MK_BUF_INIT;
    wk_setup();
    ck_assert_int_eq(wk_trust(1, NULL), MK_OK);
    c = wk_checkpoint_at(2);
    wk_note_of(&note, &c, 1, 1700000000);
    for (int i = 0; i < 50; i++)
        ck_assert_int_eq(
            mk_buf_add_str(&note, "\xe2\x80\x94 ander AAAAAAAAAAA=\n"), MK_OK);
    ck_assert_int_eq(wk_take(&note), MK_OK);
    wk_read_kept(&kept, 2);
    wk_note_of(&note, &c, 1, 1700000000);
    ck_assert_uint_eq(kept.len, note.len);
    ck_assert_mem_eq(kept.data, note.data, note.len);
    mk_buf_release(&note);
    mk_buf_release(&kept);
    wk_teardown();
}
END_TEST

START_TEST(what_is_not_of_this_log_is_refused)
{
    struct mk_checkpoint c, other;
    struct mk_buf note = MK_BUF_INIT;
    uint64_t size;
    char *at;
    wk_setup();
    ck_assert_int_eq(wk_trust(1, NULL), MK_OK);
    c = wk_checkpoint_at(4);
    wk_note_of(&note, &c, 0, 0);
    ck_assert_int_eq(wk_take(&note), MK_E_NO_WITNESS);
    ck_assert_int_eq(wk_take_signed(4, 2, 1700000000), MK_E_NO_WITNESS);
    /* signed by all of them, but not what stands here */
    other = c;
    other.root[5] ^= 1;
    wk_note_of(&note, &other, 1, 1700000000);
    ck_assert_int_eq(wk_take(&note), MK_E_SPLIT);
    other = c;
    other.size = wk_log_size() + 50;
    wk_note_of(&note, &other, 1, 1700000000);
    ck_assert_int_eq(wk_take(&note), MK_E_LOG_SHORTER);
    other.size = 0;
    wk_note_of(&note, &other, 1, 1700000000);
    ck_assert_int_eq(wk_take(&note), MK_E_SYNTAX);
    other = c;
    other.origin[0] ^= 1;
    wk_note_of(&note, &other, 1, 1700000000);
    ck_assert_int_eq(wk_take(&note), MK_E_OTHER_LOG);
    /* every changed byte of a good one */
    wk_note_of(&note, &c, 1, 1700000000);
    size = wk_log_size();
    for (size_t i = 0; i < note.len; i += 3) {
        note.data[i] ^= 1;
        enum mk_err rc = wk_take(&note);
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
    ck_assert_int_eq(wk_take(&note), MK_E_LOG_KEY);
    ck_assert_uint_eq(wk_log_size(), size); /* nothing of it left a trace */
    mk_buf_release(&note);
    wk_teardown();
}
END_TEST

START_TEST(two_who_take_in_at_once_lose_nothing)
{
    const uint64_t day = UINT64_C(1700000000);
    int status = 0;
    wk_setup();
    ck_assert_int_eq(wk_trust(1, NULL), MK_OK);
    ck_assert_int_eq(wk_trust(2, NULL), MK_OK);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        mk_vault_close(wk_bewaarder);
        wk_bewaarder = vault_as(&wk_f, "inspecteur1");
        for (unsigned i = 0; i < 20; i++)
            if (wk_take_signed(2, 2, day + i) != MK_OK)
                _exit(1);
        _exit(0);
    }
    for (unsigned i = 0; i < 20; i++)
        ck_assert_int_eq(wk_take_signed(2, 1, day + i), MK_OK);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    ck_assert_uint_eq(wk_kept_time(2, 1), day + 19);
    ck_assert_uint_eq(wk_kept_time(2, 2), day + 19);
    wk_teardown();
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
    };
    return UNIT_RUN("witness", tests, NULL);
}
