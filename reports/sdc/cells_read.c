/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/cells_read.h"

#include <string.h>

#include "reports/sdc/cell_set.h"
#include "reports/sdc/round.h"
#include "reports/sdc/table_read.h"

enum column { VALUE, STATUS, LO, HI, WHY, COLUMNS };

static const struct {
    const char *name;
    enum mk_sdc_print print;
    bool value, interval; /* must have, may have */
} statuses[] = {
    {"published", MK_SDC_PRINTED, true, false},
    {"hidden", MK_SDC_HIDDEN, false, true},
    {"primary", MK_SDC_PRIMARY, true, true},
    {"secondary", MK_SDC_SECONDARY, true, true},
};
#define STATUSES (sizeof statuses / sizeof statuses[0])

struct reader {
    struct mk_sdc_printed *printed;
    struct mk_sdc_table_read table;
    struct mk_sdc_column column[COLUMNS];
    struct mk_sdc_cell_set set;
};

/* A field that may be empty or absent; *there: it is neither. */
static enum mk_err take_count(const struct reader *r, enum column c,
                              uint64_t *count, bool *there)
{
    const struct mk_sdc_column *column = &r->column[c];
    size_t n = 0;
    if (column->at >= 0)
        (void)mk_sdc_table_field(&r->table, column->at, &n);
    *there = n != 0;
    if (!*there)
        return MK_OK;
    return mk_sdc_table_count(&r->table, column->at, column->name, count);
}

static bool find_status(const struct reader *r, size_t *status)
{
    size_t n;
    const char *p = mk_sdc_table_field(&r->table, r->column[STATUS].at, &n);
    for (size_t i = 0; i < STATUSES; i++)
        if (strlen(statuses[i].name) == n &&
            memcmp(statuses[i].name, p, n) == 0) {
            *status = i;
            return true;
        }
    return false;
}

/* A figure, with the interval that is printed beside it or its own. */
static enum mk_err take_rounded(const struct reader *r,
                                struct mk_sdc_print_cell *cell, bool interval)
{
    uint64_t base = r->printed->base, lo, hi;
    cell->print = MK_SDC_ROUNDED;
    cell->interval = true;
    if (cell->value % base != 0)
        return mk_sdc_table_refuse(&r->table, MK_E_BAD_NUMBER, "value");
    if (!interval) {
        mk_sdc_round_window(cell->value, base - 1, &cell->lo, &cell->hi);
        return MK_OK;
    }
    mk_sdc_round_window(cell->value, base, &lo, &hi);
    return cell->lo >= lo && cell->hi <= hi
               ? MK_OK
               : mk_sdc_table_refuse(&r->table, MK_E_BAD_VALUE, "lo");
}

static enum mk_err take_cell(const struct reader *r,
                             struct mk_sdc_print_cell *cell)
{
    bool value, lo, hi;
    size_t status;
    enum mk_err rc;
    *cell = (struct mk_sdc_print_cell){.hi = MK_SDC_COUNT};
    if (!find_status(r, &status))
        return mk_sdc_table_refuse(&r->table, MK_E_BAD_CODE, "status");
    MK_TRY(take_count(r, VALUE, &cell->value, &value));
    MK_TRY(take_count(r, LO, &cell->lo, &lo));
    MK_TRY(take_count(r, HI, &cell->hi, &hi));
    if (value != statuses[status].value)
        return mk_sdc_table_refuse(&r->table, MK_E_BAD_VALUE, "value");
    bool rounded = r->printed->base &&
                   statuses[status].print == MK_SDC_PRINTED;
    if (lo != hi || (lo && !statuses[status].interval && !rounded) ||
        cell->lo > cell->hi)
        return mk_sdc_table_refuse(&r->table, MK_E_BAD_VALUE, "lo");
    if (rounded)
        return take_rounded(r, cell, lo);
    cell->print = statuses[status].print;
    cell->interval = lo;
out:
    return rc;
}

static enum mk_err take_row(struct reader *r)
{
    uint32_t node[MK_SDC_DIMS];
    struct mk_sdc_print_cell cell;
    enum mk_err rc;
    MK_TRY(mk_sdc_table_nodes(&r->table, false, node));
    rc = mk_sdc_cell_set_name(&r->set, node, r->table.diag);
    if (rc == MK_E_MEMORY)
        return rc;
    if (rc != MK_OK)
        return mk_sdc_table_refuse(&r->table, rc, "cell");
    MK_TRY(take_cell(r, &cell));
    MK_TRY(mk_sdc_printed_add(r->printed, node, &cell, r->table.diag));
out:
    return rc;
}

static enum mk_err take_all(struct reader *r, const struct mk_sdc_spec *spec,
                            const void *text, size_t n, struct mk_diag *diag)
{
    bool more;
    enum mk_err rc;
    MK_TRY(mk_sdc_cell_set_init(&r->set, spec, diag));
    MK_TRY(
        mk_sdc_table_open(&r->table, spec, text, n, r->column, COLUMNS, diag));
    if ((r->column[LO].at < 0) != (r->column[HI].at < 0))
        return mk_sdc_table_refuse(&r->table, MK_E_MISSING_KEY,
                                   r->column[LO].at < 0 ? "lo" : "hi");
    MK_TRY(mk_sdc_table_next(&r->table, &more));
    while (more) {
        MK_TRY(take_row(r));
        MK_TRY(mk_sdc_table_next(&r->table, &more));
    }
out:
    return rc;
}

enum mk_err mk_sdc_cells_parse(struct mk_sdc_printed *printed,
                               const struct mk_sdc_spec *spec, uint64_t base,
                               const void *text, size_t n,
                               struct mk_diag *diag)
{
    printed->base = base;
    struct reader r = {
        .printed = printed,
        .column = {[VALUE] = {.name = "value", .needed = true},
                   [STATUS] = {.name = "status", .needed = true},
                   [LO] = {.name = "lo"},
                   [HI] = {.name = "hi"},
                   [WHY] = {.name = "why"}}};
    enum mk_err rc = take_all(&r, spec, text, n, diag);
    mk_sdc_table_close(&r.table);
    mk_sdc_cell_set_release(&r.set);
    return rc;
}
