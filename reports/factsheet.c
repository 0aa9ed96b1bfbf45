/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/factsheet.h"

#include <stdlib.h>
#include <string.h>

#include "reports/notes.h"
#include "reports/say.h"
#include "reports/summary.h"

enum axis_kind {
    AXIS_NONE,
    AXIS_CATEGORY,
    AXIS_OFFENCE,
    AXIS_DUTY,
    AXIS_REPORTER,
    AXIS_CARE_TYPE,
};

struct table_def {
    const char *id;
    enum axis_kind category, care_type;
    enum mk_measure first, last;
    int kept_from;
    const char *title, *unit; /* for mk_say */
};
static const struct table_def table_defs[MK_TABLE_COUNT] = {
#define MK_TABLE(id, category, care_type, first, last, kept_from, title, \
                 unit)                                                   \
    {#id,                                                                \
     AXIS_##category,                                                    \
     AXIS_##care_type,                                                   \
     MK_MEASURE_##first,                                                 \
     MK_MEASURE_##last,                                                  \
     kept_from,                                                          \
     title,                                                              \
     unit},
#include "reports/factsheet.def"
};

static const struct mk_measure_def measure_defs[MK_MEASURE_COUNT] = {
#define MK_MEASURE(NAME, slug, depth, label) {slug, depth, label},
#include "reports/factsheet.def"
};

static const struct {
    enum axis_kind axis;
    enum mk_dim dim;
    uint8_t number;
} picks[] = {
#define MK_PICK(axis, list, slug) \
    {AXIS_##axis, MK_DIM_##list, MK_LEVEL_##list##_##slug},
#include "reports/factsheet.def"
};

static const struct {
    enum mk_dim dim;
    const char *slug;
    uint64_t members;
    const char *label; /* for mk_say */
} groups[] = {
#define MASK(name) ((uint64_t)1 << MK_LEVEL_##name)
#define MK_GROUP(list, slug, members, label) \
    {MK_DIM_##list, #slug, members, label},
#include "reports/factsheet.def"
#undef MASK
};

const char *mk_policy_slug(enum mk_policy policy)
{
    static const char *const slug[] = {[MK_POLICY_INTERNAL] = "internal",
                                       [MK_POLICY_EXACT] = "exact",
                                       [MK_POLICY_SUPPRESS] = "suppress"};
    return slug[policy];
}

const char *mk_mark_slug(enum mk_mark mark)
{
    switch (mark) {
    case MK_MARK_NONE:
        return "";
    case MK_MARK_X:
        return "x";
    case MK_MARK_NR:
        return "NR";
    case MK_MARK_NA:
        return "NA";
    }
    return "";
}

const struct mk_measure_def *mk_measure_get(enum mk_measure measure)
{
    return &measure_defs[measure];
}

void mk_factsheet_init(struct mk_factsheet *f)
{
    memset(f, 0, sizeof *f);
    mk_rule_init(&f->rule);
    f->data_date = MK_DAY_NONE;
}

void mk_factsheet_release(struct mk_factsheet *f)
{
    for (size_t i = 0; i < MK_TABLE_COUNT; i++)
        free(f->table[i].cells);
    for (size_t i = 0; i < f->n_notes; i++)
        mk_buf_release(&f->note[i].text);
    for (size_t i = 0; i < f->n_summary; i++)
        mk_buf_release(&f->summary[i].text);
    mk_factsheet_init(f);
}

static size_t index_of(const struct mk_table *t, size_t year, size_t category,
                       size_t care_type, size_t measure)
{
    return ((year * t->category.n + category) * t->care_type.n + care_type) *
               t->measures +
           measure;
}

const struct mk_cell *mk_factsheet_cell(const struct mk_table *t, size_t year,
                                        size_t category, size_t care_type,
                                        size_t measure)
{
    return &t->cells[index_of(t, year, category, care_type, measure)];
}

/* ---- the axes ---- */

static void add_row(struct mk_axis *axis, struct mk_row row)
{
    if (axis->n < MK_AXIS_MAX)
        axis->row[axis->n++] = row;
}

/* A row that is in no list of codes: its label comes from the catalogues. */
static void add_made(struct mk_axis *axis, struct mk_row row,
                     const char *label)
{
    row.nl = mk_say(false, label);
    row.en = mk_say(true, label);
    add_row(axis, row);
}

static bool in_window(const struct mk_counts *c, int from_year, int to_year)
{
    for (size_t i = 0; i < c->n_years; i++)
        if (mk_level_valid(from_year, to_year, c->years[i], c->school_year))
            return true;
    return false;
}

static void add_level(struct mk_axis *axis, const struct mk_counts *c,
                      enum mk_dim dim, const struct mk_level *level)
{
    if (in_window(c, level->from_year, level->to_year))
        add_row(axis, (struct mk_row){MK_ROW_LEVEL, dim, level->number, 0,
                                      false, level->slug, level->nl, level->en,
                                      level->from_year, level->to_year});
}

/* The group whose last member the level is; its members are hidden in a
 * publication. */
static void add_group(struct mk_axis *axis, enum mk_dim dim, unsigned number,
                      bool publication)
{
    for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++) {
        if (groups[g].dim != dim || groups[g].members >> number != 1)
            continue;
        for (size_t i = 0; i < axis->n; i++)
            if (groups[g].members >> axis->row[i].number & 1)
                axis->row[i].hidden = publication;
        add_made(axis,
                 (struct mk_row){.kind = MK_ROW_GROUP,
                                 .dim = dim,
                                 .members = groups[g].members,
                                 .slug = groups[g].slug},
                 groups[g].label);
    }
}

static bool is_unknown(enum mk_dim dim, uint8_t number)
{
    return (number == MK_LEVEL_NR || number == MK_LEVEL_ONB) &&
           !mk_level_get(mk_dim_levels(dim), number);
}

/* A row of its own for what is not known, so that rows add up.  always: also
 * where nothing is, for that it stands there would tell that something is. */
static void add_unknown(struct mk_axis *axis, const struct mk_counts *c,
                        enum mk_dim dim, bool always)
{
    for (size_t i = 0; i < axis->n; i++)
        if (strcmp(axis->row[i].slug, "ONB") == 0)
            return;
    for (size_t i = 0; i < c->n_rows + always; i++)
        if (always || is_unknown(dim, c->rows[i].level[dim])) {
            add_made(axis,
                     (struct mk_row){
                         .kind = MK_ROW_UNKNOWN, .dim = dim, .slug = "ONB"},
                     MK_SAY_ID("unknown"));
            return;
        }
}

static void add_list(struct mk_axis *axis, const struct mk_counts *c,
                     enum mk_dim dim, enum mk_policy policy)
{
    const struct mk_level *level;
    enum mk_levels list = mk_dim_levels(dim);
    for (size_t i = 0; (level = mk_level_at(list, i)) != NULL; i++) {
        add_level(axis, c, dim, level);
        add_group(axis, dim, level->number, policy != MK_POLICY_INTERNAL);
    }
    add_unknown(axis, c, dim, policy == MK_POLICY_SUPPRESS);
}

static void set_axis(struct mk_axis *axis, enum axis_kind kind,
                     const struct mk_counts *c, enum mk_policy policy)
{
    axis->n = 0;
    switch (kind) {
    case AXIS_NONE:
        add_row(axis, (struct mk_row){
                          .kind = MK_ROW_ALL, .slug = "", .nl = "", .en = ""});
        return;
    case AXIS_CATEGORY:
        add_list(axis, c, MK_DIM_CATEGORY, policy);
        break;
    case AXIS_REPORTER:
        add_list(axis, c, MK_DIM_REPORTER, policy);
        break;
    case AXIS_CARE_TYPE:
        add_list(axis, c, MK_DIM_CARE_TYPE, policy);
        break;
    case AXIS_OFFENCE:
    case AXIS_DUTY:
        for (size_t i = 0; i < sizeof picks / sizeof picks[0]; i++)
            if (picks[i].axis == kind)
                add_level(axis, c, picks[i].dim,
                          mk_level_get(mk_dim_levels(picks[i].dim),
                                       picks[i].number));
        break;
    }
    /* misuse, harassment and ill-treatment overlap: no total of OFFENCE */
    if (kind != AXIS_OFFENCE)
        add_made(axis, (struct mk_row){.kind = MK_ROW_TOTAL, .slug = "TOT"},
                 MK_SAY_ID("total"));
}

/* ---- the cells ---- */

bool mk_row_holds(const struct mk_row *row, const struct mk_counts_row *r)
{
    switch (row->kind) {
    case MK_ROW_ALL:
        return true;
    case MK_ROW_LEVEL:
        /* a list with a code ONB of its own: what is not recorded is there */
        return r->level[row->dim] == row->number ||
               (is_unknown(row->dim, r->level[row->dim]) &&
                strcmp(row->slug, "ONB") == 0);
    case MK_ROW_UNKNOWN:
        return is_unknown(row->dim, r->level[row->dim]);
    case MK_ROW_GROUP:
    case MK_ROW_TOTAL:
        return false; /* made from other cells */
    }
    return false;
}

bool mk_measure_holds(enum mk_measure measure, const struct mk_counts_row *r)
{
    uint8_t direct = r->level[MK_DIM_DIRECT];
    if (measure >= MK_MEASURE_DUTY && r->level[MK_DIM_DUTY] != MK_LEVEL_YN_J)
        return false;
    switch (measure) {
    case MK_MEASURE_DOSSIERS:
    case MK_MEASURE_DUTY:
        return true;
    case MK_MEASURE_MTBP:
        return r->level[MK_DIM_MTBP] == MK_LEVEL_YN_J;
    case MK_MEASURE_DIRECT_J:
        return direct == MK_LEVEL_DIRECT_J;
    case MK_MEASURE_DIRECT_N:
        return direct == MK_LEVEL_DIRECT_N;
    case MK_MEASURE_DIRECT_NR:
        return direct != MK_LEVEL_DIRECT_J && direct != MK_LEVEL_DIRECT_N;
    case MK_MEASURE_RED:
        return r->level[MK_DIM_RED];
    case MK_MEASURE_REFERRED:
        return r->level[MK_DIM_REFERRED];
    case MK_MEASURE_COMPLAINT:
        return r->level[MK_DIM_COMPLAINT];
    case MK_MEASURE_POLICE_REPORT:
        return r->level[MK_DIM_POLICE_REPORT];
    case MK_MEASURE_UNMET_OVERLEG:
        return r->level[MK_DIM_UNMET_OVERLEG];
    case MK_MEASURE_UNMET_AANGIFTE:
        return r->level[MK_DIM_UNMET_AANGIFTE];
    case MK_MEASURE_UNMET:
        return r->level[MK_DIM_UNMET_OVERLEG] ||
               r->level[MK_DIM_UNMET_AANGIFTE];
    case MK_MEASURE_COUNT:
        break;
    }
    return false;
}

/* Adds a row of the cube to every cell that holds it. */
static void count_row(struct mk_table *t, const struct mk_counts_row *r)
{
    size_t year = r->level[MK_DIM_YEAR];
    for (size_t c = 0; c < t->category.n; c++) {
        if (!mk_row_holds(&t->category.row[c], r))
            continue;
        for (size_t k = 0; k < t->care_type.n; k++) {
            if (!mk_row_holds(&t->care_type.row[k], r))
                continue;
            for (size_t m = 0; m < t->measures; m++)
                if (mk_measure_holds(t->first + m, r))
                    t->cells[index_of(t, year, c, k, m)].value += r->n;
        }
    }
}

static void mark_leaves(struct mk_table *t, const struct mk_counts *counts,
                        size_t year)
{
    int y = counts->years[year];
    bool school = counts->school_year;
    for (size_t c = 0; c < t->category.n; c++)
        for (size_t k = 0; k < t->care_type.n; k++)
            for (size_t m = 0; m < t->measures; m++) {
                const struct mk_row *a = &t->category.row[c];
                const struct mk_row *b = &t->care_type.row[k];
                struct mk_cell *cell = &t->cells[index_of(t, year, c, k, m)];
                if (y < t->kept_from)
                    *cell = (struct mk_cell){.mark = MK_MARK_NR};
                else if (!mk_level_valid(a->from_year, a->to_year, y,
                                         school) ||
                         !mk_level_valid(b->from_year, b->to_year, y, school))
                    *cell = (struct mk_cell){.mark = MK_MARK_NA};
            }
}

/* One more part of a sum: NA is skipped, NR makes the sum NR. */
struct sum {
    struct mk_cell cell;
    bool any;
};

static void add_part(struct sum *s, const struct mk_cell *part)
{
    if (part->mark == MK_MARK_NA)
        return;
    s->any = true;
    if (part->mark == MK_MARK_NR || s->cell.mark == MK_MARK_NR)
        s->cell = (struct mk_cell){.mark = MK_MARK_NR};
    else
        s->cell.value += part->value;
}

static struct mk_cell sum_of(const struct sum *s)
{
    return s->any ? s->cell : (struct mk_cell){.mark = MK_MARK_NA};
}

static bool is_part(const struct mk_row *part, const struct mk_row *sum)
{
    if (part->kind == MK_ROW_GROUP || part->kind == MK_ROW_TOTAL)
        return false;
    if (sum->kind == MK_ROW_TOTAL)
        return true;
    return sum->kind == MK_ROW_GROUP && part->kind == MK_ROW_LEVEL &&
           (sum->members >> part->number & 1);
}

/* Groups and totals of both axes: care types first, so that the totals of
 * the categories find them ready. */
static void sum_year(struct mk_table *t, size_t year)
{
    for (size_t c = 0; c < t->category.n; c++)
        for (size_t k = 0; k < t->care_type.n; k++)
            for (size_t m = 0; m < t->measures; m++) {
                const struct mk_axis *axis = &t->care_type;
                struct sum s = {.any = false};
                if (axis->row[k].kind < MK_ROW_GROUP)
                    continue;
                for (size_t i = 0; i < axis->n; i++)
                    if (is_part(&axis->row[i], &axis->row[k]))
                        add_part(&s, mk_factsheet_cell(t, year, c, i, m));
                t->cells[index_of(t, year, c, k, m)] = sum_of(&s);
            }
    for (size_t c = 0; c < t->category.n; c++)
        for (size_t k = 0; k < t->care_type.n; k++)
            for (size_t m = 0; m < t->measures; m++) {
                const struct mk_axis *axis = &t->category;
                struct sum s = {.any = false};
                if (axis->row[c].kind < MK_ROW_GROUP)
                    continue;
                for (size_t i = 0; i < axis->n; i++)
                    if (is_part(&axis->row[i], &axis->row[c]))
                        add_part(&s, mk_factsheet_cell(t, year, i, k, m));
                t->cells[index_of(t, year, c, k, m)] = sum_of(&s);
            }
}

static enum mk_err build_table(struct mk_factsheet *f, enum mk_table_id id,
                               const struct mk_counts *counts,
                               struct mk_diag *diag)
{
    const struct table_def *def = &table_defs[id];
    struct mk_table *t = &f->table[id];
    t->id = def->id;
    t->title = mk_say(f->english, def->title);
    t->unit = mk_say(f->english, def->unit);
    t->kept_from = def->kept_from;
    t->first = def->first;
    t->measures = (size_t)(def->last - def->first) + 1;
    set_axis(&t->category, def->category, counts, f->policy);
    set_axis(&t->care_type, def->care_type, counts, f->policy);
    t->cells =
        calloc(counts->n_years * t->category.n * t->care_type.n * t->measures,
               sizeof *t->cells);
    if (!t->cells)
        return mk_fail(diag, MK_E_MEMORY, NULL);
    for (size_t i = 0; i < counts->n_rows; i++)
        count_row(t, &counts->rows[i]);
    for (size_t y = 0; y < counts->n_years; y++) {
        mark_leaves(t, counts, y);
        sum_year(t, y);
    }
    return MK_OK;
}

/* The grand total of a year; it stands last on both axes. */
static uint64_t grand_total(const struct mk_table *t, size_t year)
{
    return mk_factsheet_cell(t, year, t->category.n - 1, t->care_type.n - 1, 0)
        ->value;
}

static enum mk_err check_totals(const struct mk_factsheet *f,
                                struct mk_diag *diag)
{
    static const enum mk_table_id all[] = {MK_TABLE_F2, MK_TABLE_F3,
                                           MK_TABLE_F6, MK_TABLE_F7};
    for (size_t y = 0; y < f->n_years; y++)
        for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
            if (grand_total(&f->table[all[i]], y) !=
                grand_total(&f->table[MK_TABLE_F1], y))
                return mk_fail(diag, MK_E_INTERNAL, f->table[all[i]].id);
    return MK_OK;
}

enum mk_err mk_factsheet_build(struct mk_factsheet *f,
                               const struct mk_counts *counts,
                               struct mk_diag *diag)
{
    enum mk_err rc;
    memcpy(f->years, counts->years, sizeof f->years);
    f->n_years = counts->n_years;
    f->school_year = counts->school_year;
    f->data_date = counts->data_date;
    f->position = counts->position;
    for (unsigned id = 0; id < MK_TABLE_COUNT; id++)
        MK_TRY(build_table(f, id, counts, diag));
    MK_TRY(check_totals(f, diag));
    /* what disclosure control hides is not known yet, and notes speak of it */
    if (f->policy != MK_POLICY_SUPPRESS) {
        MK_TRY(mk_notes_build(f, counts, diag));
        MK_TRY(mk_summary_build(f, diag));
    }
out:
    return rc;
}
