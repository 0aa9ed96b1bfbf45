/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/failed.h"

#include <string.h>

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "crypto/sign.h"

#define HEADER 12u
#define MAX_RECORDS 256u
#define PLAIN (MK_FAILED_RECORD - MK_ID - MK_BOX_OVERHEAD)
#define FILE_MAX (HEADER + MAX_RECORDS * MK_FAILED_RECORD)
#define LOCK_WAIT_MS 2000u

/* Not ours or cut: begins anew rather than stop somebody from working.  What
 * cannot be read may be whole. */
static enum mk_err load(const struct mk_vault *v, struct mk_buf *text,
                        struct mk_diag *diag)
{
    enum mk_err rc;
    static const uint8_t empty[HEADER] = "MKF1";

    rc = mk_docs_read(&v->docs, MK_FAILED_FILE, FILE_MAX, text, diag);
    if (rc == MK_OK && text->len >= HEADER &&
        memcmp(text->data, "MKF1", 4) == 0 &&
        (text->len - HEADER) % MK_FAILED_RECORD == 0)
        return MK_OK;
    if (rc != MK_OK && rc != MK_E_NOT_FOUND && rc != MK_E_PERMISSIONS &&
        rc != MK_E_TOO_LARGE)
        return rc;
    mk_buf_clear(text);
    return mk_buf_add(text, empty, HEADER);
}

static enum mk_err make_record(const struct mk_vault *v, const uint8_t *member,
                               uint8_t out[static MK_FAILED_RECORD])
{
    uint8_t plain[PLAIN] = "MKF1";
    uint8_t box[MK_PK];
    uint8_t sign[MK_PK];

    mk_random(out, MK_ID);
    memcpy(plain + 4, mk_keyring_store(v->keyring), MK_ID);
    memcpy(plain + 20, out, MK_ID);
    mk_put_u64(plain + 36, (uint64_t)mk_clock_now());
    if (member != NULL)
        memcpy(plain + 44, member, MK_ID);
    mk_keyring_log_keys(v->keyring, box, sign);
    return mk_box_seal(out + MK_ID, box, plain, sizeof plain);
}

void mk_failed_note(const struct mk_vault *v, const uint8_t *member)
{
    enum mk_err rc = MK_OK;
    struct mk_buf text = MK_BUF_INIT;
    uint8_t record[MK_FAILED_RECORD];
    struct mk_docs_hold hold;

    if (mk_docs_hold(&hold, &v->docs, "failed.lock", LOCK_WAIT_MS, NULL) !=
        MK_OK)
        return;
    if (load(v, &text, NULL) == MK_OK &&
        make_record(v, member, record) == MK_OK) {
        if (text.len >= FILE_MAX)
            mk_put_u64(text.data + 4, mk_get_u64(text.data + 4) + 1);
        else
            rc = mk_buf_add(&text, record, sizeof record);
        if (rc == MK_OK)
            rc = mk_docs_write(&v->docs, MK_FAILED_FILE, text.data, text.len,
                               NULL);
    }
    rc = mk_docs_let_go(&hold, NULL);
    (void)rc; /* see the header: nobody to tell */
    mk_buf_release(&text);
}

enum mk_err mk_failed_walk(const struct mk_vault *v, mk_failed_each *each,
                           void *ctx, size_t *n, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;

    *n = 0;
    MK_TRY(load(v, &text, diag));
    for (size_t at = HEADER; at < text.len; at += MK_FAILED_RECORD) {
        MK_TRY(each(ctx, text.data + at, diag));
        ++*n;
    }
out:
    mk_buf_release(&text);
    return rc;
}

void mk_failed_clear(const struct mk_vault *v, size_t n)
{
    struct mk_buf text = MK_BUF_INIT;
    size_t gone = n * MK_FAILED_RECORD;
    struct mk_docs_hold hold;
    enum mk_err rc;

    rc = mk_docs_hold(&hold, &v->docs, "failed.lock", LOCK_WAIT_MS, NULL);
    if (rc != MK_OK)
        return; /* taken in twice at worst; ids tell */
    rc = load(v, &text, NULL);
    if (rc == MK_OK && text.len > HEADER + gone) {
        memmove(text.data + HEADER, text.data + HEADER + gone,
                text.len - HEADER - gone);
        rc = mk_docs_write(&v->docs, MK_FAILED_FILE, text.data,
                           text.len - gone, NULL);
    } else if (rc == MK_OK) {
        rc = mk_docs_remove(&v->docs, MK_FAILED_FILE, NULL);
    }
    rc = mk_docs_let_go(&hold, NULL);
    (void)rc;
    mk_buf_release(&text);
}

enum mk_err mk_failed_open(const struct mk_vault *v,
                           const uint8_t record[static MK_FAILED_RECORD],
                           const struct mk_secret *rl_box,
                           struct mk_log_item *out, struct mk_diag *diag)
{
    enum mk_err rc;
    uint8_t plain[PLAIN];

    MK_TRY(mk_box_open(plain, rl_box, record + MK_ID, MK_FAILED_RECORD - MK_ID,
                       diag));
    if (memcmp(plain, "MKF1", 4) != 0 ||
        memcmp(plain + 4, mk_keyring_store(v->keyring), MK_ID) != 0 ||
        memcmp(plain + 20, record, MK_ID) != 0) {
        rc = mk_fail(diag, MK_E_DAMAGED, MK_FAILED_FILE);
        goto out;
    }
    out->time_ms = (int64_t)mk_get_u64(plain + 36);
    memcpy(out->object, plain + 44, MK_ID);
    out->kind = MK_AUDIT_UNLOCK_FAILED;
    out->outcome = MK_OUTCOME_REFUSED;
out:
    mk_crypto_wipe(plain, sizeof plain);
    return rc;
}
