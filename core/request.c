/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A request to be admitted: the person makes his own keys and his slot, and
 * signs with the key he asks a custodian to certify.  It gives no right.
 */
#include "core/keyring_impl.h"

#include <string.h>

#include "core/base/text.h"
#include "core/fold.h"

static enum mk_err request_add(struct mk_buf *out,
                               const struct mk_kr_request *r)
{
    enum mk_err rc;
    size_t n_signed;

    MK_TRY(mk_buf_add_str(out, MK_REQUEST_HEADER));
    MK_TRY(mk_kr_add_hex(out, "store", r->store, MK_ID));
    MK_TRY(mk_kr_person_add(out, &r->person));
    MK_TRY(mk_kr_slot_add(out, &r->slot, &n_signed));
out:
    return rc;
}

enum mk_err mk_kr_name_unlike(const struct mk_keyring *k, const char *name,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_member *same = mk_keyring_by_name(k, name);
    struct mk_buf mine = MK_BUF_INIT;
    struct mk_buf theirs = MK_BUF_INIT;

    MK_TRY(mk_fold_search(&mine, name, strlen(name)));
    for (size_t i = 0; i < k->n_persons && mine.len != 0; i++) {
        const struct mk_member *m = &k->person[i].m;

        mk_buf_clear(&theirs);
        MK_TRY(mk_fold_search(&theirs, m->name, strlen(m->name)));
        if (m != same && mine.len == theirs.len &&
            memcmp(mine.data, theirs.data, mine.len) == 0) {
            rc = mk_fail(diag, MK_E_NAME_LIKE, m->name);
            goto out;
        }
    }
out:
    mk_buf_release(&mine);
    mk_buf_release(&theirs);
    return rc;
}

static enum mk_err fill(struct mk_kr_request *r, const struct mk_keyring *k,
                        const char *name, struct mk_identity *who,
                        const struct mk_secret *passphrase,
                        struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf nfc = MK_BUF_INIT;

    MK_TRY(mk_fold_name(&nfc, name, strlen(name), diag));
    memcpy(r->person.name, nfc.data, nfc.len);
    if (mk_keyring_by_name(k, r->person.name)) {
        rc = mk_fail(diag, MK_E_EXISTS, "name");
        goto out;
    }
    MK_TRY(mk_kr_name_unlike(k, r->person.name, diag));
    memcpy(r->store, k->store, MK_ID);
    MK_TRY(mk_kr_identity_make(who, r->person.box, r->person.sign));
    memcpy(r->person.id, who->id, MK_ID);
    MK_TRY(mk_kr_slot_make(&r->slot, k->store, who, passphrase, 1, 1, diag));
out:
    mk_buf_release(&nfc);
    return rc;
}

enum mk_err mk_request_make(const struct mk_keyring *k, const char *name,
                            const struct mk_secret *passphrase,
                            struct mk_buf *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_identity who = {.box = NULL};
    struct mk_kr_request r;
    struct mk_buf text = MK_BUF_INIT;
    uint8_t sig[MK_SIG];

    memset(&r, 0, sizeof r);
    MK_TRY(fill(&r, k, name, &who, passphrase, diag));
    MK_TRY(request_add(&text, &r));
    MK_TRY(mk_sign(sig, who.sign, MK_KR_CTX_REQUEST, text.data, text.len));
    MK_TRY(mk_kr_add_b64(&text, "sig", sig, MK_SIG));
    MK_TRY(mk_buf_add(out, text.data, text.len));
out:
    mk_identity_release(&who);
    mk_buf_release(&text);
    mk_crypto_wipe(&r, sizeof r);
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, "request") : rc;
}

/* --- reading --- */

static enum mk_err bad(struct mk_diag *diag, const char *place, uint64_t line)
{
    return mk_fail_at(diag, MK_E_SYNTAX, place, line, 0, 0);
}

static enum mk_err read_form(struct mk_kr_text *t, struct mk_kr_request *r,
                             uint8_t sig[static MK_SIG], struct mk_diag *diag)
{
    uint64_t version = mk_kr_read_num(t, "meldkluis-request", 1, INT32_MAX);

    if (!t->bad && version > 1)
        return mk_fail_at(diag, MK_E_NEWER, "request", t->line,
                          (int64_t)version, 1);
    mk_kr_read_hex(t, "store", r->store, MK_ID);
    mk_kr_person_read(t, &r->person);
    if (!t->bad)
        mk_kr_slot_read(t, &r->slot);
    if (t->newer)
        return mk_fail_at(diag, MK_E_NEWER, "request", t->line, 2, 1);
    mk_kr_read_b64(t, "sig", sig, MK_SIG);
    if (t->bad || t->left > 0)
        return bad(diag, "request", t->line);
    return MK_OK;
}

enum mk_err mk_kr_request_read(const struct mk_keyring *k, const void *text,
                               size_t n, struct mk_kr_request *out,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_kr_text t;
    struct mk_buf again = MK_BUF_INIT;
    uint8_t sig[MK_SIG];
    size_t n_signed;

    memset(out, 0, sizeof *out);
    if (n > MK_REQUEST_MAX)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "request", 0, MK_REQUEST_MAX,
                          0);
    if (mk_text_valid(text, n) != n)
        return bad(diag, "request", 0);
    mk_kr_text_init(&t, text, n);
    MK_TRY(read_form(&t, out, sig, diag));
    MK_TRY(request_add(&again, out));
    n_signed = again.len;
    MK_TRY(mk_kr_add_b64(&again, "sig", sig, MK_SIG));
    if (again.len != n || memcmp(again.data, text, n) != 0)
        rc = bad(diag, "request", 0);
    else if (!mk_sign_ok(sig, out->person.sign, MK_KR_CTX_REQUEST, text,
                         n_signed))
        rc = bad(diag, "request, signature", t.line);
    else if (memcmp(out->store, k->store, MK_ID) != 0)
        rc = mk_fail(diag, MK_E_OTHER_VAULT, "request");
    else if (out->slot.number != 1 || out->slot.counter != 1 ||
             mk_kr_slot_check(&out->slot, k->store, out->person.id,
                              out->person.sign))
        rc = bad(diag, "request, slot", 0);
out:
    mk_buf_release(&again);
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, "request") : rc;
}

enum mk_err mk_request_read(const struct mk_keyring *k, const void *request,
                            size_t n, struct mk_member *out,
                            struct mk_diag *diag)
{
    struct mk_kr_request r;
    enum mk_err rc = mk_kr_request_read(k, request, n, &r, diag);

    memset(out, 0, sizeof *out);
    if (rc != MK_OK)
        return rc;
    memcpy(out->id, r.person.id, MK_ID);
    memcpy(out->name, r.person.name, sizeof out->name);
    memcpy(out->box, r.person.box, MK_PK);
    memcpy(out->sign, r.person.sign, MK_PK);
    return MK_OK;
}
