/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/replay.h"

#include <string.h>

/* The columns of the file; every one is also a key of forms. */
static const enum mk_field columns[] = {
    MK_F_REF,       MK_F_RECEIVED,     MK_F_CHANNEL,       MK_F_REPORTER,
    MK_F_SECTOR,    MK_F_CARE_TYPE,    MK_F_CATEGORY,      MK_F_EXTRA,
    MK_F_ACCUSED,   MK_F_VICTIM_MINOR, MK_F_IN_CARE,       MK_F_QUALIFICATION,
    MK_F_OCCURRED,  MK_F_KNOWN,        MK_F_CONTACT,       MK_F_DIRECT,
    MK_F_VERDICT,   MK_F_VERDICT_DATE, MK_F_REFERRED,      MK_F_REFERRED_FOR,
    MK_F_COMPLAINT, MK_F_NOTIFIED,     MK_F_POLICE_REPORT, MK_F_UNMET,
    MK_F_PLACED,    MK_F_AUTHORITY,    MK_F_OUTCOME,       MK_F_CLOSED,
    MK_F_LRK_ID,
};
#define N_COLUMNS (sizeof columns / sizeof *columns)

/* contact .. unmet: they mean something only where the duty applies. */
static const enum mk_field duty_columns[] = {
    MK_F_CONTACT,       MK_F_DIRECT,       MK_F_VERDICT,   MK_F_VERDICT_DATE,
    MK_F_REFERRED,      MK_F_REFERRED_FOR, MK_F_COMPLAINT, MK_F_NOTIFIED,
    MK_F_POLICE_REPORT, MK_F_UNMET,
};

/* Pairs of which one may not stand without the other. */
static const struct {
    enum mk_field has, needs;
} pairs[] = {
    {MK_F_VERDICT_DATE, MK_F_VERDICT}, {MK_F_REFERRED_FOR, MK_F_REFERRED},
    {MK_F_COMPLAINT, MK_F_NOTIFIED},   {MK_F_NOTIFIED, MK_F_COMPLAINT},
    {MK_F_CLOSED, MK_F_OUTCOME},       {MK_F_OUTCOME, MK_F_CLOSED},
};

/*
 * The order of replay.  An event is skipped when its key is empty; fill are
 * keys that the file does not have and history gets the code INV.
 */
static const struct step {
    enum mk_verb verb;
    enum mk_field key;
    enum mk_field takes[4];
    enum mk_field fill;
} steps[] = {
    {MK_VERB_OVERLEG, MK_F_CONTACT, {MK_F_DIRECT}, MK_F_SPEAKER},
    {MK_VERB_OORDEEL, MK_F_VERDICT, {MK_F_VERDICT_DATE}, MK_F_NONE},
    {MK_VERB_VERWIJS,
     MK_F_REFERRED,
     {MK_F_REFERRED_FOR, MK_F_AUTHORITY},
     MK_F_NONE},
    {MK_VERB_NIET_NAGEKOMEN, MK_F_UNMET, {MK_F_NONE}, MK_F_REASON_UNMET},
    {MK_VERB_AANGIFTE,
     MK_F_COMPLAINT,
     {MK_F_NOTIFIED, MK_F_AUTHORITY},
     MK_F_NONE},
    {MK_VERB_POLITIEMELDING, MK_F_POLICE_REPORT, {MK_F_AUTHORITY}, MK_F_NONE},
    {MK_VERB_PLAATS, MK_F_PLACED, {MK_F_AUTHORITY}, MK_F_NONE},
    {MK_VERB_SLUIT, MK_F_CLOSED, {MK_F_OUTCOME}, MK_F_NONE},
};

enum mk_field mk_import_column(size_t i)
{
    return i < N_COLUMNS ? columns[i] : MK_F_NONE;
}

enum mk_err mk_replay_header(struct mk_replay_header *h,
                             const struct mk_csv *csv, struct mk_diag *diag)
{
    uint64_t seen = 0;

    h->n = csv->n;
    /* what a spreadsheet in Dutch writes; no key of ours has one */
    if (csv->n == 1 && csv->field[0].n > 0 &&
        memchr(csv->text.data + csv->field[0].at, ';', csv->field[0].n))
        return mk_fail_at(diag, MK_E_SEMICOLON, "csv", csv->line, 0, 0);
    for (size_t i = 0; i < csv->n; i++) {
        const char *key = (const char *)csv->text.data + csv->field[i].at;
        const struct mk_field_info *f = NULL;

        for (size_t k = 0; k < N_COLUMNS && f == NULL; k++) {
            const struct mk_field_info *info = mk_field_get(columns[k]);

            if (strlen(info->key) == csv->field[i].n &&
                memcmp(info->key, key, csv->field[i].n) == 0)
                f = info;
        }
        /* What stands there may be anything: the number of the column is
         * told, not its text. */
        if (f == NULL)
            return mk_fail_at(diag, MK_E_UNKNOWN_COLUMN, "column", csv->line,
                              (int64_t)i + 1, 0);
        if ((seen & UINT64_C(1) << f->number) != 0)
            return mk_fail_at(diag, MK_E_DUPLICATE_KEY, f->key, csv->line, 0,
                              0);
        seen |= UINT64_C(1) << f->number;
        h->column[i] = f->number;
    }
    if ((seen & UINT64_C(1) << MK_F_RECEIVED) == 0)
        return mk_fail_at(diag, MK_E_MISSING_KEY, "received", csv->line, 0, 0);
    return MK_OK;
}

static enum mk_err parse_row(struct mk_fields *row,
                             const struct mk_replay_header *h,
                             const struct mk_csv *csv, struct mk_diag *diag)
{
    enum mk_err rc = MK_OK;

    if (csv->n != h->n)
        return mk_fail_at(diag, MK_E_SYNTAX, "number of columns", 0,
                          (int64_t)csv->n, (int64_t)h->n);
    for (size_t i = 0; i < h->n; i++)
        if (csv->field[i].n != 0)
            MK_TRY(mk_fields_parse(row, h->column[i],
                                   csv->text.data + csv->field[i].at,
                                   csv->field[i].n, diag));
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (mk_fields_has(row, pairs[i].has) &&
            !mk_fields_has(row, pairs[i].needs))
            return mk_fail(diag, MK_E_MISSING_KEY,
                           mk_field_get(pairs[i].needs)->key);
    if (mk_fields_has(row, MK_F_VERDICT) &&
        mk_fields_code(row, MK_F_VERDICT) != MK_VERDICT_NR &&
        !mk_fields_has(row, MK_F_CONTACT))
        rc = mk_fail(diag, MK_E_MISSING_KEY, "contact");
out:
    return rc;
}

struct replay {
    struct mk_case *c;
    const struct mk_fields *row;
    const struct mk_replay_who *who;
    bool *odd_dates;
};

static enum mk_err copy_key(struct mk_fields *to, const struct mk_fields *from,
                            enum mk_field key)
{
    const struct mk_value *value = mk_fields_get(from, key);

    return value == NULL ? MK_OK : mk_fields_put(to, key, value);
}

/* Checks e by the rules and adds it; e is empty afterwards. */
static enum mk_err step(struct replay *r, struct mk_event *e,
                        struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_workflow_result result;

    e->seq = (uint32_t)r->c->n_events + 1;
    e->imported = true;
    e->time_ms = r->who->time_ms;
    memcpy(e->actor, r->who->actor, 16);
    MK_TRY(mk_workflow_check(r->c, e, NULL, r->who->settings, r->who->today,
                             &result, diag));
    *r->odd_dates = *r->odd_dates || result.breach ||
                    result.odd_date != MK_F_NONE;
    MK_TRY(mk_case_add(r->c, e, diag));
out:
    mk_event_release(e);
    return rc;
}

static enum mk_err take_in(struct replay *r, struct mk_diag *diag)
{
    static const enum mk_field keys[] = {
        MK_F_RECEIVED,
        MK_F_CHANNEL,
        MK_F_REPORTER,
        MK_F_REF,
    };
    enum mk_err rc;
    struct mk_event e;

    mk_event_init(&e);
    e.verb = MK_VERB_MELDING;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        MK_TRY(copy_key(&e.f, r->row, keys[i]));
    MK_TRY(step(r, &e, diag));
out:
    mk_event_release(&e);
    return rc;
}

static enum mk_err classify(struct replay *r, struct mk_diag *diag)
{
    static const enum mk_field keys[] = {
        MK_F_SECTOR,   MK_F_CARE_TYPE,    MK_F_CATEGORY, MK_F_EXTRA,
        MK_F_ACCUSED,  MK_F_VICTIM_MINOR, MK_F_IN_CARE,  MK_F_QUALIFICATION,
        MK_F_OCCURRED, MK_F_KNOWN,        MK_F_LRK_ID,
    };
    enum mk_err rc;
    struct mk_event e;

    mk_event_init(&e);
    e.verb = MK_VERB_DUID;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        MK_TRY(copy_key(&e.f, r->row, keys[i]));
    if (!mk_fields_has(r->row, MK_F_KNOWN))
        MK_TRY(mk_fields_parse(&e.f, MK_F_KNOWN, "NR", 2, diag));
    if (!mk_fields_has(r->row, MK_F_CONTACT))
        MK_TRY(copy_key(&e.f, r->row, MK_F_DIRECT));
    MK_TRY(step(r, &e, diag));
out:
    mk_event_release(&e);
    return rc;
}

static enum mk_err without_duty(struct replay *r, struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_event e;

    for (size_t i = 0; i < sizeof duty_columns / sizeof *duty_columns; i++)
        if (mk_fields_has(r->row, duty_columns[i]))
            return mk_fail(diag, MK_E_NO_DUTY,
                           mk_field_get(duty_columns[i])->key);
    mk_event_init(&e);
    e.verb = MK_VERB_ADVISEER;
    MK_TRY(mk_fields_set_code(&e.f, MK_F_ADVICE, MK_ADVICE_INV));
    MK_TRY(step(r, &e, diag));
out:
    mk_event_release(&e);
    return rc;
}

static enum mk_err fill_in(struct mk_fields *f, const struct step *s)
{
    switch (s->fill) {
    case MK_F_SPEAKER:
        return mk_fields_set_code(f, MK_F_SPEAKER, MK_SPEAKER_INV);
    case MK_F_REASON_UNMET:
        return mk_fields_set_code(f, MK_F_REASON_UNMET, MK_UNMET_REASON_INV);
    default: /* a field, not an enum of states: the rest needs nothing */
        return MK_OK;
    }
}

static enum mk_err later_step(struct replay *r, const struct step *s,
                              struct mk_diag *diag)
{
    enum mk_err rc;
    struct mk_event e;

    if (!mk_fields_has(r->row, s->key) ||
        (s->key == MK_F_VERDICT &&
         mk_fields_code(r->row, MK_F_VERDICT) == MK_VERDICT_NR))
        return MK_OK;
    mk_event_init(&e);
    e.verb = s->verb;
    MK_TRY(copy_key(&e.f, r->row, s->key));
    for (size_t i = 0; i < sizeof s->takes / sizeof *s->takes; i++)
        if (s->takes[i] != MK_F_NONE)
            MK_TRY(copy_key(&e.f, r->row, s->takes[i]));
    if (s->verb == MK_VERB_OVERLEG && !mk_fields_has(r->row, MK_F_DIRECT))
        MK_TRY(mk_fields_set_code(&e.f, MK_F_DIRECT, MK_DIRECT_NR));
    MK_TRY(fill_in(&e.f, s));
    MK_TRY(step(r, &e, diag));
out:
    mk_event_release(&e);
    return rc;
}

enum mk_err mk_replay_row(struct mk_case *c, struct mk_fields *row,
                          const struct mk_replay_header *h,
                          const struct mk_csv *csv,
                          const struct mk_replay_who *who, bool *odd_dates,
                          struct mk_diag *diag)
{
    enum mk_err rc;
    struct replay r = {c, row, who, odd_dates};

    *odd_dates = false;
    MK_TRY(parse_row(row, h, csv, diag));
    MK_TRY(take_in(&r, diag));
    MK_TRY(classify(&r, diag));
    if (c->duty != MK_YN_J)
        MK_TRY(without_duty(&r, diag));
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        MK_TRY(later_step(&r, &steps[i], diag));
out:
    if (rc != MK_OK && diag != NULL)
        diag->line = csv->line;
    return rc;
}
