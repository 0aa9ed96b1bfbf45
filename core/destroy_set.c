/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rule, hold, proposal, approval: what leads to a destruction. */
#include <stdlib.h>
#include <string.h>

#include "core/access.h"
#include "core/base/clock.h"
#include "core/destroy.h"
#include "core/sealed.h"

static struct mk_log_item entry_of(enum mk_audit kind, enum mk_role role,
                                   const struct mk_access *access)
{
    return (struct mk_log_item){
        .role = role,
        .kind = kind,
        .outcome = access->dry_run ? MK_OUTCOME_DRY_RUN : MK_OUTCOME_DONE,
        .purpose = access->purpose != MK_CODE_NONE ? access->purpose
                                                   : MK_PURPOSE_CTL,
        .count = 1,
    };
}

/* Nobody is treated by a destruction: without a purpose it is CTL. */
static struct mk_access with_purpose(const struct mk_access *access)
{
    struct mk_access as = *access;

    if (as.purpose == MK_CODE_NONE)
        as.purpose = MK_PURPOSE_CTL;
    return as;
}

static const char *tag_of(char out[static MK_TAG_TEXT], const uint8_t *id)
{
    mk_tag_format(out, id);
    return out;
}

/* --- rule --- */

static enum mk_err check_rule(const struct mk_destroy_rule *rule,
                              struct mk_diag *diag)
{
    if (rule->months < MK_DESTROY_MONTHS_MIN ||
        rule->months > MK_DESTROY_MONTHS_MAX)
        return mk_fail_at(diag, MK_E_BAD_NUMBER, "term of destruction", 0,
                          MK_DESTROY_MONTHS_MIN, MK_DESTROY_MONTHS_MAX);
    if (rule->copies_days > MK_COPIES_DAYS_MAX)
        return mk_fail_at(diag, MK_E_BAD_NUMBER, "days of copies", 0, 0,
                          MK_COPIES_DAYS_MAX);
    return mk_destroy_rule_ok(rule)
               ? MK_OK
               : mk_fail_at(diag, MK_E_BAD_ITEM, NULL, 0, MK_ITEM_MAX, 0);
}

enum mk_err mk_destroy_rule_set(struct mk_vault *v,
                                const struct mk_access *access,
                                const struct mk_destroy_rule *rule,
                                struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx = {.v = NULL};
    struct mk_buf body = MK_BUF_INIT;
    struct mk_destroy_past past;
    struct mk_log_item item =
        entry_of(MK_AUDIT_DESTROY_RULE, MK_ROLE_CUSTODIAN, access);

    mk_destroy_past_init(&past);
    item.count = rule->months;
    MK_TRY(mk_vault_need(v, MK_ROLE_CUSTODIAN, diag));
    MK_TRY(check_rule(rule, diag));
    if (access->dry_run)
        return mk_log_now(v, &item, diag);
    MK_TRY(mk_destroy_rule_encode(&body, mk_keyring_store(v->keyring), rule));
    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    MK_TRY(mk_destroy_past_now(&past, v, diag));
    MK_TRY(mk_destroy_append(&tx, &past, MK_REGISTER_DESTROY_RULE, body.data,
                             body.len, diag));
    MK_TRY(mk_tx_leaf(&tx, &item, diag));
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    mk_destroy_past_release(&past);
    mk_buf_release(&body);
    return rc;
}

/* --- hold --- */

static enum mk_err write_hold(struct mk_vault *v,
                              const struct mk_hold_record *r,
                              const struct mk_log_item *item,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx;
    struct mk_destroy_past past;
    uint8_t body[MK_HOLD_BODY];
    char tag[MK_TAG_TEXT];

    mk_destroy_past_init(&past);
    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    MK_TRY(mk_destroy_past_now(&past, v, diag));
    if ((mk_past_held(&past, r->dossier) != NULL) == r->on) {
        rc = mk_fail(diag, MK_E_HOLD_SAME, tag_of(tag, r->dossier));
        goto out;
    }
    mk_hold_encode(body, mk_keyring_store(v->keyring), r);
    MK_TRY(mk_destroy_append(&tx, &past, MK_REGISTER_HOLD, body, sizeof body,
                             diag));
    MK_TRY(mk_tx_leaf(&tx, item, diag));
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    mk_destroy_past_release(&past);
    return rc;
}

/* The proven row of a dossier that was asked for. */
static enum mk_err row_of(struct mk_vault *v, uint64_t ordinal,
                          struct mk_dossier_row *row, struct mk_diag *diag)
{
    enum mk_err rc = mk_snapshot_begin(v, diag);

    if (rc != MK_OK)
        return rc;
    rc = mk_sealed_row(v, ordinal, row, diag);
    mk_snapshot_end(v);
    return rc;
}

enum mk_err mk_destroy_hold(struct mk_vault *v, const struct mk_access *access,
                            const struct mk_dossier_ref *ref, bool on,
                            unsigned reason, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_access as = with_purpose(access);
    struct mk_hold_record r = {.on = on, .reason = reason};
    struct mk_dossier_row row;
    struct mk_log_item item =
        entry_of(MK_AUDIT_HOLD, MK_ROLE_INSPECTOR, access);
    uint64_t ordinal;
    char tag[MK_TAG_TEXT];

    mk_dossier_row_init(&row);
    if (mk_code_get(MK_LIST_HOLD, reason) == NULL)
        return mk_fail(diag, MK_E_BAD_CODE, "reason");
    MK_TRY(mk_access_ask(v, &as, ref, &item, &ordinal, diag));
    MK_TRY(row_of(v, ordinal, &row, diag));
    memcpy(r.dossier, row.id, MK_ID);
    if (mk_row_is_tombstone(&row))
        rc = mk_fail(diag, MK_E_DESTROYED, tag_of(tag, row.id));
    if (rc != MK_OK || access->dry_run)
        goto out;
    item.outcome = MK_OUTCOME_DONE;
    MK_TRY(write_hold(v, &r, &item, diag));
out:
    mk_dossier_row_release(&row);
    return rc;
}

/* --- proposal --- */

enum mk_err mk_destroy_ended(const struct mk_case *c, uint32_t intake_year,
                             mk_day *day)
{
    mk_day first = mk_date_day((int)intake_year, 1, 1);
    const struct mk_event *end = NULL;
    bool was_end = false;

    if (mk_state_kind(c->state) != MK_KIND_END)
        return MK_E_NOT_ENDED;
    for (size_t i = 0; i < c->n_events; i++) {
        bool is_end =
            mk_state_kind((enum mk_state)c->events[i].derived.state) ==
            MK_KIND_END;

        if (is_end && !was_end)
            end = &c->events[i];
        was_end = is_end;
    }
    if (end == NULL)
        return MK_E_NOT_ENDED;
    *day = mk_date_amsterdam(end->time_ms);
    if (c->state == MK_STATE_AFGEROND && mk_fields_has(&c->facts, MK_F_CLOSED))
        *day = mk_fields_day(&c->facts, MK_F_CLOSED);
    if (first < c->received)
        first = c->received;
    if (*day < first)
        *day = first;
    return MK_OK;
}

/* Opens one dossier, and says when it ended. */
static enum mk_err look(struct mk_vault *v, const struct mk_access *as,
                        const struct mk_dossier_ref *ref,
                        struct mk_proposal_record *out, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_opened d;
    struct mk_log_item item =
        entry_of(MK_AUDIT_DESTROY_PROPOSE, MK_ROLE_INSPECTOR, as);
    uint64_t ordinal;
    char tag[MK_TAG_TEXT];

    mk_opened_init(&d);
    item.mask = MK_SHOWN_FACTS;
    MK_TRY(mk_access_ask(v, as, ref, &item, &ordinal, diag));
    MK_TRY(mk_access_open(v, ordinal, &d, diag));
    memcpy(out->dossier, d.row.id, MK_ID);
    out->version = d.row.version;
    rc = mk_destroy_ended(&d.c, d.row.intake_year, &out->ended);
    if (rc != MK_OK)
        rc = mk_fail(diag, rc, tag_of(tag, d.row.id));
out:
    mk_opened_release(&d);
    return rc;
}

static enum mk_err has_rule(struct mk_vault *v, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_destroy_past past;

    mk_destroy_past_init(&past);
    rc = mk_snapshot_begin(v, diag);
    if (rc != MK_OK)
        return rc;
    rc = mk_destroy_past_now(&past, v, diag);
    if (rc == MK_OK && past.n_rules == 0)
        rc = mk_fail(diag, MK_E_NO_RULE, NULL);
    mk_snapshot_end(v);
    mk_destroy_past_release(&past);
    return rc;
}

/* What everybody will judge, said before it is written. */
static enum mk_err may_go(const struct mk_destroy_past *p,
                          const uint8_t *dossier, mk_day ended,
                          uint32_t months, struct mk_diag *diag)
{
    char tag[MK_TAG_TEXT];
    mk_day due = mk_destroy_due(ended, months);
    int year;
    int month;
    int day;

    tag_of(tag, dossier);
    mk_date_split(due, &year, &month, &day);
    if (mk_past_tombstone(p, dossier) != NULL)
        return mk_fail(diag, MK_E_DESTROYED, tag);
    if (mk_past_held(p, dossier) != NULL)
        return mk_fail(diag, MK_E_HELD, tag);
    if (mk_date_amsterdam(mk_clock_now()) <= due)
        return mk_fail_at(diag, MK_E_TERM_RUNS, tag, 0,
                          (int64_t)year * 10000 + (int64_t)month * 100 + day,
                          0);
    return MK_OK;
}

/* Nobody waits for two approvals of one thing. */
static enum mk_err check_once(struct mk_vault *v,
                              const struct mk_destroy_past *p,
                              const struct mk_proposal_record *r,
                              struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;
    struct mk_dossier_row row;
    char tag[MK_TAG_TEXT];
    bool found;

    mk_dossier_row_init(&row);
    for (size_t i = 0; i < p->n_proposals; i++) {
        const struct mk_past_proposal *one = &p->proposals[i];

        if (memcmp(one->r.dossier, r->dossier, MK_ID) != 0 ||
            one->r.ended != r->ended || one->r.rule != r->rule)
            continue;
        MK_TRY(mk_destroy_row(v, r->dossier, &found, &row, diag));
        if (!one->is_approved ||
            mk_approval_is_for(&one->approval, row.entries, row.chain)) {
            rc = mk_fail_at(diag, MK_E_PROPOSED, tag_of(tag, r->dossier), 0,
                            (int64_t)one->row, 0);
            goto out;
        }
    }
out:
    mk_dossier_row_release(&row);
    return rc;
}

static enum mk_err write_proposals(struct mk_vault *v,
                                   const struct mk_access *as,
                                   struct mk_proposal_record *r, size_t n,
                                   uint64_t *numbers, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx;
    struct mk_destroy_past past;
    uint8_t body[MK_PROPOSAL_BODY];
    struct mk_log_item item =
        entry_of(MK_AUDIT_DESTROY_PROPOSE, MK_ROLE_INSPECTOR, as);
    const struct mk_destroy_rule *rule;

    mk_destroy_past_init(&past);
    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    MK_TRY(mk_destroy_past_now(&past, v, diag));
    if (past.n_rules == 0) {
        rc = mk_fail(diag, MK_E_NO_RULE, NULL);
        goto out;
    }
    rule = &past.rules[past.n_rules - 1].rule;
    item.outcome = MK_OUTCOME_DONE;
    for (size_t i = 0; i < n; i++) {
        MK_TRY(may_go(&past, r[i].dossier, r[i].ended, rule->months, diag));
        r[i].rule = rule->number;
        MK_TRY(check_once(v, &past, &r[i], diag));
        numbers[i] = tx.next.n_register;
        mk_proposal_encode(body, mk_keyring_store(v->keyring), &r[i]);
        MK_TRY(mk_destroy_append(&tx, &past, MK_REGISTER_DESTROY_PROPOSE, body,
                                 sizeof body, diag));
        memcpy(item.object, r[i].dossier, MK_ID);
        MK_TRY(mk_tx_leaf(&tx, &item, diag));
    }
    MK_TRY(mk_tx_commit(&tx, diag));
out:
    mk_tx_abort(&tx);
    mk_destroy_past_release(&past);
    return rc;
}

enum mk_err mk_destroy_propose(struct mk_vault *v,
                               const struct mk_access *access,
                               const struct mk_dossier_ref *refs, size_t n,
                               uint64_t *numbers, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_access as = with_purpose(access);
    struct mk_proposal_record *r = calloc(n + 1, sizeof *r);

    if (r == NULL)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    MK_TRY(mk_vault_need(v, MK_ROLE_INSPECTOR, diag));
    MK_TRY(has_rule(v, diag));
    for (size_t i = 0; i < n; i++)
        MK_TRY(look(v, &as, &refs[i], &r[i], diag));
    if (!access->dry_run)
        MK_TRY(write_proposals(v, &as, r, n, numbers, diag));
out:
    free(r);
    return rc;
}

/* --- approval --- */

static enum mk_err may_approve(const struct mk_destroy_past *p,
                               const struct mk_vault *v, uint64_t number,
                               struct mk_diag *diag)
{
    const struct mk_past_proposal *of = mk_past_proposal(p, number);

    if (of == NULL || of->is_approved || !mk_past_is_current(p, of))
        return mk_fail_at(diag, MK_E_NO_PROPOSAL, NULL, 0, (int64_t)number, 0);
    if (memcmp(of->by, v->my_id, MK_ID) == 0)
        return mk_fail(diag, MK_E_TWO_PEOPLE, NULL);
    return may_go(p, of->r.dossier, of->r.ended,
                  p->rules[of->rule].rule.months, diag);
}

static enum mk_err write_approval(struct mk_tx *tx, struct mk_destroy_past *p,
                                  uint64_t number, struct mk_log_item *item,
                                  struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_vault *v = tx->v;
    const struct mk_past_proposal *of = mk_past_proposal(p, number);
    struct mk_dossier_row row;
    bool found;
    struct mk_approval_record a = {
        .proposal = number,
        .ended = of->r.ended,
        .months = p->rules[of->rule].rule.months,
    };
    uint8_t body[MK_APPROVAL_BODY];

    mk_dossier_row_init(&row);
    MK_TRY(mk_destroy_row(v, of->r.dossier, &found, &row, diag));
    if (!found) { /* an id that no dossier has: there is nothing to approve */
        rc = mk_fail_at(diag, MK_E_NO_PROPOSAL, NULL, 0, (int64_t)number, 0);
        goto out;
    }
    a.entries = row.entries;
    memcpy(a.chain, row.chain, MK_HASH);
    memcpy(a.dossier, of->r.dossier, MK_ID);
    memcpy(a.custodian, v->my_id, MK_ID);
    memcpy(item->object, of->r.dossier, MK_ID);
    if (item->outcome == MK_OUTCOME_DONE) {
        MK_TRY(mk_approval_make(body, mk_keyring_store(v->keyring), &a,
                                v->who.sign));
        MK_TRY(mk_destroy_append(tx, p, MK_REGISTER_DESTROY_APPROVE, body,
                                 sizeof body, diag));
    }
    MK_TRY(mk_tx_leaf(tx, item, diag));
    MK_TRY(mk_tx_commit(tx, diag));
out:
    mk_dossier_row_release(&row);
    return rc;
}

enum mk_err mk_destroy_approve(struct mk_vault *v,
                               const struct mk_access *access, uint64_t number,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_tx tx = {.v = NULL};
    struct mk_destroy_past past;
    struct mk_log_item item =
        entry_of(MK_AUDIT_DESTROY_APPROVE, MK_ROLE_CUSTODIAN, access);

    mk_destroy_past_init(&past);
    MK_TRY(mk_vault_need(v, MK_ROLE_CUSTODIAN, diag));
    MK_TRY(mk_tx_begin(&tx, v, NULL, diag));
    MK_TRY(mk_destroy_past_now(&past, v, diag));
    MK_TRY(may_approve(&past, v, number, diag));
    MK_TRY(write_approval(&tx, &past, number, &item, diag));
out:
    mk_tx_abort(&tx);
    mk_destroy_past_release(&past);
    return rc;
}
