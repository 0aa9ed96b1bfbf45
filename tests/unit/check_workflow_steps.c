/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The workflow, the finer print of single steps. */
#include "core/workflow.h"

#include "tests/support/case_kit.h"
#include "tests/support/unit.h"

#include <string.h>

START_TEST(advice_needs_a_ground_where_the_duty_is_unknown_or_fell_away)
{
    static const char *const paths[] = {
        "melding duid_onb", "melding duid_j naar_n",
        "melding duid_j overleg naar_n", "melding duid_onb houder_verdacht"};
    for (size_t i = 0; i < 4; i++) {
        struct mk_case c = kit_after(paths[i]);
        kit_refused(&c, MK_VERB_ADVISEER, "advice=INF", MK_E_MISSING_KEY,
                    "ground");
        kit_refused(&c, MK_VERB_ADVISEER,
                    "advice=INF;ground=", MK_E_MISSING_KEY, "ground");
        kit_do(&c, MK_VERB_ADVISEER, "advice=INF;ground=Omdat.");
        mk_case_release(&c);
    }
    struct mk_case c = kit_after("melding duid_n");
    kit_do(&c, MK_VERB_ADVISEER, "advice=INF");
    mk_case_release(&c);
}
END_TEST

START_TEST(advice_is_no_way_out_of_a_duty)
{
    struct mk_case c = kit_after("melding duid_j");
    kit_refused(&c, MK_VERB_ADVISEER, "advice=INF;ground=Omdat.",
                MK_E_DUTY_OPEN, "adviseer");
    mk_case_release(&c);
}
END_TEST

START_TEST(a_verdict_MOG_needs_a_next_check)
{
    struct mk_case c = kit_after("melding duid_j overleg");
    kit_refused(&c, MK_VERB_OORDEEL,
                "verdict=MOG;verdict_date=2026-02-06;ground=Omdat.",
                MK_E_MISSING_KEY, "next_check");
    mk_case_release(&c);
}
END_TEST

START_TEST(a_verdict_NR_cannot_be_given)
{
    struct mk_case c = kit_after("melding duid_j overleg");
    kit_refused(&c, MK_VERB_OORDEEL,
                "verdict=NR;verdict_date=2026-02-06;ground=Omdat.",
                MK_E_BAD_CODE, "verdict");
    mk_case_release(&c);
}
END_TEST

START_TEST(a_police_report_without_RED_says_by_whom)
{
    struct mk_case c = kit_after("melding duid_n");
    kit_refused(&c, MK_VERB_POLITIEMELDING,
                "police_report=2026-02-08;authority=POL", MK_E_MISSING_KEY,
                "by");
    mk_case_release(&c);
    c = kit_after("melding duid_j overleg red");
    kit_do(&c, MK_VERB_POLITIEMELDING,
           "police_report=2026-02-08;authority=POL");
    ck_assert_int_eq(c.state, MK_STATE_POLITIEMELDING);
    mk_case_release(&c);
}
END_TEST

START_TEST(a_duty_not_met_names_the_duty_of_its_state)
{
    struct mk_case c = kit_after("melding duid_j");
    kit_refused(&c, MK_VERB_NIET_NAGEKOMEN, kit_move("nn_aangifte")->required,
                MK_E_WORKFLOW, "overlegplicht");
    kit_walk(&c, "nn_overleg");
    ck_assert_uint_eq(c.unmet_which, MK_UNMET_overleg);
    mk_case_release(&c);
    c = kit_after("melding duid_j naar_n");
    kit_refused(&c, MK_VERB_NIET_NAGEKOMEN, kit_move("nn_overleg")->required,
                MK_E_NO_DUTY, "niet-nagekomen");
    mk_case_release(&c);
    c = kit_after("melding duid_j overleg red");
    kit_refused(&c, MK_VERB_NIET_NAGEKOMEN, kit_move("nn_overleg")->required,
                MK_E_WORKFLOW, "redelijk-vermoeden");
    mk_case_release(&c);
}
END_TEST

START_TEST(a_dossier_without_facts_cannot_be_advised_on)
{
    struct mk_case c = kit_after("melding niet_bevoegd heropen");
    ck_assert_int_eq(c.state, MK_STATE_DUIDING);
    kit_refused(&c, MK_VERB_ADVISEER, "advice=INF;ground=Omdat.",
                MK_E_WORKFLOW, "duiding");
    kit_refused(&c, MK_VERB_HOUDER_VERDACHT, "substitute=MED", MK_E_WORKFLOW,
                "duiding");
    mk_case_release(&c);
}
END_TEST

START_TEST(a_suspected_houder_is_not_consulted)
{
    struct mk_case c = kit_after("melding duid_j houder_verdacht");
    kit_refused(&c, MK_VERB_OVERLEG, "contact=2026-02-04;direct=J;speaker=HOU",
                MK_E_WORKFLOW, "houder-verdacht");
    kit_do(&c, MK_VERB_OVERLEG, "contact=2026-02-04;direct=J;speaker=MED");
    mk_case_release(&c);
}
END_TEST

START_TEST(a_duplicate_keeps_the_duty_alive_elsewhere)
{
    struct mk_case c = kit_after("melding duid_j");
    struct mk_case other = kit_after("melding duid_n");
    struct kit_options o = {.kept = &other};
    const char *form = kit_move("dubbel")->required;
    ck_assert_int_eq(kit_try(&c, MK_VERB_DUBBEL, form, &o), MK_E_KEPT);
    o.kept = NULL;
    ck_assert_int_eq(kit_try(&c, MK_VERB_DUBBEL, form, &o), MK_E_KEPT);
    o.kept = kit_kept();
    ck_assert_int_eq(kit_try(&c, MK_VERB_DUBBEL, form, &o), MK_OK);
    mk_case_release(&c);
    c = kit_after("melding");
    o.kept = NULL;
    ck_assert_int_eq(kit_try(&c, MK_VERB_DUBBEL, form, &o), MK_E_KEPT);
    o.kept = &other;
    ck_assert_int_eq(kit_try(&c, MK_VERB_DUBBEL, form, &o), MK_OK);
    mk_case_release(&c);
    /* a double of a double would lead nowhere */
    kit_walk(&other, "dubbel");
    c = kit_after("melding");
    ck_assert_int_eq(kit_try(&c, MK_VERB_DUBBEL, form, &o), MK_E_KEPT);
    mk_case_release(&c);
    mk_case_release(&other);
}
END_TEST

START_TEST(names_of_verbs_and_keys_are_found_in_both_languages)
{
    for (enum mk_verb v = 1; v < MK_VERB_MAX; v++) {
        const struct mk_verb_info *info = mk_verb_get(v);
        if (!info)
            continue;
        ck_assert_ptr_eq(mk_verb_find(info->nl, strlen(info->nl)), info);
        ck_assert_ptr_eq(mk_verb_find(info->en, strlen(info->en)), info);
        for (size_t i = 0; info->required[i]; i++) {
            const char *key = mk_field_get(info->required[i])->key;
            ck_assert_int_eq(mk_verb_field(v, key, strlen(key)),
                             info->required[i]);
        }
    }
    ck_assert_ptr_null(mk_verb_find("sluiten", 7));
    ck_assert_int_eq(mk_verb_field(MK_VERB_INTREK, "reason", 6),
                     MK_F_REASON_WITHDRAW);
    ck_assert_int_eq(mk_verb_field(MK_VERB_HEROPEN, "reason", 6),
                     MK_F_REASON_REOPEN);
    ck_assert_int_eq(mk_verb_field(MK_VERB_SLUIT, "reason", 6), MK_F_NONE);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        advice_needs_a_ground_where_the_duty_is_unknown_or_fell_away,
        advice_is_no_way_out_of_a_duty,
        a_verdict_MOG_needs_a_next_check,
        a_verdict_NR_cannot_be_given,
        a_police_report_without_RED_says_by_whom,
        a_duty_not_met_names_the_duty_of_its_state,
        a_dossier_without_facts_cannot_be_advised_on,
        a_suspected_houder_is_not_consulted,
        a_duplicate_keeps_the_duty_alive_elsewhere,
        names_of_verbs_and_keys_are_found_in_both_languages,
    };
    return UNIT_RUN("workflow_steps", tests, NULL);
}
