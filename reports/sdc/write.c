/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/write.h"

#include <string.h>

static const struct {
    enum mk_sdc_why why;
    const char *word;
} words[] = {
    {MK_SDC_WHY_THRESHOLD, "threshold"},
    {MK_SDC_WHY_CONTRIBUTOR, "contributor"},
    {MK_SDC_WHY_GROUP, "group"},
    {MK_SDC_WHY_EARLIER, "earlier"},
};
#define WORDS (sizeof words / sizeof words[0])

void mk_sdc_writer_init(struct mk_sdc_writer *w,
                        const struct mk_sdc_model *model)
{
    *w = (struct mk_sdc_writer){.model = model};
    mk_sdc_walk_init(&w->walk, model->spec);
    mk_sdc_vecs_init(&w->seen, model->spec->n_dims);
}

void mk_sdc_writer_release(struct mk_sdc_writer *w)
{
    mk_sdc_vecs_release(&w->seen);
}

enum mk_err mk_sdc_writer_next(struct mk_sdc_writer *w, bool *more,
                               struct mk_diag *diag)
{
    const struct mk_sdc_model *m = w->model;
    enum mk_err rc = MK_OK;
    while (mk_sdc_walk_next(&w->walk)) {
        size_t at;
        bool fresh;
        MK_TRY(mk_sdc_vecs_add(&w->seen, w->walk.node, &at, &fresh, diag));
        if (!fresh || w->walk.watched)
            continue;
        if (!mk_sdc_model_find(m, w->walk.node, &at))
            return mk_fail(diag, MK_E_INTERNAL, "sdc cell");
        w->cell = &m->cell[at];
        if (w->cell->watched ||
            (w->cell->empty &&
             (!w->own || mk_sdc_empty_is(w->own, w->walk.node))))
            continue;
        if (!w->cell->hidden && !w->cell->known)
            return mk_fail(diag, MK_E_INTERNAL, "sdc value");
        w->node = w->walk.node;
        *more = true;
        return MK_OK;
    }
    *more = false;
out:
    return rc;
}

/* ---- CSV ---- */

enum mk_err mk_sdc_write_field(struct mk_buf *out, const char *text)
{
    enum mk_err rc;
    if (!strpbrk(text, ",\""))
        return mk_buf_add_str(out, text);
    MK_TRY(mk_buf_add_u8(out, '"'));
    for (const char *p = text; *p; p++) {
        if (*p == '"')
            MK_TRY(mk_buf_add_u8(out, '"'));
        MK_TRY(mk_buf_add_u8(out, (uint8_t)*p));
    }
    MK_TRY(mk_buf_add_u8(out, '"'));
out:
    return rc;
}

enum mk_err mk_sdc_write_header(struct mk_buf *out,
                                const struct mk_sdc_spec *spec,
                                const char *rest)
{
    enum mk_err rc = MK_OK;
    for (size_t d = 0; d < spec->n_dims; d++) {
        MK_TRY(mk_sdc_write_field(out, spec->dim[d].name));
        MK_TRY(mk_buf_add_u8(out, ','));
    }
    MK_TRY(mk_buf_add_str(out, rest));
out:
    return rc;
}

enum mk_err mk_sdc_write_nodes(struct mk_buf *out,
                               const struct mk_sdc_writer *w)
{
    const struct mk_sdc_spec *spec = w->model->spec;
    enum mk_err rc = MK_OK;
    for (size_t d = 0; d < spec->n_dims; d++) {
        MK_TRY(mk_sdc_write_field(out, spec->dim[d].node[w->node[d]].name));
        MK_TRY(mk_buf_add_u8(out, ','));
    }
out:
    return rc;
}

static enum mk_err add_interval(struct mk_buf *out,
                                const struct mk_sdc_cell *cell)
{
    if (!cell->hidden)
        return mk_buf_add_str(out, ",");
    return mk_buf_addf(out, "%llu,%llu", (unsigned long long)cell->lo,
                       (unsigned long long)cell->hi);
}

static enum mk_err add_cell(struct mk_buf *out, const struct mk_sdc_writer *w)
{
    const struct mk_sdc_cell *cell = w->cell;
    bool rounded = w->model->audit && cell->print == MK_SDC_ROUNDED;
    uint64_t shown = rounded ? cell->figure : cell->value;
    enum mk_err rc;
    MK_TRY(mk_sdc_write_nodes(out, w));
    if (rounded || !cell->hidden)
        MK_TRY(mk_buf_addf(out, "%llu,published,", (unsigned long long)shown));
    else
        MK_TRY(mk_buf_add_str(out, ",hidden,"));
    MK_TRY(add_interval(out, cell));
    MK_TRY(mk_buf_add_u8(out, '\n'));
out:
    return rc;
}

static enum mk_err add_why(struct mk_buf *out, const struct mk_sdc_cell *cell)
{
    const char *before = "";
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < WORDS && cell->hidden; i++)
        if (cell->why & words[i].why) {
            MK_TRY(mk_buf_addf(out, "%s%s", before, words[i].word));
            before = " ";
        }
out:
    return rc;
}

static const char *status_of(const struct mk_sdc_model *m,
                             const struct mk_sdc_cell *cell)
{
    if (!cell->hidden)
        return "published";
    return cell->why || (m->audit && cell->print == MK_SDC_PRIMARY)
               ? "primary"
               : "secondary";
}

static enum mk_err add_plan(struct mk_buf *out, const struct mk_sdc_writer *w)
{
    enum mk_err rc;
    MK_TRY(mk_sdc_write_nodes(out, w));
    if (w->cell->known)
        MK_TRY(mk_buf_addf(out, "%llu", (unsigned long long)w->cell->value));
    MK_TRY(mk_buf_addf(out, ",%s,", status_of(w->model, w->cell)));
    MK_TRY(add_interval(out, w->cell));
    MK_TRY(mk_buf_add_u8(out, ','));
    MK_TRY(add_why(out, w->cell));
    MK_TRY(mk_buf_add_u8(out, '\n'));
out:
    return rc;
}

static enum mk_err write_all(struct mk_buf *out,
                             const struct mk_sdc_model *model, bool plan,
                             struct mk_diag *diag)
{
    struct mk_sdc_writer w;
    bool more;
    mk_sdc_writer_init(&w, model);
    enum mk_err rc = mk_sdc_write_header(out, model->spec,
                                         plan ? "value,status,lo,hi,why\n"
                                              : "value,status,lo,hi\n");
    while (rc == MK_OK) {
        rc = mk_sdc_writer_next(&w, &more, diag);
        if (rc != MK_OK || !more)
            break;
        rc = plan ? add_plan(out, &w) : add_cell(out, &w);
    }
    mk_sdc_writer_release(&w);
    return rc == MK_E_MEMORY || rc == MK_E_TOO_LARGE
               ? mk_fail(diag, rc, "cells")
               : rc;
}

enum mk_err mk_sdc_write_cells(struct mk_buf *out,
                               const struct mk_sdc_model *model,
                               struct mk_diag *diag)
{
    return write_all(out, model, false, diag);
}

enum mk_err mk_sdc_write_plan(struct mk_buf *out,
                              const struct mk_sdc_model *model,
                              struct mk_diag *diag)
{
    return write_all(out, model, true, diag);
}
