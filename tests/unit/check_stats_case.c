/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/stats.h"

#include "tests/support/case_kit.h"
#include "tests/support/unit.h"

#include <string.h>

/* What a new case gives after these moves. */
static struct mk_stats_record after(const char *moves)
{
    struct mk_stats_record r = {.ordinal = 7};
    struct mk_case c = kit_after(moves);
    mk_stats_from_case(&r, &c);
    ck_assert_uint_eq(r.ordinal, 7); /* the caller's */
    mk_case_release(&c);
    return r;
}

START_TEST(a_melding_taken_in_has_a_reporter_and_no_codes)
{
    struct mk_stats_record r = after("melding");
    ck_assert_int_eq(r.received, kit_day("2026-02-02"));
    ck_assert_uint_eq(r.state, MK_STATE_ONTVANGEN);
    ck_assert_uint_eq(r.reporter, MK_REPORTER_OUD);
    ck_assert_uint_eq(r.category, 0);
    ck_assert_uint_eq(r.duty, 0);
    ck_assert_uint_eq(r.mtbp, 0);
}
END_TEST

START_TEST(a_second_melding_changes_neither_year_nor_reporter)
{
    struct mk_stats_record r = after("melding bijmelding");
    ck_assert_int_eq(r.received, kit_day("2026-02-02"));
    ck_assert_uint_eq(r.reporter, MK_REPORTER_OUD);
}
END_TEST

START_TEST(duiding_gives_the_codes_and_the_duty)
{
    struct mk_stats_record r = after("melding duid_j");
    ck_assert_uint_eq(r.state, MK_STATE_OVERLEGPLICHT);
    ck_assert_uint_eq(r.sector, MK_SECTOR_KO);
    ck_assert_uint_eq(r.category, MK_CATEGORY_SM);
    ck_assert_uint_eq(r.care_type, MK_CARE_TYPE_KDV);
    ck_assert_uint_eq(r.accused, MK_ACCUSED_MW);
    ck_assert_uint_eq(r.qualification, MK_QUALIFICATION_XIV);
    ck_assert_uint_eq(r.mtbp, MK_YN_J);
    ck_assert_uint_eq(r.duty, MK_YN_J);
    ck_assert_uint_eq(r.direct, 0);
    ck_assert(!r.red && !r.referred && !r.complaint && !r.police_report);
}
END_TEST

START_TEST(no_duty_and_a_duty_not_known_are_told_apart)
{
    struct mk_stats_record r = after("melding duid_n");
    ck_assert_uint_eq(r.duty, MK_YN_N);
    ck_assert_uint_eq(r.mtbp, MK_YN_N);
    r = after("melding duid_onb");
    ck_assert_uint_eq(r.duty, MK_YN_ONB);
    ck_assert_uint_eq(r.mtbp, MK_YN_ONB);
}
END_TEST

START_TEST(each_milestone_is_a_fact_of_its_own)
{
    struct mk_stats_record r = after("melding duid_j overleg red");
    ck_assert_uint_eq(r.direct, MK_DIRECT_J);
    ck_assert_uint_eq(r.verdict, MK_VERDICT_RED);
    ck_assert(r.red && !r.referred && !r.complaint && !r.police_report);
    r = after("melding duid_j overleg red verwijs");
    ck_assert(r.red && r.referred && !r.complaint && !r.police_report);
    r = after("melding duid_j overleg red verwijs aangifte");
    ck_assert(r.red && r.referred && r.complaint && !r.police_report);
    r = after("melding duid_j overleg red politiemelding");
    ck_assert(r.red && !r.referred && !r.complaint && r.police_report);
    r = after("melding duid_j overleg geen");
    ck_assert_uint_eq(r.verdict, MK_VERDICT_GEEN);
    ck_assert(!r.red);
}
END_TEST

START_TEST(a_duty_left_undone_counts_until_it_is_met)
{
    struct mk_stats_record r = after("melding duid_j nn_overleg");
    ck_assert(r.unmet_overleg && !r.unmet_aangifte);
    r = after("melding duid_j nn_overleg overleg");
    ck_assert(!r.unmet_overleg);
    r = after("melding duid_j overleg red nn_aangifte");
    ck_assert(!r.unmet_overleg && r.unmet_aangifte);
    r = after("melding duid_j overleg red nn_aangifte aangifte");
    ck_assert(!r.unmet_aangifte && r.complaint);
}
END_TEST

START_TEST(a_duty_corrected_away_takes_its_measures_along)
{
    struct mk_stats_record r = after("melding duid_j overleg naar_n");
    ck_assert_uint_eq(r.duty, MK_YN_N);
    ck_assert_uint_eq(r.accused, MK_ACCUSED_KD);
    ck_assert_uint_eq(r.direct, 0);
    r = after("melding duid_j nn_overleg naar_n");
    ck_assert(!r.unmet_overleg);
}
END_TEST

START_TEST(what_made_a_record_is_kept_of_its_last_event)
{
    ck_assert_uint_eq(after("melding").cause, MK_CAUSE_STEP);
    ck_assert_uint_eq(after("melding duid_j").cause, MK_CAUSE_STEP);
    ck_assert_uint_eq(after("melding duid_n duid_j").cause, MK_CAUSE_DUIDING);
    ck_assert_uint_eq(after("melding duid_j overleg red").cause,
                      MK_CAUSE_STEP);
    ck_assert_uint_eq(after("melding duid_j corrigeer").cause, MK_CAUSE_TYP);
    ck_assert_uint_eq(after("melding duid_j naar_n").cause, MK_CAUSE_FEI);
    ck_assert_uint_eq(after("melding duid_j corrigeer overleg").cause,
                      MK_CAUSE_STEP);
}
END_TEST

START_TEST(a_correction_by_another_judgement_is_kept_as_such)
{
    struct mk_stats_record r = {.ordinal = 1};
    struct mk_case c = kit_after("melding duid_j");
    kit_do(&c, MK_VERB_CORRIGEER,
           "event=2;key=care_type;value=BSO;reason=BEO");
    mk_stats_from_case(&r, &c);
    ck_assert_uint_eq(r.cause, MK_CAUSE_BEO);
    ck_assert_uint_eq(r.care_type, MK_CARE_TYPE_BSO);
    mk_case_release(&c);
}
END_TEST

START_TEST(not_recorded_is_zero_and_unknown_is_not)
{
    struct mk_stats_record r = {.ordinal = 1};
    struct mk_case c = kit_after("melding");
    kit_do(&c, MK_VERB_DUID,
           "sector=KO;care_type=NR;category=ONB;accused=MW;victim_minor=J;"
           "in_care=J;qualification=XX;occurred=2026-01;extra=PG FG");
    kit_do(&c, MK_VERB_OVERLEG, "contact=2026-02-04;direct=NR;speaker=LEI");
    mk_stats_from_case(&r, &c);
    ck_assert_uint_eq(r.care_type, 0);
    ck_assert_uint_eq(r.category, MK_UNKNOWN_ONB);
    ck_assert_uint_eq(r.duty, MK_YN_J);
    ck_assert_uint_eq(r.direct, 0);
    ck_assert_uint_eq(r.extra, 1u << MK_CATEGORY_PG | 1u << MK_CATEGORY_FG);
    mk_case_release(&c);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_melding_taken_in_has_a_reporter_and_no_codes,
        a_second_melding_changes_neither_year_nor_reporter,
        duiding_gives_the_codes_and_the_duty,
        no_duty_and_a_duty_not_known_are_told_apart,
        each_milestone_is_a_fact_of_its_own,
        a_duty_left_undone_counts_until_it_is_met,
        a_duty_corrected_away_takes_its_measures_along,
        what_made_a_record_is_kept_of_its_last_event,
        a_correction_by_another_judgement_is_kept_as_such,
        not_recorded_is_zero_and_unknown_is_not,
    };
    return UNIT_RUN("stats_case", tests, NULL);
}
