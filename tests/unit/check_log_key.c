/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both */
/* The auditor's key file, opened as docs/FORMAT-export.md has it. */
#include <string.h>

#include "core/keyring_impl.h"
#include "core/vault.h"
#include "crypto/envelope.h"
#include "crypto/kdf.h"
#include "tests/support/unit.h"
#include "tests/support/vault.h"

static struct vault_fixture f;

static void start(void)
{
    ck_assert_int_eq(mk_init(NULL), MK_OK);
}

/* NULL if phrase is another. */
static struct mk_secret *open_key(const struct mk_buf *text,
                                  const char *phrase)
{
    struct mk_kr_text t;
    struct mk_argon2_cost cost;
    struct mk_place place = {.table = 0xfff2, .version = 1};
    struct mk_secret *word = mk_secret_from(phrase, strlen(phrase));
    struct mk_secret *p = NULL, *kek = NULL, *out = NULL;
    uint8_t salt[32], bundle[32 + MK_ENV_OVERHEAD], aad[MK_AAD];
    char origin[MK_ORIGIN_MAX + 1];

    mk_kr_text_init(&t, text->data, text->len);
    mk_kr_expect(&t, "meldkluis-log-key: 1\n");
    mk_kr_read_hex(&t, "store", salt, 16);
    mk_kr_read_line(&t, "origin", origin, MK_ORIGIN_MAX);
    mk_kr_read_hex(&t, "key-id", place.key_id, 16);
    cost.t = (uint32_t)mk_kr_read_num(&t, "argon2id-t", 1, 10);
    cost.m_kib = (uint32_t)mk_kr_read_num(&t, "argon2id-m", 1, 1 << 21);
    mk_kr_read_hex(&t, "salt", salt + 16, 16);
    mk_kr_read_b64(&t, "bundle", bundle, sizeof bundle);
    ck_assert(!t.bad && t.left == 0);
    ck_assert_str_eq(origin, "proefkluis");
    memcpy(place.row, salt, MK_ID);
    mk_aad(aad, "MKW1", salt, &place);
    ck_assert_int_eq(mk_argon2(&p, word, salt + 16, cost, NULL), MK_OK);
    ck_assert_int_eq(mk_hkdf(&kek, MK_KEY, salt, 32, p, "mk1/logkeyfile", 14),
                     MK_OK);
    if (mk_env_unwrap(&out, kek, aad, sizeof aad, bundle, sizeof bundle,
                      NULL) != MK_OK)
        out = NULL;
    mk_secret_free(word);
    mk_secret_free(p);
    mk_secret_free(kek);
    return out;
}

START_TEST(the_key_file_opens_to_the_key_of_the_log)
{
    const struct mk_access access = {.purpose = 0};
    /* e with its accent apart: NFC makes one character of the two */
    const char typed[] = "geheime cafe\xcc\x81 in een zin";
    struct mk_secret *word = mk_secret_from(typed, sizeof typed - 1);
    struct mk_buf text = MK_BUF_INIT;
    uint8_t box[MK_PK], sign[MK_PK], pk[MK_PK];
    struct mk_secret *key;
    struct mk_vault *v;
    uint64_t before;

    vault_setup(&f);
    v = vault_as(&f, "auditor1");
    before = v->head.log_size;
    ck_assert_int_eq(mk_log_key(v, &access, word, &text, NULL), MK_OK);
    ck_assert_uint_eq(v->head.log_size, before + 2); /* and its session */
    ck_assert_ptr_null(open_key(&text, typed));
    key = open_key(&text, "geheime caf\xc3\xa9 in een zin");
    ck_assert_ptr_nonnull(key);
    ck_assert(mk_box_public(pk, key));
    mk_keyring_log_keys(v->keyring, box, sign);
    ck_assert_mem_eq(pk, box, MK_PK);
    mk_secret_free(key);
    mk_secret_free(word);
    mk_buf_release(&text);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        the_key_file_opens_to_the_key_of_the_log,
    };

    return UNIT_RUN("log_key", tests, start);
}
