/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a preview counts, against the sheet that would be published, and
 * against the exact sheet of the same counts. */
#include "reports/preview.h"

#include "reports/sdc/json.h"
#include "tests/support/cube_text.h"
#include "tests/support/sheet_kit.h"
#include "tests/support/unit.h"

#include <stdlib.h>
#include <string.h>

/* 2019 has figures that have to be hidden, 2020 no dossier. */
#define ROWS                                    \
    "2019,SM,KDV,OUD,J,XIV,J,J,J,J,J,N,N,N,7\n" \
    "2019,SM,BSO,OUD,J,XIV,J,J,N,N,N,N,N,N,2\n" \
    "2019,FG,KDV,HOU,J,XX,J,N,N,N,N,N,J,N,12\n" \
    "2019,FG,VGO,HOU,N,XX,N,NR,N,N,N,N,N,N,3\n" \
    "2019,PG,BSO,MED,N,GEEN,N,NR,N,N,N,N,N,N,9\n"
static const char cube[] = CUBE_HEAD("2019 2020", "5") ROWS;

static struct mk_publication p;
static struct mk_preview preview;
static struct mk_factsheet exact;

/* The solver and the gate in one program. */
static enum mk_err solve(void *ctx, const struct mk_sdc_job *job,
                         struct mk_sdc_task *task, struct mk_diag *diag)
{
    struct mk_sdc_task *solver = calloc(1, sizeof *solver);
    struct mk_buf answer = MK_BUF_INIT;
    int which;
    enum mk_err rc;
    (void)ctx;
    ck_assert_ptr_nonnull(solver);
    MK_TRY(mk_sdc_task_open(solver, job, &which, diag));
    MK_TRY(mk_sdc_task_run(solver, job, diag));
    MK_TRY(mk_sdc_answer_write(&answer, solver, job->kind, MK_OK, diag));
    MK_TRY(mk_sdc_task_accept(task, job, &answer, diag));
out:
    mk_sdc_task_release(solver);
    free(solver);
    mk_buf_release(&answer);
    return rc;
}

static void add_section(struct mk_buf *gate, const char *kind,
                        const void *text, size_t n)
{
    ck_assert_int_eq(mk_buf_addf(gate, "section %s %zu\n", kind, n), MK_OK);
    ck_assert_int_eq(mk_buf_add(gate, text, n), MK_OK);
    ck_assert_int_eq(mk_buf_add_str(gate, "\n"), MK_OK);
}

/* p of the cube; record: of an earlier release, or NULL. */
static void publish(const struct mk_buf *record, bool is_preview)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_gate gate;
    struct mk_buf text = MK_BUF_INIT;
    ck_assert_int_eq(mk_buf_add_str(&text, "meldkluis-gate: 1\n"), MK_OK);
    add_section(&text, "cube", cube, sizeof cube - 1);
    if (record)
        add_section(&text, "release", record->data, record->len);
    ck_assert_int_eq(mk_buf_add_str(&text, "end\n"), MK_OK);
    mk_gate_init(&gate);
    ck_assert_int_eq(mk_gate_parse(&gate, text.data, text.len, &diag), MK_OK);
    mk_publication_init(&p);
    p.preview = is_preview;
    p.release = is_preview ? NULL : "voorjaar";
    p.audience = "FAC";
    p.sheet.english = true;
    p.sheet.threshold = 5;
    enum mk_err rc = mk_publication_make(&p, &gate, solve, NULL, &diag);
    ck_assert_msg(rc == MK_OK, "%s at %s", mk_err_name(rc), diag.place);
    mk_gate_release(&gate);
    mk_buf_release(&text);
}

static void set_up(void)
{
    publish(NULL, true);
    ck_assert_int_eq(mk_preview_make(&preview, &p, NULL), MK_OK);
    sheet_kit_build(&exact, cube, MK_POLICY_EXACT, true);
}

static void take_down(void)
{
    mk_factsheet_release(&exact);
    mk_publication_release(&p);
}

/* ---- counting anew, by what the sheet prints ---- */

typedef void look(struct mk_preview_line *line, const struct mk_cell *cell,
                  const struct mk_cell *truth, bool total);

static bool is_total(const struct mk_table *t, const struct mk_row *row)
{
    return row->kind == MK_ROW_TOTAL ||
           (t->category.n == 1 && t->care_type.n == 1);
}

static void each_printed(struct mk_preview_line *line, enum mk_table_id id,
                         size_t year, look *at)
{
    static const struct mk_cell none = {.mark = MK_MARK_NONE};
    const struct mk_table *t = &p.sheet.table[id];
    for (size_t a = 0; a < t->category.n; a++)
        for (size_t b = 0; b < t->care_type.n; b++)
            for (size_t m = 0; m < t->measures; m++) {
                const struct mk_row *row = &t->category.row[a];
                const struct mk_row *col = &t->care_type.row[b];
                const struct mk_cell *truth;

                if (col->hidden)
                    continue;
                truth = mk_factsheet_printed(&exact, id, year, row->slug,
                                             col->slug, t->first + m);
                if (truth == NULL) /* a release also prints an empty ONB */
                    truth = &none;
                at(line, mk_factsheet_cell(t, year, a, b, m), truth,
                   is_total(t, row) || is_total(t, col));
            }
}

static void count(struct mk_preview_line *line, const struct mk_cell *cell,
                  const struct mk_cell *truth, bool total)
{
    line->printed += cell->mark == MK_MARK_NONE;
    line->nr += cell->mark == MK_MARK_NR;
    line->na += cell->mark == MK_MARK_NA;
    if (cell->mark != MK_MARK_X)
        return;
    line->hidden++;
    line->totals += total;
    line->values += truth->value;
    line->primary += truth->value >= 1 && truth->value < 5;
}

static void assert_line(const struct mk_preview_line *is,
                        const struct mk_preview_line *wanted)
{
    ck_assert_uint_eq(is->printed, wanted->printed);
    ck_assert_uint_eq(is->hidden, wanted->hidden);
    ck_assert_uint_eq(is->nr, wanted->nr);
    ck_assert_uint_eq(is->na, wanted->na);
    ck_assert_uint_eq(is->totals, wanted->totals);
    ck_assert_uint_eq(is->values, wanted->values);
    ck_assert_uint_eq(is->primary + is->secondary + is->earlier, is->hidden);
}

START_TEST(every_table_is_counted_as_it_would_be_printed)
{
    size_t hidden = 0;
    for (size_t y = 0; y < 2; y++) {
        struct mk_preview_line all = {0};
        for (unsigned id = 0; id < MK_TABLE_COUNT; id++) {
            struct mk_preview_line wanted = {0};
            each_printed(&wanted, id, y, count);
            each_printed(&all, id, y, count);
            assert_line(&preview.year[y].table[id], &wanted);
            /* the rule hides small figures, and perhaps more than those */
            ck_assert_uint_ge(preview.year[y].table[id].primary,
                              wanted.primary);
        }
        assert_line(&preview.year[y].all, &all);
        hidden += all.hidden;
    }
    ck_assert_uint_gt(hidden, 0);
    ck_assert_uint_eq(preview.year[0].all.earlier, 0);
    ck_assert_uint_eq(preview.year[1].all.hidden, 0);
    ck_assert_uint_gt(preview.year[1].all.printed, 0);
}
END_TEST

START_TEST(a_hidden_figure_that_nothing_protects_is_our_fault)
{
    struct mk_diag diag = MK_DIAG_INIT;
    p.sheet.table[MK_TABLE_F1].cells[1] = sheet_kit_hidden(0, 3);
    ck_assert_int_eq(mk_preview_make(&preview, &p, &diag), MK_E_INTERNAL);
    ck_assert_str_eq(diag.place, "F1");
}
END_TEST

/* ---- what goes with it ---- */

START_TEST(advice_hides_less_and_ends)
{
    const struct mk_sdc_advice_item *item;
    size_t n = 0;
    for (; (item = mk_preview_advice(&preview, 0, n)) != NULL; n++)
        ck_assert_uint_lt(item->after.hidden,
                          p.advice[0]->advice.before.hidden);
    ck_assert_uint_ge(n, 1);
    ck_assert_uint_le(n, MK_PREVIEW_ADVICE);
    ck_assert_ptr_null(mk_preview_advice(&preview, 0, MK_PREVIEW_ADVICE));
    ck_assert_ptr_null(mk_preview_advice(&preview, 1, 0));
}
END_TEST

START_TEST(of_a_year_that_was_released_the_release_binds)
{
    struct mk_buf record = MK_BUF_INIT;
    struct mk_preview_line before = preview.year[0].all;
    ck_assert(!mk_preview_is_known(&preview, 0));
    mk_publication_release(&p);
    publish(NULL, false);
    ck_assert_int_eq(mk_publication_record(&p, &record, NULL), MK_OK);
    mk_publication_release(&p);
    publish(&record, true);
    ck_assert_int_eq(mk_preview_make(&preview, &p, NULL), MK_OK);
    ck_assert(mk_preview_is_known(&preview, 0));
    ck_assert_ptr_null(mk_preview_advice(&preview, 0, 0));
    ck_assert_uint_eq(preview.year[0].all.hidden, before.hidden);
    ck_assert_uint_eq(preview.year[0].all.values, before.values);
    ck_assert_uint_eq(preview.year[0].all.primary, before.primary);
    ck_assert_uint_eq(preview.year[0].all.earlier, before.secondary);
    ck_assert_uint_eq(preview.year[0].all.secondary, 0);
    mk_buf_release(&record);
}
END_TEST

/* ---- both forms ---- */

static json_int_t number(const json_t *line, const char *key)
{
    const json_t *n = json_object_get(line, key);
    ck_assert_msg(json_is_integer(n), "%s", key);
    return json_integer_value(n);
}

static void assert_json(const json_t *line, const char *table,
                        const struct mk_preview_line *wanted)
{
    ck_assert_str_eq(json_string_value(json_object_get(line, "table")), table);
    const struct mk_preview_line is = {
        .printed = (size_t)number(line, "printed"),
        .hidden = (size_t)number(line, "hidden"),
        .nr = (size_t)number(line, "NR"),
        .na = (size_t)number(line, "NA"),
        .primary = (size_t)number(line, "primary"),
        .secondary = (size_t)number(line, "secondary"),
        .earlier = (size_t)number(line, "earlier"),
        .totals = (size_t)number(line, "totals"),
        .values = (uint64_t)number(line, "hidden_values"),
    };
    assert_line(&is, wanted);
    ck_assert_uint_eq(is.primary, wanted->primary);
}

START_TEST(programs_get_the_figures_of_every_line)
{
    struct mk_buf text = MK_BUF_INIT;
    ck_assert_int_eq(mk_preview_json(&text, &preview), MK_OK);
    json_t *root = json_loadb((const char *)text.data, text.len, 0, NULL);
    ck_assert_ptr_nonnull(root);
    ck_assert(json_is_false(json_object_get(root, "for_publication")));
    const json_t *years = json_object_get(root, "years");
    ck_assert_uint_eq(json_array_size(years), 2);
    for (size_t y = 0; y < 2; y++) {
        const json_t *year = json_array_get(years, y);
        const json_t *tables = json_object_get(year, "tables");
        ck_assert_uint_eq(json_array_size(tables), MK_TABLE_COUNT);
        for (unsigned id = 0; id < MK_TABLE_COUNT; id++)
            assert_json(json_array_get(tables, id), p.sheet.table[id].id,
                        &preview.year[y].table[id]);
        assert_json(json_object_get(year, "all"), "*", &preview.year[y].all);
    }
    json_decref(root);
    mk_buf_release(&text);
}
END_TEST

START_TEST(people_get_it_marked_and_in_80_columns)
{
    struct mk_buf text = MK_BUF_INIT;
    ck_assert_int_eq(mk_preview_text(&text, &preview), MK_OK);
    ck_assert_int_eq(mk_buf_terminate(&text), MK_OK);
    const char *at = (const char *)text.data;
    ck_assert_ptr_nonnull(strstr(at, "NOT FOR PUBLICATION"));
    ck_assert_ptr_nonnull(strstr(at, "\n\n2019"));
    ck_assert_ptr_nonnull(strstr(at, "\n\n2020"));
    while (*at) {
        size_t n = strcspn(at, "\n");
        ck_assert_msg(n <= 80, "%.*s", (int)n, at);
        at += n + (at[n] != '\0');
    }
    mk_buf_release(&text);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_table_is_counted_as_it_would_be_printed,
        a_hidden_figure_that_nothing_protects_is_our_fault,
        advice_hides_less_and_ends,
        of_a_year_that_was_released_the_release_binds,
        programs_get_the_figures_of_every_line,
        people_get_it_marked_and_in_80_columns,
    };
    return UNIT_RUN_SHARED("preview", tests, set_up, take_down);
}
