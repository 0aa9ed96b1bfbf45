/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Corrections: a new event goes over what an older one said. */
#include "core/correct.h"

#include "tests/support/case_kit.h"
#include "tests/support/unit.h"

#include <string.h>

START_TEST(a_correction_changes_the_facts_and_keeps_the_event)
{
    struct mk_case c = kit_after("melding duid_n");
    kit_correct(&c, 2, "category", "FG");
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
    struct mk_case c = kit_after("melding duid_n");
    kit_correct(&c, 2, "category", "FG");
    kit_correct(&c, 2, "category", "PG");
    ck_assert_uint_eq(mk_fields_code(&c.facts, MK_F_CATEGORY), MK_CATEGORY_PG);
    /* correcting the first correction does not go over the second */
    kit_correct(&c, 3, "value", "OV");
    ck_assert_uint_eq(mk_fields_code(&c.facts, MK_F_CATEGORY), MK_CATEGORY_PG);
    /* correcting the second does */
    kit_correct(&c, 4, "value", "SI");
    ck_assert_uint_eq(mk_fields_code(&c.facts, MK_F_CATEGORY), MK_CATEGORY_SI);
    /* and a correction of that correction */
    kit_correct(&c, 6, "value", "OV");
    ck_assert_uint_eq(mk_fields_code(&c.facts, MK_F_CATEGORY), MK_CATEGORY_OV);
    kit_no_correction(&c, 6, "value", "XX", MK_E_BAD_CODE, "category");
    /* of two corrections of one correction the last */
    kit_correct(&c, 4, "value", "FG");
    ck_assert_uint_eq(mk_fields_code(&c.facts, MK_F_CATEGORY), MK_CATEGORY_FG);
    mk_case_release(&c);
}
END_TEST

START_TEST(a_correction_is_judged_like_what_it_corrects)
{
    struct mk_case c = kit_after("melding duid_j overleg red aangifte");
    kit_no_correction(&c, 2, "category", "XX", MK_E_BAD_CODE, "category");
    kit_no_correction(&c, 2, "sector", "PO", MK_E_BAD_CODE, "sector");
    kit_no_correction(&c, 2, "sector", "", MK_E_MISSING_KEY, "sector");
    kit_no_correction(&c, 2, "verdict", "RED", MK_E_UNKNOWN_KEY, "verdict");
    kit_no_correction(&c, 3, "contact", "gisteren", MK_E_BAD_DATE, "contact");
    kit_no_correction(&c, 3, "speaker", "INV", MK_E_BAD_CODE, "speaker");
    kit_no_correction(&c, 3, "direct", "ONB", MK_E_BAD_CODE, "direct");
    kit_no_correction(&c, 9, "contact", "2026-02-04", MK_E_BAD_NUMBER,
                      "event");
    kit_no_correction(&c, 6, "value", "x", MK_E_BAD_NUMBER, "event");
    kit_no_correction(&c, 1, "received", "", MK_E_MISSING_KEY, "received");
    /* an imported-only key is none of a hand-made event */
    kit_no_correction(&c, 2, "direct", "J", MK_E_UNKNOWN_KEY, "direct");
    kit_correct(&c, 2, "extra", "");
    ck_assert(!mk_fields_has(&c.facts, MK_F_EXTRA));
    kit_correct(&c, 2, "extra", "OV");
    ck_assert(mk_fields_has(&c.facts, MK_F_EXTRA));
    kit_no_correction(&c, 6, "key", "category", MK_E_UNKNOWN_KEY, "key");
    kit_no_correction(&c, 6, "event", "1", MK_E_UNKNOWN_KEY, "event");
    kit_correct(&c, 6, "reason", "BEO");
    mk_case_release(&c);
}
END_TEST

START_TEST(which_dossier_is_kept_cannot_be_corrected)
{
    struct mk_case c = kit_after("melding dubbel");
    kit_no_correction(&c, 2, "kept", "MK-7Q4D-K2XZ", MK_E_UNKNOWN_KEY, "kept");
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
        struct mk_case c = kit_after(rows[i].path);
        enum mk_state state = c.state;
        const bool *flag = (const bool *)((const char *)&c + rows[i].flag);
        ck_assert_msg(*flag, "%s", rows[i].path);
        kit_correct(&c, rows[i].event, rows[i].key, "NR");
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
    struct mk_case c = kit_after("melding duid_j overleg red");
    kit_correct(&c, 4, "verdict", "NR");
    ck_assert(!c.had_red);
    kit_refused(&c, MK_VERB_AANGIFTE, kit_move("aangifte")->required,
                MK_E_NEEDS_RED, "aangifte");
    kit_correct(&c, 5, "value", "RED");
    ck_assert(c.had_red);
    kit_walk(&c, "aangifte");
    mk_case_release(&c);
}
END_TEST

START_TEST(RED_cannot_be_corrected_in_where_it_could_not_be_given)
{
    struct mk_case c = kit_after("melding duid_onb houder_verdacht geen");
    kit_no_correction(&c, 4, "verdict", "RED", MK_E_NO_DUTY, "oordeel");
    mk_case_release(&c);
    c = kit_after("melding duid_j overleg geen");
    kit_correct(&c, 3, "contact", "NR");
    kit_no_correction(&c, 4, "verdict", "RED", MK_E_WORKFLOW,
                      "geen-vermoeden");
    kit_correct(&c, 5, "value", "2026-02-04");
    kit_correct(&c, 4, "verdict", "RED");
    ck_assert(c.had_red);
    ck_assert_int_eq(c.state, MK_STATE_GEEN_VERMOEDEN);
    mk_case_release(&c);
}
END_TEST

START_TEST(a_duty_not_met_cannot_be_corrected_into_the_other)
{
    struct mk_case c = kit_after("melding duid_j nn_overleg");
    kit_no_correction(&c, 3, "unmet", "aangifte", MK_E_WORKFLOW,
                      "niet-nagekomen");
    mk_case_release(&c);
}
END_TEST

START_TEST(a_correction_that_turns_dates_around_warns)
{
    struct mk_case c = kit_after("melding duid_j overleg red");
    struct kit_options o = {.imported = false};
    ck_assert_int_eq(
        kit_try(&c, MK_VERB_CORRIGEER,
                "event=4;key=verdict_date;value=2026-02-01;reason=TYP", &o),
        MK_OK);
    ck_assert(o.result.breach);
    ck_assert_int_eq(
        kit_try(&c, MK_VERB_CORRIGEER,
                "event=4;key=verdict_date;value=2026-02-07;reason=TYP", &o),
        MK_OK);
    ck_assert(!o.result.breach);
    mk_case_release(&c);
}
END_TEST

START_TEST(a_correction_moves_the_state_only_from_N_or_ONB_to_J)
{
    struct mk_case c = kit_after("melding duid_onb");
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
    ck_assert_int_eq(c.track[MK_DUTY_OVERLEG].status, MK_TRACK_NONE);
    kit_do(&c, MK_VERB_ADVISEER, "advice=INF;ground=Toch een kind.");
    ck_assert_int_eq(c.state, MK_STATE_ADVIES);
    mk_case_release(&c);
}
END_TEST

START_TEST(statute_and_mtbp_follow_a_correction)
{
    struct mk_case c = kit_after("melding duid_n");
    ck_assert_uint_eq(c.statute, MK_STATUTE_NIEUW);
    ck_assert_uint_eq(c.mtbp, MK_YN_N);
    kit_correct(&c, 2, "occurred", "2024");
    ck_assert_uint_eq(c.statute, MK_STATUTE_ONB);
    kit_correct(&c, 2, "occurred", "2024-06");
    ck_assert_uint_eq(c.statute, MK_STATUTE_OUD);
    kit_correct(&c, 2, "accused", "GO");
    ck_assert_uint_eq(c.mtbp, MK_YN_J);
    mk_case_release(&c);
}
END_TEST

START_TEST(a_later_setting_does_not_rewrite_history)
{
    const struct mk_domain_settings no = {.houder_is_mtbp = false};
    struct kit_options o = {.settings = &no};
    struct mk_case c = kit_after("melding");
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
    c = kit_after("melding");
    ck_assert_int_eq(kit_try(&c, MK_VERB_DUID, form, &o), MK_OK);
    ck_assert_uint_eq(c.duty, MK_YN_N);
    mk_case_release(&c);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
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
    };
    return UNIT_RUN("correct", tests, NULL);
}
