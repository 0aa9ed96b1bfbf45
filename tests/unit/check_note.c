/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/note.h"

#include <string.h>

#include "crypto/sign.h"
#include "tests/support/unit.h"

/* C2SP signed-note, "Example" */
static const char c2sp_vkey[] =
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
static const char c2sp_note[] =
    "This is an example message.\n\n"
    "\xe2\x80\x94 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXm"
    "RKuwHjG1Yu72IneyaQM=\n";

static const char behind_the_sofa[] =
    "example.com/behind-the-sofa\n20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

/*
 * Checkpoints of logs in use, cosigned by a witness in use, as its monitoring
 * endpoint gave them out in 2026; lines of a type that we do not know left
 * away.
 */
static const char geomys_vkey[] =
    "witness.navigli.sunlight.geomys.org+a3e00fe2+"
    "BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G";
static const struct {
    const char *note;
    uint64_t time;
} cosigned[] = {
    {"markovianprotocol.com/log\n9266\n"
     "QnwPzJywq5AyOk9k1zLqfryh6Ktw1CnaaKplELApoxw=\n\n"
     "\xe2\x80\x94 markovianprotocol.com/log AwLGyIvuxLXZM101mKdNCPTsl9GgtiG/"
     "wzbd8cGru0pGnWVMXI06twIsEIZho7n8id+w2EO0BZCalxuEm6BauQGNmgo=\n"
     "\xe2\x80\x94 witness.navigli.sunlight.geomys.org "
     "o+AP4gAAAABqwX+So8evhUsltetL+QnwUxEYMNrD25pJYOTFHwDCopbgQMl2AEh583AxfFNM"
     "DZzE73rdjK62tUN8oUBfd9p6usq+BA==\n",
     1791066002},
    {"coachandhorses2026h1.staging.certificate.transparency.goog\n185550722\n"
     "YXAM0VmnrfvLaBCOOYSJhCaE5F10oGBOo+hkbDa1kng=\n\n"
     "\xe2\x80\x94 witness.navigli.sunlight.geomys.org "
     "o+AP4gAAAABqb7DzNrGFRJnQ9vrJ8xpnwZytnr/ZYczDIsvwvouiSjwOjn7a72ccxBk+lKnZ"
     "7dKqkYKER1s/KxLTaVwQD7lJZTC/CQ==\n",
     1785704691},
};

static void start(void)
{
    struct mk_diag diag = MK_DIAG_INIT;
    ck_assert_msg(mk_crypto_init(&diag) == MK_OK, "%s", diag.place);
}

static struct mk_secret *key_of(uint8_t fill, uint8_t pk[static MK_PK])
{
    uint8_t raw[32];
    struct mk_secret *seed, *key = NULL;
    memset(raw, fill, sizeof raw);
    seed = mk_secret_from(raw, sizeof raw);
    ck_assert_int_eq(mk_sign_key(&key, pk, seed), MK_OK);
    mk_secret_free(seed);
    return key;
}

START_TEST(the_example_of_c2sp_verifies)
{
    struct mk_note_key key;
    struct mk_note note;
    ck_assert(mk_vkey_parse(&key, c2sp_vkey, strlen(c2sp_vkey)));
    ck_assert_str_eq(key.name, "example.com/foo");
    ck_assert(mk_note_parse(&note, c2sp_note, strlen(c2sp_note)));
    ck_assert_uint_eq(note.n_text, strlen("This is an example message.\n"));
    ck_assert_int_eq(mk_note_verify(&note, &key, NULL), MK_NOTE_GOOD);
}
END_TEST

START_TEST(every_changed_byte_of_a_note_is_noticed)
{
    struct mk_note_key key;
    struct mk_note note;
    char bad[sizeof c2sp_note];
    ck_assert(mk_vkey_parse(&key, c2sp_vkey, strlen(c2sp_vkey)));
    for (size_t i = 0; i < sizeof c2sp_note - 1; i++) {
        memcpy(bad, c2sp_note, sizeof bad);
        bad[i] ^= 1;
        if (mk_note_parse(&note, bad, strlen(c2sp_note)))
            ck_assert_int_ne(mk_note_verify(&note, &key, NULL), MK_NOTE_GOOD);
    }
}
END_TEST

START_TEST(every_changed_byte_of_a_vkey_is_refused)
{
    struct mk_note_key key;
    char bad[sizeof c2sp_vkey];
    for (size_t i = 0; i < sizeof c2sp_vkey - 1; i++) {
        memcpy(bad, c2sp_vkey, sizeof bad);
        bad[i] ^= 1;
        ck_assert(!mk_vkey_parse(&key, bad, strlen(c2sp_vkey)));
    }
}
END_TEST

START_TEST(log_and_witnesses_sign_one_checkpoint)
{
    uint8_t pk[MK_PK];
    struct mk_secret *log = key_of(1, pk);
    struct mk_note_key log_key, witness_key;
    struct mk_buf note = MK_BUF_INIT;
    struct mk_note parsed;
    uint64_t time = 0;
    const size_t n = strlen(behind_the_sofa);
    ck_assert(mk_note_key_make(&log_key, "example.com/behind-the-sofa",
                               MK_NOTE_ED25519, pk));
    struct mk_secret *witness = key_of(2, pk);
    ck_assert(mk_note_key_make(&witness_key, "witness.example.com/w1",
                               MK_NOTE_COSIGNATURE, pk));
    ck_assert_int_eq(mk_buf_add(&note, behind_the_sofa, n), MK_OK);
    ck_assert_int_eq(mk_buf_add_str(&note, "\n"), MK_OK);
    ck_assert_int_eq(mk_note_sign(&note, &log_key, log, behind_the_sofa, n, 0),
                     MK_OK);
    ck_assert(mk_note_parse(&parsed, (char *)note.data, note.len));
    ck_assert_int_eq(mk_note_verify(&parsed, &log_key, NULL), MK_NOTE_GOOD);
    ck_assert_int_eq(mk_note_verify(&parsed, &witness_key, &time),
                     MK_NOTE_UNSIGNED);
    ck_assert_int_eq(mk_note_sign(&note, &witness_key, witness,
                                  behind_the_sofa, n, 1679315147),
                     MK_OK);
    ck_assert(mk_note_parse(&parsed, (char *)note.data, note.len));
    ck_assert_int_eq(mk_note_verify(&parsed, &witness_key, &time),
                     MK_NOTE_GOOD);
    ck_assert_uint_eq(time, 1679315147);
    /* the same key as a log's: another type, another id */
    ck_assert(mk_note_key_make(&witness_key, "witness.example.com/w1",
                               MK_NOTE_ED25519, pk));
    ck_assert_int_eq(mk_note_verify(&parsed, &witness_key, NULL),
                     MK_NOTE_UNSIGNED);
    mk_buf_release(&note);
    mk_secret_free(log);
    mk_secret_free(witness);
}
END_TEST

/* A witness may be hostile, and seconds become milliseconds. */
START_TEST(a_time_beyond_all_clocks_is_no_cosignature)
{
    static const uint64_t times[] = {INT64_MAX / 1000,
                                     (uint64_t)INT64_MAX / 1000 + 1, INT64_MAX,
                                     UINT64_MAX};
    const size_t n = strlen(behind_the_sofa);
    uint8_t pk[MK_PK];
    struct mk_secret *witness = key_of(2, pk);
    struct mk_note_key key;

    ck_assert(mk_note_key_make(&key, "w", MK_NOTE_COSIGNATURE, pk));
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        struct mk_buf text = MK_BUF_INIT;
        struct mk_note note;

        ck_assert_int_eq(mk_buf_add(&text, behind_the_sofa, n), MK_OK);
        ck_assert_int_eq(mk_buf_add_str(&text, "\n"), MK_OK);
        ck_assert_int_eq(
            mk_note_sign(&text, &key, witness, behind_the_sofa, n, times[i]),
            MK_OK);
        ck_assert(mk_note_parse(&note, (char *)text.data, text.len));
        ck_assert_int_eq(mk_note_verify(&note, &key, NULL),
                         i == 0 ? MK_NOTE_GOOD : MK_NOTE_FORGED);
        mk_buf_release(&text);
    }
    mk_secret_free(witness);
}
END_TEST

START_TEST(cosignatures_of_a_witness_in_use_verify)
{
    struct mk_note_key key;
    struct mk_note note;
    struct mk_checkpoint c;
    char bad[1024];
    ck_assert(mk_vkey_parse(&key, geomys_vkey, strlen(geomys_vkey)));
    ck_assert_int_eq(key.type, MK_NOTE_COSIGNATURE);
    for (size_t i = 0; i < sizeof cosigned / sizeof *cosigned; i++) {
        const char *text = cosigned[i].note;
        uint64_t time = 0;
        ck_assert(mk_note_parse(&note, text, strlen(text)));
        ck_assert(mk_checkpoint_parse(&c, note.text, note.n_text));
        ck_assert_int_eq(mk_note_verify(&note, &key, &time), MK_NOTE_GOOD);
        ck_assert_uint_eq(time, cosigned[i].time);
        /* another size is another statement */
        ck_assert_uint_lt(strlen(text), sizeof bad);
        memcpy(bad, text, strlen(text));
        strchr(bad, '\n')[1] ^= 1;
        ck_assert(mk_note_parse(&note, bad, strlen(text)));
        ck_assert_int_eq(mk_note_verify(&note, &key, &time), MK_NOTE_FORGED);
    }
}
END_TEST

START_TEST(the_newest_line_of_a_witness_is_taken)
{
    uint8_t pk[MK_PK];
    struct mk_secret *mine = key_of(5, pk), *other;
    struct mk_note_key key, stranger;
    struct mk_buf note = MK_BUF_INIT, want = MK_BUF_INIT, line = MK_BUF_INIT;
    struct mk_note parsed;
    ck_assert(mk_note_key_make(&key, "w", MK_NOTE_COSIGNATURE, pk));
    other = key_of(6, pk);
    ck_assert(mk_note_key_make(&stranger, "v", MK_NOTE_COSIGNATURE, pk));
    ck_assert_int_eq(mk_buf_add_str(&note, "text\n\n"), MK_OK);
    ck_assert_int_eq(mk_note_sign(&note, &key, mine, "text\n", 5, 7), MK_OK);
    ck_assert_int_eq(mk_note_sign(&note, &key, mine, "text\n", 5, 9), MK_OK);
    ck_assert_int_eq(mk_note_sign(&note, &key, mine, "text\n", 5, 8), MK_OK);
    ck_assert_int_eq(mk_note_sign(&want, &key, mine, "text\n", 5, 9), MK_OK);
    ck_assert(mk_note_parse(&parsed, (char *)note.data, note.len));
    ck_assert_int_eq(mk_note_line_of(&line, &parsed, &key), MK_OK);
    ck_assert_uint_eq(line.len, want.len);
    ck_assert_mem_eq(line.data, want.data, line.len);
    ck_assert_int_eq(mk_note_line_of(&line, &parsed, &stranger),
                     MK_E_NOT_FOUND);
    ck_assert_int_eq(mk_note_sign(&note, &key, other, "text\n", 5, 10), MK_OK);
    ck_assert(mk_note_parse(&parsed, (char *)note.data, note.len));
    ck_assert_int_eq(mk_note_line_of(&line, &parsed, &key), MK_E_NOT_FOUND);
    ck_assert_uint_eq(line.len, want.len);
    mk_buf_release(&note);
    mk_buf_release(&want);
    mk_buf_release(&line);
    mk_secret_free(mine);
    mk_secret_free(other);
}
END_TEST

START_TEST(one_forged_line_spoils_a_note)
{
    uint8_t pk[MK_PK];
    struct mk_secret *mine = key_of(3, pk), *other;
    struct mk_note_key key;
    struct mk_buf note = MK_BUF_INIT;
    struct mk_note parsed;
    ck_assert(mk_note_key_make(&key, "w", MK_NOTE_COSIGNATURE, pk));
    other = key_of(4, pk);
    ck_assert_int_eq(mk_buf_add_str(&note, "text\n\n"), MK_OK);
    ck_assert_int_eq(mk_note_sign(&note, &key, mine, "text\n", 5, 9), MK_OK);
    ck_assert_int_eq(mk_note_sign(&note, &key, other, "text\n", 5, 9), MK_OK);
    ck_assert(mk_note_parse(&parsed, (char *)note.data, note.len));
    ck_assert_int_eq(mk_note_verify(&parsed, &key, NULL), MK_NOTE_FORGED);
    mk_buf_release(&note);
    mk_secret_free(mine);
    mk_secret_free(other);
}
END_TEST

START_TEST(checkpoints_have_one_spelling)
{
    static const char *const bad[] = {
        "",
        "a\n1\n",
        "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nmore\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a b\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    };
    struct mk_checkpoint c;
    struct mk_buf again = MK_BUF_INIT;
    ck_assert(
        mk_checkpoint_parse(&c, behind_the_sofa, strlen(behind_the_sofa)));
    ck_assert_uint_eq(c.size, 20852163);
    ck_assert_int_eq(mk_checkpoint_format(&again, &c), MK_OK);
    ck_assert_uint_eq(again.len, strlen(behind_the_sofa));
    ck_assert_mem_eq(again.data, behind_the_sofa, again.len);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!mk_checkpoint_parse(&c, bad[i], strlen(bad[i])), "%zu",
                      i);
    mk_buf_release(&again);
}
END_TEST

START_TEST(what_is_no_note_is_refused)
{
    static const char *const bad[] = {
        "",
        "\n",
        "text\n\n",
        "text\n\n\xe2\x80\x94 w\n",
        "text\n\n\xe2\x80\x94 w AAAA\n",
        "text\n\n\xe2\x80\x94 w AAAAAAA=",
        "text\r\n\n\xe2\x80\x94 w AAAAAAA=\n",
        "text\n\n- w AAAAAAA=\n",
        "text\n\n\xe2\x80\x94 w+v AAAAAAA=\n",
        "t\xff\n\n\xe2\x80\x94 w AAAAAAA=\n",
    };
    struct mk_note note;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!mk_note_parse(&note, bad[i], strlen(bad[i])), "%zu", i);
    ck_assert(mk_note_parse(&note, "text\n\n\xe2\x80\x94 w AAAAAAA=\n", 21));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_example_of_c2sp_verifies,
        every_changed_byte_of_a_note_is_noticed,
        every_changed_byte_of_a_vkey_is_refused,
        log_and_witnesses_sign_one_checkpoint,
        a_time_beyond_all_clocks_is_no_cosignature,
        cosignatures_of_a_witness_in_use_verify,
        the_newest_line_of_a_witness_is_taken,
        one_forged_line_spoils_a_note,
        checkpoints_have_one_spelling,
        what_is_no_note_is_refused,
    };
    return UNIT_RUN("note", tests, start);
}
