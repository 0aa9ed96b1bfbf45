/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures that were published, held against those of now. */
#include "reports/reconcile.h"

#include "tests/support/cube_text.h"
#include "tests/support/sheet_kit.h"
#include "tests/support/unit.h"

#include <string.h>

/* 2018: 12 of FG in KDV, 3 of SM in VGO; 2019: 7 of FG in KDV. */
static const char cube[] =
    CUBE_HEAD("2018 2019", "3") "2018,FG,KDV,OUD,N,GEEN,N,NR,N,N,N,N,N,N,12\n"
                                "2018,SM,VGO,OUD,N,XIV,N,NR,N,N,N,N,N,N,3\n"
                                "2019,FG,KDV,OUD,N,GEEN,N,NR,N,N,N,N,N,N,7\n";

static struct mk_factsheet *sheet(enum mk_policy policy)
{
    struct mk_factsheet *f = calloc(1, sizeof *f);
    sheet_kit_build(f, cube, policy, true);
    return f;
}

static void sheet_free(struct mk_factsheet *f)
{
    mk_factsheet_release(f);
    free(f);
}

static enum mk_err read(struct mk_reconcile *r, const struct mk_factsheet *f,
                        const char *text, struct mk_diag *diag)
{
    *diag = (struct mk_diag)MK_DIAG_INIT;
    mk_reconcile_init(r);
    return mk_reconcile_read(r, f, text, strlen(text), diag);
}

static void must(struct mk_reconcile *r, const struct mk_factsheet *f,
                 const char *text)
{
    struct mk_diag diag;
    enum mk_err rc = read(r, f, text, &diag);
    ck_assert_msg(rc == MK_OK, "%s at %s, line %d", mk_err_name(rc),
                  diag.place, (int)diag.line);
}

static const char *note(const struct mk_factsheet *f)
{
    for (size_t i = 0; i < f->n_notes; i++)
        if (strcmp(f->note[i].id, "published") == 0)
            return (const char *)f->note[i].text.data;
    ck_abort_msg("no note");
    return NULL;
}

START_TEST(each_figure_is_held_against_that_of_here)
{
    struct mk_factsheet *f = sheet(MK_POLICY_INTERNAL);
    struct mk_reconcile r;
    must(&r, f,
         "table,year,care_type,category,measure,value\n"
         "F1,2018,,,dossiers,15\n"
         "F2,2018,,FG,dossiers,13\n"
         "F3,2018,VGO,SM,dossiers,3\n"
         "F3,2018,TOT,TOT,dossiers,15\n"
         "F4,2018,,SM,mtbp,1\n"
         "F7,2019,KDV,,dossiers,7\n"
         "F1,2010,,,dossiers,99\n");
    ck_assert_uint_eq(r.n, 6);
    ck_assert_uint_eq(r.n_outside, 1);
    ck_assert_int_eq(mk_reconcile_note(f, &r), MK_OK);
    ck_assert_ptr_nonnull(strstr(note(f), "the same 4, different 2, "));
    ck_assert_ptr_nonnull(strstr(note(f), "About other years: 1."));
    ck_assert_ptr_nonnull(strstr(note(f),
                                 " F2 2018 FG: 13 published, 12 here; "
                                 "F4 2018 SM mtbp: 1 published, 0 here."));
    mk_reconcile_release(&r);
    sheet_free(f);
}
END_TEST

START_TEST(a_column_that_is_not_there_means_the_total)
{
    struct mk_factsheet *f = sheet(MK_POLICY_INTERNAL);
    struct mk_reconcile r;
    must(&r, f, "value,table,year\n15,F2,2018\n15,F7,2018\n7,F3,2019\n");
    for (size_t i = 0; i < 3; i++)
        ck_assert_int_eq(mk_reconcile_judge(f, mk_reconcile_row(&r, i)),
                         MK_RECONCILE_SAME);
    mk_reconcile_release(&r);
    sheet_free(f);
}
END_TEST

/* The sheet hides a cell, and does not print VGO at all. */
START_TEST(a_cell_that_is_not_printed_tells_nothing)
{
    struct mk_factsheet *f = sheet(MK_POLICY_EXACT);
    struct mk_table *t = &f->table[MK_TABLE_F2];
    struct mk_reconcile r;
    for (size_t c = 0; c < t->category.n; c++)
        if (strcmp(t->category.row[c].slug, "SM") == 0)
            t->cells[c] = sheet_kit_hidden(0, 6);
    must(&r, f,
         "table,year,category,care_type,value\n"
         "F2,2018,SM,,9\n"  /* hidden */
         "F7,2018,,VGO,9\n" /* not printed */
         "F5,2018,XIV,,9\n" /* not recorded */
         "F2,2018,FG,,9\n");
    for (size_t i = 0; i < 3; i++)
        ck_assert_int_eq(mk_reconcile_judge(f, mk_reconcile_row(&r, i)),
                         MK_RECONCILE_CANNOT);
    ck_assert_int_eq(mk_reconcile_note(f, &r), MK_OK);
    ck_assert_ptr_nonnull(
        strstr(note(f), "the same 0, different 1, not to be compared 3 "));
    ck_assert_ptr_null(strstr(note(f), "SM"));
    ck_assert_ptr_null(strstr(note(f), "VGO"));
    ck_assert_ptr_nonnull(strstr(note(f), "F2 2018 FG: 9 published, 12 here"));
    mk_reconcile_release(&r);
    sheet_free(f);
}
END_TEST

START_TEST(a_factsheet_of_ours_can_be_held_against_itself)
{
    struct mk_factsheet *f = sheet(MK_POLICY_INTERNAL);
    struct mk_reconcile r;
    must(&r, f,
         "\xef\xbb\xbf"
         "table,year,care_type,category,measure,unit,value,mark,lo,hi\r\n"
         "F2,2018,,FG,dossiers,dossier,12,,,\r\n"
         "F2,2018,,SM,dossiers,dossier,,x,0,6\r\n"
         "F5,2018,,XIV,duty,dossier,,NR,,\r\n");
    ck_assert_uint_eq(r.n, 1);
    ck_assert_uint_eq(r.n_marked, 2);
    mk_reconcile_release(&r);
    sheet_free(f);
}
END_TEST

START_TEST(many_differences_are_not_all_spelt_out)
{
    struct mk_factsheet *f = sheet(MK_POLICY_INTERNAL);
    struct mk_reconcile r;
    struct mk_buf text = MK_BUF_INIT;
    const struct mk_table *t = &f->table[MK_TABLE_F3];
    size_t n = 0;
    ck_assert_int_eq(
        mk_buf_add_str(&text, "table,year,category,care_type,value\n"), MK_OK);
    for (int year = 2018; year <= 2019; year++)
        for (size_t c = 0; c < t->category.n; c++)
            for (size_t k = 0; k < t->care_type.n; k++, n++)
                ck_assert_int_eq(mk_buf_addf(&text, "F3,%d,%s,%s,99\n", year,
                                             t->category.row[c].slug,
                                             t->care_type.row[k].slug),
                                 MK_OK);
    ck_assert_int_eq(mk_buf_terminate(&text), MK_OK);
    must(&r, f, (const char *)text.data);
    ck_assert_uint_eq(r.n, n);
    ck_assert_int_eq(mk_reconcile_note(f, &r), MK_OK);
    ck_assert_ptr_nonnull(strstr(note(f), "; and "));
    ck_assert_ptr_nonnull(strstr(note(f), " more."));
    mk_buf_release(&text);
    mk_reconcile_release(&r);
    sheet_free(f);
}
END_TEST

START_TEST(a_bad_line_is_refused_with_what_is_allowed)
{
    static const struct {
        const char *text;
        enum mk_err err;
        uint64_t line;
        const char *place, *allowed; /* a part of it */
    } bad[] = {
        {"", MK_E_SYNTAX, 1, "csv", NULL},
        {"table,year\n", MK_E_MISSING_KEY, 1, "value", NULL},
        {"table,year,value,who\n", MK_E_UNKNOWN_COLUMN, 1, "",
         "table year care_type category measure"},
        {"table,year,value,value\n", MK_E_DUPLICATE_KEY, 1, "value", NULL},
        {"table;year;value\n", MK_E_SEMICOLON, 1, "csv", NULL},
        {"table,year,value\nF1,2018,1\nF8,2018,1\n", MK_E_BAD_CODE, 3, "table",
         "F1 F2 F3"},
        {"table,year,value\nF1,18,1\n", MK_E_BAD_NUMBER, 2, "year", NULL},
        {"table,year,value\nF1,2018/2019,1\n", MK_E_BAD_NUMBER, 2, "year",
         NULL},
        {"table,year,value\nF1,2018,-1\n", MK_E_BAD_NUMBER, 2, "value", NULL},
        {"table,year,value\nF1,2018,\n", MK_E_BAD_NUMBER, 2, "value", NULL},
        {"table,year,value,mark\nF1,2018,3,x\n", MK_E_BAD_NUMBER, 2, "value",
         NULL},
        {"table,year,value,mark\nF1,2018,,y\n", MK_E_BAD_CODE, 2, "mark",
         "x NR NA"},
        {"table,year,value,category\nF2,2018,3,XX\n", MK_E_BAD_CODE, 2,
         "category", "SM SI PG FG"},
        {"table,year,value,category\nF1,2018,3,SM\n", MK_E_BAD_CODE, 2,
         "category", ""},
        {"table,year,value,care_type\nF7,2018,3,SM\n", MK_E_BAD_CODE, 2,
         "care_type", "KDV BSO"},
        {"table,year,value,measure\nF4,2018,3,red\n", MK_E_BAD_CODE, 2,
         "category", "SM SI XX"},
        {"table,year,value,measure,category\nF4,2018,3,red,SM\n",
         MK_E_BAD_CODE, 2, "measure", "dossiers mtbp"},
        {"table,year,value\nF1,2018,3,4\n", MK_E_SYNTAX, 2, "row", NULL},
        {"table,year,value\nF1,2018,3\nF2,2018,3\nF1,2018,3\n",
         MK_E_DUPLICATE_KEY, 4, "csv", NULL},
        {"table,year,value\nF1,2018,\"3\n", MK_E_SYNTAX, 2, NULL, NULL},
        {"table,year,value\nF1,2018,\xff\n", MK_E_BAD_UTF8, 2, NULL, NULL},
    };
    struct mk_factsheet *f = sheet(MK_POLICY_INTERNAL);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct mk_reconcile r;
        struct mk_diag diag;
        enum mk_err rc = read(&r, f, bad[i].text, &diag);
        ck_assert_msg(rc == bad[i].err && diag.line == bad[i].line,
                      "'%s' gives %s in line %d", bad[i].text, mk_err_name(rc),
                      (int)diag.line);
        if (bad[i].place)
            ck_assert_str_eq(diag.place, bad[i].place);
        if (bad[i].allowed)
            ck_assert_msg(strncmp((const char *)r.allowed.data, bad[i].allowed,
                                  strlen(bad[i].allowed)) == 0,
                          "'%s' allows %s", bad[i].text,
                          (const char *)r.allowed.data);
        mk_reconcile_release(&r);
    }
    sheet_free(f);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        each_figure_is_held_against_that_of_here,
        a_column_that_is_not_there_means_the_total,
        a_cell_that_is_not_printed_tells_nothing,
        a_factsheet_of_ours_can_be_held_against_itself,
        many_differences_are_not_all_spelt_out,
        a_bad_line_is_refused_with_what_is_allowed,
    };
    return UNIT_RUN("reconcile", tests, NULL);
}
