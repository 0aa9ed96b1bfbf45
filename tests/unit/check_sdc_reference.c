/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cases in tests/data/sdc, read as a user's files would be. */
#include "core/base/num.h"
#include "reports/sdc/data_read.h"
#include "reports/sdc/spec_read.h"
#include "tests/support/sdc_kit.h"
#include "tests/support/unit.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct read_case {
    struct mk_sdc_spec spec;
    struct mk_sdc_data data;
    struct mk_sdc_model m;
};

static void open_case(struct read_case *c, const char *name)
{
    struct mk_diag diag = MK_DIAG_INIT;
    size_t n;
    char *text = sdc_kit_read(name, "spec.json", &n);
    mk_sdc_spec_init(&c->spec);
    mk_sdc_model_init(&c->m);
    enum mk_err rc = mk_sdc_spec_parse(&c->spec, text, n, &diag);
    ck_assert_msg(rc == MK_OK, "%s: %s at %s", name, mk_err_name(rc),
                  diag.place);
    free(text);
    text = sdc_kit_read(name, "micro.csv", &n);
    mk_sdc_data_init(&c->data, &c->spec);
    rc = mk_sdc_data_parse(&c->data, &c->spec, text, n, &diag);
    ck_assert_msg(rc == MK_OK, "%s: %s at %s, line %d", name, mk_err_name(rc),
                  diag.place, (int)diag.line);
    free(text);
    rc = mk_sdc_model_build(&c->m, &c->spec, &c->data, NULL, NULL, 0, &diag);
    ck_assert_msg(rc == MK_OK, "%s: %s at %s", name, mk_err_name(rc),
                  diag.place);
}

static void close_case(struct read_case *c)
{
    mk_sdc_model_release(&c->m);
    mk_sdc_data_release(&c->data);
    mk_sdc_spec_release(&c->spec);
}

static size_t cells_not_empty(const struct mk_sdc_model *m)
{
    size_t n = 0;
    for (size_t i = 0; i < m->n_cells; i++)
        n += !m->cell[i].empty;
    return n;
}

/* The first fields of a line are the nodes, the next one is the count. */
static void check_line(const struct read_case *c, const char *name, char *line)
{
    uint32_t node[MK_SDC_DIMS];
    uint64_t count;
    size_t at;
    char *rest = line;
    for (size_t d = 0; d < c->spec.n_dims; d++) {
        char *field = strsep(&rest, ",");
        ck_assert(field != NULL && mk_sdc_find_node(&c->spec.dim[d], field,
                                                    strlen(field), &node[d]));
    }
    char *field = strsep(&rest, ",");
    ck_assert(field != NULL &&
              mk_num_parse(field, strlen(field), 0, MK_SDC_COUNT, &count));
    ck_assert_msg(mk_sdc_model_find(&c->m, node, &at), "%s: no cell %s", name,
                  line);
    ck_assert(c->m.cell[at].known && !c->m.cell[at].empty);
    ck_assert_msg(c->m.cell[at].value == count, "%s: %s is %d", name, line,
                  (int)c->m.cell[at].value);
}

START_TEST(every_reference_cell_has_its_count)
{
    size_t all = 0;
    for (int i = 1; i <= 15; i++) {
        struct read_case c;
        char name[8];
        size_t n, lines = 0;
        snprintf(name, sizeof name, "D%02d", i);
        open_case(&c, name);
        char *text = sdc_kit_read(name, "cells.csv", &n), *rest = text;
        (void)strsep(&rest, "\n");
        for (char *line; (line = strsep(&rest, "\n")) && *line; lines++)
            check_line(&c, name, line);
        ck_assert_msg(lines == cells_not_empty(&c.m), "%s: %d cells, not %d",
                      name, (int)cells_not_empty(&c.m), (int)lines);
        all += lines;
        free(text);
        close_case(&c);
    }
    ck_assert_uint_eq(all, 1587);
}
END_TEST

START_TEST(each_release_has_as_many_cells_as_was_reported)
{
    static const char *const names[] = {"RD1A", "RD1B"};
    static const char *const keys[] = {"A", "B"};
    size_t n;
    char *text = sdc_kit_read("RD1", "results.json", &n);
    json_t *results = json_loadb(text, n, 0, NULL);
    ck_assert_ptr_nonnull(results);
    for (size_t i = 0; i < 2; i++) {
        struct read_case c;
        json_t *counts =
            json_object_get(json_object_get(results, "gauss"), keys[i]);
        open_case(&c, names[i]);
        ck_assert_int_eq((json_int_t)c.m.n_cells,
                         json_integer_value(json_array_get(counts, 2)));
        size_t unsafe = 0;
        for (size_t k = 0; k < c.m.n_cells; k++)
            unsafe += c.m.cell[k].value > 0 && c.m.cell[k].value < 5;
        ck_assert_int_eq((json_int_t)unsafe,
                         json_integer_value(json_array_get(counts, 1)));
        close_case(&c);
    }
    json_decref(results);
    free(text);
}
END_TEST

/* Prints every cell of the case. */
static void print_all(const struct read_case *c, struct mk_sdc_release *r)
{
    struct mk_sdc_walk walk;
    size_t n;
    char *text = sdc_kit_read("RD1A", "spec.json", &n);
    mk_sdc_release_init(r);
    ck_assert_int_eq(mk_sdc_spec_parse(&r->spec, text, n, NULL), MK_OK);
    free(text);
    r->spec.threshold = 1; /* a publisher who hides nothing */
    mk_sdc_printed_init(&r->printed, &r->spec);
    mk_sdc_walk_init(&walk, &c->spec);
    while (mk_sdc_walk_next(&walk)) {
        struct mk_sdc_print_cell cell = {.print = MK_SDC_PRINTED};
        size_t at;
        ck_assert(mk_sdc_model_find(&c->m, walk.node, &at));
        cell.value = c->m.cell[at].value;
        ck_assert_int_eq(
            mk_sdc_printed_add(&r->printed, walk.node, &cell, NULL), MK_OK);
    }
}

START_TEST(two_releases_share_the_cells_of_their_common_years)
{
    struct read_case a, joint;
    struct mk_sdc_release r;
    struct mk_diag diag = MK_DIAG_INIT;
    const struct mk_sdc_release *earlier[] = {&r};
    size_t frozen = 0;
    open_case(&a, "RD1A");
    open_case(&joint, "RD1");
    print_all(&a, &r);
    mk_sdc_model_release(&joint.m);
    enum mk_err rc = mk_sdc_model_build(&joint.m, &joint.spec, &joint.data,
                                        NULL, earlier, 1, &diag);
    ck_assert_msg(rc == MK_OK, "%s at %s", mk_err_name(rc), diag.place);
    /* four years and the two sums of three, no total */
    ck_assert_uint_eq(joint.m.n_cells, 6 * 60);
    for (size_t i = 0; i < joint.m.n_cells; i++)
        frozen += joint.m.cell[i].fate == MK_SDC_MUST_SHOW;
    ck_assert_uint_eq(frozen, 240);
    mk_sdc_release_release(&r);
    close_case(&a);
    close_case(&joint);
}
END_TEST

START_TEST(records_with_columns_of_their_own_are_refused)
{
    struct read_case c;
    struct mk_diag diag = MK_DIAG_INIT;
    size_t n;
    open_case(&c, "RD1");
    char *text = sdc_kit_read("RD2", "micro.csv", &n);
    ck_assert_int_eq(mk_sdc_data_parse(&c.data, &c.spec, text, n, &diag),
                     MK_E_UNKNOWN_COLUMN);
    ck_assert_int_eq(diag.num[0], 5);
    free(text);
    close_case(&c);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        every_reference_cell_has_its_count,
        each_release_has_as_many_cells_as_was_reported,
        two_releases_share_the_cells_of_their_common_years,
        records_with_columns_of_their_own_are_refused,
    };
    return UNIT_RUN("sdc_reference", tests, NULL);
}
