/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of retention keys: its bytes, and its copies. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/bytes.h"
#include "core/retention.h"
#include "core/store/file.h"
#include "crypto/kdf.h"

#define RECORD MK_RETENTION_RECORD
#define HEADER MK_RETENTION_HEADER
/* The file is no table of the schema: its own number in the aad. */
#define TABLE_RETENTION 0xfff0u

static void aad_of(uint8_t out[static MK_AAD], const uint8_t *store,
                   const uint8_t *key_id, uint32_t year, uint32_t gen)
{
    struct mk_place place = {.table = TABLE_RETENTION, .version = 1};

    mk_put_u32(place.row + 8, year);
    mk_put_u32(place.row + 12, gen);
    memcpy(place.key_id, key_id, MK_ID);
    mk_aad(out, "MKW1", store, &place);
}

static enum mk_err file_key(const struct mk_vault *v,
                            const struct mk_secret *rd, struct mk_secret **out)
{
    static const char info[] = "mk1/retention";

    return mk_hkdf(out, MK_KEY, mk_keyring_store(v->keyring), MK_ID, rd, info,
                   sizeof info - 1);
}

/* --- where the copies are --- */

static size_t copies(const struct mk_vault *v)
{
    return v->places.n == 0 ? 1 : v->places.n;
}

void mk_retention_name_of(char out[static MK_RETENTION_NAME],
                          const struct mk_vault *v, bool outside)
{
    if (!outside) {
        snprintf(out, MK_RETENTION_NAME, "%s", MK_RETENTION_FILE);
        return;
    }
    mk_hex(out, mk_keyring_store(v->keyring), MK_ID);
    snprintf(out + (size_t)2 * MK_ID, MK_RETENTION_NAME - (size_t)2 * MK_ID,
             ".%s", MK_RETENTION_FILE);
}

static struct mk_docs docs_of(const struct mk_vault *v, size_t copy)
{
    struct mk_docs outside = MK_DOCS_NONE;

    if (v->places.n == 0)
        return v->docs;
    outside.dir = v->key_dir[copy];
    return outside;
}

bool mk_retention_reachable(const struct mk_vault *v, size_t copy)
{
    return v->places.n == 0 || v->key_dir[copy] >= 0;
}

/* --- reading --- */

enum mk_err mk_retention_read(const struct mk_vault *v, size_t copy,
                              struct mk_buf *text, struct mk_diag *diag)
{
    enum mk_err rc;
    char name[MK_RETENTION_NAME];
    const struct mk_docs docs = docs_of(v, copy);

    mk_retention_name_of(name, v, v->places.n != 0);
    if (!mk_retention_reachable(v, copy))
        return mk_fail(diag, MK_E_DAMAGED, MK_RETENTION_FILE);
    rc = mk_docs_read(&docs, name, HEADER + (size_t)MK_RETENTION_KEYS * RECORD,
                      text, diag);
    if (rc == MK_E_NOT_FOUND || rc == MK_E_TOO_LARGE)
        rc = mk_fail(diag, MK_E_DAMAGED, MK_RETENTION_FILE);
    return rc;
}

/* A reader that stands before the first of *count records. */
static enum mk_err begin(const struct mk_vault *v, const struct mk_buf *text,
                         struct mk_reader *r, uint32_t *count,
                         struct mk_diag *diag)
{
    uint8_t start[4 + MK_ID];

    mk_reader_init(r, text->data, text->len);
    mk_read_copy(r, start, sizeof start);
    *count = mk_read_u32(r);
    if (r->bad || memcmp(start, "MKR1", 4) != 0 ||
        memcmp(start + 4, mk_keyring_store(v->keyring), MK_ID) != 0 ||
        *count > MK_RETENTION_KEYS || r->left != (size_t)*count * RECORD)
        return mk_fail(diag, MK_E_DAMAGED, MK_RETENTION_FILE);
    return MK_OK;
}

/* Under any generation of R_D: the file may not have been written since the
 * newest came. */
static enum mk_err open_record(struct mk_vault *v, uint32_t year, uint32_t gen,
                               const uint8_t *env, struct mk_secret **rk,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    const size_t n = MK_KEY + MK_ENV_OVERHEAD;
    const struct mk_generations *all;
    const struct mk_generation *rd;
    struct mk_secret *key = NULL;
    uint8_t aad[MK_AAD];

    MK_TRY(mk_vault_generations(v, MK_KEY_RD, &all, diag));
    rd = mk_generation_at(all, mk_env_key_gen(env, n));
    if (rd == NULL)
        return mk_fail(diag, MK_E_DAMAGED, MK_RETENTION_FILE);
    MK_TRY(file_key(v, rd->secret, &key));
    aad_of(aad, mk_keyring_store(v->keyring), rd->id, year, gen);
    rc = mk_env_unwrap(rk, key, aad, sizeof aad, env, n, diag);
    if (rc == MK_E_DAMAGED)
        rc = mk_fail(diag, rc, MK_RETENTION_FILE);
out:
    mk_secret_free(key);
    return rc;
}

enum mk_err mk_retention_records(struct mk_vault *v, const struct mk_buf *text,
                                 mk_retention_each *each, void *ctx,
                                 struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_reader r;
    uint32_t count;

    MK_TRY(begin(v, text, &r, &count, diag));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t year = mk_read_u32(&r);
        uint32_t gen = mk_read_u32(&r);
        const uint8_t *sealed = mk_read_bytes(&r, MK_KEY + MK_ENV_OVERHEAD);
        struct mk_secret *rk = NULL;

        MK_TRY(open_record(v, year, gen, sealed, &rk, diag));
        MK_TRY(each(ctx, year, gen, rk));
    }
out:
    return rc;
}

/* Each record proves itself: store, year and generation are sealed into it. */
static enum mk_err salvage(struct mk_vault *v, const struct mk_buf *text,
                           mk_retention_each *each, void *ctx,
                           struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    for (size_t at = HEADER; at + RECORD <= text->len; at += RECORD) {
        struct mk_diag quiet = MK_DIAG_INIT;
        uint32_t year = mk_get_u32(text->data + at);
        uint32_t gen = mk_get_u32(text->data + at + 4);
        struct mk_secret *rk = NULL;

        rc = open_record(v, year, gen, text->data + at + 8, &rk, &quiet);
        if (rc == MK_E_MEMORY)
            return mk_fail(diag, rc, NULL);
        if (rc == MK_OK)
            rc = each(ctx, year, gen, rk);
        else
            rc = MK_OK;
        MK_TRY(rc);
    }
out:
    return rc;
}

enum mk_err mk_retention_salvage(struct mk_vault *v, mk_retention_each *each,
                                 void *ctx, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_buf text = MK_BUF_INIT;

    for (size_t i = 0; i < copies(v); i++) {
        struct mk_diag quiet = MK_DIAG_INIT;

        rc = mk_retention_read(v, i, &text, &quiet);
        if (rc == MK_E_MEMORY)
            rc = mk_fail(diag, rc, NULL);
        else
            rc = rc == MK_OK ? salvage(v, &text, each, ctx, diag) : MK_OK;
        MK_TRY(rc);
    }
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err remember(void *ctx, uint32_t year, uint32_t gen,
                            struct mk_secret *rk)
{
    return mk_retention_remember(ctx, year, gen, rk);
}

/* One good copy is enough to read; a key that only one has is a key. */
enum mk_err mk_retention_load(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_diag first = MK_DIAG_INIT;
    size_t good = 0;

    mk_retention_release(v);
    MK_TRY(mk_key_places_same(v, diag));
    for (size_t i = 0; i < copies(v); i++) {
        struct mk_diag why = MK_DIAG_INIT;

        rc = mk_retention_read(v, i, &text, &why);
        if (rc == MK_OK)
            rc = mk_retention_records(v, &text, remember, v, &why);
        if (rc == MK_E_MEMORY)
            break;
        good += rc == MK_OK;
        if (rc != MK_OK && first.err == MK_OK)
            first = why;
    }
    if (rc == MK_E_MEMORY) {
        rc = mk_fail(diag, rc, NULL);
    } else if (good == 0) {
        rc = first.err;
        if (diag != NULL)
            *diag = first;
    } else {
        rc = MK_OK;
        v->retention_at = v->head.log_size;
    }
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err add_names(struct mk_retention_names *names,
                             const struct mk_vault *v,
                             const struct mk_buf *text, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_reader r;
    struct mk_retention_name *grown;
    uint32_t count;

    MK_TRY(begin(v, text, &r, &count, diag));
    grown = realloc(names->v, (names->n + count + 1) * sizeof *grown);
    if (grown == NULL)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    names->v = grown;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t year = mk_read_u32(&r);
        uint32_t gen = mk_read_u32(&r);
        const uint8_t *env = mk_read_bytes(&r, MK_KEY + MK_ENV_OVERHEAD);

        names->under_old |= v->keys[MK_KEY_RD] != NULL &&
                            mk_env_key_gen(env, MK_KEY + MK_ENV_OVERHEAD) !=
                                v->key_gens[MK_KEY_RD];
        if (!mk_retention_named(names, year, gen))
            names->v[names->n++] = (struct mk_retention_name){year, gen};
    }
out:
    return rc;
}

enum mk_err mk_retention_names(const struct mk_vault *v,
                               struct mk_retention_names *names,
                               struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_buf text = MK_BUF_INIT;
    struct mk_diag first = MK_DIAG_INIT;

    *names = (struct mk_retention_names){.n = 0};
    for (size_t i = 0; i < copies(v); i++) {
        struct mk_diag why = MK_DIAG_INIT;
        size_t before = names->n;

        rc = mk_retention_read(v, i, &text, &why);
        if (rc == MK_OK)
            rc = add_names(names, v, &text, &why);
        names->differ |= i != 0 && (rc != MK_OK || names->n != before);
        names->good += rc == MK_OK;
        if (rc != MK_OK && first.err == MK_OK)
            first = why;
        if (i == 0)
            names->of_first = names->n;
        else if (rc == MK_OK) /* the first may have more than this one */
            names->differ |= text.len != HEADER + names->of_first * RECORD;
    }
    mk_buf_release(&text);
    if (names->good == copies(v))
        return MK_OK;
    names->differ = true;
    if (names->good != 0)
        return MK_OK;
    if (diag != NULL)
        *diag = first;
    return first.err;
}

bool mk_retention_named(const struct mk_retention_names *names, uint32_t year,
                        uint32_t gen)
{
    for (size_t i = 0; i < names->n; i++)
        if (names->v[i].year == year && names->v[i].gen == gen)
            return true;
    return false;
}

/* --- writing --- */

enum mk_err mk_retention_create(const struct mk_docs *docs,
                                const uint8_t store[static MK_ID],
                                struct mk_diag *diag)
{
    uint8_t header[HEADER] = "MKR1";

    memcpy(header + 4, store, MK_ID);
    return mk_docs_write(docs, MK_RETENTION_FILE, header, sizeof header, diag);
}

static enum mk_err encode(const struct mk_vault *v, struct mk_buf *text)
{
    enum mk_err rc;
    struct mk_secret *key = NULL;
    const uint8_t *store = mk_keyring_store(v->keyring);

    MK_TRY(file_key(v, v->keys[MK_KEY_RD], &key));
    MK_TRY(mk_buf_add(text, "MKR1", 4));
    MK_TRY(mk_buf_add(text, store, MK_ID));
    MK_TRY(mk_buf_add_u32(text, (uint32_t)v->n_retention));
    for (size_t i = 0; i < v->n_retention; i++) {
        const struct mk_retention_key *k = &v->retention[i];
        uint8_t aad[MK_AAD];

        aad_of(aad, store, v->key_ids[MK_KEY_RD], k->year, k->gen);
        MK_TRY(mk_buf_add_u32(text, k->year));
        MK_TRY(mk_buf_add_u32(text, k->gen));
        MK_TRY(mk_env_wrap(text, key, v->key_gens[MK_KEY_RD], aad, sizeof aad,
                           k->rk));
    }
out:
    mk_secret_free(key);
    return rc;
}

/* What stood in the file that fd holds open, whose name is gone.  Of use on
 * some disks, promised on none (SECURITY.md). */
static void overwrite(int fd)
{
    static const uint8_t zeros[4096];
    off_t left = lseek(fd, 0, SEEK_END);

    if (left <= 0 || lseek(fd, 0, SEEK_SET) != 0)
        return;
    while (left > 0) {
        size_t n = left < (off_t)sizeof zeros ? (size_t)left : sizeof zeros;
        ssize_t done = write(fd, zeros, n);

        if (done <= 0)
            return;
        left -= done;
    }
    (void)fsync(fd);
}

static enum mk_err write_copy(const struct mk_vault *v, size_t copy,
                              const struct mk_buf *text, bool erase,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_docs docs = docs_of(v, copy);
    int old = -1;
    char name[MK_RETENTION_NAME];

    mk_retention_name_of(name, v, v->places.n != 0);
    if (erase && docs.dir >= 0) /* what a server kept is beyond our reach */
        old = openat(docs.dir, name, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    rc = mk_docs_write(&docs, name, text->data, text->len, diag);
    if (rc == MK_OK && old >= 0)
        overwrite(old);
    if (old >= 0)
        close(old);
    return rc;
}

enum mk_err mk_retention_save(const struct mk_vault *v, bool erase,
                              struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_buf text = MK_BUF_INIT;

    for (size_t i = 0; i < copies(v); i++)
        if (!mk_retention_reachable(v, i))
            return mk_fail(diag, MK_E_KEY_GONE, v->places.path[i]);
    MK_TRY(encode(v, &text));
    for (size_t i = 0; i < copies(v); i++)
        MK_TRY(write_copy(v, i, &text, erase, diag));
out:
    mk_buf_release(&text);
    return rc;
}
