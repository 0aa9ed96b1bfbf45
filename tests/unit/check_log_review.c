/* SPDX-License-Identifier: GPL-3.0-or-later */
/* store: both, long */
/* Purposes in the log, its summary, and reviews of it. */
#include <string.h>

#include "core/tx.h"
#include "tests/support/unit.h"
#include "tests/support/vault.h"

static struct vault_fixture f;
static const struct mk_access plain = {.purpose = 0};
static const struct mk_access stand_in = {.purpose = MK_PURPOSE_WRN};
static const struct mk_log_filter everything = {.from = MK_DAY_NONE,
                                                .until = MK_DAY_NONE};

static enum mk_err count_item(void *ctx, const struct mk_list_item *item)
{
    size_t *n = ctx;

    (void)item;
    ++*n;
    return MK_OK;
}

struct entries {
    struct mk_log_item item[64];
    size_t n;
};

static enum mk_err keep(void *ctx, const struct mk_log_item *item)
{
    struct entries *e = ctx;

    ck_assert_uint_lt(e->n, 64);
    e->item[e->n++] = *item;
    return MK_OK;
}

static void read_log(struct entries *e, const struct mk_log_filter *filter)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v = vault_as(&f, "auditor1");
    enum mk_err rc;

    e->n = 0;
    rc = mk_log_list(v, &plain, filter, keep, e, &diag);
    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    mk_vault_close(v);
}

/* A dossier of inspecteur1 in a new vault. */
static struct mk_dossier_ref set_up(void)
{
    struct mk_dossier_ref ref;
    struct mk_vault *v;

    vault_setup(&f);
    v = vault_as(&f, "inspecteur1");
    ref = vault_intake(v, "2020-03-01");
    mk_vault_close(v);
    return ref;
}

START_TEST(what_a_search_finds_of_a_colleague_wants_a_purpose)
{
    struct mk_log_filter searches = everything;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;
    struct entries e;
    size_t n = 0;

    set_up();
    v = vault_as(&f, "inspecteur2");
    ck_assert_int_eq(mk_search(v, &plain, "ongerust", count_item, &n, &diag),
                     MK_E_PURPOSE);
    ck_assert_uint_eq(n, 0);
    ck_assert_int_eq(mk_search(v, &plain, "olifant", count_item, &n, &diag),
                     MK_OK);
    ck_assert_int_eq(
        mk_search(v, &stand_in, "ongerust", count_item, &n, &diag), MK_OK);
    ck_assert_uint_eq(n, 1);
    mk_vault_close(v);
    v = vault_as(&f, "inspecteur1");
    ck_assert_int_eq(mk_search(v, &plain, "ongerust", count_item, &n, &diag),
                     MK_OK);
    mk_vault_close(v);
    searches.kind = MK_AUDIT_SEARCH;
    read_log(&e, &searches);
    ck_assert_uint_eq(e.n, 7);
    ck_assert_uint_eq(e.item[0].purpose, MK_CODE_NONE);
    ck_assert_int_eq(e.item[1].outcome, MK_OUTCOME_REFUSED);
    ck_assert_uint_eq(e.item[1].count, 1);
    ck_assert_uint_eq(e.item[1].mask, 0);
    ck_assert_uint_eq(e.item[4].purpose, MK_PURPOSE_WRN);
    ck_assert_int_eq(e.item[4].outcome, MK_OUTCOME_DONE);
    ck_assert(e.item[4].answers & MK_QUESTION_BIT(MK_QUESTION_OUTSIDE));
    ck_assert_uint_eq(e.item[6].purpose, MK_PURPOSE_BEH);
    ck_assert(!(e.item[6].answers & MK_QUESTION_BIT(MK_QUESTION_OUTSIDE)));
    vault_teardown(&f);
}
END_TEST

/* What inspecteur2 gets; the dossier there is is a colleague's. */
static enum mk_err list_as(const struct mk_access *access, bool clock,
                           bool everybody, size_t *n, uint64_t *others)
{
    const struct mk_list_filter filter = {.everybody = everybody};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v = vault_as(&f, "inspecteur2");
    enum mk_err rc;

    *n = 0;
    *others = 99;
    rc = clock ? mk_clock_list(v, access, everybody, count_item, n, others,
                               &diag)
               : mk_list(v, access, &filter, count_item, n, others, &diag);
    mk_vault_close(v);
    return rc;
}

START_TEST(a_work_list_over_colleagues_dossiers_wants_a_purpose)
{
    static const enum mk_audit kinds[] = {MK_AUDIT_LIST, MK_AUDIT_CLOCK};
    const unsigned outside = MK_QUESTION_BIT(MK_QUESTION_OUTSIDE);
    const struct mk_access treat = {.purpose = MK_PURPOSE_BEH};
    struct mk_log_filter some = everything;
    struct entries e;
    uint64_t others;
    size_t n;

    set_up();
    for (unsigned clock = 0; clock < 2; clock++) {
        ck_assert_int_eq(list_as(&plain, clock, false, &n, &others), MK_OK);
        ck_assert_uint_eq(n, 0);
        ck_assert_uint_eq(others, 1);
        ck_assert_int_eq(list_as(&plain, clock, true, &n, &others),
                         MK_E_PURPOSE);
        ck_assert_uint_eq(n, 0);
        ck_assert_int_eq(list_as(&stand_in, clock, true, &n, &others), MK_OK);
        ck_assert_uint_eq(n, 1);
        ck_assert_uint_eq(others, 0);
        ck_assert_int_eq(list_as(&treat, clock, true, &n, &others), MK_OK);
        some.kind = kinds[clock];
        read_log(&e, &some);
        ck_assert_uint_eq(e.n, 4);
        ck_assert_uint_eq(e.item[0].purpose, MK_PURPOSE_BEH);
        ck_assert_uint_eq(e.item[0].count, 0);
        ck_assert(!(e.item[0].answers & outside));
        ck_assert_uint_eq(e.item[1].purpose, MK_CODE_NONE);
        ck_assert_int_eq(e.item[1].outcome, MK_OUTCOME_REFUSED);
        ck_assert_uint_eq(e.item[1].mask, 0);
        ck_assert(!(e.item[1].answers & outside));
        ck_assert_uint_eq(e.item[2].purpose, MK_PURPOSE_WRN);
        ck_assert_uint_eq(e.item[2].count, 1);
        ck_assert(e.item[2].answers & outside);
        /* who says BEH of what is not his own is seen all the same */
        ck_assert_uint_eq(e.item[3].purpose, MK_PURPOSE_BEH);
        ck_assert(e.item[3].answers & outside);
    }
    vault_teardown(&f);
}
END_TEST

START_TEST(a_review_says_who_reviewed_what_and_the_conclusion)
{
    struct mk_log_filter reviews = everything;
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_access dry = {.dry_run = true};
    struct mk_vault *v;
    struct entries e;

    set_up();
    v = vault_as(&f, "auditor1");
    ck_assert_int_eq(mk_log_review(v, &plain, 1, 3, MK_REVIEW_VRAAG, &diag),
                     MK_OK);
    ck_assert_int_eq(mk_log_review(v, &dry, 1, 3, MK_REVIEW_ORDE, &diag),
                     MK_OK);
    mk_vault_close(v);
    reviews.kind = MK_AUDIT_LOG_REVIEW;
    read_log(&e, &reviews);
    ck_assert_uint_eq(e.n, 2);
    ck_assert_uint_eq(e.item[0].from, 1);
    ck_assert_uint_eq(e.item[0].to, 3);
    ck_assert_uint_eq(e.item[0].conclusion, MK_REVIEW_VRAAG);
    ck_assert_int_eq(e.item[0].outcome, MK_OUTCOME_DONE);
    ck_assert_int_eq(e.item[1].outcome, MK_OUTCOME_DRY_RUN);
    vault_teardown(&f);
}
END_TEST

START_TEST(a_review_of_what_is_not_there_is_refused)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v;

    set_up();
    v = vault_as(&f, "inspecteur1");
    ck_assert_int_eq(mk_log_review(v, &plain, 0, 1, MK_REVIEW_ORDE, &diag),
                     MK_E_NO_ROLE);
    mk_vault_close(v);
    v = vault_as(&f, "auditor1");
    ck_assert_int_eq(mk_log_review(v, &plain, 3, 2, MK_REVIEW_ORDE, &diag),
                     MK_E_RANGE);
    ck_assert_int_eq(mk_log_review(v, &plain, 0, 999, MK_REVIEW_ORDE, &diag),
                     MK_E_RANGE);
    ck_assert_int_eq(diag.num[1], 999);
    ck_assert_int_eq(
        mk_log_review(v, &plain, 0, UINT64_MAX, MK_REVIEW_ORDE, &diag),
        MK_E_RANGE);
    ck_assert_int_eq(mk_log_review(v, &plain, 0, 1, 0, &diag), MK_E_BAD_CODE);
    ck_assert_int_eq(mk_log_review(v, &plain, 0, 1, 61, &diag), MK_E_BAD_CODE);
    ck_assert_int_eq(mk_log_review(v, &plain, 0, 1, 62, &diag), MK_E_BAD_CODE);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

static void summarise(struct mk_log_summary *s,
                      const struct mk_log_filter *filter)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v = vault_as(&f, "auditor1");
    enum mk_err rc = mk_log_summarise(v, &plain, filter, s, &diag);

    ck_assert_msg(rc == MK_OK, "%s %s", mk_err_name(rc), diag.place);
    mk_vault_close(v);
}

static void review(uint64_t from, uint64_t to)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_vault *v = vault_as(&f, "auditor1");

    ck_assert_int_eq(mk_log_review(v, &plain, from, to, MK_REVIEW_ORDE, &diag),
                     MK_OK);
    mk_vault_close(v);
}

START_TEST(a_summary_counts_what_a_list_would_show)
{
    struct mk_log_summary s;
    struct entries e;
    uint64_t others;
    size_t n;
    uint64_t by_kind = 0;
    uint64_t by_person = 0;
    uint64_t by_day = 0;

    set_up();
    for (int i = 0; i < 20; i++) /* more than are kept as the latest */
        ck_assert_int_eq(list_as(&stand_in, false, true, &n, &others), MK_OK);
    read_log(&e, &everything);
    summarise(&s, &everything);
    ck_assert_uint_eq(s.n, e.n + 1); /* its own */
    ck_assert_uint_eq(s.first, e.item[0].seq);
    ck_assert_uint_eq(s.size, s.last + 1);
    ck_assert_uint_eq(s.kind[MK_AUDIT_LIST], 20);
    ck_assert_uint_eq(s.question[MK_QUESTION_OUTSIDE], 20);
    ck_assert_uint_eq(s.latest[MK_QUESTION_OUTSIDE].n, MK_LOG_LATEST);
    for (size_t i = 0; i < MK_LOG_LATEST; i++)
        ck_assert_uint_eq(s.latest[MK_QUESTION_OUTSIDE].item[i].seq,
                          e.item[e.n - 1 - MK_LOG_LATEST + i].seq);
    for (size_t i = 0; i < MK_AUDIT_MAX; i++)
        by_kind += s.kind[i];
    for (size_t i = 0; i < s.n_person; i++)
        by_person += s.person[i].n;
    for (size_t i = 0; i < s.n_day; i++)
        by_day += s.day[i].n;
    ck_assert_uint_eq(by_kind, s.n);
    ck_assert_uint_eq(by_person, s.n);
    ck_assert_uint_eq(by_day, s.n);
    ck_assert_uint_eq(s.n_person, 4);
    mk_log_summary_release(&s);
    vault_teardown(&f);
}
END_TEST

START_TEST(a_summary_names_the_ranges_that_nobody_reviewed)
{
    struct mk_log_filter some = everything;
    struct mk_log_summary s;
    struct entries e;

    set_up();
    summarise(&s, &everything);
    ck_assert_uint_eq(s.n_open, 1);
    ck_assert_uint_eq(s.open[0].from, s.first);
    ck_assert_uint_eq(s.open[0].to, s.last);
    mk_log_summary_release(&s);
    for (int i = 0; i < 10; i++)
        read_log(&e, &everything);
    review(8, 9);
    review(4, 6);
    review(5, 5); /* inside, adds nothing */
    summarise(&s, &everything);
    ck_assert_uint_eq(s.n_review, 3);
    ck_assert_uint_eq(s.n_open, 3);
    ck_assert_uint_eq(s.open[0].to, 3);
    ck_assert_uint_eq(s.open[1].from, 7);
    ck_assert_uint_eq(s.open[1].to, 7);
    ck_assert_uint_eq(s.open[2].from, 10);
    ck_assert_uint_eq(s.open[2].to, s.last);
    ck_assert_uint_eq(s.review[0].item.from, 4);
    ck_assert_uint_gt(s.review[0].own, 0); /* he read the log meanwhile */
    mk_log_summary_release(&s);
    some.first = 4;
    some.end = 7;
    summarise(&s, &some);
    ck_assert_uint_eq(s.n_review, 2);
    ck_assert_uint_eq(s.n_open, 0);
    mk_log_summary_release(&s);
    vault_teardown(&f);
}
END_TEST

/* A program of his own lets an inspector write it. */
START_TEST(who_is_no_auditor_reviewed_nothing)
{
    struct mk_log_item item = {.role = MK_ROLE_AUDITOR,
                               .kind = MK_AUDIT_LOG_REVIEW,
                               .outcome = MK_OUTCOME_DONE,
                               .to = 3,
                               .conclusion = MK_REVIEW_ORDE};
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_log_summary s;
    struct mk_vault *v;

    set_up();
    v = vault_as(&f, "inspecteur1");
    ck_assert_int_eq(mk_log_now(v, &item, &diag), MK_OK);
    mk_vault_close(v);
    summarise(&s, &everything);
    ck_assert_uint_eq(s.n_review, 0);
    ck_assert_uint_eq(s.n_open, 1);
    ck_assert_uint_eq(s.open[0].from, s.first);
    mk_log_summary_release(&s);
    vault_teardown(&f);
}
END_TEST

START_TEST(filters_join)
{
    struct mk_log_filter some = everything;
    struct mk_dossier_ref ref = set_up();
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_view view;
    struct mk_vault *v = vault_as(&f, "inspecteur2");
    struct entries e;

    mk_view_init(&view);
    ck_assert_int_eq(
        mk_dossier_open(v, &stand_in, MK_AUDIT_SHOW, &ref, &view, &diag),
        MK_OK);
    mk_view_release(&view);
    mk_vault_close(v);
    some.ref = &ref;
    read_log(&e, &some);
    ck_assert_uint_eq(e.n, 2);
    some.questions = MK_QUESTION_BIT(MK_QUESTION_OUTSIDE);
    read_log(&e, &some);
    ck_assert_uint_eq(e.n, 1);
    ck_assert_int_eq(e.item[0].kind, MK_AUDIT_SHOW);
    some.kind = MK_AUDIT_INTAKE;
    read_log(&e, &some);
    ck_assert_uint_eq(e.n, 0);
    some.kind = MK_AUDIT_NONE;
    some.first = e.item[0].seq;
    some.end = e.item[0].seq;
    read_log(&e, &some);
    ck_assert_uint_eq(e.n, 0);
    some.end++;
    read_log(&e, &some);
    ck_assert_uint_eq(e.n, 1);
    v = vault_as(&f, "auditor1");
    some.threshold = MK_LOG_THRESHOLD_MAX + 1;
    ck_assert_int_eq(mk_log_list(v, &plain, &some, keep, &e, &diag),
                     MK_E_USAGE);
    mk_vault_close(v);
    vault_teardown(&f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        what_a_search_finds_of_a_colleague_wants_a_purpose,
        a_work_list_over_colleagues_dossiers_wants_a_purpose,
        a_review_says_who_reviewed_what_and_the_conclusion,
        a_review_of_what_is_not_there_is_refused,
        a_summary_counts_what_a_list_would_show,
        a_summary_names_the_ranges_that_nobody_reviewed,
        who_is_no_auditor_reviewed_nothing,
        filters_join,
    };
    return UNIT_RUN("log_review", tests, NULL);
}
