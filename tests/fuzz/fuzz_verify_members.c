/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two readers of the members document that were written apart: a keyring that
 * the vault proves, meldkluis-verify proves too, with the same hashes; a
 * statement has the form for both or for neither.
 */
#include "cmd/verify/members.h"
#include "core/base/text.h"
#include "core/keyring_impl.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

static void document(const uint8_t *p, size_t n)
{
    struct mk_vf_members m;
    struct mk_keyring *k = NULL;
    uint8_t hash[MK_HASH];
    const uint8_t *slots = memmem(p, n, "\nslots:\n", 8);
    const size_t n_members = slots ? (size_t)(slots + 1 - p) : n;
    const bool proven = mk_keyring_parse(&k, p, n, NULL) == MK_OK;

    CLAIM(mk_vf_members_parse(&m, p, n_members) == MK_OK);
    if (proven) {
        CLAIM(!m.why && m.serial == mk_keyring_serial(k));
        CLAIM(memcmp(m.store, mk_keyring_store(k), MK_ID) == 0);
        CLAIM(m.n == mk_keyring_count(k));
    }
    for (uint64_t s = 1; proven && s <= m.serial; s++)
        CLAIM(mk_keyring_members_hash_at(k, s, hash) &&
              memcmp(hash, m.hash[s], MK_HASH) == 0);
    for (size_t i = 0; proven && i < m.n; i++)
        CLAIM(mk_vf_roles_at(&m.member[i], m.serial) ==
              mk_keyring_roles(k, m.member[i].id));
    mk_vf_members_release(&m);
    mk_keyring_free(k);
}

/* Empty values are refused by rules there, by the form here. */
static bool has_nothing(const struct mk_kr_statement *st, const char *text,
                        size_t n)
{
    return memmem(text, n, ": \n", 3) || memmem(text, n, "roles:\n", 7) ||
           (st->type == MK_KR_GENESIS && st->n_custodians == 0);
}

static void statement(const char *text, size_t n)
{
    struct mk_vf_statement a;
    struct mk_kr_statement b;
    struct mk_kr_text t;
    struct mk_buf again = MK_BUF_INIT;
    size_t n_signed;
    const bool ours = mk_vf_statement_read(&a, text, n) == MK_VF_FINE;
    bool theirs;

    mk_kr_text_init(&t, text, n);
    mk_kr_statement_read(&t, &b);
    theirs = !t.bad && mk_kr_statement_add(&again, &b, &n_signed) == MK_OK &&
             again.len == (size_t)(t.p - text) &&
             memcmp(again.data, text, again.len) == 0;
    if (ours) {
        CLAIM(theirs && a.n_lines == again.len && a.n_signed == n_signed);
        CLAIM((unsigned)a.serial == (unsigned)b.serial);
    } else if (theirs) {
        CLAIM(has_nothing(&b, text, again.len));
    }
    mk_buf_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready; /* a test program of one thread */
    const char *text = (const char *)data, *at;
    size_t n = size;

    if (!ready) {
        CLAIM(mk_crypto_init(NULL) == MK_OK);
        ready = true;
    }
    document(data, size);
    if (mk_text_valid(data, size) != size)
        return 0;
    /* each statement, wherever it begins */
    while ((at = memmem(text, n, "serial: ", 8)) != NULL) {
        n -= (size_t)(at - text);
        text = at;
        statement(text, n);
        text += 8;
        n -= 8;
    }
    return 0;
}
