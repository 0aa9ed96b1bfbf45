/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A preview for programs. */
#include <math.h>

#include "reports/json_make.h"
#include "reports/preview.h"
#include "reports/say.h"
#include "reports/sdc/json.h"
#include "reports/words.h"

#define SCHEMA 1

static json_t *line_of(const char *table, const struct mk_preview_line *l)
{
    return json_pack(
        "{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "table", table,
        "printed", (json_int_t)l->printed, "hidden", (json_int_t)l->hidden,
        "totals", (json_int_t)l->totals, "primary", (json_int_t)l->primary,
        "secondary", (json_int_t)l->secondary, "earlier",
        (json_int_t)l->earlier, "hidden_values", (json_int_t)l->values, "NR",
        (json_int_t)l->nr, "NA", (json_int_t)l->na);
}

static enum mk_err put_tables(json_t *o, const struct mk_preview *v, size_t y)
{
    json_t *tables = json_array();
    enum mk_err rc = MK_OK;
    for (unsigned id = 0; id < MK_TABLE_COUNT; id++)
        MK_TRY(mk_sdc_json_append(
            tables, line_of(v->p->sheet.table[id].id, &v->year[y].table[id])));
    MK_TRY(mk_sdc_json_put(o, "tables", json_incref(tables)));
    MK_TRY(mk_sdc_json_put(o, "all", line_of("*", &v->year[y].all)));
out:
    json_decref(tables);
    return rc;
}

static enum mk_err put_earlier(json_t *o, const struct mk_sdc_task *task)
{
    json_t *names = json_array();
    enum mk_err rc = MK_OK;
    for (size_t i = 0; i < task->n_earlier; i++)
        if (task->earlier[i].name[0] != '(') /* imaginary: revision.h */
            MK_TRY(
                mk_sdc_json_append(names, json_string(task->earlier[i].name)));
    MK_TRY(mk_sdc_json_put(o, "earlier", json_incref(names)));
out:
    json_decref(names);
    return rc;
}

static enum mk_err put_proof(json_t *o, const struct mk_sdc_task *task)
{
    const struct mk_sdc_result *r = &task->result;
    return mk_sdc_json_put(
        o, "proof",
        json_pack("{s:b, s:I, s:I}", "optimal", (int)r->optimal, "cost",
                  (json_int_t)floor(r->cost + 1e-6), "cost_at_least",
                  (json_int_t)floor(r->bound + 1e-6)));
}

static json_t *item_of(const struct mk_sdc_advice *advice,
                       const struct mk_sdc_advice_item *item)
{
    const struct mk_sdc_dim *dim = &advice->spec->dim[item->merge.dim];
    return json_pack("{s:s, s:[s, s], s:I, s:I, s:I, s:I, s:b}", "dimension",
                     dim->name, "levels", dim->node[item->merge.first].name,
                     dim->node[item->merge.second].name, "hidden_before",
                     (json_int_t)advice->before.hidden, "hidden_after",
                     (json_int_t)item->after.hidden, "values_before",
                     (json_int_t)advice->before.hidden_values, "values_after",
                     (json_int_t)item->after.hidden_values, "optimal",
                     (int)item->after.optimal);
}

static enum mk_err put_advice(json_t *o, const struct mk_preview *v, size_t y)
{
    const struct mk_sdc_advice_item *item;
    json_t *list = json_array();
    enum mk_err rc = MK_OK;
    for (size_t i = 0; (item = mk_preview_advice(v, y, i)) != NULL; i++)
        MK_TRY(
            mk_sdc_json_append(list, item_of(&v->p->advice[y]->advice, item)));
    MK_TRY(mk_sdc_json_put(o, "advice",
                           v->p->advice[y] ? json_incref(list) : json_null()));
out:
    json_decref(list);
    return rc;
}

static enum mk_err put_year(json_t *years, const struct mk_preview *v,
                            size_t y)
{
    const struct mk_factsheet *f = &v->p->sheet;
    const struct mk_sdc_task *task = &v->p->task[y];
    char label[MK_YEAR_TEXT];
    json_t *o;
    enum mk_err rc;
    mk_words_year(label, f->years[y], f->school_year);
    o = json_pack("{s:s, s:I, s:b, s:b, s:b}", "year", label, "position",
                  (json_int_t)v->p->position[y], "refused",
                  (int)v->p->unsafe[y], "frozen", (int)f->frozen[y], "revised",
                  (int)f->revised[y]);
    MK_TRY(put_earlier(o, task));
    if (!v->p->unsafe[y])
        MK_TRY(put_tables(o, v, y));
    if (task->spec.n_dims > 0 && !v->p->unsafe[y])
        MK_TRY(put_proof(o, task));
    MK_TRY(put_advice(o, v, y));
    MK_TRY(mk_sdc_json_append(years, json_incref(o)));
out:
    json_decref(o);
    return rc;
}

enum mk_err mk_preview_json(struct mk_buf *out, const struct mk_preview *v)
{
    const struct mk_factsheet *f = &v->p->sheet;
    json_t *root, *years = NULL;
    enum mk_err rc;
    mk_json_make_seed();
    years = json_array();
    root = json_pack("{s:i, s:s, s:b, s:s, s:s, s:I}", "schema", SCHEMA,
                     "kind", "preview", "for_publication", 0, "marking",
                     mk_say(f->english, "NOT FOR PUBLICATION"), "lang",
                     f->english ? "en" : "nl", "threshold",
                     (json_int_t)f->threshold);
    for (size_t y = 0; y < f->n_years; y++)
        MK_TRY(put_year(years, v, y));
    MK_TRY(mk_sdc_json_put(root, "years", json_incref(years)));
    MK_TRY(mk_sdc_json_put(root, "notes",
                           mk_json_make_notes(f->note, f->n_notes)));
    MK_TRY(mk_sdc_json_dump(out, root, false));
out:
    json_decref(years);
    json_decref(root);
    return rc;
}
