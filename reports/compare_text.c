/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison for people: only what changed, with the reasons under it. */
#include "reports/compare.h"
#include "reports/lines.h"
#include "reports/say.h"
#include "reports/words.h"

enum {
    INDENT = 4,
    CODES = 12, /* columns of codes; of what they mean; of figures */
    LABEL = 23,
    PRINTED = 13,
    FIGURE = 9
};

/* A cell and where it stands. */
struct place {
    const struct mk_compare *c;
    const struct mk_compare_year *y;
    const struct mk_table *t;
    size_t category, care_type, measure;
    const struct mk_compare_cell *cell;
};

static enum mk_err add_head(struct mk_buf *out, const struct mk_compare *c)
{
    struct mk_buf title = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(mk_buf_addf(&title,
                       mk_say(c->english, "Compared with the release %s"),
                       c->record.name));
    MK_TRY(mk_buf_terminate(&title));
    MK_TRY(mk_buf_addf(out, "%s\n", (const char *)title.data));
    MK_TRY(mk_lines_fill(out, '=', mk_words_width((const char *)title.data)));
    MK_TRY(mk_buf_addf(out, "\n*** %s ***\n\n",
                       mk_say(c->english, "NOT FOR PUBLICATION")));
    MK_TRY(mk_lines_wrapped(
        out,
        mk_say(c->english,
               "Printed is what the release shows. Then and now are what "
               "counts as of both positions. Below a figure stands what the "
               "difference is made of; figures that did not change are left "
               "out."),
        0));
    if (c->n_contradicted > 0)
        MK_TRY(mk_buf_addf(
            out,
            mk_say_n(c->english,
                     "! %llu figure cannot have been printed so by "
                     "what counted then.\n",
                     "! %llu figures cannot have been printed so by "
                     "what counted then.\n",
                     c->n_contradicted),
            (unsigned long long)c->n_contradicted));
out:
    mk_buf_release(&title);
    return rc;
}

static enum mk_err add_year(struct mk_buf *out, const struct mk_compare *c,
                            const struct mk_compare_year *y)
{
    const struct mk_counts *counts = &y->part->counts;
    char label[MK_YEAR_TEXT];
    enum mk_err rc;
    mk_words_year(label, y->year, counts->school_year);
    MK_TRY(mk_buf_addf(out, "\n\n%s  ", label));
    MK_TRY(mk_buf_addf(
        out, mk_say(c->english, "then: as of #%llu; now: as of #%llu"),
        (unsigned long long)counts->frozen,
        (unsigned long long)counts->position));
    MK_TRY(mk_buf_add_u8(out, '\n'));
out:
    return rc;
}

/* "2.345", "-2", "+3": with a sign where it is a difference. */
static void difference(char out[static MK_CELL_TEXT + 1], int64_t n,
                       bool english)
{
    uint64_t size = n < 0 ? (uint64_t)-n : (uint64_t)n;
    out[0] = n < 0 ? '-' : '+';
    mk_words_number(n == 0 ? out : out + 1, size, english);
}

static enum mk_err add_why(struct mk_buf *out, const struct place *p)
{
    struct mk_buf why = MK_BUF_INIT;
    char text[MK_CELL_TEXT + 1];
    bool first = true;
    enum mk_err rc = MK_OK;
    for (unsigned r = 0; r < MK_REASONS; r++) {
        if (p->cell->why[r] == 0)
            continue;
        difference(text, p->cell->why[r], p->c->english);
        MK_TRY(mk_buf_addf(&why, "%s%s %s", first ? "" : ", ",
                           mk_reason_label(r, p->c->english), text));
        first = false;
    }
    if (first)
        goto out;
    MK_TRY(mk_buf_terminate(&why));
    MK_TRY(mk_lines_fill(out, ' ', INDENT + CODES));
    MK_TRY(mk_lines_wrapped(out, (const char *)why.data, INDENT + CODES));
out:
    mk_buf_release(&why);
    return rc;
}

static enum mk_err add_codes(struct mk_buf *out, const struct place *p)
{
    const char *a = p->t->category.row[p->category].slug;
    const char *b = p->t->care_type.row[p->care_type].slug;
    struct mk_buf codes = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(mk_buf_addf(&codes, "%s%s%s", a, *a && *b ? " " : "", b));
    MK_TRY(mk_buf_terminate(&codes));
    MK_TRY(mk_lines_left(out, (const char *)codes.data, CODES));
out:
    mk_buf_release(&codes);
    return rc;
}

/* What the codes do not say: the measure, or else what they mean. */
static enum mk_err label_of(struct mk_buf *out, const struct place *p)
{
    const struct mk_row *a = &p->t->category.row[p->category];
    const struct mk_row *b = &p->t->care_type.row[p->care_type];
    bool english = p->c->english;
    enum mk_err rc = MK_OK;
    if (p->t->measures > 1 || (!*a->slug && !*b->slug))
        MK_TRY(mk_buf_add_str(
            out, mk_words_measure(p->t->first + p->measure, english)));
    else
        MK_TRY(mk_buf_addf(out, "%s%s%s",
                           *a->slug ? mk_words_label(a, english) : "",
                           *a->slug && *b->slug ? ", " : "",
                           *b->slug ? mk_words_label(b, english) : ""));
    MK_TRY(mk_buf_terminate(out));
out:
    return rc;
}

static enum mk_err add_label(struct mk_buf *out, const struct place *p)
{
    struct mk_buf text = MK_BUF_INIT;
    enum mk_err rc;
    MK_TRY(label_of(&text, p));
    MK_TRY(mk_lines_left(out, (const char *)text.data, LABEL));
    if (mk_words_width((const char *)text.data) >= LABEL) {
        /* on a line of its own */
        MK_TRY(mk_buf_add_u8(out, '\n'));
        MK_TRY(mk_lines_fill(out, ' ', INDENT + CODES + LABEL));
    }
out:
    mk_buf_release(&text);
    return rc;
}

static enum mk_err add_cell(struct mk_buf *out, const struct place *p)
{
    char printed[MK_CELL_TEXT] = "-", then[MK_CELL_TEXT], now[MK_CELL_TEXT];
    char moved[MK_CELL_TEXT + 1];
    bool english = p->c->english;
    enum mk_err rc;
    if (p->cell->is_printed)
        mk_words_cell(printed, &p->cell->printed, english);
    mk_words_number(then, p->cell->then, english);
    mk_words_number(now, p->cell->now, english);
    difference(moved, (int64_t)p->cell->now - (int64_t)p->cell->then, english);
    MK_TRY(mk_lines_fill(out, ' ', INDENT));
    MK_TRY(add_codes(out, p));
    MK_TRY(add_label(out, p));
    MK_TRY(mk_lines_right(out, printed, PRINTED));
    MK_TRY(mk_buf_add_str(out, p->cell->is_contradicted ? "!" : " "));
    MK_TRY(mk_lines_right(out, then, FIGURE - 1));
    MK_TRY(mk_lines_right(out, now, FIGURE));
    MK_TRY(mk_lines_right(out, moved, FIGURE));
    MK_TRY(mk_buf_add_u8(out, '\n'));
    MK_TRY(add_why(out, p));
out:
    return rc;
}

static enum mk_err add_columns(struct mk_buf *out, const struct place *p)
{
    bool english = p->c->english;
    enum mk_err rc;
    MK_TRY(mk_buf_addf(out, "\n  %s  %s\n", p->t->id, p->t->title));
    MK_TRY(mk_lines_fill(out, ' ', INDENT + CODES + LABEL));
    MK_TRY(mk_lines_right(out, mk_say(english, "printed"), PRINTED));
    MK_TRY(mk_lines_right(out, mk_say(english, "then"), FIGURE));
    MK_TRY(mk_lines_right(out, mk_say(english, "now"), FIGURE));
    MK_TRY(mk_lines_right(out, mk_say(english, "moved"), FIGURE));
    MK_TRY(mk_buf_add_u8(out, '\n'));
out:
    return rc;
}

/* Cells of the table in that year that changed, or contradict the release. */
static enum mk_err add_table(struct mk_buf *out, struct place *p,
                             enum mk_table_id id)
{
    bool any = false;
    enum mk_err rc = MK_OK;
    p->t = &p->y->part->now->table[id];
    for (size_t a = 0; a < p->t->category.n; a++)
        for (size_t b = 0; b < p->t->care_type.n; b++)
            for (size_t m = 0; m < p->t->measures; m++) {
                p->category = a;
                p->care_type = b;
                p->measure = m;
                p->cell = mk_compare_cell(p->y, id, a, b, m);
                if (p->t->care_type.row[b].hidden ||
                    (!mk_compare_changed(p->cell) &&
                     !p->cell->is_contradicted))
                    continue;
                if (!any)
                    MK_TRY(add_columns(out, p));
                any = true;
                MK_TRY(add_cell(out, p));
            }
    if (!any)
        MK_TRY(mk_buf_addf(out, "\n  %s  %s: %s\n", p->t->id, p->t->title,
                           mk_say(p->c->english, "nothing changed")));
out:
    return rc;
}

enum mk_err mk_compare_text(struct mk_buf *out, const struct mk_compare *c)
{
    enum mk_err rc;
    MK_TRY(add_head(out, c));
    for (size_t y = 0; y < c->n_years; y++) {
        struct place p = {.c = c, .y = &c->year[y]};
        MK_TRY(add_year(out, c, p.y));
        for (unsigned id = 0; id < MK_TABLE_COUNT; id++)
            MK_TRY(add_table(out, &p, id));
    }
out:
    return rc;
}
