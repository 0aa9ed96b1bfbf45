/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the events of a dossier add up to: invariants of values and dates,
 * corrections, the three duties, imported events.
 */
#include "tests/support/case_kit.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

static enum mk_track_status status(const struct mk_case *c, int duty)
{
    return c->track[duty].status;
}

/* ---- values and dates ---------------------------------------------------- */

START_TEST(a_code_must_exist_in_the_year_of_receipt)
{
    struct mk_case c;
    mk_case_init(&c);
    kit_do(&c, MK_VERB_MELDING,
           "received=2021-12-31;channel=TEL;reporter=OUD");
    static const char form[] =
        "sector=KO;care_type=KDV;category=%s;accused=KD;"
        "victim_minor=J;in_care=J;qualification=GEEN;"
        "occurred=2021-12;extra=%s";
    char text[256];
    snprintf(text, sizeof(text), form, "DI", "SM");
    kit_refused(&c, MK_VERB_DUID, text, MK_E_CODE_YEAR, "category");
    snprintf(text, sizeof(text), form, "SM", "PG RA");
    kit_refused(&c, MK_VERB_DUID, text, MK_E_CODE_YEAR, "extra");
    snprintf(text, sizeof(text), form, "SM", "PG FG");
    kit_do(&c, MK_VERB_DUID, text);
    kit_no_correction(&c, 2, "category", "DI", MK_E_CODE_YEAR, "category");
    kit_correct(&c, 1, "received", "2022-01-01");
    kit_correct(&c, 2, "category", "DI");
    /* and not back again while the code stands */
    kit_no_correction(&c, 1, "received", "2021-12-31", MK_E_CODE_YEAR,
                      "category");
    mk_case_release(&c);
}
END_TEST

START_TEST(a_playgroup_ends_with_2018)
{
    struct mk_case c;
    static const char form[] =
        "sector=KO;care_type=PSZ;category=OV;accused=KD;"
        "victim_minor=J;in_care=J;qualification=GEEN;"
        "occurred=2018";
    mk_case_init(&c);
    kit_do(&c, MK_VERB_MELDING,
           "received=2019-01-01;channel=TEL;reporter=OUD");
    kit_refused(&c, MK_VERB_DUID, form, MK_E_CODE_YEAR, "care_type");
    mk_case_release(&c);
    kit_do(&c, MK_VERB_MELDING,
           "received=2018-12-31;channel=TEL;reporter=OUD");
    kit_do(&c, MK_VERB_DUID, form);
    mk_case_release(&c);
}
END_TEST

START_TEST(reserved_sectors_and_INV_are_not_accepted_by_hand)
{
    struct mk_case c = kit_after("melding");
    kit_refused(&c, MK_VERB_DUID,
                "sector=PO;care_type=KDV;category=SM;accused=MW;"
                "victim_minor=J;in_care=J;qualification=XIV;occurred=2026",
                MK_E_BAD_CODE, "sector");
    mk_case_release(&c);
    c = kit_after("melding duid_j");
    kit_refused(&c, MK_VERB_OVERLEG, "contact=2026-02-04;direct=J;speaker=INV",
                MK_E_BAD_CODE, "speaker");
    kit_refused(&c, MK_VERB_NIET_NAGEKOMEN,
                "unmet=overleg;reason=INV;next_check=2026-04-01",
                MK_E_BAD_CODE, "reason");
    mk_case_release(&c);
}
END_TEST

START_TEST(a_date_in_the_future_is_refused_but_for_a_next_check)
{
    struct mk_case c = kit_after("");
    kit_refused(&c, MK_VERB_MELDING,
                "received=2026-03-03;channel=TEL;reporter=OUD",
                MK_E_FUTURE_DATE, "received");
    kit_do(&c, MK_VERB_MELDING,
           "received=2026-03-02;channel=TEL;reporter=OUD");
    kit_refused(&c, MK_VERB_DUID,
                "sector=KO;care_type=KDV;category=SM;accused=MW;"
                "victim_minor=J;in_care=J;qualification=XIV;occurred=2026-04",
                MK_E_FUTURE_DATE, "occurred");
    /* the year that is going on */
    kit_do(&c, MK_VERB_DUID,
           "sector=KO;care_type=KDV;category=SM;accused=MW;"
           "victim_minor=J;in_care=J;qualification=XIV;occurred=2026");
    kit_do(&c, MK_VERB_HERINNER, "next_check=2027-01-01");
    kit_no_correction(&c, 1, "received", "2026-03-03", MK_E_FUTURE_DATE,
                      "received");
    mk_case_release(&c);
}
END_TEST

START_TEST(an_LRK_id_that_fails_is_an_error_or_for_a_VGO_a_warning)
{
    static const char form[] = "sector=KO;care_type=%s;category=SM;accused=GO;"
                               "victim_minor=J;in_care=J;qualification=XIV;"
                               "occurred=2026-01;lrk_id=%s";
    char text[256];
    struct kit_options o = {.imported = false};
    static const char *const strict[] = {"KDV", "BSO", "GOB"};
    for (size_t i = 0; i < 3; i++) {
        struct mk_case c = kit_after("melding");
        snprintf(text, sizeof(text), form, strict[i], "123456783");
        kit_refused(&c, MK_VERB_DUID, text, MK_E_BAD_LRK, "lrk_id");
        snprintf(text, sizeof(text), form, strict[i], "835337406");
        ck_assert_int_eq(kit_try(&c, MK_VERB_DUID, text, &o), MK_OK);
        ck_assert(!o.result.lrk_doubtful);
        mk_case_release(&c);
    }
    struct mk_case c = kit_after("melding");
    snprintf(text, sizeof(text), form, "VGO", "123456783");
    ck_assert_int_eq(kit_try(&c, MK_VERB_DUID, text, &o), MK_OK);
    ck_assert(o.result.lrk_doubtful);
    /* what was a warning becomes an error with another care type */
    kit_no_correction(&c, 2, "care_type", "KDV", MK_E_BAD_LRK, "lrk_id");
    kit_correct(&c, 2, "lrk_id", "278683873");
    kit_correct(&c, 2, "care_type", "KDV");
    kit_refused(&c, MK_VERB_PERSOON, "role=HOU;name=V;lrk_id=123456783",
                MK_E_BAD_LRK, "lrk_id");
    mk_case_release(&c);
}
END_TEST

START_TEST(dates_that_run_backwards_need_a_reason)
{
    static const struct {
        const char *path;
        enum mk_verb verb;
        const char *form, *place;
    } rows[] = {
        /* duid_j says known = 20 January */
        {"melding duid_j", MK_VERB_OVERLEG,
         "contact=2026-01-19;direct=J;speaker=HOU", "contact"},
        {"melding duid_j", MK_VERB_OVERLEG,
         "contact=2026-02-01;known=2026-02-02;direct=J;speaker=HOU",
         "contact"},
        {"melding duid_j overleg", MK_VERB_OORDEEL,
         "verdict=RED;verdict_date=2026-02-03;ground=x", "verdict_date"},
        {"melding duid_j overleg", MK_VERB_OORDEEL,
         "verdict=GEEN;verdict_date=2026-02-03;ground=x", "verdict_date"},
        {"melding duid_j houder_verdacht", MK_VERB_OORDEEL,
         "verdict=RED;verdict_date=2026-01-19;ground=x", "verdict_date"},
        {"melding duid_j overleg red", MK_VERB_AANGIFTE,
         "complaint=2026-02-05;notified=2026-02-10;authority=POL",
         "complaint"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mk_case c = kit_after(rows[i].path);
        struct kit_options o = {.imported = false};
        uint32_t before = c.breaches;
        char form[256];
        kit_refused(&c, rows[i].verb, rows[i].form, MK_E_BREACH,
                    rows[i].place);
        snprintf(form, sizeof(form), "%s;breach=EER", rows[i].form);
        ck_assert_int_eq(kit_try(&c, rows[i].verb, form, &o), MK_OK);
        ck_assert(o.result.breach);
        ck_assert_uint_eq(c.breaches, before + 1);
        mk_case_release(&c);
    }
}
END_TEST

START_TEST(dates_on_one_day_or_not_recorded_are_in_order)
{
    struct mk_case c = kit_after("melding");
    kit_do(&c, MK_VERB_DUID,
           "sector=KO;care_type=KDV;category=SM;accused=MW;victim_minor=J;"
           "in_care=J;qualification=XIV;occurred=NR;known=NR");
    kit_do(&c, MK_VERB_OVERLEG, "contact=2026-02-02;direct=NR;speaker=HOU");
    kit_do(&c, MK_VERB_OORDEEL,
           "verdict=RED;verdict_date=2026-02-02;ground=x");
    kit_do(&c, MK_VERB_AANGIFTE,
           "complaint=2026-02-02;notified=2026-02-02;authority=POL");
    ck_assert_uint_eq(c.breaches, 0);
    mk_case_release(&c);
}
END_TEST

START_TEST(direct_is_never_computed_from_dates)
{
    static const char *const said[] = {"J", "N", "NR"};
    for (size_t i = 0; i < 3; i++) {
        struct mk_case c = kit_after("melding duid_j");
        char form[128];
        snprintf(form, sizeof(form),
                 "contact=2026-02-28;direct=%s;speaker=HOU", said[i]);
        kit_do(&c, MK_VERB_OVERLEG, form);
        ck_assert_str_eq(
            mk_code_get(MK_LIST_DIRECT, mk_fields_code(&c.facts, MK_F_DIRECT))
                ->slug,
            said[i]);
        mk_case_release(&c);
    }
}
END_TEST

START_TEST(RED_only_where_the_duty_is_J)
{
    struct mk_case c = kit_after("melding duid_onb houder_verdacht");
    kit_refused(&c, MK_VERB_OORDEEL,
                "verdict=RED;verdict_date=2026-02-06;ground=x", MK_E_NO_DUTY,
                "oordeel");
    mk_case_release(&c);
    c = kit_after("melding duid_j overleg naar_n");
    kit_refused(&c, MK_VERB_OORDEEL,
                "verdict=RED;verdict_date=2026-02-06;ground=x", MK_E_NO_DUTY,
                "oordeel");
    mk_case_release(&c);
}
END_TEST

START_TEST(RED_only_after_an_overleg_that_was_not_corrected_away)
{
    struct mk_case c = kit_after("melding duid_j overleg");
    const char *red = kit_move("red")->required;
    kit_correct(&c, 3, "contact", "NR");
    kit_refused(&c, MK_VERB_OORDEEL, red, MK_E_WORKFLOW, "overleg");
    kit_correct(&c, 4, "value", "2026-02-05");
    kit_do(&c, MK_VERB_OORDEEL, red);
    mk_case_release(&c);
}
END_TEST

START_TEST(a_duty_cannot_be_withdrawn)
{
    struct mk_case c = kit_after("melding duid_j overleg geen adviseer");
    kit_refused(&c, MK_VERB_INTREK, "reason=VRZ", MK_E_DUTY_OPEN, "intrek");
    mk_case_release(&c);
    /* also when it was J only for a while */
    c = kit_after("melding duid_j naar_n adviseer");
    ck_assert_uint_eq(c.duty, MK_YN_N);
    kit_refused(&c, MK_VERB_INTREK, "reason=VRZ", MK_E_DUTY_OPEN, "intrek");
    mk_case_release(&c);
    /* nor a worker's own */
    c = kit_after("");
    kit_do(&c, MK_VERB_MELDING,
           "received=2026-02-02;channel=TEL;reporter=MED");
    kit_refused(&c, MK_VERB_INTREK, "reason=VRZ", MK_E_DUTY_OPEN, "intrek");
    kit_walk(&c, "duid_n");
    kit_do(&c, MK_VERB_INTREK, "reason=VRZ");
    mk_case_release(&c);
}
END_TEST

/* ---- the three duties ---------------------------------------------------- */

START_TEST(overlegplicht_runs_from_what_the_houder_knew_to_the_overleg)
{
    struct mk_case c = kit_after("melding duid_j");
    const struct mk_track *t = &c.track[MK_DUTY_OVERLEG];
    ck_assert_int_eq(t->status, MK_TRACK_OPEN);
    ck_assert_int_eq(t->since, kit_day("2026-01-20"));
    ck_assert(!t->since_guess);
    kit_walk(&c, "nn_overleg");
    ck_assert_int_eq(t->status, MK_TRACK_UNMET);
    kit_walk(&c, "volg");
    ck_assert_int_eq(t->status, MK_TRACK_UNMET);
    mk_case_release(&c);
    c = kit_after("melding duid_j nn_overleg overleg");
    ck_assert_int_eq(t->status, MK_TRACK_MET);
    ck_assert_int_eq(t->met, kit_day("2026-02-04"));
    ck_assert(c.had_unmet_overleg);
    ck_assert_int_eq(t->since, kit_day("2026-02-03"));
    mk_case_release(&c);
    c = kit_after("melding duid_n");
    ck_assert_int_eq(t->status, MK_TRACK_NONE);
    mk_case_release(&c);
    c = kit_after("melding duid_onb");
    ck_assert_int_eq(t->status, MK_TRACK_NONE);
    mk_case_release(&c);
}
END_TEST

START_TEST(without_a_recorded_day_a_duty_is_counted_from_receipt)
{
    struct mk_case c = kit_after("melding");
    kit_do(&c, MK_VERB_DUID, kit_move("duid_j")->required);
    ck_assert_int_eq(c.track[MK_DUTY_OVERLEG].since, kit_day("2026-02-02"));
    ck_assert(c.track[MK_DUTY_OVERLEG].since_guess);
    mk_case_release(&c);
}
END_TEST

START_TEST(a_verdict_meets_the_overlegplicht_of_who_stood_in)
{
    struct mk_case c = kit_after("melding duid_j houder_verdacht");
    ck_assert_int_eq(status(&c, MK_DUTY_OVERLEG), MK_TRACK_OPEN);
    kit_walk(&c, "red");
    ck_assert_int_eq(status(&c, MK_DUTY_OVERLEG), MK_TRACK_MET);
    ck_assert_int_eq(c.track[MK_DUTY_OVERLEG].met, kit_day("2026-02-06"));
    mk_case_release(&c);
}
END_TEST

START_TEST(aangifteplicht_runs_from_RED_to_aangifte_and_telling)
{
    struct mk_case c = kit_after("melding duid_j overleg");
    const struct mk_track *t = &c.track[MK_DUTY_AANGIFTE];
    ck_assert_int_eq(t->status, MK_TRACK_NONE);
    kit_walk(&c, "mog");
    ck_assert_int_eq(t->status, MK_TRACK_NONE);
    kit_walk(&c, "red");
    ck_assert_int_eq(t->status, MK_TRACK_OPEN);
    ck_assert_int_eq(t->since, kit_day("2026-02-06"));
    /* referred, or told to the police, is not done */
    kit_walk(&c, "verwijs");
    ck_assert_int_eq(t->status, MK_TRACK_OPEN);
    kit_walk(&c, "politiemelding");
    ck_assert_int_eq(t->status, MK_TRACK_OPEN);
    kit_walk(&c, "nn_aangifte");
    ck_assert_int_eq(t->status, MK_TRACK_UNMET);
    kit_walk(&c, "aangifte");
    ck_assert_int_eq(t->status, MK_TRACK_MET);
    ck_assert_int_eq(t->met, kit_day("2026-02-10"));
    ck_assert(c.had_referred && c.had_police_report && c.had_complaint);
    kit_correct(&c, 9, "complaint", "NR");
    ck_assert_int_eq(t->status, MK_TRACK_UNMET);
    kit_correct(&c, 8, "unmet", "NR");
    ck_assert_int_eq(t->status, MK_TRACK_OPEN);
    kit_correct(&c, 5, "verdict", "GEEN");
    ck_assert_int_eq(t->status, MK_TRACK_NONE);
    mk_case_release(&c);
}
END_TEST

START_TEST(meldplicht_is_that_of_a_worker_who_reports)
{
    static const struct {
        const char *reporter;
        enum mk_track_status before;
    } rows[] = {{"MED", MK_TRACK_OPEN},
                {"GAS", MK_TRACK_OPEN},
                {"OUD", MK_TRACK_NONE},
                {"HOU", MK_TRACK_NONE},
                {"ANO", MK_TRACK_NONE}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mk_case c = kit_after("");
        const struct mk_track *t = &c.track[MK_DUTY_MELD];
        char form[64];
        snprintf(form, sizeof(form),
                 "received=2026-02-02;channel=TEL;reporter=%s",
                 rows[i].reporter);
        kit_do(&c, MK_VERB_MELDING, form);
        ck_assert_int_eq(t->status, rows[i].before);
        kit_do(&c, MK_VERB_DUID, kit_move("duid_j")->required);
        ck_assert_int_eq(t->status, rows[i].before);
        if (rows[i].before == MK_TRACK_OPEN) {
            ck_assert(t->since_guess);
            kit_correct(&c, 2, "worker_known", "2026-01-30");
            ck_assert_int_eq(t->since, kit_day("2026-01-30"));
            kit_correct(&c, 2, "worker_told", "NR");
            ck_assert_int_eq(t->status, MK_TRACK_OPEN);
            kit_correct(&c, 2, "worker_told", "2026-01-31");
            ck_assert_int_eq(t->status, MK_TRACK_MET);
            ck_assert_int_eq(t->met, kit_day("2026-01-31"));
            kit_walk(&c, "naar_n");
            ck_assert_int_eq(t->status, MK_TRACK_NONE);
        }
        mk_case_release(&c);
    }
}
END_TEST

START_TEST(the_first_melding_decides_year_reporter_and_owner)
{
    struct mk_case c = kit_after("melding bijmelding bijmelding duid_n");
    ck_assert_uint_eq(c.meldingen, 3);
    ck_assert_int_eq(c.received, kit_day("2026-02-02"));
    ck_assert_uint_eq(mk_fields_code(&c.facts, MK_F_REPORTER),
                      MK_REPORTER_OUD);
    ck_assert_uint_eq(mk_fields_code(&c.facts, MK_F_CHANNEL), MK_CHANNEL_TEL);
    ck_assert_uint_eq(c.owners.owner[0], 7);
    mk_case_release(&c);
}
END_TEST

START_TEST(narrative_persons_and_reasons_are_no_facts)
{
    struct mk_case c =
        kit_after("melding duid_j persoon notitie nn_overleg overleg red");
    static const enum mk_field none[] = {
        MK_F_NARRATIVE,    MK_F_GROUND,     MK_F_NAME,
        MK_F_BORN,         MK_F_ROLE,       MK_F_BREACH,
        MK_F_REASON_UNMET, MK_F_NEXT_CHECK, MK_F_ADDRESS};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        ck_assert_msg(!mk_fields_has(&c.facts, none[i]), "%s",
                      mk_field_get(none[i])->key);
    ck_assert(mk_fields_has(&c.facts, MK_F_LABEL));
    ck_assert(mk_fields_has(&c.facts, MK_F_LRK_ID));
    mk_case_release(&c);
}
END_TEST

START_TEST(the_next_check_is_the_last_one_set_until_the_end)
{
    struct mk_case c = kit_after("melding duid_n herinner");
    ck_assert_int_eq(c.next_check, kit_day("2026-06-02"));
    kit_correct(&c, 3, "next_check", "2026-07-01");
    ck_assert_int_eq(c.next_check, kit_day("2026-07-01"));
    kit_walk(&c, "adviseer");
    ck_assert_int_eq(c.next_check, kit_day("2026-07-01"));
    kit_walk(&c, "sluit");
    ck_assert_int_eq(c.next_check, MK_DAY_NONE);
    kit_correct(&c, 2, "category", "FG");
    ck_assert_int_eq(c.next_check, MK_DAY_NONE);
    mk_case_release(&c);
}
END_TEST

START_TEST(a_date_that_hardly_can_be_is_told_and_not_refused)
{
    static const struct {
        const char *form;
        enum mk_field odd;
    } closings[] = {
        {"outcome=ADV;closed=2026-03-01", MK_F_CLOSED},
        {"outcome=ADV;closed=2026-03-02", MK_F_NONE},
    };
    for (size_t i = 0; i < 2; i++) {
        struct mk_case c;
        struct kit_options o = {.imported = false};
        mk_case_init(&c);
        kit_do(&c, MK_VERB_MELDING,
               "received=2026-03-02;channel=TEL;reporter=OUD");
        kit_do(&c, MK_VERB_DUID,
               "sector=KO;care_type=KDV;category=FG;accused=KD;victim_minor=J;"
               "in_care=J;qualification=GEEN;occurred=2026-02");
        kit_do(&c, MK_VERB_ADVISEER, "advice=INF");
        ck_assert_int_eq(kit_try(&c, MK_VERB_SLUIT, closings[i].form, &o),
                         MK_OK);
        ck_assert_int_eq(o.result.odd_date, closings[i].odd);
        mk_case_release(&c);
    }
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_code_must_exist_in_the_year_of_receipt,
        a_playgroup_ends_with_2018,
        reserved_sectors_and_INV_are_not_accepted_by_hand,
        a_date_in_the_future_is_refused_but_for_a_next_check,
        an_LRK_id_that_fails_is_an_error_or_for_a_VGO_a_warning,
        dates_that_run_backwards_need_a_reason,
        dates_on_one_day_or_not_recorded_are_in_order,
        a_date_that_hardly_can_be_is_told_and_not_refused,
        direct_is_never_computed_from_dates,
        RED_only_where_the_duty_is_J,
        RED_only_after_an_overleg_that_was_not_corrected_away,
        a_duty_cannot_be_withdrawn,
        overlegplicht_runs_from_what_the_houder_knew_to_the_overleg,
        without_a_recorded_day_a_duty_is_counted_from_receipt,
        a_verdict_meets_the_overlegplicht_of_who_stood_in,
        aangifteplicht_runs_from_RED_to_aangifte_and_telling,
        meldplicht_is_that_of_a_worker_who_reports,
        the_first_melding_decides_year_reporter_and_owner,
        narrative_persons_and_reasons_are_no_facts,
        the_next_check_is_the_last_one_set_until_the_end,
    };
    return UNIT_RUN("case", tests, NULL);
}
