/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the events of a dossier add up to: invariants of values and dates,
 * corrections, the three duties, imported events.
 */
#include "tests/support/case_kit.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

static struct mk_case after(const char *path)
{
    struct mk_case c;
    mk_case_init(&c);
    kit_walk(&c, path);
    return c;
}

/* A correction of event number, as a form. */
static const char *fix(char form[static 128], unsigned event, const char *key,
                       const char *value)
{
    snprintf(form, 128, "event=%u;key=%s;value=%s;reason=TYP", event, key,
             value);
    return form;
}

static void correct(struct mk_case *c, unsigned event, const char *key,
                    const char *value)
{
    char form[128];
    kit_do(c, MK_VERB_CORRIGEER, fix(form, event, key, value));
}

static void no_correction(struct mk_case *c, unsigned event, const char *key,
                          const char *value, enum mk_err err,
                          const char *place)
{
    char form[128];
    kit_refused(c, MK_VERB_CORRIGEER, fix(form, event, key, value), err,
                place);
}

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
    const char *form = "sector=KO;care_type=KDV;category=%s;accused=KD;"
                       "victim_minor=J;in_care=J;qualification=GEEN;"
                       "occurred=2021-12;extra=%s";
    char text[256];
    snprintf(text, sizeof(text), form, "DI", "SM");
    kit_refused(&c, MK_VERB_DUID, text, MK_E_CODE_YEAR, "category");
    snprintf(text, sizeof(text), form, "SM", "PG RA");
    kit_refused(&c, MK_VERB_DUID, text, MK_E_CODE_YEAR, "extra");
    snprintf(text, sizeof(text), form, "SM", "PG FG");
    kit_do(&c, MK_VERB_DUID, text);
    no_correction(&c, 2, "category", "DI", MK_E_CODE_YEAR, "category");
    correct(&c, 1, "received", "2022-01-01");
    correct(&c, 2, "category", "DI");
    /* and not back again while the code stands */
    no_correction(&c, 1, "received", "2021-12-31", MK_E_CODE_YEAR, "category");
    mk_case_release(&c);
}
END_TEST

START_TEST(a_playgroup_ends_with_2018)
{
    struct mk_case c;
    const char *form = "sector=KO;care_type=PSZ;category=OV;accused=KD;"
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
    struct mk_case c = after("melding");
    kit_refused(&c, MK_VERB_DUID,
                "sector=PO;care_type=KDV;category=SM;accused=MW;"
                "victim_minor=J;in_care=J;qualification=XIV;occurred=2026",
                MK_E_BAD_CODE, "sector");
    mk_case_release(&c);
    c = after("melding duid_j");
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
    struct mk_case c = after("");
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
    no_correction(&c, 1, "received", "2026-03-03", MK_E_FUTURE_DATE,
                  "received");
    mk_case_release(&c);
}
END_TEST

START_TEST(an_LRK_id_that_fails_is_an_error_or_for_a_VGO_a_warning)
{
    const char *form = "sector=KO;care_type=%s;category=SM;accused=GO;"
                       "victim_minor=J;in_care=J;qualification=XIV;"
                       "occurred=2026-01;lrk_id=%s";
    char text[256];
    struct kit_options o = {.imported = false};
    static const char *const strict[] = {"KDV", "BSO", "GOB"};
    for (size_t i = 0; i < 3; i++) {
        struct mk_case c = after("melding");
        snprintf(text, sizeof(text), form, strict[i], "123456783");
        kit_refused(&c, MK_VERB_DUID, text, MK_E_BAD_LRK, "lrk_id");
        snprintf(text, sizeof(text), form, strict[i], "835337406");
        ck_assert_int_eq(kit_try(&c, MK_VERB_DUID, text, &o), MK_OK);
        ck_assert(!o.result.lrk_doubtful);
        mk_case_release(&c);
    }
    struct mk_case c = after("melding");
    snprintf(text, sizeof(text), form, "VGO", "123456783");
    ck_assert_int_eq(kit_try(&c, MK_VERB_DUID, text, &o), MK_OK);
    ck_assert(o.result.lrk_doubtful);
    /* what was a warning becomes an error with another care type */
    no_correction(&c, 2, "care_type", "KDV", MK_E_BAD_LRK, "lrk_id");
    correct(&c, 2, "lrk_id", "278683873");
    correct(&c, 2, "care_type", "KDV");
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
        struct mk_case c = after(rows[i].path);
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
    struct mk_case c = after("melding");
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
        struct mk_case c = after("melding duid_j");
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
    struct mk_case c = after("melding duid_onb houder_verdacht");
    kit_refused(&c, MK_VERB_OORDEEL,
                "verdict=RED;verdict_date=2026-02-06;ground=x", MK_E_NO_DUTY,
                "oordeel");
    mk_case_release(&c);
    c = after("melding duid_j overleg naar_n");
    kit_refused(&c, MK_VERB_OORDEEL,
                "verdict=RED;verdict_date=2026-02-06;ground=x", MK_E_NO_DUTY,
                "oordeel");
    mk_case_release(&c);
}
END_TEST

START_TEST(a_duty_cannot_be_withdrawn)
{
    struct mk_case c = after("melding duid_j overleg geen adviseer");
    kit_refused(&c, MK_VERB_INTREK, "reason=VRZ", MK_E_DUTY_OPEN, "intrek");
    mk_case_release(&c);
    /* also when it was J only for a while */
    c = after("melding duid_j naar_n adviseer");
    ck_assert_uint_eq(c.duty, MK_YN_N);
    kit_refused(&c, MK_VERB_INTREK, "reason=VRZ", MK_E_DUTY_OPEN, "intrek");
    mk_case_release(&c);
    /* nor a worker's own */
    c = after("");
    kit_do(&c, MK_VERB_MELDING,
           "received=2026-02-02;channel=TEL;reporter=MED");
    kit_refused(&c, MK_VERB_INTREK, "reason=VRZ", MK_E_DUTY_OPEN, "intrek");
    kit_walk(&c, "duid_n");
    kit_do(&c, MK_VERB_INTREK, "reason=VRZ");
    mk_case_release(&c);
}
END_TEST

/* ---- corrections --------------------------------------------------------- */

START_TEST(a_correction_changes_the_facts_and_keeps_the_event)
{
    struct mk_case c = after("melding duid_n");
    correct(&c, 2, "category", "FG");
    ck_assert_uint_eq(mk_fields_code(&c.facts, MK_F_CATEGORY), MK_CATEGORY_FG);
    ck_assert_uint_eq(mk_fields_code(&c.events[1].f, MK_F_CATEGORY),
                      MK_CATEGORY_SM);
    ck_assert(c.corrected[1]);
    ck_assert(!c.corrected[0]);
    struct mk_fields f;
    mk_fields_init(&f);
    ck_assert_int_eq(mk_case_effective(&c, 1, &f), MK_OK);
    ck_assert_uint_eq(mk_fields_code(&f, MK_F_CATEGORY), MK_CATEGORY_FG);
    mk_fields_release(&f);
    mk_case_release(&c);
}
END_TEST

START_TEST(the_last_correction_of_a_key_holds)
{
    struct mk_case c = after("melding duid_n");
    correct(&c, 2, "category", "FG");
    correct(&c, 2, "category", "PG");
    ck_assert_uint_eq(mk_fields_code(&c.facts, MK_F_CATEGORY), MK_CATEGORY_PG);
    /* correcting the first correction does not go over the second */
    correct(&c, 3, "value", "OV");
    ck_assert_uint_eq(mk_fields_code(&c.facts, MK_F_CATEGORY), MK_CATEGORY_PG);
    /* correcting the second does */
    correct(&c, 4, "value", "SI");
    ck_assert_uint_eq(mk_fields_code(&c.facts, MK_F_CATEGORY), MK_CATEGORY_SI);
    /* and a correction of that correction */
    correct(&c, 6, "value", "OV");
    ck_assert_uint_eq(mk_fields_code(&c.facts, MK_F_CATEGORY), MK_CATEGORY_OV);
    no_correction(&c, 6, "value", "XX", MK_E_BAD_CODE, "category");
    mk_case_release(&c);
}
END_TEST

START_TEST(a_correction_is_judged_like_what_it_corrects)
{
    struct mk_case c = after("melding duid_j overleg red aangifte");
    no_correction(&c, 2, "category", "XX", MK_E_BAD_CODE, "category");
    no_correction(&c, 2, "sector", "PO", MK_E_BAD_CODE, "sector");
    no_correction(&c, 2, "sector", "", MK_E_MISSING_KEY, "sector");
    no_correction(&c, 2, "verdict", "RED", MK_E_UNKNOWN_KEY, "verdict");
    no_correction(&c, 3, "contact", "gisteren", MK_E_BAD_DATE, "contact");
    no_correction(&c, 3, "speaker", "INV", MK_E_BAD_CODE, "speaker");
    no_correction(&c, 3, "direct", "ONB", MK_E_BAD_CODE, "direct");
    no_correction(&c, 9, "contact", "2026-02-04", MK_E_NOT_FOUND, "event");
    no_correction(&c, 6, "value", "x", MK_E_NOT_FOUND, "event");
    no_correction(&c, 1, "received", "", MK_E_MISSING_KEY, "received");
    /* an imported-only key is none of a hand-made event */
    no_correction(&c, 2, "direct", "J", MK_E_UNKNOWN_KEY, "direct");
    correct(&c, 2, "extra", "");
    ck_assert(!mk_fields_has(&c.facts, MK_F_EXTRA));
    correct(&c, 2, "extra", "OV");
    ck_assert(mk_fields_has(&c.facts, MK_F_EXTRA));
    no_correction(&c, 6, "key", "category", MK_E_UNKNOWN_KEY, "key");
    no_correction(&c, 6, "event", "1", MK_E_UNKNOWN_KEY, "event");
    correct(&c, 6, "reason", "BEO");
    mk_case_release(&c);
}
END_TEST

START_TEST(which_dossier_is_kept_cannot_be_corrected)
{
    struct mk_case c = after("melding dubbel");
    no_correction(&c, 2, "kept", "MK-7Q4D-K2XZ", MK_E_UNKNOWN_KEY, "kept");
    mk_case_release(&c);
}
END_TEST

START_TEST(a_milestone_corrected_to_NR_never_happened)
{
    static const struct {
        const char *path;
        unsigned event;
        const char *key;
        size_t flag;
    } rows[] = {
#define FLAG(name) offsetof(struct mk_case, name)
        {"melding duid_j overleg", 3, "contact", FLAG(had_overleg)},
        {"melding duid_j houder_verdacht", 3, "substitute",
         FLAG(had_houder_verdacht)},
        {"melding duid_j overleg red", 4, "verdict", FLAG(had_red)},
        {"melding duid_j overleg red verwijs", 5, "referred",
         FLAG(had_referred)},
        {"melding duid_j overleg red aangifte", 5, "complaint",
         FLAG(had_complaint)},
        {"melding duid_j overleg red politiemelding", 5, "police_report",
         FLAG(had_police_report)},
        {"melding duid_j nn_overleg", 3, "unmet", FLAG(had_unmet_overleg)},
        {"melding duid_j overleg red nn_aangifte", 5, "unmet",
         FLAG(had_unmet_aangifte)},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct mk_case c = after(rows[i].path);
        enum mk_state state = c.state;
        const bool *flag = (const bool *)((const char *)&c + rows[i].flag);
        ck_assert_msg(*flag, "%s", rows[i].path);
        correct(&c, rows[i].event, rows[i].key, "NR");
        flag = (const bool *)((const char *)&c + rows[i].flag);
        ck_assert_msg(!*flag, "%s", rows[i].path);
        ck_assert_int_eq(c.state, state);
        enum mk_field key =
            mk_field_find(rows[i].key, strlen(rows[i].key))->number;
        ck_assert(!mk_fields_has(&c.facts, key));
        mk_case_release(&c);
    }
}
END_TEST

START_TEST(an_event_corrected_away_can_be_corrected_back)
{
    struct mk_case c = after("melding duid_j overleg red");
    correct(&c, 4, "verdict", "NR");
    ck_assert(!c.had_red);
    kit_refused(&c, MK_VERB_AANGIFTE, kit_move("aangifte")->required,
                MK_E_NEEDS_RED, "aangifte");
    correct(&c, 5, "value", "RED");
    ck_assert(c.had_red);
    kit_walk(&c, "aangifte");
    mk_case_release(&c);
}
END_TEST

START_TEST(RED_cannot_be_corrected_in_where_it_could_not_be_given)
{
    struct mk_case c = after("melding duid_onb houder_verdacht geen");
    no_correction(&c, 4, "verdict", "RED", MK_E_NO_DUTY, "oordeel");
    mk_case_release(&c);
    c = after("melding duid_j overleg geen");
    correct(&c, 3, "contact", "NR");
    no_correction(&c, 4, "verdict", "RED", MK_E_WORKFLOW, "geen-vermoeden");
    correct(&c, 5, "value", "2026-02-04");
    correct(&c, 4, "verdict", "RED");
    ck_assert(c.had_red);
    ck_assert_int_eq(c.state, MK_STATE_GEEN_VERMOEDEN);
    mk_case_release(&c);
}
END_TEST

START_TEST(a_duty_not_met_cannot_be_corrected_into_the_other)
{
    struct mk_case c = after("melding duid_j nn_overleg");
    no_correction(&c, 3, "unmet", "aangifte", MK_E_WORKFLOW, "niet-nagekomen");
    mk_case_release(&c);
}
END_TEST

START_TEST(a_correction_that_turns_dates_around_warns)
{
    struct mk_case c = after("melding duid_j overleg red");
    struct kit_options o = {.imported = false};
    char form[128];
    ck_assert_int_eq(kit_try(&c, MK_VERB_CORRIGEER,
                             fix(form, 4, "verdict_date", "2026-02-01"), &o),
                     MK_OK);
    ck_assert(o.result.breach);
    ck_assert_int_eq(kit_try(&c, MK_VERB_CORRIGEER,
                             fix(form, 4, "verdict_date", "2026-02-07"), &o),
                     MK_OK);
    ck_assert(!o.result.breach);
    mk_case_release(&c);
}
END_TEST

START_TEST(a_correction_moves_the_state_only_from_N_or_ONB_to_J)
{
    struct mk_case c = after("melding duid_onb");
    ck_assert_uint_eq(c.duty, MK_YN_ONB);
    kit_walk(&c, "naar_n");
    ck_assert_uint_eq(c.duty, MK_YN_N);
    ck_assert_int_eq(c.state, MK_STATE_DUIDING);
    kit_walk(&c, "naar_j");
    ck_assert_uint_eq(c.duty, MK_YN_J);
    ck_assert_int_eq(c.state, MK_STATE_OVERLEGPLICHT);
    kit_walk(&c, "naar_n");
    ck_assert_uint_eq(c.duty, MK_YN_N);
    ck_assert_int_eq(c.state, MK_STATE_OVERLEGPLICHT);
    ck_assert_int_eq(status(&c, MK_DUTY_OVERLEG), MK_TRACK_NONE);
    kit_do(&c, MK_VERB_ADVISEER, "advice=INF;ground=Toch een kind.");
    ck_assert_int_eq(c.state, MK_STATE_ADVIES);
    mk_case_release(&c);
}
END_TEST

START_TEST(statute_and_mtbp_follow_a_correction)
{
    struct mk_case c = after("melding duid_n");
    ck_assert_uint_eq(c.statute, MK_STATUTE_NIEUW);
    ck_assert_uint_eq(c.mtbp, MK_YN_N);
    correct(&c, 2, "occurred", "2024");
    ck_assert_uint_eq(c.statute, MK_STATUTE_ONB);
    correct(&c, 2, "occurred", "2024-06");
    ck_assert_uint_eq(c.statute, MK_STATUTE_OUD);
    correct(&c, 2, "accused", "GO");
    ck_assert_uint_eq(c.mtbp, MK_YN_J);
    mk_case_release(&c);
}
END_TEST

START_TEST(a_later_setting_does_not_rewrite_history)
{
    const struct mk_domain_settings no = {.houder_is_mtbp = false};
    struct kit_options o = {.settings = &no};
    struct mk_case c = after("melding");
    const char *form = "sector=KO;care_type=KDV;category=SM;accused=HO;"
                       "victim_minor=J;in_care=J;qualification=XIV;"
                       "occurred=2026-01";
    kit_do(&c, MK_VERB_DUID, form); /* with the usual setting */
    ck_assert_uint_eq(c.duty, MK_YN_J);
    ck_assert_int_eq(
        kit_try(&c, MK_VERB_HOUDER_VERDACHT, "substitute=GAS", &o), MK_OK);
    ck_assert_uint_eq(c.duty, MK_YN_J);
    ck_assert_uint_eq(c.mtbp, MK_YN_J);
    mk_case_release(&c);
    c = after("melding");
    ck_assert_int_eq(kit_try(&c, MK_VERB_DUID, form, &o), MK_OK);
    ck_assert_uint_eq(c.duty, MK_YN_N);
    mk_case_release(&c);
}
END_TEST

/* ---- the three duties ---------------------------------------------------- */

START_TEST(overlegplicht_runs_from_what_the_houder_knew_to_the_overleg)
{
    struct mk_case c = after("melding duid_j");
    const struct mk_track *t = &c.track[MK_DUTY_OVERLEG];
    ck_assert_int_eq(t->status, MK_TRACK_OPEN);
    ck_assert_int_eq(t->since, kit_day("2026-01-20"));
    ck_assert(!t->since_guess);
    kit_walk(&c, "nn_overleg");
    ck_assert_int_eq(t->status, MK_TRACK_UNMET);
    kit_walk(&c, "volg");
    ck_assert_int_eq(t->status, MK_TRACK_UNMET);
    mk_case_release(&c);
    c = after("melding duid_j nn_overleg overleg");
    ck_assert_int_eq(t->status, MK_TRACK_MET);
    ck_assert_int_eq(t->met, kit_day("2026-02-04"));
    ck_assert(c.had_unmet_overleg);
    ck_assert_int_eq(t->since, kit_day("2026-02-03"));
    mk_case_release(&c);
    c = after("melding duid_n");
    ck_assert_int_eq(t->status, MK_TRACK_NONE);
    mk_case_release(&c);
    c = after("melding duid_onb");
    ck_assert_int_eq(t->status, MK_TRACK_NONE);
    mk_case_release(&c);
}
END_TEST

START_TEST(without_a_recorded_day_a_duty_is_counted_from_receipt)
{
    struct mk_case c = after("melding");
    kit_do(&c, MK_VERB_DUID, kit_move("duid_j")->required);
    ck_assert_int_eq(c.track[MK_DUTY_OVERLEG].since, kit_day("2026-02-02"));
    ck_assert(c.track[MK_DUTY_OVERLEG].since_guess);
    mk_case_release(&c);
}
END_TEST

START_TEST(a_verdict_meets_the_overlegplicht_of_who_stood_in)
{
    struct mk_case c = after("melding duid_j houder_verdacht");
    ck_assert_int_eq(status(&c, MK_DUTY_OVERLEG), MK_TRACK_OPEN);
    kit_walk(&c, "red");
    ck_assert_int_eq(status(&c, MK_DUTY_OVERLEG), MK_TRACK_MET);
    ck_assert_int_eq(c.track[MK_DUTY_OVERLEG].met, kit_day("2026-02-06"));
    mk_case_release(&c);
}
END_TEST

START_TEST(aangifteplicht_runs_from_RED_to_aangifte_and_telling)
{
    struct mk_case c = after("melding duid_j overleg");
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
    correct(&c, 9, "complaint", "NR");
    ck_assert_int_eq(t->status, MK_TRACK_UNMET);
    correct(&c, 8, "unmet", "NR");
    ck_assert_int_eq(t->status, MK_TRACK_OPEN);
    correct(&c, 5, "verdict", "GEEN");
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
        struct mk_case c = after("");
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
            correct(&c, 2, "worker_known", "2026-01-30");
            ck_assert_int_eq(t->since, kit_day("2026-01-30"));
            correct(&c, 2, "worker_told", "NR");
            ck_assert_int_eq(t->status, MK_TRACK_OPEN);
            correct(&c, 2, "worker_told", "2026-01-31");
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
    struct mk_case c = after("melding bijmelding bijmelding duid_n");
    ck_assert_uint_eq(c.meldingen, 3);
    ck_assert_int_eq(c.received, kit_day("2026-02-02"));
    ck_assert_uint_eq(mk_fields_code(&c.facts, MK_F_REPORTER),
                      MK_REPORTER_OUD);
    ck_assert_uint_eq(mk_fields_code(&c.facts, MK_F_CHANNEL), MK_CHANNEL_TEL);
    ck_assert_uint_eq(c.owner[0], 7);
    mk_case_release(&c);
}
END_TEST

START_TEST(narrative_persons_and_reasons_are_no_facts)
{
    struct mk_case c =
        after("melding duid_j persoon notitie nn_overleg overleg red");
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
    struct mk_case c = after("melding duid_n herinner");
    ck_assert_int_eq(c.next_check, kit_day("2026-06-02"));
    correct(&c, 3, "next_check", "2026-07-01");
    ck_assert_int_eq(c.next_check, kit_day("2026-07-01"));
    kit_walk(&c, "adviseer");
    ck_assert_int_eq(c.next_check, kit_day("2026-07-01"));
    kit_walk(&c, "sluit");
    ck_assert_int_eq(c.next_check, MK_DAY_NONE);
    correct(&c, 2, "category", "FG");
    ck_assert_int_eq(c.next_check, MK_DAY_NONE);
    mk_case_release(&c);
}
END_TEST

/* ---- imported events ----------------------------------------------------- */

static enum mk_err import(struct mk_case *c, enum mk_verb verb,
                          const char *form)
{
    struct kit_options o = {.imported = true};
    return kit_try(c, verb, form, &o);
}

START_TEST(an_imported_row_needs_only_what_the_file_has)
{
    struct mk_case c = after("");
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
    struct mk_case c = after("");
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
    struct mk_case c = after("");
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
    struct mk_case c = after("");
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

START_TEST(events_that_are_no_possible_history_are_damage)
{
    const char *melding = "received=2026-02-02;channel=TEL;reporter=OUD";
    struct mk_case c = after("");
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
        struct mk_case d = after("melding");
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
        a_code_must_exist_in_the_year_of_receipt,
        a_playgroup_ends_with_2018,
        reserved_sectors_and_INV_are_not_accepted_by_hand,
        a_date_in_the_future_is_refused_but_for_a_next_check,
        an_LRK_id_that_fails_is_an_error_or_for_a_VGO_a_warning,
        dates_that_run_backwards_need_a_reason,
        dates_on_one_day_or_not_recorded_are_in_order,
        direct_is_never_computed_from_dates,
        RED_only_where_the_duty_is_J,
        a_duty_cannot_be_withdrawn,
        a_correction_changes_the_facts_and_keeps_the_event,
        the_last_correction_of_a_key_holds,
        a_correction_is_judged_like_what_it_corrects,
        which_dossier_is_kept_cannot_be_corrected,
        a_milestone_corrected_to_NR_never_happened,
        an_event_corrected_away_can_be_corrected_back,
        RED_cannot_be_corrected_in_where_it_could_not_be_given,
        a_duty_not_met_cannot_be_corrected_into_the_other,
        a_correction_that_turns_dates_around_warns,
        a_correction_moves_the_state_only_from_N_or_ONB_to_J,
        statute_and_mtbp_follow_a_correction,
        a_later_setting_does_not_rewrite_history,
        overlegplicht_runs_from_what_the_houder_knew_to_the_overleg,
        without_a_recorded_day_a_duty_is_counted_from_receipt,
        a_verdict_meets_the_overlegplicht_of_who_stood_in,
        aangifteplicht_runs_from_RED_to_aangifte_and_telling,
        meldplicht_is_that_of_a_worker_who_reports,
        the_first_melding_decides_year_reporter_and_owner,
        narrative_persons_and_reasons_are_no_facts,
        the_next_check_is_the_last_one_set_until_the_end,
        an_imported_row_needs_only_what_the_file_has,
        an_imported_row_without_duty_is_advised_on_and_closed,
        imported_dates_that_run_backwards_get_the_reason_ONB,
        an_imported_row_keeps_the_rules_of_the_workflow,
        events_that_are_no_possible_history_are_damage,
    };
    return UNIT_RUN("case", tests, NULL);
}
