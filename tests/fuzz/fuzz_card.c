/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A text that is taken for a card is one to the letter: written again it is
 * the same card.  A refusal points into the card.  Statements about recovery
 * that are read are written again to the byte.
 */
#include "core/card.h"
#include "core/keyring_impl.h"
#include "crypto/bech32.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void card(const uint8_t *p, size_t n)
{
    static const struct mk_card_words words = {
        .origin = "oost", .holder = "", .n = 3};
    struct mk_card read;
    struct mk_card again;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_diag diag = MK_DIAG_INIT;
    enum mk_err rc = mk_card_read(&read, p, n, "card", &diag);

    if (rc != MK_OK) {
        CLAIM(!read.share.bytes && strcmp(diag.place, "card") == 0);
        CLAIM(rc == MK_E_CARD_FORM || rc == MK_E_CARD_TYPO ||
              rc == MK_E_CARD_SUM || rc == MK_E_CARD_LINE ||
              rc == MK_E_CARD_LENGTH);
        if (rc == MK_E_CARD_TYPO)
            CLAIM(diag.line >= 1 && diag.num[0] >= 1 && diag.num[0] <= 6);
        return;
    }
    CLAIM(mk_card_add(&text, &read, &words) == MK_OK);
    CLAIM(mk_card_read(&again, text.data, text.len, "card", NULL) == MK_OK);
    CLAIM(memcmp(read.store, again.store, MK_ID) == 0 &&
          read.set == again.set && read.threshold == again.threshold &&
          read.share.number == again.share.number &&
          mk_secret_equal(read.share.bytes, again.share.bytes));
    mk_card_release(&read);
    mk_card_release(&again);
    mk_buf_release(&text);
}

static void code(const uint8_t *p, size_t n)
{
    struct mk_bech32_result r;

    if (!mk_bech32m_check((const char *)p, n, &r))
        CLAIM(r.fault != MK_BECH32_NONE &&
              (r.at < n || r.at == MK_BECH32_NOWHERE));
}

static void statement(const uint8_t *p, size_t n)
{
    struct mk_kr_text t;
    struct mk_kr_statement st;
    struct mk_kr_statement twice;
    struct mk_buf once = MK_BUF_INIT;
    struct mk_buf again = MK_BUF_INIT;
    size_t n_signed;

    mk_kr_text_init(&t, p, n);
    mk_kr_statement_read(&t, &st);
    if (t.bad || st.type < MK_KR_SHARE || st.type > MK_KR_RECOVER)
        return;
    CLAIM(mk_kr_statement_add(&once, &st, &n_signed) == MK_OK);
    mk_kr_text_init(&t, once.data, once.len);
    mk_kr_statement_read(&t, &twice);
    CLAIM(!t.bad && t.left == 0);
    CLAIM(mk_kr_statement_add(&again, &twice, &n_signed) == MK_OK);
    CLAIM(once.len == again.len &&
          memcmp(once.data, again.data, once.len) == 0);
    mk_buf_release(&once);
    mk_buf_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready; /* a test program of one thread */
    if (!ready) {
        CLAIM(mk_crypto_init(NULL) == MK_OK);
        ready = true;
    }
    card(data, size);
    code(data, size);
    statement(data, size);
    return 0;
}
