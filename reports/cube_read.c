/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/cube_read.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/num.h"

#define VERSION 4
#define MOST_TAGS 100000000u
#define FIRST_YEAR 1900
#define LAST_YEAR 2199
#define NO_YEAR MK_COUNTS_YEARS /* row of uncounted */

/* A piece of the input; not terminated. */
struct piece {
    const char *p;
    size_t n;
};

struct reader {
    const char *p, *end;
    uint64_t line; /* of the piece last taken */
    struct mk_counts *counts;
    struct mk_diag *diag;
    uint64_t rows; /* as announced */
};

static const struct {
    unsigned number;
    const char *slug, *nl, *en;
} states[] = {
#define MK_STATE(number, NAME, slug, kind, nl, en) {number, slug, nl, en},
#include "core/defs/states.def"
};
#define STATES (sizeof states / sizeof states[0])

void mk_counts_init(struct mk_counts *counts)
{
    *counts = (struct mk_counts){.data_date = MK_DAY_NONE};
}

void mk_counts_release(struct mk_counts *counts)
{
    free(counts->rows);
    mk_counts_init(counts);
}

const char *mk_counts_state(unsigned number, bool english)
{
    for (size_t i = 0; i < STATES; i++)
        if (states[i].number == number)
            return english ? states[i].en : states[i].nl;
    return NULL;
}

static enum mk_err refuse(struct reader *r, enum mk_err err, const char *place)
{
    return mk_fail_at(r->diag, err, place, r->line, 0, 0);
}

static enum mk_err refuse_number(struct reader *r, const char *place,
                                 int64_t min, int64_t max)
{
    return mk_fail_at(r->diag, MK_E_BAD_NUMBER, place, r->line, min, max);
}

static bool is(struct piece piece, const char *text)
{
    return strlen(text) == piece.n && memcmp(text, piece.p, piece.n) == 0;
}

/* The next line without its LF; a last line without LF was cut off. */
static enum mk_err next_line(struct reader *r, struct piece *line)
{
    r->line++;
    size_t left = (size_t)(r->end - r->p);
    const char *lf = left ? memchr(r->p, '\n', left) : NULL;
    if (!lf)
        return refuse(r, MK_E_SYNTAX, "meldkluis-cube");
    *line = (struct piece){r->p, (size_t)(lf - r->p)};
    for (size_t i = 0; i < line->n; i++)
        if (line->p[i] < 0x20 || line->p[i] > 0x7e)
            return refuse(r, MK_E_SYNTAX, "meldkluis-cube");
    r->p = lf + 1;
    return MK_OK;
}

/* Takes what stands before the next sep, or all of rest; false at the end. */
static bool next_part(struct piece *rest, char sep, struct piece *part)
{
    if (!rest->p)
        return false;
    const char *at = rest->n ? memchr(rest->p, sep, rest->n) : NULL;
    if (!at) {
        *part = *rest;
        *rest = (struct piece){NULL, 0};
        return true;
    }
    *part = (struct piece){rest->p, (size_t)(at - rest->p)};
    *rest = (struct piece){at + 1, rest->n - part->n - 1};
    return true;
}

/* The value of a line "key: value". */
static bool value_of(struct piece line, const char *key, struct piece *value)
{
    size_t k = strlen(key);
    if (line.n < k + 3 || memcmp(line.p, key, k) != 0 || line.p[k] != ':' ||
        line.p[k + 1] != ' ')
        return false;
    *value = (struct piece){line.p + k + 2, line.n - k - 2};
    return true;
}

/* The next line must be that key. */
static enum mk_err take_key(struct reader *r, const char *key,
                            struct piece *value)
{
    struct piece line;
    enum mk_err rc = next_line(r, &line);
    if (rc != MK_OK)
        return rc;
    return value_of(line, key, value) ? MK_OK : refuse(r, MK_E_SYNTAX, key);
}

static enum mk_err take_version(struct reader *r)
{
    struct piece value;
    uint64_t version;
    enum mk_err rc = take_key(r, "meldkluis-cube", &value);
    if (rc != MK_OK)
        return rc;
    if (!mk_num_parse(value.p, value.n, 1, 999, &version))
        return refuse(r, MK_E_SYNTAX, "meldkluis-cube");
    r->counts->version = (unsigned)version;
    if (version > VERSION)
        return mk_fail_at(r->diag, MK_E_NEWER, "meldkluis-cube", r->line,
                          (int64_t)version, VERSION);
    return MK_OK;
}

static enum mk_err take_years(struct reader *r)
{
    struct mk_counts *c = r->counts;
    struct piece value, part;
    enum mk_err rc = take_key(r, "years", &value);
    if (rc != MK_OK)
        return rc;
    while (next_part(&value, ' ', &part)) {
        uint64_t year;
        if (!mk_num_parse(part.p, part.n, FIRST_YEAR, LAST_YEAR, &year))
            return refuse_number(r, "years", FIRST_YEAR, LAST_YEAR);
        if (c->n_years == MK_COUNTS_YEARS)
            return mk_fail_at(r->diag, MK_E_TOO_LARGE, "years", r->line,
                              MK_COUNTS_YEARS, 0);
        if (c->n_years && (int)year <= c->years[c->n_years - 1])
            return refuse(r, MK_E_SYNTAX, "years");
        c->years[c->n_years++] = (int)year;
    }
    return MK_OK;
}

static enum mk_err take_basis(struct reader *r)
{
    struct piece value;
    enum mk_err rc = take_key(r, "basis", &value);
    if (rc != MK_OK)
        return rc;
    if (!is(value, "calendar") && !is(value, "school"))
        return refuse(r, MK_E_BAD_CODE, "basis");
    r->counts->school_year = is(value, "school");
    return MK_OK;
}

static enum mk_err take_moment(struct reader *r)
{
    struct mk_counts *c = r->counts;
    struct piece value;
    enum mk_err rc = take_key(r, "data-date", &value);
    if (rc != MK_OK)
        return rc;
    if (!is(value, "-") && !mk_date_parse(value.p, value.n, &c->data_date))
        return refuse(r, MK_E_BAD_DATE, "data-date");
    rc = take_key(r, "position", &value);
    if (rc != MK_OK)
        return rc;
    if (!mk_num_parse(value.p, value.n, 0, INT64_MAX, &c->position))
        return refuse_number(r, "position", 0, INT64_MAX);
    if (c->version < 3)
        return MK_OK;
    rc = take_key(r, "frozen", &value);
    if (rc != MK_OK)
        return rc;
    if (!mk_num_parse(value.p, value.n, 0, INT64_MAX, &c->frozen))
        return refuse_number(r, "frozen", 0, INT64_MAX);
    return MK_OK;
}

/* Index of the year in the window; -1 if it lies outside. */
static int year_index(const struct mk_counts *c, struct piece text)
{
    uint64_t year;
    if (!mk_num_parse(text.p, text.n, FIRST_YEAR, LAST_YEAR, &year))
        return -1;
    for (size_t i = 0; i < c->n_years; i++)
        if (c->years[i] == (int)year)
            return (int)i;
    return -1;
}

static enum mk_err add_uncounted(struct reader *r, struct piece value)
{
    struct piece year, state, count, more;
    uint64_t n;
    if (!next_part(&value, ' ', &year) || !next_part(&value, ' ', &state) ||
        !next_part(&value, ' ', &count) || next_part(&value, ' ', &more))
        return refuse(r, MK_E_SYNTAX, "uncounted");
    int at = is(year, "-") ? NO_YEAR : year_index(r->counts, year);
    if (at < 0)
        return refuse(r, MK_E_BAD_CODE, "uncounted");
    if (!mk_num_parse(count.p, count.n, 1, MK_COUNTS_N, &n))
        return refuse_number(r, "uncounted", 1, MK_COUNTS_N);
    for (size_t i = 0; i < STATES; i++) {
        if (!is(state, states[i].slug))
            continue;
        if (states[i].number >= MK_COUNTS_STATES)
            break;
        if (r->counts->uncounted[at][states[i].number])
            return refuse(r, MK_E_DUPLICATE_KEY, "uncounted");
        r->counts->uncounted[at][states[i].number] = n;
        return MK_OK;
    }
    return refuse(r, MK_E_BAD_CODE, "uncounted");
}

static enum mk_err take_header(struct reader *r)
{
    struct piece line, value;
    enum mk_err rc;
    MK_TRY(take_version(r));
    MK_TRY(take_years(r));
    MK_TRY(take_basis(r));
    MK_TRY(take_moment(r));
    MK_TRY(next_line(r, &line));
    while (value_of(line, "uncounted", &value)) {
        MK_TRY(add_uncounted(r, value));
        MK_TRY(next_line(r, &line));
    }
    if (!value_of(line, "rows", &value))
        return refuse(r, MK_E_SYNTAX, "rows");
    if (!mk_num_parse(value.p, value.n, 0, MK_COUNTS_ROWS, &r->rows))
        return refuse_number(r, "rows", 0, MK_COUNTS_ROWS);
    MK_TRY(next_line(r, &line));
    if (line.n != 0)
        return refuse(r, MK_E_SYNTAX, "meldkluis-cube");
out:
    return rc;
}

/* Behind those of cube.def, and which versions have them. */
static const struct {
    const char *slug;
    unsigned first, last;
} more_columns[] = {{"change", 3, 4},
                    {"reason", 4, 4},
                    {"site", 2, 3},
                    {"accused", 2, 3},
                    {"n", 1, VERSION}};
enum { CHANGE, REASON, SITE, ACCUSED, N };

static bool has_column(const struct reader *r, size_t i)
{
    return r->counts->version >= more_columns[i].first &&
           r->counts->version <= more_columns[i].last;
}

/* The columns must be those of cube.def, in order, and those of the version. */
static enum mk_err take_columns(struct reader *r)
{
    struct piece line, part;
    enum mk_err rc = next_line(r, &line);
    if (rc != MK_OK)
        return rc;
    for (unsigned d = 0; d < MK_DIM_COUNT; d++)
        if (!next_part(&line, ',', &part) || !is(part, mk_dim_slug(d)))
            return refuse(r, MK_E_SYNTAX, mk_dim_slug(d));
    for (size_t i = CHANGE; i <= N; i++)
        if (has_column(r, i) &&
            (!next_part(&line, ',', &part) || !is(part, more_columns[i].slug)))
            return refuse(r, MK_E_SYNTAX, more_columns[i].slug);
    return line.p ? refuse(r, MK_E_SYNTAX, "n") : MK_OK;
}

const char *mk_change_slug(enum mk_change_kind change)
{
    static const char *const slug[MK_CHANGES] = {
        [MK_CHANGE_KEPT] = "KEPT",   [MK_CHANGE_REMOVED] = "REMOVED",
        [MK_CHANGE_ADDED] = "ADDED", [MK_CHANGE_AT_THEN] = "THEN",
        [MK_CHANGE_AT_NOW] = "NOW",
    };
    return slug[change];
}

static const struct {
    const char *slug, *nl, *en;
} reasons[MK_REASONS] = {
#define MK_REASON(NAME, slug, nl, en) {slug, nl, en},
#include "core/defs/changes.def"
};

const char *mk_reason_slug(enum mk_reason reason)
{
    return reasons[reason].slug;
}

const char *mk_reason_label(enum mk_reason reason, bool english)
{
    return english ? reasons[reason].en : reasons[reason].nl;
}

static enum mk_err take_change(struct reader *r, struct piece *line,
                               struct mk_counts_row *row)
{
    bool with_reasons = r->counts->version == 4;
    struct piece part;
    if (!next_part(line, ',', &part))
        return refuse(r, MK_E_SYNTAX, "change");
    for (unsigned c = MK_CHANGE_KEPT; c < MK_CHANGES; c++) {
        bool both = c == MK_CHANGE_REMOVED || c == MK_CHANGE_ADDED;
        if (!both && with_reasons != (c > MK_CHANGE_ADDED))
            continue;
        if (is(part, mk_change_slug(c))) {
            row->change = (uint8_t)c;
            return MK_OK;
        }
    }
    return refuse(r, MK_E_BAD_CODE, "change");
}

/* A step has one, a state has none. */
static enum mk_err take_reason(struct reader *r, struct piece *line,
                               struct mk_counts_row *row)
{
    bool step = row->change == MK_CHANGE_REMOVED ||
                row->change == MK_CHANGE_ADDED;
    struct piece part;
    if (!next_part(line, ',', &part))
        return refuse(r, MK_E_SYNTAX, "reason");
    while (row->reason < MK_REASONS && !is(part, reasons[row->reason].slug))
        row->reason++;
    if (step ? row->reason == MK_REASONS : part.n != 0)
        return refuse(r, MK_E_BAD_CODE, "reason");
    return MK_OK;
}

static enum mk_err take_tag(struct reader *r, struct piece *line,
                            const char *slug, uint32_t *tag)
{
    struct piece part;
    uint64_t n;
    if (!next_part(line, ',', &part))
        return refuse(r, MK_E_SYNTAX, slug);
    if (!mk_num_parse(part.p, part.n, 0, MOST_TAGS, &n))
        return refuse_number(r, slug, 0, MOST_TAGS);
    *tag = (uint32_t)n;
    return MK_OK;
}

static enum mk_err take_level(struct reader *r, struct mk_counts_row *row,
                              enum mk_dim dim, struct piece text)
{
    const struct mk_counts *c = r->counts;
    if (dim == MK_DIM_YEAR) {
        int at = year_index(c, text);
        if (at < 0)
            return refuse(r, MK_E_BAD_CODE, mk_dim_slug(dim));
        row->level[dim] = (uint8_t)at;
        return MK_OK;
    }
    enum mk_levels list = mk_dim_levels(dim);
    if (!mk_level_parse(list, text.p, text.n, &row->level[dim]))
        return refuse(r, MK_E_BAD_CODE, mk_dim_slug(dim));
    const struct mk_level *level = mk_level_get(list, row->level[dim]);
    if (level &&
        !mk_level_valid(level->from_year, level->to_year,
                        c->years[row->level[MK_DIM_YEAR]], c->school_year))
        return refuse(r, MK_E_CODE_YEAR, mk_dim_slug(dim));
    return MK_OK;
}

static enum mk_err take_row(struct reader *r, struct mk_counts_row *row)
{
    struct piece line, part;
    enum mk_err rc = next_line(r, &line);
    if (rc != MK_OK)
        return rc;
    for (unsigned d = 0; d < MK_DIM_COUNT; d++) {
        if (!next_part(&line, ',', &part))
            return refuse(r, MK_E_SYNTAX, mk_dim_slug(d));
        rc = take_level(r, row, d, part);
        if (rc != MK_OK)
            return rc;
    }
    if (has_column(r, CHANGE))
        MK_TRY(take_change(r, &line, row));
    if (has_column(r, REASON))
        MK_TRY(take_reason(r, &line, row));
    if (has_column(r, SITE))
        MK_TRY(take_tag(r, &line, "site", &row->site));
    if (has_column(r, ACCUSED))
        MK_TRY(take_tag(r, &line, "accused", &row->accused));
    if (!next_part(&line, ',', &part) || line.p)
        return refuse(r, MK_E_SYNTAX, "n");
    if (!mk_num_parse(part.p, part.n, 1, MK_COUNTS_N, &row->n))
        return refuse_number(r, "n", 1, MK_COUNTS_N);
    /* the duty rule: without this the rows of F5 would not add up */
    uint8_t offence = row->level[MK_DIM_QUALIFICATION];
    if (row->level[MK_DIM_DUTY] == MK_LEVEL_YN_J &&
        offence != MK_LEVEL_QUALIFICATION_XIV &&
        offence != MK_LEVEL_QUALIFICATION_XX)
        return refuse(r, MK_E_BAD_CODE, mk_dim_slug(MK_DIM_QUALIFICATION));
out:
    return rc;
}

/* A row as one number (8 x 6 + 6 x 1 bits), and where it stood. */
struct place {
    uint64_t key;
    uint32_t site, accused;
    uint8_t change, reason;
    uint64_t line;
    uint64_t n;
};

static uint64_t key_of(const struct mk_counts_row *row)
{
    uint64_t key = 0;
    for (unsigned d = 0; d < MK_DIM_COUNT; d++)
        key = key << (mk_dim_levels(d) == MK_LEVELS_FLAG ? 1 : 6) |
              row->level[d];
    return key;
}

static int compare(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    if (x->change != y->change)
        return x->change < y->change ? -1 : 1;
    if (x->reason != y->reason)
        return x->reason < y->reason ? -1 : 1;
    if (x->site != y->site)
        return x->site < y->site ? -1 : 1;
    if (x->accused != y->accused)
        return x->accused < y->accused ? -1 : 1;
    return x->line < y->line ? -1 : x->line > y->line;
}

static bool same(const struct place *x, const struct place *y)
{
    return x->key == y->key && x->change == y->change &&
           x->reason == y->reason && x->site == y->site &&
           x->accused == y->accused;
}

static enum mk_err check_once(struct reader *r, const struct place *places)
{
    for (size_t i = 1; i < r->counts->n_rows; i++)
        if (same(&places[i], &places[i - 1])) {
            r->line = places[i].line;
            return refuse(r, MK_E_DUPLICATE_KEY, "meldkluis-cube");
        }
    return MK_OK;
}

/* What a row adds to NOW - THEN - ADDED + REMOVED, which is nothing in all. */
static int64_t off_by(const struct place *p)
{
    bool up = p->change == MK_CHANGE_AT_NOW || p->change == MK_CHANGE_REMOVED;
    return up ? (int64_t)p->n : -(int64_t)p->n;
}

static enum mk_err check_steps(struct reader *r, const struct place *places)
{
    size_t n = r->counts->n_rows;
    int64_t off = 0;
    for (size_t i = 0; i < n; i++) {
        off += off_by(&places[i]);
        if (i + 1 < n && places[i + 1].key == places[i].key)
            continue;
        r->line = places[i].line;
        if (off != 0)
            return refuse(r, MK_E_SYNTAX, "change");
    }
    return MK_OK;
}

/* Looks at all rows together. */
static enum mk_err check_rows(struct reader *r, uint64_t first_line)
{
    const struct mk_counts *c = r->counts;
    struct place *places = calloc(c->n_rows + 1, sizeof *places);
    enum mk_err rc;
    if (!places)
        return refuse(r, MK_E_MEMORY, NULL);
    for (size_t i = 0; i < c->n_rows; i++) {
        const struct mk_counts_row *row = &c->rows[i];
        places[i] = (struct place){key_of(row), row->site,   row->accused,
                                   row->change, row->reason, first_line + i,
                                   row->n};
    }
    qsort(places, c->n_rows, sizeof *places, compare);
    MK_TRY(check_once(r, places));
    if (has_column(r, REASON))
        MK_TRY(check_steps(r, places));
out:
    free(places);
    return rc;
}

enum mk_err mk_counts_parse(struct mk_counts *counts, const void *text,
                            size_t n, struct mk_diag *diag)
{
    struct reader r = {.counts = counts, .diag = diag};
    enum mk_err rc;
    if (n > MK_COUNTS_BYTES)
        return mk_fail_at(diag, MK_E_TOO_LARGE, "meldkluis-cube", 0,
                          MK_COUNTS_BYTES, 0);
    r.p = n ? text : "";
    r.end = r.p + n;
    MK_TRY(take_header(&r));
    MK_TRY(take_columns(&r));
    counts->rows = calloc(r.rows + 1, sizeof *counts->rows);
    if (!counts->rows)
        return refuse(&r, MK_E_MEMORY, NULL);
    uint64_t first_line = r.line + 1;
    while (counts->n_rows < r.rows) {
        MK_TRY(take_row(&r, &counts->rows[counts->n_rows]));
        counts->n_rows++;
    }
    if (r.p != r.end) {
        r.line++;
        return refuse(&r, MK_E_SYNTAX, "rows");
    }
    MK_TRY(check_rows(&r, first_line));
out:
    return rc;
}
