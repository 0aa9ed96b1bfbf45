/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "core/prune.h"

static enum mk_err untrue(struct mk_diag *diag, const char *what, uint64_t row)
{
    return mk_fail_at(diag, MK_E_TAMPERED, what, 0, (int64_t)row, 0);
}

void mk_past_init(struct mk_past *p)
{
    *p = (struct mk_past){
        .latest_ms = INT64_MIN,
        .auditor_ms = INT64_MIN,
        .inspector_ms = INT64_MIN,
    };
}

void mk_past_release(struct mk_past *p)
{
    free(p->terms);
    free(p->prunings);
    mk_past_init(p);
}

/* --- the rows --- */

static enum mk_err take_term(struct mk_past *p, const uint8_t *store,
                             const struct mk_register_row *row,
                             struct mk_diag *diag)
{
    struct mk_past_term *grown;
    struct mk_past_term t = {.row = row->seq, .set_ms = INT64_MAX};

    if (!mk_term_parse(&t.months, &row->body, store))
        return untrue(diag, "register (term)", row->seq);
    grown = realloc(p->terms, (p->n_terms + 1) * sizeof *grown);
    if (grown == NULL)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    p->terms = grown;
    p->terms[p->n_terms++] = t;
    return MK_OK;
}

static enum mk_err take_pruning(struct mk_past *p, const uint8_t *store,
                                const struct mk_register_row *row,
                                struct mk_diag *diag)
{
    struct mk_past_pruning *grown;
    struct mk_past_pruning one = {.row = row->seq};

    if (!mk_pruning_parse(&one.p, &row->body, store) ||
        one.p.size <= mk_past_size(p))
        return untrue(diag, "register (pruning)", row->seq);
    grown = realloc(p->prunings, (p->n_prunings + 1) * sizeof *grown);
    if (grown == NULL)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    p->prunings = grown;
    p->prunings[p->n_prunings++] = one;
    return MK_OK;
}

enum mk_err mk_past_read(struct mk_past *p, struct mk_vault *v,
                         const struct mk_head *head, bool *fits,
                         struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *walk = NULL;
    struct mk_register_row row;
    const uint8_t *store = mk_keyring_store(v->keyring);
    uint8_t chain[MK_HASH] = {0};
    bool more;

    *fits = false;
    MK_TRY(mk_walk_register(&walk, v->store, diag));
    for (uint64_t seq = 0; seq < head->n_register; seq++) {
        MK_TRY(mk_walk_register_row(walk, &more, &row, diag));
        if (!more || row.seq != seq)
            goto out;
        mk_register_chain(chain, &row);
        if (row.kind == MK_REGISTER_TERM)
            MK_TRY(take_term(p, store, &row, diag));
        else if (row.kind == MK_REGISTER_PRUNING)
            MK_TRY(take_pruning(p, store, &row, diag));
    }
    *fits = memcmp(chain, head->register_root, MK_HASH) == 0;
out:
    mk_walk_close(walk);
    return rc;
}

enum mk_err mk_past_rows(struct mk_past *p, struct mk_vault *v,
                         const struct mk_head *head, struct mk_diag *diag)
{
    bool fits;
    enum mk_err rc = mk_past_read(p, v, head, &fits, diag);

    return rc == MK_OK && !fits ? untrue(diag, "register", head->n_register)
                                : rc;
}

/* --- dates and judgement --- */

struct judging {
    struct mk_past *p;
    const struct mk_keyring *keyring;
    struct mk_head prev;
    size_t covered; /* prunings whose leaves are all there */
    size_t judged;  /* prunings whose head was met */
    size_t dated;   /* terms whose head was met */
};

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t time_of(const struct mk_head *h)
{
    return h->time_ms > INT64_MAX ? INT64_MAX : (int64_t)h->time_ms;
}

static bool is_true(const struct judging *j, const struct mk_past_pruning *one,
                    const struct mk_head *h)
{
    int64_t reference = mk_past_reference(j->p, time_of(h));
    uint32_t months;

    return one->covered && one->p.size <= j->prev.log_size &&
           one->newest_ms < one->p.before_ms &&
           mk_past_term_at(j->p, reference, &months) &&
           one->p.before_ms <= reference - months * MK_MONTH_MS;
}

/* Terms first: one that is set in the same head counts, as one that is 31
 * days away from holding. */
static enum mk_err meet_rows(struct judging *j, const struct mk_head *h,
                             struct mk_diag *diag)
{
    struct mk_past *p = j->p;

    while (j->dated < p->n_terms && p->terms[j->dated].row < h->n_register)
        p->terms[j->dated++].set_ms = p->latest_ms;
    while (j->judged < p->n_prunings &&
           p->prunings[j->judged].row < h->n_register) {
        struct mk_past_pruning *one = &p->prunings[j->judged++];

        one->time_ms = time_of(h);
        memcpy(one->actor, h->actor, MK_ID);
        if (!is_true(j, one, h))
            return untrue(diag, "register (pruning)", one->row);
    }
    return MK_OK;
}

static bool is_by(const struct mk_keyring *k, const struct mk_head *h,
                  enum mk_role role)
{
    return mk_keyring_has_role(k, h->actor, role, h->keyring_serial);
}

/*
 * Below a pruning heads are held by their signatures alone, so those that are
 * left say nothing about any that were taken out.  But all that lies below
 * this one was written before its signer looked at his clock, and the entries
 * that are left name it.
 */
bool mk_past_confirms(const struct mk_keyring *keyring,
                      const struct mk_head *h)
{
    return is_by(keyring, h, MK_ROLE_AUDITOR) ||
           is_by(keyring, h, MK_ROLE_INSPECTOR);
}

static enum mk_err meet_head(void *ctx, const struct mk_head *h, bool *more,
                             struct mk_diag *diag)
{
    struct judging *j = ctx;
    struct mk_past *p = j->p;
    enum mk_err rc;
    int64_t ms = time_of(h);
    bool confirms = mk_past_confirms(j->keyring, h);

    *more = true;
    if (ms > p->latest_ms)
        p->latest_ms = ms;
    while (confirms && j->covered < p->n_prunings &&
           p->prunings[j->covered].p.size <= h->log_size) {
        p->prunings[j->covered].covered = true;
        p->prunings[j->covered++].newest_ms = p->latest_ms;
    }
    rc = meet_rows(j, h, diag);
    if (rc != MK_OK)
        return rc;
    if (is_by(j->keyring, h, MK_ROLE_AUDITOR))
        p->auditor_ms = ms;
    if (is_by(j->keyring, h, MK_ROLE_INSPECTOR))
        p->inspector_ms = ms;
    j->prev = *h;
    return MK_OK;
}

enum mk_err mk_past_heads(struct mk_vault *v, mk_past_meet *meet, void *ctx,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_walk *walk = NULL;
    struct mk_head_row row;
    struct mk_head h;
    bool more;

    MK_TRY(mk_walk_heads(&walk, v->store, 0, diag));
    do {
        MK_TRY(mk_walk_head(walk, &more, &row, diag));
        if (!more)
            break;
        if (!mk_head_decode(&h, row.body)) {
            rc = untrue(diag, "head", row.log_size);
            goto out;
        }
        MK_TRY(meet(ctx, &h, &more, diag));
    } while (more);
out:
    mk_walk_close(walk);
    return rc;
}

enum mk_err mk_past_judge(struct mk_past *p, struct mk_vault *v,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct judging j = {.p = p, .keyring = v->keyring};

    MK_TRY(mk_past_heads(v, meet_head, &j, diag));
    if (j.judged < p->n_prunings)
        rc = untrue(diag, "register (pruning)", p->prunings[j.judged].row);
out:
    return rc;
}

enum mk_err mk_past_roots(const struct mk_past *p, struct mk_merkle *tree,
                          const struct mk_head *head, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    uint8_t proof[MK_MERKLE_CONSISTENCY][MK_HASH];
    size_t n;

    for (size_t i = 0; i < p->n_prunings; i++) {
        const struct mk_past_pruning *one = &p->prunings[i];

        if (one->p.size > head->log_size)
            return untrue(diag, "register (pruning)", one->row);
        MK_TRY(mk_merkle_consistency(tree, one->p.size, head->log_size, proof,
                                     &n, diag));
        if (!mk_merkle_consistency_ok(one->p.size, head->log_size, proof, n,
                                      one->p.root, head->log_root)) {
            rc = untrue(diag, "register (pruning)", one->row);
            goto out;
        }
    }
out:
    return rc;
}

/* --- what follows from it --- */

int64_t mk_past_reference(const struct mk_past *p, int64_t now_ms)
{
    return earlier(now_ms, earlier(p->auditor_ms, p->inspector_ms));
}

bool mk_past_term_at(const struct mk_past *p, int64_t reference_ms,
                     uint32_t *months)
{
    *months = 0;
    /* Before the first one was set for a month, none held: longer than any. */
    if (p->n_terms == 0 || reference_ms < 0 ||
        reference_ms - MK_MONTH_MS < p->terms[0].set_ms)
        return false;
    for (size_t i = 0; i < p->n_terms; i++) {
        bool replaced = i + 1 < p->n_terms &&
                        reference_ms - MK_MONTH_MS >= p->terms[i + 1].set_ms;

        if (!replaced && p->terms[i].months > *months)
            *months = p->terms[i].months;
    }
    return true;
}

uint64_t mk_past_size(const struct mk_past *p)
{
    return p->n_prunings == 0 ? 0 : p->prunings[p->n_prunings - 1].p.size;
}

enum mk_err mk_pruned_size(struct mk_vault *v, uint64_t *size,
                           struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_past past;

    mk_past_init(&past);
    rc = mk_past_rows(&past, v, &v->head, diag);
    *size = mk_past_size(&past);
    mk_past_release(&past);
    return rc;
}
