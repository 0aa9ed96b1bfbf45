/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The form of statements and slots and nothing of their meaning.  Reading is lenient in
 * small things (case of hexadecimal) because every reader writes again what
 * it has read and compares the bytes.
 */
#include "core/keyring_recovery_impl.h"

#include <string.h>

static const char *const type_slugs[] = {
    [MK_KR_GENESIS] = "genesis",  [MK_KR_LOG_KEY] = "log-key",
    [MK_KR_CERTIFY] = "certify",  [MK_KR_WRAP] = "wrap",
    [MK_KR_OPENED] = "opened",    [MK_KR_SLOT_SET] = "slot",
    [MK_KR_SHARE] = "share",      [MK_KR_ACCEPT] = "accept",
    [MK_KR_ESCROW] = "escrow",    [MK_KR_DRILL] = "drill",
    [MK_KR_RECOVER] = "recover",  [MK_KR_SUSPEND] = "suspend",
    [MK_KR_RESUME] = "resume",    [MK_KR_REVOKE] = "revoke",
    [MK_KR_EXCEPT] = "except",    [MK_KR_ROTATE] = "rotate",
    [MK_KR_SLOT2_SET] = "slot-2", [MK_KR_ACCEPT2] = "accept-2",
    [MK_KR_THEFT] = "theft",
};
#define N_TYPES (sizeof type_slugs / sizeof *type_slugs)

/* --- people --- */

void mk_kr_person_read(struct mk_kr_text *t, struct mk_kr_person *p)
{
    mk_kr_read_hex(t, "user", p->id, MK_ID);
    mk_kr_read_line(t, "name", p->name, MK_NAME_MAX);
    mk_kr_read_hex(t, "box-key", p->box, MK_PK);
    mk_kr_read_hex(t, "sign-key", p->sign, MK_PK);
}

enum mk_err mk_kr_person_add(struct mk_buf *out, const struct mk_kr_person *p)
{
    enum mk_err rc;
    MK_TRY(mk_kr_add_hex(out, "user", p->id, MK_ID));
    MK_TRY(mk_buf_addf(out, "name: %s\n", p->name));
    MK_TRY(mk_kr_add_hex(out, "box-key", p->box, MK_PK));
    MK_TRY(mk_kr_add_hex(out, "sign-key", p->sign, MK_PK));
out:
    return rc;
}

/* --- statements --- */

static unsigned read_roles(struct mk_kr_text *t)
{
    char text[MK_ROLE_MAX * 16 + 1];
    unsigned roles = 0;
    const char *word = text;

    mk_kr_read_line(t, "roles", text, sizeof text - 1);
    while (*word) {
        size_t n = strcspn(word, " ");
        enum mk_role r = mk_role_find(word, n);
        if (r == MK_ROLE_NONE)
            t->bad = true;
        roles |= MK_ROLE_BIT(r);
        word += n + (word[n] == ' ');
    }
    return roles;
}

static enum mk_err add_roles(struct mk_buf *out, unsigned roles)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(out, "roles:"));
    for (unsigned r = 1; r < MK_ROLE_MAX; r++)
        if (roles & MK_ROLE_BIT(r))
            MK_TRY(mk_buf_addf(out, " %s", mk_role_slug((enum mk_role)r)));
    MK_TRY(mk_buf_add_str(out, "\n"));
out:
    return rc;
}

static void read_type(struct mk_kr_text *t, struct mk_kr_statement *st)
{
    char slug[32];

    mk_kr_read_line(t, "type", slug, sizeof slug - 1);
    for (size_t i = 1; i < N_TYPES; i++)
        if (strcmp(slug, type_slugs[i]) == 0)
            st->type = (enum mk_kr_type)i;
    if (!t->bad && st->type == 0)
        t->newer = t->bad = true;
}

static void read_wrap(struct mk_kr_text *t, struct mk_kr_statement *st)
{
    char slug[32];

    mk_kr_read_hex(t, "user", st->person.id, MK_ID);
    mk_kr_read_line(t, "role", slug, sizeof slug - 1);
    st->role = mk_role_find(slug, strlen(slug));
    if (st->role == MK_ROLE_NONE)
        t->bad = true;
    st->kind = mk_kr_read_kind(t);
    if (t->bad)
        return;
    mk_kr_read_hex(t, "key-id", st->key_id, MK_ID);
    st->generation = (uint32_t)mk_kr_read_num(t, "generation", 1, UINT32_MAX);
    st->n_box = MK_KR_PREFIX + mk_kr_kind_size(st->kind) + MK_BOX_OVERHEAD;
    mk_kr_read_b64(t, "box", st->box, st->n_box);
}

static void read_slot_hash(struct mk_kr_text *t, struct mk_kr_statement *st,
                           uint64_t counter)
{
    st->has_slot = true;
    st->slot_counter = counter;
    mk_kr_read_hex(t, "slot-hash", st->slot_hash, MK_HASH);
}

static void read_genesis(struct mk_kr_text *t, struct mk_kr_statement *st)
{
    mk_kr_read_line(t, "origin", st->origin, MK_ORIGIN_MAX);
    mk_kr_read_hex(t, "nonce", st->nonce, sizeof st->nonce);
    while (mk_kr_ahead(t, "user: ")) {
        if (st->n_custodians == MK_KR_CUSTODIANS) {
            t->bad = true;
            return;
        }
        mk_kr_person_read(t, &st->custodians[st->n_custodians++]);
    }
}

static void read_log_keys(struct mk_kr_text *t, struct mk_kr_statement *st)
{
    mk_kr_read_hex(t, "box-key", st->log_box, MK_PK);
    mk_kr_read_hex(t, "sign-key", st->log_sign, MK_PK);
}

static void read_rotate(struct mk_kr_text *t, struct mk_kr_statement *st)
{
    st->kind = mk_kr_read_kind(t);
    if (t->bad)
        return;
    st->generation = (uint32_t)mk_kr_read_num(t, "generation", 1, UINT32_MAX);
    mk_kr_read_hex(t, "key-id", st->key_id, MK_ID);
    if (st->kind == MK_KEY_RL)
        read_log_keys(t, st);
    st->n_previous = mk_kr_previous_size(st->kind);
    if (st->n_previous > 0)
        mk_kr_read_b64(t, "previous", st->previous, st->n_previous);
}

void mk_kr_statement_read(struct mk_kr_text *t, struct mk_kr_statement *st)
{
    memset(st, 0, sizeof *st);
    st->serial = mk_kr_read_num(t, "serial", 1, UINT32_MAX);
    read_type(t, st);
    if (t->bad)
        return;
    switch (st->type) {
    case MK_KR_GENESIS:
        read_genesis(t, st);
        break;
    case MK_KR_LOG_KEY:
        st->generation =
            (uint32_t)mk_kr_read_num(t, "generation", 1, UINT32_MAX);
        read_log_keys(t, st);
        break;
    case MK_KR_CERTIFY:
        mk_kr_person_read(t, &st->person);
        st->roles = read_roles(t);
        st->generation =
            (uint32_t)mk_kr_read_num(t, "generation", 1, UINT32_MAX);
        if (mk_kr_ahead(t, "slot-hash: "))
            read_slot_hash(t, st, 1);
        break;
    case MK_KR_WRAP:
        read_wrap(t, st);
        break;
    case MK_KR_OPENED:
    case MK_KR_THEFT:
        break;
    case MK_KR_SUSPEND:
    case MK_KR_RESUME:
        mk_kr_read_hex(t, "user", st->person.id, MK_ID);
        break;
    case MK_KR_REVOKE:
    case MK_KR_EXCEPT:
        mk_kr_read_hex(t, "user", st->person.id, MK_ID);
        st->roles = read_roles(t);
        break;
    case MK_KR_ROTATE:
        read_rotate(t, st);
        break;
    case MK_KR_SLOT_SET:
    case MK_KR_SLOT2_SET:
        mk_kr_read_hex(t, "user", st->person.id, MK_ID);
        read_slot_hash(t, st, mk_kr_read_num(t, "counter", 1, UINT32_MAX));
        break;
    case MK_KR_SHARE:
    case MK_KR_ACCEPT:
    case MK_KR_ACCEPT2:
    case MK_KR_ESCROW:
    case MK_KR_DRILL:
    case MK_KR_RECOVER:
        mk_kr_recovery_read(t, st);
        break;
    }
    mk_kr_read_hex(t, "by", st->by, MK_ID);
    mk_kr_read_b64(t, "sig", st->sig, MK_SIG);
}

static enum mk_err add_wrap(struct mk_buf *out,
                            const struct mk_kr_statement *st)
{
    enum mk_err rc;
    MK_TRY(mk_kr_add_hex(out, "user", st->person.id, MK_ID));
    MK_TRY(mk_buf_addf(out, "role: %s\nkey: %s\n", mk_role_slug(st->role),
                       mk_key_slug(st->kind)));
    MK_TRY(mk_kr_add_hex(out, "key-id", st->key_id, MK_ID));
    MK_TRY(mk_buf_addf(out, "generation: %u\n", (unsigned)st->generation));
    MK_TRY(mk_kr_add_b64(out, "box", st->box, st->n_box));
out:
    return rc;
}

static enum mk_err add_genesis(struct mk_buf *out,
                               const struct mk_kr_statement *st)
{
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out, "origin: %s\n", st->origin));
    MK_TRY(mk_kr_add_hex(out, "nonce", st->nonce, sizeof st->nonce));
    for (size_t i = 0; i < st->n_custodians; i++)
        MK_TRY(mk_kr_person_add(out, &st->custodians[i]));
out:
    return rc;
}

static enum mk_err add_log_keys(struct mk_buf *out,
                                const struct mk_kr_statement *st)
{
    enum mk_err rc;
    MK_TRY(mk_kr_add_hex(out, "box-key", st->log_box, MK_PK));
    MK_TRY(mk_kr_add_hex(out, "sign-key", st->log_sign, MK_PK));
out:
    return rc;
}

static enum mk_err add_rotate(struct mk_buf *out,
                              const struct mk_kr_statement *st)
{
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out, "key: %s\ngeneration: %u\n", mk_key_slug(st->kind),
                       (unsigned)st->generation));
    MK_TRY(mk_kr_add_hex(out, "key-id", st->key_id, MK_ID));
    if (st->kind == MK_KEY_RL)
        MK_TRY(add_log_keys(out, st));
    if (st->n_previous > 0)
        MK_TRY(mk_kr_add_b64(out, "previous", st->previous, st->n_previous));
out:
    return rc;
}

static enum mk_err add_slot_set(struct mk_buf *out,
                                const struct mk_kr_statement *st)
{
    enum mk_err rc;
    MK_TRY(mk_kr_add_hex(out, "user", st->person.id, MK_ID));
    MK_TRY(mk_buf_addf(out, "counter: %llu\n",
                       (unsigned long long)st->slot_counter));
    MK_TRY(mk_kr_add_hex(out, "slot-hash", st->slot_hash, MK_HASH));
out:
    return rc;
}

static enum mk_err add_body(struct mk_buf *out,
                            const struct mk_kr_statement *st)
{
    enum mk_err rc = MK_OK;

    switch (st->type) {
    case MK_KR_GENESIS:
        MK_TRY(add_genesis(out, st));
        break;
    case MK_KR_LOG_KEY:
        MK_TRY(mk_buf_addf(out, "generation: %u\n", (unsigned)st->generation));
        MK_TRY(add_log_keys(out, st));
        break;
    case MK_KR_CERTIFY:
        MK_TRY(mk_kr_person_add(out, &st->person));
        MK_TRY(add_roles(out, st->roles));
        MK_TRY(mk_buf_addf(out, "generation: %u\n", (unsigned)st->generation));
        if (st->has_slot)
            MK_TRY(mk_kr_add_hex(out, "slot-hash", st->slot_hash, MK_HASH));
        break;
    case MK_KR_WRAP:
        MK_TRY(add_wrap(out, st));
        break;
    case MK_KR_OPENED:
    case MK_KR_THEFT:
        break;
    case MK_KR_SUSPEND:
    case MK_KR_RESUME:
        MK_TRY(mk_kr_add_hex(out, "user", st->person.id, MK_ID));
        break;
    case MK_KR_REVOKE:
    case MK_KR_EXCEPT:
        MK_TRY(mk_kr_add_hex(out, "user", st->person.id, MK_ID));
        MK_TRY(add_roles(out, st->roles));
        break;
    case MK_KR_ROTATE:
        MK_TRY(add_rotate(out, st));
        break;
    case MK_KR_SLOT_SET:
    case MK_KR_SLOT2_SET:
        MK_TRY(add_slot_set(out, st));
        break;
    case MK_KR_SHARE:
    case MK_KR_ACCEPT:
    case MK_KR_ACCEPT2:
    case MK_KR_ESCROW:
    case MK_KR_DRILL:
    case MK_KR_RECOVER:
        MK_TRY(mk_kr_recovery_add(out, st));
        break;
    }
out:
    return rc;
}

enum mk_err mk_kr_statement_add(struct mk_buf *out,
                                const struct mk_kr_statement *st,
                                size_t *n_signed)
{
    enum mk_err rc;
    size_t began = out->len;

    MK_TRY(mk_buf_addf(out, "serial: %llu\ntype: %s\n",
                       (unsigned long long)st->serial, type_slugs[st->type]));
    MK_TRY(add_body(out, st));
    MK_TRY(mk_kr_add_hex(out, "by", st->by, MK_ID));
    *n_signed = out->len - began;
    MK_TRY(mk_kr_add_b64(out, "sig", st->sig, MK_SIG));
out:
    return rc;
}

/* --- slots --- */

void mk_kr_slot_read(struct mk_kr_text *t, struct mk_kr_slot *slot)
{
    memset(slot, 0, sizeof *slot);
    mk_kr_read_hex(t, "user", slot->user, MK_ID);
    slot->number = (uint16_t)mk_kr_read_num(t, "slot", 1, UINT16_MAX);
    if (!t->bad && slot->number > MK_KR_SLOT_NUMBERS) {
        t->newer = t->bad = true;
        return;
    }
    slot->counter = mk_kr_read_num(t, "counter", 1, UINT32_MAX);
    slot->cost.t = (uint32_t)mk_kr_read_num(t, "argon2id-t", 1, UINT32_MAX);
    slot->cost.m_kib =
        (uint32_t)mk_kr_read_num(t, "argon2id-m", 1, UINT32_MAX);
    mk_kr_read_hex(t, "salt", slot->salt, sizeof slot->salt);
    mk_kr_read_b64(t, "bundle", slot->bundle, sizeof slot->bundle);
    mk_kr_read_b64(t, "slot-sig", slot->sig, MK_SIG);
}

enum mk_err mk_kr_slot_add(struct mk_buf *out, const struct mk_kr_slot *slot,
                           size_t *n_signed)
{
    enum mk_err rc;
    size_t began = out->len;

    MK_TRY(mk_kr_add_hex(out, "user", slot->user, MK_ID));
    MK_TRY(mk_buf_addf(out,
                       "slot: %u\ncounter: %llu\n"
                       "argon2id-t: %u\nargon2id-m: %u\n",
                       slot->number, (unsigned long long)slot->counter,
                       (unsigned)slot->cost.t, (unsigned)slot->cost.m_kib));
    MK_TRY(mk_kr_add_hex(out, "salt", slot->salt, sizeof slot->salt));
    MK_TRY(mk_kr_add_b64(out, "bundle", slot->bundle, sizeof slot->bundle));
    *n_signed = out->len - began;
    MK_TRY(mk_kr_add_b64(out, "slot-sig", slot->sig, MK_SIG));
out:
    return rc;
}
