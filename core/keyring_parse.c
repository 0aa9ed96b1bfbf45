/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 *   meldkluis-keyring: 1
 *                              a blank line before each part
 *   serial: 1 ... sig: ...     statements (members_hash)
 *
 *   slots:                     from here to the end: slots_hash
 *
 *   user: ... slot-sig: ...    one slot a member, or two, in the order of
 *                              members
 */
#include "core/keyring_recovery_impl.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/text.h"
#include "crypto/hash.h"

struct mk_keyring *mk_kr_new(void)
{
    struct mk_keyring *k = calloc(1, sizeof *k);
    if (!k)
        return NULL;
    k->hash = mk_kr_grow(NULL, &k->hash_cap, 1, sizeof *k->hash);
    if (!k->hash || mk_buf_add_str(&k->members, MK_KR_HEADER) != MK_OK) {
        mk_keyring_free(k);
        return NULL;
    }
    mk_sha256(k->hash[0], k->members.data, k->members.len);
    return k;
}

static void release(struct mk_keyring *k)
{
    mk_buf_release(&k->members);
    if (k->person)
        mk_crypto_wipe(k->person, k->cap_persons * sizeof *k->person);
    free(k->person);
    free(k->wrap);
    free(k->key);
    free(k->stage);
    free(k->hash);
    mk_crypto_wipe(k, sizeof *k);
}

void mk_keyring_free(struct mk_keyring *k)
{
    if (!k)
        return;
    release(k);
    free(k);
}

void mk_kr_take(struct mk_keyring *to, struct mk_keyring *from)
{
    release(to);
    memcpy(to, from, sizeof *to);
    free(from);
}

static void *copy_of(const void *p, size_t n)
{
    void *q = calloc(1, n ? n : 1);
    if (q && n)
        memcpy(q, p, n);
    return q;
}

enum mk_err mk_keyring_copy(struct mk_keyring **out,
                            const struct mk_keyring *k)
{
    struct mk_keyring *c = calloc(1, sizeof *c);

    *out = NULL;
    if (!c)
        return MK_E_MEMORY;
    *c = *k;
    mk_buf_init(&c->members);
    c->person = copy_of(k->person, k->cap_persons * sizeof *k->person);
    c->wrap = copy_of(k->wrap, k->cap_wraps * sizeof *k->wrap);
    c->key = copy_of(k->key, k->cap_keys * sizeof *k->key);
    c->stage = copy_of(k->stage, k->cap_stages * sizeof *k->stage);
    c->hash = copy_of(k->hash, k->hash_cap * sizeof *k->hash);
    if (!c->person || !c->wrap || !c->key || !c->stage || !c->hash ||
        mk_buf_add(&c->members, k->members.data, k->members.len) != MK_OK) {
        mk_keyring_free(c);
        return MK_E_MEMORY;
    }
    *out = c;
    return MK_OK;
}

static enum mk_err format_slots(const struct mk_keyring *k, struct mk_buf *out)
{
    enum mk_err rc;
    size_t n_signed;

    MK_TRY(mk_buf_add_str(out, MK_KR_SLOTS));
    for (size_t i = 0; i < k->n_persons; i++)
        for (unsigned number = 1; number <= MK_KR_SLOT_NUMBERS; number++) {
            if (number > 1 && !mk_kr_has_slot(&k->person[i], number))
                continue;
            MK_TRY(mk_buf_add_str(out, "\n"));
            MK_TRY(mk_kr_slot_add(out, &k->person[i].slot[number - 1],
                                  &n_signed));
        }
out:
    return rc;
}

enum mk_err mk_keyring_format_members(const struct mk_keyring *k,
                                      struct mk_buf *out)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add(out, k->members.data, k->members.len));
    MK_TRY(mk_buf_add_str(out, "\n"));
out:
    return rc;
}

enum mk_err mk_keyring_format(const struct mk_keyring *k, struct mk_buf *out)
{
    enum mk_err rc;
    MK_TRY(mk_keyring_format_members(k, out));
    MK_TRY(format_slots(k, out));
out:
    return rc;
}

enum mk_err mk_kr_slots_changed(struct mk_keyring *k)
{
    struct mk_buf text = MK_BUF_INIT;
    enum mk_err rc = format_slots(k, &text);
    if (rc == MK_OK)
        mk_sha256(k->slots_hash, text.data, text.len);
    mk_buf_release(&text);
    return rc;
}

/* --- reading --- */

static enum mk_err refused(struct mk_diag *diag, enum mk_err err,
                           const char *why, const struct mk_kr_text *t,
                           uint64_t serial)
{
    return mk_fail_at(diag, err, why, t->line, (int64_t)serial,
                      err == MK_E_NEWER && serial > 0 ? (int64_t)serial - 1
                                                      : 0);
}

static enum mk_err parse_header(struct mk_kr_text *t, struct mk_diag *diag)
{
    static const char name[] = "meldkluis-keyring: ";
    uint64_t version;

    if (!mk_kr_ahead(t, name))
        return refused(diag, MK_E_DAMAGED, MK_WHY_FORM, t, 0);
    version = mk_kr_read_num(t, "meldkluis-keyring", 1, INT32_MAX);
    if (t->bad)
        return refused(diag, MK_E_DAMAGED, MK_WHY_FORM, t, 0);
    if (version > 1)
        return mk_fail_at(diag, MK_E_NEWER, MK_WHY_VERSION, t->line,
                          (int64_t)version, 1);
    return MK_OK;
}

/* What was written again must be what was read. */
static bool same_bytes(const struct mk_buf *again, const char *p,
                       const char *end)
{
    size_t n = (size_t)(end - p);
    return again->len == n && memcmp(again->data, p, n) == 0;
}

static enum mk_err parse_statement(struct mk_keyring *k, struct mk_kr_text *t,
                                   struct mk_diag *diag)
{
    enum mk_err rc;
    uint64_t serial = k->serial + 1;
    const char *began = t->p;
    struct mk_kr_statement st;
    struct mk_kr_refusal no;
    struct mk_buf again = MK_BUF_INIT;
    size_t n_signed;

    mk_kr_statement_read(t, &st);
    if (t->bad)
        return refused(diag, t->newer ? MK_E_NEWER : MK_E_DAMAGED,
                       t->newer ? MK_WHY_TYPE : MK_WHY_FORM, t, serial);
    MK_TRY(mk_kr_statement_add(&again, &st, &n_signed));
    if (!same_bytes(&again, began, t->p)) {
        rc = refused(diag, MK_E_DAMAGED, MK_WHY_FORM, t, serial);
        goto out;
    }
    rc = mk_kr_apply(k, &st, &no);
    if (rc != MK_OK)
        rc = refused(diag, rc == MK_E_MEMORY ? rc : MK_E_DAMAGED, no.why, t,
                     serial);
out:
    mk_buf_release(&again);
    return rc;
}

static enum mk_err parse_slot(struct mk_keyring *k, struct mk_kr_member *p,
                              unsigned number, struct mk_kr_text *t,
                              struct mk_diag *diag)
{
    struct mk_kr_slot *slot = &p->slot[number - 1];
    enum mk_err rc;
    const char *began = t->p;
    const char *why = NULL;
    struct mk_buf again = MK_BUF_INIT;
    size_t n_signed;

    mk_kr_slot_read(t, slot);
    if (t->bad)
        return refused(diag, t->newer ? MK_E_NEWER : MK_E_DAMAGED, MK_WHY_SLOT,
                       t, 0);
    MK_TRY(mk_kr_slot_add(&again, slot, &n_signed));
    if (!same_bytes(&again, began, t->p))
        why = MK_WHY_FORM;
    else
        why = mk_kr_slot_check(slot, k->store, p->m.id, p->m.sign);
    if (!why)
        why = mk_kr_slot_stated(slot, number, p);
    if (why)
        rc = refused(diag, MK_E_DAMAGED, why, t, 0);
out:
    mk_buf_release(&again);
    return rc;
}

static enum mk_err parse_all(struct mk_keyring *k, struct mk_kr_text *t,
                             struct mk_diag *diag)
{
    enum mk_err rc;

    MK_TRY(parse_header(t, diag));
    mk_kr_expect(t, "\n");
    while (!t->bad && !mk_kr_ahead(t, MK_KR_SLOTS)) {
        MK_TRY(parse_statement(k, t, diag));
        mk_kr_expect(t, "\n");
    }
    mk_kr_expect(t, MK_KR_SLOTS);
    if (t->bad)
        return refused(diag, MK_E_DAMAGED, MK_WHY_FORM, t, 0);
    if (!k->opened)
        return refused(diag, MK_E_DAMAGED, MK_WHY_OPENED, t, k->serial);
    if (mk_kr_recovery_unfinished(k))
        return refused(diag, MK_E_DAMAGED, MK_WHY_RECOVERY, t, k->serial);
    if (k->rotating)
        return refused(diag, MK_E_DAMAGED, MK_WHY_ROTATION, t, k->serial);
    for (size_t i = 0; i < k->n_persons; i++)
        for (unsigned number = 1; number <= MK_KR_SLOT_NUMBERS; number++) {
            if (number > 1 && !mk_kr_has_slot(&k->person[i], number))
                continue;
            mk_kr_expect(t, "\n");
            MK_TRY(parse_slot(k, &k->person[i], number, t, diag));
        }
    if (t->left > 0)
        return refused(diag, MK_E_DAMAGED, MK_WHY_FORM, t, 0);
    rc = mk_kr_slots_changed(k);
out:
    return rc;
}

enum mk_err mk_keyring_parse(struct mk_keyring **out, const void *text,
                             size_t n, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_kr_text t;
    struct mk_keyring *k;

    *out = NULL;
    mk_kr_text_init(&t, text, n);
    if (n > MK_KEYRING_MAX)
        return refused(diag, MK_E_DAMAGED, MK_WHY_SIZE, &t, 0);
    if (mk_text_valid(text, n) != n)
        return refused(diag, MK_E_DAMAGED, MK_WHY_FORM, &t, 0);
    k = mk_kr_new();
    if (!k)
        return mk_fail(diag, MK_E_MEMORY, "keyring");
    rc = parse_all(k, &t, diag);
    if (rc == MK_OK) {
        *out = k;
        k = NULL;
    } else if (rc == MK_E_MEMORY) {
        mk_fail(diag, rc, "keyring");
    }
    mk_keyring_free(k);
    return rc;
}
