/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/data_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/sdc/table_read.h"

#define TAG_BYTES 64
#define TAG_WORDS (TAG_BYTES / sizeof(uint32_t))

struct reader {
    const struct mk_sdc_spec *spec;
    struct mk_sdc_data *data;
    struct mk_sdc_table_read table;
    struct mk_sdc_column column[MK_SDC_TAGS + 1]; /* tags, then n */
    size_t n_columns;
    struct mk_sdc_vecs seen; /* combinations, where none may come twice */
    /* tags by kind; a tag is its length and its bytes, row 0 the empty one */
    struct mk_sdc_vecs tags[MK_SDC_TAGS];
};

/* A dense number for the tag, 0 for the empty one. */
static enum mk_err take_tag(struct reader *r, size_t k, uint32_t *tag)
{
    uint32_t row[TAG_WORDS + 1] = {0};
    const struct mk_sdc_column *column = &r->column[k];
    size_t n = 0, at;
    bool fresh;
    const char *p =
        column->at < 0 ? "" : mk_sdc_table_field(&r->table, column->at, &n);
    *tag = 0;
    if (n == 0)
        return MK_OK;
    if (n > TAG_BYTES)
        return mk_fail_at(r->table.diag, MK_E_TOO_LARGE, column->name,
                          r->table.csv->line, TAG_BYTES, 0);
    row[0] = (uint32_t)n;
    memcpy(&row[1], p, n);
    enum mk_err rc =
        mk_sdc_vecs_add(&r->tags[k], row, &at, &fresh, r->table.diag);
    *tag = (uint32_t)at + 1;
    return rc;
}

static enum mk_err check_once(struct reader *r, const uint32_t *leaf)
{
    size_t at;
    bool fresh;
    enum mk_err rc =
        mk_sdc_vecs_add(&r->seen, leaf, &at, &fresh, r->table.diag);
    if (rc == MK_OK && !fresh)
        rc = mk_sdc_table_refuse(&r->table, MK_E_DUPLICATE_KEY, "n");
    return rc;
}

static enum mk_err take_row(struct reader *r)
{
    const struct mk_sdc_column *count = &r->column[r->n_columns - 1];
    uint32_t leaf[MK_SDC_DIMS], tag[MK_SDC_TAGS];
    uint64_t n = 1;
    size_t which;
    enum mk_err rc;
    MK_TRY(mk_sdc_table_nodes(&r->table, true, leaf));
    if (count->at >= 0) {
        MK_TRY(mk_sdc_table_count(&r->table, count->at, count->name, &n));
        if (r->spec->n_tags == 0)
            MK_TRY(check_once(r, leaf));
    }
    if (n && mk_sdc_patterns_hold(&r->spec->zeros, r->spec, leaf, &which)) {
        char place[64];
        (void)snprintf(place, sizeof place, "structural_zeros[%zu]", which);
        return mk_sdc_table_refuse(&r->table, MK_E_IMPOSSIBLE, place);
    }
    for (size_t k = 0; k < r->spec->n_tags; k++)
        MK_TRY(take_tag(r, k, &tag[k]));
    if (n == 0)
        goto out;
    rc = mk_sdc_data_add(r->data, leaf, n, tag, r->table.diag);
    if (rc == MK_E_TOO_LARGE && r->table.diag)
        r->table.diag->line = r->table.csv->line;
out:
    return rc;
}

static enum mk_err take_all(struct reader *r, const void *text, size_t n,
                            struct mk_diag *diag)
{
    bool more;
    enum mk_err rc;
    MK_TRY(mk_sdc_table_open(&r->table, r->spec, text, n, r->column,
                             r->n_columns, diag));
    /* n belongs behind all others */
    int count = r->column[r->n_columns - 1].at;
    if (count >= 0 && (size_t)count + 1 != r->table.n_fields)
        return mk_sdc_table_refuse(&r->table, MK_E_SYNTAX, "n");
    MK_TRY(mk_sdc_table_next(&r->table, &more));
    while (more) {
        MK_TRY(take_row(r));
        MK_TRY(mk_sdc_table_next(&r->table, &more));
    }
    if (r->data->total == 0)
        rc = mk_fail(diag, MK_E_NO_RECORDS, "data");
out:
    return rc;
}

enum mk_err mk_sdc_data_parse(struct mk_sdc_data *data,
                              const struct mk_sdc_spec *spec, const void *text,
                              size_t n, struct mk_diag *diag)
{
    struct reader r = {.spec = spec, .data = data};
    for (size_t k = 0; k < spec->n_tags; k++) {
        r.column[r.n_columns++] = (struct mk_sdc_column){.name = spec->tag[k]};
        mk_sdc_vecs_init(&r.tags[k], TAG_WORDS + 1);
    }
    r.column[r.n_columns++] = (struct mk_sdc_column){.name = "n"};
    mk_sdc_vecs_init(&r.seen, spec->n_dims);
    enum mk_err rc = take_all(&r, text, n, diag);
    mk_sdc_table_close(&r.table);
    mk_sdc_vecs_release(&r.seen);
    for (size_t k = 0; k < spec->n_tags; k++)
        mk_sdc_vecs_release(&r.tags[k]);
    return rc;
}
