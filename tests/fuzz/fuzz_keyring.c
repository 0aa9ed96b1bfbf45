/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A keyring or request that is read is written again to the byte; folded text
 * is valid text that folding does not change.
 */
#include "core/base/text.h"
#include "core/fold.h"
#include "core/keyring_impl.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void keyring(const uint8_t *p, size_t n)
{
    struct mk_keyring *k;
    struct mk_buf again = MK_BUF_INIT;
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = mk_keyring_parse(&k, p, n, &diag);

    if (rc != MK_OK) {
        CLAIM(!k && (rc == MK_E_DAMAGED || rc == MK_E_NEWER));
        return;
    }
    CLAIM(mk_keyring_format(k, &again) == MK_OK);
    CLAIM(again.len == n && memcmp(again.data, p, n) == 0);
    mk_buf_release(&again);
    mk_keyring_free(k);
}

static void request(const uint8_t *p, size_t n)
{
    struct mk_keyring *none = mk_kr_new(); /* of no store: none is for it */
    struct mk_kr_request r;
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc;

    CLAIM(none);
    rc = mk_kr_request_read(none, p, n, &r, &diag);
    CLAIM(rc == MK_E_SYNTAX || rc == MK_E_NEWER || rc == MK_E_TOO_LARGE ||
          rc == MK_E_OTHER_VAULT);
    mk_keyring_free(none);
}

static void folded(const uint8_t *p, size_t n)
{
    struct mk_buf once = MK_BUF_INIT;
    struct mk_buf twice = MK_BUF_INIT;
    bool text = mk_text_valid(p, n) == n;

    CLAIM((mk_fold_search(&once, p, n) == MK_OK) == text);
    CLAIM(mk_text_valid(once.data, once.len) == once.len);
    CLAIM(mk_fold_search(&twice, once.data, once.len) == MK_OK);
    CLAIM(mk_fold_finds(once.data, once.len, twice.data, twice.len) ==
          (twice.len > 0));
    mk_buf_clear(&once);
    if (mk_fold_name(&once, p, n, NULL) == MK_OK)
        CLAIM(mk_fold_name(&twice, once.data, once.len, NULL) == MK_OK);
    mk_buf_release(&once);
    mk_buf_release(&twice);
}

static void passphrase(const uint8_t *p, size_t n)
{
    struct mk_secret *typed = mk_secret_from(p, n);
    struct mk_secret *once = NULL;
    struct mk_secret *twice = NULL;

    CLAIM(typed);
    if (mk_fold_nfc(&once, typed, NULL) == MK_OK) {
        CLAIM(mk_fold_nfc(&twice, once, NULL) == MK_OK);
        CLAIM(mk_secret_len(once) == mk_secret_len(twice) &&
              memcmp(mk_secret_peek(once), mk_secret_peek(twice),
                     mk_secret_len(once)) == 0);
    }
    mk_secret_free(typed);
    mk_secret_free(once);
    mk_secret_free(twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready; /* a test program of one thread */
    if (!ready) {
        CLAIM(mk_crypto_init(NULL) == MK_OK);
        ready = true;
    }
    keyring(data, size);
    request(data, size);
    folded(data, size);
    if (size < 200)
        passphrase(data, size);
    return 0;
}
