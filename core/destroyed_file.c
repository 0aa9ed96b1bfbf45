/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/destroy.h"
#include "core/store/file.h"

#define HEADER (4 + MK_ID + 4)
#define FILE_MAX ((size_t)64 << 20)
#define NAME (2 * MK_ID + sizeof ".destroyed.lock")
#define PLACE "list of destroyed dossiers"
#define LOCK_WAIT_MS 10000u

static void name_of(char out[static NAME], const struct mk_vault *v,
                    const char *suffix)
{
    mk_hex(out, mk_keyring_store(v->keyring), MK_ID);
    snprintf(out + (size_t)2 * MK_ID, NAME - (size_t)2 * MK_ID, "%s", suffix);
}

void mk_buried_release(struct mk_buried *b)
{
    if (b == NULL)
        return;
    free(b->v);
    mk_buf_release(&b->records);
    free(b);
}

const struct mk_destroyed_record *mk_buried_find(
    const struct mk_buried *b, const uint8_t dossier[static MK_ID])
{
    for (size_t i = 0; i < b->n; i++)
        if (memcmp(b->v[i].approval.dossier, dossier, MK_ID) == 0)
            return &b->v[i];
    return NULL;
}

bool mk_buried_has(const struct mk_buried *b, const struct mk_dossier_row *row)
{
    const struct mk_destroyed_record *r = mk_buried_find(b, row->id);

    return r != NULL &&
           mk_approval_reaches(&r->approval, row->entries, row->chain);
}

/* Behind those that are there.  E_DAMAGED: no record of this vault. */
static enum mk_err add(struct mk_buried *b, const uint8_t *store,
                       const struct mk_blob *record)
{
    enum mk_err rc;
    struct mk_destroyed_record *grown =
        realloc(b->v, (b->n + 1) * sizeof *grown);

    if (grown == NULL)
        return MK_E_MEMORY;
    b->v = grown;
    if (record->n > UINT16_MAX ||
        !mk_destroyed_parse(&b->v[b->n], record, store))
        return MK_E_DAMAGED;
    MK_TRY(mk_buf_add_u16(&b->records, (uint16_t)record->n));
    MK_TRY(mk_buf_add(&b->records, record->p, record->n));
    b->n++;
out:
    return rc;
}

static enum mk_err parse(struct mk_buried *b, const uint8_t *store,
                         const struct mk_buf *text)
{
    enum mk_err rc = MK_OK;
    struct mk_reader r;
    uint8_t start[4 + MK_ID];
    uint32_t count;

    mk_reader_init(&r, text->data, text->len);
    mk_read_copy(&r, start, sizeof start);
    count = mk_read_u32(&r);
    if (r.bad || memcmp(start, "MKB1", 4) != 0 ||
        memcmp(start + 4, store, MK_ID) != 0)
        return MK_E_DAMAGED;
    for (uint32_t i = 0; i < count && !r.bad; i++) {
        size_t n = mk_read_u16(&r);
        const struct mk_blob record = {mk_read_bytes(&r, n), n};

        if (record.p == NULL)
            return MK_E_DAMAGED;
        MK_TRY(add(b, store, &record));
    }
    if (!mk_reader_done(&r))
        rc = MK_E_DAMAGED;
out:
    return rc;
}

enum mk_err mk_buried_load(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_buried *b;
    char name[NAME];

    if (v->buried != NULL)
        return MK_OK;
    b = calloc(1, sizeof *b);
    if (b == NULL)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    name_of(name, v, ".destroyed");
    rc = mk_file_read(v->state, name, FILE_MAX, &text, diag);
    if (rc == MK_OK) {
        rc = parse(b, mk_keyring_store(v->keyring), &text);
        if (rc != MK_OK)
            rc = mk_fail(diag, rc, PLACE);
    } else if (rc == MK_E_NOT_FOUND) {
        rc = MK_OK;
    }
    mk_buf_release(&text);
    if (rc == MK_OK)
        v->buried = b;
    else
        mk_buried_release(b);
    return rc;
}

static enum mk_err save(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_buf text = MK_BUF_INIT;
    char name[NAME];

    name_of(name, v, ".destroyed");
    MK_TRY(mk_buf_add(&text, "MKB1", 4));
    MK_TRY(mk_buf_add(&text, mk_keyring_store(v->keyring), MK_ID));
    MK_TRY(mk_buf_add_u32(&text, (uint32_t)v->buried->n));
    MK_TRY(mk_buf_add(&text, v->buried->records.data, v->buried->records.len));
    MK_TRY(mk_file_replace(v->state, name, text.data, text.len, diag));
out:
    mk_buf_release(&text);
    return rc;
}

/* Read anew under a lock of its own: another run of this account may be
 * writing. */
static enum mk_err begin(struct mk_vault *v, int *lock, struct mk_diag *diag)
{
    enum mk_err rc;
    char name[NAME];

    name_of(name, v, ".destroyed.lock");
    MK_TRY(mk_file_lock(lock, v->state, name, LOCK_WAIT_MS, diag));
    mk_buried_release(v->buried);
    v->buried = NULL;
    MK_TRY(mk_buried_load(v, diag));
out:
    return rc;
}

/* What is new of the register; *ctx grows. */
struct news {
    struct mk_vault *v;
    bool any;
};

static enum mk_err take_new(void *ctx, const struct mk_register_row *row,
                            struct mk_diag *diag)
{
    enum mk_err rc;
    struct news *n = ctx;
    const uint8_t *store = mk_keyring_store(n->v->keyring);
    struct mk_destroyed_record r;

    if (!mk_destroyed_parse(&r, &row->body, store))
        return mk_fail_at(diag, MK_E_TAMPERED, "register (destruction)", 0,
                          (int64_t)row->seq, row->kind);
    if (mk_buried_find(n->v->buried, r.approval.dossier) != NULL)
        return MK_OK;
    rc = add(n->v->buried, store, &row->body);
    n->any = n->any || rc == MK_OK;
    return rc == MK_OK ? rc : mk_fail(diag, rc, PLACE);
}

enum mk_err mk_buried_note(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;
    int lock = -1;
    struct news n = {.v = v};

    MK_TRY(begin(v, &lock, diag));
    MK_TRY(mk_register_walk(v, MK_REGISTER_DESTROYED, take_new, &n, diag));
    if (n.any)
        MK_TRY(save(v, diag));
out:
    if (lock >= 0)
        close(lock);
    if (rc != MK_OK) { /* read again what is on the disk */
        mk_buried_release(v->buried);
        v->buried = NULL;
    }
    return rc;
}

enum mk_err mk_buried_add(struct mk_vault *v, const struct mk_blob *record,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    int lock = -1;
    const uint8_t *store = mk_keyring_store(v->keyring);
    struct mk_destroyed_record r;

    if (!mk_destroyed_parse(&r, record, store))
        return mk_fail(diag, MK_E_CERTIFICATE, NULL);
    MK_TRY(begin(v, &lock, diag));
    if (mk_buried_find(v->buried, r.approval.dossier) != NULL)
        goto out;
    rc = add(v->buried, store, record);
    if (rc != MK_OK)
        rc = mk_fail(diag, rc, PLACE);
    else
        rc = save(v, diag);
out:
    if (lock >= 0)
        close(lock);
    if (rc != MK_OK) {
        mk_buried_release(v->buried);
        v->buried = NULL;
    }
    return rc;
}
