/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The judge.  Keys first (does the verb take them, are they all there, may the
 * values be recorded), then the order of dates, then what is derived, then the
 * step: the first row of the table that fits.
 */
#include <string.h>

#include "core/correct.h"
#include "core/guard.h"
#include "core/workflow.h"

struct check {
    const struct mk_case *c;
    const struct mk_domain_settings *settings;
    mk_day today;
    struct mk_workflow_result *result;
    struct mk_diag *diag;
};

static const char *key_name(enum mk_field key)
{
    return mk_field_get(key)->key;
}

/* ---- keys and values ----------------------------------------------------------- */

static enum mk_err check_taken(const struct check *k, const struct mk_event *e,
                               const struct mk_fields *f)
{
    const struct mk_verb_info *verb = mk_verb_get(e->verb);
    for (enum mk_field key = mk_fields_next(f, MK_F_NONE); key;
         key = mk_fields_next(f, key)) {
        bool taken = mk_verb_field(e->verb, key_name(key),
                                   strlen(key_name(key))) == key;
        for (size_t i = 0; !e->imported && verb->imported[i] != MK_F_NONE; i++)
            taken = taken && verb->imported[i] != key;
        if (!taken)
            return mk_fail(k->diag, MK_E_UNKNOWN_KEY, key_name(key));
    }
    return MK_OK;
}

/* Present, and not empty where it is text. */
static bool is_filled(const struct mk_fields *f, enum mk_field key)
{
    const struct mk_value *v = mk_fields_get(f, key);
    if (!v)
        return false;
    enum mk_field_type type = mk_field_get(key)->type;
    /* an empty new value takes the old one away */
    return key == MK_F_VALUE || (type != MK_T_LINE && type != MK_T_TEXT) ||
           v->text.len > 0;
}

static enum mk_err check_required(const struct check *k,
                                  const struct mk_event *e,
                                  const struct mk_fields *f)
{
    const enum mk_field *key = mk_verb_get(e->verb)->required;
    for (; *key != MK_F_NONE; key++) {
        if (e->imported && !(mk_field_get(*key)->flags & MK_FIELD_IMPORT_MUST))
            continue;
        if (!is_filled(f, *key))
            return mk_fail(k->diag, MK_E_MISSING_KEY, key_name(*key));
    }
    return MK_OK;
}

static enum mk_err check_code(const struct check *k, const struct mk_event *e,
                              const struct mk_field_info *info,
                              unsigned number, int year)
{
    const struct mk_code *code = mk_code_get((enum mk_list)info->list, number);
    bool refused = !code || code->flags & MK_CODE_RESERVED ||
                   (code->flags & MK_CODE_IMPORTED && !e->imported) ||
                   (info->number == MK_F_VERDICT && number == MK_VERDICT_NR);
    if (refused) {
        if (k->diag)
            k->diag->list = info->list;
        return mk_fail(k->diag, MK_E_BAD_CODE, info->key);
    }
    if (!mk_code_valid_in(code, year))
        return mk_fail(k->diag, MK_E_CODE_YEAR, info->key);
    return MK_OK;
}

static enum mk_err check_codes(const struct check *k, const struct mk_event *e,
                               const struct mk_field_info *info,
                               uint64_t codes, int year)
{
    for (unsigned i = 1; i < MK_CODE_MAX; i++) {
        enum mk_err rc = codes >> i & 1 ? check_code(k, e, info, i, year)
                                        : MK_OK;
        if (rc != MK_OK)
            return rc;
    }
    return MK_OK;
}

/* year: of receipt, 0 while it is not known. */
static enum mk_err check_values(const struct check *k,
                                const struct mk_event *e,
                                const struct mk_fields *f, int year)
{
    enum mk_err rc = MK_OK;
    for (enum mk_field key = mk_fields_next(f, MK_F_NONE); rc == MK_OK && key;
         key = mk_fields_next(f, key)) {
        const struct mk_field_info *info = mk_field_get(key);
        const struct mk_value *v = mk_fields_get(f, key);
        if (info->type == MK_T_CODE)
            rc = check_code(k, e, info, v->code, year);
        else if (info->type == MK_T_CODES)
            rc = check_codes(k, e, info, v->codes, year);
        /* the first day of a period: this year began in the past */
        else if (v->from != MK_DAY_NONE && k->today != MK_DAY_NONE &&
                 v->from > k->today && !(info->flags & MK_FIELD_FUTURE))
            rc = mk_fail(k->diag, MK_E_FUTURE_DATE, info->key);
    }
    return rc;
}

static enum mk_err check_lrk(const struct check *k, const struct mk_value *lrk,
                             unsigned care_type)
{
    switch (mk_lrk_check(lrk, care_type)) {
    case MK_LRK_GOOD:
        return MK_OK;
    case MK_LRK_DOUBTFUL:
        k->result->lrk_doubtful = true;
        return MK_OK;
    case MK_LRK_WRONG:
        break;
    }
    return mk_fail(k->diag, MK_E_BAD_LRK, key_name(MK_F_LRK_ID));
}

static unsigned care_type_with(const struct check *k,
                               const struct mk_fields *f)
{
    return mk_fields_code(mk_fields_has(f, MK_F_CARE_TYPE) ? f : &k->c->facts,
                          MK_F_CARE_TYPE);
}

static enum mk_err check_keys(const struct check *k, const struct mk_event *e)
{
    enum mk_err rc;
    mk_day received = e->verb == MK_VERB_MELDING
                          ? mk_fields_day(&e->f, MK_F_RECEIVED)
                          : k->c->received;
    /* a dossier counts in the year of its first melding: its codes are those of
     * that year */
    int year = received == MK_DAY_NONE ? 0 : mk_date_year(received);
    MK_TRY(check_taken(k, e, &e->f));
    MK_TRY(check_required(k, e, &e->f));
    MK_TRY(check_values(k, e, &e->f, year));
    MK_TRY(check_lrk(k, mk_fields_get(&e->f, MK_F_LRK_ID),
                     care_type_with(k, &e->f)));
out:
    return rc;
}

/* ---- the order of dates: known <= contact <= verdict <= complaint --------------- */

static const enum mk_field in_order[] = {MK_F_KNOWN, MK_F_CONTACT,
                                         MK_F_VERDICT_DATE, MK_F_COMPLAINT};
#define N_ORDER (sizeof(in_order) / sizeof(in_order[0]))

/* Does the last date that f has lie before one that stands earlier in the row?
 * What f lacks is taken from older, which may be NULL. */
static bool runs_backwards(const struct mk_fields *f,
                           const struct mk_fields *older, enum mk_field last)
{
    mk_day day = mk_fields_day(f, last);
    for (size_t i = 0; i < N_ORDER && in_order[i] != last; i++) {
        mk_day before = mk_fields_day(f, in_order[i]);
        if (before == MK_DAY_NONE && older)
            before = mk_fields_day(older, in_order[i]);
        if (day != MK_DAY_NONE && before > day)
            return true;
    }
    return false;
}

static enum mk_err check_order(const struct check *k, struct mk_event *e)
{
    enum mk_field last = MK_F_NONE;
    if (e->verb == MK_VERB_OVERLEG)
        last = MK_F_CONTACT;
    if (e->verb == MK_VERB_OORDEEL)
        last = MK_F_VERDICT_DATE;
    if (e->verb == MK_VERB_AANGIFTE)
        last = MK_F_COMPLAINT;
    if (last == MK_F_NONE || !runs_backwards(&e->f, &k->c->facts, last))
        return MK_OK;
    k->result->breach = true;
    if (mk_fields_has(&e->f, MK_F_BREACH))
        return MK_OK;
    if (!e->imported)
        return mk_fail(k->diag, MK_E_BREACH, key_name(last));
    return mk_fields_set_code(&e->f, MK_F_BREACH, MK_BREACH_ONB);
}

/* Nobody is refused for these: DOMAIN orders four dates only.  But a year
 * mistyped on the telephone should be heard. */
static void check_sense(const struct check *k, const struct mk_event *e)
{
    static const enum mk_field after_receipt[] = {MK_F_REFERRED, MK_F_PLACED,
                                                  MK_F_CLOSED};
    mk_day received = k->c->received;
    mk_day complaint = mk_fields_day(&e->f, MK_F_COMPLAINT);
    mk_day notified = mk_fields_day(&e->f, MK_F_NOTIFIED);
    mk_day check = mk_fields_day(&e->f, MK_F_NEXT_CHECK);
    for (size_t i = 0; i < sizeof after_receipt / sizeof after_receipt[0];
         i++) {
        mk_day day = mk_fields_day(&e->f, after_receipt[i]);
        if (day != MK_DAY_NONE && received != MK_DAY_NONE && day < received)
            k->result->odd_date = after_receipt[i];
    }
    if (complaint != MK_DAY_NONE && notified != MK_DAY_NONE &&
        notified < complaint)
        k->result->odd_date = MK_F_NOTIFIED;
    if (check != MK_DAY_NONE && k->today != MK_DAY_NONE && check < k->today)
        k->result->odd_date = MK_F_NEXT_CHECK;
}

/* ---- what is derived ------------------------------------------------------------ */

static void derive_from(const struct check *k, const struct mk_fields *facts,
                        struct mk_derived *d)
{
    d->duty = (uint8_t)mk_duty_derive(facts, k->settings);
    d->rule = MK_DUTY_RULE_VERSION;
    d->statute = (uint8_t)mk_statute_derive(facts);
    d->mtbp = (uint8_t)mk_mtbp_derive(mk_fields_code(facts, MK_F_ACCUSED),
                                      k->settings);
}

/* As it was after the last event. */
static struct mk_derived derived_before(const struct mk_case *c)
{
    if (c->n_events == 0)
        return (struct mk_derived){0};
    return c->events[c->n_events - 1].derived;
}

/* ---- corrections ----------------------------------------------------------------- */

/* The invariants of an event that is corrected, f being its fields then. */
static enum mk_err check_corrected_step(const struct check *k,
                                        const struct mk_event *event,
                                        const struct mk_fields *f,
                                        unsigned duty)
{
    unsigned verdict = mk_fields_code(f, MK_F_VERDICT);
    if (event->verb == MK_VERB_OORDEEL && verdict == MK_VERDICT_RED &&
        verdict != mk_fields_code(&event->f, MK_F_VERDICT)) {
        if (duty != MK_YN_J)
            return mk_fail(k->diag, MK_E_NO_DUTY,
                           mk_verb_get(event->verb)->nl);
        if (!k->c->had_overleg && !k->c->had_houder_verdacht)
            return mk_fail(k->diag, MK_E_WORKFLOW, mk_state_slug(k->c->state));
    }
    /* the state that followed says which duty it was */
    if (event->verb == MK_VERB_NIET_NAGEKOMEN &&
        mk_fields_code(f, MK_F_UNMET) != mk_fields_code(&event->f, MK_F_UNMET))
        return mk_fail(k->diag, MK_E_WORKFLOW, mk_state_slug(k->c->state));
    return MK_OK;
}

/* The event that is corrected in the end, judged as if entered like that. */
static enum mk_err check_target(const struct check *k,
                                const struct mk_overlay *o,
                                const struct mk_fields *facts, unsigned duty)
{
    size_t target = mk_overlay_target(o, o->n - 1);
    const struct mk_event *event = mk_overlay_event(o, target);
    int year = mk_date_year(mk_fields_day(facts, MK_F_RECEIVED));
    const struct mk_fields *f = NULL;
    struct mk_fields scratch;
    enum mk_err rc;
    mk_fields_init(&scratch);
    MK_TRY(mk_overlay_fields(o, target, &scratch, &f, k->diag));
    if (!mk_correct_is_away(event, f)) {
        MK_TRY(check_required(k, event, f));
        MK_TRY(check_values(k, event, f, year));
        MK_TRY(check_lrk(k, mk_fields_get(f, MK_F_LRK_ID),
                         mk_fields_code(facts, MK_F_CARE_TYPE)));
        MK_TRY(check_corrected_step(k, event, f, duty));
    }
    /* a new year of receipt may be one in which a code of duiding is not valid */
    if (event->verb == MK_VERB_MELDING) {
        struct mk_event lenient = {.imported = true};
        MK_TRY(check_values(k, &lenient, facts, year));
    }
out:
    mk_fields_release(&scratch);
    return rc;
}

static void check_facts_order(const struct check *k,
                              const struct mk_fields *facts)
{
    for (size_t i = 1; i < N_ORDER; i++) {
        if (runs_backwards(facts, NULL, in_order[i]) &&
            !runs_backwards(&k->c->facts, NULL, in_order[i]))
            k->result->breach = true;
    }
}

/* Is it about an event and a key that can be corrected? */
static enum mk_err check_named(const struct check *k, const struct mk_event *e)
{
    uint64_t number = mk_fields_number(&e->f, MK_F_EVENT);
    if (number > k->c->n_events)
        return mk_fail_at(k->diag, MK_E_BAD_NUMBER, key_name(MK_F_EVENT), 0, 1,
                          (int64_t)k->c->n_events);
    const struct mk_event *event = &k->c->events[number - 1];
    enum mk_field key = mk_correct_key(event, e);
    const struct mk_verb_info *verb = mk_verb_get(event->verb);
    bool taken = key != MK_F_NONE;
    for (size_t i = 0; !event->imported && verb->imported[i] != MK_F_NONE; i++)
        taken = taken && verb->imported[i] != key;
    if (!taken)
        return mk_fail_at(
            k->diag, MK_E_UNKNOWN_KEY,
            key_name((enum mk_field)mk_fields_number(&e->f, MK_F_KEY)), 0,
            event->verb, 0);
    return MK_OK;
}

static enum mk_err check_correction(const struct check *k,
                                    const struct mk_event *e,
                                    struct mk_derived *d)
{
    struct mk_overlay o = {0};
    struct mk_fields facts;
    enum mk_err rc;
    mk_fields_init(&facts);
    MK_TRY(check_named(k, e));
    MK_TRY(mk_overlay_init(&o, k->c, e));
    MK_TRY(mk_overlay_facts(&o, &facts, k->diag));
    if (mk_fields_day(&facts, MK_F_RECEIVED) == MK_DAY_NONE) {
        rc = mk_fail(k->diag, MK_E_MISSING_KEY, key_name(MK_F_RECEIVED));
        goto out;
    }
    if (k->c->duty != 0)
        derive_from(k, &facts, d);
    MK_TRY(check_target(k, &o, &facts, d->duty));
    check_facts_order(k, &facts);
out:
    mk_overlay_release(&o);
    mk_fields_release(&facts);
    return rc;
}

/* ---- the step -------------------------------------------------------------------- */

static enum mk_err find_step(const struct check *k, const struct mk_event *e,
                             const struct mk_case *kept, unsigned duty)
{
    const struct mk_guard_in in = {
        .c = k->c, .e = e, .kept = kept, .duty = duty};
    const struct mk_transition *row;
    enum mk_err refusal = MK_E_WORKFLOW;
    const char *place = NULL;
    for (size_t i = 0; (row = mk_transition_at(i)) != NULL; i++) {
        if (row->verb != e->verb || !(row->from & MK_STATE_BIT(k->c->state)))
            continue;
        enum mk_err rc = mk_guard_check(row->guard, &in, &place);
        if (rc == MK_OK) {
            k->result->to = row->to == MK_STATE_NONE ? k->c->state : row->to;
            return MK_OK;
        }
        if (rc != MK_E_WORKFLOW)
            refusal = rc;
    }
    if (!place)
        place = refusal == MK_E_WORKFLOW ? mk_state_slug(k->c->state)
                                         : mk_verb_get(e->verb)->nl;
    return mk_fail(k->diag, refusal, place);
}

/* Who is suspected is not the one to consult. */
static enum mk_err check_speaker(const struct check *k,
                                 const struct mk_event *e)
{
    if (e->verb == MK_VERB_OVERLEG && k->c->had_houder_verdacht &&
        mk_fields_code(&e->f, MK_F_SPEAKER) == MK_SPEAKER_HOU)
        return mk_fail(k->diag, MK_E_WORKFLOW,
                       mk_state_slug(MK_STATE_HOUDER_VERDACHT));
    return MK_OK;
}

static enum mk_err judge(const struct check *k, struct mk_event *e,
                         const struct mk_case *kept)
{
    struct mk_derived d = derived_before(k->c);
    enum mk_err rc;
    MK_TRY(check_keys(k, e));
    if (e->verb == MK_VERB_DUID)
        derive_from(k, &e->f, &d);
    if (e->verb == MK_VERB_CORRIGEER && k->c->n_events > 0)
        MK_TRY(check_correction(k, e, &d));
    MK_TRY(find_step(k, e, kept, d.duty));
    MK_TRY(check_speaker(k, e));
    MK_TRY(check_order(k, e));
    check_sense(k, e);
    d.state = (uint8_t)k->result->to;
    e->derived = d;
out:
    return rc;
}

enum mk_err mk_workflow_check(const struct mk_case *c, struct mk_event *e,
                              const struct mk_case *kept,
                              const struct mk_domain_settings *settings,
                              mk_day today, struct mk_workflow_result *result,
                              struct mk_diag *diag)
{
    static const struct mk_domain_settings usual = MK_DOMAIN_SETTINGS_INIT;
    struct mk_workflow_result unwanted;
    if (!result)
        result = &unwanted;
    memset(result, 0, sizeof(*result));
    memset(&e->derived, 0, sizeof(e->derived));
    if (!mk_verb_get(e->verb))
        return mk_fail(diag, MK_E_INTERNAL, "verb");
    if (e->verb == MK_VERB_VERNIETIG)
        return mk_fail(diag, MK_E_NOT_YET, mk_verb_get(e->verb)->nl);
    const struct check k = {.c = c,
                            .settings = settings ? settings : &usual,
                            .today = today,
                            .result = result,
                            .diag = diag};
    enum mk_err rc = judge(&k, e, kept);
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, "") : rc;
}
