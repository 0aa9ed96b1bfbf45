/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which questions of a reviewer an entry answers. */
#include "core/log_watch.h"

#include <string.h>

#include "core/ids.h"
#include "tests/support/unit.h"

#define HOUR INT64_C(3600000)
#define BIT(NAME) MK_QUESTION_BIT(MK_QUESTION_##NAME)

static struct mk_log_watch *w;
static uint64_t seq;

/* Tuesday 3 March 2026, 12:00 in Amsterdam. */
static int64_t noon(void)
{
    return (int64_t)mk_date_day(2026, 3, 3) * 86400000 + 11 * HOUR;
}

static void begin(uint64_t threshold)
{
    seq = 0;
    ck_assert_int_eq(mk_log_watch_new(&w, threshold), MK_OK);
}

static unsigned see(struct mk_log_item item)
{
    item.seq = seq++;
    item.answers = ~0u;
    ck_assert_int_eq(mk_log_watch_see(w, &item), MK_OK);
    return item.answers;
}

static struct mk_log_item deed(enum mk_audit kind, uint8_t who,
                               uint8_t dossier)
{
    return (struct mk_log_item){.time_ms = noon(),
                                .actor = {who},
                                .role = MK_ROLE_INSPECTOR,
                                .kind = kind,
                                .outcome = MK_OUTCOME_ASKED,
                                .purpose = MK_PURPOSE_BEH,
                                .object = {dossier}};
}

static struct mk_log_item done(enum mk_verb verb, uint8_t who, uint8_t dossier)
{
    struct mk_log_item item = deed(MK_AUDIT_CHANGE, who, dossier);

    item.verb = verb;
    item.outcome = MK_OUTCOME_DONE;
    return item;
}

static struct mk_log_item intake(uint8_t who, uint8_t dossier)
{
    struct mk_log_item item = done(MK_VERB_MELDING, who, dossier);

    item.kind = MK_AUDIT_INTAKE;
    return item;
}

START_TEST(who_took_it_in_has_it_in_his_caseload)
{
    struct mk_log_item item;

    begin(0);
    ck_assert_uint_eq(see(intake(1, 7)), 0);
    ck_assert_uint_eq(see(deed(MK_AUDIT_SHOW, 1, 7)), 0);
    item = deed(MK_AUDIT_SHOW, 1, 7);
    item.purpose = MK_PURPOSE_CTL; /* his own, whatever he says */
    ck_assert_uint_eq(see(item), 0);
    mk_log_watch_free(w);
}
END_TEST

START_TEST(another_is_outside_it_even_if_he_says_treatment)
{
    begin(0);
    see(intake(1, 7));
    ck_assert_uint_eq(see(deed(MK_AUDIT_SHOW, 2, 7)), BIT(OUTSIDE));
    ck_assert_uint_eq(see(deed(MK_AUDIT_SEARCH, 2, 7)), BIT(OUTSIDE));
    ck_assert_uint_eq(see(done(MK_VERB_NOTITIE, 2, 7)), BIT(OUTSIDE));
    ck_assert_uint_eq(see(deed(MK_AUDIT_COPY, 2, 7)),
                      BIT(OUTSIDE) | BIT(RELEASES));
    mk_log_watch_free(w);
}
END_TEST

/* A list, a search, a clock show as much with --proef as without. */
START_TEST(a_dry_run_that_read_is_no_way_around)
{
    struct mk_log_item item = deed(MK_AUDIT_SEARCH, 2, 7);

    begin(0);
    see(intake(1, 7));
    item.outcome = MK_OUTCOME_DRY_RUN;
    ck_assert_uint_eq(see(item), BIT(OUTSIDE));
    item.object[0] = 0;
    item.kind = MK_AUDIT_LIST;
    item.count = 1;
    ck_assert_uint_eq(see(item), BIT(OUTSIDE));
    item = intake(3, 8); /* nothing was taken in */
    item.outcome = MK_OUTCOME_DRY_RUN;
    see(item);
    see(intake(2, 8));
    ck_assert_uint_eq(see(deed(MK_AUDIT_SHOW, 2, 8)), 0);
    mk_log_watch_free(w);
}
END_TEST

START_TEST(a_second_intake_takes_nothing_over)
{
    begin(0);
    see(intake(1, 7));
    see(intake(2, 7));
    ck_assert_uint_eq(see(deed(MK_AUDIT_SHOW, 2, 7)), BIT(OUTSIDE));
    mk_log_watch_free(w);
}
END_TEST

START_TEST(without_an_intake_the_purpose_decides)
{
    struct mk_log_item item = deed(MK_AUDIT_SHOW, 2, 7);

    begin(0);
    ck_assert_uint_eq(see(item), 0);
    item.purpose = MK_PURPOSE_WRN;
    ck_assert_uint_eq(see(item), BIT(OUTSIDE));
    mk_log_watch_free(w);
}
END_TEST

START_TEST(a_list_is_outside_it_when_it_is_of_everybody)
{
    static const enum mk_audit kinds[] = {MK_AUDIT_LIST, MK_AUDIT_CLOCK};

    begin(0);
    for (size_t i = 0; i < 2; i++) {
        struct mk_log_item item = deed(kinds[i], 2, 0);

        ck_assert_uint_eq(see(item), 0);
        item.purpose = MK_PURPOSE_VRZ; /* of his own, for that reason */
        ck_assert_uint_eq(see(item), 0);
        item.purpose = MK_PURPOSE_BEH;
        item.count = 40;
        ck_assert_uint_eq(see(item), BIT(OUTSIDE));
    }
    mk_log_watch_free(w);
}
END_TEST

START_TEST(a_search_that_found_nothing_is_not_outside_it)
{
    struct mk_log_item item = deed(MK_AUDIT_SEARCH, 2, 0);

    begin(0);
    item.purpose = MK_PURPOSE_WRN;
    item.count = 40; /* so many were looked through */
    ck_assert_uint_eq(see(item), 0);
    see(intake(1, 7));
    item = deed(MK_AUDIT_SEARCH, 2, 7); /* what it found has its own entry */
    item.purpose = MK_PURPOSE_WRN;
    ck_assert_uint_eq(see(item), BIT(OUTSIDE));
    mk_log_watch_free(w);
}
END_TEST

START_TEST(a_closed_dossier_is_watched_until_it_is_reopened)
{
    static const enum mk_verb ends[] = {MK_VERB_SLUIT, MK_VERB_INTREK,
                                        MK_VERB_DUBBEL, MK_VERB_NIET_BEVOEGD};
    struct mk_log_item asked;

    begin(0);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        see(intake(1, 7));
        ck_assert_uint_eq(see(deed(MK_AUDIT_SHOW, 1, 7)), 0);
        asked = done(ends[i], 1, 7);
        asked.outcome = MK_OUTCOME_ASKED; /* and it was not done */
        ck_assert_uint_eq(see(asked), 0);
        ck_assert_uint_eq(see(deed(MK_AUDIT_SHOW, 1, 7)), 0);
        ck_assert_uint_eq(see(done(ends[i], 1, 7)), 0);
        ck_assert_uint_eq(see(deed(MK_AUDIT_SHOW, 1, 7)), BIT(REOPENED));
        ck_assert_uint_eq(see(done(MK_VERB_HEROPEN, 1, 7)), BIT(REOPENED));
        ck_assert_uint_eq(see(deed(MK_AUDIT_SHOW, 1, 7)), 0);
    }
    mk_log_watch_free(w);
}
END_TEST

START_TEST(office_hours_are_dutch_also_in_summer)
{
    static const struct {
        int month, day, utc_minutes;
        bool night;
    } moments[] = {
        {3, 3, 5 * 60 + 59, true},   /* 06:59 */
        {3, 3, 6 * 60, false},       /* 07:00 */
        {3, 3, 17 * 60 + 59, false}, /* 18:59 */
        {3, 3, 18 * 60, true},       /* 19:00 */
        {7, 7, 4 * 60 + 59, true},   /* summer: 06:59 */
        {7, 7, 5 * 60, false},       /* 07:00 */
        {7, 7, 17 * 60, true},       /* 19:00 */
        {3, 6, 12 * 60, false},      /* Friday */
        {3, 7, 12 * 60, true},       /* Saturday */
        {3, 8, 12 * 60, true},       /* Sunday */
        {3, 9, 12 * 60, false},      /* Monday */
    };

    begin(0);
    for (size_t i = 0; i < sizeof moments / sizeof moments[0]; i++) {
        struct mk_log_item item = deed(MK_AUDIT_LIST, 1, 0);

        item.time_ms =
            (int64_t)mk_date_day(2026, moments[i].month, moments[i].day) *
                86400000 +
            moments[i].utc_minutes * INT64_C(60000);
        ck_assert_msg(see(item) == (moments[i].night ? BIT(NIGHT) : 0),
                      "moment %zu", i);
    }
    mk_log_watch_free(w);
}
END_TEST

START_TEST(bulk_is_more_distinct_dossiers_in_an_hour_than_the_threshold)
{
    begin(3);
    for (uint8_t d = 1; d <= 9; d++)
        see(intake(1, d));
    for (uint8_t d = 1; d <= 3; d++)
        ck_assert_uint_eq(see(deed(MK_AUDIT_SHOW, 1, d)), 0);
    for (int again = 0; again < 5; again++) /* the same ones are not more */
        ck_assert_uint_eq(see(deed(MK_AUDIT_TIMELINE, 1, 2)), 0);
    ck_assert_uint_eq(see(deed(MK_AUDIT_SHOW, 2, 4)), BIT(OUTSIDE));
    ck_assert_uint_eq(see(deed(MK_AUDIT_SEARCH, 1, 5)), 0);
    ck_assert_uint_eq(see(deed(MK_AUDIT_SHOW, 1, 4)), BIT(BULK));
    ck_assert_uint_eq(see(deed(MK_AUDIT_SHOW, 1, 4)), BIT(BULK));
    mk_log_watch_free(w);
}
END_TEST

START_TEST(bulk_ends_when_the_hour_is_over)
{
    struct mk_log_item item;

    begin(3);
    for (uint8_t d = 1; d <= 9; d++)
        see(intake(1, d));
    for (uint8_t d = 1; d <= 9; d++) { /* four in sixty minutes and a bit */
        item = deed(MK_AUDIT_SHOW, 1, d);
        item.time_ms += d * (HOUR / 3 + 1);
        ck_assert_uint_eq(see(item) & BIT(BULK), 0);
    }
    mk_log_watch_free(w);
    begin(3);
    for (uint8_t d = 1; d <= 9; d++) {
        item = deed(MK_AUDIT_SHOW, 1, d);
        item.time_ms += d * (HOUR / 3); /* exactly an hour */
        ck_assert_uint_eq(see(item) & BIT(BULK), d > 3 ? BIT(BULK) : 0);
    }
    mk_log_watch_free(w);
}
END_TEST

START_TEST(a_clock_set_back_hides_no_bulk)
{
    struct mk_log_item item;

    begin(3);
    for (uint8_t d = 1; d <= 4; d++) {
        item = deed(MK_AUDIT_SHOW, 1, d);
        item.time_ms -= d * 30 * HOUR;
        ck_assert_uint_eq(see(item) & BIT(BULK), d == 4 ? BIT(BULK) : 0);
    }
    item = deed(MK_AUDIT_SHOW, 1, 5);
    item.time_ms = INT64_MIN;
    see(item);
    item.time_ms = INT64_MAX; /* no overflow */
    see(item);
    mk_log_watch_free(w);
}
END_TEST

START_TEST(probing_is_many_searches_and_misses)
{
    struct mk_log_item miss = deed(MK_AUDIT_SHOW, 1, 9);
    struct mk_log_item refused = deed(MK_AUDIT_SHOW, 1, 8);

    begin(3);
    miss.outcome = MK_OUTCOME_NOT_FOUND;
    refused.outcome = MK_OUTCOME_REFUSED;
    ck_assert_uint_eq(see(deed(MK_AUDIT_SEARCH, 1, 0)), 0);
    for (uint8_t d = 1; d < 9; d++) /* what was found is no further search */
        ck_assert_uint_eq(see(deed(MK_AUDIT_SEARCH, 1, d)), 0);
    ck_assert_uint_eq(see(miss), 0);
    ck_assert_uint_eq(see(refused), BIT(FAILED));
    ck_assert_uint_eq(see(deed(MK_AUDIT_SEARCH, 2, 0)), 0);
    ck_assert_uint_eq(see(miss), BIT(PROBING));
    mk_log_watch_free(w);
}
END_TEST

START_TEST(emergency_and_failure_are_said_by_the_entry)
{
    struct mk_log_item item = deed(MK_AUDIT_SHOW, 1, 7);

    begin(0);
    see(intake(1, 7));
    item.purpose = MK_PURPOSE_NOOD;
    ck_assert_uint_eq(see(item), BIT(EMERGENCY));
    item = (struct mk_log_item){.time_ms = noon(),
                                .kind = MK_AUDIT_UNLOCK_FAILED,
                                .outcome = MK_OUTCOME_REFUSED};
    ck_assert_uint_eq(see(item), BIT(FAILED));
    mk_log_watch_free(w);
}
END_TEST

/* Whoever adds a kind of entry has to say which question it answers, or here
 * that it answers none by itself. */
START_TEST(every_kind_of_entry_belongs_to_a_question_or_to_none)
{
    static const enum mk_audit none[] = {
        MK_AUDIT_INTAKE,       MK_AUDIT_SHOW,          MK_AUDIT_TIMELINE,
        MK_AUDIT_LIST,         MK_AUDIT_SEARCH,        MK_AUDIT_CLOCK,
        MK_AUDIT_RELATED,      MK_AUDIT_CHANGE,        MK_AUDIT_IMPORT,
        MK_AUDIT_LOG_LIST,     MK_AUDIT_LOG_VERIFY,    MK_AUDIT_RELEASE_LIST,
        MK_AUDIT_RELEASE_SHOW, MK_AUDIT_RELEASE_CHECK, MK_AUDIT_LOG_REVIEW,
    };
    const unsigned by_kind = BIT(FAILED) | BIT(ADMINISTRATION) |
                             BIT(RELEASES) | BIT(EMERGENCY);

    begin(0);
    for (unsigned k = 1; k < MK_AUDIT_MAX; k++) {
        bool exempt = false;

        if (mk_audit_find(mk_audit_slug((enum mk_audit)k)) == MK_AUDIT_NONE)
            continue;
        for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
            exempt = exempt || none[i] == k;
        ck_assert_msg(exempt ==
                          ((see(deed((enum mk_audit)k, 1, 0)) & by_kind) == 0),
                      "%s", mk_audit_slug((enum mk_audit)k));
    }
    mk_log_watch_free(w);
}
END_TEST

START_TEST(questions_are_found_by_both_names)
{
    for (unsigned q = 0; q < MK_QUESTION_COUNT; q++)
        for (int en = 0; en < 2; en++)
            ck_assert_uint_eq(mk_question_find(mk_question_slug(
                                  (enum mk_log_question)q, en)),
                              q);
    ck_assert_uint_eq(mk_question_find("zomaar"), MK_QUESTION_COUNT);
    ck_assert_uint_eq(mk_question_find(""), MK_QUESTION_COUNT);
}
END_TEST

START_TEST(ids_keep_their_numbers_while_the_set_grows)
{
    struct mk_ids ids = {.n = 0};
    uint8_t id[16] = {0};
    uint32_t at;
    bool fresh;

    for (int round = 0; round < 2; round++)
        for (uint32_t i = 0; i < 5000; i++) {
            id[3] = (uint8_t)i; /* alike in all but two bytes */
            id[12] = (uint8_t)(i >> 8);
            ck_assert_int_eq(mk_ids_take(&ids, id, &at, &fresh), MK_OK);
            ck_assert_uint_eq(at, i);
            ck_assert(fresh == (round == 0));
        }
    ck_assert_uint_eq(ids.n, 5000);
    mk_ids_release(&ids);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        who_took_it_in_has_it_in_his_caseload,
        another_is_outside_it_even_if_he_says_treatment,
        a_dry_run_that_read_is_no_way_around,
        a_second_intake_takes_nothing_over,
        without_an_intake_the_purpose_decides,
        a_list_is_outside_it_when_it_is_of_everybody,
        a_search_that_found_nothing_is_not_outside_it,
        a_closed_dossier_is_watched_until_it_is_reopened,
        office_hours_are_dutch_also_in_summer,
        bulk_is_more_distinct_dossiers_in_an_hour_than_the_threshold,
        bulk_ends_when_the_hour_is_over,
        a_clock_set_back_hides_no_bulk,
        probing_is_many_searches_and_misses,
        emergency_and_failure_are_said_by_the_entry,
        every_kind_of_entry_belongs_to_a_question_or_to_none,
        questions_are_found_by_both_names,
        ids_keep_their_numbers_while_the_set_grows,
    };
    return UNIT_RUN("log_watch", tests, NULL);
}
