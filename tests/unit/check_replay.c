/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of the import file becomes events, or is refused by name. */
#include "core/replay.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS                                                              \
    "ref,received,channel,reporter,sector,care_type,category,extra,accused," \
    "victim_minor,in_care,qualification,occurred,known,contact,direct,"      \
    "verdict,verdict_date,referred,referred_for,complaint,notified,"         \
    "police_report,unmet,placed,authority,outcome,closed,lrk_id"

struct source {
    const char *p;
    size_t left;
};

static enum mk_err more_text(void *ctx, void *p, size_t n, size_t *got)
{
    struct source *s = ctx;

    *got = s->left < n ? s->left : n;
    memcpy(p, s->p, *got);
    s->p += *got;
    s->left -= *got;
    return MK_OK;
}

static struct mk_csv csv;
static struct mk_replay_header header;
static struct mk_case c;
static struct mk_fields row;
static struct mk_diag diag;
static bool breach;

/* Columns of a row by name; what is not named is empty. */
static void make_row(char out[static 1024], const char *duty, const char *form)
{
    char names[] = COLUMNS;
    char given[1024];
    char *save = NULL;

    snprintf(given, sizeof given, ";%s;%s;", duty, form);
    out[0] = '\0';
    for (char *key = strtok_r(names, ",", &save); key != NULL;
         key = strtok_r(NULL, ",", &save)) {
        char wanted[64];
        const char *at = NULL;
        size_t len = strlen(out);

        snprintf(wanted, sizeof wanted, ";%s=", key);
        /* the last one counts: form overrides what duty says */
        for (const char *p = given; (p = strstr(p, wanted)) != NULL; p++)
            at = p + strlen(wanted);
        snprintf(out + len, 1024 - len, "%s%.*s",
                 len || key != names ? "," : "",
                 at ? (int)strcspn(at, ";") : 0, at ? at : "");
    }
}

static enum mk_err replay(const char *columns, const char *text)
{
    static const uint8_t actor[16] = {7};
    const struct mk_domain_settings settings = MK_DOMAIN_SETTINGS_INIT;
    const struct mk_replay_who who = {
        .actor = actor,
        .time_ms = 1,
        .today = mk_date_day(2026, 3, 1),
        .settings = &settings,
    };
    char file[4096];
    struct source s = {file, 0};
    bool more;
    enum mk_err rc;

    s.left = (size_t)snprintf(file, sizeof file, "%s\n%s\n", columns, text);
    diag = (struct mk_diag)MK_DIAG_INIT;
    mk_csv_init(&csv, more_text, &s);
    mk_case_init(&c);
    mk_fields_init(&row);
    rc = mk_csv_next(&csv, &more, &diag);
    if (rc == MK_OK)
        rc = mk_replay_header(&header, &csv, &diag);
    if (rc == MK_OK) {
        ck_assert_int_eq(mk_csv_next(&csv, &more, &diag), MK_OK);
        ck_assert(more);
        rc = mk_replay_row(&c, &row, &header, &csv, &who, &breach, &diag);
    }
    mk_csv_release(&csv);
    return rc;
}

static void done(void)
{
    mk_case_release(&c);
    mk_fields_release(&row);
}

#define DUTY                                                                \
    "received=2019-01-05;channel=TEL;reporter=OUD;sector=KO;care_type=BSO;" \
    "category=SM;accused=MW;victim_minor=J;in_care=J;qualification=XIV;"    \
    "occurred=2019-01-02"
#define NO_DUTY                                                             \
    "received=2019-01-05;channel=TEL;reporter=OUD;sector=KO;care_type=BSO;" \
    "category=SM;accused=KD;victim_minor=J;in_care=J;qualification=XIV;"    \
    "occurred=2019-01-02"
#define RED \
    DUTY ";contact=2019-01-07;direct=J;verdict=RED;verdict_date=2019-01-09"

/* The row is replayed as these verbs, ends in that state. */
static void ck_events(const char *base, const char *form, const char *verbs,
                      enum mk_state state)
{
    char text[1024], got[512] = "";
    enum mk_err rc;

    make_row(text, base, form);
    rc = replay(COLUMNS, text);
    ck_assert_msg(rc == MK_OK, "%s: %s %s", form, mk_err_name(rc), diag.place);
    for (size_t i = 0; i < c.n_events; i++) {
        size_t at = strlen(got);

        ck_assert(c.events[i].imported);
        ck_assert_uint_eq(c.events[i].seq, i + 1);
        snprintf(got + at, sizeof got - at, "%s%s", i ? " " : "",
                 mk_verb_get(c.events[i].verb)->nl);
    }
    ck_assert_str_eq(got, verbs);
    ck_assert_int_eq(c.state, state);
}

static void ck_refused(const char *base, const char *form, enum mk_err err,
                       const char *place)
{
    char text[1024];
    enum mk_err rc;

    make_row(text, base, form);
    rc = replay(COLUMNS, text);
    ck_assert_msg(rc == err, "%s: %s %s, not %s", form, mk_err_name(rc),
                  diag.place, mk_err_name(err));
    ck_assert_uint_eq(diag.line, 2);
    if (place != NULL)
        ck_assert_str_eq(diag.place, place);
    done();
}

static unsigned code_of(size_t event, enum mk_field key)
{
    return mk_fields_code(&c.events[event].f, key);
}

START_TEST(a_row_without_duty_is_advised_on)
{
    ck_events(NO_DUTY, "", "melding duid adviseer", MK_STATE_ADVIES);
    ck_assert_uint_eq(c.duty, MK_YN_N);
    ck_assert_uint_eq(code_of(2, MK_F_ADVICE), MK_ADVICE_INV);
    done();
    ck_events(NO_DUTY, "outcome=ADV;closed=2019-02-01",
              "melding duid adviseer sluit", MK_STATE_AFGEROND);
    done();
    ck_events(NO_DUTY, "placed=2019-01-10;authority=GEM",
              "melding duid adviseer plaats", MK_STATE_BIJ_INSTANTIE);
    done();
    ck_events(DUTY, "qualification=ONB", "melding duid adviseer",
              MK_STATE_ADVIES);
    ck_assert_uint_eq(c.duty, MK_YN_ONB);
    done();
}
END_TEST

START_TEST(a_row_with_duty_waits_for_overleg)
{
    ck_events(DUTY, "", "melding duid", MK_STATE_OVERLEGPLICHT);
    ck_assert_uint_eq(c.duty, MK_YN_J);
    ck_assert(mk_fields_has(&c.events[1].f, MK_F_KNOWN));
    done();
    ck_events(DUTY, "direct=N", "melding duid", MK_STATE_OVERLEGPLICHT);
    ck_assert_uint_eq(mk_fields_code(&c.facts, MK_F_DIRECT), MK_DIRECT_N);
    done();
    ck_events(DUTY, "unmet=overleg", "melding duid niet-nagekomen",
              MK_STATE_NIET_NAGEKOMEN);
    ck_assert_uint_eq(code_of(2, MK_F_REASON_UNMET), MK_UNMET_REASON_INV);
    done();
}
END_TEST

START_TEST(the_order_of_replay_is_that_of_the_interface)
{
    ck_events(RED,
              "referred=2019-01-10;referred_for=AAN;complaint=2019-01-12;"
              "notified=2019-01-13;authority=POL;placed=2019-01-20;"
              "outcome=AAN;closed=2019-06-01",
              "melding duid overleg oordeel verwijs aangifte plaats sluit",
              MK_STATE_AFGEROND);
    ck_assert_uint_eq(code_of(2, MK_F_SPEAKER), MK_SPEAKER_INV);
    for (size_t i = 4; i < 7; i++)
        ck_assert_uint_eq(code_of(i, MK_F_AUTHORITY), MK_AUTHORITY_POL);
    ck_assert(c.had_red && c.had_referred && c.had_complaint);
    done();
    ck_events(RED, "referred=2019-01-10;referred_for=AAN;unmet=aangifte",
              "melding duid overleg oordeel verwijs niet-nagekomen",
              MK_STATE_NIET_NAGEKOMEN);
    done();
    ck_events(RED, "unmet=aangifte;complaint=2019-02-12;notified=2019-02-13",
              "melding duid overleg oordeel niet-nagekomen aangifte",
              MK_STATE_AANGIFTE);
    done();
    ck_events(RED,
              "referred=2019-01-10;referred_for=MEL;police_report=2019-01-12",
              "melding duid overleg oordeel verwijs politiemelding",
              MK_STATE_POLITIEMELDING);
    ck_assert(c.had_police_report && !c.had_complaint);
    done();
}
END_TEST

START_TEST(verdicts_become_states_and_NR_becomes_none)
{
    ck_events(DUTY, "contact=2019-01-07;verdict=GEEN;verdict_date=2019-01-08",
              "melding duid overleg oordeel", MK_STATE_GEEN_VERMOEDEN);
    ck_assert_uint_eq(code_of(2, MK_F_DIRECT), MK_DIRECT_NR);
    done();
    ck_events(DUTY, "contact=2019-01-07;verdict=MOG;verdict_date=2019-01-08",
              "melding duid overleg oordeel", MK_STATE_OVERLEG);
    done();
    ck_events(DUTY, "contact=2019-01-07;verdict=NR", "melding duid overleg",
              MK_STATE_OVERLEG);
    done();
    ck_events(DUTY, "verdict=NR", "melding duid", MK_STATE_OVERLEGPLICHT);
    done();
}
END_TEST

START_TEST(what_the_interface_refuses_is_refused_by_name)
{
    ck_refused(DUTY, "verdict=GEEN;verdict_date=2019-01-08", MK_E_MISSING_KEY,
               "contact");
    ck_refused(DUTY, "contact=2019-01-07;referred=2019-01-10", MK_E_WORKFLOW,
               NULL);
    ck_refused(DUTY,
               "contact=2019-01-07;verdict=GEEN;verdict_date=2019-01-08;"
               "referred=2019-01-10",
               MK_E_WORKFLOW, NULL);
    ck_refused(RED, "complaint=2019-01-12", MK_E_MISSING_KEY, "notified");
    ck_refused(RED, "notified=2019-01-12", MK_E_MISSING_KEY, "complaint");
    ck_refused(DUTY,
               "contact=2019-01-07;complaint=2019-01-12;notified=2019-01-12",
               MK_E_WORKFLOW, NULL);
    ck_refused(NO_DUTY, "outcome=ADV", MK_E_MISSING_KEY, "closed");
    ck_refused(NO_DUTY, "closed=2019-02-01", MK_E_MISSING_KEY, "outcome");
    ck_refused(NO_DUTY, "category=DI", MK_E_CODE_YEAR, "category");
    ck_refused(NO_DUTY, "care_type=PSZ", MK_E_CODE_YEAR, "care_type");
    ck_refused(NO_DUTY, "extra=FG RA", MK_E_CODE_YEAR, "extra");
    ck_refused(RED, "outcome=AAN;closed=2019-06-01", MK_E_WORKFLOW, NULL);
}
END_TEST

START_TEST(columns_of_the_duty_are_refused_in_a_row_without)
{
    static const char *const columns[] = {
        "contact=2019-01-07",
        "direct=J",
        "verdict=NR",
        "referred=2019-01-07",
        "police_report=2019-01-07",
        "unmet=overleg",
        "complaint=2019-01-07;notified=2019-01-07",
    };

    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        char key[32];

        snprintf(key, sizeof key, "%.*s", (int)strcspn(columns[i], "="),
                 columns[i]);
        ck_refused(NO_DUTY, columns[i], MK_E_NO_DUTY, key);
        ck_refused(DUTY ";accused=OB", columns[i], MK_E_NO_DUTY, key);
    }
}
END_TEST

START_TEST(values_are_checked_like_those_of_a_form)
{
    ck_refused(DUTY, "received=2019-13-05", MK_E_BAD_DATE, "received");
    ck_refused(DUTY, "received=", MK_E_MISSING_KEY, "received");
    ck_refused(DUTY, "received=2030-01-01", MK_E_FUTURE_DATE, "received");
    ck_refused(DUTY, "channel=FAX", MK_E_BAD_CODE, "channel");
    ck_refused(DUTY, "sector=PO", MK_E_BAD_CODE, "sector");
    ck_refused(DUTY, "lrk_id=123456783", MK_E_BAD_LRK, "lrk_id");
    ck_refused(DUTY, "occurred=2019-05-31/2019-05-01", MK_E_BAD_DATE,
               "occurred");
    ck_refused(DUTY, "ref=a\tb", MK_E_SYNTAX, "ref");
}
END_TEST

START_TEST(dates_out_of_order_are_a_breach_of_unknown_reason)
{
    ck_events(DUTY, "known=2019-01-08;contact=2019-01-07",
              "melding duid overleg", MK_STATE_OVERLEG);
    ck_assert(breach);
    ck_assert_uint_eq(code_of(2, MK_F_BREACH), MK_BREACH_ONB);
    done();
    ck_events(RED, "verdict_date=2019-01-06", "melding duid overleg oordeel",
              MK_STATE_REDELIJK_VERMOEDEN);
    ck_assert(breach);
    ck_assert_uint_eq(code_of(3, MK_F_BREACH), MK_BREACH_ONB);
    done();
    ck_events(RED, "complaint=2019-01-08;notified=2019-01-12",
              "melding duid overleg oordeel aangifte", MK_STATE_AANGIFTE);
    ck_assert(breach);
    ck_assert_uint_eq(code_of(4, MK_F_BREACH), MK_BREACH_ONB);
    done();
    ck_events(RED, "known=2019-01-07", "melding duid overleg oordeel",
              MK_STATE_REDELIJK_VERMOEDEN);
    ck_assert(!breach);
    done();
}
END_TEST

START_TEST(headers_are_known_once_and_in_any_order)
{
    ck_assert_int_eq(replay("sector,received,ref", "KO,2019-01-05,x"), MK_OK);
    ck_assert_int_eq(c.state, MK_STATE_ADVIES);
    done();
    ck_assert_int_eq(replay("ref,received,received", "x,y,z"),
                     MK_E_DUPLICATE_KEY);
    done();
    ck_assert_int_eq(replay("ref,sector", "x,KO"), MK_E_MISSING_KEY);
    ck_assert_str_eq(diag.place, "received");
    done();
    ck_assert_int_ne(replay("ref,received,kleur", "x,2019-01-05,rood"), MK_OK);
    ck_assert_int_eq(mk_err_exit(diag.err), MK_EXIT_USAGE);
    done();
    ck_assert_int_ne(replay("received,narrative", "2019-01-05,x"), MK_OK);
    done();
    ck_assert_int_eq(replay("ref,received,sector", "x,2019-01-05"),
                     MK_E_SYNTAX);
    ck_assert_uint_eq(diag.line, 2);
    done();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_row_without_duty_is_advised_on,
        a_row_with_duty_waits_for_overleg,
        the_order_of_replay_is_that_of_the_interface,
        verdicts_become_states_and_NR_becomes_none,
        what_the_interface_refuses_is_refused_by_name,
        columns_of_the_duty_are_refused_in_a_row_without,
        values_are_checked_like_those_of_a_form,
        dates_out_of_order_are_a_breach_of_unknown_reason,
        headers_are_known_once_and_in_any_order,
    };

    return UNIT_RUN("replay", tests, NULL);
}
