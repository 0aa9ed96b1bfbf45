/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mark.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/store/file.h"

#define MARK_SIZE (4 + MK_HEAD + MK_SIG)
#define MARK_NAME (2 * MK_ID + 6)
#define LOCK_WAIT_MS 10000u

static void name_of(char out[static MARK_NAME],
                    const uint8_t store[static MK_ID], const char *suffix)
{
    mk_hex(out, store, MK_ID);
    snprintf(out + (size_t)2 * MK_ID, 6, "%s", suffix);
}

enum mk_err mk_mark_load(int state_dir, const uint8_t store[static MK_ID],
                         bool *found, struct mk_head_row *mark,
                         struct mk_diag *diag)
{
    enum mk_err rc;
    char name[MARK_NAME];
    struct mk_buf text = MK_BUF_INIT;
    struct mk_head head;

    *found = false;
    name_of(name, store, ".mark");
    rc = mk_file_read(state_dir, name, MARK_SIZE, &text, diag);
    if (rc == MK_E_NOT_FOUND) {
        rc = MK_OK;
        goto out;
    }
    if (rc != MK_OK && rc != MK_E_TOO_LARGE)
        goto out;
    if (rc != MK_OK || text.len != MARK_SIZE ||
        memcmp(text.data, "MKM1", 4) != 0) {
        rc = mk_fail(diag, MK_E_DAMAGED, "high-water mark");
        goto out;
    }
    memcpy(mark->body, text.data + 4, MK_HEAD);
    memcpy(mark->sig, text.data + 4 + MK_HEAD, MK_SIG);
    if (!mk_head_decode(&head, mark->body) ||
        memcmp(head.store, store, MK_ID) != 0) {
        rc = mk_fail(diag, MK_E_DAMAGED, "high-water mark");
        goto out;
    }
    mark->log_size = head.log_size;
    memcpy(mark->txid, head.txid, MK_ID);
    *found = true;
out:
    mk_buf_release(&text);
    return rc;
}

static bool is_newer(const struct mk_head_row *a, const struct mk_head_row *b)
{
    struct mk_head x;
    struct mk_head y;

    if (!mk_head_decode(&x, a->body) || !mk_head_decode(&y, b->body))
        return true;
    if (x.epoch != y.epoch)
        return x.epoch > y.epoch;
    return x.log_size > y.log_size;
}

enum mk_err mk_mark_raise(int state_dir, const uint8_t store[static MK_ID],
                          const struct mk_head_row *mark, struct mk_diag *diag)
{
    enum mk_err rc;
    int lock = -1;
    bool found;
    char name[MARK_NAME];
    struct mk_head_row old;
    uint8_t text[MARK_SIZE];

    name_of(name, store, ".lock");
    MK_TRY(mk_file_lock(&lock, state_dir, name, LOCK_WAIT_MS, diag));
    MK_TRY(mk_mark_load(state_dir, store, &found, &old, diag));
    if (found && !is_newer(mark, &old))
        goto out;
    memcpy(text, "MKM1", 4);
    memcpy(text + 4, mark->body, MK_HEAD);
    memcpy(text + 4 + MK_HEAD, mark->sig, MK_SIG);
    name_of(name, store, ".mark");
    /* An older mark is a true one; waiting for the folder as well would cost
     * each commit a sixth of its time. */
    MK_TRY(mk_file_renew(state_dir, name, text, sizeof text, diag));
out:
    if (lock >= 0)
        close(lock);
    return rc;
}
