/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/verify/members.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/buf.h"
#include "core/base/text.h"
#include "crypto/sign.h"

#define HEADER "meldkluis-keyring: 1\n"
#define N_HEADER (sizeof HEADER - 1)

const char *mk_vf_why_text(enum mk_vf_why why, bool english)
{
    static const struct {
        const char *nl, *en;
    } texts[] = {
        [MK_VF_FINE] = {"", ""},
#define MK_VF_WHY(name, nl, en) [MK_VF_WHY_##name] = {nl, en},
#include "cmd/verify/why.def"
#undef MK_VF_WHY
    };
    return english ? texts[why].en : texts[why].nl;
}

void mk_vf_members_release(struct mk_vf_members *m)
{
    for (size_t i = 0; i < m->n; i++)
        free(m->member[i].span);
    free(m->member);
    free(m->log_key);
    free(m->used);
    free(m->hash);
    *m = (struct mk_vf_members){.n = 0};
}

const struct mk_vf_member *mk_vf_member(const struct mk_vf_members *m,
                                        const uint8_t id[static MK_ID])
{
    for (size_t i = 0; i < m->n; i++)
        if (memcmp(m->member[i].id, id, MK_ID) == 0)
            return &m->member[i];
    return NULL;
}

const struct mk_vf_member *mk_vf_member_at(const struct mk_vf_members *m,
                                           const uint8_t id[static MK_ID],
                                           uint64_t serial)
{
    const struct mk_vf_member *who = mk_vf_member(m, id);
    return who && who->serial <= serial ? who : NULL;
}

unsigned mk_vf_roles_at(const struct mk_vf_member *who, uint64_t serial)
{
    size_t n = who->n_spans;

    while (n > 0 && who->span[n - 1].serial > serial)
        n--;
    return n > 0 ? who->span[n - 1].roles : 0;
}

const struct mk_vf_log_key *mk_vf_log_key_at(const struct mk_vf_members *m,
                                             uint64_t serial)
{
    size_t n = m->n_log_keys;

    while (n > 0 && m->log_key[n - 1].serial > serial)
        n--;
    return n > 0 ? &m->log_key[n - 1] : NULL;
}

/* Room for hash[serial + 1]. */
static enum mk_err more_hashes(struct mk_vf_members *m)
{
    if (m->serial + 2 <= m->hash_cap)
        return MK_OK;
    const size_t cap = m->hash_cap > 0 ? 2 * m->hash_cap : 64;
    uint8_t(*grown)[MK_HASH] = realloc(m->hash, cap * sizeof *grown);
    if (!grown)
        return MK_E_MEMORY;
    m->hash = grown;
    m->hash_cap = cap;
    return MK_OK;
}

static enum mk_err signature(const struct mk_vf_members *m,
                             const struct mk_vf_statement *s,
                             enum mk_vf_why *why)
{
    static const uint8_t no_store[MK_ID];
    const struct mk_vf_member *by = mk_vf_member(m, s->by);
    const struct mk_vf_set *set = mk_vf_set_of(m, s->by);
    const uint8_t *pk = by ? by->sign : set ? set->sign : NULL;
    struct mk_buf text = MK_BUF_INIT;
    enum mk_err rc;

    if (s->type == MK_VF_GENESIS)
        pk = s->person[0].sign;
    if (!pk) {
        *why = MK_VF_WHY_STRANGER;
        return MK_OK;
    }
    MK_TRY(mk_buf_add(&text, s->serial == 1 ? no_store : m->store, MK_ID));
    MK_TRY(mk_buf_add(&text, m->hash[m->serial], MK_HASH));
    MK_TRY(mk_buf_add(&text, s->lines, s->n_signed));
    if (!mk_sign_ok(s->sig, pk, "meldkluis/statement/v1", text.data, text.len))
        *why = MK_VF_WHY_SIGNATURE;
out:
    mk_buf_release(&text);
    return rc;
}

/* Proves the statement at text; *n becomes its length. */
static enum mk_err take(struct mk_vf_members *m, const char *text, size_t *n,
                        enum mk_vf_why *why)
{
    enum mk_err rc = MK_OK;
    struct mk_vf_statement s;
    uint8_t hash[MK_HASH];

    *why = mk_vf_statement_read(&s, text, *n);
    if (!*why && (s.serial != m->serial + 1 ||
                  (s.type == MK_VF_GENESIS) != (s.serial == 1)))
        *why = MK_VF_WHY_SERIAL;
    if (*why)
        return MK_OK;
    *n = s.n_lines;
    MK_TRY(signature(m, &s, why));
    if (!*why)
        MK_TRY(mk_vf_rules(m, &s, why));
    if (*why)
        goto out;
    MK_TRY(more_hashes(m));
    const struct mk_part parts[] = {{"mk1/statement", 13},
                                    {m->hash[m->serial], MK_HASH},
                                    {s.lines, s.n_lines}};
    mk_sha256_parts(m->hash[m->serial + 1], parts, 3);
    if (s.serial == 1) {
        mk_sha256(hash, s.lines, s.n_signed);
        memcpy(m->store, hash, MK_ID);
    }
    m->serial++;
out:
    return rc;
}

enum mk_err mk_vf_members_parse(struct mk_vf_members *m, const void *bytes,
                                size_t n)
{
    const char *at = bytes;
    const char *const end = at + n;
    enum mk_err rc;

    *m = (struct mk_vf_members){.n = 0};
    MK_TRY(more_hashes(m));
    mk_sha256(m->hash[0], HEADER, N_HEADER);
    if (n > MK_VF_MEMBERS_MAX || n < N_HEADER ||
        memcmp(at, HEADER, N_HEADER) != 0) {
        m->why = MK_VF_WHY_FORM;
        goto out;
    }
    at += N_HEADER;
    while (at < end && !m->why) {
        size_t len = (size_t)(end - at) - 1;

        if (*at != '\n' || len == 0) {
            /* the blank line before `slots:` may stand at the end */
            if (*at != '\n' || m->serial == 0)
                m->why = MK_VF_WHY_FORM;
            break;
        }
        MK_TRY(take(m, at + 1, &len, &m->why));
        at += 1 + len;
    }
    if (!m->why && !m->opened)
        m->why = MK_VF_WHY_NO_END;
    else if (!m->why && m->rotation.secret != 0)
        m->why = MK_VF_WHY_ROTATION_PARTS;
    else if (!m->why && (m->recovering || m->resharing))
        m->why = MK_VF_WHY_RECOVERY_PARTS;
out:
    if (rc != MK_OK)
        mk_vf_members_release(m);
    return rc;
}
