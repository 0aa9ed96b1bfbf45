/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/support/sdc_case.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/num.h"
#include "reports/sdc/data_read.h"
#include "reports/sdc/release_file.h"
#include "reports/sdc/spec_read.h"
#include "tests/support/sdc_kit.h"

#define COLUMNS 64

static void good(enum mk_err rc, const struct mk_diag *diag, const char *what)
{
    ck_assert_msg(rc == MK_OK, "%s: %s at %s", what, mk_err_name(rc),
                  diag->place);
}

void sdc_case_read(struct sdc_case *c, const char *name)
{
    struct mk_diag diag = MK_DIAG_INIT;
    size_t n;
    char *text = sdc_kit_read(name, "spec.json", &n);
    mk_sdc_spec_init(&c->spec);
    mk_sdc_model_init(&c->m);
    mk_sdc_result_init(&c->r);
    mk_sdc_release_init(&c->release);
    good(mk_sdc_spec_parse(&c->spec, text, n, &diag), &diag, name);
    free(text);
    text = sdc_kit_read(name, "micro.csv", &n);
    mk_sdc_data_init(&c->data, &c->spec);
    good(mk_sdc_data_parse(&c->data, &c->spec, text, n, &diag), &diag, name);
    free(text);
}

void sdc_case_model(struct sdc_case *c, const struct mk_sdc_printed *printed,
                    const struct mk_sdc_release *const *earlier, size_t n)
{
    struct mk_diag diag = MK_DIAG_INIT;
    mk_sdc_model_release(&c->m);
    const struct mk_sdc_data *data = c->data.rows > 0 ? &c->data : NULL;
    good(mk_sdc_model_build(&c->m, &c->spec, data, printed, earlier, n, &diag),
         &diag, "model");
}

void sdc_case_open(struct sdc_case *c, const char *name)
{
    sdc_case_read(c, name);
    sdc_case_model(c, NULL, NULL, 0);
}

void sdc_case_close(struct sdc_case *c)
{
    mk_sdc_release_release(&c->release);
    mk_sdc_result_release(&c->r);
    mk_sdc_model_release(&c->m);
    mk_sdc_data_release(&c->data);
    mk_sdc_spec_release(&c->spec);
}

void sdc_case_protect(struct sdc_case *c, uint64_t work)
{
    struct mk_diag diag = MK_DIAG_INIT;
    mk_sdc_result_release(&c->r);
    good(mk_sdc_protect(&c->r, &c->m, work, &diag), &diag, "protect");
}

void sdc_case_audit(struct sdc_case *c)
{
    struct mk_diag diag = MK_DIAG_INIT;
    mk_sdc_result_release(&c->r);
    good(mk_sdc_audit(&c->r, &c->m, &diag), &diag, "audit");
}

void sdc_case_publish(struct sdc_case *c, const char *name)
{
    struct mk_diag diag = MK_DIAG_INIT;
    struct mk_buf out;
    mk_buf_init(&out);
    mk_sdc_release_release(&c->release);
    mk_sdc_release_init(&c->release);
    good(mk_sdc_release_write(&out, &c->m, name, &diag), &diag, name);
    good(mk_sdc_release_parse(&c->release, out.data, out.len, &diag), &diag,
         name);
    mk_buf_release(&out);
}

size_t sdc_case_faults(const struct sdc_case *c, enum mk_sdc_fault fault)
{
    size_t n = 0;
    for (size_t i = 0; i < c->m.n_cells; i++)
        n += c->r.fault[i] == fault;
    return n;
}

size_t sdc_case_hidden(const struct sdc_case *c)
{
    size_t n = 0;
    for (size_t i = 0; i < c->m.n_cells; i++)
        n += c->m.cell[i].hidden && c->m.cell[i].current;
    return n;
}

void sdc_case_clean(const struct sdc_case *c, const char *name)
{
    char text[1024] = "", place[256];
    size_t len = 0;
    for (size_t i = 0; i < c->m.n_cells && len < sizeof text; i++) {
        if (c->r.fault[i] == MK_SDC_FAULT_NONE)
            continue;
        mk_sdc_model_place(&c->m, i, place, sizeof place);
        len += (size_t)snprintf(text + len, sizeof text - len, " %s %s;",
                                mk_sdc_fault_slug(c->r.fault[i]), place);
    }
    ck_assert_msg(c->r.safe, "%s: nothing safe was found", name);
    ck_assert_msg(c->r.n_faults == 0, "%s: %d faults:%s", name,
                  (int)c->r.n_faults, text);
}

/* ---- cells.csv ---- */

static bool find_column(char *header, const char *name, size_t *at)
{
    char *rest = header, *field;
    bool found = false;
    for (size_t i = 0; (field = strsep(&rest, ",")); i++)
        if (strcmp(field, name) == 0) {
            *at = i;
            found = true;
        }
    return found;
}

static uint64_t number(const char *field)
{
    uint64_t n;
    ck_assert_msg(mk_num_parse(field, strlen(field), 0, MK_SDC_COUNT, &n),
                  "no number: %s", field);
    return n;
}

static void read_row(struct sdc_row *row, const struct mk_sdc_spec *spec,
                     char *line, size_t status)
{
    char *field[COLUMNS], *rest = line;
    size_t n = 0;
    while (n < COLUMNS && (field[n] = strsep(&rest, ",")))
        n++;
    ck_assert_uint_gt(n, status);
    for (size_t d = 0; d < spec->n_dims; d++)
        ck_assert(mk_sdc_find_node(&spec->dim[d], field[d], strlen(field[d]),
                                   &row->node[d]));
    row->value = number(field[spec->n_dims]);
    row->status = field[status][0];
    row->bounds = n > status + 2 && *field[status + 1] && *field[status + 2];
    row->lo = row->bounds ? number(field[status + 1]) : 0;
    row->hi = row->bounds ? number(field[status + 2]) : 0;
}

bool sdc_rows_read(struct sdc_rows *rows, const struct mk_sdc_spec *spec,
                   const char *name, const char *method)
{
    size_t n, status = 0;
    char *text = sdc_kit_read(name, "cells.csv", &n), *rest = text;
    memset(rows, 0, sizeof *rows);
    if (find_column(strsep(&rest, "\n"), method, &status)) {
        rows->at = calloc(n, sizeof *rows->at);
        ck_assert_ptr_nonnull(rows->at);
        for (char *line; (line = strsep(&rest, "\n")) && *line;) {
            struct sdc_row *row = &rows->at[rows->n++];
            read_row(row, spec, line, status);
            rows->hidden += row->status == 'P' || row->status == 'S';
        }
    }
    free(text);
    return rows->hidden > 0;
}

void sdc_rows_release(struct sdc_rows *rows)
{
    free(rows->at);
    memset(rows, 0, sizeof *rows);
}

void sdc_rows_print(const struct sdc_rows *rows,
                    const struct mk_sdc_spec *spec,
                    struct mk_sdc_printed *printed)
{
    mk_sdc_printed_init(printed, spec);
    for (size_t i = 0; i < rows->n; i++) {
        const struct sdc_row *row = &rows->at[i];
        struct mk_sdc_print_cell cell = {
            .print = row->status == 'P'   ? MK_SDC_PRIMARY
                     : row->status == 'S' ? MK_SDC_SECONDARY
                                          : MK_SDC_PRINTED,
            .value = row->value,
            .hi = row->status == '.' ? 0 : MK_SDC_COUNT,
        };
        ck_assert_int_eq(mk_sdc_printed_add(printed, row->node, &cell, NULL),
                         MK_OK);
    }
}

json_t *sdc_results(const char *name)
{
    size_t n;
    char *text = sdc_kit_read(name, "results.json", &n);
    json_t *results = json_loadb(text, n, 0, NULL);
    ck_assert_ptr_nonnull(results);
    free(text);
    return results;
}

json_int_t sdc_result(const json_t *results, const char *method,
                      const char *key)
{
    const json_t *value = json_object_get(
        json_object_get(json_object_get(results, "methods"), method), key);
    ck_assert_msg(value != NULL, "no %s of %s", key, method);
    return json_is_boolean(value) ? json_is_true(value)
                                  : json_integer_value(value);
}
