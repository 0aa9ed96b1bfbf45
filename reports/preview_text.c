/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A preview for people. */
#include "reports/lines.h"
#include "reports/preview.h"
#include "reports/say.h"
#include "reports/sdc/report.h"
#include "reports/words.h"

enum { INDENT = 4, NAME = 8, FIGURE = 10, COLUMNS = 8 };

static enum mk_err add_head(struct mk_buf *out, const struct mk_factsheet *f)
{
    struct mk_buf title = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(mk_buf_addf(&title, "%s ",
                       mk_say(f->english, "Preview of the publication of")));
    MK_TRY(mk_words_window(&title, f));
    MK_TRY(mk_buf_terminate(&title));
    MK_TRY(mk_buf_addf(out, "%s\n", (const char *)title.data));
    MK_TRY(mk_lines_fill(out, '=', mk_words_width((const char *)title.data)));
    MK_TRY(mk_buf_addf(out, "\n*** %s ***\n\n",
                       mk_say(f->english, "NOT FOR PUBLICATION")));
    MK_TRY(mk_lines_wrapped(
        out,
        mk_say(f->english,
               "Nothing was written or registered. How many figures are "
               "hidden can be seen by whoever counts the marks; which of them "
               "are small themselves (primary) or hidden for others "
               "(secondary), what they hold together, and the advice are for "
               "own use only."),
        0));
out:
    mk_buf_release(&title);
    return rc;
}

static enum mk_err add_year_head(struct mk_buf *out,
                                 const struct mk_preview *v, size_t y)
{
    const struct mk_factsheet *f = &v->p->sheet;
    const struct mk_sdc_task *task = &v->p->task[y];
    char label[MK_YEAR_TEXT];
    enum mk_err rc;
    mk_words_year(label, f->years[y], f->school_year);
    MK_TRY(mk_buf_addf(out, "\n\n%s  ", label));
    MK_TRY(mk_buf_add_str(
        out, mk_say(f->english,
                    f->revised[y]  ? MK_SAY_ID("released before, and revised")
                    : f->frozen[y] ? MK_SAY_ID("as it was released")
                                   : MK_SAY_ID("not released yet"))));
    for (size_t i = 0; i < task->n_earlier; i++)
        if (task->earlier[i].name[0] != '(') /* imaginary: revision.h */
            MK_TRY(mk_buf_addf(
                out, "%s%s", i ? ", " : mk_say(f->english, "; held against "),
                task->earlier[i].name));
    MK_TRY(mk_buf_add_u8(out, '\n'));
out:
    return rc;
}

static enum mk_err add_columns(struct mk_buf *out, bool english)
{
    const char *const heads[COLUMNS] = {
        mk_say(english, "figures"),
        mk_say(english, "hidden"),
        mk_say(english, "totals"),
        mk_say(english, "primary"),
        mk_say(english, "secondary"),
        mk_say(english, "hold"),
        "NR",
        "NA",
    };
    enum mk_err rc;
    MK_TRY(mk_lines_fill(out, ' ', NAME));
    for (size_t i = 0; i < COLUMNS; i++)
        MK_TRY(mk_lines_right(out, heads[i], i < 6 ? FIGURE : 5));
    MK_TRY(mk_buf_add_u8(out, '\n'));
out:
    return rc;
}

static enum mk_err add_line(struct mk_buf *out, const char *name,
                            const struct mk_preview_line *line, bool english)
{
    const uint64_t figures[COLUMNS] = {
        line->printed,   line->hidden, line->totals, line->primary,
        line->secondary, line->values, line->nr,     line->na,
    };
    char text[MK_CELL_TEXT];
    enum mk_err rc;
    MK_TRY(mk_lines_fill(out, ' ', INDENT));
    MK_TRY(mk_lines_left(out, name, NAME - INDENT));
    for (size_t i = 0; i < COLUMNS; i++) {
        mk_words_number(text, figures[i], english);
        MK_TRY(mk_lines_right(out, text, i < 6 ? FIGURE : 5));
    }
    MK_TRY(mk_buf_add_u8(out, '\n'));
out:
    return rc;
}

static enum mk_err add_earlier(struct mk_buf *out, size_t n, bool english)
{
    if (n == 0)
        return MK_OK;
    return mk_buf_addf(
        out,
        mk_say_n(
            english, "    %zu is hidden because an earlier release hid it.\n",
            "    %zu are hidden because an earlier release hid them.\n", n),
        n);
}

static enum mk_err add_proof(struct mk_buf *out,
                             const struct mk_sdc_task *task, bool english)
{
    const struct mk_sdc_result *r = &task->result;
    enum mk_err rc;
    MK_TRY(mk_lines_fill(out, ' ', INDENT));
    if (r->optimal)
        MK_TRY(mk_buf_addf(
            out, "%s\n",
            mk_say(english, "Proven: it cannot be done at less cost.")));
    else
        MK_TRY(mk_buf_addf(out,
                           mk_say(english,
                                  "Safe, at a cost of %.0f; surely not less "
                                  "than %.0f.\n"),
                           r->cost, r->bound > 0 ? r->bound - 0.5 : 0));
out:
    return rc;
}

static enum mk_err add_refusal(struct mk_buf *out,
                               const struct mk_sdc_task *task, bool english)
{
    enum mk_err rc;
    MK_TRY(mk_buf_addf(
        out, "    %s\n",
        mk_say(english, "REFUSED: no pattern makes this year safe.")));
    MK_TRY(mk_sdc_write_refusal(out, task, english));
out:
    return rc;
}

static enum mk_err add_item(struct mk_buf *out,
                            const struct mk_sdc_advice *advice,
                            const struct mk_sdc_advice_item *item,
                            bool english)
{
    const struct mk_sdc_dim *dim = &advice->spec->dim[item->merge.dim];
    struct mk_buf text = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(mk_buf_addf(
        &text,
        mk_say(english, "%s: %s and %s as one: %zu hidden, not %zu; "
                        "they hold %llu, not %llu"),
        dim->name, dim->node[item->merge.first].name,
        dim->node[item->merge.second].name, item->after.hidden,
        advice->before.hidden, (unsigned long long)item->after.hidden_values,
        (unsigned long long)advice->before.hidden_values));
    MK_TRY(mk_buf_terminate(&text));
    MK_TRY(mk_lines_fill(out, ' ', 2 * INDENT));
    MK_TRY(mk_lines_wrapped(out, (const char *)text.data, 2 * INDENT));
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err add_advice(struct mk_buf *out, const struct mk_preview *v,
                              size_t y)
{
    const struct mk_sdc_task *task = v->p->advice[y];
    const struct mk_sdc_advice_item *item;
    bool english = v->p->sheet.english;
    enum mk_err rc = MK_OK;
    if (!task)
        return MK_OK;
    MK_TRY(mk_lines_fill(out, ' ', INDENT));
    MK_TRY(mk_lines_wrapped(
        out,
        mk_preview_advice(v, y, 0)
            ? mk_say(english,
                     "Less detail would hide less (of all figures in the "
                     "model, also those that stand in no table):")
            : mk_say(english, "No merge of two levels would hide less."),
        INDENT));
    for (size_t i = 0; (item = mk_preview_advice(v, y, i)) != NULL; i++)
        MK_TRY(add_item(out, &task->advice, item, english));
out:
    return rc;
}

static enum mk_err add_year(struct mk_buf *out, const struct mk_preview *v,
                            size_t y)
{
    const struct mk_factsheet *f = &v->p->sheet;
    const struct mk_preview_year *year = &v->year[y];
    enum mk_err rc;
    MK_TRY(add_year_head(out, v, y));
    if (v->p->unsafe[y]) {
        MK_TRY(add_refusal(out, &v->p->task[y], f->english));
    } else {
        MK_TRY(add_columns(out, f->english));
        for (unsigned id = 0; id < MK_TABLE_COUNT; id++)
            MK_TRY(
                add_line(out, f->table[id].id, &year->table[id], f->english));
        MK_TRY(
            add_line(out, mk_say(f->english, "all"), &year->all, f->english));
        MK_TRY(add_earlier(out, year->all.earlier, f->english));
        if (v->p->task[y].spec.n_dims > 0)
            MK_TRY(add_proof(out, &v->p->task[y], f->english));
    }
    MK_TRY(add_advice(out, v, y));
out:
    return rc;
}

enum mk_err mk_preview_text(struct mk_buf *out, const struct mk_preview *v)
{
    const struct mk_factsheet *f = &v->p->sheet;
    enum mk_err rc;
    MK_TRY(add_head(out, f));
    for (size_t y = 0; y < f->n_years; y++)
        MK_TRY(add_year(out, v, y));
    MK_TRY(mk_buf_addf(out, "\n\n%s\n\n",
                       mk_say(f->english, "Notes that would stand there")));
    for (size_t i = 0; i < f->n_notes; i++) {
        MK_TRY(mk_buf_addf(out, "%2zu. ", i + 1));
        MK_TRY(
            mk_lines_wrapped(out, (const char *)f->note[i].text.data, INDENT));
    }
out:
    return rc;
}
