/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sdc/fast_proof.h"

#include <stdlib.h>
#include <string.h>

#define FAR 1000000 /* no move is sought that goes further: sums stay small */

struct tables {
    struct mk_sdc_cover *cover;
    struct mk_sdc_proof *proof;
    struct mk_sdc_hunt *hunt;
    int64_t *lo, *hi;        /* by class: as far as tables take it */
    uint32_t *lo_at, *hi_at; /* by class: tables of the proof */
    int64_t delta[MK_SDC_MOVE];
    uint32_t col[MK_SDC_MOVE];
};

static enum mk_err show_move(struct tables *t,
                             const struct mk_sdc_shift *shift, uint32_t n)
{
    const struct mk_sdc_system *s = t->cover->s;
    uint32_t at;
    enum mk_err rc = MK_OK;
    if (n == 0)
        return MK_OK;
    for (uint32_t i = 0; i < n; i++) {
        t->col[i] = shift[i].col;
        t->delta[i] = shift[i].delta;
    }
    MK_TRY(mk_sdc_proof_add_sparse(t->proof, s, t->col, t->delta, n, &at));
    size_t touched = mk_sdc_hunt_touch(t->hunt, shift, n);
    for (size_t k = 0; k < touched; k++) {
        uint32_t c = t->hunt->touched[k];
        int64_t value = (int64_t)s->cls[c].value + t->hunt->delta[c];
        if (value < t->lo[c]) {
            t->lo[c] = value;
            t->lo_at[c] = at;
        }
        if (value > t->hi[c]) {
            t->hi[c] = value;
            t->hi_at[c] = at;
        }
    }
    mk_sdc_hunt_forget(t->hunt, touched);
out:
    return rc;
}

static enum mk_err show_answer(struct tables *t, uint32_t need)
{
    const struct mk_sdc_answer *a = &t->cover->answer[need];
    enum mk_err rc;
    MK_TRY(show_move(t, a->shift, a->n_up));
    MK_TRY(show_move(t, a->shift + a->n_up, a->n_down));
out:
    return rc;
}

/* Needs that no table of another one answers, then hidden classes that nothing
 * has moved yet. */
static enum mk_err show_answers(struct tables *t)
{
    const struct mk_sdc_system *s = t->cover->s;
    enum mk_err rc = MK_OK;
    for (uint32_t i = 0; i < t->cover->needs->n; i++) {
        const struct mk_sdc_need *need = &t->cover->needs->at[i];
        uint32_t c = need->target.plus;
        if (!mk_sdc_need_met(need, t->lo[c], t->hi[c]))
            MK_TRY(show_answer(t, i));
    }
    for (uint32_t i = 0; i < t->cover->needs->n; i++) {
        const struct mk_sdc_answer *a = &t->cover->answer[i];
        bool moved = true;
        for (uint32_t k = 0; k < a->n_cls && moved; k++)
            moved = t->lo[a->cls[k]] < t->hi[a->cls[k]];
        if (!moved)
            MK_TRY(show_answer(t, i));
    }
    for (uint32_t c = 0; c < s->n_classes; c++)
        if (s->cls[c].fate == MK_SDC_MUST_HIDE && t->lo[c] == t->hi[c])
            return MK_E_INTERNAL; /* a need of its own would have moved it */
out:
    return rc;
}

/* Tables that take hidden classes to the ends of what is printed, as long as
 * the effort lasts: then an end is known to be the best. */
static enum mk_err stretch(struct tables *t, const bool *hidden,
                           const int64_t *lo, const int64_t *hi,
                           uint64_t effort)
{
    struct mk_sdc_cover *cover = t->cover;
    uint64_t end = cover->hunt.steps + effort;
    const struct mk_sdc_shift *shift;
    enum mk_err rc = MK_OK;
    for (uint32_t c = 0; c < t->cover->s->n_classes && cover->hunt.steps < end;
         c++) {
        int64_t value = (int64_t)t->cover->s->cls[c].value;
        if (!hidden[c] || hi[c] - value > FAR || value - lo[c] > FAR)
            continue;
        if (lo[c] < t->lo[c]) {
            uint32_t n =
                mk_sdc_cover_stretch(cover, c, false, value - lo[c], &shift);
            MK_TRY(show_move(t, shift, n));
        }
        if (hi[c] > t->hi[c]) {
            uint32_t n =
                mk_sdc_cover_stretch(cover, c, true, hi[c] - value, &shift);
            MK_TRY(show_move(t, shift, n));
        }
    }
out:
    return rc;
}

static enum mk_err tables_init(struct tables *t, struct mk_sdc_cover *cover,
                               struct mk_sdc_proof *proof)
{
    size_t n = cover->s->n_classes + 1;
    memset(t, 0, sizeof *t);
    t->cover = cover;
    t->proof = proof;
    t->hunt = &cover->hunt;
    t->lo = calloc(n, sizeof *t->lo);
    t->hi = calloc(n, sizeof *t->hi);
    t->lo_at = malloc(n * sizeof *t->lo_at);
    t->hi_at = malloc(n * sizeof *t->hi_at);
    if (!t->lo || !t->hi || !t->lo_at || !t->hi_at)
        return MK_E_MEMORY;
    memset(t->lo_at, 0xff, n * sizeof *t->lo_at);
    memset(t->hi_at, 0xff, n * sizeof *t->hi_at);
    for (size_t c = 0; c + 1 < n; c++)
        t->lo[c] = t->hi[c] = (int64_t)cover->s->cls[c].value;
    return MK_OK;
}

static void tables_release(struct tables *t)
{
    free(t->lo);
    free(t->hi);
    free(t->lo_at);
    free(t->hi_at);
}

/* ---- the outcome ---- */

static void fill_cells(const struct tables *t, const bool *hidden,
                       const int64_t *lo, const int64_t *hi)
{
    const struct mk_sdc_system *s = t->cover->s;
    for (size_t i = 0; i < s->model->n_cells; i++) {
        struct mk_sdc_cell *cell = &s->model->cell[i];
        uint32_t c = s->class_of[i];
        cell->hidden = c != MK_SDC_NONE && hidden[c];
        if (!cell->hidden)
            continue;
        cell->lo = (uint64_t)lo[c];
        cell->hi = (uint64_t)hi[c];
        cell->exact = lo[c] == t->lo[c] && hi[c] == t->hi[c];
        t->proof->lo[i] = t->lo_at[c];
        t->proof->hi[i] = t->hi_at[c];
    }
}

enum mk_err mk_sdc_fast_proof(struct mk_sdc_proof *proof,
                              struct mk_sdc_cover *cover,
                              const struct mk_sdc_sums *sums,
                              const bool *hidden, uint64_t effort)
{
    struct tables t;
    size_t n = cover->s->n_classes + 1;
    int64_t *lo = calloc(n, sizeof *lo), *hi = calloc(n, sizeof *hi);
    enum mk_err rc;
    MK_TRY(tables_init(&t, cover, proof));
    rc = lo && hi ? MK_OK : MK_E_MEMORY;
    if (rc != MK_OK)
        goto out;
    MK_TRY(show_answers(&t));
    MK_TRY(mk_sdc_outer(sums, hidden, lo, hi));
    MK_TRY(stretch(&t, hidden, lo, hi, effort));
    fill_cells(&t, hidden, lo, hi);
out:
    tables_release(&t);
    free(lo);
    free(hi);
    return rc;
}
