/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/destroy.h"

void mk_destroy_past_init(struct mk_destroy_past *p)
{
    *p = (struct mk_destroy_past){.n_rules = 0};
}

void mk_destroy_past_release(struct mk_destroy_past *p)
{
    free(p->rules);
    free(p->holds);
    free(p->proposals);
    free(p->destroyed);
    mk_destroy_past_init(p);
}

const struct mk_past_hold *mk_past_held(const struct mk_destroy_past *p,
                                        const uint8_t dossier[static MK_ID])
{
    for (size_t i = 0; i < p->n_holds; i++)
        if (memcmp(p->holds[i].r.dossier, dossier, MK_ID) == 0)
            return p->holds[i].r.on ? &p->holds[i] : NULL;
    return NULL;
}

const struct mk_past_destroyed *mk_past_tombstone(
    const struct mk_destroy_past *p, const uint8_t dossier[static MK_ID])
{
    for (size_t i = p->n_destroyed; i-- > 0;)
        if (memcmp(p->destroyed[i].r.approval.dossier, dossier, MK_ID) == 0)
            return &p->destroyed[i];
    return NULL;
}

static struct mk_past_proposal *find_proposal(const struct mk_destroy_past *p,
                                              uint64_t row)
{
    for (size_t i = 0; i < p->n_proposals; i++)
        if (p->proposals[i].row == row)
            return &p->proposals[i];
    return NULL;
}

bool mk_past_is_current(const struct mk_destroy_past *p,
                        const struct mk_past_proposal *of)
{
    return of->rule + 1 == p->n_rules;
}

const struct mk_past_proposal *mk_past_proposal(
    const struct mk_destroy_past *p, uint64_t row)
{
    return find_proposal(p, row);
}

/* --- judging --- */

/* A row, and the head that brought it. */
struct met {
    struct mk_destroy_past *p;
    const struct mk_keyring *keyring;
    const struct mk_register_row *row;
    const struct mk_head *h;
};

static enum mk_err untrue(const struct met *m, struct mk_diag *diag)
{
    return mk_fail_at(diag, MK_E_TAMPERED, "register (destruction)", 0,
                      (int64_t)m->row->seq, m->row->kind);
}

static int64_t time_of(const struct mk_head *h)
{
    return h->time_ms > INT64_MAX ? INT64_MAX : (int64_t)h->time_ms;
}

static bool term_passed(const struct met *m, mk_day ended, uint32_t months)
{
    return mk_date_amsterdam(time_of(m->h)) > mk_destroy_due(ended, months);
}

enum mk_err mk_destroy_grow(void **v, size_t n, size_t size,
                            struct mk_diag *diag)
{
    void *grown = realloc(*v, (n + 1) * size);

    if (grown == NULL)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    *v = grown;
    return MK_OK;
}

static enum mk_err meet_rule(struct met *m, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_destroy_past *p = m->p;
    struct mk_past_rule one = {.time_ms = time_of(m->h)};
    void *v = p->rules;

    if (!mk_destroy_rule_parse(&one.rule, &m->row->body,
                               mk_keyring_store(m->keyring)))
        return untrue(m, diag);
    one.rule.number = m->row->seq;
    memcpy(one.by, m->h->actor, MK_ID);
    MK_TRY(mk_destroy_grow(&v, p->n_rules, sizeof one, diag));
    p->rules = v;
    p->rules[p->n_rules++] = one;
out:
    return rc;
}

static enum mk_err meet_hold(struct met *m, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_destroy_past *p = m->p;
    struct mk_past_hold one = {.row = m->row->seq, .time_ms = time_of(m->h)};
    void *v = p->holds;
    size_t i = 0;

    if (!mk_hold_parse(&one.r, &m->row->body, mk_keyring_store(m->keyring)))
        return untrue(m, diag);
    memcpy(one.by, m->h->actor, MK_ID);
    while (i < p->n_holds &&
           memcmp(p->holds[i].r.dossier, one.r.dossier, MK_ID) != 0)
        i++;
    if (i == p->n_holds) {
        MK_TRY(mk_destroy_grow(&v, p->n_holds, sizeof one, diag));
        p->holds = v;
        p->n_holds++;
    }
    p->holds[i] = one;
out:
    return rc;
}

static enum mk_err meet_proposal(struct met *m, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_destroy_past *p = m->p;
    struct mk_past_proposal one = {.row = m->row->seq,
                                   .time_ms = time_of(m->h)};
    void *v = p->proposals;

    if (p->n_rules == 0 || !mk_proposal_parse(&one.r, &m->row->body,
                                              mk_keyring_store(m->keyring)))
        return untrue(m, diag);
    one.rule = p->n_rules - 1;
    if (one.r.rule != p->rules[one.rule].rule.number ||
        !term_passed(m, one.r.ended, p->rules[one.rule].rule.months) ||
        mk_past_held(p, one.r.dossier) != NULL ||
        mk_past_tombstone(p, one.r.dossier) != NULL)
        return untrue(m, diag);
    memcpy(one.by, m->h->actor, MK_ID);
    MK_TRY(mk_destroy_grow(&v, p->n_proposals, sizeof one, diag));
    p->proposals = v;
    p->proposals[p->n_proposals++] = one;
out:
    return rc;
}

static enum mk_err meet_approval(struct met *m, struct mk_diag *diag)
{
    struct mk_destroy_past *p = m->p;
    struct mk_approval_record a;
    struct mk_past_proposal *of;
    const struct mk_member *who = mk_keyring_by_id(m->keyring, m->h->actor);

    if (who == NULL ||
        !mk_approval_parse(&a, &m->row->body, mk_keyring_store(m->keyring)) ||
        memcmp(a.custodian, m->h->actor, MK_ID) != 0 ||
        !mk_approval_signed_by(&a, mk_keyring_store(m->keyring), who->sign))
        return untrue(m, diag);
    of = find_proposal(p, a.proposal);
    if (of == NULL || of->is_approved ||
        memcmp(of->r.dossier, a.dossier, MK_ID) != 0 ||
        memcmp(of->by, a.custodian, MK_ID) == 0 || of->r.ended != a.ended ||
        p->rules[of->rule].rule.months != a.months ||
        !term_passed(m, a.ended, a.months) ||
        mk_past_held(p, a.dossier) != NULL ||
        mk_past_tombstone(p, a.dossier) != NULL)
        return untrue(m, diag);
    of->is_approved = true;
    of->approval = a;
    of->approved_ms = time_of(m->h);
    return MK_OK;
}

/* What the record says is what was proposed and approved here. */
static bool is_proposed(const struct met *m,
                        const struct mk_destroyed_record *r)
{
    const struct mk_past_proposal *of =
        mk_past_proposal(m->p, r->approval.proposal);
    const struct mk_approval_record *a = &r->approval;

    return of != NULL && of->is_approved &&
           memcmp(of->r.dossier, a->dossier, MK_ID) == 0 &&
           of->approval.ended == a->ended &&
           of->approval.months == a->months &&
           mk_approval_is_for(&of->approval, a->entries, a->chain) &&
           mk_approval_is_for(a, r->entries, r->chain) &&
           memcmp(of->approval.sig, a->sig, MK_SIG) == 0 &&
           memcmp(of->approval.custodian, a->custodian, MK_ID) == 0 &&
           memcmp(of->by, r->proposer, MK_ID) == 0 &&
           strcmp(m->p->rules[of->rule].rule.item, r->item) == 0;
}

/* Or it was so before a copy was put back, by the custodian's own hand. */
bool mk_destroyed_was_approved(const struct mk_keyring *keyring,
                               uint64_t serial,
                               const struct mk_destroyed_record *r)
{
    const struct mk_member *who =
        mk_keyring_by_id(keyring, r->approval.custodian);

    /* certified is not enough: one custodian alone can do that */
    return who != NULL &&
           mk_keyring_had_role(keyring, who->id, MK_ROLE_CUSTODIAN, serial) &&
           memcmp(r->approval.custodian, r->proposer, MK_ID) != 0 &&
           mk_approval_signed_by(&r->approval, mk_keyring_store(keyring),
                                 who->sign);
}

static bool is_restored(const struct met *m,
                        const struct mk_destroyed_record *r)
{
    return mk_destroyed_was_approved(m->keyring, m->h->keyring_serial, r) &&
           mk_approval_reaches(&r->approval, r->entries, r->chain) &&
           term_passed(m, r->approval.ended, r->approval.months);
}

static enum mk_err meet_destroyed(struct met *m, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_destroy_past *p = m->p;
    struct mk_past_destroyed one = {.row = m->row->seq};
    const struct mk_member *who = mk_keyring_by_id(m->keyring, m->h->actor);
    void *v = p->destroyed;

    if (who == NULL ||
        !mk_destroyed_parse(&one.r, &m->row->body,
                            mk_keyring_store(m->keyring)) ||
        memcmp(one.r.inspector, m->h->actor, MK_ID) != 0 ||
        !mk_destroyed_signed_by(&m->row->body, who->sign) ||
        memcmp(one.r.approval.custodian, m->h->actor, MK_ID) == 0 ||
        mk_past_held(p, one.r.approval.dossier) != NULL ||
        mk_past_tombstone(p, one.r.approval.dossier) != NULL ||
        !(one.r.again ? is_restored(m, &one.r) : is_proposed(m, &one.r)))
        return untrue(m, diag);
    MK_TRY(mk_destroy_grow(&v, p->n_destroyed, sizeof one, diag));
    p->destroyed = v;
    p->destroyed[p->n_destroyed++] = one;
out:
    return rc;
}

uint32_t mk_destroy_kinds(const struct mk_keyring *keyring,
                          const struct mk_head *h)
{
    uint32_t kinds = 0;

    if (mk_keyring_has_role(keyring, h->actor, MK_ROLE_CUSTODIAN,
                            h->keyring_serial))
        kinds |= UINT32_C(1) << MK_REGISTER_DESTROY_RULE |
                 UINT32_C(1) << MK_REGISTER_DESTROY_APPROVE;
    if (mk_keyring_has_role(keyring, h->actor, MK_ROLE_INSPECTOR,
                            h->keyring_serial))
        kinds |= UINT32_C(1) << MK_REGISTER_HOLD |
                 UINT32_C(1) << MK_REGISTER_DESTROY_PROPOSE |
                 UINT32_C(1) << MK_REGISTER_DESTROYED;
    return kinds;
}

static enum mk_err meet(struct met *m, struct mk_diag *diag)
{
    if ((mk_destroy_kinds(m->keyring, m->h) & UINT32_C(1) << m->row->kind) ==
        0)
        return mk_fail_at(diag, MK_E_NOT_ALLOWED_HEAD, "register (kind)", 0,
                          (int64_t)m->row->seq, m->row->kind);
    switch (m->row->kind) {
    case MK_REGISTER_DESTROY_RULE:
        return meet_rule(m, diag);
    case MK_REGISTER_HOLD:
        return meet_hold(m, diag);
    case MK_REGISTER_DESTROY_PROPOSE:
        return meet_proposal(m, diag);
    case MK_REGISTER_DESTROY_APPROVE:
        return meet_approval(m, diag);
    case MK_REGISTER_DESTROYED:
        return meet_destroyed(m, diag);
    default:
        return MK_OK;
    }
}

/* --- reading --- */

enum mk_err mk_destroy_append(struct mk_tx *tx, struct mk_destroy_past *p,
                              enum mk_register_kind kind, const void *body,
                              size_t n, struct mk_diag *diag)
{
    enum mk_err rc;
    const struct mk_register_row row = {
        .seq = tx->next.n_register,
        .kind = kind,
        .body = {body, n},
    };
    struct mk_head h = tx->next;
    struct met m = {p, tx->v->keyring, &row, &h};

    memcpy(h.actor, tx->v->my_id, MK_ID);
    h.time_ms = (uint64_t)mk_clock_now();
    h.keyring_serial = mk_keyring_serial(tx->v->keyring);
    rc = meet(&m, diag);
    if (mk_err_exit(rc) ==
        MK_EXIT_INTEGRITY) /* nobody would open the vault any more */
        rc = mk_fail(diag, MK_E_INTERNAL, "register (destruction)");
    return rc != MK_OK ? rc : mk_tx_register(tx, kind, body, n, diag);
}

static bool is_ours(uint32_t kind)
{
    return kind >= MK_REGISTER_DESTROY_RULE && kind <= MK_REGISTER_DESTROYED;
}

/* Heads, each with the rows of the register that it brought. */
struct reading {
    struct mk_destroy_past *p;
    struct mk_vault *v;
    struct mk_walk *heads, *rows;
    uint8_t chain[MK_HASH];
    uint64_t seq;
    struct mk_head h; /* the one that brought row seq, once there was one */
    bool has_signer;  /* its signature was looked at */
};

/* Moves on to the head that brought row seq.  *more false: there is none. */
static enum mk_err find_head(struct reading *r, struct mk_head_row *row,
                             bool *more, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    *more = true;
    while (*more && r->h.n_register <= r->seq) {
        MK_TRY(mk_walk_head(r->heads, more, row, diag));
        r->has_signer = false;
        if (*more && !mk_head_decode(&r->h, row->body))
            rc = mk_fail_at(diag, MK_E_TAMPERED, "head", 0,
                            (int64_t)row->log_size, 0);
        if (rc != MK_OK)
            goto out;
    }
out:
    return rc;
}

static enum mk_err judge_row(struct reading *r,
                             const struct mk_register_row *row,
                             const struct mk_head_row *head,
                             struct mk_diag *diag)
{
    struct met m = {r->p, r->v->keyring, row, &r->h};
    const struct mk_member *who = mk_keyring_by_id(r->v->keyring, r->h.actor);

    if (!r->has_signer && (who == NULL || !mk_head_signed_by(head, who->sign)))
        return mk_fail_at(diag, MK_E_TAMPERED, "head (signature)", 0,
                          (int64_t)head->log_size, 0);
    r->has_signer = true;
    return meet(&m, diag);
}

static enum mk_err read_rows(struct reading *r, const struct mk_head *head,
                             bool *fits, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_register_row row;
    struct mk_head_row by = {.log_size = 0};
    bool more;

    for (; r->seq < head->n_register; r->seq++) {
        MK_TRY(mk_walk_register_row(r->rows, &more, &row, diag));
        if (!more || row.seq != r->seq)
            goto out;
        mk_register_chain(r->chain, &row);
        if (!is_ours(row.kind))
            continue;
        MK_TRY(find_head(r, &by, &more, diag));
        if (!more)
            goto out;
        MK_TRY(judge_row(r, &row, &by, diag));
    }
    r->p->n_register = r->seq;
    *fits = memcmp(r->chain, head->register_root, MK_HASH) == 0;
out:
    return rc;
}

enum mk_err mk_destroy_past_read(struct mk_destroy_past *p, struct mk_vault *v,
                                 const struct mk_head *head, bool *fits,
                                 struct mk_diag *diag)
{
    enum mk_err rc;
    struct reading r = {.p = p, .v = v};

    *fits = false;
    MK_TRY(mk_walk_register(&r.rows, v->store, diag));
    MK_TRY(mk_walk_heads(&r.heads, v->store, 0, diag));
    MK_TRY(read_rows(&r, head, fits, diag));
out:
    mk_walk_close(r.rows);
    mk_walk_close(r.heads);
    return rc;
}

enum mk_err mk_destroy_past_now(struct mk_destroy_past *p, struct mk_vault *v,
                                struct mk_diag *diag)
{
    bool fits;
    enum mk_err rc = mk_destroy_past_read(p, v, &v->head, &fits, diag);

    return rc == MK_OK && !fits ? mk_fail(diag, MK_E_TAMPERED, "register")
                                : rc;
}

/* Is there a row of ours behind v->head, up to n? */
static enum mk_err has_new(struct mk_vault *v, uint64_t n, bool *yes,
                           struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *walk = NULL;
    struct mk_register_row row;
    bool more = true;

    *yes = false;
    MK_TRY(mk_walk_register(&walk, v->store, diag));
    while (more) {
        MK_TRY(mk_walk_register_row(walk, &more, &row, diag));
        if (more && row.seq >= v->head.n_register && row.seq < n &&
            is_ours(row.kind))
            *yes = true;
    }
out:
    mk_walk_close(walk);
    return rc;
}

enum mk_err mk_destroy_check(struct mk_vault *v,
                             const struct mk_head_row *newest,
                             struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_destroy_past past;
    struct mk_head head;
    bool yes;

    mk_destroy_past_init(&past);
    if (!mk_head_decode(&head, newest->body))
        return mk_fail_at(diag, MK_E_TAMPERED, "head", 0,
                          (int64_t)newest->log_size, 0);
    if (head.n_register <= v->head.n_register)
        return MK_OK;
    MK_TRY(has_new(v, head.n_register, &yes, diag));
    if (!yes)
        goto out;
    /* where it does not fit, the walk over the heads will say where */
    MK_TRY(mk_destroy_past_read(&past, v, &head, &yes, diag));
    v->bury = v->bury || past.n_destroyed != 0;
out:
    mk_destroy_past_release(&past);
    return rc;
}
