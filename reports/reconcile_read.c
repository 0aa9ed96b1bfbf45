/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of figures that were published, row by row. */
#include <stdlib.h>
#include <string.h>

#include "core/base/csv.h"
#include "core/base/num.h"
#include "reports/reconcile.h"
#include "reports/words.h"

enum column {
    TABLE,
    YEAR,
    CARE_TYPE,
    CATEGORY,
    MEASURE,
    UNIT,
    VALUE,
    MARK,
    LO,
    HI,
    COLUMNS
};
static const struct {
    const char *name;
    bool needed;
} columns[COLUMNS] = {
    [TABLE] = {"table", true},
    [YEAR] = {"year", true},
    [CARE_TYPE] = {"care_type", false},
    [CATEGORY] = {"category", false},
    [MEASURE] = {"measure", false},
    [UNIT] = {"unit", false},
    [VALUE] = {"value", true},
    [MARK] = {"mark", false},
    [LO] = {"lo", false},
    [HI] = {"hi", false},
};

struct reader {
    struct mk_reconcile *r;
    const struct mk_factsheet *f;
    struct mk_diag *diag;
    struct mk_csv *csv; /* owned */
    const uint8_t *p;   /* what is left of the text */
    size_t left;
    size_t fields;
    int at[COLUMNS]; /* the field of a column; -1: none */
};

static enum mk_err more_text(void *ctx, void *p, size_t n, size_t *got)
{
    struct reader *rd = ctx;
    *got = n < rd->left ? n : rd->left;
    if (*got)
        memcpy(p, rd->p, *got);
    rd->p += *got;
    rd->left -= *got;
    return MK_OK;
}

static const char *field(const struct reader *rd, int at, size_t *n)
{
    const struct mk_csv_field *f;
    *n = 0;
    if (at < 0)
        return "";
    f = &rd->csv->field[at];
    *n = f->n;
    return f->n ? (const char *)rd->csv->text.data + f->at : "";
}

static bool is(const char *p, size_t n, const char *word)
{
    return strlen(word) == n && memcmp(p, word, n) == 0;
}

static enum mk_err refuse(struct reader *rd, enum mk_err err,
                          enum column column)
{
    return mk_fail_at(rd->diag, err, columns[column].name, rd->csv->line, 0,
                      0);
}

/* ---- what may stand there ---- */

static enum mk_err allow(struct reader *rd, const char *word)
{
    struct mk_buf *out = &rd->r->allowed;
    return mk_buf_addf(out, "%s%s", out->len ? " " : "", word);
}

/* Refuses the field; what was allowed is told apart. */
static enum mk_err refuse_code(struct reader *rd, enum column column)
{
    enum mk_err rc = mk_buf_terminate(&rd->r->allowed);
    return rc == MK_OK ? refuse(rd, MK_E_BAD_CODE, column)
                       : mk_fail(rd->diag, rc, NULL);
}

/* ---- the header ---- */

static enum mk_err take_column(struct reader *rd, size_t i)
{
    size_t n;
    const char *p = field(rd, (int)i, &n);
    for (unsigned c = 0; c < COLUMNS; c++) {
        if (!is(p, n, columns[c].name))
            continue;
        if (rd->at[c] >= 0)
            return refuse(rd, MK_E_DUPLICATE_KEY, c);
        rd->at[c] = (int)i;
        return MK_OK;
    }
    if (rd->csv->n == 1 && memchr(p, ';', n))
        return mk_fail_at(rd->diag, MK_E_SEMICOLON, "csv", rd->csv->line, 0,
                          0);
    return mk_fail_at(rd->diag, MK_E_UNKNOWN_COLUMN, NULL, rd->csv->line,
                      (int64_t)i + 1, 0);
}

static enum mk_err take_header(struct reader *rd)
{
    bool more;
    enum mk_err rc;
    for (unsigned c = 0; c < COLUMNS; c++)
        rd->at[c] = -1;
    MK_TRY(mk_csv_next(rd->csv, &more, rd->diag));
    if (!more)
        return mk_fail_at(rd->diag, MK_E_SYNTAX, "csv", 1, 0, 0);
    for (size_t i = 0; i < rd->csv->n; i++)
        MK_TRY(take_column(rd, i));
    for (unsigned c = 0; c < COLUMNS; c++)
        if (columns[c].needed && rd->at[c] < 0)
            return refuse(rd, MK_E_MISSING_KEY, c);
    rd->fields = rd->csv->n;
out:
    if (rc == MK_E_UNKNOWN_COLUMN) {
        for (unsigned c = 0; c < COLUMNS; c++)
            if (allow(rd, columns[c].name) != MK_OK)
                return MK_E_MEMORY;
        rc = mk_buf_terminate(&rd->r->allowed) == MK_OK ? rc : MK_E_MEMORY;
    }
    return rc;
}

/* ---- a row ---- */

static enum mk_err take_table(struct reader *rd, struct mk_reconcile_row *row)
{
    size_t n;
    const char *p = field(rd, rd->at[TABLE], &n);
    enum mk_err rc = MK_OK;
    for (unsigned id = 0; id < MK_TABLE_COUNT; id++) {
        if (is(p, n, rd->f->table[id].id)) {
            row->table = id;
            return MK_OK;
        }
    }
    for (unsigned id = 0; id < MK_TABLE_COUNT; id++)
        MK_TRY(allow(rd, rd->f->table[id].id));
    rc = refuse_code(rd, TABLE);
out:
    return rc;
}

/* *in false: another year than those of the factsheet. */
static enum mk_err take_year(struct reader *rd, struct mk_reconcile_row *row,
                             bool *in)
{
    char label[MK_YEAR_TEXT];
    uint64_t number;
    size_t n;
    const char *p = field(rd, rd->at[YEAR], &n);
    bool school = rd->f->school_year;
    *in = false;
    for (size_t y = 0; y < rd->f->n_years; y++) {
        mk_words_year(label, rd->f->years[y], school);
        if (is(p, n, label)) {
            row->year = y;
            *in = true;
        }
    }
    /* "2018", or "2018/2019" */
    if (!mk_num_parse(p, n < 4 ? n : 4, 1900, 2199, &number))
        return mk_fail_at(rd->diag, MK_E_BAD_NUMBER, "year", rd->csv->line,
                          1900, 2199);
    mk_words_year(label, (int)number, school);
    return is(p, n, label) ? MK_OK
                           : mk_fail_at(rd->diag, MK_E_BAD_NUMBER, "year",
                                        rd->csv->line, 1900, 2199);
}

/* A row of an axis by its code; where nothing stands, the last: the total, or
 * the only one. */
static enum mk_err take_code(struct reader *rd, enum column column,
                             const struct mk_axis *axis, size_t *at)
{
    size_t n;
    const char *p = field(rd, rd->at[column], &n);
    enum mk_err rc = MK_OK;
    for (*at = 0; *at < axis->n; ++*at)
        if (is(p, n, axis->row[*at].slug))
            return MK_OK;
    *at = axis->n - 1;
    if (n == 0 && axis->row[*at].kind == MK_ROW_TOTAL)
        return MK_OK;
    for (size_t i = 0; i < axis->n; i++)
        MK_TRY(allow(rd, axis->row[i].slug));
    rc = refuse_code(rd, column);
out:
    return rc;
}

static enum mk_err take_measure(struct reader *rd,
                                struct mk_reconcile_row *row)
{
    const struct mk_table *t = &rd->f->table[row->table];
    size_t n;
    const char *p = field(rd, rd->at[MEASURE], &n);
    enum mk_err rc = MK_OK;
    if (n == 0)
        return MK_OK; /* the first */
    for (row->measure = 0; row->measure < t->measures; row->measure++)
        if (is(p, n, mk_measure_get(t->first + row->measure)->slug))
            return MK_OK;
    for (size_t m = 0; m < t->measures; m++)
        MK_TRY(allow(rd, mk_measure_get(t->first + m)->slug));
    rc = refuse_code(rd, MEASURE);
out:
    return rc;
}

/* *figure false: there is a mark in its place. */
static enum mk_err take_value(struct reader *rd, struct mk_reconcile_row *row,
                              bool *figure)
{
    size_t n, n_mark;
    const char *p = field(rd, rd->at[VALUE], &n);
    const char *mark = field(rd, rd->at[MARK], &n_mark);
    enum mk_err rc = MK_OK;
    *figure = n_mark == 0;
    if (n_mark > 0 && !is(mark, n_mark, "x") && !is(mark, n_mark, "NR") &&
        !is(mark, n_mark, "NA")) {
        MK_TRY(allow(rd, "x NR NA"));
        return refuse_code(rd, MARK);
    }
    if (n_mark > 0 ? n != 0 : !mk_num_parse(p, n, 0, MK_COUNTS_N, &row->value))
        rc = mk_fail_at(rd->diag, MK_E_BAD_NUMBER, "value", rd->csv->line, 0,
                        MK_COUNTS_N);
out:
    return rc;
}

static enum mk_err take_row(struct reader *rd)
{
    struct mk_reconcile_row row = {.line = rd->csv->line};
    bool in, figure;
    enum mk_err rc;
    if (rd->csv->n != rd->fields)
        return mk_fail_at(rd->diag, MK_E_SYNTAX, "row", rd->csv->line, 0, 0);
    if (rd->r->n + rd->r->n_outside + rd->r->n_marked == MK_RECONCILE_ROWS)
        return mk_fail_at(rd->diag, MK_E_TOO_LARGE, "csv", rd->csv->line,
                          MK_RECONCILE_ROWS, 0);
    MK_TRY(take_table(rd, &row));
    MK_TRY(take_year(rd, &row, &in));
    MK_TRY(take_value(rd, &row, &figure));
    if (!in || !figure) {
        rd->r->n_outside += !in;
        rd->r->n_marked += in && !figure;
        return MK_OK;
    }
    MK_TRY(take_code(rd, CATEGORY, &rd->f->table[row.table].category,
                     &row.category));
    MK_TRY(take_code(rd, CARE_TYPE, &rd->f->table[row.table].care_type,
                     &row.care_type));
    MK_TRY(take_measure(rd, &row));
    MK_TRY(mk_buf_add(&rd->r->rows, &row, sizeof row));
    rd->r->n++;
out:
    return rc;
}

/* ---- each cell once ---- */

static uint64_t key_of(const struct mk_reconcile_row *r)
{
    uint64_t key = r->table;
    key = key * MK_COUNTS_YEARS + r->year;
    key = key * MK_AXIS_MAX + r->category;
    key = key * MK_AXIS_MAX + r->care_type;
    return key * MK_MEASURE_COUNT + r->measure;
}

static int by_cell(const void *a, const void *b)
{
    const struct mk_reconcile_row *const *x = a, *const *y = b;
    uint64_t p = key_of(*x), q = key_of(*y);
    if (p != q)
        return p < q ? -1 : 1;
    return ((*x)->line > (*y)->line) - ((*x)->line < (*y)->line);
}

static enum mk_err check_once(const struct mk_reconcile *r,
                              struct mk_diag *diag)
{
    const struct mk_reconcile_row **sorted = calloc(r->n + 1, sizeof *sorted);
    enum mk_err rc = MK_OK;
    if (!sorted)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    for (size_t i = 0; i < r->n; i++)
        sorted[i] = mk_reconcile_row(r, i);
    qsort(sorted, r->n, sizeof(*sorted), by_cell);
    for (size_t i = 1; i < r->n && rc == MK_OK; i++)
        if (key_of(sorted[i]) == key_of(sorted[i - 1]))
            rc = mk_fail_at(diag, MK_E_DUPLICATE_KEY, "csv", sorted[i]->line,
                            0, 0);
    free(sorted);
    return rc;
}

/* ---- all of it ---- */

enum mk_err mk_reconcile_read(struct mk_reconcile *r,
                              const struct mk_factsheet *f, const void *text,
                              size_t n, struct mk_diag *diag)
{
    struct reader rd = {.r = r, .f = f, .diag = diag, .p = text, .left = n};
    bool more = true;
    enum mk_err rc;
    if (n > MK_RECONCILE_BYTES)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "csv", 0, MK_RECONCILE_BYTES,
                          0);
    rd.csv = malloc(sizeof *rd.csv);
    if (!rd.csv)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    mk_csv_init(rd.csv, more_text, &rd);
    MK_TRY(take_header(&rd));
    for (;;) {
        MK_TRY(mk_csv_next(rd.csv, &more, diag));
        if (!more)
            break;
        MK_TRY(take_row(&rd));
    }
    MK_TRY(check_once(r, diag));
out:
    mk_csv_release(rd.csv);
    free(rd.csv);
    return rc == MK_E_MEMORY ? mk_fail(diag, rc, NULL) : rc;
}
