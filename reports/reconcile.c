/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/reconcile.h"

#include "reports/say.h"
#include "reports/words.h"

void mk_reconcile_init(struct mk_reconcile *r)
{
    *r = (struct mk_reconcile){.rows = MK_BUF_INIT, .allowed = MK_BUF_INIT};
}

void mk_reconcile_release(struct mk_reconcile *r)
{
    mk_buf_release(&r->rows);
    mk_buf_release(&r->allowed);
    mk_reconcile_init(r);
}

const struct mk_reconcile_row *mk_reconcile_row(const struct mk_reconcile *r,
                                                size_t i)
{
    return (const struct mk_reconcile_row *)(const void *)r->rows.data + i;
}

static const struct mk_cell *cell_of(const struct mk_factsheet *f,
                                     const struct mk_reconcile_row *row)
{
    return mk_factsheet_cell(&f->table[row->table], row->year, row->category,
                             row->care_type, row->measure);
}

enum mk_reconcile_verdict mk_reconcile_judge(
    const struct mk_factsheet *f, const struct mk_reconcile_row *row)
{
    const struct mk_table *t = &f->table[row->table];
    const struct mk_cell *cell = cell_of(f, row);
    if (cell->mark != MK_MARK_NONE || t->category.row[row->category].hidden ||
        t->care_type.row[row->care_type].hidden)
        return MK_RECONCILE_CANNOT;
    return cell->value == row->value ? MK_RECONCILE_SAME : MK_RECONCILE_OTHER;
}

enum mk_err mk_reconcile_say(struct mk_buf *out, const struct mk_factsheet *f,
                             const struct mk_reconcile_row *row)
{
    const struct mk_table *t = &f->table[row->table];
    const char *names[] = {
        t->category.row[row->category].slug,
        t->care_type.row[row->care_type].slug,
        t->measures > 1 ? mk_measure_get(t->first + row->measure)->slug : "",
    };
    char year[MK_YEAR_TEXT], then[MK_CELL_TEXT], now[MK_CELL_TEXT];
    enum mk_err rc;
    mk_words_year(year, f->years[row->year], f->school_year);
    mk_words_number(then, row->value, f->english);
    mk_words_number(now, cell_of(f, row)->value, f->english);
    MK_TRY(mk_buf_addf(out, "%s %s", t->id, year));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (*names[i])
            MK_TRY(mk_buf_addf(out, " %s", names[i]));
    MK_TRY(mk_buf_addf(out, mk_say(f->english, ": %s published, %s here"),
                       then, now));
out:
    return rc;
}

/* ---- the note ---- */

static enum mk_err add_differences(struct mk_buf *out,
                                   const struct mk_factsheet *f,
                                   const struct mk_reconcile *r)
{
    size_t told = 0, more = 0;
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < r->n; i++) {
        const struct mk_reconcile_row *row = mk_reconcile_row(r, i);
        if (mk_reconcile_judge(f, row) != MK_RECONCILE_OTHER)
            continue;
        if (told == MK_RECONCILE_TOLD) {
            more++;
            continue;
        }
        MK_TRY(mk_buf_add_str(out, told++ ? "; " : " "));
        MK_TRY(mk_reconcile_say(out, f, row));
    }
    if (more > 0)
        MK_TRY(mk_buf_addf(out, mk_say(f->english, "; and %zu more"), more));
    if (told > 0)
        MK_TRY(mk_buf_add_str(out, "."));
out:
    return rc;
}

enum mk_err mk_reconcile_note(struct mk_factsheet *f,
                              const struct mk_reconcile *r)
{
    size_t n[MK_RECONCILE_CANNOT + 1] = {0};
    struct mk_note *note;
    enum mk_err rc;
    if (f->n_notes == MK_NOTES_MAX)
        return MK_E_INTERNAL;
    note = &f->note[f->n_notes++];
    note->id = "published";
    note->heading = NULL;
    mk_buf_init(&note->text);
    for (size_t i = 0; i < r->n; i++)
        n[mk_reconcile_judge(f, mk_reconcile_row(r, i))]++;
    MK_TRY(mk_buf_addf(
        &note->text,
        mk_say(
            f->english,
            "Beside the figures that were published before this register: "
            "the same %zu, different %zu, not to be compared %zu (hidden, not "
            "recorded or not applicable here, or without a figure there)."),
        n[MK_RECONCILE_SAME], n[MK_RECONCILE_OTHER],
        n[MK_RECONCILE_CANNOT] + r->n_marked));
    if (r->n_outside > 0)
        MK_TRY(mk_buf_addf(&note->text,
                           mk_say(f->english, " About other years: %zu."),
                           r->n_outside));
    MK_TRY(add_differences(&note->text, f, r));
    rc = mk_buf_terminate(&note->text);
out:
    return rc;
}
