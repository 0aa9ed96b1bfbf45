/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Imported events, and histories that cannot be. */
#include "core/case.h"

#include "tests/support/case_kit.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

static enum mk_err import(struct mk_case *c, enum mk_verb verb,
                          const char *form)
{
    struct kit_options o = {.imported = true};
    return kit_try(c, verb, form, &o);
}

START_TEST(an_imported_row_needs_only_what_the_file_has)
{
    struct mk_case c = kit_after("");
    ck_assert_int_eq(
        import(&c, MK_VERB_MELDING, "ref=2018-1;received=2018-02-01"), MK_OK);
    ck_assert_int_eq(import(&c, MK_VERB_DUID,
                            "sector=KO;accused=MW;victim_minor=J;in_care=J;"
                            "qualification=XX;direct=N"),
                     MK_OK);
    ck_assert_int_eq(c.state, MK_STATE_OVERLEGPLICHT);
    ck_assert_uint_eq(mk_fields_code(&c.facts, MK_F_DIRECT), MK_DIRECT_N);
    ck_assert_int_eq(import(&c, MK_VERB_OVERLEG, "speaker=INV"),
                     MK_E_MISSING_KEY);
    ck_assert_int_eq(
        import(&c, MK_VERB_OVERLEG, "contact=2018-02-03;speaker=INV"), MK_OK);
    ck_assert_uint_eq(mk_fields_code(&c.facts, MK_F_DIRECT), MK_DIRECT_N);
    ck_assert_int_eq(
        import(&c, MK_VERB_OORDEEL, "verdict=RED;verdict_date=2018-02-04"),
        MK_OK);
    ck_assert_int_eq(import(&c, MK_VERB_AANGIFTE, "complaint=2018-02-05"),
                     MK_E_MISSING_KEY);
    ck_assert_int_eq(
        import(&c, MK_VERB_NIET_NAGEKOMEN, "unmet=aangifte;reason=INV"),
        MK_OK);
    ck_assert_int_eq(import(&c, MK_VERB_AANGIFTE,
                            "complaint=2018-02-05;notified=2018-02-06"),
                     MK_OK);
    ck_assert_int_eq(import(&c, MK_VERB_PLAATS, "placed=2018-02-07"), MK_OK);
    ck_assert_int_eq(import(&c, MK_VERB_SLUIT, "closed=2018-02-08"),
                     MK_E_MISSING_KEY);
    ck_assert_int_eq(
        import(&c, MK_VERB_SLUIT, "outcome=AAN;closed=2018-02-08"), MK_OK);
    ck_assert_int_eq(c.state, MK_STATE_AFGEROND);
    mk_case_release(&c);
}
END_TEST

START_TEST(an_imported_row_without_duty_is_advised_on_and_closed)
{
    struct mk_case c = kit_after("");
    ck_assert_int_eq(import(&c, MK_VERB_MELDING,
                            "received=2018-02-01;channel=TEL;reporter=OUD"),
                     MK_OK);
    ck_assert_int_eq(import(&c, MK_VERB_DUID, "sector=KO;care_type=PSZ"),
                     MK_OK);
    ck_assert_uint_eq(c.duty, MK_YN_ONB);
    ck_assert_int_eq(import(&c, MK_VERB_ADVISEER, "advice=INV"), MK_OK);
    ck_assert_int_eq(import(&c, MK_VERB_OVERLEG, "contact=2018-02-02"),
                     MK_E_WORKFLOW);
    ck_assert_int_eq(
        import(&c, MK_VERB_SLUIT, "outcome=KLA;closed=2018-03-01"), MK_OK);
    mk_case_release(&c);
}
END_TEST

START_TEST(imported_dates_that_run_backwards_get_the_reason_ONB)
{
    struct mk_case c = kit_after("");
    struct kit_options o = {.imported = true};
    ck_assert_int_eq(import(&c, MK_VERB_MELDING, "received=2019-02-01"),
                     MK_OK);
    ck_assert_int_eq(import(&c, MK_VERB_DUID,
                            "sector=KO;accused=MW;victim_minor=J;in_care=J;"
                            "qualification=XX;known=2019-02-05"),
                     MK_OK);
    ck_assert_int_eq(
        kit_try(&c, MK_VERB_OVERLEG, "contact=2019-02-03;speaker=INV", &o),
        MK_OK);
    ck_assert(o.result.breach);
    ck_assert_uint_eq(c.breaches, 1);
    ck_assert_uint_eq(mk_fields_code(&c.events[2].f, MK_F_BREACH),
                      MK_BREACH_ONB);
    mk_case_release(&c);
}
END_TEST

START_TEST(an_imported_row_keeps_the_rules_of_the_workflow)
{
    struct mk_case c = kit_after("");
    ck_assert_int_eq(import(&c, MK_VERB_MELDING, "received=2019-02-01"),
                     MK_OK);
    ck_assert_int_eq(import(&c, MK_VERB_DUID, "sector=KO;care_type=PSZ"),
                     MK_E_CODE_YEAR);
    ck_assert_int_eq(import(&c, MK_VERB_DUID, "sector=KO;category=DI"),
                     MK_E_CODE_YEAR);
    ck_assert_int_eq(import(&c, MK_VERB_DUID,
                            "sector=KO;accused=MW;victim_minor=J;in_care=J;"
                            "qualification=XX"),
                     MK_OK);
    ck_assert_int_eq(
        import(&c, MK_VERB_OORDEEL, "verdict=RED;verdict_date=2019-02-04"),
        MK_E_WORKFLOW);
    ck_assert_int_eq(import(&c, MK_VERB_VERWIJS, "referred=2019-02-04"),
                     MK_E_WORKFLOW);
    ck_assert_int_eq(import(&c, MK_VERB_OVERLEG, "contact=2019-02-03"), MK_OK);
    ck_assert_int_eq(
        import(&c, MK_VERB_OORDEEL, "verdict=GEEN;verdict_date=2019-02-04"),
        MK_OK);
    ck_assert_int_eq(import(&c, MK_VERB_AANGIFTE,
                            "complaint=2019-02-05;notified=2019-02-06"),
                     MK_E_WORKFLOW);
    mk_case_release(&c);
}
END_TEST

/* ---- histories that cannot be -------------------------------------------- */

static enum mk_err add_raw(struct mk_case *c, uint32_t seq, enum mk_verb verb,
                           enum mk_state state, const char *form)
{
    struct mk_event e;
    struct mk_diag diag = MK_DIAG_INIT;
    mk_event_init(&e);
    e.seq = seq;
    e.verb = verb;
    e.derived.state = (uint8_t)state;
    ck_assert_int_eq(kit_parse(&e.f, verb, form, &diag), MK_OK);
    enum mk_err rc = mk_case_add(c, &e, &diag);
    ck_assert_int_eq(mk_fields_next(&e.f, MK_F_NONE), MK_F_NONE);
    return rc;
}

/* ---- the file of the demo, row by row ------------------------------------ */

enum column {
    REF,
    RECEIVED,
    CHANNEL,
    REPORTER,
    SECTOR,
    CARE_TYPE,
    CATEGORY,
    EXTRA,
    ACCUSED,
    VICTIM_MINOR,
    IN_CARE,
    QUALIFICATION,
    OCCURRED,
    KNOWN,
    CONTACT,
    DIRECT,
    VERDICT,
    VERDICT_DATE,
    REFERRED,
    REFERRED_FOR,
    COMPLAINT,
    NOTIFIED,
    POLICE_REPORT,
    UNMET,
    PLACED,
    AUTHORITY,
    OUTCOME,
    CLOSED,
    LRK_ID,
    N_COLUMNS
};

/* The event of these columns, left out when all are empty. */
static void replay(struct mk_case *c, enum mk_verb verb, char **column,
                   const char *extra, const enum column *from, size_t n,
                   size_t n_deciding)
{
    static const char *const keys[] = {
        "ref",       "received",     "channel",       "reporter",
        "sector",    "care_type",    "category",      "extra",
        "accused",   "victim_minor", "in_care",       "qualification",
        "occurred",  "known",        "contact",       "direct",
        "verdict",   "verdict_date", "referred",      "referred_for",
        "complaint", "notified",     "police_report", "unmet",
        "placed",    "authority",    "outcome",       "closed",
        "lrk_id"};
    char form[512] = "";
    size_t len = 0;
    bool wanted = n_deciding == 0;
    for (size_t i = 0; i < n; i++) {
        const char *value = column[from[i]];
        if (!*value)
            continue;
        wanted = wanted || i < n_deciding;
        len += (size_t)snprintf(form + len, sizeof(form) - len, "%s%s=%s",
                                len ? ";" : "", keys[from[i]], value);
    }
    if (!wanted)
        return;
    if (*extra)
        snprintf(form + len, sizeof(form) - len, "%s%s", len ? ";" : "",
                 extra);
    struct kit_options o = {.imported = true};
    enum mk_err rc = kit_try(c, verb, form, &o);
    ck_assert_msg(rc == MK_OK, "%s, %s %s: %s at %s", column[REF],
                  mk_verb_get(verb)->nl, form, mk_err_name(rc), o.diag.place);
}

#define REPLAY(verb, extra, deciding, ...)                                   \
    do {                                                                     \
        static const enum column cols[] = {__VA_ARGS__};                     \
        replay(c, verb, column, extra, cols, sizeof(cols) / sizeof(cols[0]), \
               deciding);                                                    \
    } while (0)

static void replay_row(struct mk_case *c, char **column)
{
    REPLAY(MK_VERB_MELDING, "", 0, REF, RECEIVED, CHANNEL, REPORTER);
    REPLAY(MK_VERB_DUID, "", 0, SECTOR, CARE_TYPE, CATEGORY, EXTRA, ACCUSED,
           VICTIM_MINOR, IN_CARE, QUALIFICATION, OCCURRED, KNOWN, LRK_ID,
           DIRECT);
    if (c->duty != MK_YN_J)
        replay(c, MK_VERB_ADVISEER, column, "advice=INV", NULL, 0, 0);
    REPLAY(MK_VERB_OVERLEG, "speaker=INV", 1, CONTACT, DIRECT);
    REPLAY(MK_VERB_OORDEEL, "", 1, VERDICT, VERDICT_DATE);
    REPLAY(MK_VERB_VERWIJS, "", 1, REFERRED, REFERRED_FOR, AUTHORITY);
    REPLAY(MK_VERB_NIET_NAGEKOMEN, "reason=INV", 1, UNMET);
    REPLAY(MK_VERB_AANGIFTE, "", 2, COMPLAINT, NOTIFIED, AUTHORITY);
    REPLAY(MK_VERB_POLITIEMELDING, "", 1, POLICE_REPORT, AUTHORITY);
    REPLAY(MK_VERB_PLAATS, "", 1, PLACED, AUTHORITY);
    REPLAY(MK_VERB_SLUIT, "", 2, OUTCOME, CLOSED);
}

START_TEST(the_file_of_the_demo_gives_the_published_margins)
{
    size_t all = 0, in_2019 = 0, in_2020 = 0, sm_2019 = 0, by_mtbp = 0;
    char line[512];
    FILE *file = fopen("tests/data/dossiers-2018-2020.csv", "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_ptr_nonnull(fgets(line, sizeof(line), file));
    while (fgets(line, sizeof(line), file)) {
        char *column[N_COLUMNS], *rest = line;
        struct mk_case c;
        line[strcspn(line, "\n")] = '\0';
        for (size_t i = 0; i < N_COLUMNS; i++)
            column[i] = strsep(&rest, ",");
        ck_assert_ptr_nonnull(column[LRK_ID]);
        mk_case_init(&c);
        replay_row(&c, column);
        int year = mk_date_year(c.received);
        bool sm = mk_fields_code(&c.facts, MK_F_CATEGORY) == MK_CATEGORY_SM;
        all++;
        in_2019 += year == 2019;
        in_2020 += year == 2020;
        sm_2019 += year == 2019 && sm;
        by_mtbp += year == 2019 && sm && c.mtbp == MK_YN_J;
        ck_assert_int_eq(c.had_red, strcmp(column[VERDICT], "RED") == 0);
        ck_assert_int_eq(c.had_complaint, *column[COMPLAINT] != '\0');
        mk_case_release(&c);
    }
    fclose(file);
    ck_assert_uint_eq(all, 366);
    ck_assert_uint_eq(in_2019, 134);
    ck_assert_uint_eq(in_2020, 103);
    ck_assert_uint_eq(sm_2019, 33);
    ck_assert_uint_eq(by_mtbp, 22);
}
END_TEST

START_TEST(events_that_are_no_possible_history_are_damage)
{
    const char *melding = "received=2026-02-02;channel=TEL;reporter=OUD";
    struct mk_case c = kit_after("");
    ck_assert_int_eq(add_raw(&c, 1, MK_VERB_NOTITIE, MK_STATE_ONTVANGEN, ""),
                     MK_E_DAMAGED);
    ck_assert_int_eq(
        add_raw(&c, 2, MK_VERB_MELDING, MK_STATE_ONTVANGEN, melding),
        MK_E_DAMAGED);
    ck_assert_int_eq(
        add_raw(&c, 1, MK_VERB_MELDING, MK_STATE_DUIDING, melding),
        MK_E_DAMAGED);
    ck_assert_int_eq(
        add_raw(&c, 1, MK_VERB_MELDING, MK_STATE_ONTVANGEN, "channel=TEL"),
        MK_E_DAMAGED);
    ck_assert_int_eq(
        add_raw(&c, 1, MK_VERB_MELDING, MK_STATE_ONTVANGEN, melding), MK_OK);
    ck_assert_int_eq(
        add_raw(&c, 2, MK_VERB_MELDING, MK_STATE_ONTVANGEN, melding),
        MK_E_DAMAGED);
    ck_assert_int_eq(add_raw(&c, 2, MK_VERB_OVERLEG, MK_STATE_OVERLEG, ""),
                     MK_E_DAMAGED);
    ck_assert_int_eq(add_raw(&c, 1, MK_VERB_NOTITIE, MK_STATE_ONTVANGEN, ""),
                     MK_E_DAMAGED);
    static const char *const bad[] = {
        "event=2;key=channel;value=MAIL;reason=TYP",
        "event=1;key=channel;value=XX;reason=TYP",
        "event=1;key=contact;value=XX;reason=TYP", "event=1;key=channel",
        "key=channel;value=MAIL"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct mk_case d = kit_after("melding");
        ck_assert_int_eq(
            add_raw(&d, 2, MK_VERB_CORRIGEER, MK_STATE_ONTVANGEN, bad[i]),
            MK_E_DAMAGED);
        mk_case_release(&d);
    }
    mk_case_release(&c);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        an_imported_row_needs_only_what_the_file_has,
        an_imported_row_without_duty_is_advised_on_and_closed,
        imported_dates_that_run_backwards_get_the_reason_ONB,
        an_imported_row_keeps_the_rules_of_the_workflow,
        the_file_of_the_demo_gives_the_published_margins,
        events_that_are_no_possible_history_are_damage,
    };
    return UNIT_RUN("case_import", tests, NULL);
}
