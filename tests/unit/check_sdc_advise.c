/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/advise.h"
#include "reports/sdc/data_read.h"
#include "reports/sdc/protect.h"
#include "reports/sdc/spec_read.h"
#include "tests/support/sdc_kit.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

static struct mk_sdc_spec spec;
static struct mk_sdc_data data;
static struct mk_sdc_advice advice;
static struct mk_diag diag;

static void start_case(const char *name)
{
    size_t n;
    diag = (struct mk_diag)MK_DIAG_INIT;
    mk_sdc_spec_init(&spec);
    char *text = sdc_kit_read(name, "spec.json", &n);
    ck_assert_int_eq(mk_sdc_spec_parse(&spec, text, n, &diag), MK_OK);
    free(text);
    text = sdc_kit_read(name, "micro.csv", &n);
    mk_sdc_data_init(&data, &spec);
    ck_assert_int_eq(mk_sdc_data_parse(&data, &spec, text, n, &diag), MK_OK);
    free(text);
}

static void finish(void)
{
    mk_sdc_advice_release(&advice);
    mk_sdc_data_release(&data);
    mk_sdc_spec_release(&spec);
}

static void same_tally(const struct mk_sdc_tally *a,
                       const struct mk_sdc_tally *b)
{
    ck_assert(a->published == b->published && a->hidden == b->hidden &&
              a->hidden_values == b->hidden_values && a->safe == b->safe &&
              a->optimal == b->optimal);
}

/* What the solver says, as the gate takes it; counts of trials are the
 * solver's. */
static enum mk_err taken(const struct mk_sdc_advice *said,
                         const struct mk_sdc_asked *asked)
{
    struct mk_buf answer = MK_BUF_INIT;
    ck_assert_int_eq(mk_sdc_advice_put(&answer, said), MK_OK);
    struct mk_sdc_pipe pipe = {answer.data, answer.len, false};
    mk_sdc_advice_release(&advice);
    mk_sdc_advice_init(&advice, &spec);
    enum mk_err rc = mk_sdc_advice_accept(&advice, &pipe, asked, &diag);
    ck_assert(rc != MK_OK || (pipe.left == 0 && !pipe.bad));
    mk_buf_release(&answer);
    return rc;
}

static void advise(const struct mk_sdc_release *const *earlier, size_t n)
{
    const struct mk_sdc_asked asked = {&spec, &data, earlier, n};
    struct mk_sdc_advice said;
    mk_sdc_advice_init(&said, &spec);
    enum mk_err rc = mk_sdc_advise(&said, &asked, MK_SDC_ADVISE_WORK, &diag);
    ck_assert_msg(rc == MK_OK, "%s at %s", mk_err_name(rc), diag.place);
    ck_assert_int_eq(taken(&said, &asked), MK_OK);
    same_tally(&said.before, &advice.before);
    ck_assert_uint_eq(said.n, advice.n);
    for (size_t k = 0; k < said.n; k++)
        same_tally(&said.item[k].after, &advice.item[k].after);
    advice.n_tried = said.n_tried;
    advice.n_passed = said.n_passed;
    mk_sdc_advice_release(&said);
}

/* Protects what is in those two and compares. */
static void agrees(const struct mk_sdc_spec *s, const struct mk_sdc_data *of,
                   const struct mk_sdc_tally *tally)
{
    struct mk_sdc_model m;
    struct mk_sdc_result r;
    size_t published = 0, hidden = 0;
    uint64_t values = 0;
    mk_sdc_model_init(&m);
    mk_sdc_result_init(&r);
    ck_assert_int_eq(mk_sdc_model_build(&m, s, of, NULL, NULL, 0, &diag),
                     MK_OK);
    ck_assert_int_eq(mk_sdc_protect(&r, &m, MK_SDC_ADVISE_WORK, &diag), MK_OK);
    ck_assert(r.safe && r.n_faults == 0);
    for (size_t i = 0; i < m.n_cells; i++) {
        published += !m.cell[i].hidden && !m.cell[i].empty;
        hidden += m.cell[i].hidden;
        values += m.cell[i].hidden ? m.cell[i].value : 0;
    }
    ck_assert_uint_eq(tally->published, published);
    ck_assert_uint_eq(tally->hidden, hidden);
    ck_assert_uint_eq(tally->hidden_values, values);
    mk_sdc_result_release(&r);
    mk_sdc_model_release(&m);
}

/* The name of a leaf once the two are one. */
static void new_name(char name[static 64], size_t d, uint32_t leaf,
                     const struct mk_sdc_merge *merge)
{
    const struct mk_sdc_dim *dim = &spec.dim[d];
    if (d == merge->dim && (leaf == merge->first || leaf == merge->second))
        snprintf(name, 64, "%s+%s", dim->node[merge->first].name,
                 dim->node[merge->second].name);
    else
        snprintf(name, 64, "%s", dim->node[leaf].name);
}

/* A spec of one table of two dimensions, written by hand with the merged
 * level, and its records by name. */
static void agrees_by_hand(const struct mk_sdc_advice_item *item)
{
    struct mk_sdc_spec hand;
    struct mk_sdc_data records;
    char name[64], text[1024];
    mk_sdc_spec_init(&hand);
    hand.insider = spec.insider;
    for (size_t d = 0; d < spec.n_dims; d++) {
        size_t n = 0;
        for (uint32_t l = 0; l < spec.dim[d].n_leaves; l++) {
            if (d == item->merge.dim && l == item->merge.second)
                continue;
            new_name(name, d, l, &item->merge);
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%s",
                                  n ? " " : "", name);
        }
        sdc_kit_dim(&hand, spec.dim[d].name, text, NULL);
    }
    snprintf(text, sizeof text, "%s %s", spec.dim[0].name, spec.dim[1].name);
    sdc_kit_table(&hand, text);
    mk_sdc_data_init(&records, &hand);
    for (size_t r = 0; r < data.rows; r++) {
        new_name(name, 0, data.leaf[2 * r], &item->merge);
        size_t n = (size_t)snprintf(text, sizeof text, "%s ", name);
        new_name(name, 1, data.leaf[2 * r + 1], &item->merge);
        snprintf(text + n, sizeof text - n, "%s", name);
        sdc_kit_records(&records, &hand, text, data.n[r]);
    }
    agrees(&hand, &records, &item->after);
    mk_sdc_data_release(&records);
    mk_sdc_spec_release(&hand);
}

START_TEST(a_merge_hides_fewer_and_its_numbers_are_those_of_protect)
{
    static const char *const names[] = {"D02", "D15"};
    for (size_t i = 0; i < 2; i++) {
        start_case(names[i]);
        advise(NULL, 0);
        ck_assert(advice.before.safe);
        agrees(&spec, &data, &advice.before);
        /* 10 pairs of categories and 6 of kinds; the only table stays */
        ck_assert_uint_eq(advice.n_tried, 16);
        ck_assert_uint_gt(advice.n, 0);
        ck_assert_uint_lt(advice.item[0].after.hidden, advice.before.hidden);
        for (size_t k = 0; k < advice.n; k++)
            agrees_by_hand(&advice.item[k]);
        finish();
    }
}
END_TEST

START_TEST(the_best_come_first_and_at_most_twenty)
{
    start_case("D13");
    advise(NULL, 0);
    ck_assert_uint_eq(advice.n, MK_SDC_ADVICE);
    ck_assert_uint_gt(advice.n_tried, MK_SDC_ADVICE);
    for (size_t k = 1; k < advice.n; k++) {
        const struct mk_sdc_tally *a = &advice.item[k - 1].after;
        const struct mk_sdc_tally *b = &advice.item[k].after;
        ck_assert(a->safe && b->safe);
        ck_assert(a->hidden < b->hidden ||
                  (a->hidden == b->hidden && a->published >= b->published));
    }
    finish();
}
END_TEST

/* Two tables of a small spec; earlier: what is already out. */
static void start_small(void)
{
    diag = (struct mk_diag)MK_DIAG_INIT;
    mk_sdc_spec_init(&spec);
    sdc_kit_dim(&spec, "year", "2019 2020", NULL);
    sdc_kit_dim(&spec, "cat", "a b c", NULL);
    sdc_kit_table(&spec, "year");
    sdc_kit_table(&spec, "cat");
    spec.insider = false;
    mk_sdc_data_init(&data, &spec);
    sdc_kit_records(&data, &spec, "2019 a", 2);
    sdc_kit_records(&data, &spec, "2019 b", 3);
    sdc_kit_records(&data, &spec, "2020 b", 9);
    sdc_kit_records(&data, &spec, "2020 c", 12);
}

START_TEST(each_table_is_left_out_once)
{
    size_t dropped[2] = {0, 0};
    start_small();
    advise(NULL, 0);
    ck_assert_uint_eq(advice.n_tried, 1 + 3 + 2);
    for (size_t k = 0; k < advice.n; k++)
        if (advice.item[k].merge.dim == MK_SDC_MERGE_NONE)
            dropped[advice.item[k].merge.drop_table]++;
    ck_assert_uint_eq(dropped[0], 1);
    ck_assert_uint_eq(dropped[1], 1);
    finish();
}
END_TEST

START_TEST(levels_that_were_printed_apart_are_not_merged)
{
    struct mk_sdc_release before;
    const struct mk_sdc_release *earlier[] = {&before};
    start_small();
    mk_sdc_release_init(&before);
    sdc_kit_dim(&before.spec, "cat", "c", NULL);
    sdc_kit_table(&before.spec, "cat");
    before.spec.nomargin[0] = true;
    mk_sdc_printed_init(&before.printed, &before.spec);
    sdc_kit_printed(&before.printed, &before.spec, "c", 12);
    advise(earlier, 1);
    /* years, a with b, and two tables; not a with c, nor b with c */
    ck_assert_uint_eq(advice.n_tried, 1 + 1 + 2);
    ck_assert_uint_ge(advice.n_passed, 2);
    for (size_t k = 0; k < advice.n; k++)
        ck_assert(advice.item[k].merge.dim != 1 ||
                  advice.item[k].merge.second == 1);
    mk_sdc_release_release(&before);
    finish();
}
END_TEST

START_TEST(cells_where_nobody_can_be_are_not_counted)
{
    start_case("D03");
    ck_assert_uint_gt(spec.zeros.n, 0);
    advise(NULL, 0);
    agrees(&spec, &data, &advice.before);
    finish();
}
END_TEST

/* The sum of two small cells is out already: they cannot be hidden well. */
START_TEST(what_cannot_be_made_safe_is_said_and_not_advised)
{
    struct mk_sdc_release before;
    const struct mk_sdc_release *earlier[] = {&before};
    diag = (struct mk_diag)MK_DIAG_INIT;
    mk_sdc_spec_init(&spec);
    sdc_kit_dim(&spec, "year", "2019", NULL);
    sdc_kit_dim(&spec, "cat", "a b c", NULL);
    sdc_kit_table(&spec, "year cat");
    sdc_kit_table(&spec, "year");
    spec.insider = false;
    mk_sdc_data_init(&data, &spec);
    sdc_kit_records(&data, &spec, "2019 a", 1);
    sdc_kit_records(&data, &spec, "2019 b", 1);
    sdc_kit_records(&data, &spec, "2019 c", 1);
    mk_sdc_release_init(&before);
    before.spec.threshold = 3;
    sdc_kit_dim(&before.spec, "year", "2019", NULL);
    sdc_kit_table(&before.spec, "year");
    mk_sdc_printed_init(&before.printed, &before.spec);
    sdc_kit_printed(&before.printed, &before.spec, "2019", 3);
    advise(earlier, 1);
    ck_assert(!advice.before.safe);
    /* three merges leave a cell below 3, and the table of years is a margin
     * of the other one: only without that one all is well */
    ck_assert_uint_eq(advice.n_passed, 4);
    ck_assert_uint_eq(advice.n, 1);
    ck_assert_uint_eq(advice.item[0].merge.drop_table, 0);
    mk_sdc_release_release(&before);
    finish();
}
END_TEST

static char *written(bool csv, bool english)
{
    struct mk_buf out;
    mk_buf_init(&out);
    ck_assert_int_eq(csv ? mk_sdc_advise_csv(&out, &advice, &diag)
                         : mk_sdc_advise_text(&out, &advice, english, &diag),
                     MK_OK);
    ck_assert_int_eq(mk_buf_terminate(&out), MK_OK);
    char *text = strdup((const char *)out.data);
    mk_buf_release(&out);
    return text;
}

START_TEST(the_same_input_gives_the_same_advice)
{
    start_small();
    advise(NULL, 0);
    char *first = written(true, false);
    mk_sdc_advice_release(&advice);
    advise(NULL, 0);
    char *again = written(true, false);
    ck_assert_str_eq(first, again);
    free(first);
    free(again);
    finish();
}
END_TEST

START_TEST(advice_reads_as_text_and_as_csv)
{
    mk_sdc_spec_init(&spec);
    sdc_kit_dim(&spec, "soort", "a b", NULL);
    sdc_kit_dim(&spec, "x,y", "p q", NULL);
    sdc_kit_table(&spec, "soort x,y");
    advice = (struct mk_sdc_advice){.spec = &spec, .n = 2};
    advice.before = (struct mk_sdc_tally){20, 10, 31, true, false};
    advice.item[0].merge = (struct mk_sdc_merge){1, 0, 1, MK_SDC_MERGE_NONE};
    advice.item[0].after = (struct mk_sdc_tally){18, 2, 7, true, true};
    advice.item[1].merge = (struct mk_sdc_merge){.dim = MK_SDC_MERGE_NONE};
    advice.item[1].after = (struct mk_sdc_tally){5, 3, 8, true, true};
    char *nl = written(false, false), *en = written(false, true);
    char *csv = written(true, false);
    ck_assert_str_eq(
        nl,
        "Zoals het is: 20 cellen gepubliceerd (66%), 10 verborgen, samen goed "
        "voor 31\n"
        "Met minder detail, het beste eerst:\n"
        " 1. in x,y: p met q: 18 cellen gepubliceerd (90%), 2 verborgen, "
        "samen goed voor 7\n"
        " 2. zonder tabel 1 (soort*x,y): 5 cellen gepubliceerd (62%), 3 "
        "verborgen, samen goed voor 8\n");
    ck_assert_str_eq(
        en, "As it is: 20 cells published (66%), 10 hidden, which hold 31\n"
            "With less detail, the best first:\n"
            " 1. merge in x,y: p and q: 18 cells published (90%), 2 hidden, "
            "which hold 7\n"
            " 2. without table 1 (soort*x,y): 5 cells published (62%), 3 "
            "hidden, which hold 8\n");
    ck_assert_str_eq(csv,
                     "rank,kind,dimension,levels,published_before,"
                     "published_after,hidden_before,hidden_after,"
                     "values_before,values_after,share_before,share_after,"
                     "optimal\n"
                     "0,now,,,20,20,10,10,31,31,66.6,66.6,no\n"
                     "1,merge,\"x,y\",p+q,20,18,10,2,31,7,66.6,90.0,yes\n"
                     "2,table,\"soort*x,y\",1,20,5,10,3,31,8,66.6,62.5,yes\n");
    free(nl);
    free(en);
    free(csv);
    mk_sdc_spec_release(&spec);
}
END_TEST

/* ---- the gate does not believe it ---- */

/* Of a pattern that is hidden a little too little: cell i is shown. */
static void show_one(struct mk_buf *proof, const struct mk_sdc_asked *asked,
                     const struct mk_sdc_merge *merge, bool primary)
{
    struct mk_sdc_trial trial;
    bool fits;
    ck_assert_int_eq(mk_sdc_trial_open(&trial, asked, merge, &fits, &diag),
                     MK_OK);
    ck_assert_int_eq(
        mk_sdc_protect(&trial.result, &trial.model, MK_SDC_ADVISE_WORK, &diag),
        MK_OK);
    size_t i = 0;
    while (i < trial.model.n_cells &&
           (!trial.model.cell[i].hidden ||
            (trial.model.cell[i].why != 0) != primary))
        i++;
    ck_assert_uint_lt(i, trial.model.n_cells);
    trial.model.cell[i].hidden = false;
    mk_buf_clear(proof);
    ck_assert_int_eq(
        mk_sdc_pipe_put_result(proof, &trial.result, &trial.model), MK_OK);
    mk_sdc_trial_close(&trial);
}

START_TEST(a_suggestion_that_hides_too_little_is_no_answer)
{
    const struct mk_sdc_asked asked = {&spec, &data, NULL, 0};
    struct mk_sdc_advice said;
    for (int primary = 0; primary < 2; primary++) {
        start_case("D02");
        mk_sdc_advice_init(&said, &spec);
        ck_assert_int_eq(
            mk_sdc_advise(&said, &asked, MK_SDC_ADVISE_WORK, &diag), MK_OK);
        show_one(&said.item[1].proof, &asked, &said.item[1].merge, primary);
        ck_assert_int_eq(taken(&said, &asked), MK_E_SYNTAX);
        mk_sdc_advice_release(&said);
        finish();
    }
}
END_TEST

START_TEST(the_numbers_are_counted_and_the_order_is_made_by_the_gate)
{
    const struct mk_sdc_asked asked = {&spec, &data, NULL, 0};
    struct mk_sdc_advice said;
    start_case("D02");
    mk_sdc_advice_init(&said, &spec);
    ck_assert_int_eq(mk_sdc_advise(&said, &asked, MK_SDC_ADVISE_WORK, &diag),
                     MK_OK);
    size_t last = said.n - 1, best = said.item[0].after.hidden;
    struct mk_sdc_advice_item item = said.item[0];
    said.item[0] = said.item[last];
    said.item[last] = item;
    said.before.hidden = 1; /* what it says itself is not even sent */
    said.item[0].after.hidden = 0;
    ck_assert_int_eq(taken(&said, &asked), MK_OK);
    ck_assert_uint_eq(advice.item[0].after.hidden, best);
    agrees(&spec, &data, &advice.before);
    for (size_t k = 0; k < advice.n; k++)
        agrees_by_hand(&advice.item[k]);
    /* one that is safe but of another merge has other cells */
    said.item[0].merge = said.item[1].merge;
    ck_assert_int_ne(taken(&said, &asked), MK_OK);
    mk_sdc_advice_release(&said);
    finish();
}
END_TEST

START_TEST(what_cannot_be_tried_is_no_answer)
{
    static const struct mk_sdc_merge bad[] = {
        {2, 0, 1, MK_SDC_MERGE_NONE},
        {0, 1, 0, MK_SDC_MERGE_NONE},
        {0, 1, 1, MK_SDC_MERGE_NONE},
        {0, 0, 5, MK_SDC_MERGE_NONE},
        {0, 0, 1, 0},
        {MK_SDC_MERGE_NONE, 0, 0, 0}, /* the only table */
        {MK_SDC_MERGE_NONE, 0, 0, MK_SDC_MERGE_NONE},
    };
    const struct mk_sdc_asked asked = {&spec, &data, NULL, 0};
    struct mk_sdc_advice said;
    start_case("D02");
    mk_sdc_advice_init(&said, &spec);
    ck_assert_int_eq(mk_sdc_advise(&said, &asked, MK_SDC_ADVISE_WORK, &diag),
                     MK_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        said.item[0].merge = bad[i];
        ck_assert_int_eq(taken(&said, &asked), MK_E_SYNTAX);
    }
    mk_sdc_advice_release(&said);
    finish();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        a_merge_hides_fewer_and_its_numbers_are_those_of_protect,
        the_best_come_first_and_at_most_twenty,
        each_table_is_left_out_once,
        levels_that_were_printed_apart_are_not_merged,
        cells_where_nobody_can_be_are_not_counted,
        what_cannot_be_made_safe_is_said_and_not_advised,
        the_same_input_gives_the_same_advice,
        advice_reads_as_text_and_as_csv,
        a_suggestion_that_hides_too_little_is_no_answer,
        the_numbers_are_counted_and_the_order_is_made_by_the_gate,
        what_cannot_be_tried_is_no_answer,
    };
    return UNIT_RUN("sdc_advise", tests, NULL);
}
