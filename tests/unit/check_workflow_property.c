/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random dossiers: thousands of random attempts, of which the engine accepts
 * some.  A small model written here from the domain keeps the values as text
 * and works out for itself what must hold; where it and the engine differ, one
 * of them is wrong.  MK_SEED=n tries one other seed.
 */
#include "tests/support/case_kit.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

#define MAX_EVENTS 40
#define MAX_KEYS 12
#define DOSSIERS 2500

struct said {
    char key[16];
    char value[40];
};
struct step {
    enum mk_verb verb;
    struct said said[MAX_KEYS];
    size_t n;
    char state[24]; /* after it */
    char duty;      /* after it: J, N, ? or 0 */
};
struct model {
    struct step step[MAX_EVENTS];
    size_t n;
};

static uint32_t seed;

static uint32_t below(uint32_t n)
{
    seed = seed * 1664525 + 1013904223;
    return (uint32_t)(((uint64_t)(seed >> 4) * n) >> 28);
}

/* ---- the model ----------------------------------------------------------- */

static const char *entered(const struct step *s, const char *key)
{
    for (size_t i = 0; i < s->n; i++) {
        if (strcmp(s->said[i].key, key) == 0)
            return s->said[i].value;
    }
    return NULL;
}

static size_t named(const struct step *s)
{
    return (size_t)atoi(entered(s, "event")) - 1;
}

/* What event i says of key, corrections included; NULL if nothing.  A
 * correction is found from the last one back; its own value may have been
 * corrected, which is looked up in the same way (events only name earlier
 * ones, so this ends). */
static const char *says(const struct model *m, size_t i, const char *key)
{
    for (size_t j = m->n; j-- > i + 1;) {
        const struct step *s = &m->step[j];
        if (s->verb != MK_VERB_CORRIGEER || named(s) != i ||
            strcmp(entered(s, "key"), key) != 0)
            continue;
        const char *value = says(m, j, "value");
        return value && *value ? value : NULL;
    }
    return entered(&m->step[i], key);
}

/* Did event i happen, as far as is known now?  carrier: what carries it. */
static bool happened(const struct model *m, size_t i, const char *carrier)
{
    const char *value = says(m, i, carrier);
    return value && strcmp(value, "NR") != 0;
}

/* The last event of verb that happened before event end; -1 if none. */
static int last(const struct model *m, enum mk_verb verb, const char *carrier,
                const char *value)
{
    for (size_t i = m->n; i-- > 0;) {
        if (m->step[i].verb == verb && happened(m, i, carrier) &&
            (!value || strcmp(says(m, i, carrier), value) == 0))
            return (int)i;
    }
    return -1;
}

static char surely(const char *value, const char *yes, const char *no)
{
    char padded[48], yes_list[64], no_list[64];
    if (!value)
        return '?';
    snprintf(padded, sizeof(padded), " %s ", value);
    snprintf(yes_list, sizeof(yes_list), " %s ", yes);
    snprintf(no_list, sizeof(no_list), " %s ", no);
    if (strstr(yes_list, padded))
        return 'J';
    return strstr(no_list, padded) ? 'N' : '?';
}

/* The duty as the domain defines it, from the last duiding as corrected. */
static char duty(const struct model *m)
{
    size_t i = m->n;
    while (i > 0 && m->step[i - 1].verb != MK_VERB_DUID)
        i--;
    if (i-- == 0)
        return 0;
    const char answers[] = {
        surely(says(m, i, "sector"), "KO", "PO VO SO MBO HO"),
        surely(says(m, i, "in_care"), "J", "N"),
        surely(says(m, i, "victim_minor"), "J", "N"),
        surely(says(m, i, "accused"), "MW GO HG VW ST UZ HO", "KD OU DE"),
        surely(says(m, i, "qualification"), "XIV XX", "GEEN"),
        '\0'};
    if (strchr(answers, 'N'))
        return 'N';
    return strchr(answers, '?') ? '?' : 'J';
}

static char duty_of(const struct mk_case *c)
{
    switch (c->duty) {
    case MK_YN_J:
        return 'J';
    case MK_YN_N:
        return 'N';
    case MK_YN_ONB:
        return '?';
    default:
        return 0;
    }
}

/* ---- random forms -------------------------------------------------------- */

static void random_value(char out[static 40], const struct mk_field_info *info)
{
    static const char *const days[] = {"2026-01-05", "2026-01-20",
                                       "2026-02-01", "2026-02-10",
                                       "2026-02-20", "2026-03-01"};
    size_t n = 0;
    switch (info->type) {
    case MK_T_CODE:
        while (mk_code_at((enum mk_list)info->list, n))
            n++;
        if (info->flags & MK_FIELD_UNKNOWN && below(8) == 0)
            snprintf(out, 40, "%s", below(2) ? "ONB" : "NR");
        else if (info->number == MK_F_ACCUSED && below(2))
            snprintf(out, 40, "MW");
        else if (info->number == MK_F_QUALIFICATION && below(2))
            snprintf(out, 40, "XIV");
        else if (info->list == MK_LIST_YN || info->list == MK_LIST_SECTOR)
            snprintf(out, 40, "%s",
                     mk_code_at((enum mk_list)info->list,
                                below(6) ? 0 : below((uint32_t)n))
                         ->slug);
        else
            snprintf(out, 40, "%s",
                     mk_code_at((enum mk_list)info->list, below((uint32_t)n))
                         ->slug);
        return;
    case MK_T_CODES:
        snprintf(out, 40, "%s", below(2) ? "SI FG" : "OV");
        return;
    case MK_T_DATE:
    case MK_T_PERIOD:
        snprintf(out, 40, "%s", days[below(6)]);
        return;
    case MK_T_LRK:
        snprintf(out, 40, "%s", below(4) ? "835337406" : "123456789");
        return;
    case MK_T_TAG:
        snprintf(out, 40, "MK-7Q4D-K2XZ");
        return;
    case MK_T_MEMBER: /* few people, so that they meet */
        snprintf(out, 40, "%032x", below(6));
        return;
    case MK_T_LINE:
    case MK_T_TEXT:
    case MK_T_NUMBER:
    case MK_T_KEY:
        snprintf(out, 40, "iets");
        return;
    }
}

static void say(struct step *s, const char *key, const char *value)
{
    snprintf(s->said[s->n].key, sizeof(s->said[0].key), "%s", key);
    snprintf(s->said[s->n].value, sizeof(s->said[0].value), "%s", value);
    s->n++;
}

static void random_correction(struct step *s, const struct model *m)
{
    char text[40];
    size_t i = below((uint32_t)m->n);
    if (below(2)) /* often of what was just said */
        i = m->n - 1 - below(m->n < 4 ? (uint32_t)m->n : 4);
    const struct step *about = &m->step[i];
    if (about->n == 0)
        return;
    const char *key = about->said[below((uint32_t)about->n)].key;
    const struct mk_field_info *info =
        mk_field_get(mk_verb_field(about->verb, key, strlen(key)));
    random_value(text, info);
    if (about->verb == MK_VERB_CORRIGEER && strcmp(key, "value") == 0) {
        /* of the kind that the first correction was about */
        key = "value";
        const char *first = entered(about, "key");
        size_t k = named(about);
        if (strcmp(first, "value") == 0 || strcmp(first, "key") == 0)
            return;
        random_value(text, mk_field_get(mk_verb_field(m->step[k].verb, first,
                                                      strlen(first))));
    }
    if (below(5) == 0)
        snprintf(text, sizeof(text), "%s", below(4) ? "NR" : "");
    char number[16];
    snprintf(number, sizeof(number), "%zu", i + 1);
    say(s, "event", number);
    say(s, "key", key);
    say(s, "value", text);
    say(s, "reason", "FEI");
}

static void random_step(struct step *s, const struct model *m)
{
    char value[40];
    memset(s, 0, sizeof(*s));
    s->verb = m->n == 0 ? MK_VERB_MELDING : (enum mk_verb)(2 + below(21));
    /* more of what is rare in a walk */
    if (m->n > 0 && below(4) == 0)
        s->verb = below(3) ? MK_VERB_OORDEEL : MK_VERB_AANGIFTE;
    if (m->n > 3 && below(4) == 0)
        s->verb = MK_VERB_CORRIGEER;
    if (m->n == 1 && below(4))
        s->verb = MK_VERB_DUID;
    if (s->verb == MK_VERB_CORRIGEER) {
        random_correction(s, m);
        return;
    }
    const struct mk_verb_info *verb = mk_verb_get(s->verb);
    for (size_t i = 0; verb->required[i] && s->n < MAX_KEYS; i++) {
        random_value(value, mk_field_get(verb->required[i]));
        say(s, mk_field_get(verb->required[i])->key, value);
    }
    for (size_t i = 0; verb->optional[i] && s->n < MAX_KEYS; i++) {
        if (below(2))
            continue;
        random_value(value, mk_field_get(verb->optional[i]));
        say(s, mk_field_get(verb->optional[i])->key, value);
    }
}

/* ---- what must hold ------------------------------------------------------ */

static bool is_end(const char *state)
{
    return strcmp(state, "afgerond") == 0 ||
           strcmp(state, "ingetrokken") == 0 ||
           strcmp(state, "niet-bevoegd") == 0 || strcmp(state, "dubbel") == 0;
}

/* Of the step that has just been accepted as the last of m. */
static void check_step(const struct model *m, const struct model *before)
{
    const struct step *s = &m->step[m->n - 1];
    const char *from = before->n ? before->step[before->n - 1].state : "";
    bool was_j = false;
    for (size_t i = 0; i < before->n; i++)
        was_j = was_j || before->step[i].duty == 'J';
    bool had_red = last(before, MK_VERB_OORDEEL, "verdict", "RED") >= 0;
    bool had_overleg =
        last(before, MK_VERB_OVERLEG, "contact", NULL) >= 0 ||
        last(before, MK_VERB_HOUDER_VERDACHT, "substitute", NULL) >= 0;

    if (s->verb == MK_VERB_OORDEEL &&
        strcmp(entered(s, "verdict"), "RED") == 0) {
        ck_assert_msg(duty(before) == 'J', "RED without duty");
        ck_assert_msg(had_overleg, "RED without overleg");
    }
    if (s->verb == MK_VERB_AANGIFTE)
        ck_assert_msg(had_red, "aangifte without RED");
    if (strcmp(s->state, "politiemelding") == 0 &&
        s->verb == MK_VERB_POLITIEMELDING)
        ck_assert_msg(had_red, "politiemelding as a step without RED");
    if (strcmp(s->state, "ingetrokken") == 0 && s->verb == MK_VERB_INTREK)
        ck_assert_msg(!was_j, "a duty was withdrawn");
    if (is_end(from) && strcmp(from, s->state) != 0)
        ck_assert_msg(s->verb == MK_VERB_HEROPEN ||
                          (s->verb == MK_VERB_CORRIGEER && s->duty == 'J'),
                      "an end was left by verb %d", s->verb);
    if (s->verb == MK_VERB_CORRIGEER && strcmp(from, s->state) != 0)
        ck_assert_msg(strcmp(s->state, "overlegplicht") == 0 &&
                          duty(before) != 'J' && s->duty == 'J',
                      "a correction moved %s to %s", from, s->state);
    if (s->verb == MK_VERB_DUID || s->verb == MK_VERB_HEROPEN)
        ck_assert_msg((strcmp(s->state, "overlegplicht") == 0) ==
                          (s->duty == 'J'),
                      "duty %c but state %s", s->duty, s->state);
    if (strcmp(from, "overlegplicht") == 0 && strcmp(s->state, "advies") == 0)
        ck_assert_msg(duty(before) != 'J', "advice instead of a duty");
}

/* Dates: what ran backwards when it was entered carries a reason. */
static void check_dates(const struct model *m, const struct mk_case *c)
{
    const struct step *s = &m->step[m->n - 1];
    static const struct {
        enum mk_verb verb;
        const char *date, *before;
    } pairs[] = {{MK_VERB_OVERLEG, "contact", "known"},
                 {MK_VERB_OORDEEL, "verdict_date", "contact"},
                 {MK_VERB_AANGIFTE, "complaint", "verdict_date"}};
    for (size_t i = 0; i < 3; i++) {
        if (s->verb != pairs[i].verb || entered(s, "breach"))
            continue;
        const char *early = entered(s, pairs[i].before);
        char buf[MK_DATE_TEXT] = "";
        mk_day day = mk_fields_day(
            &c->facts,
            mk_field_find(pairs[i].before, strlen(pairs[i].before))->number);
        if (!early && day != MK_DAY_NONE) {
            mk_date_format(buf, day);
            early = buf;
        }
        ck_assert_msg(!early || strcmp(early, entered(s, pairs[i].date)) <= 0,
                      "%s before %s without a reason", pairs[i].date,
                      pairs[i].before);
    }
}

static void check_case(const struct model *m, const struct mk_case *c)
{
    const int overleg = last(m, MK_VERB_OVERLEG, "contact", NULL);
    const int red = last(m, MK_VERB_OORDEEL, "verdict", "RED");
    const int complaint = last(m, MK_VERB_AANGIFTE, "complaint", NULL);
    const int unmet = last(m, MK_VERB_NIET_NAGEKOMEN, "unmet", "aangifte");
    ck_assert_int_eq(duty_of(c), duty(m));
    ck_assert_int_eq(c->had_overleg, overleg >= 0);
    ck_assert_int_eq(c->had_red, red >= 0);
    ck_assert_int_eq(c->had_complaint, complaint >= 0);
    ck_assert_int_eq(c->had_unmet_aangifte, unmet >= 0);
    ck_assert_int_eq(c->had_unmet_overleg,
                     last(m, MK_VERB_NIET_NAGEKOMEN, "unmet", "overleg") >= 0);
    ck_assert_int_eq(c->had_referred,
                     last(m, MK_VERB_VERWIJS, "referred", NULL) >= 0);
    ck_assert_int_eq(c->had_police_report, last(m, MK_VERB_POLITIEMELDING,
                                                "police_report", NULL) >= 0);
    ck_assert_int_eq(c->had_houder_verdacht, last(m, MK_VERB_HOUDER_VERDACHT,
                                                  "substitute", NULL) >= 0);

    enum mk_track_status want = MK_TRACK_NONE;
    if (red >= 0 && duty(m) == 'J')
        want = complaint < 0 && unmet < 0 ? MK_TRACK_OPEN
               : complaint > unmet        ? MK_TRACK_MET
                                          : MK_TRACK_UNMET;
    ck_assert_int_eq(c->track[MK_DUTY_AANGIFTE].status, want);
    ck_assert_int_eq(c->track[MK_DUTY_OVERLEG].status != MK_TRACK_NONE,
                     duty(m) == 'J');

    const char *received = says(m, 0, "received");
    ck_assert_int_eq(c->received, kit_day(received));
}

/* Adding the same events again gives the same dossier. */
static void check_fold(const struct mk_case *c)
{
    struct mk_case again;
    mk_case_init(&again);
    for (size_t i = 0; i < c->n_events; i++) {
        struct mk_event e;
        struct mk_diag diag = MK_DIAG_INIT;
        mk_event_init(&e);
        e = c->events[i];
        mk_fields_init(&e.f);
        ck_assert_int_eq(mk_fields_copy(&e.f, &c->events[i].f), MK_OK);
        ck_assert_int_eq(mk_case_add(&again, &e, &diag), MK_OK);
    }
    kit_assert_same(c, &again);
    mk_case_release(&again);
}

static void attempt(struct mk_case *c, struct model *m, size_t *refused)
{
    static struct model before;
    struct step s;
    char form[MAX_KEYS * 60] = "";
    size_t n = 0;
    random_step(&s, m);
    for (size_t i = 0; i < s.n; i++)
        n += (size_t)snprintf(form + n, sizeof(form) - n, "%s%s=%s",
                              i ? ";" : "", s.said[i].key, s.said[i].value);
    struct kit_options o = {.kept = kit_kept()};
    enum mk_state state = c->state;
    size_t had = c->n_events;
    enum mk_err rc = kit_try(c, s.verb, form, &o);
    if (rc != MK_OK) {
        ck_assert_msg(mk_err_exit(rc) == MK_EXIT_USAGE ||
                          mk_err_exit(rc) == MK_EXIT_WORKFLOW ||
                          rc == MK_E_BAD_NUMBER,
                      "%s: %s", form, mk_err_name(rc));
        ck_assert_uint_eq(c->n_events, had);
        ck_assert_uint_eq(c->state, state);
        (*refused)++;
        return;
    }
    before = *m;
    snprintf(s.state, sizeof(s.state), "%s", mk_state_slug(c->state));
    s.duty = duty_of(c);
    m->step[m->n++] = s;
    check_step(m, &before);
    check_dates(m, c);
    check_case(m, c);
}

static void walk(size_t *reached, size_t *accepted, size_t *refused)
{
    static struct model m;
    struct mk_case c;
    mk_case_init(&c);
    m.n = 0;
    for (int i = 0; i < 90 && m.n < MAX_EVENTS; i++) {
        attempt(&c, &m, refused);
        reached[c.state]++;
    }
    *accepted += m.n;
    check_fold(&c);
    mk_case_release(&c);
}

START_TEST(random_events_never_break_an_invariant)
{
    size_t reached[MK_STATE_MAX] = {0}, accepted = 0, refused = 0;
    const char *other = getenv("MK_SEED");
    for (uint32_t i = 0; i < DOSSIERS; i++) {
        seed = (other ? (uint32_t)atoi(other) * 100003u : 0) + i;
        walk(reached, &accepted, &refused);
    }
    /* or it would have tried nothing */
    ck_assert_uint_gt(accepted, 8u * DOSSIERS);
    ck_assert_uint_gt(refused, 8u * DOSSIERS);
    for (enum mk_state s = 1; s < MK_STATE_VERNIETIGD; s++)
        ck_assert_msg(reached[s] > 0, "%s was never reached",
                      mk_state_slug(s));
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {random_events_never_break_an_invariant};
    return UNIT_RUN("workflow_property", tests, NULL);
}
