/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/table_read.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/num.h"

static enum mk_err more_text(void *ctx, void *p, size_t n, size_t *got)
{
    struct mk_sdc_table_read *t = ctx;
    *got = n < t->left ? n : t->left;
    if (*got)
        memcpy(p, t->p, *got);
    t->p += *got;
    t->left -= *got;
    return MK_OK;
}

enum mk_err mk_sdc_table_refuse(const struct mk_sdc_table_read *t,
                                enum mk_err err, const char *place)
{
    return mk_fail_at(t->diag, err, place, t->csv->line, 0, 0);
}

const char *mk_sdc_table_field(const struct mk_sdc_table_read *t, int at,
                               size_t *n)
{
    const struct mk_csv_field *f = &t->csv->field[at];
    *n = f->n;
    return f->n ? (const char *)t->csv->text.data + f->at : "";
}

static bool is(const struct mk_sdc_table_read *t, size_t at, const char *name)
{
    size_t n;
    const char *p = mk_sdc_table_field(t, (int)at, &n);
    return strlen(name) == n && memcmp(p, name, n) == 0;
}

/* Where name stands in the header; -1: nowhere.  *twice: once more. */
static int find_column(const struct mk_sdc_table_read *t, const char *name,
                       bool *used)
{
    int found = -1;
    for (size_t i = 0; i < t->csv->n; i++) {
        if (!is(t, i, name))
            continue;
        if (found >= 0)
            return -2;
        found = (int)i;
        used[i] = true;
    }
    return found;
}

/* What a spreadsheet in Dutch writes. */
static bool has_semicolons(const struct mk_sdc_table_read *t)
{
    size_t n;
    const char *p = mk_sdc_table_field(t, 0, &n);
    return t->csv->n == 1 && memchr(p, ';', n) != NULL;
}

static enum mk_err take_header(struct mk_sdc_table_read *t,
                               struct mk_sdc_column *column, size_t n)
{
    bool used[MK_CSV_COLUMNS] = {false};
    if (has_semicolons(t) && find_column(t, t->spec->dim[0].name, used) < 0)
        return mk_sdc_table_refuse(t, MK_E_SEMICOLON, "csv");
    for (size_t d = 0; d < t->spec->n_dims; d++) {
        const char *name = t->spec->dim[d].name;
        int at = find_column(t, name, used);
        if (at < 0)
            return mk_sdc_table_refuse(
                t, at == -1 ? MK_E_MISSING_KEY : MK_E_DUPLICATE_KEY, name);
        t->field[d] = (size_t)at;
    }
    for (size_t i = 0; i < n; i++) {
        column[i].at = find_column(t, column[i].name, used);
        if (column[i].at == -2)
            return mk_sdc_table_refuse(t, MK_E_DUPLICATE_KEY, column[i].name);
        if (column[i].at == -1 && column[i].needed)
            return mk_sdc_table_refuse(t, MK_E_MISSING_KEY, column[i].name);
    }
    for (size_t i = 0; i < t->csv->n; i++)
        if (!used[i])
            return mk_fail_at(t->diag, MK_E_UNKNOWN_COLUMN, NULL, t->csv->line,
                              (int64_t)i + 1, 0);
    t->n_fields = t->csv->n;
    return MK_OK;
}

enum mk_err mk_sdc_table_open(struct mk_sdc_table_read *t,
                              const struct mk_sdc_spec *spec, const void *text,
                              size_t n, struct mk_sdc_column *column,
                              size_t n_columns, struct mk_diag *diag)
{
    *t = (struct mk_sdc_table_read){
        .spec = spec, .diag = diag, .p = text, .left = n};
    bool more;
    t->csv = malloc(sizeof *t->csv);
    if (!t->csv)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    mk_csv_init(t->csv, more_text, t);
    enum mk_err rc = mk_csv_next(t->csv, &more, diag);
    if (rc != MK_OK)
        return rc;
    if (!more)
        return mk_fail_at(diag, MK_E_SYNTAX, "csv", 1, 0, 0);
    return take_header(t, column, n_columns);
}

void mk_sdc_table_close(struct mk_sdc_table_read *t)
{
    if (t->csv)
        mk_csv_release(t->csv);
    free(t->csv);
    t->csv = NULL;
}

enum mk_err mk_sdc_table_next(struct mk_sdc_table_read *t, bool *more)
{
    enum mk_err rc = mk_csv_next(t->csv, more, t->diag);
    if (rc == MK_OK && *more && t->csv->n != t->n_fields)
        return mk_sdc_table_refuse(t, MK_E_SYNTAX, "row");
    return rc;
}

enum mk_err mk_sdc_table_nodes(const struct mk_sdc_table_read *t, bool leaves,
                               uint32_t node[static MK_SDC_DIMS])
{
    for (size_t d = 0; d < t->spec->n_dims; d++) {
        const struct mk_sdc_dim *dim = &t->spec->dim[d];
        size_t n;
        const char *p = mk_sdc_table_field(t, (int)t->field[d], &n);
        if (!mk_sdc_find_node(dim, p, n, &node[d]) ||
            (leaves && node[d] >= dim->n_leaves))
            return mk_sdc_table_refuse(t, MK_E_BAD_CODE, dim->name);
    }
    return MK_OK;
}

enum mk_err mk_sdc_table_count(const struct mk_sdc_table_read *t, int at,
                               const char *name, uint64_t *count)
{
    size_t n;
    const char *p = mk_sdc_table_field(t, at, &n);
    if (!mk_num_parse(p, n, 0, MK_SDC_COUNT, count))
        return mk_fail_at(t->diag, MK_E_BAD_NUMBER, name, t->csv->line, 0,
                          MK_SDC_COUNT);
    return MK_OK;
}
