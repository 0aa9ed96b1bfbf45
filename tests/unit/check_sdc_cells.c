/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells and releases, written and read again. */
#include "reports/sdc/cells_read.h"
#include "reports/sdc/release_file.h"
#include "reports/sdc/write.h"
#include "tests/support/sdc_kit.h"
#include "tests/support/unit.h"

#include <stdio.h>
#include <string.h>

static struct mk_sdc_spec spec;
static struct mk_sdc_data data;
static struct mk_sdc_model m;
static struct mk_sdc_printed p;
static struct mk_sdc_release release;
static struct mk_buf out;
static struct mk_diag diag;

/* a,b are hidden in 2019; c cannot occur in 2020; d is shown nowhere. */
static void start(void)
{
    diag = (struct mk_diag)MK_DIAG_INIT;
    mk_sdc_spec_init(&spec);
    mk_sdc_release_init(&release);
    mk_buf_init(&out);
    sdc_kit_dim(&spec, "year", "2019 2020", "both=2019+2020");
    sdc_kit_dim(&spec, "cat", "a,1 b\" c d", NULL);
    sdc_kit_table(&spec, "year cat");
    sdc_kit_pattern(&spec.zeros, &spec, "2020 c");
    sdc_kit_pattern(&spec.never, &spec, "* d");
    sdc_kit_pattern(&spec.watched, &spec, "- d");
    mk_sdc_data_init(&data, &spec);
    mk_sdc_printed_init(&p, &spec);
    sdc_kit_records(&data, &spec, "2019 a,1", 2);
    sdc_kit_records(&data, &spec, "2019 b\"", 7);
    sdc_kit_records(&data, &spec, "2019 c", 9);
    sdc_kit_records(&data, &spec, "2020 a,1", 10);
    mk_sdc_model_init(&m);
    ck_assert_int_eq(
        mk_sdc_model_build(&m, &spec, &data, NULL, NULL, 0, &diag), MK_OK);
    for (size_t i = 0; i < 2; i++) {
        static const char *const hidden[] = {"2019 a,1", "2019 b\""};
        uint32_t node[MK_SDC_DIMS];
        size_t at;
        sdc_kit_nodes(&spec, hidden[i], node);
        ck_assert(mk_sdc_model_find(&m, node, &at));
        m.cell[at].hidden = true;
        m.cell[at].lo = i ? 3 : 0;
        m.cell[at].hi = i ? 9 : 6;
        m.cell[at].why = i ? 0 : MK_SDC_WHY_THRESHOLD | MK_SDC_WHY_CONTRIBUTOR;
    }
}

static void finish(void)
{
    mk_buf_release(&out);
    mk_sdc_release_release(&release);
    mk_sdc_printed_release(&p);
    mk_sdc_model_release(&m);
    mk_sdc_data_release(&data);
    mk_sdc_spec_release(&spec);
}

static const char *text(void)
{
    ck_assert_int_eq(mk_buf_terminate(&out), MK_OK);
    return (const char *)out.data;
}

static const char cells[] = "year,cat,value,status,lo,hi\n"
                            "2019,\"a,1\",,hidden,0,6\n"
                            "2019,\"b\"\"\",,hidden,3,9\n"
                            "2019,c,9,published,,\n"
                            "2019,*,18,published,,\n"
                            "2020,\"a,1\",10,published,,\n"
                            "2020,\"b\"\"\",0,published,,\n"
                            "2020,*,10,published,,\n"
                            "both,\"a,1\",12,published,,\n"
                            "both,\"b\"\"\",7,published,,\n"
                            "both,c,9,published,,\n"
                            "both,*,28,published,,\n"
                            "*,\"a,1\",12,published,,\n"
                            "*,\"b\"\"\",7,published,,\n"
                            "*,c,9,published,,\n"
                            "*,*,28,published,,\n";

static const char plan_head[] =
    "year,cat,value,status,lo,hi,why\n"
    "2019,\"a,1\",2,primary,0,6,threshold contributor\n"
    "2019,\"b\"\"\",7,secondary,3,9,\n"
    "2019,c,9,published,,,\n";

START_TEST(cells_are_written_in_order_under_each_of_their_names)
{
    start();
    ck_assert_int_eq(mk_sdc_write_cells(&out, &m, &diag), MK_OK);
    ck_assert_str_eq(text(), cells);
    finish();
}
END_TEST

START_TEST(a_plan_has_values_and_reasons)
{
    start();
    ck_assert_int_eq(mk_sdc_write_plan(&out, &m, &diag), MK_OK);
    ck_assert_msg(strncmp(text(), plan_head, sizeof plan_head - 1) == 0, "%s",
                  text());
    finish();
}
END_TEST

START_TEST(a_figure_that_nobody_knows_is_not_written)
{
    start();
    m.cell[2].known = false;
    ck_assert_int_eq(mk_sdc_write_cells(&out, &m, &diag), MK_E_INTERNAL);
    finish();
}
END_TEST

static enum mk_err parse_rounded(const char *csv, uint64_t base)
{
    diag = (struct mk_diag)MK_DIAG_INIT;
    mk_sdc_printed_release(&p);
    return mk_sdc_cells_parse(&p, &spec, base, csv, strlen(csv), &diag);
}

static enum mk_err parse(const char *csv)
{
    return parse_rounded(csv, 0);
}

START_TEST(cells_that_were_written_can_be_audited)
{
    start();
    ck_assert_int_eq(parse(cells), MK_OK);
    ck_assert_uint_eq(p.n, 15);
    mk_sdc_model_release(&m);
    ck_assert_int_eq(mk_sdc_model_build(&m, &spec, NULL, &p, NULL, 0, &diag),
                     MK_OK);
    const struct mk_sdc_cell *c = sdc_kit_cell(&m, "2019 a,1");
    ck_assert(c->hidden && c->interval && !c->known);
    ck_assert_uint_eq(c->printed_hi, 6);
    ck_assert_uint_eq(sdc_kit_cell(&m, "both *")->value, 28);
    finish();
}
END_TEST

START_TEST(a_plan_that_was_written_can_be_audited)
{
    start();
    ck_assert_int_eq(mk_sdc_write_plan(&out, &m, &diag), MK_OK);
    ck_assert_int_eq(parse(text()), MK_OK);
    mk_sdc_model_release(&m);
    ck_assert_int_eq(mk_sdc_model_build(&m, &spec, &data, &p, NULL, 0, &diag),
                     MK_OK);
    ck_assert_int_eq(sdc_kit_cell(&m, "2019 a,1")->print, MK_SDC_PRIMARY);
    ck_assert_int_eq(sdc_kit_cell(&m, "2019 b\"")->print, MK_SDC_SECONDARY);
    finish();
}
END_TEST

START_TEST(two_names_of_a_cell_must_have_one_figure)
{
    start();
    char *csv = strdup(cells);
    ck_assert_ptr_nonnull(csv);
    memcpy(strstr(csv, "*,c,9"), "*,c,8", 5);
    ck_assert_int_eq(parse(csv), MK_OK);
    mk_sdc_model_release(&m);
    ck_assert_int_eq(mk_sdc_model_build(&m, &spec, NULL, &p, NULL, 0, &diag),
                     MK_E_BAD_VALUE);
    ck_assert_str_eq(diag.place, "cat=c");
    free(csv);
    finish();
}
END_TEST

static void refuses(const char *csv, enum mk_err err, const char *place,
                    uint64_t line)
{
    enum mk_err rc = parse(csv);
    ck_assert_msg(rc == err && diag.err == err, "'%s' gives %s", csv,
                  mk_err_name(rc));
    ck_assert_msg(strcmp(diag.place, place) == 0, "'%s' names %s", csv,
                  diag.place);
    ck_assert_msg(diag.line == line, "'%s' names line %d", csv,
                  (int)diag.line);
}

#define HEAD "year,cat,value,status,lo,hi\n"

START_TEST(cells_of_other_tools_need_no_intervals)
{
    start();
    ck_assert_int_eq(
        parse("status,cat,year,value\nhidden,c,2019,\npublished,*,*,28\n"),
        MK_OK);
    ck_assert(!p.cell[0].interval && p.cell[0].hi == MK_SDC_COUNT);
    ck_assert_uint_eq(p.cell[1].value, 28);
    finish();
}
END_TEST

START_TEST(cells_that_are_not_exact_are_refused_with_their_line)
{
    start();
    refuses("year,cat,status\n", MK_E_MISSING_KEY, "value", 1);
    refuses("year,cat,status,value,lo\n", MK_E_MISSING_KEY, "hi", 1);
    refuses("year,cat,status,value,P\n", MK_E_UNKNOWN_COLUMN, "", 1);
    refuses(HEAD "2018,c,1,published,,\n", MK_E_BAD_CODE, "year", 2);
    refuses(HEAD "2019,d,1,published,,\n", MK_E_BAD_VALUE, "cell", 2);
    refuses(HEAD "*,d,1,published,,\n", MK_E_BAD_VALUE, "cell", 2);
    refuses(HEAD "2019,c,1,published,,\n2019,c,1,published,,\n",
            MK_E_DUPLICATE_KEY, "cell", 3);
    refuses(HEAD "2019,c,1,shown,,\n", MK_E_BAD_CODE, "status", 2);
    refuses(HEAD "2019,c,,published,,\n", MK_E_BAD_VALUE, "value", 2);
    refuses(HEAD "2019,c,1,hidden,,\n", MK_E_BAD_VALUE, "value", 2);
    refuses(HEAD "2019,c,,primary,,\n", MK_E_BAD_VALUE, "value", 2);
    refuses(HEAD "2019,c,1,published,1,1\n", MK_E_BAD_VALUE, "lo", 2);
    refuses(HEAD "2019,c,,hidden,1,\n", MK_E_BAD_VALUE, "lo", 2);
    refuses(HEAD "2019,c,,hidden,2,1\n", MK_E_BAD_VALUE, "lo", 2);
    refuses(HEAD "2019,c,,hidden,1,x\n", MK_E_BAD_NUMBER, "hi", 2);
    refuses(HEAD "2019,c,1e3,published,,\n", MK_E_BAD_NUMBER, "value", 2);
    finish();
}
END_TEST

/* ---- rounded figures ---- */

static void is_rounded(size_t i, uint64_t figure, uint64_t lo, uint64_t hi)
{
    const struct mk_sdc_print_cell *cell = &p.cell[i];
    ck_assert(cell->print == MK_SDC_ROUNDED && cell->interval);
    ck_assert_uint_eq(cell->value, figure);
    ck_assert_uint_eq(cell->lo, lo);
    ck_assert_uint_eq(cell->hi, hi);
}

START_TEST(a_rounded_figure_is_an_interval)
{
    start();
    ck_assert_int_eq(parse_rounded("year,cat,value,status\n"
                                   "2019,c,0,published\n"
                                   "2019,*,5,published\n"
                                   "*,c,20,published\n"
                                   "*,*,,hidden\n",
                                   5),
                     MK_OK);
    ck_assert_uint_eq(p.base, 5);
    is_rounded(0, 0, 0, 4);
    is_rounded(1, 5, 1, 9);
    is_rounded(2, 20, 16, 24);
    ck_assert(p.cell[3].print == MK_SDC_HIDDEN && !p.cell[3].interval);
    /* what is printed beside it counts, also where a multiple moved */
    ck_assert_int_eq(parse_rounded(HEAD "2019,c,3,published,3,5\n"
                                        "2019,*,6,published,3,9\n",
                                   3),
                     MK_OK);
    is_rounded(0, 3, 3, 5);
    is_rounded(1, 6, 3, 9);
    finish();
}
END_TEST

START_TEST(a_rounded_figure_that_is_none_is_refused_with_its_line)
{
    static const struct {
        const char *row, *place;
        enum mk_err err;
    } bad[] = {
        {"2019,c,4,published,,\n", "value", MK_E_BAD_NUMBER},
        {"2019,c,,published,,\n", "value", MK_E_BAD_VALUE},
        {"2019,c,5,published,1,\n", "lo", MK_E_BAD_VALUE},
        {"2019,c,5,published,7,6\n", "lo", MK_E_BAD_VALUE},
        {"2019,c,5,published,0,9\n", "lo", MK_E_BAD_VALUE},
        {"2019,c,10,published,4,12\n", "lo", MK_E_BAD_VALUE},
        {"2019,c,10,published,5,16\n", "lo", MK_E_BAD_VALUE},
    };
    char csv[128];
    start();
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(csv, sizeof csv, HEAD "%s", bad[i].row);
        ck_assert_msg(parse_rounded(csv, 5) == bad[i].err, "%s", csv);
        ck_assert_str_eq(diag.place, bad[i].place);
        ck_assert_uint_eq(diag.line, 2);
    }
    finish();
}
END_TEST

/* The cells of start() with what they are as figures of base 5. */
static void round_cells(void)
{
    ck_assert_int_eq(parse_rounded("year,cat,value,status\n"
                                   "2019,\"a,1\",0,published\n"
                                   "2019,\"b\"\"\",10,published\n"
                                   "2019,c,10,published\n"
                                   "2019,*,20,published\n"
                                   "2020,\"a,1\",10,published\n"
                                   "2020,\"b\"\"\",0,published\n"
                                   "2020,*,10,published\n"
                                   "*,\"a,1\",10,published\n"
                                   "*,\"b\"\"\",10,published\n"
                                   "*,c,10,published\n"
                                   "*,*,30,published\n",
                                   5),
                     MK_OK);
    mk_sdc_model_release(&m);
    mk_sdc_model_init(&m);
    ck_assert_int_eq(mk_sdc_model_build(&m, &spec, &data, &p, NULL, 0, &diag),
                     MK_OK);
    for (size_t i = 0; i < m.n_cells; i++) {
        m.cell[i].lo = m.cell[i].printed_lo;
        m.cell[i].hi = m.cell[i].printed_hi;
    }
}

START_TEST(a_release_of_rounded_figures_tells_intervals)
{
    const struct mk_sdc_release *earlier[] = {&release};
    start();
    round_cells();
    ck_assert_int_eq(mk_sdc_release_write(&out, &m, "R", &diag), MK_OK);
    ck_assert_ptr_nonnull(strstr(text(), "\"method\": \"round\",\n"
                                         "\"base\": 5,\n"));
    ck_assert_ptr_nonnull(strstr(text(), "[\"2019\",\"a,1\",0,0,4],"));
    ck_assert_ptr_nonnull(strstr(text(), "[\"2019\",\"*\",20,16,24],"));
    enum mk_err rc = mk_sdc_release_parse(&release, out.data, out.len, &diag);
    ck_assert_msg(rc == MK_OK, "%s at %s", mk_err_name(rc), diag.place);
    mk_sdc_model_release(&m);
    mk_sdc_model_init(&m);
    ck_assert_int_eq(
        mk_sdc_model_build(&m, &spec, &data, NULL, earlier, 1, &diag), MK_OK);
    for (size_t i = 0; i < m.n_cells; i++) {
        const struct mk_sdc_cell *c = &m.cell[i];
        if (c->empty || c->watched)
            continue;
        /* left to the rule; nothing but the window is known */
        ck_assert(c->rounded && c->interval && c->fate == MK_SDC_OPEN);
        ck_assert_uint_le(c->printed_hi - c->printed_lo, 8);
    }
    /* without the records they are hidden cells of which that is known */
    mk_sdc_model_release(&m);
    mk_sdc_model_init(&m);
    ck_assert_int_eq(
        mk_sdc_model_build(&m, &spec, NULL, NULL, earlier, 1, &diag), MK_OK);
    const struct mk_sdc_cell *c = sdc_kit_cell(&m, "2019 a,1");
    ck_assert(c->rounded && !c->known && c->fate == MK_SDC_MUST_HIDE);
    finish();
}
END_TEST

static void round_refuses(const char *old, const char *new, enum mk_err err,
                          const char *place)
{
    start();
    round_cells();
    ck_assert_int_eq(mk_sdc_release_write(&out, &m, "R", &diag), MK_OK);
    char *at = strstr(text(), old);
    ck_assert_msg(at != NULL, "no %s in %s", old, text());
    ck_assert_uint_eq(strlen(old), strlen(new));
    memcpy(at, new, strlen(new));
    ck_assert_msg(mk_sdc_release_parse(&release, out.data, out.len, &diag) ==
                      err,
                  "%s", new);
    ck_assert_str_eq(diag.place, place);
    finish();
}

START_TEST(a_release_of_rounded_figures_that_is_not_exact_is_refused)
{
    round_refuses("\"round\"", "\"ROUND\"", MK_E_BAD_VALUE, "method");
    round_refuses("\"base\": 5", "\"base\": 4", MK_E_BAD_VALUE, "base");
    round_refuses("\"base\": 5,", "          ", MK_E_MISSING_KEY, "base");
    round_refuses("\"base\": 5", "\"base\": 3", MK_E_BAD_VALUE, "cells[0]");
    round_refuses("10,6,14]", "10,4,14]", MK_E_BAD_VALUE, "cells[1]");
    round_refuses("10,6,14]", "10,6,16]", MK_E_BAD_VALUE, "cells[1]");
    round_refuses("10,6,14]", "11,6,14]", MK_E_BAD_VALUE, "cells[1]");
    round_refuses("20,16,24]", "20,null] ", MK_E_BAD_VALUE, "cells[3]");
}
END_TEST

START_TEST(a_release_written_and_read_again_tells_what_was_printed)
{
    const struct mk_sdc_release *earlier[] = {&release};
    start();
    ck_assert_int_eq(mk_sdc_release_write(&out, &m, "first", &diag), MK_OK);
    ck_assert_ptr_null(strstr(text(), ",2,null"));
    enum mk_err rc = mk_sdc_release_parse(&release, out.data, out.len, &diag);
    ck_assert_msg(rc == MK_OK, "%s at %s", mk_err_name(rc), diag.place);
    ck_assert_str_eq(release.name, "first");
    ck_assert_uint_eq(release.printed.n, 15);
    mk_sdc_model_release(&m);
    ck_assert_int_eq(
        mk_sdc_model_build(&m, &spec, &data, NULL, earlier, 1, &diag), MK_OK);
    const struct mk_sdc_cell *c = sdc_kit_cell(&m, "2019 a,1");
    ck_assert_int_eq(c->fate, MK_SDC_MUST_HIDE);
    ck_assert(c->interval && c->printed_lo == 0 && c->printed_hi == 6);
    ck_assert_int_eq(sdc_kit_cell(&m, "2019 c")->fate, MK_SDC_MUST_SHOW);
    finish();
}
END_TEST

/* The written release with the first old replaced by new of the same size. */
static void release_refuses(const char *old, const char *new, enum mk_err err,
                            const char *place)
{
    start();
    ck_assert_uint_eq(strlen(old), strlen(new));
    ck_assert_int_eq(mk_sdc_release_write(&out, &m, "first", &diag), MK_OK);
    char *at = strstr(text(), old);
    ck_assert_msg(at != NULL, "no %s in %s", old, text());
    memcpy(at, new, strlen(new));
    enum mk_err rc = mk_sdc_release_parse(&release, out.data, out.len, &diag);
    ck_assert_msg(rc == err, "'%s' for '%s' gives %s", new, old,
                  mk_err_name(rc));
    ck_assert_str_eq(diag.place, place);
    finish();
}

START_TEST(a_release_that_is_not_exact_is_refused)
{
    release_refuses("release/1", "release/2", MK_E_NEWER, "release");
    release_refuses("\"name\"", "\"nome\"", MK_E_UNKNOWN_KEY, "nome");
    release_refuses("suppress", "suppres_", MK_E_BAD_VALUE, "method");
    release_refuses("\"cells\": ", "\"sells\": ", MK_E_MISSING_KEY, "cells");
    release_refuses("null,0,6]", "null,6,0]", MK_E_BAD_VALUE, "cells[0]");
    release_refuses("null,0,6]", "10,0,  6]", MK_E_BAD_VALUE, "cells[0]");
    release_refuses("9,null,null]", "9,null,   1]", MK_E_BAD_VALUE,
                    "cells[2]");
    release_refuses("9,null,null]", "null,  null]", MK_E_BAD_VALUE,
                    "cells[2]");
    release_refuses("[\"2019\",\"c\",9", "[\"2018\",\"c\",9", MK_E_BAD_CODE,
                    "cells[2]");
    release_refuses("[\"2019\",\"c\",9", "[\"2019\",\"d\",9", MK_E_BAD_VALUE,
                    "cells[2]");
    release_refuses("[\"2020\",\"*\",10", "[\"2019\",\"*\",10",
                    MK_E_DUPLICATE_KEY, "cells[6]");
    release_refuses("\"threshold\":5", "\"threshold\":6", MK_E_BAD_VALUE,
                    "unsafe_counts");
}
END_TEST

START_TEST(a_release_cut_off_anywhere_is_refused)
{
    start();
    ck_assert_int_eq(mk_sdc_release_write(&out, &m, NULL, &diag), MK_OK);
    for (size_t n = 0; n < out.len - 2; n++) {
        mk_sdc_release_release(&release);
        ck_assert_int_eq(mk_sdc_release_parse(&release, out.data, n, &diag),
                         MK_E_SYNTAX);
    }
    finish();
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        cells_are_written_in_order_under_each_of_their_names,
        a_plan_has_values_and_reasons,
        a_figure_that_nobody_knows_is_not_written,
        cells_that_were_written_can_be_audited,
        a_plan_that_was_written_can_be_audited,
        two_names_of_a_cell_must_have_one_figure,
        cells_of_other_tools_need_no_intervals,
        cells_that_are_not_exact_are_refused_with_their_line,
        a_rounded_figure_is_an_interval,
        a_rounded_figure_that_is_none_is_refused_with_its_line,
        a_release_of_rounded_figures_tells_intervals,
        a_release_of_rounded_figures_that_is_not_exact_is_refused,
        a_release_written_and_read_again_tells_what_was_printed,
        a_release_that_is_not_exact_is_refused,
        a_release_cut_off_anywhere_is_refused,
    };
    return UNIT_RUN("sdc_cells", tests, NULL);
}
