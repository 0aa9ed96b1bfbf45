/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/year_model.h"

#include <inttypes.h>
#include <string.h>

#include "reports/revision.h"
#include "reports/year_rule.h"

static const char *const dim_slugs[MK_YEAR_DIMS] = {
#define MK_YEAR_DIM(NAME, slug) [MK_YEAR_##NAME] = slug,
#include "reports/year_model.def"
};

static const struct {
    const char *dims, *where, *levels;
    bool kept;
} tables[] = {
#define MK_YEAR_TABLE(dims, where, levels, kept) {dims, where, levels, kept},
#include "reports/year_model.def"
};
#define TABLES (sizeof tables / sizeof tables[0])

static const struct zero {
    const char *dim[3], *levels[3]; /* "" where there is none */
} zeros[] = {
#define MK_YEAR_ZERO(da, a, db, b, dc, c) {{da, db, dc}, {a, b, c}},
#include "reports/year_model.def"
};
#define ZEROS (sizeof zeros / sizeof zeros[0])

const char *mk_year_dim_slug(enum mk_year_dim dim)
{
    return dim_slugs[dim];
}

/* ---- levels ---- */

static void add_level(struct mk_year_model *m, enum mk_year_dim dim,
                      const char *name, const struct mk_row *row)
{
    if (m->n_levels[dim] == MK_YEAR_LEVELS)
        return;
    m->row[dim][m->n_levels[dim]] = row;
    m->level[dim][m->n_levels[dim]++] = name;
}

/* Rows that are printed: a group stands for its members. */
static void add_axis(struct mk_year_model *m, enum mk_year_dim dim,
                     const struct mk_axis *axis)
{
    for (size_t i = 0; i < axis->n; i++) {
        const struct mk_row *row = &axis->row[i];
        if (row->hidden || row->kind == MK_ROW_TOTAL ||
            !mk_level_valid(row->from_year, row->to_year, m->f->years[m->year],
                            m->f->school_year))
            continue;
        add_level(m, dim, row->slug, row);
    }
}

void mk_year_model_init(struct mk_year_model *m, const struct mk_factsheet *f,
                        size_t year)
{
    static const char *const named[][5] = {
        [MK_YEAR_QUALIFICATION] = {"XIV", "XX", "OTHER"},
        [MK_YEAR_DIRECT] = {"J", "N", "NR", "NVT"},
        [MK_YEAR_UNMET] = {NULL},
    };
    memset(m, 0, sizeof *m);
    m->f = f;
    m->year = year;
    m->kept = f->years[year] >= f->table[MK_TABLE_F5].kept_from;
    add_axis(m, MK_YEAR_CATEGORY, &f->table[MK_TABLE_F2].category);
    add_axis(m, MK_YEAR_CARE_TYPE, &f->table[MK_TABLE_F7].care_type);
    add_axis(m, MK_YEAR_REPORTER, &f->table[MK_TABLE_F6].category);
    for (unsigned d = MK_YEAR_MTBP; d < MK_YEAR_DIMS; d++) {
        for (size_t i = 0; named[d][i]; i++)
            add_level(m, d, named[d][i], NULL);
        if (!named[d][0]) {
            add_level(m, d, "J", NULL);
            add_level(m, d, "N", NULL);
        }
    }
}

/* ---- where a row of the cube lies ---- */

static bool in_row(const struct mk_year_model *m, const struct mk_row *row,
                   const struct mk_counts_row *r)
{
    (void)m;
    if (row->kind == MK_ROW_GROUP)
        return row->members >> r->level[row->dim] & 1;
    return mk_row_holds(row, r);
}

static const char *flag(bool on)
{
    return on ? "J" : "N";
}

static const char *level_of(const struct mk_year_model *m,
                            enum mk_year_dim dim,
                            const struct mk_counts_row *r)
{
    bool duty = r->level[MK_DIM_DUTY] == MK_LEVEL_YN_J;
    for (size_t i = 0; i < m->n_levels[dim] && m->row[dim][0]; i++)
        if (in_row(m, m->row[dim][i], r))
            return m->level[dim][i];
    switch (dim) {
    case MK_YEAR_CATEGORY:
    case MK_YEAR_CARE_TYPE:
    case MK_YEAR_REPORTER:
    case MK_YEAR_DIMS:
        return NULL;
    case MK_YEAR_MTBP:
        return flag(mk_measure_holds(MK_MEASURE_MTBP, r));
    case MK_YEAR_QUALIFICATION:
        switch (r->level[MK_DIM_QUALIFICATION]) {
        case MK_LEVEL_QUALIFICATION_XIV:
            return "XIV";
        case MK_LEVEL_QUALIFICATION_XX:
            return "XX";
        }
        return "OTHER";
    case MK_YEAR_DUTY:
        return flag(duty);
    case MK_YEAR_DIRECT:
        return !duty                                      ? "NVT"
               : mk_measure_holds(MK_MEASURE_DIRECT_J, r) ? "J"
               : mk_measure_holds(MK_MEASURE_DIRECT_N, r) ? "N"
                                                          : "NR";
    case MK_YEAR_RED:
        return flag(r->level[MK_DIM_RED]);
    case MK_YEAR_REFERRED:
        return flag(r->level[MK_DIM_REFERRED]);
    case MK_YEAR_COMPLAINT:
        return flag(r->level[MK_DIM_COMPLAINT]);
    case MK_YEAR_POLICE_REPORT:
        return flag(r->level[MK_DIM_POLICE_REPORT]);
    case MK_YEAR_UNMET_OVERLEG:
        return flag(r->level[MK_DIM_UNMET_OVERLEG]);
    case MK_YEAR_UNMET_AANGIFTE:
        return flag(r->level[MK_DIM_UNMET_AANGIFTE]);
    case MK_YEAR_UNMET:
        return flag(r->level[MK_DIM_UNMET_OVERLEG] ||
                    r->level[MK_DIM_UNMET_AANGIFTE]);
    }
    return NULL;
}

static bool of_year(const struct mk_year_model *m,
                    const struct mk_counts *counts,
                    const struct mk_counts_row *r)
{
    return counts->years[r->level[MK_DIM_YEAR]] == m->f->years[m->year];
}

/* ---- the spec ---- */

static enum mk_year_dim find_dim(const char *slug, size_t n)
{
    unsigned d = 0;
    while (d < MK_YEAR_DIMS &&
           (strlen(dim_slugs[d]) != n || memcmp(dim_slugs[d], slug, n) != 0))
        d++;
    return d;
}

enum mk_err mk_year_table_check(const char *table, struct mk_diag *diag)
{
    uint32_t seen = 0;
    for (const char *at = table;; at++) {
        size_t n = strcspn(at, ",");
        enum mk_year_dim d = find_dim(at, n);
        if (d == MK_YEAR_DIMS)
            return mk_fail(diag, MK_E_BAD_CODE, "--table");
        if (seen & UINT32_C(1) << d)
            return mk_fail(diag, MK_E_DUPLICATE_KEY, "--table");
        seen |= UINT32_C(1) << d;
        at += n;
        if (*at == '\0')
            return MK_OK;
    }
}

bool mk_year_table_needs_kept(const char *table)
{
    for (const char *at = table; *at;) {
        size_t n = strcspn(at, ",");
        if (find_dim(at, n) >= MK_YEAR_DUTY)
            return true;
        at += n;
        if (*at)
            at++;
    }
    return false;
}

/* "a b" or "a,b" as "\"a\",\"b\"". */
static enum mk_err put_names(struct mk_buf *out, const char *names)
{
    enum mk_err rc = MK_OK;
    for (bool first = true; *names; first = false) {
        size_t n = strcspn(names, " ,");
        MK_TRY(mk_buf_add_str(out, first ? "\"" : ",\""));
        MK_TRY(mk_buf_add(out, names, n));
        MK_TRY(mk_buf_add_str(out, "\""));
        names += n;
        if (*names)
            names++;
    }
out:
    return rc;
}

static enum mk_err put_levels(struct mk_buf *out,
                              const struct mk_year_model *m)
{
    enum mk_err rc = MK_OK;
    for (unsigned d = 0; d < MK_YEAR_DIMS; d++) {
        MK_TRY(mk_buf_addf(out, "%s\"%s\":[", d ? "," : "", dim_slugs[d]));
        for (size_t i = 0; i < m->n_levels[d]; i++)
            MK_TRY(mk_buf_addf(out, "%s\"%s\"", i ? "," : "", m->level[d][i]));
        MK_TRY(mk_buf_add_str(out, "]"));
    }
out:
    return rc;
}

static enum mk_err put_table(struct mk_buf *out, const char *dims,
                             const char *where, const char *levels, bool first)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(out, first ? "{\"dims\":[" : ",{\"dims\":["));
    MK_TRY(put_names(out, dims));
    MK_TRY(mk_buf_add_str(out, "],\"where\":{"));
    if (*where) {
        MK_TRY(mk_buf_addf(out, "\"%s\":[", where));
        MK_TRY(put_names(out, levels));
        MK_TRY(mk_buf_add_str(out, "]"));
    }
    MK_TRY(mk_buf_add_str(out, "}}"));
out:
    return rc;
}

static enum mk_err put_tables(struct mk_buf *out,
                              const struct mk_year_model *m, const char *table)
{
    enum mk_err rc = MK_OK;
    bool first = true;
    if (table)
        return put_table(out, table, "", "", true);
    for (size_t t = 0; t < TABLES; t++) {
        if (tables[t].kept && !m->kept)
            continue;
        MK_TRY(put_table(out, tables[t].dims, tables[t].where,
                         tables[t].levels, first));
        first = false;
    }
out:
    return rc;
}

/* ---- structural zeros ---- */

/* Is level among "a b", or not among "!a b"? */
static bool among(const char *levels, const char *level)
{
    bool not = levels[0] == '!', found = false;
    size_t len = strlen(level);
    for (const char *at = levels + not ; *at;) {
        size_t n = strcspn(at, " ");
        found |= n == len && memcmp(at, level, n) == 0;
        at += n;
        if (*at)
            at++;
    }
    return found != not ;
}

static bool broken(const struct mk_year_model *m,
                   const struct mk_counts *counts, const struct zero *z)
{
    for (size_t i = 0; i < counts->n_rows; i++) {
        const struct mk_counts_row *r = &counts->rows[i];
        bool in = of_year(m, counts, r);
        for (int k = 0; k < 3 && in; k++)
            if (*z->dim[k])
                in = among(
                    z->levels[k],
                    level_of(m, find_dim(z->dim[k], strlen(z->dim[k])), r));
        if (in)
            return true;
    }
    return false;
}

/* All combinations of levels that the zero names. */
static enum mk_err put_zero(struct mk_buf *out, const struct mk_year_model *m,
                            const struct zero *z, bool *first)
{
    size_t at[3] = {0};
    enum mk_year_dim dim[3];
    size_t n = *z->dim[2] ? 3 : 2;
    enum mk_err rc = MK_OK;
    for (size_t k = 0; k < n; k++)
        dim[k] = find_dim(z->dim[k], strlen(z->dim[k]));
    for (;;) {
        bool in = true;
        for (size_t k = 0; k < n; k++)
            in &= among(z->levels[k], m->level[dim[k]][at[k]]);
        if (in) {
            MK_TRY(mk_buf_add_str(out, *first ? "{" : ",{"));
            for (size_t k = 0; k < n; k++)
                MK_TRY(mk_buf_addf(out, "%s\"%s\":\"%s\"", k ? "," : "",
                                   z->dim[k], m->level[dim[k]][at[k]]));
            MK_TRY(mk_buf_add_str(out, "}"));
            *first = false;
        }
        size_t k = n;
        while (k > 0 && ++at[k - 1] == m->n_levels[dim[k - 1]])
            at[--k] = 0;
        if (k == 0)
            return MK_OK;
    }
out:
    return rc;
}

static enum mk_err put_zeros(struct mk_buf *out, const struct mk_year_model *m,
                             const struct mk_counts *counts)
{
    bool first = true;
    enum mk_err rc = MK_OK;
    for (size_t z = 0; z < ZEROS; z++)
        if (!broken(m, counts, &zeros[z]))
            MK_TRY(put_zero(out, m, &zeros[z], &first));
out:
    return rc;
}

static enum mk_err put_spec(struct mk_buf *out, const struct mk_year_model *m,
                            const struct mk_counts *counts, const char *table)
{
    enum mk_err rc;
    MK_TRY(mk_buf_add_str(out, "{\"dims\":["));
    for (unsigned d = 0; d < MK_YEAR_DIMS; d++)
        MK_TRY(mk_buf_addf(out, "%s\"%s\"", d ? "," : "", dim_slugs[d]));
    MK_TRY(mk_buf_add_str(out, "],\"levels\":{"));
    MK_TRY(put_levels(out, m));
    MK_TRY(mk_buf_add_str(out, "},\"tables\":["));
    MK_TRY(put_tables(out, m, table));
    MK_TRY(mk_buf_add_str(out, "],"));
    MK_TRY(mk_year_rule(out, m->f));
    MK_TRY(mk_buf_add_str(out, ",\"structural_zeros\":["));
    MK_TRY(put_zeros(out, m, counts));
    MK_TRY(mk_buf_add_str(out, "]}"));
out:
    return rc;
}

/* ---- the data ---- */

static enum mk_err put_data(struct mk_buf *out, const struct mk_year_model *m,
                            const struct mk_counts *counts)
{
    enum mk_err rc = MK_OK;
    for (unsigned d = 0; d < MK_YEAR_DIMS; d++)
        MK_TRY(mk_buf_addf(out, "%s,", dim_slugs[d]));
    MK_TRY(mk_buf_addf(out, "%ssite,accused,n\n",
                       m->changed ? MK_CHANGE_DIM "," : ""));
    for (size_t i = 0; i < counts->n_rows; i++) {
        const struct mk_counts_row *r = &counts->rows[i];
        if (!of_year(m, counts, r))
            continue;
        for (unsigned d = 0; d < MK_YEAR_DIMS; d++) {
            const char *level = level_of(m, d, r);
            if (!level)
                return MK_E_INTERNAL;
            MK_TRY(mk_buf_addf(out, "%s,", level));
        }
        if (m->changed)
            MK_TRY(mk_buf_addf(out, "%s,", mk_change_slug(r->change)));
        if (r->site)
            MK_TRY(mk_buf_addf(out, "%" PRIu32, r->site));
        MK_TRY(mk_buf_add_str(out, ","));
        if (r->accused)
            MK_TRY(mk_buf_addf(out, "%" PRIu32, r->accused));
        MK_TRY(mk_buf_addf(out, ",%" PRIu64 "\n", r->n));
    }
out:
    return rc;
}

enum mk_err mk_year_job(struct mk_sdc_job *job, const struct mk_year_model *m,
                        const struct mk_counts *counts, const char *table,
                        struct mk_diag *diag)
{
    enum mk_err rc;
    job->kind = MK_SDC_JOB_PROTECT;
    job->work = MK_SDC_WORK;
    MK_TRY(put_spec(&job->spec, m, counts, table));
    MK_TRY(put_data(&job->data, m, counts));
out:
    return rc == MK_OK ? rc : mk_fail(diag, rc, "factsheet");
}
